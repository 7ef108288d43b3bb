#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![warn(missing_docs, unreachable_pub, missing_debug_implementations)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::cast_possible_truncation,
        clippy::missing_errors_doc,
        clippy::missing_panics_doc
    )
)]
// The start page links to what only some features bring.
#![cfg_attr(
    not(all(feature = "pcsc", feature = "simulation")),
    allow(rustdoc::broken_intra_doc_links)
)]

pub mod apdu;
pub mod card;
pub mod checkin;
pub mod eligibility;
pub mod face;
mod files;
mod hex;
mod japan;
mod realm;
#[cfg(feature = "simulation")]
pub mod simulation;
pub mod tlv;
pub mod transport;
pub mod trust;
mod visit;

pub use japan::japan_date;
pub use realm::{Realm, Realms};
pub use visit::{Binding, CardSession, VisitId};
