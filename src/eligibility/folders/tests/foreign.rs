//! Files of others, and files that are not what they are called.

use std::fs::{self, File};
use std::io::Read as _;

use super::clinic::{
    Clinic, OVER, answer, ask, asked, at, new_id, person_in, question, question_name, text, trouble,
};
use crate::eligibility::folders::{AskErrorKind, ExchangeFolders, Progress, Trouble};
use crate::eligibility::message::{Archive, ArchiveError, FileKind};

#[test]
fn another_identifier_is_never_taken() {
    let (clinic, mut folders, id) = asked();
    let path = clinic.response(id, FileKind::Xml);
    for body in [
        answer(&question(new_id(), "Bob")),
        answer(&question(id, "Bob")).replace(id.as_str(), ""),
        answer(&question(id, "Bob")).replace("ArbitraryFileIdentifier", "ArbitraryIdentifier"),
        // Twice, with another one.
        answer(&question(id, &question(new_id(), "Bob"))),
    ] {
        fs::write(&path, body).unwrap();
        trouble(&mut folders, id, 0);
        assert_eq!(
            trouble(&mut folders, id, 400),
            Some(Trouble::OtherIdentifier)
        );
        fs::remove_file(&path).unwrap();
        assert_eq!(trouble(&mut folders, id, 800), None);
    }
    fs::write(&path, "no xml at all").unwrap();
    trouble(&mut folders, id, 2000);
    assert_eq!(trouble(&mut folders, id, 2400), Some(Trouble::NotAnAnswer));
    folders.round(at(OVER)).unwrap();
    let ended = folders.progress(id).unwrap();
    assert_eq!(
        ended,
        Progress::TimedOut {
            trouble: Some(Trouble::NotAnAnswer),
            late: false
        }
    );
    assert_eq!(clinic.names("res").len(), 1, "it is left for a person");
}

#[test]
fn a_request_of_that_name_is_not_overwritten() {
    let clinic = Clinic::new();
    let mut folders = clinic.open();
    let id = new_id();
    let path = clinic.req().join(question_name(id).to_string());
    fs::write(&path, "another program's").unwrap();
    let refused = ask(&mut folders, id, "Alice", at(0)).unwrap_err();
    assert_eq!(
        (refused.kind, refused.possibly_sent),
        (AskErrorKind::NameTaken, false)
    );
    assert_eq!(fs::read_to_string(path).unwrap(), "another program's");
    assert_eq!(clinic.names("req").len(), 1, "nothing of ours is left");
    assert_eq!(
        folders.progress(id),
        Some(Progress::NotSent { late: false })
    );
    let again = ask(&mut folders, id, "Alice", at(0)).unwrap_err();
    assert_eq!(again.kind, AskErrorKind::AskedBefore);
}

/// Two programs, each with its own journal, and files of others.
#[test]
fn other_programs_files_are_never_touched() {
    let clinic = Clinic::new();
    let other = clinic.root.join("other");
    fs::create_dir(&other).unwrap();
    let mut settings = clinic.settings().danger_without_flush();
    settings.journal = other;
    let mut second = ExchangeFolders::open(settings).unwrap();
    let mut first = clinic.open();
    let foreign = [
        ("res", "OQSsiquc01res_202611220001.xml".to_owned()),
        ("res", format!("OQSsiquc01res_{}.xml", new_id())),
        ("res", format!("OQSsiquc01res_face_{}.xml", new_id())),
        (
            "res",
            format!("OQSsiquc01res_face_1319999999_{}.xml", new_id()),
        ),
        ("res", "desktop.ini".to_owned()),
        ("req", "OQSsiquc01req_202611220001.xml".to_owned()),
        ("req", format!("uketsuke-{}.tmp", new_id())),
    ];
    for (folder, name) in &foreign {
        fs::write(clinic.root.join(folder).join(name), "foreign").unwrap();
    }
    let (a, b) = (new_id(), new_id());
    ask(&mut first, a, "Alice", at(0)).unwrap();
    ask(&mut second, b, "Bob", at(0)).unwrap();
    for (id, person) in [(a, "Alice"), (b, "Bob")] {
        fs::write(
            clinic.response(id, FileKind::Xml),
            answer(&question(id, person)),
        )
        .unwrap();
    }
    for folders in [&mut first, &mut second] {
        folders.round(at(0)).unwrap();
        folders.round(at(400)).unwrap();
    }
    assert_eq!(person_in(&text(&mut first, a).unwrap()), "Alice");
    assert_eq!(person_in(&text(&mut second, b).unwrap()), "Bob");
    assert_eq!((first.progress(b), second.progress(a)), (None, None));
    first.settle(a).unwrap();
    first.round(at(OVER)).unwrap();
    second.settle(b).unwrap();
    drop(clinic.open_again(first));
    for (folder, name) in &foreign {
        let path = clinic.root.join(folder).join(name);
        assert_eq!(fs::read_to_string(path).unwrap(), "foreign", "{name}");
    }
}

