use super::*;
use crate::face::{FaceVerifier, MatcherId, Quality};
use crate::{Binding, CardSession, VisitId};

const REALMS: [Realm; 3] = [Realm::Production, Realm::JpkiTest, Realm::Simulation];

/// All parts in one, each asked in turn.
struct Part<T> {
    realm: Realm,
    says: Result<T, FaceError>,
    asked: u32,
}

impl<T> Part<T> {
    const fn new(realm: Realm, says: Result<T, FaceError>) -> Self {
        Self {
            realm,
            says,
            asked: 0,
        }
    }
}

impl PresentationAttackDetector for Part<PadResult> {
    fn realm(&self) -> Realm {
        self.realm
    }

    fn assess(&mut self, _: &LiveImage) -> Result<PadResult, FaceError> {
        self.asked += 1;
        self.says
    }
}

impl QualityAssessor for Part<Quality> {
    fn realm(&self) -> Realm {
        self.realm
    }

    fn assess(&mut self, _: &LiveImage) -> Result<Quality, FaceError> {
        self.asked += 1;
        self.says
    }
}

struct Engine {
    info: MatcherInfo,
    says: Result<Comparison, FaceError>,
    asked: u32,
    /// Its version once it has compared.
    becomes: Option<String>,
}

impl crate::face::engine::sealed::Sealed for Engine {}

impl FaceEngine for Engine {
    fn info(&self) -> MatcherInfo {
        self.info.clone()
    }

    fn prepare(&mut self, _: &LivePhoto) -> Result<crate::face::Prepared, FaceError> {
        panic!("a decision prepares nothing")
    }

    fn compare(&mut self, _: &LivePhoto, _: &LiveImage) -> Result<Comparison, FaceError> {
        self.asked += 1;
        if let Some(version) = self.becomes.take() {
            self.info.version = version;
        }
        self.says
    }

    fn forget(&mut self) {}
}

fn score(value: f32) -> Score {
    Score::new(value).unwrap()
}

fn id() -> MatcherId {
    MatcherId {
        vendor: "v".into(),
        name: "n".into(),
        version: "1".into(),
        model: [1; 32],
    }
}

fn engine(realm: Realm, says: Result<Comparison, FaceError>) -> Engine {
    let MatcherId {
        vendor,
        name,
        version,
        model,
    } = id();
    let info = MatcherInfo {
        vendor,
        name,
        version,
        model,
        lowest: score(-1.0),
        highest: score(1.0),
        realm,
    };
    Engine {
        info,
        says,
        asked: 0,
        becomes: None,
    }
}

fn point(threshold: f32, claimed: f64, trials: u64, errors: u64) -> OperatingPoint {
    OperatingPoint {
        threshold: score(threshold),
        fmr: Fmr::new(claimed).unwrap(),
        non_mated_trials: trials,
        false_matches: errors,
        fnmr: None,
    }
}

fn record(points: &[OperatingPoint]) -> Calibration {
    Calibration::new(id(), points.to_vec()).unwrap()
}

fn good() -> Calibration {
    record(&[point(0.5, 1e-4, 30_000, 0)])
}

fn realms(realm: Realm) -> Realms {
    match realm {
        Realm::Production => Realms::production(),
        Realm::JpkiTest => Realms::jpki_test(),
        Realm::Simulation => Realms::simulation(),
    }
}

fn policy(realm: Realm) -> MatchPolicy {
    MatchPolicy::new(realms(realm), good(), Fmr::ONE_IN_10_000).unwrap()
}

fn photo(realm: Realm) -> LivePhoto {
    let binding = Binding {
        visit: VisitId::begin(),
        session: CardSession::begin(),
    };
    LivePhoto::for_test(&[1], binding, realm)
}

fn live(realm: Realm) -> LiveImage {
    LiveImage::new(realm, vec![2])
}

fn one(value: f32) -> Result<Comparison, FaceError> {
    Ok(Comparison::Score(score(value)))
}

const GOOD: Result<Quality, FaceError> = Ok(Quality::good(90));

