//! Reading a file like the card's face: this crate's reader and `iso7816-tlv`, on the same bytes, to the same result.
//!
//! The file is 3 kB as on a publicly documented test card: an offset table, birth date, sex, key, name, address, photo,
//! signature, expiry, security code. Lengths are minimal, since the other crate refuses others.
//!
//! Two questions: where is the photo (what a check-in asks), and what are all the elements. `iso7816-tlv` builds a tree
//! either way.

use criterion::{Criterion, criterion_group, criterion_main};
use iso7816_tlv::ber::{Tag as TheirTag, Tlv, Value};
use std::hint::black_box;
use uketsuke::tlv::{Reader, Tag};

const FACE: u32 = 0xFF20;
const PHOTO: u32 = 0xDF27;
const CHILDREN: [(u32, usize); 10] = [
    (0xDF21, 18),
    (0xDF22, 8),
    (0xDF23, 1),
    (0xDF24, 265),
    (0xDF25, 169),
    (0xDF26, 340),
    (PHOTO, 1854),
    (0xDF28, 256),
    (0xDF29, 8),
    (0xDF2A, 96),
];

fn face() -> Vec<u8> {
    let children = CHILDREN.iter().map(|&(tag, len)| {
        let value = (0..len).map(|at| at.to_le_bytes()[0]).collect();
        Tlv::new(TheirTag::try_from(tag).unwrap(), Value::Primitive(value)).unwrap()
    });
    Tlv::new(
        TheirTag::try_from(FACE).unwrap(),
        Value::Constructed(children.collect()),
    )
    .unwrap()
    .to_vec()
}

fn photo_ours(file: &[u8]) -> Option<&[u8]> {
    let mut children = Reader::new(file)
        .expect(Tag::new(FACE))
        .ok()?
        .children()
        .ok()?;
    while let Some(element) = children.next().ok()? {
        if element.tag() == Tag::new(PHOTO) {
            return Some(element.value());
        }
    }
    None
}

fn photo_theirs(file: &[u8]) -> Option<Vec<u8>> {
    let face = Tlv::from_bytes(file).ok()?;
    match face.find(&TheirTag::try_from(PHOTO).ok()?)?.value() {
        Value::Primitive(value) => Some(value.clone()),
        Value::Constructed(_) => None,
    }
}

fn all_ours(file: &[u8]) -> Option<(usize, usize)> {
    let mut children = Reader::new(file)
        .expect(Tag::new(FACE))
        .ok()?
        .children()
        .ok()?;
    let mut sum = (0, 0);
    while let Some(element) = children.next().ok()? {
        sum = (sum.0 + 1, sum.1 + element.value().len());
    }
    Some(sum)
}

fn all_theirs(file: &[u8]) -> Option<(usize, usize)> {
    match Tlv::from_bytes(file).ok()?.value() {
        Value::Constructed(children) => Some(children.iter().fold((0, 0), |sum, child| {
            (sum.0 + 1, sum.1 + child.value().len_as_bytes())
        })),
        Value::Primitive(_) => None,
    }
}

fn bench(criterion: &mut Criterion) {
    let file = face();
    assert!(file.len() > 3000, "{}", file.len());
    assert_eq!(photo_ours(&file), photo_theirs(&file).as_deref());
    assert_eq!(photo_ours(&file).map(<[u8]>::len), Some(1854));
    assert_eq!(all_ours(&file), all_theirs(&file));
    assert_eq!(
        all_ours(&file),
        Some((CHILDREN.len(), CHILDREN.iter().map(|(_, len)| len).sum()))
    );

    let mut photo = criterion.benchmark_group("photo of a 3 kB card face");
    photo.bench_function("uketsuke", |b| {
        b.iter(|| photo_ours(black_box(&file)).map(<[u8]>::len))
    });
    photo.bench_function("iso7816-tlv", |b| b.iter(|| photo_theirs(black_box(&file))));
    photo.finish();

    let mut all = criterion.benchmark_group("all elements of a 3 kB card face");
    all.bench_function("uketsuke", |b| b.iter(|| all_ours(black_box(&file))));
    all.bench_function("iso7816-tlv", |b| b.iter(|| all_theirs(black_box(&file))));
    all.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
