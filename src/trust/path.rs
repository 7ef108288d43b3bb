//! The path check: one leaf, one root, every rule of the profile.

use der::Tag;
use jiff::Timestamp;

use super::{
    AlgorithmPolicy, Certificate, CertificateUse, GraceRule, Root, Roots, SignatureAlgorithm,
    Standing, TrustError,
    error::wrong,
    extension::{check_name, is_ca},
    key::{KeyKind, PublicKey},
    oid,
    profile::{Profile, UNDERSTOOD},
};
use crate::{Realm, Realms};

/// A certificate that passed.
pub(super) struct Accepted<'a, 'r> {
    pub(super) key: PublicKey<'a>,
    pub(super) root: &'r Root,
    pub(super) standing: Standing,
}

/// What the caller asks for.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) usage: CertificateUse,
    pub(super) realms: Realms,
    pub(super) now: Timestamp,
    pub(super) grace: GraceRule,
}

/// All the rules, in the order in which [`Roots::validate_authentication`] states them.
pub(super) fn check<'a, 'r>(
    der: &'a [u8],
    roots: &'r Roots,
    asked: Asked,
) -> Result<Accepted<'a, 'r>, TrustError> {
    let certificate = Certificate::parse(der)?;
    let root = issuer(&certificate, roots).map_err(|error| match error {
        TrustError::UnknownIssuer => {
            unknown_issuer(&certificate, &Roots::jpki(asked.usage), asked.realms)
        }
        error => error,
    })?;
    if !asked.realms.contains(root.realm) {
        return Err(TrustError::RealmNotAccepted { found: root.realm });
    }
    let standing = standing(&certificate, root, asked.now, asked.grace)?;
    check_critical(&certificate, &UNDERSTOOD)?;
    check_names(&certificate)?;
    check_usage(&certificate, asked.usage.profile())?;
    let bears = policy_of(&certificate, roots, asked.usage, root.realm)?;
    if bears == Bears::Added && matches!(standing, Standing::Grace { .. }) {
        let (now, not_after) = (asked.now, certificate.not_after());
        return Err(TrustError::Lapsed { now, not_after });
    }
    if let Some(own) = certificate.extension(oid::SUBJECT_KEY_ID) {
        own.subject_key_id()?;
    }
    let key = PublicKey::parse(certificate.key())?
        .filter(|key| roots.algorithms().accepts(key.kind))
        .ok_or_else(|| key_not_accepted(&certificate))?;
    Ok(Accepted {
        key,
        root,
        standing,
    })
}

/// A real card at a desk that doesn't pin the real roots is refused like any
/// other unknown one, but nothing is wrong with the card: `others` know it. Where
/// its world is accepted, a root is missing, and that is said.
pub(super) fn unknown_issuer(
    certificate: &Certificate<'_>,
    others: &Roots,
    realms: Realms,
) -> TrustError {
    match issuer(certificate, others) {
        Ok(root) if !realms.contains(root.realm) => {
            TrustError::RealmNotAccepted { found: root.realm }
        }
        _ => TrustError::UnknownIssuer,
    }
}

/// The root that signed. Roots of all generations share one name, so the key
/// identifier chooses and the signature decides.
fn issuer<'r>(certificate: &Certificate<'_>, roots: &'r Roots) -> Result<&'r Root, TrustError> {
    const NAME: &str = "authorityKeyIdentifier";
    let named = || roots.iter().filter(|r| r.name == certificate.issuer());
    if named().next().is_none() {
        return Err(TrustError::UnknownIssuer);
    }
    let authority = certificate
        .extension(oid::AUTHORITY_KEY_ID)
        .ok_or(wrong(NAME, "absent"))?
        .authority_key_id()?;
    let key_id = authority
        .key_id
        .ok_or(wrong(NAME, "has no keyIdentifier"))?;
    let mut candidates = named()
        .filter(|r| r.key_id == key_id && authority.serial.is_none_or(|serial| r.serial == serial))
        .peekable();
    if candidates.peek().is_none() {
        return Err(TrustError::UnknownIssuer);
    }
    let algorithm = algorithm(certificate, roots.algorithms())?;
    candidates
        .find(|r| {
            r.key
                .verify(algorithm, certificate.tbs(), certificate.signature())
        })
        .ok_or(TrustError::BadSignature)
}

/// The signature's algorithm. That inside and outside agree was seen in parsing.
pub(super) fn algorithm(
    certificate: &Certificate<'_>,
    policy: AlgorithmPolicy,
) -> Result<SignatureAlgorithm, TrustError> {
    policy
        .signature(certificate.algorithm())
        .ok_or_else(|| TrustError::AlgorithmNotAccepted {
            oid: oid::dotted(first_identifier(certificate.algorithm())),
        })
}

