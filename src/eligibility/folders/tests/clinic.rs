//! A clinic, its records and its connector, for tests: folders on the disk that
//! outlive the program under test.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::super::files::Files;
use super::super::publish::Message;
use super::super::{
    AskError, Consumption, ExchangeFolders, ExchangeSettings, FolderPair, Progress, QuestionError,
    QuestionId, SIMULATION_MARKER, Trouble,
};
use crate::Realm;
use crate::eligibility::InstitutionCode;
use crate::eligibility::message::{Family, FileKind, FileName, Step};
use crate::files::faulty::{Quiet, quiet};

/// Twelve o'clock, and so many milliseconds.
pub(super) fn at(millis: i64) -> Timestamp {
    let noon: Timestamp = "2026-11-22T12:00:00+09:00".parse().unwrap();
    noon + SignedDuration::from_millis(millis)
}

/// The three minutes of a question about one person are over.
pub(super) const OVER: i64 = 181_000;

#[derive(Debug)]
pub(super) struct Clinic {
    pub(super) root: PathBuf,
    _quiet: Option<Quiet>,
    /// Removed with this, if it is this one's.
    _own: Option<tempfile::TempDir>,
}

impl Clinic {
    pub(super) fn new() -> Self {
        Self {
            _quiet: Some(quiet()),
            ..Self::unguarded()
        }
    }

    pub(super) fn unguarded() -> Self {
        let own = tempfile::tempdir().unwrap();
        let clinic = Self {
            root: own.path().to_owned(),
            _quiet: None,
            _own: Some(own),
        };
        for folder in ["req", "res", "journal", "records", "moved"] {
            fs::create_dir(clinic.root.join(folder)).unwrap();
        }
        for folder in ["req", "res"] {
            fs::write(clinic.root.join(folder).join(SIMULATION_MARKER), b"").unwrap();
        }
        clinic
    }

    /// One that is there.
    pub(super) fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            _quiet: None,
            _own: None,
        }
    }

    pub(super) fn req(&self) -> PathBuf {
        self.root.join("req")
    }

    pub(super) fn res(&self) -> PathBuf {
        self.root.join("res")
    }

    pub(super) fn settings(&self) -> ExchangeSettings {
        ExchangeSettings::new(
            FolderPair::new(self.req(), self.res()),
            self.root.join("journal"),
            InstitutionCode::parse("1319999999").unwrap(),
            Realm::Simulation,
        )
        .with_consumption(Consumption::Delete)
        .with_withdrawal(true)
    }

    /// Without waiting for the disk, which the tests of crashes do without.
    pub(super) fn open(&self) -> ExchangeFolders {
        ExchangeFolders::open(self.settings().danger_without_flush()).unwrap()
    }

    pub(super) fn open_with(
        &self,
        files: Box<dyn Files>,
    ) -> Result<ExchangeFolders, super::super::FolderError> {
        ExchangeFolders::open_with(files, self.settings())
    }

    pub(super) fn open_again(&self, folders: ExchangeFolders) -> ExchangeFolders {
        drop(folders);
        self.open()
    }

    pub(super) fn names(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.root.join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != SIMULATION_MARKER)
            .collect();
        names.sort();
        names
    }

    /// The clinic's own records: they say whose question it is before it is asked.
    pub(super) fn record(&self, kind: &str, id: QuestionId, what: &str) {
        fs::write(self.root.join("records").join(format!("{kind}-{id}")), what).unwrap();
    }

    pub(super) fn records(&self, kind: &str) -> BTreeMap<QuestionId, String> {
        self.names("records")
            .into_iter()
            .filter_map(|name| {
                let id = QuestionId::parse(name.strip_prefix(kind)?.strip_prefix('-')?).unwrap();
                let text = fs::read_to_string(self.root.join("records").join(&name)).unwrap();
                Some((id, text))
            })
            .collect()
    }

    /// Takes in every request that is there, and notes that it did.
    pub(super) fn connector_takes(&self) -> Vec<QuestionId> {
        let mut taken = Vec::new();
        for name in self.names("req") {
            let Some(parsed) = FileName::parse(&name) else {
                continue;
            };
            let Some(id) = QuestionId::parse(parsed.unique()) else {
                continue;
            };
            let path = self.req().join(&name);
            let body = fs::read_to_string(&path).unwrap();
            assert!(body.ends_with("</XmlMsg>"), "half a request was published");
            assert!(
                !self.records("received").contains_key(&id),
                "the question was sent twice"
            );
            self.record("received", id, &body);
            fs::remove_file(path).unwrap();
            taken.push(id);
        }
        taken
    }

    pub(super) fn response(&self, id: QuestionId, kind: FileKind) -> PathBuf {
        let name = question_name(id).response().with_kind(kind);
        self.res().join(name.to_string())
    }

    /// Writes the answer of a question that it took in.
    pub(super) fn connector_answers(&self, id: QuestionId) {
        let body = &self.records("received")[&id];
        fs::write(self.response(id, FileKind::Xml), answer(body)).unwrap();
    }

    pub(super) fn connector_rejects(&self, id: QuestionId) {
        let body = &self.records("received")[&id];
        let copy = question_name(id);
        fs::write(self.res().join(copy.to_string()), body).unwrap();
        let name = question_name(id).with_kind(FileKind::Err);
        fs::write(self.res().join(name.to_string()), person_in(body)).unwrap();
    }
}

