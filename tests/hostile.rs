//! A hostile card, a slow person, a service that never says no: what must hold
//! all the same, in whole visits.

mod hostile_support;
mod support;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use hostile_support::*;
use jiff::{SignedDuration, Timestamp};
use support::{now, persona, terminal};
use uketsuke::card::{AuthPin, Card, Jpki, LastTry, SecretKind};
use uketsuke::checkin::*;
use uketsuke::eligibility::*;
use uketsuke::face::*;
use uketsuke::simulation::*;
use uketsuke::transport::*;
use uketsuke::trust::*;
use uketsuke::{Realm, Realms, VisitId};

// the card echoes the PIN as data of its answer; the trace shows it.
#[test]
fn no_trace_shows_the_pin_even_if_the_card_echoes_it() {
    let lines = Rc::new(RefCell::new(Vec::<String>::new()));
    for echo_in in [0x20_u8, 0xA4] {
        let hook: Hook = Rc::new(RefCell::new(move |command: &[u8], answer: Vec<u8>| {
            let after_verify = command[1] == 0x20 && command.len() > 4;
            if (echo_in == 0x20 && after_verify) || (echo_in == 0xA4 && command[1] == 0xA4) {
                let mut out = b"1234".to_vec();
                out.extend_from_slice(&answer);
                return out;
            }
            answer
        }));
        let mut reader = evil("in-order", CardOptions::default(), hook, now());
        let sink = Rc::clone(&lines);
        let link = Traced::new(reader.connect().unwrap(), move |e: &TraceEvent| {
            sink.borrow_mut().push(e.to_string());
        });
        let mut card = Card::new(link, VisitId::begin());
        let mut jpki = card.open::<Jpki>().unwrap();
        let budget = jpki
            .tries_left(SecretKind::AuthPin)
            .unwrap()
            .budget(LastTry::Refuse)
            .unwrap();
        let _ = jpki.verify_pin(AuthPin::parse("1234").unwrap(), budget);
        let _ = jpki.close();
    }
    let all = lines.borrow().join("\n");
    assert!(!all.contains("31323334"), "{all}");
}

// after a refused PIN-less step (what every real card answers to the
#[test]
fn the_pin_works_after_a_refused_pinless_step() {
    for typed in ["1234", "0000"] {
        let options = CardOptions {
            pinless_stand_in: false,
            ..CardOptions::default()
        };
        let mut reader = evil("in-order", options, honest(), now());
        let mut first = true;
        let mut d = desk(&reader, now(), move |screen: &Screen| match screen {
            Screen::ChooseMethod { .. } if std::mem::take(&mut first) => {
                Some(Choice::Method(Method::Staff))
            }
            Screen::StaffCheck { .. } => Some(Choice::StaffConfirms {
                staff: StaffId::new("a").unwrap(),
                passcode: Passcode::new("secret").unwrap(),
            }),
            Screen::EnterPin { wrong: false, .. } => pin(typed),
            Screen::EnterPin { wrong: true, .. } => pin("1234"),
            other => willing(other),
        });
        let (mut pinless, mut staff, mut centre) = (SimulatedPinless, Staff, Centre::new());
        let outcome = Reception::new(policy(), &mut reader, &mut centre)
            .with_pinless(&mut pinless)
            .with_staff(&mut staff)
            .run(&mut d);
        assert!(
            outcome.is_accepted(),
            "typed {typed}: {:?} {:#?}",
            outcome.failure(),
            d.screens
        );
    }
}

