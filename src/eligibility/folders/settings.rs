use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use jiff::SignedDuration;

use crate::Realm;
use crate::eligibility::InstitutionCode;
use crate::eligibility::message::Family;
use crate::eligibility::text::Charset;

/// Name of the file that marks folders of a simulated connector. With
/// [`Realm::Simulation`] each folder must have it, with any other realm none
/// may: made-up questions never reach the real connector, nor made-up answers a
/// real patient.
pub const SIMULATION_MARKER: &str = "UKETSUKE-SIMULATION";

/// The two folders that a connector (連携アプリ) watches: requests go in, answers
/// come out. Often `C:\OQS\req` and `C:\OQS\res`, or shares of those names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderPair {
    pub(super) requests: PathBuf,
    pub(super) responses: PathBuf,
}

impl FolderPair {
    /// Of these paths.
    #[must_use]
    pub fn new(requests: impl Into<PathBuf>, responses: impl Into<PathBuf>) -> Self {
        Self {
            requests: requests.into(),
            responses: responses.into(),
        }
    }

    /// Where requests are put.
    #[must_use]
    pub fn requests(&self) -> &Path {
        &self.requests
    }

    /// Where answers are looked for.
    #[must_use]
    pub fn responses(&self) -> &Path {
        &self.responses
    }
}

/// What becomes of the files of an answer once you have said, with
/// [`settle`](super::ExchangeFolders::settle), that you have kept it. Another
/// program's files are left alone in any case.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Consumption {
    /// They stay, for another program or for the connector's own clean-up.
    #[default]
    Leave,
    /// They are deleted.
    Delete,
    /// They are moved into this folder, which must be there and on the same file
    /// system.
    /// Nothing there is overwritten: a second file of a name gets `-2` behind it.
    MoveTo(PathBuf),
}

/// Everything that [`ExchangeFolders`](super::ExchangeFolders) is told.
///
/// ```
/// use jiff::SignedDuration;
/// use uketsuke::Realm;
/// use uketsuke::eligibility::InstitutionCode;
/// use uketsuke::eligibility::folders::{Consumption, ExchangeSettings, FolderPair};
///
/// let settings = ExchangeSettings::new(
///     FolderPair::new(r"\\TERMINAL\REQ", r"\\TERMINAL\RES"),
///     r"C:\ProgramData\Clinic\exchange",
///     InstitutionCode::parse("1319999999").ok_or("ten digits")?,
///     Realm::Production,
/// )
/// .with_consumption(Consumption::Delete)
/// .with_timeout(SignedDuration::from_secs(60));
/// assert!(format!("{settings:?}").contains("REQ"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ExchangeSettings {
    pub(super) folders: FolderPair,
    pub(super) per_family: BTreeMap<Family, FolderPair>,
    pub(super) journal: PathBuf,
    pub(super) institution: InstitutionCode,
    pub(super) charset: Charset,
    pub(super) realm: Realm,
    pub(super) consumption: Consumption,
    pub(super) timeout: SignedDuration,
    pub(super) bulk_timeout: SignedDuration,
    pub(super) withdrawal: bool,
    pub(super) remember: SignedDuration,
    pub(super) interval: SignedDuration,
    pub(super) flush: bool,
}

impl ExchangeSettings {
    /// Folders for all families, a folder for the journal, the clinic's code
    /// (医療機関コード), and the world of the connector.
    ///
    /// The journal's folder belongs to one program on one machine: on a local
    /// disk, not on a share, and not shared with another program that asks.
    #[must_use]
    pub fn new(
        folders: FolderPair,
        journal: impl Into<PathBuf>,
        institution: InstitutionCode,
        realm: Realm,
    ) -> Self {
        Self {
            folders,
            per_family: BTreeMap::new(),
            journal: journal.into(),
            institution,
            charset: Charset::ShiftJis,
            realm,
            consumption: Consumption::default(),
            timeout: SignedDuration::from_mins(3),
            bulk_timeout: SignedDuration::from_hours(1),
            withdrawal: false,
            remember: SignedDuration::from_hours(72),
            interval: SignedDuration::from_millis(300),
            flush: true,
        }
    }

    /// Other folders for one family of messages: electronic prescriptions, for
    /// one, may have their own. Questions of that family that are under way must
    /// be over first.
    #[must_use]
    pub fn with_folders(mut self, family: Family, folders: FolderPair) -> Self {
        self.per_family.insert(family, folders);
        self
    }

    /// How questions are written; Shift_JIS unless told otherwise, as the programs
    /// do that are known to work. Answers are read in either.
    #[must_use]
    pub fn with_charset(mut self, charset: Charset) -> Self {
        self.charset = charset;
        self
    }

    /// What becomes of answers; [`Consumption::Leave`] unless told otherwise.
    #[must_use]
    pub fn with_consumption(mut self, consumption: Consumption) -> Self {
        self.consumption = consumption;
        self
    }

    /// How long an answer to a question about one person is waited for; three
    /// minutes unless told otherwise.
    #[must_use]
    pub fn with_timeout(mut self, timeout: SignedDuration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long an answer to a bulk question is waited for; one hour unless told
    /// otherwise.
    #[must_use]
    pub fn with_bulk_timeout(mut self, timeout: SignedDuration) -> Self {
        self.bulk_timeout = timeout;
        self
    }

    /// Whether the request is deleted, if it is still there and still what was
    /// written, when its question times out or is given up. `false` unless told
    /// otherwise. That it was there doesn't prove that nobody had read it.
    #[must_use]
    pub fn with_withdrawal(mut self, withdrawal: bool) -> Self {
        self.withdrawal = withdrawal;
        self
    }

    /// How long a question is remembered after its deadline, so that a late or
    /// second answer is still known for what it is; 72 hours unless told
    /// otherwise. After that its files are like those of another program. How it ended is
    /// told by the round in which it ends, however late that comes.
    #[must_use]
    pub fn with_memory(mut self, remember: SignedDuration) -> Self {
        self.remember = remember;
        self
    }

    /// Doesn't wait for the disk. A killed program still loses nothing, but after
    /// a power cut the journal may be behind what was sent, or be unusable. For
    /// tests, and for folders in memory.
    #[must_use]
    pub fn danger_without_flush(mut self) -> Self {
        self.flush = false;
        self
    }

    pub(super) fn pair(&self, family: Family) -> &FolderPair {
        self.per_family.get(&family).unwrap_or(&self.folders)
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = &FolderPair> {
        std::iter::once(&self.folders).chain(self.per_family.values())
    }

    pub(super) fn timeout_of(&self, family: Family) -> SignedDuration {
        if family.is_bulk() {
            self.bulk_timeout
        } else {
            self.timeout
        }
    }
}

impl fmt::Debug for ExchangeSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExchangeSettings")
            .field("folders", &self.folders)
            .field("per_family", &self.per_family)
            .field("journal", &self.journal)
            .field("institution", &self.institution)
            .field("realm", &self.realm)
            .field("consumption", &self.consumption)
            .finish_non_exhaustive()
    }
}
