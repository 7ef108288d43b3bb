//! Ways without a document, and what is for the staff.

use super::{Action, FALLBACK, Fact, Rule, VERIFIED};
use crate::eligibility::{AgeGroup, Failure, Situation};

const MODES: &str = "Portal site for medical institutions, 災害時モード";
const INSTALLERS: &str = "An installer's FAQ on readers and terminals";
const WELFARE: &str = "Municipal notices on 医療扶助のオンライン資格確認 (未委託・未登録)";

pub(super) fn for_all() -> Vec<Rule> {
    // Not where card or person are in doubt; `advise` would hold it back as well.
    let looked_up: Vec<Failure> = Failure::ALL
        .iter()
        .copied()
        .filter(|failure| !Situation::of(*failure).in_doubt())
        .collect();
    vec![
        Rule::new(
            "disaster-mode",
            30,
            Action::DisasterMode,
            "災害時の取り扱いにより、カードや書類がなくても確認できます。お名前・生年月日・ご住所を、受付でお伝えください。",
            "Under the rules for disasters, the reception can look you up without a card or papers. Please tell them your name, birth date and address.",
        )
        .on(&looked_up)
        .when(Fact::Disaster)
        .source(MODES, VERIFIED),
        Rule::new(
            "reception",
            120,
            Action::AskForReceptionist,
            "お困りのときは、受付の職員にお声がけください。",
            "If you need help, please speak to the reception staff.",
        ),
    ]
}

pub(super) fn declare() -> Vec<Rule> {
    let mut rules = vec![
        Rule::new(
            "past-record",
            80,
            Action::AskPastRecord,
            "以前に受診された方は、保険が変わっていないか、受付でお伺いします。",
            "If you have been here before, the reception will ask whether your insurance has changed.",
        )
        .unless(Fact::FirstVisit)
        .source(FALLBACK, VERIFIED),
    ];
    rules.extend(declaration("declaration", 82));
    rules.extend(after_declaration(""));
    rules
}

pub(super) fn declare_late() -> Vec<Rule> {
    let mut rules = declaration("declaration-late", 110);
    rules.extend(after_declaration("-late"));
    rules
}

/// Tenths by age as the 疑義解釈 has them: 2 before school, by one's own word from 70
/// on, else 3. The first that fits stands, so the last is for an unknown age.
fn declaration(id: &'static str, rank: u16) -> Vec<Rule> {
    let two = (
        "受付で「被保険者資格申立書」を書くと、保険を使って受診できます。ご負担は2割です。",
        "You can write a declaration of insurance (被保険者資格申立書) at the reception. You pay 20 percent.",
    );
    let three = (
        "受付で「被保険者資格申立書」を書くと、保険を使って受診できます。ご負担は3割です。",
        "You can write a declaration of insurance (被保険者資格申立書) at the reception. You pay 30 percent.",
    );
    let own = (
        "受付で「被保険者資格申立書」を書くと、保険を使って受診できます。1割から3割のうち、ご自身の負担割合を書いてください。",
        "You can write a declaration of insurance (被保険者資格申立書) at the reception. Please write which share you pay, 10 to 30 percent.",
    );
    let usual = (
        "受付で「被保険者資格申立書」を書くと、ふだんの負担割合で受診できます。",
        "You can write a declaration of insurance (被保険者資格申立書) at the reception, and pay your usual share.",
    );
    let rule = |id: String, rank, (ja, en): (&'static str, &'static str)| {
        Rule::new(id, rank, Action::WriteDeclaration, ja, en)
            .when(Fact::CardHere)
            .source(FALLBACK, VERIFIED)
    };
    let by_age = [
        (AgeGroup::Preschool, "preschool", two),
        (AgeGroup::Child, "child", three),
        (AgeGroup::Adult, "adult", three),
        (AgeGroup::From70, "from-70", own),
        (AgeGroup::From75, "from-75", own),
    ];
    let mut rules: Vec<Rule> = by_age
        .into_iter()
        .map(|(group, name, words)| {
            rule(format!("{id}-{name}"), rank, words)
                .when(Fact::Aged(group))
                .unless(Fact::ReturnVisit)
        })
        .collect();
    rules.push(rule(id.to_owned(), rank, usual).unless(Fact::ReturnVisit));
    let return_visit = (
        "保険がわかる記録がないときは、受付で「被保険者資格申立書」を書くこともできます。",
        "If there is no record of your insurance, you can also write a declaration (被保険者資格申立書) at the reception.",
    );
    rules.push(rule(format!("{id}-return"), 110, return_visit).when(Fact::ReturnVisit));
    rules
}

