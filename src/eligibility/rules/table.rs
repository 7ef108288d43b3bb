//! The rules as known on [`VERIFIED`]. Ranks: 10 a retry that solves it, 20
//! documents in hand, 40 other ways on the reader, 60 documents that may be in
//! hand, 80 ways without a document, 90 staff, 100 for next time, 120 reception.

use jiff::civil::{Date, date};

use super::super::{Document, Failure};
use super::{Action, Fact, Rule};
use Fact::{
    CardHere, FaceOffered, FirstVisit, InHand, Lapsed, PinPossible, RegistrationOffered,
    ReturnVisit, StaffOffered,
};
use Failure::*;

/// When the sources were last looked up.
const VERIFIED: Date = date(2026, 11, 22);
/// No new 健康保険証; 資格確認書 begins.
const REFORM: Date = date(2024, 12, 2);
/// Last day of any 健康保険証.
const LAST_PAPER_DAY: Date = date(2025, 12, 1);
/// Cards of 国保 and 後期高齢者医療 mostly ended on 2025-07-31; the tolerance for
/// expired cards counts from the next day.
const TOLERANCE_FROM: Date = date(2025, 8, 1);
/// Last day of that tolerance.
const TOLERANCE_TO: Date = date(2026, 3, 31);
/// Last day of 資格確認書 for everyone aged 75 and over.
const ELDERLY_TO: Date = date(2026, 7, 31);

const REFORM_LAW: &str =
    "MHLW, end of the health insurance card on 2024-12-02 (健康保険証の新規発行終了)";
const FALLBACK: &str = "MHLW 保発0710第1号 (2023-07-10) and its 事務連絡 and 疑義解釈";
const TOLERANCE: &str = "MHLW 事務連絡 of 2025-06-27 and 2025-11-12";
const CERTIFICATE: &str = "MHLW newpage_50657 (電子証明書の有効期限)";
const PORTAL: &str = "Portal site for medical institutions, FAQ (医療機関等向け総合ポータルサイト)";
const ELDERLY: &str = "MHLW, 資格確認書 for those aged 75 and over until 2026-07-31";

/// A second attempt of seconds is the remedy.
const RETRY: &[Failure] = &[
    NotAMyNumberCard,
    CardUnreadable,
    CardRemoved,
    ReaderBusy,
    PinOutcomeUnknown,
    Cancelled,
    PersonTimedOut,
];
/// Reader, terminal, network, centre.
const LINK: &[Failure] = &[
    CardUnreadable,
    ReaderFault,
    ReaderBusy,
    NetworkDown,
    CentreDown,
    TimedOut,
    OutcomeUnknown,
    ProofRefused,
    Misconfigured,
    Internal,
];
/// What the centre found about the insurance.
const RECORD: &[Failure] = &[NoSuchInsured, InsuranceInvalid, SeveralInsured];
/// Identification.
const PIN: &[Failure] = &[
    PinLocked,
    PinForgotten,
    LastTryDeclined,
    PinOutcomeUnknown,
    PinLessCard,
];
const FACE: &[Failure] = &[
    FaceNotRecognised,
    FaceUnavailable,
    StaffRefused,
    StaffLocked,
];
/// Card or certificate.
const CERT: &[Failure] = &[
    CardExpired,
    CertificateLapsed,
    CertificateNotYetValid,
    CertificateRevoked,
    CertificateInvalid,
    WrongRealm,
    SignatureInvalid,
];
const REGISTRATION: &[Failure] = &[NotRegistered, RegistrationDeclined];

pub(super) fn current() -> Vec<Rule> {
    let mut rules = at_the_reader();
    rules.extend(documents_in_hand());
    rules.extend(documents_perhaps());
    rules.extend(without_document());
    rules.extend(for_next_time());
    rules
}

