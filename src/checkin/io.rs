use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{
    AuditRecord, Identity, Outcome, Passcode, PendingIdentity, PhoneKind, PhoneNotRead, PhoneRead,
    Screen, StaffConfirmed, StaffId, StaffRefused,
};
use crate::card::{
    AuthPin, CardCertificate, CardError, CardKeyRecord, CardSignature, IssuerCertificate, LastTry,
    SignatureInput, SignedPhoto, VerifyError,
};
use crate::eligibility::{Answer, ConsentKind, Request, RequestNumber, ServiceError};
use crate::face::{Decision, FaceError};
use crate::transport::TransportError;
use crate::trust::{CvError, LivePhoto};
use crate::{Binding, Realm};

/// Numbers a task within the process. A result of another number than the one
/// awaited changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TaskId(pub(super) u64);

/// Numbers a screen within the process. A choice made on another screen than the
/// one shown changes nothing: a key that bounces can't answer the next question,
/// nor one of another lane this one's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScreenId(pub(super) u64);

/// How the person wants to be identified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// 顔認証.
    Face,
    /// 暗証番号.
    Pin,
    /// 目視確認 by a member of staff.
    Staff,
}

/// What the person, or the staff, does on the screen.
#[derive(Debug)]
#[non_exhaustive]
pub enum Choice {
    /// A method.
    Method(Method),
    /// A phone in place of the card, on [`Screen::PlaceCard`].
    Phone,
    /// The phone is of this kind, on [`Screen::ChoosePhone`].
    PhoneKind(PhoneKind),
    /// The PIN was typed.
    Pin(AuthPin),
    /// The person doesn't know the PIN; that of a phone: back to the card.
    PinForgotten,
    /// Yes; also "use the last try", "register", "I consent", "go on", "again".
    Yes,
    /// No.
    No,
    /// Consent to everything at once.
    ConsentToAll,
    /// Consent to nothing.
    ConsentToNone,
    /// Decide one by one.
    ConsentOneByOne,
    /// A parent or guardian (保護者) helps from here on.
    Guardian,
    /// The card's holder acts alone after all.
    Holder,
    /// Prescriptions are wanted electronically (電子処方箋).
    Electronic,
    /// Prescriptions are wanted on paper (紙の処方箋).
    Paper,
    /// The staff's confirmation that person and photo are alike.
    StaffConfirms {
        /// Who.
        staff: StaffId,
        /// The facility's passcode.
        passcode: Passcode,
    },
    /// Back to the choice of methods; with a phone, back to the card.
    OtherMethod,
    /// The person needs more time: the wait of this screen begins anew, up to the end
    /// of the visit. Taken wherever a person is waited for, but for a card to be taken.
    MoreTime,
    /// Stop here.
    Cancel,
}

/// What happens to the machine.
#[derive(Debug)]
#[non_exhaustive]
pub enum Input {
    /// A card was placed on the reader. Who is typing the PIN of a phone, or about to hold
    /// it there, is with the card from then on.
    CardPlaced,
    /// The card was taken away.
    CardRemoved,
    /// The reader failed.
    ReaderFailed(TransportError),
    /// A phone, or whatever it is, was held to the reader for phones while
    /// [`Screen::TapPhone`] was shown: what lay there before doesn't count, since it may
    /// be somebody else's. So look what is there when that screen comes, each time, and
    /// report the change from [`Absent`](crate::transport::Presence::Absent) to anything
    /// else. At other screens it changes nothing. That a phone was taken away isn't told.
    PhonePlaced,
    /// The reader for phones failed. It ends the visit where a phone is
    /// [asked for](Screen::TapPhone), with the card as the remedy; at other screens it
    /// changes nothing.
    PhoneReaderFailed(TransportError),
    /// Somebody chose something.
    Chosen {
        /// The screen on which it was chosen.
        screen: ScreenId,
        /// What.
        choice: Choice,
    },
    /// A task ended.
    Done {
        /// Which.
        task: TaskId,
        /// How.
        result: TaskResult,
    },
    /// Time passed: check the deadlines.
    Tick,
}

