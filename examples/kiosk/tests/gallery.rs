//! The gallery has every screen, every failure, and both ways of every flag.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use support::Running;
use uketsuke::eligibility::Failure;

/// `Screen` may get more variants, and a `match` outside of the library can't be made to break then. So the names are
/// read where they are written.
fn names() -> BTreeSet<&'static str> {
    let source = include_str!("../../../src/checkin/screen.rs");
    let (_, after) = source.split_once("pub const fn name(").unwrap();
    let (body, _) = after.split_once("\n    }\n").unwrap();
    let quoted = body.split('"').skip(1).step_by(2);
    quoted.collect()
}

#[test]
fn every_screen_is_in_it() {
    let kiosk = Running::new();
    let screens = kiosk.get("/screens").json();
    let screens = screens.as_array().unwrap();
    let shown: BTreeSet<_> = screens
        .iter()
        .map(|screen| screen["name"].as_str().unwrap())
        .collect();
    assert_eq!(shown, names());
    let examples: BTreeSet<_> = screens
        .iter()
        .map(|screen| screen["example"].as_str().unwrap())
        .collect();
    assert_eq!(examples.len(), screens.len(), "names are unique");
    for failure in Failure::ALL {
        assert!(examples.contains(&*format!("not-accepted-{}", failure.code())));
    }
    // Each flag and each number is seen with more than one value, or nobody looked at the other.
    let mut values: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for screen in screens {
        for lang in ["ja", "en"] {
            assert!(!screen["text"][lang]["title"].as_str().unwrap().is_empty());
        }
        for (name, value) in screen["extra"].as_object().unwrap() {
            let key = (screen["name"].as_str().unwrap().to_owned(), name.clone());
            values.entry(key).or_default().insert(value.to_string());
        }
    }
    let alone = |key: &(String, String)| {
        // A last try is the last one; five attempts are the policy's.
        [("last-try", "tries_left"), ("look-at-camera", "of")].contains(&(&*key.0, &*key.1))
    };
    for (key, values) in values.iter().filter(|(key, _)| !alone(key)) {
        assert!(values.len() > 1, "{key:?}: {values:?}");
    }
}
