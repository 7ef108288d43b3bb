//! Virtual cards, used again and again: a new one would sign its certificate anew.

use std::cell::RefCell;
use std::collections::HashMap;

use uketsuke::simulation::{CardBody, CardOptions, Persona, PinCondition, VirtualCard};

use super::start;

const SELECT_JPKI: &[u8] = b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01";
const SELECT_FACE: &[u8] = b"\x00\xA4\x04\x0C\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x02";

thread_local! {
    static POOL: RefCell<HashMap<&'static str, Vec<VirtualCard>>> = RefCell::new(HashMap::new());
}

/// A card with this many tries of the PIN left, or as few as the persona's has.
pub fn take(persona: &'static Persona, tries: u8) -> VirtualCard {
    let pooled = POOL.with_borrow_mut(|pool| pool.entry(persona.name).or_default().pop());
    let mut card =
        pooled.unwrap_or_else(|| VirtualCard::new(persona, CardOptions::default(), start()));
    if can_be_had_back(persona) {
        let _ = card.transmit(SELECT_JPKI);
        while card.tries_left()[0] > tries {
            let _ = card.transmit(&verify(0x98, "0000"));
        }
    }
    card.power_off();
    card
}

/// For the next visit, if every try can be had back.
pub fn give_back(mut card: VirtualCard) {
    let name = card.persona();
    let persona = Persona::named(name).or_else(|| Persona::phone_named(name));
    let Some(persona) = persona.filter(|persona| can_be_had_back(persona)) else {
        return;
    };
    card.power_off();
    let _ = card.transmit(SELECT_JPKI);
    let _ = card.transmit(&verify(0x98, "1234"));
    card.power_off();
    let phone = matches!(persona.body, CardBody::AndroidPhone | CardBody::Iphone);
    if !phone && card.tries_left()[2] < 10 {
        let _ = card.transmit(SELECT_FACE);
        let _ = card.transmit(&verify(0x92, persona.reference_number_b));
        card.power_off();
    }
    if card.tries_left() == [3, 5, 10] || (phone && card.tries_left()[0] == 3) {
        POOL.with_borrow_mut(|pool| pool.entry(persona.name).or_default().push(card));
    }
}

/// There is a PIN that can be typed.
fn can_be_had_back(persona: &Persona) -> bool {
    persona.pin == PinCondition::Fresh && persona.body != CardBody::OtherCard
}

fn verify(p2: u8, value: &str) -> Vec<u8> {
    let len = u8::try_from(value.len()).unwrap();
    [&[0x00, 0x20, 0x00, p2, len], value.as_bytes()].concat()
}
