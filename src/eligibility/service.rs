use jiff::Timestamp;
use thiserror::Error;

use super::{Failure, Report, Request, RequestNumber};
use crate::Realm;

/// The link to the centre: a reader vendor's own connection, or a simulated one.
///
/// No call blocks, sleeps or reads a clock: `now` comes in. A question is
/// submitted once; the library never submits it again by itself.
///
/// The smallest service, of a clinic that has no link:
///
/// ```
/// use jiff::Timestamp;
/// use uketsuke::Realm;
/// use uketsuke::eligibility::{
///     Capabilities, EligibilityService, PollResult, Request, ServiceError, ServiceErrorKind,
///     Ticket,
/// };
///
/// struct NoLink;
///
/// impl EligibilityService for NoLink {
///     fn realm(&self) -> Realm {
///         Realm::Production
///     }
///     fn capabilities(&self) -> Capabilities {
///         Capabilities { by_certificate: false, registration: false }
///     }
///     fn submit(&mut self, _: Request, _: Timestamp) -> Result<Ticket, ServiceError> {
///         Err(ServiceError::not_sent(ServiceErrorKind::NotEquipped))
///     }
///     fn poll(&mut self, _: Ticket, _: Timestamp) -> Result<PollResult, ServiceError> {
///         Err(ServiceError::not_sent(ServiceErrorKind::UnknownTicket))
///     }
///     fn cancel(&mut self, _: Ticket) {}
/// }
/// ```
pub trait EligibilityService {
    /// The world it belongs to.
    fn realm(&self) -> Realm;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// Sends a question.
    ///
    /// # Errors
    /// The link failed; [`ServiceError::outcome_unknown`] tells whether the
    /// centre may have got the question all the same.
    fn submit(&mut self, request: Request, now: Timestamp) -> Result<Ticket, ServiceError>;

    /// Looks for the answer.
    ///
    /// # Errors
    /// The link failed, or the ticket isn't known (already answered, cancelled
    /// or not of this service).
    fn poll(&mut self, ticket: Ticket, now: Timestamp) -> Result<PollResult, ServiceError>;

    /// Gives up waiting. The centre may have acted all the same.
    fn cancel(&mut self, ticket: Ticket);
}

/// A submitted question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ticket(RequestNumber);

impl Ticket {
    /// For the question of this number. Made by services.
    #[must_use]
    pub const fn new(number: RequestNumber) -> Self {
        Self(number)
    }

    /// The question's number.
    #[must_use]
    pub const fn number(self) -> RequestNumber {
        self.0
    }
}

/// What a service can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// It answers questions with the proof of a check-in.
    pub by_certificate: bool,
    /// It can register a card for use (利用登録).
    pub registration: bool,
}

/// State of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PollResult {
    /// No answer yet.
    Pending {
        /// To look again before this is of no use.
        not_before: Timestamp,
    },
    /// Answered; the ticket is spent.
    Ready(Box<Answer>),
}

/// An answer, with the number it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Number of the question.
    pub number: RequestNumber,
    /// What was said.
    pub report: Report,
}

/// The link failed. What the centre *answered* is never one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct ServiceError {
    /// What failed.
    pub kind: ServiceErrorKind,
    /// The same question may be asked again, as a new request, if a person wants it.
    pub retriable: bool,
    /// The centre may have acted on the question.
    pub outcome_unknown: bool,
}

/// What failed about the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum ServiceErrorKind {
    /// This place has no network.
    #[error("no network")]
    Network,
    /// The centre can't be reached, or says it is out of order or too busy.
    #[error("the centre does not answer")]
    CentreDown,
    /// No answer within the time allowed.
    #[error("no answer within the time allowed")]
    TimedOut,
    /// This place has no link to the centre at all.
    #[error("this clinic is not equipped for it")]
    NotEquipped,
    /// Already answered, cancelled, or never submitted here.
    #[error("unknown ticket: already answered, cancelled, or not of this service")]
    UnknownTicket,
    /// Certificate or signature were not accepted, or were of another world.
    #[error("the centre refused the proof")]
    ProofRefused,
    /// The service can't do what was asked.
    #[error("the service does not support this question")]
    Unsupported,
}

impl ServiceError {
    /// The question did not leave this place.
    #[must_use]
    pub const fn not_sent(kind: ServiceErrorKind) -> Self {
        let retriable = matches!(
            kind,
            ServiceErrorKind::Network | ServiceErrorKind::CentreDown | ServiceErrorKind::TimedOut
        );
        Self {
            kind,
            retriable,
            outcome_unknown: false,
        }
    }

    /// The question may have arrived, and the centre may have acted.
    #[must_use]
    pub const fn maybe_sent(kind: ServiceErrorKind) -> Self {
        Self {
            outcome_unknown: true,
            ..Self::not_sent(kind)
        }
    }

    /// The end of a check-in that this makes.
    #[must_use]
    pub const fn failure(&self) -> Failure {
        match self.kind {
            ServiceErrorKind::Network => Failure::NetworkDown,
            ServiceErrorKind::CentreDown => Failure::CentreDown,
            ServiceErrorKind::TimedOut if self.outcome_unknown => Failure::OutcomeUnknown,
            ServiceErrorKind::TimedOut => Failure::TimedOut,
            ServiceErrorKind::NotEquipped | ServiceErrorKind::Unsupported => Failure::NotEquipped,
            ServiceErrorKind::UnknownTicket => Failure::Internal,
            ServiceErrorKind::ProofRefused => Failure::ProofRefused,
        }
    }
}
