//! Answers about many people, as a stream: the same whatever pieces they come in, and out of an archive; in constant memory;
//! what is accepted is closed, counted and surveyed alike; what one person's part says can be judged and written.
//!
//! The first byte chooses the input and the kind of answer, the second the pieces.

#![no_main]

use std::io::{Cursor, ErrorKind, Read, Write as _};
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use uketsuke::eligibility::message::{AnswerHeader, RegistrationAnswer};
use uketsuke::eligibility::message::{
    Archive, BulkAnswer, BulkUnit, FileName, ReadError, RegistrationResult, parse_report,
    write_report,
};
use uketsuke::eligibility::text::{Charset, encode};
use uketsuke::eligibility::{CharacterCode, Coverage, Failure, Lang, Qualification};
use uketsuke_fuzz::{counted, edited};
use zip::write::SimpleFileOptions;

#[path = "../../tests/report_support/full.rs"]
mod full;
#[path = "../../tests/message_support/full.rs"]
#[allow(dead_code)]
mod messages;

const CHARSETS: [Charset; 2] = [Charset::Utf8, Charset::ShiftJis];

/// What a report holds of the person.
static PERSON: LazyLock<&str> = LazyLock::new(|| {
    const ELEMENT: &str = "<ResultOfQualificationConfirmation>";
    const END: &str = "</ResultOfQualificationConfirmation>";
    let begin = full::FULL.find(ELEMENT).expect("a result");
    let end = full::FULL.find(END).expect("its end") + END.len();
    &full::FULL[begin..end]
});

/// Two people, and two registrations, in both encodings.
static GOOD: LazyLock<[Vec<u8>; 4]> = LazyLock::new(|| {
    let bulk = messages::bulk(2, &PERSON);
    let all = [bulk.as_str(), messages::REGISTRATIONS];
    let file = |at: usize| encode(all[at / 2], CHARSETS[at % 2]).expect("a document");
    std::array::from_fn(file)
});

fuzz_target!(|input: &[u8]| {
    let [how, pieces, rest @ ..] = input else {
        return;
    };
    let file = match how & 3 {
        0 => rest.to_vec(),
        1 => edited(&GOOD[usize::from(how >> 2 & 3)], rest),
        // Many people, few of them whole.
        2 => {
            let charset = CHARSETS[usize::from(how >> 2 & 1)];
            let short = "<ResultOfQualificationConfirmation><Name>見本</Name></ResultOfQualificationConfirmation>";
            let bulk = messages::bulk(usize::from(*pieces), short);
            edited(&encode(&bulk, charset).expect("a document"), rest)
        }
        _ => {
            let text = spelled(rest);
            encode(&text, CHARSETS[usize::from(how >> 2 & 1)]).unwrap_or_default()
        }
    };
    let ways = [Way::Whole, Way::Pieces(*pieces), Way::Archive];
    if how & 16 == 0 {
        let [one, two, three] = ways.map(|way| qualifications(&file, way));
        assert_eq!(one, two, "pieces");
        assert!(one == three || is_bomb(&three), "archive");
    } else {
        let [one, two, three] = ways.map(|way| registrations(&file, way));
        assert_eq!(one, two, "pieces");
        assert!(one == three || is_bomb(&three), "archive");
    }
    if how & 32 != 0 {
        failing(&file, *pieces);
    }
    let (surveyed, held) = counted(|| AnswerHeader::survey(Pieces::new(&file, 255)));
    // What isn't known in the header is kept, with its paths.
    let unread = surveyed.as_ref().map_or(0, |header| header.unread.len());
    assert!(
        held < (2 << 20) + 64 * file.len() || unread > 100,
        "{held} bytes"
    );
});

