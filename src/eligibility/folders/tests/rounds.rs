use std::fs::{self, File};
use std::io::Read as _;

use super::clinic::{Clinic, OVER, answer, ask, at, new_id, person_in, question, question_name};
use super::faulty::{Fault, Shared};
use crate::eligibility::folders::publish::Message;
use crate::eligibility::folders::{
    AskErrorKind, Consumption, ExchangeFolders, FolderPair, Progress, QuestionError, QuestionId,
    Trouble,
};
use crate::eligibility::message::{
    Archive, ArchiveError, Family, FileKind, FileName, ReceptionNumber, Step,
};

/// A question that was sent and taken in.
fn asked() -> (Clinic, ExchangeFolders, QuestionId) {
    let clinic = Clinic::new();
    let mut folders = clinic.open();
    let id = new_id();
    ask(&mut folders, id, "Alice", at(0)).unwrap();
    assert_eq!(clinic.connector_takes(), [id]);
    (clinic, folders, id)
}

fn trouble(folders: &mut ExchangeFolders, id: QuestionId, now: i64) -> Option<Trouble> {
    folders.round(at(now)).unwrap();
    match folders.progress(id).unwrap() {
        Progress::Waiting { trouble, .. } => trouble,
        other => panic!("{other:?}"),
    }
}

fn text(folders: &mut ExchangeFolders, id: QuestionId) -> Result<String, QuestionError> {
    let mut answer = folders.answer(id)?;
    let mut text = String::new();
    answer.read_to_string(&mut text).unwrap();
    assert_eq!(answer.as_bytes().unwrap(), text.as_bytes());
    assert!(!format!("{answer:?}").contains("Alice"));
    Ok(text)
}

#[test]
fn asked_answered_settled() {
    let clinic = Clinic::new();
    let mut folders = clinic.open();
    let id = new_id();
    ask(&mut folders, id, "Alice", at(0)).unwrap();
    assert_eq!(clinic.names("req"), [question_name(id).to_string()]);
    assert_eq!(
        fs::read_to_string(clinic.req().join(question_name(id).to_string())).unwrap(),
        question(id, "Alice")
    );
    clinic.connector_takes();
    assert_eq!(folders.round(at(100)).unwrap(), []);
    assert_eq!(folders.answer(id).unwrap_err(), QuestionError::NoAnswer);
    assert_eq!(folders.settle(id).unwrap_err(), QuestionError::NoAnswer);
    clinic.connector_answers(id);
    // Two reads, at least 300 ms apart.
    assert_eq!(trouble(&mut folders, id, 1000), Some(Trouble::Changing));
    assert_eq!(trouble(&mut folders, id, 1299), Some(Trouble::Changing));
    assert_eq!(folders.round(at(1300)).unwrap(), [id]);
    assert_eq!(
        folders.progress(id),
        Some(Progress::Answered { settled: false })
    );
    assert_eq!(person_in(&text(&mut folders, id).unwrap()), "Alice");
    assert_eq!(person_in(&text(&mut folders, id).unwrap()), "Alice");
    folders.settle(id).unwrap();
    folders.settle(id).unwrap();
    assert!(clinic.names("res").is_empty());
    assert_eq!(
        folders.progress(id),
        Some(Progress::Answered { settled: true })
    );
    assert_eq!(folders.answer(id).unwrap_err(), QuestionError::Gone);
    assert_eq!(folders.open_questions().count(), 0);
    let unknown = new_id();
    assert_eq!(folders.progress(unknown), None);
    assert_eq!(
        folders.look_for(unknown, at(0)).unwrap_err(),
        QuestionError::Unknown
    );
}

#[test]
fn half_written_answers_wait() {
    let (clinic, mut folders, id) = asked();
    let whole = answer(&question(id, "Alice"));
    let path = clinic.response(id, FileKind::Xml);
    let mut now = 0;
    for cut in 0..whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        assert_eq!(
            trouble(&mut folders, id, now),
            Some(Trouble::Changing),
            "{cut}"
        );
        now += 400;
        // It stays so, but isn't closed.
        let found = trouble(&mut folders, id, now);
        let expected = if cut == 0 {
            Trouble::NotAnAnswer
        } else {
            Trouble::Unclosed
        };
        assert_eq!(found, Some(expected), "{cut}");
        now += 10;
    }
    fs::write(&path, whole + "\r\n").unwrap();
    assert_eq!(trouble(&mut folders, id, now), Some(Trouble::Changing));
    folders.round(at(now + 300)).unwrap();
    assert_eq!(
        folders.progress(id),
        Some(Progress::Answered { settled: false })
    );
}

