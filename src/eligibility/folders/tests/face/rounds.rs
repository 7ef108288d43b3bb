//! What is delivered, when, and what becomes of it.

use std::fs;
use std::io::ErrorKind;

use super::{Desk, Reading, document, name, names, person, trouble};
use crate::Realm;
use crate::eligibility::folders::tests::clinic::at;
use crate::eligibility::folders::{
    Consumption, FaceFolder, FaceSettings, FolderError, SIMULATION_MARKER, Since,
};
use crate::eligibility::text::{Charset, encode};
use crate::eligibility::{
    Failure, FeedError, FeedItem, FeedTrouble, InstitutionCode, ResultFeed, ResultId,
};

#[test]
fn two_equal_reads_300_ms_apart() {
    let desk = Desk::new();
    desk.put(&name(0), document("Alice"));
    let mut folder = FaceFolder::open(desk.settings(Consumption::Leave)).unwrap();
    for now in [0, 0, 1, 150, 299] {
        assert_eq!(folder.poll(at(now)).unwrap(), [], "{now}");
    }
    let items = folder.poll(at(300)).unwrap();
    let [FeedItem::Result(result)] = &items[..] else {
        panic!("{items:?}")
    };
    assert_eq!(person(result), "Alice");
    assert_eq!(
        result.written(),
        Some("2026-11-22T09:00:00+09:00".parse().unwrap())
    );
    assert!(result.id().to_string().starts_with(&name(0)));
    for now in 1..50 {
        assert_eq!(folder.poll(at(300 * now)).unwrap(), [], "once");
    }
}

#[test]
fn a_file_that_changes_is_waited_for() {
    let desk = Desk::new();
    let whole = document("Alice");
    let mut reading = desk.open(Consumption::Leave);
    for len in (1..whole.len()).step_by(20) {
        desk.put(&name(0), &whole[..len]);
        assert_eq!(reading.poll(), [], "{len}");
    }
    // Of the same length, and the same time to change: only its bytes differ.
    let other = document("Bobby");
    assert_eq!(whole.len(), other.len());
    let time = fs::File::options()
        .write(true)
        .open(desk.path(&name(0)))
        .unwrap();
    for bytes in [&whole, &other, &whole, &other] {
        desk.put(&name(0), bytes);
        time.set_modified(std::time::UNIX_EPOCH).unwrap();
        assert_eq!(reading.poll(), []);
    }
    assert_eq!(person(&reading.result(1)), "Bobby");
}

#[test]
fn the_300_ms_begin_anew_with_each_change() {
    let desk = Desk::new();
    desk.put(&name(0), document("Alice"));
    let mut folder = FaceFolder::open(desk.settings(Consumption::Leave)).unwrap();
    assert_eq!(folder.poll(at(0)).unwrap(), []);
    desk.put(&name(0), document("Bob"));
    for now in [300, 301, 599] {
        assert_eq!(folder.poll(at(now)).unwrap(), [], "{now}");
    }
    assert_eq!(folder.poll(at(600)).unwrap().len(), 1);
}

#[test]
fn a_clock_that_is_set_back_delays_and_loses_nothing() {
    let desk = Desk::new();
    desk.put(&name(0), document("Alice"));
    let mut reading = desk.open(Consumption::Leave);
    reading.now = 3_600_000;
    assert_eq!(reading.poll(), []);
    reading.now = 0;
    assert_eq!(reading.poll(), []);
    assert_eq!(person(&reading.result(1)), "Alice");
}

