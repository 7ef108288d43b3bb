use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use thiserror::Error;

use super::{Failure, Report, Request, RequestNumber};
use crate::Realm;

/// The link to the centre: a reader vendor's own connection, or a simulated one.
///
/// No call blocks, sleeps or reads a clock: `now` comes in. A question is
/// submitted once; the library never submits it again by itself.
///
/// # What an answer must say
///
/// A good answer to each [`RequestKind`](super::RequestKind) in the fields of
/// [`Report`]. What is missing is never taken for good.
///
/// | field | `Status` | `Register` | `Result` |
/// |---|---|---|---|
/// | `segment` | `Normal` | `Normal` | `Normal` |
/// | `status` | `Some(Normal)` | `Some(Normal)` | `Some(Normal)` |
/// | `certificate` | `Some(Good)` | `Some(Good)` | `Some(Good)` |
/// | `registration` | `Some`, either | `Some(Registered)` | `Some(Registered)` or `None` |
/// | `validity` | `None` | `None` | `Some(Valid)` |
/// | `results` | empty | empty | exactly one |
/// | `code`, `message` | if there are any | the same | the same; the message is a notice then |
/// | `executed` | if said | the same | the same |
///
/// - A centre that says no has answered: [`PollResult::Ready`] with the layer
///   that failed, and its code and message. [`ServiceError`] is for the link.
/// - 処理中 ([`SegmentOfResult::InProgress`](super::SegmentOfResult), code `2`) is
///   [`PollResult::Pending`], never an answer.
/// - [`Answer::number`] is the number of the request. What has another number is
///   dropped, and polling goes on.
/// - To `Prescription` and `Subsidies` it is as to `Register`, but for the choice of
///   prescription, which `prescription_issue` repeats, and `registration`, which may
///   be left out.
/// - To a question by number ([`Request::by_number`](super::Request::by_number)) it is
///   as to `Result`, without `certificate` and `registration`, and with the question
///   repeated in `asked`, if it can be.
/// - `certificate` is what the centre said about this very certificate, in each
///   answer. If it says nothing, that is `None`, and the check-in is refused.
/// - [`capabilities`](Self::capabilities) says what the place is equipped for. A
///   question that isn't supported is refused with
///   [`ServiceErrorKind::Unsupported`].
/// - [`cancel`](Self::cancel) only ends the waiting: what it can do about the
///   question at the centre is up to the service. A cancelled ticket is unknown.
///
/// # Examples
///
/// A small service that answers all three. A real one would talk to its link in
/// `submit`, and look for the answer in `poll`; here everybody is insured.
///
/// ```
/// use jiff::{SignedDuration, Timestamp};
/// use uketsuke::Realm;
/// use uketsuke::eligibility::{
///     Answer, Capabilities, CertificateStatus, EligibilityService, Personal, PollResult,
///     Qualification, QualificationValidity, Registration, Report, Request, RequestKind, ServiceError,
///     ServiceErrorKind, Ticket,
/// };
///
/// struct Everybody {
///     /// The question under way, and whether the answer is there.
///     open: Option<(Request, bool)>,
///     registered: bool,
/// }
///
/// impl EligibilityService for Everybody {
///     fn realm(&self) -> Realm {
///         Realm::Simulation
///     }
///
///     fn capabilities(&self) -> Capabilities {
///         Capabilities { by_certificate: true, registration: true, ..Capabilities::default() }
///     }
///
///     fn submit(&mut self, request: Request, _: Timestamp) -> Result<Ticket, ServiceError> {
///         // A question by number has no proof; this service takes none.
///         let Some(presented) = request.presented() else {
///             return Err(ServiceError::not_sent(ServiceErrorKind::Unsupported));
///         };
///         // To the centre go the certificate and the signed challenge:
///         let _sent = (presented.certificate(), presented.challenge());
///         let ticket = Ticket::new(request.number());
///         self.open = Some((request, false));
///         Ok(ticket)
///     }
///
///     fn poll(&mut self, ticket: Ticket, now: Timestamp) -> Result<PollResult, ServiceError> {
///         let Some((request, arrived)) =
///             self.open.take_if(|(request, _)| request.number() == ticket.number())
///         else {
///             return Err(ServiceError::not_sent(ServiceErrorKind::UnknownTicket));
///         };
///         if !arrived {
///             // 処理中: not an answer.
///             self.open = Some((request, true));
///             let not_before = now + SignedDuration::from_millis(10);
///             return Ok(PollResult::Pending { not_before });
///         }
///         let mut report = Report {
///             certificate: Some(CertificateStatus::Good),
///             executed: Some(now),
///             ..Report::normal()
///         };
///         match request.kind() {
///             Some(RequestKind::Status) => {}
///             Some(RequestKind::Register) => self.registered = true,
///             Some(RequestKind::Result { consents }) => {
///                 // The consents go to the centre, and come back with their times.
///                 let _sent = consents.given();
///                 report.validity = Some(QualificationValidity::Valid);
///                 report.results.push(insurance());
///             }
///             _ => return Err(ServiceError::not_sent(ServiceErrorKind::Unsupported)),
///         }
///         report.registration = Some(if self.registered {
///             Registration::Registered
///         } else {
///             Registration::NotRegistered
///         });
///         Ok(PollResult::Ready(Box::new(Answer { number: request.number(), report })))
///     }
///
///     fn cancel(&mut self, ticket: Ticket) {
///         self.open.take_if(|(request, _)| request.number() == ticket.number());
///     }
/// }
///
/// fn insurance() -> Qualification {
///     Qualification {
///         insurer_number: Personal::new("139998"),
///         insurer_name: "模擬市".to_owned(),
///         number: Some(Personal::new("1234567")),
///         branch: Some(Personal::new("01")),
///         contribution_ratio: Some("030".to_owned()),
///         ..Qualification::new("見本　花子", "19800217")
///     }
/// }
/// # use uketsuke::{card::AuthPin, checkin::*, simulation::*, trust::TerminalId};
/// # struct Kiosk(Option<Choice>, VirtualReader);
/// # impl Desk for Kiosk {
/// #     fn now(&mut self) -> Timestamp { Timestamp::now() }
/// #     fn show(&mut self, screen: &Screen) {
/// #         self.0 = match screen {
/// #             Screen::ChooseMethod { .. } => Some(Choice::Method(Method::Pin)),
/// #             Screen::EnterPin { .. } => AuthPin::parse("1234").ok().map(Choice::Pin),
/// #             Screen::Consents { .. } => Some(Choice::ConsentToNone),
/// #             Screen::TakeCard { .. } => { self.1.remove(); None }
/// #             _ => Some(Choice::Yes),
/// #         };
/// #     }
/// #     fn choice(&mut self, _: Timestamp) -> Option<Choice> { self.0.take() }
/// #     fn audit(&mut self, _: &AuditRecord) {}
/// # }
/// # let person = Persona::named("in-order").ok_or("no such persona")?;
/// # let mut reader = VirtualReader::new();
/// # reader.insert(VirtualCard::new(person, CardOptions::default(), Timestamp::now()));
/// # let mut kiosk = Kiosk(None, reader.clone());
/// # let mut service = Everybody { open: None, registered: false };
/// # let policy = Policy::simulation(TerminalId::new("desk-1")?);
/// # assert!(Reception::new(policy, &mut reader, &mut service).run(&mut kiosk).is_accepted());
/// # assert!(service.registered);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
///         Capabilities::default()
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

    /// What it can do, as far as it knows without asking anybody.
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

    /// Gives up waiting. The centre may have acted all the same. For a ticket
    /// that isn't known it does nothing.
    fn cancel(&mut self, ticket: Ticket);
}

