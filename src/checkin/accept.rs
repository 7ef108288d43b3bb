use jiff::Timestamp;
use thiserror::Error;

use super::{
    Accepted, DeviceVerified, PinlessAuthorization, PinlessError, PinlessRight, Policy, RawCard,
    StaffConfirmed,
};
use crate::card::{BirthDate, PinVerified};
use crate::eligibility::{EligibilityConfirmed, Identified, Personal};
use crate::face::{FaceMatched, MatchPolicy};
use crate::trust::{
    ChainValidated, ChallengeSigned, Claims, Evidence, RevocationAnswer, Revoked, TerminalId,
    TrustError,
};
use crate::{Binding, Realm, VisitId};

/// Proof that the person at the desk is the card's holder. Not `Clone`.
#[derive(Debug)]
#[non_exhaustive]
pub enum Identity {
    /// The holder's PIN (暗証番号) was accepted by the card.
    Pin(PinVerified),
    /// The face matched the card's photo, and the PIN-less provider of this
    /// realm opened the key. Made by [`PendingIdentity::authorize`].
    #[non_exhaustive]
    Face {
        /// The match.
        matched: FaceMatched,
        /// Realm of the PIN-less provider.
        pinless: Realm,
    },
    /// A member of staff compared the face (目視確認), and the PIN-less
    /// provider of this realm opened the key. Made by
    /// [`PendingIdentity::authorize`].
    #[non_exhaustive]
    Staff {
        /// The confirmation.
        confirmed: StaffConfirmed,
        /// Realm of the PIN-less provider.
        pinless: Realm,
    },
    /// The phone identified its holder, and the provider of this realm opened the
    /// key. A PIN typed for a phone is [`Pin`](Self::Pin).
    Device(DeviceVerified),
}

impl Identity {
    /// Visit and card session that it was made in.
    #[must_use]
    pub fn binding(&self) -> Binding {
        match self {
            Self::Pin(pin) => pin.binding(),
            Self::Face { matched, .. } => matched.binding(),
            Self::Staff { confirmed, .. } => confirmed.binding(),
            Self::Device(verified) => verified.binding(),
        }
    }

    /// The method.
    #[must_use]
    pub const fn method(&self) -> Identified {
        match self {
            Self::Pin(_) => Identified::Pin,
            Self::Face { .. } => Identified::Face,
            Self::Staff { .. } => Identified::Staff,
            Self::Device(_) => Identified::Device,
        }
    }

    /// The realms of the parts behind it; none for a PIN, which only the card
    /// itself judges.
    fn realms(&self) -> Vec<Realm> {
        match self {
            Self::Pin(_) => Vec::new(),
            Self::Face { matched, pinless } => vec![matched.realm(), *pinless],
            Self::Staff { confirmed, pinless } => vec![confirmed.realm(), *pinless],
            Self::Device(verified) => vec![verified.realm()],
        }
    }
}

/// An identity that doesn't count before the PIN-less provider opened the key
/// for it. Not `Clone`.
#[derive(Debug)]
#[non_exhaustive]
pub enum PendingIdentity {
    /// The face matched.
    Face(FaceMatched),
    /// The staff confirmed.
    Staff(StaffConfirmed),
}

impl PendingIdentity {
    /// Lets the provider open the authentication key; the identity counts from
    /// then on, in the provider's realm.
    ///
    /// # Errors
    /// The provider's; the identity is gone then.
    pub fn authorize(
        self,
        provider: &mut dyn PinlessAuthorization,
        card: &mut dyn RawCard,
    ) -> Result<Identity, PinlessError> {
        let right = match &self {
            Self::Face(matched) => PinlessRight::Face(matched),
            Self::Staff(confirmed) => PinlessRight::Staff(confirmed),
        };
        provider.authorize(card, right)?;
        let pinless = provider.realm();
        Ok(match self {
            Self::Face(matched) => Identity::Face { matched, pinless },
            Self::Staff(confirmed) => Identity::Staff { confirmed, pinless },
        })
    }
}

/// Whether card and centre say the same birth date: eight digits, all of them. What
/// stands for a day that nobody knows is compared like any other, so two that write it
/// in different ways are different.
pub(super) fn is_same_day(card: &BirthDate, centre: &Personal) -> bool {
    card.as_str() == centre.reveal()
}

/// The four proofs of an accepted check-in.
#[derive(Debug)]
pub struct Proofs {
    /// Who is at the desk.
    pub identity: Identity,
    /// The certificate leads to a pinned root and stands.
    pub chain: ChainValidated,
    /// The card holds the certificate's key, now.
    pub signed: ChallengeSigned,
    /// The centre confirmed the insurance for this certificate.
    pub confirmed: EligibilityConfirmed,
}

