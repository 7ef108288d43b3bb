//! The journal: what was done with which question, on a disk of this machine.
//!
//! ```text
//! uketsuke exchange journal 1 production 1319999999 5c0d6a43e1b2f879
//! 1 0 OQSsiquc01req_50279139911254380047.xml 1763679600000 … 0f6b5d1c2a3e4f50
//! ```
//!
//! A line is a number, the number up to which everything was known to be on the
//! disk when it was written, a question's whole state, and eight bytes of
//! SHA-256 over all that. It ends with a newline. Lines are only ever added; the
//! last line of a question counts. From time to time the lines that still matter
//! are written to a new file, which takes the old one's place in one step.
//!
//! A crash leaves at worst an end that wasn't known to be on the disk yet: it is
//! dropped, and nothing had been done that rested on it. Damage anywhere else is
//! an error, because what a missing line said can't be known.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use ring::digest::{SHA256, digest};
use thiserror::Error;

use super::QuestionId;
use super::entry::Entry;
use super::files::{Files, Found, Handle, Unreadable, read_all};
use crate::Realm;

const FILE: &str = "exchange.journal";
const NEW: &str = "exchange.journal.new";
const LOCK: &str = "exchange.lock";

/// Largest journal that is read: some two million lines, where compaction keeps it at a few per question.
const MAX_BYTES: u64 = 512 << 20;

/// Lines that may be superseded before it's worth writing all anew. Few for the fuzzer, which would never get there.
const SPARE_LINES: u64 = if cfg!(fuzzing) { 12 } else { 4096 };

/// The journal can't be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JournalError {
    /// Another program, or another part of this one, has it open. Each needs a
    /// folder of its own for its journal.
    #[error("the journal is in use by another program: give each its own folder")]
    InUse,
    /// It was written for another clinic or another realm.
    #[error("the journal belongs to another clinic or realm: give each its own folder")]
    OtherOwner,
    /// Damaged in a way that no crash explains, so that it isn't known what was
    /// sent. Nothing was changed. A person has to look at the questions of the
    /// day; then the file may be put aside.
    #[error(
        "the journal is damaged in line {line}: look after the open questions by hand, then put the file aside"
    )]
    Damaged {
        /// Line, counted from 1.
        line: u64,
    },
    /// Not a regular file, or far too large. As with a damaged one, a person has to
    /// look at the questions of the day.
    #[error("the journal is not a regular file of a usable size: put it aside")]
    NotAJournal,
    /// Reading or writing failed.
    #[error("the journal: {0}")]
    Io(ErrorKind),
    /// An earlier write failed, and what is on the disk isn't known. Open the
    /// folders anew.
    #[error("an earlier write to the journal failed: open the folders anew")]
    Broken,
}

#[derive(Debug)]
pub(super) struct Journal {
    folder: PathBuf,
    owner: String,
    file: Handle,
    /// Bytes that are whole lines.
    len: u64,
    /// Number of the last line.
    last: u64,
    /// Number of the last line known to be on the disk.
    synced: u64,
    /// Wait for the disk at all.
    flush: bool,
    broken: bool,
    _lock: Handle,
}

/// Locked and read, not written to yet.
pub(super) struct Opened {
    folder: PathBuf,
    owner: String,
    lock: Handle,
    pub(super) entries: BTreeMap<QuestionId, Entry>,
}

impl Opened {
    pub(super) fn open(
        files: &mut dyn Files,
        folder: &Path,
        realm: Realm,
        institution: &str,
    ) -> Result<Self, JournalError> {
        let lock = folder.join(LOCK);
        // A link would lead elsewhere, and a pipe wait for its other end.
        if matches!(files.found(&lock), Ok(Found::Other)) {
            return Err(JournalError::NotAJournal);
        }
        let lock = files
            .lock(&lock)
            .map_err(|error| JournalError::Io(error.kind()))?
            .ok_or(JournalError::InUse)?;
        let realm = realm.to_string().replace(' ', "-");
        let owner = format!("uketsuke exchange journal 1 {realm} {institution}");
        let entries = match read_all(files, &folder.join(FILE), MAX_BYTES) {
            Ok(bytes) => parse(&bytes, &owner)?,
            Err(Unreadable::Gone) => BTreeMap::new(),
            Err(Unreadable::NotAFile | Unreadable::TooLarge { .. }) => {
                return Err(JournalError::NotAJournal);
            }
            Err(Unreadable::Io(kind)) => return Err(JournalError::Io(kind)),
        };
        Ok(Self {
            folder: folder.to_owned(),
            owner,
            lock,
            entries,
        })
    }

    /// Writes the journal anew with these entries. From here on they are what it says.
    pub(super) fn begin<'a>(
        self,
        files: &mut dyn Files,
        entries: impl Iterator<Item = &'a Entry>,
        flush: bool,
    ) -> Result<Journal, JournalError> {
        let (file, len, last) = write_anew(files, &self.folder, &self.owner, entries, flush)?;
        Ok(Journal {
            folder: self.folder,
            owner: self.owner,
            file,
            len,
            last,
            synced: if flush { last } else { 0 },
            flush,
            broken: false,
            _lock: self.lock,
        })
    }
}

impl Journal {
    /// Adds lines, and returns when they are on the disk.
    pub(super) fn log(
        &mut self,
        files: &mut dyn Files,
        entries: &[&Entry],
    ) -> Result<(), JournalError> {
        self.note(files, entries)?;
        if self.flush && self.synced < self.last {
            if let Err(error) = files.sync(&mut self.file) {
                // After a failed flush the next one may succeed and say nothing of what was lost.
                self.broken = true;
                return Err(JournalError::Io(error.kind()));
            }
            self.synced = self.last;
        }
        Ok(())
    }

