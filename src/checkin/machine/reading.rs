//! Place card → certificate read and judged → choose a method.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{CheckIn, State};
use crate::card::{CardError, Progress};
use crate::checkin::{AuditEvent, CardRead, FacePaused, Screen, Task, failure};
use crate::eligibility::Failure;
use crate::face::FaceRefused;
use crate::japan::japan_date;
use crate::trust::{ChainValidated, NoAnswer, RevocationAnswer, TrustError};

/// What becomes of 顔認証.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FaceOffer {
    /// Not in this visit, or not here.
    No,
    /// With this card not now.
    Paused(FacePaused),
    Now,
}

/// How often a card is read again within a visit.
const MAX_REREADS: u8 = 3;

impl CheckIn {
    pub(super) fn card_placed(&mut self, now: Timestamp) {
        // Also a card that is put back while the result is shown: it must be
        // taken again.
        self.card_present = true;
        self.card_reader_failed = None;
        match self.state {
            State::WaitingForCard { .. } => self.read_card(now),
            // Who chose a phone and places the card all the same wants to use the card.
            State::ChoosingPhone { .. } | State::AwaitingPhone { .. } => self.back_to_card(now),
            State::EnteringPin { .. } | State::LastTry { .. } if self.phone.is_some() => {
                self.back_to_card(now);
            }
            _ => {}
        }
    }

    fn read_card(&mut self, now: Timestamp) {
        self.show(Screen::ReadingCard {
            progress: Progress { read: 0, total: 0 },
        });
        let task = self.start(Task::ReadCard);
        self.state = State::Reading {
            task,
            deadline: self.card_deadline(now),
        };
    }

    /// Reads the card again after something on it failed: its session may have
    /// been renewed by a power-off, and a proof made in the new one would not
    /// fit the certificate read in the old one. Better now than after the
    /// person typed a PIN for nothing.
    pub(super) fn read_again(&mut self, now: Timestamp) {
        self.rereads = self.rereads.saturating_add(1);
        if self.rereads > MAX_REREADS {
            return self.refuse(Failure::CardUnreadable, now);
        }
        self.read_card(now);
    }

    /// Nothing was presented. What was read of the photo belongs to the session
    /// that is gone, and 照合番号B isn't presented twice in a visit.
    pub(super) fn session_renewed(&mut self, now: Timestamp) {
        if self.photo_read {
            self.face_is_over();
        }
        self.read_again(now);
    }

    pub(super) fn card_read(&mut self, read: Result<CardRead, CardError>, now: Timestamp) {
        let CardRead {
            certificate,
            pin_tries_left,
        } = match read {
            Ok(read) => read,
            // A phone lies on the card's reader, where there is one for phones.
            Err(CardError::NotVerified { .. }) if self.offers_phone() && self.chain.is_none() => {
                return self.choose_phone(now);
            }
            Err(error) => return self.refuse(failure::of_certificate(&error), now),
        };
        if certificate.binding().visit() != self.visit {
            return self.refuse(Failure::Internal, now);
        }
        self.pin_tries_left = Some(pin_tries_left);
        if pin_tries_left == 0 {
            self.problem = Some(Failure::PinLocked);
        }
        let (realms, grace) = (self.policy.realms(), self.policy.grace());
        match self
            .policy
            .roots()
            .validate_authentication(&certificate, realms, now, grace)
        {
            // Read again, it must be the card that was read before.
            Ok(chain)
                if self
                    .chain
                    .as_ref()
                    .is_some_and(|before| before.digest() != chain.digest()) =>
            {
                self.refuse(Failure::CardRemoved, now);
            }
            Ok(chain) => {
                if self.certificate_validated(chain, now) {
                    match self.card_face.take() {
                        Some(why) => self.card_face(why, now),
                        None => self.choose_method(now),
                    }
                }
            }
            Err(TrustError::Lapsed { .. }) => {
                // The certificate decides; the card's own date only chooses the
                // words: a lapsed card is renewed, a lapsed certificate too, but
                // the person should know which.
                self.certificate_lapsed = true;
                let task = self.start(Task::ReadExpiryHint);
                self.state = State::ReadingHint {
                    task,
                    deadline: self.card_deadline(now),
                };
            }
            Err(error) => self.refuse(Failure::from(&error), now),
        }
    }

