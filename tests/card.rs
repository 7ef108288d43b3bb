//! What must hold whatever card, reader and link do: a try is spent by a
//! person's decision only, no key stays open, nothing panics, every loop ends.

mod card_support;

use card_support::{Chip, Fault, ISD, Link, NUMBER_B, PIN, Shared, certificate, face, hex};
use proptest::prelude::*;
use uketsuke::VisitId;
use uketsuke::apdu::StatusWord;
use uketsuke::card::{
    AuthPin, Card, CardError, CardFace, Common, Jpki, LastTry, Opened, ReferenceNumberB,
    SecretKind, SignatureInput, TryBudget, VerifyError,
};
use uketsuke::transport::{
    ExtendedLength, Limits, Outgoing, Reset, Transport, TransportError, TransportErrorKind,
};
use zeroize::Zeroizing;

const KIND: SecretKind = SecretKind::AuthPin;

fn card(chip: Chip) -> (Shared, Card<Link>) {
    let (shared, link) = chip.share();
    (shared, Card::new(link, VisitId::begin()))
}

fn pin(typed: &str) -> AuthPin {
    AuthPin::parse(typed).unwrap()
}

fn budget<T: Transport>(jpki: &mut Opened<'_, T, Jpki>) -> TryBudget {
    let tries = jpki.tries_left(KIND).unwrap();
    tries.budget(LastTry::Allow).unwrap()
}

// ---- tries -------------------------------------------------------------

/// Answers each empty VERIFY with one status.
struct Counting(u16, Vec<u8>);

impl Transport for Counting {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let status = match command.bytes() {
            [0x00, 0x20, 0x00, 0x98] => {
                let mut answer = self.1.clone();
                answer.extend(self.0.to_be_bytes());
                return Ok(Zeroizing::new(answer));
            }
            [0x00, 0xA4, ..] => 0x9000u16,
            other => panic!("{other:02X?} was sent"),
        };
        Ok(Zeroizing::new(status.to_be_bytes().to_vec()))
    }
    fn limits(&self) -> Limits {
        Limits {
            extended: ExtendedLength::No,
            max_response: 258,
        }
    }
    fn reset(&mut self, _: Reset) -> Result<(), TransportError> {
        Ok(())
    }
}

#[test]
fn a_count_is_read_from_63cx_only() {
    for status in 0..=0xFFFFu16 {
        let mut card = Card::new(Counting(status, vec![]), VisitId::begin());
        let mut jpki = card.open::<Jpki>().unwrap();
        let count = jpki.tries_left(KIND).map(|tries| tries.count());
        match status {
            0x63C0..=0x63CF => assert_eq!(count, Ok((status & 0x0F) as u8)),
            0x6983 | 0x6984 => assert_eq!(count, Ok(0)),
            0x6300 => assert_eq!(count, Ok(15)),
            0x9000 => assert!(matches!(count, Err(CardError::Malformed { .. }))),
            _ => {
                let status = StatusWord::new(status);
                assert!(
                    matches!(count, Err(CardError::Refused { status: s, .. }) if s == status),
                    "{status}: {count:?}"
                );
            }
        }
    }
    let mut card = Card::new(Counting(0x63C3, vec![0]), VisitId::begin());
    let mut jpki = card.open::<Jpki>().unwrap();
    assert!(matches!(
        jpki.tries_left(KIND),
        Err(CardError::Malformed { .. })
    ));
}

#[test]
fn the_last_try_needs_leave() {
    for (left, refuse, allow) in [
        (
            0,
            Err(VerifyError::Locked { kind: KIND }),
            Err(VerifyError::Locked { kind: KIND }),
        ),
        (
            1,
            Err(VerifyError::LastTryNotAllowed { kind: KIND }),
            Ok(()),
        ),
        (2, Ok(()), Ok(())),
    ] {
        for (last, expected) in [(LastTry::Refuse, refuse), (LastTry::Allow, allow)] {
            let (_, mut card) = card(Chip {
                pin_tries: left,
                ..Chip::new()
            });
            let mut jpki = card.open::<Jpki>().unwrap();
            let tries = jpki.tries_left(KIND).unwrap();
            assert_eq!(tries.is_locked(), left == 0);
            assert_eq!(tries.budget(last).map(drop), expected);
        }
    }
}

