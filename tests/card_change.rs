//! Changing a PIN or password: the new value is sent once, and what is said of
//! it afterwards is true.

mod card_support;

use card_support::{App, Chip, Fault, INPUT_PIN, KIND, PASSWORD, PIN, budget, card, hex, pin};
use uketsuke::card::{
    AuthPin, CardError, ChangeError, InputPin, InputSupport, Jpki, LastTry, SecretKind,
    SignPassword, VerifyError,
};
use uketsuke::transport::TransportErrorKind;

const NEW: &str = "9753";

/// PIN right, then changed with this fault at the command that carries the new
/// one; what came of it, what the chip holds then, and how often the new value
/// was sent.
fn change(fault: Option<Fault>) -> (Result<(), ChangeError>, Vec<u8>, usize) {
    let (chip, mut card) = card(Chip::new());
    let mut jpki = card.open::<Jpki>().unwrap();
    let leave = budget(&mut jpki);
    let proof = jpki.verify_pin(pin(PIN), leave).unwrap();
    let at = chip.sent() + 1;
    if let Some(fault) = fault {
        chip.with(|chip| chip.faults.insert(at, fault));
    }
    let result = jpki.change_pin(proof, AuthPin::parse(NEW).unwrap());
    drop(jpki);
    drop(card);
    let sent = chip.with(|chip| chip.log.iter().filter(|c| c[1] == 0x24).count());
    let holds = chip.with(|chip| chip.pin.clone());
    assert!(chip.with(|chip| !chip.is_open()), "left open");
    (result, holds, sent)
}

#[test]
fn two_exchanges_each() {
    let (chip, mut card) = card(Chip::new());
    let mut jpki = card.open::<Jpki>().unwrap();
    let leave = budget(&mut jpki);
    let proof = jpki.verify_pin(pin(PIN), leave).unwrap();
    chip.take_log();
    jpki.change_pin(proof, AuthPin::parse(NEW).unwrap())
        .unwrap();
    assert_eq!(
        chip.take_log(),
        [hex("00A4020C 02 0018"), hex("00240180 04 39373533")]
    );

    let kind = SecretKind::SignPassword;
    let leave = jpki
        .tries_left(kind)
        .unwrap()
        .budget(LastTry::Refuse)
        .unwrap();
    let typed = SignPassword::parse(PASSWORD).unwrap();
    let proof = jpki.verify_sign_password(typed, leave).unwrap();
    chip.take_log();
    let new = SignPassword::parse("NEW4567").unwrap();
    jpki.change_sign_password(proof, new).unwrap();
    assert_eq!(
        chip.take_log(),
        [hex("00A4020C 02 001B"), hex("00240180 07 4E455734353637")]
    );
    jpki.close().unwrap();

    let kind = SecretKind::InputPin;
    let mut input = card.open::<InputSupport>().unwrap();
    let leave = input
        .tries_left(kind)
        .unwrap()
        .budget(LastTry::Refuse)
        .unwrap();
    let proof = input
        .verify_input_pin(InputPin::parse(INPUT_PIN).unwrap(), leave)
        .unwrap();
    chip.take_log();
    input
        .change_input_pin(proof, InputPin::parse("8520").unwrap())
        .unwrap();
    assert_eq!(
        chip.take_log(),
        [hex("00A4020C 02 0011"), hex("00240180 04 38353230")]
    );
    chip.with(|chip| {
        assert_eq!(chip.pin, b"9753");
        assert_eq!(chip.secrets[&(App::Jpki, 0x9B)].value, b"NEW4567");
        assert_eq!(chip.secrets[&(App::Input, 0x91)].value, b"8520");
    });
}

