//! `jpki`, as its command line tool uses it.

use super::Trouble;
use crate::task::{CHALLENGE, Knowledge};
use crate::{Product, Task, Wire};
use jpki::Card;
use jpki::ap::crypto::CertType;
use jpki::ap::support::Sex;
use jpki::ap::surface::Pin;
use jpki::ap::{CryptoAp, SupportAp, SurfaceAp};
use jpki::nfc::{HandleError, HandlerInCtx};
use std::cell::RefCell;
use std::rc::Rc;

/// The link under `jpki`.
///
/// `jpki` offers room for as many bytes as the command's Le says (none without one), which never suffices: the status
/// word has two more. The link has to answer `NotEnoughBuffer`, and `jpki` calls it again with room enough.
pub struct JpkiLink {
    wire: Wire,
    /// Whether an answer that found no room is kept for the second call.
    keeps: bool,
    kept: RefCell<Option<(Vec<u8>, Vec<u8>)>>,
}

impl JpkiLink {
    /// Like `jpki`'s own PC/SC backend: the second call goes to the card again.
    #[must_use]
    pub fn as_pcsc(wire: Wire) -> Self {
        Self {
            wire,
            keeps: false,
            kept: RefCell::new(None),
        }
    }

    /// As it could be: the second call gets what the first one brought.
    #[must_use]
    pub fn keeping(wire: Wire) -> Self {
        Self {
            keeps: true,
            ..Self::as_pcsc(wire)
        }
    }
}

impl HandlerInCtx<()> for JpkiLink {
    fn handle_in_ctx(&self, (): (), command: &[u8], response: &mut [u8]) -> jpki::nfc::Result {
        let kept = self
            .kept
            .take()
            .filter(|(asked, _)| self.keeps && asked == command);
        let answer = match kept {
            Some((_, answer)) => answer,
            None => self.wire.exchange(command),
        };
        let len = answer.len();
        match response.get_mut(..len) {
            Some(room) => {
                room.copy_from_slice(&answer);
                Ok(len)
            }
            None => {
                self.kept.replace(Some((command.to_vec(), answer)));
                Err(HandleError::NotEnoughBuffer(len))
            }
        }
    }
}

pub(super) fn run<T: HandlerInCtx<()>>(
    task: Task,
    link: T,
    knows: &Knowledge,
) -> Result<Product, Trouble> {
    let card = Rc::new(Card::new(Box::new(link)));
    let pin = || knows.pin.as_bytes().to_vec();
    let info = || myna_card::data::sha256_digest_info(&myna_card::data::sha256(&CHALLENGE));
    match task {
        Task::Certificate => {
            let jpki = CryptoAp::open((), card)?;
            let certificate = jpki.read_certificate((), CertType::Auth, Vec::new())?;
            Ok(Product::Certificate(certificate))
        }
        Task::Signature => {
            let jpki = CryptoAp::open((), card)?;
            Ok(Product::Signature(jpki.auth((), pin(), info())?))
        }
        Task::CountedSignature => {
            let jpki = CryptoAp::open((), card)?;
            match jpki.auth_pin_status(())? {
                2.. => Ok(Product::Signature(jpki.auth((), pin(), info())?)),
                left => Err(Trouble::Failed(format!("{left} tries left"))),
            }
        }
        Task::Photo => {
            let surface = SurfaceAp::open((), card)?;
            let number = knows.reference_number_b.as_bytes().to_vec();
            let face = surface.read_surface((), Pin::B(number))?;
            Ok(Product::Photo(face.photo))
        }
        Task::Attributes => {
            let support = SupportAp::open((), card)?;
            let read = support.read_attributes((), knows.input_pin.as_bytes().to_vec())?;
            let sex = match read.sex {
                Sex::Male => "1",
                Sex::Female => "2",
                Sex::NotApplicable | Sex::Unknown => "?",
            };
            Ok(Product::Attributes([
                read.name,
                read.address,
                read.date_of_birth,
                sex.to_owned(),
            ]))
        }
        Task::IssuedPhoto | Task::LivePhoto | Task::IssuedAttributes => {
            Err(Trouble::NotOffered("verifies no signature"))
        }
    }
}
