use proptest::prelude::*;

use super::*;
use crate::Realms;
use crate::face::{Calibration, MatchPolicy, MatcherId};

const EIGHTY: Confidence = Confidence::EIGHTY;
const NINETY_FIVE: Confidence = Confidence::NINETY_FIVE;

fn score(value: f32) -> Score {
    Score::new(value).unwrap()
}

fn counts(p: Proportion) -> (u64, u64) {
    (p.errors(), p.trials())
}

/// `errors` of `trials` scores are on the wrong side of 0.5.
fn made(mated: (u64, u64), non_mated: (u64, u64)) -> Evaluation {
    let scores = |(errors, trials): (u64, u64), wrong: f32, right: f32| {
        (0..trials).map(move |i| if i < errors { wrong } else { right })
    };
    Evaluation::from_scores(scores(mated, 0.4, 0.9), scores(non_mated, 0.6, 0.1)).unwrap()
}

fn near(found: f64, expected: f64, digits: f64) {
    assert!(
        (found - expected).abs() <= digits / 2.0,
        "{found} instead of {expected}"
    );
}

/// Ten visits and twenty pairs, counted by hand.
#[test]
fn a_small_test_counted_by_hand() {
    let mated = [0.91, 0.88, 0.86, 0.80, 0.79, 0.75, 0.66, 0.61, 0.48, 0.30];
    let non_mated = [
        0.71, 0.55, 0.50, 0.44, 0.41, 0.40, 0.38, 0.33, 0.31, 0.30, 0.28, 0.25, 0.22, 0.20, 0.18,
        0.15, 0.12, 0.10, 0.05, -0.10,
    ];
    let evaluation = Evaluation::from_scores(mated, non_mated).unwrap();
    let all = evaluation.all();
    for (threshold, fmr, fnmr) in [
        (-1.0, 20, 0),
        (0.30, 10, 0),
        (0.31, 9, 1),
        (0.50, 3, 2), // a score of the threshold itself matches
        (0.55, 2, 2),
        (0.61, 1, 2),
        (0.62, 1, 3),
        (0.72, 0, 4),
        (0.92, 0, 10),
    ] {
        assert_eq!(counts(all.fmr(score(threshold))), (fmr, 20), "{threshold}");
        assert_eq!(
            counts(all.fnmr(score(threshold))),
            (fnmr, 10),
            "{threshold}"
        );
    }
    // 3 of 20 and 1 of 10, and from there 3 of 20 and 2 of 10, are equally near.
    let equal = all.equal_error().unwrap();
    assert_eq!((counts(equal.fmr), counts(equal.fnmr)), ((3, 20), (1, 10)));
    assert_eq!(equal.threshold, score(0.48));
    near(equal.rate(), 0.125, 1e-12);
    // 2 of 20 and 2 of 10, 95 % two-sided: tables of Clopper and Pearson.
    let (fmr, fnmr) = (all.fmr(score(0.55)), all.fnmr(score(0.55)));
    near(*fmr.limits(NINETY_FIVE).start(), 0.0123, 1e-4);
    near(*fmr.limits(NINETY_FIVE).end(), 0.3170, 1e-4);
    near(*fnmr.limits(NINETY_FIVE).start(), 0.0252, 1e-4);
    near(*fnmr.limits(NINETY_FIVE).end(), 0.5561, 1e-4);
}

/// Known figures: no error in 30,000 (rule of 3), and the limits of 682 of 925 that
/// R's help page for `binom.test` shows.
#[test]
fn a_large_test_with_known_limits() {
    let evaluation = made((682, 925), (0, 30_000));
    let (fmr, fnmr) = (
        evaluation.all().fmr(score(0.5)),
        evaluation.all().fnmr(score(0.5)),
    );
    near(fmr.upper_limit(NINETY_FIVE), 9.985e-5, 1e-8);
    near(fmr.upper_limit(EIGHTY), 5.365e-5, 1e-8);
    assert_eq!(fmr.rule_of_three(), Some(1e-4));
    assert!(fmr.rule_of_three().unwrap() > fmr.upper_limit(NINETY_FIVE));
    assert_eq!(fmr.lower_limit(NINETY_FIVE), 0.0);
    near(fnmr.rate().unwrap(), 0.737_297_3, 1e-7);
    near(*fnmr.limits(NINETY_FIVE).start(), 0.707_668_3, 1e-7);
    near(*fnmr.limits(NINETY_FIVE).end(), 0.765_406_6, 1e-7);
    assert_eq!(fnmr.rule_of_three(), None);
    assert!(fnmr.has_thirty_errors() && !fmr.has_thirty_errors());

    // 4950 pairs of a hundred people show 6 in 10,000, and no more.
    let hundred = made((0, 100), (0, cross_pairs(100)));
    let fmr = hundred.all().fmr(score(0.5));
    near(fmr.upper_limit(NINETY_FIVE), 6.05e-4, 1e-6);
}

