//! The kiosk's clock, which never goes backwards.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

/// The time of day when the program began, and the time that passed since: setting the computer's clock in the middle
/// of a visit moves no deadline.
#[derive(Debug)]
pub struct Clock {
    base: Timestamp,
    began: Instant,
    /// Milliseconds that a test let pass at once.
    skipped: AtomicU64,
}

impl Clock {
    /// Begins now.
    #[must_use]
    pub fn new() -> Self {
        Self {
            base: Timestamp::now(),
            began: Instant::now(),
            skipped: AtomicU64::new(0),
        }
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let skipped = Duration::from_millis(self.skipped.load(Ordering::Relaxed));
        let passed = self.began.elapsed().saturating_add(skipped);
        let passed = SignedDuration::try_from(passed).unwrap_or(SignedDuration::ZERO);
        self.base.saturating_add(passed).unwrap_or(self.base)
    }

    /// Lets time pass at once, for tests of time-outs.
    pub fn skip(&self, time: Duration) {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.skipped.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}
