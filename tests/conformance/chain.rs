//! Chains to be judged: a root, a leaf, and the time of the question.

use jiff::Timestamp;
use ring::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};
use uketsuke::{
    Realm, Realms,
    simulation::{CertificateSpec, Defect, Generation, VirtualPki},
    trust::{GraceRule, Root, Roots, TrustError},
};

use crate::{
    der::Node,
    edit::{self, EDITS},
    random::Random,
};

/// The private keys of the simulated roots: they are public, and sign what was edited.
const KEYS: [&[u8]; 3] = [
    include_bytes!("../../src/simulation/pki/keys/auth_ca1.der"),
    include_bytes!("../../src/simulation/pki/keys/auth_ca2.der"),
    include_bytes!("../../src/simulation/pki/keys/auth_ca3.der"),
];
const NOT_BEFORE: &str = "2024-05-01T01:02:03Z";
const NOT_AFTER: &str = "2029-04-01T14:59:59Z";

/// How a chain was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Nothing is wrong, unless the time is.
    Unbroken,
    /// Made by the virtual PKI with one rule broken.
    Defect,
    /// Bytes and bits of the leaf changed; the signature stays.
    Raw,
    /// The signed part of the leaf edited and signed again.
    Signed,
    /// The parts of the leaf outside the signed one edited.
    Outside,
    /// The root edited, and mostly signed again.
    Root,
}

/// A root, a leaf and a time.
pub struct Chain {
    /// How it was made.
    pub kind: Kind,
    /// What was done, for messages.
    pub what: String,
    /// DER of what is trusted.
    pub root: Vec<u8>,
    /// DER of what is judged.
    pub leaf: Vec<u8>,
    /// When.
    pub now: Timestamp,
}

/// What was said of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is good.
    Accepted,
    /// It isn't, and the reason.
    Refused(String),
}

impl Chain {
    /// What this crate says.
    pub fn judge(&self) -> Verdict {
        let judged = || -> Result<(), TrustError> {
            let root = Root::new(&self.root, Realm::Simulation)?;
            Roots::empty()
                .with(root)
                .check_authentication(&self.leaf, Realms::simulation(), self.now, GraceRule::None)
                .map(drop)
        };
        match judged() {
            Ok(()) => Verdict::Accepted,
            Err(error) => Verdict::Refused(error.to_string()),
        }
    }
}

/// Chains without end, the same for the same seed.
pub struct Chains {
    random: Random,
    keys: Vec<RsaKeyPair>,
    defects: usize,
}

impl Chains {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            keys: KEYS
                .iter()
                .map(|der| RsaKeyPair::from_der(der).expect("an embedded key"))
                .collect(),
            defects: 0,
        }
    }

    fn signed(&self, generation: usize, tbs: &[u8]) -> Vec<u8> {
        let key = &self.keys[generation];
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), tbs, &mut signature)
            .expect("a signature");
        signature
    }

    /// Puts a changed signed part back, with a signature of its own.
    fn sign_again(&self, generation: usize, whole: &mut Node) {
        let parts = whole.inside();
        let mut bits = vec![0];
        bits.extend(self.signed(generation, &parts[0].to_der()));
        parts[2] = Node::bytes(3, &bits);
    }

    fn now(&mut self) -> Timestamp {
        let after = |text: &str, seconds: i64| {
            let at: Timestamp = text.parse().expect("a time");
            Timestamp::from_second(at.as_second() + seconds).expect("a time")
        };
        match self.random.below(16) {
            0 => after(NOT_BEFORE, -1),
            1 => after(NOT_BEFORE, 0),
            2 => after(NOT_AFTER, -1),
            3 => after(NOT_AFTER, 0),
            4 => after(NOT_AFTER, 1),
            5..9 => after("2026-06-01T00:00:00Z", 0),
            _ => after("2024-06-01T00:00:00Z", 0),
        }
    }

    fn edit_tbs(&mut self, tbs: &mut Node) -> String {
        let mut what = String::new();
        // The first edit may leave no place for a second, so most are alone.
        let (name, edit) = EDITS[self.random.below(EDITS.len())];
        edit(tbs, &mut self.random);
        what.push_str(name);
        if self.random.one_in(6) {
            edit::anywhere(tbs, &mut self.random);
            what.push_str(", anywhere");
        }
        what
    }
}

/// Makes chains of bytes that a fuzzer chose: two for what to do, then eight for each edit.
pub struct Chosen {
    chains: Chains,
    /// One leaf of each generation.
    leaves: [Vec<u8>; 3],
}

