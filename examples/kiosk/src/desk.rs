//! The desk of a visit: the board, and the clock.

use std::sync::Arc;

use jiff::Timestamp;
use uketsuke::checkin::{AuditRecord, Choice, Desk, Mode, Outcome, Screen};

use crate::board::Board;
use crate::clock::Clock;
use crate::settings::Shared;

/// The visit's side of the [`Board`].
pub struct WebDesk {
    /// Where it shows.
    pub board: Arc<Board>,
    /// The time.
    pub clock: Arc<Clock>,
    /// What the receptionist set.
    pub settings: Arc<Shared>,
}

impl Desk for WebDesk {
    fn now(&mut self) -> Timestamp {
        self.clock.now()
    }

    fn mode(&mut self) -> Mode {
        self.settings.get().mode.into()
    }

    fn show(&mut self, screen: &Screen) {
        self.board.show(screen);
    }

    fn waiting(&mut self, deadline: Timestamp) {
        self.board.waits_until(deadline);
    }

    fn stop(&mut self) -> bool {
        self.board.stopping()
    }

    fn choice(&mut self, until: Timestamp) -> Option<Choice> {
        self.board.choice(until)
    }

    fn audit(&mut self, record: &AuditRecord) {
        self.board.audit(record);
    }

    fn decided(&mut self, outcome: &Outcome) {
        self.board.decided(outcome);
    }
}
