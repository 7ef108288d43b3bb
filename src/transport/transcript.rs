//! What may be kept of a session with a person's card.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use thiserror::Error;

use super::TraceEvent;

/// What may be kept of a session with a person's card: command headers, lengths, status words. No data at all, and no length
/// where a secret went.
///
/// The rules are those of [`Traced`](super::Traced), whose events it takes; of public data it keeps the length alone. Its text
/// can go into a bug report, and [`parse`](str::parse) takes that text back, and no other.
/// Clones share one transcript.
///
/// Whole sessions, answers included, can be recorded of a [`VirtualCard`](crate::simulation::VirtualCard) only; see
/// [`Recorder`](crate::simulation::Recorder).
///
/// ```
/// use uketsuke::VisitId;
/// use uketsuke::card::{Card, Jpki};
/// use uketsuke::simulation::{CardOptions, Persona, VirtualReader};
/// use uketsuke::transport::{Reader, TracedReader, Transcript};
///
/// let person = Persona::named("in-order").ok_or("no such persona")?;
/// let reader = VirtualReader::with_persona(person, CardOptions::default(), jiff::Timestamp::now());
///
/// let transcript = Transcript::new();
/// let mut reader = TracedReader::new(reader, transcript.sink()); // goes into Reception::new as well
/// let mut card = Card::new(reader.connect()?, VisitId::begin());
/// card.open::<Jpki>()?.close()?;
///
/// let text = transcript.to_string();
/// assert_eq!(text, "\
/// card transcript 1
/// = card connected
/// = burst begins
/// > 00 A4 04 0C, 10 bytes
/// < 9000
/// = burst ends
/// ");
/// assert_eq!(text.parse::<Transcript>()?.to_string(), text);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct Transcript {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Clone, Default)]
struct Kept {
    events: Vec<TraceEvent>,
    /// Events for which there was no more room.
    dropped: u64,
}

/// First line of the text.
const TITLE: &str = "card transcript 1";

impl Transcript {
    /// Most events that are kept; what comes after is counted only.
    pub const MOST_EVENTS: usize = 10_000;

    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What [`Traced`](super::Traced) and [`TracedReader`](super::TracedReader) tell their events to.
    pub fn sink(&self) -> impl FnMut(&TraceEvent) + Clone + Send + 'static {
        let transcript = self.clone();
        move |event| transcript.keep(event)
    }

    /// Keeps an event, without its data.
    pub fn keep(&self, event: &TraceEvent) {
        let mut kept = self.lock();
        if kept.events.len() < Self::MOST_EVENTS {
            kept.events.push(event.without_data());
        } else {
            kept.dropped = kept.dropped.saturating_add(1);
        }
    }

    /// How many events are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().events.len()
    }

    /// Whether nothing is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A panic elsewhere leaves nothing half done here.
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The text: a title, then one line for each event.
impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = self.lock();
        writeln!(f, "{TITLE}")?;
        for event in &kept.events {
            writeln!(f, "{event}")?;
        }
        match kept.dropped {
            0 => Ok(()),
            dropped => writeln!(f, "{MORE_BEFORE}{dropped}{MORE_AFTER}"),
        }
    }
}

const MORE_BEFORE: &str = "= ";
const MORE_AFTER: &str = " more events were not kept";

impl fmt::Debug for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Transcript({} events)", self.len())
    }
}

/// The text isn't a transcript, or holds more than one may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {why}")]
pub struct TranscriptError {
    /// Which line, from 1. The line itself isn't repeated here: nobody knows what is in it.
    pub line: usize,
    /// What is wrong with it.
    pub why: &'static str,
}

impl FromStr for Transcript {
    type Err = TranscriptError;

