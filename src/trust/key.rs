//! Public keys and signatures: RSA of today's cards, and P-384 of the next one's.

use der::{Tag, asn1::UintRef};
use ring::signature::{
    ECDSA_P384_SHA384_ASN1, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};

use super::{
    CertificateError, SignatureAlgorithm, TrustError,
    certificate::whole_bytes,
    cursor::{Cursor, Element},
    error::wrong,
    oid,
};

/// 65537, the exponent of every JPKI key.
const EXPONENT: &[u8] = &[1, 0, 1];

/// A public key, in place.
#[derive(Clone, Copy)]
pub(super) struct PublicKey<'a> {
    pub(super) kind: KeyKind,
    /// RSAPublicKey (RFC 8017 §A.1.1) in DER, or the uncompressed point (SEC 1 §2.3.3).
    pub(super) bytes: &'a [u8],
    /// Of RSA, big-endian without leading zero; otherwise empty.
    pub(super) modulus: &'a [u8],
}

/// What kind of key, and how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyKind {
    Rsa {
        /// Of the modulus.
        bits: usize,
        /// The exponent is 65537.
        usual: bool,
    },
    P384,
}

impl KeyKind {
    /// The one algorithm that a key of this kind signs with here.
    pub(super) const fn signs(self) -> SignatureAlgorithm {
        match self {
            Self::Rsa { .. } => SignatureAlgorithm::RsaPkcs1Sha256,
            Self::P384 => SignatureAlgorithm::EcdsaP384Sha384,
        }
    }
}

impl<'a> PublicKey<'a> {
    /// From subjectPublicKeyInfo; `None` if it is well formed but neither RSA
    /// nor an uncompressed point on P-384.
    ///
    /// Whether the point is on the curve, and whether the modulus is one, is seen
    /// when a signature is verified: `ring` refuses the key then.
    pub(super) fn parse(info: &Element<'a>) -> Result<Option<Self>, CertificateError> {
        let mut parts = info.inside("subjectPublicKeyInfo")?;
        let algorithm = parts.next("algorithm", Tag::Sequence)?;
        let key = parts.next("subjectPublicKey", Tag::BitString)?;
        parts.finish("subjectPublicKeyInfo")?;
        let bytes = whole_bytes(&key, "subjectPublicKey")?;
        match algorithm.bytes {
            // One byte of a BIT STRING says how many bits are unused.
            oid::RSA_ENCRYPTION => Self::rsa(bytes, key.value_position() + 1),
            oid::EC_P384 => Ok(Self::p384(bytes)),
            _ => Ok(None),
        }
    }

    fn rsa(bytes: &'a [u8], position: usize) -> Result<Option<Self>, CertificateError> {
        let mut inside = Cursor::new(bytes, position, "subjectPublicKey")?;
        let sequence = inside.next("subjectPublicKey", Tag::Sequence)?;
        inside.finish("subjectPublicKey")?;
        let mut numbers = sequence.inside("subjectPublicKey")?;
        let modulus = numbers
            .next("modulus", Tag::Integer)?
            .decode::<UintRef<'a>>("modulus")?
            .as_bytes();
        let exponent = numbers
            .next("publicExponent", Tag::Integer)?
            .decode::<UintRef<'a>>("publicExponent")?
            .as_bytes();
        numbers.finish("subjectPublicKey")?;
        let leading = modulus.first().map_or(0, |byte| byte.leading_zeros());
        let bits = (modulus.len() * 8).saturating_sub(usize::try_from(leading).unwrap_or(0));
        let usual = exponent == EXPONENT;
        let kind = KeyKind::Rsa { bits, usual };
        Ok(Some(Self {
            kind,
            bytes,
            modulus,
        }))
    }

    /// RFC 5480 §2.2: `04`, X and Y. The compressed form is optional there and refused here.
    fn p384(bytes: &'a [u8]) -> Option<Self> {
        (bytes.len() == 97 && bytes.first() == Some(&4)).then_some(Self {
            kind: KeyKind::P384,
            bytes,
            modulus: &[],
        })
    }

