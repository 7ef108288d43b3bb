use jiff::Timestamp;

use super::{Method, StaffId};
use crate::eligibility::{Failure, Identified, RequestNumber};
use crate::trust::{NoAnswer, Standing};
use crate::{Realm, VisitId};

/// What happened, without personal data and without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuditEvent {
    /// A visit began.
    Began,
    /// The certificate was found good.
    CertificateValidated {
        /// Realm of its root.
        realm: Realm,
        /// Where in its life it is.
        standing: Standing,
    },
    /// The policy's source of revocation data doesn't know this certificate, or
    /// what it knows doesn't hold now; the visit goes on, as the centre decides.
    RevocationUnknown(NoAnswer),
    /// The person chose a method.
    MethodChosen(Method),
    /// A try of the PIN was used up.
    TrySpent {
        /// Tries left after it.
        left: u8,
    },
    /// A try of the PIN may have been used up: the answer was lost.
    TryUnknown,
    /// A face attempt failed.
    FaceFailed,
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
    /// An answer, a result or a choice that nobody waits for was dropped.
    StaleDropped,
    /// The visit ended in acceptance.
    Accepted,
    /// The visit ended without.
    NotAccepted(Failure),
    /// The card was left in the reader.
    CardLeft,
}

/// One line of the audit trail.
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
