//! From pictures to what a model takes.

#[cfg(test)]
mod tests;

use zeroize::Zeroizing;

use super::{
    align::single,
    spec::{Colour, Input},
};
use crate::face::{Picture, PixelFormat};

/// Red, green and blue, each from 0 to 255. Wiped when dropped.
pub(super) struct Planes {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) planes: [Zeroizing<Vec<f32>>; 3],
}

impl Planes {
    /// As the model wants them: colours in its order, mean taken away, by the deviation.
    pub(super) fn tensor(&self, input: &Input) -> Zeroizing<Vec<f32>> {
        let [red, green, blue] = &self.planes;
        let order = match input.colour {
            Colour::Rgb => [red, green, blue],
            Colour::Bgr => [blue, green, red],
        };
        let mut tensor = Zeroizing::new(Vec::with_capacity(3 * self.width * self.height));
        for ((plane, mean), std) in order.into_iter().zip(input.mean).zip(input.std) {
            tensor.extend(plane.iter().map(|value| (value - mean) / std));
        }
        tensor
    }

    /// Mid-grey.
    pub(super) fn grey_square(side: u16) -> Self {
        let side = usize::from(side);
        Self {
            width: side,
            height: side,
            planes: [(); 3].map(|()| Zeroizing::new(vec![128.0; side * side])),
        }
    }

    /// Brightness by ITU-R BT.601, row by row.
    pub(super) fn grey(&self) -> Zeroizing<Vec<f32>> {
        let [red, green, blue] = &self.planes;
        let colours = red.iter().zip(green.iter()).zip(blue.iter());
        Zeroizing::new(
            colours
                .map(|((r, g), b)| 0.299 * r + 0.587 * g + 0.114 * b)
                .collect(),
        )
    }
}

/// The picture scaled by `scale` into the upper left corner of `width` x `height` black
/// pixels. Made smaller, each pixel is a mean with weights that fall off to the sides
/// (a triangle over two pixels); made larger, bilinear.
pub(super) fn letterbox(picture: &Picture, scale: f64, width: usize, height: usize) -> Planes {
    let taps = |from: u32, to: usize| -> Vec<Taps> {
        let used = rounded(f64::from(from) * scale).clamp(1, to);
        (0..used).map(|at| Taps::at(at, scale, from)).collect()
    };
    let (across, down) = (taps(picture.width(), width), taps(picture.height(), height));
    let channels = picture.format().samples();
    let columns = usize::try_from(picture.width()).unwrap_or(1).max(1);
    let mut planes = [(); 3].map(|()| Zeroizing::new(vec![0.0_f32; width * height]));
    for channel in 0..channels {
        // Rows first: each as wide as it will be.
        let mut narrow: Zeroizing<Vec<f32>> = Zeroizing::new(Vec::with_capacity(
            across.len() * picture.samples().len() / (columns * channels),
        ));
        for row in picture.samples().chunks_exact(columns * channels) {
            for taps in &across {
                narrow.push(taps.sum(|at| {
                    let sample = row.get(at * channels + channel);
                    f32::from(sample.copied().unwrap_or(0))
                }));
            }
        }
        let Some(plane) = planes.get_mut(channel) else {
            break;
        };
        for (taps, line) in down.iter().zip(plane.chunks_exact_mut(width)) {
            for (column, to) in line.iter_mut().take(across.len()).enumerate() {
                *to = taps.sum(|at| {
                    let sample = narrow.get(at * across.len() + column);
                    sample.copied().unwrap_or(0.0)
                });
            }
        }
    }
    if picture.format() == PixelFormat::Grey {
        let [grey, green, blue] = &mut planes;
        green.copy_from_slice(grey);
        blue.copy_from_slice(grey);
    }
    Planes {
        width,
        height,
        planes,
    }
}

/// From which samples a scaled one is made, and how much of each.
struct Taps {
    first: usize,
    weights: Vec<f32>,
}

impl Taps {
    fn at(to: usize, scale: f64, samples: u32) -> Self {
        let reach = (1.0 / scale).max(1.0);
        let to = u32::try_from(to).map_or(0.0, f64::from);
        // The middle of a pixel is at a half.
        let middle = (to + 0.5) / scale;
        let last = f64::from(samples) - 1.0;
        let first = (middle - reach - 0.5).ceil().clamp(0.0, last);
        let end = (middle + reach - 0.5).floor().clamp(first, last);
        let mut weights = Vec::new();
        let mut at = first;
        while at <= end {
            weights.push((1.0 - (at + 0.5 - middle).abs() / reach).max(0.0));
            at += 1.0;
        }
        let total: f64 = weights.iter().sum();
        // At an edge a single sample may be just out of reach.
        let share = |weight: f64| if total > 0.0 { weight / total } else { 1.0 };
        Self {
            first: rounded(first),
            weights: weights
                .into_iter()
                .map(|weight| single(share(weight)))
                .collect(),
        }
    }

    fn sum(&self, sample: impl Fn(usize) -> f32) -> f32 {
        let at = self.first..;
        let parts = self.weights.iter().zip(at);
        parts.map(|(weight, at)| weight * sample(at)).sum()
    }
}

/// The picture in the middle of a mid-grey square half as large again as its longer side.
///
/// The face on a photo for a card fills it, and detectors are worse at such faces.
pub(super) fn on_canvas(picture: &Picture) -> Option<(Picture, u32, u32)> {
    let longest = picture.width().max(picture.height());
    let side = (longest + longest / 2).min(Picture::MAX_SIDE);
    let (left, top) = ((side - picture.width()) / 2, (side - picture.height()) / 2);
    let channels = picture.format().samples();
    let row = usize::try_from(side).ok()?.checked_mul(channels)?;
    let mut samples = Zeroizing::new(vec![128; row.checked_mul(usize::try_from(side).ok()?)?]);
    let own = usize::try_from(picture.width())
        .ok()?
        .checked_mul(channels)?;
    let from = usize::try_from(left).ok()?.checked_mul(channels)?;
    let lines = samples
        .chunks_exact_mut(row)
        .skip(usize::try_from(top).ok()?);
    for (to, line) in lines.zip(picture.samples().chunks_exact(own)) {
        to.get_mut(from..from + own)?.copy_from_slice(line);
    }
    let canvas = Picture::of(side, side, picture.format(), samples).ok()?;
    Some((canvas, left, top))
}

/// A whole number from 0 up; 0 for less and for NaN.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what fits"
)]
pub(super) fn rounded(value: f64) -> usize {
    value.round().clamp(0.0, 1e6) as usize
}

/// A pixel's number, if a picture could have it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "in the range of a picture's sides"
)]
pub(super) fn index(value: f64) -> Option<u32> {
    (0.0..=1e6).contains(&value).then_some(value as u32)
}
