use std::borrow::Cow;

use zeroize::Zeroizing;

use super::lexer::{Event, Lexer, is_xml_blank};
use super::{XmlError, XmlErrorKind};

/// How much a document may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Bytes of the whole text.
    pub(crate) bytes: usize,
    /// Elements inside each other.
    pub(crate) depth: usize,
    /// Bytes of one text.
    pub(crate) text: usize,
    /// Elements.
    pub(crate) elements: usize,
    /// Entries of lists: results, tickets, medicines. In memory one takes many times
    /// what its shortest element takes in the file.
    pub(crate) entries: usize,
}

/// So many texts of unknown elements are given. More is no newer layout but an
/// attack on the memory, since each comes with its path.
const MOST_LEAVES: usize = 10_000;

/// So many bytes their paths may have together.
const LONGEST_PATHS: usize = 1024 * 1024;

/// No known name has half as many bytes.
const LONGEST_NAME: usize = 128;

impl Limits {
    /// For one question or one answer. The known messages are six deep, and their
    /// longest texts are a URL, a message and remarks.
    pub(crate) const ONE: Self = Self {
        bytes: 3 * 4 * 1024 * 1024,
        depth: 24,
        text: 64 * 1024,
        elements: 400_000,
        entries: 10_000,
    };

    /// For medical information: a person who was long in hospital has tens of
    /// thousands of medicines.
    pub(crate) const MEDICAL: Self = Self {
        entries: 100_000,
        ..Self::ONE
    };

    /// For a question about many, which is held in memory.
    pub(crate) const MANY: Self = Self {
        bytes: 256 * 1024 * 1024,
        elements: 10_000_000,
        ..Self::ONE
    };
}

/// What is in an element.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Content<'a> {
    /// Text, maybe empty. The element's end is consumed.
    Text(Cow<'a, str>),
    /// Elements; the first one is open already, and this is its name.
    Element(&'a str),
}

/// Reads a document by its structure.
///
/// After an element was opened (by [`root`](Self::root), [`child`](Self::child) or
/// [`content`](Self::content)), exactly one of these comes: `text`, `value`,
/// `skip`, `leaves`, `content`, or `child` until it says `None`. An element whose
/// name the caller doesn't know is passed over by `skip` or `leaves`, or refused:
/// only these two look whether it is a name at all.
#[derive(Debug)]
pub(crate) struct XmlReader<'a> {
    events: Lexer<'a>,
    limits: Limits,
    depth: usize,
    elements: usize,
    /// Texts of unknown elements that were given.
    leaves: usize,
    /// Bytes of their paths.
    paths: usize,
    entries: usize,
    /// `<x/>`: opened, and its end is to be reported next.
    empty: bool,
}

