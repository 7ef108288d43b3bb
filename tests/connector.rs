//! The simulated connector, seen from clinic software: what each quirk leads to, and many questions at once.

mod connector_support;

use std::collections::BTreeMap;
use std::fs;

use connector_support::*;
use jiff::SignedDuration;
use uketsuke::eligibility::folders::{
    Consumption, ExchangeFolders, FolderPair, Progress, QuestionId, SIMULATION_MARKER, Trouble,
};
use uketsuke::eligibility::message::*;
use uketsuke::eligibility::{
    ConsentKind, Consents, Failure, QualificationValidity, Report, SegmentOfResult,
    TreatmentCategory,
};
use uketsuke::simulation::*;

#[test]
fn every_persona_and_many_made_up_are_answered_about_themselves() {
    let mut place = Place::prompt();
    let mut folders = place.clinic("journal", Consumption::Delete);
    let made_up = (0..40).map(|n| Patient::made_up(n * 217_813));
    for patient in Persona::all().iter().map(Patient::from).chain(made_up) {
        let Question::ByNumber { person, .. } = by_number(&patient) else {
            unreachable!()
        };
        let (id, progress) = place.ask(&mut folders, &by_number(&patient), &[]);
        assert_eq!(progress, Progress::Answered { settled: false });
        let report = report(&mut folders, id);
        assert!(report.is_about(&person), "{patient:?}");
        assert_eq!(report.validity, Some(patient.validity()), "{patient:?}");
        if patient.validity() == QualificationValidity::Valid {
            let coverage = report.found(&person).unwrap();
            assert_eq!(coverage.name.reveal(), patient.name());
        }
        folders.settle(id).unwrap();
    }
    assert_eq!(fs::read_dir(place.req()).unwrap().count(), 1, "the marker");
    assert_eq!(fs::read_dir(place.res()).unwrap().count(), 1, "the marker");
}

/// With one number of somebody else, nobody is found.
#[test]
fn whoever_has_other_numbers_is_nobody() {
    let mut place = Place::prompt();
    let mut folders = place.clinic("journal", Consumption::Leave);
    let has_branch = |patient: &Patient| patient.insured(TODAY).branch().is_some();
    let patient = (1..).map(Patient::made_up).find(has_branch).unwrap();
    let right = patient.question(TODAY);
    let (insured, born) = (right.insured(), right.birthdate());
    let insurer = insured.insurer().clone();
    let number = insured.number().reveal();
    let other = uketsuke::eligibility::InsurerNumber::parse("06139993").unwrap();
    let whole = |insurer, symbol, branch| {
        let insured = Insured::new(insurer, number).unwrap();
        let insured = insured.with_symbol(symbol).unwrap();
        insured.with_branch(branch).unwrap()
    };
    let symbol = insured.symbol().unwrap().reveal();
    let branch = insured.branch().unwrap().reveal();
    let cases = [
        (whole(insurer.clone(), symbol, branch), born, true),
        (Insured::new(insurer.clone(), number).unwrap(), born, true),
        (whole(other, symbol, branch), born, false),
        (whole(insurer.clone(), "他", branch), born, false),
        (whole(insurer, symbol, "99"), born, false),
        (insured.clone(), born.tomorrow().unwrap(), false),
    ];
    for (insured, born, known) in cases {
        let person = NumberQuestion::new(insured, born);
        let question = Question::ByNumber { on: TODAY, person };
        let (id, _) = place.ask(&mut folders, &question, &[]);
        let validity = report(&mut folders, id).validity;
        assert_eq!(validity == Some(QualificationValidity::Valid), known);
        let not_found = validity == Some(QualificationValidity::NotFound);
        assert_eq!(not_found, !known);
    }
}

