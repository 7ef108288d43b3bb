//! The program ends at every file operation, and starts again: no question is
//! lost, none is sent twice, and no answer goes to another person.

use std::path::Path;
use std::process::{Command, Stdio};

use super::clinic::{Clinic, OVER, ask, at, new_id, person_in, question_name};
use super::faulty::{self, Fault, Shared};
use crate::eligibility::folders::files::{Files, OsFiles};
use crate::eligibility::folders::{ExchangeFolders, Progress, QuestionId};
use crate::eligibility::message::FileKind;

const ALICE: &str = "Alice";
const BOB: &str = "Bob";
const CAROL: &str = "Carol";

/// Why a day's work ended early.
#[derive(Debug)]
struct Ended;

impl<E: std::error::Error> From<E> for Ended {
    fn from(_: E) -> Self {
        Self
    }
}

/// A day in three parts, so that each of them is also what is done after a
/// restart. The clinic's records are on the disk, as its own database would be.
struct Day<'a> {
    clinic: &'a Clinic,
    ids: [QuestionId; 3],
    /// Milliseconds of the day.
    now: i64,
}

impl<'a> Day<'a> {
    fn new(clinic: &'a Clinic) -> Self {
        Self {
            clinic,
            ids: [new_id(), new_id(), new_id()],
            now: 0,
        }
    }

    fn work(&mut self, files: Box<dyn Files>) -> Result<(), Ended> {
        let mut folders = self.clinic.open_with(files)?;
        let [alice, bob, carol] = self.ids;
        for (id, person) in [(alice, ALICE), (bob, BOB), (carol, CAROL)] {
            // First the clinic notes whose question it is.
            self.clinic.record("asked", id, person);
            // A failure that isn't the end: the clinic goes on with the others.
            if ask(&mut folders, id, person, at(self.now)).is_ok() {
                self.clinic.record("sent", id, person);
            }
        }
        self.clinic.connector_takes();
        // Alice is answered, Bob rejected, Carol not answered in time.
        for (id, person) in self.clinic.records("received") {
            match person_in(&person).as_str() {
                ALICE => self.clinic.connector_answers(id),
                BOB => self.clinic.connector_rejects(id),
                _ => {}
            }
        }
        self.keep_answers(&mut folders)?;
        // The same answer once more.
        if self.clinic.records("received").contains_key(&alice) {
            self.clinic.connector_answers(alice);
        }
        self.keep_answers(&mut folders)?;
        self.now = OVER;
        folders.round(at(self.now))?;
        self.keep_answers(&mut folders)?;
        // Carol's answer is late.
        if self.clinic.records("received").contains_key(&carol) {
            self.clinic.connector_answers(carol);
        }
        self.keep_answers(&mut folders)?;
        Ok(())
    }

    /// Looks until nothing new can be seen, and keeps what came.
    fn keep_answers(&mut self, folders: &mut ExchangeFolders) -> Result<(), Ended> {
        for _ in 0..3 {
            folders.round(at(self.now))?;
            self.now += 400;
        }
        let open: Vec<QuestionId> = folders
            .open_questions()
            .map(|question| question.id)
            .collect();
        for id in open {
            match folders.progress(id) {
                Some(Progress::Waiting { .. } | Progress::Conflict { .. }) | None => continue,
                Some(_) => {}
            }
            let Ok(answer) = folders.answer(id) else {
                continue;
            };
            let text = String::from_utf8(answer.as_bytes().unwrap().to_vec()).unwrap();
            self.clinic.record("kept", id, &person_in(&text));
            folders.settle(id)?;
        }
        folders.round(at(self.now))?;
        Ok(())
    }

