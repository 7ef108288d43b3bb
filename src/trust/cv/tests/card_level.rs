//! The two certificates of the card itself, one below the other.

use super::*;
use crate::tlv::{Tag, TlvErrorKind};

const ROOT: &[u8; 16] = b"9000020\x08\x05001\0\0\0\xA8";
const UPPER: &[u8; 16] = b"9999930\x08\x05002\0\0\0\x98";
const LOWER: &[u8; 16] = b"9000050\x08\x05001\0\0\0\x40";
const LIST: [u8; 12] = [
    0x4D, 0x0A, 0x42, 0x10, 0x5F, 0x20, 0x10, 0x5F, 0x49, 0x82, 0x01, 0x09,
];

/// As GET DATA gives it.
fn object(issuer: (&[u8; 16], &Key), subject: (&[u8; 16], &Key)) -> Vec<u8> {
    let body = [&issuer.0[..], subject.0, &subject.1.public()].concat();
    let signature = issuer.1.sign_sha256(&body);
    [&LIST[..], &long(0x5F4E, &body), &long(0x5F37, &signature)].concat()
}

fn upper() -> Vec<u8> {
    object((ROOT, &face_root()), (UPPER, &municipality()))
}

fn lower() -> Vec<u8> {
    object((UPPER, &municipality()), (LOWER, &chip()))
}

fn card_roots() -> &'static CvRoots {
    static ROOTS: LazyLock<CvRoots> =
        LazyLock::new(|| CvRoots::empty().with(root(CARD, ROOT, &face_root())));
    &ROOTS
}

fn check(upper: &[u8], lower: Option<&[u8]>) -> Result<Realm, CvError> {
    card_roots().check_card_level(upper, lower, Realms::simulation())
}

#[test]
fn one_leads_to_the_other() {
    assert_eq!((upper().len(), lower().len()), (575, 575), "as reported");
    assert_eq!(check(&upper(), Some(&lower())), Ok(Realm::Simulation));
    assert_eq!(check(&upper(), None), Ok(Realm::Simulation), "older cards");
}

#[test]
fn each_rule_has_its_error() {
    let (upper, lower) = (upper(), lower());
    // Not the other way round, and none for itself.
    assert_eq!(check(&lower, Some(&upper)), Err(CvError::UnknownIssuer));
    assert_eq!(check(&upper, Some(&upper)), Err(CvError::NotBelow));
    // The name of the upper one, and another key's signature; and the other way round.
    let posed = object((UPPER, &chip()), (LOWER, &chip()));
    let bad = Err(CvError::BadCertificateSignature);
    assert_eq!(check(&upper, Some(&posed)), bad);
    let other = object((LOWER, &municipality()), (LOWER, &chip()));
    assert_eq!(check(&upper, Some(&other)), Err(CvError::NotBelow));
    let posed = object((ROOT, &chip()), (UPPER, &municipality()));
    assert_eq!(check(&posed, Some(&lower)), bad);
    let realms = Realms::production();
    let found = Realm::Simulation;
    assert_eq!(
        card_roots().check_card_level(&upper, Some(&lower), realms),
        Err(CvError::RealmNotAccepted { found })
    );
}

/// A key above the card itself is none above the card face, nor the other way round.
#[test]
fn the_levels_are_apart() {
    let face = long(0x7F21, &upper()[LIST.len()..]);
    assert_eq!(
        card_roots().check(&face, FACE, Realms::simulation()),
        Err(CvError::OtherApplication { found: CARD })
    );
    let object = [&LIST[..], &FACE_CERTIFICATE[5..]].concat();
    assert_eq!(
        roots().check_card_level(&object, None, Realms::simulation()),
        Err(CvError::OtherApplication { found: FACE })
    );
}

#[test]
fn the_form_is_that_of_get_data() {
    let element = "card-verifiable certificate";
    let wrapped = long(0x7F21, &upper()[LIST.len()..]);
    let (expected, found) = (Tag::new(0x4D), Tag::new(0x7F21));
    let kind = TlvErrorKind::UnexpectedTag { expected, found };
    let source = crate::tlv::TlvError { position: 0, kind };
    let refused = CvError::Tlv { element, source };
    assert_eq!(check(&wrapped, None), Err(refused));
    let mut list = upper();
    list[3] = 0x11;
    let (position, why) = (0, "another list than issuer, subject and key");
    let refused = CvError::Form {
        element,
        position,
        why,
    };
    assert_eq!(check(&list, None), Err(refused));
    let max = CvCertificate::MAX_LEN;
    for len in [max, max + 1] {
        let refused = check(&vec![0x4D; len], None).unwrap_err();
        let too_long = refused == CvError::TooLong { len, max };
        assert_eq!(too_long, len > max);
    }
    let longer = [&upper()[..], &[0]].concat();
    assert!(matches!(check(&longer, None), Err(CvError::Tlv { .. })));
}

#[test]
fn no_flipped_bit_of_either_is_accepted() {
    let (mut first, mut second) = (upper(), lower());
    for at in 0..first.len() {
        for bit in 0..8 {
            first[at] ^= 1 << bit;
            assert!(check(&first, None).is_err(), "upper, byte {at} bit {bit}");
            first[at] ^= 1 << bit;
            second[at] ^= 1 << bit;
            let found = check(&first, Some(&second));
            assert!(found.is_err(), "lower, byte {at} bit {bit}");
            second[at] ^= 1 << bit;
        }
    }
    assert!(check(&first, Some(&second)).is_ok());
}
