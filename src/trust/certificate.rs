use std::fmt;

use der::{
    Tag, TagNumber,
    asn1::{BitStringRef, GeneralizedTime, IntRef, UtcTime},
};
use jiff::Timestamp;
use ring::digest::{SHA256, digest};

use super::{
    CertificateError,
    cursor::{Cursor, Element},
    extension::{Extension, Extensions},
};

/// X.509 version 3 certificate, read in place (RFC 5280 §4.1).
///
/// A view: it keeps the bytes as they came, so a signature is checked over what
/// was signed and nothing is encoded again. Reading it proves nothing about it;
/// that's what [`Roots`](super::Roots) are for.
///
/// What is checked here holds for every certificate: DER without anything left
/// over, at most [`MAX_LEN`](Self::MAX_LEN) bytes, version 3, the same algorithm
/// inside and outside the signed part, notBefore not after notAfter, no
/// extension twice and at most [`MAX_EXTENSIONS`](Self::MAX_EXTENSIONS) of them.
///
/// ```
/// use uketsuke::simulation::{Generation, VirtualPki};
/// use uketsuke::trust::Certificate;
///
/// let root = Certificate::parse(VirtualPki::new().root(Generation::Third))?;
/// assert_eq!(root.not_after().to_string(), "2033-07-15T14:59:59Z");
/// assert_eq!(root.serial(), [0x03, 0x53, 0x49, 0x01]);
/// assert_eq!(root.issuer(), root.subject());
/// # Ok::<(), uketsuke::trust::CertificateError>(())
/// ```
#[derive(Clone)]
pub struct Certificate<'a> {
    der: &'a [u8],
    tbs: &'a [u8],
    serial: &'a [u8],
    negative: bool,
    algorithm: &'a [u8],
    issuer: &'a [u8],
    not_before: Timestamp,
    not_after: Timestamp,
    subject: Element<'a>,
    key: Element<'a>,
    extensions: Extensions<'a>,
    signature: &'a [u8],
}

impl<'a> Certificate<'a> {
    /// Longest certificate that is looked at, in bytes; those of JPKI have 1,573 to 1,590.
    pub const MAX_LEN: usize = 8192;
    /// Most extensions that are looked at; JPKI certificates have at most ten.
    pub const MAX_EXTENSIONS: usize = 32;

    /// Reads a certificate; `der` is all of it and nothing else.
    ///
    /// # Errors
    ///
    /// Where it stops being a certificate, and why.
    pub fn parse(der: &'a [u8]) -> Result<Self, CertificateError> {
        if der.len() > Self::MAX_LEN {
            return Err(CertificateError::TooLong {
                len: der.len(),
                max: Self::MAX_LEN,
            });
        }
        let mut whole = Cursor::new(der, 0, "Certificate")?;
        let certificate = whole.next("Certificate", Tag::Sequence)?;
        whole.finish("Certificate")?;

        let mut parts = certificate.inside("Certificate")?;
        let tbs = parts.next("tbsCertificate", Tag::Sequence)?;
        let outer = parts.next("signatureAlgorithm", Tag::Sequence)?;
        let signature = whole_bytes(
            &parts.next("signatureValue", Tag::BitString)?,
            "signatureValue",
        )?;
        parts.finish("Certificate")?;

        let mut fields = tbs.inside("tbsCertificate")?;
        version(&mut fields)?;
        let number = fields.next("serialNumber", Tag::Integer)?;
        let serial = serial(&number)?;
        let inner = fields.next("signature", Tag::Sequence)?;
        if inner.bytes != outer.bytes {
            return Err(CertificateError::Profile {
                position: outer.position,
                element: "signatureAlgorithm",
                why: "differs from the one inside the signed part",
            });
        }
        let issuer = fields.next("issuer", Tag::Sequence)?.bytes;
        let (not_before, not_after) = validity(&fields.next("validity", Tag::Sequence)?)?;
        let subject = fields.next("subject", Tag::Sequence)?;
        let key = fields.next("subjectPublicKeyInfo", Tag::Sequence)?;
        let extensions = Extensions::parse(&fields.next("extensions", explicit(3))?)?;
        fields.finish("tbsCertificate")?;

        Ok(Self {
            der,
            tbs: tbs.bytes,
            serial,
            negative: is_negative(&number),
            algorithm: inner.bytes,
            issuer,
            not_before,
            not_after,
            subject,
            key,
            extensions,
            signature,
        })
    }

