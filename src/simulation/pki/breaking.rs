//! What each defect does to the parts of a certificate.

use super::{
    Defect,
    keys::SMALL_PUBLIC,
    parts::{NULL, Part, Parts, TRUE, element, sequence},
};

/// What kind of certificate is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Authentication,
    Signing,
    Root,
}

const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
const POLICIES: &[u8] = &[0x55, 0x1d, 0x20];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x1e];
const CRL_POINTS: &[u8] = &[0x55, 0x1d, 0x1f];
const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1d, 0x23];
const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1d, 0x0e];
/// 1.3.6.1.4.1.32473.1, below the number for examples of RFC 5612.
const UNKNOWN: &[u8] = &[0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 1];

/// pkcs-1, 1.2.840.113549.1.1; below it are the algorithms of RSA.
const PKCS1: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1];
const ECDSA_WITH_SHA384: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x2b, 0x81, 4, 0, 0x22];

/// AlgorithmIdentifier of RSA by its last arc (RFC 8017 §A.2).
fn rsa(arc: u8, parameters: &[u8]) -> Vec<u8> {
    let oid = element(6, &[PKCS1.as_slice(), &[arc]].concat());
    sequence(&[&oid, parameters])
}

/// subjectPublicKeyInfo; `unused` bits at the end of the key.
fn info(algorithm: &[u8], unused: u8, key: &[u8]) -> Vec<u8> {
    let key = element(3, &[&[unused], key].concat());
    sequence(&[algorithm, &key])
}

fn rsa_key(modulus: &[u8], exponent: &[u8], tail: &[u8]) -> Vec<u8> {
    let (modulus, exponent) = (element(2, modulus), element(2, exponent));
    [sequence(&[&modulus, &exponent]).as_slice(), tail].concat()
}

fn curve_key(curve: &[u8], first: u8, len: usize) -> Vec<u8> {
    let algorithm = sequence(&[&element(6, EC_PUBLIC_KEY), &element(6, curve)]);
    let mut point = vec![0x5a; len];
    point.insert(0, first);
    info(&algorithm, 0, &point)
}

/// A modulus of `len` bytes that nobody has factors of, nor needs any.
fn modulus(first: &[u8], len: usize) -> Vec<u8> {
    let mut out = first.to_vec();
    out.resize(len, 0x5b);
    out
}

/// keyUsage by the first byte of its bits, the first of which is digitalSignature.
fn usage(bits: u8) -> Part {
    let unused = u8::try_from(bits.trailing_zeros().min(7)).unwrap_or(0);
    Part::new(KEY_USAGE, true, vec![3, 2, unused, bits])
}

fn extended(arcs: &[u8]) -> Part {
    Part::new(EXTENDED_KEY_USAGE, false, sequence(&[&element(6, arcs)]))
}

fn policy(oid: &[u8], qualifiers: &[u8]) -> Part {
    let information = sequence(&[&element(6, oid), qualifiers]);
    Part::new(POLICIES, true, sequence(&[&information]))
}

/// Does it; what's about the whole or about the signature is done elsewhere.
pub(super) fn apply(defect: Defect, kind: Kind, parts: &mut Parts) {
    form(defect, parts);
    if kind == Kind::Root && matches!(defect, Defect::EmptySubject | Defect::BrokenSubject) {
        parts.issuer.clone_from(&parts.subject);
    }
    issuer(defect, parts);
    critical(defect, parts);
    purpose(defect, kind, parts);
    policies(defect, kind, parts);
    key(defect, parts);
}

fn form(defect: Defect, parts: &mut Parts) {
    match defect {
        Defect::TooLong => parts.set(Part::new(UNKNOWN, false, vec![0; 8192])),
        Defect::TrailingField => parts.tail = NULL.to_vec(),
        Defect::UniqueId => parts.unique_id = vec![0x81, 2, 0, 1],
        Defect::OldVersion => parts.version = vec![0xa0, 3, 2, 1, 0],
        Defect::NoVersion => parts.version.clear(),
        Defect::UnknownVersion => parts.version = vec![0xa0, 3, 2, 1, 3],
        Defect::LongSerial => parts.serial = element(2, &[5; 21]),
        Defect::PaddedSerial => parts.serial = element(2, &[0, 5, 0, 0, 1]),
        Defect::EmptySerial => parts.serial = element(2, &[]),
        Defect::AlgorithmMismatch => parts.inner = rsa(5, &NULL),
        Defect::ValidityReversed => std::mem::swap(&mut parts.not_before, &mut parts.not_after),
        Defect::TimeWithoutSeconds => parts.not_before = element(0x17, b"2405010102Z"),
        Defect::LocalTime => parts.not_before = element(0x17, b"240501010203+0900"),
        Defect::FractionalTime => parts.not_before = element(0x18, b"20240501010203.5Z"),
        Defect::ImpossibleTime => parts.not_before = element(0x17, b"240230010203Z"),
        Defect::NoExtensions => parts.extensions = None,
        Defect::EmptyExtensions => parts.extensions = Some(Vec::new()),
        Defect::DuplicateExtension => {
            let list = parts.extensions.get_or_insert_default();
            list.extend(list.last().cloned());
        }
        Defect::TooManyExtensions => {
            for arc in 0..32 {
                let oid = [UNKNOWN, &[arc]].concat();
                parts.set(Part::new(&oid, false, NULL.to_vec()));
            }
        }
        Defect::CriticalNotDer => {
            if let Some(part) = parts.part(KEY_USAGE) {
                part.critical = vec![1, 1, 1];
            }
        }
        Defect::TrailingInExtension => {
            if let Some(part) = parts.part(KEY_USAGE) {
                part.tail = NULL.to_vec();
            }
        }
        Defect::EmptySubject => parts.subject = sequence(&[]),
        Defect::BrokenSubject => parts.subject = sequence(&[&element(0x31, &[])]),
        Defect::SubjectIsIssuer => parts.subject.clone_from(&parts.issuer),
        _ => {}
    }
}

