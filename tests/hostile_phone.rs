//! A person with several phones, a card and no good intentions.

mod phone_support;

use phone_support::*;
use uketsuke::Realm;
use uketsuke::checkin::{
    CheckIn, Choice, Equipment, Input, Method, Output, PhoneKind, Phones, Screen, ScreenId, Task,
};
use uketsuke::eligibility::Failure;
use uketsuke::simulation::{Centre, Fault, VirtualCard};
use uketsuke::transport::{TransportError, TransportErrorKind};

/// The slip that everybody makes: the phone has another PIN, and the card's is typed for it. It is wrong there, and
/// right where it belongs.
#[test]
fn the_cards_pin_typed_for_a_phone_is_still_the_cards() {
    let mut usually = usual(PhoneKind::Android, &["1234", "1234"]);
    let does = |screen: &Screen, hands: &mut Hands| match screen {
        Screen::EnterPin {
            phone: true,
            wrong: true,
            ..
        } => Some(Choice::OtherMethod),
        Screen::PlaceCard { .. } if hands.pocket.is_empty() => {
            hands.place_card();
            None
        }
        Screen::EnterPin {
            same_again: true, ..
        } => panic!("the card was never asked"),
        screen => usually(screen, hands),
    };
    let mut visit = Visit::of("in-order", does).with_pocket(vec![phone_of("android-other-pin")]);
    visit.card = Some(phone_of("in-order"));
    let (cards, on_card) = watched();
    visit.cards = cards;
    let (outcome, _, on_phone) = visit.run();
    assert_eq!(presented(&on_phone), ["1234"]);
    assert_eq!(presented(&on_card), ["1234"]);
    assert!(outcome.is_accepted(), "{outcome:?}");
}

/// What was counted on a phone isn't told of a card.
#[test]
fn the_tries_of_a_phone_are_not_the_cards() {
    let mut usually = usual(PhoneKind::Android, &["0000"]);
    let mut tried = false;
    let does = |screen: &Screen, hands: &mut Hands| match screen {
        Screen::EnterPin { wrong: true, .. } => {
            tried = true;
            Some(Choice::OtherMethod)
        }
        Screen::PlaceCard { .. } if hands.pocket.is_empty() => Some(Choice::Cancel),
        screen => usually(screen, hands),
    };
    let (outcome, _, _) = Visit::of("android-in-order", does).run();
    let uketsuke::checkin::Outcome::NotAccepted(refusal) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(refusal.failure, Failure::Cancelled);
    assert_eq!(refusal.pin_tries_left, None);
    assert!(tried);
}

/// Another phone than the one before may have another count: the last try of that one isn't this one's.
#[test]
fn after_the_card_a_phone_is_asked_anew() {
    let mut usually = usual(PhoneKind::Android, &["1234", "1234"]);
    let mut warned = 0;
    let does = |screen: &Screen, hands: &mut Hands| match screen {
        Screen::LastTry { .. } => {
            warned += 1;
            hands.lift();
            hands.pocket.pop_front();
            hands.pocket.push_back(phone_of("android-in-order"));
            Some(Choice::OtherMethod)
        }
        screen => usually(screen, hands),
    };
    let visit = Visit::of("in-order", does).with_pocket(vec![phone_of("android-last-try")]);
    let (outcome, _, wire) = visit.run();
    assert!(outcome.is_accepted(), "{outcome:?}");
    assert_eq!(warned, 1);
    assert_eq!(presented(&wire), ["1234"]);
}

/// Who mistypes and gives up isn't told that the phone couldn't be read.
#[test]
fn what_was_read_after_all_is_no_problem_any_more() {
    let mut usually = usual(PhoneKind::Android, &["0000"]);
    let visit = Visit::of("android-in-order", |screen: &Screen, hands: &mut Hands| {
        usually(screen, hands)
    });
    visit.phones.plan(Fault::RemovedBefore(1));
    let (outcome, desk, wire) = visit.run();
    assert_eq!(presented(&wire), ["0000"]);
    assert!(
        desk.names()
            .iter()
            .filter(|name| **name == "tap-phone")
            .count()
            == 2
    );
    assert_eq!(outcome.failure(), Some(Failure::Cancelled));
}

fn machine() -> CheckIn {
    let equipment = Equipment {
        phone: Some(Phones {
            device: Some(Realm::Simulation),
        }),
        ..Equipment::pin_only(Realm::Simulation)
    };
    CheckIn::new(policy(), equipment, now())
}

/// The last screen, and whether the card is to be read.
fn drain(machine: &mut CheckIn) -> (Option<ScreenId>, &'static str, bool) {
    let (mut shown, mut name, mut reads) = (None, "", false);
    loop {
        match machine.poll() {
            Output::Show { number, screen } => (shown, name) = (Some(number), screen.name()),
            Output::Start { work, .. } => reads |= matches!(*work, Task::ReadCard),
            Output::Idle { .. } | Output::Finished => return (shown, name, reads),
            _ => {}
        }
    }
}

