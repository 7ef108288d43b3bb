//! Advice: what comes first, and why.

mod advice_support;

use advice_support::{TODAY, subsets};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use uketsuke::eligibility::{
    Action, AdviceItem, AgeGroup, Document, Failure, Lang, Milestone, Rule, RuleDates, RuleTable,
    Situation, advise,
};
use uketsuke::trust::Standing;

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
        // The call centre can't mend it, nor does time; who maintains the system can.
        let no_help = [
            Action::CallCentre,
            Action::ContactMaintainer,
            Action::TryAgainLater,
            Action::RestartReader,
        ];
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
        "These rules were last checked on 22 November 2026 and have not been confirmed since."
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
        Failure::SystemOutage,
        Failure::Disaster,
        Failure::TimedOut,
        Failure::OutcomeUnknown,
        Failure::StillProcessing,
        Failure::AbnormalAnswer,
        Failure::QuestionRejected,
        Failure::ConnectorNotRunning,
        Failure::FolderUnavailable,
        Failure::PersonUnclear,
        Failure::NameIncomplete,
        Failure::PhoneUnreadable,
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

/// The fallback orders that the ministry's notices give, one row each.
#[test]
fn the_published_orders_are_kept() {
    use Action::*;
    let order = |situation: &Situation, documents: &[Document], expected: &[Action]| {
        let all = actions(situation, TODAY, documents);
        let mut rest = all.iter();
        for action in expected {
            assert!(
                rest.any(|a| a == action),
                "{}: {action:?} isn't where it belongs in {all:?}",
                situation.failure
            );
        }
    };
    let card = [Document::Card];
    let of = Situation::of;
    // Reader, terminal or network at fault, card unreadable.
    for failure in [
        Failure::ReaderFault,
        Failure::NetworkDown,
        Failure::CardUnreadable,
        Failure::CentreDown,
        Failure::SystemOutage,
    ] {
        let way = [
            ShowPortalScreenWithCard,
            ShowPortalPdfWithCard,
            ShowNoticeWithCard,
            AskPastRecord,
            WriteDeclaration,
        ];
        order(&of(failure), &card, &way);
        let first = Situation {
            first_visit: Some(true),
            ..of(failure)
        };
        order(&first, &card, &[ShowNoticeWithCard, WriteDeclaration]);
    }
    let with_app = Situation {
        app_offered: true,
        ..of(Failure::ReaderFault)
    };
    order(&with_app, &card, &[UseCounterApp, ShowPortalScreenWithCard]);
    order(
        &of(Failure::ReaderFault),
        &card,
        &[WriteDeclaration, QueryByNumber],
    );
    // All of it is out of order.
    order(
        &of(Failure::CentreDown),
        &card,
        &[WriteDeclaration, SystemOutageMode],
    );
    // Just after a change of insurance.
    for failure in [Failure::NoSuchInsured, Failure::InsuranceInvalid] {
        let way = [
            AskPastRecord,
            WriteDeclaration,
            ClaimAsUnknown,
            PayInFullForNow,
        ];
        order(&of(failure), &card, &way);
    }
    // Certificate or card beyond use.
    for failure in [Failure::CertificateLapsed, Failure::CardExpired] {
        order(
            &of(failure),
            &card,
            &[ShowQualificationCertificate, ContactInsurer],
        );
    }
    // Not registered.
    order(
        &of(Failure::NotRegistered),
        &card,
        &[RegisterAtReader, ShowQualificationCertificate],
    );
    // PIN forgotten or locked.
    for failure in [Failure::PinForgotten, Failure::PinLocked] {
        let offered = Situation {
            face_offered: true,
            staff_offered: true,
            ..of(failure)
        };
        order(&offered, &card, &[TryFace, AskStaffCheck]);
    }
    // No reader here.
    order(
        &of(Failure::NotEquipped),
        &card,
        &[ShowNoticeWithCard, ShowQualificationCertificate],
    );
    // No phones here.
    order(
        &of(Failure::PhoneNotAccepted),
        &card,
        &[PlaceCardAgain, ShowPortalScreenWithCard],
    );
}

