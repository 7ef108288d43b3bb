use std::borrow::Cow;
use std::io::ErrorKind;

use thiserror::Error;

use super::super::codes::code_like;
use super::super::text::{DecodingError, TextError};
use super::super::xml::{WriteError, WriteProblem, XmlError};

/// A message can't be written: which element, whose, and why.
///
/// Nothing of the element's text is in it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{element}{}: {problem}", of(*.item))]
pub struct MessageError {
    /// Name of the element; `(..)` if it doesn't look like one.
    pub element: Cow<'static, str>,
    /// Which person of a message about many, counted from 0.
    pub item: usize,
    /// What is wrong.
    pub problem: FieldProblem,
}

/// What is wrong with the text of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum FieldProblem {
    /// There is none, but there has to be.
    #[error("is missing")]
    Missing,
    /// Not so many digits, or something else than ASCII digits.
    #[error("is not {least} to {most} digits")]
    NotDigits {
        /// At least so many.
        least: usize,
        /// At most so many.
        most: usize,
    },
    /// Longer than allowed.
    #[error("is longer than {most} characters")]
    TooLong {
        /// How many characters are allowed.
        most: usize,
    },
    /// Blanks, control characters or other than ASCII, or too long.
    #[error("is not 1 to {most} printable ASCII characters without blanks")]
    NotPrintable {
        /// How many characters are allowed.
        most: usize,
    },
    /// A control character, such as a line end, in a text of one line.
    #[error("has a control character in it")]
    ControlCharacter,
    /// Twelve digits and nothing else: that could be somebody's 個人番号 (My
    /// Number), which eligibility never uses and nobody may collect here.
    #[error("could be a My Number, which must not be sent: 12 digits and nothing else")]
    MaybeMyNumber,
    /// The last day or month is before the first.
    #[error("ends before it begins")]
    EndsBeforeItBegins,
    /// A day or month that four digits of a year can't say, or a code that isn't
    /// known to be one.
    #[error("is not a value that can be written")]
    Unwritable,
    /// It can't be written in the encoding that was asked for.
    #[error(transparent)]
    Text(#[from] TextError),
}

/// The first person, or the only one, goes without saying.
fn of(item: usize) -> String {
    match item {
        0 => String::new(),
        item => format!(" of person {item} (counted from 0)"),
    }
}

impl FieldProblem {
    pub(crate) const fn of(self, element: &'static str) -> MessageError {
        MessageError {
            element: Cow::Borrowed(element),
            item: 0,
            problem: self,
        }
    }
}

impl From<WriteError> for MessageError {
    fn from(error: WriteError) -> Self {
        // The name of an unread element is somebody else's text.
        let element = match code_like(&error.element, 64) {
            Some(_) => Cow::Owned(error.element),
            None => Cow::Borrowed("(..)"),
        };
        Self {
            element,
            item: error.item,
            problem: match error.problem {
                WriteProblem::Name | WriteProblem::Value => FieldProblem::Unwritable,
                WriteProblem::Text(error) => FieldProblem::Text(error),
            },
        }
    }
}

/// A file isn't the message that it should be: why, and where.
///
/// Nothing of the file's text is in it. A file that is still being written fails
/// with [`is_cut_off`](Self::is_cut_off).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Its bytes are no text.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Its text is no XML of this kind.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// Reading the file failed.
    #[error("reading failed: {0}")]
    Io(ErrorKind),
    /// Another element where this one should be.
    #[error("something else than {expected} (at byte {at} of the text)")]
    Unexpected {
        /// Name of the element that should be there.
        expected: &'static str,
        /// Offset in bytes of the decoded text.
        at: usize,
    },
    /// An element that must be there isn't.
    #[error("{element} is missing (in what ends at byte {at} of the text)")]
    Missing {
        /// Its name.
        element: &'static str,
        /// Offset in bytes of the decoded text.
        at: usize,
    },
    /// An element is there twice, and only one of them can be meant.
    #[error("{element} is repeated (at byte {at} of the text)")]
    Repeated {
        /// Its name.
        element: &'static str,
        /// Offset in bytes of the decoded text.
        at: usize,
    },
    /// The text of an element isn't what it has to be.
    #[error("{element} {problem} (in what ends at byte {at} of the text)")]
    Value {
        /// Its name.
        element: &'static str,
        /// What is wrong with it.
        problem: FieldProblem,
        /// Offset in bytes of the decoded text.
        at: usize,
    },
}

impl ReadError {
    /// For a value that can't be what the element has to hold.
    pub(crate) fn value(error: MessageError, at: usize) -> Self {
        Self::Value {
            element: match error.element {
                Cow::Borrowed(element) => element,
                Cow::Owned(_) => "MessageBody",
            },
            problem: error.problem,
            at,
        }
    }

    /// Whether the file ends too early: it may still be being written, and reading
    /// it again later may do.
    #[must_use]
    pub const fn is_cut_off(&self) -> bool {
        use super::super::text::TextErrorKind;
        use super::super::xml::XmlErrorKind;
        match self {
            Self::Text(error) => matches!(error.kind, TextErrorKind::Malformed(_)),
            Self::Xml(error) => matches!(error.kind, XmlErrorKind::Unclosed | XmlErrorKind::Empty),
            _ => false,
        }
    }
}

impl From<DecodingError> for ReadError {
    fn from(error: DecodingError) -> Self {
        match error {
            DecodingError::Io(kind) => Self::Io(kind),
            DecodingError::Text(error) => Self::Text(error),
            DecodingError::Xml(error) => Self::Xml(error),
        }
    }
}
