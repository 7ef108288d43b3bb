//! The ready driver.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::held::{Asked, Visit};
use super::{
    CardRead, CheckIn, Choice, Desk, Equipment, FaceParts, FaceTaskError, Input, Outcome, Output,
    PendingIdentity, PinlessAuthorization, PinlessError, Policy, RawCard, Screen, Signed,
    StaffConfirmed, StaffPasscodeSource, Task, TaskId, TaskResult,
};
use crate::Binding;
use crate::card::{Card, CardError, Jpki, Progress, SecretKind, SignatureInput, VerifyError};
use crate::eligibility::{EligibilityService, PollResult, Request};
use crate::face::Decision;
use crate::transport::{Presence, Reader, TransportError, TransportErrorKind};

/// How long one wait lasts before reader and centre are looked at again.
const SLICE: SignedDuration = SignedDuration::from_millis(200);

/// Runs check-ins against a reader, an eligibility service and, where there
/// are any, face parts, a PIN-less provider and a passcode source.
///
/// ```
/// use jiff::Timestamp;
/// use uketsuke::checkin::{AuditRecord, Choice, Desk, Method, Policy, Reception, Screen};
/// use uketsuke::card::AuthPin;
/// use uketsuke::simulation::{CardOptions, Centre, Persona, VirtualCard, VirtualReader};
/// use uketsuke::trust::TerminalId;
///
/// /// A desk at which everything is accepted at once.
/// struct Willing(Option<Choice>, Timestamp, VirtualReader);
///
/// impl Desk for Willing {
///     fn now(&mut self) -> Timestamp {
///         self.1
///     }
///     fn show(&mut self, screen: &Screen) {
///         self.0 = match screen {
///             Screen::ChooseMethod { .. } => Some(Choice::Method(Method::Pin)),
///             Screen::EnterPin { .. } => AuthPin::parse("1234").ok().map(Choice::Pin),
///             Screen::Consents => Some(Choice::ConsentToAll),
///             Screen::TakeCard { .. } => {
///                 self.2.remove();
///                 None
///             }
///             _ => Some(Choice::Yes),
///         };
///     }
///     fn choice(&mut self, _until: Timestamp) -> Option<Choice> {
///         self.0.take()
///     }
///     fn audit(&mut self, _record: &AuditRecord) {}
/// }
///
/// let now: Timestamp = "2026-11-22T09:00:00+09:00".parse()?;
/// let persona = Persona::named("in-order").ok_or("persona")?;
/// let mut reader = VirtualReader::new();
/// reader.insert(VirtualCard::new(persona, CardOptions::default(), now));
/// let mut centre = Centre::new();
/// let policy = Policy::simulation(TerminalId::new("desk-1")?);
///
/// let mut desk = Willing(None, now, reader.clone());
/// let outcome = Reception::new(policy, &mut reader, &mut centre).run(&mut desk);
/// assert!(outcome.is_accepted());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[allow(missing_debug_implementations)]
pub struct Reception<'a, R: Reader + ?Sized, S: EligibilityService + ?Sized> {
    policy: Policy,
    reader: &'a mut R,
    service: &'a mut S,
    face: Option<FaceParts<'a>>,
    pinless: Option<&'a mut dyn PinlessAuthorization>,
    staff: Option<&'a mut dyn StaffPasscodeSource>,
    /// What the last visit left on the reader.
    left: Presence,
}

impl<'a, R: Reader + ?Sized, S: EligibilityService + ?Sized> Reception<'a, R, S> {
    /// A reception with a reader and a service: PIN only.
    pub fn new(policy: Policy, reader: &'a mut R, service: &'a mut S) -> Self {
        Self {
            policy,
            reader,
            service,
            face: None,
            pinless: None,
            staff: None,
            left: Presence::Absent,
        }
    }

    /// With face match. In this version that is the simulation's alone: other
    /// parts aren't offered, since the check-in doesn't ask yet for the proof of
    /// the card's photo ([`LivePhoto`](crate::trust::LivePhoto)).
    #[must_use]
    pub fn with_face(self, face: FaceParts<'a>) -> Self {
        Self {
            face: Some(face),
            ..self
        }
    }

    /// With a PIN-less provider: face and staff check need one.
    #[must_use]
    pub fn with_pinless(self, provider: &'a mut dyn PinlessAuthorization) -> Self {
        Self {
            pinless: Some(provider),
            ..self
        }
    }

    /// With the staff check (目視確認).
    #[must_use]
    pub fn with_staff(self, source: &'a mut dyn StaffPasscodeSource) -> Self {
        Self {
            staff: Some(source),
            ..self
        }
    }

    fn equipment(&self) -> Equipment {
        let capabilities = self.service.capabilities();
        Equipment {
            service: capabilities.by_certificate.then(|| self.service.realm()),
            pinless: self.pinless.as_ref().map(|provider| provider.realm()),
            face: self.face.as_ref().and_then(FaceParts::realm),
            staff: self.staff.as_ref().map(|source| source.realm()),
            registration: capabilities.registration,
        }
    }