/// What clinic software must make of each of them.
#[test]
fn each_quirk_leads_where_it_should() {
    use QualificationValidity::*;
    let answered = Progress::Answered { settled: false };
    for quirk in Quirk::ALL {
        let mut place = Place::prompt();
        let mut folders = place.clinic("journal", Consumption::Leave);
        let patient = Patient::made_up(7);
        let (id, progress) = place.ask(&mut folders, &by_number(&patient), &[quirk]);
        let timed_out = |trouble| Progress::TimedOut {
            trouble,
            late: false,
        };
        let expected = match quirk {
            Quirk::NotTaken => timed_out(Some(Trouble::NotTaken)),
            Quirk::Silent | Quirk::Late => timed_out(None),
            Quirk::Rejected => Progress::Rejected { settled: false },
            Quirk::WrongIdentifier | Quirk::NoIdentifier => {
                timed_out(Some(Trouble::OtherIdentifier))
            }
            Quirk::Encrypted => match progress {
                Progress::TimedOut {
                    trouble: Some(Trouble::Archive(ArchiveError::Encrypted { .. })),
                    late: false,
                } => progress,
                other => panic!("{other:?}"),
            },
            Quirk::BrokenOff => match progress {
                // A few bytes only may not even look like XML.
                Progress::TimedOut {
                    trouble: Some(Trouble::Unclosed | Trouble::NotAnAnswer),
                    late: false,
                } => progress,
                other => panic!("{other:?}"),
            },
            Quirk::Contradicted if cfg!(target_os = "linux") => {
                Progress::Conflict { settled: false }
            }
            _ => answered,
        };
        assert_eq!(progress, expected, "{quirk:?}");
        if quirk == Quirk::Late {
            place.wait(600_000);
            place.connector.step(place.now).unwrap();
            for _ in 0..3 {
                place.wait(400);
                folders.round(place.now).unwrap();
            }
            let late = folders.progress(id);
            assert!(matches!(late, Some(Progress::TimedOut { late: true, .. })));
        }
        if progress != answered {
            continue;
        }
        let report = report(&mut folders, id);
        let validity = match quirk {
            Quirk::Abnormal | Quirk::StatusError => None,
            Quirk::NotFound => Some(NotFound),
            Quirk::Several => Some(Several),
            Quirk::Invalid => Some(Invalid),
            Quirk::InvalidNewer => Some(InvalidNewer),
            Quirk::ValidUnregistered => Some(ValidUnregistered),
            _ => Some(Valid),
        };
        assert_eq!(report.validity, validity, "{quirk:?}");
        let Question::ByNumber { person, .. } = by_number(&patient) else {
            unreachable!()
        };
        let failure = report.found(&person).err().map(|not| not.failure());
        let expected = match quirk {
            Quirk::Abnormal | Quirk::StatusError => Some(Failure::AbnormalAnswer),
            Quirk::NotFound => Some(Failure::NoSuchInsured),
            Quirk::Several => Some(Failure::SeveralInsured),
            Quirk::Invalid => Some(Failure::InsuranceInvalid),
            Quirk::InvalidNewer => Some(Failure::InsuranceReplaced),
            Quirk::ValidUnregistered => Some(Failure::MedicalAidUnregistered),
            _ => None,
        };
        assert_eq!(failure, expected, "{quirk:?}");
        let abnormal = report.segment == SegmentOfResult::Abnormal;
        assert_eq!(abnormal, quirk == Quirk::Abnormal);
        assert_eq!(report.results.len() == 2, quirk == Quirk::Several);
        if let [result] = &report.results[..] {
            let replaced = result.name.reveal().contains('●');
            assert_eq!(replaced, quirk == Quirk::Unrepresentable);
            assert!(replaced || result.name.reveal() == patient.name());
        }
        let handled = place.connector.handled(&request(&by_number(&patient), id));
        assert_eq!(handled.unwrap().quirks, [quirk]);
    }
}

