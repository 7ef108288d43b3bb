//! What is going to go wrong.

use super::fault::Fault;
use super::moment::Moment;

/// Faults that are planned for a card.
#[derive(Debug, Default)]
pub(in crate::simulation) struct Plan {
    faults: Vec<Fault>,
    /// Faults whose exchange isn't known yet.
    awaited: Vec<Awaited>,
}

/// A fault at a moment.
#[derive(Debug)]
struct Awaited {
    moment: Moment,
    /// How many such moments are still to come, the one that is meant included.
    coming: u64,
    fault: fn(u64) -> Fault,
}

impl Plan {
    pub(in crate::simulation) fn add(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    pub(in crate::simulation) fn add_at(
        &mut self,
        moment: Moment,
        coming: u64,
        fault: fn(u64) -> Fault,
    ) {
        self.awaited.push(Awaited {
            moment,
            coming,
            fault,
        });
    }

    /// What was planned for this exchange; what happens once is no longer planned then.
    pub(in crate::simulation) fn take(&mut self, command: &[u8], exchange: u64) -> Option<Fault> {
        self.recognise(command, exchange);
        let planned = |fault: &Fault| fault.is_at(exchange);
        let once = |fault: &Fault| fault.is_at(exchange) && !fault.lasts();
        match self.faults.iter().position(once) {
            Some(index) => Some(self.faults.remove(index)),
            None => self.faults.iter().copied().find(planned),
        }
    }

    /// Knows the exchange of faults that were planned for such a command.
    fn recognise(&mut self, command: &[u8], exchange: u64) {
        let faults = &mut self.faults;
        self.awaited.retain_mut(|awaited| {
            if !awaited.moment.is(command) {
                return true;
            }
            awaited.coming = awaited.coming.saturating_sub(1);
            if awaited.coming == 0 {
                faults.push((awaited.fault)(exchange));
            }
            awaited.coming > 0
        });
    }

    pub(super) fn has(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }

    pub(super) fn card_taken(&mut self) {
        self.faults.retain(|fault| !fault.ends_with_the_card());
    }
}
