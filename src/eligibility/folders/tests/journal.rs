use std::fs;

use super::clinic::{Clinic, ask, at, new_id, question_name};
use crate::Realm;
use crate::eligibility::InstitutionCode;
use crate::eligibility::folders::{ExchangeFolders, FolderError, JournalError, Progress};
use crate::eligibility::message::FileKind;

fn journal(clinic: &Clinic) -> std::path::PathBuf {
    clinic.root.join("journal").join("exchange.journal")
}

#[test]
fn one_at_a_time() {
    let clinic = Clinic::new();
    let open = clinic.open();
    let second = ExchangeFolders::open(clinic.settings());
    assert_eq!(
        second.unwrap_err(),
        FolderError::Journal(JournalError::InUse)
    );
    drop(open);
    clinic.open();
}

#[test]
fn another_clinics_or_worlds_is_refused() {
    let clinic = Clinic::new();
    drop(clinic.open());
    let text = fs::read_to_string(journal(&clinic)).unwrap();
    let mut settings = clinic.settings();
    settings.institution = InstitutionCode::parse("1310000001").unwrap();
    let other = ExchangeFolders::open(settings);
    assert_eq!(
        other.unwrap_err(),
        FolderError::Journal(JournalError::OtherOwner)
    );
    assert_eq!(fs::read_to_string(journal(&clinic)).unwrap(), text);

    let mut settings = clinic.settings();
    settings.realm = Realm::Production;
    let other = ExchangeFolders::open(settings).unwrap_err();
    assert!(matches!(
        other,
        FolderError::OtherWorld {
            realm: Realm::Production,
            ..
        }
    ));
    for folder in [clinic.req(), clinic.res()] {
        fs::remove_file(folder.join(super::super::SIMULATION_MARKER)).unwrap();
    }
    let other = ExchangeFolders::open(clinic.settings()).unwrap_err();
    assert!(matches!(
        other,
        FolderError::OtherWorld {
            realm: Realm::Simulation,
            ..
        }
    ));
}

/// Everything that a journal has: the journal of a day, with its questions.
fn busy() -> (Clinic, Vec<crate::eligibility::folders::QuestionId>) {
    let clinic = Clinic::new();
    let mut folders = clinic.open();
    let ids: Vec<_> = (0..5).map(|_| new_id()).collect();
    for id in &ids {
        ask(&mut folders, *id, "Alice", at(0)).unwrap();
    }
    clinic.connector_takes();
    clinic.connector_answers(ids[0]);
    clinic.connector_rejects(ids[1]);
    folders.round(at(0)).unwrap();
    folders.round(at(400)).unwrap();
    folders.settle(ids[0]).unwrap();
    folders.give_up(ids[2]).unwrap();
    (clinic, ids)
}

#[test]
fn a_restart_knows_all_of_it() {
    let (clinic, ids) = busy();
    let folders = clinic.open();
    let progress = |index: usize| folders.progress(ids[index]).unwrap();
    assert_eq!(progress(0), Progress::Answered { settled: true });
    assert_eq!(progress(1), Progress::Rejected { settled: false });
    assert_eq!(progress(2), Progress::GivenUp { late: false });
    assert!(matches!(
        progress(3),
        Progress::Waiting { trouble: None, .. }
    ));
    let open: Vec<_> = folders.open_questions().map(|open| open.id).collect();
    let mut expected = vec![ids[1], ids[3], ids[4]];
    expected.sort();
    assert_eq!(open, expected);
    assert!(
        folders
            .open_questions()
            .all(|open| open.published && open.asked == at(0))
    );
}

/// Cut anywhere, it is read up to there, and nothing is made up.
#[test]
fn a_torn_end_is_dropped() {
    let (clinic, ids) = busy();
    let whole = fs::read(journal(&clinic)).unwrap();
    let first = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let mut known = 0;
    for cut in first..=whole.len() {
        fs::write(journal(&clinic), &whole[..cut]).unwrap();
        let folders = clinic.open();
        let now = ids
            .iter()
            .filter(|id| folders.progress(**id).is_some())
            .count();
        assert!(now >= known, "at {cut}");
        known = now;
    }
    assert_eq!(known, 5);
    for cut in 0..first {
        fs::write(journal(&clinic), &whole[..cut]).unwrap();
        let refused = ExchangeFolders::open(clinic.settings()).unwrap_err();
        assert_eq!(
            refused,
            FolderError::Journal(JournalError::Damaged { line: 1 }),
            "at {cut}"
        );
    }
}

