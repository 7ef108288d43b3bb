//! Text of exchanged files: which of two encodings it is in, decoding and
//! encoding without loss, and forms in which texts of different programs compare.
//!
//! Connector and clinic software write UTF-8 or Shift_JIS, and the declaration
//! is not always right. What is Shift_JIS by name is CP932 in fact (Windows-31J:
//! JIS X 0208 with the extensions of NEC and IBM).
//!
//! # Which encoding it is
//!
//! A UTF-8 byte order mark decides. Then the bytes do, as CP932 is nearly always
//! ill-formed UTF-8 and the other way round, and so a wrong declaration does no harm.
//! Nearly: 隕区悽 in CP932 are the very bytes of 見本 in UTF-8. So the declaration
//! decides where the bytes are right in the encoding that it names, unless what comes
//! out is what UTF-8 looks like when it is read as CP932 (half-width kana beside
//! kanji, private characters). A file in UTF-8 that says Shift_JIS, and of which all
//! Japanese is a few words such as 見本, is read wrongly then; nobody could tell.
//! Where nothing is declared, what is right in UTF-8 is UTF-8.
//!
//! [`encode`] and all writers of messages refuse what would be read as another text
//! ([`TextErrorKind::Misread`]); in UTF-8 it can always be written.
//!
//! - [`decode`] finds out the encoding and decodes a whole file.
//! - [`encode`] writes, and says where a character can't be written.
//! - [`comparison_form`] and [`kana_form`] make texts comparable.
//!
//! ```
//! use uketsuke::eligibility::text::{Charset, TextErrorKind, decode, encode};
//!
//! let file = encode("<Name>見本　花子</Name>", Charset::ShiftJis)?;
//! let decoded = decode(&file, 1000)?;
//! assert_eq!(decoded.charset(), Charset::ShiftJis);
//! assert_eq!(decoded.text(), "<Name>見本　花子</Name>");
//!
//! // CP932 lacks 𠮷, the other form of 吉: that is an error at its place, never a `?`.
//! let refused = encode("𠮷野", Charset::ShiftJis).unwrap_err();
//! assert_eq!((refused.kind, refused.at), (TextErrorKind::Unmappable, 0));
//! # Ok::<(), uketsuke::eligibility::text::TextError>(())
//! ```

mod charset;
mod compare;
mod decode;
mod encode;
mod error;
mod plausible;
mod stream;

pub use charset::Charset;
pub(crate) use charset::{PROBE, misread};
pub use compare::{comparison_form, kana_form};
pub use decode::{Decoded, decode};
pub use encode::encode;
pub(crate) use encode::encode_part;
pub use error::{TextError, TextErrorKind};
pub(crate) use stream::{Decoding, DecodingError};

#[cfg(test)]
mod tests;
