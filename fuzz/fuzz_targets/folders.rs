//! The folders of a connector that puts anything there: nothing panics, files of others stay as they are, no answer goes to
//! another question, no question is sent twice, and what is over stays over.
//!
//! Three questions are asked. The input is what happens then, step by step; `fuzz_seeds` writes the first ones:
//! a file is put (its name, kind and contents; the bytes 1, 2 and 3 stand for the identifiers of the questions), time goes by,
//! answers are read and settled, questions cancelled, the program starts again, the journal is damaged.

#![no_main]

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp, civil::date};
use libfuzzer_sys::fuzz_target;
use uketsuke::Realm;
use uketsuke::eligibility::folders::{
    Consumption, ExchangeFolders, ExchangeSettings, FolderPair, Progress, QuestionId,
    SIMULATION_MARKER,
};
use uketsuke::eligibility::message::{Insured, NumberQuestion, Question, ReceptionNumber};
use uketsuke::eligibility::{InstitutionCode, InsurerNumber, message::Family};

const IDS: [&str; 3] = [
    "10000000000000000001",
    "20000000000000000002",
    "30000000000000000003",
];
const FOREIGN: &str = "OQSsiquc01res_99999999999999999999.xml";
const RECEPTION: &str = "R1";

fuzz_target!(|input: &[u8]| {
    let Some((flags, steps)) = input.split_first() else {
        return;
    };
    // In memory, where there is such a place.
    let place = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    let place = place.expect("a folder");
    let mut clinic = Clinic::new(place.path(), *flags);
    let mut steps = Steps(steps);
    for _ in 0..64 {
        let Some(step) = steps.byte() else { break };
        clinic.step(step, &mut steps);
    }
    clinic.check();
});

struct Steps<'a>(&'a [u8]);

impl<'a> Steps<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Behind a length of two bytes.
    fn bytes(&mut self) -> &'a [u8] {
        let [high, low, rest @ ..] = self.0 else {
            return std::mem::take(&mut self.0);
        };
        let len = usize::from(u16::from_be_bytes([*high, *low])).min(rest.len());
        let (bytes, rest) = rest.split_at(len);
        self.0 = rest;
        bytes
    }
}

struct Clinic {
    root: PathBuf,
    flags: u8,
    folders: Option<ExchangeFolders>,
    now: Timestamp,
    /// Where each question stood, to see that what is over stays over.
    before: BTreeMap<QuestionId, Progress>,
    damaged: bool,
}

impl Clinic {
    fn new(root: &Path, flags: u8) -> Self {
        for folder in ["req", "res", "journal", "moved"] {
            fs::create_dir(root.join(folder)).expect("a folder");
        }
        for folder in ["req", "res"] {
            fs::write(root.join(folder).join(SIMULATION_MARKER), "").expect("a marker");
        }
        fs::write(root.join("res").join(FOREIGN), "foreign").expect("a file");
        fs::write(root.join("secret"), answer("1")).expect("a file");
        let mut clinic = Self {
            root: root.to_owned(),
            flags,
            folders: None,
            now: "2026-11-22T12:00:00+09:00".parse().expect("a time"),
            before: BTreeMap::new(),
            damaged: false,
        };
        clinic.open();
        let insurer = InsurerNumber::parse("139998").expect("a number");
        let insured = Insured::new(insurer, "1234").expect("a number");
        let person = NumberQuestion::new(insured, date(1980, 4, 1));
        let on = date(2026, 11, 22);
        let reception = ReceptionNumber::new(RECEPTION).expect("a number");
        let questions = [
            Question::ByNumber {
                on,
                person: person.clone(),
            },
            Question::BulkByNumber {
                on,
                people: vec![person],
            },
            Question::BulkResult {
                family: Family::BulkQualification,
                reception,
            },
        ];
        let folders = clinic.folders.as_mut().expect("they open");
        for (id, question) in ids().zip(&questions) {
            folders
                .ask_as(id, question, clinic.now)
                .expect("it is asked");
        }
        clinic
    }

    fn open(&mut self) {
        self.folders = None;
        let consumption = match self.flags % 3 {
            0 => Consumption::Leave,
            1 => Consumption::Delete,
            _ => Consumption::MoveTo(self.root.join("moved")),
        };
        let settings = ExchangeSettings::new(
            FolderPair::new(self.root.join("req"), self.root.join("res")),
            self.root.join("journal"),
            InstitutionCode::parse("1319999999").expect("a code"),
            Realm::Simulation,
        )
        .with_consumption(consumption)
        .with_withdrawal(self.flags & 4 != 0)
        .danger_without_flush();
        match ExchangeFolders::open(settings) {
            Ok(folders) => self.folders = Some(folders),
            Err(error) => assert!(self.damaged, "{error}"),
        }
    }

