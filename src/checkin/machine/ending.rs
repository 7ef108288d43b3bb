//! How a visit ends, and the card's way back to the person.

use jiff::Timestamp;

use super::{CheckIn, Chosen, State, later};
use crate::checkin::{
    AuditEvent, Identity, Mode, NotAccepted, Outcome, Output, ProofMismatch, Proofs, Screen, Task,
    failure,
};
use crate::eligibility::{Document, EligibilityConfirmed, Failure, Situation, advise};
use crate::japan::japan_date;
use crate::transport::{TransportError, TransportErrorKind};

impl CheckIn {
    pub(super) fn accept(&mut self, confirmed: EligibilityConfirmed, now: Timestamp) {
        let card = self.card_key();
        let (Some(identity), Some(chain), Some(signed)) =
            (self.identity.take(), self.chain.take(), self.signed.take())
        else {
            return self.refuse(Failure::Internal, now);
        };
        let face = matches!(identity, Identity::Face { .. });
        let proofs = Proofs {
            identity,
            chain,
            signed,
            confirmed,
        };
        match proofs.accept(&self.policy, self.visit, now) {
            Ok(accepted) => {
                // Only now: the card face may be another holder's than the certificate.
                if let (true, Some(card)) = (face, card) {
                    self.clear_face_tally(&card);
                }
                let accepted =
                    accepted.with_told(std::mem::take(&mut self.chosen.told), self.guardian);
                self.audit(AuditEvent::Accepted, now);
                let coverage = Box::new(accepted.coverage().clone());
                self.decided(
                    Outcome::Accepted(Box::new(accepted)),
                    Screen::Accepted { coverage },
                    now,
                );
            }
            Err(ProofMismatch::Lapsed) => {
                self.certificate_lapsed = true;
                self.refuse(Failure::CertificateLapsed, now);
            }
            Err(ProofMismatch::Revoked(revoked)) => self.refuse(Failure::from(&revoked), now),
            Err(ProofMismatch::BirthDate) => self.refuse(Failure::BirthDateDiffers, now),
            // The root has ended meanwhile: told as where the card was read.
            Err(ProofMismatch::ChainNotAccepted) => self.refuse(Failure::CertificateInvalid, now),
            Err(_) => self.refuse(Failure::Internal, now),
        }
    }

    pub(super) fn refuse(&mut self, failure: Failure, now: Timestamp) {
        if matches!(
            self.state,
            State::ShowingResult { .. } | State::TakingCard { .. } | State::Over
        ) {
            return;
        }
        let failure = match self.phone {
            Some(_) => failure::with_phone(failure),
            None => failure,
        };
        let refusal = self.refusal(failure, now);
        self.audit(AuditEvent::NotAccepted(failure), now);
        let screen = Screen::NotAccepted(Box::new(refusal.clone()));
        self.decided(Outcome::NotAccepted(Box::new(refusal)), screen, now);
    }

    /// The outcome of a visit whose driver lost the real one.
    pub(in crate::checkin) fn broken(&self, now: Timestamp) -> Outcome {
        Outcome::NotAccepted(Box::new(self.refusal(Failure::Internal, now)))
    }

    fn refusal(&self, failure: Failure, now: Timestamp) -> NotAccepted {
        let mut situation = Situation::of(failure);
        situation.standing = self
            .chain
            .as_ref()
            .map(crate::trust::ChainValidated::standing);
        situation.lapsed = self.certificate_lapsed;
        // The phone's own PIN says nothing about the card's.
        situation.pin_locked = self.pin_tries_left == Some(0) && self.phone.is_none();
        situation.face_offered = self.has_face(now);
        situation.staff_offered = self.offers_staff();
        situation.phone_offered = self.offers_phone();
        situation.disaster = self.equipment.mode == Mode::Disaster;
        situation.registration_offered = self.equipment.registration;
        situation.phone |= self.phone.is_some();
        // The card is in the person's hand by definition, unless it is none, or a phone.
        let documents: &[Document] = match (failure, self.phone) {
            (_, Some(_)) => &[Document::Smartphone],
            (Failure::NotAMyNumberCard, None) => &[],
            _ => &[Document::Card],
        };
        let advice = advise(&situation, japan_date(now), documents, self.policy.rules());
        NotAccepted {
            visit: self.visit,
            failure,
            advice,
            pin_tries_left: self.pin_tries_left,
            centre: self.centre_said.clone(),
        }
    }