    /// Adds lines on which nothing rests: they get to the disk some time.
    pub(super) fn note(
        &mut self,
        files: &mut dyn Files,
        entries: &[&Entry],
    ) -> Result<(), JournalError> {
        if self.broken {
            return Err(JournalError::Broken);
        }
        let mut lines = String::new();
        let mut last = self.last;
        for entry in entries {
            last += 1;
            push(
                &mut lines,
                &format!("{last} {} {}", self.synced, entry.line()),
            );
        }
        if lines.is_empty() {
            return Ok(());
        }
        if let Err(error) = files.write(&mut self.file, lines.as_bytes()) {
            // Some of it may be there, and nothing may follow half a line.
            if files.cut(&mut self.file, self.len).is_err() {
                self.broken = true;
            }
            return Err(JournalError::Io(error.kind()));
        }
        self.len += lines.len() as u64;
        self.last = last;
        Ok(())
    }

    /// Whether most of it is superseded.
    pub(super) fn is_stale(&self, entries: usize) -> bool {
        let entries = u64::try_from(entries).unwrap_or(u64::MAX);
        self.last > entries.saturating_mul(2).saturating_add(SPARE_LINES)
    }

    /// Writes only what still matters.
    pub(super) fn compact<'a>(
        &mut self,
        files: &mut dyn Files,
        entries: impl Iterator<Item = &'a Entry>,
    ) -> Result<(), JournalError> {
        if self.broken {
            return Err(JournalError::Broken);
        }
        // The old file must not get another line once the new one may be in its place.
        self.broken = true;
        let (file, len, last) = write_anew(files, &self.folder, &self.owner, entries, self.flush)?;
        self.file = file;
        (self.len, self.last) = (len, last);
        self.synced = if self.flush { last } else { 0 };
        self.broken = false;
        Ok(())
    }
}

fn write_anew<'a>(
    files: &mut dyn Files,
    folder: &Path,
    owner: &str,
    entries: impl Iterator<Item = &'a Entry>,
    flush: bool,
) -> Result<(Handle, u64, u64), JournalError> {
    let mut lines = String::new();
    push(&mut lines, owner);
    let mut last = 0;
    for entry in entries {
        last += 1;
        push(&mut lines, &format!("{last} 0 {}", entry.line()));
    }
    let (new, path) = (folder.join(NEW), folder.join(FILE));
    let mut write = || {
        // Left by a crash; under the lock it can only be ours.
        if files.found(&new)? == Found::File {
            files.remove(&new)?;
        }
        let mut file = files.create(&new)?;
        files.write(&mut file, lines.as_bytes())?;
        if flush {
            files.sync(&mut file)?;
        }
        drop(file);
        files.rename(&new, &path)?;
        if flush {
            files.sync_folder(folder)?;
        }
        files.append(&path)
    };
    let file = write().map_err(|error: std::io::Error| JournalError::Io(error.kind()))?;
    Ok((file, lines.len() as u64, last))
}

fn push(lines: &mut String, text: &str) {
    // Writing into a string can't fail.
    let _ = writeln!(lines, "{text} {}", sum(text.as_bytes()));
}

fn sum(text: &[u8]) -> String {
    let digest = digest(&SHA256, text);
    let mut hex = String::with_capacity(16);
    for byte in digest.as_ref().iter().take(8) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// The text of a whole line, without its sum.
fn checked(line: &[u8]) -> Option<&str> {
    let line = std::str::from_utf8(line).ok()?;
    let (text, written) = line.rsplit_once(' ')?;
    (sum(text.as_bytes()) == written).then_some(text)
}

struct Line<'a> {
    number: u64,
    synced: u64,
    entry: &'a str,
}

fn numbered(text: &str) -> Option<Line<'_>> {
    let (number, rest) = text.split_once(' ')?;
    let (synced, entry) = rest.split_once(' ')?;
    Some(Line {
        number: number.parse().ok()?,
        synced: synced.parse().ok()?,
        entry,
    })
}

fn parse(bytes: &[u8], owner: &str) -> Result<BTreeMap<QuestionId, Entry>, JournalError> {
    let mut lines = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\n").and_then(checked));
    // It is put in place whole, so even the first line can't be a crash's doing.
    match lines.next().flatten() {
        Some(first) if first == owner => {}
        Some(first) if first.starts_with("uketsuke exchange journal ") => {
            return Err(JournalError::OtherOwner);
        }
        _ => return Err(JournalError::Damaged { line: 1 }),
    }
    let mut lines = lines.map(|line| line.and_then(numbered)).peekable();
    let mut entries = BTreeMap::new();
    let mut expected = 1;
    let next = |line: &Option<Line<'_>>, expected| {
        line.as_ref().is_some_and(|line| line.number == expected)
    };
    while let Some(line) = lines.next_if(|line| next(line, expected)).flatten() {
        let entry = Entry::parse(line.entry).ok_or(JournalError::Damaged { line: expected + 1 })?;
        entries.insert(entry.id, entry);
        expected += 1;
    }
    // What is behind a gap: fine as long as nothing says that the gap had been on the disk.
    if lines
        .flatten()
        .all(|line| line.number > expected && line.synced < expected)
    {
        Ok(entries)
    } else {
        Err(JournalError::Damaged { line: expected + 1 })
    }
}
