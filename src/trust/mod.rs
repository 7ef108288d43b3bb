//! Certificates, challenge and proof. Nothing here talks to a card.
//!
//! - [`Certificate`] reads one, in place; [`Roots`] say whether it is accepted,
//!   at a given time, and mint [`ChainValidated`].
//!   For signing certificates (署名用電子証明書) there are roots of their own, and
//!   another proof, [`SigningChainValidated`].
//! - [`Challenge`] is what the card signs; its check mints [`ChallengeSigned`].
//! - [`Standing`] tells a certificate in force from one that ends soon or lives
//!   on grace.
//! - [`CvRoots`] validate the short certificates ([`CvCertificate`]) of the card
//!   face (券面事項確認AP) and the input support (券面事項入力補助AP), and mint
//!   [`IssuerKey`]: with it a photo is proved [issued](IssuedPhoto), and issued
//!   [to this live chip](LivePhoto).
//! - [`RevocationSource`] is what knows whether a certificate was revoked (失効), by
//!   lists and answers that the caller fetched: [`CrlIndex`] is one list, searched by
//!   number; [`CrlSource`] are those of all municipalities; [`OcspRequest`] asks a
//!   responder, and checks what becomes an [`OcspAnswer`]. They close what a chain leaves
//!   [pending](Revocation), or end it.
//! - [`Holder`] is who a signing certificate (署名用電子証明書) says that it is for;
//!   of a validated one, [`IssuedHolder`].
//! - [`Evidence`] keeps certificate, challenge and signature for somebody who
//!   wasn't there.
//!
//! Four things that other software for these cards got wrong at some time, and
//! that are rules here: the issuer is chosen by key identifier and signature,
//! since all generations of the root bear one name; the signature is checked
//! over the bytes as they came; key usage, purpose, policy and unknown critical
//! extensions are looked at; and the CA certificate on the card is never used.
//!
//! # What to do about an error
//!
//! | error | the person at the desk | whoever runs the terminal |
//! |---|---|---|
//! | [`TrustError`] | [`Failure`]`::from(&error)`, and [`advise`] on it | the log; for all cards at once: clock, roots, realm, policy |
//! | [`Revoked`] | [`Failure`]`::from(&revoked)` | nothing: it is so |
//! | [`ChallengeError`] | [`Failure::PersonTimedOut`] for `Expired`, else [`Failure::SignatureInvalid`] | a new challenge, never the old one again |
//! | [`CvError`] | the photo or the attributes are not proved: go on without them, by PIN | the log; `OtherSession` is the program's own mistake, `UnknownIssuer` and `RealmNotAccepted` for all cards are wrong [`CvRoots`] |
//! | [`RevocationError`] | nothing: the centre decides | fetch again ([more](RevocationError)) |
//! | [`EvidenceError`] | nobody is at a desk | form errors: the bytes were changed or cut; `Chain` says under which time or roots it doesn't hold |
//!
//! All of them are `Send`, `Sync` and `'static`, as the proofs and sources are; none repeats anything
//! of the holder.
//!
//! [`Failure`]: crate::eligibility::Failure
//! [`Failure::PersonTimedOut`]: crate::eligibility::Failure::PersonTimedOut
//! [`Failure::SignatureInvalid`]: crate::eligibility::Failure::SignatureInvalid
//! [`advise`]: crate::eligibility::advise
//!
//! # What the card face proves
//!
//! A municipality signs the files of a card once, when it issues the card. What
//! was signed can be copied and played again by anything that answers like a
//! card; only what the chip signs just now can't.
//!
//! | proof | says | doesn't say |
//! |---|---|---|
//! | [`IssuedPhoto`], [`IssuedFace`] | a municipality issued this photo (this face) | on which chip: it may be a copy |
//! | [`AgeRecord`], [`IssuedAttributes`] | a municipality issued this birth date, this name and address | the same; and whether they still hold |
//! | [`LivePhoto`] | the chip that answers is the one that the photo and the birth date were issued for | whose the JPKI key is that answers beside it, and how far away the chip is |
//!
//! **The key of the card face isn't bound to the key of JPKI.** Nothing public
//! ties the two applications of one chip together by signature. A device that
//! passes one chip's card face on, and another chip's JPKI application, gets a
//! `LivePhoto` and a [`ChallengeSigned`] of two different cards. The birth date in
//! `LivePhoto` is there to be compared with the one that the centre knows for the
//! certificate's holder: that leaves only people born on one day.
//!
//! **A certificate of this kind has no end.** It holds no time, and nothing
//! public revokes one. Whether the card is still good is told by the JPKI
//! certificate and the centre, not by its face.
//!
//! **The certificates of the card itself prove nothing of it.** They lead to a pinned
//! key ([`CvRoots::check_card_level`]), and nothing known is signed under them.
//!
//! The face's signature is over three digests in one block, of which a photo
//! needs one: see [`IssuedPhoto::verify`]. A verifier that looks for a digest
//! somewhere in such a block can be given a forged one; here every byte of it is
//! compared, but for the two digests whose parts weren't read.
//!
//! # What evidence proves
//!
//! [`Evidence`] is made only where somebody asks for it, and says to whoever
//! trusts the same roots: the key of this certificate signed this challenge, and
//! at a time that *the verifier* names the certificate was good or wasn't.
//!
//! | question | answered by |
//! |---|---|
//! | Which key signed what? | [`Evidence::verify`] |
//! | Was the certificate good? | the same, for the time that it is given |
//! | When, at which terminal, how was the person identified? | nobody: [`Claims`], at best a terminal's word ([`Evidence::verify_terminal`]) |
//! | Was the certificate revoked by then? | not the evidence: a [`RevocationSource`], as far as it still knows ([`RevocationQuery::new`]) |
//! | Was the holder there, and was the insurance confirmed? | nobody: the card signs for whoever has the PIN, and the centre signs nothing |
//!
//! Evidence can be shown any number of times, so nothing that a check-in asks
//! for comes of it.

