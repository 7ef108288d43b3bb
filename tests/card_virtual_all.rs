//! All that the card layer can do, against the virtual card, whose signatures
//! are real ones.

mod contact_support;

use contact_support::Contact;
use ring::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    RSA_PSS_2048_8192_SHA256, RsaParameters, UnparsedPublicKey,
};
use uketsuke::card::{
    AuthPin, BirthDateKey, Card, CardError, CardFace, CardSignature, Common, DataObject, InputPin,
    InputSupport, Jpki, LastTry, Opened, ReferenceNumberB, SecretKind, SignPassword,
    SignatureInput, Token, VerifyError,
};
use uketsuke::simulation::{
    CardBody, CardOptions, CardSecret, Keyed, Persona, VirtualCard, VirtualReader,
};
use uketsuke::transport::{Reader, Transport};
use uketsuke::trust::{CvRoots, IssuedAttributes};
use uketsuke::{Realms, VisitId};
use x509_cert::Certificate;
use x509_cert::der::{Decode, Encode};

fn persona() -> &'static Persona {
    Persona::named("in-order").unwrap()
}

fn visit(options: CardOptions) -> (Contact, Card<Contact>) {
    visit_of(persona(), options)
}

fn visit_of(persona: &Persona, options: CardOptions) -> (Contact, Card<Contact>) {
    let now = "2026-11-24T00:00:00Z".parse().unwrap();
    let chip = VirtualCard::new(persona, options, now);
    let contact = Contact::with(chip);
    (contact.clone(), Card::new(contact, VisitId::begin()))
}

fn forms() -> Vec<CardOptions> {
    [(true, true), (true, false), (false, false)]
        .map(|(by_short, plain)| CardOptions {
            extended_by_short_identifier: by_short,
            extended_plain: plain,
            ..CardOptions::default()
        })
        .into()
}

fn verify_pin<T: Transport>(
    jpki: &mut Opened<'_, T, Jpki>,
    typed: &str,
) -> Result<(), VerifyError> {
    let tries = jpki.tries_left(SecretKind::AuthPin).unwrap();
    let budget = tries.budget(LastTry::Refuse)?;
    jpki.verify_pin(AuthPin::parse(typed).unwrap(), budget)
        .map(drop)
}

/// The bits of a certificate's public key.
fn public_key(der: &[u8]) -> Vec<u8> {
    let certificate = Certificate::from_der(der).unwrap();
    let key = certificate.tbs_certificate().subject_public_key_info();
    assert_eq!(certificate.to_der().unwrap().len(), der.len());
    key.subject_public_key.raw_bytes().to_vec()
}

fn is_right(how: &'static RsaParameters, key: &[u8], message: &[u8], signed: &CardSignature) {
    UnparsedPublicKey::new(how, key)
        .verify(message, signed.bytes())
        .unwrap();
}

fn digest(of: &'static ring::digest::Algorithm, message: &[u8]) -> Vec<u8> {
    ring::digest::digest(of, message).as_ref().to_vec()
}