#[test]
fn both_encodings_any_letters_and_no_middle() {
    let desk = Desk::new();
    let text = format!(
        r#"<?xml version="1.0" encoding="Shift_JIS" standalone="no"?>{}"#,
        document("見本　花子")
    );
    let names = [
        "oqssiquc01RES_FACE_x_20261122090000.XML",
        "OQSsiquc01res_face_20261122090001.xml",
        "OQSsiquc01res_face_abc.xml",
    ];
    desk.put(names[0], encode(&text, Charset::ShiftJis).unwrap());
    desk.put(names[1], document("見本　花子"));
    desk.put(names[2], document("見本　花子"));
    let mut reading = desk.open(Consumption::Delete);
    let items = reading.polls(2);
    assert_eq!(items.len(), 3);
    for item in &items {
        let FeedItem::Result(result) = item else {
            panic!("{item:?}")
        };
        assert_eq!(person(result), "見本　花子");
        let timed = !result.id().as_str().starts_with(names[2]);
        assert_eq!(result.written().is_some(), timed);
        reading.settle(result.id());
    }
    assert_eq!(super::names(&desk.face()), [""; 0]);
}

#[test]
fn put_away_when_settled_and_not_before() {
    for consumption in [0, 1, 2] {
        let desk = Desk::new();
        let consumption =
            [Consumption::Leave, Consumption::Delete, desk.move_to()][consumption].clone();
        desk.put(&name(0), document("Alice"));
        let mut reading = desk.open(consumption.clone());
        let result = reading.result(2);
        assert_eq!(reading.polls(20), []);
        assert_eq!(names(&desk.face()), [name(0)], "kept until settled");
        assert_eq!(names(&desk.moved()), [""; 0]);
        for _ in 0..3 {
            reading.settle(result.id());
        }
        let stays = consumption == Consumption::Leave;
        assert_eq!(names(&desk.face()).len(), usize::from(stays));
        let moved = matches!(consumption, Consumption::MoveTo(_));
        assert_eq!(names(&desk.moved()).len(), usize::from(moved));
        if moved {
            assert_eq!(
                fs::read_to_string(desk.moved().join(name(0))).unwrap(),
                document("Alice")
            );
        }
        // Once more the same file: not delivered again, and put away again.
        desk.put(&name(0), document("Alice"));
        assert_eq!(reading.polls(20), []);
        assert_eq!(names(&desk.face()).len(), usize::from(stays));
        assert_eq!(names(&desk.moved()).len(), usize::from(moved));
    }
}

#[test]
fn moving_overwrites_nothing() {
    let desk = Desk::new();
    fs::write(desk.moved().join(name(0)), "another one").unwrap();
    desk.put(&name(0), document("Alice"));
    let mut reading = desk.open(desk.move_to());
    let result = reading.result(2);
    reading.settle(result.id());
    let second = name(0).replace(".xml", "-2.xml");
    assert_eq!(names(&desk.moved()), [second, name(0)]);
}

#[test]
fn what_cannot_be_put_away_is_told_and_tried_again() {
    let desk = Desk::new();
    desk.put(&name(0), document("Alice"));
    let mut reading = desk.open(desk.move_to());
    let result = reading.result(2);
    fs::remove_dir(desk.moved()).unwrap();
    fs::write(desk.moved(), "in the way").unwrap();
    reading.settle(result.id());
    let told = reading.polls(100);
    assert!(
        matches!(&told[..], [FeedItem::Trouble { source, trouble: FeedTrouble::NotPutAway(_) }] if *source == name(0)),
        "{told:?}"
    );
    fs::remove_file(desk.moved()).unwrap();
    fs::create_dir(desk.moved()).unwrap();
    assert_eq!(reading.polls(2), []);
    assert_eq!(names(&desk.moved()), [name(0)]);
}

#[test]
fn another_program_takes_a_file() {
    let desk = Desk::new();
    let mut reading = desk.open(Consumption::Delete);
    // Before it was read twice.
    desk.put(&name(0), document("Alice"));
    assert_eq!(reading.poll(), []);
    fs::remove_file(desk.path(&name(0))).unwrap();
    assert_eq!(reading.poll(), [FeedItem::Gone { source: name(0) }]);
    assert_eq!(reading.polls(3), []);
    // Renamed while it is waited for: it is gone, and another one has come.
    desk.put(&name(1), document("Bob"));
    assert_eq!(reading.poll(), []);
    fs::rename(desk.path(&name(1)), desk.path(&name(2))).unwrap();
    assert_eq!(reading.poll(), [FeedItem::Gone { source: name(1) }]);
    let result = reading.result(1);
    assert_eq!(person(&result), "Bob");
    // After delivery: as good as put away.
    fs::remove_file(desk.path(&name(2))).unwrap();
    reading.settle(result.id());
    assert_eq!(reading.polls(50), []);
}

