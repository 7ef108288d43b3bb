//! A table of bad certificates: each breaks one rule by itself and is refused with exactly that
//! rule's error, and the unbroken one passes.

use jiff::Timestamp;
use uketsuke::{
    Realm, Realms,
    simulation::{CertificateSpec, Defect, Generation, VirtualPki},
    trust::{AlgorithmPolicy, CertificateError, GraceRule, Root, Roots, TrustError},
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The three kinds of certificate in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Authentication,
    Signing,
    Root,
}

const KINDS: [Kind; 3] = [Kind::Authentication, Kind::Signing, Kind::Root];
/// The first root ends in 2025.
const NOW: &str = "2025-06-01T00:00:00Z";

fn make(kind: Kind, generation: Generation, defect: Option<Defect>) -> Vec<u8> {
    let pki = VirtualPki::new();
    let spec = CertificateSpec {
        serial: 0x0500_0001,
        common_name: "000001SIM0000000000003A".into(),
        not_before: at("2024-05-01T01:02:03Z"),
        not_after: at("2029-04-01T14:59:59Z"),
        generation,
        defect,
    };
    match (kind, defect) {
        (Kind::Authentication, _) => pki.authentication_certificate(&spec),
        (Kind::Signing, _) => pki.signing_certificate(&spec),
        (Kind::Root, None) => pki.root(generation).to_vec(),
        (Kind::Root, Some(defect)) => pki.broken_root(generation, defect),
    }
}

fn check(kind: Kind, der: &[u8]) -> Result<(), TrustError> {
    let (realms, now) = (Realms::simulation(), at(NOW));
    match kind {
        Kind::Authentication => Roots::simulation()
            .check_authentication(der, realms, now, GraceRule::None)
            .map(drop),
        Kind::Signing => Roots::simulation_signing()
            .check_signing(der, realms, now)
            .map(drop),
        Kind::Root => Root::new(der, Realm::Simulation).map(drop),
    }
}

