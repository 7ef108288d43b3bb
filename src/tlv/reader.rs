//! Elements one after the other.

use std::fmt;

use super::{Header, Tag, TlvError, TlvErrorKind};

/// Levels of elements that are read: an element of the outermost input is on level 1.
///
/// The deepest public structure of a My Number card has three (a certificate has more, but isn't read with this).
pub const MAX_DEPTH: u8 = 8;

/// Reads elements one after the other.
///
/// Reading an element looks at its header and skips its value, so a pass over `n` bytes is linear however the elements are
/// nested, and nothing is allocated.
#[derive(Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
    position: usize,
    /// Level of the elements that this reader gives.
    level: u8,
}

impl<'a> Reader<'a> {
    /// Over a whole file or answer. Positions count from its first byte.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            position: 0,
            level: 1,
        }
    }

    /// The next element, `None` at the end. After an error the reader stays where it was.
    ///
    /// # Errors
    /// What is wrong, and at which byte.
    #[allow(clippy::should_implement_trait)] // an Iterator would have to decide what comes after an error
    pub fn next(&mut self) -> Result<Option<Element<'a>>, TlvError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let header = Header::parse(self.rest).map_err(|error| {
            TlvError::new(self.position.saturating_add(error.position), error.kind)
        })?;
        let total = header.total_len();
        let cut = || {
            TlvError::new(
                self.position.saturating_add(self.rest.len()),
                TlvErrorKind::Truncated {
                    missing: total.saturating_sub(self.rest.len()),
                },
            )
        };
        let (whole, rest) = self.rest.split_at_checked(total).ok_or_else(cut)?;
        let (_, value) = whole.split_at_checked(header.header_len).ok_or_else(cut)?;
        let element = Element {
            tag: header.tag,
            whole,
            value,
            position: self.position,
            level: self.level,
        };
        self.rest = rest;
        self.position = self.position.saturating_add(total);
        Ok(Some(element))
    }

    /// The next element, which must have this tag. After an error the reader stays where it was.
    ///
    /// # Errors
    /// There is none, it has another tag, or it is malformed.
    pub fn expect(&mut self, tag: Tag) -> Result<Element<'a>, TlvError> {
        let mut ahead = self.clone();
        let kind = match ahead.next()? {
            Some(element) if element.tag == tag => {
                *self = ahead;
                return Ok(element);
            }
            Some(element) => TlvErrorKind::UnexpectedTag {
                expected: tag,
                found: element.tag,
            },
            None => TlvErrorKind::Missing { expected: tag },
        };
        Err(TlvError::new(self.position, kind))
    }

    /// Bytes not read yet.
    #[must_use]
    pub const fn remaining(&self) -> &'a [u8] {
        self.rest
    }

    /// Position of the next element, from the first byte of the outermost input.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }

    /// Makes sure that everything was read.
    ///
    /// # Errors
    /// Bytes are left.
    pub const fn finish(self) -> Result<(), TlvError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(TlvError::new(
                self.position,
                TlvErrorKind::TrailingBytes {
                    count: self.rest.len(),
                },
            ))
        }
    }
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("position", &self.position)
            .field("remaining", &self.rest.len())
            .field("level", &self.level)
            .finish()
    }
}

/// One element, borrowed from the input. `Debug` shows tag, position and lengths, never the value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Element<'a> {
    tag: Tag,
    whole: &'a [u8],
    value: &'a [u8],
    position: usize,
    level: u8,
}

impl<'a> Element<'a> {
    /// The tag.
    #[must_use]
    pub const fn tag(&self) -> Tag {
        self.tag
    }

    /// The value.
    #[must_use]
    pub const fn value(&self) -> &'a [u8] {
        self.value
    }

    /// Tag, length field and value as written: what the card's signatures cover.
    #[must_use]
    pub const fn whole(&self) -> &'a [u8] {
        self.whole
    }

    /// Position of the tag, from the first byte of the outermost input.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }

    /// Position of the value, from the first byte of the outermost input.
    #[must_use]
    pub const fn value_position(&self) -> usize {
        self.position
            .saturating_add(self.whole.len() - self.value.len())
    }

    /// A reader over the elements in the value. Whether they are well-formed shows when they are read.
    ///
    /// # Errors
    /// The element is primitive, or already on level [`MAX_DEPTH`].
    pub fn children(&self) -> Result<Reader<'a>, TlvError> {
        let refused = |kind| Err(TlvError::new(self.position, kind));
        if !self.tag.is_constructed() {
            return refused(TlvErrorKind::NotConstructed);
        }
        if self.level >= MAX_DEPTH {
            return refused(TlvErrorKind::TooDeep);
        }
        Ok(Reader {
            rest: self.value,
            position: self.value_position(),
            level: self.level + 1,
        })
    }
}

impl fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Element")
            .field("tag", &self.tag)
            .field("position", &self.position)
            .field("header_len", &(self.whole.len() - self.value.len()))
            .field("value_len", &self.value.len())
            .finish()
    }
}
