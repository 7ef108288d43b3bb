//! Answers to 資格確認 from any connector or reader: no panic, errors inside the file, nothing lost. What is read can be written, and
//! what is written is read as the same report.
//!
//! The first byte chooses: a file as it comes, edits of one with every element, or an arbitrary report.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use uketsuke::eligibility::message::{ReadError, parse_report, write_report};
use uketsuke::eligibility::text::{Charset, encode};
use uketsuke::eligibility::{CharacterCode, Coverage, Lang, Report};
use uketsuke_fuzz::{edited, expect_refused};

#[path = "../../tests/report_support/any.rs"]
mod any;
#[path = "../../tests/report_support/full.rs"]
mod full;

const CAP: usize = 1 << 20;
const CHARSETS: [Charset; 2] = [Charset::Utf8, Charset::ShiftJis];

static FULL: LazyLock<[Vec<u8>; 2]> =
    LazyLock::new(|| CHARSETS.map(|charset| encode(full::FULL, charset).expect("a document")));

fuzz_target!(|input: &[u8]| {
    let Some((how, rest)) = input.split_first() else {
        return;
    };
    let which = usize::from(how >> 2 & 1);
    match how & 3 {
        0 => file(rest),
        1 => file(&edited(&FULL[which], rest)),
        _ => {
            let charset = CHARSETS[which];
            same(
                &any::report(rest, CharacterCode::from_code(charset.code())),
                charset,
            );
        }
    }
});

fn file(bytes: &[u8]) {
    let parsed = match parse_report(bytes, CAP) {
        Ok(parsed) => parsed,
        Err(error) => {
            let at = match error {
                ReadError::Text(error) => error.at,
                ReadError::Xml(error) => error.at,
                ReadError::Unexpected { at, .. }
                | ReadError::Missing { at, .. }
                | ReadError::Repeated { at, .. }
                | ReadError::Value { at, .. } => at,
                _ => 0,
            };
            // Half-width kana are three times as long in the decoded text.
            assert!(at <= 3 * bytes.len(), "{error} in {}", bytes.len());
            return;
        }
    };
    let mut report = parsed.report;
    judge(&report);
    for charset in CHARSETS {
        report.character_code = Some(CharacterCode::from_code(charset.code()));
        same(&report, charset);
    }
}

fn same(report: &Report, charset: Charset) {
    let file = match write_report(report, charset) {
        Ok(file) => file,
        Err(error) => return expect_refused(&error, charset),
    };
    let again = parse_report(file.as_bytes(), 16 * CAP).expect("what was written can be read");
    assert!(
        again.report == *report,
        "another report: {}",
        String::from_utf8_lossy(file.as_bytes())
    );
    judge(report);
}

/// What everybody asks of a report.
fn judge(report: &Report) {
    let warnings = report.warnings();
    for warning in &warnings {
        for lang in [Lang::Ja, Lang::En] {
            assert!(!warning.text(lang).is_empty());
        }
    }
    let unread = report.unread.len() + report.results.iter().map(|q| q.unread.len()).sum::<usize>();
    assert!(unread == 0 || !warnings.is_empty(), "in silence");
    let coverage = Coverage::from_report(report, false);
    assert_eq!(coverage.is_ok(), report.valid_qualification().is_ok());
    let printed = format!("{report:?}");
    assert!(printed.len() < 1000, "{printed}");
}
