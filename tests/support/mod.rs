//! A desk with a clock of its own and a person who follows a script.
#![allow(dead_code, reason = "each test file uses its part")]

use jiff::{SignedDuration, Timestamp};
use uketsuke::card::AuthPin;
use uketsuke::checkin::{
    AuditRecord, Choice, Desk, FaceParts, Method, Mode, Outcome, Passcode, Policy, Reception,
    Screen, StaffId, StaffPasscodeSource,
};
use uketsuke::eligibility::EligibilityService;
use uketsuke::simulation::{
    CardOptions, Centre, Fault, Mishap, Persona, SimulatedCamera, SimulatedDetector,
    SimulatedMatcher, SimulatedPinless, SimulatedReferenceSource, VirtualCard, VirtualReader,
};
use uketsuke::trust::TerminalId;
use uketsuke::{Realm, VisitId};

/// Noon in Japan on the day that the project's rules were last verified.
pub fn now() -> Timestamp {
    "2026-11-22T12:00:00+09:00".parse().unwrap()
}

pub fn terminal() -> TerminalId {
    TerminalId::new("test-desk").unwrap()
}

pub fn persona(name: &str) -> &'static Persona {
    Persona::named(name).unwrap_or_else(|| panic!("no persona {name}"))
}

/// What the person does.
pub struct Script {
    pub method: Method,
    /// Typed one after the other; then "I don't know my PIN".
    pub pins: Vec<&'static str>,
    pub use_last_try: bool,
    pub register: bool,
    pub consent: Choice,
    /// Prescriptions on paper.
    pub paper: bool,
    pub subsidies: bool,
    /// Passcode that the staff types.
    pub passcode: Option<&'static str>,
    /// Stop at this screen.
    pub cancel_at: Option<&'static str>,
    /// Pull the card at this screen.
    pub pull_at: Option<&'static str>,
    /// Say nothing at this screen.
    pub freeze_at: Option<&'static str>,
    /// The program is to stop at this screen.
    pub stop_at: Option<&'static str>,
    /// Leave the card in the reader.
    pub leave_card: bool,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            method: Method::Pin,
            pins: vec!["1234"],
            use_last_try: true,
            register: true,
            consent: Choice::ConsentToAll,
            paper: false,
            subsidies: true,
            passcode: None,
            cancel_at: None,
            pull_at: None,
            freeze_at: None,
            stop_at: None,
            leave_card: false,
        }
    }
}

/// The desk; remembers all it saw.
pub struct TestDesk {
    pub clock: Timestamp,
    pub mode: Mode,
    pub script: Script,
    pub reader: VirtualReader,
    pub card: Option<VirtualCard>,
    pub screens: Vec<Screen>,
    pub records: Vec<AuditRecord>,
    pub decided: u32,
    pending: Option<Choice>,
    method_tried: bool,
}

impl TestDesk {
    pub fn new(script: Script, reader: VirtualReader, card: VirtualCard) -> Self {
        Self {
            clock: now(),
            mode: Mode::Normal,
            script,
            reader,
            card: Some(card),
            screens: Vec::new(),
            records: Vec::new(),
            decided: 0,
            pending: None,
            method_tried: false,
        }
    }

    /// Somebody with no card.
    pub fn without_card(script: Script, reader: VirtualReader) -> Self {
        let card = VirtualCard::new(persona("in-order"), CardOptions::default(), now());
        Self {
            card: None,
            ..Self::new(script, reader, card)
        }
    }

    fn take_card(&mut self) {
        if let Some(card) = self.reader.remove() {
            self.card = Some(card);
        }
    }

