//! Whole check-ins of every virtual person, and of people who do other things
//! than the plain ones.

mod support;

use std::sync::{Arc, Mutex};

use support::{Case, Script, persona, terminal, visit_of};
use uketsuke::checkin::{AuditEvent, Choice, Method, Outcome, Policy, Screen};
use uketsuke::eligibility::{
    Capabilities, EligibilityService, Failure, Identified, Lang, PollResult,
    ProcessingResultStatus, Request, ServiceError, Ticket,
};
use uketsuke::face::Attempts;
use uketsuke::simulation::{
    CardOptions, Centre, CentreFault, Expected, Persona, VirtualCard, VirtualReader,
};
use uketsuke::transport::{ExtendedLength, Limits};
use uketsuke::trust::{GraceRule, Standing};

fn assert_ends(name: &str, method: Method, expected: Expected) {
    let script = Script {
        method,
        ..Script::default()
    };
    let (outcome, mut desk) = Case::of(name).script(script).run();
    let seen = desk.names();
    match expected {
        Expected::Accepted => {
            assert!(
                outcome.is_accepted(),
                "{name} by {method:?}: {:?}, screens {seen:?}",
                outcome.failure()
            );
        }
        Expected::Refused(failure) => {
            assert_eq!(
                outcome.failure(),
                Some(failure),
                "{name} by {method:?}, screens {seen:?}"
            );
            let Outcome::NotAccepted(refusal) = &outcome else {
                panic!("{name}")
            };
            assert!(!refusal.advice.items.is_empty());
            for item in &refusal.advice.items {
                assert!(!item.text(Lang::Ja).is_empty() && !item.text(Lang::En).is_empty());
            }
            assert!(seen.contains(&"not-accepted"));
        }
    }
    assert_eq!(desk.decided, 1, "decided once");
    // Whoever typed the right PIN, or none, lost no try.
    let untouched = VirtualCard::new(
        persona(name),
        CardOptions::default(),
        jiff::Timestamp::UNIX_EPOCH,
    );
    let mut expected = untouched.tries_left();
    if outcome.is_accepted() && method == Method::Pin {
        // The last try was the right one.
        expected[0] = 3;
    }
    assert_eq!(desk.tries_left(), expected, "{name} by {method:?}: tries");
}

#[test]
fn every_persona_ends_as_it_must_by_pin() {
    for persona in Persona::all() {
        assert_ends(persona.name, Method::Pin, persona.with_pin);
    }
}

#[test]
fn every_persona_ends_as_it_must_by_face() {
    for persona in Persona::all() {
        assert_ends(persona.name, Method::Face, persona.with_face);
    }
}

#[test]
fn the_plain_visit_shows_its_screens_in_order() {
    let (outcome, desk) = Case::of("in-order").run();
    assert!(outcome.is_accepted());
    let expected = [
        "place-card",
        "reading-card",
        "choose-method",
        "enter-pin",
        "checking-pin",
        "asking",
        "consents",
        "asking",
        "accepted",
        "take-card",
    ];
    assert_eq!(desk.names(), expected);
    let events: Vec<_> = desk.records.iter().map(|record| &record.event).collect();
    assert!(matches!(events.first(), Some(AuditEvent::Began { .. })));
    assert!(matches!(events.last(), Some(AuditEvent::Accepted)));
    for (number, record) in (0..).zip(&desk.records) {
        assert_eq!(record.number, number);
        assert_eq!(record.visit, visit_of(&outcome));
    }
}

