//! Whose turn it is, with lanes that do nothing but count.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, MutexGuard};

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::lane::Stepped;
use super::*;
use crate::checkin::{CheckIn, Equipment, Policy, Step};
use crate::eligibility::Failure;
use crate::trust::TerminalId;

fn start() -> Timestamp {
    "2026-11-22T12:00:00+09:00".parse().unwrap()
}

fn in_ms(count: i64) -> Timestamp {
    start() + SignedDuration::from_millis(count)
}

/// An outcome like any other.
fn outcome() -> Box<Outcome> {
    let policy = Policy::simulation(TerminalId::new("desk").unwrap());
    let machine = CheckIn::new(
        policy,
        Equipment::pin_only(crate::Realm::Simulation),
        start(),
    );
    Box::new(machine.broken(start()))
}

type Log = Mutex<Vec<usize>>;

fn locked(log: &Log) -> MutexGuard<'_, Vec<usize>> {
    log.lock().unwrap()
}

/// What a lane does at each of its steps.
enum Act<'a> {
    Ready,
    /// Until this many milliseconds on the lane's clock.
    Wait(i64),
    /// The end of a visit.
    Finish,
    Panic,
    /// Says that it is there, and holds its worker until it is told.
    Hang(Sender<()>, Receiver<()>),
    Call(Box<dyn FnOnce() + Send + 'a>),
    /// Waits for its bell, after this call.
    Await(Box<dyn FnOnce() + Send + 'a>),
}

/// Does one act after the other, then finishes. Its clock goes on by a millisecond
/// whenever it is asked.
struct Fake<'a> {
    number: usize,
    log: &'a Log,
    acts: VecDeque<Act<'a>>,
    clock: i64,
    busy: bool,
    breaks: Option<&'static str>,
    abandoned: &'a Log,
}

impl Fake<'_> {
    fn breaks(&self, at: &str) {
        assert!(self.breaks != Some(at), "on purpose");
    }
}

impl Stepped for Fake<'_> {
    fn now(&mut self) -> Timestamp {
        self.breaks("now");
        self.clock += 1;
        in_ms(self.clock)
    }

    fn is_busy(&self) -> bool {
        self.busy
    }

    fn step(&mut self, stop: bool) -> Step {
        locked(self.log).push(self.number);
        self.busy = !stop;
        if stop {
            return Step::Finished(outcome());
        }
        match self.acts.pop_front() {
            Some(Act::Ready) => Step::Ready,
            Some(Act::Wait(until)) => Step::Waiting {
                until: in_ms(until),
            },
            Some(Act::Panic) => panic!("on purpose"),
            Some(Act::Hang(there, go_on)) => {
                there.send(()).unwrap();
                go_on.recv().unwrap();
                Step::Ready
            }
            Some(Act::Call(call)) => {
                call();
                Step::Ready
            }
            Some(Act::Await(call)) => {
                call();
                Step::Waiting {
                    until: Timestamp::MAX,
                }
            }
            Some(Act::Finish) | None => {
                self.busy = false;
                Step::Finished(outcome())
            }
        }
    }

    fn abandon(&mut self) {
        locked(self.abandoned).push(self.number);
        self.breaks("abandon");
    }
}

impl Drop for Fake<'_> {
    fn drop(&mut self) {
        self.breaks("drop");
    }
}

/// What happened, and fakes that tell it.
#[derive(Default)]
struct Books {
    steps: Log,
    abandoned: Log,
    visits: Log,
    panicked: Log,
}

impl Books {
    fn fake<'a>(&'a self, lanes: &Lanes<'a>, acts: Vec<Act<'a>>) -> Fake<'a> {
        Fake {
            number: lanes.turns.len(),
            log: &self.steps,
            acts: acts.into(),
            clock: 0,
            busy: false,
            breaks: None,
            abandoned: &self.abandoned,
        }
    }

    fn add<'a>(&'a self, lanes: &mut Lanes<'a>, acts: Vec<Act<'a>>) {
        let fake = self.fake(lanes, acts);
        lanes.add_stepped(Box::new(fake));
    }

    fn keep(&self, lane: LaneId, ended: &Ended) {
        match ended {
            Ended::Visit(outcome) => {
                assert_eq!(outcome.failure(), Some(Failure::Internal));
                locked(&self.visits).push(lane.index());
            }
            Ended::Panicked => locked(&self.panicked).push(lane.index()),
        }
    }

    fn run(&self, mut lanes: Lanes<'_>, workers: usize) {
        lanes.rests = Rests::NONE;
        lanes.run(workers, |lane, ended| {
            self.keep(lane, &ended);
            Next::Close
        });
    }

    fn sorted(log: &Log) -> Vec<usize> {
        let mut all = locked(log).clone();
        all.sort_unstable();
        all
    }
}

