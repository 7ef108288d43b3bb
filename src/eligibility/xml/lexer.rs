use memchr::{memchr3, memchr3_iter, memmem};

use super::scan::{name_end, text_end};
use super::{XmlError, XmlErrorKind};

/// Splits a document into markup and text, and sees to it that every end has its
/// beginning. What is read is a text already, so nothing is decoded.
///
/// Reads what `quick-xml` reads, which is asked the same in tests; where both
/// refuse, the kind of the error may differ. Attributes are passed over by their
/// quotes alone.
#[derive(Debug)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    /// Offset of the text in the document that it is a part of.
    base: usize,
    /// What is before this offset was read.
    to: usize,
    /// Where the event that was read last begins.
    at: usize,
    /// Names of the elements that are open.
    open: Vec<&'a str>,
}

/// A piece of a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// `<name>`, or `<name/>` if it is empty, which is never reported as an end.
    Start { name: &'a str, empty: bool },
    /// `</name>`.
    End,
    /// Never empty. `plain` says that all its characters are known to be allowed.
    Text { text: &'a str, plain: bool },
    /// `&name;`.
    Reference(&'a str),
    /// What is in `<![CDATA[` and `]]>`.
    CData(&'a str),
    /// What is in `<!--` and `-->`.
    Comment(&'a str),
    /// `<?xml …?>`, where the document begins.
    Declaration,
    /// The end of the text.
    Eof,
}

impl<'a> Lexer<'a> {
    /// For a part of a document that begins at `base` in it.
    pub(super) fn new(text: &'a str, base: usize) -> Self {
        Self {
            text,
            base,
            to: 0,
            at: 0,
            open: Vec::with_capacity(8),
        }
    }

    /// Where the event that was read last begins in the document.
    pub(super) const fn at(&self) -> usize {
        self.base + self.at
    }

    /// The next piece. After an error it must not be asked again.
    #[inline]
    pub(super) fn event(&mut self) -> Result<Event<'a>, XmlError> {
        self.at = self.to;
        let bytes = self.text.as_bytes();
        match bytes.get(self.at..).unwrap_or_default() {
            [] => Ok(Event::Eof),
            [b'<', b'/', ..] => self.end(),
            [b'<', b'!', ..] => self.bang(),
            [b'<', b'?', ..] => self.question(),
            [b'<', ..] => self.start(),
            [b'&', ..] => self.reference(),
            _ => {
                let (end, plain) = text_end(bytes, self.at);
                let text = self.upto(self.at, end, end);
                Ok(Event::Text { text, plain })
            }
        }
    }

    /// The text of the element that was opened last, maybe empty, if its end tag
    /// comes right after: what nearly all elements are. [`close`](Self::close) goes
    /// on behind it; otherwise it counts as not read. `true` as in [`Event::Text`].
    #[inline]
    pub(super) fn leaf(&mut self) -> Option<(&'a str, bool)> {
        let (end, plain) = text_end(self.text.as_bytes(), self.to);
        self.after_end(end)?;
        self.at = self.to;
        Some((self.text.get(self.at..end).unwrap_or_default(), plain))
    }

    /// Reads the end tag behind the text that [`leaf`](Self::leaf) gave.
    #[inline]
    pub(super) fn close(&mut self, leaf: &str) {
        self.at = self.to + leaf.len();
        if let Some(after) = self.after_end(self.at) {
            self.to = after;
            self.open.pop();
        }
    }

    /// The offset behind the end tag of the open element, if just that is there.
    #[inline]
    fn after_end(&self, at: usize) -> Option<usize> {
        let name = self.open.last()?;
        let rest = self.text.as_bytes().get(at..)?.strip_prefix(b"</")?;
        let rest = rest.strip_prefix(name.as_bytes())?;
        (rest.first() == Some(&b'>')).then_some(at + name.len() + 3)
    }

    #[inline]
    fn start(&mut self) -> Result<Event<'a>, XmlError> {
        let from = self.at + 1;
        let bytes = self.text.as_bytes();
        let end = name_end(bytes, from);
        let (name, empty) = match bytes.get(end..).unwrap_or_default() {
            [b'>', ..] if end > from => (self.upto(from, end, end + 1), false),
            [b'/', b'>', ..] if end > from => (self.upto(from, end, end + 2), true),
            _ => self.long_start()?,
        };
        if !empty {
            self.open.push(name);
        }
        Ok(Event::Start { name, empty })
    }

    /// With blanks or attributes in it, or whatever else.
    #[cold]
    fn long_start(&mut self) -> Result<(&'a str, bool), XmlError> {
        let tag = self.tag(1)?;
        let (tag, empty) = match tag.strip_suffix('/') {
            Some(tag) => (tag, true),
            None => (tag, false),
        };
        let name = tag.split(is_xml_blank).next().unwrap_or_default();
        // Not looked at otherwise, but these would confuse the search for the end tag.
        if name.is_empty() || name.contains(['"', '\'']) {
            return Err(self.error(XmlErrorKind::Malformed));
        }
        Ok((name, empty))
    }

    #[inline]
    fn end(&mut self) -> Result<Event<'a>, XmlError> {
        match self.after_end(self.at) {
            Some(after) => self.to = after,
            None => self.long_end()?,
        }
        self.open.pop();
        Ok(Event::End)
    }

    /// With blanks in it, or another one than that of the element that is open.
    #[cold]
    fn long_end(&mut self) -> Result<(), XmlError> {
        let name = self.tag(2)?.trim_end_matches(is_xml_blank);
        if self.open.last() != Some(&name) {
            return Err(self.error(XmlErrorKind::Malformed));
        }
        Ok(())
    }

    /// A tag without its first characters and the `>`, which doesn't count in quotes.
    fn tag(&mut self, from: usize) -> Result<&'a str, XmlError> {
        let from = self.at + from;
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        let mut quote = None;
        for at in memchr3_iter(b'>', b'"', b'\'', rest) {
            let byte = rest.get(at).copied();
            if quote.is_none() && byte == Some(b'>') {
                return Ok(self.upto(from, from + at, from + at + 1));
            }
            if quote.is_none() {
                quote = byte;
            } else if quote == byte {
                quote = None;
            }
        }
        Err(self.error(XmlErrorKind::Unclosed))
    }

    fn reference(&mut self) -> Result<Event<'a>, XmlError> {
        let from = self.at + 1;
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        let Some(end) = memchr3(b';', b'&', b'<', rest) else {
            return Err(self.error(XmlErrorKind::Unclosed));
        };
        if rest.get(end) != Some(&b';') {
            return Err(self.error(XmlErrorKind::Malformed));
        }
        Ok(Event::Reference(self.upto(
            from,
            from + end,
            from + end + 1,
        )))
    }

    /// Comment, CDATA or document type.
    #[cold]
    fn bang(&mut self) -> Result<Event<'a>, XmlError> {
        const COMMENT: &str = "<!--";
        const CDATA: &str = "<![CDATA[";
        let rest = self.text.get(self.at..).unwrap_or_default();
        if rest.starts_with(COMMENT) {
            return Ok(Event::Comment(self.between(COMMENT, "-->")?));
        }
        if rest.starts_with(CDATA) {
            return Ok(Event::CData(self.between(CDATA, "]]>")?));
        }
        let kind = match rest.as_bytes().get(2) {
            Some(b'D' | b'd') => XmlErrorKind::DocumentType,
            _ if COMMENT.starts_with(rest) || CDATA.starts_with(rest) => XmlErrorKind::Unclosed,
            _ => XmlErrorKind::Malformed,
        };
        Err(self.error(kind))
    }

    #[cold]
    fn question(&mut self) -> Result<Event<'a>, XmlError> {
        const DECLARATION: &str = "<?xml";
        const END: &str = "?>";
        let rest = self.text.get(self.at..).unwrap_or_default();
        let inside = rest.strip_prefix(DECLARATION);
        let is_declaration = match inside {
            Some(inside) => {
                inside.starts_with(is_xml_blank)
                    || inside.starts_with(END)
                    || END.starts_with(inside)
            }
            None => DECLARATION.starts_with(rest),
        };
        if self.at() != 0 || !is_declaration {
            return Err(self.error(XmlErrorKind::ProcessingInstruction));
        }
        self.between(DECLARATION, END)?;
        Ok(Event::Declaration)
    }

    /// What is between these two.
    fn between(&mut self, begin: &str, end: &str) -> Result<&'a str, XmlError> {
        let from = self.at + begin.len();
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        let Some(found) = memmem::find(rest, end.as_bytes()) else {
            return Err(self.error(XmlErrorKind::Unclosed));
        };
        Ok(self.upto(from, from + found, from + found + end.len()))
    }

    /// Gives a piece and goes on behind it. All offsets are beside ASCII.
    #[inline]
    fn upto(&mut self, from: usize, end: usize, next: usize) -> &'a str {
        self.to = next;
        self.text.get(from..end).unwrap_or_default()
    }

    #[cold]
    fn error(&self, kind: XmlErrorKind) -> XmlError {
        kind.at(self.at())
    }
}

/// Blank, as XML has it.
pub(super) const fn is_xml_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}