/// Behind 照合番号B nothing is tried; what is free tells before.
#[test]
fn the_photo_comes_in_one_read_once_a_free_file_told_that_it_can() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let sent = Arc::clone(&log);
    let reader = VirtualReader::new()
        .with_limits(Limits {
            extended: ExtendedLength::Unknown,
            max_response: 65_538,
        })
        .with_hook(move |_, command, _| sent.lock().unwrap().push(command.to_vec()));
    let case = Case {
        reader,
        ..Case::of("in-order").script(Script {
            method: Method::Face,
            ..Script::default()
        })
    };
    let (outcome, _) = case.run();
    assert!(outcome.is_accepted());
    let log = log.lock().unwrap();
    let verify = log
        .iter()
        .position(|c| c[1..4] == [0x20, 0x00, 0x92] && c.len() > 4);
    let verify = verify.unwrap();
    let headers = |from: usize, to: usize| -> Vec<[u8; 4]> {
        log[from..to]
            .iter()
            .map(|c| c[..4].try_into().unwrap())
            .collect()
    };
    assert_eq!(
        headers(verify - 3, verify + 1),
        [
            [0x00, 0xB0, 0x84, 0x00],
            [0x00, 0xB0, 0x01, 0x2C],
            [0x00, 0x20, 0x00, 0x92],
            [0x00, 0x20, 0x00, 0x92],
        ]
    );
    // Table and photo.
    let reads = log[verify + 1..].iter().take_while(|c| c[1] == 0xB0);
    assert_eq!(reads.count(), 2);
}

#[test]
fn a_first_visit_registers_the_card() {
    let (outcome, desk) = Case::of("not-registered").run();
    assert!(outcome.is_accepted());
    assert!(desk.names().contains(&"register"));

    let script = Script {
        register: false,
        ..Script::default()
    };
    let (outcome, _) = Case::of("not-registered").script(script).run();
    assert_eq!(outcome.failure(), Some(Failure::RegistrationDeclined));
}

#[test]
fn in_grace_only_eligibility_is_asked_for() {
    let (outcome, desk) = Case::of("grace").run();
    let Outcome::Accepted(accepted) = outcome else {
        panic!("grace")
    };
    assert!(matches!(accepted.standing(), Standing::Grace { .. }));
    assert!(accepted.coverage().eligibility_only);
    assert!(
        accepted
            .coverage()
            .consents
            .iter()
            .all(|consent| !consent.given())
    );
    assert!(desk.names().contains(&"certificate-notice"));
    assert!(!desk.names().contains(&"consents"));
}

#[test]
fn a_policy_may_know_no_grace() {
    let policy = Policy::simulation(terminal()).with_grace(GraceRule::None);
    let case = Case {
        policy,
        ..Case::of("grace")
    };
    let (outcome, desk) = case.run();
    assert_eq!(outcome.failure(), Some(Failure::CertificateLapsed));
    assert!(!desk.names().contains(&"enter-pin"));
}

#[test]
fn consents_go_one_by_one() {
    let script = Script {
        consent: Choice::ConsentOneByOne,
        ..Script::default()
    };
    let (outcome, desk) = Case::of("in-order").script(script).run();
    let Outcome::Accepted(accepted) = outcome else {
        panic!("one by one")
    };
    assert_eq!(
        desk.screens
            .iter()
            .filter(|screen| screen.name() == "consent")
            .count(),
        4
    );
    assert!(
        accepted
            .coverage()
            .consents
            .iter()
            .all(|consent| consent.given())
    );

    let script = Script {
        consent: Choice::ConsentToNone,
        ..Script::default()
    };
    let (outcome, _) = Case::of("in-order").script(script).run();
    let Outcome::Accepted(accepted) = outcome else {
        panic!("none")
    };
    assert!(
        accepted
            .coverage()
            .consents
            .iter()
            .all(|consent| !consent.given())
    );
}

#[test]
fn three_wrong_pins_lock_and_the_last_needs_a_yes() {
    let pins = vec!["0000", "0001", "0002", "1234"];
    let (outcome, mut desk) = Case::of("in-order")
        .script(Script {
            pins: pins.clone(),
            ..Script::default()
        })
        .run();
    assert_eq!(outcome.failure(), Some(Failure::PinLocked));
    assert_eq!(desk.tries_left()[0], 0);
    let spent: Vec<_> = desk
        .records
        .iter()
        .filter_map(|record| match record.event {
            AuditEvent::TrySpent { left } => Some(left),
            _ => None,
        })
        .collect();
    assert_eq!(spent, [2, 1, 0]);
    assert!(desk.names().contains(&"last-try"));

    let script = Script {
        pins,
        use_last_try: false,
        ..Script::default()
    };
    let (outcome, mut desk) = Case::of("in-order").script(script).run();
    assert_eq!(outcome.failure(), Some(Failure::LastTryDeclined));
    assert_eq!(desk.tries_left()[0], 1, "the last try is the person's");
}