fn ready(count: usize) -> Vec<Act<'static>> {
    (0..count).map(|_| Act::Ready).collect()
}

#[test]
fn one_worker_goes_round() {
    let books = Books::default();
    let mut lanes = Lanes::new();
    for _ in 0..5 {
        books.add(&mut lanes, ready(3));
    }
    books.run(lanes, 0);
    let round = [0, 1, 2, 3, 4];
    assert_eq!(*locked(&books.steps), round.repeat(4));
    assert_eq!(*locked(&books.visits), round);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Between two steps of a lane, each other lane has at most one; whatever each
    /// of them has to do, and whichever waits.
    #[test]
    fn nobody_starves(
        all in prop::collection::vec(prop::collection::vec(prop::option::of(0_i64..40), 0..30), 1..12),
    ) {
        let books = Books::default();
        let mut lanes = Lanes::new();
        for acts in &all {
            let act = |wait: &Option<i64>| wait.map_or(Act::Ready, Act::Wait);
            books.add(&mut lanes, acts.iter().map(act).collect());
        }
        books.run(lanes, 1);
        let steps = locked(&books.steps);
        for (lane, acts) in all.iter().enumerate() {
            let own: Vec<_> = (0..steps.len()).filter(|at| steps[*at] == lane).collect();
            prop_assert_eq!(own.len(), acts.len() + 1);
            for other in 0..all.len() {
                let count = steps[..own[0]].iter().filter(|step| **step == other).count();
                prop_assert!(count <= 1, "{} before the first of {}", other, lane);
            }
            for (pair, act) in own.windows(2).zip(acts) {
                let between = &steps[pair[0] + 1..pair[1]];
                for other in 0..all.len() {
                    let count = between.iter().filter(|step| **step == other).count();
                    // One that waited lets the others go by meanwhile.
                    prop_assert!(act.is_some() || count <= 1, "{} by {}", lane, other);
                }
            }
        }
        prop_assert_eq!(Books::sorted(&books.visits), (0..all.len()).collect::<Vec<_>>());
    }
}

#[test]
fn a_lane_that_hangs_holds_one_worker_and_nobody_else() {
    let books = Books::default();
    let mut lanes = Lanes::new();
    let (there, came) = channel();
    let (go_on, told) = channel();
    books.add(&mut lanes, vec![Act::Hang(there, told)]);
    // The last of the others lets it go: so they all came to their ends before.
    let steps = &books.steps;
    for number in 1..=5 {
        let mut acts = ready(20);
        if number == 5 {
            let go_on = go_on.clone();
            acts.push(Act::Call(Box::new(move || {
                let held = locked(steps);
                let others = |lane| held.iter().filter(|step| **step == lane).count();
                assert_eq!(others(0), 1);
                assert!((1..=5).all(|lane| (20..=22).contains(&others(lane))));
                go_on.send(()).unwrap();
            })));
        }
        books.add(&mut lanes, acts);
    }
    books.run(lanes, 2);
    came.try_recv().unwrap();
    assert_eq!(Books::sorted(&books.visits), [0, 1, 2, 3, 4, 5]);
    assert!(locked(&books.panicked).is_empty());
}

#[test]
fn a_panic_is_the_lanes_own() {
    for (breaks, abandoned) in [
        (None, true),
        (Some("abandon"), true),
        (Some("drop"), true),
        (Some("now"), true),
    ] {
        for workers in [1, 3] {
            let books = Books::default();
            let mut lanes = Lanes::new();
            books.add(&mut lanes, ready(10));
            let mut broken = books.fake(&lanes, vec![Act::Ready, Act::Wait(10), Act::Panic]);
            broken.breaks = breaks;
            lanes.add_stepped(Box::new(broken));
            books.add(&mut lanes, ready(20));
            books.run(lanes, workers);
            assert_eq!(*locked(&books.panicked), [1], "{breaks:?}");
            assert_eq!(!locked(&books.abandoned).is_empty(), abandoned);
            assert_eq!(Books::sorted(&books.visits), [0, 2], "{breaks:?}");
        }
    }
}

/// Something to panic with that panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(thread::panicking(), "once more, on purpose");
    }
}

#[test]
fn a_panic_that_panics_again_is_the_lanes_own_too() {
    let books = Books::default();
    let mut lanes = Lanes::new();
    books.add(&mut lanes, ready(10));
    let bomb = Act::Call(Box::new(|| std::panic::panic_any(Bomb)));
    books.add(&mut lanes, vec![Act::Ready, bomb]);
    books.add(&mut lanes, ready(20));
    lanes.run(1, |lane, ended| {
        books.keep(lane, &ended);
        std::panic::panic_any(Bomb)
    });
    assert_eq!(*locked(&books.panicked), [1]);
    assert_eq!(Books::sorted(&books.visits), [0, 2]);
}