// a card that drips bytes must not hold the desk beyond the card deadline.
#[test]
fn a_dripping_card_ends_within_the_card_timeout() {
    let start = now();
    let clock: Clock = Rc::new(Cell::new(start));
    let count = Rc::new(Cell::new(0_u64));
    let (c, n) = (Rc::clone(&clock), Rc::clone(&count));
    let mut gets = 0;
    let hook: Hook = Rc::new(RefCell::new(move |command: &[u8], answer: Vec<u8>| {
        n.set(n.get() + 1);
        c.set(c.get() + SignedDuration::from_millis(100));
        match command[1] {
            0xB0 if command[2] & 0x80 != 0 => {
                let mut out = vec![0x30, 0x82, 0x1F, 0xFC];
                out.extend([0; 300]);
                out.extend([0x90, 0x00]);
                out
            }
            0xB0 => {
                gets = 0;
                vec![0x61, 0x01]
            }
            0xC0 => {
                gets += 1;
                if gets < 299 {
                    vec![0x61, 0x01]
                } else {
                    vec![0, 0x90, 0x00]
                }
            }
            _ => answer,
        }
    }));
    let mut reader = evil("in-order", CardOptions::default(), hook, start);
    let mut d = desk(&reader, start, willing);
    d.clock = Rc::clone(&clock);
    let mut centre = Centre::new();
    let outcome = Reception::new(policy(), &mut reader, &mut centre).run(&mut d);
    let took = clock.get().duration_since(start);
    assert!(
        took < SignedDuration::from_mins(3),
        "{:?}: {} exchanges, {took:?} at 100 ms each",
        outcome.failure(),
        count.get()
    );
}

// a confirmation of another card session must be refused.
#[test]
fn a_confirmation_of_another_session_is_refused() {
    let visit = VisitId::begin();
    let reader = VirtualReader::new();
    reader.insert(VirtualCard::new(
        persona("in-order"),
        CardOptions::default(),
        now(),
    ));
    let prove = |card: &mut Card<VirtualTransport>| {
        let mut jpki = card.open::<Jpki>().unwrap();
        let certificate = jpki.authentication_certificate(&mut |_| {}).unwrap();
        let budget = jpki
            .tries_left(SecretKind::AuthPin)
            .unwrap()
            .budget(LastTry::Refuse)
            .unwrap();
        let pin = jpki
            .verify_pin(AuthPin::parse("1234").unwrap(), budget)
            .unwrap();
        let chain = Roots::simulation()
            .validate_authentication(
                &certificate,
                Realms::simulation(),
                now(),
                GraceRule::EligibilityOnly,
            )
            .unwrap();
        let challenge = Challenge::generate(
            visit,
            &terminal(),
            Purpose::CheckIn,
            now(),
            SignedDuration::from_mins(5),
        )
        .unwrap();
        let signature = jpki
            .sign_authentication(&challenge.signature_input())
            .unwrap();
        jpki.close().unwrap();
        let signed = challenge.verify(&chain, signature, now()).unwrap();
        (Identity::Pin(pin), chain, signed)
    };
    let mut r = reader.clone();
    let mut first = Card::new(r.connect().unwrap(), visit);
    let (_, chain1, signed1) = prove(&mut first);
    let request = Request::new(
        Presented::new(&chain1, &signed1, Identified::Staff).unwrap(),
        RequestKind::Result {
            consents: Consents::none(),
        },
    );
    let mut centre = Centre::new();
    let ticket = centre.submit(request.clone(), now()).unwrap();
    let PollResult::Ready(answer) = centre.poll(ticket, now()).unwrap() else {
        panic!()
    };
    let confirmed = confirm(&request, &answer, Realm::Simulation).unwrap();
    drop(first);
    let mut second = Card::new(r.connect().unwrap(), visit);
    let (identity, chain, signed) = prove(&mut second);
    let result = Proofs {
        identity,
        chain,
        signed,
        confirmed,
    }
    .accept(&policy(), visit, now());
    assert!(
        result.is_err(),
        "accepted with the confirmation of another card session"
    );
}