/// Every mixture of worlds, with and without an assessor: only what is of the policy's
/// own world can match, and in every world it does.
#[test]
fn no_mixture_of_realms_matches() {
    let mut matched = 0;
    for code in 0..3_usize.pow(6) {
        let of = |part: u32| REALMS[code / 3_usize.pow(part) % 3];
        for assessed in [false, true] {
            let mut engine = engine(of(3), one(1.0));
            let mut detector = Part::new(of(1), Ok(PadResult::Passed));
            let mut quality = Part::new(of(2), GOOD);
            let judges = Judges {
                engine: &mut engine,
                detector: &mut detector,
                quality: assessed.then_some(&mut quality as &mut dyn QualityAssessor),
            };
            let photo = photo(of(4));
            let got = policy(of(5)).decide(&photo, live(of(0)), judges);
            let parts = [
                (FacePart::Camera, of(0)),
                (FacePart::Detector, of(1)),
                (FacePart::Quality, if assessed { of(2) } else { of(5) }),
                (FacePart::Matcher, of(3)),
                (FacePart::Photo, of(4)),
            ];
            match parts.into_iter().find(|(_, realm)| *realm != of(5)) {
                Some((part, realm)) => {
                    assert_eq!(got.unwrap_err(), FaceError::Realm { part, realm });
                    let asked = (engine.asked, detector.asked, quality.asked);
                    assert_eq!(asked, (0, 0, 0), "refused before anyone is asked");
                }
                None => {
                    let Ok(Decision::Match(proof)) = got else {
                        panic!("{got:?}");
                    };
                    assert_eq!(proof.realm(), of(5));
                    assert_eq!(proof.binding(), photo.binding());
                    assert_eq!(proof.policy(), policy(of(5)).digest());
                    assert_eq!(proof.birth_date(), photo.birth_date());
                    matched += 1;
                }
            }
        }
    }
    // Without an assessor its world makes no difference.
    assert_eq!(matched, 3 + 9);
}

/// Every answer of the detector with every answer of the assessor and of the engine.
#[test]
fn only_passed_good_and_at_the_threshold_matches() {
    let pads = [
        Ok(PadResult::Passed),
        Ok(PadResult::Attack),
        Ok(PadResult::Inconclusive),
        Ok(PadResult::AttendedByOperator),
        Err(FaceError::Detector),
    ];
    let qualities = [
        None,
        Some(GOOD),
        Some(Ok(Quality::good(0))),
        Some(Ok(Quality::poor(100, InconclusiveReason::TooDark))),
        Some(Err(FaceError::Quality)),
    ];
    let below = f32::from_bits(0.5_f32.to_bits() - 1);
    let answers = [
        one(1.0),
        one(0.5),
        one(below),
        one(0.0),
        one(-1.0),
        one(1.1),
        one(f32::MAX),
        one(-1.1),
        Ok(Comparison::NotComparable(InconclusiveReason::NoFace)),
        Ok(Comparison::NotComparable(InconclusiveReason::SeveralFaces)),
        Err(FaceError::Photo),
        Err(FaceError::Matcher),
    ];
    let realm = Realm::Production;
    for attended in [false, true] {
        for pad in pads {
            for assessed in qualities {
                for (number, answer) in answers.into_iter().enumerate() {
                    let mut policy = policy(realm);
                    if attended {
                        policy = policy.accept_attended();
                    }
                    let mut engine = engine(realm, answer);
                    let mut detector = Part::new(realm, pad);
                    let mut quality = Part::new(realm, assessed.unwrap_or(GOOD));
                    let judges = Judges {
                        engine: &mut engine,
                        detector: &mut detector,
                        quality: assessed.map(|_| &mut quality as &mut dyn QualityAssessor),
                    };
                    let got = policy.decide(&photo(realm), live(realm), judges);

                    let passed = pad == Ok(PadResult::Passed)
                        || (attended && pad == Ok(PadResult::AttendedByOperator));
                    let fine =
                        assessed.is_none_or(|said| said.is_ok_and(|said| said.problem().is_none()));
                    assert_eq!(detector.asked, 1);
                    let looked = passed && assessed.is_some();
                    assert_eq!(quality.asked, u32::from(looked), "assessed if it passed");
                    assert_eq!(engine.asked, u32::from(passed && fine), "compared if good");
                    let told = (pad, assessed, answer);
                    match got {
                        Ok(Decision::Match(_)) => assert!(passed && fine && number < 2, "{told:?}"),
                        Ok(Decision::NonMatch) => {
                            assert!(passed && fine && (2..5).contains(&number), "{told:?}");
                        }
                        Ok(Decision::Inconclusive(reason)) => {
                            let expected = match pad {
                                Ok(PadResult::Attack) => InconclusiveReason::PresentationAttack,
                                _ if !passed => InconclusiveReason::PadInconclusive,
                                _ if !fine => InconclusiveReason::TooDark,
                                _ => {
                                    assert_eq!(answer, Ok(Comparison::NotComparable(reason)));
                                    reason
                                }
                            };
                            assert_eq!(reason, expected, "{told:?}");
                        }
                        Err(FaceError::ScoreOutOfRange) => {
                            assert!(passed && fine && (5..8).contains(&number), "{told:?}");
                        }
                        Err(error) if !passed => assert_eq!(pad, Err(error)),
                        Err(error) if !fine => assert_eq!(assessed, Some(Err(error))),
                        Err(error) => assert_eq!(answer, Err(error)),
                    }
                }
            }
        }
    }
}

