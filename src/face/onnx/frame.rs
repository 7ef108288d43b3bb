//! Whether the face in a frame is good enough, from its place and its pixels.

#[cfg(test)]
mod tests;

use super::{FaceGeometry, tensor::Planes};
use crate::face::{InconclusiveReason, Picture};

/// What a frame must be like to be compared. Every limit can be changed; the defaults are
/// for a camera at a desk and are guesses with room, not measured on people.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameLimits {
    /// Mean brightness of the upright face, 0 to 255: below this it is too dark. 40.
    pub darkest: f32,
    /// Above this it is too bright. 225.
    pub brightest: f32,
    /// Variance of the Laplacian of the upright face over the variance of its pixels:
    /// below this it is blurred. 0.01.
    pub sharpness: f32,
    /// Pixels between the eyes: fewer are too far. 40; portraits for documents have 60
    /// (ISO/IEC 19794-5).
    pub nearest_eyes: f32,
    /// Pixels between the eyes over the picture's shorter side: more is too close. 0.3.
    pub widest_eyes: f32,
    /// How far the middle of the face may be from the middle of the picture, over the
    /// picture's width or height. 0.3.
    pub off_centre: f32,
    /// How far the tip of the nose may be from the line through the middle between the
    /// eyes, over their distance: more is turned away. 0.25.
    pub turned: f32,
    /// How far the head may lean to the side, in degrees. 20.
    pub leaning: f32,
    /// How far the landmarks may be from where an upright face has them, in 112 pixels:
    /// above this they are none. 8; eyes taken for each other give 22.
    pub landmarks: f32,
}

impl Default for FrameLimits {
    fn default() -> Self {
        Self {
            darkest: 40.0,
            brightest: 225.0,
            sharpness: 0.01,
            nearest_eyes: 40.0,
            widest_eyes: 0.3,
            off_centre: 0.3,
            turned: 0.25,
            leaning: 20.0,
            landmarks: 8.0,
        }
    }
}

impl FrameLimits {
    /// All of them.
    pub(super) const fn named(&self) -> [(&'static str, f32); 9] {
        let Self {
            darkest,
            brightest,
            sharpness,
            nearest_eyes,
            widest_eyes,
            off_centre,
            turned,
            leaning,
            landmarks,
        } = *self;
        [
            ("darkest", darkest),
            ("brightest", brightest),
            ("sharpness", sharpness),
            ("nearest_eyes", nearest_eyes),
            ("widest_eyes", widest_eyes),
            ("off_centre", off_centre),
            ("turned", turned),
            ("leaning", leaning),
            ("landmarks", landmarks),
        ]
    }

    /// By where the face is.
    pub(super) fn placed(
        &self,
        face: &FaceGeometry,
        picture: &Picture,
    ) -> Option<InconclusiveReason> {
        let [left, right, nose, ..] = face.landmarks;
        let (dx, dy) = (right[0] - left[0], right[1] - left[1]);
        let eyes = dx.hypot(dy);
        let side = |pixels: u32| u16::try_from(pixels).map_or(f32::MAX, f32::from);
        let (width, height) = (side(picture.width()), side(picture.height()));
        if eyes < self.nearest_eyes {
            return Some(InconclusiveReason::TooFar);
        }
        if eyes > self.widest_eyes * width.min(height) {
            return Some(InconclusiveReason::TooClose);
        }
        let middle = [(left[0] + right[0]) / 2.0, (left[1] + right[1]) / 2.0];
        let off = |at: f32, long: f32| (at / long - 0.5).abs() > self.off_centre;
        if off((middle[0] + nose[0]) / 2.0, width) || off((middle[1] + nose[1]) / 2.0, height) {
            return Some(InconclusiveReason::NotCentred);
        }
        // Along the line through the eyes.
        let aside = ((nose[0] - middle[0]) * dx + (nose[1] - middle[1]) * dy) / (eyes * eyes);
        let lean = dy.atan2(dx).to_degrees().abs();
        if aside.abs() > self.turned || lean > self.leaning {
            return Some(InconclusiveReason::TurnedAway);
        }
        None
    }

    /// By what the upright face looks like.
    pub(super) fn lit(&self, crop: &Planes) -> Option<InconclusiveReason> {
        let grey = crop.grey();
        let light = self.brightness(&grey);
        if light.is_some() {
            return light;
        }
        let (mut squares, mut count) = (0.0_f64, 0.0_f64);
        let rows = || grey.chunks_exact(crop.width);
        for ((above, row), below) in rows().zip(rows().skip(1)).zip(rows().skip(2)) {
            let beside = row.iter().zip(row.iter().skip(1)).zip(row.iter().skip(2));
            let around = above.iter().zip(below).skip(1);
            for (((left, here), right), (up, down)) in beside.zip(around) {
                squares += f64::from(4.0 * here - left - right - up - down).powi(2);
                count += 1.0;
            }
        }
        let (_, variance) = moments(&grey);
        (squares / count.max(1.0) < f64::from(self.sharpness) * variance.max(1.0))
            .then_some(InconclusiveReason::Blurred)
    }

    /// Too dark or too bright, of brightness from 0 to 255.
    pub(super) fn brightness(&self, grey: &[f32]) -> Option<InconclusiveReason> {
        let (mean, _) = moments(grey);
        if mean < f64::from(self.darkest) {
            return Some(InconclusiveReason::TooDark);
        }
        (mean > f64::from(self.brightest)).then_some(InconclusiveReason::TooBright)
    }
}

/// Mean and variance.
fn moments(values: &[f32]) -> (f64, f64) {
    let (mut sum, mut squares, mut count) = (0.0, 0.0, 0.0);
    for value in values {
        let value = f64::from(*value);
        sum += value;
        squares += value * value;
        count += 1.0;
    }
    let count = f64::max(count, 1.0);
    let mean = sum / count;
    (mean, (squares / count - mean * mean).max(0.0))
}
