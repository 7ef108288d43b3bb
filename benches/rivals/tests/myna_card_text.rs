//! `myna-card` with the input support application (券面事項入力補助AP) and with what 照合番号A and the birth date open.

use myna_card::ap::jpki::SignatureScheme;
use myna_card::ap::surface::{self, SurfaceAp};
use myna_card::ap::text::{Attributes, TextAp, ef};
use myna_card::{Card, Error, MyNumber, Pin, Retries, RsaPublicKey};
use uketsuke::simulation::{Persona, VirtualPki};
use uketsuke_rivals::{Client, Wire};

fn card() -> Card<Wire> {
    Card::new(Client::MynaCard.card())
}

fn persona() -> &'static Persona {
    Persona::named("in-order").unwrap()
}

fn pin(digits: &str) -> Pin {
    Pin::numeric(digits).unwrap()
}

fn number() -> MyNumber {
    // Its check digit is checked.
    MyNumber::parse(persona().my_number.as_bytes()).unwrap()
}

/// The municipality's key, proved by the simulation's.
fn issuer(text: &mut TextAp<'_, Wire>) -> RsaPublicKey {
    let certificate = text.read_certificate().unwrap();
    let (_, modulus) = VirtualPki::new().input_support_issuer_key();
    let top = RsaPublicKey {
        exponent: vec![1, 0, 1],
        modulus: modulus.to_vec(),
    };
    certificate.verify_with(&top).unwrap();
    certificate.public_key
}

#[test]
fn everything_behind_the_pin_is_signed() {
    let mut card = card();
    let mut text = TextAp::select(&mut card).unwrap();
    let issuer = issuer(&mut text);
    assert_eq!(text.read_ap_basic_data().unwrap().trailing.len(), 128);
    assert_eq!(text.retries(ef::PIN).unwrap(), Retries::Remaining(3));
    assert_eq!(text.retries(ef::BLOCKED_0012).unwrap(), Retries::Blocked);
    text.verify_pin(&pin("5678")).unwrap();

    let file = text.read_ef(ef::ATTRIBUTES).unwrap();
    let read = Attributes::parse(&file).unwrap();
    assert_eq!(read.name, persona().holder_name);
    assert_eq!(read.address, persona().address);
    assert!(read.split_name().is_some());
    assert_eq!(text.read_my_number().unwrap(), number());

    let record = text.read_integrity_record().unwrap();
    record.verify(&issuer).unwrap();
    assert!(record.matches_attributes_file(&file).unwrap());
    let physical = text.read_my_number_file().unwrap();
    assert!(record.matches_my_number_file(&physical));
    assert_eq!(physical.len(), 17);
    let mut changed = record.clone();
    changed.signed_data[40] ^= 1;
    assert!(changed.verify(&issuer).is_err());

    let key = text.read_signed_public_key().unwrap();
    key.verify(&issuer).unwrap();
    let challenge = text.card().get_challenge(16).unwrap();
    let signature = text.sign(&challenge).unwrap();
    SignatureScheme::Sha256DigestInfo
        .verify(&key.public_key, &challenge, &signature)
        .unwrap();
    assert_eq!(
        text.read_session_key_public_key()
            .unwrap()
            .public_key
            .bits(),
        2048
    );
}

/// The PIN opens both files, each 照合番号 one of them.
#[test]
fn what_each_number_opens() {
    let not_allowed = |error: Error| matches!(error, Error::Status(sw) if sw.value() == 0x6982);
    let mut one = card();
    let mut text = TextAp::select(&mut one).unwrap();
    assert!(text.read_attributes().is_err_and(not_allowed));
    assert!(text.read_my_number().is_err_and(not_allowed));
    text.verify_code_a(&number().as_verification_code_a().unwrap())
        .unwrap();
    assert_eq!(text.read_my_number().unwrap(), number());
    assert!(text.read_attributes().is_err_and(not_allowed));

    let mut other = card();
    let mut text = TextAp::select(&mut other).unwrap();
    text.verify_code_b(&pin(persona().reference_number_b))
        .unwrap();
    assert!(text.read_attributes().is_ok());
    assert!(text.read_my_number().is_err_and(not_allowed));
}

#[test]
fn the_pin_can_be_changed() {
    let mut card = card();
    let mut text = TextAp::select(&mut card).unwrap();
    text.change_pin(&pin("5678"), &pin("8642")).unwrap();
    assert!(matches!(
        text.verify_pin(&pin("5678")),
        Err(Error::PinIncorrect { retries: Some(2) })
    ));
    text.verify_pin(&pin("8642")).unwrap();
    assert_eq!(text.retries(ef::PIN).unwrap(), Retries::Remaining(3));
}

#[test]
fn the_birth_date_opens_the_age_record_and_number_a_the_printed_number() {
    let mut card = card();
    let mut face = SurfaceAp::select(&mut card).unwrap();
    let issuer = face.read_certificate().unwrap().public_key;
    face.verify_birth_date(&pin(&persona().reference_number_b[..6]))
        .unwrap();
    let age = face.read_age_record().unwrap();
    age.verify(&issuer).unwrap();
    assert!(face.read_card_face().is_err());

    let tries = face.retries(surface::ef::CODE_A).unwrap();
    assert_eq!(tries, Retries::Remaining(10));
    face.verify_code_a(&number().as_verification_code_a().unwrap())
        .unwrap();
    let image = face.read_my_number_image().unwrap();
    image.verify(&issuer).unwrap();
    assert_eq!(image.public_key, age.public_key);
    face.read_card_face().unwrap().verify(&issuer).unwrap();
}
