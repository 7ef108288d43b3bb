//! Deadlines: how long each state waits, and how a person gets more time.

use jiff::{SignedDuration, Timestamp};

use super::{CheckIn, State};
use crate::checkin::Timeouts;

/// How many times over a person may have the time that the outcome is shown for.
/// WCAG 2.2, success criterion 2.2.1: a time limit can be extended at least ten times.
const TIMES_OVER: i32 = 10;

impl CheckIn {
    /// The state's wait begins anew, but never goes on past the visit's end; nothing
    /// else changes. What a task or the centre is waited for isn't the person's to
    /// prolong, and neither is a card that lies in the reader with nobody there.
    pub(super) fn more_time(&mut self, now: Timestamp) {
        let ends = self.ends;
        if let Some((deadline, wait)) = self.state.patience(self.policy.timeouts()) {
            *deadline = later(now, wait).min(ends).max(*deadline);
        }
    }

    /// How long the outcome is shown, and sets the visit's end by that.
    pub(super) fn reading_deadline(&mut self, accepted: bool, now: Timestamp) -> Timestamp {
        let reading = reading(self.policy.timeouts(), accepted);
        self.ends = later(now, reading.checked_mul(TIMES_OVER).unwrap_or(reading));
        later(now, reading)
    }

    pub(super) fn card_deadline(&self, now: Timestamp) -> Timestamp {
        later(now, self.policy.timeouts().card)
    }

    pub(super) fn person_deadline(&self, now: Timestamp) -> Timestamp {
        later(now, self.policy.timeouts().person).min(self.ends)
    }
}

impl State {
    /// Where a person is waited for: the deadline, and how long the wait is.
    const fn patience(&mut self, timeouts: &Timeouts) -> Option<(&mut Timestamp, SignedDuration)> {
        Some(match self {
            Self::WaitingForCard { deadline } | Self::AwaitingPhone { deadline, .. } => {
                (deadline, timeouts.place_card)
            }
            Self::EnteringPin { deadline, .. } => (deadline, timeouts.pin),
            Self::Notice { deadline } => (deadline, timeouts.result),
            Self::ShowingResult { deadline, accepted } => (deadline, reading(timeouts, *accepted)),
            Self::ChoosingPhone { deadline }
            | Self::Choosing { deadline }
            | Self::LastTry { deadline }
            | Self::CardFaceUnreadable { deadline }
            | Self::FaceFailed { deadline }
            | Self::EnteringPasscode { deadline }
            | Self::Registering { deadline }
            | Self::Consenting { deadline }
            | Self::ConsentingOneByOne { deadline, .. }
            | Self::ChoosingPrescription { deadline }
            | Self::ChoosingSubsidies { deadline } => (deadline, timeouts.person),
            Self::Reading { .. }
            | Self::ReadingPhone { .. }
            | Self::ReadingHint { .. }
            | Self::VerifyingPin { .. }
            | Self::ReadingPhoto { .. }
            | Self::ComparingFace { .. }
            | Self::CheckingStaff { .. }
            | Self::SigningWithoutPin { .. }
            | Self::Asking { .. }
            | Self::TakingCard { .. }
            | Self::Over => return None,
        })
    }
}

const fn reading(timeouts: &Timeouts, accepted: bool) -> SignedDuration {
    if accepted {
        timeouts.result
    } else {
        timeouts.advice
    }
}

/// `now` plus `duration`, at most the end of time.
pub(super) fn later(now: Timestamp, duration: SignedDuration) -> Timestamp {
    now.checked_add(duration).unwrap_or(Timestamp::MAX)
}
