//! What the person chooses beside the consents (処方箋の発行形態, 医療費助成): asked
//! where the service takes it, told before the result, and no reason to send
//! anybody away when it isn't taken.

mod support;

use jiff::{SignedDuration, Timestamp};
use support::{Case, Script, TestDesk};
use uketsuke::Realm;
use uketsuke::checkin::{Accepted, AuditEvent, Choice, Outcome, Question, Screen, Told, Wish};
use uketsuke::eligibility::{
    Capabilities, CertificateStatus, EligibilityService, Failure, PollResult, PrescriptionIssue,
    ProcessingResultStatus, Request, RequestKind, SegmentOfResult, ServiceError, ServiceErrorKind,
    Ticket,
};
use uketsuke::simulation::Centre;

fn accepted(outcome: Outcome) -> Box<Accepted> {
    match outcome {
        Outcome::Accepted(accepted) => accepted,
        other => panic!("{:?}", other.failure()),
    }
}

fn centre() -> Centre {
    Centre::new().with_prescription().with_subsidies()
}

fn told(wish: Wish) -> Told {
    Told {
        wish,
        not_taken: None,
    }
}

#[test]
fn each_combination_is_asked_for_and_told_in_order() {
    for prescription in [false, true] {
        for subsidies in [false, true] {
            let mut service = Centre::new();
            if prescription {
                service = service.with_prescription();
            }
            if subsidies {
                service = service.with_subsidies();
            }
            for (paper, consent) in [(false, true), (true, false)] {
                let script = Script {
                    paper,
                    subsidies: consent,
                    ..Script::default()
                };
                let (outcome, desk) = Case::of("in-order").script(script).run_with(&mut service);
                let issue = match paper {
                    true => PrescriptionIssue::Paper,
                    false => PrescriptionIssue::Electronic,
                };
                let names = desk.names();
                assert_eq!(names.contains(&"prescription"), prescription);
                assert_eq!(names.contains(&"subsidies"), subsidies);
                let expected: Vec<_> = [
                    prescription.then(|| told(Wish::Prescription(issue.clone()))),
                    subsidies.then(|| told(Wish::Subsidies(consent))),
                ]
                .into_iter()
                .flatten()
                .collect();
                let accepted = accepted(outcome);
                assert_eq!(accepted.told(), expected);
                // This very visit's choice, as the centre repeats it.
                if prescription {
                    assert_eq!(accepted.coverage().prescription, Some(issue));
                }
            }
        }
    }
}

/// The person waits once: first everything is chosen, then everything is told.
#[test]
fn all_is_chosen_before_any_of_it_is_told() {
    let (outcome, desk) = Case::of("in-order").run_with(&mut centre());
    assert!(outcome.is_accepted());
    let after: Vec<_> = desk
        .screens
        .iter()
        .skip_while(|screen| screen.name() != "consents")
        .cloned()
        .collect();
    let asking = |question| Screen::Asking {
        question,
        phone: false,
    };
    assert_eq!(
        after[..6],
        [
            Screen::Consents { guardian: false },
            Screen::Prescription,
            Screen::Subsidies { guardian: false },
            asking(Question::Prescription),
            asking(Question::Subsidies),
            asking(Question::Result),
        ]
    );
}

#[test]
fn in_grace_nothing_is_chosen() {
    let (outcome, desk) = Case::of("grace").run_with(&mut centre());
    assert!(accepted(outcome).told().is_empty());
    for name in ["consents", "prescription", "subsidies"] {
        assert!(!desk.names().contains(&name), "{name}");
    }
}

/// How a service fails a wish.
#[derive(Clone, Copy, Debug, PartialEq)]
enum How {
    NotSent(ServiceErrorKind),
    LostOnTheWay(ServiceErrorKind),
    Silent,
    Error,
    Abnormal,
    SaysNothing,
    RepeatsAnotherChoice,
    OfUnknownCertificate,
    OfRevokedCertificate,
}

/// Fails the wishes and nothing else.
struct Fails {
    centre: Centre,
    how: How,
    wishes: Vec<Ticket>,
    cancelled: Vec<Ticket>,
}

impl Fails {
    fn so(how: How) -> Self {
        Self {
            centre: centre(),
            how,
            wishes: Vec::new(),
            cancelled: Vec::new(),
        }
    }
}

