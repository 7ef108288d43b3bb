use proptest::prelude::*;

use super::{EXACT_UP_TO, Tail, deviance, lower, stirling, upper};

/// P(X = 0), P(X = 1), … one after the other: nothing is shared with the code.
fn terms(n: u64, rate: f64) -> impl Iterator<Item = f64> {
    let first = (n as f64 * (-rate).ln_1p()).exp();
    (0..=n).scan(first, move |term, i| {
        let now = *term;
        *term *= (n - i) as f64 / (i + 1) as f64 * rate / (1.0 - rate);
        Some(now)
    })
}

fn at_most(k: u64, n: u64, rate: f64) -> f64 {
    terms(n, rate).take(k as usize + 1).sum()
}

fn at_least(k: u64, n: u64, rate: f64) -> f64 {
    terms(n, rate).skip(k as usize).sum()
}

fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 2e-12 * expected.abs(),
        "{found:e} instead of {expected:e}"
    );
}

/// Columns: errors, trials, upper 95 % and 80 % (one-sided), both 95 % limits
/// (two-sided). From sums of the binomial terms in 30 decimal digits.
#[test]
#[rustfmt::skip]
fn limits_agree_with_sums_in_thirty_digits() {
    for (k, n, upper_95, upper_80, low, high) in [
        (0, 30_000, 9.985275683338816e-5, 5.364649138998481e-5, 0.0, 1.229550888738576e-4),
        (1, 29_890, 1.587008174294652e-4, 1.001742541371536e-4, 8.470323607155246e-7, 1.863906765199656e-4),
        (3, 29_890, 2.593857471701035e-4, 1.845036363358579e-4, 2.069877614715e-5, 2.932896381083445e-4),
        (30, 300_000, 1.356326086081065e-4, 1.185410977789559e-4, 6.747056506419161e-5, 1.427531660958672e-4),
        (500, 1_000_000, 5.383661633179478e-4, 5.1972913086331e-4, 4.571381485584746e-4, 5.457967656540888e-4),
        (682, 925, 0.7610552746895451, 0.7497969276504399, 0.707668264079039, 0.7654065582415252),
        (999, 1000, 0.999948708021091, 0.9997768813433563, 0.9944410757201733, 0.9999746825125087),
        (0, 10, 0.2588655508930523, 0.1486600774792154, 0.0, 0.3084971078187608),
    ] {
        close(upper(k, n, 0.05), upper_95);
        close(upper(k, n, 0.2), upper_80);
        close(lower(k, n, 0.025), low);
        close(upper(k, n, 0.025), high);
    }
}

/// Published two-sided 95 % limits: the help page of R's `binom.test` (682 of 925),
/// and the examples of Newcombe, Statistics in Medicine 17 (1998), table I, method 5.
#[test]
fn limits_agree_with_published_ones() {
    for (k, n, low, high, digits) in [
        (682, 925, 0.707_668_3, 0.765_406_6, 1e-7),
        (81, 263, 0.2527, 0.3676, 1e-4),
        (15, 148, 0.0578, 0.1617, 1e-4),
        (0, 20, 0.0, 0.1684, 1e-4),
        (1, 29, 0.0009, 0.1776, 1e-4),
    ] {
        let found = (lower(k, n, 0.025), upper(k, n, 0.025));
        assert!(
            (found.0 - low).abs() < digits / 2.0,
            "{k} of {n}: {found:?}"
        );
        assert!(
            (found.1 - high).abs() < digits / 2.0,
            "{k} of {n}: {found:?}"
        );
    }
}

/// Every count of up to 60 trials: at the limit the tail is `alpha`, and the rate
/// that was seen is between the limits.
#[test]
fn limits_are_exact_for_all_small_counts() {
    for n in 1..=60 {
        for k in 0..=n {
            let seen = k as f64 / n as f64;
            for alpha in [0.5, 0.2, 0.1, 0.05, 0.025, 1e-3] {
                let (low, high) = (lower(k, n, alpha), upper(k, n, alpha));
                assert!((0.0..=1.0).contains(&low) && (0.0..=1.0).contains(&high));
                assert!(low <= seen && seen <= high, "{k} of {n} at {alpha}");
                if k < n {
                    let tail = at_most(k, n, high);
                    assert!((tail / alpha - 1.0).abs() < 1e-9, "{k} of {n}: {tail}");
                } else {
                    assert_eq!(high, 1.0);
                }
                if k > 0 {
                    let tail = at_least(k, n, low);
                    assert!((tail / alpha - 1.0).abs() < 1e-9, "{k} of {n}: {tail}");
                } else {
                    assert_eq!(low, 0.0);
                }
                // An error here is a success there.
                assert!((low + upper(n - k, n, alpha) - 1.0).abs() < 1e-11);
            }
        }
    }
}

