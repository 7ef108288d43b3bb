use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use thiserror::Error;

use crate::eligibility::{Failure, FeedError, FeedResult, FeedTrouble, ResultId};

/// Names one arming of one [`ArmedFeed`](super::ArmedFeed), and nobody. No other of
/// this run of the program has the same, at whichever desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub(super) u64);

/// The last one, of all desks.
static LAST: AtomicU64 = AtomicU64::new(0);

impl SessionId {
    pub(super) fn next() -> Self {
        Self(LAST.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Nobody is awaited by this call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ArmError {
    /// One person at a time. Go on with that one, or disarm it.
    #[error("session {session} is armed already: one at a time")]
    AlreadyArmed {
        /// The one that is armed.
        session: SessionId,
    },
    /// The window is over.
    #[error("the window was over at {until}")]
    Over {
        /// When it was.
        until: Timestamp,
    },
    /// The window begins before results that are forgotten: it couldn't be known
    /// whether there is exactly one.
    #[error("results up to {forgotten} are forgotten: the window must begin later")]
    TooFarBack {
        /// The latest of them.
        forgotten: Timestamp,
    },
}

/// Why a result can't be the awaited person's, as far as can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Apart {
    /// The centre didn't work on it (`SegmentOfResult` isn't 1).
    NotNormal,
    /// There is nobody in it.
    NoPerson,
    /// Another birth date; or another 照会番号, where the birth date isn't known.
    OtherPerson,
    /// Checked in at another time.
    OtherTime,
}

/// Why it isn't certain whose a result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Doubt {
    /// The 照会番号 is the awaited person's, and the birth date isn't.
    BirthdateDiffers,
    /// It has no birth date that can be read.
    BirthdateUnsaid,
    /// Another kana: a name that changed, a twin, or another patient born that day.
    KanaDiffers,
    /// No kana, or with a `●` in it.
    KanaUnsaid,
    /// Another 照会番号, and no other birth date.
    ReferenceNumberDiffers,
    /// It has no 照会番号, and what else is known isn't enough.
    ReferenceNumberUnsaid,
    /// Of its two times one lies in the window.
    TimesDiffer,
    /// It has no time; it came within the window.
    TimeUnsaid,
    /// Several results in one file.
    SeveralInOne,
    /// Several files that may be the awaited person's.
    Several,
    /// It was in doubt before, and nobody [decided](super::ArmedFeed::decided).
    Undecided,
    /// Its file changed after it was delivered.
    Contradicted,
}

/// Why a result is bound to nobody.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Why {
    /// Nobody is awaited. It is found when somebody is, if it is in their window.
    NobodyArmed,
    /// It isn't the awaited person's; or, if nobody is awaited, it can't be
    /// anybody's.
    Apart(Apart),
    /// It may be the awaited person's. The session ended by that.
    Doubt {
        /// The session.
        session: SessionId,
        /// What is doubtful.
        doubt: Doubt,
    },
    /// It may be the person's as well to whom another result was bound: a person
    /// has to look at both.
    Second {
        /// The session that the other one is bound to.
        session: SessionId,
        /// The other one.
        first: ResultId,
    },
    /// A result of this identifier was delivered before.
    Again,
}

/// A result that is the awaited person's. The session is over.
#[derive(Debug, PartialEq, Eq)]
pub struct Bound {
    pub(super) session: SessionId,
    pub(super) id: ResultId,
    pub(super) result: Option<FeedResult>,
}

impl Bound {
    /// Whose.
    #[must_use]
    pub const fn session(&self) -> SessionId {
        self.session
    }

    /// Which result.
    #[must_use]
    pub const fn id(&self) -> &ResultId {
        &self.id
    }

    /// The result. `None` if it came before the session was armed: you had it then,
    /// as [`Unbound`].
    #[must_use]
    pub const fn result(&self) -> Option<&FeedResult> {
        self.result.as_ref()
    }

    /// Gives it away.
    #[must_use]
    pub fn into_result(self) -> Option<FeedResult> {
        self.result
    }
}

/// A result that is bound to nobody. Keep it: a person decides whose it is, or a
/// session that is armed later.
#[derive(Debug, PartialEq, Eq)]
pub struct Unbound {
    pub(super) why: Why,
    pub(super) result: FeedResult,
}

impl Unbound {
    /// Why.
    #[must_use]
    pub const fn why(&self) -> &Why {
        &self.why
    }

    /// The result.
    #[must_use]
    pub const fn result(&self) -> &FeedResult {
        &self.result
    }

    /// Gives it away.
    #[must_use]
    pub fn into_result(self) -> FeedResult {
        self.result
    }
}

/// How a session ended without a result.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionEnd {
    /// It isn't certain which result is the person's. A person has to look at
    /// these, and say so by [`decided`](super::ArmedFeed::decided).
    InDoubt {
        /// What is doubtful, of the first of them.
        doubt: Doubt,
        /// All that may be theirs, in the order in which they came.
        results: Vec<ResultId>,
    },
    /// The window is over and nothing came.
    TimedOut {
        /// The feed can't be read: there may be one all the same.
        away: Option<FeedError>,
    },
}

impl SessionEnd {
    /// What to tell, and to ask advice about.
    #[must_use]
    pub const fn failure(&self) -> Failure {
        match self {
            Self::InDoubt { .. } => Failure::PersonUnclear,
            Self::TimedOut { away: Some(error) } => error.failure(),
            Self::TimedOut { away: None } => Failure::TimedOut,
        }
    }
}

/// What happened. `Debug` shows no person.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The awaited person's result came, or had come. The session is over.
    Bound(Box<Bound>),
    /// A result came that is bound to nobody.
    Unbound(Box<Unbound>),
    /// A session ended without a result.
    Ended {
        /// Which.
        session: SessionId,
        /// How.
        end: SessionEnd,
    },
    /// See [`FeedItem::Trouble`](crate::eligibility::FeedItem::Trouble). It says
    /// nothing about whose it would have been, so a session goes on.
    Trouble {
        /// Its file's name, or what else it goes by.
        source: String,
        /// What is wrong.
        trouble: FeedTrouble,
    },
    /// See [`FeedItem::Gone`](crate::eligibility::FeedItem::Gone).
    Gone {
        /// Its file's name, or what else it goes by.
        source: String,
    },
    /// See [`FeedItem::Contradicted`](crate::eligibility::FeedItem::Contradicted).
    /// What it was bound to has to be looked at by a person.
    Contradicted {
        /// The result.
        id: ResultId,
        /// The session that it is bound to.
        session: Option<SessionId>,
    },
    /// The feed can't be read. Told once, and again when it is another error or came
    /// back in between. Go on polling.
    Away(FeedError),
}
