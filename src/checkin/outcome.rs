use super::Told;
use crate::eligibility::{Advice, CentreSaid, Coverage, Failure, Identified};
use crate::face::MatchPolicyDigest;
use crate::trust::Standing;
use crate::{Realm, VisitId};

/// An accepted check-in. Made by [`Proofs::accept`](super::Proofs::accept)
/// only.
#[derive(Debug)]
pub struct Accepted {
    visit: VisitId,
    realm: Realm,
    identified: Identified,
    standing: Standing,
    match_policy: Option<MatchPolicyDigest>,
    coverage: Coverage,
    told: Vec<Told>,
    guardian: bool,
}

impl Accepted {
    pub(super) const fn new(
        visit: VisitId,
        realm: Realm,
        identified: Identified,
        standing: Standing,
        match_policy: Option<MatchPolicyDigest>,
        coverage: Coverage,
    ) -> Self {
        Self {
            visit,
            realm,
            identified,
            standing,
            match_policy,
            coverage,
            told: Vec::new(),
            guardian: false,
        }
    }

    /// With what the centre was told before the result, and who told it.
    pub(super) fn with_told(self, told: Vec<Told>, guardian: bool) -> Self {
        Self {
            told,
            guardian,
            ..self
        }
    }

    /// The visit.
    #[must_use]
    pub const fn visit(&self) -> VisitId {
        self.visit
    }

    /// The realm that every proof belongs to.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.realm
    }

    /// How the person was identified. The PIN is that of the card or of an Android phone,
    /// which are the same to the centre; which it was is in the audit trail
    /// ([`AuditEvent::PhoneChosen`](super::AuditEvent::PhoneChosen)).
    #[must_use]
    pub const fn identified(&self) -> Identified {
        self.identified
    }

    /// By what the face was judged: the [`MatchPolicy`](crate::face::MatchPolicy) whose
    /// digest this is, which was the accepting policy's own. `None` where the person was
    /// identified another way.
    ///
    /// In a check-in that [`CheckIn`](super::CheckIn) runs the audit trail has it already
    /// ([`AuditEvent::FaceJudgedBy`](super::AuditEvent::FaceJudgedBy)). Whoever calls
    /// [`Proofs::accept`](super::Proofs::accept) without one keeps this with the
    /// acceptance: nothing else records it.
    #[must_use]
    pub const fn match_policy(&self) -> Option<MatchPolicyDigest> {
        self.match_policy
    }

    /// Where in its life the certificate is.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// The insurance. Personal: for the clinic's own records, not for logs.
    #[must_use]
    pub const fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// What the person chose beside the consents, in the order of the questions, and
    /// whether the centre took it. Its [lines](Told::line) are for the receptionist.
    #[must_use]
    pub fn told(&self) -> &[Told] {
        &self.told
    }

    /// Whether a parent or guardian (保護者) helped: then consents and choices are theirs,
    /// and so was the PIN.
    #[must_use]
    pub const fn guardian(&self) -> bool {
        self.guardian
    }
}

/// A check-in that did not end in acceptance, with what to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAccepted {
    /// The visit.
    pub visit: VisitId,
    /// The cause, with its stable code.
    pub failure: Failure,
    /// What to do now, best first.
    pub advice: Advice,
    /// Tries left of the PIN, where they were read last: of the card's or, in a visit that
    /// ended with a phone, of the phone's.
    pub pin_tries_left: Option<u8>,
    /// What the centre said last, where it was asked: for the receptionist, who
    /// reads it out to the call centre.
    pub centre: Option<CentreSaid>,
}

/// How a visit ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// Let in.
    Accepted(Box<Accepted>),
    /// Not let in this way; the advice says which way to go.
    NotAccepted(Box<NotAccepted>),
}

impl Outcome {
    /// The failure, if it is one.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        match self {
            Self::Accepted(_) => None,
            Self::NotAccepted(refusal) => Some(refusal.failure),
        }
    }

    /// Whether the person was let in.
    #[must_use]
    pub const fn is_accepted(&self) -> bool {
        matches!(self, Self::Accepted(_))
    }
}
