//! Holding the card: no key stays open, no session outlives its card.

mod card_support;

use card_support::{Chip, FACE, Fault, ISD, NUMBER_B, PIN, hex};
use card_support::{KIND, budget, card, pin};
use uketsuke::card::{
    CardError, CardFace, Jpki, LastTry, ReferenceNumberB, SecretKind, SignatureInput, VerifyError,
};
use uketsuke::transport::{Reset, TransportError, TransportErrorKind};

#[test]
fn a_card_left_unclosed_is_powered_off_before_its_next_use() {
    let (chip, mut card) = card(Chip::new());
    let before = card.binding();
    let mut jpki = card.open::<Jpki>().unwrap();
    let budget = budget(&mut jpki);
    let proof = jpki.verify_pin(pin(PIN), budget).unwrap();
    assert_eq!(proof.binding(), before);
    drop(jpki);
    assert!(card.is_dirty() && chip.with(|chip| chip.is_open()));
    let jpki = card.open::<Jpki>().unwrap();
    assert_ne!(jpki.binding(), before, "power-up begins another session");
    assert_eq!(jpki.binding().visit(), before.visit());
    drop(jpki);
    assert!(!card.is_dirty());
    chip.with(|chip| {
        assert_eq!(chip.resets, [Reset::PowerOff]);
        assert!(!chip.is_open());
    });
}

#[test]
fn forgetting_an_application_does_not_hide_an_open_key() {
    let (chip, mut card) = card(Chip::new());
    let mut jpki = card.open::<Jpki>().unwrap();
    let budget = budget(&mut jpki);
    let _proof = jpki.verify_pin(pin(PIN), budget).unwrap();
    std::mem::forget(jpki);
    drop(card);
    assert!(chip.with(|chip| !chip.is_open() && chip.bursts == 0));
}

#[test]
fn release_and_drop_power_a_dirty_card_off() {
    for release in [true, false] {
        let (chip, mut card) = card(Chip::new());
        let mut jpki = card.open::<Jpki>().unwrap();
        let budget = budget(&mut jpki);
        let _proof = jpki.verify_pin(pin(PIN), budget).unwrap();
        drop(jpki);
        if release {
            assert!(card.release().is_ok());
        } else {
            drop(card);
        }
        chip.with(|chip| {
            assert_eq!(chip.resets, [Reset::PowerOff]);
            assert!(!chip.is_open() && chip.bursts == 0);
        });
    }
}

#[test]
fn a_dirty_card_that_cannot_be_powered_off_is_not_used() {
    let (chip, mut card) = card(Chip {
        refuse_power_off: true,
        ..Chip::new()
    });
    let mut jpki = card.open::<Jpki>().unwrap();
    let budget = budget(&mut jpki);
    let _proof = jpki.verify_pin(pin(PIN), budget).unwrap();
    drop(jpki);
    let sent = chip.sent();
    assert_eq!(card.open::<CardFace>().unwrap_err(), CardError::Dirty);
    assert_eq!(card.open::<Jpki>().unwrap_err(), CardError::Dirty);
    assert_eq!(chip.sent(), sent);
    assert_eq!(card.release().err(), Some(CardError::Dirty));
}

#[test]
fn a_refused_leave_keeps_the_card_dirty() {
    let (chip, mut card) = card(Chip {
        refuse_isd: true,
        ..Chip::new()
    });
    let mut jpki = card.open::<Jpki>().unwrap();
    let budget = budget(&mut jpki);
    let _proof = jpki.verify_pin(pin(PIN), budget).unwrap();
    assert!(matches!(jpki.close(), Err(CardError::Refused { .. })));
    assert_eq!(chip.take_log().last(), Some(&hex(ISD)));
    assert!(card.is_dirty());
    assert!(card.release().is_ok());
    assert_eq!(chip.with(|chip| chip.resets.clone()), [Reset::PowerOff]);
}

#[test]
fn a_wrong_try_after_a_right_one_keeps_the_card_dirty() {
    let (_, mut card) = card(Chip::new());
    let mut jpki = card.open::<Jpki>().unwrap();
    let right = budget(&mut jpki);
    let _proof = jpki.verify_pin(pin(PIN), right).unwrap();
    let wrong = budget(&mut jpki);
    assert!(jpki.verify_pin(pin("0001"), wrong).is_err());
    drop(jpki);
    assert!(card.is_dirty());
}

