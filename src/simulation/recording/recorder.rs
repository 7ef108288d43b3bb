//! Records what a virtual card says.

use std::fmt;

use zeroize::Zeroizing;

use super::{Recording, RecordingError};
use crate::simulation::{SoftwareCard, VirtualCard};
use crate::transport::{
    ExtendedLength, Limits, Outgoing, Reset, Transport, TransportError, TransportErrorKind,
};

/// Records what a [`VirtualCard`] says, whoever asks.
///
/// It is a [`Transport`] by itself, for this library, and a card that [`Vpcd`](crate::simulation::Vpcd) can put into PC/SC, for
/// any other program. By its type it takes a virtual card and nothing else, so no session with a person's card can be recorded
/// whole. What is said to the card isn't recorded.
///
/// ```
/// use uketsuke::VisitId;
/// use uketsuke::card::{Card, Jpki};
/// use uketsuke::simulation::{CardOptions, Persona, Recorder, Replayed, VirtualCard};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let persona = Persona::named("in-order").ok_or("no such persona")?;
/// let card = VirtualCard::new(persona, CardOptions::default(), "2026-11-24T00:00:00Z".parse()?);
///
/// let mut card = Card::new(Recorder::new(card), VisitId::begin());
/// let read = card.open::<Jpki>()?.authentication_certificate(&mut |_| ())?;
/// let (recording, _card) = card.release()?.finish()?;
///
/// let mut replayed = Card::new(Replayed::new(recording), VisitId::begin());
/// let again = replayed.open::<Jpki>()?.authentication_certificate(&mut |_| ())?;
/// assert_eq!(again.der(), read.der());
/// # Ok(()) }
/// ```
///
/// Any other link is refused by the compiler:
///
/// ```compile_fail,E0308
/// use uketsuke::simulation::Recorder;
/// use uketsuke::transport::Transport;
///
/// fn record(link: impl Transport) -> Recorder {
///     Recorder::new(link)
/// }
/// ```
pub struct Recorder {
    card: VirtualCard,
    recording: Result<Recording, RecordingError>,
}

impl Recorder {
    /// Records the card from here on.
    #[must_use]
    pub fn new(card: VirtualCard) -> Self {
        Self {
            recording: Ok(Recording::of_atr(card.atr())),
            card,
        }
    }

    /// What was recorded, and the card.
    ///
    /// # Errors
    /// The session was too long, or an answer.
    pub fn finish(self) -> Result<(Recording, VirtualCard), RecordingError> {
        Ok((self.recording?, self.card))
    }

    fn answer(&mut self, command: &[u8]) -> Vec<u8> {
        let answer = self.card.transmit(command);
        if let Ok(recording) = &mut self.recording
            && let Err(error) = recording.push(&answer)
        {
            self.recording = Err(error);
        }
        answer
    }
}

impl SoftwareCard for Recorder {
    fn atr(&self) -> Vec<u8> {
        self.card.atr().to_vec()
    }

    fn power_on(&mut self) {
        self.card.power_on();
    }

    fn power_off(&mut self) {
        self.card.power_off();
    }

    fn reset(&mut self) {
        self.card.reset();
    }

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        self.answer(command)
    }

    fn transmissions(&self) -> u64 {
        self.card.transmissions()
    }
}

impl Transport for Recorder {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        if command.bytes().len() < 4 {
            let kind = TransportErrorKind::InvalidCommand;
            return Err(TransportError::new(kind, false));
        }
        Ok(Zeroizing::new(self.answer(command.bytes())))
    }

    fn limits(&self) -> Limits {
        Limits {
            extended: ExtendedLength::Yes,
            max_response: Recording::LONGEST_ANSWER,
        }
    }

    fn reset(&mut self, how: Reset) -> Result<(), TransportError> {
        match how {
            Reset::Warm => self.card.reset(),
            Reset::PowerOff => {
                self.card.power_off();
                self.card.power_on();
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("card", &self.card)
            .field("recording", &self.recording)
            .finish()
    }
}