#[test]
fn in_a_disaster_nothing_in_hand_is_enough() {
    let situation = Situation {
        disaster: true,
        ..Situation::of(Failure::CardNotBrought)
    };
    assert_eq!(actions(&situation, TODAY, &[])[0], Action::DisasterMode);
    // Nobody is looked up whose card is in doubt.
    let doubtful = Situation {
        disaster: true,
        ..Situation::of(Failure::StaffRefused)
    };
    assert!(!actions(&doubtful, TODAY, &[]).contains(&Action::DisasterMode));
}

#[test]
fn the_share_to_declare_goes_by_age() {
    let words = |age, day: Date| {
        let situation = Situation {
            age,
            ..Situation::of(Failure::NetworkDown)
        };
        let advice = advise(&situation, day, &[Document::Card], &RuleTable::current());
        let item = |action| advice.items.iter().find(|item| item.action == action);
        [
            item(Action::WriteDeclaration).unwrap().ja.to_string(),
            item(Action::ShowNoticeWithCard).unwrap().ja.to_string(),
        ]
    };
    for (age, said) in [
        (None, "ふだんの負担割合"),
        (Some(AgeGroup::Preschool), "2割です"),
        (Some(AgeGroup::Child), "3割です"),
        (Some(AgeGroup::Adult), "3割です"),
        (Some(AgeGroup::From70), "1割から3割のうち"),
        (Some(AgeGroup::From75), "1割から3割のうち"),
    ] {
        let [declaration, _] = words(age, TODAY);
        assert!(declaration.contains(said), "{age:?}: {declaration}");
    }
    // From August 2026 those aged 75 and over have a notice, not a certificate.
    let said = |age, day| words(age, day)[1].contains("75歳以上");
    assert!(!said(Some(AgeGroup::From75), date(2026, 7, 31)));
    assert!(said(Some(AgeGroup::From75), date(2026, 8, 1)));
    assert!(!said(Some(AgeGroup::From70), date(2026, 8, 1)));
}

#[test]
fn a_guardian_may_enter_a_childs_pin() {
    for (age, guardian) in [
        (None, false),
        (Some(AgeGroup::Preschool), true),
        (Some(AgeGroup::Child), true),
        (Some(AgeGroup::Adult), false),
    ] {
        let situation = Situation {
            age,
            ..Situation::of(Failure::FaceNotRecognised)
        };
        let advice = advise(&situation, TODAY, &[], &RuleTable::current());
        assert_eq!(advice.items[0].action, Action::TryPin);
        assert_eq!(advice.items[0].ja.contains("保護者"), guardian, "{age:?}");
    }
}

#[test]
fn age_groups_turn_on_the_days_of_the_law() {
    let on = |born, day| AgeGroup::on(born, day).unwrap();
    // School begins on the April after the sixth birthday, and who is born on
    // 1 April is of the year before.
    for (born, school) in [
        (date(2020, 4, 2), date(2027, 4, 1)),
        (date(2020, 4, 1), date(2026, 4, 1)),
        (date(2020, 3, 31), date(2026, 4, 1)),
        (date(2020, 12, 31), date(2027, 4, 1)),
        (date(2021, 1, 1), date(2027, 4, 1)),
        (date(2020, 2, 29), date(2026, 4, 1)),
    ] {
        assert_eq!(
            on(born, school.yesterday().unwrap()),
            AgeGroup::Preschool,
            "{born}"
        );
        assert_eq!(on(born, school), AgeGroup::Child, "{born}");
    }
    for (born, from_70, from_75) in [
        (date(1956, 11, 2), date(2026, 12, 1), date(2031, 11, 2)),
        (date(1956, 11, 1), date(2026, 11, 1), date(2031, 11, 1)),
        (date(1956, 12, 31), date(2027, 1, 1), date(2031, 12, 31)),
        (date(1956, 2, 29), date(2026, 3, 1), date(2031, 3, 1)),
    ] {
        let before = |day: Date| day.yesterday().unwrap();
        assert_eq!(on(born, before(from_70)), AgeGroup::Adult, "{born}");
        assert_eq!(on(born, from_70), AgeGroup::From70, "{born}");
        assert_eq!(on(born, before(from_75)), AgeGroup::From70, "{born}");
        assert_eq!(on(born, from_75), AgeGroup::From75, "{born}");
    }
    assert_eq!(on(date(2011, 11, 23), TODAY), AgeGroup::Child);
    assert_eq!(on(date(2011, 11, 22), TODAY), AgeGroup::Adult);
    assert_eq!(AgeGroup::on(date(2026, 11, 23), TODAY), None);
    // The ends of the calendar are no trap.
    assert_eq!(on(Date::MAX, Date::MAX), AgeGroup::Preschool);
    assert_eq!(on(Date::MIN, Date::MAX), AgeGroup::From75);
}

