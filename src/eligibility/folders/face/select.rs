//! Which of very many new files are followed first.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use jiff::Timestamp;

use super::entry::{NameKey, in_japan};
use crate::eligibility::message::FileName;

/// Chooses as many as there is room for: half of them the newest by their names,
/// for the person who stands at the desk; the others drawn anew in each round, so
/// that no flood of names can keep one waiting for ever. Holds no more names than
/// that.
#[derive(Debug)]
pub(super) struct Selection {
    room: usize,
    round: u64,
    newest: BinaryHeap<Reverse<(Option<Timestamp>, String)>>,
    drawn: BinaryHeap<(u64, String)>,
}

impl Selection {
    pub(super) fn new(room: usize, round: u64) -> Self {
        Self {
            room,
            round,
            newest: BinaryHeap::new(),
            drawn: BinaryHeap::new(),
        }
    }

    pub(super) fn offer(&mut self, name: &str, parsed: &FileName) {
        let half = self.room.div_ceil(2);
        let time = parsed.face_time().and_then(in_japan);
        let older = |least: &Reverse<(Option<Timestamp>, String)>| {
            (least.0.0, least.0.1.as_str()) < (time, name)
        };
        if self.newest.len() < half || self.newest.peek().is_some_and(older) {
            self.newest.push(Reverse((time, name.to_owned())));
            if self.newest.len() > half {
                self.newest.pop();
            }
        }
        let lot = NameKey::of(name).lot(self.round);
        let worse = |worst: &(u64, String)| (worst.0, worst.1.as_str()) > (lot, name);
        if self.drawn.len() < self.room || self.drawn.peek().is_some_and(worse) {
            self.drawn.push((lot, name.to_owned()));
            if self.drawn.len() > self.room {
                self.drawn.pop();
            }
        }
    }

    /// The chosen ones, newest first.
    pub(super) fn chosen(self) -> Vec<String> {
        let newest = self.newest.into_sorted_vec();
        let newest = newest.into_iter().map(|Reverse((_, name))| name);
        let drawn = self.drawn.into_sorted_vec();
        let mut seen = HashSet::new();
        newest
            .chain(drawn.into_iter().map(|(_, name)| name))
            .filter(|name| seen.insert(name.clone()))
            .take(self.room)
            .collect()
    }
}
