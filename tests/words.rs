//! The words and buttons of every screen, in both languages.

use std::collections::BTreeSet;

use jiff::Timestamp;
use uketsuke::card::Progress;
use uketsuke::checkin::{
    CardFaceTrouble, CheckIn, Choice, ChoiceKey, Equipment, FacePaused, Method, Output, PhoneKind,
    Policy, Question, Screen, ScreenText, TapAgain, Told, Wish,
};
use uketsuke::eligibility::{
    Action, ConsentKind, Coverage, Failure, Lang, Personal, PrescriptionIssue, Qualification,
    RuleTable,
};
use uketsuke::face::InconclusiveReason;
use uketsuke::trust::{Standing, TerminalId};

const AGAIN: [TapAgain; 4] = [
    TapAgain::Moved,
    TapAgain::OtherKind,
    TapAgain::NotAPhone,
    TapAgain::NotIdentified,
];

/// At 14:05 in Japan, or a little after 14:04.
const PAUSED: [Option<FacePaused>; 3] = [
    None,
    Some(FacePaused::Until(Timestamp::constant(1_795_410_241, 0))),
    Some(FacePaused::UsedUp),
];

const TROUBLES: [CardFaceTrouble; 4] = [
    CardFaceTrouble::NotRead,
    CardFaceTrouble::Refused,
    CardFaceTrouble::Kept,
    CardFaceTrouble::NotProved,
];

const BOTH: [Lang; 2] = [Lang::Ja, Lang::En];

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn coverage(eligibility_only: bool) -> Coverage {
    let qualification = Qualification {
        insurer_number: Personal::new("06139992"),
        insurer_name: "見本健康保険組合".to_owned(),
        contribution_ratio: Some("020".to_owned()),
        ..Qualification::new("見本　花子", "19500101")
    };
    let notice = Some("センターからのお知らせです。");
    Coverage::from_qualification(&qualification, notice, eligibility_only)
}

/// The refusal of a reception without a link to the centre, years after the
/// rules were last looked up.
fn not_accepted() -> Screen {
    let policy = Policy::simulation(TerminalId::new("desk").unwrap());
    let equipment = Equipment {
        registration: true,
        ..Equipment::default()
    };
    let mut machine = CheckIn::new(policy, equipment, time("2029-01-01T00:00:00Z"));
    for _ in 0..20 {
        if let Output::Show { screen, .. } = machine.poll() {
            return *screen;
        }
    }
    panic!("nothing was shown");
}