#[test]
fn a_vendors_command_marks_the_card_and_carries_no_secret() {
    let (chip, mut card) = card(Chip::new());
    let mut jpki = card.open::<Jpki>().unwrap();
    let stale = budget(&mut jpki);
    let sent = chip.sent();
    for secret in [
        "00200098 04 31323334",
        "0C200098 04 31323334",
        "00240198 04 31323334",
        "002C00",
    ] {
        assert!(matches!(
            jpki.raw(&hex(secret)),
            Err(CardError::Misuse { .. })
        ));
    }
    assert_eq!(chip.sent(), sent);
    let answer = jpki.raw(&hex("80FA5349")).unwrap();
    assert_eq!(answer.as_slice(), b"vendor\x90\x00");
    let error = jpki.verify_pin(pin(PIN), stale).unwrap_err();
    assert!(matches!(error, VerifyError::Card(CardError::Misuse { .. })));
    drop(jpki);
    assert!(card.is_dirty());
}

#[test]
fn after_a_vendors_command_no_try_goes_to_another_application() {
    for (command, close) in [
        (FACE, true),
        (FACE, false),
        ("80FA5349", true),
        ("00700000 01", true),
        ("1088000001AA", false),
    ] {
        let (chip, mut card) = card(Chip::new());
        let mut jpki = card.open::<Jpki>().unwrap();
        let stale = budget(&mut jpki);
        let before = jpki.binding();
        jpki.raw(&hex(command)).unwrap();
        let sent = chip.sent();
        for kind in [KIND, SecretKind::SignPassword] {
            let error = jpki.tries_left(kind).unwrap_err();
            assert!(matches!(error, CardError::Misuse { .. }));
        }
        let error = jpki.verify_pin(pin(PIN), stale).unwrap_err();
        assert!(matches!(error, VerifyError::Card(CardError::Misuse { .. })));
        assert!(!error.try_may_be_spent());
        assert_eq!(chip.sent(), sent);
        // Signing is what a vendor's command is for.
        let input = SignatureInput::sha256([0; 32]);
        assert!(jpki.sign_authentication(&input).is_err(), "never verified");
        assert_eq!(chip.sent(), sent + 1);
        match close {
            true => jpki.close().unwrap(),
            false => drop(jpki),
        }
        assert!(card.is_dirty(), "a logical channel may be open");
        let mut jpki = card.open::<Jpki>().unwrap();
        assert_eq!(chip.with(|chip| chip.resets.clone()), [Reset::PowerOff]);
        assert_ne!(jpki.binding(), before);
        let fresh = budget(&mut jpki);
        assert!(jpki.verify_pin(pin(PIN), fresh).is_ok());
        assert!(jpki.sign_authentication(&input).is_ok());
    }
}

#[test]
fn a_shared_card_is_never_left_with_an_open_key_or_an_old_count() {
    let (chip, mut card) = card(Chip {
        shared: true,
        ..Chip::new()
    });
    let mut jpki = card.open::<Jpki>().unwrap();
    let old = budget(&mut jpki);
    drop(jpki);
    let mut jpki = card.open::<Jpki>().unwrap();
    assert!(matches!(
        jpki.verify_pin(pin(PIN), old),
        Err(VerifyError::ForeignBudget { .. })
    ));
    let fresh = budget(&mut jpki);
    let _proof = jpki.verify_pin(pin(PIN), fresh).unwrap();
    drop(jpki);
    assert!(chip.with(|chip| !chip.is_open()), "others may use it now");
    assert!(!card.is_dirty());
}

#[test]
fn another_card_has_no_application() {
    for status in 0x6281..=0x6FFF {
        let (chip, mut card) = card(Chip::new());
        chip.with(|chip| chip.faults.insert(0, Fault::Status(status)));
        let opened = card.open::<Jpki>().map(drop);
        match status {
            0x6A81 | 0x6A82 | 0x6D00 | 0x6E00 => {
                assert!(matches!(opened, Err(CardError::NoApplication { .. })));
            }
            // Asked once more.
            0x6F00 => assert_eq!(opened, Ok(())),
            _ => assert!(
                matches!(opened, Err(CardError::Refused { .. })),
                "{status:04X}"
            ),
        }
        assert_eq!(chip.with(|chip| chip.bursts), 0);
    }
}

