use ring::hmac;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{Binding, Realm};

/// Who of the staff confirmed: an identifier for the audit record, 1–32
/// characters of ASCII letters, digits, `-` and `_`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffId(String);

impl StaffId {
    /// `None` unless 1–32 ASCII letters, digits, `-`, `_`.
    ///
    /// ```
    /// use uketsuke::checkin::StaffId;
    /// assert!(StaffId::new("desk-2").is_some());
    /// assert!(StaffId::new("").is_none());
    /// ```
    #[must_use]
    pub fn new(id: &str) -> Option<Self> {
        let fits = (1..=32).contains(&id.len());
        let clean = id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        (fits && clean).then(|| Self(id.to_owned()))
    }

    /// The identifier.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
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

impl std::fmt::Debug for Passcode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
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
pub trait StaffPasscodeSource {
    /// The world it belongs to.
    fn realm(&self) -> Realm;

    /// The passcode that this member of staff must type today; `None` if the
    /// person may not confirm.
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
    /// ([`CheckIn`](super::CheckIn) allows five in a visit).
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
