//! Reading a file only when it doesn't change any more: two identical reads, at
//! two rounds.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

use super::Trouble;
use super::entry::{Check, Checking, Entry};
use super::files::{Files, Handle, Stamp, Unreadable};
use super::scan::Scan;
use crate::eligibility::message::{Archive, ArchiveError, FileKind, FileName};

/// Between two reads that count as two.
pub(super) const SETTLE: SignedDuration = SignedDuration::from_millis(300);

/// What was found wanting isn't read again before this, if it looks unchanged.
const AGAIN: SignedDuration = SignedDuration::from_secs(3);

/// Up to here a file is read at first sight; a larger one only when its length
/// and time stay the same.
const SMALL: u64 = 4 << 20;

/// Of the text of a rejection.
const ERR_CAP: u64 = 64 << 10;

/// One file, as it was seen.
#[derive(Debug)]
pub(super) struct Look {
    name: String,
    /// When it was first seen at all.
    pub(super) first: Timestamp,
    /// Since when it looks as it does.
    since: Timestamp,
    stamp: Stamp,
    digest: Option<[u8; 32]>,
    /// What was wanting when it was judged, and when that was.
    wanting: Option<(Trouble, Timestamp)>,
}

impl Look {
    pub(super) fn is_of(&self, name: &str) -> bool {
        self.name == name
    }
}

/// What a file is worth in this round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Saw {
    /// Whole, unchanged, and about this question.
    Whole(Check),
    Not(Trouble),
    Gone,
}

/// The most bytes that a file of this name may have.
pub(super) fn cap(name: &FileName) -> u64 {
    match name.kind() {
        FileKind::Err => ERR_CAP,
        FileKind::Xml | FileKind::Zip | FileKind::Pdf => {
            u64::try_from(name.family().cap(name.step())).unwrap_or(u64::MAX)
        }
    }
}

/// Looks at `path`, which is called `name` and may belong to `entry`.
pub(super) fn look(
    files: &mut dyn Files,
    path: &Path,
    name: &str,
    parsed: &FileName,
    entry: &Entry,
    looks: &mut Vec<Look>,
    now: Timestamp,
) -> Saw {
    let at = looks.iter().position(|look| look.name == name);
    let before = at.and_then(|at| looks.get_mut(at));
    if let Some(look) = &before
        && now >= look.since
        && now < after(look.since, SETTLE)
    {
        return Saw::Not(Trouble::Changing);
    }
    let (mut handle, stamp) = match files.open(path) {
        Ok(opened) => opened,
        Err(Unreadable::Gone) => {
            looks.retain(|look| look.name != name);
            return Saw::Gone;
        }
        Err(Unreadable::NotAFile) => return Saw::Not(Trouble::NotAFile),
        Err(Unreadable::Io(kind)) => return Saw::Not(Trouble::Locked(kind)),
        Err(Unreadable::TooLarge { len }) => return too_large(len, cap(parsed)),
    };
    if stamp.len > cap(parsed) {
        return too_large(stamp.len, cap(parsed));
    }
    let Some(look) = before else {
        let digest = if stamp.len <= SMALL {
            match pass(files, &mut handle, parsed, entry) {
                Ok(passed) => Some(passed.digest),
                Err(trouble) => return Saw::Not(trouble),
            }
        } else {
            None
        };
        looks.push(Look {
            name: name.to_owned(),
            first: now,
            since: now,
            stamp,
            digest,
            wanting: None,
        });
        return Saw::Not(Trouble::Changing);
    };
    // Also where the clock was set back.
    let unchanged = stamp == look.stamp && now >= look.since;
    if let Some((trouble, judged)) = look.wanting
        && unchanged
        && now < after(judged, AGAIN)
    {
        return Saw::Not(trouble);
    }
    if !unchanged {
        (look.stamp, look.since, look.wanting) = (stamp, now, None);
        if stamp.len > SMALL {
            look.digest = None;
            return Saw::Not(Trouble::Changing);
        }
    }
    let passed = match pass(files, &mut handle, parsed, entry) {
        Ok(passed) => passed,
        Err(trouble) => return Saw::Not(trouble),
    };
    if !unchanged || look.digest != Some(passed.digest) {
        (look.digest, look.since) = (Some(passed.digest), now);
        return Saw::Not(Trouble::Changing);
    }
    let judged = match parsed.kind() {
        FileKind::Zip => passed
            .judged
            .and_then(|()| inside(files, &mut handle, parsed, entry)),
        FileKind::Xml | FileKind::Pdf | FileKind::Err => passed.judged,
    };
    match judged {
        Ok(()) => Saw::Whole(passed.check),
        Err(trouble) => {
            look.wanting = Some((trouble, now));
            Saw::Not(trouble)
        }
    }
}

