//! One card in one reader: the traits, what wraps any of them, PC/SC.
//!
//! [`Transport`] is a link to one card and [`Reader`] is the place where cards are put. Whoever has a reader of another kind
//! implements these two; everything above works with any.
//!
//! | to | take |
//! |---|---|
//! | choose between kinds of readers while the program runs | [`AnyReader`] |
//! | log what is said, redacted by type | [`Traced`], or [`TracedReader`] for every connection |
//! | keep what may be kept of a person's card, for a bug report | [`Transcript`] |
//! | count, compare plans of exchanges, or be as slow as a real card | [`LinkModel`], [`Timed`] |
//!
//! `&mut T` and `Box<T>` are what `T` is.
//!
//! Rules for an implementation:
//!
//! - A command is sent once. Nothing is repeated, whatever happened to the answer: it could be a PIN.
//! - A failure says whether the command may have reached the card ([`TransportError::outcome_unknown`]); in doubt, yes.
//! - Fewer than two bytes of answer are a failure, not an answer.

mod any;
mod error;
mod event;
mod forward;
mod model;
mod outgoing;
#[cfg(feature = "pcsc")]
mod pcsc;
mod timed;
mod traced;
mod traced_reader;
mod transcript;

pub use any::AnyReader;
pub use error::{TransportError, TransportErrorKind};
pub use event::TraceEvent;
pub use model::{BitRate, ExchangeSize, LinkModel, Tally};
pub use outgoing::{Outgoing, Sensitivity};
#[cfg(feature = "pcsc")]
pub use pcsc::{PcscReader, PcscReaders, PcscTransport, ReaderEvent};
pub use timed::Timed;
pub use traced::Traced;
pub use traced_reader::TracedReader;
pub use transcript::{Transcript, TranscriptError};

use std::fmt;
use std::time::Duration;

use zeroize::Zeroizing;

/// A link to one card.
///
/// An implementation never repeats a command by itself.
pub trait Transport {
    /// Sends one command APDU and gives back the response APDU, at least two bytes.
    ///
    /// # Errors
    /// What happened to the link, and whether the card may have acted.
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError>;

    /// What the link can carry.
    fn limits(&self) -> Limits;

    /// Resets the card. The card forgets which application was selected, and after [`Reset::PowerOff`] what was unlocked.
    ///
    /// # Errors
    /// The link's; the state of the card isn't known then.
    fn reset(&mut self, how: Reset) -> Result<(), TransportError>;

    /// Whether other programs may use the card between bursts. Then a burst begins by selecting the application anew.
    fn is_shared(&self) -> bool {
        false
    }

    /// Begins a burst of commands that no other program may interrupt. Does nothing where the card is held exclusively. A
    /// burst is short: nothing is held while a person thinks (Windows resets a card whose transaction idles for five seconds).
    ///
    /// # Errors
    /// The link's; [`TransportErrorKind::CardReset`] if another program reset the card since the last burst.
    fn begin_burst(&mut self) -> Result<(), TransportError> {
        Ok(())
    }

    /// Ends the burst; without one, nothing.
    fn end_burst(&mut self) {}

    /// Whether the reader has a keypad of its own, so that [`verify_on_keypad`](Self::verify_on_keypad) works.
    fn has_keypad(&self) -> bool {
        false
    }

    /// Lets the person type a secret of four digits on the reader's own keypad (PC/SC part 10), and gives back the card's
    /// answer to VERIFY. `p2` is the reference of the secret, as in VERIFY. The digits never come to this computer.
    ///
    /// It waits for the person; the reader ends that wait by itself.
    ///
    /// # Errors
    /// With nothing sent to the card, and so no try spent (`outcome_unknown` is false):
    /// [`Unsupported`](TransportErrorKind::Unsupported) where there is no keypad, [`Cancelled`](TransportErrorKind::Cancelled)
    /// and [`TimedOut`](TransportErrorKind::TimedOut) by the person, [`KeypadLength`](TransportErrorKind::KeypadLength). All
    /// others are those of [`transmit`](Self::transmit).
    fn verify_on_keypad(&mut self, p2: u8) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let _ = p2;
        Err(TransportError::before(TransportErrorKind::Unsupported))
    }
}

/// What a link can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Whether it takes extended length fields.
    pub extended: ExtendedLength,
    /// Largest response, data and status word, in bytes: 258 without extended length, up to 65,538 with it.
    pub max_response: usize,
}

/// Whether the link takes commands with extended length fields. The card has to take them as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExtendedLength {
    /// Known to work.
    Yes,
    /// Known not to.
    No,
    /// To be tried, on data that is free to read.
    Unknown,
}

/// How to reset the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reset {
    /// Warm: power stays on. Publicly reported of the My Number card: what was unlocked stays unlocked.
    Warm,
    /// Power off and on again: nothing stays unlocked.
    PowerOff,
}

/// A place where cards are put: waits for them and connects to them.
pub trait Reader {
    /// What a connection gives.
    type Transport: Transport;

    /// Its name as the system tells it.
    fn name(&self) -> &str;

    /// What is there now, at once.
    ///
    /// # Errors
    /// The reader or the service is gone.
    fn presence(&mut self) -> Result<Presence, TransportError>;

    /// Waits until what is there is other than `from`, at most `timeout`, and gives what is there then: `from` if nothing
    /// changed. It can come back early with `from`; a caller with a deadline asks again.
    ///
    /// # Errors
    /// The reader or the service is gone; [`TransportErrorKind::Cancelled`].
    fn wait_for_change(
        &mut self,
        from: Presence,
        timeout: Duration,
    ) -> Result<Presence, TransportError>;

    /// Connects to the card.
    ///
    /// # Errors
    /// No card, a card that doesn't answer, a card held by another program.
    fn connect(&mut self) -> Result<Self::Transport, TransportError>;

    /// A handle that ends a [`wait_for_change`](Self::wait_for_change) from another thread.
    fn canceller(&self) -> Box<dyn Cancel>;
}

/// What is in a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// A card that answers.
    Present,
    /// Something that doesn't answer to power.
    Mute,
    /// Nothing.
    Absent,
}

/// Ends a wait from another thread.
pub trait Cancel: Send + Sync + fmt::Debug {
    /// Ends the wait under way; if there is none, the next one ends as soon as it begins.
    fn cancel(&self);
}
