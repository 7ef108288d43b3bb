//! Documents, in hand or perhaps, and questions by the numbers on them.

use super::{Action, FALLBACK, Fact, Rule, RuleDates, VERIFIED};
use crate::eligibility::{AgeGroup, Document};

const CERTIFICATE: Fact = Fact::InHand(Document::QualificationCertificate);
const NOTICE: Fact = Fact::InHand(Document::QualificationNotice);
const PAPER_CARD: Fact = Fact::InHand(Document::ExpiredInsuranceCard);

/// What stands alone helps after each failure.
pub(super) fn for_all(dates: &RuleDates) -> Vec<Rule> {
    let certificate = |id: &'static str, rank, ja: &'static str, en: &'static str| {
        Rule::new(id, rank, Action::ShowQualificationCertificate, ja, en)
    };
    vec![
        certificate(
            "certificate-in-hand",
            20,
            "お持ちの資格確認書を、受付に見せてください。それだけで受付ができます。",
            "Please show your Certificate of Eligibility (資格確認書) at the reception. That alone is enough.",
        )
        .when(CERTIFICATE)
        .until(&dates.certificates_for_all_from_75_to)
        .since(&dates.insurance_card_ends),
        // From that day on some of those in circulation are out of date.
        certificate(
            "certificate-in-hand-check-date",
            20,
            "お持ちの資格確認書を、受付に見せてください。有効期限内であれば、それだけで受付ができます。",
            "Please show your Certificate of Eligibility (資格確認書) at the reception. If it is in date, that alone is enough.",
        )
        .when(CERTIFICATE)
        .after(&dates.certificates_for_all_from_75_to),
        certificate(
            "certificate-perhaps",
            66,
            "資格確認書をお持ちの場合は、受付に見せてください。75歳以上の方には全員に送られています。",
            "If you have a Certificate of Eligibility (資格確認書), please show it at the reception. Everyone aged 75 or over has been sent one.",
        )
        .unless(CERTIFICATE)
        .since(&dates.insurance_card_ends)
        .until(&dates.certificates_for_all_from_75_to),
        certificate(
            "certificate-perhaps-check-date",
            66,
            "有効期限内の資格確認書をお持ちの場合は、受付に見せてください。",
            "If you have a Certificate of Eligibility (資格確認書) that is in date, please show it at the reception.",
        )
        .unless(CERTIFICATE)
        .after(&dates.certificates_for_all_from_75_to),
        Rule::new(
            "paper-card",
            28,
            Action::ShowOldInsuranceCard,
            "お持ちの健康保険証が有効期限内であれば、受付に見せてください。",
            "If your paper insurance card is still in date, please show it at the reception.",
        )
        .when(PAPER_CARD)
        .until(&dates.last_day_of_insurance_card),
        Rule::new(
            "paper-card-perhaps",
            68,
            Action::ShowOldInsuranceCard,
            "有効期限内の健康保険証をお持ちの場合は、受付に見せてください。",
            "If you have a paper insurance card that is in date, please show it at the reception.",
        )
        .until(&dates.last_day_of_insurance_card),
    ]
}

/// Where such a document comes to mind first.
pub(super) fn with_card_first(dates: &RuleDates) -> Vec<Rule> {
    vec![
        Rule::new(
            "screen-perhaps",
            60,
            Action::ShowPortalScreenWithCard,
            "スマートフォンでマイナポータルの「健康保険証」（資格情報）の画面を開ける場合は、カードと一緒に見せてください。",
            "If you can open the health insurance screen of Mynaportal on a phone, please show it together with the card.",
        )
        .when(Fact::CardHere)
        .source(FALLBACK, VERIFIED),
        pdf_perhaps("pdf-perhaps", 62),
        notice_from_75("notice-from-75", 63, dates),
        notice_perhaps("notice-perhaps", 64, dates),
    ]
}

/// What is in hand comes early, what may be comes late.
pub(super) fn with_card(dates: &RuleDates) -> Vec<Rule> {
    vec![
        Rule::new(
            "screen-in-hand",
            22,
            Action::ShowPortalScreenWithCard,
            "マイナポータルの「健康保険証」（資格情報）の画面を、カードと一緒に見せてください。",
            "Please show the health insurance screen of Mynaportal together with the card.",
        )
        .when(Fact::InHand(Document::PortalScreen))
        .when(Fact::CardHere)
        .source(FALLBACK, VERIFIED),
        Rule::new(
            "pdf-in-hand",
            24,
            Action::ShowPortalPdfWithCard,
            "マイナポータルから保存した資格情報のPDFを、カードと一緒に見せてください。",
            "Please show the insurance PDF you saved from Mynaportal together with the card.",
        )
        .when(Fact::InHand(Document::PortalPdf))
        .when(Fact::CardHere)
        .source(FALLBACK, VERIFIED),
        Rule::new(
            "notice-in-hand",
            26,
            Action::ShowNoticeWithCard,
            "「資格情報のお知らせ」を、カードと一緒に見せてください。",
            "Please show the Notice of Eligibility (資格情報のお知らせ) together with the card.",
        )
        .when(NOTICE)
        .when(Fact::CardHere)
        .since(&dates.insurance_card_ends),
        pdf_perhaps("pdf-perhaps-late", 70),
        notice_from_75("notice-from-75-late", 71, dates),
        notice_perhaps("notice-perhaps-late", 72, dates),
    ]
}

