//! What the audit trail costs: a record with and without waiting for the disk,
//! verifying, and naming a policy.
//!
//! `UKETSUKE_BENCH_DIR` names a folder on the disk to be measured; else it is the
//! folder for temporary files.

use std::hint::black_box;
use std::path::PathBuf;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::Timestamp;
use uketsuke::VisitId;
use uketsuke::checkin::{AuditEvent, AuditKey, AuditLog, AuditRecord, Policy};
use uketsuke::trust::{GraceRule, TerminalId};

const RECORDS: u32 = 100_000;

fn now() -> Timestamp {
    "2026-11-23T00:00:00Z".parse().expect("a time")
}

fn key() -> AuditKey {
    AuditKey::new(b"the key of a trail for measuring").expect("a key")
}

fn record(number: u32) -> AuditRecord {
    AuditRecord {
        visit: VisitId::begin(),
        number,
        at: now(),
        event: AuditEvent::TrySpent { left: 2 },
    }
}

fn audit(criterion: &mut Criterion) {
    let folder = std::env::var_os("UKETSUKE_BENCH_DIR")
        .map_or_else(std::env::temp_dir, PathBuf::from)
        .join(format!("uketsuke-audit-{}", std::process::id()));
    std::fs::create_dir(&folder).expect("a folder");
    let file = |name: &str| folder.join(name);
    let terminal = TerminalId::new("desk-1").expect("a name");
    let policy = Policy::simulation(terminal.clone());
    let create =
        |name| AuditLog::create(file(name), &key(), &policy, None, now()).expect("a trail");

    let mut group = criterion.benchmark_group("audit");
    let mut log = create("flushed");
    group.bench_function("a record, flushed", |bencher| {
        bencher.iter(|| log.append(&record(1)).expect("a head"));
    });
    let mut log = create("unflushed");
    log.danger_without_flush();
    group.bench_function("a record, not flushed", |bencher| {
        bencher.iter(|| log.append(&record(1)).expect("a head"));
    });

    let mut log = create("long");
    log.danger_without_flush();
    for number in 0..RECORDS {
        log.append(&record(number)).expect("a head");
    }
    let head = log.head();
    drop(log);
    let len = std::fs::metadata(file("long")).expect("a file").len();
    println!("{RECORDS} records, {len} bytes");
    group.throughput(Throughput::Bytes(len));
    group.sample_size(20);
    group.bench_function("100,000 records verified", |bencher| {
        bencher.iter(|| {
            let verified = AuditLog::verify(file("long"), &key(), &terminal, Some(head));
            assert_eq!(verified.expect("whole").head, head);
        });
    });
    group.finish();

    let mut group = criterion.benchmark_group("policy");
    group.bench_function("digest, first time", |bencher| {
        bencher.iter_batched(
            || policy.clone().with_grace(GraceRule::None),
            |policy| black_box(policy.digest()),
            criterion::BatchSize::SmallInput,
        );
    });
    group.bench_function("digest, afterwards", |bencher| {
        bencher.iter(|| black_box(&policy).digest());
    });
    group.finish();
    std::fs::remove_dir_all(&folder).expect("removed");
}

criterion_group!(benches, audit);
criterion_main!(benches);