#[test]
fn six_forms_of_both_keys_verify() {
    use SignatureInput as Input;
    let message = b"a message of some length";
    let sha_256: [u8; 32] = digest(&ring::digest::SHA256, message).try_into().unwrap();
    let sha_384: [u8; 48] = digest(&ring::digest::SHA384, message).try_into().unwrap();
    let sha_512: [u8; 64] = digest(&ring::digest::SHA512, message).try_into().unwrap();
    for options in forms() {
        let password = options.sign_password.clone();
        let pin = options.auth_pin.clone();
        let (_, mut card) = visit(options);
        let mut jpki = card.open::<Jpki>().unwrap();
        let authentication = jpki.authentication_certificate(&mut |_| ()).unwrap();
        let authentication = public_key(authentication.der());
        let ca = jpki.authentication_ca_certificate(&mut |_| ()).unwrap();
        assert_eq!(public_key(ca.der()).len(), 270);
        let ca = jpki.signing_ca_certificate(&mut |_| ()).unwrap();
        assert_eq!(public_key(ca.der()).len(), 270);
        verify_pin(&mut jpki, &pin).unwrap();
        let tries = jpki.tries_left(SecretKind::SignPassword).unwrap();
        let budget = tries.budget(LastTry::Refuse).unwrap();
        let typed = SignPassword::parse(&password).unwrap();
        let right = jpki.verify_sign_password(typed, budget).unwrap();
        let signing = jpki.signing_certificate(&right, &mut |_| ()).unwrap();
        let signing = public_key(signing.der());
        assert_ne!(signing, authentication);
        for (input, how) in [
            (Input::sha256(sha_256), &RSA_PKCS1_2048_8192_SHA256),
            (Input::sha384(sha_384), &RSA_PKCS1_2048_8192_SHA384),
            (Input::sha512(sha_512), &RSA_PKCS1_2048_8192_SHA512),
            (
                Input::sha256_wrapped_by_card(sha_256),
                &RSA_PKCS1_2048_8192_SHA256,
            ),
            (
                Input::message(message).unwrap(),
                &RSA_PKCS1_2048_8192_SHA256,
            ),
            (Input::sha256_pss(sha_256), &RSA_PSS_2048_8192_SHA256),
            (
                Input::message_pss(message).unwrap(),
                &RSA_PSS_2048_8192_SHA256,
            ),
        ] {
            let signed = jpki.sign_authentication(&input).unwrap();
            is_right(how, &authentication, message, &signed);
            let signed = jpki.sign_with_signing_key(&right, &input).unwrap();
            is_right(how, &signing, message, &signed);
        }
        // A DigestInfo of one's own is the same as the one made here; a bare
        // digest is another signature.
        let bare = jpki
            .sign_authentication(&Input::raw(&sha_256).unwrap())
            .unwrap();
        let by_card = jpki.sign_authentication(&Input::message_bare(message).unwrap());
        assert_eq!(bare.bytes(), by_card.unwrap().bytes());
        jpki.close().unwrap();
    }
}

#[test]
fn the_four_attributes_are_proved() {
    let person = persona();
    for prefix in [0, 2] {
        for options in forms() {
            let pin = options.input_pin.clone();
            let (chip, mut card) = visit(CardOptions { prefix, ..options });
            for by_pin in [true, false] {
                let mut input = card.open::<InputSupport>().unwrap();
                let certificate = input.issuer_certificate(&mut |_| ()).unwrap();
                let read = if by_pin {
                    let tries = input.tries_left(SecretKind::InputPin).unwrap();
                    let budget = tries.budget(LastTry::Refuse).unwrap();
                    let typed = InputPin::parse(&pin).unwrap();
                    let right = input.verify_input_pin(typed, budget).unwrap();
                    input.signed_attributes(&right, &mut |_| ())
                } else {
                    let tries = input.tries_left(SecretKind::ReferenceNumberB).unwrap();
                    let budget = tries.budget(LastTry::Refuse).unwrap();
                    let typed = ReferenceNumberB::parse(person.reference_number_b).unwrap();
                    let right = input.verify_reference_number_b(typed, budget).unwrap();
                    input.signed_attributes(&right, &mut |_| ())
                };
                let read = read.unwrap();
                assert_eq!(read.address(), person.address);
                let roots = CvRoots::simulation();
                let issuer = roots.validate(&certificate, Realms::simulation()).unwrap();
                let proved = IssuedAttributes::verify(read, &issuer).unwrap();
                assert!(proved.name().contains('\u{3000}'));
                input.close().unwrap();
            }
            assert_eq!(chip.0.borrow().tries(CardSecret::InputPin), 3);
        }
    }
}

#[test]
fn a_changed_pin_is_the_pin() {
    let (chip, mut card) = visit(CardOptions::default());
    let mut jpki = card.open::<Jpki>().unwrap();
    let tries = jpki.tries_left(SecretKind::AuthPin).unwrap();
    let budget = tries.budget(LastTry::Refuse).unwrap();
    let proof = jpki
        .verify_pin(AuthPin::parse("1234").unwrap(), budget)
        .unwrap();
    jpki.change_pin(proof, AuthPin::parse("9753").unwrap())
        .unwrap();
    jpki.close().unwrap();
    let mut jpki = card.open::<Jpki>().unwrap();
    assert!(matches!(
        verify_pin(&mut jpki, "1234"),
        Err(VerifyError::Wrong { left: 2, .. })
    ));
    verify_pin(&mut jpki, "9753").unwrap();

    let tries = jpki.tries_left(SecretKind::SignPassword).unwrap();
    let budget = tries.budget(LastTry::Refuse).unwrap();
    let old = SignPassword::parse(&CardOptions::default().sign_password).unwrap();
    let proof = jpki.verify_sign_password(old, budget).unwrap();
    let new = SignPassword::parse("NEW4567").unwrap();
    jpki.change_sign_password(proof, new).unwrap();
    jpki.close().unwrap();

    let mut input = card.open::<InputSupport>().unwrap();
    let tries = input.tries_left(SecretKind::InputPin).unwrap();
    let budget = tries.budget(LastTry::Refuse).unwrap();
    let old = InputPin::parse(&CardOptions::default().input_pin).unwrap();
    let proof = input.verify_input_pin(old, budget).unwrap();
    input
        .change_input_pin(proof, InputPin::parse("8520").unwrap())
        .unwrap();
    input.close().unwrap();
    let chip = chip.0.borrow();
    assert_eq!(chip.auth_pin(), Some("9753"));
    assert_eq!(chip.sign_password(), Some("NEW4567"));
    assert_eq!(chip.input_pin(), Some("8520"));
}

