//! The ends of a question, and what becomes of the files then.

use std::fs;

use super::clinic::{
    Clinic, OVER, answer, ask, asked, at, new_id, person_in, question, question_name, text,
};
use crate::eligibility::folders::{Consumption, ExchangeFolders, Progress, QuestionError, Trouble};
use crate::eligibility::message::FileKind;

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
