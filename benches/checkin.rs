//! Check-ins: the time of a whole one by PIN without reader, card and centre, all of which are simulated here; and a
//! thousand lanes on two threads with all of that, each with a card of its own before one centre. The former is also
//! timed visit by visit, whose median doesn't mind what else the machine does now and then.

use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use uketsuke_benches::reception::{CheckIns, Full};

const LANES: usize = 1_000;
const VISITS: usize = 2_000;

fn bench(criterion: &mut Criterion) {
    let mut checkins = CheckIns::prepare();
    let mut each: Vec<_> = (0..VISITS).map(|_| checkins.one()).collect();
    each.sort_unstable();
    println!(
        "{VISITS} check-ins: median {:?}, a tenth below {:?}",
        each[VISITS / 2],
        each[VISITS / 10]
    );
    criterion.bench_function("a check-in without reader, card and centre", |b| {
        b.iter_custom(|count| (0..count).map(|_| checkins.one()).sum::<Duration>());
    });

    for workers in [1, 2] {
        let full = Full::prepare(LANES);
        let before = cpu();
        let all = full.run(workers);
        let spent = cpu() - before;
        println!("{LANES} check-ins, {workers} workers: {all:?}, {spent:?} of the processors");
    }
    let mut lanes = criterion.benchmark_group("check-ins with virtual cards and centre");
    lanes.sampling_mode(SamplingMode::Flat).sample_size(10);
    lanes.throughput(Throughput::Elements(LANES as u64));
    for workers in [1, 2] {
        lanes.bench_function(format!("{LANES} lanes, {workers} workers"), |b| {
            b.iter_custom(|count| (0..count).map(|_| Full::prepare(LANES).run(workers)).sum());
        });
    }
    lanes.finish();
}

/// What this process had of the processors, by Linux's count of hundredths of a second; nothing elsewhere.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = |at| -> Option<u64> {
        stat.rsplit(')')
            .next()?
            .split_whitespace()
            .nth(at)?
            .parse()
            .ok()
    };
    // utime and stime of proc(5), counted behind the name.
    let (user, system) = (ticks(11).unwrap_or(0), ticks(12).unwrap_or(0));
    Duration::from_millis(10 * (user + system))
}

criterion_group!(benches, bench);
criterion_main!(benches);
