use jiff::Timestamp;

use super::{Method, StaffId};
use crate::eligibility::{Failure, Identified, RequestNumber};
use crate::trust::Standing;
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
    Answered(RequestNumber),
    /// An answer or a result that nobody waits for was dropped.
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