#[test]
fn wrong_values_to_the_lock() {
    for blocked in [0x6983, 0x6984] {
        let (chip, mut card) = card(Chip {
            blocked_status: blocked,
            ..Chip::new()
        });
        let mut jpki = card.open::<Jpki>().unwrap();
        for (typed, expected) in [
            (
                "0001",
                VerifyError::Wrong {
                    kind: KIND,
                    left: 2,
                },
            ),
            (
                "0002",
                VerifyError::Wrong {
                    kind: KIND,
                    left: 1,
                },
            ),
            ("0003", VerifyError::Locked { kind: KIND }),
        ] {
            let budget = budget(&mut jpki);
            assert_eq!(jpki.verify_pin(pin(typed), budget).unwrap_err(), expected);
        }
        assert_eq!(chip.with(|chip| chip.verifies().len()), 3);
        assert!(jpki.tries_left(KIND).unwrap().is_locked());
        let sent = chip.sent();
        jpki.close().unwrap();
        assert_eq!(chip.sent(), sent, "nothing was opened, nothing to leave");
        assert!(!card.is_dirty());
    }
}

#[test]
fn locked_between_count_and_try() {
    for blocked in [0x6983, 0x6984] {
        let (chip, mut card) = card(Chip {
            blocked_status: blocked,
            ..Chip::new()
        });
        let mut jpki = card.open::<Jpki>().unwrap();
        let budget = budget(&mut jpki);
        chip.with(|chip| chip.pin_tries = 0);
        let error = jpki.verify_pin(pin(PIN), budget).unwrap_err();
        assert_eq!(error, VerifyError::Locked { kind: KIND });
    }
}

#[test]
fn a_refused_value_is_not_sent_again() {
    let (chip, mut card) = card(Chip::new());
    let mut jpki = card.open::<Jpki>().unwrap();
    let first = budget(&mut jpki);
    assert!(jpki.verify_pin(pin("0001"), first).is_err());
    drop(jpki);
    // Nor after the application was opened anew.
    let mut jpki = card.open::<Jpki>().unwrap();
    let second = budget(&mut jpki);
    let sent = chip.sent();
    let error = jpki.verify_pin(pin("0001"), second).unwrap_err();
    assert_eq!(error, VerifyError::AlreadyRefused { kind: KIND });
    assert_eq!(chip.sent(), sent);
    let third = budget(&mut jpki);
    assert!(jpki.verify_pin(pin(PIN), third).is_ok());
}

#[test]
fn a_lost_refusal_is_found_out_by_the_count() {
    for (typed, refused) in [("0001", true), (PIN, false)] {
        for delivered in [true, false] {
            let (chip, mut card) = card(Chip::new());
            let mut jpki = card.open::<Jpki>().unwrap();
            let first = budget(&mut jpki);
            let kind = TransportErrorKind::TimedOut;
            let fault = match delivered {
                true => Fault::After(kind),
                false => Fault::Before(kind, true),
            };
            chip.with(|chip| chip.faults.insert(2, fault));
            let error = jpki.verify_pin(pin(typed), first).unwrap_err();
            assert!(matches!(error, VerifyError::OutcomeUnknown { .. }));
            drop(jpki);
            let mut jpki = card.open::<Jpki>().unwrap();
            let second = budget(&mut jpki);
            let again = jpki.verify_pin(pin(typed), second);
            match (refused, delivered) {
                (true, true) => {
                    assert_eq!(
                        again.unwrap_err(),
                        VerifyError::AlreadyRefused { kind: KIND }
                    );
                }
                (true, false) => assert!(matches!(again, Err(VerifyError::Wrong { left: 2, .. }))),
                (false, _) => assert!(again.is_ok()),
            }
        }
    }
}

