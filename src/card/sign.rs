//! What the keys of the card sign, and what comes back.

use std::fmt;

use thiserror::Error;

use super::channel::Ask;
use super::map::KeyMap;
use super::{Application, CardError, Opened};
use crate::Binding;
use crate::apdu::{Command, Le};
use crate::transport::Transport;

/// Most bytes of command data in short form.
const MOST: usize = 255;

/// PKCS #1 v1.5 padding takes eleven of 256 bytes (RFC 8017, 9.2).
const RAW_MOST: usize = 245;

/// What a key of the card signs, in one of the six forms that it's reported to
/// take. `Debug` hides it.
///
/// | constructor | `P1` | the card makes of it |
/// |---|---|---|
/// | [`sha256`](Self::sha256), [`sha384`](Self::sha384), [`sha512`](Self::sha512) | `00` | PKCS #1 v1.5 padding of the `DigestInfo` that is sent |
/// | [`raw`](Self::raw) | `00` | PKCS #1 v1.5 padding of the bytes as they are |
/// | [`message_bare`](Self::message_bare) | `01` | its SHA-256 digest, padded bare |
/// | [`sha256_wrapped_by_card`](Self::sha256_wrapped_by_card) | `02` | a `DigestInfo` of the digest, padded |
/// | [`message`](Self::message) | `03` | its SHA-256 digest in a `DigestInfo`, padded |
/// | [`sha256_pss`](Self::sha256_pss) | `04` | PSS of the digest, with a random salt |
/// | [`message_pss`](Self::message_pss) | `05` | PSS of its SHA-256 digest |
///
/// Form `00` is what all public programs use on real cards; the others were
/// reported by one project that measured them. The authentication and the
/// signing key take the same. A check-in signs its own challenge with
/// [`sha256`](Self::sha256) alone.
///
/// ```
/// use uketsuke::card::{SignatureInput, SignatureInputError};
///
/// let digest = [0x5A; 32];
/// let _today = SignatureInput::sha256(digest);
/// let _pss = SignatureInput::sha256_pss(digest);
/// let too_long = SignatureInput::raw(&[0; 246]).unwrap_err();
/// assert_eq!(too_long, SignatureInputError { len: 246, max: 245 });
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SignatureInput {
    /// `P1`.
    form: u8,
    len: u8,
    /// Zero beyond `len`.
    bytes: [u8; MOST],
}

/// What is to be signed is empty, or longer than the form takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{len} bytes to sign; 1 to {max} are possible")]
pub struct SignatureInputError {
    /// Bytes given.
    pub len: usize,
    /// Bytes at most.
    pub max: usize,
}

impl SignatureInput {
    /// A SHA-256 digest, sent as a `DigestInfo` of 51 bytes (PKCS #1 v1.5,
    /// RFC 8017, 9.2).
    #[must_use]
    pub const fn sha256(digest: [u8; 32]) -> Self {
        Self::joined(&SHA256_PREFIX, &digest)
    }

    /// A SHA-384 digest, sent as a `DigestInfo` of 67 bytes.
    #[must_use]
    pub const fn sha384(digest: [u8; 48]) -> Self {
        Self::joined(&SHA384_PREFIX, &digest)
    }

    /// A SHA-512 digest, sent as a `DigestInfo` of 83 bytes.
    #[must_use]
    pub const fn sha512(digest: [u8; 64]) -> Self {
        Self::joined(&SHA512_PREFIX, &digest)
    }

    /// 1 to 245 bytes that are padded as they are: a `DigestInfo` of the
    /// caller's own. Whoever gives these away unseen signs whatever they mean.
    ///
    /// # Errors
    ///
    /// None, or too many bytes.
    pub fn raw(data: &[u8]) -> Result<Self, SignatureInputError> {
        Self::new(0x00, data, RAW_MOST)
    }

    /// 1 to 255 bytes that the card hashes (SHA-256) and pads bare, without a
    /// `DigestInfo`.
    ///
    /// # Errors
    ///
    /// None, or too many bytes.
    pub fn message_bare(message: &[u8]) -> Result<Self, SignatureInputError> {
        Self::new(0x01, message, MOST)
    }

    /// A SHA-256 digest that the card puts into the `DigestInfo`. The signature
    /// is that of [`sha256`](Self::sha256).
    #[must_use]
    pub const fn sha256_wrapped_by_card(digest: [u8; 32]) -> Self {
        Self {
            form: 0x02,
            ..Self::joined(&[], &digest)
        }
    }

    /// 1 to 255 bytes that the card hashes (SHA-256): the signature is that of
    /// [`sha256`](Self::sha256) over the message's digest.
    ///
    /// # Errors
    ///
    /// None, or too many bytes.
    pub fn message(message: &[u8]) -> Result<Self, SignatureInputError> {
        Self::new(0x03, message, MOST)
    }

    /// A SHA-256 digest, signed by PSS (RFC 8017, 8.1) with a random salt: each
    /// signature is another.
    #[must_use]
    pub const fn sha256_pss(digest: [u8; 32]) -> Self {
        Self {
            form: 0x04,
            ..Self::joined(&[], &digest)
        }
    }

    /// 1 to 255 bytes that the card hashes (SHA-256) and signs by PSS.
    ///
    /// # Errors
    ///
    /// None, or too many bytes.
    pub fn message_pss(message: &[u8]) -> Result<Self, SignatureInputError> {
        Self::new(0x05, message, MOST)
    }

    fn new(form: u8, data: &[u8], max: usize) -> Result<Self, SignatureInputError> {
        if data.is_empty() || data.len() > max {
            let len = data.len();
            return Err(SignatureInputError { len, max });
        }
        Ok(Self {
            form,
            ..Self::joined(&[], data)
        })
    }

