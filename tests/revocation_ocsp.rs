//! Questions to an OCSP responder and its answers: what is asked, accepted, refused and why.

mod revocation_support;

use proptest::prelude::*;
use revocation_support::*;
use uketsuke::simulation::{
    CrlSpec, Generation, OcspDefect, OcspResponder, OcspSpec, OcspStatus, VirtualPki,
};
use uketsuke::trust::{
    CertIdHash, CertificateError, CrlIndex, NoAnswer, OcspAnswer, OcspRequest, RevocationAnswer,
    RevocationError, RevocationQuery, RevocationReason, RevocationSource, Revoked,
};

const THIRD: Generation = Generation::Third;
const NONCE: [u8; 32] = [0xa5; 32];
const DELEGATES: [OcspResponder; 2] = [OcspResponder::DelegateByName, OcspResponder::DelegateByKey];

fn request(hash: CertIdHash) -> OcspRequest {
    let der = certificate(THIRD, SERIAL);
    let root = root(THIRD);
    OcspRequest::with_nonce(&query(&der, &root), &root, hash, &NONCE).unwrap()
}

fn spec() -> OcspSpec {
    OcspSpec::new(THIRD, now())
}

fn verify_at(spec: &OcspSpec, seconds: i64) -> Result<OcspAnswer, RevocationError> {
    let request = request(CertIdHash::Sha1);
    let response = VirtualPki::new().ocsp_response(request.der(), spec);
    request.verify(&response, None, after(seconds))
}

fn verify(spec: &OcspSpec) -> Result<OcspAnswer, RevocationError> {
    verify_at(spec, 0)
}

fn ask(source: &OcspAnswer, generation: Generation, serial: u32, seconds: i64) -> RevocationAnswer {
    let der = certificate(generation, serial);
    source.ask(&query(&der, &root(generation)), after(seconds))
}

fn unknown(why: NoAnswer) -> RevocationAnswer {
    RevocationAnswer::Unknown(why)
}

#[test]
fn every_responder_answers_with_every_status_to_both_hashes() {
    let at = "2026-10-01T02:03:04Z".parse().unwrap();
    let revoked = |reason| RevocationAnswer::Revoked(Revoked { at, reason });
    for hash in [CertIdHash::Sha1, CertIdHash::Sha256] {
        for responder in OcspResponder::ALL {
            for (status, said) in [
                (OcspStatus::Good, RevocationAnswer::Good),
                (OcspStatus::Unknown, unknown(NoAnswer::IssuerDoesNotKnow)),
                (
                    OcspStatus::Revoked {
                        at,
                        reason: Some(1),
                    },
                    revoked(RevocationReason::KeyCompromise),
                ),
                (
                    OcspStatus::Revoked { at, reason: None },
                    revoked(RevocationReason::Unspecified),
                ),
            ] {
                let spec = OcspSpec {
                    status,
                    responder,
                    ..spec()
                };
                let request = request(hash);
                let response = VirtualPki::new().ocsp_response(request.der(), &spec);
                let answer = request.verify(&response, None, now()).unwrap();
                assert_eq!(answer.said(), said);
                assert_eq!(ask(&answer, THIRD, SERIAL, 0), said);
            }
        }
    }
}

#[test]
fn an_answer_is_about_one_certificate_of_one_root() {
    let answer = verify(&spec()).unwrap();
    let not_covered = unknown(NoAnswer::NotCovered);
    assert_eq!(
        format!("{answer:?} {:?}", request(CertIdHash::Sha1)),
        "OcspAnswer { said: Good, this_update: 2026-11-24T00:00:00Z, until: 2026-11-24T01:00:00Z, .. } \
         OcspRequest { len: 124, .. }"
    );
    assert_eq!(ask(&answer, THIRD, SERIAL, 0), RevocationAnswer::Good);
    assert_eq!(ask(&answer, THIRD, SERIAL + 1, 0), not_covered);
    assert_eq!(ask(&answer, Generation::Second, SERIAL, 0), not_covered);
}

