use zeroize::Zeroizing;

use super::reader::is_name;
use crate::eligibility::message::MessageFile;
use crate::eligibility::text::{Charset, TextError, TextErrorKind, encode, encode_part};

/// Writes a document. Texts are escaped.
pub(crate) struct XmlWriter {
    charset: Charset,
    text: Zeroizing<String>,
    open: Vec<String>,
    /// The element that stands for one person in a message about many.
    item: Option<&'static str>,
    /// Offset of the first thing that XML can't hold, and what it is.
    refused: Option<(usize, WriteProblem)>,
}

/// What couldn't be written, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WriteError {
    /// The element whose name or text it is.
    pub(crate) element: String,
    /// Which one of the repeated elements it is in, counted from 0.
    pub(crate) item: usize,
    /// What is wrong, and where in the escaped text of the element.
    pub(crate) problem: WriteProblem,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WriteProblem {
    /// The name is none that XML allows.
    Name,
    /// The value has no text.
    Value,
    /// The text can't be written.
    Text(TextError),
}

impl WriteError {
    /// For what follows `before` in a document in which `item` is one person.
    pub(crate) fn after(before: &str, item: Option<&str>, problem: WriteProblem) -> Self {
        // Texts are escaped, so what looks like a tag is one.
        let (others, last) = before.rsplit_once('<').unwrap_or_default();
        let name = last.split('>').next().unwrap_or_default();
        let is_item = |piece: &&str| {
            let rest = item.and_then(|item| piece.strip_prefix(item));
            rest.is_some_and(|rest| rest.starts_with('>'))
        };
        Self {
            element: name.to_owned(),
            item: others.split('<').filter(is_item).count().saturating_sub(1),
            problem: match problem {
                WriteProblem::Name | WriteProblem::Value => problem,
                WriteProblem::Text(error) => {
                    WriteProblem::Text(error.kind.at(last.len().saturating_sub(name.len() + 1)))
                }
            },
        }
    }
}

impl XmlWriter {
    pub(crate) fn new(charset: Charset) -> Self {
        let mut writer = Self::fragment(charset);
        writer.push(r#"<?xml version="1.0" encoding=""#);
        writer.push(charset.name());
        // As the field's files say it.
        writer.push("\" standalone=\"no\"?>\r\n");
        writer
    }

    /// A part of a document, without the declaration at its beginning.
    pub(crate) fn fragment(charset: Charset) -> Self {
        Self {
            charset,
            text: Zeroizing::new(String::with_capacity(4096)),
            open: Vec::with_capacity(8),
            item: None,
            refused: None,
        }
    }

    /// Says which element stands for one person: errors count them.
    pub(crate) fn items(&mut self, name: &'static str) -> &mut Self {
        self.item = Some(name);
        self
    }

    /// Opens an element.
    pub(crate) fn open(&mut self, name: &str) -> &mut Self {
        self.start(name);
        self.open.push(name.to_owned());
        self
    }

    /// Closes the element opened last.
    pub(crate) fn close(&mut self) -> &mut Self {
        if let Some(name) = self.open.pop() {
            self.end(&name);
        }
        self
    }

    /// An element with text in it.
    pub(crate) fn text(&mut self, name: &str, text: &str) -> &mut Self {
        self.start(name);
        self.escaped(text);
        self.end(name);
        self
    }

    /// An element of which the value has no text: [`finish`](Self::finish) says so.
    pub(crate) fn unwritable(&mut self, name: &str) -> &mut Self {
        self.start(name);
        let at = self.text.len();
        self.refused.get_or_insert((at, WriteProblem::Value));
        self.end(name);
        self
    }

    /// An element with text in it, if there is one.
    pub(crate) fn text_if(&mut self, name: &str, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// Closes what is open, and encodes.
    ///
    /// # Errors
    /// A character that the encoding lacks, something that XML can't hold, or bytes
    /// that would be read as another text.
    pub(crate) fn finish(mut self) -> Result<MessageFile, WriteError> {
        while !self.open.is_empty() {
            self.close();
        }
        self.push("\r\n");
        self.encoded(encode)
    }

    /// Encodes what there is, and leaves open what is open. How the whole will be
    /// read, the caller has to check.
    ///
    /// # Errors
    /// A character that the encoding lacks, or something that XML can't hold.
    pub(crate) fn unfinished(self) -> Result<MessageFile, WriteError> {
        self.encoded(encode_part)
    }

    fn encoded(
        self,
        encode: fn(&str, Charset) -> Result<Vec<u8>, TextError>,
    ) -> Result<MessageFile, WriteError> {
        if let Some((at, problem)) = self.refused {
            return Err(self.error(at, problem));
        }
        encode(&self.text, self.charset)
            .map(MessageFile::new)
            .map_err(|error| self.error(error.at, WriteProblem::Text(error)))
    }

    fn error(&self, at: usize, problem: WriteProblem) -> WriteError {
        let before = self.text.get(..at).unwrap_or_default();
        WriteError::after(before, self.item, problem)
    }

    fn start(&mut self, name: &str) {
        self.push("<");
        self.push(name);
        if !is_name(name) {
            let at = self.text.len();
            self.refused.get_or_insert((at, WriteProblem::Name));
        }
        self.push(">");
    }

    fn end(&mut self, name: &str) {
        self.push("</");
        self.push(name);
        self.push(">");
    }

    fn escaped(&mut self, text: &str) {
        let mut from = 0;
        for (at, c) in text.char_indices() {
            let escape = match c {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                // A reader turns it into a line feed otherwise.
                '\r' => "&#13;",
                '\n' | '\t' => continue,
                '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {
                    let at = self.text.len() + at - from;
                    let problem = WriteProblem::Text(TextErrorKind::ControlCharacter.at(at));
                    self.refused.get_or_insert((at, problem));
                    continue;
                }
                _ => continue,
            };
            self.push(text.get(from..at).unwrap_or_default());
            self.push(escape);
            from = at + c.len_utf8();
        }
        self.push(text.get(from..).unwrap_or_default());
    }

    fn push(&mut self, piece: &str) {
        if self.text.len() + piece.len() > self.text.capacity() {
            // By hand, since growing in place would leave a copy that isn't wiped.
            let mut larger = String::with_capacity(2 * (self.text.len() + piece.len()));
            larger.push_str(&self.text);
            self.text = Zeroizing::new(larger);
        }
        self.text.push_str(piece);
    }
}
