//! What the driver holds during one visit, and what it does with the card.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::{
    CheckIn, Choice, Desk, FaceTaskError, Identity, Input, Outcome, PhotoRead, PinTaskError,
    Screen, ScreenId, Signed, Task, TaskId, TaskResult,
};
use crate::Binding;
use crate::card::{
    AuthPin, Card, CardError, CardFace, Common, Jpki, LastTry, Progress, ReferenceNumberB,
    SecretKind, SignatureInput, VerifyError,
};
use crate::eligibility::Ticket;
use crate::transport::{Presence, Transport, TransportError, TransportErrorKind};

/// How long one wait lasts before reader and centre are looked at again.
pub(super) const SLICE: SignedDuration = SignedDuration::from_millis(200);

/// What the driver holds during one visit.
pub(super) struct Visit<T: Transport> {
    pub(super) machine: CheckIn,
    pub(super) screen: Option<ScreenId>,
    pub(super) card: Option<Card<T>>,
    /// The engine may hold the template of the card's photo.
    pub(super) template: bool,
    pub(super) asked: Option<Asked>,
    pub(super) presence: Presence,
    /// What lies on the phones' reader, while a phone is asked for.
    pub(super) phones: Option<Result<Presence, TransportError>>,
    pub(super) reader_failed: bool,
    pub(super) outcome: Option<Outcome>,
}

/// A question under way.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) task: TaskId,
    pub(super) ticket: Ticket,
    pub(super) not_before: Option<Timestamp>,
}

impl<T: Transport> Visit<T> {
    /// `left` is what the visit before left on the reader.
    pub(super) const fn new(machine: CheckIn, left: Presence) -> Self {
        Self {
            machine,
            screen: None,
            card: None,
            template: false,
            asked: None,
            presence: left,
            phones: None,
            reader_failed: false,
            outcome: None,
        }
    }

    /// When to look for news again, of which there was none at `now`.
    pub(super) fn look_again(&self, now: Timestamp, deadline: Option<Timestamp>) -> Timestamp {
        let slice = now.checked_add(SLICE).unwrap_or(now);
        let answer = self.asked.and_then(|asked| asked.not_before);
        deadline
            .into_iter()
            .chain(answer)
            .fold(slice, Timestamp::min)
    }

    pub(super) fn binding(&self) -> Option<Binding> {
        self.card.as_ref().map(Card::binding)
    }

    pub(super) fn card(&mut self) -> Result<&mut Card<T>, CardError> {
        let gone = TransportError::new(TransportErrorKind::CardRemoved, false);
        self.card.as_mut().ok_or(CardError::Transport {
            what: "the card",
            source: gone,
        })
    }

    pub(super) fn expiry_hint(&mut self) -> Result<Date, CardError> {
        self.card()?.open::<Common>()?.expiry_hint()
    }

    pub(super) fn verify_pin(
        &mut self,
        pin: AuthPin,
        last_try: LastTry,
        input: &SignatureInput,
        binding: Binding,
    ) -> TaskResult {
        let mut jpki = match self.card().and_then(|card| card.open::<Jpki>()) {
            Ok(jpki) if jpki.binding() != binding => return TaskResult::SessionRenewed,
            Ok(jpki) => jpki,
            Err(error) => return TaskResult::PinSigned(Err(VerifyError::from(error).into())),
        };
        let sign = || {
            let tries = jpki
                .tries_left(SecretKind::AuthPin)
                .map_err(VerifyError::from)?;
            let verified = jpki.verify_pin(pin, tries.budget(last_try)?)?;
            let signature = jpki
                .sign_authentication(input)
                .map_err(PinTaskError::Signature)?;
            Ok(Signed {
                identity: Identity::Pin(verified),
                signature,
            })
        };
        let signed = sign();
        if signed.is_ok() {
            // If leaving fails the card is powered off before its next use,
            // which is as good.
            let _left = jpki.close();
        }
        TaskResult::PinSigned(signed)
    }

    /// One session of the card face: certificate and what it is worth, count, 照合番号B, photo and card
    /// key, signature.
    pub(super) fn read_photo(
        &mut self,
        number: ReferenceNumberB,
        input: &SignatureInput,
        binding: Binding,
        desk: &mut dyn Desk,
    ) -> TaskResult {
        let policy = self.machine.policy();
        let (roots, realms) = (policy.card_face_roots().clone(), policy.realms());
        let mut face = match self.card().and_then(|card| card.open::<CardFace>()) {
            Ok(face) if face.binding() != binding => return TaskResult::SessionRenewed,
            Ok(face) => face,
            Err(error) => return TaskResult::PhotoRead(Err(error.into())),
        };
        let mut progress = |progress: Progress| desk.show(&Screen::ReadingCard { progress });
        let read = || {
            // Free, and first: what it teaches of card and reader isn't tried behind
            // the number.
            let certificate = face.issuer_certificate(&mut progress)?;
            // No try for a photo that will not be proved.
            roots.validate(&certificate, realms)?;
            // Nobody can be asked whether such a try is worth it.
            let budget = face
                .tries_left(SecretKind::ReferenceNumberB)?
                .budget_keeping(Task::RESERVE)?;
            let right = face.verify_reference_number_b(number, budget)?;
            let (photo, record) = face.signed_photo_with_key(&right, &mut progress)?;
            let signature = face.sign_live(input)?;
            Ok(Box::new(PhotoRead {
                certificate,
                photo,
                record,
                signature,
            }))
        };
        let read: Result<_, FaceTaskError> = read();
        let not_presented = matches!(
            read,
            Err(FaceTaskError::Certificate(_)
                | FaceTaskError::Verify(VerifyError::KeptInReserve { .. }))
        );
        if read.is_ok() || not_presented {
            let _left = face.close();
        }
        TaskResult::PhotoRead(read)
    }

    pub(super) fn choose(&mut self, choice: Choice, now: Timestamp) {
        if let Some(screen) = self.screen {
            self.machine.handle(Input::Chosen { screen, choice }, now);
        }
    }

    /// Lets go of the card, powered off if a secret was presented.
    pub(super) fn release(&mut self) {
        if let Some(card) = self.card.take() {
            // A card that can't be powered off is dropped with its connection,
            // which powers it off.
            drop(card.release());
        }
    }
}
