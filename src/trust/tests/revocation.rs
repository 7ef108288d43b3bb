//! Lists of revoked certificates of which each part can be what no issuer writes.

use std::collections::BTreeMap;

use der::Decode;
use jiff::Timestamp;
use proptest::prelude::*;
use x509_cert::{certificate::Rfc5280, crl::CertificateList};

use super::{
    made::{Key, Made, ROOT_ID, authority, element, extension, root_with, sequence, signed},
    made_list::{
        Ca, List, UTC, der_error, directory, entry, entry_at, holder, location, now, profile_error,
        reason,
    },
};
use crate::{
    simulation::{Generation, VirtualPki},
    trust::{
        Certificate, CrlIndex, CrlSource, NoAnswer, RevocationAnswer, RevocationError,
        RevocationQuery, RevocationSource, Roots, oid, revocation::write::unsigned,
    },
};

#[test]
fn lists_of_the_next_card_are_read() {
    let ca = Ca::new();
    let list = List::of(&[entry(&[5])]);
    let index = ca.build(&list).unwrap();
    let (revoked, good) = (holder(&[5], &[], &ca.key), holder(&[6], &[], &ca.key));
    assert!(matches!(
        ca.ask(&index, &revoked),
        RevocationAnswer::Revoked(_)
    ));
    assert_eq!(ca.ask(&index, &good), RevocationAnswer::Good);
    assert_eq!(index.number(), None);

    // Another key under that name, and RSA under ECDSA's name and the other way round.
    let other = Ca::new();
    let der = list.der(&other.key);
    let build = |der: &[u8]| CrlIndex::build(der, &ca.root, now()).unwrap_err();
    assert_eq!(build(&der), RevocationError::BadSignature);
    let of_rsa = |tbs: &[u8]| VirtualPki::new().sign_as_root(Generation::Third, tbs);
    let der = signed(list.tbs(), oid::ECDSA_WITH_SHA384, of_rsa);
    assert_eq!(build(&der), RevocationError::BadSignature);
    let rsa = List {
        inner: oid::SHA256_WITH_RSA.to_vec(),
        outer: oid::SHA256_WITH_RSA.to_vec(),
        ..List::new()
    };
    let not_its = RevocationError::NotAllowed {
        element: "signatureAlgorithm",
        why: "is not that of the signer's key",
    };
    assert_eq!(build(&rsa.der(&ca.key)), not_its);
    assert_eq!(build(&signed(rsa.tbs(), &rsa.outer, of_rsa)), not_its);
    // r and s of zero, and none.
    for signature in [vec![0x30, 6, 2, 1, 0, 2, 1, 0], Vec::new()] {
        let der = signed(list.tbs(), &list.outer, |_| signature.clone());
        assert_eq!(build(&der), RevocationError::BadSignature);
    }
}

#[test]
fn a_root_signs_lists_if_it_may_and_while_it_lasts() {
    let key = Key::new();
    let list = List::new().der(&key);
    // keyCertSign alone.
    let root = root_with(&key, &[3, 2, 2, 4], b"340101000000Z");
    assert_eq!(
        CrlIndex::build(&list, &root, now()).unwrap_err(),
        RevocationError::NotAllowed {
            element: "keyUsage",
            why: "of the root lacks cRLSign"
        }
    );
    // It ends twelve hours after the list was made, and twelve before the next one.
    let root = root_with(&key, &[3, 2, 1, 6], b"260601120000Z");
    let end: Timestamp = "2026-06-01T12:00:00Z".parse().unwrap();
    let index = CrlIndex::build(&list, &root, end).unwrap();
    assert_eq!(index.next_update(), end);
    let der = holder(&[5], &[], &key);
    let certificate = Certificate::parse(&der).unwrap();
    let query = RevocationQuery::new(&certificate, &root).unwrap();
    assert_eq!(index.ask(&query, end), RevocationAnswer::Good);
    let after = end + jiff::SignedDuration::from_secs(1);
    let stale = NoAnswer::Stale { next_update: end };
    assert_eq!(index.ask(&query, after), RevocationAnswer::Unknown(stale));
    let begin = "2024-01-01T00:00:00Z".parse().unwrap();
    let not_valid = |now| RevocationError::RootNotValid {
        now,
        not_before: begin,
        not_after: end,
    };
    let late = CrlIndex::build(&list, &root, after).unwrap_err();
    assert_eq!(late, not_valid(after));
    // A list from before it began.
    let old = List {
        times: [
            element(UTC, &[b"231231000000Z"]),
            element(UTC, &[b"240102000000Z"]),
        ]
        .concat(),
        ..List::new()
    };
    let build = |now| CrlIndex::build(&old.der(&key), &root, now);
    assert!(build(begin).is_ok());
    let before = begin - jiff::SignedDuration::from_secs(1);
    assert_eq!(build(before).unwrap_err(), not_valid(before));
}

