mod binomial;

/// How sure a confidence limit is to be. At least 0.5, less than 1.
///
/// A limit at confidence *c* is made by a rule that goes wrong in at most 1 − *c*
/// of all tests that one could have made. It says nothing about a test whose
/// trials depend on each other, or about other people than those who took part.
///
/// ```
/// use uketsuke::face::Confidence;
///
/// assert!(Confidence::new(0.9).is_some_and(|c| c > Confidence::EIGHTY));
/// assert!(Confidence::new(0.4).is_none() && Confidence::new(1.0).is_none());
/// assert!(Confidence::new(95.0).is_none() && Confidence::new(f64::NAN).is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Confidence(f64);

/// Never NaN.
impl Eq for Confidence {}

impl Confidence {
    /// 80 %: what certification asks of the upper limit of both error rates (Common
    /// Criteria's module for biometrics; FIDO), and
    /// [`MatchPolicy`](super::MatchPolicy) of the false match rate.
    pub const EIGHTY: Self = Self(0.8);
    /// 95 %: what a careful desk [demands](super::MatchPolicy::demanding).
    pub const NINETY_FIVE: Self = Self(0.95);

    /// `None` outside of [0.5, 1) and for NaN. 95 % is 0.95.
    #[must_use]
    pub fn new(level: f64) -> Option<Self> {
        (0.5..1.0).contains(&level).then_some(Self(level))
    }

    /// The level.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }

    /// The upper one-sided limit of Clopper and Pearson: the rate at which so few
    /// errors, or fewer, come in 1 − *c* of all tests. 1 if there are no trials, or
    /// fewer than errors.
    pub(super) fn upper(self, errors: u64, trials: u64) -> f64 {
        binomial::upper(errors, trials, 1.0 - self.0)
    }

    /// The lower one-sided limit: the rate at which so many errors, or more, come
    /// in 1 − *c* of all tests. 0 if there are no trials, or fewer than errors.
    pub(super) fn lower(self, errors: u64, trials: u64) -> f64 {
        binomial::lower(errors, trials, 1.0 - self.0)
    }

    /// Both limits, each missed in half as many tests.
    pub(super) fn two_sided(self, errors: u64, trials: u64) -> (f64, f64) {
        let alpha = (1.0 - self.0) / 2.0;
        (
            binomial::lower(errors, trials, alpha),
            binomial::upper(errors, trials, alpha),
        )
    }
}