#[test]
fn too_large_is_said_and_not_read() {
    let (clinic, mut folders, id) = asked();
    let file = File::create(clinic.response(id, FileKind::Xml)).unwrap();
    let cap = 4 << 20;
    for len in [cap + 1, 2 << 30] {
        file.set_len(len).unwrap();
        assert_eq!(
            trouble(&mut folders, id, 0),
            Some(Trouble::TooLarge { len, cap })
        );
    }
    let err = File::create(clinic.response(id, FileKind::Err)).unwrap();
    err.set_len(1 << 20).unwrap();
    fs::remove_file(clinic.response(id, FileKind::Xml)).unwrap();
    assert!(matches!(
        trouble(&mut folders, id, 400),
        Some(Trouble::TooLarge { .. })
    ));
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_neither_followed_nor_opened() {
    // Made first: no process is started while a journal's lock is held.
    let elsewhere = tempfile::tempdir().unwrap();
    let pipe = elsewhere.path().join("pipe");
    let mut command = std::process::Command::new("mkfifo");
    let made = crate::files::faulty::start(command.arg(&pipe))
        .wait()
        .unwrap();
    assert!(made.success());
    let (clinic, mut folders, id) = asked();
    let path = clinic.response(id, FileKind::Xml);
    let secret = clinic.root.join("secret");
    fs::write(&secret, answer(&question(id, "Mallory"))).unwrap();
    let check = |folders: &mut ExchangeFolders| {
        for now in [0, 400, 800] {
            assert_eq!(trouble(folders, id, now), Some(Trouble::NotAFile));
        }
    };
    std::os::unix::fs::symlink(&secret, &path).unwrap();
    check(&mut folders);
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    check(&mut folders);
    fs::remove_dir(&path).unwrap();
    fs::rename(&pipe, &path).unwrap();
    check(&mut folders);
    fs::remove_file(&path).unwrap();
    let socket = std::os::unix::net::UnixListener::bind(clinic.root.join("s")).unwrap();
    fs::rename(clinic.root.join("s"), &path).unwrap();
    check(&mut folders);
    drop(socket);
    // A good answer beside it still counts.
    let name = question_name(id).response().to_string().to_uppercase();
    fs::write(clinic.res().join(name), answer(&question(id, "Alice"))).unwrap();
    folders.round(at(1200)).unwrap();
    folders.round(at(1600)).unwrap();
    assert_eq!(person_in(&text(&mut folders, id).unwrap()), "Alice");
}

fn zipped(entry: &str, contents: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file(entry, options).unwrap();
    writer.write_all(contents).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn an_archive_is_taken_by_what_is_in_it() {
    let (clinic, mut folders, id) = asked();
    let path = clinic.response(id, FileKind::Zip);
    let entry = question_name(id).response().to_string();
    let good = zipped(&entry, answer(&question(id, "Alice")).as_bytes());
    let other = zipped(&entry, answer(&question(new_id(), "Bob")).as_bytes());
    let unclosed = zipped(&entry, b"<XmlMsg>");
    let bomb = zipped(&entry, &[b' '; 5 << 20]);
    let wrong = zipped("desktop.ini", b"");
    // The flag that says encrypted, in both headers of the entry.
    let mut encrypted = good.clone();
    encrypted[6] |= 1;
    let directory = encrypted
        .windows(4)
        .rposition(|bytes| bytes == b"PK\x01\x02")
        .unwrap();
    encrypted[directory + 8] |= 1;
    let half = &good[..good.len() / 2];
    for (bytes, expected) in [
        (half, Trouble::Unclosed),
        (&other, Trouble::OtherIdentifier),
        (&unclosed, Trouble::Unclosed),
        (
            &bomb,
            Trouble::Archive(ArchiveError::TooLarge { cap: 4 << 20 }),
        ),
        (&wrong, Trouble::Archive(ArchiveError::WrongEntry)),
        (
            &encrypted,
            Trouble::Archive(ArchiveError::Encrypted { prefix: "OQSsiquc" }),
        ),
    ] {
        fs::write(&path, bytes).unwrap();
        trouble(&mut folders, id, 0);
        assert_eq!(trouble(&mut folders, id, 400), Some(expected));
        fs::remove_file(&path).unwrap();
        trouble(&mut folders, id, 800);
    }
    fs::write(&path, &good).unwrap();
    trouble(&mut folders, id, 4000);
    folders.round(at(4400)).unwrap();
    let answer = folders.answer(id).unwrap();
    let name = answer.name().clone();
    let mut archive = Archive::open(answer, &name, 4 << 20).unwrap();
    let mut text = String::new();
    archive.entry().unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(person_in(&text), "Alice");
}
