//! From the number printed on the card to the decision about a face, with the
//! virtual card and the simulated parts.

mod contact_support;

use contact_support::Contact;
use uketsuke::card::{
    Card, CardFace, CardPhoto, LastTry, ReferenceNumberSource, ReferenceSourceError, SecretKind,
    VerifyError,
};
use uketsuke::face::{
    Attempts, Decision, FaceCapture, FaceEngine, FaceError, InconclusiveReason, LiveImage,
    MatchPolicy, PadResult, PresentationAttackDetector,
};
use uketsuke::simulation::{
    CardOptions, Persona, SimulatedCamera, SimulatedDetector, SimulatedMatcher,
    SimulatedReferenceSource, VirtualCard,
};
use uketsuke::{Realm, VisitId};

/// What happened to 照合番号B.
fn read_photo(
    wire: &Contact,
    source: &mut dyn ReferenceNumberSource,
) -> Result<CardPhoto, VerifyError> {
    let mut card = Card::new(wire.clone(), VisitId::begin());
    let mut face = card.open::<CardFace>()?;
    let tries = face.tries_left(SecretKind::ReferenceNumberB)?;
    let number = source.read()?;
    let right = face.verify_reference_number_b(number, tries.budget(LastTry::Refuse)?)?;
    let photo = face.photo(&right, &mut |_| {})?;
    face.close()?;
    Ok(photo)
}

fn wire(persona: &Persona) -> Contact {
    let now = "2026-06-15T01:00:00Z".parse().unwrap();
    Contact::with(VirtualCard::new(persona, CardOptions::default(), now))
}

fn holder() -> &'static Persona {
    Persona::named("in-order").unwrap()
}

fn photo() -> CardPhoto {
    let mut source = SimulatedReferenceSource::of(holder());
    read_photo(&wire(holder()), &mut source).unwrap()
}

fn decide(photo: &CardPhoto, mut camera: SimulatedCamera) -> Result<Decision, FaceError> {
    MatchPolicy::simulation().decide_unproved(
        photo,
        camera.capture()?,
        &mut SimulatedMatcher::new(),
        &mut SimulatedDetector::new(),
    )
}

#[test]
fn the_holder_matches_and_the_proof_says_whose_it_is() {
    let photo = photo();
    let Decision::Match(proof) = decide(&photo, SimulatedCamera::of(holder())).unwrap() else {
        panic!("no match");
    };
    assert_eq!(proof.binding(), photo.binding());
    assert_eq!(proof.realm(), Realm::Simulation);
}

#[test]
fn each_persona_is_seen_as_it_says() {
    let photo = photo();
    let mut seen = [0, 0];
    for persona in Persona::all() {
        let decision = decide(&photo, SimulatedCamera::of(persona)).unwrap();
        let matched = matches!(decision, Decision::Match(_));
        assert_eq!(matched, persona.face_matches, "{}", persona.name);
        assert!(matched || matches!(decision, Decision::NonMatch));
        seen[usize::from(matched)] += 1;
    }
    assert!(
        seen[0] > 0 && seen[1] > 0,
        "both kinds are among the personas"
    );
}

#[test]
fn nobody_several_people_and_pictures_do_not_match() {
    let photo = photo();
    for (camera, expected) in [
        (SimulatedCamera::nobody(), InconclusiveReason::NoFace),
        (
            SimulatedCamera::several_people(),
            InconclusiveReason::SeveralFaces,
        ),
        (
            SimulatedCamera::picture(),
            InconclusiveReason::PresentationAttack,
        ),
    ] {
        let decision = decide(&photo, camera).unwrap();
        assert!(matches!(decision, Decision::Inconclusive(reason) if reason == expected));
    }
    let error = decide(&photo, SimulatedCamera::broken()).unwrap_err();
    assert_eq!(error, FaceError::Camera);
}