/// Every screen, with every flag.
fn screens() -> Vec<Screen> {
    let flags = [false, true];
    let mut screens = vec![
        Screen::ReadingPhone {
            progress: Progress { read: 1, total: 2 },
        },
        Screen::ReadingCard {
            progress: Progress { read: 1, total: 2 },
        },
        Screen::CheckingPin,
        Screen::LookAtCamera { attempt: 2, of: 5 },
        Screen::Prescription,
        not_accepted(),
    ];
    for guardian in flags {
        screens.extend([
            Screen::Register { guardian },
            Screen::Consents { guardian },
            Screen::Subsidies { guardian },
        ]);
        let kinds = ConsentKind::ON_SCREEN;
        screens.extend(kinds.map(|kind| Screen::Consent { kind, guardian }));
    }
    for a in flags {
        for b in flags {
            for guardian in flags {
                screens.push(Screen::LastTry {
                    wrong: a,
                    other_ways: b,
                    guardian,
                    phone: false,
                });
                for pin_tries_left in [None, Some(1), Some(2), Some(3)] {
                    for face_paused in PAUSED {
                        screens.push(Screen::ChooseMethod {
                            face: a && !guardian && face_paused.is_none(),
                            face_paused: face_paused.filter(|_| !guardian),
                            pin_tries_left,
                            staff: b,
                            guardian,
                        });
                    }
                }
                for (tries_left, other_ways) in [(1, false), (2, true), (3, false)] {
                    screens.push(Screen::EnterPin {
                        tries_left: Some(tries_left),
                        wrong: a,
                        same_again: b,
                        again: None,
                        other_ways,
                        guardian,
                        phone: false,
                    });
                }
                screens.push(Screen::StaffCheck {
                    attempts_left: if a { 1 } else { 5 },
                    wrong: a,
                    guardian,
                });
            }
            for tries_left in [None, Some(1), Some(2), Some(15)] {
                screens.push(Screen::EnterPin {
                    tries_left,
                    wrong: a,
                    same_again: b,
                    again: (!a && !b).then_some(TapAgain::Moved),
                    other_ways: true,
                    guardian: false,
                    phone: true,
                });
            }
            for attempts_left in [0, 1, 4] {
                let reasons = InconclusiveReason::ALL.iter().copied().map(Some);
                for why in reasons.into_iter().chain([None]) {
                    screens.push(Screen::FaceFailed {
                        why,
                        attempts_left,
                        pin: a,
                        staff: b,
                    });
                }
            }
            for why in TROUBLES {
                for again in flags {
                    screens.push(Screen::CardFaceUnreadable {
                        why,
                        again: again && why == CardFaceTrouble::NotRead,
                        pin: a,
                        staff: b,
                    });
                }
            }
        }
        screens.extend([
            Screen::Accepted {
                coverage: Box::new(coverage(a)),
            },
            Screen::TakeCard { alarm: a },
            Screen::PlaceCard { phone: a },
            Screen::ChoosePhone { iphone: a },
            Screen::LastTry {
                wrong: a,
                other_ways: true,
                guardian: false,
                phone: true,
            },
        ]);
    }
    for kind in [PhoneKind::Android, PhoneKind::Iphone] {
        screens.push(Screen::TapPhone { kind, again: None });
        let again = AGAIN.map(Some);
        screens.extend(again.map(|again| Screen::TapPhone { kind, again }));
    }
    for question in [
        Question::Status,
        Question::Registration,
        Question::Prescription,
        Question::Subsidies,
        Question::Result,
    ] {
        screens.extend(flags.map(|phone| Screen::Asking { question, phone }));
    }
    for standing in [
        Standing::Expiring {
            not_after: time("2027-02-28T14:59:59Z"),
        },
        Standing::Grace {
            until: time("2027-02-28T14:59:59Z"),
        },
    ] {
        let grace = matches!(standing, Standing::Grace { .. });
        // A phone's has none.
        let phones = flags.into_iter().filter(|phone| !(grace && *phone));
        screens.extend(phones.map(|phone| Screen::CertificateNotice { standing, phone }));
    }
    screens
}

fn keys(text: &ScreenText) -> Vec<ChoiceKey> {
    text.choices.iter().map(|button| button.key).collect()
}

