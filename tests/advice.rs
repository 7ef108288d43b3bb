//! Advice: every failure, on both sides of every dated rule, with every set of
//! documents and flags.

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use uketsuke::eligibility::{
    Action, Advice, Document, Failure, Lang, Rule, RuleTable, Situation, advise,
};
use uketsuke::trust::Standing;

const TODAY: Date = date(2026, 11, 22);

/// The day of each rule, and its neighbours; a day long before, today, and later.
fn dates() -> Vec<Date> {
    let boundaries = [
        date(2024, 12, 2),
        date(2025, 7, 31),
        date(2025, 12, 1),
        date(2026, 3, 31),
        date(2026, 7, 31),
        TODAY,
    ];
    let mut dates: Vec<Date> = boundaries
        .into_iter()
        .flat_map(|day| {
            [
                day.saturating_sub(1.day()),
                day,
                day.saturating_add(1.day()),
            ]
        })
        .collect();
    dates.extend([date(2023, 7, 10), date(2031, 1, 1)]);
    dates
}

fn standings() -> [Option<Standing>; 4] {
    [
        None,
        Some(Standing::InForce),
        Some(Standing::Expiring {
            not_after: Timestamp::UNIX_EPOCH,
        }),
        Some(Standing::Grace {
            until: Timestamp::UNIX_EPOCH,
        }),
    ]
}

fn subsets() -> Vec<Vec<Document>> {
    (0..1_u32 << Document::ALL.len())
        .map(|bits| {
            let chosen = |i: &usize| bits >> i & 1 == 1;
            (0..Document::ALL.len())
                .filter(chosen)
                .map(|i| Document::ALL[i])
                .collect()
        })
        .collect()
}

fn situations(failure: Failure) -> impl Iterator<Item = Situation> {
    (0..32_u8).flat_map(move |bits| {
        standings().into_iter().flat_map(move |standing| {
            [None, Some(true), Some(false)]
                .into_iter()
                .map(move |first_visit| Situation {
                    standing,
                    lapsed: bits & 1 != 0,
                    pin_locked: bits & 2 != 0,
                    pin_less_card: bits & 4 != 0,
                    face_offered: bits & 8 != 0,
                    staff_offered: bits & 16 != 0,
                    registration_offered: bits.count_ones() % 2 == 0,
                    first_visit,
                    ..Situation::of(failure)
                })
        })
    })
}

fn check(situation: &Situation, day: Date, documents: &[Document], advice: &Advice) {
    let context = || format!("{situation:?} on {day} with {documents:?}: {advice:#?}");
    let actions: Vec<Action> = advice.items.iter().map(|item| item.action).collect();
    assert!(!actions.is_empty(), "empty: {}", context());
    assert_ne!(
        actions[0],
        Action::PayInFullForNow,
        "10割 first: {}",
        context()
    );
    for (i, item) in advice.items.iter().enumerate() {
        assert!(
            !item.ja.trim().is_empty() && !item.en.trim().is_empty(),
            "{}",
            context()
        );
        assert!(!actions[..i].contains(&item.action), "twice: {}", context());
    }
    if let Some(at) = actions.iter().position(|a| *a == Action::PayInFullForNow) {
        assert_eq!(
            at,
            actions.len() - 1,
            "10割 before something: {}",
            context()
        );
    }
    let has = |action| actions.contains(&action);

    let no_portal = situation.lapsed
        || situation.pin_locked
        || situation.pin_less_card
        || matches!(situation.standing, Some(Standing::Grace { .. }))
        || matches!(
            situation.failure,
            Failure::CardExpired
                | Failure::CertificateLapsed
                | Failure::PinLocked
                | Failure::PinForgotten
                | Failure::LastTryDeclined
                | Failure::PinLessCard
        );
    assert!(
        !(no_portal && has(Action::ShowPortalScreenWithCard)),
        "portal: {}",
        context()
    );

    let no_pin = situation.pin_locked
        || situation.pin_less_card
        || matches!(
            situation.failure,
            Failure::PinLocked | Failure::LastTryDeclined
        );
    assert!(!(no_pin && has(Action::TryPin)), "PIN: {}", context());
    for (offered, action) in [
        (situation.face_offered, Action::TryFace),
        (situation.staff_offered, Action::AskStaffCheck),
        (situation.registration_offered, Action::RegisterAtReader),
    ] {
        assert!(offered || !has(action), "not offered: {}", context());
    }
    for lang in [Lang::Ja, Lang::En] {
        let lines = advice.for_person(lang);
        assert!((1..=4).contains(&lines.len()), "{}", context());
        let last = lines.last().unwrap();
        let reception = match lang {
            Lang::Ja => "受付の職員にお声がけください。",
            Lang::En => "peak to the reception staff.",
        };
        assert!(last.ends_with(reception), "{last}: {}", context());
    }
    if day > date(2025, 12, 1) {
        assert!(
            !has(Action::ShowOldInsuranceCard),
            "paper card: {}",
            context()
        );
    }
    if day < date(2024, 12, 2) {
        assert!(
            !has(Action::ShowQualificationCertificate),
            "too early: {}",
            context()
        );
    }
    if situation.failure == Failure::CardExpired {
        assert!(
            !has(Action::ShowNoticeWithCard),
            "card out of date: {}",
            context()
        );
    }
}