pub(super) fn question_name(id: QuestionId) -> FileName {
    FileName::request(Family::Qualification, Step::One, id.as_str()).unwrap()
}

/// The made-up question about a person, who stands for all personal data in it.
pub(super) fn question(id: QuestionId, person: &str) -> String {
    format!(
        "<XmlMsg><MessageHeader><ArbitraryFileIdentifier>{id}</ArbitraryFileIdentifier></MessageHeader>\
         <MessageBody><Name>{person}</Name></MessageBody></XmlMsg>"
    )
}

pub(super) fn answer(question: &str) -> String {
    question.replace(
        "<MessageHeader>",
        "<MessageHeader><SegmentOfResult>1</SegmentOfResult>",
    )
}

/// Whom a question, an answer, or the text of a rejection is about.
pub(super) fn person_in(text: &str) -> String {
    match text.split_once("<Name>") {
        Some((_, rest)) => rest.split_once("</Name>").unwrap().0.to_owned(),
        None => text.to_owned(),
    }
}

pub(super) fn ask(
    folders: &mut ExchangeFolders,
    id: QuestionId,
    person: &str,
    now: Timestamp,
) -> Result<(), AskError> {
    let text = question(id, person);
    let message = Message {
        family: Family::Qualification,
        step: Step::One,
        reception: None,
        bytes: text.as_bytes(),
    };
    folders.publish(id, &message, now)
}

pub(super) fn new_id() -> QuestionId {
    QuestionId::generate().unwrap()
}

/// A question that was sent and taken in.
pub(super) fn asked() -> (Clinic, ExchangeFolders, QuestionId) {
    let clinic = Clinic::new();
    let mut folders = clinic.open();
    let id = new_id();
    ask(&mut folders, id, "Alice", at(0)).unwrap();
    assert_eq!(clinic.connector_takes(), [id]);
    (clinic, folders, id)
}

pub(super) fn trouble(folders: &mut ExchangeFolders, id: QuestionId, now: i64) -> Option<Trouble> {
    folders.round(at(now)).unwrap();
    match folders.progress(id).unwrap() {
        Progress::Waiting { trouble, .. } => trouble,
        other => panic!("{other:?}"),
    }
}

pub(super) fn text(folders: &mut ExchangeFolders, id: QuestionId) -> Result<String, QuestionError> {
    let mut answer = folders.answer(id)?;
    let mut text = String::new();
    answer.read_to_string(&mut text).unwrap();
    assert_eq!(answer.as_bytes().unwrap(), text.as_bytes());
    assert!(!format!("{answer:?}").contains("Alice"));
    Ok(text)
}
