//! Answers of an OCSP responder, and every way to break one.

use std::time::Duration;

use der::{
    DateTime, Decode, Encode,
    asn1::{AnyRef, GeneralizedTime},
};
use jiff::{SignedDuration, Timestamp};

use super::{
    Generation, VirtualPki,
    crl::{INTEGER, OBJECT, OCTETS, SEQUENCE, UNKNOWN, algorithm, bits, extension},
    keys, profile,
};
use crate::trust::{CertificateUse, revocation::write::element};

/// What the responder says about the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OcspStatus {
    /// Not revoked.
    Good,
    /// Revoked.
    Revoked {
        /// Since when.
        at: Timestamp,
        /// CRLReason, if it is said.
        reason: Option<u8>,
    },
    /// Not known to it.
    Unknown,
}

/// Who answers, and by what it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OcspResponder {
    /// The root itself, by its name.
    RootByName,
    /// The root itself, by the hash of its key.
    RootByKey,
    /// The holder of a certificate for it, by name.
    DelegateByName,
    /// The same by the hash of the key.
    DelegateByKey,
}

impl OcspResponder {
    /// All four.
    pub const ALL: [Self; 4] = [
        Self::RootByName,
        Self::RootByKey,
        Self::DelegateByName,
        Self::DelegateByKey,
    ];

    const fn is_root(self) -> bool {
        matches!(self, Self::RootByName | Self::RootByKey)
    }
}

/// One thing to do wrong in an answer. Those of a delegate do nothing where the root answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OcspDefect {
    /// The last bit of the signature is flipped.
    WrongSignature,
    /// Signed with SHA-1, and says so.
    Sha1Signature,
    /// Status tryLater, no answer.
    TryLater,
    /// Status 4, which isn't used.
    StrangeStatus,
    /// Another kind of response than the basic one.
    OtherType,
    /// A version in the signed part.
    Version,
    /// No nonce.
    NoNonce,
    /// Another nonce.
    OtherNonce,
    /// About the next serial number.
    OtherSerial,
    /// Another hash of the issuer's name.
    OtherIssuerName,
    /// Another hash of the issuer's key.
    OtherIssuerKey,
    /// Says that the hashes were made with another function.
    OtherHash,
    /// About nothing.
    NoAnswer,
    /// The same certificate twice.
    TwoAnswers,
    /// About 17 certificates.
    TooManyAnswers,
    /// nextUpdate is before thisUpdate.
    TimesReversed,
    /// A critical extension nobody knows beside the answer.
    UnknownCriticalSingleExtension,
    /// The same beside the nonce.
    UnknownCriticalExtension,
    /// One byte behind the response.
    TrailingByte,
    /// The delegate's certificate is missing.
    NoCertificate,
    /// It lacks id-kp-OCSPSigning: any person's certificate could answer then.
    NotAppointed,
    /// The next generation's key signed it.
    DelegateOfOtherGeneration,
    /// Its issuer bears another name.
    DelegateOfOtherIssuer,
    /// It names the key identifier of no root.
    DelegateOfOtherKeyId,
    /// It ended before the answer was made.
    DelegateLapsed,
    /// It lacks id-pkix-ocsp-nocheck.
    DelegateWithoutNoCheck,
    /// It says CA:TRUE.
    DelegateIsCa,
    /// keyUsage says keyEncipherment only.
    DelegateKeyUsage,
    /// A critical extension nobody knows.
    DelegateUnknownCriticalExtension,
    /// Its key has 1024 bits.
    DelegateSmallKey,
}

impl OcspDefect {
    /// Every defect there is.
    pub const ALL: [Self; 30] = [
        Self::WrongSignature,
        Self::Sha1Signature,
        Self::TryLater,
        Self::StrangeStatus,
        Self::OtherType,
        Self::Version,
        Self::NoNonce,
        Self::OtherNonce,
        Self::OtherSerial,
        Self::OtherIssuerName,
        Self::OtherIssuerKey,
        Self::OtherHash,
        Self::NoAnswer,
        Self::TwoAnswers,
        Self::TooManyAnswers,
        Self::TimesReversed,
        Self::UnknownCriticalSingleExtension,
        Self::UnknownCriticalExtension,
        Self::TrailingByte,
        Self::NoCertificate,
        Self::NotAppointed,
        Self::DelegateOfOtherGeneration,
        Self::DelegateOfOtherIssuer,
        Self::DelegateOfOtherKeyId,
        Self::DelegateLapsed,
        Self::DelegateWithoutNoCheck,
        Self::DelegateIsCa,
        Self::DelegateKeyUsage,
        Self::DelegateUnknownCriticalExtension,
        Self::DelegateSmallKey,
    ];
}

