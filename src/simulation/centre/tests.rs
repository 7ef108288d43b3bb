use jiff::ToSpan;
use ring::digest::{SHA256, digest};

use super::*;
use crate::VisitId;
use crate::eligibility::{
    CertificateStatus, Consents, Failure, NotConfirmed, ProcessingResultStatus,
    QualificationValidity, SegmentOfResult, confirm,
};
use crate::simulation::{CertificateSpec, Defect, Generation, Mishap, VirtualPki};
use crate::trust::SignedChallenge;

const RESULT: RequestKind = RequestKind::Result {
    consents: Consents::none(),
};

fn now() -> Timestamp {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

fn persona(name: &str) -> &'static Persona {
    Persona::named(name).unwrap()
}

/// As the trust layer documents it: label, then fields behind their lengths.
fn message(made: Timestamp, random: u8) -> Vec<u8> {
    let mut message = b"uketsuke/1 challenge\0".to_vec();
    let second = made.as_second().to_be_bytes();
    for field in [&b"desk 1"[..], b"check-in", &second, &[random; 32]] {
        message.extend(u32::try_from(field.len()).unwrap().to_be_bytes());
        message.extend(field);
    }
    message
}

fn sign(message: Vec<u8>) -> SignedChallenge {
    let mut info = vec![
        0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
        0x05, 0x00, 0x04, 0x20,
    ];
    info.extend(digest(&SHA256, &message).as_ref());
    let signature = VirtualPki::new().raw_sign(false, &info).unwrap();
    SignedChallenge { message, signature }
}

/// A certificate whose end lies so many days after [`now`].
fn certificate(serial: u32, days: i64, defect: Option<Defect>) -> Vec<u8> {
    let not_before = now()
        .saturating_sub(SignedDuration::from_hours(24 * (1000 - days)))
        .unwrap();
    VirtualPki::new().authentication_certificate(&CertificateSpec {
        serial,
        common_name: "000001SIM00000000001003A".to_owned(),
        not_before,
        not_after: now()
            .saturating_add(SignedDuration::from_hours(24 * days))
            .unwrap(),
        generation: Generation::issuing_at(not_before),
        defect,
    })
}

fn present(certificate: Vec<u8>, challenge: SignedChallenge, realm: Realm) -> Presented {
    let standing = Certificate::parse(&certificate)
        .ok()
        .and_then(|c| Standing::at(now(), c.not_after(), GraceRule::EligibilityOnly))
        .unwrap_or(Standing::InForce);
    Presented::for_tests(VisitId::begin(), certificate, challenge, realm, standing)
}

/// A good proof for a serial number, made at [`now`].
fn proof(serial: u32, days: i64, random: u8) -> Presented {
    present(
        certificate(serial, days, None),
        sign(message(now(), random)),
        Realm::Simulation,
    )
}

fn ask(centre: &mut Centre, request: &Request, at: Timestamp) -> Report {
    let ticket = centre.submit(request.clone(), at).unwrap();
    match centre.poll(ticket, at).unwrap() {
        PollResult::Ready(answer) => {
            assert_eq!(answer.number, request.number());
            answer.report
        }
        PollResult::Pending { .. } => panic!("no delay was set"),
    }
}

fn ask_new(centre: &mut Centre, proof: &Presented, kind: RequestKind) -> Report {
    ask(centre, &Request::new(proof.clone(), kind), now())
}

fn refused(centre: &mut Centre, proof: &Presented, at: Timestamp) {
    assert_eq!(
        centre.submit(Request::new(proof.clone(), RESULT), at),
        Err(ServiceError::not_sent(ServiceErrorKind::ProofRefused))
    );
}

/// Asks for the result and judges it.
fn judge(
    centre: &mut Centre,
    proof: &Presented,
    consents: Consents,
) -> Result<crate::eligibility::EligibilityConfirmed, NotConfirmed> {
    let request = Request::new(proof.clone(), RequestKind::Result { consents });
    let report = ask(centre, &request, now());
    let answer = Answer {
        number: request.number(),
        report,
    };
    confirm(&request, &answer, centre.realm())
}

