//! Tries: spent by a person's decision only, whatever card and link do.

mod card_support;

use card_support::{Chip, Fault, NUMBER_B, PIN};
use card_support::{KIND, LOCKED, budget, card, pin};
use uketsuke::VisitId;
use uketsuke::apdu::StatusWord;
use uketsuke::card::{
    Card, CardError, CardFace, Jpki, LastTry, ReferenceNumberB, ReferenceSourceError, SecretKind,
    VerifyError,
};
use uketsuke::transport::{
    ExtendedLength, Limits, Outgoing, Reset, Transport, TransportError, TransportErrorKind,
};
use zeroize::Zeroizing;

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
        (0, Err(LOCKED), Err(LOCKED)),
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
            (
                "0003",
                VerifyError::Locked {
                    kind: KIND,
                    by_this_try: true,
                },
            ),
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
        assert_eq!(error, LOCKED);
    }
}

/// A card of the standard's kind says "blocked" to the try that blocks.
#[test]
fn blocked_when_one_try_was_left_may_be_by_this_try() {
    for (left, blocked) in [(1, 0x6983), (1, 0x6984), (2, 0x6983), (2, 0x6984)] {
        let (chip, mut card) = card(Chip {
            pin_tries: left,
            ..Chip::new()
        });
        let mut jpki = card.open::<Jpki>().unwrap();
        let budget = budget(&mut jpki);
        chip.with(|chip| chip.faults.insert(2, Fault::Status(blocked)));
        let error = jpki.verify_pin(pin("0001"), budget).unwrap_err();
        let by_this_try = left == 1;
        assert_eq!(
            error,
            VerifyError::Locked {
                kind: KIND,
                by_this_try
            }
        );
        assert_eq!(error.try_may_be_spent(), by_this_try);
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

/// The words of ISO/IEC 7816-4 with a meaning of their own, without those that
/// say what became of the try.
const NAMED: [u16; 20] = [
    0x6281, 0x6282, 0x6581, 0x6700, 0x6881, 0x6882, 0x6981, 0x6982, 0x6985, 0x6986, 0x6A80, 0x6A81,
    0x6A82, 0x6A83, 0x6A86, 0x6A88, 0x6B00, 0x6D00, 0x6E00, 0x6F00,
];

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
        if NAMED.contains(&status) {
            let status = StatusWord::new(status);
            assert_eq!(error, VerifyError::Refused { kind: KIND, status });
        } else {
            assert!(matches!(error, VerifyError::Unclear { .. }), "{error}");
        }
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
        VerifyError::Unclear {
            source: CardError::Malformed { .. },
            ..
        }
    ));
}

/// After the secret was sent, nothing but a clear status says that no try was
/// spent: every status word, alone and behind data, and what is no response.
#[test]
fn an_unclear_answer_to_verify_may_have_cost_a_try() {
    let present = |fault| {
        let (chip, mut card) = card(Chip::new());
        let mut jpki = card.open::<Jpki>().unwrap();
        let budget = budget(&mut jpki);
        chip.with(|chip| chip.faults.insert(2, fault));
        let result = jpki.verify_pin(pin("0001"), budget).map(drop);
        assert_eq!(chip.sent(), 3);
        result
    };
    for status in 0..=0xFFFFu16 {
        let result = present(Fault::Status(status));
        let spent = result.as_ref().map_err(VerifyError::try_may_be_spent);
        match status {
            0x9000 => assert_eq!(result, Ok(())),
            0x6983 | 0x6984 => assert_eq!(result, Err(LOCKED)),
            0x63C0 => assert_eq!(
                result,
                Err(VerifyError::Locked {
                    kind: KIND,
                    by_this_try: true
                })
            ),
            0x6300 | 0x63C1..=0x63CF => assert!(matches!(result, Err(VerifyError::Wrong { .. }))),
            named if NAMED.contains(&named) => {
                assert!(matches!(result, Err(VerifyError::Refused { .. })));
            }
            // Two bytes hold a whole PIN: what is no status word isn't shown.
            other => {
                let error = result.as_ref().unwrap_err();
                assert!(matches!(error, VerifyError::Unclear { .. }));
                let shown = format!("{error} {error:?}").to_uppercase();
                assert!(!shown.contains(&format!("{other:04X}")), "{shown}");
            }
        }
        let clear = matches!(status, 0x9000 | 0x6983 | 0x6984);
        assert_eq!(spent, if clear { spent } else { Err(true) });
    }
    // Garbage, a response longer than any, and none at all.
    for len in [1, 256, 65_536, 65_537, 100_000] {
        let error = present(Fault::Data(len)).unwrap_err();
        assert!(matches!(error, VerifyError::Unclear { .. }), "{error}");
        assert!(error.try_may_be_spent());
    }
    for fault in [
        Fault::Cut(0),
        Fault::Cut(1),
        Fault::After(TransportErrorKind::TimedOut),
    ] {
        let error = present(fault).unwrap_err();
        assert!(matches!(error, VerifyError::OutcomeUnknown { .. }));
        assert!(error.try_may_be_spent());
    }
    let error = present(Fault::Before(TransportErrorKind::Cancelled, false)).unwrap_err();
    assert!(matches!(error, VerifyError::Card(_)));
    assert!(!error.try_may_be_spent());
}

#[test]
fn what_was_not_sent_cost_no_try() {
    assert!(!LOCKED.try_may_be_spent());
    for error in [
        VerifyError::LastTryNotAllowed { kind: KIND },
        VerifyError::AlreadyRefused { kind: KIND },
        VerifyError::ForeignBudget { kind: KIND },
        VerifyError::Source(ReferenceSourceError::Unreadable),
        VerifyError::Card(CardError::Dirty),
    ] {
        assert!(!error.try_may_be_spent(), "{error}");
    }
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