/// A record of another vendor, matcher, version or model, and thresholds that everybody
/// or nobody reaches.
#[test]
fn another_matcher_or_a_senseless_threshold_is_not_calibrated() {
    type Change = fn(&mut MatcherInfo);
    let changes: [Change; 7] = [
        |info| info.vendor = "V".into(),
        |info| info.name.push(' '),
        |info| info.version = "1.0".into(),
        |info| info.model[31] ^= 1,
        |info| info.lowest = score(0.5),
        |info| info.lowest = score(0.6),
        |info| info.highest = score(0.499),
    ];
    for realm in REALMS {
        for (number, change) in changes.into_iter().enumerate() {
            let mut engine = engine(realm, one(1.0));
            change(&mut engine.info);
            let mut detector = Part::new(realm, Ok(PadResult::Passed));
            let judges = Judges {
                engine: &mut engine,
                detector: &mut detector,
                quality: None,
            };
            let got = policy(realm).decide(&photo(realm), live(realm), judges);
            let refused = Decision::Inconclusive(InconclusiveReason::NotCalibrated);
            assert_eq!(
                format!("{:?}", got.unwrap()),
                format!("{refused:?}"),
                "{number}"
            );
            assert_eq!((engine.asked, detector.asked), (0, 0));
        }
    }
}

/// The record's figures, in every world alike.
#[test]
fn evidence_is_checked_in_every_realm() {
    for realm in REALMS.map(realms) {
        let of = |points: &[OperatingPoint], asked| {
            let asked = Fmr::new(asked).unwrap();
            MatchPolicy::new(realm, record(points), asked).map(|policy| policy.threshold().get())
        };
        // -ln(0.2) / 1e-4 trials without an error show 1 in 10,000 at 80 %.
        assert_eq!(of(&[point(0.5, 1e-4, 16_094, 0)], 1e-4), Ok(0.5));
        let too_few = of(&[point(0.5, 1e-4, 16_093, 0)], 1e-4).unwrap_err();
        assert!(
            matches!(too_few, PolicyError::NotSupported { asked: 1e-4, confidence: 0.8, shown }
            if shown > 1e-4 && shown < 1.000_1e-4)
        );
        assert!(of(&[point(0.5, 1e-4, 29_900, 1)], 1e-4).is_err());
        assert!(of(&[point(0.5, 1e-4, 29_950, 1)], 1e-4).is_ok());
        // However many trials: the claim may not be above what is asked for.
        let claimed = of(&[point(0.5, 1.000_1e-4, u64::MAX, 0)], 1e-4).unwrap_err();
        assert!(matches!(
            claimed,
            PolicyError::NotSupported {
                shown: 1.000_1e-4,
                ..
            }
        ));
        // More than 1 in 10,000 can't be asked for.
        let high = of(&[point(0.5, 1e-5, u64::MAX, 0)], 1.000_1e-4).unwrap_err();
        assert!(matches!(high, PolicyError::RateTooHigh { limit: 1e-4, .. }));
        // The lowest threshold that does, and not the first or the last.
        let points = [
            point(0.3, 1e-5, 30_000, 0).with(|p| p.fmr = Fmr::new(1e-3).unwrap()),
            point(0.4, 1e-4, 10_000, 0),
            point(0.5, 1e-4, 20_000, 0),
            point(0.6, 1e-5, 10, 0),
            point(0.7, 1e-5, 200_000, 0),
        ];
        assert_eq!(of(&points, 1e-4), Ok(0.5));
        assert_eq!(of(&points, 9.9e-5), Ok(0.7));
        assert_eq!(of(&points, 1e-5), Ok(0.7));
        let none = of(&points, 8e-6).unwrap_err();
        assert!(matches!(
            none,
            PolicyError::NotSupported { shown: 1e-5, .. }
        ));
    }
}

