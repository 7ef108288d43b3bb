//! Reading an answer that was found, and what becomes of its files.

use std::fmt;
use std::fs::File;
use std::io::{self, Cursor, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::entry::{Check, Entry, Kept, Phase, Taken};
use super::files::{Unreadable, read_all};
use super::look::{cap, check_now, check_open};
use super::put_away::put_away;
use super::{Consumption, ExchangeFolders, QuestionError, QuestionId, Trouble};
use crate::eligibility::message::{Archive, ArchiveError, FileKind, FileName, MessageFile};

/// Up to here an answer is handed over in memory.
const IN_MEMORY: u64 = 4 << 20;

/// The same, and one byte more to see the end by.
const ROOM: usize = (4 << 20) + 1;

impl ExchangeFolders {
    /// The answer to a question, or the text of its rejection, checked to be what
    /// was found. It stays where it is until it is [settled](Self::settle), and
    /// can be read again, also after a restart.
    ///
    /// That it is the answer to this question is certain, as far as files can say it;
    /// that the centre spoke of the right person is to be asked of what it says, with
    /// [`Report::is_about`](crate::eligibility::Report::is_about), in a bulk answer with
    /// [`SearchInfo::is_for`](crate::eligibility::SearchInfo::is_for).
    ///
    /// # Errors
    /// There is none, it is gone, it can't be read now, or it changed since it
    /// was found: then the question is a conflict from now on.
    pub fn answer(&mut self, id: QuestionId) -> Result<AnswerFile, QuestionError> {
        let tracked = self.questions.get(&id).ok_or(QuestionError::Unknown)?;
        let mut entry = tracked.entry.clone();
        if entry.phase == Phase::Conflict {
            return Err(QuestionError::Conflict);
        }
        let taken = entry.taken.first().ok_or(QuestionError::NoAnswer)?;
        let name = FileName::parse(&taken.name).ok_or(QuestionError::NoAnswer)?;
        let (expected, path) = (taken.check, self.response(&entry, taken));
        match self.content(&path, &name, &entry, expected) {
            Ok(Some(content)) => Ok(AnswerFile { name, content }),
            Ok(None) => {
                if entry.kept == Kept::Open {
                    entry.phase = Phase::Conflict;
                    self.log(vec![entry])?;
                }
                Err(QuestionError::Conflict)
            }
            Err(Unreadable::Gone) => Err(QuestionError::Gone),
            Err(Unreadable::Io(kind)) => Err(QuestionError::Locked(kind)),
            Err(Unreadable::NotAFile | Unreadable::TooLarge { .. }) => Err(QuestionError::Conflict),
        }
    }

    /// `None` if it isn't what was found.
    fn content(
        &mut self,
        path: &Path,
        name: &FileName,
        entry: &Entry,
        expected: Check,
    ) -> Result<Option<Content>, Unreadable> {
        let files = self.files.as_mut();
        match read_all(files, path, IN_MEMORY.min(cap(name))) {
            Ok(bytes) if Check::of(entry.id, &bytes) == expected => {
                Ok(Some(Content::Bytes { bytes, at: 0 }))
            }
            Ok(_) => Ok(None),
            Err(Unreadable::TooLarge { .. }) if cap(name) > IN_MEMORY => {
                // Handed over is the very file that was checked, whatever takes its
                // name meanwhile.
                let (mut handle, stamp) = files.open(path)?;
                if check_open(files, &mut handle, stamp, name, entry)? != expected {
                    return Ok(None);
                }
                handle.file.rewind()?;
                Ok(Some(Content::File(handle.file)))
            }
            Err(error) => Err(error),
        }
    }

    fn response(&self, entry: &Entry, taken: &Taken) -> PathBuf {
        let pair = self.settings.pair(entry.request.family());
        pair.responses.join(&taken.name)
    }

    /// Does to the files of a settled answer what is to be done to them. That it
    /// was settled is in the journal already, so that a crash repeats this and
    /// loses nothing. What can't be done now is tried again in a later round.
    pub(super) fn consume(&mut self, id: QuestionId) {
        let Some(tracked) = self.questions.get(&id) else {
            return;
        };
        let mut entry = tracked.entry.clone();
        if entry.kept != Kept::Settling {
            return;
        }
        let (mut later, mut contradicted) = (None, false);
        let consumption = self.settings.consumption.clone();
        if consumption != Consumption::Leave {
            for taken in &entry.taken {
                let path = self.response(&entry, taken);
                let Some(name) = FileName::parse(&taken.name) else {
                    continue;
                };
                match check_now(self.files.as_mut(), &path, &name, &entry) {
                    Ok(check) if check == taken.check => {
                        let files = self.files.as_mut();
                        let done = put_away(files, &consumption, &path, &taken.name);
                        later = later.or(done.err().map(|error| error.kind()));
                    }
                    Ok(_) | Err(Unreadable::NotAFile | Unreadable::TooLarge { .. }) => {
                        contradicted = true;
                    }
                    Err(Unreadable::Gone) => {}
                    Err(Unreadable::Io(kind)) => later = Some(kind),
                }
            }
        }
        let looked = self.looked;
        if let Some(tracked) = self.questions.get_mut(&id) {
            tracked.later.done(later.is_none(), looked);
            tracked.trouble = match (contradicted, later, tracked.trouble) {
                (true, _, _) => Some(Trouble::Contradicted),
                (_, Some(kind), _) => Some(Trouble::NotPutAway(kind)),
                (_, None, Some(Trouble::NotPutAway(_))) => None,
                (_, None, before) => before,
            };
        }
        if later.is_none() {
            entry.kept = Kept::Settled;
            // If this is lost, the next run finds nothing left to do.
            let _ = self.note(vec![entry]);
        }
    }

    /// Takes a request back whose question is over without an answer, if it is
    /// still what was written.
    pub(super) fn withdraw(&mut self, id: QuestionId) {
        let Some(tracked) = self.questions.get(&id) else {
            return;
        };
        let mut entry = tracked.entry.clone();
        if !entry.withdraw {
            return;
        }
        let path = self.paths(&entry).published;
        let done = match check_now(self.files.as_mut(), &path, &entry.request, &entry) {
            Ok(check) if check == entry.check => self.files.remove(&path),
            Err(Unreadable::Io(kind)) => Err(kind.into()),
            // Gone, or not what was written: not ours to remove.
            _ => Ok(()),
        };
        let done = done.is_ok() || done.is_err_and(|error| error.kind() == ErrorKind::NotFound);
        let looked = self.looked;
        if let Some(tracked) = self.questions.get_mut(&id) {
            tracked.later.done(done, looked);
        }
        if done {
            entry.withdraw = false;
            // If this is lost, it is looked for once more.
            let _ = self.note(vec![entry]);
        }
    }
}

/// An answer's file, for reading. It holds personal data: `Debug` shows its name only.
pub struct AnswerFile {
    name: FileName,
    content: Content,
}

enum Content {
    Bytes {
        bytes: Zeroizing<Vec<u8>>,
        at: usize,
    },
    File(File),
}

impl AnswerFile {
    /// Its name: what it answers, and whether it is XML, an archive, a PDF or the
    /// text of a rejection.
    #[must_use]
    pub fn name(&self) -> &FileName {
        &self.name
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> FileKind {
        self.name.kind()
    }

    /// The message, taken out of its archive if it came in one: what to parse, for
    /// every answer but the result of a bulk question. That one may be large, and is
    /// read as a stream, from this file or from the [`Archive`] in it.
    ///
    /// # Errors
    /// More than 4 MiB ([`ArchiveError::TooLarge`]), or an archive that isn't one
    /// message.
    pub fn unpacked(self) -> Result<MessageFile, ArchiveError> {
        if self.kind() != FileKind::Zip {
            return match self.content {
                Content::Bytes { bytes, .. } => Ok(MessageFile(bytes)),
                Content::File(_) => Err(ArchiveError::TooLarge { cap: IN_MEMORY }),
            };
        }
        let name = self.name.clone();
        let mut archive = Archive::open(self, &name, IN_MEMORY)?;
        // Room for all of it: what a growing vector leaves behind isn't wiped.
        let mut bytes = Zeroizing::new(Vec::with_capacity(ROOM));
        let mut entry = archive.entry()?;
        let read = entry.read_to_end(&mut bytes);
        read.map_err(|error| match error.kind() {
            ErrorKind::FileTooLarge => ArchiveError::TooLarge { cap: IN_MEMORY },
            kind => ArchiveError::Io(kind),
        })?;
        drop(entry);
        Ok(MessageFile(bytes))
    }

    /// All of it, if it has up to 4 MiB, as every answer about one person has.
    /// Larger ones are read as a stream. An archive is as it came; see
    /// [`unpacked`](Self::unpacked).
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.content {
            Content::Bytes { bytes, .. } => Some(bytes),
            Content::File(_) => None,
        }
    }
}

/// The bytes, from the beginning.
impl Read for AnswerFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.content {
            Content::Bytes { bytes, at } => {
                let mut rest = bytes.get(*at..).unwrap_or_default();
                let count = rest.read(buffer)?;
                *at += count;
                Ok(count)
            }
            Content::File(file) => file.read(buffer),
        }
    }
}

/// As an [`Archive`](crate::eligibility::message::Archive) needs it.
impl Seek for AnswerFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match &mut self.content {
            Content::Bytes { bytes, at } => {
                let mut cursor = Cursor::new(bytes.as_slice());
                cursor.set_position(u64::try_from(*at).unwrap_or(u64::MAX));
                let now = cursor.seek(to)?;
                *at = usize::try_from(now).unwrap_or(usize::MAX);
                Ok(now)
            }
            Content::File(file) => file.seek(to),
        }
    }
}

impl fmt::Debug for AnswerFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnswerFile")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
