//! Card faces that were copied, mixed or damaged: what is proved of them, and what isn't.

mod card_face_support;

use std::ops::Range;

use card_face_support::*;
use jiff::SignedDuration;
use uketsuke::Realms;
use uketsuke::card::*;
use uketsuke::simulation::CardOptions;
use uketsuke::transport::ExtendedLength;
use uketsuke::trust::*;

const PERSON: &str = "birth date, sex and card key";

/// The chip of a persona that may serve another face than its own.
fn chip_of(persona: &str) -> Rig {
    Rig::of(persona, CardOptions::default(), ExtendedLength::Yes)
}

/// A card that is open and gives its face any number of times.
struct Session<'a> {
    face: Opened<'a, Link, CardFace>,
    right: ReferenceVerified,
    issuer: IssuerKey,
}

impl<'a> Session<'a> {
    fn begin(rig: &Rig, card: &'a mut Card<Link>) -> Self {
        let mut face = card.open::<CardFace>().unwrap();
        let certificate = face.issuer_certificate(&mut |_| ()).unwrap();
        let right = present(rig, &mut face);
        let roots = CvRoots::simulation();
        let issuer = roots.validate(&certificate, Realms::simulation()).unwrap();
        Self {
            face,
            right,
            issuer,
        }
    }

    fn whole(&mut self) -> Option<IssuedFace> {
        let read = self.face.face(&self.right, &mut |_| ()).ok()?;
        IssuedFace::verify(read, &self.issuer).ok()
    }

    fn photo(&mut self) -> Result<IssuedPhoto, CvError> {
        let read = self.face.signed_photo(&self.right, &mut |_| ());
        IssuedPhoto::verify(read.unwrap(), &self.issuer)
    }

    fn challenge(&self) -> Challenge {
        let terminal = TerminalId::new("reception-1").unwrap();
        let (life, visit) = (SignedDuration::from_secs(60), self.face.binding().visit());
        Challenge::generate(visit, &terminal, Purpose::LivePhoto, now(), life).unwrap()
    }

    /// As at a desk: photo and record are what is served, and the chip signs itself.
    fn live(&mut self) -> Result<LivePhoto, CvError> {
        let read = self.face.signed_photo_with_key(&self.right, &mut |_| ());
        let (photo, record) = read.unwrap();
        let challenge = self.challenge();
        let signature = self.face.sign_live(&challenge.signature_input()).unwrap();
        let photo = IssuedPhoto::verify(photo, &self.issuer)?;
        LivePhoto::verify(photo, record, challenge, signature, now())
    }
}

/// All that the municipality wrote on one card, served by another: the photo was
/// issued, and not to this chip.
#[test]
fn another_cards_whole_genuine_face_is_issued_but_not_live() {
    let personas = ["in-order", "expiring", "not-registered", "grace"];
    for own in personas {
        let rig = chip_of(own);
        for other in personas {
            let copied = chip_of(other).face();
            rig.serve(&copied.bytes);
            let mut card = rig.card();
            let mut session = Session::begin(&rig, &mut card);
            let what = format!("the face of {other} on the chip of {own}");
            let whole = session.whole().expect(&what);
            assert_eq!(whole.jpeg2000(), copied.value(PHOTO), "{what}");
            let issued = session.photo().expect(&what);
            assert_eq!(issued.jpeg2000(), copied.value(PHOTO), "{what}");
            let expected = if own == other {
                Ok(())
            } else {
                Err(CvError::Challenge(ChallengeError::BadSignature))
            };
            assert_eq!(session.live().map(drop), expected, "{what}");
        }
    }
}

/// The elements of two genuine faces in all mixtures, on either chip: only what
/// was written together counts, and only on its own chip is it live.
#[test]
fn every_mixture_of_two_genuine_cards_is_refused_for_what_is_wrong() {
    const ELEMENTS: [usize; 5] = [BIRTH_DATE, SEX, KEY, PHOTO, SIGNATURE];
    let names = ["in-order", "expiring"];
    let faces = names.map(|name| chip_of(name).face());
    for part in ELEMENTS {
        assert_ne!(faces[0].value(part), faces[1].value(part), "part {part}");
    }
    let mut live = 0;
    for (chip, name) in names.iter().enumerate() {
        let rig = chip_of(name);
        let mut card = rig.card();
        let mut session = Session::begin(&rig, &mut card);
        for mixture in 0..1_usize << ELEMENTS.len() {
            let of = |element: usize| mixture >> element & 1;
            let mut bytes = faces[chip].bytes.clone();
            for (element, part) in ELEMENTS.into_iter().enumerate() {
                // Alike in length, so each fits into the other's place.
                let range = faces[chip].range(part, part);
                let from = &faces[of(element)];
                bytes[range].copy_from_slice(&from.bytes[from.range(part, part)]);
            }
            rig.serve(&bytes);
            let [birth, sex, key, photo, signed] = [0, 1, 2, 3, 4].map(of);
            let issued = match photo == signed {
                true => Ok(()),
                false => Err(CvError::NotCovered { what: "photo" }),
            };
            let of_chip = if [birth, sex, key] != [signed; 3] {
                Err(CvError::NotCovered { what: PERSON })
            } else if key != chip {
                Err(CvError::Challenge(ChallengeError::BadSignature))
            } else {
                Ok(())
            };
            let what = format!("mixture {mixture:05b} on the chip of {name}");
            assert_eq!(session.photo().map(drop), issued, "{what}");
            let expected = issued.and(of_chip);
            live += usize::from(expected.is_ok());
            assert_eq!(session.live().map(drop), expected, "{what}");
        }
    }
    assert_eq!(live, 2, "each card's own face on its own chip");
}

