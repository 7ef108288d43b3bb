//! Elements of receptions, registrations, bulk answers and medical information: where they stand and where their values are found.

use std::collections::BTreeMap;

use proptest::prelude::*;
use uketsuke::eligibility::SearchInfo;
use uketsuke::eligibility::message::*;
use uketsuke::eligibility::text::{Charset, encode};

use crate::message_support::full;
use crate::report_support::full::FULL;
use crate::report_support::tree::Node;
use crate::report_support::written::Written;

/// What a message says, by names of our own.
type Values = BTreeMap<String, String>;

fn put(values: &mut Values, name: &str, value: &impl Written) {
    if let Some(text) = value.written() {
        values.insert(name.to_owned(), text);
    }
}

macro_rules! put {
    ($values:ident, $prefix:literal, $from:expr; $($field:ident)+) => {
        $(put($values, concat!($prefix, ".", stringify!($field)), &$from.$field);)+
    };
}

fn header(values: &mut Values, header: &AnswerHeader) {
    put!(values, "header", header;
        executed confirmation_date institution_code file_identifier reference segment error_code error_message character_code);
    let reception = header
        .reception
        .as_ref()
        .map(|number| number.as_str().to_owned());
    put(values, "header.reception", &reception);
    for (name, count) in [
        ("header.processed", header.processed),
        ("header.normal", header.normal),
        ("header.errors", header.errors),
    ] {
        put(values, name, &count.map(|count| count.to_string()));
    }
    assert_eq!(header.unread, []);
}

fn medical(values: &mut Values, answer: &MedicalAnswer) {
    header(values, &answer.header);
    put!(values, "answer", answer; result_code message);
    if let Some(holder) = &answer.holder {
        put!(values, "holder", holder; name kana birthdate sex);
        assert_eq!(holder.unread, []);
    }
}

fn accepted(file: &[u8]) -> Values {
    let (mut values, accepted) = (Values::new(), Accepted::parse(file).unwrap());
    let all = &mut values;
    header(all, &accepted.header);
    let reception = accepted
        .reception
        .as_ref()
        .map(|number| number.as_str().to_owned());
    put(all, "reception", &reception);
    put!(all, "accepted", accepted; received status code message);
    assert_eq!(accepted.unread, []);
    values
}

fn registered(all: &mut Values, result: &RegistrationResult) {
    put!(all, "result", result; status code message reference insurer_number symbol number branch);
    assert_eq!(result.unread, []);
}

fn registration(file: &[u8]) -> Values {
    let (mut values, answer) = (Values::new(), RegistrationAnswer::parse(file).unwrap());
    header(&mut values, &answer.header);
    registered(&mut values, &answer.result);
    assert_eq!(answer.unread, []);
    values
}

/// The first of them.
fn registrations(file: &[u8]) -> Values {
    let (mut values, mut answer) = (Values::new(), BulkAnswer::registrations(file).unwrap());
    let results: Vec<_> = answer.by_ref().map(Result::unwrap).collect();
    header(&mut values, answer.header().unwrap());
    results
        .first()
        .inspect(|result| registered(&mut values, result));
    assert_eq!(answer.unread(), []);
    values
}

/// The first of them.
fn qualifications(file: &[u8]) -> Values {
    let (mut values, mut answer) = (Values::new(), BulkAnswer::qualifications(file).unwrap());
    let units: Vec<_> = answer.by_ref().map(Result::unwrap).collect();
    let all = &mut values;
    header(all, answer.header().unwrap());
    assert_eq!(answer.unread(), []);
    let Some(unit) = units.first() else {
        return values;
    };
    put!(all, "unit", unit; status code message validity reference);
    if let Some(asked) = &unit.asked {
        let SearchInfo {
            insurer_number,
            symbol,
            number,
            branch,
            birthdate,
            limit_consent,
            identifier,
            ..
        } = asked;
        put(all, "asked.limit_consent", limit_consent);
        for (name, text) in [
            ("asked.insurer_number", insurer_number),
            ("asked.symbol", symbol),
            ("asked.number", number),
            ("asked.branch", branch),
            ("asked.birthdate", birthdate),
            ("asked.identifier", identifier),
        ] {
            put(all, name, text);
        }
    }
    // The rest of a result is shown where reports are.
    if let Some(result) = unit.results.first() {
        put!(all, "found", result; limit_changed reference_number);
        assert_eq!(result.unread, []);
    }
    assert_eq!(unit.unread, []);
    values
}

