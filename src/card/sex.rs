use std::fmt;

/// Sex as the card holds it, one digit of JIS X 0303 (ISO/IEC 5218).
///
/// `Debug` shows nothing.
///
/// ```
/// use uketsuke::card::Sex;
///
/// assert_eq!(Sex::of(b'2'), Some(Sex::Female));
/// assert_eq!(Sex::of(b'3'), Some(Sex::Other(3)));
/// assert_eq!(Sex::of(b'F'), None);
/// assert_eq!(format!("{:?}", Sex::Female), "Sex(..)");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sex {
    /// `0`: not known.
    NotKnown,
    /// `1`.
    Male,
    /// `2`.
    Female,
    /// `9`: not applicable.
    NotApplicable,
    /// Another digit, 3 to 8, which the standard doesn't define.
    Other(u8),
}

impl Sex {
    /// From the ASCII digit of the card; `None` for another character.
    #[must_use]
    pub const fn of(digit: u8) -> Option<Self> {
        match digit {
            b'0' => Some(Self::NotKnown),
            b'1' => Some(Self::Male),
            b'2' => Some(Self::Female),
            b'9' => Some(Self::NotApplicable),
            b'3'..=b'8' => Some(Self::Other(digit - b'0')),
            _ => None,
        }
    }
}

impl fmt::Debug for Sex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sex(..)")
    }
}
