use zeroize::Zeroizing;

use super::channel::{Answer, Ask, SHORT_ANSWER};
use super::map::{Access, FileMap};
use super::{Card, CardError};
use crate::apdu::{Budget, Command, Le, StatusWord};
use crate::tlv::{Header, Tag, TlvError, TlvErrorKind};
use crate::transport::{ExtendedLength, Transport, TransportErrorKind};

/// Bytes read so far of the bytes there are.
///
/// It's told at the beginning and after each exchange, not within one. With extended
/// length a whole file can come in one exchange, which at 106 kbit/s takes about
/// half a second for a photo: then only the beginning and the end are told, so
/// draw something that moves by itself as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read.
    pub read: usize,
    /// Bytes in all; 0 while unknown.
    pub total: usize,
}

/// Most bytes that one READ BINARY with a short Le brings.
pub(super) const SHORT_READ: usize = 256;

/// More than one short answer, and so much less than the smallest file that is
/// read this way (568 bytes are reported of the issuer's certificates) that
/// the rest is more than one short answer too.
const LEARNING_READ: usize = 300;

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

/// How a whole file is begun.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    /// With all of it.
    Whole,
    /// So that a free file teaches both forms of extended length, where the
    /// plain one isn't known yet: a piece by short identifier, the rest plain.
    /// One exchange more, once; what comes behind a secret needs no trying then.
    Learning,
}

/// What a card and its reader were seen to take. `None`: not known.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extended {
    /// READ BINARY by short identifier.
    pub(super) by_short_identifier: Option<bool>,
    /// Plain READ BINARY, with an offset of 15 bits.
    pub(super) plain: Option<bool>,
}

/// One file being read, or a part of one. What is read goes to a buffer that
/// never grows, so that nothing stays behind unwiped.
pub(super) struct Reading {
    what: &'static str,
    /// Offset in the file of the buffer's first byte.
    start: usize,
    bytes: Zeroizing<Vec<u8>>,
    room: usize,
    /// Whether extended length may be tried here.
    free: bool,
    /// Transmissions that may still be made for this file, GET RESPONSE and
    /// repeated commands included: all reads share them, so that a card which
    /// drips its bytes is given up, not followed for minutes.
    left: u16,
    /// Bytes of answers that are still taken for this file.
    bytes_left: usize,
}

impl Reading {
    /// At most `room` bytes from offset `start` on, of a file behind a secret.
    pub(super) fn new(what: &'static str, start: usize, room: usize) -> Self {
        Self {
            what,
            start,
            bytes: Zeroizing::new(Vec::with_capacity(room)),
            room,
            free: false,
            left: most_transmissions(room),
            bytes_left: most_bytes(room),
        }
    }

