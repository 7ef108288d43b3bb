//! The machine with everything around it: card, reader, centre, and who stands at the desk.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use uketsuke::card::{AuthPin, Card, CardError, Jpki, LastTry, SecretKind, SignatureInput};
use uketsuke::checkin::{
    CardRead, CheckIn, Choice, ChoiceKey, Input, Output, Passcode, PhoneKind, Screen, ScreenId,
    StaffId, StaffPasscodeSource, Task, TaskId, TaskResult,
};
use uketsuke::eligibility::{EligibilityService, Request, RequestNumber, Ticket};
use uketsuke::simulation::{Centre, CertificateTerm, VirtualCard, VirtualReader, VirtualTransport};
use uketsuke::transport::{Reader, TransportError, TransportErrorKind};
use uketsuke::{Binding, Realm, VisitId};

use super::answers::Kind;
use super::oracle::Journal;
use super::setup::Setup;
use super::{cards, probe, start};

/// A task that the machine gave out and nobody has answered yet.
pub struct Held {
    pub id: TaskId,
    pub kind: Kind,
    /// `None` once the work was done.
    pub work: Option<Task>,
    /// Kept apart, for answers that aren't the work's.
    pub input: Option<SignatureInput>,
    pub request: Option<Request>,
}

pub struct World {
    pub setup: &'static Setup,
    pub machine: CheckIn,
    pub now: Timestamp,
    pub reader: VirtualReader,
    pub phones: VirtualReader,
    /// The phone, while it isn't in its reader.
    pub phone: Option<VirtualCard>,
    /// The driver's.
    pub card: Option<Card<VirtualTransport>>,
    pub centre: Centre,
    pub screen: Option<(ScreenId, Screen)>,
    pub old_screen: Option<ScreenId>,
    /// What the machine waits for.
    pub held: Option<Held>,
    /// What it doesn't wait for any more.
    pub late: Option<Held>,
    pub old_task: Option<TaskId>,
    pub deadline: Option<Timestamp>,
    signed_at: Option<Timestamp>,
    pub finished: bool,
    pub wrong_pins: Vec<String>,
    pub wrong_passcodes: u8,
    /// Which PIN or passcode the task under way carries: the right one (0), or which wrong one.
    pub typed: u8,
    pub journal: Journal,
    /// Every VERIFY that reached the card, P2 first.
    pub wire: Arc<Mutex<Vec<Vec<u8>>>>,
    /// What the machine's `Debug` showed after the last input.
    pub fields: String,
    /// Events so far.
    pub events: usize,
}

impl World {
    pub fn new(setup: &'static Setup) -> Self {
        let wire = Arc::new(Mutex::new(Vec::new()));
        let (reader, phones) = (watched(&wire), watched(&wire));
        let machine = CheckIn::new(setup.policy(), setup.equipment(), start());
        let mut world = Self {
            setup,
            journal: Journal::new(machine.visit(), setup),
            machine,
            now: start(),
            reader,
            phones,
            phone: None,
            card: None,
            centre: setup.centre(),
            screen: None,
            old_screen: None,
            held: None,
            late: None,
            old_task: None,
            deadline: None,
            signed_at: None,
            finished: false,
            wrong_pins: Vec::new(),
            wrong_passcodes: 0,
            typed: 0,
            wire,
            fields: String::new(),
            events: 0,
        };
        world.drain();
        world
    }

    /// Gives the machine an input, and takes everything that comes of it.
    pub fn handle(&mut self, input: Input) {
        self.events += 1;
        self.machine.handle(input, self.now);
        self.drain();
    }

    fn drain(&mut self) {
        self.journal.begins_to_drain();
        loop {
            match self.machine.poll() {
                Output::Show { number, screen } => {
                    self.journal.shown(&screen);
                    self.old_screen = self.screen.take().map(|(number, _)| number);
                    self.screen = Some((number, *screen));
                }
                Output::Start { task, work } => self.started(task, *work),
                Output::Forget { task, request } => self.forget(task, request),
                Output::Audit(record) => self.journal.audited(&record, self.now),
                Output::Decided(outcome) => self.journal.decided(&outcome),
                Output::Idle { deadline } => {
                    assert!(deadline.is_some(), "waits for ever: {:?}", self.machine);
                    self.deadline = deadline;
                    break;
                }
                Output::Finished => {
                    self.finished = true;
                    self.deadline = None;
                    break;
                }
                other => panic!("an output that isn't driven: {other:?}"),
            }
        }
        self.journal.drained();
        // What the machine says it waits for is what is held; the rest is late.
        self.fields = probe::fields(&self.machine);
        let awaited = probe::awaited(&self.fields);
        if let Some(held) = self.held.take() {
            if awaited == Some(format!("{:?}", held.id).as_str()) {
                self.held = Some(held);
            } else {
                assert_eq!(awaited, None, "waits for a task that it didn't give out");
                self.old_task = Some(held.id);
                self.late = held.work.is_some().then_some(held);
            }
        } else {
            assert_eq!(awaited, None, "waits for a task that it didn't give out");
        }
        let carries = |kind| matches!(kind, Kind::PinSigned | Kind::StaffChecked | Kind::PhoneRead);
        if self.journal.waiting.is_none()
            && !self.held.as_ref().is_some_and(|held| carries(held.kind))
        {
            self.typed = 0;
        }
        let decided = self.journal.outcome.is_some();
        let at_work = awaited.is_some();
        self.time_is_bounded(decided, at_work);
        probe::nothing_personal(&self.fields, self.setup.who(), decided);
    }

