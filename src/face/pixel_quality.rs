use zeroize::Zeroizing;

use super::{
    FaceError, InconclusiveReason, LiveImage, Picture, PixelFormat, Quality, QualityAssessor,
};
use crate::Realm;

/// Below or above which a frame is not good enough. All are of the luminance, from 0
/// (black) to 255 (white), over the whole frame.
///
/// The figures of [`Default`] are a beginning and were not measured with faces: look at
/// frames of the camera that is used, at all hours, and set them by what the matcher
/// fails at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PixelLimits {
    /// The least mean. Below it is [`TooDark`](InconclusiveReason::TooDark). 40 by
    /// default.
    pub darkest: u8,
    /// The highest mean. Above it is [`TooBright`](InconclusiveReason::TooBright). 215 by
    /// default.
    pub brightest: u8,
    /// The least contrast: the standard deviation. Below it is
    /// [`Quality`](InconclusiveReason::Quality): fog, glare, a covered lens. 12 by
    /// default.
    pub flattest: f64,
    /// The least sharpness: the variance of the Laplacian (what a pixel differs from its
    /// four neighbours). Below it is [`Blurred`](InconclusiveReason::Blurred). It grows
    /// with the camera's noise and falls with its resolution. 15 by default.
    pub softest: f64,
}

impl Default for PixelLimits {
    fn default() -> Self {
        Self {
            darkest: 40,
            brightest: 215,
            flattest: 12.0,
            softest: 15.0,
        }
    }
}

/// What was measured of a frame: see [`PixelLimits`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct PixelMeasures {
    /// Mean luminance, 0 to 255.
    pub mean: f64,
    /// Standard deviation of the luminance, 0 to 127.5.
    pub contrast: f64,
    /// Variance of the Laplacian; 0 for a picture of less than 3 by 3 pixels.
    pub sharpness: f64,
}

impl PixelMeasures {
    /// Measures a picture: one pass over its pixels. What is worked with is wiped.
    #[must_use]
    pub fn of(picture: &Picture) -> Self {
        let luminance = luminance(picture);
        let mut levels = Moments::default();
        for level in luminance.iter() {
            levels.add(i64::from(*level));
        }
        let width = usize::try_from(picture.width()).unwrap_or(usize::MAX);
        let mut edges = Moments::default();
        let rows = || luminance.chunks_exact(width);
        for ((above, row), below) in rows().zip(rows().skip(1)).zip(rows().skip(2)) {
            let middle = above.iter().zip(below).skip(1).zip(row.windows(3));
            for ((up, down), around) in middle {
                if let [left, here, right] = around {
                    let neighbours = [up, down, left, right].map(|level| i64::from(*level));
                    edges.add(4 * i64::from(*here) - neighbours.iter().sum::<i64>());
                }
            }
        }
        Self {
            mean: levels.mean(),
            contrast: levels.variance().sqrt(),
            sharpness: edges.variance(),
        }
    }
}

/// Looks at brightness, contrast and sharpness of the whole frame: an assessor without a
/// model, for frames in pixels.
///
/// It doesn't know where the face is. A dark face before a bright window passes here; a
/// matcher that finds the face knows better.
///
/// ```
/// use uketsuke::Realm;
/// use uketsuke::face::{
///     InconclusiveReason, LiveImage, Picture, PixelFormat, PixelQuality, QualityAssessor,
/// };
///
/// let mut assessor = PixelQuality::new(Realm::Production);
/// let night = Picture::new(64, 64, PixelFormat::Grey, vec![3; 64 * 64])?;
/// let night = assessor.assess(&LiveImage::of_picture(Realm::Production, night))?;
/// assert_eq!(night.problem(), Some(InconclusiveReason::TooDark));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PixelQuality {
    realm: Realm,
    limits: PixelLimits,
}

impl PixelQuality {
    /// With the limits of [`PixelLimits::default`], for a desk of this realm.
    #[must_use]
    pub fn new(realm: Realm) -> Self {
        Self::with_limits(realm, PixelLimits::default())
    }

    /// With limits of one's own. One that is NaN refuses every frame.
    #[must_use]
    pub const fn with_limits(realm: Realm, limits: PixelLimits) -> Self {
        Self { realm, limits }
    }

    fn judge(&self, measured: PixelMeasures) -> Quality {
        let PixelLimits {
            darkest,
            brightest,
            flattest,
            softest,
        } = self.limits;
        // Half for a frame that is just good enough, the whole for twice as good.
        let margin = (measured.contrast / flattest).min(measured.sharpness / softest);
        let score = (1..=100).take_while(|score| margin * 50.0 >= f64::from(*score));
        let score = score.last().unwrap_or(0);
        let problem = if measured.mean < f64::from(darkest) {
            InconclusiveReason::TooDark
        } else if measured.mean > f64::from(brightest) {
            InconclusiveReason::TooBright
        } else if measured.contrast < flattest || flattest.is_nan() {
            InconclusiveReason::Quality
        } else if measured.sharpness < softest || softest.is_nan() {
            InconclusiveReason::Blurred
        } else {
            return Quality::good(score);
        };
        Quality::poor(score, problem)
    }
}

impl QualityAssessor for PixelQuality {
    fn realm(&self) -> Realm {
        self.realm
    }

    fn assess(&mut self, live: &LiveImage) -> Result<Quality, FaceError> {
        let picture = live.picture().ok_or(FaceError::NotPixels)?;
        Ok(self.judge(PixelMeasures::of(picture)))
    }
}