/// Of the keys that are known: a list of none of them would be refused for its usage.
#[test]
fn all_roots_that_are_embedded_may_sign_lists() {
    let all = [
        Roots::jpki_authentication(),
        Roots::jpki_signing(),
        Roots::simulation(),
        Roots::simulation_signing(),
    ];
    let mut count = 0;
    for root in all.iter().flat_map(Roots::iter) {
        assert!(root.signs_lists, "{root:?}");
        count += 1;
    }
    assert_eq!(count, 12);
}

#[test]
fn numbers_are_integers() {
    let ca = Ca::new();
    let build = |serial: &[u8]| ca.build(&List::of(&[entry(serial)]));
    // Not the shortest form, and none.
    for serial in [&[][..], &[0, 5], &[0, 0], &[0xff, 0x80]] {
        assert_eq!(der_error(build(serial).unwrap_err()), "serialNumber");
    }
    let longest = [&[0][..], &[0x80; 20]].concat();
    assert_eq!(build(&longest).unwrap().len(), 1);
    for serial in [&[1; 21][..], &[0x80; 21], &[&[0][..], &[0x80; 21]].concat()] {
        assert_eq!(
            profile_error(build(serial).unwrap_err()),
            ("serialNumber", "longer than 20 bytes")
        );
    }
    // Zero is a number; below it there are none.
    let index = build(&[0]).unwrap();
    assert_eq!(index.len(), 1);
    assert!(index.revoked(&[]).is_some() && index.revoked(&[0, 0]).is_some());
    assert!(index.revoked(&[0; 30]).is_some() && index.revoked(&[1; 21]).is_none());
    let index = build(&[0x80]).unwrap();
    assert!(index.is_empty());
    let positive = holder(&[0, 0x80], &[], &ca.key);
    let negative = holder(&[0x80], &[], &ca.key);
    assert_eq!(ca.ask(&index, &positive), RevocationAnswer::Good);
    let not_covered = RevocationAnswer::Unknown(NoAnswer::NotCovered);
    assert_eq!(ca.ask(&index, &negative), not_covered);
    let index = build(&[0, 0x80]).unwrap();
    assert!(matches!(
        ca.ask(&index, &positive),
        RevocationAnswer::Revoked(_)
    ));
    assert_eq!(ca.ask(&index, &negative), not_covered);
    let mut source = CrlSource::new();
    source.add(index).unwrap();
    assert_eq!(ca.ask(&source, &negative), not_covered);
}

