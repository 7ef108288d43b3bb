use super::InconclusiveReason;

/// False match rate: of comparisons between different people, the part that a
/// threshold lets through (ISO/IEC 19795-1). Greater than 0, less than 1.
///
/// It counts comparisons. A visit allows several attempts, so the chance that a
/// stranger gets through one visit is higher, by up to the number of attempts.
///
/// ```
/// use uketsuke::face::Fmr;
///
/// assert!(Fmr::new(0.0001).is_some_and(|fmr| fmr <= Fmr::ONE_IN_10_000));
/// assert!(Fmr::new(0.0).is_none() && Fmr::new(1.0).is_none() && Fmr::new(f64::NAN).is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Fmr(f64);

// Never NaN.
impl Eq for Fmr {}

impl Fmr {
    /// The highest that a policy accepts (NIST SP 800-63B-4,
    /// section 3.2.3).
    pub const ONE_IN_10_000: Self = Self(1e-4);

    /// `None` outside of (0, 1) and for NaN.
    #[must_use]
    pub fn new(rate: f64) -> Option<Self> {
        (rate > 0.0 && rate < 1.0).then_some(Self(rate))
    }

    /// The rate.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// How alike two faces are, on the matcher's own scale. Higher is more alike;
/// always finite.
///
/// Matchers that speak of *distance* or *certainty* must be turned round by who
/// wraps them: reading such a scale the wrong way makes everybody match.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Score(f32);

// Never NaN.
impl Eq for Score {}

impl Score {
    /// -1, the lower end of a cosine.
    pub const MINUS_ONE: Self = Self(-1.0);
    /// 0, the lower end of many scales.
    pub const ZERO: Self = Self(0.0);
    /// 1, the upper end of many scales.
    pub const ONE: Self = Self(1.0);

    /// `None` for NaN and the infinities.
    #[must_use]
    pub fn new(score: f32) -> Option<Self> {
        // There is one zero, so that equal scores have equal bits.
        score.is_finite().then_some(Self(score + 0.0))
    }

    /// The value.
    #[must_use]
    pub const fn get(self) -> f32 {
        self.0
    }
}

/// What a comparison gave. Never a decision: that's
/// [`MatchPolicy::decide`](super::MatchPolicy::decide).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Comparison {
    /// How alike.
    Score(Score),
    /// The images could not be compared, and that is nobody's failure: nobody in
    /// the frame, too dark, and so on. Take another frame.
    NotComparable(InconclusiveReason),
}
