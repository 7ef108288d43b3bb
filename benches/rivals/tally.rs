//! What went over the wire, and how long a card would be held for it.

use uketsuke::transport::{BitRate, ExchangeSize, LinkModel};

/// All exchanges of one piece of work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(pub Vec<ExchangeSize>);

impl Tally {
    /// Commands that reached the card.
    #[must_use]
    pub fn exchanges(&self) -> usize {
        self.0.len()
    }

    /// Bytes of all commands.
    #[must_use]
    pub fn up(&self) -> usize {
        self.0.iter().map(|size| size.up).sum()
    }

    /// Bytes of all answers, status words included.
    #[must_use]
    pub fn down(&self) -> usize {
        self.0.iter().map(|size| size.down).sum()
    }

    /// Signatures that the card made.
    #[must_use]
    pub fn signatures(&self) -> usize {
        self.0.iter().filter(|size| size.signs).count()
    }

    /// What [`LinkModel`] predicts at 106 and at 424 kbit/s, in milliseconds, rounded.
    #[must_use]
    pub fn hold_ms(&self) -> [u128; 2] {
        [BitRate::Kbit106, BitRate::Kbit424].map(|rate| {
            let time = LinkModel::at(rate).hold_time(self.0.iter().copied());
            (time.as_micros() + 500) / 1000
        })
    }
}
