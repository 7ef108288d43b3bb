//! The photo alone, proved issued.

use crypto_bigint::{CheckedAdd, U2048};

use super::*;

fn verify(photo: &[u8], signature: &[u8]) -> Result<(), CvError> {
    let own = session();
    let photo = photo_of(photo, signature, own).expect("elements");
    IssuedPhoto::verify(photo, &face_key(own)).map(drop)
}

const BAD: CvError = CvError::BadSignature {
    what: "the card face",
};

#[test]
fn a_genuine_photo_is_issued_without_name_and_address() {
    let face = Face::new();
    let own = session();
    let issued = IssuedPhoto::verify(face.signed_photo(own), &face_key(own)).unwrap();
    assert_eq!(issued.jpeg2000(), &face.photo[5..]);
    assert_eq!((issued.binding(), issued.realm()), (own, Realm::Simulation));
    assert!(!format!("{issued:?}").contains("5, 6, 7"));
}

#[test]
fn no_flipped_bit_of_photo_header_or_signature_is_issued() {
    let face = Face::new();
    let own = session();
    let key = face_key(own);
    let mut bytes = [face.photo.clone(), face.signature()].concat();
    let verify = |bytes: &[u8]| {
        let parsed = SignedPhoto::parse(Zeroizing::new(bytes.to_vec()), 0x33E, own);
        parsed.is_ok_and(|photo| IssuedPhoto::verify(photo, &key).is_ok())
    };
    assert!(verify(&bytes));
    for position in 0..bytes.len() {
        for bit in 0..8 {
            bytes[position] ^= 1 << bit;
            assert!(!verify(&bytes), "byte {position} bit {bit}");
            bytes[position] ^= 1 << bit;
        }
    }
}

/// The municipality's own key over blocks that differ from the right one in a
/// single bit: everything but the two digests that aren't compared must be as
/// it belongs.
#[test]
fn every_byte_of_the_block_counts() {
    let face = Face::new();
    let info = [&FACE_INFO[..], &face.digests()].concat();
    let right = padded(&info);
    let key = municipality();
    for position in 0..256 {
        let mut block = right;
        // Of the first byte a high bit would exceed the modulus.
        block[position] ^= if position == 0 {
            1
        } else {
            1 << (position % 8)
        };
        let found = verify(&face.photo, &long(0xDF28, &key.raw(&block)));
        let expected = match position {
            0..160 => Err(BAD),
            160..224 => Ok(()),
            _ => Err(CvError::NotCovered { what: "photo" }),
        };
        assert_eq!(found, expected, "byte {position}");
    }
}

/// Blocks that lenient readers took for signatures.
#[test]
fn blocks_of_another_form_are_refused() {
    let face = Face::new();
    let digests = face.digests();
    let right = [&FACE_INFO[..], &digests].concat();
    let ordinary = [&INFO[..], &sha256(&digests)].concat();
    let mut no_null = right.clone();
    no_null.drain(15..17);
    no_null[1] -= 2;
    no_null[3] -= 2;
    let mut sha384 = right.clone();
    sha384[14] = 0x02;
    let long_length = [&[0x30, 0x81, 0x71], &right[2..]].concat();
    let photo_last = [&FACE_INFO[..], &digests[64..], &digests[..64]].concat();
    let mut garbage_behind = padded(&right);
    garbage_behind.copy_within(16.., 8);
    let mut short_padding = [0; 256];
    short_padding[1] = 0x01;
    short_padding[2..10].fill(0xFF);
    short_padding[11..11 + right.len()].copy_from_slice(&right);
    let mut zeros_first = [0; 256];
    zeros_first[256 - right.len()..].copy_from_slice(&right);
    let mut type_two = padded(&right);
    type_two[1] = 0x02;

    let key = municipality();
    let cases = [
        ("an ordinary signature over the three", key.sign(&ordinary)),
        ("no NULL", key.sign(&no_null)),
        ("SHA-384 named", key.sign(&sha384)),
        ("a length in two bytes", key.sign(&long_length)),
        ("bare digests", key.sign(&digests)),
        ("garbage behind", key.raw(&garbage_behind)),
        ("short padding", key.raw(&short_padding)),
        ("no padding", key.raw(&zeros_first)),
        ("type 2", key.raw(&type_two)),
        ("another key", chip().sign(&right)),
        ("zero", vec![0; 256]),
        ("one", [vec![0; 255], vec![1]].concat()),
        ("the modulus", key.modulus.to_vec()),
        ("all ones", vec![0xFF; 256]),
        ("none", vec![]),
        ("a zero byte in front", [vec![0], key.sign(&right)].concat()),
        ("one byte less", key.sign(&right)[..255].to_vec()),
    ];
    for (name, signature) in cases {
        let found = verify(&face.photo, &long(0xDF28, &signature));
        assert_eq!(found, Err(BAD), "{name}");
    }
    let swapped = key.sign(&photo_last);
    assert_eq!(
        verify(&face.photo, &long(0xDF28, &swapped)),
        Err(CvError::NotCovered { what: "photo" })
    );
}

/// Below the modulus there is one number for a signature; RFC 8017 refuses the others.
#[test]
fn a_signature_beyond_the_modulus_is_refused() {
    let face = Face::new();
    let modulus = U2048::from_be_slice(&municipality().modulus);
    // Sought: a photo whose signature plus the modulus still has 256 bytes.
    let found = (0..=u8::MAX).find_map(|byte| {
        let photo = long(0xDF27, &[byte; 40]);
        let info = [&FACE_INFO[..], &face.digests()[..64], &sha256(&photo)].concat();
        let signature = municipality().sign(&info);
        let beyond = U2048::from_be_slice(&signature).checked_add(&modulus);
        let beyond = Option::<U2048>::from(beyond)?;
        Some((photo, signature, beyond.to_be_bytes().as_ref().to_vec()))
    });
    let (photo, signature, beyond) = found.expect("some photo");
    assert_eq!(verify(&photo, &long(0xDF28, &signature)), Ok(()));
    assert_eq!(verify(&photo, &long(0xDF28, &beyond)), Err(BAD));
}

#[test]
fn lengths_count_as_they_were_written() {
    // The same photo under a header of another form has another digest.
    let face = Face::new();
    let rewritten = [&[0xDF, 0x27, 0x81, 200], &face.photo[5..]].concat();
    assert_eq!(
        verify(&rewritten, &face.signature()),
        Err(CvError::NotCovered { what: "photo" })
    );
    let signed_so = Face {
        photo: rewritten,
        ..Face::new()
    };
    assert_eq!(verify(&signed_so.photo, &signed_so.signature()), Ok(()));
    // The signature's own header isn't covered by anything.
    let value = &face.signature()[5..].to_vec();
    let header = [&[0xDF, 0x28, 0x83, 0x00, 0x01, 0x00], &value[..]].concat();
    assert_eq!(verify(&face.photo, &header), Ok(()));
}

#[test]
fn keys_of_other_sessions_and_applications_are_refused() {
    let face = Face::new();
    let own = session();
    let photo = || face.signed_photo(own);
    for other in [session(), other_session(own)] {
        let found = IssuedPhoto::verify(photo(), &face_key(other)).map(drop);
        assert_eq!(found, Err(CvError::OtherSession));
    }
    // The same municipality's key, certified for the other application.
    let found = IssuedPhoto::verify(photo(), &input_key(own)).map(drop);
    assert_eq!(found, Err(CvError::OtherApplication { found: INPUT }));
}
