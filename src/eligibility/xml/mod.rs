//! XML of exchanged files: a pull reader that is asked for elements by structure,
//! and a writer.
//!
//! Only what these files are made of is read: elements, text, the five predefined
//! entities and character references, CDATA, comments. A document type, other
//! entities and processing instructions are refused, as are a document that isn't
//! closed (a file still being written), text between elements, and more depth,
//! elements or text than [`Limits`] allows. Attributes are not looked at: none of
//! the known messages has any.

mod error;
mod lexer;
#[cfg(test)]
mod oracle;
mod parts;
mod reader;
mod scan;
mod writer;

pub use error::{XmlError, XmlErrorKind};
pub(crate) use parts::{Next, Parts};
pub(crate) use reader::{Limits, XmlReader};
pub(crate) use writer::{WriteError, WriteProblem, XmlWriter};

#[cfg(test)]
mod tests;
