//! A phone in place of the card, to each of its ends.

mod phone_support;

use phone_support::*;
use uketsuke::card::{AuthPin, Card, Jpki, LastTry, SecretKind};
use uketsuke::checkin::{
    AuditEvent, Choice, DeviceError, DeviceVerification, PhoneKind, RawCard, Reception, Screen,
    Step, TapAgain,
};
use uketsuke::eligibility::{Failure, Identified};
use uketsuke::simulation::{Centre, Fault, VirtualReader};
use uketsuke::transport::Reader as _;
use uketsuke::{Binding, Realm, VisitId};

const ANDROID: &str = "android-in-order";
const IPHONE: &str = "iphone-in-order";

fn taps(screens: &[Screen]) -> Vec<Option<TapAgain>> {
    let tap = |screen: &Screen| match screen {
        Screen::TapPhone { again, .. } => Some(*again),
        _ => None,
    };
    screens.iter().filter_map(tap).collect()
}

/// What was said of the tries at each question for the PIN.
fn tries_said(screens: &[Screen]) -> Vec<Option<u8>> {
    let said = |screen: &Screen| match screen {
        Screen::EnterPin {
            tries_left,
            phone: true,
            ..
        } => Some(*tries_left),
        _ => None,
    };
    screens.iter().filter_map(said).collect()
}

#[test]
fn an_android_phone_is_let_in() {
    let (outcome, mut desk, wire) = Visit::of(ANDROID, usual(PhoneKind::Android, &["1234"])).run();
    assert!(outcome.is_accepted(), "{outcome:?}");
    assert_eq!(
        desk.names(),
        [
            "place-card",
            "choose-phone",
            "enter-pin",
            "tap-phone",
            "reading-phone",
            "asking",
            "consents",
            "asking",
            "accepted",
        ]
    );
    assert_eq!(presented(&wire), ["1234"]);
    assert_eq!(tries_said(&desk.screens), [None]);
    assert_eq!(desk.tries(), 3);
    let events = desk.events();
    assert!(events.contains(&&AuditEvent::PhoneChosen(PhoneKind::Android)));
    assert!(events.contains(&&AuditEvent::Identified {
        method: Identified::Pin,
        staff: None
    }));
    for screen in &desk.screens {
        if let Screen::Asking { phone, .. } = screen {
            assert!(phone);
        }
    }
}

/// Nothing needs the phone once it was read, nor a card that nobody placed.
#[test]
fn a_phone_that_goes_after_it_was_read_changes_nothing() {
    let mut usually = usual(PhoneKind::Android, &["1234"]);
    let does = |screen: &Screen, hands: &mut Hands| {
        if matches!(screen, Screen::Asking { .. }) {
            hands.lift();
        }
        usually(screen, hands)
    };
    let (outcome, _, _) = Visit::of(ANDROID, does).run();
    assert!(outcome.is_accepted(), "{outcome:?}");
}

#[test]
fn a_wrong_pin_costs_one_try_and_the_count_is_said_then() {
    let (outcome, mut desk, wire) =
        Visit::of(ANDROID, usual(PhoneKind::Android, &["0000", "1234"])).run();
    assert!(outcome.is_accepted(), "{outcome:?}");
    assert_eq!(tries_said(&desk.screens), [None, Some(2)]);
    assert_eq!(presented(&wire), ["0000", "1234"]);
    assert_eq!(desk.tries(), 3);
    assert!(desk.events().contains(&&AuditEvent::TrySpent { left: 2 }));
}

#[test]
fn the_last_try_goes_only_after_a_yes_and_then_the_pin_is_locked() {
    let pins = ["0000", "1111", "2222"];
    let (outcome, mut desk, wire) = Visit::of(ANDROID, usual(PhoneKind::Android, &pins)).run();
    assert_eq!(outcome.failure(), Some(Failure::PhonePinLocked));
    assert_eq!(presented(&wire), pins);
    assert_eq!(desk.tries(), 0);
    let names = desk.names();
    let asked = names.iter().filter(|name| **name == "last-try").count();
    assert_eq!(asked, 1, "{names:?}");
    // Nothing is told of a card that nobody has seen.
    let (locked, _, wire) = Visit::of(ANDROID, usual(PhoneKind::Android, &["1234"]))
        .with_pocket(vec![desk.hands.pocket.remove(0).unwrap()])
        .run();
    assert_eq!(locked.failure(), Some(Failure::PhonePinLocked));
    assert!(presented(&wire).is_empty());
}

