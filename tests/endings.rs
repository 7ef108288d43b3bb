//! What is told at the end of a visit is true, whatever happened on the way,
//! and what is left on the reader isn't forgotten.

mod hostile_support;
mod support;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use hostile_support::{
    Cam, EvilReader, Hook, Match, Pad, SlowSource, Staff, desk, evil, honest, pin, policy, willing,
};
use jiff::{SignedDuration, Timestamp};
use support::{Case, Script, TestDesk, now, persona};
use uketsuke::Realm;
use uketsuke::checkin::{
    AuditEvent, Choice, FaceParts, Method, Passcode, PinlessAuthorization, PinlessError,
    PinlessRight, RawCard, Reception, Screen, StaffId,
};
use uketsuke::eligibility::{
    Capabilities, EligibilityService, Failure, PollResult, Request, ServiceError, Ticket,
};
use uketsuke::simulation::{
    CardOptions, Centre, Generation, SimulatedPinless, VirtualCard, VirtualPki, VirtualReader,
    VirtualTransport,
};
use uketsuke::transport::{Cancel, Presence, Reader, TransportError};
use uketsuke::trust::Certificate;

fn staff_confirms() -> Option<Choice> {
    Some(Choice::StaffConfirms {
        staff: StaffId::new("a").unwrap(),
        passcode: Passcode::new("secret").unwrap(),
    })
}

#[test]
fn a_pin_typed_again_and_again_does_not_outlive_the_visit() {
    let mut reader = evil("in-order", CardOptions::default(), honest(), now());
    let mut desk = desk(&reader, now(), |screen: &Screen| match screen {
        Screen::EnterPin { .. } => pin("0000"),
        other => willing(other),
    });
    desk.step = SignedDuration::from_secs(60);
    let mut centre = Centre::new();
    let outcome = Reception::new(policy(), &mut reader, &mut centre).run(&mut desk);
    assert_eq!(outcome.failure(), Some(Failure::PersonTimedOut));
    let took = desk.clock.get().duration_since(now());
    assert!(took < SignedDuration::from_mins(30), "{took:?}");
}

#[test]
fn what_went_wrong_before_identification_is_not_the_outcome_after_it() {
    let mut reader = evil("in-order", CardOptions::default(), honest(), now());
    let mut first = true;
    let mut desk = desk(&reader, now(), move |screen: &Screen| match screen {
        Screen::ChooseMethod { .. } if std::mem::take(&mut first) => Some(Choice::PinForgotten),
        Screen::ChooseMethod { .. } => Some(Choice::Method(Method::Staff)),
        Screen::StaffCheck { .. } => staff_confirms(),
        Screen::Consents { .. } => Some(Choice::Cancel),
        other => willing(other),
    });
    let (mut pinless, mut staff, mut centre) = (SimulatedPinless, Staff, Centre::new());
    let outcome = Reception::new(policy(), &mut reader, &mut centre)
        .with_pinless(&mut pinless)
        .with_staff(&mut staff)
        .run(&mut desk);
    assert_eq!(outcome.failure(), Some(Failure::Cancelled));
}

/// The card face fails in three ways; the PIN still works.
#[test]
fn a_card_face_that_fails_leaves_the_pin() {
    for case in 0..3 {
        let face = Cell::new(false);
        let hook: Hook = Rc::new(RefCell::new(move |command: &[u8], answer: Vec<u8>| {
            if command[1] == 0xA4 && command.len() > 10 {
                face.set(command.ends_with(&[0x01, 0x01, 0x04, 0x02]));
            }
            match (face.get(), case, command[1]) {
                (true, 0, 0xA4) => vec![0x6A, 0x82],
                (true, 1, 0xB0) => vec![0x69, 0x82],
                (true, 2, 0xB0) => vec![0x6A, 0x82],
                _ => answer,
            }
        }));
        let mut reader = evil("in-order", CardOptions::default(), hook, now());
        let held = Rc::new(Cell::new(false));
        let number = persona("in-order").reference_number_b;
        let mut source = SlowSource(Rc::clone(&reader.bursts), held, number);
        let (mut camera, mut detector, mut matcher) =
            (Cam, Pad, uketsuke::face::ByScore::new(Match));
        let mut first = true;
        let mut desk = desk(&reader, now(), move |screen: &Screen| match screen {
            Screen::ChooseMethod { .. } if std::mem::take(&mut first) => {
                Some(Choice::Method(Method::Face))
            }
            other => willing(other),
        });
        let (mut pinless, mut centre) = (SimulatedPinless, Centre::new());
        let outcome = Reception::new(policy(), &mut reader, &mut centre)
            .with_face(FaceParts {
                camera: &mut camera,
                engine: &mut matcher,
                detector: &mut detector,
                reference: &mut source,
                quality: None,
            })
            .with_pinless(&mut pinless)
            .run(&mut desk);
        assert!(
            outcome.is_accepted(),
            "case {case}: {:?}",
            outcome.failure()
        );
    }
}

