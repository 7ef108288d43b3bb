//! Is a certificate revoked? Lists (CRL, RFC 5280 §5) and answers (OCSP, RFC 6960).

mod crl;
mod error;
mod index;
mod ocsp;
mod point;
mod query;
mod source;
mod table;
pub(crate) mod write;

use std::sync::RwLock;

use jiff::{SignedDuration, Timestamp};

pub use error::{RevocationError, Revoked};
pub use index::CrlIndex;
pub use ocsp::{CertIdHash, OcspAnswer, OcspRequest};
pub use query::RevocationQuery;
pub use source::CrlSource;

use super::{Root, SignatureAlgorithm, TrustError, key::PublicKey};

/// How much earlier than `now` a terminal's clock may be: revocation data that
/// says it was made up to five minutes after `now` is used.
pub const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Something that knows whether certificates are revoked, by lists (CRL, RFC 5280
/// §5) and answers (OCSP, RFC 6960).
///
/// Nothing here fetches anything: the caller does, and hands over the bytes.
/// [`ChainValidated::with_revocation`] asks a source, and so does a check-in
/// ([`Policy::with_revocation`]).
///
/// | what there is | what it says of a certificate |
/// |---|---|
/// | data in force | good or revoked |
/// | data that has ended | revoked, if it said so and not only on hold; else nothing |
/// | data of a time that is to come | nothing |
/// | data in force, made after the certificate lapsed | revoked, if it says so; else nothing |
/// | several sources | revoked if one says so, else good if one says so ([`RevocationAnswer::and`]) |
///
/// JPKI gives its revocation data to registered verifiers only, and where it is
/// fetched isn't public; so this was tested with simulated data alone.
///
/// [`CrlIndex`], [`CrlSource`] and [`OcspAnswer`] are sources; a verifier with
/// another link to the issuer can write its own:
///
/// ```
/// use std::collections::HashSet;
/// use jiff::Timestamp;
/// use uketsuke::trust::{
///     CrlSource, RevocationAnswer, RevocationQuery, RevocationReason, RevocationSource, Revoked,
/// };
///
/// /// Numbers that an operator shut out, by root, beside the lists.
/// struct ShutOut { since: Timestamp, numbers: HashSet<([u8; 32], Vec<u8>)>, lists: CrlSource }
///
/// impl RevocationSource for ShutOut {
///     fn ask(&self, query: &RevocationQuery<'_>, now: Timestamp) -> RevocationAnswer {
///         if self.numbers.contains(&(*query.root_sha256(), query.serial().to_vec())) {
///             let reason = RevocationReason::PrivilegeWithdrawn;
///             return RevocationAnswer::Revoked(Revoked { at: self.since, reason });
///         }
///         self.lists.ask(query, now)
///     }
/// }
/// ```
///
/// [`ChainValidated::with_revocation`]: crate::trust::ChainValidated::with_revocation
/// [`Policy::with_revocation`]: crate::checkin::Policy::with_revocation
pub trait RevocationSource {
    /// What is known about one certificate at `now`. It answers at once, from
    /// what was fetched before.
    ///
    /// [`Good`](RevocationAnswer::Good) only if the issuer said so, about
    /// exactly this certificate or a scope that it lies in, and if that still holds at `now`.
    fn ask(&self, query: &RevocationQuery<'_>, now: Timestamp) -> RevocationAnswer;
}

/// For a source that gets new data while it is asked: what asks holds an
/// `Arc<RwLock<CrlSource>>`, and so does what adds lists.
///
/// After a panic of a writer nothing in it is believed.
impl<S: RevocationSource + ?Sized> RevocationSource for RwLock<S> {
    fn ask(&self, query: &RevocationQuery<'_>, now: Timestamp) -> RevocationAnswer {
        self.read()
            .map_or(RevocationAnswer::Unknown(NoAnswer::NotCovered), |source| {
                source.ask(query, now)
            })
    }
}

/// What a [`RevocationSource`] knows about a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevocationAnswer {
    /// Not revoked.
    Good,
    /// Revoked, for good or on hold.
    Revoked(Revoked),
    /// Nobody said anything that holds now.
    Unknown(NoAnswer),
}

impl RevocationAnswer {
    /// What two sources together know about one certificate.
    ///
    /// Revoked, if one says so (the earlier one of two); else good, if one says
    /// so: that another one doesn't know takes nothing from it. Otherwise
    /// unknown, for the greater of the two reasons. So the order of the sources
    /// doesn't matter, nor how often each is asked.
    ///
    /// ```
    /// use uketsuke::trust::{NoAnswer, RevocationAnswer};
    ///
    /// let (good, unknown) = (RevocationAnswer::Good, RevocationAnswer::Unknown(NoAnswer::NotCovered));
    /// assert_eq!(unknown.and(good), good);
    /// assert_eq!(good.and(unknown), good);
    /// ```
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Revoked(one), Self::Revoked(two)) => {
                let key = |revoked: &Revoked| (revoked.at, revoked.reason.code());
                Self::Revoked(std::cmp::min_by_key(one, two, key))
            }
            (revoked @ Self::Revoked(_), _) | (_, revoked @ Self::Revoked(_)) => revoked,
            (Self::Good, _) | (_, Self::Good) => Self::Good,
            (Self::Unknown(one), Self::Unknown(two)) => Self::Unknown(one.max(two)),
        }
    }
}

