//! The JPKI certificate profile, field by field.

use std::time::Duration;

use der::{
    Any, DateTime, Encode, Sequence, ValueOrd,
    asn1::{
        GeneralizedTime, Ia5String, Null, ObjectIdentifier, OctetString, PrintableString, SetOfVec,
        UtcTime, Utf8StringRef,
    },
};
use jiff::Timestamp;
use x509_cert::{
    ext::{
        Extension,
        pkix::{
            AccessDescription, AuthorityInfoAccessSyntax, AuthorityKeyIdentifier,
            CertificatePolicies, CrlDistributionPoints, ExtendedKeyUsage, KeyUsage, KeyUsages,
            SubjectKeyIdentifier,
            certpolicy::{PolicyInformation, PolicyQualifierInfo},
            crl::dp::DistributionPoint,
            name::{DistributionPointName, GeneralName, OtherName},
        },
    },
    name::Name,
    serial_number::SerialNumber,
    spki::AlgorithmIdentifier,
    time::Time,
};

use super::{
    CertificateSpec, Defect, Generation, Holder, VirtualPki,
    breaking::{self, Kind},
    keys,
    parts::{Part, Parts},
};
use crate::trust::CertificateUse;

const C: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const L: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.7");
const O: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const OU: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");
const CN: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

const SHA256_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");

const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
const POLICIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32");
const ISSUER_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.18");
const SUBJECT_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
const CRL_POINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.31");
const AUTHORITY_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.1");
const AUTHORITY_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");
const SUBJECT_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");

const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
const OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const CPS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.2.1");

/// Where the real ones have 1.2.392.200149.8.5.1.3.30: below 32473, the
/// enterprise number for examples (RFC 5612).
const AUTHENTICATION_POLICY: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.8.5.1.3.30");
/// Where the real ones have 1.2.392.200149.8.5.1.1.20.
const SIGNING_POLICY: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.8.5.1.1.20");
/// What the real ones of phones have isn't known; for signatures 1.2.392.200149.8.5.1.1.40 is
/// reported, and this goes by it.
const PHONE_AUTHENTICATION_POLICY: ObjectIdentifier =
    ObjectIdentifier::new_unwrap(VirtualPki::PHONE_AUTHENTICATION_POLICY);
/// Where the real ones are reported to have 1.2.392.200149.8.5.1.1.40.
const PHONE_SIGNING_POLICY: ObjectIdentifier =
    ObjectIdentifier::new_unwrap(VirtualPki::PHONE_SIGNING_POLICY);

/// What bears the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::simulation) enum Bearer {
    Card,
    Phone,
}

impl Bearer {
    const fn authentication(self) -> (&'static keys::Key, ObjectIdentifier) {
        match self {
            Self::Card => (&keys::AUTHENTICATION, AUTHENTICATION_POLICY),
            Self::Phone => (&keys::PHONE_AUTHENTICATION, PHONE_AUTHENTICATION_POLICY),
        }
    }

    const fn signing(self) -> (&'static keys::Key, ObjectIdentifier) {
        match self {
            Self::Card => (&keys::SIGNING, SIGNING_POLICY),
            Self::Phone => (&keys::PHONE_SIGNING, PHONE_SIGNING_POLICY),
        }
    }
}

const AUTHENTICATION_UNIT: &str = "JPKI for user authentication";
const SIGNING_UNIT: &str = "JPKI for digital signature";
/// Part of the names of a CA and of its distribution points.
pub(super) const fn unit(usage: CertificateUse) -> &'static str {
    match usage {
        CertificateUse::Authentication => AUTHENTICATION_UNIT,
        CertificateUse::Signing => SIGNING_UNIT,
    }
}

const AGENCY: &str = "Simulated Agency for Local Authority Information Systems";

#[derive(Clone, Debug, PartialEq, Eq, Sequence, ValueOrd)]
struct Attribute {
    kind: ObjectIdentifier,
    value: Any,
}

