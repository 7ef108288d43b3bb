use std::fmt;

use crate::eligibility::Personal;
use crate::eligibility::codes::code_like;

/// An element of an answer that wasn't understood: no known name, or a value that
/// can't be read as what it should be. Kept as it was sent, in the order of the
/// document, so that nothing is lost; [`Report::warnings`](super::Report::warnings)
/// names each.
///
/// `Debug` shows the path, never the text, which may be personal.
#[derive(Clone, PartialEq, Eq)]
pub struct UnreadElement {
    /// The element's name, after those of the unknown elements around it: `A/B`
    /// is `B` in `A`, in what holds this element.
    pub path: String,
    /// What it holds.
    pub text: Personal,
}

impl UnreadElement {
    /// From path and text.
    #[must_use]
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            text: Personal::new(text),
        }
    }

    /// The path, if it looks like one; such a name is all that a log may take.
    #[must_use]
    pub fn loggable_path(&self) -> &str {
        let plain = |name: &str| code_like(name, 64).is_some();
        if self.path.len() <= 256 && self.path.split('/').all(plain) {
            &self.path
        } else {
            "(..)"
        }
    }
}

impl fmt::Debug for UnreadElement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnreadElement({})", self.loggable_path())
    }
}
