use std::io::{ErrorKind, Read};

use proptest::prelude::*;

use super::super::*;
use crate::eligibility::text::{Charset, TextErrorKind, decode, encode};
use crate::eligibility::{
    Personal, ProcessingResultStatus, QualificationValidity, SegmentOfResult, UnreadElement,
};

mod misread;

/// Gives a few bytes at a time.
struct Drops<'a>(&'a [u8], usize);

impl Read for Drops<'_> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        let size = self.1.min(room.len()).min(self.0.len());
        room[..size].copy_from_slice(&self.0[..size]);
        self.0 = &self.0[size..];
        Ok(size)
    }
}

fn header(count: usize) -> String {
    format!(
        "<MessageHeader><ProcessExecutionTime>20261105091502</ProcessExecutionTime>\
         <MedicalInstitutionCode>1319999999</MedicalInstitutionCode><ArbitraryFileIdentifier>b-1</ArbitraryFileIdentifier>\
         <ReceptionNumber>77</ReceptionNumber><SegmentOfResult>1</SegmentOfResult>\
         <NumberOfProcessingResult>{count}</NumberOfProcessingResult><NumberOfNormalProcessing>{count}</NumberOfNormalProcessing>\
         <NumberOfError>0</NumberOfError><CharacterCodeIdentifier>0</CharacterCodeIdentifier></MessageHeader>"
    )
}

fn unit(number: usize) -> String {
    format!(
        "<BulkConfirmUnit><QualificationConfirmSearchInfo><InsuredIdentificationNumber>{number}</InsuredIdentificationNumber>\
         <ArbitraryIdentifier>p{number}</ArbitraryIdentifier></QualificationConfirmSearchInfo>\
         <ResultOfQualificationConfirmation><InsurerNumber>  139998</InsurerNumber><Name>見本　{number}</Name>\
         <NameKana>ﾐﾎﾝ &amp;</NameKana></ResultOfQualificationConfirmation>\
         <ProcessingResultStatus>1</ProcessingResultStatus><QualificationValidity>1</QualificationValidity></BulkConfirmUnit>\r\n"
    )
}

fn bulk(count: usize, header_last: bool) -> String {
    let units: String = (0..count).map(unit).collect();
    let header = header(count);
    let (first, last) = if header_last {
        ("", header.as_str())
    } else {
        (header.as_str(), "")
    };
    format!(
        "<?xml version=\"1.0\"?>\n<!-- - --><XmlMsg>{first}<MessageBody>\n{units}</MessageBody>{last}</XmlMsg>\n"
    )
}

fn all(file: &[u8], drops: usize) -> Result<(Vec<BulkUnit>, AnswerHeader), ReadError> {
    let mut answer = BulkAnswer::qualifications(Drops(file, drops))?;
    let mut units = Vec::new();
    for unit in &mut answer {
        units.push(unit?);
    }
    assert!(answer.next().is_none());
    assert_eq!(answer.units(), units.len() as u64);
    assert_eq!(answer.unread(), []);
    Ok((units, answer.header().cloned().unwrap()))
}

#[test]
fn people_come_one_by_one_in_both_encodings_and_orders() {
    for header_last in [false, true] {
        for charset in Charset::ALL {
            for (count, drops) in [(0, 1), (3, 1), (3, 7), (300, 65_536), (300, 4099)] {
                let file = encode(&bulk(count, header_last), charset).unwrap();
                let (units, header) = all(&file, drops).unwrap();
                assert_eq!(units.len(), count);
                assert_eq!(header.processed, Some(count as u64));
                for (number, unit) in units.into_iter().enumerate() {
                    let asked = unit.asked.as_ref().unwrap();
                    assert_eq!(asked.identifier, Some(Personal::new(format!("p{number}"))));
                    assert_eq!(unit.results[0].name.reveal(), format!("見本　{number}"));
                    assert_eq!(unit.results[0].insurer_number.reveal(), "  139998");
                    assert_eq!(unit.results[0].kana, Some(Personal::new("ﾐﾎﾝ &")));
                    let report = unit.into_report(&header);
                    assert_eq!(report.validity, Some(QualificationValidity::Valid));
                    assert!(report.valid_qualification().is_ok());
                    assert_eq!(report.file_identifier.as_deref(), Some("b-1"));
                }
                assert_eq!(AnswerHeader::survey(Drops(&file, drops)), Ok(header));
            }
        }
    }
}

