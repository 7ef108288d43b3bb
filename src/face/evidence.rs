use super::{Fmr, Score};

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
///     model: [7; 32],
/// };
/// assert!(point.is_supported());
///
/// // The cross pairs of 245 people are used for 1 in 10 000 at 80 %
/// // confidence; for 95 % they are a little too few.
/// let fewer = OperatingPoint { non_mated_trials: 245 * 244 / 2, ..point };
/// assert!(!fewer.is_supported());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
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
    /// SHA-256 of the model's file that was measured.
    pub model: [u8; 32],
}

impl OperatingPoint {
    /// Whether the trials support the claimed rate with 95 % confidence:
    /// [`upper_bound`](Self::upper_bound) is not above [`fmr`](Self::fmr).
    #[must_use]
    pub fn is_supported(&self) -> bool {
        self.upper_bound() <= self.fmr.get()
    }

    /// The upper 95 % confidence limit (one-sided) of the false match rate that
    /// the trials allow; 1 if they make no sense.
    ///
    /// It is the Poisson limit divided by the number of trials, which is never
    /// below the exact binomial one (Clopper and Pearson) and at these rates
    /// hardly above it. Without any false match it is 2.996 / trials, the "rule
    /// of three" of ISO/IEC 19795-1. Beyond 1000 false matches a wider limit is
    /// used that needs no summing.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // 53 bits of a count of trials are enough.
    pub fn upper_bound(&self) -> f64 {
        if self.false_matches > self.non_mated_trials || self.non_mated_trials == 0 {
            return 1.0;
        }
        let bound = poisson_upper_limit(self.false_matches) / self.non_mated_trials as f64;
        bound.min(1.0)
    }
}

/// ln 20: the chance of seeing so few errors is to be 1 in 20 at most.
const LN_20: f64 = 2.995_732_273_553_991;
/// Above this the closed form is used. It also bounds the work of the sum.
const EXACT_UP_TO: u64 = 1000;

/// The mean at which a Poisson variable is `errors` or less with a chance of
/// exactly 5 % (or, in the closed form, at most 5 %).
#[allow(clippy::cast_precision_loss)]
fn poisson_upper_limit(errors: u64) -> f64 {
    let k = errors as f64;
    // Chernoff: P(X <= k) <= exp(-(m - k)^2 / 2m) for a mean m > k. Solved for 1/20.
    let closed = k + LN_20 + (LN_20 * LN_20 + 2.0 * k * LN_20).sqrt();
    if errors > EXACT_UP_TO {
        return closed;
    }
    let ln_factorial: f64 = (1..=errors).map(|i| (i as f64).ln()).sum();
    // The chance falls while the mean grows: the limit is between k and `closed`.
    let (mut low, mut high) = (k, closed);
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if ln_chance_of_at_most(errors, ln_factorial, middle) > -LN_20 {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// ln P(X <= errors) of a Poisson variable with `mean` > 0, summed from the
/// largest term downwards.
#[allow(clippy::cast_precision_loss)]
fn ln_chance_of_at_most(errors: u64, ln_factorial: f64, mean: f64) -> f64 {
    let largest = errors as f64 * mean.ln() - mean - ln_factorial;
    let (mut term, mut sum) = (1.0, 1.0);
    for i in (1..=errors).rev() {
        term *= i as f64 / mean;
        sum += term;
    }
    largest + f64::ln(sum)
}

#[cfg(test)]
mod tests {
    use super::{OperatingPoint, poisson_upper_limit};
    use crate::face::{Fmr, Score};
    use proptest::prelude::*;

    fn point(fmr: f64, non_mated_trials: u64, false_matches: u64) -> OperatingPoint {
        OperatingPoint {
            threshold: Score::new(0.5).unwrap(),
            fmr: Fmr::new(fmr).unwrap(),
            non_mated_trials,
            false_matches,
            model: [0; 32],
        }
    }

    /// Half the 95 % quantile of chi-squared with 2(k + 1) degrees of freedom,
    /// from printed tables.
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
            let limit = poisson_upper_limit(errors);
            assert!(
                (limit - expected).abs() < 6e-4,
                "{errors}: {limit} instead of {expected}"
            );
        }
    }

    #[test]
    fn the_least_trials_for_one_in_10_000() {
        assert!(!point(1e-4, 29_957, 0).is_supported());
        assert!(point(1e-4, 29_958, 0).is_supported());
        assert!(!point(1e-4, 30_000, 1).is_supported());
        assert!(!point(1e-4, 47_438, 1).is_supported());
        assert!(point(1e-4, 47_439, 1).is_supported());
        // A test among a hundred of the staff: 4950 pairs show 6 in 10 000 only.
        assert!(!point(1e-4, 4_950, 0).is_supported());
        assert!(!point(6e-4, 4_950, 0).is_supported());
        assert!(point(6.1e-4, 4_950, 0).is_supported());
    }

    #[test]
    fn senseless_counts_support_nothing() {
        for p in [
            point(0.99, 0, 0),
            point(0.99, 0, 1),
            point(0.99, 10, 11),
            point(0.99, 10, 10),
            point(0.99, 1, 0),
            point(0.99, u64::MAX, u64::MAX),
            point(1e-4, 3, u64::MAX),
        ] {
            assert!(!p.is_supported(), "{p:?}");
        }
        assert!(point(0.51, u64::MAX, u64::MAX / 2).is_supported());
    }

    /// P(X <= k) of the binomial distribution, term by term.
    fn binomial(n: u64, k: u64, p: f64) -> f64 {
        let mut term = (n as f64 * (-p).ln_1p()).exp();
        let mut sum = term;
        for i in 0..k {
            term *= (n - i) as f64 / (i + 1) as f64 * p / (1.0 - p);
            sum += term;
        }
        sum
    }

    proptest! {
        /// Sound: at the bound, so few errors are seen in 5 % of cases at most.
        #[test]
        fn never_below_the_exact_bound(n in 1_u64..200_000, k in 0_u64..60) {
            prop_assume!(k <= n);
            let bound = point(0.5, n, k).upper_bound();
            if bound < 1.0 {
                prop_assert!(binomial(n, k, bound) <= 0.05 * (1.0 + 1e-9));
            }
        }

        #[test]
        fn more_errors_never_lower_it_and_more_trials_never_raise_it(
            n in 1_u64..1_000_000_000, k in 0_u64..5_000
        ) {
            let here = point(0.5, n, k).upper_bound();
            prop_assert!(point(0.5, n, k + 1).upper_bound() >= here);
            prop_assert!(k > n || point(0.5, n + 1, k).upper_bound() <= here);
        }
    }
}
