use proptest::prelude::*;

use super::*;
use crate::face::evaluation::Proportion;
use crate::face::{Fmr, Score};

fn matcher() -> MatcherId {
    MatcherId {
        vendor: "v".into(),
        name: "n".into(),
        version: "1".into(),
        model: [0xA5; 32],
    }
}

fn point(threshold: f32, false_matches: u64) -> OperatingPoint {
    OperatingPoint {
        threshold: Score::new(threshold).unwrap(),
        fmr: Fmr::new(1e-3).unwrap(),
        non_mated_trials: 30_000,
        false_matches,
        fnmr: None,
    }
}

fn record() -> Calibration {
    Calibration::new(
        matcher(),
        vec![point(0.4, 20), point(0.5, 3), point(0.6, 3)],
    )
    .unwrap()
}

#[test]
fn each_contradiction_is_named_with_its_point() {
    type Spoil = fn(&mut OperatingPoint);
    let cases: [(PointProblem, Spoil); 6] = [
        (PointProblem::ThresholdNotRising, |p| {
            p.threshold = Score::new(0.4).unwrap();
        }),
        (PointProblem::ThresholdNotRising, |p| {
            p.threshold = Score::new(-0.5).unwrap();
        }),
        (PointProblem::FalseMatchesRise, |p| p.false_matches = 21),
        (PointProblem::MoreErrorsThanTrials, |p| {
            p.non_mated_trials = 2
        }),
        (PointProblem::ClaimBelowObserved, |p| {
            p.fmr = Fmr::new(9.9e-5).unwrap();
        }),
        (PointProblem::ClaimBelowObserved, |p| {
            p.non_mated_trials = 2999
        }),
    ];
    for (problem, spoil) in cases {
        let mut points = record().points().to_vec();
        spoil(&mut points[1]);
        let found = Calibration::new(matcher(), points).unwrap_err();
        assert_eq!(found, CalibrationError::Point { point: 1, problem });
        assert!(found.to_string().contains(problem.field()), "{found}");
    }
}

#[test]
fn counts_of_points_and_texts_are_limited() {
    let rising = |count: u16| (0..count).map(|i| point(f32::from(i), 0)).collect();
    assert!(Calibration::new(matcher(), rising(256)).is_ok());
    for found in [0, 257] {
        let refused = Calibration::new(matcher(), rising(found)).unwrap_err();
        let found = usize::from(found);
        assert_eq!(refused, CalibrationError::Points { found });
    }
    type Field = fn(&mut MatcherId) -> &mut String;
    let fields: [(&str, Field); 3] = [
        ("vendor", |m| &mut m.vendor),
        ("name", |m| &mut m.name),
        ("version", |m| &mut m.version),
    ];
    for (field, of) in fields {
        for (text, empty) in [("", true), ("a\nb", false), (&*"x".repeat(1025), false)] {
            let mut matcher = matcher();
            text.clone_into(of(&mut matcher));
            let refused = Calibration::new(matcher, rising(1)).unwrap_err();
            assert_eq!(refused, CalibrationError::Text { field, empty });
        }
        let mut matcher = matcher();
        *of(&mut matcher) = "x".repeat(1024);
        assert!(Calibration::new(matcher, rising(1)).is_ok());
    }
    let refused = record().with_population("").unwrap_err();
    assert!(matches!(
        refused,
        CalibrationError::Text {
            field: "population",
            ..
        }
    ));
    assert!(record().with_measured("\0").is_err());
}

/// Whatever is said must be in the digest, and each thing in a place of its own.
#[test]
fn whatever_differs_the_digest_does() {
    let with = |change: &dyn Fn(&mut MatcherId, &mut Vec<OperatingPoint>)| {
        let (mut matcher, mut points) = (matcher(), record().points().to_vec());
        change(&mut matcher, &mut points);
        Calibration::new(matcher, points).unwrap()
    };
    let all = [
        record(),
        with(&|m, _| m.vendor.push('x')),
        with(&|m, _| m.name.push('x')),
        with(&|m, _| m.version.push('x')),
        with(&|m, _| m.model[31] ^= 1),
        with(&|m, _| (m.vendor, m.name) = ("vn".into(), "x".into())),
        with(&|m, _| (m.name, m.version) = ("n1".into(), "x".into())),
        with(&|_, p| p.truncate(2)),
        with(&|_, p| p[0].threshold = Score::new(0.41).unwrap()),
        with(&|_, p| p[0].fmr = Fmr::new(1.1e-3).unwrap()),
        with(&|_, p| p[0].non_mated_trials += 1),
        with(&|_, p| p[0].false_matches += 1),
        with(&|_, p| p[0].fnmr = Proportion::new(0, 0)),
        with(&|_, p| p[0].fnmr = Proportion::new(0, 1)),
        with(&|_, p| p[0].fnmr = Proportion::new(1, 1)),
        record().with_population("a").unwrap(),
        record().with_measured("a").unwrap(),
    ];
    for (i, one) in all.iter().enumerate() {
        for (j, other) in all.iter().enumerate() {
            assert_eq!(one.digest() == other.digest(), i == j, "{i} {j}");
        }
        assert_eq!(one.digest(), one.clone().digest());
    }
    assert_eq!(all[0].digest().to_string().len(), 64);
}

