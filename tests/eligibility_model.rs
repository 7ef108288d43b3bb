//! The report with all its parts, the code tables, the numbers and the warnings.

use jiff::civil::date;
use jiff::{Timestamp, ToSpan};
use uketsuke::eligibility::*;

/// A text that `Debug` must not show.
const SECRET: &str = "見本77";

fn secret() -> Option<Personal> {
    Some(Personal::new(SECRET))
}

fn unread() -> Vec<UnreadElement> {
    vec![UnreadElement::new(SECRET, SECRET)]
}

/// Every field of every part filled.
fn full() -> Report {
    let three = || Three {
        first: secret(),
        second: secret(),
        third: secret(),
    };
    let ticket = MedicalTicket {
        ticket_type: Some(TicketType::from_code(SECRET)),
        issue_number: secret(),
        month: Some(SECRET.to_owned()),
        institution_code: Some(SECRET.to_owned()),
        institution_match: Some(InstitutionMatch::from_code(SECRET)),
        institution_name: Some(SECRET.to_owned()),
        prescriber_code: Some(SECRET.to_owned()),
        prescriber_name: Some(SECRET.to_owned()),
        injuries: three(),
        treatment_type: Some(TreatmentType::from_code(SECRET)),
        self_pay: secret(),
        district_contact: secret(),
        handling_contact: secret(),
        single_or_combined: Some(SingleOrCombined::from_code(SECRET)),
        social_insurance: Some(Recorded::from_code(SECRET)),
        consistency: Some(Consistency::from_code(SECRET)),
        remarks: three(),
        unread: unread(),
        ..MedicalTicket::default()
    };
    let qualification = Qualification {
        card_classification: CardClassification::from_code(SECRET),
        insurer_number: Personal::new(SECRET),
        insurer_name: SECRET.to_owned(),
        symbol: secret(),
        personal_family: Some(PersonalFamily::from_code(SECRET)),
        sex: Sex::from_code(SECRET),
        elderly_recipient: Some(ElderlyRecipient {
            contribution_ratio: Some(SECRET.to_owned()),
            unread: unread(),
            ..ElderlyRecipient::default()
        }),
        limit: Some(LimitCertificate {
            category: Some(LimitCategory::from_code(SECRET)),
            unread: unread(),
            ..LimitCertificate::default()
        }),
        specific_diseases: vec![SpecificDisease {
            category: Some(SpecificDiseaseCategory::from_code(SECRET)),
            unread: unread(),
            ..SpecificDisease::default()
        }],
        tickets: vec![ticket],
        unread: unread(),
        ..Qualification::new(SECRET, SECRET)
    };
    Report {
        institution_code: Some(SECRET.to_owned()),
        file_identifier: Some(SECRET.to_owned()),
        error_code: Some(SECRET.to_owned()),
        error_message: Some(SECRET.to_owned()),
        code: Some(SECRET.to_owned()),
        message: Some(SECRET.to_owned()),
        results: vec![qualification],
        asked: Some(SearchInfo {
            insurer_number: secret(),
            unread: unread(),
            ..SearchInfo::default()
        }),
        unread: unread(),
        ..Report::normal()
    }
}

#[test]
fn nothing_that_is_printed_shows_a_value() {
    let report = full();
    let [q] = report.results.as_slice() else {
        panic!("one result")
    };
    let parts: [&dyn std::fmt::Debug; 14] = [
        &report,
        q,
        &q.unread,
        &q.sex,
        &q.card_classification,
        &q.elderly_recipient,
        &q.limit,
        &q.specific_diseases,
        &q.tickets,
        &q.tickets[0].injuries,
        &report.asked,
        &report.warnings(),
        &Coverage::from_qualification(q, Some(SECRET), false),
        &q.limit.as_ref().unwrap().category,
    ];
    for part in parts {
        let text = format!("{part:?} {part:#?}");
        assert!(!text.contains("見本") && !text.contains("77"), "{text}");
    }
    for warning in report.warnings() {
        for lang in [Lang::Ja, Lang::En] {
            let text = warning.text(lang);
            assert!(!text.contains(SECRET) && !text.is_empty(), "{text}");
        }
    }
    let number = BeneficiaryNumber::parse("9999996").unwrap();
    let payer = PayerNumber::parse("12139994").unwrap();
    let text = format!("{number:?} {payer:?}");
    assert!(!text.contains("99"), "{text}");
}

