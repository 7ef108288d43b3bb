//! Exact commands and exact numbers of exchanges: the plan of exchanges is the
//! speed of this library, since the card is the slow part.

mod card_support;

use card_support::{COMMON, Chip, FACE, Fault, ISD, JPKI, NUMBER_B, PIN, Shared, certificate, hex};
use uketsuke::VisitId;
use uketsuke::card::{
    AuthPin, Card, CardFace, Common, Jpki, LastTry, Progress, ReferenceNumberB, SecretKind,
    SignatureInput,
};
use uketsuke::transport::{ExtendedLength, Transport, TransportErrorKind};

const VERIFY_PIN: &str = "00200098 04 31323334";

#[track_caller]
fn assert_sent(chip: &Shared, expected: &[&str]) {
    let expected: Vec<Vec<u8>> = expected.iter().map(|text| hex(text)).collect();
    assert_eq!(chip.take_log(), expected);
}

fn card(chip: Chip) -> (Shared, Card<impl Transport>) {
    let (shared, link) = chip.share();
    (shared, Card::new(link, VisitId::begin()))
}

fn sign_command() -> String {
    let digest = "AB".repeat(32);
    format!("802A0097 33 3031300D060960864801650304020105000420 {digest} 00")
}

#[test]
fn certificate_with_extended_length_takes_two() {
    let (chip, mut card) = card(Chip::new());
    assert_eq!(chip.sent(), 0, "Card::new sends nothing");
    let mut jpki = card.open::<Jpki>().unwrap();
    let read = jpki.authentication_certificate(&mut |_| ()).unwrap();
    assert_eq!(read.der(), certificate(1584, 0));
    assert_eq!(read.binding(), jpki.binding());
    jpki.close().unwrap();
    assert_sent(&chip, &[JPKI, "00B08A00 000000"]);
    assert_eq!(card.extended_length(), ExtendedLength::Yes);
}

#[test]
fn certificate_with_short_length_takes_eight() {
    let (chip, mut card) = card(Chip::short_only());
    let mut seen = Vec::new();
    let mut jpki = card.open::<Jpki>().unwrap();
    let read = jpki
        .authentication_certificate(&mut |p| seen.push((p.read, p.total)))
        .unwrap();
    assert_eq!(read.der(), certificate(1584, 0));
    drop(jpki);
    let expected = [
        JPKI,
        "00B08A00 00",
        "00B00100 00",
        "00B00200 00",
        "00B00300 00",
        "00B00400 00",
        "00B00500 00",
        "00B00600 30",
    ];
    assert_sent(&chip, &expected);
    assert_eq!(seen.len(), 8);
    assert_eq!(seen[0], (0, 0));
    assert_eq!(seen[1], (256, 1584));
    assert_eq!(seen[7], (1584, 1584));
}

#[test]
fn certificate_shorter_than_one_read() {
    for (len, filler, sent) in [(200, 0, 2), (200, 300, 2), (256, 10, 2), (257, 0, 3)] {
        let file = certificate(len, filler);
        let (chip, mut card) = card(Chip {
            certificate: file.clone(),
            ..Chip::short_only()
        });
        let mut jpki = card.open::<Jpki>().unwrap();
        let read = jpki.authentication_certificate(&mut |_| ()).unwrap();
        assert_eq!(read.der(), &file[..len]);
        assert_eq!(chip.sent(), sent, "{len} bytes");
    }
}

#[test]
fn a_refused_extended_attempt_is_one_more_once() {
    for status in [
        0x6700, 0x6B00, 0x6A86, 0x6D00, 0x6E00, 0x6F00, 0x6985, 0x6C00, 0x6300,
    ] {
        let (chip, mut card) = card(Chip {
            extended: false,
            ..Chip::new()
        });
        chip.with(|chip| chip.faults.insert(1, Fault::Status(status)));
        let mut jpki = card.open::<Jpki>().unwrap();
        assert!(jpki.authentication_certificate(&mut |_| ()).is_ok());
        assert_eq!(chip.take_log().len(), if status == 0x6C00 { 10 } else { 9 });
        chip.with(|chip| chip.faults.clear());
        assert!(jpki.authentication_certificate(&mut |_| ()).is_ok());
        assert_eq!(chip.take_log().len(), 7, "learnt");
    }
}

#[test]
fn a_link_that_cannot_carry_extended_length() {
    for kind in [
        TransportErrorKind::Unsupported,
        TransportErrorKind::Fault(0x8010_0008),
    ] {
        let (chip, mut card) = card(Chip::new());
        chip.with(|chip| chip.faults.insert(1, Fault::Before(kind, false)));
        let mut jpki = card.open::<Jpki>().unwrap();
        assert!(jpki.authentication_certificate(&mut |_| ()).is_ok());
        assert_eq!(chip.sent(), 9);
        drop(jpki);
        assert_eq!(card.extended_length(), ExtendedLength::No);
    }
}

