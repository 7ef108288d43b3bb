//! The state file: what a card remembers without power.
//!
//! ```text
//! uketsuke virtual card 2
//! persona in-order
//! auth-pin 3
//! sign-password 5
//! face-birth 10
//! face-reference-b 10
//! face-reference-a 10
//! input-pin 3
//! input-blocked 0
//! input-reference-a 10
//! input-reference-b 10
//! common-pin 3
//! ```
//!
//! Each secret's line has the tries left and, if it was changed, the new value.

use super::secret::{CardSecret, Secrets};
use std::fmt::Write as _;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

const VERSION_LINE: &str = "uketsuke virtual card 2";
/// Knew three secrets, so it can't tell the tries of the others.
const OLD_VERSION_LINE: &str = "uketsuke virtual card 1";
/// More than the longest valid file; bounds what is read of some other file.
const MAX_BYTES: usize = 1024;

/// The state file of a [`VirtualCard`](super::VirtualCard) can't be used. Never shows what is in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// Reading or writing failed.
    #[error("the card's state file: {0}")]
    Io(#[from] std::io::Error),
    /// There is something at the path that isn't a regular file: a folder, a pipe, a device, or a link, which is neither
    /// followed nor replaced. It is left as it is: name another path.
    #[error("the card's state file is not a regular file")]
    NotAFile,
    /// The file isn't one that this version wrote for this persona. It is left as it is: delete it, or name another.
    #[error("the card's state file, line {line}: {why}")]
    Malformed {
        /// Line, counted from 1.
        line: usize,
        /// What is wrong there.
        why: &'static str,
    },
}

#[derive(Debug)]
pub(super) struct StateFile {
    path: PathBuf,
    persona: &'static str,
    /// The write that fails, counted down from here; 0 for none.
    #[cfg(test)]
    pub(super) fail_at: std::cell::Cell<u32>,
}

impl StateFile {
    pub(super) fn new(path: &Path, persona: &'static str) -> Self {
        Self {
            path: path.to_owned(),
            persona,
            #[cfg(test)]
            fail_at: std::cell::Cell::new(0),
        }
    }

    /// Takes counters and changed values from the file; `false` if there is none. Changes nothing on errors.
    pub(super) fn load(&self, secrets: &mut Secrets) -> Result<bool, StateError> {
        if !self.is_there()? {
            return Ok(false);
        }
        let file = std::fs::File::open(&self.path)?;
        if !file.metadata()?.is_file() {
            // Exchanged since it was looked at.
            return Err(StateError::NotAFile);
        }
        // More room than is read, so that it never grows: what a vector leaves behind when it grows isn't wiped.
        let mut bytes = Zeroizing::new(Vec::with_capacity(2 * MAX_BYTES));
        let limit = u64::try_from(MAX_BYTES + 1).unwrap_or(u64::MAX);
        file.take(limit).read_to_end(&mut bytes)?;
        let loaded = parse(&bytes, self.persona)?;
        for entry in loaded {
            let secret = secrets.get_mut(entry.name);
            if let Some(value) = entry.value {
                secret.change(&value);
            }
            secret.left = entry.left;
        }
        Ok(true)
    }

