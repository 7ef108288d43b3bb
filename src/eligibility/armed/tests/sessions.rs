//! One session at a time, and what is remembered between them.

use jiff::civil::date;

use super::{Desk, at, bound, hanako, id, of_hanako, result, said, unbound, why, window};
use crate::eligibility::armed::memory::MOST;
use crate::eligibility::armed::{
    Apart, ArmError, ArmedFeed, Awaited, Doubt, Event, SessionEnd, Why, Window,
};
use crate::eligibility::{Failure, FeedError, FeedItem, FeedTrouble};

#[test]
fn one_at_a_time() {
    let (mut desk, session) = Desk::with_session(&hanako());
    let error = ArmError::AlreadyArmed { session };
    assert_eq!(desk.armed.arm(&hanako(), window(), at(1)), Err(error));
    assert_eq!(desk.armed.armed(), Some(session));
    assert!(desk.armed.disarm(session));
    assert!(!desk.armed.disarm(session));
    let next = desk.armed.arm(&hanako(), window(), at(1)).unwrap();
    assert_ne!(next, session);
    assert!(!desk.armed.disarm(session), "that was another one");
    assert_eq!(desk.armed.armed(), Some(next));
    let until = at(120);
    desk.armed.disarm(next);
    assert_eq!(
        desk.armed.arm(&hanako(), window(), at(121)),
        Err(ArmError::Over { until })
    );
    assert_eq!(desk.armed.armed(), None);
}

#[test]
fn a_session_times_out() {
    let (mut desk, session) = Desk::with_session(&hanako());
    assert_eq!(desk.poll(120), []);
    let end = SessionEnd::TimedOut { away: None };
    assert_eq!(end.failure(), Failure::TimedOut);
    assert_eq!(desk.poll(121), [Event::Ended { session, end }]);
    assert_eq!(desk.poll(122), []);
    // Late by the clock here, in time by the centre's: nobody has to wait for it.
    let (mut desk, _) = Desk::with_session(&hanako());
    desk.put(result("one", 119, vec![of_hanako()]));
    assert_eq!(*bound(&desk.poll(130)[0]), id("one"));
}

#[test]
fn a_feed_that_is_away() {
    let (mut desk, session) = Desk::with_session(&hanako());
    desk.armed.feed.away = Some(FeedError::Network);
    assert_eq!(desk.poll(1), [Event::Away(FeedError::Network)]);
    assert_eq!(desk.poll(2), []);
    desk.armed.feed.away = None;
    assert_eq!(desk.poll(3), []);
    desk.armed.feed.away = Some(FeedError::Network);
    assert_eq!(desk.poll(4), [Event::Away(FeedError::Network)]);
    let end = SessionEnd::TimedOut {
        away: Some(FeedError::Network),
    };
    assert_eq!(end.failure(), Failure::NetworkDown);
    assert_eq!(desk.poll(121), [Event::Ended { session, end }]);
}

#[test]
fn another_persons_result_leaves_the_session_armed() {
    let (mut desk, session) = Desk::with_session(&hanako());
    let other = || result("one", 60, vec![said("19990909", "ﾐﾎﾝ ﾊﾅｺ", "")]);
    let apart = |apart| [unbound(other(), Why::Apart(apart))];
    assert_eq!(desk.came(other()), apart(Apart::OtherPerson));
    assert_eq!(desk.armed.armed(), Some(session));
    // Also several of others in one file.
    let others = vec![said("19990909", "", ""), said("19990908", "", "")];
    let events = desk.came(result("two", 60, others));
    assert_eq!(*why(&events[0]), Why::Apart(Apart::OtherPerson));
    let mine = desk.came(result("three", 60, vec![of_hanako()]));
    assert_eq!(*bound(&mine[0]), id("three"));
    // With more than are looked at, it can't be said of all.
    let (mut desk, _) = Desk::with_session(&hanako());
    let many = vec![said("19990909", "", ""); 9];
    let events = desk.came(result("four", 60, many));
    assert!(matches!(
        why(&events[0]),
        Why::Doubt {
            doubt: Doubt::SeveralInOne,
            ..
        }
    ));
}

#[test]
fn a_result_that_came_before_the_session() {
    let mut desk = Desk::new();
    let events = desk.came(result("one", 60, vec![of_hanako()]));
    assert_eq!(*why(&events[0]), Why::NobodyArmed);
    let session = desk.armed.arm(&hanako(), window(), at(61)).unwrap();
    let events = desk.poll(61);
    let [Event::Bound(found)] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!((found.session(), found.id()), (session, &id("one")));
    assert_eq!(found.result(), None);
    // It is bound once.
    desk.armed.arm(&hanako(), window(), at(62)).unwrap();
    assert_eq!(desk.poll(62), []);
}

