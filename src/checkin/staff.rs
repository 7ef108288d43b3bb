use std::fmt;
use std::str::FromStr;

use ring::hmac;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{Binding, Realm};

/// Who of the staff confirmed: an identifier for the audit record, 1–32
/// characters of ASCII letters, digits, `-` and `_`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffId(String);

impl StaffId {
    /// Takes 1–32 ASCII letters, digits, `-`, `_`.
    ///
    /// ```
    /// use uketsuke::checkin::{StaffId, StaffIdError};
    ///
    /// assert_eq!(StaffId::new("desk-2")?.as_str(), "desk-2");
    /// assert_eq!(StaffId::new(""), Err(StaffIdError::Length { len: 0 }));
    /// assert_eq!(StaffId::new("desk 2"), Err(StaffIdError::Character { position: 4 }));
    /// # Ok::<(), StaffIdError>(())
    /// ```
    ///
    /// # Errors
    /// [`StaffIdError::Character`] if any character is another one, else
    /// [`StaffIdError::Length`] if there are none or more than 32.
    pub fn new(id: &str) -> Result<Self, StaffIdError> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if let Some(position) = id.bytes().position(|b| !allowed(b)) {
            return Err(StaffIdError::Character { position });
        }
        if !(1..=32).contains(&id.len()) {
            return Err(StaffIdError::Length { len: id.len() });
        }
        Ok(Self(id.to_owned()))
    }

    /// The identifier.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As given.
impl fmt::Display for StaffId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// As [`StaffId::new`].
impl FromStr for StaffId {
    type Err = StaffIdError;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        Self::new(id)
    }
}

/// Why a text can't identify a member of staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StaffIdError {
    /// Empty or too long.
    #[error("a staff identifier has 1 to 32 characters, this one {len}")]
    Length {
        /// Characters given.
        len: usize,
    },
    /// Something other than an ASCII letter, a digit, `-` or `_`.
    #[error(
        "a staff identifier has ASCII letters, digits, - and _ only; the character at byte {position} is another"
    )]
    Character {
        /// Where the first such character begins, in bytes from 0.
        position: usize,
    },
}

/// A passcode of the facility. Not `Clone`, not printable, wiped.
pub struct Passcode(Zeroizing<Vec<u8>>);

impl Passcode {
    /// Takes 4 to 64 bytes.
    ///
    /// # Errors
    /// Another length; the value isn't in the error.
    pub fn new(typed: &str) -> Result<Self, PasscodeFormatError> {
        if (4..=64).contains(&typed.len()) {
            Ok(Self(Zeroizing::new(typed.as_bytes().to_vec())))
        } else {
            Err(PasscodeFormatError { len: typed.len() })
        }
    }

    /// Compares in constant time.
    fn is(&self, other: &Self) -> bool {
        // Comparing HMACs takes the same time wherever the two differ, and
        // their lengths are equal by nature.
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"uketsuke passcode comparison");
        hmac::verify(&key, &self.0, hmac::sign(&key, &other.0).as_ref()).is_ok()
    }
}

impl fmt::Debug for Passcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passcode(..)")
    }
}

/// The typed passcode can't be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a passcode has 4 to 64 bytes, this one {len}")]
pub struct PasscodeFormatError {
    /// Bytes typed.
    pub len: usize,
}

/// Where the facility's passcode for the staff check comes from (since 2025 the
/// centre hands one out, 目視確認用パスコード取得).
///
/// A visit gives five attempts and forgets them at its end, so whoever stands at the
/// reader with any card could guess on in the next one. To count over visits is the
/// source's part, since it alone lasts longer: it is asked once for each attempt, the
/// refused ones come as [`AuditEvent::StaffRefused`](super::AuditEvent::StaffRefused),
/// and after a few it answers `None` for a while, whatever the identifier, since one costs
/// nothing to make up. A passcode of four digits is too short
/// without that.
pub trait StaffPasscodeSource {
    /// The world it belongs to.
    fn realm(&self) -> Realm;

    /// The passcode that this member of staff must type today; `None` if the
    /// person may not confirm, or nobody may for now. Whoever types sees no difference
    /// between that and a wrong passcode.
    fn passcode(&mut self, staff: &StaffId) -> Option<Passcode>;
}

/// Why a staff check was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StaffRefused {
    /// Wrong passcode, or a person who may not confirm: not told apart.
    #[error("the passcode is not right")]
    Wrong {
        /// Who typed it.
        staff: StaffId,
    },
}

/// A member of staff compared the person with the card's photo (目視確認).
/// Not `Clone`; made by the check against a [`StaffPasscodeSource`] only.
#[derive(Debug)]
pub struct StaffConfirmed {
    binding: Binding,
    realm: Realm,
    staff: StaffId,
}

impl StaffConfirmed {
    /// Checks the typed passcode against the source's, in constant time.
    /// Counting the attempts is the machine's work
    /// ([`CheckIn`](super::CheckIn) allows five in a visit); over many visits it is
    /// the [source](StaffPasscodeSource)'s.
    ///
    /// # Errors
    /// Wrong passcode, or a person who may not confirm.
    pub fn check(
        source: &mut dyn StaffPasscodeSource,
        staff: StaffId,
        typed: &Passcode,
        binding: Binding,
    ) -> Result<Self, StaffRefused> {
        let realm = source.realm();
        match source.passcode(&staff) {
            Some(expected) if expected.is(typed) => Ok(Self {
                binding,
                realm,
                staff,
            }),
            _ => Err(StaffRefused::Wrong { staff }),
        }
    }

    /// Visit and card session.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// The source's realm.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.realm
    }

    /// Who confirmed.
    #[must_use]
    pub const fn staff(&self) -> &StaffId {
        &self.staff
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_identifiers_are_short_and_plain() {
        assert!(StaffId::new(&"x".repeat(32)).is_ok());
        assert_eq!("aZ_-9".parse::<StaffId>().unwrap().to_string(), "aZ_-9");
        for (bad, error) in [
            ("", StaffIdError::Length { len: 0 }),
            (&*"x".repeat(33), StaffIdError::Length { len: 33 }),
            ("a.b", StaffIdError::Character { position: 1 }),
            ("nurse 田中", StaffIdError::Character { position: 5 }),
            ("田中", StaffIdError::Character { position: 0 }),
        ] {
            assert_eq!(StaffId::new(bad), Err(error), "{bad:?}");
        }
    }
}