/// Each rule for the entries, and what isn't one.
#[test]
fn entries_are_read_whole() {
    let ca = Ca::new();
    let build = |extensions: &[u8]| {
        ca.build(&List::of(&[
            entry(&[9]),
            entry_at(&[5], b"260501000000Z", extensions),
        ]))
    };
    let date = element(0x18, &[b"20260101000000Z"]);
    let unknown = [0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 1];
    for allowed in [
        Vec::new(),
        reason(&[4]),
        sequence(&[&extension(oid::INVALIDITY_DATE, true, &date)]),
        sequence(&[&extension(&unknown, false, &[5, 0])]),
    ] {
        assert_eq!(build(&allowed).unwrap().len(), 2);
    }
    // holdInstructionCode, critical: gone since RFC 5280.
    let hold = extension(&[0x55, 0x1d, 0x17], true, &[6, 1, 0x2a]);
    assert_eq!(
        build(&sequence(&[&hold])).unwrap_err(),
        RevocationError::UnknownCriticalExtension {
            oid: "2.5.29.23".into()
        }
    );
    let no_reason = ("reasonCode", "is none of a complete list");
    for code in [&[7][..], &[8], &[11], &[0xff], &[0, 1], &[]] {
        assert_eq!(profile_error(build(&reason(code)).unwrap_err()), no_reason);
    }
    for (extensions, element) in [
        (sequence(&[&[5, 0]]), "extension"),
        // A reason that is an INTEGER, and more behind it.
        (
            sequence(&[&extension(oid::REASON_CODE, false, &[2, 1, 1])]),
            "reasonCode",
        ),
        (
            sequence(&[&extension(oid::REASON_CODE, false, &[0x0a, 1, 1, 0])]),
            "reasonCode",
        ),
        (vec![5, 0], "revokedCertificates"),
        ([reason(&[1]), vec![5, 0]].concat(), "revokedCertificates"),
        // Lengths: indefinite, not the shortest, beyond the end, of five bytes.
        (vec![0x30, 0x80, 0, 0], "crlEntryExtensions"),
        (vec![0x30, 0x81, 0], "crlEntryExtensions"),
        (
            vec![0x30, 0x84, 0x0f, 0xff, 0xff, 0xff],
            "crlEntryExtensions",
        ),
        (vec![0x30, 0x85, 1, 0, 0, 0, 0], "crlEntryExtensions"),
    ] {
        assert_eq!(der_error(build(&extensions).unwrap_err()), element);
    }
    assert_eq!(
        profile_error(build(&sequence(&[])).unwrap_err()),
        ("extensions", "empty")
    );
    let twice = [reason(&[1])[2..].to_vec(), reason(&[4])[2..].to_vec()].concat();
    assert_eq!(
        profile_error(build(&sequence(&[&twice])).unwrap_err()),
        ("extensions", "one comes twice")
    );
    // Times: without seconds, with another zone, of no calendar, after 2106.
    for at in [&b"2605010000Z"[..], b"260501000000+0900", b"261301000000Z"] {
        let found = ca.build(&List::of(&[entry_at(&[5], at, &[])]));
        assert_eq!(der_error(found.unwrap_err()), "revocationDate");
    }
    let late = sequence(&[&[2, 1, 5], &element(0x18, &[b"21060207062816Z"])]);
    assert_eq!(
        profile_error(ca.build(&List::of(&[late])).unwrap_err()),
        ("revocationDate", "out of range")
    );
    let last = sequence(&[&[2, 1, 5], &element(0x18, &[b"21060207062815Z"])]);
    let index = ca.build(&List::of(&[last])).unwrap();
    assert_eq!(
        index.revoked(&[5]).unwrap().at,
        "2106-02-07T06:28:15Z".parse().unwrap()
    );
    // In any order, and none at all, with and without the list around.
    let index = ca.build(&List::of(&[entry(&[9]), entry(&[3]), entry(&[5])]));
    assert!(index.unwrap().revoked(&[3]).is_some());
    assert!(ca.build(&List::of(&[])).unwrap().is_empty());
    assert!(ca.build(&List::new()).unwrap().is_empty());
    // Something else among them.
    assert_eq!(
        der_error(ca.build(&List::of(&[entry(&[9]), vec![5, 0]])).unwrap_err()),
        "revokedCertificates"
    );
}

