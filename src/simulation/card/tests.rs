use super::life::Life;
use super::secret::CardSecret;
use super::{CardOptions, VirtualCard};
use crate::simulation::ber::{LengthForm, tlv};
use crate::simulation::persona::{CertificateTerm, Persona};
use crate::tlv::Reader;
use crate::trust::{GraceRule, Standing};
use jiff::{Timestamp, ToSpan};

/// What a term promises, at every sixth hour of nine years and at the seconds around midnight in Japan.
#[test]
fn terms_keep_their_promise_on_any_day() {
    let start: Timestamp = "2024-02-27T15:00:00Z".parse().unwrap();
    for quarter in 0..(9 * 366 * 4_i64) {
        let hour = start + (quarter * 6).hours();
        for now in [hour - 1.second(), hour] {
            let standing = |term| {
                let life = Life::new(term, now);
                assert!(life.not_before < life.not_after);
                let begun = life.not_before <= now;
                assert_eq!(
                    begun,
                    term != CertificateTerm::NotYetValid,
                    "{term:?} at {now}"
                );
                Standing::at(now, life.not_after, GraceRule::EligibilityOnly)
            };
            assert_eq!(
                standing(CertificateTerm::InForce),
                Some(Standing::InForce),
                "{now}"
            );
            assert!(
                matches!(
                    standing(CertificateTerm::Expiring),
                    Some(Standing::Expiring { .. })
                ),
                "{now}"
            );
            assert!(
                matches!(
                    standing(CertificateTerm::Grace),
                    Some(Standing::Grace { .. })
                ),
                "{now}"
            );
            assert_eq!(standing(CertificateTerm::Lapsed), None, "{now}");
            assert_eq!(standing(CertificateTerm::CardExpired), None, "{now}");
            assert_eq!(
                standing(CertificateTerm::NotYetValid),
                Some(Standing::InForce),
                "{now}"
            );
        }
    }
}

#[test]
fn certificates_end_with_a_day_in_japan() {
    for now in ["2026-11-23T14:59:59Z", "2026-11-23T15:00:00Z"] {
        let end = Life::new(CertificateTerm::Expiring, now.parse().unwrap()).not_after;
        let expected = if now.contains("14:59") {
            "2026-12-23T14:59:59Z"
        } else {
            "2026-12-24T14:59:59Z"
        };
        assert_eq!(end, expected.parse().unwrap());
    }
}

#[test]
fn the_ends_of_time_are_survived() {
    for now in [Timestamp::MIN, Timestamp::MAX, Timestamp::UNIX_EPOCH] {
        for term in [
            CertificateTerm::InForce,
            CertificateTerm::Lapsed,
            CertificateTerm::NotYetValid,
        ] {
            let _ = Life::new(term, now);
        }
    }
}

/// As on the public test card: grey, 378 × 472, reversible 5/3, one layer in LRCP order, five levels, 64 × 64 blocks
/// (ISO/IEC 15444-1, annex A).
#[test]
fn the_photo_is_coded_like_those_of_real_cards() {
    let photo = include_bytes!("../portrait.jp2");
    let begin = photo.windows(4).position(|w| w == b"\xFF\x4F\xFF\x51");
    let size = &photo[begin.unwrap() + 2..];
    let number = |at: usize| u32::from_be_bytes(size[at..at + 4].try_into().unwrap());
    // Marker, length, capabilities; then width and height of the image, its offset, and the same of a tile.
    let expected = [378, 472, 0, 0, 378, 472, 0, 0];
    assert_eq!(
        [0, 1, 2, 3, 4, 5, 6, 7].map(|i| number(6 + 4 * i)),
        expected
    );
    // One component of 8 bits, unsigned.
    assert_eq!(size[38..41], [0, 1, 7]);
    let coding = size.windows(2).position(|w| w == b"\xFF\x52").unwrap();
    let coding = &size[coding + 4..coding + 14];
    // No precincts; LRCP; one layer; no colour transform; 5 levels; 2^(4+2) twice; no style; 5/3.
    assert_eq!(coding, [0, 0, 0, 1, 0, 5, 4, 4, 0, 1]);
}

