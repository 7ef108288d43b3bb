//! The whole face, and the picture of the My Number.

use super::*;
use crate::card::SignedFace;

const EXPIRY: &[u8] = b"20310409";

fn file(face: &Face) -> Vec<u8> {
    let parts = [
        &short(0xDF21, &[0; 18]),
        &face.record,
        &face.texts,
        &face.photo,
        &face.signature(),
        &short(0xDF29, EXPIRY),
        &long(0xDF2A, b"a code"),
    ];
    long(0xFF20, &parts.map(|part| &part[..]).concat())
}

fn verify(bytes: &[u8], key: &IssuerKey) -> Result<IssuedFace, Option<CvError>> {
    let read = SignedFace::parse(Zeroizing::new(bytes.to_vec()), key.binding());
    IssuedFace::verify(read.map_err(|_| None)?, key).map_err(Some)
}

#[test]
fn a_genuine_face_verifies_and_says_what_is_not_signed() {
    let key = face_key(session());
    let whole = verify(&file(&Face::new()), &key).unwrap();
    assert_eq!(whole.name_png(), b"a name");
    assert_eq!(whole.address_png(), b"an address");
    assert_eq!(whole.birth_date().as_str(), "19800217");
    assert_eq!(whole.unsigned().expiry(), EXPIRY);
    assert_eq!(whole.unsigned().security_code_png(), b"a code");
    assert_eq!(whole.realm(), Realm::Simulation);
}

/// In every byte but those that nobody signs: the offset table, and what comes
/// behind the signature.
#[test]
fn no_flipped_bit_of_what_is_covered_verifies() {
    let face = Face::new();
    let key = face_key(session());
    let mut bytes = file(&face);
    let tail = short(0xDF29, EXPIRY).len() + long(0xDF2A, b"a code").len();
    let end = bytes.len() - tail;
    for position in 5 + 21..end {
        for bit in 0..8 {
            bytes[position] ^= 1 << bit;
            let found = verify(&bytes, &key);
            assert!(found.is_err(), "byte {position} bit {bit}");
            bytes[position] ^= 1 << bit;
        }
    }
    let (last_of_table, expiry) = (25, end + 3);
    for unsigned in [last_of_table, expiry] {
        bytes[unsigned] ^= 1;
        assert!(verify(&bytes, &key).is_ok(), "byte {unsigned}");
        bytes[unsigned] ^= 1;
    }
}

#[test]
fn a_signed_key_of_another_form_is_refused() {
    let mut face = Face::new();
    let mut key = chip().public();
    key[4] = 3;
    let before = [short(0xDF22, b"19800217"), short(0xDF23, b"1")].concat();
    face.record = [before, long(0xDF24, &key)].concat();
    let found = verify(&file(&face), &face_key(session())).map(drop);
    assert!(matches!(found, Err(Some(CvError::Form { .. }))));
}

#[test]
fn says_which_part_is_not_what_was_signed() {
    let signed = Face::new();
    let key = face_key(session());
    let of = |face: &Face| {
        let parts = [
            &short(0xDF21, &[0; 18]),
            &face.record,
            &face.texts,
            &face.photo,
            &signed.signature(),
            &short(0xDF29, EXPIRY),
            &long(0xDF2A, b"a code"),
        ];
        let bytes = long(0xFF20, &parts.map(|part| &part[..]).concat());
        verify(&bytes, &key).map(drop)
    };
    assert_eq!(of(&Face::new()), Ok(()));
    let mut face = Face::new();
    face.record[10] = b'8';
    let what = "birth date, sex and card key";
    assert_eq!(of(&face), Err(Some(CvError::NotCovered { what })));
    let mut face = Face::new();
    face.texts[7] ^= 1;
    let what = "name and address";
    assert_eq!(of(&face), Err(Some(CvError::NotCovered { what })));
    let mut face = Face::new();
    face.photo[7] ^= 1;
    let what = "photo";
    assert_eq!(of(&face), Err(Some(CvError::NotCovered { what })));
}

#[test]
fn a_face_is_under_the_key_of_its_application_and_session() {
    let own = session();
    let check = |key: IssuerKey| {
        let read = SignedFace::parse(Zeroizing::new(file(&Face::new())), own).unwrap();
        IssuedFace::verify(read, &key).map(drop)
    };
    assert_eq!(check(face_key(own)), Ok(()));
    assert_eq!(
        check(input_key(own)),
        Err(CvError::OtherApplication { found: INPUT })
    );
    for other in [session(), other_session(own)] {
        assert_eq!(check(face_key(other)), Err(CvError::OtherSession));
    }
}

#[cfg(feature = "my-number")]
#[test]
fn the_numbers_picture_is_under_the_key_of_its_application_and_session() {
    use crate::card::SignedMyNumberImage;

    let own = session();
    let check = |public: &[u8], signed_by: &Key, key: IssuerKey| {
        let record = [long(0xDF41, b"a picture"), long(0xDF42, public)].concat();
        let signature = signed_by.sign_sha256(&record);
        let bytes = long(0xFF40, &[record, long(0xDF43, &signature)].concat());
        let read = SignedMyNumberImage::parse("the test", Zeroizing::new(bytes), own).unwrap();
        IssuedMyNumberImage::verify(read, &key).map(drop)
    };
    let (public, municipality) = (chip().public(), municipality());
    assert_eq!(check(&public, &municipality, face_key(own)), Ok(()));
    let what = "the picture of the My Number";
    assert_eq!(
        check(&public, &chip(), face_key(own)),
        Err(CvError::BadSignature { what })
    );
    assert_eq!(
        check(&public, &municipality, input_key(own)),
        Err(CvError::OtherApplication { found: INPUT })
    );
    for other in [session(), other_session(own)] {
        let found = check(&public, &municipality, face_key(other));
        assert_eq!(found, Err(CvError::OtherSession));
    }
    let mut exponent = public;
    exponent[4] = 3;
    let found = check(&exponent, &municipality, face_key(own));
    assert!(matches!(found, Err(CvError::Form { .. })));
}

#[cfg(feature = "my-number")]
#[test]
fn no_flipped_bit_of_the_numbers_picture_verifies() {
    use crate::card::SignedMyNumberImage;

    let key = face_key(session());
    let record = [long(0xDF41, b"a picture"), long(0xDF42, &chip().public())].concat();
    let signature = municipality().sign_sha256(&record);
    let mut bytes = long(0xFF40, &[record, long(0xDF43, &signature)].concat());
    let verify = |bytes: &[u8]| {
        let bytes = Zeroizing::new(bytes.to_vec());
        let read = SignedMyNumberImage::parse("the test", bytes, key.binding()).ok()?;
        IssuedMyNumberImage::verify(read, &key).ok()
    };
    let image = verify(&bytes).unwrap();
    assert_eq!(image.png(), b"a picture");
    assert_eq!(
        format!("{image:?}"),
        "IssuedMyNumberImage { image: SignedMyNumberImage(..), realm: Simulation }"
    );
    for position in 0..bytes.len() {
        for bit in 0..8 {
            bytes[position] ^= 1 << bit;
            assert!(verify(&bytes).is_none(), "byte {position} bit {bit}");
            bytes[position] ^= 1 << bit;
        }
    }
}
