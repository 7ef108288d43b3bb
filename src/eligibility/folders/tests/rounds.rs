//! Asking, and looking round until an answer is whole.

use std::fs;

use super::clinic::{
    Clinic, OVER, answer, ask, asked, at, new_id, person_in, question, question_name, text, trouble,
};
use super::faulty::{Fault, Shared};
use crate::eligibility::folders::publish::Message;
use crate::eligibility::folders::{
    ExchangeFolders, FolderPair, Progress, QuestionError, QuestionId, Trouble,
};
use crate::eligibility::message::{Family, FileKind, FileName, ReceptionNumber, Step};

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
