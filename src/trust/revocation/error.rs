use jiff::Timestamp;
use thiserror::Error;

use super::RevocationReason;
use crate::trust::CertificateError;

/// A list of revoked certificates or an answer of an OCSP responder isn't used.
///
/// Nothing is known about any certificate then: it is as if the bytes hadn't
/// come. Keep the list that is there, log the error, and fetch again: later for
/// [`Stale`](Self::Stale), [`Older`](Self::Older) and [`Responder`](Self::Responder)
/// with 2 or 3; with a new [`OcspRequest`](super::OcspRequest), since each is good
/// for one answer; elsewhere for what is wrong in the data itself. Where
/// [`NotYetValid`](Self::NotYetValid) or [`RootNotValid`](Self::RootNotValid) comes
/// for all data, it's this terminal's clock or the roots. For a person at the desk it
/// is no refusal: the centre's answer decides.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RevocationError {
    /// The bytes can't be read. The position counts from the start of the list or
    /// the answer; in a responder's certificate, from the start of that.
    #[error(transparent)]
    Form(#[from] CertificateError),
    /// More bytes than are looked at.
    #[error("{len} bytes of revocation data, at most {max} are looked at")]
    TooLong {
        /// Bytes given.
        len: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// The root itself isn't valid at the time that was asked about.
    #[error("the root is valid from {not_before} to {not_after} (now {now})")]
    RootNotValid {
        /// The time that was asked about.
        now: Timestamp,
        /// First second of the root.
        not_before: Timestamp,
        /// Last second of the root.
        not_after: Timestamp,
    },
    /// The issuer named isn't the root.
    #[error("revocation data of another issuer")]
    OtherIssuer,
    /// The root may not sign this, or not with this algorithm.
    #[error("{element}: {why}")]
    NotAllowed {
        /// By its name in RFC 5280 or RFC 6960.
        element: &'static str,
        /// What is wrong.
        why: &'static str,
    },
    /// The signature isn't that of the key it should be of: changed data, or data
    /// under another generation of the root, since all bear one name.
    #[error("the signature over the revocation data is wrong")]
    BadSignature,
    /// What is critical and not understood must be refused (RFC 5280 §5.2).
    #[error("critical extension {oid} is not understood")]
    UnknownCriticalExtension {
        /// Dotted object identifier.
        oid: String,
    },
    /// Its time is to come, by more than [`CLOCK_SKEW`](super::CLOCK_SKEW).
    #[error("revocation data of {this_update}, which is to come (now {now})")]
    NotYetValid {
        /// The time that was asked about.
        now: Timestamp,
        /// When it was made.
        this_update: Timestamp,
    },
    /// Newer data should have been fetched.
    #[error("revocation data was to be replaced by {next_update} (now {now})")]
    Stale {
        /// The time that was asked about.
        now: Timestamp,
        /// When it ended.
        next_update: Timestamp,
    },
    /// A list for the same certificates is there already, and it is newer.
    #[error("a newer list for the same certificates is there already")]
    Older,
    /// The responder gave no answer: its status, 1 to 6 (RFC 6960 §4.2.1).
    #[error("the responder refused with status {status} ({})", status_name(*.status))]
    Responder {
        /// 1 malformedRequest, 2 internalError, 3 tryLater, 5 sigRequired, 6 unauthorized.
        status: u8,
    },
    /// The answer bears another nonce than the request, or none: it may be an old one.
    #[error("the answer's nonce is not the request's")]
    OtherNonce,
    /// The answer is about other certificates.
    #[error("the answer is not about the certificate that was asked about")]
    OtherCertificate,
    /// Neither the root nor a certificate that it issued for this is the signer.
    #[error("the signer of the answer was not appointed by the root")]
    NotAppointed,
    /// The responder's certificate may be revoked itself: it lacks
    /// id-pkix-ocsp-nocheck, and no source called it good.
    #[error("the responder's own certificate may be revoked")]
    ResponderUnchecked,
    /// The operating system gave no random bytes.
    #[error("no random bytes from the system")]
    NoRandomness,
    /// The nonce has to have 16 to 32 bytes: fewer can be guessed, and responders after RFC 8954 take no more.
    #[error("a nonce of {len} bytes, expected 16 to 32")]
    NonceLength {
        /// Bytes given.
        len: usize,
    },
}

/// By its name in RFC 6960 §4.2.1.
const fn status_name(status: u8) -> &'static str {
    match status {
        1 => "malformedRequest",
        2 => "internalError",
        3 => "tryLater",
        5 => "sigRequired",
        6 => "unauthorized",
        _ => "not one of RFC 6960",
    }
}

/// The certificate is revoked: the card may not be used for authentication.
///
/// The person gets a new certificate at the municipal office; until then the
/// 資格確認書 (certificate of eligibility) is shown at the reception.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the certificate was revoked at {at} ({reason:?})")]
pub struct Revoked {
    /// Since when.
    pub at: Timestamp,
    /// Why, as far as the issuer says it.
    pub reason: RevocationReason,
}
