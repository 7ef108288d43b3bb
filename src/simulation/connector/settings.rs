use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::ConnectorPlan;
use crate::eligibility::InstitutionCode;
use crate::eligibility::folders::{FolderPair, SIMULATION_MARKER};
use crate::eligibility::message::Family;

/// Everything that a [`Connector`](super::Connector) is told.
///
/// ```
/// use uketsuke::simulation::{Connector, ConnectorPlan, ConnectorSettings};
///
/// let place = tempfile::tempdir()?;
/// let settings = ConnectorSettings::prepare(place.path())?
///     .with_seed(7)
///     .with_plan(ConnectorPlan::field());
/// assert!(settings.folders().requests().is_dir());
/// let connector = Connector::open(settings)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ConnectorSettings {
    pub(super) folders: FolderPair,
    pub(super) per_family: BTreeMap<Family, FolderPair>,
    pub(super) face: Option<PathBuf>,
    pub(super) institution: Option<InstitutionCode>,
    pub(super) seed: u64,
    pub(super) plan: ConnectorPlan,
    pub(super) listed: u32,
}

impl ConnectorSettings {
    /// Makes `req`, `res` and `face` in the folder `root`, each with its
    /// [`SIMULATION_MARKER`], and takes them. Folders that are there already are
    /// taken if they have their marker.
    ///
    /// # Errors
    /// A folder can't be made, or is there without the marker: perhaps it belongs
    /// to a real connector, and is left alone.
    pub fn prepare(root: impl AsRef<Path>) -> Result<Self, ConnectorError> {
        let root = root.as_ref();
        fs::create_dir_all(root).map_err(|error| failed(root, &error))?;
        let [req, res, face] = ["req", "res", "face"].map(|name| root.join(name));
        for folder in [&req, &res, &face] {
            match fs::create_dir(folder) {
                Ok(()) => {
                    let marker = folder.join(SIMULATION_MARKER);
                    fs::write(marker, b"").map_err(|error| failed(folder, &error))?;
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => check(folder)?,
                Err(error) => return Err(failed(folder, &error)),
            }
        }
        Ok(Self::new(FolderPair::new(req, res)).with_face(face))
    }

    /// Takes folders that are there, marked as simulated.
    #[must_use]
    pub fn new(folders: FolderPair) -> Self {
        Self {
            folders,
            per_family: BTreeMap::new(),
            face: None,
            institution: InstitutionCode::parse("1319999999"),
            seed: 0,
            plan: ConnectorPlan::prompt(),
            listed: 3,
        }
    }

    /// Other folders for one family of messages. Its requests are taken from
    /// there alone.
    #[must_use]
    pub fn with_folders(mut self, family: Family, folders: FolderPair) -> Self {
        self.per_family.insert(family, folders);
        self
    }

    /// The folder of the face application, for
    /// [`check_in`](super::Connector::check_in).
    #[must_use]
    pub fn with_face(mut self, folder: impl Into<PathBuf>) -> Self {
        self.face = Some(folder.into());
        self
    }

    /// The clinic in whose name the face application writes; `1319999999`, which
    /// nobody has, unless told otherwise. Answers repeat the code of the question.
    #[must_use]
    pub fn with_institution(mut self, institution: InstitutionCode) -> Self {
        self.institution = Some(institution);
        self
    }

    /// What chance is drawn from; 0 unless told otherwise. The same seed does the
    /// same to a request of the same name, whatever else is asked and when.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// How it behaves; [`ConnectorPlan::prompt`] unless told otherwise.
    #[must_use]
    pub fn with_plan(mut self, plan: ConnectorPlan) -> Self {
        self.plan = plan;
        self
    }

    /// How many people the lists have that are asked for without names (医療扶助,
    /// 訪問診療等, オンライン診療等): the first so many of [`Patient::made_up`];
    /// 3 unless told otherwise. They are written as a stream, so 100,000 are fine.
    ///
    /// [`Patient::made_up`]: super::Patient::made_up
    #[must_use]
    pub fn with_listed(mut self, people: u32) -> Self {
        self.listed = people.min(super::Patient::MADE_UP);
        self
    }

    /// The folders of all families without their own.
    #[must_use]
    pub const fn folders(&self) -> &FolderPair {
        &self.folders
    }

    /// The folder of the face application.
    #[must_use]
    pub fn face(&self) -> Option<&Path> {
        self.face.as_deref()
    }

    pub(super) fn pair(&self, family: Family) -> &FolderPair {
        self.per_family.get(&family).unwrap_or(&self.folders)
    }

    /// Each folder that requests are looked for in, once.
    pub(super) fn request_folders(&self) -> BTreeSet<PathBuf> {
        std::iter::once(&self.folders)
            .chain(self.per_family.values())
            .map(|pair| pair.requests().to_owned())
            .collect()
    }

    /// Whether every folder is there, and marked.
    pub(super) fn check(&self) -> Result<(), ConnectorError> {
        let pairs = std::iter::once(&self.folders).chain(self.per_family.values());
        for pair in pairs {
            if pair.requests() == pair.responses() {
                let folder = pair.requests().to_owned();
                return Err(ConnectorError::SameFolder { folder });
            }
            check(pair.requests())?;
            check(pair.responses())?;
        }
        self.face.as_deref().map_or(Ok(()), check)
    }
}

/// Folders, seed and plan.
impl fmt::Debug for ConnectorSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectorSettings")
            .field("folders", &self.folders)
            .field("per_family", &self.per_family)
            .field("face", &self.face)
            .field("seed", &self.seed)
            .field("plan", &self.plan)
            .finish_non_exhaustive()
    }
}

/// The simulated connector can't work.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConnectorError {
    /// A folder can't be read or written. What was due is still due: try again
    /// when it can be reached.
    #[error("folder {}: {kind}", folder.display())]
    Folder {
        /// Which.
        folder: PathBuf,
        /// What the operating system said.
        kind: ErrorKind,
    },
    /// A folder isn't marked as simulated, so it may be a real connector's. Nothing
    /// was touched. [`ConnectorSettings::prepare`] makes folders that are marked.
    #[error("folder {} has no file {SIMULATION_MARKER}: it may be a real connector's", folder.display())]
    NotMarked {
        /// Which.
        folder: PathBuf,
    },
    /// Requests and answers have one folder.
    #[error("folder {} is for requests and for answers", folder.display())]
    SameFolder {
        /// Which.
        folder: PathBuf,
    },
    /// The settings name no folder for the face application.
    #[error("no folder for the face application: use ConnectorSettings::with_face")]
    NoFaceFolder,
}

pub(super) fn failed(folder: &Path, error: &std::io::Error) -> ConnectorError {
    ConnectorError::Folder {
        folder: folder.to_owned(),
        kind: error.kind(),
    }
}

fn check(folder: &Path) -> Result<(), ConnectorError> {
    fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    match fs::symlink_metadata(folder.join(SIMULATION_MARKER)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(ConnectorError::NotMarked {
            folder: folder.to_owned(),
        }),
        Err(error) => Err(failed(folder, &error)),
    }
}