#[test]
fn after_a_reset_nothing_is_sent_until_the_application_is_opened() {
    for kind in [
        TransportErrorKind::CardReset,
        TransportErrorKind::CardRemoved,
    ] {
        let (chip, mut card) = card(Chip::new());
        let mut jpki = card.open::<Jpki>().unwrap();
        let first = budget(&mut jpki);
        let proof = jpki.verify_pin(pin(PIN), first).unwrap();
        chip.with(|chip| chip.faults.insert(3, Fault::Before(kind, false)));
        let input = SignatureInput::sha256([0; 32]);
        let error = jpki.sign_authentication(&input).unwrap_err();
        assert_eq!(error.transport(), Some(TransportError::new(kind, false)));
        let sent = chip.sent();
        assert!(jpki.sign_authentication(&input).is_err());
        assert!(jpki.tries_left(KIND).is_err());
        assert!(jpki.close().is_err(), "still dirty");
        assert_eq!(chip.sent(), sent);
        let mut jpki = card.open::<Jpki>().unwrap();
        assert_ne!(jpki.binding(), proof.binding());
        let error = jpki.sign_authentication(&input).unwrap_err();
        assert!(
            matches!(error, CardError::NotVerified { .. }),
            "not verified by itself"
        );
        assert_eq!(chip.with(|chip| chip.verifies().len()), 1);
    }
}

#[test]
fn a_link_that_failed_ends_the_session() {
    for fault in [
        Fault::Before(TransportErrorKind::CardReset, false),
        Fault::Before(TransportErrorKind::CardRemoved, false),
        Fault::After(TransportErrorKind::TimedOut),
        Fault::Cut(1),
    ] {
        let (chip, mut card) = card(Chip::new());
        let mut jpki = card.open::<Jpki>().unwrap();
        let old = budget(&mut jpki);
        let before = jpki.binding();
        chip.with(|chip| chip.faults.insert(2, fault));
        assert!(jpki.authentication_certificate(&mut |_| ()).is_err());
        drop(jpki);
        assert!(!card.is_dirty());
        let mut jpki = card.open::<Jpki>().unwrap();
        assert_ne!(jpki.binding(), before, "{fault:?}");
        let error = jpki.verify_pin(pin(PIN), old).unwrap_err();
        assert_eq!(error, VerifyError::ForeignBudget { kind: KIND });
    }
}

#[test]
fn signatures_that_are_none() {
    for (len, right) in [
        (0, false),
        (128, false),
        (255, false),
        (256, true),
        (257, false),
        (512, false),
    ] {
        let (chip, mut card) = card(Chip::new());
        let mut jpki = card.open::<Jpki>().unwrap();
        chip.with(|chip| chip.faults.insert(1, Fault::Data(len)));
        let signature = jpki.sign_authentication(&SignatureInput::sha256([1; 32]));
        assert_eq!(signature.is_ok(), right, "{len} bytes");
    }
}

#[test]
fn more_bytes_than_were_asked_for_are_refused() {
    let (chip, mut card) = card(Chip::short_only());
    chip.with(|chip| chip.faults.insert(7, Fault::Data(0x31)));
    let mut jpki = card.open::<Jpki>().unwrap();
    let error = jpki.authentication_certificate(&mut |_| ()).unwrap_err();
    assert!(matches!(error, CardError::Malformed { .. }));
}

#[test]
fn a_right_of_another_session_reads_no_photo() {
    let number = || ReferenceNumberB::parse(NUMBER_B).unwrap();
    let (chip, mut card) = card(Chip::new());
    let mut opened = card.open::<CardFace>().unwrap();
    let first = opened
        .tries_left(SecretKind::ReferenceNumberB)
        .unwrap()
        .budget(LastTry::Refuse)
        .unwrap();
    let right = opened.verify_reference_number_b(number(), first).unwrap();
    drop(opened);
    let mut opened = card.open::<CardFace>().unwrap();
    let sent = chip.sent();
    let error = opened.photo(&right, &mut |_| ()).unwrap_err();
    assert!(matches!(error, CardError::NotVerified { .. }));
    assert_eq!(chip.sent(), sent);
}