#[test]
fn a_file_that_keeps_changing_is_never_taken() {
    let (clinic, mut folders, id) = asked();
    for round in 0..20 {
        // Whole each time, and another one each time.
        let body = answer(&question(id, &format!("Alice{round}")));
        fs::write(clinic.response(id, FileKind::Xml), body).unwrap();
        assert_eq!(
            trouble(&mut folders, id, round * 1000),
            Some(Trouble::Changing)
        );
    }
    folders.round(at(19_500)).unwrap();
    assert_eq!(
        folders.progress(id),
        Some(Progress::Answered { settled: false })
    );
}

#[test]
fn a_clock_that_goes_back_starts_the_wait_anew() {
    let (clinic, mut folders, id) = asked();
    clinic.connector_answers(id);
    assert_eq!(trouble(&mut folders, id, 100_000), Some(Trouble::Changing));
    assert_eq!(trouble(&mut folders, id, 400), Some(Trouble::Changing));
    assert_eq!(trouble(&mut folders, id, 500), Some(Trouble::Changing));
    folders.round(at(700)).unwrap();
    assert_eq!(
        folders.progress(id),
        Some(Progress::Answered { settled: false })
    );
}

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
fn processing_is_no_answer_yet() {
    let (clinic, mut folders, id) = asked();
    let body = answer(&question(id, "Alice"));
    let path = clinic.response(id, FileKind::Xml);
    let segment = |code: &str| {
        body.replace(
            ">1</SegmentOfResult>",
            &format!(">{code}</SegmentOfResult>"),
        )
    };
    fs::write(&path, segment("2")).unwrap();
    trouble(&mut folders, id, 0);
    assert_eq!(trouble(&mut folders, id, 400), Some(Trouble::Processing));
    fs::write(&path, segment("9")).unwrap();
    trouble(&mut folders, id, 4000);
    folders.round(at(4400)).unwrap();
    assert_eq!(
        folders.progress(id),
        Some(Progress::Answered { settled: false })
    );
}

#[test]
fn the_second_step_goes_by_its_reception_number() {
    let clinic = Clinic::new();
    let mut folders = clinic.open();
    let id = new_id();
    let message = |reception| Message {
        family: Family::BulkQualification,
        step: Step::Two,
        reception,
        bytes: b"<XmlMsg><ReceptionNumber>R-1</ReceptionNumber></XmlMsg>",
    };
    let number = ReceptionNumber::new("R-1").unwrap();
    folders.publish(id, &message(Some(&number)), at(0)).unwrap();
    let name = FileName::request(Family::BulkQualification, Step::Two, id.as_str()).unwrap();
    fs::remove_file(clinic.req().join(name.to_string())).unwrap();
    let path = clinic.res().join(name.response().to_string());
    fs::write(
        &path,
        "<XmlMsg><ReceptionNumber>R-2</ReceptionNumber></XmlMsg>",
    )
    .unwrap();
    trouble(&mut folders, id, 0);
    assert_eq!(
        trouble(&mut folders, id, 400),
        Some(Trouble::OtherIdentifier)
    );
    // Still in the works: an answer, and the next question gets another name.
    let body = "<XmlMsg><ReceptionNumber>R-1</ReceptionNumber><SegmentOfResult>2</SegmentOfResult></XmlMsg>";
    fs::write(&path, body).unwrap();
    trouble(&mut folders, id, 4000);
    drop(folders);
    // The number outlives the program.
    let mut folders = clinic.open();
    folders.round(at(4400)).unwrap();
    folders.round(at(4800)).unwrap();
    assert_eq!(
        folders.progress(id),
        Some(Progress::Answered { settled: false })
    );
}