/// ISO/IEC 19795-1: 30 errors give ± 30 % at 90 % confidence, 29 don't count.
#[test]
fn the_rule_of_thirty() {
    let ninety = Confidence::new(0.9).unwrap();
    let thirty = Proportion::new(30, 3_000_000).unwrap();
    assert!(thirty.has_thirty_errors());
    assert!(!Proportion::new(29, 3_000_000).unwrap().has_thirty_errors());
    // The exact limits are not symmetric: -28 % and +36 %.
    near(thirty.limits(ninety).start() / 1e-5, 0.720, 1e-3);
    near(thirty.limits(ninety).end() / 1e-5, 1.356, 1e-3);
}

#[test]
fn no_trials_say_nothing() {
    let none = Evaluation::from_scores([], []).unwrap();
    let all = none.all();
    let fmr = all.fmr(score(0.5));
    assert_eq!((fmr.rate(), fmr.rule_of_three()), (None, None));
    assert_eq!(fmr.limits(NINETY_FIVE), 0.0..=1.0);
    assert_eq!(
        (fmr.lower_limit(EIGHTY), fmr.upper_limit(EIGHTY)),
        (0.0, 1.0)
    );
    assert!(all.det().is_none() && all.equal_error().is_none());
    assert!(all.threshold_for(Fmr::new(0.9).unwrap()).is_none());
    assert!(all.transaction(score(0.5), 5).is_none());
    assert!(none.operating_point(score(0.5)).is_none());
    assert_eq!(Proportion::new(2, 1), None);

    // Only false matches: no rate below 1 is supported.
    let hopeless = made((0, 1), (5, 5));
    assert!(hopeless.operating_point(score(0.5)).is_none());
    // Mated scores alone make neither a curve nor a threshold.
    let mated = Evaluation::from_scores([0.5], []).unwrap();
    assert!(mated.all().det().is_none());
    assert!(mated.all().threshold_for(Fmr::ONE_IN_10_000).is_none());
}

#[test]
fn what_is_no_number_is_refused() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mated = Evaluation::from_scores([0.1, bad], [0.2]);
        assert_eq!(mated.unwrap_err(), TrialError::NotFinite { index: 1 });
        let non_mated = Evaluation::from_scores([0.1], [0.2, 0.3, bad]);
        assert_eq!(non_mated.unwrap_err(), TrialError::NotFinite { index: 3 });
    }
    let extremes = Evaluation::from_scores([f32::MAX], [f32::MIN, f32::MAX, -0.0, 0.0]).unwrap();
    let all = extremes.all();
    assert_eq!(counts(all.fmr(Score::ZERO)), (3, 4)); // -0 is 0
    // No number is above the highest.
    assert!(all.threshold_for(Fmr::new(0.1).unwrap()).is_none());
    assert_eq!(
        all.threshold_for(Fmr::new(0.25).unwrap()),
        Score::new(f32::from_bits(1))
    );
    assert_eq!(all.det().unwrap().points().count(), 3);
}

#[test]
fn groups_are_counted_apart() {
    let mut trials = Trials::new();
    trials
        .add(Trial::Mated(0.4), &["old", "glasses", "old"])
        .unwrap();
    trials.add(Trial::Mated(0.6), &["old"]).unwrap();
    trials.add(Trial::NonMated(0.7), &["glasses"]).unwrap();
    trials.add(Trial::NotAcquired, &["old"]).unwrap();
    for (trial, groups) in [(Trial::Enrolled, 3), (Trial::NotEnrolled, 1)] {
        for _ in 0..groups {
            trials.add(trial, &[]).unwrap();
        }
    }
    // What is refused leaves no trace, not even a group.
    let long = "x".repeat(Trials::MAX_NAME + 1);
    for bad in ["", "a\nb", &long] {
        let refused = trials.add(Trial::Mated(0.1), &["new", bad]);
        assert_eq!(refused, Err(TrialError::GroupName));
    }
    assert!(trials.add(Trial::Mated(f32::NAN), &["new"]).is_err());
    let evaluation = trials.evaluate();
    let t = score(0.5);
    let found: Vec<_> = evaluation
        .groups()
        .map(|(name, s)| {
            let acquired = counts(s.failures_to_acquire());
            (name, counts(s.fnmr(t)), counts(s.fmr(t)), acquired)
        })
        .collect();
    let expected = [
        ("glasses", (1, 1), (1, 1), (0, 1)),
        ("old", (1, 2), (0, 0), (1, 3)),
    ];
    assert_eq!(found, expected);
    assert_eq!(counts(evaluation.all().failures_to_acquire()), (1, 3));
    assert_eq!(counts(evaluation.all().failures_to_enrol()), (1, 4));
    assert_eq!(counts(evaluation.all().fnmr(t)), (1, 2));
}