/// With one try left when it is held there first: nothing is presented, and the person types anew.
#[test]
fn one_try_left_is_asked_about_before_anything_is_presented() {
    for right in [true, false] {
        let mut phone = phone_of(ANDROID);
        spend(&mut phone, 2);
        let second = if right { "1234" } else { "1111" };
        let visit = Visit::of(ANDROID, usual(PhoneKind::Android, &["1234", second]));
        let (outcome, mut desk, wire) = visit.with_pocket(vec![phone]).run();
        let failure = (!right).then_some(Failure::PhonePinLocked);
        assert_eq!(outcome.failure(), failure);
        assert_eq!(presented(&wire), [second]);
        assert_eq!(tries_said(&desk.screens), [None, Some(1)]);
        assert_eq!(desk.tries(), if right { 3 } else { 0 });
    }
}

fn spend(phone: &mut uketsuke::simulation::VirtualCard, tries: u8) {
    let reader = VirtualReader::new();
    reader.insert(std::mem::replace(phone, phone_of(ANDROID)));
    let mut card = Card::new(reader.clone().connect().unwrap(), VisitId::begin());
    let mut jpki = card.open::<Jpki>().unwrap();
    for value in 0..tries {
        let budget = jpki.tries_left(SecretKind::AuthPin).unwrap();
        let budget = budget.budget(LastTry::Refuse).unwrap();
        let wrong = AuthPin::parse(&format!("999{value}")).unwrap();
        assert!(jpki.verify_pin(wrong, budget).is_err());
    }
    jpki.close().unwrap();
    drop(card);
    *phone = reader.remove().unwrap();
}

#[test]
fn who_declines_the_last_try_goes_on_with_the_card() {
    let mut phone = phone_of(ANDROID);
    spend(&mut phone, 2);
    let mut usually = usual(PhoneKind::Android, &["1234", "1234"]);
    let mut declined = false;
    let does = |screen: &Screen, hands: &mut Hands| match screen {
        Screen::LastTry {
            phone, other_ways, ..
        } => {
            assert!(*phone && *other_ways);
            declined = true;
            Some(Choice::OtherMethod)
        }
        Screen::PlaceCard { phone } if hands.pocket.is_empty() => {
            assert!(phone);
            hands.place_card();
            None
        }
        screen => usually(screen, hands),
    };
    let mut visit = Visit::of("in-order", does).with_pocket(vec![phone]);
    visit.card = Some(phone_of("in-order"));
    let (outcome, desk, wire) = visit.run();
    assert!(outcome.is_accepted(), "{outcome:?}");
    assert!(presented(&wire).is_empty());
    assert!(desk.names().contains(&"choose-method"));
    drop(desk);
    assert!(declined);
}

/// Each tap is another `Card`; what was refused is remembered for the visit, however many other visits there are.
#[test]
fn a_refused_pin_is_not_presented_again_to_any_phone() {
    for others in [0, 100] {
        let mut usually = usual(PhoneKind::Android, &["0000", "0000", "1234"]);
        let does = move |screen: &Screen, hands: &mut Hands| {
            if matches!(screen, Screen::EnterPin { wrong: true, .. }) {
                // Another phone of the same person.
                hands.lift();
                let first = hands.pocket.pop_front().unwrap();
                assert_eq!(first.tries_left()[0], 2);
                hands.pocket.push_front(phone_of(ANDROID));
                (0..others).for_each(|_| refused_elsewhere());
            }
            usually(screen, hands)
        };
        let (outcome, mut desk, wire) = Visit::of(ANDROID, does).run();
        assert!(outcome.is_accepted(), "{outcome:?}");
        assert_eq!(presented(&wire), ["0000", "1234"], "{others}");
        let again = |screen: &Screen| {
            matches!(
                screen,
                Screen::EnterPin {
                    same_again: true,
                    ..
                }
            )
        };
        assert_eq!(
            desk.screens.iter().filter(|screen| again(screen)).count(),
            1
        );
        assert_eq!(desk.tries(), 3);
    }
}

