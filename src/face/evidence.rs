use super::{Confidence, Fmr, PointProblem, Score, digest::Fields, evaluation::Proportion};

/// A threshold, and the measurement that says what it means.
///
/// Nobody but who measured a matcher on a population can fill this in; published
/// thresholds for one and the same model differ. The numbers belong in the
/// product's papers.
///
/// ```
/// use uketsuke::face::{Fmr, OperatingPoint, Score};
///
/// let point = OperatingPoint {
///     threshold: Score::new(0.62).unwrap(),
///     fmr: Fmr::ONE_IN_10_000,
///     non_mated_trials: 30_000,
///     false_matches: 0,
///     fnmr: None,
/// };
/// assert!(point.is_supported());
///
/// // The pairs of a hundred of the staff, each with each, are far too few.
/// let fewer = OperatingPoint { non_mated_trials: 100 * 99 / 2, ..point };
/// assert!(!fewer.is_supported());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperatingPoint {
    /// Scores of at least this are a match.
    pub threshold: Score,
    /// The false match rate that is claimed for the threshold.
    pub fmr: Fmr,
    /// Comparisons between different people that were made to show it,
    /// independent of each other (ISO/IEC 19795-1).
    pub non_mated_trials: u64,
    /// How many of those were at or above the threshold.
    pub false_matches: u64,
    /// False non-matches among comparisons of a person with themselves, if they were
    /// counted. They decide nothing here.
    pub fnmr: Option<Proportion>,
}

impl OperatingPoint {
    /// Whether the trials support the claimed rate with 80 % confidence, which is
    /// what [`MatchPolicy`](super::MatchPolicy) asks.
    #[must_use]
    pub fn is_supported(&self) -> bool {
        self.is_supported_at(Confidence::EIGHTY)
    }

    /// Whether the trials support the claimed rate:
    /// [`upper_bound_at`](Self::upper_bound_at) is not above [`fmr`](Self::fmr).
    ///
    /// ```
    /// # use uketsuke::face::{Confidence, Fmr, OperatingPoint, Score};
    /// let cross_pairs_of_245_people = OperatingPoint {
    ///     threshold: Score::new(0.62).unwrap(),
    ///     fmr: Fmr::ONE_IN_10_000,
    ///     non_mated_trials: 245 * 244 / 2,
    ///     false_matches: 0,
    ///     fnmr: None,
    /// };
    /// assert!(cross_pairs_of_245_people.is_supported_at(Confidence::EIGHTY));
    /// assert!(!cross_pairs_of_245_people.is_supported_at(Confidence::NINETY_FIVE));
    /// ```
    #[must_use]
    pub fn is_supported_at(&self, confidence: Confidence) -> bool {
        self.upper_bound_at(confidence) <= self.fmr.get()
    }

    /// [`upper_bound_at`](Self::upper_bound_at) 80 %.
    #[must_use]
    pub fn upper_bound(&self) -> f64 {
        self.upper_bound_at(Confidence::EIGHTY)
    }

    /// The highest false match rate that the trials allow: the upper one-sided
    /// confidence limit of Clopper and Pearson, which is exact for independent
    /// trials. 1 if the counts make no sense.
    ///
    /// Without any false match and at 95 % it is just below 3 / trials, the "rule
    /// of three" of ISO/IEC 19795-1. Beyond 10⁹ false matches a slightly higher
    /// limit is given, which needs no summing.
    #[must_use]
    pub fn upper_bound_at(&self, confidence: Confidence) -> f64 {
        confidence.upper(self.false_matches, self.non_mated_trials)
    }
}

/// Whether a point can be true, by itself and behind one with a lower threshold.
#[allow(clippy::cast_precision_loss)] // 53 bits of a count are enough.
pub(super) fn check(
    before: Option<&OperatingPoint>,
    point: &OperatingPoint,
) -> Result<(), PointProblem> {
    if before.is_some_and(|before| point.threshold <= before.threshold) {
        return Err(PointProblem::ThresholdNotRising);
    }
    if point.false_matches > point.non_mated_trials {
        return Err(PointProblem::MoreErrorsThanTrials);
    }
    if before.is_some_and(|before| point.false_matches > before.false_matches) {
        return Err(PointProblem::FalseMatchesRise);
    }
    let seen = point.false_matches as f64 / (point.non_mated_trials as f64).max(1.0);
    if point.fmr.get() < seen {
        return Err(PointProblem::ClaimBelowObserved);
    }
    Ok(())
}