fn medicines(file: &[u8]) -> Values {
    let (mut values, medicines) = (Values::new(), Medicines::parse(file).unwrap());
    let all = &mut values;
    medical(all, &medicines.answer);
    for month in medicines.months.iter().take(1) {
        values.insert("source".to_owned(), format!("{:?}", month.source));
        let all = &mut values;
        put!(all, "month", month;
            month place_kind place_code place_name prescriber_code prescriber_name prescriber_is_self in_out);
        for day in month.days.iter().take(1) {
            put!(all, "day", day; dispensed prescribed);
            for item in day.items.iter().take(1) {
                put!(all, "item", item; code name ingredient amount unit usage usage_kind times instruction);
                assert_eq!(item.unread, []);
            }
            assert_eq!(day.unread, []);
        }
        assert_eq!(month.unread, []);
    }
    assert_eq!(medicines.unread, []);
    values
}

fn checkups(file: &[u8]) -> Values {
    let (mut values, checkups) = (Values::new(), HealthCheckups::parse(file).unwrap());
    let all = &mut values;
    medical(all, &checkups.answer);
    for checkup in checkups.checkups.iter().take(1) {
        put!(all, "checkup", checkup; effective);
        for item in checkup.items.iter().take(1) {
            put!(all, "item", item; code name data_type value unit oid value_name);
            assert_eq!(item.unread, []);
        }
        assert_eq!(checkup.unread, []);
    }
    assert_eq!(checkups.unread, []);
    values
}

/// Where, what, holding what, found as what.
type Row = (&'static str, &'static str, &'static str, &'static str);

const HEADER: [Row; 13] = [
    (
        "MessageHeader",
        "ProcessExecutionTime",
        "20261105091502",
        "header.executed",
    ),
    (
        "MessageHeader",
        "QualificationConfirmationDate",
        "20261105",
        "header.confirmation_date",
    ),
    (
        "MessageHeader",
        "MedicalInstitutionCode",
        "1319999999",
        "header.institution_code",
    ),
    (
        "MessageHeader",
        "ArbitraryFileIdentifier",
        "b-1",
        "header.file_identifier",
    ),
    (
        "MessageHeader",
        "ReferenceClassification",
        "2",
        "header.reference",
    ),
    (
        "MessageHeader",
        "ReceptionNumber",
        "00000123",
        "header.reception",
    ),
    ("MessageHeader", "SegmentOfResult", "2", "header.segment"),
    ("MessageHeader", "ErrorCode", "E01", "header.error_code"),
    (
        "MessageHeader",
        "ErrorMessage",
        "誤り",
        "header.error_message",
    ),
    (
        "MessageHeader",
        "NumberOfProcessingResult",
        "30",
        "header.processed",
    ),
    (
        "MessageHeader",
        "NumberOfNormalProcessing",
        "20",
        "header.normal",
    ),
    ("MessageHeader", "NumberOfError", "10", "header.errors"),
    (
        "MessageHeader",
        "CharacterCodeIdentifier",
        "1",
        "header.character_code",
    ),
];

