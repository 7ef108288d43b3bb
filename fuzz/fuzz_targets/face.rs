//! The folder of a face application that puts anything there, and persons who are awaited at the desk: nothing panics, a result
//! is delivered once and bound only if it is the awaited person's, files of others stay as they are, and nothing is put away
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
    Consumption, FaceFolder, FaceSettings, SIMULATION_MARKER, Since,
};
use uketsuke::eligibility::message::write_report;
use uketsuke::eligibility::text::{Charset, encode, kana_form};
use uketsuke::eligibility::{
    FeedResult, InstitutionCode, Personal, Qualification, Report, ResultId, SegmentOfResult,
};
use uketsuke_fuzz::edited;

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
}

impl Desk {
    fn new(root: &Path, flags: u8) -> Self {
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
            results: open(root, flags, now),
            now,
            awaited: None,
            delivered: BTreeMap::new(),
            settled: BTreeSet::new(),
            put: BTreeMap::new(),
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
                    self.results.settle(id).expect("it was delivered");
                }
            }
            5 => self.arm(step, steps),
            6 => {
                if let Some((session, ..)) = self.awaited.take() {
                    self.results.disarm(session);
                }
            }
            _ => {
                self.results = open(&self.root, self.flags, self.now);
                self.awaited = None;
                self.delivered.clear();
            }
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
        let time = jiff::tz::Offset::constant(9)
            .to_datetime(at)
            .strftime("%Y%m%d%H%M%S");
        let mut name = match step >> 3 & 3 {
            0 => format!("OQSsiquc01res_face_1319999999abc_{time}.xml"),
            1 => format!("OQSsiquc01res_face_{time}.xml"),
            2 => "OQSsiquc01res_face_x.xml".to_owned(),
            _ => format!("OQSsiquc01res_face_1319999999abc_{time}.zip"),
        };
        if step >= 128 {
            name = name.to_lowercase();
        }
        let path = self.root.join("face").join(&name);
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
        for event in self.results.poll(self.now) {
            let text = format!("{event:?}");
            assert!(
                !text.contains("ﾐﾎﾝ") && !text.contains("1980-04-01"),
                "{text}"
            );
            match event {
                Event::Unbound(other) => {
                    let result = other.into_result();
                    let id = result.id().clone();
                    assert!(
                        self.delivered.insert(id, result).is_none(),
                        "delivered twice"
                    );
                }
                Event::Bound(bound) => {
                    let (session, person, by_number) =
                        self.awaited.take().expect("somebody is awaited");
                    assert_eq!(bound.session(), session);
                    let id = bound.id().clone();
                    if let Some(result) = bound.into_result() {
                        assert!(
                            self.delivered.insert(id.clone(), result).is_none(),
                            "delivered twice"
                        );
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

    fn check(&self) {
        let read = |path: &str| fs::read(self.root.join(path)).expect("it is there");
        assert_eq!(read(&format!("face/{FOREIGN}")), b"foreign");
        assert_eq!(read("secret"), full::FULL.as_bytes());
        for (name, contents) in &self.put {
            if !self.settled.contains(&(name.clone(), contents.clone())) {
                let there = fs::read(self.root.join("face").join(name)).ok();
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
        institution_code: Some("1319999999".to_owned()),
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

fn open(root: &Path, flags: u8, now: Timestamp) -> ArmedFeed<FaceFolder> {
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
    ArmedFeed::new(FaceFolder::open(settings).expect("it opens"))
}
