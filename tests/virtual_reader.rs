//! The virtual reader: presence, exclusiveness, removal, and every planned fault.

use std::time::Duration;
use uketsuke::simulation::{
    CardOptions, Fault, Keyed, Mishap, Persona, Tamper, VirtualCard, VirtualReader,
    VirtualTransport,
};
use uketsuke::transport::{
    ExtendedLength, Limits, Outgoing, Presence, Reader, Reset, Transport, TransportError,
    TransportErrorKind,
};

const JPKI: &[u8] = b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01";
const WRONG_PIN: &[u8] = b"\x00\x20\x00\x98\x040000";
const PIN: &[u8] = b"\x00\x20\x00\x98\x041234";
const SIGN: &[u8] = b"\x80\x2A\x00\x97\x03abc\x00";
const FOREVER: Duration = Duration::MAX;

fn card() -> VirtualCard {
    let now = "2026-11-24T01:00:00Z".parse().unwrap();
    VirtualCard::new(
        Persona::named("in-order").unwrap(),
        CardOptions::default(),
        now,
    )
}

fn with_card() -> VirtualReader {
    let reader = VirtualReader::new();
    reader.insert(card());
    reader
}

fn error(kind: TransportErrorKind, outcome_unknown: bool) -> TransportError {
    TransportError::new(kind, outcome_unknown)
}

fn status(link: &mut VirtualTransport, command: &[u8]) -> Result<u16, TransportError> {
    let response = link.transmit(Outgoing::raw(command))?;
    let end = response.len();
    Ok(u16::from_be_bytes([response[end - 2], response[end - 1]]))
}

#[test]
fn presence_follows_the_card_and_clones_share_the_slot() {
    let mut reader = VirtualReader::new();
    let desk = reader.clone();
    assert_eq!(reader.presence(), Ok(Presence::Absent));
    assert_eq!(
        reader.connect().unwrap_err(),
        error(TransportErrorKind::NoCard, false)
    );
    desk.insert(card());
    assert_eq!(reader.presence(), Ok(Presence::Present));
    assert!(desk.remove().is_some());
    assert!(desk.remove().is_none());
    assert_eq!(reader.presence(), Ok(Presence::Absent));
    desk.insert(card());
    desk.plan(Fault::Mute);
    assert_eq!(reader.presence(), Ok(Presence::Mute));
    assert_eq!(
        reader.connect().unwrap_err(),
        error(TransportErrorKind::Mute, false)
    );
    let taken = desk.remove().unwrap();
    desk.insert(taken);
    assert!(reader.connect().is_ok());
}

#[test]
fn a_wait_ends_with_the_card_with_cancel_and_with_time() {
    let mut reader = VirtualReader::new();
    // Already other than asked: at once.
    assert_eq!(
        reader.wait_for_change(Presence::Present, FOREVER),
        Ok(Presence::Absent)
    );
    assert_eq!(
        reader.wait_for_change(Presence::Absent, Duration::ZERO),
        Ok(Presence::Absent)
    );
    let desk = reader.clone();
    let canceller = reader.canceller();
    let (to_desk, orders) = std::sync::mpsc::channel::<u8>();
    let hand = std::thread::spawn(move || {
        for order in orders {
            match order {
                0 => desk.insert(card()),
                1 => drop(desk.remove()),
                _ => canceller.cancel(),
            }
        }
    });
    for (order, from, expected) in [
        (0, Presence::Absent, Ok(Presence::Present)),
        (1, Presence::Present, Ok(Presence::Absent)),
        (
            2,
            Presence::Absent,
            Err(error(TransportErrorKind::Cancelled, false)),
        ),
    ] {
        to_desk.send(order).unwrap();
        assert_eq!(reader.wait_for_change(from, FOREVER), expected);
    }
    drop(to_desk);
    hand.join().unwrap();
    // A cancel with no wait under way ends the next one, and that one only.
    reader.canceller().cancel();
    assert_eq!(
        reader.wait_for_change(Presence::Absent, FOREVER),
        Err(error(TransportErrorKind::Cancelled, false))
    );
    assert_eq!(
        reader.wait_for_change(Presence::Absent, Duration::ZERO),
        Ok(Presence::Absent)
    );
}

