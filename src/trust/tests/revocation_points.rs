//! Which list is about which certificate: distribution points and scopes, made by hand.

use std::collections::BTreeSet;

use super::{
    made::{Made, element, extension, name, sequence},
    made_list::{
        Ca, List, der_error, directory, entry, holder, holder_with, location, profile_error,
    },
};
use crate::trust::{
    Certificate, CrlSource, NoAnswer, RevocationAnswer, RevocationError, RevocationQuery, oid,
    revocation::write::unsigned,
};

#[test]
fn a_list_and_a_certificate_may_have_several_names() {
    let ca = Ca::new();
    let names: Vec<_> = (b'a'..=b'i').map(|letter| directory(&[letter])).collect();
    let [a, b, c, ..] = names.as_slice() else {
        panic!()
    };
    let url = location(b"http://a.invalid/crl");
    let not_covered = RevocationAnswer::Unknown(NoAnswer::NotCovered);
    let list = ca.build(&List::about(&[a, &url])).unwrap();
    let mut source = CrlSource::new();
    source
        .add(ca.build(&List::about(&[a, &url])).unwrap())
        .unwrap();
    let cases: [(&[&[&[u8]]], RevocationAnswer); 10] = [
        (&[&[a]], RevocationAnswer::Good),
        (&[&[&url]], RevocationAnswer::Good),
        (&[&[a, &url]], RevocationAnswer::Good),
        (&[&[b, a]], RevocationAnswer::Good),
        (&[&[b], &[c, &url]], RevocationAnswer::Good),
        (&[&[c, b]], not_covered),
        (&[], not_covered),
        // Not the same kind of name, and not the whole of it.
        (&[&[&element(0x86, &[&a[2..]])]], not_covered),
        (&[&[&location(b"http://a.invalid/cr")]], not_covered),
        (&[&[&name(b"a")]], not_covered),
    ];
    for (points, answer) in cases {
        let der = holder(&[5], points, &ca.key);
        assert_eq!(ca.ask(&list, &der), answer, "{points:?}");
        assert_eq!(ca.ask(&source, &der), answer, "{points:?}");
    }

    // It says what it is about, as a certificate says where its list is.
    let found: BTreeSet<&[u8]> = list.distribution_points().collect();
    assert_eq!(found, BTreeSet::from([&a[..], &url]));
    assert_eq!(list.root_sha256(), ca.root.sha256());
    let everyone = ca.build(&List::new()).unwrap();
    assert_eq!(everyone.distribution_points().count(), 0);

    // The names are a set: in another order, or twice, it's the same scope.
    for scope in [&[&url, a][..], &[a, &url, a]] {
        let scope: Vec<&[u8]> = scope.iter().map(|name| name.as_slice()).collect();
        source.add(ca.build(&List::about(&scope)).unwrap()).unwrap();
        assert_eq!(source.len(), 1);
    }
    // Some of them are another: both are asked.
    let mut half = List::about(&[a]);
    half.entries = sequence(&[&entry(&[5])]);
    source.add(ca.build(&half).unwrap()).unwrap();
    assert_eq!(source.len(), 2);
    let revoked = |points: &[&[&[u8]]]| {
        let answer = ca.ask(&source, &holder(&[5], points, &ca.key));
        matches!(answer, RevocationAnswer::Revoked(_))
    };
    assert!(revoked(&[&[a]]) && revoked(&[&[&url, a]]) && !revoked(&[&[&url]]));

    // Eight are looked at, of a list and of a certificate.
    let all: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
    let eight = ca.build(&List::about(&all[1..])).unwrap();
    assert_eq!(
        ca.ask(&eight, &holder(&[5], &[&[&names[8]]], &ca.key)),
        RevocationAnswer::Good
    );
    assert_eq!(
        profile_error(ca.build(&List::about(&all)).unwrap_err()),
        ("issuingDistributionPoint", "too many names")
    );
    assert_eq!(
        ca.ask(&list, &holder(&[5], &[&all[..8]], &ca.key)),
        RevocationAnswer::Good
    );
    assert_eq!(ca.ask(&list, &holder(&[5], &[&all], &ca.key)), not_covered);
}

/// A point with reasons, with another issuer of lists, or relative to one, names no list that is read.
#[test]
fn points_that_name_nothing() {
    let ca = Ca::new();
    let a = directory(b"a");
    let list = ca.build(&List::about(&[&a])).unwrap();
    let full = element(0xa0, &[&element(0xa0, &[&a])]);
    let point = |parts: &[&[u8]]| holder_with(&[5], &sequence(&[&sequence(parts)]), &ca.key);
    let not_covered = RevocationAnswer::Unknown(NoAnswer::NotCovered);
    assert_eq!(ca.ask(&list, &point(&[&full])), RevocationAnswer::Good);
    for der in [
        point(&[&full, &[0x81, 2, 6, 0x40]]),
        point(&[&full, &element(0xa2, &[&a])]),
        point(&[&element(0xa2, &[&a])]),
        point(&[&element(0xa0, &[&element(0xa1, &[&name(b"a")[2..]])])]),
        point(&[]),
        holder_with(&[5], &[5, 0], &ca.key),
        holder_with(&[5], &[], &ca.key),
    ] {
        assert_eq!(ca.ask(&list, &der), not_covered);
    }
    // Only the one point is left out.
    let partly = sequence(&[
        &sequence(&[&full, &[0x81, 2, 6, 0x40]]),
        &sequence(&[&full]),
    ]);
    let der = holder_with(&[5], &partly, &ca.key);
    assert_eq!(ca.ask(&list, &der), RevocationAnswer::Good);
}

