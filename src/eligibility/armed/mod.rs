//! Whose a card check-in's result is: the clinic's software arms one session for the
//! person at the desk, and a result is bound to them only if it says that it is theirs.
//!
//! Results come from every reader of the clinic, late, twice, and of people who aren't
//! at the desk any more. A program that takes the next one shows one patient's
//! insurance to another.
//!
//! ```
//! use jiff::{SignedDuration, Timestamp, civil::date};
//! use uketsuke::Realm;
//! use uketsuke::eligibility::Coverage;
//! use uketsuke::eligibility::armed::{ArmedFeed, Awaited, Event, SessionEnd, Window};
//! use uketsuke::eligibility::folders::{Consumption, FaceFolder, FaceSettings, Since};
//! # use uketsuke::eligibility::folders::SIMULATION_MARKER;
//!
//! # let place = tempfile::tempdir()?;
//! # let face = place.path();
//! # std::fs::write(face.join(SIMULATION_MARKER), "")?;
//! let settings =
//!     FaceSettings::new(face, Realm::Simulation, Consumption::Delete, Since::Beginning);
//! let mut results = ArmedFeed::new(FaceFolder::open(settings)?);
//!
//! // 見本　花子 stands at the desk, and goes to the reader.
//! # let mut now: Timestamp = "2026-11-05T09:14:40+09:00".parse()?;
//! let hanako = Awaited::by_person(date(1980, 4, 1), "みほん　はなこ")?;
//! let window = Window::of(now, SignedDuration::from_mins(5), SignedDuration::from_mins(3))?;
//! let session = results.arm(&hanako, window, now)?;
//!
//! # let document = "<XmlMsg><MessageHeader><ProcessExecutionTime>20261105091502</ProcessExecutionTime>\
//! #     <SegmentOfResult>1</SegmentOfResult></MessageHeader><MessageBody>\
//! #     <ProcessingResultStatus>1</ProcessingResultStatus><QualificationValidity>1</QualificationValidity>\
//! #     <ResultList><ResultOfQualificationConfirmation><Name>見本　花子</Name><NameKana>ﾐﾎﾝ ﾊﾅｺ</NameKana>\
//! #     <Birthdate>19800401</Birthdate></ResultOfQualificationConfirmation></ResultList></MessageBody></XmlMsg>";
//! # std::fs::write(face.join("OQSsiquc01res_face_1319999999abc_20261105091502.xml"), document)?;
//! // In the program's own rhythm:
//! 'waiting: loop {
//!     # now += SignedDuration::from_millis(300);
//!     for event in results.poll(now) {
//!         match event {
//!             Event::Bound(bound) if bound.session() == session => {
//!                 // It came now, or was kept when it came as unbound.
//!                 let result = bound.result().ok_or("look it up by its identifier")?;
//!                 let coverage = Coverage::from_report(result.report(), false)?;
//!                 assert_eq!(coverage.name.reveal(), "見本　花子");
//!                 // Keep it under its identifier. Only then:
//!                 results.settle(bound.id())?;
//!                 break 'waiting;
//!             }
//!             Event::Unbound(other) => { /* keep it: a person decides, or a later session */ }
//!             Event::Ended { end, .. } => panic!("advise on {}", end.failure()),
//!             _ => {}
//!         }
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # When a result is bound
//!
//! All of this has to hold; in every other case it is bound to nobody:
//!
//! - The centre worked on it (`SegmentOfResult` 1), and there is exactly one result in
//!   it.
//! - The 照会番号 is equal; or birth date and kana are. Nothing else that is known of both
//!   differs. What is absent, or has a `●`, agrees with nothing.
//! - `ProcessExecutionTime` and the time in the file's name, as far as they are there,
//!   lie in the window; there is one of them at least.
//! - No other result that came may be the person's, as far as is remembered. One that
//!   is doubtful keeps the right one from being bound.
//! - It was bound to nobody else, and its file didn't change since.
//!
//! Whether the insurance is valid makes no difference: that it isn't is something
//! to tell this person.
//!
//! A result that is doubtful ends the session ([`SessionEnd::InDoubt`]), so that nobody
//! waits for what can't come any more. One that is certainly another person's doesn't.
//! A result that comes after the right one was bound, and may be the same person's, is
//! told as [`Why::Second`].
//!
//! # New patients
//!
//! Of a patient who is here for the first time the clinic has nothing to compare, so
//! nobody can be awaited. Their result comes as [`Unbound`] ([`Why::NobodyArmed`]): show
//! staff the ones that are nobody's yet, and let them ask for name and birth date. Once
//! a person has said whose it is, call [`ArmedFeed::decided`].
//!
//! # What is remembered
//!
//! Of each result of the last 25 hours, 1024 at most: identifier, times, and what it
//! is compared by, in memory that is wiped. A result is so found by a session that is
//! armed after it came. After a restart nothing is remembered; a feed that
//! delivers again what wasn't settled makes good for it. What a person said about
//! a result then ([`ArmedFeed::decided`]) has to be said again.