/// Calls the macro with every code table and whether it may be printed.
macro_rules! tables {
    ($do:ident) => {
        $do! { SegmentOfResult true, ProcessingResultStatus true, QualificationValidity true,
        ReferenceClassification true, CharacterCode true, Sex false, PersonalFamily false,
        CardClassification false, ReasonOfLoss false, Preschool false, LimitConsent true,
        LimitCertificateKind false, LimitCategory false, SpecificDiseaseCategory false,
        LimitChanged false, TicketType false, TreatmentType false, SingleOrCombined false,
        Recorded false, Consistency false, InstitutionMatch false, SamePerson false,
        AccessUrl true, ConsentFlag true, PrescriptionIssue true, TreatmentCategory true,
        InformationKind true, Display true, ConsentLapse true, ConsentMatch true, ImageKind true,
        Change true, Usage true, PrescriptionUse true, PrescriptionMoment true,
        InformationRequest true, AuthenticationFactor true, EmergencyView true, LinkedSystem true }
    };
}

#[test]
fn codes_go_both_ways_and_unknown_ones_stay_as_text() {
    macro_rules! check {
        ($($table:ident $printed:literal),*) => { $(
            let name = stringify!($table);
            for known in $table::KNOWN {
                assert_eq!(&$table::from_code(known.code()), known);
                assert_eq!(&$table::from_code(&format!(" {}\n", known.code())), known);
                assert!(known.is_known() && !known.term().is_empty());
                let shown = format!("{known:?}");
                assert_eq!(shown == format!("{name}(..)"), !$printed, "{shown}");
                assert_eq!(serde_json::to_value(known).unwrap(), known.code());
            }
            for unknown in ["", "ZZ", "0x", "山田", "１"] {
                let code = $table::from_code(unknown);
                assert!(!code.is_known(), "{name} {unknown}");
                assert_eq!((code.code(), code.term()), (unknown, unknown));
                assert!(!format!("{code:?}").contains('山'));
            }
            let mut codes: Vec<_> = $table::KNOWN.iter().map(|known| known.code()).collect();
            codes.sort_unstable();
            codes.dedup();
            assert_eq!(codes.len(), $table::KNOWN.len(), "{name}: a code twice");
        )* };
    }
    tables!(check);
}

#[test]
fn claim_categories_follow_the_published_table() {
    for (codes, category) in [
        (&["A01", "B01"][..], Some("26")),
        (&["A02", "B02"], Some("27")),
        (&["A03", "B03"], Some("28")),
        (&["A04"], Some("29")),
        (&["A05", "A06"], Some("30")),
        (&["B04", "B10"], Some("0")),
        (&["B09"], Some("41")),
        (&["B05"], Some("4")),
        (&["B06", "B07", "B08"], Some("5")),
        (&["B11", ""], None),
    ] {
        for code in codes {
            let category_of = LimitCategory::from_code(code);
            assert_eq!(category_of.claim_category(), category, "{code}");
            let limit = LimitCertificate {
                category: Some(category_of),
                ..LimitCertificate::default()
            };
            let qualification = Qualification {
                limit: Some(limit),
                insurer_number: Personal::new("39139993"),
                contribution_ratio: Some("030".to_owned()),
                ..Qualification::new("見本", "19400101")
            };
            assert_eq!(qualification.claim_category(), category, "{code}");
        }
    }
    for (insurer, ratio, category) in [
        ("39139993", "030", Some("26")),
        ("39139993", "020", Some("41")),
        ("39139993", "010", Some("0")),
        ("39139993", "000", None),
        ("06139992", "030", None),
    ] {
        let qualification = Qualification {
            insurer_number: Personal::new(insurer),
            contribution_ratio: Some(ratio.to_owned()),
            ..Qualification::new("見本", "19400101")
        };
        assert_eq!(
            qualification.claim_category(),
            category,
            "{insurer} {ratio}"
        );
    }
}

