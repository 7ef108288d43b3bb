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

mod fault;
mod keypad;
mod moment;
mod plan;

pub use fault::{Fault, Tamper};
pub use keypad::Keyed;
pub use moment::Moment;

use fault::Hook;
use keypad::Fingers;
pub(in crate::simulation) use plan::Plan;

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
    plan: Plan,
    hook: Option<Hook>,
    /// The reader has a keypad.
    keypad: bool,
    /// The person at it; `None` while they type.
    fingers: Option<Fingers>,
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
            plan: Plan::default(),
            hook: None,
            keypad: false,
            fingers: None,
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

    /// Gives the reader a keypad of its own, and a person: `person` is asked each time what is typed. The reader makes the
    /// VERIFY of four digits itself, so that they never pass through the library.
    ///
    /// ```
    /// use uketsuke::simulation::{CardOptions, Keyed, Persona, VirtualReader};
    /// use uketsuke::transport::{Outgoing, Reader, Transport};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let persona = Persona::named("in-order").ok_or("no such persona")?;
    /// let now = "2026-11-24T00:00:00Z".parse()?;
    /// let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), now)
    ///     .with_keypad(|| Keyed::Digits("0000".to_owned().into()));
    /// let mut link = reader.connect()?;
    /// link.transmit(Outgoing::raw(b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01"))?;
    /// assert!(link.has_keypad());
    /// assert_eq!(link.verify_on_keypad(0x98)?.as_slice(), [0x63, 0xC2]);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn with_keypad(self, person: impl FnMut() -> Keyed + Send + 'static) -> Self {
        let mut slot = self.shared.lock();
        slot.keypad = true;
        slot.fingers = Some(Fingers(Box::new(person)));
        drop(slot);
        self
    }

    /// Lets `change` have every answer before the library gets it: the number of the exchange (1 is the first after
    /// connecting), the command, the answer. For what no [`Tamper`] does. It must not call this reader.
    #[must_use]
    pub fn with_hook(self, change: impl FnMut(u64, &[u8], &mut Vec<u8>) + Send + 'static) -> Self {
        self.shared.lock().hook = Some(Hook(Box::new(change)));
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
        slot.plan.card_taken();
        let card = slot.pulled.take();
        drop(slot);
        self.shared.changed.notify_all();
        card
    }

    /// Plans a fault. Exchanges are counted from each connection on.
    pub fn plan(&self, fault: Fault) {
        self.shared.lock().plan.add(fault);
        self.shared.changed.notify_all();
    }

    /// Plans a fault for the `nth` time (from 1, over all connections) that such a command is sent; `fault` is told the number
    /// of its exchange.
    ///
    /// ```
    /// use uketsuke::simulation::{CardOptions, Fault, Moment, Persona, VirtualReader};
    /// use uketsuke::transport::{Outgoing, Reader, Transport};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let persona = Persona::named("in-order").ok_or("no such persona")?;
    /// let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), "2026-11-24T00:00:00Z".parse()?);
    /// reader.plan_at(Moment::Select, 2, Fault::RemovedAfter);
    /// let mut link = reader.connect()?;
    /// let select = [0x00, 0xA4, 0x04, 0x0C, 0x01, 0xD3];
    /// assert!(link.transmit(Outgoing::raw(&select)).is_ok());
    /// assert!(link.transmit(Outgoing::raw(&select)).is_err());
    /// # Ok(()) }
    /// ```
    pub fn plan_at(&self, moment: Moment, nth: u64, fault: fn(u64) -> Fault) {
        self.shared.lock().plan.add_at(moment, nth, fault);
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
            Some(_) if self.plan.has(Fault::Mute) => Presence::Mute,
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
            Presence::Present if slot.connected || slot.plan.has(Fault::Held) => {
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

    /// One exchange with the card, and what was planned for it.
    fn exchange(&mut self, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let fail = |kind, outcome_unknown| Err(TransportError::new(kind, outcome_unknown));
        self.exchanges = self.exchanges.saturating_add(1);
        let exchange = self.exchanges;
        let shared = Arc::clone(&self.shared);
        let mut slot = shared.lock();
        self.check(&slot)?;
        let fault = slot.plan.take(bytes, exchange);
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
        let tamper = match fault {
            Some(Fault::Answer(_, tamper) | Fault::AnswersFrom(_, tamper)) => Some(tamper),
            _ => None,
        };
        let Some(card) = &mut slot.card else {
            return fail(TransportErrorKind::CardRemoved, false);
        };
        let mut response = match tamper.and_then(Tamper::instead) {
            Some(instead) => instead,
            None => Zeroizing::new(card.transmit(bytes)),
        };
        match fault {
            Some(Fault::RemovedAfter(_)) => {
                slot.pull();
                shared.changed.notify_all();
                return fail(TransportErrorKind::CardRemoved, true);
            }
            Some(Fault::CardResetAfter(_)) => {
                slot.power_off();
                return fail(TransportErrorKind::CardReset, true);
            }
            Some(Fault::AnswerCut(_)) => return fail(TransportErrorKind::AnswerCut, true),
            Some(Fault::TimedOut(_)) => return fail(TransportErrorKind::TimedOut, true),
            _ => {}
        }
        if let Some(tamper) = tamper {
            tamper.change(&mut response);
        }
        if let Some(hook) = &mut slot.hook {
            (hook.0)(exchange, bytes, &mut response);
        }
        if response.len() > self.limits.max_response {
            return fail(TransportErrorKind::AnswerCut, true);
        }
        Ok(response)
    }
}

impl Transport for VirtualTransport {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let bytes = command.bytes();
        let refuse = |kind| Err(TransportError::new(kind, false));
        if bytes.len() < 4 {
            return refuse(TransportErrorKind::InvalidCommand);
        }
        let extended = Command::decode(bytes).is_ok_and(|c| c.lengths() == Lengths::Extended);
        if extended && self.limits.extended == ExtendedLength::No {
            return refuse(TransportErrorKind::Unsupported);
        }
        self.exchange(bytes)
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

    fn has_keypad(&self) -> bool {
        self.shared.lock().keypad
    }

    fn verify_on_keypad(&mut self, p2: u8) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let refuse = |kind| Err(TransportError::new(kind, false));
        let mut slot = self.shared.lock();
        self.check(&slot)?;
        let Some(mut fingers) = slot.fingers.take() else {
            return refuse(TransportErrorKind::Unsupported);
        };
        // The person may do anything meanwhile, such as taking the card.
        drop(slot);
        let keyed = (fingers.0)();
        self.shared.lock().fingers = Some(fingers);
        let digits = match keyed {
            Keyed::Digits(digits) => digits,
            Keyed::Cancelled => return refuse(TransportErrorKind::Cancelled),
            Keyed::TimedOut => return refuse(TransportErrorKind::TimedOut),
        };
        if digits.len() != 4 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return refuse(TransportErrorKind::KeypadLength);
        }
        let mut verify = Zeroizing::new(Vec::with_capacity(9));
        verify.extend_from_slice(&[0x00, 0x20, 0x00, p2, 0x04]);
        verify.extend_from_slice(digits.as_bytes());
        self.exchange(&verify)
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
