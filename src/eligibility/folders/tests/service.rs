//! As a service for questions by number.

use std::fs;

use jiff::civil::date;

use super::clinic::{Clinic, OVER, at, question_name};
use crate::eligibility::folders::Progress;
use crate::eligibility::message::{FileKind, Insured, NumberQuestion};
use crate::eligibility::{
    EligibilityService, InsurerNumber, PollResult, Request, SegmentOfResult, ServiceError,
    ServiceErrorKind, Ticket,
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
