//! A face among the proofs: it counts with the photo of this chip, by the policy's own judgement, and for somebody with
//! the birth date that the centre has.

mod support;

use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use support::{now, persona, terminal};
use uketsuke::card::*;
use uketsuke::checkin::{
    AuditRecord, CardRead, CheckIn, Choice, Desk, Equipment, FaceParts, Input, Method, Output,
    PendingIdentity, PhotoRead, Policy, ProofMismatch, Proofs, Reception, Screen, Task, TaskResult,
};
use uketsuke::eligibility::*;
use uketsuke::face::{Decision, FaceCapture, FaceMatched, Judges, MatchPolicy};
use uketsuke::simulation::*;
use uketsuke::transport::Reader;
use uketsuke::trust::*;
use uketsuke::{Realm, Realms, VisitId};

fn matched(
    card: &mut Card<VirtualTransport>,
    who: &Persona,
    judged_by: &MatchPolicy,
) -> FaceMatched {
    let visit = card.binding().visit();
    let mut face = card.open::<CardFace>().unwrap();
    let certificate = face.issuer_certificate(&mut |_| ()).unwrap();
    let tries = face.tries_left(SecretKind::ReferenceNumberB).unwrap();
    let number = ReferenceNumberB::parse(who.reference_number_b).unwrap();
    let budget = tries.budget_keeping(5).unwrap();
    let right = face.verify_reference_number_b(number, budget).unwrap();
    let (photo, record) = face.signed_photo_with_key(&right, &mut |_| ()).unwrap();
    let life = SignedDuration::from_secs(60);
    let challenge =
        Challenge::generate(visit, &terminal(), Purpose::LivePhoto, now(), life).unwrap();
    let signature = face.sign_live(&challenge.signature_input()).unwrap();
    face.close().unwrap();
    let issuer = CvRoots::simulation()
        .validate(&certificate, Realms::simulation())
        .unwrap();
    let photo = IssuedPhoto::verify(photo, &issuer).unwrap();
    let photo = LivePhoto::verify(photo, record, challenge, signature, now()).unwrap();
    let judges = Judges {
        engine: &mut SimulatedMatcher::new(),
        detector: &mut SimulatedDetector::new(),
        quality: None,
    };
    let live = SimulatedCamera::same_person().capture().unwrap();
    match judged_by.decide(&photo, live, judges).unwrap() {
        Decision::Match(matched) => matched,
        other => panic!("{other:?}"),
    }
}

/// All four proofs of a visit by face, and the visit; the centre says this birth date.
fn proofs(judged_by: &MatchPolicy, born: impl FnOnce(&str) -> String) -> (Proofs, VisitId) {
    let (who, visit) = (persona("in-order"), VisitId::begin());
    let mut reader = VirtualReader::with_persona(who, CardOptions::default(), now());
    let mut card = Card::new(reader.connect().unwrap(), visit);
    let mut jpki = card.open::<Jpki>().unwrap();
    let certificate = jpki.authentication_certificate(&mut |_| {}).unwrap();
    jpki.close().unwrap();
    let chain = Roots::simulation()
        .validate_authentication(
            &certificate,
            Realms::simulation(),
            now(),
            GraceRule::EligibilityOnly,
        )
        .unwrap();
    let matched = matched(&mut card, who, judged_by);
    let mut jpki = card.open::<Jpki>().unwrap();
    let identity = PendingIdentity::Face(matched)
        .authorize(&mut SimulatedPinless, &mut jpki)
        .unwrap();
    let life = SignedDuration::from_secs(60);
    let challenge = Challenge::generate(visit, &terminal(), Purpose::CheckIn, now(), life).unwrap();
    let signature = jpki
        .sign_authentication(&challenge.signature_input())
        .unwrap();
    let signed = challenge.verify(&chain, signature, now()).unwrap();
    let consents = Consents::all();
    let presented = Presented::new(&chain, &signed, Identified::Face).unwrap();
    let request = Request::new(presented, RequestKind::Result { consents });
    let mut centre = Centre::new();
    let ticket = centre.submit(request.clone(), now()).unwrap();
    let Ok(PollResult::Ready(mut answer)) = centre.poll(ticket, now()) else {
        panic!("no answer")
    };
    let found = &mut answer.report.results[0];
    found.birthdate = Personal::new(born(found.birthdate.reveal()));
    let confirmed = confirm(&request, &answer, centre.realm()).unwrap();
    let proofs = Proofs {
        identity,
        chain,
        signed,
        confirmed,
    };
    (proofs, visit)
}

fn policy() -> Policy {
    Policy::simulation(terminal())
}

/// What the centre says, of the birth date that it has.
type Says = Box<dyn Fn(&str) -> String>;

