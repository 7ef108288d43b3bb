//! `myna-card` as a witness of the virtual card: it reads, decodes and verifies by its own rules, which come from real
//! test cards. It has six keys of card-verifiable certificates and ten roots compiled in, and the simulation's aren't
//! among them; so its checks are given the simulation's.

use myna_card::ap::common::CommonAp;
use myna_card::ap::jpki::{JpkiAp, SignatureScheme};
use myna_card::ap::surface::SurfaceAp;
use myna_card::certificate::roots::Accept;
use myna_card::data::{CardVerifiableCertificate, KeyId};
use myna_card::{
    Card, Certificate, Date, Error, ImageFormat, MasterFile, Pin, Retries, RsaPublicKey, TokenType,
    verification_code_b,
};
use uketsuke::simulation::{CardOptions, Generation, Persona, VirtualPki};
use uketsuke_rivals::{Client, Extended, Wire};

const TODAY: Date = Date {
    year: 2026,
    month: 11,
    day: 23,
};

fn card() -> Card<Wire> {
    Card::new(Client::MynaCard.card())
}

fn persona() -> &'static Persona {
    Persona::named("in-order").unwrap()
}

fn date(text: &str) -> Date {
    Date::parse(text.as_bytes()).unwrap()
}

/// Checks a municipality's certificate as `CardVerifiableCertificate::verify` does, but with the simulation's key.
fn verify(certificate: &CardVerifiableCertificate, issuer: ([u8; 16], [u8; 256])) {
    let (id, modulus) = issuer;
    assert_eq!(certificate.issuer_key_id, KeyId::parse(&id).unwrap());
    let key = RsaPublicKey {
        exponent: vec![1, 0, 1],
        modulus: modulus.to_vec(),
    };
    certificate.verify_with(&key).unwrap();
    // None of the keys of real cards: nobody may take this card for one.
    assert!(matches!(
        certificate.verify(),
        Err(Error::UnknownCertificateAuthority(_))
    ));
    let mut other = key;
    other.modulus[255] ^= 2;
    assert!(certificate.verify_with(&other).is_err());
}

#[test]
fn the_card_face_and_the_live_chip() {
    let mut card = card();
    let mut surface = SurfaceAp::select(&mut card).unwrap();
    let certificate = surface.read_certificate().unwrap();
    verify(&certificate, VirtualPki::new().card_face_issuer_key());

    let reference = &persona().reference_number_b;
    surface
        .verify_code_b(&Pin::numeric(reference).unwrap())
        .unwrap();
    let face = surface.read_card_face().unwrap();
    face.verify(&certificate.public_key).unwrap();
    assert!(face.verify(&face.public_key).is_err());
    assert_eq!(face.birth_date, date(persona().birthdate));
    assert_eq!(face.expiry, date(persona().card_expiry));
    assert_eq!(face.photo.format, ImageFormat::Jpeg2000);
    for image in [
        &face.name_image,
        &face.address_image,
        &face.security_code_image,
    ] {
        assert_eq!(image.format, ImageFormat::Png);
    }
    let mut changed = face.clone();
    changed.signed_segments[2][40] ^= 1;
    assert!(changed.verify(&certificate.public_key).is_err());

    let challenge = surface.card().get_challenge(16).unwrap();
    let signature = surface.sign(&challenge).unwrap();
    let scheme = SignatureScheme::Sha256DigestInfo;
    scheme
        .verify(&face.public_key, &challenge, &signature)
        .unwrap();
    assert!(
        scheme
            .verify(&certificate.public_key, &challenge, &signature)
            .is_err()
    );
}

/// Its own way from what is printed on the card to 照合番号B.
#[test]
fn the_reference_number_is_what_the_face_says() {
    let persona = persona();
    let code = verification_code_b(
        date(persona.birthdate),
        date(persona.card_expiry).year,
        &persona.reference_number_b.as_bytes()[10..],
    )
    .unwrap();
    let mut card = card();
    SurfaceAp::select(&mut card)
        .unwrap()
        .verify_code_b(&code)
        .unwrap();
}

