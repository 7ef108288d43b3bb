//! What is remembered of results that were delivered.

use jiff::{SignedDuration, Timestamp};

use super::facts::{Facts, Relation};
use super::{Doubt, Session, SessionId, Why};
use crate::eligibility::{FeedResult, ResultId};

/// Results remembered: some days of a large clinic.
pub(super) const MOST: usize = 1024;

/// Longer than the longest window.
const LONG: SignedDuration = SignedDuration::from_hours(25);

#[derive(Debug, Default)]
pub(super) struct Memory {
    /// In the order in which they came.
    seen: Vec<Seen>,
    /// The latest time of all that is forgotten.
    forgotten: Option<Timestamp>,
}

#[derive(Debug)]
pub(super) struct Seen {
    pub(super) id: ResultId,
    pub(super) facts: Facts,
    pub(super) state: State,
}

#[derive(Debug)]
pub(super) enum State {
    Open,
    /// It is never bound by itself.
    Doubtful(Doubt),
    /// Bound to this session.
    Claimed(Box<Session>),
    /// A person said whose it is.
    Decided,
}

impl Seen {
    pub(super) fn relation(&self, session: &Session) -> Relation {
        self.facts.relation(&session.awaited, session.window)
    }
}

impl Memory {
    /// Remembers a result. Says why it is bound to nobody, if that is known already.
    pub(super) fn take(&mut self, result: &FeedResult, now: Timestamp) -> Option<Why> {
        if self.seen(result.id()).is_some() {
            return Some(Why::Again);
        }
        let facts = Facts::of(result, now);
        let second = self.seen.iter().find_map(|seen| match &seen.state {
            State::Claimed(session) => match facts.relation(&session.awaited, session.window) {
                Relation::Apart(_) => None,
                Relation::Agrees | Relation::Doubt(_) => Some(Why::Second {
                    session: session.id,
                    first: seen.id.clone(),
                }),
            },
            State::Open | State::Doubtful(_) | State::Decided => None,
        });
        self.seen.push(Seen {
            id: result.id().clone(),
            facts,
            state: match second {
                Some(_) => State::Doubtful(Doubt::Several),
                None => State::Open,
            },
        });
        second
    }

    pub(super) fn seen(&self, id: &ResultId) -> Option<&Seen> {
        self.seen.iter().find(|seen| seen.id == *id)
    }

    fn seen_mut(&mut self, id: &ResultId) -> Option<&mut Seen> {
        self.seen.iter_mut().find(|seen| seen.id == *id)
    }

    /// All that may still be somebody's.
    pub(super) fn unclaimed(&self) -> impl Iterator<Item = &Seen> {
        let open = |seen: &&Seen| matches!(seen.state, State::Open | State::Doubtful(_));
        self.seen.iter().filter(open)
    }

    pub(super) fn claim(&mut self, id: &ResultId, session: Session) {
        if let Some(seen) = self.seen_mut(id) {
            seen.state = State::Claimed(Box::new(session));
        }
    }

    pub(super) fn doubt(&mut self, id: &ResultId, doubt: Doubt) {
        if let Some(seen) = self.seen_mut(id) {
            seen.state = State::Doubtful(doubt);
        }
    }

    pub(super) fn decided(&mut self, id: &ResultId) -> bool {
        let Some(seen) = self.seen_mut(id) else {
            return false;
        };
        if !matches!(seen.state, State::Claimed(_)) {
            seen.state = State::Decided;
        }
        true
    }

    /// The session that it is bound to.
    pub(super) fn contradicted(&mut self, id: &ResultId) -> Option<SessionId> {
        let seen = self.seen_mut(id)?;
        match &seen.state {
            State::Claimed(session) => Some(session.id),
            State::Open | State::Doubtful(_) => {
                seen.state = State::Doubtful(Doubt::Contradicted);
                None
            }
            State::Decided => None,
        }
    }

    pub(super) fn forgotten(&self) -> Option<Timestamp> {
        self.forgotten
    }

    /// Forgets what is too old for any window, and of too many the oldest.
    pub(super) fn forget(&mut self, now: Timestamp) {
        let old = now.checked_sub(LONG).unwrap_or(Timestamp::MIN);
        let latest = |seen: &Seen| seen.facts.latest();
        let mut times: Vec<Timestamp> = self.seen.iter().map(latest).collect();
        times.sort_unstable();
        let too_many = times.len().checked_sub(MOST + 1);
        let until = match too_many.and_then(|last| times.get(last)) {
            Some(last) => old.max(*last),
            None => old,
        };
        self.seen.retain(|seen| {
            let keeps = latest(seen) > until;
            if !keeps {
                self.forgotten = self.forgotten.max(Some(latest(seen)));
            }
            keeps
        });
    }
}