#[test]
fn a_notice_alone_was_enough_for_a_while() {
    let situation = Situation::of(Failure::CardNotBrought);
    let first = |day, documents: &[Document]| actions(&situation, day, documents)[0];
    let notice = [Document::QualificationNotice];
    assert_eq!(first(date(2025, 8, 1), &notice), Action::QueryByNumber);
    assert_eq!(first(date(2026, 3, 31), &notice), Action::QueryByNumber);
    assert_ne!(first(date(2026, 4, 1), &notice), Action::QueryByNumber);
    assert_ne!(first(date(2025, 7, 31), &notice), Action::QueryByNumber);
}

#[test]
fn a_lapsed_certificate_in_grace_is_worth_another_try() {
    let lapsed = Situation::of(Failure::CertificateLapsed);
    let grace = Situation {
        standing: Some(Standing::Grace {
            until: Timestamp::UNIX_EPOCH,
        }),
        ..lapsed.clone()
    };
    assert_eq!(actions(&grace, TODAY, &[])[0], Action::PlaceCardAgain);
    assert!(!actions(&lapsed, TODAY, &[]).contains(&Action::PlaceCardAgain));
    let before = actions(&grace, date(2024, 12, 1), &[]);
    assert!(!before.contains(&Action::PlaceCardAgain));
}

#[test]
fn what_the_folders_bring_is_for_the_staff() {
    for (failure, action) in [
        (Failure::ConnectorNotRunning, Action::CheckConnector),
        (Failure::FolderUnavailable, Action::CheckFolders),
        (Failure::QuestionRejected, Action::CheckQuestion),
        (Failure::PersonUnclear, Action::MatchPerson),
        (Failure::NameIncomplete, Action::ReadNameFromDocument),
        (
            Failure::MedicalAidUnregistered,
            Action::ContactWelfareOffice,
        ),
        (Failure::AbnormalAnswer, Action::CallCentre),
        (Failure::Misconfigured, Action::ContactMaintainer),
    ] {
        let situation = Situation::of(failure);
        let advice = advise(&situation, TODAY, &[], &RuleTable::current());
        let item = advice.items.iter().find(|item| item.action == action);
        let item = item.unwrap_or_else(|| panic!("{failure}: no {action:?}"));
        assert!(item.ja.starts_with("職員の方へ："), "{failure}");
        assert!(item.en.starts_with("For staff: "), "{failure}");
        for lang in [Lang::Ja, Lang::En] {
            assert!(
                !advice.for_person(lang).contains(&item.text(lang)),
                "{failure}"
            );
        }
    }
    // Nobody pays in full because a name has a gap, or a ticket isn't there yet.
    for failure in [Failure::NameIncomplete, Failure::MedicalAidUnregistered] {
        let all = actions(&Situation::of(failure), TODAY, &[]);
        assert_eq!(all[0], Action::WaitHere);
        assert!(!all.contains(&Action::PayInFullForNow));
    }
}