pub(super) fn key_not_accepted(certificate: &Certificate<'_>) -> TrustError {
    let bits = match PublicKey::parse(certificate.key()) {
        Ok(Some(PublicKey {
            kind: KeyKind::Rsa { bits, usual: true },
            ..
        })) => Some(bits),
        _ => None,
    };
    TrustError::KeyNotAccepted {
        oid: oid::dotted(first_identifier(
            certificate
                .key()
                .inside("subjectPublicKeyInfo")
                .and_then(|mut parts| parts.next("algorithm", Tag::Sequence))
                .map_or(&[], |algorithm| algorithm.bytes),
        )),
        bits,
    }
}

/// Of an AlgorithmIdentifier; empty if it begins with something else.
fn first_identifier(algorithm: &[u8]) -> &[u8] {
    const NAME: &str = "algorithm";
    super::cursor::Cursor::new(algorithm, 0, NAME)
        .and_then(|mut whole| whole.next(NAME, Tag::Sequence)?.inside(NAME))
        .and_then(|mut parts| parts.next(NAME, Tag::ObjectIdentifier))
        .map_or(&[], |identifier| identifier.value)
}

/// Every critical extension must be in `understood`.
pub(super) fn check_critical(
    certificate: &Certificate<'_>,
    understood: &[&[u8]],
) -> Result<(), TrustError> {
    match certificate
        .extensions()
        .find(|e| e.critical && !understood.contains(&e.oid))
    {
        None => Ok(()),
        Some(unknown) => Err(TrustError::UnknownCriticalExtension {
            oid: oid::dotted(unknown.oid),
        }),
    }
}

/// The certificate before its root: "lapsed" is what the person can do something about.
fn standing(
    certificate: &Certificate<'_>,
    root: &Root,
    now: Timestamp,
    grace: GraceRule,
) -> Result<Standing, TrustError> {
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    if now < not_before {
        return Err(TrustError::NotYetValid { now, not_before });
    }
    let standing =
        Standing::at(now, not_after, grace).ok_or(TrustError::Lapsed { now, not_after })?;
    if !root.is_valid_at(now) {
        return Err(TrustError::RootNotValid {
            now,
            not_before: root.not_before,
            not_after: root.not_after,
        });
    }
    Ok(standing)
}

/// A holder has a name, and isn't his own issuer.
fn check_names(certificate: &Certificate<'_>) -> Result<(), TrustError> {
    check_name(&certificate.subject_element(), "subject")?;
    if certificate.subject() == certificate.issuer() {
        return Err(wrong("subject", "is the issuer"));
    }
    Ok(())
}

fn check_usage(certificate: &Certificate<'_>, profile: &Profile) -> Result<(), TrustError> {
    let usage = certificate
        .extension(oid::KEY_USAGE)
        .ok_or(wrong("keyUsage", "absent"))?
        .key_usage()?;
    for &(bit, lacks) in profile.key_usage {
        if !usage.0.contains(bit) {
            return Err(wrong("keyUsage", lacks));
        }
    }
    // RFC 5280 §4.2.1.3: for CAs only.
    if usage.key_cert_sign() {
        return Err(wrong("keyUsage", "has keyCertSign"));
    }
    let extended = certificate.extension(oid::EXTENDED_KEY_USAGE);
    match (extended, profile.purpose) {
        (None, None) => {}
        (None, Some(_)) => return Err(wrong("extKeyUsage", "absent")),
        (Some(_), None) => return Err(wrong("extKeyUsage", "present")),
        (Some(found), Some((purpose, lacks))) => {
            if !found.lists(purpose)? {
                return Err(wrong("extKeyUsage", lacks));
            }
        }
    }
    if certificate
        .extension(oid::BASIC_CONSTRAINTS)
        .map_or(Ok(false), is_ca)?
    {
        return Err(wrong("basicConstraints", "says CA:TRUE"));
    }
    Ok(())
}

/// Whose policy a certificate bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bears {
    /// That of cards, perhaps beside others.
    Cards,
    /// One that the caller added, for phones, and that of cards not.
    Added,
}

fn policy_of(
    certificate: &Certificate<'_>,
    roots: &Roots,
    usage: CertificateUse,
    realm: Realm,
) -> Result<Bears, TrustError> {
    const NAME: &str = "certificatePolicies";
    let card = usage.profile().policy(realm);
    let (mut first, mut bears, mut understood) = (None, None, true);
    certificate
        .extension(oid::CERTIFICATE_POLICIES)
        .ok_or(wrong(NAME, "absent"))?
        .policies(|policy, known| {
            let _: &mut &[u8] = first.get_or_insert(policy);
            if policy == card {
                bears = Some(Bears::Cards);
            } else if roots.accepts_policy(usage, realm, policy) {
                let _: &mut Bears = bears.get_or_insert(Bears::Added);
            }
            understood &= known;
        })?;
    match (bears, understood) {
        (Some(bears), true) => Ok(bears),
        (Some(_), false) => Err(wrong(NAME, "has a qualifier that is not understood")),
        (None, _) => Err(TrustError::PolicyNotAccepted {
            found: first.map(oid::dotted),
            wanted: oid::dotted(card),
        }),
    }
}
