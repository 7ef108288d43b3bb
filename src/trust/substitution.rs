use std::fmt;

use zeroize::Zeroizing;

/// Which characters of a name or an address stand for others (代替文字).
///
/// A certificate is written in a limited set of characters. One that isn't in
/// it is replaced, and flagged: there the text isn't the one of the resident
/// register.
///
/// One flag for each character, `0` or `1`, was seen where no character was
/// replaced. A character counts as one Unicode scalar value here; of a character
/// outside of the basic plane nobody reported a certificate.
///
/// `Debug` shows nothing; wiped when dropped.
pub struct Substitutions(Zeroizing<Vec<bool>>);

impl Substitutions {
    /// `flags` are ASCII.
    pub(super) fn new(flags: &str) -> Self {
        // The length is known, so nothing grows and leaves a copy behind.
        Self(Zeroizing::new(
            flags.bytes().map(|flag| flag == b'1').collect(),
        ))
    }

    /// One for each character of the text, `true` where it stands for another.
    #[must_use]
    pub fn flags(&self) -> &[bool] {
        &self.0
    }

    /// Whether any character stands for another.
    #[must_use]
    pub fn any(&self) -> bool {
        self.0.contains(&true)
    }
}

impl fmt::Debug for Substitutions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Substitutions(..)")
    }
}
