//! Card-verifiable certificates and the card face from anybody: no panic, positions inside the input, every reading ends, and
//! nothing is proved but what the simulated municipality signed.
//!
//! The first byte chooses: the rest is a certificate, or edits of a good one, or edits of what a virtual card answers while its
//! face is read (which get through the whole reader and past the signatures that they don't hit): the sixth byte of an edit says which answer.

#![no_main]

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use libfuzzer_sys::fuzz_target;
use uketsuke::{
    Realms, VisitId,
    card::{
        BirthDateKey, Card, CardError, CardFace, DataObject, FaceImage, LastTry, Opened,
        ReferenceNumberB, SecretKind, SignedApplication,
    },
    simulation::{CardOptions, Persona, VirtualCard},
    transport::{
        ExtendedLength, Limits, Outgoing, Reset, Transport, TransportError, TransportErrorKind,
    },
    trust::{
        AgeRecord, Challenge, CvCertificate, CvError, CvRoots, IssuedFace, IssuedPhoto, LivePhoto,
        Purpose, TerminalId,
    },
};
use uketsuke_fuzz::{edit_once, edited};
use zeroize::Zeroizing;

/// The longest reading is the whole face from a card that drips: 400 and a few.
const MOST_EXCHANGES: u32 = 1000;

static PERSONA: LazyLock<&Persona> =
    LazyLock::new(|| Persona::named("in-order").expect("a persona"));
static ROOTS: LazyLock<CvRoots> = LazyLock::new(CvRoots::simulation);
static GOOD: LazyLock<Truth> = LazyLock::new(Truth::read);

/// What the unchanged card holds.
struct Truth {
    certificate: Vec<u8>,
    /// Of the card itself: the upper and the lower one.
    objects: [Vec<u8>; 2],
    photo: Vec<u8>,
    name: Vec<u8>,
    address: Vec<u8>,
}

impl Truth {
    fn read() -> Self {
        let mut card = Card::new(Link::new(&[], 0), VisitId::begin());
        let objects = [DataObject::CertificateF8, DataObject::Certificate7F21]
            .map(|object| card.data_object(object).expect("a certificate"));
        let mut face = card.open::<CardFace>().expect("a card");
        let certificate = face.issuer_certificate(&mut |_| ()).expect("EF 0004");
        let right = face
            .tries_left(SecretKind::ReferenceNumberB)
            .expect("a count");
        let budget = right.budget(LastTry::Refuse).expect("tries");
        let number = ReferenceNumberB::parse(PERSONA.reference_number_b).expect("a number");
        let right = face
            .verify_reference_number_b(number, budget)
            .expect("the right number");
        let face = face.face(&right, &mut |_| ()).expect("EF 0002");
        Self {
            certificate: certificate.bytes().to_vec(),
            objects: objects.map(|object| object.bytes().to_vec()),
            photo: face.jpeg2000().to_vec(),
            name: face.name_png().to_vec(),
            address: face.address_png().to_vec(),
        }
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((kind, rest)) = input.split_first() else {
        return;
    };
    match kind % 4 {
        0 => {
            certificate(rest);
            objects(rest, &GOOD.objects[1]);
        }
        1 => certificate(&edited(&GOOD.certificate, rest)),
        2 => {
            let [upper, lower] = &GOOD.objects;
            match kind & 4 {
                0 => objects(&edited(upper, rest), lower),
                _ => objects(upper, &edited(lower, rest)),
            }
        }
        _ => visit(rest, *kind),
    }
});

fn certificate(bytes: &[u8]) {
    read_one(CvCertificate::parse(bytes), bytes);
    let face = SignedApplication::CardFace;
    let found = ROOTS.check(bytes, face, Realms::simulation());
    assert!(found.is_err() || is_genuine(bytes, &GOOD.certificate));
    let input = SignedApplication::InputSupport;
    assert!(ROOTS.check(bytes, input, Realms::simulation()).is_err());
    assert!(ROOTS.check(bytes, face, Realms::production()).is_err());
    for roots in [CvRoots::production(), CvRoots::jpki_test()] {
        assert!(roots.check(bytes, face, Realms::simulation()).is_err());
    }
}

/// The certificates of the card itself.
fn objects(upper: &[u8], lower: &[u8]) {
    for bytes in [upper, lower] {
        read_one(CvCertificate::parse_object(bytes), bytes);
    }
    let check = |roots: &CvRoots, lower, realms| roots.check_card_level(upper, lower, realms);
    let found = check(&ROOTS, None, Realms::simulation());
    let [good_upper, good_lower] = &GOOD.objects;
    assert!(found.is_err() || is_genuine(upper, good_upper));
    let found = check(&ROOTS, Some(lower), Realms::simulation());
    assert!(found.is_err() || is_genuine(upper, good_upper) && is_genuine(lower, good_lower));
    assert!(check(&ROOTS, None, Realms::production()).is_err());
    assert!(check(&CvRoots::production(), None, Realms::simulation()).is_err());
}

/// Lengths around the signed part may be written otherwise; what is signed may not.
fn is_genuine(bytes: &[u8], good: &[u8]) -> bool {
    // 297 bytes, and behind a header of five bytes the signature of 256.
    let (before, signature) = good.split_at(good.len() - 256);
    let signed = &before[before.len() - 5 - 297..][..297];
    contains(bytes, signed) && contains(bytes, signature)
}