    /// However often a person goes back or asks for more time, no question waits beyond the visit's end, and that is the
    /// end of the challenge once it is signed.
    fn time_is_bounded(&mut self, decided: bool, at_work: bool) {
        let policy = self.setup.policy();
        if !probe::signed(self) {
            self.signed_at = None;
        } else if self.signed_at.is_none() {
            self.signed_at = Some(self.now);
        }
        if !decided && !at_work && self.machine.summary().state != "notice" {
            let ends = match self.signed_at {
                Some(at) => at + policy.timeouts().challenge,
                None => start() + policy.timeouts().visit,
            };
            let deadline = self.deadline.expect("a deadline");
            assert!(
                deadline <= ends,
                "waits beyond the visit's end: {}",
                self.fields
            );
        }
    }

    fn started(&mut self, id: TaskId, work: Task) {
        let Some(kind) = Kind::of(&work) else {
            if let Some(card) = self.card.take() {
                drop(card.release());
            }
            return;
        };
        let (mut input_kept, mut request) = (None, None);
        match &work {
            Task::VerifyPin {
                last_try,
                input,
                binding,
                ..
            } => {
                input_kept = Some(*input);
                self.journal.pin_goes_out(*last_try, *binding);
            }
            Task::ReadPhone {
                kind,
                pin,
                last_try,
                input,
            } => {
                input_kept = Some(*input);
                let secret = *kind == PhoneKind::Android;
                assert_eq!(pin.is_some(), secret, "a PIN is for Android phones");
                self.journal.phone_goes_out(pin.is_some(), *last_try);
            }
            Task::ReadPhoto { input, .. } => {
                input_kept = Some(*input);
                self.journal.looks_at_a_face();
            }
            Task::CompareFace { photo } => {
                let session = self.card.as_ref().map(Card::binding);
                self.journal.compares(photo.binding(), session);
                self.journal.looks_at_a_face();
            }
            Task::SignWithoutPin { input, .. } => input_kept = Some(*input),
            Task::Ask(asked) => {
                let by_phone = self.journal.by_phone;
                let in_grace = !by_phone && self.setup.who().term == CertificateTerm::Grace;
                self.journal.asks(asked, in_grace);
                request = Some((**asked).clone());
            }
            _ => {}
        }
        if let Some(before) = self.held.take() {
            self.old_task = Some(before.id);
            self.late = before.work.is_some().then_some(before);
        }
        self.held = Some(Held {
            id,
            kind,
            work: Some(work),
            input: input_kept,
            request,
        });
    }

    fn forget(&mut self, task: TaskId, request: RequestNumber) {
        let held = self.held.as_ref().expect("a question under way");
        assert_eq!(held.id, task, "forgets another task");
        let asked = held.request.as_ref().expect("a question");
        assert_eq!(asked.number(), request, "forgets another question");
        self.centre.cancel(Ticket::new(request));
    }

    pub fn awaits(&self, kind: Kind) -> bool {
        self.held.as_ref().is_some_and(|held| held.kind == kind)
    }

    pub fn place(&mut self) {
        if self
            .reader
            .presence()
            .is_ok_and(|p| p == uketsuke::transport::Presence::Absent)
        {
            let card = match self.journal.hand.take() {
                Some(card) => card,
                None => cards::take(self.setup.who(), self.setup.tries),
            };
            self.reader.insert(card);
        }
        self.handle(Input::CardPlaced);
    }

    pub fn remove(&mut self) {
        if let Some(card) = self.reader.remove() {
            self.journal.hand = Some(card);
        }
        self.card = None;
        self.handle(Input::CardRemoved);
    }