fn at_the_reader() -> Vec<Rule> {
    vec![
        Rule::new(
            "sleeve", 10, Action::TakeOffSleeve,
            "カードをケースやカバーから出してください。",
            "Please take the card out of its case or sleeve.",
        )
        .on(&[CardUnreadable, NotAMyNumberCard]),
        Rule::new(
            "place-my-number-card", 11, Action::PlaceCardAgain,
            "マイナンバーカードを、読み取り機に置いてください。",
            "Please place your My Number card on the reader.",
        )
        .on(&[NotAMyNumberCard, PhoneNotAccepted]),
        Rule::new(
            "place-again", 11, Action::PlaceCardAgain,
            "カードをもう一度置いてください。終わりの案内が出るまで、そのままお待ちください。",
            "Please place the card again, and leave it there until the screen says it is done.",
        )
        .on(RETRY),
        Rule::new(
            "place-again-later", 50, Action::PlaceCardAgain,
            "カードをもう一度置いて、はじめからお試しください。",
            "Please place the card again and start over.",
        )
        .on(&[SignatureInvalid, ProofRefused, TimedOut, OutcomeUnknown, Internal]),
        Rule::new(
            "face", 40, Action::TryFace,
            "カードをもう一度置いて、「顔認証」を選んでください。暗証番号は要りません。",
            "Please place your card again and choose \"Face\". No PIN is needed.",
        )
        .on(PIN)
        .when(FaceOffered)
        .source(PORTAL, VERIFIED),
        Rule::new(
            "face-after-staff", 40, Action::TryFace,
            "カードをもう一度置いて、「顔認証」を選んでください。",
            "Please place your card again and choose \"Face\".",
        )
        .on(&[StaffLocked, StaffRefused])
        .when(FaceOffered),
        Rule::new(
            "pin-after-face", 12, Action::TryPin,
            "暗証番号がわかる場合は、カードをもう一度置いて、「暗証番号（4桁）」を選んでください。",
            "If you know your PIN, please place your card again and choose \"PIN (4 digits)\".",
        )
        .on(FACE)
        .when(PinPossible),
        Rule::new(
            "staff", 42, Action::AskStaffCheck,
            "職員がカードの写真を見て確認することもできます。受付にお声がけください。",
            "Staff can also compare you with the photo on the card. Please ask at the reception.",
        )
        .on(&[
            PinLocked, PinForgotten, LastTryDeclined, PinOutcomeUnknown, PinLessCard,
            FaceNotRecognised, FaceUnavailable,
        ])
        .when(StaffOffered)
        .source(PORTAL, VERIFIED),
        Rule::new(
            "register", 46, Action::RegisterAtReader,
            "この読み取り機で、いま利用登録ができます。カードを置いて、画面の案内に沿って進んでください。",
            "You can register the card right here. Please place it and follow the screen.",
        )
        .on(&[NotRegistered])
        .when(RegistrationOffered)
        .source(PORTAL, VERIFIED),
        // Not first: the person has just said no.
        Rule::new(
            "register-after-all", 76, Action::RegisterAtReader,
            "利用登録は、あとからでも、この読み取り機でできます。",
            "You can still register the card here at any later time.",
        )
        .on(&[RegistrationDeclined])
        .when(RegistrationOffered)
        .source(PORTAL, VERIFIED),
        Rule::new(
            "other-reader", 48, Action::UseOtherReader,
            "ほかの読み取り機があれば、そちらもお使いいただけます。受付にお声がけください。",
            "If there is another reader, you can use that one. Please ask at the reception.",
        )
        .on(&[CardUnreadable, ReaderFault, ReaderBusy, Misconfigured, Internal])
        .source(PORTAL, VERIFIED),
    ]
}

