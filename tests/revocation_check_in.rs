//! A check-in under a policy with a source of revocation data: it can refuse, and it never admits.

mod support;

use std::sync::{Arc, Mutex, RwLock};

use jiff::Timestamp;
use support::{Case, now, terminal};
use uketsuke::Realm;
use uketsuke::checkin::{AuditEvent, Outcome, Policy};
use uketsuke::eligibility::{
    Capabilities, EligibilityService, Failure, Lang, PollResult, Request, ServiceError, Ticket,
};
use uketsuke::simulation::{Centre, CrlEntry, CrlScope, CrlSpec, Generation, VirtualPki};
use uketsuke::trust::{
    CrlIndex, CrlSource, NoAnswer, RevocationAnswer, RevocationQuery, RevocationReason,
    RevocationSource, Revoked, Root,
};

/// Says one thing after the other, then the last one again; remembers whom it was asked about.
struct Says {
    answers: Vec<RevocationAnswer>,
    asked: Mutex<Vec<Vec<u8>>>,
}

impl Says {
    fn each(answers: &[RevocationAnswer]) -> Arc<Self> {
        Arc::new(Self {
            answers: answers.to_vec(),
            asked: Mutex::default(),
        })
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

impl RevocationSource for Says {
    fn ask(&self, query: &RevocationQuery<'_>, _: Timestamp) -> RevocationAnswer {
        let mut asked = self.asked.lock().unwrap();
        let answer = self.answers[asked.len().min(self.answers.len() - 1)];
        asked.push(query.serial().to_vec());
        answer
    }
}

fn revoked(reason: RevocationReason) -> RevocationAnswer {
    let at = now();
    RevocationAnswer::Revoked(Revoked { at, reason })
}

const NOT_COVERED: RevocationAnswer = RevocationAnswer::Unknown(NoAnswer::NotCovered);

fn policy() -> Policy {
    Policy::simulation(terminal())
}

fn of(name: &str, policy: Policy) -> (Outcome, support::TestDesk) {
    Case {
        policy,
        ..Case::of(name)
    }
    .run()
}

fn events(desk: &support::TestDesk) -> Vec<AuditEvent> {
    desk.records
        .iter()
        .map(|record| record.event.clone())
        .collect()
}

#[test]
fn a_revoked_certificate_ends_the_visit_before_a_pin_is_asked_for() {
    for reason in [
        RevocationReason::KeyCompromise,
        RevocationReason::CertificateHold,
    ] {
        let source = Says::each(&[revoked(reason)]);
        let (outcome, desk) = of("in-order", policy().with_revocation(source.clone()));
        let Outcome::NotAccepted(refusal) = &outcome else {
            panic!("accepted");
        };
        assert_eq!(refusal.failure, Failure::CertificateRevoked);
        // The centre wasn't asked, and the person is told what to do in both languages.
        assert_eq!(refusal.centre, None);
        assert!(!refusal.advice.items.is_empty());
        for item in &refusal.advice.items {
            assert!(!item.text(Lang::Ja).is_empty() && !item.text(Lang::En).is_empty());
        }
        let seen = desk.names();
        assert!(seen.contains(&"not-accepted"), "{seen:?}");
        for screen in ["choose-method", "enter-pin", "asking"] {
            assert!(!seen.contains(&screen), "{seen:?}");
        }
        let events = events(&desk);
        let failed = AuditEvent::NotAccepted(Failure::CertificateRevoked);
        assert!(events.contains(&failed));
        let validated =
            |event: &AuditEvent| matches!(event, AuditEvent::CertificateValidated { .. });
        assert!(!events.iter().any(validated));
        assert_eq!(source.asked(), 1);
    }
}

/// Good or unknown, the centre is asked, and its own word about the certificate decides.
#[test]
fn a_source_admits_nobody() {
    let stale = NoAnswer::Stale { next_update: now() };
    for said in [
        RevocationAnswer::Good,
        NOT_COVERED,
        RevocationAnswer::Unknown(stale),
    ] {
        for (name, failure) in [
            ("in-order", None),
            // The centre says revoked, or that it doesn't know.
            ("revoked", Some(Failure::CertificateRevoked)),
        ] {
            let source = Says::each(&[said]);
            let (outcome, desk) = of(name, policy().with_revocation(source.clone()));
            assert_eq!(outcome.failure(), failure, "{name}, {said:?}");
            assert!(desk.names().contains(&"asking"));
            let unknown: Vec<_> = events(&desk)
                .into_iter()
                .filter_map(|event| match event {
                    AuditEvent::RevocationUnknown(why) => Some(why),
                    _ => None,
                })
                .collect();
            match said {
                RevocationAnswer::Unknown(why) => assert_eq!(unknown, [why]),
                _ => assert_eq!(unknown, []),
            }
            // When the card was read, and before the visit was accepted.
            let times = if failure.is_none() { 2 } else { 1 };
            assert_eq!(source.asked(), times);
        }
    }
}

/// A centre that says nothing of the certificate.
struct Silent(Centre);

impl EligibilityService for Silent {
    fn realm(&self) -> Realm {
        self.0.realm()
    }
    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }
    fn submit(&mut self, request: Request, now: Timestamp) -> Result<Ticket, ServiceError> {
        self.0.submit(request, now)
    }
    fn poll(&mut self, ticket: Ticket, now: Timestamp) -> Result<PollResult, ServiceError> {
        let mut polled = self.0.poll(ticket, now)?;
        if let PollResult::Ready(answer) = &mut polled {
            answer.report.certificate = None;
        }
        Ok(polled)
    }
    fn cancel(&mut self, ticket: Ticket) {
        self.0.cancel(ticket);
    }
}

/// Neither a source that knows nothing nor one that calls the certificate good
/// stands in for the centre's word about it.
#[test]
fn only_the_centre_closes_what_is_pending() {
    for said in [NOT_COVERED, RevocationAnswer::Good] {
        let visit = || Case {
            policy: policy().with_revocation(Says::each(&[said])),
            ..Case::of("in-order")
        };
        let mut centre = Centre::new();
        let (outcome, _) = visit().run_with(&mut centre);
        assert!(outcome.is_accepted());
        let (outcome, _) = visit().run_with(&mut Silent(Centre::new()));
        assert_eq!(outcome.failure(), Some(Failure::CertificateInvalid));
    }
}

/// A list that comes while the person types the PIN counts.
#[test]
fn who_is_revoked_in_the_middle_of_it_is_not_let_in() {
    for before in [RevocationAnswer::Good, NOT_COVERED] {
        let late = revoked(RevocationReason::Superseded);
        let source = Says::each(&[before, late]);
        let (outcome, desk) = of("in-order", policy().with_revocation(source.clone()));
        assert_eq!(outcome.failure(), Some(Failure::CertificateRevoked));
        assert_eq!(source.asked(), 2);
        assert!(desk.names().contains(&"enter-pin"));
        assert_eq!(desk.decided, 1);
    }
}

/// Lists, as a product uses them: shared with what fetches them.
#[test]
fn lists_may_come_between_two_visits() {
    let lists = Arc::new(RwLock::new(CrlSource::new()));
    let policy = policy().with_revocation(lists.clone());
    let shown = format!("{policy:?}");
    assert!(shown.contains("RevocationSource(..)"), "{shown}");
    let visit = || of("in-order", policy.clone());
    let unknown = |why| {
        let (outcome, desk) = visit();
        assert!(outcome.is_accepted());
        assert!(events(&desk).contains(&AuditEvent::RevocationUnknown(why)));
    };
    unknown(NoAnswer::NotCovered);

    // The municipality of the persona, whichever root issued it.
    let pki = VirtualPki::new();
    let add = |scope, number, entries: &[CrlEntry]| {
        for generation in [Generation::Second, Generation::Third] {
            let root = Root::new(pki.root(generation), Realm::Simulation).unwrap();
            let spec = CrlSpec {
                scope,
                number,
                entries: entries.to_vec(),
                ..CrlSpec::new(generation, now())
            };
            let list = CrlIndex::build(&pki.crl(&spec), &root, now()).unwrap();
            lists.write().unwrap().add(list).unwrap();
        }
    };
    add(CrlScope::OtherMunicipality, 1, &[]);
    unknown(NoAnswer::NotCovered);
    add(CrlScope::Municipality, 1, &[]);
    let (outcome, desk) = visit();
    assert!(outcome.is_accepted());
    let said = |event: &AuditEvent| matches!(event, AuditEvent::RevocationUnknown(_));
    assert!(!events(&desk).iter().any(said));

    let source = Says::each(&[NOT_COVERED]);
    let _ = of("in-order", self::policy().with_revocation(source.clone()));
    let serial = source.asked.lock().unwrap()[0].clone();
    let entry = CrlEntry {
        serial,
        at: now(),
        reason: Some(1),
    };
    add(CrlScope::Municipality, 2, &[entry]);
    assert_eq!(visit().0.failure(), Some(Failure::CertificateRevoked));
}

/// Without a source nothing changes, and nothing is said of it.
#[test]
fn without_a_source_the_centre_decides_alone() {
    let (outcome, desk) = of("in-order", policy());
    assert!(outcome.is_accepted());
    let said = |event: &AuditEvent| matches!(event, AuditEvent::RevocationUnknown(_));
    assert!(!events(&desk).iter().any(said));
}
