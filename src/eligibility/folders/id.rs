use std::fmt;

use ring::rand::{SecureRandom as _, SystemRandom};
use thiserror::Error;

/// Digits of a [`QuestionId`].
const DIGITS: usize = 20;

/// Names one question that goes through the folders: 20 random digits.
///
/// It is the unique part of the file's name and, where the message has one, its
/// `ArbitraryFileIdentifier`. It says nothing about the clinic or the person.
///
/// Make it first, keep it with the patient in your own records, and only then
/// ask with [`ask_as`](super::ExchangeFolders::ask_as): then whatever happens in
/// between, each answer finds its patient, and asking again with the same
/// identifier is refused.
///
/// ```
/// use uketsuke::eligibility::folders::QuestionId;
///
/// let id = QuestionId::generate()?;
/// assert_eq!(id.to_string().len(), 20);
/// assert_eq!(QuestionId::parse(&id.to_string()), Some(id));
/// assert!(QuestionId::parse("202611220001").is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// Digits only: the names that are known to work have nothing else there. Twelve
// of them are what the specification's examples show, longer ones are in use;
// twenty make two programs that know nothing of each other differ.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QuestionId([u8; DIGITS]);

impl QuestionId {
    /// Where there was no randomness for one; never asked with.
    pub(super) const NONE: Self = Self([b'0'; DIGITS]);

    /// A new one, from the system's generator.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn generate() -> Result<Self, NoRandomness> {
        let random = SystemRandom::new();
        let mut digits = [0; DIGITS];
        for digit in &mut digits {
            *digit = loop {
                let mut byte = [0];
                random.fill(&mut byte).map_err(|_| NoRandomness)?;
                // The rest would make the first six digits likelier.
                if byte[0] < 250 {
                    break b'0' + byte[0] % 10;
                }
            };
        }
        Ok(Self(digits))
    }

    /// From its digits. `None` unless there are exactly 20.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: [u8; DIGITS] = text.as_bytes().try_into().ok()?;
        digits
            .iter()
            .all(u8::is_ascii_digit)
            .then_some(Self(digits))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Digits are text, so the other branch is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The digits.
impl fmt::Display for QuestionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for QuestionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QuestionId({self})")
    }
}

/// The system has no randomness to give, so that nothing can be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the system gave no randomness")]
pub struct NoRandomness;