/// The documented table of [`Screen`].
fn expected(screen: &Screen) -> Vec<ChoiceKey> {
    use ChoiceKey::*;
    let all: &[(bool, ChoiceKey)] = &match screen {
        Screen::PlaceCard { phone } => vec![(*phone, Phone), (true, Cancel)],
        Screen::ChoosePhone { iphone } => vec![
            (true, Android),
            (*iphone, Iphone),
            (true, OtherMethod),
            (true, Cancel),
        ],
        Screen::TapPhone { .. } => vec![(true, OtherMethod), (true, Cancel)],
        Screen::LookAtCamera { .. } | Screen::Asking { .. } => {
            vec![(true, Cancel)]
        }
        Screen::ChooseMethod {
            face,
            pin_tries_left,
            staff,
            guardian,
            ..
        } => vec![
            (*face, Face),
            (pin_tries_left.is_some(), Pin),
            (pin_tries_left.is_some(), PinForgotten),
            (*staff, Staff),
            (!guardian && (pin_tries_left.is_some() || *staff), Guardian),
            (*guardian, Holder),
            (true, Cancel),
        ],
        Screen::LastTry { other_ways, .. } => vec![
            (true, Yes),
            (*other_ways, OtherMethod),
            (!other_ways, No),
            (true, Cancel),
        ],
        Screen::EnterPin { other_ways, .. } => vec![
            (true, EnterPin),
            (true, PinForgotten),
            (*other_ways, OtherMethod),
            (true, Cancel),
        ],
        Screen::CardFaceUnreadable {
            again, pin, staff, ..
        } => vec![(*again, Yes), (*pin, Pin), (*staff, Staff), (true, Cancel)],
        Screen::FaceFailed {
            attempts_left,
            pin,
            staff,
            ..
        } => vec![
            (*attempts_left > 0, Yes),
            (*pin, Pin),
            (*staff, Staff),
            (true, Cancel),
        ],
        Screen::StaffCheck { .. } => vec![
            (true, StaffConfirms),
            (true, No),
            (true, OtherMethod),
            (true, Cancel),
        ],
        Screen::CertificateNotice { .. } => vec![(true, Yes), (true, Cancel)],
        Screen::Prescription => vec![(true, Electronic), (true, Paper), (true, Cancel)],
        Screen::Register { .. } | Screen::Consent { .. } | Screen::Subsidies { .. } => {
            vec![(true, Yes), (true, No), (true, Cancel)]
        }
        Screen::Consents { .. } => vec![
            (true, ConsentToAll),
            (true, ConsentToNone),
            (true, ConsentOneByOne),
            (true, Cancel),
        ],
        Screen::Accepted { .. } | Screen::NotAccepted(_) => vec![(true, Yes)],
        _ => Vec::new(),
    };
    let offered = all.iter().filter(|(offered, _)| *offered);
    offered.map(|(_, key)| *key).collect()
}

#[test]
fn every_screen_has_the_documented_buttons() {
    for screen in screens() {
        for lang in BOTH {
            let text = screen.text(lang);
            assert_eq!(keys(&text), expected(&screen), "{screen:?}");
            let mut labels: Vec<_> = text.choices.iter().map(|button| button.label).collect();
            assert!(labels.iter().all(|label| !label.is_empty()), "{screen:?}");
            labels.sort_unstable();
            labels.dedup();
            assert_eq!(labels.len(), text.choices.len(), "{screen:?}: two alike");
        }
    }
}

#[test]
fn every_key_is_a_choice_or_needs_what_is_typed() {
    for key in ChoiceKey::ALL {
        let choice = key.choice();
        let typed = matches!(key, ChoiceKey::EnterPin | ChoiceKey::StaffConfirms);
        assert_eq!(choice.is_none(), typed, "{key:?}");
        let back = choice.as_ref().map_or(*key, Choice::key);
        assert_eq!(back, *key);
        let fits = match (key, choice) {
            (ChoiceKey::Face, Some(Choice::Method(method))) => method == Method::Face,
            (ChoiceKey::Pin, Some(Choice::Method(method))) => method == Method::Pin,
            (ChoiceKey::Staff, Some(Choice::Method(method))) => method == Method::Staff,
            (ChoiceKey::Android, Some(Choice::PhoneKind(kind))) => kind == PhoneKind::Android,
            (ChoiceKey::Iphone, Some(Choice::PhoneKind(kind))) => kind == PhoneKind::Iphone,
            (_, Some(choice)) => format!("{choice:?}") == format!("{key:?}"),
            (_, None) => typed,
        };
        assert!(fits, "{key:?}");
    }
}

