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
    // Old and new are counted together where it grows, as if it always moved. What
    // gets smaller stays where it is.
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if size > layout.size() {
            more(size);
            HELD.fetch_sub(layout.size(), Relaxed);
        } else {
            HELD.fetch_sub(layout.size() - size, Relaxed);
        }
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const MILLION: u32 = 1_000_000;

/// In an order that isn't sorted; 48,271 has no factor in common with any `count` here.
fn list(
    count: u32,
    serial: impl Fn(u64) -> Vec<u8>,
    reason: impl Fn(u32) -> Option<u8>,
) -> Vec<u8> {
    let mut spec = CrlSpec::new(Generation::Third, now());
    spec.entries = (0..count)
        .map(|index| CrlEntry {
            serial: serial(u64::from(index) * 48_271 % u64::from(count)),
            at: now(),
            reason: reason(index),
        })
        .collect();
    VirtualPki::new().crl(&spec)
}

fn eight(number: u64) -> Vec<u8> {
    (number << 20 | 1 << 62).to_be_bytes().to_vec()
}

/// One number of twenty bytes among a hundred.
fn some_long(number: u64) -> Vec<u8> {
    let mut serial = eight(number);
    if number.is_multiple_of(100) {
        serial.extend([0; 12]);
    }
    serial
}

/// Bytes for each entry that the index takes, and takes at most while it is made.
fn check(count: u32, serial: fn(u64) -> Vec<u8>, reason: fn(u32) -> Option<u8>) {
    let root = root(Generation::Third);
    let der = list(count, serial, reason);
    let before = HELD.load(Relaxed);
    PEAK.store(before, Relaxed);
    let index = CrlIndex::build(&der, &root, now()).unwrap();
    let held = HELD.load(Relaxed) - before;
    let peak = PEAK.load(Relaxed) - before;
    println!("{} bytes of list: {held} held, {peak} at most", der.len());
    let count = usize::try_from(count).unwrap();
    assert_eq!(index.len(), count);
    assert!(held <= 16 * count, "{held} bytes");
    assert!(peak < 24 * count, "{peak} bytes");
    assert_eq!(held, index.heap_bytes());
    // Looking up allocates nothing.
    let last = u64::try_from(count).unwrap() - 1;
    for number in [0, 1, 99, 100, last / 2, last].map(serial) {
        let before = HELD.load(Relaxed);
        PEAK.store(before, Relaxed);
        assert!(index.revoked(&number).is_some());
        assert_eq!(PEAK.load(Relaxed), before);
    }
    assert!(index.revoked(&serial(last + 1)).is_none());
}

#[test]
fn a_million_entries_take_at_most_16_mb_and_24_while_they_are_read() {
    // The first half longer than the second, so that the room is guessed by the wrong ones.
    check(MILLION, eight, |index| (index < MILLION / 2).then_some(1));
    // The other way round, all alike, and with longer numbers among them.
    const FEWER: u32 = MILLION / 10;
    check(FEWER, eight, |index| (index >= FEWER / 2).then_some(1));
    check(FEWER, eight, |_| None);
    check(FEWER, some_long, |_| Some(4));
}