#[test]
fn staff_are_addressed_and_persons_are_not() {
    for rule in RuleTable::current().rules() {
        let plain = rule.action.is_for_person()
            || matches!(
                rule.action,
                Action::AskForReceptionist | Action::PayInFullForNow
            );
        assert_eq!(!rule.ja.starts_with("職員の方へ："), plain, "{}", rule.id);
        assert_eq!(!rule.en.starts_with("For staff: "), plain, "{}", rule.id);
    }
}

#[test]
fn a_moved_day_moves_its_rules_and_brings_its_source() {
    let mut dates = RuleDates::current();
    dates.expired_card_tolerated_to =
        Milestone::new(date(2027, 3, 31), "a later notice", date(2026, 12, 24));
    let rules = RuleTable::with_dates(&dates);
    let situation = Situation::of(Failure::PinLocked);
    let hand = [Document::ExpiredInsuranceCard];
    let query = |day| {
        let advice = advise(&situation, day, &hand, &rules);
        let item = advice.items.into_iter();
        item.clone()
            .find(|item| item.action == Action::QueryByNumber)
            .unwrap()
    };
    let tolerated = query(date(2026, 12, 24));
    assert!(tolerated.ja.contains("ふだんの負担割合"));
    assert_eq!(tolerated.not_confirmed_since, None);
    assert_eq!(
        query(date(2027, 3, 31)).not_confirmed_since,
        Some(date(2026, 12, 24))
    );
    assert!(query(date(2027, 4, 1)).ja.contains("使えません"));
    assert_eq!(RuleDates::default(), RuleDates::current());
}

#[test]
fn who_came_without_a_card_is_told_nothing_that_takes_one() {
    let [unsaid, without] = [None, Some(false)].map(|card_here| {
        let situation = Situation {
            card_here,
            ..Situation::of(Failure::TimedOut)
        };
        let hand = [Document::QualificationNotice];
        let advice = advise(&situation, TODAY, &hand, &RuleTable::current());
        let with_card = |item: &AdviceItem| {
            matches!(
                item.action,
                Action::PlaceCardAgain
                    | Action::ShowNoticeWithCard
                    | Action::ShowPortalPdfWithCard
                    | Action::ShowPortalScreenWithCard
                    | Action::WriteDeclaration
            )
        };
        advice.items.into_iter().filter(with_card).count()
    });
    assert_eq!((unsaid, without), (5, 0));
}

