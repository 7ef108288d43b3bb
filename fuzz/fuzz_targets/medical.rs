//! The messages beside reports: medicines, check-ups, registrations, receptions, rejections, questions. No panic, errors inside
//! the file, bounded memory; what is read can be written, and what is written is read as the same.
//!
//! The first byte chooses the message, the second the input: a file as it comes, or edits of one with every element.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use uketsuke::eligibility::message::{
    Accepted, AnswerHeader, Family, HealthCheckups, MedicalAnswer, Medicines, MessageError,
    MessageFile, Question, ReadError, RegistrationAnswer, Rejection, Step,
};
use uketsuke::eligibility::text::{Charset, TextErrorKind, decode, encode};
use uketsuke::eligibility::{CentreSaid, Failure};
use uketsuke_fuzz::{counted, edited, expect_refused};

#[path = "../../tests/message_support/full.rs"]
#[allow(dead_code)]
mod messages;

const CHARSETS: [Charset; 2] = [Charset::Utf8, Charset::ShiftJis];
const STEPS: [Step; 2] = [Step::One, Step::Two];

/// Each in both encodings; the questions after the rest.
static GOOD: LazyLock<Vec<[Vec<u8>; 2]>> = LazyLock::new(|| {
    let rest = [
        messages::MEDICINES,
        messages::CHECKUPS,
        messages::REGISTRATION,
        messages::ACCEPTED,
        "資格確認要求ファイルが不正です。\r\nE-12 見本\u{7}",
    ];
    let questions = (0..messages::QUESTIONS.len()).map(|of| messages::question(of).2);
    let all = rest.into_iter().map(str::to_owned).chain(questions);
    let both = |text: String| CHARSETS.map(|charset| encode(&text, charset).expect("a document"));
    all.map(both).collect()
});

fuzz_target!(|input: &[u8]| {
    let [which, how, rest @ ..] = input else {
        return;
    };
    let which = usize::from(*which) % GOOD.len();
    let file = match how & 1 {
        0 => rest.to_vec(),
        _ => edited(&GOOD[which][usize::from(how >> 1 & 1)], rest),
    };
    let ((), held) = counted(|| match which {
        0 => check(&file, Medicines::parse, Medicines::write, |medicines| {
            said(&medicines.answer);
            clear_answer(&mut medicines.answer);
            medicines.unread.clear();
            for month in &mut medicines.months {
                month.unread.clear();
                for day in &mut month.days {
                    day.unread.clear();
                    day.items.iter_mut().for_each(|item| item.unread.clear());
                }
            }
            // They are written source by source.
            medicines.months.sort_by_key(|month| month.source as u8);
        }),
        1 => check(
            &file,
            HealthCheckups::parse,
            HealthCheckups::write,
            |checkups| {
                said(&checkups.answer);
                clear_answer(&mut checkups.answer);
                checkups.unread.clear();
                for checkup in &mut checkups.checkups {
                    checkup.unread.clear();
                    checkup
                        .items
                        .iter_mut()
                        .for_each(|item| item.unread.clear());
                }
            },
        ),
        2 => check(
            &file,
            RegistrationAnswer::parse,
            RegistrationAnswer::write,
            |answer| {
                loggable(answer.result.centre_said());
                assert!(!answer.result.is_registered() || answer.result.status.is_some());
                clear(&mut answer.header);
                answer.result.unread.clear();
                answer.unread.clear();
            },
        ),
        3 => check(&file, Accepted::parse, Accepted::write, |accepted| {
            let header = accepted.header.reception.as_ref();
            assert_eq!(accepted.reception(), accepted.reception.as_ref().or(header));
            loggable(accepted.centre_said());
            assert!(!accepted.header.is_in_progress() || accepted.header.segment.is_some());
            clear(&mut accepted.header);
            accepted.unread.clear();
        }),
        4 => rejection(&file),
        _ => {
            let (prefix, step, _) = messages::question(which - 5);
            // The rest of the byte: another family than the question's own.
            let own = Family::from_prefix(prefix).expect("a family");
            let family = Family::ALL
                .get(usize::from(how >> 2))
                .copied()
                .unwrap_or(own);
            question(family, STEPS[usize::from(step == "02")], &file);
        }
    });
    assert!(
        held < (4 << 20) + 1000 * file.len(),
        "{held} bytes for {}",
        file.len()
    );
});

