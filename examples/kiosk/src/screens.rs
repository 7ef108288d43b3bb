//! What a page needs of a screen beyond its words, and the audit events in one line each. Nothing personal.

use serde_json::{Value, json};
use uketsuke::checkin::{AuditEvent, Question, Screen};
use uketsuke::trust::Standing;

/// The screen's own data. Keys as the page knows them; nothing that says who the person is.
#[must_use]
pub fn extra(screen: &Screen) -> Value {
    match screen {
        Screen::ReadingCard { progress } => json!({
            "progress": { "read": progress.read, "total": progress.total },
        }),
        Screen::ChooseMethod {
            face,
            pin_tries_left,
            staff,
        } => json!({
            "face": face,
            "tries_left": pin_tries_left,
            "pin_tries_left": pin_tries_left,
            "staff": staff,
        }),
        Screen::LastTry { wrong, other_ways } => json!({
            "tries_left": 1,
            "wrong": wrong,
            "other_ways": other_ways,
        }),
        Screen::EnterPin {
            tries_left,
            wrong,
            same_again,
            other_ways,
        } => json!({
            "tries_left": tries_left,
            "wrong": wrong,
            "same_again": same_again,
            "other_ways": other_ways,
        }),
        Screen::LookAtCamera { attempt, of } => json!({ "attempt": attempt, "of": of }),
        Screen::FaceFailed {
            attempts_left,
            pin,
            staff,
        } => json!({ "attempts_left": attempts_left, "pin": pin, "staff": staff }),
        Screen::StaffCheck {
            attempts_left,
            wrong,
        } => json!({ "attempts_left": attempts_left, "wrong": wrong }),
        Screen::CertificateNotice { standing } => json!({
            "standing": match standing {
                Standing::Expiring { .. } => "expiring",
                Standing::Grace { .. } => "grace",
                _ => "in-force",
            },
        }),
        Screen::Asking { question } => json!({ "question": asking(*question) }),
        Screen::Consent { kind } => json!({ "kind": kind }),
        Screen::Accepted { coverage } => json!({ "eligibility_only": coverage.eligibility_only }),
        Screen::NotAccepted(refusal) => json!({
            "failure": refusal.failure.code(),
            "refused": refusal.failure.is_refusal(),
            "actions": refusal
                .advice
                .items
                .iter()
                .map(|item| item.action.code())
                .collect::<Vec<_>>(),
        }),
        Screen::TakeCard { alarm } => json!({ "alarm": alarm }),
        _ => json!({}),
    }
}

const fn asking(question: Question) -> &'static str {
    match question {
        Question::Status => "status",
        Question::Registration => "registration",
        Question::Prescription => "prescription",
        Question::Subsidies => "subsidies",
        Question::Result => "result",
        _ => "other",
    }
}

/// The name of an audit event in kebab case, and what came with it. None of them holds anything personal.
#[must_use]
pub fn event(event: &AuditEvent) -> (String, String) {
    let shown = format!("{event:?}");
    let end = shown
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(shown.len());
    let (variant, detail) = shown.split_at(end);
    let mut name = String::with_capacity(variant.len() + 4);
    for c in variant.chars() {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(c.to_ascii_lowercase());
    }
    (name, detail.trim().to_owned())
}