#[test]
fn a_persona_in_order_is_confirmed_with_the_consents_given() {
    let person = persona("in-order");
    let mut centre = Centre::new();
    let proof = proof(person.serial(), 700, 1);

    let status = ask_new(&mut centre, &proof, RequestKind::Status);
    assert_eq!(status.certificate, Some(CertificateStatus::Good));
    assert_eq!(status.registration, Some(Registration::Registered));
    assert_eq!((status.results.len(), status.validity), (0, None));

    use crate::eligibility::ConsentKind;
    let consents = Consents::none().with(ConsentKind::Medicines);
    let coverage = judge(&mut centre, &proof, consents)
        .unwrap()
        .into_coverage();
    assert_eq!(coverage.name.reveal(), person.holder_name);
    assert_eq!(coverage.birthdate.reveal(), person.birthdate);
    assert!(coverage.insurer_number_checks && !coverage.eligibility_only);
    assert_eq!(coverage.notice, None);
    assert_eq!(coverage.consents.len(), 4);
    for consent in &coverage.consents {
        let given = consent.kind == ConsentKind::Medicines;
        assert_eq!(consent.given(), given);
        assert_eq!(consent.at, given.then(now));
        assert_eq!(consent.available_until, given.then(|| now() + 24.hours()));
    }
}

#[test]
fn every_persona_gets_what_its_entry_says() {
    for (n, person) in Persona::all().iter().enumerate() {
        let mut centre = Centre::new();
        let proof = proof(person.serial(), 700, u8::try_from(n).unwrap());
        let request = Request::new(proof, RESULT);
        let report = ask(&mut centre, &request, now());
        assert_eq!(report.segment, SegmentOfResult::Normal);
        assert_eq!(report.certificate, Some(person.certificate_status));
        let answer = Answer {
            number: request.number(),
            report,
        };
        let outcome = confirm(&request, &answer, Realm::Simulation).map_err(|e| e.failure());
        let expected = match (
            person.certificate_status,
            person.registration,
            &person.validity,
        ) {
            (CertificateStatus::Revoked, ..) => Some(Failure::CertificateRevoked),
            (CertificateStatus::Unknown, ..) => Some(Failure::CertificateInvalid),
            (_, Registration::NotRegistered, _) => Some(Failure::NotRegistered),
            (.., QualificationValidity::Valid) => None,
            (.., QualificationValidity::NotFound) => Some(Failure::NoSuchInsured),
            (.., QualificationValidity::Several) => Some(Failure::SeveralInsured),
            (.., QualificationValidity::InvalidNewer) => Some(Failure::InsuranceReplaced),
            _ => Some(Failure::InsuranceInvalid),
        };
        assert_eq!(outcome.err(), expected, "{}", person.name);
    }
}

#[test]
fn registration_happens_once_and_stays() {
    let person = persona("not-registered");
    let mut centre = Centre::new();
    let first = proof(person.serial(), 700, 1);
    let status = ask_new(&mut centre, &first, RequestKind::Status);
    assert_eq!(status.registration, Some(Registration::NotRegistered));
    assert_eq!(
        judge(&mut centre, &first, Consents::none()).unwrap_err(),
        NotConfirmed::NotRegistered
    );

    let second = proof(person.serial(), 700, 2);
    for _ in 0..3 {
        let report = ask_new(&mut centre, &second, RequestKind::Register);
        assert_eq!(report.status, Some(ProcessingResultStatus::Normal));
        assert_eq!(report.registration, Some(Registration::Registered));
    }
    assert!(judge(&mut centre, &second, Consents::none()).is_ok());
    // In the next visit too; nobody else is touched, and another centre knows nothing.
    assert!(
        judge(
            &mut centre,
            &proof(person.serial(), 700, 3),
            Consents::none()
        )
        .is_ok()
    );
    assert_eq!(centre.registered.len(), 1);
    assert_eq!(
        Centre::new().registration(person.serial()),
        Some(Registration::NotRegistered)
    );
    assert_eq!(Centre::new().registration(7), None);
}

