//! A small hierarchy of its own over the simulation's published keys: a root for
//! each application, a municipality's key, a card's key.

mod anchors;
mod card_level;
mod certificate;
mod live;
mod mixtures;
mod photo;
mod records;
mod whole;

use std::sync::LazyLock;

use der::{Decode, asn1::UintRef};
use rsa::BigUint;
use zeroize::Zeroizing;

use super::*;
use crate::{
    Binding, CardSession, Realm, Realms, VisitId,
    card::{CardError, CardKeyRecord, IssuerCertificate, SignedApplication, SignedPhoto},
    simulation::{Generation, VirtualPki},
    trust::certificate::sha256,
};

pub(super) const FACE: SignedApplication = SignedApplication::CardFace;
pub(super) const INPUT: SignedApplication = SignedApplication::InputSupport;
pub(super) const CARD: SignedApplication = SignedApplication::CardLevel;
pub(super) const FACE_ROOT: &[u8; 16] = b"9000023\x08\x05001\0\0\0\0";
pub(super) const INPUT_ROOT: &[u8; 16] = b"9000033\x08\x05001\0\0\0\0";
pub(super) const MUNICIPALITY: &[u8; 16] = b"9999921\x08\x05001\0\0\0\x01";

/// `DigestInfo` of SHA-256 up to the digest, and the card face's own up to its three.
pub(super) const INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];
pub(super) const FACE_INFO: [u8; 19] = [
    0x30, 0x71, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x60,
];

pub(super) fn session() -> Binding {
    Binding {
        visit: VisitId::begin(),
        session: CardSession::begin(),
    }
}

/// Of the same visit, but another card under power.
pub(super) fn other_session(binding: Binding) -> Binding {
    Binding {
        session: CardSession::begin(),
        ..binding
    }
}

/// Modulus and private exponent of a published key.
pub(super) struct Key {
    pub(super) modulus: [u8; 256],
    private: [u8; 256],
}

impl Key {
    fn of(pkcs1: &[u8]) -> Self {
        let numbers: Vec<UintRef<'_>> = Vec::from_der(pkcs1).unwrap();
        let padded = |number: &UintRef<'_>| {
            let bytes = number.as_bytes();
            let mut padded = [0; 256];
            padded[256 - bytes.len()..].copy_from_slice(bytes);
            padded
        };
        Self {
            modulus: padded(&numbers[1]),
            private: padded(&numbers[3]),
        }
    }

    /// The private-key operation over any block below the modulus.
    pub(super) fn raw(&self, block: &[u8; 256]) -> Vec<u8> {
        let number = |bytes: &[u8; 256]| BigUint::from_bytes_be(bytes);
        let power = number(block).modpow(&number(&self.private), &number(&self.modulus));
        let bytes = power.to_bytes_be();
        [vec![0; 256 - bytes.len()], bytes].concat()
    }

    /// Type-1 padding (RFC 8017 §9.2) before `info`, and the operation.
    pub(super) fn sign(&self, info: &[u8]) -> Vec<u8> {
        self.raw(&padded(info))
    }

    pub(super) fn sign_sha256(&self, message: &[u8]) -> Vec<u8> {
        self.sign(&[&INFO[..], &sha256(message)].concat())
    }

    /// As the applications write it, 265 bytes.
    pub(super) fn public(&self) -> Vec<u8> {
        [
            &[0x90, 0x03, 0x01, 0x00, 0x01, 0x91, 0x82, 0x01, 0x00],
            &self.modulus[..],
        ]
        .concat()
    }
}

pub(super) fn padded(info: &[u8]) -> [u8; 256] {
    let mut block = [0xFF; 256];
    block[..2].copy_from_slice(&[0x00, 0x01]);
    let start = 256 - info.len();
    block[start - 1] = 0x00;
    block[start..].copy_from_slice(info);
    block
}

pub(super) fn face_root() -> Key {
    Key::of(include_bytes!("../../../simulation/pki/keys/auth_ca1.der"))
}

pub(super) fn input_root() -> Key {
    Key::of(include_bytes!("../../../simulation/pki/keys/auth_ca2.der"))
}

pub(super) fn municipality() -> Key {
    Key::of(include_bytes!("../../../simulation/pki/keys/sign_leaf.der"))
}

pub(super) fn chip() -> Key {
    Key::of(include_bytes!("../../../simulation/pki/keys/auth_leaf.der"))
}

pub(super) fn other_municipality() -> Key {
    Key::of(include_bytes!(
        "../../../simulation/pki/keys/cv_face_issuer.der"
    ))
}

pub(super) fn other_chip() -> Key {
    Key::of(include_bytes!(
        "../../../simulation/pki/keys/card_face2.der"
    ))
}