#[test]
fn a_budget_is_good_for_the_latest_count_of_its_secret_and_session() {
    let foreign = VerifyError::ForeignBudget { kind: KIND };
    let (chip, mut one) = card(Chip::new());
    let (_, mut other) = card(Chip::new());

    let mut jpki = one.open::<Jpki>().unwrap();
    let stale = budget(&mut jpki);
    let latest = budget(&mut jpki);
    let password = jpki.tries_left(SecretKind::SignPassword).unwrap();
    let password = password.budget(LastTry::Refuse).unwrap();
    // The other card's latest count has the same place in its own order.
    let mut theirs = other.open::<Jpki>().unwrap();
    let _ = budget(&mut theirs);
    let foreign_card = budget(&mut theirs);
    drop(theirs);
    let sent = chip.sent();
    for bad in [stale, password, foreign_card] {
        assert_eq!(jpki.verify_pin(pin(PIN), bad).unwrap_err(), foreign);
    }
    assert_eq!(chip.sent(), sent);
    // Counting another secret doesn't matter.
    assert!(jpki.verify_pin(pin(PIN), latest).is_ok());

    // A VERIFY makes every earlier count stale, even an unused one.
    let unused = jpki.tries_left(KIND).unwrap();
    let before = unused.budget(LastTry::Refuse).unwrap();
    let used = budget(&mut jpki);
    assert!(jpki.verify_pin(pin("0009"), used).is_err());
    assert_eq!(jpki.verify_pin(pin(PIN), before).unwrap_err(), foreign);

    // So does power-off.
    let old = budget(&mut jpki);
    drop(jpki);
    assert!(one.is_dirty());
    let mut jpki = one.open::<Jpki>().unwrap();
    assert_eq!(jpki.verify_pin(pin(PIN), old).unwrap_err(), foreign);
}

#[test]
fn a_budget_of_one_application_is_no_good_in_another() {
    let (chip, mut card) = card(Chip::new());
    let budget = budget(&mut card.open::<Jpki>().unwrap());
    let mut face = card.open::<CardFace>().unwrap();
    let sent = chip.sent();
    let number = ReferenceNumberB::parse(NUMBER_B).unwrap();
    assert_eq!(
        face.verify_reference_number_b(number, budget).unwrap_err(),
        VerifyError::ForeignBudget {
            kind: SecretKind::ReferenceNumberB
        }
    );
    assert_eq!(chip.sent(), sent);
}

#[test]
fn answers_to_verify_are_not_followed() {
    for status in [
        0x6104, 0x6C04, 0x6700, 0x6A80, 0x6F00, 0x6982, 0x6C00, 0x6985,
    ] {
        let (chip, mut card) = card(Chip::new());
        let mut jpki = card.open::<Jpki>().unwrap();
        let budget = budget(&mut jpki);
        chip.with(|chip| chip.faults.insert(2, Fault::Status(status)));
        let error = jpki.verify_pin(pin(PIN), budget).unwrap_err();
        let status = StatusWord::new(status);
        assert_eq!(error, VerifyError::Refused { kind: KIND, status });
        assert_eq!(chip.sent(), 3);
        drop(jpki);
        assert!(card.is_dirty(), "what it did is anyone's guess");
    }
}

#[test]
fn data_in_the_answer_to_verify_is_no_login() {
    let (chip, mut card) = card(Chip::new());
    let mut jpki = card.open::<Jpki>().unwrap();
    let budget = budget(&mut jpki);
    chip.with(|chip| chip.faults.insert(2, Fault::Data(1)));
    let error = jpki.verify_pin(pin(PIN), budget).unwrap_err();
    assert!(matches!(
        error,
        VerifyError::Card(CardError::Malformed { .. })
    ));
}

#[test]
fn a_pin_that_never_left_opened_nothing() {
    for kind in [
        TransportErrorKind::Cancelled,
        TransportErrorKind::CardRemoved,
    ] {
        let (chip, mut card) = card(Chip::new());
        let mut jpki = card.open::<Jpki>().unwrap();
        let budget = budget(&mut jpki);
        chip.with(|chip| chip.faults.insert(2, Fault::Before(kind, false)));
        let error = jpki.verify_pin(pin(PIN), budget).unwrap_err();
        let VerifyError::Card(error) = error else {
            panic!("{error:?}");
        };
        assert_eq!(error.transport(), Some(TransportError::new(kind, false)));
        drop(jpki);
        assert!(!card.is_dirty());
    }
}

// ---- holding the card --------------------------------------------------

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
    assert_eq!(error, VerifyError::ForeignBudget { kind: KIND });
    drop(jpki);
    assert!(card.is_dirty());
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
        (63, false),
        (64, true),
        (512, true),
        (513, false),
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
        .tries_left()
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

// ---- files -------------------------------------------------------------