fn refused_elsewhere() {
    thread_local!(static READER: VirtualReader = {
        let reader = VirtualReader::new();
        reader.insert(phone_of(ANDROID));
        reader
    });
    let transport = READER.with(|reader| reader.clone().connect().unwrap());
    let mut card = Card::new(transport, VisitId::begin());
    let mut jpki = card.open::<Jpki>().unwrap();
    for value in ["0000", "1234"] {
        let budget = jpki.tries_left(SecretKind::AuthPin).unwrap();
        let budget = budget.budget(LastTry::Refuse).unwrap();
        let _ = jpki.verify_pin(AuthPin::parse(value).unwrap(), budget);
    }
}

#[test]
fn something_else_on_the_phones_reader_gets_no_pin() {
    for (other, again) in [
        ("in-order", TapAgain::NotAPhone),
        ("other-card", TapAgain::NotAPhone),
        ("resident-card", TapAgain::NotAPhone),
        (IPHONE, TapAgain::OtherKind),
    ] {
        let mut usually = usual(PhoneKind::Android, &["1234"]);
        let does = |screen: &Screen, hands: &mut Hands| {
            if matches!(screen, Screen::TapPhone { again: Some(_), .. }) {
                let lifted = hands.phones.remove().unwrap();
                assert_eq!(lifted.presented(), 0);
            }
            usually(screen, hands)
        };
        let pocket = vec![phone_of(other), phone_of(ANDROID)];
        let (outcome, desk, wire) = Visit::of(ANDROID, does).with_pocket(pocket).run();
        assert!(outcome.is_accepted(), "{other}: {outcome:?}");
        assert_eq!(taps(&desk.screens), [None, Some(again)], "{other}");
        // Typed once, since it wasn't presented.
        assert_eq!(tries_said(&desk.screens).len(), 1, "{other}");
        assert_eq!(presented(&wire), ["1234"]);
    }
}

#[test]
fn three_taps_in_vain_end_the_visit() {
    let (outcome, desk, wire) = Visit::of(ANDROID, usual(PhoneKind::Android, &["1234"]))
        .with_pocket(vec![phone_of("in-order")])
        .run();
    assert_eq!(outcome.failure(), Some(Failure::PhoneUnreadable));
    assert_eq!(taps(&desk.screens).len(), 3);
    assert!(wire.lock().unwrap().is_empty(), "not even the count");
}

/// After VERIFY the PIN is gone, so it is asked for again; and it is said why.
#[test]
fn a_phone_that_moves_after_the_pin_is_asked_for_it_again_with_the_reason() {
    let visit = Visit::of(ANDROID, usual(PhoneKind::Android, &["1234", "1234"]));
    // SELECT, label, count, VERIFY, certificate.
    visit.phones.plan(Fault::RemovedBefore(5));
    let (outcome, desk, wire) = visit.run();
    assert!(outcome.is_accepted(), "{outcome:?}");
    assert_eq!(presented(&wire), ["1234", "1234"]);
    let why = desk.screens.iter().filter_map(|screen| match screen {
        Screen::EnterPin { again, wrong, .. } => Some((*again, *wrong)),
        _ => None,
    });
    assert_eq!(
        why.collect::<Vec<_>>(),
        [(None, false), (Some(TapAgain::Moved), false)]
    );
}

/// What lies there before a phone is asked for may be somebody else's.
#[test]
fn a_phone_that_lay_there_before_is_left_alone() {
    let mut usually = usual(PhoneKind::Android, &["1234"]);
    let does = |screen: &Screen, hands: &mut Hands| match screen {
        Screen::TapPhone { .. } => None,
        screen => usually(screen, hands),
    };
    let visit = Visit::of(ANDROID, does).with_pocket(Vec::new());
    visit.phones.insert(phone_of(ANDROID));
    let (outcome, mut desk, wire) = visit.run();
    assert_eq!(outcome.failure(), Some(Failure::PersonTimedOut));
    assert!(wire.lock().unwrap().is_empty());
    assert_eq!(desk.tries(), 3);
}

