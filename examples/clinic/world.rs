//! The clinic's software: its folders, its questions, the person it awaits. And, in
//! the same loop, the simulated connector at the other end.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use uketsuke::Realm;
use uketsuke::eligibility::armed::ArmedFeed;
use uketsuke::eligibility::folders::{
    Consumption, ExchangeFolders, ExchangeSettings, FaceFolder, FaceSettings, Progress, QuestionId,
    Since,
};
use uketsuke::eligibility::message::Question;
use uketsuke::eligibility::{FeedResult, InstitutionCode, ResultId, RuleTable};
use uketsuke::japan_date;
use uketsuke::simulation::{Connector, ConnectorPlan, ConnectorSettings, Quirk};

/// The clinic in whose name is asked; nobody has this code.
const INSTITUTION: &str = "1319999999";

pub struct World {
    pub connector: Connector,
    pub folders: ExchangeFolders,
    pub results: ArmedFeed<FaceFolder>,
    /// Results that are nobody's so far.
    pub kept: BTreeMap<ResultId, FeedResult>,
    pub rules: RuleTable,
    pub now: Timestamp,
    seed: u64,
    /// Removed at the end, if it is ours.
    _place: Option<TempDir>,
}

impl World {
    pub fn new(folders: Option<&Path>, seed: u64) -> Result<Self, Box<dyn Error>> {
        let place = match folders {
            Some(_) => None,
            None => Some(tempfile::tempdir()?),
        };
        let root = match (&place, folders) {
            (Some(place), _) => place.path(),
            (None, Some(folder)) => folder,
            (None, None) => unreachable!("a temporary place was made"),
        };
        let settings = ConnectorSettings::prepare(root)?
            .with_seed(seed)
            .with_plan(plan());
        let journal = root.join("journal");
        std::fs::create_dir_all(&journal)?;
        let institution = InstitutionCode::parse(INSTITUTION).ok_or("ten digits")?;
        let exchange = ExchangeSettings::new(
            settings.folders().clone(),
            journal,
            institution.clone(),
            Realm::Simulation,
        );
        let face = settings.face().ok_or("prepared folders have one")?;
        let face = FaceSettings::new(face, Realm::Simulation, Consumption::Delete, Since::Opening)
            .with_institution(institution);
        Ok(Self {
            folders: ExchangeFolders::open(exchange.with_consumption(Consumption::Delete))?,
            results: ArmedFeed::new(FaceFolder::open(face)?),
            connector: Connector::open(settings)?,
            kept: BTreeMap::new(),
            rules: RuleTable::current(),
            now: "2026-11-24T08:40:00+09:00".parse()?,
            seed,
            _place: place,
        })
    }

    pub fn today(&self) -> Date {
        japan_date(self.now)
    }

    /// Somebody of whom nothing was seen yet today.
    pub fn person(&self, number: u32) -> u32 {
        let seed = u32::try_from(self.seed % 80_000).unwrap_or_default();
        seed * 100 + number
    }

    pub fn wait(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
    }

    /// Asks, with what the connector is to do about it, and looks until it is over.
    /// `waiting` is told each look that it isn't.
    pub fn ask(
        &mut self,
        question: &Question,
        quirks: Option<&[Quirk]>,
        mut waiting: impl FnMut(),
    ) -> Result<(QuestionId, Progress), Box<dyn Error>> {
        let id = QuestionId::generate()?;
        if let Some(quirks) = quirks {
            self.connector.script(&id.to_string(), quirks);
        }
        // A real program keeps the identifier with the patient here.
        self.folders.ask_as(id, question, self.now)?;
        loop {
            self.connector.step(self.now)?;
            match self.folders.look_for(id, self.now)? {
                Progress::Waiting { not_before, .. } => {
                    waiting();
                    self.now = not_before;
                }
                over => return Ok((id, over)),
            }
        }
    }
}

/// Quick, and without surprises but for those of the scenes.
fn plan() -> ConnectorPlan {
    let seconds = SignedDuration::from_secs;
    ConnectorPlan::prompt()
        .with_delay(seconds(1), seconds(3))
        .with_bulk_delay(seconds(40), seconds(60))
        .with(Quirk::Invalid, 30)
        .with(Quirk::InvalidNewer, 20)
        .with(Quirk::NotFound, 20)
        .with(Quirk::Unrepresentable, 40)
}