    /// Both are within [`MOST`] together, as each caller sees to.
    const fn joined(prefix: &[u8], rest: &[u8]) -> Self {
        let mut bytes = [0; MOST];
        let (head, tail) = bytes.split_at_mut(prefix.len());
        head.copy_from_slice(prefix);
        let (middle, free) = tail.split_at_mut(rest.len());
        middle.copy_from_slice(rest);
        // At most `MOST`, which a byte holds.
        #[allow(clippy::cast_possible_truncation)]
        let len = (MOST - free.len()) as u8;
        Self {
            form: 0x00,
            len,
            bytes,
        }
    }

    /// The SHA-256 digest at its end.
    #[cfg(test)]
    pub(crate) fn digest_for_test(&self) -> [u8; 32] {
        *self.data().last_chunk().unwrap()
    }

    fn data(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }
}

impl fmt::Debug for SignatureInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignatureInput(..)")
    }
}

/// A signature that the card made; not verified yet. `Debug` prints its length
/// alone.
pub struct CardSignature {
    bytes: Vec<u8>,
    binding: Binding,
}

impl CardSignature {
    /// The signature: 256 bytes with the keys of today (RSA of 2,048 bits).
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The visit and session that it was made in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    #[cfg(test)]
    #[allow(dead_code)]
    pub(crate) fn for_test(bytes: Vec<u8>, binding: Binding) -> Self {
        Self { bytes, binding }
    }
}

impl fmt::Debug for CardSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardSignature({} bytes)", self.bytes.len())
    }
}

impl<T: Transport, A: Application> Opened<'_, T, A> {
    /// COMPUTE DIGITAL SIGNATURE with a key of this application: one exchange.
    pub(super) fn sign(
        &mut self,
        key: &'static KeyMap,
        input: &SignatureInput,
    ) -> Result<CardSignature, CardError> {
        let takes = &key.algorithm;
        if !takes.forms.contains(&input.form) || input.data().len() > takes.input {
            let what = "this key does not sign such an input";
            return Err(CardError::Misuse { what });
        }
        let command = Command::new(0x80, 0x2A, input.form, key.p2())
            .with_data(input.data())
            .with_le(Le::SHORT_MAX);
        let answer = self.card.ask(&Ask::secret(key.name, command))?;
        let signature = answer.success(key.name)?;
        if !takes.signature.contains(&signature.len()) {
            return Err(CardError::Malformed {
                what: key.name,
                why: "no signature of this key has this length",
            });
        }
        Ok(CardSignature {
            bytes: signature.to_vec(),
            binding: self.card.binding,
        })
    }
}

/// `SEQUENCE { SEQUENCE { id-sha256, NULL }, OCTET STRING (32) }` up to its
/// digest (RFC 8017, 9.2, note 1).
const SHA256_PREFIX: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// The same with id-sha384 and 48 bytes.
const SHA384_PREFIX: [u8; 19] = [
    0x30, 0x41, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05,
    0x00, 0x04, 0x30,
];

/// The same with id-sha512 and 64 bytes.
const SHA512_PREFIX: [u8; 19] = [
    0x30, 0x51, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05,
    0x00, 0x04, 0x40,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_info_is_what_rfc_8017_says() {
        use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
        use der::{Decode, Sequence};

        #[derive(Sequence)]
        struct Algorithm<'a> {
            oid: ObjectIdentifier,
            parameters: AnyRef<'a>,
        }
        #[derive(Sequence)]
        struct DigestInfo<'a> {
            algorithm: Algorithm<'a>,
            digest: &'a OctetStringRef,
        }
        for (input, oid, len) in [
            (
                SignatureInput::sha256([0xAB; 32]),
                "2.16.840.1.101.3.4.2.1",
                32,
            ),
            (
                SignatureInput::sha384([0xAB; 48]),
                "2.16.840.1.101.3.4.2.2",
                48,
            ),
            (
                SignatureInput::sha512([0xAB; 64]),
                "2.16.840.1.101.3.4.2.3",
                64,
            ),
        ] {
            let info = DigestInfo::from_der(input.data()).unwrap();
            assert_eq!(info.algorithm.oid.to_string(), oid);
            assert!(info.algorithm.parameters.is_null());
            assert_eq!(info.digest.as_bytes(), vec![0xAB; len]);
            assert_eq!(input.data().len(), len + 19);
            assert_eq!(input.form, 0);
        }
    }

    #[test]
    fn each_form_has_its_p1_and_bounds() {
        type Make = fn(&[u8]) -> Result<SignatureInput, SignatureInputError>;
        for (make, form, max) in [
            (SignatureInput::raw as Make, 0, 245),
            (SignatureInput::message_bare, 1, 255),
            (SignatureInput::message, 3, 255),
            (SignatureInput::message_pss, 5, 255),
        ] {
            for len in [0, 1, max, max + 1, 100_000] {
                let data = vec![0x5A; len];
                let fits = (1..=max).contains(&len);
                let input = make(&data);
                assert_eq!(input.is_ok(), fits, "{len} bytes");
                if let Ok(input) = input {
                    assert_eq!((input.form, input.data()), (form, data.as_slice()));
                }
            }
        }
        let digest = [0x77; 32];
        let wrapped = SignatureInput::sha256_wrapped_by_card(digest);
        assert_eq!((wrapped.form, wrapped.data()), (2, &digest[..]));
        let pss = SignatureInput::sha256_pss(digest);
        assert_eq!((pss.form, pss.data()), (4, &digest[..]));
        assert_ne!(wrapped, pss);
    }
}
