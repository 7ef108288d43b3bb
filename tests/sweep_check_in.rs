//! Every fault at every exchange of whole visits: nobody is let in without
//! every proof, no try is lost unsaid, and each visit ends with advice.

mod sweep_support;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use sweep_support::caller::Caller;
use sweep_support::desk::{Passcodes, Person, Printed, SlotReader};
use sweep_support::faults::{Fault, few, some};
use sweep_support::judge::{Rules, judge};
use sweep_support::link::{Slot, limits};
use sweep_support::{new_card, persona, secrets};
use uketsuke::card::LastTry;
use uketsuke::checkin::{AuditEvent, FaceParts, Method, Outcome, Policy, Reception};
use uketsuke::simulation::{
    CardOptions, Centre, SimulatedCamera, SimulatedDetector, SimulatedMatcher, SimulatedPinless,
};
use uketsuke::transport::ExtendedLength;
use uketsuke::trust::TerminalId;

/// Most exchanges of one visit: the certificate is read at most twice, the photo
/// at most twice, and everything else is small.
const MOST: usize = 2 * (16 + 80 + 1 + 8) + 2 * (16 + 2 + 418 + 8) + 4 * (16 + 2 + 8 + 8) + 24;

/// Most screens, progress bars included.
const SCREENS: usize = 1_000;

struct Visit {
    name: &'static str,
    method: Method,
    pins: &'static [&'static str],
    left: u8,
    faults: fn(usize) -> Vec<Fault>,
}

#[derive(Default, Debug)]
struct Tally {
    cases: usize,
    accepted: usize,
    exchanges: usize,
    screens: usize,
}

fn sweep(visit: &Visit) {
    let slot = Slot::new(
        new_card(&CardOptions::default()),
        secrets(persona()),
        limits(ExtendedLength::Yes),
    );
    let slot = Rc::new(RefCell::new(slot));
    let honest = case(visit, &slot, None);
    assert!(honest.accepted, "{} without a fault", visit.name);
    let mut tally = Tally::default();
    for (at, len) in honest.answers.iter().enumerate() {
        for fault in (visit.faults)(*len) {
            let run = || case(visit, &slot, Some((at, fault)));
            let run = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
            let run = run.unwrap_or_else(|panic| {
                eprintln!("{}: {fault:X?} at exchange {at}", visit.name);
                std::panic::resume_unwind(panic)
            });
            tally.cases += 1;
            tally.accepted += usize::from(run.accepted);
            tally.exchanges = tally.exchanges.max(run.exchanges);
            tally.screens = tally.screens.max(run.screens);
        }
    }
    eprintln!(
        "{:<24} {} exchanges, {tally:?}",
        visit.name,
        honest.answers.len()
    );
    assert!(tally.accepted > 0 && tally.accepted < tally.cases);
}

struct Run {
    accepted: bool,
    answers: Vec<usize>,
    exchanges: usize,
    screens: usize,
}

fn case(visit: &Visit, slot: &Rc<RefCell<Slot>>, plan: Option<(usize, Fault)>) -> Run {
    let mut left: Vec<u8> = slot.borrow().secrets.iter().map(|s| s.most).collect();
    left[0] = visit.left;
    {
        let mut slot = slot.borrow_mut();
        if !slot.renew(&left) {
            *slot = Slot::new(
                new_card(&CardOptions::default()),
                secrets(persona()),
                slot.limits,
            );
            assert!(slot.renew(&left), "a new card");
        }
        slot.plan = plan;
    }
    let mut reader = SlotReader(Rc::clone(slot));
    let mut person = Person::new(slot, visit.method, visit.pins);
    let mut camera = SimulatedCamera::of(persona());
    let mut matcher = SimulatedMatcher::new();
    let mut detector = SimulatedDetector::new();
    let mut reference = Printed {
        number: persona().reference_number_b.to_owned(),
        read: Cell::new(0),
    };
    let (mut pinless, mut passcodes) = (SimulatedPinless, Passcodes);
    let mut centre = Centre::for_persona(persona());
    let policy = Policy::simulation(TerminalId::new("sweep").unwrap());
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
        .run(&mut person);

    // The judge sees what was typed and what was read off the card.
    let mut caller = Caller::new(&[], LastTry::Allow);
    caller.handed = std::mem::take(&mut person.handed);
    let number = ("face-b", reference.number.clone());
    caller.handed.extend(vec![number; reference.read.get()]);
    let mut slot = slot.borrow_mut();
    let answers = slot.events.iter().filter(|event| !event.is_reset());
    let answers = answers.map(|event| event.came.as_ref().map_or(2, Vec::len));
    let run = Run {
        accepted: outcome.is_accepted(),
        answers: answers.collect(),
        exchanges: slot.exchanges,
        screens: person.screens,
    };
    proofs_are_real(&outcome, &slot);
    judge(
        &mut slot,
        &caller,
        &Rules {
            exchanges: MOST,
            fault: plan.map(|(_, fault)| fault),
            honest: &[],
            left: &left,
        },
    );
    assert!(person.screens <= SCREENS, "{} screens", person.screens);
    // A link that says `9000` of a wrong PIN is found out by the signature, but
    // not that the PIN was wrong.
    if !plan.is_some_and(|(_, fault)| fault.lies()) {
        lost_tries_are_said(&slot, &person, &left);
    }
    run
}

