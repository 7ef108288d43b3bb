use std::fmt;

use super::{CvError, public_key::PublicKey};
use crate::tlv::{Reader, Tag, TlvError};

const ELEMENT: &str = "card-verifiable certificate";

/// Bytes of a key identifier.
const KEY_ID: usize = 16;

/// An extended header list (ISO/IEC 7816-4): issuer (`42`, 16 bytes), subject
/// (`5F20`, 16 bytes) and public key (`5F49`, 265 bytes).
const HEADER_LIST: [u8; 10] = [0x42, 0x10, 0x5F, 0x20, 0x10, 0x5F, 0x49, 0x82, 0x01, 0x09];

/// A card-verifiable certificate of the card face or the input support
/// application (EF 0004), or of the card itself, read in place.
///
/// `7F21` holds two elements: `5F4E` with the issuer's key identifier (16
/// bytes), the subject's (16) and the subject's RSA key (`90` exponent, `91`
/// modulus; 265 bytes), and `5F37` with the issuer's signature, 256 bytes,
/// RSASSA-PKCS1-v1_5 with SHA-256 over the value of `5F4E`. There is no time, no
/// name and no purpose in it, and nothing is known of a revocation. It was
/// publicly reported of test cards and production cards.
///
/// Reading it proves nothing; that's what [`CvRoots`](super::CvRoots) are for.
/// Both identifiers tell the municipality, so `Debug` shows nothing.
pub struct CvCertificate<'a> {
    signed: &'a [u8],
    issuer: &'a [u8; KEY_ID],
    subject: &'a [u8; KEY_ID],
    key: PublicKey,
    signature: &'a [u8],
}

impl<'a> CvCertificate<'a> {
    /// Longest certificate that is looked at, in bytes; real ones have 568.
    pub const MAX_LEN: usize = 1024;

    /// Reads a certificate as it is in EF 0004; `bytes` are all of it and nothing else.
    ///
    /// ```
    /// use uketsuke::tlv::{Tag, TlvError, TlvErrorKind};
    /// use uketsuke::trust::{CvCertificate, CvError};
    ///
    /// let refused = CvCertificate::parse(&[0x7F, 0x21, 0x03, 0x5F, 0x37, 0x00]).err();
    /// // The error says at which byte it stops being a certificate.
    /// assert!(matches!(refused, Some(CvError::Tlv { source, .. }) if source.position == 3));
    /// ```
    ///
    /// # Errors
    ///
    /// [`CvError::TooLong`]; [`CvError::Tlv`] and [`CvError::Form`] say where it
    /// stops being a certificate, and why.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, CvError> {
        check_len(bytes)?;
        let mut file = Reader::new(bytes);
        let certificate = file.expect(Tag::new(0x7F21)).map_err(tlv)?;
        file.finish().map_err(tlv)?;
        Self::of(certificate.children().map_err(tlv)?)
    }

    /// Reads one as GET DATA gives it (`00F8`, `7F21`; 575 bytes): without the outer
    /// `7F21`, behind a list (`4D`) of what the value of `5F4E` is put together from.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse); [`CvError::Form`] for another list.
    pub fn parse_object(bytes: &'a [u8]) -> Result<Self, CvError> {
        check_len(bytes)?;
        let mut parts = Reader::new(bytes);
        let list = parts.expect(Tag::new(0x4D)).map_err(tlv)?;
        if list.value() != HEADER_LIST {
            return Err(CvError::Form {
                element: ELEMENT,
                position: list.position(),
                why: "another list than issuer, subject and key",
            });
        }
        Self::of(parts)
    }

    fn of(mut parts: Reader<'a>) -> Result<Self, CvError> {
        let body = parts.expect(Tag::new(0x5F4E)).map_err(tlv)?;
        let signature = parts.expect(Tag::new(0x5F37)).map_err(tlv)?;
        parts.finish().map_err(tlv)?;

        let (issuer, rest) = key_id(body.value(), body.value_position())?;
        let (subject, key) = key_id(rest, body.value_position().saturating_add(KEY_ID))?;
        let key_position = body.value_position().saturating_add(2 * KEY_ID);
        Ok(Self {
            signed: body.value(),
            issuer,
            subject,
            key: PublicKey::parse(key, ELEMENT, key_position)?,
            signature: signature.value(),
        })
    }

    /// Key identifier of the issuer, the key above the municipality's.
    #[must_use]
    pub const fn issuer(&self) -> &'a [u8; 16] {
        self.issuer
    }

    /// Key identifier of the municipality's key. It tells the municipality.
    #[must_use]
    pub const fn subject(&self) -> &'a [u8; 16] {
        self.subject
    }

    pub(super) fn is_signed_by(&self, issuer: &PublicKey) -> bool {
        issuer.verify_sha256(self.signed, self.signature)
    }

    pub(super) fn into_key(self) -> PublicKey {
        self.key
    }
}

impl fmt::Debug for CvCertificate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CvCertificate(..)")
    }
}

fn check_len(bytes: &[u8]) -> Result<(), CvError> {
    let (len, max) = (bytes.len(), CvCertificate::MAX_LEN);
    match len > max {
        true => Err(CvError::TooLong { len, max }),
        false => Ok(()),
    }
}

fn key_id(bytes: &[u8], position: usize) -> Result<(&[u8; KEY_ID], &[u8]), CvError> {
    bytes.split_first_chunk().ok_or(CvError::Form {
        element: ELEMENT,
        position,
        why: "no room for a key identifier",
    })
}

fn tlv(source: TlvError) -> CvError {
    CvError::Tlv {
        element: ELEMENT,
        source,
    }
}