#[test]
fn there_is_one_zero() {
    let of = |zero| Calibration::new(matcher(), vec![point(zero, 0)]).unwrap();
    assert_eq!(of(0.0), of(-0.0));
    assert_eq!(of(0.0).digest(), of(-0.0).digest());
}

#[cfg(feature = "calibration")]
mod json {
    use super::*;

    fn text() -> String {
        let mut points = record().points().to_vec();
        points[2].fnmr = Proportion::new(14, 985);
        let record = Calibration::new(matcher(), points).unwrap();
        let record = record.with_population("250 people").unwrap();
        record.with_measured("2026-11-02").unwrap().to_json()
    }

    fn with(old: &str, new: &str) -> CalibrationError {
        let text = text();
        assert!(text.contains(old), "{old} in {text}");
        Calibration::from_json(text.replacen(old, new, 1).as_bytes()).unwrap_err()
    }

    #[test]
    fn every_field_is_read_back() {
        let read = Calibration::from_json(text().as_bytes()).unwrap();
        assert_eq!(read.matcher(), &matcher());
        assert_eq!(read.points()[0], point(0.4, 20));
        assert_eq!(read.points()[2].fnmr, Proportion::new(14, 985));
        assert_eq!(read.population(), Some("250 people"));
        assert_eq!(read.measured(), Some("2026-11-02"));
        assert_eq!(read.to_json(), text());
        assert!(text().contains("\"threshold\": 0.4,") || text().contains("\"threshold\": 0.4\n"));
    }

