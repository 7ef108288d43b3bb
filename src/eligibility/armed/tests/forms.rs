//! Writings that are equal, and those that aren't.

use jiff::SignedDuration;
use jiff::civil::date;

use super::{Desk, at, bound, id, result, said, why, window};
use crate::eligibility::armed::{Awaited, AwaitedError, Doubt, Event, Why, Window, WindowError};

fn is_bound(awaited: &Awaited, birthdate: &str, kana: &str, number: &str) -> bool {
    let (mut desk, _) = Desk::with_session(awaited);
    let events = desk.came(result("one", 60, vec![said(birthdate, kana, number)]));
    matches!(&events[..], [Event::Bound(_)])
}

#[test]
fn of_kana_and_birth_dates() {
    let known = Awaited::by_person(date(1980, 4, 1), "みほん　しょうこ").unwrap();
    for kana in [
        "ﾐﾎﾝ ｼﾖｳｺ",
        "ミホン　ショウコ",
        "ミホンショウコ ",
        "ﾐﾎﾝ\u{3000}ｼｮｳｺ",
    ] {
        assert!(is_bound(&known, "19800401", kana, ""), "{kana}");
        assert!(is_bound(&known, "１９８００４０１", kana, ""), "{kana}");
    }
    for kana in ["ﾐﾎﾝ ｼﾖｳｺｺ", "ﾐﾎﾝ", " ", "●", "ﾐﾎﾝ ｼﾖｳ●"] {
        assert!(!is_bound(&known, "19800401", kana, ""), "{kana}");
    }
    for birthdate in [
        "19800402", "198004", "1980040", "0000", "19800400", "4", "昭和55",
    ] {
        assert!(!is_bound(&known, birthdate, "ﾐﾎﾝ ｼﾖｳｺ", ""), "{birthdate}");
    }
}

#[test]
fn of_reference_numbers() {
    let known = Awaited::by_reference_number(" Ａ-００１23 ").unwrap();
    for number in ["A-00123", "Ａ－００１２３", "A-00123 "] {
        assert!(is_bound(&known, "", "", number), "{number}");
    }
    for number in [
        "A00123", "A-0012-3", "A-123", "a-00123", "A-0012 3", "A-001234", "-",
    ] {
        assert!(!is_bound(&known, "", "", number), "{number}");
    }
    for number in ["", " ", "●1"] {
        let refused = Awaited::by_reference_number(number).unwrap_err();
        assert_eq!(refused, AwaitedError::ReferenceNumber);
    }
    // Longer than any is nobody's, and isn't cut down to one that fits.
    let long = "1".repeat(256);
    let known = Awaited::by_reference_number(&long).unwrap();
    assert!(is_bound(&known, "", "", &long));
    assert!(!is_bound(&known, "", "", &format!("{long}1")));
    for kana in ["", "　", "●"] {
        let refused = Awaited::by_person(date(1980, 4, 1), kana).unwrap_err();
        assert_eq!(refused, AwaitedError::Kana);
    }
}

#[test]
fn of_times() {
    let half = SignedDuration::from_millis(500);
    // A second that the window begins or ends in belongs to it.
    let window = Window::new(at(0) + half, at(120) - half).unwrap();
    for (executed, fits) in [(-1, false), (0, true), (119, true), (120, false)] {
        let mut desk = Desk::new();
        desk.armed.arm(&super::hanako(), window, at(0)).unwrap();
        let events = desk.came(result("one", executed, vec![super::of_hanako()]));
        assert_eq!(matches!(events[0], Event::Bound(_)), fits, "{executed}");
    }
    let hours = SignedDuration::from_hours;
    assert_eq!(Window::new(at(1), at(0)), Err(WindowError::Backwards));
    let day = hours(24);
    assert!(Window::of(at(0), hours(0), day).is_ok());
    assert_eq!(Window::of(at(1), hours(1), day), Err(WindowError::TooLong));
    let beyond = SignedDuration::MAX;
    assert_eq!(
        Window::of(at(1), hours(1), beyond),
        Err(WindowError::TooLong)
    );
}

#[test]
fn a_result_without_time_counts_by_when_it_came() {
    for (seen, fits) in [(-1, false), (0, true), (120, true), (121, false)] {
        let mut desk = Desk::new();
        let mut timeless = result("one", 0, vec![super::of_hanako()]).into_report();
        timeless.executed = None;
        desk.put(crate::eligibility::FeedResult::new(id("one"), timeless));
        desk.poll(seen);
        desk.armed.arm(&super::hanako(), window(), at(0)).unwrap();
        assert_eq!(desk.poll(1).len(), usize::from(fits), "{seen}");
    }
}

#[test]
fn twins_and_names_that_changed() {
    let born = date(1980, 4, 1);
    let known = Awaited::by_person(born, "ﾐﾎﾝ ﾊﾅｺ").unwrap();
    let numbered = known.clone().and_reference_number("12").unwrap();
    let by_number = Awaited::by_reference_number("12").unwrap();
    let judged = |awaited: &Awaited, kana: &str, number: &str| {
        let (mut desk, session) = Desk::with_session(awaited);
        let events = desk.came(result("one", 60, vec![said("19800401", kana, number)]));
        if let [event @ Event::Bound(_)] = &events[..] {
            assert_eq!(*bound(event), id("one"));
            return None;
        }
        match why(&events[0]) {
            Why::Doubt { session: of, doubt } if *of == session => Some(*doubt),
            other => panic!("{other:?}"),
        }
    };
    // A twin, with her sister's number by mistake.
    assert_eq!(judged(&numbered, "ﾐﾎﾝ ﾊﾅｴ", "12"), Some(Doubt::KanaDiffers));
    assert_eq!(
        judged(&numbered, "ﾐﾎﾝ ﾊﾅｴ", "13"),
        Some(Doubt::ReferenceNumberDiffers)
    );
    assert_eq!(judged(&known, "ﾐﾎﾝ ﾊﾅｴ", ""), Some(Doubt::KanaDiffers));
    // Nothing in the name that could be compared: the number decides.
    assert_eq!(judged(&numbered, "ﾐﾎﾝ ●", "12"), None);
    assert_eq!(judged(&known, "ﾐﾎﾝ ●", "12"), Some(Doubt::KanaUnsaid));
    // A name that changed.
    let renamed = by_number.clone().and_birthdate(born);
    assert_eq!(judged(&renamed, "ﾃｽﾄ ﾊﾅｺ", "12"), None);
    assert_eq!(
        judged(&by_number, "ﾃｽﾄ ﾊﾅｺ", ""),
        Some(Doubt::ReferenceNumberUnsaid)
    );
}
