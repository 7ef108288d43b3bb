//! VERIFY, the commands that change a secret, GET CHALLENGE, and the stand-in for what isn't public.

use super::dispatch::{Answer, MEMORY_FAILURE, NO_PRECISE_DIAGNOSIS, Reference};
use super::file::{Change, Content, File};
use super::secret::CardSecret;
use super::{SIMULATED_DEVICE_COMMAND, SIMULATED_PINLESS_COMMAND, VirtualCard};
use crate::apdu::{Command, Lengths, StatusWord};
use crate::simulation::persona::CardBody;
use crate::simulation::pki::CardKey;
use ring::rand::{SecureRandom as _, SystemRandom};

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

/// One write to the state file and then the answer: a process that is killed has done all of the command or none of
/// it, so no try is won by that and none lost.
fn present(card: &mut VirtualCard, name: CardSecret, typed: &[u8]) -> Answer {
    card.presented = card.presented.saturating_add(1);
    let Some(left) = card.secrets.get(name).left.checked_sub(1) else {
        return Err(StatusWord::new(card.options.blocked_status));
    };
    card.volatile.verified.retain(|verified| *verified != name);
    let right = card.secrets.get(name).matches(typed);
    card.secrets.get_mut(name).left = if right { name.most_tries() } else { left };
    if let Err(status) = card.keep() {
        // Right or wrong is the same to whoever makes the disk fail: a try.
        card.secrets.get_mut(name).left = left;
        return Err(status);
    }
    if !right {
        return Err(tries(left));
    }
    card.volatile.verified.push(name);
    Ok(Vec::new())
}

/// The new value alone, after the old one was verified; each application has its own command for it.
pub(super) fn change(card: &mut VirtualCard, command: &Command<'_>, by: Change) -> Answer {
    let p1 = match by {
        Change::ReferenceData => 0x01,
        Change::Key | Change::Never => 0x00,
    };
    if command.p1() != p1 {
        return Err(StatusWord::WRONG_P1P2);
    }
    let name = secret(card, Reference::parse(command.p2())?)?;
    if command.le().is_some() || command.data().is_empty() {
        return Err(StatusWord::WRONG_LENGTH);
    }
    let served = card
        .application()
        .is_some_and(|application| application.change == by);
    if !served || !name.changes() {
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

/// `80 FC 00 00` tells an iPhone that nothing more comes. Cards are reported to answer it with `6700`; of other phones
/// nothing is known.
pub(super) fn last_command(body: CardBody, command: &Command<'_>) -> Answer {
    match body {
        CardBody::Iphone if command.p1() != 0 || command.p2() != 0 => Err(StatusWord::WRONG_P1P2),
        CardBody::Iphone if command.data().is_empty() && command.le().is_none() => Ok(Vec::new()),
        CardBody::Iphone | CardBody::MyNumberCard => Err(StatusWord::WRONG_LENGTH),
        _ => Err(StatusWord::INS_NOT_SUPPORTED),
    }
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
    // A phone has no photo, so no reader has a right to its key.
    let phone = matches!(card.body, CardBody::AndroidPhone | CardBody::Iphone);
    if phone || !card.options.pinless_stand_in {
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

/// See [`SIMULATED_DEVICE_COMMAND`].
pub(super) fn device_stand_in(card: &mut VirtualCard, command: &[u8]) -> Answer {
    if card.body != CardBody::Iphone {
        return Err(StatusWord::INS_NOT_SUPPORTED);
    }
    if command != SIMULATED_DEVICE_COMMAND {
        return Err(StatusWord::WRONG_DATA);
    }
    // An iPhone has the one application.
    if card.application().is_none() || !card.identifies_holder {
        return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
    }
    card.volatile.holder = true;
    Ok(Vec::new())
}

/// The secret that a command means.
fn secret(card: &VirtualCard, reference: Reference) -> Result<CardSecret, StatusWord> {
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
