//! Every combination of agreement, difference, doubt and absence.

use jiff::civil::date;

use super::{Desk, at, id, said, window};
use crate::eligibility::armed::{ArmedFeed, Awaited, Event, SessionEnd};
use crate::eligibility::{Failure, FeedItem, FeedResult, Report, SegmentOfResult};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Same,
    Other,
    Nothing,
    /// It is there, and can't be compared.
    Unclear,
}
use Says::{Nothing, Other, Same, Unclear};

const SAYS: [Says; 4] = [Same, Other, Nothing, Unclear];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Within,
    Before,
    After,
    Unsaid,
}

const WHEN: [When; 4] = [When::Within, When::Before, When::After, When::Unsaid];

/// What is known of the person at the desk: birth date, kana, 照会番号.
const KNOWN: [[bool; 3]; 4] = [
    [true, true, false],
    [true, true, true],
    [false, false, true],
    [true, false, true],
];

#[derive(Clone, Copy, Debug)]
struct Case {
    known: [bool; 3],
    says: [Says; 3],
    executed: When,
    written: When,
    segment: &'static str,
    persons: usize,
}

impl Case {
    fn all() -> impl Iterator<Item = Self> {
        let says = || {
            SAYS.into_iter().flat_map(|birthdate| {
                SAYS.into_iter()
                    .flat_map(move |kana| SAYS.map(|number| [birthdate, kana, number]))
            })
        };
        let times = || {
            WHEN.into_iter()
                .flat_map(|one| WHEN.map(|other| (one, other)))
        };
        let frames = ["1", "2", "9", ""]
            .into_iter()
            .flat_map(|segment| [0, 1, 2].map(|persons| (segment, persons)));
        frames.flat_map(move |(segment, persons)| {
            KNOWN.into_iter().flat_map(move |known| {
                says().flat_map(move |says| {
                    times().map(move |(executed, written)| Self {
                        known,
                        says,
                        executed,
                        written,
                        segment,
                        persons,
                    })
                })
            })
        })
    }

    fn awaited(&self) -> Awaited {
        let [birthdate, kana, number] = self.known;
        let born = date(1980, 4, 1);
        let awaited = if kana {
            Awaited::by_person(born, "ミホン　ハナコ").unwrap()
        } else {
            Awaited::by_reference_number("A-0012").unwrap()
        };
        let awaited = match number {
            true => awaited.and_reference_number("A-0012").unwrap(),
            false => awaited,
        };
        if birthdate {
            awaited.and_birthdate(born)
        } else {
            awaited
        }
    }

    fn result(&self) -> FeedResult {
        let pick = |says: Says, [same, other, unclear]: [&'static str; 3]| match says {
            Same => same,
            Other => other,
            Nothing => "",
            Unclear => unclear,
        };
        let [birthdate, kana, number] = self.says;
        let person = said(
            pick(birthdate, ["19800401", "19800402", "19801301"]),
            pick(kana, ["ﾐﾎﾝ ﾊﾅｺ", "ﾐﾎﾝ ﾊﾅｴ", "ﾐﾎﾝ ●ﾅｺ"]),
            pick(number, ["Ａ－００１２", "A-012", "A-●012"]),
        );
        let time = |when| match when {
            When::Within => Some(at(60)),
            When::Before => Some(at(-1)),
            When::After => Some(at(121)),
            When::Unsaid => None,
        };
        let report = Report {
            segment: SegmentOfResult::from_code(self.segment),
            executed: time(self.executed),
            results: vec![person; self.persons],
            ..Report::normal()
        };
        let result = FeedResult::new(id("one"), report);
        match time(self.written) {
            Some(time) => result.with_written(time),
            None => result,
        }
    }

    /// What the words of the documentation say, facet by facet.
    fn is_bound(&self) -> bool {
        let differs = (0..3).any(|at| self.known[at] && self.says[at] == Other);
        let agrees = |at: usize| self.known[at] && self.says[at] == Same;
        let by_number = agrees(2) && (agrees(0) || !self.known[0]);
        let in_time = [self.executed, self.written]
            .into_iter()
            .filter(|when| *when != When::Unsaid)
            .collect::<Vec<_>>();
        self.segment == "1"
            && self.persons == 1
            && !differs
            && (by_number || (agrees(0) && agrees(1)))
            && !in_time.is_empty()
            && in_time.iter().all(|when| *when == When::Within)
    }