#[test]
fn a_reader_that_chokes_on_extended_length_is_remembered() {
    let (chip, mut card) = card(Chip::new());
    chip.with(|chip| {
        let fault = Fault::Before(TransportErrorKind::TimedOut, true);
        chip.faults.insert(1, fault)
    });
    let mut jpki = card.open::<Jpki>().unwrap();
    assert!(jpki.authentication_certificate(&mut |_| ()).is_err());
    drop(jpki);
    chip.take_log();
    chip.with(|chip| chip.faults.clear());
    let mut jpki = card.open::<Jpki>().unwrap();
    assert!(jpki.authentication_certificate(&mut |_| ()).is_ok());
    assert_eq!(chip.sent(), 8);
}

#[test]
fn answers_may_be_shorter_than_asked() {
    for (piece, extended) in [(1000, true), (256, true), (200, false), (100, false)] {
        let (chip, mut card) = card(Chip {
            piece,
            extended,
            says: if extended {
                ExtendedLength::Yes
            } else {
                ExtendedLength::No
            },
            ..Chip::new()
        });
        let mut jpki = card.open::<Jpki>().unwrap();
        let read = jpki.authentication_certificate(&mut |_| ()).unwrap();
        assert_eq!(read.der(), certificate(1584, 0), "pieces of {piece}");
        assert_eq!(chip.sent(), 1 + 1584usize.div_ceil(piece));
    }
}

#[test]
fn a_small_response_buffer_bounds_what_is_asked() {
    let (chip, mut card) = card(Chip {
        says: ExtendedLength::Yes,
        max_response: 1002,
        ..Chip::new()
    });
    let mut jpki = card.open::<Jpki>().unwrap();
    assert!(jpki.authentication_certificate(&mut |_| ()).is_ok());
    assert_sent(&chip, &[JPKI, "00B08A00 0003E8", "00B003E8 000248"]);
}

#[test]
fn tries_pin_and_signature_take_four() {
    for chip in [Chip::new(), Chip::short_only()] {
        let (chip, mut card) = card(chip);
        let mut jpki = card.open::<Jpki>().unwrap();
        let tries = jpki.tries_left(SecretKind::AuthPin).unwrap();
        assert_eq!((tries.count(), tries.is_locked()), (3, false));
        let budget = tries.budget(LastTry::Refuse).unwrap();
        let pin = jpki
            .verify_pin(AuthPin::parse(PIN).unwrap(), budget)
            .unwrap();
        let signature = jpki
            .sign_authentication(&SignatureInput::sha256([0xAB; 32]))
            .unwrap();
        assert_eq!(signature.bytes(), [0x5A; 256]);
        assert_eq!(signature.binding(), pin.binding());
        assert_sent(&chip, &[JPKI, "00200098", VERIFY_PIN, &sign_command()]);
        jpki.close().unwrap();
        assert_sent(&chip, &[ISD]);
        drop(card);
        assert_sent(&chip, &[]);
        assert!(chip.with(|chip| chip.resets.is_empty() && !chip.is_open()));
    }
}

#[test]
fn all_in_one_session_takes_five_or_eleven() {
    for (chip, sent) in [(Chip::new(), 5), (Chip::short_only(), 11)] {
        let (chip, mut card) = card(chip);
        let mut jpki = card.open::<Jpki>().unwrap();
        let certificate = jpki.authentication_certificate(&mut |_| ()).unwrap();
        let tries = jpki.tries_left(SecretKind::AuthPin).unwrap();
        let budget = tries.budget(LastTry::Refuse).unwrap();
        let pin = jpki
            .verify_pin(AuthPin::parse(PIN).unwrap(), budget)
            .unwrap();
        let signature = jpki
            .sign_authentication(&SignatureInput::sha256([1; 32]))
            .unwrap();
        assert_eq!(chip.sent(), sent);
        assert_eq!(certificate.binding(), pin.binding());
        assert_eq!(certificate.binding(), signature.binding());
    }
}

