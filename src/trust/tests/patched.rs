//! Single bytes of a certificate changed and signed again: what no ready defect reaches.

use der::asn1::ObjectIdentifier;

use crate::{
    Realm, Realms,
    simulation::{CertificateSpec, Defect, Generation, VirtualPki},
    trust::{Certificate, CertificateError, CertificateUse, GraceRule, Root, Roots, TrustError},
};

fn leaf(defect: Option<Defect>) -> Vec<u8> {
    VirtualPki::new().authentication_certificate(&CertificateSpec {
        serial: 0x0500_0001,
        common_name: "000001SIM0000000000003A".into(),
        not_before: "2024-05-01T01:02:03Z".parse().unwrap(),
        not_after: "2029-04-01T14:59:59Z".parse().unwrap(),
        generation: Generation::Third,
        defect,
    })
}

/// Replaces the last place of `from` by `to`, of the same length, and signs again.
fn patched(mut der: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = der
        .windows(from.len())
        .rposition(|window| window == from)
        .expect("the bytes to change");
    der[at..at + to.len()].copy_from_slice(to);
    signed_again(der)
}

/// Both SEQUENCE headers have four bytes at this size.
fn signed_again(mut der: Vec<u8>) -> Vec<u8> {
    let len = 4 + usize::from(u16::from_be_bytes([der[6], der[7]]));
    let signature = VirtualPki::new().sign_as_root(Generation::Third, &der[4..4 + len]);
    let at = der.len() - signature.len();
    der[at..].copy_from_slice(&signature);
    der
}

fn check(der: &[u8]) -> Result<(), TrustError> {
    let now = "2026-06-01T00:00:00Z".parse().unwrap();
    Roots::simulation()
        .check_authentication(der, Realms::simulation(), now, GraceRule::None)
        .map(drop)
}

fn refused(element: &'static str, why: &'static str) -> Result<(), TrustError> {
    Err(TrustError::NotForThisPurpose { element, why })
}

fn key_refused(oid: &str) -> Result<(), TrustError> {
    Err(TrustError::KeyNotAccepted {
        oid: oid.into(),
        bits: None,
    })
}

/// Where keyIdentifier begins.
fn authority_key_id(der: &[u8]) -> usize {
    let last = der.windows(2).rposition(|two| two == [0x80, 20]);
    last.expect("an authority key identifier")
}

const CA_TRUE: [u8; 5] = [0x30, 3, 1, 1, 0xff];
const CA_FALSE: [u8; 5] = [0x30, 3, 1, 1, 0];

#[test]
fn what_is_allowed_beside_the_usual() {
    let plain = leaf(None);
    assert_eq!(check(&plain), Ok(()));
    assert_eq!(signed_again(plain.clone()), plain);
    // basicConstraints that say it isn't a CA.
    let der = patched(leaf(Some(Defect::IsCa)), &CA_TRUE, &CA_FALSE);
    assert_eq!(check(&der), Ok(()));
    // An unknown extension that isn't critical.
    let der = patched(
        leaf(Some(Defect::UnknownCriticalExtension)),
        &[0x81, 0xfd, 0x59, 1, 1, 1, 0xff],
        &[0x81, 0xfd, 0x59, 1, 1, 1, 0],
    );
    assert_eq!(check(&der), Ok(()));
    // A user notice in place of the pointer to the practice statement.
    let der = patched(plain.clone(), &[5, 5, 7, 2, 1], &[5, 5, 7, 2, 2]);
    assert_eq!(check(&der), Ok(()));
    // A serial number that reads as negative.
    let der = patched(plain, &[2, 4, 5, 0, 0, 1], &[2, 4, 0x85, 0, 0, 1]);
    assert_eq!(check(&der), Ok(()));
    assert_eq!(Certificate::parse(&der).unwrap().serial(), [0x85, 0, 0, 1]);
}

