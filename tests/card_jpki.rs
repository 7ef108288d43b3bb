//! JPKI: tokens, all certificates, both keys and all forms of signature, with
//! their exact commands.

mod card_support;

use card_support::{App, Chip, Fault, ISD, JPKI, KIND, PASSWORD, PIN, Shared, budget, card};
use card_support::{certificate, hex, pin, token};
use uketsuke::card::{
    CardError, CardFace, Jpki, LastTry, Opened, PasswordVerified, SecretKind, SignPassword,
    SignatureInput, Token, VerifyError,
};
use uketsuke::transport::{ExtendedLength, Transport};

#[track_caller]
fn assert_sent(chip: &Shared, expected: &[&str]) {
    let expected: Vec<Vec<u8>> = expected.iter().map(|text| hex(text)).collect();
    assert_eq!(chip.take_log(), expected);
}

fn password<T: Transport>(jpki: &mut Opened<'_, T, Jpki>) -> PasswordVerified {
    let tries = jpki.tries_left(SecretKind::SignPassword).unwrap();
    let budget = tries.budget(LastTry::Refuse).unwrap();
    let typed = SignPassword::parse(PASSWORD).unwrap();
    jpki.verify_sign_password(typed, budget).unwrap()
}

#[test]
fn the_token_is_told_by_its_label() {
    for (label, expected) in [
        ("JPKIAPICCTOKEN2", Token::MyNumberCard),
        ("JPKIAPICCTOKEN", Token::ResidentRegistrationCard),
        ("JPKIAPGPSETOKEN", Token::AndroidPhone),
        ("JPKIAPIOSTOKEN", Token::Iphone),
        ("SOMETHING", Token::Unknown),
    ] {
        let (chip, mut card) = card(Chip::new());
        chip.with(|chip| chip.files.insert((App::Jpki, 0x06), token(label)));
        let mut jpki = card.open::<Jpki>().unwrap();
        let token = jpki.token().unwrap();
        assert_eq!(token, expected);
        assert_eq!(
            token.is_phone(),
            matches!(expected, Token::AndroidPhone | Token::Iphone)
        );
        let whole = jpki.token_information().unwrap();
        assert_eq!(whole.token(), expected);
        assert_eq!(whole.label(), label);
        assert_sent(&chip, &[JPKI, "00B08600 20", "00B08600 A0"]);
    }
}

#[test]
fn all_that_the_token_says() {
    let (_, mut card) = card(Chip::new());
    let mut jpki = card.open::<Jpki>().unwrap();
    let whole = jpki.token_information().unwrap();
    assert_eq!(whole.manufacturer(), "MAKER");
    assert_eq!(whole.model(), "MODEL1");
    assert_eq!(whole.serial(), "0123456789");
    assert_eq!(whole.flags(), 0x040D);
    assert_eq!(whole.sessions(), [1, 0, 1, 0]);
    assert_eq!(whole.pin_length(), (6, 16));
    assert_eq!(whole.memory(), [100, 90, 80, 70]);
    assert_eq!(whole.hardware_version(), "03");
    assert_eq!(whole.firmware_version(), "01");
    assert_eq!(whole.utc_time(), "");
    assert_eq!(whole.bytes()[..], token("JPKIAPICCTOKEN2"));
    assert_eq!(whole.binding(), jpki.binding());
    let shown = format!("{whole:?}");
    assert_eq!(shown, "TokenInformation(MyNumberCard)");
}

#[test]
fn tokens_that_are_none() {
    for file in [
        vec![],
        vec![0x20; 31],
        token("JPKIAPICCTOKEN2")[..159].to_vec(),
    ] {
        let (chip, mut card) = card(Chip::new());
        let label = file.len() >= 32;
        chip.with(|chip| chip.files.insert((App::Jpki, 0x06), file));
        let mut jpki = card.open::<Jpki>().unwrap();
        assert_eq!(jpki.token().is_ok(), label);
        assert!(jpki.token_information().is_err());
    }
    let (chip, mut card) = card(Chip::new());
    chip.with(|chip| chip.files.insert((App::Jpki, 0x06), vec![0xFF; 160]));
    let mut jpki = card.open::<Jpki>().unwrap();
    assert_eq!(jpki.token(), Ok(Token::Unknown));
    assert_eq!(
        jpki.token_information().unwrap().label().chars().count(),
        32
    );
}