fn too_large(len: u64, cap: u64) -> Saw {
    Saw::Not(Trouble::TooLarge { len, cap })
}

pub(super) fn after(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

struct Passed {
    digest: [u8; 32],
    check: Check,
    judged: Result<(), Trouble>,
}

/// Reads all of it, piece by piece.
fn pass(
    files: &mut dyn Files,
    handle: &mut Handle,
    name: &FileName,
    entry: &Entry,
) -> Result<Passed, Trouble> {
    let (mut checking, mut scan) = (Checking::new(entry.id), Scan::of(name.kind()));
    let mut left = cap(name);
    let mut buffer = Zeroizing::new(vec![0; 64 << 10]);
    loop {
        let count = files
            .read(handle, &mut buffer)
            .map_err(|error| Trouble::Locked(error.kind()))?;
        let piece = buffer.get(..count).unwrap_or_default();
        if piece.is_empty() {
            break;
        }
        let Some(rest) = left.checked_sub(count as u64) else {
            return Err(Trouble::Changing);
        };
        left = rest;
        checking.update(piece);
        scan.update(piece);
    }
    let (digest, check) = checking.finish();
    Ok(Passed {
        digest,
        check,
        judged: scan.judge(entry),
    })
}

/// Judges what is in an archive.
fn inside(
    files: &mut dyn Files,
    handle: &mut Handle,
    name: &FileName,
    entry: &Entry,
) -> Result<(), Trouble> {
    let mut archive =
        Archive::open(Through { files, handle }, name, cap(name)).map_err(archived)?;
    let mut scan = Scan::of(archive.kind());
    let mut contents = archive.entry().map_err(archived)?;
    let mut buffer = Zeroizing::new(vec![0; 64 << 10]);
    loop {
        let count = match contents.read(&mut buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::FileTooLarge => {
                return Err(Trouble::Archive(ArchiveError::TooLarge { cap: cap(name) }));
            }
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                return Err(Trouble::Archive(ArchiveError::NotAnArchive));
            }
            Err(error) => return Err(Trouble::Locked(error.kind())),
        };
        let piece = buffer.get(..count).unwrap_or_default();
        if piece.is_empty() {
            return scan.judge(entry);
        }
        scan.update(piece);
    }
}

fn archived(error: ArchiveError) -> Trouble {
    match error {
        ArchiveError::Io(kind) => Trouble::Locked(kind),
        other => Trouble::Archive(other),
    }
}

/// A file read by way of [`Files`].
struct Through<'a> {
    files: &'a mut dyn Files,
    handle: &'a mut Handle,
}

impl Read for Through<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.files.read(self.handle, buffer)
    }
}

impl Seek for Through<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.handle.file.seek(to)
    }
}

/// The check of a file as it is now; for files that were taken before.
pub(super) fn check_now(
    files: &mut dyn Files,
    path: &Path,
    name: &FileName,
    entry: &Entry,
) -> Result<Check, Unreadable> {
    let (mut handle, stamp) = files.open(path)?;
    check_open(files, &mut handle, stamp, name, entry)
}

/// As [`check_now`], of a file that is open.
pub(super) fn check_open(
    files: &mut dyn Files,
    handle: &mut Handle,
    stamp: Stamp,
    name: &FileName,
    entry: &Entry,
) -> Result<Check, Unreadable> {
    if stamp.len > cap(name) {
        return Err(Unreadable::TooLarge { len: stamp.len });
    }
    match pass(files, handle, name, entry) {
        Ok(passed) => Ok(passed.check),
        Err(Trouble::Locked(kind)) => Err(Unreadable::Io(kind)),
        Err(_) => Err(Unreadable::TooLarge { len: stamp.len }),
    }
}