/// Every status word and every way to lose the answer: the new value is sent
/// once at most, and where the old one is said to hold it does.
#[test]
fn what_is_said_of_the_outcome_is_true() {
    let (result, holds, sent) = change(None);
    assert_eq!((result, &holds[..], sent), (Ok(()), NEW.as_bytes(), 1));
    let mut faults: Vec<Fault> = (0..=0xFFFF).step_by(7).map(Fault::Status).collect();
    faults.extend([0x6982, 0x6985, 0x6A80, 0x6700, 0x6F00, 0x63C2, 0x6581].map(Fault::Status));
    faults.extend([0, 1].map(Fault::Cut));
    faults.extend([1, 256, 70_000].map(Fault::Data));
    for kind in [
        TransportErrorKind::CardRemoved,
        TransportErrorKind::CardReset,
        TransportErrorKind::TimedOut,
        TransportErrorKind::Fault(7),
    ] {
        faults.extend([
            Fault::Before(kind, false),
            Fault::Before(kind, true),
            Fault::After(kind),
        ]);
    }
    let mut certain = 0;
    for fault in faults {
        let (result, holds, sent) = change(Some(fault));
        assert_eq!(sent, 1, "{fault:?}");
        match result {
            Ok(()) => assert!(matches!(fault, Fault::Status(0x9000))),
            Err(error) if error.old_value_holds() => {
                certain += 1;
                assert_eq!(holds, PIN.as_bytes(), "{fault:?}: {error}");
            }
            Err(error) => {
                let shown = format!("{error} {error:?}");
                assert!(!shown.contains(NEW), "{shown}");
            }
        }
    }
    assert!(certain > 5, "{certain}");
}

#[test]
fn where_the_reference_cannot_be_selected_the_new_value_is_not_sent() {
    for fault in [
        Fault::Status(0x6A82),
        Fault::Status(0x6F00),
        Fault::Before(TransportErrorKind::CardRemoved, false),
        Fault::After(TransportErrorKind::TimedOut),
    ] {
        let (chip, mut card) = card(Chip::new());
        let mut jpki = card.open::<Jpki>().unwrap();
        let leave = budget(&mut jpki);
        let proof = jpki.verify_pin(pin(PIN), leave).unwrap();
        let at = chip.sent();
        chip.with(|chip| chip.faults.insert(at, fault));
        let error = jpki.change_pin(proof, pin(NEW)).unwrap_err();
        assert!(error.old_value_holds(), "{error}");
        assert!(chip.with(|chip| chip.log.iter().all(|c| c[1] != 0x24)));
    }
}

#[test]
fn a_proof_of_another_session_changes_nothing() {
    let (chip, mut card) = card(Chip::new());
    let mut jpki = card.open::<Jpki>().unwrap();
    let leave = budget(&mut jpki);
    let proof = jpki.verify_pin(pin(PIN), leave).unwrap();
    drop(jpki);
    let mut jpki = card.open::<Jpki>().unwrap();
    chip.take_log();
    let error = jpki.change_pin(proof, pin(NEW)).unwrap_err();
    assert!(matches!(
        error,
        ChangeError::Card(CardError::NotVerified { .. })
    ));
    assert_eq!(chip.sent(), 0);
}

/// What was wrong may be right now; and only then.
#[test]
fn refusals_are_forgotten_when_the_value_may_have_changed() {
    for (status, forgotten) in [(None, true), (Some(0x6F00), true), (Some(0x6985), false)] {
        let (chip, mut card) = card(Chip {
            change_status: status,
            ..Chip::new()
        });
        let mut jpki = card.open::<Jpki>().unwrap();
        let first = budget(&mut jpki);
        assert!(jpki.verify_pin(pin(NEW), first).is_err());
        let second = budget(&mut jpki);
        let proof = jpki.verify_pin(pin(PIN), second).unwrap();
        let old = budget(&mut jpki);
        assert_eq!(jpki.change_pin(proof, pin(NEW)).is_ok(), status.is_none());
        if forgotten {
            let error = jpki.verify_pin(pin(NEW), old).unwrap_err();
            assert_eq!(
                error,
                VerifyError::ForeignBudget { kind: KIND },
                "an old count"
            );
        }
        let third = budget(&mut jpki);
        let again = jpki.verify_pin(pin(NEW), third);
        match (status, forgotten) {
            (None, _) => assert!(again.is_ok()),
            (Some(_), true) => assert!(matches!(again, Err(VerifyError::Wrong { .. }))),
            (Some(_), false) => {
                assert_eq!(
                    again.unwrap_err(),
                    VerifyError::AlreadyRefused { kind: KIND }
                );
            }
        }
        drop(chip);
    }
}
