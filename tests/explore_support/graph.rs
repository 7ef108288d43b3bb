//! The graph of abstract states, walked until no state has an event that wasn't tried in it.

use std::collections::{BTreeMap, HashMap, VecDeque};

use uketsuke::checkin::{ChoiceKey, Screen};

use super::answers::{Kind, rows};
use super::event::{Event, For, On, When, apply, events, offered};
use super::setup::Setup;
use super::world::World;
use super::{oracle, probe};

pub struct Node {
    pub key: String,
    pub name: &'static str,
    /// The first one that was reached of this name, and of this question.
    pub first: usize,
    /// How it was reached first.
    pub path: Vec<Event>,
    pub events: Vec<Event>,
    pub edges: Vec<Edge>,
    pub screen: &'static str,
    pub offered: Vec<ChoiceKey>,
    pub ended: Option<oracle::Ended>,
    pub signed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    NotTried,
    /// Tried in the first state of this name; here, another that did the same there is.
    Spared,
    To(usize),
}

/// How many events are tried in each state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// All of them in the first state of each name; in the others, of those that only end the visit there, one for each
    /// end.
    Thin,
    /// All of them.
    Full,
}

pub struct Graph {
    setup: &'static Setup,
    depth: Depth,
    pub nodes: Vec<Node>,
    known: HashMap<String, usize>,
    firsts: HashMap<String, usize>,
    /// Those with something left to try.
    open: VecDeque<usize>,
    pub replays: usize,
    pub steps: usize,
}

impl Graph {
    /// Walks to closure.
    pub fn of(setup: &'static Setup, depth: Depth) -> Self {
        let mut graph = Self {
            setup,
            depth,
            nodes: Vec::new(),
            known: HashMap::new(),
            firsts: HashMap::new(),
            open: VecDeque::new(),
            replays: 0,
            steps: 0,
        };
        let world = World::new(setup);
        graph.node(&world, Vec::new());
        let mut here = Some((world, 0));
        loop {
            let (mut world, at) = match here.take() {
                Some(here) => here,
                None => match graph.next_open() {
                    Some(at) => (graph.replay(at), at),
                    None => break,
                },
            };
            let Some(index) = graph.next_event(at) else {
                continue;
            };
            let node = &graph.nodes[at];
            let event = node.events[index];
            graph.steps += 1;
            let applied = guarded(&mut world, event, &node.path);
            assert!(applied, "{event:?} was listed in {} and can't be", node.key);
            let to = graph.arrive(&world, at, event);
            graph.nodes[at].edges[index] = Edge::To(to);
            // Where time went by, the next event in the same state would find less of it left.
            let aged = to == at && event.takes_time() && !setup.ticking;
            if !aged {
                here = Some((world, to));
            }
        }
        for at in 0..graph.nodes.len() {
            let world = graph.replay(at);
            oracle::ends_by_itself(world);
            graph.judge(at);
        }
        graph
    }

    fn next_open(&mut self) -> Option<usize> {
        while let Some(at) = self.open.front().copied() {
            if self.next_event(at).is_some() {
                return Some(at);
            }
            self.open.pop_front();
        }
        None
    }

    /// The next one to try here, after what is spared was marked.
    fn next_event(&mut self, at: usize) -> Option<usize> {
        let first = self.nodes[at].first;
        while let Some(index) = self.nodes[at]
            .edges
            .iter()
            .position(|e| *e == Edge::NotTried)
        {
            if self.depth == Depth::Full || first == at || !self.is_spared(at, first, index) {
                return Some(index);
            }
            self.nodes[at].edges[index] = Edge::Spared;
        }
        None
    }

    fn is_spared(&self, at: usize, first: usize, index: usize) -> bool {
        let node = &self.nodes[at];
        let event = node.events[index];
        // What it did there, once that is known: nothing, or it ended the visit.
        let led = |event: Event| {
            let to = self.edge(first, event)?;
            let ended = self.nodes[to].ended.is_some() && self.nodes[first].ended.is_none();
            (to == first || ended).then_some(ended)
        };
        event.is_interchangeable()
            && led(event).is_some_and(|end| {
                let mut before = node.events[..index].iter();
                before.any(|other| other.is_like(event) && led(*other) == Some(end))
            })
    }

