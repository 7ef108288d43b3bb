use jiff::Timestamp;

use super::*;
use crate::eligibility::{
    CardClassification, ConsentFlag, Consents, LimitCategory, LimitCertificate, Personal,
    PrescriptionIssue, Presented, Qualification, Report, RequestNumber, Sex, UnreadElement,
};
use crate::trust::SignedChallenge;

/// A text that must not show up anywhere.
const CANARY: &str = "CANARY-山田";

fn presented(standing: Standing) -> Presented {
    let challenge = SignedChallenge {
        message: CANARY.into(),
        signature: CANARY.as_bytes().to_vec(),
    };
    let visit = VisitId::begin();
    Presented::for_tests(visit, CANARY.into(), challenge, Realm::Simulation, standing)
}

fn request(kind: RequestKind) -> Request {
    Request::new(presented(Standing::InForce), kind)
}

fn result_request() -> Request {
    request(RequestKind::Result {
        consents: Consents::none(),
    })
}

fn qualification() -> Qualification {
    let personal = || Personal::new(CANARY);
    Qualification {
        card_classification: CardClassification::from_code(CANARY),
        insurer_number: personal(),
        insurer_name: CANARY.to_owned(),
        symbol: Some(personal()),
        number: Some(personal()),
        branch: Some(personal()),
        kana: Some(personal()),
        sex: Sex::from_code(CANARY),
        contribution_ratio: Some("020".to_owned()),
        limit: Some(LimitCertificate {
            category: Some(LimitCategory::from_code(CANARY)),
            ..LimitCertificate::default()
        }),
        unread: vec![UnreadElement::new(CANARY, CANARY)],
        ..Qualification::new(CANARY, CANARY)
    }
}

fn good(number: RequestNumber) -> Answer {
    let report = Report {
        message: Some(CANARY.to_owned()),
        validity: Some(QualificationValidity::Valid),
        certificate: Some(CertificateStatus::Good),
        registration: Some(Registration::Registered),
        results: vec![qualification()],
        executed: Some(Timestamp::UNIX_EPOCH),
        ..Report::normal()
    };
    Answer { number, report }
}

fn judged(change: impl FnOnce(&mut Answer)) -> Result<EligibilityConfirmed, NotConfirmed> {
    let request = result_request();
    let mut answer = good(request.number());
    change(&mut answer);
    confirm(&request, &answer, Realm::Simulation)
}

fn refusal(change: impl FnOnce(&mut Answer)) -> NotConfirmed {
    judged(change).unwrap_err()
}

#[test]
fn a_good_answer_confirms_this_visit_and_certificate() {
    let request = result_request();
    let confirmed = confirm(&request, &good(request.number()), Realm::Simulation).unwrap();
    assert_eq!(confirmed.visit(), request.presented().unwrap().visit());
    assert_eq!(confirmed.binding(), request.presented().unwrap().binding());
    assert_eq!(confirmed.digest(), request.presented().unwrap().digest());
    assert_eq!(confirmed.realm(), Realm::Simulation);
    assert_eq!(
        confirmed.identified(),
        request.presented().unwrap().identified()
    );
    assert_eq!(confirmed.coverage().copayment_tenths, Some(2));
    assert!(!confirmed.coverage().eligibility_only);
    assert_eq!(confirmed.coverage().notice.as_deref(), Some(CANARY));
    assert_eq!(confirmed.into_coverage().name.reveal(), CANARY);
}

#[test]
fn an_unsaid_registration_is_no_obstacle() {
    // A centre that gives a result need not say it again.
    assert!(judged(|answer| answer.report.registration = None).is_ok());
}

#[test]
fn grace_confirms_eligibility_only() {
    let standing = Standing::Grace {
        until: Timestamp::UNIX_EPOCH,
    };
    let kind = RequestKind::Result {
        consents: Consents::all(),
    };
    let request = Request::new(presented(standing), kind);
    let mut answer = good(request.number());
    answer.report.results[0].consents = vec![crate::eligibility::Consent {
        kind: crate::eligibility::ConsentKind::Medicines,
        flag: ConsentFlag::Given,
        at: None,
        available_until: None,
    }];
    let coverage = confirm(&request, &answer, Realm::Simulation)
        .unwrap()
        .into_coverage();
    assert!(coverage.eligibility_only);
    assert!(
        coverage.consents.is_empty(),
        "consents don't count in grace"
    );
}

#[test]
fn an_answer_to_another_number_never_confirms() {
    let older = RequestNumber::next();
    let request = result_request();
    let newer = RequestNumber::next();
    for other in [older, newer] {
        assert_eq!(
            confirm(&request, &good(other), Realm::Simulation).unwrap_err(),
            NotConfirmed::OtherRequest
        );
    }
}

