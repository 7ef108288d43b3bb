//! The power fails: what wasn't flushed may be on the disk or not, in any mixture
//! and in any order. Each operation of a day is the last one in turn.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use super::clinic::{Clinic, OVER, answer, ask, at, new_id, person_in, question};
use super::faulty::{Op, Shared};
use crate::eligibility::folders::{Progress, QuestionId};
use crate::eligibility::message::FileKind;

/// How a write that wasn't flushed may have ended up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Half,
    /// The length was written, the bytes not yet.
    Zeros,
    Nothing,
}

#[derive(Clone, Debug)]
enum Change {
    Data {
        file: usize,
        at: usize,
        bytes: Vec<u8>,
    },
    Cut {
        file: usize,
        len: usize,
    },
    Name {
        to: PathBuf,
        from: Option<PathBuf>,
        file: usize,
    },
    Unname {
        path: PathBuf,
    },
}

/// The day's changes, and up to where each of them may still be undone.
struct Day {
    changes: Vec<(usize, Change, usize)>,
    operations: usize,
    ids: [QuestionId; 2],
    /// Operations after which: published, answer written by the connector, kept by the clinic.
    published: BTreeMap<QuestionId, usize>,
    answered: usize,
    kept: usize,
    root: PathBuf,
}

fn day() -> Day {
    let clinic = Clinic::new();
    let shared = Shared::default();
    let mut folders = clinic.open_with(shared.files()).unwrap();
    let [alice, bob] = [new_id(), new_id()];
    let mut published = BTreeMap::new();
    for (id, person) in [(alice, "Alice"), (bob, "Bob")] {
        clinic.record("asked", id, person);
        ask(&mut folders, id, person, at(0)).unwrap();
        let log = &shared.lock().log;
        let renamed = |op: &Op| matches!(op, Op::Rename(_, to) if to.to_str().unwrap().ends_with(&format!("req_{id}.xml")));
        published.insert(id, log.iter().position(renamed).unwrap() + 1);
    }
    clinic.connector_takes();
    clinic.connector_answers(alice);
    let answered = shared.lock().log.len();
    folders.round(at(0)).unwrap();
    folders.round(at(400)).unwrap();
    folders.answer(alice).unwrap();
    let kept = shared.lock().log.len();
    folders.settle(alice).unwrap();
    folders.round(at(OVER)).unwrap();
    folders.round(at(OVER + 400)).unwrap();
    let log = shared.lock().log.clone();
    assert!(clinic.names("res").is_empty());
    Day {
        operations: log.len(),
        changes: changes(&log),
        ids: [alice, bob],
        published,
        answered,
        kept,
        root: clinic.root.clone(),
    }
}

/// Resolves names to files as they were, and finds what flushed each change.
fn changes(log: &[Op]) -> Vec<(usize, Change, usize)> {
    let mut named: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let mut lengths: Vec<usize> = Vec::new();
    let mut changes: Vec<(usize, Change, usize)> = Vec::new();
    for (at, op) in log.iter().enumerate() {
        let at = at + 1;
        let change = match op {
            Op::Create(path) => {
                lengths.push(0);
                named.insert(path.clone(), lengths.len() - 1);
                Change::Name {
                    to: path.clone(),
                    from: None,
                    file: lengths.len() - 1,
                }
            }
            Op::Write(path, bytes) => {
                let file = named[path];
                let offset = lengths[file];
                lengths[file] += bytes.len();
                Change::Data {
                    file,
                    at: offset,
                    bytes: bytes.clone(),
                }
            }
            Op::Cut(path, len) => {
                let file = named[path];
                lengths[file] = usize::try_from(*len).unwrap();
                Change::Cut {
                    file,
                    len: lengths[file],
                }
            }
            Op::Rename(from, to) => {
                let file = named.remove(from).unwrap();
                named.insert(to.clone(), file);
                Change::Name {
                    to: to.clone(),
                    from: Some(from.clone()),
                    file,
                }
            }
            Op::Remove(path) => {
                // Or the connector's file, which has no number here.
                named.remove(path);
                Change::Unname { path: path.clone() }
            }
            Op::Sync(path) => {
                let flushed = named[path];
                for (_, change, until) in &mut changes {
                    let (Change::Data { file, .. } | Change::Cut { file, .. }) = change else {
                        continue;
                    };
                    if *file == flushed {
                        *until = (*until).min(at);
                    }
                }
                continue;
            }
            Op::SyncFolder(folder) => {
                for (_, change, until) in &mut changes {
                    let (Change::Name { to: path, .. } | Change::Unname { path, .. }) = change
                    else {
                        continue;
                    };
                    if path.parent() == Some(folder) {
                        *until = (*until).min(at);
                    }
                }
                continue;
            }
        };
        changes.push((at, change, usize::MAX));
    }
    changes
}

