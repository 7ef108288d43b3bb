//! Parse and write messages of the clinic's side. 100 people of a bulk answer (about 280 kB) parsed into typed values;
//! against the raw events of `quick-xml`, which keep nothing; `serde` over `quick-xml` into strings; and `roxmltree`,
//! which builds a tree and takes five values of each person from it. A question about 100 people written; against the
//! raw writer of `quick-xml` with the same texts.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::civil::date;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};
use serde::Deserialize;
use std::hint::black_box;
use uketsuke::eligibility::message::{BulkAnswer, Header, Insured, NumberQuestion, Question};
use uketsuke::eligibility::text::Charset;
use uketsuke::eligibility::{InstitutionCode, InsurerNumber};
use uketsuke_benches::people::document;

const PEOPLE: usize = 100;
const NAME: &str = "見本　花子";

fn ours(file: &str) -> usize {
    let answer = BulkAnswer::qualifications(file.as_bytes()).expect("a source");
    answer
        .map(|unit| unit.expect("a unit"))
        .filter(|unit| unit.results[0].name.reveal() == NAME)
        .count()
}

fn events(file: &str) -> usize {
    let mut reader = Reader::from_str(file);
    let mut people = 0;
    loop {
        match reader.read_event().expect("an event") {
            Event::Text(text) => people += usize::from(&*text == NAME),
            Event::Eof => return people,
            _ => {}
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct XmlMsg {
    message_body: Body,
}

#[derive(Deserialize)]
struct Body {
    #[serde(rename = "BulkConfirmUnit")]
    units: Vec<Unit>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(dead_code)]
struct Unit {
    qualification_confirm_search_info: std::collections::HashMap<String, String>,
    processing_result_status: String,
    qualification_validity: String,
    result_of_qualification_confirmation: std::collections::HashMap<String, String>,
}

fn serde(file: &str) -> usize {
    let message: XmlMsg = quick_xml::de::from_str(file).expect("a message");
    let units = message.message_body.units.iter();
    units
        .filter(|unit| unit.result_of_qualification_confirmation["Name"] == NAME)
        .count()
}

fn tree(file: &str) -> usize {
    let tree = roxmltree::Document::parse(file).expect("a document");
    let units = tree
        .descendants()
        .filter(|node| node.has_tag_name("BulkConfirmUnit"));
    units
        .filter(|unit| {
            let value = |name| {
                let found = unit.descendants().find(|node| node.has_tag_name(name));
                found.and_then(|node| node.text()).map(str::to_owned)
            };
            let all = [
                "QualificationValidity",
                "InsurerNumber",
                "NameKana",
                "Birthdate",
                "Name",
            ]
            .map(value);
            all[4].as_deref() == Some(NAME)
        })
        .count()
}

fn question() -> Question {
    let insurer = InsurerNumber::parse("139998").expect("a number");
    let person = |number: usize| {
        let insured = Insured::new(insurer.clone(), &format!("{number:07}")).expect("a number");
        let insured = insured
            .with_symbol("見本０１")
            .and_then(|insured| insured.with_branch("01"));
        NumberQuestion::new(insured.expect("right"), date(1980, 4, 1))
            .with_identifier(&format!("visit-{number}"))
            .expect("an identifier")
    };
    Question::BulkByNumber {
        on: date(2026, 11, 5),
        people: (0..PEOPLE).map(person).collect(),
    }
}

fn raw_writer(question: &Question) -> Vec<u8> {
    let Question::BulkByNumber { people, .. } = question else {
        unreachable!()
    };
    let mut writer = Writer::new(Vec::with_capacity(64 * 1024));
    let mut leaf = |name: &'static str, text: &str| {
        let [begin, end] = [
            Event::Start(BytesStart::new(name)),
            Event::End(BytesEnd::new(name)),
        ];
        for event in [begin, Event::Text(BytesText::new(text)), end] {
            writer.write_event(event).expect("written");
        }
    };
    for person in people {
        let insured = person.insured();
        leaf("InsurerNumber", &insured.insurer().padded());
        leaf(
            "InsuredCardSymbol",
            insured.symbol().map_or("", |text| text.reveal()),
        );
        leaf("InsuredIdentificationNumber", insured.number().reveal());
        leaf(
            "InsuredBranchNumber",
            insured.branch().map_or("", |text| text.reveal()),
        );
        leaf(
            "Birthdate",
            &person.birthdate().strftime("%Y%m%d").to_string(),
        );
        leaf("LimitApplicationCertificateRelatedConsFlg", "0");
        leaf(
            "ArbitraryIdentifier",
            person.identifier().map_or("", |text| text.reveal()),
        );
    }
    writer.into_inner()
}

fn bench(criterion: &mut Criterion) {
    let file = document(PEOPLE);
    for read in [ours, events, serde, tree] {
        assert_eq!(read(&file), PEOPLE);
    }
    let mut parse = criterion.benchmark_group("parse 100 people");
    parse.throughput(Throughput::Bytes(file.len() as u64));
    parse.bench_function("uketsuke", |b| b.iter(|| ours(black_box(&file))));
    parse.bench_function("quick-xml events", |b| b.iter(|| events(black_box(&file))));
    parse.bench_function("serde over quick-xml", |b| {
        b.iter(|| serde(black_box(&file)))
    });
    parse.bench_function("roxmltree", |b| b.iter(|| tree(black_box(&file))));
    parse.finish();

    let question = question();
    let institution = InstitutionCode::parse("1319999999").expect("a code");
    let header = Header::new(institution);
    let ours = |charset| question.write(&header, charset).expect("written");
    let raw = raw_writer(&question);
    let written = ours(Charset::Utf8).as_bytes().len();
    assert!(written > raw.len() && written < raw.len() * 3 / 2);
    let mut write = criterion.benchmark_group("write a question about 100 people");
    write.throughput(Throughput::Bytes(written as u64));
    write.bench_function("uketsuke, UTF-8", |b| b.iter(|| ours(Charset::Utf8)));
    write.bench_function("uketsuke, Shift_JIS", |b| {
        b.iter(|| ours(Charset::ShiftJis))
    });
    write.bench_function("quick-xml writer, UTF-8", |b| {
        b.iter(|| raw_writer(black_box(&question)))
    });
    write.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
