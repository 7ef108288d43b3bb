//! Results as FHIR: what each answer becomes. That it is FHIR R4 says a model of
//! others (`tests/fhir.py`).

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::date;
use serde_json::{Value, json};
use uketsuke::Realm;
use uketsuke::eligibility::fhir::{BundleId, Export, FhirError, Origin};
use uketsuke::eligibility::{
    CardClassification, InstitutionCode, Personal, PersonalFamily, ProcessingResultStatus,
    Qualification, QualificationValidity, Report, SearchInfo, SegmentOfResult, Sex,
};

const RECEIVED: &str = "2026-11-05T00:15:02Z";

fn feed() -> Origin {
    Origin::Feed {
        received: RECEIVED.parse().unwrap(),
    }
}

fn institution() -> InstitutionCode {
    InstitutionCode::parse("1319999999").unwrap()
}

fn bundle(report: &Report) -> Value {
    let institution = institution();
    let export = Export::new(report, &institution, feed(), Realm::Production);
    let bundle = export.bundle(BundleId::from_bytes([7; 16])).unwrap();
    let value = serde_json::from_str(bundle.json()).unwrap();
    assert_eq!(
        serde_json::from_slice::<Value>(bundle.as_bytes()).unwrap(),
        value
    );
    nothing_empty(&value);
    value
}

/// FHIR has no empty texts, lists or objects, and no null.
fn nothing_empty(value: &Value) {
    match value {
        Value::Null => panic!("null"),
        Value::String(text) => assert!(!text.trim().is_empty()),
        Value::Array(list) => {
            assert!(!list.is_empty());
            list.iter().for_each(nothing_empty);
        }
        Value::Object(object) => {
            assert!(!object.is_empty());
            object.values().for_each(nothing_empty);
        }
        _ => {}
    }
}

fn all<'a>(bundle: &'a Value, kind: &str) -> Vec<&'a Value> {
    let entries = bundle["entry"].as_array().unwrap();
    entries
        .iter()
        .map(|entry| &entry["resource"])
        .filter(|resource| resource["resourceType"] == kind)
        .collect()
}

fn only<'a>(bundle: &'a Value, kind: &str) -> &'a Value {
    let found = all(bundle, kind);
    assert_eq!(found.len(), 1, "{kind}");
    found[0]
}

fn response(report: &Report) -> Value {
    only(&bundle(report), "CoverageEligibilityResponse").clone()
}

