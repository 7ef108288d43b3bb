//! Public keys and signatures: RSA today, and the place where the next card's P-384 goes.

use der::{Tag, asn1::UintRef};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

use super::{
    CertificateError,
    certificate::whole_bytes,
    cursor::{Cursor, Element},
    oid,
};

/// 65537, the exponent of every JPKI key.
const EXPONENT: &[u8] = &[1, 0, 1];

/// An RSA public key, in place.
#[derive(Clone, Copy)]
pub(super) struct RsaKey<'a> {
    /// RSAPublicKey (RFC 8017 §A.1.1), DER.
    pub(super) pkcs1: &'a [u8],
    /// Big-endian, without leading zeros.
    pub(super) modulus: &'a [u8],
    /// Of the modulus.
    pub(super) bits: usize,
}

impl<'a> RsaKey<'a> {
    /// From subjectPublicKeyInfo; `None` if it is well formed but not RSA with the exponent 65537.
    pub(super) fn parse(info: &Element<'a>) -> Result<Option<Self>, CertificateError> {
        let mut parts = info.inside("subjectPublicKeyInfo")?;
        let algorithm = parts.next("algorithm", Tag::Sequence)?;
        let key = parts.next("subjectPublicKey", Tag::BitString)?;
        parts.finish("subjectPublicKeyInfo")?;
        if algorithm.bytes != oid::RSA_ENCRYPTION {
            return Ok(None);
        }
        let pkcs1 = whole_bytes(&key, "subjectPublicKey")?;
        // One byte of a BIT STRING says how many bits are unused.
        let mut inside = Cursor::new(pkcs1, key.value_position() + 1, "subjectPublicKey")?;
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
        if exponent != EXPONENT {
            return Ok(None);
        }
        let leading = modulus.first().map_or(0, |byte| byte.leading_zeros());
        let bits = (modulus.len() * 8).saturating_sub(usize::try_from(leading).unwrap_or(0));
        Ok(Some(Self {
            pkcs1,
            modulus,
            bits,
        }))
    }
}

/// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2.2), by `ring`.
pub(super) fn verify_sha256(pkcs1: &[u8], message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pkcs1)
        .verify(message, signature)
        .is_ok()
}
