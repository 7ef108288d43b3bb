//! The messages that clinic software and the connector (連携アプリ) exchange as
//! files: their families, their names, their questions and answers.
//!
//! The official layouts are handed out to registered vendors only. Names of
//! families and elements are those of independent public programs; where only one
//! names them, or a name is inferred, [`Family`] says so.

mod family;
mod file_name;
mod message_file;

pub use super::xml::{XmlError, XmlErrorKind};
pub use family::Family;
pub use file_name::{Direction, FileKind, FileName, Step};
pub use message_file::MessageFile;

#[cfg(test)]
mod tests;
