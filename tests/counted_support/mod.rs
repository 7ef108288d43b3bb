//! What a call allocates, counted by the allocator for each thread. A fuzz target or test that has this module has this allocator.
#![allow(dead_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// What is to be counted is allocated and freed by one thread.
#[derive(Clone, Copy)]
struct Counts {
    /// Bytes; below zero where more was freed than allocated.
    held: isize,
    most: isize,
    times: usize,
}

thread_local! {
    static COUNTS: Cell<Counts> = const { Cell::new(Counts { held: 0, most: 0, times: 0 }) };
}

fn change(more: usize, less: usize) {
    // Gone at the end of a thread, where nothing is measured.
    let _ = COUNTS.try_with(|counts| {
        let mut now = counts.get();
        now.held += more.cast_signed();
        now.most = now.most.max(now.held);
        now.held -= less.cast_signed();
        now.times += usize::from(more > 0);
        counts.set(now);
    });
}

struct Counting;

// SAFETY: everything is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        change(layout.size(), 0);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        change(0, layout.size());
        // SAFETY: the same.
        unsafe { System.dealloc(memory, layout) }
    }

    // Old and new are counted together where it grows, as if it always moved. What
    // gets smaller stays where it is.
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if size > layout.size() {
            change(size, layout.size());
        } else {
            change(0, layout.size() - size);
        }
        // SAFETY: the same.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What a call allocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// The most bytes that it held at a time, beyond what was held before.
    pub most: usize,
    /// What is still held of it: what it gave back.
    pub left: usize,
    /// How often memory was asked for.
    pub times: usize,
}

pub fn measured<T>(call: impl FnOnce() -> T) -> (T, Memory) {
    let before = COUNTS.get();
    COUNTS.set(Counts {
        most: before.held,
        ..before
    });
    let given = call();
    let after = COUNTS.get();
    let since = |bytes: isize| usize::try_from(bytes - before.held).unwrap_or_default();
    let memory = Memory {
        most: since(after.most),
        left: since(after.held),
        times: after.times - before.times,
    };
    // For a call around this one.
    COUNTS.set(Counts {
        most: before.most.max(after.most),
        ..after
    });
    (given, memory)
}

/// What `call` gives, and the most that it held.
pub fn counted<T>(call: impl FnOnce() -> T) -> (T, usize) {
    let (given, memory) = measured(call);
    (given, memory.most)
}