/// What the simulated responder answers.
///
/// How the real one answers isn't public; this is what RFC 6960 says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OcspSpec {
    /// For whose certificates it answers: this generation's root...
    pub generation: Generation,
    /// ...for certificates of this use.
    pub usage: CertificateUse,
    /// What it says.
    pub status: OcspStatus,
    /// When it knew that.
    pub this_update: Timestamp,
    /// Until when it holds, if it says so.
    pub next_update: Option<Timestamp>,
    /// When the answer was made.
    pub produced_at: Timestamp,
    /// Who answers.
    pub responder: OcspResponder,
    /// What to do wrong, if anything.
    pub defect: Option<OcspDefect>,
}

impl OcspSpec {
    /// An authentication certificate is good: known and said at `now`, without an end, by a delegate's key.
    #[must_use]
    pub const fn new(generation: Generation, now: Timestamp) -> Self {
        Self {
            generation,
            usage: CertificateUse::Authentication,
            status: OcspStatus::Good,
            this_update: now,
            next_update: None,
            produced_at: now,
            responder: OcspResponder::DelegateByKey,
            defect: None,
        }
    }
}

impl VirtualPki {
    /// Serial number of the simulated responder's own certificate.
    pub const RESPONDER_SERIAL: u32 = 0x0700_0001;

    /// DER of the OCSPResponse (RFC 6960 §4.2.1) to a request about one
    /// certificate; malformedRequest to what isn't one.
    #[must_use]
    pub fn ocsp_response(&self, request: &[u8], spec: &OcspSpec) -> Vec<u8> {
        respond(request, spec).unwrap_or_else(|| status_alone(1))
    }
}

fn status_alone(status: u8) -> Vec<u8> {
    element(SEQUENCE, &[&element(0x0a, &[&[status]])])
}

fn parts(der: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    Vec::from_der(der).ok()
}

/// CertID's four parts, and the nonce's extension.
fn read(request: &[u8]) -> Option<([Vec<u8>; 4], Vec<u8>)> {
    let child = |der: &[u8], index: usize| parts(der)?.get(index)?.to_der().ok();
    let tbs = child(request, 0)?;
    let id = child(&child(&child(&tbs, 0)?, 0)?, 0)?;
    let tagged = child(&tbs, 1)?;
    let extensions = AnyRef::from_der(&tagged).ok()?.value();
    let part = |index| child(&id, index);
    Some((
        [part(0)?, part(1)?, part(2)?, part(3)?],
        child(extensions, 0)?,
    ))
}

