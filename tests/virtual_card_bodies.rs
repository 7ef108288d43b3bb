//! What is put on the reader in the place of a My Number card, and whose data is on it.

mod chip_support;

use chip_support::*;
use uketsuke::simulation::CardSecret::{AuthPin, SignPassword};
use uketsuke::simulation::{CardBody, CardOptions, CardSecret, Persona, VirtualCard};

const LAST_COMMAND: &[u8] = b"\x80\xFC\x00\x00";
const CERTIFICATE: &[u8] = b"\x00\xB0\x8A\x00\x00";
const SIGN: &[u8] = b"\x80\x2A\x00\x97\x03abc\x00";

fn label(card: &mut VirtualCard) -> String {
    let file = read_file(card, 0x0006);
    assert_eq!(file.len(), 160);
    String::from_utf8(file[..32].to_vec()).unwrap()
}

/// No application but JPKI.
fn has_jpki_alone(card: &mut VirtualCard) {
    dialogue(
        card,
        &[
            (FACE, 0x6A82),
            (INPUT, 0x6A82),
            (COMMON, 0x6A82),
            (ISD, 0x6A82),
            (b"\x00\xCA\x00\xF2\x00", 0x6A88),
            (JPKI, 0x9000),
        ],
    );
}

#[test]
fn phones_have_the_certificate_behind_the_pin() {
    for (name, token, last) in [
        ("android-phone", "JPKIAPGPSETOKEN", 0x6D00),
        ("iphone", "JPKIAPIOSTOKEN", 0x9000),
    ] {
        let mut card = card_of(name);
        has_jpki_alone(&mut card);
        assert_eq!(label(&mut card), format!("{token:32}"));
        dialogue(
            &mut card,
            &[
                (CERTIFICATE, 0x6982),
                (SIGN, 0x6982),
                (b"\x00\xB0\x8B\x00\x00", 0x9000),
                (b"\x00\xB0\x82\x00\x00", 0x9000),
                (b"\x00\xB0\x81\x00\x00", 0x6982),
                (&verify(0x1B, "ABC123"), 0x9000),
                (b"\x00\xB0\x81\x00\x00", 0x9000),
                (CERTIFICATE, 0x6982),
                (&verify(0x18, "1234"), 0x9000),
                (CERTIFICATE, 0x9000),
                (SIGN, 0x9000),
                (LAST_COMMAND, last),
                // What isn't known of phones isn't there.
                (b"\x00\xB0\x89\x00\x00", 0x6A82),
                (&select(0x0016), 0x6A82),
            ],
        );
        // Nothing but power-off leaves the application.
        dialogue(&mut card, &[(ISD, 0x6A82), (SIGN, 0x9000)]);
        card.power_off();
        dialogue(&mut card, &[(JPKI, 0x9000), (SIGN, 0x6982)]);
    }
}

#[test]
fn a_card_has_the_secrets_of_its_kind_alone() {
    let phone: &[CardSecret] = &[AuthPin, SignPassword];
    for (name, has) in [
        ("in-order", &CardSecret::ALL[..]),
        ("foreign-resident", &CardSecret::ALL),
        ("android-phone", phone),
        ("iphone", phone),
        ("resident-card", &[SignPassword]),
        ("other-card", &[]),
    ] {
        let card = card_of(name);
        for secret in CardSecret::ALL {
            let expected = if has.contains(&secret) {
                secret.most_tries()
            } else {
                0
            };
            assert_eq!(card.tries(secret), expected, "{name}, {secret:?}");
        }
        assert_eq!(card.auth_pin().is_some(), has.contains(&AuthPin));
        assert_eq!(card.sign_password().is_some(), has.contains(&SignPassword));
    }
}

#[test]
fn the_last_command_is_the_iphones() {
    for (name, expected) in [
        ("in-order", 0x6700),
        ("iphone", 0x9000),
        ("android-phone", 0x6D00),
        ("resident-card", 0x6D00),
    ] {
        assert_eq!(status(&mut card_of(name), LAST_COMMAND), expected, "{name}");
    }
    dialogue(
        &mut card_of("iphone"),
        &[
            (b"\x80\xFC\x00\x01", 0x6A86),
            (b"\x80\xFC\x00\x00\x00", 0x6700),
            (b"\x80\xFC\x00\x00\x01\x00", 0x6700),
        ],
    );
}

