//! Questions as a caller of the library writes them.

mod message_facts;
mod message_support;
mod report_support;

use jiff::civil::date;
use uketsuke::eligibility::message::*;
use uketsuke::eligibility::text::{Charset, decode};
use uketsuke::eligibility::{InstitutionCode, InsurerNumber, TreatmentCategory};

const SECRETS: [&str; 7] = [
    "06139992",
    "見本記号",
    "7654321",
    "87",
    "visit-4711",
    "P-31415",
    "19630729",
];

fn insured() -> Insured {
    let insurer = InsurerNumber::parse(SECRETS[0]).unwrap();
    let insured = Insured::new(insurer, SECRETS[2]).unwrap();
    insured
        .with_symbol(SECRETS[1])
        .unwrap()
        .with_branch(SECRETS[3])
        .unwrap()
}

fn questions() -> Vec<Question> {
    let on = date(2026, 11, 5);
    let person = NumberQuestion::new(insured(), date(1963, 7, 29))
        .with_identifier(SECRETS[4])
        .unwrap();
    let registration = ReferenceRegistration::new(SECRETS[5], insured()).unwrap();
    let about = MedicalInformation::new(insured(), MedicalForm::Pdf, TreatmentCategory::Outpatient);
    let month = Month::of(on).unwrap();
    let days = Period::new(on, on).unwrap();
    vec![
        Question::ByNumber {
            on,
            person: person.clone(),
        },
        Question::BulkByNumber {
            on,
            people: vec![person.clone(), person],
        },
        Question::RegisterReference(registration.clone()),
        Question::BulkRegisterReference(vec![registration]),
        Question::MedicalAidTickets { month },
        Question::HomeVisitConsents { consented: days },
        Question::OnlineConsents(OnlineSearch::Examined(days)),
        Question::BulkResult {
            family: Family::OnlineConsents,
            reception: ReceptionNumber::new("0001").unwrap(),
        },
        Question::Medicines {
            about: about.clone(),
            from: month,
            to: month,
        },
        Question::HealthCheckups(about),
    ]
}

/// What is in the file isn't in what is printed.
#[test]
fn questions_print_nobody() {
    let institution = InstitutionCode::parse("1319999999").unwrap();
    let identifier = FileIdentifier::new(SECRETS[4]).unwrap();
    let header = Header::new(institution).with_file_identifier(identifier);
    let mut all = String::new();
    for question in questions() {
        let file = question.write(&header, Charset::ShiftJis).unwrap();
        all.push_str(decode(file.as_bytes(), 1 << 16).unwrap().text());
        let printed = format!("{question:?} {question:#?} {header:?} {file:?}");
        for secret in SECRETS {
            assert!(!printed.contains(secret), "{secret} in {printed}");
        }
    }
    for secret in SECRETS {
        assert!(all.contains(secret), "{secret}");
    }
}

/// Each question has a name for its file, and is read back from it.
#[test]
fn questions_have_their_files() {
    let header = Header::new(InstitutionCode::parse("1319999999").unwrap());
    for question in questions() {
        let name = FileName::request(question.family(), question.step(), "0001").unwrap();
        for charset in Charset::ALL {
            let file = question.write(&header, charset).unwrap();
            let read = Question::parse(name.family(), name.step(), file.as_bytes());
            assert_eq!(read, Ok((header.clone(), question.clone())));
        }
    }
}