enum Token<'a> {
    Open(&'a str),
    Close,
    Text(Cow<'a, str>),
    End,
}

impl<'a> XmlReader<'a> {
    pub(crate) fn new(text: &'a str, limits: Limits) -> Result<Self, XmlError> {
        Self::at_offset(text, 0, limits)
    }

    /// For a part of a document that begins at `base` in it.
    pub(crate) fn at_offset(text: &'a str, base: usize, limits: Limits) -> Result<Self, XmlError> {
        if text.len() > limits.bytes {
            return Err(XmlErrorKind::TooLong.at(limits.bytes));
        }
        Ok(Self {
            events: Lexer::new(text, base),
            limits,
            depth: 0,
            elements: 0,
            leaves: 0,
            paths: 0,
            entries: 0,
            empty: false,
        })
    }

    /// Where the part that was read last begins.
    pub(crate) const fn at(&self) -> usize {
        self.events.at()
    }

    /// Opens the root element and gives its name.
    pub(crate) fn root(&mut self) -> Result<&'a str, XmlError> {
        match self.child()? {
            Some(name) => Ok(name),
            None => Err(self.error(XmlErrorKind::Empty)),
        }
    }

    /// Opens the next child of the open element, or consumes the open element's
    /// end and says `None`.
    #[inline]
    pub(crate) fn child(&mut self) -> Result<Option<&'a str>, XmlError> {
        loop {
            match self.token()? {
                Token::Open(name) => return Ok(Some(name)),
                Token::Close | Token::End => return Ok(None),
                Token::Text(text) => self.only_blank(&text)?,
            }
        }
    }

    /// The text of the element just opened, maybe empty; consumes its end.
    #[inline]
    pub(crate) fn text(&mut self) -> Result<Cow<'a, str>, XmlError> {
        match self.content()? {
            Content::Text(text) => Ok(text),
            Content::Element(_) => Err(self.error(XmlErrorKind::StrayElement)),
        }
    }

    /// As [`text`](Self::text); `None` if there is nothing or only blanks. Blanks
    /// around a value are kept: an insurer's number is padded with them.
    #[inline]
    pub(crate) fn value(&mut self) -> Result<Option<Cow<'a, str>>, XmlError> {
        Ok(Some(self.text()?).filter(|text| !is_blank(text)))
    }

    /// What is in the element just opened.
    #[inline]
    pub(crate) fn content(&mut self) -> Result<Content<'a>, XmlError> {
        if !self.empty
            && let Some((text, plain)) = self.events.leaf()
        {
            let allowed = self.allowed(text, plain)?;
            self.events.close(text);
            self.depth = self.depth.saturating_sub(1);
            return Ok(Content::Text(allowed));
        }
        let first = match self.token()? {
            Token::Text(text) => text,
            Token::Open(name) => return Ok(Content::Element(name)),
            Token::Close | Token::End => return Ok(Content::Text(Cow::Borrowed(""))),
        };
        match self.token()? {
            Token::Close | Token::End => Ok(Content::Text(first)),
            Token::Open(name) => {
                self.only_blank(&first)?;
                Ok(Content::Element(name))
            }
            Token::Text(more) => self.pieces(&first, &more),
        }
    }

    /// Passes over the element `name`, just opened, which is read all the same.
    pub(crate) fn skip(&mut self, name: &str) -> Result<(), XmlError> {
        self.check_name(name)?;
        let outside = self.depth.saturating_sub(1);
        loop {
            let mut inside = match self.content()? {
                Content::Element(name) => Some(name),
                Content::Text(_) => None,
            };
            while inside.is_none() {
                if self.depth <= outside {
                    return Ok(());
                }
                inside = self.child()?;
            }
            self.check_name(inside.unwrap_or_default())?;
        }
    }

    /// A name that the caller knows is one; others are looked at.
    fn check_name(&self, name: &str) -> Result<(), XmlError> {
        if name.len() > LONGEST_NAME {
            return Err(self.error(XmlErrorKind::TooLong));
        }
        if !is_name(name) {
            return Err(self.error(XmlErrorKind::Malformed));
        }
        Ok(())
    }

    /// Gives each text in the element `name`, just opened, with its path from that
    /// name on: `Outer/Inner`. For elements that aren't known.
    pub(crate) fn leaves(
        &mut self,
        name: &str,
        keep: &mut dyn FnMut(&str, Cow<'a, str>),
    ) -> Result<(), XmlError> {
        self.check_name(name)?;
        let mut path = String::from(name);
        let outside = self.depth.saturating_sub(1);
        loop {
            let mut next = match self.content()? {
                Content::Element(name) => Some(name),
                Content::Text(text) => {
                    self.leaves += 1;
                    self.paths += path.len();
                    if self.leaves > MOST_LEAVES || self.paths > LONGEST_PATHS {
                        return Err(self.error(XmlErrorKind::TooManyElements));
                    }
                    keep(&path, text);
                    None
                }
            };
            while next.is_none() {
                if self.depth <= outside {
                    return Ok(());
                }
                path.truncate(path.rfind('/').unwrap_or_default());
                next = self.child()?;
            }
            if let Some(name) = next {
                self.check_name(name)?;
                path.push('/');
                path.push_str(name);
            }
        }
    }

    /// Counts one entry of a list, which was just opened.
    pub(crate) fn entry(&mut self) -> Result<(), XmlError> {
        self.entries += 1;
        if self.entries > self.limits.entries {
            return Err(self.error(XmlErrorKind::TooManyElements));
        }
        Ok(())
    }

    /// After the root's end was consumed: refuses anything but blanks and comments.
    pub(crate) fn finish(mut self) -> Result<(), XmlError> {
        match self.token()? {
            Token::End => Ok(()),
            _ => Err(self.error(XmlErrorKind::AfterRoot)),
        }
    }

    /// A text in several pieces: entities, CDATA or comments are in it.
    fn pieces(&mut self, first: &str, second: &str) -> Result<Content<'a>, XmlError> {
        let mut whole = Zeroizing::new(String::with_capacity(256));
        let mut add = |piece: &str| {
            if whole.len() + piece.len() > whole.capacity() {
                // By hand, since growing in place would leave a copy that isn't wiped.
                let mut larger = String::with_capacity(2 * (whole.len() + piece.len()));
                larger.push_str(&whole);
                whole = Zeroizing::new(larger);
            }
            whole.push_str(piece);
            whole.len()
        };
        add(first);
        let mut len = add(second);
        loop {
            if len > self.limits.text {
                return Err(self.error(XmlErrorKind::TooLong));
            }
            match self.token()? {
                Token::Text(piece) => len = add(&piece),
                Token::Close | Token::End => break,
                Token::Open(name) => {
                    self.only_blank(&whole)?;
                    return Ok(Content::Element(name));
                }
            }
        }
        Ok(Content::Text(Cow::Owned(std::mem::take(&mut *whole))))
    }

    fn token(&mut self) -> Result<Token<'a>, XmlError> {
        if std::mem::take(&mut self.empty) {
            self.depth = self.depth.saturating_sub(1);
            return Ok(Token::Close);
        }
        loop {
            return match self.events.event()? {
                Event::Start { name, empty } => {
                    self.empty = empty;
                    self.open(name)
                }
                Event::End => {
                    self.depth = self.depth.saturating_sub(1);
                    Ok(Token::Close)
                }
                Event::Text { text, plain } => {
                    let text = self.allowed(text, plain)?;
                    if self.depth == 0 {
                        self.only_blank(&text)?;
                        continue;
                    }
                    Ok(Token::Text(text))
                }
                Event::CData(_) | Event::Reference(_) if self.depth == 0 => {
                    Err(self.error(XmlErrorKind::StrayText))
                }
                Event::CData(text) => self.allowed(text, false).map(Token::Text),
                Event::Reference(name) => self.reference(name).map(Token::Text),
                Event::Comment(comment) => {
                    self.allowed(comment, false)?;
                    continue;
                }
                Event::Declaration => continue,
                Event::Eof if self.depth > 0 => Err(self.error(XmlErrorKind::Unclosed)),
                Event::Eof => Ok(Token::End),
            };
        }
    }

    fn open(&mut self, name: &'a str) -> Result<Token<'a>, XmlError> {
        if self.depth == 0 && self.elements > 0 {
            return Err(self.error(XmlErrorKind::AfterRoot));
        }
        self.depth += 1;
        self.elements += 1;
        if self.depth > self.limits.depth {
            return Err(self.error(XmlErrorKind::TooDeep));
        }
        if self.elements > self.limits.elements {
            return Err(self.error(XmlErrorKind::TooManyElements));
        }
        Ok(Token::Open(name))
    }

    /// Text without characters that XML doesn't have, line ends as XML wants them.
    #[inline]
    fn allowed(&self, text: &'a str, plain: bool) -> Result<Cow<'a, str>, XmlError> {
        if text.len() > self.limits.text {
            return Err(self.error(XmlErrorKind::TooLong));
        }
        if plain {
            return Ok(Cow::Borrowed(text));
        }
        self.checked(text)
    }

    /// What isn't plain is nearly always a line end, or a full-width letter.
    #[inline(never)]
    fn checked(&self, text: &'a str) -> Result<Cow<'a, str>, XmlError> {
        if text.chars().any(|c| !is_allowed(c)) {
            return Err(self.error(XmlErrorKind::Character));
        }
        if text.contains('\r') {
            return Ok(Cow::Owned(with_line_feeds(text)));
        }
        Ok(Cow::Borrowed(text))
    }

    fn reference(&self, name: &'a str) -> Result<Cow<'a, str>, XmlError> {
        if let Some(number) = name.strip_prefix('#') {
            return match character(number) {
                Some(c) if is_allowed(c) => Ok(Cow::Owned(c.to_string())),
                _ => Err(self.error(XmlErrorKind::Character)),
            };
        }
        let text = match name {
            "amp" => "&",
            "lt" => "<",
            "gt" => ">",
            "quot" => "\"",
            "apos" => "'",
            _ => return Err(self.error(XmlErrorKind::Entity)),
        };
        Ok(Cow::Borrowed(text))
    }

    fn only_blank(&self, text: &str) -> Result<(), XmlError> {
        if text.chars().all(is_xml_blank) {
            Ok(())
        } else {
            Err(self.error(XmlErrorKind::StrayText))
        }
    }

    const fn error(&self, kind: XmlErrorKind) -> XmlError {
        kind.at(self.at())
    }
}

pub(super) fn is_name(name: &str) -> bool {
    // Outside ASCII everything is taken. `-` to `:` are all fit but `/`.
    let letter =
        |byte: u8| ((byte | 0x20).wrapping_sub(b'a') < 26) | (byte == b'_') | (byte >= 0x80);
    let other = |byte: u8| (byte.wrapping_sub(b'-') < 14) & (byte != b'/');
    let starts = |byte: u8| letter(byte) || byte == b':';
    name.len() <= LONGEST_NAME
        && name.bytes().next().is_some_and(starts)
        // Without a way out, so that it is done many bytes at a time.
        && (name.bytes()).fold(true, |all, byte| all & (letter(byte) | other(byte)))
}

fn is_allowed(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// The character of `&#…;`, by its number in decimal or after an `x`.
fn character(number: &str) -> Option<char> {
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    // Digits alone: a sign is read as well otherwise.
    let digits = digits
        .chars()
        .all(|c| c.is_digit(radix))
        .then_some(digits)?;
    char::from_u32(u32::from_str_radix(digits, radix).ok()?)
}

/// With the line ends that XML wants, in one copy.
fn with_line_feeds(text: &str) -> String {
    let mut copy = String::with_capacity(text.len());
    for (at, line) in text.split('\r').enumerate() {
        let begins = line.starts_with('\n');
        if at > 0 && !begins {
            copy.push('\n');
        }
        copy.push_str(line);
    }
    copy
}

fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}
