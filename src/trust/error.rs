use jiff::Timestamp;
use thiserror::Error;

use crate::Realm;

/// The bytes aren't a certificate that this library reads.
///
/// Positions count bytes from the start of the certificate. Nothing of the
/// content is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// Not the DER that X.690 asks for: truncated, a wrong tag, a length that
    /// isn't minimal, bytes left over inside an element.
    #[error("not DER at byte {position} ({element})")]
    Der {
        /// Where.
        position: usize,
        /// In which part of the certificate, by its name in RFC 5280.
        element: &'static str,
    },
    /// DER, but against RFC 5280 or the limits that hold for every certificate here.
    #[error("{element} at byte {position}: {why}")]
    Profile {
        /// Where the element begins.
        position: usize,
        /// By its name in RFC 5280.
        element: &'static str,
        /// What is wrong.
        why: &'static str,
    },
    /// Longer than any certificate of a card; not looked at.
    #[error("certificate of {len} bytes, at most {max} are looked at")]
    TooLong {
        /// Bytes given.
        len: usize,
        /// Bytes allowed.
        max: usize,
    },
}

/// The certificate isn't good for this use at this time under these roots.
///
/// The first reason in the order of the checks is given: form, issuer, algorithm,
/// signature, realm, time, critical extensions, names, purpose, policy, key. So a certificate that only
/// [`Lapsed`](Self::Lapsed) was really issued by an accepted root.
///
/// What to tell the person is [`Failure`](crate::eligibility::Failure)`::from(&error)`;
/// the error itself is for the log.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TrustError {
    /// It can't be read.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// No root bears the issuer's name and the authority's key identifier.
    ///
    /// So it is also for a genuine certificate where the [`Roots`](super::Roots) are
    /// those of the other kind or of another realm, or lack a new generation.
    #[error("no pinned root has the issuer's name and key identifier")]
    UnknownIssuer,
    /// Issuer and signature are right, but the root belongs to another world.
    #[error("a root of realm {found} signed this certificate; the policy does not accept it")]
    RealmNotAccepted {
        /// The realm of the root that signed.
        found: Realm,
    },
    /// What [`Root::new`](super::Root::new) was given for a root of one realm is
    /// known to belong to another.
    #[error("this root's key is of realm {found}, which it keeps")]
    KeyOfOtherRealm {
        /// Where the key belongs.
        found: Realm,
    },
    /// A root is named, and it didn't sign these bytes.
    #[error("the issuer's signature is wrong")]
    BadSignature,
    /// The certificate is in date, but the root that signed it isn't.
    #[error("the root is not valid at {now} ({not_before} to {not_after})")]
    RootNotValid {
        /// The time that was asked about.
        now: Timestamp,
        /// First second of the root.
        not_before: Timestamp,
        /// Last second of the root.
        not_after: Timestamp,
    },
    /// Its time is to come.
    #[error("not valid before {not_before} (now {now})")]
    NotYetValid {
        /// The time that was asked about.
        now: Timestamp,
        /// First second of the certificate.
        not_before: Timestamp,
    },
    /// Its time is over, and so is the grace, if there was any.
    #[error("lapsed: valid to {not_after} (now {now})")]
    Lapsed {
        /// The time that was asked about.
        now: Timestamp,
        /// Last second of the certificate.
        not_after: Timestamp,
    },
    /// RFC 5280 §4.2: what is critical and not understood must be refused.
    #[error("critical extension {oid} is not understood")]
    UnknownCriticalExtension {
        /// Dotted object identifier.
        oid: String,
    },
    /// The signature is of an algorithm that isn't accepted, or its parameters are
    /// not those of the standard.
    #[error("signature algorithm {oid} is not accepted here (or not with these parameters)")]
    AlgorithmNotAccepted {
        /// Dotted object identifier.
        oid: String,
    },
    /// The holder's (or the root's) key is of a kind or size that isn't accepted.
    ///
    /// An RSA key (1.2.840.113549.1.1.1) that comes without `bits` has another
    /// exponent than 65537, or parameters other than NULL. One on an elliptic curve
    /// is on another than P-384, a compressed point, or not accepted by the
    /// [`AlgorithmPolicy`](super::AlgorithmPolicy).
    #[error("public key of algorithm {oid}{} is not accepted", with_bits(*.bits))]
    KeyNotAccepted {
        /// Dotted object identifier.
        oid: String,
        /// Of the modulus, for RSA with the exponent 65537.
        bits: Option<usize>,
    },
    /// certificatePolicies doesn't name the policy of this use in this realm.
    #[error("certificatePolicies name {} and not {wanted}", .found.as_deref().unwrap_or("none"))]
    PolicyNotAccepted {
        /// The first policy that is named, dotted.
        found: Option<String>,
        /// The policy of cards, dotted.
        wanted: String,
    },
    /// A field isn't what the profile of this purpose asks for.
    #[error("{element}: {why}")]
    NotForThisPurpose {
        /// By its name in RFC 5280.
        element: &'static str,
        /// What is wrong.
        why: &'static str,
    },
}

fn with_bits(bits: Option<usize>) -> String {
    bits.map_or_else(String::new, |bits| format!(" with {bits} bits"))
}

pub(super) const fn wrong(element: &'static str, why: &'static str) -> TrustError {
    TrustError::NotForThisPurpose { element, why }
}

/// The signature over the challenge isn't accepted, or there is no challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ChallengeError {
    /// Too late: make a new challenge and let the card sign that.
    #[error("the challenge expired at {expired} (now {now})")]
    Expired {
        /// Its last instant.
        expired: Timestamp,
        /// The time that was asked about.
        now: Timestamp,
    },
    /// The challenge was made for something else.
    #[error("the challenge was made for another purpose")]
    OtherPurpose,
    /// Chain, challenge and signature come from different visits or card sessions.
    #[error("chain, challenge and signature are not of one visit and card session")]
    OtherVisit,
    /// The key of the certificate didn't sign this.
    #[error("the signature does not match the certificate's key")]
    BadSignature,
    /// The operating system gave no random bytes.
    #[error("no random bytes from the system")]
    NoRandomness,
    /// Bytes from a centre that are too few to be fresh, or too many.
    #[error("{len} bytes from the centre, expected {min} to {max}")]
    CentreBytes {
        /// Bytes given.
        len: usize,
        /// Fewest allowed.
        min: usize,
        /// Most allowed.
        max: usize,
    },
    /// The signed message isn't one that this library makes.
    #[error("the signed message is not a challenge of this library")]
    NotAChallenge,
    /// The certificate beside the signature can't be read or has another kind of key.
    #[error("the certificate beside the signature has no key that can be used")]
    NoKey,
}