#[test]
fn the_elderly_certificate_says_the_share_before_the_insurance_does() {
    let share = |elderly: Option<&str>, own: Option<&str>| {
        let elderly = elderly.map(|ratio| ElderlyRecipient {
            contribution_ratio: Some(ratio.to_owned()),
            ..ElderlyRecipient::default()
        });
        Qualification {
            elderly_recipient: elderly,
            contribution_ratio: own.map(str::to_owned),
            ..Qualification::new("見本", "19540101")
        }
        .copayment_tenths()
    };
    assert_eq!(share(Some("020"), Some("030")), Some(2));
    assert_eq!(share(Some("020"), None), Some(2));
    assert_eq!(share(Some("?"), Some("010")), Some(1));
    assert_eq!(share(None, None), None);
}

#[test]
fn institution_payer_and_beneficiary_numbers_have_check_digits() {
    for right in ["0110113719", "1319999999", "1399999992"] {
        let code = InstitutionCode::parse(right).unwrap();
        assert!(code.check_digit_is_right(), "{right}");
        assert_eq!(code.to_string(), right);
    }
    let sample = InstitutionCode::parse(" １３１１１１１１１１ ").unwrap();
    assert!(!sample.check_digit_is_right(), "kept, and doubtful");
    assert_eq!(sample.prefecture(), "13");
    for (digit, kind) in [
        ('1', Some(InstitutionKind::Medical)),
        ('3', Some(InstitutionKind::Dental)),
        ('4', Some(InstitutionKind::Pharmacy)),
        ('6', Some(InstitutionKind::HomeNursing)),
        ('9', None),
    ] {
        let code = InstitutionCode::parse(&format!("13{digit}9999999")).unwrap();
        assert_eq!(code.kind(), kind);
    }
    for right in ["54016027", "12139994", "33120015"] {
        let number = PayerNumber::parse(right).unwrap();
        assert!(number.check_digit_is_right(), "{right}");
        assert_eq!(number.law(), &right[..2]);
    }
    assert!(
        BeneficiaryNumber::parse("9999996")
            .unwrap()
            .check_digit_is_right()
    );
    assert!(
        !BeneficiaryNumber::parse("9999997")
            .unwrap()
            .check_digit_is_right()
    );
    for wrong in [
        "",
        "123",
        "12345678901",
        "123456789012",
        "13-9999999",
        "1".repeat(999).as_str(),
    ] {
        assert!(InstitutionCode::parse(wrong).is_none(), "{wrong}");
        assert!(PayerNumber::parse(wrong).is_none(), "{wrong}");
        assert!(BeneficiaryNumber::parse(wrong).is_none(), "{wrong}");
    }
}

/// An answer with nothing doubtful about it.
fn sound() -> Report {
    Report {
        institution_code: Some("1319999999".to_owned()),
        validity: Some(QualificationValidity::Valid),
        results: vec![Qualification {
            card_classification: CardClassification::General,
            insurer_number: Personal::new("  139998"),
            insurer_name: "見本市".to_owned(),
            sex: Sex::Female,
            ..Qualification::new("見本　花子", "19800401")
        }],
        ..Report::normal()
    }
}

