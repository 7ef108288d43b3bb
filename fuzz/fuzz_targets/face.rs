//! The folder of a face application that puts anything there, on a disk that fails, and persons who are awaited at the desk:
//! nothing panics, a result is delivered once and bound only if it is the awaited person's, files of others stay as they are, and nothing is put away
//! that wasn't settled.
//!
//! The input is what happens, step by step; `fuzz_seeds` writes the first ones.

#![no_main]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use libfuzzer_sys::fuzz_target;
use uketsuke::Realm;
use uketsuke::eligibility::armed::{ArmedFeed, Awaited, Event, SessionId, Window};
use uketsuke::eligibility::folders::{
    Consumption, FaceFolder, FaceSettings, FolderError, SIMULATION_MARKER, Since,
};
use uketsuke::eligibility::message::{FileName, write_report};
use uketsuke::eligibility::text::{Charset, encode, kana_form};
use uketsuke::eligibility::{
    FeedResult, InstitutionCode, Personal, Qualification, Report, ResultFeed, ResultId,
    SegmentOfResult,
};
use uketsuke_fuzz::{Fault, edited, open_to_all};

#[path = "../../tests/report_support/full.rs"]
mod full;

const FOREIGN: &str = "OQSsiquc01res_12345678901234567890.xml";

/// Two who share a birth date, and one who doesn't.
const PEOPLE: [(Date, &str, &str); 3] = [
    (date(1980, 4, 1), "ﾐﾎﾝ ﾊﾅｺ", "P-1"),
    (date(1980, 4, 1), "ﾐﾎﾝ ﾀﾛｳ", "P-2"),
    (date(1975, 12, 31), "ﾐﾎﾝ ﾊﾅｺ", "P-3"),
];

static FULL: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
    [Charset::Utf8, Charset::ShiftJis]
        .map(|charset| encode(full::FULL, charset).expect("a document"))
});

fuzz_target!(|input: &[u8]| {
    let Some((flags, steps)) = input.split_first() else {
        return;
    };
    // In memory, where there is such a place.
    let place = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    let place = place.expect("a folder");
    let mut desk = Desk::new(place.path(), *flags);
    let mut steps = Steps(steps);
    for _ in 0..64 {
        let Some(step) = steps.byte() else { break };
        desk.step(step, &mut steps);
        desk.check();
    }
});

struct Steps<'a>(&'a [u8]);

impl<'a> Steps<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Behind a length of one byte.
    fn bytes(&mut self) -> &'a [u8] {
        let len = usize::from(self.byte().unwrap_or_default()).min(self.0.len());
        let (bytes, rest) = self.0.split_at(len);
        self.0 = rest;
        bytes
    }
}

struct Desk {
    root: PathBuf,
    flags: u8,
    results: ArmedFeed<FaceFolder>,
    now: Timestamp,
    awaited: Option<(SessionId, usize, bool)>,
    /// Results that were delivered since the folder was opened.
    delivered: BTreeMap<ResultId, FeedResult>,
    /// Names and contents: the same once more goes the same way.
    settled: BTreeSet<(String, Vec<u8>)>,
    /// What was put, by name, and not taken away by us.
    put: BTreeMap<String, Vec<u8>>,
    /// Names that weren't there when it was looked: with very many they are forgotten, and may come again.
    absent: BTreeSet<String>,
    /// What fails during the next call.
    fault: Fault,
}

impl Desk {
    fn new(root: &Path, flags: u8) -> Self {
        open_to_all(root, true);
        for folder in ["face", "moved"] {
            fs::create_dir(root.join(folder)).expect("a folder");
            fs::write(root.join(folder).join(SIMULATION_MARKER), "").expect("a marker");
        }
        fs::write(root.join("face").join(FOREIGN), "foreign").expect("a file");
        fs::write(root.join("secret"), full::FULL).expect("a file");
        let now = "2026-11-05T09:15:00+09:00".parse().expect("a time");
        Self {
            root: root.to_owned(),
            flags,
            results: open(root, flags, now).expect("it opens"),
            now,
            awaited: None,
            delivered: BTreeMap::new(),
            settled: BTreeSet::new(),
            put: BTreeMap::new(),
            absent: BTreeSet::new(),
            fault: Fault::None,
        }
    }

    /// It may be away just now.
    fn folder(&self) -> PathBuf {
        let away = self.root.join("face.away");
        match away.exists() {
            true => away,
            false => self.root.join("face"),
        }
    }