#[test]
fn a_card_is_held_by_one_link_and_powered_off_after_it() {
    let mut reader = with_card();
    let mut link = reader.connect().unwrap();
    assert_eq!(
        reader.connect().unwrap_err(),
        error(TransportErrorKind::HeldByAnother, false)
    );
    assert_eq!(status(&mut link, JPKI), Ok(0x9000));
    assert_eq!(status(&mut link, PIN), Ok(0x9000));
    assert_eq!(status(&mut link, SIGN), Ok(0x9000));
    drop(link);
    let mut link = reader.connect().unwrap();
    assert_eq!(status(&mut link, JPKI), Ok(0x9000));
    assert_eq!(status(&mut link, SIGN), Ok(0x6982));
    assert_eq!(status(&mut link, PIN), Ok(0x9000));
    link.reset(Reset::Warm).unwrap();
    assert_eq!(status(&mut link, JPKI), Ok(0x9000));
    assert_eq!(status(&mut link, SIGN), Ok(0x9000));
    link.reset(Reset::PowerOff).unwrap();
    assert_eq!(status(&mut link, JPKI), Ok(0x9000));
    assert_eq!(status(&mut link, SIGN), Ok(0x6982));
}

#[test]
fn a_link_never_reaches_the_next_card() {
    let mut reader = with_card();
    let mut link = reader.connect().unwrap();
    assert_eq!(status(&mut link, JPKI), Ok(0x9000));
    let taken = reader.remove().unwrap();
    let removed = Err(error(TransportErrorKind::CardRemoved, false));
    assert_eq!(status(&mut link, JPKI), removed);
    reader.insert(taken);
    assert_eq!(status(&mut link, JPKI), removed);
    assert_eq!(
        link.reset(Reset::PowerOff),
        Err(error(TransportErrorKind::CardRemoved, false))
    );
    let mut second = reader.connect().unwrap();
    assert_eq!(status(&mut second, JPKI), Ok(0x9000));
    // The old link's end doesn't disturb the new one.
    drop(link);
    assert_eq!(status(&mut second, b"\x00\x20\x00\x98"), Ok(0x63C3));
    assert_eq!(reader.transmissions(), Some(3));
}

/// Whether the card acted under each fault shows in its counter, and agrees with what the error claims.
#[test]
fn every_fault_at_every_exchange_tells_the_truth_about_the_outcome() {
    type Make = fn(u64) -> Fault;
    let faults: [(Make, TransportErrorKind, bool, bool); 7] = [
        (
            Fault::RemovedBefore,
            TransportErrorKind::CardRemoved,
            false,
            false,
        ),
        (
            Fault::RemovedAfter,
            TransportErrorKind::CardRemoved,
            true,
            true,
        ),
        (
            Fault::ReaderGone,
            TransportErrorKind::ReaderGone,
            true,
            false,
        ),
        (Fault::AnswerCut, TransportErrorKind::AnswerCut, true, true),
        (Fault::TimedOut, TransportErrorKind::TimedOut, true, true),
        (
            Fault::CardResetBefore,
            TransportErrorKind::CardReset,
            false,
            false,
        ),
        (
            Fault::CardResetAfter,
            TransportErrorKind::CardReset,
            true,
            true,
        ),
    ];
    for (make, kind, unknown, acts) in faults {
        for at in 1..=4u64 {
            let mut reader = with_card();
            reader.plan(make(at));
            let mut link = reader.connect().unwrap();
            let plan: [(&[u8], u16); 4] = [
                (JPKI, 0x9000),
                (WRONG_PIN, 0x63C2),
                (WRONG_PIN, 0x63C1),
                (WRONG_PIN, 0x63C0),
            ];
            for (index, (command, expected)) in (1..).zip(plan) {
                let got = status(&mut link, command);
                if index < at {
                    assert_eq!(got, Ok(expected));
                    continue;
                }
                assert_eq!(got, Err(error(kind, unknown)), "{:?}", make(at));
                break;
            }
            if kind == TransportErrorKind::CardReset {
                assert_eq!(status(&mut link, SIGN), Ok(0x6A88), "nothing is selected");
            }
            let card = reader.remove().unwrap();
            let answered = if acts { at } else { at - 1 };
            let tries = 3 - u8::try_from(answered.saturating_sub(1)).unwrap();
            assert_eq!(card.tries_left()[0], tries, "{:?}", make(at));
        }
    }
}

