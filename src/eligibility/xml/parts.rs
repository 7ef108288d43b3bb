use std::io::Read;

use memchr::memmem;
use zeroize::Zeroizing;

use super::reader::is_name;
use super::{Limits, XmlErrorKind, XmlReader};
use crate::eligibility::text::{Charset, Decoding, DecodingError};

/// How much text is held at a time at most, and so the longest part.
pub(crate) const WINDOW: usize = 1024 * 1024;

/// How much is held as long as parts are short. It fits into the caches, and is
/// quickly wiped.
const SMALL_WINDOW: usize = 32 * 1024;

/// Reads a long document part by part, in constant memory: it is walked through on
/// its upper levels here, and each element below is given out whole, as the text of
/// a small document.
///
/// An element ends where its end tag is first found. So a part with the same
/// element inside, or with its end tag in a comment or CDATA, is refused as
/// unclosed by what reads the part; none of the known messages has that.
pub(crate) struct Parts<R> {
    decoding: Decoding<R>,
    text: Zeroizing<String>,
    /// What is before this offset of `text` is done.
    from: usize,
    /// Offset of `text` in the whole.
    base: usize,
    /// Names of the elements that were entered.
    open: Vec<String>,
    rooted: bool,
}

/// What comes next at the level that was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next<'t> {
    /// An element of this name; it is to be entered or taken.
    Element(&'t str),
    /// The end of the element that was entered, or of the document.
    End,
}

enum Markup {
    Element { name: std::ops::Range<usize> },
    EndTag { after: usize },
    Nothing,
}

impl<R: Read> Parts<R> {
    pub(crate) fn new(source: R, cap: usize) -> Result<Self, DecodingError> {
        Ok(Self {
            decoding: Decoding::new(source, cap)?,
            text: Zeroizing::new(String::with_capacity(SMALL_WINDOW)),
            from: 0,
            base: 0,
            open: Vec::new(),
            rooted: false,
        })
    }

    /// The encoding of the bytes.
    pub(crate) const fn charset(&self) -> Charset {
        self.decoding.charset()
    }

    /// Where the next part begins.
    pub(crate) const fn at(&self) -> usize {
        self.base + self.from
    }

