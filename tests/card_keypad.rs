//! PINs typed on the reader's own keypad: the rules of every other VERIFY, but
//! for a value that nobody here knows.

mod card_support;

use card_support::{Chip, INPUT_PIN, KIND, Keyed, LOCKED, PIN, budget, card, hex, pin};
use uketsuke::card::{
    CardError, InputSupport, Jpki, LastTry, SecretKind, SignatureInput, VerifyError,
};
use uketsuke::transport::TransportErrorKind;

fn chip(keyed: &[Keyed]) -> Chip {
    Chip {
        keyed: keyed.to_vec(),
        ..Chip::new()
    }
}

#[test]
fn the_right_pin_opens_the_key() {
    let (chip, mut card) = card(chip(&[Keyed::Digits(PIN)]));
    assert!(card.has_keypad());
    let mut jpki = card.open::<Jpki>().unwrap();
    let leave = budget(&mut jpki);
    let proof = jpki.verify_pin_on_keypad(leave).unwrap();
    assert_eq!(proof.binding(), jpki.binding());
    let input = SignatureInput::sha256([1; 32]);
    assert!(jpki.sign_authentication(&input).is_ok());
    drop(jpki);
    assert!(card.is_dirty());
    let verifies = chip.with(|chip| chip.verifies());
    assert_eq!(verifies, [hex("00200098 04 31323334")]);
}

#[test]
fn without_a_keypad_nothing_is_sent() {
    let (chip, mut card) = card(Chip::new());
    assert!(!card.has_keypad());
    let mut jpki = card.open::<Jpki>().unwrap();
    let leave = budget(&mut jpki);
    let sent = chip.sent();
    let error = jpki.verify_pin_on_keypad(leave).unwrap_err();
    let VerifyError::Card(error) = error else {
        panic!("{error:?}");
    };
    let kind = error.transport().unwrap().kind;
    assert_eq!(kind, TransportErrorKind::Unsupported);
    assert_eq!(chip.sent(), sent);
    drop(jpki);
    assert!(!card.is_dirty());
}

#[test]
fn a_person_who_types_nothing_spends_nothing() {
    for (keyed, kind) in [
        (Keyed::Cancelled, TransportErrorKind::Cancelled),
        (Keyed::TimedOut, TransportErrorKind::TimedOut),
    ] {
        let (chip, mut card) = card(chip(&[keyed, Keyed::Digits(PIN)]));
        let mut jpki = card.open::<Jpki>().unwrap();
        let leave = budget(&mut jpki);
        let error = jpki.verify_pin_on_keypad(leave).unwrap_err();
        assert!(!error.try_may_be_spent());
        assert!(matches!(
            error,
            VerifyError::Card(CardError::Transport { source, .. }) if source.kind == kind
        ));
        assert_eq!(chip.with(|chip| chip.pin_tries), 3);
        // In the same session, on a count of its own.
        let leave = budget(&mut jpki);
        assert!(jpki.verify_pin_on_keypad(leave).is_ok());
    }
}

#[test]
fn wrong_ones_to_the_lock_each_on_a_budget_of_its_own() {
    let keyed = ["0001", "0001", "0002", PIN].map(Keyed::Digits);
    let (chip, mut card) = card(chip(&keyed));
    let mut jpki = card.open::<Jpki>().unwrap();
    let kind = KIND;
    for expected in [
        VerifyError::Wrong { kind, left: 2 },
        // The same digits: nobody here knows.
        VerifyError::Wrong { kind, left: 1 },
        VerifyError::Locked {
            kind,
            by_this_try: true,
        },
    ] {
        let leave = budget(&mut jpki);
        assert_eq!(jpki.verify_pin_on_keypad(leave).unwrap_err(), expected);
    }
    let tries = jpki.tries_left(kind).unwrap();
    assert_eq!(tries.budget(LastTry::Allow).map(drop), Err(LOCKED));
    assert_eq!(chip.with(|chip| chip.verifies().len()), 3);
    drop(jpki);
    assert!(!card.is_dirty());
}

#[test]
fn the_last_try_and_stale_counts_as_ever() {
    let (chip, mut card) = card(Chip {
        pin_tries: 1,
        ..chip(&[Keyed::Digits(PIN)])
    });
    let mut jpki = card.open::<Jpki>().unwrap();
    let refused = jpki.tries_left(KIND).unwrap().budget(LastTry::Refuse);
    assert_eq!(
        refused.map(drop),
        Err(VerifyError::LastTryNotAllowed { kind: KIND })
    );
    let stale = budget(&mut jpki);
    let _latest = budget(&mut jpki);
    let other = jpki.tries_left(SecretKind::SignPassword).unwrap();
    let other = other.budget(LastTry::Refuse).unwrap();
    for bad in [stale, other] {
        assert_eq!(
            jpki.verify_pin_on_keypad(bad).unwrap_err(),
            VerifyError::ForeignBudget { kind: KIND }
        );
    }
    assert!(chip.with(|chip| chip.verifies().is_empty()));
}

#[test]
fn a_lost_answer_is_an_unknown_outcome() {
    let (chip, mut card) = card(chip(&[Keyed::Lost("0001"), Keyed::Digits(PIN)]));
    let mut jpki = card.open::<Jpki>().unwrap();
    let leave = budget(&mut jpki);
    let error = jpki.verify_pin_on_keypad(leave).unwrap_err();
    assert!(matches!(error, VerifyError::OutcomeUnknown { .. }));
    assert!(error.try_may_be_spent());
    // Nothing goes on until it's opened again.
    assert!(jpki.tries_left(KIND).is_err());
    drop(jpki);
    assert!(card.is_dirty());
    let mut jpki = card.open::<Jpki>().unwrap();
    assert_eq!(jpki.tries_left(KIND).unwrap().count(), 2);
    // A value from elsewhere isn't mistaken for the unknown one.
    let leave = budget(&mut jpki);
    assert!(jpki.verify_pin(pin(PIN), leave).is_ok());
    assert_eq!(chip.with(|chip| chip.verifies().len()), 2);
}

#[test]
fn the_pin_of_input_support() {
    let (chip, mut card) = card(chip(&[Keyed::Digits(INPUT_PIN)]));
    let kind = SecretKind::InputPin;
    let mut input = card.open::<InputSupport>().unwrap();
    let leave = input.tries_left(kind).unwrap();
    let leave = leave.budget(LastTry::Refuse).unwrap();
    let proof = input.verify_input_pin_on_keypad(leave).unwrap();
    assert_eq!(proof.binding(), input.binding());
    let verifies = chip.with(|chip| chip.verifies());
    assert_eq!(verifies, [hex("00200091 04 35363738")]);
}
