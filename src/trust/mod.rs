//! Certificates, challenge and proof. Nothing here talks to a card.
//!
//! - [`Certificate`] reads one, in place; [`Roots`] say whether it is accepted,
//!   at a given time, and mint [`ChainValidated`].
//! - [`Challenge`] is what the card signs; its check mints [`ChallengeSigned`].
//! - [`Standing`] tells a certificate in force from one that ends soon or lives
//!   on grace.
//!
//! Four things that other software for these cards got wrong at some time, and
//! that are rules here: the issuer is chosen by key identifier and signature,
//! since all generations of the root bear one name; the signature is checked
//! over the bytes as they came; key usage, purpose, policy and unknown critical
//! extensions are looked at; and the CA certificate on the card is never used.

mod certificate;
mod chain;
mod challenge;
mod cursor;
mod cv;
mod error;
mod extension;
mod key;
mod message;
mod oid;
mod path;
mod pin;
mod roots;
mod standing;

pub use certificate::{Certificate, CertificateDigest};
pub use chain::{ChainValidated, Revocation};
pub use challenge::{
    Challenge, ChallengeSigned, Purpose, SignedChallenge, SignedFields, TerminalId, TerminalIdError,
};
#[cfg(feature = "my-number")]
pub use cv::IssuedMyNumberImage;
pub use cv::{
    AgeRecord, CvCertificate, CvError, CvRoot, CvRoots, IssuedAttributes, IssuedFace, IssuedPhoto,
    IssuerKey, LivePhoto, UnsignedParts,
};
pub use error::{CertificateError, ChallengeError, TrustError};
pub use roots::{Root, Roots};
pub use standing::{GraceRule, Standing};

use pin::pin;

#[cfg(all(test, feature = "simulation"))]
mod tests;
