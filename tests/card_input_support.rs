//! 券面事項入力補助AP: exact commands, and what opens what.

mod card_support;

use card_support::{App, Chip, FACE, INPUT, INPUT_PIN, ISD, NUMBER_B, Shared, card, hex};
use proptest::prelude::*;
use uketsuke::card::{
    CardError, CardFace, InputPin, InputPinVerified, InputSupport, LastTry, Opened,
    ReferenceNumberB, ReferenceVerified, SecretKind, Sex, SignatureInput, VerifyError,
};
use uketsuke::transport::{ExtendedLength, Transport};

const NAME: &str = "受付\u{3000}花子";
const ADDRESS: &str = "東京都架空区試験１－２－３";

fn tlv(tag: &[u8], value: &[u8]) -> Vec<u8> {
    let head = match value.len() {
        len @ 0..=127 => vec![len as u8],
        len @ 128..=255 => vec![0x81, len as u8],
        len => vec![0x82, (len >> 8) as u8, len as u8],
    };
    [tag, &head, value].concat()
}

/// EF 0002 with this filler before it.
fn attributes(filler: &[u8], sex: &[u8], birth: &[u8]) -> Vec<u8> {
    let body = [
        tlv(&[0xDF, 0x21], &[0; 8]),
        tlv(&[0xDF, 0x22], NAME.as_bytes()),
        tlv(&[0xDF, 0x23], ADDRESS.as_bytes()),
        tlv(&[0xDF, 0x24], birth),
        tlv(&[0xDF, 0x25], sex),
    ]
    .concat();
    [filler, &tlv(&[0xFF, 0x20], &body), &[0xFF, 0xFF]].concat()
}

fn integrity() -> Vec<u8> {
    let body = [
        tlv(&[0xDF, 0x31], &[1; 32]),
        tlv(&[0xDF, 0x32], &[2; 32]),
        tlv(&[0xDF, 0x33], &[3; 256]),
    ]
    .concat();
    tlv(&[0xFF, 0x30], &body)
}

fn information() -> Vec<u8> {
    let body = [
        tlv(&[0xDF, 0x41], &[0x01, 0x03, 0x0E, 0x01]),
        tlv(&[0xDF, 0x42], b"KEY IDENTIFIER16"),
        tlv(&[0xDF, 0x43], &[0xFF; 128]),
    ]
    .concat();
    tlv(&[0xFF, 0x40], &body)
}

fn issuer() -> Vec<u8> {
    let body = [tlv(&[0x5F, 0x4E], &[4; 297]), tlv(&[0x5F, 0x37], &[5; 256])].concat();
    tlv(&[0x7F, 0x21], &body)
}

fn chip(filler: &[u8]) -> Chip {
    let mut chip = Chip::new();
    chip.files.extend([
        (
            (App::Input, 0x01),
            [b"\xFF\x10\x0C537686677188".as_slice(), &[0xFF; 2]].concat(),
        ),
        ((App::Input, 0x02), attributes(filler, b"2", b"19800217")),
        ((App::Input, 0x03), integrity()),
        ((App::Input, 0x04), issuer()),
        ((App::Input, 0x05), information()),
    ]);
    chip
}

#[track_caller]
fn assert_sent(chip: &Shared, expected: &[&str]) {
    let expected: Vec<Vec<u8>> = expected.iter().map(|text| hex(text)).collect();
    assert_eq!(chip.take_log(), expected);
}

fn by_pin<T: Transport>(input: &mut Opened<'_, T, InputSupport>) -> InputPinVerified {
    let tries = input.tries_left(SecretKind::InputPin).unwrap();
    let budget = tries.budget(LastTry::Refuse).unwrap();
    let pin = InputPin::parse(INPUT_PIN).unwrap();
    input.verify_input_pin(pin, budget).unwrap()
}

fn by_number<T: Transport>(input: &mut Opened<'_, T, InputSupport>) -> ReferenceVerified {
    let tries = input.tries_left(SecretKind::ReferenceNumberB).unwrap();
    let budget = tries.budget(LastTry::Refuse).unwrap();
    let number = ReferenceNumberB::parse(NUMBER_B).unwrap();
    input.verify_reference_number_b(number, budget).unwrap()
}

