//! Writing data objects with the tags of this card, which a strict DER library can't write.

/// How a length is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LengthForm {
    /// In as few bytes as possible.
    Shortest,
    /// As `82 LLLL` whatever the value, as real card faces are reported to contain.
    TwoBytes,
}

/// One data object. The tag is written as its bytes are: one byte if the upper is zero.
pub(super) fn tlv(tag: u16, form: LengthForm, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len().saturating_add(5));
    match tag.to_be_bytes() {
        [0, low] => out.push(low),
        [high, low] => out.extend_from_slice(&[high, low]),
    }
    // Everything on this card is far below 64 KiB; a longer value would be cut rather than mis-framed.
    let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
    match (u8::try_from(length), form) {
        (Ok(short), LengthForm::Shortest) if short < 0x80 => out.push(short),
        (Ok(short), LengthForm::Shortest) => out.extend_from_slice(&[0x81, short]),
        _ => {
            out.push(0x82);
            out.extend_from_slice(&length.to_be_bytes());
        }
    }
    out.extend(value.iter().take(usize::from(length)));
    out
}
