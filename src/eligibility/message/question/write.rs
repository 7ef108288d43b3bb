use jiff::civil::Date;

use super::super::error::{FieldProblem, MessageError};
use super::super::{Header, MessageFile, Step};
use super::{
    Insured, MedicalInformation, NumberQuestion, OnlineSearch, Period, Question,
    ReferenceRegistration,
};
use crate::eligibility::report::elements::Value as _;
use crate::eligibility::text::Charset;
use crate::eligibility::xml::XmlWriter;
use crate::eligibility::{Personal, TreatmentCategory};

/// The element that stands for one person, or for what is searched.
pub(super) const SEARCH: &str = "QualificationConfirmSearchInfo";
/// The element of one registration.
pub(super) const REGISTRATION: &str = "ReferenceNumberRegistrationInfo";

/// The names of an insurance's numbers; those of medical information differ.
pub(super) const INSURED: [&str; 4] = [
    "InsurerNumber",
    "InsuredCardSymbol",
    "InsuredIdentificationNumber",
    "InsuredBranchNumber",
];
pub(super) const MEDICAL: [&str; 4] = [
    "InsurerNumber",
    "InsuranceCardSymbol",
    "InsuredPersonIdentificationNumber",
    "BranchNumber",
];

pub(super) fn write(
    question: &Question,
    header: &Header,
    charset: Charset,
) -> Result<MessageFile, MessageError> {
    if question.step() == Step::Two && !question.family().is_bulk() {
        return Err(FieldProblem::Unwritable.of("ReceptionNumber"));
    }
    let mut writer = XmlWriter::new(charset);
    let w = &mut writer;
    w.open("XmlMsg").open("MessageHeader");
    match question {
        Question::ByNumber { on, .. } | Question::BulkByNumber { on, .. } => {
            day(w, "QualificationConfirmationDate", *on)?;
        }
        _ => {}
    }
    w.text("MedicalInstitutionCode", header.institution().digits());
    if let Question::Medicines { about, .. } | Question::HealthCheckups(about) = question {
        insured(w, MEDICAL, about.insured());
    }
    let identifier = header
        .file_identifier()
        .map(|identifier| identifier.as_str());
    w.text_if("ArbitraryFileIdentifier", identifier);
    w.close().open("MessageBody");
    body(w, question)?;
    w.close().close();
    Ok(writer.finish()?)
}

fn body(w: &mut XmlWriter, question: &Question) -> Result<(), MessageError> {
    match question {
        Question::ByNumber { person: one, .. } => person(w, one)?,
        Question::RegisterReference(one) => registration(w, one),
        Question::BulkByNumber { people, .. } => {
            w.items(SEARCH);
            some(people, SEARCH)?;
            for (item, one) in people.iter().enumerate() {
                person(w, one).map_err(|error| MessageError { item, ..error })?;
            }
        }
        Question::BulkRegisterReference(all) => {
            w.items(REGISTRATION);
            some(all, REGISTRATION)?;
            all.iter().for_each(|one| registration(w, one));
        }
        Question::MedicalAidTickets { month } => {
            w.open(SEARCH)
                .text("MedicalTreatmentMonth", &month.to_string())
                .close();
        }
        Question::HomeVisitConsents { consented } => {
            let flag = TreatmentCategory::HomeVisit;
            search(w, ["ConsentDateFrom", "ConsentDateTo"], consented, &flag)?;
        }
        Question::OnlineConsents(by) => {
            let (names, days) = match by {
                OnlineSearch::Consented(days) => (["ConsentDateFrom", "ConsentDateTo"], days),
                OnlineSearch::Examined(days) => {
                    (["ExaminationDateFrom", "ExaminationDateTo"], days)
                }
            };
            search(w, names, days, &TreatmentCategory::Online)?;
        }
        Question::BulkResult { reception, .. } => {
            w.text("ReceptionNumber", reception.as_str());
        }
        Question::Medicines { about, from, to } => {
            if to < from {
                return Err(FieldProblem::EndsBeforeItBegins.of("EndDate"));
            }
            w.text("StartDate", &from.to_string())
                .text("EndDate", &to.to_string());
            medical(w, about)?;
        }
        Question::HealthCheckups(about) => medical(w, about)?,
    }
    Ok(())
}

fn some<T>(all: &[T], element: &'static str) -> Result<(), MessageError> {
    if all.is_empty() {
        return Err(FieldProblem::Missing.of(element));
    }
    Ok(())
}

fn person(w: &mut XmlWriter, person: &NumberQuestion) -> Result<(), MessageError> {
    w.open(SEARCH);
    insured(w, INSURED, &person.insured);
    day(w, "Birthdate", person.birthdate)?;
    let given = if person.limit_consent { "1" } else { "0" };
    w.text("LimitApplicationCertificateRelatedConsFlg", given);
    w.text_if("ArbitraryIdentifier", revealed(person.identifier.as_ref()));
    w.close();
    Ok(())
}

fn registration(w: &mut XmlWriter, registration: &ReferenceRegistration) {
    w.open(REGISTRATION)
        .text("ReferenceNumber", registration.reference.reveal());
    insured(w, INSURED, &registration.insured);
    w.close();
}

fn insured(w: &mut XmlWriter, names: [&'static str; 4], insured: &Insured) {
    let [insurer, symbol, number, branch] = names;
    w.text(insurer, &insured.insurer.padded())
        .text_if(symbol, revealed(insured.symbol.as_ref()))
        .text(number, insured.number.reveal())
        .text_if(branch, revealed(insured.branch.as_ref()));
}

fn search(
    w: &mut XmlWriter,
    [from, to]: [&'static str; 2],
    days: &Period,
    flag: &TreatmentCategory,
) -> Result<(), MessageError> {
    w.open(SEARCH);
    day(w, from, days.first())?;
    day(w, to, days.last())?;
    w.text("MedicalTreatmentFlag", flag.code()).close();
    Ok(())
}

fn medical(w: &mut XmlWriter, about: &MedicalInformation) -> Result<(), MessageError> {
    if matches!(about.treatment(), TreatmentCategory::Other(_)) {
        return Err(FieldProblem::Unwritable.of("MedicalTreatmentFlag"));
    }
    w.text("FileCategory", about.form().code())
        // The only value that has been seen; what else there is isn't public.
        .text("PrDiInfClassification", "1")
        .text("MedicalTreatmentFlag", about.treatment().code());
    Ok(())
}

fn day(w: &mut XmlWriter, name: &'static str, day: Date) -> Result<(), MessageError> {
    let text = day.write().ok_or(FieldProblem::Unwritable.of(name))?;
    w.text(name, &text);
    Ok(())
}

fn revealed(text: Option<&Personal>) -> Option<&str> {
    text.map(Personal::reveal)
}
