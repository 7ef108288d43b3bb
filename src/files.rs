//! Every file operation of this crate's journals, folders and logs, behind one
//! trait: the real one here, and in the tests one that stops, fails or forgets at
//! any of them.

#[cfg(test)]
pub(crate) mod faulty;

use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempPath;
use zeroize::Zeroizing;

/// An open file, and where it was opened.
#[derive(Debug)]
pub(crate) struct Handle {
    pub(crate) file: File,
    // The faulty implementation of the tests goes by it.
    #[cfg_attr(not(test), allow(dead_code, reason = "only tests look at it"))]
    pub(crate) path: PathBuf,
}

/// What there is at a path, without following it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    /// A regular file.
    File,
    /// A folder, link, pipe, device.
    Other,
}

/// Length and time of the last change: enough to see that a large file is still growing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) len: u64,
    pub(crate) modified: Option<SystemTime>,
}

/// Why there is nothing to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    Gone,
    NotAFile,
    TooLarge {
        len: u64,
    },
    /// Locked, or the share went away: another time perhaps.
    Io(ErrorKind),
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::Gone,
            kind => Self::Io(kind),
        }
    }
}

pub(crate) trait Files: fmt::Debug + Send + Sync {
    /// An exclusive lock that ends with this process; `None` if another one has it.
    fn lock(&mut self, path: &Path) -> io::Result<Option<Handle>>;
    /// Tells each name that is text, until `each` breaks off.
    fn list(
        &mut self,
        folder: &Path,
        each: &mut dyn FnMut(&str) -> ControlFlow<()>,
    ) -> io::Result<()>;
    fn found(&mut self, path: &Path) -> io::Result<Found>;
    /// The folder's own path, by which it is known whether two are the same.
    fn resolved(&mut self, folder: &Path) -> io::Result<PathBuf>;
    /// Opens a regular file for reading; links aren't followed, pipes not opened.
    fn open(&mut self, path: &Path) -> Result<(Handle, Stamp), Unreadable>;
    fn read(&mut self, handle: &mut Handle, buffer: &mut [u8]) -> io::Result<usize>;
    /// A new file, for writing; an error if there is anything.
    fn create(&mut self, path: &Path) -> io::Result<Handle>;
    /// The same, for nobody but this account where the system knows such rights.
    fn create_private(&mut self, path: &Path) -> io::Result<Handle>;
    /// Its length, if the path still names this very file and not a link to it.
    fn is_at(&mut self, handle: &Handle, path: &Path) -> io::Result<Option<u64>>;
    /// A file that is there, for writing at its end.
    fn append(&mut self, path: &Path) -> io::Result<Handle>;
    fn write(&mut self, handle: &mut Handle, bytes: &[u8]) -> io::Result<()>;
    /// Cuts it at `len`, behind which the next write goes.
    fn cut(&mut self, handle: &mut Handle, len: u64) -> io::Result<()>;
    /// Returns when the contents are on the disk.
    fn sync(&mut self, handle: &mut Handle) -> io::Result<()>;
    /// Returns when names in the folder are on the disk, where that can be had.
    fn sync_folder(&mut self, folder: &Path) -> io::Result<()>;
    /// Renames in one step, over what may be there.
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()>;
    /// Renames, over nothing.
    fn publish(&mut self, from: &Path, to: &Path) -> io::Result<()>;
    fn remove(&mut self, path: &Path) -> io::Result<()>;
}

/// All of a small file. `Err` if there is more than `cap`.
pub(crate) fn read_all(
    files: &mut dyn Files,
    path: &Path,
    cap: u64,
) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
    let (mut handle, stamp) = files.open(path)?;
    read_opened(files, &mut handle, stamp, cap)
}

/// The same of a file just opened.
pub(crate) fn read_opened(
    files: &mut dyn Files,
    handle: &mut Handle,
    stamp: Stamp,
    cap: u64,
) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
    if stamp.len > cap {
        return Err(Unreadable::TooLarge { len: stamp.len });
    }
    // As much as it will be: what a growing vector leaves behind isn't wiped.
    let room = usize::try_from(stamp.len)
        .unwrap_or(usize::MAX)
        .saturating_add(1);
    let mut bytes = Zeroizing::new(vec![0; room]);
    let mut len = 0;
    while let Some(rest) = bytes.get_mut(len..).filter(|rest| !rest.is_empty()) {
        match files.read(handle, rest)? {
            0 => {
                bytes.truncate(len);
                return Ok(bytes);
            }
            more => len += more,
        }
    }
    // It grew since it was opened: not a moment to read it.
    Err(Unreadable::Io(ErrorKind::ResourceBusy))
}