#[test]
fn numbers_of_six_digits_are_padded_either_way() {
    let municipal = |patient: &Patient| patient.insured(TODAY).insurer().digits().len() == 6;
    let patient = (0..).map(Patient::made_up).find(municipal).unwrap();
    for (quirks, padded) in [(&[][..], "  139998"), (&[Quirk::ZeroPadded], "00139998")] {
        let mut place = Place::prompt();
        let mut folders = place.clinic("journal", Consumption::Leave);
        let (id, _) = place.ask(&mut folders, &by_number(&patient), quirks);
        let report = report(&mut folders, id);
        assert_eq!(report.results[0].insurer_number.reveal(), padded);
        let Question::ByNumber { person, .. } = by_number(&patient) else {
            unreachable!()
        };
        assert!(report.is_about(&person));
    }
}

#[test]
fn chance_depends_on_seed_and_name_alone() {
    let all = |seed: u64, backwards: bool| -> BTreeMap<String, Vec<u8>> {
        let mut place = Place::new(ConnectorPlan::field(), seed);
        let mut names: Vec<u32> = (0..200).collect();
        if backwards {
            names.reverse();
        }
        for n in names {
            let question = by_number(&Patient::made_up(n));
            let institution = uketsuke::eligibility::InstitutionCode::parse("1319999999").unwrap();
            let header = Header::new(institution);
            let file = question
                .write(&header, uketsuke::eligibility::text::Charset::Utf8)
                .unwrap();
            let name = FileName::request(question.family(), Step::One, &format!("q{n}")).unwrap();
            fs::write(place.req().join(name.to_string()), file.as_bytes()).unwrap();
            if backwards {
                place.connector.step(place.now).unwrap();
            }
        }
        // Until all is written, and not yet deleted.
        while let Some(due) = place.connector.step(place.now).unwrap() {
            place.now = due;
        }
        fs::read_dir(place.res())
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| {
                (
                    entry.file_name().into_string().unwrap(),
                    fs::read(entry.path()).unwrap(),
                )
            })
            .collect()
    };
    let one = all(3, false);
    assert!(one.len() > 150, "{}", one.len());
    assert!(one == all(3, false));
    assert!(one.keys().eq(all(3, true).keys()));
    assert!(one != all(4, false));
}

#[test]
fn only_marked_folders_are_touched() {
    let root = tempfile::tempdir().unwrap();
    let settings = ConnectorSettings::prepare(root.path()).unwrap();
    // A second time they are there, with their markers.
    ConnectorSettings::prepare(root.path()).unwrap();
    let mut connector = Connector::open(settings.clone()).unwrap();
    for folder in ["req", "res", "face"] {
        let marker = root.path().join(folder).join(SIMULATION_MARKER);
        fs::remove_file(&marker).unwrap();
        let refused = |error| matches!(error, ConnectorError::NotMarked { .. });
        assert!(Connector::open(settings.clone()).is_err_and(refused));
        assert!(ConnectorSettings::prepare(root.path()).is_err_and(refused));
        let now = "2026-11-22T00:00:00Z".parse().unwrap();
        assert!(connector.step(now).is_err_and(refused));
        fs::write(&marker, "").unwrap();
    }
    let one = settings.folders().requests();
    let same = ConnectorSettings::new(FolderPair::new(one, one));
    let refused = |error| matches!(error, ConnectorError::SameFolder { .. });
    assert!(Connector::open(same).is_err_and(refused));
}

