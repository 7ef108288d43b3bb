//! Command APDUs: seven cases, both directions.

use std::fmt;

use thiserror::Error;
use zeroize::Zeroizing;

/// A command APDU: header, command data, expected length.
///
/// `Debug` shows the header and the form of the lengths, never the data, which can be a PIN. Two commands are equal if
/// they encode to the same bytes.
///
/// ```
/// use uketsuke::apdu::{Case, Command, Le};
///
/// let select = Command::new(0x00, 0xA4, 0x04, 0x0C).with_data(&[0xD3, 0x92, 0xF0]);
/// assert_eq!(select.encode()?.as_slice(), [0x00, 0xA4, 0x04, 0x0C, 0x03, 0xD3, 0x92, 0xF0]);
///
/// let whole_file = Command::new(0x00, 0xB0, 0x8A, 0x00).with_le(Le::EXTENDED_MAX).extended();
/// assert_eq!(whole_file.encode()?.as_slice(), [0x00, 0xB0, 0x8A, 0x00, 0x00, 0x00, 0x00]);
/// assert_eq!(whole_file.case(), Case::TwoExtended);
/// # Ok::<(), uketsuke::apdu::EncodeError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Command<'a> {
    cla: u8,
    ins: u8,
    p1: u8,
    p2: u8,
    data: &'a [u8],
    le: Option<Le>,
    lengths: Lengths,
}

impl<'a> Command<'a> {
    /// A header alone (case 1), with short length fields for what is added to it.
    #[must_use]
    pub const fn new(cla: u8, ins: u8, p1: u8, p2: u8) -> Self {
        Self {
            cla,
            ins,
            p1,
            p2,
            data: &[],
            le: None,
            lengths: Lengths::Short,
        }
    }

    /// With command data: 1 to 255 bytes in short form, up to 65,535 in extended form. Empty means none.
    #[must_use]
    pub const fn with_data(self, data: &'a [u8]) -> Self {
        Self { data, ..self }
    }

    /// With an expected length of the response data.
    #[must_use]
    pub const fn with_le(self, le: Le) -> Self {
        Self {
            le: Some(le),
            ..self
        }
    }

    /// With extended length fields. Without data and Le there is no length field, and this changes nothing.
    #[must_use]
    pub const fn extended(self) -> Self {
        Self {
            lengths: Lengths::Extended,
            ..self
        }
    }

    /// Class byte.
    #[must_use]
    pub const fn cla(&self) -> u8 {
        self.cla
    }

    /// Instruction byte.
    #[must_use]
    pub const fn ins(&self) -> u8 {
        self.ins
    }

    /// First parameter.
    #[must_use]
    pub const fn p1(&self) -> u8 {
        self.p1
    }

    /// Second parameter.
    #[must_use]
    pub const fn p2(&self) -> u8 {
        self.p2
    }