#[test]
fn elements_are_framed_at_every_length() {
    for len in (0..300).chain([65_534, 65_535, 65_536]) {
        for form in [LengthForm::Shortest, LengthForm::TwoBytes] {
            let bytes = tlv(0xDF25, form, &vec![0xA5; len]);
            let mut reader = Reader::new(&bytes);
            let element = reader.next().unwrap().unwrap();
            assert_eq!(element.value().len(), len.min(65_535));
            assert_eq!(reader.next(), Ok(None));
            let header = match (form, len) {
                (LengthForm::Shortest, 0..=127) => 3,
                (LengthForm::Shortest, 128..=255) => 4,
                _ => 5,
            };
            assert_eq!(
                bytes.len() - element.value().len(),
                header,
                "{len} bytes, {form:?}"
            );
        }
    }
}

#[test]
fn new_values_keep_the_rules_of_each_secret() {
    for (name, good, bad) in [
        (
            CardSecret::AuthPin,
            &["0000", "9876"][..],
            &["", "123", "12345", "12a4", "１２"][..],
        ),
        (
            CardSecret::SignPassword,
            &["ABC123", "A12345", "ABCDEFGHIJKLMN12"],
            &[
                "",
                "ABC12",
                "ABCDEF",
                "123456",
                "abc123",
                "ABCDEFGHIJKLMNO12",
                "ABC 123",
            ],
        ),
        (CardSecret::InputPin, &["0000"], &["", "ABC123"]),
        (CardSecret::CommonPin, &["0000"], &["", "12345"]),
        (
            CardSecret::FaceReferenceB,
            &[],
            &["", "55021720351047", "1234"],
        ),
        (
            CardSecret::InputReferenceA,
            &[],
            &["", "000000000019", "1234"],
        ),
        (CardSecret::InputBlocked, &[], &["", "1234"]),
    ] {
        assert!(
            good.iter().all(|value| name.accepts(value.as_bytes())),
            "{name:?}"
        );
        assert!(
            !bad.iter().any(|value| name.accepts(value.as_bytes())),
            "{name:?}"
        );
        assert!(name.most_tries() <= 15, "63Cx has room for 15");
    }
}

/// Right or wrong, a PIN whose count can't be kept opens nothing and costs a try; memory and file agree after the
/// next write.
#[test]
fn a_pin_that_cannot_be_kept_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("card.state");
    let now = "2026-11-24T01:00:00Z".parse().unwrap();
    for pin in [&b"1234"[..], b"4321"] {
        let make = || {
            let persona = Persona::named("in-order").unwrap();
            VirtualCard::new(persona, CardOptions::default(), now)
                .with_state_file(&path)
                .unwrap()
        };
        let _ = std::fs::remove_file(&path);
        let mut card = make();
        let select = b"\x00\xA4\x04\x0C\x02\xD3\x92";
        assert_eq!(card.transmit(select), [0x90, 0x00]);
        card.state.as_ref().unwrap().fail_at.set(1);
        let verify = [b"\x00\x20\x00\x98\x04".as_slice(), pin].concat();
        assert_eq!(card.transmit(&verify), [0x65, 0x81]);
        assert_eq!(card.tries_left()[0], 2);
        assert_eq!(card.transmit(b"\x80\x2A\x00\x97\x01a\x00"), [0x69, 0x82]);
        // What a kill just now would leave: as if the command had never come.
        assert_eq!(make().tries_left()[0], 3);
        assert_eq!(card.transmit(b"\x00\x20\x00\x98\x040000"), [0x63, 0xC1]);
        assert_eq!(make().tries_left()[0], 1);
        assert_eq!(card.transmit(b"\x00\x20\x00\x98\x041234"), [0x90, 0x00]);
        assert_eq!(make().tries_left()[0], 3);
    }
}

/// One write for each VERIFY: a kill leaves the count from before the command or that of its answer, and nothing
/// between.
#[test]
fn each_pin_is_one_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("card.state");
    let now = "2026-11-24T01:00:00Z".parse().unwrap();
    let persona = Persona::named("in-order").unwrap();
    let mut card = VirtualCard::new(persona, CardOptions::default(), now)
        .with_state_file(&path)
        .unwrap();
    let _ = card.transmit(b"\x00\xA4\x04\x0C\x02\xD3\x92");
    for (pin, answer) in [(b"0000", [0x63, 0xC2]), (b"1234", [0x90, 0x00])] {
        // Were there a second write, it would fail.
        card.state.as_ref().unwrap().fail_at.set(2);
        let verify = [b"\x00\x20\x00\x98\x04".as_slice(), pin].concat();
        assert_eq!(card.transmit(&verify), answer);
    }
}
