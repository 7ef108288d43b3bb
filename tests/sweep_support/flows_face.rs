//! What a program does with the card face application.

use jiff::SignedDuration;
use uketsuke::card::{
    BirthDateKey, BirthDateVerified, Card, CardFace, FaceImage, Opened, ReferenceNumberB,
    ReferenceVerified, SecretKind, Sex, VerifyError,
};
use uketsuke::transport::Transport;
use uketsuke::trust::{
    AgeRecord, Challenge, CvRoots, IssuedFace, IssuedPhoto, IssuerKey, LivePhoto, Purpose,
    TerminalId,
};
use uketsuke::{Realm, Realms};

use super::caller::{Caller, Claim};

fn present_b<T: Transport>(
    face: &mut Opened<'_, T, CardFace>,
    caller: &mut Caller,
) -> Option<ReferenceVerified> {
    while caller.waiting("face-b") {
        let budget = face
            .tries_left(SecretKind::ReferenceNumberB)
            .ok()?
            .budget(caller.last)
            .ok()?;
        let number = ReferenceNumberB::parse(&caller.next("face-b")?).unwrap();
        match face.verify_reference_number_b(number, budget) {
            Ok(right) => {
                caller.claims.push(Claim::Accepted("face-b"));
                return Some(right);
            }
            Err(VerifyError::Wrong { .. } | VerifyError::AlreadyRefused { .. }) => {}
            Err(_) => return None,
        }
    }
    None
}

fn present_birth<T: Transport>(
    face: &mut Opened<'_, T, CardFace>,
    caller: &mut Caller,
) -> Option<BirthDateVerified> {
    while caller.waiting("face-birth") {
        let tries = face.tries_left(SecretKind::BirthDate).ok()?;
        let budget = tries.budget(caller.last).ok()?;
        let key = BirthDateKey::parse(&caller.next("face-birth")?).unwrap();
        match face.verify_birth_date(key, budget) {
            Ok(right) => {
                caller.claims.push(Claim::Accepted("face-birth"));
                return Some(right);
            }
            Err(VerifyError::Wrong { .. } | VerifyError::AlreadyRefused { .. }) => {}
            Err(_) => return None,
        }
    }
    None
}

fn issuer<T: Transport>(face: &mut Opened<'_, T, CardFace>) -> Option<IssuerKey> {
    let certificate = face.issuer_certificate(&mut |_| ()).ok()?;
    CvRoots::simulation()
        .validate(&certificate, Realms::simulation())
        .ok()
}

/// 照合番号B and the photo as read.
pub fn photo<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let mut face = card.open::<CardFace>().ok()?;
    let right = present_b(&mut face, caller)?;
    let photo = face.photo(&right, &mut |_| ()).ok()?;
    caller.unproved("photo", photo.jpeg2000());
    caller.leave(face)
}

/// The photo, proved to be issued.
pub fn issued_photo<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let mut face = card.open::<CardFace>().ok()?;
    let issuer = issuer(&mut face)?;
    let right = present_b(&mut face, caller)?;
    let photo = face.signed_photo(&right, &mut |_| ()).ok()?;
    let photo = IssuedPhoto::verify(photo, &issuer).ok()?;
    assert_eq!(photo.realm(), Realm::Simulation);
    caller.proved("photo", photo.jpeg2000());
    caller.leave(face)
}

/// The photo, proved to be issued to the chip that is there.
pub fn live_photo<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let visit = card.binding().visit();
    let mut face = card.open::<CardFace>().ok()?;
    let issuer = issuer(&mut face)?;
    let right = present_b(&mut face, caller)?;
    let (photo, record) = face.signed_photo_with_key(&right, &mut |_| ()).ok()?;
    let terminal = TerminalId::new("sweep").unwrap();
    let challenge = Challenge::generate(
        visit,
        &terminal,
        Purpose::LivePhoto,
        super::now(),
        SignedDuration::from_mins(5),
    )
    .unwrap();
    let signature = face.sign_live(&challenge.signature_input()).ok()?;
    let photo = IssuedPhoto::verify(photo, &issuer).ok()?;
    let live = LivePhoto::verify(photo, record, challenge, signature, super::now()).ok()?;
    caller.proved("photo", live.jpeg2000());
    caller.proved("birth date", live.birth_date().as_str().as_bytes());
    caller.proved("sex", &[u8::from(live.sex() == Sex::Female)]);
    caller.leave(face)
}

/// All of the face, with name and address.
pub fn whole_face<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let mut face = card.open::<CardFace>().ok()?;
    let issuer = issuer(&mut face)?;
    let right = present_b(&mut face, caller)?;
    let read = face.face(&right, &mut |_| ()).ok()?;
    let issued = IssuedFace::verify(read, &issuer).ok()?;
    caller.proved("photo", issued.jpeg2000());
    caller.proved("name", issued.name_png());
    caller.proved("address", issued.address_png());
    caller.proved("birth date", issued.birth_date().as_str().as_bytes());
    caller.unproved("expiry", issued.unsigned().expiry());
    caller.leave(face)
}

/// Its pictures one by one, its free file, its date.
pub fn parts<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let mut face = card.open::<CardFace>().ok()?;
    let information = face.basic_information(&mut |_| ()).ok()?;
    caller.unproved("municipality", information.municipality().as_bytes());
    let right = present_b(&mut face, caller)?;
    for what in [FaceImage::Name, FaceImage::Address, FaceImage::SecurityCode] {
        let image = face.image(what, &right, &mut |_| ()).ok()?;
        caller.unproved("image", image.png());
    }
    let expiry = face.expiry_hint(&right).ok()?;
    caller.unproved("expiry", expiry.to_string().as_bytes());
    let record = face.card_key_record(&right).ok()?;
    caller.unproved("birth date", record.birth_date().as_str().as_bytes());
    caller.leave(face)
}

/// The birth date behind its own key.
pub fn age_record<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let mut face = card.open::<CardFace>().ok()?;
    let issuer = issuer(&mut face)?;
    let right = present_birth(&mut face, caller)?;
    let record = face.age_record(&right, &mut |_| ()).ok()?;
    let record = AgeRecord::verify(record, &issuer).ok()?;
    caller.proved("birth date", record.birth_date().as_str().as_bytes());
    caller.leave(face)
}
