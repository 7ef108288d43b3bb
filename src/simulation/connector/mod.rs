//! A simulated connector (連携アプリ, OQSComApp) and face application (OQSFaceApp).

mod bulk;
mod cut;
mod disk;
mod face;
mod history;
mod job;
mod medical;
mod patient;
mod plan;
mod reply;
mod settings;
mod shuffle;
mod single;
mod take;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::fmt;

use jiff::Timestamp;

use crate::eligibility::message::FileName;
use crate::eligibility::{Consent, Personal};

pub use face::{FaceCheckIn, FaceOutcome};
pub use history::{HandledQuestion, Said};
pub use patient::Patient;
pub use plan::{ConnectorPlan, Quirk};
pub use settings::{ConnectorError, ConnectorSettings};

use bulk::Bulk;
use history::History;
use job::Job;

/// A simulated connector and face application, which answer with files in folders
/// as the real ones do. With it, clinic software is built and tested without a
/// reader, a line or a card.
///
/// It has no thread and no clock: [`step`](Self::step) does what is due. What
/// chance decides comes from a seed and the name of the request, so the same
/// questions are treated the same in any order, and again tomorrow.
///
/// | | as public programs saw it | invented |
/// |---|---|---|
/// | file names, folders, `.err`, `.zip` | names, and where they appear | what `.err` says |
/// | layouts | those of [`message`](crate::eligibility::message) | – |
/// | who is insured how | – | all: the [personas](super::Persona) and nine million [made up](Patient::made_up) |
/// | codes and texts | that there are some, and where | all: they begin with `SIM` and 【模擬】 |
/// | delays, races, duplicates, deletions | that they happen | how often, and how long |
/// | 処理中, reception numbers | that and how they are answered | how long; the numbers |
/// | disaster and system failure | that there are such modes | how they look in files |
/// | medical information | elements as one program reads them | medicines and values |
///
/// It works on folders only that bear
/// [`SIMULATION_MARKER`](crate::eligibility::folders::SIMULATION_MARKER), so it can't
/// answer real questions.
///
/// ```
/// use jiff::{SignedDuration, Timestamp, civil::date};
/// use uketsuke::Realm;
/// use uketsuke::eligibility::folders::{ExchangeFolders, ExchangeSettings, Progress};
/// use uketsuke::eligibility::message::{Question, parse_report};
/// use uketsuke::eligibility::InstitutionCode;
/// use uketsuke::simulation::{Connector, ConnectorSettings, Patient};
///
/// # let place = tempfile::tempdir()?;
/// // In a program of its own, or in the same loop:
/// let settings = ConnectorSettings::prepare(place.path().join("oqs"))?;
/// let mut connector = Connector::open(settings.clone())?;
///
/// let journal = place.path().join("journal");
/// std::fs::create_dir(&journal)?;
/// let institution = InstitutionCode::parse("1319999999").ok_or("ten digits")?;
/// let mut folders = ExchangeFolders::open(ExchangeSettings::new(
///     settings.folders().clone(), journal, institution, Realm::Simulation,
/// ))?;
///
/// let mut now: Timestamp = "2026-11-22T09:15:00+09:00".parse()?;
/// let on = date(2026, 11, 22);
/// let patient = Patient::made_up(42);
/// let person = patient.question(on);
/// let id = folders.ask(&Question::ByNumber { on, person: person.clone() }, now)?;
/// while let Progress::Waiting { not_before, .. } = folders.look_for(id, now)? {
///     connector.step(now)?;
///     now = not_before;
/// }
/// let file = folders.answer(id)?.unpacked()?;
/// let report = parse_report(file.as_bytes(), 4 << 20)?.report;
/// assert_eq!(report.found(&person)?.name.reveal(), patient.name());
/// folders.settle(id)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Connector {
    settings: ConnectorSettings,
    mode: ConnectorMode,
    /// What single requests are treated with, by the unique part of their names.
    scripts: HashMap<String, Vec<Quirk>>,
    /// 照会番号, by 番号.
    registered: HashMap<u32, Personal>,
    /// Consents given at the reader, by 番号.
    consents: HashMap<u32, Vec<Consent>>,
    /// Bulk questions by their reception numbers.
    bulk: HashMap<String, Bulk>,
    /// Reception numbers, oldest first.
    receptions: VecDeque<String>,
    /// Requests that are left where they are, as they were found.
    left: HashSet<String>,
    /// Requests that aren't whole: since when they have this length.
    growing: HashMap<String, (Timestamp, usize)>,
    jobs: BTreeMap<(Timestamp, u64), Job>,
    /// How many jobs there were ever.
    numbered: u64,
    check_ins: u64,
    history: History,
}