pub(super) fn authentication(spec: &CertificateSpec, bearer: Bearer) -> Option<Vec<u8>> {
    let subject = name(&[(C, "JP"), (CN, &spec.common_name)]).ok()?;
    let ca_name = ca_name(AUTHENTICATION_UNIT).ok()?;
    let (leaf, policy) = bearer.authentication();
    let ca = keys::authentication_ca(spec.generation);
    let extensions = [
        extension(
            KEY_USAGE,
            true,
            &KeyUsage(KeyUsages::DigitalSignature.into()),
        ),
        extension(
            EXTENDED_KEY_USAGE,
            false,
            &ExtendedKeyUsage(vec![CLIENT_AUTH]),
        ),
        policies(policy),
        issuer_alt_name(),
        crl_points(AUTHENTICATION_UNIT),
        ocsp(),
        authority_key_id(ca, &ca_name),
        subject_key_id(leaf),
    ];
    let parts = parts(spec, leaf, ca_name, subject, extensions)?;
    let other = keys::authentication_ca(next(spec.generation));
    issue(
        spec.defect,
        Kind::Authentication,
        parts,
        [&ca.key, &other.key, leaf],
    )
}

pub(super) fn signing(spec: &CertificateSpec, holder: &Holder, bearer: Bearer) -> Option<Vec<u8>> {
    let subject = name(&[
        (C, "JP"),
        (L, "見本県"),
        (L, "模擬市"),
        (CN, &spec.common_name),
    ])
    .ok()?;
    let ca_name = ca_name(SIGNING_UNIT).ok()?;
    let (leaf, policy) = bearer.signing();
    let ca = keys::signing_ca(spec.generation);
    let usage = KeyUsage(KeyUsages::DigitalSignature | KeyUsages::NonRepudiation);
    let extensions = [
        extension(KEY_USAGE, true, &usage),
        policies(policy),
        attributes(holder),
        issuer_alt_name(),
        crl_points(SIGNING_UNIT),
        authority_key_id(ca, &ca_name),
        subject_key_id(leaf),
    ];
    let parts = parts(spec, leaf, ca_name, subject, extensions)?;
    let other = keys::signing_ca(next(spec.generation));
    issue(
        spec.defect,
        Kind::Signing,
        parts,
        [&ca.key, &other.key, leaf],
    )
}

/// A root for user authentication, signed anew; without a defect, the very bytes of the embedded one.
pub(super) fn root(generation: Generation, defect: Option<Defect>) -> Option<Vec<u8>> {
    let ca = keys::authentication_ca(generation);
    let other = keys::authentication_ca(next(generation));
    let parts = Parts::of(ca.certificate)?;
    issue(
        defect,
        Kind::Root,
        parts,
        [&ca.key, &other.key, &keys::AUTHENTICATION],
    )
}

fn parts<const N: usize>(
    spec: &CertificateSpec,
    leaf: &keys::Key,
    issuer: Vec<u8>,
    subject: Vec<u8>,
    extensions: [der::Result<Extension>; N],
) -> Option<Parts> {
    let algorithm = AlgorithmIdentifier {
        oid: SHA256_WITH_RSA,
        parameters: Some(Null),
    };
    let algorithm = algorithm.to_der().ok()?;
    let extensions = extensions
        .into_iter()
        .map(|extension| extension.map(Part::from))
        .collect::<der::Result<_>>()
        .ok()?;
    Some(Parts {
        // 2 is version 3.
        version: vec![0xa0, 3, 2, 1, 2],
        serial: spec.serial.to_der().ok()?,
        inner: algorithm.clone(),
        issuer,
        not_before: time(spec.not_before)?.to_der().ok()?,
        not_after: time(spec.not_after)?.to_der().ok()?,
        subject,
        key: leaf.public_key_info()?,
        unique_id: Vec::new(),
        extensions: Some(extensions),
        tail: Vec::new(),
        outer: algorithm,
    })
}