const ACCEPTED: [Row; 5] = [
    ("MessageBody", "ReceptionNumber", "77", "reception"),
    (
        "MessageBody",
        "ReceptionDateTime",
        "20261105091503",
        "accepted.received",
    ),
    (
        "MessageBody",
        "ProcessingResultStatus",
        "1",
        "accepted.status",
    ),
    ("MessageBody", "ProcessingResultCode", "S1", "accepted.code"),
    (
        "MessageBody",
        "ProcessingResultMessage",
        "受付",
        "accepted.message",
    ),
];

const INFO: &str = "MessageBody/ReferenceNumberRegistrationInfo";
const REGISTRATION: [Row; 8] = [
    (
        "MessageBody",
        "ProcessingResultStatus",
        "2",
        "result.status",
    ),
    ("MessageBody", "ProcessingResultCode", "S2", "result.code"),
    (
        "MessageBody",
        "ProcessingResultMessage",
        "登録済",
        "result.message",
    ),
    (INFO, "ReferenceNumber", "P-1", "result.reference"),
    (INFO, "InsurerNumber", "  139998", "result.insurer_number"),
    (INFO, "InsuredCardSymbol", "見本", "result.symbol"),
    (INFO, "InsuredIdentificationNumber", "1234", "result.number"),
    (INFO, "InsuredBranchNumber", "02", "result.branch"),
];

const MANY: &str = "MessageBody/BulkRegistrationUnit";
const MANY_INFO: &str = "MessageBody/BulkRegistrationUnit/ReferenceNumberRegistrationInfo";
const REGISTRATIONS: [Row; 8] = [
    (MANY, "ProcessingResultStatus", "2", "result.status"),
    (MANY, "ProcessingResultCode", "S2", "result.code"),
    (MANY, "ProcessingResultMessage", "登録済", "result.message"),
    (MANY_INFO, "ReferenceNumber", "P-1", "result.reference"),
    (
        MANY_INFO,
        "InsurerNumber",
        "  139998",
        "result.insurer_number",
    ),
    (MANY_INFO, "InsuredCardSymbol", "見本", "result.symbol"),
    (
        MANY_INFO,
        "InsuredIdentificationNumber",
        "1234",
        "result.number",
    ),
    (MANY_INFO, "InsuredBranchNumber", "02", "result.branch"),
];

const UNIT: &str = "MessageBody/BulkConfirmUnit";
const ASKED: &str = "MessageBody/BulkConfirmUnit/QualificationConfirmSearchInfo";
const FOUND: &str = "MessageBody/BulkConfirmUnit/ResultOfQualificationConfirmation";
const QUALIFICATIONS: [Row; 14] = [
    (UNIT, "ProcessingResultStatus", "2", "unit.status"),
    (UNIT, "ProcessingResultCode", "S3", "unit.code"),
    (UNIT, "ProcessingResultMessage", "見本", "unit.message"),
    (UNIT, "QualificationValidity", "3", "unit.validity"),
    (UNIT, "ReferenceNumber", "P-9", "unit.reference"),
    (ASKED, "InsurerNumber", "06139992", "asked.insurer_number"),
    (ASKED, "InsuredCardSymbol", "記号", "asked.symbol"),
    (ASKED, "InsuredIdentificationNumber", "5678", "asked.number"),
    (ASKED, "InsuredBranchNumber", "03", "asked.branch"),
    (ASKED, "Birthdate", "19630729", "asked.birthdate"),
    (
        ASKED,
        "LimitApplicationCertificateRelatedConsFlg",
        "0",
        "asked.limit_consent",
    ),
    (ASKED, "ArbitraryIdentifier", "visit-2", "asked.identifier"),
    (
        FOUND,
        "LimitApplicationCertificateChanged",
        "1",
        "found.limit_changed",
    ),
    (FOUND, "ReferenceNumber", "P-10", "found.reference_number"),
];