// VERIFY answered with a status that says nothing about the try.
#[test]
fn an_unclear_answer_to_verify_is_recorded_as_unknown() {
    for kind in 0..2 {
        let hook: Hook = Rc::new(RefCell::new(move |command: &[u8], answer: Vec<u8>| {
            if command[1] == 0x20 && command.len() > 4 {
                return match kind {
                    0 => vec![0x65, 0x81],
                    _ => [vec![0xAA], answer].concat(),
                };
            }
            answer
        }));
        let mut reader = evil("in-order", CardOptions::default(), hook, now());
        let mut d = desk(&reader, now(), |s: &Screen| match s {
            Screen::EnterPin { .. } => pin("0000"),
            other => willing(other),
        });
        let mut centre = Centre::new();
        let outcome = Reception::new(policy(), &mut reader, &mut centre).run(&mut d);
        let Outcome::NotAccepted(refusal) = outcome else {
            panic!()
        };
        let told = d.records.iter().any(|r| {
            matches!(
                r.event,
                AuditEvent::TryUnknown | AuditEvent::TrySpent { .. }
            )
        });
        // The card really counted: 2 left.
        assert!(
            told && refusal.pin_tries_left != Some(3),
            "kind {kind}: {:?}, says {:?} left, audit told: {told}",
            refusal.failure,
            refusal.pin_tries_left
        );
    }
}

#[test]
fn nothing_is_held_while_the_number_is_read() {
    let mut reader = evil("in-order", CardOptions::default(), honest(), now());
    reader.shared = true;
    let held = Rc::new(Cell::new(false));
    let mut source = SlowSource(
        Rc::clone(&reader.bursts),
        Rc::clone(&held),
        persona("in-order").reference_number_b,
    );
    let (mut cam, mut pad, mut matcher) = (Cam, Pad, ByScore::new(Match));
    let mut first = true;
    let mut d = desk(&reader, now(), move |s: &Screen| match s {
        Screen::ChooseMethod { .. } if std::mem::take(&mut first) => {
            Some(Choice::Method(Method::Face))
        }
        other => willing(other),
    });
    let (mut pinless, mut centre) = (SimulatedPinless, Centre::new());
    let _ = Reception::new(policy(), &mut reader, &mut centre)
        .with_face(FaceParts {
            camera: &mut cam,
            engine: &mut matcher,
            detector: &mut pad,
            reference: &mut source,
            quality: None,
        })
        .with_pinless(&mut pinless)
        .run(&mut d);
    assert!(
        !held.get(),
        "the transaction was held while the number was read"
    );
}

// a person (or nobody) who plays with the buttons can hold the desk for
// ever, and is accepted with a certificate that lapsed long ago.
struct YesCentre(Option<Request>);
impl EligibilityService for YesCentre {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            by_certificate: true,
            registration: true,
            ..Capabilities::default()
        }
    }
    fn submit(&mut self, request: Request, _: Timestamp) -> Result<Ticket, ServiceError> {
        let t = Ticket::new(request.number());
        self.0 = Some(request);
        Ok(t)
    }
    fn poll(&mut self, _: Ticket, at: Timestamp) -> Result<PollResult, ServiceError> {
        let request = self.0.take().unwrap();
        let result = matches!(request.kind(), Some(RequestKind::Result { .. }));
        let q = Qualification {
            insurer_number: Personal::new("06010011"),
            ..Qualification::new("x", "19550217")
        };
        Ok(PollResult::Ready(Box::new(Answer {
            number: request.number(),
            report: Report {
                validity: result.then_some(QualificationValidity::Valid),
                certificate: Some(CertificateStatus::Good),
                registration: Some(Registration::Registered),
                results: if result { vec![q] } else { vec![] },
                executed: Some(at),
                ..Report::normal()
            },
        })))
    }
    fn cancel(&mut self, _: Ticket) {}
}

#[test]
fn a_visit_cannot_outlive_the_grace_of_its_certificate() {
    let made = now();
    let mut reader = evil("grace", CardOptions::default(), honest(), made);
    let mut toggles = 0;
    let mut d = desk(&reader, made, move |s: &Screen| {
        toggles += 1;
        match s {
            Screen::EnterPin { .. } if toggles < 300_000 => Some(Choice::OtherMethod),
            other => willing(other),
        }
    });
    d.step = SignedDuration::from_secs(80);
    let mut centre = YesCentre(None);
    let outcome = Reception::new(policy(), &mut reader, &mut centre).run(&mut d);
    let took = d.clock.get().duration_since(made);
    let days = took.as_hours() / 24;
    if let Outcome::Accepted(a) = &outcome
        && let Standing::Grace { until } = a.standing()
    {
        assert!(
            d.clock.get() <= until,
            "accepted {days} days later, grace ended {until}, {} audit records",
            d.records.len()
        );
    }
    assert!(
        days < 1,
        "visit lasted {days} days: {:?}",
        outcome.failure()
    );
}

