//! The folders of a connector that puts anything there, on a disk that fails: nothing panics, files of others stay as they are,
//! no answer goes to another question, no question is sent twice, and what is over stays over.
//!
//! Three questions are asked. The input is what happens then, step by step; `fuzz_seeds` writes the first ones:
//! a file is put (its name, kind and contents; the bytes 1 to 4 stand for the identifiers of the questions, the fourth for the one
//! that was asked last), time goes by, answers are read and settled, questions cancelled, more are asked, also by way of the
//! service, the program starts again, the journal is damaged, folders are taken away, and the disk fails for a call.

#![no_main]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Display};
use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp, civil::date};
use libfuzzer_sys::fuzz_target;
use uketsuke::Realm;
use uketsuke::eligibility::folders::{
    Consumption, ExchangeFolders, ExchangeSettings, FolderPair, Progress, QuestionId,
    SIMULATION_MARKER,
};
use uketsuke::eligibility::message::{
    Family, FileName, Insured, NumberQuestion, Question, ReceptionNumber, Step, write_archive,
};
use uketsuke::eligibility::text::Charset;
use uketsuke::eligibility::{
    EligibilityService, InstitutionCode, InsurerNumber, PollResult, Request, Ticket,
};
use uketsuke_fuzz::{Fault, open_to_all};

#[path = "../../tests/message_support/full.rs"]
#[allow(dead_code)]
mod messages;

const IDS: [&str; 3] = [
    "10000000000000000001",
    "20000000000000000002",
    "30000000000000000003",
];
/// Not asked with at first.
const FREE: &str = "40000000000000000004";
const FOREIGN: &str = "OQSsiquc01res_99999999999999999999.xml";
const RECEPTION: &str = "R1";
const FOLDERS: [&str; 4] = ["req", "res", "journal", "moved"];

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
    /// The journal was.
    damaged: bool,
    /// The disk failed, or folders were taken away.
    troubled: bool,
    /// What fails during the next call.
    fault: Fault,
    /// The question that was asked last, and how its files are called.
    last: Option<(QuestionId, String)>,
    requests: Vec<(Request, Ticket)>,
    /// Names of the requests that the connector has taken.
    took: BTreeSet<String>,
    /// Questions that were over for so long that the journal has left them out.
    forgotten: BTreeSet<QuestionId>,
}

