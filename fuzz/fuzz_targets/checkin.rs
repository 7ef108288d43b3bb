//! Events of a check-in in any order and at any time: whatever comes, the rules of `tests/explore_support/oracle.rs` hold, and
//! the visit ends by time alone.
//!
//! Input: which desk (1 byte), then two bytes for each event, see `of_bytes` in `tests/explore_support/event.rs`.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/explore_support/mod.rs"]
mod explore_support;

use explore_support::event::{apply, of_bytes};
use explore_support::oracle::ends_by_itself;
use explore_support::setup::{EVERYTHING, LARGE, SETUPS};
use explore_support::world::World;

/// More than any visit needs, and few enough that one takes no more than a second.
const MOST: usize = 300;

fuzz_target!(|input: &[u8]| {
    let Some((desk, events)) = input.split_first() else {
        return;
    };
    let mut desks = SETUPS.iter().chain(LARGE);
    let mut world = World::new(desks.nth(usize::from(*desk)).unwrap_or(&EVERYTHING));
    for event in events.as_chunks::<2>().0.iter().take(MOST) {
        if world.finished {
            break;
        }
        if let Some(event) = of_bytes(&mut world, *event) {
            apply(&mut world, event);
        }
    }
    ends_by_itself(world);
});