    /// Whether a person has to look: it may be theirs, and isn't certain.
    fn is_in_doubt(&self) -> bool {
        let [birthdate, _, number] = self.says;
        let may_be_theirs = match (self.known[0], birthdate) {
            // Somebody else's, unless the number says it is theirs.
            (true, Other) => self.known[2] && number == Same,
            (true, _) => true,
            (false, _) => number != Other,
        };
        let times = [self.executed, self.written];
        let may_be_now = times.contains(&When::Within) || times == [When::Unsaid; 2];
        let told = self.segment == "1" && self.persons > 0 && may_be_theirs && may_be_now;
        told && !self.is_bound()
    }
}

#[test]
fn bound_only_if_all_agrees() {
    let (mut cases, mut bound, mut doubts) = (0, 0, 0);
    for case in Case::all() {
        cases += 1;
        let mut desk = Desk::new();
        let session = desk.armed.arm(&case.awaited(), window(), at(0)).unwrap();
        let events = desk.came(case.result());
        match &events[..] {
            [Event::Bound(found)] => {
                assert!(case.is_bound(), "{case:?}");
                assert_eq!((found.session(), found.id()), (session, &id("one")));
                assert!(found.result().is_some());
                bound += 1;
            }
            [
                Event::Unbound(_),
                Event::Ended {
                    session: ended,
                    end,
                },
            ] => {
                assert!(case.is_in_doubt(), "{case:?} {end:?}");
                assert_eq!(*ended, session);
                assert_eq!(end.failure(), Failure::PersonUnclear);
                doubts += 1;
            }
            [Event::Unbound(_)] => {
                assert!(!case.is_bound() && !case.is_in_doubt(), "{case:?}");
                assert_eq!(desk.armed.armed(), Some(session));
                let end = SessionEnd::TimedOut { away: None };
                assert_eq!(desk.poll(121), [Event::Ended { session, end }]);
            }
            other => panic!("{case:?}: {other:?}"),
        }
        assert_eq!(desk.armed.armed(), None, "{case:?}");
    }
    assert_eq!(cases, 4 * 3 * 4 * 64 * 16);
    assert!(bound > 50 && doubts > 500, "{bound} {doubts}");
}

/// Two results, each agreeing, doubtful or apart, in every order and at two polls or
/// one; before the session was armed or after.
#[test]
fn two_results_and_one_session() {
    let kinds = [
        ("agrees", said("19800401", "ﾐﾎﾝ ﾊﾅｺ", "")),
        ("doubtful", said("19800401", "", "")),
        ("apart", said("19990909", "ﾐﾎﾝ ﾊﾅｺ", "")),
    ];
    for (first, one) in &kinds {
        for (second, other) in &kinds {
            for armed_after in 0..3 {
                for at_once in [true, false] {
                    let mut desk = Desk::new();
                    let mut events = Vec::new();
                    let arm = |feed: &mut ArmedFeed<_>, when| {
                        if when == armed_after {
                            feed.arm(&super::hanako(), window(), at(0)).unwrap();
                        }
                    };
                    arm(&mut desk.armed, 0);
                    desk.put(super::result("first", 60, vec![one.clone()]));
                    if !at_once {
                        events.extend(desk.poll(60));
                        arm(&mut desk.armed, 1);
                    }
                    desk.put(super::result("second", 61, vec![other.clone()]));
                    if at_once {
                        arm(&mut desk.armed, 1);
                    }
                    events.extend(desk.poll(61));
                    arm(&mut desk.armed, 2);
                    events.extend(desk.poll(62));
                    let bound: Vec<_> = events
                        .iter()
                        .filter_map(|event| match event {
                            Event::Bound(bound) => Some(bound.id().clone()),
                            _ => None,
                        })
                        .collect();
                    // Seen alone by an armed session, the first is bound.
                    let alone = !at_once && armed_after == 0;
                    let expected = match (*first, *second) {
                        ("agrees", "apart") => vec![id("first")],
                        ("agrees", _) if alone => vec![id("first")],
                        ("apart", "agrees") => vec![id("second")],
                        _ => Vec::new(),
                    };
                    let what = format!("{first} {second} {armed_after} {at_once}");
                    assert_eq!(bound, expected, "{what}");
                    // Each is delivered once.
                    let delivered = events.iter().filter(|event| match event {
                        Event::Bound(bound) => bound.result().is_some(),
                        Event::Unbound(_) => true,
                        _ => false,
                    });
                    assert_eq!(delivered.count(), 2, "{what}");
                }
            }
        }
    }
}

#[test]
fn a_result_delivered_twice_is_bound_once() {
    let (mut desk, session) = Desk::with_session(&super::hanako());
    for _ in 0..2 {
        let result = super::result("one", 60, vec![super::of_hanako()]);
        desk.item(FeedItem::Result(Box::new(result)));
    }
    let events = desk.poll(60);
    let [again, Event::Bound(bound)] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!(*super::why(again), super::Why::Again);
    assert_eq!(bound.session(), session);
}
