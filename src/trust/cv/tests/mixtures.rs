//! Two genuine cards of two municipalities, taken apart and put together again.

use super::live::{answered, live, now};
use super::*;
use crate::trust::ChallengeError;

/// What is written on a card, and the chip that holds its key.
struct Genuine {
    certificate: Vec<u8>,
    face: Face,
    person: Vec<u8>,
    key: Vec<u8>,
    signature: Vec<u8>,
    chip: Key,
}

impl Genuine {
    fn card(municipality: &Key, chip: Key, birth: &[u8], sex: &[u8], photo: &[u8]) -> Self {
        let person = [short(0xDF22, birth), short(0xDF23, sex)].concat();
        let key = long(0xDF24, &chip.public());
        let face = Face {
            record: [&person[..], &key].concat(),
            photo: long(0xDF27, photo),
            ..Face::new()
        };
        Self {
            certificate: certificate(&face_root(), FACE_ROOT, municipality),
            signature: face.signed_by(municipality),
            face,
            person,
            key,
            chip,
        }
    }
}

/// Photo, signature, certificate, birth date with sex, card key: each of one card
/// or of the other, before either chip.
#[test]
fn only_what_belongs_together_is_issued_and_live() {
    let cards = [
        Genuine::card(&municipality(), chip(), b"19800217", b"2", &[0x11; 90]),
        Genuine::card(
            &other_municipality(),
            other_chip(),
            b"19550603",
            b"1",
            &[0x22; 90],
        ),
    ];
    let own = session();
    let (mut issued, mut lives) = (0, 0);
    for mixture in 0..1_usize << 6 {
        let of = |part: usize| mixture >> part & 1;
        let [photo, signed, certified, person, key, chip] = [0, 1, 2, 3, 4, 5].map(of);
        let read = as_read(cards[certified].certificate.clone(), FACE, own);
        let issuer = roots().validate(&read, Realms::simulation()).unwrap();
        let read = photo_of(&cards[photo].face.photo, &cards[signed].signature, own).unwrap();
        let expected = if certified != signed {
            let what = "the card face";
            Err(CvError::BadSignature { what })
        } else if photo != signed {
            Err(CvError::NotCovered { what: "photo" })
        } else {
            Ok(())
        };
        let found = match IssuedPhoto::verify(read, &issuer) {
            Ok(found) => found,
            Err(error) => {
                assert_eq!(Err(error), expected, "mixture {mixture:06b}");
                continue;
            }
        };
        assert_eq!(expected, Ok(()), "mixture {mixture:06b}");
        issued += 1;

        let record = [&cards[person].person[..], &cards[key].key].concat();
        let record = CardKeyRecord::parse(Zeroizing::new(record), 37, own).unwrap();
        let challenge = live(own.visit());
        let signature = answered(&challenge, &cards[chip].chip, own);
        let expected = if person != signed || key != signed {
            let what = "birth date, sex and card key";
            Err(CvError::NotCovered { what })
        } else if chip != key {
            Err(CvError::Challenge(ChallengeError::BadSignature))
        } else {
            Ok(())
        };
        lives += usize::from(expected.is_ok());
        let found = LivePhoto::verify(found, record, challenge, signature, now());
        assert_eq!(found.map(drop), expected, "mixture {mixture:06b}");
    }
    assert_eq!((issued, lives), (16, 2));
}
