//! This crate.

use super::Trouble;
use crate::task::{CHALLENGE, Knowledge};
use crate::wire::TODAY;
use crate::{Product, Task, Wire};
use uketsuke::card::{
    AuthPin, BirthDate, Card, CardFace, InputPin, InputPinVerified, InputSupport, Jpki, LastTry,
    Opened, ReferenceNumberB, ReferenceVerified, SecretKind, Sex, SignatureInput,
};
use uketsuke::trust::{
    Challenge, CvRoots, IssuedAttributes, IssuedPhoto, LivePhoto, Purpose, TerminalId,
};
use uketsuke::{Realms, VisitId};

pub(super) fn run(task: Task, link: Wire, knows: &Knowledge) -> Result<Product, Trouble> {
    let visit = VisitId::begin();
    let mut card = Card::new(link, visit);
    match task {
        Task::Certificate => {
            let mut jpki = card.open::<Jpki>()?;
            let certificate = jpki.authentication_certificate(&mut |_| ())?;
            Ok(Product::Certificate(certificate.der().to_vec()))
        }
        Task::Signature => Err(Trouble::NotOffered("asks for the tries left, always")),
        Task::CountedSignature => {
            let mut jpki = card.open::<Jpki>()?;
            let tries = jpki.tries_left(SecretKind::AuthPin)?;
            let pin = AuthPin::parse(knows.pin)?;
            let _verified = jpki.verify_pin(pin, tries.budget(LastTry::Refuse)?)?;
            let digest = myna_card::data::sha256(&CHALLENGE);
            let signature = jpki.sign_authentication(&SignatureInput::sha256(digest))?;
            Ok(Product::Signature(signature.bytes().to_vec()))
        }
        Task::Photo => {
            let mut face = card.open::<CardFace>()?;
            let right = open_face(&mut face, knows)?;
            let photo = face.photo(&right, &mut |_| ())?;
            Ok(Product::Photo(photo.jpeg2000().to_vec()))
        }
        Task::IssuedPhoto => {
            let mut face = card.open::<CardFace>()?;
            let certificate = face.issuer_certificate(&mut |_| ())?;
            let right = open_face(&mut face, knows)?;
            let photo = face.signed_photo(&right, &mut |_| ())?;
            let issuer = CvRoots::simulation().validate(&certificate, Realms::simulation())?;
            let photo = IssuedPhoto::verify(photo, &issuer)?;
            Ok(Product::Photo(photo.jpeg2000().to_vec()))
        }
        Task::LivePhoto => {
            let now = TODAY.parse()?;
            let (desk, life) = (TerminalId::new("desk")?, jiff::SignedDuration::from_mins(1));
            let challenge = Challenge::generate(visit, &desk, Purpose::LivePhoto, now, life)?;
            let mut face = card.open::<CardFace>()?;
            let certificate = face.issuer_certificate(&mut |_| ())?;
            let right = open_face(&mut face, knows)?;
            let (photo, record) = face.signed_photo_with_key(&right, &mut |_| ())?;
            let signature = face.sign_live(&challenge.signature_input())?;
            let issuer = CvRoots::simulation().validate(&certificate, Realms::simulation())?;
            let photo = IssuedPhoto::verify(photo, &issuer)?;
            let photo = LivePhoto::verify(photo, record, challenge, signature, now)?;
            Ok(Product::Photo(photo.jpeg2000().to_vec()))
        }
        Task::Attributes => {
            let mut input = card.open::<InputSupport>()?;
            let right = open_input(&mut input, knows)?;
            let read = input.attributes(&right, &mut |_| ())?;
            let (name, address) = (read.name(), read.address());
            Ok(attributes(name, address, read.birth_date(), read.sex()))
        }
        Task::IssuedAttributes => {
            let mut input = card.open::<InputSupport>()?;
            let certificate = input.issuer_certificate(&mut |_| ())?;
            let right = open_input(&mut input, knows)?;
            let read = input.signed_attributes(&right, &mut |_| ())?;
            let issuer = CvRoots::simulation().validate(&certificate, Realms::simulation())?;
            let read = IssuedAttributes::verify(read, &issuer)?;
            let (name, address) = (read.name(), read.address());
            Ok(attributes(name, address, read.birth_date(), read.sex()))
        }
    }
}

/// The tries left, then 照合番号B.
fn open_face(
    face: &mut Opened<'_, Wire, CardFace>,
    knows: &Knowledge,
) -> Result<ReferenceVerified, Trouble> {
    let tries = face.tries_left(SecretKind::ReferenceNumberB)?;
    let number = ReferenceNumberB::parse(knows.reference_number_b)?;
    Ok(face.verify_reference_number_b(number, tries.budget(LastTry::Refuse)?)?)
}

/// The tries left, then the application's PIN.
fn open_input(
    input: &mut Opened<'_, Wire, InputSupport>,
    knows: &Knowledge,
) -> Result<InputPinVerified, Trouble> {
    let tries = input.tries_left(SecretKind::InputPin)?;
    let pin = InputPin::parse(knows.input_pin)?;
    Ok(input.verify_input_pin(pin, tries.budget(LastTry::Refuse)?)?)
}

fn attributes(name: &str, address: &str, birth: &BirthDate, sex: Sex) -> Product {
    let sex = match sex {
        Sex::Male => "1",
        Sex::Female => "2",
        _ => "?",
    };
    Product::Attributes([name, address, birth.as_str(), sex].map(str::to_owned))
}
