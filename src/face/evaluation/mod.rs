//! What a vendor finds out about a matcher from its own scores (ISO/IEC 19795-1).
//!
//! A threshold means nothing without a measurement, and who sells a matcher has to
//! make it: compare photos and frames of many people, write down every score, and
//! count. This module counts, says how far the counts can be trusted, and makes the
//! [`Calibration`] record that a [`MatchPolicy`](super::MatchPolicy) asks for, so that
//! no figure is typed by hand. Nothing here takes part in a check-in.
//!
//! | word | of what | meaning |
//! |---|---|---|
//! | mated | comparison | photo and frame are of one person |
//! | non-mated | comparison | they are of two people |
//! | FMR, false match rate (誤合致率) | non-mated comparisons | score at or above the threshold |
//! | FNMR, false non-match rate (誤非合致率) | mated comparisons | score below the threshold |
//! | FTA, failure to acquire (取得失敗率) | attempts | no frame that could be compared |
//! | FTE, failure to enrol (登録失敗率) | card photos | no photo that could be compared |
//! | FRR, false reject rate (本人拒否率) | visits of the right person | turned away: [`Transaction`] |
//! | FAR, false accept rate (他人受入率) | visits of somebody else | let in: [`Transaction`] |
//!
//! All rates are fractions from 0 to 1, not percent.
//!
//! ```
//! use uketsuke::face::evaluation::Evaluation;
//! use uketsuke::face::{Confidence, Fmr, MatchPolicy, MatcherId};
//! use uketsuke::Realms;
//!
//! // The vendor's scores: here 2000 visits, and 30,000 pairs of different people.
//! let mated = (0..2000_u16).map(|i| 0.5 + f32::from(i) / 4000.0);
//! let non_mated = (0..30_000_u16).map(|i| f32::from(i) / 60_000.0);
//! let evaluation = Evaluation::from_scores(mated, non_mated)?;
//! let all = evaluation.all();
//!
//! // Which threshold shows 1 in 10,000 at 95 % confidence? One without any error.
//! let threshold = all.threshold_supporting(Fmr::ONE_IN_10_000, Confidence::NINETY_FIVE).unwrap();
//! let (fmr, fnmr) = (all.fmr(threshold), all.fnmr(threshold));
//! assert_eq!((fmr.errors(), fmr.trials()), (0, 30_000));
//! assert!((fmr.upper_limit(Confidence::NINETY_FIVE) - 9.985e-5).abs() < 1e-8);
//! assert_eq!((fnmr.errors(), fnmr.trials()), (0, 2000));
//!
//! // The record that is shipped with the model.
//! let matcher = MatcherId {
//!     vendor: "A vendor".into(),
//!     name: "A matcher".into(),
//!     version: "1.0".into(),
//!     model: [7; 32], // as the matcher says it; all four: `info().id()`
//! };
//! let record = evaluation.calibration(matcher, &evaluation.useful_thresholds())?;
//!
//! // The desk asks for a rate, and gets the threshold that shows it.
//! let policy = MatchPolicy::new(Realms::production(), record, Fmr::ONE_IN_10_000)?;
//! let surer = policy.clone().demanding(Confidence::NINETY_FIVE)?;
//! assert_eq!(surer.threshold(), threshold);
//! assert!(policy.threshold() < threshold);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What a limit doesn't say
//!
//! Confidence limits hold for trials that are **independent** of each other. The
//! n(n − 1)/2 cross pairs of n people aren't: one face that resembles many counts
//! many times. No formula repairs that; say how many people took part
//! ([`Evaluation::with_people`]), and [`Evaluation::caveats`] tells. Nor does a limit
//! say anything of people unlike those who took part: look at the groups
//! ([`Evaluation::groups`]), and let old people, children and people with glasses
//! take part. A threshold that was chosen from these very scores looks a little
//! better on them than it is; measure once more with others.
//!
//! # Sources
//!
//! ISO/IEC 19795-1 for the rates, the rules of 3 and of 30 and the curve; Clopper
//! and Pearson (1934) for the limits. 80 % confidence: the Common Criteria's module
//! for biometrics and FIDO's certification.
//!
//! [`Calibration`]: super::Calibration

mod csv;
mod det;
mod independence;
mod proportion;
mod scores;
mod transaction;
mod trials;

use std::collections::BTreeMap;
use std::fmt;

use super::{Calibration, CalibrationError, Confidence, Fmr, MatcherId, OperatingPoint, Score};

pub use csv::{CsvError, CsvProblem};
pub use det::{DetCurve, DetPoint, DetWords};
pub use independence::{Caveat, cross_pairs, disjoint_pairs, trials_without_error};
pub use proportion::Proportion;
pub use scores::{EqualError, Scores};
pub use transaction::Transaction;
pub use trials::{Trial, TrialError, Trials};

/// The scores of one matcher, ready for questions.
///
/// Made from [`Trials`], from two lists ([`from_scores`](Self::from_scores)) or
/// from a file ([`read_csv`](Self::read_csv)). `Debug` shows counts only.
#[derive(Clone, PartialEq)]
pub struct Evaluation {
    all: Scores,
    groups: BTreeMap<String, Scores>,
    people: Option<u64>,
}