fn expected(defect: OcspDefect) -> RevocationError {
    use OcspDefect as D;
    let not_allowed = |element, why| RevocationError::NotAllowed { element, why };
    match defect {
        D::WrongSignature | D::DelegateOfOtherGeneration => RevocationError::BadSignature,
        D::Sha1Signature => not_allowed("signatureAlgorithm", "is not that of the signer's key"),
        D::TryLater => RevocationError::Responder { status: 3 },
        D::NoNonce | D::OtherNonce => RevocationError::OtherNonce,
        D::OtherSerial | D::OtherIssuerName | D::OtherIssuerKey | D::OtherHash | D::NoAnswer => {
            RevocationError::OtherCertificate
        }
        D::UnknownCriticalSingleExtension
        | D::UnknownCriticalExtension
        | D::DelegateUnknownCriticalExtension => RevocationError::UnknownCriticalExtension {
            oid: "1.3.6.1.4.1.32473.1".into(),
        },
        D::NoCertificate | D::NotAppointed | D::DelegateOfOtherIssuer | D::DelegateOfOtherKeyId => {
            RevocationError::NotAppointed
        }
        D::DelegateLapsed => not_allowed("validity", "is over or to come"),
        D::DelegateWithoutNoCheck => RevocationError::ResponderUnchecked,
        D::DelegateIsCa => not_allowed("basicConstraints", "says CA:TRUE"),
        D::DelegateKeyUsage => not_allowed("keyUsage", "lacks digitalSignature"),
        D::DelegateSmallKey => not_allowed(
            "subjectPublicKeyInfo",
            "is neither RSA of 2048 to 4096 bits nor P-384",
        ),
        _ => panic!("{defect:?} is an error of form"),
    }
}

fn expected_form(defect: OcspDefect) -> Option<(&'static str, Option<&'static str>)> {
    use OcspDefect as D;
    Some(match defect {
        D::StrangeStatus => ("responseStatus", Some("is not one of RFC 6960")),
        D::OtherType => ("responseType", Some("is not id-pkix-ocsp-basic")),
        D::Version => ("responderID", None),
        D::TwoAnswers | D::TooManyAnswers => ("responses", Some("two about one certificate")),
        D::TimesReversed => ("nextUpdate", Some("is before thisUpdate")),
        D::TrailingByte => ("OCSPResponse", None),
        _ => return None,
    })
}

#[test]
fn every_defect_is_refused_for_itself() {
    for responder in OcspResponder::ALL {
        assert!(
            verify(&OcspSpec {
                responder,
                ..spec()
            })
            .is_ok()
        );
        for defect in OcspDefect::ALL {
            // By its name, the small key's holder is found all the same.
            let of_delegate = format!("{defect:?}").starts_with("Delegate")
                || matches!(defect, OcspDefect::NoCertificate | OcspDefect::NotAppointed);
            let spec = OcspSpec {
                responder,
                defect: Some(defect),
                ..spec()
            };
            if of_delegate && !DELEGATES.contains(&responder) {
                assert!(verify(&spec).is_ok());
                continue;
            }
            let found = verify(&spec).unwrap_err();
            match (expected_form(defect), &found) {
                (Some((element, why)), RevocationError::Form(form)) => match *form {
                    CertificateError::Der { element: e, .. } => {
                        assert_eq!((e, None), (element, why), "{defect:?}");
                    }
                    CertificateError::Profile {
                        element: e, why: w, ..
                    } => {
                        assert_eq!((e, Some(w)), (element, why), "{defect:?}");
                    }
                    _ => panic!("{defect:?}: {found}"),
                },
                (None, _) => assert_eq!(found, expected(defect), "{responder:?}"),
                _ => panic!("{defect:?}: {found}"),
            }
        }
    }
}

/// Without id-pkix-ocsp-nocheck, a list says whether the responder is still one.
#[test]
fn a_responder_may_be_revoked_itself() {
    let list = |serials: &[u32], municipality: bool| {
        let mut spec = CrlSpec::new(THIRD, now()).revoking(serials);
        if !municipality {
            spec.scope = uketsuke::simulation::CrlScope::Everyone;
        }
        CrlIndex::build(&VirtualPki::new().crl(&spec), &root(THIRD), now()).unwrap()
    };
    let own = VirtualPki::RESPONDER_SERIAL;
    let spec = OcspSpec {
        defect: Some(OcspDefect::DelegateWithoutNoCheck),
        ..spec()
    };
    for (list, accepted) in [
        (list(&[1], false), true),
        (list(&[own], false), false),
        (list(&[1], true), false),
    ] {
        let request = request(CertIdHash::Sha1);
        let response = VirtualPki::new().ocsp_response(request.der(), &spec);
        let found = request.verify(&response, Some(&list), now());
        match accepted {
            true => assert!(found.is_ok()),
            false => assert_eq!(found.unwrap_err(), RevocationError::ResponderUnchecked),
        }
    }
}