#[test]
fn in_grace_there_is_eligibility_alone() {
    let mut centre = Centre::new();
    let proof = proof(persona("grace").serial(), -20, 1);
    let request = Request::new(
        proof,
        RequestKind::Result {
            consents: Consents::all(),
        },
    );
    let report = ask(&mut centre, &request, now());
    assert_eq!(report.code.as_deref(), Some("SIM-GRACE"));
    assert!(report.results[0].consents.is_empty());
    let answer = Answer {
        number: request.number(),
        report,
    };
    let coverage = confirm(&request, &answer, Realm::Simulation)
        .unwrap()
        .into_coverage();
    assert!(coverage.eligibility_only && coverage.consents.is_empty());
    assert!(coverage.notice.unwrap().starts_with("【模擬】"));
}

#[test]
fn a_certificate_near_its_end_gets_a_notice_and_consents() {
    let mut centre = Centre::new();
    let proof = proof(persona("expiring").serial(), 30, 1);
    let coverage = judge(&mut centre, &proof, Consents::all())
        .unwrap()
        .into_coverage();
    assert!(coverage.notice.unwrap().contains("3か月以内"));
    assert!(coverage.consents.iter().all(|consent| consent.given()));
}

#[test]
fn a_certificate_nobody_has_is_unknown() {
    let mut centre = Centre::for_persona(persona("in-order"));
    let stranger = proof(persona("expiring").serial(), 700, 1);
    let status = ask_new(&mut centre, &stranger, RequestKind::Status);
    assert_eq!(status.certificate, Some(CertificateStatus::Unknown));
    let report = ask_new(&mut centre, &stranger, RequestKind::Register);
    assert_eq!(report.status, Some(ProcessingResultStatus::Error));
    assert!(centre.registered.is_empty());
    assert_eq!(
        judge(&mut centre, &stranger, Consents::none()).unwrap_err(),
        NotConfirmed::Certificate(CertificateStatus::Unknown)
    );
}

#[test]
fn a_revoked_certificate_registers_nothing() {
    let mut centre = Centre::new();
    let serial = Persona::all()
        .iter()
        .find(|person| person.certificate_status == CertificateStatus::Revoked)
        .unwrap()
        .serial();
    let proof = proof(serial, 700, 1);
    let report = ask_new(&mut centre, &proof, RequestKind::Register);
    assert_eq!(report.status, Some(ProcessingResultStatus::Error));
    assert_eq!(report.registration, None);
    assert!(centre.registered.is_empty());
}

