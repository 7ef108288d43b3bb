//! Content of the common application (共通カードAP).

use super::file::{Access, Application, Change, File};
use super::secret::CardSecret;
use crate::apdu::StatusWord;
use crate::simulation::persona::Persona;
use crate::simulation::pki::CardKey;

/// A municipality code (市区町村コード) that no municipality has.
pub(super) const MUNICIPALITY: &str = "99999";

pub(super) fn application(persona: &Persona) -> Application {
    Application {
        aid: &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00],
        secure_messaging: StatusWord::new(0x66F1),
        change: Change::Key,
        own_key: None,
        internal_authenticate: None,
        files: vec![
            File::records(0x0001, vec![card_record(persona)]),
            // Identifier of a key; which one isn't known of real cards.
            File::records(0x0002, vec![b"9000021\x08\x05001\0\0\0\0".to_vec()]),
            File::key(0x0019, CardKey::Common, Access::Free),
            File::reference(0x001C, CardSecret::CommonPin),
        ],
    }
}

/// Record 1: serial number of the card (15 digits), municipality (5), last day of the card (8).
fn card_record(persona: &Persona) -> Vec<u8> {
    let serial = format!("{:015}", persona.number);
    let mut out = vec![0x01, 0x1C];
    out.extend_from_slice(serial.as_bytes());
    out.extend_from_slice(MUNICIPALITY.as_bytes());
    out.extend_from_slice(persona.card_expiry.as_bytes());
    out
}
