use serde_json::{Value, json};

use super::{DetectorSpec, EmbedderSpec, SpecError};
use crate::face::digest::Fields;

fn yunet() -> Value {
    serde_json::from_str(include_str!("../../../../tests/models/yunet.json")).unwrap()
}

fn scrfd() -> Value {
    serde_json::from_str(include_str!("../../../../tests/models/scrfd.json")).unwrap()
}

fn sface() -> Value {
    serde_json::from_str(include_str!("../../../../tests/models/sface.json")).unwrap()
}

fn detector(json: &Value) -> Result<DetectorSpec, SpecError> {
    DetectorSpec::from_json(&json.to_string())
}

fn embedder(json: &Value) -> Result<EmbedderSpec, SpecError> {
    EmbedderSpec::from_json(&json.to_string())
}

/// With the value at a path (`/input/size`) replaced.
fn with(mut json: Value, path: &str, value: Value) -> Value {
    *json.pointer_mut(path).unwrap() = value;
    json
}

/// Every value out of its range is refused, with its key.
#[test]
fn ranges() {
    let refused = |found: Result<(), SpecError>, key: &str| match found {
        Err(SpecError::Value { key: named, .. }) => assert_eq!(named, key),
        other => panic!("{key}: {other:?}"),
    };
    for (path, key, values) in [
        (
            "/sha256",
            "sha256",
            vec![json!("00"), json!("g".repeat(64)), json!("é".repeat(32))],
        ),
        (
            "/vendor",
            "vendor",
            vec![json!(""), json!("a\nb"), json!("a".repeat(61))],
        ),
        ("/licence", "licence", vec![json!("")]),
        ("/input/name", "input.name", vec![json!("")]),
        ("/input/mean", "input.mean", vec![json!([0, 0, 1001])]),
        (
            "/input/std",
            "input.std",
            vec![json!([1, 1, 0]), json!([-1, 1, 1]), json!([1, 1e9, 1])],
        ),
    ] {
        for value in values {
            refused(detector(&with(yunet(), path, value.clone())).map(drop), key);
            refused(embedder(&with(sface(), path, value)).map(drop), key);
        }
    }
    for (path, key, values) in [
        (
            "/input/size",
            "input.size.fixed",
            vec![
                json!({"fixed": [320, 330]}),
                json!({"fixed": [0, 320]}),
                json!({"fixed": [4096, 320]}),
            ],
        ),
        (
            "/input/size",
            "input.size.longest",
            vec![json!({"longest": 31}), json!({"longest": 2049})],
        ),
        ("/strides", "strides", vec![json!([])]),
        (
            "/strides/0/stride",
            "strides.stride",
            vec![
                json!(0),
                json!(3),
                json!(9),
                json!(256),
                json!(16),
                json!(32),
            ],
        ),
        (
            "/score_threshold",
            "score_threshold",
            vec![json!(0), json!(1), json!(-0.5), json!(2)],
        ),
        ("/nms_threshold", "nms_threshold", vec![json!(0), json!(1)]),
    ] {
        for value in values {
            refused(detector(&with(yunet(), path, value)).map(drop), key);
        }
    }
    for value in [json!(0), json!(9)] {
        refused(
            detector(&with(scrfd(), "/anchors", value)).map(drop),
            "anchors",
        );
    }
    for value in [
        json!([112, 128]),
        json!([0, 0]),
        json!([113, 113]),
        json!([560, 560]),
    ] {
        refused(
            embedder(&with(sface(), "/input/size", value)).map(drop),
            "input.size",
        );
    }
    for value in [json!(15), json!(4097)] {
        refused(
            embedder(&with(sface(), "/output/dimension", value)).map(drop),
            "output.dimension",
        );
    }
    // What belongs to the other kind.
    refused(
        detector(&with(yunet(), "/kind", json!("scrfd"))).map(drop),
        "anchors",
    );
    refused(
        detector(&with(scrfd(), "/kind", json!("yunet"))).map(drop),
        "anchors",
    );
}

/// Every key must be there, and none else may.
#[test]
fn keys() {
    fn objects(json: &Value, path: &str, found: &mut Vec<(String, Vec<String>)>) {
        if let Value::Object(map) = json {
            found.push((path.to_owned(), map.keys().cloned().collect()));
            for (key, value) in map {
                objects(value, &format!("{path}/{key}"), found);
            }
        }
        if let Value::Array(values) = json {
            for (at, value) in values.iter().enumerate() {
                objects(value, &format!("{path}/{at}"), found);
            }
        }
    }
    type Read = fn(&Value) -> Result<(), SpecError>;
    let all: [(Value, Read); 3] = [
        (yunet(), |json| detector(json).map(drop)),
        (scrfd(), |json| detector(json).map(drop)),
        (sface(), |json| embedder(json).map(drop)),
    ];
    for (json, read) in all {
        read(&json).unwrap();
        let mut found = Vec::new();
        objects(&json, "", &mut found);
        for (path, keys) in found {
            let mut more = json.clone();
            more.pointer_mut(&path).unwrap()["threshold"] = json!(0.36);
            assert!(matches!(read(&more), Err(SpecError::Json { .. })), "{path}");
            for key in keys {
                let mut less = json.clone();
                less.pointer_mut(&path)
                    .unwrap()
                    .as_object_mut()
                    .unwrap()
                    .remove(&key);
                let error = read(&less).unwrap_err();
                if let SpecError::Json { reason } = &error {
                    assert!(reason.contains(&key) || path.ends_with("size"), "{error}");
                }
            }
        }
    }
}

