use super::{Decision, InconclusiveReason, MatchPolicy, PolicyError};
use crate::{
    Binding, CardSession, Realm, Realms, VisitId,
    card::CardPhoto,
    face::{
        Comparison, FaceError, FaceMatcher, FacePart, Fmr, LiveImage, MatcherInfo, OperatingPoint,
        PadResult, PresentationAttackDetector, Score,
    },
};

const REALMS: [Realm; 3] = [Realm::Production, Realm::JpkiTest, Realm::Simulation];

struct Matcher {
    info: MatcherInfo,
    says: Result<Comparison, FaceError>,
    asked: u32,
}

impl FaceMatcher for Matcher {
    fn info(&self) -> MatcherInfo {
        self.info.clone()
    }

    fn compare(&mut self, _: &CardPhoto, _: &LiveImage) -> Result<Comparison, FaceError> {
        self.asked += 1;
        self.says
    }
}

struct Detector {
    realm: Realm,
    says: Result<PadResult, FaceError>,
    asked: u32,
}

impl PresentationAttackDetector for Detector {
    fn realm(&self) -> Realm {
        self.realm
    }

    fn assess(&mut self, _: &LiveImage) -> Result<PadResult, FaceError> {
        self.asked += 1;
        self.says
    }
}

fn score(value: f32) -> Score {
    Score::new(value).unwrap()
}

fn point() -> OperatingPoint {
    OperatingPoint {
        threshold: score(0.5),
        fmr: Fmr::ONE_IN_10_000,
        non_mated_trials: 30_000,
        false_matches: 0,
        model: [1; 32],
    }
}

fn matcher(realm: Realm, says: Result<Comparison, FaceError>) -> Matcher {
    Matcher {
        info: MatcherInfo {
            vendor: "v".into(),
            name: "n".into(),
            version: "1".into(),
            model: [1; 32],
            lowest: score(-1.0),
            highest: score(1.0),
            realm,
        },
        says,
        asked: 0,
    }
}

fn detector(realm: Realm, says: Result<PadResult, FaceError>) -> Detector {
    Detector {
        realm,
        says,
        asked: 0,
    }
}

fn photo() -> CardPhoto {
    let binding = Binding {
        visit: VisitId::begin(),
        session: CardSession::begin(),
    };
    CardPhoto::for_test(vec![1], binding)
}

fn one(value: f32) -> Result<Comparison, FaceError> {
    Ok(Comparison::Score(score(value)))
}

fn realms(realm: Realm) -> Realms {
    match realm {
        Realm::Production => Realms::production(),
        Realm::JpkiTest => Realms::jpki_test(),
        Realm::Simulation => Realms::simulation(),
    }
}

/// Every mixture of worlds: only four times Simulation can be a match.
#[test]
fn no_mixture_of_realms_matches() {
    for policy in REALMS {
        for camera in REALMS {
            for pad in REALMS {
                for compare in REALMS {
                    let mut m = matcher(compare, one(1.0));
                    let mut d = detector(pad, Ok(PadResult::Passed));
                    let live = LiveImage::new(camera, vec![2]);
                    let got = MatchPolicy::new(realms(policy), point()).unwrap().decide(
                        &photo(),
                        live,
                        &mut m,
                        &mut d,
                    );
                    let parts = [
                        (FacePart::Camera, camera),
                        (FacePart::Detector, pad),
                        (FacePart::Matcher, compare),
                    ];
                    match parts.into_iter().find(|(_, realm)| *realm != policy) {
                        Some((part, realm)) => {
                            assert_eq!(got.unwrap_err(), FaceError::Realm { part, realm });
                        }
                        None if policy == Realm::Simulation => {
                            assert!(matches!(got, Ok(Decision::Match(_))));
                            continue;
                        }
                        None => assert_eq!(got.unwrap_err(), FaceError::PhotoNotProved),
                    }
                    assert_eq!((m.asked, d.asked), (0, 0), "refused before anyone is asked");
                }
            }
        }
    }
}