#[test]
fn times_are_looked_at_to_the_second() {
    let not_yet = |seconds| RevocationError::NotYetValid {
        now: after(seconds),
        this_update: now(),
    };
    let stale = |seconds, end| RevocationError::Stale {
        now: after(seconds),
        next_update: after(end),
    };
    // Made at 0 and without an end: five minutes before, an hour after.
    assert!(verify_at(&spec(), -300).is_ok());
    assert_eq!(verify_at(&spec(), -301).unwrap_err(), not_yet(-301));
    assert!(verify_at(&spec(), 3600).is_ok());
    assert_eq!(verify_at(&spec(), 3601).unwrap_err(), stale(3601, 3600));
    // An end that comes earlier.
    let short = OcspSpec {
        next_update: Some(after(60)),
        ..spec()
    };
    assert!(verify_at(&short, 60).is_ok());
    assert_eq!(verify_at(&short, 61).unwrap_err(), stale(61, 60));
    // Known long ago, and said to hold: the answer itself must be new.
    let known = OcspSpec {
        this_update: after(-100_000),
        next_update: Some(after(100_000)),
        ..spec()
    };
    assert!(verify_at(&known, 3600).is_ok());
    assert_eq!(verify_at(&known, 3601).unwrap_err(), stale(3601, 3600));
    let old = OcspSpec {
        this_update: after(-3601),
        ..spec()
    };
    assert_eq!(verify(&old).unwrap_err(), stale(0, -1));
    // Known later than it was made: what can't be.
    let early = OcspSpec {
        this_update: after(301),
        ..spec()
    };
    let error = RevocationError::NotYetValid {
        now: now(),
        this_update: after(301),
    };
    assert_eq!(verify(&early).unwrap_err(), error);
    // Kept for later, it ends.
    let answer = verify(&known).unwrap();
    assert_eq!(
        (answer.this_update(), answer.until()),
        (after(-100_000), after(100_000))
    );
    assert_eq!(ask(&answer, THIRD, SERIAL, 100_000), RevocationAnswer::Good);
    let next_update = after(100_000);
    let late = ask(&answer, THIRD, SERIAL, 100_001);
    assert_eq!(late, unknown(NoAnswer::Stale { next_update }));
}

#[test]
fn a_request_is_what_rfc_6960_says() {
    // 32 bytes of nonce, SHA-1, a serial number of four bytes: written down once by hand.
    let der = request(CertIdHash::Sha1).der().to_vec();
    let header = [
        0x30, 0x7a, 0x30, 0x78, 0x30, 0x41, 0x30, 0x3f, 0x30, 0x3d, 0x30, 0x09, 0x06, 0x05, 0x2b,
        0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14,
    ];
    assert_eq!(der[..header.len()], header);
    // The issuer's name and key, hashed; the root's key identifier is that hash of its key.
    let holder = certificate(THIRD, SERIAL);
    let issuer = uketsuke::trust::Certificate::parse(&holder)
        .unwrap()
        .issuer();
    let by = &ring::digest::SHA1_FOR_LEGACY_USE_ONLY;
    assert_eq!(der[23..43], *ring::digest::digest(by, issuer).as_ref());
    assert_eq!(der[43..45], [0x04, 0x14]);
    let authority = holder
        .windows(2)
        .rposition(|two| two == [0x80, 20])
        .unwrap()
        + 2;
    assert_eq!(der[45..65], holder[authority..authority + 20]);
    let serial = [0x02, 0x04, 5, 0, 0, 1];
    let tail = [
        0xa2, 0x33, 0x30, 0x31, 0x30, 0x2f, 0x06, 0x09, 0x2b, 6, 1, 5, 5, 7, 48, 1, 2, 0x04, 0x22,
        0x04, 0x20,
    ];
    let nonce = der.len() - 32;
    assert_eq!(der[nonce..], NONCE);
    assert_eq!(der[nonce - tail.len()..nonce], tail);
    assert_eq!(der[nonce - tail.len() - 6..nonce - tail.len()], serial);
    assert_eq!(der.len(), 124);
}

