use std::fmt;
use std::ops::RangeInclusive;

use crate::face::Confidence;

/// How many of how many trials were errors, and what that says about the rate.
///
/// `Display` shows `3/29890`.
///
/// ```
/// use uketsuke::face::{Confidence, evaluation::Proportion};
///
/// // The "rule of 3": without an error in N trials, 3/N at 95 %.
/// let none = Proportion::new(0, 30_000).unwrap();
/// assert_eq!(none.rate(), Some(0.0));
/// assert_eq!(none.rule_of_three(), Some(1e-4));
/// assert!((none.upper_limit(Confidence::NINETY_FIVE) - 9.985e-5).abs() < 1e-8);
/// assert!((none.upper_limit(Confidence::EIGHTY) - 5.365e-5).abs() < 1e-8);
///
/// // 5 of 10, as in every table: from 19 % to 81 %.
/// let half = Proportion::new(5, 10).unwrap().limits(Confidence::NINETY_FIVE);
/// assert!((half.start() - 0.1871).abs() < 5e-5 && (half.end() - 0.8129).abs() < 5e-5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Proportion {
    errors: u64,
    trials: u64,
}

impl Proportion {
    /// `None` if there are more errors than trials. No trials at all are allowed.
    #[must_use]
    pub const fn new(errors: u64, trials: u64) -> Option<Self> {
        if errors > trials {
            return None;
        }
        Some(Self { errors, trials })
    }

    /// `errors` of `errors + successes`.
    pub(super) const fn of(errors: u64, successes: u64) -> Self {
        let trials = errors.saturating_add(successes);
        Self { errors, trials }
    }

    /// How many errors.
    #[must_use]
    pub const fn errors(self) -> u64 {
        self.errors
    }

    /// Of how many trials.
    #[must_use]
    pub const fn trials(self) -> u64 {
        self.trials
    }

    /// Errors by trials: what was seen, from 0 to 1. `None` without trials.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // 53 bits of a count are enough.
    pub fn rate(self) -> Option<f64> {
        (self.trials > 0).then(|| self.errors as f64 / self.trials as f64)
    }

    /// The rate is at most this: one-sided, exact for independent trials (Clopper
    /// and Pearson). The figure for "does it keep below …?". 1 without trials.
    #[must_use]
    pub fn upper_limit(self, confidence: Confidence) -> f64 {
        confidence.upper(self.errors, self.trials)
    }

    /// The rate is at least this: one-sided. 0 without trials.
    #[must_use]
    pub fn lower_limit(self, confidence: Confidence) -> f64 {
        confidence.lower(self.errors, self.trials)
    }

    /// The rate is between these: two-sided, so each is a little further out than
    /// the one-sided limit. The figure for "where is it?". Everything from 0 to 1
    /// without trials.
    #[must_use]
    pub fn limits(self, confidence: Confidence) -> RangeInclusive<f64> {
        let (low, high) = confidence.two_sided(self.errors, self.trials);
        low..=high
    }

    /// 3 by the number of trials, if none of them was an error: the "rule of 3",
    /// just above the upper limit at 95 %. For heads and slides; the limits are
    /// exact. At most 1.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn rule_of_three(self) -> Option<f64> {
        let none = self.errors == 0 && self.trials > 0;
        none.then(|| (3.0 / self.trials as f64).min(1.0))
    }

    /// The "rule of 30": with 30 errors or more, the true rate is within about
    /// 30 % of the one that was seen, at 90 % confidence. With fewer, more trials
    /// are needed before the rate itself should be quoted; quote the limits.
    ///
    /// It counts errors, of however many trials. Where nearly every trial is an
    /// error, count the successes.
    #[must_use]
    pub const fn has_thirty_errors(self) -> bool {
        self.errors >= 30
    }
}

impl fmt::Display for Proportion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.errors, self.trials)
    }
}