#[test]
fn only_a_question_for_the_result_confirms() {
    for kind in [
        RequestKind::Status,
        RequestKind::Register,
        RequestKind::Subsidies { consent: true },
        RequestKind::Prescription {
            issue: PrescriptionIssue::Paper,
        },
    ] {
        let request = request(kind);
        let answer = good(request.number());
        assert_eq!(
            confirm(&request, &answer, Realm::Simulation).unwrap_err(),
            NotConfirmed::NotAResult
        );
    }
}

#[test]
fn worlds_are_not_mixed() {
    let request = result_request();
    for service in [Realm::Production, Realm::JpkiTest] {
        assert_eq!(
            confirm(&request, &good(request.number()), service).unwrap_err(),
            NotConfirmed::OtherRealm {
                proof: Realm::Simulation,
                service
            }
        );
    }
}

#[test]
fn every_single_wrong_layer_refuses() {
    for code in ["2", "9", "3", "", "１", "01", CANARY] {
        let segment = SegmentOfResult::from_code(code);
        let got = refusal(|answer| answer.report.segment = segment.clone());
        assert_eq!(got, NotConfirmed::Segment(segment));
    }
    for code in ["2", "9", "", CANARY] {
        let status = ProcessingResultStatus::from_code(code);
        let got = refusal(|answer| answer.report.status = Some(status));
        assert_eq!(got, NotConfirmed::Processing { code: None });
    }
    for status in [CertificateStatus::Revoked, CertificateStatus::Unknown] {
        let got = refusal(|answer| answer.report.certificate = Some(status));
        assert_eq!(got, NotConfirmed::Certificate(status));
    }
    assert_eq!(
        refusal(|answer| answer.report.certificate = None),
        NotConfirmed::Certificate(CertificateStatus::Unknown)
    );
    assert_eq!(
        refusal(|answer| answer.report.registration = Some(Registration::NotRegistered)),
        NotConfirmed::NotRegistered
    );
    for code in ["2", "3", "4", "5", "6", "7", "", CANARY] {
        let validity = Some(QualificationValidity::from_code(code));
        let got = refusal(|answer| answer.report.validity = validity.clone());
        assert_eq!(got, NotConfirmed::Validity(validity));
    }
    assert_eq!(
        refusal(|answer| answer.report.validity = None),
        NotConfirmed::Validity(None)
    );
    for count in [0, 2, 3] {
        let got = refusal(|answer| answer.report.results = vec![qualification(); count]);
        assert_eq!(got, NotConfirmed::Results(count));
    }
    // A code that was spelt by hand into `Other` is still not the good one.
    let spelt = SegmentOfResult::Other("1".to_owned());
    assert!(judged(|answer| answer.report.segment = spelt).is_err());
}

#[test]
fn no_combination_with_a_wrong_layer_confirms() {
    // Every layer right or wrong, all 64 combinations: only one may pass.
    let mut confirmed = 0;
    for bits in 0..64_u8 {
        let wrong = |layer: u8| bits >> layer & 1 == 1;
        let outcome = judged(|answer| {
            let report = &mut answer.report;
            if wrong(0) {
                report.segment = SegmentOfResult::Abnormal;
            }
            if wrong(1) {
                report.status = Some(ProcessingResultStatus::Error);
            }
            if wrong(2) {
                report.certificate = Some(CertificateStatus::Revoked);
            }
            if wrong(3) {
                report.validity = Some(QualificationValidity::Invalid);
            }
            if wrong(4) {
                report.results.clear();
            }
            if wrong(5) {
                answer.number = RequestNumber::next();
            }
        });
        assert_eq!(outcome.is_ok(), bits == 0, "{bits:06b}");
        confirmed += usize::from(outcome.is_ok());
    }
    assert_eq!(confirmed, 1);
}

fn status_of(
    kind: RequestKind,
    change: impl FnOnce(&mut Answer),
) -> Result<Registration, NotConfirmed> {
    let request = request(kind);
    let mut answer = good(request.number());
    answer.report.validity = None;
    answer.report.results.clear();
    change(&mut answer);
    status(&request, &answer, Realm::Simulation)
}

#[test]
fn a_status_is_registered_or_not() {
    for kind in [RequestKind::Status, RequestKind::Register] {
        assert_eq!(
            status_of(kind.clone(), |_| ()).unwrap(),
            Registration::Registered
        );
        let no = Some(Registration::NotRegistered);
        assert_eq!(
            status_of(kind, |answer| answer.report.registration = no).unwrap(),
            Registration::NotRegistered
        );
    }
}

