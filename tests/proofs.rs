//! Rule 3: nobody is let in without every proof, of one visit, one card and
//! one realm.

mod support;

use std::cell::Cell;
use std::rc::Rc;

use jiff::SignedDuration;
use support::{Case, now, persona, terminal};
use uketsuke::card::{Card, Jpki, LastTry, SecretKind};
use uketsuke::checkin::{Equipment, Identity, Policy, ProofMismatch, Proofs};
use uketsuke::eligibility::{
    Answer, Capabilities, Consents, EligibilityConfirmed, EligibilityService, Failure, Identified,
    PollResult, Presented, Request, RequestKind, ServiceError, Ticket, confirm,
};
use uketsuke::simulation::{CardOptions, Centre, VirtualCard, VirtualReader, VirtualTransport};
use uketsuke::transport::{
    ExtendedLength, Limits, Outgoing, Reader, Reset, Transport, TransportError,
};
use uketsuke::trust::{
    ChainValidated, Challenge, ChallengeError, ChallengeSigned, Evidence, GraceRule, Purpose,
    Roots, Standing,
};
use uketsuke::{Realm, Realms, VisitId};
use zeroize::Zeroizing;

/// Reads, validates, verifies and signs, by the layers' own functions.
fn prove<T: Transport>(
    card: &mut Card<T>,
    visit: VisitId,
) -> (
    Identity,
    ChainValidated,
    Result<ChallengeSigned, ChallengeError>,
) {
    prove_under(card, visit, GraceRule::EligibilityOnly)
}

fn prove_under<T: Transport>(
    card: &mut Card<T>,
    visit: VisitId,
    grace: GraceRule,
) -> (
    Identity,
    ChainValidated,
    Result<ChallengeSigned, ChallengeError>,
) {
    let mut jpki = card.open::<Jpki>().unwrap();
    let certificate = jpki.authentication_certificate(&mut |_| {}).unwrap();
    let budget = jpki
        .tries_left(SecretKind::AuthPin)
        .unwrap()
        .budget(LastTry::Refuse)
        .unwrap();
    let pin = jpki
        .verify_pin(uketsuke::card::AuthPin::parse("1234").unwrap(), budget)
        .unwrap();
    let chain = Roots::simulation()
        .validate_authentication(&certificate, Realms::simulation(), now(), grace)
        .unwrap();
    let lifetime = SignedDuration::from_mins(5);
    let challenge =
        Challenge::generate(visit, &terminal(), Purpose::CheckIn, now(), lifetime).unwrap();
    let signature = jpki
        .sign_authentication(&challenge.signature_input())
        .unwrap();
    jpki.close().unwrap();
    let signed = challenge.verify(&chain, signature, now());
    (Identity::Pin(pin), chain, signed)
}

fn card(name: &str, visit: VisitId) -> Card<VirtualTransport> {
    let mut reader = VirtualReader::new();
    reader.insert(VirtualCard::new(
        persona(name),
        CardOptions::default(),
        now(),
    ));
    Card::new(reader.connect().unwrap(), visit)
}

fn ask(chain: &ChainValidated, signed: &ChallengeSigned) -> EligibilityConfirmed {
    ask_as(Identified::Pin, chain, signed)
}

fn ask_as(
    identified: Identified,
    chain: &ChainValidated,
    signed: &ChallengeSigned,
) -> EligibilityConfirmed {
    let mut centre = Centre::new();
    let presented = Presented::new(chain, signed, identified).unwrap();
    let request = Request::new(
        presented,
        RequestKind::Result {
            consents: Consents::none(),
        },
    );
    let answer = fetch(&mut centre, request.clone());
    confirm(&request, &answer, centre.realm()).unwrap()
}

fn fetch(centre: &mut Centre, request: Request) -> Answer {
    let ticket = centre.submit(request, now()).unwrap();
    let mut time = now();
    loop {
        match centre.poll(ticket, time).unwrap() {
            PollResult::Ready(answer) => return *answer,
            PollResult::Pending { not_before } => time = not_before,
            _ => panic!("unknown poll result"),
        }
    }
}

