//! A clinic and a simulated connector in a folder of its own, with a time of their own.
#![allow(dead_code)]

use std::path::PathBuf;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use uketsuke::Realm;
use uketsuke::eligibility::folders::{
    Consumption, ExchangeFolders, ExchangeSettings, Progress, QuestionId,
};
use uketsuke::eligibility::message::{FileName, Question, Step, parse_report};
use uketsuke::eligibility::{InstitutionCode, Report};
use uketsuke::simulation::{Connector, ConnectorPlan, ConnectorSettings, Patient, Quirk};

pub const TODAY: Date = date(2026, 11, 22);

pub struct Place {
    pub root: TempDir,
    pub connector: Connector,
    pub settings: ConnectorSettings,
    pub now: Timestamp,
}

impl Place {
    pub fn new(plan: ConnectorPlan, seed: u64) -> Self {
        let root = tempfile::tempdir().unwrap();
        let settings = ConnectorSettings::prepare(root.path().join("oqs"))
            .unwrap()
            .with_plan(plan)
            .with_seed(seed);
        Self {
            connector: Connector::open(settings.clone()).unwrap(),
            root,
            settings,
            now: "2026-11-22T09:15:00+09:00".parse().unwrap(),
        }
    }

    pub fn prompt() -> Self {
        Self::new(ConnectorPlan::prompt(), 0)
    }

    pub fn clinic(&self, name: &str, consumption: Consumption) -> ExchangeFolders {
        let journal = self.root.path().join(name);
        std::fs::create_dir_all(&journal).unwrap();
        let settings = ExchangeSettings::new(
            self.settings.folders().clone(),
            journal,
            InstitutionCode::parse("1319999999").unwrap(),
            Realm::Simulation,
        );
        ExchangeFolders::open(
            settings
                .with_consumption(consumption)
                .danger_without_flush(),
        )
        .unwrap()
    }

    pub fn res(&self) -> PathBuf {
        self.settings.folders().responses().to_owned()
    }

    pub fn req(&self) -> PathBuf {
        self.settings.folders().requests().to_owned()
    }

    pub fn wait(&mut self, millis: i64) {
        self.now += SignedDuration::from_millis(millis);
    }

    /// Asks with these quirks, and looks until it is over.
    pub fn ask(
        &mut self,
        folders: &mut ExchangeFolders,
        question: &Question,
        quirks: &[Quirk],
    ) -> (QuestionId, Progress) {
        let id = QuestionId::generate().unwrap();
        self.connector.script(&id.to_string(), quirks);
        folders.ask_as(id, question, self.now).unwrap();
        (id, self.finish(folders, id))
    }

    pub fn finish(&mut self, folders: &mut ExchangeFolders, id: QuestionId) -> Progress {
        loop {
            self.connector.step(self.now).unwrap();
            match folders.look_for(id, self.now).unwrap() {
                Progress::Waiting { not_before, .. } => {
                    self.now = not_before.max(self.now + SignedDuration::from_millis(100));
                }
                over => return over,
            }
        }
    }
}

pub fn by_number(patient: &Patient) -> Question {
    Question::ByNumber {
        on: TODAY,
        person: patient.question(TODAY),
    }
}

pub fn request(question: &Question, id: QuestionId) -> FileName {
    FileName::request(question.family(), question.step(), &id.to_string()).unwrap()
}

pub fn first_step(question: &Question) -> bool {
    question.step() == Step::One
}

pub fn report(folders: &mut ExchangeFolders, id: QuestionId) -> Report {
    let file = folders.answer(id).unwrap().unpacked().unwrap();
    parse_report(file.as_bytes(), 4 << 20).unwrap().report
}