/// The words of the advice are those on the buttons.
#[test]
fn what_the_advice_says_to_choose_is_on_a_button() {
    let screen = Screen::ChooseMethod {
        face: true,
        face_paused: None,
        pin_tries_left: Some(3),
        staff: true,
        guardian: false,
    };
    let label = |lang, key| {
        let text = screen.text(lang);
        let button = text.choices.iter().find(|button| button.key == key);
        button.expect("offered").label
    };
    let mut seen = 0;
    for rule in RuleTable::current().rules() {
        let key = match rule.action {
            Action::TryFace => ChoiceKey::Face,
            Action::TryPin => ChoiceKey::Pin,
            _ => continue,
        };
        seen += 1;
        let ja = format!("「{}」を選んでください。", label(Lang::Ja, key));
        let en = format!("choose \"{}\".", label(Lang::En, key));
        assert!(rule.ja.contains(&ja), "{}: {}", rule.id, rule.ja);
        assert!(rule.en.contains(&en), "{}: {}", rule.id, rule.en);
        // The visit is over by then: the card starts a new one.
        assert!(rule.ja.contains("カードをもう一度置いて"), "{}", rule.id);
        assert!(rule.en.contains("place your card again"), "{}", rule.id);
    }
    assert_eq!(seen, 5);
}

#[test]
fn the_words_are_polite_and_short() {
    let polite = [
        "です",
        "ます",
        "ません",
        "ください",
        "ました",
        "さん",
        "でした",
    ];
    for screen in screens() {
        let text = screen.text(Lang::Ja);
        assert!(!text.title.is_empty());
        for sentence in text
            .body
            .iter()
            .flat_map(|line| line.split_terminator('。'))
        {
            assert!(
                polite.iter().any(|end| sentence.ends_with(end)),
                "{sentence}"
            );
            assert!(sentence.chars().count() <= 60, "{sentence}");
        }
        for lang in BOTH {
            let text = screen.text(lang);
            let words = [text.title, text.body.concat()].concat();
            for harsh in [
                "けた",
                "ロック",
                "まちがえ",
                "失敗",
                "エラー",
                "不正",
                "wrong",
                "error",
                "fail",
                "must not",
            ] {
                assert!(!words.contains(harsh), "{harsh} in {words}");
            }
            for line in &text.body {
                assert!(line.len() <= 200, "{line}");
            }
        }
    }
}

/// The guardian isn't told that the insurance, the PIN or the past is their own.
#[test]
fn a_guardian_is_addressed_and_nobody_else() {
    let mut addressed = 0;
    for screen in screens() {
        let debug = format!("{screen:?}");
        let helps = debug.contains("guardian: true");
        let ja = screen.text(Lang::Ja);
        let (title, body) = (ja.title, ja.body.concat());
        let child = title.contains("お子さま") || body.contains("お子さま");
        assert_eq!(child, helps, "{debug}");
        let en = screen.text(Lang::En);
        let words = [en.title, en.body.join(" ")].join(" ");
        assert_eq!(words.contains("your child"), helps, "{debug}: {words}");
        if helps {
            addressed += 1;
            for own in [
                "your past",
                "your medical",
                "your insurance",
                "Enter your",
                "compare you ",
            ] {
                assert!(!words.contains(own), "{words}");
            }
        }
    }
    assert!(addressed > 20, "{addressed}");
}

#[test]
fn days_are_said_as_people_say_them() {
    let until = time("2027-02-28T14:59:59Z");
    for standing in [
        Standing::Expiring { not_after: until },
        Standing::Grace { until },
    ] {
        let screen = Screen::CertificateNotice {
            standing,
            phone: false,
        };
        let says = |lang, day| screen.text(lang).body.concat().contains(day);
        assert!(says(Lang::Ja, "2027年2月28日"), "{screen:?}");
        assert!(says(Lang::En, "28 February 2027"), "{screen:?}");
        assert!(!says(Lang::Ja, "2027-02") && !says(Lang::En, "2027-02"));
    }
}