impl OperatingPoint {
    fn with(mut self, change: fn(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}

#[test]
fn more_can_be_demanded_and_never_less() {
    let points = [point(0.5, 1e-4, 20_000, 0), point(0.6, 1e-4, 30_000, 0)];
    let asked = Fmr::ONE_IN_10_000;
    let policy = MatchPolicy::new(Realms::production(), record(&points), asked).unwrap();
    assert_eq!(
        (policy.threshold(), policy.confidence().get()),
        (score(0.5), 0.8)
    );
    let sure = policy.clone().demanding(Confidence::NINETY_FIVE).unwrap();
    assert_eq!(
        (sure.threshold(), sure.confidence().get()),
        (score(0.6), 0.95)
    );
    for less in [Confidence::EIGHTY, Confidence::new(0.5).unwrap()] {
        assert_eq!(policy.clone().demanding(less).as_ref(), Ok(&policy));
        assert_eq!(sure.clone().demanding(less).as_ref(), Ok(&sure));
    }
    let surer = Confidence::new(0.99).unwrap();
    let refused = sure.demanding(surer).unwrap_err();
    assert!(matches!(
        refused,
        PolicyError::NotSupported {
            confidence: 0.99,
            ..
        }
    ));
}

/// What decides is in the digest.
#[test]
fn whatever_differs_the_digest_does() {
    let of = |realm, points: &[OperatingPoint], asked| {
        MatchPolicy::new(realm, record(points), Fmr::new(asked).unwrap()).unwrap()
    };
    let points = [point(0.5, 1e-5, 400_000, 0), point(0.6, 1e-5, 400_000, 0)];
    let production = Realms::production();
    let all = [
        of(production, &points, 1e-4),
        of(Realms::jpki_test(), &points, 1e-4),
        of(Realms::simulation(), &points, 1e-4),
        of(production, &points[..1], 1e-4),
        of(production, &points[1..], 1e-4),
        of(production, &points, 9e-5),
        of(production, &points, 1e-4)
            .demanding(Confidence::NINETY_FIVE)
            .unwrap(),
        of(production, &points, 1e-4).accept_attended(),
    ];
    for (i, one) in all.iter().enumerate() {
        for (j, other) in all.iter().enumerate() {
            assert_eq!(one.digest() == other.digest(), i == j, "{i} {j}");
        }
    }
    assert_eq!(all[0].digest().to_string().len(), 64);
}

/// The policy of the simulation goes with the simulated matcher, and with no other.
#[cfg(feature = "simulation")]
#[test]
fn the_policy_without_evidence_takes_no_other_matcher() {
    let realm = Realm::Simulation;
    let mut engine = engine(realm, one(1.0));
    let mut detector = Part::new(realm, Ok(PadResult::Passed));
    let mut judge = |engine: &mut dyn FaceEngine| {
        let judges = Judges {
            engine,
            detector: &mut detector,
            quality: None,
        };
        MatchPolicy::simulation().decide(&photo(realm), live(realm), judges)
    };
    let refused = judge(&mut engine).unwrap();
    assert!(matches!(
        refused,
        Decision::Inconclusive(InconclusiveReason::NotCalibrated)
    ));
    // Nor can evidence be demanded of it afterwards.
    let demanded = MatchPolicy::simulation().demanding(Confidence::NINETY_FIVE);
    assert!(matches!(
        demanded,
        Err(PolicyError::NotSupported { shown: 1.0, .. })
    ));
    // Nor does its record make a policy.
    let record = MatchPolicy::simulation().calibration().clone();
    for realm in REALMS.map(realms) {
        assert!(MatchPolicy::new(realm, record.clone(), Fmr::ONE_IN_10_000).is_err());
    }
    assert_eq!(
        FaceVerifier::info(&crate::simulation::SimulatedMatcher::new()).id(),
        *record.matcher()
    );
}

/// Whoever exchanges the model while a frame is compared gets no match of either.
#[test]
fn a_model_that_was_exchanged_meanwhile_is_an_error() {
    let realm = Realm::Production;
    let mut engine = engine(realm, Ok(Comparison::Score(score(1.0))));
    engine.becomes = Some("2".into());
    let mut detector = Part::new(realm, Ok(PadResult::Passed));
    let decided = policy(realm).decide(
        &photo(realm),
        live(realm),
        Judges {
            engine: &mut engine,
            detector: &mut detector,
            quality: None,
        },
    );
    assert!(matches!(decided, Err(FaceError::Matcher)), "{decided:?}");
}
