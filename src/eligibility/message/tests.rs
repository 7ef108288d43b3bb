use jiff::civil::datetime;
use proptest::prelude::*;

use super::{Direction, Family, FileKind, FileName, Step};

#[test]
fn prefixes_are_eight_letters_and_differ() {
    for (at, family) in Family::ALL.into_iter().enumerate() {
        assert_eq!(family.prefix().len(), 8);
        assert_eq!(family.is_bulk(), family.prefix().get(3..5) == Some("mu"));
        assert_eq!(Family::from_prefix(family.prefix()), Some(family));
        assert!(
            Family::ALL
                .iter()
                .skip(at + 1)
                .all(|other| other.prefix() != family.prefix())
        );
        assert!(family.cap(Step::Two) >= family.cap(Step::One));
    }
}

#[test]
fn foreign_names_are_nobodys() {
    for name in [
        "",
        ".",
        "OQSsiquc01req_.xml",
        "OQSsiquc01req.xml",
        "OQSsiquc01req_1",
        "OQSsiquc02req_1.xml",
        "OQSsiquc01rex_1.xml",
        "OQSsiquc01req_1.txt",
        "OQSsiquc01req_1.xml.tmp",
        "OQSxxxxx01req_1.xml",
        "OQSsiquc01req_a/b.xml",
        "OQSsiquc01req_a\\b.xml",
        "OQSsiquc01req_..xml",
        "OQSsiquc01req_a b.xml",
        "OQSsiquc01req_花.xml",
        "OQSsiquc01req_a:b.xml",
        "OQSsiquc01req_a\0.xml",
        "OQSmuquc03req_1.xml",
        "EPSsiDMP01req_1.xml",
        "~OQSsiquc01req_1.xml",
        "OQSsiquc01res_face_.xml",
    ] {
        assert_eq!(FileName::parse(name), None, "{name}");
    }
    let long = format!("OQSsiquc01req_{}.xml", "1".repeat(97));
    assert_eq!(FileName::parse(&long), None);
    assert_eq!(FileName::request(Family::Medicines, Step::Two, "1"), None);
    assert_eq!(FileName::request(Family::Medicines, Step::One, "a/b"), None);
    assert_eq!(
        FileName::face("a/b", datetime(2026, 11, 5, 9, 15, 2, 0)),
        None
    );
}

#[test]
fn answers_belong_to_their_question() {
    let asked = FileName::request(Family::Qualification, Step::One, "aB1").unwrap();
    let comes = |name: &str| FileName::parse(name).unwrap().answers(&asked);
    assert!(comes("OQSsiquc01res_aB1.xml"));
    assert!(comes("oqssiquc01RES_AB1.XML"));
    assert!(comes("OQSsiquc01req_aB1.err"));
    assert!(comes("OQSsiquc01res_aB1.zip"));
    for other in [
        "OQSsiquc01req_aB1.xml",
        "OQSsiquc01res_aB2.xml",
        "OQSsiquc01res_face_aB1.xml",
        "OQSsiimm01res_aB1.xml",
        "OQSmuquc01res_aB1.xml",
    ] {
        assert!(!comes(other), "{other}");
    }
    assert!(asked.response().answers(&asked));
    assert!(!asked.response().answers(&asked.response()));
    let rejected = asked.clone().with_kind(FileKind::Err);
    assert_eq!(rejected.to_string(), "OQSsiquc01req_aB1.err");
    assert!(rejected.answers(&asked));
}

#[test]
fn a_face_result_says_when() {
    let at = datetime(2026, 11, 5, 9, 15, 2, 0);
    let name = FileName::face("131999999912345678901234567890", at).unwrap();
    assert_eq!(
        name.to_string(),
        "OQSsiquc01res_face_131999999912345678901234567890_20261105091502.xml"
    );
    assert_eq!(name.face_time(), Some(at));
    for (name, time) in [
        ("OQSsiquc01res_face_20261105091502.xml", Some(at)),
        ("OQSsiquc01res_FACE_a_20261305091502.xml", None),
        ("OQSsiquc01res_face_a_2026110509150.xml", None),
        ("OQSsiquc01res_face_a.xml", None),
    ] {
        let name = FileName::parse(name).unwrap();
        assert!(name.is_face());
        assert_eq!(name.face_time(), time);
    }
    let asked = FileName::parse("OQSsiquc01res_20261105091502.xml").unwrap();
    assert!(!asked.is_face());
    assert_eq!(asked.face_time(), None);
}

proptest! {
    #[test]
    fn what_is_written_is_parsed(
        family in prop::sample::select(Family::ALL.to_vec()),
        two: bool,
        unique in "[A-Za-z0-9_=+-]{1,48}([.][A-Za-z0-9]{1,9})?",
        kind in prop::sample::select(FileKind::ALL.to_vec()),
        answer: bool,
        capitals: bool,
    ) {
        let step = if two && family.is_bulk() { Step::Two } else { Step::One };
        let mut name = FileName::request(family, step, &unique).unwrap().with_kind(kind);
        if answer && !unique.to_ascii_lowercase().starts_with("face_") {
            name = name.response();
        }
        let mut written = name.to_string();
        prop_assert_eq!(FileName::parse(&written), Some(name.clone()));
        if capitals {
            written.make_ascii_uppercase();
            let parsed = FileName::parse(&written).unwrap();
            prop_assert_eq!((parsed.family(), parsed.step(), parsed.kind()), (family, step, kind));
            prop_assert_eq!(parsed.direction(), name.direction());
            prop_assert!(parsed.direction() == Direction::Request || parsed.answers(
                &FileName::request(family, step, &unique).unwrap()));
        }
    }

    #[test]
    fn names_never_lead_elsewhere(name in "(OQSsiquc01re[qs]_)?[ -~花]{0,40}([.]xml)?") {
        if let Some(parsed) = FileName::parse(&name) {
            let written = parsed.to_string();
            prop_assert!(!written.contains(['/', '\\', ':', '\0', ' ']) && !written.contains(".."));
        }
    }
}
