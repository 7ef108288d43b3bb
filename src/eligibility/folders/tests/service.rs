//! As a service for questions by number.

use std::fs;

use jiff::civil::date;

use super::clinic::{Clinic, OVER, at, question_name};
use crate::eligibility::folders::Progress;
use crate::eligibility::message::{FileKind, Insured, NumberQuestion, write_report};
use crate::eligibility::text::Charset;
use crate::eligibility::{
    EligibilityService, InsurerNumber, Personal, PollResult, Qualification, Report, Request,
    SearchInfo, SegmentOfResult, ServiceError, ServiceErrorKind, Ticket,
};

fn request() -> Request {
    let insurer = InsurerNumber::parse("139998").unwrap();
    let person = NumberQuestion::new(Insured::new(insurer, "1234").unwrap(), date(1980, 4, 1));
    Request::by_number(date(2026, 11, 22), person)
}

fn ready(
    service: &mut impl EligibilityService,
    ticket: Ticket,
) -> Result<PollResult, ServiceError> {
    assert!(matches!(
        service.poll(ticket, at(0)),
        Ok(PollResult::Pending { .. })
    ));
    service.poll(ticket, at(400))
}

#[test]
fn an_answer_is_a_report_and_is_settled_at_the_next_call() {
    let clinic = Clinic::new();
    let mut folders = clinic.open();
    assert!(folders.capabilities().by_number && !folders.capabilities().by_certificate);
    let request = request();
    let ticket = folders.submit(request.clone(), at(0)).unwrap();
    let id = folders.question_of(ticket).unwrap();
    let body = format!(
        "<XmlMsg><MessageHeader><ArbitraryFileIdentifier>{id}</ArbitraryFileIdentifier>\
         <SegmentOfResult>9</SegmentOfResult></MessageHeader></XmlMsg>"
    );
    fs::write(clinic.response(id, FileKind::Xml), body).unwrap();
    let Ok(PollResult::Ready(answer)) = ready(&mut folders, ticket) else {
        panic!("no answer");
    };
    assert_eq!(answer.number, request.number());
    assert_eq!(answer.report.segment, SegmentOfResult::Abnormal);
    // Until the next call it could be read again after a crash.
    assert_eq!(clinic.names("res").len(), 1);
    let unknown = ServiceError::not_sent(ServiceErrorKind::UnknownTicket);
    assert_eq!(folders.poll(ticket, at(800)), Err(unknown));
    assert!(clinic.names("res").is_empty());
    assert_eq!(
        folders.progress(id),
        Some(Progress::Answered { settled: true })
    );
}

/// What the connector wrote into the right file may still be about the wrong person.
#[test]
fn an_answer_about_somebody_else_is_none_and_stays() {
    let clinic = Clinic::new();
    let mut folders = clinic.open();
    let (insurer, born) = ("  139998", "19800401");
    for (echoed, result, right) in [
        (Some((insurer, "1234", born)), born, true),
        (Some(("00139998", "１２３４", born)), born, true),
        (None, born, true),
        (Some((insurer, "1235", born)), born, false),
        (Some(("  139980", "1234", born)), born, false),
        (Some((insurer, "1234", "19800402")), born, false),
        (Some((insurer, "1234", born)), "19780102", false),
        (None, "19780102", false),
    ] {
        let ticket = folders.submit(request(), at(0)).unwrap();
        let id = folders.question_of(ticket).unwrap();
        fs::remove_file(clinic.req().join(question_name(id).to_string())).unwrap();
        let report = Report {
            file_identifier: Some(id.to_string()),
            asked: echoed.map(|(insurer, number, birthdate)| SearchInfo {
                insurer_number: Some(Personal::new(insurer)),
                number: Some(Personal::new(number)),
                birthdate: Some(Personal::new(birthdate)),
                ..SearchInfo::default()
            }),
            results: vec![Qualification::new("見本　花子", result)],
            ..Report::normal()
        };
        let file = write_report(&report, Charset::ShiftJis).unwrap();
        fs::write(clinic.response(id, FileKind::Xml), file.as_bytes()).unwrap();
        let said = ready(&mut folders, ticket);
        let open = folders.open_questions().count();
        folders.poll(ticket, at(800)).unwrap_err();
        if right {
            assert!(matches!(said, Ok(PollResult::Ready(_))), "{said:?}");
        } else {
            let other = ServiceError::maybe_sent(ServiceErrorKind::OtherPerson);
            assert_eq!(said, Err(other), "{echoed:?} {result}");
            // For a person, who settles it.
            assert_eq!(open, 1);
            assert_eq!(clinic.names("res").len(), 1);
            assert!(folders.answer(id).is_ok());
            folders.settle(id).unwrap();
        }
        assert!(clinic.names("res").is_empty());
        assert_eq!(folders.open_questions().count(), 0);
    }
}

#[test]
fn every_other_end_is_an_error_that_says_which() {
    let clinic = Clinic::new();
    let mut folders = clinic.open();
    // Rejected.
    let ticket = folders.submit(request(), at(0)).unwrap();
    let id = folders.question_of(ticket).unwrap();
    fs::remove_file(clinic.req().join(question_name(id).to_string())).unwrap();
    let err = question_name(id).with_kind(FileKind::Err).to_string();
    fs::write(clinic.res().join(err), "E").unwrap();
    let rejected = ServiceError::not_sent(ServiceErrorKind::Rejected);
    assert_eq!(ready(&mut folders, ticket), Err(rejected));
    // Nobody took it; somebody did, and didn't answer.
    for (taken, kind) in [
        (false, ServiceErrorKind::ConnectorSilent),
        (true, ServiceErrorKind::TimedOut),
    ] {
        let ticket = folders.submit(request(), at(1000)).unwrap();
        let id = folders.question_of(ticket).unwrap();
        if taken {
            fs::remove_file(clinic.req().join(question_name(id).to_string())).unwrap();
        }
        let ended = EligibilityService::poll(
            &mut folders,
            ticket,
            at(OVER + 1000 + i64::from(taken) * OVER),
        );
        assert_eq!(ended, Err(ServiceError::maybe_sent(kind)));
        assert_eq!(folders.question_of(ticket), None);
    }
    // Cancelled.
    let ticket = folders.submit(request(), at(3 * OVER)).unwrap();
    let id = folders.question_of(ticket).unwrap();
    folders.cancel(ticket);
    assert_eq!(
        folders.progress(id),
        Some(Progress::GivenUp { late: false })
    );
    // Not sent.
    fs::rename(clinic.req(), clinic.root.join("away")).unwrap();
    let refused = folders.submit(request(), at(3 * OVER));
    assert_eq!(
        refused,
        Err(ServiceError::not_sent(ServiceErrorKind::Folder))
    );
}
