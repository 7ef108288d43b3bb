//! A driver that reads the card again, or another one, or one of another visit.

mod support;

use support::{drive_to_choice, last_screen, now, persona, terminal};
use uketsuke::card::{AuthPin, Card, Jpki, SecretKind};
use uketsuke::checkin::{
    CardRead, CheckIn, Choice, Equipment, Input, Method, Output, Policy, ScreenId, Task, TaskId,
    TaskResult,
};
use uketsuke::eligibility::Failure;
use uketsuke::simulation::{CardOptions, VirtualCard, VirtualReader, VirtualTransport};
use uketsuke::transport::Reader;
use uketsuke::{Realm, VisitId};

fn machine() -> CheckIn {
    let policy = Policy::simulation(terminal());
    CheckIn::new(policy, Equipment::pin_only(Realm::Simulation), now())
}

fn card(name: &str, visit: VisitId) -> Card<VirtualTransport> {
    let mut reader = VirtualReader::new();
    let card = VirtualCard::new(persona(name), CardOptions::default(), now());
    reader.insert(card);
    Card::new(reader.connect().unwrap(), visit)
}

fn read(card: &mut Card<VirtualTransport>) -> CardRead {
    let mut jpki = card.open::<Jpki>().unwrap();
    let certificate = jpki.authentication_certificate(&mut |_| {}).unwrap();
    let pin_tries_left = jpki.tries_left(SecretKind::AuthPin).unwrap().count();
    jpki.close().unwrap();
    CardRead {
        certificate,
        pin_tries_left,
    }
}

/// What the machine wants next: a task, or the end.
enum Next {
    Start(TaskId, Box<Task>),
    Decided(Option<Failure>),
    Waits,
}

fn next(machine: &mut CheckIn) -> Next {
    loop {
        match machine.poll() {
            Output::Start { task, work } => return Next::Start(task, work),
            Output::Decided(outcome) => return Next::Decided(outcome.failure()),
            Output::Idle { .. } | Output::Finished => return Next::Waits,
            _ => {}
        }
    }
}

fn card_wanted(machine: &mut CheckIn) -> TaskId {
    match next(machine) {
        Next::Start(task, work) if matches!(*work, Task::ReadCard) => task,
        _ => panic!("no card is read"),
    }
}

fn done(machine: &mut CheckIn, task: TaskId, result: TaskResult) {
    machine.handle(Input::Done { task, result }, now());
}

/// The PIN is chosen on this screen, and typed.
fn type_pin(machine: &mut CheckIn, screen: ScreenId) -> TaskId {
    let choice = Choice::Method(Method::Pin);
    machine.handle(Input::Chosen { screen, choice }, now());
    let screen = last_screen(machine);
    let choice = Choice::Pin(AuthPin::parse("1234").unwrap());
    machine.handle(Input::Chosen { screen, choice }, now());
    match next(machine) {
        Next::Start(task, work) if matches!(*work, Task::VerifyPin { .. }) => task,
        _ => panic!("no PIN is presented"),
    }
}

/// The session is another one; this card is read.
fn read_again(machine: &mut CheckIn, task: TaskId, card: &mut Card<VirtualTransport>) {
    done(machine, task, TaskResult::SessionRenewed);
    let task = card_wanted(machine);
    done(machine, task, TaskResult::CardRead(Ok(read(card))));
}

#[test]
fn a_certificate_of_another_visit_is_not_taken() {
    let mut machine = machine();
    machine.handle(Input::CardPlaced, now());
    let task = card_wanted(&mut machine);
    let read = read(&mut card("in-order", VisitId::begin()));
    done(&mut machine, task, TaskResult::CardRead(Ok(read)));
    let ended = next(&mut machine);
    assert!(matches!(ended, Next::Decided(Some(Failure::Internal))));
}

#[test]
fn another_card_in_the_place_of_the_first_ends_the_visit() {
    for name in ["in-order", "expiring"] {
        let mut machine = machine();
        let visit = machine.visit();
        let (screen, _) = drive_to_choice(&mut machine, &mut card("in-order", visit));
        let task = type_pin(&mut machine, screen);
        read_again(&mut machine, task, &mut card(name, visit));
        let ended = match next(&mut machine) {
            Next::Decided(failure) => failure,
            _ => None,
        };
        let other = (name == "expiring").then_some(Failure::CardRemoved);
        assert_eq!(ended, other, "{name}");
    }
}

/// A card that loses its power each time.
#[test]
fn a_card_is_not_read_for_ever() {
    let mut machine = machine();
    let mut card = card("in-order", machine.visit());
    let (mut screen, _) = drive_to_choice(&mut machine, &mut card);
    for _ in 0..3 {
        let task = type_pin(&mut machine, screen);
        read_again(&mut machine, task, &mut card);
        screen = last_screen(&mut machine);
    }
    let task = type_pin(&mut machine, screen);
    done(&mut machine, task, TaskResult::SessionRenewed);
    let ended = next(&mut machine);
    assert!(matches!(
        ended,
        Next::Decided(Some(Failure::CardUnreadable))
    ));
}
