//! One visit with everything around it: the machine, a virtual card in a virtual reader, the simulated centre, and
//! events that are carried out as they are named. After every event the rules of [`oracle`] are looked at.
//!
//! Used by the exploration and by the fuzz target of the check-in.
#![allow(dead_code, reason = "each of the two uses its part")]

pub mod answers;
pub mod cards;
pub mod event;
pub mod graph;
pub mod oracle;
mod phone;
pub mod probe;
pub mod setup;
pub mod world;

use jiff::Timestamp;

/// The day that the simulation's other tests live in.
pub fn start() -> Timestamp {
    "2026-11-22T12:00:00+09:00".parse().unwrap()
}