fn person() -> Qualification {
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

fn answer(validity: Option<&str>, results: Vec<Qualification>) -> Report {
    Report {
        validity: validity.map(QualificationValidity::from_code),
        results,
        ..Report::normal()
    }
}

#[test]
fn each_validity_has_its_outcome() {
    for (validity, outcome, inforce, status) in [
        (Some("1"), "complete", Some(true), "active"),
        (Some("2"), "complete", Some(false), "cancelled"),
        (Some("3"), "complete", Some(false), "cancelled"),
        (Some("4"), "error", None, "draft"),
        (Some("5"), "error", None, "draft"),
        (Some("6"), "complete", Some(true), "active"),
        (Some("7"), "partial", None, "draft"),
        (None, "partial", None, "draft"),
    ] {
        let bundle = bundle(&answer(validity, vec![person()]));
        let response = only(&bundle, "CoverageEligibilityResponse");
        assert_eq!(response["outcome"], outcome, "{validity:?}");
        let said = response["insurance"][0]
            .get("inforce")
            .and_then(Value::as_bool);
        assert_eq!(said, inforce, "{validity:?}");
        assert_eq!(only(&bundle, "Coverage")["status"], status, "{validity:?}");
        assert_eq!(response.get("error").is_some(), outcome == "error");
        if outcome == "error" {
            let code = &response["error"][0]["code"]["coding"][0]["code"];
            assert_eq!(code.as_str(), validity);
        }
        // The code as sent stays visible.
        let layers = response["extension"].as_array().unwrap();
        let sent = layers.iter().find(|layer| {
            layer["url"]
                .as_str()
                .unwrap()
                .ends_with("/qualification-validity")
        });
        assert_eq!(
            sent.and_then(|s| s["valueCoding"]["code"].as_str()),
            validity
        );
    }
}

#[test]
fn nothing_is_in_force_that_was_not_said_of_exactly_one() {
    let other = Qualification {
        number: Some(Personal::new("9")),
        ..person()
    };
    for results in [vec![], vec![person(), other]] {
        let response = response(&answer(Some("1"), results));
        assert_eq!(response["outcome"], "partial");
        let insurance = response["insurance"].as_array().into_iter().flatten();
        assert_eq!(insurance.filter(|i| i.get("inforce").is_some()).count(), 0);
    }
    // Nor before the other layers say yes, whatever the validity says.
    let codes = ["1", "2", "3", "9", ""];
    for segment in codes {
        for status in codes.into_iter().map(Some).chain([None]) {
            let report = Report {
                segment: SegmentOfResult::from_code(segment),
                status: status.map(ProcessingResultStatus::from_code),
                ..answer(Some("1"), vec![person()])
            };
            let bundle = bundle(&report);
            let response = only(&bundle, "CoverageEligibilityResponse");
            let good = segment == "1" && status == Some("1");
            assert_eq!(response["insurance"][0].get("inforce").is_some(), good);
            let outcome = match segment {
                "2" => "queued",
                _ if good => "complete",
                _ => "error",
            };
            assert_eq!(response["outcome"], outcome, "{segment} {status:?}");
            assert_eq!(response.get("error").is_some(), outcome == "error");
            if !good {
                assert_eq!(only(&bundle, "Coverage")["status"], "draft");
                assert!(response.get("disposition").is_none());
            }
        }
    }
}

#[test]
fn the_centres_own_words_and_codes_are_kept() {
    let mut report = answer(Some("1"), vec![person()]);
    report.code = Some("OQS00123".to_owned());
    report.message = Some("電子証明書の期限が近づいています。".to_owned());
    let noticed = response(&report);
    assert_eq!(
        noticed["disposition"],
        "有効: 電子証明書の期限が近づいています。"
    );
    assert!(noticed.get("error").is_none());

    report.status = Some(ProcessingResultStatus::Error);
    let refused = response(&report);
    let code = &refused["error"][0]["code"]["coding"][0];
    assert_eq!(code["code"], "OQS00123");
    assert_eq!(code["display"], "電子証明書の期限が近づいています。");

    report.segment = SegmentOfResult::Abnormal;
    report.error_code = Some("not a code".to_owned());
    let broken = response(&report);
    let code = &broken["error"][0]["code"]["coding"][0];
    // FHIR's codes have no blanks.
    assert!(code.get("code").is_none() && code["display"] == "not a code");
}

#[test]
fn a_made_up_question_says_so() {
    let report = answer(Some("1"), vec![person()]);
    let institution = institution();
    let tag = |origin| {
        let export = Export::new(&report, &institution, origin, Realm::Production);
        let bundle = export.bundle(BundleId::from_bytes([7; 16])).unwrap();
        let bundle: Value = serde_json::from_str(bundle.json()).unwrap();
        let request = only(&bundle, "CoverageEligibilityRequest").clone();
        (
            request["meta"]["tag"][0]["code"].clone(),
            request["created"].clone(),
        )
    };
    let received: Timestamp = RECEIVED.parse().unwrap();
    assert_eq!(
        tag(feed()),
        (json!("made-up"), json!("2026-11-05T09:15:02+09:00"))
    );
    let asked = "2026-11-05T00:15:00Z".parse().unwrap();
    assert_eq!(
        tag(Origin::Asked { asked, received }),
        (json!("asked"), json!("2026-11-05T09:15:00+09:00"))
    );
}

#[test]
fn what_is_no_real_data_is_tagged_on_every_resource() {
    let report = answer(Some("1"), vec![person()]);
    let institution = institution();
    for (realm, test_data) in [
        (Realm::Production, false),
        (Realm::JpkiTest, true),
        (Realm::Simulation, true),
    ] {
        let export = Export::new(&report, &institution, feed(), realm);
        let bundle = export.bundle(BundleId::from_bytes([7; 16])).unwrap();
        let value: Value = serde_json::from_str(bundle.json()).unwrap();
        let tagged = bundle.json().matches("\"HTEST\"").count();
        let resources = value["entry"].as_array().unwrap().len() + 1;
        assert_eq!(tagged, if test_data { resources } else { 0 }, "{realm}");
    }
}

#[test]
fn everything_is_in_its_place() {
    let bundle = bundle(&answer(Some("1"), vec![person()]));
    let coverage = only(&bundle, "Coverage");
    let extension = |name: &str| {
        let list = coverage["extension"].as_array().unwrap();
        let found = list.iter().find(|e| {
            e["url"] == format!("http://jpfhir.jp/fhir/core/Extension/StructureDefinition/{name}")
        });
        found.unwrap()["valueString"].as_str().unwrap().to_owned()
    };
    assert_eq!(extension("JP_Coverage_InsuredPersonSymbol"), "見本01");
    assert_eq!(extension("JP_Coverage_InsuredPersonNumber"), "1234");
    assert_eq!(extension("JP_Coverage_InsuredPersonSubNumber"), "01");
    assert_eq!(
        coverage["identifier"][0],
        json!({
            "system": "http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID",
            "value": "00139998:見本０１:1234:01",
        })
    );
    assert_eq!(coverage["type"]["coding"][0]["code"], "2");
    assert_eq!(coverage["relationship"]["coding"][0]["code"], "1");
    assert_eq!(
        coverage["period"],
        json!({ "start": "2024-04-01", "end": "2027-07-31" })
    );
    let share = &coverage["costToBeneficiary"][0]["valueQuantity"];
    assert_eq!(share["value"], 30);

    let patient = only(&bundle, "Patient");
    assert_eq!(patient["name"][0]["text"], "見本　花子");
    assert_eq!(patient["name"][1]["text"], "ミホン ハナコ");
    assert_eq!(patient["gender"], "female");
    assert_eq!(patient["birthDate"], "1980-04-01");
    assert_eq!(
        patient["identifier"][0],
        json!({ "system": "urn:oid:1.2.392.100495.20.3.51.11319999999", "value": "000123" })
    );

    let organizations = all(&bundle, "Organization");
    let [place, insurer] = organizations[..] else {
        panic!("{organizations:?}");
    };
    assert_eq!(
        place["identifier"][0],
        json!({
            "system": "http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no",
            "value": "1319999999",
        })
    );
    assert_eq!(
        insurer["identifier"][0],
        json!({
            "system": "http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsurerNumber",
            "value": "139998",
        })
    );
    assert_eq!(insurer["name"], "見本市");
}

#[test]
fn the_member_identifier_follows_its_rules() {
    let member = |symbol: Option<&str>, number: &str, branch: Option<&str>| {
        let result = Qualification {
            symbol: symbol.map(Personal::new),
            number: Some(Personal::new(number)),
            branch: branch.map(Personal::new),
            ..person()
        };
        let bundle = bundle(&answer(Some("1"), vec![result]));
        let coverage = only(&bundle, "Coverage");
        coverage["identifier"][0]["value"]
            .as_str()
            .map(str::to_owned)
    };
    for (symbol, number, branch, expected) in [
        (
            Some("あいう"),
            "１８７",
            Some("05"),
            Some("00139998:あいう:187:05"),
        ),
        (None, "187", None, Some("00139998::187:")),
        (
            Some("12-34"),
            "56 78",
            Some("00"),
            Some("00139998:１２－３４:5678:00"),
        ),
        (Some("　"), "1:2", None, Some("00139998::１：２:")),
        (None, " ", None, None),
    ] {
        assert_eq!(member(symbol, number, branch).as_deref(), expected);
    }
}

#[test]
fn the_kind_of_insurance_is_told_by_its_number() {
    for (number, code) in [
        ("06139992", Some("1")),
        ("139998", Some("2")),
        ("67139991", Some("2")),
        ("39139993", Some("7")),
        ("なし", None),
    ] {
        let result = Qualification {
            insurer_number: Personal::new(number),
            ..person()
        };
        let bundle = bundle(&answer(Some("1"), vec![result]));
        let kind = &only(&bundle, "Coverage")["type"]["coding"][0]["code"];
        assert_eq!(kind.as_str(), code, "{number}");
    }
    let aid = Qualification {
        card_classification: CardClassification::MedicalAid,
        insurer_number: Personal::new("12139994"),
        ..person()
    };
    let bundle = bundle(&answer(Some("6"), vec![aid]));
    let coverage = only(&bundle, "Coverage");
    assert_eq!(coverage["type"]["coding"][0]["code"], "8");
    assert!(coverage.get("identifier").is_none());
    assert_eq!(
        all(&bundle, "Organization")[1]["identifier"][0]["system"],
        "http://jpfhir.jp/fhir/core/mhlw/IdSystem/PublicPayerNumber"
    );
}

#[test]
fn several_persons_are_not_made_one() {
    let other = Qualification {
        insurer_name: "別市".to_owned(),
        insurer_number: Personal::new("06139992"),
        ..Qualification::new("見本　太郎", "19790101")
    };
    let report = answer(Some("5"), vec![person(), other.clone(), person()]);
    let two = bundle(&report);
    let patients = all(&two, "Patient");
    assert_eq!(
        patients.len(),
        3,
        "two persons, and nobody whom the question is about"
    );
    assert!(patients[0].get("name").is_none());
    let beneficiaries: Vec<&Value> = all(&two, "Coverage")
        .into_iter()
        .map(|coverage| &coverage["beneficiary"]["reference"])
        .collect();
    assert_eq!(beneficiaries[0], beneficiaries[2]);
    assert_ne!(beneficiaries[0], beneficiaries[1]);
    assert_eq!(all(&two, "Organization").len(), 3);
    let insurer = &only(&two, "CoverageEligibilityResponse")["insurer"];
    assert!(insurer.get("reference").is_none() && insurer.get("extension").is_some());
    // Each entry has its own id.
    let entries = two["entry"].as_array().unwrap();
    let ids: BTreeSet<&str> = entries
        .iter()
        .filter_map(|e| e["fullUrl"].as_str())
        .collect();
    assert_eq!(ids.len(), entries.len());

    // One person with two insurances is one.
    let changed = Qualification {
        insurer_number: Personal::new("06139992"),
        ..person()
    };
    let one = bundle(&answer(Some("3"), vec![person(), changed]));
    assert_eq!(only(&one, "Patient")["name"][0]["text"], "見本　花子");
}

#[test]
fn where_nobody_was_found_the_question_is_all() {
    let report = Report {
        asked: Some(SearchInfo {
            insurer_number: Some(Personal::new("00139998")),
            birthdate: Some(Personal::new("19800401")),
            ..SearchInfo::default()
        }),
        ..answer(Some("4"), vec![])
    };
    let asked = bundle(&report);
    assert_eq!(only(&asked, "Patient")["birthDate"], "1980-04-01");
    assert_eq!(
        all(&asked, "Organization")[1]["identifier"][0]["value"],
        "139998"
    );
    let nothing = bundle(&Report::empty());
    let patient = only(&nothing, "Patient").as_object().unwrap();
    assert_eq!(patient.keys().collect::<Vec<_>>(), ["id", "resourceType"]);
    assert!(
        only(&nothing, "CoverageEligibilityRequest")["insurer"]
            .get("reference")
            .is_none()
    );
}

#[test]
fn periods_and_dates_that_are_none_are_left_out() {
    let odd = Qualification {
        disqualified_on: Some(date(1, 1, 1)),
        valid_from: None,
        valid_until: None,
        ..Qualification::new("見本　花子", "19800230")
    };
    let left_out = bundle(&answer(Some("1"), vec![odd]));
    assert!(only(&left_out, "Coverage").get("period").is_none());
    assert!(only(&left_out, "Patient").get("birthDate").is_none());
    // A loss ends the period on the day before, if nothing ends it earlier.
    let lost = Qualification {
        disqualified_on: Some(date(2026, 10, 1)),
        ..person()
    };
    let lost = bundle(&answer(Some("2"), vec![lost]));
    assert_eq!(only(&lost, "Coverage")["period"]["end"], "2026-09-30");
}

#[test]
fn times_that_fhir_lacks_are_refused() {
    let report = answer(Some("1"), vec![person()]);
    let institution = institution();
    let origin = Origin::Feed {
        received: Timestamp::MIN,
    };
    let refused = Export::new(&report, &institution, origin, Realm::Production)
        .bundle(BundleId::from_bytes([7; 16]));
    assert_eq!(refused, Err(FhirError::Time));
}

#[test]
fn the_same_bytes_make_the_same_bundle_and_others_other_ids() {
    let report = answer(Some("1"), vec![person()]);
    let institution = institution();
    let export = Export::new(&report, &institution, feed(), Realm::Production)
        .institution_name("見本クリニック");
    let of = |id| export.bundle(id).unwrap();
    let fixed = BundleId::from_bytes([7; 16]);
    assert_eq!(of(fixed), of(fixed));
    assert_ne!(BundleId::generate().unwrap(), BundleId::generate().unwrap());
    let value: Value = serde_json::from_str(of(BundleId::generate().unwrap()).json()).unwrap();
    let id = value["id"].as_str().unwrap();
    assert_eq!((id.len(), &id[14..15]), (36, "4"));
    assert!("89ab".contains(&id[19..20]));
}

#[test]
fn nothing_of_it_prints() {
    let report = answer(Some("1"), vec![person()]);
    let institution = institution();
    let export =
        Export::new(&report, &institution, feed(), Realm::Production).institution_name("秘密");
    let bundle = export.bundle(BundleId::from_bytes([7; 16])).unwrap();
    assert_eq!(format!("{export:?} {bundle:#?}"), "Export(..) Bundle(..)");
}
