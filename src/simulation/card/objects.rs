//! The data objects of the card itself, for GET DATA while no application is selected.

use super::common::MUNICIPALITY;
use crate::simulation::ber::{LengthForm, tlv};
use crate::simulation::persona::Persona;
use crate::simulation::pki::{Line, lower_certificate};

/// One object: tag and value.
#[derive(Debug)]
pub(super) struct Object {
    pub(super) tag: u16,
    pub(super) value: Vec<u8>,
}

/// What a contact reader would see at power-up, without the first byte (`3B`): one that public lists have.
const CONTACT_ATR: [u8; 8] = [0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14];

pub(super) fn all(persona: &Persona) -> Vec<Object> {
    let object = |tag, value: &[u8]| Object {
        tag,
        value: value.to_vec(),
    };
    vec![
        // Number of the issuer.
        object(0x0042, b"9000022\x08\x05001\0\0\0\0"),
        // Number of the card.
        object(0x0045, format!("UKETSUKE{:08}", persona.number).as_bytes()),
        object(0x0066, &recognition_data()),
        object(0x00F0, MUNICIPALITY.as_bytes()),
        object(0x00F2, persona.card_expiry.as_bytes()),
        object(0x00F7, &Line::Master.subject_id()),
        object(0x00F8, &with_header_list(Line::Master.certificate())),
        object(0x7F21, &with_header_list(lower_certificate())),
        object(0x5F51, &CONTACT_ATR),
    ]
}

/// A certificate as GET DATA gives it, 575 bytes: without the outer `7F21`, behind a list (`4D`) of what it holds.
fn with_header_list(certificate: &[u8]) -> Vec<u8> {
    const NAMES: [u8; 10] = [0x42, 0x10, 0x5F, 0x20, 0x10, 0x5F, 0x49, 0x82, 0x01, 0x09];
    let mut out = tlv(0x4D, LengthForm::Shortest, &NAMES);
    out.extend_from_slice(certificate);
    out
}

/// GlobalPlatform's card recognition data (`73`, Card Specification 2.3.1, appendix H.2): that it is such a card, and
/// of which version.
fn recognition_data() -> Vec<u8> {
    use LengthForm::Shortest;
    /// 1.2.840.114283.1, "this is GlobalPlatform's".
    const GLOBAL_PLATFORM: [u8; 9] = [0x06, 0x07, 0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B, 0x01];
    /// 1.2.840.114283.2.2.1.1, version 2.1.1.
    const VERSION: [u8; 12] = [
        0x06, 0x0A, 0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B, 0x02, 0x02, 0x01, 0x01,
    ];
    let mut value = GLOBAL_PLATFORM.to_vec();
    value.extend(tlv(0x60, Shortest, &VERSION));
    tlv(0x73, Shortest, &value)
}
