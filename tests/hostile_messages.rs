//! What every reader of messages makes of documents that are made to hurt: refused, or read, within the memory that
//! SECURITY.md states. One file has many tests in one thread each; memory is counted by thread.

mod counted_support;

use std::io::Cursor;

use counted_support::measured;
use uketsuke::eligibility::message::*;
use uketsuke::eligibility::text::{Charset, encode};

/// Bytes that any reader of one message may hold, as a multiple of the file and beside it. A report's entries take
/// a kilobyte each, of which there are 10,000 at most; a vector that grows holds up to three times that.
const TIMES: usize = 8;
const BESIDE: usize = 40 << 20;

/// The same for medical information, which may have 100,000 entries.
const BESIDE_MEDICAL: usize = 200 << 20;

/// What a stream holds at a time, however long it is.
const STREAM: usize = 16 << 20;

fn message(body: &str) -> String {
    format!(
        "<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult></MessageHeader><MessageBody>{body}</MessageBody></XmlMsg>"
    )
}

/// So many of a piece that the file has a megabyte.
fn much(piece: &str) -> String {
    piece.repeat((1 << 20) / piece.len())
}

/// Documents of some megabytes, and what they are.
fn documents() -> Vec<(&'static str, String)> {
    let long = "n".repeat(128);
    let deep = |inside: &str, depth: usize| {
        let (open, close) = (format!("<{long}>"), format!("</{long}>"));
        format!("{}{inside}{}", open.repeat(depth), close.repeat(depth))
    };
    let result = |inside: &str| {
        message(&format!(
            "<ResultList><ResultOfQualificationConfirmation>{inside}</ResultOfQualificationConfirmation></ResultList>"
        ))
    };
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    vec![
        ("entities", format!("{bomb}{}", message("<Name>&b;</Name>"))),
        (
            "outside entity",
            format!("<!DOCTYPE x SYSTEM \"file:///etc/passwd\">{}", message("")),
        ),
        ("deep", message(&"<a>".repeat(1_000_000))),
        ("deep and closed", message(&deep("", 5000))),
        ("long paths", message(&deep(&"<a>x</a>".repeat(9999), 15))),
        ("huge text", result(&format!("<Name>{}</Name>", much("x")))),
        ("huge name", message(&format!("<{}/>", much("x")))),
        (
            "huge attribute",
            message(&format!("<a b='{}'/>", much("x"))),
        ),
        ("huge comment", message(&format!("<!--{}-->", much("x")))),
        ("cut comment", format!("<XmlMsg><!--{}", much("-"))),
        (
            "references",
            result(&format!("<Name>{}</Name>", much("&#120;"))),
        ),
        (
            "empty results",
            message(&format!(
                "<ResultList>{}</ResultList>",
                much("<ResultOfQualificationConfirmation/>")
            )),
        ),
        (
            "tickets",
            result(&format!(
                "<PublicExpenseResultList>{}</PublicExpenseResultList>",
                much("<MedicalTicketInfo><TicketType>1</TicketType></MedicalTicketInfo>")
            )),
        ),
        (
            "diseases",
            result(&much(
                "<SpecificDiseasesCertificateList><SpecificDiseasesDiseaseCategory>1</SpecificDiseasesDiseaseCategory></SpecificDiseasesCertificateList>",
            )),
        ),
        (
            "consents",
            result(&much("<TestInfoConsFlg>1</TestInfoConsFlg>")),
        ),
        ("unknown", message(&much("<a/>"))),
        ("units", message(&much("<BulkConfirmUnit/>"))),
        (
            "one unit with many results",
            message(&format!(
                "<BulkConfirmUnit>{}</BulkConfirmUnit>",
                much("<ResultOfQualificationConfirmation/>")
            )),
        ),
        ("months", message(&much("<MeTrMonthInf/>"))),
        (
            "days",
            message(&format!(
                "<MeTrMonthInf>{}</MeTrMonthInf>",
                much("<DiDateInfs><DiDateInf/></DiDateInfs>")
            )),
        ),
        ("checkups", message(&much("<SpecificHealthCheckupInfo/>"))),
        ("blanks", format!("{}{}", much(" "), message(""))),
        (
            "questions",
            format!(
                "<XmlMsg><MessageHeader><QualificationConfirmationDate>20261122</QualificationConfirmationDate><MedicalInstitutionCode>1319999999</MedicalInstitutionCode></MessageHeader><MessageBody>{}</MessageBody></XmlMsg>",
                much("<QualificationConfirmSearchInfo/>")
            ),
        ),
    ]
}

