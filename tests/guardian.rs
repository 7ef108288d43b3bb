//! A parent or guardian (保護者) who helps: addressed by the screens, never asked for a
//! face, and in the audit trail.

mod hostile_support;
mod support;

use std::collections::VecDeque;

use hostile_support::{desk, evil, honest, policy};
use support::{Passcodes, now, persona};
use uketsuke::card::AuthPin;
use uketsuke::checkin::{
    AuditEvent, Choice, FaceParts, Method, Outcome, Passcode, Reception, Screen, StaffId,
};
use uketsuke::eligibility::{Action, Failure, Identified};
use uketsuke::simulation::{
    CardOptions, Centre, SimulatedCamera, SimulatedDetector, SimulatedMatcher, SimulatedPinless,
    SimulatedReferenceSource,
};

/// What is pressed at the choice of methods, one after the other.
enum Press {
    Guardian,
    Holder,
    Method(Method),
}

struct Seen {
    outcome: Outcome,
    screens: Vec<Screen>,
    events: Vec<AuditEvent>,
}

struct Parts {
    face: bool,
    staff: bool,
}

fn visit(name: &str, parts: Parts, presses: Vec<Press>, pins: &[&str]) -> Seen {
    let mut reader = evil(name, CardOptions::default(), honest(), now());
    let mut presses = VecDeque::from(presses);
    let mut pins: VecDeque<String> = pins.iter().map(|pin| (*pin).to_owned()).collect();
    let mut screens: Vec<Screen> = Vec::new();
    let mut desk = desk(&reader, now(), |screen: &Screen| {
        if screens.last() != Some(screen) {
            screens.push(screen.clone());
        }
        match screen {
            Screen::ChooseMethod { .. } => Some(match presses.pop_front() {
                Some(Press::Guardian) => Choice::Guardian,
                Some(Press::Holder) => Choice::Holder,
                Some(Press::Method(method)) => Choice::Method(method),
                None => Choice::Cancel,
            }),
            Screen::EnterPin { .. } => Some(match pins.pop_front() {
                Some(pin) => Choice::Pin(AuthPin::parse(&pin).unwrap()),
                None => Choice::PinForgotten,
            }),
            Screen::StaffCheck { .. } => Some(Choice::StaffConfirms {
                staff: StaffId::new("nurse-7").unwrap(),
                passcode: Passcode::new("open-sesame").unwrap(),
            }),
            Screen::Consents { .. } => Some(Choice::ConsentOneByOne),
            Screen::Prescription => Some(Choice::Paper),
            Screen::ReadingCard { .. }
            | Screen::CheckingPin
            | Screen::LookAtCamera { .. }
            | Screen::Asking { .. } => None,
            _ => Some(Choice::Yes),
        }
    });
    let person = persona(name);
    let mut camera = SimulatedCamera::of(person);
    let (mut matcher, mut detector) = (SimulatedMatcher::new(), SimulatedDetector::new());
    let mut reference = SimulatedReferenceSource::of(person);
    let (mut pinless, mut passcodes) = (SimulatedPinless, Passcodes);
    let mut centre = Centre::new().with_prescription().with_subsidies();
    let mut reception =
        Reception::new(policy(), &mut reader, &mut centre).with_pinless(&mut pinless);
    if parts.face {
        reception = reception.with_face(FaceParts {
            camera: &mut camera,
            engine: &mut matcher,
            detector: &mut detector,
            reference: &mut reference,
            quality: None,
        });
    }
    if parts.staff {
        reception = reception.with_staff(&mut passcodes);
    }
    let outcome = reception.run(&mut desk);
    let events = desk.records.iter().map(|r| r.event.clone()).collect();
    drop(desk);
    Seen {
        outcome,
        screens,
        events,
    }
}

/// Who is addressed at each screen that addresses somebody, in order.
fn addressed(screens: &[Screen]) -> Vec<(&'static str, bool)> {
    screens
        .iter()
        .filter_map(|screen| match screen {
            Screen::ChooseMethod { guardian, .. }
            | Screen::LastTry { guardian, .. }
            | Screen::EnterPin { guardian, .. }
            | Screen::StaffCheck { guardian, .. }
            | Screen::Register { guardian }
            | Screen::Consents { guardian }
            | Screen::Consent { guardian, .. }
            | Screen::Subsidies { guardian } => Some((screen.name(), *guardian)),
            _ => None,
        })
        .collect()
}

const ALL: Parts = Parts {
    face: true,
    staff: true,
};