const MEDICINES: [Row; 6] = [
    ("MessageHeader", "ResultCode", "1", "answer.result_code"),
    ("MessageBody", "MessageContents", "正常", "answer.message"),
    ("MessageHeader/QuaInf", "Name", "見本　花子", "holder.name"),
    ("MessageHeader/QuaInf", "KanaName", "ﾐﾎﾝ ﾊﾅｺ", "holder.kana"),
    (
        "MessageHeader/QuaInf",
        "Birth",
        "19800401",
        "holder.birthdate",
    ),
    ("MessageHeader/QuaInf", "AdmGendCode", "2", "holder.sex"),
];

const CHECKUP: &str = "MessageBody/SpecificHealthCheckupInfo";
const ITEM: &str = "MessageBody/SpecificHealthCheckupInfo/HealthCheckupResultAndQuestionInfos/HealthCheckupResultAndQuestionInfo";
const CHECKUPS: [Row; 14] = [
    ("MessageBody", "ResultCode", "1", "answer.result_code"),
    ("MessageHeader", "MessageContents", "正常", "answer.message"),
    (
        "MessageHeader/QualificationsInfo",
        "Name",
        "見本　花子",
        "holder.name",
    ),
    (
        "MessageHeader/QualificationsInfo",
        "KanasName",
        "ﾐﾎﾝ ﾊﾅｺ",
        "holder.kana",
    ),
    (
        "MessageHeader/QualificationsInfo",
        "Birthday",
        "19800401",
        "holder.birthdate",
    ),
    (
        "MessageHeader/QualificationsInfo",
        "AdministrativeGenderCode",
        "2",
        "holder.sex",
    ),
    (CHECKUP, "EffectiveTime", "20260601", "checkup.effective"),
    (ITEM, "ItemCode", "9N001", "item.code"),
    (ITEM, "ItemName", "身長", "item.name"),
    (ITEM, "DataType", "PQ", "item.data_type"),
    (ITEM, "DataValue", "160.5", "item.value"),
    (ITEM, "Unit", "cm", "item.unit"),
    (ITEM, "Oid", "1.2.392", "item.oid"),
    (ITEM, "DataValueName", "正常", "item.value_name"),
];