mod algorithm;
mod certificate;
mod chain;
mod challenge;
mod cursor;
mod cv;
mod era;
mod error;
mod evidence;
mod evidence_bytes;
mod extension;
mod holder;
mod issued_holder;
mod key;
mod message;
mod oid;
mod path;
mod pin;
mod profile;
mod published;
pub(crate) mod revocation;
mod root;
mod roots;
mod standing;
mod substitution;
mod terminal_key;
mod terminal_point;

pub use algorithm::{AlgorithmPolicy, SignatureAlgorithm};
pub use certificate::{Certificate, CertificateDigest};
pub use chain::{ChainValidated, Revocation, SigningChainValidated};
pub use challenge::{
    Challenge, ChallengeSigned, Purpose, SignedChallenge, SignedFields, TerminalId, TerminalIdError,
};
#[cfg(feature = "my-number")]
pub use cv::IssuedMyNumberImage;
pub(crate) use cv::PhotoMark;
pub use cv::{
    AgeRecord, CvCertificate, CvError, CvRoot, CvRoots, IssuedAttributes, IssuedFace, IssuedPhoto,
    IssuerKey, LivePhoto, UnsignedParts,
};
pub use era::Era;
pub use error::{CertificateError, ChallengeError, TrustError};
pub use evidence::{Claims, Evidence, EvidenceVerified};
pub use evidence_bytes::EvidenceError;
pub use holder::Holder;
pub use issued_holder::IssuedHolder;
pub use key::verify_signature;
pub use profile::CertificateUse;
pub use revocation::{
    CLOCK_SKEW, CertIdHash, CrlIndex, CrlSource, NoAnswer, OcspAnswer, OcspRequest,
    RevocationAnswer, RevocationError, RevocationQuery, RevocationReason, RevocationSource,
    Revoked,
};
pub use root::Root;
pub use roots::Roots;
pub use standing::{GraceRule, Standing};
pub use substitution::Substitutions;
pub use terminal_key::{TerminalKey, TerminalKeyError};

use pin::pin;

#[cfg(all(test, feature = "simulation"))]
mod tests;