#[test]
fn a_nonce_is_long_and_new() {
    let der = certificate(THIRD, SERIAL);
    let root = root(THIRD);
    let query = query(&der, &root);
    for len in [0, 1, 15, 16, 32, 33] {
        let nonce = vec![1; len];
        let found = OcspRequest::with_nonce(&query, &root, CertIdHash::Sha1, &nonce);
        match (16..=32).contains(&len) {
            true => assert!(found.is_ok()),
            false => assert_eq!(found.unwrap_err(), RevocationError::NonceLength { len }),
        }
    }
    let generate = || OcspRequest::generate(&query, &root, CertIdHash::Sha256).unwrap();
    let (first, second) = (generate(), generate());
    assert_ne!(first.der(), second.der());
    // The answer to one isn't the answer to the other.
    let response = VirtualPki::new().ocsp_response(first.der(), &spec());
    let error = second.verify(&response, None, now()).unwrap_err();
    assert_eq!(error, RevocationError::OtherNonce);
    assert!(first.verify(&response, None, now()).is_ok());
}

#[test]
fn root_and_certificate_belong_together() {
    let der = certificate(THIRD, SERIAL);
    let certificate = uketsuke::trust::Certificate::parse(&der).unwrap();
    // One name for all generations: the signature tells them apart.
    let second = root(Generation::Second);
    let error = RevocationQuery::new(&certificate, &second).unwrap_err();
    assert_eq!(error, RevocationError::BadSignature);
    // Another name: the root for signatures.
    let signing = VirtualPki::new().signing_root(THIRD);
    let signing = uketsuke::trust::Root::new(signing, uketsuke::Realm::Simulation).unwrap();
    let error = RevocationQuery::new(&certificate, &signing).unwrap_err();
    assert_eq!(error, RevocationError::OtherIssuer);
    let query = query(&der, &root(THIRD));
    let error = OcspRequest::generate(&query, &second, CertIdHash::Sha1).unwrap_err();
    assert_eq!(error, RevocationError::OtherIssuer);
    assert_eq!(query.serial(), SERIAL.to_be_bytes());
    assert_eq!(query.distribution_points().count(), 1);
    assert_eq!(format!("{query:?}"), "RevocationQuery(..)");
}

#[test]
fn statuses_and_lengths() {
    for status in 0..=255_u8 {
        let response = [0x30, 3, 0x0a, 1, status];
        let error = request(CertIdHash::Sha1)
            .verify(&response, None, now())
            .unwrap_err();
        match status {
            1 | 2 | 3 | 5 | 6 => {
                assert_eq!(error, RevocationError::Responder { status });
                let name = match status {
                    1 => "malformedRequest",
                    2 => "internalError",
                    3 => "tryLater",
                    5 => "sigRequired",
                    _ => "unauthorized",
                };
                let said = format!("the responder refused with status {status} ({name})");
                assert_eq!(error.to_string(), said);
            }
            _ => assert!(matches!(error, RevocationError::Form(_)), "{status}"),
        }
    }
    let max = OcspAnswer::MAX_LEN;
    let len = max + 1;
    let long = request(CertIdHash::Sha1).verify(&vec![0x30; len], None, now());
    assert_eq!(long.unwrap_err(), RevocationError::TooLong { len, max });
}

#[test]
fn every_bit_flip_of_an_answer_is_refused() {
    for responder in [OcspResponder::RootByName, OcspResponder::DelegateByKey] {
        let at = "2026-10-01T02:03:04Z".parse().unwrap();
        let status = OcspStatus::Revoked {
            at,
            reason: Some(6),
        };
        let spec = OcspSpec {
            status,
            responder,
            next_update: Some(after(60)),
            ..spec()
        };
        let der = certificate(THIRD, SERIAL);
        let root = root(THIRD);
        let query = query(&der, &root);
        let request =
            || OcspRequest::with_nonce(&query, &root, CertIdHash::Sha256, &NONCE).unwrap();
        let good = VirtualPki::new().ocsp_response(request().der(), &spec);
        for byte in 0..good.len() {
            for bit in 0..8 {
                let mut response = good.clone();
                response[byte] ^= 1 << bit;
                let found = request().verify(&response, None, now());
                assert!(found.is_err(), "{responder:?}, byte {byte}, bit {bit}");
            }
        }
        for len in 0..good.len() {
            assert!(request().verify(&good[..len], None, now()).is_err());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(request(CertIdHash::Sha1).verify(&bytes, None, now()).is_err());
    }
}
