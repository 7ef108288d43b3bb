use std::fmt;

use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, UnparsedPublicKey, VerificationAlgorithm};
use thiserror::Error;

use super::terminal_point::{self, Encoded, is_on_p256};

/// Public key of a terminal, with which the claims of an
/// [`Evidence`](super::Evidence) can be checked.
///
/// Where it comes from is the verifier's business: it must be a key that he
/// knows to be that terminal's. Whether it can be a key is checked when it is made.
/// Both kinds of signature have 64 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TerminalKey(Kind);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ed25519([u8; 32]),
    P256([u8; 65]),
}

impl TerminalKey {
    /// Ed25519 (RFC 8032), the public key in its 32 bytes.
    ///
    /// ```
    /// use uketsuke::trust::{TerminalKey, TerminalKeyError};
    ///
    /// // A key that was never filled in: anybody could sign under it.
    /// assert_eq!(TerminalKey::ed25519([0; 32]), Err(TerminalKeyError::SmallOrder));
    /// ```
    ///
    /// # Errors
    ///
    /// [`TerminalKeyError::NotAPoint`] for bytes that RFC 8032 §5.1.3 doesn't
    /// decode, [`TerminalKeyError::SmallOrder`] for one of the eight points under
    /// which signatures can be made without a private key.
    pub fn ed25519(key: [u8; 32]) -> Result<Self, TerminalKeyError> {
        match terminal_point::ed25519(&key) {
            Encoded::Point => Ok(Self(Kind::Ed25519(key))),
            Encoded::SmallOrder => Err(TerminalKeyError::SmallOrder),
            Encoded::Nothing => Err(TerminalKeyError::NotAPoint),
        }
    }

    /// ECDSA on P-256 with SHA-256, the public key as an uncompressed point
    /// (SEC 1 §2.3.3): `04`, x, y. Its signatures are r and s, 32 bytes each.
    ///
    /// # Errors
    ///
    /// [`TerminalKeyError::Form`] unless it begins with `04`,
    /// [`TerminalKeyError::NotAPoint`] for coordinates that aren't on the curve.
    pub fn p256(point: [u8; 65]) -> Result<Self, TerminalKeyError> {
        let [form, coordinates @ ..] = &point;
        if *form != 4 {
            return Err(TerminalKeyError::Form);
        }
        match coordinates.as_chunks::<32>() {
            ([x, y], []) if is_on_p256(x, y) => Ok(Self(Kind::P256(point))),
            _ => Err(TerminalKeyError::NotAPoint),
        }
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let (algorithm, key): (&dyn VerificationAlgorithm, &[u8]) = match &self.0 {
            Kind::Ed25519(key) => (&ED25519, key),
            Kind::P256(point) => (&ECDSA_P256_SHA256_FIXED, point),
        };
        UnparsedPublicKey::new(algorithm, key)
            .verify(message, signature)
            .is_ok()
    }
}

/// The kind only.
impl fmt::Debug for TerminalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Ed25519(_) => "TerminalKey(Ed25519)",
            Kind::P256(_) => "TerminalKey(P-256)",
        })
    }
}

/// Why bytes are no terminal's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TerminalKeyError {
    /// Another form than the uncompressed one.
    #[error("a key on P-256 is an uncompressed point and begins with 04")]
    Form,
    /// No point of the curve.
    #[error("the key is not a point of its curve")]
    NotAPoint,
    /// A point under which anybody can sign.
    #[error("the key is a point of small order, under which anybody can sign")]
    SmallOrder,
}
