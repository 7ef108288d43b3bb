//! What a broken connector, a careless set-up or another program can do.

use std::fs;

use jiff::civil::date;

use super::clinic::{
    Clinic, answer, ask, asked, at, new_id, person_in, question, question_name, text, trouble,
};
use super::faulty::Shared;
use crate::Realm;
use crate::eligibility::folders::{
    AskErrorKind, Consumption, ExchangeFolders, FolderError, JournalError, Progress,
    SIMULATION_MARKER, Trouble,
};
use crate::eligibility::message::{FileKind, Insured, NumberQuestion, parse_report};
use crate::eligibility::{
    EligibilityService, Failure, InsurerNumber, PollResult, Request, ServiceErrorKind,
};

const OTHER: &str = "99999999999999999999";

fn request() -> Request {
    let insurer = InsurerNumber::parse("139998").unwrap();
    let person = NumberQuestion::new(Insured::new(insurer, "1234").unwrap(), date(1980, 4, 1));
    Request::by_number(date(2026, 11, 22), person)
}

/// The scan of the bytes must not see an identifier that the document doesn't have.
#[test]
fn an_identifier_in_a_comment_is_none() {
    let (clinic, mut folders, id) = asked();
    let path = clinic.response(id, FileKind::Xml);
    let element =
        |inside: &str| format!("<ArbitraryFileIdentifier>{inside}</ArbitraryFileIdentifier>");
    let own = element(id.as_str());
    let hidden = [
        format!("<!-- > {own} -->"),
        format!("<!----><!-- ->-> {own} --><!-- {} -->", "x".repeat(200)),
        format!("<A><![CDATA[ > {own} ]]></A>"),
        format!("<A x=''/><!-- a > b -> c --{own}-->"),
    ];
    for hidden in hidden {
        for real in [
            element(OTHER),
            format!("<ArbitraryFileIdentifier a='b' >{OTHER}</ArbitraryFileIdentifier>"),
            element(&format!("{id}<!-- -->7")),
            element(&format!("<![CDATA[{OTHER}]]>")),
            element(&format!("{id}<![CDATA[7]]>")),
        ] {
            let body = format!("<XmlMsg><MessageHeader>{hidden}{real}</MessageHeader></XmlMsg>");
            // Not when two dashes make a document that isn't one.
            if let Ok(parsed) = parse_report(body.as_bytes(), 1 << 20) {
                assert_ne!(parsed.report.file_identifier.as_deref(), Some(id.as_str()));
            }
            fs::write(&path, &body).unwrap();
            trouble(&mut folders, id, 0);
            let seen = trouble(&mut folders, id, 400);
            assert_eq!(seen, Some(Trouble::OtherIdentifier), "{body}");
            fs::remove_file(&path).unwrap();
            assert_eq!(trouble(&mut folders, id, 800), None);
        }
    }
}

/// As .NET writes it, and a comment behind: what the reader takes isn't waited for in vain.
#[test]
fn attributes_and_comments_do_not_hide_an_answer() {
    let forms = |body: &str| {
        let declared = "<XmlMsg xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
                        xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">";
        [
            body.replace("<XmlMsg>", declared),
            format!("<?xml version=\"1.0\"?><!-- a > b -->{body}<!-- made by x > y -->\n"),
            body.replace(
                "<ArbitraryFileIdentifier>",
                "<ArbitraryFileIdentifier type=\"s\">",
            ),
            body.replace("<MessageHeader>", "<MessageHeader><SegmentOfResult />"),
        ]
    };
    for form in 0..4 {
        let (clinic, mut folders, id) = asked();
        let body = &forms(&answer(&question(id, "Alice")))[form];
        assert!(parse_report(body.as_bytes(), 1 << 20).is_ok(), "{body}");
        fs::write(clinic.response(id, FileKind::Xml), body).unwrap();
        trouble(&mut folders, id, 0);
        folders.round(at(400)).unwrap();
        let answered = Progress::Answered { settled: false };
        assert_eq!(folders.progress(id), Some(answered), "{body}");
        assert_eq!(person_in(&text(&mut folders, id).unwrap()), "Alice");
    }
}

#[test]
fn another_world_in_the_place_of_ours_gets_and_gives_nothing() {
    let (clinic, mut folders, id) = asked();
    let body = answer(&question(id, "Alice"));
    fs::write(clinic.response(id, FileKind::Xml), body).unwrap();
    fs::remove_file(clinic.req().join(SIMULATION_MARKER)).unwrap();
    fs::remove_file(clinic.res().join(SIMULATION_MARKER)).unwrap();
    let before = clinic.names("req");
    let second = new_id();
    let error = ask(&mut folders, second, "Bob", at(0)).unwrap_err();
    assert_eq!(error.kind, AskErrorKind::OtherWorld);
    assert!(!error.possibly_sent && folders.progress(second).is_none());
    assert_eq!(error.failure(), Failure::Misconfigured);
    assert_eq!(clinic.names("req"), before);
    assert_eq!(trouble(&mut folders, id, 0), Some(Trouble::OtherWorld));
    assert_eq!(trouble(&mut folders, id, 400), Some(Trouble::OtherWorld));
    // It comes back: nothing was lost.
    fs::write(clinic.req().join(SIMULATION_MARKER), "").unwrap();
    fs::write(clinic.res().join(SIMULATION_MARKER), "").unwrap();
    trouble(&mut folders, id, 800);
    folders.round(at(1200)).unwrap();
    assert_eq!(person_in(&text(&mut folders, id).unwrap()), "Alice");
    ask(&mut folders, second, "Bob", at(1200)).unwrap();
}

