//! A calibration record that is anything: no panic, whatever is accepted contradicts itself nowhere and is written and read again as the
//! same, and no policy comes of counts that don't show the rate that is asked for, as worked out here in another way.
//!
//! The first byte chooses: the rest is the file, edits of a good one, or the figures of one. The second chooses what is asked of it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use uketsuke::Realms;
use uketsuke::face::{
    Calibration, CalibrationError, Confidence, Fmr, MatchPolicy, OperatingPoint, PolicyError,
};
use uketsuke_fuzz::{counted, edited};

const GOOD: [&str; 2] = [
    include_str!("../../tests/data/calibration.json"),
    r#"{"format":"uketsuke/1 calibration","matcher":{"vendor":"v","name":"n","version":"1","model_sha256":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"},"points":[{"threshold":-0.25,"claimed_fmr":0.0001,"non_mated_trials":29900,"false_matches":0}]}"#,
];
const ASKED: [f64; 6] = [1e-4, 9.9e-5, 1e-5, 1e-6, 1.000_1e-4, 0.5];
const SURE: [f64; 5] = [0.8, 0.5, 0.95, 0.99, 0.999_999];
/// A file of 64 KiB is read into little more than its texts and 256 points.
const MOST: usize = 1 << 20;

fuzz_target!(|input: &[u8]| {
    let [kind, asks, rest @ ..] = input else {
        return;
    };
    let json = match kind % 4 {
        0 => rest.to_vec(),
        1 => figures(rest).into_bytes(),
        good => edited(GOOD[usize::from(good) - 2].as_bytes(), rest),
    };
    let (read, held) = counted(|| Calibration::from_json(&json));
    assert!(held < MOST, "{held} bytes");
    let record = match read {
        Ok(record) => record,
        Err(error) => return refused(&error, &json),
    };
    consistent(&record);
    let again = Calibration::from_json(record.to_json().as_bytes());
    assert_eq!(again.as_ref().map(Calibration::digest), Ok(record.digest()));
    assert_eq!(again, Ok(record.clone()));

    let asked = Fmr::new(ASKED[usize::from(asks % 8) % ASKED.len()]).expect("a rate");
    let sure = Confidence::new(SURE[usize::from(asks / 8) % SURE.len()]).expect("a level");
    let policy = MatchPolicy::new(Realms::production(), record.clone(), asked);
    judge(&record, asked, Confidence::EIGHTY, &policy);
    if let Ok(policy) = policy {
        let stricter = policy.clone().demanding(sure);
        judge(&record, asked, sure.max_with_eighty(), &stricter);
        if let Ok(stricter) = stricter {
            assert!(stricter.threshold() >= policy.threshold());
        }
    }
});

trait AtLeastEighty {
    fn max_with_eighty(self) -> Self;
}

impl AtLeastEighty for Confidence {
    fn max_with_eighty(self) -> Self {
        if self > Self::EIGHTY {
            self
        } else {
            Self::EIGHTY
        }
    }
}

