//! `Evidence` as bytes, and back. The form is stated at [`Evidence::to_bytes`].

use jiff::Timestamp;
use thiserror::Error;
use zeroize::Zeroizing;

use super::{
    Certificate, ChallengeError, Claims, Evidence, SignedChallenge, TerminalId, TrustError,
};
use crate::{Realm, eligibility::Identified};

/// Keeps a terminal's signature over evidence apart from all its others.
pub(super) const LABEL: &[u8] = b"uketsuke/1 evidence\0";

/// The field before which the terminal's signature ends what it covers.
const TERMINAL_SIGNATURE: &str = "terminal's signature";

/// Names of the fields and the most bytes of each. The longest message is the
/// one around 1,024 bytes of a centre; the longest signature RSA-4096's.
const FIELDS: [(&str, usize); 8] = [
    ("certificate", Certificate::MAX_LEN),
    ("message", 18 + 4 + 1024),
    ("signature", 512),
    ("claimed time", 8),
    ("claimed terminal", 64),
    ("claimed realm", 1),
    ("claimed method", 1),
    (TERMINAL_SIGNATURE, 64),
];

/// Label, fields at their longest, and the length before each.
pub(super) const MAX_LEN: usize =
    LABEL.len() + Certificate::MAX_LEN + 1046 + 512 + 8 + 64 + 1 + 1 + 64 + 8 * 4;

