use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::super::*;
use super::write::{REGISTRATION, SEARCH};
use crate::eligibility::text::{Charset, TextErrorKind, decode};
use crate::eligibility::{InstitutionCode, InsurerNumber, TreatmentCategory};

fn header() -> Header {
    Header::new(InstitutionCode::parse("1319999999").unwrap())
}

fn insured() -> Insured {
    Insured::new(InsurerNumber::parse("139998").unwrap(), "1234").unwrap()
}

fn by_number(person: NumberQuestion) -> Question {
    Question::ByNumber {
        on: date(2026, 11, 5),
        person,
    }
}

fn written(question: &Question) -> String {
    let file = question.write(&header(), Charset::Utf8).unwrap();
    decode(file.as_bytes(), 1 << 20).unwrap().text().to_owned()
}

fn parsed(question: &Question, text: &str) -> Result<Question, ReadError> {
    let read = Question::parse(question.family(), question.step(), text.as_bytes());
    read.map(|(_, question)| question)
}

#[test]
fn a_question_looks_like_this() {
    let insured = insured()
        .with_symbol("見本<1>")
        .unwrap()
        .with_branch("01")
        .unwrap();
    let person = NumberQuestion::new(insured.clone(), date(1980, 4, 1))
        .with_limit_consent(true)
        .with_identifier("v-7")
        .unwrap();
    let numbers = "<InsurerNumber>  139998</InsurerNumber><InsuredCardSymbol>見本&lt;1&gt;</InsuredCardSymbol>\
         <InsuredIdentificationNumber>1234</InsuredIdentificationNumber><InsuredBranchNumber>01</InsuredBranchNumber>";
    assert_eq!(
        written(&by_number(person)),
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\r\n<XmlMsg><MessageHeader>\
             <QualificationConfirmationDate>20261105</QualificationConfirmationDate>\
             <MedicalInstitutionCode>1319999999</MedicalInstitutionCode></MessageHeader><MessageBody>\
             <QualificationConfirmSearchInfo>{numbers}<Birthdate>19800401</Birthdate>\
             <LimitApplicationCertificateRelatedConsFlg>1</LimitApplicationCertificateRelatedConsFlg>\
             <ArbitraryIdentifier>v-7</ArbitraryIdentifier></QualificationConfirmSearchInfo></MessageBody></XmlMsg>\r\n"
        )
    );
    let month = Month::parse("202611").unwrap();
    let about = MedicalInformation::new(insured, MedicalForm::Xml, TreatmentCategory::Outpatient);
    let text = written(&Question::Medicines {
        about,
        from: month,
        to: month,
    });
    for part in [
        "<InsuranceCardSymbol>見本&lt;1&gt;</InsuranceCardSymbol>",
        "<InsuredPersonIdentificationNumber>1234</InsuredPersonIdentificationNumber><BranchNumber>01</BranchNumber>",
        "<MessageBody><StartDate>202611</StartDate><EndDate>202611</EndDate><FileCategory>2</FileCategory>\
         <PrDiInfClassification>1</PrDiInfClassification><MedicalTreatmentFlag>1</MedicalTreatmentFlag></MessageBody>",
    ] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn both_paddings_and_any_order_are_read() {
    let question = by_number(NumberQuestion::new(insured(), date(1980, 4, 1)));
    let text = written(&question);
    for padded in ["00139998", "139998", "０0139998", " 139998 "] {
        let text = text.replace("  139998", padded);
        assert_eq!(parsed(&question, &text).as_ref(), Ok(&question), "{padded}");
    }
    let (top, rest) = text.split_once("<MessageBody>").unwrap();
    let (declaration, top) = top.split_once("<MessageHeader>").unwrap();
    let body = rest.strip_suffix("</XmlMsg>\r\n").unwrap();
    let turned = format!("{declaration}<MessageBody>{body}<MessageHeader>{top}</XmlMsg>");
    assert_eq!(parsed(&question, &turned).as_ref(), Ok(&question));
    let number = "<InsuredIdentificationNumber>1234</InsuredIdentificationNumber>";
    let turned = text
        .replace(number, "")
        .replace("<Birthdate>", &format!("{number}<Birthdate>"));
    assert_eq!(parsed(&question, &turned).as_ref(), Ok(&question));
}

