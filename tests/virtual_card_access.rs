//! The access matrix of the virtual card as a table: every file of every application with every secret, and every
//! key, with nothing left out on either side.

mod chip_support;

use chip_support::*;
use uketsuke::simulation::{CardSecret, VirtualCard};

/// An application and the short identifiers of its secrets with their values.
struct Application {
    select: &'static [u8],
    secrets: &'static [(u8, CardSecret, &'static str)],
    /// Short identifier, size of the file, and which of `secrets` open it (`None`: free).
    files: &'static [(u8, Size, Option<&'static [CardSecret]>)],
    /// Keys, and what opens each.
    keys: &'static [(u8, Option<&'static [CardSecret]>)],
    /// What can be selected, and neither read nor used.
    internal: &'static [u8],
}

enum Size {
    Is(usize),
    /// A certificate with its filler.
    Certificate,
    Records,
    AtLeast(usize),
}
use Size::{AtLeast, Certificate, Is, Records};

const B: &str = "55021720351047";
const A: &str = "000000000019";

use CardSecret::{
    AuthPin, CommonPin, FaceBirth, FaceReferenceA, FaceReferenceB, InputBlocked, InputPin,
    InputReferenceA, InputReferenceB, SignPassword,
};

const TABLE: [Application; 4] = [
    Application {
        select: JPKI,
        secrets: &[(0x18, AuthPin, "1234"), (0x1B, SignPassword, "ABC123")],
        files: &[
            (0x01, Certificate, Some(&[SignPassword])),
            (0x02, Certificate, None),
            (0x06, Is(160), None),
            (0x08, Is(3), None),
            (0x09, Is(16), Some(&[])),
            (0x0A, Certificate, None),
            (0x0B, Certificate, None),
        ],
        keys: &[(0x17, Some(&[AuthPin])), (0x1A, Some(&[SignPassword]))],
        internal: &[0x05, 0x10, 0x16, 0x19, 0x1C, 0x1E],
    },
    Application {
        select: FACE,
        secrets: &[
            (0x11, FaceBirth, "550217"),
            (0x12, FaceReferenceB, B),
            (0x13, FaceReferenceA, A),
        ],
        files: &[
            (0x01, Is(547), Some(&[FaceBirth])),
            (0x02, AtLeast(3000), Some(&[FaceReferenceA, FaceReferenceB])),
            (0x03, Is(320), None),
            (0x04, Is(568), None),
            (0x05, AtLeast(600), Some(&[FaceReferenceA])),
            (0x06, Is(16), Some(&[FaceReferenceA, FaceReferenceB])),
        ],
        keys: &[(0x1A, None)],
        internal: &[],
    },
    Application {
        select: INPUT,
        secrets: &[
            (0x11, InputPin, "5678"),
            (0x14, InputReferenceA, A),
            (0x15, InputReferenceB, B),
        ],
        files: &[
            (0x01, Is(17), Some(&[InputPin, InputReferenceA])),
            (0x02, AtLeast(100), Some(&[InputPin, InputReferenceB])),
            (
                0x03,
                Is(336),
                Some(&[InputPin, InputReferenceA, InputReferenceB]),
            ),
            (0x04, Is(568), None),
            (0x05, Is(164), None),
            (
                0x06,
                Is(269),
                Some(&[InputPin, InputReferenceA, InputReferenceB]),
            ),
            (
                0x07,
                Is(536),
                Some(&[InputPin, InputReferenceA, InputReferenceB]),
            ),
            (
                0x08,
                Is(16),
                Some(&[InputPin, InputReferenceA, InputReferenceB]),
            ),
        ],
        keys: &[(0x13, None)],
        internal: &[],
    },
    Application {
        select: COMMON,
        secrets: &[(0x1C, CommonPin, "9012")],
        files: &[(0x01, Records, None), (0x02, Records, None)],
        keys: &[(0x19, None)],
        internal: &[],
    },
];

