//! The virtual card, spoken to in raw commands as a program that knows only the card would.

mod chip_support;

use chip_support::*;
use proptest::prelude::*;
use uketsuke::simulation::{
    CardOptions, CardSecret, Generation, SIMULATED_PINLESS_COMMAND, VirtualCard, VirtualPki,
};

const PIN: &[u8] = b"\x00\x20\x00\x98\x041234";
const WRONG_PIN: &[u8] = b"\x00\x20\x00\x98\x044321";
const PIN_TRIES: &[u8] = b"\x00\x20\x00\x98";
const PASSWORD: &[u8] = b"\x00\x20\x00\x9B\x06ABC123";
const INPUT_PIN: &[u8] = b"\x00\x20\x00\x91\x045678";
const REFERENCE_B: &[u8] = b"\x00\x20\x00\x92\x0E55021720351047";
const NUMBER: &[u8] = b"\x00\x20\x00\x94\x0C000000000019";
const SIGN_AUTH: &[u8] = b"\x80\x2A\x00\x97\x03abc\x00";
const SIGN_SIGN: &[u8] = b"\x80\x2A\x00\x9A\x03abc\x00";

#[test]
fn applications_are_selected_by_aid_and_by_its_beginning() {
    for select in [JPKI, FACE, INPUT, COMMON] {
        let aid = &select[5..];
        for len in 1..=aid.len() {
            let mut card = card();
            let mut command = vec![0x00, 0xA4, 0x04, 0x0C, u8::try_from(len).unwrap()];
            command.extend(&aid[..len]);
            assert_eq!(
                status(&mut card, &command),
                0x9000,
                "{len} bytes of {aid:02X?}"
            );
            // With P2=00 and an Le, as some clients send it.
            command[3] = 0x00;
            command.push(0x00);
            assert_eq!(status(&mut card, &command), 0x9000);
        }
    }
    let mut longer = JPKI.to_vec();
    longer[4] = 0x0B;
    longer.push(0x00);
    dialogue(
        &mut card(),
        &[
            (&longer, 0x6A82),
            (b"\x00\xA4\x04\x0C\x05\xA0\x00\x00\x00\x01", 0x6A82),
            (b"\x00\xA4\x04\x0C", 0x6A82),
            (b"\x00\xA4\x01\x0C\x02\x00\x0A", 0x6A86),
            (b"\x00\xA4\x04\x04\x02\xD3\x92", 0x6A86),
            (b"\x00\xA4\x00\x00", 0x6A86),
            (b"\x00\xA4\x00\x0C\x02\x3F\x00", 0x6A82),
        ],
    );
    let mut other = card_of("other-card");
    dialogue(
        &mut other,
        &[
            (JPKI, 0x6A82),
            (FACE, 0x6A82),
            (INPUT, 0x6A82),
            (COMMON, 0x6A82),
            (ISD, 0x6A82),
        ],
    );
}

#[test]
fn an_unknown_aid_leaves_the_application_selected() {
    let mut card = card();
    dialogue(
        &mut card,
        &[
            (JPKI, 0x9000),
            (PIN, 0x9000),
            (b"\x00\xA4\x04\x0C\x01\x11", 0x6A82),
            (SIGN_AUTH, 0x9000),
        ],
    );
}

