//! At the reader: a retry, another way to be known, another device.

use super::{Action, Fact, PORTAL, Rule, RuleDates, VERIFIED};
use crate::eligibility::AgeGroup;

pub(super) fn sleeve() -> Rule {
    Rule::new(
        "sleeve",
        10,
        Action::TakeOffSleeve,
        "カードをケースやカバーから出してください。",
        "Please take the card out of its case or sleeve.",
    )
}

pub(super) fn right_card() -> Rule {
    Rule::new(
        "place-my-number-card",
        11,
        Action::PlaceCardAgain,
        "マイナンバーカードを、カードリーダーに置いてください。",
        "Please place your My Number card on the reader.",
    )
}

pub(super) fn again() -> Rule {
    Rule::new(
        "place-again",
        11,
        Action::PlaceCardAgain,
        "カードをもう一度置いてください。終わりの案内が出るまで、そのままお待ちください。",
        "Please place the card again. Please leave it there until the screen says you are done.",
    )
}

pub(super) fn again_later() -> [Rule; 2] {
    [
        Rule::new(
            "place-again-later",
            50,
            Action::PlaceCardAgain,
            "カードをもう一度置いて、はじめからお試しください。",
            "Please place the card again and start over.",
        )
        .unless(Fact::PhoneUsed),
        card_with("card-after-phone-later", 50).when(Fact::PhoneUsed),
    ]
}

/// Of all that can be done after a phone this comes first: a card has more ways.
pub(super) fn card_for_phone() -> Rule {
    card_with("card-after-phone", 9).when(Fact::PhoneUsed)
}

/// What was asked by number may be asked by card.
pub(super) fn card_instead() -> Rule {
    card_with("card-instead", 45)
}

fn card_with(id: &'static str, rank: u16) -> Rule {
    Rule::new(
        id,
        rank,
        Action::PlaceCardAgain,
        "マイナンバーカードをお持ちの方は、カードリーダーに置いてください。",
        "If you have your My Number card with you, please place it on the reader.",
    )
}

pub(super) fn grace(dates: &RuleDates) -> Rule {
    Rule::new(
        "grace",
        12,
        Action::PlaceCardAgain,
        "電子証明書の期限が切れても、3か月後の月末までは、このカードで保険の確認ができます。カードをもう一度置いてください。",
        "The card still shows your insurance until the end of the third month after its certificate expired. Please place it again.",
    )
    .when(Fact::InGrace)
    .since(&dates.insurance_card_ends)
    .source(super::CERTIFICATE, VERIFIED)
}

pub(super) fn face() -> Rule {
    Rule::new(
        "face",
        40,
        Action::TryFace,
        "カードをもう一度置いて、「顔認証」を選んでください。暗証番号はいりません。",
        "Please place your card again and choose \"Face\". No PIN is needed.",
    )
    .when(Fact::FaceOffered)
    .source(PORTAL, VERIFIED)
}

pub(super) fn face_after_staff() -> Rule {
    Rule::new(
        "face-after-staff",
        40,
        Action::TryFace,
        "カードをもう一度置いて、「顔認証」を選んでください。",
        "Please place your card again and choose \"Face\".",
    )
    .when(Fact::FaceOffered)
}

/// For a child the guardian's words stand first, and take the place of the others.
pub(super) fn pin() -> Vec<Rule> {
    let guardian = |id: &'static str, group| {
        Rule::new(
            id,
            12,
            Action::TryPin,
            "カードをもう一度置いて、「暗証番号（4桁）」を選んでください。お子さまの暗証番号は、保護者の方が入力できます。",
            "Please place your card again and choose \"PIN (4 digits)\". A parent or guardian may enter a child's PIN.",
        )
        .when(Fact::PinPossible)
        .when(Fact::Aged(group))
        .source(PORTAL, VERIFIED)
    };
    vec![
        guardian("pin-by-guardian-preschool", AgeGroup::Preschool),
        guardian("pin-by-guardian", AgeGroup::Child),
        Rule::new(
            "pin-after-face",
            12,
            Action::TryPin,
            "暗証番号がわかる場合は、カードをもう一度置いて、「暗証番号（4桁）」を選んでください。",
            "If you know your PIN, please place your card again and choose \"PIN (4 digits)\".",
        )
        .when(Fact::PinPossible),
    ]
}

pub(super) fn staff() -> Rule {
    Rule::new(
        "staff",
        42,
        Action::AskStaffCheck,
        "職員がカードの写真を見て確認することもできます。受付にお声がけください。",
        "Staff can also compare you with the photo on the card. Please ask at the reception.",
    )
    .when(Fact::StaffOffered)
    .source(PORTAL, VERIFIED)
}

pub(super) fn register() -> Rule {
    Rule::new(
        "register",
        46,
        Action::RegisterAtReader,
        "このカードリーダーで、いま利用登録ができます。カードを置いて、画面の案内に沿って進んでください。",
        "You can register the card right here. Please place it and follow the screen.",
    )
    .when(Fact::RegistrationOffered)
    .source(PORTAL, VERIFIED)
}

/// Not first: the person has just said no.
pub(super) fn register_after_all() -> Rule {
    Rule::new(
        "register-after-all",
        76,
        Action::RegisterAtReader,
        "利用登録は、あとからでも、このカードリーダーでできます。",
        "You can still register the card here at any later time.",
    )
    .when(Fact::RegistrationOffered)
    .source(PORTAL, VERIFIED)
}

pub(super) fn other_reader() -> Rule {
    Rule::new(
        "other-reader",
        48,
        Action::UseOtherReader,
        "ほかのカードリーダーがあれば、そちらもお使いいただけます。受付にお声がけください。",
        "If there is another reader, you can use that one. Please ask at the reception.",
    )
    .source(PORTAL, VERIFIED)
}

pub(super) fn counter_app(dates: &RuleDates) -> Rule {
    Rule::new(
        "counter-app",
        49,
        Action::UseCounterApp,
        "受付のアプリでも、カードを使って確認できます。受付にお声がけください。",
        "Staff can also check your card with an app at the counter. Please ask at the reception.",
    )
    .when(Fact::AppOffered)
    .since(&dates.counter_app_from)
}

pub(super) fn phone(dates: &RuleDates) -> Rule {
    Rule::new(
        "phone",
        44,
        Action::UsePhone,
        "マイナンバーカードの機能を入れたスマートフォンでも、受付ができます。画面で「スマートフォン」を選んでください。",
        "You can also check in with a phone that holds your My Number card. Please choose \"Phone\" on the screen.",
    )
    .when(Fact::PhoneOffered)
    .unless(Fact::PhoneUsed)
    .since(&dates.phone_from)
}

pub(super) fn phone_again(dates: &RuleDates) -> Rule {
    Rule::new(
        "phone-again",
        44,
        Action::UsePhone,
        "スマートフォンで、もう一度はじめからお試しいただけます。読み取りが終わるまで、かざしたままお待ちください。",
        "You can also start over with the phone. Please hold it to the reader until it has been read.",
    )
    .when(Fact::PhoneOffered)
    .since(&dates.phone_from)
}
