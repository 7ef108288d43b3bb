//! Turning, scaling and moving a face so that its landmarks lie where an embedder wants
//! them.

#[cfg(test)]
mod tests;

use zeroize::Zeroizing;

use super::tensor::{Planes, index};
use crate::face::Picture;

/// Where an embedder wants eyes, nose and corners of the mouth, in 112 x 112 pixels.
///
/// Source: InsightFace, `python-package/insightface/utils/face_align.py` (`arcface_dst`);
/// the same numbers are in OpenCV's `face_recognize.cpp`.
pub const UPRIGHT: [[f64; 2]; 5] = [
    [38.2946, 51.6963],
    [73.5318, 51.5014],
    [56.0252, 71.7366],
    [41.5493, 92.3655],
    [70.7299, 92.2041],
];

/// Turns, scales and moves: x′ = a·x − b·y + `x`, y′ = b·x + a·y + `y`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similarity {
    /// The scale times the cosine of the angle.
    pub a: f64,
    /// The scale times its sine.
    pub b: f64,
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl Similarity {
    /// The one that brings the points of `from` nearest to those of `to` (least squares;
    /// Umeyama 1991 in two dimensions, where it has a closed form). `None` if the points
    /// are all in one place, far out of any picture, or no numbers.
    ///
    /// ```
    /// # #[cfg(feature = "onnx")] {
    /// use uketsuke::face::onnx::{Similarity, UPRIGHT};
    ///
    /// let turned = UPRIGHT.map(|[x, y]| [200.0 - 2.0 * y, 100.0 + 2.0 * x]);
    /// let found = Similarity::between(&UPRIGHT, &turned).unwrap();
    /// assert!(found.a.abs() < 1e-9 && (found.b - 2.0).abs() < 1e-9);
    /// assert!(Similarity::between(&[[3.0, 4.0]; 5], &UPRIGHT).is_none());
    /// # }
    /// ```
    #[must_use]
    pub fn between(from: &[[f64; 2]; 5], to: &[[f64; 2]; 5]) -> Option<Self> {
        let near = |points: &[[f64; 2]; 5]| points.iter().flatten().all(|v| v.abs() <= 1e6);
        if !near(from) || !near(to) {
            return None;
        }
        let ([from_x, from_y], [to_x, to_y]) = (mean(from), mean(to));
        let (mut dot, mut cross, mut square) = (0.0, 0.0, 0.0);
        for ([px, py], [qx, qy]) in from.iter().zip(to) {
            let (px, py, qx, qy) = (px - from_x, py - from_y, qx - to_x, qy - to_y);
            dot += px * qx + py * qy;
            cross += px * qy - py * qx;
            square += px * px + py * py;
        }
        if square < 1e-6 {
            return None;
        }
        let (a, b) = (dot / square, cross / square);
        (a * a + b * b > 1e-12).then_some(Self {
            a,
            b,
            x: to_x - a * from_x + b * from_y,
            y: to_y - b * from_x - a * from_y,
        })
    }

    /// Where a point goes.
    #[must_use]
    pub fn apply(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [
            self.a * x - self.b * y + self.x,
            self.b * x + self.a * y + self.y,
        ]
    }

    /// The other way round.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let square = self.a * self.a + self.b * self.b;
        let (a, b) = (self.a / square, -self.b / square);
        Self {
            a,
            b,
            x: -(a * self.x - b * self.y),
            y: -(b * self.x + a * self.y),
        }
    }

    /// How far off the points come to lie: the root of the mean square.
    #[must_use]
    pub fn residual(&self, from: &[[f64; 2]; 5], to: &[[f64; 2]; 5]) -> f64 {
        let square = from.iter().zip(to).map(|(from, [x, y])| {
            let [at_x, at_y] = self.apply(*from);
            (at_x - x).powi(2) + (at_y - y).powi(2)
        });
        (square.sum::<f64>() / 5.0).sqrt()
    }
}

fn mean(points: &[[f64; 2]; 5]) -> [f64; 2] {
    let sum = points
        .iter()
        .fold([0.0; 2], |[x, y], point| [x + point[0], y + point[1]]);
    sum.map(|v| v / 5.0)
}

/// [`UPRIGHT`] in a crop of so many pixels each way, a multiple of 112 or 128: the latter
/// have 8 more on each side.
#[must_use]
pub fn upright(side: u16) -> [[f64; 2]; 5] {
    let (unit, margin) = if side.is_multiple_of(112) {
        (112.0, 0.0)
    } else {
        (128.0, 8.0)
    };
    let scale = f64::from(side) / unit;
    UPRIGHT.map(|[x, y]| [(x + margin) * scale, y * scale])
}

/// The part of the picture that `to` brings into a square of `side` pixels: red, green and
/// blue, bilinear, 0 outside of the picture.
pub(super) fn warp(picture: &Picture, to: &Similarity, side: u16) -> Planes {
    let from = to.inverse();
    let pixels = usize::from(side) * usize::from(side);
    let mut planes = [(); 3].map(|()| Zeroizing::new(Vec::with_capacity(pixels)));
    for row in 0..side {
        for column in 0..side {
            let colour = bilinear(picture, from.apply([f64::from(column), f64::from(row)]));
            for (plane, value) in planes.iter_mut().zip(colour) {
                plane.push(value);
            }
        }
    }
    Planes {
        width: usize::from(side),
        height: usize::from(side),
        planes,
    }
}

fn bilinear(picture: &Picture, [x, y]: [f64; 2]) -> [f32; 3] {
    let (left, top) = (x.floor(), y.floor());
    let (right, down) = (x - left, y - top);
    let mut sum = [0.0; 3];
    for (dx, dy, part) in [
        (0.0, 0.0, (1.0 - right) * (1.0 - down)),
        (1.0, 0.0, right * (1.0 - down)),
        (0.0, 1.0, (1.0 - right) * down),
        (1.0, 1.0, right * down),
    ] {
        let (Some(x), Some(y)) = (index(left + dx), index(top + dy)) else {
            continue;
        };
        let Some(colour) = picture.pixel(x, y) else {
            continue;
        };
        for (to, value) in sum.iter_mut().zip(colour) {
            *to += part * f64::from(value);
        }
    }
    sum.map(single)
}

/// To single precision.
#[expect(clippy::cast_possible_truncation, reason = "rounding is what is meant")]
pub(super) const fn single(value: f64) -> f32 {
    value as f32
}