type Source = (
    &'static str,
    [&'static str; 3],
    [(&'static str, &'static str); 18],
);

/// The same of a month of medicines from each source, whose names differ: place, day, item; then element and what is found.
const SOURCES: [Source; 2] = [
    (
        "Claim",
        [
            "MessageBody/MeTrMonthInf",
            "MessageBody/MeTrMonthInf/DiDateInfs/DiDateInf",
            "MessageBody/MeTrMonthInf/DiDateInfs/DiDateInf/DrugInfs/DrugInf",
        ],
        [
            ("MeTrMonth", "month.month"),
            ("DiOrg", "month.place_kind"),
            ("MeTrDiHCd", "month.place_code"),
            ("MeTrDiHNm", "month.place_name"),
            ("PrlsHCd", "month.prescriber_code"),
            ("PrlsHNm", "month.prescriber_name"),
            ("PrIsOrg", "month.prescriber_is_self"),
            ("InOut", "month.in_out"),
            ("PrDate", "day.prescribed"),
            ("DrugC", "item.code"),
            ("DrugN", "item.name"),
            ("IngreN", "item.ingredient"),
            ("Qua1", "item.amount"),
            ("Unit", "item.unit"),
            ("UsageN", "item.usage"),
            ("MeTrIdCl", "item.usage_kind"),
            ("Times", "item.times"),
            ("SpInst", "item.instruction"),
        ],
    ),
    (
        "Dispensed",
        [
            "MessageBody/CzDiInf/CzDiMonthInf",
            "MessageBody/CzDiInf/CzDiMonthInf/CzDiDateInfs/CzDiDateInf",
            "MessageBody/CzDiInf/CzDiMonthInf/CzDiDateInfs/CzDiDateInf/CzDrugInfs/CzDrugInf",
        ],
        [
            ("CzDiMonth", "month.month"),
            ("CzDiOrg", "month.place_kind"),
            ("CzMeTrDiHCd", "month.place_code"),
            ("CzMeTrDiHNm", "month.place_name"),
            ("CzPrlsHCd", "month.prescriber_code"),
            ("CzPrlsHNm", "month.prescriber_name"),
            ("CzPrIsOrg", "month.prescriber_is_self"),
            ("CzPrCl", "month.in_out"),
            ("CzPrDate", "day.prescribed"),
            ("CzDrugC", "item.code"),
            ("CzDrugN", "item.name"),
            ("CzIngreN", "item.ingredient"),
            ("CzQua1", "item.amount"),
            ("CzUnit", "item.unit"),
            ("CzUsageN", "item.usage"),
            ("CzUsageCl", "item.usage_kind"),
            ("CzTimes", "item.times"),
            ("CzSpInst", "item.instruction"),
        ],
    ),
];

const PRESCRIBED: [(&str, &str); 18] = [
    ("ShPrMonth", "month.month"),
    ("ShPrOrg", "month.place_kind"),
    ("ShMeTrDiHCd", "month.place_code"),
    ("ShMeTrDiHNm", "month.place_name"),
    ("ShPrHCd", "month.prescriber_code"),
    ("ShPrHNm", "month.prescriber_name"),
    ("ShPrIsOrg", "month.prescriber_is_self"),
    ("ShPrCl", "month.in_out"),
    ("ShPrDate", "day.prescribed"),
    ("ShDrugC", "item.code"),
    ("ShDrugN", "item.name"),
    ("ShIngreN", "item.ingredient"),
    ("ShQua1", "item.amount"),
    ("ShUnit", "item.unit"),
    ("ShUsageN", "item.usage"),
    ("ShUsageCl", "item.usage_kind"),
    ("ShTimes", "item.times"),
    ("ShSpInst", "item.instruction"),
];

struct Kind {
    name: String,
    rows: Vec<Row>,
    read: fn(&[u8]) -> Values,
    /// Said of a month of medicines beside its elements.
    source: Option<&'static str>,
}

fn kinds() -> Vec<Kind> {
    let kind = |name: &str, rows: &[Row], read: fn(&[u8]) -> Values| Kind {
        name: name.to_owned(),
        rows: [&HEADER[..], rows].concat(),
        read,
        source: None,
    };
    let mut kinds = vec![
        kind("accepted", &ACCEPTED, accepted),
        kind("registration", &REGISTRATION, registration),
        kind("registrations", &REGISTRATIONS, registrations),
        kind("qualifications", &QUALIFICATIONS, qualifications),
        kind("medicines", &MEDICINES, medicines),
        kind("check-ups", &CHECKUPS, checkups),
    ];
    let prescribed = [
        "MessageBody/ShPrInf/ShPrMonthInf",
        "MessageBody/ShPrInf/ShPrMonthInf/ShPrDateInfs/ShPrDateInf",
        "MessageBody/ShPrInf/ShPrMonthInf/ShPrDateInfs/ShPrDateInf/ShDrugInfs/ShDrugInf",
    ];
    let sources = SOURCES
        .into_iter()
        .chain([("Prescribed", prescribed, PRESCRIBED)]);
    for (source, [month, day, item], elements) in sources {
        let mut rows: Vec<Row> = Vec::new();
        for (element, key) in elements {
            let place = match key.split_once('.').unwrap().0 {
                "month" => month,
                "day" => day,
                _ => item,
            };
            // A value of its own for each.
            rows.push((place, element, key, key));
        }
        match source {
            "Claim" => rows.push((day, "DiDate", "20261005", "day.dispensed")),
            "Dispensed" => rows.push((day, "CzDiDate", "20261006", "day.dispensed")),
            _ => {}
        }
        kinds.push(Kind {
            name: source.to_owned(),
            rows,
            read: medicines,
            source: Some(source),
        });
    }
    kinds
}

/// A document with all of these.
fn document(rows: &[(&str, String)]) -> String {
    let mut root = node("XmlMsg", "");
    root.children = vec![node("MessageHeader", ""), node("MessageBody", "")];
    for (place, inside) in rows {
        let mut at = &mut root;
        for name in place.split('/') {
            let found = at.children.iter().position(|child| child.name == name);
            let found = found.unwrap_or_else(|| {
                at.children.push(node(name, ""));
                at.children.len() - 1
            });
            at = &mut at.children[found];
        }
        at.text.push_str(inside);
    }
    root.document("UTF-8")
}

fn node(name: &str, text: &str) -> Node {
    Node {
        name: name.to_owned(),
        text: text.to_owned(),
        children: Vec::new(),
    }
}

fn element((place, name, value, _): &Row) -> (&'static str, String) {
    (place, format!("<{name}>{value}</{name}>"))
}

fn values_of(rows: &[Row], source: Option<&str>) -> Values {
    let said = rows
        .iter()
        .map(|(_, _, value, key)| ((*key).to_owned(), (*value).to_owned()));
    let source = source.map(|source| ("source".to_owned(), source.to_owned()));
    said.chain(source).collect()
}

#[test]
fn each_element_alone_is_in_its_place_and_in_no_other() {
    let mut tried = 0;
    for Kind {
        name,
        rows,
        read,
        source,
    } in kinds()
    {
        for row in &rows {
            let text = document(&[element(row)]);
            for charset in Charset::ALL {
                let found = read(&encode(&text, charset).unwrap());
                assert_eq!(found, values_of(&[*row], source), "{name}: {}", row.1);
            }
            let bare = document(&[(row.0, String::new())]);
            for empty in ["", " \n", "&#9;", "<!-- x -->"] {
                let (place, element, ..) = row;
                let text = document(&[(place, format!("<{element}>{empty}</{element}>"))]);
                assert_eq!(
                    read(text.as_bytes()),
                    read(bare.as_bytes()),
                    "{name}: {element} holding {empty:?}"
                );
            }
            tried += 1;
        }
    }
    assert_eq!(tried, 6 * 13 + 5 + 8 + 8 + 14 + 6 + 14 + 19 + 19 + 18);
}

fn check_all(order: &mut dyn FnMut(&mut Node)) {
    for Kind {
        name,
        rows,
        read,
        source,
    } in kinds()
    {
        let all: Vec<_> = rows.iter().map(element).collect();
        let mut tree = Node::parse(&document(&all));
        order(&mut tree);
        for charset in Charset::ALL {
            let file = encode(&tree.document(charset.name()), charset).unwrap();
            assert_eq!(read(&file), values_of(&rows, source), "{name}");
        }
    }
}

#[test]
fn all_elements_together_are_in_their_places_forwards_and_backwards() {
    check_all(&mut |_| ());
    check_all(&mut Node::reverse);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn all_elements_together_are_in_their_places_in_any_order(moves in proptest::collection::vec(any::<usize>(), 100)) {
        let mut moves = moves.iter().cycle();
        check_all(&mut |tree| tree.shuffle(&mut || *moves.next().unwrap()));
    }
}

/// Whatever else is in the documents with every element.
#[test]
fn nothing_in_the_full_documents_is_unread() {
    let begin = FULL.find("<ResultOfQualificationConfirmation>").unwrap();
    let end = FULL.find("</ResultList>").unwrap();
    let bulk = full::bulk(2, &FULL[begin..end]);
    type Read = fn(&[u8]) -> Values;
    let all: [(&str, Read); 6] = [
        (full::ACCEPTED, accepted),
        (full::REGISTRATION, registration),
        (full::REGISTRATIONS, registrations),
        (&bulk, qualifications),
        (full::MEDICINES, medicines),
        (full::CHECKUPS, checkups),
    ];
    for (document, read) in all {
        assert!(read(document.as_bytes()).len() > 6, "{document}");
    }
}
