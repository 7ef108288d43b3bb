//! Where cards aren't checked (システム障害時モード, 災害時モード) nobody is asked for one.

mod support;

use support::{Script, TestDesk, now, persona, terminal};
use uketsuke::checkin::{Mode, Outcome, Policy, Reception};
use uketsuke::eligibility::{Action, Failure, Lang};
use uketsuke::simulation::{CardOptions, Centre, VirtualCard, VirtualReader};

fn visit(mode: Mode, centre: &mut Centre) -> (Outcome, TestDesk) {
    let mut reader = VirtualReader::new();
    let card = VirtualCard::new(persona("in-order"), CardOptions::default(), now());
    let mut desk = TestDesk::new(Script::default(), reader.clone(), card);
    let mut reception = Reception::new(Policy::simulation(terminal()), &mut reader, centre);
    desk.mode = mode;
    let outcome = reception.run(&mut desk);
    (outcome, desk)
}

#[test]
fn a_visit_ends_at_once_with_the_modes_own_advice() {
    for (mode, failure, for_staff) in [
        (
            Mode::SystemOutage,
            Failure::SystemOutage,
            Action::SystemOutageMode,
        ),
        (Mode::Disaster, Failure::Disaster, Action::EmergencySearch),
    ] {
        let mut centre = Centre::new();
        let (outcome, mut desk) = visit(mode, &mut centre);
        assert_eq!(outcome.failure(), Some(failure));
        let Outcome::NotAccepted(refusal) = outcome else {
            panic!("{mode:?}")
        };
        assert!(
            refusal
                .advice
                .items
                .iter()
                .any(|item| item.action == for_staff)
        );
        let disaster = refusal
            .advice
            .items
            .iter()
            .any(|item| item.action == Action::DisasterMode);
        assert_eq!(disaster, mode == Mode::Disaster);
        // No card is asked for or looked at, and no retry of it advised.
        assert_eq!(desk.names()[0], "not-accepted");
        assert!(!desk.names().contains(&"reading-card"));
        for lang in [Lang::Ja, Lang::En] {
            let lines = refusal.advice.for_person(lang).concat();
            assert!(!lines.contains("もう一度置いて"), "{lines}");
            assert!(!lines.contains("place your card again"), "{lines}");
        }
        assert_eq!(desk.tries_left(), [3, 5, 10]);
    }
}

#[test]
fn each_visit_has_the_mode_in_which_it_begins() {
    let mut reader = VirtualReader::new();
    let mut centre = Centre::new();
    let slot = reader.clone();
    let mut reception = Reception::new(Policy::simulation(terminal()), &mut reader, &mut centre);
    let mut run = |mode: Mode| {
        let card = VirtualCard::new(persona("in-order"), CardOptions::default(), now());
        let mut desk = TestDesk::new(Script::default(), slot.clone(), card);
        desk.mode = mode;
        reception.run(&mut desk).failure()
    };
    assert_eq!(run(Mode::Disaster), Some(Failure::Disaster));
    assert_eq!(run(Mode::Normal), None);
    assert_eq!(run(Mode::SystemOutage), Some(Failure::SystemOutage));
}
