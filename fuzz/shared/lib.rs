//! What several fuzz targets share.

mod counted;
mod edits;
mod faults;
pub mod naive;
mod refused;

pub use counted::counted;
pub use edits::{edit_once, edited};
pub use faults::Fault;
pub use refused::expect_refused;
