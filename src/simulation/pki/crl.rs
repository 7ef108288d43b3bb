//! Lists of revoked certificates, and every way to break one.

use der::Encode;
use jiff::{SignedDuration, Timestamp};

use super::{Generation, VirtualPki, keys, profile};
use crate::trust::{
    CertificateUse,
    revocation::write::{element, unsigned},
};

/// One entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrlEntry {
    /// Serial number, big-endian.
    pub serial: Vec<u8>,
    /// When it was revoked.
    pub at: Timestamp,
    /// CRLReason; `None`: no reasonCode.
    pub reason: Option<u8>,
}

/// What certificates a list is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrlScope {
    /// All of the issuer: no issuingDistributionPoint.
    Everyone,
    /// Those of the one simulated municipality, as its certificates say.
    Municipality,
    /// Those of another municipality.
    OtherMunicipality,
}

/// One thing to do wrong in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CrlDefect {
    /// The last bit of the signature is flipped.
    WrongSignature,
    /// Signed by the next generation's key.
    OtherGenerationSigned,
    /// The issuer's name is not the root's.
    OtherIssuerName,
    /// The key identifier is of no root.
    WrongAuthorityKeyId,
    /// Signed with SHA-1, and says so.
    Sha1Signature,
    /// The algorithm inside the signed part says SHA-1, the one outside SHA-256.
    AlgorithmMismatch,
    /// Version 1.
    OldVersion,
    /// No nextUpdate.
    NoNextUpdate,
    /// nextUpdate is before thisUpdate.
    TimesReversed,
    /// deltaCRLIndicator, critical.
    Delta,
    /// deltaCRLIndicator, not critical against RFC 5280.
    QuietDelta,
    /// indirectCRL.
    Indirect,
    /// onlySomeReasons.
    SomeReasons,
    /// onlyContainsCACerts.
    CaCertificatesOnly,
    /// onlyContainsAttributeCerts.
    AttributeCertificatesOnly,
    /// onlyContainsUserCerts is written as FALSE, the default.
    WrittenDefault,
    /// The distribution point is named relative to the issuer.
    RelativePoint,
    /// A distribution point without a name.
    EmptyPoint,
    /// A critical extension 1.3.6.1.4.1.32473.1 that nobody knows.
    UnknownCriticalExtension,
    /// cRLNumber twice.
    DuplicateExtension,
    /// cRLNumber of 21 bytes.
    LongNumber,
    /// cRLNumber below zero.
    NegativeNumber,
    /// The first entry has that unknown extension.
    UnknownCriticalEntryExtension,
    /// The first entry names another issuer.
    EntryOfOtherIssuer,
    /// The first entry has the reason removeFromCRL.
    RemoveFromCrl,
    /// The first entry has a serial number of 21 bytes.
    LongSerial,
    /// The first entry has no time.
    NoRevocationDate,
    /// One byte behind the list.
    TrailingByte,
}

impl CrlDefect {
    /// Every defect there is. Those of an entry need one.
    pub const ALL: [Self; 28] = [
        Self::WrongSignature,
        Self::OtherGenerationSigned,
        Self::OtherIssuerName,
        Self::WrongAuthorityKeyId,
        Self::Sha1Signature,
        Self::AlgorithmMismatch,
        Self::OldVersion,
        Self::NoNextUpdate,
        Self::TimesReversed,
        Self::Delta,
        Self::QuietDelta,
        Self::Indirect,
        Self::SomeReasons,
        Self::CaCertificatesOnly,
        Self::AttributeCertificatesOnly,
        Self::WrittenDefault,
        Self::RelativePoint,
        Self::EmptyPoint,
        Self::UnknownCriticalExtension,
        Self::DuplicateExtension,
        Self::LongNumber,
        Self::NegativeNumber,
        Self::UnknownCriticalEntryExtension,
        Self::EntryOfOtherIssuer,
        Self::RemoveFromCrl,
        Self::LongSerial,
        Self::NoRevocationDate,
        Self::TrailingByte,
    ];
}

/// What list of revoked certificates to make.
///
/// How the real lists look isn't public; these are what RFC 5280 asks for, with
/// the distribution point that real certificates name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrlSpec {
    /// Whose list: this generation's root...
    pub generation: Generation,
    /// ...for certificates of this use.
    pub usage: CertificateUse,
    /// When it was made.
    pub this_update: Timestamp,
    /// When the next one comes.
    pub next_update: Timestamp,
    /// Number of the list.
    pub number: u32,
    /// What it is about.
    pub scope: CrlScope,
    /// What is revoked, in this order.
    pub entries: Vec<CrlEntry>,
    /// What to do wrong, if anything.
    pub defect: Option<CrlDefect>,
}