#[test]
fn a_bulk_answer_that_is_cut_off_is_never_whole() {
    let text = bulk(2, false);
    let whole = text.trim_end().len();
    for (end, _) in text.char_indices().take_while(|(end, _)| *end < whole) {
        let refused = all(&text.as_bytes()[..end], 5).unwrap_err();
        assert!(refused.is_cut_off(), "{end}: {refused}");
        let refused = AnswerHeader::survey(&text.as_bytes()[..end]).unwrap_err();
        assert!(refused.is_cut_off(), "{end}: {refused}");
    }
}

#[test]
fn a_bulk_answer_that_is_wrong_is_refused() {
    use XmlErrorKind::*;
    let text = bulk(2, false);
    let refused = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        let file = text.replacen(from, to, 1);
        let error = all(file.as_bytes(), 11).unwrap_err();
        let surveyed = AnswerHeader::survey(file.as_bytes()).is_err();
        (error, surveyed)
    };
    for (from, to, kind) in [
        ("</XmlMsg>", "</XmlMsg><XmlMsg/>", AfterRoot),
        ("</XmlMsg>", "</XmlMsg>x", StrayText),
        ("<MessageBody>", "<MessageBody>x", StrayText),
        ("<MessageBody>", "<MessageBody><![CDATA[x]]>", StrayText),
        ("<XmlMsg>", "<!DOCTYPE x []><XmlMsg>", DocumentType),
        ("<XmlMsg>", "<?php?><XmlMsg>", ProcessingInstruction),
        ("<?xml", " <?xml", ProcessingInstruction),
        ("<XmlMsg>", "<!ELEMENT><XmlMsg>", Malformed),
        ("</MessageBody>", "</MessageBod>", Malformed),
        ("</MessageBody>", "<1/></MessageBody>", Malformed),
        ("<!-- - -->", "<!-- \u{1} -->", Character),
        ("<Name>", "<Name>&x;", Entity),
        ("<Name>", "<Name><!-- </BulkConfirmUnit> -->", Unclosed),
        ("<Name>", "<Name>\u{1}", Character),
    ] {
        let (error, surveyed) = refused(from, to);
        assert!(
            matches!(error, ReadError::Xml(error) if error.kind == kind),
            "{to}: {error}"
        );
        assert!(surveyed, "{to}");
    }
    let missing = |element| move |error| matches!(error, ReadError::Missing { element: e, .. } if e == element);
    assert!(missing("MessageHeader")(refused(&header(2), "").0));
    // A failure may be said in the header alone.
    let bodyless = text.split("<MessageBody>").next().unwrap().to_owned() + "</XmlMsg>";
    assert!(all(bodyless.as_bytes(), 99).unwrap().0.is_empty());
    for twice in [header(2), "<MessageBody/>".to_owned()] {
        let (error, surveyed) = refused("<MessageBody>", &format!("{twice}<MessageBody>"));
        assert!(
            matches!(error, ReadError::Repeated { .. }) && surveyed,
            "{error}"
        );
    }
    let (error, _) = refused(
        "<ProcessingResultStatus>",
        "<ProcessingResultStatus>1</ProcessingResultStatus><ProcessingResultStatus>",
    );
    assert!(
        matches!(
            error,
            ReadError::Repeated {
                element: "ProcessingResultStatus",
                ..
            }
        ),
        "{error}"
    );
    let (error, _) = refused("<XmlMsg>", "<Xml>");
    assert!(matches!(
        error,
        ReadError::Unexpected {
            expected: "XmlMsg",
            ..
        }
    ));
}

