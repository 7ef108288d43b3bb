//! The offset table of the card face (EF 0002): where each element is.

use std::ops::Range;

use super::file::{At, Reading};
use super::{Card, CardError};
use crate::tlv::{Header, Tag, TlvError, TlvErrorKind};
use crate::transport::Transport;

/// FF20, the card face.
pub(super) const FACE_TAG: u32 = 0xFF20;
/// DF21, the table.
pub(super) const TABLE_TAG: u32 = 0xDF21;

/// `FF20 82 LLLL DF21 12` and nine offsets, as publicly reported.
const TABLE_LEN: usize = 26;

/// The same and DF22 to DF24, which follow it: 11, 4 and 270 bytes. No face
/// with a key of this size is shorter before its name, whatever form its lengths
/// have.
const TABLE_AND_RECORD: usize = 311;

/// More than any form of that head with its table takes.
const HEAD_MAX: usize = 96;

/// More than any form of DF22 to DF24.
const RECORD_MAX: usize = 512;

/// Entries that a table of at most 64 bytes has.
const ENTRIES: usize = 32;

const TABLE: &str = "the offset table (券面事項確認AP)";

/// An element of the card face, in their order; its number is its place in the
/// table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// DF22.
    BirthDate = 0,
    /// DF24.
    Key = 2,
    /// DF25.
    Name = 3,
    /// DF26.
    Address = 4,
    /// DF27.
    Photo = 5,
    /// DF28.
    Signature = 6,
    /// DF29.
    Expiry = 7,
    /// DF2A.
    SecurityCode = 8,
}

/// Offsets from the first byte of the file, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offsets {
    at: [usize; ENTRIES],
    count: usize,
    /// Of the file's end.
    end: usize,
}

impl Offsets {
    /// From the first byte of one element to the last of another.
    pub(super) fn range(&self, first: Part, last: Part) -> Result<Range<usize>, CardError> {
        let at = |index: usize| match index < self.count {
            true => self.at.get(index).copied(),
            false => (index == self.count).then_some(self.end),
        };
        match (at(first as usize), at(last as usize + 1)) {
            (Some(start), Some(end)) if start < end => Ok(start..end),
            _ => Err(malformed("it does not say where this is")),
        }
    }
}

impl<T: Transport> Card<T> {
    /// Reads the table alone: one exchange, or one more where its head is
    /// longer than the reported one.
    pub(super) fn read_offsets(&mut self) -> Result<Offsets, CardError> {
        let mut reading = Reading::new(TABLE, 0, HEAD_MAX);
        let short = self.map.face.face.short();
        self.read_short(&mut reading, At::File(short), TABLE_LEN)?;
        self.offsets(&mut reading)
    }

    /// Reads the table and DF22 to DF24, which follow it: one exchange with
    /// extended length, two without. The buffer begins with the file.
    pub(super) fn read_record(&mut self) -> Result<(Offsets, Reading), CardError> {
        let mut reading = Reading::new(TABLE, 0, HEAD_MAX + RECORD_MAX);
        let short = self.map.face.face.short();
        self.read_first(&mut reading, short, TABLE_AND_RECORD)?;
        let offsets = self.offsets(&mut reading)?;
        let record = offsets.range(Part::BirthDate, Part::Key)?;
        self.read_to(&mut reading, record.end, &mut |_| ())?;
        Ok((offsets, reading))
    }

    fn offsets(&mut self, reading: &mut Reading) -> Result<Offsets, CardError> {
        loop {
            match parse(reading.bytes())? {
                Parsed::Complete(offsets) => return Ok(offsets),
                Parsed::Missing(bytes) => self.read_more(reading, bytes)?,
            }
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // made once for each file
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
fn offsets(value: &[u8], first: usize, end: usize) -> Result<Offsets, CardError> {
    let mut before: Option<usize> = None;
    let mut at = [0; ENTRIES];
    let (entries, _) = value.as_chunks::<2>();
    for (place, entry) in at.iter_mut().zip(entries) {
        let offset = usize::from(u16::from_be_bytes(*entry));
        let in_order = match before {
            None => offset >= first,
            Some(before) => offset > before,
        };
        if !in_order {
            return Err(malformed("its offsets are not in order"));
        }
        if offset >= end {
            return Err(malformed("an offset lies behind the end of the file"));
        }
        *place = offset;
        before = Some(offset);
    }
    Ok(Offsets {
        at,
        count: entries.len().min(ENTRIES),
        end,
    })
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

    fn complete(file: &[u8]) -> Offsets {
        match parse(file) {
            Ok(Parsed::Complete(offsets)) => offsets,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_reported_table() {
        let file = file(
            &[0xFF, 0x20, 0x82, 0x0B, 0xF9],
            &[0xDF, 0x21, 0x12],
            &REPORTED,
        );
        assert_eq!(file.len(), TABLE_LEN);
        let found = complete(&file);
        let range = |first, last| found.range(first, last).unwrap();
        assert_eq!(range(Part::BirthDate, Part::Key), 0x1A..0x137);
        assert_eq!(range(Part::Key, Part::Key).end, TABLE_AND_RECORD);
        assert_eq!(range(Part::Name, Part::Name), 0x137..0x1E5);
        assert_eq!(range(Part::Photo, Part::Signature), 0x33E..0xB86);
        assert_eq!(range(Part::Expiry, Part::Expiry), 0xB86..0xB91);
        assert_eq!(range(Part::SecurityCode, Part::SecurityCode), 0xB91..0xBFE);
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
        let photo = complete(&file).range(Part::Photo, Part::Photo);
        assert_eq!(photo, Ok(0x0340..0x0A83));
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
                Ok(Parsed::Complete(offsets)) => for (first, last) in [
                    (Part::BirthDate, Part::Key),
                    (Part::Photo, Part::Signature),
                    (Part::SecurityCode, Part::SecurityCode),
                ] {
                    if let Ok(range) = offsets.range(first, last) {
                        prop_assert!(range.start < range.end && range.end <= offsets.end);
                    }
                },
                Ok(Parsed::Missing(n)) => prop_assert!((1..=HEAD_MAX).contains(&n)),
                Err(_) => {}
            }
        }
    }
}