#[test]
fn certificates_that_are_none() {
    let cut = certificate(1584, 0)[..1000].to_vec();
    let long = [&[0x30, 0x82, 0x20, 0x01][..], &[0; 600]].concat();
    for (file, too_long) in [
        (vec![0xFF; 600], false),
        (vec![0x00; 600], false),
        (vec![0x30], false),
        (vec![0x30, 0x82], false),
        (b"not a certificate".to_vec(), false),
        (cut, false),
        (long, true),
    ] {
        for chip in [Chip::new(), Chip::short_only()] {
            let (_, mut card) = card(Chip {
                certificate: file.clone(),
                ..chip
            });
            let mut jpki = card.open::<Jpki>().unwrap();
            let error = jpki.authentication_certificate(&mut |_| ()).unwrap_err();
            match too_long {
                true => assert!(matches!(
                    error,
                    CardError::TooLong {
                        len: 8197,
                        max: 8192,
                        ..
                    }
                )),
                false => assert!(matches!(error, CardError::Malformed { .. }), "{error}"),
            }
        }
    }
}

#[test]
fn a_certificate_byte_by_byte_is_given_up() {
    let (chip, mut card) = card(Chip {
        piece: 1,
        ..Chip::short_only()
    });
    let mut jpki = card.open::<Jpki>().unwrap();
    let error = jpki.authentication_certificate(&mut |_| ()).unwrap_err();
    assert!(matches!(error, CardError::Malformed { .. }));
    assert!(chip.sent() < 100);
}