/// Where lines were known to be on the disk, no byte may change before them.
#[test]
fn damage_is_never_taken_for_a_torn_end() {
    let clinic = Clinic::new();
    let mut folders = clinic
        .open_with(super::faulty::Shared::default().files())
        .unwrap();
    for _ in 0..3 {
        ask(&mut folders, new_id(), "Alice", at(0)).unwrap();
    }
    drop(folders);
    let whole = fs::read(journal(&clinic)).unwrap();
    // The last lines that a flush came after are those before the third intent.
    let lines: Vec<usize> = whole
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'\n')
        .map(|(at, _)| at + 1)
        .collect();
    let safe = lines[lines.len() - 4];
    for at in 0..safe {
        for bit in [0x01, 0x80] {
            let mut damaged = whole.clone();
            damaged[at] ^= bit;
            fs::write(journal(&clinic), &damaged).unwrap();
            let refused = ExchangeFolders::open(clinic.settings()).unwrap_err();
            assert!(
                matches!(refused, FolderError::Journal(JournalError::Damaged { .. })),
                "byte {at}: {refused}"
            );
            assert_eq!(
                fs::read(journal(&clinic)).unwrap(),
                damaged,
                "it was changed"
            );
        }
    }
    // A line taken out, or written twice.
    for (from, to) in lines.iter().zip(&lines[1..lines.len() - 4]) {
        let without = [&whole[..*from], &whole[*to..]].concat();
        let twice = [&whole[..*to], &whole[*from..]].concat();
        for damaged in [without, twice] {
            fs::write(journal(&clinic), damaged).unwrap();
            assert!(ExchangeFolders::open(clinic.settings()).is_err());
        }
    }
}

#[test]
fn what_is_no_file_is_refused() {
    let clinic = Clinic::new();
    fs::create_dir(journal(&clinic)).unwrap();
    let refused = ExchangeFolders::open(clinic.settings()).unwrap_err();
    assert_eq!(refused, FolderError::Journal(JournalError::NotAJournal));
}

/// Thousands of questions leave a journal of those that still matter.
#[test]
fn it_is_written_anew_and_forgets() {
    let clinic = Clinic::new();
    let mut folders = clinic.open();
    let first = new_id();
    ask(&mut folders, first, "Alice", at(0)).unwrap();
    let mut open = Vec::new();
    for hour in 0..24_i64 {
        let now = hour * 12 * 3_600_000;
        for _ in 0..60 {
            let id = new_id();
            ask(&mut folders, id, "Bob", at(now)).unwrap();
            open.push((id, now));
        }
        folders.round(at(now)).unwrap();
    }
    folders.round(at(24 * 12 * 3_600_000)).unwrap();
    // 1441 questions with five lines each have passed the mark more than once.
    assert!(folders.progress(first).is_none(), "over and forgotten");
    let size = fs::metadata(journal(&clinic)).unwrap().len();
    let known = open
        .iter()
        .filter(|(id, _)| folders.progress(*id).is_some())
        .count();
    assert!(
        known < 1200 && size < 1_000_000,
        "{known} known, {size} bytes"
    );
    // Those asked in the last three days are remembered, also after a restart.
    drop(folders);
    let folders = clinic.open();
    for (id, now) in open {
        if now > 21 * 12 * 3_600_000 {
            assert_eq!(
                folders.progress(id),
                Some(Progress::TimedOut {
                    trouble: None,
                    late: false
                })
            );
        }
    }
}

/// The program slept over the time-out and over all that it remembers: how the
/// questions ended is told once all the same.
#[test]
fn what_ends_is_told_before_it_is_forgotten() {
    let clinic = Clinic::new();
    let mut folders = clinic.open();
    let ids: Vec<_> = (0..2200).map(|_| new_id()).collect();
    for id in &ids {
        ask(&mut folders, *id, "Alice", at(0)).unwrap();
    }
    let later = 200 * 3_600_000;
    let changed = folders.round(at(later)).unwrap();
    assert_eq!(changed.len(), ids.len());
    for id in &ids {
        let ended = folders.progress(*id);
        assert!(
            matches!(ended, Some(Progress::TimedOut { .. })),
            "{ended:?}"
        );
    }
    folders.round(at(later + 1000)).unwrap();
    assert!(ids.iter().all(|id| folders.progress(*id).is_none()));
}

/// Nothing about a person, nor of what was asked or answered, is in it.
#[test]
fn it_holds_nothing_personal() {
    let (clinic, ids) = busy();
    let text = fs::read_to_string(journal(&clinic)).unwrap();
    assert!(!text.contains("Alice"));
    let allowed = |word: &str| {
        word == "-"
            || word.bytes().all(|byte| byte.is_ascii_digit())
            || word.len() == 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
            || word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
            || [
                "prepared",
                "intended",
                "published",
                "answered",
                "rejected",
                "cancelled",
                "open",
                "settling",
                "settled",
                "withdraw",
            ]
            .contains(&word)
            || ids.iter().any(|id| {
                let name = question_name(*id);
                word == name.to_string()
                    || word.split(',').all(|file| {
                        let (file, check) = file.split_once(':').unwrap_or_default();
                        check.len() == 8
                            && [
                                name.response().to_string(),
                                name.clone().with_kind(FileKind::Err).to_string(),
                                name.to_string(),
                            ]
                            .contains(&file.to_owned())
                    })
            })
    };
    for line in text.lines().skip(1) {
        for word in line.split(' ') {
            assert!(allowed(word), "{word} in {line}");
        }
    }
}
