//! Limits of an error rate from the tails of the binomial distribution, after
//! Clopper and Pearson, "The use of confidence or fiducial limits illustrated in
//! the case of the binomial", Biometrika 26 (1934).
//!
//! A tail is its largest term times a sum of falling ratios. The term is computed
//! as in Loader, "Fast and accurate computation of binomial probabilities" (2000),
//! which loses no digits where factorials would.
//!
//! The logarithm of a tail is a concave function of the rate (the tail is that of a
//! beta distribution with both parameters at least 1). So Newton's steps, once on
//! the outer side of the limit, stay there until rounding is all that is left:
//! wherever they end, the limit is too wide rather than too narrow.

/// With more errors (and more successes) than this the closed form is used, which
/// needs no summing. A sum has some ten times the square root of it in terms.
const EXACT_UP_TO: u64 = 1_000_000_000;
/// What rounding can do to a limit is less; limits go outwards by so much of them.
const MARGIN: f64 = 1e-12;
/// Some ten are needed.
const MAX_STEPS: u32 = 200;

/// The rate at which `errors` or fewer in `trials` have the chance `alpha`, which
/// is at most 0.5. 1 if the counts make no sense.
pub(super) fn upper(errors: u64, trials: u64, alpha: f64) -> f64 {
    if errors >= trials {
        return 1.0;
    }
    if errors == 0 {
        return -f64::exp_m1(alpha.ln() / float(trials));
    }
    let tail = Tail::new(errors, trials);
    if tail.is_huge() {
        // P(X <= k) <= exp(-(m - k)^2 / 2m) for a mean m > k (Chernoff).
        let ln = -alpha.ln();
        let mean = tail.k + ln + (ln * ln + 2.0 * tail.k * ln).sqrt();
        return (mean / tail.n).min(1.0);
    }
    let (mut rate, mut outside) = (tail.k / tail.n, 1.0);
    for _ in 0..MAX_STEPS {
        let sum = tail.sum_downwards(rate);
        let above = tail.ln_term(rate) + sum.ln() - alpha.ln();
        if above <= 0.0 {
            if rate >= outside {
                break;
            }
            outside = rate;
        } else if outside < 1.0 {
            outside = rate; // Back inside by rounding only: there it is.
            break;
        }
        let next = rate + above * sum * (1.0 - rate) / tail.rest;
        rate = if next < 1.0 {
            next
        } else {
            f64::midpoint(rate, 1.0)
        };
    }
    (outside * (1.0 + MARGIN * (1.0 - outside))).min(1.0)
}

/// The rate at which `errors` or more in `trials` have the chance `alpha`, which
/// is at most 0.5. 0 if the counts make no sense.
pub(super) fn lower(errors: u64, trials: u64, alpha: f64) -> f64 {
    if errors == 0 || errors > trials {
        return 0.0;
    }
    if errors == trials {
        return (alpha.ln() / float(trials)).exp();
    }
    let tail = Tail::new(errors, trials);
    if tail.is_huge() {
        // P(X >= k) <= exp(-(k - m)^2 / 2k) for a mean m < k (Chernoff).
        let mean = tail.k - (-2.0 * tail.k * alpha.ln()).sqrt();
        return (mean / tail.n).max(0.0);
    }
    let (mut rate, mut outside) = (tail.k / tail.n, 0.0);
    for _ in 0..MAX_STEPS {
        let sum = tail.sum_upwards(rate);
        let above = tail.ln_term(rate) + sum.ln() - alpha.ln();
        if above <= 0.0 {
            if rate <= outside {
                break;
            }
            outside = rate;
        } else if outside > 0.0 {
            outside = rate;
            break;
        }
        let next = rate - above * sum * rate / tail.k;
        rate = if next > 0.0 { next } else { rate / 2.0 };
    }
    outside * (1.0 - MARGIN * (1.0 - outside))
}

/// `k` of `n` trials are errors, `rest` are none. Neither is zero.
struct Tail {
    k: f64,
    n: f64,
    rest: f64,
    /// What of the term doesn't depend on the rate.
    constant: f64,
}

impl Tail {
    fn new(errors: u64, trials: u64) -> Self {
        let (k, n, rest) = (float(errors), float(trials), float(trials - errors));
        let roots = (n / k / rest / std::f64::consts::TAU).ln() / 2.0;
        Self {
            k,
            n,
            rest,
            constant: roots + stirling(n) - stirling(k) - stirling(rest),
        }
    }

    fn is_huge(&self) -> bool {
        self.k.min(self.rest) > float(EXACT_UP_TO)
    }

    /// ln P(X = k).
    fn ln_term(&self, rate: f64) -> f64 {
        self.constant - deviance(self.k, self.n * rate) - deviance(self.rest, self.n * (1.0 - rate))
    }

    /// P(X <= k) / P(X = k), for a rate of at least k / n.
    fn sum_downwards(&self, rate: f64) -> f64 {
        let odds = (1.0 - rate) / rate;
        let (mut i, mut successes) = (self.k, self.rest + 1.0);
        falling(|| {
            let ratio = i / successes * odds;
            i -= 1.0;
            successes += 1.0;
            ratio
        })
    }

    /// P(X >= k) / P(X = k), for a rate of at most k / n.
    fn sum_upwards(&self, rate: f64) -> f64 {
        let odds = rate / (1.0 - rate);
        let (mut i, mut successes) = (self.k + 1.0, self.rest);
        falling(|| {
            let ratio = successes / i * odds;
            i += 1.0;
            successes -= 1.0;
            ratio
        })
    }
}

/// 1 + r + r r' + r r' r'' + …, where each ratio is smaller than the one before,
/// and one is zero in the end. What is left out would not change the last digit.
fn falling(mut next: impl FnMut() -> f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    loop {
        let ratio = next();
        term *= ratio;
        sum += term;
        // The rest is smaller than a geometric series.
        if ratio <= 0.0 || term * ratio < (1.0 - ratio) * sum * 1e-17 {
            return sum;
        }
    }
}

/// x ln(x / m) + m - x, for positive numbers, without loss where they are close.
fn deviance(x: f64, m: f64) -> f64 {
    let (difference, sum) = (x - m, x + m);
    if difference.abs() >= 0.1 * sum {
        return x * (x / m).ln() - difference;
    }
    // ln(x / m) = 2 (v + v^3/3 + v^5/5 + …) with v = (x - m) / (x + m).
    let v = difference / sum;
    let (mut power, mut total) = (2.0 * x * v, difference * v);
    let mut odd = 3.0;
    loop {
        power *= v * v;
        let next = total + power / odd;
        if next.to_bits() == total.to_bits() {
            return total;
        }
        total = next;
        odd += 2.0;
    }
}

/// ln n! less Stirling's formula, for a whole number from 1.
fn stirling(n: f64) -> f64 {
    if n < 16.0 {
        let (mut factorial, mut i) = (1.0, 2.0);
        while i <= n {
            factorial *= i;
            i += 1.0;
        }
        return f64::ln(factorial) - (n + 0.5) * n.ln() + n - std::f64::consts::TAU.ln() / 2.0;
    }
    let square = n * n;
    let series = 1.0 / 1188.0;
    let series = 1.0 / 1680.0 - series / square;
    let series = 1.0 / 1260.0 - series / square;
    let series = 1.0 / 360.0 - series / square;
    (1.0 / 12.0 - series / square) / n
}

#[allow(clippy::cast_precision_loss)] // 53 bits of a count are enough.
fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