#[test]
fn the_same_wrong_pin_is_sent_once() {
    let script = Script {
        pins: vec!["0000", "0000", "0000", "0000", "1234"],
        ..Script::default()
    };
    let (outcome, mut desk) = Case::of("in-order").script(script).run();
    assert!(outcome.is_accepted());
    assert_eq!(desk.tries_left()[0], 3);
    let again = desk.screens.iter().filter(|screen| {
        matches!(
            screen,
            Screen::EnterPin {
                same_again: true,
                ..
            }
        )
    });
    assert_eq!(again.count(), 3);

    let script = Script {
        pins: vec!["0000", "0000", "0000", "0000"],
        ..Script::default()
    };
    let (outcome, mut desk) = Case::of("in-order").script(script).run();
    assert_eq!(outcome.failure(), Some(Failure::PinForgotten));
    assert_eq!(desk.tries_left()[0], 2, "one wrong value is one try");
}

#[test]
fn after_a_locked_pin_face_still_works() {
    let script = Script {
        method: Method::Face,
        ..Script::default()
    };
    let (outcome, _) = Case::of("pin-locked").script(script).run();
    let Outcome::Accepted(accepted) = outcome else {
        panic!("face")
    };
    assert_eq!(accepted.identified(), Identified::Face);
}

#[test]
fn a_face_that_is_not_recognised_gets_five_attempts() {
    let script = Script {
        method: Method::Face,
        ..Script::default()
    };
    let (outcome, mut desk) = Case::of("face-mismatch").script(script).run();
    assert_eq!(outcome.failure(), Some(Failure::FaceNotRecognised));
    assert_eq!(
        desk.screens
            .iter()
            .filter(|screen| screen.name() == "look-at-camera")
            .count(),
        5
    );
    assert_eq!(
        desk.tries_left(),
        [3, 5, 10],
        "照合番号B was presented once, and was right"
    );
}

#[test]
fn the_photo_is_read_once_however_many_attempts() {
    let commands = |attempts| {
        let script = Script {
            method: Method::Face,
            ..Script::default()
        };
        let policy = Policy::simulation(terminal()).with_face_attempts(Attempts::new(attempts));
        let case = Case {
            policy,
            ..Case::of("face-mismatch").script(script)
        };
        let (outcome, desk) = case.run();
        assert_eq!(outcome.failure(), Some(Failure::FaceNotRecognised));
        desk.card.expect("taken").transmissions()
    };
    assert_eq!(commands(1), commands(5));
}

#[test]
fn staff_confirm_with_the_passcode_and_only_with_it() {
    let script = Script {
        method: Method::Staff,
        passcode: Some("open-sesame"),
        ..Script::default()
    };
    let (outcome, desk) = Case::of("face-mismatch").script(script).run();
    let Outcome::Accepted(accepted) = outcome else {
        panic!("staff")
    };
    assert_eq!(accepted.identified(), Identified::Staff);
    assert!(desk.records.iter().any(|record| matches!(
        &record.event,
        AuditEvent::Identified { method: Identified::Staff, staff: Some(id) } if id.as_str() == "nurse-7"
    )));

    let script = Script {
        method: Method::Staff,
        passcode: Some("open-sesamf"),
        ..Script::default()
    };
    let (outcome, desk) = Case::of("in-order").script(script).run();
    assert_eq!(outcome.failure(), Some(Failure::StaffLocked));
    assert_eq!(
        desk.screens
            .iter()
            .filter(|screen| screen.name() == "staff-check")
            .count(),
        5
    );
}

