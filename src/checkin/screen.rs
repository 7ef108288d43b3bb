use jiff::Timestamp;

use crate::card::Progress;
use crate::eligibility::{ConsentKind, Coverage};
use crate::face::InconclusiveReason;
use crate::trust::Standing;

use super::{NotAccepted, PhoneKind, TapAgain};

/// What the centre is being asked, for the waiting screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Question {
    /// Whether certificate and registration are in order.
    Status,
    /// To register the card as an insurance card (利用登録).
    Registration,
    /// To take note of how prescriptions are wanted (処方箋の発行形態).
    Prescription,
    /// To take note whether subsidies (医療費助成, PMH) may be told.
    Subsidies,
    /// For the insurance.
    Result,
}

impl Question {
    /// Whether the person may still be asked something after it, or the card be used:
    /// until then it must stay. What is told with what the person chose comes when
    /// everything was read, signed and chosen.
    pub(super) const fn needs_card(self) -> bool {
        matches!(self, Self::Status | Self::Registration)
    }
}

/// Why a card's face attempts have to wait, whoever puts it back how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FacePaused {
    /// Until then.
    Until(Timestamp),
    /// Until its PIN was right once: too many attempts failed in all.
    UsedUp,
}

/// Why the face check (顔認証) stopped before the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CardFaceTrouble {
    /// 照合番号B could not be read off the card's face. Nothing was presented.
    NotRead,
    /// 照合番号B was presented, and the card refused it, or its answer was lost: it was
    /// misread. It is never presented again in the visit.
    Refused,
    /// So few tries of 照合番号B are left that they are
    /// [kept](super::Task::RESERVE). Nothing was presented.
    Kept,
    /// The card's photo isn't proved to have been issued to this very card, so no face
    /// is compared with it. Staff should look at the card.
    NotProved,
}