    /// A whole file.
    pub(super) fn of(file: &FileMap) -> Self {
        Self {
            free: file.access == Access::Free,
            ..Self::new(file.name, 0, file.max)
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
    /// A file up to the length that `length` finds in its first bytes, or less
    /// than that while it's `None`. Tells the progress.
    pub(super) fn read_whole(
        &mut self,
        file: &FileMap,
        begin: Begin,
        length: impl Fn(&[u8]) -> Result<Option<usize>, CardError>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Zeroizing<Vec<u8>>, CardError> {
        progress(Progress { read: 0, total: 0 });
        let mut reading = Reading::of(file);
        let want = match begin {
            Begin::Learning if self.may_learn_plain(&reading) => LEARNING_READ,
            Begin::Learning | Begin::Whole => usize::MAX,
        };
        self.read_first(&mut reading, file.short(), want)?;
        let total = loop {
            match length(reading.bytes())? {
                Some(total) => break total,
                // The header itself was cut.
                None => {
                    let want = reading.room.saturating_sub(reading.len());
                    self.read_more(&mut reading, want.min(SHORT_READ))?;
                }
            }
        };
        self.read_to(&mut reading, total, progress)?;
        Ok(reading.cut(total))
    }

    /// At most `want` of a file's first bytes, through its short identifier: in
    /// one exchange where extended length works that way, else up to 256 bytes.
    pub(super) fn read_first(
        &mut self,
        reading: &mut Reading,
        short_identifier: u8,
        want: usize,
    ) -> Result<(), CardError> {
        let at = At::File(short_identifier);
        if want > SHORT_READ
            && self.by_short_identifier(reading)
            && let Some(le) = self.le_within_response(want)
            && let Some(data) = self.read_extended(reading, at, le)?
        {
            reading.take(&data);
            return Ok(());
        }
        self.read_short(reading, at, want.min(SHORT_READ))
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
    /// what is left of the file's transmissions. A refused attempt at extended
    /// length is followed by 256 bytes, never by the whole file again.
    pub(super) fn read_more(
        &mut self,
        reading: &mut Reading,
        want: usize,
    ) -> Result<(), CardError> {
        let offset = reading.start.saturating_add(reading.len());
        let at = At::Offset(offset);
        if want > SHORT_READ
            && self.plain(reading)
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
                self.learn(at, false);
                if kind.is_some() && matches!(at, At::File(_)) {
                    // The link can't carry it, whatever the form.
                    self.extended.plain = Some(false);
                }
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
                if u32::try_from(answer.data.len()).is_ok_and(|len| len > le.get()) {
                    let why = "more bytes than were asked for";
                    return Err(CardError::Malformed { what, why });
                }
                // An answer of one short response or less may have been cut
                // by the reader: it proves nothing.
                if answer.data.len() > SHORT_READ {
                    self.learn(at, true);
                }
                Ok(Some(answer.data))
            }
            StatusWord::NOT_VERIFIED => Err(CardError::NotVerified { what }),
            StatusWord::NOT_FOUND => Err(CardError::Refused {
                what,
                status: answer.status,
            }),
            _ => {
                self.learn(at, false);
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
        let budget = Budget {
            bytes: budget.bytes.min(reading.bytes_left),
            ..budget
        };
        let ask = Ask::public(what, command);
        let answer = self.ask_within(&ask, budget, &mut reading.left)?;
        reading.bytes_left = reading.bytes_left.saturating_sub(answer.data.len());
        Ok(answer)
    }

    fn learn(&mut self, at: At, works: bool) {
        match at {
            At::File(_) => self.extended.by_short_identifier = Some(works),
            At::Offset(_) => self.extended.plain = Some(works),
        }
    }

    /// Whether extended length may be used by short identifier now.
    fn by_short_identifier(&self, reading: &Reading) -> bool {
        match self.extended_length() {
            ExtendedLength::Yes => true,
            ExtendedLength::Unknown => self.may_try(reading),
            ExtendedLength::No => false,
        }
    }

    /// Whether it may be used in a plain read now. Where the other form was
    /// refused this one isn't tried: most likely nothing takes it, and an
    /// attempt is an exchange.
    fn plain(&self, reading: &Reading) -> bool {
        match self.extended_length_at_offset() {
            ExtendedLength::Yes => true,
            ExtendedLength::Unknown => {
                self.may_try(reading) && self.extended.by_short_identifier == Some(true)
            }
            ExtendedLength::No => false,
        }
    }

    fn may_learn_plain(&self, reading: &Reading) -> bool {
        self.extended_length_at_offset() == ExtendedLength::Unknown && self.may_try(reading)
    }

    /// Between a VERIFY and what it opened nothing is tried: a reader that
    /// stumbles over it could cost the person the PIN again.
    const fn may_try(&self, reading: &Reading) -> bool {
        reading.free && !self.dirty
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

/// The length of a file that is one element of this tag, from its first bytes;
/// `None` where they end inside the header.
pub(super) fn outer_length(
    what: &'static str,
    tag: u32,
    bytes: &[u8],
) -> Result<Option<usize>, CardError> {
    let wrong = |position, kind| {
        let source = TlvError { position, kind };
        Err(CardError::Tlv { what, source })
    };
    match Header::parse(bytes) {
        Ok(header) if header.tag == Tag::new(tag) => Ok(Some(header.total_len())),
        Ok(header) => {
            let (expected, found) = (Tag::new(tag), header.tag);
            wrong(0, TlvErrorKind::UnexpectedTag { expected, found })
        }
        Err(TlvError { position, kind }) => match kind {
            // Nine bytes are always enough.
            TlvErrorKind::Truncated { .. } if bytes.len() < 9 => Ok(None),
            _ => wrong(position, kind),
        },
    }
}

/// Two for each short read: the card may ask for another length (`6Cxx`) or let
/// the data be fetched (`61xx`), as with the protocol T=0. And some for a
/// refused attempt at extended length, or pieces a little smaller.
fn most_transmissions(room: usize) -> u16 {
    let reads = room.div_ceil(SHORT_READ);
    u16::try_from(16 + 2 * reads).unwrap_or(u16::MAX)
}

/// One extended answer of any length, and each byte that is kept.
const fn most_bytes(room: usize) -> usize {
    LONG_ANSWER.bytes.saturating_add(room)
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