fn answered_with(consumption: Consumption, shared: &Shared) -> (Clinic, ExchangeFolders) {
    let clinic = Clinic::new();
    let settings = clinic.settings().with_consumption(consumption);
    let folders = ExchangeFolders::open_with(shared.files(), settings).unwrap();
    (clinic, folders)
}

#[test]
fn what_cannot_be_moved_is_told_and_stays_ours() {
    let place = tempfile::tempdir().unwrap();
    let done = place.path().join("done");
    let clinic = Clinic::new();
    let settings = clinic
        .settings()
        .with_consumption(Consumption::MoveTo(done.clone()));
    // Not there from the start: said at once.
    let error = ExchangeFolders::open(settings).unwrap_err();
    let kind = std::io::ErrorKind::NotFound;
    assert_eq!(
        error,
        FolderError::Folder {
            folder: done.clone(),
            kind
        }
    );

    // Nor where it comes from, nor where the connector would see it.
    for folder in [clinic.res(), clinic.root.join("journal/../req")] {
        let moved = Consumption::MoveTo(folder.clone());
        let error = ExchangeFolders::open(clinic.settings().with_consumption(moved));
        assert_eq!(error.unwrap_err(), FolderError::SameFolder { folder });
    }

    fs::create_dir(&done).unwrap();
    let shared = Shared::default();
    let (clinic, mut folders) = answered_with(Consumption::MoveTo(done.clone()), &shared);
    let id = new_id();
    ask(&mut folders, id, "Alice", at(0)).unwrap();
    let body = answer(&question(id, "Alice"));
    fs::write(clinic.response(id, FileKind::Xml), body).unwrap();
    folders.round(at(0)).unwrap();
    folders.round(at(400)).unwrap();
    fs::remove_dir(&done).unwrap();
    folders.settle(id).unwrap();
    assert_eq!(folders.trouble(id), Some(Trouble::NotPutAway(kind)));
    assert_eq!(
        folders.progress(id),
        Some(Progress::Answered { settled: false })
    );
    assert_eq!(folders.open_questions().count(), 1);
    // Six minutes of rounds: tried again, but not in each of them.
    let before = shared.lock().opened;
    for round in 0..1200 {
        folders.round(at(800 + 300 * round)).unwrap();
    }
    let tries = shared.lock().opened - before;
    assert!((8..20).contains(&tries), "{tries}");
    fs::create_dir(&done).unwrap();
    folders.round(at(4_000_000)).unwrap();
    assert_eq!(folders.trouble(id), None);
    assert_eq!(
        folders.progress(id),
        Some(Progress::Answered { settled: true })
    );
    assert_eq!(fs::read_dir(&done).unwrap().count(), 1);
    assert!(clinic.names("res").is_empty());
}

/// Deleting is how the clinic says that it has the answer. Nobody had this one.
#[test]
fn an_answer_that_the_service_could_not_read_stays() {
    for extra in ["<Name>B</Name><Name>C</Name>", "&foo;"] {
        let clinic = Clinic::new();
        let mut folders = clinic.open();
        let ticket = folders.submit(request(), at(0)).unwrap();
        let id = folders.question_of(ticket).unwrap();
        let body = answer(&question(id, "A")).replace(
            "<Name>A</Name>",
            &format!("<ResultList><ResultOfQualificationConfirmation>{extra}</ResultOfQualificationConfirmation></ResultList>"),
        );
        fs::write(clinic.response(id, FileKind::Xml), body).unwrap();
        let _ = folders.poll(ticket, at(0));
        let error = folders.poll(ticket, at(400)).unwrap_err();
        assert_eq!(error.kind, ServiceErrorKind::CentreDown);
        folders.submit(request(), at(800)).unwrap();
        assert_eq!(clinic.names("res").len(), 1);
        assert!(folders.open_questions().any(|open| open.id == id));
        assert!(folders.answer(id).is_ok());
    }
}

#[test]
fn the_same_request_again_is_not_sent_again() {
    let clinic = Clinic::new();
    let mut folders = clinic.open();
    let request = request();
    let ticket = folders.submit(request.clone(), at(0)).unwrap();
    assert_eq!(folders.submit(request, at(0)), Ok(ticket));
    assert_eq!(clinic.names("req").len(), 1);
    let id = folders.question_of(ticket).unwrap();
    assert_eq!(clinic.names("req")[0], question_name(id).to_string());
    assert!(matches!(
        folders.poll(ticket, at(0)),
        Ok(PollResult::Pending { .. })
    ));
}

#[cfg(unix)]
#[test]
fn a_lock_that_leads_elsewhere_is_refused() {
    let clinic = Clinic::new();
    let elsewhere = clinic.root.join("elsewhere");
    let lock = clinic.root.join("journal").join("exchange.lock");
    std::os::unix::fs::symlink(&elsewhere, &lock).unwrap();
    let error = ExchangeFolders::open(clinic.settings()).unwrap_err();
    assert_eq!(error, FolderError::Journal(JournalError::NotAJournal));
    assert!(!elsewhere.exists(), "a file was made outside the folder");
    fs::remove_file(&lock).unwrap();
    assert_eq!(clinic.open().realm(), Realm::Simulation);
}
