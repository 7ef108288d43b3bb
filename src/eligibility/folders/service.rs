//! The folders as a service for questions by number.

use jiff::Timestamp;

use super::{ExchangeFolders, Progress, QuestionError, QuestionId, Trouble};
use crate::Realm;
#[cfg(doc)]
use crate::eligibility::Report;
use crate::eligibility::message::{NumberQuestion, Question, parse_report};
use crate::eligibility::{
    Answer, Asked, Capabilities, EligibilityService, PollResult, Request, ServiceError,
    ServiceErrorKind, Ticket,
};

/// What a ticket stands for.
pub(super) struct Pending {
    id: QuestionId,
    /// About whom was asked.
    person: Box<NumberQuestion>,
}

/// Answers of 資格確認 by number are read in memory; their family's own limit.
const CAP: usize = 4 << 20;

/// Answers questions by number ([`Request::by_number`]). One with the proof of a
/// check-in is [`ServiceErrorKind::Unsupported`]: that goes by the reader's link.
///
/// What was possibly sent is a ticket like any other, and polled for. An answer
/// that was handed over counts as kept at the next call, and its files are
/// consumed then; until that call they stay, and a restart finds them among the
/// [open questions](ExchangeFolders::open_questions).
///
/// An answer that speaks of somebody else than was asked about
/// ([`Report::is_about`]) is [`ServiceErrorKind::OtherPerson`]. Its files stay and
/// the question is open until somebody looked into it, and
/// [settles](ExchangeFolders::settle) it. So it is with an answer that can't be read.
/// A request whose ticket is still waited for isn't sent a second time.
impl EligibilityService for ExchangeFolders {
    fn realm(&self) -> Realm {
        self.settings.realm
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            by_number: true,
            ..Capabilities::default()
        }
    }

    fn submit(&mut self, request: Request, now: Timestamp) -> Result<Ticket, ServiceError> {
        self.settle_delivered();
        let ticket = Ticket::new(request.number());
        // The very same question again is the same question, and isn't sent again.
        if self.tickets.contains_key(&request.number()) {
            return Ok(ticket);
        }
        let Asked::ByNumber { on, person } = request.asked() else {
            return Err(ServiceError::not_sent(ServiceErrorKind::Unsupported));
        };
        let question = Question::ByNumber {
            on: *on,
            person: (**person).clone(),
        };
        let id = match self.ask(&question, now) {
            Ok(id) => id,
            Err(error) if error.possibly_sent => error.id,
            Err(error) => {
                return Err(ServiceError::not_sent(match error.kind {
                    super::AskErrorKind::Message(_) => ServiceErrorKind::Rejected,
                    _ => ServiceErrorKind::Folder,
                }));
            }
        };
        let person = person.clone();
        self.tickets
            .insert(request.number(), Pending { id, person });
        Ok(ticket)
    }

    fn poll(&mut self, ticket: Ticket, now: Timestamp) -> Result<PollResult, ServiceError> {
        self.settle_delivered();
        let id = self
            .question_of(ticket)
            .ok_or(ServiceError::not_sent(ServiceErrorKind::UnknownTicket))?;
        let progress = self
            .look_for(id, now)
            .map_err(|_| ServiceError::maybe_sent(ServiceErrorKind::Folder))?;
        let result = match progress {
            Progress::Waiting { not_before, .. } => return Ok(PollResult::Pending { not_before }),
            Progress::Answered { .. } => match self.report(ticket, id) {
                Some(result) => result,
                None => {
                    let not_before = self.next_look();
                    return Ok(PollResult::Pending { not_before });
                }
            },
            Progress::Rejected { .. } => Err(ServiceError::not_sent(ServiceErrorKind::Rejected)),
            Progress::NotSent { .. } => Err(ServiceError::not_sent(ServiceErrorKind::Folder)),
            Progress::TimedOut {
                trouble: Some(Trouble::NotTaken),
                ..
            } => Err(ServiceError::maybe_sent(ServiceErrorKind::ConnectorSilent)),
            Progress::TimedOut { .. } => Err(ServiceError::maybe_sent(ServiceErrorKind::TimedOut)),
            Progress::Conflict { .. } => {
                Err(ServiceError::maybe_sent(ServiceErrorKind::CentreDown))
            }
            Progress::GivenUp { .. } => {
                Err(ServiceError::not_sent(ServiceErrorKind::UnknownTicket))
            }
        };
        self.tickets.remove(&ticket.number());
        // What wasn't handed over stays, for a person to look at.
        if result.is_ok() || matches!(progress, Progress::Rejected { .. }) {
            self.delivered.push(id);
        }
        result
    }

    fn cancel(&mut self, ticket: Ticket) {
        self.settle_delivered();
        if let Some(pending) = self.tickets.remove(&ticket.number()) {
            // Where the journal can't take it, the question runs into its time-out.
            let _ = self.give_up(pending.id);
        }
    }
}

impl ExchangeFolders {
    /// The question that a ticket stands for, as long as it isn't spent: to be
    /// kept with the patient, since tickets don't outlive the program.
    #[must_use]
    pub fn question_of(&self, ticket: Ticket) -> Option<QuestionId> {
        self.tickets.get(&ticket.number()).map(|pending| pending.id)
    }

    /// `None` if the file can't be read now.
    fn report(
        &mut self,
        ticket: Ticket,
        id: QuestionId,
    ) -> Option<Result<PollResult, ServiceError>> {
        let unreadable = Err(ServiceError::maybe_sent(ServiceErrorKind::CentreDown));
        let answer = match self.answer(id) {
            Ok(answer) => answer,
            Err(QuestionError::Locked(_)) => return None,
            Err(_) => return Some(unreadable),
        };
        let message = answer.unpacked().ok();
        let Some(parsed) = message.and_then(|file| parse_report(file.as_bytes(), CAP).ok()) else {
            return Some(unreadable);
        };
        // Found by its bytes before; this is what it says as a document.
        let echo = parsed.report.file_identifier.as_deref().map(str::trim);
        if echo.is_some_and(|echo| echo != id.as_str()) {
            return Some(Err(ServiceError::maybe_sent(ServiceErrorKind::OtherPerson)));
        }
        let pending = self.tickets.get(&ticket.number());
        if !pending.is_some_and(|pending| parsed.report.is_about(&pending.person)) {
            return Some(Err(ServiceError::maybe_sent(ServiceErrorKind::OtherPerson)));
        }
        Some(Ok(PollResult::Ready(Box::new(Answer {
            number: ticket.number(),
            report: parsed.report,
        }))))
    }

    fn settle_delivered(&mut self) {
        for id in std::mem::take(&mut self.delivered) {
            // What can't be settled now is among the open questions.
            let _ = self.settle(id);
        }
    }
}
