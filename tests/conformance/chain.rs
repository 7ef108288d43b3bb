//! Chains to be judged: a root, a leaf, and the time of the question.

use jiff::Timestamp;
use uketsuke::{
    Realm, Realms,
    simulation::{CertificateSpec, Defect, Generation, VirtualPki},
    trust::{CertificateUse, GraceRule, Root, Roots, TrustError},
};

use crate::{
    Case, Kind, Verdict,
    der::Node,
    edit::{
        self,
        certificate::{EDITS, MORE_EDITS},
    },
    keys::{Keys, Signer},
    random::Random,
};

const NOT_BEFORE: &str = "2024-05-01T01:02:03Z";
const NOT_AFTER: &str = "2029-04-01T14:59:59Z";

/// A root, a leaf and a time.
pub struct Chain {
    /// How it was made.
    pub kind: Kind,
    /// What was done, for messages.
    pub what: String,
    /// What the certificate is for.
    pub usage: CertificateUse,
    /// DER of what is trusted.
    pub root: Vec<u8>,
    /// DER of what is judged.
    pub leaf: Vec<u8>,
    /// When.
    pub now: Timestamp,
}

impl Case for Chain {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn what(&self) -> String {
        format!("{:?}, {}, at {}", self.usage, self.what, self.now)
    }

    fn judge(&self) -> Verdict {
        let judged = || -> Result<(), TrustError> {
            let root = Root::new(&self.root, Realm::Simulation)?;
            let roots = Roots::empty().with(root);
            let (leaf, realms) = (&self.leaf, Realms::simulation());
            match self.usage {
                CertificateUse::Signing => roots.check_signing(leaf, realms, self.now),
                _ => roots.check_authentication(leaf, realms, self.now, GraceRule::None),
            }
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
    keys: Keys,
    defects: usize,
}

impl Chains {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            keys: Keys::new(),
            defects: 0,
        }
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
            match (at, eight[0]) {
                (0, which) => {
                    let mut all = EDITS.iter().chain(MORE_EDITS).cycle();
                    if let Some((_, edit)) = all.nth(usize::from(which)) {
                        edit(tbs, random);
                    }
                }
                (_, place) if place % 8 == 0 => edit::anywhere(&mut whole, random),
                _ => edit::anywhere(tbs, random),
            }
            // The edit took away what the next one goes by.
            if whole.inside().len() < 3 {
                break;
            }
        }
        if how & 2 == 0 && whole.inside().len() > 2 {
            let signer = Signer::Authentication(index);
            self.chains.keys.sign_again(signer, &mut whole);
        }
        *edited = whole.to_der();
        let from: Timestamp = NOT_BEFORE.parse().ok()?;
        let weeks = i64::from(when) * 2 - 100;
        Some(Chain {
            kind: Kind::Signed,
            what: String::new(),
            usage: CertificateUse::Authentication,
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
        let kind = Kind::pick(&mut self.random);
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
        let (usage, signer, mut leaf, root) = if self.random.one_in(3) {
            (
                CertificateUse::Signing,
                Signer::Signing(index),
                pki.signing_certificate(&spec),
                pki.signing_root(generation),
            )
        } else {
            (
                CertificateUse::Authentication,
                Signer::Authentication(index),
                pki.authentication_certificate(&spec),
                pki.root(generation),
            )
        };
        let mut root = root.to_vec();
        let mut again = true;
        let edited = match kind {
            Kind::Unbroken | Kind::Defect => None,
            Kind::Raw => {
                edit::raw(&mut leaf, &mut self.random);
                None
            }
            Kind::Signed | Kind::Outside => Some(&mut leaf),
            Kind::Signer => {
                again = !self.random.one_in(8);
                Some(&mut root)
            }
        };
        if let Some(der) = edited {
            let mut whole = Node::parse_all(der)?.pop()?;
            if kind == Kind::Outside {
                what = edit::outside(&mut whole, &mut self.random);
            } else {
                what = edit::some(EDITS, &mut whole.inside()[0], &mut self.random);
                if again {
                    self.keys.sign_again(signer, &mut whole);
                }
            }
            *der = whole.to_der();
        }
        Some(Chain {
            kind,
            what,
            usage,
            root,
            leaf,
            now,
        })
    }
}