/// All four proofs of one visit.
fn all(name: &str, visit: VisitId) -> Proofs {
    all_under(name, visit, GraceRule::EligibilityOnly)
}

fn all_under(name: &str, visit: VisitId, grace: GraceRule) -> Proofs {
    let mut card = card(name, visit);
    let (identity, chain, signed) = prove_under(&mut card, visit, grace);
    let signed = signed.unwrap();
    let confirmed = ask(&chain, &signed);
    Proofs {
        identity,
        chain,
        signed,
        confirmed,
    }
}

fn policy() -> Policy {
    Policy::simulation(terminal())
}

#[test]
fn four_proofs_of_one_visit_are_accepted() {
    let visit = VisitId::begin();
    let accepted = all("in-order", visit)
        .accept(&policy(), visit, now())
        .unwrap();
    assert_eq!(accepted.visit(), visit);
    assert_eq!(accepted.realm(), Realm::Simulation);
    assert_eq!(accepted.identified(), Identified::Pin);
}

#[test]
fn evidence_is_kept_of_what_is_accepted_and_of_nothing_else() {
    let visit = VisitId::begin();
    let proofs = all("in-order", visit);
    let (digest, sent) = (proofs.chain.digest(), proofs.signed.signed());
    let (accepted, evidence) = proofs
        .accept_with_evidence(&policy(), visit, now(), Some(terminal()))
        .unwrap();
    assert_eq!(accepted.visit(), visit);
    let claims = evidence.claims();
    assert_eq!(claims.claimed_time, Some(now()));
    assert_eq!(claims.claimed_terminal, Some(terminal()));
    assert_eq!(claims.claimed_realm, Some(Realm::Simulation));
    assert_eq!(claims.claimed_method, Some(Identified::Pin));
    let read = Evidence::from_bytes(&evidence.to_bytes()).unwrap();
    assert_eq!(*read.signed(), sent);
    let roots = Roots::simulation();
    let verified = read
        .verify(&roots, Realms::simulation(), now(), GraceRule::None)
        .unwrap();
    assert_eq!(verified.digest(), digest);

    let mismatch = all("in-order", visit)
        .accept_with_evidence(&policy(), VisitId::begin(), now(), None)
        .unwrap_err();
    assert!(matches!(mismatch, ProofMismatch::OtherVisit(_)));
    let mut proofs = all("in-order", visit);
    proofs.signed = all("in-order", visit).signed;
    let mismatch = proofs.accept_with_evidence(&policy(), visit, now(), None);
    assert!(matches!(mismatch, Err(ProofMismatch::OtherSession(_))));
}

#[test]
fn each_proof_of_another_visit_is_refused() {
    let (visit, other) = (VisitId::begin(), VisitId::begin());
    // The same person, the same card, minutes apart: still another visit.
    let swap = |part: usize| {
        let (mine, theirs) = (all("in-order", visit), all("in-order", other));
        let mut proofs = mine;
        match part {
            0 => proofs.identity = theirs.identity,
            1 => proofs.chain = theirs.chain,
            2 => proofs.signed = theirs.signed,
            _ => proofs.confirmed = theirs.confirmed,
        }
        proofs.accept(&policy(), visit, now()).unwrap_err()
    };
    for part in 0..4 {
        assert!(
            matches!(swap(part), ProofMismatch::OtherVisit(_)),
            "proof {part}"
        );
    }
    // And all four of another visit at once.
    let mismatch = all("in-order", other)
        .accept(&policy(), visit, now())
        .unwrap_err();
    assert!(matches!(mismatch, ProofMismatch::OtherVisit(_)));
}

#[test]
fn each_proof_of_another_session_is_refused() {
    let visit = VisitId::begin();
    let swap = |part: usize| {
        let (mine, theirs) = (all("in-order", visit), all("in-order", visit));
        let mut proofs = mine;
        match part {
            0 => proofs.identity = theirs.identity,
            1 => proofs.chain = theirs.chain,
            2 => proofs.signed = theirs.signed,
            _ => proofs.confirmed = theirs.confirmed,
        }
        proofs.accept(&policy(), visit, now()).unwrap_err()
    };
    for part in 0..4 {
        assert!(
            matches!(swap(part), ProofMismatch::OtherSession(_)),
            "proof {part}"
        );
    }
}

