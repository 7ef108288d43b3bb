//! Taking requests.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::disk::{self, Request};
use super::plan::{Draw, Label, Quirks};
use super::reply::Reply;
use super::settings::failed;
use super::{Connector, ConnectorError, HandledQuestion, Quirk, Said};
use crate::eligibility::message::{Direction, FileKind, FileName, Header, Question};

/// Requests taken in one step.
const MOST_AT_ONCE: usize = 10_000;

/// No single question is longer.
const CAP: u64 = 4 << 20;

/// A question about 100,000 people has some 40 MB.
const BULK_CAP: u64 = 256 << 20;

/// How long a request that isn't whole is left to whoever writes it.
const PATIENCE: SignedDuration = SignedDuration::from_secs(10);

/// People of a question that is remembered whole.
const MOST_REMEMBERED: usize = 1000;

/// A request that was taken.
pub(super) struct Taken {
    pub(super) name: FileName,
    pub(super) header: Header,
    pub(super) question: Arc<Question>,
    pub(super) quirks: Quirks,
    pub(super) draw: Draw,
}

impl Connector {
    /// `true` if there are more.
    pub(super) fn take_requests(&mut self, now: Timestamp) -> Result<bool, ConnectorError> {
        let mut taken = 0;
        let mut seen = HashSet::new();
        for folder in self.settings.request_folders() {
            let mut names = Vec::new();
            let listed = disk::list(&folder, |name| {
                let Some(parsed) = FileName::parse(name) else {
                    return;
                };
                let ours = parsed.direction() == Direction::Request
                    && parsed.kind() == FileKind::Xml
                    && self.settings.pair(parsed.family()).requests() == folder;
                if ours {
                    let left = self.left.contains(name);
                    seen.insert(name.to_owned());
                    if !left && names.len() <= MOST_AT_ONCE {
                        names.push((name.to_owned(), parsed));
                    }
                }
            });
            listed.map_err(|error| failed(&folder, &error))?;
            // Folders list in an order of their own.
            names.sort_by(|(one, _), (other, _)| one.cmp(other));
            for (name, parsed) in names {
                if taken == MOST_AT_ONCE {
                    return Ok(true);
                }
                taken += usize::from(self.take(&folder, &name, parsed, now)?);
            }
        }
        // What somebody took away isn't left any more.
        self.left.retain(|name| seen.contains(name));
        self.growing.retain(|name, _| seen.contains(name));
        Ok(false)
    }

    fn take(
        &mut self,
        folder: &Path,
        found_as: &str,
        name: FileName,
        now: Timestamp,
    ) -> Result<bool, ConnectorError> {
        let path = folder.join(found_as);
        let cap = if name.family().is_bulk() {
            BULK_CAP
        } else {
            CAP
        };
        let bytes = match disk::read(&path, cap) {
            Request::Bytes(bytes) => bytes,
            Request::NotNow => return Ok(false),
            Request::TooLarge => {
                if disk::take_away(&path) {
                    self.reject(&name, &[], now);
                }
                return Ok(true);
            }
        };
        let question = match Question::parse(name.family(), name.step(), &bytes) {
            Ok(question) => Some(question),
            // Somebody writes in place, and isn't done.
            Err(error) if error.is_cut_off() && self.is_new(found_as, bytes.len(), now) => {
                return Ok(false);
            }
            Err(_) => None,
        };
        let draw = Draw::new(self.settings.seed, &name.to_string());
        let scripted = self.scripts.get(&name.unique().to_ascii_lowercase());
        let quirks = match scripted {
            Some(quirks) => Quirks::of(quirks),
            None => self.settings.plan.drawn(draw),
        };
        if quirks.has(Quirk::NotTaken) {
            self.left.insert(found_as.to_owned());
            let asked = question.map(|(_, question)| Arc::new(question));
            self.remember(&name, asked, (Said::Nothing, None), &quirks, now);
            return Ok(false);
        }
        if !disk::take_away(&path) {
            return Ok(false);
        }
        let Some((header, question)) = question else {
            self.reject(&name, &bytes, now);
            return Ok(true);
        };
        if quirks.has(Quirk::Rejected) {
            self.reject(&name, &bytes, now);
            return Ok(true);
        }
        let taken = Taken {
            name,
            header,
            question: Arc::new(question),
            quirks,
            draw,
        };
        self.answer(taken, now);
        Ok(true)
    }

    /// Whether a request that isn't whole may become so: it grew within the last
    /// ten seconds.
    fn is_new(&mut self, found_as: &str, len: usize, now: Timestamp) -> bool {
        let seen = self.growing.get(found_as);
        let since = seen.filter(|(_, before)| *before == len);
        let since = since.map_or(now, |(since, _)| *since);
        self.growing.insert(found_as.to_owned(), (since, len));
        since.duration_until(now) < PATIENCE
    }

    fn answer(&mut self, taken: Taken, now: Timestamp) {
        let about = Some(Arc::clone(&taken.question));
        if taken.quirks.has(Quirk::Silent) {
            let patient = match &*taken.question {
                Question::ByNumber { on, person } => {
                    self.find(person.insured(), Some(person.birthdate()), *on)
                }
                _ => None,
            };
            self.remember(
                &taken.name,
                about,
                (Said::Nothing, patient),
                &taken.quirks,
                now,
            );
            return;
        }
        let (reply, said, patient) = self.reply(&taken, now);
        self.remember(&taken.name, about, (said, patient), &taken.quirks, now);
        match reply {
            Some(reply) => self.schedule(&taken, reply, now),
            // The personas and texts of this module fit into both encodings.
            None => self.reject(&taken.name, &[], now),
        }
    }

    pub(super) fn reject(&mut self, name: &FileName, request: &[u8], now: Timestamp) {
        let known = self
            .history
            .of(name)
            .is_some_and(|handled| handled.at == now);
        if !known {
            self.remember(name, None, (Said::Rejected, None), &Quirks::default(), now);
        }
        let draw = Draw::new(self.settings.seed, &name.to_string());
        let due = self.due(draw, &Quirks::default(), now);
        self.write_rejection(name, request, due);
    }

    fn remember(
        &mut self,
        name: &FileName,
        question: Option<Arc<Question>>,
        (said, patient): (Said, Option<super::Patient>),
        quirks: &Quirks,
        now: Timestamp,
    ) {
        let short = |question: &Arc<Question>| match &**question {
            Question::BulkByNumber { people, .. } => people.len() <= MOST_REMEMBERED,
            Question::BulkRegisterReference(people) => people.len() <= MOST_REMEMBERED,
            _ => true,
        };
        self.history.push(HandledQuestion {
            request: name.clone(),
            at: now,
            question: question.filter(short),
            patient,
            said,
            quirks: quirks.as_slice().to_vec(),
            due: None,
        });
    }

    pub(super) fn due(&self, draw: Draw, quirks: &Quirks, now: Timestamp) -> Timestamp {
        let mut wait = draw.within(Label::Delay, self.settings.plan.delay);
        if quirks.has(Quirk::Late) {
            wait = wait.saturating_add(draw.within(Label::Again, self.settings.plan.late));
        }
        now.checked_add(wait).unwrap_or(Timestamp::MAX)
    }

    /// When each part of an answer is written.
    fn schedule(&mut self, taken: &Taken, reply: Reply, now: Timestamp) {
        let due = self.due(taken.draw, &taken.quirks, now);
        let whole = self.write_reply(&taken.name, &taken.quirks, taken.draw, reply, due);
        if let Some(whole) = whole {
            self.history.due(&taken.name, whole);
        }
    }
}
