//! An example of every screen, for screenshots and for looking at the words.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};
use uketsuke::VisitId;
use uketsuke::card::Progress;
use uketsuke::checkin::{
    CardFaceTrouble, FacePaused, NotAccepted, PhoneKind, Question, Screen, TapAgain,
};
use uketsuke::eligibility::{
    ConsentKind, Coverage, Failure, Qualification, RuleTable, Situation, advise,
};
use uketsuke::face::InconclusiveReason;
use uketsuke::trust::Standing;

use crate::app::App;
use crate::{answer, screens, view};

/// `GET /screens`: each with the name of its example, as the event `state` has it.
pub async fn screens(State(_): State<Arc<App>>) -> Response {
    let screens: Vec<Value> = examples()
        .iter()
        .map(|(example, screen)| {
            json!({
                "example": example,
                "name": screen.name(),
                "text": view::text(screen),
                "extra": screens::extra(screen),
            })
        })
        .collect();
    answer::json(StatusCode::OK, &json!(screens))
}

/// With a phone in place of the card.
fn phones(all: &mut Vec<(String, Screen)>) {
    for iphone in [true, false] {
        all.push((
            format!("choose-phone{}", flag("iphone", iphone)),
            Screen::ChoosePhone { iphone },
        ));
    }
    for (name, kind) in [
        ("android", PhoneKind::Android),
        ("iphone", PhoneKind::Iphone),
    ] {
        for (why, again) in [
            ("", None),
            ("-moved", Some(TapAgain::Moved)),
            ("-other-kind", Some(TapAgain::OtherKind)),
            ("-not-a-phone", Some(TapAgain::NotAPhone)),
            ("-not-identified", Some(TapAgain::NotIdentified)),
        ] {
            all.push((
                format!("tap-phone-{name}{why}"),
                Screen::TapPhone { kind, again },
            ));
        }
    }
    for read in [0, 1_100] {
        let progress = Progress { read, total: 2_048 };
        all.push((
            format!("reading-phone-{read}"),
            Screen::ReadingPhone { progress },
        ));
    }
    for tries_left in [None, Some(2), Some(1)] {
        all.push((
            format!(
                "enter-pin-phone{}",
                tries_left.map_or(String::new(), |left| format!("-{left}"))
            ),
            Screen::EnterPin {
                tries_left,
                wrong: tries_left.is_some(),
                same_again: false,
                again: None,
                other_ways: true,
                guardian: false,
                phone: true,
            },
        ));
    }
    all.push((
        "enter-pin-phone-again".to_owned(),
        Screen::EnterPin {
            tries_left: None,
            wrong: false,
            same_again: false,
            again: Some(TapAgain::Moved),
            other_ways: true,
            guardian: false,
            phone: true,
        },
    ));
    all.push((
        "last-try-phone".to_owned(),
        Screen::LastTry {
            wrong: false,
            other_ways: true,
            guardian: false,
            phone: true,
        },
    ));
}

/// Why a face wasn't recognised, why it isn't looked at, and when it will be again.
fn faces(all: &mut Vec<(String, Screen)>) {
    for why in InconclusiveReason::ALL.iter().copied() {
        all.push((
            format!("face-failed-{}", why.code()),
            Screen::FaceFailed {
                why: Some(why),
                attempts_left: 4,
                pin: true,
                staff: true,
            },
        ));
    }
    for (name, why) in [
        ("not-read", CardFaceTrouble::NotRead),
        ("refused", CardFaceTrouble::Refused),
        ("kept", CardFaceTrouble::Kept),
        ("not-proved", CardFaceTrouble::NotProved),
    ] {
        // Only what was misplaced can be placed anew.
        for again in [true, false] {
            if again && why != CardFaceTrouble::NotRead {
                continue;
            }
            for (pin, staff) in [(true, true), (true, false), (false, true), (false, false)] {
                all.push((
                    format!(
                        "card-face-unreadable-{name}{}{}{}",
                        flag("again", again),
                        flag("pin", pin),
                        flag("staff", staff)
                    ),
                    Screen::CardFaceUnreadable {
                        why,
                        again,
                        pin,
                        staff,
                    },
                ));
            }
        }
    }
    let day = jiff::Timestamp::from_second(1_811_727_000).unwrap_or(jiff::Timestamp::MAX);
    for (name, paused) in [
        ("paused", FacePaused::Until(day)),
        ("used-up", FacePaused::UsedUp),
    ] {
        all.push((
            format!("choose-method-face-{name}"),
            Screen::ChooseMethod {
                face: false,
                face_paused: Some(paused),
                pin_tries_left: Some(3),
                staff: true,
                guardian: false,
            },
        ));
    }
}

