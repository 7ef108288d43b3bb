use std::fmt;

use encoding_rs::DecoderResult;
use zeroize::Zeroizing;

use super::charset::detect_in;
use super::{Charset, TextError, TextErrorKind};

/// A decoded file. What had to be copied is wiped when dropped; `Debug` shows
/// the encoding and the length.
pub struct Decoded<'a> {
    text: Text<'a>,
    charset: Charset,
}

enum Text<'a> {
    AsItIs(&'a str),
    Copied(Zeroizing<String>),
}

impl Decoded<'_> {
    /// The text, without byte order mark.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.text {
            Text::AsItIs(text) => text,
            Text::Copied(text) => text,
        }
    }

    /// The encoding that the bytes were in, whatever was declared.
    #[must_use]
    pub const fn charset(&self) -> Charset {
        self.charset
    }
}

impl fmt::Debug for Decoded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoded")
            .field("charset", &self.charset)
            .field("bytes", &self.text().len())
            .finish_non_exhaustive()
    }
}

/// Decodes a file of at most `cap` bytes.
///
/// A UTF-8 byte order mark decides. Then the bytes decide: three-byte sequences
/// of UTF-8 against bytes that UTF-8 doesn't have, counted in the first 64 KiB.
/// Where they say nothing, or these 64 KiB are good text in the declared Shift_JIS,
/// the XML declaration does, and without one it is UTF-8. So a declaration that lies
/// hardly ever does harm ([how far](super#which-encoding-it-is)), and a damaged
/// file is an error rather than another text.
///
/// ```
/// use uketsuke::eligibility::text::{Charset, TextErrorKind, decode};
///
/// let lies = r#"<?xml version="1.0" encoding="Shift_JIS"?><Name>花子</Name>"#;
/// assert_eq!(decode(lies.as_bytes(), 100)?.charset(), Charset::Utf8);
///
/// let cut = &"花子花".as_bytes()[..8];
/// let refused = decode(cut, 100).unwrap_err();
/// assert_eq!(refused.kind, TextErrorKind::Malformed(Charset::Utf8));
/// assert_eq!(refused.at, 6);
/// # Ok::<(), uketsuke::eligibility::text::TextError>(())
/// ```
///
/// # Errors
/// [`TextErrorKind::TooLong`], [`TextErrorKind::UnknownEncoding`],
/// [`TextErrorKind::Malformed`] with the place in the file.
pub fn decode(bytes: &[u8], cap: usize) -> Result<Decoded<'_>, TextError> {
    if bytes.len() > cap {
        return Err(TextErrorKind::TooLong { cap }.at(cap));
    }
    let found = detect_in(bytes).ok_or(TextErrorKind::UnknownEncoding.at(0))?;
    let rest = bytes.get(found.mark..).unwrap_or_default();
    let malformed = |at| TextErrorKind::Malformed(found.charset).at(found.mark + at);
    let text = match found.charset {
        Charset::Utf8 => {
            Text::AsItIs(std::str::from_utf8(rest).map_err(|error| malformed(error.valid_up_to()))?)
        }
        Charset::ShiftJis if rest.is_ascii() => {
            Text::AsItIs(std::str::from_utf8(rest).map_err(|error| malformed(error.valid_up_to()))?)
        }
        Charset::ShiftJis => Text::Copied(decode_shift_jis(rest).map_err(malformed)?),
    };
    Ok(Decoded {
        text,
        charset: found.charset,
    })
}

/// The error is the offset of the bytes that mean nothing.
fn decode_shift_jis(bytes: &[u8]) -> Result<Zeroizing<String>, usize> {
    let mut decoder = Charset::ShiftJis
        .encoding()
        .new_decoder_without_bom_handling();
    // Once and enough: a growing string would leave copies that aren't wiped.
    let most = decoder
        .max_utf8_buffer_length_without_replacement(bytes.len())
        .unwrap_or(usize::MAX / 4);
    let mut text = Zeroizing::new(String::with_capacity(most));
    match decoder.decode_to_string_without_replacement(bytes, &mut text, true) {
        (DecoderResult::InputEmpty, _) => Ok(text),
        (DecoderResult::Malformed(bad, after), read) => {
            Err(read.saturating_sub(usize::from(bad) + usize::from(after)))
        }
        (DecoderResult::OutputFull, read) => Err(read),
    }
}
