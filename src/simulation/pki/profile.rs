//! The JPKI certificate profile, field by field, and every way to break it.

use std::time::Duration;

use der::{
    Any, DateTime, Encode, Sequence, ValueOrd,
    asn1::{
        AnyRef, BitString, GeneralizedTime, Ia5String, Null, ObjectIdentifier, OctetString,
        PrintableString, SetOfVec, UtcTime, Utf8StringRef,
    },
};
use jiff::Timestamp;
use x509_cert::{
    ext::{
        Extension,
        pkix::{
            AccessDescription, AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints,
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

use super::{CertificateSpec, Defect, Generation, Holder, keys};

const C: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const L: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.7");
const O: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const OU: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");
const CN: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

const SHA256_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const SHA1_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5");

const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
const POLICIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32");
const ISSUER_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.18");
const SUBJECT_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
const CRL_POINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.31");
const AUTHORITY_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.1");
const AUTHORITY_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");
const SUBJECT_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");

const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
const SERVER_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
const OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const CPS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.2.1");

/// Where the real ones have 1.2.392.200149.8.5.1.3.30: below 32473, the
/// enterprise number for examples (RFC 5612).
const AUTHENTICATION_POLICY: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.8.5.1.3.30");
/// Where the real ones have 1.2.392.200149.8.5.1.1.20.
const SIGNING_POLICY: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.8.5.1.1.20");
const UNKNOWN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1");

const AUTHENTICATION_UNIT: &str = "JPKI for user authentication";
const SIGNING_UNIT: &str = "JPKI for digital signature";
const AGENCY: &str = "Simulated Agency for Local Authority Information Systems";

/// TBSCertificate (RFC 5280 §4.1); names and key as they come.
#[derive(Sequence)]
struct Tbs<'a> {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: u8,
    serial: u32,
    signature: AlgorithmIdentifier<Null>,
    issuer: AnyRef<'a>,
    validity: Validity,
    subject: AnyRef<'a>,
    key: AnyRef<'a>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    extensions: Vec<Extension>,
}

#[derive(Sequence)]
struct Validity {
    not_before: Time,
    not_after: Time,
}

#[derive(Sequence)]
struct Signed<'a> {
    tbs: AnyRef<'a>,
    algorithm: AlgorithmIdentifier<Null>,
    signature: BitString,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence, ValueOrd)]
struct Attribute {
    kind: ObjectIdentifier,
    value: Any,
}

pub(super) fn authentication(spec: &CertificateSpec) -> Option<Vec<u8>> {
    let defect = spec.defect;
    let is = |other| defect == Some(other);
    let subject = name(&[(C, "JP"), (CN, &spec.common_name)]).ok()?;
    let ca_name = ca_name(AUTHENTICATION_UNIT).ok()?;
    let leaf = &keys::AUTHENTICATION;
    let ca = keys::authentication_ca(spec.generation);

    let mut extensions = Vec::new();
    let mut add = |result: der::Result<Extension>| result.ok().map(|e| extensions.push(e));
    if !is(Defect::NoKeyUsage) {
        let usage = if is(Defect::WrongKeyUsage) {
            KeyUsages::KeyEncipherment
        } else {
            KeyUsages::DigitalSignature
        };
        add(extension(KEY_USAGE, true, &KeyUsage(usage.into())))?;
    }
    if !is(Defect::NoExtendedKeyUsage) {
        let usage = if is(Defect::WrongExtendedKeyUsage) {
            SERVER_AUTH
        } else {
            CLIENT_AUTH
        };
        add(extension(
            EXTENDED_KEY_USAGE,
            false,
            &ExtendedKeyUsage(vec![usage]),
        ))?;
    }
    if !is(Defect::NoPolicy) {
        let policy = if is(Defect::WrongPolicy) {
            SIGNING_POLICY
        } else {
            AUTHENTICATION_POLICY
        };
        add(policies(policy))?;
    }
    add(issuer_alt_name())?;
    add(crl_points(AUTHENTICATION_UNIT))?;
    add(ocsp())?;
    if !is(Defect::NoAuthorityKeyId) {
        add(authority_key_id(ca, &ca_name, defect))?;
    }
    add(subject_key_id(leaf))?;
    if is(Defect::IsCa) {
        let constraints = BasicConstraints {
            ca: true,
            path_len_constraint: None,
        };
        add(extension(BASIC_CONSTRAINTS, true, &constraints))?;
    }
    if is(Defect::UnknownCriticalExtension) {
        add(extension(UNKNOWN, true, &Null))?;
    }
    if is(Defect::DuplicateExtension) {
        add(subject_key_id(leaf))?;
    }
    if is(Defect::TooManyExtensions) {
        for arc in 0..25 {
            let oid = UNKNOWN.push_arc(arc).ok()?;
            add(extension(oid, false, &Null))?;
        }
    }
    let authorities = [ca, keys::authentication_ca(next(spec.generation))];
    issue(spec, leaf, authorities, &ca_name, &subject, extensions)
}

