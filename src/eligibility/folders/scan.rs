//! Whether a file is whole, and whose answer it says it is: by its bytes, in one
//! pass, so that it works for an answer of a gigabyte. What it means is read later.
//!
//! Both encodings keep `<` and `>` to themselves, so nothing has to be decoded.

use super::Trouble;
use super::entry::Entry;
use crate::eligibility::message::{Family, FileKind, Step};

/// Longer than the names and values that are looked for.
const KEPT: usize = 80;

/// Bytes from the end that are looked through for what closes an archive or a PDF.
const TAIL: usize = 1024;

const CDATA: &[u8] = b"![CDATA[";

/// Looks at a file's bytes as they go by.
pub(super) enum Scan {
    Xml(Xml),
    /// What ends it must be in its last bytes.
    Tail {
        end: &'static [u8],
        tail: Vec<u8>,
    },
    /// Any text.
    Text,
}

impl Scan {
    pub(super) fn of(kind: FileKind) -> Self {
        let tail = |end| Self::Tail {
            end,
            tail: Vec::new(),
        };
        match kind {
            FileKind::Xml => Self::Xml(Xml::default()),
            // "end of central directory" of an archive, and the last line of a PDF.
            FileKind::Zip => tail(b"PK\x05\x06"),
            FileKind::Pdf => tail(b"%%EOF"),
            FileKind::Err => Self::Text,
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Xml(xml) => bytes.iter().for_each(|byte| xml.take(*byte)),
            Self::Tail { tail, .. } => {
                tail.extend_from_slice(
                    bytes
                        .get(bytes.len().saturating_sub(TAIL)..)
                        .unwrap_or(bytes),
                );
                tail.drain(..tail.len().saturating_sub(TAIL));
            }
            Self::Text => {}
        }
    }

    /// `Err` if it can't be taken for the answer to this question.
    pub(super) fn judge(&self, entry: &Entry) -> Result<(), Trouble> {
        match self {
            Self::Xml(xml) => xml.judge(entry),
            Self::Tail { end, tail } => {
                let closed = tail.windows(end.len()).any(|window| window == *end);
                if closed {
                    Ok(())
                } else {
                    Err(Trouble::Unclosed)
                }
            }
            Self::Text => Ok(()),
        }
    }
}

/// Of a document.
#[derive(Default)]
pub(super) struct Xml {
    place: Place,
    /// Of the tag or the text that is being read; cut at [`KEPT`].
    kept: Vec<u8>,
    /// Of the element that was opened last, until its text ended.
    wanted: Option<Wanted>,
    /// The last two bytes of the markup that is being read.
    end: [u8; 2],
    /// Of the element whose text ended last, with the markup that is being read.
    read: Option<Wanted>,
    root: Vec<u8>,
    /// The root's end tag was seen, and nothing but blanks since.
    closed: bool,
    values: [Value; 3],
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Text,
    Tag,
}

#[derive(Clone, Copy)]
enum Wanted {
    FileIdentifier,
    ReceptionNumber,
    SegmentOfResult,
}

/// The text of an element, if it was there.
#[derive(Clone, Default)]
enum Value {
    #[default]
    Absent,
    Is(Vec<u8>),
    /// It was there more than once, with different texts.
    Several,
}

impl Wanted {
    fn named(tag: &[u8]) -> Option<Self> {
        match tag {
            b"ArbitraryFileIdentifier" => Some(Self::FileIdentifier),
            b"ReceptionNumber" => Some(Self::ReceptionNumber),
            b"SegmentOfResult" => Some(Self::SegmentOfResult),
            _ => None,
        }
    }
}

impl Xml {
    fn take(&mut self, byte: u8) {
        match (self.place, byte) {
            (Place::Text, b'<') => {
                self.end_text();
                self.place = Place::Tag;
                self.end = [0; 2];
            }
            (Place::Tag, b'>') if self.is_inside_markup() => self.end = [0; 2],
            (Place::Tag, b'>') => {
                self.end_tag();
                self.place = Place::Text;
            }
            _ => {
                if self.place == Place::Text && !byte.is_ascii_whitespace() {
                    self.closed = false;
                }
                if self.kept.len() < KEPT && (self.place == Place::Tag || self.wanted.is_some()) {
                    self.kept.push(byte);
                }
                if self.place == Place::Tag {
                    self.end = [self.end[1], byte];
                }
            }
        }
    }