    /// The phone is held to its reader; it stays there.
    pub fn tap(&mut self) {
        if self
            .phones
            .presence()
            .is_ok_and(|p| p == uketsuke::transport::Presence::Absent)
        {
            let who = self.setup.whose_phone().expect("a desk for phones");
            let phone = self.phone.take();
            self.phones
                .insert(phone.unwrap_or_else(|| cards::take(who, self.setup.phone_tries)));
        }
        let awaited = matches!(self.screen, Some((_, Screen::TapPhone { .. }))) && !self.overdue();
        let as_it_was = (!awaited && !self.overdue()).then(|| self.state());
        self.handle(Input::PhonePlaced);
        if let Some(state) = as_it_was {
            assert_eq!(self.state(), state, "a phone that nobody asked for");
        }
    }

    pub fn phones_reader_fails(&mut self, kind: TransportErrorKind) {
        self.handle(Input::PhoneReaderFailed(TransportError::new(kind, true)));
    }

    pub fn reader_fails(&mut self, kind: TransportErrorKind) {
        if kind != TransportErrorKind::Mute {
            self.card = None;
        }
        self.handle(Input::ReaderFailed(TransportError::new(kind, true)));
    }

    pub fn overdue(&self) -> bool {
        self.deadline.is_some_and(|deadline| self.now >= deadline)
    }

    /// Presses a key on this screen; what is typed with it is of the `variant`-th kind.
    pub fn press(&mut self, screen: ScreenId, key: ChoiceKey, variant: u8) {
        let shown = self.screen.as_ref().filter(|(number, _)| *number == screen);
        let on = shown.map(|(_, screen)| screen);
        let counts = on.is_some() && !self.overdue();
        let choice = match key {
            ChoiceKey::EnterPin => {
                let typed = match (on, variant) {
                    (None, _) => "5555".to_owned(),
                    (_, 0) => "1234".to_owned(),
                    (_, 1) => format!("90{:02}", self.wrong_pins.len()),
                    _ => self
                        .wrong_pins
                        .first()
                        .cloned()
                        .unwrap_or("9999".to_owned()),
                };
                let asked_for = matches!(on, Some(Screen::EnterPin { .. })) && counts;
                self.journal.typed = asked_for.then(|| typed.clone());
                Choice::Pin(AuthPin::parse(&typed).unwrap())
            }
            ChoiceKey::StaffConfirms => {
                let (staff, passcode) = match variant {
                    0 => ("nurse-7", "open-sesame"),
                    1 => ("nurse-7", "wrong-word"),
                    _ => ("visitor", "open-sesame"),
                };
                Choice::StaffConfirms {
                    staff: StaffId::new(staff).unwrap(),
                    passcode: Passcode::new(passcode).unwrap(),
                }
            }
            key => key
                .choice()
                .unwrap_or_else(|| panic!("a key that isn't driven: {key:?}")),
        };
        if let Some(on) = on.filter(|_| counts) {
            self.journal.pressed(on, &choice);
        }
        let typing = key == ChoiceKey::EnterPin && matches!(on, Some(Screen::EnterPin { .. }));
        let before = self.held.as_ref().map(|held| held.id);
        let stale = on.is_none() && !self.overdue();
        let as_it_was = stale.then(|| self.state());
        self.handle(Input::Chosen { screen, choice });
        if let Some(state) = as_it_was {
            assert_eq!(
                self.state(),
                state,
                "{key:?} on another screen did something"
            );
        }
        self.journal.typed = None;
        if let Some(held) = self.held.as_ref().filter(|held| before != Some(held.id)) {
            let carried = matches!(held.kind, Kind::PinSigned | Kind::StaffChecked);
            self.typed = if carried { variant } else { 0 };
        }
        if typing && self.journal.waiting.is_some() {
            self.typed = variant;
        }
    }

    /// Reports a result.
    pub fn report(&mut self, task: TaskId, result: TaskResult, genuine: Option<Kind>) {
        let awaited = self.held.as_ref().is_some_and(|held| held.id == task);
        if awaited {
            let session = self.card.as_ref().map(|card| card.binding().session());
            let request = self.held.as_ref().and_then(|held| held.request.as_ref());
            self.journal.delivers(genuine, request, session, &result);
        }
        // What comes after its time finds the machine elsewhere: a question that isn't
        // answered may lead to the next one.
        let overdue = self.overdue();
        let as_it_was = (!awaited && !overdue).then(|| self.state());
        let wrong = self.held.as_ref().filter(|held| {
            let of = Kind::of_result(&result);
            let renewed = matches!(
                held.kind,
                Kind::PinSigned | Kind::PhotoRead | Kind::PinlessSigned
            );
            awaited && !overdue && of != held.kind && !(of == Kind::SessionRenewed && renewed)
        });
        let wrong = wrong.is_some();
        self.handle(Input::Done { task, result });
        if let Some(state) = as_it_was {
            assert_eq!(
                self.state(),
                state,
                "a result of another task did something"
            );
        }
        let ended = self.journal.outcome.is_some();
        assert!(!wrong || ended, "a result of the wrong kind was borne");
        // Answered, so nobody is at work on it any more.
        if awaited {
            self.late = None;
            if self.journal.waiting.is_none() {
                self.typed = 0;
            }
        }
    }

