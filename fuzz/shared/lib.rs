//! What several fuzz targets share.

mod counted;
mod doubtful;
mod edits;
pub mod naive;

pub use counted::counted;
pub use doubtful::looks_like_utf8;
pub use edits::{edit_once, edited};
