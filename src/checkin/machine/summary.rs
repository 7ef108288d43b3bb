use jiff::Timestamp;

use crate::VisitId;

/// What may be logged of a machine's state: names, counters, deadlines. It
/// can't be turned back into a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// The visit.
    pub visit: VisitId,
    /// Stable name of the state.
    pub state: &'static str,
    /// When the state ends by itself.
    pub deadline: Option<Timestamp>,
    /// Whether a card is on the reader.
    pub card_present: bool,
    /// Tries left of the PIN, where known.
    pub pin_tries_left: Option<u8>,
    /// Face attempts left in this visit.
    pub face_attempts_left: u8,
    /// Staff passcode attempts left in this visit.
    pub staff_attempts_left: u8,
}
