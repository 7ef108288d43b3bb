//! What the person chooses beside the consents, and how the centre is told.
//!
//! All of it is chosen before any of it is told: the person waits once, and from
//! the first of these questions on the card may be taken.

use jiff::Timestamp;

use super::{CheckIn, State};
use crate::checkin::{AuditEvent, Choice, Screen, Told, Wish};
use crate::eligibility::{CertificateStatus, Consents, Failure, NotConfirmed, PrescriptionIssue};

/// What was chosen, until the centre is told.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    consents: Consents,
    prescription: Option<PrescriptionIssue>,
    subsidies: Option<bool>,
    /// What the centre was told already.
    pub(super) told: Vec<Told>,
}

impl Chosen {
    /// The next wish to be told.
    fn next(&mut self) -> Option<Wish> {
        let prescription = self.prescription.take().map(Wish::Prescription);
        prescription.or_else(|| self.subsidies.take().map(Wish::Subsidies))
    }
}

impl CheckIn {
    pub(super) fn consented(&mut self, consents: Consents, now: Timestamp) {
        self.chosen.consents = consents;
        if !self.equipment.prescription {
            return self.choose_subsidies(now);
        }
        self.show(Screen::Prescription);
        self.state = State::ChoosingPrescription {
            deadline: self.person_deadline(now),
        };
    }

    pub(super) fn chosen_prescription(&mut self, choice: &Choice, now: Timestamp) {
        self.chosen.prescription = Some(match choice {
            Choice::Electronic => PrescriptionIssue::Electronic,
            Choice::Paper => PrescriptionIssue::Paper,
            _ => return,
        });
        self.choose_subsidies(now);
    }

    fn choose_subsidies(&mut self, now: Timestamp) {
        if !self.equipment.subsidies {
            return self.tell(now);
        }
        self.show(Screen::Subsidies {
            guardian: self.guardian,
        });
        self.state = State::ChoosingSubsidies {
            deadline: self.person_deadline(now),
        };
    }

    pub(super) fn chosen_subsidies(&mut self, choice: &Choice, now: Timestamp) {
        self.chosen.subsidies = Some(match choice {
            Choice::Yes => true,
            Choice::No => false,
            _ => return,
        });
        self.tell(now);
    }

    /// One wish after the other, then the result.
    fn tell(&mut self, now: Timestamp) {
        match self.chosen.next() {
            Some(wish) => {
                let (question, kind) = wish.into_question();
                self.ask(question, kind, now);
            }
            None => self.ask_result(self.chosen.consents, now),
        }
    }

    /// What the centre doesn't take is for the receptionist to see to; nobody is
    /// sent away for it. Only what no later answer could mend ends the visit: it
    /// would say the same of the result.
    pub(super) fn wish_answered(
        &mut self,
        noted: Result<(), NotConfirmed>,
        now: Timestamp,
    ) -> Result<(), NotConfirmed> {
        match noted {
            Ok(()) => self.wish_told(None, now),
            Err(
                why @ (NotConfirmed::Certificate(CertificateStatus::Revoked)
                | NotConfirmed::OtherRealm { .. }),
            ) => return Err(why),
            Err(why) => self.wish_not_taken(why.failure(), now),
        }
        Ok(())
    }

    pub(super) fn wish_not_taken(&mut self, failure: Failure, now: Timestamp) {
        if let State::Asking { question, .. } = self.state {
            self.audit(AuditEvent::ChoiceNotTaken { question, failure }, now);
        }
        self.wish_told(Some(failure), now);
    }

    fn wish_told(&mut self, not_taken: Option<Failure>, now: Timestamp) {
        let wish = match &self.state {
            State::Asking { request, .. } => request.kind().and_then(Wish::of),
            _ => None,
        };
        if let Some(wish) = wish {
            self.chosen.told.push(Told { wish, not_taken });
        }
        self.tell(now);
    }
}