#[test]
fn bad_proofs_are_refused() {
    let serial = persona("in-order").serial();
    let good = || certificate(serial, 700, None);
    let mut centre = Centre::new();

    // Of another world, by name alone.
    for realm in [Realm::Production, Realm::JpkiTest] {
        refused(
            &mut centre,
            &present(good(), sign(message(now(), 1)), realm),
            now(),
        );
    }
    // A certificate that leads to no simulated root, or to a real one, or is none.
    for defect in [Defect::WrongSignature, Defect::IsCa, Defect::WrongKeyUsage] {
        let certificate = certificate(serial, 700, Some(defect));
        let proof = present(certificate, sign(message(now(), 2)), Realm::Simulation);
        refused(&mut centre, &proof, now());
    }
    let root = VirtualPki::new().root(Generation::Third).to_vec();
    for certificate in [Vec::new(), vec![0x30, 0x80], root] {
        let proof = present(certificate, sign(message(now(), 3)), Realm::Simulation);
        refused(&mut centre, &proof, now());
    }
    // Lapsed beyond grace; not valid yet.
    refused(&mut centre, &proof(serial, -400, 4), now());
    let early = now() - SignedDuration::from_hours(24 * 400);
    let early_proof = present(good(), sign(message(early, 5)), Realm::Simulation);
    refused(&mut centre, &early_proof, early);

    // Signature and message: each bit that counts.
    let signed = sign(message(now(), 6));
    for at in [0, 100, 255] {
        let mut wrong = signed.clone();
        wrong.signature[at] ^= 1;
        refused(
            &mut centre,
            &present(good(), wrong, Realm::Simulation),
            now(),
        );
    }
    for at in 0..signed.message.len() {
        let mut wrong = signed.clone();
        wrong.message[at] ^= 1;
        refused(
            &mut centre,
            &present(good(), wrong, Realm::Simulation),
            now(),
        );
    }
    let mut short = signed.clone();
    short.signature.pop();
    refused(
        &mut centre,
        &present(good(), short, Realm::Simulation),
        now(),
    );
    // A message that isn't one of this library's, though well signed.
    let foreign = sign(b"uketsuke/1 centre\0\0\0\0\x10................".to_vec());
    refused(
        &mut centre,
        &present(good(), foreign, Realm::Simulation),
        now(),
    );
    refused(
        &mut centre,
        &present(good(), sign(Vec::new()), Realm::Simulation),
        now(),
    );

    // Nothing of all that was remembered as seen, and the good one still works.
    assert!(centre.seen.is_empty() && centre.open.is_empty());
    let proof = present(good(), signed, Realm::Simulation);
    assert!(judge(&mut centre, &proof, Consents::none()).is_ok());
}

#[test]
fn a_challenge_serves_one_check_in() {
    let serial = persona("in-order").serial();
    let mut centre = Centre::new();
    let proof = proof(serial, 700, 1);
    for kind in [
        RequestKind::Status,
        RequestKind::Register,
        RequestKind::Status,
        RESULT,
    ] {
        ask_new(&mut centre, &proof, kind);
    }
    // One result only; and after it nothing.
    refused(&mut centre, &proof, now());
    assert!(
        centre
            .submit(Request::new(proof.clone(), RequestKind::Status), now())
            .is_err()
    );

    // The same signed challenge in another visit.
    let again = present(
        proof.certificate().to_vec(),
        proof.challenge().clone(),
        Realm::Simulation,
    );
    refused(&mut centre, &again, now());
    // Also when it was used for its status alone.
    let half = super::tests::proof(serial, 700, 2);
    ask_new(&mut centre, &half, RequestKind::Status);
    let other = present(
        half.certificate().to_vec(),
        half.challenge().clone(),
        Realm::Simulation,
    );
    refused(&mut centre, &other, now());
    // Or by another certificate over the same key.
    let other = present(
        certificate(serial + 1, 700, None),
        half.challenge().clone(),
        Realm::Simulation,
    );
    refused(&mut centre, &other, now());
}

#[test]
fn a_challenge_is_fresh_for_fifteen_minutes_and_never_from_the_future() {
    let serial = persona("in-order").serial();
    let at = |seconds: i64| now() + SignedDuration::from_secs(seconds);
    for (made, fresh) in [
        (-901, false),
        (-900, true),
        (0, true),
        (60, true),
        (61, false),
    ] {
        let mut centre = Centre::new();
        let signed = sign(message(at(made), 1));
        let proof = present(certificate(serial, 700, None), signed, Realm::Simulation);
        let outcome = centre.submit(Request::new(proof, RESULT), now());
        assert_eq!(outcome.is_ok(), fresh, "{made}");
    }
    // A replay stays refused until it is too old anyway, whatever is forgotten.
    let mut centre = Centre::new();
    let proof = proof(serial, 700, 1);
    ask_new(&mut centre, &proof, RESULT);
    for seconds in [1, 899, 900, 901, 3000] {
        refused(&mut centre, &proof, at(seconds));
    }
    // A clock that goes back brings it nothing either.
    refused(&mut centre, &proof, at(0));
}

