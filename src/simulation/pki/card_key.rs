//! The virtual card's own keys, and what they do.

use super::cvc::public_key;
use super::{keys, pss};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};

/// A private key that the virtual card holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::simulation) enum CardKey {
    Authentication,
    Signature,
    PhoneAuthentication,
    PhoneSignature,
    /// That of the card with this number ([`Persona::number`](crate::simulation::Persona::number)).
    CardFace(u32),
    InputSupport,
    Common,
}

impl CardKey {
    fn key(self) -> &'static keys::Key {
        match self {
            Self::Authentication => &keys::AUTHENTICATION,
            Self::Signature => &keys::SIGNING,
            Self::PhoneAuthentication => &keys::PHONE_AUTHENTICATION,
            Self::PhoneSignature => &keys::PHONE_SIGNING,
            Self::CardFace(number) => keys::card_face(number),
            Self::InputSupport => &keys::INPUT_SUPPORT,
            Self::Common => &keys::COMMON,
        }
    }

    /// See [`VirtualPki::raw_sign`](super::VirtualPki::raw_sign).
    pub(in crate::simulation) fn raw(self, data: &[u8]) -> Option<Vec<u8>> {
        self.key().raw(data)
    }

    /// SHA-256.
    pub(in crate::simulation) fn hash(data: &[u8]) -> [u8; 32] {
        // Always 32 bytes.
        let digest = digest(&SHA256, data);
        digest.as_ref().try_into().unwrap_or([0; 32])
    }

    /// PKCS#1 v1.5 over a SHA-256 hash in its `DigestInfo`.
    pub(in crate::simulation) fn sign_hash(self, hash: &[u8]) -> Option<Vec<u8>> {
        self.key().sign_hash(hash)
    }

    /// PSS over a SHA-256 hash, with a salt that is new each time.
    pub(in crate::simulation) fn sign_pss(self, hash: &[u8]) -> Option<Vec<u8>> {
        let mut salt = [0; pss::SALT];
        SystemRandom::new().fill(&mut salt).ok()?;
        self.key().power(&pss::encode(hash.try_into().ok()?, &salt))
    }

    /// The public half, as the card writes it.
    pub(in crate::simulation) fn public(self) -> Vec<u8> {
        public_key(&self.key().modulus())
    }
}