#[test]
fn what_is_refused_beside_the_usual() {
    let plain = leaf(None);
    for (from, to, expected) in [
        // An unknown qualifier of a critical policy.
        (
            &[5, 5, 7, 2, 1][..],
            &[5, 5, 7, 2, 3][..],
            refused(
                "certificatePolicies",
                "has a qualifier that is not understood",
            ),
        ),
        // The last arc of the policy.
        (
            &[8, 5, 1, 3, 30],
            &[8, 5, 1, 3, 31],
            Err(TrustError::PolicyNotAccepted {
                found: Some("1.3.6.1.4.1.32473.8.5.1.3.31".into()),
                wanted: "1.3.6.1.4.1.32473.8.5.1.3.30".into(),
            }),
        ),
        // authorityKeyIdentifier whose first field is [3] and not [0].
        (&[0x80, 20], &[0x83, 20], {
            let at = authority_key_id(&plain);
            Err(TrustError::Certificate(CertificateError::Der {
                position: at,
                element: "authorityKeyIdentifier",
            }))
        }),
        // Another exponent of the holder's key.
        (
            &[2, 3, 1, 0, 1],
            &[2, 3, 1, 0, 3],
            key_refused("1.2.840.113549.1.1.1"),
        ),
        // rsaEncryption becomes id-RSASSA-PSS.
        (
            &[0xf7, 0x0d, 1, 1, 1, 5, 0],
            &[0xf7, 0x0d, 1, 1, 10, 5, 0],
            key_refused("1.2.840.113549.1.1.10"),
        ),
        // codeSigning.
        (
            &[5, 5, 7, 3, 2],
            &[5, 5, 7, 3, 3],
            refused("extKeyUsage", "lacks clientAuth"),
        ),
        // CRLDP becomes nameConstraints, which isn't critical and so doesn't matter; see below.
        (&[0x55, 0x1d, 0x1f], &[0x55, 0x1d, 0x1e], Ok(())),
    ] {
        assert_eq!(check(&patched(plain.clone(), from, to)), expected);
    }
    // Critical nameConstraints, which this check doesn't process.
    let critical = [0x55, 0x1d, 0x20, 1, 1, 0xff];
    let other = [0x55, 0x1d, 0x1e, 1, 1, 0xff];
    assert_eq!(
        check(&patched(plain, &critical, &other)),
        Err(TrustError::UnknownCriticalExtension {
            oid: "2.5.29.30".into()
        })
    );
}

#[test]
fn impossible_times_are_not_der() {
    let plain = leaf(None);
    for time in [
        &b"241301010203Z"[..],
        b"240230010203Z",
        b"240501240203Z",
        b"240501016003Z",
        b"2405010102030",
        b"24050101020 Z",
        b"690501010203Z",
    ] {
        let der = patched(plain.clone(), b"240501010203Z", time);
        let error = Certificate::parse(&der).unwrap_err();
        let CertificateError::Der { element, position } = error else {
            panic!("{error:?}");
        };
        assert_eq!(element, "notBefore");
        let at = der.windows(13).position(|w| w == time).unwrap();
        assert!((at - 2..=at + 13).contains(&position), "{position} {at}");
    }
}

#[test]
fn bit_strings_have_whole_bytes() {
    let mut der = leaf(None);
    let unused = der.len() - 257;
    assert_eq!(der[unused], 0);
    *der.last_mut().unwrap() &= 0xf8;
    der[unused] = 3;
    assert!(matches!(
        Certificate::parse(&der),
        Err(CertificateError::Profile {
            element: "signatureValue",
            why: "has unused bits",
            ..
        })
    ));
}