    #[test]
    fn what_is_not_a_record_is_refused_by_name() {
        let named = |found: CalibrationError, words: &[&str]| {
            let CalibrationError::Json {
                line,
                column,
                problem,
            } = &found
            else {
                panic!("{found}");
            };
            for word in words {
                assert!(problem.contains(word), "{problem} without {word}");
            }
            assert!(*line > 0 && *column > 0, "{found}");
        };
        named(
            with("\"false_matches\"", "\"falsematches\""),
            &["operating point 0", "falsematches"],
        );
        named(with("\"vendor\": \"v\",", ""), &["vendor"]);
        named(
            with(
                "\"vendor\": \"v\",",
                "\"vendor\": \"v\", \"vendor\": \"w\",",
            ),
            &["vendor"],
        );
        named(
            with("\"false_matches\": 20", "\"false_matches\": -1"),
            &["operating point 0"],
        );
        named(
            with("\"false_matches\": 3", "\"false_matches\": 3.5"),
            &["operating point 1"],
        );
        named(
            with("30000", "18446744073709551616"),
            &["operating point 0"],
        );
        named(with("uketsuke/1", "uketsuke/2"), &["uketsuke/2"]);
        named(with("\"format\"", "\"extra\": 1, \"format\""), &["extra"]);
        named(Calibration::from_json(b"[]").unwrap_err(), &["names"]);
        // Values without names.
        let hex = "07".repeat(32);
        let matcher = format!(r#"["v", "m", "1", "{hex}"]"#);
        let matcher_named =
            format!(r#"{{"vendor": "v", "name": "m", "version": "1", "model_sha256": "{hex}"}}"#);
        let (point, point_named) = (
            "[0.3, 9e-5, 62250, 3, null, null]",
            r#"{"threshold": 0.3, "claimed_fmr": 9e-5, "non_mated_trials": 62250, "false_matches": 3}"#,
        );
        let format = r#""uketsuke/1 calibration""#;
        let record = |format: &str, matcher: &str, point: &str| {
            let json =
                format!(r#"{{"format": {format}, "matcher": {matcher}, "points": [{point}]}}"#);
            Calibration::from_json(json.as_bytes())
        };
        assert!(record(format, &matcher_named, point_named).is_ok());
        named(
            record(format, &matcher, point_named).unwrap_err(),
            &["names"],
        );
        named(
            record(format, &matcher_named, point).unwrap_err(),
            &["operating point 0", "names"],
        );
        let as_object = format!("{{{format}: null}}");
        named(
            record(&as_object, &matcher_named, point_named).unwrap_err(),
            &["string"],
        );
        let list = format!("[{format}, {matcher}, [{point}], null, null]");
        named(
            Calibration::from_json(list.as_bytes()).unwrap_err(),
            &["names"],
        );
        named(
            Calibration::from_json((text() + "x").as_bytes()).unwrap_err(),
            &["trailing"],
        );
        let long = with("uketsuke/1", &"x".repeat(5000));
        assert!(long.to_string().len() < 400, "{long}");
        for end in 0..text().trim_end().len() {
            assert!(Calibration::from_json(&text().as_bytes()[..end]).is_err());
        }
    }

    #[test]
    fn what_can_not_be_true_is_refused_with_point_and_field() {
        let at = |point, problem| CalibrationError::Point { point, problem };
        for (old, new, expected) in [
            ("0.5", "1e39", at(1, PointProblem::ThresholdNotFinite)),
            ("0.5", "0.4", at(1, PointProblem::ThresholdNotRising)),
            // Not the same number, but the same score.
            (
                "0.5",
                "0.40000000001",
                at(1, PointProblem::ThresholdNotRising),
            ),
            ("0.001", "0", at(0, PointProblem::ClaimNotARate)),
            ("0.001", "1", at(0, PointProblem::ClaimNotARate)),
            ("0.001", "0.0006", at(0, PointProblem::ClaimBelowObserved)),
            ("30000", "19", at(0, PointProblem::MoreErrorsThanTrials)),
            (
                "\"false_matches\": 3",
                "\"false_matches\": 21",
                at(1, PointProblem::FalseMatchesRise),
            ),
            ("985", "13", at(2, PointProblem::MoreMissesThanTrials)),
            (
                "\"mated_trials\": 985,",
                "",
                at(2, PointProblem::MissesWithoutTrials),
            ),
            ("a5a5", "a5", CalibrationError::Model),
            ("a5a5", "a5a5a5", CalibrationError::Model),
            ("a5a5", "a5g5", CalibrationError::Model),
            (
                "250 people",
                "",
                CalibrationError::Text {
                    field: "population",
                    empty: true,
                },
            ),
        ] {
            assert_eq!(with(old, new), expected, "{old} -> {new}");
        }
        let found = text().len();
        let padded = text() + &" ".repeat(64 * 1024 - found);
        assert!(Calibration::from_json(padded.as_bytes()).is_ok());
        let refused = Calibration::from_json((padded + " ").as_bytes()).unwrap_err();
        assert_eq!(
            refused,
            CalibrationError::TooLong {
                found: 65_537,
                limit: 65_536
            }
        );
    }

    /// What an error quotes can't begin a line of a log.
    #[test]
    fn errors_quote_no_control_characters() {
        let error = with("\"population\"", "\"x\\n\\u001b[31mforged\"");
        let text = error.to_string();
        assert!(text.contains("forged"), "{text}");
        assert!(!text.chars().any(char::is_control), "{text:?}");
    }

    /// A threshold is finer in a file than a score is.
    #[test]
    fn rounding_never_lowers_a_threshold() {
        let read = |digits: &str| {
            let one = Calibration::new(matcher(), vec![point(0.5, 0)]).unwrap();
            let json = one.to_json().replacen("0.5", digits, 1);
            Calibration::from_json(json.as_bytes())
        };
        for digits in [
            "0.30000001341",
            "0.7",
            "-0.3",
            "-0.7",
            "1e-50",
            "16777217",
            "0.5",
        ] {
            let record = read(digits).unwrap();
            let threshold = f64::from(record.points()[0].threshold.get());
            let written: f64 = digits.parse().unwrap();
            assert!(threshold >= written, "{digits} became {threshold}");
        }
        for digits in ["-1e39", "1e39"] {
            let problem = PointProblem::ThresholdNotFinite;
            let refused = CalibrationError::Point { point: 0, problem };
            assert_eq!(read(digits), Err(refused));
        }
    }

    proptest! {
        /// The file says exactly what the record says, down to the last bit.
        #[test]
        fn round_trip(
            thresholds in prop::collection::btree_set(any::<i32>(), 1..20),
            scale in any::<f32>(),
            claims in prop::collection::vec(0.0..1.0_f64, 20),
            trials in prop::collection::vec(any::<u64>(), 20),
            text in "\\PC{1,40}",
        ) {
            let mut thresholds: Vec<f32> = thresholds
                .into_iter()
                .map(|i| i as f32 * scale)
                .filter(|t| t.is_finite())
                .collect();
            thresholds.sort_by(f32::total_cmp);
            thresholds.dedup();
            prop_assume!(!thresholds.is_empty());
            let points = thresholds.iter().zip(claims).zip(trials).map(|((threshold, claim), trials)| {
                OperatingPoint {
                    threshold: Score::new(*threshold).unwrap(),
                    fmr: Fmr::new(claim.max(1e-300)).unwrap(),
                    non_mated_trials: trials,
                    false_matches: 0,
                    fnmr: Proportion::new(trials / 3, trials),
                }
            });
            let id = MatcherId { vendor: text.clone(), ..matcher() };
            let record = Calibration::new(id, points.collect()).unwrap().with_population(&text).unwrap();
            let read = Calibration::from_json(record.to_json().as_bytes()).unwrap();
            prop_assert_eq!(read.digest(), record.digest());
            prop_assert_eq!(read, record);
        }
    }
}