impl EligibilityService for Fails {
    fn realm(&self) -> Realm {
        self.centre.realm()
    }
    fn capabilities(&self) -> Capabilities {
        self.centre.capabilities()
    }
    fn submit(&mut self, request: Request, now: Timestamp) -> Result<Ticket, ServiceError> {
        let wish = matches!(
            request.kind(),
            Some(RequestKind::Prescription { .. } | RequestKind::Subsidies { .. })
        );
        match self.how {
            How::NotSent(kind) if wish => Err(ServiceError::not_sent(kind)),
            _ => {
                let ticket = self.centre.submit(request, now)?;
                if wish {
                    self.wishes.push(ticket);
                }
                Ok(ticket)
            }
        }
    }
    fn poll(&mut self, ticket: Ticket, now: Timestamp) -> Result<PollResult, ServiceError> {
        if !self.wishes.contains(&ticket) {
            return self.centre.poll(ticket, now);
        }
        match self.how {
            How::LostOnTheWay(kind) => return Err(ServiceError::maybe_sent(kind)),
            How::Silent => {
                let not_before = now + SignedDuration::from_secs(1);
                return Ok(PollResult::Pending { not_before });
            }
            _ => {}
        }
        let mut result = self.centre.poll(ticket, now)?;
        if let PollResult::Ready(answer) = &mut result {
            let report = &mut answer.report;
            match self.how {
                How::Error => report.status = Some(ProcessingResultStatus::Error),
                How::Abnormal => report.segment = SegmentOfResult::Abnormal,
                How::SaysNothing => {
                    (report.status, report.certificate) = (None, None);
                }
                How::RepeatsAnotherChoice => {
                    report.prescription_issue = Some(PrescriptionIssue::from_code("3"));
                }
                How::OfUnknownCertificate => {
                    report.certificate = Some(CertificateStatus::Unknown);
                }
                How::OfRevokedCertificate => {
                    report.certificate = Some(CertificateStatus::Revoked);
                }
                _ => {}
            }
        }
        Ok(result)
    }
    fn cancel(&mut self, ticket: Ticket) {
        self.cancelled.push(ticket);
        self.centre.cancel(ticket);
    }
}

fn not_taken(desk: &TestDesk) -> Vec<(Question, Failure)> {
    desk.records
        .iter()
        .filter_map(|record| match record.event {
            AuditEvent::ChoiceNotTaken { question, failure } => Some((question, failure)),
            _ => None,
        })
        .collect()
}

#[test]
fn a_wish_that_is_not_taken_sends_nobody_away_and_the_receptionist_knows() {
    use ServiceErrorKind::{CentreDown, Network, ProofRefused, Rejected, TimedOut, Unsupported};
    let mut cases = vec![
        (How::Silent, Failure::TimedOut),
        (How::Error, Failure::AbnormalAnswer),
        (How::Abnormal, Failure::AbnormalAnswer),
        (How::SaysNothing, Failure::AbnormalAnswer),
        (How::OfUnknownCertificate, Failure::CertificateInvalid),
    ];
    for kind in [
        CentreDown,
        Network,
        ProofRefused,
        Rejected,
        TimedOut,
        Unsupported,
    ] {
        let (never, perhaps) = (ServiceError::not_sent(kind), ServiceError::maybe_sent(kind));
        cases.push((How::NotSent(kind), never.failure()));
        cases.push((How::LostOnTheWay(kind), perhaps.failure()));
    }
    for (how, failure) in cases {
        let mut service = Fails::so(how);
        let (outcome, desk) = Case::of("in-order").run_with(&mut service);
        let accepted = accepted(outcome);
        let why: Vec<_> = accepted.told().iter().map(|told| told.not_taken).collect();
        assert_eq!(why, [Some(failure); 2], "{how:?}");
        let both = [Question::Prescription, Question::Subsidies];
        assert_eq!(
            not_taken(&desk),
            both.map(|asked| (asked, failure)),
            "{how:?}"
        );
        // Nobody waits for what was given up.
        if how == How::Silent {
            assert_eq!(service.cancelled, service.wishes);
        }
    }
}

#[test]
fn a_choice_that_is_repeated_otherwise_was_not_taken() {
    let mut service = Fails::so(How::RepeatsAnotherChoice);
    let (outcome, desk) = Case::of("in-order").run_with(&mut service);
    let accepted = accepted(outcome);
    let why: Vec<_> = accepted.told().iter().map(|told| told.not_taken).collect();
    assert_eq!(why, [Some(Failure::AbnormalAnswer), None]);
    assert_eq!(
        not_taken(&desk),
        [(Question::Prescription, Failure::AbnormalAnswer)]
    );
}