/// The certificate stands, and what it stands on ends while the centre thinks.
#[test]
fn a_root_that_ends_during_the_visit_is_no_fault_of_the_program() {
    let root = VirtualPki::new().root(Generation::Third);
    let ends = Certificate::parse(root).unwrap().not_after();
    for (before, expected) in [(60, None), (15, Some(Failure::CertificateInvalid))] {
        let begins = ends - SignedDuration::from_secs(before);
        let mut reader = VirtualReader::new();
        let card = VirtualCard::new(persona("in-order"), CardOptions::default(), begins);
        let mut desk = TestDesk::new(Script::default(), reader.clone(), card);
        desk.clock = begins;
        // Two answers: the second one comes too late.
        let mut centre = Centre::new().with_delay(SignedDuration::from_secs(10));
        let outcome = Reception::new(policy(), &mut reader, &mut centre).run(&mut desk);
        assert_eq!(
            outcome.failure(),
            expected,
            "{before} s before: {:?}",
            desk.names()
        );
    }
}

/// Says yes without opening the key.
struct Lazy;

impl PinlessAuthorization for Lazy {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn authorize(&mut self, _: &mut dyn RawCard, _: PinlessRight<'_>) -> Result<(), PinlessError> {
        Ok(())
    }
}

#[test]
fn a_provider_that_opens_nothing_leaves_the_pin() {
    let mut reader = evil("in-order", CardOptions::default(), honest(), now());
    let offered = Rc::new(RefCell::new(Vec::new()));
    let seen = offered.clone();
    let mut desk = desk(&reader, now(), move |screen: &Screen| match screen {
        Screen::ChooseMethod { staff, .. } => {
            seen.borrow_mut().push(*staff);
            let method = if *staff { Method::Staff } else { Method::Pin };
            Some(Choice::Method(method))
        }
        Screen::StaffCheck { .. } => staff_confirms(),
        other => willing(other),
    });
    let (mut pinless, mut staff, mut centre) = (Lazy, Staff, Centre::new());
    let outcome = Reception::new(policy(), &mut reader, &mut centre)
        .with_pinless(&mut pinless)
        .with_staff(&mut staff)
        .run(&mut desk);
    assert!(outcome.is_accepted(), "{:?}", outcome.failure());
    assert!(
        desk.records
            .iter()
            .any(|record| record.event == AuditEvent::PinlessRefused)
    );
    // It would be closed to the staff again.
    assert_eq!(*offered.borrow(), [true, false]);
}

/// A reader that loses the power to its card, but not the card.
struct MuteReader {
    inner: VirtualReader,
    mute: Rc<Cell<bool>>,
}

impl Reader for MuteReader {
    type Transport = VirtualTransport;

    fn name(&self) -> &str {
        "mute"
    }
    fn presence(&mut self) -> Result<Presence, TransportError> {
        self.inner.presence()
    }
    fn wait_for_change(
        &mut self,
        from: Presence,
        _timeout: Duration,
    ) -> Result<Presence, TransportError> {
        if self.mute.get() {
            return Ok(Presence::Mute);
        }
        self.inner.wait_for_change(from, Duration::ZERO)
    }
    fn connect(&mut self) -> Result<VirtualTransport, TransportError> {
        self.inner.connect()
    }
    fn canceller(&self) -> Box<dyn Cancel> {
        self.inner.canceller()
    }
}

#[test]
fn a_card_that_went_mute_is_still_asked_for_and_not_the_next_persons() {
    let inner = VirtualReader::new();
    let card = VirtualCard::new(persona("in-order"), CardOptions::default(), now());
    inner.insert(card);
    let mute = Rc::new(Cell::new(false));
    let mut reader = MuteReader {
        inner,
        mute: Rc::clone(&mute),
    };
    let elsewhere: EvilReader = evil("in-order", CardOptions::default(), honest(), now());
    let mut centre = Centre::new();
    let mut reception = Reception::new(policy(), &mut reader, &mut centre);

    let goes_mute = Rc::clone(&mute);
    let mut first = desk(&elsewhere, now(), move |screen: &Screen| match screen {
        Screen::TakeCard { .. } => {
            goes_mute.set(true);
            None
        }
        other => willing(other),
    });
    assert!(reception.run(&mut first).is_accepted());
    assert!(
        first
            .records
            .iter()
            .any(|record| record.event == AuditEvent::CardLeft)
    );

    let mut next = desk(&elsewhere, now(), willing);
    let outcome = reception.run(&mut next);
    assert!(!outcome.is_accepted());
    assert!(
        !next
            .screens
            .iter()
            .any(|screen| screen.starts_with("ChooseMethod"))
    );
}

/// Counts the questions that were taken back.
struct Counting(Centre, Rc<Cell<u32>>);

impl EligibilityService for Counting {
    fn realm(&self) -> Realm {
        self.0.realm()
    }
    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }
    fn submit(&mut self, request: Request, now: Timestamp) -> Result<Ticket, ServiceError> {
        self.0.submit(request, now)
    }
    fn poll(&mut self, ticket: Ticket, now: Timestamp) -> Result<PollResult, ServiceError> {
        self.0.poll(ticket, now)
    }
    fn cancel(&mut self, ticket: Ticket) {
        self.1.set(self.1.get() + 1);
        self.0.cancel(ticket);
    }
}

#[test]
fn a_question_that_nobody_waits_for_is_taken_back() {
    for (cancel_at, failure, times) in [
        (Some("asking"), Some(Failure::Cancelled), 1),
        (None, None, 0),
    ] {
        let cancelled = Rc::new(Cell::new(0));
        let centre = Centre::new().with_delay(SignedDuration::from_secs(3));
        let script = Script {
            cancel_at,
            ..Script::default()
        };
        let case = Case::of("in-order").script(script);
        let (outcome, _) = case.run_with(&mut Counting(centre, cancelled.clone()));
        assert_eq!((outcome.failure(), cancelled.get()), (failure, times));
    }
}
