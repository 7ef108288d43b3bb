//! The eligibility model as a user of the crate meets it.

use std::collections::HashSet;

use jiff::civil::date;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use uketsuke::eligibility::{
    CardClassification, Consent, ConsentFlag, ConsentKind, Consents, Coverage, Failure,
    InsurerNumber, Personal, ProcessingResultStatus, Qualification, QualificationValidity,
    RequestNumber, SegmentOfResult, ServiceError, ServiceErrorKind, Sex,
};

fn qualification() -> Qualification {
    Qualification {
        card_classification: CardClassification::General,
        insurer_number: Personal::new("  139998"),
        insurer_name: "見本市".to_owned(),
        symbol: Some(Personal::new("見本01")),
        number: Some(Personal::new("1234")),
        branch: Some(Personal::new("01")),
        kana: Some(Personal::new("ﾐﾎﾝ ﾊﾅｺ")),
        sex: Sex::Female,
        qualified_from: Some(date(2024, 4, 1)),
        valid_until: Some(date(2027, 7, 31)),
        contribution_ratio: Some("030".to_owned()),
        consents: vec![Consent {
            kind: ConsentKind::Medicines,
            flag: ConsentFlag::Given,
            at: Some(Timestamp::UNIX_EPOCH),
            available_until: Some(Timestamp::UNIX_EPOCH + 24.hours()),
        }],
        ..Qualification::new("見本　花子", "19800401")
    }
}

#[test]
fn known_codes_go_both_ways_and_unknown_ones_stay() {
    for code in ["1", "2", "9", "3", "x9", ""] {
        assert_eq!(SegmentOfResult::from_code(code).code(), code);
        assert_eq!(ProcessingResultStatus::from_code(code).code(), code);
        assert_eq!(QualificationValidity::from_code(code).code(), code);
    }
    assert_eq!(SegmentOfResult::from_code("9"), SegmentOfResult::Abnormal);
    assert_eq!(
        SegmentOfResult::from_code("3"),
        SegmentOfResult::Other("3".to_owned())
    );
    assert_eq!(
        ProcessingResultStatus::from_code(" 1\n"),
        ProcessingResultStatus::Normal
    );
    assert_eq!(
        QualificationValidity::from_code("6"),
        QualificationValidity::ValidUnregistered
    );
    assert_eq!(
        format!("{:?}", QualificationValidity::from_code("7")),
        "Other(7)"
    );
    assert_eq!(
        format!("{:?}", QualificationValidity::from_code("山田太郎")),
        "Other(..)"
    );
}

#[test]
fn one_insurer_has_one_number_however_it_is_padded() {
    for text in [
        "139998",
        "  139998",
        "00139998",
        "0139998",
        " 139998 ",
        "１３９９９８",
        "　　139998",
    ] {
        assert_eq!(
            InsurerNumber::parse(text).unwrap().digits(),
            "139998",
            "{text:?}"
        );
    }
    for text in ["06139992", "6139992", "０６１３９９９２"] {
        assert_eq!(
            InsurerNumber::parse(text).unwrap().digits(),
            "06139992",
            "{text:?}"
        );
    }
    // Too short, too long, no digits; and what could be somebody's 個人番号.
    for text in [
        "",
        "   ",
        "13999",
        "061399920",
        "0613999a",
        "06-139992",
        "123456789018",
    ] {
        assert!(InsurerNumber::parse(text).is_none(), "{text:?}");
    }
    let endless = "1".repeat(1 << 20);
    assert!(InsurerNumber::parse(&endless).is_none());
    assert_eq!(
        format!("{:?}", InsurerNumber::parse("139998")),
        "Some(InsurerNumber(..))"
    );
}

proptest! {
    /// Whatever arrives: no panic, and what was normalised stays as it is.
    #[test]
    fn insurer_numbers_are_normalised_once(text in "[ 　0-9０-９a-z-]{0,14}|.{0,14}") {
        if let Some(number) = InsurerNumber::parse(&text) {
            prop_assert!([6, 8].contains(&number.digits().len()));
            prop_assert!(number.digits().bytes().all(|b| b.is_ascii_digit()));
            prop_assert_eq!(InsurerNumber::parse(number.digits()), Some(number));
        }
    }

    /// Of each number, with or without its zeros, there is one form, which is read from a file as it was written.
    #[test]
    fn insurer_numbers_are_read_as_written(digits in "0{0,3}[0-9]{4,7}") {
        if let Some(number) = InsurerNumber::parse(&digits) {
            let written = InsurerNumber::parse(&number.padded());
            prop_assert_eq!(written.as_ref(), Some(&number));
            if digits.len() == 7 {
                prop_assert_eq!(InsurerNumber::parse(&format!("0{digits}")), Some(number));
            }
        }
    }

    /// Codes never lose what was sent, but for blanks around it.
    #[test]
    fn codes_keep_what_was_sent(text in ".{0,20}") {
        let segment = SegmentOfResult::from_code(&text);
        prop_assert_eq!(segment.code(), text.trim());
        let looks_good = segment == SegmentOfResult::Normal;
        prop_assert_eq!(looks_good, text.trim() == "1");
    }
}

#[test]
fn check_digits_follow_the_published_examples() {
    // The worked examples of the rule, and invented numbers that obey it.
    for right in [
        "33120015", "54016027", "131011", "06139992", "139998", "39139993", "01139997",
    ] {
        let digits: Vec<char> = right.chars().collect();
        assert!(
            InsurerNumber::parse(right).unwrap().check_digit_is_right(),
            "{right}"
        );
        // Any single digit changed is noticed.
        for i in 0..digits.len() {
            for new in ('0'..='9').filter(|new| *new != digits[i]) {
                let mut wrong = digits.clone();
                wrong[i] = new;
                let wrong: String = wrong.into_iter().collect();
                // Eight digits that now begin with 00 are another number altogether.
                let parsed = InsurerNumber::parse(&wrong).unwrap();
                assert!(!parsed.check_digit_is_right(), "{right} {wrong}");
            }
        }
    }
}

