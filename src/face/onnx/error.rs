use thiserror::Error;

use super::{decode::OutputError, spec::SpecError};

/// A model that can't be used. The first error that is found; nothing is kept of the
/// file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OnnxError {
    /// The description can't be used.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The file is larger than [`MAX_MODEL`](super::MAX_MODEL).
    #[error("the model has {bytes} bytes, more than {}", super::MAX_MODEL)]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// It isn't the file that the description names. Found before anything else of the
    /// file is looked at.
    #[error(
        "the model's SHA-256 is not the one in its description; take the file that belongs to it"
    )]
    Digest,
    /// The runtime can't read it: no ONNX file, broken, with data in other files, or
    /// with an operator that the runtime doesn't have.
    #[error("the model can't be read: {reason}")]
    Unreadable {
        /// What the runtime says.
        reason: String,
    },
    /// It has no such input or output.
    #[error("the model has no {what} called {name:?}, which its description names")]
    NoSuch {
        /// "input" or "output".
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A limit for frames is no number from 0 to 1,000,000.
    #[error("the limit {name} for frames must be 0 to 1000000")]
    Limit {
        /// Which of [`FrameLimits`](super::FrameLimits).
        name: &'static str,
    },
    /// It can't be run with what the description says.
    #[error("the model can't be run as described: {reason}")]
    Run {
        /// What the runtime says.
        reason: String,
    },
    /// What comes out is not what the description says.
    #[error("the model's output {name:?} is not as described: {problem}")]
    Output {
        /// The output.
        name: String,
        /// What is wrong.
        problem: OutputError,
    },
}

/// The beginning of what somebody else's code says, without control characters: it may
/// quote a file.
pub(super) fn reason(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let shown = text.chars().take(300);
    shown
        .map(|c| if c.is_control() { '?' } else { c })
        .collect()
}
