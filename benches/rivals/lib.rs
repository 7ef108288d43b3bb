//! This crate and two others at the same work with the same virtual card, counted where the card is.
//!
//! Each client goes its own public way; what it brings home is compared with what the others brought. The card stands
//! behind a [`Wire`], which counts every command that reaches it, whatever the client says or knows of it.

mod clients;
mod table;
mod tally;
mod task;
pub mod through_pcscd;
mod wire;

pub use clients::{Client, JpkiLink, Trouble};
pub use table::{Row, Rows};
pub use tally::Tally;
pub use task::{CHALLENGE, Product, Task};
pub use wire::{Extended, Wire};