#[test]
fn four_attributes_in_four_exchanges() {
    let (chip, mut card) = card(chip(&[]));
    let mut input = card.open::<InputSupport>().unwrap();
    let right = by_pin(&mut input);
    let person = input.attributes(&right, &mut |_| ()).unwrap();
    assert_eq!(person.name(), NAME);
    assert_eq!(person.address(), ADDRESS);
    assert_eq!(person.birth_date().as_str(), "19800217");
    assert!(person.sex() == Sex::Female);
    assert_eq!(person.binding(), right.binding());
    assert_eq!(format!("{person:?}"), "Attributes(..)");
    assert_sent(
        &chip,
        &[INPUT, "00200091", "00200091 04 35363738", "00B08200 00"],
    );
    input.close().unwrap();
    assert_sent(&chip, &[ISD]);
    assert!(chip.with(|chip| !chip.is_open()));
}

#[test]
fn with_what_proves_them() {
    for (says, reads) in [
        (
            ExtendedLength::No,
            &["00B08200 00", "00B08300 00", "00B00100 50"][..],
        ),
        (
            ExtendedLength::Unknown,
            &["00B08200 00", "00B08300 00", "00B00100 50"],
        ),
        (ExtendedLength::Yes, &["00B08200 000000", "00B08300 000000"]),
    ] {
        let (chip, mut card) = card(Chip { says, ..chip(&[]) });
        let mut input = card.open::<InputSupport>().unwrap();
        let right = by_number(&mut input);
        chip.take_log();
        let person = input.signed_attributes(&right, &mut |_| ()).unwrap();
        assert_eq!(person.name(), NAME);
        assert_eq!(person.attributes().address(), ADDRESS);
        assert_sent(&chip, reads);
        // The same number as on the face, and another count.
        assert_eq!(chip.with(|chip| chip.number_tries), 10);
    }
}

/// The certificate first: then nothing has to be tried behind the number.
#[test]
fn the_free_certificate_teaches_both_forms() {
    let (chip, mut card) = card(chip(&[]));
    let mut input = card.open::<InputSupport>().unwrap();
    let certificate = input.issuer_certificate(&mut |_| ()).unwrap();
    assert_eq!(certificate.bytes(), issuer());
    assert_sent(&chip, &[INPUT, "00B08400 00012C", "00B0012C 00010C"]);
    let right = by_number(&mut input);
    chip.take_log();
    input.signed_attributes(&right, &mut |_| ()).unwrap();
    assert_sent(&chip, &["00B08200 000000", "00B08300 000000"]);
}

#[test]
fn filler_before_the_record_is_skipped() {
    for filler in [&[0xFF, 0xFF][..], &[0x00, 0x00], &[0xFF], &[0x00; 16]] {
        for says in [ExtendedLength::No, ExtendedLength::Yes] {
            let (_, mut card) = card(Chip {
                says,
                ..chip(filler)
            });
            let mut input = card.open::<InputSupport>().unwrap();
            let right = by_pin(&mut input);
            let person = input.attributes(&right, &mut |_| ()).unwrap();
            assert_eq!((person.name(), person.address()), (NAME, ADDRESS));
        }
    }
}

#[test]
fn records_that_are_none() {
    for file in [
        vec![],
        vec![0xFF; 300],
        vec![0x00; 17],
        attributes(&[0; 17], b"1", b"19800217"),
        attributes(&[], b"12", b"19800217"),
        attributes(&[], b"x", b"19800217"),
        attributes(&[], b"1", b"1980021"),
        attributes(&[], b"1", b"1980-217"),
        [&[0xFF, 0x20, 0x82, 0x20, 0x00][..], &[0; 400]].concat(),
        integrity(),
    ] {
        let (chip, mut card) = card(chip(&[]));
        chip.with(|chip| chip.files.insert((App::Input, 0x02), file.clone()));
        let mut input = card.open::<InputSupport>().unwrap();
        let right = by_pin(&mut input);
        assert!(
            input.attributes(&right, &mut |_| ()).is_err(),
            "{file:02X?}"
        );
    }
    let mut bad = attributes(&[], b"1", b"19800217");
    let at = bad
        .windows(3)
        .position(|w| w == &NAME.as_bytes()[..3])
        .unwrap();
    bad[at] = 0xFF;
    let (chip, mut card) = card(chip(&[]));
    chip.with(|chip| chip.files.insert((App::Input, 0x02), bad));
    let mut input = card.open::<InputSupport>().unwrap();
    let right = by_pin(&mut input);
    let error = input.attributes(&right, &mut |_| ()).unwrap_err();
    assert!(error.to_string().contains("UTF-8"), "{error}");
}

