//! Many receptions in one program, driven by a few threads.
//!
//! [`Lanes`] has worker threads that take lane after lane from one queue, each for
//! one [step](super::Reception::step), and put it back at the end: first come, first
//! served. So nobody starves: between two steps of a lane each other lane begins at
//! most one. A lane that waits (for a person, the centre, a card) passes its turn
//! until its time has come, its desk rang its [`Bell`], or the program is to stop.
//!
//! Nothing is shared between lanes but what was shared by whoever made them, and the
//! count of face attempts: each has its reader, its desk, its visit and its proofs. A
//! proof of one lane's visit is nothing in another's, nor is the result of its task.
//!
//! That count is of a card, over all lanes of one [`Lanes`]: whoever failed at one desk
//! has no new attempts at the next. [`Lanes::add`] sees to it, though each lane's policy
//! is one of its own: it counts by the first lane's [`FaceTally`], and no longer with the
//! policies outside that it is a clone of. Two `Lanes`, and receptions beside them, count
//! together where their policies were given one tally
//! ([`with_face_tally`](super::Policy::with_face_tally)); two processes never do.
//!
//! # What blocks
//!
//! A step does one task at most, to its end: while a card works, its worker does
//! nothing else. A card in memory answers in a millisecond. A real one takes a second
//! for certificate and signature, more for the photo; so with real readers let there
//! be a worker for each, and none ever waits for another's card: `lanes.run(readers,
//! ..)`. The same goes for a desk that takes its time in [`Desk::show`], a camera, and
//! a reader's own keypad. A service shared by lanes (`Arc<Mutex<S>>` is an
//! [`EligibilityService`]) is asked by one at a time; none of its calls blocks.
//!
//! # What each lane has to itself
//!
//! A [`Policy`](super::Policy) with its own terminal's name, a reader opened for it (and
//! one for phones, where it takes them), a desk, and the [`AuditLog`](super::AuditLog) that this desk writes to: a trail is of
//! one terminal, in a file of its own; the key may be the same for all. Lanes are added
//! before [`Lanes::run`], which takes no other: a reader for later is a lane from the
//! start, or one of other `Lanes`.
//!
//! # What one lane can do to the others
//!
//! - A desk, reader or service that panics ends its lane: the visit is dropped, the
//!   card let go of, and the caller told ([`Ended::Panicked`]). The others go on. (Not
//!   where the program is built to abort at a panic.) A shared service that panicked is
//!   asked nothing more, by anybody: the next visits end as where there is none.
//! - One that never returns holds its worker for ever, and with it the whole
//!   [`Lanes::run`]: Rust has no way to take a thread back. The other lanes go on as
//!   long as a worker is left; so again, a worker for each lane holds against that.
//!
//! # Example
//!
//! Two lanes, one centre, two workers:
//!
//! ```
//! use std::sync::{Arc, Mutex, atomic::{AtomicU32, Ordering}};
//! use jiff::Timestamp;
//! use uketsuke::card::AuthPin;
//! use uketsuke::checkin::lanes::{Ended, Lane, Lanes, Next};
//! use uketsuke::checkin::{AuditRecord, Choice, Desk, Method, Policy, Screen};
//! use uketsuke::simulation::{CardOptions, Centre, Persona, VirtualCard, VirtualReader};
//! use uketsuke::trust::TerminalId;
//!
//! /// A desk at which everything is accepted at once.
//! struct Willing(Option<Choice>, VirtualReader);
//!
//! impl Desk for Willing {
//!     fn now(&mut self) -> Timestamp {
//!         Timestamp::now()
//!     }
//!     fn show(&mut self, screen: &Screen) {
//!         self.0 = match screen {
//!             Screen::ChooseMethod { .. } => Some(Choice::Method(Method::Pin)),
//!             Screen::EnterPin { .. } => AuthPin::parse("1234").ok().map(Choice::Pin),
//!             Screen::Consents { .. } => Some(Choice::ConsentToAll),
//!             Screen::TakeCard { .. } => {
//!                 self.1.remove();
//!                 None
//!             }
//!             _ => Some(Choice::Yes),
//!         };
//!     }
//!     fn choice(&mut self, _until: Timestamp) -> Option<Choice> {
//!         self.0.take()
//!     }
//!     fn audit(&mut self, _record: &AuditRecord) {}
//! }
//!
//! let centre = Arc::new(Mutex::new(Centre::new()));
//! let mut lanes = Lanes::new();
//! for (desk, name) in [("desk-1", "in-order"), ("desk-2", "grace")] {
//!     let policy = Policy::simulation(TerminalId::new(desk)?);
//!     let persona = Persona::named(name).ok_or("persona")?;
//!     let reader = VirtualReader::new();
//!     reader.insert(VirtualCard::new(persona, CardOptions::default(), Timestamp::now()));
//!     let desk = Willing(None, reader.clone());
//!     lanes.add(Lane::new(policy, reader, Arc::clone(&centre), desk));
//! }
//! let accepted = AtomicU32::new(0);
//! lanes.run(2, |_lane, ended| {
//!     if let Ended::Visit(outcome) = ended {
//!         accepted.fetch_add(u32::from(outcome.is_accepted()), Ordering::Relaxed);
//!     }
//!     // A clinic would go on with the next person: `Next::Visit`.
//!     Next::Close
//! });
//! assert_eq!(accepted.into_inner(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Desk::show`]: super::Desk::show
//! [`EligibilityService`]: crate::eligibility::EligibilityService

