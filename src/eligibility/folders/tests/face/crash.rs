//! The program ends, or an operation fails, at every file operation: no result is
//! lost, none is removed before it was kept, and nothing else is touched.

use std::collections::BTreeSet;
use std::fs;

use super::super::faulty::{Fault, Shared};
use super::{Desk, Reading, document, name, names, person};
use crate::eligibility::folders::{Consumption, FaceFolder};
use crate::eligibility::{FeedItem, ResultFeed as _};

const FOREIGN: &str = "OQSsiquc01res_20261122090000.xml";

/// The clinic's records, which outlive the program.
#[derive(Default)]
struct Records {
    kept: BTreeSet<(String, String)>,
    /// Delivered in this run.
    delivered: Vec<String>,
}

impl Records {
    fn keep(&mut self, reading: &mut Reading, items: Vec<FeedItem>, what: &str) {
        for item in items {
            match item {
                FeedItem::Result(result) => {
                    let id = result.id().to_string();
                    assert!(!self.delivered.contains(&id), "{what}: delivered twice");
                    self.delivered.push(id.clone());
                    self.kept.insert((id, person(&result).to_owned()));
                    // That it fails is told by a later poll.
                    let _ = reading.folder.settle(result.id());
                }
                FeedItem::Trouble { source, .. } => {
                    assert!(
                        [name(2), name(0), name(1)].contains(&source),
                        "{what}: {source}"
                    );
                }
                FeedItem::Gone { source } => panic!("{what}: {source} gone"),
                FeedItem::Contradicted { id } => panic!("{what}: {id} contradicted"),
            }
        }
    }

    fn has(&self, person: &str) -> bool {
        self.kept.iter().any(|(_, kept)| kept == person)
    }

    fn day(&mut self, desk: &Desk, reading: &mut Reading, rounds: u32, what: &str) {
        for round in 0..rounds {
            if round == 1 && desk.path(&name(1)).exists() {
                // The other half of it.
                desk.put(&name(1), document("Bob"));
            }
            if let Ok(items) = reading.try_poll() {
                self.keep(reading, items, what);
            }
            self.check(desk, what);
            // Few and long rounds: what is wanting is told after seconds.
            reading.now += 700;
        }
    }

    /// Nothing is away that wasn't kept.
    fn check(&self, desk: &Desk, what: &str) {
        for (at, person) in [(0, "Alice"), (1, "Bob")] {
            let there = desk.path(&name(at)).exists();
            assert!(there || self.has(person), "{what}: {person} is lost");
        }
        assert_eq!(fs::read(desk.path(FOREIGN)).unwrap(), b"foreign", "{what}");
        assert_eq!(
            fs::read(desk.path(&name(2))).unwrap(),
            b"<XmlMsg>",
            "{what}"
        );
    }
}

fn filled() -> Desk {
    let desk = Desk::new();
    desk.put(FOREIGN, "foreign");
    desk.put(&name(0), document("Alice"));
    desk.put(&name(1), &document("Bob")[..70]);
    desk.put(&name(2), "<XmlMsg>");
    desk
}

fn consumption(desk: &Desk, which: usize) -> Consumption {
    [Consumption::Leave, Consumption::Delete, desk.move_to()][which].clone()
}

fn run(which: usize, shared: &Shared, what: &str) -> Desk {
    let desk = filled();
    let mut records = Records::default();
    let settings = desk.settings(consumption(&desk, which));
    if let Ok(folder) = FaceFolder::open_with(shared.files(), settings) {
        records.day(&desk, &mut Reading::new(Ok(folder)), 8, what);
    }
    // The next start, when nothing fails any more.
    let before: Vec<String> = records.kept.iter().map(|(id, _)| id.clone()).collect();
    records.delivered.clear();
    let mut reading = desk.open(consumption(&desk, which));
    records.day(&desk, &mut reading, 4, what);
    assert!(records.has("Alice") && records.has("Bob"), "{what}");
    assert_eq!(
        records.kept.len(),
        2,
        "{what}: {before:?} and others for the same"
    );
    let left = [name(0), name(1)].map(|name| desk.path(&name).exists());
    assert_eq!(left, [which == 0; 2], "{what}");
    if which == 2 {
        let moved = names(&desk.moved());
        assert_eq!(moved, [name(0), name(1)], "{what}");
    }
    desk
}

fn sweep(fault: Fault) {
    for which in 0..3 {
        let whole = Shared::default();
        run(which, &whole, "no fault");
        let operations = whole.lock().count;
        assert!(operations > 40, "{operations}");
        for at in 1..=operations {
            let shared = Shared::at(at, fault);
            run(which, &shared, &format!("{which}, {fault:?} at {at}"));
        }
    }
}

#[test]
fn dead_at_every_operation() {
    sweep(Fault::Dead);
}

#[test]
fn every_operation_fails_once() {
    sweep(Fault::Fails);
}

#[test]
fn every_operation_is_done_and_says_it_failed() {
    sweep(Fault::DoneButFails);
}

/// A network share that moves by copying and deleting: the copy is there, the
/// original still is.
#[test]
fn a_move_that_broke_off_between_its_halves() {
    let desk = Desk::new();
    desk.put(&name(0), document("Alice"));
    fs::copy(desk.path(&name(0)), desk.moved().join(name(0))).unwrap();
    let mut reading = desk.open(desk.move_to());
    let result = reading.result(2);
    reading.settle(result.id());
    assert_eq!(names(&desk.face()), [""; 0]);
    assert_eq!(names(&desk.moved()), [name(0)]);
}