#[test]
fn answers_take_their_time() {
    let delay = SignedDuration::from_secs(3);
    let mut centre = Centre::new().with_delay(delay);
    let request = Request::new(proof(persona("in-order").serial(), 700, 1), RESULT);
    let ticket = centre.submit(request.clone(), now()).unwrap();
    let ready = now() + delay;
    for at in [now(), ready - 1.nanosecond()] {
        assert_eq!(
            centre.poll(ticket, at),
            Ok(PollResult::Pending { not_before: ready })
        );
    }
    // The same question sent twice is one question.
    assert_eq!(centre.submit(request, now()), Ok(ticket));
    assert!(matches!(
        centre.poll(ticket, ready),
        Ok(PollResult::Ready(_))
    ));
    // Spent.
    assert_eq!(
        centre.poll(ticket, ready).unwrap_err().kind,
        ServiceErrorKind::UnknownTicket
    );
}

#[test]
fn a_cancelled_question_is_not_answered_though_the_centre_acted() {
    let serial = persona("not-registered").serial();
    let mut centre = Centre::new();
    let request = Request::new(proof(serial, 700, 1), RequestKind::Register);
    let ticket = centre.submit(request, now()).unwrap();
    centre.cancel(ticket);
    centre.cancel(ticket);
    assert_eq!(
        centre.poll(ticket, now()).unwrap_err().kind,
        ServiceErrorKind::UnknownTicket
    );
    assert_eq!(centre.registration(serial), Some(Registration::Registered));
}

#[test]
fn links_that_are_down_say_so() {
    for (fault, kind, failure) in [
        (
            CentreFault::NetworkDown,
            ServiceErrorKind::Network,
            Failure::NetworkDown,
        ),
        (
            CentreFault::CentreDown,
            ServiceErrorKind::CentreDown,
            Failure::CentreDown,
        ),
        (
            CentreFault::NotEquipped,
            ServiceErrorKind::NotEquipped,
            Failure::NotEquipped,
        ),
    ] {
        let request = || Request::new(proof(persona("in-order").serial(), 700, 1), RESULT);
        let mut centre = Centre::new().with_fault(fault);
        let error = centre.submit(request(), now()).unwrap_err();
        assert_eq!(error, ServiceError::not_sent(kind));
        assert_eq!(error.failure(), failure);

        // Broken between question and answer: the centre may have acted. Repaired: answered.
        centre.set_fault(None);
        let ticket = centre.submit(request(), now()).unwrap();
        centre.set_fault(Some(fault));
        assert_eq!(
            centre.poll(ticket, now()),
            Err(ServiceError::maybe_sent(kind))
        );
        centre.set_fault(None);
        assert!(matches!(
            centre.poll(ticket, now()),
            Ok(PollResult::Ready(_))
        ));
    }
}

#[test]
fn personas_bring_their_mishap() {
    for person in Persona::all() {
        let fault = Centre::for_persona(person).fault;
        let expected = match person.mishap {
            Some(Mishap::NetworkDown) => Some(CentreFault::NetworkDown),
            Some(Mishap::CentreDown) => Some(CentreFault::CentreDown),
            Some(Mishap::NotEquipped) => Some(CentreFault::NotEquipped),
            _ => None,
        };
        assert_eq!(fault, expected, "{}", person.name);
    }
}

#[test]
fn silence_lasts() {
    let mut centre = Centre::new().with_fault(CentreFault::Silent);
    let request = Request::new(proof(persona("in-order").serial(), 700, 1), RESULT);
    let ticket = centre.submit(request, now()).unwrap();
    for hours in [0, 1, 100] {
        let at = now() + SignedDuration::from_hours(hours);
        let pending = PollResult::Pending {
            not_before: at + 1.second(),
        };
        assert_eq!(centre.poll(ticket, at), Ok(pending));
    }
}

