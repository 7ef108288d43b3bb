//! A command and a card that answers anything: the command decodes to itself or not at all, the exchange ends within its budget,
//! and a command with a secret, or without an expected length, leaves once.
//!
//! Input: rounds (1 byte), bytes (2), length of the command (1), the command, then answers, each with its length (1).

#![no_main]

use libfuzzer_sys::fuzz_target;
use uketsuke::apdu::{Budget, Command, Exchange, Next, Response};

fuzz_target!(|input: &[u8]| {
    let [rounds, high, low, len, rest @ ..] = input else {
        return;
    };
    let Some((command, mut answers)) = rest.split_at_checked(usize::from(*len)) else {
        return;
    };
    let Ok(command) = Command::decode(command) else {
        return;
    };
    let budget = Budget {
        rounds: u16::from(*rounds),
        bytes: usize::from(u16::from_be_bytes([*high, *low])),
    };
    let mut exchange = Exchange::new(command, budget);
    let first = exchange.first().expect("what was decoded can be encoded");
    assert_eq!(first.as_slice(), &rest[..usize::from(*len)]);

    let mut sent = 1;
    while let [len, more @ ..] = answers {
        let (answer, more) = more.split_at(usize::from(*len).min(more.len()));
        answers = more;
        let Ok(response) = Response::decode(answer) else {
            continue;
        };
        assert_eq!(response.encode().as_slice(), answer);
        match exchange.answer(response) {
            Ok(Next::Transmit(bytes)) => {
                sent += 1;
                assert!(sent <= u32::from(budget.rounds).max(1));
                let next = Command::decode(&bytes).expect("what is sent is a command");
                if next.ins() != 0xC0 || !next.data().is_empty() {
                    let secret = matches!(next.ins(), 0x20 | 0x21 | 0x24 | 0x2C);
                    assert!(next.le().is_some() && !secret);
                }
            }
            Ok(Next::Done { data, .. }) => {
                assert!(data.len() <= budget.bytes);
                return;
            }
            Err(_) => return,
        }
    }
});