    fn decide(&mut self, screen: &Screen) -> Option<Choice> {
        if self.script.pull_at == Some(screen.name()) {
            self.take_card();
            return None;
        }
        if self.script.cancel_at == Some(screen.name()) {
            return Some(Choice::Cancel);
        }
        if self.script.freeze_at == Some(screen.name()) {
            return None;
        }
        match screen {
            Screen::PlaceCard { .. } => {
                if let Some(card) = self.card.take() {
                    self.reader.insert(card);
                }
                None
            }
            Screen::ChooseMethod { .. } if self.method_tried => Some(Choice::Cancel),
            Screen::ChooseMethod {
                face,
                pin_tries_left,
                staff,
                ..
            } => {
                self.method_tried = true;
                let offered = match self.script.method {
                    Method::Face => *face,
                    Method::Staff => *staff,
                    _ => pin_tries_left.is_some(),
                };
                Some(if offered {
                    Choice::Method(self.script.method)
                } else {
                    Choice::Cancel
                })
            }
            Screen::LastTry { .. } => Some(if self.script.use_last_try {
                Choice::Yes
            } else {
                Choice::No
            }),
            Screen::EnterPin { .. } if self.script.pins.is_empty() => Some(Choice::PinForgotten),
            Screen::EnterPin { .. } => {
                let pin = self.script.pins.remove(0);
                Some(Choice::Pin(AuthPin::parse(pin).unwrap()))
            }
            Screen::CardFaceUnreadable { again, .. } => {
                Some(if *again { Choice::Yes } else { Choice::Cancel })
            }
            Screen::FaceFailed { attempts_left, .. } => Some(if *attempts_left > 0 {
                Choice::Yes
            } else {
                Choice::Cancel
            }),
            Screen::StaffCheck { .. } => Some(match self.script.passcode {
                Some(typed) => Choice::StaffConfirms {
                    staff: StaffId::new("nurse-7").unwrap(),
                    passcode: Passcode::new(typed).unwrap(),
                },
                None => Choice::Cancel,
            }),
            Screen::Register { .. } => Some(if self.script.register {
                Choice::Yes
            } else {
                Choice::No
            }),
            Screen::Consents { .. } => Some(match self.script.consent {
                Choice::ConsentToNone => Choice::ConsentToNone,
                Choice::Yes => Choice::Yes,
                Choice::ConsentOneByOne => Choice::ConsentOneByOne,
                _ => Choice::ConsentToAll,
            }),
            Screen::Prescription => Some(match self.script.paper {
                true => Choice::Paper,
                false => Choice::Electronic,
            }),
            Screen::Subsidies { .. } => Some(match self.script.subsidies {
                true => Choice::Yes,
                false => Choice::No,
            }),
            Screen::TakeCard { .. } if self.script.leave_card => None,
            Screen::TakeCard { .. } => {
                self.take_card();
                None
            }
            Screen::ReadingCard { .. }
            | Screen::CheckingPin
            | Screen::Asking { .. }
            | Screen::LookAtCamera { .. } => None,
            _ => Some(Choice::Yes),
        }
    }

    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.screens.iter().map(Screen::name).collect();
        names.dedup();
        names
    }

    /// The card, taken out of the reader if it is still there.
    pub fn tries_left(&mut self) -> [u8; 3] {
        self.take_card();
        self.card
            .as_ref()
            .expect("the card is somewhere")
            .tries_left()
    }
}

impl Desk for TestDesk {
    fn mode(&mut self) -> Mode {
        self.mode
    }

    fn now(&mut self) -> Timestamp {
        self.clock
    }

    fn show(&mut self, screen: &Screen) {
        self.screens.push(screen.clone());
        self.pending = self.decide(screen);
    }

    fn choice(&mut self, until: Timestamp) -> Option<Choice> {
        let choice = self.pending.take();
        if choice.is_none() {
            self.clock = self.clock.max(until) + SignedDuration::from_millis(1);
        }
        choice
    }

    fn audit(&mut self, record: &AuditRecord) {
        self.records.push(record.clone());
    }

    fn stop(&mut self) -> bool {
        let stop_at = self.script.stop_at;
        self.screens
            .iter()
            .any(|screen| stop_at == Some(screen.name()))
    }

    fn decided(&mut self, _outcome: &Outcome) {
        self.decided += 1;
    }
}

/// The passcode of every member of staff is `open-sesame`.
pub struct Passcodes;

impl StaffPasscodeSource for Passcodes {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn passcode(&mut self, staff: &StaffId) -> Option<Passcode> {
        (staff.as_str() == "nurse-7").then(|| Passcode::new("open-sesame").unwrap())
    }
}

/// A visit of a persona, with all the simulated parts there are.
pub struct Case {
    pub persona: &'static Persona,
    pub script: Script,
    pub options: CardOptions,
    pub fault: Option<Fault>,
    pub policy: Policy,
    /// Face, staff and PIN-less parts are there.
    pub with_parts: bool,
    pub reader: VirtualReader,
}

