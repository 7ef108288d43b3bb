use proptest::prelude::*;

use super::{
    DetectionLimits, FaceGeometry, MAX_CANDIDATES, OutputError, ScrfdOutput, YunetOutput, suppress,
};

const LIMITS: DetectionLimits = DetectionLimits {
    score: 0.5,
    overlap: 0.3,
};

/// Outputs of three columns and two rows, a face in the second row's third cell.
struct Outputs {
    scores: Vec<f32>,
    boxes: Vec<f32>,
    landmarks: Vec<f32>,
}

impl Outputs {
    fn new(anchors: usize, score: f32, face: [f32; 4]) -> Self {
        let count = 6 * anchors;
        let mut outputs = Self {
            scores: vec![0.0; count],
            boxes: vec![0.0; 4 * count],
            landmarks: vec![0.0; 10 * count],
        };
        outputs.scores[count - 1] = score;
        outputs.boxes[4 * count - 4..].copy_from_slice(&face);
        let points = [0.25, -0.5, 0.75, -0.5, 0.5, 0.0, 0.25, 0.5, 0.75, 0.5];
        outputs.landmarks[10 * count - 10..].copy_from_slice(&points);
        outputs
    }

    fn yunet(&self) -> Result<Vec<FaceGeometry>, OutputError> {
        self.yunet_within(LIMITS)
    }

    fn yunet_within(&self, limits: DetectionLimits) -> Result<Vec<FaceGeometry>, OutputError> {
        let mut found = Vec::new();
        let object = vec![1.0; self.scores.len()];
        YunetOutput {
            stride: 16,
            columns: 3,
            rows: 2,
            class: &self.scores,
            object: &object,
            boxes: &self.boxes,
            landmarks: &self.landmarks,
        }
        .decode(limits, &mut found)
        .map(|()| found)
    }

    fn scrfd(&self) -> Result<Vec<FaceGeometry>, OutputError> {
        self.scrfd_within(LIMITS)
    }

    fn scrfd_within(&self, limits: DetectionLimits) -> Result<Vec<FaceGeometry>, OutputError> {
        let mut found = Vec::new();
        ScrfdOutput {
            stride: 16,
            columns: 3,
            rows: 2,
            anchors: 2,
            scores: &self.scores,
            boxes: &self.boxes,
            landmarks: &self.landmarks,
        }
        .decode(limits, &mut found)
        .map(|()| found)
    }
}

/// The limits are anybody's to make.
#[test]
fn a_score_that_must_be_no_number_is_reached_by_no_face() {
    let nan = DetectionLimits {
        score: f32::NAN,
        ..LIMITS
    };
    let yunet = Outputs::new(1, 1.0, [0.0; 4]);
    assert_eq!(yunet.yunet().unwrap().len(), 1);
    assert_eq!(yunet.yunet_within(nan), Ok(Vec::new()));
    let scrfd = Outputs::new(2, 1.0, [1.0; 4]);
    assert_eq!(scrfd.scrfd().unwrap().len(), 1);
    assert_eq!(scrfd.scrfd_within(nan), Ok(Vec::new()));
    assert_eq!(suppress(yunet.yunet().unwrap(), nan), []);
    let overlap = DetectionLimits {
        overlap: f32::NAN,
        ..LIMITS
    };
    let twice = [yunet.yunet().unwrap(), yunet.yunet().unwrap()].concat();
    assert_eq!(suppress(twice, overlap).len(), 1);
}

#[test]
fn a_yunet_cell() {
    let found = Outputs::new(1, 0.81, [0.5, 0.25, 0.0, f32::ln(2.0)])
        .yunet()
        .unwrap();
    let [face] = found[..] else {
        panic!("{found:?}")
    };
    assert!((face.score - 0.9).abs() < 1e-6);
    // The middle is (2.5, 1.25) strides, the size 1 x 2.
    assert_eq!((face.left, face.top, face.width), (32.0, 4.0, 16.0));
    assert!((face.height - 32.0).abs() < 1e-4);
    assert_eq!(face.landmarks[0], [36.0, 8.0]);
    assert_eq!(face.landmarks[4], [44.0, 24.0]);
}

#[test]
fn a_scrfd_candidate() {
    let found = Outputs::new(2, 0.9, [0.5, 0.25, 1.0, 2.0]).scrfd().unwrap();
    let [face] = found[..] else {
        panic!("{found:?}")
    };
    assert_eq!(face.score, 0.9);
    // The corner of the cell is (2, 1) strides.
    assert_eq!(
        (face.left, face.top, face.width, face.height),
        (24.0, 12.0, 24.0, 36.0)
    );
    assert_eq!(face.landmarks[0], [36.0, 8.0]);
}

