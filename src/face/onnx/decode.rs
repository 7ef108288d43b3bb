//! What a detector's outputs mean. Numbers in, faces out: no model is needed here.

mod scrfd;
#[cfg(test)]
mod tests;
mod yunet;

use std::fmt;

use thiserror::Error;

pub use scrfd::ScrfdOutput;
pub use yunet::YunetOutput;

/// The most candidates that are looked at: the best ones. A picture that has more is
/// noise, and each is compared with each.
pub const MAX_CANDIDATES: usize = 1000;
/// The furthest that anything of a face may be away from the picture's corner, in pixels.
const FURTHEST: f32 = 1e5;
/// The smallest side of a box, in pixels.
const SMALLEST: f32 = 1e-2;

/// A model's output that is not what it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OutputError {
    /// It holds something else than 32-bit floats.
    #[error("holds no 32-bit floats")]
    NoFloats,
    /// It has more or fewer values than there must be.
    #[error("{got} values instead of {expected}")]
    Length {
        /// As many as there must be.
        expected: usize,
        /// As many as there are.
        got: usize,
    },
    /// NaN, infinite, or so large that no picture has it.
    #[error("the value at {index} is no number that a picture can have")]
    Value {
        /// Which, from 0; of a box or of landmarks the first of them.
        index: usize,
    },
}

/// Which faces are taken. With a limit that isn't a number, none is, or none beside the
/// best.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DetectionLimits {
    /// Only those with at least this score.
    pub score: f32,
    /// Of two boxes whose intersection is more than this part of their union the one
    /// with the lower score is dropped.
    pub overlap: f32,
}

impl DetectionLimits {
    /// Whether the score is high enough; none is for a limit of NaN.
    fn admits(self, score: f32) -> bool {
        score >= self.score
    }
}

/// A face in a picture, in pixels from the middle of the first one.
///
/// `Debug` shows the score only.
#[derive(Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct FaceGeometry {
    /// The left edge of its box.
    pub left: f32,
    /// The upper edge.
    pub top: f32,
    /// Width, more than 0.
    pub width: f32,
    /// Height, more than 0.
    pub height: f32,
    /// x and y of the eyes, the tip of the nose and the corners of the mouth: the one on
    /// the picture's left first.
    pub landmarks: [[f32; 2]; 5],
    /// How sure the detector is, 0 to 1.
    pub score: f32,
}

impl fmt::Debug for FaceGeometry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FaceGeometry(score {:.2})", self.score)
    }
}

impl FaceGeometry {
    /// Every coordinate changed by `x` or `y`, every length by `scale`.
    pub(super) fn mapped(mut self, scale: f32, x: f32, y: f32) -> Self {
        self.left = self.left * scale + x;
        self.top = self.top * scale + y;
        self.width *= scale;
        self.height *= scale;
        for [to_x, to_y] in &mut self.landmarks {
            *to_x = *to_x * scale + x;
            *to_y = *to_y * scale + y;
        }
        self
    }

    /// Whether a picture can have it.
    fn is_sound(&self) -> bool {
        let near = |value: f32| value.abs() <= FURTHEST;
        near(self.left)
            && near(self.top)
            && (SMALLEST..=FURTHEST).contains(&self.width)
            && (SMALLEST..=FURTHEST).contains(&self.height)
            && self.landmarks.iter().flatten().all(|value| near(*value))
    }

    /// Intersection over union.
    fn overlap(&self, other: &Self) -> f32 {
        let along = |from: f32, long: f32, of: f32, other: f32| {
            (from + long).min(of + other) - from.max(of)
        };
        let width = along(self.left, self.width, other.left, other.width).max(0.0);
        let height = along(self.top, self.height, other.top, other.height).max(0.0);
        let both = width * height;
        both / (self.width * self.height + other.width * other.height - both)
            .max(SMALLEST * SMALLEST)
    }
}

/// The faces among the candidates: the best first, and none that overlaps a better one
/// (non-maximum suppression).
#[must_use]
pub fn suppress(mut candidates: Vec<FaceGeometry>, limits: DetectionLimits) -> Vec<FaceGeometry> {
    candidates.retain(|face| limits.admits(face.score) && face.is_sound());
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    candidates.truncate(MAX_CANDIDATES);
    let mut kept: Vec<FaceGeometry> = Vec::new();
    for face in candidates {
        if kept
            .iter()
            .all(|better| better.overlap(&face) <= limits.overlap)
        {
            kept.push(face);
        }
    }
    kept
}

/// `count * each` values, or how many there must be.
fn length(values: &[f32], count: usize, each: usize) -> Result<(), OutputError> {
    match count.checked_mul(each) {
        Some(expected) if values.len() == expected => Ok(()),
        expected => Err(OutputError::Length {
            expected: expected.unwrap_or(usize::MAX),
            got: values.len(),
        }),
    }
}

/// A part's score, brought into 0 to 1.
fn part(values: &[f32], index: usize) -> Result<f32, OutputError> {
    match values.get(index) {
        Some(value) if value.is_finite() => Ok(value.clamp(0.0, 1.0)),
        _ => Err(OutputError::Value { index }),
    }
}

/// The `N` values of a candidate.
fn row<const N: usize>(values: &[f32], index: usize) -> Result<&[f32; N], OutputError> {
    let (rows, _) = values.as_chunks();
    rows.get(index).ok_or(OutputError::Value {
        index: index.saturating_mul(N),
    })
}

/// The cells of a grid with their column and row, as many times as there are anchors.
/// Grids are no wider than a picture, so the numbers are exact.
fn cells(columns: usize, rows: usize, anchors: usize) -> impl Iterator<Item = (f32, f32)> {
    let count = |n: usize| (0..u16::try_from(n).unwrap_or(u16::MAX)).map(f32::from);
    count(rows).flat_map(move |row| {
        count(columns).flat_map(move |column| std::iter::repeat_n((column, row), anchors))
    })
}

/// A stride as a factor.
fn factor(stride: usize) -> f32 {
    u16::try_from(stride).map_or(f32::NAN, f32::from)
}
