//! Response APDUs.

use std::fmt;

use thiserror::Error;
use zeroize::Zeroizing;

use super::StatusWord;

/// Longest response: 65,536 bytes of data and the status word.
const MAX_LEN: usize = 65_538;

/// A response APDU: data, then SW1 SW2. `Debug` shows the status only, since data can be personal and its length telling.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Response<'a> {
    data: &'a [u8],
    status: StatusWord,
}

impl<'a> Response<'a> {
    /// A response with this data and this status word.
    #[must_use]
    pub const fn new(data: &'a [u8], status: StatusWord) -> Self {
        Self { data, status }
    }

    /// Splits the status word off.
    ///
    /// # Errors
    /// Fewer than two bytes, or more than 65,538.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, ResponseError> {
        let len = bytes.len();
        if len > MAX_LEN {
            return Err(ResponseError::TooLong { len });
        }
        match bytes {
            [data @ .., sw1, sw2] => Ok(Self::new(
                data,
                StatusWord::new(u16::from_be_bytes([*sw1, *sw2])),
            )),
            _ => Err(ResponseError::TooShort { len }),
        }
    }

    /// Data followed by the status word; wiped when dropped.
    #[must_use]
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(self.data.len() + 2));
        out.extend_from_slice(self.data);
        out.extend_from_slice(&self.status.get().to_be_bytes());
        out
    }

    /// The data, empty if there is none.
    #[must_use]
    pub const fn data(&self) -> &'a [u8] {
        self.data
    }

    /// The status word.
    #[must_use]
    pub const fn status(&self) -> StatusWord {
        self.status
    }
}

impl fmt::Debug for Response<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({})", self.status)
    }
}

/// The bytes aren't a response APDU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ResponseError {
    /// No room for a status word.
    #[error("a response has at least 2 bytes, this one has {len}")]
    TooShort {
        /// Bytes given.
        len: usize,
    },
    /// Longer than any response.
    #[error("a response has at most 65538 bytes, this one has {len}")]
    TooLong {
        /// Bytes given.
        len: usize,
    },
}