#[test]
fn answers_to_older_questions_confirm_nothing() {
    let serial = persona("in-order").serial();
    let mut centre = Centre::new();
    let mut answered = None;
    for random in 1..=3 {
        // First without anything older, then with a real older question.
        centre.set_fault(Some(CentreFault::AnswersOlderRequest));
        let request = Request::new(proof(serial, 700, random), RESULT);
        let ticket = centre.submit(request.clone(), now()).unwrap();
        for _ in 0..2 {
            let Ok(PollResult::Ready(answer)) = centre.poll(ticket, now()) else {
                panic!()
            };
            assert!(answer.number < request.number());
            assert!(answered.is_none_or(|number| number == answer.number));
            assert_eq!(
                confirm(&request, &answer, Realm::Simulation).unwrap_err(),
                NotConfirmed::OtherRequest
            );
        }
        centre.set_fault(None);
        let Ok(PollResult::Ready(answer)) = centre.poll(ticket, now()) else {
            panic!()
        };
        assert!(confirm(&request, &answer, Realm::Simulation).is_ok());
        answered = Some(request.number());
    }
}

#[test]
fn memory_is_bounded() {
    let serial = persona("in-order").serial();
    let certificate = certificate(serial, 700, None);
    let mut centre = Centre::new();
    // Questions that nobody fetches: at some point the centre is too busy.
    let proof = present(
        certificate.clone(),
        sign(message(now(), 1)),
        Realm::Simulation,
    );
    let mut busy = 0;
    for _ in 0..Centre::ROOM + 5 {
        match centre.submit(Request::new(proof.clone(), RequestKind::Status), now()) {
            Ok(_) => {}
            Err(error) => {
                assert_eq!(error, ServiceError::not_sent(ServiceErrorKind::CentreDown));
                busy += 1;
            }
        }
    }
    assert_eq!((centre.open.len(), busy), (Centre::ROOM, 5));
    // Later they are forgotten, and so is the challenge.
    let later = now() + Centre::FRESH.max(Centre::KEPT) + 1.second();
    let proof = present(certificate, sign(message(later, 2)), Realm::Simulation);
    assert!(
        centre
            .submit(Request::new(proof.clone(), RequestKind::Status), later)
            .is_ok()
    );
    assert_eq!((centre.open.len(), centre.seen.len()), (1, 1));

    // Challenges: full is full, until they are too old.
    while centre.seen.len() < Centre::ROOM * Centre::REMEMBERED {
        let n = u32::try_from(centre.seen.len()).unwrap();
        let mut random = [0; 32];
        random[..4].copy_from_slice(&n.to_be_bytes());
        let presented = proof.clone();
        centre.seen.push_back(Seen {
            random,
            made: later,
            presented,
            result: true,
        });
    }
    let next = present(
        super::tests::certificate(serial, 700, None),
        sign(message(later, 3)),
        Realm::Simulation,
    );
    let request = || Request::new(next.clone(), RequestKind::Status);
    assert_eq!(
        centre.submit(request(), later).unwrap_err().kind,
        ServiceErrorKind::CentreDown
    );
    let after = later + 3.minutes();
    assert_eq!(
        centre.submit(request(), after).unwrap_err().kind,
        ServiceErrorKind::CentreDown
    );
    assert_eq!(centre.seen.len(), Centre::ROOM * Centre::REMEMBERED);
}

#[test]
fn serial_numbers_are_read_as_der_writes_them() {
    assert_eq!(serial_number(&[0x05, 0, 0, 1]), Some(0x0500_0001));
    assert_eq!(serial_number(&[0, 0x85, 0, 0, 1]), Some(0x8500_0001));
    assert_eq!(serial_number(&[7]), Some(7));
    for none in [&[][..], &[0], &[0, 0], &[1, 2, 3, 4, 5]] {
        assert_eq!(serial_number(none), None);
    }
}

#[test]
fn debug_shows_no_person() {
    let mut centre = Centre::new();
    let request = Request::new(proof(persona("in-order").serial(), 700, 1), RESULT);
    centre.submit(request, now()).unwrap();
    let text = format!("{centre:?}");
    assert!(text.contains("open: 1") && !text.contains("見本"), "{text}");
}