/// What a line of the table expects; positions in the form are looked at by other tests.
#[derive(Debug, PartialEq, Eq)]
enum Expected {
    /// This certificate may be so.
    Passes,
    /// Longer than is looked at.
    TooLong,
    /// Not DER, in this element.
    Der(&'static str),
    /// Against the profile of all certificates.
    Form(&'static str, &'static str),
    /// Anything else.
    Error(TrustError),
}

fn seen(result: Result<(), TrustError>) -> Expected {
    match result {
        Ok(()) => Expected::Passes,
        Err(TrustError::Certificate(CertificateError::TooLong { .. })) => Expected::TooLong,
        Err(TrustError::Certificate(CertificateError::Der { element, .. })) => {
            Expected::Der(element)
        }
        Err(TrustError::Certificate(CertificateError::Profile { element, why, .. })) => {
            Expected::Form(element, why)
        }
        Err(other) => Expected::Error(other),
    }
}

/// The table. A new defect doesn't compile into silence: it panics here.
fn expected(kind: Kind, defect: Defect) -> Expected {
    use Expected::{Der, Form, Passes};
    let root = kind == Kind::Root;
    let not = |element, why| Expected::Error(TrustError::NotForThisPurpose { element, why });
    let critical = |oid: &str| {
        Expected::Error(TrustError::UnknownCriticalExtension {
            oid: oid.to_owned(),
        })
    };
    let algorithm = |oid: &str| {
        Expected::Error(TrustError::AlgorithmNotAccepted {
            oid: oid.to_owned(),
        })
    };
    let key = |oid: &str, bits| {
        Expected::Error(TrustError::KeyNotAccepted {
            oid: oid.to_owned(),
            bits,
        })
    };
    // A root is verified with its own key: another key in it means that it didn't sign.
    let own_key = |oid: &str, bits| {
        if root {
            Expected::Error(TrustError::BadSignature)
        } else {
            key(oid, bits)
        }
    };
    let policy = |found: Option<&str>| {
        Expected::Error(TrustError::PolicyNotAccepted {
            found: found.map(str::to_owned),
            wanted: match kind {
                Kind::Signing => "1.3.6.1.4.1.32473.8.5.1.1.20".into(),
                _ => "1.3.6.1.4.1.32473.8.5.1.3.30".into(),
            },
        })
    };
    let bad_signature = Expected::Error(TrustError::BadSignature);
    let unknown_issuer = Expected::Error(TrustError::UnknownIssuer);
    // What a root isn't asked for; critical, it's refused for that.
    let leaf = |line| if root { Passes } else { line };
    let leaf_or_critical = |line| if root { critical("2.5.29.32") } else { line };
    let signing = kind == Kind::Signing;
    let usage = |line| if root { "lacks keyCertSign" } else { line };
    const RSA: &str = "1.2.840.113549.1.1.1";
    const EC: &str = "1.2.840.10045.2.1";

    match defect {
        Defect::Truncated | Defect::IndefiniteLength | Defect::LongLength => Der("Certificate"),
        Defect::TrailingByte => Der("Certificate"),
        Defect::TooLong => Expected::TooLong,
        Defect::TrailingField => Der("tbsCertificate"),
        Defect::UniqueId | Defect::NoExtensions => Der("extensions"),
        Defect::OldVersion | Defect::NoVersion | Defect::UnknownVersion => {
            Form("version", "only version 3 is read")
        }
        Defect::LongSerial => Form("serialNumber", "longer than 20 bytes"),
        Defect::PaddedSerial | Defect::EmptySerial => Der("serialNumber"),
        Defect::AlgorithmMismatch => Form(
            "signatureAlgorithm",
            "differs from the one inside the signed part",
        ),
        Defect::ValidityReversed => Form("validity", "ends before it begins"),
        Defect::TimeWithoutSeconds
        | Defect::LocalTime
        | Defect::FractionalTime
        | Defect::ImpossibleTime => Der("notBefore"),
        Defect::EmptyExtensions => Form("extensions", "empty"),
        Defect::DuplicateExtension => Form("extensions", "one comes twice"),
        Defect::TooManyExtensions => Form("extensions", "too many"),
        Defect::CriticalNotDer => Der("critical"),
        Defect::TrailingInExtension => Der("extension"),
        Defect::SignatureUnusedBits => Form("signatureValue", "has unused bits"),

        Defect::OtherIssuerName if root => not("subject", "is not the issuer, so this is no root"),
        Defect::OtherIssuerName => unknown_issuer,
        Defect::NoAuthorityKeyId => leaf(not("authorityKeyIdentifier", "absent")),
        Defect::WrongAuthorityKeyId | Defect::WrongAuthoritySerial => leaf(unknown_issuer),
        Defect::AuthorityKeyIdWithoutKey => {
            leaf(not("authorityKeyIdentifier", "has no keyIdentifier"))
        }
        Defect::HalfAuthorityKeyId => leaf(not(
            "authorityKeyIdentifier",
            "has issuer or serial number without the other",
        )),
        Defect::BrokenAuthorityKeyId => leaf(Der("authorityKeyIdentifier")),

        Defect::Sha1Signature => algorithm("1.2.840.113549.1.1.5"),
        Defect::Sha384Signature => algorithm("1.2.840.113549.1.1.12"),
        Defect::PssSignature => algorithm("1.2.840.113549.1.1.10"),
        // A root of the next card may have it, but not with a key for RSA.
        Defect::EcdsaSignature if root => bad_signature,
        Defect::EcdsaSignature => algorithm("1.2.840.10045.4.3.3"),
        Defect::NoAlgorithmParameters => algorithm("1.2.840.113549.1.1.11"),
        Defect::WrongSignature
        | Defect::ShortSignature
        | Defect::EmptySignature
        | Defect::OtherGenerationSigned
        | Defect::SignedByHolder => bad_signature,

        Defect::UnknownCriticalExtension => critical("1.3.6.1.4.1.32473.1"),
        Defect::NameConstraints => critical("2.5.29.30"),
        Defect::CriticalCrlPoints => critical("2.5.29.31"),
        Defect::CriticalSubjectKeyId => critical("2.5.29.14"),

        Defect::EmptySubject => not("subject", "is empty"),
        Defect::BrokenSubject => Der("subject"),
        Defect::SubjectIsIssuer => leaf(not("subject", "is the issuer")),

        Defect::NoKeyUsage => not("keyUsage", "absent"),
        Defect::WrongKeyUsage | Defect::EmptyKeyUsage | Defect::OnlyNonRepudiation => {
            not("keyUsage", usage("lacks digitalSignature"))
        }
        Defect::OnlyDigitalSignature if root => not("keyUsage", "lacks keyCertSign"),
        Defect::OnlyDigitalSignature if signing => not("keyUsage", "lacks nonRepudiation"),
        Defect::OnlyDigitalSignature => Passes,
        Defect::SignsCertificates => leaf(not("keyUsage", "has keyCertSign")),
        Defect::BrokenKeyUsage => Der("keyUsage"),
        Defect::NoExtendedKeyUsage if kind == Kind::Authentication => not("extKeyUsage", "absent"),
        Defect::NoExtendedKeyUsage => Passes,
        Defect::WrongExtendedKeyUsage
        | Defect::AnyExtendedKeyUsage
        | Defect::EmptyExtendedKeyUsage
        | Defect::BrokenExtendedKeyUsage
            if signing =>
        {
            not("extKeyUsage", "present")
        }
        Defect::WrongExtendedKeyUsage
        | Defect::AnyExtendedKeyUsage
        | Defect::EmptyExtendedKeyUsage => leaf(not("extKeyUsage", "lacks clientAuth")),
        Defect::BrokenExtendedKeyUsage => leaf(Der("extKeyUsage")),
        Defect::IsCa if root => not("basicConstraints", "does not say CA:TRUE"),
        Defect::IsCa => not("basicConstraints", "says CA:TRUE"),
        Defect::PathLengthWithoutCa => not("basicConstraints", "has a path length without CA:TRUE"),
        Defect::BrokenBasicConstraints => Der("basicConstraints"),

        Defect::NoPolicy => leaf(not("certificatePolicies", "absent")),
        Defect::WrongPolicy => leaf_or_critical(policy(Some(if signing {
            "1.3.6.1.4.1.32473.8.5.1.3.30"
        } else {
            "1.3.6.1.4.1.32473.8.5.1.1.20"
        }))),
        Defect::TestPolicy => leaf_or_critical(policy(Some(if signing {
            "1.2.392.200149.8.5.1.0.20"
        } else {
            "1.2.392.200149.8.5.1.0.30"
        }))),
        Defect::AnyPolicy => leaf_or_critical(policy(Some("2.5.29.32.0"))),
        Defect::EmptyPolicies => leaf_or_critical(policy(None)),
        Defect::UnknownQualifier => leaf_or_critical(not(
            "certificatePolicies",
            "has a qualifier that is not understood",
        )),
        Defect::BrokenPolicies => leaf_or_critical(Der("certificatePolicies")),

        Defect::NoSubjectKeyId if root => not("subjectKeyIdentifier", "absent"),
        Defect::NoSubjectKeyId => Passes,
        Defect::EmptySubjectKeyId => not("subjectKeyIdentifier", "is empty"),
        Defect::BrokenSubjectKeyId => Der("subjectKeyIdentifier"),
        Defect::SmallKey => key(RSA, Some(1024)),
        Defect::LargeKey => key(RSA, Some(4097)),
        Defect::SmallExponent => key(RSA, None),
        Defect::NegativeModulus => Der("modulus"),
        Defect::TrailingInKey => Der("subjectPublicKey"),
        Defect::KeyUnusedBits => Form("subjectPublicKey", "has unused bits"),
        Defect::NoKeyParameters => key(RSA, None),
        Defect::PssKey => key("1.2.840.113549.1.1.10", None),
        Defect::P256Key | Defect::CompressedP384Key => key(EC, None),
        Defect::P384Key => own_key(EC, None),
        other => panic!("{other:?}: say what it must be refused with"),
    }
}

#[test]
fn each_broken_rule_is_refused_by_its_own_error() {
    let (mut cases, mut refused) = (0, 0);
    let mut wrong = Vec::new();
    for kind in KINDS {
        for generation in Generation::ALL {
            assert_eq!(check(kind, &make(kind, generation, None)), Ok(()));
        }
        for (number, defect) in Defect::ALL.into_iter().enumerate() {
            let generation = Generation::ALL[number % 3];
            let found = seen(check(kind, &make(kind, generation, Some(defect))));
            let wanted = expected(kind, defect);
            cases += 1;
            refused += usize::from(wanted != Expected::Passes);
            if found != wanted {
                wrong.push(format!("{kind:?} {defect:?}: {found:?}, not {wanted:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        Defect::ALL.len() >= 60 && refused >= 180,
        "{refused} of {cases}"
    );
}

/// Each defect changes the certificate, so no line of the table passes for want of a defect.
#[test]
fn what_passes_was_changed_too() {
    for kind in KINDS {
        let good = make(kind, Generation::Third, None);
        for defect in Defect::ALL {
            // These take away what isn't there, or say what is so.
            let nothing = match defect {
                Defect::NoExtendedKeyUsage => kind != Kind::Authentication,
                Defect::OnlyDigitalSignature => kind == Kind::Authentication,
                Defect::NoAuthorityKeyId | Defect::NoPolicy | Defect::SubjectIsIssuer => {
                    kind == Kind::Root
                }
                _ => false,
            };
            let der = make(kind, Generation::Third, Some(defect));
            assert_eq!(der == good, nothing, "{kind:?} {defect:?}");
        }
    }
}

/// The rules about time and about the roots, which no byte of the certificate can break.
#[test]
fn time_realm_and_root() {
    let der = make(Kind::Signing, Generation::Third, None);
    let roots = Roots::simulation_signing();
    let at_time = |now: &str| {
        roots
            .check_signing(&der, Realms::simulation(), at(now))
            .map(drop)
    };
    let (not_before, not_after) = (at("2024-05-01T01:02:03Z"), at("2029-04-01T14:59:59Z"));
    assert_eq!(at_time("2024-05-01T01:02:03Z"), Ok(()));
    assert_eq!(at_time("2029-04-01T14:59:59.9Z"), Ok(()));
    let now = at("2024-05-01T01:02:02Z");
    assert_eq!(
        at_time("2024-05-01T01:02:02Z"),
        Err(TrustError::NotYetValid { now, not_before })
    );
    // No grace for signatures.
    let now = at("2029-04-01T15:00:00Z");
    assert_eq!(
        at_time("2029-04-01T15:00:00Z"),
        Err(TrustError::Lapsed { now, not_after })
    );
    let first = make(Kind::Signing, Generation::First, None);
    let now = at("2025-10-19T15:00:00Z");
    assert!(matches!(
        roots.check_signing(&first, Realms::simulation(), now),
        Err(TrustError::RootNotValid { .. })
    ));
    let now = at(NOW);
    assert_eq!(
        roots.check_signing(&der, Realms::production(), now),
        Err(TrustError::RealmNotAccepted {
            found: Realm::Simulation
        })
    );
    for other in [Roots::jpki_signing(), Roots::simulation(), Roots::empty()] {
        assert_eq!(
            other.check_signing(&der, Realms::simulation(), now),
            Err(TrustError::UnknownIssuer)
        );
    }
    // Root and policy keep the two kinds apart, whichever way.
    let all = |mut roots: Roots| {
        for generation in Generation::ALL {
            for root in [
                VirtualPki::new().root(generation),
                VirtualPki::new().signing_root(generation),
            ] {
                roots = roots.with(Root::new(root, Realm::Simulation).unwrap());
            }
        }
        roots
    };
    let roots = all(Roots::empty());
    let leaf = make(Kind::Authentication, Generation::Third, None);
    assert_eq!(
        roots.check_signing(&leaf, Realms::simulation(), now),
        Err(TrustError::NotForThisPurpose {
            element: "keyUsage",
            why: "lacks nonRepudiation"
        })
    );
}

#[test]
fn a_leaf_of_one_generation_never_validates_under_another() {
    let pki = VirtualPki::new();
    for own in Generation::ALL {
        let der = make(Kind::Signing, own, None);
        let stolen = make(Kind::Signing, own, Some(Defect::OtherGenerationSigned));
        for other in Generation::ALL {
            let root = Root::new(pki.signing_root(other), Realm::Simulation).unwrap();
            let roots = Roots::empty().with(root);
            let check = |der: &[u8]| roots.check_signing(der, Realms::simulation(), at(NOW));
            if own == other {
                assert!(check(&der).is_ok());
                assert_eq!(check(&stolen), Err(TrustError::BadSignature));
            } else {
                assert_eq!(
                    check(&der),
                    Err(TrustError::UnknownIssuer),
                    "{own:?} {other:?}"
                );
                assert_eq!(check(&stolen), Err(TrustError::UnknownIssuer));
            }
        }
    }
}

#[test]
fn policies_of_phones_are_accepted_where_the_caller_says_so() {
    use uketsuke::trust::CertificateUse::{Authentication, Signing};
    let der = make(
        Kind::Authentication,
        Generation::Third,
        Some(Defect::TestPolicy),
    );
    let policy = "1.2.392.200149.8.5.1.0.30";
    let check = |roots: Roots| {
        roots
            .check_authentication(&der, Realms::simulation(), at(NOW), GraceRule::None)
            .map(drop)
    };
    let with = |usage, realm| {
        Roots::simulation()
            .with_policy(usage, realm, policy)
            .unwrap()
    };
    assert_eq!(check(with(Authentication, Realm::Simulation)), Ok(()));
    let refused = Err(TrustError::PolicyNotAccepted {
        found: Some(policy.into()),
        wanted: "1.3.6.1.4.1.32473.8.5.1.3.30".into(),
    });
    assert_eq!(check(Roots::simulation()), refused);
    assert_eq!(check(with(Signing, Realm::Simulation)), refused);
    assert_eq!(check(with(Authentication, Realm::Production)), refused);
    let other = Roots::simulation()
        .with_policy(
            Authentication,
            Realm::Simulation,
            "1.2.392.200149.8.5.1.0.31",
        )
        .unwrap();
    assert_eq!(check(other), refused);
    // The card's own stays accepted beside it.
    let card = make(Kind::Authentication, Generation::Third, None);
    let roots = with(Authentication, Realm::Simulation);
    assert!(
        roots
            .check_authentication(&card, Realms::simulation(), at(NOW), GraceRule::None)
            .is_ok()
    );
    for bad in ["", "1", "1.2.", "2.5.29.32.0", "4.1.1", "スマホ"] {
        assert!(
            Roots::empty()
                .with_policy(Signing, Realm::Simulation, bad)
                .is_err(),
            "{bad}"
        );
    }
}

#[test]
fn keys_on_p384_are_accepted_where_the_caller_says_so() {
    let roots = Roots::simulation().with_algorithms(AlgorithmPolicy::RSA_AND_P384);
    let check = |defect| {
        let der = make(Kind::Authentication, Generation::Third, defect);
        seen(
            roots
                .check_authentication(&der, Realms::simulation(), at(NOW), GraceRule::None)
                .map(drop),
        )
    };
    assert_eq!(check(None), Expected::Passes);
    assert_eq!(check(Some(Defect::P384Key)), Expected::Passes);
    // Everything else about keys and algorithms stays as it is.
    for defect in [
        Defect::P256Key,
        Defect::CompressedP384Key,
        Defect::SmallKey,
        Defect::LargeKey,
        Defect::PssKey,
        Defect::Sha1Signature,
        Defect::Sha384Signature,
    ] {
        assert_eq!(check(Some(defect)), expected(Kind::Authentication, defect));
    }
    assert_eq!(
        check(Some(Defect::EcdsaSignature)),
        Expected::Error(TrustError::BadSignature)
    );
}
