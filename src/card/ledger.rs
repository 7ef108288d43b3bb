//! What a card was told and asked about its secrets: which count is the latest,
//! and which values it refused.

use std::hint::black_box;

use zeroize::Zeroizing;

use super::{SecretKind, TriesLeft, TryBudget};
use crate::Binding;

/// One per [`Card`](super::Card), for its whole life.
#[derive(Default)]
pub(super) struct Ledger {
    /// Grows with each count read and each VERIFY, whatever the secret.
    events: u64,
    auth_pin: Page,
    sign_password: Page,
    reference_number_b: Page,
}

/// What is known of one secret.
#[derive(Default)]
struct Page {
    /// The event of the latest count or VERIFY; a budget of another is stale.
    latest: u64,
    /// Each cost a try, so there are as many as a person typed.
    refused: Vec<Zeroizing<Vec<u8>>>,
    /// Presented, but the answer was lost.
    unsettled: Option<Unsettled>,
}

struct Unsettled {
    value: Zeroizing<Vec<u8>>,
    left_before: u8,
}

impl Ledger {
    /// A count was read.
    pub(super) fn counted(
        &mut self,
        kind: SecretKind,
        left: Option<u8>,
        binding: Binding,
    ) -> TriesLeft {
        let reading = self.touch(kind);
        let page = self.page_mut(kind);
        // A lost answer to VERIFY that cost a try was a refusal; one that cost
        // none was a success or never arrived, and the value may be typed again.
        if let Some(unsettled) = page.unsettled.take()
            && left.is_some_and(|now| now < unsettled.left_before)
        {
            page.refused.push(unsettled.value);
        }
        TriesLeft {
            kind,
            left,
            binding,
            reading,
        }
    }

    pub(super) fn covers(&self, budget: &TryBudget, kind: SecretKind, binding: Binding) -> bool {
        let latest = self.page(kind).latest;
        budget.kind == kind && budget.binding == binding && budget.reading == latest
    }

    pub(super) fn was_refused(&self, kind: SecretKind, value: &[u8]) -> bool {
        let refused = &self.page(kind).refused;
        // No early end: all are compared.
        refused
            .iter()
            .fold(false, |found, old| found | same(old, value))
    }

    /// A VERIFY is about to be sent, or something unknown that might be one:
    /// every budget of this secret is used up.
    pub(super) fn touch(&mut self, kind: SecretKind) -> u64 {
        self.events = self.events.saturating_add(1);
        let now = self.events;
        self.page_mut(kind).latest = now;
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

    pub(super) fn refused(&mut self, kind: SecretKind, value: &[u8]) {
        self.page_mut(kind)
            .refused
            .push(Zeroizing::new(value.to_vec()));
    }

    pub(super) fn unsettled(&mut self, kind: SecretKind, value: &[u8], before: Option<u8>) {
        self.page_mut(kind).unsettled = before.map(|left_before| Unsettled {
            value: Zeroizing::new(value.to_vec()),
            left_before,
        });
    }

    fn page(&self, kind: SecretKind) -> &Page {
        match kind {
            SecretKind::AuthPin => &self.auth_pin,
            SecretKind::SignPassword => &self.sign_password,
            SecretKind::ReferenceNumberB => &self.reference_number_b,
        }
    }

    fn page_mut(&mut self, kind: SecretKind) -> &mut Page {
        match kind {
            SecretKind::AuthPin => &mut self.auth_pin,
            SecretKind::SignPassword => &mut self.sign_password,
            SecretKind::ReferenceNumberB => &mut self.reference_number_b,
        }
    }
}

/// Equality whose time depends on the lengths alone.
fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let difference = a
        .iter()
        .zip(b)
        .fold(0u8, |sum, (x, y)| black_box(sum | (x ^ y)));
    black_box(difference) == 0
}