/// An answer of each kind whose every text is the same secret prints it nowhere.
#[test]
fn answers_print_nobody() {
    const SECRET: &str = "Zq見本77";
    let fill = |names: &[&str]| -> String {
        let element = |name: &&str| format!("<{name}>{SECRET}</{name}>");
        names.iter().map(element).collect()
    };
    let wrap = |header: &str, body: &str| {
        format!(
            "<XmlMsg><MessageHeader>{header}</MessageHeader><MessageBody>{body}</MessageBody></XmlMsg>"
        )
    };
    let header = fill(&[
        "ArbitraryFileIdentifier",
        "ErrorCode",
        "ErrorMessage",
        "MedicalInstitutionCode",
        "ProcessExecutionTime",
        "Nobody",
        "NumberOfError",
    ]);
    let outcome = fill(&[
        "ProcessingResultMessage",
        "ProcessingResultCode",
        "ReferenceNumber",
        "Strange",
    ]);
    let numbers = fill(&[
        "InsurerNumber",
        "InsuredIdentificationNumber",
        "Name",
        "Strange",
    ]);
    let registration = format!(
        "{outcome}<ReferenceNumberRegistrationInfo>{numbers}</ReferenceNumberRegistrationInfo>"
    );
    let unit = format!(
        "<BulkConfirmUnit>{outcome}<QualificationConfirmSearchInfo>{numbers}</QualificationConfirmSearchInfo>\
         <ResultOfQualificationConfirmation>{numbers}</ResultOfQualificationConfirmation></BulkConfirmUnit>"
    );
    let holder = fill(&["Name", "KanaName", "Birth", "KanasName", "Birthday"]);
    let holders = format!(
        "{header}<ResultCode>{SECRET}</ResultCode><QuaInf>{holder}</QuaInf><QualificationsInfo>{holder}</QualificationsInfo>"
    );
    let checkup = format!(
        "<MessageContents>{SECRET}</MessageContents><SpecificHealthCheckupInfo>{0}<HealthCheckupResultAndQuestionInfos>\
         <HealthCheckupResultAndQuestionInfo>{0}</HealthCheckupResultAndQuestionInfo></HealthCheckupResultAndQuestionInfos>\
         </SpecificHealthCheckupInfo>",
        fill(&["EffectiveTime", "ItemName", "DataValue", "Strange"])
    );
    let month = format!(
        "<MeTrMonthInf>{0}<DiDateInfs><DiDateInf>{0}<DrugInfs><DrugInf>{0}</DrugInf></DrugInfs></DiDateInf></DiDateInfs></MeTrMonthInf>",
        fill(&["MeTrMonth", "DiDate", "DrugN", "Strange"])
    );
    let mut printed = Vec::new();
    macro_rules! print {
        ($($value:expr),+) => { $(printed.push(format!("{0:?} {0:#?}", $value));)+ };
    }
    let accepted = Accepted::parse(wrap(&header, &outcome).as_bytes()).unwrap();
    print!(accepted, accepted.header, accepted.centre_said());
    let answer = RegistrationAnswer::parse(wrap(&header, &registration).as_bytes()).unwrap();
    print!(answer, answer.result, answer.result.centre_said());
    let file = wrap(&header, &unit);
    let mut bulk = BulkAnswer::qualifications(file.as_bytes()).unwrap();
    let unit = bulk.next().unwrap().unwrap();
    assert!(bulk.next().is_none());
    print!(bulk, unit, unit.centre_said());
    let medicines = Medicines::parse(wrap(&holders, &month).as_bytes()).unwrap();
    let month = &medicines.months[0];
    print!(
        medicines,
        medicines.answer, medicines.answer.holder, month, month.days, month.days[0].items
    );
    let checkups = HealthCheckups::parse(wrap(&holders, &checkup).as_bytes()).unwrap();
    print!(
        checkups,
        checkups.answer, checkups.checkups, checkups.checkups[0].items
    );
    let rejection = Rejection::parse(format!("Error: {SECRET}").as_bytes()).unwrap();
    print!(rejection, rejection.said());
    // Each of them holds it.
    assert!(unit.results[0].name.reveal() == SECRET && unit.unread[0].text.reveal() == SECRET);
    assert!(checkups.answer.message.as_deref() == Some(SECRET));
    for printed in printed {
        assert!(
            !printed.contains("Zq") && !printed.contains("見本"),
            "{printed}"
        );
    }
}
