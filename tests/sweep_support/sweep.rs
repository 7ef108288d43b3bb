//! One flow, every exchange, every fault.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;

use super::caller::{Caller, Claim, Flow};
use super::faults::Fault;
use super::judge::{Rules, judge};
use super::link::{FaultyLink, Slot, limits};
use super::{new_card, persona, secrets};
use uketsuke::VisitId;
use uketsuke::card::{Card, LastTry};
use uketsuke::simulation::CardOptions;
use uketsuke::transport::ExtendedLength;

pub struct Sweep {
    pub name: &'static str,
    pub flow: Flow<FaultyLink>,
    /// Secret and value, in the order in which they are typed.
    pub typed: &'static [(&'static str, &'static str)],
    pub last: LastTry,
    /// Counters when it begins; what isn't named is full.
    pub left: &'static [(&'static str, u8)],
    pub says: ExtendedLength,
    pub options: CardOptions,
    pub shared: bool,
    pub closes: bool,
    /// Which secret is typed on the reader's own keypad, and what, if it has one.
    pub keypad: Option<(&'static str, &'static [&'static str])>,
    /// Whether an honest card lets it end well.
    pub ends_well: bool,
    /// Most exchanges that the library's documentation allows the calls of one
    /// attempt.
    pub most: usize,
}

impl Sweep {
    pub fn of(name: &'static str, flow: Flow<FaultyLink>, most: usize) -> Self {
        Self {
            name,
            flow,
            typed: &[("auth", "1234"), ("face-b", "55021720351047")],
            last: LastTry::Refuse,
            left: &[],
            says: ExtendedLength::Yes,
            options: CardOptions::default(),
            shared: false,
            closes: true,
            keypad: None,
            ends_well: true,
            most,
        }
    }
}

/// How many cases of a sweep ended how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub cases: usize,
    pub done: usize,
    pub most_exchanges: usize,
    pub most_bytes: usize,
    /// Cases in which a wrong value came through where nothing proves it.
    pub unproved_wrong: usize,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.cases += other.cases;
        self.done += other.done;
        self.most_exchanges = self.most_exchanges.max(other.most_exchanges);
        self.most_bytes = self.most_bytes.max(other.most_bytes);
        self.unproved_wrong += other.unproved_wrong;
    }
}

struct Run {
    claims: Vec<Claim>,
    done: bool,
    /// Lengths of the honest answers.
    answers: Vec<usize>,
    exchanges: usize,
    bytes: usize,
}

/// Runs it for every exchange and every fault of `faults`, given the length of
/// the honest answer there.
pub fn sweep(sweep: &Sweep, faults: fn(usize) -> Vec<Fault>) -> Tally {
    let slot = Slot::new(
        new_card(&sweep.options),
        secrets(persona()),
        limits(sweep.says),
    );
    let (slot, link) = slot.link();
    slot.borrow_mut().shared = sweep.shared;
    let honest = case(sweep, &slot, &link, None, &[]);
    assert_eq!(
        honest.done, sweep.ends_well,
        "{} without a fault",
        sweep.name
    );
    let mut tally = Tally::default();
    for (at, len) in honest.answers.iter().enumerate() {
        for fault in faults(*len) {
            let run = || case(sweep, &slot, &link, Some((at, fault)), &honest.claims);
            let run = match catch_unwind(AssertUnwindSafe(run)) {
                Ok(run) => run,
                Err(panic) => {
                    eprintln!("{}: {fault:X?} at exchange {at}", sweep.name);
                    resume_unwind(panic)
                }
            };
            let wrong = |claim: &Claim| {
                matches!(claim, Claim::Unproved(..)) && !honest.claims.contains(claim)
            };
            tally += Tally {
                cases: 1,
                done: usize::from(run.done),
                most_exchanges: run.exchanges,
                most_bytes: run.bytes,
                unproved_wrong: usize::from(run.claims.iter().any(wrong)),
            };
        }
    }
    eprintln!(
        "{:<28} {} exchanges, {tally:?}",
        sweep.name,
        honest.answers.len()
    );
    tally
}

fn case(
    sweep: &Sweep,
    slot: &Rc<RefCell<Slot>>,
    link: &FaultyLink,
    plan: Option<(usize, Fault)>,
    honest: &[Claim],
) -> Run {
    let mut left: Vec<u8> = slot.borrow().secrets.iter().map(|s| s.most).collect();
    for (name, tries) in sweep.left {
        let index = slot.borrow().secrets.iter().position(|s| s.name == *name);
        left[index.unwrap()] = *tries;
    }
    renew(sweep, &mut slot.borrow_mut(), &left);
    slot.borrow_mut().plan = plan;
    slot.borrow_mut().keypad = sweep
        .keypad
        .map(|(_, typed)| typed.iter().copied().collect());
    let mut caller = Caller::new(sweep.typed, sweep.last);
    caller.closes = sweep.closes;
    let mut card = Card::new(link.clone(), VisitId::begin());
    let done = caller.insist(&mut card, sweep.flow);
    // A card that is given back leaves nothing open, and neither does one dropped.
    match sweep.closes {
        true => drop(card),
        false => assert!(card.release().is_ok(), "not given back"),
    }
    let mut slot = slot.borrow_mut();
    if let Some((secret, _)) = sweep.keypad {
        let keyed = slot.keyed.iter().map(|pin| (secret, pin.clone()));
        caller.handed.extend(keyed);
    }
    let honest = match plan {
        Some(_) => honest,
        None => &caller.claims,
    };
    let (exchanges, bytes) = (slot.exchanges, slot.received);
    let answers = slot.events.iter().filter(|event| !event.is_reset());
    let answers = answers.map(|event| event.came.as_ref().map_or(2, Vec::len));
    let answers = answers.collect();
    let rules = Rules {
        exchanges: super::caller::ATTEMPTS * sweep.most,
        fault: plan.map(|(_, fault)| fault),
        honest,
        left: &left,
    };
    judge(&mut slot, &caller, &rules);
    Run {
        claims: caller.claims,
        done,
        answers,
        exchanges,
        bytes,
    }
}

fn renew(sweep: &Sweep, slot: &mut Slot, left: &[u8]) {
    if !slot.renew(left) {
        let fresh = Slot::new(new_card(&sweep.options), secrets(persona()), slot.limits);
        let shared = std::mem::replace(slot, fresh).shared;
        slot.shared = shared;
        assert!(slot.renew(left), "a new card");
    }
}
