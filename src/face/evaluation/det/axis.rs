/// Rates that get a line and a number on an axis.
const TICKS: [f64; 15] = [
    1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95, 0.99,
];
/// Rates that get a short mark.
const MARKS: [f64; 20] = [
    2e-8, 5e-8, 2e-7, 5e-7, 2e-6, 5e-6, 2e-5, 5e-5, 2e-4, 5e-4, 2e-3, 5e-3, 0.02, 0.03, 0.15, 0.3,
    0.5, 0.7, 0.9, 0.98,
];
/// Where an axis may end.
const ENDS: [f64; 7] = [0.06, 0.12, 0.25, 0.5, 0.8, 0.96, 0.995];

/// One axis of normal deviates, from one rate to another.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    length: f64,
}

impl Axis {
    /// Begins below one error in `trials`, and ends where `reach` is inside.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn new(trials: u64, reach: f64, length: f64) -> Self {
        let one = 1.0 / (trials as f64).max(1.0);
        let low = TICKS.iter().rev().find(|tick| **tick < one.min(0.011));
        let low = low.copied().unwrap_or(1e-8);
        // Some room, also where all of the curve is in a corner.
        let high = ENDS
            .iter()
            .find(|end| **end >= reach && **end >= low * 20.0);
        Self {
            low: deviate(low),
            high: deviate(high.copied().unwrap_or(0.9995)),
            length,
        }
    }

    /// How far from the beginning a rate lies; outside of 0 to the length if it is
    /// outside of the axis.
    pub(super) fn at(&self, rate: f64) -> f64 {
        // Rates of 0 and 1 are infinitely far off; a frame's width beyond will do.
        let from_low = (deviate(rate) - self.low) / (self.high - self.low);
        from_low.clamp(-1.0, 2.0) * self.length
    }

    /// As [`at`](Self::at), and at the edge if it is outside.
    pub(super) fn within(&self, rate: f64) -> f64 {
        self.at(rate).clamp(0.0, self.length)
    }

    pub(super) fn ticks(self) -> impl Iterator<Item = (f64, f64)> {
        self.inside(&TICKS)
    }

    pub(super) fn marks(self) -> impl Iterator<Item = (f64, f64)> {
        self.inside(&MARKS)
    }

    fn inside(self, rates: &'static [f64]) -> impl Iterator<Item = (f64, f64)> {
        let places = rates.iter().map(move |rate| (*rate, self.at(*rate)));
        places.filter(move |(_, at)| (-1e-6..self.length + 1e-6).contains(at))
    }
}

/// The normal deviate of a probability: the inverse of the standard normal
/// distribution, to seven digits. Wichura, "Algorithm AS 241", Applied Statistics 37
/// (1988), the shorter form. Infinite at 0 and 1.
pub(super) fn deviate(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        let above = ((59.109_374_720 * r + 159.291_132_02) * r + 50.434_271_938) * r;
        let below = ((67.187_563_600 * r + 78.757_757_664) * r + 17.895_169_469) * r;
        return q * (above + 3.387_132_717_9) / (below + 1.0);
    }
    let tail = p.min(1.0 - p);
    if tail <= 0.0 {
        return f64::INFINITY.copysign(q);
    }
    let r = (-tail.ln()).sqrt();
    let size = if r <= 5.0 {
        let r = r - 1.6;
        let above = ((0.170_238_211_03 * r + 1.306_728_481_6) * r + 2.756_815_390_0) * r;
        let below = (0.120_211_329_75 * r + 0.737_001_642_50) * r;
        (above + 1.423_437_277_7) / (below + 1.0)
    } else {
        let r = r - 5.0;
        let above = ((0.017_337_203_997 * r + 0.428_682_943_37) * r + 3.081_226_386_0) * r;
        let below = (0.012_258_202_635 * r + 0.241_978_942_25) * r;
        (above + 6.657_905_115_0) / (below + 1.0)
    };
    size.copysign(q)
}

#[cfg(test)]
mod tests {
    use super::{Axis, ENDS, MARKS, TICKS, deviate};

    /// Quantiles of the normal distribution, from printed tables.
    #[test]
    fn deviates_agree_with_the_tables() {
        for (p, expected) in [
            (0.5, 0.0),
            (0.6, 0.253_347_1),
            (0.9, 1.281_551_6),
            (0.925, 1.439_531_5),
            (0.926, 1.446_632_1),
            (0.975, 1.959_964_0),
            (0.99, 2.326_347_9),
            (0.999, 3.090_232_3),
            (0.9999, 3.719_016_5),
            (0.999_999, 4.753_424_3),
        ] {
            assert!((deviate(p) - expected).abs() < 1e-6, "{p}: {}", deviate(p));
            let mirrored = deviate(1.0 - p);
            assert!((mirrored + expected).abs() < 1e-6, "{p}: {mirrored}");
        }
        assert!((deviate(1e-12) + 7.034_483_8).abs() < 1e-6);
        assert!((deviate(1e-8) + 5.612_001_2).abs() < 1e-6);
        assert_eq!(deviate(0.0), f64::NEG_INFINITY);
        assert_eq!(deviate(1.0), f64::INFINITY);
    }

    #[test]
    fn rates_rise_along_an_axis() {
        for rates in [&TICKS[..], &MARKS, &ENDS] {
            assert!(rates.is_sorted());
        }
        let steps: Vec<f64> = (1..100_000_u32).map(|i| f64::from(i) / 1e5).collect();
        assert!(steps.windows(2).all(|p| deviate(p[0]) < deviate(p[1])));
        for (trials, reach) in [(0, 0.0), (1, 1.0), (30_000, 0.3), (u64::MAX, 0.9)] {
            let axis = Axis::new(trials, reach, 600.0);
            let places: Vec<f64> = axis.ticks().map(|(_, at)| at).collect();
            assert!(places.len() >= 4 && places.is_sorted(), "{places:?}");
            assert!(places.iter().all(|at| (-0.01..600.01).contains(at)));
            assert!(axis.at(0.0) < 0.0 && axis.at(1.0) > 600.0);
            assert_eq!((axis.within(0.0), axis.within(1.0)), (0.0, 600.0));
        }
        // One error in 30,000 is on the axis; so is the rate that was asked for.
        assert!(Axis::new(30_000, 0.3, 600.0).at(1.0 / 30_000.0) > 0.0);
        assert!(Axis::new(1000, 0.95, 600.0).at(0.95) < 600.0);
    }
}