#[test]
fn every_situation_has_advice_and_none_is_forbidden() {
    let rules = RuleTable::current();
    let subsets = subsets();
    let dates = dates();
    for &failure in Failure::ALL {
        // All sets of documents on all days with the flags that the failure
        // implies; all flags with every eighth set and one day each, so that a
        // debug build gets through in seconds.
        for (n, situation) in situations(failure).enumerate() {
            for (m, documents) in subsets.iter().enumerate().skip(n % 8).step_by(8) {
                let day = dates[(n * 7 + m) % dates.len()];
                check(
                    &situation,
                    day,
                    documents,
                    &advise(&situation, day, documents, &rules),
                );
            }
        }
        for &day in &dates {
            for documents in &subsets {
                for offered in [false, true] {
                    let situation = Situation {
                        face_offered: offered,
                        staff_offered: offered,
                        ..Situation::of(failure)
                    };
                    check(
                        &situation,
                        day,
                        documents,
                        &advise(&situation, day, documents, &rules),
                    );
                }
            }
        }
    }
}

#[test]
fn an_empty_or_foolish_table_still_ends_well() {
    let foolish = RuleTable::new(vec![
        Rule::new("pay", 0, Action::PayInFullForNow, "全額です。", "Pay."),
        Rule::new(
            "portal",
            1,
            Action::ShowPortalScreenWithCard,
            "画面です。",
            "Portal.",
        ),
        Rule::new("pin", 2, Action::TryPin, "暗証番号です。", "PIN."),
        Rule::new("face", 3, Action::TryFace, "顔です。", "Face."),
        Rule::new(
            "notice",
            4,
            Action::ShowNoticeWithCard,
            "お知らせです。",
            "Notice.",
        ),
    ]);
    for &failure in Failure::ALL {
        for situation in situations(failure) {
            for rules in [&foolish, &RuleTable::new(Vec::new())] {
                check(
                    &situation,
                    TODAY,
                    &[],
                    &advise(&situation, TODAY, &[], rules),
                );
            }
        }
    }
}

fn first(failure: Failure, documents: &[Document]) -> Action {
    advise(
        &Situation::of(failure),
        TODAY,
        documents,
        &RuleTable::current(),
    )
    .items[0]
        .action
}