fn files() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    // What decoding takes depends on the length alone, so every other one is in the other encoding.
    for ((name, text), charset) in documents()
        .into_iter()
        .zip(Charset::ALL.into_iter().cycle())
    {
        let file = encode(&text, charset).unwrap();
        files.push((format!("{name}, {}", charset.name()), file));
    }
    files.push((
        "noise".to_owned(),
        (0..1_000_000_u32)
            .map(|n| (n.wrapping_mul(n) / 7).to_le_bytes()[0])
            .collect(),
    ));
    files.push(("zeros".to_owned(), vec![0; 1 << 20]));
    files.push((
        "half a character".to_owned(),
        [
            b"<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><XmlMsg>".as_slice(),
            &[0x81; 4001],
        ]
        .concat(),
    ));
    files.push((
        "another encoding".to_owned(),
        b"<?xml version=\"1.0\" encoding=\"UTF-16\"?><XmlMsg/>".to_vec(),
    ));
    files.push((
        "lies about it".to_owned(),
        b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg>\x8c\xa9\x96\x7b\xff</XmlMsg>".to_vec(),
    ));
    files
}

fn bounded(what: &str, name: &str, file: &[u8], beside: usize, read: impl FnOnce(&[u8])) {
    let ((), memory) = measured(|| read(file));
    let bound = TIMES * file.len() + beside;
    assert!(
        memory.most <= bound,
        "{what} of {name}: {} of {bound}",
        memory.most
    );
}

#[test]
fn one_message_is_read_within_its_bound() {
    for (name, file) in files() {
        bounded("parse_report", &name, &file, BESIDE, |file| {
            if let Ok(parsed) = parse_report(file, 4 << 20) {
                assert!(parsed.report.warnings().len() < 100_000);
            }
        });
        bounded("Accepted", &name, &file, BESIDE, |file| {
            drop(Accepted::parse(file))
        });
        bounded("RegistrationAnswer", &name, &file, BESIDE, |file| {
            drop(RegistrationAnswer::parse(file))
        });
        bounded("Rejection", &name, &file, BESIDE, |file| {
            drop(Rejection::parse(file))
        });
        bounded("Medicines", &name, &file, BESIDE_MEDICAL, |file| {
            drop(Medicines::parse(file))
        });
        bounded("HealthCheckups", &name, &file, BESIDE_MEDICAL, |file| {
            drop(HealthCheckups::parse(file))
        });
        for (family, step) in [
            (Family::Qualification, Step::One),
            (Family::ReferenceNumber, Step::One),
            (Family::BulkQualification, Step::Two),
            (Family::Medicines, Step::One),
        ] {
            bounded("Question", &name, &file, BESIDE, |file| {
                drop(Question::parse(family, step, file))
            });
        }
    }
}

#[test]
fn a_stream_holds_no_more_at_a_time_however_long_it_is() {
    for (name, file) in files() {
        let ((), memory) = measured(|| {
            if let Ok(units) = BulkAnswer::qualifications(file.as_slice()) {
                units.for_each(drop);
            }
            if let Ok(units) = BulkAnswer::registrations(file.as_slice()) {
                units.for_each(drop);
            }
            drop(AnswerHeader::survey(file.as_slice()));
        });
        assert!(memory.most <= STREAM, "{name}: {}", memory.most);
    }
}

/// Two gigabytes of zeros pack to two megabytes.
#[test]
fn an_archive_never_gives_more_than_its_cap() {
    let name = FileName::parse("OQSmuquc02res_1.zip").unwrap();
    let bomb = write_archive_of_zeros(64 << 20);
    assert!(bomb.len() < 1 << 20);
    for cap in [1_u64 << 10, 1 << 20, 16 << 20] {
        let (read, memory) = measured(|| {
            let mut archive = Archive::open(Cursor::new(&bomb[..]), &name, cap).ok()?;
            let mut entry = archive.entry().ok()?;
            std::io::copy(&mut entry, &mut std::io::sink()).ok()
        });
        assert_eq!(read, None, "it is told, not cut");
        assert!(memory.most < 1 << 20, "{}", memory.most);
    }
}

fn write_archive_of_zeros(len: usize) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("OQSmuquc02res_1.xml", options).unwrap();
    for _ in 0..len >> 20 {
        zip.write_all(&vec![0; 1 << 20]).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