    /// Runs one visit, from "place your card" to "take your card".
    ///
    /// A card that is already there is taken for this visit's, unless the last
    /// visit of this reception ended with the card left behind: that one must
    /// be taken away first.
    pub fn run(&mut self, desk: &mut dyn Desk) -> Outcome {
        let machine = CheckIn::new(self.policy.clone(), self.equipment(), desk.now());
        let mut visit = Visit {
            machine,
            screen: None,
            card: None,
            photo: None,
            asked: None,
            // A card left behind must go before the next one counts.
            presence: self.left,
            reader_failed: false,
            outcome: None,
        };
        loop {
            match visit.machine.poll() {
                Output::Show { number, screen } => {
                    visit.screen = Some(number);
                    desk.show(&screen);
                }
                Output::Start { task, work } => self.start(&mut visit, task, *work, desk),
                Output::Forget { task, .. } => self.forget(&mut visit, task),
                Output::Audit(record) => desk.audit(&record),
                Output::Decided(outcome) => {
                    desk.decided(&outcome);
                    visit.outcome = Some(*outcome);
                }
                Output::Idle { deadline } => {
                    if desk.stop() {
                        if visit.outcome.is_some() {
                            return self.finish(visit, desk);
                        }
                        visit.choose(Choice::Cancel, desk.now());
                        continue;
                    }
                    self.wait(&mut visit, deadline, desk);
                }
                Output::Finished => return self.finish(visit, desk),
            }
        }
    }

    fn finish(&mut self, mut visit: Visit<R::Transport>, desk: &mut dyn Desk) -> Outcome {
        visit.release();
        self.left = visit.presence;
        // A machine is decided before it is finished.
        visit
            .outcome
            .take()
            .unwrap_or_else(|| visit.machine.broken(desk.now()))
    }

    fn forget(&mut self, visit: &mut Visit<R::Transport>, task: TaskId) {
        if let Some(asked) = visit.asked.take_if(|asked| asked.task == task) {
            self.service.cancel(asked.ticket);
        }
    }

    /// Waits for whatever comes first: the person, the card, the centre, the
    /// deadline.
    fn wait(
        &mut self,
        visit: &mut Visit<R::Transport>,
        deadline: Option<Timestamp>,
        desk: &mut dyn Desk,
    ) {
        let now = desk.now();
        let slice = now.checked_add(SLICE).unwrap_or(now);
        let until = deadline.map_or(slice, |deadline| deadline.min(slice));
        if self.look_at_reader(visit, now) || self.look_at_centre(visit, now) {
            return;
        }
        if let Some(deadline) = deadline {
            desk.waiting(deadline);
        }
        match desk.choice(until) {
            Some(choice) => visit.choose(choice, desk.now()),
            None => visit.machine.handle(Input::Tick, desk.now()),
        }
    }

    /// Whether the reader had news.
    fn look_at_reader(&mut self, visit: &mut Visit<R::Transport>, now: Timestamp) -> bool {
        if visit.reader_failed {
            return false;
        }
        // While nothing but a card is awaited, the reader does the waiting.
        let patience = if visit.presence == Presence::Absent {
            Duration::from_millis(100)
        } else {
            Duration::ZERO
        };
        let input = match self.reader.wait_for_change(visit.presence, patience) {
            Ok(presence) if presence == visit.presence => return false,
            Ok(presence) => {
                visit.presence = presence;
                match presence {
                    Presence::Present => Input::CardPlaced,
                    Presence::Mute => {
                        Input::ReaderFailed(TransportError::new(TransportErrorKind::Mute, false))
                    }
                    Presence::Absent => {
                        visit.card = None;
                        visit.photo = None;
                        Input::CardRemoved
                    }
                }
            }
            Err(error) => {
                // Told once: the machine ends the visit, and a reader that is
                // gone has no more news for it.
                visit.reader_failed = true;
                visit.card = None;
                visit.photo = None;
                Input::ReaderFailed(error)
            }
        };
        visit.machine.handle(input, now);
        true
    }

    /// Whether the centre had news.
    fn look_at_centre(&mut self, visit: &mut Visit<R::Transport>, now: Timestamp) -> bool {
        let Some(asked) = visit
            .asked
            .take_if(|asked| asked.not_before.is_none_or(|time| now >= time))
        else {
            return false;
        };
        let realm = self.service.realm();
        let answer = match self.service.poll(asked.ticket, now) {
            Ok(PollResult::Pending { not_before }) => {
                visit.asked = Some(Asked {
                    not_before: Some(not_before),
                    ..asked
                });
                return false;
            }
            Ok(PollResult::Ready(answer)) if answer.number != asked.ticket.number() => {
                // The answer to an older question: keep waiting for ours.
                visit.asked = Some(Asked {
                    not_before: now.checked_add(SLICE).ok(),
                    ..asked
                });
                Ok(answer)
            }
            Ok(PollResult::Ready(answer)) => Ok(answer),
            Err(error) => Err(error),
        };
        visit.machine.handle(
            Input::Done {
                task: asked.task,
                result: TaskResult::Answered { realm, answer },
            },
            now,
        );
        true
    }

