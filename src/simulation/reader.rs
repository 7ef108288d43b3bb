//! A reader in this process, with a slot for a virtual card and a plan of what goes wrong.

use super::card::{CardOptions, VirtualCard};
use super::persona::{Mishap, Persona};
use crate::apdu::{Command, Lengths};
use crate::transport::{
    Cancel, ExtendedLength, Limits, Outgoing, Presence, Reader, Reset, Transport, TransportError,
    TransportErrorKind,
};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use zeroize::Zeroizing;

/// What goes wrong, and at which exchange: 1 is the first after connecting.
///
/// Each happens once. "Before" means that the command didn't reach the card, "after" that the card did what it was
/// told and its answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The card is pulled before the exchange reaches it. `CardRemoved`, outcome known.
    RemovedBefore(u64),
    /// The card is pulled after it acted, before the answer. `CardRemoved`, outcome unknown.
    RemovedAfter(u64),
    /// The reader stops working before the exchange reaches the card, for good. `ReaderGone`, outcome unknown, since
    /// no program can tell.
    ReaderGone(u64),
    /// The card acts, but its answer is cut to less than a status word. `AnswerCut`, outcome unknown.
    AnswerCut(u64),
    /// Another program powers the card off and on before the exchange, which doesn't reach the card. `CardReset`,
    /// outcome known; the link is good again afterwards, with nothing selected and nothing unlocked.
    CardResetBefore(u64),
    /// There is something on the reader, but it doesn't answer to power: connecting is refused with `Mute`, until the
    /// card is taken out.
    Mute,
}

impl Fault {
    const fn is_at(self, exchange: u64) -> bool {
        match self {
            Self::RemovedBefore(n)
            | Self::RemovedAfter(n)
            | Self::ReaderGone(n)
            | Self::AnswerCut(n)
            | Self::CardResetBefore(n) => n == exchange,
            Self::Mute => false,
        }
    }
}

/// An in-process reader with a slot for a virtual card; cloned handles share the slot.
///
/// ```
/// use uketsuke::simulation::{CardOptions, Persona, VirtualCard, VirtualReader};
/// use uketsuke::transport::{Outgoing, Presence, Reader, Transport};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut reader = VirtualReader::new();
/// assert_eq!(reader.presence()?, Presence::Absent);
///
/// let persona = Persona::named("in-order").ok_or("no such persona")?;
/// reader.insert(VirtualCard::new(persona, CardOptions::default(), "2026-11-24T00:00:00Z".parse()?));
/// let mut link = reader.connect()?;
/// assert_eq!(link.transmit(Outgoing::raw(&[0x00, 0xA4, 0x04, 0x0C, 0x01, 0xD3]))?.as_slice(), [0x90, 0x00]);
///
/// let card = reader.remove().ok_or("the slot is empty")?;
/// assert_eq!(card.transmissions(), 1);
/// assert!(link.transmit(Outgoing::raw(&[0x00, 0x84, 0x00, 0x00, 0x08])).is_err());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct VirtualReader {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    slot: Mutex<Slot>,
    /// Told of every change of presence and of a cancelled wait.
    changed: Condvar,
}

#[derive(Debug)]
struct Slot {
    card: Option<VirtualCard>,
    /// A card that a fault pulled out: nobody has taken it yet.
    pulled: Option<VirtualCard>,
    /// Counts insertions: a link belongs to one.
    insertion: u64,
    /// A link is open to the card of this insertion.
    connected: bool,
    faults: Vec<Fault>,
    limits: Limits,
    gone: bool,
    cancelled: bool,
}