fn documents_in_hand() -> Vec<Rule> {
    vec![
        Rule::new(
            "certificate-in-hand", 20, Action::ShowQualificationCertificate,
            "お持ちの資格確認書を、受付に見せてください。それだけで受付ができます。",
            "Please show your Certificate of Eligibility (資格確認書). That alone is enough.",
        )
        .when(InHand(Document::QualificationCertificate))
        .from(REFORM)
        .to(ELDERLY_TO)
        .source(REFORM_LAW, VERIFIED),
        // From that day on some of those in circulation are out of date.
        Rule::new(
            "certificate-in-hand-check-date", 20, Action::ShowQualificationCertificate,
            "お持ちの資格確認書を、受付に見せてください。有効期限内であれば、それだけで受付ができます。",
            "Please show your Certificate of Eligibility (資格確認書). If it is in date, that alone is enough.",
        )
        .when(InHand(Document::QualificationCertificate))
        .from(date(2026, 8, 1))
        .source(ELDERLY, VERIFIED),
        Rule::new(
            "screen-in-hand", 22, Action::ShowPortalScreenWithCard,
            "マイナポータルの「健康保険証」の画面を、カードと一緒に見せてください。",
            "Please show the insurance screen of Mynaportal together with the card.",
        )
        .on(WITH_CARD)
        .when(InHand(Document::PortalScreen))
        .when(CardHere)
        .source(FALLBACK, VERIFIED),
        Rule::new(
            "pdf-in-hand", 24, Action::ShowPortalPdfWithCard,
            "保存してあるマイナポータルのPDFを、カードと一緒に見せてください。",
            "Please show the PDF you saved from Mynaportal together with the card.",
        )
        .on(WITH_CARD)
        .when(InHand(Document::PortalPdf))
        .when(CardHere)
        .source(FALLBACK, VERIFIED),
        Rule::new(
            "notice-in-hand", 26, Action::ShowNoticeWithCard,
            "「資格情報のお知らせ」を、カードと一緒に見せてください。",
            "Please show the Notice of Eligibility (資格情報のお知らせ) together with the card.",
        )
        .on(WITH_CARD)
        .when(InHand(Document::QualificationNotice))
        .when(CardHere)
        .source(REFORM_LAW, VERIFIED),
        Rule::new(
            "paper-card", 28, Action::ShowOldInsuranceCard,
            "お持ちの健康保険証が有効期限内であれば、受付に見せてください。",
            "If your paper insurance card is still in date, please show it at the reception.",
        )
        .when(InHand(Document::ExpiredInsuranceCard))
        .to(LAST_PAPER_DAY)
        .source(REFORM_LAW, VERIFIED),
        Rule::new(
            "expired-paper-card-tolerated", 29, Action::QueryByNumber,
            "期限の切れた健康保険証でも、番号で資格を確認できれば、ふだんの負担割合で受診できます。受付に見せてください。",
            "Even an expired paper card helps: if the clinic can confirm your insurance by its number, you pay your usual share. Please show it at the reception.",
        )
        .on(QUERY)
        .when(InHand(Document::ExpiredInsuranceCard))
        .from(TOLERANCE_FROM)
        .to(TOLERANCE_TO)
        .source(TOLERANCE, VERIFIED),
    ]
}

