//! What several fuzz targets share.

mod counted;
mod edits;
pub mod naive;
mod refused;

pub use counted::counted;
pub use edits::{edit_once, edited};
pub use refused::expect_refused;
