use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::hex;

/// The last record of a trail: its number and its tag.
///
/// Each [`append`](super::AuditLog::append) returns it. Keep the newest one
/// elsewhere (another machine, a printed list, the clinic's own database): with it,
/// a trail that was cut, rolled back or replaced is found out. It is no secret, and
/// says nothing about anybody. As text it is `17:` and 64 hexadecimal digits.
///
/// ```
/// use uketsuke::checkin::{Head, HeadError};
///
/// let text = "17:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
/// let head: Head = text.parse()?;
/// assert_eq!((head.number(), head.to_string().as_str()), (17, text));
/// assert_eq!("17".parse::<Head>(), Err(HeadError));
/// # Ok::<(), HeadError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Head {
    pub(super) number: u64,
    pub(super) tag: [u8; 32],
}

impl Head {
    /// Before the first record of all.
    pub(super) const START: Self = Self {
        number: 0,
        tag: [0; 32],
    };

    /// Number of the record, from 1.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// Its tag.
    #[must_use]
    pub const fn tag(&self) -> &[u8; 32] {
        &self.tag
    }
}

/// As it is parsed.
impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.number)?;
        hex::write(&self.tag, f)
    }
}

impl fmt::Debug for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Head({self})")
    }
}

impl FromStr for Head {
    type Err = HeadError;

    fn from_str(text: &str) -> Result<Self, HeadError> {
        let (number, digits) = text.split_once(':').ok_or(HeadError)?;
        let mut tag = [0; 32];
        hex::read_lower(digits, &mut tag).ok_or(HeadError)?;
        let number = read_number(number).ok_or(HeadError)?;
        Ok(Self { number, tag })
    }
}

/// A number from 1 in its one form: no sign, no zeros before it.
pub(super) fn read_number(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|digit| digit.is_ascii_digit()) && !text.starts_with('0');
    plain.then(|| text.parse().ok()).flatten()
}

/// Not the text of a [`Head`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a head is a number, a colon and 64 hexadecimal digits in lower case")]
pub struct HeadError;