/// What the person sees. [`Screen::text`] has the words in both languages, and
/// the buttons: each has a [`ChoiceKey`](super::ChoiceKey), which
/// [becomes](super::ChoiceKey::choice) the [`Choice`](super::Choice) for the
/// machine.
///
/// | Screen | Keys, in order |
/// |---|---|
/// | `PlaceCard` | `Phone` if offered · `Cancel` |
/// | `ReadingCard`, `CheckingPin`, `ReadingPhone` | none |
/// | `ChoosePhone` | `Android` · `Iphone` if offered · `OtherMethod` · `Cancel` |
/// | `TapPhone` | `OtherMethod` · `Cancel` |
/// | `ChooseMethod` | `Face` if offered · `Pin`, `PinForgotten` if offered · `Staff` if offered · `Guardian` if `Pin` or `Staff` is offered, `Holder` instead where a guardian helps · `Cancel` |
/// | `LastTry` | `Yes` · `OtherMethod` if there is one, else `No` · `Cancel` |
/// | `EnterPin` | `EnterPin` (with the PIN) · `PinForgotten` · `OtherMethod` if there is one · `Cancel` |
/// | `LookAtCamera` | `Cancel` |
/// | `CardFaceUnreadable` | `Yes` if it can be tried again · `Pin` if offered · `Staff` if offered · `Cancel` |
/// | `FaceFailed` | `Yes` while attempts are left · `Pin` if offered · `Staff` if offered · `Cancel` |
/// | `StaffCheck` | `StaffConfirms` (with id and passcode) · `No` · `OtherMethod` · `Cancel` |
/// | `CertificateNotice` | `Yes` · `Cancel` |
/// | `Asking` | `Cancel` |
/// | `Register` | `Yes` · `No` · `Cancel` |
/// | `Consents` | `ConsentToAll` · `ConsentToNone` · `ConsentOneByOne` · `Cancel` |
/// | `Consent` | `Yes` · `No` · `Cancel` |
/// | `Prescription` | `Electronic` · `Paper` · `Cancel` |
/// | `Subsidies` | `Yes` · `No` · `Cancel` |
/// | `Accepted`, `NotAccepted` | `Yes` |
/// | `TakeCard` | none |
///
/// With a phone the screens are `PlaceCard` · `ChoosePhone` · `EnterPin`, of an Android phone
/// alone · `TapPhone` · `ReadingPhone`, and `Asking` and what follows it as with a card;
/// `TakeCard` comes only if a card lies on its reader. Until the phone was read
/// `OtherMethod` leads back to the card: to `PlaceCard`, or to the card that lies there.
///
/// Where a person is waited for ([`Screen::takes_more_time`]) a screen takes
/// [`ChoiceKey::MoreTime`](super::ChoiceKey::MoreTime) too. It isn't among
/// the buttons: a kiosk that shows how much time is left offers it there
/// (WCAG 2.2, 2.2.1), as `もっと時間がほしい` or `More time`. The wait then begins anew;
/// the new deadline comes with [`Output::Idle`](super::Output::Idle) and
/// [`Desk::waiting`](super::Desk::waiting). It is never past the end of the visit: that
/// of [`Timeouts::visit`](super::Timeouts::visit), from the signature on
/// [`Timeouts::challenge`](super::Timeouts::challenge), and ten times its own time for
/// the outcome.
///
/// `Consents`, `Prescription` and `Subsidies` come in this order, the latter two where
/// the service's [`Capabilities`](crate::eligibility::Capabilities) say that it takes the
/// answers; none of them for a certificate in its grace, with which the centre gives the
/// insurance and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Screen {
    /// Place your card.
    PlaceCard {
        /// A phone is taken too.
        phone: bool,
    },
    /// The card is being read: leave it there.
    ReadingCard {
        /// Bytes so far.
        progress: Progress,
    },
    /// Choose the kind of phone. It comes too where a phone lies on the card's reader.
    ChoosePhone {
        /// iPhones are taken.
        iphone: bool,
    },
    /// Hold the phone to the reader for phones. One that lies there already has to be
    /// lifted first; the text says so.
    TapPhone {
        /// Of this kind. The holder of an iPhone is identified on it first.
        kind: PhoneKind,
        /// It was held there already, and why that wasn't enough.
        again: Option<TapAgain>,
    },
    /// The phone is being read: leave it there.
    ReadingPhone {
        /// Bytes so far.
        progress: Progress,
    },
    /// Choose how to be identified.
    ChooseMethod {
        /// 顔認証 is offered.
        face: bool,
        /// 顔認証 would be offered, if this card hadn't had so many attempts: until then,
        /// or for good.
        face_paused: Option<FacePaused>,
        /// 暗証番号 is offered, with this many tries left.
        pin_tries_left: Option<u8>,
        /// 目視確認 is offered.
        staff: bool,
        /// A guardian helps, and is addressed: no face is asked for.
        guardian: bool,
    },
    /// Only one try of the PIN is left: use it?
    LastTry {
        /// The PIN before this one was wrong.
        wrong: bool,
        /// There is another way: 顔認証 or 目視確認; with a phone, the card.
        other_ways: bool,
        /// A guardian helps, and is addressed.
        guardian: bool,
        /// It is the PIN of a phone.
        phone: bool,
    },
    /// Type the PIN: the screen has a field for four digits.
    EnterPin {
        /// Tries left before this one; `None` where they aren't known yet: those of a
        /// phone are read when it is held to its reader.
        tries_left: Option<u8>,
        /// The PIN before this one was wrong.
        wrong: bool,
        /// The same wrong PIN was typed again; it wasn't sent to the card.
        same_again: bool,
        /// The phone was held to its reader with the PIN before this one, and wasn't read;
        /// nothing was found wrong with that PIN.
        again: Option<TapAgain>,
        /// There is another way: 顔認証 or 目視確認; with a phone, the card.
        other_ways: bool,
        /// A guardian helps, and is addressed.
        guardian: bool,
        /// It is the PIN of a phone.
        phone: bool,
    },
    /// The card is checking the PIN: leave it there.
    CheckingPin,
    /// Look at the camera.
    LookAtCamera {
        /// Counts from 1.
        attempt: u8,
        /// Attempts in all.
        of: u8,
    },
    /// The face check (顔認証) didn't get as far as the camera: the card's face wasn't
    /// read, or its photo isn't proved. No try of the PIN was used by that.
    CardFaceUnreadable {
        /// What is the matter.
        why: CardFaceTrouble,
        /// It can be tried again, once the card lies better.
        again: bool,
        /// 暗証番号 is offered.
        pin: bool,
        /// 目視確認 is offered.
        staff: bool,
    },
    /// The face wasn't recognised, or the frame could not be judged.
    FaceFailed {
        /// What the person can do better; `None`: the photo seems to show somebody else,
        /// as far as the matcher can tell.
        why: Option<InconclusiveReason>,
        /// Attempts left.
        attempts_left: u8,
        /// 暗証番号 is offered.
        pin: bool,
        /// 目視確認 is offered.
        staff: bool,
    },
    /// The staff compares and types the passcode. The screen needs two fields of
    /// its own, for the staff member's id ([`StaffId`](super::StaffId)) and the
    /// facility's passcode ([`Passcode`](super::Passcode)); what is typed there
    /// goes into [`Choice::StaffConfirms`](super::Choice::StaffConfirms).
    /// [`Choice::No`](super::Choice::No): person and photo are not the same.
    StaffCheck {
        /// Attempts left.
        attempts_left: u8,
        /// The passcode before was wrong.
        wrong: bool,
        /// A guardian helps, and is addressed.
        guardian: bool,
    },
    /// The certificate ends soon, or has ended and is in its grace.
    CertificateNotice {
        /// [`Standing::Expiring`] or [`Standing::Grace`].
        standing: Standing,
        /// It is a phone's, which has no grace.
        phone: bool,
    },
    /// Waiting for the centre.
    Asking {
        /// What for.
        question: Question,
        /// The person came with a phone, which isn't needed any more.
        phone: bool,
    },
    /// Register this card as an insurance card?
    Register {
        /// A guardian helps, and is addressed.
        guardian: bool,
    },
    /// Show past medical information to this clinic? All, none, or one by one.
    Consents {
        /// A guardian helps, and is addressed.
        guardian: bool,
    },
    /// The same for one kind.
    Consent {
        /// Which.
        kind: ConsentKind,
        /// A guardian helps, and is addressed.
        guardian: bool,
    },
    /// How prescriptions are wanted (処方箋の発行形態): shown where the service takes
    /// the choice.
    Prescription,
    /// May this clinic be told of subsidies of medical costs (医療費助成, PMH)? Shown
    /// where the service takes the answer.
    Subsidies {
        /// A guardian helps, and is addressed.
        guardian: bool,
    },
    /// Accepted.
    Accepted {
        /// The insurance; the person's own screen shows little of it.
        coverage: Box<Coverage>,
    },
    /// Not accepted this way; what to do now.
    NotAccepted(Box<NotAccepted>),
    /// Take your card.
    TakeCard {
        /// It was left too long: make a sound.
        alarm: bool,
    },
}