#[test]
fn a_second_result_after_the_first_was_bound() {
    let (mut desk, session) = Desk::with_session(&hanako());
    desk.came(result("one", 60, vec![of_hanako()]));
    let first = id("one");
    for (name, person) in [("two", of_hanako()), ("three", said("19800401", "", ""))] {
        let events = desk.came(result(name, 61, vec![person]));
        let first = first.clone();
        assert_eq!(*why(&events[0]), Why::Second { session, first });
        assert_eq!(events.len(), 1);
    }
    // Another person's isn't one.
    let events = desk.came(result("four", 61, vec![said("19990909", "", "")]));
    assert_eq!(*why(&events[0]), Why::NobodyArmed);
    // Armed once more: none of them is bound until a person decided.
    let again = |desk: &mut Desk| {
        desk.armed.arm(&hanako(), window(), at(62)).unwrap();
        desk.poll(62)
    };
    let events = again(&mut desk);
    let [Event::Ended { end, .. }] = &events[..] else {
        panic!("{events:?}")
    };
    let results = vec![id("two"), id("three")];
    let doubt = Doubt::Several;
    assert_eq!(*end, SessionEnd::InDoubt { doubt, results });
    assert!(desk.armed.decided(&id("three")));
    assert!(matches!(&again(&mut desk)[..], [Event::Ended { .. }]));
    assert!(desk.armed.decided(&id("two")));
    assert_eq!(again(&mut desk), []);
    assert!(!desk.armed.decided(&id("five")));
}

#[test]
fn a_second_result_is_not_bound_to_the_next_session() {
    let (mut desk, session) = Desk::with_session(&hanako());
    desk.came(result("one", 60, vec![of_hanako()]));
    // Whoever looked at the first: it stays bound.
    assert!(desk.armed.decided(&id("one")));
    let first = id("one");
    let events = desk.came(result("two", 61, vec![of_hanako()]));
    assert_eq!(*why(&events[0]), Why::Second { session, first });
    let session = desk.armed.arm(&hanako(), window(), at(62)).unwrap();
    let results = vec![id("two")];
    let doubt = Doubt::Several;
    let end = SessionEnd::InDoubt { doubt, results };
    assert_eq!(desk.poll(62), [Event::Ended { session, end }]);
}

#[test]
fn what_was_in_doubt_stays_so_until_a_person_decided() {
    let (mut desk, session) = Desk::with_session(&hanako());
    desk.put(result("one", 60, vec![of_hanako()]));
    desk.put(result("two", 61, vec![of_hanako()]));
    let events = desk.poll(61);
    let doubt = Doubt::Several;
    for event in &events[..2] {
        assert_eq!(*why(event), Why::Doubt { session, doubt });
    }
    let results = vec![id("one"), id("two")];
    let end = SessionEnd::InDoubt { doubt, results };
    assert_eq!(events[2..], [Event::Ended { session, end }]);
    assert!(desk.armed.decided(&id("two")));
    // The other one alone would agree, and was in doubt.
    let session = desk.armed.arm(&hanako(), window(), at(62)).unwrap();
    let results = vec![id("one")];
    let end = SessionEnd::InDoubt {
        doubt: Doubt::Undecided,
        results,
    };
    assert_eq!(desk.poll(62), [Event::Ended { session, end }]);
    assert!(desk.armed.decided(&id("one")));
    desk.armed.arm(&hanako(), window(), at(63)).unwrap();
    assert_eq!(
        *bound(&desk.came(result("three", 63, vec![of_hanako()]))[0]),
        id("three")
    );
}

#[test]
fn a_file_that_changed_is_not_bound() {
    let mut desk = Desk::new();
    desk.came(result("one", 60, vec![of_hanako()]));
    desk.armed.arm(&hanako(), window(), at(61)).unwrap();
    desk.item(FeedItem::Contradicted { id: id("one") });
    let events = desk.poll(61);
    let session = None;
    assert_eq!(
        events[0],
        Event::Contradicted {
            id: id("one"),
            session
        }
    );
    let Event::Ended { end, .. } = &events[1] else {
        panic!("{events:?}")
    };
    let results = vec![id("one")];
    let doubt = Doubt::Contradicted;
    assert_eq!(*end, SessionEnd::InDoubt { doubt, results });
    // One that is bound: whose it was is told.
    let (mut desk, session) = Desk::with_session(&hanako());
    desk.came(result("one", 60, vec![of_hanako()]));
    desk.item(FeedItem::Contradicted { id: id("one") });
    let session = Some(session);
    assert_eq!(
        desk.poll(61),
        [Event::Contradicted {
            id: id("one"),
            session
        }]
    );
}

