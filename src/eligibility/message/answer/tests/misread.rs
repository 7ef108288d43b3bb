//! Answers whose bytes in Shift_JIS are right in UTF-8 too.

use proptest::prelude::*;

use super::super::super::*;
use crate::eligibility::text::{Charset, TextErrorKind};
use crate::eligibility::{Personal, Qualification};

fn unit(name: &str, kana: Option<&str>) -> BulkUnit {
    let mut result = Qualification::new(name, "19800401");
    result.kana = kana.map(Personal::new);
    let mut unit = BulkUnit::default();
    unit.results.push(result);
    unit
}

fn written(units: &[BulkUnit], charset: Charset) -> Result<Vec<u8>, BulkWriteError> {
    let header = AnswerHeader::default();
    let mut writer = BulkAnswerWriter::qualifications(Vec::new(), &header, charset)?;
    for unit in units {
        writer.unit(unit)?;
    }
    writer.finish()
}

fn read(file: &[u8]) -> Vec<BulkUnit> {
    let mut answer = BulkAnswer::qualifications(file).unwrap();
    let units = answer.by_ref().map(Result::unwrap).collect();
    assert_eq!(answer.header(), Some(&AnswerHeader::default()));
    units
}

fn misread(error: BulkWriteError) -> (String, usize, usize) {
    match error {
        BulkWriteError::Message(MessageError {
            element,
            item,
            problem: FieldProblem::Text(error),
        }) if error.kind == TextErrorKind::Misread => (element.into_owned(), item, error.at),
        other => panic!("{other:?}"),
    }
}

/// 隕区悽 is 見本 in UTF-8, and 花 there is 闃ｱ here.
#[test]
fn a_bulk_answer_is_read_as_it_was_written_or_isnt_written() {
    let rare = unit("隕区悽", None);
    let mixed = unit("花　花", None);
    for count in [1, 3, 2000] {
        let units = vec![rare.clone(); count];
        let file = written(&units, Charset::ShiftJis).unwrap();
        assert!(std::str::from_utf8(&file).is_ok());
        assert_eq!(read(&file), units);
    }
    let plain = unit("a", None);
    let wrong = unit("隕区悽", Some("闃ｱ"));
    for (units, item) in [
        (vec![wrong.clone()], 0),
        (vec![plain.clone(), plain.clone(), wrong.clone()], 2),
        (vec![wrong.clone(); 2000], 0),
        (vec![rare.clone(), wrong.clone()], 0),
    ] {
        let refused = written(&units, Charset::ShiftJis).unwrap_err();
        assert_eq!(misread(refused), ("Name".into(), item, 0));
        assert_eq!(read(&written(&units, Charset::Utf8).unwrap()), units);
    }
    // What can't be UTF-8 speaks for the rest, and what comes late doesn't count.
    let units = vec![wrong.clone(), mixed.clone()];
    assert_eq!(read(&written(&units, Charset::ShiftJis).unwrap()), units);
    let mut units = vec![plain; 2000];
    units.push(wrong.clone());
    assert_eq!(read(&written(&units, Charset::ShiftJis).unwrap()), units);
    // Refused once, refused for good.
    let header = AnswerHeader::default();
    let charset = Charset::ShiftJis;
    let mut writer = BulkAnswerWriter::qualifications(Vec::new(), &header, charset).unwrap();
    while writer.unit(&wrong).is_ok() {}
    let units = writer.units();
    misread(writer.unit(&mixed).unwrap_err());
    assert_eq!(writer.units(), units);
    misread(writer.finish().unwrap_err());
}

#[test]
fn a_rejection_is_read_as_it_was_written_or_isnt_written() {
    for (text, charset, right) in [
        ("隕区悽", Charset::ShiftJis, false),
        ("隕区悽", Charset::Utf8, true),
        ("E1 隕区悽 見本", Charset::ShiftJis, true),
        ("\u{FEFF}E1", Charset::Utf8, false),
        ("\u{7}E1\n\u{1}", Charset::Utf8, true),
    ] {
        let rejection = Rejection::new(text);
        match rejection.write(charset) {
            Ok(file) => {
                assert!(right, "{text}");
                assert_eq!(Rejection::parse(file.as_bytes()), Ok(rejection));
            }
            Err(error) => assert!(!right && error.kind == TextErrorKind::Misread),
        }
    }
    let long = Rejection::new(&"花".repeat(22_000));
    assert!(long.write(Charset::ShiftJis).is_ok());
    let (cap, refused) = (65_536, long.write(Charset::Utf8).unwrap_err());
    assert_eq!(refused, TextErrorKind::TooLong { cap }.at(cap));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_bulk_answer_in_shift_jis(
        names in prop::collection::vec(
            prop::sample::select(vec!["a", "隕区悽", "闃ｱ", "花", "隕", "ﾅｺ", "見本", "隕区悽闃ｱ"]),
            1..6,
        ),
        times in prop::sample::select(vec![1, 2, 60, 150]),
    ) {
        let units: Vec<_> = names.iter().map(|name| unit(name, Some("ｶﾅ"))).collect();
        let units = vec![units; times].concat();
        match written(&units, Charset::ShiftJis) {
            Ok(file) => prop_assert_eq!(read(&file), units),
            Err(error) => {
                let (element, item, _) = misread(error);
                prop_assert!(element == "Name" || element == "NameKana");
                prop_assert!(item == 0 || units[0].results[0].name.reveal() == "a");
            }
        }
    }
}
