//! What is said about one person: by number, and after a check-in.

use jiff::Timestamp;
use jiff::civil::Date;

use super::plan::{Draw, Label, Quirks};
use super::{Connector, ConnectorMode, Patient, Quirk, Said};
use crate::eligibility::message::{AnswerHeader, Header, Insured, NumberQuestion};
use crate::eligibility::text::{Charset, comparison_form};
use crate::eligibility::{
    CharacterCode, ElderlyRecipient, LimitCategory, LimitCertificate, LimitCertificateKind,
    LimitConsent, Personal, Preschool, ProcessingResultStatus, Qualification,
    QualificationValidity, ReferenceClassification, Report, SearchInfo, SegmentOfResult,
};
use crate::simulation::insured::{age, has};

/// Code and text of a failure. All of them are invented: the list isn't public.
pub(super) type Told = (&'static str, &'static str);

const CENTRE_DOWN: Told = (
    "SIM-CENTRE-DOWN",
    "【模擬】実施機関のシステムに接続できません。",
);
const SYSTEM_FAILURE: Told = (
    "SIM-SYSTEM-FAILURE",
    "【模擬】システム障害時モードです。画面で照会してください。",
);
const ABNORMAL: Told = ("SIM-ABNORMAL", "【模擬】異常終了しました。");
pub(super) const STATUS_ERROR: Told = ("SIM-ERROR", "【模擬】処理中にエラーが発生しました。");
const NOTICE: Told = (
    "SIM-NOTICE",
    "【模擬】お知らせがあります。保険者にご確認ください。",
);
const DISASTER: Told = ("SIM-DISASTER", "【模擬】災害時モードです。");

/// What decides a result, in order of precedence.
const RESULTS: [Quirk; 7] = [
    Quirk::StatusError,
    Quirk::NotFound,
    Quirk::Several,
    Quirk::Invalid,
    Quirk::InvalidNewer,
    Quirk::ValidUnregistered,
    Quirk::Notice,
];

/// What is found for one person's numbers.
pub(super) struct Found {
    pub(super) patient: Option<Patient>,
    pub(super) said: Said,
    pub(super) status: ProcessingResultStatus,
    pub(super) told: Option<Told>,
    pub(super) validity: Option<QualificationValidity>,
    pub(super) results: Vec<Qualification>,
    pub(super) asked: SearchInfo,
}

impl Connector {
    /// Who has these numbers; without a birth date, whoever has.
    pub(super) fn find(&self, insured: &Insured, born: Option<Date>, on: Date) -> Option<Patient> {
        let number = comparison_form(insured.number().reveal());
        let patient = Patient::of_number(number.reveal().parse().ok()?)?;
        let known = patient.qualification(Vec::new(), on);
        let born_then =
            born.is_none_or(|born| known.birthdate.reveal() == born.strftime("%Y%m%d").to_string());
        (born_then && has(&known, insured)).then_some(patient)
    }

    /// What the message as a whole fails with.
    pub(super) fn failure(&self, quirks: &Quirks) -> Option<Told> {
        match self.mode {
            ConnectorMode::CentreDown => Some(CENTRE_DOWN),
            ConnectorMode::SystemFailure => Some(SYSTEM_FAILURE),
            _ => quirks.has(Quirk::Abnormal).then_some(ABNORMAL),
        }
    }

    /// What is found for a question by number.
    pub(super) fn found(&self, question: &NumberQuestion, on: Date, quirks: &Quirks) -> Found {
        let patient = self.find(question.insured(), Some(question.birthdate()), on);
        let mut asked = SearchInfo::from(question);
        if quirks.has(Quirk::ZeroPadded) {
            pad_with_zeros(&mut asked.insurer_number);
        }
        let by_quirk = quirks.first(&RESULTS);
        let mut found = Found {
            patient: patient.clone(),
            said: Said::Nothing,
            status: ProcessingResultStatus::Normal,
            told: (self.mode == ConnectorMode::Disaster).then_some(DISASTER),
            validity: None,
            results: Vec::new(),
            asked,
        };
        if by_quirk == Some(Quirk::StatusError) {
            found.status = ProcessingResultStatus::Error;
            found.told = Some(STATUS_ERROR);
            let (code, _) = STATUS_ERROR;
            found.said = Said::Error { code };
            return found;
        }
        let validity = match (&patient, by_quirk) {
            (None, _) | (_, Some(Quirk::NotFound)) => QualificationValidity::NotFound,
            (_, Some(Quirk::Several)) => QualificationValidity::Several,
            (_, Some(Quirk::Invalid)) => QualificationValidity::Invalid,
            (_, Some(Quirk::InvalidNewer)) => QualificationValidity::InvalidNewer,
            (_, Some(Quirk::ValidUnregistered)) => QualificationValidity::ValidUnregistered,
            (Some(patient), _) => patient.validity(),
        };
        if by_quirk == Some(Quirk::Notice) {
            found.told = Some(NOTICE);
        }
        found.results = match (&patient, &validity) {
            (None, _) | (_, QualificationValidity::NotFound) => Vec::new(),
            // One persona is so by itself, as the simulated centre has it.
            (Some(_), QualificationValidity::Several) if by_quirk != Some(Quirk::Several) => {
                Vec::new()
            }
            (Some(patient), QualificationValidity::Several) => {
                let other = Patient::made_up(patient.number());
                vec![
                    self.insurance(patient, on, quirks),
                    self.insurance(&other, on, quirks),
                ]
            }
            (Some(patient), _) => vec![self.insurance(patient, on, quirks)],
        };
        for result in &mut found.results {
            result.identifier.clone_from(&found.asked.identifier);
            result.limit_consent.clone_from(&found.asked.limit_consent);
            if found.asked.limit_consent == Some(LimitConsent::Given) {
                result.limit = limit(result, on);
            }
        }
        found.said = Said::Qualification(validity.clone());
        found.validity = Some(validity);
        found
    }

