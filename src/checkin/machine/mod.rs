//! The machine: what it holds, what goes in, what comes out. The steps are in
//! the files beside it, in the order in which a visit meets them.

mod asking;
mod choosing;
mod ending;
mod face;
mod identify;
mod phone;
mod reading;
mod summary;
#[cfg(test)]
mod tests;
mod time;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

use choosing::Chosen;
pub use summary::Summary;
use time::later;

use super::{
    AuditEvent, AuditRecord, CardFaceTrouble, Choice, Equipment, Identity, Input, Mode, Output,
    PhoneKind, Policy, Question, Screen, ScreenId, Task, TaskId, TaskResult,
};
use crate::card::{AuthPin, LastTry, VisitRefusals};
use crate::eligibility::{CentreSaid, Consents, Failure, Request};
use crate::face::Attempts;
use crate::trust::{ChainValidated, Challenge, ChallengeSigned, LivePhoto};
use crate::{Realm, VisitId};

static TASKS: AtomicU64 = AtomicU64::new(1);
static SCREENS: AtomicU64 = AtomicU64::new(1);

/// One visit, from "place your card" to "take your card".
///
/// The machine does no I/O, reads no clock and never waits: see the rule of
/// driving it in the [module's documentation](super). One machine serves one
/// visit; after a crash a visit starts anew, so it is never stored.
///
/// ```
/// use jiff::{SignedDuration, Timestamp};
/// use uketsuke::Realm;
/// use uketsuke::checkin::{CheckIn, Equipment, Input, Output, Policy};
/// use uketsuke::eligibility::Failure;
/// use uketsuke::trust::TerminalId;
///
/// let now: Timestamp = "2026-11-22T09:00:00+09:00".parse()?;
/// let policy = Policy::simulation(TerminalId::new("desk-1")?);
/// let mut visit = CheckIn::new(policy, Equipment::pin_only(Realm::Simulation), now);
///
/// // Nobody places a card: the visit ends by itself, with advice.
/// let later = now + SignedDuration::from_mins(10);
/// visit.handle(Input::Tick, later);
/// let failure = loop {
///     match visit.poll() {
///         Output::Decided(outcome) => break outcome.failure(),
///         Output::Idle { .. } | Output::Finished => break None,
///         _ => {}
///     }
/// };
/// assert_eq!(failure, Some(Failure::PersonTimedOut));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct CheckIn {
    policy: Policy,
    equipment: Equipment,
    visit: VisitId,
    outputs: VecDeque<Output>,
    state: State,
    card_present: bool,
    /// The person is with a phone, not with the card.
    phone: Option<PhoneKind>,
    /// Phones that were held there in vain.
    taps: u8,
    /// The card's reader failed while nobody needed it.
    card_reader_failed: Option<Failure>,
    /// Kept while PINs are presented to one phone after the other.
    refusals: Option<VisitRefusals>,
    shown: ScreenId,
    /// When the visit ends, however often the person goes back.
    ends: Timestamp,
    rereads: u8,
    photo_read: bool,
    /// The audit trail knows by what faces are judged.
    face_judged: bool,
    /// Proved; gone when nobody has to look at it any more.
    photo: Option<Arc<LivePhoto>>,
    /// How often a card whose face wasn't read was laid anew.
    laid_anew: u8,
    /// To be told once the card has been read again.
    card_face: Option<CardFaceTrouble>,
    /// A guardian helps.
    guardian: bool,
    audited: u32,
    pin_tries_left: Option<u8>,
    face_attempts: Attempts,
    staff_attempts_left: u8,
    /// What went wrong last, for a person who gives up then.
    problem: Option<Failure>,
    certificate_lapsed: bool,
    centre_said: Option<CentreSaid>,
    chosen: Chosen,
    chain: Option<ChainValidated>,
    challenge: Option<Challenge>,
    identity: Option<Identity>,
    signed: Option<ChallengeSigned>,
}

