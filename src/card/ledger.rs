//! What a card was asked about its secrets: which count is the latest. What it
//! refused belongs to the visit, see [`Refusals`].

use super::refusals::Refusals;
use super::{SecretKind, TriesLeft, TryBudget};
use crate::{Binding, VisitId};

/// One per [`Card`](super::Card), for its whole life.
pub(super) struct Ledger {
    /// Grows with each count read and each VERIFY, whatever the secret.
    events: u64,
    /// For each secret the event of its latest count or VERIFY; a budget of
    /// another is stale.
    auth_pin: u64,
    sign_password: u64,
    reference_number_b: u64,
    refusals: Refusals,
}

impl Ledger {
    pub(super) fn new(visit: VisitId) -> Self {
        Self {
            events: 0,
            auth_pin: 0,
            sign_password: 0,
            reference_number_b: 0,
            refusals: Refusals::of(visit),
        }
    }

    /// A count was read.
    pub(super) fn counted(
        &mut self,
        kind: SecretKind,
        left: Option<u8>,
        binding: Binding,
    ) -> TriesLeft {
        let reading = self.touch(kind);
        self.refusals.counted(kind, left);
        TriesLeft {
            kind,
            left,
            binding,
            reading,
        }
    }

    pub(super) fn covers(&self, budget: &TryBudget, kind: SecretKind, binding: Binding) -> bool {
        let latest = match kind {
            SecretKind::AuthPin => self.auth_pin,
            SecretKind::SignPassword => self.sign_password,
            SecretKind::ReferenceNumberB => self.reference_number_b,
        };
        budget.kind == kind && budget.binding == binding && budget.reading == latest
    }

    pub(super) fn was_refused(&self, kind: SecretKind, value: &[u8]) -> bool {
        self.refusals.contains(kind, value)
    }

    /// A VERIFY is about to be sent, or something unknown that might be one:
    /// every budget of this secret is used up.
    fn touch(&mut self, kind: SecretKind) -> u64 {
        self.events = self.events.saturating_add(1);
        let now = self.events;
        *match kind {
            SecretKind::AuthPin => &mut self.auth_pin,
            SecretKind::SignPassword => &mut self.sign_password,
            SecretKind::ReferenceNumberB => &mut self.reference_number_b,
        } = now;
        now
    }

    /// No count read so far is good for a VERIFY any more.
    pub(super) fn forget_counts(&mut self) {
        for kind in [
            SecretKind::AuthPin,
            SecretKind::SignPassword,
            SecretKind::ReferenceNumberB,
        ] {
            self.touch(kind);
        }
    }

    /// This value is about to be sent. Until the answer is clear it counts as
    /// unsettled, even if the transport panics.
    pub(super) fn presenting(&mut self, kind: SecretKind, value: &[u8], left: Option<u8>) {
        self.touch(kind);
        self.refusals.unsettled(kind, value, left);
    }

    /// The answer was clear, and no refusal of the value.
    pub(super) fn settled(&mut self, kind: SecretKind) {
        self.refusals.settled(kind);
    }

    pub(super) fn refused(&mut self, kind: SecretKind, value: &[u8]) {
        self.refusals.settled(kind);
        self.refusals.refused(kind, value);
    }
}
