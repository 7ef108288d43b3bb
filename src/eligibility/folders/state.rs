use std::io::ErrorKind;

use jiff::{SignedDuration, Timestamp};

use super::QuestionId;
use super::entry::{Entry, Phase};
use crate::eligibility::message::{ArchiveError, Family, Step};

/// Where a question stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// It was sent, or possibly sent, and no answer counts yet.
    Waiting {
        /// To look again before this is of no use.
        not_before: Timestamp,
        /// What is odd about what there is, if anything.
        trouble: Option<Trouble>,
    },
    /// It was not sent, and never will be: ask anew if it is still wanted.
    NotSent {
        /// An answer is there all the same, which only a disk that forgot
        /// something can explain. It can be read, and must be settled.
        late: bool,
    },
    /// The answer is there. Read it, keep it, then settle it. That of the second
    /// step of a bulk question may say that the centre is [still
    /// working](crate::eligibility::message::AnswerHeader::is_in_progress): ask anew.
    Answered {
        /// It was settled: the files are no longer looked after.
        settled: bool,
    },
    /// The connector rejected the request (`.err`). Its text can be read like an
    /// answer, and is to be settled.
    Rejected {
        /// It was settled.
        settled: bool,
    },
    /// No answer in time. What became of the question isn't known.
    TimedOut {
        /// What was odd at the end.
        trouble: Option<Trouble>,
        /// An answer came afterwards. It can be read, and must be settled.
        late: bool,
    },
    /// Given up. What became of the question isn't known.
    GivenUp {
        /// An answer came afterwards. It can be read, and must be settled.
        late: bool,
    },
    /// Several answers that differ. None of them counts and all stay where they
    /// are, for a person. Settle it when that was done.
    Conflict {
        /// It was settled.
        settled: bool,
    },
}

/// What is odd about the files of a question. None of it is taken for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trouble {
    /// It was seen once only, or changed since: perhaps it is being written.
    Changing,
    /// It doesn't change, but the document isn't closed: a write that broke off.
    Unclosed,
    /// It isn't the XML of an answer.
    NotAnAnswer,
    /// It says that it answers another question.
    OtherIdentifier,
    /// The centre is still working on it (処理中).
    Processing,
    /// An archive that can't be taken; an encrypted one says which setting of the
    /// connector has to change.
    Archive(ArchiveError),
    /// When the time was over, the request still lay where it was put: the
    /// connector isn't running, or looks elsewhere.
    NotTaken,
    /// It can't be read now: locked, or no right to it.
    Locked(ErrorKind),
    /// Something that isn't a regular file; it isn't touched.
    NotAFile,
    /// Larger than any answer of its family.
    TooLarge {
        /// Bytes that it has.
        len: u64,
        /// Bytes that it may have.
        cap: u64,
    },
    /// The folder of answers can't be read now.
    Folder(ErrorKind),
    /// An answer came that differs from the one that was settled. It stays where
    /// it is, for a person.
    Contradicted,
    /// The answer was settled, but its files can't be deleted or moved: no right to
    /// it, they are open in another program, or the folder to move them to is gone or
    /// on another file system. It is tried again, less and less often.
    NotPutAway(ErrorKind),
    /// The folder of answers is of another realm now: its mark
    /// ([`SIMULATION_MARKER`](super::SIMULATION_MARKER)) came or went since it was
    /// opened. Nothing in it is looked at.
    OtherWorld,
}

/// A question that isn't over: waited for, or answered and not settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpenQuestion {
    /// Which.
    pub id: QuestionId,
    /// What it is about.
    pub family: Family,
    /// Which step of a bulk question.
    pub step: Step,
    /// When it was asked.
    pub asked: Timestamp,
    /// Until when an answer is waited for.
    pub deadline: Timestamp,
    /// Whether its publication is certain. If not, it is possibly sent: the
    /// program ended, or the share went away, just then.
    pub published: bool,
    /// Where it stands.
    pub progress: Progress,
}

/// What is known of a question in memory.
#[derive(Debug)]
pub(super) struct Tracked {
    pub(super) entry: Entry,
    pub(super) looks: Vec<super::look::Look>,
    pub(super) trouble: Option<Trouble>,
    pub(super) later: Later,
}

/// When what couldn't be cleared away is tried again: soon at first, then less and
/// less often, since each time the whole file is read.
#[derive(Debug, Default)]
pub(super) struct Later {
    failed: u32,
    /// When it was tried last.
    at: Option<Timestamp>,
}

impl Later {
    const FIRST: SignedDuration = SignedDuration::from_millis(300);
    const MOST_DOUBLED: u32 = 8;

    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        let wait = Self::FIRST * (1 << self.failed.min(Self::MOST_DOUBLED));
        // Also where the clock was set back.
        self.at
            .is_none_or(|at| now < at || now >= super::look::after(at, wait))
    }

    pub(super) fn done(&mut self, well: bool, at: Option<Timestamp>) {
        if well {
            *self = Self::default();
        } else {
            (self.failed, self.at) = (self.failed.saturating_add(1), at);
        }
    }
}

impl Tracked {
    pub(super) fn new(entry: Entry) -> Self {
        Self {
            entry,
            looks: Vec::new(),
            trouble: None,
            later: Later::default(),
        }
    }

    pub(super) fn progress(&self, not_before: Timestamp) -> Progress {
        let settled = self.entry.kept.is_settled();
        let late = !self.entry.taken.is_empty();
        match self.entry.phase {
            Phase::Prepared | Phase::NotSent => Progress::NotSent { late },
            Phase::Intended | Phase::Published => Progress::Waiting {
                not_before,
                trouble: self.trouble,
            },
            Phase::Answered => Progress::Answered { settled },
            Phase::Rejected => Progress::Rejected { settled },
            Phase::TimedOut => Progress::TimedOut {
                trouble: self.trouble,
                late,
            },
            Phase::GivenUp => Progress::GivenUp { late },
            Phase::Conflict => Progress::Conflict { settled },
        }
    }
}
