//! Made-up answers of the eligibility system as FHIR R4, one bundle a line.
//!
//! ```sh
//! cargo run --example fhir              # one of each kind of answer
//! cargo run --example fhir -- --all     # every combination of the layers
//! ```

use std::error::Error;
use std::io::{self, Write};

use jiff::Timestamp;
use jiff::civil::date;
use uketsuke::Realm;
use uketsuke::eligibility::fhir::{BundleId, Export, Origin};
use uketsuke::eligibility::{
    CardClassification, ElderlyRecipient, InstitutionCode, Personal, PersonalFamily,
    ProcessingResultStatus, Qualification, QualificationValidity, Report, SearchInfo,
    SegmentOfResult, Sex,
};

fn main() -> Result<(), Box<dyn Error>> {
    let all = std::env::args().any(|argument| argument == "--all");
    let institution = InstitutionCode::parse("1319999999").ok_or("no institution code")?;
    let received: Timestamp = "2026-11-05T00:15:02Z".parse()?;
    let asked: Timestamp = "2026-11-05T00:15:00.5Z".parse()?;
    let mut out = io::stdout().lock();
    for (number, report) in reports(all).iter().enumerate() {
        let origin = if number % 2 == 0 {
            Origin::Feed { received }
        } else {
            Origin::Asked { asked, received }
        };
        let mut export = Export::new(report, &institution, origin, Realm::Simulation);
        if number % 3 == 0 {
            export = export.institution_name("見本クリニック");
        }
        // Fixed ids, so that two runs can be compared. Use `BundleId::generate`.
        let id = u128::try_from(number)?.to_be_bytes();
        let bundle = export.bundle(BundleId::from_bytes(id))?;
        out.write_all(bundle.as_bytes())?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Each validity once, or every combination of every layer with every result.
fn reports(all: bool) -> Vec<Report> {
    let (segments, statuses): (&[_], &[_]) = if all {
        (
            &["1", "2", "9", "3", ""],
            &[Some("1"), Some("2"), Some("odd one"), None],
        )
    } else {
        (&["1"], &[Some("1")])
    };
    let validities = [
        Some("1"),
        Some("2"),
        Some("3"),
        Some("4"),
        Some("5"),
        Some("6"),
        Some("77"),
        None,
    ];
    let mut reports = Vec::new();
    for segment in segments {
        for status in statuses {
            for validity in validities {
                for results in results(all) {
                    let number = reports.len();
                    let said = number % 3 == 1;
                    reports.push(Report {
                        executed: "2026-11-05T00:15:01Z"
                            .parse()
                            .ok()
                            .filter(|_| number % 5 != 0),
                        confirmation_date: Some(date(2026, 11, 5)).filter(|_| number % 4 != 0),
                        segment: SegmentOfResult::from_code(segment),
                        status: status.map(ProcessingResultStatus::from_code),
                        validity: validity.map(QualificationValidity::from_code),
                        code: said.then(|| "OQS00123".to_owned()),
                        message: said.then(|| "電子証明書の\"期限\"が近づいています。".to_owned()),
                        error_code: (number % 7 == 2).then(|| "odd code".to_owned()),
                        error_message: (number % 7 == 3)
                            .then(|| "しばらくお待ちください。".to_owned()),
                        asked: (number % 6 == 0).then(asked),
                        results,
                        ..Report::empty()
                    });
                }
            }
        }
    }
    reports
}

fn asked() -> SearchInfo {
    SearchInfo {
        insurer_number: Some(Personal::new("  139998")),
        number: Some(Personal::new("1234")),
        birthdate: Some(Personal::new("19800401")),
        ..SearchInfo::default()
    }
}

fn results(all: bool) -> Vec<Vec<Qualification>> {
    if !all {
        return vec![vec![full()]];
    }
    let bare = || Qualification::new("", "");
    let odd = Qualification {
        insurer_number: Personal::new("なし"),
        insurer_name: " ".to_owned(),
        symbol: Some(Personal::new("　")),
        number: Some(Personal::new("12-3\t４")),
        sex: Sex::from_code("9"),
        contribution_ratio: Some("999".to_owned()),
        disqualified_on: Some(date(1, 1, 1)),
        ..Qualification::new("●●　\"\\太郎", "20261399")
    };
    let family = Qualification {
        personal_family: Some(PersonalFamily::Family),
        symbol: Some(Personal::new("あいう")),
        number: Some(Personal::new("187")),
        branch: None,
        disqualified_on: Some(date(2026, 10, 1)),
        ..full()
    };
    let elderly = Qualification {
        insurer_number: Personal::new("39139993"),
        branch: None,
        contribution_ratio: None,
        elderly_recipient: Some(ElderlyRecipient {
            contribution_ratio: Some("020".to_owned()),
            ..ElderlyRecipient::default()
        }),
        ..full()
    };
    let aid = Qualification {
        card_classification: CardClassification::MedicalAid,
        insurer_number: Personal::new("12139994"),
        number: Some(Personal::new("9999996")),
        sex: Sex::NotSet,
        ..Qualification::new("扶助　一郎", "19600101")
    };
    vec![
        Vec::new(),
        vec![full()],
        vec![bare()],
        vec![odd.clone()],
        vec![aid.clone()],
        vec![full(), family],
        vec![full(), elderly, aid, odd, bare(), bare()],
    ]
}

fn full() -> Qualification {
    Qualification {
        card_classification: CardClassification::General,
        insurer_number: Personal::new("  139998"),
        insurer_name: "見本市".to_owned(),
        symbol: Some(Personal::new("見本01")),
        number: Some(Personal::new("1234")),
        branch: Some(Personal::new("01")),
        personal_family: Some(PersonalFamily::Insured),
        kana: Some(Personal::new("ﾐﾎﾝ ﾊﾅｺ")),
        sex: Sex::Female,
        valid_from: Some(date(2024, 4, 1)),
        valid_until: Some(date(2027, 7, 31)),
        contribution_ratio: Some("030".to_owned()),
        reference_number: Some(Personal::new("000123")),
        ..Qualification::new("見本　花子", "19800401")
    }
}
