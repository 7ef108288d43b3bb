//! READ BINARY, READ RECORD, GET DATA.

use super::VirtualCard;
use super::dispatch::{Answer, RECORD_NOT_FOUND, Reference};
use super::file::{Access, Content};
use super::secret::CardSecret;
use crate::apdu::{Command, Lengths, StatusWord};

pub(super) fn read_binary(card: &mut VirtualCard, command: &Command<'_>) -> Answer {
    let expected = expected(command)?;
    let by_short_identifier = command.p1() & 0x80 != 0;
    let extended_served = if by_short_identifier {
        card.options.extended_by_short_identifier
    } else {
        card.options.extended_plain
    };
    if command.lengths() == Lengths::Extended && !extended_served {
        return Err(StatusWord::WRONG_LENGTH);
    }
    let (reference, offset) = if !by_short_identifier {
        (
            Reference::Current,
            u16::from_be_bytes([command.p1(), command.p2()]),
        )
    } else {
        match Reference::parse(command.p1())? {
            Reference::Short(short) => (Reference::Short(short), u16::from(command.p2())),
            Reference::Current => return Err(StatusWord::NOT_FOUND),
        }
    };
    let (index, file) = card.file(reference, StatusWord::NOT_FOUND)?;
    let Content::Transparent { access, bytes } = &file.content else {
        return Err(StatusWord::WRONG_STRUCTURE);
    };
    let answer = if !card.grants(*access) {
        Err(StatusWord::NOT_VERIFIED)
    } else {
        match bytes.get(usize::from(offset)..) {
            Some(rest) if !rest.is_empty() => {
                let most = card.options.most_per_answer.map_or(usize::MAX, usize::from);
                let taken = expected.min(most.max(1));
                Ok(rest.iter().take(taken).copied().collect())
            }
            _ => Err(StatusWord::WRONG_OFFSET),
        }
    };
    // A short identifier makes its file the current one even where it can't be read yet.
    card.volatile.current = Some(index);
    answer
}

pub(super) fn read_record(card: &mut VirtualCard, command: &Command<'_>) -> Answer {
    let expected = expected(command)?;
    // P1 is a record number: the low three bits of P2 say so.
    if command.p2() & 0x07 != 0x04 {
        return Err(StatusWord::WRONG_P1P2);
    }
    let reference = match command.p2() >> 3 {
        0 => Reference::Current,
        short => Reference::Short(short),
    };
    let (index, file) = card.file(reference, StatusWord::NOT_FOUND)?;
    let Content::Records(records) = &file.content else {
        return Err(StatusWord::WRONG_STRUCTURE);
    };
    let record = usize::from(command.p1())
        .checked_sub(1)
        .and_then(|number| records.get(number));
    let answer = record
        .map(|bytes| bytes.iter().take(expected).copied().collect())
        .ok_or(RECORD_NOT_FOUND);
    card.volatile.current = Some(index);
    answer
}

/// Objects of the card itself, so only while no application is selected. Large ones want an extended Le.
pub(super) fn get_data(card: &VirtualCard, command: &Command<'_>) -> Answer {
    let expected = expected(command)?;
    let tag = u16::from_be_bytes([command.p1(), command.p2()]);
    let object = card
        .objects
        .iter()
        .find(|object| object.tag == tag && card.volatile.selected.is_none())
        .ok_or(StatusWord::REFERENCE_NOT_FOUND)?;
    if object.value.len() > expected {
        return Err(StatusWord::WRONG_LENGTH);
    }
    Ok(object.value.clone())
}

/// Bytes asked for by a command that has no data.
fn expected(command: &Command<'_>) -> Result<usize, StatusWord> {
    match command.le() {
        Some(le) if command.data().is_empty() => {
            Ok(usize::try_from(le.get()).unwrap_or(usize::MAX))
        }
        _ => Err(StatusWord::WRONG_LENGTH),
    }
}

impl VirtualCard {
    /// Whether what stands under `access` is open now.
    pub(super) fn grants(&self, access: Access) -> bool {
        let after = |names: &[CardSecret]| {
            let verified = &self.volatile.verified;
            names.iter().any(|name| verified.contains(name))
        };
        match access {
            Access::Free => true,
            Access::After(names) => after(names),
            Access::AfterOrHolder(names) => self.volatile.holder || after(names),
        }
    }
}
