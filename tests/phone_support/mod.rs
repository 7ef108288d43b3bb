//! A desk with a reader for cards and one for phones, and a person who has both.
#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use uketsuke::card::AuthPin;
use uketsuke::checkin::{
    AuditEvent, AuditRecord, Choice, Desk, DeviceVerification, Outcome, PhoneKind, Policy,
    Reception, Screen, Step,
};
use uketsuke::simulation::{
    CardOptions, Centre, Persona, SimulatedDevice, VirtualCard, VirtualReader,
};
use uketsuke::trust::TerminalId;

pub fn now() -> Timestamp {
    "2026-11-22T12:00:00+09:00".parse().unwrap()
}

pub fn persona(name: &str) -> &'static Persona {
    let found = Persona::named(name).or_else(|| Persona::phone_named(name));
    found.unwrap_or_else(|| panic!("no persona {name}"))
}

pub fn policy() -> Policy {
    Policy::simulation(TerminalId::new("phones").unwrap())
}

pub fn pin(text: &str) -> Choice {
    Choice::Pin(AuthPin::parse(text).unwrap())
}

/// Every VERIFY with a value that reached a reader, each as it was typed; and each question for the count as `None`.
pub type Wire = Arc<Mutex<Vec<Option<String>>>>;

/// A reader that writes down what is presented on it.
pub fn watched() -> (VirtualReader, Wire) {
    let wire = Wire::default();
    let log = Arc::clone(&wire);
    let reader = VirtualReader::new().with_hook(move |_, command, _| {
        if command.get(1) == Some(&0x20) {
            let value = command.get(5..);
            let text = value.map(|value| String::from_utf8_lossy(value).into_owned());
            log.lock().unwrap().push(text);
        }
    });
    (reader, wire)
}

/// What was presented, in order.
pub fn presented(wire: &Wire) -> Vec<String> {
    wire.lock().unwrap().iter().flatten().cloned().collect()
}

/// Nothing was presented but right after the count was read.
pub fn counted_first(wire: &Wire) -> bool {
    let wire = wire.lock().unwrap();
    let pairs = wire.windows(2);
    let unasked = |pair: &[Option<String>]| pair[0].is_some() && pair[1].is_some();
    wire.first().is_none_or(Option::is_none) && !pairs.into_iter().any(unasked)
}

/// What the person can reach.
pub struct Hands {
    pub clock: Timestamp,
    pub cards: VirtualReader,
    pub phones: VirtualReader,
    pub card: Option<VirtualCard>,
    /// Held to the reader one after the other.
    pub pocket: VecDeque<VirtualCard>,
    /// A phone is held there as soon as nobody looks.
    lays: bool,
}

impl Hands {
    /// Lifts what lies on the phones' reader; the next one is held there a moment later.
    pub fn tap(&mut self) {
        self.lift();
        self.lays = true;
    }

    /// Takes the phone back: it is the next one to be held there.
    pub fn lift(&mut self) {
        if let Some(phone) = self.phones.remove() {
            self.pocket.push_front(phone);
        }
    }

    pub fn place_card(&mut self) {
        if let Some(card) = self.card.take() {
            self.cards.insert(card);
        }
    }

    pub fn take_card(&mut self) {
        self.card = self.cards.remove().or(self.card.take());
    }
}

/// What a person does at a screen; `None`: nothing.
pub type Does<'p> = Box<dyn FnMut(&Screen, &mut Hands) -> Option<Choice> + 'p>;

pub struct PhoneDesk<'p> {
    pub hands: Hands,
    pub screens: Vec<Screen>,
    pub records: Vec<AuditRecord>,
    does: Does<'p>,
    pending: Option<Choice>,
}

impl<'p> PhoneDesk<'p> {
    pub fn new(
        (cards, phones): (&VirtualReader, &VirtualReader),
        pocket: Vec<VirtualCard>,
        does: Does<'p>,
    ) -> Self {
        Self {
            hands: Hands {
                clock: now(),
                cards: cards.clone(),
                phones: phones.clone(),
                card: None,
                pocket: pocket.into(),
                lays: false,
            },
            screens: Vec::new(),
            records: Vec::new(),
            does,
            pending: None,
        }
    }

    /// Presses something beside what is done when a screen appears.
    pub fn press(&mut self, choice: Option<Choice>) {
        self.pending = choice.or(self.pending.take());
    }

    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.screens.iter().map(Screen::name).collect();
        names.dedup();
        names
    }

    pub fn events(&self) -> Vec<&AuditEvent> {
        self.records.iter().map(|record| &record.event).collect()
    }

    /// Tries left of the PIN of the phone at hand.
    pub fn tries(&mut self) -> u8 {
        self.hands.lift();
        self.hands.pocket[0].tries_left()[0]
    }
}

