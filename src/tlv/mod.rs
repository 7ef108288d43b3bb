//! BER-TLV as cards write it: zero-copy, lazy, linear, with the position in every error.
//!
//! This reads what real cards hold, which isn't always what ASN.1's strict encodings allow:
//!
//! - tags of up to four bytes, kept as written: `DF 21` and `FF 20` use the long form although their numbers would fit the
//!   short one (publicly reported of the card's face, 券面);
//! - lengths of up to four bytes behind `81` to `84`, also where fewer would do (`82 00 05`);
//! - nothing indefinite (`80`), nothing longer (`85` to `FF`), no more than [`MAX_DEPTH`] levels.
//!
//! A value is found by looking at headers only, and borrowed from the input. Positions count from the first byte of the
//! outermost input, however deep the element is.
//!
//! ```
//! use uketsuke::tlv::{Reader, Tag};
//!
//! // A file with a non-minimal length and a long-form tag, as on a card's face.
//! let file = [0xFF, 0x20, 0x82, 0x00, 0x05, 0xDF, 0x23, 0x02, b'1', b'2'];
//! let mut reader = Reader::new(&file);
//! let face = reader.expect(Tag::new(0xFF20))?;
//! let mut children = face.children()?;
//! let element = children.expect(Tag::new(0xDF23))?;
//! assert_eq!(element.value(), b"12");
//! assert_eq!(element.position(), 5);
//! children.finish()?;
//! reader.finish()?;
//! # Ok::<(), uketsuke::tlv::TlvError>(())
//! ```

mod error;
mod header;
mod reader;

pub use error::{TlvError, TlvErrorKind};
pub use header::{Header, Tag};
pub use reader::{Element, MAX_DEPTH, Reader};