    fn step(&mut self, step: u8, steps: &mut Steps<'_>) {
        match step % 8 {
            0 | 1 => self.put(step, steps),
            2 => {
                let by = i64::from(steps.byte().unwrap_or_default()) * 100;
                self.now += SignedDuration::from_millis(by);
                self.poll();
            }
            3 => {
                self.now += SignedDuration::from_secs(i64::from(steps.byte().unwrap_or_default()));
                self.poll();
            }
            4 => {
                let ids: Vec<ResultId> = self.delivered.keys().cloned().collect();
                if let Some(id) = ids.get(usize::from(step >> 3) % ids.len().max(1)) {
                    if step >= 128 {
                        self.results.decided(id);
                    }
                    // It may be put away from now on.
                    let (name, _) = id.as_str().rsplit_once(':').expect("a name and a check");
                    if let Some(contents) = self.put.get(name) {
                        self.settled.insert((name.to_owned(), contents.clone()));
                    }
                    let fault = std::mem::take(&mut self.fault);
                    let settled = fault.during(|| self.results.settle(id));
                    assert!(settled.is_ok() || self.absent.contains(name), "unknown");
                }
            }
            5 => self.arm(step, steps),
            6 => {
                if let Some((session, ..)) = self.awaited.take() {
                    self.results.disarm(session);
                }
            }
            _ => self.disturb(step >> 3, steps),
        }
    }

    /// What other programs and people do to the folder, and the program is begun again.
    fn disturb(&mut self, kind: u8, steps: &mut Steps<'_>) {
        let toggle = |path: PathBuf| {
            let away = path.with_extension("away");
            let (from, to) = match away.exists() {
                true => (away, path),
                false => (path, away),
            };
            fs::rename(from, to).expect("it was there");
        };
        match kind % 16 {
            1 => self.fault = Fault::of(steps.byte().unwrap_or_default()),
            2 => toggle(self.folder().join(SIMULATION_MARKER)),
            3 => toggle(self.root.join("face")),
            4 => toggle(self.root.join("moved")),
            // More than are followed at once.
            5 => {
                for file in 0..u16::from(steps.byte().unwrap_or_default()) {
                    let time = 20_261_105_000_000_u64 + u64::from(file);
                    let name = format!("OQSsiquc01res_face_many{file}_{time}.xml");
                    self.write(name, b"<XmlMsg/>".to_vec());
                }
            }
            6 => {
                let name = "OQSsiquc01res_face_large_20261105091500.xml";
                if let Ok(file) = fs::File::create(self.folder().join(name)) {
                    file.set_len((4 << 20) + 1).expect("a hole");
                }
            }
            7 => {
                assert_eq!(self.results.realm(), Realm::Simulation);
                let name = match steps.byte().unwrap_or_default() {
                    0 => "OQSsiquc01res_face_x.xml:00000000",
                    1 => "x",
                    _ => "x:1",
                };
                let unknown = ResultId::new(name).expect("an identifier");
                assert!(self.results.settle(&unknown).is_err());
                // A second program looks on.
                if let Ok(mut folder) = folder(&self.root, self.flags, self.now) {
                    assert_eq!(folder.realm(), Realm::Simulation);
                    match folder.poll(self.now) {
                        Ok(items) => assert!(!format!("{items:?}").contains("ﾐﾎﾝ")),
                        Err(error) => assert!(error.to_string().len() < 300),
                    }
                    assert!(format!("{folder:?} {:?}", self.results).len() < 20_000);
                }
            }
            // The same name is taken where files are moved to.
            8 => {
                let same = steps.byte().unwrap_or_default() & 1 == 1;
                for (name, contents) in &self.put {
                    let contents = if same { contents } else { &b"another".to_vec() };
                    let _ = fs::write(self.root.join("moved").join(name), contents);
                }
            }
            // Nobody else may read the results; and they may again.
            12 | 13 => {
                for name in self.put.keys() {
                    open_to_all(&self.folder().join(name), kind % 16 == 13);
                }
            }
            // One is taken away, and perhaps something else is there.
            14 => {
                let how = steps.byte().unwrap_or_default();
                let names: Vec<String> = self.put.keys().cloned().collect();
                let Some(name) = names.get(usize::from(how >> 2) % names.len().max(1)) else {
                    return;
                };
                let path = self.folder().join(name);
                self.put.remove(name);
                let _ = fs::remove_file(&path);
                match how & 3 {
                    0 => drop(fs::create_dir(path)),
                    1 => self.write(name.clone(), said(0, self.now, steps)),
                    2 => {}
                    _ => {
                        if let Ok(file) = fs::File::create(path) {
                            file.set_len((4 << 20) + 1).expect("a hole");
                        }
                    }
                }
            }
            9 => self.now -= SignedDuration::from_secs(i64::from(steps.byte().unwrap_or_default())),
            // The same once more, and by way of another file.
            10 => {
                for (name, contents) in &self.put {
                    let (path, new) = (self.folder().join(name), self.root.join("new"));
                    if path.is_file() && fs::write(&new, contents).is_ok() {
                        fs::rename(new, path).expect("it is a file");
                    }
                }
            }
            // By any name.
            11 => {
                let name = String::from_utf8_lossy(steps.bytes()).into_owned();
                let parsed = FileName::parse(&name);
                assert!(parsed.is_none_or(|parsed| parsed.to_string().len() == name.len()));
                let free = name.len() < 200 && !name.contains(['/', '\0', '.', '\u{FFFD}']);
                if free && !name.is_empty() {
                    let ending = [".xml", ".zip", ".PDF", ".x"][usize::from(kind & 3)];
                    self.write(name + ending, steps.bytes().to_vec());
                }
            }
            _ => match open(&self.root, self.flags, self.now) {
                Ok(results) => {
                    self.results = results;
                    self.awaited = None;
                    self.delivered.clear();
                }
                // A folder is away.
                Err(error) => assert!(error.to_string().len() < 300),
            },
        }
    }