/// Why there is no answer. The greater, the more can be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NoAnswer {
    /// The source has nothing about this certificate's issuer, municipality or number.
    NotCovered,
    /// The certificate had lapsed when the data was made. Issuers drop such ones
    /// from their lists (RFC 5280 §3.3), and call them good whatever they were
    /// (RFC 6960 §2.2).
    Lapsed,
    /// The issuer itself doesn't know the certificate.
    IssuerDoesNotKnow,
    /// What there is begins later.
    NotYetValid {
        /// When it begins.
        this_update: Timestamp,
    },
    /// What there was has ended: fetch it again.
    Stale {
        /// When it ended.
        next_update: Timestamp,
    },
}

/// Why a certificate was revoked (CRLReason, RFC 5280 §5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RevocationReason {
    /// Nothing said, or 0.
    Unspecified,
    /// 1: the private key may be in other hands.
    KeyCompromise,
    /// 2: the issuer's key may be.
    CaCompromise,
    /// 3: name, address or the like changed.
    AffiliationChanged,
    /// 4: there is another certificate in its place.
    Superseded,
    /// 5: no longer needed.
    CessationOfOperation,
    /// 6: on hold, perhaps not for ever (card reported lost).
    CertificateHold,
    /// 9: a privilege was withdrawn.
    PrivilegeWithdrawn,
    /// 10: the key of an attribute authority may be in other hands.
    AaCompromise,
}

impl RevocationReason {
    /// 7 isn't used, and 8 (removeFromCRL) comes in delta lists only, which aren't read.
    const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Unspecified,
            1 => Self::KeyCompromise,
            2 => Self::CaCompromise,
            3 => Self::AffiliationChanged,
            4 => Self::Superseded,
            5 => Self::CessationOfOperation,
            6 => Self::CertificateHold,
            9 => Self::PrivilegeWithdrawn,
            10 => Self::AaCompromise,
            _ => return None,
        })
    }

    const fn code(self) -> u8 {
        match self {
            Self::Unspecified => 0,
            Self::KeyCompromise => 1,
            Self::CaCompromise => 2,
            Self::AffiliationChanged => 3,
            Self::Superseded => 4,
            Self::CessationOfOperation => 5,
            Self::CertificateHold => 6,
            Self::PrivilegeWithdrawn => 9,
            Self::AaCompromise => 10,
        }
    }
}

/// From when to when data holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    this_update: Timestamp,
    next_update: Timestamp,
}

impl Window {
    /// What was said then, where it holds at `now` for a certificate that ends
    /// with `not_after`.
    fn holds(
        &self,
        said: RevocationAnswer,
        not_after: Timestamp,
        now: Timestamp,
    ) -> RevocationAnswer {
        match self.contains(now) {
            // Whoever was revoked stays so (RFC 5280 §5.3.1); only a hold ends.
            Err(NoAnswer::Stale { .. })
                if matches!(said, RevocationAnswer::Revoked(revoked)
                    if revoked.reason != RevocationReason::CertificateHold) =>
            {
                said
            }
            Err(why) => RevocationAnswer::Unknown(why),
            Ok(()) if said == RevocationAnswer::Good && not_after < self.this_update => {
                RevocationAnswer::Unknown(NoAnswer::Lapsed)
            }
            Ok(()) => said,
        }
    }

    /// Not beyond the root: nothing that it signed holds then.
    fn within(self, root: &Root) -> Self {
        Self {
            next_update: self.next_update.min(root.not_after),
            ..self
        }
    }

    /// Parts of a second don't count, as the data knows whole ones.
    fn contains(&self, now: Timestamp) -> Result<(), NoAnswer> {
        if now.as_second() > self.next_update.as_second() {
            return Err(NoAnswer::Stale {
                next_update: self.next_update,
            });
        }
        let early = self.this_update.as_second() - now.as_second();
        if early > CLOCK_SKEW.as_secs() {
            return Err(NoAnswer::NotYetValid {
                this_update: self.this_update,
            });
        }
        Ok(())
    }

    fn check(&self, now: Timestamp) -> Result<(), RevocationError> {
        let Self {
            this_update,
            next_update,
        } = *self;
        match self.contains(now) {
            Err(NoAnswer::Stale { .. }) => Err(RevocationError::Stale { now, next_update }),
            Err(_) => Err(RevocationError::NotYetValid { now, this_update }),
            Ok(()) => Ok(()),
        }
    }
}

/// A root that hasn't begun, or has ended, says nothing at `now`.
fn check_root(root: &Root, now: Timestamp) -> Result<(), RevocationError> {
    if root.is_valid_at(now) {
        return Ok(());
    }
    Err(RevocationError::RootNotValid {
        now,
        not_before: root.not_before,
        not_after: root.not_after,
    })
}

/// Is this the signature of `key`, with the one algorithm that goes with it?
///
/// Which keys and algorithms are accepted at all was decided where the root was
/// pinned and the chain validated.
fn check_signature(
    key: PublicKey<'_>,
    algorithm: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), RevocationError> {
    let algorithm = SignatureAlgorithm::of(algorithm)
        .filter(|found| *found == key.kind.signs())
        .ok_or(RevocationError::NotAllowed {
            element: "signatureAlgorithm",
            why: "is not that of the signer's key",
        })?;
    if key.verify(algorithm, message, signature) {
        Ok(())
    } else {
        Err(RevocationError::BadSignature)
    }
}

/// What a reader of certificates says, said of revocation data.
fn of_trust(error: TrustError) -> RevocationError {
    match error {
        TrustError::Certificate(form) => RevocationError::Form(form),
        TrustError::NotForThisPurpose { element, why } => {
            RevocationError::NotAllowed { element, why }
        }
        _ => RevocationError::NotAppointed,
    }
}
