//! Content of the card-face application (券面事項確認AP).

use super::common::MUNICIPALITY;
use super::file::{Access, Application, File, LengthForm, tlv};
use super::secret::SecretName;
use crate::apdu::StatusWord;
use crate::simulation::persona::Persona;

/// 378 × 472, 8-bit grey JPEG 2000, as one public test card has it. A drawing, nobody's face.
const PORTRAIT: &[u8] = include_bytes!("../portrait.jp2");
/// 1-bit pictures of boxes that stand for characters.
const NAME: &[u8] = include_bytes!("name.png");
const ADDRESS: &[u8] = include_bytes!("address.png");
const SECURITY_CODE: &[u8] = include_bytes!("code.png");

pub(super) fn application(persona: &Persona) -> Application {
    Application {
        aid: &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02],
        secure_messaging: StatusWord::new(0x66F1),
        changes_secrets: false,
        files: vec![
            File::transparent(
                0x0002,
                Access::After(SecretName::ReferenceNumberB),
                face(persona),
            ),
            File::transparent(0x0003, Access::Free, basic_information()),
            File::transparent(0x0004, Access::Free, card_verifiable_certificate()),
            File::reference(0x0012, SecretName::ReferenceNumberB),
        ],
    }
}

/// EF 0002: `FF20` with a table of nine offsets, counted from the file's first byte, to the nine elements after it.
fn face(persona: &Persona) -> Vec<u8> {
    use LengthForm::{Shortest, TwoBytes};
    /// Of the outer header, and of the table with its own.
    const BEFORE_ELEMENTS: usize = 5 + 3 + 18;
    let elements = [
        tlv(0xDF22, Shortest, persona.birthdate.as_bytes()),
        tlv(0xDF23, Shortest, persona.sex.as_bytes()),
        tlv(0xDF24, Shortest, &public_key()),
        // Real card faces are reported with lengths that aren't the shortest form; a strict DER reader stumbles here.
        tlv(0xDF25, TwoBytes, NAME),
        tlv(0xDF26, TwoBytes, ADDRESS),
        tlv(0xDF27, Shortest, PORTRAIT),
        // A placeholder: the digests that the real signature covers are not signed here.
        tlv(0xDF28, Shortest, &[0x28; 256]),
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

/// EF 0003, 320 bytes: versions, key identifier, municipality, and an opaque part.
fn basic_information() -> Vec<u8> {
    use LengthForm::{Shortest, TwoBytes};
    let mut value = tlv(0xDF31, Shortest, &[0x06, 0x03, 0x0E, 0x01]);
    value.extend(tlv(0xDF32, Shortest, &key_identifier()));
    value.extend(tlv(0xDF33, Shortest, &[0x00]));
    value.extend(tlv(0xDF34, Shortest, MUNICIPALITY.as_bytes()));
    let mut opaque = key_identifier().to_vec();
    opaque.resize(272, 0x35);
    value.extend(tlv(0xDF35, Shortest, &opaque));
    tlv(0xFF30, TwoBytes, &value)
}

/// EF 0004, 568 bytes: the shape of a card-verifiable certificate, with a placeholder for the key and the signature.
fn card_verifiable_certificate() -> Vec<u8> {
    use LengthForm::{Shortest, TwoBytes};
    let mut body = key_identifier().to_vec();
    body.extend_from_slice(&key_identifier());
    body.extend_from_slice(&public_key());
    let mut value = tlv(0x5F4E, Shortest, &body);
    value.extend(tlv(0x5F37, Shortest, &[0x37; 256]));
    tlv(0x7F21, TwoBytes, &value)
}

/// Seven digits, `08 05`, three digits of version and four bytes, as key identifiers of the public test cards are.
const fn key_identifier() -> [u8; 16] {
    *b"9999999\x08\x05001SIM1"
}

/// 265 bytes in the form of a public key (exponent 65537, modulus of 2,048 bits); the modulus is no one's.
fn public_key() -> Vec<u8> {
    let mut out = vec![0x90, 0x03, 0x01, 0x00, 0x01, 0x91, 0x82, 0x01, 0x00];
    out.resize(265, 0xC5);
    out
}
