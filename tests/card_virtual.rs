//! The card layer against the virtual card, traced: what a reader vendor
//! would see in a log.

mod contact_support;

use std::cell::RefCell;
use std::rc::Rc;

use contact_support::Contact;
use uketsuke::VisitId;
use uketsuke::card::{
    AuthPin, Card, CardError, CardFace, Common, Jpki, LastTry, ReferenceNumberB, SecretKind,
    SignatureInput, VerifyError,
};
use uketsuke::simulation::{CardBody, CardOptions, Persona, VirtualCard};
use uketsuke::transport::{Limits, Outgoing, Reset, TraceEvent, Traced, Transport, TransportError};
use zeroize::Zeroizing;

const PIN: &str = "8642";

#[test]
fn a_whole_visit_in_the_fewest_exchanges_and_nothing_personal_in_the_trace() {
    // SELECT, certificate, tries, PIN, signature, leaving; SELECT, tries,
    // 照合番号B, table, leaving, and the photo; SELECT, record.
    for (extended, first_fails) in [(true, false), (false, false), (true, true)] {
        let persona = Persona::named("in-order").unwrap();
        let options = CardOptions {
            extended_by_short_identifier: extended,
            extended_plain: extended,
            first_command_fails: first_fails,
            auth_pin: PIN.to_owned(),
            ..CardOptions::default()
        };
        let now = "2026-11-24T00:00:00Z".parse().unwrap();
        let chip = Rc::new(RefCell::new(VirtualCard::new(persona, options, now)));
        let lines = RefCell::new(Vec::new());
        let traced = Traced::new(Contact(Rc::clone(&chip)), |event: &TraceEvent| {
            lines.borrow_mut().push(event.to_string());
        });
        let mut card = Card::new(traced, VisitId::begin());

        let mut jpki = card.open::<Jpki>().unwrap();
        let certificate = jpki.authentication_certificate(&mut |_| ()).unwrap();
        let read = chip.borrow().transmissions();
        let pieces = certificate.der().len().div_ceil(256) as u64;
        let expected = if extended { 2 } else { 2 + pieces };
        assert_eq!(read, expected + u64::from(first_fails));

        let tries = jpki.tries_left(SecretKind::AuthPin).unwrap();
        assert_eq!(tries.count(), 3);
        let budget = tries.budget(LastTry::Refuse).unwrap();
        let wrong = jpki.verify_pin(AuthPin::parse("0000").unwrap(), budget);
        assert!(matches!(wrong, Err(VerifyError::Wrong { left: 2, .. })));
        let tries = jpki.tries_left(SecretKind::AuthPin).unwrap();
        let budget = tries.budget(LastTry::Refuse).unwrap();
        let proof = jpki
            .verify_pin(AuthPin::parse(PIN).unwrap(), budget)
            .unwrap();
        let input = SignatureInput::sha256([0xA7; 32]);
        let signature = jpki.sign_authentication(&input).unwrap();
        assert_eq!(proof.binding(), signature.binding());
        assert_eq!(chip.borrow().transmissions(), read + 5);
        jpki.close().unwrap();

        let mut face = card.open::<CardFace>().unwrap();
        let budget = face
            .tries_left(SecretKind::ReferenceNumberB)
            .unwrap()
            .budget(LastTry::Refuse)
            .unwrap();
        let number = ReferenceNumberB::parse(persona.reference_number_b).unwrap();
        let right = face.verify_reference_number_b(number, budget).unwrap();
        let before = chip.borrow().transmissions();
        let photo = face.photo(&right, &mut |_| ()).unwrap();
        // The certificate came by short identifier in one read: whether a plain
        // read takes extended length isn't known, and not tried behind a secret.
        let reads = (photo.jpeg2000().len() + 5).div_ceil(256) as u64;
        assert_eq!(chip.borrow().transmissions(), before + 1 + reads);
        assert_eq!(photo.binding(), proof.binding());
        face.close().unwrap();

        let mut common = card.open::<Common>().unwrap();
        let expiry = common.expiry_hint().unwrap();
        assert_eq!(expiry.strftime("%Y%m%d").to_string(), persona.card_expiry);
        common.close().unwrap();
        assert!(!card.is_dirty());
        drop(card);

        let sent = chip.borrow().transmissions() as usize;
        let text = lines.borrow().join("\n");
        assert!(lines.borrow().len() >= sent, "each exchange is traced");
        let compact = text.replace([' ', '\n'], "").to_uppercase();
        let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02X}")).collect::<String>();
        for secret in [
            hex(PIN.as_bytes()),
            hex(b"0000"),
            hex(persona.reference_number_b.as_bytes()),
            hex(persona.card_expiry.as_bytes()),
            hex(&[0xA7; 8]),
            hex(&certificate.der()[..16]),
            hex(&signature.bytes()[..8]),
            hex(&photo.jpeg2000()[..8]),
            PIN.to_owned() + "\"",
        ] {
            assert!(!compact.contains(&secret), "{secret} in\n{text}");
        }
        assert!(compact.contains("00A4040C"), "headers are shown:\n{text}");
    }
}