#[test]
fn a_pin_typed_on_the_readers_keypad() {
    let now = "2026-11-24T00:00:00Z".parse().unwrap();
    let typed = ["0000", "1234"].map(|digits| Keyed::Digits(digits.to_owned().into()));
    let mut typed = typed.into_iter();
    let mut reader = VirtualReader::with_persona(persona(), CardOptions::default(), now)
        .with_keypad(move || typed.next().unwrap_or(Keyed::Cancelled));
    let mut card = Card::new(reader.connect().unwrap(), VisitId::begin());
    assert!(card.has_keypad());
    let mut jpki = card.open::<Jpki>().unwrap();
    let kind = SecretKind::AuthPin;
    let mut present = || {
        let budget = jpki
            .tries_left(kind)
            .unwrap()
            .budget(LastTry::Refuse)
            .unwrap();
        jpki.verify_pin_on_keypad(budget).map(drop)
    };
    assert_eq!(present(), Err(VerifyError::Wrong { kind, left: 2 }));
    assert_eq!(present(), Ok(()));
    let cancelled = present().unwrap_err();
    assert!(matches!(cancelled, VerifyError::Card(_)), "{cancelled}");
    assert!(
        jpki.sign_authentication(&SignatureInput::sha256([1; 32]))
            .is_ok()
    );
}

#[test]
fn what_the_card_says_of_itself() {
    let person = persona();
    for options in forms() {
        let takes_long = options.extended_by_short_identifier;
        let (chip, mut card) = visit(options);
        let expiry = card.data_object(DataObject::Expiry).unwrap();
        assert_eq!(expiry.bytes(), person.card_expiry.as_bytes());
        assert_eq!(chip.0.borrow().transmissions(), 1);
        for object in DataObject::ALL {
            // The certificates don't fit a short answer.
            let long = matches!(object.tag(), 0x00F8 | 0x7F21);
            match card.data_object(object) {
                Ok(read) => assert!(!read.bytes().is_empty(), "{object:?}"),
                Err(error) => assert!(long && !takes_long, "{object:?}: {error}"),
            }
        }
        let mut jpki = card.open::<Jpki>().unwrap();
        assert_eq!(jpki.token(), Ok(Token::MyNumberCard));
        assert_eq!(
            jpki.token_information().unwrap().token(),
            Token::MyNumberCard
        );
        let present = jpki.certificates_present().unwrap();
        assert!(present.signing() && present.authentication());
        jpki.close().unwrap();
        assert!(
            card.data_object(DataObject::CardNumber).is_ok(),
            "left first"
        );
        let mut common = card.open::<Common>().unwrap();
        let record = common.serial_record().unwrap();
        assert_eq!(record.serial().len(), 15);
        assert_eq!(record.expiry(), expiry.date().unwrap());
        common.close().unwrap();
        let mut input = card.open::<InputSupport>().unwrap();
        assert_eq!(
            input.basic_information(&mut |_| ()).unwrap().versions()[1],
            0x03
        );
        let signed = input.sign_live(&SignatureInput::sha256([7; 32])).unwrap();
        assert_eq!(signed.bytes().len(), 256);
    }
}

