//! Each kind of question from a document written by hand: every element counts, in any order and both encodings.

use jiff::civil::date;
use uketsuke::eligibility::message::*;
use uketsuke::eligibility::text::{Charset, encode};
use uketsuke::eligibility::{InstitutionCode, InsurerNumber, TreatmentCategory};

use crate::message_support::full;
use crate::report_support::tree::Node;

fn insured(insurer: &str, number: &str) -> Insured {
    Insured::new(InsurerNumber::parse(insurer).unwrap(), number).unwrap()
}

/// What the documents of [`full::QUESTIONS`] ask.
fn expected() -> [Question; 11] {
    let reception = ReceptionNumber::new("00000123").unwrap();
    let month = |text| Month::parse(text).unwrap();
    let days = |last| Period::new(date(2026, 11, 1), date(2026, 11, last)).unwrap();
    let medical = |insured, form, category| MedicalInformation::new(insured, form, category);
    let full = insured("139998", "1234")
        .with_symbol("見本０１")
        .unwrap()
        .with_branch("02")
        .unwrap();
    let person = NumberQuestion::new(full, date(1980, 4, 1)).with_limit_consent(true);
    let registration = |reference, insured| ReferenceRegistration::new(reference, insured).unwrap();
    [
        Question::ByNumber {
            on: date(2026, 11, 5),
            person: person.with_identifier("visit-1").unwrap(),
        },
        Question::RegisterReference(registration("P-000123", insured("06139992", "1234"))),
        Question::BulkByNumber {
            on: date(2026, 11, 6),
            people: vec![
                NumberQuestion::new(insured("139998", "1"), date(1980, 4, 1)),
                NumberQuestion::new(insured("39139993", "2"), date(1952, 12, 31))
                    .with_limit_consent(true),
            ],
        },
        Question::BulkRegisterReference(vec![
            registration(
                "A",
                insured("139998", "1")
                    .with_symbol("記")
                    .unwrap()
                    .with_branch("01")
                    .unwrap(),
            ),
            registration("B", insured("139998", "2")),
        ]),
        Question::MedicalAidTickets {
            month: month("202611"),
        },
        Question::HomeVisitConsents {
            consented: days(30),
        },
        Question::OnlineConsents(OnlineSearch::Examined(days(1))),
        Question::OnlineConsents(OnlineSearch::Consented(days(2))),
        Question::BulkResult {
            family: Family::BulkQualification,
            reception,
        },
        Question::Medicines {
            about: medical(
                insured("06139992", "1234")
                    .with_symbol("見本")
                    .unwrap()
                    .with_branch("02")
                    .unwrap(),
                MedicalForm::Xml,
                TreatmentCategory::Outpatient,
            ),
            from: month("202601"),
            to: month("202611"),
        },
        Question::HealthCheckups(medical(
            insured("06139992", "1234"),
            MedicalForm::Pdf,
            TreatmentCategory::Emergency,
        )),
    ]
}

#[test]
fn each_question_is_read_from_its_elements_in_any_order() {
    let header = Header::new(InstitutionCode::parse("1319999999").unwrap())
        .with_file_identifier(FileIdentifier::new("q-1").unwrap());
    for (of, expected) in expected().into_iter().enumerate() {
        let (prefix, step, document) = full::question(of);
        let family = Family::from_prefix(prefix).unwrap();
        let step = if step == "02" { Step::Two } else { Step::One };
        let mut tree = Node::parse(&document);
        // Numbers in a row; not random, but every place comes first and last.
        let mut turn = 0_usize;
        for _ in 0..20 {
            for charset in Charset::ALL {
                let file = encode(&tree.document(charset.name()), charset).unwrap();
                let read = Question::parse(family, step, &file);
                assert_eq!(read, Ok((header.clone(), expected.clone())), "{prefix}");
            }
            tree.shuffle(&mut || {
                turn += 1;
                turn * turn
            });
        }
        tree.reverse();
        let read = Question::parse(family, step, tree.document("UTF-8").as_bytes()).unwrap();
        // Of many, the last is first now.
        assert!(
            read.1 == expected
                || matches!(
                    expected,
                    Question::BulkByNumber { .. } | Question::BulkRegisterReference(_)
                )
        );

        // Without any of its elements, or with another name for it, it is another question or none.
        for name in tree.names() {
            let mut without = Node::parse(&document);
            without.find(&name).unwrap().name.push('x');
            let read = Question::parse(family, step, without.document("UTF-8").as_bytes());
            assert!(read.is_err(), "{prefix}: {name} misspelt");
            let mut empty = Node::parse(&document);
            let element = empty.find(&name).unwrap();
            (element.text, element.children) = (String::new(), Vec::new());
            // What it may be isn't public, so it isn't looked at.
            if name != "PrDiInfClassification" {
                let read = Question::parse(family, step, empty.document("UTF-8").as_bytes());
                assert_ne!(
                    read,
                    Ok((header.clone(), expected.clone())),
                    "{prefix}: {name} empty"
                );
            }
        }
    }
}