/// A chip that is two persons, one after the other, in a session that never ends.
struct TwoCards {
    cards: [VirtualCard; 2],
    now: Rc<Cell<usize>>,
}

impl Transport for TwoCards {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let card = &mut self.cards[self.now.get()];
        Ok(Zeroizing::new(card.transmit(command.bytes())))
    }
    fn limits(&self) -> Limits {
        Limits {
            extended: ExtendedLength::Unknown,
            max_response: 65_538,
        }
    }
    fn reset(&mut self, _how: Reset) -> Result<(), TransportError> {
        panic!("the session would be another one");
    }
}

#[test]
fn each_proof_about_another_certificate_is_refused() {
    let visit = VisitId::begin();
    let swap = |part: usize| {
        let which = Rc::new(Cell::new(0));
        let new = |name| VirtualCard::new(persona(name), CardOptions::default(), now());
        let link = TwoCards {
            cards: ["in-order", "expiring"].map(new),
            now: which.clone(),
        };
        let mut card = Card::new(link, visit);
        let (identity, chain, signed) = prove(&mut card, visit);
        which.set(1);
        let (_, other_chain, other_signed) = prove(&mut card, visit);
        assert_eq!(chain.binding(), other_chain.binding());
        let (signed, other_signed) = (signed.unwrap(), other_signed.unwrap());
        // Nor is it asked about, where the two don't belong together.
        assert!(Presented::new(&chain, &other_signed, Identified::Pin).is_none());
        let confirmed = match part {
            2 => ask(&other_chain, &other_signed),
            _ => ask(&chain, &signed),
        };
        let proofs = Proofs {
            identity,
            chain,
            signed: if part == 1 { other_signed } else { signed },
            confirmed,
        };
        proofs.accept(&policy(), visit, now()).err()
    };
    assert_eq!(swap(0), None);
    for (part, of) in [(1, "the challenge's signature"), (2, "the centre's answer")] {
        assert_eq!(swap(part), Some(ProofMismatch::OtherCertificate(of)));
    }
}

#[test]
fn the_centre_must_have_been_told_how_the_person_was_identified() {
    let visit = VisitId::begin();
    for told in [Identified::Face, Identified::Staff, Identified::Device] {
        let mut proofs = all("in-order", visit);
        proofs.confirmed = ask_as(told, &proofs.chain, &proofs.signed);
        let mismatch = proofs.accept(&policy(), visit, now());
        assert_eq!(mismatch.unwrap_err(), ProofMismatch::OtherMethod);
    }
}

#[test]
fn a_challenge_of_another_visit_is_not_verified() {
    let mut card = card("in-order", VisitId::begin());
    let (_, _, signed) = prove(&mut card, VisitId::begin());
    assert_eq!(signed.unwrap_err(), ChallengeError::OtherVisit);
}

#[test]
fn a_certificate_that_lapsed_during_the_visit_is_refused() {
    let visit = VisitId::begin();
    let much_later = now() + SignedDuration::from_hours(24 * 200);
    let mismatch = all("grace", visit).accept(&policy(), visit, much_later);
    assert_eq!(mismatch.unwrap_err(), ProofMismatch::Lapsed);
    assert!(all("grace", visit).accept(&policy(), visit, now()).is_ok());
}

/// As a phone's: whatever its certificate's policy is.
#[test]
fn a_chain_without_grace_gets_none_later() {
    let visit = VisitId::begin();
    for (grace, accepted) in [(GraceRule::EligibilityOnly, true), (GraceRule::None, false)] {
        let proofs = all_under("expiring", visit, grace);
        let Standing::Expiring { not_after } = proofs.chain.standing() else {
            panic!("{:?}", proofs.chain)
        };
        let later = not_after + SignedDuration::from_hours(24);
        let refused = proofs.accept(&policy(), visit, later).err();
        let expected = (!accepted).then_some(ProofMismatch::Lapsed);
        assert_eq!(refused, expected);
    }
}