    fn start(
        &mut self,
        visit: &mut Visit<R::Transport>,
        task: TaskId,
        work: Task,
        desk: &mut dyn Desk,
    ) {
        let result = match work {
            Task::ReadCard => TaskResult::CardRead(self.read_card(visit, desk)),
            Task::ReadExpiryHint => TaskResult::ExpiryHint(visit.expiry_hint().ok()),
            Task::VerifyPin {
                pin,
                last_try,
                input,
                binding,
            } => visit.verify_pin(pin, last_try, &input, binding),
            Task::ReadPhoto => TaskResult::PhotoRead(self.read_photo(visit, desk)),
            Task::CompareFace => TaskResult::FaceCompared(self.compare_face(visit)),
            Task::CheckStaff { staff, passcode } => {
                match (self.staff.as_deref_mut(), visit.binding()) {
                    (Some(source), Some(binding)) => TaskResult::StaffChecked(
                        StaffConfirmed::check(source, staff, &passcode, binding),
                    ),
                    _ => TaskResult::StaffChecked(Err(super::StaffRefused::Wrong { staff })),
                }
            }
            Task::SignWithoutPin {
                identity,
                input,
                binding,
            } => self.sign_without_pin(visit, identity, &input, binding),
            Task::Ask(request) => return self.ask(visit, task, *request, desk),
            Task::ReleaseCard => return visit.release(),
        };
        // The person is identified, or the photo is of a session that is gone:
        // nobody looks at it any more.
        if matches!(
            result,
            TaskResult::PinSigned(Ok(_))
                | TaskResult::PinlessSigned(Ok(_))
                | TaskResult::SessionRenewed
        ) {
            visit.photo = None;
        }
        visit
            .machine
            .handle(Input::Done { task, result }, desk.now());
    }

    fn ask(
        &mut self,
        visit: &mut Visit<R::Transport>,
        task: TaskId,
        request: Request,
        desk: &mut dyn Desk,
    ) {
        let now = desk.now();
        match self.service.submit(request, now) {
            Ok(ticket) => {
                visit.asked = Some(Asked {
                    task,
                    ticket,
                    not_before: None,
                })
            }
            Err(error) => {
                let result = TaskResult::Answered {
                    realm: self.service.realm(),
                    answer: Err(error),
                };
                visit.machine.handle(Input::Done { task, result }, now);
            }
        }
    }

    fn read_card(
        &mut self,
        visit: &mut Visit<R::Transport>,
        desk: &mut dyn Desk,
    ) -> Result<CardRead, CardError> {
        let card = match &mut visit.card {
            Some(card) => card,
            none => {
                let transport = self
                    .reader
                    .connect()
                    .map_err(|source| CardError::Transport {
                        what: "the connection",
                        source,
                    })?;
                none.insert(Card::new(transport, visit.machine.visit()))
            }
        };
        let mut jpki = card.open::<Jpki>()?;
        let mut progress = |progress: Progress| desk.show(&Screen::ReadingCard { progress });
        let certificate = jpki.authentication_certificate(&mut progress)?;
        let pin_tries_left = jpki.tries_left(SecretKind::AuthPin)?.count();
        jpki.close()?;
        Ok(CardRead {
            certificate,
            pin_tries_left,
        })
    }

    /// 照合番号B comes first: nothing is held while a camera looks for it, or a
    /// person types it.
    fn read_photo(
        &mut self,
        visit: &mut Visit<R::Transport>,
        desk: &mut dyn Desk,
    ) -> Result<(), FaceTaskError> {
        let parts = self.face.as_mut().ok_or(FaceTaskError::NoParts)?;
        let number = parts.reference.read().map_err(VerifyError::from)?;
        visit.photo = Some(visit.read_photo(number, desk)?);
        Ok(())
    }

    fn compare_face(&mut self, visit: &mut Visit<R::Transport>) -> Result<Decision, FaceTaskError> {
        let parts = self.face.as_mut().ok_or(FaceTaskError::NoParts)?;
        let photo = visit.photo.as_ref().ok_or(FaceTaskError::NoParts)?;
        let live = parts.camera.capture()?;
        Ok(parts
            .policy
            .decide(photo, live, parts.matcher, parts.detector)?)
    }

    fn sign_without_pin(
        &mut self,
        visit: &mut Visit<R::Transport>,
        identity: PendingIdentity,
        input: &SignatureInput,
        binding: Binding,
    ) -> TaskResult {
        let Some(provider) = self.pinless.as_deref_mut() else {
            return TaskResult::PinlessSigned(Err(PinlessError::Refused));
        };
        let mut jpki = match visit.card().and_then(|card| card.open::<Jpki>()) {
            Ok(jpki) if jpki.binding() != binding => return TaskResult::SessionRenewed,
            Ok(jpki) => jpki,
            Err(error) => return TaskResult::PinlessSigned(Err(error.into())),
        };
        let sign = || {
            let identity = identity.authorize(provider, &mut jpki as &mut dyn RawCard)?;
            let signature = jpki.sign_authentication(input)?;
            Ok(Signed {
                identity,
                signature,
            })
        };
        // Dropped unclosed, so the card is powered off before its next use.
        TaskResult::PinlessSigned(sign())
    }
}
