//! A reader that doesn't show the card of the visit before.

use std::time::Duration;

use uketsuke::transport::{Cancel, Presence, Reader, TransportError};

/// Wraps a reader: a card that was there when a visit ended isn't the next person's, and doesn't show until it was
/// taken away. A [`Reception`](uketsuke::checkin::Reception) that is kept sees to that by itself; this kiosk makes one
/// for each visit, since the desk view changes what it has.
#[derive(Debug)]
pub struct LeftBehind<R> {
    reader: R,
    left: bool,
}

impl<R: Reader> LeftBehind<R> {
    /// A card that is there now is the first visit's.
    pub const fn new(reader: R) -> Self {
        Self {
            reader,
            left: false,
        }
    }

    /// The visit is over: what is there now is left behind.
    pub fn visit_ended(&mut self) {
        self.left = self.reader.presence() != Ok(Presence::Absent);
    }

    fn shown(&mut self, there: Presence) -> Presence {
        if there == Presence::Absent {
            self.left = false;
        }
        if self.left { Presence::Absent } else { there }
    }
}

impl<R: Reader> Reader for LeftBehind<R> {
    type Transport = R::Transport;

    fn name(&self) -> &str {
        self.reader.name()
    }

    fn presence(&mut self) -> Result<Presence, TransportError> {
        let there = self.reader.presence()?;
        Ok(self.shown(there))
    }

    fn wait_for_change(
        &mut self,
        from: Presence,
        timeout: Duration,
    ) -> Result<Presence, TransportError> {
        // A change from what is there, not from what shows: else this would return at once, again and again.
        let from = if self.left { Presence::Present } else { from };
        let there = self.reader.wait_for_change(from, timeout)?;
        Ok(self.shown(there))
    }

    fn connect(&mut self) -> Result<R::Transport, TransportError> {
        self.reader.connect()
    }

    fn canceller(&self) -> Box<dyn Cancel> {
        self.reader.canceller()
    }
}
