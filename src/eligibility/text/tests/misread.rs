//! Bytes that are right in both encodings.

use encoding_rs::SHIFT_JIS;
use proptest::prelude::*;

use super::super::charset::{PROBE, detect_in};
use super::super::{Charset, TextErrorKind, decode, encode, encode_part};
use super::{declared, streamed};

const DECLARED: &str = "<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><a>";
const END: &str = "</a>";

/// Text and bytes of all characters of CP932 whose first byte is one of the first
/// and whose second is one of the second.
fn characters(
    first: std::ops::RangeInclusive<u8>,
    second: std::ops::RangeInclusive<u8>,
) -> Vec<(char, [u8; 2])> {
    let all = first.flat_map(|first| second.clone().map(move |second| [first, second]));
    let known = all.filter_map(|bytes| {
        let (text, bad) = SHIFT_JIS.decode_without_bom_handling(&bytes);
        let mut chars = text.chars();
        let only = chars.next().filter(|_| chars.next().is_none() && !bad)?;
        // Of the doubles that NEC and IBM made, one is written.
        (encode_raw(&only.to_string()) == bytes).then_some((only, bytes))
    });
    known.collect()
}

fn encode_raw(text: &str) -> Vec<u8> {
    encode_part(text, Charset::ShiftJis).unwrap_or_default()
}

fn file(parts: &[&[u8]]) -> Vec<u8> {
    [DECLARED.as_bytes(), &parts.concat(), END.as_bytes()].concat()
}

fn reads_as(bytes: &[u8]) -> Charset {
    detect_in(bytes).unwrap().charset
}

/// The first two bytes of a kanji of UTF-8 that are a kanji of CP932, the third with
/// an ASCII byte (two characters in a row), or with the first byte of the next kanji
/// (three in a row): all that is right in both.
#[test]
fn every_pair_and_triple_of_kanji_that_is_utf8_too_is_read_as_declared() {
    let firsts = characters(0xE0..=0xEF, 0x80..=0xBF);
    let ends = characters(0x80..=0xBF, 0x40..=0x7E);
    let seconds = characters(0x80..=0xBF, 0xE0..=0xEF);
    let thirds = characters(0x80..=0xBF, 0x80..=0xBF);
    let (mut pairs, mut triples) = (0, 0);
    let check = |parts: &[&[u8]], count: &mut u32| {
        let bytes = file(parts);
        if std::str::from_utf8(&bytes).is_ok() {
            *count += 1;
            assert_eq!(reads_as(&bytes), Charset::ShiftJis, "{bytes:X?}");
        }
    };
    for (_, first) in &firsts {
        for (_, end) in &ends {
            check(&[first, end], &mut pairs);
        }
    }
    for (at, (_, first)) in firsts.iter().enumerate() {
        for (_, second) in &seconds {
            // All of the third with each of the second, and with each of the first.
            let (_, third) = thirds[at % thirds.len()];
            check(&[first, second, &third], &mut triples);
        }
    }
    for (_, second) in &seconds {
        for (at, (_, third)) in thirds.iter().enumerate() {
            let (_, first) = firsts[at % firsts.len()];
            check(&[&first, second, third], &mut triples);
        }
    }
    assert!(pairs > 900_000 && triples > 500_000, "{pairs} {triples}");
}

/// Every kanji of UTF-8 by itself, and every other character of three bytes, in a
/// file that says Shift_JIS: whatever follows can't be the rest of a pair.
#[test]
fn every_single_character_of_utf8_is_seen_through_a_wrong_declaration() {
    for c in ('\u{800}'..='\u{FFFF}').chain('\u{20000}'..='\u{2FFFF}') {
        let text = format!("{DECLARED}{c}{END}");
        let found = decode(text.as_bytes(), 1000).unwrap();
        assert_eq!(
            (found.charset(), found.text()),
            (Charset::Utf8, text.as_str()),
            "{:X}",
            u32::from(c)
        );
    }
}

/// A kanji and half-width kana that are one kanji of UTF-8.
#[test]
fn half_width_kana_beside_kanji_are_utf8_and_not_written_otherwise() {
    let firsts = characters(0xE0..=0xEF, 0x80..=0xBF);
    let mut refused = 0;
    for (kanji, _) in &firsts {
        for kana in '｡'..='ﾟ' {
            let text = format!("{DECLARED}{kanji}{kana}{END}");
            let raw = encode_raw(&text);
            match std::str::from_utf8(&raw) {
                Ok(other) => {
                    refused += 1;
                    assert_eq!(decode(&raw, 1000).unwrap().text(), other);
                    let error = encode(&text, Charset::ShiftJis).unwrap_err();
                    assert_eq!(error, TextErrorKind::Misread.at(DECLARED.len()));
                    // A blank between them is another matter.
                    let text = format!("{DECLARED}{kanji} {kana}{END}");
                    assert!(encode(&text, Charset::ShiftJis).is_ok());
                }
                Err(_) => assert!(encode(&text, Charset::ShiftJis).is_ok()),
            }
        }
    }
    assert!(refused > 10_000, "{refused}");
}

