use thiserror::Error;

use crate::{Realm, card::SignedApplication, tlv::TlvError, trust::ChallengeError};

/// A card-verifiable certificate, or something signed under it, isn't accepted.
///
/// Positions count bytes from the start of what is named. Nothing of the
/// content is repeated.
///
/// Ranked: of a certificate the first reason of form, issuer, signature,
/// application, realm is given; of what was signed under it the first of
/// session, form, signature, digests; of a live photo the challenge's time
/// before all others.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CvError {
    /// Longer than any certificate of this kind; not looked at.
    #[error("card-verifiable certificate of {len} bytes, at most {max} are looked at")]
    TooLong {
        /// Bytes given.
        len: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// Not the elements that belong here.
    #[error("{element}: {source}")]
    Tlv {
        /// What was read.
        element: &'static str,
        /// What is wrong at which byte.
        source: TlvError,
    },
    /// The elements are there, but one has another form than the profile asks for.
    #[error("{element} at byte {position}: {why}")]
    Form {
        /// What was read.
        element: &'static str,
        /// Where.
        position: usize,
        /// What is wrong.
        why: &'static str,
    },
    /// No pinned key has the issuer's key identifier.
    #[error("no pinned key has the issuer's key identifier")]
    UnknownIssuer,
    /// The lower certificate of the card itself names another issuer than the key of
    /// the upper one.
    #[error("the lower certificate is not one below the upper one")]
    NotBelow,
    /// A key is named, and it didn't sign this certificate.
    #[error("the issuer's signature over the card-verifiable certificate is wrong")]
    BadCertificateSignature,
    /// The certificate is genuine, and of the other application.
    #[error("the certificate was issued for the application {found}")]
    OtherApplication {
        /// Of the key that signed it.
        found: SignedApplication,
    },
    /// Issuer and signature are right, but the pinned key belongs to another world.
    #[error("a key of realm {found} signed this certificate; the policy does not accept it")]
    RealmNotAccepted {
        /// The realm of the key that signed.
        found: Realm,
    },
    /// What [`CvRoot::new`](super::CvRoot::new) was given as a key of one realm is
    /// known to belong to another.
    #[error("this key is of realm {found}, which it keeps")]
    KeyOfOtherRealm {
        /// Where the key belongs.
        found: Realm,
    },
    /// What [`CvRoot::new`](super::CvRoot::new) was given as a key for one application
    /// is known to be for another.
    #[error("this key is for the application {found}, and stays so")]
    KeyOfOtherApplication {
        /// Whose certificates the key signs.
        found: SignedApplication,
    },
    /// Things to be put together come from different visits or card sessions.
    #[error("certificate, data and signatures are not of one visit and card session")]
    OtherSession,
    /// The municipality's key didn't make this signature.
    #[error("the municipality's signature over {what} is wrong")]
    BadSignature {
        /// What should be signed.
        what: &'static str,
    },
    /// The municipality signed, but something else than this.
    #[error("the municipality's signature does not cover this {what}")]
    NotCovered {
        /// What isn't what was signed.
        what: &'static str,
    },
    /// The chip's own signature over the challenge isn't accepted.
    #[error(transparent)]
    Challenge(#[from] ChallengeError),
}