mod lane;
mod queue;
mod signal;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::thread;

use lane::Stepped;
pub use lane::{Lane, LaneFace};
use queue::{Queue, Rests, Turn};
use signal::Signal;
pub use signal::{Bell, Stopper};

use crate::checkin::Outcome;
use crate::eligibility::EligibilityService;
use crate::face::FaceTally;
use crate::transport::Reader;

/// Numbers a lane among its [`Lanes`], from 0 in the order of
/// [`add`](Lanes::add).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaneId(usize);

impl LaneId {
    /// The number.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0
    }
}

/// What came to an end in a lane.
#[derive(Debug)]
#[non_exhaustive]
pub enum Ended {
    /// A visit.
    Visit(Box<Outcome>),
    /// The lane itself: something of it panicked, and its visit was dropped without an
    /// outcome. Whatever is said is [`Next::Close`].
    Panicked,
}

/// What a lane does after a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It begins the next one, which waits for a card.
    Visit,
    /// It is closed and dropped, with its reader and desk.
    Close,
}

/// Lanes, and the threads that drive them: see the [module](self).
#[derive(Default)]
pub struct Lanes<'a> {
    turns: VecDeque<Turn<'a>>,
    signal: Arc<Signal>,
    rests: Rests,
    /// The first lane's, which counts for all.
    face_tally: Option<Arc<FaceTally>>,
}

/// How many there are.
impl fmt::Debug for Lanes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lanes")
            .field("lanes", &self.turns.len())
            .finish_non_exhaustive()
    }
}

impl<'a> Lanes<'a> {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a lane. Attempts of the face with a card are counted by the first lane's
    /// [`FaceTally`] in all of them, but for those whose policy was given another one by
    /// [`Policy::with_face_tally`].
    ///
    /// [`Policy::with_face_tally`]: crate::checkin::Policy::with_face_tally
    pub fn add<R, S>(&mut self, mut lane: Lane<'a, R, S>) -> LaneId
    where
        R: Reader<Transport: Send> + Send + 'a,
        S: EligibilityService + Send + 'a,
    {
        match &self.face_tally {
            Some(tally) => lane.count_by(Arc::clone(tally)),
            None => self.face_tally = lane.face_tally(),
        }
        self.add_stepped(Box::new(lane))
    }

    fn add_stepped(&mut self, lane: Box<dyn Stepped + Send + 'a>) -> LaneId {
        let id = LaneId(self.turns.len());
        self.turns.push_back(Turn {
            id,
            lane,
            rung: Arc::default(),
            due: None,
        });
        id
    }

    /// For whoever has news for this lane: a key that was pressed. Without it news is
    /// found within a fraction of a second. `None` if there is no such lane.
    #[must_use]
    pub fn bell(&self, lane: LaneId) -> Option<Bell> {
        let turn = self.turns.get(lane.0)?;
        Some(Bell {
            signal: Arc::clone(&self.signal),
            rung: Arc::clone(&turn.rung),
        })
    }

    /// Ends everything in order, from any thread: as if every desk said
    /// [`stop`](crate::checkin::Desk::stop). Visits under way are cancelled and their
    /// cards let go of, no other begins, and [`run`](Self::run) returns.
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        Stopper {
            signal: Arc::clone(&self.signal),
        }
    }

    /// Drives all lanes until the last is closed, with `workers` threads: this one, and
    /// others that end before it returns (fewer where the system gives no more; none
    /// is as good as one).
    ///
    /// `ended` is called by whichever worker ended a visit, so several may call it at a
    /// time; its lane waits for it, and a panic in it closes that lane.
    pub fn run(self, workers: usize, ended: impl Fn(LaneId, Ended) -> Next + Sync) {
        let queue = Queue::new(self.turns, &self.signal, self.rests);
        thread::scope(|scope| {
            for _ in 1..workers {
                let worker = thread::Builder::new().name("lanes".to_owned());
                if worker.spawn_scoped(scope, || queue.work(&ended)).is_err() {
                    break;
                }
            }
            queue.work(&ended);
        });
    }
}