/// Others of the same realm don't do.
#[test]
fn a_chain_counts_under_the_roots_of_the_policy_alone() {
    let visit = VisitId::begin();
    let (mut others, mut own) = (Roots::empty(), Roots::empty());
    let issuer = *all("in-order", visit).chain.issuer().sha256();
    for root in Roots::simulation().iter() {
        let is_own = *root.sha256() == issuer;
        let to = if is_own { &mut own } else { &mut others };
        *to = std::mem::take(to).with(root.clone());
    }
    assert_eq!((own.iter().count(), others.iter().count()), (1, 2));
    let accept = |roots| {
        let policy = Policy::of(Realms::simulation(), roots, terminal());
        all("in-order", visit).accept(&policy, visit, now())
    };
    assert!(accept(own).is_ok());
    for roots in [others, Roots::simulation_signing(), Roots::empty()] {
        let mismatch = accept(roots).unwrap_err();
        assert_eq!(mismatch, ProofMismatch::ChainNotAccepted);
    }
}

// The production policy refuses every simulated part by itself.

#[test]
fn production_refuses_simulated_proofs() {
    let visit = VisitId::begin();
    let mismatch = all("in-order", visit)
        .accept(&Policy::production(terminal()), visit, now())
        .unwrap_err();
    assert!(matches!(
        mismatch,
        ProofMismatch::RealmNotAccepted {
            realm: Realm::Simulation,
            ..
        }
    ));
}

#[test]
fn production_does_not_ask_a_simulated_centre() {
    let case = Case {
        policy: Policy::production(terminal()),
        ..Case::of("in-order")
    };
    let (outcome, desk) = case.run();
    assert_eq!(outcome.failure(), Some(Failure::Misconfigured));
    assert!(
        !desk.names().contains(&"place-card"),
        "no card is read for it"
    );
}

/// A service that claims to be real, so that the card is looked at.
struct ClaimsProduction(Centre);

impl EligibilityService for ClaimsProduction {
    fn realm(&self) -> Realm {
        Realm::Production
    }
    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }
    fn submit(&mut self, request: Request, now: jiff::Timestamp) -> Result<Ticket, ServiceError> {
        self.0.submit(request, now)
    }
    fn poll(&mut self, ticket: Ticket, now: jiff::Timestamp) -> Result<PollResult, ServiceError> {
        self.0.poll(ticket, now)
    }
    fn cancel(&mut self, ticket: Ticket) {
        self.0.cancel(ticket);
    }
}

#[test]
fn production_refuses_a_simulated_card_by_its_root() {
    let case = Case {
        policy: Policy::production(terminal()),
        ..Case::of("in-order")
    };
    let (outcome, mut desk) = case.run_with(&mut ClaimsProduction(Centre::new()));
    assert_eq!(outcome.failure(), Some(Failure::CertificateInvalid));
    assert_eq!(desk.tries_left(), [3, 5, 10]);
    // Even where somebody pins the simulation's root beside the real ones.
    let mixed = Policy::of(Realms::production(), Roots::simulation(), terminal());
    let case = Case {
        policy: mixed,
        ..Case::of("in-order")
    };
    let (outcome, _) = case.run_with(&mut ClaimsProduction(Centre::new()));
    assert_eq!(outcome.failure(), Some(Failure::WrongRealm));
}

#[test]
fn production_offers_no_simulated_face_staff_or_pinless_part() {
    use uketsuke::checkin::{CheckIn, Output, Screen};

    // What is offered is seen once a card was judged, so a simulation policy
    // with parts of another realm shows the same rule from the other side.
    let foreign = Some(Realm::Production);
    let here = Some(Realm::Simulation);
    for (face, staff, pinless) in [
        (foreign, foreign, here),
        (here, here, foreign),
        (here, here, None),
    ] {
        let equipment = Equipment {
            service: here,
            face,
            staff,
            pinless,
            ..Equipment::default()
        };
        let mut machine = CheckIn::new(policy(), equipment, now());
        let mut card = card("in-order", machine.visit());
        let (_, offered) = support::drive_to_choice(&mut machine, &mut card);
        assert!(
            matches!(
                offered,
                Screen::ChooseMethod {
                    face: false,
                    staff: false,
                    ..
                }
            ),
            "{offered:?}"
        );
        assert!(matches!(machine.poll(), Output::Idle { .. }));
    }
}

