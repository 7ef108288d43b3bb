//! A certificate list, read in place (RFC 5280 §5.1).

use der::Tag;
use jiff::Timestamp;

use super::{
    RevocationError, RevocationReason, Window, check_root, check_signature, of_trust,
    point::{Scope, context},
};
use crate::trust::{
    CertificateError, Root,
    certificate::{MAX_SERIAL, is_negative, serial, time, whole_bytes},
    cursor::{Cursor, Element},
    extension::{Extension, Extensions},
    oid,
};

/// What surrounds the entries; the root signed it, and it is about now.
pub(super) struct CertificateList<'a> {
    pub(super) window: Window,
    /// cRLNumber, big-endian without a leading zero.
    pub(super) number: Option<&'a [u8]>,
    pub(super) scope: Scope<'a>,
    /// revokedCertificates; none is no entry.
    revoked: Option<Element<'a>>,
}

/// One revoked certificate.
pub(super) struct Entry<'a> {
    /// Big-endian without a leading zero, at most 20 bytes.
    pub(super) serial: &'a [u8],
    /// These are the bytes of a number below zero.
    pub(super) negative: bool,
    /// Seconds since 1970.
    pub(super) at: u32,
    pub(super) reason: RevocationReason,
    /// Bytes that it takes in the list.
    pub(super) len: usize,
}

impl<'a> CertificateList<'a> {
    /// The signature before everything that it covers, so that only what the
    /// root said costs more than a walk over a few headers.
    pub(super) fn verify(
        der: &'a [u8],
        root: &Root,
        now: Timestamp,
    ) -> Result<Self, RevocationError> {
        const NAME: &str = "CertificateList";
        let mut whole = Cursor::new(der, 0, NAME)?;
        let list = whole.next(NAME, Tag::Sequence)?;
        whole.finish(NAME)?;
        let mut parts = list.inside(NAME)?;
        let tbs = parts.next("tbsCertList", Tag::Sequence)?;
        let outer = parts.next("signatureAlgorithm", Tag::Sequence)?;
        let signature = whole_bytes(
            &parts.next("signatureValue", Tag::BitString)?,
            "signatureValue",
        )?;
        parts.finish(NAME)?;

        let mut fields = tbs.inside("tbsCertList")?;
        let version = fields.next("version", Tag::Integer)?;
        if version.value != [1] {
            return Err(profile(&version, "version", "only version 2 is read").into());
        }
        let inner = fields.next("signature", Tag::Sequence)?;
        if inner.bytes != outer.bytes {
            let why = "differs from the one inside the signed part";
            return Err(profile(&outer, "signatureAlgorithm", why).into());
        }
        if fields.next("issuer", Tag::Sequence)?.bytes != root.name {
            return Err(RevocationError::OtherIssuer);
        }
        if !root.signs_lists {
            return Err(RevocationError::NotAllowed {
                element: "keyUsage",
                why: "of the root lacks cRLSign",
            });
        }
        check_signature(root.key.as_key(), inner.bytes, tbs.bytes, signature)?;

        let window = window(&mut fields)?;
        let revoked = fields.next_if("revokedCertificates", Tag::Sequence)?;
        let extensions = fields
            .next_if("crlExtensions", context(0, true))?
            .map(|tagged| Extensions::parse(&tagged))
            .transpose()?;
        fields.finish("tbsCertList")?;
        let mut found = Self {
            window: window.within(root),
            number: None,
            scope: Scope::default(),
            revoked,
        };
        if let Some(extensions) = extensions {
            found.read_extensions(&extensions, root)?;
        }
        window.check(now)?;
        check_root(root, now)?;
        Ok(found)
    }

    fn read_extensions(
        &mut self,
        extensions: &Extensions<'a>,
        root: &Root,
    ) -> Result<(), RevocationError> {
        for extension in extensions.iter() {
            match extension.oid {
                oid::AUTHORITY_KEY_ID => {
                    if extension
                        .authority_key_id()
                        .map_err(of_trust)?
                        .key_id
                        .is_some_and(|id| id != root.key_id)
                    {
                        return Err(RevocationError::OtherIssuer);
                    }
                }
                oid::CRL_NUMBER => {
                    let found = extension.element("cRLNumber", Tag::Integer)?;
                    self.number = Some(positive(&found, "cRLNumber")?);
                }
                oid::ISSUING_DISTRIBUTION_POINT => self.scope = Scope::parse(&extension)?,
                // A delta holds what changed; it mustn't be taken for the whole,
                // whatever its extension says of being critical.
                oid::DELTA_CRL_INDICATOR => {
                    return Err(RevocationError::NotAllowed {
                        element: "deltaCRLIndicator",
                        why: "this list holds changes only",
                    });
                }
                _ => refuse_critical(&extension)?,
            }
        }
        Ok(())
    }