/// A card that says in every answer what it was told last.
struct Parrot(Contact, Vec<u8>);

impl Transport for Parrot {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let answer = self.0.transmit(Outgoing::raw(command.bytes()))?;
        if command.bytes().starts_with(&[0x00, 0x20]) && command.bytes().len() > 5 {
            self.1 = command.bytes()[5..].to_vec();
        }
        Ok(Zeroizing::new([self.1.as_slice(), &answer].concat()))
    }

    fn limits(&self) -> Limits {
        self.0.limits()
    }

    fn reset(&mut self, how: Reset) -> Result<(), TransportError> {
        self.0.reset(how)
    }
}

#[test]
fn no_trace_shows_a_secret_that_the_card_repeats() {
    let now = "2026-11-24T00:00:00Z".parse().unwrap();
    let persona = Persona::named("in-order").unwrap();
    let chip = VirtualCard::new(persona, CardOptions::default(), now);
    let parrot = Parrot(Contact::with(chip), Vec::new());
    let lines = RefCell::new(Vec::new());
    let traced = Traced::new(parrot, |event: &TraceEvent| {
        lines.borrow_mut().push(event.to_string());
    });
    let mut card = Card::new(traced, VisitId::begin());
    let mut jpki = card.open::<Jpki>().unwrap();
    let tries = jpki.tries_left(SecretKind::AuthPin).unwrap();
    let budget = tries.budget(LastTry::Refuse).unwrap();
    let told = jpki.verify_pin(AuthPin::parse(PIN).unwrap(), budget);
    assert!(matches!(told, Err(VerifyError::Unclear { .. })));
    // Everything else that there is to ask.
    assert!(jpki.tries_left(SecretKind::AuthPin).is_err());
    let _ = jpki.authentication_certificate(&mut |_| ());
    let _ = jpki.sign_authentication(&SignatureInput::sha256([0; 32]));
    let _ = jpki.close();
    if let Ok(mut face) = card.open::<CardFace>() {
        let _ = face.tries_left(SecretKind::ReferenceNumberB);
    }
    if let Ok(mut common) = card.open::<Common>() {
        let _ = common.expiry_hint();
    }
    drop(card);
    let lines = lines.into_inner();
    let secret: String = PIN.bytes().map(|byte| format!("{byte:02X}")).collect();
    for line in &lines {
        assert!(!line.replace(' ', "").contains(&secret), "{line}");
    }
    let verify = lines
        .iter()
        .position(|line| line == "> 00 20 00 98, data hidden");
    let answer = verify.and_then(|at| lines.get(at + 1)).unwrap();
    assert_eq!(answer, "< 63C2, data hidden", "the status word is shown");
}

#[test]
fn every_persona_answers_or_refuses_in_words() {
    for persona in Persona::all() {
        let now = "2026-11-24T00:00:00Z".parse().unwrap();
        let chip = VirtualCard::new(persona, CardOptions::default(), now);
        let chip = Rc::new(RefCell::new(chip));
        let mut card = Card::new(Contact(Rc::clone(&chip)), VisitId::begin());
        match card.open::<Jpki>() {
            Ok(mut jpki) => {
                let certificate = jpki.authentication_certificate(&mut |_| ());
                let tries = jpki.tries_left(SecretKind::AuthPin);
                match persona.body {
                    CardBody::ResidentRegistrationCard => {
                        assert!(certificate.is_err() && tries.is_err());
                    }
                    CardBody::AndroidPhone | CardBody::Iphone => {
                        assert!(matches!(certificate, Err(CardError::NotVerified { .. })));
                        assert_eq!(tries.unwrap().count(), 3);
                    }
                    _ => assert!(certificate.is_ok() && tries.unwrap().count() <= 3),
                }
            }
            Err(error) => assert!(error.to_string().contains("has no JPKI"), "{error}"),
        }
        // Looking spends nothing.
        let untouched = VirtualCard::new(persona, CardOptions::default(), now);
        assert_eq!(chip.borrow().tries_left(), untouched.tries_left());
    }
}