/// The phone goes, or its reader, before or after each exchange. Every try that is gone was told, and no value went out
/// twice unless it was right.
#[test]
fn a_phone_that_moves_away_costs_no_try_that_is_not_told() {
    let (mut accepted, mut unknown) = (0, 0);
    for nth in 0..24 {
        for fault in [
            Fault::RemovedBefore(nth),
            Fault::RemovedAfter(nth),
            Fault::AnswerCut(nth),
            Fault::TimedOut(nth),
            Fault::ReaderGone(nth),
        ] {
            let pins = ["0000", "1234", "1234", "1234"];
            let visit = Visit::of(ANDROID, usual(PhoneKind::Android, &pins));
            visit.phones.plan(fault);
            let (outcome, desk, wire) = visit.run();
            let out = presented(&wire);
            let wrong = out.iter().filter(|value| *value == "0000").count();
            assert!(wrong <= 1, "{fault:?}: {out:?}");
            let told = |event: &AuditEvent| desk.events().contains(&event);
            match outcome.failure() {
                None => {
                    accepted += 1;
                    assert_eq!(out.last().map(String::as_str), Some("1234"), "{fault:?}");
                    assert_eq!(
                        wrong == 1,
                        told(&AuditEvent::TrySpent { left: 2 }),
                        "{fault:?}"
                    );
                }
                Some(Failure::PinOutcomeUnknown) => {
                    unknown += 1;
                    assert!(told(&AuditEvent::TryUnknown), "{fault:?}");
                }
                Some(Failure::PhoneUnreadable) => {
                    assert_eq!(
                        wrong == 1,
                        told(&AuditEvent::TrySpent { left: 2 }),
                        "{fault:?}"
                    );
                }
                other => panic!("{fault:?}: {other:?}"),
            }
        }
    }
    assert!(accepted > 40 && unknown > 3, "{accepted} {unknown}");
}

#[test]
fn a_card_that_is_placed_after_all_is_used() {
    let pins: [(_, &[&str]); 3] = [
        ("choose-phone", &["1234"]),
        ("enter-pin", &["1234"]),
        ("tap-phone", &["9876", "1234"]),
    ];
    for (at, pins) in pins {
        let mut usually = usual(PhoneKind::Android, pins);
        let mut placed = false;
        let does = move |screen: &Screen, hands: &mut Hands| {
            if screen.name() == at && !placed {
                placed = true;
                hands.place_card();
                return None;
            }
            usually(screen, hands)
        };
        let mut visit = Visit::of("in-order", does).with_pocket(vec![phone_of(ANDROID)]);
        visit.card = Some(phone_of("in-order"));
        let (outcome, desk, wire) = visit.run();
        assert!(wire.lock().unwrap().is_empty(), "{at}");
        let names = desk.names();
        assert!(names.contains(&"choose-method"), "{at}: {names:?}");
        if at == "tap-phone" {
            // The card asks anew: the phone's PIN isn't the card's.
            assert!(
                names.iter().filter(|name| **name == "enter-pin").count() == 2,
                "{names:?}"
            );
        }
        let _ = outcome;
    }
}

#[test]
fn a_phone_on_the_cards_reader_leads_to_the_other_one() {
    let mut usually = usual(PhoneKind::Android, &["1234"]);
    let mut first = true;
    let does = |screen: &Screen, hands: &mut Hands| match screen {
        Screen::PlaceCard { .. } if std::mem::take(&mut first) => {
            hands.place_card();
            None
        }
        Screen::ChoosePhone { .. } => {
            hands.take_card();
            hands.pocket.extend(hands.card.take());
            usually(screen, hands)
        }
        screen => usually(screen, hands),
    };
    let mut visit = Visit::of(ANDROID, does).with_pocket(Vec::new());
    visit.card = Some(phone_of(ANDROID));
    let (outcome, desk, _) = visit.run();
    assert!(outcome.is_accepted(), "{outcome:?}");
    assert_eq!(
        desk.names()[..4],
        ["place-card", "reading-card", "choose-phone", "enter-pin"]
    );
}

#[test]
fn the_phones_reader_fails() {
    let mut usually = usual(PhoneKind::Android, &["1234"]);
    let visit = Visit::of(ANDROID, |screen: &Screen, hands: &mut Hands| match screen {
        Screen::TapPhone { .. } => None,
        screen => usually(screen, hands),
    });
    visit.phones.plan(Fault::ReaderGone(0));
    let (outcome, desk, _) = visit.run();
    let failure = outcome.failure();
    assert!(
        matches!(
            failure,
            Some(Failure::PhoneUnreadable | Failure::PersonTimedOut)
        ),
        "{failure:?} {:?}",
        desk.names()
    );
}

