//! Sending a question, so that at every moment it is known whether it may have left.
//!
//! 1. The journal says that it is being prepared.
//! 2. The temporary file is written beside where it will be, and flushed.
//! 3. The journal says, on the disk, that it is meant to be sent.
//! 4. The temporary file gives up its name, on the disk: a temporary file that is
//!    still there after a crash was not sent.
//! 5. It gets the name that the connector looks for, over nothing.
//! 6. The journal says that it was published.
//!
//! Steps 4 and 5 are two because one isn't enough in two cases: where a file
//! system can't rename without overwriting, the name is added first and the old
//! one removed afterwards; and a power cut may bring back a name that the
//! connector had already seen changed. Either would leave a temporary file behind
//! that was sent.

use std::io::{self, ErrorKind};
use std::path::PathBuf;

use jiff::Timestamp;

use super::entry::{Check, Entry, Kept, Phase};
use super::files::Found;
use super::look::after;
use super::open::is_of_world;
use super::{AskError, AskErrorKind, ExchangeFolders, QuestionId};
use crate::eligibility::message::{Family, FileName, ReceptionNumber, Step};

/// Questions that are kept track of at once.
const MOST: usize = 1_000_000;

/// Where a request goes through.
pub(super) struct Paths {
    pub(super) folder: PathBuf,
    pub(super) temporary: PathBuf,
    pub(super) ready: PathBuf,
    pub(super) published: PathBuf,
}

/// A message to be sent.
pub(super) struct Message<'a> {
    pub(super) family: Family,
    pub(super) step: Step,
    /// 受付番号 that is asked about.
    pub(super) reception: Option<&'a ReceptionNumber>,
    pub(super) bytes: &'a [u8],
}

impl ExchangeFolders {
    pub(super) fn paths(&self, entry: &Entry) -> Paths {
        let folder = &self.settings.pair(entry.request.family()).requests;
        Paths {
            folder: folder.clone(),
            temporary: folder.join(format!("uketsuke-{}.tmp", entry.id)),
            ready: folder.join(format!("uketsuke-{}.ready", entry.id)),
            published: folder.join(entry.request.to_string()),
        }
    }

    pub(super) fn publish(
        &mut self,
        id: QuestionId,
        message: &Message<'_>,
        now: Timestamp,
    ) -> Result<(), AskError> {
        let refused = |kind| AskError {
            id,
            possibly_sent: false,
            kind,
        };
        if self.questions.contains_key(&id) {
            return Err(refused(AskErrorKind::AskedBefore));
        }
        if self.questions.len() >= MOST {
            return Err(refused(AskErrorKind::TooMany));
        }
        let Some(request) = FileName::request(message.family, message.step, id.as_str()) else {
            return Err(refused(AskErrorKind::Folder(ErrorKind::InvalidFilename)));
        };
        // As exact as the journal keeps it.
        let asked = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
        let mut entry = Entry {
            id,
            request,
            asked,
            deadline: after(asked, self.settings.timeout_of(message.family)),
            reception: message.reception.cloned(),
            check: Check::of(id, message.bytes),
            phase: Phase::Prepared,
            withdraw: false,
            taken: Vec::new(),
            kept: Kept::Open,
        };
        let paths = self.paths(&entry);
        match is_of_world(self.files.as_mut(), &paths.folder, self.settings.realm) {
            Ok(true) => {}
            Ok(false) => return Err(refused(AskErrorKind::OtherWorld)),
            Err(error) => return Err(refused(folder(&error))),
        }
        if let Err(error) = self.note(vec![entry.clone()]) {
            return Err(refused(AskErrorKind::Journal(error)));
        }
        if let Err(error) = self.write_temporary(&paths, message.bytes) {
            return Err(self.not_sent(entry, &paths, folder(&error)));
        }
        entry.phase = Phase::Intended;
        if let Err(error) = self.log(vec![entry.clone()]) {
            return Err(self.not_sent(entry, &paths, AskErrorKind::Journal(error)));
        }
        if let Err(error) = self.leave_temporary(&paths) {
            return Err(self.not_sent(entry, &paths, folder(&error)));
        }
        if let Err(error) = self.files.publish(&paths.ready, &paths.published) {
            let kind = match error.kind() {
                ErrorKind::AlreadyExists => AskErrorKind::NameTaken,
                kind => AskErrorKind::Folder(kind),
            };
            if self.surely_refused(&paths, &error) {
                return Err(self.not_sent(entry, &paths, kind));
            }
            // Not what the connector looks for, so of no use any more.
            let _ = self.files.remove(&paths.ready);
            return Err(AskError {
                id,
                possibly_sent: true,
                kind,
            });
        }
        entry.phase = Phase::Published;
        let on_disk = self.sync_folder(&paths);
        let noted = self.note(vec![entry]);
        let sent = |kind| AskError {
            id,
            possibly_sent: true,
            kind,
        };
        noted.map_err(|error| sent(AskErrorKind::Journal(error)))?;
        on_disk.map_err(|error| sent(folder(&error)))
    }

