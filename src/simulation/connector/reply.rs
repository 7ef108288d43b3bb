//! What is answered to each question.

use std::sync::Arc;

use jiff::Timestamp;

use super::bulk::Bulk;
use super::shuffle::shuffled;
use super::single::{STATUS_ERROR, Told, abnormal, charset, said};
use super::take::Taken;
use super::{Connector, Patient, Quirk, Said};
use crate::eligibility::message::{
    Accepted, Family, FileKind, MessageFile, Question, ReceptionNumber, ReferenceRegistration,
    RegistrationAnswer, RegistrationResult, write_report,
};
use crate::eligibility::{Personal, ProcessingResultStatus, Report, SegmentOfResult};
use crate::japan::japan_date;

/// An answer that is to be written.
pub(super) enum Reply {
    /// About one person: all of it, and what it is.
    File { file: MessageFile, kind: FileKind },
    /// About one person, after a first answer that it isn't ready.
    After {
        first: MessageFile,
        file: MessageFile,
    },
    /// About many, made while it is written.
    Stream(Box<Bulk>),
}

impl From<MessageFile> for Reply {
    fn from(file: MessageFile) -> Self {
        let kind = FileKind::Xml;
        Self::File { file, kind }
    }
}

/// Reply, what is said with it, and of whom. No reply: it can't be written.
pub(super) type Replied = (Option<Reply>, Said, Option<Patient>);

/// What isn't known, or not any more.
const UNKNOWN_RECEPTION: Told = ("SIM-RECEPTION", "【模擬】受付番号が見つかりません。");

impl Connector {
    pub(super) fn reply(&mut self, taken: &Taken, now: Timestamp) -> Replied {
        match &*taken.question {
            Question::ByNumber { on, person } => {
                let treat = (&taken.quirks, taken.draw);
                let (report, said, patient) = self.report(&taken.header, (*on, person), treat, now);
                let reply = self.one_person(&report, taken);
                (reply, said, patient)
            }
            Question::RegisterReference(registration) => {
                self.register_one(taken, registration, now)
            }
            Question::BulkResult { family, reception } => {
                let found = self.bulk_result(taken, *family, reception, now);
                (found.0, found.1, None)
            }
            Question::Medicines { about, from, to } => {
                self.medicines(taken, about, (*from, *to), now)
            }
            Question::HealthCheckups(about) => self.health_checkups(taken, about, now),
            Question::BulkByNumber { .. }
            | Question::BulkRegisterReference(_)
            | Question::MedicalAidTickets { .. }
            | Question::HomeVisitConsents { .. }
            | Question::OnlineConsents(_) => self.accept(taken, now),
        }
    }

    fn one_person(&self, report: &Report, taken: &Taken) -> Option<Reply> {
        let charset = charset(&taken.quirks);
        let mut file = write_report(report, charset).ok()?;
        if taken.quirks.has(Quirk::Shuffled) {
            file = MessageFile::new(shuffled(file.as_bytes(), taken.draw));
        }
        if !taken.quirks.has(Quirk::ProcessingFirst) {
            return Some(file.into());
        }
        let first = Report {
            segment: SegmentOfResult::InProgress,
            status: None,
            code: None,
            message: None,
            validity: None,
            results: Vec::new(),
            asked: None,
            error_code: None,
            error_message: None,
            ..report.clone()
        };
        let first = write_report(&first, charset).ok()?;
        Some(Reply::After { first, file })
    }

    /// 照会番号登録 of one.
    fn register_one(
        &mut self,
        taken: &Taken,
        registration: &ReferenceRegistration,
        now: Timestamp,
    ) -> Replied {
        let mut answer = RegistrationAnswer {
            header: self.answer_header(&taken.header, (&taken.quirks, taken.draw), now),
            ..RegistrationAnswer::default()
        };
        if let Some(failure) = self.failure(&taken.quirks) {
            let file = answer.write(charset(&taken.quirks)).ok();
            return (file.map(Into::into), abnormal(failure), None);
        }
        let errs = taken.quirks.has(Quirk::StatusError);
        let (result, patient) = self.register(registration, errs, now);
        let said = match &result.code {
            None => Said::Registered,
            Some(_) if errs => Said::Error {
                code: STATUS_ERROR.0,
            },
            Some(_) => Said::Error {
                code: NOBODY_TO_REGISTER.0,
            },
        };
        answer.result = result;
        let file = answer.write(charset(&taken.quirks)).ok();
        (file.map(Into::into), said, patient)
    }

