use std::fmt;

use thiserror::Error;
use zeroize::Zeroizing;

use super::map::{self, Characters, Shape};

/// Which secret of the card.
///
/// Where a kind belongs to two applications, each counts its own tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SecretKind {
    /// The PIN of the authentication key (利用者証明用電子証明書の暗証番号):
    /// 4 digits, 3 tries, key reference 0018 of JPKI.
    AuthPin,
    /// The password of the signing key (署名用電子証明書の暗証番号): 6 to 16
    /// letters and digits, 5 tries, key reference 001B of JPKI.
    SignPassword,
    /// The PIN of the input support application
    /// (券面事項入力補助用の暗証番号): 4 digits, 3 tries, key reference 0011.
    InputPin,
    /// 照合番号B, printed on the card's face: 14 digits, 10 tries, key
    /// reference 0012 of the card face application, and 0015 of input support.
    ReferenceNumberB,
    /// The birth date as the first six digits of 照合番号B, key reference 0011
    /// of the card face application. Reported by one project; how many tries it
    /// has isn't public.
    BirthDate,
    /// 照合番号A, which is the My Number: 12 digits, reported with 10 tries, key
    /// reference 0013 of the card face application and 0014 of input support.
    #[cfg(feature = "my-number")]
    ReferenceNumberA,
}

impl fmt::Display for SecretKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AuthPin => "authentication PIN",
            Self::SignPassword => "signature password",
            Self::InputPin => "input support PIN (券面事項入力補助)",
            Self::ReferenceNumberB => "reference number B (照合番号B)",
            Self::BirthDate => "birth date key",
            #[cfg(feature = "my-number")]
            Self::ReferenceNumberA => "reference number A (照合番号A)",
        })
    }
}

/// The PIN of the authentication key: exactly 4 ASCII digits.
///
/// Wiped when dropped. There is no `Clone`, no `Display`, and `Debug` shows
/// the name of the type alone. An empty one can't exist: VERIFY without data
/// is the question for the tries left, and taking its answer for a login was
/// CVE-2023-40660 in another program.
///
/// ```
/// use uketsuke::card::{AuthPin, SecretFormatError, SecretKind};
///
/// let pin = AuthPin::parse("1234")?;
/// assert_eq!(format!("{pin:?}"), "AuthPin(..)");
///
/// let wrong = AuthPin::parse("12 4").unwrap_err();
/// assert_eq!(wrong, SecretFormatError::Character { kind: SecretKind::AuthPin, position: 2 });
/// # Ok::<(), SecretFormatError>(())
/// ```
pub struct AuthPin(Zeroizing<Vec<u8>>);