/// Where the visit is. Every state but the last has a deadline; what waits for
/// a task has its number too.
#[derive(Debug)]
enum State {
    WaitingForCard {
        deadline: Timestamp,
    },
    ChoosingPhone {
        deadline: Timestamp,
    },
    /// The PIN waits here for the phone, and is gone with the state.
    AwaitingPhone {
        deadline: Timestamp,
        pin: Option<AuthPin>,
        last_try: LastTry,
    },
    ReadingPhone {
        task: TaskId,
        deadline: Timestamp,
        last_try: LastTry,
        /// It carries a PIN.
        secret: bool,
    },
    Reading {
        task: TaskId,
        deadline: Timestamp,
    },
    ReadingHint {
        task: TaskId,
        deadline: Timestamp,
    },
    Choosing {
        deadline: Timestamp,
    },
    LastTry {
        deadline: Timestamp,
    },
    EnteringPin {
        deadline: Timestamp,
        last_try: LastTry,
    },
    VerifyingPin {
        task: TaskId,
        deadline: Timestamp,
    },
    ReadingPhoto {
        task: TaskId,
        deadline: Timestamp,
        /// For the chip to sign.
        challenge: Option<Box<Challenge>>,
    },
    CardFaceUnreadable {
        deadline: Timestamp,
    },
    ComparingFace {
        task: TaskId,
        deadline: Timestamp,
    },
    FaceFailed {
        deadline: Timestamp,
    },
    EnteringPasscode {
        deadline: Timestamp,
    },
    CheckingStaff {
        task: TaskId,
        deadline: Timestamp,
    },
    SigningWithoutPin {
        task: TaskId,
        deadline: Timestamp,
    },
    Notice {
        deadline: Timestamp,
    },
    Asking {
        task: TaskId,
        question: Question,
        request: Box<Request>,
        deadline: Timestamp,
    },
    Registering {
        deadline: Timestamp,
    },
    Consenting {
        deadline: Timestamp,
    },
    ConsentingOneByOne {
        deadline: Timestamp,
        asked: usize,
        given: Consents,
    },
    ChoosingPrescription {
        deadline: Timestamp,
    },
    ChoosingSubsidies {
        deadline: Timestamp,
    },
    ShowingResult {
        deadline: Timestamp,
        accepted: bool,
    },
    TakingCard {
        deadline: Timestamp,
        alarm: bool,
    },
    Over,
}

