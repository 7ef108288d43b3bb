//! What `instructions.sh` counts: `trust`, `bare` or `checkin`, [`TIMES`] times.

use std::{env, hint::black_box};

use uketsuke_benches::{Bare, OneCheck, Visit, reception::CheckIns};

/// More than one, so that what happens once at the first use weighs less.
const TIMES: usize = 10;

#[inline(never)]
fn counted_trust(all: Vec<OneCheck>) {
    for one in all {
        drop(black_box(one.check()));
    }
}

#[inline(never)]
fn counted_bare(bare: &Bare) {
    for _ in 0..TIMES {
        assert!(black_box(bare).check());
    }
}

/// Counted in the library of these benches, without what is excluded there.
fn checkins() {
    let mut checkins = CheckIns::prepare();
    for _ in 0..TIMES {
        black_box(checkins.one());
    }
}

fn main() {
    if env::args().nth(1).as_deref() == Some("checkin") {
        return checkins();
    }
    let mut visit = Visit::prepare(TIMES + 1);
    let bare = Bare::prepare(&mut visit);
    // Either has been done once by now.
    assert!(bare.check());
    match env::args().nth(1).as_deref() {
        Some("trust") => counted_trust((0..TIMES).map(|_| visit.take()).collect()),
        Some("bare") => counted_bare(&bare),
        other => panic!("trust, bare or checkin, not {other:?}"),
    }
}