/// Whether the connector works, and what it can reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ConnectorMode {
    /// All is well.
    #[default]
    Normal,
    /// It isn't running: requests stay where they are, and what was begun isn't
    /// finished until it runs again.
    Stopped,
    /// The centre can't be reached: all questions end abnormally.
    CentreDown,
    /// システム障害時モード: all questions end abnormally, with a hint at the screen.
    SystemFailure,
    /// 災害時モード: questions are answered, with a notice.
    Disaster,
}

impl Connector {
    /// Opens the folders.
    ///
    /// # Errors
    /// A folder isn't there, isn't marked as simulated, or is for both directions.
    pub fn open(settings: ConnectorSettings) -> Result<Self, ConnectorError> {
        settings.check()?;
        Ok(Self {
            settings,
            mode: ConnectorMode::default(),
            scripts: HashMap::new(),
            registered: HashMap::new(),
            consents: HashMap::new(),
            bulk: HashMap::new(),
            receptions: VecDeque::new(),
            left: HashSet::new(),
            growing: HashMap::new(),
            jobs: BTreeMap::new(),
            numbered: 0,
            check_ins: 0,
            history: History::default(),
        })
    }

    /// Does what is due: takes requests, at most 10,000 in one step, and writes
    /// answers. Tells when the next thing is due that it knows of; a request may
    /// come at any time before.
    ///
    /// # Errors
    /// A folder can't be read or written, or lost its marker. What was due is
    /// still due.
    pub fn step(&mut self, now: Timestamp) -> Result<Option<Timestamp>, ConnectorError> {
        if self.mode == ConnectorMode::Stopped {
            return Ok(None);
        }
        self.settings.check()?;
        let more = self.take_requests(now)?;
        self.do_jobs(now)?;
        let next = self.jobs.keys().next().map(|(at, _)| (*at).max(now));
        Ok(if more { Some(now) } else { next })
    }

    /// Changes the mode.
    pub fn set_mode(&mut self, mode: ConnectorMode) {
        self.mode = mode;
    }

    /// The mode.
    #[must_use]
    pub const fn mode(&self) -> ConnectorMode {
        self.mode
    }

    /// Treats the request of this unique part with these quirks instead of those
    /// that chance would choose. In an answer about many they are for each person.
    ///
    /// [`QuestionId`](crate::eligibility::folders::QuestionId) prints the unique part.
    pub fn script(&mut self, unique: &str, quirks: &[Quirk]) {
        self.scripts
            .insert(unique.to_ascii_lowercase(), quirks.to_vec());
    }

    /// Everything that was asked, oldest first, with what was said and done: the
    /// last million of it.
    pub fn history(&self) -> impl Iterator<Item = &HandledQuestion> {
        self.history.iter()
    }

    /// What became of the request of this name, if it was taken.
    #[must_use]
    pub fn handled(&self, request: &FileName) -> Option<&HandledQuestion> {
        self.history.of(request)
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector")
            .field("settings", &self.settings)
            .field("mode", &self.mode)
            .field("due", &self.jobs.len())
            .finish_non_exhaustive()
    }
}