impl AuthPin {
    /// Parses what was typed. One copy is made, and it's wiped when dropped;
    /// wiping `typed` is the caller's.
    ///
    /// # Errors
    ///
    /// Not 4 characters, or one that isn't an ASCII digit. Full-width digits
    /// are refused: a card compares bytes, and a wrong form costs a try.
    pub fn parse(typed: &str) -> Result<Self, SecretFormatError> {
        check(SecretKind::AuthPin, map::AUTH_PIN, typed)?;
        Ok(Self(keep(typed)))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The password of the signing key: 6 to 16 of `A`–`Z` and `0`–`9`, with at
/// least one letter and one digit, as the JPKI user site asks.
///
/// Wiped, neither `Clone` nor printable.
///
/// ```
/// use uketsuke::card::{SecretFormatError, SecretKind, SignPassword};
///
/// assert!(SignPassword::parse("ABC123").is_ok());
/// assert_eq!(
///     SignPassword::parse("ABc123").unwrap_err(),
///     SecretFormatError::Character { kind: SecretKind::SignPassword, position: 2 },
/// );
/// assert_eq!(
///     SignPassword::parse("ABCDEF").unwrap_err(),
///     SecretFormatError::Composition { kind: SecretKind::SignPassword },
/// );
/// ```
pub struct SignPassword(Zeroizing<Vec<u8>>);

impl SignPassword {
    /// Parses what was typed, as it was typed: lower case is refused with its
    /// position, never turned into upper case silently.
    ///
    /// # Errors
    ///
    /// Length, character, or no letter or no digit in it.
    pub fn parse(typed: &str) -> Result<Self, SecretFormatError> {
        check(SecretKind::SignPassword, map::SIGN_PASSWORD, typed)?;
        Ok(Self(keep(typed)))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// 照合番号B: exactly 14 ASCII digits, six of the birth date as printed, four
/// of the year of expiry, four of the security code under the photo.
///
/// Not to be mistaken for 照合番号A, which is the My Number itself and which
/// this type can't hold. Wiped, neither `Clone` nor printable.
///
/// ```
/// use uketsuke::card::ReferenceNumberB;
///
/// assert!(ReferenceNumberB::parse("55021720352285").is_ok());
/// assert!(ReferenceNumberB::parse("123456789018").is_err());
/// ```
pub struct ReferenceNumberB(Zeroizing<Vec<u8>>);

impl ReferenceNumberB {
    /// Parses what was read or typed.
    ///
    /// # Errors
    ///
    /// Not 14 characters, or one that isn't an ASCII digit.
    pub fn parse(typed: &str) -> Result<Self, SecretFormatError> {
        check(SecretKind::ReferenceNumberB, map::REFERENCE_NUMBER_B, typed)?;
        Ok(Self(keep(typed)))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
impl ReferenceNumberB {
    /// Of another generation of the card.
    pub(super) fn with_shape(shape: Shape, typed: &str) -> Result<Self, SecretFormatError> {
        check(SecretKind::ReferenceNumberB, shape, typed)?;
        Ok(Self(keep(typed)))
    }
}

/// The PIN of the input support application: exactly 4 ASCII digits. It's
/// another secret than the PIN of the authentication key, though many people
/// choose the same digits.
///
/// Wiped, neither `Clone` nor printable.
///
/// ```
/// use uketsuke::card::InputPin;
///
/// assert!(InputPin::parse("5678").is_ok());
/// assert!(InputPin::parse("567").is_err());
/// ```
pub struct InputPin(Zeroizing<Vec<u8>>);

impl InputPin {
    /// Parses what was typed.
    ///
    /// # Errors
    ///
    /// Not 4 characters, or one that isn't an ASCII digit.
    pub fn parse(typed: &str) -> Result<Self, SecretFormatError> {
        check(SecretKind::InputPin, map::INPUT_PIN, typed)?;
        Ok(Self(keep(typed)))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The birth date as a key: exactly 6 ASCII digits, the first six of
/// 照合番号B. The year is that of the Japanese era for Japanese nationals (1980
/// is Showa 55, so `55`), as one project measured; that foreign residents' cards
/// have the Western year is likely and unmeasured.
///
/// Wiped, neither `Clone` nor printable.
///
/// ```
/// use uketsuke::card::BirthDateKey;
///
/// assert!(BirthDateKey::parse("550217").is_ok());
/// assert!(BirthDateKey::parse("19800217").is_err());
/// ```
pub struct BirthDateKey(Zeroizing<Vec<u8>>);

impl BirthDateKey {
    /// Parses what was read or typed.
    ///
    /// # Errors
    ///
    /// Not 6 characters, or one that isn't an ASCII digit.
    pub fn parse(typed: &str) -> Result<Self, SecretFormatError> {
        check(SecretKind::BirthDate, map::BIRTH_DATE, typed)?;
        Ok(Self(keep(typed)))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// 照合番号A: the My Number (個人番号), 12 digits of which the last is a check
/// digit. Who may ask a person for it is a matter of law; a check-in never
/// does.
///
/// Wiped, neither `Clone` nor printable.
///
/// ```
/// use uketsuke::card::{ReferenceNumberA, SecretFormatError, SecretKind};
///
/// let kind = SecretKind::ReferenceNumberA;
/// assert!(ReferenceNumberA::parse("123456789018").is_ok());
/// assert_eq!(
///     ReferenceNumberA::parse("123456789012").unwrap_err(),
///     SecretFormatError::CheckDigit { kind },
/// );
/// ```
#[cfg(feature = "my-number")]
pub struct ReferenceNumberA(Zeroizing<Vec<u8>>);

#[cfg(feature = "my-number")]
impl ReferenceNumberA {
    /// Parses what was typed.
    ///
    /// # Errors
    ///
    /// Not 12 characters, one that isn't an ASCII digit, or a check digit that
    /// doesn't fit: a slip that would have cost a try.
    pub fn parse(typed: &str) -> Result<Self, SecretFormatError> {
        let kind = SecretKind::ReferenceNumberA;
        check(kind, map::REFERENCE_NUMBER_A, typed)?;
        match super::my_number::check_digit_fits(typed.as_bytes()) {
            true => Ok(Self(keep(typed))),
            false => Err(SecretFormatError::CheckDigit { kind }),
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

macro_rules! hidden {
    ($($name:ident),*) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        })*
    };
}

hidden!(
    AuthPin,
    SignPassword,
    InputPin,
    ReferenceNumberB,
    BirthDateKey
);
#[cfg(feature = "my-number")]
hidden!(ReferenceNumberA);

/// How many characters: `4`, or `6 to 16`.
struct Span(usize, usize);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(min, max) = *self;
        match min == max {
            true => write!(f, "{min}"),
            false => write!(f, "{min} to {max}"),
        }
    }
}

/// What was typed can't be the secret. Never carries the value or a character
/// of it. Nothing was sent, so no try was spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SecretFormatError {
    /// Too few or too many characters.
    #[error("{kind}: {len} characters, expected {}", Span(*min, *max))]
    Length {
        /// Which secret.
        kind: SecretKind,
        /// Characters typed.
        len: usize,
        /// Fewest.
        min: usize,
        /// Most.
        max: usize,
    },
    /// A character that this secret can't contain.
    #[error("{kind}: the character at position {position} (from 0) is not allowed")]
    Character {
        /// Which secret.
        kind: SecretKind,
        /// Its position in characters, from 0.
        position: usize,
    },
    /// The password needs at least one letter and at least one digit.
    #[error("{kind}: at least one letter and one digit are needed")]
    Composition {
        /// Which secret.
        kind: SecretKind,
    },
    /// The last digit doesn't fit the others: mistyped.
    #[error("{kind}: the check digit does not fit")]
    CheckDigit {
        /// Which secret.
        kind: SecretKind,
    },
}

fn check(kind: SecretKind, shape: Shape, typed: &str) -> Result<(), SecretFormatError> {
    let Shape { min, max, .. } = shape;
    let len = typed.chars().count();
    if len < min || len > max {
        return Err(SecretFormatError::Length {
            kind,
            len,
            min,
            max,
        });
    }
    if let Some(position) = typed.chars().position(|c| !shape.allows(c)) {
        return Err(SecretFormatError::Character { kind, position });
    }
    let has = |wanted: fn(&u8) -> bool| typed.as_bytes().iter().any(wanted);
    match shape.characters {
        Characters::LettersAndDigits
            if !(has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit)) =>
        {
            Err(SecretFormatError::Composition { kind })
        }
        Characters::LettersAndDigits | Characters::Digits => Ok(()),
    }
}

/// One allocation of the final size: it never grows, so nothing is left behind
/// by a reallocation, and moving the secret moves a pointer.
fn keep(typed: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(typed.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keeps_what_was_typed() {
        assert_eq!(AuthPin::parse("0007").unwrap().as_bytes(), b"0007");
        assert_eq!(SignPassword::parse("0A0000").unwrap().as_bytes(), b"0A0000");
        let number = ReferenceNumberB::parse("55021720352285").unwrap();
        assert_eq!(number.as_bytes(), b"55021720352285");
    }

    #[test]
    fn says_the_position_in_characters() {
        let kind = SecretKind::AuthPin;
        assert_eq!(
            AuthPin::parse("12３4").unwrap_err(),
            SecretFormatError::Character { kind, position: 2 }
        );
        assert_eq!(
            AuthPin::parse("").unwrap_err(),
            SecretFormatError::Length {
                kind,
                len: 0,
                min: 4,
                max: 4
            }
        );
        assert_eq!(
            SignPassword::parse("123456").unwrap_err(),
            SecretFormatError::Composition {
                kind: SecretKind::SignPassword
            }
        );
    }

    proptest! {
        #[test]
        fn anything_typed(typed in "\\PC{0,20}") {
            let digits = |n: usize| typed.len() == n && typed.bytes().all(|b| b.is_ascii_digit());
            prop_assert_eq!(AuthPin::parse(&typed).is_ok(), digits(4));
            prop_assert_eq!(ReferenceNumberB::parse(&typed).is_ok(), digits(14));
        }

        #[test]
        fn passwords(typed in "[A-Za-z0-9]{4,18}") {
            let right = (6..=16).contains(&typed.len())
                && typed.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
                && typed.bytes().any(|b| b.is_ascii_uppercase())
                && typed.bytes().any(|b| b.is_ascii_digit());
            prop_assert_eq!(SignPassword::parse(&typed).is_ok(), right);
        }
    }
}
