//! A phone in place of the card (スマートフォンのマイナンバーカード): what a reception needs
//! for it, what is read from it, and why nothing was.

use thiserror::Error;

use super::{DeviceError, Signed};
use crate::Realm;
use crate::card::{AuthPin, CardCertificate, CardError, Token, VerifyError};

/// Which kind of phone the person has. The two are used in different ways, so the person
/// is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PhoneKind {
    /// The PIN of the phone's certificate is typed on the reception's screen, then the
    /// phone is held to its reader.
    Android,
    /// Its holder is identified on the phone itself (Face ID, Touch ID), then holds it
    /// to the reader.
    Iphone,
}

impl PhoneKind {
    /// What carries the application on such a phone.
    #[must_use]
    pub const fn token(self) -> Token {
        match self {
            Self::Android => Token::AndroidPhone,
            Self::Iphone => Token::Iphone,
        }
    }
}

/// What a reception has for phones: a reader of their own (汎用リーダー), beside the card's.
/// An Android phone needs nothing else, so `Phones::default()` takes these and no iPhone.
///
/// For a loop of one's own, as [`Equipment::phone`](super::Equipment::phone);
/// [`Reception`](super::Reception) knows it from its parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Phones {
    /// Realm of the [`DeviceVerification`](super::DeviceVerification) of iPhones; `None`
    /// if there is none, and then no iPhone is taken.
    pub device: Option<Realm>,
}

/// What [`Task::ReadPhone`](super::Task::ReadPhone) found.
#[derive(Debug)]
pub struct PhoneRead {
    /// The authentication certificate of the phone, which isn't the card's.
    pub certificate: CardCertificate,
    /// Who, and the signature over the challenge.
    pub signed: Signed,
}

/// A phone that wasn't read.
#[derive(Debug)]
pub struct PhoneNotRead {
    /// Why.
    pub error: PhoneTaskError,
    /// The PIN of the task, where it wasn't presented to anything: then the phone can be
    /// held there once more without typing it again.
    pub pin: Option<AuthPin>,
}

/// Why a phone wasn't read.
///
/// What the machine makes of it:
///
/// | error | then |
/// |---|---|
/// | `OtherToken` of a phone; of anything else | [`OtherKind`](TapAgain::OtherKind); [`NotAPhone`](TapAgain::NotAPhone) |
/// | [`Wrong`](VerifyError::Wrong) | the PIN is asked for anew, behind [`LastTry`](super::Screen::LastTry) where one try is left |
/// | [`AlreadyRefused`](VerifyError::AlreadyRefused) | the same, with the tries as they were |
/// | [`LastTryNotAllowed`](VerifyError::LastTryNotAllowed) | [`LastTry`](super::Screen::LastTry), then the PIN anew |
/// | [`Locked`](VerifyError::Locked) | the end: [`PhonePinLocked`](crate::eligibility::Failure::PhonePinLocked) |
/// | the answer to the PIN was lost | the end: [`PinOutcomeUnknown`](crate::eligibility::Failure::PinOutcomeUnknown) |
/// | [`Refused`](DeviceError::Refused), or an iPhone whose certificate or key stayed closed | [`NotIdentified`](TapAgain::NotIdentified) |
/// | [`CardError::Transport`] anywhere else | [`Moved`](TapAgain::Moved) |
/// | any other [`CardError`] | [`NotAPhone`](TapAgain::NotAPhone) |
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PhoneTaskError {
    /// What was held there carries another token than the phone that was chosen: nothing
    /// was presented to it.
    #[error("not the kind of phone that was chosen: {0:?}")]
    OtherToken(Token),
    /// The PIN, or the way to it; also all that failed before anything was presented,
    /// as the connection and the label.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The holder wasn't identified on the phone, or the way to that.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The holder was identified; certificate or signature failed.
    #[error(transparent)]
    Signature(CardError),
}

/// Why a phone is to be held to its reader once more.
///
/// Three of these in a visit, whichever they are, and the visit ends: for the third's
/// `NotIdentified` as
/// [`PhoneHolderNotConfirmed`](crate::eligibility::Failure::PhoneHolderNotConfirmed), else as
/// [`PhoneUnreadable`](crate::eligibility::Failure::PhoneUnreadable).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TapAgain {
    /// It was moved away too soon, or didn't answer.
    Moved,
    /// It is the other kind of phone.
    OtherKind,
    /// It is no phone with a My Number card: a plastic card, say.
    NotAPhone,
    /// The phone doesn't say that its holder was identified on it.
    NotIdentified,
}
