//! From the layers' errors to the failure that the person is told.

use crate::apdu::StatusWord;
use crate::card::{CardError, VerifyError};
use crate::eligibility::Failure;
use crate::transport::{TransportError, TransportErrorKind};
use crate::trust::{Revoked, TrustError};

pub(super) const fn of_transport(error: &TransportError) -> Failure {
    match error.kind {
        TransportErrorKind::NoCard | TransportErrorKind::CardRemoved => Failure::CardRemoved,
        TransportErrorKind::Mute => Failure::CardUnreadable,
        // Another program either way, and closing it is the remedy.
        TransportErrorKind::HeldByAnother | TransportErrorKind::CardReset => Failure::ReaderBusy,
        TransportErrorKind::Cancelled => Failure::Cancelled,
        // A cut answer is how a card that was pulled while it was working shows
        // itself through pcscd; the reader's next word is that it's gone.
        TransportErrorKind::AnswerCut => Failure::CardRemoved,
        _ => Failure::ReaderFault,
    }
}

pub(super) const fn of_card(error: &CardError) -> Failure {
    match error {
        CardError::NoApplication { .. } => Failure::NotAMyNumberCard,
        CardError::Transport { source, .. } => of_transport(source),
        // The power could not be switched: the reader does not do its work.
        CardError::Dirty => Failure::ReaderFault,
        _ => Failure::CardUnreadable,
    }
}

/// Where the certificate was to be read: only phones' tokens want a PIN before
/// it, and only the card before My Number (住民基本台帳カード) has the
/// application without such a file.
pub(super) const fn of_certificate(error: &CardError) -> Failure {
    match error {
        CardError::NotVerified { .. } => Failure::PhoneNotAccepted,
        CardError::Refused {
            status: StatusWord::NOT_FOUND,
            ..
        } => Failure::NotAMyNumberCard,
        error => of_card(error),
    }
}

/// The reader for phones: the card's may be in order.
pub(super) const fn of_phone_reader(error: &TransportError) -> Failure {
    match error.kind {
        TransportErrorKind::HeldByAnother => Failure::ReaderBusy,
        _ => Failure::PhoneUnreadable,
    }
}

/// While a phone is used: what is said of a card, told of the phone. The card has a
/// certificate of its own, and is the remedy.
pub(super) const fn with_phone(failure: Failure) -> Failure {
    match failure {
        Failure::CertificateLapsed
        | Failure::CertificateNotYetValid
        | Failure::CertificateRevoked
        | Failure::CertificateInvalid
        | Failure::SignatureInvalid
        | Failure::WrongRealm => Failure::PhoneCertificateInvalid,
        Failure::PinLocked => Failure::PhonePinLocked,
        Failure::CardUnreadable | Failure::CardRemoved | Failure::NotAMyNumberCard => {
            Failure::PhoneUnreadable
        }
        other => other,
    }
}

/// What a check-in tells the person about an authentication certificate that
/// isn't accepted; what to do then is told by [`advise`](crate::eligibility::advise).
///
/// Lapsed, not valid yet, and another realm have failures of their own; all else
/// is [`Failure::CertificateInvalid`], since the person can do nothing about it.
/// The error itself is for the log. Many of them in a row are no fault of the
/// cards: the clock, the roots or the policy of the terminal may be wrong.
///
/// ```
/// use uketsuke::eligibility::Failure;
/// use uketsuke::trust::TrustError;
///
/// assert_eq!(Failure::from(&TrustError::BadSignature), Failure::CertificateInvalid);
/// ```
impl From<&TrustError> for Failure {
    fn from(error: &TrustError) -> Self {
        match error {
            TrustError::Lapsed { .. } => Self::CertificateLapsed,
            TrustError::NotYetValid { .. } => Self::CertificateNotYetValid,
            TrustError::RealmNotAccepted { .. } => Self::WrongRealm,
            _ => Self::CertificateInvalid,
        }
    }
}

/// A revoked certificate, or one on hold, ends a check-in; the person isn't told which.
///
/// ```
/// use uketsuke::eligibility::Failure;
/// use uketsuke::trust::{RevocationReason, Revoked};
///
/// let revoked = Revoked {
///     at: "2026-10-01T00:00:00Z".parse()?,
///     reason: RevocationReason::CertificateHold,
/// };
/// assert_eq!(Failure::from(&revoked), Failure::CertificateRevoked);
/// # Ok::<(), jiff::Error>(())
/// ```
impl From<&Revoked> for Failure {
    fn from(_: &Revoked) -> Self {
        Self::CertificateRevoked
    }
}

/// For what the machine doesn't answer with another question: the secret didn't
/// reach the card.
pub(super) const fn of_verify(error: &VerifyError) -> Failure {
    match error {
        VerifyError::Card(card) => of_card(card),
        _ => Failure::Internal,
    }
}