/// Whatever changes what is found changes the digest.
#[test]
fn the_digest_covers_all_that_counts() {
    let digest = |json: &Value| {
        let mut fields = Fields::new("test");
        match json.get("kind") {
            Some(_) => detector(json).unwrap().digest(&mut fields),
            None => embedder(json).unwrap().digest(&mut fields),
        }
        fields.finish()
    };
    let mut seen = vec![digest(&yunet()), digest(&scrfd()), digest(&sface())];
    let zeros = "0".repeat(64);
    for json in [yunet(), scrfd(), sface()] {
        for (path, value) in [
            ("/sha256", json!(zeros)),
            ("/input/name", json!("x")),
            (
                "/input/colour",
                json!(if json["input"]["colour"] == "RGB" {
                    "BGR"
                } else {
                    "RGB"
                }),
            ),
            ("/input/mean", json!([1, 2, 3])),
            ("/input/mean", json!([3, 2, 1])),
            ("/input/std", json!([2, 2, 2])),
            (
                "/input/size",
                if json.get("kind").is_some() {
                    json!({"fixed": [64, 96]})
                } else {
                    json!([128, 128])
                },
            ),
        ] {
            seen.push(digest(&with(json.clone(), path, value)));
        }
    }
    for json in [yunet(), scrfd()] {
        seen.push(digest(&with(json.clone(), "/score_threshold", json!(0.7))));
        seen.push(digest(&with(json.clone(), "/nms_threshold", json!(0.7))));
        seen.push(digest(&with(json.clone(), "/strides/1/box", json!("x"))));
        seen.push(digest(&with(
            json.clone(),
            "/input/size",
            json!({"longest": 96}),
        )));
        seen.push(digest(&with(json, "/strides/2/stride", json!(64)).clone()));
    }
    seen.push(digest(&with(scrfd(), "/anchors", json!(3))));
    seen.push(digest(&with(sface(), "/output/name", json!("x"))));
    seen.push(digest(&with(sface(), "/output/dimension", json!(99))));
    let count = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), count);
    // Who made it isn't in it.
    assert_eq!(
        digest(&with(sface(), "/vendor", json!("x"))),
        digest(&sface())
    );
}

/// In the order of the fields, and what may be left out as `null`.
#[test]
fn values_without_names_are_refused() {
    let values = |object: &Value, names: &[&str]| {
        let mut list = Vec::new();
        for name in names {
            list.push(object.get(name).cloned().unwrap_or_default());
        }
        Value::from(list)
    };
    let about = ["sha256", "vendor", "name", "version", "licence", "input"];
    let input = ["name", "layout", "colour", "mean", "std", "size"];
    let output = ["name", "dimension"];
    let found = ["sha256", "kind", "vendor", "name", "version", "licence"];
    let limits = ["score_threshold", "nms_threshold"];
    let stride = ["stride", "class", "object", "score", "box", "landmarks"];
    let found = [&found[..], &["input", "strides", "anchors"], &limits].concat();

    type Read = fn(&Value) -> Result<(), SpecError>;
    let finds: Read = |json| detector(json).map(drop);
    let knows: Read = |json| embedder(json).map(drop);

    for (read, json, path, names) in [
        (finds, yunet(), "", &found[..]),
        (finds, scrfd(), "", &found),
        (finds, yunet(), "/input", &input),
        (finds, yunet(), "/strides/0", &stride),
        (finds, scrfd(), "/strides/2", &stride),
        (knows, sface(), "", &[&about[..], &["output"]].concat()),
        (knows, sface(), "/input", &input),
        (knows, sface(), "/output", &output),
    ] {
        let list = values(json.pointer(path).unwrap(), names);
        match read(&with(json, path, list)) {
            Err(SpecError::Json { reason }) => assert!(reason.contains("names"), "{reason}"),
            other => panic!("{path}: {other:?}"),
        }
    }
}

#[test]
fn too_long() {
    let long = " ".repeat((1 << 16) + 1);
    assert_eq!(
        DetectorSpec::from_json(&long),
        Err(SpecError::TooLong { bytes: 65_537 })
    );
}

/// What is quoted of a file can't write to a terminal.
#[test]
fn what_is_quoted_has_no_control_characters() {
    let json = with(yunet(), "/kind", json!("\u{1b}[2J\nx")).to_string();
    match DetectorSpec::from_json(&json) {
        Err(SpecError::Json { reason }) => {
            assert!(
                reason.contains("[2J") && !reason.contains(char::is_control),
                "{reason:?}"
            );
        }
        other => panic!("{other:?}"),
    }
}