#[test]
fn what_no_picture_has_is_an_error() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30] {
        for at in 0..4 {
            let mut outputs = Outputs::new(1, 0.9, [0.5; 4]);
            outputs.boxes[20 + at] = bad;
            assert_eq!(outputs.yunet(), Err(OutputError::Value { index: 5 }));
            let mut outputs = Outputs::new(2, 0.9, [0.5; 4]);
            outputs.boxes[44 + at] = bad;
            assert_eq!(outputs.scrfd(), Err(OutputError::Value { index: 11 }));
        }
        for at in 0..10 {
            let mut outputs = Outputs::new(1, 0.9, [0.5; 4]);
            outputs.landmarks[50 + at] = bad;
            assert_eq!(outputs.yunet(), Err(OutputError::Value { index: 5 }));
            let mut outputs = Outputs::new(2, 0.9, [0.5; 4]);
            outputs.landmarks[110 + at] = bad;
            assert_eq!(outputs.scrfd(), Err(OutputError::Value { index: 11 }));
        }
    }
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut outputs = Outputs::new(1, 0.9, [0.5; 4]);
        outputs.scores[2] = bad;
        assert_eq!(outputs.yunet(), Err(OutputError::Value { index: 2 }));
        let mut outputs = Outputs::new(2, 0.9, [0.5; 4]);
        outputs.scores[7] = bad;
        assert_eq!(outputs.scrfd(), Err(OutputError::Value { index: 7 }));
    }
    // A box turned inside out.
    let outputs = Outputs::new(2, 0.9, [0.5, 0.25, -1.0, 2.0]);
    assert_eq!(outputs.scrfd(), Err(OutputError::Value { index: 11 }));
}

#[test]
fn other_lengths_are_an_error() {
    let cut: [fn(&mut Outputs); 3] = [
        |o| _ = o.scores.pop(),
        |o| _ = o.boxes.pop(),
        |o| o.landmarks.push(0.0),
    ];
    for cut in cut {
        let mut outputs = Outputs::new(1, 0.9, [0.5; 4]);
        cut(&mut outputs);
        assert!(matches!(outputs.yunet(), Err(OutputError::Length { .. })));
        let mut outputs = Outputs::new(2, 0.9, [0.5; 4]);
        cut(&mut outputs);
        assert!(matches!(outputs.scrfd(), Err(OutputError::Length { .. })));
    }
}

fn face(left: f32, top: f32, width: f32, height: f32, score: f32) -> FaceGeometry {
    FaceGeometry {
        left,
        top,
        width,
        height,
        landmarks: [[left, top]; 5],
        score,
    }
}

#[test]
fn the_better_of_two_boxes_stays() {
    let best = face(0.0, 0.0, 10.0, 10.0, 0.9);
    // A third of the union is shared, then a little less than 0.3.
    let near = face(5.0, 0.0, 10.0, 10.0, 0.8);
    let far = face(5.5, 0.0, 10.0, 10.0, 0.7);
    let sure = suppress(vec![far, near, best], LIMITS);
    assert_eq!(sure.iter().map(|f| f.score).collect::<Vec<_>>(), [0.9, 0.7]);
    assert!(suppress(vec![face(0.0, 0.0, 10.0, 10.0, 0.4)], LIMITS).is_empty());
}

proptest! {
    #[test]
    fn none_left_overlaps_another_and_none_is_lost(
        boxes in prop::collection::vec((-50.0_f32..50.0, -50.0_f32..50.0, 1.0_f32..40.0, 1.0_f32..40.0, 0.0_f32..1.0), 0..60)
    ) {
        let all: Vec<_> = boxes.into_iter().map(|(x, y, w, h, s)| face(x, y, w, h, s)).collect();
        let kept = suppress(all.clone(), LIMITS);
        for (at, one) in kept.iter().enumerate() {
            for other in &kept[at + 1..] {
                prop_assert!(one.score >= other.score);
                prop_assert!(one.overlap(other) <= LIMITS.overlap);
            }
        }
        for one in all.iter().filter(|face| face.score >= LIMITS.score) {
            prop_assert!(kept.iter().any(|better| better == one
                || (better.score >= one.score && better.overlap(one) > LIMITS.overlap)));
        }
    }
}

#[test]
fn a_picture_full_of_candidates_is_cut_to_the_best() {
    let many = (0..5000_u16).map(|at| {
        let score = 0.5 + f32::from(at) / 10_001.0;
        face(f32::from(at) * 2.0, 0.0, 1.0, 1.0, score)
    });
    let kept = suppress(many.collect(), LIMITS);
    assert_eq!(kept.len(), MAX_CANDIDATES);
    assert!(kept.iter().all(|face| face.left >= 8000.0));
}
