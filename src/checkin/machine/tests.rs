//! The machine without any card: nothing that arrives out of order moves it
//! towards acceptance, and it always comes to an end.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::CheckIn;
use crate::Realm;
use crate::card::{AuthPin, CardError, VerifyError};
use crate::checkin::{
    Choice, Equipment, FaceTaskError, Input, Method, Output, Passcode, PinlessError, Policy,
    StaffId, Task, TaskId, TaskResult,
};
use crate::eligibility::{Failure, ServiceError, ServiceErrorKind};
use crate::transport::{TransportError, TransportErrorKind};
use crate::trust::TerminalId;

fn start() -> Timestamp {
    "2026-11-22T12:00:00+09:00".parse().unwrap()
}

fn machine() -> CheckIn {
    let here = Some(Realm::Simulation);
    let equipment = Equipment {
        service: here,
        pinless: here,
        face: here,
        staff: here,
    };
    CheckIn::new(
        Policy::simulation(TerminalId::new("desk").unwrap()),
        equipment,
        start(),
    )
}

/// Everything that could arrive and needs no token.
fn input(kind: u8, task: TaskId) -> Input {
    let link = TransportError::new(TransportErrorKind::TimedOut, true);
    let done = |result| Input::Done { task, result };
    match kind {
        0 => Input::CardPlaced,
        1 => Input::CardRemoved,
        2 => Input::ReaderFailed(link),
        3 => Input::Chosen(Choice::Method(Method::Face)),
        4 => Input::Chosen(Choice::Method(Method::Pin)),
        5 => Input::Chosen(Choice::Method(Method::Staff)),
        6 => Input::Chosen(Choice::Pin(AuthPin::parse("1234").unwrap())),
        7 => Input::Chosen(Choice::Yes),
        8 => Input::Chosen(Choice::No),
        9 => Input::Chosen(Choice::ConsentToAll),
        10 => Input::Chosen(Choice::ConsentOneByOne),
        11 => Input::Chosen(Choice::Cancel),
        12 => Input::Chosen(Choice::OtherMethod),
        13 => Input::Chosen(Choice::StaffConfirms {
            staff: StaffId::new("a").unwrap(),
            passcode: Passcode::new("0000").unwrap(),
        }),
        14 => done(TaskResult::CardRead(Err(CardError::NoApplication {
            application: "JPKI",
        }))),
        15 => done(TaskResult::ExpiryHint(None)),
        16 => done(TaskResult::PinSigned(Err(VerifyError::Wrong {
            kind: crate::card::SecretKind::AuthPin,
            left: 2,
        }))),
        17 => done(TaskResult::FaceCompared(Err(FaceTaskError::NoParts))),
        18 => done(TaskResult::PinlessSigned(Err(PinlessError::Refused))),
        19 => done(TaskResult::Answered {
            realm: Realm::Simulation,
            answer: Err(ServiceError::not_sent(ServiceErrorKind::Network)),
        }),
        20 => Input::Chosen(Choice::PinForgotten),
        _ => Input::Tick,
    }
}

/// Polls to the end of the outputs; gives the newest task and the outcome.
fn drain(machine: &mut CheckIn, task: &mut TaskId, failures: &mut Vec<Option<Failure>>) -> bool {
    for _ in 0..1_000 {
        match machine.poll() {
            Output::Start { task: newest, .. } => *task = newest,
            Output::Decided(outcome) => failures.push(outcome.failure()),
            Output::Idle { deadline } => {
                assert!(deadline.is_some(), "every state that waits has a deadline");
                return false;
            }
            Output::Finished => return true,
            _ => {}
        }
    }
    panic!("a machine's outputs must end");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_order_of_events_accepts_and_every_order_ends(
        kinds in prop::collection::vec((0_u8..23, 0_i64..200, any::<bool>()), 0..60),
    ) {
        let mut machine = machine();
        let mut now = start();
        let (mut task, mut decided) = (TaskId(0), Vec::new());
        let mut finished = drain(&mut machine, &mut task, &mut decided);
        for (kind, seconds, stale) in kinds {
            now += SignedDuration::from_secs(seconds / 10);
            let number = if stale { TaskId(task.0.wrapping_sub(1)) } else { task };
            machine.handle(input(kind, number), now);
            finished = drain(&mut machine, &mut task, &mut decided);
            prop_assert!(decided.len() <= 1, "decided once");
        }
        // Left alone, it ends.
        for _ in 0..20 {
            if finished {
                break;
            }
            now += SignedDuration::from_mins(10);
            machine.handle(Input::Tick, now);
            finished = drain(&mut machine, &mut task, &mut decided);
        }
        prop_assert!(finished, "{:?}", machine.summary());
        prop_assert_eq!(decided.len(), 1);
        prop_assert!(decided.iter().all(Option::is_some), "accepted without proofs");
    }
}

#[test]
fn a_result_of_another_task_changes_nothing() {
    let mut machine = machine();
    machine.handle(Input::CardPlaced, start());
    let mut task = TaskId(0);
    let mut decided = Vec::new();
    drain(&mut machine, &mut task, &mut decided);
    let before = machine.summary();
    for kind in 14..=19 {
        machine.handle(input(kind, TaskId(task.0.wrapping_sub(1))), start());
        machine.handle(input(kind, TaskId(task.0 + 1)), start());
    }
    drain(&mut machine, &mut task, &mut decided);
    assert_eq!(machine.summary(), before);
    assert!(decided.is_empty());
}

#[test]
fn no_pin_task_without_a_typed_pin() {
    // Whatever is pressed, VerifyPin comes out only for a Choice::Pin in the
    // state that asked for one.
    let mut machine = machine();
    machine.handle(Input::CardPlaced, start());
    for kind in 0..23 {
        machine.handle(input(kind, TaskId(0)), start());
        loop {
            match machine.poll() {
                Output::Start { work, .. } => assert!(!matches!(*work, Task::VerifyPin { .. })),
                Output::Idle { .. } | Output::Finished => break,
                _ => {}
            }
        }
    }
}

#[test]
fn a_reception_without_a_service_says_so_at_once() {
    let equipment = Equipment {
        service: None,
        pinless: None,
        face: None,
        staff: None,
    };
    let mut machine = CheckIn::new(
        Policy::simulation(TerminalId::new("desk").unwrap()),
        equipment,
        start(),
    );
    let mut shown = Vec::new();
    loop {
        match machine.poll() {
            Output::Show(screen) => shown.push(screen.name()),
            Output::Decided(outcome) => assert_eq!(outcome.failure(), Some(Failure::NotEquipped)),
            Output::Idle { .. } => break,
            _ => {}
        }
    }
    assert_eq!(shown, ["not-accepted"]);
}
