//! What isn't offered does nothing, even where somebody chooses it.

mod hostile_support;
mod support;

use std::cell::Cell;
use std::rc::Rc;

use hostile_support::{desk, evil, honest, policy, willing};
use jiff::Timestamp;
use support::{Case, Passcodes, now, persona};
use uketsuke::Realm;
use uketsuke::checkin::{
    AuditEvent, Choice, FaceParts, Method, Passcode, Reception, Screen, StaffId,
};
use uketsuke::eligibility::{
    Capabilities, EligibilityService, Failure, PollResult, Registration, Request, ServiceError,
    Ticket,
};
use uketsuke::face::Attempts;
use uketsuke::simulation::{
    CardOptions, Centre, SimulatedCamera, SimulatedDetector, SimulatedMatcher, SimulatedPinless,
    SimulatedReferenceSource,
};

/// "Again", "again", "again" before the camera, whether there is such a key or not.
#[test]
fn nobody_is_compared_more_often_than_allowed() {
    let mut reader = evil("in-order", CardOptions::default(), honest(), now());
    let pressed = Rc::new(Cell::new(0));
    let again = pressed.clone();
    let mut desk = desk(&reader, now(), move |screen: &Screen| match screen {
        Screen::ChooseMethod { face: true, .. } => Some(Choice::Method(Method::Face)),
        Screen::FaceFailed { .. } if again.get() < 20 => {
            again.set(again.get() + 1);
            Some(Choice::Yes)
        }
        Screen::FaceFailed { .. } => Some(Choice::Method(Method::Face)),
        other => willing(other),
    });
    let mut camera = SimulatedCamera::someone_else();
    let (mut matcher, mut detector) = (SimulatedMatcher::new(), SimulatedDetector::new());
    let mut reference = SimulatedReferenceSource::of(persona("in-order"));
    let mut pinless = SimulatedPinless;
    let mut centre = Centre::new();
    let allowed = Attempts::MAX_WITHOUT_PAD;
    let outcome = Reception::new(policy(), &mut reader, &mut centre)
        .with_face(FaceParts {
            camera: &mut camera,
            engine: &mut matcher,
            detector: &mut detector,
            reference: &mut reference,
            quality: None,
        })
        .with_pinless(&mut pinless)
        .run(&mut desk);
    assert_eq!(outcome.failure(), Some(Failure::PersonTimedOut));
    assert!(pressed.get() >= allowed, "it was pressed once too often");
    let failed = |event: &AuditEvent| matches!(event, AuditEvent::FaceFailed { .. });
    let failed = desk.records.iter().filter(|record| failed(&record.event));
    assert_eq!(failed.count(), usize::from(allowed));
}

/// The staff, again and again, with a wrong passcode.
#[test]
fn no_passcode_is_compared_more_often_than_allowed() {
    let mut reader = evil("in-order", CardOptions::default(), honest(), now());
    let chosen = Rc::new(Cell::new(0));
    let again = chosen.clone();
    let mut desk = desk(&reader, now(), move |screen: &Screen| match screen {
        Screen::ChooseMethod { .. } if again.get() < 20 => {
            again.set(again.get() + 1);
            Some(Choice::Method(Method::Staff))
        }
        Screen::ChooseMethod { .. } => Some(Choice::Cancel),
        Screen::StaffCheck { .. } => Some(Choice::StaffConfirms {
            staff: StaffId::new("nurse-7").unwrap(),
            passcode: Passcode::new("wrong").unwrap(),
        }),
        other => willing(other),
    });
    let (mut pinless, mut staff, mut centre) = (SimulatedPinless, Passcodes, Centre::new());
    let outcome = Reception::new(policy(), &mut reader, &mut centre)
        .with_pinless(&mut pinless)
        .with_staff(&mut staff)
        .run(&mut desk);
    assert!(!outcome.is_accepted());
    let refused = |event: &AuditEvent| matches!(event, AuditEvent::StaffRefused { .. });
    let refused = desk.records.iter().filter(|record| refused(&record.event));
    assert_eq!(refused.count(), 5);
    assert!(chosen.get() > 1, "the staff was chosen once more");
}

/// A service that registers nobody.
struct NoRegistration(Centre);

impl EligibilityService for NoRegistration {
    fn realm(&self) -> Realm {
        self.0.realm()
    }
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            registration: false,
            ..self.0.capabilities()
        }
    }
    fn submit(&mut self, request: Request, now: Timestamp) -> Result<Ticket, ServiceError> {
        self.0.submit(request, now)
    }
    fn poll(&mut self, ticket: Ticket, now: Timestamp) -> Result<PollResult, ServiceError> {
        self.0.poll(ticket, now)
    }
    fn cancel(&mut self, ticket: Ticket) {
        self.0.cancel(ticket);
    }
}

#[test]
fn nobody_is_asked_to_register_where_it_can_not_be_done() {
    let (outcome, desk) = Case::of("not-registered").run_with(&mut NoRegistration(Centre::new()));
    assert_eq!(outcome.failure(), Some(Failure::NotRegistered));
    assert!(!desk.names().contains(&"register"), "{:?}", desk.names());
    let (_, desk) = Case::of("not-registered").run();
    assert!(desk.names().contains(&"register"), "{:?}", desk.names());
}

/// A centre that takes the registration, and says that there is none.
struct StillNot(Centre);

impl EligibilityService for StillNot {
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
        let mut polled = self.0.poll(ticket, now)?;
        if let PollResult::Ready(answer) = &mut polled {
            answer.report.registration = Some(Registration::NotRegistered);
        }
        Ok(polled)
    }
    fn cancel(&mut self, ticket: Ticket) {
        self.0.cancel(ticket);
    }
}

#[test]
fn a_registration_counts_when_the_centre_says_so() {
    let (outcome, desk) = Case::of("not-registered").run_with(&mut StillNot(Centre::new()));
    assert_eq!(outcome.failure(), Some(Failure::NotRegistered));
    let names = desk.names();
    assert!(names.contains(&"register") && !names.contains(&"consents"));
}