/// Only the detector keeps a picture of the holder out, as it must be tested:
/// with one that always passes, the picture matches.
#[test]
fn the_detector_is_what_keeps_pictures_out() {
    let photo = photo();
    for (told, matched) in [
        (PadResult::Passed, true),
        (PadResult::Attack, false),
        (PadResult::Inconclusive, false),
        (PadResult::AttendedByOperator, false),
    ] {
        let decision = MatchPolicy::simulation()
            .decide_unproved(
                &photo,
                SimulatedCamera::picture().capture().unwrap(),
                &mut SimulatedMatcher::new(),
                &mut SimulatedDetector::saying(told),
            )
            .unwrap();
        assert_eq!(matches!(decision, Decision::Match(_)), matched, "{told:?}");
    }
}

#[test]
fn simulated_parts_take_nothing_for_a_frame_but_their_own() {
    let photo = photo();
    let real = SimulatedCamera::same_person().capture().unwrap();
    let longer = [real.bytes(), b"!"].concat();
    for bytes in [vec![], vec![1, 2, 3], longer] {
        let frame = || LiveImage::new(Realm::Simulation, bytes.clone());
        let compared = SimulatedMatcher::new().compare_unproved(&photo, &frame());
        assert_eq!(compared.unwrap_err(), FaceError::Matcher);
        let assessed = SimulatedDetector::new().assess(&frame());
        assert_eq!(assessed.unwrap_err(), FaceError::Detector);
    }
}

#[test]
fn a_misread_number_costs_one_try_and_an_unread_one_none() {
    let wire = wire(holder());
    let left = || {
        let mut card = Card::new(wire.clone(), VisitId::begin());
        card.open::<CardFace>()
            .unwrap()
            .tries_left(SecretKind::ReferenceNumberB)
            .unwrap()
            .count()
    };
    let full = left();

    let mut unreadable = SimulatedReferenceSource::unreadable();
    let error = read_photo(&wire, &mut unreadable).unwrap_err();
    assert_eq!(error, VerifyError::Source(ReferenceSourceError::Unreadable));
    let mut broken = SimulatedReferenceSource::broken();
    let error = read_photo(&wire, &mut broken).unwrap_err();
    assert_eq!(error, VerifyError::Source(ReferenceSourceError::Device));
    assert_eq!(left(), full);

    let mut wrong = SimulatedReferenceSource::wrong(holder());
    let error = read_photo(&wire, &mut wrong).unwrap_err();
    assert!(matches!(error, VerifyError::Wrong { .. }), "{error}");
    assert_eq!(left(), full - 1);

    let mut right = SimulatedReferenceSource::of(holder());
    assert!(read_photo(&wire, &mut right).is_ok());
    assert_eq!(left(), full);
}

#[test]
fn a_stranger_runs_out_of_attempts() {
    let photo = photo();
    let mut attempts = Attempts::with_pad();
    let mut frames = 0;
    while !attempts.exhausted() {
        frames += 1;
        match decide(&photo, SimulatedCamera::someone_else()) {
            Ok(Decision::Match(_)) => panic!("a stranger matched"),
            _ => attempts.failed(),
        }
    }
    assert_eq!(frames, 10);
}

/// Nothing of the printed number, the photo or the frame in what can be logged.
#[test]
fn nothing_personal_is_printed() {
    let number = holder().reference_number_b;
    let source = SimulatedReferenceSource::of(holder());
    let mut camera = SimulatedCamera::same_person();
    let printed = format!("{source:?} {:?} {:?}", photo(), camera.capture().unwrap());
    assert!(!printed.contains(number));
    assert!(!printed.contains("same person"));
    assert!(!printed.contains("106, 80"), "bytes of the photo");
}

#[cfg(feature = "photo")]
#[test]
fn the_photo_on_the_virtual_card_can_be_decoded() {
    let image = uketsuke::face::decode_photo(&photo()).unwrap();
    assert_eq!((image.width(), image.height()), (378, 472));
    assert_eq!(image.samples().len(), 378 * 472);
}
