//! The centre: certificate and registration, consents, the insurance.

use jiff::Timestamp;

use super::{CheckIn, State, later};
use crate::Realm;
use crate::checkin::io::CONSENT_ORDER;
use crate::checkin::{AuditEvent, Choice, Question, Screen, Task};
use crate::eligibility::{
    Answer, CertificateStatus, Consents, Failure, NotConfirmed, Presented, ProcessingResultStatus,
    Registration, Report, Request, RequestKind, SegmentOfResult, ServiceError, confirm,
};
use crate::trust::Standing;

impl CheckIn {
    pub(super) fn notice_or_status(&mut self, now: Timestamp) {
        match self
            .chain
            .as_ref()
            .map(crate::trust::ChainValidated::standing)
        {
            Some(standing @ (Standing::Expiring { .. } | Standing::Grace { .. })) => {
                self.show(Screen::CertificateNotice { standing });
                self.state = State::Notice {
                    deadline: later(now, self.policy.timeouts().result),
                };
            }
            _ => self.ask_status(now),
        }
    }

    pub(super) fn ask_status(&mut self, now: Timestamp) {
        self.ask(Question::Status, RequestKind::Status, now);
    }

    fn ask(&mut self, question: Question, kind: RequestKind, now: Timestamp) {
        let presented = match (&self.chain, &self.signed, &self.identity) {
            (Some(chain), Some(signed), Some(identity)) => {
                Presented::new(chain, signed, identity.method())
            }
            _ => None,
        };
        let Some(presented) = presented else {
            return self.refuse(Failure::Internal, now);
        };
        let request = Request::new(presented, kind);
        self.audit(AuditEvent::Asked(request.number()), now);
        self.show(Screen::Asking { question });
        let task = self.start(Task::Ask(Box::new(request.clone())));
        let deadline = later(now, self.policy.timeouts().centre);
        self.state = State::Asking {
            task,
            question,
            request: Box::new(request),
            deadline,
        };
    }

    pub(super) fn answered(
        &mut self,
        realm: Realm,
        answer: Result<Box<Answer>, ServiceError>,
        now: Timestamp,
    ) {
        let State::Asking {
            question,
            ref request,
            ..
        } = self.state
        else {
            return;
        };
        let request = request.clone();
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return self.refuse(error.failure(), now),
        };
        if answer.number != request.number() || answer.report.answered != request.number() {
            // An answer to an older question: it changes nothing, and the
            // deadline of the one under way stands. The driver keeps asking.
            return self.audit(AuditEvent::StaleDropped, now);
        }
        if !self.accepts(realm) {
            return self.refuse(Failure::WrongRealm, now);
        }
        self.audit(AuditEvent::Answered(request.number()), now);
        match question {
            Question::Status => match status(&answer.report) {
                Ok(Registration::Registered) => self.ask_consents(now),
                Ok(_) => {
                    self.show(Screen::Register);
                    self.state = State::Registering {
                        deadline: self.person_deadline(now),
                    };
                }
                Err(failure) => self.refuse(failure, now),
            },
            Question::Registration => match status(&answer.report) {
                Ok(Registration::Registered) => self.ask_consents(now),
                Ok(_) => self.refuse(Failure::NotRegistered, now),
                Err(failure) => self.refuse(failure, now),
            },
            Question::Result => match confirm(&request, &answer, realm) {
                Ok(confirmed) => self.accept(confirmed, now),
                Err(why) => self.refuse(why.failure(), now),
            },
        }
    }

    pub(super) fn chosen_registration(&mut self, choice: &Choice, now: Timestamp) {
        match choice {
            Choice::Yes => self.ask(Question::Registration, RequestKind::Register, now),
            Choice::No => self.refuse(Failure::RegistrationDeclined, now),
            _ => {}
        }
    }

    /// In grace the centre gives eligibility only, so there is nothing to
    /// consent to (publicly announced for 2024-12-02 and later).
    fn ask_consents(&mut self, now: Timestamp) {
        let in_grace = self
            .chain
            .as_ref()
            .is_some_and(|chain| matches!(chain.standing(), Standing::Grace { .. }));
        if in_grace {
            return self.ask_result(Consents::none(), now);
        }
        self.show(Screen::Consents);
        self.state = State::Consenting {
            deadline: self.person_deadline(now),
        };
    }

    pub(super) fn chosen_consents(&mut self, choice: &Choice, now: Timestamp) {
        match choice {
            Choice::ConsentToAll | Choice::Yes => self.ask_result(Consents::all(), now),
            Choice::ConsentToNone | Choice::No => self.ask_result(Consents::none(), now),
            Choice::ConsentOneByOne => self.ask_consent(0, Consents::none(), now),
            _ => {}
        }
    }

    fn ask_consent(&mut self, asked: usize, given: Consents, now: Timestamp) {
        match CONSENT_ORDER.get(asked) {
            Some(kind) => {
                self.show(Screen::Consent { kind: *kind });
                self.state = State::ConsentingOneByOne {
                    deadline: self.person_deadline(now),
                    asked,
                    given,
                };
            }
            None => self.ask_result(given, now),
        }
    }

    pub(super) fn chosen_consent(&mut self, choice: &Choice, now: Timestamp) {
        let State::ConsentingOneByOne {
            asked, ref given, ..
        } = self.state
        else {
            return;
        };
        let (given, kind) = (*given, CONSENT_ORDER.get(asked));
        let given = match (choice, kind) {
            (Choice::Yes, Some(kind)) => given.with(*kind),
            (Choice::No, Some(_)) => given,
            _ => return,
        };
        self.ask_consent(asked.saturating_add(1), given, now);
    }

    fn ask_result(&mut self, consents: Consents, now: Timestamp) {
        self.ask(Question::Result, RequestKind::Result { consents }, now);
    }
}

/// Judges all layers of a status or registration answer.
fn status(report: &Report) -> Result<Registration, Failure> {
    if report.segment != SegmentOfResult::Normal {
        return Err(NotConfirmed::Segment(report.segment.clone()).failure());
    }
    if report.status != ProcessingResultStatus::Normal {
        return Err(NotConfirmed::Processing {
            code: report.code.clone(),
        }
        .failure());
    }
    match report.certificate {
        Some(CertificateStatus::Good) => {}
        Some(other) => return Err(NotConfirmed::Certificate(other).failure()),
        None => return Err(NotConfirmed::Certificate(CertificateStatus::Unknown).failure()),
    }
    report.registration.ok_or(Failure::Internal)
}