#[test]
fn a_wrong_column_makes_no_thousand_groups() {
    let mut trials = Trials::new();
    for i in 0..Trials::MAX_GROUPS {
        trials.add(Trial::Mated(0.1), &[&i.to_string()]).unwrap();
    }
    let refused = trials.add(Trial::Mated(0.1), &["one more"]);
    assert_eq!(refused, Err(TrialError::TooManyGroups));
    assert_eq!(trials.add(Trial::Mated(0.1), &["5"]), Ok(()));
}

/// The figures go into a policy without being typed, and only if they are good.
#[test]
fn an_operating_point_is_what_was_measured() {
    let fit = |point: OperatingPoint| {
        let matcher = MatcherId {
            vendor: "v".into(),
            name: "n".into(),
            version: "1".into(),
            model: [9; 32],
        };
        let record = Calibration::new(matcher, vec![point]).unwrap();
        MatchPolicy::new(Realms::production(), record, Fmr::ONE_IN_10_000).is_ok()
    };
    let enough = made((10, 1000), (0, 16_094));
    let point = enough.operating_point(score(0.5)).unwrap();
    assert_eq!((point.non_mated_trials, point.false_matches), (16_094, 0));
    assert_eq!(point.threshold, score(0.5));
    assert_eq!(point.fnmr, Proportion::new(10, 1000));
    assert_eq!(point.fmr.get(), point.upper_bound());
    assert!(point.is_supported() && fit(point));

    for too_few in [(0, 16_093), (1, 29_900)] {
        let too_few = made((10, 1000), too_few);
        let point = too_few.operating_point(score(0.5)).unwrap();
        assert!(point.is_supported() && !fit(point));
        assert!(!fit(OperatingPoint {
            fmr: Fmr::ONE_IN_10_000,
            ..point
        }));
    }
}

/// Thresholds in any order, once each; those that show nothing are left out, and the
/// policy takes the one that was meant for the rate.
#[test]
fn a_record_has_the_points_of_its_thresholds() {
    let matcher = || MatcherId {
        vendor: "v".into(),
        name: "n".into(),
        version: "1".into(),
        model: [9; 32],
    };
    let evaluation = made((10, 1000), (3, 62_250));
    let asked = [0.9, 0.05, 0.5, 0.65, 0.5].map(score);
    let record = evaluation.calibration(matcher(), &asked).unwrap();
    let found: Vec<_> = record
        .points()
        .iter()
        .map(|p| (p.threshold.get(), p.false_matches, p.fnmr.map(counts)))
        .collect();
    let some = Some((10, 1000));
    assert_eq!(found, [(0.5, 3, some), (0.65, 0, some), (0.9, 0, some)]);
    let none = evaluation.calibration(matcher(), &asked[1..2]).unwrap_err();
    assert_eq!(none, CalibrationError::Points { found: 0 });

    let useful = evaluation.useful_thresholds();
    let record = evaluation.calibration(matcher(), &useful).unwrap();
    for (rate, level) in [(1e-4, 0.8), (1e-4, 0.95), (5e-5, 0.8), (2.6e-5, 0.8)] {
        let (asked, sure) = (Fmr::new(rate).unwrap(), Confidence::new(level).unwrap());
        let best = evaluation.all().threshold_supporting(asked, sure).unwrap();
        let policy = MatchPolicy::new(Realms::production(), record.clone(), asked);
        let policy = policy.and_then(|policy| policy.demanding(sure)).unwrap();
        assert!(policy.threshold() >= best);
        if rate == 1e-4 {
            assert_eq!(policy.threshold(), best);
        }
    }
}