fn check<T: PartialEq + std::fmt::Debug>(
    file: &[u8],
    parse: fn(&[u8]) -> Result<T, ReadError>,
    write: fn(&T, Charset) -> Result<MessageFile, MessageError>,
    clear: fn(&mut T),
) {
    let mut message = match parse(file) {
        Ok(message) => message,
        Err(error) => return inside(file, error),
    };
    let printed = format!("{message:?}");
    assert!(printed.len() < 4000 + 300 * file.len(), "{printed}");
    write(&message, Charset::Utf8).expect("what was read can be written");
    // What wasn't understood may have names that mean something where it is written.
    clear(&mut message);
    for charset in CHARSETS {
        match write(&message, charset) {
            Ok(file) => {
                let again = parse(file.as_bytes()).expect("what was written can be read");
                assert!(again == message, "another message");
            }
            Err(error) => expect_refused(&error, charset),
        }
    }
}

fn question(family: Family, step: Step, file: &[u8]) {
    let (header, question) = match Question::parse(family, step, file) {
        Ok(read) => read,
        Err(error) => return inside(file, error),
    };
    assert_eq!((question.family(), question.step()), (family, step));
    for charset in CHARSETS {
        match question.write(&header, charset) {
            Ok(file) => {
                let again = Question::parse(family, step, file.as_bytes());
                assert_eq!(again, Ok((header.clone(), question.clone())));
            }
            Err(error) => expect_refused(&error, charset),
        }
    }
}

fn rejection(file: &[u8]) {
    let rejection = match Rejection::parse(file) {
        Ok(rejection) => rejection,
        Err(error) => return inside(file, error),
    };
    let text = rejection.text().reveal();
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
    assert!(
        rejection
            .code()
            .is_none_or(|code| text.starts_with(code) && code.len() <= 16)
    );
    assert_eq!(rejection.said().is_none(), text.trim().is_empty());
    assert!(format!("{rejection:?}").len() < 100);
    for charset in CHARSETS {
        match rejection.write(charset) {
            Ok(file) => assert!(Rejection::parse(file.as_bytes()) == Ok(rejection.clone())),
            // Line ends become longer, and so does kana in UTF-8; a text may begin like a declaration.
            Err(error) => assert!(matches!(
                error.kind,
                TextErrorKind::TooLong { .. } | TextErrorKind::Unmappable | TextErrorKind::Misread
            )),
        }
    }
}

fn inside(file: &[u8], error: ReadError) {
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
    assert!(at <= 3 * file.len(), "{error} in {}", file.len());
    assert!(error.to_string().len() < 300);
    assert!(format!("{error:?}").len() < 300);
    assert!(!error.is_cut_off() || error.failure() == Failure::AbnormalAnswer);
    // The text by itself: as long as its file, or as the cap.
    let cap = file.len() / 2;
    match decode(file, cap) {
        Ok(text) => assert!(text.text().len() <= 3 * cap && format!("{text:?}").len() < 100),
        Err(error) => assert!(error.at <= file.len(), "{error}"),
    }
}

/// A log takes of it what looks like a code.
fn loggable(said: Option<CentreSaid>) {
    if let Some(said) = said {
        assert!(said.loggable_code().is_none_or(|code| code.len() <= 64));
        assert!(format!("{said:?}").len() < 200);
    }
}

fn said(answer: &MedicalAnswer) {
    loggable(answer.centre_said());
    assert!(!answer.is_given() || answer.result_code.is_some());
}

fn clear_answer(answer: &mut MedicalAnswer) {
    clear(&mut answer.header);
    if let Some(holder) = &mut answer.holder {
        holder.unread.clear();
    }
}

fn clear(header: &mut AnswerHeader) {
    header.unread.clear();
}