#[test]
fn a_rejection_is_read_and_cleared_away_with_its_copy() {
    let (clinic, mut folders, id) = asked();
    clinic.connector_rejects(id);
    assert_eq!(clinic.names("res").len(), 2);
    folders.round(at(0)).unwrap();
    assert_eq!(folders.round(at(400)).unwrap(), [id]);
    assert_eq!(
        folders.progress(id),
        Some(Progress::Rejected { settled: false })
    );
    assert_eq!(folders.answer(id).unwrap().kind(), FileKind::Err);
    assert_eq!(text(&mut folders, id).unwrap(), "Alice");
    folders.settle(id).unwrap();
    assert!(clinic.names("res").is_empty());
    assert_eq!(
        folders.progress(id),
        Some(Progress::Rejected { settled: true })
    );
    // A copy that comes later goes the same way, one that isn't ours doesn't.
    let copy = clinic.res().join(question_name(id).to_string());
    fs::write(&copy, question(id, "Alice")).unwrap();
    folders.round(at(800)).unwrap();
    assert!(clinic.names("res").is_empty());
    fs::write(&copy, question(id, "Bob")).unwrap();
    folders.round(at(1200)).unwrap();
    folders.round(at(1600)).unwrap();
    assert_eq!(clinic.names("res").len(), 1);
}

#[test]
fn the_same_answer_twice_is_one_answer() {
    let (clinic, mut folders, id) = asked();
    clinic.connector_answers(id);
    folders.round(at(0)).unwrap();
    folders.round(at(400)).unwrap();
    // In other letters, as a share of another system may have it.
    let path = clinic.response(id, FileKind::Xml);
    let other = path.with_file_name(path.file_name().unwrap().to_str().unwrap().to_lowercase());
    fs::copy(&path, &other).unwrap();
    folders.round(at(800)).unwrap();
    folders.round(at(1200)).unwrap();
    assert_eq!(
        folders.progress(id),
        Some(Progress::Answered { settled: false })
    );
    folders.settle(id).unwrap();
    assert!(clinic.names("res").is_empty());
    for round in 2..5 {
        clinic.connector_answers(id);
        folders.round(at(round * 1000)).unwrap();
        folders.round(at(round * 1000 + 400)).unwrap();
        assert!(clinic.names("res").is_empty());
        assert_eq!(
            folders.progress(id),
            Some(Progress::Answered { settled: true })
        );
    }
}

#[test]
fn answers_that_differ_are_for_a_person() {
    // Before one of them was found, after, and after it was settled.
    let other = |clinic: &Clinic, id| {
        let name = question_name(id).response().to_string().to_lowercase();
        fs::write(clinic.res().join(name), answer(&question(id, "Mallory"))).unwrap();
    };
    let (clinic, mut folders, id) = asked();
    clinic.connector_answers(id);
    other(&clinic, id);
    folders.round(at(0)).unwrap();
    folders.round(at(400)).unwrap();
    assert_eq!(
        folders.progress(id),
        Some(Progress::Conflict { settled: false })
    );
    assert_eq!(folders.answer(id).unwrap_err(), QuestionError::Conflict);
    folders.settle(id).unwrap();
    assert_eq!(
        folders.progress(id),
        Some(Progress::Conflict { settled: true })
    );
    assert_eq!(clinic.names("res").len(), 2, "both are left");

    let (clinic, mut folders, id) = asked();
    clinic.connector_answers(id);
    folders.round(at(0)).unwrap();
    folders.round(at(400)).unwrap();
    other(&clinic, id);
    folders.round(at(800)).unwrap();
    assert_eq!(folders.round(at(1200)).unwrap(), [id]);
    assert_eq!(
        folders.progress(id),
        Some(Progress::Conflict { settled: false })
    );
    let folders = clinic.open_again(folders);
    assert_eq!(
        folders.progress(id),
        Some(Progress::Conflict { settled: false })
    );

    let (clinic, mut folders, id) = asked();
    clinic.connector_answers(id);
    folders.round(at(0)).unwrap();
    folders.round(at(400)).unwrap();
    folders.settle(id).unwrap();
    other(&clinic, id);
    folders.round(at(800)).unwrap();
    assert_eq!(folders.round(at(1200)).unwrap(), [id]);
    assert_eq!(
        folders.progress(id),
        Some(Progress::Answered { settled: true })
    );
    assert_eq!(folders.trouble(id), Some(Trouble::Contradicted));
    assert_eq!(clinic.names("res").len(), 1, "it is left");

    // An answer and a rejection.
    let (clinic, mut folders, id) = asked();
    clinic.connector_answers(id);
    clinic.connector_rejects(id);
    folders.round(at(0)).unwrap();
    folders.round(at(400)).unwrap();
    assert_eq!(
        folders.progress(id),
        Some(Progress::Conflict { settled: false })
    );
}

