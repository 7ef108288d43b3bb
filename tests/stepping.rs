//! A visit taken step by step is the visit that `run` makes.

mod support;

use std::cell::Cell;

use jiff::{SignedDuration, Timestamp};
use support::{Case, Script, TestDesk, now, persona};
use uketsuke::Realm;
use uketsuke::checkin::{
    AuditRecord, Choice, Desk, Method, Outcome, Policy, Reception, Screen, Step,
};
use uketsuke::eligibility::{
    Capabilities, EligibilityService, Failure, PollResult, Request, ServiceError, Ticket,
};
use uketsuke::simulation::{CardOptions, Centre, Persona, VirtualCard, VirtualReader};
use uketsuke::transport::{Cancel, Presence, Reader, TransportError};
use uketsuke::trust::TerminalId;

/// Steps to the end; how many steps it took.
fn steps<S: EligibilityService>(
    reception: &mut Reception<'_, VirtualReader, S>,
    desk: &mut TestDesk,
) -> (Outcome, usize) {
    for count in 1.. {
        match reception.step(desk) {
            Step::Finished(outcome) => return (*outcome, count),
            Step::Waiting { until } => {
                assert!(until <= desk.clock + SignedDuration::from_millis(200));
                desk.clock = desk.clock.max(until);
            }
            _ => {}
        }
        assert!(count < 100_000, "{:?}", reception.summary());
    }
    unreachable!()
}

fn events(desk: &TestDesk) -> Vec<String> {
    let named = |record: &AuditRecord| {
        let event = format!("{:?}", record.event);
        // Questions are numbered within the process.
        let name = event.split('(').next().unwrap_or_default();
        name.split('{').next().unwrap_or_default().to_owned()
    };
    desk.records.iter().map(named).collect()
}

#[test]
fn every_persona_ends_as_with_run() {
    for persona in Persona::all() {
        for method in [Method::Pin, Method::Face] {
            let script = || Script {
                method,
                ..Script::default()
            };
            let (run, run_desk) = Case::of(persona.name).script(script()).run();
            let mut centre = Centre::for_persona(persona);
            let ((stepped, _), desk) = Case::of(persona.name)
                .script(script())
                .drive(&mut centre, steps);
            let name = persona.name;
            assert_eq!(stepped.failure(), run.failure(), "{name} by {method:?}");
            assert_eq!(desk.names(), run_desk.names(), "{name} by {method:?}");
            assert_eq!(events(&desk), events(&run_desk), "{name} by {method:?}");
            assert_eq!(desk.decided, 1);
        }
    }
}

/// A desk that notes how often it was to wait.
struct Noting {
    clock: Timestamp,
    waited: u32,
}

impl Desk for Noting {
    fn now(&mut self) -> Timestamp {
        self.clock
    }
    fn show(&mut self, _screen: &Screen) {}
    fn choice(&mut self, until: Timestamp) -> Option<Choice> {
        self.waited += u32::from(until > self.clock);
        None
    }
    fn audit(&mut self, _record: &AuditRecord) {}
}

/// Counts how often it was to wait.
struct Patient(VirtualReader, Cell<u32>);

impl Reader for &mut Patient {
    type Transport = <VirtualReader as Reader>::Transport;

    fn name(&self) -> &str {
        "patient"
    }
    fn presence(&mut self) -> Result<Presence, TransportError> {
        self.0.presence()
    }
    fn wait_for_change(
        &mut self,
        from: Presence,
        timeout: std::time::Duration,
    ) -> Result<Presence, TransportError> {
        self.1.set(self.1.get() + u32::from(!timeout.is_zero()));
        self.0.wait_for_change(from, std::time::Duration::ZERO)
    }
    fn connect(&mut self) -> Result<Self::Transport, TransportError> {
        self.0.connect()
    }
    fn canceller(&self) -> Box<dyn Cancel> {
        self.0.canceller()
    }
}

