use std::fmt;

use super::{DetCurve, Proportion, Transaction};
use crate::face::{Confidence, Fmr, Score};

/// The scores of all trials, or of one group, in order.
///
/// Made by [`Trials::evaluate`](super::Trials::evaluate). `Debug` shows counts only.
#[derive(Clone, Default, PartialEq)]
pub struct Scores {
    /// In ascending order, once evaluated; so are the others.
    pub(super) mated: Vec<Score>,
    pub(super) non_mated: Vec<Score>,
    pub(super) not_acquired: u64,
    pub(super) enrolled: u64,
    pub(super) not_enrolled: u64,
}

/// Where false matches and false non-matches are equally frequent, as nearly as the
/// trials have it (of several such thresholds the lowest).
///
/// One number that describes a matcher, and no place to run it at: at a reception
/// desk the two errors don't weigh the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EqualError {
    /// The threshold there.
    pub threshold: Score,
    /// False matches there.
    pub fmr: Proportion,
    /// False non-matches there.
    pub fnmr: Proportion,
}

impl EqualError {
    /// The equal error rate (EER): the mean of the two.
    #[must_use]
    pub fn rate(&self) -> f64 {
        let rate = |p: Proportion| p.rate().unwrap_or_default();
        f64::midpoint(rate(self.fmr), rate(self.fnmr))
    }
}

impl Scores {
    /// How many mated comparisons.
    #[must_use]
    pub fn mated(&self) -> u64 {
        count(self.mated.len())
    }

    /// How many non-mated comparisons.
    #[must_use]
    pub fn non_mated(&self) -> u64 {
        count(self.non_mated.len())
    }

    /// FMR: of the non-mated comparisons, those with a score of at least the
    /// threshold.
    #[must_use]
    pub fn fmr(&self, threshold: Score) -> Proportion {
        let below = below(&self.non_mated, threshold);
        Proportion::of(self.non_mated().saturating_sub(below), below)
    }

    /// FNMR: of the mated comparisons, those with a score below the threshold.
    /// Attempts without a frame aren't in it.
    #[must_use]
    pub fn fnmr(&self, threshold: Score) -> Proportion {
        let below = below(&self.mated, threshold);
        Proportion::of(below, self.mated().saturating_sub(below))
    }

    /// FTA: of the attempts of the right people, those that gave no frame to
    /// compare. Every mated comparison stands for an attempt that went well.
    #[must_use]
    pub fn failures_to_acquire(&self) -> Proportion {
        Proportion::of(self.not_acquired, self.mated())
    }

    /// FTE: of the card photos, those that couldn't be used. Without trials, unless
    /// photos were counted.
    #[must_use]
    pub fn failures_to_enrol(&self) -> Proportion {
        Proportion::of(self.not_enrolled, self.enrolled)
    }

    /// The lowest threshold at which no more than this rate of false matches **was
    /// seen**. The true rate may well be higher: see
    /// [`threshold_supporting`](Self::threshold_supporting).
    ///
    /// It is the number just above a score, so don't round it down. `None` without
    /// non-mated comparisons, or if the highest score is the highest number.
    ///
    /// ```
    /// use uketsuke::face::{Fmr, evaluation::Evaluation};
    ///
    /// let evaluation = Evaluation::from_scores([0.9], [0.1, 0.2, 0.3, 0.4])?;
    /// let quarter = evaluation.all().threshold_for(Fmr::new(0.25).unwrap()).unwrap();
    /// assert!(quarter.get() > 0.3 && quarter.get() < 0.300_001);
    /// assert_eq!(evaluation.all().fmr(quarter).to_string(), "1/4");
    /// # Ok::<(), uketsuke::face::evaluation::TrialError>(())
    /// ```
    #[must_use]
    pub fn threshold_for(&self, rate: Fmr) -> Option<Score> {
        self.threshold_where(|seen| seen.rate().is_some_and(|seen| seen <= rate.get()))
    }

    /// The lowest threshold at which the false match rate **is at most this**, with
    /// so much confidence (one-sided). `None` if there are too few non-mated
    /// comparisons to show it even without a false match
    /// ([`trials_without_error`](super::trials_without_error)).
    #[must_use]
    pub fn threshold_supporting(&self, rate: Fmr, confidence: Confidence) -> Option<Score> {
        self.threshold_where(|seen| seen.upper_limit(confidence) <= rate.get())
    }

    /// The lowest threshold with false matches that will do; fewer do too.
    fn threshold_where(&self, will_do: impl Fn(Proportion) -> bool) -> Option<Score> {
        let trials = self.non_mated();
        let will_do = |errors| Proportion::new(errors, trials).is_some_and(&will_do);
        if trials == 0 || !will_do(0) {
            return None;
        }
        // So many false matches will do, so many won't: nobody asks for a rate of 1.
        let (mut good, mut bad) = (0, trials);
        while bad - good > 1 {
            let middle = good.midpoint(bad);
            if will_do(middle) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        let allowed = usize::try_from(good).ok()?;
        above(*self.non_mated.iter().rev().nth(allowed)?)
    }

    /// What the rates of one comparison make of a visit with up to so many attempts
    /// (at least one). `None` without mated or non-mated comparisons.
    #[must_use]
    pub fn transaction(&self, threshold: Score, attempts: u8) -> Option<Transaction> {
        Transaction::new(
            self.fmr(threshold).rate()?,
            self.fnmr(threshold).rate()?,
            self.failures_to_acquire().rate()?,
            attempts,
        )
    }

    /// Where both rates are equal, for a description. `None` without mated or
    /// non-mated comparisons.
    #[must_use]
    pub fn equal_error(&self) -> Option<EqualError> {
        let unlike = |point: &EqualError| {
            let rate = |p: Proportion| p.rate().unwrap_or_default();
            (rate(point.fmr) - rate(point.fnmr)).abs()
        };
        self.det()?
            .points()
            .map(|point| EqualError {
                threshold: point.threshold,
                fmr: point.fmr,
                fnmr: point.fnmr,
            })
            .min_by(|a, b| unlike(a).total_cmp(&unlike(b)))
    }

    /// The curve of both rates over all thresholds. `None` without mated or
    /// non-mated comparisons.
    #[must_use]
    pub fn det(&self) -> Option<DetCurve> {
        DetCurve::new(self)
    }
}

impl fmt::Debug for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scores")
            .field("mated", &self.mated.len())
            .field("non_mated", &self.non_mated.len())
            .field("not_acquired", &self.not_acquired)
            .field("enrolled", &self.enrolled)
            .field("not_enrolled", &self.not_enrolled)
            .finish()
    }
}

/// The least score that is higher than this one.
pub(super) fn above(score: Score) -> Option<Score> {
    Score::new(score.get().next_up())
}

fn below(scores: &[Score], threshold: Score) -> u64 {
    count(scores.partition_point(|score| *score < threshold))
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
