//! What others put into the folder, by mistake or on purpose.

use std::fs::{self, File};

use super::super::faulty::Shared;
use super::{Desk, Reading, document, name, names, person, trouble};
use crate::eligibility::folders::{Consumption, FaceFolder, SIMULATION_MARKER};
use crate::eligibility::{FeedError, FeedItem, FeedTrouble};

/// Two hours of polls bring these and no more.
fn told(desk: &Desk) -> Vec<FeedItem> {
    let mut reading = desk.open(Consumption::Delete);
    let items = reading.polls(40);
    assert_eq!(reading.polls(40), [], "told once");
    items
}

#[test]
fn what_is_no_file() {
    let desk = Desk::new();
    fs::create_dir(desk.path(&name(0))).unwrap();
    assert_eq!(told(&desk), [trouble(&name(0), FeedTrouble::NotAFile)]);
    assert!(desk.path(&name(0)).is_dir());
}

#[cfg(unix)]
#[test]
fn links_and_pipes() {
    use std::os::unix::fs::{FileTypeExt as _, symlink};

    let desk = Desk::new();
    let outside = desk.place.path().join("outside.xml");
    fs::write(&outside, document("Alice")).unwrap();
    symlink(&outside, desk.path(&name(0))).unwrap();
    symlink(desk.face(), desk.path(&name(1))).unwrap();
    symlink("nowhere", desk.path(&name(2))).unwrap();
    let pipe = desk.path(&name(3));
    let mut command = std::process::Command::new("mkfifo");
    let made = crate::files::faulty::start(command.arg(&pipe))
        .wait()
        .unwrap();
    assert!(made.success());
    let mut items = told(&desk);
    items.sort_by_key(|item| format!("{item:?}"));
    let expected = [0, 1, 2, 3].map(|at| trouble(&name(at), FeedTrouble::NotAFile));
    assert_eq!(items, expected);
    assert!(fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
    assert_eq!(fs::read_to_string(&outside).unwrap(), document("Alice"));
}

#[cfg(unix)]
#[test]
fn a_file_that_a_link_replaces_is_not_put_away() {
    let desk = Desk::new();
    let outside = desk.place.path().join("outside.xml");
    fs::write(&outside, document("Alice")).unwrap();
    desk.put(&name(0), document("Alice"));
    let mut reading = desk.open(Consumption::Delete);
    let id = reading.result(2).id().clone();
    fs::remove_file(desk.path(&name(0))).unwrap();
    std::os::unix::fs::symlink(&outside, desk.path(&name(0))).unwrap();
    reading.settle(&id);
    assert_eq!(reading.polls(9), [FeedItem::Contradicted { id }]);
    assert!(desk.path(&name(0)).is_symlink() && outside.exists());
}

#[test]
fn a_sparse_file_of_two_gigabytes_is_not_read() {
    let desk = Desk::new();
    let len = 2 << 30;
    File::create(desk.path(&name(0)))
        .unwrap()
        .set_len(len)
        .unwrap();
    let shared = Shared::default();
    let settings = desk.settings(Consumption::Delete);
    let mut reading = Reading::new(FaceFolder::open_with(shared.files(), settings));
    let cap = 4 << 20;
    assert_eq!(
        reading.poll(),
        [trouble(&name(0), FeedTrouble::TooLarge { len, cap })]
    );
    let before = shared.lock().count;
    assert_eq!(reading.polls(10), []);
    // The mark, listing it, and looking at it: no read.
    assert_eq!(shared.lock().count, before + 3 * 10);
}

#[test]
fn as_large_as_it_may_be_and_one_byte_more() {
    let desk = Desk::new();
    let cap = 4 << 20;
    for (at, len) in [(0, cap), (1, cap + 1)] {
        let mut text = document("Alice");
        // Texts have a bound of their own.
        let line = format!("<!--{}-->\n", " ".repeat(990));
        text.push_str(&line.repeat((len - text.len()) / line.len()));
        text.push_str(&" ".repeat(len - text.len()));
        desk.put(&name(at), text);
    }
    let items = told(&desk);
    let len = u64::try_from(cap + 1).unwrap();
    let large = FeedTrouble::TooLarge { len, cap: len - 1 };
    assert!(items.contains(&trouble(&name(1), large)), "{items:?}");
    let whole = |item: &FeedItem| matches!(item, FeedItem::Result(_));
    assert!(items.iter().any(whole), "{items:?}");
    assert_eq!(items.len(), 2);
}

#[test]
fn what_never_becomes_right_is_told_and_stays() {
    let whole = document("Alice");
    let cut = &whole.as_bytes()[..whole.len() - 1];
    let wrong: [&[u8]; 9] = [
        b"",
        cut,
        b"<XmlMsg>",
        b"not xml",
        b"<Other></Other>",
        b"<XmlMsg></XmlMsg>trailing",
        b"\xff\xfe\xff",
        b"<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><XmlMsg>\x81\x20</XmlMsg>",
        b"<XmlMsg>\xff\xff</XmlMsg>",
    ];
    for bytes in wrong {
        let shown = String::from_utf8_lossy(bytes);
        let desk = Desk::new();
        desk.put(&name(0), bytes);
        let items = told(&desk);
        let fit = |found: &FeedTrouble| {
            *found == FeedTrouble::Unclosed || matches!(found, FeedTrouble::Unreadable(_))
        };
        match &items[..] {
            [FeedItem::Trouble { source, trouble }] if *source == name(0) && fit(trouble) => {
                assert!(!trouble.to_string().contains("Alice"));
                let open = [&b""[..], cut, b"<XmlMsg>"].contains(&bytes);
                assert_eq!(
                    *trouble == FeedTrouble::Unclosed,
                    open,
                    "{shown}: {trouble}"
                );
            }
            other => panic!("{shown}: {other:?}"),
        }
        assert_eq!(fs::read(desk.path(&name(0))).unwrap(), bytes);
    }
}

#[test]
fn what_was_wanting_is_delivered_when_it_is_right() {
    let desk = Desk::new();
    let mut reading = desk.open(Consumption::Delete);
    // Some hundred that stay wrong, and after them the one that a writer paused at.
    for at in 100..300 {
        desk.put(&name(at), "<XmlMsg>");
    }
    assert_eq!(reading.polls(60).len(), 200);
    desk.put(&name(9), "<XmlMsg>");
    assert_eq!(
        reading.polls(20),
        [trouble(&name(9), FeedTrouble::Unclosed)]
    );
    desk.put(&name(9), document("Alice"));
    assert_eq!(person(&reading.result(3)), "Alice");
    // And each of the others in its turn.
    desk.put(&name(150), document("Bob"));
    assert_eq!(person(&reading.result(60)), "Bob");
}

#[test]
fn archives_are_told() {
    let desk = Desk::new();
    let archive = name(0).replace(".xml", ".zip");
    desk.put(&archive, "PK");
    assert_eq!(told(&desk), [trouble(&archive, FeedTrouble::Archive)]);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read() {
    use std::io::ErrorKind;
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    desk.put(&name(0), document("Alice"));
    let rights = |mode| {
        fs::set_permissions(desk.path(&name(0)), fs::Permissions::from_mode(mode)).unwrap();
    };
    rights(0);
    if File::open(desk.path(&name(0))).is_ok() {
        // Who runs this may read everything.
        return;
    }
    let mut reading = desk.open(Consumption::Delete);
    let locked = FeedTrouble::Locked(ErrorKind::PermissionDenied);
    assert_eq!(reading.polls(60), [trouble(&name(0), locked)]);
    rights(0o600);
    assert_eq!(person(&reading.result(60)), "Alice");
}

#[test]
fn a_file_that_never_rests() {
    let desk = Desk::new();
    let mut reading = desk.open(Consumption::Delete);
    let mut items = Vec::new();
    for round in 0..150 {
        desk.put(&name(0), document(&round.to_string()));
        items.extend(reading.poll());
    }
    assert_eq!(
        items[0],
        trouble(&name(0), FeedTrouble::Changing),
        "{items:?}"
    );
    assert_eq!(items.len(), 1);
    let last = reading.result(6);
    assert_eq!(person(&last), "149");
}

#[test]
fn twenty_thousand_foreign_files_are_not_touched() {
    let desk = Desk::new();
    for at in 0..20_000 {
        let foreign = match at % 4 {
            0 => format!("OQSsiquc01res_{at}.xml"),
            1 => format!("OQSsiquc01req_face_{at}.xml"),
            2 => format!("見本{at}.xml"),
            _ => format!("xOQSsiquc01res_face_{at}.xml"),
        };
        File::create(desk.path(&foreign)).unwrap();
    }
    desk.put(&name(0), document("Alice"));
    let shared = Shared::default();
    let settings = desk.settings(Consumption::Delete);
    let mut reading = Reading::new(FaceFolder::open_with(shared.files(), settings));
    let opened = shared.lock().count;
    assert_eq!(person(&reading.result(2)), "Alice");
    let done = shared.lock().count - opened;
    assert!(done < 20, "{done} operations");
    assert_eq!(names(&desk.face()).len(), 20_001);
}

#[test]
fn a_flood_keeps_nobody_waiting_for_ever() {
    let desk = Desk::new();
    let flood = |at: u32| format!("OQSsiquc01res_face_{at}_2099{:02}01000000.xml", at % 12 + 1);
    for at in 0..1000 {
        desk.put(&flood(at), "<XmlMsg>");
    }
    // Older than all of them by its name.
    desk.put(&name(0), document("Alice"));
    let mut reading = desk.open(Consumption::Leave);
    let (mut troubles, mut found) = (0, false);
    for _ in 0..400 {
        let items = reading.poll();
        assert!(items.len() <= 128);
        for item in items {
            match item {
                FeedItem::Trouble { .. } => troubles += 1,
                FeedItem::Result(_) => found = true,
                other => panic!("{other:?}"),
            }
        }
    }
    assert!(found);
    assert_eq!(troubles, 1000, "each one told, and once");
}

#[test]
fn another_world_in_the_place_of_ours_gives_nothing() {
    let desk = Desk::new();
    desk.put(&name(0), document("Alice"));
    let mut reading = desk.open(Consumption::Delete);
    assert_eq!(reading.poll(), []);
    fs::remove_file(desk.path(SIMULATION_MARKER)).unwrap();
    assert_eq!(reading.try_poll(), Err(FeedError::OtherWorld));
    fs::write(desk.path(SIMULATION_MARKER), "").unwrap();
    assert_eq!(person(&reading.result(2)), "Alice");
}

#[test]
fn what_cannot_be_moved_is_not_read_in_every_poll() {
    let desk = Desk::new();
    for second in 0..40 {
        desk.put(&name(second), document("Alice"));
    }
    let shared = Shared::default();
    let settings = desk.settings(desk.move_to());
    let mut reading = Reading::new(FaceFolder::open_with(shared.files(), settings));
    let items = reading.polls(2);
    fs::remove_dir(desk.moved()).unwrap();
    for item in &items {
        let FeedItem::Result(result) = item else {
            panic!("{item:?}");
        };
        reading.settle(result.id());
    }
    assert_eq!(
        names(&desk.face()).len(),
        40,
        "a folder that is away takes nothing"
    );
    // By reading them; some are looked at again besides.
    let read = |shared: &Shared| shared.lock().opened;
    let before = read(&shared);
    let told = reading.polls(200);
    let gone = FeedTrouble::NotPutAway(std::io::ErrorKind::NotFound);
    assert_eq!(
        told.iter()
            .filter(|item| **item == trouble(&name(0), gone))
            .count(),
        1
    );
    let reads = (read(&shared) - before) / 200;
    assert!(reads < 40, "{reads} files opened in each poll");
    fs::create_dir(desk.moved()).unwrap();
    reading.polls(2);
    assert_eq!(names(&desk.moved()).len(), 40);
}