#[test]
fn which_certificates_are_there() {
    for (file, signing, authentication) in [
        ([0x8F, 0x8F, 0x00], true, true),
        ([0x00, 0x8F, 0x00], false, true),
        ([0x0F, 0xFF, 0x00], false, false),
    ] {
        let (chip, mut card) = card(Chip::new());
        chip.with(|chip| chip.files.insert((App::Jpki, 0x08), file.to_vec()));
        let mut jpki = card.open::<Jpki>().unwrap();
        let present = jpki.certificates_present().unwrap();
        assert_eq!(present.signing(), signing);
        assert_eq!(present.authentication(), authentication);
        assert_sent(&chip, &[JPKI, "00B08800 03"]);
    }
    let (chip, mut card) = card(Chip::new());
    chip.with(|chip| chip.files.insert((App::Jpki, 0x08), vec![0x8F]));
    let mut jpki = card.open::<Jpki>().unwrap();
    assert!(jpki.certificates_present().is_err());
}

#[test]
fn the_signing_key_with_its_certificate() {
    for (says, reads) in [
        (ExtendedLength::Yes, 1),
        // Nothing is tried behind a secret.
        (ExtendedLength::Unknown, 7),
        (ExtendedLength::No, 7),
    ] {
        let (chip, mut card) = card(Chip {
            says,
            ..Chip::new()
        });
        let mut jpki = card.open::<Jpki>().unwrap();
        let right = password(&mut jpki);
        assert_sent(&chip, &[JPKI, "0020009B", "0020009B 06 414243313233"]);
        let read = jpki.signing_certificate(&right, &mut |_| ()).unwrap();
        assert_eq!(read.der(), certificate(1700, 0));
        assert_eq!(read.binding(), right.binding());
        let log = chip.take_log();
        assert_eq!(log.len(), reads);
        assert_eq!(log[0][..3], [0x00, 0xB0, 0x81]);
        let input = SignatureInput::sha256([0xAB; 32]);
        let signature = jpki.sign_with_signing_key(&right, &input).unwrap();
        assert_eq!(signature.bytes().len(), 256);
        let digest = "AB".repeat(32);
        assert_sent(
            &chip,
            &[&format!(
                "802A009A 33 3031300D060960864801650304020105000420 {digest} 00"
            )],
        );
        jpki.close().unwrap();
        assert_sent(&chip, &[ISD]);
        assert!(chip.with(|chip| !chip.is_open()));
    }
}

#[test]
fn without_the_password_nothing_is_asked() {
    let (chip, mut card) = card(Chip::new());
    let mut jpki = card.open::<Jpki>().unwrap();
    let old = password(&mut jpki);
    drop(jpki);
    // Powered off since: another session.
    let mut jpki = card.open::<Jpki>().unwrap();
    chip.take_log();
    let input = SignatureInput::sha256([0; 32]);
    let read = jpki.signing_certificate(&old, &mut |_| ());
    assert!(matches!(read, Err(CardError::NotVerified { .. })));
    let signed = jpki.sign_with_signing_key(&old, &input);
    assert!(matches!(signed, Err(CardError::NotVerified { .. })));
    assert_sent(&chip, &[]);
}

#[test]
fn a_password_is_presented_once_and_a_refused_one_never_again() {
    let kind = SecretKind::SignPassword;
    let (chip, mut card) = card(Chip::new());
    let mut jpki = card.open::<Jpki>().unwrap();
    let mut present = |typed: &str| {
        let budget = jpki
            .tries_left(kind)
            .unwrap()
            .budget(LastTry::Refuse)
            .unwrap();
        jpki.verify_sign_password(SignPassword::parse(typed).unwrap(), budget)
    };
    assert_eq!(
        present("XYZ789").unwrap_err(),
        VerifyError::Wrong { kind, left: 4 }
    );
    assert_eq!(
        present("XYZ789").unwrap_err(),
        VerifyError::AlreadyRefused { kind }
    );
    assert!(present(PASSWORD).is_ok());
    assert_eq!(chip.with(|chip| chip.verifies().len()), 2);
}

#[test]
fn an_empty_signing_certificate_is_said_to_be_empty() {
    let (chip, mut card) = card(Chip::new());
    chip.with(|chip| chip.files.insert((App::Jpki, 0x01), vec![0xFF; 2000]));
    let mut jpki = card.open::<Jpki>().unwrap();
    let right = password(&mut jpki);
    let read = jpki.signing_certificate(&right, &mut |_| ());
    let error = read.unwrap_err().to_string();
    assert!(
        error.contains("signing certificate") && error.contains("empty"),
        "{error}"
    );
}

#[test]
fn ca_certificates_are_free() {
    let (chip, mut card) = card(Chip::new());
    let mut jpki = card.open::<Jpki>().unwrap();
    let read = jpki.authentication_ca_certificate(&mut |_| ()).unwrap();
    assert_eq!(read.der(), certificate(1000, 0));
    assert_eq!(read.binding(), jpki.binding());
    assert_eq!(format!("{read:?}"), "CardCaCertificate(1000 bytes)");
    let read = jpki.signing_ca_certificate(&mut |_| ()).unwrap();
    assert_eq!(read.der(), certificate(900, 0));
    assert_sent(&chip, &[JPKI, "00B08B00 000000", "00B08200 000000"]);
}

