//! The system's error codes, as kinds.

use pcsc::Error;

use crate::transport::{TransportError, TransportErrorKind as Kind};

/// An error of a call that sends nothing to the card.
pub(super) fn before(error: Error) -> TransportError {
    TransportError::new(kind(error), false)
}

/// An error of SCardTransmit. The codes below are given before anything is sent; for all others it depends on the system and
/// the driver, so the card may have acted.
pub(super) fn in_transmit(error: Error) -> TransportError {
    let before = matches!(
        error,
        Error::InvalidHandle
            | Error::InvalidParameter
            | Error::InvalidValue
            | Error::ProtoMismatch
            | Error::SharingViolation
    );
    TransportError::new(kind(error), !before)
}

/// An error of SCardConnect: a card that has just gone isn't there.
pub(super) fn in_connect(error: Error) -> TransportError {
    match kind(error) {
        Kind::CardRemoved => TransportError::before(Kind::NoCard),
        kind => TransportError::before(kind),
    }
}

fn kind(error: Error) -> Kind {
    match error {
        Error::NoSmartcard => Kind::NoCard,
        Error::UnresponsiveCard | Error::UnpoweredCard | Error::UnsupportedCard => Kind::Mute,
        Error::RemovedCard => Kind::CardRemoved,
        Error::ResetCard => Kind::CardReset,
        Error::UnknownReader | Error::ReaderUnavailable | Error::NoReadersAvailable => {
            Kind::ReaderGone
        }
        Error::SharingViolation => Kind::HeldByAnother,
        Error::NoService | Error::ServiceStopped | Error::Shutdown => Kind::ServiceUnavailable,
        // Measured with pcscd: what follows when a card leaves, until the daemon notices that it is gone.
        Error::NotTransacted | Error::CommDataLost => Kind::AnswerCut,
        Error::Timeout => Kind::TimedOut,
        Error::Cancelled | Error::SystemCancelled => Kind::Cancelled,
        Error::ProtoMismatch | Error::UnsupportedFeature | Error::ReaderUnsupported => {
            Kind::Unsupported
        }
        other => Kind::Fault(other as u32),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cannot_have_been_sent_is_certain() {
        for error in [
            Error::RemovedCard,
            Error::NotTransacted,
            Error::ResetCard,
            Error::Timeout,
            Error::CommError,
        ] {
            assert!(in_transmit(error).outcome_unknown, "{error:?}");
        }
        // The answer didn't fit: the command was carried out.
        assert!(in_transmit(Error::InsufficientBuffer).outcome_unknown);
        assert_eq!(
            in_transmit(Error::SharingViolation),
            TransportError::new(Kind::HeldByAnother, false)
        );
        assert!(!before(Error::RemovedCard).outcome_unknown);
    }

    #[test]
    fn kinds_by_what_a_caller_can_do() {
        assert_eq!(in_connect(Error::RemovedCard).kind, Kind::NoCard);
        assert_eq!(in_connect(Error::UnresponsiveCard).kind, Kind::Mute);
        assert_eq!(before(Error::UnknownReader).kind, Kind::ReaderGone);
        assert_eq!(before(Error::NoService).kind, Kind::ServiceUnavailable);
        assert_eq!(
            in_transmit(Error::NotTransacted),
            TransportError::new(Kind::AnswerCut, true)
        );
        assert_eq!(before(Error::NoMemory).kind, Kind::Fault(0x8010_0006));
    }
}
