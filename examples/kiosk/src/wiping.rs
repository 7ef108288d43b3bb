//! Memory is wiped when it is freed.
//!
//! A PIN passes through buffers of the web server's own before it gets to a type that wipes itself, and a picture through
//! many. Nothing in there can be told to wipe them, so all memory is wiped as it is given back. `/pin`, `/staff` and
//! `/frame` close their connection, so its buffer is given back at once.

use std::alloc::{GlobalAlloc, Layout, System};

/// The system's allocator, which gets nothing back but zeros.
#[derive(Clone, Copy, Debug)]
pub struct Wiping;

// SAFETY: each call is the system's own, with the same arguments. What is written before freeing is within the block, which
// is still the caller's. `realloc` is the trait's: a new block, a copy, and the old one freed by `dealloc` here.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promises for this call.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promises for this call.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        for offset in 0..layout.size() {
            // Volatile, since stores to what is freed next would be left out.
            // SAFETY: `offset` is less than the size that the block was made with.
            unsafe { block.add(offset).write_volatile(0) };
        }
        // SAFETY: as the caller promises for this call.
        unsafe { System.dealloc(block, layout) }
    }
}
