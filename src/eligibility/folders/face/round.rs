//! One look at the folder.

use std::collections::VecDeque;
use std::ops::{Bound, ControlFlow};

use jiff::Timestamp;

use super::super::files::{Found, Stamp};
use super::super::open::is_of_world;
use super::entry::{Delivered, Digest, Entry, Put, State, in_japan};
use super::look::{Look, Now, Saw, look_again};
use super::select::Selection;
use super::{FaceFolder, FaceSettings, NameKey, Since, is_result};
use crate::eligibility::message::{FileKind, FileName};
use crate::eligibility::{FeedError, FeedItem, FeedResult, FeedTrouble};

/// Files that are followed at once. At a desk there are one or two.
const MOST_FOLLOWED: usize = 128;

/// Files that are remembered: some years of a clinic that never clears up. Few for the fuzzer, as it would never get there.
const MOST_KNOWN: usize = if cfg!(fuzzing) { 64 } else { 100_000 };

/// Bytes that are read in one round before the rest has to wait for the next.
const MOST_BYTES: u64 = 64 << 20;

/// Names in the folder that are looked at in one round. Few for the fuzzer too.
const MOST_NAMES: usize = if cfg!(fuzzing) { 150 } else { 2_000_000 };

/// Of those delivered or found wanting last, so many are looked at again in each
/// round.
pub(super) const RECENT: usize = 16;

/// Of all the others, so many in turn.
const IN_TURN: usize = 8;

/// What one listing of the folder showed.
struct Listed {
    /// New ones to follow.
    chosen: Vec<String>,
    /// One of those for which there is no room at all.
    no_room: Option<String>,
    /// Whether all names were seen.
    whole: bool,
}

impl FaceFolder {
    pub(super) fn look_round(&mut self, now: Timestamp) -> Result<Vec<FeedItem>, FeedError> {
        // Another one may have come into its place since it was opened.
        let settings = &self.settings;
        match is_of_world(self.files.as_mut(), &settings.folder, settings.realm) {
            Ok(true) => {}
            Ok(false) => return Err(FeedError::OtherWorld),
            Err(error) => return Err(FeedError::Folder(error.kind())),
        }
        let listed = self.list()?;
        let mut items = std::mem::take(&mut self.untold);
        if listed.whole {
            self.miss(&mut items);
        }
        self.admit(listed, now, &mut items);
        self.follow(now, &mut items);
        self.put_away_settled(now, &mut items);
        self.look_again_at_some(&mut items);
        items.append(&mut self.untold);
        Ok(items)
    }

    fn list(&mut self) -> Result<Listed, FeedError> {
        self.round = self.round.wrapping_add(1);
        let room = MOST_FOLLOWED.saturating_sub(self.following.len());
        let mut selection = Selection::new(room, self.round);
        let (round, old, entries) = (self.round, &self.old, &mut self.entries);
        let settings = &self.settings;
        let (mut seen, mut no_room) = (0, None);
        // Forgotten are only names that aren't there any more.
        let full = entries.len() >= MOST_KNOWN;
        let mut waiting = None;
        let listed = self.files.list(&settings.folder, &mut |name| {
            seen += 1;
            if seen > MOST_NAMES {
                // Not that name: it may be anybody's.
                no_room = Some(settings.folder.display().to_string());
                return ControlFlow::Break(());
            }
            if let Some(entry) = entries.get_mut(name) {
                entry.round = round;
            } else if let Some(parsed) = is_result(name)
                && counts(settings, &parsed)
                && (old.is_empty() || !old.contains(&NameKey::of(name)))
            {
                if full && waiting.is_none() {
                    waiting = Some(name.to_owned());
                }
                selection.offer(name, &parsed);
            }
            ControlFlow::Continue(())
        });
        listed.map_err(|error| FeedError::Folder(error.kind()))?;
        let whole = no_room.is_none();
        let mut chosen = selection.chosen();
        if full && !chosen.is_empty() {
            if whole {
                self.forget_absent();
            }
            let room = MOST_KNOWN.saturating_sub(self.entries.len());
            if room < chosen.len() {
                chosen.truncate(room);
                no_room = no_room.or(waiting);
            }
        }
        Ok(Listed {
            chosen,
            no_room,
            whole,
        })
    }