    fn decided(&mut self, outcome: Outcome, screen: Screen, now: Timestamp) {
        if let State::Asking {
            task, ref request, ..
        } = self.state
        {
            let request = request.number();
            // An answer that was taken needs no forgetting, but it does no harm:
            // its ticket is spent.
            if !outcome.is_accepted() {
                self.outputs.push_back(Output::Forget { task, request });
            }
        }
        // Nothing of the person stays in the machine.
        self.chain = None;
        self.challenge = None;
        self.photo = None;
        self.identity = None;
        self.signed = None;
        self.refusals = None;
        self.chosen = Chosen::default();
        let accepted = outcome.is_accepted();
        self.outputs.push_back(Output::Decided(Box::new(outcome)));
        self.show(screen);
        let _released = self.start(Task::ReleaseCard);
        self.state = State::ShowingResult {
            deadline: self.reading_deadline(accepted, now),
            accepted,
        };
    }

    pub(super) fn result_seen(&mut self, now: Timestamp) {
        if self.card_present {
            self.show(Screen::TakeCard { alarm: false });
            self.state = State::TakingCard {
                deadline: later(now, self.policy.timeouts().take_card),
                alarm: false,
            };
        } else {
            self.state = State::Over;
        }
    }

    pub(super) fn card_removed(&mut self, now: Timestamp) {
        self.card_present = false;
        // It was the card that lay wrong.
        self.card_reader_failed = None;
        match self.state {
            State::WaitingForCard { .. } | State::ShowingResult { .. } | State::Over => {}
            State::TakingCard { .. } => self.state = State::Over,
            State::Asking { question, .. } if !question.needs_card() => {}
            _ if self.phone.is_some() => {}
            State::ChoosingPhone { .. } => {}
            // The try may be on its way.
            State::VerifyingPin { .. } => self.try_unknown(now),
            _ => self.refuse(Failure::CardRemoved, now),
        }
    }

    pub(super) fn reader_failed(&mut self, error: TransportError, now: Timestamp) {
        // A mute card lies there all the same, and must be taken.
        let mute = error.kind == TransportErrorKind::Mute;
        self.card_present = mute;
        match self.state {
            State::TakingCard { .. } if mute => {}
            State::TakingCard { .. } => self.state = State::Over,
            State::Asking { question, .. } if !question.needs_card() => {}
            State::ShowingResult { .. } | State::Over => {}
            // Told if the person goes back to the card.
            _ if self.phone.is_some() => {
                self.card_reader_failed = Some(failure::of_transport(&error));
            }
            State::ChoosingPhone { .. } => {
                self.card_reader_failed = Some(failure::of_transport(&error));
            }
            State::VerifyingPin { .. } => self.try_unknown(now),
            _ => self.refuse(failure::of_transport(&error), now),
        }
    }

    /// The answer to a VERIFY was lost: the count must be read again before
    /// anything else, so the visit ends.
    pub(super) fn try_unknown(&mut self, now: Timestamp) {
        self.audit(AuditEvent::TryUnknown, now);
        self.pin_tries_left = None;
        self.refuse(Failure::PinOutcomeUnknown, now);
    }

    pub(super) fn cancelled(&mut self, now: Timestamp) {
        match self.state {
            State::ShowingResult { .. } => self.result_seen(now),
            // The only way out is the card's, or the alarm's.
            State::TakingCard { .. } => {}
            // A task on the card ends first; it takes well under a second.
            State::Reading { .. }
            | State::ReadingPhone { .. }
            | State::ReadingHint { .. }
            | State::VerifyingPin { .. }
            | State::ReadingPhoto { .. }
            | State::CheckingStaff { .. }
            | State::SigningWithoutPin { .. }
            | State::Over => {}
            // Who gives up after something went wrong is told about that.
            _ => self.refuse(self.problem.unwrap_or(Failure::Cancelled), now),
        }
    }

    /// Ends what has run out of time at `now`.
    pub(super) fn expire(&mut self, now: Timestamp) {
        if self.state.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        match self.state {
            State::Asking { .. } => self.not_answered(Failure::TimedOut, now),
            State::VerifyingPin { .. } | State::ReadingPhone { secret: true, .. } => {
                self.try_unknown(now);
            }
            State::ReadingPhone { secret: false, .. } => {
                self.refuse(Failure::PhoneUnreadable, now);
            }
            State::Reading { .. }
            | State::ReadingHint { .. }
            | State::ReadingPhoto { .. }
            | State::SigningWithoutPin { .. } => self.refuse(Failure::ReaderFault, now),
            State::ComparingFace { .. } => self.refuse(Failure::FaceUnavailable, now),
            State::CheckingStaff { .. } => self.refuse(Failure::Internal, now),
            State::Notice { .. } => self.ask_status(now),
            State::ShowingResult { .. } => self.result_seen(now),
            State::TakingCard { alarm: false, .. } => {
                self.show(Screen::TakeCard { alarm: true });
                let deadline = later(now, self.policy.timeouts().abandon);
                self.state = State::TakingCard {
                    deadline,
                    alarm: true,
                };
            }
            State::TakingCard { alarm: true, .. } => {
                self.audit(AuditEvent::CardLeft, now);
                self.state = State::Over;
            }
            _ => self.refuse(Failure::PersonTimedOut, now),
        }
    }
}
