//! Pictures to be coded, and PGM and PPM files.

use uketsuke::face::PixelFormat;

pub struct Pnm {
    pub width: u32,
    pub height: u32,
    pub format: PixelFormat,
    pub samples: Vec<u8>,
}

impl Pnm {
    pub fn ending(&self) -> &'static str {
        match self.format {
            PixelFormat::Grey => "pgm",
            PixelFormat::Rgb => "ppm",
        }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let kind = match self.format {
            PixelFormat::Grey => "P5",
            PixelFormat::Rgb => "P6",
        };
        let head = format!("{kind}\n{} {}\n255\n", self.width, self.height);
        [head.as_bytes(), &self.samples].concat()
    }

    /// A binary PGM or PPM file, with or without a comment.
    pub fn of(bytes: &[u8]) -> Self {
        let mut at = 0;
        let mut words = Vec::new();
        while words.len() < 4 {
            let line = bytes[at..].iter().position(|b| *b == b'\n').unwrap();
            let text = std::str::from_utf8(&bytes[at..at + line]).unwrap();
            if !text.starts_with('#') {
                words.extend(text.split_whitespace().map(str::to_owned));
            }
            at += line + 1;
        }
        let format = match &*words[0] {
            "P5" => PixelFormat::Grey,
            "P6" => PixelFormat::Rgb,
            other => panic!("{other}"),
        };
        assert_eq!(words[3], "255");
        let (width, height): (u32, u32) = (words[1].parse().unwrap(), words[2].parse().unwrap());
        let samples = bytes[at..].to_vec();
        let pixels = usize::try_from(width * height).unwrap();
        assert_eq!(samples.len(), pixels * format.samples());
        Self {
            width,
            height,
            format,
            samples,
        }
    }
}

/// How far two pictures' samples are apart.
pub struct Apart {
    pub most: u8,
    pub differing: usize,
}

pub fn apart(ours: &[u8], theirs: &[u8]) -> Apart {
    assert_eq!(ours.len(), theirs.len());
    let each = ours.iter().zip(theirs).map(|(a, b)| a.abs_diff(*b));
    Apart {
        most: each.clone().max().unwrap_or_default(),
        differing: each.filter(|apart| *apart > 0).count(),
    }
}

/// Something like a portrait: a ground that gets darker, a face with eyes, shoulders, and a little grain. Nobody's.
pub fn portrait(width: u32, height: u32, format: PixelFormat) -> Pnm {
    let mut grain = Grain(1);
    let mut samples = Vec::new();
    for y in 0..height {
        for x in 0..width {
            // A thousand each way.
            let (u, v) = (i64::from(x * 1000 / width), i64::from(y * 1000 / height));
            let inside = |cx: i64, cy: i64, rx: i64, ry: i64| {
                (u - cx).pow(2) * ry.pow(2) + (v - cy).pow(2) * rx.pow(2) < (rx * ry).pow(2)
            };
            let rgb = if inside(400, 400, 40, 20) || inside(600, 400, 40, 20) {
                [40, 30, 30]
            } else if inside(500, 430, 220, 300) {
                [225 - u / 20, 180 - v / 20, 150]
            } else if inside(500, 1000, 450, 300) {
                [40, 50, 90 + u / 20]
            } else {
                [230 - v / 10, 232 - v / 10, 240 - u / 20]
            };
            let grain = i64::from(grain.next() % 4);
            let rgb = rgb.map(|c| u8::try_from((c + grain).clamp(0, 255)).unwrap());
            match format {
                PixelFormat::Grey => samples.push(rgb[1]),
                PixelFormat::Rgb => samples.extend(rgb),
            }
        }
    }
    Pnm {
        width,
        height,
        format,
        samples,
    }
}

pub fn noise(width: u32, height: u32) -> Pnm {
    let mut grain = Grain(7);
    Pnm {
        width,
        height,
        format: PixelFormat::Grey,
        samples: (0..width * height).map(|_| grain.next()).collect(),
    }
}

/// The same bytes each time.
struct Grain(u64);

impl Grain {
    fn next(&mut self) -> u8 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        self.0.to_be_bytes()[0]
    }
}
