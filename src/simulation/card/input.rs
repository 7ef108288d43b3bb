//! Content of the input support application (券面事項入力補助AP).

use super::CardOptions;
use super::cardface::sha256;
use super::file::{Access, Application, Change, File};
use super::secret::CardSecret::{InputBlocked, InputPin, InputReferenceA, InputReferenceB};
use crate::apdu::StatusWord;
use crate::simulation::ber::LengthForm::{Shortest, TwoBytes};
use crate::simulation::ber::tlv;
use crate::simulation::persona::Persona;
use crate::simulation::pki::{CardKey, Line, SESSION_MODULUS, public_key};

pub(super) fn application(persona: &Persona, options: &CardOptions) -> Application {
    let number = Access::After(&[InputPin, InputReferenceA]);
    let attributes = Access::After(&[InputPin, InputReferenceB]);
    let any = Access::After(&[InputPin, InputReferenceA, InputReferenceB]);
    let (holder, copy) = (persona.clone(), persona.clone());
    let (prefix, filler) = (usize::from(options.prefix), usize::from(options.filler));
    Application {
        aid: &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08],
        // Real cards have secure messaging here. This one opens no session, and 69FC is what they say without one.
        secure_messaging: StatusWord::new(0x69FC),
        change: Change::ReferenceData,
        own_key: Some(0x13),
        internal_authenticate: Some(StatusWord::CONDITIONS_NOT_SATISFIED),
        files: vec![
            File::transparent(0x0001, number, my_number(persona)),
            File::made(0x0002, attributes, move || {
                let mut file = vec![0xFF; prefix];
                file.extend(tlv(
                    0xFF20,
                    Shortest,
                    &with_table(&four_attributes(&holder)),
                ));
                file.resize(file.len().saturating_add(filler), 0xFF);
                file
            }),
            File::made(0x0003, any, move || integrity_record(&copy)),
            File::made(0x0004, Access::Free, || {
                tlv(0x7F21, TwoBytes, Line::InputSupport.certificate())
            }),
            File::transparent(0x0005, Access::Free, basic_information()),
            File::made(0x0006, any, || {
                tlv(0xA1, TwoBytes, &public_key(SESSION_MODULUS))
            }),
            File::made(0x0007, any, own_key_record),
            // Which secret opens this one isn't known; the bytes of real cards are.
            File::transparent(0x0008, any, vec![0xFF; 16]),
            File::reference(0x0011, InputPin),
            File::reference(0x0012, InputBlocked),
            File::key(0x0013, CardKey::InputSupport, Access::Free),
            File::reference(0x0014, InputReferenceA),
            File::reference(0x0015, InputReferenceB),
        ],
    }
}

/// EF 0001, 17 bytes: the individual number (個人番号), and two bytes of filler that belong to what is signed.
fn my_number(persona: &Persona) -> Vec<u8> {
    let mut file = tlv(0xFF10, Shortest, persona.my_number.as_bytes());
    file.extend_from_slice(&[0xFF, 0xFF]);
    file
}

/// Name, address, date of birth and sex (基本4情報): the objects of EF 0002 after its table.
fn four_attributes(persona: &Persona) -> [Vec<u8>; 4] {
    [
        tlv(0xDF22, Shortest, persona.holder_name.as_bytes()),
        tlv(0xDF23, Shortest, persona.address.as_bytes()),
        tlv(0xDF24, Shortest, persona.birthdate.as_bytes()),
        tlv(0xDF25, Shortest, persona.sex.as_bytes()),
    ]
}

/// The value of EF 0002: `DF21` with four offsets from the first byte of `FF20`, then the four objects.
fn with_table(objects: &[Vec<u8>; 4]) -> Vec<u8> {
    /// Of the table with its header.
    const TABLE: usize = 3 + 8;
    let body = objects.concat();
    // Tag and length in front, whose own length depends on what follows.
    let header = match body.len().saturating_add(TABLE) {
        0..=0x7F => 3,
        0x80..=0xFF => 4,
        _ => 5,
    };
    let mut offset = TABLE.saturating_add(header);
    let mut table = Vec::with_capacity(8);
    for object in objects {
        table.extend_from_slice(&u16::try_from(offset).unwrap_or(u16::MAX).to_be_bytes());
        offset = offset.saturating_add(object.len());
    }
    let mut value = tlv(0xDF21, Shortest, &table);
    value.extend(body);
    value
}

/// EF 0003, 336 bytes: digests of EF 0001, as it is with its filler, and of EF 0002 without its table, signed.
fn integrity_record(persona: &Persona) -> Vec<u8> {
    let number = sha256(&[&my_number(persona)]);
    let attributes = sha256(&[&four_attributes(persona).concat()]);
    let mut value = tlv(0xDF31, Shortest, &number);
    value.extend(tlv(0xDF32, Shortest, &attributes));
    let signature = Line::InputSupport.sign(&value);
    value.extend(tlv(0xDF33, TwoBytes, &signature));
    tlv(0xFF30, TwoBytes, &value)
}

/// EF 0005, 164 bytes: versions, a key identifier, and 32 bytes that nobody knows the meaning of. The lengths aren't
/// the shortest, as on real cards.
fn basic_information() -> Vec<u8> {
    let mut opaque = vec![0x43; 32];
    opaque.resize(128, 0xFF);
    let mut value = tlv(0xDF41, Shortest, &[0x01, 0x03, 0x0E, 0x01]);
    value.extend(tlv(0xDF42, Shortest, b"9000034\x08\x05001\0\0\0\0"));
    value.extend(tlv(0xDF43, TwoBytes, &opaque));
    tlv(0xFF40, TwoBytes, &value)
}

/// EF 0007, 536 bytes: the public half of key 0013, signed by the municipality.
fn own_key_record() -> Vec<u8> {
    let mut value = tlv(0xDF51, TwoBytes, &CardKey::InputSupport.public());
    let signature = Line::InputSupport.sign(&value);
    value.extend(tlv(0xDF52, TwoBytes, &signature));
    tlv(0xFF50, TwoBytes, &value)
}