#[test]
fn what_is_around_the_entries_is_read_whole() {
    let ca = Ca::new();
    let number = |value: &[u8]| List::extended(&[extension(oid::CRL_NUMBER, false, value)]);
    let index = ca.build(&number(&[2, 2, 0, 0x80])).unwrap();
    assert_eq!(index.number(), Some(&[0x80][..]));
    // No key identifier in the authority's; issuer's other names, a pointer to changes.
    let quiet = [
        extension(oid::AUTHORITY_KEY_ID, false, &sequence(&[])),
        extension(&[0x55, 0x1d, 0x12], false, &sequence(&[&location(b"ca")])),
        extension(&[0x55, 0x1d, 0x2e], false, &sequence(&[])),
    ];
    assert!(ca.build(&List::extended(&quiet)).is_ok());
    let other = sequence(&[&element(0x80, &[&[0x4f; 20]])]);
    let other = extension(oid::AUTHORITY_KEY_ID, false, &other);
    assert_eq!(
        ca.build(&List::extended(&[other])).unwrap_err(),
        RevocationError::OtherIssuer
    );
    let part = element(0x80, &[&ROOT_ID[..19]]);
    let part = extension(oid::AUTHORITY_KEY_ID, false, &sequence(&[&part]));
    assert_eq!(
        ca.build(&List::extended(&[part])).unwrap_err(),
        RevocationError::OtherIssuer
    );

    // It ends with the second in which it begins, and a second before.
    let ending = |next: &[u8]| List {
        times: [element(UTC, &[b"260601000000Z"]), element(UTC, &[next])].concat(),
        ..List::new()
    };
    let index = ca.build(&ending(b"260601000000Z")).unwrap();
    assert_eq!((index.this_update(), index.next_update()), (now(), now()));
    assert_eq!(
        profile_error(ca.build(&ending(b"260531235959Z")).unwrap_err()),
        ("nextUpdate", "is before thisUpdate")
    );

    let new = List::new;
    let cases = [
        (
            List {
                version: vec![2, 1, 2],
                ..new()
            },
            ("version", Some("only version 2 is read")),
        ),
        (
            List {
                version: Vec::new(),
                ..new()
            },
            ("version", None),
        ),
        (
            List {
                outer: oid::SHA256_WITH_RSA.to_vec(),
                ..new()
            },
            (
                "signatureAlgorithm",
                Some("differs from the one inside the signed part"),
            ),
        ),
        (
            List {
                extensions: element(0xa0, &[&sequence(&[])]),
                ..new()
            },
            ("extensions", Some("empty")),
        ),
        (
            List {
                extensions: vec![0xa0, 0],
                ..new()
            },
            ("extensions", None),
        ),
        // The tag of a certificate's.
        (
            List {
                extensions: element(0xa3, &[&sequence(&[])]),
                ..new()
            },
            ("tbsCertList", None),
        ),
        (number(&[2, 1, 0xff]), ("cRLNumber", None)),
        (number(&[2, 1, 1, 0]), ("cRLNumber", None)),
        (
            number(&element(2, &[&[1; 21]])),
            ("cRLNumber", Some("longer than 20 bytes")),
        ),
    ];
    for (list, (element, why)) in cases {
        let found = ca.build(&list).unwrap_err();
        match why {
            Some(why) => assert_eq!(profile_error(found), (element, why)),
            None => assert_eq!(der_error(found), element),
        }
    }
}

/// What is outside the signed part, and lengths that promise more than there is.
#[test]
fn lengths_are_the_bytes_that_came() {
    let ca = Ca::new();
    let der = List::of(&[entry(&[5])]).der(&ca.key);
    let build = |der: &[u8]| CrlIndex::build(der, &ca.root, now()).unwrap_err();
    for (head, element) in [
        (&[0x30, 0x80][..], "CertificateList"),
        (&[0x30, 0x84, 0x0f, 0xff, 0xff, 0xff], "CertificateList"),
        (&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], "CertificateList"),
        (&[0x30, 0x88, 0xff, 0xff, 0xff, 0xff], "CertificateList"),
        (&[0x31, 0x81], "CertificateList"),
    ] {
        let long = [head, &der[2..]].concat();
        assert_eq!(der_error(build(&long)), element);
    }
    // One more part, signed by nobody.
    let list = List::new();
    let signature = element(3, &[&[0], &ca.key.sign(&list.tbs())]);
    let more = sequence(&[&list.tbs(), &list.outer, &signature, &[5, 0]]);
    assert_eq!(der_error(build(&more)), "CertificateList");
    // Bits that are no bytes.
    let odd = element(3, &[&[1], &ca.key.sign(&list.tbs())]);
    let odd = sequence(&[&list.tbs(), &list.outer, &odd]);
    assert!(matches!(build(&odd), RevocationError::Form(_)));
}