mod awaited;
mod event;
mod facts;
mod memory;
mod window;

#[cfg(test)]
mod tests;

pub use awaited::{Awaited, AwaitedError};
pub use event::{Apart, ArmError, Bound, Doubt, Event, SessionEnd, SessionId, Unbound, Why};
pub use window::{Window, WindowError};

use jiff::Timestamp;

use self::facts::Relation;
use self::memory::{Memory, State};
use super::{FeedError, FeedItem, FeedResult, ResultFeed, ResultId};
use crate::Realm;

/// A feed of results, and one session for the person at the desk. See the
/// [module](self).
///
/// It takes all that the feed delivers: nobody else may poll the same one.
#[derive(Debug)]
pub struct ArmedFeed<F> {
    feed: F,
    armed: Option<Session>,
    memory: Memory,
    away: Option<FeedError>,
}

#[derive(Clone, Debug)]
struct Session {
    id: SessionId,
    awaited: Awaited,
    window: Window,
}

/// What is known about the session after a poll.
enum Judged {
    Nobody,
    Bound(ResultId),
    InDoubt(Vec<(ResultId, Doubt)>),
}

impl<F: ResultFeed> ArmedFeed<F> {
    /// On top of a feed.
    #[must_use]
    pub fn new(feed: F) -> Self {
        Self {
            feed,
            armed: None,
            memory: Memory::default(),
            away: None,
        }
    }

    /// The world of the feed.
    pub fn realm(&self) -> Realm {
        self.feed.realm()
    }

    /// Awaits the result of the person at the desk. It is bound at the next
    /// [`poll`](Self::poll) if it came already.
    ///
    /// # Errors
    /// Another session is armed; the window is over, or begins before results that are
    /// forgotten. Nothing is changed then.
    pub fn arm(
        &mut self,
        awaited: &Awaited,
        window: Window,
        now: Timestamp,
    ) -> Result<SessionId, ArmError> {
        if let Some(session) = self.armed() {
            return Err(ArmError::AlreadyArmed { session });
        }
        let (from, until) = (window.from(), window.until());
        if until < now {
            return Err(ArmError::Over { until });
        }
        if let Some(forgotten) = self.memory.forgotten().filter(|time| *time >= from) {
            return Err(ArmError::TooFarBack { forgotten });
        }
        let id = SessionId::next();
        self.armed = Some(Session {
            id,
            awaited: awaited.clone(),
            window,
        });
        Ok(id)
    }

    /// The session that is armed now.
    #[must_use]
    pub fn armed(&self) -> Option<SessionId> {
        self.armed.as_ref().map(|session| session.id)
    }

    /// Gives a session up, without an [`Event::Ended`]. `false` if it is over already.
    pub fn disarm(&mut self, session: SessionId) -> bool {
        self.armed.take_if(|armed| armed.id == session).is_some()
    }

    /// What came since the last time, and what it is to the session. Ends the session
    /// when its window is over and all that came before was judged.
    pub fn poll(&mut self, now: Timestamp) -> Vec<Event> {
        let mut events = Vec::new();
        let mut came = Vec::new();
        match self.feed.poll(now) {
            Ok(items) => {
                self.away = None;
                for item in items {
                    self.take(item, now, &mut came, &mut events);
                }
            }
            Err(error) => {
                if self.away != Some(error) {
                    events.push(Event::Away(error));
                }
                self.away = Some(error);
            }
        }
        let judged = self.judge();
        self.tell(came, &judged, &mut events);
        self.end(judged, now, &mut events);
        self.memory.forget(now);
        events
    }

    /// Says that a result was kept; see [`ResultFeed::settle`].
    ///
    /// # Errors
    /// See there.
    pub fn settle(&mut self, id: &ResultId) -> Result<(), FeedError> {
        self.feed.settle(id)
    }

    /// Says that a person decided whose a result is. It is bound to nobody by itself
    /// then, and keeps no other one from being bound. `false` if it isn't remembered.
    pub fn decided(&mut self, id: &ResultId) -> bool {
        self.memory.decided(id)
    }

