//! Card-verifiable certificates: right ones, and everything that isn't one.

use proptest::prelude::*;

use super::*;
use crate::tlv::{Tag, TlvErrorKind};

fn good() -> Vec<u8> {
    FACE_CERTIFICATE.clone()
}

fn check(bytes: &[u8]) -> Result<Realm, CvError> {
    roots().check(bytes, FACE, Realms::simulation())
}

#[test]
fn a_genuine_certificate_gives_a_key_of_its_realm_and_session() {
    let bytes = good();
    assert_eq!(bytes.len(), 568, "as the real ones");
    assert_eq!(check(&bytes), Ok(Realm::Simulation));
    let read = CvCertificate::parse(&bytes).unwrap();
    assert_eq!((read.issuer(), read.subject()), (FACE_ROOT, MUNICIPALITY));
    let own = session();
    let key = face_key(own);
    assert_eq!(
        (key.realm(), key.application(), key.binding()),
        (Realm::Simulation, FACE, own)
    );
}

#[test]
fn no_flipped_bit_validates() {
    let mut bytes = good();
    for position in 0..bytes.len() {
        for bit in 0..8 {
            bytes[position] ^= 1 << bit;
            assert!(check(&bytes).is_err(), "byte {position} bit {bit}");
            bytes[position] ^= 1 << bit;
        }
    }
    assert!(check(&bytes).is_ok());
}

#[test]
fn realms_and_applications_are_never_mixed() {
    let face = good();
    let input = INPUT_CERTIFICATE.clone();
    let simulation = Realms::simulation();
    assert!(roots().check(&input, INPUT, simulation).is_ok());
    assert_eq!(
        roots().check(&face, INPUT, simulation),
        Err(CvError::OtherApplication { found: FACE })
    );
    assert_eq!(
        roots().check(&input, FACE, simulation),
        Err(CvError::OtherApplication { found: INPUT })
    );
    for realms in [Realms::production(), Realms::jpki_test()] {
        let found = Realm::Simulation;
        assert_eq!(
            roots().check(&face, FACE, realms),
            Err(CvError::RealmNotAccepted { found })
        );
    }
    for roots in [
        CvRoots::production(),
        CvRoots::jpki_test(),
        CvRoots::empty(),
    ] {
        assert_eq!(
            roots.check(&face, FACE, simulation),
            Err(CvError::UnknownIssuer)
        );
    }
}

#[test]
fn an_identifier_is_no_signature() {
    // Names of pinned keys, each signed by somebody else.
    for (roots, id) in [
        (CvRoots::production(), b"5000023\x08\x05001\0\0\0\0"),
        (CvRoots::jpki_test(), b"6000023\x08\x05001\0\0\0\0"),
        (roots().clone(), FACE_ROOT),
    ] {
        let bytes = certificate(&municipality(), id, &municipality());
        assert_eq!(
            roots.check(&bytes, FACE, Realms::simulation()),
            Err(CvError::BadCertificateSignature)
        );
    }
    // Two keys under one identifier: the one that signed counts.
    let twin = root(FACE, FACE_ROOT, &input_root());
    let both = CvRoots::empty()
        .with(twin)
        .with(roots().iter().next().unwrap().clone());
    assert!(both.check(&good(), FACE, Realms::simulation()).is_ok());
}