#[test]
fn caveats_say_what_the_limits_cannot() {
    let few = made((1, 300), (2, cross_pairs(245)));
    let few_errors = [
        Caveat::FewFalseMatches { found: 2 },
        Caveat::FewFalseNonMatches { found: 1 },
    ];
    let unknown = [&[Caveat::PeopleUnknown], &few_errors[..]].concat();
    assert_eq!(few.caveats(score(0.5)), unknown);
    let shared = Caveat::SharedPairs {
        pairs: 29_890,
        independent: 122,
    };
    let repeated = Caveat::RepeatedAttempts {
        attempts: 300,
        people: 245,
    };
    let told = [&[shared, repeated], &few_errors[..]].concat();
    assert_eq!(few.with_people(245).caveats(score(0.5)), told);
    let fine = made((30, 300), (30, 150)).with_people(300);
    assert_eq!(fine.caveats(score(0.5)), []);
}

#[test]
fn how_many_pairs_and_trials() {
    for people in 0..300_u64 {
        let pairs = (0..people).map(|p| people - 1 - p).sum::<u64>();
        assert_eq!(cross_pairs(people), pairs, "{people}");
    }
    assert_eq!(cross_pairs(u64::MAX), u64::MAX);
    assert_eq!(cross_pairs(1 << 32), (1 << 31) * ((1 << 32) - 1));
    for (rate, confidence, trials) in [
        (1e-4, NINETY_FIVE, 29_956),
        (1e-4, EIGHTY, 16_094),
        (0.05, NINETY_FIVE, 59), // the sample size of many tables
        (0.1, NINETY_FIVE, 29),
        (0.5, Confidence::new(0.5).unwrap(), 1),
    ] {
        assert_eq!(
            trials_without_error(Fmr::new(rate).unwrap(), confidence),
            trials
        );
        let supports = |n| confidence.upper(0, n) <= rate;
        assert!(supports(trials) && !supports(trials - 1));
    }
    let hardly = Fmr::new(f64::MIN_POSITIVE).unwrap();
    assert_eq!(trials_without_error(hardly, NINETY_FIVE), u64::MAX);
}

#[test]
fn visits() {
    let evaluation = made((10, 100), (1, 1000));
    let mut trials = Trials::new();
    for i in 0..100_u8 {
        let score = if i < 10 { 0.4 } else { 0.9 };
        trials.add(Trial::Mated(score), &[]).unwrap();
        if i < 25 {
            trials.add(Trial::NotAcquired, &[]).unwrap();
        }
    }
    for i in 0..1000_u16 {
        let score = if i < 1 { 0.6 } else { 0.1 };
        trials.add(Trial::NonMated(score), &[]).unwrap();
    }
    // FTA 20 %, FNMR 10 %, FMR 0.1 %.
    let visit = trials.evaluate().all().transaction(score(0.5), 3).unwrap();
    near(visit.frr_one_attempt(), 0.28, 1e-12);
    near(visit.frr_if_independent(), 0.28 * 0.28 * 0.28, 1e-12);
    near(visit.far_one_attempt(), 0.0008, 1e-15);
    near(visit.far_at_most(), 0.0024, 1e-15);
    let exact = 1.0 - (1.0 - 0.0008_f64).powi(3);
    near(visit.far_if_independent(), exact, 1e-15);
    assert_eq!(visit.attempts(), 3);
    assert!(evaluation.all().transaction(score(0.5), 0).is_none());
    for bad in [-0.1, 1.1, f64::NAN] {
        assert!(Transaction::new(bad, 0.1, 0.1, 1).is_none());
        assert!(Transaction::new(0.1, bad, 0.1, 1).is_none());
        assert!(Transaction::new(0.1, 0.1, bad, 1).is_none());
    }
    assert_eq!(
        Transaction::new(1.0, 0.0, 0.0, 9).unwrap().far_at_most(),
        1.0
    );
    assert_eq!(
        Transaction::new(1.0, 0.0, 0.0, 9)
            .unwrap()
            .far_if_independent(),
        1.0
    );
}

#[test]
fn debug_shows_no_score() {
    let mut trials = Trials::new();
    trials.add(Trial::Mated(0.8125), &["left-handed"]).unwrap();
    trials
        .add(Trial::NonMated(0.8125), &["left-handed"])
        .unwrap();
    let collected = format!("{trials:?}");
    let evaluation = trials.evaluate();
    let curve = evaluation.all().det().unwrap();
    let shown = format!("{collected} {evaluation:?} {curve:?}");
    assert!(
        !shown.contains("8125") && shown.contains("mated: 1"),
        "{shown}"
    );
}