#[test]
fn known_words_are_read_as_declared() {
    // 隕区悽 and 見本 are the same bytes.
    let both = "見本".as_bytes();
    assert_eq!(encode_raw("隕区悽"), both);
    for (name, charset, text) in [
        ("Shift_JIS", Charset::ShiftJis, "隕区悽"),
        ("cp932", Charset::ShiftJis, "隕区悽"),
        ("UTF-8", Charset::Utf8, "見本"),
        ("", Charset::Utf8, "見本"),
    ] {
        let written = declared(name, text, charset);
        assert!(written.windows(both.len()).any(|part| part == both));
        for found in [
            decode(&written, 1000).unwrap().text().to_owned(),
            streamed(&written, &[3], 99).unwrap().0,
        ] {
            assert!(
                found.ends_with(&format!("<a>{text}</a>")),
                "{name}: {found}"
            );
        }
    }
    // Undeclared it can't be written, nor with a declaration that lies.
    for (text, at) in [
        ("隕区悽", 0),
        ("<a>ﾅｺ</a>", 3),
        ("<?xml encoding='UTF-8'?>隕区悽", 24),
        ("<?xml encoding='EUC-JP'?>", 0),
    ] {
        let refused = encode(text, Charset::ShiftJis).unwrap_err();
        assert_eq!(refused, TextErrorKind::Misread.at(at), "{text}");
    }
    for (text, at) in [
        ("\u{FEFF}<a/>", 0),
        ("<?xml encoding='Shift_JIS'?>見本", 28),
        ("<?xml encoding='latin1'?>", 0),
    ] {
        let refused = encode(text, Charset::Utf8).unwrap_err();
        assert_eq!(refused, TextErrorKind::Misread.at(at), "{text}");
    }
    // A declaration that lies is no harm where the bytes tell.
    for (text, charset) in [
        ("<?xml encoding='Shift_JIS'?>花子", Charset::Utf8),
        ("<?xml encoding='UTF-8'?>花子", Charset::ShiftJis),
        ("<?xml encoding='UTF-8'?>", Charset::ShiftJis),
        ("plain", Charset::ShiftJis),
    ] {
        let written = encode(text, charset).unwrap();
        assert_eq!(decode(&written, 99).unwrap().text(), text);
    }
}

/// The bytes of the head decide, wherever it ends, and whatever comes after.
#[test]
fn the_end_of_the_head_is_no_fault() {
    for shift in 0..8 {
        for length in [PROBE - 1, PROBE, PROBE + 1, PROBE + 200] {
            let blanks = " ".repeat(shift);
            let count = (length - DECLARED.len() - END.len() - shift) / 6;
            let text = format!("{DECLARED}{blanks}{}", "隕区悽".repeat(count));
            let missing = length - END.len() - encode_raw(&text).len();
            let text = format!("{text}{}{END}", "x".repeat(missing));
            let written = encode(&text, Charset::ShiftJis).unwrap();
            assert_eq!(written.len(), length);
            assert!(std::str::from_utf8(&written).is_ok());
            let whole = decode(&written, length).unwrap();
            assert!(whole.text() == text && whole.charset() == Charset::ShiftJis);
            let (pieces, charset) = streamed(&written, &[1000], 5000).unwrap();
            assert!(pieces == text && charset == Charset::ShiftJis);
            // What isn't declared comes out as UTF-8, whole or in pieces.
            let bare = &written[DECLARED.len()..];
            let whole = decode(bare, length).unwrap();
            let (pieces, charset) = streamed(bare, &[1000], 5000).unwrap();
            assert!(pieces == whole.text() && charset == Charset::Utf8);
        }
    }
    // The first character that isn't ASCII comes after the head.
    let late = format!("{}花", "x".repeat(PROBE));
    let refused = encode(&late, Charset::ShiftJis).unwrap_err();
    assert_eq!(refused.kind, TextErrorKind::Misread);
    let plain = "x".repeat(PROBE + 1);
    assert!(encode(&plain, Charset::ShiftJis).is_ok());
    let late = format!("{DECLARED}{late}");
    assert!(encode(&late, Charset::ShiftJis).is_ok());
}

/// Pieces of which many are right in both encodings.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => Just("隕区悽".to_owned()),
        2 => Just("隕".to_owned()),
        2 => Just("ｱ".to_owned()),
        1 => Just("譌･譛ｬ".to_owned()),
        1 => Just("ﾅｺ".to_owned()),
        1 => Just("\u{80}".to_owned()),
        1 => "[ -;=?-~]",
        1 => "[一-龠ぁ-んァ-ヶ]",
        1 => "[｡-ﾟ]",
        1 => "[¡-ÿ]",
    ];
    let pieces = prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat());
    let writable = |text: String| {
        let known = |c: &char| !encode_raw(&c.to_string()).is_empty();
        text.chars().filter(known).collect()
    };
    pieces.prop_map(writable)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_written_is_read_as_the_same_or_is_refused(
        text in text(),
        name in prop::sample::select(vec!["Shift_JIS", "sjis", "UTF-8", ""]),
        shift_jis: bool,
    ) {
        let charset = if shift_jis { Charset::ShiftJis } else { Charset::Utf8 };
        let declaration = match name {
            "" => String::new(),
            name => format!("<?xml version='1.0' encoding='{name}'?>"),
        };
        let text = format!("{declaration}<a>{text}</a>");
        match encode(&text, charset) {
            Ok(written) => {
                let decoded = decode(&written, 1 << 20).unwrap();
                prop_assert_eq!(decoded.text(), &text);
                prop_assert_eq!(streamed(&written, &[5], 64).unwrap().0, text);
            }
            Err(error) => {
                prop_assert_eq!(error.kind, TextErrorKind::Misread);
                let raw = match charset {
                    Charset::Utf8 => text.clone().into_bytes(),
                    Charset::ShiftJis => encode_raw(&text),
                };
                // It was right to refuse it, and UTF-8 is a way out.
                let other = decode(&raw, 1 << 20).map(|other| other.text() != text);
                prop_assert!(other.unwrap_or(true));
                prop_assert!(name != charset.name() || shift_jis);
                let first = text.find(|c: char| !c.is_ascii());
                prop_assert_eq!(Some(error.at), first);
            }
        }
    }
}