/// What anybody could put into the folder of requests.
#[test]
#[cfg(unix)]
fn strange_requests_do_no_harm() {
    let mut place = Place::prompt();
    let outside = place.root.path().join("outside.xml");
    fs::write(&outside, "<XmlMsg/>").unwrap();
    let req = place.req();
    let name = |n: u32| req.join(format!("OQSsiquc01req_strange{n}.xml"));
    fs::write(name(1), "no XML").unwrap();
    fs::write(name(2), "<XmlMsg><MessageHeader>").unwrap();
    fs::write(name(3), "").unwrap();
    std::os::unix::fs::symlink(&outside, name(4)).unwrap();
    fs::create_dir(name(5)).unwrap();
    let pipe = std::process::Command::new("mkfifo").arg(name(6)).status();
    assert!(pipe.unwrap().success());
    let huge = fs::File::create(name(7)).unwrap();
    huge.set_len(2 << 30).unwrap();
    fs::write(place.req().join("Thumbs.db"), "x").unwrap();
    fs::write(place.req().join("OQSsiquc01res_x.xml"), "x").unwrap();
    for _ in 0..3 {
        place.connector.step(place.now).unwrap();
        place.wait(1000);
    }
    let said: Vec<(String, Said)> = place
        .connector
        .history()
        .map(|handled| (handled.request.unique().to_owned(), handled.said.clone()))
        .collect();
    assert_eq!(
        said,
        [
            ("strange1".to_owned(), Said::Rejected),
            ("strange7".to_owned(), Said::Rejected)
        ]
    );
    assert!(outside.exists());
    for n in [2, 3, 4, 5, 6] {
        assert!(fs::symlink_metadata(name(n)).is_ok(), "{n}");
    }
    assert!(place.res().join("OQSsiquc01req_strange1.err").exists());
    // Somebody finishes writing.
    fs::write(name(2), "<XmlMsg><MessageHeader/></XmlMsg>").unwrap();
    place.connector.step(place.now).unwrap();
    assert!(!name(2).exists());
}

fn reception(
    place: &mut Place,
    folders: &mut ExchangeFolders,
    question: &Question,
) -> ReceptionNumber {
    let (id, progress) = place.ask(folders, question, &[]);
    assert_eq!(progress, Progress::Answered { settled: false });
    let file = folders.answer(id).unwrap().unpacked().unwrap();
    let accepted = Accepted::parse(file.as_bytes()).unwrap();
    folders.settle(id).unwrap();
    accepted.reception().unwrap().clone()
}

#[test]
fn a_bulk_question_goes_its_two_steps_in_every_form() {
    for quirks in [
        &[][..],
        &[Quirk::Zipped],
        &[Quirk::HalfWritten],
        &[Quirk::InUtf8],
    ] {
        let plan = ConnectorPlan::prompt()
            .with_bulk_delay(SignedDuration::from_secs(60), SignedDuration::from_secs(60));
        let mut place = Place::new(plan, 1);
        let mut folders = place.clinic("journal", Consumption::Delete);
        let patients: Vec<Patient> = (0..250).map(Patient::made_up).collect();
        let question = Question::BulkByNumber {
            on: TODAY,
            people: patients.iter().map(|p| p.question(TODAY)).collect(),
        };
        let reception = reception(&mut place, &mut folders, &question);
        let second = Question::BulkResult {
            family: Family::BulkQualification,
            reception,
        };
        // Too early: 処理中, and another question then.
        let (early, progress) = place.ask(&mut folders, &second, &[]);
        assert_eq!(progress, Progress::Answered { settled: false });
        let header = AnswerHeader::survey(folders.answer(early).unwrap()).unwrap();
        assert!(header.is_in_progress());
        folders.settle(early).unwrap();
        place.wait(61_000);
        let (id, progress) = place.ask(&mut folders, &second, quirks);
        assert_eq!(
            progress,
            Progress::Answered { settled: false },
            "{quirks:?}"
        );
        let answer = folders.answer(id).unwrap();
        let name = answer.name().clone();
        if quirks == [Quirk::Zipped] {
            assert_eq!(name.kind(), FileKind::Zip);
            let mut archive = Archive::open(answer, &name, 1 << 30).unwrap();
            check_bulk(archive.entry().unwrap(), &patients);
        } else {
            check_bulk(answer, &patients);
        }
        folders.settle(id).unwrap();
        let left = fs::read_dir(place.res()).unwrap().count();
        assert_eq!(left, 1, "the marker");
    }
}