impl Desk for PhoneDesk<'_> {
    fn now(&mut self) -> Timestamp {
        self.hands.clock
    }

    fn show(&mut self, screen: &Screen) {
        self.screens.push(screen.clone());
        self.pending = (self.does)(screen, &mut self.hands);
    }

    fn choice(&mut self, until: Timestamp) -> Option<Choice> {
        let choice = self.pending.take();
        if choice.is_none() {
            let clock = self.hands.clock.max(until);
            self.hands.clock = clock + SignedDuration::from_millis(1);
        }
        if std::mem::take(&mut self.hands.lays)
            && let Some(phone) = self.hands.pocket.pop_front()
        {
            self.hands.phones.insert(phone);
        }
        choice
    }

    fn audit(&mut self, record: &AuditRecord) {
        self.records.push(record.clone());
    }
}

/// Somebody with this kind of phone who types these PINs one after the other, then doesn't know it; uses the last try
/// and agrees to everything.
pub fn usual<'p>(
    kind: PhoneKind,
    pins: &[&'p str],
) -> impl FnMut(&Screen, &mut Hands) -> Option<Choice> + 'p {
    let mut pins: VecDeque<_> = pins.iter().copied().collect();
    move |screen, hands| {
        Some(match screen {
            Screen::PlaceCard { phone: true } => Choice::Phone,
            Screen::ChoosePhone { .. } => Choice::PhoneKind(kind),
            Screen::EnterPin { .. } => match pins.pop_front() {
                Some(text) => pin(text),
                None => Choice::Cancel,
            },
            Screen::TapPhone { .. } => {
                hands.tap();
                return None;
            }
            Screen::ChooseMethod { .. } => Choice::Method(uketsuke::checkin::Method::Pin),
            Screen::Consents { .. } => Choice::ConsentToAll,
            Screen::TakeCard { .. } => {
                hands.take_card();
                return None;
            }
            Screen::PlaceCard { .. }
            | Screen::ReadingCard { .. }
            | Screen::ReadingPhone { .. }
            | Screen::CheckingPin
            | Screen::Asking { .. } => return None,
            _ => Choice::Yes,
        })
    }
}

pub fn phone_of(name: &str) -> VirtualCard {
    VirtualCard::new(persona(name), CardOptions::default(), now())
}

/// Without any waiting in real time.
pub fn stepped(
    reception: &mut Reception<'_, VirtualReader, Centre>,
    desk: &mut PhoneDesk<'_>,
) -> Outcome {
    loop {
        match reception.step(desk) {
            Step::Waiting { until } => desk.hands.clock = desk.hands.clock.max(until),
            Step::Finished(outcome) => return *outcome,
            _ => {}
        }
    }
}

/// A visit at a desk with both readers.
pub struct Visit<'p> {
    pub centre: Centre,
    pub policy: Policy,
    pub cards: VirtualReader,
    pub phones: VirtualReader,
    pub wire: Wire,
    pub pocket: Vec<VirtualCard>,
    pub card: Option<VirtualCard>,
    pub device: Option<Box<dyn DeviceVerification>>,
    pub does: Does<'p>,
}

impl<'p> Visit<'p> {
    pub fn of(name: &str, does: impl FnMut(&Screen, &mut Hands) -> Option<Choice> + 'p) -> Self {
        let (phones, wire) = watched();
        Self {
            centre: Centre::for_persona(persona(name)),
            policy: policy(),
            cards: VirtualReader::new(),
            phones,
            wire,
            pocket: vec![phone_of(name)],
            card: None,
            device: Some(Box::new(SimulatedDevice)),
            does: Box::new(does),
        }
    }

    pub fn with_pocket(self, pocket: Vec<VirtualCard>) -> Self {
        Self { pocket, ..self }
    }

    pub fn run(self) -> (Outcome, PhoneDesk<'p>, Wire) {
        self.run_with(stepped)
    }

    pub fn run_with(
        mut self,
        run: impl FnOnce(&mut Reception<'_, VirtualReader, Centre>, &mut PhoneDesk<'p>) -> Outcome,
    ) -> (Outcome, PhoneDesk<'p>, Wire) {
        let mut desk = PhoneDesk::new((&self.cards, &self.phones), self.pocket, self.does);
        desk.hands.card = self.card;
        let mut reception = Reception::new(self.policy, &mut self.cards, &mut self.centre)
            .with_phone_reader(&mut self.phones);
        if let Some(device) = self.device.as_deref_mut() {
            reception = reception.with_device(device);
        }
        let outcome = run(&mut reception, &mut desk);
        assert!(counted_first(&self.wire), "{:?}", self.wire);
        (outcome, desk, self.wire)
    }
}