#[test]
fn copayment_is_one_to_three_tenths_or_unsaid() {
    let tenths = |ratio: Option<&str>| {
        let ratio = ratio.map(str::to_owned);
        Qualification {
            contribution_ratio: ratio,
            ..qualification()
        }
        .copayment_tenths()
    };
    assert_eq!(tenths(Some("010")), Some(1));
    assert_eq!(tenths(Some(" 020 ")), Some(2));
    assert_eq!(tenths(Some("030")), Some(3));
    for other in [
        None,
        Some(""),
        Some("000"),
        Some("040"),
        Some("100"),
        Some("3"),
        Some("０３０"),
    ] {
        assert_eq!(tenths(other), None, "{other:?}");
    }
}

#[test]
fn coverage_keeps_what_the_desk_needs() {
    let coverage = Coverage::from_qualification(&qualification(), Some(" "), false);
    assert_eq!(coverage.insurer_number.reveal(), "139998");
    assert!(coverage.insurer_number_checks);
    assert_eq!(coverage.copayment_tenths, Some(3));
    assert_eq!(coverage.consents.len(), 1);
    assert_eq!(coverage.notice, None, "an empty notice is none");

    let odd = Qualification {
        insurer_number: Personal::new("不明"),
        ..qualification()
    };
    let coverage = Coverage::from_qualification(&odd, Some("お知らせ"), true);
    assert_eq!(coverage.insurer_number.reveal(), "不明", "kept as sent");
    assert!(!coverage.insurer_number_checks);
    assert_eq!(coverage.notice.as_deref(), Some("お知らせ"));
    assert!(coverage.eligibility_only && coverage.consents.is_empty());
}

#[test]
fn debug_shows_no_person() {
    let coverage = Coverage::from_qualification(&qualification(), Some("見本様へ"), false);
    let text = format!("{:#?} {:#?}", qualification(), coverage);
    for part in ["見本", "1234", "139998", "ﾐﾎﾝ", "1980", "2027"] {
        assert!(!text.contains(part), "{part} in {text}");
    }
}

#[test]
fn coverage_serialises_when_asked_to() {
    let coverage = Coverage::from_qualification(&qualification(), None, false);
    let json = serde_json::to_value(&coverage).unwrap();
    assert_eq!(json["name"], "見本　花子");
    assert_eq!(json["insurer_number"], "139998");
    assert_eq!(json["copayment_tenths"], 3);
    assert_eq!(json["valid_until"], "2027-07-31");
    assert_eq!(json["consents"][0]["kind"], "medicines");
}

#[test]
fn consents_are_given_one_by_one() {
    assert!(Consents::none().is_empty() && Consents::default() == Consents::none());
    for bits in 0..1024_u16 {
        let chosen: Vec<ConsentKind> = (0..10)
            .filter(|i| bits >> i & 1 == 1)
            .map(|i| ConsentKind::ALL[i])
            .collect();
        let consents = chosen
            .iter()
            .fold(Consents::none(), |all, kind| all.with(*kind));
        for kind in ConsentKind::ALL.iter().copied() {
            assert_eq!(consents.contains(kind), chosen.contains(&kind));
        }
        assert_eq!(consents.given().collect::<Vec<_>>(), chosen);
        assert_eq!(
            consents == Consents::all(),
            bits == 15,
            "what a reader asks"
        );
    }
}

#[test]
fn a_consent_ends() {
    let consent = qualification().consents[0].clone();
    let end = Timestamp::UNIX_EPOCH + 24.hours();
    assert!(consent.allows_at(end));
    assert!(!consent.allows_at(end + 1.nanosecond()));
    assert!(
        !Consent {
            flag: ConsentFlag::Lapsed,
            ..consent.clone()
        }
        .allows_at(Timestamp::UNIX_EPOCH)
    );
    assert!(
        !Consent {
            available_until: None,
            ..consent
        }
        .allows_at(Timestamp::UNIX_EPOCH)
    );
}

#[test]
fn request_numbers_are_never_handed_out_twice() {
    let workers: Vec<_> = (0..4)
        .map(|_| std::thread::spawn(|| (0..200).map(|_| RequestNumber::next()).collect::<Vec<_>>()))
        .collect();
    let mut seen = HashSet::new();
    for worker in workers {
        let numbers = worker.join().unwrap();
        assert!(numbers.is_sorted(), "they rise");
        assert!(numbers.into_iter().all(|number| seen.insert(number)));
    }
    assert_eq!(seen.len(), 800);
}

#[test]
fn service_errors_say_what_may_be_done() {
    use ServiceErrorKind::*;
    for (kind, retriable, failure) in [
        (Network, true, Failure::NetworkDown),
        (CentreDown, true, Failure::CentreDown),
        (TimedOut, true, Failure::TimedOut),
        (NotEquipped, false, Failure::NotEquipped),
        (Unsupported, false, Failure::NotEquipped),
        (UnknownTicket, false, Failure::Internal),
        (ProofRefused, false, Failure::ProofRefused),
    ] {
        let error = ServiceError::not_sent(kind);
        assert_eq!(
            (error.retriable, error.outcome_unknown),
            (retriable, false),
            "{kind:?}"
        );
        assert_eq!(error.failure(), failure);
        assert!(ServiceError::maybe_sent(kind).outcome_unknown);
        assert!(!error.to_string().is_empty());
    }
    assert_eq!(
        ServiceError::maybe_sent(TimedOut).failure(),
        Failure::OutcomeUnknown
    );
}