#[test]
fn an_answer_that_changed_since_it_was_found_is_not_handed_out() {
    let (clinic, mut folders, id) = asked();
    clinic.connector_answers(id);
    folders.round(at(0)).unwrap();
    folders.round(at(400)).unwrap();
    let path = clinic.response(id, FileKind::Xml);
    fs::write(&path, answer(&question(id, "Mallory"))).unwrap();
    assert_eq!(text(&mut folders, id).unwrap_err(), QuestionError::Conflict);
    assert_eq!(
        folders.progress(id),
        Some(Progress::Conflict { settled: false })
    );

    // Exchanged between reading and settling: it isn't what the clinic kept, so it stays.
    let (clinic, mut folders, id) = asked();
    clinic.connector_answers(id);
    folders.round(at(0)).unwrap();
    folders.round(at(400)).unwrap();
    text(&mut folders, id).unwrap();
    fs::write(
        clinic.response(id, FileKind::Xml),
        answer(&question(id, "Mallory")),
    )
    .unwrap();
    folders.settle(id).unwrap();
    assert_eq!(folders.trouble(id), Some(Trouble::Contradicted));
    assert_eq!(clinic.names("res").len(), 1);

    // Removed by another program.
    let (clinic, mut folders, id) = asked();
    clinic.connector_answers(id);
    folders.round(at(0)).unwrap();
    folders.round(at(400)).unwrap();
    fs::remove_file(clinic.response(id, FileKind::Xml)).unwrap();
    assert_eq!(text(&mut folders, id).unwrap_err(), QuestionError::Gone);
    folders.settle(id).unwrap();
    assert_eq!(
        folders.progress(id),
        Some(Progress::Answered { settled: true })
    );
}

#[test]
fn late_answers_are_told_as_late() {
    for cancelled in [false, true] {
        let (clinic, mut folders, id) = asked();
        if cancelled {
            folders.give_up(id).unwrap();
            folders.give_up(id).unwrap();
        } else {
            assert_eq!(folders.round(at(180_000)).unwrap(), [id]);
        }
        let ended = |late| match cancelled {
            true => Progress::GivenUp { late },
            false => Progress::TimedOut {
                trouble: None,
                late,
            },
        };
        assert_eq!(folders.progress(id), Some(ended(false)));
        assert_eq!(folders.open_questions().count(), 0);
        clinic.connector_answers(id);
        folders.round(at(OVER)).unwrap();
        assert_eq!(folders.round(at(OVER + 400)).unwrap(), [id]);
        assert_eq!(folders.progress(id), Some(ended(true)));
        assert_eq!(folders.open_questions().count(), 1);
        assert_eq!(person_in(&text(&mut folders, id).unwrap()), "Alice");
        folders.settle(id).unwrap();
        assert_eq!(folders.progress(id), Some(ended(true)));
        assert!(clinic.names("res").is_empty());
        assert_eq!(folders.open_questions().count(), 0);
    }
}

/// An answer that is there when the program comes back is looked at first.
#[test]
fn a_file_at_the_deadline_gets_its_two_reads() {
    let (clinic, folders, id) = asked();
    drop(folders);
    clinic.connector_answers(id);
    let mut folders = clinic.open();
    folders.round(at(10 * OVER)).unwrap();
    assert!(matches!(
        folders.progress(id),
        Some(Progress::Waiting { .. })
    ));
    folders.round(at(10 * OVER + 5000)).unwrap();
    assert_eq!(
        folders.progress(id),
        Some(Progress::Answered { settled: false })
    );

    // But no more than that.
    let (clinic, mut folders, id) = asked();
    fs::write(clinic.response(id, FileKind::Xml), "<XmlMsg>").unwrap();
    folders.round(at(OVER)).unwrap();
    folders.round(at(OVER + 3500)).unwrap();
    assert!(matches!(
        folders.progress(id),
        Some(Progress::Waiting { .. })
    ));
    folders.round(at(OVER + 3600)).unwrap();
    let ended = Progress::TimedOut {
        trouble: Some(Trouble::Unclosed),
        late: false,
    };
    assert_eq!(folders.progress(id), Some(ended));
}