#[test]
fn the_card_before_has_nothing_to_log_in_with() {
    let mut card = card_of("resident-card");
    assert_ne!(card.atr(), self::card().atr());
    // TCK, the last byte, makes the rest even: ISO/IEC 7816-3, section 8.2.5.
    for atr in [card.atr(), self::card().atr()] {
        assert_eq!(atr[1..].iter().fold(0, |sum, byte| sum ^ byte), 0);
    }
    has_jpki_alone(&mut card);
    assert_eq!(label(&mut card), format!("{:32}", "JPKIAPICCTOKEN"));
    dialogue(
        &mut card,
        &[
            (CERTIFICATE, 0x6A82),
            (b"\x00\x20\x00\x98", 0x6A88),
            (SIGN, 0x6A88),
            (&select(0x0008), 0x6A82),
            (b"\x00\xB0\x81\x00\x00", 0x6982),
            (&verify(0x1B, "ABC123"), 0x9000),
            (b"\x00\xB0\x81\x00\x00", 0x9000),
        ],
    );
}

#[test]
fn a_foreign_residents_number_has_the_western_year() {
    let holder = persona("foreign-resident");
    assert_eq!(&holder.birthdate[2..], "910615");
    let mut card = card_of(holder.name);
    dialogue(
        &mut card,
        &[
            (FACE, 0x9000),
            (&verify(0x11, "910615"), 0x9000),
            // Heisei 3.
            (&verify(0x11, "030615"), 0x63C9),
            (&verify(0x12, holder.reference_number_b), 0x9000),
            (&verify(0x13, holder.my_number), 0x9000),
        ],
    );
}

fn contains(file: &[u8], text: &str) -> bool {
    file.windows(text.len()).any(|w| w == text.as_bytes())
}

/// A persona can be copied and changed, and what is on the card follows.
#[test]
fn the_cards_data_are_the_personas() {
    let changed = {
        let mut changed = persona("in-order").clone();
        changed.holder_name = "金糸雀　鳴";
        changed.address = "金糸雀県鳥籠市一丁目１番地";
        changed.birthdate = "20190501";
        changed.sex = "9";
        changed.my_number = "999999999999";
        changed.reference_number_b = "01050120349999";
        changed.card_expiry = "20340501";
        changed
    };
    let all: Vec<Persona> = Persona::all()
        .iter()
        .filter(|persona| persona.body == CardBody::MyNumberCard)
        .cloned()
        .chain([changed])
        .collect();
    assert!(all.len() > 20);
    for holder in &all {
        let mut card = VirtualCard::new(holder, CardOptions::default(), now());
        dialogue(
            &mut card,
            &[
                (FACE, 0x9000),
                (&verify(0x11, &holder.reference_number_b[..6]), 0x9000),
                (&verify(0x12, holder.reference_number_b), 0x9000),
                (&verify(0x13, holder.my_number), 0x9000),
            ],
        );
        let age = read_file(&mut card, 0x0001);
        assert!(contains(&age, holder.birthdate));
        let face = read_file(&mut card, 0x0002);
        let face = objects(outer(&face, 0xFF20).value);
        assert_eq!(find(&face, 0xDF22).value, holder.birthdate.as_bytes());
        assert_eq!(find(&face, 0xDF23).value, holder.sex.as_bytes());
        assert_eq!(find(&face, 0xDF29).value, holder.card_expiry.as_bytes());
        dialogue(
            &mut card,
            &[
                (INPUT, 0x9000),
                (&verify(0x14, holder.my_number), 0x9000),
                (&verify(0x15, holder.reference_number_b), 0x9000),
            ],
        );
        assert!(contains(&read_file(&mut card, 0x0001), holder.my_number));
        let attributes = read_file(&mut card, 0x0002);
        for text in [holder.holder_name, holder.address, holder.birthdate] {
            assert!(contains(&attributes, text), "{text}");
        }
        if card.sign_password().is_none() {
            continue;
        }
        dialogue(
            &mut card,
            &[(JPKI, 0x9000), (&verify(0x1B, "ABC123"), 0x9000)],
        );
        let certificate = read_file(&mut card, 0x0001);
        for text in [holder.holder_name, holder.address, holder.birthdate] {
            assert!(contains(&certificate, text), "{text}");
        }
        let authentication = read_file(&mut card, 0x000A);
        for text in [holder.holder_name, holder.address, holder.my_number] {
            assert!(!contains(&authentication, text), "{text}");
        }
    }
}
