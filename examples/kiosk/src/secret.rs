//! Random values that let a browser in, and their comparison.

use std::fmt;

use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

/// Bytes of randomness: 256 bits, so that guessing isn't worth counting.
const LENGTH: usize = 32;

/// A random value of one launch, as lower-case hexadecimal. Not printable, wiped.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// The operating system has no randomness.
    pub fn random() -> Result<Self, ring::error::Unspecified> {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        SystemRandom::new().fill(bytes.as_mut())?;
        let mut text = Zeroizing::new(String::with_capacity(2 * LENGTH));
        for byte in bytes.iter() {
            for half in [byte >> 4, byte & 0x0F] {
                text.push(char::from(b"0123456789abcdef"[usize::from(half)]));
            }
        }
        Ok(Self(text))
    }

    /// The value, for the one place that hands it out.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether `given` is the same, in constant time: tags of both are compared, so neither the first difference nor
    /// the length can be measured.
    #[must_use]
    pub fn is(&self, given: &[u8]) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"uketsuke kiosk comparison");
        hmac::verify(&key, self.0.as_bytes(), hmac::sign(&key, given).as_ref()).is_ok()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_itself_alone() {
        let secret = Secret::random().unwrap();
        let text = secret.reveal().to_owned();
        assert_eq!(text.len(), 64);
        assert!(secret.is(text.as_bytes()));
        for other in [
            "",
            &text[1..],
            &text[..63],
            &format!("{text}0"),
            &text.to_uppercase().replace(char::is_numeric, "x"),
        ] {
            assert!(!secret.is(other.as_bytes()), "{other}");
        }
        assert!(!Secret::random().unwrap().is(text.as_bytes()));
        assert_eq!(format!("{secret:?}"), "Secret(..)");
    }
}