/// An element whose length takes two bytes behind `82`, whatever it is.
pub(super) fn long(tag: u16, value: &[u8]) -> Vec<u8> {
    let mut out = tag.to_be_bytes().to_vec();
    out.push(0x82);
    out.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
    out.extend(value);
    out
}

/// An element with the shortest length below 128.
pub(super) fn short(tag: u16, value: &[u8]) -> Vec<u8> {
    let mut out = tag.to_be_bytes().to_vec();
    out.push(u8::try_from(value.len()).unwrap());
    out.extend(value);
    out
}

pub(super) fn certificate(root: &Key, issuer: &[u8; 16], key: &Key) -> Vec<u8> {
    let body = [&issuer[..], MUNICIPALITY, &key.public()].concat();
    let signature = root.sign_sha256(&body);
    long(
        0x7F21,
        &[long(0x5F4E, &body), long(0x5F37, &signature)].concat(),
    )
}

pub(super) static FACE_CERTIFICATE: LazyLock<Vec<u8>> =
    LazyLock::new(|| certificate(&face_root(), FACE_ROOT, &municipality()));
pub(super) static INPUT_CERTIFICATE: LazyLock<Vec<u8>> =
    LazyLock::new(|| certificate(&input_root(), INPUT_ROOT, &municipality()));

pub(super) fn roots() -> &'static CvRoots {
    static ROOTS: LazyLock<CvRoots> = LazyLock::new(|| {
        CvRoots::empty()
            .with(root(FACE, FACE_ROOT, &face_root()))
            .with(root(INPUT, INPUT_ROOT, &input_root()))
    });
    &ROOTS
}

pub(super) fn root(application: SignedApplication, id: &[u8; 16], key: &Key) -> CvRoot {
    CvRoot::new(application, *id, &key.modulus, Realm::Simulation).unwrap()
}

pub(super) fn as_read(
    bytes: Vec<u8>,
    application: SignedApplication,
    binding: Binding,
) -> IssuerCertificate {
    IssuerCertificate::new(Zeroizing::new(bytes), application, binding)
}

pub(super) fn face_key(binding: Binding) -> IssuerKey {
    let read = as_read(FACE_CERTIFICATE.clone(), FACE, binding);
    roots().validate(&read, Realms::simulation()).unwrap()
}

pub(super) fn input_key(binding: Binding) -> IssuerKey {
    let read = as_read(INPUT_CERTIFICATE.clone(), INPUT, binding);
    roots().validate(&read, Realms::simulation()).unwrap()
}

/// The signed elements of a card face, with lengths as real ones have them.
pub(super) struct Face {
    /// DF22 to DF24.
    pub(super) record: Vec<u8>,
    /// DF25 and DF26.
    pub(super) texts: Vec<u8>,
    /// DF27.
    pub(super) photo: Vec<u8>,
}

impl Face {
    pub(super) fn new() -> Self {
        let photo: Vec<u8> = (0..200u8).collect();
        let record = [
            short(0xDF22, b"19800217"),
            short(0xDF23, b"1"),
            long(0xDF24, &chip().public()),
        ];
        Self {
            record: record.concat(),
            texts: [long(0xDF25, b"a name"), long(0xDF26, b"an address")].concat(),
            photo: long(0xDF27, &photo),
        }
    }

    pub(super) fn digests(&self) -> Vec<u8> {
        let parts = [&self.record, &self.texts, &self.photo];
        parts.map(|part| sha256(part)).concat()
    }

    /// DF28.
    pub(super) fn signature(&self) -> Vec<u8> {
        self.signed_by(&municipality())
    }

    pub(super) fn signed_by(&self, municipality: &Key) -> Vec<u8> {
        let info = [&FACE_INFO[..], &self.digests()].concat();
        long(0xDF28, &municipality.sign(&info))
    }

    pub(super) fn signed_photo(&self, binding: Binding) -> SignedPhoto {
        photo_of(&self.photo, &self.signature(), binding).unwrap()
    }

    pub(super) fn key_record(&self, binding: Binding) -> CardKeyRecord {
        CardKeyRecord::parse(Zeroizing::new(self.record.clone()), 37, binding).unwrap()
    }
}

pub(super) fn photo_of(
    photo: &[u8],
    signature: &[u8],
    binding: Binding,
) -> Result<SignedPhoto, CardError> {
    let bytes = Zeroizing::new([photo, signature].concat());
    SignedPhoto::parse(bytes, 0x33E, binding)
}

#[test]
fn the_hierarchy_here_is_signed_as_the_simulation_signs() {
    let message = b"anything";
    let pki = VirtualPki::new();
    let expected = pki.sign_as_root(Generation::First, message);
    assert_eq!(face_root().sign_sha256(message), expected);
    let info = [&INFO[..], &sha256(message)].concat();
    assert_eq!(pki.raw_sign(true, &info), Some(municipality().sign(&info)));
    assert_eq!(pki.raw_sign(false, &info), Some(chip().sign(&info)));
}
