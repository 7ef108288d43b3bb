//! Which failure each error is, so that there is advice for it.

use super::{ArchiveError, MessageError, ReadError};
use crate::eligibility::Failure;

impl MessageError {
    /// The end that this is for a question, which was not sent.
    #[must_use]
    pub const fn failure(&self) -> Failure {
        Failure::QuestionRejected
    }
}

impl ReadError {
    /// The end that this is for a question whose answer is whole and can't be read.
    #[must_use]
    pub const fn failure(&self) -> Failure {
        match self {
            Self::Io(_) => Failure::FolderUnavailable,
            _ => Failure::AbnormalAnswer,
        }
    }
}

impl ArchiveError {
    /// The end that this is for a question. That the connector encrypts is a matter
    /// of its settings, which [`Encrypted`](Self::Encrypted) names.
    #[must_use]
    pub const fn failure(&self) -> Failure {
        match self {
            Self::Io(_) => Failure::FolderUnavailable,
            Self::Encrypted { .. } => Failure::Misconfigured,
            _ => Failure::AbnormalAnswer,
        }
    }
}