impl Clinic {
    fn new(root: &Path, flags: u8) -> Self {
        open_to_all(root, true);
        for folder in FOLDERS {
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
            troubled: false,
            fault: Fault::None,
            last: None,
            requests: Vec::new(),
            took: BTreeSet::new(),
            forgotten: BTreeSet::new(),
        };
        clinic.open();
        let person = person();
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

    fn settings(&self, institution: InstitutionCode) -> ExchangeSettings {
        let consumption = match self.flags % 3 {
            0 => Consumption::Leave,
            1 => Consumption::Delete,
            _ => Consumption::MoveTo(self.root.join("moved")),
        };
        let settings = ExchangeSettings::new(
            FolderPair::new(self.root.join("req"), self.root.join("res")),
            self.root.join("journal"),
            institution,
            Realm::Simulation,
        )
        .with_consumption(consumption)
        .with_withdrawal(self.flags & 4 != 0)
        .with_memory(SignedDuration::from_mins(30));
        let settings = match self.flags & 8 {
            0 => settings.danger_without_flush(),
            _ => settings,
        };
        match self.flags & 16 {
            0 => settings,
            _ => settings
                .with_charset(Charset::Utf8)
                .with_timeout(SignedDuration::from_mins(1))
                .with_bulk_timeout(SignedDuration::from_mins(2)),
        }
    }

    fn open(&mut self) {
        self.folders = None;
        let settings = self.settings(InstitutionCode::parse("1319999999").expect("a code"));
        let fault = std::mem::take(&mut self.fault);
        match fault.during(|| ExchangeFolders::open(settings)) {
            Ok(folders) => self.folders = Some(folders),
            Err(error) => {
                told(&error);
                let _ = error.failure();
                assert!(self.damaged || self.troubled, "{error}");
            }
        }
    }

    /// A call of the library, on the disk as it is.
    fn call<T>(&mut self, call: impl FnOnce(&mut ExchangeFolders, Timestamp) -> T) -> Option<T> {
        let fault = std::mem::take(&mut self.fault);
        let now = self.now;
        let folders = self.folders.as_mut()?;
        Some(fault.during(|| call(folders, now)))
    }

    fn step(&mut self, step: u8, steps: &mut Steps<'_>) {
        let id = self.question(step >> 4);
        match step % 16 {
            0 => self.put(step, steps),
            1 => {
                let by = i64::from(steps.byte().unwrap_or_default()) * 100;
                self.now += SignedDuration::from_millis(by);
                if let Some(Err(error)) = self.call(|folders, now| folders.round(now)) {
                    told(&error);
                }
            }
            2 => {
                self.now += SignedDuration::from_mins(i64::from(steps.byte().unwrap_or_default()));
                if let Some(Err(error)) = self.call(|folders, now| folders.look_for(id, now)) {
                    told(&error);
                    let _ = error.failure();
                }
            }
            3 => self.read(id),
            4 => {
                if let Some(Err(error)) = self.call(|folders, _| folders.settle(id)) {
                    told(&error);
                }
            }
            5 => {
                if let Some(Err(error)) = self.call(|folders, _| folders.give_up(id)) {
                    told(&error);
                }
            }
            6 => self.open(),
            7 => self.damage(steps),
            8 => self.serve(steps),
            9 => {
                self.fault = Fault::of(steps.byte().unwrap_or_default());
                self.troubled = true;
            }
            10 => self.ask(id, steps),
            11 => self.disturb(steps),
            12 => self.large(step, steps),
            13 => self.pack(step, steps),
            14 => self.print(id),
            _ => self.unpack(id),
        }
        self.check();
    }

    /// One of the three, or the one that was asked last.
    fn question(&self, which: u8) -> QuestionId {
        match (which % 4, &self.last) {
            (3, Some((last, _))) => *last,
            (which, _) => ids().nth(usize::from(which) % 3).expect("one of three"),
        }
    }

    /// What the names of its files begin with, without a direction.
    fn prefix(&self, id: QuestionId) -> String {
        match (
            &self.last,
            IDS.iter().position(|known| *known == id.as_str()),
        ) {
            (_, Some(0)) => "OQSsiquc01".to_owned(),
            (_, Some(1)) => "OQSmuquc01".to_owned(),
            (Some((_, prefix)), None) => prefix.clone(),
            _ => "OQSmuquc02".to_owned(),
        }
    }

    fn response(&self, step: u8, ending: &str) -> PathBuf {
        let id = self.question(step >> 4);
        let name = format!("{}res_{id}.{ending}", self.prefix(id));
        self.root.join("res").join(name)
    }

    fn put(&mut self, step: u8, steps: &mut Steps<'_>) {
        let kind = steps.byte().unwrap_or_default();
        let (direction, ending) = match kind % 8 {
            0 | 1 => ("res", "xml"),
            2 => ("res", "zip"),
            3 => ("res", "pdf"),
            4 => ("req", "err"),
            5 => ("res", "err"),
            6 => ("req", "xml"),
            _ => ("res_face", "xml"),
        };
        let id = self.question(step >> 4);
        let mut name = format!("{}{direction}_{id}.{ending}", self.prefix(id));
        if kind & 8 != 0 {
            name = name.to_uppercase();
        }
        let path = self.root.join("res").join(&name);
        let mut contents = self.spelled(steps.bytes());
        if kind & 16 != 0 {
            // By way of a name that isn't looked at, as a connector that takes care does.
            let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir(&path));
        }
        if kind & 32 != 0 {
            if direction == "req" && ending == "xml" {
                // The request itself, beside its rejection.
                contents = fs::read(self.root.join("req").join(&name)).unwrap_or(contents);
            } else {
                drop(UnixListener::bind(path));
                return;
            }
        }
        match kind >> 6 {
            0 | 1 => {
                if !is_link(&path) {
                    let _ = fs::write(path, contents);
                }
            }
            2 => drop(fs::create_dir(path)),
            _ => drop(std::os::unix::fs::symlink(self.root.join("secret"), path)),
        }
    }

