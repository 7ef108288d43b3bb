use thiserror::Error;

/// A document is not XML as it is exchanged. Nothing of its text is in here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[error("{kind} (at byte {at} of the text)")]
pub struct XmlError {
    /// What is wrong.
    pub kind: XmlErrorKind,
    /// Offset in bytes of the decoded (UTF-8) text, where the fault or the part
    /// with the fault begins.
    pub at: usize,
}

/// What is wrong with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum XmlErrorKind {
    /// Not well-formed: tags that don't match, a name that isn't one, a stray `&`.
    #[error("not well-formed XML")]
    Malformed,
    /// It ends before its elements do: cut off, or still being written.
    #[error("the document ends too early: cut off, or still being written")]
    Unclosed,
    /// There is no root element.
    #[error("no element at all")]
    Empty,
    /// Something comes after the root element.
    #[error("more than one document")]
    AfterRoot,
    /// A document type declaration.
    #[error("a document type declaration, which is refused")]
    DocumentType,
    /// A processing instruction, or a declaration that isn't at the beginning.
    #[error("a processing instruction, which is refused")]
    ProcessingInstruction,
    /// An entity that isn't one of the five of XML itself.
    #[error("an entity other than the five of XML")]
    Entity,
    /// A control character.
    #[error("a character that XML doesn't allow")]
    Character,
    /// Text where only elements belong.
    #[error("text between elements")]
    StrayText,
    /// An element where only text belongs.
    #[error("an element inside text")]
    StrayElement,
    /// Deeper than allowed.
    #[error("elements nested too deep")]
    TooDeep,
    /// More elements than allowed.
    #[error("too many elements")]
    TooManyElements,
    /// Longer than allowed: a text, or the document.
    #[error("too long")]
    TooLong,
}

impl XmlErrorKind {
    pub(crate) const fn at(self, at: usize) -> XmlError {
        XmlError { kind: self, at }
    }
}