/// Breaks what is to be broken, and signs; `keys`: the right one, the next generation's, the holder's.
fn issue(
    defect: Option<Defect>,
    kind: Kind,
    mut parts: Parts,
    keys: [&keys::Key; 3],
) -> Option<Vec<u8>> {
    let is = |other| defect == Some(other);
    if let Some(defect) = defect {
        breaking::apply(defect, kind, &mut parts);
    }
    let tbs = parts.tbs();
    let [right, next, holder] = keys;
    let mut signature = match defect {
        Some(Defect::OtherGenerationSigned) => next.sign_sha256(&tbs)?,
        Some(Defect::SignedByHolder) => holder.sign_sha256(&tbs)?,
        Some(Defect::Sha1Signature) => right.sign_sha1(&tbs)?,
        Some(Defect::Sha384Signature) => right.sign_sha384(&tbs)?,
        Some(Defect::EmptySignature) => Vec::new(),
        _ => right.sign_sha256(&tbs)?,
    };
    if is(Defect::WrongSignature) {
        *signature.last_mut()? ^= 1;
    }
    if is(Defect::ShortSignature) {
        signature.remove(0);
    }
    let mut unused = 0;
    if is(Defect::SignatureUnusedBits) {
        *signature.last_mut()? &= 0xf8;
        unused = 3;
    }
    let mut der = parts.signed(&tbs, unused, &signature);
    match defect {
        Some(Defect::TrailingByte) => der.push(0),
        Some(Defect::Truncated) => {
            der.pop();
        }
        // 30 82 hh ll becomes 30 83 00 hh ll, or 30 80 with an end.
        Some(Defect::LongLength) => {
            der.splice(1..2, [0x83, 0]);
        }
        Some(Defect::IndefiniteLength) => {
            der.splice(1..4, [0x80]);
            der.extend([0, 0]);
        }
        _ => {}
    }
    Some(der)
}

pub(super) fn next(generation: Generation) -> Generation {
    match generation {
        Generation::First => Generation::Second,
        Generation::Second => Generation::Third,
        Generation::Third => Generation::First,
    }
}

/// Subject of the roots, so issuer of the leaves: byte for byte the same in all generations.
pub(super) fn ca_name(unit: &str) -> der::Result<Vec<u8>> {
    name(&[(C, "JP"), (O, "JPKI-SIMULATION"), (OU, unit), (OU, AGENCY)])
}

pub(super) fn name(parts: &[(ObjectIdentifier, &str)]) -> der::Result<Vec<u8>> {
    parts
        .iter()
        .map(|&(kind, value)| {
            let value = if kind == C {
                Any::encode_from(&PrintableString::new(value)?)?
            } else {
                Any::encode_from(&Utf8StringRef::new(value)?)?
            };
            SetOfVec::try_from(vec![Attribute { kind, value }])
        })
        .collect::<der::Result<Vec<SetOfVec<Attribute>>>>()?
        .to_der()
}

fn directory_name(parts: &[(ObjectIdentifier, &str)]) -> der::Result<GeneralName> {
    let name = <Name as der::Decode>::from_der(&name(parts)?)?;
    Ok(GeneralName::DirectoryName(name))
}

pub(super) fn time(at: Timestamp) -> Option<Time> {
    let seconds = u64::try_from(at.as_second()).unwrap_or(0);
    let date = DateTime::from_unix_duration(Duration::from_secs(seconds)).ok()?;
    // RFC 5280 §4.1.2.5: UTCTime through 2049.
    Some(if date.year() <= UtcTime::MAX_YEAR {
        Time::UtcTime(UtcTime::from_date_time(date).ok()?)
    } else {
        Time::GeneralTime(GeneralizedTime::from_date_time(date))
    })
}

fn extension(
    extn_id: ObjectIdentifier,
    critical: bool,
    value: &impl Encode,
) -> der::Result<Extension> {
    Ok(Extension {
        extn_id,
        critical,
        extn_value: OctetString::new(value.to_der()?)?,
    })
}