#[test]
fn without_parts_neither_face_nor_staff_is_offered() {
    let case = Case {
        with_parts: false,
        ..Case::of("in-order")
    };
    let (outcome, desk) = case.run();
    assert!(outcome.is_accepted());
    let offered = desk.screens.iter().any(|screen| match screen {
        Screen::ChooseMethod { face, staff, .. } => *face || *staff,
        _ => false,
    });
    assert!(!offered);

    let case = Case {
        with_parts: false,
        ..Case::of("pin-locked")
    };
    let (outcome, _) = case.run();
    assert_eq!(outcome.failure(), Some(Failure::PinLocked));
}

/// Every screen that waits for a person can be left by the person, by pulling
/// the card, and by saying nothing; each time with advice, never accepted.
#[test]
fn every_question_has_three_ways_out() {
    let questions = [
        "choose-method",
        "enter-pin",
        "register",
        "consents",
        "face-failed",
        "staff-check",
        "last-try",
        "consent",
    ];
    for (name, method, consent) in [
        ("not-registered", Method::Pin, Choice::ConsentOneByOne),
        ("face-mismatch", Method::Face, Choice::ConsentToAll),
        ("in-order", Method::Staff, Choice::ConsentToAll),
        ("pin-last-try", Method::Pin, Choice::ConsentToAll),
    ] {
        for question in questions {
            for way in ["cancel", "pull", "freeze"] {
                let again = match consent {
                    Choice::ConsentOneByOne => Choice::ConsentOneByOne,
                    _ => Choice::ConsentToAll,
                };
                let mut script = Script {
                    method,
                    consent: again,
                    ..Script::default()
                };
                match way {
                    "cancel" => script.cancel_at = Some(question),
                    "pull" => script.pull_at = Some(question),
                    _ => script.freeze_at = Some(question),
                }
                let (outcome, mut desk) = Case::of(name).script(script).run();
                if !desk.names().contains(&question) {
                    continue;
                }
                let failure = outcome.failure();
                match way {
                    "pull" => assert_eq!(failure, Some(Failure::CardRemoved), "{name} {question}"),
                    "freeze" => {
                        assert_eq!(failure, Some(Failure::PersonTimedOut), "{name} {question}")
                    }
                    _ => assert!(failure.is_some(), "{name} {question} {way}"),
                }
                let before = if name == "pin-last-try" { 1 } else { 3 };
                let after = desk.tries_left()[0];
                assert!(
                    after == before || after == 3,
                    "{name} {question} {way}: no try is lost"
                );
            }
        }
    }
}

#[test]
fn an_answer_to_an_older_question_changes_nothing() {
    let mut centre = Centre::new().with_fault(CentreFault::AnswersOlderRequest);
    let (outcome, desk) = Case::of("in-order").run_with(&mut centre);
    assert_eq!(outcome.failure(), Some(Failure::TimedOut));
    assert!(
        desk.records
            .iter()
            .any(|record| record.event == AuditEvent::StaleDropped)
    );
}

#[test]
fn a_silent_centre_ends_in_a_time_out() {
    let mut centre = Centre::new().with_fault(CentreFault::Silent);
    let (outcome, _) = Case::of("in-order").run_with(&mut centre);
    assert_eq!(outcome.failure(), Some(Failure::TimedOut));
}

/// PIN, name, numbers: in nothing that a log could take.
#[test]
fn nothing_personal_is_printed() {
    for name in ["in-order", "pin-locked", "grace"] {
        let person = persona(name);
        let script = Script {
            pins: vec!["9173", "1234"],
            ..Script::default()
        };
        let (outcome, desk) = Case::of(name).script(script).run();
        let printed = format!("{:?} {:?} {outcome:?}", desk.screens, desk.records);
        let refs = person.reference_number_b;
        for canary in [
            "9173",
            "1234",
            person.holder_name,
            person.holder_kana,
            person.birthdate,
            refs,
        ] {
            assert!(!printed.contains(canary), "{name}: {canary} in {printed}");
        }
    }
}

