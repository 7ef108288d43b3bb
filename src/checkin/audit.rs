//! What a check-in leaves behind for whoever asks later, and the file that keeps it.

mod error;
mod head;
mod key;
mod line;
mod log;
#[cfg(test)]
mod tests;
mod verify;
mod walk;

use jiff::Timestamp;

use super::{Method, PhoneKind, PolicyDigest, Question, StaffId, TapAgain};
use crate::eligibility::{Failure, Identified, RequestNumber};
use crate::face::{Confidence, Fmr, InconclusiveReason, MatchPolicy, MatchPolicyDigest, Score};
use crate::trust::{CertificateDigest, NoAnswer, Standing};
use crate::{Realm, VisitId};

pub use error::{AuditBreak, AuditBroken, AuditError};
pub use head::{Head, HeadError};
pub use key::{AuditKey, AuditKeyError, Pseudonym};
pub use log::AuditLog;
pub use verify::Verified;

/// What happened, without secrets, and without personal data but for the
/// certificate's digest and the member of staff, which an [`AuditLog`](super::AuditLog)
/// keeps as pseudonyms. `Debug` doesn't show the digest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuditEvent {
    /// A visit began.
    Began {
        /// The policy it is judged by.
        policy: PolicyDigest,
    },
    /// The certificate was found good.
    CertificateValidated {
        /// Realm of its root.
        realm: Realm,
        /// Where in its life it is.
        standing: AuditStanding,
        /// The certificate; it stands for its holder.
        certificate: CertificateDigest,
    },
    /// The policy's source of revocation data doesn't know this certificate, or
    /// what it knows doesn't hold now; the visit goes on, as the centre decides.
    RevocationUnknown(NoAnswer),
    /// The person chose a method.
    MethodChosen(Method),
    /// The person chose a phone in place of the card. Where
    /// [`MethodChosen`](Self::MethodChosen) follows, they went back to the card; else
    /// tries, certificate and identification after it are the phone's.
    PhoneChosen(PhoneKind),
    /// A phone, or something else, was held to the reader for phones and not read; no
    /// try was spent by that. A PIN that the phone found wrong is a
    /// [`TrySpent`](Self::TrySpent).
    PhoneNotRead(TapAgain),
    /// A parent or guardian (保護者) helps from here on: what is typed and chosen is theirs.
    GuardianHelps,
    /// The card's holder acts alone again.
    HolderActs,
    /// A try of the PIN was used up.
    TrySpent {
        /// Tries left after it.
        left: u8,
    },
    /// A try of the PIN may have been used up: the answer was lost.
    TryUnknown,
    /// Faces are compared in this visit, and judged by this. Comes before the first one.
    FaceJudgedBy(FaceJudgedBy),
    /// A face attempt failed.
    FaceFailed {
        /// Why it led to no decision; `None`: the score was below the threshold.
        why: Option<InconclusiveReason>,
    },
    /// Camera, matcher or detector failed: nothing was compared, or not to the end.
    FaceNotCompared,
    /// The card's photo isn't proved to have been issued to this very card; no face was
    /// compared with it.
    PhotoNotProved,
    /// 照合番号B was refused, or its answer was lost.
    ReferenceNumberRefused {
        /// Tries left, where the card said so.
        left: Option<u8>,
    },
    /// The PIN-less provider could not open the key.
    PinlessRefused,
    /// A staff passcode was wrong.
    StaffRefused {
        /// Who typed it.
        staff: StaffId,
    },
    /// The person was identified.
    Identified {
        /// How.
        method: Identified,
        /// The member of staff, for a staff check.
        staff: Option<StaffId>,
    },
    /// A question went to the centre.
    Asked(RequestNumber),
    /// Its answer was taken.
    Answered {
        /// The question.
        request: RequestNumber,
        /// The code that came with it (処理結果コード), if it looks like one.
        code: Option<String>,
    },
    /// The centre didn't take what the person chose beside the consents, or isn't
    /// known to have taken it; the visit goes on, and the receptionist is told.
    ChoiceNotTaken {
        /// The question that told it.
        question: Question,
        /// Why.
        failure: Failure,
    },
    /// An answer, a result or a choice that nobody waits for was dropped.
    StaleDropped,
    /// The visit ended in acceptance.
    Accepted,
    /// The visit ended without.
    NotAccepted(Failure),
    /// The card was left in the reader.
    CardLeft,
}

/// What a face is judged by: a [`MatchPolicy`], as it is told to the audit trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FaceJudgedBy {
    /// All of the match policy in 32 bytes.
    pub policy: MatchPolicyDigest,
    /// The lowest score that is a match.
    pub threshold: Score,
    /// The false match rate that was asked for.
    pub fmr: Fmr,
    /// Comparisons of different people behind the threshold.
    pub trials: u64,
    /// So many of them reached it.
    pub false_matches: u64,
    /// How sure these figures must make of the rate.
    pub confidence: Confidence,
    /// Whether a member of staff may stand for a detector of presentation attacks
    /// ([`MatchPolicy::accept_attended`]).
    pub attended: bool,
}

impl FaceJudgedBy {
    pub(super) fn of(policy: &MatchPolicy) -> Self {
        let measured = policy.operating_point();
        Self {
            policy: policy.digest(),
            threshold: policy.threshold(),
            fmr: policy.fmr(),
            trials: measured.non_mated_trials,
            false_matches: measured.false_matches,
            confidence: policy.confidence(),
            attended: policy.accepts_attended(),
        }
    }
}

/// A [`Standing`] without its times: certificates end on a birthday of their holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuditStanding {
    /// [`Standing::InForce`].
    InForce,
    /// [`Standing::Expiring`].
    Expiring,
    /// [`Standing::Grace`].
    Grace,
}

impl From<Standing> for AuditStanding {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::InForce => Self::InForce,
            Standing::Expiring { .. } => Self::Expiring,
            Standing::Grace { .. } => Self::Grace,
        }
    }
}

/// What a [`CheckIn`](super::CheckIn) has for the audit trail; an
/// [`AuditLog`](super::AuditLog) makes a line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// The visit.
    pub visit: VisitId,
    /// Counts from 0 within the visit.
    pub number: u32,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: AuditEvent,
}
