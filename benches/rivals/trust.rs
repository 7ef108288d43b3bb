//! The certificate judged and the challenge's signature checked, by this crate and by others, in one run.
//!
//! Each result is asserted. The rounds are interleaved, so that a change of the machine's speed hits all alike.

use std::hint::black_box;
use std::time::{Duration, Instant};

use myna_card::ap::jpki::SignatureScheme;
use myna_card::data::Date;
use openssl::hash::MessageDigest;
use openssl::sign::Verifier;
use openssl::stack::Stack;
use openssl::x509::store::{X509Store, X509StoreBuilder};
use openssl::x509::verify::X509VerifyParam;
use openssl::x509::{X509, X509PurposeId, X509StoreContext};
use uketsuke::simulation::{Generation, VirtualPki};
use uketsuke_benches::{Bare, Visit};

const ROUNDS: usize = 2000;
/// 2026-11-22, the day of [`Visit`].
const NOW: i64 = 1795316400;

fn main() {
    let mut visit = Visit::prepare(1);
    let bare = Bare::prepare(&mut visit);
    let leaf = visit.certificate().to_vec();
    let signed = bare.signed();
    let roots = Generation::ALL.map(|generation| VirtualPki::new().root(generation));
    let store = store(&roots);
    let card_roots = roots.map(|der| myna_card::Certificate::parse(der).expect("a root"));

    let mut times: [Vec<Duration>; 4] = Default::default();
    for round in 0..ROUNDS {
        if visit.is_empty() {
            visit = Visit::prepare(50.min(ROUNDS - round));
        }
        let one = visit.take();
        times[0].push(time(|| drop(black_box(one.check()))));
        times[1].push(time(|| assert!(bare.check())));
        times[2].push(time(|| {
            let leaf = X509::from_der(&leaf).expect("a certificate");
            assert!(by_openssl(
                &store,
                &leaf,
                &signed.message,
                &signed.signature
            ));
        }));
        times[3].push(time(|| {
            let leaf = myna_card::Certificate::parse(&leaf).expect("a certificate");
            by_myna_card(&card_roots, leaf, &signed.message, &signed.signature);
        }));
    }
    let names = [
        "uketsuke, every rule and the proofs",
        "two bare `ring` verifications",
        "`openssl` 0.10: store, time, purpose, signature",
        "`myna-card` 3.3.4: names, days, signatures",
    ];
    for (name, times) in names.iter().zip(&mut times) {
        times.sort();
        println!(
            "| {name} | {:.1} µs |",
            times[ROUNDS / 2].as_secs_f64() * 1e6
        );
    }
}

fn time(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn store(roots: &[&[u8]]) -> X509Store {
    let mut builder = X509StoreBuilder::new().expect("a store");
    for der in roots {
        let root = X509::from_der(der).expect("a root");
        builder.add_cert(root).expect("added");
    }
    let mut param = X509VerifyParam::new().expect("parameters");
    param.set_time(NOW);
    param
        .set_purpose(X509PurposeId::SSL_CLIENT)
        .expect("a purpose");
    builder.set_param(&param).expect("set");
    builder.build()
}

fn by_openssl(store: &X509Store, leaf: &X509, message: &[u8], signature: &[u8]) -> bool {
    let chain = Stack::new().expect("a stack");
    let mut context = X509StoreContext::new().expect("a context");
    let valid = context
        .init(store, leaf, &chain, |context| context.verify_cert())
        .expect("a verdict");
    let key = leaf.public_key().expect("a key");
    let mut verifier = Verifier::new(MessageDigest::sha256(), &key).expect("a verifier");
    valid
        && verifier
            .verify_oneshot(signature, message)
            .expect("a verdict")
}

fn by_myna_card(
    roots: &[myna_card::Certificate],
    leaf: myna_card::Certificate,
    message: &[u8],
    signature: &[u8],
) {
    let key = leaf.public_key().expect("a key");
    let root = roots
        .iter()
        .find(|root| leaf.verify_signature(root).is_ok())
        .expect("the root that signed");
    let on = Date {
        year: 2026,
        month: 11,
        day: 22,
    };
    // It has no call that takes a root and looks at the days without verifying again.
    assert!(leaf.is_valid_on(on) && root.is_valid_on(on) && leaf.issuer() == root.subject());
    SignatureScheme::Sha256DigestInfo
        .verify(&key, message, signature)
        .expect("the card's signature");
}
