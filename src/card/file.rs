use std::fmt;

use zeroize::Zeroizing;

use super::channel::{Answer, Ask, SHORT_ANSWER};
use super::{Card, CardError};
use crate::Binding;
use crate::apdu::{Budget, Command, Le, StatusWord};
use crate::transport::{ExtendedLength, Transport, TransportErrorKind};

/// Bytes read so far of the bytes there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read.
    pub read: usize,
    /// Bytes in all; 0 while unknown.
    pub total: usize,
}

/// The authentication certificate (利用者証明用電子証明書) as read: DER, cut at
/// its own length, not yet validated.
///
/// It identifies the holder: `Debug` prints its length alone, and it's wiped
/// when dropped.
pub struct CardCertificate {
    pub(super) der: Zeroizing<Vec<u8>>,
    pub(super) binding: Binding,
}

impl CardCertificate {
    /// The DER encoding, header included.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The visit and session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    #[cfg(test)]
    #[allow(dead_code)]
    pub(crate) fn for_test(der: Vec<u8>, binding: Binding) -> Self {
        let der = Zeroizing::new(der);
        Self { der, binding }
    }
}

impl fmt::Debug for CardCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardCertificate({} bytes)", self.der.len())
    }
}

/// Most bytes that one READ BINARY with a short Le brings.
pub(super) const SHORT_READ: usize = 256;

/// READ BINARY addresses 15 bits of offset.
const OFFSETS: usize = 0x8000;

/// Room for the largest extended answer.
const LONG_ANSWER: Budget = Budget {
    rounds: 300,
    bytes: 65_536,
};

/// Where a READ BINARY begins.
#[derive(Clone, Copy)]
pub(super) enum At {
    /// At offset 0 of the file with this short identifier, which becomes the
    /// current file.
    File(u8),
    /// At this offset of the current file.
    Offset(usize),
}

/// One file being read, or a part of one. What is read goes to a buffer that
/// never grows, so that nothing stays behind unwiped.
pub(super) struct Reading {
    what: &'static str,
    /// Offset in the file of the buffer's first byte.
    start: usize,
    bytes: Zeroizing<Vec<u8>>,
    room: usize,
    /// Transmissions that may still be made for this file, GET RESPONSE and
    /// repeated commands included: all reads share them, so that a card which
    /// drips its bytes is given up, not followed for minutes.
    left: u16,
}

