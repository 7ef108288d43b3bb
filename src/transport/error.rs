//! What happened to the link.

use thiserror::Error;

/// The link to the card failed.
///
/// ```
/// use uketsuke::transport::{TransportError, TransportErrorKind};
///
/// let lost = TransportError::new(TransportErrorKind::CardRemoved, true);
/// assert_eq!(lost.to_string(), "the card was removed (whether the card acted is unknown)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{kind}{}", if *.outcome_unknown { UNKNOWN } else { "" })]
pub struct TransportError {
    /// What happened.
    pub kind: TransportErrorKind,
    /// The command may have reached the card, so the card may have acted on it. After a VERIFY: a try may have been counted,
    /// and the count has to be read again before anything else.
    pub outcome_unknown: bool,
}

impl TransportError {
    /// An error of this kind.
    #[must_use]
    pub const fn new(kind: TransportErrorKind, outcome_unknown: bool) -> Self {
        Self {
            kind,
            outcome_unknown,
        }
    }

    /// The error of its words, as `Display` writes them.
    pub(super) fn from_words(words: &str) -> Option<Self> {
        let (words, outcome_unknown) = match words.strip_suffix(UNKNOWN) {
            Some(words) => (words, true),
            None => (words, false),
        };
        let named = TransportErrorKind::NAMED
            .into_iter()
            .find(|kind| kind.to_string() == words);
        let fault = || {
            let code = words
                .strip_prefix("reader fault (code ")?
                .strip_suffix(')')?;
            u32::from_str_radix(code, 16)
                .ok()
                .map(TransportErrorKind::Fault)
        };
        Some(Self::new(named.or_else(fault)?, outcome_unknown))
    }

    /// Nothing had reached the card.
    pub(crate) const fn before(kind: TransportErrorKind) -> Self {
        Self::new(kind, false)
    }
}

const UNKNOWN: &str = " (whether the card acted is unknown)";

/// What can happen, by what a caller can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No card is in the reader. Ask for one.
    #[error("no card in the reader")]
    NoCard,
    /// There is something, but it doesn't answer to power: a card upside down, another kind of card, dirt.
    #[error("the card does not answer")]
    Mute,
    /// The card was taken away. Ask for it again.
    #[error("the card was removed")]
    CardRemoved,
    /// The card was reset by another program, and what it had unlocked is gone. Begin anew.
    #[error("the card was reset by another program")]
    CardReset,
    /// The reader is gone: unplugged, or never there.
    #[error("no such reader, or it is gone")]
    ReaderGone,
    /// Another program holds the card. Close it.
    #[error("another program holds the card")]
    HeldByAnother,
    /// The system's smart card service isn't running. Start it (pcscd); on Windows it runs only while a reader is attached.
    #[error("the smart card service is not running")]
    ServiceUnavailable,
    /// Time ran out.
    #[error("timed out")]
    TimedOut,
    /// The caller cancelled it.
    #[error("cancelled")]
    Cancelled,
    /// Not four digits were typed on the reader's keypad. Nothing reached the card; ask again.
    #[error("the PIN typed on the keypad has the wrong length")]
    KeypadLength,
    /// The exchange broke off, or fewer than two bytes came back: most often the card left while it was at work. Treat it as
    /// [`CardRemoved`](Self::CardRemoved).
    #[error("the answer was cut short")]
    AnswerCut,
    /// The link can't carry this.
    #[error("not supported by this link")]
    Unsupported,
    /// The bytes can't be a command (fewer than 4, or more than the longest command). They were not sent.
    #[error("not a command")]
    InvalidCommand,
    /// Anything else, with the system's code.
    #[error("reader fault (code {0:08X})")]
    Fault(u32),
}

impl TransportErrorKind {
    /// All but [`Fault`](Self::Fault).
    pub(super) const NAMED: [Self; 13] = [
        Self::NoCard,
        Self::Mute,
        Self::CardRemoved,
        Self::CardReset,
        Self::ReaderGone,
        Self::HeldByAnother,
        Self::ServiceUnavailable,
        Self::TimedOut,
        Self::Cancelled,
        Self::KeypadLength,
        Self::AnswerCut,
        Self::Unsupported,
        Self::InvalidCommand,
    ];
}
