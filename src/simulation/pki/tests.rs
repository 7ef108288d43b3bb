use der::{Decode, Encode};
use x509_cert::{
    Certificate,
    ext::pkix::{SubjectAltName, name::GeneralName},
};

use super::*;

fn spec(generation: Generation) -> CertificateSpec {
    CertificateSpec {
        serial: 0x0500_0001,
        common_name: "000001SIM0000000000003A".into(),
        not_before: "2024-05-01T01:02:03Z".parse().unwrap(),
        not_after: "2029-04-01T14:59:59Z".parse().unwrap(),
        generation,
        defect: None,
    }
}

#[test]
fn leaves_have_the_size_of_real_ones() {
    for generation in Generation::ALL {
        let mut spec = spec(generation);
        let len = VirtualPki::new().authentication_certificate(&spec).len();
        assert!((1573..=1590).contains(&len), "{generation:?}: {len}");
        spec.common_name = "20240501010203000000000003A".into();
        let len = VirtualPki::new().signing_certificate(&spec).len();
        assert!((1700..=2000).contains(&len), "{generation:?}: {len}");
    }
}

#[test]
fn every_defect_changes_the_certificate_and_nothing_is_random() {
    let pki = VirtualPki::new();
    let mut spec = spec(Generation::Third);
    let good = pki.authentication_certificate(&spec);
    assert_eq!(good, pki.authentication_certificate(&spec));
    for generation in Generation::ALL {
        // Taking a root apart and putting it together loses nothing.
        let again = profile::root(generation, None).unwrap();
        assert_eq!(again, pki.root(generation));
    }
    let mut seen = std::collections::HashSet::from([good]);
    for defect in Defect::ALL {
        // The usage that authentication certificates have anyway.
        if defect == Defect::OnlyDigitalSignature {
            continue;
        }
        spec.defect = Some(defect);
        let der = pki.authentication_certificate(&spec);
        assert!(der.len() > 500, "{defect:?}");
        assert!(seen.insert(der), "{defect:?}");
        assert!(pki.signing_certificate(&spec).len() > 500, "{defect:?}");
        let root = pki.broken_root(Generation::Third, defect);
        assert!(root.len() > 500, "{defect:?}");
    }
}

#[test]
fn times_outside_the_range_of_a_certificate_are_clamped() {
    let mut spec = spec(Generation::Third);
    spec.not_before = Timestamp::MIN;
    spec.not_after = Timestamp::MAX;
    assert!(VirtualPki::new().authentication_certificate(&spec).len() > 1500);
}

#[test]
fn raw_signatures_take_1_to_245_bytes() {
    let pki = VirtualPki::new();
    for sign_key in [false, true] {
        for len in 0..=300 {
            if len > 3 && len < 243 && len % 40 != 0 {
                continue;
            }
            let signature = pki.raw_sign(sign_key, &vec![0xa5; len]);
            assert_eq!(
                signature.map(|s| s.len()),
                (1..=245).contains(&len).then_some(256),
                "{len}"
            );
        }
    }
}

/// Object identifier and criticality of each extension, read by another parser.
fn shape(der: &[u8]) -> Vec<(String, bool)> {
    let certificate = Certificate::from_der(der).unwrap();
    assert_eq!(certificate.to_der().unwrap(), der);
    let extensions = certificate.tbs_certificate().extensions().unwrap();
    extensions
        .iter()
        .map(|e| (e.extn_id.to_string(), e.critical))
        .collect()
}

#[test]
fn extensions_stand_in_the_order_of_the_real_ones() {
    let pki = VirtualPki::new();
    let spec = spec(Generation::Third);
    let expected = |list: &[(&str, bool)]| -> Vec<(String, bool)> {
        list.iter().map(|&(oid, c)| (oid.into(), c)).collect()
    };
    assert_eq!(
        shape(&pki.authentication_certificate(&spec)),
        expected(&[
            ("2.5.29.15", true),  // keyUsage
            ("2.5.29.37", false), // extKeyUsage
            ("2.5.29.32", true),  // certificatePolicies
            ("2.5.29.18", false), // issuerAltName
            ("2.5.29.31", false), // cRLDistributionPoints
            ("1.3.6.1.5.5.7.1.1", false),
            ("2.5.29.35", false), // authorityKeyIdentifier
            ("2.5.29.14", false), // subjectKeyIdentifier
        ])
    );
    let signing = shape(&pki.signing_certificate(&spec));
    // No extKeyUsage, no OCSP, and the holder's attributes in subjectAltName.
    let oids: Vec<_> = signing.iter().map(|(oid, _)| oid.as_str()).collect();
    assert!(!oids.contains(&"2.5.29.37") && !oids.contains(&"1.3.6.1.5.5.7.1.1"));
    assert!(signing.contains(&("2.5.29.17".into(), false)));
}

#[test]
fn attributes_of_the_signing_certificate_stand_in_the_order_of_the_real_ones() {
    let der = VirtualPki::new().signing_certificate(&spec(Generation::Third));
    let certificate = Certificate::from_der(&der).unwrap();
    let (_, names) = certificate
        .tbs_certificate()
        .get_extension::<SubjectAltName>()
        .unwrap()
        .unwrap();
    let arcs: Vec<_> = names
        .0
        .iter()
        .map(|name| match name {
            GeneralName::OtherName(other) => other.type_id.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [1, 4, 3, 5, 2, 6].map(|last| format!("1.2.392.200149.8.5.5.{last}"));
    assert_eq!(arcs, expected);
}

#[test]
fn generations_issue_from_the_second_they_begin() {
    for generation in Generation::ALL {
        let pki = VirtualPki::new();
        for root in [pki.root(generation), pki.signing_root(generation)] {
            let from = crate::trust::Certificate::parse(root).unwrap().not_before();
            assert_eq!(Generation::issuing_at(from), generation);
        }
    }
    let second = "2019-09-14T23:41:55Z".parse().unwrap();
    assert_eq!(Generation::issuing_at(second), Generation::First);
    let third = "2023-07-16T01:01:03Z".parse().unwrap();
    assert_eq!(Generation::issuing_at(third), Generation::Second);
}
