//! What needs the inside: tokens without a card, pins, a calendar made another way.

mod challenge;
mod evidence;
mod holder;
mod next_card;
mod patched;
mod roots;
mod signature;
mod standing;