impl State {
    const fn name(&self) -> &'static str {
        match self {
            Self::WaitingForCard { .. } => "waiting-for-card",
            Self::ChoosingPhone { .. } => "choosing-phone",
            Self::AwaitingPhone { .. } => "awaiting-phone",
            Self::ReadingPhone { .. } => "reading-phone",
            Self::Reading { .. } => "reading",
            Self::ReadingHint { .. } => "reading-expiry-hint",
            Self::Choosing { .. } => "choosing",
            Self::LastTry { .. } => "last-try",
            Self::EnteringPin { .. } => "entering-pin",
            Self::VerifyingPin { .. } => "verifying-pin",
            Self::ReadingPhoto { .. } => "reading-photo",
            Self::CardFaceUnreadable { .. } => "card-face-unreadable",
            Self::ComparingFace { .. } => "comparing-face",
            Self::FaceFailed { .. } => "face-failed",
            Self::EnteringPasscode { .. } => "entering-passcode",
            Self::CheckingStaff { .. } => "checking-staff",
            Self::SigningWithoutPin { .. } => "signing-without-pin",
            Self::Notice { .. } => "notice",
            Self::Asking { .. } => "asking",
            Self::Registering { .. } => "registering",
            Self::Consenting { .. } => "consenting",
            Self::ConsentingOneByOne { .. } => "consenting-one-by-one",
            Self::ChoosingPrescription { .. } => "choosing-prescription",
            Self::ChoosingSubsidies { .. } => "choosing-subsidies",
            Self::ShowingResult { .. } => "showing-result",
            Self::TakingCard { .. } => "taking-card",
            Self::Over => "over",
        }
    }

    const fn deadline(&self) -> Option<Timestamp> {
        match self {
            Self::WaitingForCard { deadline }
            | Self::ChoosingPhone { deadline }
            | Self::AwaitingPhone { deadline, .. }
            | Self::ReadingPhone { deadline, .. }
            | Self::Choosing { deadline }
            | Self::LastTry { deadline }
            | Self::EnteringPin { deadline, .. }
            | Self::CardFaceUnreadable { deadline }
            | Self::FaceFailed { deadline }
            | Self::EnteringPasscode { deadline }
            | Self::Notice { deadline }
            | Self::Asking { deadline, .. }
            | Self::Registering { deadline }
            | Self::Consenting { deadline }
            | Self::ConsentingOneByOne { deadline, .. }
            | Self::ChoosingPrescription { deadline }
            | Self::ChoosingSubsidies { deadline }
            | Self::ShowingResult { deadline, .. }
            | Self::TakingCard { deadline, .. }
            | Self::Reading { deadline, .. }
            | Self::ReadingHint { deadline, .. }
            | Self::VerifyingPin { deadline, .. }
            | Self::ReadingPhoto { deadline, .. }
            | Self::ComparingFace { deadline, .. }
            | Self::CheckingStaff { deadline, .. }
            | Self::SigningWithoutPin { deadline, .. } => Some(*deadline),
            Self::Over => None,
        }
    }

    const fn task(&self) -> Option<TaskId> {
        match self {
            Self::Reading { task, .. }
            | Self::ReadingPhone { task, .. }
            | Self::ReadingHint { task, .. }
            | Self::VerifyingPin { task, .. }
            | Self::ReadingPhoto { task, .. }
            | Self::ComparingFace { task, .. }
            | Self::CheckingStaff { task, .. }
            | Self::SigningWithoutPin { task, .. }
            | Self::Asking { task, .. } => Some(*task),
            _ => None,
        }
    }
}

impl CheckIn {
    /// Begins a visit at `now`.
    ///
    /// Parts in `equipment` whose realm the policy doesn't accept aren't
    /// offered; without an acceptable eligibility service, or in another
    /// [mode](Mode) than the normal one, the visit ends at once, with advice.
    #[must_use]
    pub fn new(policy: Policy, equipment: Equipment, now: Timestamp) -> Self {
        let deadline = later(now, policy.timeouts().place_card);
        let ends = later(now, policy.timeouts().visit);
        let mut machine = Self {
            face_attempts: policy.face_attempts(),
            staff_attempts_left: policy.staff_attempts(),
            policy,
            equipment,
            visit: VisitId::begin(),
            outputs: VecDeque::new(),
            state: State::WaitingForCard { deadline },
            card_present: false,
            phone: None,
            taps: 0,
            card_reader_failed: None,
            refusals: None,
            shown: ScreenId(0),
            ends,
            rereads: 0,
            photo_read: false,
            face_judged: false,
            photo: None,
            laid_anew: 0,
            card_face: None,
            guardian: false,
            audited: 0,
            pin_tries_left: None,
            problem: None,
            certificate_lapsed: false,
            centre_said: None,
            chosen: Chosen::default(),
            chain: None,
            challenge: None,
            identity: None,
            signed: None,
        };
        let policy = machine.policy.digest();
        machine.audit(AuditEvent::Began { policy }, now);
        match machine.equipment.mode {
            Mode::SystemOutage => machine.refuse(Failure::SystemOutage, now),
            Mode::Disaster => machine.refuse(Failure::Disaster, now),
            Mode::Normal => machine.begin(now),
        }
        machine
    }