/// Every screen, with every flag both ways, and every failure. The name is the screen's, and what is special.
#[must_use]
pub fn examples() -> Vec<(String, Screen)> {
    let mut all = vec![
        ("place-card".to_owned(), Screen::PlaceCard { phone: false }),
        (
            "place-card-phone".to_owned(),
            Screen::PlaceCard { phone: true },
        ),
        reading(0, 0),
        reading(1_100, 2_048),
        ("checking-pin".to_owned(), Screen::CheckingPin),
        ("prescription".to_owned(), Screen::Prescription),
    ];
    for guardian in [false, true] {
        let named = |name: &str| format!("{name}{}", flag("guardian", guardian));
        all.extend([
            (named("register"), Screen::Register { guardian }),
            (named("consents"), Screen::Consents { guardian }),
            (named("subsidies"), Screen::Subsidies { guardian }),
        ]);
    }
    all.extend([
        (
            "choose-method-3-staff-guardian".to_owned(),
            Screen::ChooseMethod {
                face: false,
                face_paused: None,
                pin_tries_left: Some(3),
                staff: true,
                guardian: true,
            },
        ),
        (
            "last-try-other-ways-guardian".to_owned(),
            Screen::LastTry {
                wrong: false,
                other_ways: true,
                guardian: true,
                phone: false,
            },
        ),
        (
            "enter-pin-3-other-ways-guardian".to_owned(),
            Screen::EnterPin {
                tries_left: Some(3),
                wrong: false,
                same_again: false,
                again: None,
                other_ways: true,
                guardian: true,
                phone: false,
            },
        ),
        (
            "staff-check-5-guardian".to_owned(),
            Screen::StaffCheck {
                attempts_left: 5,
                wrong: false,
                guardian: true,
            },
        ),
        (
            "consent-1-guardian".to_owned(),
            Screen::Consent {
                kind: ConsentKind::ON_SCREEN[0],
                guardian: true,
            },
        ),
    ]);
    for tries in [None, Some(3), Some(2), Some(1)] {
        for (face, staff) in [(true, true), (true, false), (false, true), (false, false)] {
            all.push((
                format!(
                    "choose-method{}{}{}",
                    tries.map_or("-locked".to_owned(), |tries| format!("-{tries}")),
                    flag("face", face),
                    flag("staff", staff)
                ),
                Screen::ChooseMethod {
                    face,
                    face_paused: None,
                    pin_tries_left: tries,
                    staff,
                    guardian: false,
                },
            ));
        }
    }
    for wrong in [false, true] {
        for other_ways in [true, false] {
            let flags = format!("{}{}", flag("wrong", wrong), flag("other-ways", other_ways));
            all.push((
                format!("last-try{flags}"),
                Screen::LastTry {
                    wrong,
                    other_ways,
                    guardian: false,
                    phone: false,
                },
            ));
            for tries_left in [3, 2, 1] {
                for same_again in [false, true] {
                    all.push((
                        format!(
                            "enter-pin-{tries_left}{flags}{}",
                            flag("same-again", same_again)
                        ),
                        Screen::EnterPin {
                            tries_left: Some(tries_left),
                            wrong,
                            same_again,
                            again: None,
                            other_ways,
                            guardian: false,
                            phone: false,
                        },
                    ));
                }
            }
        }
    }
    phones(&mut all);
    for attempt in [1, 2] {
        all.push((
            format!("look-at-camera-{attempt}"),
            Screen::LookAtCamera { attempt, of: 5 },
        ));
    }
    for attempts_left in [4, 1, 0] {
        for (pin, staff) in [(true, true), (true, false), (false, true), (false, false)] {
            all.push((
                format!(
                    "face-failed-{attempts_left}{}{}",
                    flag("pin", pin),
                    flag("staff", staff)
                ),
                Screen::FaceFailed {
                    why: None,
                    attempts_left,
                    pin,
                    staff,
                },
            ));
        }
    }
    faces(&mut all);
    for (attempts_left, wrong) in [(5, false), (4, true), (1, true)] {
        all.push((
            format!("staff-check-{attempts_left}{}", flag("wrong", wrong)),
            Screen::StaffCheck {
                attempts_left,
                wrong,
                guardian: false,
            },
        ));
    }
    let day = jiff::Timestamp::from_second(1_811_775_599).unwrap_or(jiff::Timestamp::MAX);
    for (name, standing) in [
        ("expiring", Standing::Expiring { not_after: day }),
        ("grace", Standing::Grace { until: day }),
    ] {
        all.push((
            format!("certificate-notice-{name}"),
            Screen::CertificateNotice {
                standing,
                phone: false,
            },
        ));
        if name == "expiring" {
            all.push((
                format!("certificate-notice-{name}-phone"),
                Screen::CertificateNotice {
                    standing,
                    phone: true,
                },
            ));
        }
    }
    for (name, question) in [
        ("status", Question::Status),
        ("registration", Question::Registration),
        ("prescription", Question::Prescription),
        ("subsidies", Question::Subsidies),
        ("result", Question::Result),
    ] {
        for phone in [false, true] {
            all.push((
                format!("asking-{name}{}", flag("phone", phone)),
                Screen::Asking { question, phone },
            ));
        }
    }
    for (number, kind) in (1..).zip(ConsentKind::ON_SCREEN) {
        all.push((
            format!("consent-{number}"),
            Screen::Consent {
                kind,
                guardian: false,
            },
        ));
    }
    for (name, notice, eligibility_only) in [
        ("", None, false),
        ("-grace", None, true),
        ("-notice", Some("【模擬】資格の確認ができました。"), false),
    ] {
        let person = Qualification::new("見本　花子", "19800217");
        let coverage = Coverage::from_qualification(&person, notice, eligibility_only);
        all.push((
            format!("accepted{name}"),
            Screen::Accepted {
                coverage: Box::new(coverage),
            },
        ));
    }
    for failure in Failure::ALL {
        all.push((
            format!("not-accepted-{}", failure.code()),
            refused(*failure),
        ));
    }
    for alarm in [false, true] {
        all.push((
            format!("take-card{}", flag("alarm", alarm)),
            Screen::TakeCard { alarm },
        ));
    }
    all
}

fn flag(name: &str, on: bool) -> String {
    if on {
        format!("-{name}")
    } else {
        String::new()
    }
}

fn reading(read: usize, total: usize) -> (String, Screen) {
    let progress = Progress { read, total };
    (
        format!("reading-card-{read}"),
        Screen::ReadingCard { progress },
    )
}

fn refused(failure: Failure) -> Screen {
    let advice = advise(
        &Situation::of(failure),
        jiff::civil::date(2026, 11, 23),
        &[],
        &RuleTable::current(),
    );
    Screen::NotAccepted(Box::new(NotAccepted {
        visit: VisitId::begin(),
        failure,
        advice,
        pin_tries_left: None,
        centre: None,
    }))
}