/// Weighted as in ITU-R BT.601, in parts of 256.
fn luminance(picture: &Picture) -> Zeroizing<Vec<u8>> {
    let samples = picture.samples();
    let mut levels = Zeroizing::new(Vec::with_capacity(
        samples.len() / picture.format().samples(),
    ));
    match picture.format() {
        PixelFormat::Grey => levels.extend_from_slice(samples),
        PixelFormat::Rgb => {
            levels.extend(samples.as_chunks().0.iter().map(|[red, green, blue]| {
                let [red, green, blue] = [red, green, blue].map(|level| u32::from(*level));
                // At most 255.
                u8::try_from((77 * red + 150 * green + 29 * blue) >> 8).unwrap_or(u8::MAX)
            }))
        }
    }
    levels
}

/// Count, sum and sum of squares. With at most 2^24 pixels of at most 1020 nothing
/// overflows.
#[derive(Default)]
struct Moments {
    count: i64,
    sum: i64,
    squares: i64,
}

#[allow(clippy::cast_precision_loss)] // All below 2^53.
impl Moments {
    const fn add(&mut self, level: i64) {
        self.count += 1;
        self.sum += level;
        self.squares += level * level;
    }

    fn mean(&self) -> f64 {
        self.sum as f64 / (self.count as f64).max(1.0)
    }

    fn variance(&self) -> f64 {
        let mean = self.mean();
        (self.squares as f64 / (self.count as f64).max(1.0) - mean * mean).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn grey(width: u32, height: u32, level: impl Fn(u32, u32) -> u8) -> Picture {
        let levels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let levels = levels.map(|(x, y)| level(x, y)).collect();
        Picture::new(width, height, PixelFormat::Grey, levels).unwrap()
    }

    fn assess(picture: Picture) -> Quality {
        let frame = LiveImage::of_picture(Realm::Production, picture);
        PixelQuality::new(Realm::Production).assess(&frame).unwrap()
    }

    /// Noise of this mean and swing, the same each time.
    fn noise(mean: u8, swing: u8) -> impl Fn(u32, u32) -> u8 {
        move |x, y| {
            let hash = (x * 7919 + y * 104_729).wrapping_mul(2_654_435_761) >> 24;
            mean - swing + u8::try_from(hash * u32::from(swing) * 2 / 255).unwrap()
        }
    }

    #[test]
    fn each_problem_is_told() {
        for (picture, problem) in [
            (grey(90, 60, noise(120, 60)), None),
            (
                grey(90, 60, noise(30, 20)),
                Some(InconclusiveReason::TooDark),
            ),
            (
                grey(90, 60, noise(235, 19)),
                Some(InconclusiveReason::TooBright),
            ),
            (
                grey(90, 60, noise(120, 5)),
                Some(InconclusiveReason::Quality),
            ),
            // A slope has contrast and no edges.
            (
                grey(120, 60, |x, _| 60 + u8::try_from(x).unwrap()),
                Some(InconclusiveReason::Blurred),
            ),
        ] {
            let found = assess(picture);
            assert_eq!(found.problem(), problem, "{found:?}");
        }
        assert!(assess(grey(90, 60, noise(120, 60))).score() > 50);
        assert_eq!(assess(grey(90, 60, |_, _| 120)).score(), 0);
    }

    #[test]
    fn what_is_no_picture_is_an_error() {
        let frame = LiveImage::new(Realm::Production, vec![120; 64]);
        let found = PixelQuality::new(Realm::Production).assess(&frame);
        assert_eq!(found, Err(FaceError::NotPixels));
    }

    #[test]
    fn limits_that_are_no_numbers_pass_nothing() {
        for spoil in [
            |limits: &mut PixelLimits| limits.flattest = f64::NAN,
            |limits: &mut PixelLimits| limits.softest = f64::NAN,
        ] {
            let mut limits = PixelLimits::default();
            spoil(&mut limits);
            let frame = LiveImage::of_picture(Realm::Production, grey(90, 60, noise(120, 60)));
            let mut assessor = PixelQuality::with_limits(Realm::Production, limits);
            assert!(assessor.assess(&frame).unwrap().problem().is_some());
        }
    }

    #[test]
    fn colours_count_as_the_eye_sees_them() {
        let of = |colour: [u8; 3]| {
            let picture = Picture::new(2, 2, PixelFormat::Rgb, colour.repeat(4)).unwrap();
            PixelMeasures::of(&picture).mean
        };
        assert_eq!(of([255; 3]), 255.0);
        assert_eq!(
            [of([255, 0, 0]), of([0, 255, 0]), of([0, 0, 255])],
            [76.0, 149.0, 28.0]
        );
    }

    proptest! {
        /// As the formulas say, worked out pixel by pixel.
        #[test]
        fn measures_are_what_the_formulas_say(
            width in 1..12_u32, height in 1..12_u32, seed in prop::collection::vec(any::<u8>(), 144)
        ) {
            let level = |x: u32, y: u32| seed[(y * 12 + x) as usize];
            let found = PixelMeasures::of(&grey(width, height, level));
            let variance = |all: &[f64]| {
                let count = (all.len() as f64).max(1.0);
                let mean = all.iter().sum::<f64>() / count;
                (mean, all.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / count)
            };
            let mut levels = vec![];
            let mut edges = vec![];
            for y in 0..height {
                for x in 0..width {
                    let at = |x, y| f64::from(level(x, y));
                    levels.push(at(x, y));
                    if x > 0 && y > 0 && x + 1 < width && y + 1 < height {
                        let around = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1);
                        edges.push(4.0 * at(x, y) - around);
                    }
                }
            }
            let (mean, contrast) = variance(&levels);
            prop_assert!((found.mean - mean).abs() < 1e-6);
            prop_assert!((found.contrast.powi(2) - contrast).abs() < 1e-6);
            prop_assert!((found.sharpness - variance(&edges).1).abs() < 1e-4);
        }
    }
}
