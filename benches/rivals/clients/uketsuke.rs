//! This crate.

use super::Trouble;
use crate::task::{CHALLENGE, Knowledge};
use crate::{Product, Task, Wire};
use uketsuke::VisitId;
use uketsuke::card::{
    AuthPin, Card, CardFace, Jpki, LastTry, ReferenceNumberB, SecretKind, SignatureInput,
};

pub(super) fn run(task: Task, link: Wire, knows: &Knowledge) -> Result<Product, Trouble> {
    let mut card = Card::new(link, VisitId::begin());
    match task {
        Task::Certificate => {
            let mut jpki = card.open::<Jpki>()?;
            let certificate = jpki.authentication_certificate(&mut |_| ())?;
            Ok(Product::Certificate(certificate.der().to_vec()))
        }
        Task::Signature => Err(Trouble::NotOffered("asks for the tries left, always")),
        Task::CountedSignature => {
            let mut jpki = card.open::<Jpki>()?;
            let budget = jpki
                .tries_left(SecretKind::AuthPin)?
                .budget(LastTry::Refuse)?;
            let _verified = jpki.verify_pin(AuthPin::parse(knows.pin)?, budget)?;
            let digest = myna_card::data::sha256(&CHALLENGE);
            let signature = jpki.sign_authentication(&SignatureInput::sha256(digest))?;
            Ok(Product::Signature(signature.bytes().to_vec()))
        }
        Task::Photo => {
            let mut face = card.open::<CardFace>()?;
            let budget = face
                .tries_left(SecretKind::ReferenceNumberB)?
                .budget(LastTry::Refuse)?;
            let number = ReferenceNumberB::parse(knows.reference_number_b)?;
            let verified = face.verify_reference_number_b(number, budget)?;
            let photo = face.photo(&verified, &mut |_| ())?;
            Ok(Product::Photo(photo.jpeg2000().to_vec()))
        }
        Task::IssuedPhoto | Task::LivePhoto | Task::Attributes | Task::IssuedAttributes => {
            Err(Trouble::NotOffered("not yet"))
        }
    }
}