#[test]
fn faults_count_from_connecting_and_happen_once() {
    let mut reader = with_card();
    reader.plan(Fault::AnswerCut(2));
    for _ in 0..3 {
        let mut link = reader.connect().unwrap();
        assert_eq!(status(&mut link, JPKI), Ok(0x9000));
    }
    let mut link = reader.connect().unwrap();
    assert_eq!(status(&mut link, JPKI), Ok(0x9000));
    assert_eq!(
        status(&mut link, JPKI),
        Err(error(TransportErrorKind::AnswerCut, true))
    );
    assert_eq!(status(&mut link, JPKI), Ok(0x9000));
    drop(link);
    let mut link = reader.connect().unwrap();
    assert_eq!(status(&mut link, JPKI), Ok(0x9000));
    assert_eq!(status(&mut link, JPKI), Ok(0x9000));
}

#[test]
fn links_hold_to_their_limits() {
    let read = b"\x00\xB0\x8A\x00\x00\x00\x00";
    for (extended, expected) in [
        (ExtendedLength::Yes, Ok(0x9000)),
        (ExtendedLength::Unknown, Ok(0x9000)),
        (
            ExtendedLength::No,
            Err(error(TransportErrorKind::Unsupported, false)),
        ),
    ] {
        let limits = Limits {
            extended,
            max_response: 65_538,
        };
        let mut reader = with_card().with_limits(limits);
        let mut link = reader.connect().unwrap();
        assert_eq!(link.limits(), limits);
        assert_eq!(status(&mut link, JPKI), Ok(0x9000));
        assert_eq!(status(&mut link, read), expected);
    }
    let mut reader = with_card().with_limits(Limits {
        extended: ExtendedLength::Yes,
        max_response: 258,
    });
    let mut link = reader.connect().unwrap();
    assert_eq!(status(&mut link, JPKI), Ok(0x9000));
    assert_eq!(
        status(&mut link, read),
        Err(error(TransportErrorKind::AnswerCut, true))
    );
    assert_eq!(status(&mut link, b"\x00\xB0\x8A\x00\x00"), Ok(0x9000));
    assert_eq!(
        status(&mut link, b"\x00\xB0\x8A"),
        Err(error(TransportErrorKind::InvalidCommand, false))
    );
    assert_eq!(link.exchanges(), 3);
}

#[test]
fn personas_bring_their_mishap() {
    let now = "2026-11-24T01:00:00Z".parse().unwrap();
    for persona in Persona::all() {
        let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), now);
        let mut link = reader.connect().unwrap();
        let results: Vec<_> = (0..6)
            .map(|_| status(&mut link, JPKI).map_err(|e| e.kind))
            .collect();
        let failed = results.iter().find_map(|r| r.err());
        let expected = match persona.mishap {
            Some(Mishap::CardPulled) => Some(TransportErrorKind::CardRemoved),
            Some(Mishap::ReaderFault) => Some(TransportErrorKind::ReaderGone),
            _ => None,
        };
        assert_eq!(failed, expected, "{}", persona.name);
    }
}

#[test]
fn a_card_that_another_program_holds() {
    let mut reader = with_card();
    reader.plan(Fault::Held);
    assert_eq!(reader.presence(), Ok(Presence::Present));
    let held = error(TransportErrorKind::HeldByAnother, false);
    assert_eq!(reader.connect().unwrap_err(), held);
    reader.insert(reader.remove().unwrap());
    assert!(reader.connect().is_ok());
}