#[test]
fn senseless_counts_say_nothing() {
    for (k, n) in [(0, 0), (1, 0), (11, 10), (u64::MAX, 3)] {
        assert_eq!((lower(k, n, 0.05), upper(k, n, 0.05)), (0.0, 1.0));
    }
}

/// Where the sum gives way to the closed form the limit gets wider, not narrower,
/// and only a little.
#[test]
fn huge_counts_are_bounded_a_little_wider() {
    let (n, k) = (u64::MAX, EXACT_UP_TO);
    let (inside, beyond) = (upper(k, n, 0.05), upper(k + 1, n, 0.05));
    assert!(inside < beyond && beyond < inside * 1.0001);
    let (inside, beyond) = (lower(k, n, 0.05), lower(k + 1, n, 0.05));
    assert!(beyond < inside && inside < beyond * 1.0001);
    // No sum over 10^19 terms: these come back at all.
    for k in [1, n / 2, n - 1] {
        let (low, high) = (lower(k, n, 0.05), upper(k, n, 0.05));
        let seen = k as f64 / n as f64;
        assert!(low <= seen && seen <= high && high - low < 1e-8, "{k}");
    }
}

#[test]
fn the_parts_of_a_term() {
    // ln(n!) - Stirling's formula: 1/12n - 1/360n^3 + …, on both sides of 16.
    for n in 10..40_u32 {
        let exact: f64 = (1..=n).map(|i| f64::from(i).ln()).sum();
        let n = f64::from(n);
        let formula = (n + 0.5) * n.ln() - n + std::f64::consts::TAU.ln() / 2.0;
        assert!((stirling(n) - (exact - formula)).abs() < 1e-13, "{n}");
    }
    // From 1 on the series no longer serves, the formula in the first digits.
    assert!((stirling(1.0) - 0.081_061_466_795_327_26).abs() < 1e-15);
    // Continuous where the form changes: x = 11/9 m.
    let (x, m) = (11.0, 9.0);
    close(
        deviance(x, m * (1.0 + 1e-15)),
        deviance(x, m * (1.0 - 1e-15)),
    );
    assert_eq!(deviance(5.0, 5.0), 0.0);
    // 10 errors in 20 at a half: 184756 / 2^20.
    let chance = Tail::new(10, 20).ln_term(0.5).exp();
    close(chance, 184_756.0 / 1_048_576.0);
}

proptest! {
    #[test]
    fn at_the_limit_the_tail_is_alpha(
        n in 1_u64..200_000, k in 0_u64..300, alpha in 1e-9_f64..0.5
    ) {
        prop_assume!(k < n && k <= n / 2);
        let high = upper(k, n, alpha);
        prop_assert!((at_most(k, n, high) / alpha - 1.0).abs() < 1e-8);
        // Sound: never the narrower side, but for the sum's own rounding.
        prop_assert!(at_most(k, n, high) <= alpha * (1.0 + 1e-10));
        if k > 0 {
            let low = lower(k, n, alpha);
            let below = at_most(k - 1, n, low);
            prop_assert!((1.0 - below - alpha).abs() < 1e-9);
        }
    }

    #[test]
    fn limits_are_monotone(
        n in 1_u64..10_000_000_000, share in 0_f64..1.0, alpha in 1e-6_f64..0.45
    ) {
        let k = (n as f64 * share.powi(4)) as u64 % 200_000;
        prop_assume!(k < n);
        let (low, high) = (lower(k, n, alpha), upper(k, n, alpha));
        let seen = k as f64 / n as f64;
        prop_assert!(low <= seen && seen <= high);
        // One error more, one trial more, more confidence.
        prop_assert!(upper(k + 1, n, alpha) >= high && lower(k + 1, n, alpha) >= low);
        prop_assert!(upper(k, n + 1, alpha) <= high && lower(k, n + 1, alpha) <= low);
        prop_assert!(upper(k, n, alpha / 2.0) >= high && lower(k, n, alpha / 2.0) <= low);
    }
}
