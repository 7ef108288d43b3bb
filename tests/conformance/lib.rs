//! What others say: test vectors and verdicts that nobody wrote for this crate.
//!
//! The tests are `wycheproof.rs`, `differential.rs` and `revocation.rs`; here is what the second
//! of them makes its chains, lists and answers of, and the fuzz targets `certificate`, `chain`, `crl` and `ocsp`.

mod answer;
mod chain;
mod compare;
mod der;
mod differences;
mod edit;
mod keys;
mod list;
pub mod openssl;
mod random;
mod resigned;

pub use answer::{Answer, Answers};
pub use chain::{Chain, Chains, Chosen};
pub use compare::{Case, Found, Kind, Verdict, compare};
pub use differences::{ANSWERS, CHAINS, Difference, LISTS};
pub use list::{List, Lists};
pub use resigned::{Authority, Resigned, Responder, edited_anywhere};