#[test]
fn says_what_is_wrong_and_where() {
    let bytes = good();
    let changed = |at: usize, to: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = to;
        CvCertificate::parse(&bytes).map(drop).unwrap_err()
    };
    let element = "card-verifiable certificate";
    let tlv = |position, kind| CvError::Tlv {
        element,
        source: crate::tlv::TlvError { position, kind },
    };
    let form = |position, why| CvError::Form {
        element,
        position,
        why,
    };
    let unexpected = |expected, found| TlvErrorKind::UnexpectedTag {
        expected: Tag::new(expected),
        found: Tag::new(found),
    };
    assert_eq!(changed(1, 0x22), tlv(0, unexpected(0x7F21, 0x7F22)));
    assert_eq!(changed(6, 0x4F), tlv(5, unexpected(0x5F4E, 0x5F4F)));
    assert_eq!(changed(42, 0x92), tlv(42, unexpected(0x90, 0x92)));
    assert_eq!(changed(46, 3), form(42, "the exponent is not 65537"));
    assert_eq!(changed(47, 0x92), tlv(47, unexpected(0x91, 0x92)));
    let why = "the modulus is not an odd number of 2048 bits";
    assert_eq!(changed(51, 0x01), form(47, why));
    assert_eq!(changed(306, 0x00), form(47, why));
    let count = TlvErrorKind::TrailingBytes { count: 1 };
    let longer = [&bytes[..], &[0]].concat();
    assert_eq!(
        CvCertificate::parse(&longer).map(drop),
        Err(tlv(568, count))
    );
    let len = CvCertificate::MAX_LEN + 1;
    assert_eq!(
        CvCertificate::parse(&vec![0x7F; len]).map(drop),
        Err(CvError::TooLong {
            len,
            max: CvCertificate::MAX_LEN
        })
    );
    // Something behind the key, signed, and behind the signature.
    let signed = |body: &[u8], behind: &[u8]| {
        let signature = long(0x5F37, &face_root().sign_sha256(body));
        check(&long(
            0x7F21,
            &[&long(0x5F4E, body), &signature, behind].concat(),
        ))
    };
    let body = [&FACE_ROOT[..], MUNICIPALITY, &municipality().public()].concat();
    assert_eq!(signed(&body, &[]), Ok(Realm::Simulation));
    let more = [&body[..], &[0x92, 0x00]].concat();
    let count = TlvErrorKind::TrailingBytes { count: 2 };
    assert_eq!(signed(&more, &[]), Err(tlv(307, count)));
    assert_eq!(signed(&body, &[0x92, 0x00]), Err(tlv(568, count)));
    // A key of 1024 bits.
    let mut body = [&FACE_ROOT[..], MUNICIPALITY].concat();
    body.extend([0x90, 0x03, 0x01, 0x00, 0x01, 0x91, 0x81, 0x80]);
    body.extend([0xC5; 128]);
    let signature = face_root().sign_sha256(&body);
    let small = long(
        0x7F21,
        &[long(0x5F4E, &body), long(0x5F37, &signature)].concat(),
    );
    assert_eq!(
        check(&small),
        Err(form(47, "the modulus has not 256 bytes"))
    );
    // No room for the identifiers.
    let none = long(
        0x7F21,
        &[long(0x5F4E, &[1; 20]), long(0x5F37, &[])].concat(),
    );
    assert_eq!(check(&none), Err(form(26, "no room for a key identifier")));
}

#[test]
fn the_form_of_lengths_around_the_signed_part_is_free() {
    // The signature covers the value of 5F4E only.
    let bytes = good();
    let parts = &bytes[5..];
    let inner = [&[0x5F, 0x4E, 0x83, 0x00, 0x01, 0x29], &parts[5..]].concat();
    assert!(check(&long(0x7F21, &inner)).is_ok());
}

#[test]
fn every_truncation_is_refused() {
    let bytes = good();
    for len in 0..bytes.len() {
        assert!(check(&bytes[..len]).is_err(), "{len}");
    }
}

#[test]
fn debug_shows_nothing_of_the_municipality() {
    let bytes = good();
    let read = CvCertificate::parse(&bytes).unwrap();
    let raw = as_read(bytes.clone(), FACE, session());
    let shown = format!("{read:?} {raw:?} {:?} {:?}", face_key(session()), roots());
    assert!(
        !shown.contains("57, 57") && !shown.contains("99999"),
        "{shown}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Near enough to a certificate to get deep into the reader.
    #[test]
    fn damaged_certificates_are_refused_and_positions_lie_inside(
        edits in prop::collection::vec((0usize..568, 0usize..40, any::<u8>(), 0u8..3), 1..4),
    ) {
        let good = good();
        let mut bytes = good.clone();
        for (at, len, byte, kind) in edits {
            let at = at.min(bytes.len());
            let end = (at + len).min(bytes.len());
            match kind {
                0 => { bytes.drain(at..end); }
                1 => { bytes[at..end].fill(byte); }
                _ => { let part = bytes[at..end].to_vec(); bytes.splice(at..at, part); }
            }
        }
        prop_assume!(bytes != good);
        prop_assert!(check(&bytes).is_err());
        let position = match CvCertificate::parse(&bytes) {
            Err(CvError::Tlv { source, .. }) => source.position,
            Err(CvError::Form { position, .. }) => position,
            _ => 0,
        };
        prop_assert!(position <= bytes.len(), "{position} of {}", bytes.len());
    }
}