    fn take(
        &mut self,
        item: FeedItem,
        now: Timestamp,
        came: &mut Vec<(FeedResult, Option<Why>)>,
        events: &mut Vec<Event>,
    ) {
        match item {
            FeedItem::Result(result) => {
                let why = self.memory.take(&result, now);
                came.push((*result, why));
            }
            FeedItem::Trouble { source, trouble } => {
                events.push(Event::Trouble { source, trouble });
            }
            FeedItem::Gone { source } => events.push(Event::Gone { source }),
            FeedItem::Contradicted { id } => {
                let session = self.memory.contradicted(&id);
                events.push(Event::Contradicted { id, session });
            }
        }
    }

    /// Whether exactly one of all that is remembered is the awaited person's.
    fn judge(&self) -> Judged {
        let Some(session) = &self.armed else {
            return Judged::Nobody;
        };
        let mut agreeing = Vec::new();
        let mut doubtful = Vec::new();
        for seen in self.memory.unclaimed() {
            let doubt = match (seen.relation(session), &seen.state) {
                (Relation::Apart(_), _) => continue,
                (Relation::Doubt(doubt), _) => Some(doubt),
                (Relation::Agrees, State::Doubtful(doubt)) => Some(*doubt),
                (Relation::Agrees, _) => None,
            };
            agreeing.extend(doubt.is_none().then(|| seen.id.clone()));
            doubtful.push((seen.id.clone(), doubt.unwrap_or(Doubt::Several)));
        }
        match (agreeing.pop(), doubtful.len()) {
            (_, 0) => Judged::Nobody,
            (Some(only), 1) => Judged::Bound(only),
            _ => Judged::InDoubt(doubtful),
        }
    }

    /// Delivers what came, with what it is to the session.
    fn tell(
        &mut self,
        came: Vec<(FeedResult, Option<Why>)>,
        judged: &Judged,
        events: &mut Vec<Event>,
    ) {
        let mut bound = match (judged, &self.armed) {
            (Judged::Bound(id), Some(session)) => Some(Bound {
                session: session.id,
                id: id.clone(),
                result: None,
            }),
            _ => None,
        };
        for (result, why) in came {
            let again = why == Some(Why::Again);
            if let Some(bound) = &mut bound
                && bound.id == *result.id()
                && !again
            {
                bound.result = Some(result);
                continue;
            }
            let why = match why {
                Some(why) => why,
                None => self.why(&result, judged),
            };
            events.push(Event::Unbound(Box::new(Unbound { why, result })));
        }
        if let Some(bound) = bound {
            events.push(Event::Bound(Box::new(bound)));
        }
    }

    fn why(&self, result: &FeedResult, judged: &Judged) -> Why {
        let seen = self.memory.seen(result.id());
        let Some(session) = &self.armed else {
            let nobodys = seen.and_then(|seen| seen.facts.nobodys());
            return nobodys.map_or(Why::NobodyArmed, Why::Apart);
        };
        if let Judged::InDoubt(results) = judged
            && let Some((_, doubt)) = results.iter().find(|(id, _)| id == result.id())
        {
            return Why::Doubt {
                session: session.id,
                doubt: *doubt,
            };
        }
        match seen.map(|seen| seen.relation(session)) {
            Some(Relation::Apart(apart)) => Why::Apart(apart),
            _ => Why::NobodyArmed,
        }
    }

    fn end(&mut self, judged: Judged, now: Timestamp, events: &mut Vec<Event>) {
        let over = |session: &mut Session| session.window.until() < now;
        let ended = match judged {
            Judged::Bound(id) => {
                if let Some(session) = self.armed.take() {
                    self.memory.claim(&id, session);
                }
                return;
            }
            Judged::InDoubt(results) => {
                for (id, _) in &results {
                    self.memory.doubt(id, Doubt::Undecided);
                }
                let doubt = results.first().map_or(Doubt::Several, |(_, doubt)| *doubt);
                let results = results.into_iter().map(|(id, _)| id).collect();
                let end = SessionEnd::InDoubt { doubt, results };
                self.armed.take().map(|session| (session.id, end))
            }
            Judged::Nobody => {
                let end = SessionEnd::TimedOut { away: self.away };
                let ended = self.armed.take_if(over);
                ended.map(|session| (session.id, end))
            }
        };
        if let Some((session, end)) = ended {
            events.push(Event::Ended { session, end });
        }
    }
}