/// All six forms, both keys.
#[test]
fn every_form_of_signature() {
    let digest = [0xAB; 32];
    let hash = "AB".repeat(32);
    let (chip, mut card) = card(Chip::new());
    let mut jpki = card.open::<Jpki>().unwrap();
    let leave = budget(&mut jpki);
    let _pin = jpki.verify_pin(pin(PIN), leave).unwrap();
    let right = password(&mut jpki);
    chip.take_log();
    let raw = "5A".repeat(245);
    let long = "5A".repeat(255);
    for (input, form, sent) in [
        (
            SignatureInput::raw(&[0x5A]).unwrap(),
            "00",
            "01 5A".to_owned(),
        ),
        (
            SignatureInput::raw(&[0x5A; 245]).unwrap(),
            "00",
            format!("F5 {raw}"),
        ),
        (
            SignatureInput::sha384([0xAB; 48]),
            "00",
            format!(
                "43 3041300D060960864801650304020205000430 {}",
                "AB".repeat(48)
            ),
        ),
        (
            SignatureInput::sha512([0xAB; 64]),
            "00",
            format!(
                "53 3051300D060960864801650304020305000440 {}",
                "AB".repeat(64)
            ),
        ),
        (
            SignatureInput::message_bare(b"abc").unwrap(),
            "01",
            "03 616263".to_owned(),
        ),
        (
            SignatureInput::sha256_wrapped_by_card(digest),
            "02",
            format!("20 {hash}"),
        ),
        (
            SignatureInput::message(&[0x5A; 255]).unwrap(),
            "03",
            format!("FF {long}"),
        ),
        (
            SignatureInput::sha256_pss(digest),
            "04",
            format!("20 {hash}"),
        ),
        (
            SignatureInput::message_pss(b"abc").unwrap(),
            "05",
            "03 616263".to_owned(),
        ),
    ] {
        jpki.sign_authentication(&input).unwrap();
        jpki.sign_with_signing_key(&right, &input).unwrap();
        assert_sent(
            &chip,
            &[
                &format!("802A{form}97 {sent} 00"),
                &format!("802A{form}9A {sent} 00"),
            ],
        );
    }
}

/// A phone: the PIN comes first, then the certificate, and the label tells why.
#[test]
fn a_phone_from_the_first_refusal_to_the_certificate() {
    let (chip, mut card) = card(Chip {
        certificate_wants_pin: true,
        ..Chip::new()
    });
    chip.with(|chip| {
        chip.files
            .insert((App::Jpki, 0x06), token("JPKIAPGPSETOKEN"))
    });
    let mut jpki = card.open::<Jpki>().unwrap();
    let refused = jpki.authentication_certificate(&mut |_| ()).unwrap_err();
    assert!(matches!(refused, CardError::NotVerified { .. }));
    assert_eq!(jpki.token(), Ok(Token::AndroidPhone));
    let leave = budget(&mut jpki);
    let proof = jpki.verify_pin(pin(PIN), leave).unwrap();
    let read = jpki.authentication_certificate(&mut |_| ()).unwrap();
    assert_eq!(read.der(), certificate(1584, 0));
    assert_eq!(read.binding(), proof.binding());
    // SELECT, the refused read, the label, the count, the PIN, seven reads.
    assert_eq!(chip.sent(), 12);
    assert_eq!(chip.with(|chip| chip.verifies().len()), 1);
}

#[test]
fn a_secret_of_another_application_is_not_counted() {
    let (chip, mut card) = card(Chip::new());
    let mut jpki = card.open::<Jpki>().unwrap();
    for kind in [
        SecretKind::InputPin,
        SecretKind::BirthDate,
        SecretKind::ReferenceNumberB,
    ] {
        assert!(matches!(
            jpki.tries_left(kind),
            Err(CardError::Misuse { .. })
        ));
    }
    drop(jpki);
    let mut face = card.open::<CardFace>().unwrap();
    assert!(matches!(
        face.tries_left(KIND),
        Err(CardError::Misuse { .. })
    ));
    assert_eq!(face.tries_left(SecretKind::BirthDate).unwrap().count(), 10);
    assert_eq!(chip.sent(), 3, "two SELECTs and one count");
}

#[test]
fn every_answer_to_a_signature_but_256_bytes_is_none() {
    for len in [0, 1, 64, 255, 257, 512] {
        let (chip, mut card) = card(Chip::new());
        let mut jpki = card.open::<Jpki>().unwrap();
        let right = password(&mut jpki);
        let at = chip.sent();
        chip.with(|chip| chip.faults.insert(at, Fault::Data(len)));
        let input = SignatureInput::sha256([1; 32]);
        assert!(jpki.sign_with_signing_key(&right, &input).is_err(), "{len}");
    }
}
