//! Opening the folders: what the last run left behind is understood first,
//! written down, and only then cleared away.

use std::collections::BTreeSet;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::entry::{Kept, Phase};
use super::files::{Files, Found, OsFiles};
use super::journal::Opened;
use super::publish::recovered;
use super::state::Tracked;
use super::{Consumption, ExchangeFolders, ExchangeSettings, FolderError, SIMULATION_MARKER};
use crate::Realm;

impl ExchangeFolders {
    /// Opens the folders and the journal; the journal begins empty if there is
    /// none. What an earlier run left is put in order: a question whose temporary
    /// file is still there was not sent; any other that was meant to be sent is
    /// waited for as possibly sent; and the consumption of settled answers, if it
    /// broke off, is finished. Nothing is ever sent by this.
    ///
    /// # Errors
    /// A folder can't be reached, is of another realm, or the journal can't be
    /// used. Nothing was changed then, unless writing the journal failed, in
    /// which case the old one still counts.
    pub fn open(settings: ExchangeSettings) -> Result<Self, FolderError> {
        Self::open_with(Box::new(OsFiles), settings)
    }

    pub(super) fn open_with(
        mut files: Box<dyn Files>,
        settings: ExchangeSettings,
    ) -> Result<Self, FolderError> {
        let folders: BTreeSet<_> = settings
            .pairs()
            .flat_map(|pair| [&pair.requests, &pair.responses])
            .collect();
        for folder in &folders {
            check_world(files.as_mut(), folder, settings.realm)?;
        }
        check_consumption(files.as_mut(), &settings.consumption, folders)?;
        let mut opened = Opened::open(
            files.as_mut(),
            &settings.journal,
            settings.realm,
            settings.institution.digits(),
        )?;
        let mut leftovers = Vec::new();
        for entry in opened.entries.values_mut() {
            // Also where clearing away failed the last time.
            if !matches!(
                entry.phase,
                Phase::Prepared | Phase::Intended | Phase::NotSent
            ) {
                continue;
            }
            let folder = &settings.pair(entry.request.family()).requests;
            let temporary = folder.join(format!("uketsuke-{}.tmp", entry.id));
            // Where it can't be seen, it isn't known: possibly sent.
            let found = files.found(&temporary).ok();
            entry.phase = recovered(entry.phase, found);
            leftovers.push(temporary);
            leftovers.push(folder.join(format!("uketsuke-{}.ready", entry.id)));
        }
        let entries = std::mem::take(&mut opened.entries);
        let journal = opened.begin(files.as_mut(), entries.values(), settings.flush)?;
        for path in leftovers {
            if matches!(files.found(&path), Ok(Found::File)) {
                // It does no harm if it stays.
                let _ = files.remove(&path);
            }
        }
        let mut folders = Self {
            files,
            settings,
            journal,
            questions: entries
                .into_iter()
                .map(|(id, entry)| (id, Tracked::new(entry)))
                .collect(),
            looked: None,
            tickets: std::collections::BTreeMap::new(),
            delivered: Vec::new(),
        };
        folders.catch_up(None);
        Ok(folders)
    }

    /// Finishes what was decided and isn't done yet, as far as it is due.
    pub(super) fn catch_up(&mut self, now: Option<Timestamp>) {
        let (mut settling, mut withdrawn) = (Vec::new(), Vec::new());
        for (id, tracked) in &self.questions {
            if now.is_some_and(|now| !tracked.later.is_due(now)) {
                continue;
            }
            if tracked.entry.kept == Kept::Settling {
                settling.push(*id);
            }
            if tracked.entry.withdraw {
                withdrawn.push(*id);
            }
        }
        settling.into_iter().for_each(|id| self.consume(id));
        withdrawn.into_iter().for_each(|id| self.withdraw(id));
    }
}

/// Whether a folder is there and of this realm.
pub(super) fn check_world(
    files: &mut dyn Files,
    folder: &Path,
    realm: Realm,
) -> Result<(), FolderError> {
    let failed = |error: io::Error| FolderError::Folder {
        folder: folder.to_owned(),
        kind: error.kind(),
    };
    reach(files, folder)?;
    if !is_of_world(files, folder, realm).map_err(failed)? {
        return Err(FolderError::OtherWorld {
            folder: folder.to_owned(),
            realm,
        });
    }
    Ok(())
}

/// Whether the folder that files are to be moved into is there, and none of these.
pub(super) fn check_consumption<'a>(
    files: &mut dyn Files,
    consumption: &Consumption,
    folders: impl IntoIterator<Item = &'a PathBuf>,
) -> Result<(), FolderError> {
    let Consumption::MoveTo(target) = consumption else {
        return Ok(());
    };
    reach(files, target)?;
    let mut resolved = |folder: &Path| {
        files.resolved(folder).map_err(|error| FolderError::Folder {
            folder: folder.to_owned(),
            kind: error.kind(),
        })
    };
    let place = resolved(target)?;
    for folder in folders {
        if resolved(folder)? == place {
            return Err(FolderError::SameFolder {
                folder: target.clone(),
            });
        }
    }
    Ok(())
}

fn reach(files: &mut dyn Files, folder: &Path) -> Result<(), FolderError> {
    files
        .list(folder, &mut |_| ControlFlow::Break(()))
        .map_err(|error| FolderError::Folder {
            folder: folder.to_owned(),
            kind: error.kind(),
        })
}

/// Whether a folder has the mark of simulated ones exactly where it should.
pub(super) fn is_of_world(files: &mut dyn Files, folder: &Path, realm: Realm) -> io::Result<bool> {
    let marked = files.found(&folder.join(SIMULATION_MARKER))? != Found::Nothing;
    let right = marked == (realm == Realm::Simulation);
    if !right {
        // A folder that is away has no mark either, and is no other world.
        files.list(folder, &mut |_| ControlFlow::Break(()))?;
    }
    Ok(right)
}
