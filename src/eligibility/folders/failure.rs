//! Which failure each end of a question is, so that there is advice for it.

use super::{AskError, AskErrorKind, FolderError, JournalError, Progress, QuestionError, Trouble};
use crate::eligibility::Failure;

impl Progress {
    /// The end that this is, for [`advise`](crate::eligibility::advise). `None`
    /// while it is waited for, and where there is an answer: what that says is
    /// judged by [`Report::found`](crate::eligibility::Report::found).
    ///
    /// ```
    /// use uketsuke::eligibility::Failure;
    /// use uketsuke::eligibility::folders::{Progress, Trouble};
    ///
    /// let ended = Progress::TimedOut { trouble: Some(Trouble::NotTaken), late: false };
    /// assert_eq!(ended.failure(), Some(Failure::ConnectorNotRunning));
    /// assert_eq!(Progress::Answered { settled: false }.failure(), None);
    /// ```
    #[must_use]
    pub const fn failure(&self) -> Option<Failure> {
        Some(match self {
            Self::Waiting { .. } | Self::Answered { .. } => return None,
            Self::NotSent { .. } => Failure::FolderUnavailable,
            Self::Rejected { .. } => Failure::QuestionRejected,
            Self::TimedOut { trouble: None, .. } => Failure::TimedOut,
            Self::TimedOut {
                trouble: Some(trouble),
                ..
            } => trouble.at_the_end(),
            Self::GivenUp { .. } => Failure::OutcomeUnknown,
            Self::Conflict { .. } => Failure::PersonUnclear,
        })
    }
}

impl Trouble {
    /// What a question has failed of that ran into its time-out with this.
    const fn at_the_end(self) -> Failure {
        match self {
            Self::Changing => Failure::TimedOut,
            Self::NotTaken => Failure::ConnectorNotRunning,
            Self::Processing => Failure::StillProcessing,
            Self::OtherIdentifier | Self::Contradicted => Failure::PersonUnclear,
            Self::OtherWorld => Failure::Misconfigured,
            Self::Archive(error) => error.failure(),
            Self::Unclosed | Self::NotAnAnswer | Self::NotAFile | Self::TooLarge { .. } => {
                Failure::AbnormalAnswer
            }
            Self::Locked(_) | Self::Folder(_) | Self::NotPutAway(_) => Failure::FolderUnavailable,
        }
    }
}

impl AskError {
    /// The end that this is. A question that was [possibly
    /// sent](Self::possibly_sent) isn't over: go on looking for its answer.
    #[must_use]
    pub const fn failure(&self) -> Failure {
        if self.possibly_sent {
            return Failure::OutcomeUnknown;
        }
        match &self.kind {
            AskErrorKind::AskedBefore | AskErrorKind::NoRandomness | AskErrorKind::TooMany => {
                Failure::Internal
            }
            AskErrorKind::Message(error) => error.failure(),
            AskErrorKind::OtherWorld => Failure::Misconfigured,
            AskErrorKind::NameTaken | AskErrorKind::Folder(_) => Failure::FolderUnavailable,
            AskErrorKind::Journal(error) => error.failure(),
        }
    }
}

impl QuestionError {
    /// The end that this is.
    #[must_use]
    pub const fn failure(&self) -> Failure {
        match self {
            Self::Unknown => Failure::Internal,
            Self::NoAnswer | Self::Gone => Failure::OutcomeUnknown,
            Self::Conflict => Failure::PersonUnclear,
            Self::Locked(_) => Failure::FolderUnavailable,
            Self::Journal(error) => error.failure(),
        }
    }
}

impl FolderError {
    /// The end that this is.
    #[must_use]
    pub const fn failure(&self) -> Failure {
        match self {
            Self::Folder { .. } | Self::TooFull { .. } => Failure::FolderUnavailable,
            Self::OtherWorld { .. } | Self::SameFolder { .. } => Failure::Misconfigured,
            Self::Journal(error) => error.failure(),
        }
    }
}

impl JournalError {
    /// The end that this is.
    #[must_use]
    pub const fn failure(&self) -> Failure {
        match self {
            Self::InUse | Self::OtherOwner => Failure::Misconfigured,
            Self::Damaged { .. } | Self::NotAJournal | Self::Io(_) | Self::Broken => {
                Failure::FolderUnavailable
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;
    use crate::eligibility::folders::{ExchangeFolders, FaceFolder};
    use crate::eligibility::message::ArchiveError;

    #[test]
    fn every_end_but_an_answer_is_a_failure() {
        let ended = |trouble| Progress::TimedOut {
            trouble,
            late: false,
        };
        let encrypted = ArchiveError::Encrypted { prefix: "OQSmuquc" };
        for (progress, failure) in [
            (Progress::Answered { settled: false }, None),
            (
                Progress::NotSent { late: false },
                Some(Failure::FolderUnavailable),
            ),
            (
                Progress::Rejected { settled: true },
                Some(Failure::QuestionRejected),
            ),
            (
                Progress::GivenUp { late: true },
                Some(Failure::OutcomeUnknown),
            ),
            (
                Progress::Conflict { settled: false },
                Some(Failure::PersonUnclear),
            ),
            (ended(None), Some(Failure::TimedOut)),
            (ended(Some(Trouble::Changing)), Some(Failure::TimedOut)),
            (
                ended(Some(Trouble::NotTaken)),
                Some(Failure::ConnectorNotRunning),
            ),
            (
                ended(Some(Trouble::Processing)),
                Some(Failure::StillProcessing),
            ),
            (
                ended(Some(Trouble::OtherIdentifier)),
                Some(Failure::PersonUnclear),
            ),
            (
                ended(Some(Trouble::Archive(encrypted))),
                Some(Failure::Misconfigured),
            ),
            (
                ended(Some(Trouble::Archive(ArchiveError::Bomb))),
                Some(Failure::AbnormalAnswer),
            ),
            (
                ended(Some(Trouble::Unclosed)),
                Some(Failure::AbnormalAnswer),
            ),
            (
                ended(Some(Trouble::Locked(ErrorKind::PermissionDenied))),
                Some(Failure::FolderUnavailable),
            ),
        ] {
            assert_eq!(progress.failure(), failure, "{progress:?}");
        }
    }

    #[test]
    fn a_question_that_may_be_under_way_is_not_called_rejected() {
        let error = |possibly_sent, kind| AskError {
            id: crate::eligibility::folders::QuestionId::generate().unwrap(),
            possibly_sent,
            kind,
        };
        let folder = || AskErrorKind::Folder(ErrorKind::NotFound);
        assert_eq!(error(true, folder()).failure(), Failure::OutcomeUnknown);
        assert_eq!(error(false, folder()).failure(), Failure::FolderUnavailable);
        let in_use = AskErrorKind::Journal(JournalError::InUse);
        assert_eq!(error(false, in_use).failure(), Failure::Misconfigured);
    }

    #[test]
    fn folders_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<ExchangeFolders>();
        shared::<FaceFolder>();
    }
}
