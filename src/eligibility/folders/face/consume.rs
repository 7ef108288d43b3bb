//! Putting away what was settled.

use jiff::{SignedDuration, Timestamp};

use super::super::Consumption;
use super::super::files::{Unreadable, read_all};
use super::super::look::after;
use super::super::put_away::put_away;
use super::entry::{Delivered, Digest, Put, State};
use super::look::CAP;
use super::{FaceFolder, FaceSettings};
use crate::eligibility::{FeedError, FeedItem, FeedTrouble, ResultId};

/// So long putting away may fail before that is told: somebody may have it open.
const PATIENCE: SignedDuration = SignedDuration::from_secs(10);

/// Files put away in one round.
const MOST_AT_ONCE: usize = 128;

/// After so many that can't be put away the rest waits for the next round: each is
/// read anew, and where one fails, mostly all do.
const MOST_FAILED: usize = 2;

impl FaceSettings {
    pub(super) fn puts_away(&self) -> bool {
        self.consumption != Consumption::Leave
    }
}

impl FaceFolder {
    pub(super) fn settle_result(&mut self, id: &ResultId) -> Result<(), FeedError> {
        let unknown = Err(FeedError::UnknownResult);
        // The name has no colon in it.
        let Some((name, _)) = id.as_str().rsplit_once(':') else {
            return unknown;
        };
        let Some(delivered) = self.delivered(name).filter(|found| found.id == *id) else {
            return unknown;
        };
        if delivered.put != Put::Open {
            return Ok(());
        }
        if !self.settings.puts_away() {
            return Ok(());
        }
        if let Some(delivered) = self.delivered(name) {
            delivered.put = Put::Settling(None);
        }
        if let Some(item) = self.put_away_one(name, None) {
            self.untold.push(item);
        }
        let again = self.delivered(name).map(|delivered| delivered.put);
        if matches!(again, Some(Put::Settling(_))) {
            self.settling.push_back(name.to_owned());
        }
        Ok(())
    }

    fn delivered(&mut self, name: &str) -> Option<&mut Delivered> {
        match &mut self.entries.get_mut(name)?.state {
            State::Delivered(delivered) => Some(delivered),
            State::Following(_) | State::Troubled(_) => None,
        }
    }

    pub(super) fn put_away_settled(&mut self, now: Timestamp, items: &mut Vec<FeedItem>) {
        let mut failed = 0;
        for _ in 0..self.settling.len().min(MOST_AT_ONCE) {
            if failed >= MOST_FAILED {
                return;
            }
            let Some(name) = self.settling.pop_front() else {
                return;
            };
            items.extend(self.put_away_one(&name, Some(now)));
            let put = self.delivered(&name).map(|delivered| delivered.put);
            if matches!(put, Some(Put::Settling(_))) {
                failed += 1;
                self.settling.push_back(name);
            }
        }
    }

    /// Deletes or moves a file, if it is still what was delivered.
    fn put_away_one(&mut self, name: &str, now: Option<Timestamp>) -> Option<FeedItem> {
        let path = self.settings.folder.join(name);
        let entry = self.entries.get_mut(name)?;
        let State::Delivered(delivered) = &mut entry.state else {
            return None;
        };
        let Put::Settling(failing) = &mut delivered.put else {
            return None;
        };
        let files = self.files.as_mut();
        let failed = match read_all(files, &path, CAP) {
            Ok(content) if Digest::of(name, &content) == delivered.digest => {
                // A move that broke off may have left the file in both places.
                let there = match &self.settings.consumption {
                    Consumption::MoveTo(folder) => read_all(files, &folder.join(name), CAP).ok(),
                    Consumption::Leave | Consumption::Delete => None,
                };
                let is_there =
                    there.is_some_and(|there| Digest::of(name, &there) == delivered.digest);
                let done = if is_there {
                    put_away(files, &Consumption::Delete, &path, name)
                } else {
                    put_away(files, &self.settings.consumption, &path, name)
                };
                done.err().map(|error| error.kind())
            }
            Ok(_) | Err(Unreadable::NotAFile | Unreadable::TooLarge { .. }) => {
                delivered.put = Put::Done;
                delivered.contradicted = true;
                let id = delivered.id.clone();
                return Some(FeedItem::Contradicted { id });
            }
            Err(Unreadable::Gone) => None,
            Err(Unreadable::Io(kind)) => Some(kind),
        };
        let Some(kind) = failed else {
            delivered.put = Put::Done;
            return None;
        };
        let (Some(now), trouble) = (now, FeedTrouble::NotPutAway(kind)) else {
            return None;
        };
        let since = *failing.get_or_insert(now);
        if now < after(since, PATIENCE) || entry.told == Some(trouble) {
            return None;
        }
        entry.told = Some(trouble);
        Some(FeedItem::Trouble {
            source: name.to_owned(),
            trouble,
        })
    }
}
