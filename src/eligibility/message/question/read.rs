use std::borrow::Cow;

use jiff::civil::Date;

use super::super::error::{FieldProblem, MessageError, ReadError};
use super::super::fields::{fields, needed};
use super::super::{Family, FileIdentifier, Header, Month, Step};
use super::write::{INSURED, MEDICAL, REGISTRATION, SEARCH};
use super::{
    Insured, MedicalForm, MedicalInformation, NumberQuestion, OnlineSearch, Period, Question,
    ReceptionNumber, ReferenceRegistration,
};
use crate::eligibility::report::elements::Value as _;
use crate::eligibility::text::decode;
use crate::eligibility::xml::{Limits, XmlReader};
use crate::eligibility::{InstitutionCode, InsurerNumber, TreatmentCategory};

type Text<'a> = Option<Cow<'a, str>>;

pub(super) fn read(
    family: Family,
    step: Step,
    file: &[u8],
) -> Result<(Header, Question), ReadError> {
    let limits = match family.is_bulk() {
        true => Limits::MANY,
        false => Limits::ONE,
    };
    let decoded = decode(file, limits.bytes)?;
    let mut reader = XmlReader::new(decoded.text(), limits)?;
    if reader.root()? != "XmlMsg" {
        return Err(unexpected("XmlMsg", &reader));
    }
    let (mut top, mut body) = (None, None);
    while let Some(name) = reader.child()? {
        let repeated = match name {
            "MessageHeader" => top
                .replace(Top::read(&mut reader)?)
                .map(|_| "MessageHeader"),
            "MessageBody" => body
                .replace(Body::read(family, step, &mut reader)?)
                .map(|_| "MessageBody"),
            _ => return Err(unexpected("XmlMsg", &reader)),
        };
        if let Some(element) = repeated {
            let at = reader.at();
            return Err(ReadError::Repeated { element, at });
        }
    }
    let at = reader.at();
    let missing = |element| ReadError::Missing { element, at };
    let top = top.ok_or(missing("MessageHeader"))?;
    let body = body.ok_or(missing("MessageBody"))?;
    reader.finish()?;
    let question = body.question(family, &top, at)?;
    Ok((top.header, question))
}

/// What the header holds, some of it about the person.
struct Top<'a> {
    header: Header,
    on: Option<Date>,
    insured: [Text<'a>; 4],
}

impl<'a> Top<'a> {
    fn read(reader: &mut XmlReader<'a>) -> Result<Self, ReadError> {
        let [insurer, symbol, number, branch] = MEDICAL;
        let names = [
            "MedicalInstitutionCode",
            "ArbitraryFileIdentifier",
            "QualificationConfirmationDate",
            insurer,
            symbol,
            number,
            branch,
        ];
        let [institution, identifier, on, a, b, c, d] = fields(reader, "MessageHeader", names)?;
        let institution = needed(reader, "MedicalInstitutionCode", institution)?;
        let ten = FieldProblem::NotDigits {
            least: 10,
            most: 10,
        };
        let institution = InstitutionCode::parse(&institution)
            .ok_or_else(|| value("MedicalInstitutionCode", ten, reader))?;
        let mut header = Header::new(institution);
        if let Some(identifier) = identifier {
            header = header.with_file_identifier(check(reader, FileIdentifier::new(&identifier))?);
        }
        let on = match on {
            Some(on) => Some(day(reader, "QualificationConfirmationDate", Some(on))?),
            None => None,
        };
        Ok(Self {
            header,
            on,
            insured: [a, b, c, d],
        })
    }
}

enum Body {
    People(Vec<NumberQuestion>),
    Registrations(Vec<ReferenceRegistration>),
    Month(Month),
    Days(Period, OnlineSearch),
    Reception(ReceptionNumber),
    Medical(Option<(Month, Month)>, MedicalForm, TreatmentCategory),
}

impl Body {
    fn read(family: Family, step: Step, reader: &mut XmlReader<'_>) -> Result<Self, ReadError> {
        match (family, step) {
            (_, Step::Two) if family.is_bulk() => reception(reader).map(Self::Reception),
            (Family::Qualification | Family::BulkQualification, Step::One) => {
                items(reader, SEARCH, family, person).map(Self::People)
            }
            (Family::ReferenceNumber | Family::BulkReferenceNumber, Step::One) => {
                items(reader, REGISTRATION, family, registration).map(Self::Registrations)
            }
            (
                Family::MedicalAidTickets | Family::HomeVisitConsents | Family::OnlineConsents,
                Step::One,
            ) => {
                let mut all = items(reader, SEARCH, family, search)?;
                all.pop().ok_or(ReadError::Missing {
                    element: SEARCH,
                    at: reader.at(),
                })
            }
            (Family::Medicines | Family::HealthCheckups, Step::One) => medical(family, reader),
            _ => Err(unexpected("MessageBody", reader)),
        }
    }