macro_rules! forward {
    ($($pointer:ty),+) => { $(
        /// A reference to a service, or a box around it, is that service.
        impl<S: EligibilityService + ?Sized> EligibilityService for $pointer {
            fn realm(&self) -> Realm {
                (**self).realm()
            }

            fn capabilities(&self) -> Capabilities {
                (**self).capabilities()
            }

            fn submit(&mut self, request: Request, now: Timestamp) -> Result<Ticket, ServiceError> {
                (**self).submit(request, now)
            }

            fn poll(&mut self, ticket: Ticket, now: Timestamp) -> Result<PollResult, ServiceError> {
                (**self).poll(ticket, now)
            }

            fn cancel(&mut self, ticket: Ticket) {
                (**self).cancel(ticket);
            }
        }
    )+ };
}

forward!(&mut S, Box<S>);

macro_rules! share {
    ($($pointer:ty),+) => { $(
        /// One service for many: whoever has a handle asks it in turn. If it panicked in
        /// the middle of a call, it is asked nothing more
        /// ([`Broken`](ServiceErrorKind::Broken)) and can do nothing, so that a check-in
        /// that begins afterwards ends before it asks for a PIN.
        impl<S: EligibilityService + ?Sized> EligibilityService for $pointer {
            fn realm(&self) -> Realm {
                // Which doesn't depend on what it was doing.
                self.lock().unwrap_or_else(PoisonError::into_inner).realm()
            }

            fn capabilities(&self) -> Capabilities {
                self.lock().map_or_else(|_| Capabilities::default(), |service| service.capabilities())
            }

            fn submit(&mut self, request: Request, now: Timestamp) -> Result<Ticket, ServiceError> {
                let broken = ServiceError::not_sent(ServiceErrorKind::Broken);
                self.lock().map_err(|_| broken)?.submit(request, now)
            }

            fn poll(&mut self, ticket: Ticket, now: Timestamp) -> Result<PollResult, ServiceError> {
                let broken = ServiceError::maybe_sent(ServiceErrorKind::Broken);
                self.lock().map_err(|_| broken)?.poll(ticket, now)
            }

            fn cancel(&mut self, ticket: Ticket) {
                if let Ok(mut service) = self.lock() {
                    service.cancel(ticket);
                }
            }
        }
    )+ };
}

