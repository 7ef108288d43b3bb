//! What needs the inside: tokens without a card, pins, a calendar made another way.

mod challenge;
mod evidence;
mod holder;
mod made;
mod made_answer;
mod made_list;
mod next_card;
mod patched;
mod revocation;
mod revocation_ocsp;
mod revocation_points;
mod roots;
mod rules;
mod signature;
mod standing;
