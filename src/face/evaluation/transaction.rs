/// A visit: a person may look up to so often, and is let in by the first match.
///
/// One attempt fails with FTA + (1 − FTA) · FNMR for the right person, and lets
/// somebody else in with (1 − FTA) · FMR (ISO/IEC 19795-1). How several attempts
/// come together depends on how alike they are, which scores of single comparisons
/// don't tell: who failed once, with new glasses say, fails again. So both ends are
/// given; only visits that were really made show which it is.
///
/// The figures follow the rates that were seen. They have no limits of their own.
///
/// ```
/// use uketsuke::face::evaluation::Transaction;
///
/// // FMR 1 in 10,000, FNMR 2 %, one attempt in 50 without a usable frame, 5 attempts.
/// let visit = Transaction::new(1e-4, 0.02, 0.02, 5).unwrap();
/// assert!((visit.frr_one_attempt() - 0.0396).abs() < 1e-12);
/// assert!((visit.far_one_attempt() - 9.8e-5).abs() < 1e-15);
/// // Between 1 in 10 million and 4 % are turned away …
/// assert!(visit.frr_if_independent() < 1e-7 && visit.frr_at_most() == visit.frr_one_attempt());
/// // … and somebody else gets in with almost five times the chance of one attempt.
/// assert!((visit.far_at_most() - 4.9e-4).abs() < 1e-15);
/// assert!((visit.far_if_independent() - 4.899e-4).abs() < 1e-7);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transaction {
    frr: f64,
    far: f64,
    attempts: u8,
}

impl Transaction {
    /// From rates of 0 to 1: false matches, false non-matches, failures to
    /// acquire, and from the number of attempts, at least one. `None` for others.
    #[must_use]
    pub fn new(fmr: f64, fnmr: f64, fta: f64, attempts: u8) -> Option<Self> {
        let rates = [fmr, fnmr, fta];
        if attempts == 0 || !rates.iter().all(|rate| (0.0..=1.0).contains(rate)) {
            return None;
        }
        Some(Self {
            frr: fta + (1.0 - fta) * fnmr,
            far: (1.0 - fta) * fmr,
            attempts,
        })
    }

    /// How many attempts.
    #[must_use]
    pub const fn attempts(&self) -> u8 {
        self.attempts
    }

    /// FRR with one attempt.
    #[must_use]
    pub const fn frr_one_attempt(&self) -> f64 {
        self.frr
    }

    /// FAR with one attempt.
    #[must_use]
    pub const fn far_one_attempt(&self) -> f64 {
        self.far
    }

    /// FRR if each attempt were a new chance: the least that can be hoped for.
    #[must_use]
    pub fn frr_if_independent(&self) -> f64 {
        self.frr.powi(i32::from(self.attempts))
    }

    /// FRR if who failed once always fails: that of one attempt.
    #[must_use]
    pub const fn frr_at_most(&self) -> f64 {
        self.frr
    }

    /// FAR if each attempt were a new chance.
    #[must_use]
    pub fn far_if_independent(&self) -> f64 {
        // 1 - (1 - far)^attempts, without loss for small rates.
        -f64::exp_m1(f64::from(self.attempts) * (-self.far).ln_1p())
    }

    /// FAR at most, however alike the attempts are: as many times that of one.
    #[must_use]
    pub fn far_at_most(&self) -> f64 {
        (self.far * f64::from(self.attempts)).min(1.0)
    }
}