    fn begin(&mut self, now: Timestamp) {
        match self.equipment.service {
            Some(realm) if self.accepts(realm) => self.ask_for_card(now),
            Some(_) => self.refuse(Failure::Misconfigured, now),
            None => self.refuse(Failure::NotEquipped, now),
        }
    }

    /// The visit's number.
    #[must_use]
    pub const fn visit(&self) -> VisitId {
        self.visit
    }

    /// Whether a face may still be compared with the card's photo in this visit.
    ///
    /// A driver that did [`Task::CompareFace`] looks before each [`poll`](Self::poll), and
    /// where it is `false` lets the engine [forget](crate::face::FaceEngine::forget): the
    /// person is identified, the attempts are used, the card is gone or has to pause, or
    /// the visit is decided. A comparison that ends later than that makes a template anew:
    /// look again when it is done. A machine that is dropped before its end says nothing;
    /// then the engine forgets too. [`Reception`](super::Reception) does all this.
    ///
    /// ```
    /// use uketsuke::checkin::{CheckIn, Output};
    /// use uketsuke::face::FaceEngine;
    ///
    /// fn next(visit: &mut CheckIn, engine: &mut dyn FaceEngine) -> Output {
    ///     if !visit.keeps_photo() {
    ///         engine.forget();
    ///     }
    ///     visit.poll()
    /// }
    /// ```
    #[must_use]
    pub const fn keeps_photo(&self) -> bool {
        self.photo.is_some()
    }

    /// The policy that it was begun with.
    pub(in crate::checkin) const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Takes what happened at `now`. What doesn't fit the state changes
    /// nothing: a late answer, another task's result, a choice that isn't
    /// offered.
    pub fn handle(&mut self, input: Input, now: Timestamp) {
        // What became of a PIN is taken whenever it comes: "unknown" would be
        // untrue of an answer that is here.
        let answered_pin = matches!(
            (&self.state, &input),
            (
                State::VerifyingPin { task, .. }
                | State::ReadingPhone {
                    task, secret: true, ..
                },
                Input::Done { task: done, .. },
            ) if task == done
        );
        if !answered_pin {
            self.expire(now);
        }
        match input {
            Input::CardPlaced => self.card_placed(now),
            Input::CardRemoved => self.card_removed(now),
            Input::ReaderFailed(error) => self.reader_failed(error, now),
            Input::PhonePlaced => self.phone_placed(now),
            Input::PhoneReaderFailed(error) => self.phone_reader_failed(&error, now),
            Input::Chosen { screen, choice } if screen == self.shown => self.chosen(choice, now),
            Input::Chosen { .. } => self.audit(AuditEvent::StaleDropped, now),
            Input::Done { task, result } => self.done(task, result, now),
            Input::Tick => {}
        }
    }

    /// The next thing to do. Call it until [`Output::Idle`] or
    /// [`Output::Finished`].
    pub fn poll(&mut self) -> Output {
        if let Some(output) = self.outputs.pop_front() {
            return output;
        }
        match self.state {
            State::Over => Output::Finished,
            ref state => Output::Idle {
                deadline: state.deadline(),
            },
        }
    }

    /// Name, counters and deadline of the state: nothing personal, for logs.
    #[must_use]
    pub fn summary(&self) -> Summary {
        Summary {
            visit: self.visit,
            state: self.state.name(),
            deadline: self.state.deadline(),
            card_present: self.card_present,
            pin_tries_left: self.pin_tries_left,
            face_attempts_left: self.face_attempts.left(),
            staff_attempts_left: self.staff_attempts_left,
        }
    }