#[test]
fn a_panic_of_who_is_told_closes_the_lane() {
    let books = Books::default();
    let mut lanes = Lanes::new();
    for _ in 0..3 {
        books.add(&mut lanes, ready(5));
    }
    lanes.run(2, |lane, ended| {
        books.keep(lane, &ended);
        assert_ne!(lane.index(), 1, "on purpose");
        Next::Close
    });
    assert_eq!(Books::sorted(&books.visits), [0, 1, 2]);
}

#[test]
fn a_lane_goes_on_to_the_next_visit_until_it_is_closed() {
    let books = Books::default();
    let mut lanes = Lanes::new();
    let acts = || vec![Act::Ready, Act::Finish, Act::Ready, Act::Finish, Act::Ready];
    books.add(&mut lanes, acts());
    books.add(&mut lanes, acts());
    lanes.run(1, |lane, ended| {
        books.keep(lane, &ended);
        let own = locked(&books.visits);
        match own.iter().filter(|other| **other == lane.index()).count() {
            3 => Next::Close,
            _ => Next::Visit,
        }
    });
    assert_eq!(Books::sorted(&books.visits), [0, 0, 0, 1, 1, 1]);
}

#[test]
fn a_lane_waits_until_its_time_or_its_bell() {
    // Its clock takes a thousand looks to come there.
    let books = Books::default();
    let mut lanes = Lanes::new();
    books.add(&mut lanes, vec![Act::Wait(50)]);
    books.add(&mut lanes, ready(30));
    books.run(lanes, 1);
    let steps = locked(&books.steps).clone();
    let second = steps.iter().rposition(|lane| *lane == 0).unwrap();
    assert_eq!(second, steps.len() - 1, "not before its time: {steps:?}");

    // And this one's never does, but for the bell.
    let books = Books::default();
    let mut lanes = Lanes::new();
    books.add(&mut lanes, vec![Act::Wait(i64::from(u32::MAX))]);
    let bell = lanes.bell(LaneId(0)).unwrap();
    assert!(lanes.bell(LaneId(1)).is_none());
    let mut acts = ready(9);
    acts.push(Act::Call(Box::new(move || bell.ring())));
    acts.extend(ready(9));
    books.add(&mut lanes, acts);
    books.run(lanes, 1);
    assert_eq!(
        *locked(&books.steps),
        [vec![0], vec![1; 10], vec![0], vec![1; 10]].concat()
    );
}

/// Nobody is lost between the last look and the rest of the worker: with one lane
/// that is woken from outside again and again, each ring is heard.
#[test]
fn no_ring_is_lost() {
    let books = Books::default();
    let mut lanes = Lanes::new();
    let (rang, heard) = channel();
    let mut acts = Vec::new();
    for _ in 0..500 {
        let rang = rang.clone();
        acts.push(Act::Await(Box::new(move || rang.send(()).unwrap())));
    }
    drop(rang);
    books.add(&mut lanes, acts);
    let bell = lanes.bell(LaneId(0)).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            // A ring that wakes nobody would be felt.
            lanes.rests = Rests::LONG;
            lanes.run(2, |lane, ended| {
                books.keep(lane, &ended);
                Next::Close
            });
        });
        for () in heard {
            bell.ring();
        }
    });
    assert_eq!(*locked(&books.visits), [0]);
}

/// What rings between the last look and the rest is heard: else this takes an hour.
#[test]
fn who_was_rung_for_does_not_rest() {
    let signal = Signal::default();
    let heard = signal.heard();
    signal.ring();
    signal.rest(heard, std::time::Duration::from_secs(3_600));
    assert_ne!(signal.heard(), heard);
}

#[test]
fn all_of_them_stop() {
    for workers in [1, 2, 4] {
        let books = Books::default();
        let mut lanes = Lanes::new();
        let stopper = lanes.stopper();
        for _ in 0..20 {
            books.add(&mut lanes, vec![Act::Wait(i64::from(u32::MAX))]);
        }
        let mut acts = ready(40);
        acts.push(Act::Call(Box::new(move || stopper.stop())));
        acts.extend(ready(1_000));
        books.add(&mut lanes, acts);
        lanes.run(workers, |lane, ended| {
            books.keep(lane, &ended);
            Next::Visit
        });
        let visits = Books::sorted(&books.visits);
        // One that had not begun needs no end.
        assert!(visits.contains(&20) && visits.len() <= 21, "{visits:?}");
        assert!(workers > 1 || visits.len() == 21);
        assert!(locked(&books.steps).len() < 200, "soon");
    }
}

#[test]
fn no_lanes_are_soon_done() {
    Books::default().run(Lanes::new(), 3);
}
