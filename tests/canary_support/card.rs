//! Every call of the card layer and of the proofs over it, on a link that may
//! say anything; every result is printed.

use jiff::SignedDuration;
use uketsuke::card::*;
use uketsuke::transport::Transport;
use uketsuke::trust::*;
use uketsuke::{Realms, VisitId};

use super::*;

fn now() -> jiff::Timestamp {
    "2026-11-22T12:00:00+09:00".parse().unwrap()
}

/// All four applications, one after the other, whatever fails.
pub fn everything<T: Transport>(link: T, sink: &mut Sink) {
    let mut card = Card::new(link, VisitId::begin());
    sink.debug(&card);
    let _ = jpki(&mut card, sink);
    sink.debug(&card);
    let _ = signing(&mut card, sink);
    let _ = face(&mut card, sink);
    let _ = input(&mut card, sink);
    let _ = common(&mut card, sink);
    sink.debug(&card);
    if let Err(error) = card.release() {
        sink.error(&error);
    }
}

fn terminal() -> TerminalId {
    TerminalId::new("canary").unwrap()
}

fn jpki<T: Transport>(card: &mut Card<T>, sink: &mut Sink) -> Option<()> {
    let visit = card.binding().visit();
    let mut jpki = sink.take(card.open::<Jpki>())?;
    sink.take(jpki.token());
    sink.take(jpki.token_information());
    sink.take(jpki.certificates_present());
    sink.take(jpki.authentication_ca_certificate(&mut |_| ()));
    sink.take(jpki.signing_ca_certificate(&mut |_| ()));
    let certificate = sink.take(jpki.authentication_certificate(&mut |_| ()));
    let chain = certificate.and_then(|certificate| {
        sink.take(Roots::simulation().validate_authentication(
            &certificate,
            Realms::simulation(),
            now(),
            GraceRule::EligibilityOnly,
        ))
    });
    let input = SignatureInput::sha256([7; 32]);
    sink.debug(&input);
    sink.take(jpki.sign_authentication(&input));
    for pin in [WRONG_PIN, WRONG_PIN] {
        let tries = sink.take(jpki.tries_left(SecretKind::AuthPin))?;
        let budget = sink.take(tries.budget(LastTry::Allow))?;
        sink.take(jpki.verify_pin(AuthPin::parse(pin).unwrap(), budget));
    }
    let tries = sink.take(jpki.tries_left(SecretKind::AuthPin))?;
    let budget = sink.take(tries.budget(LastTry::Allow))?;
    let proof = sink.take(jpki.verify_pin(AuthPin::parse(PIN).unwrap(), budget))?;
    let lifetime = SignedDuration::from_mins(5);
    let challenge =
        Challenge::generate(visit, &terminal(), Purpose::CheckIn, now(), lifetime).unwrap();
    sink.debug(&challenge);
    let signature = sink.take(jpki.sign_authentication(&challenge.signature_input()));
    if let (Some(chain), Some(signature)) = (chain, signature) {
        let signed = sink.take(challenge.verify(&chain, signature, now()));
        if let Some(signed) = signed {
            let mut claims = Claims::default();
            claims.claimed_time = Some(now());
            sink.debug(&claims);
            if let Some(evidence) = sink.take(Evidence::of(&chain, &signed, claims)) {
                let (roots, realms) = (Roots::simulation(), Realms::simulation());
                sink.take(evidence.verify(&roots, realms, now(), GraceRule::None));
                sink.take(evidence.verify(&Roots::empty(), realms, now(), GraceRule::None));
                sink.take(evidence.verify_terminal(&nobodys_key()));
                let bytes = evidence.to_bytes();
                sink.take(Evidence::from_bytes(&bytes[..bytes.len() / 2]));
            }
            let signed = signed.signed();
            sink.debug(&signed);
            sink.mark::<SignedFields<'_>>();
        }
    }
    // To another value and back.
    sink.debug(&jpki);
    sink.take(jpki.change_pin(proof, AuthPin::parse(WRONG_PIN).unwrap()));
    sink.take(jpki.close())
}

fn signing<T: Transport>(card: &mut Card<T>, sink: &mut Sink) -> Option<()> {
    let mut jpki = sink.take(card.open::<Jpki>())?;
    for password in [WRONG_PASSWORD, PASSWORD] {
        let tries = sink.take(jpki.tries_left(SecretKind::SignPassword))?;
        let budget = sink.take(tries.budget(LastTry::Allow))?;
        let password = SignPassword::parse(password).unwrap();
        let Some(right) = sink.take(jpki.verify_sign_password(password, budget)) else {
            continue;
        };
        if let Some(read) = sink.take(jpki.signing_certificate(&right, &mut |_| ())) {
            let roots = Roots::simulation_signing();
            let chain = sink.take(roots.validate_signing(&read, Realms::simulation(), now()));
            if let Some(chain) = chain
                && let Some(issued) = sink.take(IssuedHolder::of(&chain))
            {
                sink.debug(&issued.holder().era());
                sink.debug(&issued.holder().name_substitutions());
                sink.debug(issued.holder());
            }
            // As it came: the card may have changed it.
            if let Some(certificate) = sink.take(Certificate::parse(read.der())) {
                sink.take(Holder::parse(&certificate));
            }
        }
        let input = SignatureInput::message(PASSWORD.as_bytes()).unwrap();
        sink.debug(&input);
        sink.take(jpki.sign_with_signing_key(&right, &input));
        let new = SignPassword::parse(WRONG_PASSWORD).unwrap();
        sink.take(jpki.change_sign_password(right, new));
    }
    sink.take(jpki.close())
}