#[test]
fn what_is_nobodys() {
    let mut desk = Desk::new();
    let mut failed = result("one", 60, vec![of_hanako()]).into_report();
    failed.segment = crate::eligibility::SegmentOfResult::from_code("9");
    let failed = crate::eligibility::FeedResult::new(id("one"), failed);
    assert_eq!(*why(&desk.came(failed)[0]), Why::Apart(Apart::NotNormal));
    let nobody = result("two", 60, Vec::new());
    assert_eq!(*why(&desk.came(nobody)[0]), Why::Apart(Apart::NoPerson));
    desk.armed.arm(&hanako(), window(), at(61)).unwrap();
    assert_eq!(desk.poll(61), []);
}

#[test]
fn troubles_are_passed_on_and_end_nothing() {
    let (mut desk, session) = Desk::with_session(&hanako());
    let source = || "x.xml".to_owned();
    let trouble = FeedTrouble::Unclosed;
    desk.item(FeedItem::Trouble {
        source: source(),
        trouble,
    });
    desk.item(FeedItem::Gone { source: source() });
    let told = [
        Event::Trouble {
            source: source(),
            trouble,
        },
        Event::Gone { source: source() },
    ];
    assert_eq!(desk.poll(1), told);
    assert_eq!(desk.armed.armed(), Some(session));
    desk.armed.settle(&id("one")).unwrap();
    assert_eq!(desk.armed.feed.settled, [id("one")]);
}

#[test]
fn what_is_forgotten_keeps_a_window_from_being_armed() {
    let mut desk = Desk::new();
    // The newest ones come first, as from a folder that was never cleared up.
    let count = i64::try_from(MOST).unwrap() + 2;
    for back in 0..count {
        let other = said("19990909", "", "");
        desk.put(result(&format!("r{back}"), -back, vec![other]));
    }
    assert_eq!(desk.poll(0).len(), MOST + 2);
    let forgotten = at(1 - i64::try_from(MOST).unwrap() - 1);
    let far = |from| Window::new(from, at(60)).unwrap();
    assert_eq!(
        desk.armed.arm(&hanako(), far(forgotten), at(0)),
        Err(ArmError::TooFarBack { forgotten })
    );
    desk.armed
        .arm(&hanako(), far(at(2) - (at(1) - forgotten)), at(0))
        .unwrap();
    assert!(desk.armed.decided(&id("r0")));
    assert!(!desk.armed.decided(&id(&format!("r{}", count - 1))));
    // By age.
    let mut desk = Desk::new();
    desk.came(result("old", 0, vec![of_hanako()]));
    desk.poll(25 * 3600 - 1);
    assert!(desk.armed.decided(&id("old")));
    desk.poll(25 * 3600);
    assert!(!desk.armed.decided(&id("old")));
}

#[test]
fn it_goes_between_threads_and_shows_no_person() {
    fn check<T: Send + Sync>(_: &T) {}
    let awaited = Awaited::by_person(date(1980, 4, 1), "ﾐﾎﾝ ﾊﾅｺ")
        .unwrap()
        .and_reference_number("secret-12")
        .unwrap();
    let (mut desk, _) = Desk::with_session(&awaited);
    let events = desk.came(result(
        "one",
        60,
        vec![said("19800401", "ﾐﾎﾝ ﾊﾅｺ", "secret-13")],
    ));
    let text = format!("{awaited:?} {:?} {events:?}", desk.armed);
    for secret in ["ﾐﾎﾝ", "ミホン", "secret", "1980"] {
        assert!(!text.contains(secret), "{text}");
    }
    check(&desk.armed.memory);
    let boxed: Box<dyn crate::eligibility::ResultFeed + Send + Sync> =
        Box::new(super::Queue::default());
    let mut armed = ArmedFeed::new(boxed);
    check(&armed);
    assert_eq!(armed.poll(at(0)), []);
    assert_eq!(armed.realm(), crate::Realm::Simulation);
}

/// A flood of files with a time far ahead must not keep anybody from being awaited
/// once it is over.
#[test]
fn times_far_ahead_are_not_forgotten_as_such() {
    let mut desk = Desk::new();
    let century = 100 * 365 * 86_400;
    for one in 0..i64::try_from(MOST).unwrap() + 2 {
        let other = said("19990909", "", "");
        desk.put(result(&format!("r{one}"), century + one, vec![other]));
    }
    desk.poll(0);
    let later = |seconds: i64| at(2 * 3600 + seconds);
    let window = Window::new(later(0), later(60)).unwrap();
    desk.armed.arm(&hanako(), window, later(0)).unwrap();
}

/// A clinic with two desks keeps their sessions in one list.
#[test]
fn sessions_of_two_desks_have_different_names() {
    let (mut one, mut other) = (Desk::new(), Desk::new());
    let window = Window::new(at(0), at(60)).unwrap();
    let [first, second] =
        [&mut one, &mut other].map(|desk| desk.armed.arm(&hanako(), window, at(0)).unwrap());
    assert_ne!(first, second);
    assert!(!one.armed.disarm(second));
    assert_eq!(one.armed.armed(), Some(first));
}
