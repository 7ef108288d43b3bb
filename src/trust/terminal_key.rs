use std::fmt;

use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, UnparsedPublicKey, VerificationAlgorithm};

/// Public key of a terminal, with which the claims of an
/// [`Evidence`](super::Evidence) can be checked.
///
/// Where it comes from is the verifier's business: it must be a key that he
/// knows to be that terminal's. Both kinds of signature have 64 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TerminalKey(Kind);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ed25519([u8; 32]),
    P256([u8; 65]),
}

impl TerminalKey {
    /// Ed25519 (RFC 8032), the public key in its 32 bytes.
    #[must_use]
    pub const fn ed25519(key: [u8; 32]) -> Self {
        Self(Kind::Ed25519(key))
    }

    /// ECDSA on P-256 with SHA-256, the public key as an uncompressed point
    /// (SEC 1 §2.3.3): `04`, x, y. Its signatures are r and s, 32 bytes each.
    #[must_use]
    pub const fn p256(point: [u8; 65]) -> Self {
        Self(Kind::P256(point))
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