/// Failures where a document together with the card helps. Which of them the
/// card can't serve in, `advise` itself knows.
const WITH_CARD: &[Failure] = &[
    CardUnreadable,
    CardRemoved,
    ReaderFault,
    ReaderBusy,
    CertificateLapsed,
    CertificateNotYetValid,
    CertificateRevoked,
    PinLocked,
    PinForgotten,
    LastTryDeclined,
    PinOutcomeUnknown,
    PinLessCard,
    FaceNotRecognised,
    FaceUnavailable,
    StaffLocked,
    NetworkDown,
    CentreDown,
    TimedOut,
    OutcomeUnknown,
    NotEquipped,
    NoSuchInsured,
    InsuranceInvalid,
    SeveralInsured,
    ProofRefused,
    Cancelled,
    PersonTimedOut,
    PhoneNotAccepted,
    NotAMyNumberCard,
    Misconfigured,
    Internal,
];
/// The same where such a document comes to mind first.
const WITH_CARD_FIRST: &[Failure] = &[
    CardUnreadable,
    ReaderFault,
    ReaderBusy,
    NetworkDown,
    CentreDown,
    TimedOut,
    OutcomeUnknown,
    NotEquipped,
    NoSuchInsured,
    InsuranceInvalid,
    SeveralInsured,
    ProofRefused,
    PhoneNotAccepted,
    Misconfigured,
    Internal,
];
/// Failures where the clinic can still ask by number.
const QUERY: &[Failure] = &[
    CardUnreadable,
    CardRemoved,
    ReaderFault,
    ReaderBusy,
    CardExpired,
    CertificateLapsed,
    CertificateNotYetValid,
    CertificateRevoked,
    CertificateInvalid,
    PinLocked,
    PinForgotten,
    LastTryDeclined,
    PinOutcomeUnknown,
    PinLessCard,
    FaceNotRecognised,
    FaceUnavailable,
    StaffLocked,
    NotRegistered,
    RegistrationDeclined,
    NoSuchInsured,
    InsuranceInvalid,
    SeveralInsured,
    ProofRefused,
    PhoneNotAccepted,
    NotAMyNumberCard,
    Cancelled,
    PersonTimedOut,
    Misconfigured,
    Internal,
];

fn documents_perhaps() -> Vec<Rule> {
    let certificate = |id: &'static str, ja: &'static str, en: &'static str| {
        Rule::new(id, 66, Action::ShowQualificationCertificate, ja, en)
            .unless(InHand(Document::QualificationCertificate))
    };
    let pdf = |id: &'static str, rank| {
        Rule::new(
            id,
            rank,
            Action::ShowPortalPdfWithCard,
            "マイナポータルのPDFを保存してある場合は、カードと一緒に見せてください。",
            "If you have saved the PDF from Mynaportal, please show it together with the card.",
        )
        .when(CardHere)
        .source(FALLBACK, VERIFIED)
    };
    let notice = |id: &'static str, rank| {
        Rule::new(
            id,
            rank,
            Action::ShowNoticeWithCard,
            "「資格情報のお知らせ」をお持ちの場合は、カードと一緒に見せてください。",
            "If you have a Notice of Eligibility (資格情報のお知らせ), please show it together with the card.",
        )
        .when(CardHere)
        .from(REFORM)
        .source(REFORM_LAW, VERIFIED)
    };
    vec![
        Rule::new(
            "screen-perhaps", 60, Action::ShowPortalScreenWithCard,
            "スマートフォンでマイナポータルの「健康保険証」の画面を開ける場合は、カードと一緒に見せてください。",
            "If you can open the insurance screen of Mynaportal on a phone, please show it together with the card.",
        )
        .on(WITH_CARD_FIRST)
        .when(CardHere)
        .source(FALLBACK, VERIFIED),
        pdf("pdf-perhaps", 62).on(WITH_CARD_FIRST),
        notice("notice-perhaps", 64).on(WITH_CARD_FIRST),
        pdf("pdf-perhaps-late", 70).on(WITH_CARD),
        notice("notice-perhaps-late", 72).on(WITH_CARD),
        certificate(
            "certificate-perhaps",
            "資格確認書をお持ちの場合は、受付に見せてください。75歳以上の方には全員に送られています。",
            "If you have a Certificate of Eligibility (資格確認書), please show it. Everyone aged 75 or over has been sent one.",
        )
        .from(REFORM)
        .to(ELDERLY_TO)
        .source(ELDERLY, VERIFIED),
        certificate(
            "certificate-perhaps-check-date",
            "有効期限内の資格確認書をお持ちの場合は、受付に見せてください。",
            "If you have a Certificate of Eligibility (資格確認書) that is in date, please show it.",
        )
        .from(date(2026, 8, 1))
        .source(ELDERLY, VERIFIED),
        Rule::new(
            "paper-card-perhaps", 68, Action::ShowOldInsuranceCard,
            "有効期限内の健康保険証をお持ちの場合は、受付に見せてください。",
            "If you have a paper insurance card that is in date, please show it at the reception.",
        )
        .to(LAST_PAPER_DAY)
        .source(REFORM_LAW, VERIFIED),
    ]
}