/// Everything in it.
pub(super) fn hash(point: &OperatingPoint, hashed: &mut Fields) {
    let OperatingPoint {
        threshold,
        fmr,
        non_mated_trials,
        false_matches,
        fnmr,
    } = point;
    hashed.field(&threshold.get().to_bits().to_be_bytes());
    hashed.field(&fmr.get().to_bits().to_be_bytes());
    hashed.field(&non_mated_trials.to_be_bytes());
    hashed.field(&false_matches.to_be_bytes());
    match fnmr {
        None => hashed.count(0),
        Some(counted) => {
            hashed.count(2);
            hashed.field(&counted.trials().to_be_bytes());
            hashed.field(&counted.errors().to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::OperatingPoint;
    use crate::face::{Confidence, Fmr, Score};
    use proptest::prelude::*;

    fn point(fmr: f64, non_mated_trials: u64, false_matches: u64) -> OperatingPoint {
        OperatingPoint {
            threshold: Score::new(0.5).unwrap(),
            fmr: Fmr::new(fmr).unwrap(),
            non_mated_trials,
            false_matches,
            fnmr: None,
        }
    }

    /// Half the 95 % quantile of chi-squared with 2(k + 1) degrees of freedom,
    /// from printed tables: what many trials come to.
    #[test]
    fn limits_agree_with_the_tables() {
        for (errors, expected) in [
            (0, 2.996),
            (1, 4.744),
            (2, 6.296),
            (3, 7.754),
            (4, 9.154),
            (5, 10.513),
            (9, 15.705),
            (14, 21.886),
            (49, 62.171),
        ] {
            let limit =
                point(0.5, 1_000_000_000, errors).upper_bound_at(Confidence::NINETY_FIVE) * 1e9;
            assert!(
                (limit - expected).abs() < 6e-4,
                "{errors}: {limit} instead of {expected}"
            );
        }
    }

    #[test]
    fn the_least_trials_for_one_in_10_000() {
        assert!(!point(1e-4, 29_955, 0).is_supported_at(Confidence::NINETY_FIVE));
        assert!(point(1e-4, 29_956, 0).is_supported_at(Confidence::NINETY_FIVE));
        assert!(!point(1e-4, 30_000, 1).is_supported_at(Confidence::NINETY_FIVE));
        assert!(!point(1e-4, 47_436, 1).is_supported_at(Confidence::NINETY_FIVE));
        assert!(point(1e-4, 47_437, 1).is_supported_at(Confidence::NINETY_FIVE));
        // A test among a hundred of the staff: 4950 pairs show 6 in 10 000 only.
        assert!(!point(1e-4, 4_950, 0).is_supported_at(Confidence::NINETY_FIVE));
        assert!(!point(6e-4, 4_950, 0).is_supported_at(Confidence::NINETY_FIVE));
        assert!(point(6.1e-4, 4_950, 0).is_supported_at(Confidence::NINETY_FIVE));
    }

    /// At 80 % the counts that certification knows: fewer, but the cross pairs of
    /// 245 people don't allow one false match.
    #[test]
    fn the_least_trials_at_80_percent() {
        for (trials, errors) in [(16_094, 0), (29_943, 1), (42_790, 2)] {
            assert!(point(1e-4, trials, errors).is_supported_at(Confidence::EIGHTY));
            assert!(!point(1e-4, trials, errors).is_supported_at(Confidence::NINETY_FIVE));
            let fewer = point(1e-4, trials - 1, errors);
            assert!(!fewer.is_supported_at(Confidence::EIGHTY));
        }
        assert!(!point(1e-4, 245 * 244 / 2, 1).is_supported_at(Confidence::EIGHTY));
    }

    #[test]
    fn senseless_counts_support_nothing() {
        for p in [
            point(0.99, 0, 0),
            point(0.99, 0, 1),
            point(0.99, 10, 11),
            point(0.99, 10, 10),
            point(0.94, 1, 0),
            point(0.99, u64::MAX, u64::MAX),
            point(1e-4, 3, u64::MAX),
        ] {
            assert!(!p.is_supported_at(Confidence::NINETY_FIVE), "{p:?}");
        }
        assert!(point(0.51, u64::MAX, u64::MAX / 2).is_supported_at(Confidence::NINETY_FIVE));
    }

    proptest! {
        #[test]
        fn more_errors_never_lower_it_and_more_trials_never_raise_it(
            n in 1_u64..1_000_000_000, k in 0_u64..5_000
        ) {
            let here = point(0.5, n, k).upper_bound_at(Confidence::NINETY_FIVE);
            prop_assert!(point(0.5, n, k + 1).upper_bound_at(Confidence::NINETY_FIVE) >= here);
            prop_assert!(k > n || point(0.5, n + 1, k).upper_bound_at(Confidence::NINETY_FIVE) <= here);
        }
    }
}
