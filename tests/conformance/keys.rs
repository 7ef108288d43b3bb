//! The private keys of the simulation: they are public, and sign what was edited.

use ring::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
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

pub(crate) struct Keys(Vec<RsaKeyPair>);

impl Keys {
    pub(crate) fn new() -> Self {
        let read = |der: &&[u8]| RsaKeyPair::from_der(der).expect("an embedded key");
        Self(KEYS.iter().map(read).collect())
    }

    /// Puts a changed signed part back, with a signature of its own.
    pub(crate) fn sign_again(&self, signer: Signer, whole: &mut Node) {
        let key = &self.0[match signer {
            Signer::Authentication(index) => index,
            Signer::Signing(index) => 3 + index,
            Signer::Responder => 6,
        }];
        let parts = whole.inside();
        let mut bits = vec![0; 1 + key.public().modulus_len()];
        key.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            &parts[0].to_der(),
            &mut bits[1..],
        )
        .expect("a signature");
        parts[2] = Node::bytes(3, &bits);
    }
}