/// Work for the driver. A driver does it as said, once, and reports
/// [`Input::Done`] with the same [`TaskId`].
///
/// All tasks of a visit but [`Task::ReadPhone`] use the one [`Card`](crate::card::Card) that the first
/// [`Task::ReadCard`] was done with: proofs of different card sessions don't
/// fit together. The driver opens an application for each task and closes it
/// before the person is asked anything. While it reads, it may show
/// [`Screen::ReadingCard`] or [`Screen::ReadingPhone`] with the progress by itself.
/// `examples/own_loop.rs` is a driver in full, for cards and phones,
/// [`Reception`](super::Reception) the ready one.
#[derive(Debug)]
#[non_exhaustive]
pub enum Task {
    /// Connect (unless this visit already did), select JPKI, read the
    /// authentication certificate and the tries left of the PIN. →
    /// [`TaskResult::CardRead`]
    ReadCard,
    /// Read the card's own expiry date, an unsigned hint. →
    /// [`TaskResult::ExpiryHint`]
    ReadExpiryHint,
    /// Select JPKI, read the count, present the PIN once, sign, leave. →
    /// [`TaskResult::PinSigned`]
    VerifyPin {
        /// As typed.
        pin: AuthPin,
        /// Whether the person agreed to use the last try.
        last_try: LastTry,
        /// What to sign.
        input: SignatureInput,
        /// The card session of the certificate: in any other present nothing
        /// and report [`TaskResult::SessionRenewed`].
        binding: Binding,
    },
    /// Take 照合番号B from its source, before anything is held. Then, with the card
    /// face open: read the municipality's certificate, and go on only if it verifies
    /// ([`CvRoots::validate`](crate::trust::CvRoots::validate)) under the policy's
    /// [`card_face_roots`](super::Policy::card_face_roots); else no photo would be proved, so
    /// leave, and report [`FaceTaskError::Certificate`]. Read the count, present the number
    /// once with a [budget that keeps](crate::card::TriesLeft::budget_keeping)
    /// [`RESERVE`](Self::RESERVE) tries, read photo and card key, let the chip sign
    /// `input` ([`sign_live`](crate::card::Opened::sign_live)), leave. The machine proves
    /// what was read, the certificate too. →
    /// [`TaskResult::PhotoRead`]
    ReadPhoto {
        /// What the chip is to sign, with the card face's key.
        input: SignatureInput,
        /// As in [`Task::VerifyPin`].
        binding: Binding,
    },
    /// Extract the template of the photo ([`FaceEngine::prepare`](crate::face::FaceEngine::prepare)),
    /// while the person, who was just told to look at the camera, does so. If it says
    /// [`Prepared::NotUsable`](crate::face::Prepared::NotUsable), no frame will help: report
    /// [`FaceError::Photo`], and take none. Else capture one frame and let the policy's
    /// [`MatchPolicy`](super::Policy::match_policy) decide. Drop the photo when the task is
    /// done. Let the engine [forget](crate::face::FaceEngine::forget) the template when
    /// [`CheckIn::keeps_photo`](super::CheckIn::keeps_photo) says that the machine has let
    /// go of it. → [`TaskResult::FaceCompared`]
    ///
    /// A match counts only if it is of this photo, judged by that policy. How many
    /// frames were compared for it is the driver's word: one for each task, or the
    /// counted attempts mean nothing.
    CompareFace {
        /// Proved to be issued to the chip in the reader.
        photo: Arc<LivePhoto>,
    },
    /// Check the staff's passcode: [`StaffConfirmed::check`](super::StaffConfirmed::check),
    /// with the [binding](crate::card::Card::binding) of the visit's card. →
    /// [`TaskResult::StaffChecked`]
    CheckStaff {
        /// Who.
        staff: StaffId,
        /// As typed.
        passcode: Passcode,
    },
    /// Let the PIN-less provider open the key for this identity
    /// ([`PendingIdentity::authorize`]), and sign. The application is dropped
    /// unclosed, so that the card is powered off before its next use. →
    /// [`TaskResult::PinlessSigned`]
    SignWithoutPin {
        /// Face or staff.
        identity: PendingIdentity,
        /// What to sign.
        input: SignatureInput,
        /// As in [`Task::VerifyPin`].
        binding: Binding,
    },
    /// Connect to what was held to the reader for phones, and do all in one go, with a
    /// [`Card`](crate::card::Card) of its own:
    ///
    /// 1. Make it of [this visit](super::CheckIn::visit), at each tap anew: by the visit a PIN
    ///    that was refused at an earlier tap is known, and isn't presented again.
    /// 2. Select JPKI, and read the [label](crate::card::Opened::token). If it isn't
    ///    [that of this kind](PhoneKind::token), present nothing and report
    ///    [`OtherToken`](super::PhoneTaskError::OtherToken).
    /// 3. Of an Android phone read the count, and present the PIN once with the budget that it
    ///    gives. Of an iPhone let the device provider
    ///    [verify](super::DeviceVerified::verify) the holder.
    /// 4. Read the certificate, which is closed until then. Sign.
    /// 5. [Release](crate::card::Card::release) the card, however it went: nothing is read from the
    ///    phone after it, and the person may take it away.
    ///
    /// → [`TaskResult::PhoneRead`]
    ReadPhone {
        /// Which kind the person chose.
        kind: PhoneKind,
        /// As typed, for an Android phone. Where it wasn't presented, it is
        /// [given back](PhoneNotRead::pin).
        pin: Option<AuthPin>,
        /// Whether the person agreed to use the last try.
        last_try: LastTry,
        /// What to sign.
        input: SignatureInput,
    },
    /// Ask the centre: submit, then poll until there is an answer.
    /// [`Output::Forget`] means that nobody waits any more:
    /// [`cancel`](crate::eligibility::EligibilityService::cancel). →
    /// [`TaskResult::Answered`]
    Ask(Box<Request>),
    /// Release the card: nothing more is read. No result.
    ReleaseCard,
}