fn check_bulk(source: impl std::io::Read, patients: &[Patient]) {
    let mut answer = BulkAnswer::qualifications(source).unwrap();
    let units: Vec<BulkUnit> = (&mut answer).map(Result::unwrap).collect();
    let header = answer.header().unwrap().clone();
    assert_eq!(header.processed, Some(250));
    assert_eq!((header.normal, header.errors), (Some(250), Some(0)));
    assert_eq!(units.len(), patients.len());
    for (unit, patient) in units.into_iter().zip(patients) {
        let report = unit.into_report(&header);
        let coverage = report.found(&patient.question(TODAY)).unwrap();
        assert_eq!(coverage.name.reveal(), patient.name());
    }
}

#[test]
fn lists_that_nobody_is_named_for_are_as_long_as_told() {
    let mut place = Place::prompt();
    place.settings = place.settings.with_listed(20);
    place.connector = Connector::open(place.settings.clone()).unwrap();
    let mut folders = place.clinic("journal", Consumption::Leave);
    let days = Period::new(TODAY, TODAY).unwrap();
    for question in [
        Question::MedicalAidTickets {
            month: Month::of(TODAY).unwrap(),
        },
        Question::HomeVisitConsents { consented: days },
        Question::OnlineConsents(OnlineSearch::Consented(days)),
    ] {
        let reception = reception(&mut place, &mut folders, &question);
        let family = question.family();
        let (id, _) = place.ask(
            &mut folders,
            &Question::BulkResult { family, reception },
            &[],
        );
        let answer = BulkAnswer::qualifications(folders.answer(id).unwrap()).unwrap();
        let units: Vec<BulkUnit> = answer.map(Result::unwrap).collect();
        assert_eq!(units.len(), 20);
        let tickets = family == Family::MedicalAidTickets;
        assert!(
            units
                .iter()
                .all(|u| u.results[0].tickets.is_empty() != tickets)
        );
    }
}

#[test]
fn an_unknown_reception_number_ends_abnormally() {
    let mut place = Place::prompt();
    let mut folders = place.clinic("journal", Consumption::Leave);
    let question = Question::BulkResult {
        family: Family::BulkQualification,
        reception: ReceptionNumber::new("12345").unwrap(),
    };
    let (id, _) = place.ask(&mut folders, &question, &[]);
    let header = AnswerHeader::survey(folders.answer(id).unwrap()).unwrap();
    assert_eq!(header.segment, Some(SegmentOfResult::Abnormal));
    assert!(
        header
            .error_code
            .is_some_and(|code| code.starts_with("SIM"))
    );
}

#[test]
fn a_registered_reference_number_comes_with_later_results() {
    let mut place = Place::prompt();
    let mut folders = place.clinic("journal", Consumption::Leave);
    let [one, other, nobody] = [3, 4, 5].map(Patient::made_up);
    let single = ReferenceRegistration::new("P-3", one.insured(TODAY)).unwrap();
    let (id, _) = place.ask(&mut folders, &Question::RegisterReference(single), &[]);
    let file = folders.answer(id).unwrap().unpacked().unwrap();
    assert!(
        RegistrationAnswer::parse(file.as_bytes())
            .unwrap()
            .result
            .is_registered()
    );

    let wrong = Insured::new(other.insured(TODAY).insurer().clone(), "999").unwrap();
    let many = Question::BulkRegisterReference(vec![
        ReferenceRegistration::new("P-4", other.insured(TODAY)).unwrap(),
        ReferenceRegistration::new("P-5", wrong).unwrap(),
    ]);
    let reception = reception(&mut place, &mut folders, &many);
    let family = Family::BulkReferenceNumber;
    let (id, _) = place.ask(
        &mut folders,
        &Question::BulkResult { family, reception },
        &[],
    );
    let mut answer = BulkAnswer::registrations(folders.answer(id).unwrap()).unwrap();
    let registered: Vec<bool> = (&mut answer).map(|r| r.unwrap().is_registered()).collect();
    assert_eq!(registered, [true, false]);
    assert_eq!(answer.header().unwrap().errors, Some(1));

    for (patient, reference) in [(one, Some("P-3")), (other, Some("P-4")), (nobody, None)] {
        let (id, _) = place.ask(&mut folders, &by_number(&patient), &[]);
        let found = report(&mut folders, id).results[0].reference_number.clone();
        assert_eq!(found.as_ref().map(|number| number.reveal()), reference);
    }
}

