use std::io::{self, ErrorKind};

use thiserror::Error;

use super::Head;
use crate::files::Unreadable;

/// Why a trail can't be opened, written or verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AuditError {
    /// There is something of that name: a new trail never takes the place of another.
    #[error("there is a file of that name already")]
    Exists,
    /// There is no such file. If there should be one, somebody removed it.
    #[error("there is no such audit trail")]
    Missing,
    /// A folder, a link, a pipe.
    #[error("the audit trail is not a regular file")]
    NotAFile,
    /// Another program has it open.
    #[error("another program writes this audit trail")]
    InUse,
    /// It isn't as it was written.
    #[error(transparent)]
    Broken(#[from] AuditBroken),
    /// It was ended, and goes on in another file:
    /// [`create`](super::AuditLog::create) that after this head.
    #[error("this file of the audit trail has ended with record {}", head.number())]
    Ended {
        /// The last record.
        head: Head,
    },
    /// Since it was opened, the file was moved, replaced, or changed by somebody else.
    /// Open it anew with the last head.
    #[error("the audit trail was moved or changed while it was open")]
    Changed,
    /// An earlier write failed, and what is on the disk isn't known. Open it anew with the last
    /// head.
    #[error("an earlier write to the audit trail failed: open it anew")]
    Failed,
    /// The operating system gave no random bytes.
    #[error("no random bytes for a new audit trail")]
    NoRandomness,
    /// Reading or writing failed.
    #[error("the audit trail: {0}")]
    Io(ErrorKind),
}

impl From<io::Error> for AuditError {
    fn from(error: io::Error) -> Self {
        Self::Io(error.kind())
    }
}

impl From<Unreadable> for AuditError {
    fn from(error: Unreadable) -> Self {
        match error {
            Unreadable::Gone => Self::Missing,
            Unreadable::NotAFile => Self::NotAFile,
            Unreadable::TooLarge { .. } => Self::Io(ErrorKind::FileTooLarge),
            Unreadable::Io(kind) => Self::Io(kind),
        }
    }
}

/// A trail isn't as it was written.
///
/// # What to do
///
/// The records before `at` are as they were written, and stand; of those from `at` on
/// this file proves nothing, whether they were changed or not. Change nothing: keep
/// the file, its newest head and a note of the hour. Begin another file under another
/// name with [`create`](super::AuditLog::create), after the last head that you have,
/// so that the reception goes on with a trail. Then find out who could write to the
/// file, and compare it with its backups: the newest one that verifies with the head
/// is the trail. A program that restores an old copy of the file, and a
/// second one that writes into it, look like an attacker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the audit trail is broken at record {at} (line {line}): {why}")]
#[non_exhaustive]
pub struct AuditBroken {
    /// The first record that isn't there as it was written.
    pub at: u64,
    /// The line in the file, from 1, where that was seen.
    pub line: u64,
    /// How.
    pub why: AuditBreak,
}

/// What is wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AuditBreak {
    /// The file doesn't begin like a trail: empty, or another kind of file.
    #[error("the file does not begin like an audit trail")]
    NotATrail,
    /// The first record names another key.
    #[error("the first record was written with another key")]
    OtherKey,
    /// The first record names another terminal: files were exchanged, perhaps.
    #[error("the trail is of another terminal")]
    OtherTerminal,
    /// The line isn't a record.
    #[error("the line is not a record")]
    NotARecord,
    /// A record with another number: one is missing, doubled or in another place.
    #[error("a record with the number {found} stands there")]
    Number {
        /// The number that stands there.
        found: u64,
    },
    /// The tag is wrong: the record was changed, or stood behind another one.
    #[error("its tag is wrong: it was changed, or put there")]
    Tag,
    /// A file can begin once, and nothing follows its end.
    #[error("it stands behind the end of its file, or begins a second one in it")]
    Joined,
    /// The file is shorter than the head says: its end was cut off, or it is an old
    /// copy.
    #[error("the file ends before the head that was kept, {}", head.number())]
    Cut {
        /// The head.
        head: Head,
    },
    /// The record that the head names is another one: the file was replaced by one that
    /// was written later, with the key.
    #[error("it is not the record that was kept as head")]
    OtherHead,
    /// The file begins behind the head. Verify the file before it with this head.
    #[error("the head that was kept is from an earlier file")]
    HeadBefore,
}