#[test]
fn everything_doubtful_is_named() {
    assert_eq!(sound().warnings(), []);
    let one = |change: fn(&mut Report), expected: Warning| {
        let mut report = sound();
        change(&mut report);
        assert_eq!(report.warnings(), std::slice::from_ref(&expected));
        if report.valid_qualification().is_ok() {
            let coverage = Coverage::from_report(&report, false).unwrap();
            assert_eq!(coverage.warnings, std::slice::from_ref(&expected));
        }
        assert_ne!(expected.text(Lang::Ja), expected.text(Lang::En));
    };
    let missing = |element| Warning::Missing { element };
    one(
        |r| r.segment = SegmentOfResult::from_code(""),
        missing("SegmentOfResult"),
    );
    one(
        |r| r.results[0].name = Personal::new(" 　"),
        missing("Name"),
    );
    one(|r| r.results[0].sex = Sex::from_code(""), missing("Sex1"));
    one(
        |r| r.results[0].birthdate = Personal::default(),
        missing("Birthdate"),
    );
    one(
        |r| r.results[0].insurer_name.clear(),
        missing("InsurerName"),
    );
    one(
        |r| r.results[0].card_classification = CardClassification::from_code(""),
        missing("InsuredCardClassification"),
    );

    let number = Warning::CheckDigit;
    one(
        |r| r.results[0].insurer_number = Personal::new("139997"),
        number(NumberKind::Insurer),
    );
    one(
        |r| r.results[0].insurer_number = Personal::new("不明"),
        number(NumberKind::Insurer),
    );
    one(
        |r| r.institution_code = Some("1311111111".to_owned()),
        number(NumberKind::Institution),
    );
    fn aid(report: &mut Report) -> &mut Qualification {
        let q = &mut report.results[0];
        q.card_classification = CardClassification::MedicalAid;
        q.insurer_number = Personal::new("12139994");
        q.number = Some(Personal::new("9999996"));
        q
    }
    let mut assisted = sound();
    aid(&mut assisted);
    assert_eq!(assisted.warnings(), []);
    one(
        |r| aid(r).insurer_number = Personal::new("12139995"),
        number(NumberKind::Payer),
    );
    one(
        |r| aid(r).number = Some(Personal::new("9999999")),
        number(NumberKind::Beneficiary),
    );

    let marked = |element| Warning::Unrepresentable { element };
    one(|r| r.results[0].name = Personal::new("見●"), marked("Name"));
    one(
        |r| r.results[0].address = Some(Personal::new("●町")),
        marked("Address"),
    );
    one(
        |r| r.results[0].insured_name = Some(Personal::new("●")),
        marked("InsuredName"),
    );

    let unknown = |element: &str| Warning::UnknownCode {
        element: element.to_owned(),
    };
    one(|r| r.results[0].sex = Sex::from_code("4"), unknown("Sex1"));
    one(
        |r| r.reference = Some(ReferenceClassification::from_code("7")),
        unknown("ReferenceClassification"),
    );
    one(
        |r| {
            r.results[0].consents = vec![Consent {
                flag: ConsentFlag::from_code("8"),
                ..Consent::unsaid(ConsentKind::Surgery)
            }];
        },
        unknown("OperationInfoConsFlg"),
    );
    one(
        |r| {
            r.results[0].limit = Some(LimitCertificate {
                category: Some(LimitCategory::from_code("C01")),
                ..LimitCertificate::default()
            });
        },
        unknown("LimitApplicationCertificateClassificationFlag"),
    );

    one(
        |r| {
            r.results[0].consents = vec![Consent {
                flag: ConsentFlag::Given,
                at: Some(Timestamp::UNIX_EPOCH),
                ..Consent::unsaid(ConsentKind::Medicines)
            }];
        },
        Warning::ConsentWithoutEnd(ConsentKind::Medicines),
    );
    one(
        |r| {
            r.prescription_issue = Some(PrescriptionIssue::Paper);
            r.results[0].prescription_issue = Some(PrescriptionIssue::Electronic);
        },
        Warning::PrescriptionIssueDiffers,
    );

    let element = |path: &str| path.to_owned();
    one(
        |r| r.results[0].unread = vec![UnreadElement::new("QualificationDate", "20261301")],
        Warning::Unreadable {
            element: element("QualificationDate"),
        },
    );
    one(
        |r| r.results[0].unread = vec![UnreadElement::new("PharmacistsInfoConsTime", "昨日")],
        Warning::Unreadable {
            element: element("PharmacistsInfoConsTime"),
        },
    );
    one(
        |r| {
            r.unread = vec![UnreadElement::new(
                "MessageHeader/ProcessExecutionTime",
                "?",
            )]
        },
        Warning::Unreadable {
            element: element("MessageHeader/ProcessExecutionTime"),
        },
    );
    one(
        |r| r.results[0].unread = vec![UnreadElement::new("FavouriteColour", "青")],
        Warning::UnknownElement {
            element: element("FavouriteColour"),
        },
    );
    one(
        |r| r.unread = vec![UnreadElement::new("MessageBody/<名前>", "青")],
        Warning::UnknownElement {
            element: element("(..)"),
        },
    );
    one(
        |r| r.results[0].unread = vec![UnreadElement::new("DiagnosisInfoConsTim", "1")],
        Warning::LooksLike {
            element: element("DiagnosisInfoConsTim"),
            known: element("DiagnosisInfoConsTime"),
        },
    );
    one(
        |r| r.unread = vec![UnreadElement::new("MessageBody/Name", "見本")],
        Warning::LooksLike {
            element: element("MessageBody/Name"),
            known: element("Name"),
        },
    );
}

