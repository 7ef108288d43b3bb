//! The path check: one leaf, one root, every rule of the profile.

use der::Tag;
use jiff::Timestamp;
use x509_cert::ext::pkix::KeyUsage;

use super::{
    Certificate, CertificateError, GraceRule, Root, Roots, Standing, TrustError,
    extension::Extension,
    key::{self, RsaKey},
    oid,
    roots::is_ca,
};
use crate::{Realm, Realms};

/// A certificate that passed.
pub(super) struct Accepted<'a> {
    pub(super) key: RsaKey<'a>,
    pub(super) realm: Realm,
    pub(super) standing: Standing,
}

/// All the rules, in the order in which [`Roots::validate_authentication`] states them.
pub(super) fn check<'a>(
    der: &'a [u8],
    roots: &Roots,
    realms: Realms,
    now: Timestamp,
    grace: GraceRule,
) -> Result<Accepted<'a>, TrustError> {
    let certificate = Certificate::parse(der)?;
    let root = issuer(&certificate, roots).map_err(|error| {
        if error != TrustError::UnknownIssuer {
            return error;
        }
        // A real card at a desk that doesn't pin the real roots is refused like
        // any other unknown one, but nothing is wrong with the card.
        match issuer(&certificate, &Roots::jpki_authentication()) {
            Ok(root) => TrustError::RealmNotAccepted { found: root.realm },
            Err(_) => error,
        }
    })?;
    if !realms.contains(root.realm) {
        return Err(TrustError::RealmNotAccepted { found: root.realm });
    }
    let standing = standing(&certificate, root, now, grace)?;
    check_critical(
        &certificate,
        &[
            oid::KEY_USAGE,
            oid::EXTENDED_KEY_USAGE,
            oid::BASIC_CONSTRAINTS,
            oid::CERTIFICATE_POLICIES,
            oid::AUTHORITY_KEY_ID,
        ],
    )?;
    check_usage(&certificate, root.realm)?;
    let key = RsaKey::parse(certificate.key())?
        .filter(|key| key.bits == LEAF_BITS)
        .ok_or(wrong(
            "subjectPublicKeyInfo",
            "is not RSA of 2048 bits with exponent 65537",
        ))?;
    Ok(Accepted {
        key,
        realm: root.realm,
        standing,
    })
}

/// Modulus of every key on today's cards. The next card has P-384, which is another algorithm.
const LEAF_BITS: usize = 2048;

/// The policy that certificates for user authentication bear, by realm.
pub(super) const fn policy(realm: Realm) -> &'static [u8] {
    match realm {
        // 1.2.392.200149.8.5.1.3.30
        Realm::Production => &[0x2a, 0x83, 0x08, 0x8c, 0x9b, 0x55, 8, 5, 1, 3, 30],
        // 1.2.392.200149.8.5.1.0.30
        Realm::JpkiTest => &[0x2a, 0x83, 0x08, 0x8c, 0x9b, 0x55, 8, 5, 1, 0, 30],
        // 1.3.6.1.4.1.32473.8.5.1.3.30, below the number for examples of RFC 5612
        Realm::Simulation => &[0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 8, 5, 1, 3, 30],
    }
}

/// The root that signed. Roots of all generations share one name, so the key
/// identifier chooses and the signature decides.
fn issuer<'r>(certificate: &Certificate<'_>, roots: &'r Roots) -> Result<&'r Root, TrustError> {
    let named = || roots.iter().filter(|r| r.name == certificate.issuer());
    if named().next().is_none() {
        return Err(TrustError::UnknownIssuer);
    }
    let extension = certificate
        .extension(oid::AUTHORITY_KEY_ID)
        .ok_or(wrong("authorityKeyIdentifier", "absent"))?;
    let key_id = authority_key_id(extension)?
        .ok_or(wrong("authorityKeyIdentifier", "has no keyIdentifier"))?;
    let mut candidates = named().filter(|r| r.key_id == key_id).peekable();
    if candidates.peek().is_none() {
        return Err(TrustError::UnknownIssuer);
    }
    check_algorithm(certificate)?;
    candidates
        .find(|r| key::verify_sha256(&r.key, certificate.tbs(), certificate.signature()))
        .ok_or(TrustError::BadSignature)
}