impl CrlSpec {
    /// An empty list of authentication certificates of the simulated municipality,
    /// made at `now` for 24 hours.
    #[must_use]
    pub fn new(generation: Generation, now: Timestamp) -> Self {
        Self {
            generation,
            usage: CertificateUse::Authentication,
            this_update: now,
            next_update: now
                .checked_add(SignedDuration::from_hours(24))
                .unwrap_or(now),
            number: 1,
            scope: CrlScope::Municipality,
            entries: Vec::new(),
            defect: None,
        }
    }

    /// Adds certificates, revoked when the list was made, without a reason.
    #[must_use]
    pub fn revoking(mut self, serials: &[u32]) -> Self {
        self.entries.extend(serials.iter().map(|serial| CrlEntry {
            serial: serial.to_be_bytes().to_vec(),
            at: self.this_update,
            reason: None,
        }));
        self
    }
}

impl VirtualPki {
    /// DER of a CertificateList (RFC 5280 §5.1).
    #[must_use]
    pub fn crl(&self, spec: &CrlSpec) -> Vec<u8> {
        // Encoding fails only beyond 256 MiB; then there is no list.
        list(spec).unwrap_or_default()
    }
}

pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const OBJECT: u8 = 0x06;
pub(super) const TRUE: &[u8] = &[0x01, 0x01, 0xff];
/// 1.3.6.1.4.1.32473.1
pub(super) const UNKNOWN: &[u8] = &[0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 1];

const SHA256_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0b];
const SHA1_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x05];

const fn standard(last: u8) -> [u8; 3] {
    [0x55, 0x1d, last]
}

pub(super) fn algorithm(sha1: bool) -> Vec<u8> {
    let oid = if sha1 { SHA1_WITH_RSA } else { SHA256_WITH_RSA };
    element(SEQUENCE, &[&element(OBJECT, &[oid]), &element(0x05, &[])])
}

pub(super) fn extension(oid: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let flag = if critical { TRUE } else { &[] };
    let parts = [&element(OBJECT, &[oid]), flag, &element(OCTETS, &[value])];
    element(SEQUENCE, &parts)
}

/// A BIT STRING of whole bytes.
pub(super) fn bits(bytes: &[u8]) -> Vec<u8> {
    element(0x03, &[&[0], bytes])
}

fn list(spec: &CrlSpec) -> Option<Vec<u8>> {
    let is = |defect| spec.defect == Some(defect);
    let sha1 = is(CrlDefect::Sha1Signature);
    let issuer = if is(CrlDefect::OtherIssuerName) {
        profile::ca_name("somebody else").ok()?
    } else {
        profile::ca_name(profile::unit(spec.usage)).ok()?
    };
    let time = |at| profile::time(at)?.to_der().ok();
    let (this, next) = (time(spec.this_update)?, time(spec.next_update)?);
    let times = if is(CrlDefect::NoNextUpdate) {
        this
    } else if is(CrlDefect::TimesReversed) {
        [next, this].concat()
    } else {
        [this, next].concat()
    };
    let entries = entries(spec)?;
    let version = if is(CrlDefect::OldVersion) { 0 } else { 1 };
    let tbs = element(
        SEQUENCE,
        &[
            &element(INTEGER, &[&[version]]),
            &algorithm(sha1 || is(CrlDefect::AlgorithmMismatch)),
            &issuer,
            &times,
            &entries,
            &element(0xa0, &[&element(SEQUENCE, &[&extensions(spec)?])]),
        ],
    );
    let signer = if is(CrlDefect::OtherGenerationSigned) {
        profile::next(spec.generation)
    } else {
        spec.generation
    };
    let key = &keys::ca(spec.usage, signer).key;
    let mut signature = if sha1 {
        key.sign_sha1(&tbs)?
    } else {
        key.sign_sha256(&tbs)?
    };
    if is(CrlDefect::WrongSignature) {
        *signature.last_mut()? ^= 1;
    }
    let mut der = element(SEQUENCE, &[&tbs, &algorithm(sha1), &bits(&signature)]);
    if is(CrlDefect::TrailingByte) {
        der.push(0);
    }
    Some(der)
}

