use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

use super::{Patient, Quirk};
use crate::eligibility::QualificationValidity;
use crate::eligibility::message::{FileName, Question, ReceptionNumber};

/// What the simulated connector did about one request: the truth that a test
/// compares with what the program under test says.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HandledQuestion {
    /// The request's file.
    pub request: FileName,
    /// When it was taken, or found to be left where it is.
    pub at: Timestamp,
    /// What was asked. `None` where it couldn't be read; and where more than a
    /// thousand people are in it, which isn't kept.
    pub question: Option<Arc<Question>>,
    /// Whom a question about one person is about, if the connector knows them.
    pub patient: Option<Patient>,
    /// What was, or will be, said.
    pub said: Said,
    /// What was done about it, in the order of [`Quirk::ALL`].
    pub quirks: Vec<Quirk>,
    /// When the answer is there, whole. `None` if it never is.
    pub due: Option<Timestamp>,
}

/// What the simulated connector says to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Said {
    /// Nothing, ever.
    Nothing,
    /// The request was rejected (`.err`).
    Rejected,
    /// The message failed, with this `ErrorCode`.
    Abnormal {
        /// Invented, as all codes of the simulation: it begins with `SIM`.
        code: &'static str,
    },
    /// It was processed with an error, with this `ProcessingResultCode` (or
    /// `ResultCode`, where medical information is refused).
    Error {
        /// Invented.
        code: &'static str,
    },
    /// To 資格確認: the validity. With [`QualificationValidity::Valid`] and the like
    /// the person of the question is the result.
    Qualification(QualificationValidity),
    /// To 照会番号登録: it is registered.
    Registered,
    /// To the first step of a bulk question: its reception number.
    Accepted(ReceptionNumber),
    /// To the second step: 処理中.
    Processing,
    /// To the second step: so many people.
    People(u64),
    /// Medical information of the person.
    Medical,
}

/// Questions that are remembered. Far more than any test asks.
const MOST: usize = 1_000_000;

/// What was done, in order, and by the name of the request.
#[derive(Debug, Default)]
pub(super) struct History {
    all: VecDeque<HandledQuestion>,
    /// How many were forgotten at the front.
    gone: usize,
    /// The last of each name, counted from the first ever.
    by_name: BTreeMap<String, usize>,
}

impl History {
    pub(super) fn push(&mut self, handled: HandledQuestion) {
        if self.all.len() >= MOST
            && let Some(old) = self.all.pop_front()
        {
            let name = key(&old.request);
            if self.by_name.get(&name) == Some(&self.gone) {
                self.by_name.remove(&name);
            }
            self.gone += 1;
        }
        let at = self.gone + self.all.len();
        self.by_name.insert(key(&handled.request), at);
        self.all.push_back(handled);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &HandledQuestion> {
        self.all.iter()
    }

    pub(super) fn of(&self, request: &FileName) -> Option<&HandledQuestion> {
        let at = self.by_name.get(&key(request))?;
        self.all.get(at.checked_sub(self.gone)?)
    }

    /// Of the last one of this name, and when its answer is there.
    pub(super) fn due(&mut self, request: &FileName, at: Timestamp) {
        let index = self.by_name.get(&key(request)).copied();
        let index = index.and_then(|index| index.checked_sub(self.gone));
        if let Some(handled) = index.and_then(|index| self.all.get_mut(index)) {
            handled.due = Some(at);
        }
    }
}

/// Names differ by more than capital letters.
pub(super) fn key(name: &FileName) -> String {
    name.to_string().to_ascii_lowercase()
}