/// Why proofs don't belong together, or not to this policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProofMismatch {
    /// A proof was made in another visit.
    #[error("{0} was made in another visit")]
    OtherVisit(&'static str),
    /// A proof was made with another card, or with the same one put in anew.
    #[error("{0} was made in another card session")]
    OtherSession(&'static str),
    /// A proof is about another certificate.
    #[error("{0} is about another certificate")]
    OtherCertificate(&'static str),
    /// A part belongs to a realm that the policy doesn't accept.
    #[error("{part} is of the realm {realm}, which the policy does not accept")]
    RealmNotAccepted {
        /// Which proof.
        part: &'static str,
        /// The realm it belongs to.
        realm: Realm,
    },
    /// The policy's source says that the certificate is revoked.
    #[error(transparent)]
    Revoked(#[from] Revoked),
    /// The certificate has lapsed since it was validated.
    #[error("the certificate has lapsed since it was validated")]
    Lapsed,
    /// The certificate was validated under other roots or rules than the policy's,
    /// which don't accept it.
    #[error("the policy's roots do not accept the certificate")]
    ChainNotAccepted,
    /// The centre was told of another method of identification.
    #[error("the centre was told of another method of identification")]
    OtherMethod,
    /// The face was judged by another match policy than this policy's.
    #[error("the face was judged by another match policy")]
    OtherMatchPolicy,
    /// The photo was proved under a key that isn't among the policy's
    /// [`card_face_roots`](Policy::card_face_roots).
    #[error("the photo was proved under a key that the policy does not pin")]
    OtherCardFaceRoots,
    /// The birth date that was signed with the card's photo isn't the centre's, or the
    /// centre told none.
    #[error("the birth date signed with the photo is not the centre's")]
    BirthDate,
}

impl Proofs {
    /// Consumes the proofs and accepts the visit at `now`, if all of them belong
    /// to it. The certificate is validated once more, under the policy's own roots.
    ///
    /// A certificate whose revocation is still
    /// [`Revocation::Pending`](crate::trust::Revocation::Pending) passes only
    /// because the centre itself answered for this certificate and called it
    /// good: `EligibilityConfirmed` is made from nothing less. A source of the
    /// [policy](Policy::with_revocation) is asked once more, as lists may have come
    /// since the card was read; it can refuse, not admit.
    ///
    /// A face counts only if it was judged by the policy's own
    /// [`MatchPolicy`](Policy::with_match_policy), with a photo that was proved under one
    /// of the policy's own [`CvRoots`](Policy::with_card_face_roots), and if the birth
    /// date that was signed with the photo is the one that the centre has: nothing else
    /// ties the card face to the certificate.
    ///
    /// # Errors
    /// The first proof that doesn't belong; all four are gone then.
    pub fn accept(
        self,
        policy: &Policy,
        visit: VisitId,
        now: Timestamp,
    ) -> Result<Accepted, ProofMismatch> {
        let Self {
            identity,
            chain,
            signed,
            confirmed,
        } = self;
        let session = chain.binding().session();
        for (part, binding) in [
            ("the certificate's chain", chain.binding()),
            ("the identity", identity.binding()),
            ("the challenge's signature", signed.binding()),
            ("the centre's answer", confirmed.binding()),
        ] {
            if binding.visit() != visit {
                return Err(ProofMismatch::OtherVisit(part));
            }
            if binding.session() != session {
                return Err(ProofMismatch::OtherSession(part));
            }
        }
        if signed.digest() != chain.digest() {
            return Err(ProofMismatch::OtherCertificate("the challenge's signature"));
        }
        if confirmed.digest() != chain.digest() {
            return Err(ProofMismatch::OtherCertificate("the centre's answer"));
        }
        if confirmed.identified() != identity.method() {
            return Err(ProofMismatch::OtherMethod);
        }
        let realms = policy.realms();
        let identity_realms = identity.realms();
        let parts = [
            ("the certificate's root", chain.realm()),
            ("the centre", confirmed.realm()),
        ];
        let of_identity = identity_realms.iter().map(|realm| ("the identity", *realm));
        for (part, realm) in parts.into_iter().chain(of_identity) {
            if !realms.contains(realm) {
                return Err(ProofMismatch::RealmNotAccepted { part, realm });
            }
        }
        let mut match_policy = None;
        if let Identity::Face { matched, .. } = &identity {
            match_policy = Some(matched.policy());
            let by = policy.match_policy().map(MatchPolicy::digest);
            if by != Some(matched.policy()) {
                return Err(ProofMismatch::OtherMatchPolicy);
            }
            if !matched.photo().is_under(policy.card_face_roots()) {
                return Err(ProofMismatch::OtherCardFaceRoots);
            }
            if !is_same_day(matched.birth_date(), &confirmed.coverage().birthdate) {
                return Err(ProofMismatch::BirthDate);
            }
        }
        // The visit took its time; what was good when it began must be good now. And
        // the chain may have been validated under roots that aren't the policy's.
        let grace = chain.grace_under(policy.grace());
        let (standing, _) = policy
            .roots()
            .check_authentication(chain.certificate(), realms, now, grace)
            .map_err(|error| match error {
                TrustError::Lapsed { .. } => ProofMismatch::Lapsed,
                _ => ProofMismatch::ChainNotAccepted,
            })?;
        if let Some(RevocationAnswer::Revoked(revoked)) = policy.revocation(&chain, now) {
            return Err(revoked.into());
        }
        Ok(Accepted::new(
            visit,
            chain.realm(),
            identity.method(),
            standing,
            match_policy,
            confirmed.into_coverage(),
        ))
    }

    /// As [`accept`](Self::accept), and keeps certificate, challenge and
    /// signature as [`Evidence`] for somebody else. Nothing else of this crate
    /// keeps them.
    ///
    /// Time, method, realm and, if given, the terminal are claimed in it. A
    /// product that does so must know why it may: the certificate identifies
    /// the person.
    ///
    /// # Errors
    /// As [`accept`](Self::accept).
    pub fn accept_with_evidence(
        self,
        policy: &Policy,
        visit: VisitId,
        now: Timestamp,
        terminal: Option<TerminalId>,
    ) -> Result<(Accepted, Evidence), ProofMismatch> {
        let claims = Claims {
            claimed_time: Some(now),
            claimed_terminal: terminal,
            claimed_realm: Some(self.chain.realm()),
            claimed_method: Some(self.identity.method()),
        };
        let evidence = Evidence::of(&self.chain, &self.signed, claims);
        let accepted = self.accept(policy, visit, now)?;
        // What `Evidence` refuses, `accept` has refused before it.
        let evidence =
            evidence.map_err(|_| ProofMismatch::OtherCertificate("the challenge's signature"))?;
        Ok((accepted, evidence))
    }
}