impl Case {
    pub fn of(name: &str) -> Self {
        Self {
            persona: persona(name),
            script: Script::default(),
            options: CardOptions::default(),
            fault: None,
            policy: Policy::simulation(terminal()),
            with_parts: true,
            reader: VirtualReader::new(),
        }
    }

    pub fn script(self, script: Script) -> Self {
        Self { script, ..self }
    }

    pub fn run(self) -> (Outcome, TestDesk) {
        let mut centre = Centre::for_persona(self.persona);
        self.run_with(&mut centre)
    }

    pub fn run_with<S: EligibilityService>(self, centre: &mut S) -> (Outcome, TestDesk) {
        self.drive(centre, |reception, desk| reception.run(desk))
    }

    pub fn drive<S: EligibilityService, T>(
        self,
        centre: &mut S,
        drive: impl FnOnce(&mut Reception<'_, VirtualReader, S>, &mut TestDesk) -> T,
    ) -> (T, TestDesk) {
        let mut reader = self.reader;
        match self.persona.mishap {
            Some(Mishap::CardPulled) => reader.plan(Fault::RemovedBefore(4)),
            Some(Mishap::ReaderFault) => reader.plan(Fault::ReaderGone(2)),
            _ => {}
        }
        if let Some(fault) = self.fault {
            reader.plan(fault);
        }
        let card = VirtualCard::new(self.persona, self.options, now());
        let mut desk = TestDesk::new(self.script, reader.clone(), card);
        let mut camera = SimulatedCamera::of(self.persona);
        let mut matcher = SimulatedMatcher::new();
        let mut detector = SimulatedDetector::new();
        let mut reference = SimulatedReferenceSource::of(self.persona);
        let mut pinless = SimulatedPinless;
        let mut passcodes = Passcodes;
        let mut reception = Reception::new(self.policy, &mut reader, centre);
        if self.with_parts {
            reception = reception
                .with_face(FaceParts {
                    camera: &mut camera,
                    engine: &mut matcher,
                    detector: &mut detector,
                    reference: &mut reference,
                    quality: None,
                })
                .with_pinless(&mut pinless)
                .with_staff(&mut passcodes);
        }
        let driven = drive(&mut reception, &mut desk);
        (driven, desk)
    }
}

/// The visit of an outcome.
pub fn visit_of(outcome: &Outcome) -> VisitId {
    match outcome {
        Outcome::Accepted(accepted) => accepted.visit(),
        Outcome::NotAccepted(refusal) => refusal.visit,
        _ => panic!("unknown outcome"),
    }
}

/// Feeds a machine what it asks for, by hand, until it offers the methods.
pub fn drive_to_choice<T: uketsuke::transport::Transport>(
    machine: &mut uketsuke::checkin::CheckIn,
    card: &mut uketsuke::card::Card<T>,
) -> (uketsuke::checkin::ScreenId, Screen) {
    use uketsuke::card::{Jpki, SecretKind};
    use uketsuke::checkin::{CardRead, Input, Output, Task, TaskResult};

    machine.handle(Input::CardPlaced, now());
    loop {
        match machine.poll() {
            Output::Start { task, work } if matches!(*work, Task::ReadCard) => {
                let mut jpki = card.open::<Jpki>().unwrap();
                let certificate = jpki.authentication_certificate(&mut |_| {}).unwrap();
                let pin_tries_left = jpki.tries_left(SecretKind::AuthPin).unwrap().count();
                jpki.close().unwrap();
                let read = CardRead {
                    certificate,
                    pin_tries_left,
                };
                machine.handle(
                    Input::Done {
                        task,
                        result: TaskResult::CardRead(Ok(read)),
                    },
                    now(),
                );
            }
            Output::Show { number, screen } if screen.name() == "choose-method" => {
                return (number, *screen);
            }
            Output::Idle { .. } | Output::Finished => panic!("the machine never offered a method"),
            _ => {}
        }
    }
}

/// Polls until the machine waits; the number of the screen shown last.
pub fn last_screen(machine: &mut uketsuke::checkin::CheckIn) -> uketsuke::checkin::ScreenId {
    use uketsuke::checkin::Output;

    let mut last = None;
    loop {
        match machine.poll() {
            Output::Show { number, .. } => last = Some(number),
            Output::Idle { .. } | Output::Finished => return last.expect("a screen was shown"),
            _ => {}
        }
    }
}