    fn step(&mut self, step: u8, steps: &mut Steps<'_>) {
        let id = ids().nth(usize::from(step >> 3) % 3).expect("one of three");
        match step % 8 {
            0 => self.put(step, steps),
            1 => {
                let by = i64::from(steps.byte().unwrap_or_default()) * 100;
                self.now += SignedDuration::from_millis(by);
                if let Some(folders) = &mut self.folders {
                    let _ = folders.round(self.now);
                }
            }
            2 => {
                self.now += SignedDuration::from_mins(i64::from(steps.byte().unwrap_or_default()));
                if let Some(folders) = &mut self.folders {
                    let _ = folders.look_for(id, self.now);
                }
            }
            3 => self.read(id),
            4 => {
                if let Some(folders) = &mut self.folders {
                    let _ = folders.settle(id);
                }
            }
            5 => {
                if let Some(folders) = &mut self.folders {
                    let _ = folders.give_up(id);
                }
            }
            6 => self.open(),
            _ => self.damage(steps),
        }
        self.check();
    }

    fn put(&mut self, step: u8, steps: &mut Steps<'_>) {
        let kind = steps.byte().unwrap_or_default();
        let id = IDS[usize::from(step >> 3) % 3];
        let family = if id == IDS[0] { "OQSsiquc" } else { "OQSmuquc" };
        let number = if id == IDS[2] { "02" } else { "01" };
        let (direction, ending) = match kind % 8 {
            0 | 1 => ("res", "xml"),
            2 => ("res", "zip"),
            3 => ("res", "pdf"),
            4 => ("req", "err"),
            5 => ("res", "err"),
            6 => ("req", "xml"),
            _ => ("res_face", "xml"),
        };
        let mut name = format!("{family}{number}{direction}_{id}.{ending}");
        if kind & 8 != 0 {
            name = name.to_uppercase();
        }
        let path = self.root.join("res").join(name);
        let contents = steps.bytes();
        if kind & 16 != 0 {
            // By way of a name that isn't looked at, as a connector that takes care does.
            let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir(&path));
        }
        match kind >> 6 {
            0 | 1 => {
                if !fs::symlink_metadata(&path).is_ok_and(|there| there.is_symlink()) {
                    let _ = fs::write(path, spelled(contents));
                }
            }
            2 => drop(fs::create_dir(path)),
            _ => drop(std::os::unix::fs::symlink(self.root.join("secret"), path)),
        }
    }

    fn read(&mut self, id: QuestionId) {
        let Some(folders) = &mut self.folders else {
            return;
        };
        let Ok(mut answer) = folders.answer(id) else {
            return;
        };
        let mut bytes = Vec::new();
        answer.read_to_end(&mut bytes).expect("it can be read");
        let name = answer.name().to_string();
        assert!(name.contains(id.as_str()), "another question's file");
        let text = String::from_utf8_lossy(&bytes);
        if name.ends_with(".xml") && !self.damaged {
            let own =
                text.contains(id.as_str()) || id.as_str() == IDS[2] && text.contains(RECEPTION);
            assert!(own, "an answer that says nothing of its question");
        }
    }

    /// Cuts the journal, or changes bytes of it.
    fn damage(&mut self, steps: &mut Steps<'_>) {
        self.folders = None;
        self.damaged = true;
        let path = self.root.join("journal/exchange.journal");
        let Ok(mut journal) = fs::read(&path) else {
            return;
        };
        for change in steps.bytes().chunks_exact(3) {
            let at = usize::from(u16::from_be_bytes([change[0], change[1]]));
            match journal.get_mut(at) {
                Some(byte) => *byte = change[2],
                None => journal.truncate(at % (journal.len() + 1)),
            }
        }
        fs::write(&path, journal).expect("it is written");
        self.before.clear();
        self.open();
    }

    fn check(&mut self) {
        let read = |path: &str| fs::read(self.root.join(path)).expect("it is there");
        assert_eq!(read(&format!("res/{FOREIGN}")), b"foreign");
        assert_eq!(read("secret"), answer("1").as_bytes());
        let Some(folders) = &self.folders else { return };
        for id in ids() {
            let Some(now) = folders.progress(id) else {
                assert!(self.damaged, "a question was forgotten");
                continue;
            };
            if let Some(before) = self.before.insert(id, now) {
                let same = std::mem::discriminant(&before) == std::mem::discriminant(&now);
                let may = matches!(before, Progress::Waiting { .. })
                    || matches!(now, Progress::Conflict { .. });
                assert!(same || may, "{before:?} became {now:?}");
            }
        }
    }
}

fn ids() -> impl Iterator<Item = QuestionId> {
    IDS.into_iter()
        .map(|id| QuestionId::parse(id).expect("twenty digits"))
}

fn answer(id: &str) -> String {
    format!("<XmlMsg><ArbitraryFileIdentifier>{id}</ArbitraryFileIdentifier></XmlMsg>")
}

fn spelled(contents: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for byte in contents {
        match byte {
            1..=3 => bytes.extend_from_slice(IDS[usize::from(byte - 1)].as_bytes()),
            other => bytes.push(*other),
        }
    }
    bytes
}