#[test]
fn what_is_no_question_is_refused_with_its_element() {
    let person = NumberQuestion::new(insured(), date(1980, 4, 1));
    let question = by_number(person);
    let text = written(&question);
    let refused = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        parsed(&question, &text.replace(from, to)).unwrap_err()
    };
    let element = |error| match error {
        ReadError::Missing { element, .. } => format!("missing {element}"),
        ReadError::Repeated { element, .. } => format!("repeated {element}"),
        ReadError::Unexpected { expected, .. } => format!("in {expected}"),
        ReadError::Value {
            element, problem, ..
        } => format!("{element} {problem}"),
        other => panic!("{other}"),
    };
    let number = "<InsuredIdentificationNumber>1234</InsuredIdentificationNumber>";
    for (from, to, expected) in [
        ("1234", "", "missing InsuredIdentificationNumber"),
        (number, "", "missing InsuredIdentificationNumber"),
        (
            "19800401",
            "19800431",
            "Birthdate is not a value that can be written",
        ),
        (
            "19800401",
            "1980/04/01",
            "Birthdate is not a value that can be written",
        ),
        (
            "19800401",
            "１９８００４０１",
            "Birthdate is not a value that can be written",
        ),
        ("  139998", "13999", "InsurerNumber is not 6 to 8 digits"),
        (
            "1319999999",
            "131999999",
            "MedicalInstitutionCode is not 10 to 10 digits",
        ),
        (
            "Flg>0<",
            "Flg>2<",
            "LimitApplicationCertificateRelatedConsFlg is not a value that can be written",
        ),
        ("<MessageHeader>", "<MessageHeader><X/>", "in MessageHeader"),
        (
            "<Birthdate>",
            "<Birthdat/><Birthdate>",
            "in QualificationConfirmSearchInfo",
        ),
        (
            "<Birthdate>",
            "<Birthdate/><Birthdate>",
            "repeated Birthdate",
        ),
        (
            "<MessageBody>",
            "<MessageBody><QualificationConfirmSearchInfos/>",
            "in QualificationConfirmSearchInfo",
        ),
        ("XmlMsg>", "XmlMessage>", "in XmlMsg"),
        (
            "</MessageBody>",
            "</MessageBody><MessageHeader/>",
            "missing MedicalInstitutionCode",
        ),
        (
            "<QualificationConfirmationDate>20261105</QualificationConfirmationDate>",
            "",
            "missing QualificationConfirmationDate",
        ),
    ] {
        assert_eq!(element(refused(from, to)), expected, "{to}");
    }
    let cut = refused("</XmlMsg>", "");
    assert!(cut.is_cut_off() && !refused("1234", "").is_cut_off());
    let two = text.replace(
        "</MessageBody>",
        &text[text.find("<Qualification").unwrap()..],
    );
    assert!(parsed(&question, &two).is_err());
    let header = "<MessageHeader><MedicalInstitutionCode>1319999999</MedicalInstitutionCode></MessageHeader>";
    let more = text.replace("</XmlMsg>", &format!("{header}</XmlMsg>"));
    assert_eq!(
        element(parsed(&question, &more).unwrap_err()),
        "repeated MessageHeader"
    );
    for family in Family::ALL {
        for step in [Step::One, Step::Two] {
            if (family, step) != (Family::Qualification, Step::One)
                && (family, step) != (Family::BulkQualification, Step::One)
            {
                assert!(
                    Question::parse(family, step, text.as_bytes()).is_err(),
                    "{family:?}"
                );
            }
        }
    }
}

/// Only what has a second step is asked in one.
#[test]
fn a_reception_number_asks_for_a_bulk_answer_only() {
    let reception = ReceptionNumber::new("1").unwrap();
    let family = Family::BulkQualification;
    let text = written(&Question::BulkResult { family, reception });
    for family in Family::ALL {
        let read = Question::parse(family, Step::Two, text.as_bytes());
        assert_eq!(read.is_ok(), family.is_bulk(), "{family:?}");
        assert!(Question::parse(family, Step::One, text.as_bytes()).is_err());
    }
}

#[test]
fn nothing_that_could_be_a_my_number_is_taken() {
    let problem = |made: Result<(), MessageError>| made.unwrap_err().problem;
    for number in [
        "123456789012",
        "１２３４５６７８９０１２",
        "1234-5678-9012",
        " 1234 5678 9012 ",
        "1234ー5678ー9012",
    ] {
        let insurer = InsurerNumber::parse("139998").unwrap();
        let person = NumberQuestion::new(insured(), date(1980, 4, 1));
        for made in [
            Insured::new(insurer, number).map(drop),
            insured().with_symbol(number).map(drop),
            person.with_identifier(number).map(drop),
            ReferenceRegistration::new(number, insured()).map(drop),
        ] {
            assert_eq!(problem(made), FieldProblem::MaybeMyNumber, "{number}");
        }
        assert!(insured().with_branch(number).is_err());
        assert!(FileIdentifier::new(number.trim()).is_err());
        assert!(InsurerNumber::parse(number).is_none() && InstitutionCode::parse(number).is_none());
    }
    for number in [
        "12345678901",
        "1234567890123",
        "12345678901a",
        "20261105-0001",
    ] {
        assert!(insured().with_symbol(number).is_ok());
    }
}