/// A card that lay wrong was taken and laid right: what the reader said of it before is past.
#[test]
fn a_card_that_was_mute_may_be_laid_anew() {
    for taken in [true, false] {
        for at in ["choose-phone", "enter-pin", "tap-phone"] {
            let mut machine = machine();
            let choices = [
                Choice::Phone,
                Choice::PhoneKind(PhoneKind::Android),
                pin("1234"),
            ];
            let (mut shown, mut name, _) = drain(&mut machine);
            for choice in choices {
                if name == at {
                    break;
                }
                let screen = shown.unwrap();
                machine.handle(Input::Chosen { screen, choice }, now());
                (shown, name, _) = drain(&mut machine);
            }
            assert_eq!(name, at);
            let mute = TransportError::new(TransportErrorKind::Mute, false);
            machine.handle(Input::ReaderFailed(mute), now());
            if taken {
                machine.handle(Input::CardRemoved, now());
            }
            machine.handle(Input::CardPlaced, now());
            let (_, name, reads) = drain(&mut machine);
            assert_eq!((name, reads), ("reading-card", true), "{at}");
        }
    }
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

/// Presses anything, types anything, holds anything anywhere, card and phones in any order. Whatever it is: a value
/// goes only where it was typed for, never twice to phones that refused it, a last try only after a yes; the visit ends.
#[test]
fn whatever_a_person_does_no_value_goes_astray() {
    let pins = ["1234", "4321", "0000"];
    let phones = [
        "android-in-order",
        "android-other-pin",
        "android-last-try",
        "android-pin-locked",
        "iphone-in-order",
        "iphone-not-recognised",
        "in-order",
    ];
    let (mut accepted, mut sent, mut on_cards) = (0, 0, 0);
    for seed in 0..600 {
        let mut dice = Dice(seed * 7919 + 1);
        let (mut typed_phone, mut typed_card) = (Vec::new(), Vec::new());
        let (mut screens, mut yes) = (0, 0);
        let pocket: Vec<_> = (0..3).map(|_| phone_of(dice.of(&phones))).collect();
        let locked = |all: &[VirtualCard]| {
            let none = |one: &&VirtualCard| one.tries_left()[0] == 0;
            all.iter().filter(none).count()
        };
        let locked_before = locked(&pocket);
        let does = |screen: &Screen, hands: &mut Hands| {
            screens += 1;
            assert!(screens < 400, "{seed}: no end");
            match dice.below(30) {
                0 => hands.place_card(),
                1 => hands.take_card(),
                2 => hands
                    .pocket
                    .rotate_left(usize::from(!hands.pocket.is_empty())),
                3 => {
                    hands.cards.plan(Fault::Mute);
                    hands.place_card();
                }
                4 => {
                    let nth = u32::try_from(dice.below(8)).unwrap();
                    hands.phones.plan(Fault::RemovedBefore(nth.into()));
                }
                _ => {}
            }
            match screen {
                Screen::EnterPin { phone, .. } => {
                    let text = dice.of(&pins);
                    match dice.below(8) {
                        0 => return Some(Choice::OtherMethod),
                        1 => return Some(Choice::PinForgotten),
                        _ if *phone => typed_phone.push(text.to_owned()),
                        _ => typed_card.push(text.to_owned()),
                    }
                    Some(pin(text))
                }
                Screen::LastTry { .. } => {
                    let choice = dice.below(3);
                    yes += usize::from(choice > 0);
                    Some(if choice > 0 {
                        Choice::Yes
                    } else {
                        Choice::OtherMethod
                    })
                }
                Screen::PlaceCard { .. } => match dice.below(3) {
                    0 => {
                        hands.place_card();
                        None
                    }
                    _ => Some(Choice::Phone),
                },
                Screen::ChoosePhone { .. } => Some(match dice.below(5) {
                    0 => Choice::OtherMethod,
                    1 => Choice::PhoneKind(PhoneKind::Iphone),
                    _ => Choice::PhoneKind(PhoneKind::Android),
                }),
                Screen::TapPhone { .. } => match dice.below(6) {
                    0 => Some(Choice::OtherMethod),
                    1 => Some(pin(dice.of(&pins))),
                    _ => {
                        hands.tap();
                        None
                    }
                },
                Screen::ChooseMethod { .. } => Some(match dice.below(4) {
                    0 => Choice::Phone,
                    _ => Choice::Method(Method::Pin),
                }),
                Screen::Consents { .. } => Some(Choice::ConsentToAll),
                Screen::ReadingCard { .. }
                | Screen::ReadingPhone { .. }
                | Screen::CheckingPin
                | Screen::Asking { .. } => None,
                Screen::TakeCard { .. } => {
                    hands.take_card();
                    None
                }
                _ => Some(Choice::Yes),
            }
        };
        let mut visit = Visit::of("in-order", does).with_pocket(pocket);
        visit.card = Some(phone_of("in-order"));
        visit.centre = Centre::new();
        let (cards, on_card) = watched();
        visit.cards = cards;
        let (outcome, desk, on_phone) = visit.run();
        let things = {
            let hands = { desk }.hands;
            let mut things: Vec<_> = hands.pocket.into();
            things.extend(hands.phones.remove());
            things.extend(hands.cards.remove());
            things.extend(hands.card);
            things
        };
        assert_eq!(things.len(), 4, "{seed}");
        if yes == 0 {
            assert_eq!(locked(&things), locked_before, "{seed}");
        }
        accepted += usize::from(outcome.is_accepted());
        assert!(counted_first(&on_card), "{seed}");
        let (on_card, on_phone) = (presented(&on_card), presented(&on_phone));
        sent += on_phone.len();
        on_cards += on_card.len();
        for (sent, typed) in [(&on_card, &typed_card), (&on_phone, &typed_phone)] {
            let mut typed = typed.iter();
            for value in sent {
                assert!(typed.any(|text| text == value), "{seed}: {sent:?}");
            }
        }
        for sent in [&on_card, &on_phone] {
            let wrong = sent.iter().filter(|value| *value == "0000").count();
            assert!(wrong <= 1, "{seed}: {sent:?}");
        }
    }
    assert!(
        accepted > 50 && sent > 30 && on_cards > 100,
        "{accepted} {sent} {on_cards}"
    );
}
