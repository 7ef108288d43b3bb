//! From the number printed on the card to the decision about a face, with the
//! virtual card and the simulated parts.

mod contact_support;

use contact_support::Contact;
use jiff::{SignedDuration, Timestamp};
use uketsuke::card::{
    Card, CardFace, LastTry, ReferenceNumberSource, ReferenceSourceError, SecretKind, VerifyError,
};
use uketsuke::face::{
    Attempts, ByScore, CardKeyId, Comparison, Decision, FaceCapture, FaceEngine, FaceError,
    FaceLimits, FacePart, FaceRefused, FaceTally, FaceVerifier, InconclusiveReason, Judges,
    LiveImage, MatchPolicy, MatcherInfo, PadResult, Picture, PixelFormat, PixelQuality,
    PresentationAttackDetector, QualityAssessor,
};
use uketsuke::simulation::{
    CardOptions, Persona, SimulatedCamera, SimulatedDetector, SimulatedMatcher,
    SimulatedReferenceSource, VirtualCard,
};
use uketsuke::trust::{Challenge, CvRoots, IssuedPhoto, LivePhoto, Purpose, TerminalId};
use uketsuke::{Realm, Realms, VisitId};

fn now() -> Timestamp {
    "2026-06-15T01:00:00Z".parse().unwrap()
}

/// From 照合番号B to the photo that is proved.
fn read_photo(
    wire: &Contact,
    source: &mut dyn ReferenceNumberSource,
) -> Result<LivePhoto, VerifyError> {
    let mut card = Card::new(wire.clone(), VisitId::begin());
    let mut face = card.open::<CardFace>()?;
    let certificate = face.issuer_certificate(&mut |_| {})?;
    let tries = face.tries_left(SecretKind::ReferenceNumberB)?;
    let number = source.read()?;
    let right = face.verify_reference_number_b(number, tries.budget(LastTry::Refuse)?)?;
    let (photo, record) = face.signed_photo_with_key(&right, &mut |_| {})?;
    let terminal = TerminalId::new("desk-1").unwrap();
    let (visit, life) = (face.binding().visit(), SignedDuration::from_secs(60));
    let challenge = Challenge::generate(visit, &terminal, Purpose::LivePhoto, now(), life).unwrap();
    let signature = face.sign_live(&challenge.signature_input())?;
    face.close()?;
    let roots = CvRoots::simulation();
    let issuer = roots.validate(&certificate, Realms::simulation()).unwrap();
    let photo = IssuedPhoto::verify(photo, &issuer).unwrap();
    Ok(LivePhoto::verify(photo, record, challenge, signature, now()).unwrap())
}

fn wire(persona: &Persona) -> Contact {
    Contact::with(VirtualCard::new(persona, CardOptions::default(), now()))
}

fn holder() -> &'static Persona {
    Persona::named("in-order").unwrap()
}

fn photo() -> LivePhoto {
    let mut source = SimulatedReferenceSource::of(holder());
    read_photo(&wire(holder()), &mut source).unwrap()
}

fn decide(photo: &LivePhoto, mut camera: SimulatedCamera) -> Result<Decision, FaceError> {
    let judges = Judges {
        engine: &mut SimulatedMatcher::new(),
        detector: &mut SimulatedDetector::new(),
        quality: None,
    };
    MatchPolicy::simulation().decide(photo, camera.capture()?, judges)
}

#[test]
fn the_holder_matches_and_the_proof_says_whose_it_is() {
    let photo = photo();
    let Decision::Match(proof) = decide(&photo, SimulatedCamera::of(holder())).unwrap() else {
        panic!("no match");
    };
    assert_eq!(proof.binding(), photo.binding());
    assert_eq!(proof.realm(), Realm::Simulation);
    assert_eq!(proof.policy(), MatchPolicy::simulation().digest());
    assert_eq!(proof.birth_date().as_str(), "19800217");
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
        let judges = Judges {
            engine: &mut SimulatedMatcher::new(),
            detector: &mut SimulatedDetector::saying(told),
            quality: None,
        };
        let live = SimulatedCamera::picture().capture().unwrap();
        let decision = MatchPolicy::simulation()
            .decide(&photo, live, judges)
            .unwrap();
        assert_eq!(matches!(decision, Decision::Match(_)), matched, "{told:?}");
    }
}

/// A vendor's real parts, as far as they say.
struct Real;

impl FaceVerifier for Real {
    fn info(&self) -> MatcherInfo {
        MatcherInfo {
            realm: Realm::Production,
            ..FaceVerifier::info(&SimulatedMatcher::new())
        }
    }

    fn verify(&mut self, _: &LivePhoto, _: &LiveImage) -> Result<Comparison, FaceError> {
        panic!("must not be asked")
    }
}

impl PresentationAttackDetector for Real {
    fn realm(&self) -> Realm {
        Realm::Production
    }

    fn assess(&mut self, _: &LiveImage) -> Result<PadResult, FaceError> {
        panic!("must not be asked")
    }
}

