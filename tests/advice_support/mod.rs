//! Every situation, every set of documents, every day that matters, and what must
//! hold in each.
#![allow(dead_code, reason = "each test file uses its part")]

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use uketsuke::eligibility::{Action, Advice, AgeGroup, Document, Failure, Lang, Situation};
use uketsuke::trust::Standing;

/// When the rules were last looked up.
pub const TODAY: Date = date(2026, 11, 22);
/// No new 健康保険証; 資格確認書 and 資格情報のお知らせ begin.
pub const REFORM: Date = date(2024, 12, 2);

/// Each day on which a rule turns, with its neighbours; a day long before, and one
/// long after.
pub fn dates() -> Vec<Date> {
    let boundaries = [
        REFORM,
        date(2025, 4, 1),
        date(2025, 7, 31),
        date(2025, 9, 19),
        date(2025, 12, 1),
        date(2026, 3, 31),
        date(2026, 7, 31),
        TODAY,
    ];
    let mut dates: Vec<Date> = boundaries
        .into_iter()
        .flat_map(|day| [day - 1.day(), day, day + 1.day()])
        .collect();
    dates.extend([date(2023, 7, 10), date(2031, 1, 1)]);
    dates
}

pub fn subsets() -> Vec<Vec<Document>> {
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

/// All standings with all combinations of what is known of card and desk.
pub fn flags(failure: Failure) -> impl Iterator<Item = Situation> {
    (0..512_u16).flat_map(move |bits| {
        let bit = move |n: u16| bits >> n & 1 == 1;
        standings().into_iter().map(move |standing| Situation {
            standing,
            lapsed: bit(0),
            pin_locked: bit(1),
            pin_less_card: bit(2),
            face_offered: bit(3),
            staff_offered: bit(4),
            registration_offered: bit(5),
            app_offered: bit(6),
            phone_offered: bit(7),
            disaster: bit(8),
            ..Situation::of(failure)
        })
    })
}

/// All ages and visits, with and without a card, with and without a phone, at a desk
/// that offers everything or nothing.
pub fn people(failure: Failure) -> impl Iterator<Item = Situation> {
    let phones = [false, true].into_iter();
    let phones = phones.filter(move |phone| *phone || !Situation::of(failure).phone);
    phones.flat_map(move |phone| persons(failure).map(move |person| Situation { phone, ..person }))
}

fn persons(failure: Failure) -> impl Iterator<Item = Situation> {
    let ages = || AgeGroup::ALL.iter().copied().map(Some).chain([None]);
    let visits = [None, Some(true), Some(false)];
    let cards = [None, Some(false)];
    let desks = [false, true];
    desks.into_iter().flat_map(move |all| {
        cards.into_iter().flat_map(move |card_here| {
            visits.into_iter().flat_map(move |first_visit| {
                ages().map(move |age| Situation {
                    card_here,
                    age,
                    first_visit,
                    face_offered: all,
                    staff_offered: all,
                    registration_offered: all,
                    app_offered: all,
                    phone_offered: all,
                    disaster: all,
                    ..Situation::of(failure)
                })
            })
        })
    })
}

/// What no advice may break, whatever the table.
pub fn must_hold(situation: &Situation, documents: &[Document], advice: &Advice) {
    let say = |what: &str| panic!("{what}: {situation:?} with {documents:?}: {advice:#?}");
    let must = |holds: bool, what: &str| {
        if !holds {
            say(what);
        }
    };
    let items = &advice.items;
    must(
        items
            .first()
            .is_some_and(|first| first.action != Action::PayInFullForNow),
        "nothing, or 10割, first",
    );
    for (i, item) in items.iter().enumerate() {
        must(!item.ja.is_empty() && !item.en.is_empty(), "no words");
        let (action, rest) = (item.action, &items[i + 1..]);
        must(rest.iter().all(|other| other.action != action), "twice");
        must(
            action != Action::PayInFullForNow || rest.is_empty(),
            "10割 before something",
        );
        let allowed = match action {
            Action::ShowPortalScreenWithCard => card_counts(situation) && login_works(situation),
            Action::ShowNoticeWithCard | Action::ShowPortalPdfWithCard => card_counts(situation),
            Action::PlaceCardAgain => situation.card_here != Some(false),
            Action::TryPin => pin_works(situation) && !situation.phone,
            Action::TryFace => situation.face_offered && !situation.phone,
            Action::AskStaffCheck => situation.staff_offered && !situation.phone,
            Action::RegisterAtReader => situation.registration_offered,
            Action::UseCounterApp => situation.app_offered,
            Action::UsePhone => situation.phone_offered && phone_works(situation),
            Action::DisasterMode => situation.disaster && !in_doubt(situation),
            _ => true,
        };
        must(allowed, action.code());
    }
}

/// What the current rules promise besides.
pub fn must_hold_today(situation: &Situation, day: Date, documents: &[Document], advice: &Advice) {
    must_hold(situation, documents, advice);
    let must = |holds: bool, what: &str| {
        assert!(
            holds,
            "{what}: {situation:?} on {day} with {documents:?}: {advice:#?}"
        );
    };
    let has = |action| advice.items.iter().any(|item| item.action == action);
    must(
        advice.items.iter().any(|item| item.action.is_for_person()),
        "nothing that the person can do",
    );
    must(has(Action::AskForReceptionist), "no reception");
    must(
        day <= date(2025, 12, 1) || !has(Action::ShowOldInsuranceCard),
        "paper card after its last day",
    );
    for new in [
        Action::ShowQualificationCertificate,
        Action::ShowNoticeWithCard,
    ] {
        must(day >= REFORM || !has(new), "too early");
    }
    must(
        day >= date(2025, 4, 1) || !has(Action::UseCounterApp),
        "app too early",
    );
    must(
        day >= date(2025, 9, 19) || !has(Action::UsePhone),
        "phone too early",
    );
    let held = |document| documents.contains(&document);
    must(
        day < REFORM
            || !held(Document::QualificationCertificate)
            || has(Action::ShowQualificationCertificate),
        "a document that stands alone isn't asked for",
    );
    let by_phone = matches!(
        situation.failure,
        Failure::PhoneUnreadable
            | Failure::PhonePinLocked
            | Failure::PhoneCertificateInvalid
            | Failure::PhoneHolderNotConfirmed
    );
    must(
        !by_phone
            || situation.card_here == Some(false)
            || advice.items[0].action == Action::PlaceCardAgain,
        "a phone doesn't serve, and the card isn't first",
    );
    must(
        !situation.phone || !has(Action::ConvenienceStoreReset),
        "another PIN is reset than the phone's",
    );
    must(
        situation.phone || !has(Action::UsePortalApp),
        "a phone is set up again that nobody used",
    );
    must(
        !situation.disaster || in_doubt(situation) || has(Action::DisasterMode),
        "disaster",
    );
    for item in &advice.items {
        let since = item.not_confirmed_since;
        must(
            since.is_none() || (day > TODAY && since == Some(TODAY)),
            "not confirmed since",
        );
        // What no law changes is called good practice, and needs no confirming.
        must(
            day <= TODAY || since.is_some() == (item.source != "good practice"),
            "must say since when it isn't confirmed",
        );
    }
}

/// The person's own lines, and one sentence of caution.
pub fn lines_must_hold(advice: &Advice) {
    for lang in [Lang::Ja, Lang::En] {
        let lines = advice.for_person(lang);
        assert!((1..=4).contains(&lines.len()), "{advice:#?}");
        let last = lines.last().unwrap();
        let reception = match lang {
            Lang::Ja => "受付の職員にお声がけください。",
            Lang::En => "peak to the reception staff.",
        };
        assert!(last.ends_with(reception), "{advice:#?}");
        assert_eq!(
            advice.caution(lang).is_some(),
            advice
                .items
                .iter()
                .any(|item| item.not_confirmed_since.is_some())
        );
    }
}

// The same said again in the test's own words, from the requirement.

fn lapsed(situation: &Situation) -> bool {
    situation.lapsed
        || matches!(situation.standing, Some(Standing::Grace { .. }))
        || matches!(
            situation.failure,
            Failure::CardExpired | Failure::CertificateLapsed
        )
}

fn phone_works(situation: &Situation) -> bool {
    let own_pin = matches!(
        situation.failure,
        Failure::PinForgotten | Failure::LastTryDeclined | Failure::PinOutcomeUnknown
    );
    let never = matches!(
        situation.failure,
        Failure::PhoneNotAccepted | Failure::PhonePinLocked | Failure::PhoneCertificateInvalid
    );
    let own_pin = own_pin && situation.phone;
    !lapsed(situation) && !never && !own_pin
}

fn pin_works(situation: &Situation) -> bool {
    !situation.pin_locked
        && !situation.pin_less_card
        && !matches!(
            situation.failure,
            Failure::PinLocked
                | Failure::PinForgotten
                | Failure::LastTryDeclined
                | Failure::PinLessCard
                | Failure::PinOutcomeUnknown
        )
}

fn login_works(situation: &Situation) -> bool {
    !lapsed(situation)
        && pin_works(situation)
        && !matches!(
            situation.failure,
            Failure::CertificateRevoked
                | Failure::CertificateInvalid
                | Failure::PhoneCertificateInvalid
                | Failure::PhonePinLocked
                | Failure::CertificateNotYetValid
                | Failure::SignatureInvalid
                | Failure::WrongRealm
        )
}

fn in_doubt(situation: &Situation) -> bool {
    matches!(
        situation.failure,
        Failure::CertificateInvalid
            | Failure::SignatureInvalid
            | Failure::WrongRealm
            | Failure::PhotoNotProved
            | Failure::BirthDateDiffers
            | Failure::StaffRefused
    )
}

fn card_counts(situation: &Situation) -> bool {
    !in_doubt(situation)
        && situation.card_here != Some(false)
        && !matches!(
            situation.failure,
            Failure::CardExpired | Failure::CardNotBrought
        )
}
