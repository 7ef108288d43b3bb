use std::fmt;

use der::Tag;
use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

use super::{
    CertId, OcspRequest,
    responder::{Responder, signature},
};
use crate::trust::{
    CertificateError, certificate,
    cursor::{Cursor, Element},
    extension::Extensions,
    oid,
    revocation::{
        CLOCK_SKEW, NoAnswer, RevocationAnswer, RevocationError, RevocationQuery, RevocationReason,
        RevocationSource, Revoked, Window, check_root, check_signature,
        crl::{profile, reason, refuse_critical},
        point::{context, only},
    },
};

/// What a responder said about one certificate, verified.
///
/// A [`RevocationSource`] that knows this certificate alone.
pub struct OcspAnswer {
    root: [u8; 32],
    serial: Zeroizing<Vec<u8>>,
    said: RevocationAnswer,
    window: Window,
}

impl OcspAnswer {
    /// Longest answer that is looked at, in bytes.
    pub const MAX_LEN: usize = 32 << 10;
    /// Most certificates that one answer is about.
    pub const MAX_SINGLE: usize = 16;
    /// How old an answer may be when it comes, and how long one without an end
    /// (nextUpdate) is used after the time of its knowledge: an hour.
    pub const MAX_AGE: SignedDuration = SignedDuration::from_hours(1);

    /// What it says, whatever the time.
    #[must_use]
    pub const fn said(&self) -> RevocationAnswer {
        self.said
    }

    /// When the issuer knew it (thisUpdate).
    #[must_use]
    pub const fn this_update(&self) -> Timestamp {
        self.window.this_update
    }

    /// Last second in which it is used.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.window.next_update
    }
}

impl RevocationSource for OcspAnswer {
    fn ask(&self, query: &RevocationQuery<'_>, now: Timestamp) -> RevocationAnswer {
        if query.has_negative_serial()
            || self.root != *query.root_sha256()
            || *self.serial != query.serial()
        {
            return RevocationAnswer::Unknown(NoAnswer::NotCovered);
        }
        self.window.holds(self.said, query.not_after(), now)
    }
}

/// Shows what it says, not of whom.
impl fmt::Debug for OcspAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OcspAnswer")
            .field("said", &self.said)
            .field("this_update", &self.window.this_update)
            .field("until", &self.window.next_update)
            .finish_non_exhaustive()
    }
}

pub(super) fn verify(
    request: OcspRequest,
    response: &[u8],
    responders: Option<&dyn RevocationSource>,
    now: Timestamp,
) -> Result<OcspAnswer, RevocationError> {
    if response.len() > OcspAnswer::MAX_LEN {
        return Err(RevocationError::TooLong {
            len: response.len(),
            max: OcspAnswer::MAX_LEN,
        });
    }
    let basic = basic_response(response)?;
    let mut parts = basic.inside("BasicOCSPResponse")?;
    let data = parts.next("tbsResponseData", Tag::Sequence)?;
    let algorithm = parts.next("signatureAlgorithm", Tag::Sequence)?;
    let signature = signature(&mut parts)?;
    let certificates = parts.next_if("certs", context(0, true))?;
    parts.finish("BasicOCSPResponse")?;

    let mut fields = data.inside("tbsResponseData")?;
    let responder = Responder::parse(&mut fields)?;
    let key = responder.key(certificates.as_ref(), &request.root, responders, now)?;
    check_signature(key.as_key(), algorithm.bytes, data.bytes, signature)?;

    let produced_at = general_time(
        &fields.next("producedAt", Tag::GeneralizedTime)?,
        "producedAt",
    )?;
    let responses = fields.next("responses", Tag::Sequence)?;
    let nonce = response_extensions(&mut fields)?;
    fields.finish("tbsResponseData")?;
    if nonce != Some(request.nonce.as_slice()) {
        return Err(RevocationError::OtherNonce);
    }
    Window {
        this_update: produced_at,
        next_update: later(produced_at),
    }
    .check(now)?;

    let single = the_one(&responses, &request.id)?;
    single.window.check(now)?;
    check_root(&request.root, now)?;
    let serial = match request.id.serial.as_slice() {
        [0, rest @ ..] if !rest.is_empty() => rest,
        all => all,
    };
    Ok(OcspAnswer {
        root: *request.root.sha256(),
        serial: Zeroizing::new(serial.to_vec()),
        said: single.said,
        window: single.window.within(&request.root),
    })
}

/// OCSPResponse (RFC 6960 §4.2.1) down to the basic response in it.
fn basic_response(der: &[u8]) -> Result<Element<'_>, RevocationError> {
    const NAME: &str = "OCSPResponse";
    let whole = only(&mut Cursor::new(der, 0, NAME)?, NAME, Tag::Sequence)?;
    let mut parts = whole.inside(NAME)?;
    let status = parts.next("responseStatus", Tag::Enumerated)?;
    match status.value {
        [0] => (),
        [status @ (1 | 2 | 3 | 5 | 6)] => {
            return Err(RevocationError::Responder { status: *status });
        }
        _ => return Err(profile(&status, "responseStatus", "is not one of RFC 6960").into()),
    }
    let tagged = parts.next("responseBytes", context(0, true))?;
    parts.finish(NAME)?;
    let bytes = only(
        &mut tagged.inside("responseBytes")?,
        "responseBytes",
        Tag::Sequence,
    )?;
    let mut parts = bytes.inside("responseBytes")?;
    let kind = parts.next("responseType", Tag::ObjectIdentifier)?;
    if kind.value != oid::OCSP_BASIC {
        return Err(profile(&kind, "responseType", "is not id-pkix-ocsp-basic").into());
    }
    let octets = parts.next("response", Tag::OctetString)?;
    parts.finish("responseBytes")?;
    Ok(only(
        &mut octets.inside("BasicOCSPResponse")?,
        "BasicOCSPResponse",
        Tag::Sequence,
    )?)
}