impl Reading {
    /// At most `room` bytes from offset `start` on.
    pub(super) fn new(what: &'static str, start: usize, room: usize) -> Self {
        Self {
            what,
            start,
            bytes: Zeroizing::new(Vec::with_capacity(room)),
            room,
            left: most_transmissions(room),
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// What was read, cut at `len`.
    pub(super) fn cut(mut self, len: usize) -> Zeroizing<Vec<u8>> {
        self.bytes.truncate(len);
        self.bytes
    }

    fn take(&mut self, data: &[u8]) {
        let free = self.room.saturating_sub(self.bytes.len());
        let fits = data.get(..free).unwrap_or(data);
        self.bytes.extend_from_slice(fits);
    }
}

impl<T: Transport> Card<T> {
    /// The file's first bytes, through its short identifier: the whole file
    /// where extended length works, else up to 256 bytes.
    pub(super) fn read_first(
        &mut self,
        reading: &mut Reading,
        short_identifier: u8,
    ) -> Result<(), CardError> {
        let at = At::File(short_identifier);
        if let Some(le) = self.extended_le()
            && let Some(data) = self.read_extended(reading, at, le)?
        {
            reading.take(&data);
            return Ok(());
        }
        self.read_short(reading, at, SHORT_READ)
    }

    /// Goes on until the buffer holds `total` bytes, telling the progress.
    pub(super) fn read_to(
        &mut self,
        reading: &mut Reading,
        total: usize,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), CardError> {
        if total > reading.room {
            return Err(CardError::TooLong {
                what: reading.what,
                len: total,
                max: reading.room,
            });
        }
        loop {
            let read = reading.len();
            progress(Progress {
                read: read.min(total),
                total,
            });
            if read >= total {
                return Ok(());
            }
            self.read_more(reading, total - read)?;
        }
    }

    /// One READ BINARY of at most `want` bytes behind what there is, within
    /// what is left of the file's transmissions.
    pub(super) fn read_more(
        &mut self,
        reading: &mut Reading,
        want: usize,
    ) -> Result<(), CardError> {
        let offset = reading.start.saturating_add(reading.len());
        let at = At::Offset(offset);
        // Only what was seen to work is used here: a file behind a secret is
        // no place for trying.
        if want > SHORT_READ
            && self.extended == Some(true)
            && let Some(le) = self.le_within_response(want)
            && let Some(data) = self.read_extended(reading, at, le)?
        {
            reading.take(&data);
            return Ok(());
        }
        self.read_short(reading, at, want.min(SHORT_READ))
    }

    pub(super) fn read_short(
        &mut self,
        reading: &mut Reading,
        at: At,
        want: usize,
    ) -> Result<(), CardError> {
        let what = reading.what;
        let malformed = |why| CardError::Malformed { what, why };
        let le = u32::try_from(want).ok().and_then(Le::new);
        let le = le.ok_or(malformed("nothing is left to read"))?;
        let answer = self.read_binary(reading, read_binary(what, at)?.with_le(le), SHORT_ANSWER)?;
        match answer.status {
            StatusWord::OK | StatusWord::END_OF_FILE => {}
            StatusWord::WRONG_OFFSET if reading.len() > 0 => {
                return Err(malformed("the file ends before the length it states"));
            }
            _ => return answer.success(what).map(drop),
        }
        if answer.data.is_empty() {
            return Err(malformed("the file ends before the length it states"));
        }
        if answer.data.len() > want {
            return Err(malformed("more bytes than were asked for"));
        }
        reading.take(&answer.data);
        Ok(())
    }

    /// `None` where extended length was refused, which is learnt.
    fn read_extended(
        &mut self,
        reading: &mut Reading,
        at: At,
        le: Le,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
        let what = reading.what;
        let command = read_binary(what, at)?.with_le(le).extended();
        let answer = match self.read_binary(reading, command, LONG_ANSWER) {
            Ok(answer) => answer,
            Err(error) => {
                let kind = error.transport().map(|source| source.kind);
                if kind.is_some_and(says_nothing_of_length) {
                    return Err(error);
                }
                self.extended = Some(false);
                // Where the link failed in a way of its own, the application
                // may be gone: nothing is repeated here, but the next read of
                // this card is short.
                return match (kind, self.lost) {
                    (Some(_), None) => Ok(None),
                    _ => Err(error),
                };
            }
        };
        match answer.status {
            StatusWord::OK | StatusWord::END_OF_FILE if !answer.data.is_empty() => {
                // An answer of one short response or less may have been cut
                // by the reader: it proves nothing.
                if answer.data.len() > SHORT_READ {
                    self.extended = Some(true);
                }
                Ok(Some(answer.data))
            }
            StatusWord::NOT_VERIFIED => Err(CardError::NotVerified { what }),
            StatusWord::NOT_FOUND => Err(CardError::Refused {
                what,
                status: answer.status,
            }),
            _ => {
                self.extended = Some(false);
                Ok(None)
            }
        }
    }

    fn read_binary(
        &mut self,
        reading: &mut Reading,
        command: Command<'_>,
        budget: Budget,
    ) -> Result<Answer, CardError> {
        let what = reading.what;
        if reading.left == 0 {
            return Err(CardError::Malformed {
                what,
                why: "the file comes in too many pieces",
            });
        }
        self.ask_within(&Ask::public(what, command), budget, &mut reading.left)
    }

    /// The extended Le to begin a file with, if it may be tried now.
    fn extended_le(&self) -> Option<Le> {
        match self.extended_length() {
            ExtendedLength::Yes => {}
            // Between a VERIFY and what it opened nothing is tried: a reader
            // that stumbles over it could cost the person the PIN again.
            ExtendedLength::Unknown if !self.dirty => {}
            ExtendedLength::Unknown | ExtendedLength::No => return None,
        }
        self.le_within_response(usize::MAX)
    }

    /// An extended Le of at most `want` bytes that the link can bring back.
    fn le_within_response(&self, want: usize) -> Option<Le> {
        let response = self.transport.as_ref()?.limits().max_response;
        let ne = response.saturating_sub(2).min(want).min(65_536);
        if ne <= SHORT_READ {
            return None;
        }
        u32::try_from(ne).ok().and_then(Le::new)
    }
}

/// Two for each short read: the card may ask for another length (`6Cxx`) or let
/// the data be fetched (`61xx`), as with the protocol T=0. And some for a
/// refused attempt at extended length, or pieces a little smaller.
fn most_transmissions(room: usize) -> u16 {
    let reads = room.div_ceil(SHORT_READ);
    u16::try_from(16 + 2 * reads).unwrap_or(u16::MAX)
}

/// READ BINARY (ISO/IEC 7816-4): `P1` with its highest bit set holds a short
/// identifier and `P2` the offset; else both hold 15 bits of offset.
fn read_binary(what: &'static str, at: At) -> Result<Command<'static>, CardError> {
    match at {
        At::File(short_identifier) => Ok(Command::new(
            0x00,
            0xB0,
            0x80 | (short_identifier & 0x1F),
            0x00,
        )),
        At::Offset(offset) => match u16::try_from(offset) {
            Ok(offset) if usize::from(offset) < OFFSETS => {
                let [high, low] = offset.to_be_bytes();
                Ok(Command::new(0x00, 0xB0, high, low))
            }
            _ => Err(CardError::TooLong {
                what,
                len: offset,
                max: OFFSETS,
            }),
        },
    }
}

const fn says_nothing_of_length(kind: TransportErrorKind) -> bool {
    matches!(
        kind,
        TransportErrorKind::NoCard
            | TransportErrorKind::CardRemoved
            | TransportErrorKind::CardReset
            | TransportErrorKind::ReaderGone
            | TransportErrorKind::HeldByAnother
            | TransportErrorKind::ServiceUnavailable
            | TransportErrorKind::Cancelled
    )
}
