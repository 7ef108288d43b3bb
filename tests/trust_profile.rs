//! The profile of authentication certificates: each rule broken alone, and the real roots.

use jiff::Timestamp;
use uketsuke::{
    Realms,
    simulation::{CertificateSpec, Defect, Generation, VirtualPki},
    trust::{Certificate, CertificateError, GraceRule, Roots, TrustError},
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn leaf(generation: Generation, defect: Option<Defect>) -> Vec<u8> {
    VirtualPki::new().authentication_certificate(&CertificateSpec {
        serial: 0x0500_0001,
        common_name: "000001SIM0000000000003A".into(),
        not_before: at("2024-05-01T01:02:03Z"),
        not_after: at("2029-04-01T14:59:59Z"),
        generation,
        defect,
    })
}

fn check(der: &[u8], now: &str) -> Result<(), TrustError> {
    Roots::simulation()
        .check_authentication(der, Realms::simulation(), at(now), GraceRule::None)
        .map(drop)
}

#[test]
fn malformed_certificates_say_where_and_why() {
    for (defect, element, why) in [
        (
            Defect::AlgorithmMismatch,
            "signatureAlgorithm",
            "differs from the one inside the signed part",
        ),
        (Defect::DuplicateExtension, "extensions", "one comes twice"),
        (Defect::TooManyExtensions, "extensions", "too many"),
        (
            Defect::ValidityReversed,
            "validity",
            "ends before it begins",
        ),
        (Defect::OldVersion, "version", "only version 3 is read"),
    ] {
        let der = leaf(Generation::Third, Some(defect));
        let Err(CertificateError::Profile {
            element: found,
            why: found_why,
            position,
        }) = Certificate::parse(&der)
        else {
            panic!("{defect:?}")
        };
        assert_eq!((found, found_why), (element, why));
        // A SEQUENCE or a context tag begins there: the position is exact.
        assert!(
            matches!(der[position], 0x30 | 0xa0),
            "{defect:?}: {position}"
        );
    }
    let der = leaf(Generation::Third, Some(Defect::TrailingByte));
    assert_eq!(
        Certificate::parse(&der).unwrap_err(),
        CertificateError::Der {
            position: der.len() - 1,
            element: "Certificate"
        }
    );
}

#[test]
fn critical_policies_pass() {
    // The reason why rustls-webpki can't be used: the leaf really is of that kind.
    let der = leaf(Generation::Third, None);
    let critical_policies = [
        0x06, 0x03, 0x55, 0x1d, 0x20, 0x01, 0x01, 0xff, // certificatePolicies, critical
    ];
    assert!(der.windows(8).any(|w| w == critical_policies));
    assert_eq!(check(&der, "2026-06-01T00:00:00Z"), Ok(()));
}

#[test]
fn the_first_reason_in_the_order_of_the_rules_is_given() {
    // Out of date and for another purpose: the time is named first.
    let der = leaf(Generation::Third, Some(Defect::NoKeyUsage));
    assert!(matches!(
        check(&der, "2032-01-01T00:00:00Z"),
        Err(TrustError::Lapsed { .. })
    ));
    // Out of date and not signed by the root: the signature is named first.
    let der = leaf(Generation::Third, Some(Defect::WrongSignature));
    assert_eq!(
        check(&der, "2032-01-01T00:00:00Z"),
        Err(TrustError::BadSignature)
    );
    // Another world and out of date: the world is named first.
    let der = leaf(Generation::Third, None);
    assert!(matches!(
        Roots::simulation().check_authentication(
            &der,
            Realms::production(),
            at("2032-01-01T00:00:00Z"),
            GraceRule::None
        ),
        Err(TrustError::RealmNotAccepted { .. })
    ));
}
