//! Each option of the virtual card by itself: what it changes, and that it changes nothing else.

mod chip_support;

use chip_support::*;
use ring::digest::{SHA256, digest};
use uketsuke::simulation::{CardOptions, VirtualCard};

/// READ BINARY with an extended Le of 300, by short identifier and plain; GET DATA and a signature with extended
/// lengths.
fn extended_answers(card: &mut VirtualCard) -> [u16; 4] {
    let object = status(card, b"\x00\xCA\x00\xF8\x00\x00\x00");
    dialogue(card, &[(FACE, 0x9000), (&select(0x0004), 0x9000)]);
    [
        status(card, b"\x00\xB0\x84\x00\x00\x01\x2C"),
        status(card, b"\x00\xB0\x00\x00\x00\x01\x2C"),
        object,
        status(card, b"\x80\x2A\x00\x00\x00\x00\x03abc\x00\x00"),
    ]
}

#[test]
fn the_two_forms_of_extended_length_go_on_and_off_by_themselves() {
    const NO: u16 = 0x6700;
    for (by_short_identifier, plain, expected) in [
        (true, true, [0x9000; 4]),
        (true, false, [0x9000, NO, 0x9000, 0x9000]),
        (false, true, [NO, 0x9000, 0x9000, 0x9000]),
        (false, false, [NO; 4]),
    ] {
        let options = CardOptions {
            extended_by_short_identifier: by_short_identifier,
            extended_plain: plain,
            ..CardOptions::default()
        };
        let mut card = card_with("in-order", options);
        assert_eq!(
            extended_answers(&mut card),
            expected,
            "{by_short_identifier}, {plain}"
        );
        // An extended field that asks for little is extended all the same, and short ones always work.
        let little = [
            status(&mut card, b"\x00\xB0\x84\x00\x00\x00\x05"),
            status(&mut card, b"\x00\xB0\x00\x00\x00\x00\x05"),
        ];
        assert_eq!(little, expected[..2]);
        assert_eq!(read_file(&mut card, 0x0004).len(), 568);
    }
}

#[test]
fn answers_are_cut_at_the_most_that_is_given() {
    let whole = {
        let mut card = card();
        assert_eq!(status(&mut card, JPKI), 0x9000);
        read_file(&mut card, 0x000A)
    };
    for most in [0, 1, 100, 255, 256, 1000, u16::MAX] {
        let options = CardOptions {
            most_per_answer: Some(most),
            ..CardOptions::default()
        };
        let mut card = card_with("in-order", options);
        assert_eq!(status(&mut card, JPKI), 0x9000);
        for (read, asked) in [
            (&b"\x00\xB0\x8A\x00\x00"[..], 256),
            (b"\x00\xB0\x8A\x00\x07", 7),
            (b"\x00\xB0\x8A\x00\x00\x00\x00", 65_536),
            (b"\x00\xB0\x00\x00\x00\x00\x00", 65_536),
        ] {
            let (data, status) = ask(&mut card, read);
            let expected = asked.min(usize::from(most).max(1)).min(whole.len());
            assert_eq!((data.as_slice(), status), (&whole[..expected], 0x9000));
        }
        assert_eq!(read_file(&mut card, 0x000A), whole, "most {most}");
        // Records, signatures and objects aren't files read in pieces.
        dialogue(&mut card, &[(&verify(0x18, "1234"), 0x9000)]);
        let (signature, _) = ask(&mut card, b"\x80\x2A\x00\x97\x03abc\x00");
        assert_eq!(signature.len(), 256);
    }
}

#[test]
fn filler_stands_behind_certificates_and_around_attributes_and_is_not_signed() {
    for (prefix, filler) in [(0, 0), (0, 26), (1, 0), (2, 26), (255, 255)] {
        let options = CardOptions {
            prefix,
            filler,
            ..CardOptions::default()
        };
        let mut card = card_with("in-order", options);
        assert_eq!(status(&mut card, JPKI), 0x9000);
        for id in [0x0002, 0x000A, 0x000B] {
            let file = read_file(&mut card, id);
            assert_eq!(file.len(), der_len(&file) + usize::from(filler));
            assert!(file[der_len(&file)..].iter().all(|b| *b == 0xFF));
        }
        dialogue(
            &mut card,
            &[(INPUT, 0x9000), (&verify(0x11, "5678"), 0x9000)],
        );
        let file = read_file(&mut card, 0x0002);
        let (before, rest) = file.split_at(usize::from(prefix));
        assert!(before.iter().all(|b| *b == 0xFF));
        assert_eq!(rest[..2], [0xFF, 0x20]);
        let parts = objects(rest);
        let attributes = &parts[0];
        assert_eq!(rest.len(), attributes.whole.len() + usize::from(filler));
        // The table counts from FF20.
        let table = objects(attributes.value)[0].value;
        let first = usize::from(u16::from_be_bytes([table[0], table[1]]));
        assert_eq!(rest[first..first + 2], [0xDF, 0x22]);
        let signed = &attributes.value[objects(attributes.value)[0].whole.len()..];
        let record = read_file(&mut card, 0x0003);
        let record = objects(outer(&record, 0xFF30).value);
        assert_eq!(
            find(&record, 0xDF32).value,
            digest(&SHA256, signed).as_ref()
        );
    }
}

#[test]
fn the_first_command_after_every_power_up_fails_where_it_must() {
    let options = CardOptions {
        first_command_fails: true,
        ..CardOptions::default()
    };
    let mut card = card_with("in-order", options);
    let begin: [fn(&mut VirtualCard); 4] = [
        |_| (),
        VirtualCard::power_off,
        VirtualCard::power_on,
        VirtualCard::reset,
    ];
    for begin in begin {
        begin(&mut card);
        // A VERIFY that fails so costs no try.
        dialogue(
            &mut card,
            &[
                (&verify(0x18, "0000"), 0x6F00),
                (JPKI, 0x9000),
                (b"\x00\x20\x00\x98", 0x63C3),
            ],
        );
    }
}

#[test]
fn blocked_secrets_of_every_application_say_so_as_they_are_told() {
    for blocked_status in [0x6984, 0x6983] {
        let options = CardOptions {
            blocked_status,
            ..CardOptions::default()
        };
        let mut card = card_with("no-pin", options);
        dialogue(
            &mut card,
            &[
                (JPKI, 0x9000),
                (&verify(0x18, "1234"), blocked_status),
                (&verify(0x1B, "ABC123"), blocked_status),
                (INPUT, 0x9000),
                (&verify(0x11, "5678"), blocked_status),
                (&verify(0x12, "5678"), blocked_status),
                (COMMON, 0x9000),
                (&verify(0x1C, "9012"), blocked_status),
                (b"\x00\x20\x00\x9C", 0x63C0),
            ],
        );
    }
}

#[test]
fn pins_are_those_of_the_options() {
    let options = CardOptions {
        auth_pin: "0001".to_owned(),
        sign_password: "PASS0002".to_owned(),
        input_pin: "0003".to_owned(),
        common_pin: "0004".to_owned(),
        ..CardOptions::default()
    };
    let mut card = card_with("in-order", options);
    dialogue(
        &mut card,
        &[
            (JPKI, 0x9000),
            (&verify(0x18, "0001"), 0x9000),
            (&verify(0x1B, "PASS0002"), 0x9000),
            (INPUT, 0x9000),
            (&verify(0x11, "0003"), 0x9000),
            (COMMON, 0x9000),
            (&verify(0x1C, "0004"), 0x9000),
        ],
    );
}
