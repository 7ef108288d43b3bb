//! What somebody tries who means harm, or takes no care: each test is an attack
//! that once was thought of, and fails.

mod card_support;

use card_support::{
    App, BIRTH_DATE, Chip, Fault, KIND, NUMBER_B, PIN, budget, card, face, hex, pin,
};
use uketsuke::card::{
    BirthDateKey, Card, CardError, CardFace, InputSupport, IssuerCertificate, Jpki, LastTry,
    ReferenceNumberB, SecretKind, SignedApplication, VerifyError,
};
use uketsuke::simulation::{CardOptions, Generation, Persona, VirtualPki, VirtualReader};
use uketsuke::transport::{Reader, Traced, Transcript, TransportErrorKind};
use uketsuke::trust::{CvCertificate, CvError, CvRoot, Root, TrustError};
use uketsuke::{Realm, VisitId};

const B: SecretKind = SecretKind::ReferenceNumberB;

fn number(typed: &str) -> ReferenceNumberB {
    ReferenceNumberB::parse(typed).unwrap()
}

/// A changed PIN makes its new value right, and no other that was wrong.
#[test]
fn a_change_of_the_pin_gives_no_second_try_to_what_was_refused() {
    for status in [None, Some(0x6F00)] {
        let (chip, mut card) = card(Chip {
            change_status: status,
            ..Chip::new()
        });
        let mut jpki = card.open::<Jpki>().unwrap();
        let leave = budget(&mut jpki);
        assert!(jpki.verify_pin(pin("0001"), leave).is_err());
        let leave = budget(&mut jpki);
        let proof = jpki.verify_pin(pin(PIN), leave).unwrap();
        let _ = jpki.change_pin(proof, pin("9753"));
        let leave = budget(&mut jpki);
        let error = jpki.verify_pin(pin("0001"), leave).unwrap_err();
        assert_eq!(error, VerifyError::AlreadyRefused { kind: KIND });
        assert_eq!(chip.with(|chip| chip.verifies().len()), 2);
        assert_eq!(chip.with(|chip| chip.pin_tries), 3);
    }
}

/// 照合番号B whose answer was lost in one application isn't tried in the other
/// until the first one's count has said what became of it.
#[test]
fn a_lost_answer_is_not_repeated_in_another_application() {
    for (typed, wrong) in [("55021720352286", true), (NUMBER_B, false)] {
        let (chip, mut card) = card(Chip::new());
        let mut face = card.open::<CardFace>().unwrap();
        let leave = face.tries_left(B).unwrap().budget(LastTry::Refuse).unwrap();
        let fault = Fault::After(TransportErrorKind::CardRemoved);
        chip.with(|chip| chip.faults.insert(chip.log.len(), fault));
        let lost = face.verify_reference_number_b(number(typed), leave);
        assert!(matches!(lost, Err(VerifyError::OutcomeUnknown { .. })));
        drop(face);

        let mut input = card.open::<InputSupport>().unwrap();
        let leave = input.tries_left(B).unwrap().budget(LastTry::Refuse);
        let again = input.verify_reference_number_b(number(typed), leave.unwrap());
        let refused = VerifyError::AlreadyRefused { kind: B };
        assert_eq!(again.unwrap_err(), refused);
        assert_eq!(chip.with(|chip| chip.verifies().len()), 1);
        drop(input);

        let mut face = card.open::<CardFace>().unwrap();
        let left = face.tries_left(B).unwrap().count();
        assert_eq!(left, if wrong { 9 } else { 10 });
        drop(face);
        let mut input = card.open::<InputSupport>().unwrap();
        let leave = input.tries_left(B).unwrap().budget(LastTry::Refuse);
        let again = input.verify_reference_number_b(number(typed), leave.unwrap());
        match wrong {
            true => assert_eq!(again.unwrap_err(), refused),
            false => assert!(again.is_ok()),
        }
    }
}

/// A PIN is changed on a proof from before the application was left: whatever
/// the card makes of it, it's powered off before anybody else uses it.
#[test]
fn a_change_leaves_the_card_dirty() {
    let (chip, mut card) = card(Chip::new());
    let mut jpki = card.open::<Jpki>().unwrap();
    let leave = budget(&mut jpki);
    let proof = jpki.verify_pin(pin(PIN), leave).unwrap();
    jpki.close().unwrap();
    let mut jpki = card.open::<Jpki>().unwrap();
    assert!(jpki.change_pin(proof, pin("9753")).is_err());
    drop(jpki);
    assert!(card.is_dirty());
    drop(card);
    assert_eq!(chip.with(|chip| chip.pin.clone()), PIN.as_bytes());
    assert_eq!(chip.with(|chip| chip.resets.len()), 1);
}

/// A transcript of a person's card doesn't say how long the photo is nor where
/// it lies, which the length of the name's picture decides.
#[test]
fn what_is_read_behind_a_secret_is_not_measured_by_its_commands() {
    let transcripts = |len: usize, extended: bool| {
        let mut photo = vec![0xDF, 0x27, 0x82, (len >> 8) as u8, len as u8];
        photo.extend(vec![0x5A; len]);
        let chip = if extended {
            Chip::new()
        } else {
            Chip::short_only()
        };
        let (chip, link) = Chip {
            face: face(&photo),
            ..chip
        }
        .share();
        chip.with(|chip| chip.files.insert((App::Face, 0x04), cv_certificate()));
        let transcript = Transcript::new();
        let traced = Traced::new(link, transcript.sink());
        let mut card = Card::new(traced, VisitId::begin());
        let mut face = card.open::<CardFace>().unwrap();
        face.issuer_certificate(&mut |_| ()).unwrap();
        let leave = face.tries_left(B).unwrap().budget(LastTry::Refuse).unwrap();
        let right = face
            .verify_reference_number_b(number(NUMBER_B), leave)
            .unwrap();
        let photo = face.signed_photo(&right, &mut |_| ()).unwrap();
        assert_eq!(photo.jpeg2000().len(), len);
        drop(face);
        drop(card);
        let text = transcript.to_string();
        assert_eq!(text.parse::<Transcript>().unwrap().to_string(), text);
        text
    };
    assert_eq!(transcripts(1854, true), transcripts(2911, true));
    // The number of reads remains, and only that.
    assert_eq!(transcripts(1900, false), transcripts(1999, false));
    assert!(
        transcripts(1900, false)
            .contains("> 00 B0, place hidden, some expected\n< 9000, data hidden\n")
    );
}

