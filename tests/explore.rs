//! Every state that the check-in can come to, explored with the virtual card's real proofs; every order of events to a
//! depth; and long walks at random. What must hold is in `explore_support/oracle.rs` and, of states and what leads from
//! them, in `explore_support/graph.rs`. The counts of a run are in `benches/RECORD.md`.

mod explore_support;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use explore_support::event::{Event, On, apply, events, offered, sensible};
use explore_support::graph::{Depth, Graph, guarded};
use explore_support::oracle::{Ended, ends_by_itself};
use explore_support::probe;
use explore_support::setup::{EVERYTHING, LARGE, SETUPS, Setup};
use explore_support::world::World;
use jiff::SignedDuration;
use uketsuke::checkin::ChoiceKey;

struct Total {
    states: usize,
    transitions: usize,
    moves: usize,
    steps: usize,
    accepts: usize,
    names: BTreeSet<&'static str>,
    screens: BTreeSet<&'static str>,
    keys: BTreeSet<ChoiceKey>,
}

fn close_all(setups: &'static [Setup], depth: Depth) -> Total {
    let next = AtomicUsize::new(0);
    let total = Mutex::new(Total {
        states: 0,
        transitions: 0,
        moves: 0,
        steps: 0,
        accepts: 0,
        names: BTreeSet::new(),
        screens: BTreeSet::new(),
        keys: BTreeSet::new(),
    });
    let work = || {
        while let Some(setup) = setups.get(next.fetch_add(1, Ordering::Relaxed)) {
            let began = Instant::now();
            let graph = Graph::of(setup, depth);
            let mut total = total.lock().unwrap();
            eprintln!(
                "{:<34} {:>5} states {:>6} transitions, {:>6} of them moves, {:>7} events {:>6.1?}",
                setup.name,
                graph.nodes.len(),
                graph.transitions(),
                graph.moves(),
                graph.steps,
                began.elapsed(),
            );
            total.states += graph.nodes.len();
            total.transitions += graph.transitions();
            total.moves += graph.moves();
            total.steps += graph.steps;
            total.accepts += usize::from(graph.accepts());
            total.names.extend(graph.names().into_keys());
            total
                .screens
                .extend(graph.nodes.iter().map(|node| node.screen));
            total.keys.extend(graph.keys());
        }
    };
    std::thread::scope(|scope| {
        let threads = [scope.spawn(work), scope.spawn(work)];
        for thread in threads {
            thread.join().unwrap();
        }
    });
    let total = total.into_inner().unwrap();
    eprintln!(
        "{} desks: {} states, {} transitions, {} of them moves, {} events",
        setups.len(),
        total.states,
        total.transitions,
        total.moves,
        total.steps
    );
    total
}