#[test]
fn the_refused_person_reads_three_lines_and_the_reception() {
    let screen = not_accepted();
    let Screen::NotAccepted(refusal) = &screen else {
        panic!("{screen:?}")
    };
    assert!(refusal.advice.items.len() > 4);
    for (lang, reception) in [
        (Lang::Ja, "受付の職員にお声がけください。"),
        (Lang::En, "speak to the reception staff."),
    ] {
        let caution = refusal.advice.caution(lang).expect("the rules are old");
        let body = screen.text(lang).body;
        assert_eq!(body.len(), 4);
        for (number, line) in (1..).zip(&body).take(3) {
            assert!(line.starts_with(&format!("{number}. ")), "{line}");
        }
        assert!(body[3].ends_with(reception), "{}", body[3]);
        assert!(!body.contains(&caution));
    }
}

#[test]
fn other_ways_are_promised_only_where_there_are() {
    for screen in screens() {
        let offered = match &screen {
            Screen::LastTry {
                other_ways, phone, ..
            }
            | Screen::EnterPin {
                other_ways, phone, ..
            } => *other_ways && !phone,
            Screen::FaceFailed { pin, staff, .. }
            | Screen::CardFaceUnreadable { pin, staff, .. } => *pin || *staff,
            Screen::StaffCheck { .. } => true,
            _ => false,
        };
        for lang in BOTH {
            let text = screen.text(lang);
            let labels = text.choices.iter().map(|button| button.label.to_owned());
            let words: String = text.body.iter().cloned().chain(labels).collect();
            let promised = ["別の方法", "another way", "Other ways"];
            let promised = promised.iter().any(|promise| words.contains(promise));
            assert_eq!(promised, offered, "{screen:?}: {words}");
        }
    }
}

/// Who holds a phone isn't told to mind a card that isn't there, and the button that leads back is called the same
/// wherever the words name it.
#[test]
fn a_phone_is_spoken_of_as_a_phone() {
    for screen in screens() {
        let Some(phone) = (match &screen {
            Screen::EnterPin { phone, .. }
            | Screen::LastTry { phone, .. }
            | Screen::Asking { phone, .. }
            | Screen::CertificateNotice { phone, .. } => Some(*phone),
            Screen::TapPhone { .. } | Screen::ReadingPhone { .. } => Some(true),
            Screen::ReadingCard { .. } | Screen::CheckingPin => Some(false),
            _ => None,
        }) else {
            continue;
        };
        for (lang, words) in [
            (Lang::Ja, ["スマートフォン", "iPhone"]),
            (Lang::En, ["phone", "iPhone"]),
        ] {
            let text = screen.text(lang);
            let said = [vec![text.title], text.body].concat().concat();
            let of_phone = words.iter().any(|word| said.contains(word));
            let waiting = matches!(screen, Screen::EnterPin { .. } | Screen::LastTry { .. });
            assert!(
                of_phone == phone || (phone && waiting),
                "{screen:?}: {said}"
            );
        }
    }
    let label = |lang| {
        let text = Screen::TapPhone {
            kind: PhoneKind::Android,
            again: None,
        }
        .text(lang);
        text.choices[0].label
    };
    for kind in [PhoneKind::Android, PhoneKind::Iphone] {
        let other = Screen::TapPhone {
            kind,
            again: Some(TapAgain::OtherKind),
        };
        for lang in BOTH {
            let said = other.text(lang).body.concat();
            assert!(said.contains(label(lang)), "{said}");
        }
    }
}

#[test]
fn a_pin_that_was_not_right_is_said_first_and_only_then() {
    for wrong in [false, true] {
        let last = Screen::LastTry {
            wrong,
            other_ways: false,
            guardian: false,
            phone: false,
        };
        let enter = Screen::EnterPin {
            tries_left: Some(2),
            wrong,
            same_again: false,
            again: None,
            other_ways: false,
            guardian: false,
            phone: false,
        };
        for screen in [last, enter] {
            let said = |lang: Lang| screen.text(lang).body[0].clone();
            assert_eq!(said(Lang::Ja) == "暗証番号がちがいます。", wrong);
            assert_eq!(said(Lang::En) == "That PIN was not right.", wrong);
        }
    }
}