#[test]
fn values_have_their_lengths() {
    let problem = |made: Result<Insured, MessageError>| made.unwrap_err().problem;
    assert!(insured().with_symbol(&"見".repeat(20)).is_ok());
    let long = insured().with_symbol(&"見".repeat(21));
    assert_eq!(problem(long), FieldProblem::TooLong { most: 20 });
    assert_eq!(
        problem(insured().with_symbol(" \u{3000}")),
        FieldProblem::Missing
    );
    assert_eq!(
        problem(insured().with_symbol("a\tb")),
        FieldProblem::ControlCharacter
    );
    for branch in ["1", "001", "０１", "a1"] {
        let two = FieldProblem::NotDigits { least: 2, most: 2 };
        assert_eq!(problem(insured().with_branch(branch)), two, "{branch}");
    }
    assert!(ReferenceRegistration::new(&"9".repeat(50), insured()).is_ok());
    assert!(ReferenceRegistration::new(&"9".repeat(51), insured()).is_err());
    for identifier in ["", "a b", "花", &"x".repeat(51)] {
        assert!(FileIdentifier::new(identifier).is_err());
    }
}

#[test]
fn what_cannot_be_written_names_the_person() {
    let person =
        |symbol| NumberQuestion::new(insured().with_symbol(symbol).unwrap(), date(1980, 4, 1));
    let question = Question::BulkByNumber {
        on: date(2026, 11, 5),
        people: vec![person("見"), person("a𠮷"), person("本")],
    };
    assert!(question.write(&header(), Charset::Utf8).is_ok());
    let refused = question.write(&header(), Charset::ShiftJis).unwrap_err();
    assert_eq!(
        (refused.element.as_ref(), refused.item),
        ("InsuredCardSymbol", 1)
    );
    assert_eq!(
        refused.problem,
        FieldProblem::Text(TextErrorKind::Unmappable.at(1))
    );
    let mut people = vec![person("a"), person("b")];
    people[1].birthdate = Date::MIN;
    let question = Question::BulkByNumber {
        on: date(2026, 11, 5),
        people,
    };
    let refused = question.write(&header(), Charset::Utf8).unwrap_err();
    assert_eq!((refused.element.as_ref(), refused.item), ("Birthdate", 1));
    let unwritable = |question: Question| question.write(&header(), Charset::Utf8).unwrap_err();
    let nobody = Question::BulkByNumber {
        on: date(2026, 11, 5),
        people: Vec::new(),
    };
    assert_eq!(unwritable(nobody), FieldProblem::Missing.of(SEARCH));
    let nobody = Question::BulkRegisterReference(Vec::new());
    assert_eq!(unwritable(nobody), FieldProblem::Missing.of(REGISTRATION));
    let reception = ReceptionNumber::new("1").unwrap();
    let single = Question::BulkResult {
        family: Family::Medicines,
        reception,
    };
    assert_eq!(unwritable(single).problem, FieldProblem::Unwritable);
    let about = |category| MedicalInformation::new(insured(), MedicalForm::Pdf, category);
    let [early, late] = ["202601", "202602"].map(|month| Month::parse(month).unwrap());
    let back = Question::Medicines {
        about: about(TreatmentCategory::Outpatient),
        from: late,
        to: early,
    };
    assert_eq!(unwritable(back).problem, FieldProblem::EndsBeforeItBegins);
    let other = Question::HealthCheckups(about(TreatmentCategory::from_code("123456789012")));
    assert_eq!(unwritable(other).problem, FieldProblem::Unwritable);
}

fn text(most: usize) -> impl Strategy<Value = String> {
    let pattern = format!(
        "[a-zA-Z0-9ァ-ヶ見本花<&>・]([ -~ｦ-ﾟ　－ぁ-ん花子番号記髙﨑①㈱]{{0,{}}}[見本&0-9])?",
        most - 2
    );
    proptest::string::string_regex(&pattern).unwrap()
}

fn any_insured() -> impl Strategy<Value = Insured> {
    let insurer = prop::sample::select(vec!["139998", "06139992", "39139993", "012345"]);
    let branch = prop::option::of("[0-9]{2}");
    (insurer, text(20), prop::option::of(text(20)), branch).prop_filter_map(
        "could be a My Number",
        |(insurer, number, symbol, branch)| {
            let mut insured = Insured::new(InsurerNumber::parse(insurer)?, &number).ok()?;
            if let Some(symbol) = symbol {
                insured = insured.with_symbol(&symbol).ok()?;
            }
            if let Some(branch) = branch {
                insured = insured.with_branch(&branch).ok()?;
            }
            Some(insured)
        },
    )
}