impl Task {
    /// Tries of 照合番号B that a check-in never touches: with so many left, or fewer,
    /// the number is not presented. A camera that misreads it costs a person a try
    /// that only the municipal office gives back, and ten are all there are.
    pub const RESERVE: u8 = 5;
}

/// What [`Task::ReadPhoto`] read. It proves nothing yet.
#[derive(Debug)]
pub struct PhotoRead {
    /// The certificate of the municipality's key.
    pub certificate: IssuerCertificate,
    /// The photo, with the signature of the card face.
    pub photo: SignedPhoto,
    /// Birth date, sex and the card's own key.
    pub record: CardKeyRecord,
    /// The chip's signature over the input of the task.
    pub signature: CardSignature,
}

/// What [`Task::ReadCard`] found.
#[derive(Debug)]
pub struct CardRead {
    /// The authentication certificate.
    pub certificate: CardCertificate,
    /// Tries left of the authentication PIN, 0 when locked.
    pub pin_tries_left: u8,
}

/// An identity and the signature over the challenge.
#[derive(Debug)]
pub struct Signed {
    /// Who.
    pub identity: Identity,
    /// The card's signature.
    pub signature: CardSignature,
}

/// How a task ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum TaskResult {
    /// Of [`Task::ReadCard`].
    CardRead(Result<CardRead, CardError>),
    /// Of [`Task::ReadExpiryHint`].
    ExpiryHint(Option<Date>),
    /// Of [`Task::VerifyPin`].
    PinSigned(Result<Signed, PinTaskError>),
    /// Of [`Task::VerifyPin`], [`Task::ReadPhoto`] and [`Task::SignWithoutPin`]: the
    /// card's session is another one than the certificate's; nothing was presented.
    SessionRenewed,
    /// Of [`Task::ReadPhoto`].
    PhotoRead(Result<Box<PhotoRead>, FaceTaskError>),
    /// Of [`Task::CompareFace`].
    FaceCompared(Result<Decision, FaceTaskError>),
    /// Of [`Task::CheckStaff`].
    StaffChecked(Result<StaffConfirmed, StaffRefused>),
    /// Of [`Task::SignWithoutPin`].
    PinlessSigned(Result<Signed, super::PinlessError>),
    /// Of [`Task::ReadPhone`].
    PhoneRead(Result<PhoneRead, PhoneNotRead>),
    /// Of [`Task::Ask`].
    Answered {
        /// Realm of the service that answered.
        realm: Realm,
        /// The answer.
        answer: Result<Box<Answer>, ServiceError>,
    },
}

/// A PIN that led to no signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PinTaskError {
    /// The PIN, or the way to it.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The PIN was right; the signature failed.
    #[error(transparent)]
    Signature(CardError),
}

/// A face attempt that came to no decision.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FaceTaskError {
    /// Camera, photo or matcher.
    #[error(transparent)]
    Face(#[from] FaceError),
    /// The card, or 照合番号B.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The municipality's certificate doesn't verify, so 照合番号B wasn't presented.
    #[error(transparent)]
    Certificate(#[from] CvError),
    /// This reception has no face parts.
    #[error("this reception has no camera")]
    NoParts,
}

impl From<CardError> for FaceTaskError {
    fn from(error: CardError) -> Self {
        Self::Verify(VerifyError::Card(error))
    }
}

/// What the machine wants done.
#[derive(Debug)]
#[non_exhaustive]
pub enum Output {
    /// Show this screen, until the next one.
    Show {
        /// Its number, to be given back with what is chosen on it.
        number: ScreenId,
        /// The screen.
        screen: Box<Screen>,
    },
    /// Start this task.
    Start {
        /// Its number.
        task: TaskId,
        /// The work.
        work: Box<Task>,
    },
    /// Nobody waits for this question's answer any more.
    Forget {
        /// The task.
        task: TaskId,
        /// The question.
        request: RequestNumber,
    },
    /// Keep this record.
    Audit(AuditRecord),
    /// The visit is decided. Comes once.
    Decided(Box<Outcome>),
    /// Nothing to do until an input, or until the deadline: then
    /// [`Input::Tick`].
    Idle {
        /// When to tick at the latest.
        deadline: Option<Timestamp>,
    },
    /// The visit is over; the machine takes nothing more.
    Finished,
}

/// The order in which consents are asked one by one.
pub(super) const CONSENT_ORDER: [ConsentKind; 4] = ConsentKind::ON_SCREEN;