    /// A comment and a CDATA section end with more than `>`, and what looks like a
    /// tag in them is none.
    fn is_inside_markup(&self) -> bool {
        let open = |begin: &[u8], end| self.kept.starts_with(begin) && self.end != end;
        // `<!-->` and `<!--->` are no comments.
        let short = self.kept.len() < b"!----".len();
        open(b"!--", *b"--") || (self.kept.starts_with(b"!--") && short) || open(CDATA, *b"]]")
    }

    fn end_text(&mut self) {
        self.read = self.wanted.take();
        let Some(wanted) = self.read else {
            self.kept.clear();
            return;
        };
        let text = self.kept.trim_ascii().to_vec();
        self.kept.clear();
        // Absent and empty are alike.
        if text.is_empty() {
            return;
        }
        let value = self.value(wanted);
        *value = match std::mem::take(value) {
            Value::Absent => Value::Is(text),
            Value::Is(before) if before == text => Value::Is(before),
            Value::Is(_) | Value::Several => Value::Several,
        };
    }

    fn value(&mut self, of: Wanted) -> &mut Value {
        let [identifier, reception, segment] = &mut self.values;
        match of {
            Wanted::FileIdentifier => identifier,
            Wanted::ReceptionNumber => reception,
            Wanted::SegmentOfResult => segment,
        }
    }

    fn end_tag(&mut self) {
        // Without attributes, which some programs write.
        let mut words = self.kept.split(u8::is_ascii_whitespace);
        let tag = words.next().unwrap_or_default();
        let is_empty = self.end[1] == b'/';
        let comment = self.kept.starts_with(b"!--");
        self.closed &= comment;
        match tag.split_first() {
            Some((b'/', name)) => self.closed = !self.root.is_empty() && name == self.root,
            Some((b'?' | b'!', _)) | None => {
                // A text in pieces, of which this was one.
                if let Some(of) = self.read.take() {
                    *self.value(of) = Value::Several;
                }
            }
            Some(_) if self.root.is_empty() => {
                self.root = tag.strip_suffix(b"/").unwrap_or(tag).to_vec();
                self.closed = is_empty;
            }
            Some(_) if !is_empty => self.wanted = Wanted::named(tag),
            Some(_) => {}
        }
        self.kept.clear();
    }

    fn judge(&self, entry: &Entry) -> Result<(), Trouble> {
        if self.root.is_empty() && self.place == Place::Text {
            return Err(Trouble::NotAnAnswer);
        }
        if !self.closed || self.place == Place::Tag {
            return Err(Trouble::Unclosed);
        }
        let [identifier, reception, segment] = &self.values;
        let same = match &entry.reception {
            Some(asked) => {
                is(reception, asked.as_str())
                    && (is(identifier, entry.id.as_str()) || !there(identifier))
            }
            None => is(identifier, entry.id.as_str()) || (!there(identifier) && !echoes(entry)),
        };
        if !same {
            return Err(Trouble::OtherIdentifier);
        }
        // The answer about one person takes the same name again when it is ready;
        // about many, the result is asked for anew.
        if is(segment, "2") && entry.request.step() == Step::One {
            return Err(Trouble::Processing);
        }
        Ok(())
    }
}

fn is(value: &Value, expected: &str) -> bool {
    matches!(value, Value::Is(text) if text == expected.as_bytes())
}

fn there(value: &Value) -> bool {
    !matches!(value, Value::Absent)
}

/// Whether answers of this family give the identifier back. Those with medical
/// information weren't seen to, so their name has to be enough.
fn echoes(entry: &Entry) -> bool {
    !matches!(
        entry.request.family(),
        Family::Medicines | Family::HealthCheckups
    )
}