fn after_declaration(suffix: &str) -> [Rule; 2] {
    [
        Rule::new(
            format!("keep-declaration{suffix}"),
            96,
            Action::KeepDeclaration,
            "職員の方へ：書いていただいた申立書は、請求の支払いが済むまで保管してください。",
            "For staff: please keep the declaration until the claim has been paid.",
        )
        .when(Fact::CardHere)
        .source(FALLBACK, VERIFIED),
        Rule::new(
            format!("claim-as-unknown{suffix}"),
            97,
            Action::ClaimAsUnknown,
            "職員の方へ：保険の番号がわからないままのときは、「不詳」として請求できます。",
            "For staff: if the insurance numbers stay unknown, the claim can be made without them, as unknown (不詳).",
        )
        .when(Fact::CardHere)
        .source(FALLBACK, VERIFIED),
    ]
}

pub(super) fn later() -> Rule {
    Rule::new(
        "later",
        88,
        Action::TryAgainLater,
        "少し時間をおくと、使えるようになることがあります。",
        "It may work again after a little while.",
    )
}

pub(super) fn wait() -> Rule {
    Rule::new(
        "wait",
        15,
        Action::WaitHere,
        "確認が終わるまで、このまま少しお待ちください。",
        "Please wait here a moment until the check is done.",
    )
}

pub(super) fn wait_for_desk() -> Rule {
    Rule::new(
        "wait-for-desk",
        15,
        Action::WaitHere,
        "続きは受付で確認します。このまま少しお待ちください。",
        "The reception will see to the rest. Please wait here a moment.",
    )
}

pub(super) fn outage() -> Rule {
    Rule::new(
        "outage-mode",
        90,
        Action::SystemOutageMode,
        "職員の方へ：全国的な障害のときは、「システム障害時モード」を使えることがあります。コールセンターにお問い合わせください。",
        "For staff: in a nationwide outage, the system outage mode (システム障害時モード) may be opened. Please ask the call centre.",
    )
    .source(FALLBACK, VERIFIED)
}

pub(super) fn outage_open() -> Rule {
    Rule::new(
        "outage-mode-open",
        90,
        Action::SystemOutageMode,
        "職員の方へ：「システム障害時モード」で、お名前・生年月日・性別・ご住所などから探せます。使ったあとは報告をお願いします。",
        "For staff: in the system outage mode (システム障害時モード), look the person up by name, birth date, sex and address. Its use is to be reported.",
    )
    .source(FALLBACK, VERIFIED)
}

pub(super) fn search() -> Rule {
    Rule::new(
        "emergency-search",
        90,
        Action::EmergencySearch,
        "職員の方へ：「緊急時医療情報・資格確認機能」で、お名前・生年月日・性別・ご住所などから探せます。同意は口頭で確認してください。",
        "For staff: look the person up by name, birth date, sex and address in the function for emergencies (緊急時医療情報・資格確認機能). Ask for consent by word of mouth.",
    )
    .source(MODES, VERIFIED)
}

pub(super) fn call_centre() -> Rule {
    Rule::new(
        "call-centre",
        95,
        Action::CallCentre,
        "職員の方へ：直らないときは、コールセンター（0800-080-4583）にご連絡ください。",
        "For staff: if the problem goes on, please call the call centre (0800-080-4583).",
    )
    .source(FALLBACK, VERIFIED)
}