#[test]
fn only_what_says_all_consents_to_all() {
    let script = Script {
        consent: Choice::Yes,
        ..Script::default()
    };
    let (outcome, _) = Case::of("in-order").script(script).run();
    assert_eq!(outcome.failure(), Some(Failure::PersonTimedOut));
}

#[test]
fn a_program_that_stops_ends_the_visit_at_any_screen() {
    for screen in [
        "place-card",
        "choose-method",
        "enter-pin",
        "consents",
        "accepted",
        "take-card",
    ] {
        let script = Script {
            stop_at: Some(screen),
            leave_card: true,
            ..Script::default()
        };
        let before = support::now();
        let (outcome, desk) = Case::of("in-order").script(script).run();
        let late = ["accepted", "take-card"].contains(&screen);
        let expected = if late { None } else { Some(Failure::Cancelled) };
        assert_eq!(outcome.failure(), expected, "{screen}");
        assert_eq!(desk.decided, 1);
        assert!(
            desk.clock.duration_since(before).as_secs() < 2,
            "{screen}: at once"
        );
    }
}

#[test]
fn a_card_left_behind_is_not_the_next_persons() {
    use uketsuke::checkin::Reception;
    use uketsuke::simulation::{CardOptions, VirtualCard, VirtualReader};

    let slot = VirtualReader::new();
    let (mut reader, mut centre) = (slot.clone(), Centre::new());
    let mut reception = Reception::new(Policy::simulation(terminal()), &mut reader, &mut centre);
    let card = VirtualCard::new(persona("in-order"), CardOptions::default(), support::now());
    let leave = Script {
        leave_card: true,
        ..Script::default()
    };
    let mut first = support::TestDesk::new(leave, slot.clone(), card);
    assert!(reception.run(&mut first).is_accepted());
    assert!(
        first
            .records
            .iter()
            .any(|record| record.event == AuditEvent::CardLeft)
    );

    let mut next = support::TestDesk::without_card(Script::default(), slot);
    let outcome = reception.run(&mut next);
    assert_eq!(outcome.failure(), Some(Failure::PersonTimedOut));
    assert!(
        !next.names().contains(&"reading-card"),
        "the card left is not read"
    );
}

/// A centre that refuses with a code and a text.
struct Refuses(Centre);

impl EligibilityService for Refuses {
    fn realm(&self) -> uketsuke::Realm {
        self.0.realm()
    }
    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }
    fn submit(&mut self, request: Request, now: jiff::Timestamp) -> Result<Ticket, ServiceError> {
        self.0.submit(request, now)
    }
    fn poll(&mut self, ticket: Ticket, now: jiff::Timestamp) -> Result<PollResult, ServiceError> {
        let mut result = self.0.poll(ticket, now)?;
        if let PollResult::Ready(answer) = &mut result {
            answer.report.status = Some(ProcessingResultStatus::Error);
            answer.report.code = Some("E0042".to_owned());
            answer.report.message = Some("電話してください".to_owned());
        }
        Ok(result)
    }
    fn cancel(&mut self, ticket: Ticket) {
        self.0.cancel(ticket);
    }
}

#[test]
fn what_the_centre_said_reaches_the_receptionist_and_its_code_the_audit() {
    let (outcome, desk) = Case::of("in-order").run_with(&mut Refuses(Centre::new()));
    let Outcome::NotAccepted(refusal) = outcome else {
        panic!("refused")
    };
    let said = refusal.centre.expect("the centre said something");
    assert_eq!(said.code.as_deref(), Some("E0042"));
    assert_eq!(said.message.as_deref(), Some("電話してください"));
    let code = desk.records.iter().find_map(|record| match &record.event {
        AuditEvent::Answered { code, .. } => code.clone(),
        _ => None,
    });
    assert_eq!(code.as_deref(), Some("E0042"));
    assert!(!format!("{:?}", desk.records).contains("電話"));
}
