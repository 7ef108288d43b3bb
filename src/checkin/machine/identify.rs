//! PIN and staff check, and how all three methods end: in an identity with its
//! signature. The face is beside this file.

use jiff::Timestamp;

use super::{CheckIn, State, later};
use crate::Binding;
use crate::card::{AuthPin, CardError, LastTry, SignatureInput, VerifyError};
use crate::checkin::{
    AuditEvent, Choice, Identity, Method, PendingIdentity, PinTaskError, PinlessError, Screen,
    Signed, StaffConfirmed, StaffRefused, TapAgain, Task, failure,
};
use crate::eligibility::Failure;
use crate::trust::{ChainValidated, Challenge, ChallengeError, Purpose};

/// Why the PIN is asked for.
#[derive(Clone, Copy)]
pub(super) struct PinAsked {
    pub(super) wrong: bool,
    pub(super) same_again: bool,
    again: Option<TapAgain>,
}

impl PinAsked {
    pub(super) const FIRST: Self = Self {
        wrong: false,
        same_again: false,
        again: None,
    };
    pub(super) const WRONG: Self = Self {
        wrong: true,
        ..Self::FIRST
    };
    pub(super) const SAME_AGAIN: Self = Self {
        same_again: true,
        ..Self::FIRST
    };

    /// Nothing is wrong with the PIN; the phone wasn't read.
    pub(super) const fn again(why: TapAgain) -> Self {
        Self {
            again: Some(why),
            ..Self::FIRST
        }
    }
}

impl CheckIn {
    pub(super) fn chosen_method(&mut self, choice: Choice, now: Timestamp) {
        match choice {
            Choice::Method(method) => self.begin_method(method, now),
            Choice::PinForgotten => self.pin_forgotten(now),
            Choice::Guardian if !self.guardian && self.offers_guardian() => {
                self.guardian = true;
                self.audit(AuditEvent::GuardianHelps, now);
                self.choose_method(now);
            }
            Choice::Holder if self.guardian => {
                self.guardian = false;
                self.audit(AuditEvent::HolderActs, now);
                self.choose_method(now);
            }
            _ => {}
        }
    }

    pub(super) fn begin_method(&mut self, method: Method, now: Timestamp) {
        let offered = match method {
            Method::Face => self.offers_face(now),
            Method::Pin => self.offered_pin().is_some(),
            Method::Staff => self.offers_staff(),
        };
        if !offered {
            return;
        }
        self.audit(AuditEvent::MethodChosen(method), now);
        match method {
            Method::Face => self.begin_face(now),
            Method::Pin => self.ask_pin(PinAsked::FIRST, now),
            Method::Staff => self.ask_passcode(false, now),
        }
    }

    // PIN

    /// Shows the tries left before asking; the last one only after a warning.
    fn ask_pin(&mut self, why: PinAsked, now: Timestamp) {
        match self.offered_pin() {
            None => self.pin_locked(now),
            Some(1) if !why.same_again => self.warn_of_last_try(why.wrong, now),
            Some(tries_left) => {
                // Only after the person agreed to the last try can the same
                // refused value come up with one left; the consent stands.
                let last_try = if tries_left == 1 {
                    LastTry::Allow
                } else {
                    LastTry::Refuse
                };
                self.enter_pin(Some(tries_left), why, last_try, now);
            }
        }
    }

    pub(super) fn warn_of_last_try(&mut self, wrong: bool, now: Timestamp) {
        self.show(Screen::LastTry {
            wrong,
            other_ways: self.other_than_this_pin(now),
            guardian: self.guardian,
            phone: self.phone.is_some(),
        });
        self.state = State::LastTry {
            deadline: self.person_deadline(now),
        };
    }

    /// With a phone, that is the card.
    fn other_than_this_pin(&self, now: Timestamp) -> bool {
        self.phone.is_some() || self.other_ways(now)
    }

    pub(super) fn enter_pin(
        &mut self,
        tries_left: Option<u8>,
        PinAsked {
            wrong,
            same_again,
            again,
        }: PinAsked,
        last_try: LastTry,
        now: Timestamp,
    ) {
        self.show(Screen::EnterPin {
            tries_left,
            wrong,
            same_again,
            again,
            other_ways: self.other_than_this_pin(now),
            guardian: self.guardian,
            phone: self.phone.is_some(),
        });
        self.state = State::EnteringPin {
            deadline: later(now, self.policy.timeouts().pin).min(self.ends),
            last_try,
        };
    }

