use thiserror::Error;

use super::Charset;

/// A text couldn't be decoded or encoded: what is wrong, and where.
///
/// Nothing of the text is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[error("{kind} (at byte {at})")]
pub struct TextError {
    /// What is wrong.
    pub kind: TextErrorKind,
    /// Offset in bytes: of the file when decoding, of the UTF-8 text when encoding.
    pub at: usize,
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum TextErrorKind {
    /// More bytes than the caller allows.
    #[error("longer than the {cap} bytes allowed")]
    TooLong {
        /// How many are allowed.
        cap: usize,
    },
    /// These bytes mean nothing in the encoding of the text. The file is damaged,
    /// not yet complete, or in a third encoding.
    #[error("bytes that {0} doesn't have: damaged, cut off, or another encoding")]
    Malformed(Charset),
    /// The declaration or the byte order mark names an encoding other than UTF-8
    /// and Shift_JIS.
    #[error("declared in an encoding other than UTF-8 and Shift_JIS")]
    UnknownEncoding,
    /// CP932 has no such character, or would give back another one. Write UTF-8,
    /// or replace the character by one that the person agrees to.
    #[error("a character that Shift_JIS (CP932) lacks: write UTF-8, or replace it")]
    Unmappable,
    /// Whoever reads what would be written takes it for another text, as its bytes
    /// are right in UTF-8 too, or its beginning names another encoding. `at` is the
    /// first character that isn't ASCII. Write UTF-8, declared as such.
    #[error("would be read as another text, in another encoding: write UTF-8, and declare it")]
    Misread,
    /// XML can't hold this control character.
    #[error("a control character, which XML can't hold")]
    ControlCharacter,
}

impl TextErrorKind {
    pub(crate) const fn at(self, at: usize) -> TextError {
        TextError { kind: self, at }
    }
}
