//! `myna-card`, as its documentation and its example `read_card` use it.
//!
//! It brings whole files and verifies the whole card face, name and address included.

use super::Trouble;
use crate::task::{CHALLENGE, Knowledge};
use crate::{Product, Task, Wire};
use myna_card::ap::jpki::{JpkiAp, SignatureScheme};
use myna_card::ap::surface::{CardFace, SurfaceAp};
use myna_card::ap::text::{Attributes, TextAp, ef};
use myna_card::{Card, Pin, Retries, RsaPublicKey, Sex, Transmit};
use uketsuke::simulation::VirtualPki;

impl Transmit for Wire {
    fn transmit(&mut self, command: &[u8]) -> myna_card::Result<Vec<u8>> {
        Ok(self.exchange(command))
    }
}

pub(super) fn run<T: Transmit>(task: Task, link: T, knows: &Knowledge) -> Result<Product, Trouble> {
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
        Task::IssuedPhoto => Ok(Product::Photo(issued(&mut card, knows)?.1.photo.data)),
        Task::LivePhoto => {
            let (mut surface, face) = issued(&mut card, knows)?;
            let signature = surface.sign(&CHALLENGE)?;
            SignatureScheme::Sha256DigestInfo.verify(&face.public_key, &CHALLENGE, &signature)?;
            Ok(Product::Photo(face.photo.data))
        }
        Task::Attributes => {
            let mut text = TextAp::select(&mut card)?;
            text.verify_pin(&Pin::numeric(knows.input_pin)?)?;
            Ok(attributes(text.read_attributes()?))
        }
        Task::IssuedAttributes => {
            let mut text = TextAp::select(&mut card)?;
            let certificate = text.read_certificate()?;
            certificate.verify_with(&top(VirtualPki::new().input_support_issuer_key()))?;
            text.verify_pin(&Pin::numeric(knows.input_pin)?)?;
            let file = text.read_ef(ef::ATTRIBUTES)?;
            let record = text.read_integrity_record()?;
            record.verify(&certificate.public_key)?;
            if !record.matches_attributes_file(&file)? {
                return Err(Trouble::Failed("the digest doesn't match".to_owned()));
            }
            Ok(attributes(Attributes::parse(&file)?))
        }
    }
}

/// The simulation's key instead of those that `myna-card` has compiled in.
fn top((_id, modulus): ([u8; 16], [u8; 256])) -> RsaPublicKey {
    RsaPublicKey {
        exponent: vec![1, 0, 1],
        modulus: modulus.to_vec(),
    }
}

fn sign(jpki: &mut JpkiAp<'_, impl Transmit>, knows: &Knowledge) -> Result<Product, Trouble> {
    jpki.verify_auth_pin(&Pin::numeric(knows.pin)?)?;
    let signature = jpki.sign_with_auth_key(SignatureScheme::Sha256DigestInfo, &CHALLENGE)?;
    Ok(Product::Signature(signature))
}

/// The card face, verified, with the application still open.
fn issued<'a, T: Transmit>(
    card: &'a mut Card<T>,
    knows: &Knowledge,
) -> Result<(SurfaceAp<'a, T>, CardFace), Trouble> {
    let mut surface = SurfaceAp::select(card)?;
    let certificate = surface.read_certificate()?;
    certificate.verify_with(&top(VirtualPki::new().card_face_issuer_key()))?;
    surface.verify_code_b(&Pin::numeric(knows.reference_number_b)?)?;
    let face = surface.read_card_face()?;
    face.verify(&certificate.public_key)?;
    Ok((surface, face))
}

fn attributes(read: Attributes) -> Product {
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