/// The names in a `name()` of the sources: whoever adds one adds the desk that leads there.
fn names_in(source: &'static str) -> BTreeSet<&'static str> {
    let (_, body) = source
        .split_once("const fn name(&self) -> &'static str {")
        .expect("a function that names");
    let end = body.find("\n    }\n").expect("its end");
    body[..end].split('"').skip(1).step_by(2).collect()
}

fn everything_is_reached(total: &Total) {
    let states = names_in(include_str!("../src/checkin/machine/mod.rs"));
    assert_eq!(total.names, states, "states reached, and states there are");
    let screens = names_in(include_str!("../src/checkin/screen.rs"));
    let missing: Vec<_> = screens.difference(&total.screens).collect();
    assert!(missing.is_empty(), "never shown: {missing:?}");
    let keys: BTreeSet<_> = ChoiceKey::ALL.iter().copied().collect();
    let missing: Vec<_> = keys.difference(&total.keys).collect();
    assert!(missing.is_empty(), "never did anything: {missing:?}");
    assert!(
        total.accepts >= 5,
        "{} desks let somebody in",
        total.accepts
    );
}

#[test]
fn every_state_keeps_the_rules() {
    everything_is_reached(&close_all(SETUPS, Depth::Thin));
}

/// Nothing spared: every error in every state.
#[test]
#[ignore = "minutes"]
fn every_state_keeps_the_rules_whatever_is_said() {
    everything_is_reached(&close_all(SETUPS, Depth::Full));
}

#[test]
#[ignore = "many minutes"]
fn every_state_with_a_phone_keeps_the_rules() {
    let total = close_all(LARGE, Depth::Thin);
    assert!(total.accepts >= 3, "{} desks", total.accepts);
}

/// Every order of moves, one visit for each: that the states are as alike as the exploration takes them to be, what came
/// before doesn't matter to what comes next.
fn orders(setup: &'static Setup, depth: usize) {
    let graph = Graph::of(setup, Depth::Thin);
    let orders = graph.orders(0, depth);
    eprintln!("{}: {} orders of {depth} moves", setup.name, orders.len());
    for order in &orders {
        let mut world = World::new(setup);
        let path: Vec<_> = order.iter().map(|(event, _)| *event).collect();
        for (event, to) in order {
            assert!(guarded(&mut world, *event, &path));
            assert_eq!(probe::key(&world), graph.nodes[*to].key, "{path:?}");
        }
        ends_by_itself(world);
    }
}

#[test]
fn every_order_of_moves_leads_where_each_leads() {
    static DESK: Setup = Setup::pin("orders", "expiring").with_tries(1);
    orders(&DESK, 4);
}

#[test]
#[ignore = "minutes"]
fn every_longer_order_of_moves_leads_where_each_leads() {
    static DESK: Setup = Setup::pin("orders", "expiring").with_tries(2).with_face(1);
    orders(&DESK, 6);
}

/// A generator that is the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// Visits in which mostly the next sensible thing happens, now and then anything else, and time goes by.
fn walks(count: usize, longest: usize, seed: u64) {
    let mut dice = Dice(seed);
    let (mut steps, mut accepted) = (0, 0);
    for walk in 0..count {
        let setup = match walk % 4 {
            0 => &SETUPS[walk / 4 % SETUPS.len()],
            1 => &LARGE[walk / 4 % LARGE.len()],
            _ => &EVERYTHING,
        };
        let mut world = World::new(setup);
        let mut path = Vec::new();
        // At once, in a while, or so slowly that the visit's own end comes.
        let patience = [0, 20, 100][walk % 3];
        while path.len() < longest && !world.finished {
            let sensible = sensible(&world);
            let event = if dice.below(10) > 0 && !sensible.is_empty() {
                sensible[dice.below(sensible.len())]
            } else {
                let events = events(&world);
                let event = events[dice.below(events.len())];
                let ends = matches!(
                    event,
                    Event::Remove | Event::Fails(_) | Event::OverdueRemove
                );
                if ends && dice.below(8) > 0 {
                    continue;
                } else {
                    event
                }
            };
            if dice.below(3) == 0 {
                world.now += SignedDuration::from_millis((dice.below(patience + 1) * 700) as i64);
            }
            path.push(event);
            guarded(&mut world, event, &path);
            steps += 1;
        }
        accepted += usize::from(world.journal.outcome == Some(Ended(None)));
        ends_by_itself(world);
    }
    eprintln!("{count} walks, {steps} events, {accepted} let in");
    assert!(
        accepted > count / 50,
        "only {accepted} of {count} were let in"
    );
}

#[test]
fn walks_at_random_keep_the_rules() {
    walks(1_500, 150, 0x5EED_CAFE);
}

#[test]
#[ignore = "minutes"]
fn many_walks_at_random_keep_the_rules() {
    let seed = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .unwrap()
        .as_nanos();
    let seed = u64::try_from(seed & u128::from(u64::MAX)).unwrap() | 1;
    eprintln!("seed {seed}");
    walks(100_000, 300, seed);
}

/// The explorer itself: a plain visit by its own events is let in.
#[test]
fn the_plain_visit_is_let_in() {
    let mut world = World::new(&SETUPS[1]);
    for _ in 0..20 {
        let keys = offered(&world);
        let event = if keys.contains(&ChoiceKey::Yes) && world.journal.outcome.is_some() {
            break;
        } else if keys.contains(&ChoiceKey::EnterPin) {
            Event::Press(ChoiceKey::EnterPin, 0, On::This)
        } else {
            sensible(&world)[0]
        };
        apply(&mut world, event);
    }
    assert_eq!(world.journal.outcome, Some(Ended(None)));
}
