//! A phone in place of the card: choose its kind, type its PIN, hold it there, read.
//!
//! All of it is one visit of the machine: [`CheckIn::phone`] says that the person is
//! with a phone now, until they go back to the card. From the phone's signature on the
//! visit goes the way of a card's, but that nothing depends on the phone any more.

use jiff::Timestamp;

use super::identify::PinAsked;
use super::{CheckIn, State, later};
use crate::card::{AuthPin, CardError, LastTry, Progress, VerifyError, VisitRefusals};
use crate::checkin::{
    AuditEvent, Choice, DeviceError, Identity, PhoneKind, PhoneNotRead, PhoneRead, PhoneTaskError,
    Phones, Screen, TapAgain, Task, failure,
};
use crate::eligibility::Failure;
use crate::transport::TransportError;
use crate::trust::{GraceRule, TrustError};

/// How often a phone is held to its reader in vain within a visit.
const MAX_TAPS: u8 = 3;

impl CheckIn {
    pub(super) const fn offers_phone(&self) -> bool {
        self.equipment.phone.is_some()
    }

    fn offers_iphone(&self) -> bool {
        let device = self.equipment.phone.and_then(|Phones { device }| device);
        device.is_some_and(|realm| self.accepts(realm))
    }

    /// Shows what to do first: a card, or a phone where one is taken.
    pub(super) fn ask_for_card(&mut self, now: Timestamp) {
        self.show(Screen::PlaceCard {
            phone: self.offers_phone(),
        });
        self.state = State::WaitingForCard {
            deadline: later(now, self.policy.timeouts().place_card).min(self.ends),
        };
    }

    pub(super) fn chosen_phone(&mut self, choice: &Choice, now: Timestamp) {
        if matches!(choice, Choice::Phone) && self.offers_phone() {
            self.choose_phone(now);
        }
    }

    pub(super) fn choose_phone(&mut self, now: Timestamp) {
        self.show(Screen::ChoosePhone {
            iphone: self.offers_iphone(),
        });
        self.state = State::ChoosingPhone {
            deadline: self.person_deadline(now),
        };
    }

    pub(super) fn chosen_phone_kind(&mut self, choice: &Choice, now: Timestamp) {
        match choice {
            Choice::PhoneKind(PhoneKind::Iphone) if !self.offers_iphone() => {}
            Choice::PhoneKind(kind) => {
                self.phone = Some(*kind);
                self.audit(AuditEvent::PhoneChosen(*kind), now);
                match kind {
                    PhoneKind::Android => self.ask_phone_pin(PinAsked::FIRST, now),
                    PhoneKind::Iphone => self.await_phone(None, LastTry::Refuse, None, now),
                }
            }
            Choice::OtherMethod => self.back_to_card(now),
            _ => {}
        }
    }

    /// The card in place of the phone. What was typed for the phone is gone with the state,
    /// and what it counted is neither the card's nor that of the phone that may come next.
    pub(super) fn back_to_card(&mut self, now: Timestamp) {
        self.phone = None;
        self.problem = None;
        self.pin_tries_left = None;
        match self.card_reader_failed {
            Some(failure) => self.refuse(failure, now),
            None if self.card_present => self.read_again(now),
            None => self.ask_for_card(now),
        }
    }

    /// The count isn't known before the phone is there; from then on it is shown, and the
    /// last try only used after a warning.
    fn ask_phone_pin(&mut self, why: PinAsked, now: Timestamp) {
        match self.pin_tries_left {
            Some(0) => self.refuse(Failure::PhonePinLocked, now),
            Some(1) if !why.same_again => self.warn_of_last_try(why.wrong, now),
            // The same value can come up with one left only after the person agreed to
            // use that; the consent stands.
            Some(1) => self.enter_pin(Some(1), why, LastTry::Allow, now),
            left => self.enter_pin(left, why, LastTry::Refuse, now),
        }
    }

    pub(super) fn await_phone(
        &mut self,
        pin: Option<AuthPin>,
        last_try: LastTry,
        again: Option<TapAgain>,
        now: Timestamp,
    ) {
        let Some(kind) = self.phone else {
            return self.refuse(Failure::Internal, now);
        };
        self.show(Screen::TapPhone { kind, again });
        self.state = State::AwaitingPhone {
            deadline: later(now, self.policy.timeouts().place_card).min(self.ends),
            pin,
            last_try,
        };
    }

    pub(super) fn phone_placed(&mut self, now: Timestamp) {
        let (State::AwaitingPhone { pin, last_try, .. }, Some(kind)) =
            (&mut self.state, self.phone)
        else {
            return;
        };
        let (pin, last_try) = (pin.take(), *last_try);
        let Some(input) = self.challenge(now) else {
            return;
        };
        let secret = pin.is_some();
        if secret {
            // Between two taps nothing else holds on to what was refused.
            self.refusals
                .get_or_insert_with(|| VisitRefusals::of(self.visit));
        }
        self.show(Screen::ReadingPhone {
            progress: Progress { read: 0, total: 0 },
        });
        let task = self.start(Task::ReadPhone {
            kind,
            pin,
            last_try,
            input,
        });
        self.state = State::ReadingPhone {
            task,
            deadline: self.card_deadline(now),
            last_try,
            secret,
        };
    }

    pub(super) fn phone_reader_failed(&mut self, error: &TransportError, now: Timestamp) {
        if matches!(self.state, State::AwaitingPhone { .. }) {
            self.refuse(failure::of_phone_reader(error), now);
        }
    }

    pub(super) fn phone_read(&mut self, read: Result<PhoneRead, PhoneNotRead>, now: Timestamp) {
        let State::ReadingPhone { last_try, .. } = self.state else {
            return;
        };
        match read {
            Ok(read) => self.phone_identified(read, now),
            Err(PhoneNotRead { error, pin }) => self.phone_not_read(&error, pin, last_try, now),
        }
    }