    /// More than is read at once, or at all.
    fn large(&mut self, step: u8, steps: &mut Steps<'_>) {
        let kind = steps.byte().unwrap_or_default();
        let ending = ["xml", "zip", "pdf", "err"][usize::from(kind >> 2) % 4];
        let path = self.response(step, ending);
        let contents = self.spelled(steps.bytes());
        if is_link(&path) {
            return;
        }
        let Ok(mut file) = fs::File::create(path) else {
            return;
        };
        let written = file.write_all(&contents).and_then(|()| match kind % 4 {
            0 => file.write_all(&[b' '; 4 << 20]),
            1 => file.set_len((4 << 20) + 1),
            2 => file.set_len((1 << 30) + 1),
            _ => file.set_len((64 << 10) + 1),
        });
        written.expect("it is written");
    }

    fn pack(&mut self, step: u8, steps: &mut Steps<'_>) {
        let kind = steps.byte().unwrap_or_default();
        let path = self.response(step, "zip");
        let mut contents = self.spelled(steps.bytes());
        if kind & 4 != 0 {
            contents.resize(contents.len() + (4 << 20), b' ');
        }
        let name = path.file_name().and_then(|name| name.to_str());
        let name = FileName::parse(name.expect("text")).expect("a name");
        let name = match kind & 2 {
            0 => name,
            _ => FileName::parse("OQSsiquc01res_1.zip").expect("a name"),
        };
        let archive = write_archive(&name, &contents).expect("it is packed");
        let mut archive = archive.as_bytes().to_vec();
        if kind & 1 != 0 {
            let bytes = archive.len();
            archive[bytes / 2] ^= 0x55;
        }
        if kind & 8 != 0 {
            // As if it were encrypted: the flag in the directory.
            let at = archive.windows(4).rposition(|part| part == b"PK\x01\x02");
            if let Some(at) = at {
                archive[at + 8] |= 1;
            }
        }
        if !is_link(&path) {
            let _ = fs::write(path, archive);
        }
    }

    fn read(&mut self, id: QuestionId) {
        let mut answer = match self.call(|folders, _| folders.answer(id)) {
            Some(Ok(answer)) => answer,
            Some(Err(error)) => return told(&error),
            None => return,
        };
        let mut bytes = Vec::new();
        answer.read_to_end(&mut bytes).expect("it can be read");
        assert!(answer.as_bytes().is_none_or(|all| all == bytes));
        let length = answer.seek(SeekFrom::End(0)).expect("it has an end");
        assert_eq!(length, bytes.len() as u64);
        assert!(format!("{answer:?}").len() < 300);
        let name = answer.name().to_string();
        assert!(name.contains(id.as_str()), "another question's file");
        let text = String::from_utf8_lossy(&bytes);
        // Answers with medical information needn't say whose they are.
        let tells = IDS.contains(&id.as_str());
        if name.ends_with(".xml") && !self.damaged && tells {
            let own =
                text.contains(id.as_str()) || id.as_str() == IDS[2] && text.contains(RECEPTION);
            assert!(own, "an answer that says nothing of its question");
        }
    }

    fn unpack(&mut self, id: QuestionId) {
        if let Some(Ok(answer)) = self.call(|folders, _| folders.answer(id)) {
            match answer.unpacked() {
                Ok(message) => assert!(message.as_bytes().len() <= 4 << 20),
                Err(error) => told(&error),
            }
        }
    }