/// What reading, signing and both kinds of verifying must say of every identifier there can be.
fn check(card: &mut VirtualCard, application: &Application, verified: Option<CardSecret>) {
    let opens = |by: &Option<&[CardSecret]>| {
        by.is_none_or(|by| verified.is_some_and(|verified| by.contains(&verified)))
    };
    let at = |id: u8| format!("{:02X?}, EF {id:02X}, {verified:?}", application.select);
    for id in 1..=0x1E_u8 {
        let p = 0x80 | id;
        let read = ask(card, &[0x00, 0xB0, p, 0x00, 0x00, 0x00, 0x00]);
        let record = status(card, &[0x00, 0xB2, 0x01, (id << 3) | 4, 0x00]);
        let signed = status(card, &command([0x80, 0x2A, 0x00, p], b"abc", true));
        let tries = status(card, &[0x00, 0x20, 0x00, p]);
        let file = application.files.iter().find(|file| file.0 == id);
        let key = application.keys.iter().find(|key| key.0 == id);
        let secret = application.secrets.iter().find(|secret| secret.0 == id);
        let blocked = application.select == INPUT && id == 0x12;
        let known = file.is_some()
            || key.is_some()
            || secret.is_some()
            || blocked
            || application.internal.contains(&id);
        let expected_read = match file {
            Some((_, Records, _)) => 0x6981,
            Some((_, _, by)) if opens(by) => 0x9000,
            Some(_) => 0x6982,
            None if known => 0x6981,
            None => 0x6A82,
        };
        assert_eq!(read.1, expected_read, "reading {}", at(id));
        if let (0x9000, Some((_, size, _))) = (read.1, file) {
            match size {
                Is(size) => assert_eq!(read.0.len(), *size, "{}", at(id)),
                AtLeast(size) => assert!(read.0.len() >= *size, "{}", at(id)),
                Certificate => assert_eq!(read.0.len(), der_len(&read.0) + 26, "{}", at(id)),
                Records => unreachable!(),
            }
        }
        let expected_record = match file {
            Some((_, Records, _)) => 0x9000,
            _ if known => 0x6981,
            _ => 0x6A82,
        };
        assert_eq!(record, expected_record, "record of {}", at(id));
        let expected_signed = match key {
            Some(_) if application.select == COMMON => 0x6985,
            Some((_, by)) if opens(by) => 0x9000,
            Some(_) => 0x6982,
            None if known => 0x6981,
            None => 0x6A88,
        };
        assert_eq!(signed, expected_signed, "signing with {}", at(id));
        let expected_tries = match secret {
            Some((_, name, _)) => 0x63C0 + u16::from(name.most_tries()),
            None if blocked => 0x63C0,
            None if known => 0x6981,
            None => 0x6A88,
        };
        assert_eq!(tries, expected_tries, "tries of {}", at(id));
        // SELECT finds what the short identifier finds.
        let selected = status(card, &select(u16::from(id)));
        assert_eq!(selected, if known { 0x9000 } else { 0x6A82 }, "{}", at(id));
        if known {
            let again = ask(card, &[0x00, 0xB0, 0x00, 0x00, 0x00, 0x00, 0x00]);
            assert_eq!(again, read, "{}", at(id));
            let again = status(card, &[0x00, 0x20, 0x00, 0x80]);
            assert_eq!(again, tries, "{}", at(id));
        }
    }
}

#[test]
fn every_file_and_key_opens_with_its_own_secrets_alone() {
    let mut named = Vec::new();
    for application in &TABLE {
        let mut card = card();
        assert_eq!(status(&mut card, application.select), 0x9000);
        check(&mut card, application, None);
        for (id, name, value) in application.secrets {
            named.push(*name);
            let mut card = self::card();
            dialogue(
                &mut card,
                &[(application.select, 0x9000), (&verify(*id, value), 0x9000)],
            );
            check(&mut card, application, Some(*name));
            // Other secrets of the same card stay as they are.
            for other in CardSecret::ALL {
                assert_eq!(card.tries(other), other.most_tries());
            }
            // Power-off closes it again.
            card.power_off();
            assert_eq!(status(&mut card, application.select), 0x9000);
            check(&mut card, application, None);
        }
    }
    named.push(InputBlocked);
    assert!(CardSecret::ALL.iter().all(|name| named.contains(name)));
}