#[test]
fn files_are_selected_with_p1_02_only_and_read_to_their_physical_end() {
    let mut card = card();
    dialogue(
        &mut card,
        &[
            (b"\x00\xA4\x02\x0C\x02\x00\x0A", 0x6A82),
            (b"\x00\xB0\x00\x00\x00", 0x6986),
            (JPKI, 0x9000),
            (b"\x00\xB0\x00\x00\x00", 0x6986),
            (b"\x00\xA4\x00\x0C\x02\x00\x0A", 0x6A82),
            (b"\x00\xA4\x02\x0C\x01\x0A", 0x6700),
            (b"\x00\xA4\x02\x0C\x02\x00\x3F", 0x6A82),
            (b"\x00\xA4\x02\x0C\x02\x00\x0A", 0x9000),
            (b"\x00\xB0\x00\x00", 0x6700),
            (b"\x00\xB0\x00\x00\x00", 0x9000),
            (b"\x00\xB0\x7F\xFF\x00", 0x6B00),
            // Selecting the application again leaves no current file.
            (JPKI, 0x9000),
            (b"\x00\xB0\x00\x00\x00", 0x6986),
            // A key and a reference aren't read.
            (b"\x00\xA4\x02\x0C\x02\x00\x17", 0x9000),
            (b"\x00\xB0\x00\x00\x00", 0x6981),
        ],
    );
    let certificate = read_file(&mut card, 0x000A);
    let end = der_len(&certificate);
    assert_eq!(certificate.len(), end + 26);
    assert!(certificate[end..].iter().all(|b| *b == 0xFF));
    let expected = VirtualPki::new().root(Generation::Third);
    assert_eq!(read_file(&mut card, 0x000B)[..expected.len()], *expected);
}

#[test]
fn short_and_extended_reads_agree_at_every_offset_near_the_ends() {
    let mut card = card();
    assert_eq!(status(&mut card, JPKI), 0x9000);
    let whole = read_file(&mut card, 0x000A);
    // By short identifier, in one piece.
    assert_eq!(
        ask(&mut card, b"\x00\xB0\x8A\x00\x00\x00\x00"),
        (whole.clone(), 0x9000)
    );
    for offset in (0..300).chain(whole.len() - 300..=whole.len() + 2) {
        let [high, low] = u16::try_from(offset).unwrap().to_be_bytes();
        for (le, field) in [
            (1, vec![0x01]),
            (255, vec![0xFF]),
            (256, vec![0x00]),
            (300, vec![0, 1, 44]),
        ] {
            let mut command = vec![0x00, 0xB0, high, low];
            command.extend(field);
            let answer = ask(&mut card, &command);
            if offset >= whole.len() {
                assert_eq!(answer, (Vec::new(), 0x6B00), "offset {offset}, Le {le}");
            } else {
                let end = whole.len().min(offset + le);
                assert_eq!(
                    answer,
                    (whole[offset..end].to_vec(), 0x9000),
                    "offset {offset}, Le {le}"
                );
            }
        }
    }
    let short = CardOptions {
        extended_by_short_identifier: false,
        extended_plain: false,
        ..CardOptions::default()
    };
    let mut card = VirtualCard::new(persona("in-order"), short, now());
    dialogue(
        &mut card,
        &[
            (JPKI, 0x9000),
            (b"\x00\xB0\x8A\x00\x00\x00\x00", 0x6700),
            (b"\x00\xB0\x8A\x00\x00", 0x9000),
        ],
    );
}

#[test]
fn a_short_identifier_makes_the_file_current() {
    let mut card = card();
    assert_eq!(status(&mut card, JPKI), 0x9000);
    let (first, _) = ask(&mut card, b"\x00\xB0\x8A\x01\x10");
    let (second, _) = ask(&mut card, b"\x00\xB0\x00\x01\x10");
    assert_eq!(first, second);
    dialogue(
        &mut card,
        &[
            (b"\x00\xB0\x9F\x00\x00", 0x6A82),
            (b"\x00\xB0\xAA\x00\x00", 0x6A86),
        ],
    );
}