/// A service that was simulated when the desk was set up, and says otherwise
/// when it answers.
struct Turncoat(Centre, bool);

impl EligibilityService for Turncoat {
    fn realm(&self) -> Realm {
        if self.1 {
            Realm::Production
        } else {
            Realm::Simulation
        }
    }
    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }
    fn submit(&mut self, request: Request, now: jiff::Timestamp) -> Result<Ticket, ServiceError> {
        self.1 = true;
        self.0.submit(request, now)
    }
    fn poll(&mut self, ticket: Ticket, now: jiff::Timestamp) -> Result<PollResult, ServiceError> {
        self.0.poll(ticket, now)
    }
    fn cancel(&mut self, ticket: Ticket) {
        self.0.cancel(ticket);
    }
}

#[test]
fn an_answer_from_another_realm_is_not_believed() {
    let (outcome, desk) = Case::of("in-order").run_with(&mut Turncoat(Centre::new(), false));
    assert_eq!(outcome.failure(), Some(Failure::Misconfigured));
    assert!(
        !desk.names().contains(&"consents"),
        "not even the first answer"
    );
}

#[test]
fn a_card_pulled_while_the_pin_is_on_its_way_may_have_lost_a_try() {
    use uketsuke::card::AuthPin;
    use uketsuke::checkin::{CheckIn, Choice, Input, Method, Output};

    let mut machine = CheckIn::new(policy(), Equipment::pin_only(Realm::Simulation), now());
    let mut card = card("in-order", machine.visit());
    let (screen, _) = support::drive_to_choice(&mut machine, &mut card);
    let choice = Choice::Method(Method::Pin);
    machine.handle(Input::Chosen { screen, choice }, now());
    let screen = support::last_screen(&mut machine);
    let choice = Choice::Pin(AuthPin::parse("1234").unwrap());
    machine.handle(Input::Chosen { screen, choice }, now());
    machine.handle(Input::CardRemoved, now());
    let failure = loop {
        match machine.poll() {
            Output::Decided(outcome) => break outcome.failure(),
            Output::Idle { .. } | Output::Finished => panic!("undecided"),
            _ => {}
        }
    };
    assert_eq!(failure, Some(Failure::PinOutcomeUnknown));
    assert_eq!(
        machine.summary().pin_tries_left,
        None,
        "nobody knows the count now"
    );
}

#[test]
fn a_late_answer_to_a_pin_is_not_called_unknown() {
    use uketsuke::card::{AuthPin, VerifyError};
    use uketsuke::checkin::{
        AuditEvent, CheckIn, Choice, Input, Method, Output, PinTaskError, TaskResult,
    };

    let mut machine = CheckIn::new(policy(), Equipment::pin_only(Realm::Simulation), now());
    let mut card = card("in-order", machine.visit());
    let (screen, _) = support::drive_to_choice(&mut machine, &mut card);
    let choice = Choice::Method(Method::Pin);
    machine.handle(Input::Chosen { screen, choice }, now());
    let screen = support::last_screen(&mut machine);
    let choice = Choice::Pin(AuthPin::parse("0000").unwrap());
    machine.handle(Input::Chosen { screen, choice }, now());
    let task = loop {
        match machine.poll() {
            Output::Start { task, .. } => break task,
            Output::Idle { .. } => panic!("nothing was started"),
            _ => {}
        }
    };
    // The reader took longer than it may, but it did answer.
    let kind = SecretKind::AuthPin;
    let wrong = PinTaskError::Verify(VerifyError::Wrong { kind, left: 2 });
    let result = TaskResult::PinSigned(Err(wrong));
    let late = now() + SignedDuration::from_mins(3);
    machine.handle(Input::Done { task, result }, late);
    assert_eq!(machine.summary().pin_tries_left, Some(2));
    loop {
        match machine.poll() {
            Output::Audit(record) => assert_ne!(record.event, AuditEvent::TryUnknown),
            Output::Decided(outcome) => panic!("{:?}", outcome.failure()),
            Output::Idle { .. } => break,
            _ => {}
        }
    }
}