    /// Makes room: what was delivered and isn't there any more.
    fn forget_absent(&mut self) {
        let round = self.round;
        self.entries.retain(|_, entry| {
            entry.round == round
                || match &entry.state {
                    State::Delivered(delivered) => matches!(delivered.put, Put::Settling(_)),
                    State::Following(_) | State::Troubled(_) => true,
                }
        });
    }

    /// Notices what was followed and isn't there any more.
    fn miss(&mut self, items: &mut Vec<FeedItem>) {
        let round = self.round;
        let absent: Vec<String> = self
            .entries
            .iter()
            .filter(|(_, entry)| {
                entry.round != round && !matches!(entry.state, State::Delivered(_))
            })
            .map(|(name, _)| name.clone())
            .collect();
        for name in absent {
            // A listing of a share may have holes in it.
            let path = self.settings.folder.join(&name);
            if matches!(self.files.found(&path), Ok(Found::Nothing)) {
                self.gone(&name, items);
            }
        }
    }

    fn gone(&mut self, name: &str, items: &mut Vec<FeedItem>) {
        self.following.retain(|followed| followed != name);
        self.entries.remove(name);
        items.push(FeedItem::Gone {
            source: name.to_owned(),
        });
    }

    fn admit(&mut self, listed: Listed, now: Timestamp, items: &mut Vec<FeedItem>) {
        for name in listed.chosen {
            let entry = Entry {
                round: self.round,
                told: None,
                state: State::Following(Look::new(now)),
            };
            self.following.push_back(name.clone());
            self.entries.insert(name, entry);
        }
        match listed.no_room {
            None => self.told_full = false,
            Some(source) if !self.told_full => {
                self.told_full = true;
                items.push(FeedItem::Trouble {
                    source,
                    trouble: FeedTrouble::TooMany,
                });
            }
            Some(_) => {}
        }
    }

    /// Looks at those that are followed, until enough was read for one round.
    fn follow(&mut self, now: Timestamp, items: &mut Vec<FeedItem>) {
        let mut bytes = 0;
        let mut again = VecDeque::new();
        while bytes < MOST_BYTES
            && let Some(name) = self.following.pop_front()
        {
            if self.follow_one(&name, now, &mut bytes, items) {
                again.push_back(name);
            }
        }
        self.following.append(&mut again);
    }

    /// `true` if it is still followed.
    fn follow_one(
        &mut self,
        name: &str,
        now: Timestamp,
        bytes: &mut u64,
        items: &mut Vec<FeedItem>,
    ) -> bool {
        let Some(entry) = self.entries.get_mut(name) else {
            return false;
        };
        let State::Following(look) = &mut entry.state else {
            return false;
        };
        let parsed = FileName::parse(name);
        let path = self.settings.folder.join(name);
        let files = self.files.as_mut();
        let saw = match parsed.as_ref().map(FileName::kind) {
            Some(FileKind::Xml) => look.look(files, &path, name, &self.settings, now, bytes),
            _ => Saw::Trouble(FeedTrouble::Archive, None),
        };
        match saw {
            Saw::Later => return true,
            Saw::Gone => self.gone(name, items),
            Saw::Trouble(trouble, stamp) => {
                entry.state = State::Troubled(stamp);
                if entry.told != Some(trouble) {
                    entry.told = Some(trouble);
                    items.push(FeedItem::Trouble {
                        source: name.to_owned(),
                        trouble,
                    });
                }
                self.remember_recent(name);
            }
            Saw::Whole {
                report,
                stamp,
                digest,
            } => {
                // A file name is short enough, and printable.
                let Some(id) = digest.result_id(name) else {
                    return false;
                };
                let mut result = FeedResult::new(id.clone(), *report);
                if let Some(at) = parsed.and_then(|name| name.face_time()).and_then(in_japan) {
                    result = result.with_written(at);
                }
                entry.state = State::Delivered(Delivered {
                    id,
                    digest,
                    stamp,
                    put: Put::Open,
                    contradicted: false,
                });
                items.push(FeedItem::Result(Box::new(result)));
                self.remember_recent(name);
            }
        }
        false
    }

