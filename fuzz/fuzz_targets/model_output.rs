//! Whatever a model puts out: faces, alignment and cosine are sound or there is an error.
#![no_main]

use libfuzzer_sys::{
    arbitrary::{Arbitrary, Error, Unstructured},
    fuzz_target,
};
use uketsuke::face::onnx::{
    DetectionLimits, FaceGeometry, MAX_CANDIDATES, ScrfdOutput, Similarity, UPRIGHT, YunetOutput,
    cosine, suppress,
};

#[derive(Debug)]
struct Case {
    limits: DetectionLimits,
    stride: usize,
    columns: usize,
    rows: usize,
    anchors: usize,
    /// Scores of both kinds, boxes, landmarks.
    values: [Vec<f32>; 4],
}

/// A value from the whole range, or one that a model could mean.
fn value(u: &mut Unstructured<'_>) -> Result<f32, Error> {
    Ok(match u.int_in_range(0..=3_u8)? {
        0 => f32::from_bits(u32::arbitrary(u)?),
        1 => f32::from(i16::arbitrary(u)?) / 64.0,
        _ => f32::from(i8::arbitrary(u)?) / 32.0,
    })
}

impl<'a> Arbitrary<'a> for Case {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self, Error> {
        let [columns, rows] = [u.int_in_range(0..=6_usize)?, u.int_in_range(0..=6_usize)?];
        let anchors = u.int_in_range(0..=3_usize)?;
        let stride = if u.ratio(1, 8_u8)? {
            usize::arbitrary(u)?
        } else {
            1 << u.int_in_range(2..=7_u8)?
        };
        let count = columns * rows * if anchors == 0 { 1 } else { anchors };
        let mut values = [(); 4].map(|()| Vec::new());
        for (values, each) in values.iter_mut().zip([1, 1, 4, 10]) {
            let long = if u.ratio(1, 16_u8)? {
                u.int_in_range(0..=64_usize)?
            } else {
                count * each
            };
            for _ in 0..long {
                values.push(value(u)?);
            }
        }
        Ok(Self {
            limits: DetectionLimits {
                score: value(u)?,
                overlap: value(u)?,
            },
            stride,
            columns,
            rows,
            anchors,
            values,
        })
    }
}

fn sound(face: &FaceGeometry, limits: DetectionLimits) {
    assert!((0.0..=1.0).contains(&face.score) && face.score >= limits.score);
    assert!(face.width > 0.0 && face.height > 0.0);
    for value in [face.left, face.top, face.width, face.height] {
        assert!(value.abs() <= 1e5);
    }
    assert!(
        face.landmarks
            .iter()
            .flatten()
            .all(|value| value.abs() <= 1e5)
    );
    let from = face.landmarks.map(|point| point.map(f64::from));
    if let Some(found) = Similarity::between(&from, &UPRIGHT) {
        for number in [
            found.a,
            found.b,
            found.x,
            found.y,
            found.residual(&from, &UPRIGHT),
        ] {
            assert!(number.is_finite());
        }
        let back = found.inverse();
        assert!(
            [back.a, back.b, back.x, back.y]
                .into_iter()
                .all(f64::is_finite)
        );
    }
}

fuzz_target!(|case: Case| {
    let Case {
        limits,
        stride,
        columns,
        rows,
        anchors,
        values: [first, second, boxes, landmarks],
    } = &case;
    let mut found = Vec::new();
    let yunet = YunetOutput {
        stride: *stride,
        columns: *columns,
        rows: *rows,
        class: first,
        object: second,
        boxes,
        landmarks,
    };
    let scrfd = ScrfdOutput {
        stride: *stride,
        columns: *columns,
        rows: *rows,
        anchors: *anchors,
        scores: first,
        boxes,
        landmarks,
    };
    let done = if *anchors == 0 {
        yunet.decode(*limits, &mut found)
    } else {
        scrfd.decode(*limits, &mut found)
    };
    assert!(found.len() <= columns * rows * (*anchors).max(1));
    for face in &found {
        sound(face, *limits);
    }
    if done.is_ok() {
        let kept = suppress(found.clone(), *limits);
        assert!(kept.len() <= found.len().min(MAX_CANDIDATES));
        assert!(kept.is_sorted_by(|a, b| a.score >= b.score));
        assert_eq!(kept.is_empty(), found.is_empty());
        assert!(kept.iter().all(|face| found.contains(face)));
    }
    // Any two outputs as embeddings.
    for (a, b) in [(first, second), (boxes, landmarks), (boxes, boxes)] {
        let alike = cosine(a, b);
        assert_eq!(alike, cosine(b, a));
        if let Some(alike) = alike {
            assert!((-1.0..=1.0).contains(&alike));
            assert!(a.len() == b.len() && a.iter().chain(b).all(|value| value.is_finite()));
        }
    }
});
