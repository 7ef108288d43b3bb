//! What becomes of files that were kept.

use std::io::{self, ErrorKind};
use std::path::Path;

use super::Consumption;
use super::files::{Files, Found};

/// Second names that are tried in the folder that files are moved to.
const SECOND_NAMES: u32 = 99;

/// Does to a file what is to be done; that it is gone already is as good.
pub(super) fn put_away(
    files: &mut dyn Files,
    consumption: &Consumption,
    path: &Path,
    name: &str,
) -> io::Result<()> {
    let done = match consumption {
        Consumption::Leave => Ok(()),
        Consumption::Delete => files.remove(path),
        Consumption::MoveTo(folder) => move_to(files, folder, path, name),
    };
    match done {
        // But what isn't there may be the folder that it is to be moved to.
        Err(error) if error.kind() == ErrorKind::NotFound => match files.found(path)? {
            Found::Nothing => Ok(()),
            Found::File | Found::Other => Err(error),
        },
        other => other,
    }
}

fn move_to(files: &mut dyn Files, folder: &Path, path: &Path, name: &str) -> io::Result<()> {
    let (base, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let mut to = folder.join(name);
    for second in 2..=SECOND_NAMES {
        match files.publish(path, &to) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                to = folder.join(format!("{base}-{second}.{ending}"));
            }
            other => return other,
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}