/// A chip's own record beside another card's photo and signature.
#[test]
fn another_cards_photo_beside_the_chips_own_record_is_not_live() {
    let rig = chip_of("in-order");
    let mut card = rig.card();
    let mut session = Session::begin(&rig, &mut card);
    let record = session.face.card_key_record(&session.right).unwrap();
    let challenge = session.challenge();
    let signature = session
        .face
        .sign_live(&challenge.signature_input())
        .unwrap();
    rig.serve(&chip_of("expiring").face().bytes);
    let photo = session.photo().unwrap();
    let found = LivePhoto::verify(photo, record, challenge, signature, now());
    assert_eq!(found.map(drop), Err(CvError::NotCovered { what: PERSON }));
}

/// Each flip of a bit in these bytes: all eight of a byte, but of the photo's
/// thousands one in each.
fn flips(layout: &Layout, covered: Range<usize>) -> impl Iterator<Item = (usize, u8)> {
    let photo = layout.range(PHOTO, PHOTO);
    let few = photo.end - layout.value(PHOTO).len()..photo.end;
    covered
        .flat_map(|at| (0..8).map(move |bit| (at, bit)))
        .filter(move |(at, bit)| !few.contains(at) || at % 8 == usize::from(*bit))
}

/// From the first signed element to the end of the signature.
#[test]
fn no_flipped_bit_of_the_whole_face_is_issued() {
    let rig = chip_of("in-order");
    let (mut card, layout) = (rig.card(), rig.face());
    let mut session = Session::begin(&rig, &mut card);
    let mut bytes = layout.bytes.clone();
    for (at, bit) in flips(&layout, layout.range(BIRTH_DATE, SIGNATURE)) {
        bytes[at] ^= 1 << bit;
        rig.serve(&bytes);
        assert!(session.whole().is_none(), "byte {at} bit {bit}");
        bytes[at] ^= 1 << bit;
    }
    rig.serve(&bytes);
    assert!(session.whole().is_some());
}

/// From the photo's header to the end of the signature.
#[test]
fn no_flipped_bit_of_the_photo_alone_is_issued() {
    let rig = chip_of("in-order");
    let (mut card, layout) = (rig.card(), rig.face());
    let mut session = Session::begin(&rig, &mut card);
    let mut bytes = layout.bytes.clone();
    for (at, bit) in flips(&layout, layout.range(PHOTO, SIGNATURE)) {
        bytes[at] ^= 1 << bit;
        rig.serve(&bytes);
        let read = session.face.signed_photo(&session.right, &mut |_| ());
        let issued = read.is_ok_and(|read| IssuedPhoto::verify(read, &session.issuer).is_ok());
        assert!(!issued, "byte {at} bit {bit}");
        bytes[at] ^= 1 << bit;
    }
    // And what the photo doesn't need may be anything.
    for byte in &mut bytes[layout.range(BIRTH_DATE, ADDRESS)] {
        *byte ^= 0xFF;
    }
    rig.serve(&bytes);
    assert!(session.photo().is_ok());
}

/// Nobody signed expiry and security code, so whatever they are the face was
/// issued; the type says it, and they are nowhere but in `unsigned()`.
#[test]
fn expiry_and_security_code_may_be_anything_and_are_called_unsigned() {
    let rig = chip_of("in-order");
    let (mut card, layout) = (rig.card(), rig.face());
    let mut session = Session::begin(&rig, &mut card);
    for part in [EXPIRY, SECURITY_CODE] {
        let end = layout.range(part, part).end;
        for at in end - layout.value(part).len()..end {
            let mut bytes = layout.bytes.clone();
            bytes[at] ^= 1 << (at % 8);
            rig.serve(&bytes);
            let whole = session.whole().expect("still issued");
            let unsigned = whole.unsigned();
            let own = [unsigned.expiry(), unsigned.security_code_png()];
            let genuine = [EXPIRY, SECURITY_CODE].map(|part| layout.value(part));
            let changed = usize::from(part == SECURITY_CODE);
            assert_ne!(own[changed], genuine[changed], "byte {at}");
            assert_eq!(own[1 - changed], genuine[1 - changed], "byte {at}");
        }
    }
}
