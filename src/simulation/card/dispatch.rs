//! From the bytes of a command to the function that answers it.

use super::file::{Change, Content, File};
use super::{VirtualCard, read, security, select, sign};
use crate::apdu::{Command, Lengths, StatusWord};

/// Data of a command that went well, or the status word of one that didn't.
pub(super) type Answer = Result<Vec<u8>, StatusWord>;

pub(super) const MEMORY_FAILURE: StatusWord = StatusWord::new(0x6581);
pub(super) const RECORD_NOT_FOUND: StatusWord = StatusWord::new(0x6A83);
pub(super) const NO_PRECISE_DIAGNOSIS: StatusWord = StatusWord::new(0x6F00);
const CHAINING_NOT_SUPPORTED: StatusWord = StatusWord::new(0x6884);

/// One response for whatever comes.
pub(super) fn answer(card: &mut VirtualCard, bytes: &[u8]) -> Vec<u8> {
    let first = !card.volatile.awake;
    card.volatile.awake = true;
    let answer = if first && card.options.first_command_fails {
        Err(NO_PRECISE_DIAGNOSIS)
    } else {
        run(card, bytes)
    };
    let (mut response, status) = match answer {
        Ok(data) => (data, StatusWord::OK),
        Err(status) => (Vec::new(), status),
    };
    response.extend_from_slice(&status.get().to_be_bytes());
    response
}

fn run(card: &mut VirtualCard, bytes: &[u8]) -> Answer {
    let command = Command::decode(bytes).map_err(|_| StatusWord::WRONG_LENGTH)?;
    check_class(card, command.cla())?;
    let options = &card.options;
    let extended = options.extended_by_short_identifier || options.extended_plain;
    if command.lengths() == Lengths::Extended && !extended {
        return Err(StatusWord::WRONG_LENGTH);
    }
    match (command.cla(), command.ins()) {
        (0x00, 0xA4) => select::select(card, &command),
        (0x00, 0xB0) => read::read_binary(card, &command),
        (0x00, 0xB2) => read::read_record(card, &command),
        (0x00, 0xCA) => read::get_data(card, &command),
        (0x00, 0x20) => security::verify(card, &command),
        (0x00, 0x24) => security::change(card, &command, Change::ReferenceData),
        (0x80, 0x32) => security::change(card, &command, Change::Key),
        (0x00, 0x84) => security::get_challenge(&command),
        (0x00, 0x88) => sign::internal_authenticate(card, &command),
        (0x80, 0x2A) => sign::compute_digital_signature(card, &command),
        (0x80, 0xFC) => security::last_command(card.body, &command),
        (0x80, 0xFA) => security::pinless_stand_in(card, bytes),
        (0x80, 0xFB) => security::device_stand_in(card, bytes),
        _ => Err(StatusWord::INS_NOT_SUPPORTED),
    }
}

/// Class bytes of ISO/IEC 7816-4, section 5.4.1: only `00` and `80` are served.
fn check_class(card: &VirtualCard, cla: u8) -> Result<(), StatusWord> {
    match cla {
        0x00 | 0x80 => Ok(()),
        // The low bits are the logical channel, in both interindustry forms and in the proprietary one of old.
        0x40..=0x7F | 0x81..=0x83 => Err(StatusWord::CHANNEL_NOT_SUPPORTED),
        0x01..=0x1F if cla & 0x03 != 0 => Err(StatusWord::CHANNEL_NOT_SUPPORTED),
        0x01..=0x1F if cla & 0x0C != 0 => Err(card
            .application()
            .map_or(StatusWord::new(0x66F1), |application| {
                application.secure_messaging
            })),
        0x10 => Err(CHAINING_NOT_SUPPORTED),
        _ => Err(StatusWord::CLA_NOT_SUPPORTED),
    }
}

/// Which file a command means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reference {
    /// The current one.
    Current,
    /// The one whose identifier is this short one.
    Short(u8),
}

impl Reference {
    /// From a parameter byte `100x xxxx`, where zero means the current file.
    pub(super) const fn parse(parameter: u8) -> Result<Self, StatusWord> {
        match (parameter & 0xE0, parameter & 0x1F) {
            (0x80, 0) => Ok(Self::Current),
            (0x80, short) => Ok(Self::Short(short)),
            _ => Err(StatusWord::WRONG_P1P2),
        }
    }
}

impl VirtualCard {
    /// The selected application.
    pub(super) fn application(&self) -> Option<&super::Application> {
        self.applications.get(self.volatile.selected?)
    }

    /// A file of the selected application, with its index; `missing` where a short identifier leads nowhere.
    pub(super) fn file(
        &self,
        reference: Reference,
        missing: StatusWord,
    ) -> Result<(usize, &File), StatusWord> {
        let index = match reference {
            Reference::Current => self.volatile.current.ok_or(StatusWord::NO_CURRENT_EF)?,
            Reference::Short(short) => self
                .application()
                .and_then(|application| application.find(u16::from(short)))
                .ok_or(missing)?,
        };
        let file = self
            .application()
            .and_then(|application| application.files.get(index))
            .ok_or(missing)?;
        Ok((index, file))
    }

    /// The content of such a file.
    pub(super) fn content(
        &self,
        reference: Reference,
        missing: StatusWord,
    ) -> Result<&Content, StatusWord> {
        self.file(reference, missing).map(|(_, file)| &file.content)
    }
}
