//! The embedded keys and root certificates, and the private-key operation.
//!
//! The keys were made once (`openssl genrsa 2048`) and are public: they protect nothing, and nothing
//! but the realm `Simulation` trusts the roots over them.

use std::collections::VecDeque;
use std::sync::{Mutex, OnceLock, PoisonError};

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, digest};
use rsa::{
    BigUint, Pkcs1v15Sign, RsaPrivateKey,
    pkcs1::{DecodeRsaPrivateKey, EncodeRsaPublicKey},
    pkcs8::EncodePublicKey,
    traits::{PrivateKeyParts, PublicKeyParts},
};

use super::Generation;
use crate::trust::CertificateUse;

/// Longest input of the raw signature: 256 bytes of modulus less 11 of padding.
pub(super) const MAX_RAW: usize = 245;

/// `DigestInfo` of SHA-256 up to the digest (RFC 8017 §9.2, note 1).
const SHA256_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];
/// The same of SHA-1.
const SHA1_INFO: [u8; 15] = [
    0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14,
];

/// The same of SHA-384.
const SHA384_INFO: [u8; 19] = [
    0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05,
    0x00, 0x04, 0x30,
];

/// A public key of 1024 bits, as SubjectPublicKeyInfo; its private half was thrown away.
pub(super) const SMALL_PUBLIC: &[u8] = include_bytes!("keys/small_public.der");

/// One embedded key, decoded at first use (decoding checks it, which costs milliseconds).
pub(super) struct Key {
    pkcs1: &'static [u8],
    decoded: OnceLock<Option<RsaPrivateKey>>,
    /// What was signed lately, and the signatures: PKCS #1 v1.5 signs the same bytes the same way, and making the
    /// same card over and over is what tests do.
    signed: Mutex<VecDeque<(Vec<u8>, Vec<u8>)>>,
}

/// How many signatures are kept of each key.
const KEPT: usize = 16;

impl Key {
    const fn new(pkcs1: &'static [u8]) -> Self {
        Self {
            pkcs1,
            decoded: OnceLock::new(),
            signed: Mutex::new(VecDeque::new()),
        }
    }

    fn key(&self) -> Option<&RsaPrivateKey> {
        self.decoded
            .get_or_init(|| RsaPrivateKey::from_pkcs1_der(self.pkcs1).ok())
            .as_ref()
    }

    /// Type-1 padding and the private-key operation over 1 to [`MAX_RAW`] bytes.
    pub(super) fn raw(&self, data: &[u8]) -> Option<Vec<u8>> {
        if data.is_empty() || data.len() > MAX_RAW {
            return None;
        }
        let signed = || self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, signature)) = signed().iter().find(|(known, _)| known == data) {
            return Some(signature.clone());
        }
        // Not under the lock: the cards of many lanes have the same key.
        let signature = self
            .key()?
            .sign(Pkcs1v15Sign::new_unprefixed(), data)
            .ok()?;
        let mut signed = signed();
        signed.truncate(KEPT - 1);
        signed.push_front((data.to_vec(), signature.clone()));
        Some(signature)
    }

    pub(super) fn sign_sha256(&self, message: &[u8]) -> Option<Vec<u8>> {
        self.sign_hash(digest(&SHA256, message).as_ref())
    }

    /// PKCS#1 v1.5 over a SHA-256 hash.
    pub(super) fn sign_hash(&self, hash: &[u8]) -> Option<Vec<u8>> {
        self.raw(&[&SHA256_INFO, hash].concat())
    }

    /// The private-key operation alone, over a block that is as long as the modulus and less than it.
    pub(super) fn power(&self, block: &[u8]) -> Option<Vec<u8>> {
        let key = self.key()?;
        let bytes = BigUint::from_bytes_be(block)
            .modpow(key.d(), key.n())
            .to_bytes_be();
        let mut out = vec![0; key.size().checked_sub(bytes.len())?];
        out.extend(bytes);
        Some(out)
    }

    pub(super) fn sign_sha1(&self, message: &[u8]) -> Option<Vec<u8>> {
        let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, message);
        self.raw(&[&SHA1_INFO, digest.as_ref()].concat())
    }

    pub(super) fn sign_sha384(&self, message: &[u8]) -> Option<Vec<u8>> {
        let digest = digest(&SHA384, message);
        self.raw(&[&SHA384_INFO, digest.as_ref()].concat())
    }

    /// Modulus, big-endian.
    pub(super) fn modulus(&self) -> [u8; 256] {
        self.key()
            .and_then(|key| key.n().to_bytes_be().try_into().ok())
            .unwrap_or([0; 256])
    }

    /// SubjectPublicKeyInfo, DER.
    pub(super) fn public_key_info(&self) -> Option<Vec<u8>> {
        let public = self.key()?.to_public_key();
        Some(public.to_public_key_der().ok()?.into_vec())
    }

    /// SHA-1 over the public key's bits (RFC 5280 §4.2.1.2, method 1), as in the real certificates.
    pub(super) fn identifier(&self) -> Option<Vec<u8>> {
        let public = self.key()?.to_public_key().to_pkcs1_der().ok()?;
        Some(
            digest(&SHA1_FOR_LEGACY_USE_ONLY, public.as_bytes())
                .as_ref()
                .to_vec(),
        )
    }
}