#[test]
fn only_one_valid_result_is_usable() {
    let report = sound();
    assert!(report.valid_qualification().is_ok());
    let refused = |change: fn(&mut Report)| {
        let mut report = sound();
        change(&mut report);
        let refused = report.valid_qualification().err();
        assert_eq!(Coverage::from_report(&report, false).err(), refused);
        refused.expect("refused")
    };
    for code in ["", "2", "3", "9", "x"] {
        let mut report = sound();
        report.segment = SegmentOfResult::from_code(code);
        let segment = report.segment.clone();
        assert_eq!(
            report.valid_qualification(),
            Err(NotConfirmed::Segment(segment))
        );
    }
    assert_eq!(
        refused(|r| {
            r.status = Some(ProcessingResultStatus::Error);
            r.code = Some("E12".to_owned());
        }),
        NotConfirmed::Processing {
            code: Some("E12".to_owned())
        }
    );
    assert_eq!(
        refused(|r| r.status = None),
        NotConfirmed::Processing { code: None }
    );
    assert_eq!(refused(|r| r.validity = None), NotConfirmed::Validity(None));
    for code in ["2", "3", "4", "5", "6", "7"] {
        let mut report = sound();
        report.validity = Some(QualificationValidity::from_code(code));
        assert!(report.valid_qualification().is_err(), "{code}");
    }
    assert_eq!(refused(|r| r.results.clear()), NotConfirmed::Results(0));
    assert_eq!(
        refused(|r| r.results.push(r.results[0].clone())),
        NotConfirmed::Results(2)
    );
    assert!(Report::empty().valid_qualification().is_err());
    assert!(Report::normal().valid_qualification().is_err());
}

#[test]
fn prescriptions_are_told_in_either_place() {
    use PrescriptionIssue::{Electronic, Paper};
    for (body, result, choice) in [
        (None, None, None),
        (Some(Paper), None, Some(Paper)),
        (None, Some(Electronic), Some(Electronic)),
        (Some(Paper), Some(Paper), Some(Paper)),
        (Some(Paper), Some(Electronic), None),
    ] {
        let mut report = sound();
        report.prescription_issue = body;
        report.results[0].prescription_issue = result;
        assert_eq!(report.prescription_choice(), choice.as_ref());
        let coverage = Coverage::from_report(&report, false).unwrap();
        assert_eq!(coverage.prescription, choice);
    }
}

#[test]
fn what_the_centre_said_may_stand_in_the_header() {
    let report = Report {
        segment: SegmentOfResult::Abnormal,
        error_code: Some("OQS9".to_owned()),
        error_message: Some("混み合っています".to_owned()),
        ..Report::empty()
    };
    let said = report.centre_said().unwrap();
    assert_eq!(said.code.as_deref(), Some("OQS9"));
    assert!(format!("{report:?}").contains("OQS9"));
    assert!(!format!("{report:?}").contains("混み"));
}

#[test]
fn only_a_given_consent_with_an_end_allows_to_view() {
    let now = Timestamp::UNIX_EPOCH;
    for flag in ConsentFlag::KNOWN
        .iter()
        .cloned()
        .chain([ConsentFlag::from_code("")])
    {
        for until in [
            None,
            Some(now),
            Some(now - 1.second()),
            Some(now + 1.hour()),
        ] {
            let consent = Consent {
                flag: flag.clone(),
                available_until: until,
                ..Consent::unsaid(ConsentKind::Tests)
            };
            let allowed = flag == ConsentFlag::Given && until.is_some_and(|until| until >= now);
            assert_eq!(consent.allows_at(now), allowed, "{consent:?}");
        }
    }
    assert!(!Consent::unsaid(ConsentKind::Allergies).given());
}

#[test]
fn kinds_of_consent_have_distinct_names() {
    let mut names: Vec<_> = ConsentKind::ALL.iter().map(|kind| kind.element()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 10);
    for kind in ConsentKind::ALL {
        assert_ne!(kind.name(Lang::Ja), kind.name(Lang::En));
    }
    let mut report = sound();
    report.results[0].valid_until = Some(date(2027, 7, 31));
    report.results[0].consents = vec![Consent::unsaid(ConsentKind::Tests)];
    let found = report.results[0].consent(ConsentKind::Tests);
    assert_eq!(found.map(|consent| consent.kind), Some(ConsentKind::Tests));
    assert!(report.results[0].consent(ConsentKind::Surgery).is_none());
}