#[test]
fn each_count_is_its_own() {
    let (chip, mut card) = visit(CardOptions::default());
    let kind = SecretKind::ReferenceNumberB;
    let mut face = card.open::<CardFace>().unwrap();
    let budget = face
        .tries_left(kind)
        .unwrap()
        .budget(LastTry::Refuse)
        .unwrap();
    let wrong = ReferenceNumberB::parse("99999999999999").unwrap();
    assert!(face.verify_reference_number_b(wrong, budget).is_err());
    assert_eq!(face.tries_left(kind).unwrap().count(), 9);
    let birth = face.tries_left(SecretKind::BirthDate).unwrap();
    let birth = birth.budget(LastTry::Refuse).unwrap();
    let key = BirthDateKey::parse(&persona().reference_number_b[..6]).unwrap();
    assert!(face.verify_birth_date(key, birth).is_ok());
    face.close().unwrap();
    let mut input = card.open::<InputSupport>().unwrap();
    assert_eq!(input.tries_left(kind).unwrap().count(), 10);
    assert_eq!(input.tries_left(SecretKind::InputPin).unwrap().count(), 3);
    assert_eq!(chip.0.borrow().presented(), 2);
}

/// The PIN first, then the certificate; and nothing but JPKI.
#[test]
fn phones_from_the_refusal_to_the_signature() {
    for persona in Persona::all() {
        let token = match persona.body {
            CardBody::AndroidPhone => Token::AndroidPhone,
            CardBody::Iphone => Token::Iphone,
            _ => continue,
        };
        for options in forms() {
            let (chip, mut card) = visit_of(persona, options);
            let mut jpki = card.open::<Jpki>().unwrap();
            let refused = jpki.authentication_certificate(&mut |_| ()).unwrap_err();
            assert!(matches!(refused, CardError::NotVerified { .. }));
            assert_eq!(jpki.token(), Ok(token));
            assert!(token.is_phone());
            verify_pin(&mut jpki, &CardOptions::default().auth_pin).unwrap();
            let before = chip.0.borrow().transmissions();
            let read = jpki.authentication_certificate(&mut |_| ()).unwrap();
            let reads = read.der().len().div_ceil(256) as u64;
            assert_eq!(
                chip.0.borrow().transmissions(),
                before + reads,
                "nothing tried"
            );
            let message = b"a challenge";
            let sha_256 = digest(&ring::digest::SHA256, message).try_into().unwrap();
            let signed = jpki
                .sign_authentication(&SignatureInput::sha256(sha_256))
                .unwrap();
            let key = public_key(read.der());
            is_right(&RSA_PKCS1_2048_8192_SHA256, &key, message, &signed);
            // A phone has no issuer security domain to select: nobody reported
            // one. So the key is closed by power-off, before anything else.
            assert!(matches!(jpki.close(), Err(CardError::Refused { .. })));
            assert!(card.is_dirty());
            let none = |opened| assert!(matches!(opened, Err(CardError::NoApplication { .. })));
            none(card.open::<CardFace>().map(drop));
            none(card.open::<InputSupport>().map(drop));
            none(card.open::<Common>().map(drop));
            assert!(!card.is_dirty());
            assert_eq!(chip.0.borrow().presented(), 1);
        }
    }
}

#[test]
fn every_body_by_its_label() {
    let mut seen = Vec::new();
    for persona in Persona::all() {
        let expected = match persona.body {
            CardBody::MyNumberCard => Token::MyNumberCard,
            CardBody::ResidentRegistrationCard => Token::ResidentRegistrationCard,
            CardBody::AndroidPhone => Token::AndroidPhone,
            CardBody::Iphone => Token::Iphone,
            _ => continue,
        };
        let (_, mut card) = visit_of(persona, CardOptions::default());
        let mut jpki = card.open::<Jpki>().unwrap();
        assert_eq!(jpki.token(), Ok(expected), "{}", persona.name);
        if !seen.contains(&expected) {
            seen.push(expected);
        }
    }
    assert_eq!(seen.len(), 4);
}

#[cfg(feature = "my-number")]
#[test]
fn the_my_number_by_each_of_its_keys() {
    use uketsuke::card::ReferenceNumberA;

    let person = persona();
    let (_, mut card) = visit(CardOptions::default());
    let mut input = card.open::<InputSupport>().unwrap();
    let kind = SecretKind::ReferenceNumberA;
    let budget = input
        .tries_left(kind)
        .unwrap()
        .budget(LastTry::Refuse)
        .unwrap();
    let typed = ReferenceNumberA::parse(person.my_number).unwrap();
    let right = input.verify_reference_number_a(typed, budget).unwrap();
    let number = input.my_number(&right).unwrap();
    assert_eq!(number.digits(), person.my_number);
}