    fn question(self, family: Family, top: &Top<'_>, at: usize) -> Result<Question, ReadError> {
        let missing = |element| ReadError::Missing { element, at };
        let on = || top.on.ok_or(missing("QualificationConfirmationDate"));
        let numbers = top.insured.iter().any(Option::is_some);
        if numbers != matches!(self, Self::Medical(..)) {
            return Err(ReadError::Unexpected {
                expected: "MessageHeader",
                at,
            });
        }
        Ok(match self {
            Self::People(people) if family.is_bulk() => {
                Question::BulkByNumber { on: on()?, people }
            }
            Self::People(mut people) => Question::ByNumber {
                on: on()?,
                person: people.pop().ok_or(missing(SEARCH))?,
            },
            Self::Registrations(all) if family.is_bulk() => Question::BulkRegisterReference(all),
            Self::Registrations(mut all) => {
                Question::RegisterReference(all.pop().ok_or(missing(REGISTRATION))?)
            }
            Self::Month(month) => Question::MedicalAidTickets { month },
            Self::Days(consented, _) if family == Family::HomeVisitConsents => {
                Question::HomeVisitConsents { consented }
            }
            Self::Days(_, by) => Question::OnlineConsents(by),
            Self::Reception(reception) => Question::BulkResult { family, reception },
            Self::Medical(months, form, treatment) => {
                let insured = insured(top.insured.clone(), MEDICAL, at)?;
                let about = MedicalInformation::new(insured, form, treatment);
                match months {
                    Some((from, to)) => Question::Medicines { about, from, to },
                    None => Question::HealthCheckups(about),
                }
            }
        })
    }
}

/// The repeated element of the body; only one of them in a question about one.
fn items<'a, T>(
    reader: &mut XmlReader<'a>,
    element: &'static str,
    family: Family,
    read: impl Fn(Family, &mut XmlReader<'a>) -> Result<T, ReadError>,
) -> Result<Vec<T>, ReadError> {
    let many = matches!(
        family,
        Family::BulkQualification | Family::BulkReferenceNumber
    );
    let mut all = Vec::new();
    while let Some(name) = reader.child()? {
        if name != element {
            return Err(unexpected(element, reader));
        }
        if !many && !all.is_empty() {
            let at = reader.at();
            return Err(ReadError::Repeated { element, at });
        }
        all.push(read(family, reader)?);
    }
    if all.is_empty() {
        let at = reader.at();
        return Err(ReadError::Missing { element, at });
    }
    Ok(all)
}

fn person(_: Family, reader: &mut XmlReader<'_>) -> Result<NumberQuestion, ReadError> {
    let [a, b, c, d] = INSURED;
    let limit = "LimitApplicationCertificateRelatedConsFlg";
    let names = [a, b, c, d, "Birthdate", limit, "ArbitraryIdentifier"];
    let [a, b, c, d, birthdate, given, identifier] = fields(reader, SEARCH, names)?;
    let insured = insured([a, b, c, d], INSURED, reader.at())?;
    let birthdate = day(reader, "Birthdate", birthdate)?;
    let given = match needed(reader, limit, given)?.trim() {
        "0" => false,
        "1" => true,
        _ => return Err(value(limit, FieldProblem::Unwritable, reader)),
    };
    let mut person = NumberQuestion::new(insured, birthdate).with_limit_consent(given);
    if let Some(identifier) = identifier {
        person = check(reader, person.with_identifier(&identifier))?;
    }
    Ok(person)
}

fn registration(_: Family, reader: &mut XmlReader<'_>) -> Result<ReferenceRegistration, ReadError> {
    let [a, b, c, d] = INSURED;
    let [reference, a, b, c, d] = fields(reader, REGISTRATION, ["ReferenceNumber", a, b, c, d])?;
    let insured = insured([a, b, c, d], INSURED, reader.at())?;
    let reference = needed(reader, "ReferenceNumber", reference)?;
    check(reader, ReferenceRegistration::new(&reference, insured))
}

