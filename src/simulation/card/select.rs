//! SELECT.

use super::VirtualCard;
use super::dispatch::Answer;
use crate::apdu::{Command, StatusWord};

pub(super) fn select(card: &mut VirtualCard, command: &Command<'_>) -> Answer {
    // Without (0C) and with control information asked for (00). This card has none to give.
    if !matches!(command.p2(), 0x00 | 0x0C) {
        return Err(StatusWord::WRONG_P1P2);
    }
    match command.p1() {
        0x04 => select_application(card, command.data()),
        0x02 => select_file(card, command.data()),
        0x00 => select_master_file(card, command.data()),
        _ => Err(StatusWord::WRONG_P1P2),
    }
}

/// By AID or the beginning of one (JICSAP lets it be cut); the first that fits. What isn't there changes nothing.
fn select_application(card: &mut VirtualCard, aid: &[u8]) -> Answer {
    let index = card
        .applications
        .iter()
        .position(|application| !aid.is_empty() && application.aid.starts_with(aid))
        .ok_or(StatusWord::NOT_FOUND)?;
    let card_level = card
        .applications
        .get(index)
        .is_none_or(super::Application::is_card_level);
    card.volatile.current = None;
    card.volatile.selected = if card_level { None } else { Some(index) };
    // The same application again leaves its keys unlocked.
    if card.volatile.unlocked_in != Some(index) {
        card.volatile.unlocked_in = if card_level { None } else { Some(index) };
        card.volatile.verified.clear();
        card.volatile.pinless = false;
        card.volatile.holder = false;
    }
    Ok(Vec::new())
}

/// `02` is the only form that works for files.
fn select_file(card: &mut VirtualCard, id: &[u8]) -> Answer {
    let &[high, low] = id else {
        return Err(StatusWord::WRONG_LENGTH);
    };
    let id = u16::from_be_bytes([high, low]);
    let index = card
        .application()
        .and_then(|application| application.find(id))
        .ok_or(StatusWord::NOT_FOUND)?;
    card.volatile.current = Some(index);
    Ok(Vec::new())
}

/// There is no way back to the master file: `00 A4 00 00` does nothing once an application is selected, and is
/// refused before.
fn select_master_file(card: &VirtualCard, id: &[u8]) -> Answer {
    match (id, card.volatile.selected) {
        ([], Some(_)) => Ok(Vec::new()),
        ([], None) => Err(StatusWord::WRONG_P1P2),
        _ => Err(StatusWord::NOT_FOUND),
    }
}