#[test]
fn photos_that_are_none() {
    let element = |tag: u8, len: usize| {
        let mut photo = vec![
            0xDF,
            tag,
            0x83,
            (len >> 16) as u8,
            (len >> 8) as u8,
            len as u8,
        ];
        photo.extend(std::iter::repeat_n(0x5A, len));
        photo
    };
    for (photo, expected) in [
        (element(0x27, 0), "it is empty"),
        (element(0x28, 90), "tag DF28 where DF27 was expected"),
        (element(0x27, 50_000), "at most 49152 are read"),
        (
            vec![0xDF, 0x27, 0x82, 0x7F, 0xFF, 1, 2, 3],
            "more bytes were expected",
        ),
    ] {
        let (_, mut card) = card(Chip {
            face: face(&photo),
            ..Chip::new()
        });
        let mut opened = card.open::<CardFace>().unwrap();
        let budget = opened
            .tries_left()
            .unwrap()
            .budget(LastTry::Refuse)
            .unwrap();
        let number = ReferenceNumberB::parse(NUMBER_B).unwrap();
        let right = opened.verify_reference_number_b(number, budget).unwrap();
        let error = opened.photo(&right, &mut |_| ()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let large = element(0x27, 31_000);
    let (_, mut card) = card(Chip {
        face: face(&large),
        ..Chip::new()
    });
    let mut opened = card.open::<CardFace>().unwrap();
    let budget = opened
        .tries_left()
        .unwrap()
        .budget(LastTry::Refuse)
        .unwrap();
    let number = ReferenceNumberB::parse(NUMBER_B).unwrap();
    let right = opened.verify_reference_number_b(number, budget).unwrap();
    assert_eq!(
        opened.photo(&right, &mut |_| ()).unwrap().jpeg2000(),
        [0x5A; 31_000]
    );
}

// ---- every fault at every exchange -------------------------------------

/// A clumsy but honest caller: types each secret once, opens again after a
/// failure, and never gives up early. Returns how often it presented a secret.
fn visit<T: Transport>(card: &mut Card<T>, close: bool) -> usize {
    let mut presented = 0;
    let mut typed = Some(pin(PIN));
    for _ in 0..3 {
        let Ok(mut jpki) = card.open::<Jpki>() else {
            continue;
        };
        let _ = jpki.authentication_certificate(&mut |_| ());
        if let Ok(tries) = jpki.tries_left(KIND)
            && let Ok(budget) = tries.budget(LastTry::Refuse)
            && let Some(pin) = typed.take()
        {
            presented += 1;
            let _ = jpki.verify_pin(pin, budget);
        }
        let _ = jpki.sign_authentication(&SignatureInput::sha256([7; 32]));
        if close {
            let _ = jpki.close();
        }
    }
    let mut typed = Some(ReferenceNumberB::parse(NUMBER_B).unwrap());
    for _ in 0..2 {
        let Ok(mut face) = card.open::<CardFace>() else {
            continue;
        };
        if let Ok(tries) = face.tries_left()
            && let Ok(budget) = tries.budget(LastTry::Refuse)
            && let Some(number) = typed.take()
        {
            presented += 1;
            if let Ok(right) = face.verify_reference_number_b(number, budget) {
                let _ = face.photo(&right, &mut |_| ());
            }
        }
        if close {
            let _ = face.close();
        }
    }
    if let Ok(mut common) = card.open::<Common>() {
        let _ = common.expiry_hint();
    }
    presented
}

fn faults() -> Vec<Fault> {
    use TransportErrorKind as K;
    let kinds = [
        K::NoCard,
        K::Mute,
        K::CardRemoved,
        K::CardReset,
        K::ReaderGone,
        K::HeldByAnother,
        K::ServiceUnavailable,
        K::TimedOut,
        K::Cancelled,
        K::AnswerCut,
        K::Unsupported,
        K::InvalidCommand,
        K::Fault(0x8010_0016),
    ];
    let mut faults = vec![
        Fault::Cut(0),
        Fault::Cut(1),
        Fault::Cut(2),
        Fault::Status(0x6F00),
    ];
    faults.extend([0x6100, 0x6C00, 0x6982, 0x6984, 0x9000, 0x63C1].map(Fault::Status));
    for kind in kinds {
        faults.extend([
            Fault::Before(kind, false),
            Fault::Before(kind, true),
            Fault::After(kind),
        ]);
    }
    faults
}

#[test]
fn no_fault_at_any_exchange_spends_a_second_try_or_leaves_a_key_open() {
    let mut cases = 0;
    for short in [true, false] {
        for close in [true, false] {
            let chip = || {
                if short {
                    Chip::short_only()
                } else {
                    Chip::new()
                }
            };
            let (untouched, mut whole) = card(chip());
            assert_eq!(visit(&mut whole, close), 2);
            let exchanges = untouched.sent();
            for at in 0..exchanges {
                for fault in faults() {
                    let (chip, mut card) = card(chip());
                    chip.with(|chip| chip.faults.insert(at, fault));
                    let presented = visit(&mut card, close);
                    let case = format!("{fault:?} at {at}");
                    let verifies = chip.with(|chip| chip.verifies());
                    assert!(verifies.len() <= presented, "{case}");
                    let pins = verifies.iter().filter(|v| v[3] == 0x98).count();
                    assert!(pins <= 1 && verifies.len() - pins <= 1, "{case}");
                    let open = chip.with(|chip| chip.is_open());
                    assert!(card.is_dirty() || !open, "{case}: an open key unnoticed");
                    assert!(card.release().is_ok(), "{case}");
                    chip.with(|chip| {
                        assert!(!chip.is_open(), "{case}: a key stays open");
                        assert_eq!(chip.bursts, 0, "{case}");
                        assert!(chip.resets.iter().all(|how| *how == Reset::PowerOff));
                    });
                    cases += 1;
                }
            }
        }
    }
    assert!(cases > 3_000, "{cases}");
}

// ---- any answers -------------------------------------------------------

/// Gives what it was told, then refuses everything.
struct Arbitrary {
    answers: std::vec::IntoIter<Result<Vec<u8>, (u8, bool)>>,
    sent: usize,
    secrets: usize,
}

impl Transport for &mut Arbitrary {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        self.sent += 1;
        let bytes = command.bytes();
        assert!(bytes.len() >= 4, "not a command");
        self.secrets += usize::from(bytes[1] == 0x20 && bytes.len() > 4);
        match self.answers.next() {
            Some(Ok(answer)) => Ok(Zeroizing::new(answer)),
            Some(Err((kind, unknown))) => {
                use TransportErrorKind as K;
                let kinds = [
                    K::CardReset,
                    K::CardRemoved,
                    K::TimedOut,
                    K::Unsupported,
                    K::Fault(1),
                ];
                Err(TransportError::new(
                    kinds[usize::from(kind) % kinds.len()],
                    unknown,
                ))
            }
            None => Ok(Zeroizing::new(vec![0x6F, 0x00])),
        }
    }
    fn limits(&self) -> Limits {
        Limits {
            extended: ExtendedLength::Unknown,
            max_response: 65_538,
        }
    }
    fn reset(&mut self, _: Reset) -> Result<(), TransportError> {
        Ok(())
    }
}

fn answer() -> impl Strategy<Value = Result<Vec<u8>, (u8, bool)>> {
    let status = prop_oneof![
        6 => Just(0x9000u16),
        2 => 0x63C0..=0x63CFu16,
        1 => 0x6100..=0x61FFu16,
        1 => 0x6C00..=0x6CFFu16,
        1 => any::<u16>(),
    ];
    let data = prop_oneof![
        4 => Just(vec![]),
        1 => Just(certificate(600, 40)),
        1 => Just(certificate(1584, 40)[..256].to_vec()),
        1 => Just(face(&[0xDF, 0x27, 0x02, 1, 2])[..26].to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..40),
        1 => proptest::collection::vec(any::<u8>(), 250..260),
    ];
    prop_oneof![
        8 => (data, status).prop_map(|(mut data, status)| {
            data.extend(status.to_be_bytes());
            Ok(data)
        }),
        1 => proptest::collection::vec(any::<u8>(), 0..6).prop_map(Ok),
        1 => (any::<u8>(), any::<bool>()).prop_map(Err),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_answers_end_and_spend_nothing(
        answers in proptest::collection::vec(answer(), 0..60),
        close in any::<bool>(),
    ) {
        let given = answers.len();
        let mut link = Arbitrary { answers: answers.into_iter(), sent: 0, secrets: 0 };
        let mut card = Card::new(&mut link, VisitId::begin());
        let presented = visit(&mut card, close);
        drop(card);
        prop_assert!(link.secrets <= presented);
        // Once the answers are used up each call ends at its first refusal.
        prop_assert!(link.sent <= given + 40, "{} for {given}", link.sent);
    }
}

/// Says "more" for ever.
struct Endless([u8; 2], Vec<u8>, usize);

impl Transport for &mut Endless {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        self.2 += 1;
        let mut answer = match command.bytes() {
            [0x00, 0xA4, ..] => return Ok(Zeroizing::new(vec![0x90, 0x00])),
            [0x00, 0x20, _, _] => return Ok(Zeroizing::new(vec![0x63, 0xCF])),
            [0x00, 0x20, ..] => return Ok(Zeroizing::new(vec![0x90, 0x00])),
            _ => self.1.clone(),
        };
        answer.extend(self.0);
        Ok(Zeroizing::new(answer))
    }
    fn limits(&self) -> Limits {
        Limits {
            extended: ExtendedLength::Unknown,
            max_response: 65_538,
        }
    }
    fn reset(&mut self, _: Reset) -> Result<(), TransportError> {
        Ok(())
    }
}

#[test]
fn endless_answers_are_given_up() {
    for status in [
        [0x61, 0x00],
        [0x61, 0x01],
        [0x6C, 0x10],
        [0x90, 0x00],
        [0x62, 0x82],
    ] {
        for data in [
            vec![],
            vec![0x30],
            vec![0x30, 0x82, 0x1F],
            vec![0x30; 256],
            vec![0xFF, 0x20],
        ] {
            let mut link = Endless(status, data, 0);
            let mut card = Card::new(&mut link, VisitId::begin());
            visit(&mut card, true);
            drop(card);
            assert!(link.2 < 2_000, "{} transmissions", link.2);
        }
    }
}

// ---- nothing personal leaks --------------------------------------------

#[test]
fn debug_and_errors_show_no_secret() {
    let (_, mut card) = card(Chip::new());
    let mut jpki = card.open::<Jpki>().unwrap();
    let first = budget(&mut jpki);
    let wrong = jpki.verify_pin(pin("8642"), first).unwrap_err();
    let second = budget(&mut jpki);
    let again = jpki.verify_pin(pin("8642"), second).unwrap_err();
    let read = jpki.authentication_certificate(&mut |_| ()).unwrap();
    let input = SignatureInput::sha256([0x86; 32]);
    let shown = format!(
        "{:?} {jpki:?} {wrong:?} {wrong} {again:?} {again} {read:?} {input:?}",
        pin("8642")
    );
    drop(jpki);
    let shown = format!("{shown} {card:?}");
    assert!(!shown.contains("8642") && !shown.contains("134"), "{shown}");
}
