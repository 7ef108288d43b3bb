use std::io::ErrorKind;
use std::path::PathBuf;

use thiserror::Error;

use super::{JournalError, QuestionId};
use crate::Realm;
use crate::eligibility::message::MessageError;

/// The folders, or the journal, can't be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FolderError {
    /// A folder can't be read: it isn't there, the share is away, or this
    /// program has no right to it. Nothing was changed; try again later.
    #[error("folder {}: {kind}", folder.display())]
    Folder {
        /// Which.
        folder: PathBuf,
        /// What the operating system said.
        kind: ErrorKind,
    },
    /// Simulated folders for another realm, or folders that aren't marked as
    /// simulated for [`Realm::Simulation`]; see
    /// [`SIMULATION_MARKER`](super::SIMULATION_MARKER).
    #[error("folder {} {}", folder.display(), if *realm == Realm::Simulation {
        "isn't marked as simulated: put a file UKETSUKE-SIMULATION into it, if no real connector uses it"
    } else {
        "is marked as simulated (UKETSUKE-SIMULATION): name the connector's real folder"
    })]
    OtherWorld {
        /// Which.
        folder: PathBuf,
        /// The realm that was asked for.
        realm: Realm,
    },
    /// Files would be moved into the folder that they come from, or into another one
    /// that the connector uses.
    #[error("folder {} is one of the connector's: files can't be moved into it", folder.display())]
    SameFolder {
        /// Which.
        folder: PathBuf,
    },
    /// More files than are kept track of. Clear up the folder.
    #[error("folder {} has too many files", folder.display())]
    TooFull {
        /// Which.
        folder: PathBuf,
    },
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// A question wasn't sent, or may not have been.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("question {id} {}: {kind}", if *.possibly_sent { "may have been sent" } else { "was not sent" })]
#[non_exhaustive]
pub struct AskError {
    /// The question.
    pub id: QuestionId,
    /// `false`: it wasn't sent, and never will be. `true`: perhaps it was. It is
    /// waited for like one that was sent.
    pub possibly_sent: bool,
    /// What failed.
    pub kind: AskErrorKind,
}

/// What failed when a question was to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AskErrorKind {
    /// This identifier was used before. What became of that question can be
    /// asked for; a new one needs a new identifier.
    #[error("it was asked before: look for its answer, or ask with a new identifier")]
    AskedBefore,
    /// The system has no randomness to make an identifier of.
    #[error("the system gave no randomness")]
    NoRandomness,
    /// More open questions than are kept track of (1,000,000): settle or give up
    /// some first.
    #[error("too many open questions: settle or give up some first")]
    TooMany,
    /// The question can't be written as a message.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// There is a file of that name already, which isn't ours.
    #[error("a file of that name is there already: ask with a new identifier")]
    NameTaken,
    /// The folder of requests is of another realm now: its mark
    /// ([`SIMULATION_MARKER`](super::SIMULATION_MARKER)) came or went since it was
    /// opened.
    #[error("the folder of requests is of another realm now")]
    OtherWorld,
    /// Writing into the folder of requests failed.
    #[error("the folder of requests: {0}")]
    Folder(ErrorKind),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// What can't be done about a question.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum QuestionError {
    /// Never asked with this journal, or long over and forgotten. It was either
    /// not sent, or everything about it was settled.
    #[error("unknown question: never asked here, or over and forgotten")]
    Unknown,
    /// There is no answer, or none any more.
    #[error("the question has no answer to read")]
    NoAnswer,
    /// The answer was there and is gone: another program, or the connector's
    /// clean-up, removed it. Ask again, as a new question.
    #[error("the answer was removed by another program: ask again")]
    Gone,
    /// There are several answers, and they differ. They stay where they are: a
    /// person has to look at them.
    #[error("answers that differ: a person has to look at them")]
    Conflict,
    /// The file can't be read now; it may be locked.
    #[error("the answer's file: {0}")]
    Locked(ErrorKind),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
}
