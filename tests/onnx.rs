//! The matcher of two models, with small models that know drawn faces and nobody real.
#![cfg(feature = "onnx-measure")]

mod drawing_support;
mod onnx_support;

use drawing_support::{Numbers, Person, Scene, View};
use onnx_support::{PORTRAIT, detector, files, matcher, one, threads};
use uketsuke::face::{
    Comparison, FaceEngine, FaceError, InconclusiveReason, Picture, decode_jpeg2000,
    onnx::{DetectorSpec, EmbedderSpec, FrameLimits, ModelFile, OnnxError, OnnxMatcher},
};

fn portrait() -> Picture {
    decode_jpeg2000(PORTRAIT).unwrap()
}

/// The person on the virtual card before the camera.
fn seen(scale: f64) -> Scene {
    Scene::room(640, 480).picture(&portrait(), View::new((320.0, 250.0), scale, 0.0))
}

fn other(number: u64, x: f64, scale: f64) -> Scene {
    Scene::room(640, 480).person(&Person::new(number), View::new((x, 250.0), scale, 0.0))
}

fn noisy(scene: Scene) -> Picture {
    scene.noise(2.0, &mut Numbers::new(1)).rgb()
}

fn score(matcher: &mut OnnxMatcher, frame: Picture) -> f32 {
    match one(matcher, portrait(), frame) {
        Ok(Comparison::Score(score)) => score.get(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_portraits_person_is_alike_and_others_are_not() {
    for (finds, knows) in [("yunet", "sface"), ("scrfd", "arcface")] {
        let mut matcher = matcher(finds, knows);
        for (name, frame) in [
            ("as large as on the card", noisy(seen(0.9))),
            ("smaller", noisy(seen(0.7))),
            ("in dim light", noisy(seen(0.8).light(0.5, 10.0))),
            ("grey", seen(0.9).grey()),
        ] {
            let same = score(&mut matcher, frame);
            assert!(same > 0.6, "{finds} {knows}, {name}: {same}");
        }
        for number in [0, 1, 2, 3, 7] {
            let another = score(&mut matcher, noisy(other(number, 320.0, 0.9)));
            assert!(another < 0.4, "{finds} {knows}, {number}: {another}");
        }
    }
}

#[test]
fn what_cannot_be_compared_has_its_reason() {
    let mut matcher = matcher("yunet", "sface");
    let two = Scene::room(640, 480)
        .picture(&portrait(), View::new((190.0, 250.0), 0.75, 0.0))
        .person(&Person::new(7), View::new((450.0, 250.0), 0.75, 0.0));
    let mut check = |scene: Scene, reason| {
        let found = one(&mut matcher, portrait(), noisy(scene));
        assert_eq!(found, Ok(Comparison::NotComparable(reason)));
    };
    check(Scene::room(640, 480), InconclusiveReason::NoFace);
    check(two, InconclusiveReason::SeveralFaces);
    check(seen(0.9).light(0.12, 0.0), InconclusiveReason::TooDark);
    check(seen(0.9).light(0.6, 160.0), InconclusiveReason::TooBright);
    check(seen(0.9).blurred(7), InconclusiveReason::Blurred);
    check(seen(0.3), InconclusiveReason::TooFar);
    check(seen(1.7), InconclusiveReason::TooClose);
    check(other(3, 110.0, 0.7), InconclusiveReason::NotCentred);
}

/// A photo without exactly one face can't be matched with anything.
#[test]
fn a_card_without_one_face_is_an_error() {
    let mut matcher = matcher("yunet", "sface");
    let wall = Scene::plain(378, 472, [200.0; 3]);
    let found = one(&mut matcher, wall.grey(), noisy(seen(0.9)));
    assert_eq!(found, Err(FaceError::Photo));
    let two = Scene::plain(640, 472, [200.0; 3])
        .picture(&portrait(), View::new((160.0, 250.0), 0.75, 0.0))
        .person(&Person::new(7), View::new((460.0, 250.0), 0.75, 0.0));
    let found = one(&mut matcher, two.grey(), noisy(seen(0.9)));
    assert_eq!(found, Err(FaceError::Photo));
}

/// Both kinds of detector find drawn faces where they are, to a quarter of the eyes' distance.
#[test]
fn landmarks_are_where_the_face_is() {
    for name in ["yunet", "scrfd"] {
        let detector = detector(name);
        for number in [0, 3, 5, 8] {
            for (x, scale) in [(320.0, 0.5), (350.0, 0.8), (300.0, 1.0)] {
                let view = View::new((x, 250.0), scale, 0.0);
                let person = Person::new(number);
                let picture = noisy(Scene::room(640, 480).person(&person, view));
                let found = detector.detect(&picture).unwrap();
                let [face] = found[..] else {
                    panic!("{name} {number} {scale}: {found:?}")
                };
                let there = person.landmarks().map(|at| view.to_picture(at));
                let eyes = there[1].0 - there[0].0;
                for ([x, y], (to_x, to_y)) in face.landmarks.into_iter().zip(there) {
                    let off = (f64::from(x) + 0.5 - to_x).hypot(f64::from(y) + 0.5 - to_y);
                    assert!(off < 0.25 * eyes, "{name} {number} {scale}: {off}");
                }
            }
        }
    }
}

/// The digest names both models and both descriptions.
#[test]
fn every_pair_of_models_is_another_matcher() {
    let mut seen = Vec::new();
    for finds in ["yunet", "scrfd"] {
        for knows in ["sface", "arcface"] {
            let info = matcher(finds, knows).info();
            assert_eq!((info.lowest.get(), info.highest.get()), (-1.0, 1.0));
            seen.push(info.model);
        }
    }
    let (model, json) = files("yunet");
    let other = json.replace("\"nms_threshold\": 0.3", "\"nms_threshold\": 0.4");
    assert_ne!(other, json);
    let (embedder, knows) = files("sface");
    let changed = OnnxMatcher::load(
        ModelFile::new(model, DetectorSpec::from_json(&other).unwrap()),
        ModelFile::new(embedder, EmbedderSpec::from_json(&knows).unwrap()),
        uketsuke::Realm::Simulation,
        &threads(),
    );
    seen.push(changed.unwrap().info().model);
    // Every limit for frames is in it, too.
    let changes: [fn(&mut FrameLimits) -> &mut f32; 9] = [
        |limits| &mut limits.darkest,
        |limits| &mut limits.brightest,
        |limits| &mut limits.sharpness,
        |limits| &mut limits.nearest_eyes,
        |limits| &mut limits.widest_eyes,
        |limits| &mut limits.off_centre,
        |limits| &mut limits.turned,
        |limits| &mut limits.leaning,
        |limits| &mut limits.landmarks,
    ];
    for change in changes {
        let mut limits = FrameLimits::default();
        *change(&mut limits) += 0.125;
        let changed = matcher("yunet", "sface").with_limits(limits).unwrap();
        seen.push(changed.info().model);
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -1.0] {
            *change(&mut limits) = bad;
            let refused = matcher("yunet", "sface").with_limits(limits);
            assert!(matches!(refused, Err(OnnxError::Limit { .. })), "{bad}");
        }
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 14);
}

#[test]
fn an_engine_may_be_moved_to_another_thread() {
    fn is_send<T: Send>() {}
    is_send::<OnnxMatcher>();
}