/// What only a setting cures: folders of another world, a journal in use, files that
/// the connector encrypts.
pub(super) fn maintainer() -> Rule {
    Rule::new(
        "contact-maintainer",
        94,
        Action::ContactMaintainer,
        "職員の方へ：この受付システムの設定を、保守の担当者に確かめてもらってください。",
        "For staff: please ask whoever maintains this reception system to check its settings.",
    )
}

pub(super) fn restart() -> Rule {
    Rule::new(
        "restart-reader",
        91,
        Action::RestartReader,
        "職員の方へ：カードリーダー、資格確認端末の順に電源を入れ直すと、直ることがあります。",
        "For staff: restarting the card reader first and then the terminal may help.",
    )
    .source(INSTALLERS, VERIFIED)
}

pub(super) fn connector() -> Rule {
    Rule::new(
        "check-connector",
        91,
        Action::CheckConnector,
        "職員の方へ：資格確認端末で、連携アプリが動いているか確かめてください。",
        "For staff: please check that the connector (連携アプリ) is running on the terminal.",
    )
}

pub(super) fn folders() -> Rule {
    Rule::new(
        "check-folders",
        91,
        Action::CheckFolders,
        "職員の方へ：連携アプリの共有フォルダーを開けるか確かめてください。",
        "For staff: please check that the shared folders of the connector (連携アプリ) can be opened.",
    )
}

pub(super) fn question() -> Rule {
    Rule::new(
        "check-question",
        91,
        Action::CheckQuestion,
        "職員の方へ：保険者番号、記号・番号、生年月日に誤りがないか確かめてください。",
        "For staff: please check the insurer number, the symbol and number of the insurance, and the birth date.",
    )
}

pub(super) fn match_person() -> Rule {
    Rule::new(
        "match-person",
        91,
        Action::MatchPerson,
        "職員の方へ：生年月日とお名前のカナを、診療録と照らし合わせてください。",
        "For staff: please compare the birth date and the kana of the name with the patient's record.",
    )
}

/// It may be a mistake of the record as well: nobody is blamed.
pub(super) fn look_at_card() -> Rule {
    Rule::new(
        "look-at-card",
        91,
        Action::LookAtCard,
        "職員の方へ：カードの写真をご本人と見くらべ、お名前と生年月日をお尋ねして、券面と合うか確かめてください。カードの傷みや、登録の行き違いのこともあります。",
        "For staff: please compare the photo with the person, and ask for name and birth date, to see whether they are those on the card. The card may be worn, or a record out of step.",
    )
}

pub(super) fn missing_characters() -> Rule {
    Rule::new(
        "missing-characters",
        92,
        Action::ReadNameFromDocument,
        "職員の方へ：●は、システムで送れない文字です。お名前の文字は、カードの表面か資格確認書で確かめてください。",
        "For staff: ● stands for a character that the system can't send. Please take it from the front of the card or the Certificate of Eligibility (資格確認書).",
    )
}

pub(super) fn welfare() -> Rule {
    Rule::new(
        "welfare-office",
        91,
        Action::ContactWelfareOffice,
        "職員の方へ：医療券の登録について、福祉事務所に確かめてください。登録は月の半ばになることがあります。",
        "For staff: please ask the welfare office (福祉事務所) about the medical ticket. It may be entered only in the middle of the month.",
    )
    .source(WELFARE, VERIFIED)
}

pub(super) fn pay_last() -> Rule {
    Rule::new(
        "pay-in-full",
        130,
        Action::PayInFullForNow,
        "どの方法も使えないときは、いったん全額をお支払いいただくことがあります。あとで払い戻しを申請できます。",
        "If nothing else is possible, you may have to pay in full for now. You can ask for the money back later.",
    )
    .source(FALLBACK, VERIFIED)
}