    /// The insurance of a person, with what files say beside.
    pub(super) fn insurance(&self, patient: &Patient, on: Date, quirks: &Quirks) -> Qualification {
        let mut found = patient.qualification(Vec::new(), on);
        let age = age(found.birthdate.reveal(), on);
        found.address = Some(Personal::new(match patient.persona() {
            Some(persona) => persona.address,
            None => "見本県模擬市架空町一丁目１番地",
        }));
        found.post_number = Some(Personal::new("999-9999"));
        found.preschool = (age < 6).then_some(Preschool::Preschool);
        if (70..75).contains(&age) {
            found.elderly_recipient = Some(ElderlyRecipient {
                contribution_ratio: Some("020".to_owned()),
                ..ElderlyRecipient::default()
            });
        }
        found.reference_number = self.registered.get(&patient.number()).cloned();
        if quirks.has(Quirk::Unrepresentable) {
            found.name = unrepresentable(&found.name);
            found.address = found.address.as_ref().map(unrepresentable);
        }
        if quirks.has(Quirk::ZeroPadded) {
            let mut number = Some(std::mem::take(&mut found.insurer_number));
            pad_with_zeros(&mut number);
            found.insurer_number = number.unwrap_or_default();
        }
        found
    }

    /// The answer to a question by number.
    pub(super) fn report(
        &self,
        header: &Header,
        (on, question): (Date, &NumberQuestion),
        (quirks, draw): (&Quirks, Draw),
        now: Timestamp,
    ) -> (Report, Said, Option<Patient>) {
        let found = self.found(question, on, quirks);
        let mut report = Report {
            executed: Some(now),
            confirmation_date: Some(on),
            institution_code: Some(header.institution().digits().to_owned()),
            file_identifier: identifier(header, quirks, draw),
            reference: Some(ReferenceClassification::InsuranceCard),
            ..Report::normal()
        };
        if let Some(failure) = self.failure(quirks) {
            return (failed(report, failure), abnormal(failure), found.patient);
        }
        report.status = Some(found.status);
        (report.code, report.message) = said(found.told);
        report.validity = found.validity;
        report.results = found.results;
        report.asked = Some(found.asked);
        (report, found.said, found.patient)
    }

    /// The header of all other answers.
    pub(super) fn answer_header(
        &self,
        header: &Header,
        (quirks, draw): (&Quirks, Draw),
        now: Timestamp,
    ) -> AnswerHeader {
        let mut answer = AnswerHeader {
            executed: Some(now),
            institution_code: Some(header.institution().digits().to_owned()),
            file_identifier: identifier(header, quirks, draw),
            segment: Some(SegmentOfResult::Normal),
            character_code: Some(CharacterCode::from_code(charset(quirks).code())),
            ..AnswerHeader::default()
        };
        if let Some(failure) = self.failure(quirks) {
            answer.segment = Some(SegmentOfResult::Abnormal);
            (answer.error_code, answer.error_message) = said(Some(failure));
        }
        answer
    }
}

pub(super) fn charset(quirks: &Quirks) -> Charset {
    if quirks.has(Quirk::InUtf8) {
        Charset::Utf8
    } else {
        Charset::ShiftJis
    }
}

pub(super) const fn abnormal((code, _): Told) -> Said {
    Said::Abnormal { code }
}

pub(super) fn said(told: Option<Told>) -> (Option<String>, Option<String>) {
    told.map(|(code, text)| (code.to_owned(), text.to_owned()))
        .unzip()
}

/// The message failed: nothing but a header is in it.
pub(super) fn failed(report: Report, failure: Told) -> Report {
    let (error_code, error_message) = said(Some(failure));
    Report {
        segment: SegmentOfResult::Abnormal,
        status: None,
        error_code,
        error_message,
        ..report
    }
}

fn identifier(header: &Header, quirks: &Quirks, draw: Draw) -> Option<String> {
    if quirks.has(Quirk::WrongIdentifier) {
        return Some(format!("{:020}", draw.number(Label::Nth(0))));
    }
    let given_back = !quirks.has(Quirk::NoIdentifier);
    let identifier = header.file_identifier().filter(|_| given_back)?;
    Some(identifier.as_str().to_owned())
}

pub(super) fn pad_with_zeros(number: &mut Option<Personal>) {
    if let Some(padded) = number {
        *padded = Personal::new(padded.reveal().replace(' ', "0"));
    }
}

/// Every third character of the name, from the first.
fn unrepresentable(text: &Personal) -> Personal {
    let replaced = (0..).zip(text.reveal().chars()).map(|(at, c): (usize, _)| {
        if at.is_multiple_of(3) && !c.is_whitespace() {
            '●'
        } else {
            c
        }
    });
    Personal::new(replaced.collect::<String>())
}

/// Everybody who agrees has one; all of it is invented.
fn limit(found: &Qualification, on: Date) -> Option<LimitCertificate> {
    let category = match age(found.birthdate.reveal(), on) {
        75.. => LimitCategory::B10,
        70..=74 => LimitCategory::B04,
        _ => LimitCategory::A03,
    };
    Some(LimitCertificate {
        kind: Some(LimitCertificateKind::Limit),
        category: Some(category),
        valid_from: Some(on.first_of_month()),
        ..LimitCertificate::default()
    })
}
