//! A list of a million revoked certificates: read, and looked up in with the
//! index in the cache and out of it; beside `x509-cert` and a `HashSet` of the numbers.

use std::{
    collections::HashSet,
    env,
    hint::black_box,
    time::{Duration, Instant},
};

use criterion::{
    BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime,
};
use uketsuke_benches::List;
use x509_cert::{crl::CertificateList, der::Decode};

/// More than any last-level cache that this is likely to run on.
const EVICTING: usize = 256 << 20;
/// Numbers for the warm look-ups, taken in turn.
const NUMBERS: u64 = 1 << 16;

/// Entries, and bytes to walk over; little where it's only tried whether all works.
fn size() -> (u64, usize) {
    if env::args().any(|argument| argument == "--test") {
        (1000, 1 << 16)
    } else {
        (1_000_000, EVICTING)
    }
}

/// Walks over a large buffer, so that nothing else is in the caches afterwards.
struct Walk(Vec<u64>);

impl Walk {
    fn new(bytes: usize) -> Self {
        Self(vec![1; bytes / size_of::<u64>()])
    }

    fn walk(&mut self) {
        // Written, since a line that was only read can stay shared.
        for line in self.0.chunks_mut(64 / size_of::<u64>()) {
            line[0] = line[0].wrapping_add(1);
        }
        black_box(&self.0);
    }
}

fn crl(c: &mut Criterion) {
    let (count, evicting) = size();
    let mut walk = Walk::new(evicting);
    for bytes in [8, 20] {
        let list = List::new(count, bytes);
        let mut group =
            c.benchmark_group(format!("crl, {count} entries, numbers of {bytes} bytes"));
        build(&mut group, &list);
        let index = list.index();
        look_up(&mut group, "uketsuke", &list, &mut walk, |serial| {
            index.revoked(serial).is_some()
        });
        drop(index);
        let set = numbers(&list);
        look_up(&mut group, "HashSet", &list, &mut walk, |serial| {
            set.contains(serial)
        });
        group.finish();
    }
}

fn build(group: &mut BenchmarkGroup<'_, WallTime>, list: &List) {
    group.sample_size(10);
    group.bench_function("read: uketsuke, verified, as an index", |b| {
        b.iter_with_large_drop(|| list.index());
    });
    group.bench_function("read: x509-cert, as it is", |b| {
        b.iter_with_large_drop(|| decoded(list));
    });
    group.bench_function("read: x509-cert, numbers into a HashSet", |b| {
        b.iter_with_large_drop(|| numbers(list));
    });
    group.sample_size(100);
}

fn decoded(list: &List) -> CertificateList {
    CertificateList::from_der(list.der()).expect("a list")
}

fn numbers(list: &List) -> HashSet<Vec<u8>> {
    let entries = decoded(list).tbs_cert_list.revoked_certificates;
    entries
        .into_iter()
        .flatten()
        .map(|entry| entry.serial_number.as_bytes().to_vec())
        .collect()
}

fn look_up(
    group: &mut BenchmarkGroup<'_, WallTime>,
    who: &str,
    list: &List,
    walk: &mut Walk,
    is_listed: impl Fn(&[u8]) -> bool,
) {
    for listed in [true, false] {
        let found = if listed { "listed" } else { "not listed" };
        let number = |at| {
            if listed {
                list.listed(at)
            } else {
                list.unlisted(at)
            }
        };
        let numbers: Vec<Vec<u8>> = (0..NUMBERS).map(number).collect();
        let mut turn = numbers.iter().cycle();
        group.bench_function(format!("look up, warm, {found}: {who}"), |b| {
            b.iter(|| {
                let number = turn.next().expect("without end");
                assert_eq!(is_listed(black_box(number)), listed);
            });
        });
        group.sample_size(10);
        group.bench_function(format!("look up, cold, {found}: {who}"), |b| {
            b.iter_custom(|times| {
                let mut all = Duration::ZERO;
                for _ in 0..times {
                    let number = turn.next().expect("without end").clone();
                    walk.walk();
                    // The number itself comes from a certificate just read.
                    black_box(number.iter().fold(0, |all, byte| all ^ byte));
                    let begun = Instant::now();
                    let said = is_listed(black_box(&number));
                    all += begun.elapsed();
                    assert_eq!(said, listed);
                }
                all
            });
        });
        group.sample_size(100);
    }
}

criterion_group!(benches, crl);
criterion_main!(benches);
