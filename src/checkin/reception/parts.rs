//! What a reception works with, and what it does with it.

use std::time::Duration;

use jiff::Timestamp;

use crate::Binding;
use crate::card::{Card, CardError, Jpki, Progress, SecretKind, SignatureInput, VerifyError};
use crate::checkin::held::{Asked, SLICE, Visit};
use crate::checkin::{
    CardRead, Desk, DeviceVerification, Equipment, FaceParts, FaceTaskError, Input, Mode,
    PendingIdentity, PinlessAuthorization, PinlessError, Policy, RawCard, Screen, Signed,
    StaffConfirmed, StaffPasscodeSource, StaffRefused, Task, TaskId, TaskResult,
};
use crate::eligibility::{EligibilityService, PollResult, Request};
use crate::face::{Decision, FaceError, Prepared};
use crate::transport::{Presence, Reader, TransportError, TransportErrorKind};
use crate::trust::LivePhoto;

/// Reader, service and whatever else there is.
pub(in crate::checkin) struct Parts<'a, R: Reader + ?Sized, S: EligibilityService + ?Sized> {
    pub(in crate::checkin) reader: &'a mut R,
    pub(in crate::checkin) service: &'a mut S,
    pub(in crate::checkin) face: Option<FaceParts<'a>>,
    pub(in crate::checkin) pinless: Option<&'a mut dyn PinlessAuthorization>,
    pub(in crate::checkin) staff: Option<&'a mut dyn StaffPasscodeSource>,
    /// The reader for phones.
    pub(in crate::checkin) phone: Option<&'a mut R>,
    pub(in crate::checkin) device: Option<&'a mut dyn DeviceVerification>,
}

impl<R: Reader + ?Sized, S: EligibilityService + ?Sized> Parts<'_, R, S> {
    pub(super) fn equipment(&self, policy: &Policy, mode: Mode) -> Equipment {
        let capabilities = self.service.capabilities();
        Equipment {
            service: capabilities.by_certificate.then(|| self.service.realm()),
            pinless: self.pinless.as_ref().map(|provider| provider.realm()),
            face: self
                .face
                .as_ref()
                .and_then(|parts| parts.realm_under(policy)),
            staff: self.staff.as_ref().map(|source| source.realm()),
            phone: self.phones(),
            registration: capabilities.registration,
            prescription: capabilities.prescription,
            subsidies: capabilities.subsidies,
            mode,
        }
    }

    /// Nobody waits for this answer any more.
    pub(super) fn forget(&mut self, visit: &mut Visit<R::Transport>, task: TaskId) {
        if let Some(asked) = visit.asked.take_if(|asked| asked.task == task) {
            self.service.cancel(asked.ticket);
        }
    }

    /// Whether the reader had news.
    /// While nothing but a card is awaited, it does the waiting, for `patience`.
    pub(super) fn look_at_reader(
        &mut self,
        visit: &mut Visit<R::Transport>,
        now: Timestamp,
        patience: Duration,
    ) -> bool {
        if visit.reader_failed {
            return false;
        }
        let patience = match visit.presence {
            Presence::Absent => patience,
            _ => Duration::ZERO,
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
                        Input::CardRemoved
                    }
                }
            }
            Err(error) => {
                // Told once: the machine ends the visit, and a reader that is
                // gone has no more news for it.
                visit.reader_failed = true;
                visit.card = None;
                Input::ReaderFailed(error)
            }
        };
        visit.machine.handle(input, now);
        true
    }

    /// Whether the centre had news.
    pub(super) fn look_at_centre(
        &mut self,
        visit: &mut Visit<R::Transport>,
        now: Timestamp,
    ) -> bool {
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

    /// Does the task, and tells the machine how it ended; [`Task::Ask`] ends
    /// later.
    pub(super) fn start(
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
            Task::ReadPhoto { input, binding } => self.read_photo(visit, &input, binding, desk),
            Task::CompareFace { photo } => {
                TaskResult::FaceCompared(self.compare_face(visit, &photo))
            }
            Task::CheckStaff { staff, passcode } => {
                match (self.staff.as_deref_mut(), visit.binding()) {
                    (Some(source), Some(binding)) => TaskResult::StaffChecked(
                        StaffConfirmed::check(source, staff, &passcode, binding),
                    ),
                    _ => TaskResult::StaffChecked(Err(StaffRefused::Wrong { staff })),
                }
            }
            Task::SignWithoutPin {
                identity,
                input,
                binding,
            } => self.sign_without_pin(visit, identity, &input, binding),
            Task::ReadPhone {
                kind,
                pin,
                last_try,
                input,
            } => TaskResult::PhoneRead(self.read_phone(visit, (kind, pin), last_try, &input, desk)),
            Task::Ask(request) => return self.ask(visit, task, *request, desk),
            Task::ReleaseCard => return visit.release(),
        };
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
        input: &SignatureInput,
        binding: Binding,
        desk: &mut dyn Desk,
    ) -> TaskResult {
        let Some(parts) = self.face.as_mut() else {
            return TaskResult::PhotoRead(Err(FaceTaskError::NoParts));
        };
        match parts.reference.read() {
            Ok(number) => visit.read_photo(number, input, binding, desk),
            Err(error) => TaskResult::PhotoRead(Err(VerifyError::from(error).into())),
        }
    }

    /// The photo first, since that takes as long as the person needs to look up.
    fn compare_face(
        &mut self,
        visit: &mut Visit<R::Transport>,
        photo: &LivePhoto,
    ) -> Result<Decision, FaceTaskError> {
        let parts = self.face.as_mut().ok_or(FaceTaskError::NoParts)?;
        let policy = visit.machine.policy().match_policy();
        let policy = policy.ok_or(FaceTaskError::NoParts)?;
        visit.template = true;
        if let Prepared::NotUsable(_) = parts.engine.prepare(photo)? {
            // Of the photo; nothing that the person could do about it.
            return Err(FaceError::Photo.into());
        }
        let live = parts.camera.capture()?;
        Ok(policy.decide(photo, live, parts.judges())?)
    }

    /// Nothing made of the photo stays longer than the machine keeps the photo.
    pub(super) fn forget_face(&mut self, visit: &mut Visit<R::Transport>) {
        if !visit.template || visit.machine.keeps_photo() {
            return;
        }
        visit.template = false;
        if let Some(parts) = self.face.as_mut() {
            parts.engine.forget();
        }
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