fn pdf_perhaps(id: &'static str, rank: u16) -> Rule {
    Rule::new(
        id,
        rank,
        Action::ShowPortalPdfWithCard,
        "マイナポータルから資格情報のPDFを保存してある場合は、カードと一緒に見せてください。",
        "If you have saved the insurance PDF from Mynaportal, please show it together with the card.",
    )
    .when(Fact::CardHere)
    .source(FALLBACK, VERIFIED)
}

fn notice_perhaps(id: &'static str, rank: u16, dates: &RuleDates) -> Rule {
    Rule::new(
        id,
        rank,
        Action::ShowNoticeWithCard,
        "「資格情報のお知らせ」をお持ちの場合は、カードと一緒に見せてください。",
        "If you have a Notice of Eligibility (資格情報のお知らせ), please show it together with the card.",
    )
    .when(Fact::CardHere)
    .since(&dates.insurance_card_ends)
}

/// Those aged 75 and over knew only the certificate until then.
fn notice_from_75(id: &'static str, rank: u16, dates: &RuleDates) -> Rule {
    Rule::new(
        id,
        rank,
        Action::ShowNoticeWithCard,
        "75歳以上でマイナ保険証をお持ちの方には、「資格情報のお知らせ」が送られています。お持ちの場合は、カードと一緒に見せてください。",
        "People aged 75 or over with a registered card are now sent a Notice of Eligibility (資格情報のお知らせ). If you have it with you, please show it together with the card.",
    )
    .when(Fact::CardHere)
    .when(Fact::Aged(AgeGroup::From75))
    .after(&dates.certificates_for_all_from_75_to)
}

pub(super) fn query(dates: &RuleDates) -> Vec<Rule> {
    vec![
        Rule::new(
            "expired-paper-card-tolerated",
            29,
            Action::QueryByNumber,
            "期限の切れた健康保険証を、受付に見せてください。書かれている番号で資格を確認できれば、ふだんの負担割合で受診できます。",
            "Please show your expired insurance card at the reception. If its number confirms your insurance, you pay your usual share.",
        )
        .when(PAPER_CARD)
        .since(&dates.expired_card_tolerated_from)
        .until(&dates.expired_card_tolerated_to),
        Rule::new(
            "notice-alone-tolerated",
            29,
            Action::QueryByNumber,
            "「資格情報のお知らせ」を、受付に見せてください。書かれている番号で資格を確認できれば、ふだんの負担割合で受診できます。",
            "Please show your Notice of Eligibility (資格情報のお知らせ) at the reception. If its number confirms your insurance, you pay your usual share.",
        )
        .when(NOTICE)
        .unless(Fact::CardHere)
        .since(&dates.expired_card_tolerated_from)
        .until(&dates.expired_card_tolerated_to),
        Rule::new(
            "query-expired-paper-card",
            84,
            Action::QueryByNumber,
            "期限の切れた健康保険証は、もう資格の確認には使えません。書かれている番号で、受付が資格を照会できることはあります。",
            "An expired paper insurance card no longer counts. The reception may be able to look up your insurance by the number on it.",
        )
        .when(PAPER_CARD)
        .after(&dates.expired_card_tolerated_to),
        Rule::new(
            "query",
            86,
            Action::QueryByNumber,
            "保険の記号・番号がわかれば、受付で資格を照会できることがあります。",
            "If you know your insurance number, the reception may be able to look up your insurance.",
        )
        .source(FALLBACK, VERIFIED),
    ]
}

pub(super) fn query_with_branch() -> Rule {
    Rule::new(
        "query-branch",
        83,
        Action::QueryByNumber,
        "保険の記号・番号と枝番がわかれば、受付で一つに決められることがあります。",
        "If you know your insurance number with its branch number (枝番), the reception may be able to tell which one applies.",
    )
}

pub(super) fn query_new() -> Rule {
    Rule::new(
        "query-new",
        83,
        Action::QueryByNumber,
        "新しい保険の記号・番号がわかれば、受付で資格を照会できます。",
        "If you know the number of your new insurance, the reception can look it up.",
    )
}
