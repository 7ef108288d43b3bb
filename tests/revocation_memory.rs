//! What an index of a million entries takes, counted by the allocator. One test alone in its process.

mod revocation_support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use revocation_support::*;
use uketsuke::simulation::{CrlEntry, CrlSpec, Generation, VirtualPki};
use uketsuke::trust::CrlIndex;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

struct Counting;

fn more(size: usize) {
    let held = HELD.fetch_add(size, Relaxed) + size;
    PEAK.fetch_max(held, Relaxed);
}

// SAFETY: everything is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        more(layout.size());
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
    // Old and new are counted together, as if every growth moved.
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        more(size);
        HELD.fetch_sub(layout.size(), Relaxed);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const MILLION: u32 = 1_000_000;
const MB: usize = 1_000_000;

/// In an order that isn't sorted; 48,271 has no factor in common with a million.
fn list(serial: impl Fn(u64) -> Vec<u8>, reason: impl Fn(u32) -> Option<u8>) -> Vec<u8> {
    let mut spec = CrlSpec::new(Generation::Third, now());
    spec.entries = (0..MILLION)
        .map(|index| CrlEntry {
            serial: serial(u64::from(index) * 48_271 % u64::from(MILLION)),
            at: now(),
            reason: reason(index),
        })
        .collect();
    VirtualPki::new().crl(&spec)
}

fn eight(number: u64) -> Vec<u8> {
    (number << 20 | 1 << 62).to_be_bytes().to_vec()
}

#[test]
fn a_million_entries_take_at_most_16_mb_and_24_while_they_are_read() {
    let root = root(Generation::Third);
    // The first half longer than the second, so that the room is guessed too small at first.
    let der = list(eight, |index| (index < MILLION / 2).then_some(1));
    let before = HELD.load(Relaxed);
    PEAK.store(before, Relaxed);
    let index = CrlIndex::build(&der, &root, now()).unwrap();
    let held = HELD.load(Relaxed) - before;
    let peak = PEAK.load(Relaxed) - before;
    println!("{} bytes of list: {held} held, {peak} at most", der.len());
    assert_eq!(index.len(), MILLION as usize);
    assert!(held <= 16 * MB, "{held} bytes");
    assert!(peak < 24 * MB, "{peak} bytes");
    assert_eq!(held, index.heap_bytes());
    for number in [0, 1, 499_999, 999_999] {
        assert!(index.revoked(&eight(number)).is_some());
    }
    assert!(index.revoked(&eight(u64::from(MILLION))).is_none());
    // Looking up allocates nothing.
    let number = eight(77);
    let before = HELD.load(Relaxed);
    PEAK.store(before, Relaxed);
    assert!(index.revoked(&number).is_some());
    assert_eq!(PEAK.load(Relaxed), before);
}