/// Each person is read as a document of its own, but the error is in the file.
#[test]
fn an_error_in_the_middle_has_its_place_in_the_whole() {
    let text = bulk(2000, false);
    for with in ["\u{1}", "<!DOCTYPE x>", "&x;"] {
        let at = text.rfind("<Name>").unwrap() + "<Name>".len();
        let file = format!("{}{with}{}", &text[..at], &text[at..]);
        let error = all(file.as_bytes(), 5000).unwrap_err();
        assert!(
            matches!(error, ReadError::Xml(error) if error.at == at),
            "{error} instead of {at}"
        );
    }
}

#[test]
fn what_isnt_known_is_kept_and_bounded() {
    let text = bulk(1, false);
    let text = text.replace("<MessageBody>", "<MessageBody><New><A>1</A><B/></New>");
    let text = text.replace("</XmlMsg>", "<Other x='>'>2</Other></XmlMsg>");
    let text = text.replace(
        "<QualificationValidity>",
        "<Nam>3</Nam><QualificationValidity>",
    );
    let mut answer = BulkAnswer::qualifications(text.as_bytes()).unwrap();
    let unit = answer.next().unwrap().unwrap();
    assert_eq!(unit.unread, [UnreadElement::new("Nam", "3")]);
    assert!(answer.next().is_none());
    let unread = |path, text| UnreadElement::new(path, text);
    assert_eq!(
        answer.unread(),
        [
            unread("New/A", "1"),
            unread("New/B", ""),
            unread("Other", "2")
        ]
    );
    let many = text.replace(
        "<MessageBody>",
        &format!("<MessageBody>{}", "<New/>".repeat(1001)),
    );
    let last = BulkAnswer::qualifications(many.as_bytes())
        .unwrap()
        .last()
        .unwrap();
    let too_many = |error| matches!(error, ReadError::Xml(error) if error.kind == XmlErrorKind::TooManyElements);
    assert!(too_many(last.unwrap_err()));
    // A part that is longer than what is held at a time.
    for long in ["<BulkConfirmUnit>", "<!--", "<a b='", "</", "<a"] {
        let text = text.replace(
            "<MessageBody>",
            &format!("<MessageBody>{long}{}", "x".repeat((1 << 20) + 1)),
        );
        let last = BulkAnswer::qualifications(text.as_bytes())
            .unwrap()
            .last()
            .unwrap();
        let too_long =
            |error| matches!(error, ReadError::Xml(error) if error.kind == XmlErrorKind::TooLong);
        assert!(too_long(last.unwrap_err()), "{long}");
    }
}

#[test]
fn a_source_that_fails_is_an_error() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(ErrorKind::ConnectionReset.into())
        }
    }
    let error = ReadError::Io(ErrorKind::ConnectionReset);
    assert_eq!(BulkAnswer::registrations(Failing).err(), Some(error));
    let text = bulk(2000, false);
    let some = text.as_bytes()[..200_000].chain(Failing);
    let mut answer = BulkAnswer::qualifications(some).unwrap();
    assert_eq!(answer.find_map(Result::err), Some(error));
    assert!(answer.next().is_none() && answer.header().is_some());
}

#[test]
fn registrations_are_answered_one_and_many() {
    let mut result = RegistrationResult {
        status: Some(ProcessingResultStatus::Normal),
        reference: Some(Personal::new("P-1")),
        insurer_number: Some(Personal::new("  139998")),
        unread: vec![UnreadElement::new(
            "ReferenceNumberRegistrationInfo/New",
            "1",
        )],
        ..RegistrationResult::default()
    };
    let mut answer = RegistrationAnswer::default();
    answer.header.segment = Some(SegmentOfResult::Normal);
    answer.result = result.clone();
    for charset in Charset::ALL {
        let file = answer.write(charset).unwrap();
        assert_eq!(
            RegistrationAnswer::parse(file.as_bytes()),
            Ok(answer.clone())
        );
    }
    result.unread.clear();
    answer.result = result.clone();
    let file = answer.write(Charset::Utf8).unwrap();
    assert_eq!(
        RegistrationAnswer::parse(file.as_bytes()),
        Ok(answer.clone())
    );
    assert!(answer.result.is_registered());
    let text = decode(file.as_bytes(), 1 << 16).unwrap().text().to_owned();
    let many = text
        .replace("<MessageBody>", "<MessageBody><BulkRegistrationUnit>")
        .replace("</MessageBody>", "</BulkRegistrationUnit><BulkRegistrationUnit><ProcessingResultStatus>2</ProcessingResultStatus></BulkRegistrationUnit></MessageBody>");
    let units: Vec<_> = BulkAnswer::registrations(many.as_bytes())
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(units.len(), 2);
    assert_eq!(units[0], result);
    assert!(!units[1].is_registered() && AnswerHeader::survey(many.as_bytes()).is_ok());
    let info = "<ReferenceNumberRegistrationInfo>";
    let twice = text.replace(info, &format!("<ReferenceNumberRegistrationInfo/>{info}"));
    assert!(matches!(
        RegistrationAnswer::parse(twice.as_bytes()),
        Err(ReadError::Repeated { .. })
    ));
}

