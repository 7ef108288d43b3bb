//! A card held through PC/SC.

use std::fmt;

use pcsc::{Card, Disposition, Error, Protocol, Protocols, ShareMode};
use zeroize::{Zeroize, Zeroizing};

use super::codes;
use super::features::Features;
use super::keypad;
use super::shared::SharedCard;
use crate::transport::{
    ExtendedLength, Limits, Outgoing, Reset, Transport, TransportError, TransportErrorKind as Kind,
};

/// A connection only to a card, never to the bare reader.
pub(super) const PROTOCOLS: Protocols = Protocols::T0.union(Protocols::T1);

/// Shortest and longest command APDU (ISO/IEC 7816-4: header; header, extended Lc, 65,535 bytes, extended Le). A driver can
/// take a single byte for a control code, and no byte at all can block it, so they are kept away from it.
const COMMAND_LEN: std::ops::RangeInclusive<usize> = 4..=65_544;

/// Longest response APDU.
const MAX_RESPONSE: usize = 65_538;

/// A card held through PC/SC; powered off when dropped, so that nothing stays unlocked.
///
/// The card is held exclusively, without a transaction. Where the system refuses that, it is shared with other programs, and
/// [`begin_burst`](Transport::begin_burst) to [`end_burst`](Transport::end_burst) is one transaction; on a thread of its
/// own, since a transaction borrows the card. Then `begin_burst` waits as long as another program keeps its transaction.
///
/// A command is handed to the system once, with room for the longest answer, so that the system has no reason to ask for
/// more room and nobody one to send it again.
///
/// After [`TransportErrorKind::CardReset`](Kind::CardReset) the link can be used again; what the card had selected and
/// unlocked is lost.
pub struct PcscTransport {
    link: Link,
    limits: Limits,
    /// Control code of the reader's keypad.
    keypad: Option<u32>,
    buffer: AnswerBuffer,
}

impl PcscTransport {
    /// Takes a connected card.
    pub(super) fn new(card: Card, mode: ShareMode) -> Result<Self, TransportError> {
        let Some(protocol) = protocol(&card) else {
            power_off(card);
            return Err(TransportError::before(Kind::Mute));
        };
        let features = Features::of(&card);
        let limits = limits(protocol, features.max_apdu_data);
        let link = match mode {
            ShareMode::Shared => Link::Shared(
                SharedCard::new(card).ok_or(TransportError::before(Kind::HeldByAnother))?,
            ),
            ShareMode::Exclusive | ShareMode::Direct => Link::Exclusive(Some(card)),
        };
        Ok(Self {
            link,
            limits,
            keypad: features.verify_pin_direct,
            buffer: AnswerBuffer::new(),
        })
    }

    fn reconnect(&mut self, how: Disposition) -> Result<(), Error> {
        match &mut self.link {
            Link::Exclusive(Some(card)) => card.reconnect(ShareMode::Exclusive, PROTOCOLS, how),
            Link::Exclusive(None) => Err(Error::InvalidHandle),
            Link::Shared(shared) => shared.reconnect(how),
        }
    }

    /// After a reset by someone else the system refuses everything until the program says that it knows. This says so
    /// and touches the card no further; the caller still gets the error.
    fn acknowledge_reset(&mut self, error: Error) -> Error {
        if error == Error::ResetCard {
            let _ = self.reconnect(Disposition::LeaveCard);
        }
        error
    }
}

impl Transport for PcscTransport {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let bytes = command.bytes();
        if !COMMAND_LEN.contains(&bytes.len()) {
            return Err(TransportError::before(Kind::InvalidCommand));
        }
        let answer = match &self.link {
            Link::Exclusive(Some(card)) => self.buffer.transmit(card, bytes),
            Link::Exclusive(None) => Err(Error::InvalidHandle),
            Link::Shared(shared) => shared.transmit(bytes),
        };
        match answer {
            // Measured with pcscd: a card that leaves while it answers gives success with nothing.
            Ok(answer) if answer.len() < 2 => Err(TransportError::new(Kind::AnswerCut, true)),
            Ok(answer) => Ok(answer),
            Err(error) => Err(codes::in_transmit(self.acknowledge_reset(error))),
        }
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn has_keypad(&self) -> bool {
        self.keypad.is_some()
    }

