//! Which algorithms and key sizes are accepted, as data.

use std::ops::RangeInclusive;

use super::{key::KeyKind, oid};

/// An algorithm that certificates and challenges are signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256: all of JPKI today.
    RsaPkcs1Sha256,
    /// ECDSA on P-384 with SHA-384, the signature in DER: announced for the next
    /// card (次期個人番号カード).
    EcdsaP384Sha384,
}

impl SignatureAlgorithm {
    /// The one of an AlgorithmIdentifier, DER.
    pub(super) fn of(identifier: &[u8]) -> Option<Self> {
        match identifier {
            oid::SHA256_WITH_RSA => Some(Self::RsaPkcs1Sha256),
            oid::ECDSA_WITH_SHA384 => Some(Self::EcdsaP384Sha384),
            _ => None,
        }
    }
}

/// The signature algorithms and keys under which [`Roots`](super::Roots) accept a certificate.
///
/// ```
/// use uketsuke::trust::{AlgorithmPolicy, Roots};
///
/// let roots = Roots::jpki_authentication();
/// assert_eq!(roots.algorithms(), AlgorithmPolicy::RSA);
/// let roots = roots.with_algorithms(AlgorithmPolicy::RSA_AND_P384);
/// assert_eq!(roots.algorithms(), AlgorithmPolicy::RSA_AND_P384);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlgorithmPolicy {
    signatures: &'static [SignatureAlgorithm],
    /// Shortest and longest modulus of a holder's key, in bits.
    rsa: (usize, usize),
    p384: bool,
}

impl AlgorithmPolicy {
    /// Today's cards: sha256WithRSAEncryption by a root of 2048 to 4096 bits, and
    /// holders' keys of 2048 bits. The default.
    pub const RSA: Self = Self {
        signatures: &[SignatureAlgorithm::RsaPkcs1Sha256],
        rsa: (2048, 2048),
        p384: false,
    };

    /// The same, and ecdsa-with-SHA384 by roots and holders with keys on P-384.
    ///
    /// The next card is announced with these. Its certificates aren't published,
    /// so nobody has seen yet whether they look as expected here (RFC 5480, RFC 5758).
    /// Nor is it known how that card is told what to sign: a
    /// [`Challenge`](super::Challenge) gives it a SHA-256 digest, and a signature on
    /// P-384 is verified over SHA-384. So the chain of such a holder can be
    /// validated, but a check-in with it ends at the challenge.
    pub const RSA_AND_P384: Self = Self {
        signatures: &[
            SignatureAlgorithm::RsaPkcs1Sha256,
            SignatureAlgorithm::EcdsaP384Sha384,
        ],
        rsa: (2048, 2048),
        p384: true,
    };

    pub(super) fn part(&self) -> Vec<u8> {
        let Self {
            signatures,
            rsa: (from, to),
            p384,
        } = self;
        let mut part = format!("algorithms rsa {from}-{to} p384 {p384}");
        for signature in *signatures {
            part.push_str(match signature {
                SignatureAlgorithm::RsaPkcs1Sha256 => " rsa-pkcs1-sha256",
                SignatureAlgorithm::EcdsaP384Sha384 => " ecdsa-p384-sha384",
            });
        }
        part.into_bytes()
    }

    pub(super) fn signature(&self, identifier: &[u8]) -> Option<SignatureAlgorithm> {
        SignatureAlgorithm::of(identifier).filter(|found| self.signatures.contains(found))
    }

    /// Whether a holder may have such a key.
    pub(super) fn accepts(&self, key: KeyKind) -> bool {
        match key {
            KeyKind::Rsa { bits, usual } => usual && (self.rsa.0..=self.rsa.1).contains(&bits),
            KeyKind::P384 => self.p384,
        }
    }
}

impl Default for AlgorithmPolicy {
    fn default() -> Self {
        Self::RSA
    }
}

/// Modulus of a root, in bits.
const ROOT_RSA: RangeInclusive<usize> = 2048..=4096;

impl KeyKind {
    /// Whether signatures of such a key are looked at.
    pub(super) fn is_verified(self) -> bool {
        match self {
            Self::Rsa { bits, .. } => ROOT_RSA.contains(&bits),
            Self::P384 => true,
        }
    }

    /// Whether a root may have such a key.
    pub(super) fn is_accepted(self) -> bool {
        self.is_verified() && !matches!(self, Self::Rsa { usual: false, .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_at_their_ends() {
        let rsa = |bits, usual| KeyKind::Rsa { bits, usual };
        for (bits, root, holder) in [
            (2047, false, false),
            (2048, true, true),
            (2049, true, false),
            (4096, true, false),
            (4097, false, false),
        ] {
            let key = rsa(bits, true);
            assert_eq!(
                (key.is_verified(), key.is_accepted()),
                (root, root),
                "{bits}"
            );
            assert_eq!(AlgorithmPolicy::RSA.accepts(key), holder, "{bits}");
            let other = rsa(bits, false);
            assert_eq!((other.is_verified(), other.is_accepted()), (root, false));
            assert!(!AlgorithmPolicy::RSA.accepts(other), "{bits}");
        }
        assert!(KeyKind::P384.is_accepted() && !AlgorithmPolicy::RSA.accepts(KeyKind::P384));
        assert!(AlgorithmPolicy::RSA_AND_P384.accepts(KeyKind::P384));
    }
}