    /// Command data, empty if there is none.
    #[must_use]
    pub const fn data(&self) -> &'a [u8] {
        self.data
    }

    /// Expected length, if the command asks for data.
    #[must_use]
    pub const fn le(&self) -> Option<Le> {
        self.le
    }

    /// Form of the length fields; short where there are none.
    #[must_use]
    pub const fn lengths(&self) -> Lengths {
        if self.data.is_empty() && self.le.is_none() {
            Lengths::Short
        } else {
            self.lengths
        }
    }

    /// Which of the seven cases this is.
    #[must_use]
    pub const fn case(&self) -> Case {
        match (self.data.is_empty(), self.le, self.lengths) {
            (true, None, _) => Case::One,
            (true, Some(_), Lengths::Short) => Case::TwoShort,
            (false, None, Lengths::Short) => Case::ThreeShort,
            (false, Some(_), Lengths::Short) => Case::FourShort,
            (true, Some(_), Lengths::Extended) => Case::TwoExtended,
            (false, None, Lengths::Extended) => Case::ThreeExtended,
            (false, Some(_), Lengths::Extended) => Case::FourExtended,
        }
    }

    /// The command's bytes, wiped when dropped since a command can carry a PIN.
    ///
    /// # Errors
    /// The data or the expected length don't fit the form of the length fields.
    pub fn encode(&self) -> Result<Zeroizing<Vec<u8>>, EncodeError> {
        // Header, the longest length fields, data: never grows, so no unwiped copy stays behind.
        let mut out = Zeroizing::new(Vec::with_capacity(4 + 3 + self.data.len() + 2));
        out.extend_from_slice(&[self.cla, self.ins, self.p1, self.p2]);
        let too_long = |max| EncodeError::DataTooLong {
            len: self.data.len(),
            max,
        };
        match self.lengths() {
            Lengths::Short => {
                if !self.data.is_empty() {
                    out.push(u8::try_from(self.data.len()).map_err(|_| too_long(255))?);
                    out.extend_from_slice(self.data);
                }
                if let Some(Le(ne)) = self.le {
                    if ne > Le::SHORT_MAX.0 {
                        return Err(EncodeError::LeTooLarge {
                            ne,
                            max: Le::SHORT_MAX.0,
                        });
                    }
                    // 256 is written 00.
                    let [.., low] = ne.to_be_bytes();
                    out.push(low);
                }
            }
            Lengths::Extended => {
                // One zero byte says that the fields are extended; it stands before whichever comes first.
                out.push(0);
                if !self.data.is_empty() {
                    let nc = u16::try_from(self.data.len()).map_err(|_| too_long(65_535))?;
                    out.extend_from_slice(&nc.to_be_bytes());
                    out.extend_from_slice(self.data);
                }
                if let Some(Le(ne)) = self.le {
                    // 65,536 is written 0000.
                    let [.., high, low] = ne.to_be_bytes();
                    out.extend_from_slice(&[high, low]);
                }
            }
        }
        Ok(out)
    }

    /// Reads exactly one command (ISO/IEC 7816-3:2006, 12.1.3, decoding conventions).
    ///
    /// # Errors
    /// Where and why the bytes aren't a command. Nothing is guessed: a missing or an additional byte is an error.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let len = bytes.len();
        let [cla, ins, p1, p2, body @ ..] = bytes else {
            return Err(DecodeError::TooShort { len });
        };
        let command = Self::new(*cla, *ins, *p1, *p2);
        match body {
            [] => Ok(command),
            [le] => Ok(command.with_le(Le::from_short(*le))),
            [0, high, low] => Ok(command.with_le(Le::from_extended(*high, *low)).extended()),
            [0, 0, 0, ..] => Err(DecodeError::ZeroLc { position: 4 }),
            [0, high, low, rest @ ..] => {
                let command = command.extended();
                let nc = usize::from(u16::from_be_bytes([*high, *low]));
                match rest.split_at_checked(nc) {
                    Some((data, [])) => Ok(command.with_data(data)),
                    Some((data, [high, low])) => Ok(command
                        .with_data(data)
                        .with_le(Le::from_extended(*high, *low))),
                    Some((_, _)) => Err(mismatch(9 + nc, len)),
                    None => Err(mismatch(7 + nc, len)),
                }
            }
            [0, ..] => Err(mismatch(7, len)),
            [nc, rest @ ..] => {
                let nc = usize::from(*nc);
                match rest.split_at_checked(nc) {
                    Some((data, [])) => Ok(command.with_data(data)),
                    Some((data, [le])) => Ok(command.with_data(data).with_le(Le::from_short(*le))),
                    Some((_, _)) => Err(mismatch(6 + nc, len)),
                    None => Err(mismatch(5 + nc, len)),
                }
            }
        }
    }
}

impl PartialEq for Command<'_> {
    fn eq(&self, other: &Self) -> bool {
        let key = |c: &Self| (c.cla, c.ins, c.p1, c.p2, c.le, c.lengths());
        key(self) == key(other) && self.data == other.data
    }
}

impl Eq for Command<'_> {}

