//! The My Number card: applications, files, secrets, signatures.
//!
//! [`Card::new`] takes a [`Transport`](crate::transport::Transport) for one
//! visit, [`Card::open`] lends one application as [`Opened`], and what can be
//! called depends on which: [`Jpki`], [`CardFace`], [`InputSupport`] or
//! [`Common`]. [`Card::data_object`] asks the card itself.
//!
//! Where everything is on the card is data: one table of applications, files,
//! secrets and keys, private to this module. The next generation of the card
//! (two applications, P-384, 照合番号 of six digits, as announced) is to be
//! another table.
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
//! A secret is presented to the card by the functions whose names begin with
//! `verify_` only. They take the secret and a [`TryBudget`] by value; a budget
//! comes from [`TriesLeft::budget`], a count from the card itself, of one secret
//! in one application ([`Opened::tries_left`]). So the count is read before each
//! try, the last try needs [`LastTry::Allow`], and no code can present a secret
//! twice: not after a lost answer ([`VerifyError::OutcomeUnknown`]), and not a
//! value that was refused before in the same visit, even through another
//! [`Card`] or in another application ([`VerifyError::AlreadyRefused`]).
//!
//! | secret | application | presented by | proof | opens |
//! |---|---|---|---|---|
//! | [`AuthPin`] | [`Jpki`] | [`verify_pin`](Opened::verify_pin), or on the reader's keypad | [`PinVerified`] | the authentication key |
//! | [`SignPassword`] | [`Jpki`] | [`verify_sign_password`](Opened::verify_sign_password) | [`PasswordVerified`] | the signing key and its certificate |
//! | [`ReferenceNumberB`] | [`CardFace`], [`InputSupport`] | `verify_reference_number_b` | [`ReferenceVerified`] | the face with the photo; the four attributes |
//! | [`BirthDateKey`] | [`CardFace`] | [`verify_birth_date`](Opened::verify_birth_date) | [`BirthDateVerified`] | the age record |
//! | [`InputPin`] | [`InputSupport`] | [`verify_input_pin`](Opened::verify_input_pin), or on the reader's keypad | [`InputPinVerified`] | the four attributes, the My Number |
//! | `ReferenceNumberA` | [`CardFace`], [`InputSupport`] | `verify_reference_number_a` | `ReferenceAVerified` | the My Number and its picture |
//!
//! The last one, and whatever reads the My Number, need the feature `my-number`.
//!
//! On the reader's own keypad ([`Opened::verify_pin_on_keypad`]) the same holds,
//! but for one thing: the digits never come here, so a refused value isn't
//! known again.
//!
//! # Changing a PIN
//!
//! [`Opened::change_pin`], [`Opened::change_sign_password`] and
//! [`Opened::change_input_pin`] use up the proof of the old value and send the
//! new one once. When the answer is lost, either the old or the new value holds,
//! and the error says so ([`ChangeError`]). Locked secrets aren't unlocked by any
//! public program: that is the municipal office's.
//!
//! # Phones
//!
//! Phones are reported to carry JPKI alone: no card face, no photo, no 照合番号
//! ([`Card::open`] gives [`CardError::NoApplication`]). Android's wants the PIN
//! before it shows the certificate:
//! [`authentication_certificate`](Opened::authentication_certificate) gives
//! [`CardError::NotVerified`] then, [`token`](Opened::token) tells what it is,
//! and after [`verify_pin`](Opened::verify_pin) the certificate can be read.
//! The iPhone's label was reported by one project, and little else of it.
//! Whether a phone has an issuer security domain isn't public: where selecting
//! it is refused, [`Opened::close`] says so and the card is powered off before
//! its next use.
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
//! reader and card known to take extended length / with short length only, and
//! with files of the reported sizes (certificate 1,584 bytes, issuer's
//! certificate 568, four attributes 104, integrity record 336):
//!
//! | | exchanges |
//! |---|---|
//! | SELECT, authentication certificate | 2 / 8 |
//! | SELECT, tries left, PIN, signature | 4 / 4 |
//! | both in one session | 5 / 11 |
//! | SELECT, issuer's certificate, tries left, 照合番号B, photo with signature | 6 / 7 + ⌈(photo + signature) / 256⌉ |
//! | the same, and the live chip's signature | 7 / 9 + ⌈(photo + signature) / 256⌉ |
//! | SELECT, tries left, PIN or 照合番号B, four attributes | 4 / 4 |
//! | the same with the integrity record | 5 / 6 |
//! | SELECT, token | 2 / 2 |
//! | SELECT, serial record | 2 / 2 |
//! | data object of the card | 1 / 1 |
//! | changing a PIN, behind the VERIFY of the old one | 2 / 2 |
//! | leaving an application, if a secret was presented | 1 / 1 |
//!
//! Extended length has two forms, READ BINARY by short identifier and plain with
//! an offset, and cards are reported to take one and refuse the other. What isn't
//! known is tried on free data alone, never between a VERIFY and what it opened,
//! and what was refused isn't tried again: a refused attempt is one exchange
//! more, once for this [`Card`].
//!
//! # The most that a card can make of it
//!
//! A hostile card can answer whatever it likes, and each call still ends. These
//! are the most exchanges, and the most bytes of answers that are taken; one
//! answer more, of at most 65,536 bytes, may come and be refused. GET RESPONSE
//! and repeated commands are counted.
//!
//! | call | exchanges | bytes |
//! |---|---|---|
//! | [`Card::new`], [`Card::release`], drop | 0 | 0 |
//! | [`Card::open`] | 16 | 1,024 |
//! | [`Opened::close`] | 8 | 512 |
//! | [`Opened::tries_left`], each `verify_…` | 1 | 0 |
//! | [`Opened::raw`] | 1 | 65,536 |
//! | each signature | 8 | 512 |
//! | each change of a secret | 9 | 512 |
//! | each certificate (at most 8 KiB is kept) | 80 | 73,728 |
//! | [`Opened::token`], [`Opened::token_information`] | 18 | 65,696 |
//! | [`Opened::certificates_present`] | 18 | 65,539 |
//! | issuer's certificate (2 KiB) | 32 | 67,584 |
//! | basic information (1 KiB) | 24 | 66,560 |
//! | age record (2 KiB) | 32 | 67,584 |
//! | photo, face or a picture of it (48 KiB, with 96 bytes for the offset table) | 18 + 400 | 180,320 |
//! | photo with the card key's record (608 bytes) | 22 + 400 | 180,832 |
//! | four attributes (4 KiB) | 48 | 69,632 |
//! | the same with the integrity record (1 KiB) | 48 + 24 | 136,192 |
//! | My Number (64 bytes) | 18 | 65,600 |
//! | picture of the My Number (4 KiB) | 48 | 69,632 |
//! | serial record, [`Opened::expiry_hint`] of [`Common`] | 8 | 512 |
//! | [`Card::data_object`] | 8 + 16 | 8,704 |
//!
//! Of a file, that is 16 exchanges and two for each 256 bytes that are kept of
//! it at most, and 65,536 bytes (one extended answer) and what is kept.
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
pub(crate) use refusals::VisitRefusals;
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
