use std::fmt;

use zeroize::Zeroizing;

/// What stands where a character could not be sent (外字 and the like).
const UNREPRESENTABLE: char = '●';

/// A personal datum: redacted in `Debug`, without `Display`, wiped when dropped.
///
/// With feature `serde` it serialises as its text: to serialise a
/// [`Coverage`](super::Coverage) is the caller's explicit act of handing the data
/// on, as much as [`reveal`](Self::reveal) is. Nothing in this crate does it by
/// itself.
///
/// ```
/// use uketsuke::eligibility::Personal;
///
/// let name = Personal::new("見本　花子");
/// assert_eq!(name.reveal(), "見本　花子");
/// assert_eq!(format!("{name:?}"), "(personal)");
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Personal(Zeroizing<String>);

impl Personal {
    /// Takes it. A `String` is taken over without a copy.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text, for the screen of the person or of the clinic.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether nothing is there but blanks: an empty element is an absent one.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// Whether a `●` is in it. The centre puts that for every character that it
    /// can't send, so such a name or address is not the whole one: show it, ask
    /// the person how it is written, and compare birth date and kana instead.
    ///
    /// ```
    /// use uketsuke::eligibility::Personal;
    /// assert!(Personal::new("●本　花子").has_unrepresentable());
    /// ```
    #[must_use]
    pub fn has_unrepresentable(&self) -> bool {
        self.0.contains(UNREPRESENTABLE)
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(personal)")
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Personal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.reveal())
    }
}