fn search(family: Family, reader: &mut XmlReader<'_>) -> Result<Body, ReadError> {
    const FLAG: &str = "MedicalTreatmentFlag";
    let expected = match family {
        Family::MedicalAidTickets => {
            let [month] = fields(reader, SEARCH, ["MedicalTreatmentMonth"])?;
            return self::month(reader, "MedicalTreatmentMonth", month).map(Body::Month);
        }
        Family::HomeVisitConsents => TreatmentCategory::HomeVisit,
        _ => TreatmentCategory::Online,
    };
    let consented = ["ConsentDateFrom", "ConsentDateTo"];
    let examined = ["ExaminationDateFrom", "ExaminationDateTo"];
    let [[a, b], [c, d]] = [consented, examined];
    let [a, b, c, d, flag] = fields(reader, SEARCH, [a, b, c, d, FLAG])?;
    let flag = TreatmentCategory::from_code(&needed(reader, FLAG, flag)?);
    if flag != expected {
        return Err(value(FLAG, FieldProblem::Unwritable, reader));
    }
    let by_examination = a.is_none() && b.is_none() && expected == TreatmentCategory::Online;
    let (names, from, to, left) = match by_examination {
        true => (examined, c, d, [a, b]),
        false => (consented, a, b, [c, d]),
    };
    if left.iter().any(Option::is_some) {
        return Err(unexpected(SEARCH, reader));
    }
    let from = day(reader, names[0], from)?;
    let to = day(reader, names[1], to)?;
    let days = check(reader, Period::new(from, to))?;
    let by = match by_examination {
        true => OnlineSearch::Examined(days),
        false => OnlineSearch::Consented(days),
    };
    Ok(Body::Days(days, by))
}

fn reception(reader: &mut XmlReader<'_>) -> Result<ReceptionNumber, ReadError> {
    const NUMBER: &str = "ReceptionNumber";
    let [number] = fields(reader, "MessageBody", [NUMBER])?;
    let number = needed(reader, NUMBER, number)?;
    let problem = FieldProblem::NotPrintable { most: 50 };
    ReceptionNumber::new(&number).ok_or_else(|| value(NUMBER, problem, reader))
}

fn medical(family: Family, reader: &mut XmlReader<'_>) -> Result<Body, ReadError> {
    const FORM: &str = "FileCategory";
    const FLAG: &str = "MedicalTreatmentFlag";
    // What the classification may be isn't public; it is passed over.
    let names = ["StartDate", "EndDate", FORM, "PrDiInfClassification", FLAG];
    let [from, to, form, _, flag] = fields(reader, "MessageBody", names)?;
    let form = MedicalForm::from_code(&needed(reader, FORM, form)?)
        .ok_or_else(|| value(FORM, FieldProblem::Unwritable, reader))?;
    let flag = TreatmentCategory::from_code(&needed(reader, FLAG, flag)?);
    if matches!(flag, TreatmentCategory::Other(_)) {
        return Err(value(FLAG, FieldProblem::Unwritable, reader));
    }
    let months = match family {
        Family::Medicines => {
            let from = month(reader, "StartDate", from)?;
            let to = month(reader, "EndDate", to)?;
            if to < from {
                return Err(value("EndDate", FieldProblem::EndsBeforeItBegins, reader));
            }
            Some((from, to))
        }
        _ if from.is_some() || to.is_some() => return Err(unexpected("MessageBody", reader)),
        _ => None,
    };
    Ok(Body::Medical(months, form, flag))
}

fn insured(
    values: [Text<'_>; 4],
    names: [&'static str; 4],
    at: usize,
) -> Result<Insured, ReadError> {
    let [insurer, symbol, number, branch] = values;
    let missing = |element| ReadError::Missing { element, at };
    let insurer =
        InsurerNumber::parse(&insurer.ok_or(missing(names[0]))?).ok_or(ReadError::Value {
            element: names[0],
            problem: FieldProblem::NotDigits { least: 6, most: 8 },
            at,
        })?;
    let number = number.ok_or(missing(names[2]))?;
    let read = || {
        let mut insured = Insured::new(insurer, &number)?;
        if let Some(symbol) = symbol {
            insured = insured.with_symbol(&symbol)?;
        }
        if let Some(branch) = branch {
            insured = insured.with_branch(&branch)?;
        }
        Ok(insured)
    };
    read().map_err(|error| ReadError::value(error, at))
}

fn day(reader: &XmlReader<'_>, element: &'static str, text: Text<'_>) -> Result<Date, ReadError> {
    let text = needed(reader, element, text)?;
    Date::read(&text).ok_or_else(|| value(element, FieldProblem::Unwritable, reader))
}

fn month(
    reader: &XmlReader<'_>,
    element: &'static str,
    text: Text<'_>,
) -> Result<Month, ReadError> {
    let text = needed(reader, element, text)?;
    Month::parse(text.trim()).ok_or_else(|| value(element, FieldProblem::Unwritable, reader))
}

fn check<T>(reader: &XmlReader<'_>, made: Result<T, MessageError>) -> Result<T, ReadError> {
    made.map_err(|error| ReadError::value(error, reader.at()))
}

const fn value(element: &'static str, problem: FieldProblem, reader: &XmlReader<'_>) -> ReadError {
    let at = reader.at();
    ReadError::Value {
        element,
        problem,
        at,
    }
}

const fn unexpected(expected: &'static str, reader: &XmlReader<'_>) -> ReadError {
    let at = reader.at();
    ReadError::Unexpected { expected, at }
}