#[test]
fn a_step_waits_for_nobody() {
    let mut patient = Patient(VirtualReader::new(), Cell::new(0));
    let mut reader = &mut patient;
    let mut centre = Centre::new();
    let policy = Policy::simulation(TerminalId::new("steps").unwrap());
    let mut reception = Reception::new(policy, &mut reader, &mut centre);
    let mut desk = Noting {
        clock: now(),
        waited: 0,
    };
    assert!(reception.summary().is_none());
    for _ in 0..10 {
        let step = reception.step(&mut desk);
        assert!(matches!(step, Step::Waiting { until } if until > desk.clock));
    }
    assert_eq!(reception.summary().unwrap().state, "waiting-for-card");
    assert_eq!(desk.waited, 0);

    // What was begun by steps is ended by `run`, which does wait.
    let outcome = {
        struct Hurrying<'a>(&'a mut Noting);
        impl Desk for Hurrying<'_> {
            fn now(&mut self) -> Timestamp {
                self.0.clock
            }
            fn show(&mut self, _screen: &Screen) {}
            fn choice(&mut self, until: Timestamp) -> Option<Choice> {
                let choice = self.0.choice(until);
                self.0.clock = until;
                choice
            }
            fn audit(&mut self, _record: &AuditRecord) {}
        }
        reception.run(&mut Hurrying(&mut desk))
    };
    assert_eq!(outcome.failure(), Some(Failure::PersonTimedOut));
    assert!(desk.waited > 0);
    assert!(reception.summary().is_none());
    drop(reception);
    assert!(patient.1.get() > 0);
}

/// Counts what it was asked, and what was given up.
struct Counting {
    centre: Centre,
    asked: u32,
    cancelled: u32,
}

impl EligibilityService for Counting {
    fn realm(&self) -> Realm {
        self.centre.realm()
    }
    fn capabilities(&self) -> Capabilities {
        self.centre.capabilities()
    }
    fn submit(&mut self, request: Request, now: Timestamp) -> Result<Ticket, ServiceError> {
        self.asked += 1;
        self.centre.submit(request, now)
    }
    fn poll(&mut self, _: Ticket, now: Timestamp) -> Result<PollResult, ServiceError> {
        let not_before = now + SignedDuration::from_millis(30);
        Ok(PollResult::Pending { not_before })
    }
    fn cancel(&mut self, ticket: Ticket) {
        self.cancelled += 1;
        self.centre.cancel(ticket);
    }
}

#[test]
fn what_is_abandoned_lets_go_of_card_and_centre() {
    let mut centre = Counting {
        centre: Centre::new(),
        asked: 0,
        cancelled: 0,
    };
    let (waits, desk) = Case::of("in-order").drive(&mut centre, |reception, desk| {
        let until = loop {
            match reception.step(desk) {
                Step::Waiting { until }
                    if reception
                        .summary()
                        .is_some_and(|visit| visit.state == "asking") =>
                {
                    break until;
                }
                Step::Finished(outcome) => panic!("{outcome:?}"),
                _ => {}
            }
        };
        // The card is held by the visit.
        assert!(desk.reader.clone().connect().is_err());
        reception.abandon();
        assert!(reception.summary().is_none());
        assert!(desk.reader.clone().connect().is_ok());
        reception.abandon();
        until.duration_since(desk.clock)
    });
    assert!(
        waits <= SignedDuration::from_millis(30),
        "no later than the centre said: {waits}"
    );
    assert_eq!((centre.asked, centre.cancelled), (1, 1));
    assert_eq!(desk.decided, 0);
}

#[test]
fn a_card_left_behind_must_go_first_after_steps_too() {
    let mut reader = VirtualReader::new();
    reader.insert(VirtualCard::new(
        persona("in-order"),
        CardOptions::default(),
        now(),
    ));
    let slot = reader.clone();
    let mut centre = Centre::new();
    let policy = Policy::simulation(TerminalId::new("steps").unwrap());
    let mut reception = Reception::new(policy, &mut reader, &mut centre);
    let script = Script {
        leave_card: true,
        ..Script::default()
    };
    let mut desk = TestDesk::without_card(script, slot);
    let (outcome, _) = steps(&mut reception, &mut desk);
    assert!(outcome.is_accepted());
    desk.screens.clear();
    for _ in 0..20 {
        let step = reception.step(&mut desk);
        assert!(matches!(step, Step::Waiting { .. }));
    }
    assert_eq!(desk.names(), ["place-card"]);
}