    fn ask(&mut self, id: QuestionId, steps: &mut Steps<'_>) {
        let which = steps.byte().unwrap_or_default();
        let (prefix, number, document) = messages::question(usize::from(which >> 1 & 0x3f));
        let family = Family::from_prefix(prefix).expect("a family");
        let step = match number {
            "02" => Step::Two,
            _ => Step::One,
        };
        let read = Question::parse(family, step, document.as_bytes());
        let (_, question) = read.expect("a question");
        let id = match which & 0x80 {
            0 => id,
            _ => QuestionId::parse(FREE).expect("twenty digits"),
        };
        let known = self.before.contains_key(&id) || self.forgotten.contains(&id);
        if which & 1 == 1 && self.forgotten.contains(&id) {
            // An identifier is good once; the library doesn't remember that for ever.
            return;
        }
        let name = FileName::request(family, step, id.as_str()).expect("a name");
        assert!(name.response().answers(&name) && !name.answers(&name));
        let asked = self.call(|folders, now| match which & 1 {
            0 => folders.ask(&question, now),
            // An identifier is good once.
            _ => folders.ask_as(id, &question, now).map(|()| id),
        });
        match asked {
            Some(Ok(new)) => {
                assert!(which & 1 == 0 || !known || self.damaged, "asked twice");
                self.asked(new, format!("{prefix}{number}"));
            }
            Some(Err(error)) => {
                told(&error);
                let _ = error.failure();
                if error.possibly_sent && self.damaged {
                    self.before.remove(&error.id);
                } else if error.possibly_sent {
                    self.asked(error.id, format!("{prefix}{number}"));
                }
            }
            None => {}
        }
    }

    fn asked(&mut self, id: QuestionId, prefix: String) {
        if !IDS.contains(&id.as_str()) {
            self.last = Some((id, prefix));
        }
        let now = self
            .folders
            .as_ref()
            .and_then(|folders| folders.progress(id));
        self.before.insert(id, now.expect("it was asked"));
    }

    fn serve(&mut self, steps: &mut Steps<'_>) {
        let what = steps.byte().unwrap_or_default();
        let of = usize::from(what >> 3) % self.requests.len().max(1);
        let known = self.requests.get(of).cloned();
        match (what % 4, known) {
            (0, _) => {
                let request = Request::by_number(date(2026, 11, 22), person());
                self.submit(request);
            }
            (1, Some((request, _))) => self.submit(request),
            (2, Some((request, ticket))) => {
                let id = self.folders.as_ref().and_then(|f| f.question_of(ticket));
                match self.call(|folders, now| folders.poll(ticket, now)) {
                    Some(Ok(PollResult::Ready(answer))) => {
                        assert_eq!(answer.number, request.number());
                        assert!(answer.report.is_about(&person()), "somebody else");
                        let said = answer.report.file_identifier.as_deref().map(str::trim);
                        let id = id.expect("it was asked");
                        assert!(said.is_none_or(|said| said == id.as_str()));
                    }
                    Some(Err(error)) => {
                        told(&error);
                        let _ = error.failure();
                    }
                    _ => {}
                }
            }
            (_, Some((_, ticket))) => {
                let _ = self.call(|folders, _| folders.cancel(ticket));
                let folders = self.folders.as_ref();
                assert!(folders.is_none_or(|folders| folders.question_of(ticket).is_none()));
            }
            _ => {}
        }
    }

    fn submit(&mut self, request: Request) {
        let again = request.clone();
        match self.call(|folders, now| folders.submit(request, now)) {
            Some(Ok(ticket)) => {
                assert_eq!(ticket.number(), again.number());
                let folders = self.folders.as_ref().expect("they are open");
                let id = folders.question_of(ticket).expect("it was asked");
                if !self.before.contains_key(&id) {
                    self.asked(id, "OQSsiquc01".to_owned());
                }
                self.requests.retain(|(_, known)| *known != ticket);
                self.requests.push((again, ticket));
            }
            Some(Err(error)) => told(&error),
            None => {}
        }
    }