    fn chosen(&mut self, choice: Choice, now: Timestamp) {
        match choice {
            Choice::Cancel => return self.cancelled(now),
            Choice::MoreTime => return self.more_time(now),
            _ => {}
        }
        match self.state {
            State::WaitingForCard { .. } => self.chosen_phone(&choice, now),
            State::ChoosingPhone { .. } => self.chosen_phone_kind(&choice, now),
            State::AwaitingPhone { .. } if matches!(choice, Choice::OtherMethod) => {
                self.back_to_card(now)
            }
            State::Choosing { .. } => self.chosen_method(choice, now),
            State::LastTry { .. } => self.chosen_last_try(&choice, now),
            State::EnteringPin { last_try, .. } => self.entered_pin(choice, last_try, now),
            State::CardFaceUnreadable { .. } | State::FaceFailed { .. } => {
                self.chosen_after_face(choice, now)
            }
            State::EnteringPasscode { .. } => self.entered_passcode(choice, now),
            State::Notice { .. } if matches!(choice, Choice::Yes) => self.ask_status(now),
            State::Registering { .. } => self.chosen_registration(&choice, now),
            State::Consenting { .. } => self.chosen_consents(&choice, now),
            State::ConsentingOneByOne { .. } => self.chosen_consent(&choice, now),
            State::ChoosingPrescription { .. } => self.chosen_prescription(&choice, now),
            State::ChoosingSubsidies { .. } => self.chosen_subsidies(&choice, now),
            State::ShowingResult { .. } if matches!(choice, Choice::Yes) => self.result_seen(now),
            _ => {}
        }
    }

    fn done(&mut self, task: TaskId, result: TaskResult, now: Timestamp) {
        if self.state.task() != Some(task) {
            return self.audit(AuditEvent::StaleDropped, now);
        }
        match (&self.state, result) {
            (State::Reading { .. }, TaskResult::CardRead(read)) => self.card_read(read, now),
            (State::ReadingPhone { .. }, TaskResult::PhoneRead(read)) => self.phone_read(read, now),
            (State::ReadingHint { .. }, TaskResult::ExpiryHint(hint)) => {
                self.expiry_hint(hint, now)
            }
            (State::VerifyingPin { .. }, TaskResult::PinSigned(signed)) => {
                self.pin_signed(signed, now)
            }
            (State::ReadingPhoto { .. }, TaskResult::PhotoRead(read)) => self.photo_read(read, now),
            (
                State::VerifyingPin { .. }
                | State::ReadingPhoto { .. }
                | State::SigningWithoutPin { .. },
                TaskResult::SessionRenewed,
            ) => self.session_renewed(now),
            (State::ComparingFace { .. }, TaskResult::FaceCompared(decision)) => {
                self.face_compared(decision, now)
            }
            (State::CheckingStaff { .. }, TaskResult::StaffChecked(checked)) => {
                self.staff_checked(checked, now)
            }
            (State::SigningWithoutPin { .. }, TaskResult::PinlessSigned(signed)) => {
                self.pinless_signed(signed, now)
            }
            (State::Asking { .. }, TaskResult::Answered { realm, answer }) => {
                self.answered(realm, answer, now)
            }
            // The right number with the wrong kind of result: the driver is
            // broken, and nothing it says is believed.
            _ => self.refuse(Failure::Internal, now),
        }
    }

    fn accepts(&self, realm: Realm) -> bool {
        self.policy.realms().contains(realm)
    }

    fn start(&mut self, work: Task) -> TaskId {
        let task = TaskId(TASKS.fetch_add(1, Ordering::Relaxed));
        self.outputs.push_back(Output::Start {
            task,
            work: Box::new(work),
        });
        task
    }

    fn show(&mut self, screen: Screen) {
        self.shown = ScreenId(SCREENS.fetch_add(1, Ordering::Relaxed));
        let (number, screen) = (self.shown, Box::new(screen));
        self.outputs.push_back(Output::Show { number, screen });
    }

    fn audit(&mut self, event: AuditEvent, at: Timestamp) {
        let record = AuditRecord {
            visit: self.visit,
            number: self.audited,
            at,
            event,
        };
        self.audited = self.audited.saturating_add(1);
        self.outputs.push_back(Output::Audit(record));
    }
}