/// And the other way round: no real part among simulated ones.
#[test]
fn the_simulation_refuses_each_real_part() {
    let photo = photo();
    let simulated = || SimulatedCamera::same_person().capture().unwrap();
    let real = LiveImage::new(Realm::Production, simulated().bytes().to_vec());
    let mut pixels = PixelQuality::new(Realm::Production);
    let mut real_engine = ByScore::new(Real);
    type Parts<'a> = (
        LiveImage,
        &'a mut dyn FaceEngine,
        &'a mut dyn PresentationAttackDetector,
        Option<&'a mut dyn QualityAssessor>,
        FacePart,
    );
    let cases: [Parts<'_>; 4] = [
        (
            real,
            &mut SimulatedMatcher::new(),
            &mut SimulatedDetector::new(),
            None,
            FacePart::Camera,
        ),
        (
            simulated(),
            &mut real_engine,
            &mut SimulatedDetector::new(),
            None,
            FacePart::Matcher,
        ),
        (
            simulated(),
            &mut SimulatedMatcher::new(),
            &mut Real,
            None,
            FacePart::Detector,
        ),
        (
            simulated(),
            &mut SimulatedMatcher::new(),
            &mut SimulatedDetector::new(),
            Some(&mut pixels),
            FacePart::Quality,
        ),
    ];
    for (live, engine, detector, quality, part) in cases {
        let judges = Judges {
            engine,
            detector,
            quality,
        };
        let refused = MatchPolicy::simulation().decide(&photo, live, judges);
        let realm = Realm::Production;
        assert_eq!(refused.unwrap_err(), FaceError::Realm { part, realm });
    }
}

/// The simulated matcher wrapped as a vendor's is: the same answers.
#[test]
fn an_engine_by_score_says_what_the_library_says() {
    let photo = photo();
    let mut wrapped = ByScore::new(SimulatedMatcher::new());
    assert_eq!(
        FaceEngine::info(&wrapped),
        FaceEngine::info(&SimulatedMatcher::new())
    );
    for mut camera in [
        SimulatedCamera::same_person(),
        SimulatedCamera::someone_else(),
        SimulatedCamera::nobody(),
        SimulatedCamera::several_people(),
    ] {
        let live = camera.capture().unwrap();
        let direct = FaceVerifier::verify(&mut SimulatedMatcher::new(), &photo, &live);
        assert_eq!(wrapped.compare(&photo, &live), direct);
    }
    assert_eq!(format!("{wrapped:?}"), "ByScore(..)");
}

#[test]
fn each_reason_has_a_code_of_its_own() {
    let all = InconclusiveReason::ALL;
    let codes: std::collections::BTreeSet<_> = all.iter().map(|reason| reason.code()).collect();
    assert_eq!(codes.len(), all.len());
    let plain = |c: char| c.is_ascii_lowercase() || c == '-';
    assert!(codes.into_iter().all(|code| code.chars().all(plain)));
}

#[test]
fn simulated_parts_take_nothing_for_a_frame_but_their_own() {
    let photo = photo();
    let real = SimulatedCamera::same_person().capture().unwrap();
    let longer = [real.bytes(), b"!"].concat();
    for bytes in [vec![], vec![1, 2, 3], longer] {
        let frame = || LiveImage::new(Realm::Simulation, bytes.clone());
        let compared = FaceEngine::compare(&mut SimulatedMatcher::new(), &photo, &frame());
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

/// In one visit, and with the card put back in as many visits as there are.
#[test]
fn a_stranger_runs_out_of_attempts() {
    let (tally, limits) = (FaceTally::new().unwrap(), FaceLimits::with_pad());
    let card = || CardKeyId::new(b"the certificate's key identifier");
    let (mut frames, mut visits, mut time) = (0, 0, now());
    let end = loop {
        let photo = photo();
        let mut attempts = Attempts::with_pad();
        visits += 1;
        let refused = loop {
            if let Err(refused) = tally.spend(&card(), &limits, time) {
                break refused;
            }
            frames += 1;
            match decide(&photo, SimulatedCamera::someone_else()) {
                Ok(Decision::Match(_)) => panic!("a stranger matched"),
                _ => attempts.failed(),
            }
            assert_eq!(attempts.exhausted(), frames == 10);
        };
        match refused {
            FaceRefused::Paused { until } => time = until,
            refused => break refused,
        }
    };
    assert_eq!(end, FaceRefused::UsedUp);
    // Ten in the first visit, then one in each, every ten minutes.
    assert_eq!((frames, visits), (100, 91));
    assert_eq!(time.duration_since(now()), SignedDuration::from_mins(900));
    // Somebody else's card isn't held to it.
    assert_eq!(
        tally.spend(&CardKeyId::new(b"another"), &limits, time),
        Ok(9)
    );
}

/// Sees nothing wrong in anything.
struct Passes;

impl PresentationAttackDetector for Passes {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn assess(&mut self, _: &LiveImage) -> Result<PadResult, FaceError> {
        Ok(PadResult::Passed)
    }
}

#[test]
fn a_frame_of_pixels_is_looked_at() {
    let grey = |level| {
        let picture = Picture::new(64, 64, PixelFormat::Grey, vec![level; 64 * 64]).unwrap();
        LiveImage::of_picture(Realm::Simulation, picture)
    };
    let photo = photo();
    let decide = |live| {
        let judges = Judges {
            engine: &mut SimulatedMatcher::new(),
            detector: &mut Passes,
            quality: Some(&mut PixelQuality::new(Realm::Simulation)),
        };
        MatchPolicy::simulation().decide(&photo, live, judges)
    };
    for (live, reason) in [
        (grey(3), InconclusiveReason::TooDark),
        (grey(250), InconclusiveReason::TooBright),
        (grey(128), InconclusiveReason::Quality),
    ] {
        let decision = decide(live).unwrap();
        assert!(matches!(decision, Decision::Inconclusive(found) if found == reason));
    }
    // Bytes are no picture: an error, and no match.
    let opaque = SimulatedCamera::same_person().capture().unwrap();
    assert_eq!(decide(opaque).unwrap_err(), FaceError::NotPixels);
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
    let image = uketsuke::face::decode_jpeg2000(photo().jpeg2000()).unwrap();
    assert_eq!((image.width(), image.height()), (378, 472));
    assert_eq!(image.samples().len(), 378 * 472);
}