pub(super) static AUTHENTICATION: Key = Key::new(include_bytes!("keys/auth_leaf.der"));
pub(super) static SIGNING: Key = Key::new(include_bytes!("keys/sign_leaf.der"));
/// Those of phones, which hold no copy of the card's.
pub(super) static PHONE_AUTHENTICATION: Key = Key::new(include_bytes!("keys/phone_auth.der"));
pub(super) static PHONE_SIGNING: Key = Key::new(include_bytes!("keys/phone_sign.der"));

/// Cards' own keys of the card-face application (EF 001A). No two real cards share one; here four go round, so that
/// one card can be told from the next.
static CARD_FACES: [Key; 4] = [
    Key::new(include_bytes!("keys/card_face.der")),
    Key::new(include_bytes!("keys/card_face2.der")),
    Key::new(include_bytes!("keys/card_face3.der")),
    Key::new(include_bytes!("keys/card_face4.der")),
];

/// The one of the card with this number, counted from 1.
pub(super) fn card_face(number: u32) -> &'static Key {
    let [first, second, third, fourth] = &CARD_FACES;
    match number % 4 {
        1 => first,
        2 => second,
        3 => third,
        _ => fourth,
    }
}

/// The card's own key of the input support application (EF 0013).
pub(super) static INPUT_SUPPORT: Key = Key::new(include_bytes!("keys/card_input.der"));
/// The card's own key of the common application (EF 0019).
pub(super) static COMMON: Key = Key::new(include_bytes!("keys/card_common.der"));

pub(super) static MASTER_CA: Key = Key::new(include_bytes!("keys/cv_master_ca.der"));
pub(super) static CARD_FACE_CA: Key = Key::new(include_bytes!("keys/cv_face_ca.der"));
pub(super) static INPUT_SUPPORT_CA: Key = Key::new(include_bytes!("keys/cv_input_ca.der"));
pub(super) static MASTER_ISSUER: Key = Key::new(include_bytes!("keys/cv_master_issuer.der"));
pub(super) static CARD_FACE_ISSUER: Key = Key::new(include_bytes!("keys/cv_face_issuer.der"));
pub(super) static INPUT_SUPPORT_ISSUER: Key = Key::new(include_bytes!("keys/cv_input_issuer.der"));

/// Of a key to which a terminal would encrypt a session key; its private half was thrown away.
pub(in crate::simulation) const SESSION_MODULUS: &[u8; 256] =
    include_bytes!("keys/session_modulus.bin");
/// Of a key that the card-level certificates end at; its private half was thrown away.
pub(super) const LOWER_MODULUS: &[u8; 256] = include_bytes!("keys/cv_lower_modulus.bin");

/// A certification authority of one generation.
pub(super) struct Authority {
    pub(super) certificate: &'static [u8],
    pub(super) key: Key,
    pub(super) serial: u32,
}

static AUTHENTICATION_CAS: [Authority; 3] = [
    Authority {
        certificate: include_bytes!("keys/auth_ca1.cer"),
        key: Key::new(include_bytes!("keys/auth_ca1.der")),
        serial: 1,
    },
    Authority {
        certificate: include_bytes!("keys/auth_ca2.cer"),
        key: Key::new(include_bytes!("keys/auth_ca2.der")),
        serial: 0x0253_4901,
    },
    Authority {
        certificate: include_bytes!("keys/auth_ca3.cer"),
        key: Key::new(include_bytes!("keys/auth_ca3.der")),
        serial: 0x0353_4901,
    },
];

static SIGNING_CAS: [Authority; 3] = [
    Authority {
        certificate: include_bytes!("keys/sign_ca1.cer"),
        key: Key::new(include_bytes!("keys/sign_ca1.der")),
        serial: 1,
    },
    Authority {
        certificate: include_bytes!("keys/sign_ca2.cer"),
        key: Key::new(include_bytes!("keys/sign_ca2.der")),
        serial: 0x0253_4901,
    },
    Authority {
        certificate: include_bytes!("keys/sign_ca3.cer"),
        key: Key::new(include_bytes!("keys/sign_ca3.der")),
        serial: 0x0353_4901,
    },
];

pub(super) fn authentication_ca(generation: Generation) -> &'static Authority {
    of(&AUTHENTICATION_CAS, generation)
}

pub(super) fn signing_ca(generation: Generation) -> &'static Authority {
    of(&SIGNING_CAS, generation)
}

pub(super) fn ca(usage: CertificateUse, generation: Generation) -> &'static Authority {
    match usage {
        CertificateUse::Authentication => authentication_ca(generation),
        CertificateUse::Signing => signing_ca(generation),
    }
}

fn of(cas: &'static [Authority; 3], generation: Generation) -> &'static Authority {
    let [first, second, third] = cas;
    match generation {
        Generation::First => first,
        Generation::Second => second,
        Generation::Third => third,
    }
}
