//! A card's photo decoded; with feature `openjpeg` beside OpenJPEG's library, on the same files and in the same run.
//!
//! `cargo bench -p uketsuke-benches --features openjpeg --bench face_photo`

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use uketsuke::face::decode_jpeg2000;

const FILES: [(&str, &[u8]); 4] = [
    (
        "portrait 378 x 472, grey, 5/3",
        include_bytes!("../src/simulation/portrait.jp2"),
    ),
    (
        "96 x 120, grey, 9/7, 3 layers",
        include_bytes!("../tests/data/grey-irreversible.jp2"),
    ),
    (
        "96 x 120, grey, 5/3, 12 tiles",
        include_bytes!("../tests/data/grey-tiles.jp2"),
    ),
    (
        "96 x 120, RGB, 5/3",
        include_bytes!("../tests/data/colour-lossless.jp2"),
    ),
];

fn photos(criterion: &mut Criterion) {
    for (name, bytes) in FILES {
        let picture = decode_jpeg2000(bytes).expect("a portrait");
        let mut group = criterion.benchmark_group(format!("photo/{name}"));
        let samples = u64::try_from(picture.samples().len()).expect("a portrait");
        group.throughput(Throughput::Elements(samples));
        group.bench_function("uketsuke", |bencher| {
            bencher.iter(|| decode_jpeg2000(black_box(bytes)));
        });
        #[cfg(feature = "openjpeg")]
        {
            assert_same(name, picture.samples(), &openjpeg(bytes));
            group.bench_function("openjpeg", |bencher| {
                bencher.iter(|| openjpeg(black_box(bytes)));
            });
        }
        group.finish();
    }
}

/// The samples of all components, interleaved, as ours are.
#[cfg(feature = "openjpeg")]
fn openjpeg(bytes: &[u8]) -> Vec<u8> {
    let image = jpeg2k::Image::from_bytes(bytes).expect("a portrait");
    let planes: Vec<_> = image.components().iter().map(|c| c.data()).collect();
    let mut out = Vec::with_capacity(planes.len() * planes[0].len());
    for pixel in 0..planes[0].len() {
        out.extend(planes.iter().map(|plane| plane[pixel].clamp(0, 255) as u8));
    }
    out
}

#[cfg(feature = "openjpeg")]
fn assert_same(name: &str, ours: &[u8], theirs: &[u8]) {
    let most = ours.iter().zip(theirs).map(|(a, b)| a.abs_diff(*b)).max();
    let allowed = u8::from(name.contains("9/7"));
    assert!(
        ours.len() == theirs.len() && most <= Some(allowed),
        "{name}"
    );
}

criterion_group! {
    name = benches;
    config = Criterion::default();
    targets = photos
}
criterion_main!(benches);