fn respond(request: &[u8], spec: &OcspSpec) -> Option<Vec<u8>> {
    let is = |defect| spec.defect == Some(defect);
    let (id, nonce) = read(request)?;
    if is(OcspDefect::TryLater) {
        return Some(status_alone(3));
    }
    let ca = keys::ca(spec.usage, spec.generation);
    let ca_name = profile::ca_name(profile::unit(spec.usage)).ok()?;
    let delegate_name = profile::ca_name("OCSP responder").ok()?;
    let key = if spec.responder.is_root() {
        &ca.key
    } else {
        &keys::COMMON
    };
    let responder = match spec.responder {
        OcspResponder::RootByName => element(0xa1, &[&ca_name]),
        OcspResponder::DelegateByName => element(0xa1, &[&delegate_name]),
        // The hash of the key that the certificate holds, whoever signs.
        _ if is(OcspDefect::DelegateSmallKey) && !spec.responder.is_root() => {
            element(0xa2, &[&element(OCTETS, &[&small_identifier()?])])
        }
        _ => element(0xa2, &[&element(OCTETS, &[&key.identifier()?])]),
    };
    let single = single(spec, &id)?;
    let count = match spec.defect {
        Some(OcspDefect::NoAnswer) => 0,
        Some(OcspDefect::TwoAnswers) => 2,
        Some(OcspDefect::TooManyAnswers) => 17,
        _ => 1,
    };
    let version = if is(OcspDefect::Version) {
        element(0xa0, &[&element(INTEGER, &[&[0]])])
    } else {
        Vec::new()
    };
    let data = element(
        SEQUENCE,
        &[
            &version,
            &responder,
            &general_time(spec.produced_at)?,
            &element(SEQUENCE, &[&single.repeat(count)]),
            &response_extensions(spec, nonce)?,
        ],
    );
    let sha1 = is(OcspDefect::Sha1Signature);
    let mut signature = if sha1 {
        key.sign_sha1(&data)?
    } else {
        key.sign_sha256(&data)?
    };
    if is(OcspDefect::WrongSignature) {
        *signature.last_mut()? ^= 1;
    }
    let certificates = if spec.responder.is_root() || is(OcspDefect::NoCertificate) {
        Vec::new()
    } else {
        let certificate = delegate(spec, &ca_name, &delegate_name)?;
        element(0xa0, &[&element(SEQUENCE, &[&certificate])])
    };
    let basic = element(
        SEQUENCE,
        &[&data, &algorithm(sha1), &bits(&signature), &certificates],
    );
    // id-pkix-ocsp-basic
    let last = if is(OcspDefect::OtherType) { 9 } else { 1 };
    let kind = element(OBJECT, &[&[0x2b, 6, 1, 5, 5, 7, 48, 1, last]]);
    let bytes = element(SEQUENCE, &[&kind, &element(OCTETS, &[&basic])]);
    let status = if is(OcspDefect::StrangeStatus) { 4 } else { 0 };
    let mut der = element(
        SEQUENCE,
        &[&element(0x0a, &[&[status]]), &element(0xa0, &[&bytes])],
    );
    if is(OcspDefect::TrailingByte) {
        der.push(0);
    }
    Some(der)
}

fn response_extensions(spec: &OcspSpec, mut nonce: Vec<u8>) -> Option<Vec<u8>> {
    let is = |defect| spec.defect == Some(defect);
    if is(OcspDefect::OtherNonce) {
        *nonce.last_mut()? ^= 1;
    }
    let mut all = if is(OcspDefect::NoNonce) {
        Vec::new()
    } else {
        nonce
    };
    if is(OcspDefect::UnknownCriticalExtension) {
        all.extend(extension(UNKNOWN, true, &element(0x05, &[])));
    }
    Some(if all.is_empty() {
        all
    } else {
        element(0xa1, &[&element(SEQUENCE, &[&all])])
    })
}

fn single(spec: &OcspSpec, id: &[Vec<u8>; 4]) -> Option<Vec<u8>> {
    let is = |defect| spec.defect == Some(defect);
    let [hash, name, key, serial] = id;
    // The last bit of what is another one.
    let other = |part: &Vec<u8>, defect| {
        let mut part = part.clone();
        if is(defect) {
            *part.last_mut()? ^= 1;
        }
        Some(part)
    };
    let hash = if is(OcspDefect::OtherHash) {
        // id-md5, 1.2.840.113549.2.5
        let oid = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 5];
        element(SEQUENCE, &[&element(OBJECT, &[&oid])])
    } else {
        hash.clone()
    };
    let id = element(
        SEQUENCE,
        &[
            &hash,
            &other(name, OcspDefect::OtherIssuerName)?,
            &other(key, OcspDefect::OtherIssuerKey)?,
            &other(serial, OcspDefect::OtherSerial)?,
        ],
    );
    let status = match spec.status {
        OcspStatus::Good => element(0x80, &[]),
        OcspStatus::Unknown => element(0x82, &[]),
        OcspStatus::Revoked { at, reason } => {
            let reason = reason.map_or(Vec::new(), |code| {
                element(0xa0, &[&element(0x0a, &[&[code]])])
            });
            element(0xa1, &[&general_time(at)?, &reason])
        }
    };
    let next = if is(OcspDefect::TimesReversed) {
        spec.this_update
            .checked_sub(SignedDuration::from_secs(1))
            .ok()
    } else {
        spec.next_update
    };
    let next = match next {
        Some(next) => element(0xa0, &[&general_time(next)?]),
        None => Vec::new(),
    };
    let extensions = if is(OcspDefect::UnknownCriticalSingleExtension) {
        let unknown = extension(UNKNOWN, true, &element(0x05, &[]));
        element(0xa1, &[&element(SEQUENCE, &[&unknown])])
    } else {
        Vec::new()
    };
    let this = general_time(spec.this_update)?;
    Some(element(
        SEQUENCE,
        &[&id, &status, &this, &next, &extensions],
    ))
}

