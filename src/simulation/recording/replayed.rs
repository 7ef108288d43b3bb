//! Plays a recording.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use zeroize::Zeroizing;

use super::Recording;
use crate::simulation::SoftwareCard;
use crate::transport::{
    Cancel, ExtendedLength, Limits, Outgoing, Presence, Reader, Reset, Transport, TransportError,
    TransportErrorKind as Kind,
};

/// Plays a [`Recording`]: gives its answers in order, whatever is asked.
///
/// It is a link ([`Transport`]), a place where that card lies until its last answer ([`Reader`]), and a card that
/// [`Vpcd`](crate::simulation::Vpcd) can put into PC/SC. Clones go on where the others are. Resets change nothing.
///
/// To the library a card whose answers are used up was removed, outcome unknown, and a recorded answer of fewer than two bytes
/// is cut. To PC/SC both are `6D00`, as they are to OpenSC.
///
/// A session that was recorded with extended length has to be asked for with it too, so [`limits`](Transport::limits) are those
/// of the recorder; [`with_limits`](Self::with_limits) gives others.
///
/// ```
/// use uketsuke::simulation::{Recording, Replayed};
/// use uketsuke::transport::{Outgoing, Presence, Reader, Transport};
///
/// let mut reader = Replayed::new(Recording::from_bytes(&[1, 0, 0x3B, 2, 0, 0x90, 0x00])?);
/// let mut link = reader.connect()?;
/// assert_eq!(link.transmit(Outgoing::raw(&[0x00, 0x84, 0x00, 0x00]))?.as_slice(), [0x90, 0x00]);
/// assert!(link.transmit(Outgoing::raw(&[0x00, 0x84, 0x00, 0x00])).is_err());
/// assert_eq!(reader.presence()?, Presence::Absent);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Replayed {
    shared: Arc<Shared>,
    limits: Limits,
}

struct Shared {
    play: Mutex<Play>,
    /// Told of the last answer and of a cancelled wait.
    changed: Condvar,
}

struct Play {
    atr: Vec<u8>,
    /// The next answer is the last of these.
    left: Vec<Vec<u8>>,
    given: u64,
    cancelled: bool,
}

impl Play {
    fn presence(&self) -> Presence {
        match self.left.is_empty() {
            true => Presence::Absent,
            false => Presence::Present,
        }
    }
}

impl Replayed {
    /// From the first answer on.
    #[must_use]
    pub fn new(recording: Recording) -> Self {
        let mut left: Vec<_> = recording.answers().map(<[u8]>::to_vec).collect();
        left.reverse();
        let play = Play {
            atr: recording.atr().to_vec(),
            left,
            given: 0,
            cancelled: false,
        };
        Self {
            shared: Arc::new(Shared {
                play: Mutex::new(play),
                changed: Condvar::new(),
            }),
            limits: Limits {
                extended: ExtendedLength::Yes,
                max_response: Recording::LONGEST_ANSWER,
            },
        }
    }

    /// Says of itself that it carries this. The answers stay what they are.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Answers not yet given.
    #[must_use]
    pub fn left(&self) -> usize {
        self.lock().left.len()
    }

    /// A panic elsewhere leaves nothing half done here.
    fn lock(&self) -> MutexGuard<'_, Play> {
        self.shared
            .play
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Option<Zeroizing<Vec<u8>>> {
        let mut play = self.lock();
        let answer = play.left.pop().map(Zeroizing::new);
        if answer.is_some() {
            play.given = play.given.saturating_add(1);
        }
        drop(play);
        self.shared.changed.notify_all();
        answer
    }
}

impl Transport for Replayed {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        if command.bytes().len() < 4 {
            return Err(TransportError::new(Kind::InvalidCommand, false));
        }
        match self.next() {
            None => Err(TransportError::new(Kind::CardRemoved, true)),
            Some(answer) if answer.len() < 2 => Err(TransportError::new(Kind::AnswerCut, true)),
            Some(answer) => Ok(answer),
        }
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn reset(&mut self, _: Reset) -> Result<(), TransportError> {
        Ok(())
    }
}

impl SoftwareCard for Replayed {
    fn atr(&self) -> Vec<u8> {
        self.lock().atr.clone()
    }

    fn power_on(&mut self) {}

    fn power_off(&mut self) {}

    fn reset(&mut self) {}

    fn transmit(&mut self, _: &[u8]) -> Vec<u8> {
        match self.next() {
            Some(answer) if answer.len() >= 2 => answer.to_vec(),
            _ => vec![0x6D, 0x00],
        }
    }

    fn transmissions(&self) -> u64 {
        self.lock().given
    }
}

impl Reader for Replayed {
    type Transport = Self;

    fn name(&self) -> &str {
        "recording"
    }

    fn presence(&mut self) -> Result<Presence, TransportError> {
        Ok(self.lock().presence())
    }

    fn wait_for_change(
        &mut self,
        from: Presence,
        timeout: Duration,
    ) -> Result<Presence, TransportError> {
        let (mut play, _) = self
            .shared
            .changed
            .wait_timeout_while(self.lock(), timeout, |play| {
                !play.cancelled && play.presence() == from
            })
            .unwrap_or_else(PoisonError::into_inner);
        match std::mem::take(&mut play.cancelled) {
            true => Err(TransportError::new(Kind::Cancelled, false)),
            false => Ok(play.presence()),
        }
    }

    fn connect(&mut self) -> Result<Self, TransportError> {
        match self.lock().presence() {
            Presence::Present => Ok(self.clone()),
            _ => Err(TransportError::new(Kind::NoCard, false)),
        }
    }

    fn canceller(&self) -> Box<dyn Cancel> {
        Box::new(Canceller(self.clone()))
    }
}

#[derive(Debug)]
struct Canceller(Replayed);

impl Cancel for Canceller {
    fn cancel(&self) {
        self.0.lock().cancelled = true;
        self.0.shared.changed.notify_all();
    }
}

/// How many answers are left; nothing of what is in them.
impl fmt::Debug for Replayed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Replayed({} answers left)", self.left())
    }
}
