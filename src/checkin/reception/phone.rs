//! The reader for phones: when a phone counts as held there, and what is done with it.

use std::time::Duration;

use jiff::Timestamp;

use super::parts::Parts;
use crate::card::{
    AuthPin, Card, CardError, Jpki, LastTry, Progress, SecretKind, SignatureInput, VerifyError,
};
use crate::checkin::held::Visit;
use crate::checkin::{
    Desk, DeviceError, DeviceVerification, DeviceVerified, Identity, Input, PhoneKind,
    PhoneNotRead, PhoneRead, PhoneTaskError, Phones, Screen, Signed,
};
use crate::eligibility::EligibilityService;
use crate::transport::{Presence, Reader, Transport, TransportError, TransportErrorKind};

impl<R: Reader + ?Sized, S: EligibilityService + ?Sized> Parts<'_, R, S> {
    pub(super) fn phones(&self) -> Option<Phones> {
        self.phone.as_ref().map(|_| Phones {
            device: self.device.as_ref().map(|provider| provider.realm()),
        })
    }

    /// Before this screen is shown. What lies on the phones' reader already may be
    /// somebody else's, and is given no PIN: it counts when it comes.
    pub(super) fn before(&mut self, screen: &Screen, visit: &mut Visit<R::Transport>) {
        let asked_for = matches!(screen, Screen::TapPhone { .. });
        let reader = self.phone.as_mut().filter(|_| asked_for);
        visit.phones = reader.map(|reader| reader.presence());
    }

    /// Whether the phones' reader had news. It is looked at while a phone is asked for,
    /// and nothing waits for it: the card's reader does.
    pub(super) fn look_at_phones(
        &mut self,
        visit: &mut Visit<R::Transport>,
        now: Timestamp,
    ) -> bool {
        let (Some(reader), Some(before)) = (self.phone.as_mut(), visit.phones.take()) else {
            return false;
        };
        let news = before.and_then(|before| {
            let there = reader.wait_for_change(before, Duration::ZERO)?;
            Ok((before, there))
        });
        let input = match news {
            Ok((Presence::Absent, Presence::Present | Presence::Mute)) => Input::PhonePlaced,
            Ok((_, there)) => {
                visit.phones = Some(Ok(there));
                return false;
            }
            Err(error) => Input::PhoneReaderFailed(error),
        };
        visit.machine.handle(input, now);
        true
    }

    /// One tap. The phone isn't needed after it, and is powered off if a secret was
    /// presented to it.
    pub(super) fn read_phone(
        &mut self,
        visit: &Visit<R::Transport>,
        (kind, pin): (PhoneKind, Option<AuthPin>),
        last_try: LastTry,
        input: &SignatureInput,
        desk: &mut dyn Desk,
    ) -> Result<PhoneRead, PhoneNotRead> {
        let connected = match self.phone.as_mut() {
            Some(reader) => reader.connect(),
            None => Err(TransportError::new(TransportErrorKind::NoCard, false)),
        };
        let transport = match connected {
            Ok(transport) => transport,
            Err(source) => {
                let what = "the connection";
                let error = unpresented(CardError::Transport { what, source });
                return Err(PhoneNotRead { error, pin });
            }
        };
        // A card of this visit: what another phone refused isn't presented to this one.
        let mut card = Card::new(transport, visit.machine.visit());
        let mut held = Held {
            kind,
            pin,
            last_try,
            device: match &mut self.device {
                Some(provider) => Some(&mut **provider),
                None => None,
            },
        };
        let mut progress = |progress: Progress| desk.show(&Screen::ReadingPhone { progress });
        let read = held.read(&mut card, input, &mut progress);
        drop(card.release());
        read.map_err(|error| PhoneNotRead {
            error,
            pin: held.pin,
        })
    }
}

/// A phone that is held there.
struct Held<'d> {
    kind: PhoneKind,
    /// Taken when it is presented.
    pin: Option<AuthPin>,
    last_try: LastTry,
    device: Option<&'d mut (dyn DeviceVerification + 'd)>,
}

impl Held<'_> {
    fn read<T: Transport>(
        &mut self,
        card: &mut Card<T>,
        input: &SignatureInput,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<PhoneRead, PhoneTaskError> {
        let mut jpki = card.open::<Jpki>().map_err(unpresented)?;
        let token = jpki.token().map_err(unpresented)?;
        if token != self.kind.token() {
            return Err(PhoneTaskError::OtherToken(token));
        }
        let identity = match self.kind {
            PhoneKind::Android => {
                let tries = jpki.tries_left(SecretKind::AuthPin).map_err(unpresented)?;
                let budget = tries.budget(self.last_try)?;
                let pin = self.pin.take().ok_or_else(|| {
                    let what = "an Android phone was to be read without a PIN";
                    unpresented(CardError::Misuse { what })
                })?;
                Identity::Pin(jpki.verify_pin(pin, budget)?)
            }
            PhoneKind::Iphone => {
                let provider = self.device.as_deref_mut().ok_or(DeviceError::Refused)?;
                Identity::Device(DeviceVerified::verify(provider, &mut jpki)?)
            }
        };
        let certificate = jpki
            .authentication_certificate(progress)
            .map_err(PhoneTaskError::Signature)?;
        let signature = jpki
            .sign_authentication(input)
            .map_err(PhoneTaskError::Signature)?;
        // If leaving fails the phone is powered off, which is as good.
        let _left = jpki.close();
        Ok(PhoneRead {
            certificate,
            signed: Signed {
                identity,
                signature,
            },
        })
    }
}

/// Before anything was presented.
const fn unpresented(error: CardError) -> PhoneTaskError {
    PhoneTaskError::Verify(VerifyError::Card(error))
}
