use std::fmt;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{
    Certificate, CertificateDigest, GraceRule, NoAnswer, RevocationAnswer, RevocationQuery,
    RevocationSource, Revoked, Root, Standing, certificate::sha256, key::OwnedKey, path::Accepted,
};
use crate::{Binding, Realm, card::CardCertificate};

/// Was it asked whether the certificate is revoked?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Revocation {
    /// A source said at the time that it was asked about: not revoked.
    Good,
    /// Not asked, or nobody knew. By itself that isn't enough for a check-in.
    Pending,
}

impl Revocation {
    /// What is known after one more answer.
    const fn and(self, answer: RevocationAnswer) -> Result<Self, Revoked> {
        match answer {
            RevocationAnswer::Good => Ok(Self::Good),
            RevocationAnswer::Unknown(_) => Ok(self),
            RevocationAnswer::Revoked(revoked) => Err(revoked),
        }
    }
}

/// What a source is asked about a certificate that `issuer` was seen to have signed.
fn query<'a>(der: &'a [u8], issuer: &Root) -> Option<RevocationQuery<'a>> {
    let certificate = Certificate::parse(der).ok()?;
    Some(RevocationQuery::of_validated(
        &certificate,
        *issuer.sha256(),
    ))
}

fn ask(
    query: Option<RevocationQuery<'_>>,
    source: &dyn RevocationSource,
    now: Timestamp,
) -> RevocationAnswer {
    query.map_or(RevocationAnswer::Unknown(NoAnswer::NotCovered), |query| {
        source.ask(&query, now)
    })
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
    grace: GraceRule,
    revocation: Revocation,
}

impl ChainValidated {
    pub(super) fn new(
        certificate: &CardCertificate,
        accepted: &Accepted<'_, '_>,
        grace: GraceRule,
    ) -> Self {
        Self {
            binding: certificate.binding(),
            digest: CertificateDigest::of(certificate.der()),
            der: Zeroizing::new(certificate.der().to_vec()),
            key: accepted.key.to_owned(),
            issuer: accepted.root.clone(),
            standing: accepted.standing,
            grace,
            revocation: Revocation::Pending,
        }
    }

    /// What was validated without grace, as a phone's is, has none later either.
    pub(crate) const fn grace_under(&self, policy: GraceRule) -> GraceRule {
        match self.grace {
            GraceRule::None => GraceRule::None,
            GraceRule::EligibilityOnly => policy,
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
    /// source doesn't know (its data ended, say), the proof stays as it was: good
    /// if another source called it good before, pending otherwise. So several
    /// sources may be asked in any order, and one that says revoked ends the
    /// chain. To see why a source doesn't know, ask it yourself with
    /// [`revocation_query`](Self::revocation_query).
    ///
    /// A check-in asks the source of its [`Policy`](crate::checkin::Policy), if it
    /// has one. The centre's own answer about this certificate decides there all
    /// the same, whatever a source said.
    ///
    /// # Errors
    ///
    /// It is revoked; the proof is gone then. For a reception that is
    /// [`Failure::CertificateRevoked`](crate::eligibility::Failure::CertificateRevoked), whose advice says what to do.
    pub fn with_revocation(
        self,
        source: &dyn RevocationSource,
        now: Timestamp,
    ) -> Result<Self, Revoked> {
        let answer = self.ask(source, now);
        self.with_answer(answer)
    }

    pub(crate) fn ask(&self, source: &dyn RevocationSource, now: Timestamp) -> RevocationAnswer {
        ask(self.revocation_query(), source, now)
    }

    pub(crate) fn with_answer(self, answer: RevocationAnswer) -> Result<Self, Revoked> {
        Ok(Self {
            revocation: self.revocation.and(answer)?,
            ..self
        })
    }

    /// What a [`RevocationSource`] is asked about this certificate.
    ///
    /// Always there: what was validated can be read.
    #[must_use]
    pub fn revocation_query(&self) -> Option<RevocationQuery<'_>> {
        query(&self.der, &self.issuer)
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

    /// Which key of which certificate: SHA-256 of the bits of its key (RFC 7093, section 2,
    /// makes a subjectKeyIdentifier so, but an issuer may make its own), then the serial
    /// number. The latter changes nothing with real cards, whose keys are their own; those
    /// of the simulation share a few.
    pub(crate) fn key_identifier(&self) -> Vec<u8> {
        let certificate = Certificate::parse(&self.der).ok();
        let serial = certificate.map_or(&[][..], |certificate| certificate.serial());
        [&sha256(self.key.bytes()), serial].concat()
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
/// proof that a check-in asks for. It doesn't say that the card holds the key, and
/// of revocation only what a source was [asked](Self::with_revocation).
pub struct SigningChainValidated {
    binding: Binding,
    der: Zeroizing<Vec<u8>>,
    issuer: Root,
    standing: Standing,
    revocation: Revocation,
}

impl SigningChainValidated {
    pub(super) fn new(certificate: &CardCertificate, accepted: &Accepted<'_, '_>) -> Self {
        Self {
            binding: certificate.binding(),
            der: Zeroizing::new(certificate.der().to_vec()),
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

    /// Whether revocation was asked about; [`Revocation::Pending`] until
    /// [`with_revocation`](Self::with_revocation) got an answer.
    #[must_use]
    pub const fn revocation(&self) -> Revocation {
        self.revocation
    }

    /// As [`ChainValidated::with_revocation`]. Nothing else closes the question
    /// here, and it weighs more than there: a signing certificate is revoked
    /// whenever name or address of its holder changes.
    ///
    /// # Errors
    ///
    /// It is revoked; the proof is gone then.
    pub fn with_revocation(
        self,
        source: &dyn RevocationSource,
        now: Timestamp,
    ) -> Result<Self, Revoked> {
        let answer = ask(self.revocation_query(), source, now);
        Ok(Self {
            revocation: self.revocation.and(answer)?,
            ..self
        })
    }

    /// What a [`RevocationSource`] is asked about this certificate.
    ///
    /// Always there: what was validated can be read.
    #[must_use]
    pub fn revocation_query(&self) -> Option<RevocationQuery<'_>> {
        query(&self.der, &self.issuer)
    }
}

/// Shows no certificate.
impl fmt::Debug for SigningChainValidated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningChainValidated")
            .field("binding", &self.binding)
            .field("realm", &self.realm())
            .field("standing", &self.standing)
            .field("revocation", &self.revocation)
            .finish_non_exhaustive()
    }
}
