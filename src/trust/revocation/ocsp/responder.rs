//! Who signed an answer: the root, or somebody whom it appointed (RFC 6960 §4.2.2.2).

use der::Tag;
use jiff::Timestamp;

use super::CertIdHash;
use crate::trust::{
    Certificate, Root,
    certificate::whole_bytes,
    cursor::{Cursor, Element},
    extension::is_ca,
    key::{OwnedKey, PublicKey},
    oid,
    revocation::{
        RevocationAnswer, RevocationError, RevocationQuery, RevocationSource, check_signature,
        of_trust,
        point::{context, only},
    },
};

/// Most certificates in an answer; one is enough.
const MOST_CERTIFICATES: usize = 4;

/// ResponderID: a choice of two.
pub(super) enum Responder<'a> {
    Name(&'a [u8]),
    /// SHA-1 over the key's bits.
    Key(&'a [u8]),
}

impl<'a> Responder<'a> {
    pub(super) fn parse(fields: &mut Cursor<'a>) -> Result<Self, RevocationError> {
        const NAME: &str = "responderID";
        if let Some(tagged) = fields.next_if(NAME, context(1, true))? {
            let name = only(&mut tagged.inside(NAME)?, NAME, Tag::Sequence)?;
            return Ok(Self::Name(name.bytes));
        }
        let tagged = fields.next(NAME, context(2, true))?;
        let hash = only(&mut tagged.inside(NAME)?, NAME, Tag::OctetString)?;
        Ok(Self::Key(hash.value))
    }

    fn is(&self, name: &[u8], key: &[u8]) -> bool {
        match self {
            Self::Name(given) => *given == name,
            Self::Key(hash) => *hash == CertIdHash::Sha1.of(key),
        }
    }

    /// The key that has to have signed.
    ///
    /// `certificates`: `[0] EXPLICIT SEQUENCE OF Certificate`, if there is one.
    pub(super) fn key(
        &self,
        certificates: Option<&Element<'a>>,
        root: &Root,
        responders: Option<&dyn RevocationSource>,
        now: Timestamp,
    ) -> Result<OwnedKey, RevocationError> {
        const NAME: &str = "certs";
        if self.is(&root.name, root.key.bytes()) {
            return Ok(root.key.clone());
        }
        let tagged = certificates.ok_or(RevocationError::NotAppointed)?;
        let mut list = only(&mut tagged.inside(NAME)?, NAME, Tag::Sequence)?.inside(NAME)?;
        for _ in 0..MOST_CERTIFICATES {
            if list.is_finished() {
                break;
            }
            let certificate = Certificate::parse(list.next(NAME, Tag::Sequence)?.bytes)?;
            let Some(key) = PublicKey::parse(certificate.key())? else {
                continue;
            };
            if self.is(certificate.subject(), key.bytes) {
                check_delegate(&certificate, &key, root, responders, now)?;
                return Ok(key.to_owned());
            }
        }
        Err(RevocationError::NotAppointed)
    }
}

fn check_delegate(
    certificate: &Certificate<'_>,
    key: &PublicKey<'_>,
    root: &Root,
    responders: Option<&dyn RevocationSource>,
    now: Timestamp,
) -> Result<(), RevocationError> {
    let extension = |oid| certificate.extension(oid);
    if certificate.issuer() != root.name {
        return Err(RevocationError::NotAppointed);
    }
    if let Some(found) = extension(oid::AUTHORITY_KEY_ID)
        && found
            .authority_key_id()
            .map_err(of_trust)?
            .key_id
            .is_some_and(|id| id != root.key_id)
    {
        return Err(RevocationError::NotAppointed);
    }
    check_signature(
        root.key.as_key(),
        certificate.algorithm(),
        certificate.tbs(),
        certificate.signature(),
    )?;
    // Signed by the root and still of somebody else: a person's certificate must never answer for others.
    let appointed = match extension(oid::EXTENDED_KEY_USAGE) {
        Some(found) => found.lists(oid::OCSP_SIGNING)?,
        None => false,
    };
    if !appointed {
        return Err(RevocationError::NotAppointed);
    }
    let second = now.as_second();
    if second < certificate.not_before().as_second() || second > certificate.not_after().as_second()
    {
        return Err(refuse("validity", "is over or to come"));
    }
    let understood = [
        oid::KEY_USAGE,
        oid::EXTENDED_KEY_USAGE,
        oid::BASIC_CONSTRAINTS,
        oid::CERTIFICATE_POLICIES,
        oid::AUTHORITY_KEY_ID,
        oid::OCSP_NOCHECK,
    ];
    if let Some(unknown) = certificate
        .extensions()
        .find(|found| found.critical && !understood.contains(&found.oid))
    {
        return Err(RevocationError::UnknownCriticalExtension {
            oid: oid::dotted(unknown.oid),
        });
    }
    // Whichever policies these are; but what is critical in them has to be understood.
    if let Some(found) = extension(oid::CERTIFICATE_POLICIES) {
        let mut understood = true;
        found.policies(|_, known| understood &= known)?;
        if !understood {
            let why = "has a qualifier that is not understood";
            return Err(refuse("certificatePolicies", why));
        }
    }
    if let Some(found) = extension(oid::KEY_USAGE)
        && !found.key_usage()?.digital_signature()
    {
        return Err(refuse("keyUsage", "lacks digitalSignature"));
    }
    if let Some(found) = extension(oid::BASIC_CONSTRAINTS)
        && is_ca(found).map_err(of_trust)?
    {
        return Err(refuse("basicConstraints", "says CA:TRUE"));
    }
    if !key.kind.is_accepted() {
        return Err(refuse(
            "subjectPublicKeyInfo",
            "is neither RSA of 2048 to 4096 bits nor P-384",
        ));
    }
    if extension(oid::OCSP_NOCHECK).is_some() {
        return Ok(());
    }
    let query = RevocationQuery::of_validated(certificate, *root.sha256());
    match responders.map(|source| source.ask(&query, now)) {
        Some(RevocationAnswer::Good) => Ok(()),
        _ => Err(RevocationError::ResponderUnchecked),
    }
}

/// Of the responder's certificate.
const fn refuse(element: &'static str, why: &'static str) -> RevocationError {
    RevocationError::NotAllowed { element, why }
}

/// The bits of a signature.
pub(super) fn signature<'a>(parts: &mut Cursor<'a>) -> Result<&'a [u8], RevocationError> {
    Ok(whole_bytes(
        &parts.next("signature", Tag::BitString)?,
        "signature",
    )?)
}