    /// One FEATURE_VERIFY_PIN_DIRECT. No reader with a keypad was at hand to try it.
    fn verify_on_keypad(&mut self, p2: u8) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let Some(code) = self.keypad else {
            return Err(TransportError::before(Kind::Unsupported));
        };
        let request = keypad::pin_verify(p2);
        let answer = match &self.link {
            Link::Exclusive(Some(card)) => control(card, code, &request),
            Link::Exclusive(None) => Err(Error::InvalidHandle),
            Link::Shared(shared) => shared.control(code, request.to_vec()),
        };
        match answer {
            Ok(answer) => keypad::answer(answer),
            Err(error) => Err(codes::in_transmit(self.acknowledge_reset(error))),
        }
    }

    fn reset(&mut self, how: Reset) -> Result<(), TransportError> {
        let how = match how {
            Reset::Warm => Disposition::ResetCard,
            Reset::PowerOff => Disposition::UnpowerCard,
        };
        self.reconnect(how).map_err(codes::before)
    }

    fn is_shared(&self) -> bool {
        matches!(self.link, Link::Shared(_))
    }

    fn begin_burst(&mut self) -> Result<(), TransportError> {
        let Link::Shared(shared) = &self.link else {
            return Ok(());
        };
        shared
            .begin()
            .map_err(|error| codes::before(self.acknowledge_reset(error)))
    }

    fn end_burst(&mut self) {
        if let Link::Shared(shared) = &self.link {
            // A transaction that can't be ended ended with the connection.
            let _ = shared.end();
        }
    }
}

impl Drop for PcscTransport {
    fn drop(&mut self) {
        if let Link::Exclusive(card) = &mut self.link
            && let Some(card) = card.take()
        {
            power_off(card);
        }
    }
}

impl fmt::Debug for PcscTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PcscTransport")
            .field("shared", &self.is_shared())
            .field("limits", &self.limits)
            .field("keypad", &self.keypad.is_some())
            .finish_non_exhaustive()
    }
}

enum Link {
    /// `None` only while it is dropped.
    Exclusive(Option<Card>),
    Shared(SharedCard),
}

/// Lets go of the card with its power off. Where that fails, dropping `Card` tries a reset, and the system cleans up when the
/// context is released.
pub(super) fn power_off(card: Card) {
    let _ = card.disconnect(Disposition::UnpowerCard);
}

/// Room for the longest answer, wiped after each.
pub(super) struct AnswerBuffer(Zeroizing<Vec<u8>>);

impl AnswerBuffer {
    pub(super) fn new() -> Self {
        Self(Zeroizing::new(vec![0; MAX_RESPONSE]))
    }

    /// One SCardTransmit.
    pub(super) fn transmit(
        &mut self,
        card: &Card,
        command: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let result = card
            .transmit(command, &mut self.0)
            .map(|answer| Zeroizing::new(answer.to_vec()));
        let used = result.as_ref().map_or(self.0.len(), |answer| answer.len());
        if let Some(used) = self.0.get_mut(..used) {
            used.zeroize();
        }
        result
    }
}

/// One SCardControl, whose answer is a response APDU without much data.
pub(super) fn control(card: &Card, code: u32, request: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut buffer = Zeroizing::new([0; 258]);
    card.control(code.into(), request, &mut *buffer)
        .map(|answer| Zeroizing::new(answer.to_vec()))
}

/// The protocol that card and reader agreed on; `None` if the card doesn't talk.
fn protocol(card: &Card) -> Option<Protocol> {
    card.status2_owned().ok()?.protocol2()
}

/// What protocol and driver say about lengths.
///
/// With T=0 an extended command has to be wrapped (ENVELOPE), which isn't done here. With T=1 it depends on the card as
/// well, so even a driver that carries long APDUs leaves it to be tried.
fn limits(protocol: Protocol, max_apdu_data: Option<u32>) -> Limits {
    let short = Limits {
        extended: ExtendedLength::No,
        max_response: 258,
    };
    match (protocol, max_apdu_data) {
        (Protocol::T0, _) | (_, Some(0)) => short,
        (_, size) => {
            let data = size
                .and_then(|size| usize::try_from(size).ok())
                .unwrap_or(65_536);
            Limits {
                extended: ExtendedLength::Unknown,
                max_response: data.saturating_add(2).min(MAX_RESPONSE),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_follow_protocol_and_driver() {
        for (protocol, size, extended, max_response) in [
            (Protocol::T0, None, ExtendedLength::No, 258),
            (Protocol::T0, Some(65_536), ExtendedLength::No, 258),
            (Protocol::T1, Some(0), ExtendedLength::No, 258),
            (Protocol::T1, None, ExtendedLength::Unknown, 65_538),
            (Protocol::T1, Some(2048), ExtendedLength::Unknown, 2050),
            (Protocol::T1, Some(65_536), ExtendedLength::Unknown, 65_538),
        ] {
            assert_eq!(
                limits(protocol, size),
                Limits {
                    extended,
                    max_response
                }
            );
        }
    }

    #[test]
    fn what_is_no_command_is_known_by_its_length() {
        for len in [0, 1, 3, 65_545] {
            assert!(!COMMAND_LEN.contains(&len));
        }
        assert!(COMMAND_LEN.contains(&4) && COMMAND_LEN.contains(&65_544));
    }
}
