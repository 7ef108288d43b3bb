use encoding_rs::EncoderResult;

use super::charset::{PROBE, misread};
use super::{Charset, TextError, TextErrorKind};

/// What the encoder would turn into `\`, `~` and `－`: yen sign, overline, minus sign.
const TURNED: [char; 3] = ['\u{A5}', '\u{203E}', '\u{2212}'];

/// Encodes without loss: what is written is read back as the same text, or it
/// isn't written.
///
/// Common characters that CP932 lacks although it has their look-alikes: `〜`
/// (U+301C, it has U+FF5E), `−` (U+2212, it has U+FF0D), `—` (U+2014, it has
/// U+2015), `‖` (U+2016, it has U+2225), `¥` (U+00A5, it has U+FFE5).
///
/// ```
/// use uketsuke::eligibility::text::{Charset, encode};
///
/// assert_eq!(encode("ﾊﾅｺ", Charset::ShiftJis)?, [0xCA, 0xC5, 0xBA]);
/// assert_eq!(encode("髙", Charset::ShiftJis)?, [0xFB, 0xFC]);
/// assert_eq!(encode("1〜2", Charset::ShiftJis).unwrap_err().at, 1);
/// # Ok::<(), uketsuke::eligibility::text::TextError>(())
/// ```
///
/// # Errors
/// [`TextErrorKind::Unmappable`], with the offset of the character in `text`.
/// [`TextErrorKind::Misread`]: [`decode`](super::decode) would give another text
/// (hardly ever, if `text` begins with an XML declaration that says `charset`).
pub fn encode(text: &str, charset: Charset) -> Result<Vec<u8>, TextError> {
    let mut bytes = encode_part(text, charset)?;
    let head = bytes.get(..PROBE).unwrap_or(&bytes);
    let whole = bytes.len() < PROBE || bytes.is_ascii();
    match misread(head, whole, charset) {
        None => Ok(bytes),
        Some(at) => {
            zeroize::Zeroize::zeroize(&mut bytes);
            Err(TextErrorKind::Misread.at(at))
        }
    }
}

/// [`encode`] for a part of a file: how the whole is read isn't known.
pub(crate) fn encode_part(text: &str, charset: Charset) -> Result<Vec<u8>, TextError> {
    if charset == Charset::Utf8 {
        return Ok(text.as_bytes().to_vec());
    }
    let (writable, turned) = match text.find(TURNED) {
        Some(at) => (text.get(..at).unwrap_or_default(), Some(at)),
        None => (text, None),
    };
    // No character is longer in CP932 than in UTF-8, so that the bytes never move.
    let mut bytes = Vec::with_capacity(writable.len() + 16);
    let mut encoder = charset.encoding().new_encoder();
    let lacking =
        match encoder.encode_from_utf8_to_vec_without_replacement(writable, &mut bytes, true) {
            (EncoderResult::InputEmpty, _) => turned,
            (EncoderResult::Unmappable(c), read) => Some(read.saturating_sub(c.len_utf8())),
            (EncoderResult::OutputFull, read) => Some(read),
        };
    match lacking {
        None => Ok(bytes),
        Some(at) => {
            zeroize::Zeroize::zeroize(&mut bytes);
            Err(TextErrorKind::Unmappable.at(at))
        }
    }
}