#[test]
fn the_certificates_of_the_card_itself() {
    let mut card = card();
    let chain = MasterFile::select(&mut card)
        .unwrap()
        .certificate_chain()
        .unwrap();
    let [upper, lower] = &chain[..] else {
        panic!("{} certificates", chain.len());
    };
    verify(upper, VirtualPki::new().master_issuer_key());
    assert_eq!(lower.issuer_key_id, upper.subject_key_id);
    lower.verify_with(&upper.public_key).unwrap();
}

#[test]
fn the_jpki_certificates_lead_to_the_simulations_roots() {
    let mut card = card();
    let mut jpki = JpkiAp::select(&mut card).unwrap();
    let (leaf, ca) = (
        jpki.read_auth_certificate().unwrap(),
        jpki.read_auth_ca_certificate().unwrap(),
    );
    Certificate::verify_chain(&[leaf.clone(), ca], TODAY).unwrap();
    let roots = Generation::ALL
        .map(|generation| Certificate::parse(VirtualPki::new().root(generation)).unwrap());
    // All three have one name; one of them signed.
    let fits = |root: &&Certificate| {
        Certificate::verify_chain(&[leaf.clone(), (*root).clone()], TODAY).is_ok()
    };
    assert_eq!(roots.iter().filter(fits).count(), 1);
    assert!(
        leaf.verify_to_root(TODAY, Accept::ProductionAndTest)
            .is_err()
    );

    jpki.verify_sign_pin(&Pin::new("ABC123").unwrap()).unwrap();
    let (leaf, ca) = (
        jpki.read_sign_certificate().unwrap(),
        jpki.read_sign_ca_certificate().unwrap(),
    );
    Certificate::verify_chain(&[leaf.clone(), ca], TODAY).unwrap();
    assert!(
        leaf.verify_to_root(TODAY, Accept::ProductionAndTest)
            .is_err()
    );
}

/// Each scheme, with both keys, checked against the certificate by `myna-card`.
#[test]
fn signatures_of_all_forms() {
    let mut card = card();
    let mut jpki = JpkiAp::select(&mut card).unwrap();
    assert_eq!(jpki.auth_pin_retries().unwrap(), Retries::Remaining(3));
    assert_eq!(jpki.sign_pin_retries().unwrap(), Retries::Remaining(5));
    jpki.verify_auth_pin(&Pin::numeric("1234").unwrap())
        .unwrap();
    jpki.verify_sign_pin(&Pin::new("ABC123").unwrap()).unwrap();
    for scheme in [
        SignatureScheme::Verbatim,
        SignatureScheme::Sha256Bare,
        SignatureScheme::PreHashedDigestInfo,
        SignatureScheme::Sha256DigestInfo,
        SignatureScheme::PreHashedPss,
        SignatureScheme::Sha256Pss,
    ] {
        let data = [0x5A; 32];
        jpki.sign_with_auth_key_checked(scheme, &data)
            .unwrap_or_else(|error| panic!("{scheme:?}: {error}"));
        jpki.sign_with_sign_key_checked(scheme, &data)
            .unwrap_or_else(|error| panic!("{scheme:?}: {error}"));
    }
}