    /// The bytes it was read from.
    #[must_use]
    pub const fn der(&self) -> &'a [u8] {
        self.der
    }

    /// Serial number, big-endian, without a leading zero byte.
    ///
    /// It tells the holder from others, so treat it as personal.
    #[must_use]
    pub const fn serial(&self) -> &'a [u8] {
        self.serial
    }

    /// The issuer's name, DER. All generations of a JPKI root bear the same.
    #[must_use]
    pub const fn issuer(&self) -> &'a [u8] {
        self.issuer
    }

    /// The subject's name, DER. Personal, though it holds no name of a person.
    #[must_use]
    pub const fn subject(&self) -> &'a [u8] {
        self.subject.bytes
    }

    /// First second of validity.
    #[must_use]
    pub const fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// Last second of validity.
    #[must_use]
    pub const fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// SHA-256 over the whole certificate.
    #[must_use]
    pub fn digest(&self) -> CertificateDigest {
        CertificateDigest::of(self.der)
    }

    pub(super) const fn has_negative_serial(&self) -> bool {
        self.negative
    }

    /// What the issuer signed, as it came.
    pub(super) const fn tbs(&self) -> &'a [u8] {
        self.tbs
    }

    /// AlgorithmIdentifier of the signature, DER, the same inside and outside.
    pub(super) const fn algorithm(&self) -> &'a [u8] {
        self.algorithm
    }

    pub(super) const fn signature(&self) -> &'a [u8] {
        self.signature
    }

    pub(super) const fn subject_element(&self) -> Element<'a> {
        self.subject
    }

    /// subjectPublicKeyInfo.
    pub(super) const fn key(&self) -> &Element<'a> {
        &self.key
    }

    pub(super) fn extensions(&self) -> impl Iterator<Item = Extension<'a>> + use<'a> {
        self.extensions.iter()
    }

    pub(super) fn extension(&self, oid: &[u8]) -> Option<Extension<'a>> {
        self.extensions.iter().find(|e| e.oid == oid)
    }
}

/// Shows lengths and times, nothing that tells whose it is.
impl fmt::Debug for Certificate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("len", &self.der.len())
            .field("not_before", &self.not_before)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}

/// SHA-256 over the DER of a certificate.
///
/// It stands for the holder, so `Debug` doesn't show it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CertificateDigest(pub(crate) [u8; 32]);

impl CertificateDigest {
    pub(crate) fn of(der: &[u8]) -> Self {
        Self(sha256(der))
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for CertificateDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CertificateDigest(..)")
    }
}

pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    // SHA-256 has 32 bytes: the two always go together.
    for (to, from) in out.iter_mut().zip(digest(&SHA256, bytes).as_ref()) {
        *to = *from;
    }
    out
}

/// A BIT STRING of whole bytes.
pub(super) fn whole_bytes<'a>(
    bits: &Element<'a>,
    element: &'static str,
) -> Result<&'a [u8], CertificateError> {
    bits.decode::<BitStringRef<'a>>(element)?
        .as_bytes()
        .ok_or(CertificateError::Profile {
            position: bits.position,
            element,
            why: "has unused bits",
        })
}

const fn explicit(number: u32) -> Tag {
    Tag::ContextSpecific {
        constructed: true,
        number: TagNumber(number),
    }
}

fn version(fields: &mut Cursor<'_>) -> Result<(), CertificateError> {
    let position = fields.position();
    let wrong = CertificateError::Profile {
        position,
        element: "version",
        why: "only version 3 is read",
    };
    let Some(tagged) = fields.next_if("version", explicit(0))? else {
        return Err(wrong);
    };
    let mut inside = tagged.inside("version")?;
    let number = inside
        .next("version", Tag::Integer)?
        .decode::<u8>("version")?;
    inside.finish("version")?;
    if number == 2 { Ok(()) } else { Err(wrong) }
}

/// A negative number is no reason to refuse a holder (RFC 5280 §4.1.2.2 asks to
/// handle it gracefully); only its bytes are used.
pub(super) fn serial<'a>(number: &Element<'a>) -> Result<&'a [u8], CertificateError> {
    const NAME: &str = "serialNumber";
    number.decode::<IntRef<'a>>(NAME)?;
    let bytes = match number.value {
        [0, rest @ ..] if !rest.is_empty() => rest,
        all => all,
    };
    if bytes.len() > MAX_SERIAL {
        return Err(CertificateError::Profile {
            position: number.position,
            element: NAME,
            why: "longer than 20 bytes",
        });
    }
    Ok(bytes)
}

/// By the sign bit of an INTEGER (X.690 §8.3.3).
pub(super) fn is_negative(number: &Element<'_>) -> bool {
    number.value.first().is_some_and(|byte| *byte >= 0x80)
}

/// RFC 5280 §4.1.2.2.
pub(super) const MAX_SERIAL: usize = 20;

fn validity(validity: &Element<'_>) -> Result<(Timestamp, Timestamp), CertificateError> {
    let mut times = validity.inside("validity")?;
    let not_before = time(&times.any("notBefore")?, "notBefore")?;
    let not_after = time(&times.any("notAfter")?, "notAfter")?;
    times.finish("validity")?;
    if not_before > not_after {
        return Err(CertificateError::Profile {
            position: validity.position,
            element: "validity",
            why: "ends before it begins",
        });
    }
    Ok((not_before, not_after))
}

/// UTCTime or GeneralizedTime, both with seconds and `Z` (RFC 5280 §4.1.2.5).
pub(super) fn time(at: &Element<'_>, element: &'static str) -> Result<Timestamp, CertificateError> {
    let since_1970 = if at.tag() == Tag::GeneralizedTime {
        at.decode::<GeneralizedTime>(element)?.to_unix_duration()
    } else {
        at.decode::<UtcTime>(element)?.to_unix_duration()
    };
    i64::try_from(since_1970.as_secs())
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .ok_or(CertificateError::Profile {
            position: at.position,
            element,
            why: "out of range",
        })
}