#[test]
fn a_file_that_changes_after_delivery() {
    let bytes = [document("Bobby"), document("Al"), "x".into(), String::new()];
    for later in &bytes {
        for settled_first in [true, false] {
            let desk = Desk::new();
            desk.put(&name(0), document("Alice"));
            let mut reading = desk.open(Consumption::Delete);
            let id = reading.result(2).id().clone();
            desk.put(&name(0), later);
            if settled_first {
                reading.settle(&id);
            }
            let told = reading.polls(30);
            assert_eq!(told, [FeedItem::Contradicted { id: id.clone() }]);
            reading.settle(&id);
            assert_eq!(reading.polls(30), []);
            assert_eq!(fs::read_to_string(desk.path(&name(0))).unwrap(), *later);
        }
    }
}

#[test]
fn a_file_that_is_touched_only_is_the_same() {
    let desk = Desk::new();
    desk.put(&name(0), document("Alice"));
    let mut reading = desk.open(Consumption::Delete);
    let result = reading.result(2);
    let file = fs::File::options()
        .write(true)
        .open(desk.path(&name(0)))
        .unwrap();
    file.set_modified(std::time::UNIX_EPOCH).unwrap();
    drop(file);
    assert_eq!(reading.polls(10), []);
    reading.settle(result.id());
    assert_eq!(names(&desk.face()), [""; 0]);
}

#[test]
fn after_a_restart() {
    let desk = Desk::new();
    let early: jiff::Timestamp = "2026-11-22T09:00:10+09:00".parse().unwrap();
    for seconds in [9, 10, 11] {
        desk.put(&name(seconds), document("Alice"));
    }
    desk.put("OQSsiquc01res_face_abc.xml", document("Alice"));
    let ids = |since| {
        let settings = FaceSettings::new(desk.face(), Realm::Simulation, Consumption::Leave, since);
        let mut reading = Reading::new(FaceFolder::open(settings));
        desk.put(&name(30), document("Alice"));
        let mut ids: Vec<ResultId> = reading
            .polls(3)
            .iter()
            .map(|item| match item {
                FeedItem::Result(result) => result.id().clone(),
                other => panic!("{other:?}"),
            })
            .collect();
        ids.sort();
        fs::remove_file(desk.path(&name(30))).unwrap();
        ids
    };
    let all = ids(Since::Beginning);
    assert_eq!(all.len(), 5);
    assert_eq!(ids(Since::Beginning), all, "the same identifiers");
    assert_eq!(ids(Since::Time(early)), all[1..]);
    assert_eq!(ids(Since::Opening), all[3..4]);
}

#[test]
fn identifiers_are_of_this_feed() {
    let desk = Desk::new();
    desk.put(&name(0), document("Alice"));
    let mut reading = desk.open(Consumption::Delete);
    let result = reading.result(2);
    let others = [
        format!("{}:00000000", name(0)),
        name(0),
        "web-1".into(),
        format!("../{}", result.id()),
    ];
    for other in others {
        let other = ResultId::new(&other).unwrap();
        assert_eq!(reading.folder.settle(&other), Err(FeedError::UnknownResult));
    }
    assert_eq!(names(&desk.face()), [name(0)]);
    // Of other bytes under the same name.
    let place = Desk::new();
    place.put(&name(0), document("Bob"));
    let other = place.open(Consumption::Delete).result(2);
    assert_eq!(
        reading.folder.settle(other.id()),
        Err(FeedError::UnknownResult)
    );
}

