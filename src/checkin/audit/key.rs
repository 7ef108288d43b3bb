//! The key of a trail, and what is derived from it: one subkey for each purpose.

use std::fmt;

use ring::hmac::{self, HMAC_SHA256};
use thiserror::Error;
use zeroize::{Zeroize as _, Zeroizing};

use super::super::StaffId;
use crate::trust::CertificateDigest;
use crate::{VisitId, hex};

/// A subkey is HMAC-SHA256 over its label. A value made for one purpose says nothing
/// of any other.
const CHAIN: &[u8] = b"uketsuke/1 audit chain";
const NAME: &[u8] = b"uketsuke/1 audit key name";
const VISIT: &[u8] = b"uketsuke/1 audit visit";
const CERTIFICATE: &[u8] = b"uketsuke/1 audit certificate";
const STAFF: &[u8] = b"uketsuke/1 audit staff";

/// The key of an [`AuditLog`](super::AuditLog): 32 random bytes, made once (for
/// instance by `openssl rand -hex 32`), and used for nothing else.
///
/// Keep it where the file isn't: who has both can write any trail, and can try
/// which certificate or member of staff a pseudonym stands for. Who loses it
/// can't verify any more. Not `Clone`, not printable, wiped.
///
/// ```
/// use uketsuke::checkin::{AuditKey, AuditKeyError, StaffId};
///
/// let key = AuditKey::from_hex("8f3c1d0e9a7b5c2d4e6f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5")?;
/// assert_eq!(format!("{key:?}"), "AuditKey(..)");
/// assert_eq!(AuditKey::new(&[0; 32]).err(), Some(AuditKeyError::NotRandom));
///
/// // Which lines are this nurse's? For whoever has the key.
/// let pseudonym = key.staff(&StaffId::new("nurse-7")?);
/// assert_eq!(pseudonym.to_string().len(), 16);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct AuditKey(Zeroizing<[u8; 32]>);

impl AuditKey {
    /// Takes 32 bytes. Wipe yours.
    ///
    /// # Errors
    /// Another length, or all bytes alike, as where a key was forgotten.
    pub fn new(bytes: &[u8]) -> Result<Self, AuditKeyError> {
        let mut key = Zeroizing::new([0; 32]);
        if bytes.len() != key.len() {
            return Err(AuditKeyError::Length { len: bytes.len() });
        }
        for (to, from) in key.iter_mut().zip(bytes) {
            *to = *from;
        }
        let first = bytes.first();
        if bytes.iter().all(|byte| Some(byte) == first) {
            return Err(AuditKeyError::NotRandom);
        }
        Ok(Self(key))
    }

    /// Takes 64 hexadecimal digits; space around them doesn't matter.
    ///
    /// # Errors
    /// As [`new`](Self::new), or something else than digits.
    pub fn from_hex(text: &str) -> Result<Self, AuditKeyError> {
        let digits = text.trim();
        let mut bytes = Zeroizing::new([0; 32]);
        if digits.len() != 64 {
            return Err(AuditKeyError::Length {
                len: digits.len() / 2,
            });
        }
        hex::read(digits, &mut *bytes).ok_or(AuditKeyError::NotHexadecimal)?;
        Self::new(&*bytes)
    }

    /// What stands for a certificate in a trail under this key.
    #[must_use]
    pub fn certificate(&self, certificate: &CertificateDigest) -> Pseudonym {
        self.keys().certificate(certificate)
    }

    /// What stands for a member of staff.
    #[must_use]
    pub fn staff(&self, staff: &StaffId) -> Pseudonym {
        self.keys().staff(staff)
    }

    pub(super) fn keys(&self) -> Keys {
        Keys {
            chain: self.derived(CHAIN),
            name: self.derived(NAME),
            visit: self.derived(VISIT),
            certificate: self.derived(CERTIFICATE),
            staff: self.derived(STAFF),
        }
    }

    fn derived(&self, label: &[u8]) -> Subkey {
        Subkey(Zeroizing::new(mac(&self.0, &[label])))
    }
}

impl fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuditKey(..)")
    }
}

/// Why bytes can't be a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AuditKeyError {
    /// Not 32 bytes.
    #[error("an audit key has 32 bytes (64 hexadecimal digits), this one {len}")]
    Length {
        /// Bytes given.
        len: usize,
    },
    /// A character that is no hexadecimal digit.
    #[error("an audit key is written in hexadecimal digits only")]
    NotHexadecimal,
    /// All bytes are alike.
    #[error("an audit key is random; in this one all bytes are alike")]
    NotRandom,
}

/// What stands for somebody in a trail: 16 hexadecimal digits, the beginning of an
/// HMAC. Without the key nobody can tell, or try, who it is. The same person has the
/// same one in all trails under one key, and another one under another key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pseudonym([u8; 8]);

/// The digits.
impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex::write(&self.0, f)
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pseudonym({self})")
    }
}

/// The subkeys of an open log.
pub(super) struct Keys {
    chain: Subkey,
    name: Subkey,
    visit: Subkey,
    certificate: Subkey,
    staff: Subkey,
}

/// Kept as bytes, since those of `ring` don't wipe themselves.
struct Subkey(Zeroizing<[u8; 32]>);

impl Subkey {
    fn pseudonym(&self, parts: &[&[u8]]) -> Pseudonym {
        let mut whole = mac(&self.0, parts);
        let mut short = [0; 8];
        for (to, from) in short.iter_mut().zip(whole) {
            *to = from;
        }
        whole.zeroize();
        Pseudonym(short)
    }
}

impl Keys {
    /// Tells a wrong key from a changed file.
    pub(super) fn name(&self) -> Pseudonym {
        self.name.pseudonym(&[])
    }

    /// Tag of a line: over the tag before, which has a fixed length, and the text.
    pub(super) fn tag(&self, before: &[u8; 32], text: &[u8]) -> [u8; 32] {
        mac(&self.chain.0, &[before, text])
    }

    /// In constant time.
    pub(super) fn is_tag(&self, before: &[u8; 32], text: &[u8], tag: &[u8; 32]) -> bool {
        let key = hmac::Key::new(HMAC_SHA256, &*self.chain.0);
        hmac::verify(&key, &[before, text].concat(), tag).is_ok()
    }

    /// The numbers of visits begin anew with each start of the program, so the
    /// trail and the record that opened it go in too.
    pub(super) fn visit(&self, log: &[u8; 16], opened: u64, visit: VisitId) -> Pseudonym {
        let (opened, visit) = (opened.to_be_bytes(), visit.number().to_be_bytes());
        self.visit.pseudonym(&[log, &opened, &visit])
    }

    pub(super) fn certificate(&self, certificate: &CertificateDigest) -> Pseudonym {
        self.certificate.pseudonym(&[certificate.as_bytes()])
    }

    pub(super) fn staff(&self, staff: &StaffId) -> Pseudonym {
        self.staff.pseudonym(&[staff.as_str().as_bytes()])
    }
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(HMAC_SHA256, key));
    for part in parts {
        context.update(part);
    }
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(context.sign().as_ref()) {
        *to = *from;
    }
    bytes
}
