//! Tag and length field.

use std::fmt;

use super::{TlvError, TlvErrorKind};

/// Longest tag that is read, in bytes.
const MAX_TAG_LEN: usize = 4;

/// A tag of one to four bytes, as written: `30`, `7F21`, `DF21`.
///
/// It is the bytes, not the number in them: `FF10` and `F0` are different tags although both say number 16.
///
/// ```
/// use uketsuke::tlv::Tag;
///
/// assert_eq!(format!("{:?}", Tag::new(0xDF21)), "DF21");
/// assert!(Tag::new(0xFF20).is_constructed());
/// assert!(!Tag::new(0xDF21).is_constructed());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tag(u32);

impl Tag {
    /// From the bytes as written, big-endian.
    #[must_use]
    pub const fn new(bytes_as_written: u32) -> Self {
        Self(bytes_as_written)
    }

    /// The bytes as written, big-endian.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Whether bit 6 of the first byte says that the value is made of elements (ISO/IEC 8825-1, 8.1.2.5).
    #[must_use]
    pub const fn is_constructed(self) -> bool {
        // No tag begins with a zero byte followed by others, so the first byte is the first that isn't zero.
        let skip = (self.0.leading_zeros() / 8) * 8;
        let aligned = if skip == 32 { 0 } else { self.0 << skip };
        aligned & 0x2000_0000 != 0
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = if self.0 == 0 {
            2
        } else {
            (4 - (self.0.leading_zeros() / 8) as usize) * 2
        };
        write!(f, "{:0digits$X}", self.0)
    }
}

/// Tag and length field alone: tells the whole length of a file from its first bytes.
///
/// ```
/// use uketsuke::tlv::{Header, Tag};
///
/// // The first four bytes of a certificate's file.
/// let header = Header::parse(&[0x30, 0x82, 0x06, 0x2D])?;
/// assert_eq!((header.tag, header.total_len()), (Tag::new(0x30), 4 + 0x062D));
/// # Ok::<(), uketsuke::tlv::TlvError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The tag.
    pub tag: Tag,
    /// Bytes of tag and length field: 2 to 9.
    pub header_len: usize,
    /// Bytes of value, as the length field says; nothing is known about whether they are there.
    pub value_len: usize,
}

impl Header {
    /// Reads the header that `bytes` begin with; what follows it isn't looked at. Nine bytes are always enough.
    ///
    /// # Errors
    /// The header is malformed, or `bytes` end inside it.
    pub fn parse(bytes: &[u8]) -> Result<Self, TlvError> {
        let (tag, tag_len) = parse_tag(bytes)?;
        let (length_len, value_len) = parse_length(bytes, tag_len)?;
        Ok(Self {
            tag,
            header_len: tag_len + length_len,
            value_len,
        })
    }

    /// Bytes of header and value together.
    #[must_use]
    pub const fn total_len(&self) -> usize {
        self.header_len.saturating_add(self.value_len)
    }
}

/// ISO/IEC 8825-1, 8.1.2: a first byte whose low five bits are all ones is followed by bytes of which the last has bit 8
/// clear.
fn parse_tag(bytes: &[u8]) -> Result<(Tag, usize), TlvError> {
    let first = byte(bytes, 0)?;
    if first & 0x1F != 0x1F {
        return Ok((Tag(u32::from(first)), 1));
    }
    let mut tag = u32::from(first);
    for position in 1..MAX_TAG_LEN {
        let next = byte(bytes, position)?;
        tag = tag << 8 | u32::from(next);
        if next & 0x80 == 0 {
            return Ok((Tag(tag), position + 1));
        }
    }
    Err(TlvError::new(0, TlvErrorKind::TagTooLong))
}

/// ISO/IEC 8825-1, 8.1.3, definite forms: how long the field is, and what it says.
fn parse_length(bytes: &[u8], at: usize) -> Result<(usize, usize), TlvError> {
    let first = byte(bytes, at)?;
    let count = match first {
        0x00..=0x7F => return Ok((1, usize::from(first))),
        0x81..=0x84 => usize::from(first & 0x7F),
        _ => return Err(TlvError::new(at, TlvErrorKind::BadLength { first })),
    };
    let mut length = 0_u32;
    for position in at + 1..=at + count {
        length = length << 8 | u32::from(byte(bytes, position)?);
    }
    // Where addresses have fewer than 32 bits such a value can't be there: it ends as truncated.
    Ok((1 + count, usize::try_from(length).unwrap_or(usize::MAX)))
}

fn byte(bytes: &[u8], at: usize) -> Result<u8, TlvError> {
    let missing = || TlvErrorKind::Truncated {
        missing: at.saturating_sub(bytes.len()) + 1,
    };
    bytes
        .get(at)
        .copied()
        .ok_or_else(|| TlvError::new(bytes.len(), missing()))
}
