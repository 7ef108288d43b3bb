//! The machine without any card: nothing that arrives out of order moves it
//! towards acceptance, and it always comes to an end.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::{CheckIn, Chosen};
use crate::Realm;
use crate::card::{AuthPin, CardError, Token, VerifyError};
use crate::checkin::{
    Choice, DeviceError, Equipment, FaceTaskError, Input, Method, Output, Passcode, PhoneKind,
    PhoneNotRead, PhoneTaskError, Phones, PinlessError, Policy, StaffId, Task, TaskId, TaskResult,
};
use crate::checkin::{PinTaskError, ScreenId};
use crate::eligibility::{Consents, Failure, ServiceError, ServiceErrorKind};
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
        phone: Some(Phones { device: here }),
        registration: true,
        prescription: true,
        subsidies: true,
        ..Equipment::default()
    };
    CheckIn::new(
        Policy::simulation(TerminalId::new("desk").unwrap()),
        equipment,
        start(),
    )
}

const KINDS: u8 = 39;

fn not_read(error: PhoneTaskError) -> TaskResult {
    TaskResult::PhoneRead(Err(PhoneNotRead { error, pin: None }))
}

/// Everything that could arrive and needs no token.
fn input(kind: u8, task: TaskId, screen: ScreenId) -> Input {
    let link = TransportError::new(TransportErrorKind::TimedOut, true);
    let done = |result| Input::Done { task, result };
    let chosen = |choice| Input::Chosen { screen, choice };
    match kind {
        0 => Input::CardPlaced,
        1 => Input::CardRemoved,
        2 => Input::ReaderFailed(link),
        3 => chosen(Choice::Method(Method::Face)),
        4 => chosen(Choice::Method(Method::Pin)),
        5 => chosen(Choice::Method(Method::Staff)),
        6 => chosen(Choice::Pin(AuthPin::parse("1234").unwrap())),
        7 => chosen(Choice::Yes),
        8 => chosen(Choice::No),
        9 => chosen(Choice::ConsentToAll),
        10 => chosen(Choice::ConsentOneByOne),
        11 => chosen(Choice::Cancel),
        12 => chosen(Choice::OtherMethod),
        13 => chosen(Choice::StaffConfirms {
            staff: StaffId::new("a").unwrap(),
            passcode: Passcode::new("0000").unwrap(),
        }),
        14 => done(TaskResult::CardRead(Err(CardError::NoApplication {
            application: "JPKI",
        }))),
        15 => done(TaskResult::ExpiryHint(None)),
        16 => done(TaskResult::PinSigned(Err(PinTaskError::Verify(
            VerifyError::Wrong {
                kind: crate::card::SecretKind::AuthPin,
                left: 2,
            },
        )))),
        17 => done(TaskResult::FaceCompared(Err(FaceTaskError::NoParts))),
        18 => done(TaskResult::PinlessSigned(Err(PinlessError::Refused))),
        19 => done(TaskResult::Answered {
            realm: Realm::Simulation,
            answer: Err(ServiceError::not_sent(ServiceErrorKind::Network)),
        }),
        20 => chosen(Choice::PinForgotten),
        21 => chosen(Choice::Electronic),
        22 => chosen(Choice::Paper),
        23 => chosen(Choice::MoreTime),
        24 => chosen(Choice::Guardian),
        25 => chosen(Choice::Holder),
        28 => chosen(Choice::Phone),
        29 => chosen(Choice::PhoneKind(PhoneKind::Android)),
        30 => chosen(Choice::PhoneKind(PhoneKind::Iphone)),
        31 => Input::PhonePlaced,
        32 => Input::PhoneReaderFailed(link),
        33 => done(not_read(PhoneTaskError::OtherToken(Token::MyNumberCard))),
        34 => done(not_read(PhoneTaskError::OtherToken(Token::Iphone))),
        35 => done(not_read(PhoneTaskError::Device(DeviceError::Refused))),
        36 => done(not_read(PhoneTaskError::Verify(VerifyError::Wrong {
            kind: crate::card::SecretKind::AuthPin,
            left: 1,
        }))),
        37 => done(not_read(PhoneTaskError::Verify(
            VerifyError::LastTryNotAllowed {
                kind: crate::card::SecretKind::AuthPin,
            },
        ))),
        38 => done(TaskResult::PhoneRead(Err(PhoneNotRead {
            error: PhoneTaskError::Signature(CardError::Dirty),
            pin: AuthPin::parse("1234").ok(),
        }))),
        _ => Input::Tick,
    }
}

/// What came out of a machine so far.
struct Seen {
    task: TaskId,
    screen: ScreenId,
    decided: Vec<Option<Failure>>,
}