#[test]
fn from_the_first_press_on_every_screen_addresses_the_guardian() {
    let presses = vec![Press::Guardian, Press::Method(Method::Pin)];
    let seen = visit("not-registered", ALL, presses, &["0000", "0001", "1234"]);
    let Outcome::Accepted(accepted) = &seen.outcome else {
        panic!("{:?}", seen.outcome.failure())
    };
    assert!(accepted.guardian());
    assert_eq!(accepted.identified(), Identified::Pin);
    let who = addressed(&seen.screens);
    assert_eq!(who[0], ("choose-method", false));
    assert!(who[1..].iter().all(|(_, guardian)| *guardian), "{who:?}");
    for name in [
        "enter-pin",
        "last-try",
        "register",
        "consents",
        "consent",
        "subsidies",
    ] {
        assert!(who.contains(&(name, true)), "{name}");
    }
    let helps = |event: &&AuditEvent| **event == AuditEvent::GuardianHelps;
    assert_eq!(seen.events.iter().filter(helps).count(), 1);
}

#[test]
fn a_guardian_is_never_asked_for_a_face() {
    // Even if it is chosen: the key isn't there, but a driver may be wrong.
    let presses = vec![Press::Guardian, Press::Method(Method::Face)];
    let seen = visit("in-order", ALL, presses, &[]);
    let offered = seen.screens.iter().filter_map(|screen| match screen {
        Screen::ChooseMethod { face, guardian, .. } => Some((*guardian, *face)),
        _ => None,
    });
    assert_eq!(offered.collect::<Vec<_>>(), [(false, true), (true, false)]);
    assert!(seen.screens.iter().all(|s| s.name() != "look-at-camera"));
    assert_eq!(seen.outcome.failure(), Some(Failure::Cancelled));
}

#[test]
fn the_child_can_act_after_all() {
    let presses = vec![
        Press::Guardian,
        Press::Method(Method::Pin),
        Press::Holder,
        Press::Method(Method::Face),
    ];
    let seen = visit("in-order", ALL, presses, &[]);
    let Outcome::Accepted(accepted) = &seen.outcome else {
        panic!("{:?}", seen.outcome.failure())
    };
    assert!(!accepted.guardian());
    assert_eq!(accepted.identified(), Identified::Face);
    assert!(seen.events.contains(&AuditEvent::HolderActs));
    assert_eq!(addressed(&seen.screens).last(), Some(&("subsidies", false)));
}

#[test]
fn where_only_the_face_is_left_the_guardian_hands_back() {
    // No staff check, and the PIN isn't known: the visit isn't over for that.
    let parts = || Parts {
        face: true,
        staff: false,
    };
    let press = || vec![Press::Guardian, Press::Method(Method::Pin)];
    let seen = visit("in-order", parts(), press(), &[]);
    assert_eq!(seen.outcome.failure(), Some(Failure::PinForgotten));
    let Outcome::NotAccepted(refusal) = &seen.outcome else {
        panic!()
    };
    let tries_face = |item: &uketsuke::eligibility::AdviceItem| item.action == Action::TryFace;
    assert!(refusal.advice.items.iter().any(tries_face));

    let mut presses = press();
    presses.extend([Press::Holder, Press::Method(Method::Face)]);
    assert!(
        visit("in-order", parts(), presses, &[])
            .outcome
            .is_accepted()
    );
}

/// A PIN that is locked now leaves the guardian nothing; the child still has a face.
#[test]
fn a_pin_locked_by_the_guardian_leaves_the_childs_face() {
    let parts = Parts {
        face: true,
        staff: false,
    };
    let presses = vec![
        Press::Guardian,
        Press::Method(Method::Pin),
        Press::Holder,
        Press::Method(Method::Face),
    ];
    let seen = visit("in-order", parts, presses, &["0000", "0001", "0002"]);
    let Outcome::Accepted(accepted) = &seen.outcome else {
        panic!("{:?}", seen.outcome.failure())
    };
    assert_eq!(accepted.identified(), Identified::Face);
    assert!(seen.events.contains(&AuditEvent::TrySpent { left: 0 }));
}

#[test]
fn a_guardian_is_offered_only_what_there_is_to_do() {
    for (name, face, staff, offered) in [
        ("in-order", true, false, true),
        ("in-order", false, false, true),
        ("pin-locked", true, false, false),
        ("pin-locked", true, true, true),
    ] {
        let parts = Parts { face, staff };
        let seen = visit(name, parts, vec![Press::Guardian], &[]);
        assert_eq!(
            seen.events.contains(&AuditEvent::GuardianHelps),
            offered,
            "{name}"
        );
    }
    // "The holder acts" where they do says nothing new.
    let seen = visit("in-order", ALL, vec![Press::Holder], &[]);
    assert!(!seen.events.contains(&AuditEvent::HolderActs));
}

#[test]
fn staff_may_confirm_a_child_whose_guardian_operates() {
    let presses = vec![Press::Guardian, Press::Method(Method::Staff)];
    let seen = visit("pin-locked", ALL, presses, &[]);
    let Outcome::Accepted(accepted) = &seen.outcome else {
        panic!("{:?}", seen.outcome.failure())
    };
    assert!(accepted.guardian());
    assert_eq!(accepted.identified(), Identified::Staff);
}