/// A file of these figures, 22 bytes a point.
fn figures(bytes: &[u8]) -> String {
    let mut points = String::new();
    let mut threshold = -1.0_f32;
    for figures in bytes.chunks_exact(22).take(300) {
        let number = |at: usize| u64::from_le_bytes(figures[at..at + 8].try_into().expect("eight"));
        threshold += f32::from(figures[0]) / 256.0 - 0.05;
        let claimed = 10_f64.powi(-i32::from(figures[1] % 12)) * f64::from(figures[2]) / 100.0;
        let trials = number(4) >> (figures[3] % 64);
        let errors = number(12) >> (figures[20] % 64);
        let comma = if points.is_empty() { "" } else { "," };
        let mated = match figures[21] % 3 {
            0 => String::new(),
            1 => format!(r#","mated_trials":{trials},"false_non_matches":{errors}"#),
            _ => format!(r#","mated_trials":{trials}"#),
        };
        points += &format!(
            r#"{comma}{{"threshold":{threshold},"claimed_fmr":{claimed},"non_mated_trials":{trials},"false_matches":{errors}{mated}}}"#
        );
    }
    let digest = "5a".repeat(32);
    format!(
        r#"{{"format":"uketsuke/1 calibration","matcher":{{"vendor":"v","name":"n","version":"1","model_sha256":"{digest}"}},"points":[{points}]}}"#
    )
}

fn refused(error: &CalibrationError, json: &[u8]) {
    assert!(error.to_string().len() < 1200, "{error}");
    match error {
        CalibrationError::Json { line, .. } => {
            assert!(*line <= json.split(|byte| *byte == b'\n').count());
        }
        CalibrationError::TooLong { found, limit } => {
            assert!(found > limit && *found == json.len());
        }
        CalibrationError::Points { found } => assert_eq!(*found, 0),
        _ => {}
    }
}

fn consistent(record: &Calibration) {
    let id = record.matcher();
    let texts = [&id.vendor, &id.name, &id.version].map(String::as_str);
    for text in texts
        .into_iter()
        .chain(record.population())
        .chain(record.measured())
    {
        assert!(!text.is_empty() && text.len() <= Calibration::MAX_TEXT);
        assert!(!text.chars().any(char::is_control));
    }
    let points = record.points();
    assert!((1..=Calibration::MAX_POINTS).contains(&points.len()));
    for point in points {
        assert!(point.threshold.get().is_finite());
        assert!(point.false_matches <= point.non_mated_trials);
        let claimed = point.fmr.get();
        assert!(claimed > 0.0 && claimed < 1.0);
        assert!(
            claimed * point.non_mated_trials as f64 >= point.false_matches as f64 * (1.0 - 1e-12)
        );
    }
    for pair in points.windows(2) {
        assert!(pair[0].threshold < pair[1].threshold);
        assert!(pair[0].false_matches >= pair[1].false_matches);
    }
}

/// The threshold is the lowest of those that claim and show the rate.
fn judge(
    record: &Calibration,
    asked: Fmr,
    sure: Confidence,
    policy: &Result<MatchPolicy, PolicyError>,
) {
    if asked > MatchPolicy::MOST {
        assert!(matches!(policy, Err(PolicyError::RateTooHigh { .. })));
        return;
    }
    for point in record.points() {
        let chosen = policy
            .as_ref()
            .is_ok_and(|policy| policy.operating_point() == point);
        let shows = shows(point, asked.get(), 1.0 - sure.get());
        if chosen {
            assert!(point.fmr <= asked, "claimed too high: {point:?}");
            assert_ne!(shows, Some(false), "unsupported: {point:?}");
            return;
        }
        assert!(
            point.fmr > asked || shows != Some(true),
            "passed over: {point:?}"
        );
    }
    assert!(matches!(policy, Err(PolicyError::NotSupported { .. })));
}

/// Whether so few errors would be rarer than `alpha` if the true rate were the one that is asked for: the probabilities of 0 to k errors,
/// added up one by one. `None` if that is too close to say, or too long.
fn shows(point: &OperatingPoint, rate: f64, alpha: f64) -> Option<bool> {
    let (trials, errors) = (point.non_mated_trials as f64, point.false_matches);
    if point.non_mated_trials == 0 || errors == point.non_mated_trials {
        return Some(false);
    }
    if errors as f64 / trials >= rate {
        return Some(false);
    }
    if errors > 20_000 {
        return None;
    }
    let odds = (rate / (1.0 - rate)).ln();
    let mut term = trials * (-rate).ln_1p();
    let mut sum = term;
    for error in 1..=errors {
        let error = error as f64;
        term += ((trials - error + 1.0) / error).ln() + odds;
        let (more, less) = if term > sum { (term, sum) } else { (sum, term) };
        sum = more + (less - more).exp().ln_1p();
    }
    let margin = 1e-6 * sum.abs().max(1.0);
    ((sum - alpha.ln()).abs() > margin).then(|| sum < alpha.ln())
}
