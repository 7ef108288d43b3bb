//! Answers to be judged: does the responder say that this certificate is good?

use jiff::{SignedDuration, Timestamp};
use uketsuke::{
    Realm,
    simulation::{Generation, OcspDefect, OcspResponder, OcspSpec, OcspStatus, VirtualPki},
    trust::{CertIdHash, Certificate, OcspRequest, RevocationQuery, RevocationSource, Root},
};

use crate::{
    Case, Kind, Verdict,
    der::Node,
    edit::{self, answer, certificate},
    keys::{Keys, Signer},
    list::{leaf, verdict},
    random::Random,
};

/// A question, and the answer to it.
pub struct Answer {
    /// How it was made.
    pub kind: Kind,
    /// What was done, for messages.
    pub what: String,
    /// DER of the issuer.
    pub root: &'static [u8],
    /// DER of a good certificate of it.
    pub leaf: Vec<u8>,
    /// How the question names the issuer.
    pub hash: CertIdHash,
    /// DER of the question.
    pub request: Vec<u8>,
    /// DER of the answer.
    pub response: Vec<u8>,
    /// When.
    pub now: Timestamp,
}

impl Answer {
    fn ask<T>(
        root: &[u8],
        leaf: &[u8],
        hash: CertIdHash,
        then: impl FnOnce(&RevocationQuery<'_>, OcspRequest) -> T,
    ) -> T {
        let root = Root::new(root, Realm::Simulation).expect("a root");
        let leaf = Certificate::parse(leaf).expect("a certificate");
        let query = RevocationQuery::new(&leaf, &root).expect("its issuer");
        let request = OcspRequest::with_nonce(&query, &root, hash, &[0x5a; 32]);
        then(&query, request.expect("a question"))
    }
}

impl Case for Answer {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn what(&self) -> String {
        self.what.clone()
    }

    fn judge(&self) -> Verdict {
        Self::ask(self.root, &self.leaf, self.hash, |query, request| {
            let answer = request.verify(&self.response, None, self.now);
            verdict(answer.map(|answer| answer.ask(query, self.now)))
        })
    }
}

/// Answers without end, the same for the same seed and time.
pub struct Answers {
    random: Random,
    keys: Keys,
    defects: usize,
    now: Timestamp,
}

impl Answers {
    /// From a seed.
    ///
    /// `now`: the time by the system's clock, as the `openssl` command can't be told another one for answers.
    pub fn new(seed: u64, now: Timestamp) -> Self {
        Self {
            random: Random::new(seed),
            keys: Keys::new(),
            defects: 0,
            now: whole_seconds(now),
        }
    }

    /// Those to come are of this time: to be said again within a quarter of an hour.
    pub fn set_now(&mut self, now: Timestamp) {
        self.now = whole_seconds(now);
    }

    /// No time is nearer to a limit than a quarter of an hour, since the command reads the clock again.
    fn spec(&mut self, generation: Generation) -> OcspSpec {
        let random = &mut self.random;
        let after = |minutes| self.now + SignedDuration::from_mins(minutes);
        let mut spec = OcspSpec::new(generation, self.now);
        spec.responder = OcspResponder::ALL[random.below(4)];
        spec.status = match random.below(6) {
            0 => OcspStatus::Revoked {
                at: after(-100_000),
                reason: random.one_in(2).then_some(4),
            },
            1 => OcspStatus::Unknown,
            _ => OcspStatus::Good,
        };
        if random.one_in(2) {
            spec.next_update = Some(after([60, 60, 1000, -15][random.below(4)]));
        }
        match random.below(12) {
            0 => spec.produced_at = after([-80, -40, 20][random.below(3)]),
            1 => spec.this_update = after([-1000, -80, -40, 20][random.below(4)]),
            _ => (),
        }
        spec
    }

    /// Edits the basic response, and puts the signatures back.
    fn edit(&mut self, kind: Kind, signers: [Signer; 2], basic: &mut Node) -> String {
        let [root, signer] = signers;
        let has_certificate = basic.inside().len() > 3;
        match kind {
            Kind::Outside => edit::outside(basic, &mut self.random),
            Kind::Signer if has_certificate => {
                let certificate = &mut basic.inside()[3].inside()[0].inside()[0];
                let tbs = &mut certificate.inside()[0];
                let what = edit::some(certificate::EDITS, tbs, &mut self.random);
                if !self.random.one_in(8) {
                    self.keys.sign_again(root, certificate);
                }
                format!("responder's {what}")
            }
            _ => {
                let what = edit::some(answer::EDITS, &mut basic.inside()[0], &mut self.random);
                self.keys.sign_again(signer, basic);
                what
            }
        }
    }
}

/// Answers know no parts of a second.
fn whole_seconds(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second()).expect("a time")
}

impl Iterator for Answers {
    type Item = Answer;

    fn next(&mut self) -> Option<Answer> {
        let pki = VirtualPki::new();
        let kind = Kind::pick(&mut self.random);
        let index = 1 + self.random.below(2);
        let generation = Generation::ALL[index];
        let serial = [0x0500_0001, 0x8500_0001][self.random.below(2)];
        let (root, leaf) = (pki.root(generation), leaf(generation, serial));
        let hash = [CertIdHash::Sha1, CertIdHash::Sha256][self.random.below(2)];
        let mut spec = self.spec(generation);
        let mut what = String::new();
        if kind == Kind::Defect {
            let defect = OcspDefect::ALL[self.defects % OcspDefect::ALL.len()];
            self.defects += 1;
            spec.defect = Some(defect);
            what = format!("{defect:?}");
        }
        let request = Answer::ask(root, &leaf, hash, |_, request| request.der().to_vec());
        let mut response = pki.ocsp_response(&request, &spec);
        match kind {
            Kind::Unbroken | Kind::Defect => {}
            Kind::Raw => edit::raw(&mut response, &mut self.random),
            Kind::Outside | Kind::Signed | Kind::Signer => {
                let signer = match spec.responder {
                    OcspResponder::RootByName | OcspResponder::RootByKey => {
                        Signer::Authentication(index)
                    }
                    _ => Signer::Responder,
                };
                let mut whole = Node::parse_all(&response)?.pop()?;
                let bytes = &mut whole.inside()[1].inside()[0];
                let basic = &mut bytes.inside()[1].inside()[0];
                what = self.edit(kind, [Signer::Authentication(index), signer], basic);
                response = whole.to_der();
            }
        }
        Some(Answer {
            kind,
            what: format!("{what}, {:?}, {hash:?}", spec.responder),
            root,
            leaf,
            hash,
            request,
            response,
            now: self.now,
        })
    }
}
