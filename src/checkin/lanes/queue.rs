//! Whose turn it is.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::lane::Stepped;
use super::signal::Signal;
use super::{Ended, LaneId, Next};
use crate::checkin::Step;

/// How long a worker rests to whom every lane said "later": until the first of them
/// is due, within these bounds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rests {
    least: Duration,
    most: Duration,
}

impl Default for Rests {
    /// A thousand idle lanes cost a few hundredths of a core, and news without a
    /// [`Bell`](super::Bell) is found as soon as by a reception that waits by itself.
    fn default() -> Self {
        Self {
            least: Duration::from_millis(5),
            most: Duration::from_millis(200),
        }
    }
}

#[cfg(test)]
impl Rests {
    pub(super) const NONE: Self = Self {
        least: Duration::ZERO,
        most: Duration::ZERO,
    };
    pub(super) const LONG: Self = Self {
        least: Duration::from_secs(60),
        most: Duration::from_secs(60),
    };
}

/// A lane, and when its turn is worth a step.
pub(super) struct Turn<'a> {
    pub(super) id: LaneId,
    pub(super) lane: Box<dyn Stepped + Send + 'a>,
    pub(super) rung: Arc<AtomicBool>,
    /// Not before, on the lane's own clock, unless it rang.
    pub(super) due: Option<Timestamp>,
}

/// What became of a turn.
enum Took {
    Stepped,
    Passed { left: Duration },
    Closed,
}

/// All lanes that no worker has in hand: one queue, first come, first served.
pub(super) struct Queue<'s, 'a> {
    line: Mutex<Line<'a>>,
    signal: &'s Signal,
    rests: Rests,
}

struct Line<'a> {
    turns: VecDeque<Turn<'a>>,
    /// Lanes not closed, those in hand included.
    open: usize,
}

impl<'s, 'a> Queue<'s, 'a> {
    pub(super) fn new(turns: VecDeque<Turn<'a>>, signal: &'s Signal, rests: Rests) -> Self {
        let open = turns.len();
        Self {
            line: Mutex::new(Line { turns, open }),
            signal,
            rests,
        }
    }

    /// Nothing of anybody else's runs while the line is locked, so nothing panics.
    fn line(&self) -> MutexGuard<'_, Line<'a>> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes turns until all lanes are closed.
    pub(super) fn work(&self, ended: &(impl Fn(LaneId, Ended) -> Next + Sync)) {
        let mut idle = Idle::since(self.signal);
        loop {
            let (next, others) = {
                let mut line = self.line();
                if line.open == 0 {
                    return;
                }
                (line.turns.pop_front(), line.turns.len())
            };
            let Some(mut turn) = next else {
                // The others have all lanes in hand.
                idle.rest(self.signal, self.rests.least);
                continue;
            };
            match turn.take(self.signal.stops(), ended) {
                Took::Stepped => {
                    let ready = turn.due.is_none();
                    self.line().turns.push_back(turn);
                    if ready {
                        self.signal.ring_resting();
                    }
                    idle = Idle::since(self.signal);
                }
                Took::Passed { left } => {
                    self.line().turns.push_back(turn);
                    idle.passed = idle.passed.saturating_add(1);
                    idle.soonest = idle.soonest.min(left);
                    if idle.passed > others {
                        let Rests { least, most } = self.rests;
                        let soonest = idle.soonest.max(least).min(most);
                        idle.rest(self.signal, soonest);
                    }
                }
                Took::Closed => {
                    // What it held is dropped here, card and all.
                    let _dropped = caught(|| drop(turn));
                    let mut line = self.line();
                    line.open = line.open.saturating_sub(1);
                    let last = line.open == 0;
                    drop(line);
                    if last {
                        self.signal.ring();
                    }
                    idle = Idle::since(self.signal);
                }
            }
        }
    }
}

/// How long a worker has found nothing to do.
struct Idle {
    /// Lanes in a row that said "later".
    passed: usize,
    /// The shortest "later" of theirs.
    soonest: Duration,
    heard: u64,
}

impl Idle {
    fn since(signal: &Signal) -> Self {
        Self {
            passed: 0,
            soonest: Duration::MAX,
            heard: signal.heard(),
        }
    }

    fn rest(&mut self, signal: &Signal, most: Duration) {
        signal.rest(self.heard, most);
        *self = Self::since(signal);
    }
}

impl Turn<'_> {
    /// One step, if it is time for one.
    fn take(&mut self, stop: bool, ended: &impl Fn(LaneId, Ended) -> Next) -> Took {
        if stop && !self.lane.is_busy() {
            return Took::Closed;
        }
        let id = self.id;
        let end = match caught(|| self.turn(stop)) {
            Some(Turned::Passed { left }) => return Took::Passed { left },
            Some(Turned::Stepped(Step::Ready)) => {
                self.due = None;
                return Took::Stepped;
            }
            Some(Turned::Stepped(Step::Waiting { until })) => {
                self.due = Some(until);
                return Took::Stepped;
            }
            Some(Turned::Stepped(Step::Finished(outcome))) => Ended::Visit(outcome),
            None => {
                // The visit may be half done; nothing more is made of it.
                let _dropped = caught(|| self.lane.abandon());
                Ended::Panicked
            }
        };
        let panicked = matches!(end, Ended::Panicked);
        let next = caught(|| ended(id, end));
        if stop || panicked || !matches!(next, Some(Next::Visit)) {
            return Took::Closed;
        }
        self.due = None;
        Took::Stepped
    }

    fn turn(&mut self, stop: bool) -> Turned {
        let rung = self.rung.swap(false, Ordering::AcqRel);
        if let Some(due) = self.due.filter(|_| !rung && !stop) {
            let left = self.lane.now().duration_until(due);
            if left.is_positive() {
                return Turned::Passed {
                    left: left.unsigned_abs(),
                };
            }
        }
        Turned::Stepped(self.lane.step(stop))
    }
}

enum Turned {
    Stepped(Step),
    Passed { left: Duration },
}

/// `None` where it panicked. What it panicked with can be anything, and may panic once
/// more when it is dropped; a worker that goes down with that would take its lane along.
fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    let dropped = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(done) => return Some(done),
        Err(with) => catch_unwind(AssertUnwindSafe(|| drop(with))),
    };
    std::mem::forget(dropped);
    None
}