fn entries(spec: &CrlSpec) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    for (index, entry) in spec.entries.iter().enumerate() {
        let is = |defect| index == 0 && spec.defect == Some(defect);
        let serial = if is(CrlDefect::LongSerial) {
            vec![1; 21]
        } else {
            unsigned(&entry.serial)
        };
        let date = if is(CrlDefect::NoRevocationDate) {
            Vec::new()
        } else {
            profile::time(entry.at)?.to_der().ok()?
        };
        let mut extensions = Vec::new();
        let reason = if is(CrlDefect::RemoveFromCrl) {
            Some(8)
        } else {
            entry.reason
        };
        if let Some(reason) = reason {
            let value = element(0x0a, &[&[reason]]);
            extensions.extend(extension(&standard(0x15), false, &value));
        }
        if is(CrlDefect::UnknownCriticalEntryExtension) {
            extensions.extend(extension(UNKNOWN, true, &element(0x05, &[])));
        }
        if is(CrlDefect::EntryOfOtherIssuer) {
            let name = profile::ca_name("somebody else").ok()?;
            let names = element(SEQUENCE, &[&element(0xa4, &[&name])]);
            extensions.extend(extension(&standard(0x1d), true, &names));
        }
        let extensions = if extensions.is_empty() {
            extensions
        } else {
            element(SEQUENCE, &[&extensions])
        };
        let parts = [&element(INTEGER, &[&serial]), &*date, &extensions];
        all.extend(element(SEQUENCE, &parts));
    }
    // RFC 5280 §5.1.2.6: nothing revoked, no list.
    Some(if all.is_empty() {
        all
    } else {
        element(SEQUENCE, &[&all])
    })
}

fn extensions(spec: &CrlSpec) -> Option<Vec<u8>> {
    let is = |defect| spec.defect == Some(defect);
    let ca = keys::ca(spec.usage, spec.generation);
    let mut identifier = ca.key.identifier()?;
    if is(CrlDefect::WrongAuthorityKeyId) {
        identifier.reverse();
    }
    let authority = element(SEQUENCE, &[&element(0x80, &[&identifier])]);
    let number = if is(CrlDefect::LongNumber) {
        vec![1; 21]
    } else if is(CrlDefect::NegativeNumber) {
        vec![0x80]
    } else {
        unsigned(&spec.number.to_be_bytes())
    };
    let number = extension(&standard(0x14), false, &element(INTEGER, &[&number]));
    let mut all = [
        extension(&standard(0x23), false, &authority),
        number.clone(),
    ]
    .concat();
    if is(CrlDefect::DuplicateExtension) {
        all.extend(number);
    }
    if let Some(value) = issuing_point(spec)? {
        all.extend(extension(&standard(0x1c), true, &value));
    }
    if is(CrlDefect::Delta) || is(CrlDefect::QuietDelta) {
        let base = element(INTEGER, &[&[1]]);
        all.extend(extension(&standard(0x1b), is(CrlDefect::Delta), &base));
    }
    if is(CrlDefect::UnknownCriticalExtension) {
        all.extend(extension(UNKNOWN, true, &element(0x05, &[])));
    }
    Some(all)
}

/// issuingDistributionPoint (RFC 5280 §5.2.5); inside `None` where there is none.
fn issuing_point(spec: &CrlSpec) -> Option<Option<Vec<u8>>> {
    let is = |defect| spec.defect == Some(defect);
    let unit = match spec.scope {
        CrlScope::Everyone => return Some(None),
        CrlScope::Municipality => profile::unit(spec.usage),
        CrlScope::OtherMunicipality => "another municipality",
    };
    let name = profile::crl_point(unit).ok()?.to_der().ok()?;
    let full = if is(CrlDefect::RelativePoint) {
        element(0xa1, &[])
    } else if is(CrlDefect::EmptyPoint) {
        element(0xa0, &[])
    } else {
        element(0xa0, &[&name])
    };
    let flag = |tag, set: bool| {
        if set {
            element(tag, &[&[0xff]])
        } else {
            Vec::new()
        }
    };
    let users = if is(CrlDefect::WrittenDefault) {
        element(0x81, &[&[0]])
    } else {
        flag(0x81, !is(CrlDefect::CaCertificatesOnly))
    };
    let reasons = if is(CrlDefect::SomeReasons) {
        element(0x83, &[&[0x06, 0x40]])
    } else {
        Vec::new()
    };
    Some(Some(element(
        SEQUENCE,
        &[
            &element(0xa0, &[&full]),
            &users,
            &flag(0x82, is(CrlDefect::CaCertificatesOnly)),
            &reasons,
            &flag(0x84, is(CrlDefect::Indirect)),
            &flag(0x85, is(CrlDefect::AttributeCertificatesOnly)),
        ],
    )))
}
