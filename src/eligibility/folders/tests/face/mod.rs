//! The folder of card check-ins, as the face application and others fill it.

mod crash;
mod hostile;
mod rounds;

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::clinic::at;
use crate::Realm;
use crate::eligibility::folders::{
    Consumption, FaceFolder, FaceSettings, FolderError, SIMULATION_MARKER, Since,
};
use crate::eligibility::{FeedError, FeedItem, FeedResult, FeedTrouble, ResultFeed, ResultId};

/// A reader's folder, and one to move to.
#[derive(Debug)]
struct Desk {
    place: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        for folder in ["face", "moved"] {
            fs::create_dir(place.path().join(folder)).unwrap();
        }
        fs::write(place.path().join("face").join(SIMULATION_MARKER), "").unwrap();
        Self { place }
    }

    fn face(&self) -> PathBuf {
        self.place.path().join("face")
    }

    fn moved(&self) -> PathBuf {
        self.place.path().join("moved")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.face().join(name)
    }

    fn settings(&self, consumption: Consumption) -> FaceSettings {
        FaceSettings::new(
            self.face(),
            Realm::Simulation,
            consumption,
            Since::Beginning,
        )
    }

    fn move_to(&self) -> Consumption {
        Consumption::MoveTo(self.moved())
    }

    fn open(&self, consumption: Consumption) -> Reading {
        Reading::new(FaceFolder::open(self.settings(consumption)))
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != SIMULATION_MARKER)
        .collect();
    names.sort();
    names
}

/// Polls in its own time, 300 ms apart.
struct Reading {
    folder: FaceFolder,
    now: i64,
}

impl Reading {
    fn new(folder: Result<FaceFolder, FolderError>) -> Self {
        Self {
            folder: folder.unwrap(),
            now: 0,
        }
    }

    fn now(&self) -> Timestamp {
        at(self.now)
    }

    fn poll(&mut self) -> Vec<FeedItem> {
        self.try_poll().unwrap()
    }

    fn try_poll(&mut self) -> Result<Vec<FeedItem>, FeedError> {
        let items = self.folder.poll(self.now());
        self.now += 300;
        items
    }

    fn polls(&mut self, count: usize) -> Vec<FeedItem> {
        (0..count).flat_map(|_| self.poll()).collect()
    }

    fn result(&mut self, polls: usize) -> FeedResult {
        let mut items = self.polls(polls);
        match (items.pop(), items.pop()) {
            (Some(FeedItem::Result(result)), None) => *result,
            other => panic!("{other:?}"),
        }
    }

    fn settle(&mut self, id: &ResultId) {
        self.folder.settle(id).unwrap();
    }
}

/// Name of a file with a result, of so many seconds past nine.
fn name(seconds: u32) -> String {
    let (minutes, seconds) = (seconds / 60 % 60, seconds % 60);
    format!("OQSsiquc01res_face_1319999999abc_2026112209{minutes:02}{seconds:02}.xml")
}

fn document(person: &str) -> String {
    format!(
        "<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult>\
         <MedicalInstitutionCode>1319999999</MedicalInstitutionCode></MessageHeader><MessageBody>\
         <ResultList><ResultOfQualificationConfirmation><Name>{person}</Name>\
         </ResultOfQualificationConfirmation></ResultList></MessageBody></XmlMsg>"
    )
}

fn person(result: &FeedResult) -> &str {
    result.report().results[0].name.reveal()
}

fn trouble(name: &str, trouble: FeedTrouble) -> FeedItem {
    FeedItem::Trouble {
        source: name.to_owned(),
        trouble,
    }
}
