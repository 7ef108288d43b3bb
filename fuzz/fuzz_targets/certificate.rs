//! Certificates and signed messages from anybody: no panic, positions inside the
//! input, and nothing validates but what a simulated root signed.
//!
//! The first byte chooses: the rest is a certificate, or edits of a good one for
//! authentication or for signatures (which get further into the reader), or a signed message.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use uketsuke::{
    Realm, Realms,
    simulation::{CertificateSpec, Generation, VirtualPki},
    trust::{
        Certificate, CertificateError, GraceRule, Holder, Root, Roots, SignedChallenge, TrustError,
    },
};
use uketsuke_conformance::edited_anywhere;
use uketsuke_fuzz::{edited, naive};

static GOOD: LazyLock<Vec<u8>> =
    LazyLock::new(|| VirtualPki::new().authentication_certificate(&spec()));
static SIGNING: LazyLock<Vec<u8>> =
    LazyLock::new(|| VirtualPki::new().signing_certificate(&spec()));
static ROOTS: LazyLock<Roots> = LazyLock::new(Roots::simulation);
static SIGNING_ROOTS: LazyLock<Roots> = LazyLock::new(Roots::simulation_signing);

fn spec() -> CertificateSpec {
    CertificateSpec {
        serial: 0x0500_0001,
        common_name: "000001SIM0000000000003A".into(),
        not_before: "2024-05-01T01:02:03Z".parse().expect("a time"),
        not_after: "2029-04-01T14:59:59Z".parse().expect("a time"),
        generation: Generation::Third,
        defect: None,
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((kind, rest)) = input.split_first() else {
        return;
    };
    match kind % 4 {
        0 => certificate(rest, None),
        1 => certificate(&edited(&GOOD, rest), Some(&GOOD)),
        2 if kind & 4 == 0 => certificate(&edited(&SIGNING, rest), Some(&SIGNING)),
        2 => {
            if let Some(der) = edited_anywhere(&SIGNING, rest) {
                certificate(&der, Some(&SIGNING));
            }
        }
        _ => message(rest),
    }
});

/// `good`: what it was before it was edited.
fn certificate(der: &[u8], good: Option<&[u8]>) {
    match Certificate::parse(der) {
        Ok(certificate) => {
            assert_eq!(certificate.der(), der);
            assert!(certificate.not_before() <= certificate.not_after());
            assert!(certificate.serial().len() <= 20);
            assert!(format!("{certificate:?} {:?}", certificate.digest()).len() < 200);
            holder(&certificate);
        }
        Err(
            CertificateError::Der { position, .. } | CertificateError::Profile { position, .. },
        ) => assert!(position <= der.len()),
        Err(_) => assert!(der.len() > Certificate::MAX_LEN),
    }
    let now = "2026-06-01T00:00:00Z".parse().expect("a time");
    let found =
        ROOTS.check_authentication(der, Realms::simulation(), now, GraceRule::EligibilityOnly);
    assert!(found.is_err() || is_genuine(der, good, VirtualPki::root));
    let other =
        ROOTS.check_authentication(der, Realms::production(), now, GraceRule::EligibilityOnly);
    assert!(other.is_err());
    let found = SIGNING_ROOTS.check_signing(der, Realms::simulation(), now);
    assert!(found.is_err() || is_genuine(der, good, VirtualPki::signing_root));
    if let Err(error) = Root::new(der, Realm::JpkiTest) {
        assert!(!matches!(error, TrustError::Lapsed { .. }));
    }
}

/// Signed by one of the roots, and not one bit edited.
fn is_genuine(
    der: &[u8],
    good: Option<&[u8]>,
    root: fn(&VirtualPki, Generation) -> &'static [u8],
) -> bool {
    let signed = naive::parts(der)[0].parts();
    let roots = Generation::ALL.map(|generation| root(&VirtualPki::new(), generation));
    good.is_none_or(|good| der == good)
        && roots
            .iter()
            .any(|root| naive::is_signed(&signed, naive::key_info(root)))
}

/// Whoever it says that it is for: nothing of it is half-read.
fn holder(certificate: &Certificate<'_>) {
    match Holder::parse(certificate) {
        Ok(holder) => {
            for (text, flags) in [
                (holder.name(), holder.name_substitutions()),
                (holder.address(), holder.address_substitutions()),
            ] {
                let Some(flags) = flags else { continue };
                assert_eq!(flags.flags().len(), text.chars().count());
                assert_eq!(flags.any(), flags.flags().contains(&true));
            }
            assert_eq!(holder.birth_date().as_str().len(), 8);
            let _ = (holder.era(), holder.sex());
            assert_eq!(format!("{holder:?}"), "Holder(..)");
        }
        Err(
            CertificateError::Der { position, .. } | CertificateError::Profile { position, .. },
        ) => assert!(position <= certificate.der().len()),
        Err(error) => panic!("{error}"),
    }
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
