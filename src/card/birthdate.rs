use std::fmt;

use jiff::civil::Date;
use zeroize::Zeroizing;

/// A birth date as the card holds it: eight ASCII digits, year (Gregorian),
/// month and day.
///
/// Kept as digits, since it's compared and not reckoned with, and since nobody
/// here knows what a card holds for somebody whose day of birth isn't known.
/// Wiped when dropped; `Debug` shows nothing.
#[derive(PartialEq, Eq)]
pub struct BirthDate(Zeroizing<Vec<u8>>);

impl BirthDate {
    /// `None` unless it is eight ASCII digits.
    ///
    /// ```
    /// use uketsuke::card::BirthDate;
    ///
    /// let born = BirthDate::parse(b"19800217").ok_or("not a birth date")?;
    /// assert_eq!(born.as_str(), "19800217");
    /// assert_eq!(born.date(), Some(jiff::civil::date(1980, 2, 17)));
    /// assert_eq!(format!("{born:?}"), "BirthDate(..)");
    /// assert!(BirthDate::parse(b"1980-2-17").is_none());
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn parse(digits: &[u8]) -> Option<Self> {
        // On the heap, so that moving it leaves no copy behind.
        (digits.len() == 8 && digits.iter().all(u8::is_ascii_digit))
            .then(|| Self(Zeroizing::new(digits.to_vec())))
    }

    /// The digits, `yyyyMMdd`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Digits only, by construction.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// For a proof that outlives what it was made of.
    pub(crate) fn copied(&self) -> Self {
        Self(self.0.clone())
    }

    /// As a date; `None` if there is no such day.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        let part = |from: usize, to: usize| self.as_str().get(from..to)?.parse().ok();
        let (month, day): (i16, i16) = (part(4, 6)?, part(6, 8)?);
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        Date::new(part(0, 4)?, month, day).ok()
    }
}

impl fmt::Debug for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BirthDate(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_do_not_exist_stay_digits() {
        for digits in ["19500000", "20250229", "00000000", "99999999"] {
            let born = BirthDate::parse(digits.as_bytes()).unwrap();
            assert_eq!((born.as_str(), born.date()), (digits, None));
        }
        for digits in ["", "1980021", "198002170", "1980021x", "１９８０"] {
            assert!(BirthDate::parse(digits.as_bytes()).is_none(), "{digits}");
        }
    }
}