/// Every answer of the detector with every answer of the matcher.
#[test]
fn only_passed_and_at_the_threshold_matches() {
    let pads = [
        Ok(PadResult::Passed),
        Ok(PadResult::Attack),
        Ok(PadResult::Inconclusive),
        Ok(PadResult::AttendedByOperator),
        Err(FaceError::Detector),
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
        Ok(Comparison::NotComparable(InconclusiveReason::Quality)),
        Err(FaceError::Photo),
        Err(FaceError::Matcher),
    ];
    for attended in [false, true] {
        for pad in pads {
            for (number, answer) in answers.into_iter().enumerate() {
                let mut policy = MatchPolicy::new(Realms::simulation(), point()).unwrap();
                if attended {
                    policy = policy.accept_attended();
                }
                let photo = photo();
                let mut m = matcher(Realm::Simulation, answer);
                let mut d = detector(Realm::Simulation, pad);
                let live = LiveImage::new(Realm::Simulation, vec![2]);
                let got = policy.decide(&photo, live, &mut m, &mut d);

                let passed = pad == Ok(PadResult::Passed)
                    || (attended && pad == Ok(PadResult::AttendedByOperator));
                assert_eq!(m.asked, u32::from(passed), "compared only after it passed");
                match got {
                    Ok(Decision::Match(proof)) => {
                        assert!(passed && number < 2);
                        assert_eq!(proof.binding(), photo.binding());
                        assert_eq!(proof.realm(), Realm::Simulation);
                    }
                    Ok(Decision::NonMatch) => assert!(passed && (2..5).contains(&number)),
                    Ok(Decision::Inconclusive(reason)) => {
                        if passed {
                            assert_eq!(answer, Ok(Comparison::NotComparable(reason)));
                        } else if pad == Ok(PadResult::Attack) {
                            assert_eq!(reason, InconclusiveReason::PresentationAttack);
                        } else {
                            assert_eq!(reason, InconclusiveReason::PadInconclusive);
                        }
                    }
                    Err(FaceError::ScoreOutOfRange) => assert!(passed && (5..8).contains(&number)),
                    Err(error) if passed => assert_eq!(answer, Err(error)),
                    Err(error) => assert_eq!(pad, Err(error)),
                }
            }
        }
    }
}

#[test]
fn another_model_or_a_senseless_threshold_is_not_calibrated() {
    let mut one_bit_off = point();
    one_bit_off.model[31] ^= 1;
    let everybody = OperatingPoint {
        threshold: score(-1.0),
        ..point()
    };
    let below_all = OperatingPoint {
        threshold: score(-2.0),
        ..point()
    };
    let nobody = OperatingPoint {
        threshold: score(1.5),
        ..point()
    };
    for bad in [one_bit_off, everybody, below_all, nobody] {
        let mut m = matcher(Realm::Simulation, one(1.0));
        let mut d = detector(Realm::Simulation, Ok(PadResult::Passed));
        let got = MatchPolicy::new(Realms::simulation(), bad)
            .unwrap()
            .decide(
                &photo(),
                LiveImage::new(Realm::Simulation, vec![2]),
                &mut m,
                &mut d,
            )
            .unwrap();
        assert!(
            matches!(
                got,
                Decision::Inconclusive(InconclusiveReason::NotCalibrated)
            ),
            "{bad:?}: {got:?}"
        );
        assert_eq!(m.asked, 0);
    }
}

#[test]
fn evidence_is_checked_except_in_the_simulation() {
    let claim = |rate| Fmr::new(rate).unwrap();
    let too_high = OperatingPoint {
        fmr: claim(1.000_1e-4),
        non_mated_trials: u64::MAX,
        ..point()
    };
    let too_few = OperatingPoint {
        non_mated_trials: 29_955,
        ..point()
    };
    let wrong = OperatingPoint {
        false_matches: 1,
        ..point()
    };
    for realm in [Realms::production(), Realms::jpki_test()] {
        assert!(MatchPolicy::new(realm, point()).is_ok());
        assert!(matches!(
            MatchPolicy::new(realm, too_high),
            Err(PolicyError::RateTooHigh { limit: 1e-4, .. })
        ));
        for bad in [too_few, wrong] {
            assert_eq!(
                MatchPolicy::new(realm, bad),
                Err(PolicyError::NotSupported {
                    claimed: 1e-4,
                    shown: bad.upper_bound()
                })
            );
        }
    }
    for any in [too_high, too_few, wrong] {
        assert!(MatchPolicy::new(Realms::simulation(), any).is_ok());
    }
}