    /// The machine's state, with its deadline and the number of its task.
    fn state(&self) -> String {
        probe::state(&self.fields).to_owned()
    }

    pub fn visit(&self) -> VisitId {
        self.machine.visit()
    }

    pub fn binding(&self) -> Option<Binding> {
        self.card.as_ref().map(Card::binding)
    }

    /// The driver's card, connected if it isn't.
    pub fn connected(&mut self) -> Result<&mut Card<VirtualTransport>, CardError> {
        if self.card.is_none() {
            let transport = self
                .reader
                .connect()
                .map_err(|source| CardError::Transport {
                    what: "the connection",
                    source,
                })?;
            self.card = Some(Card::new(transport, self.machine.visit()));
        }
        self.present()
    }

    pub fn present(&mut self) -> Result<&mut Card<VirtualTransport>, CardError> {
        self.card.as_mut().ok_or(CardError::Transport {
            what: "the card",
            source: TransportError::new(TransportErrorKind::CardRemoved, false),
        })
    }

    /// A card lies in the reader, whatever the machine was told.
    pub fn slot_is_taken(&self) -> bool {
        let there = self.reader.clone().presence();
        there.is_ok_and(|presence| presence != uketsuke::transport::Presence::Absent)
    }

    /// Tries that the card itself has left of the PIN; none without a card.
    pub fn tries_of_the_card(&self) -> u8 {
        tries_in(&self.reader)
    }

    /// As [`tries_of_the_card`](Self::tries_of_the_card), of the phone.
    pub fn tries_of_the_phone(&self) -> u8 {
        tries_in(&self.phones)
    }

    /// Powers the card off behind the machine's back: another session.
    pub fn renew(&mut self) {
        if let Some(card) = self.card.take() {
            drop(card.release());
        }
        let _ = self.connected();
    }
}

/// A reader that writes down every VERIFY.
fn watched(wire: &Arc<Mutex<Vec<Vec<u8>>>>) -> VirtualReader {
    let log = Arc::clone(wire);
    VirtualReader::new().with_hook(move |_, command, _| {
        if command.get(1) == Some(&0x20) && command.len() > 5 {
            let presented = [&command[3..4], &command[5..]].concat();
            log.lock().unwrap().push(presented);
        }
    })
}

fn tries_in(reader: &VirtualReader) -> u8 {
    {
        let shown = format!("{reader:?}");
        let counts = shown.split_once("tries_left: [").map(|(_, rest)| rest);
        counts
            .and_then(|rest| rest.split(',').next())
            .and_then(|count| count.parse().ok())
            .unwrap_or(0)
    }
}

/// The card goes back to the others.
impl Drop for World {
    fn drop(&mut self) {
        self.card = None;
        let card = self.reader.remove().or(self.journal.hand.take());
        if let Some(card) = card.filter(|_| !std::thread::panicking()) {
            cards::give_back(card);
        }
        let phone = self.phones.remove().or(self.phone.take());
        if let Some(phone) = phone.filter(|_| !std::thread::panicking()) {
            cards::give_back(phone);
        }
    }
}

pub fn read_card(card: &mut Card<VirtualTransport>) -> Result<CardRead, CardError> {
    let mut jpki = card.open::<Jpki>()?;
    let certificate = jpki.authentication_certificate(&mut |_| ())?;
    let pin_tries_left = jpki.tries_left(SecretKind::AuthPin)?.count();
    jpki.close()?;
    Ok(CardRead {
        certificate,
        pin_tries_left,
    })
}

/// The passcode of `nurse-7` is `open-sesame`; nobody else may confirm.
pub struct Passcodes;

impl StaffPasscodeSource for Passcodes {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn passcode(&mut self, staff: &StaffId) -> Option<Passcode> {
        (staff.as_str() == "nurse-7").then(|| Passcode::new("open-sesame").unwrap())
    }
}

/// Whether the consent to the last try goes with it.
pub const fn allows(last_try: LastTry) -> bool {
    matches!(last_try, LastTry::Allow)
}