#[test]
fn a_root_must_be_a_ca_that_signed_itself() {
    let root = VirtualPki::new().root(Generation::Third).to_vec();
    let new = |der: &[u8]| Root::new(der, Realm::Simulation).map(drop);
    assert_eq!(new(&root), Ok(()));
    assert_eq!(new(&signed_again(root.clone())), Ok(()));
    for (from, to, expected) in [
        (
            &CA_TRUE[..],
            &CA_FALSE[..],
            refused("basicConstraints", "does not say CA:TRUE"),
        ),
        (
            &[3, 2, 1, 6],
            &[3, 2, 1, 2],
            refused("keyUsage", "lacks keyCertSign"),
        ),
        (
            &[0x55, 0x1d, 0x0e],
            &[0x55, 0x1d, 0x0d],
            refused("subjectKeyIdentifier", "absent"),
        ),
        (
            &[0x55, 0x1d, 0x13, 1, 1, 0xff],
            &[0x55, 0x1d, 0x1e, 1, 1, 0xff],
            refused("basicConstraints", "does not say CA:TRUE"),
        ),
        (
            &[0x55, 0x1d, 0x0f, 1, 1, 0xff],
            &[0x55, 0x1d, 0x0d, 1, 1, 0xff],
            refused("keyUsage", "absent"),
        ),
    ] {
        assert_eq!(new(&patched(root.clone(), from, to)), expected);
    }
    let mut other = root.clone();
    *other.last_mut().unwrap() ^= 1;
    assert_eq!(new(&other), Err(TrustError::BadSignature));
    // The first JP is in the issuer, so issuer and subject differ.
    let mut other = root;
    let at = other.windows(2).position(|w| w == b"JP").unwrap();
    other[at] = b'K';
    assert_eq!(
        new(&signed_again(other)),
        refused("subject", "is not the issuer, so this is no root")
    );
}

#[test]
fn policies_are_the_published_ones() {
    for (usage, realm, dotted) in [
        (
            CertificateUse::Authentication,
            Realm::Production,
            "1.2.392.200149.8.5.1.3.30",
        ),
        (
            CertificateUse::Authentication,
            Realm::JpkiTest,
            "1.2.392.200149.8.5.1.0.30",
        ),
        (
            CertificateUse::Authentication,
            Realm::Simulation,
            "1.3.6.1.4.1.32473.8.5.1.3.30",
        ),
        (
            CertificateUse::Signing,
            Realm::Production,
            "1.2.392.200149.8.5.1.1.20",
        ),
        (
            CertificateUse::Signing,
            Realm::JpkiTest,
            "1.2.392.200149.8.5.1.0.20",
        ),
        (
            CertificateUse::Signing,
            Realm::Simulation,
            "1.3.6.1.4.1.32473.8.5.1.1.20",
        ),
    ] {
        assert_eq!(
            usage.profile().policy(realm),
            ObjectIdentifier::new_unwrap(dotted).as_bytes()
        );
    }
}

/// Inserts bytes and lengthens the enclosing elements, whose headers (four bytes
/// each) begin at `headers`; signs again.
fn grown(mut der: Vec<u8>, at: usize, bytes: &[u8], headers: &[usize]) -> Vec<u8> {
    for &header in headers {
        let len = u16::from_be_bytes([der[header + 2], der[header + 3]]);
        let longer = len + u16::try_from(bytes.len()).unwrap();
        der[header + 2..header + 4].copy_from_slice(&longer.to_be_bytes());
    }
    der.splice(at..at, bytes.iter().copied());
    signed_again(der)
}

/// End of the signed part, and where `[3]` and the SEQUENCE in it begin.
fn places(der: &[u8]) -> (usize, usize) {
    let end = 8 + usize::from(u16::from_be_bytes([der[6], der[7]]));
    let tagged = der.windows(2).position(|w| w == [0xa3, 0x82]).unwrap();
    (end, tagged)
}

#[test]
fn nothing_stands_behind_the_last_field() {
    let null = [5, 0];
    for der in [
        leaf(None),
        VirtualPki::new().root(Generation::Third).to_vec(),
    ] {
        let (end, tagged) = places(&der);
        for (headers, element) in [
            (&[0, 4][..], "tbsCertificate"),
            (&[0, 4, tagged], "extensions"),
            (&[0, 4, tagged, tagged + 4], "extension"),
        ] {
            let more = grown(der.clone(), end, &null, headers);
            assert_eq!(
                Certificate::parse(&more).unwrap_err(),
                CertificateError::Der {
                    position: end,
                    element
                }
            );
        }
        let mut more = der.clone();
        more.extend(null);
        let len = u16::from_be_bytes([more[2], more[3]]) + 2;
        more[2..4].copy_from_slice(&len.to_be_bytes());
        assert_eq!(
            Certificate::parse(&more).unwrap_err(),
            CertificateError::Der {
                position: der.len(),
                element: "Certificate"
            }
        );
    }
}