/// What is on the disk when the power comes back.
fn on_disk(day: &Day, cut: usize, parts: &BTreeMap<usize, Part>) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut data: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
    let mut named: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let mut removed: BTreeSet<PathBuf> = BTreeSet::new();
    for (at, change, _) in day.changes.iter().filter(|(at, ..)| *at <= cut) {
        let part = parts.get(at).copied().unwrap_or(Part::Whole);
        if part == Part::Nothing {
            continue;
        }
        match change {
            Change::Data { file, at, bytes } => {
                let bytes = match part {
                    Part::Half => bytes[..bytes.len() / 2].to_vec(),
                    Part::Zeros => vec![0; bytes.len()],
                    _ => bytes.clone(),
                };
                let contents = data.entry(*file).or_default();
                if contents.len() < at + bytes.len() {
                    contents.resize(at + bytes.len(), 0);
                }
                contents[*at..at + bytes.len()].copy_from_slice(&bytes);
            }
            Change::Cut { file, len } => data.entry(*file).or_default().resize(*len, 0),
            Change::Name { to, from, file } => {
                if let Some(from) = from
                    && named.get(from) == Some(file)
                {
                    named.remove(from);
                }
                named.insert(to.clone(), *file);
            }
            Change::Unname { path } => {
                named.remove(path);
                removed.insert(path.clone());
            }
        }
    }
    let mut found: BTreeMap<PathBuf, Vec<u8>> = named
        .into_iter()
        .map(|(path, file)| (path, data.get(&file).cloned().unwrap_or_default()))
        .collect();
    // The connector had its answer on the disk, and may have taken the requests.
    let [alice, _] = day.ids;
    let response = Clinic::at(&day.root).response(alice, FileKind::Xml);
    if cut >= day.answered && !removed.contains(&response) {
        found.insert(response, answer(&question(alice, "Alice")).into_bytes());
    }
    found
}

/// Every mixture of what is pending, or with many of them: each alone, all but
/// each, and each beginning.
fn mixtures(pending: &[(usize, bool)]) -> Vec<BTreeMap<usize, Part>> {
    let mut all: Vec<BTreeMap<usize, Part>> = Vec::new();
    let kinds = |is_data| {
        if is_data {
            vec![Part::Whole, Part::Half, Part::Zeros, Part::Nothing]
        } else {
            vec![Part::Whole, Part::Nothing]
        }
    };
    let combinations: usize = pending.iter().map(|(_, data)| kinds(*data).len()).product();
    if combinations <= 256 {
        all.push(BTreeMap::new());
        for (at, data) in pending {
            all = all
                .into_iter()
                .flat_map(|mixture| {
                    kinds(*data).into_iter().map(move |part| {
                        let mut mixture = mixture.clone();
                        mixture.insert(*at, part);
                        mixture
                    })
                })
                .collect();
        }
        return all;
    }
    let with = |part: &dyn Fn(usize) -> Part| -> BTreeMap<usize, Part> {
        pending
            .iter()
            .enumerate()
            .map(|(index, (at, _))| (*at, part(index)))
            .collect()
    };
    for (chosen, (_, is_data)) in pending.iter().enumerate() {
        for part in kinds(*is_data) {
            all.push(with(&|index| {
                if index == chosen { part } else { Part::Whole }
            }));
            all.push(with(&|index| {
                if index == chosen { part } else { Part::Nothing }
            }));
        }
        all.push(with(&|index| {
            if index <= chosen {
                Part::Whole
            } else {
                Part::Nothing
            }
        }));
    }
    all
}

fn restart(day: &Day, cut: usize, parts: &BTreeMap<usize, Part>, taken: bool) {
    let what = format!("cut after {cut}, {parts:?}, taken {taken}");
    let clinic = Clinic::new();
    for (path, bytes) in on_disk(day, cut, parts) {
        let path = clinic.root.join(path.strip_prefix(&day.root).unwrap());
        let is_request = path.parent() == Some(&clinic.req()) && path.extension().unwrap() == "xml";
        if !(taken && is_request) {
            fs::write(path, bytes).unwrap();
        }
    }
    let mut folders = clinic.open();
    for (id, published) in &day.published {
        let sent = *published <= cut;
        match folders.progress(*id) {
            None | Some(Progress::NotSent { .. }) => {
                assert!(!sent, "{what}: sent, and said not to be")
            }
            Some(_) => {}
        }
        if sent {
            assert!(ask(&mut folders, *id, "nobody", at(0)).is_err(), "{what}");
        }
    }
    // The answer that was there, and that the clinic hadn't kept, is found.
    let [alice, _] = day.ids;
    if cut >= day.answered && cut < day.kept {
        folders.round(at(1000)).unwrap();
        folders.round(at(1400)).unwrap();
        let answer = folders
            .answer(alice)
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        let text = String::from_utf8(answer.as_bytes().unwrap().to_vec()).unwrap();
        assert_eq!(person_in(&text), "Alice", "{what}");
        folders.settle(alice).unwrap();
        assert!(clinic.names("res").is_empty(), "{what}");
    }
}

#[test]
fn any_mixture_of_what_was_not_flushed() {
    let day = day();
    let mut states = 0;
    for cut in 0..=day.operations {
        let pending: Vec<(usize, bool)> = day
            .changes
            .iter()
            .filter(|(at, _, until)| *at <= cut && *until > cut)
            .map(|(at, change, _)| (*at, matches!(change, Change::Data { .. })))
            .collect();
        for parts in mixtures(&pending) {
            for taken in [false, true] {
                restart(&day, cut, &parts, taken);
                states += 1;
            }
        }
    }
    assert!(states > 1000, "{states}");
}

/// Without a flush the same day does go wrong: the test can tell.
#[test]
fn a_day_without_flush_forgets_what_was_sent() {
    let mut day = day();
    for (_, _, until) in &mut day.changes {
        *until = usize::MAX;
    }
    let cut = day.published[&day.ids[0]];
    // Only the very first journal is on the disk.
    let parts: BTreeMap<usize, Part> = day
        .changes
        .iter()
        .filter(|(at, ..)| *at > 4)
        .map(|(at, ..)| (*at, Part::Nothing))
        .collect();
    let clinic = Clinic::new();
    for (path, bytes) in on_disk(&day, cut, &parts) {
        fs::write(
            clinic.root.join(path.strip_prefix(&day.root).unwrap()),
            bytes,
        )
        .unwrap();
    }
    assert!(clinic.open().progress(day.ids[0]).is_none());
}
