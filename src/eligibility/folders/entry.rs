//! What is remembered of one question, and its line in the journal.
//!
//! A line holds all of it, so that the last line of a question is its state and
//! nothing has to be put together. There is nothing of a person in it: names of
//! files, times, the number that the centre gave to a bulk question, and check
//! numbers too short to tell what they were made of.

use jiff::Timestamp;
use ring::hmac;

use super::QuestionId;
use crate::eligibility::message::{FileName, ReceptionNumber};

/// Most names of files for one question.
pub(super) const MAX_TAKEN: usize = 8;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) id: QuestionId,
    /// Name of the request.
    pub(super) request: FileName,
    pub(super) asked: Timestamp,
    pub(super) deadline: Timestamp,
    /// 受付番号 that was asked about, in the second step of a bulk question.
    pub(super) reception: Option<ReceptionNumber>,
    /// Of the request's bytes.
    pub(super) check: Check,
    pub(super) phase: Phase,
    /// The request is still to be taken back.
    pub(super) withdraw: bool,
    /// Of the answer or rejection: in time, or late.
    pub(super) taken: Vec<Taken>,
    pub(super) kept: Kept,
}

/// Where a question stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// The temporary file is being written.
    Prepared,
    /// From here on it may have been sent.
    Intended,
    Published,
    NotSent,
    Answered,
    Rejected,
    TimedOut,
    GivenUp,
    /// Several answers that differ: for a person.
    Conflict,
}

const PHASES: [(Phase, &str); 9] = [
    (Phase::Prepared, "prepared"),
    (Phase::Intended, "intended"),
    (Phase::Published, "published"),
    (Phase::NotSent, "not-sent"),
    (Phase::Answered, "answered"),
    (Phase::Rejected, "rejected"),
    (Phase::TimedOut, "timed-out"),
    (Phase::GivenUp, "cancelled"),
    (Phase::Conflict, "conflict"),
];

impl Phase {
    pub(super) fn is_waiting(self) -> bool {
        matches!(self, Self::Intended | Self::Published)
    }
}

/// What became of the files of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// Nothing yet: the caller hasn't said that it has the answer.
    Open,
    /// The caller has it; the files are being consumed.
    Settling,
    Settled,
    /// Settled, and the files stay where they are whatever the settings are later.
    Left,
}

const KEPT: [(Kept, &str); 4] = [
    (Kept::Open, "open"),
    (Kept::Settling, "settling"),
    (Kept::Settled, "settled"),
    (Kept::Left, "left"),
];

impl Kept {
    pub(super) fn is_settled(self) -> bool {
        matches!(self, Self::Settled | Self::Left)
    }
}

/// A file that belongs to an answer, by its name and the check of its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) name: String,
    pub(super) check: Check,
}

/// Tells whether a file is still the one that was seen. Thirty-two bits, keyed
/// with the question: enough to notice that bytes changed, not enough to find
/// out what they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Check(u32);

/// Makes a [`Check`] piece by piece.
pub(super) struct Checking(hmac::Context);

impl Checking {
    pub(super) fn new(id: QuestionId) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, id.as_str().as_bytes());
        Self(hmac::Context::with_key(&key))
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The whole digest, which is compared in memory, and the check.
    pub(super) fn finish(self) -> ([u8; 32], Check) {
        let mut digest = [0; 32];
        for (to, from) in digest.iter_mut().zip(self.0.sign().as_ref()) {
            *to = *from;
        }
        let [a, b, c, d, ..] = digest;
        (digest, Check(u32::from_be_bytes([a, b, c, d])))
    }
}

impl Check {
    pub(super) fn of(id: QuestionId, bytes: &[u8]) -> Self {
        let mut checking = Checking::new(id);
        checking.update(bytes);
        checking.finish().1
    }
}

impl Entry {
    /// Whether it can be forgotten once enough time has gone by: nothing of it
    /// is waited for, and nothing waits for the caller.
    pub(super) fn is_over(&self) -> bool {
        if self.withdraw {
            return false;
        }
        match self.phase {
            Phase::Prepared | Phase::Intended | Phase::Published => false,
            Phase::Answered | Phase::Rejected | Phase::Conflict => self.kept.is_settled(),
            Phase::NotSent | Phase::TimedOut | Phase::GivenUp => {
                self.taken.is_empty() || self.kept.is_settled()
            }
        }
    }

    /// Its line, without what the journal puts around it.
    pub(super) fn line(&self) -> String {
        let taken = match self.taken.as_slice() {
            [] => "-".to_owned(),
            all => all
                .iter()
                .map(|file| format!("{}:{:08x}", file.name, file.check.0))
                .collect::<Vec<_>>()
                .join(","),
        };
        let reception = match &self.reception {
            None => "-".to_owned(),
            // Printable ASCII without blanks; the sign tells it from none.
            Some(number) => format!("={number}"),
        };
        format!(
            "{} {} {} {} {:08x} {} {} {} {taken}",
            self.request,
            self.asked.as_millisecond(),
            self.deadline.as_millisecond(),
            reception,
            self.check.0,
            word(&PHASES, self.phase),
            if self.withdraw { "withdraw" } else { "-" },
            word(&KEPT, self.kept),
        )
    }

    /// From its line. `None` if this version didn't write it.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let mut fields = line.split(' ');
        let request = FileName::parse(fields.next()?)?;
        let entry = Self {
            id: QuestionId::parse(request.unique())?,
            request,
            asked: time(fields.next()?)?,
            deadline: time(fields.next()?)?,
            reception: match fields.next()? {
                "-" => None,
                number => Some(ReceptionNumber::new(number.strip_prefix('=')?)?),
            },
            check: check(fields.next()?)?,
            phase: value(&PHASES, fields.next()?)?,
            withdraw: match fields.next()? {
                "-" => false,
                "withdraw" => true,
                _ => return None,
            },
            kept: value(&KEPT, fields.next()?)?,
            taken: match fields.next()? {
                "-" => Vec::new(),
                all => all.split(',').map(taken).collect::<Option<_>>()?,
            },
        };
        let known = entry.taken.iter().all(|file| {
            FileName::parse(&file.name).is_some_and(|name| name.unique() == entry.id.as_str())
        });
        (fields.next().is_none() && known && entry.taken.len() <= MAX_TAKEN).then_some(entry)
    }
}

fn word<T: Copy + PartialEq>(words: &[(T, &'static str)], value: T) -> &'static str {
    words
        .iter()
        .find(|(known, _)| *known == value)
        .map_or("-", |(_, word)| word)
}

fn value<T: Copy>(words: &[(T, &'static str)], text: &str) -> Option<T> {
    words
        .iter()
        .find(|(_, word)| *word == text)
        .map(|(value, _)| *value)
}

fn time(text: &str) -> Option<Timestamp> {
    Timestamp::from_millisecond(text.parse().ok()?).ok()
}

fn check(text: &str) -> Option<Check> {
    (text.len() == 8)
        .then(|| u32::from_str_radix(text, 16).ok())
        .flatten()
        .map(Check)
}

fn taken(text: &str) -> Option<Taken> {
    let (name, sum) = text.split_once(':')?;
    Some(Taken {
        name: name.to_owned(),
        check: check(sum)?,
    })
}
