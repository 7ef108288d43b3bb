//! Content of the card-face application (券面事項確認AP).

use super::CardOptions;
use super::common::MUNICIPALITY;
use super::file::{Access, Application, Change, File};
use super::secret::CardSecret::{FaceBirth, FaceReferenceA, FaceReferenceB};
use crate::apdu::StatusWord;
use crate::simulation::ber::LengthForm::{Shortest, TwoBytes};
use crate::simulation::ber::tlv;
use crate::simulation::persona::Persona;
use crate::simulation::pki::{CardKey, Line};

/// 378 × 472, 8-bit grey JPEG 2000, as one public test card has it. A drawing, nobody's face.
const PORTRAIT: &[u8] = include_bytes!("../portrait.jp2");
/// Where the 33 characters of its comment begin.
const COMMENT: usize = 0xAB;
/// 1-bit pictures of boxes that stand for characters.
const NAME: &[u8] = include_bytes!("name.png");
const ADDRESS: &[u8] = include_bytes!("address.png");
const SECURITY_CODE: &[u8] = include_bytes!("code.png");
const MY_NUMBER: &[u8] = include_bytes!("number.png");

pub(super) fn application(persona: &Persona, options: &CardOptions) -> Application {
    let number = Access::After(&[FaceReferenceA]);
    let any = Access::After(&[FaceReferenceA, FaceReferenceB]);
    let (holder, birthdate) = (persona.clone(), persona.birthdate);
    let foreign = options.foreign_photo;
    let key = CardKey::CardFace(persona.number);
    Application {
        aid: &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02],
        secure_messaging: StatusWord::new(0x66F1),
        change: Change::Never,
        own_key: Some(0x1A),
        internal_authenticate: Some(StatusWord::CONDITIONS_NOT_SATISFIED),
        files: vec![
            File::made(0x0001, Access::After(&[FaceBirth]), move || {
                age_record(birthdate, key)
            }),
            File::made(0x0002, any, move || face(&holder, key, foreign)),
            File::transparent(0x0003, Access::Free, basic_information()),
            File::made(0x0004, Access::Free, || {
                tlv(0x7F21, TwoBytes, Line::CardFace.certificate())
            }),
            File::made(0x0005, number, move || my_number_image(key)),
            // Sixteen bytes that nobody knows the meaning of.
            File::transparent(0x0006, any, vec![0xFF; 16]),
            File::reference(0x0011, FaceBirth),
            File::reference(0x0012, FaceReferenceB),
            File::reference(0x0013, FaceReferenceA),
            File::key(0x001A, key, Access::Free),
        ],
    }
}

/// EF 0001, 547 bytes: date of birth, the card's own public key, and the municipality's signature over both.
fn age_record(birthdate: &str, key: CardKey) -> Vec<u8> {
    let mut value = tlv(0xDF11, Shortest, birthdate.as_bytes());
    value.extend(tlv(0xDF12, TwoBytes, &key.public()));
    let signature = Line::CardFace.sign(&value);
    value.extend(tlv(0xDF13, TwoBytes, &signature));
    tlv(0xFF10, TwoBytes, &value)
}

/// EF 0005: picture of the individual number (個人番号), the card's own public key, and the signature over both.
fn my_number_image(key: CardKey) -> Vec<u8> {
    let mut value = tlv(0xDF41, TwoBytes, MY_NUMBER);
    value.extend(tlv(0xDF42, TwoBytes, &key.public()));
    let signature = Line::CardFace.sign(&value);
    value.extend(tlv(0xDF43, TwoBytes, &signature));
    tlv(0xFF40, TwoBytes, &value)
}

/// EF 0002: `FF20` with a table of nine offsets, counted from the file's first byte, to the nine elements after it.
fn face(persona: &Persona, key: CardKey, foreign: bool) -> Vec<u8> {
    /// Of the outer header, and of the table with its own.
    const BEFORE_ELEMENTS: usize = 5 + 3 + 18;
    let birth = tlv(0xDF22, Shortest, persona.birthdate.as_bytes());
    let sex = tlv(0xDF23, Shortest, persona.sex.as_bytes());
    let key = tlv(0xDF24, Shortest, &key.public());
    // Real card faces are reported with lengths that aren't the shortest form; a strict DER reader stumbles here.
    let name = tlv(0xDF25, TwoBytes, NAME);
    let address = tlv(0xDF26, TwoBytes, ADDRESS);
    let signed = tlv(0xDF27, TwoBytes, &photo(persona.number));
    let signature = Line::CardFace.sign_digests([
        &sha256(&[&birth, &sex, &key]),
        &sha256(&[&name, &address]),
        &sha256(&[&signed]),
    ]);
    let photo = if foreign {
        tlv(0xDF27, TwoBytes, &photo(!persona.number))
    } else {
        signed
    };
    let elements = [
        birth,
        sex,
        key,
        name,
        address,
        photo,
        tlv(0xDF28, TwoBytes, &signature),
        // After the signature, and so not signed.
        tlv(0xDF29, Shortest, persona.card_expiry.as_bytes()),
        tlv(0xDF2A, TwoBytes, SECURITY_CODE),
    ];
    let mut offset = BEFORE_ELEMENTS;
    let mut table = Vec::with_capacity(18);
    let mut body = Vec::new();
    for element in &elements {
        table.extend_from_slice(&u16::try_from(offset).unwrap_or(u16::MAX).to_be_bytes());
        offset = offset.saturating_add(element.len());
        body.extend_from_slice(element);
    }
    let mut value = tlv(0xDF21, Shortest, &table);
    value.extend_from_slice(&body);
    tlv(0xFF20, TwoBytes, &value)
}

/// The portrait, with the card's number in the comment of its code stream (COM; ISO/IEC 15444-1, A.9.2): one picture,
/// but the bytes of no two cards' photos are alike.
fn photo(number: u32) -> Vec<u8> {
    let comment = format!("uketsuke simulation, persona {:04}", number % 10_000);
    let mut photo = PORTRAIT.to_vec();
    for (to, from) in photo.iter_mut().skip(COMMENT).zip(comment.bytes()) {
        *to = from;
    }
    photo
}

/// EF 0003, 320 bytes: versions, key identifier, municipality, and an opaque part. On real cards neither identifier is
/// that of the key which signs.
fn basic_information() -> Vec<u8> {
    let mut value = tlv(0xDF31, Shortest, &[0x06, 0x03, 0x0E, 0x01]);
    value.extend(tlv(0xDF32, Shortest, b"9000024\x08\x05001\0\0\0\0"));
    value.extend(tlv(0xDF33, Shortest, &[0x00]));
    value.extend(tlv(0xDF34, Shortest, MUNICIPALITY.as_bytes()));
    let mut opaque = b"9900025\x08\x05001\0\0\0\0".to_vec();
    opaque.resize(272, 0x35);
    value.extend(tlv(0xDF35, TwoBytes, &opaque));
    tlv(0xFF30, TwoBytes, &value)
}

/// SHA-256 over several pieces.
pub(super) fn sha256(pieces: &[&[u8]]) -> [u8; 32] {
    CardKey::hash(&pieces.concat())
}
