//! One line of a trace, and what it may show.

use std::fmt;

use super::{Outgoing, Sensitivity, TransportError};
use crate::apdu::{Command, Response, StatusWord};

/// One line of a trace; `Display` is the line, without an end of line.
///
/// It begins with `>` (to the card), `<` (from the card) or `=` (about the link).
#[derive(Clone, PartialEq, Eq)]
pub struct TraceEvent(pub(super) Event);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// Bytes that may be anything.
    RawCommand,
    /// Made by the card layer, but no command.
    NoCommand,
    Command {
        header: Header,
        data: Data,
        expected: Expected,
    },
    Keypad {
        reference: u8,
    },
    /// An answer to bytes that may be anything.
    RawAnswer,
    NoStatus,
    Answer {
        /// `None` is hidden.
        status: Option<StatusWord>,
        data: Data,
    },
    Failed(TransportError),
    Link(LinkEvent, Option<TransportError>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    Whole([u8; 4]),
    /// Class and instruction of a command that says where in a file it reads.
    WithoutPlace([u8; 2]),
}

/// How much answer a command asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    None,
    Hidden,
    UpTo(u32),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Data {
    None,
    Hidden,
    Length(usize),
    Shown(Vec<u8>),
}

/// What happens to a link beside exchanges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkEvent {
    Connected,
    NotConnected,
    WarmReset,
    PowerOff,
    BurstBegins,
    BurstEnds,
}

impl LinkEvent {
    pub(super) const ALL: [Self; 6] = [
        Self::Connected,
        Self::NotConnected,
        Self::WarmReset,
        Self::PowerOff,
        Self::BurstBegins,
        Self::BurstEnds,
    ];

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Connected => "card connected",
            Self::NotConnected => "card not connected",
            Self::WarmReset => "warm reset",
            Self::PowerOff => "power off and on",
            Self::BurstBegins => "burst begins",
            Self::BurstEnds => "burst ends",
        }
    }
}

impl TraceEvent {
    /// `told`: a secret may have gone to this card before. What is read then is behind it, and where it lies and how long it is
    /// came from the card.
    pub(super) fn command(outgoing: &Outgoing<'_>, told: bool) -> Self {
        if !outgoing.is_classified() {
            return Self(Event::RawCommand);
        }
        // The card layer encodes every command it classifies, so this doesn't happen; and if it did, nothing is known.
        let Ok(command) = Command::decode(outgoing.bytes()) else {
            return Self(Event::NoCommand);
        };
        let [cla, ins, p1, p2] = [command.cla(), command.ins(), command.p1(), command.p2()];
        Self(Event::Command {
            // READ BINARY of the current file: both parameters are an offset.
            header: match told && ins == READ_BINARY && p1 & 0x80 == 0 {
                true => Header::WithoutPlace([cla, ins]),
                false => Header::Whole([cla, ins, p1, p2]),
            },
            data: Data::of(command.data(), outgoing.command(), false),
            expected: match command.le() {
                None => Expected::None,
                Some(_) if told => Expected::Hidden,
                Some(le) => Expected::UpTo(le.get()),
            },
        })
    }

    pub(super) fn keypad(reference: u8) -> Self {
        Self(Event::Keypad { reference })
    }

    /// `told`: a secret may have gone to this card, with this command or before.
    pub(super) fn answer(outgoing: &Outgoing<'_>, answer: &[u8], told: bool) -> Self {
        if !outgoing.is_classified() {
            return Self(Event::RawAnswer);
        }
        let Ok(response) = Response::decode(answer) else {
            return Self(Event::NoStatus);
        };
        // After a secret, only what is a status word for sure: two bytes hold a PIN.
        let status = Some(response.status()).filter(|status| !told || status.is_named());
        Self(Event::Answer {
            status,
            data: Data::of(response.data(), outgoing.response(), !told),
        })
    }

    pub(super) const fn failed(error: TransportError) -> Self {
        Self(Event::Failed(error))
    }

    /// What happened to the link. Never with bytes of a command or an answer.
    pub(super) fn about_link(what: LinkEvent, error: Option<&TransportError>) -> Self {
        Self(Event::Link(what, error.copied()))
    }

    /// The same without the public data: its length stays.
    pub(super) fn without_data(&self) -> Self {
        let mut event = self.clone();
        if let Event::Command { data, .. } | Event::Answer { data, .. } = &mut event.0
            && let Data::Shown(bytes) = data
        {
            *data = Data::Length(bytes.len());
        }
        event
    }
}

const READ_BINARY: u8 = 0xB0;

impl Data {
    /// What may be shown of it. `length`: its length may, even if it itself may not.
    fn of(bytes: &[u8], sensitivity: Sensitivity, length: bool) -> Self {
        match sensitivity {
            _ if bytes.is_empty() => Self::None,
            Sensitivity::Public => Self::Shown(bytes.to_vec()),
            Sensitivity::Secret if length => Self::Length(bytes.len()),
            Sensitivity::Secret => Self::Hidden,
        }
    }
}