#[test]
fn a_status_with_any_wrong_layer_is_none() {
    let refusal = |change: fn(&mut Answer)| status_of(RequestKind::Status, change).unwrap_err();
    let revoked = NotConfirmed::Certificate(CertificateStatus::Revoked);
    let unknown = NotConfirmed::Certificate(CertificateStatus::Unknown);
    for (got, expected) in [
        (
            refusal(|answer| answer.number = RequestNumber::next()),
            NotConfirmed::OtherRequest,
        ),
        (
            refusal(|answer| answer.report.segment = SegmentOfResult::InProgress),
            NotConfirmed::Segment(SegmentOfResult::InProgress),
        ),
        (
            refusal(|answer| answer.report.status = Some(ProcessingResultStatus::Error)),
            NotConfirmed::Processing { code: None },
        ),
        (
            refusal(|answer| answer.report.certificate = Some(CertificateStatus::Revoked)),
            revoked.clone(),
        ),
        (
            refusal(|answer| answer.report.certificate = None),
            unknown.clone(),
        ),
        (
            refusal(|answer| answer.report.registration = None),
            NotConfirmed::RegistrationUnsaid,
        ),
        // The certificate explains the error of the processing layer.
        (
            refusal(|answer| {
                answer.report.status = Some(ProcessingResultStatus::Error);
                answer.report.certificate = Some(CertificateStatus::Revoked);
            }),
            revoked,
        ),
        (
            refusal(|answer| {
                answer.report.status = Some(ProcessingResultStatus::Error);
                answer.report.certificate = Some(CertificateStatus::Unknown);
            }),
            unknown,
        ),
        (
            refusal(|answer| {
                answer.report.status = Some(ProcessingResultStatus::Error);
                answer.report.certificate = None;
            }),
            NotConfirmed::Processing { code: None },
        ),
    ] {
        assert_eq!(got, expected);
    }
    let asked = request(RequestKind::Status);
    assert_eq!(
        status(&asked, &good(asked.number()), Realm::Production).unwrap_err(),
        NotConfirmed::OtherRealm {
            proof: Realm::Simulation,
            service: Realm::Production
        }
    );
    let result = result_request();
    assert_eq!(
        status(&result, &good(result.number()), Realm::Simulation).unwrap_err(),
        NotConfirmed::NotAStatus
    );
}

#[test]
fn status_and_result_read_the_same_layers_alike() {
    // All layers that both know, right or wrong: one report, one meaning.
    for bits in 0..32_u8 {
        let change = move |answer: &mut Answer| {
            let report = &mut answer.report;
            if bits & 1 != 0 {
                report.segment = SegmentOfResult::Abnormal;
            }
            if bits & 2 != 0 {
                report.status = Some(ProcessingResultStatus::Error);
            }
            report.certificate = match bits >> 2 & 3 {
                0 => Some(CertificateStatus::Good),
                1 => Some(CertificateStatus::Revoked),
                2 => Some(CertificateStatus::Unknown),
                _ => None,
            };
            if bits & 16 != 0 {
                answer.number = RequestNumber::next();
            }
        };
        assert_eq!(
            status_of(RequestKind::Register, change).err(),
            judged(change).err(),
            "{bits:05b}"
        );
    }
}

#[test]
fn what_the_centre_said_is_handed_on_whole() {
    let mut report = good(RequestNumber::next()).report;
    report.code = Some("OQS0123".to_owned());
    let said = report.centre_said().unwrap();
    assert_eq!(said.code.as_deref(), Some("OQS0123"));
    assert_eq!(said.message.as_deref(), Some(CANARY));
    assert!(format!("{said:?}").contains("OQS0123"));
    (report.code, report.message) = (None, Some("  ".to_owned()));
    assert_eq!(report.centre_said(), None);
}

#[test]
fn each_refusal_has_its_failure() {
    let validity = |code| NotConfirmed::Validity(Some(QualificationValidity::from_code(code)));
    for (refusal, failure) in [
        (NotConfirmed::OtherRequest, Failure::OutcomeUnknown),
        (NotConfirmed::NotAResult, Failure::Internal),
        (NotConfirmed::NotAStatus, Failure::Internal),
        (NotConfirmed::RegistrationUnsaid, Failure::AbnormalAnswer),
        (
            NotConfirmed::Segment(SegmentOfResult::InProgress),
            Failure::StillProcessing,
        ),
        (
            NotConfirmed::Segment(SegmentOfResult::Abnormal),
            Failure::AbnormalAnswer,
        ),
        (
            NotConfirmed::Processing { code: None },
            Failure::AbnormalAnswer,
        ),
        (
            NotConfirmed::Certificate(CertificateStatus::Revoked),
            Failure::CertificateRevoked,
        ),
        (
            NotConfirmed::Certificate(CertificateStatus::Unknown),
            Failure::CertificateInvalid,
        ),
        (NotConfirmed::NotRegistered, Failure::NotRegistered),
        (validity("2"), Failure::InsuranceInvalid),
        (validity("3"), Failure::InsuranceReplaced),
        (validity("4"), Failure::NoSuchInsured),
        (validity("5"), Failure::SeveralInsured),
        (validity("6"), Failure::MedicalAidUnregistered),
        (validity("x"), Failure::AbnormalAnswer),
        (NotConfirmed::Validity(None), Failure::AbnormalAnswer),
        (NotConfirmed::Results(0), Failure::NoSuchInsured),
        (NotConfirmed::Results(2), Failure::SeveralInsured),
    ] {
        assert_eq!(refusal.failure(), failure, "{refusal}");
    }
}