    /// What other programs and people do to the folders; twice is as before.
    fn disturb(&mut self, steps: &mut Steps<'_>) {
        let kind = steps.byte().unwrap_or_default() % 20;
        self.troubled |= kind > 0;
        let toggle = |path: PathBuf| {
            let away = path.with_extension("away");
            match away.exists() {
                true => drop(
                    fs::remove_file(&path)
                        .and(fs::rename(&away, &path))
                        .or_else(|_| fs::rename(&away, &path)),
                ),
                false => drop(fs::rename(&path, &away)),
            }
        };
        match kind {
            0 => {
                for name in names(&self.root.join("req")) {
                    if name.starts_with("OQS") {
                        let _ = fs::remove_file(self.root.join("req").join(&name));
                        self.took.insert(name);
                    }
                }
            }
            1..=3 => toggle(
                self.root
                    .join(["req", "res", "moved"][usize::from(kind - 1)]),
            ),
            4 | 5 => {
                let folder = ["req", "res"][usize::from(kind - 4)];
                toggle(self.root.join(folder).join(SIMULATION_MARKER));
            }
            6 => {
                let path = self.root.join("journal/exchange.journal.new");
                let _ = fs::create_dir(&path).or_else(|_| fs::remove_dir(&path));
            }
            7 | 8 => {
                let path = self.root.join(["req", "res"][usize::from(kind - 7)]);
                toggle(path.clone());
                if !path.exists() {
                    fs::write(path, "no folder").expect("it is written");
                }
            }
            9 => {
                for name in names(&self.root.join("res")) {
                    let path = self.root.join("moved").join(name);
                    if !path.exists() {
                        let _ = fs::write(path, "another");
                    }
                }
            }
            // Where a question will be written, with its names until then.
            10 => {
                for ending in ["tmp", "ready"] {
                    let name = format!("uketsuke-{FREE}.{ending}");
                    let _ = fs::write(self.root.join("req").join(name), "left over");
                }
            }
            11 | 12 => {
                let ending = ["tmp", "ready"][usize::from(kind - 11)];
                let path = self
                    .root
                    .join("req")
                    .join(format!("uketsuke-{FREE}.{ending}"));
                let _ = fs::create_dir(&path).or_else(|_| fs::remove_dir(&path));
            }
            13 => {
                for family in Family::ALL {
                    let name = FileName::request(family, Step::One, FREE).expect("a name");
                    let _ = fs::write(self.root.join("req").join(name.to_string()), "another");
                }
            }
            // Every second name in the folder that files are moved to.
            14 => {
                for name in names(&self.root.join("res")) {
                    let Some((base, ending)) = name.rsplit_once('.') else {
                        continue;
                    };
                    for second in 2..100 {
                        let path = self
                            .root
                            .join("moved")
                            .join(format!("{base}-{second}.{ending}"));
                        let _ = fs::write(path, "another");
                    }
                }
            }
            15 => {
                let path = self.root.join("journal/exchange.journal");
                self.folders = None;
                let away = path.with_extension("kept");
                fs::rename(&path, &away).expect("it is there");
                fs::create_dir(&path).expect("a folder");
                self.open();
                fs::remove_dir(&path).expect("it is empty");
                fs::rename(&away, &path).expect("it is there");
                let _ = fs::write(path.with_extension("journal.new"), "left over");
                self.open();
            }
            // Nobody else may read the answers; and they may again.
            17 | 18 => {
                for name in names(&self.root.join("res")) {
                    let path = self.root.join("res").join(name);
                    if fs::symlink_metadata(&path).is_ok_and(|there| there.is_file()) {
                        open_to_all(&path, kind == 18);
                    }
                }
            }
            // Another clinic's program.
            16 => {
                self.folders = None;
                let code = InstitutionCode::parse("1310000000").expect("a code");
                let pair = FolderPair::new(self.root.join("req"), self.root.join("res"));
                assert!(pair.requests() != pair.responses());
                let settings = self.settings(code).with_folders(Family::Medicines, pair);
                let opened = ExchangeFolders::open(settings);
                told(&opened.expect_err("it belongs to another"));
                self.open();
            }
            _ => {
                let path = self.root.join("journal/exchange.lock");
                self.folders = None;
                let _ = fs::remove_file(&path);
                let _ = fs::create_dir(&path).or_else(|_| fs::remove_dir(&path));
                self.open();
                let _ = fs::remove_dir(&path);
            }
        }
    }

