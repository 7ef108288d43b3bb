//! Hexadecimal digits of bytes.

use std::fmt;

/// In lower case.
pub(crate) fn write(bytes: &[u8], to: &mut dyn fmt::Write) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(to, "{byte:02x}"))
}

/// Exactly as many digits as fill the bytes. What is in them if not is of no use.
pub(crate) fn read(digits: &str, bytes: &mut [u8]) -> Option<()> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if !rest.is_empty() || pairs.len() != bytes.len() {
        return None;
    }
    for (to, [high, low]) in bytes.iter_mut().zip(pairs) {
        let high = char::from(*high).to_digit(16)?;
        let low = char::from(*low).to_digit(16)?;
        *to = u8::try_from(high << 4 | low).ok()?;
    }
    Some(())
}

/// In lower case: one value has one form.
pub(crate) fn read_lower(digits: &str, bytes: &mut [u8]) -> Option<()> {
    let upper = digits.bytes().any(|digit| digit.is_ascii_uppercase());
    (!upper).then(|| read(digits, bytes)).flatten()
}

#[cfg(test)]
mod tests {
    use super::{read, read_lower, write};

    #[test]
    fn every_byte_comes_back_and_nothing_else_is_read() {
        let all: Vec<u8> = (0..=255).collect();
        let mut text = String::new();
        write(&all, &mut text).unwrap();
        let mut back = [0; 256];
        assert_eq!(read_lower(&text, &mut back), Some(()));
        assert_eq!(back, *all);
        let upper = text.to_uppercase();
        back.fill(0);
        assert_eq!(read(&upper, &mut back), Some(()));
        assert_eq!(back, *all);
        assert_eq!(read_lower(&upper, &mut back), None);

        let mut two = [0; 2];
        for wrong in ["", "0", "000", "00000", "+0+1", "0 01", "000g", "ï00", "０"] {
            assert_eq!(read(wrong, &mut two), None, "{wrong}");
        }
    }
}