    /// The next start, when nothing fails any more.
    fn after(&mut self, what: &str) {
        let clinic = self.clinic;
        let mut folders = clinic.open();
        let received = clinic.records("received");
        for id in self.ids {
            let known = folders.progress(id);
            match known {
                None | Some(Progress::NotSent { .. }) => {
                    assert!(
                        !received.contains_key(&id),
                        "{what}: sent, and said not to be"
                    );
                    assert!(
                        !clinic.records("sent").contains_key(&id),
                        "{what}: said to be sent"
                    );
                }
                Some(_) => {}
            }
            // Whatever the clinic does, it can't send one twice.
            let again = ask(&mut folders, id, "nobody", at(self.now));
            assert_eq!(again.is_ok(), known.is_none(), "{what}: {known:?}");
            if known.is_none() {
                // That one was about somebody else, and ends here.
                folders.give_up(id).unwrap();
                clinic.record("asked", id, "nobody");
            }
        }
        assert!(
            clinic
                .names("req")
                .iter()
                .all(|name| !name.starts_with("uketsuke-")),
            "{what}: a temporary file was left"
        );
        clinic.connector_takes();
        for id in clinic.records("received").into_keys() {
            if !clinic.records("kept").contains_key(&id) {
                clinic.connector_answers(id);
            }
        }
        self.keep_answers(&mut folders).unwrap();
        self.now = 2 * OVER;
        self.keep_answers(&mut folders).unwrap();
        // Each one is over, and each that reached the centre has its own answer.
        let asked = clinic.records("asked");
        let kept = clinic.records("kept");
        for (id, person) in &kept {
            assert_eq!(
                Some(person),
                asked.get(id),
                "{what}: an answer for somebody else"
            );
        }
        for id in clinic.records("received").keys() {
            let progress = folders.progress(*id);
            assert!(
                kept.contains_key(id) || matches!(progress, Some(Progress::Conflict { .. })),
                "{what}: an answer was lost: {progress:?}"
            );
        }
        assert!(
            folders
                .open_questions()
                .next()
                .is_none_or(|open| matches!(open.progress, Progress::Conflict { .. })),
            "{what}"
        );
    }
}

/// How many file operations a day without faults has.
fn operations() -> usize {
    let clinic = Clinic::new();
    let shared = Shared::default();
    let mut day = Day::new(&clinic);
    day.work(shared.files()).unwrap();
    assert_eq!(clinic.records("kept").len(), 3);
    assert_eq!(clinic.records("received").len(), 3);
    assert!(clinic.names("res").is_empty(), "{:?}", clinic.names("res"));
    assert!(clinic.names("req").is_empty());
    shared.lock().count
}

fn sweep(fault: Fault) {
    let operations = operations();
    assert!(operations > 100, "{operations}");
    for at in 1..=operations {
        let clinic = Clinic::new();
        let mut day = Day::new(&clinic);
        let shared = Shared::at(at, fault);
        // However it ends.
        let _ = day.work(shared.files());
        day.after(&format!("{fault:?} at {at}"));
    }
}

#[test]
fn dead_at_every_operation() {
    sweep(Fault::Dead);
}

#[test]
fn half_written_at_every_write() {
    for tenths in [1, 5, 9, 10] {
        sweep(Fault::Torn(tenths));
    }
}

#[test]
fn every_operation_fails_once() {
    sweep(Fault::Fails);
}

#[test]
fn every_operation_is_done_and_says_it_failed() {
    sweep(Fault::DoneButFails);
}

/// The process that ends. Run by itself it does nothing.
#[test]
#[ignore = "the other process of these tests"]
fn process_that_aborts() {
    let Ok(role) = std::env::var("UKETSUKE_TEST_ROLE") else {
        return;
    };
    let (at, rest) = role.split_once(' ').unwrap();
    let (ids, root) = rest.split_once(' ').unwrap();
    let clinic = Clinic::at(Path::new(root));
    let mut day = Day::new(&clinic);
    for (id, text) in day.ids.iter_mut().zip(ids.split(',')) {
        *id = QuestionId::parse(text).unwrap();
    }
    let shared = Shared::at(at.parse().unwrap(), Fault::Abort);
    let _ = day.work(shared.files());
    // Not aborted: the operation was past the end.
    std::process::exit(7);
}

#[test]
fn a_process_aborts_at_every_operation() {
    let operations = operations();
    for at in 1..=operations + 1 {
        // Not a quiet one: it would wait for itself.
        let clinic = Clinic::unguarded();
        let mut day = Day::new(&clinic);
        let ids = day.ids.map(|id| id.to_string()).join(",");
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args([
                "--exact",
                "eligibility::folders::tests::crash::process_that_aborts",
                "--ignored",
            ])
            .env(
                "UKETSUKE_TEST_ROLE",
                format!("{at} {ids} {}", clinic.root.display()),
            )
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let status = faulty::start(&mut command).wait().unwrap();
        assert_eq!(status.code() == Some(7), at > operations, "{at}: {status}");
        day.after(&format!("abort at {at}"));
    }
}

/// What these tests rest on: the faults change what happens.
#[test]
fn a_dead_program_does_nothing() {
    let clinic = Clinic::new();
    let shared = Shared::at(1, Fault::Dead);
    assert!(clinic.open_with(shared.files()).is_err());
    let mut real = OsFiles;
    let name = clinic.response(new_id(), FileKind::Xml);
    assert!(real.found(&name).is_ok());
    assert!(
        question_name(new_id())
            .to_string()
            .starts_with("OQSsiquc01req_")
    );
}
