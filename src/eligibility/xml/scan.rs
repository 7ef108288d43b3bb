//! Looking for the bytes that end a name or a text, eight at a time.
//!
//! Names and texts of these messages have ten to thirty bytes, which is too short
//! for a call into a vectorised search to pay.

const ONES: u64 = u64::from_le_bytes([1; 8]);
const HIGHS: u64 = ONES << 7;

/// Offset from `from` on of the first byte that isn't surely inside a name: `>`, or
/// one below `0`, which blanks, quotes and `/` are (and `-` and `.` as well). The
/// length of `bytes` if there is none.
#[inline]
pub(super) fn name_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(eight) = eight(bytes, at) {
        let found = below(eight, b'0') | equal(eight, b'>');
        if found != 0 {
            return at + first(found);
        }
        at += 8;
    }
    let tail = bytes.get(at..).unwrap_or_default();
    let ends = |byte: &u8| *byte < b'0' || *byte == b'>';
    at + tail.iter().position(ends).unwrap_or(tail.len())
}

/// Offset from `from` on of the first `<` or `&`, or the length of `bytes`; and
/// whether all before it are known to be characters of XML: there is no control
/// character, not even a line end, and nothing that begins as U+FFFE does.
#[inline]
pub(super) fn text_end(bytes: &[u8], from: usize) -> (usize, bool) {
    let mut at = from;
    let mut odd = 0;
    while let Some(eight) = eight(bytes, at) {
        let found = equal(eight, b'<') | equal(eight, b'&');
        let strange = below(eight, b' ') | equal(eight, 0xEF);
        if found != 0 {
            // What comes after the end doesn't matter.
            odd |= strange & (found & found.wrapping_neg()).wrapping_sub(1);
            return (at + first(found), odd == 0);
        }
        odd |= strange;
        at += 8;
    }
    let tail = bytes.get(at..).unwrap_or_default();
    let ends = |byte: &u8| matches!(byte, b'<' | b'&');
    let tail = match tail.iter().position(ends) {
        Some(end) => tail.get(..end).unwrap_or_default(),
        None => tail,
    };
    let plain = odd == 0 && tail.iter().all(|byte| *byte >= b' ' && *byte != 0xEF);
    (at + tail.len(), plain)
}

fn eight(bytes: &[u8], at: usize) -> Option<u64> {
    let eight = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*eight))
}

/// The high bit of each byte that is below `bound`, which is at most 128. Above the
/// first such byte there may be more bits.
const fn below(eight: u64, bound: u8) -> u64 {
    eight.wrapping_sub(ONES.wrapping_mul(bound as u64)) & !eight & HIGHS
}

/// The same of each byte that is `byte`.
const fn equal(eight: u64, byte: u8) -> u64 {
    below(eight ^ ONES.wrapping_mul(byte as u64), 1)
}

/// The first byte that has a bit.
const fn first(found: u64) -> usize {
    (found.trailing_zeros() / 8) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plainly(bytes: &[u8], from: usize) -> (usize, (usize, bool)) {
        let find = |ends: &dyn Fn(u8) -> bool| {
            let rest = &bytes[from..];
            from + rest.iter().position(|b| ends(*b)).unwrap_or(rest.len())
        };
        let name = find(&|b| b < 0x30 || b == b'>');
        let text = find(&|b| b == b'<' || b == b'&');
        let plain = bytes[from..text].iter().all(|b| *b >= 0x20 && *b != 0xEF);
        (name, (text, plain))
    }

    /// Every byte at every place of three words, with every byte after it, from
    /// every beginning, among bytes on either side of all bounds.
    #[test]
    fn eight_at_a_time_finds_what_one_at_a_time_does() {
        for around in [b'a', b'0', 0x7F, 0x80, 0xFF, b'=', b'?', b'}', b'1'] {
            for byte in 0..=255 {
                for place in 0..20 {
                    for length in [place + 1, 20, 24] {
                        let mut bytes = vec![around; length.max(place + 1)];
                        bytes[place] = byte;
                        for next in [around, b'<', b'/', b'\n', 0xEF, 0x81, byte.wrapping_add(1)] {
                            if let Some(after) = bytes.get_mut(place + 1) {
                                *after = next;
                            }
                            for from in [0, 1, place] {
                                let expected = plainly(&bytes, from.min(place));
                                let from = from.min(place);
                                assert_eq!(
                                    (name_end(&bytes, from), text_end(&bytes, from)),
                                    expected,
                                    "{bytes:02X?} {from}"
                                );
                            }
                        }
                    }
                }
            }
        }
        assert_eq!(text_end(b"", 0), (0, true));
        assert_eq!(name_end(b"abc", 7), 7);
    }
}
