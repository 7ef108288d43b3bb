//! Every element and every code, each by itself, against a list of its own.

mod codes;
mod table;

use proptest::prelude::*;
use table::{Place, around, rows};
use uketsuke::eligibility::Report;
use uketsuke::eligibility::message::{parse_report, write_report};
use uketsuke::eligibility::text::{Charset, encode};

use super::report_support::full::FULL;
use super::report_support::tree::Node;

fn parse(document: &str, charset: Charset) -> Report {
    let file = encode(document, charset).unwrap();
    parse_report(&file, 1 << 20).unwrap().report
}

/// It is found in its place, and nothing is found anywhere else.
#[test]
fn each_element_alone_is_in_its_place_and_in_no_other() {
    let rows = rows();
    assert_eq!(rows.len(), 126);
    for row in &rows {
        for charset in Charset::ALL {
            let report = parse(&row.document(row.value), charset);
            for other in &rows {
                let own = (row.place, row.name) == (other.place, other.name);
                let expected = own.then(|| row.value.to_owned());
                assert_eq!(
                    (other.found)(&report),
                    expected,
                    "{} in {:?} {}",
                    row.name,
                    other.place,
                    other.name
                );
            }
            let unread = report.results.iter().flat_map(|result| &result.unread);
            assert_eq!(
                report.unread.iter().chain(unread).count(),
                0,
                "{}",
                row.name
            );
            // What was read is written, in the same place.
            let written = write_report(&report, charset).unwrap();
            let again = parse_report(written.as_bytes(), 1 << 20).unwrap().report;
            assert!((row.found)(&again).is_some(), "{}", row.name);
            if row.name != "CharacterCodeIdentifier" {
                assert_eq!(
                    (row.found)(&again).as_deref(),
                    Some(row.value),
                    "{}",
                    row.name
                );
            }
        }
    }
}

#[test]
fn each_element_that_is_empty_is_absent() {
    for row in rows() {
        let nothing = parse(&around(row.place, ""), Charset::Utf8);
        let bare = format!("<{}/>", row.name);
        for empty in [
            "",
            " ",
            "\n\t ",
            "&#32;",
            "　",
            "<!-- x -->",
            "<![CDATA[ ]]>",
        ] {
            let report = parse(&row.document(empty), Charset::Utf8);
            assert!(report == nothing, "{} holding {empty:?}", row.name);
        }
        let report = parse(&around(row.place, &bare), Charset::Utf8);
        assert!(report == nothing, "{bare}");
    }
}

/// The document of the other tests holds all of them, so what those show is shown of each.
#[test]
fn the_full_document_has_them_all() {
    let full = Node::parse(FULL);
    let mut names: Vec<&str> = rows().iter().map(|row| row.name).collect();
    names.extend([
        "XmlMsg",
        "MessageHeader",
        "MessageBody",
        "ResultList",
        "ResultOfQualificationConfirmation",
        "QualificationConfirmSearchInfo",
        "ElderlyRecipientCertificateInfo",
        "LimitApplicationCertificateRelatedInfo",
        "SpecificDiseasesCertificateList",
        "SpecificDiseasesCertificateInfo",
        "PublicExpenseResultList",
        "MedicalTicketInfo",
    ]);
    names.sort_unstable();
    names.dedup();
    assert_eq!(full.names(), names);
}

/// The whole of the list in one document.
fn all() -> String {
    let rows = rows();
    let texts = |place| -> String {
        let own = rows.iter().filter(|row| row.place == place);
        own.map(|row| format!("<{0}>{1}</{0}>", row.name, row.value))
            .collect()
    };
    let mut inside = String::new();
    for place in [
        Place::Elderly,
        Place::Limit,
        Place::Disease,
        Place::Ticket,
        Place::Result,
    ] {
        // What is deeper stands in the result, which is last.
        let own = texts(place);
        inside = match place {
            Place::Result => own + &inside,
            _ => {
                let whole = around(place, &own);
                let (_, from) = whole
                    .split_once("<ResultOfQualificationConfirmation>")
                    .unwrap();
                let (part, _) = from
                    .split_once("</ResultOfQualificationConfirmation>")
                    .unwrap();
                inside + part
            }
        };
    }
    let (header, body, search) = (
        texts(Place::Header),
        texts(Place::Body),
        texts(Place::Search),
    );
    format!(
        "<XmlMsg><MessageHeader>{header}</MessageHeader><MessageBody>{body}<ResultList><ResultOfQualificationConfirmation>\
         {inside}</ResultOfQualificationConfirmation></ResultList><QualificationConfirmSearchInfo>{search}\
         </QualificationConfirmSearchInfo></MessageBody></XmlMsg>"
    )
}

fn check_all(report: &Report) {
    for row in rows() {
        assert_eq!(
            (row.found)(report).as_deref(),
            Some(row.value),
            "{:?} {}",
            row.place,
            row.name
        );
    }
    assert_eq!(report.results.len(), 1);
}

#[test]
fn all_elements_together_are_in_their_places_forwards_and_backwards() {
    let mut tree = Node::parse(&all());
    for _ in 0..2 {
        for charset in Charset::ALL {
            check_all(&parse(&tree.document(charset.name()), charset));
        }
        tree.reverse();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn all_elements_together_are_in_their_places_in_any_order(moves in proptest::collection::vec(any::<usize>(), 200)) {
        let mut moves = moves.into_iter();
        let mut tree = Node::parse(&all());
        tree.shuffle(&mut || moves.next().unwrap_or_default());
        for charset in Charset::ALL {
            check_all(&parse(&tree.document(charset.name()), charset));
        }
    }
}