pub(super) fn signing(spec: &CertificateSpec, holder: &Holder) -> Option<Vec<u8>> {
    let subject = name(&[
        (C, "JP"),
        (L, "見本県"),
        (L, "模擬市"),
        (CN, &spec.common_name),
    ])
    .ok()?;
    let ca_name = ca_name(SIGNING_UNIT).ok()?;
    let leaf = &keys::SIGNING;
    let ca = keys::signing_ca(spec.generation);
    let usage = KeyUsage(KeyUsages::DigitalSignature | KeyUsages::NonRepudiation);
    let extensions = vec![
        extension(KEY_USAGE, true, &usage).ok()?,
        policies(SIGNING_POLICY).ok()?,
        attributes(holder).ok()?,
        issuer_alt_name().ok()?,
        crl_points(SIGNING_UNIT).ok()?,
        authority_key_id(ca, &ca_name, spec.defect).ok()?,
        subject_key_id(leaf).ok()?,
    ];
    let authorities = [ca, keys::signing_ca(next(spec.generation))];
    issue(spec, leaf, authorities, &ca_name, &subject, extensions)
}

/// Puts the parts together and signs; `authorities`: the right one and a wrong one.
fn issue(
    spec: &CertificateSpec,
    leaf: &keys::Key,
    authorities: [&keys::Authority; 2],
    ca_name: &[u8],
    subject: &[u8],
    extensions: Vec<Extension>,
) -> Option<Vec<u8>> {
    let is = |other| spec.defect == Some(other);
    let algorithm = |oid| AlgorithmIdentifier {
        oid,
        parameters: (!is(Defect::NoAlgorithmParameters)).then_some(Null),
    };
    let sha1 = is(Defect::Sha1Signature);
    let inner = if sha1 || is(Defect::AlgorithmMismatch) {
        SHA1_WITH_RSA
    } else {
        SHA256_WITH_RSA
    };
    let outer = if sha1 { SHA1_WITH_RSA } else { SHA256_WITH_RSA };
    let other_name = self::name(&[(C, "JP"), (O, "SOMEBODY ELSE")]).ok()?;
    let issuer = if is(Defect::OtherIssuerName) {
        &other_name
    } else {
        ca_name
    };
    let key = if is(Defect::SmallKey) {
        keys::SMALL_PUBLIC.to_vec()
    } else {
        leaf.public_key_info()?
    };
    let (from, to) = (time(spec.not_before)?, time(spec.not_after)?);
    let tbs = Tbs {
        // 2 is version 3.
        version: if is(Defect::OldVersion) { 0 } else { 2 },
        serial: spec.serial,
        signature: algorithm(inner),
        issuer: AnyRef::try_from(issuer).ok()?,
        validity: if is(Defect::ValidityReversed) {
            Validity {
                not_before: to,
                not_after: from,
            }
        } else {
            Validity {
                not_before: from,
                not_after: to,
            }
        },
        subject: AnyRef::try_from(subject).ok()?,
        key: AnyRef::try_from(key.as_slice()).ok()?,
        extensions,
    }
    .to_der()
    .ok()?;

    let [right, wrong] = authorities;
    let signer = if is(Defect::OtherGenerationSigned) {
        wrong
    } else {
        right
    };
    let mut signature = if sha1 {
        signer.key.sign_sha1(&tbs)?
    } else {
        signer.key.sign_sha256(&tbs)?
    };
    if is(Defect::WrongSignature) {
        *signature.last_mut()? ^= 1;
    }
    let mut der = Signed {
        tbs: AnyRef::try_from(tbs.as_slice()).ok()?,
        algorithm: algorithm(outer),
        signature: BitString::from_bytes(&signature).ok()?,
    }
    .to_der()
    .ok()?;
    if is(Defect::TrailingByte) {
        der.push(0);
    }
    Some(der)
}

fn next(generation: Generation) -> Generation {
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

fn name(parts: &[(ObjectIdentifier, &str)]) -> der::Result<Vec<u8>> {
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

fn time(at: Timestamp) -> Option<Time> {
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

fn crl_points(unit: &str) -> der::Result<Extension> {
    let name = directory_name(&[
        (C, "JP"),
        (O, "JPKI-SIMULATION"),
        (OU, unit),
        (OU, "CRL Distribution Points"),
        (OU, "Mihon-ken"),
        (CN, "Mogi-shi CRLDP"),
    ])?;
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

fn authority_key_id(
    ca: &keys::Authority,
    ca_name: &[u8],
    defect: Option<Defect>,
) -> der::Result<Extension> {
    let mut identifier = ca.key.identifier().unwrap_or_default();
    if defect == Some(Defect::WrongAuthorityKeyId) {
        identifier.reverse();
    }
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
