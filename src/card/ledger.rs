//! What a card was asked about its secrets: which count is the latest. What it
//! refused belongs to the visit, see [`Refusals`].

use super::refusals::Refusals;
use super::{SecretKind, TriesLeft, TryBudget};
use crate::{Binding, VisitId};

/// One secret of one application: what a card counts.
///
/// 照合番号B is a secret of two applications, which count it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Its AID.
    pub(super) application: &'static [u8],
    pub(super) kind: SecretKind,
}

/// One per [`Card`](super::Card), for its whole life.
pub(super) struct Ledger {
    /// Grows with each count read and each VERIFY, whatever the secret.
    events: u64,
    /// For each secret the event of its latest count or VERIFY; a budget of
    /// another is stale. No longer than there are secrets.
    latest: Vec<(Place, u64)>,
    refusals: Refusals,
}

impl Ledger {
    pub(super) fn new(visit: VisitId) -> Self {
        Self {
            events: 0,
            latest: Vec::new(),
            refusals: Refusals::of(visit),
        }
    }

    /// The label was read.
    pub(super) const fn on_phone(&mut self, phone: bool) {
        self.refusals.on_phone(phone);
    }

    /// A count was read.
    pub(super) fn counted(
        &mut self,
        place: Place,
        left: Option<u8>,
        binding: Binding,
    ) -> TriesLeft {
        let reading = self.touch(place);
        self.refusals.counted(place, left);
        TriesLeft {
            place,
            left,
            binding,
            reading,
        }
    }

    pub(super) fn covers(&self, budget: &TryBudget, place: Place, binding: Binding) -> bool {
        let latest = self.latest.iter().find(|(of, _)| *of == place);
        budget.place == place
            && budget.binding == binding
            && latest.is_some_and(|(_, event)| budget.reading == *event)
    }

    /// Whichever application refused it, or may have: a number that is wrong in
    /// one is wrong in the other.
    pub(super) fn was_refused(&self, kind: SecretKind, value: &[u8]) -> bool {
        self.refusals.contains(kind, value)
    }

    /// A VERIFY is about to be sent, or something unknown that might be one:
    /// every budget of this secret is used up.
    fn touch(&mut self, place: Place) -> u64 {
        self.events = self.events.saturating_add(1);
        let now = self.events;
        match self.latest.iter_mut().find(|(of, _)| *of == place) {
            Some((_, event)) => *event = now,
            None => self.latest.push((place, now)),
        }
        now
    }

    /// No count read so far is good for a VERIFY any more.
    pub(super) fn forget_counts(&mut self) {
        self.latest.clear();
    }

    /// This value is about to be sent. Until the answer is clear it counts as
    /// unsettled, even if the transport panics.
    pub(super) fn presenting(&mut self, place: Place, value: &[u8], left: Option<u8>) {
        self.touch(place);
        self.refusals.unsettled(place, value, left);
    }

    /// A value that isn't known is about to be presented: typed on the reader's
    /// own keypad.
    pub(super) fn presenting_unknown(&mut self, place: Place) {
        self.touch(place);
    }

    /// The answer was clear, and no refusal of the value.
    pub(super) fn settled(&mut self, place: Place) {
        self.refusals.settled(place);
    }

    pub(super) fn refused(&mut self, place: Place, value: &[u8]) {
        self.refusals.settled(place);
        self.refusals.refused(place, value);
    }

    /// The secret was changed to this value, or may have been: it may be right
    /// now, and no count of it is good any more.
    pub(super) fn changed(&mut self, place: Place, value: &[u8]) {
        self.touch(place);
        self.refusals.forget(place.kind, value);
    }
}
