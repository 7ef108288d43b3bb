//! Ways to a match without evidence, to a kept template, or to a lower threshold that doesn't show. Those that don't compile are examples
//! in the documentation of `uketsuke::face`; these are the ones that do, and are refused.

use uketsuke::face::{
    Attempts, Calibration, CalibrationError, Confidence, FaceEngine, FaceLimits, FaceVerifier, Fmr,
    MatchPolicy, MatcherId, OperatingPoint, PointProblem, PolicyError, Score,
};
use uketsuke::simulation::SimulatedMatcher;
use uketsuke::{Realm, Realms};

const REALMS: [Realms; 3] = [
    Realms::production(),
    Realms::jpki_test(),
    Realms::simulation(),
];

fn point(threshold: f32, trials: u64) -> OperatingPoint {
    OperatingPoint {
        threshold: Score::new(threshold).unwrap(),
        fmr: Fmr::ONE_IN_10_000,
        non_mated_trials: trials,
        false_matches: 0,
        fnmr: None,
    }
}

fn matcher() -> MatcherId {
    FaceVerifier::info(&SimulatedMatcher::new()).id()
}

fn record(points: Vec<OperatingPoint>) -> Calibration {
    Calibration::new(matcher(), points).unwrap()
}

#[test]
fn no_evidence_no_policy_in_any_realm() {
    for realms in REALMS {
        for trials in [0, 1, 4_950, 16_093] {
            let made =
                MatchPolicy::new(realms, record(vec![point(0.5, trials)]), Fmr::ONE_IN_10_000);
            assert!(
                matches!(made, Err(PolicyError::NotSupported { .. })),
                "{trials}"
            );
        }
        let much = record(vec![point(0.5, u64::MAX)]);
        let asked = Fmr::new(1.000_000_1e-4).unwrap();
        let made = MatchPolicy::new(realms, much, asked);
        assert!(matches!(made, Err(PolicyError::RateTooHigh { .. })));
    }
}

/// A record can be written by hand; one that contradicts itself can't, and one whose figures are made better has another digest,
/// and so has the policy that goes into the audit trail.
#[test]
fn another_threshold_is_another_policy_in_the_audit_trail() {
    let of = |points| MatchPolicy::new(Realms::production(), record(points), Fmr::ONE_IN_10_000);
    let honest = of(vec![point(0.4, 9_000), point(0.5, 20_000)]).unwrap();
    let improved = of(vec![point(0.4, 90_000), point(0.5, 20_000)]).unwrap();
    assert!(improved.threshold() < honest.threshold());
    assert_ne!(improved.digest(), honest.digest());
    assert_ne!(
        improved.calibration().digest(),
        honest.calibration().digest()
    );
    // Attended or not, and what was demanded, show too.
    assert_ne!(honest.clone().accept_attended().digest(), honest.digest());
    let surer = improved.clone().demanding(Confidence::NINETY_FIVE).unwrap();
    assert_eq!(surer.threshold(), improved.threshold());
    assert_ne!(surer.digest(), improved.digest());

    let backwards = Calibration::new(matcher(), vec![point(0.5, 9), point(0.4, 9)]).unwrap_err();
    let problem = PointProblem::ThresholdNotRising;
    assert_eq!(backwards, CalibrationError::Point { point: 1, problem });
}

#[test]
fn the_simulations_policy_and_matcher_are_nobody_elses() {
    let policy = MatchPolicy::simulation();
    assert_eq!(policy.realms(), Realms::simulation());
    assert_eq!(*policy.calibration().matcher(), matcher());
    assert_eq!(
        FaceEngine::info(&SimulatedMatcher::new()).realm,
        Realm::Simulation
    );
    assert!(
        policy
            .calibration()
            .points()
            .iter()
            .all(|point| !point.is_supported())
    );
    for realms in REALMS {
        let record = policy.calibration().clone();
        assert!(MatchPolicy::new(realms, record, Fmr::ONE_IN_10_000).is_err());
    }
    // Its record can't be shipped as a file either.
    let read = Calibration::from_json(policy.calibration().to_json().as_bytes()).unwrap();
    assert!(MatchPolicy::new(Realms::simulation(), read, Fmr::ONE_IN_10_000).is_err());
}

/// Nothing that is lax can be said.
#[test]
fn limits_are_only_made_stricter() {
    for attempts in 0..=u8::MAX {
        assert!(Attempts::new(attempts).left() <= Attempts::MAX_WITH_PAD);
        let limits = FaceLimits::new(attempts, jiff::SignedDuration::MIN, attempts);
        assert!(limits.attempts() <= 10 && limits.overall() <= 100);
        assert!(limits.pause() >= FaceLimits::LEAST_PAUSE);
    }
    for level in [0.0, 0.49, 1.0, 80.0, f64::NAN] {
        assert!(Confidence::new(level).is_none());
    }
    for rate in [0.0, -1e-5, 1.0, f64::NAN, f64::INFINITY] {
        assert!(Fmr::new(rate).is_none());
    }
    for score in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        assert!(Score::new(score).is_none());
    }
}