#[test]
fn documents_in_hand_come_first_where_they_solve_it() {
    use Document::{Card, PortalPdf, PortalScreen, QualificationCertificate, QualificationNotice};
    for failure in [
        Failure::ReaderFault,
        Failure::NetworkDown,
        Failure::CentreDown,
        Failure::NotEquipped,
        Failure::NoSuchInsured,
        Failure::TimedOut,
        Failure::Misconfigured,
        Failure::Internal,
    ] {
        assert_eq!(
            first(failure, &[Card, PortalScreen]),
            Action::ShowPortalScreenWithCard
        );
        assert_eq!(
            first(failure, &[Card, PortalPdf]),
            Action::ShowPortalPdfWithCard
        );
        assert_eq!(
            first(failure, &[Card, QualificationNotice]),
            Action::ShowNoticeWithCard
        );
        assert_eq!(
            first(failure, Document::ALL),
            Action::ShowQualificationCertificate,
            "{failure}"
        );
    }
    for failure in [
        Failure::CertificateLapsed,
        Failure::CardExpired,
        Failure::PinLocked,
    ] {
        assert_eq!(
            first(failure, Document::ALL),
            Action::ShowQualificationCertificate
        );
    }
    // A saved PDF still serves with a lapsed certificate, the screen doesn't.
    assert_eq!(
        first(Failure::CertificateLapsed, &[Card, PortalScreen, PortalPdf]),
        Action::ShowPortalPdfWithCard
    );
    // What must be shown with the card is worth nothing without it.
    assert_ne!(
        first(Failure::PhoneNotAccepted, &[QualificationNotice]),
        Action::ShowNoticeWithCard
    );
    assert_eq!(
        first(Failure::PhoneNotAccepted, &[QualificationCertificate]),
        Action::PlaceCardAgain
    );
    assert_eq!(
        first(Failure::CardRemoved, Document::ALL),
        Action::PlaceCardAgain
    );
}

fn actions(situation: &Situation, day: Date, documents: &[Document]) -> Vec<Action> {
    let advice = advise(situation, day, documents, &RuleTable::current());
    advice.items.iter().map(|item| item.action).collect()
}

#[test]
fn a_locked_pin_leads_to_face_and_staff_only_where_offered() {
    let mut situation = Situation::of(Failure::PinLocked);
    let without = actions(&situation, TODAY, &[]);
    assert_eq!(without[0], Action::ShowQualificationCertificate);
    assert!(without.contains(&Action::MunicipalOffice));
    assert!(without.contains(&Action::ConvenienceStoreReset));

    situation.face_offered = true;
    let face = actions(&situation, TODAY, &[]);
    assert_eq!(face[0], Action::TryFace);
    assert!(!face.contains(&Action::AskStaffCheck));
    situation.face_offered = false;
    situation.staff_offered = true;
    let staff = actions(&situation, TODAY, &[]);
    assert_eq!(staff[0], Action::AskStaffCheck);
    assert!(!staff.contains(&Action::TryFace));

    situation.face_offered = true;
    let with = actions(&situation, TODAY, &[]);
    assert_eq!(with[..2], [Action::TryFace, Action::AskStaffCheck]);
    // A lapsed certificate can't be used for the reset at a store.
    situation.lapsed = true;
    assert!(!actions(&situation, TODAY, &[]).contains(&Action::ConvenienceStoreReset));
}

#[test]
fn first_visits_declare_and_returning_ones_are_compared() {
    let mut situation = Situation::of(Failure::NetworkDown);
    situation.first_visit = Some(true);
    let first = actions(&situation, TODAY, &[]);
    assert!(first.contains(&Action::WriteDeclaration));
    assert!(!first.contains(&Action::AskPastRecord));

    situation.first_visit = Some(false);
    let again = actions(&situation, TODAY, &[]);
    let place = |action| again.iter().position(|a| *a == action).unwrap();
    assert!(place(Action::AskPastRecord) < place(Action::WriteDeclaration));
}

#[test]
fn an_unregistered_card_is_registered_at_the_reader() {
    assert_eq!(first(Failure::NotRegistered, &[]), Action::RegisterAtReader);
    let elsewhere = Situation {
        registration_offered: false,
        ..Situation::of(Failure::NotRegistered)
    };
    let elsewhere = actions(&elsewhere, TODAY, &[]);
    assert!(!elsewhere.contains(&Action::RegisterAtReader));
    assert_eq!(elsewhere[0], Action::ShowQualificationCertificate);
}

#[test]
fn who_said_no_to_registering_is_not_asked_again_first() {
    let declined = actions(&Situation::of(Failure::RegistrationDeclined), TODAY, &[]);
    assert_eq!(
        declined[..2],
        [
            Action::ShowQualificationCertificate,
            Action::RegisterAtReader
        ]
    );
}

#[test]
fn a_reception_set_up_wrongly_is_worked_round_like_a_broken_reader() {
    let documents = |failure| {
        let mut actions = actions(&Situation::of(failure), TODAY, &[]);
        // The call centre can't mend it, nor does time.
        let no_help = [Action::CallCentre, Action::TryAgainLater];
        actions.retain(|action| !no_help.contains(action));
        actions
    };
    let misconfigured = documents(Failure::Misconfigured);
    assert_eq!(misconfigured, documents(Failure::ReaderFault));
    assert!(misconfigured.contains(&Action::ShowPortalScreenWithCard));
    assert!(misconfigured.contains(&Action::WriteDeclaration));
}

