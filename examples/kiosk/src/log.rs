//! The audit events of a visit, for the desk view: what happened, in the few fields that a receptionist needs. No policy,
//! certificate or number of a question; none of the rest is personal. Nor who was refused as staff: that is whatever was
//! typed into the field, and may be a secret that belongs into the other one.

use serde_json::{Value, json};
use uketsuke::checkin::{AuditEvent, AuditRecord, AuditStanding, Method};
use uketsuke::eligibility::Identified;

use crate::screens::{asking, phone_kind, tap_again};

/// One line: when, the event's name in kebab case, and its fields.
#[must_use]
pub fn line(record: &AuditRecord) -> Value {
    json!({
        "at": record.at.to_string(),
        "event": name(&record.event),
        "fields": fields(&record.event),
    })
}

/// By the variant's own name: a new one has a line here before it has fields.
fn name(event: &AuditEvent) -> String {
    let shown = format!("{event:?}");
    let mut name = String::new();
    for c in shown.chars().take_while(char::is_ascii_alphanumeric) {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}

fn fields(event: &AuditEvent) -> Value {
    match event {
        AuditEvent::CertificateValidated { standing, .. } => json!({
            "standing": match standing {
                AuditStanding::InForce => "in-force",
                AuditStanding::Expiring => "expiring",
                AuditStanding::Grace => "grace",
                _ => "other",
            },
        }),
        AuditEvent::MethodChosen(method) => json!({
            "method": match method {
                Method::Face => "face",
                Method::Pin => "pin",
                Method::Staff => "staff",
                _ => "other",
            },
        }),
        AuditEvent::PhoneChosen(kind) => json!({ "kind": phone_kind(*kind) }),
        AuditEvent::PhoneNotRead(why) => json!({ "why": tap_again(*why) }),
        AuditEvent::FaceFailed { why } => json!({ "why": why.map(|why| why.code()) }),
        AuditEvent::TrySpent { left } => json!({ "left": left }),
        AuditEvent::ReferenceNumberRefused { left } => json!({ "left": left }),
        AuditEvent::Identified { method, staff } => json!({
            "method": match method {
                Identified::Face => "face",
                Identified::Pin => "pin",
                Identified::Staff => "staff",
                Identified::Device => "device",
                _ => "other",
            },
            "staff": staff.as_ref().map(|staff| staff.as_str()),
        }),
        AuditEvent::Answered { code, .. } => json!({ "code": code }),
        AuditEvent::ChoiceNotTaken { question, failure } => json!({
            "question": asking(*question),
            "failure": failure.code(),
        }),
        AuditEvent::NotAccepted(failure) => json!({ "failure": failure.code() }),
        _ => json!({}),
    }
}