impl fmt::Display for TraceEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Event::RawCommand => f.write_str("> raw command, hidden"),
            Event::NoCommand => f.write_str("> not a command, hidden"),
            Event::Command {
                header,
                data,
                expected,
            } => {
                match header {
                    Header::Whole([cla, ins, p1, p2]) => {
                        write!(f, "> {cla:02X} {ins:02X} {p1:02X} {p2:02X}{data}")?;
                    }
                    Header::WithoutPlace([cla, ins]) => {
                        write!(f, "> {cla:02X} {ins:02X}{PLACE_HIDDEN}{data}")?;
                    }
                }
                match expected {
                    Expected::None => Ok(()),
                    Expected::Hidden => f.write_str(SOME_EXPECTED),
                    Expected::UpTo(expected) => write!(f, ", up to {expected} expected"),
                }
            }
            Event::Keypad { reference } => {
                write!(
                    f,
                    "> PIN from the reader's keypad, reference {reference:02X}"
                )
            }
            Event::RawAnswer => f.write_str("< answer, hidden"),
            Event::NoStatus => f.write_str("< no status word"),
            Event::Answer {
                status: Some(status),
                data,
            } => write!(f, "< {status}{data}"),
            Event::Answer { status: None, data } => write!(f, "< other status, hidden{data}"),
            Event::Failed(error) => write!(f, "< error: {error}"),
            Event::Link(what, None) => write!(f, "= {}", what.words()),
            Event::Link(what, Some(error)) => write!(f, "= {}: error: {error}", what.words()),
        }
    }
}

impl fmt::Display for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Hidden => f.write_str(", data hidden"),
            Self::Length(length) => write!(f, ", {length} bytes"),
            Self::Shown(bytes) => {
                write!(f, ", {} bytes: ", bytes.len())?;
                bytes.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
            }
        }
    }
}

impl TraceEvent {
    /// The event of a line without data. A line that `Display` would write otherwise may be taken too.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let event = match line.split_at_checked(2)? {
            ("> ", rest) => match rest {
                "raw command, hidden" => Event::RawCommand,
                "not a command, hidden" => Event::NoCommand,
                _ => match rest.strip_prefix("PIN from the reader's keypad, reference ") {
                    Some(reference) => Event::Keypad {
                        reference: u8::from_str_radix(reference, 16).ok()?,
                    },
                    None => command(rest)?,
                },
            },
            ("< ", rest) => match rest {
                "answer, hidden" => Event::RawAnswer,
                "no status word" => Event::NoStatus,
                _ => match rest.strip_prefix("error: ") {
                    Some(error) => Event::Failed(TransportError::from_words(error)?),
                    None => answer(rest)?,
                },
            },
            ("= ", rest) => {
                let (what, error) = match rest.split_once(": error: ") {
                    Some((what, error)) => (what, Some(TransportError::from_words(error)?)),
                    None => (rest, None),
                };
                let what = LinkEvent::ALL
                    .into_iter()
                    .find(|event| event.words() == what)?;
                Event::Link(what, error)
            }
            _ => return None,
        };
        Some(Self(event))
    }
}

const PLACE_HIDDEN: &str = ", place hidden";
const SOME_EXPECTED: &str = ", some expected";

fn command(text: &str) -> Option<Event> {
    let bytes = |header: &str| {
        let bytes = header.split(' ');
        let bytes = bytes.map(|byte| u8::from_str_radix(byte, 16).ok());
        bytes.collect::<Option<Vec<_>>>()
    };
    let (header, rest) = match text.split_once(PLACE_HIDDEN) {
        Some((header, rest)) => {
            let header = bytes(header)?.try_into().ok()?;
            (Header::WithoutPlace(header), rest)
        }
        None => {
            let (header, rest) = text.split_at_checked(11)?;
            (Header::Whole(bytes(header)?.try_into().ok()?), rest)
        }
    };
    let (data, expected) = if let Some(data) = rest.strip_suffix(SOME_EXPECTED) {
        (data, Expected::Hidden)
    } else if let Some((data, expected)) = rest.split_once(", up to ") {
        let expected = expected.strip_suffix(" expected")?.parse().ok()?;
        (data, Expected::UpTo(expected))
    } else {
        (rest, Expected::None)
    };
    Some(Event::Command {
        header,
        data: Data::parse(data)?,
        expected,
    })
}

fn answer(text: &str) -> Option<Event> {
    let (status, data) = match text.strip_prefix("other status, hidden") {
        Some(data) => (None, data),
        None => {
            let (status, data) = text.split_at_checked(4)?;
            (
                Some(StatusWord::new(u16::from_str_radix(status, 16).ok()?)),
                data,
            )
        }
    };
    Some(Event::Answer {
        status,
        data: Data::parse(data)?,
    })
}

impl Data {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "" => Self::None,
            ", data hidden" => Self::Hidden,
            _ => Self::Length(
                text.strip_prefix(", ")?
                    .strip_suffix(" bytes")?
                    .parse()
                    .ok()?,
            ),
        })
    }
}

/// The line.
impl fmt::Debug for TraceEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TraceEvent({self})")
    }
}