    /// The node of the state that the world is in.
    fn node(&mut self, world: &World, path: Vec<Event>) -> usize {
        let key = probe::key(world);
        if let Some(at) = self.known.get(&key) {
            return *at;
        }
        let at = self.nodes.len();
        let events = events(world);
        let name = world.machine.summary().state;
        let question = world.screen.as_ref().map(|(_, screen)| match screen {
            Screen::Asking { question, .. } => format!("{question:?}"),
            screen => screen.name().to_owned(),
        });
        let first = *self
            .firsts
            .entry(format!("{name} {question:?}"))
            .or_insert(at);
        self.known.insert(key.clone(), at);
        self.nodes.push(Node {
            key,
            name,
            first,
            path,
            edges: vec![Edge::NotTried; events.len()],
            events,
            screen: world
                .screen
                .as_ref()
                .map_or("none", |(_, screen)| screen.name()),
            offered: offered(world),
            ended: world.journal.outcome,
            signed: probe::signed(world),
        });
        self.open.push_back(at);
        at
    }

    fn arrive(&mut self, world: &World, from: usize, event: Event) -> usize {
        let mut path = self.nodes[from].path.clone();
        path.push(event);
        let to = self.node(world, path);
        if to != from && self.nodes[to].path.len() > self.nodes[from].path.len() + 1 {
            let mut path = self.nodes[from].path.clone();
            path.push(event);
            self.nodes[to].path = path;
        }
        to
    }

    /// Another visit, brought to this state. That the same events lead to the same state is looked at each time.
    pub fn replay(&mut self, at: usize) -> World {
        self.replays += 1;
        let path = self.nodes[at].path.clone();
        let mut world = World::new(self.setup);
        for event in &path {
            self.steps += 1;
            guarded(&mut world, *event, &path);
        }
        assert_eq!(probe::key(&world), self.nodes[at].key, "by {path:?}");
        world
    }

    fn edge(&self, at: usize, event: Event) -> Option<usize> {
        let index = self.nodes[at].events.iter().position(|e| *e == event)?;
        match self.nodes[at].edges[index] {
            Edge::To(to) => Some(to),
            Edge::Spared | Edge::NotTried => None,
        }
    }

    fn tried(&self, at: usize) -> impl Iterator<Item = (Event, usize)> {
        let node = &self.nodes[at];
        node.events
            .iter()
            .zip(&node.edges)
            .filter_map(|(event, edge)| match edge {
                Edge::To(to) => Some((*event, *to)),
                Edge::Spared | Edge::NotTried => None,
            })
    }

    /// What must be true of a state and its edges.
    fn judge(&self, at: usize) {
        let node = &self.nodes[at];
        // A question that comes up when the visit's time is over is over with it.
        if node.key.contains("deadline: 0s") || node.key.contains("deadline: -1s") {
            return;
        }
        // A key of another screen, and a result of another task, move nothing.
        for (event, to) in self.tried(at) {
            let stale = matches!(
                event,
                Event::Press(_, _, On::Before | On::Next)
                    | Event::Result(_, For::Old | For::Other | For::Late)
                    | Event::Tick(When::Now | When::Before)
            );
            let to = &self.nodes[to];
            assert!(
                !stale || machine_part(&to.key) == machine_part(&node.key),
                "{event:?} moved\n{}\nto\n{}",
                node.key,
                to.key
            );
            assert!(
                !node.signed || to.signed || to.ended.is_some(),
                "{event:?} went back from\n{}\nto\n{}",
                node.key,
                to.key
            );
        }
        // A key on the screen does something; one that isn't there nothing, or it goes back, or ends the visit.
        for key in ChoiceKey::ALL.iter().copied() {
            let pressed = self.tried(at).filter(|(event, to)| {
                matches!(event, Event::Press(k, _, On::This) if *k == key) && *to != at
            });
            let leads: Vec<_> = pressed.map(|(_, to)| &self.nodes[to]).collect();
            if node.offered.contains(&key) {
                let kept_out = key == ChoiceKey::Guardian && !self.setup.guardian;
                let moves = !leads.is_empty() || at_work(node.name) || kept_out;
                assert!(
                    moves,
                    "{key:?} is on the screen, and does nothing in\n{}",
                    node.key
                );
            } else {
                for to in leads {
                    let by_another = self.tried(at).any(|(event, other)| {
                        matches!(event, Event::Press(k, _, On::This) if node.offered.contains(&k))
                            && self.nodes[other].key == to.key
                    });
                    let harmless = match key {
                        ChoiceKey::MoreTime => to.name == node.name,
                        _ => to.name == "choosing" || to.ended.is_some() || by_another,
                    };
                    assert!(
                        harmless,
                        "{key:?} isn't on the screen, and leads to {} from\n{}",
                        to.name, node.key
                    );
                }
            }
        }
        // Whoever presses when the time is over finds it over.
        let expired = self.edge(at, Event::Tick(When::At));
        for (event, to) in self.tried(at) {
            let to = &self.nodes[to];
            match event {
                Event::OverduePress(_) => {
                    let expired = &self.nodes[expired.unwrap()];
                    assert_eq!(to.key, expired.key, "{event:?} in\n{}", node.key);
                }
                Event::OverdueResult(row) if !of_a_pin(rows()[row].kind) => {
                    let (to, expired) = (machine_part(&to.key), &self.nodes[expired.unwrap()].key);
                    assert_eq!(to, machine_part(expired), "{event:?} in\n{}", node.key);
                }
                _ => {}
            }
        }
    }

