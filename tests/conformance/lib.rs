//! What others say: test vectors and verdicts that nobody wrote for this crate.
//!
//! The tests are `wycheproof.rs` and `differential.rs`; here is what the second
//! of them makes its chains of, and the fuzz target `chain`.

mod chain;
mod der;
mod differences;
mod edit;
mod openssl;
mod random;

pub use chain::{Chain, Chains, Chosen, Kind, Verdict};
pub use differences::{Difference, TABLE};
pub use openssl::{judge, version};
