//! A hierarchy on P-384, as announced for the next card, made by hand: every part can be made wrong.

use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};

pub(super) use crate::trust::revocation::write::element;
use crate::{
    Realm,
    trust::{CertificateUse, Root, oid},
};

pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(0x30, parts)
}

pub(super) fn extension(oid: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    sequence(&[&element(6, &[oid]), critical, &element(4, &[value])])
}

pub(super) fn bits(value: &[u8]) -> Vec<u8> {
    element(3, &[&[0], value])
}

pub(super) fn name(common_name: &[u8]) -> Vec<u8> {
    let attribute = sequence(&[&[6, 3, 0x55, 4, 3], &element(0x0c, &[common_name])]);
    sequence(&[&element(0x31, &[&attribute])])
}

pub(super) struct Key(EcdsaKeyPair);

impl Key {
    pub(super) fn new() -> Self {
        let (by, random) = (&ECDSA_P384_SHA384_ASN1_SIGNING, SystemRandom::new());
        let document = EcdsaKeyPair::generate_pkcs8(by, &random).unwrap();
        Self(EcdsaKeyPair::from_pkcs8(by, document.as_ref(), &random).unwrap())
    }

    pub(super) fn info(&self) -> Vec<u8> {
        sequence(&[oid::EC_P384, &bits(self.0.public_key().as_ref())])
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature = self.0.sign(&SystemRandom::new(), message).unwrap();
        signature.as_ref().to_vec()
    }
}

pub(super) const ROOT: &[u8] = b"next root";
pub(super) const ROOT_ID: [u8; 20] = [0x4e; 20];

/// A certificate of the root, from 2024 to 2033.
pub(super) struct Made<'a> {
    /// Value of the INTEGER.
    pub(super) serial: &'a [u8],
    pub(super) algorithm: &'a [u8],
    pub(super) validity: [&'a [u8]; 2],
    pub(super) subject: &'a [u8],
    /// subjectPublicKeyInfo.
    pub(super) info: Vec<u8>,
    /// One after another.
    pub(super) extensions: Vec<u8>,
}

impl<'a> Made<'a> {
    pub(super) fn new(subject: &'a [u8], info: Vec<u8>, extensions: &[Vec<u8>]) -> Self {
        Self {
            serial: &[7],
            algorithm: oid::ECDSA_WITH_SHA384,
            validity: [b"240101000000Z", b"340101000000Z"],
            subject,
            info,
            extensions: extensions.concat(),
        }
    }

    pub(super) fn signed(&self, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let [begin, end] = self.validity.map(|text| element(0x17, &[text]));
        let tbs = sequence(&[
            &[0xa0, 3, 2, 1, 2],
            &element(2, &[self.serial]),
            self.algorithm,
            &name(ROOT),
            &sequence(&[&begin, &end]),
            &name(self.subject),
            &self.info,
            &element(0xa3, &[&sequence(&[&self.extensions])]),
        ]);
        signed(tbs, self.algorithm, sign)
    }
}

/// SIGNED (RFC 5280 §4.1.1): what is signed, with what, the signature.
pub(super) fn signed(
    tbs: Vec<u8>,
    algorithm: &[u8],
    sign: impl FnOnce(&[u8]) -> Vec<u8>,
) -> Vec<u8> {
    let signature = bits(&sign(&tbs));
    sequence(&[&tbs, algorithm, &signature])
}

/// keyCertSign and cRLSign, as the real ones.
pub(super) fn root(key: &Key) -> Root {
    root_with(key, &[3, 2, 1, 6], b"340101000000Z")
}

/// `usage`: KeyUsage, DER.
pub(super) fn root_with(key: &Key, usage: &[u8], end: &[u8]) -> Root {
    let made = Made {
        validity: [b"240101000000Z", end],
        ..Made::new(
            ROOT,
            key.info(),
            &[
                extension(oid::BASIC_CONSTRAINTS, true, &[0x30, 3, 1, 1, 0xff]),
                extension(oid::KEY_USAGE, true, usage),
                extension(oid::SUBJECT_KEY_ID, false, &element(4, &[&ROOT_ID])),
            ],
        )
    };
    Root::new(&made.signed(|tbs| key.sign(tbs)), Realm::Simulation).unwrap()
}

/// authorityKeyIdentifier that names the root's.
pub(super) fn authority() -> Vec<u8> {
    let value = sequence(&[&element(0x80, &[&ROOT_ID])]);
    extension(oid::AUTHORITY_KEY_ID, false, &value)
}

/// A holder's certificate.
pub(super) fn leaf(algorithm: &[u8], info: &[u8], sign: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let policy = CertificateUse::Authentication
        .profile()
        .policy(Realm::Simulation);
    let extensions = [
        authority(),
        extension(oid::KEY_USAGE, true, &[3, 2, 7, 0x80]),
        extension(
            oid::EXTENDED_KEY_USAGE,
            false,
            &sequence(&[&element(6, &[oid::CLIENT_AUTH])]),
        ),
        extension(
            oid::CERTIFICATE_POLICIES,
            true,
            &sequence(&[&sequence(&[&element(6, &[policy])])]),
        ),
    ];
    let made = Made {
        algorithm,
        ..Made::new(b"holder", info.to_vec(), &extensions)
    };
    made.signed(sign)
}
