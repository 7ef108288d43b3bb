//! Looking for answers: each folder is listed once for all questions.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::entry::{Check, Entry, Kept, MAX_TAKEN, Phase, Taken};
use super::files::{Files, Found};
use super::look::{Saw, after, check_now, look};
use super::open::is_of_world;
use super::state::Tracked;
use super::{ExchangeFolders, JournalError, QuestionId, Trouble};
use crate::eligibility::message::{Direction, FileKind, FileName};

/// How long past its deadline a question with a file that may still become its
/// answer is held: twelve reads, as working programs try.
const HOLD: SignedDuration = SignedDuration::from_millis(12 * 300);

/// Names in one folder that are looked at in one round. Far more than a folder
/// that anybody could still work with has.
const MOST_NAMES: usize = 2_000_000;

/// Found in a folder of answers.
#[derive(Debug)]
struct Named {
    name: String,
    parsed: FileName,
}

#[derive(Debug, Default)]
struct Listing {
    found: BTreeMap<QuestionId, Vec<Named>>,
    away: BTreeMap<PathBuf, Trouble>,
}

impl ExchangeFolders {
    /// Looks at the folders for all questions, and says which of them changed.
    /// The program that has a watcher on the folder may call this whenever that
    /// wakes it; without one, every 300 ms to a second, and every five seconds
    /// where only bulk questions are open.
    ///
    /// # Errors
    /// The journal. Then nothing has changed; what was found will be found again.
    pub fn round(&mut self, now: Timestamp) -> Result<Vec<QuestionId>, JournalError> {
        self.looked = Some(now);
        // What ends in this round is told first, and forgotten in a later one.
        self.forget(now)?;
        let mut listing = self.listing();
        let (mut entries, mut changed) = (Vec::new(), Vec::new());
        for (id, tracked) in &mut self.questions {
            let names = listing.found.remove(id).unwrap_or_default();
            let phase = tracked.entry.phase;
            let before = tracked.trouble;
            if names.is_empty() && !phase.is_waiting() {
                continue;
            }
            let pair = self.settings.pair(tracked.entry.request.family());
            let mut view = View {
                files: self.files.as_mut(),
                folder: &pair.responses,
                names: &names,
                now,
            };
            let mut next = match (phase, tracked.entry.kept) {
                (Phase::Conflict, _) | (_, Kept::Settling | Kept::Left) => None,
                _ if tracked.entry.taken.is_empty() => view.seek(tracked),
                _ => view.compare(tracked),
            };
            match listing.away.get(&pair.responses) {
                Some(trouble) => tracked.trouble = Some(*trouble),
                None => tracked
                    .looks
                    .retain(|look| names.iter().any(|named| look.is_of(&named.name))),
            }
            let held = || {
                tracked
                    .looks
                    .iter()
                    .any(|look| now < after(look.first, HOLD))
            };
            if next.is_none() && phase.is_waiting() && now >= tracked.entry.deadline && !held() {
                let request = pair.requests.join(tracked.entry.request.to_string());
                if tracked.trouble.is_none()
                    && matches!(self.files.found(&request), Ok(Found::File))
                {
                    tracked.trouble = Some(Trouble::NotTaken);
                }
                next = Some(Entry {
                    phase: Phase::TimedOut,
                    withdraw: self.settings.withdrawal,
                    ..tracked.entry.clone()
                });
            }
            let told = tracked.trouble != before && tracked.trouble == Some(Trouble::Contradicted);
            if next.as_ref().is_some_and(|next| {
                next.phase != phase || next.taken.len() != tracked.entry.taken.len()
            }) || told
            {
                changed.push(*id);
            }
            entries.extend(next);
        }
        if !entries.is_empty() {
            self.log(entries)?;
        }
        self.catch_up(Some(now));
        Ok(changed)
    }

    fn listing(&mut self) -> Listing {
        let mut listing = Listing::default();
        let mut folders: Vec<&PathBuf> =
            self.settings.pairs().map(|pair| &pair.responses).collect();
        folders.sort_unstable();
        folders.dedup();
        for folder in folders {
            // Another one may have come into its place since it was opened.
            match is_of_world(self.files.as_mut(), folder, self.settings.realm) {
                Ok(true) => {}
                Ok(false) => {
                    listing.away.insert(folder.clone(), Trouble::OtherWorld);
                    continue;
                }
                Err(error) => {
                    let trouble = Trouble::Folder(error.kind());
                    listing.away.insert(folder.clone(), trouble);
                    continue;
                }
            }
            let mut seen = 0;
            let listed = self.files.list(folder, &mut |name| {
                seen += 1;
                if seen > MOST_NAMES {
                    return ControlFlow::Break(());
                }
                // Another program's names are left at once.
                let Some(tracked) = unique(name).and_then(|id| self.questions.get(&id)) else {
                    return ControlFlow::Continue(());
                };
                let request = &tracked.entry.request;
                if let Some(parsed) = FileName::parse(name)
                    && self.settings.pair(request.family()).responses == *folder
                    && (parsed.answers(request) || is_copy(&parsed, request))
                {
                    let names = listing.found.entry(tracked.entry.id).or_default();
                    if names.len() < MAX_TAKEN {
                        names.push(Named {
                            name: name.to_owned(),
                            parsed,
                        });
                    }
                }
                ControlFlow::Continue(())
            });
            if let Err(error) = listed {
                let trouble = Trouble::Folder(error.kind());
                listing.away.insert(folder.clone(), trouble);
            } else if seen > MOST_NAMES {
                let trouble = Trouble::Folder(ErrorKind::StorageFull);
                listing.away.insert(folder.clone(), trouble);
            }
        }
        listing
    }

