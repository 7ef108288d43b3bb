//! RSA public keys as these applications write them, and two ways of checking a signature.

use crypto_bigint::{
    Odd, U64, U2048,
    modular::{FixedMontyForm, FixedMontyParams},
};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use zeroize::Zeroizing;

use super::CvError;
use crate::tlv::{Reader, Tag, TlvError};

/// Bytes of a modulus and of a signature.
pub(super) const BYTES: usize = 256;

/// 65537, the only exponent. A small one would make forgeries thinkable that
/// this check of a whole block excludes (see [`PublicKey::recover`]).
const EXPONENT: [u8; 3] = [1, 0, 1];

/// RSA of 2048 bits with the exponent 65537.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct PublicKey {
    modulus: [u8; BYTES],
}

impl PublicKey {
    /// `90` exponent, `91` modulus, and nothing else. `position` is where the
    /// first byte lies in what errors call `element`.
    pub(super) fn parse(
        bytes: &[u8],
        element: &'static str,
        position: usize,
    ) -> Result<Self, CvError> {
        let tlv = |error: TlvError| CvError::Tlv {
            element,
            source: TlvError {
                position: error.position.saturating_add(position),
                kind: error.kind,
            },
        };
        let mut reader = Reader::new(bytes);
        let exponent = reader.expect(Tag::new(0x90)).map_err(tlv)?;
        let modulus = reader.expect(Tag::new(0x91)).map_err(tlv)?;
        reader.finish().map_err(tlv)?;
        let form = |at: usize, why| CvError::Form {
            element,
            position: at.saturating_add(position),
            why,
        };
        if exponent.value() != EXPONENT {
            return Err(form(exponent.position(), "the exponent is not 65537"));
        }
        let value: &[u8; BYTES] = modulus
            .value()
            .try_into()
            .map_err(|_| form(modulus.position(), "the modulus has not 256 bytes"))?;
        Self::new(value).ok_or(form(modulus.position(), NOT_A_MODULUS))
    }

    /// `None` unless it has 2048 bits, the last of them set.
    pub(super) fn new(modulus: &[u8; BYTES]) -> Option<Self> {
        let [first, .., last] = *modulus;
        (first & 0x80 != 0 && last & 1 != 0).then_some(Self { modulus: *modulus })
    }

    pub(super) const fn modulus(&self) -> &[u8; BYTES] {
        &self.modulus
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2.2), by `ring`.
    pub(super) fn verify_sha256(&self, message: &[u8], signature: &[u8]) -> bool {
        let key = RsaPublicKeyComponents {
            n: &self.modulus[..],
            e: &EXPONENT[..],
        };
        key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            .is_ok()
    }

    /// The encoded message of a signature (RSAVP1, RFC 8017 §5.2.2), with its
    /// leading zero bytes: always 256 bytes. Nothing in it is trusted yet.
    ///
    /// Whoever takes a part of it must compare all the rest, byte for byte:
    /// looking for a digest inside is how signatures were forged (Bleichenbacher,
    /// CRYPTO 2006 rump session). Everything here is public, so the time it takes
    /// may vary.
    pub(super) fn recover(&self, signature: &[u8]) -> Option<Zeroizing<[u8; BYTES]>> {
        let signature: &[u8; BYTES] = signature.try_into().ok()?;
        let modulus = U2048::from_be_slice(&self.modulus);
        let signature = U2048::from_be_slice(signature);
        if signature >= modulus {
            return None;
        }
        let modulus = Option::<Odd<U2048>>::from(Odd::new(modulus))?;
        let parameters = FixedMontyParams::new_vartime(modulus);
        let message = FixedMontyForm::new(&signature, &parameters)
            .pow_vartime(&U64::from_u32(65_537))
            .retrieve();
        let mut encoded = Zeroizing::new([0; BYTES]);
        let bytes = message.to_be_bytes();
        encoded.copy_from_slice(bytes.as_ref().get(..BYTES)?);
        Some(encoded)
    }
}

const NOT_A_MODULUS: &str = "the modulus is not an odd number of 2048 bits";
