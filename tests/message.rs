//! Questions as a caller of the library writes them.

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