share!(Arc<Mutex<S>>, &Mutex<S>);

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

/// What a service can do; nothing by default. Write
/// `Capabilities { .., ..Capabilities::default() }`: more may come with the next
/// version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Capabilities {
    /// It answers questions with the proof of a check-in.
    pub by_certificate: bool,
    /// It can register a card for use (利用登録).
    pub registration: bool,
    /// It answers questions by the numbers of an insurance.
    pub by_number: bool,
    /// It takes the choice of prescription (処方箋発行形態).
    pub prescription: bool,
    /// It takes the consent to subsidies (医療費助成, PMH).
    pub subsidies: bool,
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
    /// Answered. The ticket is spent, unless the answer has another number: then
    /// it is polled again.
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
    /// The connector (連携アプリ) rejected the question, or it can't be written.
    #[error("the connector rejected the question")]
    Rejected,
    /// The connector left the question where it was put: it isn't running.
    #[error("the connector does not take questions")]
    ConnectorSilent,
    /// The folders of the connector, or the journal, can't be used.
    #[error("the connector's folders can't be used")]
    Folder,
    /// The answer to a question by number speaks of somebody else.
    #[error("the answer is about another person")]
    OtherPerson,
    /// A shared service panicked earlier, in the middle of a call.
    #[error("the service is broken")]
    Broken,
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
            ServiceErrorKind::Broken if self.outcome_unknown => Failure::OutcomeUnknown,
            ServiceErrorKind::UnknownTicket | ServiceErrorKind::Broken => Failure::Internal,
            ServiceErrorKind::Rejected => Failure::QuestionRejected,
            ServiceErrorKind::ConnectorSilent => Failure::ConnectorNotRunning,
            ServiceErrorKind::Folder => Failure::FolderUnavailable,
            ServiceErrorKind::ProofRefused => Failure::ProofRefused,
            ServiceErrorKind::OtherPerson => Failure::PersonUnclear,
        }
    }
}