#[test]
fn every_file_and_key_is_closed_until_its_own_secret() {
    // File or key, and the secret that opens it.
    type Case = (&'static [u8], &'static [u8], &'static [u8], u16);
    let cases: &[Case] = &[
        (JPKI, b"\x00\xB0\x81\x00\x00", PASSWORD, 0x9000),
        (JPKI, b"\x00\xB0\x81\x00\x00", PIN, 0x6982),
        (JPKI, SIGN_AUTH, PIN, 0x9000),
        (JPKI, SIGN_AUTH, PASSWORD, 0x6982),
        (JPKI, SIGN_SIGN, PASSWORD, 0x9000),
        (JPKI, SIGN_SIGN, PIN, 0x6982),
        (
            FACE,
            b"\x00\xB0\x82\x00\x00",
            b"\x00\x20\x00\x92\x0E55021720351047",
            0x9000,
        ),
    ];
    for (select, command, verify, expected) in cases {
        dialogue(
            &mut card(),
            &[
                (select, 0x9000),
                (command, 0x6982),
                (verify, 0x9000),
                (command, *expected),
            ],
        );
    }
    for free in [0x82, 0x86, 0x88, 0x8A, 0x8B] {
        dialogue(
            &mut card(),
            &[(JPKI, 0x9000), (&[0x00, 0xB0, free, 0x00, 0x00], 0x9000)],
        );
    }
    for free in [0x83, 0x84] {
        dialogue(
            &mut card(),
            &[(FACE, 0x9000), (&[0x00, 0xB0, free, 0x00, 0x00], 0x9000)],
        );
    }
}

#[test]
fn wrong_tries_count_down_lock_and_stay_locked() {
    for (blocked_status, by_sfi) in [(0x6984, true), (0x6984, false), (0x6983, true)] {
        let options = CardOptions {
            blocked_status,
            ..CardOptions::default()
        };
        let mut card = VirtualCard::new(persona("in-order"), options, now());
        assert_eq!(status(&mut card, JPKI), 0x9000);
        let p2 = if by_sfi { 0x98 } else { 0x80 };
        if !by_sfi {
            assert_eq!(status(&mut card, b"\x00\xA4\x02\x0C\x02\x00\x18"), 0x9000);
        }
        let tries: &[u8] = &[0x00, 0x20, 0x00, p2];
        let wrong: &[u8] = &[0x00, 0x20, 0x00, p2, 0x04, b'0', b'0', b'0', b'0'];
        let long: &[u8] = &[0x00, 0x20, 0x00, p2, 0x05, b'1', b'2', b'3', b'4', b'5'];
        let right: &[u8] = &[0x00, 0x20, 0x00, p2, 0x04, b'1', b'2', b'3', b'4'];
        dialogue(
            &mut card,
            &[
                (tries, 0x63C3),
                (tries, 0x63C3),
                (wrong, 0x63C2),
                (tries, 0x63C2),
                // A success gives all tries back, and asking still doesn't say 9000.
                (right, 0x9000),
                (tries, 0x63C3),
                (wrong, 0x63C2),
                // A wrong length is a wrong try; an Le makes the command wrong instead, and no try.
                (long, 0x63C1),
                (&[0x00, 0x20, 0x00, p2, 0x00], 0x6700),
                (
                    &[0x00, 0x20, 0x00, p2, 0x04, b'1', b'2', b'3', b'4', 0x00],
                    0x6700,
                ),
                (tries, 0x63C1),
                (wrong, 0x63C0),
                (right, blocked_status),
                (wrong, blocked_status),
                (tries, 0x63C0),
                (
                    if by_sfi { SIGN_AUTH } else { tries },
                    if by_sfi { 0x6982 } else { 0x63C0 },
                ),
            ],
        );
        assert_eq!(card.tries_left(), [0, 5, 10]);
        card.power_off();
        dialogue(
            &mut card,
            &[
                (JPKI, 0x9000),
                (PIN_TRIES, 0x63C0),
                (PIN, blocked_status),
                (PASSWORD, 0x9000),
            ],
        );
    }
}

#[test]
fn counters_begin_as_the_persona_says() {
    for (name, counters, sign_certificate) in [
        ("in-order", [3, 5, 10], true),
        ("pin-last-try", [1, 5, 10], true),
        ("pin-locked", [0, 5, 10], true),
        ("no-pin", [0, 0, 10], false),
    ] {
        let mut card = card_of(name);
        assert_eq!(card.tries_left(), counters, "{name}");
        assert_eq!(status(&mut card, JPKI), 0x9000);
        assert_eq!(
            status(&mut card, PIN_TRIES),
            0x63C0 + u16::from(counters[0])
        );
        let flags = if sign_certificate { 0x8F } else { 0x00 };
        assert_eq!(
            ask(&mut card, b"\x00\xB0\x88\x00\x00").0,
            [flags, 0x8F, 0x00]
        );
        assert_eq!(card.auth_pin().is_some(), name != "no-pin");
    }
}

#[test]
fn what_keeps_a_key_unlocked_and_what_locks_it() {
    type Step = fn(&mut VirtualCard);
    let steps: &[(&str, Step, u16)] = &[
        ("the same application", |c| drop(c.transmit(JPKI)), 0x9000),
        ("warm reset", |c| c.reset(), 0x9000),
        ("power off", |c| c.power_off(), 0x6982),
        ("power on", |c| c.power_on(), 0x6982),
        ("another application", |c| drop(c.transmit(FACE)), 0x6982),
        ("a third application", |c| drop(c.transmit(COMMON)), 0x6982),
        ("the issuer's domain", |c| drop(c.transmit(ISD)), 0x6982),
        (
            "a wrong PIN",
            |c| drop((c.transmit(JPKI), c.transmit(WRONG_PIN))),
            0x6982,
        ),
    ];
    for unlock in [PIN, SIMULATED_PINLESS_COMMAND] {
        for (what, step, expected) in steps {
            if *what == "a wrong PIN" && unlock != PIN {
                continue;
            }
            let mut card = card();
            dialogue(&mut card, &[(JPKI, 0x9000), (unlock, 0x9000)]);
            step(&mut card);
            dialogue(&mut card, &[(JPKI, 0x9000), (SIGN_AUTH, *expected)]);
        }
    }
    let mut card = card();
    dialogue(&mut card, &[(JPKI, 0x9000), (PIN, 0x9000)]);
    card.reset();
    dialogue(
        &mut card,
        &[
            (SIGN_AUTH, 0x6A88),
            (PIN_TRIES, 0x6A88),
            (FACE, 0x9000),
            (JPKI, 0x9000),
            (SIGN_AUTH, 0x6982),
        ],
    );
}

#[test]
fn the_pinless_stand_in_opens_the_authentication_key_alone() {
    let mut wrong = SIMULATED_PINLESS_COMMAND.to_vec();
    *wrong.last_mut().unwrap() ^= 1;
    for name in ["pin-locked", "no-pin"] {
        let mut card = card_of(name);
        dialogue(
            &mut card,
            &[
                (SIMULATED_PINLESS_COMMAND, 0x6985),
                (JPKI, 0x9000),
                (&wrong, 0x6A80),
                (SIGN_AUTH, 0x6982),
                (SIMULATED_PINLESS_COMMAND, 0x9000),
                (SIGN_AUTH, 0x9000),
                (SIGN_SIGN, 0x6982),
                (b"\x00\xB0\x81\x00\x00", 0x6982),
                (PIN_TRIES, 0x63C0),
                (b"\x00\x24\x01\x98\x049999", 0x6982),
            ],
        );
    }
    let options = CardOptions {
        pinless_stand_in: false,
        ..CardOptions::default()
    };
    let mut card = VirtualCard::new(persona("in-order"), options, now());
    dialogue(
        &mut card,
        &[
            (JPKI, 0x9000),
            (SIMULATED_PINLESS_COMMAND, 0x6D00),
            (SIGN_AUTH, 0x6982),
        ],
    );
}

#[test]
fn signatures_take_1_to_245_bytes_by_both_references() {
    let mut card = card();
    dialogue(
        &mut card,
        &[(JPKI, 0x9000), (PIN, 0x9000), (PASSWORD, 0x9000)],
    );
    let pki = VirtualPki::new();
    for (sfi, id, sign_key) in [(0x97, 0x17, false), (0x9A, 0x1A, true)] {
        for len in [0usize, 1, 51, 244, 245, 246, 255] {
            let data = vec![0x5A; len];
            let mut command = vec![0x80, 0x2A, 0x00, sfi];
            if len > 0 {
                command.push(u8::try_from(len).unwrap());
                command.extend(&data);
            }
            command.push(0x00);
            let by_sfi = ask(&mut card, &command);
            assert_eq!(
                status(&mut card, &[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, id]),
                0x9000
            );
            command[3] = 0x80;
            assert_eq!(ask(&mut card, &command), by_sfi);
            if (1..=245).contains(&len) {
                assert_eq!(
                    by_sfi,
                    (pki.raw_sign(sign_key, &data).unwrap(), 0x9000),
                    "{len} bytes"
                );
            } else {
                assert_eq!(by_sfi, (Vec::new(), 0x6700), "{len} bytes");
            }
        }
    }
    dialogue(
        &mut card,
        &[
            (b"\x80\x2A\x00\x97\x03abc", 0x6700),
            (b"\x80\x2A\x00\x97\x03abc\xFF", 0x6700),
            (b"\x80\x2A\x06\x97\x03abc\x00", 0x6A86),
            (b"\x80\x2A\x00\x98\x03abc\x00", 0x6981),
            (b"\x80\x2A\x00\x9F\x03abc\x00", 0x6A88),
            (b"\x80\x2A\x00\x00\x03abc\x00", 0x6A88),
            (b"\x00\x2A\x00\x97\x03abc\x00", 0x6D00),
            (COMMON, 0x9000),
            (b"\x80\x2A\x00\x00\x03abc\x00", 0x6A88),
        ],
    );
}

#[test]
fn a_secret_changes_after_it_was_verified() {
    let mut card = card();
    dialogue(
        &mut card,
        &[
            (JPKI, 0x9000),
            (b"\x00\x24\x01\x98\x049876", 0x6982),
            (PASSWORD, 0x9000),
            (b"\x00\x24\x01\x98\x049876", 0x6982),
            (PIN, 0x9000),
            (b"\x00\x24\x01\x98\x04987x", 0x6A80),
            (b"\x00\x24\x01\x98\x0598765", 0x6A80),
            (b"\x00\x24\x01\x98", 0x6700),
            (b"\x00\x24\x00\x98\x049876", 0x6A86),
            (b"\x00\x24\x01\x98\x049876", 0x9000),
            (b"\x00\xA4\x02\x0C\x02\x00\x1B", 0x9000),
            (b"\x00\x24\x01\x80\x06NEW456", 0x9000),
            (b"\x00\x24\x01\x80\x06NEWNEW", 0x6A80),
            (PIN, 0x63C2),
            (b"\x00\x20\x00\x98\x049876", 0x9000),
            (PASSWORD, 0x63C4),
            (b"\x00\x20\x00\x9B\x06NEW456", 0x9000),
            (FACE, 0x9000),
            (b"\x00\x20\x00\x92\x0E55021720351047", 0x9000),
            (b"\x00\x24\x01\x92\x0E55021720351048", 0x6985),
        ],
    );
    assert_eq!(
        (card.auth_pin(), card.sign_password()),
        (Some("9876"), Some("NEW456"))
    );
}

#[test]
fn other_commands_and_classes() {
    let mut card = card();
    dialogue(
        &mut card,
        &[
            (b"", 0x6700),
            (b"\x00", 0x6700),
            (b"\x00\xA4\x04", 0x6700),
            (b"\x00\xA4\x04\x0C\x0A\xD3", 0x6700),
            (b"\x00\x12\x00\x00", 0x6D00),
            (b"\x80\x12\x00\x00", 0x6D00),
            (b"\x01\xB0\x00\x00\x00", 0x6881),
            (b"\x40\xB0\x00\x00\x00", 0x6881),
            (b"\x82\x2A\x00\x97\x01\x01\x00", 0x6881),
            (b"\x90\xB0\x00\x00\x00", 0x6E00),
            (b"\xFF\xCA\x00\x00\x00", 0x6E00),
            (b"\x0C\xB0\x00\x00\x00", 0x66F1),
            (b"\x10\xB0\x00\x00\x00", 0x6884),
            (b"\x00\x84\x00\x00", 0x6700),
            (b"\x00\x84\x00\x00\x00\x00\x10", 0x6985),
            (b"\x00\x84\x00\x01\x10", 0x6A86),
            (b"\x00\xCA\x00\xF3\x00", 0x6A88),
            (b"\x00\xCA\x00\xF2\x04", 0x6700),
        ],
    );
    let (one, _) = ask(&mut card, b"\x00\x84\x00\x00\x00");
    let (two, _) = ask(&mut card, b"\x00\x84\x00\x00\x00");
    assert_eq!((one.len(), two.len()), (256, 256));
    assert_ne!(one, two);
    assert_eq!(
        ask(&mut card, b"\x00\xCA\x00\xF2\x00"),
        (b"20350217".to_vec(), 0x9000)
    );
    assert_eq!(card.transmissions(), 21);
    dialogue(
        &mut card,
        &[
            (JPKI, 0x9000),
            (b"\x00\xCA\x00\xF2\x00", 0x6A88),
            (b"\x0C\xB0\x00\x00\x00", 0x6982),
        ],
    );

    let options = CardOptions {
        first_command_fails: true,
        ..CardOptions::default()
    };
    let mut card = VirtualCard::new(persona("in-order"), options, now());
    dialogue(&mut card, &[(JPKI, 0x6F00), (JPKI, 0x9000)]);
}

#[test]
fn the_common_record_tells_the_cards_last_day() {
    let mut card = card();
    let record = b"\x01\x1C0000000000000019999920350217";
    assert_eq!(status(&mut card, COMMON), 0x9000);
    assert_eq!(
        ask(&mut card, b"\x00\xB2\x01\x0C\x00"),
        (record.to_vec(), 0x9000)
    );
    assert_eq!(
        ask(&mut card, b"\x00\xB2\x01\x04\x02"),
        (record[..2].to_vec(), 0x9000)
    );
    dialogue(
        &mut card,
        &[
            (b"\x00\xB2\x02\x0C\x00", 0x6A83),
            (b"\x00\xB2\x00\x0C\x00", 0x6A83),
            (b"\x00\xB2\x01\x0D\x00", 0x6A86),
            (b"\x00\xB2\x01\x1C\x00", 0x6A82),
            (b"\x00\xB0\x81\x00\x00", 0x6981),
            (JPKI, 0x9000),
            (b"\x00\xB2\x01\x54\x00", 0x6981),
        ],
    );
}

#[test]
fn the_card_face_is_laid_out_by_its_table() {
    let mut card = card();
    dialogue(
        &mut card,
        &[
            (FACE, 0x9000),
            (b"\x00\x20\x00\x92\x0E55021720351047", 0x9000),
        ],
    );
    let file = read_file(&mut card, 0x0002);
    assert_eq!(file[..3], [0xFF, 0x20, 0x82]);
    assert_eq!(
        usize::from(u16::from_be_bytes([file[3], file[4]])),
        file.len() - 5
    );
    assert_eq!(file[5..8], [0xDF, 0x21, 18]);
    let mut expected = 26;
    for (index, offset) in file[8..26].chunks(2).enumerate() {
        let offset = usize::from(u16::from_be_bytes([offset[0], offset[1]]));
        assert_eq!(offset, expected, "element {index}");
        assert_eq!(
            file[offset..offset + 2],
            [0xDF, 0x22 + u8::try_from(index).unwrap()]
        );
        let (header, length) = match file[offset + 2] {
            0x82 => (
                5,
                usize::from(u16::from_be_bytes([file[offset + 3], file[offset + 4]])),
            ),
            0x81 => (4, usize::from(file[offset + 3])),
            short => (3, usize::from(short)),
        };
        let value = &file[offset + header..offset + header + length];
        match index {
            0 => assert_eq!(value, b"19800217"),
            1 => assert_eq!(value, b"2"),
            2 => assert_eq!((value.len(), &value[..5]), (265, &[0x90, 3, 1, 0, 1][..])),
            3 | 4 | 8 => assert_eq!(&value[..4], b"\x89PNG"),
            5 => assert_eq!(&value[..8], b"\0\0\0\x0CjP  "),
            6 => assert_eq!(value.len(), 256),
            _ => assert_eq!(value, b"20350217"),
        }
        expected = offset + header + length;
    }
    assert_eq!(expected, file.len());
    assert_eq!(read_file(&mut card, 0x0003).len(), 320);
    assert_eq!(read_file(&mut card, 0x0004).len(), 568);
}

#[test]
fn the_token_information_names_a_plastic_card() {
    let mut card = card();
    assert_eq!(status(&mut card, JPKI), 0x9000);
    let (file, _) = ask(&mut card, b"\x00\xB0\x86\x00\x00");
    assert_eq!(file.len(), 160);
    assert_eq!(&file[..32], b"JPKIAPICCTOKEN2                 ");
}

#[test]
fn debug_tells_no_secret() {
    let text = format!("{:?} {:?}", card(), CardOptions::default());
    for secret in [
        "1234",
        "ABC123",
        "5678",
        "9012",
        "55021720351047",
        persona("in-order").my_number,
    ] {
        assert!(!text.contains(secret), "{text}");
    }
}

/// Commands that have a chance to mean something.
fn plausible() -> impl Strategy<Value = Vec<u8>> {
    let header = (
        prop_oneof![Just(0x00u8), Just(0x80), any::<u8>()],
        prop_oneof![
            prop::sample::select(vec![
                0xA4u8, 0xB0, 0xB2, 0x20, 0x24, 0x32, 0x84, 0x88, 0xCA, 0x2A, 0xFA
            ]),
            any::<u8>()
        ],
        any::<u8>(),
        any::<u8>(),
    );
    let body = prop::collection::vec(any::<u8>(), 0..24);
    let selects = prop::sample::select(vec![
        JPKI,
        FACE,
        INPUT,
        COMMON,
        ISD,
        PIN,
        PASSWORD,
        INPUT_PIN,
        REFERENCE_B,
        NUMBER,
    ]);
    prop_oneof![
        1 => selects.prop_map(<[u8]>::to_vec),
        4 => (header, body, any::<bool>()).prop_map(|((cla, ins, p1, p2), body, framed)| {
            let mut out = vec![cla, ins, p1, p2];
            if framed && !body.is_empty() {
                out.push(u8::try_from(body.len()).unwrap());
            }
            out.extend(body);
            out
        }),
        1 => prop::collection::vec(any::<u8>(), 0..300),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever comes, one answer of two bytes or more, no secret's count above its most, and nothing opens
    /// without a secret.
    #[test]
    fn any_commands_are_answered(commands in prop::collection::vec(plausible(), 1..60), reset in any::<u8>()) {
        let mut card = card();
        for (index, command) in commands.iter().enumerate() {
            let before = CardSecret::ALL.map(|secret| card.tries(secret));
            let response = card.transmit(command);
            prop_assert!((2..=65_538).contains(&response.len()));
            let after = CardSecret::ALL.map(|secret| card.tries(secret));
            for secret in CardSecret::ALL {
                prop_assert!(card.tries(secret) <= secret.most_tries());
            }
            if before != after {
                prop_assert!(command.len() > 5 && command[..2] == [0x00, 0x20], "only VERIFY with data moves a counter");
            }
            match reset.wrapping_add(u8::try_from(index).unwrap()) {
                0 => card.reset(),
                1 => card.power_off(),
                _ => {}
            }
        }
        prop_assert_eq!(card.transmissions(), u64::try_from(commands.len()).unwrap());
    }
}