#[test]
fn a_root_with_an_unknown_critical_extension_or_algorithm_is_refused() {
    let root = VirtualPki::new().root(Generation::Third).to_vec();
    let new = |der: &[u8]| Root::new(der, Realm::Simulation).map(drop);
    let (end, tagged) = places(&root);
    let headers = [0, 4, tagged, tagged + 4];
    // nameConstraints with an empty value, first critical, then not.
    let critical = [0x30, 10, 6, 3, 0x55, 0x1d, 0x1e, 1, 1, 0xff, 4, 0];
    assert_eq!(
        new(&grown(root.clone(), end, &critical, &headers)),
        Err(TrustError::UnknownCriticalExtension {
            oid: "2.5.29.30".into()
        })
    );
    let not_critical = [0x30, 7, 6, 3, 0x55, 0x1d, 0x1e, 4, 0];
    assert_eq!(
        new(&grown(root.clone(), end, &not_critical, &headers)),
        Ok(())
    );

    // Says SHA-1 twice, signed with SHA-256.
    let mut other = root;
    for at in 0..other.len() - 7 {
        if other[at..at + 7] == [0xf7, 0x0d, 1, 1, 11, 5, 0] {
            other[at + 4] = 5;
        }
    }
    assert_eq!(
        new(&signed_again(other)),
        Err(TrustError::AlgorithmNotAccepted {
            oid: "1.2.840.113549.1.1.5".into()
        })
    );
}

#[test]
fn serial_numbers_end_at_20_bytes() {
    let der = leaf(None);
    let at = der
        .windows(6)
        .position(|w| w == [2, 4, 5, 0, 0, 1])
        .unwrap();
    for len in 4..40u8 {
        let more = vec![7; usize::from(len) - 4];
        let mut der = der.clone();
        der[at + 1] = len;
        let der = grown(der, at + 2, &more, &[0, 4]);
        if len <= 20 {
            assert_eq!(check(&der), Ok(()), "{len}");
            let serial = Certificate::parse(&der).unwrap().serial();
            assert_eq!(serial.len(), usize::from(len));
        } else {
            assert_eq!(
                Certificate::parse(&der).unwrap_err(),
                CertificateError::Profile {
                    position: at,
                    element: "serialNumber",
                    why: "longer than 20 bytes"
                }
            );
        }
    }
}

#[test]
fn nothing_stands_behind_the_value_of_an_extension() {
    let null = [5, 0];
    let mut der = leaf(None);
    let (end, tagged) = places(&der);
    let headers = [0, 4, tagged, tagged + 4];
    // subjectKeyIdentifier comes last and has 31 bytes.
    let last = end - 31;
    assert_eq!(der[last..last + 2], [0x30, 29]);
    der[last + 1] += 2;
    assert_eq!(
        Certificate::parse(&grown(der, end, &null, &headers)).unwrap_err(),
        CertificateError::Der {
            position: end,
            element: "extension"
        }
    );

    // The same behind the qualifiers of the policy, and behind the policies: with
    // lengths of one byte, at 1, 11, 13 and 15 from the start of the extension.
    let plain = leaf(None);
    let policies = plain
        .windows(8)
        .position(|w| w == [6, 3, 0x55, 0x1d, 0x20, 1, 1, 0xff])
        .unwrap()
        - 2;
    for levels in [&[1, 11, 13, 15][..], &[1, 11]] {
        let mut der = plain.clone();
        for at in levels {
            assert!(der[policies + at] < 120);
            der[policies + at] += 2;
        }
        let behind = policies + 2 + usize::from(plain[policies + 1]);
        let der = grown(der, behind, &null, &headers);
        assert!(Certificate::parse(&der).is_ok());
        assert_eq!(
            check(&der),
            Err(TrustError::Certificate(CertificateError::Der {
                position: behind,
                element: "certificatePolicies"
            }))
        );
    }
}
