//! The answer to 資格確認: read and written.

mod report_facts;
mod report_support;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use report_support::any::report;
use report_support::full::FULL;
use report_support::tree::Node;
use uketsuke::eligibility::message::{
    AnswerHeader, BulkAnswer, BulkAnswerWriter, BulkUnit, BulkWriteError, FieldProblem,
    MessageError, ReadError, ReceptionNumber, RegistrationResult, XmlErrorKind, parse_report,
    write_report,
};
use uketsuke::eligibility::text::{Charset, TextErrorKind, encode};
use uketsuke::eligibility::*;

const CAP: usize = 4 << 20;

fn parse(document: &str) -> Result<Report, ReadError> {
    parse_report(document.as_bytes(), CAP).map(|parsed| parsed.report)
}

fn code_of(charset: Charset) -> CharacterCode {
    CharacterCode::from_code(charset.code())
}

/// What is in the document with every element, by hand.
fn check_full(report: &Report) {
    let text = |value: &Option<Personal>, expected: &str| {
        assert_eq!(value.as_ref().map(Personal::reveal), Some(expected));
    };
    let at = |value: Option<Timestamp>, expected: &str| {
        assert_eq!(value, Some(expected.parse().unwrap()));
    };
    let on = |value: Option<Date>, year, month, day| {
        assert_eq!(value, Some(date(year, month, day)));
    };

    at(report.executed, "2026-11-05T00:15:02Z");
    on(report.confirmation_date, 2026, 11, 5);
    assert_eq!(report.institution_code.as_deref(), Some("1319999999"));
    assert_eq!(report.file_identifier.as_deref(), Some("A1b2C3d4E5f6G7h8"));
    assert_eq!(
        report.reference,
        Some(ReferenceClassification::MyNumberCard)
    );
    assert_eq!(report.segment, SegmentOfResult::Normal);
    assert_eq!(report.error_code.as_deref(), Some("E-0"));
    assert_eq!(report.error_message.as_deref(), Some("なし"));
    assert_eq!(report.status, Some(ProcessingResultStatus::Normal));
    assert_eq!(report.code.as_deref(), Some("SIM-1"));
    assert_eq!(report.message.as_deref(), Some("お知らせ"));
    assert_eq!(report.validity, Some(QualificationValidity::Valid));
    assert_eq!(
        report.prescription_issue,
        Some(PrescriptionIssue::Electronic)
    );
    assert_eq!((report.certificate, report.registration), (None, None));
    assert_eq!(report.unread, []);

    let asked = report.asked.as_ref().unwrap();
    text(&asked.insurer_number, "06139992");
    text(&asked.symbol, "記号");
    text(&asked.number, "5678");
    text(&asked.branch, "03");
    text(&asked.birthdate, "19630729");
    assert_eq!(asked.limit_consent, Some(LimitConsent::NotGiven));
    text(&asked.identifier, "visit-2");
    assert_eq!(asked.unread, []);

    let [q] = report.results.as_slice() else {
        panic!("one result")
    };
    assert_eq!(q.card_classification, CardClassification::General);
    assert_eq!(q.insurer_number.reveal(), "  139998");
    assert_eq!(q.insurer_name, "見本市&組合");
    text(&q.symbol, "見本01");
    text(&q.number, "1234");
    text(&q.branch, "02");
    assert_eq!(q.personal_family, Some(PersonalFamily::Family));
    text(&q.insured_name, "見本　太郎");
    assert_eq!(q.name.reveal(), "見本　花子");
    text(&q.other_name, "通称　花");
    text(&q.kana, "ﾐﾎﾝ ﾊﾅｺ");
    text(&q.other_kana, "ﾂｳｼﾖｳ ﾊﾅ");
    assert_eq!(q.sex, Sex::Female);
    assert_eq!(q.sex_on_back, Some(Sex::NotSet));
    assert_eq!(q.birthdate.reveal(), "19520401");
    text(&q.address, "見本県見本市１－２－３");
    text(&q.post_number, "999-0001");
    on(q.qualified_from, 2022, 4, 1);
    on(q.disqualified_on, 2027, 3, 31);
    on(q.issued_on, 2026, 7, 1);
    on(q.valid_from, 2026, 8, 1);
    on(q.valid_until, 2027, 7, 31);
    assert_eq!(q.contribution_ratio.as_deref(), Some("030"));
    assert_eq!(q.preschool, Some(Preschool::Preschool));
    assert_eq!(q.reason_of_loss, Some(ReasonOfLoss::OtherInsurance));

    let elderly = q.elderly_recipient.as_ref().unwrap();
    on(elderly.issued_on, 2026, 7, 2);
    on(elderly.valid_from, 2026, 8, 2);
    on(elderly.valid_until, 2027, 7, 30);
    assert_eq!(elderly.contribution_ratio.as_deref(), Some("020"));
    assert_eq!(q.copayment_tenths(), Some(2));

    assert_eq!(q.limit_consent, Some(LimitConsent::Given));
    at(q.limit_consent_at, "2026-11-05T00:14:01Z");
    let limit = q.limit.as_ref().unwrap();
    assert_eq!(limit.kind, Some(LimitCertificateKind::LimitAndReduction));
    assert_eq!(limit.category, Some(LimitCategory::B05));
    on(limit.issued_on, 2026, 7, 3);
    on(limit.valid_from, 2026, 8, 3);
    on(limit.valid_until, 2027, 7, 29);
    on(limit.long_term_from, 2026, 9, 1);
    assert_eq!(q.limit_changed, Some(LimitChanged::YesOrUnknown));

    assert_eq!(q.specific_diseases_consent, Some(ConsentFlag::Given));
    at(q.specific_diseases_consent_at, "2026-11-05T00:14:02Z");
    let [first, second] = q.specific_diseases.as_slice() else {
        panic!("two diseases")
    };
    assert_eq!(first.category, Some(SpecificDiseaseCategory::Dialysis));
    on(first.issued_on, 2026, 7, 4);
    on(first.valid_from, 2026, 8, 4);
    on(first.valid_until, 2027, 7, 28);
    text(&first.self_pay, "10000");
    assert_eq!(second.category, Some(SpecificDiseaseCategory::Haemophilia));
    assert_eq!((second.issued_on, second.self_pay.is_none()), (None, true));

    let [ticket, other] = q.tickets.as_slice() else {
        panic!("two tickets")
    };
    assert_eq!(ticket.ticket_type, Some(TicketType::Dispensing));
    on(ticket.valid_from, 2026, 11, 1);
    on(ticket.valid_until, 2026, 11, 30);
    text(&ticket.issue_number, "K-0077");
    assert_eq!(ticket.month.as_deref(), Some("202611"));
    assert_eq!(ticket.institution_code.as_deref(), Some("1319999999"));
    assert_eq!(ticket.institution_match, Some(InstitutionMatch::Different));
    assert_eq!(ticket.institution_name.as_deref(), Some("見本医院"));
    assert_eq!(ticket.prescriber_code.as_deref(), Some("1399999992"));
    assert_eq!(ticket.prescriber_name.as_deref(), Some("見本診療所"));
    let all = |three: &Three| {
        three
            .iter()
            .map(|t| t.reveal().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(all(&ticket.injuries), ["傷病一", "傷病二", "傷病三"]);
    assert_eq!(ticket.treatment_type, Some(TreatmentType::Dispensing));
    text(&ticket.self_pay, "500");
    text(&ticket.district_contact, "地区　担当");
    text(&ticket.handling_contact, "取扱　担当");
    assert_eq!(ticket.single_or_combined, Some(SingleOrCombined::Combined));
    assert_eq!(ticket.social_insurance, Some(Recorded::Yes));
    assert_eq!(ticket.consistency, Some(Consistency::Inconsistent));
    assert_eq!(ticket.infection, Some(Recorded::No));
    assert_eq!(ticket.elderly_care, Some(Recorded::Yes));
    assert_eq!(ticket.prefectural_expenses, Some(Recorded::No));
    assert_eq!(all(&ticket.remarks), ["備考一", "備考二", "備考三"]);
    assert_eq!(other.ticket_type, Some(TicketType::Medical));

    // Each kind its own flag, and second 00 to 09 of its times.
    use ConsentFlag::{Given, Lapsed, NotGiven, Unobtainable};
    let kinds = [
        (ConsentKind::HealthCheckups, NotGiven),
        (ConsentKind::Medicines, Given),
        (ConsentKind::Treatment, Lapsed),
        (ConsentKind::Surgery, Unobtainable),
        (ConsentKind::DiagnosisNames, Given),
        (ConsentKind::Infections, NotGiven),
        (ConsentKind::Allergies, Given),
        (ConsentKind::Contraindications, Lapsed),
        (ConsentKind::Tests, Unobtainable),
        (ConsentKind::Prescriptions, Given),
    ];
    assert_eq!(q.consents.len(), 10);
    for (second, (kind, flag)) in kinds.into_iter().enumerate() {
        let consent = q.consent(kind).unwrap();
        assert_eq!(consent.flag, flag, "{kind:?}");
        at(consent.at, &format!("2026-11-05T00:15:{second:02}Z"));
        at(
            consent.available_until,
            &format!("2026-11-06T00:15:{second:02}Z"),
        );
    }
    assert_eq!(q.prescription_issue, Some(PrescriptionIssue::Electronic));
    text(&q.identifier, "visit-1");
    text(&q.reference_number, "P-000123");
    text(&q.confirmation_key, "KEY/abc=");
    assert_eq!(q.unread, []);
    assert_eq!(report.warnings(), []);
}

#[test]
fn every_element_has_its_value_in_its_place_in_both_encodings() {
    check_full(&parse(FULL).unwrap());
    for charset in [Charset::Utf8, Charset::ShiftJis] {
        // Whatever is declared: the bytes decide.
        let file = encode(FULL, charset).unwrap();
        let parsed = parse_report(&file, CAP).unwrap();
        assert_eq!(parsed.charset, charset);
        check_full(&parsed.report);
        // With every element again when written.
        let written = write_report(&parsed.report, charset).unwrap();
        let again = parse_report(written.as_bytes(), CAP).unwrap();
        check_full(&again.report);
        assert_eq!(again.report.character_code, Some(code_of(charset)));
    }
}

#[test]
fn nothing_of_the_document_is_left_out_when_written() {
    let written = write_report(&parse(FULL).unwrap(), Charset::Utf8).unwrap();
    let written = Node::parse(std::str::from_utf8(written.as_bytes()).unwrap());
    let original = Node::parse(FULL);
    assert_eq!(written.texts(), original.texts());
    assert_eq!(written.names(), original.names());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_order_of_elements_means_the_same(moves in proptest::collection::vec(any::<usize>(), 300)) {
        let mut moves = moves.into_iter();
        let mut tree = Node::parse(FULL);
        tree.shuffle(&mut || moves.next().unwrap_or_default());
        for (charset, name) in [(Charset::Utf8, "UTF-8"), (Charset::ShiftJis, "Shift_JIS")] {
            let file = encode(&tree.document(name), charset).unwrap();
            let report = parse_report(&file, CAP).unwrap().report;
            // The order of diseases and tickets is kept, so is everything else.
            check_full(&report);
        }
    }
}

/// `None`: the bytes would be read as UTF-8, and so it isn't written in Shift_JIS.
fn unless_misread<T>(written: Result<T, BulkWriteError>, charset: Charset) -> Option<T> {
    match written {
        Ok(file) => Some(file),
        Err(BulkWriteError::Message(MessageError {
            problem: FieldProblem::Text(error),
            ..
        })) => {
            assert_eq!(error.kind, TextErrorKind::Misread);
            assert_eq!(charset, Charset::ShiftJis);
            None
        }
        Err(error) => panic!("{error}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_written_is_read_again(bytes in proptest::collection::vec(any::<u8>(), 0..1500)) {
        for charset in [Charset::Utf8, Charset::ShiftJis] {
            let report = report(&bytes, code_of(charset));
            let written = write_report(&report, charset).map_err(BulkWriteError::from);
            let Some(file) = unless_misread(written, charset) else {
                continue;
            };
            let parsed = parse_report(file.as_bytes(), CAP).unwrap();
            if parsed.report != report {
                prop_assert!(false, "{}", String::from_utf8_lossy(file.as_bytes()));
            }
            // Only where something isn't ASCII can the bytes tell.
            if !file.as_bytes().is_ascii() {
                prop_assert_eq!(parsed.charset, charset);
            }
            let _ = report.warnings();
        }
    }

    /// Whatever bytes a file has: no panic, and what is understood can be written.
    #[test]
    fn damaged_files_do_no_harm(at in any::<usize>(), with in any::<u8>(), cut in any::<usize>()) {
        let mut file = FULL.as_bytes().to_vec();
        let at = at % file.len();
        file[at] = with;
        if let Ok(parsed) = parse_report(&file, CAP) {
            let _ = parsed.report.warnings();
            write_report(&parsed.report, Charset::Utf8).unwrap();
        }
        let cut = cut % (FULL.trim_end().len() - 1);
        prop_assert!(parse_report(&FULL.as_bytes()[..cut], CAP).is_err(), "cut at {cut}");
    }
}

/// The name with one letter left out, doubled, changed, in the other case, or swapped
/// with the next: one of these at every letter, all of them within any five letters.
fn misspellings(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut names = Vec::new();
    for (i, letter) in letters.iter().copied().enumerate() {
        let mut wrong = letters.clone();
        match (i + letters.len()) % 5 {
            0 => drop(wrong.remove(i)),
            1 => wrong.insert(i, letter),
            2 => wrong[i] = if letter == 'x' { 'y' } else { 'x' },
            3 if letter.is_ascii_lowercase() => wrong[i] = letter.to_ascii_uppercase(),
            3 => wrong[i] = letter.to_ascii_lowercase(),
            _ => wrong.swap(i, (i + 1).min(letters.len() - 1)),
        }
        names.push(String::from_iter(wrong));
    }
    names.retain(|wrong| wrong != name);
    names.sort_unstable();
    names.dedup();
    names
}

#[test]
fn a_misspelt_name_is_never_lost_and_never_passes_in_silence() {
    let original = Node::parse(FULL);
    let names = original.names();
    let mut tried = 0;
    for name in &names {
        let mut around = original.clone();
        assert!(around.keep_only(name));
        if !around.names().contains(&"MessageHeader".to_owned()) {
            let mut header = original.clone();
            header.keep_only("SegmentOfResult");
            around.children.append(&mut header.children);
        }
        // What is written says its encoding, whatever was read.
        if !around
            .names()
            .contains(&"CharacterCodeIdentifier".to_owned())
        {
            let mut code = original.clone();
            let code = code.find("CharacterCodeIdentifier").unwrap().clone();
            around.find("MessageHeader").unwrap().children.push(code);
        }
        for wrong in misspellings(name) {
            let mut tree = around.clone();
            tree.find(name).unwrap().name.clone_from(&wrong);
            let document = tree.document("UTF-8");
            tried += 1;
            let report = match parse(&document) {
                Ok(report) => report,
                // No answer at all, or the name of another element that is there.
                Err(ReadError::Unexpected { .. }) if name == "XmlMsg" => continue,
                Err(ReadError::Missing { .. }) if name == "MessageHeader" => continue,
                Err(ReadError::Repeated { .. }) if names.contains(&wrong) => continue,
                Err(error) => panic!("{wrong}: {error}"),
            };
            let file = write_report(&report, Charset::Utf8).unwrap();
            let written = Node::parse(std::str::from_utf8(file.as_bytes()).unwrap());
            if wrong != "CharacterCodeIdentifier" && name != "CharacterCodeIdentifier" {
                assert_eq!(written.texts(), tree.texts(), "{wrong}: something was lost");
            }
            let warnings = report.warnings();
            assert!(!warnings.is_empty(), "{wrong} passed in silence");
            let named = warnings.iter().any(|warning| match warning {
                Warning::LooksLike { element, .. } => element.contains(&wrong),
                _ => false,
            });
            assert!(named || names.contains(&wrong), "{wrong}: {warnings:?}");
        }
    }
    assert!(tried > 2500, "{tried}");
}

/// The whole of a document with this body.
fn with_body(body: &str) -> String {
    format!(
        "<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult></MessageHeader>\
         <MessageBody>{body}</MessageBody></XmlMsg>"
    )
}

fn with_result(result: &str) -> String {
    with_body(&format!(
        "<ResultList><ResultOfQualificationConfirmation>{result}\
         </ResultOfQualificationConfirmation></ResultList>"
    ))
}

fn only_result(result: &str) -> Qualification {
    parse(&with_result(result)).unwrap().results.remove(0)
}

#[test]
fn the_wrong_names_of_the_field_are_kept_and_named() {
    let q = only_result(
        "<PharmaceuticalInfoConsFlg>1</PharmaceuticalInfoConsFlg>\
         <PharmaceuticalInfoAcquisitionTime>20261106091502</PharmaceuticalInfoAcquisitionTime>\
         <DiagnosisInfoConsTim>20261105091502</DiagnosisInfoConsTim>\
         <StatusOfInfection>01</StatusOfInfection>",
    );
    assert!(q.consents.is_empty(), "nothing is allowed by a wrong name");
    let names: Vec<(String, String)> = q
        .warnings()
        .into_iter()
        .filter_map(|warning| match warning {
            Warning::LooksLike { element, known } => Some((element, known)),
            _ => None,
        })
        .collect();
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        names,
        [
            pair("PharmaceuticalInfoConsFlg", "PharmacistsInfoConsFlg"),
            pair(
                "PharmaceuticalInfoAcquisitionTime",
                "PharmacistsInfoAvailableTime"
            ),
            pair("DiagnosisInfoConsTim", "DiagnosisInfoConsTime"),
            pair("StatusOfInfection", "StatusOfInfecton"),
        ]
    );
}

#[test]
fn an_element_that_may_be_there_once_is_refused_twice() {
    let original = Node::parse(FULL);
    let lists = [
        "XmlMsg",
        "ResultOfQualificationConfirmation",
        "SpecificDiseasesCertificateInfo",
        "SpecificDiseasesCertificateList",
        "PublicExpenseResultList",
        "MedicalTicketInfo",
    ];
    for name in original.names() {
        let mut tree = original.clone();
        let mut twice = false;
        double(&mut tree, &name, &mut twice);
        assert_eq!(twice, name != "XmlMsg", "{name}");
        let found = parse(&tree.document("UTF-8"));
        if lists.contains(&name.as_str()) {
            assert!(found.is_ok(), "{name} may be repeated");
            continue;
        }
        let Err(ReadError::Repeated { element, at }) = found else {
            panic!("{name} twice: {found:?}")
        };
        assert_eq!(element, name);
        assert!(
            tree.document("UTF-8")[at..].starts_with(&format!("<{name}>")),
            "{name} at {at}"
        );

        // An empty one more is none.
        let mut tree = original.clone();
        empty_beside(&mut tree, &name, &mut false);
        let again = parse(&tree.document("UTF-8"));
        if !["MessageHeader", "MessageBody", "ResultList"].contains(&name.as_str()) {
            check_full(&again.unwrap());
        }
    }
    // A value that can't be read counts as there.
    for values in [["昨日", "20260401"], ["20260401", "昨日"], ["昨日", "昨日"]] {
        let result = values.map(|value| format!("<QualificationDate>{value}</QualificationDate>"));
        let found = parse(&with_result(&result.concat()));
        assert!(
            matches!(found, Err(ReadError::Repeated { .. })),
            "{values:?}"
        );
    }
}

fn double(tree: &mut Node, name: &str, done: &mut bool) {
    if let Some(at) = tree
        .children
        .iter()
        .position(|child| child.name == name && !*done)
    {
        *done = true;
        let copy = tree.children[at].clone();
        tree.children.insert(at, copy);
        return;
    }
    tree.children
        .iter_mut()
        .for_each(|child| double(child, name, done));
}

fn empty_beside(tree: &mut Node, name: &str, done: &mut bool) {
    if let Some(at) = tree
        .children
        .iter()
        .position(|child| child.name == name && !*done)
    {
        *done = true;
        let empty = Node {
            name: name.to_owned(),
            text: " ".to_owned(),
            children: Vec::new(),
        };
        tree.children.insert(at, empty);
        return;
    }
    tree.children
        .iter_mut()
        .for_each(|child| empty_beside(child, name, done));
}

#[test]
fn diseases_are_read_in_both_shapes() {
    let one =
        |code| format!("<SpecificDiseasesDiseaseCategory>{code}</SpecificDiseasesDiseaseCategory>");
    let info = |inside: &str| {
        format!("<SpecificDiseasesCertificateInfo>{inside}</SpecificDiseasesCertificateInfo>")
    };
    let list = |inside: &str| {
        format!("<SpecificDiseasesCertificateList>{inside}</SpecificDiseasesCertificateList>")
    };
    let wrapped = only_result(&list(&(info(&one(1)) + &info(&one(2)))));
    let direct = only_result(&(list(&one(1)) + &list(&one(2))));
    assert_eq!(wrapped, direct);
    assert_eq!(wrapped.specific_diseases.len(), 2);
    // A stranger stays with the disease beside which it stands, or in the list.
    let direct = only_result(&list(&(one(1) + "<Foo>x</Foo>")));
    assert_eq!(
        direct.specific_diseases[0].unread,
        [UnreadElement::new("Foo", "x")]
    );
    let wrapped = only_result(&list(&(info(&one(1)) + "<Foo>x</Foo>")));
    let path = "SpecificDiseasesCertificateList/Foo";
    assert_eq!(wrapped.unread, [UnreadElement::new(path, "x")]);
    // Nothing is nothing.
    assert!(only_result(&list("")).specific_diseases.is_empty());
    assert!(only_result(&list(&info(" "))).specific_diseases.is_empty());
}

#[test]
fn the_warnings_about_a_strange_document_have_an_end() {
    let strange: String = (0..5000)
        .map(|i| format!("<Strange{i}>x</Strange{i}>"))
        .collect();
    let report = parse(&with_result(&strange)).unwrap();
    assert_eq!(report.results[0].unread.len(), 5000, "all of it is kept");
    let warnings = report.warnings();
    assert!(warnings.contains(&Warning::MoreUnread) && warnings.len() < 120);
}

#[test]
fn prescriptions_stand_in_the_body_or_in_the_result() {
    let element = "<PrescriptionIssueSelect>2</PrescriptionIssueSelect>";
    let paper = Some(&PrescriptionIssue::Paper);
    let in_body = parse(&with_body(element)).unwrap();
    let in_result = parse(&with_result(element)).unwrap();
    assert_eq!(in_body.prescription_choice(), paper);
    assert_eq!(in_result.prescription_choice(), paper);
}

#[test]
fn an_error_may_have_a_header_alone() {
    let error = "<XmlMsg><MessageHeader><SegmentOfResult>9</SegmentOfResult>\
                 <ErrorCode>OQS-77</ErrorCode><ErrorMessage>混雑</ErrorMessage></MessageHeader>";
    for body in ["", "<MessageBody/>", "<MessageBody></MessageBody>"] {
        let report = parse(&format!("{error}{body}</XmlMsg>")).unwrap();
        assert!(report.segment.is_abnormal());
        assert_eq!((report.status.as_ref(), report.results.len()), (None, 0));
        let said = report.centre_said().unwrap();
        assert_eq!(said.message.as_deref(), Some("混雑"));
        let refused = report.valid_qualification().unwrap_err();
        assert_eq!(refused, NotConfirmed::Segment(SegmentOfResult::Abnormal));
    }
    // Whatever isn't 1 or 2 is no success, nor is nothing.
    for (code, abnormal) in [
        ("1", false),
        ("2", false),
        ("3", true),
        ("9", true),
        ("", true),
    ] {
        let document = with_body("").replace(">1<", &format!(">{code}<"));
        assert_eq!(
            parse(&document).unwrap().segment.is_abnormal(),
            abnormal,
            "{code}"
        );
    }
}

#[test]
fn absent_and_empty_are_alike() {
    let empty = "<Name/><NameKana></NameKana><Sex1> </Sex1><QualificationDate>\n</QualificationDate>\
                 <TestInfoConsFlg/><TestInfoConsTime> </TestInfoConsTime><MedicalTicketInfo/>\
                 <ElderlyRecipientCertificateInfo/><PublicExpenseResultList><MedicalTicketInfo/>\
                 </PublicExpenseResultList>";
    let mut q = only_result(empty);
    // But for what has no place there: its name alone is kept.
    assert_eq!(q.unread, [UnreadElement::new("MedicalTicketInfo", "")]);
    q.unread.clear();
    assert_eq!(q, Qualification::new("", ""));
    assert_eq!(q, only_result(""));
    assert_eq!(
        parse(&with_body("<QualificationConfirmSearchInfo/>"))
            .unwrap()
            .asked,
        None
    );
}

#[test]
fn what_cant_be_read_is_kept_as_text() {
    let q = only_result(
        "<QualificationDate>20261301</QualificationDate>\
         <PharmacistsInfoConsFlg>1</PharmacistsInfoConsFlg>\
         <PharmacistsInfoAvailableTime>あした</PharmacistsInfoAvailableTime>\
         <Later><Deep>1</Deep><Deep>2</Deep></Later>",
    );
    assert_eq!(q.qualified_from, None);
    assert!(!q.consents[0].allows_at(Timestamp::MIN));
    let kept: Vec<(&str, &str)> = q
        .unread
        .iter()
        .map(|element| (element.path.as_str(), element.text.reveal()))
        .collect();
    assert_eq!(
        kept,
        [
            ("QualificationDate", "20261301"),
            ("PharmacistsInfoAvailableTime", "あした"),
            ("Later/Deep", "1"),
            ("Later/Deep", "2"),
        ]
    );
    for warning in [
        Warning::ConsentWithoutEnd(ConsentKind::Medicines),
        Warning::Unreadable {
            element: "QualificationDate".to_owned(),
        },
        Warning::UnknownElement {
            element: "Later/Deep".to_owned(),
        },
    ] {
        assert!(q.warnings().contains(&warning), "{warning:?}");
    }
}

#[test]
fn hostile_documents_are_refused_with_their_place() {
    let kind = |document: &str| match parse(document) {
        Err(ReadError::Xml(error)) => error.kind,
        other => panic!("{other:?}"),
    };
    assert_eq!(kind("<XmlMsg><MessageHeader>"), XmlErrorKind::Unclosed);
    assert_eq!(
        kind("<!DOCTYPE x [<!ENTITY a \"b\">]><XmlMsg></XmlMsg>"),
        XmlErrorKind::DocumentType
    );
    assert_eq!(kind(&with_result("<Name>&a;</Name>")), XmlErrorKind::Entity);
    assert_eq!(
        kind(&with_result("<Name><b/></Name>")),
        XmlErrorKind::StrayElement
    );
    assert_eq!(kind(&with_result("name")), XmlErrorKind::StrayText);
    let deep = "<a>".repeat(100) + &"</a>".repeat(100);
    assert_eq!(kind(&with_result(&deep)), XmlErrorKind::TooDeep);
    assert_eq!(
        kind(&(with_body("") + "<XmlMsg/>")),
        XmlErrorKind::AfterRoot
    );
    let other = parse("<Other><MessageHeader/></Other>");
    assert!(
        matches!(
            other,
            Err(ReadError::Unexpected {
                expected: "XmlMsg",
                ..
            })
        ),
        "{other:?}"
    );
    let headless = parse("<XmlMsg><MessageBody/></XmlMsg>");
    assert!(
        matches!(headless, Err(ReadError::Missing { .. })),
        "{headless:?}"
    );
    let large = parse_report(FULL.as_bytes(), 1000);
    assert!(
        matches!(large, Err(ReadError::Text(error)) if error.kind == TextErrorKind::TooLong { cap: 1000 })
    );
}

#[test]
fn what_cant_be_written_is_refused_by_name() {
    let write = |change: fn(&mut Report), charset| {
        let mut report = parse(FULL).unwrap();
        change(&mut report);
        let error = write_report(&report, charset).unwrap_err();
        (error.element.into_owned(), error.problem)
    };
    let unwritable = FieldProblem::Unwritable;
    for (change, element) in [
        (
            (|r: &mut Report| r.executed = Some(Timestamp::MIN)) as fn(&mut Report),
            "ProcessExecutionTime",
        ),
        (
            |r| r.confirmation_date = Some(date(-1, 1, 1)),
            "QualificationConfirmationDate",
        ),
        (
            |r| r.results[0].valid_until = Some(date(-1, 1, 1)),
            "InsuredCardExpirationDate",
        ),
        (
            |r| r.results[0].consents[0].at = Some(Timestamp::MIN),
            "OperationInfoConsTime",
        ),
        (
            |r| r.results[0].tickets[1].valid_from = Some(date(-1, 1, 1)),
            "MedicalTicketValidDate",
        ),
        (
            |r| r.unread = vec![UnreadElement::new("MessageBody/a b", "x")],
            "(..)",
        ),
    ] {
        assert_eq!(
            write(change, Charset::Utf8),
            (element.to_owned(), unwritable)
        );
    }
    let (element, problem) = write(
        |r| r.results[0].name = Personal::new("𠮷野"),
        Charset::ShiftJis,
    );
    assert_eq!(element, "Name");
    assert!(
        matches!(problem, FieldProblem::Text(error) if error.kind == TextErrorKind::Unmappable)
    );
    let (element, problem) = write(|r| r.message = Some("\u{1}".to_owned()), Charset::Utf8);
    assert_eq!(element, "ProcessingResultMessage");
    assert!(matches!(problem, FieldProblem::Text(_)), "{problem:?}");
}

#[test]
fn a_parsed_report_prints_no_person() {
    let text = format!("{:?}", parse_report(FULL.as_bytes(), CAP).unwrap());
    for secret in [
        "見本",
        "ﾐﾎﾝ",
        "1952",
        "1234",
        "139998",
        "P-000",
        "visit",
        "お知らせ",
    ] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

/// What a report says, as a bulk answer says it.
fn as_bulk(report: &Report) -> (AnswerHeader, BulkUnit) {
    let mut header = AnswerHeader::default();
    header.executed = report.executed;
    header.confirmation_date = report.confirmation_date;
    header.institution_code.clone_from(&report.institution_code);
    header.file_identifier.clone_from(&report.file_identifier);
    header.reference.clone_from(&report.reference);
    header.reception = ReceptionNumber::new("00000123");
    header.segment = Some(report.segment.clone()).filter(|segment| !segment.code().is_empty());
    header.error_code.clone_from(&report.error_code);
    header.error_message.clone_from(&report.error_message);
    header.processed = Some(3);
    header.character_code.clone_from(&report.character_code);
    let mut unit = BulkUnit::default();
    unit.asked.clone_from(&report.asked);
    unit.status.clone_from(&report.status);
    unit.code.clone_from(&report.code);
    unit.message.clone_from(&report.message);
    unit.validity.clone_from(&report.validity);
    unit.results.clone_from(&report.results);
    unit.reference = report.asked.as_ref().and_then(|asked| asked.number.clone());
    unit.unread = vec![UnreadElement::new("Foo/Bar", "見本")];
    (header, unit)
}

fn as_registration(report: &Report) -> RegistrationResult {
    let mut result = RegistrationResult::default();
    result.status.clone_from(&report.status);
    result.code.clone_from(&report.code);
    result.message.clone_from(&report.message);
    if let Some(asked) = &report.asked {
        result.reference.clone_from(&asked.identifier);
        result.insurer_number.clone_from(&asked.insurer_number);
        result.symbol.clone_from(&asked.symbol);
        result.number.clone_from(&asked.number);
        result.branch.clone_from(&asked.branch);
    }
    result.unread = vec![UnreadElement::new("Foo", "&")];
    result
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_bulk_answer_is_read_as_written(bytes in proptest::collection::vec(any::<u8>(), 0..1500), count in 0..4_usize) {
        for charset in [Charset::Utf8, Charset::ShiftJis] {
            let report = report(&bytes, code_of(charset));
            let (header, unit) = as_bulk(&report);
            let file = written(BulkAnswerWriter::qualifications(Vec::new(), &header, charset), &unit, count);
            if let Some(file) = unless_misread(file, charset) {
                let mut answer = BulkAnswer::qualifications(file.as_slice()).unwrap();
                let units: Vec<BulkUnit> = answer.by_ref().map(Result::unwrap).collect();
                prop_assert!(units == vec![unit; count]);
                prop_assert!(answer.header() == Some(&header) && answer.unread().is_empty());
            }
            let result = as_registration(&report);
            let file = written(BulkAnswerWriter::registrations(Vec::new(), &header, charset), &result, count);
            if let Some(file) = unless_misread(file, charset) {
                let answer = BulkAnswer::registrations(file.as_slice()).unwrap();
                let results: Vec<RegistrationResult> = answer.map(Result::unwrap).collect();
                prop_assert!(results == vec![result; count]);
            }
        }
    }
}

fn written<U>(
    writer: Result<BulkAnswerWriter<Vec<u8>, U>, BulkWriteError>,
    unit: &U,
    count: usize,
) -> Result<Vec<u8>, BulkWriteError> {
    let mut writer = writer?;
    for at in 0..count {
        assert_eq!(writer.units(), at as u64);
        writer.unit(unit)?;
    }
    writer.finish()
}

#[test]
fn a_person_who_cant_be_written_is_left_out_whole() {
    let (header, mut unit) = as_bulk(&parse(FULL).unwrap());
    let mut writer =
        BulkAnswerWriter::qualifications(Vec::new(), &header, Charset::ShiftJis).unwrap();
    writer.unit(&unit).unwrap();
    unit.results[0].name = Personal::new("𠮷野");
    let Err(BulkWriteError::Message(error)) = writer.unit(&unit) else {
        panic!("a character that CP932 lacks was written");
    };
    assert_eq!((&*error.element, error.item), ("Name", 1));
    let file = writer.finish().unwrap();
    let answer = BulkAnswer::qualifications(file.as_slice()).unwrap();
    assert_eq!(answer.map(Result::unwrap).count(), 1);

    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let refused = BulkAnswerWriter::qualifications(Full, &header, Charset::Utf8);
    let full = BulkWriteError::Io(std::io::ErrorKind::StorageFull);
    assert_eq!(refused.map(drop).unwrap_err(), full);
}

/// The name of an unknown element is somebody else's text, and may be anything.
#[test]
fn an_error_of_writing_shows_no_foreign_name() {
    for (name, shown) in [("見本花子", "(..)"), ("Memo-1", "Memo-1")] {
        let mut report = Report::normal();
        let path = format!("MessageBody/{name}");
        report.unread = vec![UnreadElement::new(path, "\u{20bb7}")];
        let error = write_report(&report, Charset::ShiftJis).unwrap_err();
        assert_eq!(error.element, shown);
        assert!(error.to_string().starts_with(shown));
    }
}