#[test]
fn what_is_verified_in_one_application_opens_nothing_in_another() {
    for from in &TABLE {
        for to in &TABLE {
            if std::ptr::eq(from, to) {
                continue;
            }
            let mut card = card();
            assert_eq!(status(&mut card, from.select), 0x9000);
            for (id, _, value) in from.secrets {
                assert_eq!(status(&mut card, &verify(*id, value)), 0x9000);
            }
            assert_eq!(status(&mut card, to.select), 0x9000);
            check(&mut card, to, None);
            // And nothing is left of it on the way back.
            assert_eq!(status(&mut card, from.select), 0x9000);
            check(&mut card, from, None);
        }
    }
}

#[test]
fn every_secret_is_counted_by_itself() {
    for application in &TABLE {
        for (id, name, value) in application.secrets {
            let mut card = card();
            assert_eq!(status(&mut card, application.select), 0x9000);
            let wrong: String = value.chars().rev().collect();
            for left in (0..name.most_tries()).rev() {
                let answer = status(&mut card, &verify(*id, &wrong));
                assert_eq!(answer, 0x63C0 + u16::from(left), "{name:?}");
            }
            dialogue(
                &mut card,
                &[
                    (&verify(*id, value), 0x6984),
                    (&verify(*id, &wrong), 0x6984),
                ],
            );
            for other in CardSecret::ALL {
                let expected = if other == *name {
                    0
                } else {
                    other.most_tries()
                };
                assert_eq!(card.tries(other), expected, "{name:?} and {other:?}");
            }
        }
    }
    // Blocked when the card is issued.
    for value in ["0000", "5678", B] {
        dialogue(
            &mut card(),
            &[
                (INPUT, 0x9000),
                (b"\x00\x20\x00\x92", 0x63C0),
                (&verify(0x12, value), 0x6984),
            ],
        );
    }
}

#[test]
fn a_card_without_pins_has_them_all_blocked() {
    let card = card_of("no-pin");
    for name in CardSecret::ALL {
        let pin = matches!(name, AuthPin | SignPassword | InputPin | CommonPin);
        let expected = if pin { 0 } else { name.most_tries() };
        assert_eq!(card.tries(name), expected, "{name:?}");
    }
    assert_eq!((card.input_pin(), card.common_pin()), (None, None));
}

#[test]
fn secrets_change_by_the_command_of_their_application() {
    const CHANGE: [u8; 2] = [0x00, 0x24];
    const KEY: [u8; 2] = [0x80, 0x32];
    let change = |[cla, ins]: [u8; 2], p1, id: u8, value: &str| {
        command([cla, ins, p1, 0x80 | id], value.as_bytes(), false)
    };
    for application in &TABLE {
        for (id, name, value) in application.secrets {
            let mut card = card();
            let may = matches!(name, AuthPin | SignPassword | InputPin | CommonPin);
            let (right, wrong) = if application.select == COMMON {
                (
                    change(KEY, 0x00, *id, "4321"),
                    change(CHANGE, 0x01, *id, "4321"),
                )
            } else {
                let new = if *name == SignPassword {
                    "NEW456"
                } else {
                    "4321"
                };
                (change(CHANGE, 0x01, *id, new), change(KEY, 0x00, *id, new))
            };
            let (before, after) = if may {
                (0x6982, 0x9000)
            } else {
                (0x6985, 0x6985)
            };
            dialogue(
                &mut card,
                &[
                    (application.select, 0x9000),
                    (&right, before),
                    (&verify(*id, value), 0x9000),
                    (&wrong, 0x6985),
                    (&right, after),
                    (
                        &verify(*id, value),
                        if may {
                            0x63C0 + u16::from(name.most_tries()) - 1
                        } else {
                            0x9000
                        },
                    ),
                ],
            );
        }
    }
    let mut card = card();
    dialogue(
        &mut card,
        &[
            (COMMON, 0x9000),
            (&verify(0x1C, "9012"), 0x9000),
            (&select(0x001C), 0x9000),
            (b"\x80\x32\x00\x80\x054321\x30", 0x6A80),
            (b"\x80\x32\x00\x80", 0x6700),
            (b"\x80\x32\x01\x80\x044321", 0x6A86),
            (b"\x80\x32\x00\x80\x044321", 0x9000),
            (INPUT, 0x9000),
            (&verify(0x11, "5678"), 0x9000),
            (b"\x00\x24\x01\x91\x048765", 0x9000),
        ],
    );
    assert_eq!(
        (card.input_pin(), card.common_pin()),
        (Some("8765"), Some("4321"))
    );
}
