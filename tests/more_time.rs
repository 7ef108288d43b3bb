//! Who needs more time gets it, at every screen that waits for a person, and no
//! visit lasts for ever.

mod support;

use jiff::{SignedDuration, Timestamp};
use support::{Script, TestDesk, now, persona, terminal};
use uketsuke::Realm;
use uketsuke::checkin::{
    AuditRecord, CheckIn, Choice, Desk, Equipment, FaceParts, Input, Method, Outcome, Output,
    Policy, Reception, Screen, ScreenId, Timeouts,
};
use uketsuke::eligibility::Failure;
use uketsuke::simulation::{
    CardOptions, Centre, SimulatedCamera, SimulatedDetector, SimulatedMatcher, SimulatedPinless,
    SimulatedReferenceSource, VirtualCard, VirtualReader,
};

/// Somebody who lets the time of one screen run out to its last second, and asks
/// for more, as often as said.
struct Slow {
    inner: TestDesk,
    at: &'static str,
    times: u32,
    here: bool,
    takes: bool,
    deadline: Timestamp,
    /// How long the screen waits by itself, and after each request for more.
    waits: Vec<SignedDuration>,
}

const LAST_SECOND: SignedDuration = SignedDuration::from_secs(1);

impl Desk for Slow {
    fn now(&mut self) -> Timestamp {
        self.inner.now()
    }

    fn show(&mut self, screen: &Screen) {
        self.here = screen.name() == self.at;
        self.takes = screen.takes_more_time();
        self.inner.show(screen);
    }

    fn waiting(&mut self, deadline: Timestamp) {
        self.deadline = deadline;
    }

    fn choice(&mut self, until: Timestamp) -> Option<Choice> {
        if !self.here || self.times == 0 {
            return self.inner.choice(until);
        }
        let left = self.deadline.duration_since(self.inner.clock);
        if left > LAST_SECOND {
            self.waits.push(left);
            self.inner.clock = self.deadline - LAST_SECOND;
            return None;
        }
        assert!(self.takes, "{} says that it takes none", self.at);
        self.times -= 1;
        self.inner.clock += LAST_SECOND / 10;
        Some(Choice::MoreTime)
    }

    fn audit(&mut self, record: &AuditRecord) {
        self.inner.audit(record);
    }
}

fn visit(name: &str, script: Script, at: &'static str, times: u32) -> (Outcome, Slow) {
    let person = persona(name);
    let mut reader = VirtualReader::new();
    let card = VirtualCard::new(person, CardOptions::default(), now());
    let mut slow = Slow {
        inner: TestDesk::new(script, reader.clone(), card),
        at,
        times,
        here: false,
        takes: false,
        deadline: now(),
        waits: Vec::new(),
    };
    let mut camera = SimulatedCamera::of(person);
    let (mut matcher, mut detector) = (SimulatedMatcher::new(), SimulatedDetector::new());
    let mut reference = SimulatedReferenceSource::of(person);
    let mut pinless = SimulatedPinless;
    let mut passcodes = support::Passcodes;
    let mut centre = Centre::for_persona(person)
        .with_prescription()
        .with_subsidies();
    let policy = Policy::simulation(terminal());
    let outcome = Reception::new(policy, &mut reader, &mut centre)
        .with_face(FaceParts {
            camera: &mut camera,
            engine: &mut matcher,
            detector: &mut detector,
            reference: &mut reference,
            quality: None,
        })
        .with_pinless(&mut pinless)
        .with_staff(&mut passcodes)
        .run(&mut slow);
    (outcome, slow)
}

/// Each screen that waits for a person, who sees it, and how long it waits.
fn screens() -> Vec<(&'static str, &'static str, Script, SignedDuration)> {
    let wait = Timeouts::default();
    let plain = Script::default;
    let by = |method| Script { method, ..plain() };
    let staff = || Script {
        passcode: Some("open-sesame"),
        ..by(Method::Staff)
    };
    let one_by_one = || Script {
        consent: Choice::ConsentOneByOne,
        ..plain()
    };
    vec![
        ("choose-method", "in-order", plain(), wait.person),
        ("last-try", "pin-last-try", plain(), wait.person),
        ("enter-pin", "in-order", plain(), wait.pin),
        (
            "face-failed",
            "face-mismatch",
            by(Method::Face),
            wait.person,
        ),
        ("staff-check", "in-order", staff(), wait.person),
        ("certificate-notice", "expiring", plain(), wait.result),
        ("certificate-notice", "grace", plain(), wait.result),
        ("register", "not-registered", plain(), wait.person),
        ("consents", "in-order", plain(), wait.person),
        ("consent", "in-order", one_by_one(), wait.person),
        ("prescription", "in-order", plain(), wait.person),
        ("subsidies", "in-order", plain(), wait.person),
        ("accepted", "in-order", plain(), wait.result),
        ("not-accepted", "other-card", plain(), wait.advice),
    ]
}

