//! Lists to be judged: is this certificate good, as far as the list says?

use jiff::{SignedDuration, Timestamp};
use uketsuke::{
    Realm,
    simulation::{CertificateSpec, CrlDefect, CrlEntry, CrlScope, CrlSpec, Generation, VirtualPki},
    trust::{
        Certificate, CrlIndex, RevocationAnswer, RevocationError, RevocationQuery,
        RevocationSource, Root,
    },
};

use crate::{
    Case, Kind, Verdict,
    der::Node,
    edit::{self, list::EDITS},
    keys::{Keys, Signer},
    random::Random,
};

/// When the lists are made; they hold for a day.
const MADE: &str = "2026-05-31T12:00:00Z";

/// A list, and the certificate that is asked about.
pub struct List {
    /// How it was made.
    pub kind: Kind,
    /// What was done, for messages.
    pub what: String,
    /// DER of the issuer.
    pub root: &'static [u8],
    /// DER of a good certificate of it.
    pub leaf: Vec<u8>,
    /// DER of the list.
    pub list: Vec<u8>,
    /// When.
    pub now: Timestamp,
}

impl Case for List {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn what(&self) -> String {
        format!("{}, at {}", self.what, self.now)
    }

    fn judge(&self) -> Verdict {
        let root = Root::new(self.root, Realm::Simulation).expect("a root");
        let leaf = Certificate::parse(&self.leaf).expect("a certificate");
        let query = RevocationQuery::new(&leaf, &root).expect("its issuer");
        let index = CrlIndex::build(&self.list, &root, self.now);
        verdict(index.map(|index| index.ask(&query, self.now)))
    }
}

/// Only a good certificate is accepted.
pub(crate) fn verdict(said: Result<RevocationAnswer, RevocationError>) -> Verdict {
    match said {
        Ok(RevocationAnswer::Good) => Verdict::Accepted,
        Ok(RevocationAnswer::Revoked(_)) => Verdict::Refused("revoked".into()),
        Ok(said) => Verdict::Refused(format!("{said:?}")),
        Err(error) => Verdict::Refused(error.to_string()),
    }
}

/// A good certificate of the second or third generation, which are both in force while lists and answers are
/// judged; the number has five bytes if it is odd.
pub(crate) fn leaf(generation: Generation, serial: u32) -> Vec<u8> {
    VirtualPki::new().authentication_certificate(&CertificateSpec {
        serial,
        common_name: "000001SIM0000000000003A".into(),
        not_before: "2024-05-01T01:02:03Z".parse().expect("a time"),
        not_after: "2029-04-01T14:59:59Z".parse().expect("a time"),
        generation,
        defect: None,
    })
}

/// Lists without end, the same for the same seed.
pub struct Lists {
    random: Random,
    keys: Keys,
    defects: usize,
}

impl Lists {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            keys: Keys::new(),
            defects: 0,
        }
    }

    fn spec(&mut self, generation: Generation, serial: u32) -> CrlSpec {
        let random = &mut self.random;
        let made: Timestamp = MADE.parse().expect("a time");
        let mut spec = CrlSpec::new(generation, made);
        spec.scope = match random.below(8) {
            0 => CrlScope::OtherMunicipality,
            1..4 => CrlScope::Everyone,
            _ => CrlScope::Municipality,
        };
        let entry = |serial: u32, random: &mut Random| CrlEntry {
            serial: serial.to_be_bytes().to_vec(),
            at: made,
            reason: (!random.one_in(2)).then(|| [0, 1, 4, 6, 9, 10][random.below(6)]),
        };
        for _ in 0..=random.below(4) {
            let other = serial ^ (1 + random.below(1 << 20) as u32);
            spec.entries.push(entry(other, random));
        }
        if random.one_in(3) {
            let at = random.below(spec.entries.len() + 1);
            spec.entries.insert(at, entry(serial, random));
        }
        spec
    }

    fn now(&mut self) -> Timestamp {
        let day = 86_400;
        let seconds = match self.random.below(16) {
            0 => [-301, -300, -1, 0][self.random.below(4)],
            1 => [-1, 0, 1, day][self.random.below(4)] + day,
            _ => day / 2,
        };
        let made: Timestamp = MADE.parse().expect("a time");
        made + SignedDuration::from_secs(seconds)
    }
}

impl Iterator for Lists {
    type Item = List;

    fn next(&mut self) -> Option<List> {
        let pki = VirtualPki::new();
        let kind = match Kind::pick(&mut self.random) {
            // The root's own rules are the chains'.
            Kind::Signer => Kind::Signed,
            kind => kind,
        };
        let index = 1 + self.random.below(2);
        let generation = Generation::ALL[index];
        let serial = [0x0500_0001, 0x8500_0001][self.random.below(2)];
        let mut spec = self.spec(generation, serial);
        let mut what = String::new();
        if kind == Kind::Defect {
            let defect = CrlDefect::ALL[self.defects % CrlDefect::ALL.len()];
            self.defects += 1;
            spec.defect = Some(defect);
            what = format!("{defect:?}");
        }
        let mut list = pki.crl(&spec);
        match kind {
            Kind::Unbroken | Kind::Defect => {}
            Kind::Raw => edit::raw(&mut list, &mut self.random),
            Kind::Outside | Kind::Signed | Kind::Signer => {
                let mut whole = Node::parse_all(&list)?.pop()?;
                if kind == Kind::Outside {
                    what = edit::outside(&mut whole, &mut self.random);
                } else {
                    what = edit::some(EDITS, &mut whole.inside()[0], &mut self.random);
                    self.keys
                        .sign_again(Signer::Authentication(index), &mut whole);
                }
                list = whole.to_der();
            }
        }
        Some(List {
            kind,
            what: format!("{what}, {:?}", spec.scope),
            root: pki.root(generation),
            leaf: leaf(generation, serial),
            list,
            now: self.now(),
        })
    }
}