/// `7F21` of 568 bytes.
fn cv_certificate() -> Vec<u8> {
    [&[0x7F, 0x21, 0x82, 0x02, 0x33][..], &[0x5A; 563]].concat()
}

/// Where birth date and card key are read, a card can't hand out the name behind
/// them by giving more than it was asked for.
#[test]
fn more_than_was_asked_for_is_refused() {
    let (chip, mut card) = card(Chip {
        says: uketsuke::transport::ExtendedLength::Yes,
        ..Chip::new()
    });
    let mut face = card.open::<CardFace>().unwrap();
    let leave = face.tries_left(B).unwrap().budget(LastTry::Refuse).unwrap();
    let right = face
        .verify_reference_number_b(number(NUMBER_B), leave)
        .unwrap();
    for (len, too_many) in [(311, false), (312, true), (900, true)] {
        let at = chip.sent();
        chip.with(|chip| chip.faults.insert(at, Fault::Data(len)));
        let error = face.card_key_record(&right).unwrap_err();
        let why = "more bytes than were asked for";
        let refused = matches!(error, CardError::Malformed { why: w, .. } if w == why);
        assert_eq!(refused, too_many, "{len}: {error}");
        assert_eq!(chip.sent(), at + 1);
    }
}

/// The right of one secret, or of one application, is no right of another.
#[test]
fn the_birth_date_opens_neither_photo_nor_another_count() {
    let (chip, mut card) = card(Chip::new());
    let mut face = card.open::<CardFace>().unwrap();
    let of_b = face.tries_left(B).unwrap().budget(LastTry::Refuse).unwrap();
    let birth = BirthDateKey::parse(BIRTH_DATE).unwrap();
    let error = face.verify_birth_date(birth, of_b).unwrap_err();
    let kind = SecretKind::BirthDate;
    assert_eq!(error, VerifyError::ForeignBudget { kind });
    // 照合番号B of one application on the count of the other.
    let of_face = face.tries_left(B).unwrap().budget(LastTry::Refuse).unwrap();
    drop(face);
    let mut input = card.open::<InputSupport>().unwrap();
    let error = input.verify_reference_number_b(number(NUMBER_B), of_face);
    assert_eq!(error.unwrap_err(), VerifyError::ForeignBudget { kind: B });
    assert_eq!(chip.with(|chip| chip.verifies().len()), 0);
    let sent = chip.take_log();
    assert!(!sent.contains(&hex("00200095")));
}

/// Whoever has this crate can sign with the simulation's keys, all of them; none
/// becomes a root of another world.
#[test]
fn no_key_of_the_simulation_is_a_root_of_another_world() {
    let pki = VirtualPki::new();
    for generation in [Generation::First, Generation::Second, Generation::Third] {
        for root in [pki.root(generation), pki.signing_root(generation)] {
            let found = Realm::Simulation;
            for realm in [Realm::Production, Realm::JpkiTest] {
                let error = Root::new(root, realm).unwrap_err();
                assert_eq!(error, TrustError::KeyOfOtherRealm { found });
            }
            assert!(Root::new(root, found).is_ok());
        }
    }
    let municipality = |application, issuer_certificate: &IssuerCertificate| {
        let certificate = CvCertificate::parse(issuer_certificate.bytes()).unwrap();
        (
            application,
            *certificate.subject(),
            last_modulus(issuer_certificate.bytes()),
        )
    };
    let persona = Persona::named("in-order").unwrap();
    let now = "2026-11-24T00:00:00Z".parse().unwrap();
    let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), now);
    let mut card = Card::new(reader.connect().unwrap(), VisitId::begin());
    let face = card
        .open::<CardFace>()
        .unwrap()
        .issuer_certificate(&mut |_| ());
    let input = card
        .open::<InputSupport>()
        .unwrap()
        .issuer_certificate(&mut |_| ());
    let (of_face, of_input) = (SignedApplication::CardFace, SignedApplication::InputSupport);
    let (id, master) = pki.master_issuer_key();
    for (application, id, modulus) in [
        municipality(of_face, &face.unwrap()),
        municipality(of_input, &input.unwrap()),
        (SignedApplication::CardLevel, id, master),
        (of_input, id, pki.internal_authentication_key()),
    ] {
        for realm in [Realm::Production, Realm::JpkiTest] {
            let error = CvRoot::new(application, id, &modulus, realm).map(drop);
            let found = Realm::Simulation;
            assert_eq!(error, Err(CvError::KeyOfOtherRealm { found }));
        }
        assert!(CvRoot::new(application, id, &modulus, Realm::Simulation).is_ok());
    }
}

/// The modulus in a card-verifiable certificate: `91 82 01 00` and 256 bytes.
fn last_modulus(certificate: &[u8]) -> [u8; 256] {
    let head = [0x91, 0x82, 0x01, 0x00];
    let at = certificate
        .windows(4)
        .position(|bytes| bytes == head)
        .unwrap()
        + 4;
    certificate[at..at + 256].try_into().unwrap()
}
