use std::fmt;

use thiserror::Error;
use zeroize::Zeroizing;

/// Which secret of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SecretKind {
    /// The PIN of the authentication key (利用者証明用電子証明書の暗証番号):
    /// 4 digits, 3 tries, key reference 0018 of JPKI.
    AuthPin,
    /// The password of the signing key (署名用電子証明書の暗証番号): 6 to 16
    /// letters and digits, 5 tries, key reference 001B of JPKI.
    SignPassword,
    /// 照合番号B, printed on the card's face: 14 digits, 10 tries, key
    /// reference 0012 of the card face application.
    ReferenceNumberB,
}

impl fmt::Display for SecretKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AuthPin => "authentication PIN",
            Self::SignPassword => "signature password",
            Self::ReferenceNumberB => "reference number B (照合番号B)",
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
        let allowed = |c: char| c.is_ascii_digit();
        check(SecretKind::AuthPin, typed, 4, 4, allowed)?;
        Ok(Self(keep(typed)))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The password of the signing key: 6 to 16 of `A`–`Z` and `0`–`9`, with at
/// least one letter and one digit, as the JPKI user site asks.
///
/// This version reads the tries left of it and never presents it. Wiped,
/// neither `Clone` nor printable.
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
        let kind = SecretKind::SignPassword;
        let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
        check(kind, typed, 6, 16, allowed)?;
        let letter = typed.bytes().any(|b| b.is_ascii_uppercase());
        let digit = typed.bytes().any(|b| b.is_ascii_digit());
        if !(letter && digit) {
            return Err(SecretFormatError::Composition { kind });
        }
        Ok(Self(keep(typed)))
    }

    /// Nothing presents it yet; its form is checked all the same.
    #[allow(dead_code)]
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
        let allowed = |c: char| c.is_ascii_digit();
        check(SecretKind::ReferenceNumberB, typed, 14, 14, allowed)?;
        Ok(Self(keep(typed)))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for AuthPin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthPin(..)")
    }
}

impl fmt::Debug for SignPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignPassword(..)")
    }
}

impl fmt::Debug for ReferenceNumberB {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReferenceNumberB(..)")
    }
}

/// What was typed can't be the secret. Never carries the value or a character
/// of it. Nothing was sent, so no try was spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SecretFormatError {
    /// Too few or too many characters.
    #[error("{kind}: {len} characters, expected {min} to {max}")]
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
}

fn check(
    kind: SecretKind,
    typed: &str,
    min: usize,
    max: usize,
    allowed: impl Fn(char) -> bool,
) -> Result<(), SecretFormatError> {
    let len = typed.chars().count();
    if len < min || len > max {
        return Err(SecretFormatError::Length {
            kind,
            len,
            min,
            max,
        });
    }
    match typed.chars().position(|c| !allowed(c)) {
        Some(position) => Err(SecretFormatError::Character { kind, position }),
        None => Ok(()),
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