    /// Takes what `Display` writes, and nothing else; line ends of Windows too, since people paste.
    fn from_str(text: &str) -> Result<Self, TranscriptError> {
        let mut lines = text.lines().zip(1..);
        let error = |line, why| Err(TranscriptError { line, why });
        match lines.next() {
            Some((TITLE, _)) => {}
            _ => return error(1, "not the title of a transcript"),
        }
        let mut kept = Kept::default();
        for (text, line) in lines {
            if kept.dropped > 0 {
                return error(line, "something after the end");
            }
            let more = text
                .strip_prefix(MORE_BEFORE)
                .and_then(|rest| rest.strip_suffix(MORE_AFTER));
            if let Some(count) = more {
                kept.dropped = count.parse().unwrap_or(0);
                if kept.dropped == 0 || kept.dropped.to_string() != count {
                    return error(line, "not a number of events");
                }
                continue;
            }
            if kept.events.len() == Self::MOST_EVENTS {
                return error(line, "more lines than a transcript has");
            }
            match TraceEvent::parse(text) {
                // The same text again: no second way of writing something, in which more could hide.
                Some(event) if event.to_string() == text => kept.events.push(event),
                _ => return error(line, "not a line of a transcript"),
            }
        }
        Ok(Self {
            kept: Arc::new(Mutex::new(kept)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::event::{Data, Event, Expected, Header, LinkEvent};
    use crate::transport::{Outgoing, Sensitivity, TransportError, TransportErrorKind};
    use proptest::prelude::*;

    fn text_of(events: &[TraceEvent]) -> String {
        let transcript = Transcript::new();
        let mut sink = transcript.sink();
        events.iter().for_each(&mut sink);
        transcript.to_string()
    }

    fn parse_error(text: &str) -> (usize, &'static str) {
        let error = text.parse::<Transcript>().unwrap_err();
        (error.line, error.why)
    }

    #[test]
    fn public_data_leaves_its_length_only() {
        let select = [0x00, 0xA4, 0x04, 0x0C, 0x02, 0xD3, 0x92];
        let public = Outgoing::classified(&select, Sensitivity::Public, Sensitivity::Public);
        let text = text_of(&[
            TraceEvent::command(&public, false),
            TraceEvent::answer(&public, &[0xAB, 0xCD, 0x90, 0x00], false),
        ]);
        assert_eq!(
            text,
            "card transcript 1\n> 00 A4 04 0C, 2 bytes\n< 9000, 2 bytes\n"
        );
    }

    #[test]
    fn a_long_session_is_cut_and_says_so() {
        let transcript = Transcript::new();
        let event = TraceEvent::about_link(LinkEvent::BurstEnds, None);
        for _ in 0..Transcript::MOST_EVENTS + 7 {
            transcript.keep(&event);
        }
        assert_eq!(transcript.len(), Transcript::MOST_EVENTS);
        let text = transcript.to_string();
        assert!(text.ends_with("= burst ends\n= 7 more events were not kept\n"));
        assert_eq!(text.parse::<Transcript>().unwrap().to_string(), text);
        let longer = text.replace("= 7 more events were not kept", "= burst ends");
        let line = Transcript::MOST_EVENTS + 2;
        assert_eq!(
            parse_error(&longer),
            (line, "more lines than a transcript has")
        );
        let after = text + "= burst ends\n";
        assert_eq!(parse_error(&after).1, "something after the end");
    }

    #[test]
    fn what_is_no_transcript_is_refused_with_its_line() {
        assert_eq!(parse_error(""), (1, "not the title of a transcript"));
        assert_eq!(
            parse_error("> 00 A4 04 0C"),
            (1, "not the title of a transcript")
        );
        for line in [
            "",
            "> 00 A4 04 0C, 2 bytes: D392",
            "> 00 A4 04 0C 02 D3 92",
            "> 00 20 00 98, data hidden 1234",
            "> 00 A4 04 0c",
            "> 0 A4 04 0C",
            "> 00 B0 00 00, up to 0256 expected",
            "> 00 B0 00 00, +2 bytes",
            "> 00 B0 00, place hidden",
            "> 00 B0, place hidden 1234",
            "> 00 B0, place hidden, some expected, up to 4 expected",
            "< 9000 ",
            " < 9000",
            "< 90001234",
            "< error: 1234",
            "= 1234",
            "= card connected: error: 1234",
            "= 0 more events were not kept",
            "= 01 more events were not kept",
            "1234",
        ] {
            let text = format!("{TITLE}\n= burst ends\n{line}\n");
            assert_eq!(parse_error(&text).0, 3, "{line}");
        }
        let pasted = format!("{TITLE}\r\n< 9000\r\n");
        assert_eq!(pasted.parse::<Transcript>().unwrap().len(), 1);
    }

    fn any_error() -> impl Strategy<Value = TransportError> {
        let kind = prop_oneof![
            prop::sample::select(TransportErrorKind::NAMED.to_vec()),
            any::<u32>().prop_map(TransportErrorKind::Fault),
        ];
        (kind, any::<bool>()).prop_map(|(kind, unknown)| TransportError::new(kind, unknown))
    }

    fn any_data() -> impl Strategy<Value = Data> {
        prop_oneof![
            Just(Data::None),
            Just(Data::Hidden),
            any::<usize>().prop_map(Data::Length),
            prop::collection::vec(any::<u8>(), 1..9).prop_map(Data::Shown),
        ]
    }

    fn any_header() -> impl Strategy<Value = Header> {
        prop_oneof![
            any::<[u8; 4]>().prop_map(Header::Whole),
            any::<[u8; 2]>().prop_map(Header::WithoutPlace),
        ]
    }

    fn any_expected() -> impl Strategy<Value = Expected> {
        prop_oneof![
            Just(Expected::None),
            Just(Expected::Hidden),
            any::<u32>().prop_map(Expected::UpTo),
        ]
    }

    fn any_event() -> impl Strategy<Value = TraceEvent> {
        prop_oneof![
            Just(Event::RawCommand),
            Just(Event::NoCommand),
            Just(Event::RawAnswer),
            Just(Event::NoStatus),
            (any_header(), any_data(), any_expected()).prop_map(|(header, data, expected)| {
                Event::Command {
                    header,
                    data,
                    expected,
                }
            }),
            any::<u8>().prop_map(|reference| Event::Keypad { reference }),
            (prop::option::of(any::<u16>()), any_data()).prop_map(|(status, data)| {
                let status = status.map(crate::apdu::StatusWord::new);
                Event::Answer { status, data }
            }),
            any_error().prop_map(Event::Failed),
            (
                prop::sample::select(LinkEvent::ALL.to_vec()),
                prop::option::of(any_error())
            )
                .prop_map(|(what, error)| Event::Link(what, error)),
        ]
        .prop_map(TraceEvent)
    }

    proptest! {
        #[test]
        fn every_transcript_comes_back(events in prop::collection::vec(any_event(), 0..20)) {
            let text = text_of(&events);
            let back: Transcript = text.parse().unwrap();
            prop_assert_eq!(back.to_string(), text);
            let kept: Vec<_> = events.iter().map(TraceEvent::without_data).collect();
            prop_assert_eq!(&back.lock().events, &kept);
        }

        #[test]
        fn no_text_makes_it_panic(text in "(card transcript 1\n)?([<>=] ?[0-9A-F:, a-z]{0,30}\n){0,5}\\PC{0,20}") {
            if let Ok(transcript) = text.parse::<Transcript>() {
                let lines: Vec<_> = text.lines().map(str::to_owned).collect();
                let again = transcript.to_string();
                prop_assert_eq!(again.lines().collect::<Vec<_>>(), lines);
            }
        }
    }
}
