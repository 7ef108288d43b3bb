//! Commands, responses, status words and exchanges, from the outside.

use proptest::prelude::*;
use uketsuke::apdu::{
    Budget, Case, Command, DecodeError, EncodeError, Exchange, ExchangeError, Le, Lengths, Next,
    Response, ResponseError, StatusWord,
};

fn le(ne: u32) -> Le {
    Le::new(ne).unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .bytes()
        .filter(|b| !b.is_ascii_whitespace())
        .map(|b| u8::try_from(char::from(b).to_digit(16).unwrap()).unwrap())
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

#[test]
fn each_case_has_its_bytes() {
    let header = Command::new(0x00, 0xB0, 0x01, 0x02);
    let data = [0xD1, 0xD2];
    for (command, case, bytes) in [
        (header, Case::One, "00B00102"),
        (header.with_le(le(1)), Case::TwoShort, "00B00102 01"),
        (header.with_le(le(256)), Case::TwoShort, "00B00102 00"),
        (
            header.with_data(&data),
            Case::ThreeShort,
            "00B00102 02 D1D2",
        ),
        (
            header.with_data(&data).with_le(le(255)),
            Case::FourShort,
            "00B00102 02 D1D2 FF",
        ),
        (
            header.with_le(le(1)).extended(),
            Case::TwoExtended,
            "00B00102 00 0001",
        ),
        (
            header.with_le(le(256)).extended(),
            Case::TwoExtended,
            "00B00102 00 0100",
        ),
        (
            header.with_le(le(65_536)).extended(),
            Case::TwoExtended,
            "00B00102 00 0000",
        ),
        (
            header.with_data(&data).extended(),
            Case::ThreeExtended,
            "00B00102 00 0002 D1D2",
        ),
        (
            header.with_data(&data).with_le(le(65_536)).extended(),
            Case::FourExtended,
            "00B00102 00 0002 D1D2 0000",
        ),
    ] {
        let bytes = hex(bytes);
        assert_eq!(command.case(), case);
        assert_eq!(command.encode().unwrap().as_slice(), bytes);
        let back = Command::decode(&bytes).unwrap();
        assert_eq!(back, command);
        assert_eq!(back.case(), case);
    }
}

#[test]
fn what_does_not_fit_the_form_is_refused() {
    let header = Command::new(0, 0, 0, 0);
    let long = vec![0; 65_536];
    assert_eq!(
        header.with_data(&long[..256]).encode().unwrap_err(),
        EncodeError::DataTooLong { len: 256, max: 255 }
    );
    assert_eq!(
        header.with_data(&long).extended().encode().unwrap_err(),
        EncodeError::DataTooLong {
            len: 65_536,
            max: 65_535
        }
    );
    assert_eq!(
        header.with_le(le(257)).encode().unwrap_err(),
        EncodeError::LeTooLarge { ne: 257, max: 256 }
    );
    assert!(
        header
            .with_data(&long[..255])
            .with_le(le(256))
            .encode()
            .is_ok()
    );
    assert!(
        header
            .with_data(&long[..65_535])
            .with_le(le(65_536))
            .extended()
            .encode()
            .is_ok()
    );
}

#[test]
fn what_is_not_a_command_says_where_and_why() {
    let mismatch = |expected, len| DecodeError::LengthMismatch {
        position: 4,
        expected,
        len,
    };
    for (bytes, error) in [
        ("", DecodeError::TooShort { len: 0 }),
        ("00A404", DecodeError::TooShort { len: 3 }),
        // Short: data missing, and one byte more than Lc and Le.
        ("00A4040C 03 D392", mismatch(8, 7)),
        ("00A4040C 01 D3 00 00", mismatch(7, 8)),
        // Extended: the marker with one byte of length; data missing; half a Le; more than a Le.
        ("00A4040C 00 01", mismatch(7, 6)),
        ("00A4040C 00 0002 D3", mismatch(9, 8)),
        ("00A4040C 00 0001 D3 00", mismatch(10, 9)),
        ("00A4040C 00 0001 D3 000000", mismatch(10, 11)),
        // Extended Lc of zero.
        ("00A4040C 00 0000 00", DecodeError::ZeroLc { position: 4 }),
        ("00A4040C 00 0000 0000", DecodeError::ZeroLc { position: 4 }),
    ] {
        assert_eq!(Command::decode(&hex(bytes)), Err(error), "{bytes}");
    }
}

/// Every length of command up to 600 bytes and every interesting length field: a decoded command encodes to the same
/// bytes, and the case follows from the bytes alone.
#[test]
fn sweep_of_lengths_round_trips() {
    let mut accepted = 0;
    for len in 0..600_usize {
        for first in [0, 1, 2, 0x7F, 0x80, 0xFE, 0xFF] {
            for second in [0, 1, 2, 0xFF] {
                let mut bytes = vec![0x5A; len];
                for (position, value) in [(4, first), (5, second), (6, 0x05)] {
                    if let Some(byte) = bytes.get_mut(position) {
                        *byte = value;
                    }
                }
                if let Ok(command) = Command::decode(&bytes) {
                    accepted += 1;
                    assert_eq!(command.encode().unwrap().as_slice(), bytes);
                }
            }
        }
    }
    assert!(accepted > 100, "{accepted}");
}

#[test]
fn extended_without_a_length_field_is_case_one() {
    let command = Command::new(0x00, 0xA4, 0x00, 0x00).extended();
    assert_eq!(
        (command.case(), command.lengths()),
        (Case::One, Lengths::Short)
    );
    assert_eq!(command, Command::new(0x00, 0xA4, 0x00, 0x00));
}

#[test]
fn debug_shows_no_data() {
    let command = Command::new(0x00, 0x20, 0x00, 0x98).with_data(b"1357");
    let text = format!("{command:?}");
    assert_eq!(text, "Command(00 20 00 98, ThreeShort)");
    let exchange = format!("{:?}", Exchange::new(command, Budget::default()));
    assert!(
        !exchange.contains("1357") && !exchange.contains("31"),
        "{exchange}"
    );
    let response = Response::decode(b"1357\x90\x00").unwrap();
    assert_eq!(format!("{response:?}"), "Response(9000)");
    let next = Exchange::new(command, Budget::default())
        .answer(response)
        .unwrap();
    assert_eq!(format!("{next:?}"), "Done(9000, ..)");
}

#[test]
fn responses_have_two_to_65538_bytes() {
    assert_eq!(
        Response::decode(&[]),
        Err(ResponseError::TooShort { len: 0 })
    );
    assert_eq!(
        Response::decode(&[0x90]),
        Err(ResponseError::TooShort { len: 1 })
    );
    assert_eq!(
        Response::decode(&[0x6A, 0x82]),
        Ok(Response::new(&[], StatusWord::NOT_FOUND))
    );
    let long = vec![0x90; 65_539];
    assert_eq!(
        Response::decode(&long[..65_538]).unwrap().data().len(),
        65_536
    );
    assert_eq!(
        Response::decode(&long),
        Err(ResponseError::TooLong { len: 65_539 })
    );
}

#[test]
fn tries_come_from_63cx_alone() {
    for sw in 0..=u16::MAX {
        let word = StatusWord::new(sw);
        let expected = (0x63C0..=0x63CF).contains(&sw).then_some((sw & 0x0F) as u8);
        assert_eq!(word.tries_left(), expected, "{word}");
        assert_eq!(word.more_data().is_some(), (0x6100..=0x61FF).contains(&sw));
        assert_eq!(word.correct_le().is_some(), (0x6C00..=0x6CFF).contains(&sw));
        assert_eq!(word.is_ok(), sw == 0x9000);
        assert!(!word.meaning().is_empty());
        assert_eq!(u16::from_str_radix(&word.to_string(), 16), Ok(sw));
    }
    assert_eq!(StatusWord::new(0x6100).more_data(), Some(Le::SHORT_MAX));
    assert_eq!(StatusWord::new(0x6C05).correct_le(), Some(le(5)));
}

type Outcome = Result<(Vec<u8>, StatusWord), ExchangeError>;

/// Runs an exchange against a card given as a function; returns the outcome and everything that was sent.
fn run(
    command: Command<'_>,
    budget: Budget,
    mut card: impl FnMut(usize, &[u8]) -> Vec<u8>,
) -> (Outcome, Vec<Vec<u8>>) {
    let mut exchange = Exchange::new(command, budget);
    let mut sent = vec![exchange.first().unwrap().to_vec()];
    loop {
        let answer = card(sent.len() - 1, sent.last().unwrap());
        match exchange.answer(Response::decode(&answer).unwrap()) {
            Ok(Next::Transmit(bytes)) => sent.push(bytes.to_vec()),
            Ok(Next::Done { data, status }) => {
                assert_eq!(usize::from(exchange.rounds()), sent.len());
                let late = exchange
                    .answer(Response::new(&[], StatusWord::OK))
                    .unwrap_err();
                assert_eq!(late, ExchangeError::Over);
                return (Ok((data.to_vec(), status)), sent);
            }
            Err(error) => {
                let late = exchange
                    .answer(Response::new(&[], StatusWord::OK))
                    .unwrap_err();
                assert_eq!(late, ExchangeError::Over);
                return (Err(error), sent);
            }
        }
    }
}

#[test]
fn the_rest_is_fetched_on_the_same_channel() {
    for (cla, expected) in [
        (0x00, 0x00),
        (0x80, 0x00),
        (0x03, 0x03),
        (0x0C, 0x00),
        (0x10, 0x00),
        (0x45, 0x45),
        (0x6A, 0x4A),
    ] {
        let command = Command::new(cla, 0x2A, 0x9E, 0x9A)
            .with_data(&[7; 51])
            .with_le(Le::SHORT_MAX);
        let (result, sent) = run(command, Budget::default(), |round, _| {
            hex(["0102 6103", "030405 6100", "06 9000"][round])
        });
        assert_eq!(result, Ok((vec![1, 2, 3, 4, 5, 6], StatusWord::OK)));
        assert_eq!(
            sent[1..],
            [vec![expected, 0xC0, 0, 0, 3], vec![expected, 0xC0, 0, 0, 0]]
        );
    }
}

#[test]
fn a_wrong_le_is_corrected_once() {
    let command = Command::new(0x00, 0xB0, 0x8A, 0x00).with_le(Le::SHORT_MAX);
    let (result, sent) = run(command, Budget::default(), |round, _| {
        hex(["6C02", "AABB 9000"][round])
    });
    assert_eq!(result, Ok((vec![0xAA, 0xBB], StatusWord::OK)));
    assert_eq!(sent[1], hex("00B08A00 02"));

    let (result, sent) = run(command, Budget::default(), |_, _| hex("6C02"));
    assert_eq!(result, Ok((vec![], StatusWord::new(0x6C02))));
    assert_eq!(sent.len(), 2);

    // The form of the lengths is kept.
    let (_, sent) = run(command.extended(), Budget::default(), |round, _| {
        hex(["6C02", "9000"][round])
    });
    assert_eq!(sent[1], hex("00B08A00 000002"));

    // After 61xx it is GET RESPONSE that is corrected, not the command.
    let (result, sent) = run(command, Budget::default(), |round, _| {
        hex(["6103", "6C02", "AABB 9000"][round])
    });
    assert_eq!(result, Ok((vec![0xAA, 0xBB], StatusWord::OK)));
    assert_eq!(sent[2], hex("00C00000 02"));

    // 6Cxx with data is no correction.
    let (result, sent) = run(command, Budget::default(), |_, _| hex("AA 6C02"));
    assert_eq!(result, Ok((vec![0xAA], StatusWord::new(0x6C02))));
    assert_eq!(sent.len(), 1);
}

/// A card that answers 6Cxx to everything can't make a command with a secret, or one without Le, leave twice.
#[test]
fn a_secret_is_never_sent_twice() {
    for ins in 0..=u8::MAX {
        for p2 in [0x80, 0x98] {
            for with_le in [false, true] {
                let mut command = Command::new(0x00, ins, 0x00, p2).with_data(b"1357");
                if with_le {
                    command = command.with_le(Le::SHORT_MAX);
                }
                for sw2 in [0x00, 0x01, 0xFF] {
                    let (_, sent) = run(command, Budget::default(), |_, _| vec![0x6C, sw2]);
                    let secret = [0x20, 0x21, 0x24, 0x2C].contains(&ins);
                    let expected = if with_le && !secret { 2 } else { 1 };
                    assert_eq!(sent.len(), expected, "INS {ins:02X}");
                }
            }
        }
    }
}

#[test]
fn a_card_that_never_ends_is_ended() {
    let command = Command::new(0x00, 0xB0, 0x00, 0x00).with_le(Le::SHORT_MAX);
    let budget = Budget {
        rounds: 10,
        bytes: 1000,
    };
    let (result, sent) = run(command, budget, |_, _| vec![0xAA, 0x61, 0xFF]);
    assert_eq!(result, Err(ExchangeError::TooManyRounds { rounds: 10 }));
    assert_eq!(sent.len(), 10);
    let mut card = vec![0; 400];
    card.extend([0x61, 0x00]);
    let (result, sent) = run(command, budget, |_, _| card.clone());
    assert_eq!(result, Err(ExchangeError::TooManyBytes { bytes: 1000 }));
    assert_eq!(sent.len(), 3);
    // "There is more", twice without any of it.
    for sw2 in 0..=u8::MAX {
        let (result, sent) = run(command, budget, |_, _| vec![0x61, sw2]);
        assert_eq!(result, Err(ExchangeError::NoProgress));
        assert_eq!(sent.len(), 2);
    }
    // Data between them is progress, until the rounds are used up.
    let (result, sent) = run(command, budget, |round, _| match round % 2 {
        0 => vec![0x61, 1],
        _ => vec![0xAA, 0x61, 1],
    });
    assert_eq!(result, Err(ExchangeError::TooManyRounds { rounds: 10 }));
    assert_eq!(sent.len(), 10);
    // Alternating 61xx and 6Cxx can't loop either.
    let (result, sent) = run(command, budget, |round, _| {
        if round % 2 == 0 {
            vec![0x61, 1]
        } else {
            vec![0x6C, 2]
        }
    });
    assert_eq!(result, Err(ExchangeError::NoProgress));
    assert_eq!(sent.len(), 3);
    // One round means the command and nothing more.
    let one = Budget {
        rounds: 1,
        bytes: 10,
    };
    assert_eq!(
        run(command, one, |_, _| vec![0x61, 1]).0,
        Err(ExchangeError::TooManyRounds { rounds: 1 })
    );
    assert_eq!(
        run(command, one, |_, _| vec![0x90, 0]).0,
        Ok((vec![], StatusWord::OK))
    );
}

#[test]
fn the_largest_response_fits_the_default_budget() {
    let command = Command::new(0x00, 0xB0, 0x8A, 0x00).with_le(Le::SHORT_MAX);
    let (result, sent) = run(command, Budget::default(), |round, _| {
        let mut answer = vec![0x11; if round == 0 { 0 } else { 256 }];
        answer.extend(if round == 256 {
            [0x90, 0x00]
        } else {
            [0x61, 0x00]
        });
        answer
    });
    assert_eq!(result.unwrap().0.len(), 65_536);
    assert_eq!(sent.len(), 257);
}

proptest! {
    #[test]
    fn any_bytes_decode_to_themselves_or_to_an_error(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(command) = Command::decode(&bytes) {
            let encoded = command.encode().unwrap();
            prop_assert_eq!(encoded.as_slice(), bytes.as_slice());
        }
        if let Ok(response) = Response::decode(&bytes) {
            let encoded = response.encode();
            prop_assert_eq!(encoded.as_slice(), bytes.as_slice());
        }
    }

    #[test]
    fn any_command_round_trips(
        header in any::<[u8; 4]>(),
        data in prop::collection::vec(any::<u8>(), 0..700),
        ne in prop::option::of(1..=65_536_u32),
        extended in any::<bool>(),
    ) {
        let mut command = Command::new(header[0], header[1], header[2], header[3]).with_data(&data);
        if let Some(ne) = ne {
            command = command.with_le(le(ne));
        }
        if extended {
            command = command.extended();
        }
        match command.encode() {
            Ok(bytes) => prop_assert_eq!(Command::decode(&bytes).unwrap(), command),
            Err(_) => prop_assert!(!extended && (data.len() > 255 || ne > Some(256))),
        }
    }

    /// Whatever a card answers, an exchange ends within its budget.
    #[test]
    fn any_card_ends_within_the_budget(
        answers in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..40), prop_oneof![Just(0x61_u8), Just(0x6C), Just(0x90), any::<u8>()], any::<u8>()), 1..20),
        rounds in 1..30_u16,
        bytes in 0..600_usize,
    ) {
        let command = Command::new(0x00, 0xB0, 0x00, 0x00).with_le(Le::SHORT_MAX);
        let (result, sent) = run(command, Budget { rounds, bytes }, |round, _| {
            let (data, sw1, sw2) = &answers[round % answers.len()];
            [data.as_slice(), &[*sw1, *sw2]].concat()
        });
        prop_assert!(sent.len() <= usize::from(rounds));
        if let Ok((data, _)) = result {
            prop_assert!(data.len() <= bytes);
        }
    }
}