/// What is handed on, and whether the card acted.
#[test]
fn answers_are_tampered_with_as_planned() {
    // Tries left after one wrong PIN show whether it reached the card.
    for (tamper, expected, acted) in [
        (Tamper::First(0), vec![], true),
        (Tamper::First(1), vec![0x63], true),
        (Tamper::First(9), vec![0x63, 0xC2], true),
        (Tamper::Shorter(3), vec![0x63, 0xC2], true),
        (Tamper::Longer(2), vec![0xA5, 0xA5, 0x63, 0xC2], true),
        (Tamper::Status(0x9000), vec![0x90, 0x00], false),
        (Tamper::StatusAfter(0x9000), vec![0x90, 0x00], true),
        (Tamper::StatusWithData(0x6C10), vec![0x6C, 0x10], true),
        (Tamper::Flip(0), vec![0xE3, 0xC2], true),
        (Tamper::Flip(15), vec![0x63, 0xC3], true),
        (Tamper::Flip(16), vec![0x63, 0xC2], true),
    ] {
        let mut reader = with_card();
        reader.plan(Fault::Answer(2, tamper));
        let mut link = reader.connect().unwrap();
        assert_eq!(status(&mut link, JPKI), Ok(0x9000));
        let answer = link.transmit(Outgoing::raw(WRONG_PIN)).unwrap();
        assert_eq!(*answer, expected, "{tamper:?}");
        let left = if acted { 0x63C2 } else { 0x63C3 };
        assert_eq!(status(&mut link, b"\x00\x20\x00\x98"), Ok(left));
    }
    let read = b"\x00\xB0\x8A\x00\x04";
    for (tamper, length, end) in [
        (Tamper::Shorter(1), 5, [0x90, 0x00]),
        (Tamper::Shorter(4), 2, [0x90, 0x00]),
        (Tamper::Longer(3), 9, [0x90, 0x00]),
        (Tamper::StatusAfter(0x6281), 2, [0x62, 0x81]),
        (Tamper::StatusWithData(0x6281), 6, [0x62, 0x81]),
    ] {
        let mut reader = with_card();
        reader.plan(Fault::Answer(2, tamper));
        let mut link = reader.connect().unwrap();
        assert_eq!(status(&mut link, JPKI), Ok(0x9000));
        let answer = link.transmit(Outgoing::raw(read)).unwrap();
        assert_eq!(
            (answer.len(), &answer[answer.len() - 2..]),
            (length, &end[..])
        );
        assert!(answer.len() == 2 || answer[0] == 0x30);
    }
}

#[test]
fn some_tampering_lasts_until_the_card_is_taken() {
    let mut reader = with_card();
    reader.plan(Fault::AnswersFrom(2, Tamper::Status(0x6110)));
    reader.plan(Fault::AnswerCut(3));
    let mut link = reader.connect().unwrap();
    assert_eq!(status(&mut link, JPKI), Ok(0x9000));
    assert_eq!(status(&mut link, JPKI), Ok(0x6110));
    let cut = error(TransportErrorKind::AnswerCut, true);
    assert_eq!(
        status(&mut link, JPKI),
        Err(cut),
        "what happens once goes first"
    );
    for _ in 0..5 {
        assert_eq!(status(&mut link, JPKI), Ok(0x6110));
    }
    reader.insert(reader.remove().unwrap());
    let mut link = reader.connect().unwrap();
    for _ in 0..3 {
        assert_eq!(status(&mut link, JPKI), Ok(0x9000));
    }
}