#[test]
fn medicines_and_checkups_come_within_consent_alone() {
    let mut place = Place::prompt();
    let mut folders = place.clinic("journal", Consumption::Leave);
    let patient = Patient::made_up(9);
    let month = Month::of(TODAY).unwrap();
    let about =
        |form| MedicalInformation::new(patient.insured(TODAY), form, TreatmentCategory::Outpatient);
    let medicines = Question::Medicines {
        about: about(MedicalForm::Xml),
        from: month,
        to: month,
    };
    let checkups = Question::HealthCheckups(about(MedicalForm::Xml));
    let given = |place: &mut Place, folders: &mut ExchangeFolders| {
        let (id, _) = place.ask(folders, &medicines, &[]);
        let file = folders.answer(id).unwrap().unpacked().unwrap();
        let one = Medicines::parse(file.as_bytes()).unwrap();
        let (id, _) = place.ask(folders, &checkups, &[]);
        let file = folders.answer(id).unwrap().unpacked().unwrap();
        let two = HealthCheckups::parse(file.as_bytes()).unwrap();
        assert_eq!(one.months.is_empty(), !one.answer.is_given());
        assert_eq!(two.checkups.is_empty(), !two.answer.is_given());
        (one.answer.is_given(), two.answer.is_given())
    };
    assert_eq!(given(&mut place, &mut folders), (false, false));
    let consents = Consents::none().with(ConsentKind::Medicines);
    let check_in = FaceCheckIn::new(patient.clone()).with_consents(consents);
    place
        .connector
        .check_in(&check_in, place.now)
        .unwrap()
        .unwrap();
    assert_eq!(given(&mut place, &mut folders), (true, false));
    let pdf = Question::Medicines {
        about: about(MedicalForm::Pdf),
        from: month,
        to: month,
    };
    let (id, _) = place.ask(&mut folders, &pdf, &[]);
    let answer = folders.answer(id).unwrap();
    assert_eq!(answer.kind(), FileKind::Pdf);
    assert!(answer.as_bytes().unwrap().starts_with(b"%PDF"));
    // A day later it is over.
    place.wait(24 * 3600 * 1000);
    assert_eq!(given(&mut place, &mut folders), (false, false));
}

#[test]
fn a_check_in_leaves_the_file_that_it_should() {
    use QualificationValidity::*;
    let patient = Patient::made_up(11);
    let outcomes = [
        FaceOutcome::Completed,
        FaceOutcome::Grace,
        FaceOutcome::Insurance(Invalid),
        FaceOutcome::Insurance(NotFound),
        FaceOutcome::Insurance(Several),
        FaceOutcome::CentreDown,
        FaceOutcome::NoFile,
    ];
    for outcome in outcomes {
        let mut place = Place::prompt();
        let consents = Consents::none().with(ConsentKind::Treatment);
        let check_in = FaceCheckIn::new(patient.clone())
            .with_consents(consents)
            .with_outcome(outcome.clone())
            .with_quirks(&[Quirk::Shuffled, Quirk::HalfWritten, Quirk::InUtf8]);
        let name = place.connector.check_in(&check_in, place.now).unwrap();
        let Some(name) = name else {
            assert_eq!(outcome, FaceOutcome::NoFile);
            continue;
        };
        assert_eq!(name.face_time().unwrap().to_string(), "2026-11-22T09:15:00");
        let path = place.settings.face().unwrap().join(name.to_string());
        let read = || parse_report(&fs::read(&path).unwrap(), 1 << 20);
        place.connector.step(place.now).unwrap();
        assert!(read().is_err(), "half of it");
        place.wait(2000);
        place.connector.step(place.now).unwrap();
        let report: Report = read().unwrap().report;
        let said = report.centre_said().is_some();
        match outcome {
            FaceOutcome::Completed | FaceOutcome::Grace => {
                let result = report.valid_qualification().unwrap();
                assert_eq!(result.name.reveal(), patient.name());
                let grace = outcome == FaceOutcome::Grace;
                assert_eq!((result.consents.is_empty(), said), (grace, grace));
                let consent = result.consent(ConsentKind::Treatment);
                assert_eq!(consent.is_some_and(|c| c.allows_at(place.now)), !grace);
                let refused = result.consent(ConsentKind::Medicines);
                assert!(refused.is_none_or(|c| !c.given() && c.at.is_none()));
            }
            FaceOutcome::Insurance(validity) => {
                assert_eq!(report.validity, Some(validity.clone()));
                assert_eq!(report.results.len(), usize::from(validity == Invalid));
            }
            _ => assert_eq!(report.segment, SegmentOfResult::Abnormal),
        }
    }
}