/// All eight digits, and nothing else than digits.
#[test]
fn the_birth_date_is_compared_digit_by_digit() {
    let judged_by = MatchPolicy::simulation();
    let accept = |born: &dyn Fn(&str) -> String| {
        let (proofs, visit) = proofs(&judged_by, born);
        proofs.accept(&policy(), visit, now()).map(drop)
    };
    assert_eq!(accept(&|born| born.to_owned()), Ok(()));
    let mut others: Vec<Says> = vec![
        Box::new(|_| String::new()),
        Box::new(|_| "00000000".to_owned()),
        Box::new(|born| format!("{born} ")),
        Box::new(|born| format!("{born}0")),
        Box::new(|born| born[..6].to_owned()),
        // A day that nobody knows is a day like any other.
        Box::new(|born| format!("{}00", &born[..6])),
    ];
    for at in 0..8 {
        others.push(Box::new(move |born: &str| {
            let mut digits = born.as_bytes().to_vec();
            digits[at] = if digits[at] == b'9' {
                b'0'
            } else {
                digits[at] + 1
            };
            String::from_utf8(digits).unwrap()
        }));
    }
    for born in others {
        assert_eq!(accept(&*born), Err(ProofMismatch::BirthDate));
    }
}

/// A match counts by the policy's own judgement, and by no other, however good.
#[test]
fn a_face_judged_by_another_match_policy_is_refused() {
    let judged_by = MatchPolicy::simulation();
    let bare = Policy::of(Realms::simulation(), Roots::simulation(), terminal())
        .with_card_face_roots(CvRoots::simulation());
    for (policy, fine) in [
        (policy(), true),
        (bare.clone().with_match_policy(judged_by.clone()), true),
        (bare.clone(), false),
        (
            bare.with_match_policy(judged_by.clone().accept_attended()),
            false,
        ),
    ] {
        let (proofs, visit) = proofs(&judged_by, str::to_owned);
        let accepted = proofs.accept(&policy, visit, now());
        // An acceptance by hand has no audit trail to name it.
        let accepted = accepted.map(|accepted| accepted.match_policy());
        let expected = if fine {
            Ok(Some(judged_by.digest()))
        } else {
            Err(ProofMismatch::OtherMatchPolicy)
        };
        assert_eq!(accepted, expected);
    }
}

/// Whoever calls may prove a photo under any key; it counts under the policy's own only.
#[test]
fn a_photo_proved_under_a_key_that_the_policy_does_not_pin_is_refused() {
    let simulation = CvRoots::simulation;
    let without = |application| {
        let kept = simulation();
        let kept = kept.iter().filter(|root| root.application() != application);
        kept.cloned().fold(CvRoots::empty(), CvRoots::with)
    };
    for (roots, fine) in [
        (simulation(), true),
        (without(SignedApplication::InputSupport), true),
        (without(SignedApplication::CardFace), false),
        (CvRoots::empty(), false),
        (CvRoots::production(), false),
        (CvRoots::jpki_test(), false),
    ] {
        let (proofs, visit) = proofs(&MatchPolicy::simulation(), str::to_owned);
        let policy = policy().with_card_face_roots(roots);
        let accepted = proofs.accept(&policy, visit, now()).map(drop);
        let expected = if fine {
            Ok(())
        } else {
            Err(ProofMismatch::OtherCardFaceRoots)
        };
        assert_eq!(accepted, expected);
    }
}