/// The operating system's.
#[derive(Debug)]
pub(crate) struct OsFiles;

impl Files for OsFiles {
    fn lock(&mut self, path: &Path) -> io::Result<Option<Handle>> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        // Whoever can open it could hold it, and keep us out.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(handle(file, path))),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    fn list(
        &mut self,
        folder: &Path,
        each: &mut dyn FnMut(&str) -> ControlFlow<()>,
    ) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let name = entry?.file_name();
            if let Some(name) = name.to_str()
                && each(name).is_break()
            {
                break;
            }
        }
        Ok(())
    }

    fn found(&mut self, path: &Path) -> io::Result<Found> {
        match fs::symlink_metadata(path) {
            Ok(there) if there.is_file() => Ok(Found::File),
            Ok(_) => Ok(Found::Other),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Found::Nothing),
            Err(error) => Err(error),
        }
    }

    fn resolved(&mut self, folder: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(folder)
    }

    /// Looked at before it is opened, because opening a pipe waits for its other
    /// end and a link leads elsewhere; and again when it is open, because it may
    /// have been exchanged in between. What was exchanged isn't read. Only a
    /// pipe that takes a regular file's place between the two looks could still
    /// make this wait, and whoever can do that can as well remove the answer.
    fn open(&mut self, path: &Path) -> Result<(Handle, Stamp), Unreadable> {
        let before = fs::symlink_metadata(path)?;
        if !before.is_file() {
            return Err(Unreadable::NotAFile);
        }
        let file = File::open(path)?;
        let opened = file.metadata()?;
        if !opened.is_file() || !same(&before, &opened) {
            return Err(Unreadable::Io(ErrorKind::ResourceBusy));
        }
        let stamp = Stamp {
            len: opened.len(),
            modified: opened.modified().ok(),
        };
        Ok((handle(file, path), stamp))
    }

    fn read(&mut self, handle: &mut Handle, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match handle.file.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    }

    fn create(&mut self, path: &Path) -> io::Result<Handle> {
        // With the rights that the folder gives: the connector runs under another account.
        let file = OpenOptions::new().write(true).create_new(true).open(path)?;
        Ok(handle(file, path))
    }

    fn create_private(&mut self, path: &Path) -> io::Result<Handle> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(handle(options.open(path)?, path))
    }

    fn is_at(&mut self, handle: &Handle, path: &Path) -> io::Result<Option<u64>> {
        let there = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            there => there?,
        };
        let open = handle.file.metadata()?;
        let here = there.is_file() && same(&there, &open);
        Ok(here.then_some(open.len()))
    }

    fn append(&mut self, path: &Path) -> io::Result<Handle> {
        // Not opened as "append", with which Windows lets nobody cut a file.
        let mut file = OpenOptions::new().write(true).open(path)?;
        file.seek(SeekFrom::End(0))?;
        Ok(handle(file, path))
    }

    fn write(&mut self, handle: &mut Handle, bytes: &[u8]) -> io::Result<()> {
        handle.file.write_all(bytes)
    }

    fn cut(&mut self, handle: &mut Handle, len: u64) -> io::Result<()> {
        handle.file.set_len(len)?;
        handle.file.seek(SeekFrom::Start(len)).map(drop)
    }

    fn sync(&mut self, handle: &mut Handle) -> io::Result<()> {
        handle.file.sync_all()
    }

    #[cfg(unix)]
    fn sync_folder(&mut self, folder: &Path) -> io::Result<()> {
        match File::open(folder)?.sync_all() {
            // Network shares have no such thing.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::InvalidInput | ErrorKind::Unsupported
                ) =>
            {
                Ok(())
            }
            other => other,
        }
    }

    // Windows has no way to do this to a folder; NTFS writes names to its log in
    // the order in which they were changed.
    #[cfg(not(unix))]
    fn sync_folder(&mut self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn publish(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        let mut from = TempPath::try_from_path(from)?;
        // What becomes of it when this fails is decided, and logged, elsewhere.
        from.disable_cleanup(true);
        from.persist_noclobber(to).map_err(|error| error.error)
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}

fn handle(file: File, path: &Path) -> Handle {
    Handle {
        file,
        path: path.to_owned(),
    }
}

#[cfg(unix)]
fn same(before: &Metadata, opened: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    before.dev() == opened.dev() && before.ino() == opened.ino()
}

/// As near as the standard library comes to it: one file keeps its time of creation.
#[cfg(not(unix))]
fn same(before: &Metadata, opened: &Metadata) -> bool {
    before.created().ok() == opened.created().ok()
}
