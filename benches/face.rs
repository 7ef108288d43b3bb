//! Matching a face, step by step, with the small models of the tests: they recognise drawings and nobody real, and larger
//! models take longer (benches/onnx/compare.py measures those beside onnxruntime).

use std::{fs, hint::black_box, num::NonZeroU8, path::Path};

use criterion::{Criterion, criterion_group, criterion_main};
use uketsuke::face::{
    Picture, PixelFormat, decode_jpeg2000,
    onnx::{DetectorSpec, FaceDetector, Network, Similarity, Threads, UPRIGHT, cosine},
};

const PORTRAIT: &[u8] = include_bytes!("../src/simulation/portrait.jp2");

/// The virtual card's portrait before a grey wall, 640 x 480.
fn frame() -> Picture {
    let portrait = decode_jpeg2000(PORTRAIT).unwrap();
    let pixel = |x: u32, y: u32| {
        x.checked_sub(131)
            .and_then(|x| portrait.pixel(x, y.checked_sub(4)?))
    };
    let samples = (0..480)
        .flat_map(|y| (0..640).map(move |x| (x, y)))
        .flat_map(|(x, y)| pixel(x, y).unwrap_or([150; 3]))
        .collect();
    Picture::new(640, 480, PixelFormat::Rgb, samples).unwrap()
}

fn files(name: &str) -> (Vec<u8>, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/models")
        .join(name);
    let model = fs::read(path.with_extension("onnx")).unwrap();
    (
        model,
        fs::read_to_string(path.with_extension("json")).unwrap(),
    )
}

fn detection(c: &mut Criterion) {
    let threads = Threads::new(NonZeroU8::MIN);
    let frame = frame();
    for name in ["yunet", "scrfd"] {
        let (model, json) = files(name);
        let spec = DetectorSpec::from_json(&json).unwrap();
        let detector = FaceDetector::load(model, spec, threads.clone()).unwrap();
        c.bench_function(&format!("detection, {name} kind, 640 x 480"), |b| {
            b.iter(|| {
                let found = detector.detect(black_box(&frame)).unwrap();
                assert_eq!(found.len(), 1);
                found
            });
        });
    }
}

fn embedding(c: &mut Criterion) {
    let (model, _) = files("sface");
    let sha256: [u8; 32] = ring::digest::digest(&ring::digest::SHA256, &model)
        .as_ref()
        .try_into()
        .unwrap();
    let network = Network::load(
        model,
        &sha256,
        "data",
        &["fc1"],
        Threads::new(NonZeroU8::MIN),
    )
    .unwrap();
    let crop: Vec<f32> = (0..3 * 112 * 112_u32).map(|at| (at % 251) as f32).collect();
    c.bench_function("embedding, sface kind", |b| {
        b.iter(|| {
            let found = network.run([1, 3, 112, 112], black_box(&crop)).unwrap();
            assert_eq!(found[0].values().len(), 24);
            found
        });
    });
}

fn alignment_and_comparison(c: &mut Criterion) {
    let found = [
        [301.2, 188.4],
        [372.9, 205.7],
        [330.1, 240.3],
        [289.5, 263.8],
        [349.0, 279.9],
    ];
    c.bench_function("similarity of five points", |b| {
        b.iter(|| {
            let similarity = Similarity::between(black_box(&found), &UPRIGHT).unwrap();
            assert!((similarity.a - 0.489_173_398).abs() < 1e-8);
            similarity
        });
    });
    let a: Vec<f32> = (0..512_u16).map(|at| f32::from(at % 17) - 8.0).collect();
    let b: Vec<f32> = (0..512_u16).map(|at| f32::from(at % 13) - 6.0).collect();
    c.bench_function("cosine of 512 values", |bench| {
        bench.iter(|| {
            let alike = cosine(black_box(&a), black_box(&b)).unwrap();
            assert!(alike.abs() < 0.2);
            alike
        });
    });
}

criterion_group!(benches, detection, embedding, alignment_and_comparison);
criterion_main!(benches);
