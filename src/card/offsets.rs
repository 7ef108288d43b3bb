//! The offset table of the card face (EF 0002): where the photo is.

use super::file::{At, Reading};
use super::{Card, CardError};
use crate::tlv::{Header, Tag, TlvError, TlvErrorKind};
use crate::transport::Transport;

/// DF27, the photo.
pub(super) const PHOTO_TAG: u32 = 0xDF27;

const FACE_TAG: u32 = 0xFF20;
const TABLE_TAG: u32 = 0xDF21;

/// Short identifier of EF 0002.
const FACE_FILE: u8 = 0x02;

/// `FF20 82 LLLL DF21 12` and nine offsets, as publicly reported.
const TABLE_LEN: usize = 26;

/// More than any form of that head with its table takes.
const HEAD_MAX: usize = 96;

const TABLE: &str = "the offset table (券面事項確認AP)";

/// Offsets from the first byte of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offsets {
    /// Of DF27.
    pub(super) photo: usize,
    /// Of what comes after it.
    pub(super) after: usize,
}

impl<T: Transport> Card<T> {
    /// Reads the table: one exchange, or one more where its head is longer
    /// than the reported one.
    pub(super) fn read_offsets(&mut self) -> Result<Offsets, CardError> {
        let mut reading = Reading::new(TABLE, 0, HEAD_MAX);
        self.read_short(&mut reading, At::File(FACE_FILE), TABLE_LEN)?;
        loop {
            match parse(reading.bytes())? {
                Parsed::Complete(offsets) => return Ok(offsets),
                Parsed::Missing(bytes) => self.read_more(&mut reading, bytes)?,
            }
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Parsed {
    Complete(Offsets),
    /// At least one.
    Missing(usize),
}

fn parse(file: &[u8]) -> Result<Parsed, CardError> {
    let face = match header(file, 0, FACE_TAG)? {
        Ok(header) => header,
        Err(missing) => return Ok(missing),
    };
    let table = match header(file, face.header_len, TABLE_TAG)? {
        Ok(header) => header,
        Err(missing) => return Ok(missing),
    };
    if table.value_len < 14 || table.value_len > 64 || table.value_len % 2 != 0 {
        return Err(malformed("the table has a length that it can't have"));
    }
    let start = face.header_len.saturating_add(table.header_len);
    let end = start.saturating_add(table.value_len);
    let Some(value) = file.get(start..end) else {
        return match end <= HEAD_MAX {
            true => Ok(Parsed::Missing(end.saturating_sub(file.len()))),
            false => Err(malformed("the table is too long")),
        };
    };
    offsets(value, end, face.total_len()).map(Parsed::Complete)
}

/// Checks all of the table: each offset behind the one before it, all behind
/// the table and inside the file.
fn offsets(value: &[u8], first: usize, file_len: usize) -> Result<Offsets, CardError> {
    let mut before: Option<usize> = None;
    let mut photo = None;
    let mut after = None;
    let (entries, _) = value.as_chunks::<2>();
    for (index, entry) in entries.iter().enumerate() {
        let offset = usize::from(u16::from_be_bytes(*entry));
        let in_order = match before {
            None => offset >= first,
            Some(before) => offset > before,
        };
        if !in_order {
            return Err(malformed("its offsets are not in order"));
        }
        if offset >= file_len {
            return Err(malformed("an offset lies behind the end of the file"));
        }
        match index {
            5 => photo = Some(offset),
            6 => after = Some(offset),
            _ => {}
        }
        before = Some(offset);
    }
    match (photo, after) {
        (Some(photo), Some(after)) => Ok(Offsets { photo, after }),
        _ => Err(malformed("it does not say where the photo is")),
    }
}

/// A header at `at`, which must be `tag`; or how many bytes are missing.
fn header(file: &[u8], at: usize, tag: u32) -> Result<Result<Header, Parsed>, CardError> {
    let rest = file.get(at..).unwrap_or_default();
    match Header::parse(rest) {
        Ok(header) if header.tag == Tag::new(tag) => Ok(Ok(header)),
        Ok(header) => Err(tlv(
            at,
            TlvErrorKind::UnexpectedTag {
                expected: Tag::new(tag),
                found: header.tag,
            },
        )),
        // Two of tag and at most five of length.
        Err(error) => match error.kind {
            TlvErrorKind::Truncated { missing } if rest.len() < 7 => {
                Ok(Err(Parsed::Missing(missing.clamp(1, 7))))
            }
            kind => Err(tlv(at.saturating_add(error.position), kind)),
        },
    }
}

fn tlv(position: usize, kind: TlvErrorKind) -> CardError {
    CardError::Tlv {
        what: TABLE,
        source: TlvError { position, kind },
    }
}

const fn malformed(why: &'static str) -> CardError {
    CardError::Malformed { what: TABLE, why }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The table of a test card, as publicly reported.
    const REPORTED: [u16; 9] = [
        0x001A, 0x0025, 0x0029, 0x0137, 0x01E5, 0x033E, 0x0A81, 0x0B86, 0x0B91,
    ];

    fn file(head: &[u8], table_head: &[u8], offsets: &[u16]) -> Vec<u8> {
        let mut file = [head, table_head].concat();
        file.extend(offsets.iter().flat_map(|offset| offset.to_be_bytes()));
        file
    }

    #[test]
    fn the_reported_table() {
        let file = file(
            &[0xFF, 0x20, 0x82, 0x0B, 0xF9],
            &[0xDF, 0x21, 0x12],
            &REPORTED,
        );
        assert_eq!(file.len(), TABLE_LEN);
        let expected = Offsets {
            photo: 0x033E,
            after: 0x0A81,
        };
        assert_eq!(parse(&file), Ok(Parsed::Complete(expected)));
        for len in 0..file.len() {
            assert!(
                matches!(parse(&file[..len]), Ok(Parsed::Missing(n)) if n >= 1 && n <= file.len() - len),
                "cut at {len}"
            );
        }
    }

    #[test]
    fn other_forms_of_length() {
        let shifted: Vec<u16> = REPORTED.iter().map(|offset| offset + 2).collect();
        let file = file(
            &[0xFF, 0x20, 0x83, 0x00, 0x0B, 0xF9],
            &[0xDF, 0x21, 0x81, 0x12],
            &shifted,
        );
        let expected = Offsets {
            photo: 0x0340,
            after: 0x0A83,
        };
        assert_eq!(parse(&file), Ok(Parsed::Complete(expected)));
        assert_eq!(parse(&file[..26]), Ok(Parsed::Missing(2)));
    }

    #[test]
    fn refuses_what_is_not_a_table() {
        let head = &[0xFF, 0x20, 0x82, 0x0B, 0xF9];
        let table = &[0xDF, 0x21, 0x12];
        let mut early = REPORTED;
        early[0] = 25;
        let mut backwards = REPORTED;
        backwards.swap(5, 6);
        let mut behind = REPORTED;
        behind[8] = 0x0BFE;
        for offsets in [early, backwards, behind, [0xFFFF; 9], [0; 9]] {
            assert!(parse(&file(head, table, &offsets)).is_err(), "{offsets:x?}");
        }
        assert!(parse(&file(head, &[0xDF, 0x22, 0x12], &REPORTED)).is_err());
        assert!(parse(&file(head, &[0xDF, 0x21, 0x11], &REPORTED)).is_err());
        assert!(parse(&file(head, &[0xDF, 0x21, 0x0C], &REPORTED)).is_err());
        assert!(parse(&[0xFF; 26]).is_err());
    }

    proptest! {
        #[test]
        fn anything_is_answered_within_bounds(
            bytes in proptest::collection::vec(any::<u8>(), 0..100),
            headed in any::<bool>(),
        ) {
            let mut input = if headed { vec![0xFF, 0x20, 0x82, 0x40, 0x00, 0xDF, 0x21, 0x12] } else { vec![] };
            input.extend(bytes);
            match parse(&input) {
                Ok(Parsed::Complete(Offsets { photo, after })) => prop_assert!(photo < after),
                Ok(Parsed::Missing(n)) => prop_assert!((1..=HEAD_MAX).contains(&n)),
                Err(_) => {}
            }
        }
    }
}