fn any_day() -> impl Strategy<Value = Date> {
    (1..=9999_i16, 1..=12_i8, 1..=28_i8).prop_map(|(y, m, d)| date(y, m, d))
}

fn any_person() -> impl Strategy<Value = NumberQuestion> {
    (
        any_insured(),
        any_day(),
        any::<bool>(),
        prop::option::of(text(50)),
    )
        .prop_filter_map(
            "could be a My Number",
            |(insured, birthdate, given, identifier)| {
                let person = NumberQuestion::new(insured, birthdate).with_limit_consent(given);
                match identifier {
                    Some(identifier) => person.with_identifier(&identifier).ok(),
                    None => Some(person),
                }
            },
        )
}

fn any_question() -> impl Strategy<Value = Question> {
    let registration = (any_insured(), text(50))
        .prop_filter_map("could be a My Number", |(insured, reference)| {
            ReferenceRegistration::new(&reference, insured).ok()
        })
        .boxed();
    let period = (any_day(), any_day())
        .prop_map(|(a, b)| Period::new(a.min(b), a.max(b)).unwrap())
        .boxed();
    let month = any_day().prop_map(|day| Month::of(day).unwrap()).boxed();
    let form = prop::sample::select(vec![MedicalForm::Pdf, MedicalForm::Xml]);
    let treatment =
        prop::sample::select(vec!["1", "2", "3", "4"]).prop_map(TreatmentCategory::from_code);
    let about = (any_insured(), form, treatment)
        .prop_map(|(insured, form, treatment)| MedicalInformation::new(insured, form, treatment))
        .boxed();
    let bulk: Vec<Family> = Family::ALL
        .into_iter()
        .filter(|family| family.is_bulk())
        .collect();
    prop_oneof![
        (any_day(), any_person()).prop_map(|(on, person)| Question::ByNumber { on, person }),
        (any_day(), prop::collection::vec(any_person(), 1..5))
            .prop_map(|(on, people)| Question::BulkByNumber { on, people }),
        registration.clone().prop_map(Question::RegisterReference),
        prop::collection::vec(registration, 1..5).prop_map(Question::BulkRegisterReference),
        month
            .clone()
            .prop_map(|month| Question::MedicalAidTickets { month }),
        period
            .clone()
            .prop_map(|consented| Question::HomeVisitConsents { consented }),
        period
            .clone()
            .prop_map(|days| Question::OnlineConsents(OnlineSearch::Consented(days))),
        period.prop_map(|days| Question::OnlineConsents(OnlineSearch::Examined(days))),
        (prop::sample::select(bulk), "[!-~]{1,50}").prop_map(|(family, number)| {
            Question::BulkResult {
                family,
                reception: ReceptionNumber::new(&number).unwrap(),
            }
        }),
        about.clone().prop_map(Question::HealthCheckups),
        (about, month.clone(), month).prop_map(|(about, a, b)| Question::Medicines {
            about,
            from: a.min(b),
            to: a.max(b),
        }),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        question in any_question(),
        identifier in prop::option::of("[!-~]{1,50}"),
        shift_jis: bool,
    ) {
        let mut header = header();
        if let Some(Ok(identifier)) = identifier.map(|text| FileIdentifier::new(&text)) {
            header = header.with_file_identifier(identifier);
        }
        let charset = if shift_jis { Charset::ShiftJis } else { Charset::Utf8 };
        let file = question.write(&header, charset).unwrap();
        let read = Question::parse(question.family(), question.step(), file.as_bytes());
        prop_assert_eq!(read, Ok((header, question)));
    }

    #[test]
    fn a_cut_file_is_cut_off(question in any_question(), shift_jis: bool, end: prop::sample::Index) {
        let charset = if shift_jis { Charset::ShiftJis } else { Charset::Utf8 };
        let file = question.write(&header(), charset).unwrap();
        // The last two bytes are a line end.
        let end = end.index(file.as_bytes().len() - 2);
        let read = Question::parse(question.family(), question.step(), &file.as_bytes()[..end]);
        let refused = read.unwrap_err();
        prop_assert!(refused.is_cut_off(), "{}", refused);
    }

    #[test]
    fn nothing_panics(
        question in any_question(),
        at: prop::sample::Index,
        byte: u8,
        family in prop::sample::select(Family::ALL.to_vec()),
        two: bool,
    ) {
        let mut file = question.write(&header(), Charset::Utf8).unwrap().as_bytes().to_vec();
        let at = at.index(file.len());
        file[at] = byte;
        let step = if two { Step::Two } else { Step::One };
        let _ = Question::parse(family, step, &file);
        let _ = Question::parse(question.family(), question.step(), &file);
    }
}
