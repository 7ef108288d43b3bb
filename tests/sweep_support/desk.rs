//! A reader over the slot, and a person at the desk who knows what they want.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use uketsuke::Realm;
use uketsuke::card::{AuthPin, ReferenceNumberB, ReferenceNumberSource, ReferenceSourceError};
use uketsuke::checkin::{
    AuditRecord, Choice, Desk, Method, Passcode, Screen, StaffId, StaffPasscodeSource,
};
use uketsuke::transport::{Cancel, Presence, Reader, TransportError, TransportErrorKind};

use super::link::{FaultyLink, Slot};

/// More waits than any visit has.
const NO_END: usize = 5_000;

pub struct SlotReader(pub Rc<RefCell<Slot>>);

impl Reader for SlotReader {
    type Transport = FaultyLink;

    fn name(&self) -> &str {
        "slot"
    }

    fn presence(&mut self) -> Result<Presence, TransportError> {
        Ok(match self.0.borrow().present {
            true => Presence::Present,
            false => Presence::Absent,
        })
    }

    fn wait_for_change(
        &mut self,
        _from: Presence,
        _timeout: Duration,
    ) -> Result<Presence, TransportError> {
        self.presence()
    }

    fn connect(&mut self) -> Result<FaultyLink, TransportError> {
        match self.0.borrow().present {
            true => Ok(FaultyLink(Rc::clone(&self.0))),
            false => Err(TransportError::new(TransportErrorKind::NoCard, false)),
        }
    }

    fn canceller(&self) -> Box<dyn Cancel> {
        #[derive(Debug)]
        struct Nothing;
        impl Cancel for Nothing {
            fn cancel(&self) {}
        }
        Box::new(Nothing)
    }
}

/// Goes the method it wants, then the PIN, then leaves.
pub struct Person {
    pub clock: Timestamp,
    pub slot: Rc<RefCell<Slot>>,
    pub method: Option<Method>,
    pub pins: Vec<&'static str>,
    /// What was typed, for the judge.
    pub handed: Vec<(&'static str, String)>,
    pub records: Vec<AuditRecord>,
    pub screens: usize,
    pub waits: usize,
    pub last: Option<Screen>,
}

impl Person {
    pub fn new(slot: &Rc<RefCell<Slot>>, method: Method, pins: &[&'static str]) -> Self {
        Self {
            clock: super::now(),
            slot: Rc::clone(slot),
            method: Some(method),
            pins: pins.to_vec(),
            handed: Vec::new(),
            records: Vec::new(),
            screens: 0,
            waits: 0,
            last: None,
        }
    }

    fn decide(&mut self) -> Option<Choice> {
        Some(match self.last.as_ref()? {
            Screen::ChooseMethod { .. } => match self.method.take() {
                Some(method) => Choice::Method(method),
                None if self.pins.is_empty() => Choice::Cancel,
                None => Choice::Method(Method::Pin),
            },
            Screen::EnterPin { .. } => {
                if self.pins.is_empty() {
                    return Some(Choice::PinForgotten);
                }
                let pin = self.pins.remove(0);
                self.handed.push(("auth", pin.to_owned()));
                Choice::Pin(AuthPin::parse(pin).unwrap())
            }
            Screen::StaffCheck { .. } => Choice::StaffConfirms {
                staff: StaffId::new("nurse-7").unwrap(),
                passcode: Passcode::new("open-sesame").unwrap(),
            },
            Screen::Consents { .. } => Choice::ConsentToAll,
            Screen::TakeCard { .. } => {
                self.slot.borrow_mut().take_out();
                return None;
            }
            _ => Choice::Yes,
        })
    }
}

impl Desk for Person {
    fn now(&mut self) -> Timestamp {
        self.clock
    }

    fn show(&mut self, screen: &Screen) {
        self.screens += 1;
        self.last = Some(screen.clone());
    }

    fn choice(&mut self, until: Timestamp) -> Option<Choice> {
        self.waits += 1;
        assert!(self.waits < NO_END, "no end");
        self.clock = self.clock.max(until) + SignedDuration::from_millis(1);
        self.decide()
    }

    fn audit(&mut self, record: &AuditRecord) {
        self.records.push(record.clone());
    }
}

pub struct Passcodes;

impl StaffPasscodeSource for Passcodes {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn passcode(&mut self, _: &StaffId) -> Option<Passcode> {
        Passcode::new("open-sesame").ok()
    }
}

/// Reads the number that the card has, and counts how often.
pub struct Printed {
    pub number: String,
    pub read: Cell<usize>,
}

impl ReferenceNumberSource for Printed {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn read(&mut self) -> Result<ReferenceNumberB, ReferenceSourceError> {
        self.read.set(self.read.get() + 1);
        Ok(ReferenceNumberB::parse(&self.number).unwrap())
    }
}
