use encoding_rs::DecoderResult;
use zeroize::Zeroizing;

use super::Charset;

/// Whether `head` can be meant as CP932: every byte of it means something, and
/// nothing looks like UTF-8 that is read so.
///
/// UTF-8 does look like something else. Of the three bytes of a kanji the first two
/// are another kanji in CP932 and the third, one time in two, half-width kana, which
/// nobody writes beside kanji without a blank or a tag; many others become private
/// characters (外字), which these files don't hold, or no character at all.
/// What passes is text in pairs of kanji that happen to fit, such as 見本.
pub(super) fn reads_as_shift_jis(head: &[u8], whole: bool) -> bool {
    let mut decoder = Charset::ShiftJis
        .encoding()
        .new_decoder_without_bom_handling();
    let mut room = Zeroizing::new([0_u16; 512]);
    let (mut rest, mut before) = (head, Width::Ascii);
    loop {
        // Where the head ends, a character may be cut: that is no fault.
        let (result, read, written) =
            decoder.decode_to_utf16_without_replacement(rest, &mut *room, whole);
        for unit in room.iter().take(written) {
            let now = match Width::of(*unit) {
                Some(now) => now,
                None => return false,
            };
            if matches!(
                (before, now),
                (Width::Half, Width::Full) | (Width::Full, Width::Half)
            ) {
                return false;
            }
            before = now;
        }
        rest = rest.get(read..).unwrap_or_default();
        match result {
            DecoderResult::InputEmpty => return true,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => return false,
        }
    }
}

#[derive(Clone, Copy)]
enum Width {
    Ascii,
    /// Half-width kana and their punctuation.
    Half,
    /// Kanji, kana, and what else takes two bytes.
    Full,
}

impl Width {
    /// `None` for what no text of these files has: control characters beyond ASCII,
    /// and private ones. CP932 has nothing outside of the first plane.
    const fn of(unit: u16) -> Option<Self> {
        match unit {
            0..0x80 => Some(Self::Ascii),
            0x80..0xA0 | 0xE000..0xF900 => None,
            0xFF61..=0xFF9F => Some(Self::Half),
            _ => Some(Self::Full),
        }
    }
}