#[test]
fn nothing_personal_shows() {
    let request = result_request();
    let answer = good(request.number());
    let confirmed = confirm(&request, &answer, Realm::Simulation).unwrap();
    let odd = refusal(|answer| answer.report.segment = SegmentOfResult::from_code(CANARY));
    let coded = refusal(|answer| {
        answer.report.code = Some(CANARY.to_owned());
        answer.report.status = Some(ProcessingResultStatus::from_code(CANARY));
    });
    let mut report = answer.report.clone();
    report.code = Some(CANARY.to_owned());
    report.validity = Some(QualificationValidity::from_code(CANARY));
    for text in [
        format!("{request:#?}"),
        format!("{:?}", request.presented()),
        format!("{answer:#?}"),
        format!("{report:?}"),
        format!("{:?}", report.results),
        format!("{:?}", report.centre_said().unwrap()),
        format!("{confirmed:?}"),
        format!("{:?}", confirmed.coverage()),
        format!("{odd} {odd:?}"),
        format!("{coded} {coded:?}"),
    ] {
        assert!(!text.contains("CANARY") && !text.contains("山田"), "{text}");
        // Nor as the bytes of its first letters.
        assert!(!text.contains("67, 65, 78"), "{text}");
    }
}

#[test]
fn a_code_that_looks_like_one_is_kept() {
    let got = refusal(|answer| {
        answer.report.code = Some("OQS0123".to_owned());
        answer.report.status = Some(ProcessingResultStatus::Error);
    });
    assert_eq!(
        got,
        NotConfirmed::Processing {
            code: Some("OQS0123".to_owned())
        }
    );
    assert_eq!(got.to_string(), "processing layer: code Some(\"OQS0123\")");
}

fn choices() -> [RequestKind; 4] {
    let issue = |issue| RequestKind::Prescription { issue };
    [
        issue(PrescriptionIssue::Electronic),
        issue(PrescriptionIssue::Paper),
        RequestKind::Subsidies { consent: true },
        RequestKind::Subsidies { consent: false },
    ]
}

#[test]
fn a_choice_is_noted_only_if_every_layer_is_right() {
    for kind in choices() {
        let note = |change: &dyn Fn(&mut Answer)| {
            let request = request(kind.clone());
            let mut answer = good(request.number());
            if let RequestKind::Prescription { issue } = &kind {
                answer.report.prescription_issue = Some(issue.clone());
            }
            change(&mut answer);
            noted(&request, &answer, Realm::Simulation)
        };
        assert_eq!(note(&|_| ()), Ok(()));
        let prescription = matches!(kind, RequestKind::Prescription { .. });
        for other in [None, Some(PrescriptionIssue::from_code("3"))] {
            let got = note(&|answer| answer.report.prescription_issue = other.clone());
            let unsaid = Err(NotConfirmed::ChoiceUnsaid);
            assert_eq!(got, if prescription { unsaid } else { Ok(()) });
        }
        let segment = SegmentOfResult::Abnormal;
        assert_eq!(
            note(&|answer| answer.report.segment = segment.clone()),
            Err(NotConfirmed::Segment(segment.clone()))
        );
        assert_eq!(
            note(&|answer| answer.report.status = None),
            Err(NotConfirmed::Processing { code: None })
        );
        assert_eq!(
            note(&|answer| answer.report.certificate = None),
            Err(NotConfirmed::Certificate(CertificateStatus::Unknown))
        );
        assert_eq!(
            note(&|answer| answer.number = RequestNumber::next()),
            Err(NotConfirmed::OtherRequest)
        );
    }
    for kind in [RequestKind::Status, RequestKind::Register] {
        let request = request(kind);
        let answer = good(request.number());
        let got = noted(&request, &answer, Realm::Simulation);
        assert_eq!(got, Err(NotConfirmed::NotAChoice));
    }
}