// the same after a lost answer to 照合番号B, and where the card refuses to
// select the issuer security domain; a wrong PIN typed there costs a try.
#[test]
fn the_pin_works_after_face_failed_on_the_card() {
    let mut report = vec![];
    for case in 0..2 {
        let hook: Hook = Rc::new(RefCell::new(move |command: &[u8], answer: Vec<u8>| {
            if case == 1 && command[1] == 0xA4 && command.ends_with(&[0x51, 0, 0]) {
                return vec![0x6A, 0x82];
            }
            answer
        }));
        let mut reader = evil("in-order", CardOptions::default(), hook, now());
        if case == 0 {
            reader.inner.plan(Fault::AnswerCut(6));
        }
        let held = Rc::new(Cell::new(false));
        let mut source = SlowSource(
            Rc::clone(&reader.bursts),
            held,
            persona("in-order").reference_number_b,
        );
        let (mut cam, mut pad, mut matcher) = (Cam, Pad, ByScore::new(Match));
        let mut first = true;
        let mut typed = vec!["1234", "0000"];
        let mut d = desk(&reader, now(), move |s: &Screen| match s {
            Screen::ChooseMethod { .. } if std::mem::take(&mut first) => {
                Some(Choice::Method(Method::Face))
            }
            Screen::EnterPin { .. } => pin(typed.pop().unwrap()),
            other => willing(other),
        });
        let (mut pinless, mut centre) = (SimulatedPinless, Centre::new());
        let outcome = Reception::new(policy(), &mut reader, &mut centre)
            .with_face(FaceParts {
                camera: &mut cam,
                engine: &mut matcher,
                detector: &mut pad,
                reference: &mut source,
                quality: None,
            })
            .with_pinless(&mut pinless)
            .run(&mut d);
        let spent = d
            .records
            .iter()
            .any(|r| matches!(r.event, AuditEvent::TrySpent { left: 2 }));
        report.push((case, outcome.is_accepted(), outcome.failure(), spent));
    }
    assert!(
        report.iter().all(|r| r.1),
        "(case, accepted, failure, a try was spent): {report:?}"
    );
}

// the ledger of refused values ends with the `Card`, not with the visit.
#[test]
fn a_refused_value_is_not_presented_again_in_the_same_visit() {
    let visit = VisitId::begin();
    let reader = VirtualReader::new();
    reader.insert(VirtualCard::new(
        persona("in-order"),
        CardOptions::default(),
        now(),
    ));
    let mut link = reader.clone().connect().unwrap();
    for _ in 0..2 {
        let mut card = Card::new(link, visit);
        let mut jpki = card.open::<Jpki>().unwrap();
        let budget = jpki
            .tries_left(SecretKind::AuthPin)
            .unwrap()
            .budget(LastTry::Refuse)
            .unwrap();
        let _ = jpki.verify_pin(AuthPin::parse("0000").unwrap(), budget);
        jpki.close().unwrap();
        link = card.release().unwrap();
    }
    drop(link);
    assert_eq!(reader.remove().unwrap().tries_left()[0], 2);
}

// a lock that was there before is not a try spent.
#[test]
fn the_audit_tells_of_no_try_that_was_not_sent() {
    let mut counts = 0;
    let hook: Hook = Rc::new(RefCell::new(move |command: &[u8], answer: Vec<u8>| {
        if command == [0x00, 0x20, 0x00, 0x98] {
            counts += 1;
            if counts == 2 {
                return vec![0x69, 0x84];
            }
        }
        answer
    }));
    let mut reader = evil("in-order", CardOptions::default(), hook, now());
    let mut d = desk(&reader, now(), willing);
    let mut centre = Centre::new();
    let _ = Reception::new(policy(), &mut reader, &mut centre).run(&mut d);
    assert!(
        !d.records
            .iter()
            .any(|r| matches!(r.event, AuditEvent::TrySpent { .. }))
    );
}

