use super::FrameLimits;
use crate::face::{
    InconclusiveReason::{
        self, Blurred, NotCentred, TooBright, TooClose, TooDark, TooFar, TurnedAway,
    },
    Picture, PixelFormat,
    onnx::{FaceGeometry, UPRIGHT, tensor::letterbox},
};

/// An upright face in 640 x 480 with its eyes so many pixels apart, after `change`.
fn placed(
    eyes: f32,
    change: impl Fn([f32; 2]) -> [f32; 2],
    nose: f32,
) -> Option<InconclusiveReason> {
    let mut landmarks = UPRIGHT.map(|[x, y]| {
        let at = [
            (x - 56.0) * f64::from(eyes) / 35.237,
            (y - 62.0) * f64::from(eyes) / 35.237,
        ];
        change(at.map(|v| v as f32))
    });
    landmarks[2][0] += nose * eyes;
    let face = FaceGeometry {
        left: 0.0,
        top: 0.0,
        width: 1.0,
        height: 1.0,
        landmarks,
        score: 1.0,
    };
    let picture = Picture::new(640, 480, PixelFormat::Grey, vec![0; 640 * 480]).unwrap();
    FrameLimits::default().placed(&face, &picture)
}

fn moved(x: f32, y: f32) -> impl Fn([f32; 2]) -> [f32; 2] {
    move |at| [at[0] + x, at[1] + y]
}

fn turned(degrees: f32) -> impl Fn([f32; 2]) -> [f32; 2] {
    let (sin, cos) = degrees.to_radians().sin_cos();
    move |[x, y]| [320.0 + cos * x - sin * y, 240.0 + sin * x + cos * y]
}

#[test]
fn where_the_face_is() {
    let middle = || moved(320.0, 240.0);
    assert_eq!(placed(80.0, middle(), 0.0), None);
    assert_eq!(placed(41.0, middle(), 0.0), None);
    assert_eq!(placed(39.0, middle(), 0.0), Some(TooFar));
    assert_eq!(placed(143.0, middle(), 0.0), None);
    assert_eq!(placed(145.0, middle(), 0.0), Some(TooClose));
    for (x, y, reason) in [
        (320.0 + 185.0, 240.0, None),
        (320.0 + 200.0, 240.0, Some(NotCentred)),
        (320.0 - 200.0, 240.0, Some(NotCentred)),
        (320.0, 240.0 + 137.0, None),
        (320.0, 240.0 + 150.0, Some(NotCentred)),
        (320.0, 240.0 - 150.0, Some(NotCentred)),
    ] {
        assert_eq!(placed(80.0, moved(x, y), 0.0), reason, "{x} {y}");
    }
    for (nose, reason) in [
        (0.23, None),
        (-0.23, None),
        (0.27, Some(TurnedAway)),
        (-0.27, Some(TurnedAway)),
    ] {
        assert_eq!(placed(80.0, middle(), nose), reason, "{nose}");
    }
    for (lean, reason) in [
        (18.0, None),
        (-18.0, None),
        (22.0, Some(TurnedAway)),
        (-22.0, Some(TurnedAway)),
    ] {
        assert_eq!(placed(80.0, turned(lean), 0.0), reason, "{lean}");
    }
}

fn lit(pixel: impl Fn(u32, u32) -> u8) -> Option<InconclusiveReason> {
    let samples = (0..112)
        .flat_map(|y| (0..112).map(move |x| (x, y)))
        .map(|(x, y)| pixel(x, y))
        .collect();
    let picture = Picture::new(112, 112, PixelFormat::Grey, samples).unwrap();
    FrameLimits::default().lit(&letterbox(&picture, 1.0, 112, 112))
}

#[test]
fn what_the_face_looks_like() {
    // Fields of 16 pixels with sharp edges.
    let fields = |x: u32, y: u32| (x / 16 + y / 16) % 2;
    assert_eq!(lit(|x, y| 80 + 100 * fields(x, y) as u8), None);
    assert_eq!(lit(|x, y| 10 + 40 * fields(x, y) as u8), Some(TooDark));
    assert_eq!(lit(|x, y| 220 + 30 * fields(x, y) as u8), Some(TooBright));
    // Waves as high, with a length of 60 pixels.
    let wave = |x: u32| (130.0 + 50.0 * (f64::from(x) / 60.0 * std::f64::consts::TAU).sin()) as u8;
    assert_eq!(lit(|x, y| wave(x) / 2 + wave(y) / 2), Some(Blurred));
    assert_eq!(lit(|_, _| 130), Some(Blurred));
}
