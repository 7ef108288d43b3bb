use std::io::ErrorKind;

use thiserror::Error;

use crate::eligibility::Failure;
use crate::eligibility::message::ReadError;

/// The place that results come from can't be reached, or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum FeedError {
    /// The folder can't be read: the share is away, or this program has no right to
    /// it. Go on polling.
    #[error("the folder of results can't be read now: {0}")]
    Folder(ErrorKind),
    /// The folder is of another realm now: the mark of simulated ones came or went
    /// since it was opened. Nothing in it is looked at.
    #[error("the folder of results is of another realm now")]
    OtherWorld,
    /// This place has no network.
    #[error("no network")]
    Network,
    /// The centre can't be reached, or says it is out of order or too busy.
    #[error("the centre does not answer")]
    CentreDown,
    /// A result of that identifier was never delivered by this feed since it was
    /// opened, or so long ago that it is forgotten.
    #[error("unknown result: not delivered by this feed since it was opened")]
    UnknownResult,
}

impl FeedError {
    /// What to tell, and to ask advice about.
    #[must_use]
    pub const fn failure(&self) -> Failure {
        match self {
            Self::Folder(_) => Failure::FolderUnavailable,
            Self::OtherWorld => Failure::Misconfigured,
            Self::Network => Failure::NetworkDown,
            Self::CentreDown => Failure::CentreDown,
            Self::UnknownResult => Failure::Internal,
        }
    }
}

impl FeedTrouble {
    /// What to tell the staff, and to ask advice about. It says nothing about any
    /// person.
    #[must_use]
    pub const fn failure(&self) -> Failure {
        match self {
            Self::Changing
            | Self::Unclosed
            | Self::Unreadable(_)
            | Self::NotAFile
            | Self::TooLarge { .. } => Failure::AbnormalAnswer,
            Self::OtherInstitution => Failure::PersonUnclear,
            Self::Archive => Failure::Misconfigured,
            Self::Locked(_) | Self::NotPutAway(_) | Self::TooMany => Failure::FolderUnavailable,
        }
    }
}

/// What is wrong with something that should be a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum FeedTrouble {
    /// It keeps changing.
    #[error("it keeps changing")]
    Changing,
    /// It doesn't change, but the document isn't closed: a write that broke off, or
    /// pauses.
    #[error("the document isn't closed")]
    Unclosed,
    /// It isn't the XML of a result, or in no encoding that is known.
    #[error("not a result: {0}")]
    Unreadable(ReadError),
    /// It says another institution's code than the one that was set, or none.
    #[error("of another institution, or it doesn't say of which")]
    OtherInstitution,
    /// An archive. Results are taken as plain XML only; that the face application
    /// writes so is set in its `encrypt_face.conf` (`n`).
    #[error("an archive: the face application has to write results unencrypted")]
    Archive,
    /// A folder, link or pipe; it isn't opened.
    #[error("not a regular file")]
    NotAFile,
    /// Larger than any result.
    #[error("{len} bytes, of which a result has {cap} at most")]
    TooLarge {
        /// Bytes that it has.
        len: u64,
        /// Bytes that it may have.
        cap: u64,
    },
    /// It can't be read now: locked, or no right to it.
    #[error("it can't be read: {0}")]
    Locked(ErrorKind),
    /// It was settled, and can't be deleted or moved: it stays, and that is tried
    /// again.
    #[error("settled, but it can't be put away: {0}")]
    NotPutAway(ErrorKind),
    /// There are more files of results than are kept track of; this one is the first
    /// that had to wait. Clear up the folder.
    #[error("too many results in one place: it has to wait")]
    TooMany,
}
