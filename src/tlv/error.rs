//! What is wrong, and where.

use thiserror::Error;

use super::Tag;

/// What is wrong, and at which byte. Carries tags and numbers only, no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("at byte {position}: {kind}")]
pub struct TlvError {
    /// From the first byte of the outermost input.
    pub position: usize,
    /// What is wrong there.
    pub kind: TlvErrorKind,
}

impl TlvError {
    pub(super) const fn new(position: usize, kind: TlvErrorKind) -> Self {
        Self { position, kind }
    }
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TlvErrorKind {
    /// The input ends inside an element. The position is the end of the input.
    #[error("the input ends, at least {missing} more bytes were expected")]
    Truncated {
        /// Bytes missing at least.
        missing: usize,
    },
    /// A tag of more than four bytes.
    #[error("a tag longer than 4 bytes")]
    TagTooLong,
    /// A length field that isn't supported: indefinite (`80`), more than four bytes (`85` to `FE`) or reserved (`FF`).
    #[error("a length field that begins with {first:02X} is not supported")]
    BadLength {
        /// First byte of the length field.
        first: u8,
    },
    /// Another tag than the expected one.
    #[error("tag {found:?} where {expected:?} was expected")]
    UnexpectedTag {
        /// Asked for.
        expected: Tag,
        /// There.
        found: Tag,
    },
    /// The end where an element was expected.
    #[error("tag {expected:?} is missing")]
    Missing {
        /// Asked for.
        expected: Tag,
    },
    /// A primitive element was asked for its children.
    #[error("a primitive element has no children")]
    NotConstructed,
    /// The children would be below the eighth level.
    #[error("more than 8 levels")]
    TooDeep,
    /// Bytes after the last element that was expected.
    #[error("{count} bytes after the end")]
    TrailingBytes {
        /// How many.
        count: usize,
    },
}