fn policies(policy_identifier: ObjectIdentifier) -> der::Result<Extension> {
    let cps = Ia5String::new("http://jpki.simulation.invalid/cps.html")?;
    let qualifier = PolicyQualifierInfo {
        policy_qualifier_id: CPS,
        qualifier: Some(Any::encode_from(&cps)?),
    };
    let information = PolicyInformation {
        policy_identifier,
        policy_qualifiers: Some(vec![qualifier]),
    };
    extension(POLICIES, true, &CertificatePolicies(vec![information]))
}

fn issuer_alt_name() -> der::Result<Extension> {
    let name = directory_name(&[
        (C, "JP"),
        (O, "公的個人認証サービス（模擬）"),
        (OU, "実在しない公共団体情報システム機構"),
    ])?;
    extension(ISSUER_ALT_NAME, false, &vec![name])
}

/// The name of the municipality's list.
pub(super) fn crl_point(unit: &str) -> der::Result<GeneralName> {
    directory_name(&[
        (C, "JP"),
        (O, "JPKI-SIMULATION"),
        (OU, unit),
        (OU, "CRL Distribution Points"),
        (OU, "Mihon-ken"),
        (CN, "Mogi-shi CRLDP"),
    ])
}

fn crl_points(unit: &str) -> der::Result<Extension> {
    let name = crl_point(unit)?;
    let point = DistributionPoint {
        distribution_point: Some(DistributionPointName::FullName(vec![name])),
        reasons: None,
        crl_issuer: None,
    };
    extension(CRL_POINTS, false, &CrlDistributionPoints(vec![point]))
}

fn ocsp() -> der::Result<Extension> {
    let location = Ia5String::new("http://ocsp.simulation.invalid")?;
    let description = AccessDescription {
        access_method: OCSP,
        access_location: GeneralName::UniformResourceIdentifier(location),
    };
    let value = AuthorityInfoAccessSyntax(vec![description]);
    extension(AUTHORITY_INFO, false, &value)
}

fn authority_key_id(ca: &keys::Authority, ca_name: &[u8]) -> der::Result<Extension> {
    let identifier = ca.key.identifier().unwrap_or_default();
    let issuer = GeneralName::DirectoryName(<Name as der::Decode>::from_der(ca_name)?);
    let value = AuthorityKeyIdentifier {
        key_identifier: Some(OctetString::new(identifier)?),
        authority_cert_issuer: Some(vec![issuer]),
        authority_cert_serial_number: Some(SerialNumber::from(ca.serial)),
    };
    extension(AUTHORITY_KEY_ID, false, &value)
}

fn subject_key_id(key: &keys::Key) -> der::Result<Extension> {
    let identifier = OctetString::new(key.identifier().unwrap_or_default())?;
    extension(SUBJECT_KEY_ID, false, &SubjectKeyIdentifier(identifier))
}

/// In the order of the real ones. The last two say of each character of name and address whether it stands for
/// another one: none does.
fn attributes(holder: &Holder) -> der::Result<Extension> {
    let flags = |text: &str| "0".repeat(text.chars().count());
    let attributes = [
        ("1.2.392.200149.8.5.5.1", holder.name.to_owned()),
        ("1.2.392.200149.8.5.5.4", holder.birth.clone()),
        ("1.2.392.200149.8.5.5.3", holder.sex.to_owned()),
        ("1.2.392.200149.8.5.5.5", holder.address.to_owned()),
        ("1.2.392.200149.8.5.5.2", flags(holder.name)),
        ("1.2.392.200149.8.5.5.6", flags(holder.address)),
    ];
    let names = attributes
        .iter()
        .map(|(oid, value)| {
            Ok(GeneralName::OtherName(OtherName {
                type_id: ObjectIdentifier::new(oid)?,
                value: Any::encode_from(&Utf8StringRef::new(value)?)?,
            }))
        })
        .collect::<der::Result<Vec<_>>>()?;
    extension(SUBJECT_ALT_NAME, false, &names)
}