fn issuer(defect: Defect, parts: &mut Parts) {
    let key = element(0x80, &[0x33; 20]);
    let serial = element(0x82, &[0x33; 4]);
    // The parts of the value: key identifier of 20 bytes, issuer, and serial number.
    let value = parts.value(AUTHORITY_KEY_ID).unwrap_or_default().to_vec();
    let at = value.windows(2).position(|two| two == [0x80, 20]);
    let (head, rest) = value.split_at(at.map_or(0, |at| at.saturating_add(22)));
    let own_key = head
        .get(head.len().saturating_sub(22)..)
        .unwrap_or_default();
    let own_serial_at = rest.iter().rposition(|&byte| byte == 0x82).unwrap_or(0);
    let (own_issuer, _) = rest.split_at(own_serial_at);
    let mut set = |value| parts.set(Part::new(AUTHORITY_KEY_ID, false, value));
    match defect {
        Defect::OtherIssuerName => {
            let attribute = sequence(&[&[6, 3, 0x55, 4, 10], &element(0x0c, b"SOMEBODY ELSE")]);
            parts.issuer = sequence(&[&element(0x31, &attribute)]);
        }
        Defect::NoAuthorityKeyId => parts.remove(AUTHORITY_KEY_ID),
        Defect::WrongAuthorityKeyId => set(sequence(&[&key, rest])),
        Defect::WrongAuthoritySerial => set(sequence(&[own_key, own_issuer, &serial])),
        Defect::AuthorityKeyIdWithoutKey => set(sequence(&[rest])),
        Defect::HalfAuthorityKeyId => set(sequence(&[own_key, own_issuer])),
        Defect::BrokenAuthorityKeyId => set(NULL.to_vec()),
        Defect::Sha1Signature => both(parts, &rsa(5, &NULL)),
        Defect::Sha384Signature => both(parts, &rsa(12, &NULL)),
        Defect::PssSignature => both(parts, &rsa(10, &sequence(&[]))),
        Defect::EcdsaSignature => both(parts, &sequence(&[&element(6, ECDSA_WITH_SHA384)])),
        Defect::NoAlgorithmParameters => both(parts, &rsa(11, &[])),
        _ => {}
    }
}

fn both(parts: &mut Parts, algorithm: &[u8]) {
    parts.inner = algorithm.to_vec();
    parts.outer = algorithm.to_vec();
}

fn critical(defect: Defect, parts: &mut Parts) {
    let oid = match defect {
        Defect::UnknownCriticalExtension => {
            return parts.set(Part::new(UNKNOWN, true, NULL.to_vec()));
        }
        Defect::NameConstraints => {
            return parts.set(Part::new(NAME_CONSTRAINTS, true, sequence(&[])));
        }
        Defect::CriticalCrlPoints => CRL_POINTS,
        Defect::CriticalSubjectKeyId => SUBJECT_KEY_ID,
        _ => return,
    };
    if let Some(part) = parts.part(oid) {
        part.critical = TRUE.to_vec();
    }
}

