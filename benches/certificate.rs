//! Reading and validating an authentication certificate, beside the RSA
//! verification alone, which nobody can do without.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use uketsuke::{
    Realm, Realms,
    simulation::{CertificateSpec, Generation, VirtualPki},
    trust::{Certificate, GraceRule, Roots, Standing},
};

fn certificate(c: &mut Criterion) {
    let time = |text: &str| text.parse::<Timestamp>().expect("a time");
    let now = time("2026-06-01T00:00:00Z");
    let pki = VirtualPki::new();
    let der = pki.authentication_certificate(&CertificateSpec {
        serial: 0x0500_0001,
        common_name: "000001SIM0000000000003A".into(),
        not_before: time("2024-05-01T01:02:03Z"),
        not_after: time("2029-04-01T14:59:59Z"),
        generation: Generation::Third,
        defect: None,
    });

    // What the bare verification needs, cut out by hand: both certificates begin
    // with two SEQUENCE headers of four bytes and end in a signature of 256.
    let signed = &der[4..8 + usize::from(u16::from_be_bytes([der[6], der[7]]))];
    let signature = &der[der.len() - 256..];
    let root = pki.root(Generation::Third);
    let header = [0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00];
    let at = root
        .windows(header.len())
        .position(|window| window == header)
        .expect("an RSA key of 2048 bits");
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &root[at..at + 270]);
    let roots = Roots::simulation();
    let in_force = (Standing::InForce, Realm::Simulation);

    let mut group = c.benchmark_group("certificate");
    group.bench_function("parse", |b| {
        b.iter(|| {
            let certificate = Certificate::parse(black_box(&der)).expect("a certificate");
            assert_eq!(certificate.serial(), [5, 0, 0, 1]);
            certificate.not_after()
        });
    });
    group.bench_function("ring verify alone", |b| {
        b.iter(|| assert!(key.verify(black_box(signed), signature).is_ok()));
    });
    group.bench_function("check_authentication", |b| {
        b.iter(|| {
            let found = roots.check_authentication(
                black_box(&der),
                Realms::simulation(),
                now,
                GraceRule::None,
            );
            assert_eq!(found, Ok(in_force));
        });
    });
    group.bench_function("refuse a wrong signature", |b| {
        let mut wrong = der.clone();
        if let Some(last) = wrong.last_mut() {
            *last ^= 1;
        }
        b.iter(|| {
            let found = roots.check_authentication(
                black_box(&wrong),
                Realms::simulation(),
                now,
                GraceRule::None,
            );
            assert!(found.is_err());
        });
    });
    group.bench_function("embedded roots", |b| {
        b.iter(|| assert_eq!(Roots::jpki_authentication().iter().count(), 3));
    });
    group.finish();
}

criterion_group!(benches, certificate);
criterion_main!(benches);