    fn phone_not_read(
        &mut self,
        error: &PhoneTaskError,
        pin: Option<AuthPin>,
        last_try: LastTry,
        now: Timestamp,
    ) {
        match error {
            PhoneTaskError::OtherToken(token) if token.is_phone() => {
                self.tap_again(TapAgain::OtherKind, pin, last_try, now);
            }
            PhoneTaskError::OtherToken(_) => {
                self.tap_again(TapAgain::NotAPhone, pin, last_try, now);
            }
            PhoneTaskError::Verify(VerifyError::Card(error)) => {
                self.tap_again(why_again(error), pin, last_try, now);
            }
            // Of a PIN that wasn't given out, or of a device provider that wasn't asked:
            // the driver is broken.
            PhoneTaskError::Verify(_) if self.phone != Some(PhoneKind::Android) => {
                self.refuse(Failure::Internal, now);
            }
            PhoneTaskError::Device(_) if self.phone != Some(PhoneKind::Iphone) => {
                self.refuse(Failure::Internal, now);
            }
            PhoneTaskError::Verify(error) => self.phone_pin_refused(error, now),
            PhoneTaskError::Device(DeviceError::Card(error)) => {
                self.tap_again(why_again(error), pin, last_try, now);
            }
            PhoneTaskError::Device(DeviceError::Refused) => {
                self.tap_again(TapAgain::NotIdentified, pin, last_try, now);
            }
            // The provider said yes, and the key was closed all the same.
            PhoneTaskError::Signature(CardError::NotVerified { .. })
                if self.phone == Some(PhoneKind::Iphone) =>
            {
                self.tap_again(TapAgain::NotIdentified, pin, last_try, now);
            }
            PhoneTaskError::Signature(error) => {
                // The PIN was right, which resets its count.
                self.pin_tries_left = None;
                self.tap_again(why_again(error), pin, last_try, now);
            }
        }
    }

    fn phone_pin_refused(&mut self, error: &VerifyError, now: Timestamp) {
        match error {
            VerifyError::Wrong { left, .. } => {
                self.audit(AuditEvent::TrySpent { left: *left }, now);
                self.pin_tries_left = Some(*left);
                // It was read, whatever came of the taps before.
                self.problem = None;
                self.ask_phone_pin(PinAsked::WRONG, now);
            }
            VerifyError::Locked { .. } => {
                if error.try_may_be_spent() {
                    self.audit(AuditEvent::TrySpent { left: 0 }, now);
                }
                self.pin_tries_left = Some(0);
                self.refuse(Failure::PhonePinLocked, now);
            }
            // Nothing was sent in either case. Who is asked about a last try types the
            // PIN anew, with that in mind.
            VerifyError::AlreadyRefused { .. } => self.ask_phone_pin(PinAsked::SAME_AGAIN, now),
            VerifyError::LastTryNotAllowed { .. } => {
                self.pin_tries_left = Some(1);
                self.ask_phone_pin(PinAsked::FIRST, now);
            }
            error if error.try_may_be_spent() => self.try_unknown(now),
            _ => self.refuse(Failure::Internal, now),
        }
    }

    /// Once more, with the PIN that wasn't presented, or else a new one; but not for ever.
    fn tap_again(
        &mut self,
        why: TapAgain,
        pin: Option<AuthPin>,
        last_try: LastTry,
        now: Timestamp,
    ) {
        self.audit(AuditEvent::PhoneNotRead(why), now);
        self.taps = self.taps.saturating_add(1);
        let problem = match why {
            TapAgain::NotIdentified => Failure::PhoneHolderNotConfirmed,
            _ => Failure::PhoneUnreadable,
        };
        if self.taps >= MAX_TAPS {
            return self.refuse(problem, now);
        }
        self.problem = Some(problem);
        match (self.phone, pin) {
            (Some(PhoneKind::Android), None) => self.ask_phone_pin(PinAsked::again(why), now),
            (Some(PhoneKind::Android), pin) => self.await_phone(pin, last_try, Some(why), now),
            _ => self.await_phone(None, LastTry::Refuse, Some(why), now),
        }
    }

    /// As a card's certificate, but that a phone's has no grace.
    fn phone_identified(&mut self, read: PhoneRead, now: Timestamp) {
        let PhoneRead {
            certificate,
            signed,
        } = read;
        let ours = match (&signed.identity, self.phone) {
            (Identity::Pin(_), Some(PhoneKind::Android)) => true,
            (Identity::Device(verified), Some(PhoneKind::Iphone)) => {
                if !self.accepts(verified.realm()) {
                    return self.refuse(Failure::WrongRealm, now);
                }
                true
            }
            _ => false,
        };
        if !ours || certificate.binding().visit() != self.visit {
            return self.refuse(Failure::Internal, now);
        }
        let realms = self.policy.realms();
        match self.policy.roots().validate_authentication(
            &certificate,
            realms,
            now,
            GraceRule::None,
        ) {
            Ok(chain) => {
                if self.certificate_validated(chain, now) {
                    self.identified(signed, now);
                }
            }
            Err(error) => {
                self.certificate_lapsed = matches!(error, TrustError::Lapsed { .. });
                self.refuse(Failure::from(&error), now);
            }
        }
    }
}

/// Nothing was presented, or what was presented was right.
const fn why_again(error: &CardError) -> TapAgain {
    match error {
        // `Dirty`: it couldn't be powered off, as one that is gone.
        CardError::Transport { .. } | CardError::Dirty => TapAgain::Moved,
        _ => TapAgain::NotAPhone,
    }
}
