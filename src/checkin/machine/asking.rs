//! The centre: certificate and registration, consents, the insurance.

use jiff::Timestamp;

use super::{CheckIn, State, later};
use crate::Realm;
use crate::checkin::accept::is_same_day;
use crate::checkin::io::CONSENT_ORDER;
use crate::checkin::{AuditEvent, Choice, Identity, Output, Question, Screen, Task};
use crate::eligibility::{
    Answer, CentreSaid, Consents, Failure, Presented, Registration, Report, Request, RequestKind,
    ServiceError, confirm, noted, status,
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
                self.show(Screen::CertificateNotice {
                    standing,
                    phone: self.phone.is_some(),
                });
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

    pub(super) fn ask(&mut self, question: Question, kind: RequestKind, now: Timestamp) {
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
        self.show(Screen::Asking {
            question,
            phone: self.phone.is_some(),
        });
        let task = self.start(Task::Ask(Box::new(request.clone())));
        let deadline = later(now, self.policy.timeouts().centre);
        self.state = State::Asking {
            task,
            question,
            request: Box::new(request),
            deadline,
        };
    }

    /// The link failed, or nobody answered in time.
    pub(super) fn not_answered(&mut self, failure: Failure, now: Timestamp) {
        match self.state {
            State::Asking {
                task,
                question: Question::Prescription | Question::Subsidies,
                ref request,
                ..
            } => {
                let request = request.number();
                self.outputs.push_back(Output::Forget { task, request });
                self.wish_not_taken(failure, now);
            }
            _ => self.refuse(failure, now),
        }
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
            Err(error) => return self.not_answered(error.failure(), now),
        };
        if answer.number != request.number() {
            // An answer to an older question: it changes nothing, and the
            // deadline of the one under way stands. The driver keeps asking.
            return self.audit(AuditEvent::StaleDropped, now);
        }
        if !self.accepts(realm) {
            return self.refuse(Failure::Misconfigured, now);
        }
        // What the centre says is for the receptionist, who is asked for it when
        // they call; and a refusal is told by it.
        self.centre_said = answer.report.centre_said();
        let code = self
            .centre_said
            .as_ref()
            .and_then(CentreSaid::loggable_code);
        let answered = AuditEvent::Answered {
            request: request.number(),
            code: code.map(str::to_owned),
        };
        self.audit(answered, now);
        // An answer need not name anybody before the result, which must. One that names
        // somebody else ends the visit before anything is consented to.
        if question != Question::Result && self.is_about_another(&answer.report) {
            return self.refuse(Failure::BirthDateDiffers, now);
        }
        let judged = match question {
            Question::Prescription | Question::Subsidies => {
                let noted = noted(&request, &answer, realm);
                self.wish_answered(noted, now)
            }
            Question::Result => confirm(&request, &answer, realm).map(|confirmed| {
                self.accept(confirmed, now);
            }),
            Question::Status => status(&request, &answer, realm).map(|registration| {
                self.registration_known(registration, now);
            }),
            Question::Registration => {
                status(&request, &answer, realm).map(|registration| match registration {
                    Registration::Registered => self.ask_consents(now),
                    _ => self.refuse(Failure::NotRegistered, now),
                })
            }
        };
        if let Err(why) = judged {
            self.refuse(why.failure(), now);
        }
    }

    /// The face was matched with a photo that was signed with another birth date.
    fn is_about_another(&self, report: &Report) -> bool {
        let Some(Identity::Face { matched, .. }) = &self.identity else {
            return false;
        };
        let born = matched.birth_date();
        let mut found = report.results.iter();
        found.any(|found| !is_same_day(born, &found.birthdate))
    }

    fn registration_known(&mut self, registration: Registration, now: Timestamp) {
        match registration {
            Registration::Registered => self.ask_consents(now),
            _ if !self.equipment.registration => self.refuse(Failure::NotRegistered, now),
            _ => {
                self.show(Screen::Register {
                    guardian: self.guardian,
                });
                self.state = State::Registering {
                    deadline: self.person_deadline(now),
                };
            }
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
    /// consent to or to choose (publicly announced for 2024-12-02 and later).
    fn ask_consents(&mut self, now: Timestamp) {
        let in_grace = self
            .chain
            .as_ref()
            .is_some_and(|chain| matches!(chain.standing(), Standing::Grace { .. }));
        if in_grace {
            return self.ask_result(Consents::none(), now);
        }
        self.show(Screen::Consents {
            guardian: self.guardian,
        });
        self.state = State::Consenting {
            deadline: self.person_deadline(now),
        };
    }

    pub(super) fn chosen_consents(&mut self, choice: &Choice, now: Timestamp) {
        match choice {
            // Only what says "all" means all.
            Choice::ConsentToAll => self.consented(Consents::all(), now),
            Choice::ConsentToNone => self.consented(Consents::none(), now),
            Choice::ConsentOneByOne => self.ask_consent(0, Consents::none(), now),
            _ => {}
        }
    }

    fn ask_consent(&mut self, asked: usize, given: Consents, now: Timestamp) {
        match CONSENT_ORDER.get(asked) {
            Some(kind) => {
                self.show(Screen::Consent {
                    kind: *kind,
                    guardian: self.guardian,
                });
                self.state = State::ConsentingOneByOne {
                    deadline: self.person_deadline(now),
                    asked,
                    given,
                };
            }
            None => self.consented(given, now),
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

    pub(super) fn ask_result(&mut self, consents: Consents, now: Timestamp) {
        self.ask(Question::Result, RequestKind::Result { consents }, now);
    }
}