#[test]
fn a_table_is_a_file_as_well() {
    let table = RuleTable::current();
    let file = serde_json::to_string_pretty(&table).unwrap();
    let back: RuleTable = serde_json::from_str(&file).unwrap();
    assert_eq!(back, table);
    assert!(
        file.contains("\"in-hand\": \"qualification-certificate\""),
        "{file}"
    );
    let dates = RuleDates::current();
    let file = serde_json::to_value(&dates).unwrap();
    assert_eq!(file["last_day_of_insurance_card"]["day"], "2025-12-01");
    assert_eq!(serde_json::from_value::<RuleDates>(file).unwrap(), dates);
    let few = r#"{"phone_from":{"day":"2025-10-01","source":"x","last_verified":"2026-11-22"}}"#;
    let few: RuleDates = serde_json::from_str(few).unwrap();
    assert_eq!(few.phone_from.day, date(2025, 10, 1));
    assert_eq!(few.counter_app_from, dates.counter_app_from);
    assert!(serde_json::from_str::<RuleDates>(r#"{"phone_form":null}"#).is_err());
    // Little is enough for a rule. What nobody knows is refused, not left out.
    let rule = |failures: &str, action: &str| {
        let file =
            format!(r#"[{{"id":"x","rank":1,{failures}"action":"{action}","ja":"あ","en":"a"}}]"#);
        serde_json::from_str::<RuleTable>(&file)
    };
    let short = Rule::new("x", 1, Action::CallCentre, "あ", "a");
    let read = rule("", "call-centre").unwrap();
    assert_eq!(read, RuleTable::new(vec![short]));
    assert!(rule(r#""failures":["no-such-failure"],"#, "call-centre").is_err());
    assert!(rule(r#""failure":["internal"],"#, "call-centre").is_err());
    assert!(rule("", "no-such-action").is_err());
}

#[test]
fn documents_have_names_and_some_need_the_card() {
    for (i, document) in Document::ALL.iter().enumerate() {
        for lang in [Lang::Ja, Lang::En] {
            let name = document.name(lang);
            assert!(!name.is_empty());
            assert!(
                Document::ALL[..i]
                    .iter()
                    .all(|other| other.name(lang) != name)
            );
        }
        let with_card = matches!(
            document,
            Document::QualificationNotice | Document::PortalScreen | Document::PortalPdf
        );
        assert_eq!(document.needs_card(), with_card);
    }
}

#[test]
fn after_a_phone_the_card_comes_first_and_nothing_of_the_card_is_assumed() {
    let everything = |failure| Situation {
        face_offered: true,
        staff_offered: true,
        phone_offered: true,
        phone: true,
        ..Situation::of(failure)
    };
    for failure in [
        Failure::PhoneUnreadable,
        Failure::PhonePinLocked,
        Failure::PhoneCertificateInvalid,
        Failure::PhoneHolderNotConfirmed,
        Failure::PinForgotten,
        Failure::LastTryDeclined,
        Failure::PinOutcomeUnknown,
        Failure::Cancelled,
        Failure::PersonTimedOut,
    ] {
        let advice = advise(&everything(failure), TODAY, &[], &RuleTable::current());
        let lines = advice.for_person(Lang::En);
        assert_eq!(
            lines[0], "If you have your My Number card with you, please place it on the reader.",
            "{failure}"
        );
        // The rest holds without the card: nobody said that it's here.
        for item in &advice.items[1..] {
            assert!(
                !matches!(
                    item.action,
                    Action::TryPin
                        | Action::TryFace
                        | Action::AskStaffCheck
                        | Action::ConvenienceStoreReset
                        | Action::ShowNoticeWithCard
                        | Action::ShowPortalScreenWithCard
                        | Action::ShowPortalPdfWithCard
                        | Action::WriteDeclaration
                        | Action::MunicipalOffice
                ),
                "{failure}: {item:?}"
            );
        }
        let again = actions(&everything(failure), TODAY, &[]).contains(&Action::UsePhone);
        let may_again = matches!(
            failure,
            Failure::PhoneUnreadable | Failure::PhoneHolderNotConfirmed
        );
        assert_eq!(again, may_again, "{failure}");
        // With the card in hand, what counts with it counts.
        let hand = [Document::Card, Document::QualificationNotice];
        let with_card = actions(&everything(failure), TODAY, &hand);
        assert_eq!(
            with_card[..2],
            [Action::PlaceCardAgain, Action::ShowNoticeWithCard],
            "{failure}"
        );
    }
    // No live log-in where the phone's own certificate or PIN is what failed.
    let hand = [Document::Card, Document::PortalScreen];
    for (failure, shown) in [
        (Failure::PhoneUnreadable, true),
        (Failure::PhonePinLocked, false),
        (Failure::PhoneCertificateInvalid, false),
    ] {
        let all = actions(&everything(failure), TODAY, &hand);
        assert_eq!(all.contains(&Action::ShowPortalScreenWithCard), shown);
    }
}

#[test]
fn a_phones_pin_is_set_again_with_the_phone_and_a_cards_with_the_card() {
    for failure in [Failure::PinForgotten, Failure::LastTryDeclined] {
        let card = actions(&Situation::of(failure), TODAY, &[]);
        assert!(
            card.contains(&Action::ConvenienceStoreReset) && !card.contains(&Action::UsePortalApp)
        );
        let phone = Situation {
            phone: true,
            ..Situation::of(failure)
        };
        let phone = actions(&phone, TODAY, &[]);
        assert!(phone.contains(&Action::UsePortalApp), "{phone:?}");
        assert!(!phone.contains(&Action::ConvenienceStoreReset));
    }
}
