//! What can lie in a virtual slot.

use super::VirtualCard;

/// A card in software, as a slot sees it: [`VirtualCard`], a [`Recorder`](super::Recorder) around one, or a session
/// [`Replayed`](super::Replayed).
pub trait SoftwareCard {
    /// Answer to reset, 1 to 33 bytes.
    fn atr(&self) -> Vec<u8>;

    /// Power on.
    fn power_on(&mut self);

    /// Power off.
    fn power_off(&mut self);

    /// A warm reset.
    fn reset(&mut self);

    /// Answers a command APDU with a response APDU, at least two bytes; or with none, which says that the card was taken
    /// away.
    fn transmit(&mut self, command: &[u8]) -> Vec<u8>;

    /// Commands answered so far.
    fn transmissions(&self) -> u64;
}

impl SoftwareCard for VirtualCard {
    fn atr(&self) -> Vec<u8> {
        Self::atr(self).to_vec()
    }

    fn power_on(&mut self) {
        Self::power_on(self);
    }

    fn power_off(&mut self) {
        Self::power_off(self);
    }

    fn reset(&mut self) {
        Self::reset(self);
    }

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        Self::transmit(self, command)
    }

    fn transmissions(&self) -> u64 {
        Self::transmissions(self)
    }
}
