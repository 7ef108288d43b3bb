//! What several fuzz targets share.

mod counted;
mod edits;
pub mod naive;

pub use counted::counted;
pub use edits::{edit_once, edited};
