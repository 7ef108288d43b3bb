//! What a check-in asks of the certificate and the card's signature, beside the
//! two bare RSA verifications in it.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use uketsuke_benches::{Bare, Visit};

/// Checks for each of the preparations; a virtual card needs a millisecond for a signature.
const CHALLENGES: usize = 64;

fn trust(c: &mut Criterion) {
    let mut first = Visit::prepare(1);
    let bare = Bare::prepare(&mut first);
    let mut group = c.benchmark_group("trust");
    group.bench_function("two bare ring verifications", |b| {
        b.iter(|| assert!(black_box(&bare).check()));
    });
    let mut visit = Visit::prepare(CHALLENGES);
    group.bench_function("validate the leaf and check the challenge", |b| {
        b.iter_batched(
            || {
                if visit.is_empty() {
                    visit = Visit::prepare(CHALLENGES);
                }
                visit.take()
            },
            |one| one.check(),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, trust);
criterion_main!(benches);