    fn write(&mut self, name: String, contents: Vec<u8>) {
        let path = self.folder().join(&name);
        let there = fs::symlink_metadata(&path);
        if there.map_or(true, |there| there.is_file())
            && name != FOREIGN
            && fs::write(path, &contents).is_ok()
        {
            self.put.insert(name, contents);
        }
    }

    fn arm(&mut self, step: u8, steps: &mut Steps<'_>) {
        let person = usize::from(step >> 3) % PEOPLE.len();
        let (born, kana, number) = PEOPLE[person];
        let by_number = step >> 5 & 1 == 1;
        let awaited = match by_number {
            true => Awaited::by_reference_number(number),
            false => Awaited::by_person(born, kana),
        };
        let awaited = awaited.expect("a person");
        let minutes = SignedDuration::from_mins(i64::from(steps.byte().unwrap_or_default() % 8));
        let window = Window::of(self.now, minutes, minutes).expect("a window");
        let armed = self.results.armed();
        match self.results.arm(&awaited, window, self.now) {
            Ok(session) => {
                assert!(armed.is_none(), "two at a time");
                self.awaited = Some((session, person, by_number));
            }
            Err(_) => assert_eq!(self.results.armed(), armed),
        }
    }

    fn put(&mut self, step: u8, steps: &mut Steps<'_>) {
        let kind = steps.byte().unwrap_or_default();
        let at =
            self.now + SignedDuration::from_secs(i64::from(steps.byte().unwrap_or_default()) - 128);
        let civil = jiff::tz::Offset::constant(9).to_datetime(at);
        let time = civil.strftime("%Y%m%d%H%M%S");
        let mut name = match step >> 3 & 3 {
            0 => FileName::face("1319999999abc", civil)
                .expect("a name")
                .to_string(),
            1 => format!("OQSsiquc01res_face_{time}.xml"),
            2 => "OQSsiquc01res_face_x.xml".to_owned(),
            _ => format!("OQSsiquc01res_face_1319999999abc_{time}.zip"),
        };
        if step >= 128 {
            name = name.to_lowercase();
        }
        let path = self.folder().join(&name);
        let there = fs::symlink_metadata(&path);
        if there.as_ref().is_ok_and(|there| !there.is_file()) {
            return;
        }
        let contents = match kind % 8 {
            0 => steps.bytes().to_vec(),
            1 => edited(&FULL[usize::from(kind >> 3 & 1)], steps.bytes()),
            2 => {
                let whole = &FULL[0];
                let part = usize::from(steps.byte().unwrap_or_default()) * whole.len() / 255;
                whole[..part].to_vec()
            }
            3 => {
                drop(fs::remove_file(&path));
                self.put.remove(&name);
                return;
            }
            4 if kind & 8 != 0 => {
                // Something else in its place.
                self.put.remove(&name);
                drop(fs::remove_file(&path));
                drop(fs::create_dir(path));
                return;
            }
            4 if there.is_err() => {
                drop(fs::create_dir(path));
                return;
            }
            5 if there.is_err() => {
                drop(std::os::unix::fs::symlink(self.root.join("secret"), path));
                return;
            }
            _ => said(kind, at, steps),
        };
        if fs::write(path, &contents).is_ok() {
            self.put.insert(name, contents);
        }
    }