/// Without a reader for phones nothing of them is offered.
#[test]
fn no_reader_for_phones_no_phones() {
    let mut centre = Centre::for_persona(persona("in-order"));
    let (mut cards, phones) = (VirtualReader::new(), VirtualReader::new());
    let does = |screen: &Screen, _: &mut Hands| match screen {
        Screen::PlaceCard { phone } => {
            assert!(!phone);
            Some(Choice::Phone)
        }
        _ => Some(Choice::Yes),
    };
    let mut desk = PhoneDesk::new((&cards.clone(), &phones), Vec::new(), Box::new(does));
    let mut reception = Reception::new(policy(), &mut cards, &mut centre);
    let outcome = stepped(&mut reception, &mut desk);
    assert_eq!(outcome.failure(), Some(Failure::PersonTimedOut));
    assert_eq!(desk.names(), ["place-card", "not-accepted"]);
}

/// The same, with a reception that does the waiting itself.
#[test]
fn a_reception_that_waits_takes_a_phone_too() {
    let visit = Visit::of(ANDROID, usual(PhoneKind::Android, &["1234"]));
    let (outcome, _, _) = visit.run_with(|reception, desk| reception.run(desk));
    assert!(outcome.is_accepted(), "{outcome:?}");
}

#[test]
fn an_iphone_is_let_in_without_any_pin_here() {
    let (outcome, desk, wire) = Visit::of(IPHONE, usual(PhoneKind::Iphone, &[])).run();
    assert!(outcome.is_accepted(), "{outcome:?}");
    assert_eq!(
        desk.names()[..4],
        ["place-card", "choose-phone", "tap-phone", "reading-phone"]
    );
    assert!(wire.lock().unwrap().is_empty());
    let method = Identified::Device;
    let identified = AuditEvent::Identified {
        method,
        staff: None,
    };
    assert!(desk.events().contains(&&identified));
}

#[test]
fn an_iphone_whose_holder_is_recognised_at_last_is_let_in() {
    for late in [1, 2, 3] {
        let mut usually = usual(PhoneKind::Iphone, &[]);
        let mut taps_seen = 0;
        let does = |screen: &Screen, hands: &mut Hands| {
            if matches!(screen, Screen::TapPhone { .. }) {
                hands.lift();
                let phone = hands.pocket.front_mut().unwrap();
                phone.set_holder_identified(taps_seen >= late);
                taps_seen += 1;
            }
            usually(screen, hands)
        };
        let (outcome, desk, _) = Visit::of(IPHONE, does).run();
        let failure = (late == 3).then_some(Failure::PhoneHolderNotConfirmed);
        assert_eq!(outcome.failure(), failure, "{late}");
        let again = vec![Some(TapAgain::NotIdentified); late.min(2)];
        assert_eq!(taps(&desk.screens)[1..], again);
    }
}

/// A provider of another realm, one that says yes to everything, and none.
struct Says(Realm);

impl DeviceVerification for Says {
    fn realm(&self) -> Realm {
        self.0
    }

    fn verify(&mut self, _: &mut dyn RawCard, _: Binding) -> Result<(), DeviceError> {
        Ok(())
    }
}

#[test]
fn iphones_are_offered_where_a_provider_of_this_realm_is() {
    let nobody: [Option<Box<dyn DeviceVerification>>; 2] =
        [None, Some(Box::new(Says(Realm::Production)))];
    for device in nobody {
        let mut usually = usual(PhoneKind::Android, &["1234"]);
        let mut pressed = false;
        let does = |screen: &Screen, hands: &mut Hands| match screen {
            Screen::ChoosePhone { iphone } => {
                assert!(!iphone);
                // Not offered, so it does nothing: the screen waits on.
                pressed = true;
                Some(Choice::PhoneKind(PhoneKind::Iphone))
            }
            screen => usually(screen, hands),
        };
        let mut visit = Visit::of(IPHONE, does);
        visit.device = device;
        let (outcome, desk, wire) = visit.run();
        assert_eq!(outcome.failure(), Some(Failure::PersonTimedOut));
        assert_eq!(desk.names(), ["place-card", "choose-phone", "not-accepted"]);
        assert!(wire.lock().unwrap().is_empty());
    }
}

