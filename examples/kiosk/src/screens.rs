//! What a page needs of a screen beyond its words. Nothing personal.

use serde_json::{Value, json};
use uketsuke::checkin::{CardFaceTrouble, PhoneKind, Question, Screen, TapAgain};
use uketsuke::face::InconclusiveReason;
use uketsuke::trust::Standing;

/// The screen's own data. Keys as the page knows them; nothing that says who the person is.
#[must_use]
pub fn extra(screen: &Screen) -> Value {
    match screen {
        Screen::PlaceCard { phone } => json!({ "phone": phone }),
        Screen::ChoosePhone { iphone } => json!({ "iphone": iphone }),
        Screen::TapPhone { kind, again } => json!({
            "kind": phone_kind(*kind),
            "again": again.map(tap_again),
        }),
        Screen::ReadingCard { progress } | Screen::ReadingPhone { progress } => json!({
            "progress": { "read": progress.read, "total": progress.total },
        }),
        Screen::ChooseMethod {
            face,
            pin_tries_left,
            staff,
            guardian,
            face_paused,
        } => json!({
            "guardian": guardian,
            "face": face,
            "face_paused": face_paused.is_some(),
            "tries_left": pin_tries_left,
            "pin_tries_left": pin_tries_left,
            "staff": staff,
        }),
        Screen::LastTry {
            wrong,
            other_ways,
            guardian,
            phone,
        } => json!({
            "guardian": guardian,
            "phone": phone,
            "tries_left": 1,
            "wrong": wrong,
            "other_ways": other_ways,
        }),
        Screen::EnterPin {
            tries_left,
            wrong,
            same_again,
            again,
            other_ways,
            guardian,
            phone,
        } => json!({
            "guardian": guardian,
            "phone": phone,
            "tries_left": tries_left,
            "wrong": wrong,
            "same_again": same_again,
            "again": again.map(tap_again),
            "other_ways": other_ways,
        }),
        Screen::LookAtCamera { attempt, of } => json!({ "attempt": attempt, "of": of }),
        Screen::CardFaceUnreadable {
            why,
            again,
            pin,
            staff,
        } => json!({
            "why": card_face(*why),
            "try_again": again,
            "pin": pin,
            "staff": staff,
        }),
        Screen::FaceFailed {
            why,
            attempts_left,
            pin,
            staff,
        } => json!({
            "why": why.map(InconclusiveReason::code),
            "attempts_left": attempts_left,
            "pin": pin,
            "staff": staff,
        }),
        Screen::StaffCheck {
            attempts_left,
            wrong,
            guardian,
        } => json!({ "attempts_left": attempts_left, "wrong": wrong, "guardian": guardian }),
        Screen::CertificateNotice { standing, phone } => json!({
            "phone": phone,
            "standing": match standing {
                Standing::Expiring { .. } => "expiring",
                Standing::Grace { .. } => "grace",
                _ => "in-force",
            },
        }),
        Screen::Asking { question, phone } => {
            json!({ "question": asking(*question), "phone": phone })
        }
        Screen::Consent { kind, guardian } => json!({ "kind": kind, "guardian": guardian }),
        Screen::Register { guardian }
        | Screen::Consents { guardian }
        | Screen::Subsidies { guardian } => json!({ "guardian": guardian }),
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

pub(crate) const fn asking(question: Question) -> &'static str {
    match question {
        Question::Status => "status",
        Question::Registration => "registration",
        Question::Prescription => "prescription",
        Question::Subsidies => "subsidies",
        Question::Result => "result",
        _ => "other",
    }
}

/// What is the matter with the card's face, as the pages know it.
const fn card_face(why: CardFaceTrouble) -> &'static str {
    match why {
        CardFaceTrouble::NotRead => "not-read",
        CardFaceTrouble::Refused => "refused",
        CardFaceTrouble::Kept => "kept",
        CardFaceTrouble::NotProved => "not-proved",
        _ => "other",
    }
}

/// Which kind of phone, as the pages know it.
#[must_use]
pub const fn phone_kind(kind: PhoneKind) -> &'static str {
    match kind {
        PhoneKind::Android => "android",
        PhoneKind::Iphone => "iphone",
        _ => "other",
    }
}

/// Why a phone is to be held there once more, as the pages know it.
#[must_use]
pub const fn tap_again(why: TapAgain) -> &'static str {
    match why {
        TapAgain::Moved => "moved",
        TapAgain::OtherKind => "other-kind",
        TapAgain::NotAPhone => "not-a-phone",
        TapAgain::NotIdentified => "not-identified",
        _ => "other",
    }
}