impl Screen {
    /// Stable name, for logs and tests: it holds nothing personal.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::PlaceCard { .. } => "place-card",
            Self::ReadingCard { .. } => "reading-card",
            Self::ChoosePhone { .. } => "choose-phone",
            Self::TapPhone { .. } => "tap-phone",
            Self::ReadingPhone { .. } => "reading-phone",
            Self::ChooseMethod { .. } => "choose-method",
            Self::LastTry { .. } => "last-try",
            Self::EnterPin { .. } => "enter-pin",
            Self::CheckingPin => "checking-pin",
            Self::LookAtCamera { .. } => "look-at-camera",
            Self::CardFaceUnreadable { .. } => "card-face-unreadable",
            Self::FaceFailed { .. } => "face-failed",
            Self::StaffCheck { .. } => "staff-check",
            Self::CertificateNotice { .. } => "certificate-notice",
            Self::Asking { .. } => "asking",
            Self::Register { .. } => "register",
            Self::Consents { .. } => "consents",
            Self::Consent { .. } => "consent",
            Self::Prescription => "prescription",
            Self::Subsidies { .. } => "subsidies",
            Self::Accepted { .. } => "accepted",
            Self::NotAccepted(_) => "not-accepted",
            Self::TakeCard { .. } => "take-card",
        }
    }

    /// Whether a person is waited for who may have
    /// [more time](super::ChoiceKey::MoreTime).
    ///
    /// ```
    /// use uketsuke::checkin::Screen;
    /// assert!(Screen::PlaceCard { phone: false }.takes_more_time());
    /// assert!(!Screen::CheckingPin.takes_more_time());
    /// ```
    #[must_use]
    pub const fn takes_more_time(&self) -> bool {
        match self {
            Self::PlaceCard { .. }
            | Self::ChoosePhone { .. }
            | Self::TapPhone { .. }
            | Self::ChooseMethod { .. }
            | Self::LastTry { .. }
            | Self::EnterPin { .. }
            | Self::CardFaceUnreadable { .. }
            | Self::FaceFailed { .. }
            | Self::StaffCheck { .. }
            | Self::CertificateNotice { .. }
            | Self::Register { .. }
            | Self::Consents { .. }
            | Self::Consent { .. }
            | Self::Prescription
            | Self::Subsidies { .. }
            | Self::Accepted { .. }
            | Self::NotAccepted(_) => true,
            Self::ReadingCard { .. }
            | Self::ReadingPhone { .. }
            | Self::CheckingPin
            | Self::LookAtCamera { .. }
            | Self::Asking { .. }
            | Self::TakeCard { .. } => false,
        }
    }
}