fn face<T: Transport>(card: &mut Card<T>, sink: &mut Sink) -> Option<()> {
    let visit = card.binding().visit();
    let mut face = sink.take(card.open::<CardFace>())?;
    sink.take(face.basic_information(&mut |_| ()));
    let certificate = sink.take(face.issuer_certificate(&mut |_| ()))?;
    sink.take(CvCertificate::parse(certificate.bytes()));
    let roots = CvRoots::simulation();
    sink.debug(&roots);
    roots.iter().for_each(|root| sink.debug(root));
    let issuer = sink.take(roots.validate(&certificate, Realms::simulation()))?;

    let tries = sink.take(face.tries_left(SecretKind::BirthDate))?;
    let budget = sink.take(tries.budget(LastTry::Refuse))?;
    let key = BirthDateKey::parse(BIRTH_KEY).unwrap();
    if let Some(right) = sink.take(face.verify_birth_date(key, budget))
        && let Some(record) = sink.take(face.age_record(&right, &mut |_| ()))
    {
        sink.take(AgeRecord::verify(record, &issuer));
    }

    let tries = sink.take(face.tries_left(SecretKind::ReferenceNumberB))?;
    let budget = sink.take(tries.budget(LastTry::Refuse))?;
    let number = ReferenceNumberB::parse(NUMBER_B).unwrap();
    let right = sink.take(face.verify_reference_number_b(number, budget))?;
    for what in [FaceImage::Name, FaceImage::Address, FaceImage::SecurityCode] {
        sink.take(face.image(what, &right, &mut |_| ()));
    }
    sink.take(face.photo(&right, &mut |_| ()));
    if let Some(photo) = sink.take(face.signed_photo(&right, &mut |_| ())) {
        sink.take(IssuedPhoto::verify(photo, &issuer));
    }
    if let Some(read) = sink.take(face.face(&right, &mut |_| ()))
        && let Some(issued) = sink.take(IssuedFace::verify(read, &issuer))
    {
        sink.debug(&issued.unsigned());
        sink.debug(issued.birth_date());
    }
    let read = sink.take(face.signed_photo_with_key(&right, &mut |_| ()));
    let lifetime = SignedDuration::from_mins(5);
    let purpose = Purpose::LivePhoto;
    let challenge = Challenge::generate(visit, &terminal(), purpose, now(), lifetime).unwrap();
    let signature = sink.take(face.sign_live(&challenge.signature_input()));
    if let (Some((photo, record)), Some(signature)) = (read, signature)
        && let Some(photo) = sink.take(IssuedPhoto::verify(photo, &issuer))
    {
        sink.debug(&record);
        sink.take(LivePhoto::verify(
            photo,
            record,
            challenge,
            signature,
            now(),
        ));
    }
    #[cfg(feature = "my-number")]
    {
        let tries = sink.take(face.tries_left(SecretKind::ReferenceNumberA))?;
        let budget = sink.take(tries.budget(LastTry::Refuse))?;
        let number = ReferenceNumberA::parse(NUMBER_A).unwrap();
        let right = sink.take(face.verify_reference_number_a(number, budget))?;
        if let Some(image) = sink.take(face.my_number_image(&right, &mut |_| ())) {
            sink.take(IssuedMyNumberImage::verify(image, &issuer));
        }
    }
    sink.take(face.close())
}

fn input<T: Transport>(card: &mut Card<T>, sink: &mut Sink) -> Option<()> {
    let mut input = sink.take(card.open::<InputSupport>())?;
    sink.take(input.basic_information(&mut |_| ()));
    let certificate = sink.take(input.issuer_certificate(&mut |_| ()))?;
    let roots = CvRoots::simulation();
    let issuer = sink.take(roots.validate(&certificate, Realms::simulation()))?;
    let tries = sink.take(input.tries_left(SecretKind::ReferenceNumberB))?;
    let budget = sink.take(tries.budget(LastTry::Refuse))?;
    let number = ReferenceNumberB::parse(NUMBER_B).unwrap();
    if let Some(right) = sink.take(input.verify_reference_number_b(number, budget)) {
        sink.take(input.attributes(&right, &mut |_| ()));
    }
    for pin in [WRONG_PIN, INPUT_PIN] {
        let tries = sink.take(input.tries_left(SecretKind::InputPin))?;
        let budget = sink.take(tries.budget(LastTry::Allow))?;
        let pin = InputPin::parse(pin).unwrap();
        let Some(right) = sink.take(input.verify_input_pin(pin, budget)) else {
            continue;
        };
        if let Some(read) = sink.take(input.signed_attributes(&right, &mut |_| ())) {
            sink.take(IssuedAttributes::verify(read, &issuer));
        }
        #[cfg(feature = "my-number")]
        sink.take(input.my_number(&right));
        let new = InputPin::parse(WRONG_PIN).unwrap();
        sink.take(input.change_input_pin(right, new));
    }
    sink.take(input.close())
}

fn common<T: Transport>(card: &mut Card<T>, sink: &mut Sink) -> Option<()> {
    let mut common = sink.take(card.open::<Common>())?;
    sink.take(common.serial_record());
    sink.take(common.close())?;
    for object in [
        DataObject::Issuer,
        DataObject::CardNumber,
        DataObject::Municipality,
        DataObject::Expiry,
        DataObject::Certificate7F21,
    ] {
        sink.take(card.data_object(object));
    }
    Some(())
}

/// The base point of Ed25519 (RFC 8032 §5.1).
fn nobodys_key() -> TerminalKey {
    let mut key = [0x66; 32];
    key[0] = 0x58;
    TerminalKey::ed25519(key).unwrap()
}