/// Only sha256WithRSAEncryption. That inside and outside agree was seen in parsing.
pub(super) fn check_algorithm(certificate: &Certificate<'_>) -> Result<(), TrustError> {
    if certificate.algorithm() == oid::SHA256_WITH_RSA {
        Ok(())
    } else {
        Err(wrong(
            "signatureAlgorithm",
            "is not sha256WithRSAEncryption with NULL parameters",
        ))
    }
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
    if now < root.not_before || now.as_second() > root.not_after.as_second() {
        return Err(TrustError::RootNotValid {
            now,
            not_before: root.not_before,
            not_after: root.not_after,
        });
    }
    Ok(standing)
}

fn check_usage(certificate: &Certificate<'_>, realm: Realm) -> Result<(), TrustError> {
    let required = |oid, element| certificate.extension(oid).ok_or(wrong(element, "absent"));
    let usage = required(oid::KEY_USAGE, "keyUsage")?
        .element("keyUsage", Tag::BitString)?
        .decode::<KeyUsage>("keyUsage")?;
    if !usage.digital_signature() {
        return Err(wrong("keyUsage", "lacks digitalSignature"));
    }
    let extended = required(oid::EXTENDED_KEY_USAGE, "extKeyUsage")?;
    if !lists(extended, oid::CLIENT_AUTH)? {
        return Err(wrong("extKeyUsage", "lacks clientAuth"));
    }
    if certificate
        .extension(oid::BASIC_CONSTRAINTS)
        .map_or(Ok(false), is_ca)?
    {
        return Err(wrong("basicConstraints", "says CA:TRUE"));
    }
    let policies = required(oid::CERTIFICATE_POLICIES, "certificatePolicies")?;
    if !names_policy(policies, policy(realm))? {
        return Err(wrong(
            "certificatePolicies",
            "lacks the policy of user authentication",
        ));
    }
    Ok(())
}

/// Whether an ExtKeyUsageSyntax (RFC 5280 §4.2.1.12) holds `purpose`.
fn lists(extension: Extension<'_>, purpose: &[u8]) -> Result<bool, CertificateError> {
    let mut purposes = extension
        .element("extKeyUsage", Tag::Sequence)?
        .inside("extKeyUsage")?;
    let mut found = false;
    while !purposes.is_finished() {
        found |= purposes.next("extKeyUsage", Tag::ObjectIdentifier)?.value == purpose;
    }
    Ok(found)
}

/// Whether certificatePolicies (RFC 5280 §4.2.1.4) name `policy`.
///
/// JPKI marks them critical, and then a qualifier must be understood: the
/// pointer to the practice statement and the user notice are, as nothing is to
/// be done with them; another one refuses its policy.
fn names_policy(extension: Extension<'_>, policy: &[u8]) -> Result<bool, CertificateError> {
    const NAME: &str = "certificatePolicies";
    let mut policies = extension.element(NAME, Tag::Sequence)?.inside(NAME)?;
    let mut found = false;
    while !policies.is_finished() {
        let mut parts = policies.next(NAME, Tag::Sequence)?.inside(NAME)?;
        let identifier = parts.next(NAME, Tag::ObjectIdentifier)?.value;
        let mut understood = true;
        if let Some(list) = parts.next_if(NAME, Tag::Sequence)? {
            let mut qualifiers = list.inside(NAME)?;
            while !qualifiers.is_finished() {
                let mut qualifier = qualifiers.next(NAME, Tag::Sequence)?.inside(NAME)?;
                let kind = qualifier.next(NAME, Tag::ObjectIdentifier)?.value;
                understood &= oid::QUALIFIERS.contains(&kind);
                qualifier.any(NAME)?;
                qualifier.finish(NAME)?;
            }
        }
        parts.finish(NAME)?;
        found |= understood && identifier == policy;
    }
    Ok(found)
}

/// keyIdentifier `[0]` of AuthorityKeyIdentifier (RFC 5280 §4.2.1.1). Issuer and
/// serial number beside it are hints for a search that isn't needed here.
fn authority_key_id(extension: Extension<'_>) -> Result<Option<&[u8]>, CertificateError> {
    const NAME: &str = "authorityKeyIdentifier";
    let mut parts = extension.element(NAME, Tag::Sequence)?.inside(NAME)?;
    let primitive = Tag::ContextSpecific {
        constructed: false,
        number: der::TagNumber(0),
    };
    let key_id = parts.next_if(NAME, primitive)?.map(|e| e.value);
    while !parts.is_finished() {
        parts.any(NAME)?;
    }
    Ok(key_id)
}

const fn wrong(element: &'static str, why: &'static str) -> TrustError {
    TrustError::NotForThisPurpose { element, why }
}