/// What the machine's own photo is, a driver can't exchange: not for another chip's that was read in the same session,
/// of somebody with the same birth date.
#[test]
fn a_match_of_another_photo_than_the_machines_is_refused() {
    let who = persona("in-order");
    let mut twin = who.clone();
    twin.number += 4000;
    for (exchanged, expected) in [(false, None), (true, Some(Failure::Internal))] {
        let mut other = VirtualCard::new(&twin, CardOptions::default(), now());
        other.power_on();
        let swapped = Arc::new(Mutex::new(false));
        let hooked = Arc::clone(&swapped);
        let mut reader = VirtualReader::new().with_hook(move |_, command, answer| {
            if *hooked.lock().unwrap() {
                *answer = other.transmit(command);
            }
        });
        reader.insert(VirtualCard::new(who, CardOptions::default(), now()));
        let realm = Some(Realm::Simulation);
        let equipment = Equipment {
            pinless: realm,
            face: realm,
            ..Equipment::pin_only(Realm::Simulation)
        };
        let mut machine = CheckIn::new(policy(), equipment, now());
        let mut card = Card::new(reader.connect().unwrap(), machine.visit());
        machine.handle(Input::CardPlaced, now());
        let (mut method, mut ended) = (None, None);
        for _ in 0..100 {
            // A driver is told when to let the engine forget: before the next thing that it does.
            let keeps = machine.keeps_photo();
            let (task, work) = match machine.poll() {
                Output::Start { task, work } => {
                    let compares = matches!(*work, Task::CompareFace { .. });
                    assert_eq!(keeps, compares, "{work:?}");
                    (task, *work)
                }
                Output::Show { number, screen } => {
                    let choice = matches!(*screen, Screen::ChooseMethod { .. });
                    method = choice.then_some(number);
                    continue;
                }
                Output::Decided(outcome) => {
                    assert!(!keeps, "{outcome:?}");
                    ended = Some(outcome.failure());
                    break;
                }
                Output::Idle { .. } => {
                    let (screen, choice) = (method.unwrap(), Choice::Method(Method::Face));
                    machine.handle(Input::Chosen { screen, choice }, now());
                    continue;
                }
                _ => continue,
            };
            let result = match work {
                Task::ReadCard => {
                    let mut jpki = card.open::<Jpki>().unwrap();
                    let certificate = jpki.authentication_certificate(&mut |_| {}).unwrap();
                    let pin_tries_left = jpki.tries_left(SecretKind::AuthPin).unwrap().count();
                    jpki.close().unwrap();
                    TaskResult::CardRead(Ok(CardRead {
                        certificate,
                        pin_tries_left,
                    }))
                }
                Task::ReadPhoto { input, .. } => {
                    let mut face = card.open::<CardFace>().unwrap();
                    let certificate = face.issuer_certificate(&mut |_| ()).unwrap();
                    let tries = face.tries_left(SecretKind::ReferenceNumberB).unwrap();
                    let number = ReferenceNumberB::parse(who.reference_number_b).unwrap();
                    let budget = tries.budget_keeping(5).unwrap();
                    let right = face.verify_reference_number_b(number, budget).unwrap();
                    let (photo, record) = face.signed_photo_with_key(&right, &mut |_| ()).unwrap();
                    let signature = face.sign_live(&input).unwrap();
                    face.close().unwrap();
                    TaskResult::PhotoRead(Ok(Box::new(PhotoRead {
                        certificate,
                        photo,
                        record,
                        signature,
                    })))
                }
                Task::CompareFace { photo } => {
                    *swapped.lock().unwrap() = exchanged;
                    let matched = matched(&mut card, who, &MatchPolicy::simulation());
                    *swapped.lock().unwrap() = false;
                    assert_eq!(matched.binding(), photo.binding());
                    assert_eq!(matched.birth_date(), photo.birth_date());
                    TaskResult::FaceCompared(Ok(Decision::Match(matched)))
                }
                Task::SignWithoutPin { .. } => {
                    ended = Some(None);
                    break;
                }
                other => panic!("{other:?}"),
            };
            machine.handle(Input::Done { task, result }, now());
        }
        assert_eq!(ended, Some(expected), "exchanged: {exchanged}");
    }
}

/// Presses what leads through a visit by face.
struct Willing(Option<Choice>, VirtualReader);

impl Desk for Willing {
    fn now(&mut self) -> jiff::Timestamp {
        now()
    }

    fn show(&mut self, screen: &Screen) {
        self.0 = match screen {
            Screen::ChooseMethod { .. } => Some(Choice::Method(Method::Face)),
            Screen::Consents { .. } => Some(Choice::ConsentToAll),
            Screen::TakeCard { .. } => {
                self.1.remove();
                None
            }
            _ => Some(Choice::Yes),
        };
    }

    fn choice(&mut self, _: jiff::Timestamp) -> Option<Choice> {
        self.0.take()
    }

    fn audit(&mut self, _: &AuditRecord) {}
}

/// A device that shows its owner's card face, and the JPKI application of a card that was stolen. Both prove what they
/// are; but the centre knows the birth date of the stolen one's holder.
#[test]
fn two_cards_behind_one_device_are_told_apart_by_the_birth_date() {
    for (face_of, accepted) in [
        ("in-order", true),
        ("expiring", false),
        ("not-registered", false),
    ] {
        let Some(thief) = Persona::named(face_of) else {
            panic!("no persona {face_of}")
        };
        let mut other = VirtualCard::new(thief, CardOptions::default(), now());
        other.power_on();
        let (other, shows_face) = (Arc::new(Mutex::new(other)), Arc::new(Mutex::new(false)));
        let mut reader = VirtualReader::new().with_hook(move |_, command, answer| {
            let mut shows_face = shows_face.lock().unwrap();
            if command.get(1) == Some(&0xA4) {
                *shows_face = command
                    .get(5..15)
                    .is_some_and(|aid| aid.ends_with(&[1, 1, 4, 2]));
            }
            let said = other.lock().unwrap().transmit(command);
            if *shows_face {
                *answer = said;
            }
        });
        let stolen = persona("in-order");
        reader.insert(VirtualCard::new(stolen, CardOptions::default(), now()));
        let mut desk = Willing(None, reader.clone());
        let mut centre = Centre::new();
        let (mut camera, mut engine) = (SimulatedCamera::same_person(), SimulatedMatcher::new());
        let mut reference = SimulatedReferenceSource::of(thief);
        let mut detector = SimulatedDetector::new();
        let mut pinless = SimulatedPinless;
        let outcome = Reception::new(policy(), &mut reader, &mut centre)
            .with_face(FaceParts {
                camera: &mut camera,
                engine: &mut engine,
                detector: &mut detector,
                quality: None,
                reference: &mut reference,
            })
            .with_pinless(&mut pinless)
            .run(&mut desk);
        let expected = (!accepted).then_some(Failure::BirthDateDiffers);
        assert_eq!(outcome.failure(), expected, "{face_of}");
    }
}