/// The nonce among the response's extensions.
fn response_extensions<'a>(fields: &mut Cursor<'a>) -> Result<Option<&'a [u8]>, RevocationError> {
    let Some(tagged) = fields.next_if("responseExtensions", context(1, true))? else {
        return Ok(None);
    };
    let mut nonce = None;
    for extension in Extensions::parse(&tagged)?.iter() {
        if extension.oid == oid::OCSP_NONCE {
            nonce = Some(extension.element("nonce", Tag::OctetString)?.value);
        } else {
            refuse_critical(&extension)?;
        }
    }
    Ok(nonce)
}

struct Single {
    said: RevocationAnswer,
    window: Window,
}

/// The only one among `responses` that is about `id`; all of them must be readable.
fn the_one(responses: &Element<'_>, id: &CertId) -> Result<Single, RevocationError> {
    let mut list = responses.inside("responses")?;
    let mut found = None;
    for _ in 0..OcspAnswer::MAX_SINGLE {
        if list.is_finished() {
            break;
        }
        let single = list.next("SingleResponse", Tag::Sequence)?;
        let mut parts = single.inside("SingleResponse")?;
        let same = is_about(&parts.next("certID", Tag::Sequence)?, id)?;
        let answer = single_response(&mut parts)?;
        if same && found.replace(answer).is_some() {
            return Err(profile(&single, "responses", "two about one certificate").into());
        }
    }
    list.finish("responses")?;
    found.ok_or(RevocationError::OtherCertificate)
}

fn is_about(found: &Element<'_>, id: &CertId) -> Result<bool, RevocationError> {
    let mut parts = found.inside("certID")?;
    let mut algorithm = parts
        .next("hashAlgorithm", Tag::Sequence)?
        .inside("hashAlgorithm")?;
    let hash = algorithm.next("hashAlgorithm", Tag::ObjectIdentifier)?;
    // NULL or nothing: RFC 5754 §2 asks to take both.
    if let Some(null) = algorithm.next_if("hashAlgorithm", Tag::Null)? {
        null.decode::<der::asn1::Null>("hashAlgorithm")?;
    }
    algorithm.finish("hashAlgorithm")?;
    let name = parts.next("issuerNameHash", Tag::OctetString)?;
    let key = parts.next("issuerKeyHash", Tag::OctetString)?;
    let serial = parts.next("serialNumber", Tag::Integer)?;
    parts.finish("certID")?;
    certificate::serial(&serial)?;
    Ok(hash.value == id.hash.oid()
        && name.value == id.name
        && key.value == id.key
        && serial.value == id.serial.as_slice())
}

fn single_response(parts: &mut Cursor<'_>) -> Result<Single, RevocationError> {
    let status = parts.any("certStatus")?;
    let said = if status.tag() == context(0, false) && status.value.is_empty() {
        RevocationAnswer::Good
    } else if status.tag() == context(1, true) {
        RevocationAnswer::Revoked(revoked(&status)?)
    } else if status.tag() == context(2, false) && status.value.is_empty() {
        RevocationAnswer::Unknown(NoAnswer::IssuerDoesNotKnow)
    } else {
        return Err(profile(&status, "certStatus", "is none of the three").into());
    };
    let this_update = general_time(
        &parts.next("thisUpdate", Tag::GeneralizedTime)?,
        "thisUpdate",
    )?;
    let next_update = match parts.next_if("nextUpdate", context(0, true))? {
        Some(tagged) => {
            let time = only(
                &mut tagged.inside("nextUpdate")?,
                "nextUpdate",
                Tag::GeneralizedTime,
            )?;
            let next = general_time(&time, "nextUpdate")?;
            if next < this_update {
                return Err(profile(&time, "nextUpdate", "is before thisUpdate").into());
            }
            next
        }
        None => later(this_update),
    };
    if let Some(tagged) = parts.next_if("singleExtensions", context(1, true))? {
        for extension in Extensions::parse(&tagged)?.iter() {
            refuse_critical(&extension)?;
        }
    }
    parts.clone().finish("SingleResponse")?;
    Ok(Single {
        said,
        window: Window {
            this_update,
            next_update,
        },
    })
}

/// RevokedInfo.
fn revoked(status: &Element<'_>) -> Result<Revoked, CertificateError> {
    let mut parts = status.inside("RevokedInfo")?;
    let time = parts.next("revocationTime", Tag::GeneralizedTime)?;
    let at = general_time(&time, "revocationTime")?;
    let reason = match parts.next_if("revocationReason", context(0, true))? {
        Some(tagged) => reason(&only(
            &mut tagged.inside("revocationReason")?,
            "revocationReason",
            Tag::Enumerated,
        )?)?,
        None => RevocationReason::Unspecified,
    };
    parts.finish("RevokedInfo")?;
    Ok(Revoked { at, reason })
}

fn general_time(time: &Element<'_>, name: &'static str) -> Result<Timestamp, CertificateError> {
    certificate::time(time, name)
}

/// The end that is meant where none is said.
fn later(from: Timestamp) -> Timestamp {
    from.checked_add(OcspAnswer::MAX_AGE)
        .unwrap_or(Timestamp::MAX)
}

const _: () = assert!(CLOCK_SKEW.as_secs() < OcspAnswer::MAX_AGE.as_secs());
