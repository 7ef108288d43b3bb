//! Roots, time and the bytes of a certificate, as a user sees them.

use jiff::Timestamp;
use proptest::prelude::*;
use uketsuke::{
    Realm, Realms,
    simulation::{CertificateSpec, Generation, VirtualPki},
    trust::{Certificate, CertificateError, GraceRule, Root, Roots, Standing, TrustError},
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn spec(generation: Generation, from: &str, to: &str) -> CertificateSpec {
    CertificateSpec {
        serial: 0x0500_0001,
        common_name: "000001SIM0000000000003A".into(),
        not_before: at(from),
        not_after: at(to),
        generation,
        defect: None,
    }
}

fn leaf(generation: Generation, from: &str, to: &str) -> Vec<u8> {
    VirtualPki::new().authentication_certificate(&spec(generation, from, to))
}

fn good_leaf() -> Vec<u8> {
    leaf(
        Generation::Third,
        "2024-05-01T01:02:03Z",
        "2029-04-01T14:59:59Z",
    )
}

fn check(roots: &Roots, der: &[u8], now: &str) -> Result<(Standing, Realm), TrustError> {
    roots.check_authentication(der, Realms::simulation(), at(now), GraceRule::None)
}

fn only(generation: Generation) -> Roots {
    let der = VirtualPki::new().root(generation);
    Roots::empty().with(Root::new(der, Realm::Simulation).unwrap())
}

const IN_FORCE: Result<(Standing, Realm), TrustError> = Ok((Standing::InForce, Realm::Simulation));

#[test]
fn leaves_pass_only_under_the_root_of_their_own_generation() {
    let names: Vec<Vec<u8>> = Generation::ALL
        .into_iter()
        .map(|g| {
            let root = VirtualPki::new().root(g);
            Certificate::parse(root).unwrap().subject().to_vec()
        })
        .collect();
    assert!(names.iter().all(|name| *name == names[0]), "one name");

    // A time at which all three roots are valid, so that only the key decides.
    let now = "2024-06-01T00:00:00Z";
    for own in Generation::ALL {
        let der = leaf(own, "2023-08-01T00:00:00Z", "2028-07-01T14:59:59Z");
        assert_eq!(check(&Roots::simulation(), &der, now), IN_FORCE);
        for other in Generation::ALL {
            let expected = if own == other {
                IN_FORCE
            } else {
                Err(TrustError::UnknownIssuer)
            };
            assert_eq!(
                check(&only(other), &der, now),
                expected,
                "{own:?} {other:?}"
            );
        }
    }
}

#[test]
fn a_first_generation_leaf_passes_in_2023_and_fails_in_2026() {
    let roots = Roots::simulation();
    // As issued until September 2019: it ends before its root does.
    let der = leaf(
        Generation::First,
        "2019-08-20T02:00:00Z",
        "2024-08-10T14:59:59Z",
    );
    assert_eq!(check(&roots, &der, "2023-06-01T00:00:00Z"), IN_FORCE);
    assert_eq!(
        check(&roots, &der, "2026-06-01T00:00:00Z"),
        Err(TrustError::Lapsed {
            now: at("2026-06-01T00:00:00Z"),
            not_after: at("2024-08-10T14:59:59Z"),
        })
    );
    // One that would outlive its root doesn't.
    let der = leaf(
        Generation::First,
        "2019-08-20T02:00:00Z",
        "2027-08-10T14:59:59Z",
    );
    assert_eq!(check(&roots, &der, "2023-06-01T00:00:00Z"), IN_FORCE);
    assert_eq!(check(&roots, &der, "2025-10-19T14:59:59.9Z"), IN_FORCE);
    assert_eq!(
        check(&roots, &der, "2025-10-19T15:00:00Z"),
        Err(TrustError::RootNotValid {
            now: at("2025-10-19T15:00:00Z"),
            not_before: at("2015-10-20T03:08:13Z"),
            not_after: at("2025-10-19T14:59:59Z"),
        })
    );
    // Nor one that claims a time before its root.
    let der = leaf(
        Generation::Third,
        "2020-08-20T02:00:00Z",
        "2027-08-10T14:59:59Z",
    );
    assert!(matches!(
        check(&roots, &der, "2023-06-01T00:00:00Z"),
        Err(TrustError::RootNotValid { .. })
    ));
}

#[test]
fn validity_holds_from_the_first_to_the_last_second() {
    let roots = Roots::simulation();
    let der = good_leaf();
    let (from, to) = (at("2024-05-01T01:02:03Z"), at("2029-04-01T14:59:59Z"));
    assert_eq!(
        check(&roots, &der, "2024-05-01T01:02:02.999Z"),
        Err(TrustError::NotYetValid {
            now: at("2024-05-01T01:02:02.999Z"),
            not_before: from
        })
    );
    assert_eq!(check(&roots, &der, "2024-05-01T01:02:03Z"), IN_FORCE);
    assert_eq!(
        check(&roots, &der, "2029-04-01T14:59:59.999Z"),
        Ok((Standing::Expiring { not_after: to }, Realm::Simulation))
    );
    let after = "2029-04-01T15:00:00Z";
    assert_eq!(
        check(&roots, &der, after),
        Err(TrustError::Lapsed {
            now: at(after),
            not_after: to
        })
    );
    let until = at("2029-07-31T14:59:59Z");
    assert_eq!(
        roots.check_authentication(
            &der,
            Realms::simulation(),
            at(after),
            GraceRule::EligibilityOnly
        ),
        Ok((Standing::Grace { until }, Realm::Simulation))
    );
}

#[test]
fn a_general_time_after_2049_is_read() {
    let der = leaf(
        Generation::Third,
        "2024-05-01T01:02:03Z",
        "2051-04-01T14:59:59Z",
    );
    let certificate = Certificate::parse(&der).unwrap();
    assert_eq!(certificate.not_after(), at("2051-04-01T14:59:59Z"));
    assert_eq!(
        check(&Roots::simulation(), &der, "2026-01-01T00:00:00Z"),
        IN_FORCE
    );
}

#[test]
fn worlds_do_not_mix() {
    let now = at("2026-06-01T00:00:00Z");
    let der = good_leaf();
    let check = |roots: &Roots, realms| {
        roots.check_authentication(&der, realms, now, GraceRule::EligibilityOnly)
    };
    let real = Roots::jpki_authentication();
    for realms in [
        Realms::production(),
        Realms::jpki_test(),
        Realms::simulation(),
    ] {
        assert_eq!(check(&real, realms), Err(TrustError::UnknownIssuer));
        assert_eq!(
            check(&Roots::empty(), realms),
            Err(TrustError::UnknownIssuer)
        );
    }
    let mut both = real;
    for generation in Generation::ALL {
        let root = Root::new(VirtualPki::new().root(generation), Realm::Simulation).unwrap();
        both = both.with(root);
    }
    assert_eq!(both.iter().count(), 6);
    for realms in [Realms::production(), Realms::jpki_test()] {
        assert_eq!(
            check(&both, realms),
            Err(TrustError::RealmNotAccepted {
                found: Realm::Simulation
            })
        );
    }
    assert_eq!(check(&both, Realms::simulation()), IN_FORCE);
}

#[test]
fn an_embedded_root_keeps_its_realm() {
    let simulated = VirtualPki::new().root(Generation::Second);
    for realm in [Realm::Production, Realm::JpkiTest] {
        assert_eq!(
            Root::new(simulated, realm).unwrap_err(),
            TrustError::KeyOfOtherRealm {
                found: Realm::Simulation
            }
        );
    }
}

#[test]
fn a_leaf_is_no_root_and_a_signing_root_is_not_pinned() {
    let der = good_leaf();
    assert!(matches!(
        Root::new(&der, Realm::Simulation),
        Err(TrustError::NotForThisPurpose {
            element: "subject",
            ..
        })
    ));
    for generation in Generation::ALL {
        let pki = VirtualPki::new();
        let mut spec = spec(generation, "2023-08-01T00:00:00Z", "2028-07-01T14:59:59Z");
        spec.common_name = "20230801000000000000000003A".into();
        let signing = pki.signing_certificate(&spec);
        let roots = Roots::simulation();
        let now = "2024-06-01T00:00:00Z";
        assert_eq!(check(&roots, &signing, now), Err(TrustError::UnknownIssuer));
        // Even where the root for signatures is accepted, its certificates aren't for authentication.
        let roots = roots.with(Root::new(pki.signing_root(generation), Realm::Simulation).unwrap());
        assert_eq!(
            check(&roots, &signing, now),
            Err(TrustError::NotForThisPurpose {
                element: "extKeyUsage",
                why: "absent"
            })
        );
    }
}

#[test]
fn every_truncation_and_every_tail_is_refused() {
    let der = good_leaf();
    for len in 0..der.len() {
        assert!(Certificate::parse(&der[..len]).is_err(), "{len}");
    }
    let mut longer = der;
    for byte in 0..=255 {
        longer.push(byte);
        assert!(Certificate::parse(&longer).is_err());
        longer.pop();
    }
}

#[test]
fn size_is_capped_before_anything_is_read() {
    let bytes = vec![0x30; Certificate::MAX_LEN + 1];
    assert_eq!(
        Certificate::parse(&bytes).unwrap_err(),
        CertificateError::TooLong {
            len: Certificate::MAX_LEN + 1,
            max: Certificate::MAX_LEN
        }
    );
    let refused = Certificate::parse(&bytes[1..]).unwrap_err();
    assert!(
        matches!(refused, CertificateError::Der { .. }),
        "not by its length"
    );
}

/// Every bit of the structure and a sample of the rest; the sample moves with the byte.
#[test]
fn no_flipped_bit_validates() {
    let roots = Roots::simulation();
    let now = "2026-06-01T00:00:00Z";
    let mut der = good_leaf();
    assert_eq!(check(&roots, &der, now), IN_FORCE);
    for position in 0..der.len() {
        for bit in 0..8 {
            der[position] ^= 1 << bit;
            assert!(
                check(&roots, &der, now).is_err(),
                "byte {position} bit {bit}"
            );
            der[position] ^= 1 << bit;
        }
    }
    assert_eq!(check(&roots, &der, now), IN_FORCE);
}

/// Lists are fetched on one thread, cards read on another, and what failed is logged on a third.
#[test]
fn everything_may_go_to_another_thread() {
    use uketsuke::trust::*;

    fn all<T: Send + Sync + 'static>() {}
    all::<(Roots, Root, CvRoots, CvRoot, IssuerKey, TerminalKey)>();
    all::<(ChainValidated, SigningChainValidated, Challenge)>();
    all::<(ChallengeSigned, SignedChallenge, Evidence, EvidenceVerified)>();
    all::<(CrlIndex, CrlSource, OcspRequest, OcspAnswer)>();
    all::<(IssuedPhoto, LivePhoto, IssuedFace, AgeRecord)>();
    all::<(IssuedAttributes, IssuedHolder, Holder)>();
    all::<(TrustError, CvError, ChallengeError, EvidenceError)>();
    all::<(RevocationError, CertificateError, Revoked)>();
}

#[test]
fn debug_shows_nothing_of_the_holder() {
    let der = good_leaf();
    let certificate = Certificate::parse(&der).unwrap();
    let shown = format!("{certificate:?} {:?}", certificate.digest());
    assert!(!shown.contains("SIM000"), "{shown}");
    assert!(!shown.contains("83886081") && !shown.to_lowercase().contains("5000001"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn arbitrary_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..2048)) {
        let now = "2026-06-01T00:00:00Z";
        prop_assert!(check(&Roots::simulation(), &bytes, now).is_err());
        prop_assert!(Root::new(&bytes, Realm::Simulation).is_err());
    }

    /// Bytes of a leaf, cut, repeated and overwritten: near enough to get deep into the reader.
    #[test]
    fn damaged_leaves_are_refused_and_positions_lie_inside(
        edits in prop::collection::vec((0usize..1600, 0usize..40, any::<u8>(), 0u8..3), 1..4),
    ) {
        let good = good_leaf();
        let mut der = good.clone();
        for (at, len, byte, kind) in edits {
            let at = at.min(der.len());
            let end = (at + len).min(der.len());
            match kind {
                0 => { der.drain(at..end); }
                1 => { der[at..end].fill(byte); }
                _ => { let part = der[at..end].to_vec(); der.splice(at..at, part); }
            }
        }
        prop_assume!(der != good);
        prop_assert!(check(&Roots::simulation(), &der, "2026-06-01T00:00:00Z").is_err());
        if let Err(CertificateError::Der { position, .. } | CertificateError::Profile { position, .. }) =
            Certificate::parse(&der)
        {
            prop_assert!(position <= der.len(), "{position} of {}", der.len());
        }
    }
}
