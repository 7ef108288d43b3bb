//! Files in the folders, without following links or opening pipes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::Path;

/// What there is of a request.
pub(super) enum Request {
    /// All of it.
    Bytes(Vec<u8>),
    /// Larger than any request, or something that isn't a regular file, or gone,
    /// or not to be read now.
    TooLarge,
    NotNow,
}

/// Names in a folder that are told, in one listing.
const MOST_NAMES: usize = 1_000_000;

/// Tells the names in a folder.
pub(super) fn list(folder: &Path, mut each: impl FnMut(&str)) -> io::Result<()> {
    for entry in fs::read_dir(folder)?.take(MOST_NAMES) {
        if let Some(name) = entry?.file_name().to_str() {
            each(name);
        }
    }
    Ok(())
}

/// Length of a regular file.
pub(super) fn len(path: &Path) -> Option<u64> {
    let there = fs::symlink_metadata(path).ok()?;
    there.is_file().then_some(there.len())
}

pub(super) fn read(path: &Path, cap: u64) -> Request {
    // Opening a pipe would wait for its other end, a link leads elsewhere.
    match len(path) {
        None => return Request::NotNow,
        Some(len) if len > cap => return Request::TooLarge,
        Some(_) => {}
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(cap + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) if u64::try_from(bytes.len()).is_ok_and(|len| len > cap) => Request::TooLarge,
        Ok(_) => Request::Bytes(bytes),
        Err(_) => Request::NotNow,
    }
}

/// Whether it was removed by this call.
pub(super) fn take_away(path: &Path) -> bool {
    len(path).is_some() && fs::remove_file(path).is_ok()
}

/// A new file, in place of one that is there. `None` if there is something that
/// isn't a regular file: that is left alone.
pub(super) fn create(path: &Path) -> io::Result<Option<File>> {
    match fs::symlink_metadata(path) {
        Ok(there) if there.is_file() => match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        },
        Ok(_) => return Ok(None),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .map(Some)
}

/// Writes a file in place, as a connector does. `false` if that can't be.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let Some(mut file) = create(path)? else {
        return Ok(false);
    };
    file.write_all(bytes)?;
    Ok(true)
}

/// Writes the rest of a file of which so much is there. `false` if it is gone.
pub(super) fn append(path: &Path, there: u64, rest: &[u8]) -> io::Result<bool> {
    if len(path) != Some(there) {
        return Ok(false);
    }
    let mut file = OpenOptions::new().append(true).open(path)?;
    file.write_all(rest)?;
    Ok(true)
}