/// The key of the phone says no, whatever the provider says.
#[test]
fn a_provider_that_says_yes_to_nothing_lets_nobody_in() {
    let mut visit = Visit::of(IPHONE, usual(PhoneKind::Iphone, &[]));
    visit.device = Some(Box::new(Says(Realm::Simulation)));
    let (outcome, _, _) = visit.run();
    assert_eq!(outcome.failure(), Some(Failure::PhoneHolderNotConfirmed));
}

#[test]
fn an_android_phone_where_an_iphone_was_chosen_gets_nothing() {
    let visit = Visit::of(IPHONE, usual(PhoneKind::Iphone, &[]));
    let (outcome, desk, wire) = visit.with_pocket(vec![phone_of(ANDROID)]).run();
    assert_eq!(outcome.failure(), Some(Failure::PhoneUnreadable));
    let other = Some(TapAgain::OtherKind);
    assert_eq!(taps(&desk.screens), [None, other, other]);
    assert!(wire.lock().unwrap().is_empty());
}

/// What goes wrong with the card's reader is told where the card is wanted.
#[test]
fn the_cards_reader_may_fail_while_a_phone_is_used() {
    for back in [false, true] {
        let mut usually = usual(PhoneKind::Android, &["1234"]);
        let does = |screen: &Screen, hands: &mut Hands| match screen {
            Screen::ChoosePhone { .. } => {
                // A card that can't be read.
                hands.cards.plan(Fault::Mute);
                hands.cards.insert(phone_of("in-order"));
                usually(screen, hands)
            }
            Screen::EnterPin { .. } if back => Some(Choice::OtherMethod),
            screen => usually(screen, hands),
        };
        let (outcome, _, _) = Visit::of(ANDROID, does).run();
        let failure = back.then_some(Failure::CardUnreadable);
        assert_eq!(outcome.failure(), failure);
    }
}

/// Who gives up hears of the card, and the PIN that waited is gone.
#[test]
fn a_visit_can_be_cancelled_and_left_at_every_screen() {
    for (at, leave) in ["choose-phone", "enter-pin", "tap-phone"]
        .into_iter()
        .flat_map(|at| [(at, true), (at, false)])
    {
        let mut usually = usual(PhoneKind::Android, &["1234"]);
        let does = |screen: &Screen, hands: &mut Hands| match screen.name() {
            name if name == at && leave => None,
            name if name == at => Some(Choice::Cancel),
            _ => usually(screen, hands),
        };
        let (outcome, _, wire) = Visit::of(ANDROID, does).run();
        let failure = match leave {
            true => Failure::PersonTimedOut,
            false => Failure::Cancelled,
        };
        assert_eq!(outcome.failure(), Some(failure), "{at}");
        assert!(wire.lock().unwrap().is_empty());
    }
}

/// A card on the other reader is none of a phone's visit, but it must be taken.
#[test]
fn a_card_that_comes_and_goes_is_none_of_a_phones_visit() {
    for stays in [false, true] {
        let mut usually = usual(PhoneKind::Android, &["1234"]);
        let mut placed = false;
        let does = move |screen: &Screen, hands: &mut Hands| {
            match screen {
                Screen::Asking { .. } if !placed => {
                    placed = true;
                    hands.cards.insert(phone_of("in-order"));
                }
                Screen::Consents { .. } => {
                    assert!(placed);
                    // Looked at before the consent is taken.
                    if !stays {
                        hands.take_card();
                        return Some(Choice::MoreTime);
                    }
                }
                _ => {}
            }
            usually(screen, hands)
        };
        let mut agreed = 0;
        let visit = Visit::of(ANDROID, does);
        let (outcome, desk, _) = visit.run_with(|reception, desk| {
            loop {
                match reception.step(desk) {
                    Step::Finished(outcome) => return *outcome,
                    Step::Waiting { until } => desk.hands.clock = desk.hands.clock.max(until),
                    _ => {}
                }
                let asked = desk.screens.last().is_some_and(|s| s.name() == "consents");
                if asked && !stays {
                    agreed += 1;
                    desk.press((agreed == 3).then_some(Choice::ConsentToAll));
                }
            }
        });
        assert!(outcome.is_accepted(), "{stays}: {outcome:?}");
        assert_eq!(desk.names().contains(&"take-card"), stays);
    }
}
