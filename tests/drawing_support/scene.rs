use uketsuke::face::{Picture, PixelFormat};

use super::{Numbers, Person};

/// Where a drawing stands in a picture: a similarity from its lengths to pixels.
#[derive(Clone, Copy, Debug)]
pub struct View {
    a: f64,
    b: f64,
    x: f64,
    y: f64,
}

impl View {
    /// The middle of the drawing's face (189, 260) at `middle`, `scale` pixels a length, turned by `radians`.
    pub fn new(middle: (f64, f64), scale: f64, radians: f64) -> Self {
        let (a, b) = (scale * radians.cos(), scale * radians.sin());
        Self {
            a,
            b,
            x: middle.0 - (a * 189.0 - b * 260.0),
            y: middle.1 - (b * 189.0 + a * 260.0),
        }
    }

    /// The one that brings the points nearest to the others.
    pub fn fitting(from: &[(f64, f64)], to: &[(f64, f64)]) -> Self {
        let mean = |p: &[(f64, f64)]| {
            let n = p.len() as f64;
            (
                p.iter().map(|p| p.0).sum::<f64>() / n,
                p.iter().map(|p| p.1).sum::<f64>() / n,
            )
        };
        let (f, t) = (mean(from), mean(to));
        let (mut dot, mut cross, mut square) = (0.0, 0.0, 0.0);
        for (p, q) in from.iter().zip(to) {
            let (p, q) = ((p.0 - f.0, p.1 - f.1), (q.0 - t.0, q.1 - t.1));
            dot += p.0 * q.0 + p.1 * q.1;
            cross += p.0 * q.1 - p.1 * q.0;
            square += p.0 * p.0 + p.1 * p.1;
        }
        let (a, b) = (dot / square, cross / square);
        Self {
            a,
            b,
            x: t.0 - a * f.0 + b * f.1,
            y: t.1 - b * f.0 - a * f.1,
        }
    }

    pub fn to_picture(self, (x, y): (f64, f64)) -> (f64, f64) {
        (
            self.a * x - self.b * y + self.x,
            self.b * x + self.a * y + self.y,
        )
    }

    fn to_drawing(self, (x, y): (f64, f64)) -> (f64, f64) {
        let (x, y) = (x - self.x, y - self.y);
        let square = self.a * self.a + self.b * self.b;
        (
            (self.a * x + self.b * y) / square,
            (self.a * y - self.b * x) / square,
        )
    }
}

/// What a camera sees: drawn persons and pictures before a wall, with its light and noise.
pub struct Scene {
    width: usize,
    height: usize,
    pixels: Vec<[f64; 3]>,
}

impl Scene {
    /// A wall with a window's light from one side, a shelf and a door.
    pub fn room(width: usize, height: usize) -> Self {
        let mut scene = Self::plain(width, height, [0.0; 3]);
        let (w, h) = (width as f64, height as f64);
        scene.each(|x, y, pixel| {
            let light = 205.0 - 60.0 * x / w;
            *pixel = [light, light, light * 0.94];
            if x > 0.86 * w && y > 0.15 * h {
                *pixel = [120.0, 84.0, 60.0];
            }
            if y > 0.1 * h && y < 0.13 * h && x < 0.3 * w {
                *pixel = [90.0, 70.0, 60.0];
            }
        });
        scene
    }

    pub fn plain(width: usize, height: usize, colour: [f64; 3]) -> Self {
        Self {
            width,
            height,
            pixels: vec![colour; width * height],
        }
    }

    fn each(&mut self, mut change: impl FnMut(f64, f64, &mut [f64; 3])) {
        for (at, pixel) in self.pixels.iter_mut().enumerate() {
            change(
                (at % self.width) as f64 + 0.5,
                (at / self.width) as f64 + 0.5,
                pixel,
            );
        }
    }

    /// Draws a person, four samples a pixel.
    pub fn person(mut self, person: &Person, view: View) -> Self {
        self.each(|x, y, pixel| {
            // Nobody is larger than that.
            let (u, v) = view.to_drawing((x, y));
            if !(20.0..360.0).contains(&u) || v < 40.0 {
                return;
            }
            let behind = *pixel;
            let mut sum = [0.0; 3];
            for (dx, dy) in [(-0.25, -0.25), (0.25, -0.25), (-0.25, 0.25), (0.25, 0.25)] {
                let (u, v) = view.to_drawing((x + dx, y + dy));
                let seen = person.colour(u, v).unwrap_or(behind);
                for i in 0..3 {
                    sum[i] += seen[i] / 4.0;
                }
            }
            *pixel = sum;
        });
        self
    }

    /// Shows a picture of the size of the portrait, its light wall left away and its greys tinted.
    pub fn picture(mut self, picture: &Picture, view: View) -> Self {
        self.each(|x, y, pixel| {
            let mut sum = [0.0; 3];
            for (dx, dy) in [(-0.25, -0.25), (0.25, -0.25), (-0.25, 0.25), (0.25, 0.25)] {
                let (u, v) = view.to_drawing((x + dx, y + dy));
                let outside = u < 0.0 || v < 0.0;
                let found = picture.pixel(u as u32, v as u32).filter(|_| !outside);
                for i in 0..3 {
                    sum[i] +=
                        found.map_or(pixel[i], |p| f64::from(p[i]) * [1.0, 0.93, 0.86][i]) / 4.0;
                }
            }
            *pixel = sum;
        });
        self
    }

    /// Each value times `gain`, plus `more`.
    pub fn light(mut self, gain: f64, more: f64) -> Self {
        self.each(|_, _, pixel| *pixel = pixel.map(|v| v * gain + more));
        self
    }

    /// The mean of (2 `reach` + 1)² pixels in the place of each: out of focus.
    pub fn blurred(mut self, reach: usize) -> Self {
        for down in [false, true] {
            let before = self.pixels.clone();
            for y in 0..self.height {
                for x in 0..self.width {
                    let (at, end) = if down {
                        (y, self.height)
                    } else {
                        (x, self.width)
                    };
                    let range = at.saturating_sub(reach)..(at + reach + 1).min(end);
                    let n = range.len() as f64;
                    let mut sum = [0.0; 3];
                    for k in range {
                        let from = if down {
                            before[k * self.width + x]
                        } else {
                            before[y * self.width + k]
                        };
                        for i in 0..3 {
                            sum[i] += from[i] / n;
                        }
                    }
                    self.pixels[y * self.width + x] = sum;
                }
            }
        }
        self
    }

    /// Noise of up to `most` levels each way.
    pub fn noise(mut self, most: f64, numbers: &mut Numbers) -> Self {
        self.each(|_, _, pixel| *pixel = pixel.map(|v| v + numbers.within(-most, most)));
        self
    }

    pub fn rgb(&self) -> Picture {
        let samples = self
            .pixels
            .iter()
            .flatten()
            .map(|v| v.round().clamp(0.0, 255.0) as u8)
            .collect();
        Picture::new(
            self.width as u32,
            self.height as u32,
            PixelFormat::Rgb,
            samples,
        )
        .unwrap()
    }

    pub fn grey(&self) -> Picture {
        let grey = |p: &[f64; 3]| {
            (0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2])
                .round()
                .clamp(0.0, 255.0) as u8
        };
        let samples = self.pixels.iter().map(grey).collect();
        Picture::new(
            self.width as u32,
            self.height as u32,
            PixelFormat::Grey,
            samples,
        )
        .unwrap()
    }
}