#[test]
fn what_is_free_to_read() {
    let mut card = card();
    let mut master = MasterFile::select(&mut card).unwrap();
    let number = master.data_object(myna_card::mf::tag::CARD_IDENTIFICATION);
    assert!(!number.unwrap().is_empty());
    // TS is put back and the check byte is right.
    assert_eq!(card.contact_atr().unwrap()[0], 0x3B);

    let info = CommonAp::select(&mut card)
        .unwrap()
        .read_card_info()
        .unwrap();
    assert_eq!(info.expiry, date(persona().card_expiry));
    let basic = SurfaceAp::select(&mut card)
        .unwrap()
        .read_ap_basic_data()
        .unwrap();
    assert_eq!(basic.municipality_code, info.municipality_code);

    let mut jpki = JpkiAp::select(&mut card).unwrap();
    assert!(jpki.read_token_type().unwrap().is_physical_card());
    assert_eq!(jpki.read_token_info().unwrap().min_pin_len, 6);
    let there = jpki.read_certificate_availability().unwrap();
    assert!(there.has_sign_certificate() && there.has_auth_certificate());
}

/// By the empty VERIFY and by one with data, of which none is sent in vain.
#[test]
fn a_locked_pin_and_a_card_without_one() {
    for (name, signs) in [("pin-locked", true), ("no-pin", false)] {
        let persona = Persona::named(name).unwrap();
        let wire = Wire::new(persona, CardOptions::default(), Extended::No);
        let mut card = Card::new(wire);
        let mut jpki = JpkiAp::select(&mut card).unwrap();
        assert_eq!(jpki.auth_pin_retries().unwrap(), Retries::Blocked);
        assert!(matches!(
            jpki.verify_auth_pin(&Pin::numeric("1234").unwrap()),
            Err(Error::PinBlocked)
        ));
        let there = jpki.read_certificate_availability().unwrap();
        assert!(there.has_auth_certificate(), "{name}");
        assert_eq!(there.has_sign_certificate(), signs, "{name}");
    }
}

/// 63C2, 63C1, 63C0, then 6984.
#[test]
fn wrong_pins_count_down_to_the_lock() {
    let mut card = card();
    let mut jpki = JpkiAp::select(&mut card).unwrap();
    let wrong = Pin::numeric("9999").unwrap();
    for left in [2, 1] {
        let refused = jpki.verify_auth_pin(&wrong).unwrap_err();
        assert!(matches!(refused, Error::PinIncorrect { retries: Some(n) } if n == left));
    }
    for _ in 0..2 {
        let refused = jpki.verify_auth_pin(&wrong).unwrap_err();
        assert!(matches!(refused, Error::PinBlocked));
    }
    // The password is counted by itself.
    assert_eq!(jpki.sign_pin_retries().unwrap(), Retries::Remaining(5));
}

/// Phones answer as JPKI alone, and want the PIN before the certificate.
#[test]
fn tokens_in_phones() {
    for (name, expected) in [
        ("android-phone", TokenType::Android),
        ("iphone", TokenType::IPhone),
    ] {
        let persona = Persona::named(name).unwrap();
        let wire = Wire::new(persona, CardOptions::default(), Extended::No);
        let mut card = Card::new(wire);
        assert!(SurfaceAp::select(&mut card).is_err());
        let mut jpki = JpkiAp::select(&mut card).unwrap();
        assert_eq!(jpki.read_token_type().unwrap(), expected);
        assert!(jpki.read_auth_certificate().is_err());
        jpki.verify_auth_pin(&Pin::numeric("1234").unwrap())
            .unwrap();
        jpki.sign_with_auth_key_checked(SignatureScheme::Sha256DigestInfo, b"message")
            .unwrap();
    }
}

/// A foreign resident's 照合番号B has the Western year, not that of an era.
#[test]
fn a_foreign_residents_card() {
    let persona = Persona::named("foreign-resident").unwrap();
    let wire = Wire::new(persona, CardOptions::default(), Extended::No);
    let mut card = Card::new(wire);
    let mut surface = SurfaceAp::select(&mut card).unwrap();
    let certificate = surface.read_certificate().unwrap();
    surface
        .verify_code_b(&Pin::numeric(persona.reference_number_b).unwrap())
        .unwrap();
    let face = surface.read_card_face().unwrap();
    face.verify(&certificate.public_key).unwrap();
    assert_eq!(face.birth_date, date(persona.birthdate));
}
