//! What needs the inside: tokens without a card, pins, a calendar made another way.

mod challenge;
mod evidence;
mod holder;
mod made;
mod next_card;
mod patched;
mod revocation;
mod revocation_ocsp;
mod roots;
mod signature;
mod standing;
