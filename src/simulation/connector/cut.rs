//! Answers that come in parts, and archives that can't be opened.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use super::plan::Quirks;
use super::{Quirk, disk};
use crate::eligibility::message::MessageFile;

/// How a bulk answer comes into the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Whole,
    Zipped,
    /// The first half, and later the rest.
    Half,
    /// The first half.
    Broken,
}

impl How {
    pub(super) fn of(quirks: &Quirks) -> Self {
        match quirks.first(&[Quirk::Zipped, Quirk::BrokenOff, Quirk::HalfWritten]) {
            Some(Quirk::Zipped) => Self::Zipped,
            Some(Quirk::BrokenOff) => Self::Broken,
            Some(Quirk::HalfWritten) => Self::Half,
            _ => Self::Whole,
        }
    }
}

/// Where an answer is made that comes in parts: beside it, under a name that is no
/// message's.
pub(super) fn made(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("~{name}.tmp"))
}

/// Copies the first half to where it is looked for.
pub(super) fn write_half(path: &Path, made: &Path) -> io::Result<()> {
    let from = File::open(made)?;
    let half = from.metadata()?.len() / 2;
    if let Some(mut to) = disk::create(path)? {
        io::copy(&mut from.take(half), &mut to)?;
    }
    Ok(())
}

/// Copies the rest, if the first half is there still.
pub(super) fn write_rest(path: &Path, made: &Path) -> io::Result<()> {
    let mut from = match File::open(made) {
        Ok(from) => from,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let half = from.metadata()?.len() / 2;
    if disk::len(path) == Some(half) {
        let mut to = File::options().append(true).open(path)?;
        from.seek(SeekFrom::Start(half))?;
        io::copy(&mut from, &mut to)?;
    }
    fs::remove_file(made)
}

/// The same archive with the marks of an encrypted one (APPNOTE.TXT 4.4.4, bit 0);
/// what is in it isn't.
pub(super) fn as_if_encrypted(archive: &MessageFile) -> MessageFile {
    let mut bytes = archive.as_bytes().to_vec();
    for (signature, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let at = bytes.windows(4).rposition(|four| four == signature);
        if let Some(flag) = at.and_then(|at| bytes.get_mut(at + flags)) {
            *flag |= 1;
        }
    }
    MessageFile::new(bytes)
}
