use std::fmt;

use super::{ascii_digits, check_digit_is_right};

/// An insurer's number (保険者番号) in one form: 8 digits, or 6 for municipal
/// insurance (国保).
///
/// The same number arrives as `"  139998"` (file exchange pads with blanks),
/// `"00139998"`, `"139998"` or in full-width digits; all of them are equal here.
/// A bare 12-digit string is refused: that could be somebody's 個人番号.
///
/// ```
/// use uketsuke::eligibility::InsurerNumber;
///
/// let padded = InsurerNumber::parse("  139998").unwrap();
/// assert_eq!(padded, InsurerNumber::parse("00139998").unwrap());
/// assert_eq!(padded.digits(), "139998");
/// assert!(padded.check_digit_is_right());
/// assert!(InsurerNumber::parse("123456789012").is_none());
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct InsurerNumber(String);

impl InsurerNumber {
    /// Parses and normalises. `None` unless 6 to 8 digits are left once blanks
    /// around them are gone; seven digits had their leading zero dropped, and eight
    /// that begin with `00` are the municipal form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = ascii_digits(text)?;
        let digits = match digits.len() {
            7 => format!("0{digits}"),
            6 | 8 => digits,
            _ => return None,
        };
        Some(match digits.strip_prefix("00") {
            Some(municipal) if digits.len() == 8 => Self(municipal.to_owned()),
            _ => Self(digits),
        })
    }

    /// One that is known to be right, blanks before it or not.
    #[cfg(feature = "simulation")]
    pub(crate) fn known(text: &str) -> Self {
        Self(text.trim_start().to_owned())
    }

    /// The digits, 6 or 8 of them.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// Eight characters, as files carry it: two blanks before a municipal number.
    ///
    /// ```
    /// use uketsuke::eligibility::InsurerNumber;
    ///
    /// assert_eq!(InsurerNumber::parse("139998").unwrap().padded(), "  139998");
    /// assert_eq!(InsurerNumber::parse("06139992").unwrap().padded(), "06139992");
    /// ```
    #[must_use]
    pub fn padded(&self) -> String {
        format!("{:>8}", self.0)
    }

    /// Whether the last digit is right by the published rule (modulus 10,
    /// weights 2 and 1 from the right, digits of products added; 保険者番号等設定要領).
    ///
    /// A wrong one is a reason to warn about a typing error, never to refuse:
    /// numbers in circulation don't all obey.
    #[must_use]
    pub fn check_digit_is_right(&self) -> bool {
        check_digit_is_right(&self.0)
    }
}

/// Hidden: with other facts it may point to a person.
impl fmt::Debug for InsurerNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InsurerNumber(..)")
    }
}