#[test]
fn the_persons_own_lines_are_three_and_the_reception() {
    let advice = advise(
        &Situation::of(Failure::CentreDown),
        TODAY,
        &[],
        &RuleTable::current(),
    );
    let lines = advice.for_person(Lang::En);
    assert_eq!(lines.len(), 4);
    for (line, item) in lines.iter().zip(&advice.items).take(3) {
        assert_eq!(*line, item.text(Lang::En));
    }
    assert_eq!(
        lines[3],
        "If you need help, please speak to the reception staff."
    );
    // What is for the staff isn't told to the person, and money isn't first.
    let table = RuleTable::new(vec![
        Rule::new("call", 1, Action::CallCentre, "電話です。", "Call."),
        Rule::new("pay", 2, Action::PayInFullForNow, "全額です。", "Pay."),
        Rule::new(
            "desk",
            3,
            Action::AskForReceptionist,
            "2番です。",
            "Desk 2.",
        ),
        Rule::new("later", 4, Action::TryAgainLater, "あとで。", "Later."),
    ]);
    let advice = advise(&Situation::of(Failure::CentreDown), TODAY, &[], &table);
    assert_eq!(advice.for_person(Lang::En), ["Later.", "Desk 2."]);
}

#[test]
fn the_expired_paper_card_turns_on_its_dates() {
    let situation = Situation::of(Failure::PinLocked);
    let hand = [Document::ExpiredInsuranceCard];
    let on = |day| advise(&situation, day, &hand, &RuleTable::current());

    assert_eq!(
        on(date(2025, 12, 1)).items[0].action,
        Action::ShowOldInsuranceCard
    );
    assert_eq!(on(date(2025, 12, 2)).items[0].action, Action::QueryByNumber);
    assert_eq!(on(date(2026, 3, 31)).items[0].action, Action::QueryByNumber);

    let after = on(date(2026, 4, 1));
    assert_ne!(after.items[0].action, Action::QueryByNumber);
    let query = after
        .items
        .iter()
        .find(|i| i.action == Action::QueryByNumber)
        .unwrap();
    assert!(query.ja.contains("使えません") && query.en.contains("no longer counts"));
}

#[test]
fn after_its_last_day_the_paper_card_is_no_document() {
    for day in [date(2026, 4, 1), TODAY, date(2031, 1, 1)] {
        for &failure in Failure::ALL {
            for documents in subsets() {
                let mut without = documents.clone();
                without.retain(|document| *document != Document::ExpiredInsuranceCard);
                let situation = Situation::of(failure);
                assert_eq!(
                    actions(&situation, day, &documents),
                    actions(&situation, day, &without),
                    "{failure} with {documents:?}"
                );
            }
        }
    }
}

#[test]
fn the_text_on_certificates_turns_after_july_2026() {
    let text = |day| {
        let situation = Situation::of(Failure::NetworkDown);
        let advice = advise(&situation, day, &[], &RuleTable::current());
        let item = advice
            .items
            .into_iter()
            .find(|item| item.action == Action::ShowQualificationCertificate);
        item.unwrap().ja
    };
    assert!(text(date(2026, 7, 31)).contains("75歳以上"));
    assert!(text(date(2026, 8, 1)).contains("有効期限内"));
}

#[test]
fn past_the_last_look_it_says_so() {
    let situation = Situation::of(Failure::CentreDown);
    let rules = RuleTable::current();
    let on = |day| advise(&situation, day, &[], &rules);

    assert_eq!(on(TODAY).caution(Lang::En), None);
    assert!(
        on(TODAY)
            .items
            .iter()
            .all(|item| item.not_confirmed_since.is_none())
    );

    let later = on(date(2026, 11, 23));
    assert_eq!(
        later.caution(Lang::En).unwrap(),
        "These rules were checked on 22 November 2026 and are not confirmed since."
    );
    assert!(later.caution(Lang::Ja).unwrap().contains("2026年11月22日"));
    for item in &later.items {
        // What no law changes needs no confirming.
        let lasting = matches!(
            item.action,
            Action::TryAgainLater | Action::AskForReceptionist
        );
        assert_eq!(item.not_confirmed_since.is_none(), lasting, "{item:?}");
    }
}