    pub(super) fn chosen_last_try(&mut self, choice: &Choice, now: Timestamp) {
        match choice {
            Choice::Yes => self.enter_pin(Some(1), PinAsked::FIRST, LastTry::Allow, now),
            Choice::No | Choice::OtherMethod | Choice::PinForgotten if self.phone.is_some() => {
                self.back_to_card(now);
            }
            Choice::No | Choice::OtherMethod | Choice::PinForgotten => {
                self.problem = Some(Failure::LastTryDeclined);
                self.other_method_or(Failure::LastTryDeclined, now);
            }
            _ => {}
        }
    }

    pub(super) fn entered_pin(&mut self, choice: Choice, last_try: LastTry, now: Timestamp) {
        match choice {
            Choice::Pin(pin) if self.phone.is_some() => {
                self.await_phone(Some(pin), last_try, None, now);
            }
            Choice::PinForgotten | Choice::No | Choice::OtherMethod if self.phone.is_some() => {
                self.back_to_card(now);
            }
            Choice::Pin(pin) => self.verify_pin(pin, last_try, now),
            Choice::PinForgotten | Choice::No => self.pin_forgotten(now),
            Choice::OtherMethod => self.choose_method(now),
            _ => {}
        }
    }

    fn verify_pin(&mut self, pin: AuthPin, last_try: LastTry, now: Timestamp) {
        if let Some((input, binding)) = self.new_challenge(now) {
            self.show(Screen::CheckingPin);
            let task = self.start(Task::VerifyPin {
                pin,
                last_try,
                input,
                binding,
            });
            self.state = State::VerifyingPin {
                task,
                deadline: self.card_deadline(now),
            };
        }
    }

    fn pin_forgotten(&mut self, now: Timestamp) {
        self.problem = Some(Failure::PinForgotten);
        self.other_method_or(Failure::PinForgotten, now);
    }

    fn pin_locked(&mut self, now: Timestamp) {
        self.pin_tries_left = Some(0);
        self.problem = Some(Failure::PinLocked);
        self.choose_method(now);
    }

    /// Back to the choice where face or staff check is offered, else the end.
    fn other_method_or(&mut self, failure: Failure, now: Timestamp) {
        if self.other_ways(now) {
            self.choose_method(now);
        } else {
            self.refuse(failure, now);
        }
    }

    pub(super) fn pin_signed(&mut self, signed: Result<Signed, PinTaskError>, now: Timestamp) {
        match signed {
            Ok(signed) => self.identified(signed, now),
            Err(PinTaskError::Verify(error)) => self.pin_refused(error, now),
            // The PIN was right, which resets its count.
            Err(PinTaskError::Signature(error)) => {
                self.pin_tries_left = None;
                self.refuse(failure::of_card(&error), now);
            }
        }
    }

    fn pin_refused(&mut self, error: VerifyError, now: Timestamp) {
        match error {
            VerifyError::Wrong { left, .. } => {
                self.audit(AuditEvent::TrySpent { left }, now);
                self.pin_tries_left = Some(left);
                self.ask_pin(PinAsked::WRONG, now);
            }
            VerifyError::Locked { .. } => {
                if error.try_may_be_spent() {
                    self.audit(AuditEvent::TrySpent { left: 0 }, now);
                }
                self.pin_locked(now);
            }
            // Nothing was sent in either case.
            VerifyError::AlreadyRefused { .. } => self.ask_pin(PinAsked::SAME_AGAIN, now),
            VerifyError::LastTryNotAllowed { .. } => {
                self.pin_tries_left = Some(1);
                self.ask_pin(PinAsked::FIRST, now);
            }
            error if error.try_may_be_spent() => self.try_unknown(now),
            error => self.refuse(failure::of_verify(&error), now),
        }
    }

    // Staff

    fn ask_passcode(&mut self, wrong: bool, now: Timestamp) {
        self.show(Screen::StaffCheck {
            attempts_left: self.staff_attempts_left,
            wrong,
            guardian: self.guardian,
        });
        self.state = State::EnteringPasscode {
            deadline: self.person_deadline(now),
        };
    }

    pub(super) fn entered_passcode(&mut self, choice: Choice, now: Timestamp) {
        match choice {
            Choice::StaffConfirms { staff, passcode } => {
                // Spent before it is compared: a driver that never answers
                // gains no attempt.
                self.staff_attempts_left = self.staff_attempts_left.saturating_sub(1);
                let task = self.start(Task::CheckStaff { staff, passcode });
                self.state = State::CheckingStaff {
                    task,
                    deadline: self.card_deadline(now),
                };
            }
            // Somebody else's card: no other method either.
            Choice::No => self.refuse(Failure::StaffRefused, now),
            Choice::OtherMethod => self.choose_method(now),
            _ => {}
        }
    }