    /// The source of the policy, if there is one, may end the visit here, which then
    /// is over (`false`). If it doesn't know, the centre will.
    pub(super) fn certificate_validated(&mut self, chain: ChainValidated, now: Timestamp) -> bool {
        let answer = self.policy.revocation(&chain, now);
        let unknown = RevocationAnswer::Unknown(NoAnswer::NotCovered);
        let chain = match chain.with_answer(answer.unwrap_or(unknown)) {
            Ok(chain) => chain,
            Err(revoked) => {
                self.refuse(Failure::from(&revoked), now);
                return false;
            }
        };
        self.audit(
            AuditEvent::CertificateValidated {
                realm: chain.realm(),
                standing: chain.standing().into(),
                certificate: chain.digest(),
            },
            now,
        );
        if let Some(RevocationAnswer::Unknown(why)) = answer {
            self.audit(AuditEvent::RevocationUnknown(why), now);
        }
        self.chain = Some(chain);
        true
    }

    pub(super) fn expiry_hint(&mut self, hint: Option<Date>, now: Timestamp) {
        let expired = hint.is_some_and(|last_day| last_day < japan_date(now));
        self.refuse(
            if expired {
                Failure::CardExpired
            } else {
                Failure::CertificateLapsed
            },
            now,
        );
    }

    /// Offers what this reception, this card and this visit still allow; ends
    /// the visit if that is nothing.
    pub(super) fn choose_method(&mut self, now: Timestamp) {
        let (face, staff, pin) = (self.face(now), self.offers_staff(), self.offered_pin());
        if face != FaceOffer::Now && !staff && pin.is_none() {
            let problem = self.problem.unwrap_or(Failure::PinLocked);
            return self.refuse(problem, now);
        }
        self.show(Screen::ChooseMethod {
            face: face == FaceOffer::Now && !self.guardian,
            face_paused: match face {
                FaceOffer::Paused(paused) if !self.guardian => Some(paused),
                _ => None,
            },
            pin_tries_left: pin,
            staff,
            guardian: self.guardian,
        });
        self.state = State::Choosing {
            deadline: self.person_deadline(now),
        };
    }

    fn pinless_is_there(&self) -> bool {
        self.equipment
            .pinless
            .is_some_and(|realm| self.accepts(realm))
    }

    /// A guardian's face isn't the holder's.
    pub(super) fn offers_face(&self, now: Timestamp) -> bool {
        self.has_face(now) && !self.guardian
    }

    /// 顔認証 is possible for the card's holder.
    pub(super) fn has_face(&self, now: Timestamp) -> bool {
        self.face(now) == FaceOffer::Now
    }

    /// What becomes of 顔認証 with this reception, in this visit, and with this card.
    fn face(&self, now: Timestamp) -> FaceOffer {
        let parts = self.equipment.face.is_some_and(|realm| self.accepts(realm));
        let judged = self
            .policy
            .match_policy()
            .is_some_and(|policy| policy.realms() == self.policy.realms());
        if !parts || !judged || !self.pinless_is_there() {
            return FaceOffer::No;
        }
        let (Some(tally), Some(card)) = (self.policy.face_tally(), self.card_key()) else {
            return FaceOffer::No;
        };
        if self.policy.face_limits().is_never() {
            // This desk allows none, and no PIN would change that.
            return FaceOffer::No;
        }
        // Of the two that may have an end, the card's is told: it is known until when.
        match tally.allows(&card, &self.policy.face_limits(), now) {
            Ok(_) if self.face_attempts.exhausted() => FaceOffer::No,
            Ok(_) => FaceOffer::Now,
            Err(FaceRefused::Paused { until }) => FaceOffer::Paused(FacePaused::Until(until)),
            Err(FaceRefused::UsedUp) => FaceOffer::Paused(FacePaused::UsedUp),
            Err(_) => FaceOffer::No,
        }
    }

    pub(super) fn offers_staff(&self) -> bool {
        let source = self
            .equipment
            .staff
            .is_some_and(|realm| self.accepts(realm));
        source && self.pinless_is_there() && self.staff_attempts_left > 0
    }

    /// There is something else than the PIN; where a guardian helps, the face is the
    /// holder's to show.
    pub(super) fn other_ways(&self, now: Timestamp) -> bool {
        self.has_face(now) || self.offers_staff()
    }

    /// There is something that a guardian can do.
    pub(super) fn offers_guardian(&self) -> bool {
        self.offered_pin().is_some() || self.offers_staff()
    }

    pub(super) fn offered_pin(&self) -> Option<u8> {
        self.pin_tries_left.filter(|tries| *tries > 0)
    }
}