/// The responder's certificate: a day around the answer.
fn delegate(spec: &OcspSpec, ca_name: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    let is = |defect| spec.defect == Some(defect);
    let day = SignedDuration::from_hours(24);
    let from = spec.produced_at.checked_sub(day).ok()?;
    let to = if is(OcspDefect::DelegateLapsed) {
        spec.produced_at
            .checked_sub(SignedDuration::from_secs(1))
            .ok()?
    } else {
        spec.produced_at.checked_add(day).ok()?
    };
    let time = |at| profile::time(at)?.to_der().ok();
    let other_name = profile::ca_name("somebody else").ok()?;
    let issuer = if is(OcspDefect::DelegateOfOtherIssuer) {
        &other_name
    } else {
        ca_name
    };
    let key = if is(OcspDefect::DelegateSmallKey) {
        keys::SMALL_PUBLIC.to_vec()
    } else {
        keys::COMMON.public_key_info()?
    };
    let serial = VirtualPki::RESPONDER_SERIAL.to_be_bytes();
    let tbs = element(
        SEQUENCE,
        &[
            &element(0xa0, &[&element(INTEGER, &[&[2]])]),
            &element(INTEGER, &[&serial]),
            &algorithm(false),
            issuer,
            &element(SEQUENCE, &[&time(from)?, &time(to)?]),
            name,
            &key,
            &element(0xa3, &[&element(SEQUENCE, &[&delegate_extensions(spec)?])]),
        ],
    );
    let signer = if is(OcspDefect::DelegateOfOtherGeneration) {
        profile::next(spec.generation)
    } else {
        spec.generation
    };
    let signature = keys::ca(spec.usage, signer).key.sign_sha256(&tbs)?;
    Some(element(
        SEQUENCE,
        &[&tbs, &algorithm(false), &bits(&signature)],
    ))
}

fn delegate_extensions(spec: &OcspSpec) -> Option<Vec<u8>> {
    let is = |defect| spec.defect == Some(defect);
    let standard = |last| [0x55, 0x1d, last];
    let null = element(0x05, &[]);
    let mut identifier = keys::ca(spec.usage, spec.generation).key.identifier()?;
    if is(OcspDefect::DelegateOfOtherKeyId) {
        identifier.reverse();
    }
    let authority = element(SEQUENCE, &[&element(0x80, &[&identifier])]);
    // keyEncipherment, or digitalSignature.
    let usage: &[u8] = if is(OcspDefect::DelegateKeyUsage) {
        &[5, 0x20]
    } else {
        &[7, 0x80]
    };
    // clientAuth, or OCSPSigning.
    let purpose = if is(OcspDefect::NotAppointed) { 2 } else { 9 };
    let purpose = element(OBJECT, &[&[0x2b, 6, 1, 5, 5, 7, 3, purpose]]);
    let mut all = [
        extension(&standard(0x0f), true, &element(0x03, &[usage])),
        extension(&standard(0x25), false, &element(SEQUENCE, &[&purpose])),
        extension(&standard(0x23), false, &authority),
    ]
    .concat();
    if !is(OcspDefect::DelegateWithoutNoCheck) {
        let oid = [0x2b, 6, 1, 5, 5, 7, 48, 1, 5];
        all.extend(extension(&oid, false, &null));
    }
    if is(OcspDefect::DelegateIsCa) {
        let ca = element(SEQUENCE, &[super::crl::TRUE]);
        all.extend(extension(&standard(0x13), true, &ca));
    }
    if is(OcspDefect::DelegateUnknownCriticalExtension) {
        all.extend(extension(UNKNOWN, true, &null));
    }
    Some(all)
}

/// SHA-1 over the bits of the small key.
fn small_identifier() -> Option<Vec<u8>> {
    let info = parts(keys::SMALL_PUBLIC)?;
    let bits = info.get(1)?.value().get(1..)?;
    let digest = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, bits);
    Some(digest.as_ref().to_vec())
}

fn general_time(at: Timestamp) -> Option<Vec<u8>> {
    let seconds = u64::try_from(at.as_second()).unwrap_or(0);
    let date = DateTime::from_unix_duration(Duration::from_secs(seconds)).ok()?;
    GeneralizedTime::from_date_time(date).to_der().ok()
}
