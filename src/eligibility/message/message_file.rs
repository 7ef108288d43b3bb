use std::fmt;

use zeroize::Zeroizing;

/// A written message, ready for a file. It holds personal data: `Debug` shows its
/// length, and it is wiped when dropped.
///
/// ```
/// use uketsuke::eligibility::message::MessageFile;
///
/// let file = MessageFile::new(b"<XmlMsg/>".to_vec());
/// assert_eq!(file.as_bytes(), b"<XmlMsg/>");
/// assert_eq!(format!("{file:?}"), "MessageFile(9 bytes)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct MessageFile(pub(in crate::eligibility) Zeroizing<Vec<u8>>);

impl MessageFile {
    /// Takes the bytes over.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, as they go into the file.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for MessageFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageFile({} bytes)", self.0.len())
    }
}