/// From a disk that fails in the middle nothing comes but what comes from a good one, and then its error.
fn failing(file: &[u8], after: u8) {
    let at = usize::from(after) * file.len() / 255;
    let source = (&file[..at]).chain(Broken);
    let (units, _, _, refused) = read(BulkAnswer::qualifications(source));
    assert!(refused.is_some(), "as if it were whole");
    let (whole, ..) = read(BulkAnswer::qualifications(file));
    assert!(whole.starts_with(&units));
    let survey = AnswerHeader::survey((&file[..at]).chain(Broken));
    assert!(survey.is_err(), "as if it were whole");
}

struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(ErrorKind::BrokenPipe.into())
    }
}

/// Elements of a few letters each, so that whole documents are short.
fn spelled(bytes: &[u8]) -> String {
    const WORDS: [&str; 32] = [
        "<XmlMsg>",
        "</XmlMsg>",
        "<MessageHeader>",
        "</MessageHeader>",
        "<MessageBody>",
        "</MessageBody>",
        "<BulkConfirmUnit>",
        "</BulkConfirmUnit>",
        "<BulkRegistrationUnit>",
        "</BulkRegistrationUnit>",
        "<ResultOfQualificationConfirmation>",
        "</ResultOfQualificationConfirmation>",
        "<QualificationConfirmSearchInfo>",
        "</QualificationConfirmSearchInfo>",
        "<SegmentOfResult>1</SegmentOfResult>",
        "<NumberOfError>0</NumberOfError>",
        "<Name>見本</Name>",
        "<New>",
        "</New>",
        "<New/>",
        "<!-- -->",
        "<![CDATA[",
        "]]>",
        "<?xml version=\"1.0\" encoding=\"Shift_JIS\"?>",
        "<a b='>'>",
        "</a>",
        "&amp;",
        "x",
        "ｱ",
        " ",
        "<!DOCTYPE x>",
        "\u{feff}",
    ];
    let word = |byte: &u8| WORDS[usize::from(*byte) % WORDS.len()];
    bytes.iter().take(4096).map(word).collect()
}

#[derive(Clone, Copy)]
enum Way {
    Whole,
    Pieces(u8),
    Archive,
}

/// Units, header and unread elements of what was accepted, or where it was refused.
type Found<U> = (Vec<U>, Option<AnswerHeader>, usize, Option<ReadError>);

/// Packed to less than a two-hundredth.
fn is_bomb<U>((.., refused): &Found<U>) -> bool {
    *refused == Some(ReadError::Io(ErrorKind::FileTooLarge))
}

fn qualifications(file: &[u8], way: Way) -> Found<Shown<BulkUnit>> {
    let found = open(file, way, |source| read(BulkAnswer::qualifications(source)));
    if let (units, Some(header), _, None) = &found {
        assert_eq!(AnswerHeader::survey(file).as_ref(), Ok(header));
        units.iter().for_each(|unit| judge(&unit.0, header));
    }
    found
}

fn registrations(file: &[u8], way: Way) -> Found<Shown<RegistrationResult>> {
    let found = open(file, way, |source| read(BulkAnswer::registrations(source)));
    if let (units, Some(header), _, None) = &found {
        assert_eq!(AnswerHeader::survey(file).as_ref(), Ok(header));
        for unit in units.iter().take(4) {
            let said = unit.0.centre_said();
            assert!(said.is_none_or(|said| format!("{said:?}").len() < 200));
            assert!(!unit.0.is_registered() || unit.0.status.is_some());
            let mut answer = RegistrationAnswer::default();
            answer.result = unit.0.clone();
            answer.result.unread.clear();
            let file = answer.write(Charset::Utf8).expect("it can be written");
            assert_eq!(RegistrationAnswer::parse(file.as_bytes()), Ok(answer));
        }
    }
    found
}