#[test]
fn a_rejection_is_kept_as_it_is() {
    for charset in Charset::ALL {
        let file = encode(" 資格確認要求ファイルが不正です。\r\n見本\u{7}1", charset).unwrap();
        let rejection = Rejection::parse(&file).unwrap();
        assert_eq!(
            rejection.text().reveal(),
            "資格確認要求ファイルが不正です。\n見本 1"
        );
        assert_eq!(rejection.code(), None);
        assert!(rejection.said().is_some());
    }
    for (text, code) in [
        ("E1234 x", Some("E1234")),
        ("12345678", None),
        ("123456 x", Some("123456")),
        ("abc", None),
        ("", None),
    ] {
        assert_eq!(Rejection::parse(text.as_bytes()).unwrap().code(), code);
    }
    assert_eq!(Rejection::parse(b" ").unwrap().said(), None);
    let long = Rejection::parse(&vec![b'x'; 70_000]).unwrap_err();
    assert!(
        matches!(long, ReadError::Text(error) if error.kind == TextErrorKind::TooLong { cap: 65_536 })
    );
}

fn text() -> impl Strategy<Value = Option<Personal>> {
    // Blanks alone are as good as nothing.
    prop::option::of("[a-zA-Z0-9見本花錠&<>ｶﾅ][ -~見本ｱ-ﾝ　]{0,12}")
        .prop_map(|text| text.map(Personal::new))
}

fn unread() -> impl Strategy<Value = Vec<UnreadElement>> {
    let one = ("[XYZ][a-z]{1,6}(/[A-Z][a-z]{1,6})?", "[0-9a-z花]{0,5}");
    prop::collection::vec(
        one.prop_map(|(path, text)| UnreadElement::new(path, text)),
        0..2,
    )
}

prop_compose! {
    fn item()(a in prop::collection::vec(text(), 9), unread in unread()) -> MedicineItem {
        let [code, name, ingredient, amount, unit, usage, usage_kind, times, instruction] = a.try_into().unwrap();
        MedicineItem { code, name, ingredient, amount, unit, usage, usage_kind, times, instruction, unread }
    }
}

prop_compose! {
    fn month()(
        source in prop::sample::select(vec![MedicineSource::Claim, MedicineSource::Dispensed, MedicineSource::Prescribed]),
        a in prop::collection::vec(text(), 8),
        days in prop::collection::vec((text(), text(), prop::collection::vec(item(), 0..3), unread()), 0..3),
        unread in unread(),
    ) -> MedicineMonth {
        let [month, place_kind, place_code, place_name, prescriber_code, prescriber_name, prescriber_is_self, in_out] =
            a.try_into().unwrap();
        let days = days.into_iter().map(|(dispensed, prescribed, items, unread)| MedicineDay {
            // With prescriptions there is one day only.
            dispensed: dispensed.filter(|_| source != MedicineSource::Prescribed),
            prescribed,
            items,
            unread,
        });
        MedicineMonth {
            source, month, place_kind, place_code, place_name, prescriber_code, prescriber_name, prescriber_is_self,
            in_out, days: days.collect(), unread,
        }
    }
}