/// Whoever looked into the camera reads what to do better, each reason in words of its own, as long as there is another
/// attempt; nobody reads what they may have tried.
#[test]
fn each_reason_says_what_to_do_and_accuses_nobody() {
    let text = |why, attempts_left, lang| {
        let screen = Screen::FaceFailed {
            why,
            attempts_left,
            pin: true,
            staff: true,
        };
        screen.text(lang)
    };
    for lang in BOTH {
        let mut said = BTreeSet::new();
        for why in InconclusiveReason::ALL.iter().copied() {
            let again = text(Some(why), 2, lang);
            let hint = again.body[0].clone();
            let asks = ["ください", "Please", "please"];
            assert!(
                asks.iter().any(|word| hint.contains(word)),
                "{why:?}: {hint}"
            );
            said.insert((again.title.clone(), hint));
            let words = [vec![again.title], again.body].concat().concat();
            for accusing in [
                "なりすまし",
                "偽",
                "別人",
                "fake",
                "attack",
                "spoof",
                "somebody else's",
            ] {
                assert!(!words.contains(accusing), "{why:?}: {words}");
            }
            // Where there is no next attempt a hint is no use.
            assert_eq!(text(Some(why), 0, lang), text(None, 0, lang), "{why:?}");
        }
        // A picture and a detector that can't tell are told alike, and so is what has no
        // better word.
        assert_eq!(said.len(), InconclusiveReason::ALL.len() - 2);
        let attack = InconclusiveReason::PresentationAttack;
        let unsure = InconclusiveReason::PadInconclusive;
        assert_eq!(text(Some(attack), 2, lang), text(Some(unsure), 2, lang));
    }
}

#[test]
fn a_paused_card_is_told_when_and_never_too_early() {
    for (second, ja, en) in [
        (1_795_410_240, "14時04分から", "until 14:04"),
        (1_795_410_241, "14時05分から", "until 14:05"),
        (1_795_410_299, "14時05分から", "until 14:05"),
    ] {
        let until = Timestamp::from_second(second).unwrap();
        let screen = Screen::ChooseMethod {
            face: false,
            face_paused: Some(FacePaused::Until(until)),
            pin_tries_left: Some(3),
            staff: true,
            guardian: false,
        };
        let said = |lang| screen.text(lang).body.concat();
        assert!(said(Lang::Ja).contains(ja), "{}", said(Lang::Ja));
        assert!(said(Lang::En).contains(en), "{}", said(Lang::En));
    }
}

#[test]
fn what_a_wish_leaves_to_do_is_said_to_the_receptionist_and_only_then() {
    let prescriptions = ["1", "2", "3"].map(PrescriptionIssue::from_code);
    let wishes = prescriptions.map(Wish::Prescription).into_iter();
    let wishes: Vec<Wish> = wishes.chain([false, true].map(Wish::Subsidies)).collect();
    for lang in BOTH {
        let lines: BTreeSet<_> = wishes.iter().map(|wish| wish.line(lang)).collect();
        assert_eq!(lines.len(), wishes.len(), "{lines:?}");
        for wish in wishes.clone() {
            let plain = wish.line(lang);
            let mut told = Told {
                wish,
                not_taken: None,
            };
            assert_eq!(told.line(lang), plain);
            told.not_taken = Some(Failure::TimedOut);
            let line = told.line(lang);
            assert!(
                line.starts_with(plain) && line.len() > plain.len(),
                "{line}"
            );
            // The form is entered by hand; the certificate is looked at.
            let by_hand = ["入力", "enter it"].iter().any(|word| line.contains(word));
            assert_eq!(
                by_hand,
                matches!(told.wish, Wish::Prescription(_)),
                "{line}"
            );
        }
    }
}

#[test]
fn a_screen_serialises_for_a_page() {
    let text = serde_json::to_value(Screen::Register { guardian: false }.text(Lang::En)).unwrap();
    assert_eq!(text["choices"][0]["key"], "yes");
    assert_eq!(text["choices"][2]["label"], "Cancel");
}
