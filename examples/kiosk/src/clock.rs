//! The kiosk's clock, which never goes backwards within a visit.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

/// The computer's time when a visit began, and the time that passed since: setting the computer's clock in the middle of
/// a visit moves no deadline, and after a night asleep, or a late word from a time server, the next visit is right.
#[derive(Debug)]
pub struct Clock {
    base: Mutex<(Timestamp, Instant)>,
    /// Milliseconds that a test let pass at once.
    skipped: AtomicU64,
}

impl Clock {
    /// Begins now.
    #[must_use]
    pub fn new() -> Self {
        Self {
            base: Mutex::new((Timestamp::now(), Instant::now())),
            skipped: AtomicU64::new(0),
        }
    }

    /// Takes the computer's time anew. Between two visits only: it may go backwards.
    pub fn set(&self) {
        *self.lock() = (Timestamp::now(), Instant::now());
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let skipped = Duration::from_millis(self.skipped.load(Ordering::Relaxed));
        let (base, began) = *self.lock();
        let passed = began.elapsed().saturating_add(skipped);
        let passed = SignedDuration::try_from(passed).unwrap_or(SignedDuration::ZERO);
        base.saturating_add(passed).unwrap_or(base)
    }

    /// Lets time pass at once, for tests of time-outs.
    pub fn skip(&self, time: Duration) {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.skipped.fetch_add(millis, Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, (Timestamp, Instant)> {
        self.base.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}
