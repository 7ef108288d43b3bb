//! Content of the common application (共通カードAP).

use super::file::{Application, File};
use crate::apdu::StatusWord;
use crate::simulation::persona::Persona;

/// A municipality code (市区町村コード) that no municipality has.
pub(super) const MUNICIPALITY: &str = "99999";

pub(super) fn application(persona: &Persona) -> Application {
    Application {
        aid: &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00],
        secure_messaging: StatusWord::new(0x66F1),
        changes_secrets: false,
        own_key: None,
        files: vec![File::records(0x0001, vec![card_record(persona)])],
    }
}

/// Record 1: serial number of the card (15 digits), municipality (5), last day of the card (8).
fn card_record(persona: &Persona) -> Vec<u8> {
    let mut out = vec![0x01, 0x1C];
    out.extend_from_slice(format!("{:015}", persona.number).as_bytes());
    out.extend_from_slice(MUNICIPALITY.as_bytes());
    out.extend_from_slice(persona.card_expiry.as_bytes());
    out
}