impl fmt::Debug for Command<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            cla, ins, p1, p2, ..
        } = self;
        write!(
            f,
            "Command({cla:02X} {ins:02X} {p1:02X} {p2:02X}, {:?})",
            self.case()
        )
    }
}

/// Expected length of the response data (Ne): 1 to 65,536 bytes, an upper bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Le(u32);

impl Le {
    /// 256 bytes: the largest that a short Le field says (`00`).
    pub const SHORT_MAX: Self = Self(256);
    /// 65,536 bytes: the largest that an extended Le field says (`0000`).
    pub const EXTENDED_MAX: Self = Self(65_536);

    /// `None` outside 1 to 65,536.
    ///
    /// ```
    /// use uketsuke::apdu::Le;
    ///
    /// assert_eq!(Le::new(256), Some(Le::SHORT_MAX));
    /// assert_eq!(Le::new(0), None);
    /// assert_eq!(Le::new(65_537), None);
    /// ```
    #[must_use]
    pub const fn new(ne: u32) -> Option<Self> {
        if ne >= 1 && ne <= 65_536 {
            Some(Self(ne))
        } else {
            None
        }
    }

    /// The number of bytes expected at most.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// As a short Le field says it, and as `61xx` and `6Cxx` do: `00` is 256.
    pub(super) fn from_short(byte: u8) -> Self {
        if byte == 0 {
            Self::SHORT_MAX
        } else {
            Self(u32::from(byte))
        }
    }

    fn from_extended(high: u8, low: u8) -> Self {
        match u16::from_be_bytes([high, low]) {
            0 => Self::EXTENDED_MAX,
            ne => Self(u32::from(ne)),
        }
    }
}

/// Whether length fields are written short (one byte) or extended (two or three).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lengths {
    /// Data up to 255 bytes, expected length up to 256.
    Short,
    /// Data up to 65,535 bytes, expected length up to 65,536.
    Extended,
}

/// The seven cases of a command (ISO/IEC 7816-3:2006, 12.1.3: 1, 2S to 4S, 2E to 4E).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Case {
    /// Header only, 4 bytes.
    One,
    /// No data, short Le: 5 bytes.
    TwoShort,
    /// Data, no Le, short: 5 bytes and the data.
    ThreeShort,
    /// Data and Le, short: 6 bytes and the data.
    FourShort,
    /// No data, extended Le (`00` and two bytes): 7 bytes.
    TwoExtended,
    /// Data, no Le, extended: 7 bytes and the data.
    ThreeExtended,
    /// Data and Le, extended: 9 bytes and the data.
    FourExtended,
}

/// The command can't be written in the asked form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// Data longer than the form allows.
    #[error("command data of {len} bytes, at most {max} fit")]
    DataTooLong {
        /// Bytes given.
        len: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// Expected length larger than the form allows.
    #[error("expected length {ne}, at most {max} fits")]
    LeTooLarge {
        /// Bytes asked for.
        ne: u32,
        /// Bytes allowed.
        max: u32,
    },
}

/// The bytes aren't a command APDU. Carries numbers only, no byte of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Fewer than four bytes.
    #[error("a command has at least 4 bytes, this one has {len}")]
    TooShort {
        /// Bytes given.
        len: usize,
    },
    /// Length fields and the number of bytes don't fit together.
    #[error("at byte {position}: the length fields say {expected} bytes in all, there are {len}")]
    LengthMismatch {
        /// Position of the first length field.
        position: usize,
        /// The nearest number of bytes that the fields allow.
        expected: usize,
        /// Bytes given.
        len: usize,
    },
    /// An extended Lc of zero: a command without data has no Lc.
    #[error("at byte {position}: an extended data length of zero")]
    ZeroLc {
        /// Position of the length field.
        position: usize,
    },
}

fn mismatch(expected: usize, len: usize) -> DecodeError {
    DecodeError::LengthMismatch {
        position: 4,
        expected,
        len,
    }
}
