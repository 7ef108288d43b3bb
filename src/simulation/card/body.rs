//! What is on each kind of card.

use super::CardOptions;
use super::file::Application;
use super::objects::{self, Object};
use super::{cardface, common, input, jpki};
use crate::simulation::persona::{CardBody, Persona};
use jiff::Timestamp;

/// Applications in the order in which the beginning of an AID finds them, and the objects of the card itself.
pub(super) fn contents(
    persona: &Persona,
    options: &CardOptions,
    now: Timestamp,
) -> (Vec<Application>, Vec<Object>) {
    match persona.body {
        CardBody::OtherCard => (Vec::new(), Vec::new()),
        CardBody::MyNumberCard => (
            vec![
                jpki::application(persona, options, now),
                cardface::application(persona, options),
                input::application(persona, options),
                common::application(persona),
                Application::issuer_security_domain(),
            ],
            objects::all(persona),
        ),
        // Nothing but JPKI, and so no way to leave it either but by power-off.
        CardBody::AndroidPhone | CardBody::Iphone => {
            (vec![jpki::application(persona, options, now)], Vec::new())
        }
        CardBody::ResidentRegistrationCard => (
            vec![jpki::of_resident_registration_card(persona, options, now)],
            Vec::new(),
        ),
    }
}

/// Answer to reset. For phones none is in the public lists, so they have that of a card.
pub(super) const fn atr(body: CardBody) -> &'static [u8] {
    match body {
        CardBody::ResidentRegistrationCard => {
            b"\x3B\x88\x80\x01\x00\x00\x14\xE0\xB3\x81\x91\x00\x5E"
        }
        _ => b"\x3B\x88\x80\x01\x00\x00\x05\xE0\xB3\x81\xA1\x00\x7F",
    }
}
