//! Writing DER by hand: a request is four levels of SEQUENCE, no more.

/// One element: tag, minimal length, and the parts one after another.
pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let len: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(len + 6);
    out.push(tag);
    match u8::try_from(len) {
        Ok(short @ ..=0x7f) => out.push(short),
        _ => {
            let bytes = len.to_be_bytes();
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            let bytes = bytes.get(zeros..).unwrap_or_default();
            // At most eight.
            out.push(0x80 | u8::try_from(bytes.len()).unwrap_or_default());
            out.extend_from_slice(bytes);
        }
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// Value of the INTEGER that is `bytes` as an unsigned number.
pub(crate) fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let bytes = bytes.get(zeros..).unwrap_or_default();
    let mut out = Vec::with_capacity(bytes.len() + 1);
    if bytes.first().is_none_or(|byte| *byte >= 0x80) {
        out.push(0);
    }
    out.extend_from_slice(bytes);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_numbers_are_minimal() {
        for (len, header) in [
            (0, &[4, 0][..]),
            (127, &[4, 127]),
            (128, &[4, 0x81, 128]),
            (256, &[4, 0x82, 1, 0]),
            (65_536, &[4, 0x83, 1, 0, 0]),
        ] {
            let value = vec![7; len];
            assert_eq!(element(4, &[&value]), [header, &value].concat());
        }
        for (number, value) in [
            (&[][..], &[0][..]),
            (&[0, 0], &[0]),
            (&[0, 0x7f], &[0x7f]),
            (&[0x80], &[0, 0x80]),
        ] {
            assert_eq!(unsigned(number), value);
        }
    }
}
