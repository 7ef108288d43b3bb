//! One signature by itself: the right key, algorithm and bytes, and nothing else.

use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};

use crate::{
    simulation::VirtualPki,
    trust::{SignatureAlgorithm, TrustError, certificate::sha256, oid, verify_signature},
};

struct Key(EcdsaKeyPair, SystemRandom);

impl Key {
    fn new() -> Self {
        let random = SystemRandom::new();
        let kind = &ECDSA_P384_SHA384_ASN1_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(kind, pkcs8.as_ref(), &random).unwrap();
        Self(key, random)
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(&self.1, message).unwrap().as_ref().to_vec()
    }

    fn info(&self) -> Vec<u8> {
        let point = element(3, &[&[0], self.0.public_key().as_ref()].concat());
        element(0x30, &[oid::EC_P384, &point].concat())
    }
}

/// Of less than 128 bytes.
fn element(tag: u8, value: &[u8]) -> Vec<u8> {
    let len = u8::try_from(value.len()).unwrap();
    assert!(len < 0x80);
    [&[tag, len], value].concat()
}

#[test]
fn one_signature_is_verified_by_the_right_key_and_algorithm_only() {
    use SignatureAlgorithm::{EcdsaP384Sha384, RsaPkcs1Sha256};
    let (key, other) = (Key::new(), Key::new());
    let signature = key.sign(b"message");
    let verify = |info: &[u8], algorithm, message: &[u8]| {
        verify_signature(info, algorithm, message, &signature)
    };
    let wrong = |why| {
        Err(TrustError::NotForThisPurpose {
            element: "subjectPublicKeyInfo",
            why,
        })
    };
    assert_eq!(verify(&key.info(), EcdsaP384Sha384, b"message"), Ok(()));
    assert_eq!(
        verify(&key.info(), EcdsaP384Sha384, b"massage"),
        Err(TrustError::BadSignature)
    );
    assert_eq!(
        verify(&other.info(), EcdsaP384Sha384, b"message"),
        Err(TrustError::BadSignature)
    );
    assert_eq!(
        verify(&key.info(), RsaPkcs1Sha256, b"message"),
        wrong("is a key for another algorithm")
    );
    let rsa = VirtualPki::new().authentication_key_info();
    assert_eq!(
        verify(&rsa, EcdsaP384Sha384, b"message"),
        wrong("is a key for another algorithm")
    );
    let mut off_curve = key.info();
    *off_curve.last_mut().unwrap() ^= 1;
    assert_eq!(
        verify(&off_curve, EcdsaP384Sha384, b"message"),
        Err(TrustError::BadSignature)
    );
    let mut longer = key.info();
    longer.push(0);
    assert!(matches!(
        verify(&longer, EcdsaP384Sha384, b"message"),
        Err(TrustError::Certificate(_))
    ));
    let small = include_bytes!("../../simulation/pki/keys/small_public.der");
    assert_eq!(
        verify(small, RsaPkcs1Sha256, b"message"),
        wrong("is neither RSA of 2048 to 4096 bits nor P-384")
    );
    // RSA as the card signs it.
    let info = &VirtualPki::new().authentication_key_info();
    let hash = sha256(b"message");
    let digest_info = [
        &[
            0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 32,
        ][..],
        &hash,
    ]
    .concat();
    let signature = VirtualPki::new().raw_sign(false, &digest_info).unwrap();
    assert_eq!(
        verify_signature(info, RsaPkcs1Sha256, b"message", &signature),
        Ok(())
    );
    for at in 0..signature.len() {
        let mut changed = signature.clone();
        changed[at] ^= 1;
        assert_eq!(
            verify_signature(info, RsaPkcs1Sha256, b"message", &changed),
            Err(TrustError::BadSignature)
        );
    }
}