fn open<T>(file: &[u8], way: Way, read: impl FnOnce(&mut dyn Read) -> T) -> T {
    match way {
        Way::Whole => read(&mut &*file),
        Way::Pieces(size) => read(&mut Pieces::new(file, size)),
        Way::Archive => {
            let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
            let options = SimpleFileOptions::default();
            writer
                .start_file("OQSmuquc02res_1.xml", options)
                .expect("a name");
            writer.write_all(file).expect("memory");
            let archive = writer.finish().expect("memory");
            let name = FileName::parse("OQSmuquc02res_1.zip").expect("a name");
            let mut archive = Archive::open(archive, &name, 1 << 30).expect("an archive");
            read(&mut archive.entry().expect("an entry"))
        }
    }
}

fn read<R: Read, U: std::fmt::Debug>(answer: Result<BulkAnswer<R, U>, ReadError>) -> Found<Shown<U>>
where
    BulkAnswer<R, U>: Iterator<Item = Result<U, ReadError>>,
{
    let mut answer = match answer {
        Ok(answer) => answer,
        Err(error) => return (Vec::new(), None, 0, Some(error)),
    };
    let (mut units, mut refused) = (Vec::new(), None);
    for unit in &mut answer {
        match unit {
            Ok(unit) => units.push(Shown(unit)),
            Err(error) => refused = Some(error),
        }
    }
    assert!(answer.next().is_none());
    let printed = format!("{answer:?}");
    assert!(printed.len() < 4000 + 400 * answer.unread().len());
    if let Some(error) = refused {
        let _ = answer.charset();
        assert!(error.to_string().len() < 300);
        assert!(!error.is_cut_off() || error.failure() == Failure::AbnormalAnswer);
    }
    assert_eq!(answer.units(), units.len() as u64);
    assert!(refused.is_some() || answer.header().is_some());
    assert!(refused.is_some() || answer.unread().len() <= 1000);
    let header = answer.header().cloned();
    let unread = answer.unread().len();
    (units, header, unread, refused)
}

/// Not printed where two of them differ.
#[derive(PartialEq)]
struct Shown<U>(U);

impl<U> std::fmt::Debug for Shown<U> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("..")
    }
}

fn judge(unit: &BulkUnit, header: &AnswerHeader) {
    assert!(unit.unread.len() <= 10_000);
    let said = unit.centre_said();
    assert!(said.is_none_or(|said| format!("{said:?}").len() < 200));
    assert!(format!("{unit:?}").len() < 200);
    let mut report = unit.clone().into_report(header);
    let warnings = report.warnings();
    assert!(unit.unread.is_empty() || !warnings.is_empty(), "in silence");
    for warning in &warnings {
        assert!(!warning.text(Lang::Ja).is_empty());
    }
    let coverage = Coverage::from_report(&report, false);
    assert_eq!(coverage.is_ok(), report.valid_qualification().is_ok());
    report.character_code = Some(CharacterCode::from_code("0"));
    report.unread.clear();
    let file = write_report(&report, Charset::Utf8).expect("what was read can be written");
    let again = parse_report(file.as_bytes(), 1 << 30).expect("what was written can be read");
    let kept = |results: &[Qualification]| results.iter().map(|q| q.unread.len()).sum::<usize>();
    assert_eq!(kept(&again.report.results), kept(&report.results));
    assert!(again.report == report, "another report");
}

/// A few bytes at a time, now and then interrupted.
struct Pieces<'a> {
    left: &'a [u8],
    size: usize,
    turn: usize,
}

impl<'a> Pieces<'a> {
    fn new(left: &'a [u8], size: u8) -> Self {
        let size = usize::from(size) + 1;
        Self {
            left,
            size,
            turn: 0,
        }
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        self.turn += 1;
        if self.turn % 7 == 0 {
            return Err(ErrorKind::Interrupted.into());
        }
        // From one byte to all that there is room for.
        let size = self.size << (self.turn % 5 * 3);
        let size = size.min(room.len()).min(self.left.len());
        let (now, later) = self.left.split_at(size);
        room[..size].copy_from_slice(now);
        self.left = later;
        Ok(size)
    }
}