#[test]
fn the_photo_alone_is_read_of_the_face() {
    let number = || ReferenceNumberB::parse(NUMBER_B).unwrap();
    let (chip, mut card) = card(Chip::new());
    let mut face = card.open::<CardFace>().unwrap();
    let tries = face.tries_left(SecretKind::ReferenceNumberB).unwrap();
    assert_eq!(tries.count(), 10);
    let budget = tries.budget(LastTry::Refuse).unwrap();
    let right = face.verify_reference_number_b(number(), budget).unwrap();
    let mut last = Progress { read: 0, total: 0 };
    let photo = face.photo(&right, &mut |progress| last = progress).unwrap();
    let expected: Vec<u8> = (0..0x73Eu32).map(|i| (i * 7) as u8).collect();
    assert_eq!(photo.jpeg2000(), expected);
    assert_eq!(photo.binding(), right.binding());
    let total = expected.len() + 5;
    assert_eq!(last, Progress { read: total, total });
    face.close().unwrap();

    let log = chip.take_log();
    let digits = hex("3535303231373230333532323835");
    assert_eq!(log[0], hex(FACE));
    assert_eq!(log[1], hex("00200092"));
    assert_eq!(log[2], [hex("00200092 0E"), digits].concat());
    assert_eq!(log[3], hex("00B08200 1A"));
    let reads = 1859usize.div_ceil(256);
    assert_eq!(log.len(), 4 + reads + 1);
    assert_eq!(log.last(), Some(&hex(ISD)));
    // Every byte read lies in the photo.
    let (start, end) = chip.with(|chip| {
        let at = |i: usize| usize::from(u16::from_be_bytes([chip.face[i], chip.face[i + 1]]));
        (at(18), at(20))
    });
    for read in &log[4..4 + reads] {
        let offset = usize::from(read[2]) << 8 | usize::from(read[3]);
        let len = if read[4] == 0 {
            256
        } else {
            usize::from(read[4])
        };
        assert_eq!(
            read.len(),
            5,
            "no extended length was tried behind a secret"
        );
        assert!(offset >= start && offset + len <= end);
    }
}

#[test]
fn the_photo_in_one_read_where_both_forms_of_extended_length_are_known() {
    let (chip, mut card) = card(Chip {
        says: ExtendedLength::Yes,
        ..Chip::new()
    });
    let mut jpki = card.open::<Jpki>().unwrap();
    assert!(jpki.authentication_certificate(&mut |_| ()).is_ok());
    jpki.close().unwrap();
    let mut face = card.open::<CardFace>().unwrap();
    let budget = face
        .tries_left(SecretKind::ReferenceNumberB)
        .unwrap()
        .budget(LastTry::Refuse)
        .unwrap();
    let number = ReferenceNumberB::parse(NUMBER_B).unwrap();
    let right = face.verify_reference_number_b(number, budget).unwrap();
    chip.take_log();
    assert!(face.photo(&right, &mut |_| ()).is_ok());
    assert_sent(&chip, &["00B08200 1A", "00B00343 000743"]);
}

#[test]
fn extended_length_is_not_tried_behind_a_pin() {
    let (chip, mut card) = card(Chip {
        certificate_wants_pin: true,
        ..Chip::new()
    });
    let mut jpki = card.open::<Jpki>().unwrap();
    let refused = jpki.authentication_certificate(&mut |_| ()).unwrap_err();
    assert!(matches!(
        refused,
        uketsuke::card::CardError::NotVerified { .. }
    ));
    assert_eq!(chip.sent(), 2, "6982 is no reason to ask again");
    let tries = jpki.tries_left(SecretKind::AuthPin).unwrap();
    let budget = tries.budget(LastTry::Refuse).unwrap();
    let _pin = jpki
        .verify_pin(AuthPin::parse(PIN).unwrap(), budget)
        .unwrap();
    chip.take_log();
    assert!(jpki.authentication_certificate(&mut |_| ()).is_ok());
    assert_eq!(chip.take_log()[0], hex("00B08A00 00"));
}

#[test]
fn the_expiry_hint_takes_two() {
    let (chip, mut card) = card(Chip::new());
    let mut common = card.open::<Common>().unwrap();
    assert_eq!(common.expiry_hint().unwrap(), jiff::civil::date(2031, 4, 9));
    common.close().unwrap();
    assert_sent(&chip, &[COMMON, "00B2010C 00"]);
}

#[test]
fn the_password_is_only_counted() {
    let (chip, mut card) = card(Chip::new());
    let mut jpki = card.open::<Jpki>().unwrap();
    let tries = jpki.tries_left(SecretKind::SignPassword).unwrap();
    assert_eq!((tries.kind(), tries.count()), (SecretKind::SignPassword, 5));
    assert!(jpki.tries_left(SecretKind::ReferenceNumberB).is_err());
    assert_sent(&chip, &[JPKI, "0020009B"]);
}

#[test]
fn a_select_answered_6f00_after_power_up_is_sent_once_more() {
    let (chip, mut card) = card(Chip {
        first_status: Some(0x6F00),
        ..Chip::new()
    });
    assert!(card.open::<Jpki>().is_ok());
    assert_sent(&chip, &[JPKI, JPKI]);
    // Only then.
    chip.with(|chip| chip.faults.insert(0, Fault::Status(0x6F00)));
    assert!(card.open::<Jpki>().is_err());
    assert_sent(&chip, &[JPKI]);
}
