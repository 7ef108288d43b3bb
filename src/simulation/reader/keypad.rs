//! A reader's own keypad, and the fingers on it.

use std::fmt;

use zeroize::Zeroizing;

/// What a person does at the keypad of a [`VirtualReader`](super::VirtualReader). `Debug` hides the digits: people type real
/// ones into simulations.
pub enum Keyed {
    /// Digits, then the confirmation key. Anything but four digits is refused by the keypad itself, before the card.
    Digits(Zeroizing<String>),
    /// The cancel key.
    Cancelled,
    /// Nothing, until the keypad gives up.
    TimedOut,
}

impl fmt::Debug for Keyed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Digits(_) => "Digits(..)",
            Self::Cancelled => "Cancelled",
            Self::TimedOut => "TimedOut",
        })
    }
}

/// The person at the keypad.
pub(super) struct Fingers(pub(super) Box<dyn FnMut() -> Keyed + Send>);

impl fmt::Debug for Fingers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingers")
    }
}