/// Scores on a coarse grid, so that many are equal.
fn grid() -> impl Strategy<Value = Vec<f32>> {
    prop::collection::vec((-8_i8..8).prop_map(|i| f32::from(i) / 8.0), 1..40)
}

proptest! {
    #[test]
    fn rates_are_those_of_counting(mated in grid(), non_mated in grid(), t in -1.5_f32..1.5) {
        let evaluation = Evaluation::from_scores(mated.clone(), non_mated.clone()).unwrap();
        let all = evaluation.all();
        for t in [t, mated[0], non_mated[0]] {
            let matches = non_mated.iter().filter(|s| **s >= t).count() as u64;
            let non_matches = mated.iter().filter(|s| **s < t).count() as u64;
            prop_assert_eq!(counts(all.fmr(score(t))), (matches, non_mated.len() as u64));
            prop_assert_eq!(counts(all.fnmr(score(t))), (non_matches, mated.len() as u64));
        }
    }

    /// The threshold keeps the rate, and the next lower number doesn't.
    #[test]
    fn thresholds_are_the_lowest(non_mated in grid(), rate in 0.001_f64..0.999) {
        let evaluation = Evaluation::from_scores([0.0], non_mated).unwrap();
        let (all, rate) = (evaluation.all(), Fmr::new(rate).unwrap());
        let found = all.threshold_for(rate).unwrap();
        let lower = score(found.get().next_down());
        prop_assert!(all.fmr(found).rate().unwrap() <= rate.get());
        prop_assert!(all.fmr(lower).rate().unwrap() > rate.get());
        for confidence in [EIGHTY, NINETY_FIVE] {
            let limit = |t| all.fmr(t).upper_limit(confidence);
            match all.threshold_supporting(rate, confidence) {
                Some(t) => {
                    prop_assert!(limit(t) <= rate.get() && t >= found);
                    prop_assert!(limit(score(t.get().next_down())) > rate.get());
                }
                None => {
                    let needed = trials_without_error(rate, confidence);
                    prop_assert!(all.non_mated() < needed);
                }
            }
        }
    }

    /// Each point of the curve is what counting says, in order, and none is left out.
    #[test]
    fn the_curve_has_every_pair_of_rates(mated in grid(), non_mated in grid()) {
        let evaluation = Evaluation::from_scores(mated, non_mated).unwrap();
        let all = evaluation.all();
        let points: Vec<_> = all.det().unwrap().points().collect();
        for point in &points {
            prop_assert_eq!(all.fmr(point.threshold), point.fmr);
            prop_assert_eq!(all.fnmr(point.threshold), point.fnmr);
        }
        for pair in points.windows(2) {
            prop_assert!(pair[0].threshold < pair[1].threshold);
            prop_assert!(pair[0].fmr.errors() >= pair[1].fmr.errors());
            prop_assert!(pair[0].fnmr.errors() <= pair[1].fnmr.errors());
        }
        for i in -20..20_i8 {
            let t = score(f32::from(i) / 16.0);
            let pair = (all.fmr(t), all.fnmr(t));
            prop_assert!(points.iter().any(|p| (p.fmr, p.fnmr) == pair));
        }
        let equal = all.equal_error().unwrap();
        let gap = |a: Proportion, b: Proportion| (a.rate().unwrap() - b.rate().unwrap()).abs();
        prop_assert!(points.iter().all(|p| gap(p.fmr, p.fnmr) >= gap(equal.fmr, equal.fnmr)));
    }

    #[test]
    fn visits_lie_between_their_ends(
        fmr in 0_f64..=1.0, fnmr in 0_f64..=1.0, fta in 0_f64..=1.0, attempts in 1_u8..=10
    ) {
        let visit = Transaction::new(fmr, fnmr, fta, attempts).unwrap();
        let one = Transaction::new(fmr, fnmr, fta, 1).unwrap();
        prop_assert!(visit.frr_if_independent() <= visit.frr_at_most() + 1e-12);
        prop_assert!(visit.far_one_attempt() <= visit.far_if_independent() + 1e-12);
        prop_assert!(visit.far_if_independent() <= visit.far_at_most() + 1e-12);
        prop_assert!((one.far_at_most() - one.far_if_independent()).abs() < 1e-12);
        prop_assert!((one.frr_at_most() - one.frr_if_independent()).abs() < 1e-12);
    }
}