impl Evaluation {
    fn new(all: Scores, groups: BTreeMap<String, Scores>) -> Self {
        Self {
            all,
            groups,
            people: None,
        }
    }

    /// From two lists of scores, without groups and failures.
    ///
    /// # Errors
    ///
    /// [`TrialError::NotFinite`] for NaN and the infinities; its index counts
    /// through the mated scores first.
    pub fn from_scores(
        mated: impl IntoIterator<Item = f32>,
        non_mated: impl IntoIterator<Item = f32>,
    ) -> Result<Self, TrialError> {
        let mut trials = Trials::new();
        for score in mated {
            trials.add(Trial::Mated(score), &[])?;
        }
        for score in non_mated {
            trials.add(Trial::NonMated(score), &[])?;
        }
        Ok(trials.evaluate())
    }

    /// Says how many people took part, for [`caveats`](Self::caveats).
    #[must_use]
    pub const fn with_people(mut self, people: u64) -> Self {
        self.people = Some(people);
        self
    }

    /// All trials.
    #[must_use]
    pub const fn all(&self) -> &Scores {
        &self.all
    }

    /// The trials of each group, by name. A trial may be in several, or in none.
    ///
    /// With many groups one looks bad by chance: compare the limits, not the rates.
    ///
    /// ```
    /// use uketsuke::face::evaluation::{Trial, Trials};
    /// use uketsuke::face::Score;
    ///
    /// let mut trials = Trials::new();
    /// trials.add(Trial::Mated(0.8), &[])?;
    /// trials.add(Trial::Mated(0.4), &["glasses", "75 or older"])?;
    /// trials.add(Trial::Mated(0.7), &["glasses"])?;
    /// let evaluation = trials.evaluate();
    /// let threshold = Score::new(0.5).unwrap();
    /// let rates: Vec<_> = evaluation
    ///     .groups()
    ///     .map(|(name, scores)| (name, scores.fnmr(threshold).rate()))
    ///     .collect();
    /// assert_eq!(rates, [("75 or older", Some(1.0)), ("glasses", Some(0.5))]);
    /// assert_eq!(evaluation.all().fnmr(threshold).to_string(), "1/3");
    /// # Ok::<(), uketsuke::face::evaluation::TrialError>(())
    /// ```
    pub fn groups(&self) -> impl Iterator<Item = (&str, &Scores)> {
        self.groups
            .iter()
            .map(|(name, scores)| (name.as_str(), scores))
    }

    /// The operating point of this threshold, with the false match rate that all
    /// non-mated trials support at 80 % confidence (so
    /// [`is_supported`](OperatingPoint::is_supported) holds). `None` if they support
    /// none: there are no trials, or all of them are false matches.
    #[must_use]
    pub fn operating_point(&self, threshold: Score) -> Option<OperatingPoint> {
        let counted = self.all.fmr(threshold);
        Some(OperatingPoint {
            threshold,
            fmr: Fmr::new(counted.upper_limit(Confidence::EIGHTY))?,
            non_mated_trials: counted.trials(),
            false_matches: counted.errors(),
            fnmr: Some(self.all.fnmr(threshold)).filter(|counted| counted.trials() > 0),
        })
    }

    /// The record for a [`MatchPolicy`](crate::face::MatchPolicy), with the operating
    /// points of these thresholds, in whatever order; `matcher` is the one that the
    /// scores came from.
    ///
    /// A threshold at which the trials support no rate at all is left out.
    ///
    /// # Errors
    ///
    /// [`CalibrationError`]: [`Points`](CalibrationError::Points) if nothing is left.
    pub fn calibration(
        &self,
        matcher: MatcherId,
        thresholds: &[Score],
    ) -> Result<Calibration, CalibrationError> {
        let mut thresholds = thresholds.to_vec();
        thresholds.sort_by(|one, other| one.get().total_cmp(&other.get()));
        thresholds.dedup();
        let points = thresholds.into_iter();
        let points = points.filter_map(|threshold| self.operating_point(threshold));
        Calibration::new(matcher, points.collect())
    }

    /// The lowest thresholds that show 1 in 100, 1,000, 10,000 and so on up to 1 in 10
    /// million, each at 80 %, 95 % and 99 % confidence, as far as the trials go: what
    /// users of a record are likely to ask for.
    #[must_use]
    pub fn useful_thresholds(&self) -> Vec<Score> {
        let mut found = Vec::new();
        for rate in [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7] {
            for level in [0.8, 0.95, 0.99] {
                let asked = Fmr::new(rate).zip(Confidence::new(level));
                found.extend(asked.and_then(|(rate, confidence)| {
                    self.all.threshold_supporting(rate, confidence)
                }));
            }
        }
        found
    }

    /// What a reader of the figures at this threshold must be told beside them.
    #[must_use]
    pub fn caveats(&self, threshold: Score) -> Vec<Caveat> {
        independence::caveats(&self.all, self.people, threshold)
    }
}

impl fmt::Debug for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evaluation")
            .field("all", &self.all)
            .field("groups", &self.groups.len())
            .field("people", &self.people)
            .finish()
    }
}

#[cfg(test)]
mod tests;