fn without_document() -> Vec<Rule> {
    let declared: Vec<Failure> = [LINK, RECORD].concat();
    let declared_late: Vec<Failure> = [
        PIN,
        &[
            CardExpired,
            CertificateLapsed,
            CertificateNotYetValid,
            CertificateRevoked,
        ],
        &[FaceNotRecognised, FaceUnavailable, StaffLocked],
    ]
    .concat();
    let declaration = |id: &'static str, rank| {
        Rule::new(
            id, rank, Action::WriteDeclaration,
            "受付で「被保険者資格申立書」を書くと、ふだんの負担割合で受診できます。",
            "You can write a declaration of insurance (被保険者資格申立書) at the reception, and pay your usual share.",
        )
        .unless(ReturnVisit)
        .when(CardHere)
        .source(FALLBACK, VERIFIED)
    };
    vec![
        Rule::new(
            "past-record", 80, Action::AskPastRecord,
            "以前に受診された方は、保険が変わっていないか、受付でお伺いします。",
            "If you have been here before, the reception will ask whether your insurance has changed.",
        )
        .on(&declared)
        .unless(FirstVisit)
        .source(FALLBACK, VERIFIED),
        declaration("declaration", 82).on(&declared),
        declaration("declaration-late", 110).on(&declared_late),
        Rule::new(
            "declaration-return", 110, Action::WriteDeclaration,
            "保険がわかる記録がないときは、受付で「被保険者資格申立書」を書くこともできます。",
            "If there is no record of your insurance, you can also write a declaration (被保険者資格申立書) at the reception.",
        )
        .on(&[declared, declared_late].concat())
        .when(ReturnVisit)
        .when(CardHere)
        .source(FALLBACK, VERIFIED),
        Rule::new(
            "query-expired-paper-card", 84, Action::QueryByNumber,
            "期限の切れた健康保険証は、もう資格の確認には使えません。書かれている番号で、受付が資格を照会できることはあります。",
            "An expired paper insurance card no longer counts. The reception may be able to look up your insurance by the number on it.",
        )
        .on(QUERY)
        .when(InHand(Document::ExpiredInsuranceCard))
        .from(date(2026, 4, 1))
        .source(TOLERANCE, VERIFIED),
        Rule::new(
            "query-branch", 83, Action::QueryByNumber,
            "保険の記号・番号と枝番がわかれば、受付で一つに決められることがあります。",
            "If you know your insurance number with its branch number (枝番), the reception may be able to tell which one applies.",
        )
        .on(&[SeveralInsured]),
        Rule::new(
            "query", 86, Action::QueryByNumber,
            "保険の記号・番号がわかれば、受付で資格を照会できることがあります。",
            "If your insurance number is known, the reception may be able to look up your insurance.",
        )
        .on(QUERY)
        .source(FALLBACK, VERIFIED),
        Rule::new(
            "later", 88, Action::TryAgainLater,
            "少し時間をおくと、使えるようになることがあります。",
            "It may work again after a little while.",
        )
        .on(&[
            ReaderFault, ReaderBusy, NetworkDown, CentreDown, TimedOut, OutcomeUnknown,
            FaceUnavailable, StaffLocked, Internal,
        ]),
        Rule::new(
            "outage-mode", 90, Action::SystemOutageMode,
            "職員の方へ：全国的な障害のときは、「システム障害時モード」を使えるようになることがあります。",
            "For staff: in a nationwide outage, the system outage mode (システム障害時モード) may be opened.",
        )
        .on(&[CentreDown])
        .source(FALLBACK, VERIFIED),
        Rule::new(
            "call-centre", 92, Action::CallCentre,
            "職員の方へ：直らないときは、コールセンター（0800-080-4583）にご連絡ください。",
            "For staff: if it goes on, please call the call centre (0800-080-4583).",
        )
        .on(&[ReaderFault, NetworkDown, CentreDown, TimedOut, OutcomeUnknown, ProofRefused, Internal])
        .source(FALLBACK, VERIFIED),
        Rule::new(
            "reception", 120, Action::AskForReceptionist,
            "お困りのときは、受付の職員にお声がけください。",
            "If you need help, please speak to the reception staff.",
        ),
        Rule::new(
            "pay-in-full", 130, Action::PayInFullForNow,
            "どの方法も使えないときは、いったん全額をお支払いいただき、あとで払い戻しを受けられることがあります。",
            "If nothing else is possible, you may have to pay in full for now and can ask for the money back later.",
        )
        .on(&[CERT, REGISTRATION, RECORD, &[StaffRefused]].concat())
        .source(FALLBACK, VERIFIED),
    ]
}