    /// Whether this key made `signature` over `message`; never with an algorithm
    /// of the other kind of key.
    pub(super) fn verify(
        self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        let by: &'static dyn VerificationAlgorithm = match (self.kind, algorithm) {
            // RFC 8017 §8.2.2, the padding compared byte by byte.
            (KeyKind::Rsa { .. }, SignatureAlgorithm::RsaPkcs1Sha256) => {
                &RSA_PKCS1_2048_8192_SHA256
            }
            // FIPS 186-5 §6.4.2 over the DER of RFC 3279 §2.2.3.
            (KeyKind::P384, SignatureAlgorithm::EcdsaP384Sha384) => &ECDSA_P384_SHA384_ASN1,
            _ => return false,
        };
        UnparsedPublicKey::new(by, self.bytes)
            .verify(message, signature)
            .is_ok()
    }

    pub(super) fn to_owned(self) -> OwnedKey {
        OwnedKey {
            kind: self.kind,
            bytes: self.bytes.to_vec(),
        }
    }
}

/// A public key that outlives its certificate.
#[derive(Clone)]
pub(super) struct OwnedKey {
    pub(super) kind: KeyKind,
    bytes: Vec<u8>,
}

impl OwnedKey {
    /// As [`PublicKey::bytes`]: the bits of the BIT STRING.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        self.as_key().verify(algorithm, message, signature)
    }

    /// The same key, without its modulus apart.
    pub(super) fn as_key(&self) -> PublicKey<'_> {
        PublicKey {
            kind: self.kind,
            bytes: &self.bytes,
            modulus: &[],
        }
    }
}

/// Verifies one signature, the way in which this library verifies those of
/// certificates and challenges.
///
/// For tools, and so that the check itself can be held against suites of test
/// vectors. Nothing is said about whose key it is.
///
/// `key_info` is a SubjectPublicKeyInfo in DER: RSA of 2048 to 4096 bits with
/// NULL parameters, or an uncompressed point on P-384. Any odd exponent from 3 to
/// 2³³−1 does here; certificates are accepted with 65537 only.
/// `signature` is as long as the modulus for RSA, and the DER of
/// ECDSA-Sig-Value for P-384.
///
/// ```
/// use uketsuke::trust::{SignatureAlgorithm, TrustError, verify_signature};
///
/// # let key_info = uketsuke::simulation::VirtualPki::new().authentication_key_info();
/// let rsa = SignatureAlgorithm::RsaPkcs1Sha256;
/// assert_eq!(
///     verify_signature(&key_info, rsa, b"what was signed", &[0; 256]),
///     Err(TrustError::BadSignature)
/// );
/// ```
///
/// # Errors
///
/// [`Certificate`](TrustError::Certificate) for a key that isn't DER (positions
/// from the start of `key_info`), [`NotForThisPurpose`](TrustError::NotForThisPurpose)
/// for another kind or size of key, or one that doesn't go with `algorithm`;
/// [`BadSignature`](TrustError::BadSignature) otherwise.
pub fn verify_signature(
    key_info: &[u8],
    algorithm: SignatureAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), TrustError> {
    const NAME: &str = "subjectPublicKeyInfo";
    let mut whole = Cursor::new(key_info, 0, NAME)?;
    let info = whole.next(NAME, Tag::Sequence)?;
    whole.finish(NAME)?;
    let key = PublicKey::parse(&info)?
        .filter(|key| key.kind.is_verified())
        .ok_or(wrong(NAME, "is neither RSA of 2048 to 4096 bits nor P-384"))?;
    if key.kind.signs() != algorithm {
        return Err(wrong(NAME, "is a key for another algorithm"));
    }
    if key.verify(algorithm, message, signature) {
        Ok(())
    } else {
        Err(TrustError::BadSignature)
    }
}
