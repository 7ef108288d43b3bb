//! What several fuzz targets share.

mod counted;
mod edits;
mod faults;
pub mod naive;
mod refused;

pub use counted::counted;
pub use edits::{edit_once, edited};
pub use faults::{Fault, open_to_all};
pub use refused::expect_refused;