impl Shared {
    /// A panic elsewhere while the slot was locked leaves nothing half done here.
    fn lock(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl VirtualReader {
    /// An empty one that carries everything: extended length, answers of 65,538 bytes.
    #[must_use]
    pub fn new() -> Self {
        let limits = Limits {
            extended: ExtendedLength::Yes,
            max_response: 65_538,
        };
        let slot = Slot {
            card: None,
            pulled: None,
            insertion: 0,
            connected: false,
            faults: Vec::new(),
            limits,
            gone: false,
            cancelled: false,
        };
        Self {
            shared: Arc::new(Shared {
                slot: Mutex::new(slot),
                changed: Condvar::new(),
            }),
        }
    }

    /// The same with a persona's card in it, and with the persona's mishap planned if it is the reader's or the
    /// card's: the card is pulled before the fourth exchange, the reader stops working before the third.
    #[must_use]
    pub fn with_persona(persona: &Persona, options: CardOptions, now: jiff::Timestamp) -> Self {
        let reader = Self::new();
        reader.insert(VirtualCard::new(persona, options, now));
        match persona.mishap {
            Some(Mishap::CardPulled) => reader.plan(Fault::RemovedBefore(4)),
            Some(Mishap::ReaderFault) => reader.plan(Fault::ReaderGone(3)),
            Some(Mishap::NetworkDown | Mishap::CentreDown | Mishap::NotEquipped) | None => {}
        }
        reader
    }

    /// Sets what links say of themselves and hold to, from the next connection on: where extended length is `No`
    /// they refuse to carry it (`Unsupported`), and longer answers than `max_response` bytes are cut (`AnswerCut`).
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        self.shared.lock().limits = limits;
        self
    }

    /// Puts a card in. One that was there before is gone.
    pub fn insert(&self, mut card: VirtualCard) {
        card.power_off();
        let mut slot = self.shared.lock();
        slot.card = Some(card);
        slot.pulled = None;
        slot.insertion = slot.insertion.saturating_add(1);
        slot.connected = false;
        drop(slot);
        self.shared.changed.notify_all();
    }

    /// Takes the card out, or picks up the one that a fault pulled. It is powered off then.
    pub fn remove(&self) -> Option<VirtualCard> {
        let mut slot = self.shared.lock();
        slot.pull();
        slot.faults.retain(|fault| *fault != Fault::Mute);
        let card = slot.pulled.take();
        drop(slot);
        self.shared.changed.notify_all();
        card
    }

    /// Plans a fault. Exchanges are counted from each connection on.
    pub fn plan(&self, fault: Fault) {
        self.shared.lock().faults.push(fault);
        self.shared.changed.notify_all();
    }

    /// Commands that the card in the slot (or the one just pulled) has answered since it was made.
    #[must_use]
    pub fn transmissions(&self) -> Option<u64> {
        let slot = self.shared.lock();
        slot.card
            .as_ref()
            .or(slot.pulled.as_ref())
            .map(VirtualCard::transmissions)
    }
}

impl Default for VirtualReader {
    fn default() -> Self {
        Self::new()
    }
}

impl Slot {
    fn presence(&self) -> Result<Presence, TransportError> {
        if self.gone {
            return Err(TransportError::new(TransportErrorKind::ReaderGone, false));
        }
        Ok(match &self.card {
            None => Presence::Absent,
            Some(_) if self.faults.contains(&Fault::Mute) => Presence::Mute,
            Some(_) => Presence::Present,
        })
    }

    /// Moves the card out of the slot, without power.
    fn pull(&mut self) {
        if let Some(mut card) = self.card.take() {
            card.power_off();
            self.pulled = Some(card);
        }
        self.connected = false;
    }

    fn power_off(&mut self) {
        if let Some(card) = &mut self.card {
            card.power_off();
        }
    }
}

impl Reader for VirtualReader {
    type Transport = VirtualTransport;

    fn name(&self) -> &str {
        "virtual reader"
    }

    fn presence(&mut self) -> Result<Presence, TransportError> {
        self.shared.lock().presence()
    }

    fn wait_for_change(
        &mut self,
        from: Presence,
        timeout: Duration,
    ) -> Result<Presence, TransportError> {
        let slot = self.shared.lock();
        let (mut slot, _) = self
            .shared
            .changed
            .wait_timeout_while(slot, timeout, |slot| {
                !slot.cancelled && slot.presence() == Ok(from)
            })
            .unwrap_or_else(PoisonError::into_inner);
        if slot.cancelled {
            slot.cancelled = false;
            return Err(TransportError::new(TransportErrorKind::Cancelled, false));
        }
        slot.presence()
    }

    fn connect(&mut self) -> Result<VirtualTransport, TransportError> {
        let mut slot = self.shared.lock();
        let refuse = |kind| Err(TransportError::new(kind, false));
        match slot.presence()? {
            Presence::Absent => return refuse(TransportErrorKind::NoCard),
            Presence::Mute => return refuse(TransportErrorKind::Mute),
            Presence::Present if slot.connected => {
                return refuse(TransportErrorKind::HeldByAnother);
            }
            Presence::Present => {}
        }
        slot.connected = true;
        if let Some(card) = &mut slot.card {
            card.power_on();
        }
        Ok(VirtualTransport {
            insertion: slot.insertion,
            limits: slot.limits,
            exchanges: 0,
            shared: Arc::clone(&self.shared),
        })
    }

