//! Certificates and signed messages from anybody: no panic, positions inside the
//! input, and nothing validates but what a simulated root signed.
//!
//! The first byte chooses: the rest is a certificate, or edits of a good one
//! (which get further into the reader), or a signed message.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use uketsuke::{
    Realm, Realms,
    simulation::{CertificateSpec, Generation, VirtualPki},
    trust::{Certificate, CertificateError, GraceRule, Root, Roots, SignedChallenge, TrustError},
};

static GOOD: LazyLock<Vec<u8>> = LazyLock::new(|| {
    VirtualPki::new().authentication_certificate(&CertificateSpec {
        serial: 0x0500_0001,
        common_name: "000001SIM0000000000003A".into(),
        not_before: "2024-05-01T01:02:03Z".parse().expect("a time"),
        not_after: "2029-04-01T14:59:59Z".parse().expect("a time"),
        generation: Generation::Third,
        defect: None,
    })
});
static ROOTS: LazyLock<Roots> = LazyLock::new(Roots::simulation);

fuzz_target!(|input: &[u8]| {
    let Some((kind, rest)) = input.split_first() else {
        return;
    };
    match kind % 3 {
        0 => certificate(rest),
        1 => certificate(&edited(rest)),
        _ => message(rest),
    }
});

fn certificate(der: &[u8]) {
    match Certificate::parse(der) {
        Ok(certificate) => {
            assert_eq!(certificate.der(), der);
            assert!(certificate.not_before() <= certificate.not_after());
        }
        Err(
            CertificateError::Der { position, .. } | CertificateError::Profile { position, .. },
        ) => assert!(position <= der.len()),
        Err(_) => assert!(der.len() > Certificate::MAX_LEN),
    }
    let now = "2026-06-01T00:00:00Z".parse().expect("a time");
    let found =
        ROOTS.check_authentication(der, Realms::simulation(), now, GraceRule::EligibilityOnly);
    // Anything else that passes would be a forgery.
    assert!(found.is_err() || der == *GOOD);
    let other =
        ROOTS.check_authentication(der, Realms::production(), now, GraceRule::EligibilityOnly);
    assert!(other.is_err());
    if let Err(error) = Root::new(der, Realm::JpkiTest) {
        assert!(!matches!(error, TrustError::Lapsed { .. }));
    }
}

/// Edits of six bytes each: place (2), length, kind, byte, and one unused.
fn edited(edits: &[u8]) -> Vec<u8> {
    let mut der = GOOD.clone();
    for edit in edits.chunks_exact(6).take(8) {
        let at = usize::from(u16::from_le_bytes([edit[0], edit[1]])) % (der.len() + 1);
        let end = (at + usize::from(edit[2])).min(der.len());
        match edit[3] % 4 {
            0 => drop(der.drain(at..end)),
            1 => der[at..end].fill(edit[4]),
            2 => der.insert(at, edit[4]),
            _ => {
                let part = der[at..end].to_vec();
                der.splice(at..at, part);
            }
        }
    }
    der
}

fn message(bytes: &[u8]) {
    let at = bytes.len().saturating_sub(256);
    let signed = SignedChallenge {
        message: bytes[..at].to_vec(),
        signature: bytes[at..].to_vec(),
    };
    let _ = signed.fields();
    // No signature was ever made with this key here.
    assert!(signed.verify(&GOOD).is_err());
}