    pub(super) fn entries(
        &self,
    ) -> Result<impl Iterator<Item = Result<Entry<'a>, RevocationError>> + use<'a>, RevocationError>
    {
        let mut rest = match &self.revoked {
            Some(list) => Some(list.inside("revokedCertificates")?),
            None => None,
        };
        Ok(std::iter::from_fn(move || {
            let cursor = rest.as_mut().filter(|cursor| !cursor.is_finished())?;
            Some(Entry::next(cursor))
        }))
    }

    /// Bytes of all entries together.
    pub(super) fn entries_len(&self) -> usize {
        self.revoked.as_ref().map_or(0, |list| list.value.len())
    }
}

impl<'a> Entry<'a> {
    fn next(entries: &mut Cursor<'a>) -> Result<Self, RevocationError> {
        let entry = entries.next("revokedCertificates", Tag::Sequence)?;
        let mut parts = entry.inside("revokedCertificates")?;
        let number = parts.next("userCertificate", Tag::Integer)?;
        let serial = serial(&number)?;
        let date = parts.any("revocationDate")?;
        let at = u32::try_from(time(&date, "revocationDate")?.as_second())
            .map_err(|_| profile(&date, "revocationDate", "out of range"))?;
        let mut reason = RevocationReason::Unspecified;
        if let Some(list) = parts.next_if("crlEntryExtensions", Tag::Sequence)? {
            for extension in Extensions::of_sequence(&list)?.iter() {
                reason = entry_extension(&extension)?.unwrap_or(reason);
            }
        }
        parts.finish("revokedCertificates")?;
        Ok(Self {
            serial,
            negative: is_negative(&number),
            at,
            reason,
            len: entry.bytes.len(),
        })
    }
}

/// RFC 5280 §5.3.
fn entry_extension(extension: &Extension<'_>) -> Result<Option<RevocationReason>, RevocationError> {
    match extension.oid {
        oid::REASON_CODE => {
            let code = extension.element("reasonCode", Tag::Enumerated)?;
            reason(&code).map(Some).map_err(RevocationError::from)
        }
        oid::CERTIFICATE_ISSUER => Err(RevocationError::NotAllowed {
            element: "certificateIssuer",
            why: "this list is an indirect one",
        }),
        // invalidityDate says since when the key shouldn't have been trusted, which is before the revocation.
        oid::INVALIDITY_DATE => Ok(None),
        _ => refuse_critical(extension).map(|()| None),
    }
}

/// CRLReason, an ENUMERATED of one byte.
pub(super) fn reason(code: &Element<'_>) -> Result<RevocationReason, CertificateError> {
    match code.value {
        [code] => RevocationReason::from_code(*code),
        _ => None,
    }
    .ok_or_else(|| profile(code, "reasonCode", "is none of a complete list"))
}

pub(super) fn refuse_critical(extension: &Extension<'_>) -> Result<(), RevocationError> {
    if extension.critical {
        return Err(RevocationError::UnknownCriticalExtension {
            oid: oid::dotted(extension.oid),
        });
    }
    Ok(())
}

fn window(fields: &mut Cursor<'_>) -> Result<Window, CertificateError> {
    let this_update = time(&fields.any("thisUpdate")?, "thisUpdate")?;
    // Optional in the syntax; RFC 5280 §5.1.2.5 asks for it in every list.
    let next = fields.any("nextUpdate")?;
    let next_update = time(&next, "nextUpdate")?;
    if this_update > next_update {
        return Err(profile(&next, "nextUpdate", "is before thisUpdate"));
    }
    Ok(Window {
        this_update,
        next_update,
    })
}

/// RFC 5280 §5.2.3: not negative, at most 20 bytes.
fn positive<'a>(integer: &Element<'a>, name: &'static str) -> Result<&'a [u8], CertificateError> {
    let bytes = integer.decode::<der::asn1::UintRef<'a>>(name)?.as_bytes();
    if bytes.len() > MAX_SERIAL {
        return Err(profile(integer, name, "longer than 20 bytes"));
    }
    Ok(bytes)
}

pub(super) fn profile(
    at: &Element<'_>,
    element: &'static str,
    why: &'static str,
) -> CertificateError {
    CertificateError::Profile {
        position: at.position,
        element,
        why,
    }
}
