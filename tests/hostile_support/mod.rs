//! A reader whose card may answer anything, a desk run by a closure, and parts
//! that do only the least.
#![allow(dead_code, reason = "each test file uses its part")]

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use crate::support::{persona, terminal};
use jiff::{SignedDuration, Timestamp};
use uketsuke::Realm;
use uketsuke::card::{AuthPin, ReferenceNumberB, ReferenceNumberSource, ReferenceSourceError};
use uketsuke::checkin::*;
use uketsuke::face::*;
use uketsuke::simulation::*;
use uketsuke::transport::*;
use zeroize::Zeroizing;

pub type Clock = Rc<Cell<Timestamp>>;
pub type Hook = Rc<RefCell<dyn FnMut(&[u8], Vec<u8>) -> Vec<u8>>>;

#[derive(Default, Debug)]
pub struct Bursts {
    pub open: Cell<bool>,
}

/// A reader whose answers go through a hook.
pub struct EvilReader {
    pub inner: VirtualReader,
    pub hook: Hook,
    pub shared: bool,
    pub bursts: Rc<Bursts>,
}

pub struct EvilLink {
    pub inner: VirtualTransport,
    pub hook: Hook,
    pub shared: bool,
    pub bursts: Rc<Bursts>,
}

impl Transport for EvilLink {
    fn transmit(&mut self, c: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let answer = self.inner.transmit(c)?;
        Ok(Zeroizing::new((self.hook.borrow_mut())(
            c.bytes(),
            answer.to_vec(),
        )))
    }
    fn limits(&self) -> Limits {
        self.inner.limits()
    }
    fn reset(&mut self, how: Reset) -> Result<(), TransportError> {
        self.inner.reset(how)
    }
    fn is_shared(&self) -> bool {
        self.shared
    }
    fn begin_burst(&mut self) -> Result<(), TransportError> {
        self.bursts.open.set(true);
        Ok(())
    }
    fn end_burst(&mut self) {
        self.bursts.open.set(false);
    }
}

impl Reader for EvilReader {
    type Transport = EvilLink;
    fn name(&self) -> &str {
        "evil"
    }
    fn presence(&mut self) -> Result<Presence, TransportError> {
        self.inner.presence()
    }
    fn wait_for_change(
        &mut self,
        from: Presence,
        _t: Duration,
    ) -> Result<Presence, TransportError> {
        self.inner.wait_for_change(from, Duration::ZERO)
    }
    fn connect(&mut self) -> Result<EvilLink, TransportError> {
        Ok(EvilLink {
            inner: self.inner.connect()?,
            hook: Rc::clone(&self.hook),
            shared: self.shared,
            bursts: Rc::clone(&self.bursts),
        })
    }
    fn canceller(&self) -> Box<dyn Cancel> {
        self.inner.canceller()
    }
}

pub fn honest() -> Hook {
    Rc::new(RefCell::new(|_: &[u8], a: Vec<u8>| a))
}

pub fn evil(name: &str, options: CardOptions, hook: Hook, made: Timestamp) -> EvilReader {
    let inner = VirtualReader::new();
    inner.insert(VirtualCard::new(persona(name), options, made));
    EvilReader {
        inner,
        hook,
        shared: false,
        bursts: Rc::default(),
    }
}

/// A desk run by a closure from screen to choice; each wait takes `step`.
pub struct ClosureDesk<F> {
    pub clock: Clock,
    pub step: SignedDuration,
    pub reader: VirtualReader,
    pub last: Option<Screen>,
    pub screens: Vec<String>,
    pub records: Vec<AuditRecord>,
    pub choose: F,
    pub waits: u64,
}

impl<F: FnMut(&Screen) -> Option<Choice>> Desk for ClosureDesk<F> {
    fn now(&mut self) -> Timestamp {
        self.clock.get()
    }
    fn show(&mut self, screen: &Screen) {
        self.screens
            .push(format!("{screen:?}").chars().take(60).collect());
        if matches!(screen, Screen::TakeCard { .. }) {
            self.reader.remove();
        }
        self.last = Some(screen.clone());
    }
    fn choice(&mut self, _until: Timestamp) -> Option<Choice> {
        self.waits += 1;
        self.clock.set(self.clock.get() + self.step);
        let screen = self.last.clone()?;
        (self.choose)(&screen)
    }
    fn audit(&mut self, record: &AuditRecord) {
        self.records.push(record.clone());
    }
}

pub fn desk<F: FnMut(&Screen) -> Option<Choice>>(
    reader: &EvilReader,
    at: Timestamp,
    choose: F,
) -> ClosureDesk<F> {
    ClosureDesk {
        clock: Rc::new(Cell::new(at)),
        step: SignedDuration::from_millis(200),
        reader: reader.inner.clone(),
        last: None,
        screens: vec![],
        records: vec![],
        choose,
        waits: 0,
    }
}

pub fn pin(digits: &str) -> Option<Choice> {
    Some(Choice::Pin(AuthPin::parse(digits).unwrap()))
}

pub fn willing(screen: &Screen) -> Option<Choice> {
    match screen {
        Screen::ChooseMethod { .. } => Some(Choice::Method(Method::Pin)),
        Screen::EnterPin { .. } => pin("1234"),
        Screen::Consents { .. } => Some(Choice::ConsentToAll),
        _ => Some(Choice::Yes),
    }
}

pub fn policy() -> Policy {
    Policy::simulation(terminal())
}
// stand-in) the PIN is offered; the right PIN must then let the person in.
pub struct Staff;
impl StaffPasscodeSource for Staff {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }
    fn passcode(&mut self, _: &StaffId) -> Option<Passcode> {
        Passcode::new("secret").ok()
    }
}

// no transaction while 照合番号B is read off the card or typed.
pub struct SlowSource(pub Rc<Bursts>, pub Rc<Cell<bool>>, pub &'static str);
impl ReferenceNumberSource for SlowSource {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }
    fn read(&mut self) -> Result<ReferenceNumberB, ReferenceSourceError> {
        self.1.set(self.0.open.get());
        Ok(ReferenceNumberB::parse(self.2).unwrap())
    }
}
pub struct Cam;
impl FaceCapture for Cam {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }
    fn capture(&mut self) -> Result<LiveImage, FaceError> {
        Err(FaceError::Camera)
    }
}
pub struct Pad;
impl PresentationAttackDetector for Pad {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }
    fn assess(&mut self, _: &LiveImage) -> Result<PadResult, FaceError> {
        Ok(PadResult::Passed)
    }
}
pub struct Match;
impl FaceVerifier for Match {
    fn info(&self) -> MatcherInfo {
        // By another name no face would be offered.
        FaceEngine::info(&SimulatedMatcher::new())
    }
    fn verify(
        &mut self,
        _: &uketsuke::trust::LivePhoto,
        _: &LiveImage,
    ) -> Result<Comparison, FaceError> {
        Err(FaceError::Matcher)
    }
}
