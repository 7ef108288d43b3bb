//! VERIFY, CHANGE REFERENCE DATA, COMPUTE DIGITAL SIGNATURE, GET CHALLENGE.

use super::dispatch::{Answer, MEMORY_FAILURE, NO_PRECISE_DIAGNOSIS, Reference};
use super::file::{Content, File};
use super::secret::SecretName;
use super::{SIMULATED_PINLESS_COMMAND, VirtualCard};
use crate::apdu::{Command, Lengths, StatusWord};
use crate::simulation::pki::CardKey;
use ring::rand::{SecureRandom as _, SystemRandom};

/// What PKCS #1 v1.5 can pad for a key of 2,048 bits: 256 bytes less eleven.
const MOST_TO_SIGN: usize = 245;
const SIGNATURE: u32 = 256;

pub(super) fn verify(card: &mut VirtualCard, command: &Command<'_>) -> Answer {
    if command.p1() != 0 {
        return Err(StatusWord::WRONG_P1P2);
    }
    let name = secret(card, Reference::parse(command.p2())?)?;
    if command.le().is_some() {
        return Err(StatusWord::WRONG_LENGTH);
    }
    if command.data().is_empty() {
        // Never 9000, even while it is verified, and never the blocked status.
        return Err(tries(card.secrets.get(name).left));
    }
    present(card, name, command.data())
}

/// Counts the try, and keeps that count, before it compares: whoever cuts the power in between gains nothing.
fn present(card: &mut VirtualCard, name: SecretName, typed: &[u8]) -> Answer {
    card.presented = card.presented.saturating_add(1);
    let Some(left) = card.secrets.get(name).left.checked_sub(1) else {
        return Err(StatusWord::new(card.options.blocked_status));
    };
    card.volatile.verified.retain(|verified| *verified != name);
    card.secrets.get_mut(name).left = left;
    card.keep()?;
    if !card.secrets.get(name).matches(typed) {
        return Err(tries(left));
    }
    card.secrets.get_mut(name).left = name.max();
    if let Err(status) = card.keep() {
        card.secrets.get_mut(name).left = left;
        return Err(status);
    }
    card.volatile.verified.push(name);
    Ok(Vec::new())
}

/// The new value alone, after the old one was verified.
pub(super) fn change_reference_data(card: &mut VirtualCard, command: &Command<'_>) -> Answer {
    if command.p1() != 0x01 {
        return Err(StatusWord::WRONG_P1P2);
    }
    let name = secret(card, Reference::parse(command.p2())?)?;
    if command.le().is_some() || command.data().is_empty() {
        return Err(StatusWord::WRONG_LENGTH);
    }
    if !card
        .application()
        .is_some_and(|application| application.changes_secrets)
    {
        return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
    }
    if !card.volatile.verified.contains(&name) {
        return Err(StatusWord::NOT_VERIFIED);
    }
    let value = std::str::from_utf8(command.data()).map_err(|_| StatusWord::WRONG_DATA)?;
    if !name.accepts(command.data()) {
        return Err(StatusWord::WRONG_DATA);
    }
    let undo = card.secrets.get_mut(name).change(value);
    if let Err(status) = card.keep() {
        card.secrets.get_mut(name).undo(undo);
        return Err(status);
    }
    Ok(Vec::new())
}

/// Pads what it is given and applies the key: hashing and DigestInfo are the caller's (P1 `00`). The forms in which
/// a real card hashes for itself (P1 `01` to `05`) aren't there.
pub(super) fn compute_digital_signature(card: &VirtualCard, command: &Command<'_>) -> Answer {
    if command.p1() != 0x00 {
        return Err(StatusWord::WRONG_P1P2);
    }
    let reference = match command.p2() {
        0x00 => card
            .application()
            .and_then(|application| application.own_key)
            .map(Reference::Short)
            .ok_or(StatusWord::REFERENCE_NOT_FOUND)?,
        p2 => Reference::parse(p2)?,
    };
    let content = card.content(reference, StatusWord::REFERENCE_NOT_FOUND)?;
    let &Content::Key { key, access } = content else {
        return Err(StatusWord::WRONG_STRUCTURE);
    };
    if command.le().is_none_or(|le| le.get() < SIGNATURE)
        || !(1..=MOST_TO_SIGN).contains(&command.data().len())
    {
        return Err(StatusWord::WRONG_LENGTH);
    }
    let stand_in = card.volatile.pinless && key == CardKey::Authentication;
    if !stand_in && !card.grants(access) {
        return Err(StatusWord::NOT_VERIFIED);
    }
    key.raw(command.data()).ok_or(NO_PRECISE_DIAGNOSIS)
}

/// Random bytes, in short form only.
pub(super) fn get_challenge(command: &Command<'_>) -> Answer {
    if command.p1() != 0 || command.p2() != 0 {
        return Err(StatusWord::WRONG_P1P2);
    }
    if command.lengths() == Lengths::Extended {
        return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
    }
    let Some(le) = command.le().filter(|_| command.data().is_empty()) else {
        return Err(StatusWord::WRONG_LENGTH);
    };
    let mut bytes = vec![0; usize::try_from(le.get()).unwrap_or(0)];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| NO_PRECISE_DIAGNOSIS)?;
    Ok(bytes)
}

/// See [`SIMULATED_PINLESS_COMMAND`].
pub(super) fn pinless_stand_in(card: &mut VirtualCard, command: &[u8]) -> Answer {
    let has_key = card.application().is_some_and(|application| {
        let key = |file: &File| {
            matches!(
                file.content,
                Content::Key {
                    key: CardKey::Authentication,
                    ..
                }
            )
        };
        application.files.iter().any(key)
    });
    if !card.options.pinless_stand_in {
        return Err(StatusWord::INS_NOT_SUPPORTED);
    }
    if !has_key {
        return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
    }
    if command != SIMULATED_PINLESS_COMMAND {
        return Err(StatusWord::WRONG_DATA);
    }
    card.volatile.pinless = true;
    Ok(Vec::new())
}

/// The secret that a command means.
fn secret(card: &VirtualCard, reference: Reference) -> Result<SecretName, StatusWord> {
    match card.content(reference, StatusWord::REFERENCE_NOT_FOUND)? {
        Content::Reference(name) => Ok(*name),
        _ => Err(StatusWord::WRONG_STRUCTURE),
    }
}

/// `63Cx`. No counter here goes beyond ten.
const fn tries(left: u8) -> StatusWord {
    StatusWord::new(u16::from_be_bytes([0x63, 0xC0 | (left & 0x0F)]))
}

impl VirtualCard {
    /// Writes the state file, if there is one.
    fn keep(&self) -> Result<(), StatusWord> {
        match &self.state {
            Some(file) => file.save(&self.secrets).map_err(|_| MEMORY_FAILURE),
            None => Ok(()),
        }
    }
}
