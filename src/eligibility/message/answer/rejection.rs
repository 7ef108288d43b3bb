use std::fmt;

use super::super::MessageFile;
use super::super::error::ReadError;
use crate::eligibility::CentreSaid;
use crate::eligibility::Personal;
use crate::eligibility::codes::code_like;
use crate::eligibility::text::{Charset, TextError, TextErrorKind, decode, encode};

/// Why the connector rejected a question: the text of the `.err` file.
///
/// What such a file holds isn't public, so the text is kept as it is, to be shown
/// and read out to the call centre. It may repeat parts of the question: `Debug`
/// hides it.
///
/// ```
/// use uketsuke::eligibility::message::Rejection;
///
/// let rejection = Rejection::parse("E0123\r\n項目が不正です。".as_bytes())?;
/// assert_eq!(rejection.text().reveal(), "E0123\n項目が不正です。");
/// assert_eq!(rejection.code(), Some("E0123"));
/// assert_eq!(format!("{rejection:?}"), "Rejection { code: Some(\"E0123\"), .. }");
/// # Ok::<(), uketsuke::eligibility::message::ReadError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Rejection(Personal);

/// No message for people is longer.
const MOST: usize = 64 * 1024;

impl Rejection {
    /// Of this text, as [`parse`](Self::parse) would keep it.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text = zeroize::Zeroizing::new(text.replace("\r\n", "\n"));
        let shown = text.chars().map(|c| match c {
            '\n' | '\r' => '\n',
            c if c.is_control() => ' ',
            c => c,
        });
        let mut kept = zeroize::Zeroizing::new(String::with_capacity(text.len()));
        kept.extend(shown);
        // What was a control character is a blank at the ends too.
        Self(Personal::new(kept.trim()))
    }

    /// Reads the file. Control characters become blanks, line ends line feeds.
    ///
    /// # Errors
    /// It is longer than 64 KiB, or no text in UTF-8 or Shift_JIS.
    pub fn parse(file: &[u8]) -> Result<Self, ReadError> {
        Ok(Self::new(decode(file, MOST)?.text()))
    }

    /// Writes the file: for simulations, and for tests.
    ///
    /// # Errors
    /// A character that `charset` lacks; what would be read as another text; more
    /// than 64 KiB.
    pub fn write(&self, charset: Charset) -> Result<MessageFile, TextError> {
        let text = zeroize::Zeroizing::new(self.0.reveal().replace('\n', "\r\n"));
        let file = encode(&text, charset).map(MessageFile::new)?;
        if file.as_bytes().len() > MOST {
            return Err(TextErrorKind::TooLong { cap: MOST }.at(MOST));
        }
        Ok(file)
    }

    /// The text; empty if the file was.
    #[must_use]
    pub const fn text(&self) -> &Personal {
        &self.0
    }

    /// What looks like a code at its beginning: letters and digits, with a digit
    /// among them.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        let text = self.0.reveal();
        let ends = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        let first = text.split(ends).next()?;
        let code = code_like(first, 16)?;
        let digits = code.bytes().filter(u8::is_ascii_digit).count();
        // Digits alone that long could be a number of the person.
        let right = digits > 0 && (digits < code.len() || digits < 7);
        right.then_some(code)
    }

    /// As what the centre says elsewhere; `None` for an empty file.
    #[must_use]
    pub fn said(&self) -> Option<CentreSaid> {
        CentreSaid::new(self.code(), Some(self.0.reveal()))
    }
}

impl fmt::Debug for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejection")
            .field("code", &self.code())
            .finish_non_exhaustive()
    }
}
