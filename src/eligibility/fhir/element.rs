//! Data types of FHIR: codings, references, dates, extensions.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::node::{Node, Object};
use super::systems::ABSENT;
use crate::japan::JAPAN;

/// A code of a system, with its words.
pub(super) fn coding<'a>(
    system: &'static str,
    code: impl Into<Node<'a>>,
    display: Option<&'a str>,
) -> Object<'a> {
    Object::default()
        .with("system", system)
        .with("code", code)
        .with_some("display", display.and_then(Node::text))
}

pub(super) fn concept<'a>(coding: Object<'a>) -> Object<'a> {
    Object::default().with("coding", vec![coding])
}

/// A code as it was sent. Where it doesn't look like one (FHIR's codes have no
/// blanks), it is the words instead.
pub(super) fn sent_code<'a>(
    system: &'static str,
    code: &'a str,
    words: Option<&'a str>,
) -> Option<Object<'a>> {
    let code = code.trim();
    if code.is_empty() {
        return None;
    }
    Some(if code.chars().any(char::is_whitespace) {
        Object::default()
            .with("system", system)
            .with_some("display", Node::text(code))
    } else {
        coding(system, Node::Text(code), words)
    })
}

pub(super) fn identifier<'a>(
    system: impl Into<Node<'a>>,
    value: impl Into<Node<'a>>,
) -> Object<'a> {
    Object::default()
        .with("system", system)
        .with("value", value)
}

pub(super) fn extension<'a>(
    url: &'static str,
    value_name: &'static str,
    value: impl Into<Node<'a>>,
) -> Object<'a> {
    Object::default().with("url", url).with(value_name, value)
}

pub(super) fn reference<'a>(full_url: &str) -> Object<'a> {
    Object::default().with("reference", Node::made(full_url))
}

/// Where a reference is mandatory and nothing was said.
pub(super) fn unknown_reference<'a>(words: &'static str) -> Object<'a> {
    Object::default()
        .with("extension", vec![extension(ABSENT, "valueCode", "unknown")])
        .with("display", words)
}

/// A day; `None` outside of FHIR's four-digit years.
pub(super) fn day<'a>(day: Date) -> Option<Node<'a>> {
    (1..=9999)
        .contains(&day.year())
        .then(|| Node::made(day.to_string()))
}

/// A day as files write it, `yyyyMMdd`; `None` if it is none.
pub(super) fn written_day<'a>(text: &str) -> Option<Node<'a>> {
    let text = text.trim();
    let all_digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let parsed = all_digits.then(|| Date::strptime("%Y%m%d", text).ok())?;
    day(parsed?)
}

/// A moment in Japan's time, whole seconds; `None` outside of FHIR's years.
pub(super) fn moment<'a>(at: Timestamp) -> Option<Node<'a>> {
    let at = at.to_zoned(TimeZone::fixed(JAPAN));
    (1..=9999)
        .contains(&at.year())
        .then(|| Node::made(at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()))
}