impl Chosen {
    /// With the keys of the roots.
    #[expect(clippy::new_without_default, reason = "it decodes keys")]
    pub fn new() -> Self {
        Self {
            chains: Chains::new(0),
            leaves: Generation::ALL
                .map(|g| VirtualPki::new().authentication_certificate(&spec(g, 0x0500_0001))),
        }
    }

    /// `None` for fewer than two bytes.
    ///
    /// The first edit knows the fields of a certificate, the others change the tree anywhere.
    pub fn chain(&self, choices: &[u8]) -> Option<Chain> {
        let (&[how, when], edits) = choices.split_first_chunk()?;
        let index = usize::from(how >> 2) % 3;
        let mut leaf = self.leaves[index].clone();
        let mut root = VirtualPki::new().root(Generation::ALL[index]).to_vec();
        let edited = match how & 1 {
            0 => &mut leaf,
            _ => &mut root,
        };
        let mut whole = Node::parse_all(edited)?.pop()?;
        for (at, eight) in edits.as_chunks::<8>().0.iter().take(6).enumerate() {
            let random = &mut Random::new(u64::from_le_bytes(*eight) >> 8);
            let tbs = &mut whole.inside()[0];
            match (at, eight[0] % 8) {
                (0, _) => EDITS[usize::from(eight[0]) % EDITS.len()].1(tbs, random),
                (_, 0) => edit::anywhere(&mut whole, random),
                _ => edit::anywhere(tbs, random),
            }
            // The edit took away what the next one goes by.
            if whole.inside().len() < 3 {
                break;
            }
        }
        if how & 2 == 0 && whole.inside().len() > 2 {
            self.chains.sign_again(index, &mut whole);
        }
        *edited = whole.to_der();
        let from: Timestamp = NOT_BEFORE.parse().ok()?;
        let weeks = i64::from(when) * 2 - 100;
        Some(Chain {
            kind: Kind::Signed,
            what: String::new(),
            root,
            leaf,
            now: Timestamp::from_second(from.as_second() + weeks * 604_800).ok()?,
        })
    }
}

fn spec(generation: Generation, serial: u32) -> CertificateSpec {
    CertificateSpec {
        serial,
        common_name: "000001SIM0000000000003A".into(),
        not_before: NOT_BEFORE.parse().expect("a time"),
        not_after: NOT_AFTER.parse().expect("a time"),
        generation,
        defect: None,
    }
}

impl Iterator for Chains {
    type Item = Chain;

    fn next(&mut self) -> Option<Chain> {
        let pki = VirtualPki::new();
        let kind = match self.random.below(100) {
            0..3 => Kind::Unbroken,
            3..13 => Kind::Defect,
            13..33 => Kind::Raw,
            33..88 => Kind::Signed,
            88..94 => Kind::Outside,
            _ => Kind::Root,
        };
        let now = self.now();
        let index = match self.random.below(6) {
            0 => 0,
            1 => 1,
            _ => 2,
        };
        let generation = Generation::ALL[index];
        let serial = 0x0500_0001 + self.random.below(1000) as u32;
        let mut spec = spec(generation, serial);
        let mut what = String::new();
        if kind == Kind::Defect {
            // In turn, so that each of them comes even in a short run.
            let defect = Defect::ALL[self.defects % Defect::ALL.len()];
            self.defects += 1;
            spec.defect = Some(defect);
            what = format!("{defect:?}");
        }
        let mut leaf = pki.authentication_certificate(&spec);
        let mut root = pki.root(generation).to_vec();
        match kind {
            Kind::Unbroken | Kind::Defect => {}
            Kind::Raw => edit::raw(&mut leaf, &mut self.random),
            Kind::Signed => {
                let mut whole = Node::parse_all(&leaf)?.pop()?;
                what = self.edit_tbs(&mut whole.inside()[0]);
                self.sign_again(index, &mut whole);
                leaf = whole.to_der();
            }
            Kind::Outside => {
                let mut whole = Node::parse_all(&leaf)?.pop()?;
                if self.random.one_in(2) {
                    edit::anywhere(&mut whole.inside()[1], &mut self.random);
                    what = "outer algorithm".into();
                } else {
                    let at = 1 + self.random.below(2);
                    let copy = whole.inside()[at].clone();
                    whole.inside().push(copy);
                    what = "one part more".into();
                }
                leaf = whole.to_der();
            }
            Kind::Root => {
                let mut whole = Node::parse_all(&root)?.pop()?;
                what = self.edit_tbs(&mut whole.inside()[0]);
                if !self.random.one_in(8) {
                    self.sign_again(index, &mut whole);
                }
                root = whole.to_der();
            }
        }
        Some(Chain {
            kind,
            what,
            root,
            leaf,
            now,
        })
    }
}