#[test]
fn a_hook_sees_and_changes_every_answer() {
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let log = std::sync::Arc::clone(&seen);
    let mut reader = with_card().with_hook(move |exchange, command, answer| {
        log.lock()
            .unwrap()
            .push((exchange, command[1], answer.clone()));
        if exchange == 2 {
            *answer = vec![0x61, 0x01];
        }
    });
    let mut link = reader.connect().unwrap();
    assert_eq!(status(&mut link, JPKI), Ok(0x9000));
    assert_eq!(status(&mut link, WRONG_PIN), Ok(0x6101));
    let seen = seen.lock().unwrap();
    assert_eq!(
        *seen,
        [(1, 0xA4, vec![0x90, 0]), (2, 0x20, vec![0x63, 0xC2])]
    );
}

#[test]
fn digits_from_the_keypad_reach_the_card_once() {
    let typed = |keys: &'static str| move || Keyed::Digits(keys.to_owned().into());
    let mut reader = with_card().with_keypad(typed("0000"));
    let mut link = reader.connect().unwrap();
    assert!(link.has_keypad());
    assert_eq!(status(&mut link, JPKI), Ok(0x9000));
    assert_eq!(
        link.verify_on_keypad(0x98).unwrap().as_slice(),
        [0x63, 0xC2]
    );
    assert_eq!(reader.transmissions(), Some(2));
    drop(link);
    let mut reader = reader.with_keypad(typed("1234"));
    let mut link = reader.connect().unwrap();
    assert_eq!(status(&mut link, JPKI), Ok(0x9000));
    assert_eq!(
        link.verify_on_keypad(0x98).unwrap().as_slice(),
        [0x90, 0x00]
    );
    assert_eq!(status(&mut link, SIGN), Ok(0x9000));
    // Faults are for it as for any exchange.
    reader.plan(Fault::RemovedAfter(4));
    let lost = error(TransportErrorKind::CardRemoved, true);
    assert_eq!(link.verify_on_keypad(0x98), Err(lost));
    let gone = error(TransportErrorKind::CardRemoved, false);
    assert_eq!(link.verify_on_keypad(0x98), Err(gone));
}

#[test]
fn what_the_keypad_refuses_costs_no_try() {
    type Person = fn() -> Keyed;
    let people: [(Person, TransportErrorKind); 6] = [
        (|| Keyed::Cancelled, TransportErrorKind::Cancelled),
        (|| Keyed::TimedOut, TransportErrorKind::TimedOut),
        (
            || Keyed::Digits(String::new().into()),
            TransportErrorKind::KeypadLength,
        ),
        (
            || Keyed::Digits("123".to_owned().into()),
            TransportErrorKind::KeypadLength,
        ),
        (
            || Keyed::Digits("12345".to_owned().into()),
            TransportErrorKind::KeypadLength,
        ),
        (
            || Keyed::Digits("12a4".to_owned().into()),
            TransportErrorKind::KeypadLength,
        ),
    ];
    for (person, kind) in people {
        assert!(!format!("{:?}", person()).contains(|c: char| c.is_ascii_digit()));
        let mut reader = with_card().with_keypad(person);
        let mut link = reader.connect().unwrap();
        assert_eq!(status(&mut link, JPKI), Ok(0x9000));
        assert_eq!(link.verify_on_keypad(0x98), Err(error(kind, false)));
        assert_eq!(reader.transmissions(), Some(1));
        assert_eq!(status(&mut link, b"\x00\x20\x00\x98"), Ok(0x63C3));
    }
    // Who types may take the card before the confirmation.
    let mut reader = with_card();
    let hand = reader.clone();
    let reader_with_keypad = reader.clone().with_keypad(move || {
        hand.remove();
        Keyed::Digits("1234".to_owned().into())
    });
    let mut link = reader.connect().unwrap();
    let gone = error(TransportErrorKind::CardRemoved, false);
    assert_eq!(link.verify_on_keypad(0x98), Err(gone));
    drop(reader_with_keypad);
    let mut plain = with_card();
    let mut link = plain.connect().unwrap();
    assert!(!link.has_keypad());
    let unsupported = error(TransportErrorKind::Unsupported, false);
    assert_eq!(link.verify_on_keypad(0x98), Err(unsupported));
}