#[test]
fn rules_can_be_replaced() {
    let ours = Rule::new(
        "reception",
        1,
        Action::AskForReceptionist,
        "2番へ。",
        "Desk 2.",
    );
    let rules = RuleTable::current()
        .with(ours)
        .without("certificate-in-hand-check-date");
    assert_eq!(rules.rules().len(), RuleTable::current().rules().len() - 1);
    let situation = Situation::of(Failure::NetworkDown);
    let documents = [Document::QualificationCertificate];
    let advice = advise(&situation, TODAY, &documents, &rules);
    assert_eq!(advice.items[0].text(Lang::En), "Desk 2.");
    assert!(
        !advice
            .items
            .iter()
            .any(|i| i.action == Action::ShowQualificationCertificate)
    );
}

#[test]
fn rule_ids_are_unique_and_texts_are_polite() {
    let table = RuleTable::current();
    for (i, rule) in table.rules().iter().enumerate() {
        assert!(
            table.rules()[..i].iter().all(|other| other.id != rule.id),
            "{}",
            rule.id
        );
        assert!(
            rule.ja.ends_with("。") && rule.en.ends_with('.'),
            "{}",
            rule.id
        );
        assert!(!rule.source.is_empty());
        for sentence in rule.ja.split_terminator('。') {
            let polite = ["です", "ます", "ません", "ください"];
            assert!(
                polite.iter().any(|end| sentence.ends_with(end)),
                "{}: {sentence}",
                rule.id
            );
        }
    }
}

#[test]
fn failures_and_actions_have_stable_codes() {
    let kebab =
        |code: &str| !code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    for (i, failure) in Failure::ALL.iter().enumerate() {
        assert!(kebab(failure.code()));
        assert_eq!(failure.to_string(), failure.code());
        assert_eq!(serde_json::to_value(failure).unwrap(), failure.code());
        assert!(
            Failure::ALL[..i]
                .iter()
                .all(|other| other.code() != failure.code())
        );
        assert!(failure.cause(Lang::Ja).ends_with("。"));
        assert!(failure.cause(Lang::En).ends_with('.'));
        // Short, and without blame.
        assert!(failure.cause(Lang::En).len() < 90, "{failure}");
        assert!(failure.cause(Lang::Ja).chars().count() < 50, "{failure}");
        for harsh in [
            "wrong",
            "illegal",
            "fail",
            "error",
            "your fault",
            "不正",
            "違反",
            "失敗",
        ] {
            for lang in [Lang::En, Lang::Ja] {
                assert!(!failure.cause(lang).contains(harsh), "{failure}: {harsh}");
            }
        }
    }
    for action in Action::ALL {
        assert!(kebab(action.code()));
        assert_eq!(serde_json::to_value(action).unwrap(), action.code());
    }
}

#[test]
fn refused_and_broken_are_told_apart() {
    let broken = [
        Failure::CardUnreadable,
        Failure::CardRemoved,
        Failure::ReaderFault,
        Failure::ReaderBusy,
        Failure::PinOutcomeUnknown,
        Failure::FaceUnavailable,
        Failure::NetworkDown,
        Failure::CentreDown,
        Failure::TimedOut,
        Failure::OutcomeUnknown,
        Failure::NotEquipped,
        Failure::Misconfigured,
        Failure::Internal,
    ];
    for failure in Failure::ALL {
        assert_eq!(failure.is_refusal(), !broken.contains(failure), "{failure}");
    }
}

#[test]
fn advice_serialises_for_the_clinics_software() {
    let situation = Situation::of(Failure::NetworkDown);
    let advice = advise(&situation, date(2026, 11, 23), &[], &RuleTable::current());
    let json = serde_json::to_value(&advice).unwrap();
    assert_eq!(json["failure"], "network-down");
    assert_eq!(json["items"][0]["action"], advice.items[0].action.code());
    assert_eq!(json["items"][0]["not_confirmed_since"], "2026-11-22");
}