fn for_next_time() -> Vec<Rule> {
    let office = |id: &'static str, ja: &'static str, en: &'static str| {
        Rule::new(id, 102, Action::MunicipalOffice, ja, en).source(PORTAL, VERIFIED)
    };
    vec![
        office(
            "renew-card",
            "新しいカードは、お住まいの市区町村の窓口で申し込めます。",
            "You can apply for a new card at your municipal office.",
        )
        .on(&[CardExpired]),
        office(
            "renew-certificate",
            "電子証明書の更新は、お住まいの市区町村の窓口でできます。",
            "The certificate can be renewed at your municipal office.",
        )
        .when(Lapsed)
        .unless(Fact::PinLessCard)
        .source(CERTIFICATE, VERIFIED),
        office(
            "reset-pin",
            "暗証番号は、お住まいの市区町村の窓口で設定し直せます。",
            "The PIN can be set again at your municipal office.",
        )
        .on(&[PinLocked, PinForgotten, LastTryDeclined]),
        office(
            "set-pin",
            "暗証番号をつけたいときは、お住まいの市区町村の窓口で手続きができます。",
            "If you would like a PIN on your card, you can ask at your municipal office.",
        )
        .on(&[PinLessCard]),
        office(
            "ask-about-certificate",
            "電子証明書については、お住まいの市区町村の窓口でお尋ねください。",
            "Please ask your municipal office about the certificate on the card.",
        )
        .on(&[CertificateRevoked, CertificateInvalid, CertificateNotYetValid, SignatureInvalid]),
        Rule::new(
            "reset-pin-store", 100, Action::ConvenienceStoreReset,
            "暗証番号は、スマートフォンのアプリで予約すると、コンビニエンスストアでも設定し直せます。",
            "The PIN can also be reset at a convenience store, after booking with the phone app.",
        )
        .on(&[PinLocked, PinForgotten, LastTryDeclined])
        .unless(Lapsed)
        .unless(Fact::PinLessCard)
        .source(PORTAL, VERIFIED),
        Rule::new(
            "insurer", 104, Action::ContactInsurer,
            "保険が最近変わった方は、勤め先や保険者（市区町村など）にお尋ねください。登録に日数がかかることがあります。",
            "If your insurance changed recently, please ask your employer or insurer. It can take some days to appear.",
        )
        .on(RECORD)
        .source(FALLBACK, VERIFIED),
        Rule::new(
            "ask-for-certificate", 106, Action::ContactInsurer,
            "資格確認書がお手元にない方は、加入している保険者に申し込めます。",
            "If you have no Certificate of Eligibility (資格確認書), you can ask your insurer for one.",
        )
        .on(&[
            CardExpired, CertificateLapsed, CertificateRevoked, PinLessCard, NotRegistered,
            RegistrationDeclined, NotEquipped,
        ])
        .unless(InHand(Document::QualificationCertificate))
        .from(REFORM)
        .source(REFORM_LAW, VERIFIED),
    ]
}