    fn remember_recent(&mut self, name: &str) {
        self.recent.retain(|recent| recent != name);
        self.recent.push_back(name.to_owned());
        if self.recent.len() > RECENT {
            self.recent.pop_front();
        }
    }

    /// Looks whether what was delivered is still the same, and what was found
    /// wanting isn't: the newest ones, and some of the others in turn.
    fn look_again_at_some(&mut self, items: &mut Vec<FeedItem>) {
        let turn = (Bound::Excluded(self.turn.clone()), Bound::Unbounded);
        let mut names: Vec<String> = self
            .entries
            .range::<String, _>(turn)
            .filter(|(_, entry)| entry.round == self.round)
            .filter(|(_, entry)| !matches!(entry.state, State::Following(_)))
            .take(IN_TURN)
            .map(|(name, _)| name.clone())
            .collect();
        // Past the last one it begins again.
        self.turn = names.last().cloned().unwrap_or_default();
        let recent = self.recent.iter();
        names.extend(
            recent
                .filter(|name| !names.contains(name))
                .cloned()
                .collect::<Vec<_>>(),
        );
        for name in names {
            self.look_again_at(&name, items);
        }
    }

    fn look_again_at(&mut self, name: &str, items: &mut Vec<FeedItem>) {
        let path = self.settings.folder.join(name);
        let room = self.following.len() < MOST_FOLLOWED;
        let Some(entry) = self.entries.get_mut(name) else {
            return;
        };
        if entry.round != self.round {
            return;
        }
        match &mut entry.state {
            State::Following(_) => {}
            State::Troubled(before) => {
                let changed = room
                    && match (self.files.open(&path), *before) {
                        (Ok((_, stamp)), before) => before != Some(stamp),
                        (Err(_), _) => false,
                    };
                if changed && FileName::parse(name).is_some_and(|n| n.kind() == FileKind::Xml) {
                    entry.state = State::Following(Look::again());
                    self.following.push_back(name.to_owned());
                }
            }
            State::Delivered(delivered) => {
                let stamp: Option<Stamp> = Some(delivered.stamp);
                match look_again(self.files.as_mut(), &path, stamp) {
                    Now::Unknown => return,
                    Now::Same if delivered.put != Put::Done => return,
                    Now::Same => {}
                    Now::Changed(stamp, content)
                        if Digest::of(name, &content) == delivered.digest =>
                    {
                        delivered.stamp = stamp;
                    }
                    Now::Changed(..) | Now::Unfit => {
                        if !delivered.contradicted {
                            delivered.contradicted = true;
                            delivered.put = Put::Done;
                            let id = delivered.id.clone();
                            items.push(FeedItem::Contradicted { id });
                        }
                        return;
                    }
                }
                // What was put away is there once more: it goes the same way.
                if delivered.put == Put::Done
                    && !delivered.contradicted
                    && self.settings.puts_away()
                {
                    delivered.put = Put::Settling(None);
                    self.settling.push_back(name.to_owned());
                }
            }
        }
    }
}

/// Whether a file is new enough to be of interest.
fn counts(settings: &FaceSettings, name: &FileName) -> bool {
    match settings.since {
        Since::Beginning | Since::Opening => true,
        Since::Time(since) => name
            .face_time()
            .and_then(in_japan)
            .is_none_or(|time| time >= since),
    }
}