    /// Registers, if somebody has these numbers.
    pub(super) fn register(
        &mut self,
        registration: &ReferenceRegistration,
        errs: bool,
        now: Timestamp,
    ) -> (RegistrationResult, Option<Patient>) {
        let insured = registration.insured();
        let patient = self.find(insured, None, japan_date(now));
        let mut result = RegistrationResult {
            reference: Some(registration.reference().clone()),
            insurer_number: Some(Personal::new(insured.insurer().padded())),
            symbol: insured.symbol().cloned(),
            number: Some(insured.number().clone()),
            branch: insured.branch().cloned(),
            ..RegistrationResult::default()
        };
        let told = match &patient {
            _ if errs => Some(STATUS_ERROR),
            None => Some(NOBODY_TO_REGISTER),
            Some(patient) => {
                let number = patient.number();
                self.registered
                    .insert(number, registration.reference().clone());
                None
            }
        };
        result.status = Some(match told {
            None => ProcessingResultStatus::Normal,
            Some(_) => ProcessingResultStatus::Error,
        });
        (result.code, result.message) = said(told);
        (result, patient)
    }

    /// The first step of a bulk question.
    fn accept(&mut self, taken: &Taken, now: Timestamp) -> Replied {
        let mut accepted = Accepted {
            header: self.answer_header(&taken.header, (&taken.quirks, taken.draw), now),
            ..Accepted::default()
        };
        let said = if let Some(failure) = self.failure(&taken.quirks) {
            abnormal(failure)
        } else {
            let Some(number) = self.new_bulk(taken, now) else {
                return (None, Said::Rejected, None);
            };
            accepted.received = Some(now);
            accepted.reception = Some(number.clone());
            Said::Accepted(number)
        };
        let file = accepted.write(charset(&taken.quirks)).ok();
        (file.map(Into::into), said, None)
    }

    /// The second step.
    fn bulk_result(
        &mut self,
        taken: &Taken,
        family: Family,
        reception: &ReceptionNumber,
        now: Timestamp,
    ) -> (Option<Reply>, Said) {
        let header = self.answer_header(&taken.header, (&taken.quirks, taken.draw), now);
        let mut short = Accepted {
            header,
            ..Accepted::default()
        };
        short.header.reception = Some(reception.clone());
        let said = if let Some(failure) = self.failure(&taken.quirks) {
            abnormal(failure)
        } else {
            let known = self.bulk.get_mut(reception.as_str());
            match known.filter(|bulk| bulk.family() == family) {
                None => {
                    short.header.segment = Some(SegmentOfResult::Abnormal);
                    let (code, text) = said(Some(UNKNOWN_RECEPTION));
                    (short.header.error_code, short.header.error_message) = (code, text);
                    abnormal(UNKNOWN_RECEPTION)
                }
                Some(bulk) => {
                    if now >= bulk.ready && !bulk.keeps_waiting(&taken.quirks) {
                        let mut bulk = bulk.clone();
                        bulk.header = short.header;
                        bulk.charset = charset(&taken.quirks);
                        self.finish_bulk(&mut bulk, now);
                        let people = bulk.people();
                        return (Some(Reply::Stream(Box::new(bulk))), Said::People(people));
                    }
                    short.header.segment = Some(SegmentOfResult::InProgress);
                    Said::Processing
                }
            }
        };
        // A header alone.
        let file = short.write(charset(&taken.quirks)).ok();
        (file.map(Into::into), said)
    }
}

const NOBODY_TO_REGISTER: Told = (
    "SIM-NOBODY",
    "【模擬】該当する資格がないため登録できません。",
);

impl Taken {
    pub(super) fn shared(&self) -> Arc<Question> {
        Arc::clone(&self.question)
    }
}