/// RFC 5280 §5.2.5, each field.
#[test]
fn a_scope_is_read_whole() {
    let ca = Ca::new();
    let a = directory(b"a");
    let full = element(0xa0, &[&element(0xa0, &[&a])]);
    let build = |parts: &[&[u8]]| {
        let scope = extension(oid::ISSUING_DISTRIBUTION_POINT, true, &sequence(parts));
        ca.build(&List::extended(&[scope]))
    };
    let everyone = build(&[]).unwrap();
    let der = holder(&[5], &[], &ca.key);
    assert_eq!(ca.ask(&everyone, &der), RevocationAnswer::Good);
    assert!(build(&[&full]).is_ok());
    assert!(build(&[&[0x81, 1, 0xff]]).is_ok());
    let refused: [(&[&[u8]], &str); 9] = [
        (&[&[0x82, 1, 0xff]], "is for CA certificates only"),
        (&[&full, &[0x82, 1, 0xff]], "is for CA certificates only"),
        (&[&[0x83, 2, 6, 0x40]], "is for some reasons only"),
        (&[&[0x83, 1, 0]], "is for some reasons only"),
        (&[&[0x84, 1, 0xff]], "is an indirect list"),
        (&[&[0x85, 1, 0xff]], "is for attribute certificates only"),
        (&[&[0x81, 1, 1]], "has a flag that isn't TRUE"),
        (&[&[0x84, 1, 0]], "has a flag that isn't TRUE"),
        (&[&[0x81, 2, 0xff, 0xff]], "has a flag that isn't TRUE"),
    ];
    for (parts, why) in refused {
        let found = profile_error(build(parts).unwrap_err());
        assert_eq!(found, ("issuingDistributionPoint", why));
    }
    let unread: [&[&[u8]]; 5] = [
        &[&[0x86, 1, 0xff]],
        &[&[0x81, 1, 0xff], &full],
        &[&full, &full],
        &[&element(0xa0, &[&element(0xa0, &[&a]), &[5, 0]])],
        &[&[5, 0]],
    ];
    for parts in unread {
        let found = der_error(build(parts).unwrap_err());
        assert_eq!(found, "issuingDistributionPoint");
    }
}

/// RFC 5280 §6.3.3 (b) (2) (ii): a list of users' certificates alone says nothing of a CA's,
/// so nobody is asked about one.
#[test]
fn a_certificate_of_a_ca_is_not_asked_about() {
    let ca = Ca::new();
    let ask = |constraints: &[u8]| {
        let constraints = extension(oid::BASIC_CONSTRAINTS, true, constraints);
        let made = Made::new(b"below", ca.key.info(), &[constraints]);
        let der = made.signed(|tbs| ca.key.sign(tbs));
        let certificate = Certificate::parse(&der).unwrap();
        RevocationQuery::new(&certificate, &ca.root).map(drop)
    };
    assert_eq!(ask(&sequence(&[])), Ok(()));
    let of_ca = RevocationError::NotAllowed {
        element: "basicConstraints",
        why: "says CA:TRUE",
    };
    assert_eq!(ask(&[0x30, 3, 1, 1, 0xff]), Err(of_ca.clone()));
    assert_eq!(ask(&[0x30, 6, 1, 1, 0xff, 2, 1, 0]), Err(of_ca));
    assert_eq!(der_error(ask(&[5, 0]).unwrap_err()), "basicConstraints");
}

/// Each list is found by its own name, and none takes another's place.
#[test]
fn every_municipality_has_its_list() {
    let ca = Ca::new();
    let point = |city: u16| directory(format!("city {city}").as_bytes());
    let mut source = CrlSource::new();
    for city in 0..200_u16 {
        let mut list = List::about(&[&point(city)]);
        list.entries = sequence(&[&entry(&unsigned(&city.to_be_bytes()))]);
        source.add(ca.build(&list).unwrap()).unwrap();
    }
    assert_eq!(source.len(), 200);
    for city in (0..200).step_by(19) {
        for (number, revoked) in [(city, true), (city ^ 1, false)] {
            let number = unsigned(&u16::to_be_bytes(number));
            let der = holder(&number, &[&[&point(city)]], &ca.key);
            let answer = ca.ask(&source, &der);
            assert_eq!(
                matches!(answer, RevocationAnswer::Revoked(_)),
                revoked,
                "{city}"
            );
            assert_eq!(answer == RevocationAnswer::Good, !revoked);
        }
    }
}
