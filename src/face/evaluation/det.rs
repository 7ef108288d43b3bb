use std::fmt;

use super::scores::above;
use super::{Proportion, Scores};
use crate::face::{Confidence, Score};

mod axis;
mod svg;
mod words;

pub use words::DetWords;

/// One threshold of a [`DetCurve`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DetPoint {
    /// Scores of at least this match.
    pub threshold: Score,
    /// False matches there.
    pub fmr: Proportion,
    /// False non-matches there.
    pub fnmr: Proportion,
}

/// The detection error trade-off: what each threshold costs in false matches and in
/// false non-matches (ISO/IEC 19795-1).
///
/// [`to_svg`](Self::to_svg) draws it on axes of normal deviates, on which scores
/// that are normally distributed give a straight line, with the two-sided
/// confidence limits of both rates as a band. Made by [`Scores::det`].
///
/// ```
/// use uketsuke::face::{Score, evaluation::{DetWords, Evaluation}};
///
/// let evaluation = Evaluation::from_scores([0.5, 0.7, 0.9], [0.1, 0.2, 0.6])?;
/// let curve = evaluation.all().det().unwrap();
/// let rates: Vec<_> = curve
///     .points()
///     .map(|point| (point.fmr.errors(), point.fnmr.errors()))
///     .collect();
/// assert_eq!(rates, [(3, 0), (2, 0), (1, 0), (1, 1), (0, 1), (0, 2), (0, 3)]);
///
/// let picture = curve
///     .with_title("Matcher 3.1, spring test")
///     .with_operating_point(Score::new(0.65).unwrap())
///     .with_words(DetWords::Japanese)
///     .to_svg();
/// assert!(picture.starts_with("<svg ") && picture.contains("誤合致率"));
/// # Ok::<(), uketsuke::face::evaluation::TrialError>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct DetCurve {
    /// By rising threshold.
    steps: Vec<Step>,
    mated: u64,
    non_mated: u64,
    title: String,
    words: DetWords,
    band: Confidence,
    operating: Option<Score>,
}

/// A threshold, and what is wrong at it.
#[derive(Clone, Copy, PartialEq)]
struct Step {
    threshold: Score,
    false_matches: u64,
    false_non_matches: u64,
}

impl DetCurve {
    pub(super) fn new(scores: &Scores) -> Option<Self> {
        let (mated, non_mated) = (scores.mated(), scores.non_mated());
        if mated == 0 || non_mated == 0 {
            return None;
        }
        let mut steps = Vec::new();
        let mut left = (scores.mated.iter(), scores.non_mated.iter());
        let (mut matches, mut non_matches) = (non_mated, 0);
        let mut highest = None;
        // Both lists are gone through at once, score by score.
        while let Some(next) = lower(left.0.as_slice().first(), left.1.as_slice().first()) {
            steps.push(Step {
                threshold: next,
                false_matches: matches,
                false_non_matches: non_matches,
            });
            while left.0.as_slice().first().is_some_and(|s| *s <= next) {
                left.0.next();
                non_matches += 1;
            }
            while left.1.as_slice().first().is_some_and(|s| *s <= next) {
                left.1.next();
                matches -= 1;
            }
            highest = Some(next);
        }
        steps.extend(highest.and_then(above).map(|threshold| Step {
            threshold,
            false_matches: matches,
            false_non_matches: non_matches,
        }));
        Some(Self {
            steps,
            mated,
            non_mated,
            title: String::new(),
            words: DetWords::English,
            band: Confidence::NINETY_FIVE,
            operating: None,
        })
    }

    /// Every pair of rates that a threshold can give, by rising threshold: with
    /// every one that isn't here the rates are those of the next higher one.
    pub fn points(&self) -> impl Iterator<Item = DetPoint> {
        self.steps.iter().map(|step| self.point(*step))
    }

    fn point(&self, step: Step) -> DetPoint {
        let matches = self.non_mated.saturating_sub(step.false_matches);
        let non_matches = self.mated.saturating_sub(step.false_non_matches);
        DetPoint {
            threshold: step.threshold,
            fmr: Proportion::of(step.false_matches, matches),
            fnmr: Proportion::of(step.false_non_matches, non_matches),
        }
    }

    /// The rates at a threshold.
    fn at(&self, threshold: Score) -> DetPoint {
        let next = self.steps.partition_point(|s| s.threshold < threshold);
        let step = self.steps.get(next).or(self.steps.last());
        let point = self.point(step.copied().unwrap_or(Step {
            threshold,
            false_matches: 0,
            false_non_matches: self.mated,
        }));
        DetPoint { threshold, ..point }
    }

    /// A line above the picture: which matcher, which test. Empty at first.
    #[must_use]
    pub fn with_title(mut self, title: &str) -> Self {
        title.clone_into(&mut self.title);
        self
    }

    /// The language of the words in the picture. English at first.
    #[must_use]
    pub const fn with_words(mut self, words: DetWords) -> Self {
        self.words = words;
        self
    }

    /// How sure the limits are to be: each of the two rates by itself, at one
    /// threshold. 95 % at first.
    #[must_use]
    pub const fn with_band(mut self, confidence: Confidence) -> Self {
        self.band = confidence;
        self
    }

    /// Marks the threshold that the matcher is run at, with its rates and their
    /// limits.
    #[must_use]
    pub const fn with_operating_point(mut self, threshold: Score) -> Self {
        self.operating = Some(threshold);
        self
    }

    /// The picture: a whole SVG file of its own, of at most some 150 kB, legible in
    /// black and white. FMR lies on the horizontal axis, FNMR on the vertical one.
    ///
    /// Where no error was seen the curve leaves the picture, and only the band says
    /// how far the trials go.
    #[must_use]
    pub fn to_svg(&self) -> String {
        svg::draw(self)
    }
}

/// The lower of those that are there.
fn lower(a: Option<&Score>, b: Option<&Score>) -> Option<Score> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b < a { *b } else { *a }),
        (a, b) => a.or(b).copied(),
    }
}

impl fmt::Debug for DetCurve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DetCurve")
            .field("points", &self.steps.len())
            .field("mated", &self.mated)
            .field("non_mated", &self.non_mated)
            .field("title", &self.title)
            .field("operating", &self.operating)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
