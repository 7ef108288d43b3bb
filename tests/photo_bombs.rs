//! What a few hundred bytes of JPEG 2000 can cost: nothing before it is checked, and never more than 64 MB.
//!
//! Times aren't asserted: `cargo test --release --all-features --test photo_bombs -- --ignored --nocapture` shows them.
#![cfg(feature = "photo")]

mod counted_support;
mod photo_support;

use std::time::{Duration, Instant};

use counted_support::counted;
use photo_support::bombs::{bombs, dear};
use uketsuke::face::{PhotoProblem, decode_jpeg2000};

const MOST: usize = 64 << 20;

#[test]
fn bombs_are_refused_within_64_mb() {
    for (name, bytes) in bombs() {
        let (found, held) = counted(|| decode_jpeg2000(&bytes));
        let problem = found.map(|_| ()).expect_err(name).problem;
        // What is too much by its headers doesn't get to the decoder.
        if problem == PhotoProblem::Undecodable {
            assert!(held <= MOST, "{name}: {held} bytes");
        } else {
            assert_eq!(held, 0, "{name}: {problem}");
        }
    }
}

#[test]
fn what_is_decoded_is_decoded_within_64_mb() {
    for (name, bytes) in dear() {
        let (_, held) = counted(|| decode_jpeg2000(&bytes));
        assert!(held <= MOST, "{name}: {held} bytes");
    }
}

#[test]
#[ignore = "shows times"]
fn what_it_costs() {
    let named = bombs()
        .into_iter()
        .map(|(name, bytes)| (name.to_owned(), bytes));
    for (name, bytes) in named.chain(dear()) {
        let (mut best, mut slowest, mut held, mut found) = (Duration::MAX, Duration::ZERO, 0, None);
        for _ in 0..3 {
            let begun = Instant::now();
            let (result, most) = counted(|| decode_jpeg2000(&bytes));
            let took = begun.elapsed();
            (best, slowest, held) = (best.min(took), slowest.max(took), held.max(most));
            found = Some(
                result.map_or_else(|error| error.problem.to_string(), |_| "decoded".to_owned()),
            );
        }
        println!(
            "{name}: {} bytes, {:.3} to {:.3} ms, {:.1} MB: {}",
            bytes.len(),
            best.as_secs_f64() * 1e3,
            slowest.as_secs_f64() * 1e3,
            held as f64 / 1e6,
            found.unwrap_or_default()
        );
    }
}
