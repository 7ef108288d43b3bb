//! What wakes the workers.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Heard by all workers of one [`Lanes`](super::Lanes).
#[derive(Debug, Default)]
pub(super) struct Signal {
    /// Counts what was worth waking up for.
    rings: AtomicU64,
    resting: AtomicUsize,
    door: Mutex<()>,
    rang: Condvar,
    stop: AtomicBool,
}

impl Signal {
    pub(super) fn stops(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    pub(super) fn heard(&self) -> u64 {
        self.rings.load(Ordering::Acquire)
    }

    pub(super) fn ring(&self) {
        self.rings.fetch_add(1, Ordering::AcqRel);
        // Whoever looked before and isn't asleep yet holds the door.
        drop(self.door.lock().unwrap_or_else(PoisonError::into_inner));
        self.rang.notify_all();
    }

    /// Rings if anybody rests.
    pub(super) fn ring_resting(&self) {
        if self.resting.load(Ordering::Acquire) > 0 {
            self.ring();
        }
    }

    /// Rests for `most`, unless it rang since it was `heard`, or does.
    pub(super) fn rest(&self, heard: u64, most: Duration) {
        let door = self.door.lock().unwrap_or_else(PoisonError::into_inner);
        self.resting.fetch_add(1, Ordering::AcqRel);
        let silent = |(): &mut ()| self.heard() == heard;
        let woken = self.rang.wait_timeout_while(door, most, silent);
        self.resting.fetch_sub(1, Ordering::AcqRel);
        drop(woken);
    }
}

/// Wakes a lane that waits: [`Lanes::bell`](super::Lanes::bell).
///
/// Nothing is handed over by it: the lane's desk has the news ready, and is asked for
/// it.
#[derive(Clone, Debug)]
pub struct Bell {
    pub(super) signal: Arc<Signal>,
    pub(super) rung: Arc<AtomicBool>,
}

impl Bell {
    /// The lane's next turn is a step.
    pub fn ring(&self) {
        self.rung.store(true, Ordering::Release);
        self.signal.ring();
    }
}

/// Ends all lanes in order: [`Lanes::stopper`](super::Lanes::stopper).
#[derive(Clone, Debug)]
pub struct Stopper {
    pub(super) signal: Arc<Signal>,
}

impl Stopper {
    /// Stops. There is no way back.
    pub fn stop(&self) {
        self.signal.stop.store(true, Ordering::Release);
        self.signal.ring();
    }
}
