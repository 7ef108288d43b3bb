use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;

use super::entry::{Entry, Kept, Phase};
use super::files::Files;
use super::journal::Journal;
use super::look::after;
use super::publish::Message;
use super::service::Pending;
use super::state::Tracked;
use super::{
    AskError, AskErrorKind, Consumption, ExchangeSettings, JournalError, OpenQuestion, Progress,
    QuestionError, QuestionId, Trouble,
};
use crate::Realm;
use crate::eligibility::RequestNumber;
use crate::eligibility::message::{FileIdentifier, Header, MessageError, MessageFile, Question};

/// Questions through a pair of folders. See the [module](super).
pub struct ExchangeFolders {
    pub(super) files: Box<dyn Files>,
    pub(super) settings: ExchangeSettings,
    pub(super) journal: Journal,
    pub(super) questions: BTreeMap<QuestionId, Tracked>,
    /// When the folders were looked at last.
    pub(super) looked: Option<Timestamp>,
    /// Of the questions asked as a service.
    pub(super) tickets: BTreeMap<RequestNumber, Pending>,
    /// Handed over by the service, and not settled yet.
    pub(super) delivered: Vec<QuestionId>,
}

impl ExchangeFolders {
    /// World of the connector.
    #[must_use]
    pub fn realm(&self) -> Realm {
        self.settings.realm
    }

    /// Asks, under a new identifier.
    ///
    /// That is known only when the question was sent. Where a crash in between
    /// must not leave an answer without its patient, make the identifier first
    /// and use [`ask_as`](Self::ask_as).
    ///
    /// # Errors
    /// As `ask_as`; or the system has no randomness.
    pub fn ask(&mut self, question: &Question, now: Timestamp) -> Result<QuestionId, AskError> {
        let id = QuestionId::generate().map_err(|_| AskError {
            id: QuestionId::NONE,
            possibly_sent: false,
            kind: AskErrorKind::NoRandomness,
        })?;
        self.ask_as(id, question, now).map(|()| id)
    }

    /// Asks, under an identifier that you made with [`QuestionId::generate`] and
    /// have kept. It is written into the message as its `ArbitraryFileIdentifier`.
    ///
    /// # Errors
    /// [`AskError::possibly_sent`] says whether the question may be on its way
    /// all the same. An identifier is good once.
    pub fn ask_as(
        &mut self,
        id: QuestionId,
        question: &Question,
        now: Timestamp,
    ) -> Result<(), AskError> {
        let file = self.write(id, question).map_err(|error| AskError {
            id,
            possibly_sent: false,
            kind: AskErrorKind::Message(error),
        })?;
        let message = Message {
            family: question.family(),
            step: question.step(),
            reception: match question {
                Question::BulkResult { reception, .. } => Some(reception),
                _ => None,
            },
            bytes: file.as_bytes(),
        };
        self.publish(id, &message, now)
    }

    fn write(&self, id: QuestionId, question: &Question) -> Result<MessageFile, MessageError> {
        let header = Header::new(self.settings.institution.clone())
            .with_file_identifier(FileIdentifier::new(id.as_str())?);
        question.write(&header, self.settings.charset)
    }

    /// Looks for the answer, and says where the question stands. The folders are
    /// read if the last look is long enough ago, once for all questions: each of
    /// thousands may be looked for in turn.
    ///
    /// # Errors
    /// [`QuestionError::Unknown`], or the journal.
    pub fn look_for(&mut self, id: QuestionId, now: Timestamp) -> Result<Progress, QuestionError> {
        let due = self
            .looked
            .is_none_or(|looked| now < looked || now >= after(looked, self.settings.interval));
        if due {
            self.round(now)?;
        }
        self.progress(id).ok_or(QuestionError::Unknown)
    }

    /// Where a question stands, without looking at the folders. `None` if it was
    /// never asked here, or is over and forgotten.
    #[must_use]
    pub fn progress(&self, id: QuestionId) -> Option<Progress> {
        let tracked = self.questions.get(&id)?;
        Some(tracked.progress(self.next_look()))
    }

    /// What is odd about the files of a question, if anything.
    #[must_use]
    pub fn trouble(&self, id: QuestionId) -> Option<Trouble> {
        self.questions.get(&id)?.trouble
    }