prop_compose! {
    fn checkup()(
        effective in text(),
        items in prop::collection::vec((prop::collection::vec(text(), 7), unread()), 0..4),
        unread in unread(),
    ) -> HealthCheckup {
        let items = items.into_iter().map(|(a, unread)| {
            let [code, name, data_type, value, unit, oid, value_name] = a.try_into().unwrap();
            CheckupItem { code, name, data_type, value, unit, oid, value_name, unread }
        });
        HealthCheckup { effective, items: items.collect(), unread }
    }
}

prop_compose! {
    fn answer()(code in "[0-9]{1,2}", message in prop::option::of("[見本a-z]{1,9}"), holder in prop::option::of(prop::collection::vec(text(), 4))) -> MedicalAnswer {
        let mut answer = MedicalAnswer { result_code: Some(code), message, ..MedicalAnswer::default() };
        answer.header.file_identifier = Some("m-1".to_owned());
        answer.holder = holder.map(|holder| {
            let [name, kana, birthdate, sex] = holder.try_into().unwrap();
            MedicalHolder { name, kana, birthdate, sex, unread: Vec::new() }
        });
        answer
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn medicines_are_read_as_written(
        answer in answer(),
        mut months in prop::collection::vec(month(), 0..4),
        unread in unread(),
        shift_jis: bool,
    ) {
        // They are written source by source.
        months.sort_by_key(|month| match month.source {
            MedicineSource::Claim => 0,
            MedicineSource::Dispensed => 1,
            MedicineSource::Prescribed => 2,
        });
        let medicines = Medicines { answer, months, unread };
        let charset = if shift_jis { Charset::ShiftJis } else { Charset::Utf8 };
        let file = medicines.write(charset).unwrap();
        prop_assert_eq!(Medicines::parse(file.as_bytes()), Ok(medicines));
    }

    #[test]
    fn checkups_are_read_as_written(
        answer in answer(),
        checkups in prop::collection::vec(checkup(), 0..4),
        unread in unread(),
        shift_jis: bool,
    ) {
        let checkups = HealthCheckups { answer, checkups, unread };
        let charset = if shift_jis { Charset::ShiftJis } else { Charset::Utf8 };
        let file = checkups.write(charset).unwrap();
        prop_assert_eq!(HealthCheckups::parse(file.as_bytes()), Ok(checkups));
    }

    #[test]
    fn no_file_panics(text in r#"(<(/?(XmlMsg|MessageHeader|MessageBody|BulkConfirmUnit|Name|DiDateInfs|MeTrMonthInf)|!--|\?xml|!DOC) ?/?>?|[<>&;x花\]-]){0,30}"#, drops in 1..40_usize) {
        let file = text.as_bytes();
        let _ = BulkAnswer::qualifications(Drops(file, drops)).map(|mut answer| answer.find_map(Result::err));
        let _ = BulkAnswer::registrations(Drops(file, drops)).map(|mut answer| answer.find_map(Result::err));
        let _ = AnswerHeader::survey(Drops(file, drops));
        let _ = (Accepted::parse(file), RegistrationAnswer::parse(file), Medicines::parse(file));
        let _ = (HealthCheckups::parse(file), Rejection::parse(file));
    }

    /// The parts are walked through by other code than the whole.
    #[test]
    fn a_stream_accepts_what_the_whole_accepts(at: prop::sample::Index, with in "(<|>|/|!|&|x|-->|<!--|]]>|<a>|</a>|<a/>| |\\?)") {
        let text = bulk(1, false);
        let text = text.trim_start_matches("<?xml version=\"1.0\"?>\n");
        let mut at = at.index(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let changed = format!("{}{with}{}", &text[..at], &text[at..]);
        let whole = Accepted::parse(changed.as_bytes());
        let parts = AnswerHeader::survey(changed.as_bytes());
        // A comment's end in the middle of a unit cuts the unit for the one only.
        if parts.is_ok() {
            let fine = whole.is_ok() || matches!(whole, Err(ReadError::Repeated { .. }));
            prop_assert!(fine, "{:?} {}", whole.err(), changed);
        }
    }
}
