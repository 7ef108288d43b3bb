//! From the virtual card to the centre's answer, through every layer between.

use jiff::{SignedDuration, Timestamp};
use uketsuke::card::{AuthPin, Card, Jpki, LastTry, SecretKind};
use uketsuke::eligibility::{
    Answer, CertificateStatus, Consents, EligibilityConfirmed, EligibilityService, Identified,
    NotConfirmed, PollResult, PrescriptionIssue, Presented, Registration, Report, Request,
    RequestKind, ServiceError, ServiceErrorKind, confirm, noted,
};
use uketsuke::simulation::{CardOptions, Centre, CentreFault, Persona, VirtualReader};
use uketsuke::transport::Reader;
use uketsuke::trust::{
    ChainValidated, Challenge, ChallengeSigned, GraceRule, Purpose, Roots, TerminalId,
};
use uketsuke::{Realm, Realms, VisitId};

fn now() -> Timestamp {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

fn persona(name: &str) -> &'static Persona {
    Persona::named(name).unwrap()
}

/// A check-in at the card: PIN, certificate, chain, challenge.
fn proofs(persona: &Persona) -> (ChainValidated, ChallengeSigned) {
    let visit = VisitId::begin();
    let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), now());
    let mut card = Card::new(reader.connect().unwrap(), visit);
    let mut jpki = card.open::<Jpki>().unwrap();

    let certificate = jpki.authentication_certificate(&mut |_| {}).unwrap();
    let chain = Roots::simulation()
        .validate_authentication(
            &certificate,
            Realms::simulation(),
            now(),
            GraceRule::EligibilityOnly,
        )
        .unwrap();

    let tries = jpki.tries_left(SecretKind::AuthPin).unwrap();
    let budget = tries.budget(LastTry::Refuse).unwrap();
    let _identity = jpki
        .verify_pin(AuthPin::parse("1234").unwrap(), budget)
        .unwrap();

    let terminal = TerminalId::new("desk 1").unwrap();
    let lifetime = SignedDuration::from_mins(2);
    let challenge =
        Challenge::generate(visit, &terminal, Purpose::CheckIn, now(), lifetime).unwrap();
    let signature = jpki
        .sign_authentication(&challenge.signature_input())
        .unwrap();
    let signed = challenge.verify(&chain, signature, now()).unwrap();
    jpki.close().unwrap();
    (chain, signed)
}

fn presented(persona: &Persona) -> Presented {
    let (chain, signed) = proofs(persona);
    Presented::new(&chain, &signed, Identified::Pin).unwrap()
}

fn ask(centre: &mut Centre, request: &Request) -> Answer {
    let ticket = centre.submit(request.clone(), now()).unwrap();
    match centre.poll(ticket, now()).unwrap() {
        PollResult::Ready(answer) => *answer,
        other => panic!("{other:?}"),
    }
}

fn report(centre: &mut Centre, presented: &Presented, kind: RequestKind) -> Report {
    ask(centre, &Request::new(presented.clone(), kind)).report
}

fn result(
    centre: &mut Centre,
    presented: &Presented,
    consents: Consents,
) -> Result<EligibilityConfirmed, NotConfirmed> {
    let request = Request::new(presented.clone(), RequestKind::Result { consents });
    let answer = ask(centre, &request);
    confirm(&request, &answer, centre.realm())
}

#[test]
fn a_card_in_order_is_confirmed() {
    let person = persona("in-order");
    let presented = presented(person);
    let mut centre = Centre::new();
    let status = report(&mut centre, &presented, RequestKind::Status);
    assert_eq!(status.certificate, Some(CertificateStatus::Good));
    assert_eq!(status.registration, Some(Registration::Registered));

    let confirmed = result(&mut centre, &presented, Consents::all()).unwrap();
    assert_eq!(confirmed.visit(), presented.visit());
    assert_eq!(confirmed.digest(), presented.digest());
    let coverage = confirmed.into_coverage();
    assert_eq!(coverage.name.reveal(), person.holder_name);
    assert!(coverage.consents.iter().all(|consent| {
        consent.allows_at(now()) && !consent.allows_at(now() + SignedDuration::from_hours(25))
    }));
}

#[test]
fn a_card_is_registered_and_then_confirmed() {
    let presented = presented(persona("not-registered"));
    let mut centre = Centre::new();
    let status = report(&mut centre, &presented, RequestKind::Status);
    assert_eq!(status.registration, Some(Registration::NotRegistered));
    let registered = report(&mut centre, &presented, RequestKind::Register);
    assert_eq!(registered.registration, Some(Registration::Registered));
    assert!(result(&mut centre, &presented, Consents::none()).is_ok());
}

