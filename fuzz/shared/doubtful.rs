//! Text that is right in both encodings.

use uketsuke::eligibility::text::{Charset, decode};

/// Whether a file that was written in Shift_JIS looks like UTF-8. A few rare kanji in a row (隕区悽) are the very bytes of
/// other text in it (見本); the bytes decide then, as documented, and another text is read.
pub fn looks_like_utf8(file: &[u8], written: Charset) -> bool {
    written == Charset::ShiftJis
        && decode(file, usize::MAX)
            .is_ok_and(|text| text.charset() == Charset::Utf8 && !file.is_ascii())
}
