//! The My Number card: applications, files, secrets, signatures.
//!
//! [`Card::new`] takes a [`Transport`](crate::transport::Transport) for one
//! visit, [`Card::open`] lends one application as [`Opened`], and what can be
//! called depends on which: [`Jpki`], [`CardFace`] or [`Common`].
//!
//! ```
//! use uketsuke::VisitId;
//! use uketsuke::card::{AuthPin, Card, Jpki, LastTry, SecretKind, SignatureInput};
//! use uketsuke::simulation::{CardOptions, Persona, VirtualReader};
//! use uketsuke::transport::Reader;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let now = "2026-11-24T00:00:00Z".parse()?;
//! let persona = Persona::named("in-order").ok_or("no such persona")?;
//! let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), now);
//!
//! let mut card = Card::new(reader.connect()?, VisitId::begin());
//! let mut jpki = card.open::<Jpki>()?;
//! let certificate = jpki.authentication_certificate(&mut |progress| {
//!     // Draw a bar: people pull a card when they see nothing move.
//!     let _ = (progress.read, progress.total);
//! })?;
//!
//! let tries = jpki.tries_left(SecretKind::AuthPin)?;
//! assert_eq!(tries.count(), 3);
//! let budget = tries.budget(LastTry::Refuse)?;
//! let pin = jpki.verify_pin(AuthPin::parse("1234")?, budget)?;
//! let signature = jpki.sign_authentication(&SignatureInput::sha256([0x5A; 32]))?;
//! assert_eq!(signature.bytes().len(), 256);
//! assert_eq!(signature.binding(), certificate.binding());
//! assert_eq!(signature.binding(), pin.binding());
//!
//! jpki.close()?;
//! # Ok(()) }
//! ```
//!
//! # A try belongs to the person
//!
//! A secret is presented to the card by [`Opened::verify_pin`] and
//! [`Opened::verify_reference_number_b`] only. Both take the secret and a
//! [`TryBudget`] by value; a budget comes from [`TriesLeft::budget`], a count
//! from the card itself. So the count is read before each try, the last try
//! needs [`LastTry::Allow`], and no code can present a secret twice: not after
//! a lost answer ([`VerifyError::OutcomeUnknown`]), and not a value that was
//! refused before in the same visit, even through another [`Card`]
//! ([`VerifyError::AlreadyRefused`]).
//!
//! # A key doesn't stay open
//!
//! On real cards a verified PIN is publicly reported to survive the end of the
//! connection, a warm reset, and selecting the same application again; it ends
//! with another application or without power. [`Opened::close`] leaves the
//! application, and whatever else happens [`Card`] powers a dirty card off
//! before it's used again or given back.
//!
//! # Few exchanges
//!
//! The card is the slow part. Files and keys are addressed by short identifier
//! and lengths come from what was read, so that on a fresh connection, with
//! extended length / with short length only, and a certificate of 1,584 bytes:
//!
//! | | exchanges |
//! |---|---|
//! | SELECT, authentication certificate | 2 / 8 |
//! | SELECT, tries left, PIN, signature | 4 / 4 |
//! | all of it in one session | 5 / 11 |
//!
//! And few they stay with a card that drips its bytes: one file is given up
//! after 16 transmissions and two for each 256 bytes that are read of such a
//! file at most, whatever the answers ask for. That is 80 for the certificate,
//! and 18 and at most 400 for the offset table and a photo.
//!
//! What is said here of real cards was publicly reported by projects that
//! measured them; nobody here has measured one.

mod application;
mod attributes;
mod birthdate;
mod cardface;
mod cardface_parts;
mod cardface_signed;
mod certificate;
mod change;
mod channel;
mod common;
mod data_object;
mod elements;
mod error;
mod file;
mod input_support;
mod issuer;
mod jpki;
mod keypad;
mod ledger;
mod map;
#[cfg(feature = "my-number")]
mod my_number;
#[cfg(feature = "my-number")]
mod my_number_image;
mod offsets;
mod proof;
mod raw;
mod refusals;
mod secret;
mod session;
mod sex;
mod sign;
#[cfg(test)]
mod tests;
mod token;
mod tries;
mod verify;

pub use application::{Application, CardFace, Common, InputSupport, Jpki};
pub use attributes::{Attributes, SignedAttributes};
pub use birthdate::BirthDate;
pub use cardface::{CardPhoto, ReferenceNumberSource, ReferenceSourceError};
pub use cardface_parts::{CardImage, FaceImage, FaceInformation};
pub use cardface_signed::{CardKeyRecord, SignedAge, SignedFace, SignedPhoto};
pub use certificate::{CardCaCertificate, CardCertificate};
pub use common::SerialRecord;
pub use data_object::{CardData, DataObject};
pub use error::{CardError, ChangeError, VerifyError};
pub use file::Progress;
pub use input_support::{InputInformation, OpensAttributes};
pub use issuer::{IssuerCertificate, SignedApplication};
#[cfg(feature = "my-number")]
pub use my_number::{MyNumber, OpensMyNumber};
#[cfg(feature = "my-number")]
pub use my_number_image::SignedMyNumberImage;
#[cfg(feature = "my-number")]
pub use proof::ReferenceAVerified;
pub use proof::{
    BirthDateVerified, InputPinVerified, PasswordVerified, PinVerified, ReferenceVerified,
};
#[cfg(feature = "my-number")]
pub use secret::ReferenceNumberA;
pub use secret::{
    AuthPin, BirthDateKey, InputPin, ReferenceNumberB, SecretFormatError, SecretKind, SignPassword,
};
pub use session::{Card, Opened};
pub use sex::Sex;
pub use sign::{CardSignature, SignatureInput, SignatureInputError};
pub use token::{CertificatesPresent, Token, TokenInformation};
pub use tries::{LastTry, TriesLeft, TryBudget};