/// Evidence can't be made, can't be read, or doesn't hold.
///
/// Positions count bytes from the start. Nothing of the content is repeated.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EvidenceError {
    /// Chain and signature aren't of one card session, or not about one
    /// certificate: nothing to put together.
    #[error("chain and signed challenge are not of one card session and certificate")]
    OtherSession,
    /// A certificate, message or signature too long for the form.
    #[error("{field} of {len} bytes at byte {position}, at most {max} are looked at")]
    TooLong {
        /// Where its length stands; 0 for the whole.
        position: usize,
        /// Which field, or `evidence` for the whole.
        field: &'static str,
        /// Its bytes.
        len: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// It doesn't begin with the label of evidence in version 1.
    #[error("not evidence of version 1 of this library")]
    NotEvidence,
    /// It ends too early.
    #[error("ends within the {field}, whose length is stated at byte {position}")]
    Truncated {
        /// Where the length of the field stands, or should.
        position: usize,
        /// Which field.
        field: &'static str,
    },
    /// A field holds what it can't hold.
    #[error("{field} at byte {position}: {why}")]
    Field {
        /// Where its length stands.
        position: usize,
        /// Which field.
        field: &'static str,
        /// What is wrong.
        why: &'static str,
    },
    /// Something comes behind the last field.
    #[error("bytes are left over from byte {position} on")]
    TrailingBytes {
        /// The first of them.
        position: usize,
    },
    /// The key of the certificate in it didn't sign the message in it, or the
    /// message isn't a challenge for a check-in.
    #[error("the challenge does not hold: {0}")]
    Challenge(#[source] ChallengeError),
    /// The key of the certificate signed the message, but the certificate isn't
    /// good under these roots at that time.
    #[error("the certificate does not hold: {0}")]
    Chain(#[source] TrustError),
    /// There is no terminal's signature: the claims are anybody's.
    #[error("no terminal signed the claims")]
    NotSignedByTerminal,
    /// There is one, by another key or over something else.
    #[error("the terminal's signature is wrong")]
    BadTerminalSignature,
}

/// All of it but the terminal's signature: what a terminal signs.
pub(super) fn unsigned(evidence: &Evidence) -> Zeroizing<Vec<u8>> {
    let claims = &evidence.claims;
    // At full size at once: what grows leaves copies of the certificate behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_LEN));
    bytes.extend_from_slice(LABEL);
    append(&mut bytes, &evidence.certificate);
    append(&mut bytes, &evidence.signed.message);
    append(&mut bytes, &evidence.signed.signature);
    match claims.claimed_time {
        Some(time) => append(&mut bytes, &time.as_second().to_be_bytes()),
        None => append(&mut bytes, &[]),
    }
    let terminal = claims.claimed_terminal.as_ref();
    append(
        &mut bytes,
        terminal.map_or(&[], |terminal| terminal.as_str().as_bytes()),
    );
    let realm = claims.claimed_realm.map(realm_code);
    append(&mut bytes, realm.as_slice());
    let method = claims.claimed_method.map(method_code);
    append(&mut bytes, method.as_slice());
    bytes
}

pub(super) fn write(evidence: &Evidence) -> Zeroizing<Vec<u8>> {
    let mut bytes = unsigned(evidence);
    let signature = evidence.terminal_signature.as_ref();
    append(&mut bytes, signature.map_or(&[], |s| s));
    bytes
}

/// Whether the parts that come from outside fit into the form.
pub(super) fn fits(certificate: &[u8], signed: &SignedChallenge) -> Result<(), EvidenceError> {
    let parts = [certificate, &signed.message, &signed.signature];
    let too_long = FIELDS
        .iter()
        .zip(parts)
        .find(|((_, max), part)| part.len() > *max);
    match too_long {
        None => Ok(()),
        Some((&(field, max), part)) => Err(EvidenceError::TooLong {
            position: 0,
            field,
            len: part.len(),
            max,
        }),
    }
}

pub(super) fn read(bytes: &[u8]) -> Result<Evidence, EvidenceError> {
    if bytes.len() > MAX_LEN {
        return Err(EvidenceError::TooLong {
            position: 0,
            field: "evidence",
            len: bytes.len(),
            max: MAX_LEN,
        });
    }
    let mut rest = bytes
        .strip_prefix(LABEL)
        .ok_or(EvidenceError::NotEvidence)?;
    let mut position = LABEL.len();
    let mut found: [Part<'_>; FIELDS.len()] = [Part::NOTHING; FIELDS.len()];
    for (&(field, max), part) in FIELDS.iter().zip(&mut found) {
        let truncated = EvidenceError::Truncated { position, field };
        let (len, after) = rest.split_first_chunk::<4>().ok_or(truncated.clone())?;
        let len = usize::try_from(u32::from_be_bytes(*len)).unwrap_or(usize::MAX);
        if len > max {
            return Err(EvidenceError::TooLong {
                position,
                field,
                len,
                max,
            });
        }
        let (value, after) = after.split_at_checked(len).ok_or(truncated)?;
        *part = Part {
            value,
            position,
            field,
        };
        position += 4 + len;
        rest = after;
    }
    if !rest.is_empty() {
        return Err(EvidenceError::TrailingBytes { position });
    }
    let [
        certificate,
        message,
        signature,
        time,
        terminal,
        realm,
        method,
        by_terminal,
    ] = found;
    Ok(Evidence {
        certificate: Zeroizing::new(certificate.value.to_vec()),
        signed: SignedChallenge {
            message: message.value.to_vec(),
            signature: signature.value.to_vec(),
        },
        claims: Claims {
            claimed_time: time.claim("is not a time in seconds", |value| {
                let seconds = i64::from_be_bytes(value.try_into().ok()?);
                Timestamp::from_second(seconds).ok()
            })?,
            claimed_terminal: terminal.claim("is no name of a terminal", |value| {
                TerminalId::new(std::str::from_utf8(value).ok()?).ok()
            })?,
            claimed_realm: realm.claim("is no known realm", |value| {
                let mut all = [Realm::Production, Realm::JpkiTest, Realm::Simulation].into_iter();
                all.find(|realm| value == [realm_code(*realm)])
            })?,
            claimed_method: method.claim("is no known method", |value| {
                let mut all = [
                    Identified::Pin,
                    Identified::Face,
                    Identified::Staff,
                    Identified::Device,
                ]
                .into_iter();
                all.find(|method| value == [method_code(*method)])
            })?,
        },
        terminal_signature: by_terminal.claim("has not 64 bytes", |value| value.try_into().ok())?,
    })
}

const fn realm_code(realm: Realm) -> u8 {
    match realm {
        Realm::Production => 1,
        Realm::JpkiTest => 2,
        Realm::Simulation => 3,
    }
}

const fn method_code(method: Identified) -> u8 {
    match method {
        Identified::Pin => 1,
        Identified::Face => 2,
        Identified::Staff => 3,
        Identified::Device => 4,
    }
}

/// A field as it stands there.
#[derive(Clone, Copy)]
struct Part<'a> {
    value: &'a [u8],
    position: usize,
    field: &'static str,
}

impl<'a> Part<'a> {
    const NOTHING: Self = Self {
        value: &[],
        position: 0,
        field: "",
    };

    /// `None` if it is empty: not claimed.
    fn claim<T>(
        &self,
        why: &'static str,
        read: impl FnOnce(&'a [u8]) -> Option<T>,
    ) -> Result<Option<T>, EvidenceError> {
        if self.value.is_empty() {
            return Ok(None);
        }
        match read(self.value) {
            Some(claim) => Ok(Some(claim)),
            None => Err(EvidenceError::Field {
                position: self.position,
                field: self.field,
                why,
            }),
        }
    }
}

/// Every field is shorter than 8,193 bytes, which is seen before.
fn append(bytes: &mut Vec<u8>, field: &[u8]) {
    let len = u32::try_from(field.len()).unwrap_or(u32::MAX);
    bytes.extend_from_slice(&len.to_be_bytes());
    bytes.extend_from_slice(field);
}