    pub fn transitions(&self) -> usize {
        (0..self.nodes.len()).map(|at| self.tried(at).count()).sum()
    }

    /// Those that lead to another state.
    pub fn moves(&self) -> usize {
        let moves = |at| self.tried(at).filter(|(_, to)| *to != at).count();
        (0..self.nodes.len()).map(moves).sum()
    }

    /// Of moves, in order, from here: how many ways there are to make this many, or to come to where nothing moves.
    pub fn orders(&self, at: usize, depth: usize) -> Vec<Vec<(Event, usize)>> {
        let moves: Vec<_> = self.tried(at).filter(|(_, to)| *to != at).collect();
        if depth == 0 || moves.is_empty() {
            return vec![Vec::new()];
        }
        let mut orders = Vec::new();
        for step in moves {
            for rest in self.orders(step.1, depth - 1) {
                orders.push([vec![step], rest].concat());
            }
        }
        orders
    }

    /// Keys that did something.
    pub fn keys(&self) -> impl Iterator<Item = ChoiceKey> {
        (0..self.nodes.len()).flat_map(move |at| {
            self.tried(at)
                .filter(move |(_, to)| *to != at)
                .filter_map(|(event, _)| match event {
                    Event::Press(key, _, On::This) => Some(key),
                    _ => None,
                })
        })
    }

    /// Names of states, with how many there are of each.
    pub fn names(&self) -> BTreeMap<&'static str, usize> {
        let mut names = BTreeMap::new();
        for node in &self.nodes {
            *names.entry(node.name).or_default() += 1;
        }
        names
    }

    pub fn accepts(&self) -> bool {
        let accepted = oracle::Ended(None);
        self.nodes.iter().any(|node| node.ended == Some(accepted))
    }
}

/// While the card or the check of a passcode is at work, the screen before it stands for a moment.
fn at_work(state: &str) -> bool {
    [
        "verifying-pin",
        "checking-staff",
        "signing-without-pin",
        "over",
    ]
    .contains(&state)
}

/// What became of a PIN is taken whenever it comes.
fn of_a_pin(kind: Kind) -> bool {
    matches!(kind, Kind::PinSigned | Kind::PhoneRead)
}

/// Of a key: what is the machine's, and not of its surroundings.
fn machine_part(key: &str) -> &str {
    key.split(" | ").next().unwrap()
}

/// Does it; a rule that breaks says after which events.
pub fn guarded(world: &mut World, event: Event, path: &[Event]) -> bool {
    let run = std::panic::AssertUnwindSafe(|| apply(world, event));
    std::panic::catch_unwind(run).unwrap_or_else(|panic| {
        eprintln!("after {path:?}\nat {event:?}");
        std::panic::resume_unwind(panic)
    })
}