    pub(super) fn staff_checked(
        &mut self,
        checked: Result<StaffConfirmed, StaffRefused>,
        now: Timestamp,
    ) {
        match checked {
            Ok(confirmed) if !self.accepts(confirmed.realm()) => {
                self.refuse(Failure::WrongRealm, now)
            }
            Ok(confirmed) => self.sign_without_pin(PendingIdentity::Staff(confirmed), now),
            Err(StaffRefused::Wrong { staff }) => {
                self.audit(AuditEvent::StaffRefused { staff }, now);
                // A mistyped passcode says nothing about the person.
                if self.staff_attempts_left > 0 {
                    self.ask_passcode(true, now);
                } else {
                    self.problem = Some(Failure::StaffLocked);
                    self.choose_method(now);
                }
            }
        }
    }

    // Signature

    pub(super) fn sign_without_pin(&mut self, identity: PendingIdentity, now: Timestamp) {
        if let Some((input, binding)) = self.new_challenge(now) {
            let task = self.start(Task::SignWithoutPin {
                identity,
                input,
                binding,
            });
            self.state = State::SigningWithoutPin {
                task,
                deadline: self.card_deadline(now),
            };
        }
    }

    pub(super) fn pinless_signed(&mut self, signed: Result<Signed, PinlessError>, now: Timestamp) {
        match signed {
            Ok(signed) => self.identified(signed, now),
            // The provider said yes, and the key was closed all the same.
            Err(PinlessError::Refused | PinlessError::Card(CardError::NotVerified { .. })) => {
                self.audit(AuditEvent::PinlessRefused, now);
                self.face_is_over();
                self.staff_attempts_left = 0;
                self.problem = Some(Failure::FaceUnavailable);
                self.read_again(now);
            }
            Err(PinlessError::Card(error)) => self.refuse(failure::of_card(&error), now),
        }
    }

    /// A new challenge for each signature: the one before is gone. With the
    /// session in which it must be signed.
    fn new_challenge(&mut self, now: Timestamp) -> Option<(SignatureInput, Binding)> {
        let Some(binding) = self.chain.as_ref().map(ChainValidated::binding) else {
            self.refuse(Failure::Internal, now);
            return None;
        };
        Some((self.challenge(now)?, binding))
    }

    pub(super) fn challenge(&mut self, now: Timestamp) -> Option<SignatureInput> {
        let lifetime = self.policy.timeouts().challenge;
        match Challenge::generate(
            self.visit,
            self.policy.terminal(),
            Purpose::CheckIn,
            now,
            lifetime,
        ) {
            Ok(challenge) => {
                let input = challenge.signature_input();
                self.challenge = Some(challenge);
                Some(input)
            }
            Err(_) => {
                self.refuse(Failure::Internal, now);
                None
            }
        }
    }

    pub(super) fn identified(&mut self, signed: Signed, now: Timestamp) {
        let Signed {
            identity,
            signature,
        } = signed;
        let (Some(chain), Some(challenge)) = (self.chain.as_ref(), self.challenge.take()) else {
            return self.refuse(Failure::Internal, now);
        };
        if identity.binding() != chain.binding() {
            return self.refuse(Failure::Internal, now);
        }
        match challenge.verify(chain, signature, now) {
            Ok(proof) => {
                // The signature is as fresh as its challenge: the questions
                // that follow must be answered while the centre takes it. From
                // here nobody goes back, so that is the visit's end.
                self.ends = later(now, self.policy.timeouts().challenge);
                // What went wrong before isn't why the visit may end now.
                self.problem = None;
                let staff = match &identity {
                    Identity::Staff { confirmed, .. } => Some(confirmed.staff().clone()),
                    _ => None,
                };
                self.audit(
                    AuditEvent::Identified {
                        method: identity.method(),
                        staff,
                    },
                    now,
                );
                // A face is its holder's only once the centre has said so: see `accept`.
                if matches!(identity, Identity::Pin(_))
                    && let Some(card) = self.card_key()
                {
                    self.clear_face_tally(&card);
                }
                self.photo = None;
                self.identity = Some(identity);
                self.signed = Some(proof);
                self.notice_or_status(now);
            }
            Err(ChallengeError::Expired { .. }) => self.refuse(Failure::PersonTimedOut, now),
            Err(_) => self.refuse(Failure::SignatureInvalid, now),
        }
    }
}