fn purpose(defect: Defect, kind: Kind, parts: &mut Parts) {
    // digitalSignature 80, nonRepudiation 40, keyEncipherment 20, keyCertSign 04, cRLSign 02.
    match defect {
        Defect::NoKeyUsage => parts.remove(KEY_USAGE),
        Defect::WrongKeyUsage => parts.set(usage(0x20)),
        Defect::EmptyKeyUsage => parts.set(Part::new(KEY_USAGE, true, vec![3, 1, 0])),
        Defect::OnlyDigitalSignature => parts.set(usage(0x80)),
        Defect::OnlyNonRepudiation => parts.set(usage(0x40)),
        Defect::SignsCertificates => parts.set(usage(0xc4)),
        Defect::BrokenKeyUsage => parts.set(Part::new(KEY_USAGE, true, NULL.to_vec())),
        Defect::NoExtendedKeyUsage => parts.remove(EXTENDED_KEY_USAGE),
        Defect::WrongExtendedKeyUsage => parts.set(extended(&[0x2b, 6, 1, 5, 5, 7, 3, 1])),
        Defect::AnyExtendedKeyUsage => parts.set(extended(&[0x55, 0x1d, 0x25, 0])),
        Defect::EmptyExtendedKeyUsage => {
            parts.set(Part::new(EXTENDED_KEY_USAGE, false, sequence(&[])));
        }
        Defect::BrokenExtendedKeyUsage => {
            parts.set(Part::new(EXTENDED_KEY_USAGE, false, NULL.to_vec()));
        }
        Defect::IsCa => {
            let inside = if kind == Kind::Root { &[][..] } else { &TRUE };
            parts.set(Part::new(BASIC_CONSTRAINTS, true, sequence(&[inside])));
        }
        Defect::PathLengthWithoutCa => {
            let value = sequence(&[&[2, 1, 0]]);
            parts.set(Part::new(BASIC_CONSTRAINTS, true, value));
        }
        Defect::BrokenBasicConstraints => {
            parts.set(Part::new(BASIC_CONSTRAINTS, true, NULL.to_vec()));
        }
        _ => {}
    }
}

fn policies(defect: Defect, kind: Kind, parts: &mut Parts) {
    // 1.3.6.1.4.1.32473.8.5.1 and 1.2.392.200149.8.5.1: simulation and JPKI.
    let own = |last: [u8; 2]| [&[0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 8, 5, 1], &last[..]].concat();
    let jpki = |last: [u8; 2]| [&[0x2a, 0x83, 8, 0x8c, 0x9b, 0x55, 8, 5, 1], &last[..]].concat();
    let (right, other, test) = if kind == Kind::Signing {
        ([1, 20], [3, 30], [0, 20])
    } else {
        ([3, 30], [1, 20], [0, 30])
    };
    match defect {
        Defect::NoPolicy => parts.remove(POLICIES),
        Defect::WrongPolicy => parts.set(policy(&own(other), &[])),
        Defect::TestPolicy => parts.set(policy(&jpki(test), &[])),
        Defect::AnyPolicy => parts.set(policy(&[0x55, 0x1d, 0x20, 0], &[])),
        Defect::EmptyPolicies => parts.set(Part::new(POLICIES, true, sequence(&[]))),
        Defect::UnknownQualifier => {
            let qualifier = sequence(&[&element(6, UNKNOWN), &NULL]);
            parts.set(policy(&own(right), &sequence(&[&qualifier])));
        }
        Defect::BrokenPolicies => parts.set(Part::new(POLICIES, true, NULL.to_vec())),
        _ => {}
    }
}

fn key(defect: Defect, parts: &mut Parts) {
    let exponent = [1, 0, 1];
    // 2048 bits: a zero byte, so that the number isn't negative, and 256.
    let usual = modulus(&[0, 0xc5], 257);
    let plain = rsa_key(&usual, &exponent, &[]);
    let algorithm = rsa(1, &NULL);
    match defect {
        Defect::NoSubjectKeyId => parts.remove(SUBJECT_KEY_ID),
        Defect::EmptySubjectKeyId => {
            parts.set(Part::new(SUBJECT_KEY_ID, false, element(4, &[])));
        }
        Defect::BrokenSubjectKeyId => {
            parts.set(Part::new(SUBJECT_KEY_ID, false, NULL.to_vec()));
        }
        Defect::SmallKey => parts.key = SMALL_PUBLIC.to_vec(),
        Defect::LargeKey => {
            let key = rsa_key(&modulus(&[1, 0xc5], 513), &exponent, &[]);
            parts.key = info(&algorithm, 0, &key);
        }
        Defect::SmallExponent => parts.key = info(&algorithm, 0, &rsa_key(&usual, &[3], &[])),
        Defect::NegativeModulus => {
            let key = rsa_key(&modulus(&[0xc5], 256), &exponent, &[]);
            parts.key = info(&algorithm, 0, &key);
        }
        Defect::TrailingInKey => {
            parts.key = info(&algorithm, 0, &rsa_key(&usual, &exponent, &NULL));
        }
        Defect::KeyUnusedBits => {
            let mut bits = plain;
            bits.push(0);
            parts.key = info(&algorithm, 3, &bits);
        }
        Defect::NoKeyParameters => parts.key = info(&rsa(1, &[]), 0, &plain),
        Defect::PssKey => parts.key = info(&rsa(10, &[]), 0, &plain),
        Defect::P256Key => parts.key = curve_key(P256, 4, 64),
        Defect::P384Key => parts.key = curve_key(P384, 4, 96),
        Defect::CompressedP384Key => parts.key = curve_key(P384, 2, 48),
        _ => {}
    }
}
