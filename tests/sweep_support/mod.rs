//! A virtual card behind a link on which any one exchange can go wrong, a
//! caller who never gives up, and a judge of what they did to each other.
#![allow(dead_code, reason = "each test file uses its part")]

pub mod caller;
pub mod desk;
pub mod faults;
pub mod flows;
pub mod flows_face;
pub mod flows_input;
pub mod flows_jpki;
pub mod judge;
pub mod link;
pub mod sweep;

use jiff::Timestamp;
use uketsuke::simulation::{CardOptions, Persona, VirtualCard};

pub const JPKI: &[u8] = &[0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
pub const FACE: &[u8] = &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02];
pub const INPUT: &[u8] = &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08];

pub const PIN: &str = "1234";
pub const PASSWORD: &str = "ABC123";
pub const INPUT_PIN: &str = "5678";

/// The day that the simulation's other tests live in.
pub fn now() -> Timestamp {
    "2026-11-22T12:00:00+09:00".parse().unwrap()
}

pub fn persona() -> &'static Persona {
    Persona::named("in-order").unwrap()
}

/// One secret of the card, as this test knows it: apart from the library's own
/// tables, and from the virtual card's.
#[derive(Clone, Debug)]
pub struct Secret {
    pub name: &'static str,
    pub application: &'static [u8],
    pub p2: u8,
    pub right: String,
    pub most: u8,
    /// A command that the card answers with `6982` unless this secret is open,
    /// and that changes nothing.
    pub probe: &'static [u8],
}

/// All of them, in the order of [`link::Slot::left`].
pub fn secrets(persona: &Persona) -> Vec<Secret> {
    let secret = |name, application, p2, right: &str, most, probe| Secret {
        name,
        application,
        p2,
        right: right.to_owned(),
        most,
        probe,
    };
    // CHANGE REFERENCE DATA with a value of no secret's form: an open one is
    // told `6A80`.
    let auth: &[u8] = &[0x00, 0x24, 0x01, 0x98, 0x01, 0x00];
    let sign: &[u8] = &[0x00, 0x24, 0x01, 0x9B, 0x01, 0x00];
    let face: &[u8] = &[0x00, 0xB0, 0x82, 0x00, 0x01];
    let birth: &[u8] = &[0x00, 0xB0, 0x81, 0x00, 0x01];
    let number: &[u8] = &[0x00, 0xB0, 0x81, 0x00, 0x01];
    let input: &[u8] = &[0x00, 0x24, 0x01, 0x91, 0x01, 0x00];
    let (b, a) = (persona.reference_number_b, persona.my_number);
    vec![
        secret("auth", JPKI, 0x98, PIN, 3, auth),
        secret("sign", JPKI, 0x9B, PASSWORD, 5, sign),
        secret("face-birth", FACE, 0x91, &b[..6], 10, birth),
        secret("face-b", FACE, 0x92, b, 10, face),
        secret("face-a", FACE, 0x93, a, 10, face),
        secret("input-pin", INPUT, 0x91, INPUT_PIN, 3, input),
        secret("input-a", INPUT, 0x94, a, 10, number),
        secret("input-b", INPUT, 0x95, b, 10, face),
    ]
}

pub fn new_card(options: &CardOptions) -> VirtualCard {
    VirtualCard::new(persona(), options.clone(), now())
}

/// SELECT by name.
pub fn select(application: &[u8]) -> Vec<u8> {
    let len = u8::try_from(application.len()).unwrap();
    [&[0x00, 0xA4, 0x04, 0x0C, len], application].concat()
}