/// INTEGER values: of 1 to 20 bytes, with and without a sign, many with a beginning in common.
fn integers() -> impl Strategy<Value = Vec<u8>> {
    let base = [
        *b"abcdefghijklmnopqrst",
        [0x7f; 20],
        [0xa1; 20],
        [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ];
    let common = (0..base.len(), 1..=20_usize, any::<bool>()).prop_map(move |(of, len, last)| {
        let mut bytes = base[of][..len].to_vec();
        bytes[len - 1] ^= u8::from(last);
        bytes
    });
    let bytes = prop_oneof![
        3 => common,
        1 => proptest::collection::vec(any::<u8>(), 1..=20),
    ];
    (bytes, proptest::bool::weighted(0.2)).prop_map(|(mut bytes, negative)| {
        if !negative {
            return unsigned(&bytes);
        }
        // The shortest form of a number below zero.
        bytes[0] = 0x80 | (bytes[0] & 0x3f);
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Asked as a check-in asks, against a map of the same entries.
    #[test]
    fn the_answer_is_that_of_the_entries(
        revoked in proptest::collection::vec((integers(), 0..60_u8), 0..50),
        others in proptest::collection::vec(integers(), 0..30),
    ) {
        static CA: std::sync::LazyLock<Ca> = std::sync::LazyLock::new(Ca::new);
        let mut map: BTreeMap<&[u8], u8> = BTreeMap::new();
        let mut entries = Vec::new();
        for (serial, second) in &revoked {
            let at = format!("2605010000{second:02}Z");
            entries.push(entry_at(serial, at.as_bytes(), &[]));
            let first = map.entry(serial).or_insert(*second);
            *first = (*first).min(*second);
        }
        let index = CA.build(&List::of(&entries)).unwrap();
        let positive = revoked.iter().filter(|(serial, _)| serial[0] < 0x80).count();
        prop_assert_eq!(index.len(), positive);
        for serial in others.iter().chain(revoked.iter().map(|(serial, _)| serial)) {
            // The query is of one that was validated, so nobody needs to have signed it.
            let der = Made { serial, ..Made::new(b"holder", CA.key.info(), &[authority()]) }.signed(|_| vec![0; 8]);
            let certificate = Certificate::parse(&der).unwrap();
            let query = RevocationQuery::of_validated(&certificate, *CA.root.sha256());
            let answer = index.ask(&query, now());
            if serial[0] >= 0x80 {
                prop_assert_eq!(answer, RevocationAnswer::Unknown(NoAnswer::NotCovered));
                continue;
            }
            match (map.get(serial.as_slice()), answer) {
                (None, RevocationAnswer::Good) => {}
                (Some(second), RevocationAnswer::Revoked(revoked)) => {
                    let first: Timestamp = "2026-05-01T00:00:00Z".parse().unwrap();
                    let seconds = revoked.at.as_second() - first.as_second();
                    prop_assert_eq!(seconds, i64::from(*second));
                }
                (known, answer) => prop_assert!(false, "{serial:?}: {known:?}, {answer:?}"),
            }
        }
    }
}

/// What the root signs is read as another reader reads it, or not at all: every bit flipped, and signed again.
#[test]
fn whatever_the_root_signs_is_read_right_or_refused() {
    let ca = Ca::new();
    let mut list = List::about(&[&directory(b"a"), &location(b"b")]);
    list.entries = sequence(&[
        &entry(&[5]),
        &entry_at(&[0, 0x80], b"260501000001Z", &reason(&[4])),
        &entry(&[1; 12]),
    ]);
    let tbs = list.tbs();
    let (mut read, mut compared) = (0, 0);
    for bit in 0..tbs.len() * 8 {
        let mut flipped = tbs.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let der = signed(flipped, &list.outer, |tbs| ca.key.sign(tbs));
        let Ok(index) = CrlIndex::build(&der, &ca.root, now()) else {
            continue;
        };
        read += 1;
        let Ok(other) = CertificateList::<Rfc5280>::from_der(&der) else {
            continue;
        };
        compared += 1;
        let other = other.tbs_cert_list;
        let seconds = |time: x509_cert::time::Time| time.to_unix_duration().as_secs();
        let this_update = u64::try_from(index.this_update().as_second()).unwrap();
        assert_eq!(this_update, seconds(other.this_update));
        let entries = other.revoked_certificates.unwrap_or_default();
        let positive = |entry: &&x509_cert::crl::RevokedCert<Rfc5280>| {
            entry.serial_number.as_bytes()[0] < 0x80
        };
        let entries: Vec<_> = entries.iter().filter(positive).collect();
        assert_eq!(index.len(), entries.len(), "bit {bit}");
        for entry in entries {
            let found = index.revoked(entry.serial_number.as_bytes()).unwrap();
            let at = u64::try_from(found.at.as_second()).unwrap();
            assert_eq!(at, seconds(entry.revocation_date), "bit {bit}");
        }
    }
    // The numbers and names; most of the rest is refused.
    println!("{read} of {} are read, {compared} compared", tbs.len() * 8);
    assert!(compared > 200 && read < tbs.len() * 4, "{read}, {compared}");
}
