//! Benchmarks of `uketsuke`; see each `[[bench]]`, and `instructions.sh`.

mod lists;

pub use lists::List;

pub mod people;
pub mod reception;

use std::rc::Rc;

use jiff::{SignedDuration, Timestamp};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use uketsuke::{
    Realms, VisitId,
    card::{AuthPin, Card, CardCertificate, CardSignature, Jpki, LastTry, SecretKind},
    simulation::{CardOptions, Generation, Persona, VirtualCard, VirtualPki, VirtualReader},
    transport::Reader,
    trust::{Challenge, ChallengeSigned, GraceRule, Purpose, Roots, SignedChallenge, TerminalId},
};

/// One visit at the virtual card: a certificate as read, and challenges that its key signed.
pub struct Visit {
    certificate: Rc<Checked>,
    signed: Vec<(Challenge, CardSignature)>,
}

/// What is to be checked once: a challenge can't be copied.
pub struct OneCheck {
    certificate: Rc<Checked>,
    challenge: Challenge,
    signature: CardSignature,
}

struct Checked {
    now: Timestamp,
    roots: Roots,
    certificate: CardCertificate,
}

impl OneCheck {
    /// Validates the leaf, and checks the challenge with it.
    pub fn check(self) -> ChallengeSigned {
        let Checked {
            now,
            roots,
            certificate,
        } = &*self.certificate;
        let chain = roots
            .validate_authentication(certificate, Realms::simulation(), *now, GraceRule::None)
            .expect("a valid certificate");
        self.challenge
            .verify(&chain, self.signature, *now)
            .expect("a signed challenge")
    }
}

impl Visit {
    /// With `count` signed challenges.
    pub fn prepare(count: usize) -> Self {
        let now: Timestamp = "2026-11-22T03:00:00Z".parse().expect("a time");
        let mut reader = VirtualReader::new();
        let persona = Persona::named("in-order").expect("a persona");
        reader.insert(VirtualCard::new(persona, CardOptions::default(), now));
        let visit = VisitId::begin();
        let mut card = Card::new(reader.connect().expect("a card"), visit);
        let mut jpki = card.open::<Jpki>().expect("JPKI");
        let certificate = jpki
            .authentication_certificate(&mut |_| {})
            .expect("a certificate");
        let left = jpki.tries_left(SecretKind::AuthPin).expect("a count");
        let budget = left.budget(LastTry::Refuse).expect("tries");
        let pin = AuthPin::parse("1234").expect("a PIN");
        let _pin = jpki.verify_pin(pin, budget).expect("the right PIN");
        let terminal = TerminalId::new("bench").expect("a name");
        let life = SignedDuration::from_mins(5);
        let signed = (0..count)
            .map(|_| {
                let challenge = Challenge::generate(visit, &terminal, Purpose::CheckIn, now, life)
                    .expect("randomness");
                let signature = jpki
                    .sign_authentication(&challenge.signature_input())
                    .expect("a signature");
                (challenge, signature)
            })
            .collect();
        jpki.close().expect("closed");
        let certificate = Rc::new(Checked {
            now,
            roots: Roots::simulation(),
            certificate,
        });
        Self {
            certificate,
            signed,
        }
    }

    /// The next of the signed challenges.
    pub fn take(&mut self) -> OneCheck {
        let (challenge, signature) = self.signed.pop().expect("another one");
        OneCheck {
            certificate: Rc::clone(&self.certificate),
            challenge,
            signature,
        }
    }

    /// Whether all of them were given out.
    pub fn is_empty(&self) -> bool {
        self.signed.is_empty()
    }

    /// DER of the certificate.
    pub fn certificate(&self) -> &[u8] {
        self.certificate.certificate.der()
    }
}

/// The two RSA verifications that nobody can do without, with everything cut out beforehand.
pub struct Bare {
    certificate: Vec<u8>,
    signed: SignedChallenge,
    root_key: Vec<u8>,
    leaf_key: Vec<u8>,
}

impl Bare {
    /// Of the certificate of `visit` and one of its challenges.
    pub fn prepare(visit: &mut Visit) -> Self {
        let signed = visit.take().check().signed();
        let certificate = visit.certificate().to_vec();
        let root = Generation::ALL
            .into_iter()
            .map(|generation| VirtualPki::new().root(generation))
            .find(|root| bare(&rsa_key(root), tbs(&certificate), end(&certificate)))
            .expect("the root that signed");
        Self {
            root_key: rsa_key(root),
            leaf_key: rsa_key(&certificate),
            certificate,
            signed,
        }
    }

    /// Both verifications.
    pub fn check(&self) -> bool {
        bare(
            &self.root_key,
            tbs(&self.certificate),
            end(&self.certificate),
        ) & bare(&self.leaf_key, &self.signed.message, &self.signed.signature)
    }

    /// RSAPublicKey of the root, DER.
    pub fn root_key(&self) -> &[u8] {
        &self.root_key
    }

    /// RSAPublicKey of the leaf, DER.
    pub fn leaf_key(&self) -> &[u8] {
        &self.leaf_key
    }

    /// What the card signed, and its signature.
    pub fn signed(&self) -> &SignedChallenge {
        &self.signed
    }
}

fn bare(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
        .verify(message, signature)
        .is_ok()
}

/// Both certificates begin with two SEQUENCE headers of four bytes, and end in a signature of 256.
fn tbs(certificate: &[u8]) -> &[u8] {
    &certificate[4..8 + usize::from(u16::from_be_bytes([certificate[6], certificate[7]]))]
}

fn end(certificate: &[u8]) -> &[u8] {
    &certificate[certificate.len() - 256..]
}

fn rsa_key(certificate: &[u8]) -> Vec<u8> {
    let header = [0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00];
    let at = certificate
        .windows(header.len())
        .position(|window| window == header)
        .expect("an RSA key of 2048 bits");
    certificate[at..at + 270].to_vec()
}
