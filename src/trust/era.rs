use std::fmt;

use crate::card::BirthDate;

/// The era (元号) that a signing certificate names before a birth date.
///
/// The digits were reported from the profile of these certificates; of them
/// only 3 was seen in a certificate by those whose notes were read here.
/// `Debug` shows nothing, since it is part of a birth date.
///
/// ```
/// use uketsuke::trust::Era;
///
/// assert_eq!(Era::of(b'5'), Some(Era::Reiwa));
/// assert_eq!(Era::of(b'6'), None);
/// assert_eq!(format!("{:?}", Era::Reiwa), "Era(..)");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Era {
    /// `0`: not known.
    NotKnown,
    /// `1`: 明治, to 1912-07-30.
    Meiji,
    /// `2`: 大正, 1912-07-30 to 1926-12-25.
    Taisho,
    /// `3`: 昭和, 1926-12-25 to 1989-01-07.
    Showa,
    /// `4`: 平成, 1989-01-08 to 2019-04-30.
    Heisei,
    /// `5`: 令和, from 2019-05-01.
    Reiwa,
}

impl Era {
    /// From the ASCII digit of the certificate; `None` for another character.
    #[must_use]
    pub const fn of(digit: u8) -> Option<Self> {
        match digit {
            b'0' => Some(Self::NotKnown),
            b'1' => Some(Self::Meiji),
            b'2' => Some(Self::Taisho),
            b'3' => Some(Self::Showa),
            b'4' => Some(Self::Heisei),
            b'5' => Some(Self::Reiwa),
            _ => None,
        }
    }

    /// Whether some day of the era bears these digits. `00` for month or day,
    /// as for somebody whose birthday isn't known, stands for any.
    ///
    /// Meiji and Taishō ended on the days on which the next eras began, so
    /// these days are in both.
    pub(super) fn may_hold(self, date: &BirthDate) -> bool {
        let (first, last) = self.days();
        let (earliest, latest) = bounds(date.as_str());
        earliest <= last && first <= latest
    }

    /// First and last day as `yyyyMMdd`.
    const fn days(self) -> (u32, u32) {
        match self {
            Self::NotKnown => (0, 99999999),
            Self::Meiji => (18680125, 19120730),
            Self::Taisho => (19120730, 19261225),
            Self::Showa => (19261225, 19890107),
            Self::Heisei => (19890108, 20190430),
            Self::Reiwa => (20190501, 99999999),
        }
    }
}

/// First and last day that eight digits can mean, as numbers of the same form.
fn bounds(digits: &str) -> (u32, u32) {
    let all: u32 = digits.parse().unwrap_or_default();
    let (year, month, day) = (all / 10000, all / 100 % 100, all % 100);
    let at = |month, day| year * 10000 + month * 100 + day;
    match (month, day) {
        (0, _) => (at(1, 1), at(12, 31)),
        (month, 0) => (at(month, 1), at(month, 31)),
        (month, day) => (at(month, day), at(month, day)),
    }
}

impl fmt::Debug for Era {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Era(..)")
    }
}