impl Seen {
    const fn nothing() -> Self {
        Self {
            task: TaskId(0),
            screen: ScreenId(0),
            decided: Vec::new(),
        }
    }

    /// Polls to the end of the outputs; whether the machine is finished.
    fn drain(&mut self, machine: &mut CheckIn) -> bool {
        for _ in 0..1_000 {
            match machine.poll() {
                Output::Start { task, .. } => self.task = task,
                Output::Show { number, .. } => self.screen = number,
                Output::Decided(outcome) => self.decided.push(outcome.failure()),
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
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_order_of_events_accepts_and_every_order_ends(
        kinds in prop::collection::vec((0_u8..KINDS, 0_i64..200, any::<bool>()), 0..60),
    ) {
        let mut machine = machine();
        let mut now = start();
        let mut seen = Seen::nothing();
        let mut finished = seen.drain(&mut machine);
        for (kind, seconds, stale) in kinds {
            now += SignedDuration::from_secs(seconds / 10);
            let number = if stale { TaskId(seen.task.0.wrapping_sub(1)) } else { seen.task };
            machine.handle(input(kind, number, seen.screen), now);
            finished = seen.drain(&mut machine);
            prop_assert!(seen.decided.len() <= 1, "decided once");
        }
        // Left alone, it ends.
        for _ in 0..20 {
            if finished {
                break;
            }
            now += SignedDuration::from_mins(10);
            machine.handle(Input::Tick, now);
            finished = seen.drain(&mut machine);
        }
        prop_assert!(finished, "{:?}", machine.summary());
        prop_assert_eq!(seen.decided.len(), 1);
        prop_assert!(seen.decided.iter().all(Option::is_some), "accepted without proofs");
    }
}

#[test]
fn a_result_of_another_task_changes_nothing() {
    let mut machine = machine();
    machine.handle(Input::CardPlaced, start());
    let mut seen = Seen::nothing();
    seen.drain(&mut machine);
    let before = machine.summary();
    for kind in (14..=19).chain(33..=38) {
        for task in [seen.task.0.wrapping_sub(1), seen.task.0 + 1] {
            machine.handle(input(kind, TaskId(task), seen.screen), start());
        }
    }
    seen.drain(&mut machine);
    assert_eq!(machine.summary(), before);
    assert!(seen.decided.is_empty());
}

#[test]
fn a_choice_on_another_screen_changes_nothing() {
    let mut machine = machine();
    let mut seen = Seen::nothing();
    seen.drain(&mut machine);
    let before = machine.summary();
    for kind in [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 20, 21, 22, 23, 24, 25, 28, 29, 30,
    ] {
        for screen in [seen.screen.0.wrapping_sub(1), seen.screen.0 + 1] {
            machine.handle(input(kind, seen.task, ScreenId(screen)), start());
        }
    }
    seen.drain(&mut machine);
    assert_eq!(machine.summary(), before);
    machine.handle(input(11, seen.task, seen.screen), start());
    seen.drain(&mut machine);
    assert_eq!(seen.decided, [Some(Failure::Cancelled)]);
}

#[test]
fn no_pin_task_without_a_typed_pin() {
    // Whatever is pressed, VerifyPin comes out only for a Choice::Pin in the
    // state that asked for one.
    let mut machine = machine();
    let mut screen = ScreenId(0);
    machine.handle(Input::CardPlaced, start());
    for kind in 0..KINDS {
        machine.handle(input(kind, TaskId(0), screen), start());
        loop {
            match machine.poll() {
                Output::Show { number, .. } => screen = number,
                Output::Start { work, .. } => assert!(!matches!(*work, Task::VerifyPin { .. })),
                Output::Idle { .. } | Output::Finished => break,
                _ => {}
            }
        }
    }
}

#[test]
fn what_was_chosen_is_gone_when_the_visit_is_decided() {
    let mut machine = machine();
    machine.consented(Consents::all(), start());
    machine.chosen_prescription(&Choice::Paper, start());
    let nothing = format!("{:?}", Chosen::default());
    assert_ne!(format!("{:?}", machine.chosen), nothing);
    machine.cancelled(start());
    assert_eq!(format!("{:?}", machine.chosen), nothing);
}

#[test]
fn a_reception_without_a_service_says_so_at_once() {
    let equipment = Equipment::default();
    let mut machine = CheckIn::new(
        Policy::simulation(TerminalId::new("desk").unwrap()),
        equipment,
        start(),
    );
    let mut shown = Vec::new();
    loop {
        match machine.poll() {
            Output::Show { screen, .. } => shown.push(screen.name()),
            Output::Decided(outcome) => assert_eq!(outcome.failure(), Some(Failure::NotEquipped)),
            Output::Idle { .. } => break,
            _ => {}
        }
    }
    assert_eq!(shown, ["not-accepted"]);
}
