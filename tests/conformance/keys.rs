//! The private keys of the simulation: they are public, and sign what was edited.

use ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};

use crate::der::Node;

/// Who signs. The number is the generation's place in `Generation::ALL`.
#[derive(Clone, Copy)]
pub(crate) enum Signer {
    Authentication(usize),
    Signing(usize),
    /// Whom the virtual PKI appoints to answer.
    Responder,
}

const KEYS: [&[u8]; 7] = [
    include_bytes!("../../src/simulation/pki/keys/auth_ca1.der"),
    include_bytes!("../../src/simulation/pki/keys/auth_ca2.der"),
    include_bytes!("../../src/simulation/pki/keys/auth_ca3.der"),
    include_bytes!("../../src/simulation/pki/keys/sign_ca1.der"),
    include_bytes!("../../src/simulation/pki/keys/sign_ca2.der"),
    include_bytes!("../../src/simulation/pki/keys/sign_ca3.der"),
    include_bytes!("../../src/simulation/pki/keys/card_common.der"),
];

/// Signs as a root or a responder.
pub(crate) enum Key {
    Rsa(Box<RsaKeyPair>),
    P384(Box<EcdsaKeyPair>),
}

impl Key {
    fn rsa(der: &[u8]) -> Self {
        Self::Rsa(Box::new(
            RsaKeyPair::from_der(der).expect("an embedded key"),
        ))
    }

    /// On P-384, made anew.
    pub(crate) fn p384() -> Self {
        let (by, random) = (&ECDSA_P384_SHA384_ASN1_SIGNING, SystemRandom::new());
        let document = EcdsaKeyPair::generate_pkcs8(by, &random).expect("randomness");
        let key = EcdsaKeyPair::from_pkcs8(by, document.as_ref(), &random);
        Self::P384(Box::new(key.expect("the key that was made")))
    }

    pub(crate) fn algorithm(&self) -> Node {
        match self {
            // sha256WithRSAEncryption, ecdsa-with-SHA384
            Self::Rsa(_) => Node::sequence(vec![
                Node::oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0b]),
                Node::bytes(5, &[]),
            ]),
            Self::P384(_) => {
                Node::sequence(vec![Node::oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3])])
            }
        }
    }

    /// What the BIT STRING of its SubjectPublicKeyInfo holds.
    pub(crate) fn public(&self) -> &[u8] {
        match self {
            Self::Rsa(key) => key.public_key().as_ref(),
            Self::P384(key) => key.public_key().as_ref(),
        }
    }

    pub(crate) fn info(&self) -> Node {
        let algorithm = match self {
            Self::Rsa(_) => vec![
                Node::oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]),
                Node::bytes(5, &[]),
            ],
            // id-ecPublicKey, secp384r1
            Self::P384(_) => vec![
                Node::oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]),
                Node::oid(&[0x2b, 0x81, 4, 0, 34]),
            ],
        };
        Node::sequence(vec![Node::sequence(algorithm), bits(self.public())])
    }

    /// The signature over `message` as a BIT STRING.
    pub(crate) fn sign(&self, message: &[u8]) -> Node {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .expect("a signature");
                bits(&signature)
            }
            Self::P384(key) => bits(key.sign(&random, message).expect("a signature").as_ref()),
        }
    }
}

fn bits(bytes: &[u8]) -> Node {
    Node::bytes(3, &[&[0], bytes].concat())
}

pub(crate) struct Keys(Vec<Key>);

impl Keys {
    pub(crate) fn new() -> Self {
        Self(KEYS.iter().map(|der| Key::rsa(der)).collect())
    }

    pub(crate) fn key(&self, signer: Signer) -> &Key {
        &self.0[match signer {
            Signer::Authentication(index) => index,
            Signer::Signing(index) => 3 + index,
            Signer::Responder => 6,
        }]
    }

    /// Puts a changed signed part back, with a signature of its own.
    pub(crate) fn sign_again(&self, signer: Signer, whole: &mut Node) {
        let parts = whole.inside();
        parts[2] = self.key(signer).sign(&parts[0].to_der());
    }
}