#[test]
fn only_this_institution() {
    let desk = Desk::new();
    desk.put(&name(0), document("Alice"));
    let other = document("Bob").replace("1319999999", "1399999992");
    desk.put(&name(1), &other);
    let none = document("Carol").replace("1319999999", "");
    desk.put(&name(2), &none);
    let settings = desk
        .settings(Consumption::Delete)
        .with_institution(InstitutionCode::parse("1319999999").unwrap());
    let mut reading = Reading::new(FaceFolder::open(settings));
    assert_eq!(person(&reading.result(2)), "Alice");
    let mut told = reading.polls(20);
    told.sort_by_key(|item| format!("{item:?}"));
    let wrong = FeedTrouble::OtherInstitution;
    assert_eq!(told, [trouble(&name(1), wrong), trouble(&name(2), wrong)]);
    assert_eq!(names(&desk.face()).len(), 3);
}

#[test]
fn a_share_that_goes_away() {
    let desk = Desk::new();
    desk.put(&name(0), document("Alice"));
    let mut reading = desk.open(Consumption::Delete);
    assert_eq!(reading.poll(), []);
    let away = desk.place.path().join("away");
    fs::rename(desk.face(), &away).unwrap();
    let error = reading.try_poll().unwrap_err();
    assert_eq!(error, FeedError::Folder(ErrorKind::NotFound));
    assert_eq!(error.failure(), Failure::FolderUnavailable);
    fs::rename(&away, desk.face()).unwrap();
    assert_eq!(person(&reading.result(2)), "Alice");
}

#[test]
fn folders_of_another_world_or_none() {
    let desk = Desk::new();
    let with = |folder: std::path::PathBuf, realm, consumption| {
        FaceFolder::open(FaceSettings::new(
            folder,
            realm,
            consumption,
            Since::Opening,
        ))
        .unwrap_err()
    };
    let real = Realm::Production;
    let world = with(desk.face(), real, Consumption::Leave);
    assert_eq!(
        world,
        FolderError::OtherWorld {
            folder: desk.face(),
            realm: real
        }
    );
    assert_eq!(world.failure(), Failure::Misconfigured);
    let none = desk.place.path().join("none");
    let kind = ErrorKind::NotFound;
    assert_eq!(
        with(none.clone(), real, Consumption::Leave),
        FolderError::Folder {
            folder: none.clone(),
            kind
        }
    );
    assert_eq!(
        with(
            desk.face(),
            Realm::Simulation,
            Consumption::MoveTo(none.clone())
        ),
        FolderError::Folder { folder: none, kind }
    );
    let same = desk.moved().join("..").join("face");
    assert_eq!(
        with(
            desk.face(),
            Realm::Simulation,
            Consumption::MoveTo(same.clone())
        ),
        FolderError::SameFolder { folder: same }
    );
    fs::remove_file(desk.path(SIMULATION_MARKER)).unwrap();
    let realm = Realm::Simulation;
    assert_eq!(
        with(desk.face(), realm, Consumption::Leave),
        FolderError::OtherWorld {
            folder: desk.face(),
            realm
        }
    );
}

#[test]
fn a_feed_goes_between_threads_and_shows_no_person() {
    fn check<T: Send + Sync>(_: &T) {}
    let desk = Desk::new();
    desk.put(&name(0), document("Alice"));
    let mut reading = desk.open(Consumption::Leave);
    check(&reading.folder);
    let items = reading.polls(2);
    assert!(!format!("{items:?}{:?}", reading.folder).contains("Alice"));
    fn through(mut feed: impl ResultFeed) {
        assert_eq!(feed.realm(), Realm::Simulation);
        assert_eq!(feed.poll(at(9000)).unwrap(), []);
    }
    let mut boxed: Box<dyn ResultFeed + Send + Sync> = Box::new(reading.folder);
    through(&mut boxed);
    through(boxed);
}
