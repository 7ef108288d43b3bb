//! What the small models' scores mean, measured on drawn persons: `tests/models/calibration.json`. It holds for
//! drawings and says nothing about anybody real.
#![cfg(feature = "onnx-measure")]

mod drawing_support;
mod onnx_support;

use drawing_support::{Numbers, Person, Scene, View};
use onnx_support::{PORTRAIT, matcher, one};
use uketsuke::{
    Realms,
    face::{
        Calibration, Comparison, Confidence, FaceEngine, Fmr, MatchPolicy, Picture,
        decode_jpeg2000, evaluation::Evaluation,
    },
};

const RECORD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/models/calibration.json");
const PERSONS: u64 = 300;

/// A card's photo of a drawn person, and a frame of the same.
fn pictures(number: u64) -> (Picture, Picture) {
    let person = Person::new(number);
    let numbers = &mut Numbers::new(number + 77);
    let photo = Scene::plain(378, 472, [numbers.within(200.0, 235.0); 3])
        .person(&person, View::new((189.0, 260.0), 1.0, 0.0))
        .grey();
    let middle = (numbers.within(280.0, 360.0), numbers.within(230.0, 270.0));
    let view = View::new(
        middle,
        numbers.within(0.65, 0.95),
        numbers.within(-0.04, 0.04),
    );
    let frame = Scene::room(640, 480)
        .person(&person.in_a_mood(numbers), view)
        .light(numbers.within(0.75, 1.05), numbers.within(0.0, 15.0))
        .noise(3.0, numbers)
        .rgb();
    (photo, frame)
}

#[test]
#[ignore = "writes tests/models/calibration.json; a minute when optimised"]
fn measure() {
    let mut matcher = matcher("yunet", "sface");
    let (mut photos, mut frames) = (Vec::new(), Vec::new());
    let mut no_photo = 0;
    for number in 0..PERSONS {
        let (photo, frame) = pictures(number);
        // No card has a photo on which there is no face.
        if matcher
            .measure(std::slice::from_ref(&photo), &[], |_, _, _| ())
            .is_err()
        {
            no_photo += 1;
            continue;
        }
        photos.push(photo);
        frames.push(frame);
    }
    let (mut mated, mut non_mated, mut no_frame) = (Vec::new(), Vec::new(), 0);
    let compared = |photo: usize, frame: usize, comparison: Comparison| match comparison {
        Comparison::Score(score) if photo == frame => mated.push(score.get()),
        // Each pair once: the cross pairs.
        Comparison::Score(score) if photo < frame => non_mated.push(score.get()),
        Comparison::NotComparable(_) if photo == frame => no_frame += 1,
        _ => {}
    };
    matcher.measure(&photos, &frames, compared).unwrap();
    println!("{no_photo} photos and {no_frame} frames without a face of {PERSONS}");
    let evaluation = Evaluation::from_scores(mated, non_mated).unwrap();
    let record = evaluation
        .calibration(matcher.info().id(), &evaluation.useful_thresholds())
        .unwrap()
        .with_population("drawn faces of the tests; nobody real")
        .unwrap();
    for point in record.points() {
        println!("{point:?}");
    }
    std::fs::write(RECORD, record.to_json() + "\n").unwrap();
}

/// The record is of these models, shows one in 10,000 at 80 % confidence, and with its threshold the person on the
/// virtual card is told from others.
#[test]
fn the_record_fits_the_models() {
    let record = Calibration::from_json(&std::fs::read(RECORD).unwrap()).unwrap();
    let mut matcher = matcher("yunet", "sface");
    assert_eq!(*record.matcher(), matcher.info().id());
    let policy = MatchPolicy::new(Realms::simulation(), record, Fmr::ONE_IN_10_000).unwrap();
    let shown = policy.operating_point().upper_bound_at(Confidence::EIGHTY);
    assert!(shown <= 1e-4, "{shown}");
    let portrait = || decode_jpeg2000(PORTRAIT).unwrap();
    let view = View::new((320.0, 250.0), 0.9, 0.0);
    let room = || Scene::room(640, 480);
    let same = room()
        .picture(&portrait(), view)
        .noise(2.0, &mut Numbers::new(1));
    let other = room().person(&Person::new(7), view);
    for (scene, matches) in [(same, true), (other, false)] {
        let Ok(Comparison::Score(score)) = one(&mut matcher, portrait(), scene.rgb()) else {
            panic!("no score")
        };
        assert_eq!(score >= policy.threshold(), matches, "{score:?}");
    }
}
