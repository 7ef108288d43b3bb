use std::fmt;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{
    Certificate, CertificateDigest, RevocationAnswer, RevocationQuery, RevocationSource, Revoked,
    Root, Standing, key::OwnedKey, path::Accepted,
};
use crate::{Binding, Realm, card::CardCertificate};

/// Was it asked whether the certificate is revoked?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Revocation {
    /// Asked and not revoked.
    Good,
    /// Not asked yet. By itself that isn't enough for a check-in.
    Pending,
}

/// Proof that the certificate read in this card session leads to an accepted
/// root, is of the right kind and has a standing.
///
/// Made by [`Roots::validate_authentication`](super::Roots::validate_authentication) only; can't be copied. It doesn't
/// say that the card holds the key: that's [`ChallengeSigned`](super::ChallengeSigned).
pub struct ChainValidated {
    binding: Binding,
    digest: CertificateDigest,
    der: Zeroizing<Vec<u8>>,
    key: OwnedKey,
    issuer: Root,
    standing: Standing,
    revocation: Revocation,
}

impl ChainValidated {
    pub(super) fn new(certificate: &CardCertificate, accepted: &Accepted<'_, '_>) -> Self {
        Self {
            binding: certificate.binding(),
            digest: CertificateDigest::of(certificate.der()),
            der: Zeroizing::new(certificate.der().to_vec()),
            key: accepted.key.to_owned(),
            issuer: accepted.root.clone(),
            standing: accepted.standing,
            revocation: Revocation::Pending,
        }
    }

    /// The visit and card session in which the certificate was read.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// SHA-256 over the certificate.
    #[must_use]
    pub const fn digest(&self) -> CertificateDigest {
        self.digest
    }

    /// The realm of the root that signed it.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.issuer.realm()
    }

    /// The root that signed it.
    #[must_use]
    pub const fn issuer(&self) -> &Root {
        &self.issuer
    }

    /// Where in its life it was at the time of the validation.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// Whether revocation was asked about; [`Revocation::Pending`] until
    /// [`with_revocation`](Self::with_revocation) got an answer.
    #[must_use]
    pub const fn revocation(&self) -> Revocation {
        self.revocation
    }

    /// Asks `source` whether the certificate is revoked.
    ///
    /// If it is good, the proof says [`Revocation::Good`] from now on. If the
    /// source doesn't know, the proof stays as it was; ask it yourself with
    /// [`revocation_query`](Self::revocation_query) to see why.
    ///
    /// A check-in doesn't need it: there the centre's own answer about this
    /// certificate decides, and it is asked for whatever a source said.
    ///
    /// # Errors
    ///
    /// It is revoked; the proof is gone then. For a reception that is
    /// [`Failure::CertificateRevoked`](crate::eligibility::Failure::CertificateRevoked), whose advice says what to do.
    pub fn with_revocation(
        mut self,
        source: &dyn RevocationSource,
        now: Timestamp,
    ) -> Result<Self, Revoked> {
        let answer = self.revocation_query().map(|query| source.ask(&query, now));
        match answer {
            Some(RevocationAnswer::Good) => self.revocation = Revocation::Good,
            Some(RevocationAnswer::Revoked(revoked)) => return Err(revoked),
            Some(RevocationAnswer::Unknown(_)) | None => (),
        }
        Ok(self)
    }

    /// What a [`RevocationSource`] is asked about this certificate.
    ///
    /// Always there: what was validated can be read.
    #[must_use]
    pub fn revocation_query(&self) -> Option<RevocationQuery<'_>> {
        let certificate = Certificate::parse(&self.der).ok()?;
        Some(RevocationQuery::of_validated(
            &certificate,
            *self.issuer.sha256(),
        ))
    }

    /// DER of the certificate. Personal.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.der
    }

    /// The validated public key.
    pub(super) const fn key(&self) -> &OwnedKey {
        &self.key
    }
}

/// Shows no certificate and no digest.
impl fmt::Debug for ChainValidated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChainValidated")
            .field("binding", &self.binding)
            .field("realm", &self.realm())
            .field("standing", &self.standing)
            .field("revocation", &self.revocation)
            .finish_non_exhaustive()
    }
}

/// Proof that the signing certificate (署名用電子証明書) read in this card session
/// leads to an accepted root, is of the right kind and is in force.
///
/// Made by [`Roots::validate_signing`](super::Roots::validate_signing) only; can't be
/// copied. It's another type than [`ChainValidated`], so it never passes for the
/// proof that a check-in asks for. It says nothing about revocation, and not
/// that the card holds the key.
pub struct SigningChainValidated {
    binding: Binding,
    der: Zeroizing<Vec<u8>>,
    issuer: Root,
    standing: Standing,
}

impl SigningChainValidated {
    pub(super) fn new(certificate: &CardCertificate, accepted: &Accepted<'_, '_>) -> Self {
        Self {
            binding: certificate.binding(),
            der: Zeroizing::new(certificate.der().to_vec()),
            issuer: accepted.root.clone(),
            standing: accepted.standing,
        }
    }

    /// The visit and card session in which the certificate was read.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// DER of the certificate, with name, address, birth date and sex of the holder.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.der
    }

    /// The root that signed it.
    #[must_use]
    pub const fn issuer(&self) -> &Root {
        &self.issuer
    }

    /// The realm of the root that signed it.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.issuer.realm()
    }

    /// Where in its life it was at the time of the validation; never
    /// [`Standing::Grace`].
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.standing
    }
}

/// Shows no certificate.
impl fmt::Debug for SigningChainValidated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningChainValidated")
            .field("binding", &self.binding)
            .field("realm", &self.realm())
            .field("standing", &self.standing)
            .finish_non_exhaustive()
    }
}