// a card put back while the result is shown is still asked for.
struct PutBack<F>(ClosureDesk<F>, bool);
impl<F: FnMut(&Screen) -> Option<Choice>> Desk for PutBack<F> {
    fn now(&mut self) -> Timestamp {
        self.0.now()
    }
    fn show(&mut self, screen: &Screen) {
        self.0.show(screen);
    }
    fn choice(&mut self, until: Timestamp) -> Option<Choice> {
        if matches!(self.0.last, Some(Screen::Accepted { .. })) {
            match (self.1, self.0.waits % 2) {
                (false, _) => {
                    let card = self.0.reader.remove().unwrap();
                    // Seen as absent for a moment.
                    self.1 = true;
                    HELD.with(|h| *h.borrow_mut() = Some(card));
                    self.0.waits += 1;
                    return None;
                }
                (true, _) => {
                    if let Some(card) = HELD.with(|h| h.borrow_mut().take()) {
                        self.0.reader.insert(card);
                        return None;
                    }
                }
            }
        }
        self.0.choice(until)
    }
    fn audit(&mut self, record: &AuditRecord) {
        self.0.audit(record);
    }
}
thread_local! { static HELD: RefCell<Option<VirtualCard>> = const { RefCell::new(None) }; }

#[test]
fn a_card_put_back_at_the_result_is_asked_for() {
    let mut reader = evil("in-order", CardOptions::default(), honest(), now());
    let mut d = PutBack(desk(&reader, now(), willing), false);
    let mut centre = Centre::new();
    let _ = Reception::new(policy(), &mut reader, &mut centre).run(&mut d);
    let asked = d.0.screens.iter().any(|s| s.starts_with("TakeCard"));
    assert!(
        asked || reader.inner.remove().is_none(),
        "the visit is over with a card in the reader: {:?}",
        d.0.screens
    );
}

// somebody slow, but within every time-out, must not be refused.
#[test]
fn a_slow_person_within_all_timeouts_is_accepted() {
    let mut reader = evil("not-registered", CardOptions::default(), honest(), now());
    let mut d = desk(&reader, now(), |s: &Screen| match s {
        Screen::Consents { .. } => Some(Choice::ConsentOneByOne),
        other => willing(other),
    });
    d.step = SignedDuration::from_secs(80);
    let mut centre = Centre::new();
    let outcome = Reception::new(policy(), &mut reader, &mut centre).run(&mut d);
    assert!(
        outcome.is_accepted(),
        "{:?} {:#?}",
        outcome.failure(),
        d.screens
    );
}