#[test]
fn a_certificate_in_grace_confirms_eligibility_alone() {
    let presented = presented(persona("grace"));
    let confirmed = result(&mut Centre::new(), &presented, Consents::all()).unwrap();
    let coverage = confirmed.into_coverage();
    assert!(coverage.eligibility_only && coverage.consents.is_empty());
    assert!(coverage.notice.is_some());
}

#[test]
fn proofs_of_two_visits_are_never_presented_together() {
    let (chain, signed) = proofs(persona("in-order"));
    // The same person, the same card, the next visit.
    let (other_chain, other_signed) = proofs(persona("in-order"));
    assert_eq!(chain.digest(), other_chain.digest());
    assert!(Presented::new(&chain, &other_signed, Identified::Pin).is_none());
    assert!(Presented::new(&other_chain, &signed, Identified::Face).is_none());
    assert!(Presented::new(&chain, &signed, Identified::Pin).is_some());
}

#[test]
fn an_answer_about_one_person_confirms_no_other() {
    let mut centre = Centre::new();
    let kind = || RequestKind::Result {
        consents: Consents::none(),
    };
    let theirs = Request::new(presented(persona("in-order")), kind());
    let answer = ask(&mut centre, &theirs);
    let ours = Request::new(presented(persona("expiring")), kind());
    assert_eq!(
        confirm(&ours, &answer, centre.realm()).unwrap_err(),
        NotConfirmed::OtherRequest
    );
    assert!(confirm(&theirs, &answer, centre.realm()).is_ok());
}

#[test]
fn the_same_proof_gets_one_result() {
    let presented = presented(persona("in-order"));
    let mut centre = Centre::new();
    assert!(result(&mut centre, &presented, Consents::none()).is_ok());
    let again = Request::new(
        presented,
        RequestKind::Result {
            consents: Consents::all(),
        },
    );
    assert_eq!(
        centre.submit(again, now()),
        Err(ServiceError::not_sent(ServiceErrorKind::ProofRefused))
    );
}

#[test]
fn an_old_proof_is_refused() {
    let request = Request::new(presented(persona("in-order")), RequestKind::Status);
    let later = now() + SignedDuration::from_mins(16);
    assert_eq!(
        Centre::new().submit(request, later),
        Err(ServiceError::not_sent(ServiceErrorKind::ProofRefused))
    );
}

#[test]
fn an_answer_to_an_older_question_changes_nothing() {
    let mut centre = Centre::new().with_fault(CentreFault::AnswersOlderRequest);
    let kind = RequestKind::Result {
        consents: Consents::none(),
    };
    let request = Request::new(presented(persona("in-order")), kind);
    let answer = ask(&mut centre, &request);
    assert!(answer.number < request.number());
    assert_eq!(
        confirm(&request, &answer, centre.realm()).unwrap_err(),
        NotConfirmed::OtherRequest
    );
}

#[test]
fn a_presented_proof_shows_nothing_of_itself() {
    let presented = presented(persona("in-order"));
    let request = Request::new(presented.clone(), RequestKind::Status);
    let text = format!("{presented:?} {request:?}");
    // The certificate's bytes as a list of numbers, or anything as long.
    assert!(text.contains("Presented(..)") && text.len() < 200, "{text}");
}

#[test]
fn choices_are_noted_before_the_result_and_not_after() {
    let presented = presented(persona("in-order"));
    let mut centre = Centre::new();
    let mut tell = |kind: RequestKind| {
        let request = Request::new(presented.clone(), kind);
        let answer = ask(&mut centre, &request);
        noted(&request, &answer, Realm::Simulation)
    };
    let issue = |issue| RequestKind::Prescription { issue };
    assert_eq!(tell(issue(PrescriptionIssue::Paper)), Ok(()));
    assert_eq!(tell(issue(PrescriptionIssue::Electronic)), Ok(()));
    assert_eq!(tell(RequestKind::Subsidies { consent: true }), Ok(()));
    let confirmed = result(&mut centre, &presented, Consents::none()).unwrap();
    let last = Some(PrescriptionIssue::Electronic);
    assert_eq!(
        confirmed.coverage().prescription,
        last,
        "the last choice counts"
    );
    let late = Request::new(presented, RequestKind::Subsidies { consent: false });
    let refused = ServiceError::not_sent(ServiceErrorKind::ProofRefused);
    assert_eq!(centre.submit(late, now()), Err(refused));
}