    fn write_temporary(&mut self, paths: &Paths, bytes: &[u8]) -> io::Result<()> {
        let mut file = self.files.create(&paths.temporary)?;
        self.files.write(&mut file, bytes)?;
        if self.settings.flush {
            self.files.sync(&mut file)?;
        }
        Ok(())
    }

    fn leave_temporary(&mut self, paths: &Paths) -> io::Result<()> {
        // Over nothing in any case: nobody else uses a name with our random digits.
        self.files.rename(&paths.temporary, &paths.ready)?;
        self.sync_folder(paths)
    }

    fn sync_folder(&mut self, paths: &Paths) -> io::Result<()> {
        if self.settings.flush {
            self.files.sync_folder(&paths.folder)?;
        }
        Ok(())
    }

    /// The question stays here. What was written is removed once the journal says
    /// so; if it can't say so, what lies there is what says it at the next start.
    fn not_sent(&mut self, mut entry: Entry, paths: &Paths, kind: AskErrorKind) -> AskError {
        let id = entry.id;
        entry.phase = Phase::NotSent;
        match self.log(vec![entry.clone()]) {
            Ok(()) => {
                for path in [&paths.temporary, &paths.ready] {
                    // It does no harm if it stays.
                    let _ = self.files.remove(path);
                }
            }
            // What this run knows, the next one will have to guess.
            Err(_) => {
                if let Some(tracked) = self.questions.get_mut(&id) {
                    tracked.entry = entry;
                }
            }
        }
        AskError {
            id,
            possibly_sent: false,
            kind,
        }
    }

    /// Whether a failed rename surely did nothing. A network share may have done
    /// it and lost only the answer, or may do it yet.
    fn surely_refused(&mut self, paths: &Paths, error: &io::Error) -> bool {
        let refused = matches!(
            error.kind(),
            ErrorKind::AlreadyExists
                | ErrorKind::PermissionDenied
                | ErrorKind::ReadOnlyFilesystem
                | ErrorKind::StorageFull
                | ErrorKind::QuotaExceeded
        );
        (refused || is_locked(error)) && matches!(self.files.found(&paths.ready), Ok(Found::File))
    }
}

/// A scanner has the file open just now: `ERROR_SHARING_VIOLATION`, `ERROR_LOCK_VIOLATION`.
fn is_locked(error: &io::Error) -> bool {
    cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33))
}

fn folder(error: &io::Error) -> AskErrorKind {
    AskErrorKind::Folder(error.kind())
}

/// What the journal says of a question when the program starts, and what the
/// folder of requests adds to it.
pub(super) fn recovered(phase: Phase, temporary: Option<Found>) -> Phase {
    match (phase, temporary) {
        // Without an intent in the journal nothing was ever sent.
        (Phase::Prepared, _) | (Phase::Intended, Some(Found::File)) => Phase::NotSent,
        (phase, _) => phase,
    }
}