    /// Whether there is a regular file. Looked at before it's opened, since opening a pipe waits for its other end.
    fn is_there(&self) -> Result<bool, StateError> {
        match std::fs::symlink_metadata(&self.path) {
            Ok(found) if found.is_file() => Ok(true),
            Ok(_) => Err(StateError::NotAFile),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Replaces the file: at every moment there is the old one or the new one, whole, and after this returned it's the
    /// new one even if the power fails, where the platform keeps what it is told to keep.
    pub(super) fn save(&self, secrets: &Secrets) -> Result<(), StateError> {
        #[cfg(test)]
        {
            let left = self.fail_at.get();
            self.fail_at.set(left.saturating_sub(1));
            if left == 1 {
                return Err(std::io::Error::from(ErrorKind::StorageFull).into());
            }
        }
        self.is_there()?;
        // Room for all of it: a string that grows leaves its old contents unwiped.
        let mut text = Zeroizing::new(String::with_capacity(MAX_BYTES));
        // Writing into a string can't fail.
        let _ = writeln!(text, "{VERSION_LINE}");
        let _ = writeln!(text, "persona {}", self.persona);
        for name in CardSecret::ALL {
            let secret = secrets.get(name);
            let space = if secret.changed_text().is_some() {
                " "
            } else {
                ""
            };
            let value = secret.changed_text().unwrap_or_default();
            let _ = writeln!(text, "{} {}{space}{value}", name.word(), secret.left);
        }
        // In the same folder, since a rename works within one file system only.
        let folder = match self.path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut file = NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.flush()?;
        file.as_file().sync_all()?;
        file.persist(&self.path).map_err(|error| error.error)?;
        keep_names(folder)?;
        Ok(())
    }
}

/// Brings the folder itself to the disk: before that a rename may be undone by a power cut, and a try with it.
#[cfg(unix)]
fn keep_names(folder: &Path) -> std::io::Result<()> {
    let Ok(folder) = std::fs::File::open(folder) else {
        // One may be allowed to write into a folder and not to read it.
        return Ok(());
    };
    match folder.sync_all() {
        // Some file systems can't do that with a folder.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::InvalidInput | ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        result => result,
    }
}

/// Other platforms can't open a folder as a file.
#[cfg(not(unix))]
const fn keep_names(_: &Path) -> std::io::Result<()> {
    Ok(())
}

struct Entry {
    name: CardSecret,
    left: u8,
    value: Option<Zeroizing<String>>,
}

fn parse(bytes: &[u8], persona: &str) -> Result<Vec<Entry>, StateError> {
    if bytes.len() > MAX_BYTES {
        return Err(StateError::Malformed {
            line: 1,
            why: "too long for a state file",
        });
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let good = bytes.iter().take(error.valid_up_to());
            let line = good.filter(|&&b| b == b'\n').count().saturating_add(1);
            return Err(StateError::Malformed {
                line,
                why: "not UTF-8 text",
            });
        }
    };
    let mut lines = Lines {
        rest: text,
        number: 0,
    };
    let version = lines.next()?;
    if version == OLD_VERSION_LINE {
        return Err(lines.wrong(
            "of an earlier version, which knew fewer secrets: delete the file to begin anew",
        ));
    }
    if version != VERSION_LINE {
        return Err(lines.wrong("not a state file of this version"));
    }
    let owner = lines.next()?;
    match owner.strip_prefix("persona ") {
        Some(name) if name == persona => {}
        Some(_) => return Err(lines.wrong("the file belongs to another persona")),
        None => return Err(lines.wrong("the line of the persona is missing")),
    }
    let mut entries = Vec::with_capacity(CardSecret::ALL.len());
    for name in CardSecret::ALL {
        let line = lines.next()?;
        let mut words = line.split(' ');
        if words.next() != Some(name.word()) {
            return Err(lines.wrong("another secret was expected here"));
        }
        let count = words.next().unwrap_or_default();
        let digits = !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit());
        let left = match count.parse::<u8>() {
            Ok(left) if digits && left <= name.most_tries() => left,
            _ => return Err(lines.wrong("not a number of tries that this secret can have")),
        };
        let value = match words.next() {
            None => None,
            Some(value) if name.accepts(value.as_bytes()) => Some(Zeroizing::new(value.to_owned())),
            Some(_) => return Err(lines.wrong("not a value that this secret can have")),
        };
        if words.next().is_some() {
            return Err(lines.wrong("something follows the value"));
        }
        entries.push(Entry { name, left, value });
    }
    if !lines.rest.is_empty() {
        lines.number = lines.number.saturating_add(1);
        return Err(lines.wrong("something follows the last line"));
    }
    Ok(entries)
}

struct Lines<'a> {
    rest: &'a str,
    number: usize,
}

impl<'a> Lines<'a> {
    /// The next line, which must end in a line feed: a file that was cut has none.
    fn next(&mut self) -> Result<&'a str, StateError> {
        self.number = self.number.saturating_add(1);
        let (line, rest) = self
            .rest
            .split_once('\n')
            .ok_or_else(|| self.wrong("the file ends too early"))?;
        self.rest = rest;
        Ok(line)
    }

    const fn wrong(&self, why: &'static str) -> StateError {
        StateError::Malformed {
            line: self.number,
            why,
        }
    }
}
