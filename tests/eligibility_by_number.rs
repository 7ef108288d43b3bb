//! Questions by the numbers of an insurance: what may be asked, what the
//! simulated centre answers, and that no check-in can be made of it.

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use uketsuke::Realm;
use uketsuke::eligibility::message::{Insured, MessageError, NumberQuestion};
use uketsuke::eligibility::*;
use uketsuke::simulation::{Centre, CentreFault, Persona};

fn now() -> Timestamp {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

fn personal(text: &str) -> Personal {
    Personal::new(text)
}

fn question(number: &str) -> Result<NumberQuestion, MessageError> {
    let insurer = InsurerNumber::parse("139998").unwrap();
    let insured = Insured::new(insurer, number)?;
    Ok(NumberQuestion::new(insured, date(1980, 4, 1)))
}

fn request(number: &str) -> Request {
    Request::by_number(date(2026, 11, 5), question(number).unwrap())
}

/// The insurance of a persona, as a card check-in would show it.
fn insurance(persona: &Persona) -> Qualification {
    // Numbers of the simulation: the persona's own, and an insurer of three.
    let age = 2026 - persona.birthdate[..4].parse::<i16>().unwrap();
    let (insurer, branch) = match (age > 75, persona.number % 3) {
        (true, _) => ("39139993", None),
        (_, 0) => ("06139992", Some("01")),
        (_, 1) => ("01139997", Some("01")),
        _ => ("139998", Some("01")),
    };
    Qualification {
        insurer_number: personal(insurer),
        number: Some(personal(&(10_000 + persona.number).to_string())),
        branch: branch.map(personal),
        ..Qualification::new(persona.holder_name, persona.birthdate)
    }
}

fn insured(known: &Qualification) -> Insured {
    let insurer = InsurerNumber::parse(known.insurer_number.reveal()).unwrap();
    Insured::new(insurer, known.number.as_ref().unwrap().reveal()).unwrap()
}

fn born(known: &Qualification) -> Date {
    Date::strptime("%Y%m%d", known.birthdate.reveal()).unwrap()
}

fn asking_for(known: &Qualification) -> NumberQuestion {
    NumberQuestion::new(insured(known), born(known))
}

fn ask(centre: &mut Centre, question: NumberQuestion) -> (Request, Answer) {
    let request = Request::by_number(date(2026, 11, 24), question);
    let ticket = centre.submit(request.clone(), now()).unwrap();
    match centre.poll(ticket, now()).unwrap() {
        PollResult::Ready(answer) => (request, *answer),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_centre_finds_a_person_by_number() {
    assert!(Centre::new().capabilities().by_number);
    let person = Persona::named("in-order").unwrap();
    let known = insurance(person);
    let question = asking_for(&known)
        .with_limit_consent(true)
        .with_identifier("chart 77")
        .unwrap();
    let (request, answer) = ask(&mut Centre::new(), question);
    let coverage = found(&request, &answer).unwrap();
    assert_eq!(coverage.name.reveal(), person.holder_name);
    assert!(coverage.consents.is_empty(), "nobody was asked");
    let report = &answer.report;
    assert_eq!(
        report.reference,
        Some(ReferenceClassification::InsuranceCard)
    );
    assert_eq!((report.certificate, report.registration), (None, None));
    assert_eq!(report.confirmation_date, Some(date(2026, 11, 24)));
    let [result] = report.results.as_slice() else {
        panic!("one result")
    };
    assert_eq!(result.identifier.as_ref().unwrap().reveal(), "chart 77");
    assert_eq!(result.limit_consent, Some(LimitConsent::Given));
}

#[test]
fn every_persona_is_found_by_its_own_numbers_or_not_at_all() {
    let mut centre = Centre::new();
    for person in Persona::all() {
        let (request, answer) = ask(&mut centre, asking_for(&insurance(person)));
        let report = &answer.report;
        assert_eq!(
            report.validity.as_ref(),
            Some(&person.validity),
            "{}",
            person.name
        );
        let coverage = found(&request, &answer);
        assert_eq!(
            coverage.is_ok(),
            person.validity == QualificationValidity::Valid
        );
        if let Ok(coverage) = coverage {
            assert_eq!(coverage.birthdate.reveal(), person.birthdate);
        }
    }
}

#[test]
fn any_number_that_differs_finds_nobody() {
    let known = insurance(Persona::named("in-order").unwrap());
    let born = born(&known);
    let other = |insurer: &str, number: &str| {
        Insured::new(InsurerNumber::parse(insurer).unwrap(), number).unwrap()
    };
    let insurer = known.insurer_number.reveal();
    let number = known.number.as_ref().unwrap().reveal();
    for wrong in [
        NumberQuestion::new(other("54016027", number), born),
        NumberQuestion::new(other(insurer, "1"), born),
        NumberQuestion::new(insured(&known), date(1900, 1, 1)),
        NumberQuestion::new(insured(&known).with_symbol("別").unwrap(), born),
        NumberQuestion::new(insured(&known).with_branch("09").unwrap(), born),
    ] {
        let (request, answer) = ask(&mut Centre::new(), wrong);
        let validity = QualificationValidity::NotFound;
        assert_eq!(answer.report.validity, Some(validity.clone()));
        let refused = found(&request, &answer).unwrap_err();
        assert_eq!(refused, NotConfirmed::Validity(Some(validity)));
        assert_eq!(refused.failure(), Failure::NoSuchInsured);
    }
}

#[test]
fn the_link_fails_for_numbers_as_for_cards() {
    let known = insurance(Persona::named("in-order").unwrap());
    for (fault, kind) in [
        (CentreFault::NetworkDown, ServiceErrorKind::Network),
        (CentreFault::CentreDown, ServiceErrorKind::CentreDown),
        (CentreFault::NotEquipped, ServiceErrorKind::NotEquipped),
    ] {
        let mut centre = Centre::new().with_fault(fault);
        let request = Request::by_number(date(2026, 11, 24), asking_for(&known));
        let error = centre.submit(request, now()).unwrap_err();
        assert_eq!((error.kind, error.outcome_unknown), (kind, false));
    }
    let mut late = Centre::new().with_delay(SignedDuration::from_secs(3));
    let request = Request::by_number(date(2026, 11, 24), asking_for(&known));
    let ticket = late.submit(request, now()).unwrap();
    let waiting = late.poll(ticket, now()).unwrap();
    assert!(matches!(waiting, PollResult::Pending { .. }), "{waiting:?}");
}

/// What a hostile service could say to a question by number: all good, and more
/// than that.
fn best_answer(request: &Request, certificate: CertificateStatus) -> Answer {
    Answer {
        number: request.number(),
        report: Report {
            validity: Some(QualificationValidity::Valid),
            certificate: Some(certificate),
            registration: Some(Registration::Registered),
            results: vec![Qualification::new("見本", "19800401")],
            ..Report::normal()
        },
    }
}

#[test]
fn no_proof_is_ever_made_of_an_answer_by_number() {
    let request = request("1234");
    assert!(request.presented().is_none() && request.kind().is_none());
    let answer = best_answer(&request, CertificateStatus::Good);
    for realm in [Realm::Production, Realm::JpkiTest, Realm::Simulation] {
        assert_eq!(
            confirm(&request, &answer, realm).unwrap_err(),
            NotConfirmed::NotAResult
        );
        assert_eq!(
            status(&request, &answer, realm).unwrap_err(),
            NotConfirmed::NotAStatus
        );
        assert_eq!(
            noted(&request, &answer, realm).unwrap_err(),
            NotConfirmed::NotAChoice
        );
    }
    // While it is a good answer to what was asked.
    assert!(found(&request, &answer).is_ok());
}

#[test]
fn an_answer_about_another_person_is_none() {
    let request = request("1234");
    let mut other = best_answer(&request, CertificateStatus::Good);
    other.number = RequestNumber::next();
    assert_eq!(found(&request, &other), Err(NotConfirmed::OtherRequest));
    let mut other = best_answer(&request, CertificateStatus::Good);
    other.report.results = vec![Qualification::new("別人", "19800402")];
    assert_eq!(found(&request, &other), Err(NotConfirmed::OtherPerson));
    let mut other = best_answer(&request, CertificateStatus::Good);
    other.report.asked = Some(SearchInfo::from(&question("1235").unwrap()));
    assert_eq!(found(&request, &other), Err(NotConfirmed::OtherPerson));
}

#[test]
fn an_echo_is_that_of_the_question_or_not() {
    let insurer = InsurerNumber::parse("139998").unwrap();
    let insured = Insured::new(insurer, "12-34").unwrap();
    let insured = insured.with_symbol("見本０１").unwrap();
    let insured = insured.with_branch("01").unwrap();
    let asked = NumberQuestion::new(insured, date(1980, 4, 1));
    let asked = asked.with_identifier("a").unwrap();
    let echo = |change: fn(&mut SearchInfo)| {
        let mut echo = SearchInfo::from(&asked);
        change(&mut echo);
        echo.is_for(&asked)
    };
    assert!(echo(|_| ()));
    // Otherwise written, or left out.
    assert!(echo(|e| e.insurer_number = Some(Personal::new("00139998"))));
    assert!(echo(|e| e.number = Some(Personal::new("１２３４"))));
    assert!(echo(|e| e.symbol = Some(Personal::new("見本 01"))));
    assert!(echo(
        |e| (e.symbol, e.branch, e.identifier) = (None, None, None)
    ));
    // Another's, or nobody's.
    assert!(!echo(|e| e.insurer_number = Some(Personal::new("06139992"))));
    assert!(!echo(|e| e.insurer_number = None));
    assert!(!echo(|e| e.number = Some(Personal::new("1235"))));
    assert!(!echo(|e| e.number = None));
    assert!(!echo(|e| e.birthdate = Some(Personal::new("19800402"))));
    assert!(!echo(|e| e.birthdate = None));
    assert!(!echo(|e| e.symbol = Some(Personal::new("見本02"))));
    assert!(!echo(|e| e.branch = Some(Personal::new("02"))));
    assert!(!echo(|e| e.identifier = Some(Personal::new("b"))));
}

/// What a broken connector could hand over: everything is right but for one thing.
#[test]
fn a_twin_or_another_day_is_never_found() {
    let insurer = InsurerNumber::parse("139998").unwrap();
    let insured = Insured::new(insurer, "00１２３４").unwrap();
    let born = date(1980, 4, 1);
    let person = NumberQuestion::new(insured.with_branch("03").unwrap(), born)
        .with_identifier("chart 77")
        .unwrap();
    let request = Request::by_number(date(2026, 11, 24), person);
    let right = Qualification {
        insurer_number: personal("00139998"),
        number: Some(personal("1234")),
        branch: Some(personal("3")),
        identifier: Some(personal("chart 77")),
        ..Qualification::new("見本　花子", "19800401")
    };
    let judged = |result: &Qualification, validity, day| {
        let report = Report {
            validity: Some(validity),
            confirmation_date: day,
            results: vec![result.clone()],
            ..Report::normal()
        };
        found(
            &request,
            &Answer {
                number: request.number(),
                report,
            },
        )
    };
    let valid = QualificationValidity::Valid;
    let day = Some(date(2026, 11, 24));
    for day in [None, day] {
        assert!(judged(&right, valid.clone(), day).is_ok());
    }
    let yesterday = Some(date(2026, 11, 23));
    assert_eq!(
        judged(&right, valid.clone(), yesterday),
        Err(NotConfirmed::OtherDay)
    );
    let unsaid = Qualification::new("見本　花子", "19800401");
    assert!(
        judged(&unsaid, valid.clone(), day).is_ok(),
        "nothing speaks of another"
    );

    let others = [
        Qualification {
            insurer_number: personal("01139997"),
            ..right.clone()
        },
        Qualification {
            number: Some(personal("1235")),
            ..right.clone()
        },
        Qualification {
            branch: Some(personal("04")),
            ..right.clone()
        },
        Qualification {
            identifier: Some(personal("chart 78")),
            ..right.clone()
        },
        Qualification {
            birthdate: personal("19800402"),
            ..right.clone()
        },
    ];
    for other in &others {
        assert_eq!(
            judged(other, valid.clone(), day),
            Err(NotConfirmed::OtherPerson)
        );
    }
    // A successor has numbers of its own.
    let newer = QualificationValidity::InvalidNewer;
    let replaced = Err(NotConfirmed::Validity(Some(newer.clone())));
    assert_eq!(judged(&others[0], newer, day), replaced);
}
