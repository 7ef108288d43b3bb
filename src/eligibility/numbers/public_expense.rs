use std::fmt;

use super::{check_digit_is_right, exactly};
use crate::eligibility::Personal;

/// The number of who bears a public expense (公費負担者番号), 8 digits: law 2
/// (法別番号), prefecture 2, office 3, check digit 1. With medical assistance
/// (医療扶助) it stands where an insurer's number stands otherwise.
///
/// ```
/// use uketsuke::eligibility::PayerNumber;
///
/// let number = PayerNumber::parse("54016027").unwrap();
/// assert_eq!(number.law(), "54");
/// assert!(number.check_digit_is_right());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PayerNumber(Personal);

/// The number of who receives a public expense (公費の受給者番号), 7 digits: 6 and
/// a check digit.
///
/// ```
/// use uketsuke::eligibility::BeneficiaryNumber;
///
/// let number = BeneficiaryNumber::parse("9999996").unwrap();
/// assert!(number.check_digit_is_right());
/// assert_eq!(format!("{number:?}"), "BeneficiaryNumber(..)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BeneficiaryNumber(Personal);

impl PayerNumber {
    /// The law under which it is paid (法別番号), two digits: `12` 生活保護, `54` 難病.
    #[must_use]
    pub fn law(&self) -> &str {
        self.digits().get(..2).unwrap_or_default()
    }
}

macro_rules! number {
    ($name:ident, $length:literal) => {
        impl $name {
            #[doc = concat!("Parses it. `None` unless there are exactly ", $length, " digits, ")]
            /// full-width or not, once blanks around them are gone.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                exactly(text, $length).map(|digits| Self(Personal::new(digits)))
            }

            /// The digits.
            #[must_use]
            pub fn digits(&self) -> &str {
                self.0.reveal()
            }

            /// Whether the last digit is right, by the rule of
            /// [`InsurerNumber`](super::InsurerNumber::check_digit_is_right): a
            /// wrong one is a reason to look twice, never to refuse.
            #[must_use]
            pub fn check_digit_is_right(&self) -> bool {
                check_digit_is_right(self.digits())
            }
        }

        /// Hidden: it points to a person, or to what a person receives.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

number!(PayerNumber, 8);
number!(BeneficiaryNumber, 7);
