//! What goes wrong between the library and a virtual card.

use std::fmt;

use zeroize::Zeroizing;

/// What goes wrong, and at which exchange: 1 is the first after connecting.
///
/// Each happens once, but for [`AnswersFrom`](Self::AnswersFrom) and the two that lie in wait for connecting. "Before" means
/// that the command didn't reach the card, "after" that the card did what it was told and its answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The card is pulled before the exchange reaches it. `CardRemoved`, outcome known.
    RemovedBefore(u64),
    /// The card is pulled after it acted, before the answer. `CardRemoved`, outcome unknown.
    RemovedAfter(u64),
    /// The reader stops working before the exchange reaches the card, for good. `ReaderGone`, outcome unknown, since
    /// no program can tell.
    ReaderGone(u64),
    /// The card acts, but its answer is cut to less than a status word. `AnswerCut`, outcome unknown.
    AnswerCut(u64),
    /// The card acts, but its answer comes too late to be of use. `TimedOut`, outcome unknown; the link is good again
    /// afterwards.
    TimedOut(u64),
    /// Another program powers the card off and on before the exchange, which doesn't reach the card. `CardReset`,
    /// outcome known; the link is good again afterwards, with nothing selected and nothing unlocked.
    CardResetBefore(u64),
    /// The card acts, then another program powers it off and on before the answer is fetched. `CardReset`, outcome
    /// unknown; the link is good again afterwards.
    CardResetAfter(u64),
    /// The answer to this exchange isn't what the card said.
    Answer(u64, Tamper),
    /// Nor is any answer from this exchange on, as long as the card lies there: this one doesn't happen once only.
    AnswersFrom(u64, Tamper),
    /// There is something on the reader, but it doesn't answer to power: connecting is refused with `Mute`, until the
    /// card is taken out.
    Mute,
    /// Another program holds the card: connecting is refused with `HeldByAnother`, until the card is taken out.
    Held,
}

impl Fault {
    pub(super) const fn is_at(self, exchange: u64) -> bool {
        match self {
            Self::RemovedBefore(n)
            | Self::RemovedAfter(n)
            | Self::ReaderGone(n)
            | Self::AnswerCut(n)
            | Self::TimedOut(n)
            | Self::CardResetBefore(n)
            | Self::CardResetAfter(n)
            | Self::Answer(n, _) => n == exchange,
            Self::AnswersFrom(n, _) => n <= exchange,
            Self::Mute | Self::Held => false,
        }
    }

    /// Whether it stays planned after it happened.
    pub(super) const fn lasts(self) -> bool {
        matches!(self, Self::AnswersFrom(..))
    }

    /// Whether taking the card out ends it.
    pub(super) const fn ends_with_the_card(self) -> bool {
        matches!(self, Self::Mute | Self::Held | Self::AnswersFrom(..))
    }
}

/// What becomes of an answer on its way, from a card or reader that is broken or malicious.
///
/// ```
/// use uketsuke::simulation::{CardOptions, Fault, Persona, Tamper, VirtualReader};
/// use uketsuke::transport::{Outgoing, Reader, Transport};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let persona = Persona::named("in-order").ok_or("no such persona")?;
/// let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), "2026-11-24T00:00:00Z".parse()?);
/// reader.plan(Fault::Answer(1, Tamper::Status(0x6F00)));
/// let mut link = reader.connect()?;
/// let select = [0x00, 0xA4, 0x04, 0x0C, 0x01, 0xD3];
/// assert_eq!(link.transmit(Outgoing::raw(&select))?.as_slice(), [0x6F, 0x00]);
/// assert_eq!(link.transmit(Outgoing::raw(&select))?.as_slice(), [0x90, 0x00]);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tamper {
    /// Only the first bytes of the answer, this many at most, are handed on as if that was all: with 0 or 1 what a reader
    /// does that breaks the rules of [`Transport`](crate::transport::Transport).
    First(usize),
    /// The data loses this many bytes at its end; the status word stays.
    Shorter(usize),
    /// This many bytes more of data (`A5`), before the status word.
    Longer(usize),
    /// The card isn't asked. This status word alone is the answer.
    Status(u16),
    /// The card acts, but this status word alone is the answer.
    StatusAfter(u16),
    /// The card acts, and its data comes with this status word.
    StatusWithData(u16),
    /// One bit of the answer, status word included, is the other way round: bit 0 is the highest of the first byte.
    /// Nothing where the answer ends before.
    Flip(usize),
}

impl Tamper {
    /// The answer in place of asking the card.
    pub(in crate::simulation) fn instead(self) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            Self::Status(word) => Some(Zeroizing::new(word.to_be_bytes().to_vec())),
            _ => None,
        }
    }

    /// Changes what the card said.
    pub(in crate::simulation) fn change(self, answer: &mut Vec<u8>) {
        let data = answer.len().saturating_sub(2);
        match self {
            Self::First(count) => answer.truncate(count),
            Self::Shorter(count) => drop(answer.drain(data.saturating_sub(count)..data)),
            Self::Longer(count) => {
                // No answer can be longer than the longest response APDU.
                let count = count.min(LONGEST.saturating_sub(answer.len()));
                answer.splice(data..data, std::iter::repeat_n(0xA5, count));
            }
            Self::Status(word) | Self::StatusAfter(word) => *answer = word.to_be_bytes().to_vec(),
            Self::StatusWithData(word) => {
                answer.truncate(data);
                answer.extend_from_slice(&word.to_be_bytes());
            }
            Self::Flip(bit) => {
                if let Some(byte) = answer.get_mut(bit / 8) {
                    *byte ^= 0x80 >> (bit % 8);
                }
            }
        }
    }
}

/// Longest response APDU, in bytes.
const LONGEST: usize = 65_538;

/// Changes answers as it likes: exchange, command, answer.
pub(super) struct Hook(pub(super) Box<Change>);

type Change = dyn FnMut(u64, &[u8], &mut Vec<u8>) + Send;

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook")
    }
}