/// Let in: this card signed in this visit, after it accepted what opens the key.
fn proofs_are_real(outcome: &Outcome, slot: &Slot) {
    let accepted = match outcome {
        Outcome::Accepted(accepted) => accepted,
        Outcome::NotAccepted(refusal) => {
            assert!(!refusal.advice.items.is_empty(), "no advice");
            return;
        }
        _ => panic!("an unknown outcome"),
    };
    let said = |command: &[u8], status: &[u8]| {
        slot.events.iter().any(|event| {
            event.command.starts_with(command)
                && event
                    .said
                    .as_ref()
                    .is_some_and(|said| said.ends_with(status))
        })
    };
    assert!(
        said(&[0x80, 0x2A, 0x00, 0x97], &[0x90, 0x00]),
        "no signature"
    );
    match accepted.identified() {
        uketsuke::eligibility::Identified::Pin => {
            assert!(said(&[0x00, 0x20, 0x00, 0x98, 4], &[0x90, 0x00]), "no PIN");
        }
        uketsuke::eligibility::Identified::Face => {
            assert!(
                said(&[0x00, 0x20, 0x00, 0x92, 14], &[0x90, 0x00]),
                "no 照合番号B"
            );
            assert!(said(&[0x80, 0xFA], &[0x90, 0x00]), "no right");
        }
        _ => assert!(said(&[0x80, 0xFA], &[0x90, 0x00]), "no right"),
    }
    assert_eq!(accepted.standing(), uketsuke::trust::Standing::InForce);
}

/// A try that the card counted is in the audit trail, as spent or as unknown.
fn lost_tries_are_said(slot: &Slot, person: &Person, left: &[u8]) {
    let said = person.records.iter().filter(|record| {
        matches!(
            record.event,
            AuditEvent::TrySpent { .. } | AuditEvent::TryUnknown
        )
    });
    let lost = usize::from(left[0].saturating_sub(slot.left[0]));
    let said = said.count();
    assert!(lost <= said, "{lost} tries lost, {said} said");
}

#[test]
fn by_pin() {
    let visit = Visit {
        name: "right PIN",
        method: Method::Pin,
        pins: &["1234"],
        left: 3,
        faults: some,
    };
    sweep(&visit);
    sweep(&Visit {
        name: "wrong, then right PIN",
        pins: &["9999", "1234"],
        faults: few,
        ..visit
    });
}

#[test]
fn by_pin_at_the_last_try() {
    sweep(&Visit {
        name: "right PIN, last try",
        method: Method::Pin,
        pins: &["1234"],
        left: 1,
        faults: few,
    });
}

#[test]
fn by_face() {
    sweep(&Visit {
        name: "face",
        method: Method::Face,
        pins: &["1234"],
        left: 3,
        faults: few,
    });
}

#[test]
fn by_staff() {
    sweep(&Visit {
        name: "staff",
        method: Method::Staff,
        pins: &[],
        left: 3,
        faults: few,
    });
}