    fn canceller(&self) -> Box<dyn Cancel> {
        Box::new(Canceller {
            shared: Arc::clone(&self.shared),
        })
    }
}

#[derive(Debug)]
struct Canceller {
    shared: Arc<Shared>,
}

impl Cancel for Canceller {
    fn cancel(&self) {
        self.shared.lock().cancelled = true;
        self.shared.changed.notify_all();
    }
}

/// The link to the card in a [`VirtualReader`], exclusive; dropping it powers the card off.
#[derive(Debug)]
pub struct VirtualTransport {
    shared: Arc<Shared>,
    insertion: u64,
    limits: Limits,
    exchanges: u64,
}

impl VirtualTransport {
    /// Exchanges asked for since connecting, those that failed included.
    #[must_use]
    pub const fn exchanges(&self) -> u64 {
        self.exchanges
    }

    /// Whether the card of this link is still in the slot.
    fn check(&self, slot: &Slot) -> Result<(), TransportError> {
        if slot.gone {
            return Err(TransportError::new(TransportErrorKind::ReaderGone, false));
        }
        if slot.card.is_none() || slot.insertion != self.insertion {
            return Err(TransportError::new(TransportErrorKind::CardRemoved, false));
        }
        Ok(())
    }
}

impl Transport for VirtualTransport {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let fail = |kind, outcome_unknown| Err(TransportError::new(kind, outcome_unknown));
        let bytes = command.bytes();
        if bytes.len() < 4 {
            return fail(TransportErrorKind::InvalidCommand, false);
        }
        let extended = Command::decode(bytes).is_ok_and(|c| c.lengths() == Lengths::Extended);
        if extended && self.limits.extended == ExtendedLength::No {
            return fail(TransportErrorKind::Unsupported, false);
        }
        self.exchanges = self.exchanges.saturating_add(1);
        let exchange = self.exchanges;
        let shared = Arc::clone(&self.shared);
        let mut slot = shared.lock();
        self.check(&slot)?;
        let planned = slot.faults.iter().position(|fault| fault.is_at(exchange));
        let fault = planned.map(|index| slot.faults.remove(index));
        match fault {
            Some(Fault::RemovedBefore(_)) => {
                slot.pull();
                shared.changed.notify_all();
                return fail(TransportErrorKind::CardRemoved, false);
            }
            Some(Fault::ReaderGone(_)) => {
                slot.gone = true;
                slot.power_off();
                shared.changed.notify_all();
                return fail(TransportErrorKind::ReaderGone, true);
            }
            Some(Fault::CardResetBefore(_)) => {
                slot.power_off();
                return fail(TransportErrorKind::CardReset, false);
            }
            _ => {}
        }
        let Some(card) = &mut slot.card else {
            return fail(TransportErrorKind::CardRemoved, false);
        };
        let response = Zeroizing::new(card.transmit(bytes));
        match fault {
            Some(Fault::RemovedAfter(_)) => {
                slot.pull();
                shared.changed.notify_all();
                fail(TransportErrorKind::CardRemoved, true)
            }
            Some(Fault::AnswerCut(_)) => fail(TransportErrorKind::AnswerCut, true),
            _ if response.len() > self.limits.max_response => {
                fail(TransportErrorKind::AnswerCut, true)
            }
            _ => Ok(response),
        }
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn reset(&mut self, how: Reset) -> Result<(), TransportError> {
        let shared = Arc::clone(&self.shared);
        let mut slot = shared.lock();
        self.check(&slot)?;
        if let Some(card) = &mut slot.card {
            match how {
                Reset::Warm => card.reset(),
                Reset::PowerOff => {
                    card.power_off();
                    card.power_on();
                }
            }
        }
        Ok(())
    }
}

impl Drop for VirtualTransport {
    fn drop(&mut self) {
        let mut slot = self.shared.lock();
        if slot.insertion == self.insertion && slot.card.is_some() {
            slot.power_off();
            slot.connected = false;
        }
    }
}