#[test]
fn a_number_presented_to_the_face_opens_nothing_here() {
    let (chip, mut card) = card(chip(&[]));
    let mut face = card.open::<CardFace>().unwrap();
    let tries = face.tries_left(SecretKind::ReferenceNumberB).unwrap();
    let budget = tries.budget(LastTry::Refuse).unwrap();
    let number = || ReferenceNumberB::parse(NUMBER_B).unwrap();
    let right = face.verify_reference_number_b(number(), budget).unwrap();
    let elsewhere = face.tries_left(SecretKind::ReferenceNumberB).unwrap();
    let elsewhere = elsewhere.budget(LastTry::Refuse).unwrap();
    face.close().unwrap();
    let mut input = card.open::<InputSupport>().unwrap();
    assert_eq!(input.binding(), right.binding(), "the same session");
    assert_eq!(chip.take_log()[0], hex(FACE));
    let read = input.attributes(&right, &mut |_| ());
    assert!(matches!(read, Err(CardError::NotVerified { .. })));
    // Nor is the count of one the count of the other.
    let refused = input.verify_reference_number_b(number(), elsewhere);
    assert!(matches!(refused, Err(VerifyError::ForeignBudget { .. })));
    assert_eq!(chip.sent(), 0);
}

/// A number refused in one application is wrong in the other: it isn't sent.
#[test]
fn a_number_refused_by_the_face_is_not_sent_here() {
    let kind = SecretKind::ReferenceNumberB;
    let (chip, mut card) = card(chip(&[]));
    let mut face = card.open::<CardFace>().unwrap();
    let wrong = || ReferenceNumberB::parse("55021720359999").unwrap();
    let budget = face
        .tries_left(kind)
        .unwrap()
        .budget(LastTry::Refuse)
        .unwrap();
    assert!(face.verify_reference_number_b(wrong(), budget).is_err());
    drop(face);
    let mut input = card.open::<InputSupport>().unwrap();
    let budget = input
        .tries_left(kind)
        .unwrap()
        .budget(LastTry::Refuse)
        .unwrap();
    let error = input
        .verify_reference_number_b(wrong(), budget)
        .unwrap_err();
    assert_eq!(error, VerifyError::AlreadyRefused { kind });
    assert_eq!(chip.with(|chip| chip.verifies().len()), 1);
    assert_eq!(
        chip.with(|chip| chip.secrets[&(App::Input, 0x95)].tries),
        10
    );
}