    /// The questions that aren't over: waited for, or with an answer that wasn't
    /// settled. After a start, that is where the last run left off.
    pub fn open_questions(&self) -> impl Iterator<Item = OpenQuestion> {
        self.questions
            .values()
            .filter(|tracked| !tracked.entry.is_over())
            .map(|tracked| {
                let entry = &tracked.entry;
                OpenQuestion {
                    id: entry.id,
                    family: entry.request.family(),
                    step: entry.request.step(),
                    asked: entry.asked,
                    deadline: entry.deadline,
                    published: entry.phase != Phase::Intended,
                    progress: tracked.progress(self.next_look()),
                }
            })
    }

    /// Gives up waiting. The centre may have acted all the same, and an answer
    /// that still comes is told as late. Does nothing to a question that isn't
    /// waited for.
    ///
    /// # Errors
    /// [`QuestionError::Unknown`], or the journal: then it is still waited for.
    pub fn give_up(&mut self, id: QuestionId) -> Result<(), QuestionError> {
        let tracked = self.questions.get(&id).ok_or(QuestionError::Unknown)?;
        if tracked.entry.phase.is_waiting() {
            let mut entry = tracked.entry.clone();
            entry.phase = Phase::GivenUp;
            entry.withdraw = self.settings.withdrawal;
            self.log(vec![entry])?;
            self.withdraw(id);
        }
        Ok(())
    }

    /// Says that the answer, rejection or conflict was kept: from now on its
    /// files are consumed as [`Consumption`](super::Consumption) says. Until
    /// then they stay, so that a crash loses nothing.
    ///
    /// Files that can't be removed now are tried again in later rounds, less and less
    /// often, and told as [`Trouble::NotPutAway`]; one that isn't what was read any more is left, and told as
    /// [`Trouble::Contradicted`]. Settling twice does no harm.
    ///
    /// # Errors
    /// [`QuestionError::Unknown`], [`QuestionError::NoAnswer`], or the journal.
    pub fn settle(&mut self, id: QuestionId) -> Result<(), QuestionError> {
        let tracked = self.questions.get(&id).ok_or(QuestionError::Unknown)?;
        let mut entry = tracked.entry.clone();
        match (entry.phase, entry.kept) {
            (_, Kept::Settling | Kept::Settled | Kept::Left) => return Ok(()),
            // Nothing of a conflict is touched.
            (Phase::Conflict, Kept::Open) => entry.kept = Kept::Left,
            _ if entry.taken.is_empty() => return Err(QuestionError::NoAnswer),
            (_, Kept::Open) if self.settings.consumption == Consumption::Leave => {
                entry.kept = Kept::Left;
            }
            (_, Kept::Open) => entry.kept = Kept::Settling,
        }
        self.log(vec![entry])?;
        self.consume(id);
        Ok(())
    }

    /// Makes these the state of their questions, in the journal first.
    pub(super) fn log(&mut self, entries: Vec<Entry>) -> Result<(), JournalError> {
        let lines: Vec<&Entry> = entries.iter().collect();
        self.journal.log(self.files.as_mut(), &lines)?;
        self.remember(entries);
        Ok(())
    }

    /// As [`log`](Self::log), for what may be forgotten in a crash, since it would be found out again.
    pub(super) fn note(&mut self, entries: Vec<Entry>) -> Result<(), JournalError> {
        let lines: Vec<&Entry> = entries.iter().collect();
        self.journal.note(self.files.as_mut(), &lines)?;
        self.remember(entries);
        Ok(())
    }

    fn remember(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            match self.questions.get_mut(&entry.id) {
                Some(tracked) => tracked.entry = entry,
                None => drop(self.questions.insert(entry.id, Tracked::new(entry))),
            }
        }
    }

    pub(super) fn next_look(&self) -> Timestamp {
        self.looked.map_or(Timestamp::MIN, |looked| {
            after(looked, self.settings.interval)
        })
    }
}

impl fmt::Debug for ExchangeFolders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExchangeFolders")
            .field("settings", &self.settings)
            .field("questions", &self.questions.len())
            .finish_non_exhaustive()
    }
}