    fn poll(&mut self) {
        let folder = self.folder();
        for id in self.delivered.keys() {
            let (name, _) = id.as_str().rsplit_once(':').expect("a name and a check");
            if !folder.join(name).exists() {
                self.absent.insert(name.to_owned());
            }
        }
        let fault = std::mem::take(&mut self.fault);
        for event in fault.during(|| self.results.poll(self.now)) {
            let text = format!("{event:?}");
            assert!(
                !text.contains("ﾐﾎﾝ") && !text.contains("1980-04-01"),
                "{text}"
            );
            match event {
                Event::Unbound(other) => {
                    let result = other.into_result();
                    self.deliver(result);
                }
                Event::Bound(bound) => {
                    let (session, person, by_number) =
                        self.awaited.take().expect("somebody is awaited");
                    assert_eq!(bound.session(), session);
                    let id = bound.id().clone();
                    if let Some(result) = bound.into_result() {
                        self.deliver(result);
                    }
                    let report = self.delivered.get(&id).expect("it was delivered").report();
                    assert!(is_of(report, person, by_number), "bound to somebody else");
                }
                Event::Ended { session, .. } => {
                    assert_eq!(self.awaited.take().map(|(armed, ..)| armed), Some(session));
                }
                _ => {}
            }
        }
    }

    fn deliver(&mut self, result: FeedResult) {
        let id = result.id().clone();
        let (name, _) = id.as_str().rsplit_once(':').expect("a name and a check");
        let may = self.absent.contains(name);
        let before = self.delivered.insert(id, result);
        assert!(before.is_none() || may, "delivered twice");
    }

    fn check(&self) {
        let read = |path: &str| fs::read(self.root.join(path)).expect("it is there");
        let folder = self.folder();
        assert_eq!(
            fs::read(folder.join(FOREIGN)).expect("it is there"),
            b"foreign"
        );
        assert_eq!(read("secret"), full::FULL.as_bytes());
        for (name, contents) in &self.put {
            if !self.settled.contains(&(name.clone(), contents.clone())) {
                let there = fs::read(folder.join(name)).ok();
                let same = there.as_ref() == Some(contents);
                assert!(same, "{name} was touched and not settled");
            }
        }
    }
}

/// Nobody but who was awaited, alone.
fn is_of(report: &Report, person: usize, by_number: bool) -> bool {
    let (born, kana, number) = PEOPLE[person];
    let [result] = &report.results[..] else {
        return false;
    };
    let said = |text: &Option<Personal>| text.as_ref().map(|text| text.reveal().trim().to_owned());
    let same = if by_number {
        said(&result.reference_number).as_deref() == Some(number)
    } else {
        let form = |kana: &str| kana_form(kana).reveal().to_owned();
        result.birthdate.reveal().trim() == born.strftime("%Y%m%d").to_string()
            && said(&result.kana).is_some_and(|said| form(&said) == form(kana))
    };
    same && report.segment == SegmentOfResult::Normal
}

/// A right file about one of them, or nearly.
fn said(kind: u8, at: Timestamp, steps: &mut Steps<'_>) -> Vec<u8> {
    let how = steps.byte().unwrap_or_default();
    let (born, kana, number) = PEOPLE[usize::from(how) % PEOPLE.len()];
    let mut result = Qualification::new("見本", &born.strftime("%Y%m%d").to_string());
    result.kana = (how & 4 == 0).then(|| Personal::new(kana));
    result.reference_number = (how & 8 != 0).then(|| Personal::new(number));
    if how & 16 != 0 {
        result.kana = Some(Personal::new("みほん　はなこ"));
    }
    let mut report = Report {
        executed: (how & 32 == 0).then_some(at),
        institution_code: (kind & 32 == 0).then(|| "1319999999".to_owned()),
        results: vec![result.clone()],
        ..Report::normal()
    };
    if how & 64 != 0 {
        report.results.push(result);
    }
    if how & 128 != 0 {
        report.segment = SegmentOfResult::Abnormal;
    }
    let charset = match kind >> 3 & 1 {
        0 => Charset::Utf8,
        _ => Charset::ShiftJis,
    };
    write_report(&report, charset)
        .expect("it can be written")
        .as_bytes()
        .to_vec()
}

fn open(root: &Path, flags: u8, now: Timestamp) -> Result<ArmedFeed<FaceFolder>, FolderError> {
    folder(root, flags, now).map(ArmedFeed::new)
}

fn folder(root: &Path, flags: u8, now: Timestamp) -> Result<FaceFolder, FolderError> {
    let consumption = match flags % 3 {
        0 => Consumption::Leave,
        1 => Consumption::Delete,
        _ => Consumption::MoveTo(root.join("moved")),
    };
    let since = match flags >> 2 & 3 {
        0 | 1 => Since::Beginning,
        2 => Since::Opening,
        _ => Since::Time(now),
    };
    let mut settings = FaceSettings::new(root.join("face"), Realm::Simulation, consumption, since);
    if flags & 16 != 0 {
        let code = InstitutionCode::parse("1319999999").expect("a code");
        settings = settings.with_institution(code);
    }
    FaceFolder::open(settings)
}