    /// Passes over blanks and comments, and looks at what is next. An end is
    /// consumed, an element isn't.
    pub(crate) fn next(&mut self) -> Result<Next<'_>, DecodingError> {
        match self.markup()? {
            Markup::Element { name } => {
                if self.open.is_empty() && self.rooted {
                    return Err(self.error(XmlErrorKind::AfterRoot));
                }
                Ok(Next::Element(self.text.get(name).unwrap_or_default()))
            }
            Markup::EndTag { after } => {
                self.from = after;
                self.open.pop();
                Ok(Next::End)
            }
            Markup::Nothing if !self.open.is_empty() => Err(self.error(XmlErrorKind::Unclosed)),
            Markup::Nothing if !self.rooted => Err(self.error(XmlErrorKind::Empty)),
            Markup::Nothing => Ok(Next::End),
        }
    }

    /// Enters the element that is next. `false` if it is `<x/>`: then it is done.
    pub(crate) fn enter(&mut self) -> Result<bool, DecodingError> {
        let Markup::Element { name } = self.markup()? else {
            return Err(self.error(XmlErrorKind::Malformed));
        };
        let name = self.text.get(name).unwrap_or_default().to_owned();
        let (after, empty) = self.tag()?;
        self.from = after;
        self.rooted = true;
        if !empty {
            self.open.push(name);
        }
        Ok(!empty)
    }

    /// Takes the element that is next, whole.
    pub(crate) fn take(&mut self, limits: Limits) -> Result<XmlReader<'_>, DecodingError> {
        let Markup::Element { name } = self.markup()? else {
            return Err(self.error(XmlErrorKind::Malformed));
        };
        let (mut after, empty) = self.tag()?;
        if !empty {
            let name = self.text.get(name).unwrap_or_default();
            let needle = Zeroizing::new(format!("</{name}"));
            let finder = memmem::Finder::new(needle.as_bytes());
            // Offsets from the element's beginning: the text moves when it is filled.
            let mut searched = after - self.from;
            let end = loop {
                let begin = self.from + searched;
                let rest = self.text.as_bytes().get(begin..).unwrap_or_default();
                let Some(found) = finder.find(rest) else {
                    searched = (searched + rest.len())
                        .saturating_sub(needle.len())
                        .max(searched);
                    self.fill()?;
                    continue;
                };
                let tail = rest.get(found + needle.len()..).unwrap_or_default();
                let blanks = tail.iter().take_while(|b| b.is_ascii_whitespace()).count();
                match tail.get(blanks) {
                    Some(b'>') => break searched + found + needle.len() + blanks + 1,
                    // Another name that begins with this one.
                    Some(_) => searched += found + needle.len(),
                    None => {
                        searched += found;
                        self.fill()?;
                    }
                }
            };
            after = self.from + end;
        }
        let at = self.at();
        let part = self.from..after;
        self.from = after;
        let text = self.text.get(part).unwrap_or_default();
        XmlReader::at_offset(text, at, limits).map_err(DecodingError::Xml)
    }

    fn markup(&mut self) -> Result<Markup, DecodingError> {
        loop {
            let rest = self.text.as_bytes().get(self.from..).unwrap_or_default();
            let blanks = rest
                .iter()
                .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
                .count();
            self.from += blanks;
            let rest = rest.get(blanks..).unwrap_or_default();
            match rest {
                [] => {
                    if !self.more()? {
                        return Ok(Markup::Nothing);
                    }
                }
                [b'<', b'!' | b'?', ..] => self.pass_over()?,
                [b'<', b'/', ..] => return self.end_tag(),
                [b'<', _, ..] => return self.element(),
                [b'<'] => self.fill()?,
                _ => return Err(self.error(XmlErrorKind::StrayText)),
            }
        }
    }

    /// A comment, or the declaration where the document begins.
    fn pass_over(&mut self) -> Result<(), DecodingError> {
        let (begin, end, kind) = loop {
            let rest = self.text.get(self.from..).unwrap_or_default();
            if rest.starts_with("<!--") {
                break ("<!--", "-->", XmlErrorKind::Malformed);
            }
            if rest.len() > 5 {
                break match rest {
                    _ if rest.starts_with("<?xml") && self.at() == 0 => {
                        ("<?xml", "?>", XmlErrorKind::ProcessingInstruction)
                    }
                    _ if rest.starts_with("<?") => {
                        return Err(self.error(XmlErrorKind::ProcessingInstruction));
                    }
                    _ if rest
                        .get(..5)
                        .is_some_and(|s| s.eq_ignore_ascii_case("<!DOC")) =>
                    {
                        return Err(self.error(XmlErrorKind::DocumentType));
                    }
                    _ if rest.starts_with("<![CD") => {
                        return Err(self.error(XmlErrorKind::StrayText));
                    }
                    _ => return Err(self.error(XmlErrorKind::Malformed)),
                };
            }
            self.fill()?;
        };
        let whole = loop {
            let rest = self.text.get(self.from..).unwrap_or_default();
            let inside = rest.get(begin.len()..).unwrap_or_default();
            if let Some(found) = inside.find(end) {
                break begin.len() + found + end.len();
            }
            self.fill()?;
        };
        // What is passed over is read all the same, so that nothing gets in here that
        // isn't accepted elsewhere.
        let passed = self
            .text
            .get(self.from..self.from + whole)
            .unwrap_or_default();
        if kind == XmlErrorKind::ProcessingInstruction {
            if !passed.starts_with("<?xml ") && !passed.starts_with("<?xml\t") {
                return Err(self.error(kind));
            }
        } else if passed.bytes().any(|b| b < 0x20 && !b.is_ascii_whitespace()) {
            return Err(self.error(XmlErrorKind::Character));
        }
        self.from += whole;
        Ok(())
    }

    fn end_tag(&mut self) -> Result<Markup, DecodingError> {
        let whole = loop {
            let rest = self.text.get(self.from..).unwrap_or_default();
            if let Some(end) = rest.find('>') {
                break end + 1;
            }
            self.fill()?;
        };
        let tag = self
            .text
            .get(self.from..self.from + whole)
            .unwrap_or_default();
        let name = tag.get(2..whole - 1).unwrap_or_default().trim_ascii_end();
        if self.open.last().is_none_or(|open| open != name) {
            return Err(self.error(XmlErrorKind::Malformed));
        }
        Ok(Markup::EndTag {
            after: self.from + whole,
        })
    }

    fn element(&mut self) -> Result<Markup, DecodingError> {
        loop {
            let rest = self.text.get(self.from + 1..).unwrap_or_default();
            let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'));
            match end {
                Some(end) if rest.get(..end).is_some_and(is_name) => {
                    let begin = self.from + 1;
                    return Ok(Markup::Element {
                        name: begin..begin + end,
                    });
                }
                Some(_) => return Err(self.error(XmlErrorKind::Malformed)),
                None => self.fill()?,
            }
        }
    }

    /// The end of the start tag that is next, and whether it is `<x/>`.
    fn tag(&mut self) -> Result<(usize, bool), DecodingError> {
        loop {
            let rest = self.text.as_bytes().get(self.from..).unwrap_or_default();
            let mut quote = None;
            for (at, byte) in rest.iter().copied().enumerate() {
                match (quote, byte) {
                    (None, b'>') => {
                        let empty = at > 0 && rest.get(at - 1) == Some(&b'/');
                        return Ok((self.from + at + 1, empty));
                    }
                    (None, b'"' | b'\'') => quote = Some(byte),
                    (Some(open), close) if open == close => quote = None,
                    _ => {}
                }
            }
            self.fill()?;
        }
    }

    /// More text, or the document isn't closed.
    fn fill(&mut self) -> Result<(), DecodingError> {
        if self.more()? {
            return Ok(());
        }
        Err(self.error(XmlErrorKind::Unclosed))
    }

    /// More text. `false` at the end.
    fn more(&mut self) -> Result<bool, DecodingError> {
        self.base += self.from;
        let rest = self.text.len() - self.from;
        let window = self.text.capacity();
        if rest > window / 2 && window < WINDOW {
            // By hand, since growing in place would leave a copy that isn't wiped.
            let mut larger = Zeroizing::new(String::with_capacity(WINDOW.min(4 * window)));
            larger.push_str(self.text.get(self.from..).unwrap_or_default());
            self.text = larger;
        } else {
            self.text.drain(..self.from);
        }
        self.from = 0;
        let more = self.decoding.read(&mut self.text)?;
        if more && self.text.len() == rest {
            return Err(self.error(XmlErrorKind::TooLong));
        }
        Ok(more)
    }

    fn error(&self, kind: XmlErrorKind) -> DecodingError {
        DecodingError::Xml(kind.at(self.at()))
    }
}