#[test]
fn what_is_free() {
    let (chip, mut card) = card(chip(&[]));
    let mut input = card.open::<InputSupport>().unwrap();
    let information = input.basic_information(&mut |_| ()).unwrap();
    assert_eq!(information.versions(), [0x01, 0x03, 0x0E, 0x01]);
    assert_eq!(information.key_identifier(), b"KEY IDENTIFIER16");
    assert_eq!(format!("{information:?}"), "InputInformation(..)");
    let signature = input
        .sign_live(&SignatureInput::sha256([0xAB; 32]))
        .unwrap();
    assert_eq!(signature.bytes().len(), 256);
    let log = chip.take_log();
    assert_eq!(log[1], hex("00B08500 000000"));
    assert_eq!(log[2][..5], hex("802A0000 33"));
    assert!(!chip.with(|chip| chip.is_open()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any bytes for a record: an answer, within the stated transmissions.
    #[test]
    fn any_record(
        bytes in proptest::collection::vec(any::<u8>(), 0..600),
        headed in any::<bool>(),
        piece in 1usize..300,
    ) {
        let mut file = if headed { vec![0x00, 0xFF, 0x20, 0x82, 0x01, 0x40] } else { vec![] };
        file.extend(bytes);
        let (chip, mut card) = card(Chip { piece, ..chip(&[]) });
        chip.with(|chip| chip.files.insert((App::Input, 0x02), file));
        let mut input = card.open::<InputSupport>().unwrap();
        let right = by_pin(&mut input);
        let before = chip.sent();
        let _ = input.signed_attributes(&right, &mut |_| ());
        prop_assert!(chip.sent() - before <= 48 + 24);
    }
}

#[cfg(feature = "my-number")]
mod my_number {
    use super::*;
    use card_support::NUMBER_A;
    use uketsuke::card::ReferenceNumberA;

    #[test]
    fn by_pin_and_by_itself() {
        let kind = SecretKind::ReferenceNumberA;
        let (chip, mut card) = card(chip(&[]));
        let mut input = card.open::<InputSupport>().unwrap();
        let right = by_pin(&mut input);
        chip.take_log();
        let number = input.my_number(&right).unwrap();
        assert_eq!(number.digits(), NUMBER_A);
        assert_eq!(format!("{number:?}"), "MyNumber(..)");
        assert_sent(&chip, &["00B08100 00"]);
        input.close().unwrap();
        chip.take_log();

        let mut input = card.open::<InputSupport>().unwrap();
        let budget = input
            .tries_left(kind)
            .unwrap()
            .budget(LastTry::Refuse)
            .unwrap();
        let typed = ReferenceNumberA::parse(NUMBER_A).unwrap();
        let right = input.verify_reference_number_a(typed, budget).unwrap();
        assert!(input.my_number(&right).is_ok());
        let digits: String = NUMBER_A.bytes().map(|b| format!("{b:02X}")).collect();
        assert_sent(
            &chip,
            &[
                INPUT,
                "00200094",
                &format!("00200094 0C {digits}"),
                "00B08100 00",
            ],
        );
    }

    #[test]
    fn numbers_that_are_none() {
        for file in [
            &b"\xFF\x10\x0C537686677189\xFF\xFF"[..],
            b"\xFF\x10\x0B53768667718\xFF\xFF\xFF",
            b"\xFF\x10\x0C53768667718x",
            b"\xFF\x20\x0C537686677188",
            b"\xFF\x10\x0C5376",
        ] {
            let (chip, mut card) = card(chip(&[]));
            chip.with(|chip| chip.files.insert((App::Input, 0x01), file.to_vec()));
            let mut input = card.open::<InputSupport>().unwrap();
            let right = by_pin(&mut input);
            let error = input.my_number(&right).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("53768"), "{shown}");
        }
    }

    #[test]
    fn the_face_shows_its_picture_to_number_a_alone() {
        let kind = SecretKind::ReferenceNumberA;
        let body = [
            tlv(&[0xDF, 0x41], b"\x89PNG"),
            tlv(&[0xDF, 0x42], &[7; 265]),
            tlv(&[0xDF, 0x43], &[8; 256]),
        ]
        .concat();
        let (chip, mut card) = card(chip(&[]));
        chip.with(|chip| {
            chip.files
                .insert((App::Face, 0x05), tlv(&[0xFF, 0x40], &body))
        });
        let mut face = card.open::<CardFace>().unwrap();
        let budget = face
            .tries_left(kind)
            .unwrap()
            .budget(LastTry::Refuse)
            .unwrap();
        let typed = ReferenceNumberA::parse(NUMBER_A).unwrap();
        let right = face.verify_reference_number_a(typed, budget).unwrap();
        let image = face.my_number_image(&right, &mut |_| ()).unwrap();
        assert_eq!(image.png(), b"\x89PNG");
        assert_eq!(format!("{image:?}"), "SignedMyNumberImage(..)");
        assert_eq!(chip.take_log()[3], hex("00B08500 00"));
    }
}