// Random damage to every answer of the card, by PIN and by face.
#[test]
fn random_damage_never_panics_never_hangs_never_spends_an_untyped_try() {
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let (mut accepted, mut runs) = (0, 0);
    for round in 0..600_u64 {
        let verifies = Rc::new(RefCell::new(Vec::<Vec<u8>>::new()));
        let v = Rc::clone(&verifies);
        let mut r = next();
        let rate = 2 + round % 12;
        let hook: Hook = Rc::new(RefCell::new(move |command: &[u8], mut answer: Vec<u8>| {
            if matches!(command[1], 0x20) && command.len() > 4 {
                v.borrow_mut().push(command.to_vec());
            }
            r = r
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            let x = r >> 24;
            if x % rate != 0 {
                return answer;
            }
            match (x >> 8) % 8 {
                0 => vec![(x >> 16) as u8, (x >> 24) as u8],
                1 => vec![0x61, (x >> 16) as u8],
                2 => vec![0x6C, (x >> 16) as u8],
                3 => vec![0x63, 0xC0 | (x >> 16) as u8 & 0x0F],
                4 => {
                    let i = (x >> 16) as usize % answer.len();
                    answer[i] ^= 1 << ((x >> 30) % 8);
                    answer
                }
                5 => {
                    answer.truncate((x >> 16) as usize % (answer.len() + 1));
                    answer
                }
                6 => [vec![0xFF; (x >> 16) as usize % 70_000], vec![0x90, 0x00]].concat(),
                _ => vec![0x90, 0x00],
            }
        }));
        let mut reader = evil(
            if round % 3 == 0 {
                "pin-last-try"
            } else {
                "in-order"
            },
            CardOptions::default(),
            hook,
            now(),
        );
        reader.shared = round % 5 == 0;
        let held = Rc::new(Cell::new(false));
        let mut source = SlowSource(
            Rc::clone(&reader.bursts),
            held,
            persona("in-order").reference_number_b,
        );
        let (mut cam, mut pad, mut matcher) = (Cam, Pad, ByScore::new(Match));
        let mut method = if round % 2 == 0 {
            Method::Face
        } else {
            Method::Pin
        };
        let typed = Rc::new(Cell::new(0));
        let t = Rc::clone(&typed);
        let mut last_yes = false;
        let mut d = desk(&reader, now(), move |s: &Screen| match s {
            Screen::ChooseMethod { .. } => {
                Some(Choice::Method(std::mem::replace(&mut method, Method::Pin)))
            }
            Screen::LastTry { .. } => {
                last_yes = true;
                Some(Choice::Yes)
            }
            Screen::EnterPin { .. } => {
                t.set(t.get() + 1);
                let _ = last_yes;
                if t.get() > 8 {
                    Some(Choice::Cancel)
                } else {
                    pin(["0000", "1111", "1234"][t.get() % 3])
                }
            }
            other => willing(other),
        });
        let (mut pinless, mut centre) = (SimulatedPinless, Centre::new());
        let outcome = Reception::new(policy(), &mut reader, &mut centre)
            .with_face(FaceParts {
                camera: &mut cam,
                engine: &mut matcher,
                detector: &mut pad,
                reference: &mut source,
                quality: None,
            })
            .with_pinless(&mut pinless)
            .run(&mut d);
        accepted += u32::from(outcome.is_accepted());
        runs += 1;
        let seen = verifies.borrow();
        let pins: Vec<_> = seen.iter().filter(|c| c[3] == 0x98).collect();
        assert!(pins.len() <= typed.get());
        assert!(seen.iter().filter(|c| c[3] == 0x92).count() <= 1);
        assert!(d.waits < 5000);
        let text = format!("{:?}{:?}", outcome, d.records);
        assert!(!text.contains("1234") && !text.contains("55021720352285"));
        if let Outcome::NotAccepted(n) = &outcome {
            assert!(!n.advice.items.is_empty());
        }
    }
    assert!(
        accepted > 0 && accepted < runs,
        "some were accepted, some not"
    );
}

// Two bytes hold a whole PIN: what isn't a status word of VERIFY isn't shown.
#[test]
fn no_trace_and_no_error_shows_the_pin_even_if_the_status_word_echoes_it() {
    let hook: Hook = Rc::new(RefCell::new(|command: &[u8], answer: Vec<u8>| {
        if command[1] == 0x20 && command.len() > 4 {
            vec![0x12, 0x34]
        } else {
            answer
        }
    }));
    let mut reader = evil("in-order", CardOptions::default(), hook, now());
    let lines = Rc::new(RefCell::new(Vec::<String>::new()));
    let sink = Rc::clone(&lines);
    let link = Traced::new(reader.connect().unwrap(), move |event: &TraceEvent| {
        sink.borrow_mut().push(event.to_string());
    });
    let mut card = Card::new(link, VisitId::begin());
    let mut jpki = card.open::<Jpki>().unwrap();
    let tries = jpki.tries_left(SecretKind::AuthPin).unwrap();
    let budget = tries.budget(LastTry::Refuse).unwrap();
    let error = jpki.verify_pin(AuthPin::parse("1234").unwrap(), budget);
    let error = error.unwrap_err();
    assert!(error.try_may_be_spent());
    let shown = format!("{error} {error:?} {:?}", lines.borrow());
    assert!(!shown.contains("1234"), "{shown}");
}