    fn print(&mut self, id: QuestionId) {
        let Some(folders) = &self.folders else { return };
        assert_eq!(folders.realm(), Realm::Simulation);
        assert!(folders.capabilities().by_number);
        let all: Vec<_> = folders.open_questions().collect();
        for text in [
            format!("{folders:?}"),
            format!("{all:?}"),
            format!("{id:?}"),
        ] {
            assert!(!text.contains("1980-04-01"), "{text}");
        }
        assert!(
            all.iter()
                .all(|open| folders.progress(open.id) == Some(open.progress))
        );
        if let Some(trouble) = folders.trouble(id) {
            assert!(format!("{trouble:?}").len() < 200);
        }
        let _ = folders.progress(id).map(|progress| progress.failure());
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
        let read = |path: &str| fs::read(self.root.join(path)).ok();
        let foreign = read(&format!("res/{FOREIGN}")).or(read(&format!("res.away/{FOREIGN}")));
        assert_eq!(foreign.expect("it is there"), b"foreign");
        assert_eq!(read("secret").expect("it is there"), answer("1").as_bytes());
        for name in &self.took {
            assert!(
                !self.root.join("req").join(name).exists(),
                "{name} was sent twice"
            );
        }
        let Some(folders) = &self.folders else { return };
        let all: BTreeSet<QuestionId> = ids().chain(self.before.keys().copied()).collect();
        for id in all {
            let Some(now) = folders.progress(id) else {
                let over = match self.before.remove(&id) {
                    None => self.forgotten.contains(&id),
                    Some(Progress::Waiting { .. }) => false,
                    Some(Progress::Answered { settled } | Progress::Rejected { settled }) => {
                        settled
                    }
                    Some(_) => true,
                };
                assert!(over || self.damaged, "a question was forgotten");
                self.forgotten.insert(id);
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

    fn spelled(&self, contents: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for byte in contents {
            match byte {
                1..=3 => bytes.extend_from_slice(IDS[usize::from(byte - 1)].as_bytes()),
                4 => bytes.extend_from_slice(self.question(3).as_str().as_bytes()),
                other => bytes.push(*other),
            }
        }
        bytes
    }
}

/// We would write into what it leads to.
fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|there| there.is_symlink())
}

fn told(error: &(impl Debug + Display)) {
    assert!(error.to_string().len() < 600 && format!("{error:?}").len() < 600);
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().into_string());
    names.map(|name| name.expect("text")).collect()
}

fn person() -> NumberQuestion {
    let insurer = InsurerNumber::parse("139998").expect("a number");
    let insured = Insured::new(insurer, "1234").expect("a number");
    NumberQuestion::new(insured, date(1980, 4, 1))
}

fn ids() -> impl Iterator<Item = QuestionId> {
    IDS.into_iter()
        .map(|id| QuestionId::parse(id).expect("twenty digits"))
}

fn answer(id: &str) -> String {
    format!("<XmlMsg><ArbitraryFileIdentifier>{id}</ArbitraryFileIdentifier></XmlMsg>")
}
