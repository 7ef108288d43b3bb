//! For next time: municipal office, store, insurer.

use super::{Action, CERTIFICATE, FALLBACK, Fact, PORTAL, Rule, RuleDates, VERIFIED};
use crate::eligibility::Document;

const PHONE: &str = "Manual of マイナポータル on スマホ用電子証明書 (パスワードの初期化, 利用申請)";

fn office(id: &'static str, rank: u16, ja: &'static str, en: &'static str) -> Rule {
    Rule::new(id, rank, Action::MunicipalOffice, ja, en).source(PORTAL, VERIFIED)
}

pub(super) fn for_all() -> Vec<Rule> {
    vec![
        office(
            "renew-certificate",
            102,
            "電子証明書の更新は、お住まいの市区町村の窓口でできます。",
            "The certificate can be renewed at your municipal office.",
        )
        .when(Fact::Lapsed)
        .unless(Fact::PinLessCard)
        .source(CERTIFICATE, VERIFIED),
        office(
            "renew-certificate-soon",
            103,
            "カードの電子証明書の期限が近づいています。お住まいの市区町村の窓口で更新できます。",
            "The certificate on the card ends soon. It can be renewed at your municipal office.",
        )
        .when(Fact::Expiring)
        .source(CERTIFICATE, VERIFIED),
    ]
}

/// Before the renewal of the certificate, which a new card brings.
pub(super) fn renew_card() -> Rule {
    office(
        "renew-card",
        101,
        "新しいカードは、お住まいの市区町村の窓口で申し込めます。",
        "You can apply for a new card at your municipal office.",
    )
}

pub(super) fn reset_pin() -> Vec<Rule> {
    vec![
        Rule::new(
            "reset-pin-store",
            100,
            Action::ConvenienceStoreReset,
            "暗証番号は、スマートフォンのアプリで予約すると、コンビニエンスストアでも設定し直せます。",
            "The PIN can also be reset at a convenience store, after booking with the phone app.",
        )
        .unless(Fact::Lapsed)
        .unless(Fact::PinLessCard)
        .unless(Fact::PhoneUsed)
        .source(PORTAL, VERIFIED),
        office(
            "reset-pin",
            102,
            "暗証番号は、お住まいの市区町村の窓口で設定し直せます。",
            "The PIN can be set again at your municipal office.",
        )
        .unless(Fact::PhoneUsed),
    ]
}

pub(super) fn reset_phone_pin() -> Rule {
    portal_app(
        "reset-phone-pin",
        "スマートフォンのマイナンバーカードの暗証番号は、マイナポータルのアプリで、お手元のカードを使って設定し直せます。",
        "The PIN of the My Number card on the phone can be set again in the Mynaportal app, with the card itself at hand.",
    )
    .when(Fact::PhoneUsed)
}

pub(super) fn renew_phone() -> Rule {
    portal_app(
        "renew-phone",
        "スマートフォンの電子証明書は、マイナポータルのアプリで、マイナンバーカードを使って申し込み直せます。",
        "A new certificate for the phone can be requested in the Mynaportal app, with the My Number card at hand.",
    )
}

fn portal_app(id: &'static str, ja: &'static str, en: &'static str) -> Rule {
    Rule::new(id, 102, Action::UsePortalApp, ja, en).source(PHONE, VERIFIED)
}

pub(super) fn set_pin() -> Rule {
    office(
        "set-pin",
        102,
        "暗証番号をつけたいときは、お住まいの市区町村の窓口で手続きができます。",
        "If you would like a PIN on your card, you can ask at your municipal office.",
    )
}

pub(super) fn ask_about_certificate() -> Rule {
    office(
        "ask-about-certificate",
        102,
        "電子証明書については、お住まいの市区町村の窓口でお尋ねください。",
        "Please ask your municipal office about the certificate on the card.",
    )
}

pub(super) fn insurer() -> Rule {
    Rule::new(
        "insurer",
        104,
        Action::ContactInsurer,
        "保険が最近変わった方は、勤め先や保険者（市区町村など）にお尋ねください。登録に日数がかかることがあります。",
        "If your insurance changed recently, please ask your employer or insurer. It can take some days to appear.",
    )
    .source(FALLBACK, VERIFIED)
}

pub(super) fn ask_for_certificate(dates: &RuleDates) -> Rule {
    Rule::new(
        "ask-for-certificate",
        106,
        Action::ContactInsurer,
        "資格確認書がお手元にない方は、加入している保険者に申し込めます。",
        "If you have no Certificate of Eligibility (資格確認書), you can ask your insurer for one.",
    )
    .unless(Fact::InHand(Document::QualificationCertificate))
    .since(&dates.insurance_card_ends)
}