fn read_one(read: Result<CvCertificate<'_>, CvError>, bytes: &[u8]) {
    match read {
        Ok(certificate) => {
            assert!(contains(
                bytes,
                &[*certificate.issuer(), *certificate.subject()].concat()
            ));
            assert_eq!(format!("{certificate:?}"), "CvCertificate(..)");
        }
        Err(CvError::Tlv { source, .. }) => assert!(source.position <= bytes.len()),
        Err(CvError::Form { position, .. }) => assert!(position <= bytes.len()),
        Err(error) => assert!(matches!(error, CvError::TooLong { .. })),
    }
}

fn visit(edits: &[u8], flags: u8) {
    let mut card = Card::new(Link::new(edits, flags), VisitId::begin());
    let Ok(mut face) = card.open::<CardFace>() else {
        return;
    };
    drop(read(&mut face, flags));
    drop(face);
    drop(card.release());
}

fn read(face: &mut Opened<'_, Link, CardFace>, flags: u8) -> Result<(), CardError> {
    let none = &mut |_| ();
    let certificate = face.issuer_certificate(none)?;
    let issuer = ROOTS.validate(&certificate, Realms::simulation());
    if flags & 0x10 != 0 {
        let left = face.tries_left(SecretKind::BirthDate)?;
        let key = BirthDateKey::parse(&PERSONA.reference_number_b[..6]).expect("six digits");
        let right = left
            .budget(LastTry::Refuse)
            .and_then(|budget| face.verify_birth_date(key, budget));
        if let Ok(right) = right
            && let Ok(age) = face.age_record(&right, none)
            && let Ok(issuer) = &issuer
            && let Ok(age) = AgeRecord::verify(age, issuer)
        {
            assert_eq!(age.birth_date().as_str(), PERSONA.birthdate);
        }
    }
    let left = face.tries_left(SecretKind::ReferenceNumberB)?;
    let number = ReferenceNumberB::parse(PERSONA.reference_number_b).expect("a number");
    let right = left
        .budget(LastTry::Refuse)
        .and_then(|budget| face.verify_reference_number_b(number, budget));
    let Ok(right) = right else {
        return Ok(());
    };
    if flags & 0x20 != 0 {
        let whole = face.face(&right, none)?;
        if let Ok(issuer) = &issuer
            && let Ok(whole) = IssuedFace::verify(whole, issuer)
        {
            assert_eq!(whole.jpeg2000(), GOOD.photo);
            assert_eq!(whole.name_png(), GOOD.name);
            assert_eq!(whole.address_png(), GOOD.address);
            assert_eq!(whole.birth_date().as_str(), PERSONA.birthdate);
        }
    }
    if flags & 0x40 != 0 {
        drop(face.image(FaceImage::Name, &right, none));
        drop(face.image(FaceImage::SecurityCode, &right, none));
        drop(face.expiry_hint(&right));
        drop(face.basic_information(none));
    }
    let (photo, record) = face.signed_photo_with_key(&right, none)?;
    let challenge = challenge(face.binding().visit());
    // A virtual chip's signature takes longer than everything else together, so it's rare.
    let signature = match flags & 0xE0 {
        0x80 => Some(face.sign_live(&challenge.signature_input())?),
        _ => None,
    };
    let Ok(issuer) = issuer else {
        return Ok(());
    };
    let Ok(photo) = IssuedPhoto::verify(photo, &issuer) else {
        return Ok(());
    };
    assert_eq!(photo.jpeg2000(), GOOD.photo, "a forged photo");
    if let Some(signature) = signature
        && let Ok(live) = LivePhoto::verify(photo, record, challenge, signature, now())
    {
        assert_eq!(live.birth_date().as_str(), PERSONA.birthdate);
    }
    Ok(())
}

fn challenge(visit: VisitId) -> Challenge {
    let terminal = TerminalId::new("fuzz").expect("a name");
    let life = SignedDuration::from_secs(60);
    Challenge::generate(visit, &terminal, Purpose::LivePhoto, now(), life).expect("randomness")
}

fn now() -> Timestamp {
    "2026-11-24T01:00:00Z".parse().expect("a time")
}

fn contains(whole: &[u8], part: &[u8]) -> bool {
    whole.windows(part.len()).any(|window| window == part)
}

/// A virtual card whose answers are edited.
struct Link {
    card: VirtualCard,
    edits: Vec<u8>,
    says: ExtendedLength,
    exchanges: u32,
}

impl Link {
    fn new(edits: &[u8], flags: u8) -> Self {
        let options = CardOptions {
            extended_plain: flags & 0x04 == 0,
            ..CardOptions::default()
        };
        let mut card = VirtualCard::new(&PERSONA, options, now());
        card.power_on();
        Self {
            card,
            edits: edits.to_vec(),
            says: match flags & 0x08 {
                0 => ExtendedLength::Unknown,
                _ => ExtendedLength::No,
            },
            exchanges: 0,
        }
    }
}

impl Transport for Link {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        self.exchanges += 1;
        assert!(self.exchanges < MOST_EXCHANGES, "it doesn't end");
        let mut answer = self.card.transmit(command.bytes());
        for edit in self.edits.chunks_exact(6).take(8) {
            if u32::from(edit[5]) == self.exchanges {
                edit_once(&mut answer, edit);
            }
        }
        match answer.is_empty() {
            true => Err(TransportError::new(TransportErrorKind::CardRemoved, true)),
            false => Ok(Zeroizing::new(answer)),
        }
    }

    fn limits(&self) -> Limits {
        Limits {
            extended: self.says,
            max_response: 65_538,
        }
    }

    fn reset(&mut self, how: Reset) -> Result<(), TransportError> {
        match how {
            Reset::Warm => self.card.reset(),
            Reset::PowerOff => {
                self.card.power_off();
                self.card.power_on();
            }
        }
        Ok(())
    }
}