#[test]
fn only_our_own_request_is_taken_back() {
    // Ours, changed by somebody, and with the setting off.
    for (changed, withdrawal) in [(false, true), (true, true), (false, false)] {
        let clinic = Clinic::new();
        let settings = clinic
            .settings()
            .danger_without_flush()
            .with_withdrawal(withdrawal);
        let mut folders = ExchangeFolders::open(settings).unwrap();
        let id = new_id();
        ask(&mut folders, id, "Alice", at(0)).unwrap();
        let path = clinic.req().join(question_name(id).to_string());
        if changed {
            fs::write(&path, "something else").unwrap();
        }
        folders.give_up(id).unwrap();
        assert_eq!(path.exists(), changed || !withdrawal);
    }
    let clinic = Clinic::new();
    let mut folders = clinic.open();
    let id = new_id();
    ask(&mut folders, id, "Alice", at(0)).unwrap();
    folders.round(at(OVER)).unwrap();
    assert!(clinic.names("req").is_empty(), "also when the time is over");
}

#[test]
fn leave_and_move() {
    let clinic = Clinic::new();
    let settings = clinic
        .settings()
        .danger_without_flush()
        .with_consumption(Consumption::Leave);
    let mut folders = ExchangeFolders::open(settings).unwrap();
    let id = new_id();
    ask(&mut folders, id, "Alice", at(0)).unwrap();
    clinic.connector_takes();
    clinic.connector_answers(id);
    folders.round(at(0)).unwrap();
    folders.round(at(400)).unwrap();
    folders.settle(id).unwrap();
    folders.round(at(800)).unwrap();
    assert_eq!(clinic.names("res").len(), 1);
    assert_eq!(
        folders.progress(id),
        Some(Progress::Answered { settled: true })
    );
    assert_eq!(person_in(&text(&mut folders, id).unwrap()), "Alice");
    drop(folders);

    let moved = Consumption::MoveTo(clinic.root.join("moved"));
    let settings = clinic
        .settings()
        .danger_without_flush()
        .with_consumption(moved);
    let mut folders = ExchangeFolders::open(settings).unwrap();
    let id = new_id();
    ask(&mut folders, id, "Bob", at(0)).unwrap();
    clinic.connector_takes();
    for round in 0..3 {
        clinic.connector_answers(id);
        folders.round(at(round * 1000)).unwrap();
        folders.round(at(round * 1000 + 400)).unwrap();
        folders.settle(id).unwrap();
    }
    let base = question_name(id).response().to_string();
    let base = base.strip_suffix(".xml").unwrap();
    let expected = [
        format!("{base}-2.xml"),
        format!("{base}-3.xml"),
        format!("{base}.xml"),
    ];
    assert_eq!(
        clinic.names("res").len(),
        1,
        "what was left stays, whatever the settings say now"
    );
    assert_eq!(clinic.names("moved"), expected);
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
    let status = std::process::Command::new("mkfifo").arg(&path).status();
    if status.is_ok_and(|status| status.success()) {
        check(&mut folders);
        fs::remove_file(&path).unwrap();
    }
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

/// Each operation fails now and then: locked files, a share that comes and goes.
#[test]
fn what_can_not_be_read_now_is_read_later() {
    for fails in 1..12 {
        let clinic = Clinic::new();
        let shared = Shared::default();
        let mut folders = clinic.open_with(shared.files()).unwrap();
        let id = new_id();
        ask(&mut folders, id, "Alice", at(0)).unwrap();
        clinic.connector_takes();
        clinic.connector_answers(id);
        {
            let mut plan = shared.lock();
            plan.at = Some((plan.count + fails, Fault::Fails));
        }
        for round in 0..4 {
            // A journal that can't be written is opened anew.
            if folders.round(at(round * 400)).is_err() {
                folders = clinic.open_again(folders);
            }
        }
        assert_eq!(
            folders.progress(id),
            Some(Progress::Answered { settled: false }),
            "{fails}"
        );
        assert_eq!(person_in(&text(&mut folders, id).unwrap()), "Alice");
    }
}

#[test]
fn a_folder_that_is_away_is_said() {
    let (clinic, mut folders, id) = asked();
    fs::rename(clinic.res(), clinic.root.join("away")).unwrap();
    assert_eq!(
        trouble(&mut folders, id, 0),
        Some(Trouble::Folder(std::io::ErrorKind::NotFound))
    );
    fs::rename(clinic.root.join("away"), clinic.res()).unwrap();
    assert_eq!(trouble(&mut folders, id, 400), None);
}

#[test]
fn a_family_may_have_its_own_folders() {
    let clinic = Clinic::new();
    for folder in ["req2", "res2"] {
        fs::create_dir(clinic.root.join(folder)).unwrap();
        fs::write(
            clinic
                .root
                .join(folder)
                .join(super::super::SIMULATION_MARKER),
            "",
        )
        .unwrap();
    }
    let pair = FolderPair::new(clinic.root.join("req2"), clinic.root.join("res2"));
    let settings = clinic
        .settings()
        .danger_without_flush()
        .with_folders(Family::Medicines, pair);
    let mut folders = ExchangeFolders::open(settings).unwrap();
    let id = new_id();
    let message = Message {
        family: Family::Medicines,
        step: Step::One,
        reception: None,
        bytes: b"<XmlMsg/>",
    };
    folders.publish(id, &message, at(0)).unwrap();
    assert_eq!(clinic.names("req2").len(), 1);
    let name = FileName::request(Family::Medicines, Step::One, id.as_str()).unwrap();
    let pdf = name.response().with_kind(FileKind::Pdf).to_string();
    // In the wrong folder it isn't one of ours.
    fs::write(clinic.res().join(&pdf), "%PDF-1.7 ... %%EOF\n").unwrap();
    assert_eq!(trouble(&mut folders, id, 0), None);
    fs::rename(clinic.res().join(&pdf), clinic.root.join("res2").join(&pdf)).unwrap();
    trouble(&mut folders, id, 400);
    folders.round(at(800)).unwrap();
    assert_eq!(folders.answer(id).unwrap().kind(), FileKind::Pdf);
}

/// Ten thousand at once: each folder is listed once in a round, whoever polls.
#[test]
fn ten_thousand_in_flight() {
    let clinic = Clinic::new();
    let shared = Shared::default();
    let settings = clinic.settings().danger_without_flush();
    let mut folders = ExchangeFolders::open_with(shared.files(), settings).unwrap();
    let ids: Vec<QuestionId> = (0..10_000).map(|_| new_id()).collect();
    for id in &ids {
        ask(&mut folders, *id, "Alice", at(0)).unwrap();
    }
    let counts = || {
        let plan = shared.lock();
        (plan.listed, plan.count)
    };
    let before = counts();
    for id in &ids {
        assert!(matches!(
            folders.look_for(*id, at(50)),
            Ok(Progress::Waiting { .. })
        ));
    }
    let after = counts();
    assert_eq!(after.0 - before.0, 1);
    assert!(after.1 - before.1 < 20, "{after:?}");
    for (index, id) in ids.iter().enumerate() {
        fs::remove_file(clinic.req().join(question_name(*id).to_string())).unwrap();
        if index % 2 == 0 {
            let body = answer(&question(*id, &format!("Alice{index}")));
            fs::write(clinic.response(*id, FileKind::Xml), body).unwrap();
        }
    }
    folders.round(at(400)).unwrap();
    assert_eq!(folders.round(at(800)).unwrap().len(), 5000);
    for (index, id) in ids.iter().enumerate().step_by(2) {
        assert_eq!(
            person_in(&text(&mut folders, *id).unwrap()),
            format!("Alice{index}")
        );
        folders.settle(*id).unwrap();
    }
    assert_eq!(folders.round(at(OVER)).unwrap().len(), 5000);
    assert_eq!(folders.open_questions().count(), 0);
    assert!(clinic.names("res").is_empty());
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

#[test]
fn a_request_that_nobody_took_is_said() {
    let clinic = Clinic::new();
    let mut folders = clinic.open();
    let id = new_id();
    ask(&mut folders, id, "Alice", at(0)).unwrap();
    folders.round(at(OVER)).unwrap();
    let ended = Progress::TimedOut {
        trouble: Some(Trouble::NotTaken),
        late: false,
    };
    assert_eq!(folders.progress(id), Some(ended));
}