    /// Writes the journal anew when most of it no longer matters, without the
    /// questions that are over for long enough.
    fn forget(&mut self, now: Timestamp) -> Result<(), JournalError> {
        if !self.journal.is_stale(self.questions.len()) {
            return Ok(());
        }
        let remember = self.settings.remember;
        self.questions.retain(|_, tracked| {
            !tracked.entry.is_over() || now < after(tracked.entry.deadline, remember)
        });
        let entries = self.questions.values().map(|tracked| &tracked.entry);
        self.journal.compact(self.files.as_mut(), entries)
    }
}

/// The identifier in a name, if it could be one of ours.
fn unique(name: &str) -> Option<QuestionId> {
    let (base, _) = name.rsplit_once('.')?;
    QuestionId::parse(base.rsplit_once('_')?.1)
}

/// The request itself, which lies beside its `.err`.
fn is_copy(name: &FileName, request: &FileName) -> bool {
    name.direction() == Direction::Request
        && name.kind() == FileKind::Xml
        && (name.family(), name.step()) == (request.family(), request.step())
        && name.unique() == request.unique()
}

/// The files of one question in this round.
struct View<'a> {
    files: &'a mut dyn Files,
    folder: &'a Path,
    names: &'a [Named],
    now: Timestamp,
}

impl View<'_> {
    /// For a question without an answer: is there one?
    fn seek(&mut self, tracked: &mut Tracked) -> Option<Entry> {
        tracked.trouble = None;
        let mut whole: Vec<(FileKind, Taken)> = Vec::new();
        for named in self.names {
            if named.parsed.kind() != FileKind::Err
                && named.parsed.direction() == Direction::Request
            {
                continue;
            }
            match self.look(named, tracked) {
                Saw::Whole(check) => whole.push((named.parsed.kind(), taken(named, check))),
                Saw::Not(trouble) => tracked.trouble = Some(trouble),
                Saw::Gone => {}
            }
        }
        let (kind, first) = whole.first()?;
        let mut entry = tracked.entry.clone();
        let waiting = entry.phase.is_waiting();
        if whole.iter().any(|(_, other)| other.check != first.check) {
            entry.phase = Phase::Conflict;
        } else if waiting && *kind == FileKind::Err {
            entry.phase = Phase::Rejected;
        } else if waiting {
            entry.phase = Phase::Answered;
        }
        if *kind == FileKind::Err {
            let copies: Vec<Taken> = self.copies(&entry).collect();
            entry.taken = whole
                .into_iter()
                .map(|(_, taken)| taken)
                .chain(copies)
                .collect();
        } else {
            entry.taken = whole.into_iter().map(|(_, taken)| taken).collect();
        }
        tracked.looks.clear();
        tracked.trouble = None;
        Some(entry)
    }

    /// For a question with an answer: what else is there? The same bytes once
    /// more belong to it; other bytes are a conflict.
    fn compare(&mut self, tracked: &mut Tracked) -> Option<Entry> {
        if tracked.trouble == Some(Trouble::Contradicted) {
            return None;
        }
        let open = tracked.entry.kept == Kept::Open;
        let mut entry = tracked.entry.clone();
        let mut more = Vec::new();
        for named in self.names {
            let known = entry.taken.iter().any(|taken| taken.name == named.name);
            if open && known {
                continue;
            }
            if is_copy(&named.parsed, &entry.request) {
                more.extend(self.copy(named, &entry));
                continue;
            }
            let Saw::Whole(check) = self.look(named, tracked) else {
                continue;
            };
            if entry.taken.iter().any(|taken| taken.check == check) {
                more.push(taken(named, check));
            } else if open {
                entry.phase = Phase::Conflict;
                return Some(entry);
            } else {
                tracked.trouble = Some(Trouble::Contradicted);
                return None;
            }
        }
        if more.is_empty() {
            return None;
        }
        tracked.looks.clear();
        if open {
            more.truncate(MAX_TAKEN.saturating_sub(entry.taken.len()));
            if more.is_empty() {
                return None;
            }
            entry.taken.extend(more);
        } else {
            // Once more what was settled: it goes the same way.
            for again in more {
                if !entry.taken.iter().any(|taken| taken.name == again.name)
                    && entry.taken.len() < MAX_TAKEN
                {
                    entry.taken.push(again);
                }
            }
            entry.kept = Kept::Settling;
        }
        Some(entry)
    }

    fn look(&mut self, named: &Named, tracked: &mut Tracked) -> Saw {
        look(
            self.files,
            &self.folder.join(&named.name),
            &named.name,
            &named.parsed,
            &tracked.entry,
            &mut tracked.looks,
            self.now,
        )
    }

    /// Copies of the request that are what was written, byte for byte.
    fn copies(&mut self, entry: &Entry) -> impl Iterator<Item = Taken> {
        let names = self.names;
        names
            .iter()
            .filter(|named| is_copy(&named.parsed, &entry.request))
            .filter_map(|named| self.copy(named, entry))
    }

    fn copy(&mut self, named: &Named, entry: &Entry) -> Option<Taken> {
        let path = self.folder.join(&named.name);
        match check_now(self.files, &path, &named.parsed, entry) {
            Ok(check) if check == entry.check => Some(taken(named, check)),
            _ => None,
        }
    }
}

fn taken(named: &Named, check: Check) -> Taken {
    Taken {
        name: named.name.clone(),
        check,
    }
}
