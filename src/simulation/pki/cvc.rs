//! The simulated hierarchy of card-verifiable certificates (CVC), under which a card's records are signed.
//!
//! ```text
//! 9000020  card level     -> 9999930  municipality -> 9000050  (a key that nothing else names)
//! 9000023  card face      -> 9999921  municipality -> records of the card face
//! 9000033  input support  -> 9999931  municipality -> records of the input support application
//! ```
//!
//! Real ones have 5000020, 5000023 and 5000033 at the top (6000020 and so on for test cards), and the code of the
//! municipality followed by 30, 21 and 31. Prefectures end at 47, so no municipality begins with 99.

use super::keys::{self, Key};
use crate::simulation::ber::{LengthForm, tlv};
use std::sync::LazyLock;

/// The three lines of the hierarchy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::simulation) enum Line {
    /// The objects of the card itself.
    Master,
    /// The card-face application (券面事項確認AP).
    CardFace,
    /// The input support application (券面事項入力補助AP).
    InputSupport,
}

/// Identifier of the key that certificate `7F21` of the card itself is about.
const LOWER: [u8; 16] = *b"9000050\x08\x05001\0\0\0\x40";

impl Line {
    /// Identifier of the key at the top, which isn't on any card.
    pub(in crate::simulation) const fn issuer_id(self) -> [u8; 16] {
        match self {
            Self::Master => *b"9000020\x08\x05001\0\0\0\xA8",
            Self::CardFace => *b"9000023\x08\x05001\0\0\0\0",
            Self::InputSupport => *b"9000033\x08\x05001\0\0\0\0",
        }
    }

    /// Identifier of the municipality's key.
    pub(in crate::simulation) const fn subject_id(self) -> [u8; 16] {
        match self {
            Self::Master => *b"9999930\x08\x05002\0\0\0\x98",
            Self::CardFace => *b"9999921\x08\x05000\0\0\0\0",
            Self::InputSupport => *b"9999931\x08\x05000\0\0\0\0",
        }
    }

    pub(super) const fn issuer(self) -> &'static Key {
        match self {
            Self::Master => &keys::MASTER_CA,
            Self::CardFace => &keys::CARD_FACE_CA,
            Self::InputSupport => &keys::INPUT_SUPPORT_CA,
        }
    }

    pub(super) const fn subject(self) -> &'static Key {
        match self {
            Self::Master => &keys::MASTER_ISSUER,
            Self::CardFace => &keys::CARD_FACE_ISSUER,
            Self::InputSupport => &keys::INPUT_SUPPORT_ISSUER,
        }
    }

    /// Identifier and modulus of the key at the top.
    pub(super) fn issuer_key(self) -> ([u8; 16], [u8; 256]) {
        (self.issuer_id(), self.issuer().modulus())
    }

    /// The certificate of the municipality's key: the content of `7F21`, 563 bytes.
    pub(in crate::simulation) fn certificate(self) -> &'static [u8] {
        static MASTER: LazyLock<Vec<u8>> = LazyLock::new(|| of_municipality(Line::Master));
        static CARD_FACE: LazyLock<Vec<u8>> = LazyLock::new(|| of_municipality(Line::CardFace));
        static INPUT_SUPPORT: LazyLock<Vec<u8>> =
            LazyLock::new(|| of_municipality(Line::InputSupport));
        match self {
            Self::Master => &MASTER,
            Self::CardFace => &CARD_FACE,
            Self::InputSupport => &INPUT_SUPPORT,
        }
    }

    /// The municipality's signature over `SHA-256(signed)`, PKCS#1 v1.5.
    pub(in crate::simulation) fn sign(self, signed: &[u8]) -> Vec<u8> {
        self.subject().sign_sha256(signed).unwrap_or_default()
    }

    /// The municipality's signature over three digests at once: the `DigestInfo` says SHA-256, and its octet string
    /// has 96 bytes. No standard has that; card faces are reported to be signed so.
    pub(in crate::simulation) fn sign_digests(self, digests: [&[u8; 32]; 3]) -> Vec<u8> {
        const INFO: &[u8] =
            b"\x30\x71\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x60";
        let mut info = INFO.to_vec();
        for digest in digests {
            info.extend_from_slice(digest);
        }
        self.subject().raw(&info).unwrap_or_default()
    }
}

/// The second certificate of the card level, signed by the municipality's key there: the content of `7F21`.
pub(in crate::simulation) fn lower_certificate() -> &'static [u8] {
    static LOWER_CERTIFICATE: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let line = Line::Master;
        let key = public_key(keys::LOWER_MODULUS);
        certificate(line.subject_id(), line.subject(), LOWER, &key)
    });
    &LOWER_CERTIFICATE
}

/// A public key as this card writes it, 265 bytes: `90` exponent 65537, `91` modulus.
pub(in crate::simulation) fn public_key(modulus: &[u8; 256]) -> Vec<u8> {
    let mut out = tlv(0x90, LengthForm::Shortest, &[0x01, 0x00, 0x01]);
    out.extend(tlv(0x91, LengthForm::TwoBytes, modulus));
    out
}

fn of_municipality(line: Line) -> Vec<u8> {
    let key = public_key(&line.subject().modulus());
    certificate(line.issuer_id(), line.issuer(), line.subject_id(), &key)
}

/// `5F4E` issuer, subject and key; `5F37` the issuer's signature over the value of `5F4E`.
fn certificate(
    issuer_id: [u8; 16],
    issuer: &Key,
    subject_id: [u8; 16],
    public_key: &[u8],
) -> Vec<u8> {
    let body = [&issuer_id, &subject_id, public_key].concat();
    let signature = issuer.sign_sha256(&body).unwrap_or_default();
    let mut out = tlv(0x5F4E, LengthForm::TwoBytes, &body);
    out.extend(tlv(0x5F37, LengthForm::TwoBytes, &signature));
    out
}
