//! `myna-card`, as its documentation and its example `read_card` use it.

use super::Trouble;
use crate::task::{CHALLENGE, Knowledge};
use crate::{Product, Task, Wire};
use myna_card::ap::jpki::{JpkiAp, SignatureScheme};
use myna_card::ap::surface::SurfaceAp;
use myna_card::ap::text::TextAp;
use myna_card::{Card, Pin, Retries, Sex, Transmit};

impl Transmit for Wire {
    fn transmit(&mut self, command: &[u8]) -> myna_card::Result<Vec<u8>> {
        Ok(self.exchange(command))
    }
}

pub(super) fn run(task: Task, link: Wire, knows: &Knowledge) -> Result<Product, Trouble> {
    let mut card = Card::new(link);
    match task {
        Task::Certificate => {
            let certificate = JpkiAp::select(&mut card)?.read_auth_certificate()?;
            Ok(Product::Certificate(certificate.der().to_vec()))
        }
        Task::Signature => {
            let mut jpki = JpkiAp::select(&mut card)?;
            sign(&mut jpki, knows)
        }
        Task::CountedSignature => {
            let mut jpki = JpkiAp::select(&mut card)?;
            match jpki.auth_pin_retries()? {
                Retries::Remaining(2..) => sign(&mut jpki, knows),
                other => Err(Trouble::Failed(format!("{other:?}"))),
            }
        }
        Task::Photo => {
            let mut surface = SurfaceAp::select(&mut card)?;
            surface.verify_code_b(&Pin::numeric(knows.reference_number_b)?)?;
            Ok(Product::Photo(surface.read_card_face()?.photo.data))
        }
        Task::IssuedPhoto => {
            let mut surface = SurfaceAp::select(&mut card)?;
            let certificate = surface.read_certificate()?;
            surface.verify_code_b(&Pin::numeric(knows.reference_number_b)?)?;
            let face = surface.read_card_face()?;
            face.verify(&certificate.public_key)?;
            Ok(Product::Photo(face.photo.data))
        }
        Task::Attributes => {
            let mut text = TextAp::select(&mut card)?;
            text.verify_pin(&Pin::numeric(knows.pin)?)?;
            Ok(attributes(text.read_attributes()?))
        }
        Task::IssuedAttributes => Err(Trouble::NotOffered("not yet")),
    }
}

fn sign(jpki: &mut JpkiAp<'_, Wire>, knows: &Knowledge) -> Result<Product, Trouble> {
    jpki.verify_auth_pin(&Pin::numeric(knows.pin)?)?;
    let info = myna_card::data::sha256_digest_info(&myna_card::data::sha256(&CHALLENGE));
    let signature = jpki.sign_with_auth_key(SignatureScheme::Verbatim, &info)?;
    Ok(Product::Signature(signature))
}

fn attributes(read: myna_card::ap::text::Attributes) -> Product {
    let birth = read.birth_date;
    let sex = match read.sex {
        Sex::Male => "1",
        Sex::Female => "2",
        _ => "?",
    };
    Product::Attributes([
        read.name,
        read.address,
        format!("{:04}{:02}{:02}", birth.year, birth.month, birth.day),
        sex.to_owned(),
    ])
}