#[test]
fn a_stopped_connector_and_one_without_its_centre() {
    let mut place = Place::prompt();
    let mut folders = place.clinic("journal", Consumption::Leave);
    let question = by_number(&Patient::made_up(1));
    for mode in [ConnectorMode::CentreDown, ConnectorMode::SystemFailure] {
        place.connector.set_mode(mode);
        let (id, _) = place.ask(&mut folders, &question, &[]);
        let report = report(&mut folders, id);
        assert_eq!(report.segment, SegmentOfResult::Abnormal);
    }
    place.connector.set_mode(ConnectorMode::Disaster);
    let (id, _) = place.ask(&mut folders, &question, &[]);
    let told = report(&mut folders, id);
    assert!(told.centre_said().is_some() && told.valid_qualification().is_ok());
    place.connector.set_mode(ConnectorMode::Stopped);
    let (_, progress) = place.ask(&mut folders, &question, &[]);
    let trouble = Some(Trouble::NotTaken);
    let late = false;
    assert_eq!(progress, Progress::TimedOut { trouble, late });
}

/// Asks about so many people at once, from three programs in one pair of folders,
/// and compares every end with what the connector did.
fn in_flight(people: u32, seed: u64) {
    let plan = ConnectorPlan::field()
        .with(Quirk::WrongIdentifier, 5)
        .with(Quirk::Encrypted, 5)
        .with_deletion(
            SignedDuration::from_millis(100),
            SignedDuration::from_secs(60),
        );
    let mut place = Place::new(plan, seed);
    let kept = place.root.path().join("kept");
    fs::create_dir(&kept).unwrap();
    let policies = [
        Consumption::Delete,
        Consumption::Leave,
        Consumption::MoveTo(kept),
    ];
    let mut programs: Vec<ExchangeFolders> = (0..)
        .zip(&policies)
        .map(|(n, policy)| place.clinic(&format!("journal{n}"), policy.clone()))
        .collect();
    let mut asked: BTreeMap<QuestionId, (usize, Patient)> = BTreeMap::new();
    for n in 0..people {
        let patient = Patient::made_up(n);
        let program = n as usize % programs.len();
        // Not by chance, so that what fails once fails again.
        let digits = format!("{:020}", seed * 1_000_000_000 + u64::from(n) * 7919);
        let id = QuestionId::parse(&digits).unwrap();
        let question = by_number(&patient);
        programs[program].ask_as(id, &question, place.now).unwrap();
        asked.insert(id, (program, patient));
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ends: BTreeMap<QuestionId, Progress> = BTreeMap::new();
    let last = place.now + SignedDuration::from_mins(15);
    // Also what comes late, and again.
    while place.now < last {
        let due = place.connector.step(place.now).unwrap();
        let mut next = due.unwrap_or(last);
        for (n, program) in programs.iter_mut().enumerate() {
            for id in program.round(place.now).unwrap() {
                let progress = program.progress(id).unwrap();
                if let Some(before) = ends.insert(id, progress) {
                    // An end stays what it is, but for files that come afterwards.
                    let same = std::mem::discriminant(&before) == std::mem::discriminant(&progress);
                    assert!(same, "{before:?} {progress:?}");
                    continue;
                }
                let (asked_by, patient) = &asked[&id];
                assert_eq!(*asked_by, n);
                let handled = place.connector.handled(&request(&by_number(patient), id));
                let handled = handled.unwrap();
                let end = check_end(program, id, progress, handled, patient);
                *counts.entry(end).or_default() += 1;
            }
            if ends.len() < asked.len() {
                let waiting = program
                    .open_questions()
                    .find_map(|open| match open.progress {
                        Progress::Waiting { not_before, .. } => Some(not_before),
                        _ => None,
                    });
                next = next.min(waiting.unwrap_or(next));
            }
        }
        // No clock but theirs; a program looks every 300 ms at most.
        place.now = next.max(place.now + SignedDuration::from_millis(100));
    }
    println!("{people} questions, seed {seed}: {counts:?}");
    assert_eq!(ends.len(), asked.len());
    assert_eq!(counts.values().sum::<usize>(), asked.len());
    assert!(counts["answered"] > asked.len() * 3 / 4, "{counts:?}");
    assert_eq!(counts.len(), 3, "{counts:?}");
    // None of them was taken twice, and every answer was of its program.
    assert_eq!(place.connector.history().count(), asked.len());
}

/// Reads and settles, and says which of the three ends it was.
fn check_end(
    program: &mut ExchangeFolders,
    id: QuestionId,
    progress: Progress,
    handled: &HandledQuestion,
    patient: &Patient,
) -> &'static str {
    let has = |quirk| handled.quirks.contains(&quirk);
    let Question::ByNumber { person, .. } = by_number(patient) else {
        unreachable!()
    };
    match progress {
        Progress::Answered { .. } => {
            let report = report(program, id);
            compare(&report, handled, patient, &person);
            program.settle(id).unwrap();
            "answered"
        }
        Progress::Rejected { .. } => {
            assert_eq!(handled.said, Said::Rejected);
            program.settle(id).unwrap();
            "rejected"
        }
        Progress::TimedOut { trouble, .. } => {
            let reasons = [
                Quirk::NotTaken,
                Quirk::Silent,
                Quirk::Late,
                Quirk::BrokenOff,
                Quirk::WrongIdentifier,
                Quirk::NoIdentifier,
                Quirk::Encrypted,
                Quirk::Deleted,
            ];
            let reason = reasons.into_iter().find(|quirk| has(*quirk));
            assert!(reason.is_some(), "{:?} {trouble:?}", handled.quirks);
            "timed out"
        }
        other => panic!("{other:?}"),
    }
}

/// The answer that was read is what the connector said, about who was asked.
fn compare(report: &Report, handled: &HandledQuestion, patient: &Patient, person: &NumberQuestion) {
    match &handled.said {
        Said::Qualification(validity) => {
            assert_eq!(
                report.validity.as_ref(),
                Some(validity),
                "{:?}",
                handled.quirks
            );
            // Of several, one is somebody else.
            assert_eq!(report.is_about(person), report.results.len() < 2);
            if let [result] = &report.results[..] {
                assert_eq!(result.birthdate.reveal(), patient.birthdate());
                let number = result.number.as_ref().unwrap();
                assert_eq!(number, person.insured().number());
            }
        }
        Said::Abnormal { code } => {
            assert_eq!(report.segment, SegmentOfResult::Abnormal);
            assert_eq!(report.error_code.as_deref(), Some(*code));
        }
        Said::Error { code } => assert_eq!(report.code.as_deref(), Some(*code)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_thousand_questions_in_flight_have_one_right_end_each() {
    in_flight(1000, 1);
}

#[test]
#[ignore = "takes a minute without optimisation"]
fn ten_thousand_questions_in_flight_have_one_right_end_each() {
    in_flight(10_000, 2);
}