#[test]
fn every_screen_that_waits_for_a_person_waits_anew() {
    for (at, name, script, wait) in screens() {
        let (expected, _) = visit(name, script, at, 0);
        let script = screens().into_iter().find(|s| (s.0, s.1) == (at, name));
        let (outcome, slow) = visit(name, script.unwrap().2, at, 3);
        assert_eq!(outcome.failure(), expected.failure(), "{at}");
        assert_eq!(slow.times, 0, "{at} was never shown");
        // By itself, and after each request but the last.
        assert_eq!(slow.waits, [wait; 3], "{at}");
    }
}

#[test]
fn nobody_keeps_a_visit_open_for_ever() {
    for (at, name, script, wait) in screens() {
        let (outcome, slow) = visit(name, script, at, u32::MAX);
        let longest = Timeouts::default().visit + wait * 11;
        let took = slow.inner.clock.duration_since(now());
        assert!(took < longest, "{at}: {took:?}");
        // Once the time of the visit is used up, asking gains nothing.
        let asked = u32::MAX - slow.times;
        assert!((5..100).contains(&asked), "{at}: {asked}");
        match at {
            "accepted" | "not-accepted" | "certificate-notice" => {}
            _ => assert_eq!(outcome.failure(), Some(Failure::PersonTimedOut), "{at}"),
        }
    }
}

/// What the outcome shows may be read for ten times its time (WCAG 2.2, 2.2.1).
#[test]
fn the_outcome_may_be_read_for_ten_times_its_time() {
    let wait = Timeouts::default();
    for (at, name, once) in [
        ("accepted", "in-order", wait.result),
        ("not-accepted", "other-card", wait.advice),
    ] {
        let (_, slow) = visit(name, Script::default(), at, u32::MAX);
        let all: SignedDuration = slow.waits.iter().map(|wait| *wait - LAST_SECOND).sum();
        assert!(all >= once * 10 - LAST_SECOND * 3, "{at}: {all:?}");
    }
}

fn idle(machine: &mut CheckIn) -> (Option<ScreenId>, Option<Timestamp>) {
    let mut shown = None;
    loop {
        match machine.poll() {
            Output::Show { number, .. } => shown = Some(number),
            Output::Idle { deadline } => return (shown, deadline),
            Output::Finished => return (shown, None),
            _ => {}
        }
    }
}

#[test]
fn a_card_may_be_looked_for_longer_but_not_for_ever() {
    let policy = Policy::simulation(terminal());
    let mut machine = CheckIn::new(policy, Equipment::pin_only(Realm::Simulation), now());
    let (screen, deadline) = idle(&mut machine);
    let screen = screen.unwrap();
    assert_eq!(deadline, Some(now() + Timeouts::default().place_card));
    let mut clock = now();
    let ends = now() + Timeouts::default().visit;
    while clock < ends {
        let choice = Choice::MoreTime;
        machine.handle(Input::Chosen { screen, choice }, clock);
        let (shown, deadline) = idle(&mut machine);
        assert_eq!(shown, None, "nothing changes but the time");
        let anew = clock + Timeouts::default().place_card;
        assert_eq!(deadline, Some(anew.min(ends)));
        clock += SignedDuration::from_secs(60);
    }
    machine.handle(Input::Tick, clock);
    assert_eq!(machine.summary().state, "showing-result");
}

/// A card that is being worked on, or left behind, is waited for as long as ever.
#[test]
fn what_is_no_persons_wait_is_not_prolonged() {
    let policy = Policy::simulation(terminal());
    let mut machine = CheckIn::new(policy, Equipment::pin_only(Realm::Simulation), now());
    let mut later = now();
    machine.handle(Input::CardPlaced, now());
    for state in ["reading", "taking-card"] {
        if state == "taking-card" {
            let choice = Choice::Cancel;
            machine.handle(Input::Tick, now() + Timeouts::default().card);
            let (screen, _) = idle(&mut machine);
            let screen = screen.unwrap();
            later = now() + Timeouts::default().card;
            machine.handle(Input::Chosen { screen, choice }, later);
        }
        let (screen, deadline) = idle(&mut machine);
        assert_eq!(machine.summary().state, state);
        let (screen, choice) = (screen.unwrap(), Choice::MoreTime);
        later += SignedDuration::from_secs(5);
        machine.handle(Input::Chosen { screen, choice }, later);
        assert_eq!(idle(&mut machine), (None, deadline), "{state}");
    }
}