#[test]
fn a_certificate_called_revoked_ends_the_visit_whatever_was_asked() {
    let mut service = Fails::so(How::OfRevokedCertificate);
    let (outcome, _) = Case::of("in-order").run_with(&mut service);
    assert_eq!(outcome.failure(), Some(Failure::CertificateRevoked));
}

#[test]
fn the_card_stays_until_everything_is_chosen() {
    for name in ["consents", "prescription", "subsidies"] {
        let pull = Script {
            pull_at: Some(name),
            ..Script::default()
        };
        let (outcome, _) = Case::of("in-order").script(pull).run_with(&mut centre());
        assert_eq!(outcome.failure(), Some(Failure::CardRemoved), "{name}");
        let cancel = Script {
            cancel_at: Some(name),
            ..Script::default()
        };
        let (outcome, _) = Case::of("in-order").script(cancel).run_with(&mut centre());
        assert_eq!(outcome.failure(), Some(Failure::Cancelled), "{name}");
        let freeze = Script {
            freeze_at: Some(name),
            ..Script::default()
        };
        let (outcome, _) = Case::of("in-order").script(freeze).run_with(&mut centre());
        assert_eq!(outcome.failure(), Some(Failure::PersonTimedOut), "{name}");
    }
}

/// Takes the card while the centre is asked, once everything is chosen.
struct TakenEarly {
    centre: Centre,
    reader: uketsuke::simulation::VirtualReader,
}

impl EligibilityService for TakenEarly {
    fn realm(&self) -> Realm {
        self.centre.realm()
    }
    fn capabilities(&self) -> Capabilities {
        self.centre.capabilities()
    }
    fn submit(&mut self, request: Request, now: Timestamp) -> Result<Ticket, ServiceError> {
        if matches!(request.kind(), Some(RequestKind::Prescription { .. })) {
            self.reader.remove();
        }
        self.centre.submit(request, now)
    }
    fn poll(&mut self, ticket: Ticket, now: Timestamp) -> Result<PollResult, ServiceError> {
        self.centre.poll(ticket, now)
    }
    fn cancel(&mut self, ticket: Ticket) {
        self.centre.cancel(ticket);
    }
}

#[test]
fn once_everything_is_chosen_the_card_may_go() {
    let case = Case::of("in-order");
    let mut service = TakenEarly {
        centre: centre().with_delay(SignedDuration::from_secs(2)),
        reader: case.reader.clone(),
    };
    let (outcome, desk) = case.run_with(&mut service);
    assert_eq!(accepted(outcome).told().len(), 2);
    assert!(!desk.names().contains(&"take-card"), "it is in the hand");
}

#[test]
fn what_is_not_on_the_screen_chooses_nothing() {
    // "Yes" is no form of prescription, and a form is no consent.
    for (name, choice) in [("prescription", Choice::Yes), ("subsidies", Choice::Paper)] {
        let mut wrong = Some(choice);
        let failure = answered_otherwise(name, &mut wrong);
        assert_eq!(failure, Some(Failure::PersonTimedOut), "{name}");
    }
}

/// A visit in which one screen is answered with something else.
fn answered_otherwise(name: &'static str, wrong: &mut Option<Choice>) -> Option<Failure> {
    struct Odd<'a>(TestDesk, &'static str, &'a mut Option<Choice>, bool);
    impl uketsuke::checkin::Desk for Odd<'_> {
        fn now(&mut self) -> Timestamp {
            self.0.now()
        }
        fn show(&mut self, screen: &Screen) {
            self.3 = screen.name() == self.1;
            self.0.show(screen);
        }
        fn choice(&mut self, until: Timestamp) -> Option<Choice> {
            let pressed = self.0.choice(until);
            match self.3 {
                true => self.2.take(),
                false => pressed,
            }
        }
        fn audit(&mut self, record: &uketsuke::checkin::AuditRecord) {
            self.0.audit(record);
        }
    }
    let mut reader = uketsuke::simulation::VirtualReader::new();
    let card = uketsuke::simulation::VirtualCard::new(
        support::persona("in-order"),
        uketsuke::simulation::CardOptions::default(),
        support::now(),
    );
    let desk = TestDesk::new(Script::default(), reader.clone(), card);
    let mut odd = Odd(desk, name, wrong, false);
    let mut service = centre();
    let policy = uketsuke::checkin::Policy::simulation(support::terminal());
    uketsuke::checkin::Reception::new(policy, &mut reader, &mut service)
        .run(&mut odd)
        .failure()
}
