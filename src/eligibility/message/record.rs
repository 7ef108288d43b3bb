//! Types whose fields meet elements by a table, read and written.

use std::borrow::Cow;

use zeroize::Zeroizing;

use super::error::ReadError;
use crate::eligibility::UnreadElement;
use crate::eligibility::report::elements::{Elements, Slot};
use crate::eligibility::xml::{Limits, XmlReader, XmlWriter};

/// Elements that aren't in a record's table: reads one that it knows, and says
/// whether it did.
pub(crate) type Nested<'f, 'a, R> =
    dyn FnMut(&mut R, &'a str, &mut XmlReader<'a>) -> Result<bool, ReadError> + 'f;

/// Finds the field of a leaf element, and the element's name as the program knows it.
pub(crate) type Leaf<R> =
    for<'r, 'n> fn(&'r mut R, &'n str) -> Option<(&'static str, &'r mut dyn Slot)>;

/// Reads the children of the open element, in any order, and consumes its end.
/// What isn't understood is given back: an unknown element with its path from here
/// on, or a known one whose text can't be read as what it should be.
///
/// # Errors
/// A known leaf that is there twice: which one is meant can't be known.
pub(crate) fn read_record<'a, P, R: Elements<P>>(
    reader: &mut XmlReader<'a>,
    record: &mut R,
    nested: &mut Nested<'_, 'a, R>,
) -> Result<Vec<UnreadElement>, ReadError> {
    read_leaves(reader, record, R::slot, nested)
}

/// As [`read_record`], for a record whose leaves are more than its table.
pub(crate) fn read_leaves<'a, R>(
    reader: &mut XmlReader<'a>,
    record: &mut R,
    leaf: Leaf<R>,
    nested: &mut Nested<'_, 'a, R>,
) -> Result<Vec<UnreadElement>, ReadError> {
    let mut unread: Vec<UnreadElement> = Vec::new();
    while let Some(name) = reader.child()? {
        if let Some((element, slot)) = leaf(record, name) {
            let at = reader.at();
            let Some(text) = reader.value()? else {
                continue;
            };
            // What was unescaped is a copy, which is to be wiped.
            let text = Text::from(text);
            if slot.is_set() || unread.iter().any(|kept| kept.path == name) {
                return Err(ReadError::Repeated { element, at });
            }
            if !slot.set(text.as_str()) {
                unread.push(UnreadElement::new(name, text.as_str()));
            }
        } else if !nested(record, name, reader)? {
            reader.leaves(name, &mut |path, text| {
                unread.push(UnreadElement::new(path, text));
            })?;
        }
    }
    Ok(unread)
}

/// The text of an element, wiped if it is a copy.
enum Text<'a> {
    Borrowed(&'a str),
    Copied(Zeroizing<String>),
}

impl<'a> From<Cow<'a, str>> for Text<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        match text {
            Cow::Borrowed(text) => Self::Borrowed(text),
            Cow::Owned(text) => Self::Copied(Zeroizing::new(text)),
        }
    }
}

impl Text<'_> {
    fn as_str(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Copied(text) => text,
        }
    }
}

/// No elements but those of the table.
pub(crate) fn no_nested<'a, R>(
    _: &mut R,
    _: &'a str,
    _: &mut XmlReader<'a>,
) -> Result<bool, ReadError> {
    Ok(false)
}

/// Writes the elements of the table that are set.
pub(crate) fn write_record<P, R: Elements<P>>(writer: &mut XmlWriter, record: &R) {
    record.each(&mut |name, slot| write_slot(writer, name, slot));
}

/// Writes one element, if it is set.
pub(crate) fn write_slot(writer: &mut XmlWriter, name: &'static str, slot: &dyn Slot) {
    if slot.unwritable() {
        writer.unwritable(name);
    }
    writer.text_if(name, slot.text().as_deref());
}

/// Writes what wasn't understood back under the names it came with.
pub(crate) fn write_unread(writer: &mut XmlWriter, unread: &[UnreadElement]) {
    for element in unread {
        let mut names: Vec<&str> = element.path.split('/').collect();
        let last = names.pop().unwrap_or_default();
        for name in &names {
            writer.open(name);
        }
        writer.text(last, element.text.reveal());
        for _ in &names {
            writer.close();
        }
    }
}

/// The two parts of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// `MessageHeader`.
    Header,
    /// `MessageBody`.
    Body,
}

/// What reads a part: its element is open, and its end is to be consumed.
pub(crate) type ReadPart<'f, 'a> =
    dyn FnMut(Part, &mut XmlReader<'a>) -> Result<(), ReadError> + 'f;

/// Reads a message: header and body in either order, each once, and nothing after.
/// An answer to a failure may have a header alone. Unknown elements beside them
/// are given back.
///
/// # Errors
/// There is no header, one of the two is repeated, or what `read` says.
pub(crate) fn envelope<'a>(
    text: &'a str,
    limits: Limits,
    read: &mut ReadPart<'_, 'a>,
) -> Result<Vec<UnreadElement>, ReadError> {
    let mut reader = XmlReader::new(text, limits)?;
    if reader.root()? != "XmlMsg" {
        return Err(ReadError::Unexpected {
            expected: "XmlMsg",
            at: reader.at(),
        });
    }
    let mut unread = Vec::new();
    let (mut header, mut body) = (false, false);
    while let Some(name) = reader.child()? {
        let (part, element, seen) = match name {
            "MessageHeader" => (Part::Header, "MessageHeader", &mut header),
            "MessageBody" => (Part::Body, "MessageBody", &mut body),
            unknown => {
                reader.leaves(unknown, &mut |path, text: Cow<'_, str>| {
                    unread.push(UnreadElement::new(path, text));
                })?;
                continue;
            }
        };
        if std::mem::replace(seen, true) {
            let at = reader.at();
            return Err(ReadError::Repeated { element, at });
        }
        read(part, &mut reader)?;
    }
    let at = reader.at();
    reader.finish()?;
    if !header {
        let element = "MessageHeader";
        return Err(ReadError::Missing { element, at });
    }
    Ok(unread)
}
