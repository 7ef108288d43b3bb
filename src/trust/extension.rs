//! The extensions of a certificate: kept as bytes, read again when asked for.

use der::{Tag, TagNumber};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};

use super::{
    Certificate, CertificateError, TrustError,
    cursor::{Cursor, Element},
    error::wrong,
    oid,
};

/// One extension (RFC 5280 §4.1.2.9).
#[derive(Clone, Copy, Debug)]
pub(super) struct Extension<'a> {
    /// Value of the object identifier.
    pub(super) oid: &'a [u8],
    pub(super) critical: bool,
    /// What is inside the OCTET STRING.
    pub(super) value: &'a [u8],
    /// Of `value`, from the start of the certificate.
    pub(super) position: usize,
}

/// All of them; each was read once without an error, and no identifier comes twice.
#[derive(Clone, Debug)]
pub(super) struct Extensions<'a>(Cursor<'a>);

impl<'a> Extensions<'a> {
    /// `tagged`: `[3] EXPLICIT SEQUENCE SIZE (1..MAX) OF Extension`.
    pub(super) fn parse(tagged: &Element<'a>) -> Result<Self, CertificateError> {
        let mut inside = tagged.inside("extensions")?;
        let sequence = inside.next("extensions", Tag::Sequence)?;
        inside.finish("extensions")?;
        Self::of_sequence(&sequence)
    }

    /// `sequence`: the same without the tag around it.
    pub(super) fn of_sequence(sequence: &Element<'a>) -> Result<Self, CertificateError> {
        let all = Self(sequence.inside("extensions")?);

        // A plain array: an attacker decides how many there are, not how much is allocated.
        let mut seen: [&[u8]; Certificate::MAX_EXTENSIONS] = [&[]; Certificate::MAX_EXTENSIONS];
        let mut rest = all.0.clone();
        let mut count = 0;
        while !rest.is_finished() {
            let position = rest.position();
            let refuse = |why| CertificateError::Profile {
                position,
                element: "extensions",
                why,
            };
            let oid = Extension::next(&mut rest)?.oid;
            if seen.iter().take(count).any(|earlier| *earlier == oid) {
                return Err(refuse("one comes twice"));
            }
            *seen.get_mut(count).ok_or(refuse("too many"))? = oid;
            count += 1;
        }
        if count == 0 {
            return Err(CertificateError::Profile {
                position: sequence.position,
                element: "extensions",
                why: "empty",
            });
        }
        Ok(all)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Extension<'a>> + use<'a> {
        let mut rest = self.0.clone();
        std::iter::from_fn(move || {
            (!rest.is_finished())
                .then(|| Extension::next(&mut rest).ok())
                .flatten()
        })
    }
}

impl<'a> Extension<'a> {
    fn next(cursor: &mut Cursor<'a>) -> Result<Self, CertificateError> {
        let mut parts = cursor
            .next("extension", Tag::Sequence)?
            .inside("extension")?;
        let oid = parts.next("extnID", Tag::ObjectIdentifier)?.value;
        let critical = match parts.next_if("critical", Tag::Boolean)? {
            Some(flag) => flag.decode::<bool>("critical")?,
            None => false,
        };
        let octets = parts.next("extnValue", Tag::OctetString)?;
        parts.finish("extension")?;
        Ok(Self {
            oid,
            critical,
            value: octets.value,
            position: octets.value_position(),
        })
    }

    /// The one element that the value consists of.
    pub(super) fn element(
        &self,
        name: &'static str,
        tag: Tag,
    ) -> Result<Element<'a>, CertificateError> {
        let mut cursor = Cursor::new(self.value, self.position, name)?;
        let element = cursor.next(name, tag)?;
        cursor.finish(name)?;
        Ok(element)
    }
}

/// What the extensions of JPKI say. Each reads its value whole.
impl<'a> Extension<'a> {
    /// RFC 5280 §4.2.1.3.
    pub(super) fn key_usage(&self) -> Result<KeyUsage, CertificateError> {
        const NAME: &str = "keyUsage";
        self.element(NAME, Tag::BitString)?.decode(NAME)
    }

    /// Whether an ExtKeyUsageSyntax (RFC 5280 §4.2.1.12) holds `purpose`.
    pub(super) fn lists(&self, purpose: &[u8]) -> Result<bool, CertificateError> {
        const NAME: &str = "extKeyUsage";
        let mut purposes = self.element(NAME, Tag::Sequence)?.inside(NAME)?;
        let mut found = false;
        while !purposes.is_finished() {
            found |= purposes.next(NAME, Tag::ObjectIdentifier)?.value == purpose;
        }
        Ok(found)
    }

    /// The policies (RFC 5280 §4.2.1.4), and whether each has no qualifier but the known ones.
    ///
    /// JPKI marks them critical, and then a qualifier must be understood: the
    /// pointer to the practice statement and the user notice are, as nothing is
    /// to be done with them.
    pub(super) fn policies(
        &self,
        mut each: impl FnMut(&'a [u8], bool),
    ) -> Result<(), CertificateError> {
        const NAME: &str = "certificatePolicies";
        let mut policies = self.element(NAME, Tag::Sequence)?.inside(NAME)?;
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
            each(identifier, understood);
        }
        Ok(())
    }

    /// keyIdentifier `[0]` and authorityCertSerialNumber `[2]` (RFC 5280 §4.2.1.1).
    ///
    /// The issuer's name `[1]` beside the number isn't compared: it may be encoded
    /// in another way, and key and number already say which certificate is meant.
    pub(super) fn authority_key_id(&self) -> Result<AuthorityKey<'a>, TrustError> {
        const NAME: &str = "authorityKeyIdentifier";
        let tag = |number, constructed| Tag::ContextSpecific {
            constructed,
            number: TagNumber(number),
        };
        let mut parts = self.element(NAME, Tag::Sequence)?.inside(NAME)?;
        let key_id = parts.next_if(NAME, tag(0, false))?;
        let issuer = parts.next_if(NAME, tag(1, true))?;
        let serial = parts.next_if(NAME, tag(2, false))?;
        parts.finish(NAME)?;
        if issuer.is_some() != serial.is_some() {
            return Err(wrong(NAME, "has issuer or serial number without the other"));
        }
        let serial = serial.map(|number| match number.value {
            [0, rest @ ..] if !rest.is_empty() => rest,
            all => all,
        });
        Ok(AuthorityKey {
            key_id: key_id.map(|id| id.value),
            serial,
        })
    }

    /// RFC 5280 §4.2.1.2. That it is a hash of the key isn't asked for: how it is
    /// made is the issuer's choice.
    pub(super) fn subject_key_id(&self) -> Result<&'a [u8], TrustError> {
        const NAME: &str = "subjectKeyIdentifier";
        match self.element(NAME, Tag::OctetString)?.value {
            [] => Err(wrong(NAME, "is empty")),
            value => Ok(value),
        }
    }
}

/// What an authorityKeyIdentifier says.
pub(super) struct AuthorityKey<'a> {
    pub(super) key_id: Option<&'a [u8]>,
    /// Of the issuer's own certificate, without leading zero.
    pub(super) serial: Option<&'a [u8]>,
}

/// basicConstraints (RFC 5280 §4.2.1.9).
pub(super) fn is_ca(extension: Extension<'_>) -> Result<bool, TrustError> {
    const NAME: &str = "basicConstraints";
    let found: BasicConstraints = extension.element(NAME, Tag::Sequence)?.decode(NAME)?;
    if found.path_len_constraint.is_some() && !found.ca {
        return Err(wrong(NAME, "has a path length without CA:TRUE"));
    }
    Ok(found.ca)
}

/// A Name (RFC 5280 §4.1.2.4) with at least one part, each of them whole.
pub(super) fn check_name(name: &Element<'_>, element: &'static str) -> Result<(), TrustError> {
    let mut sets = name.inside(element)?;
    if sets.is_finished() {
        return Err(wrong(element, "is empty"));
    }
    while !sets.is_finished() {
        let mut attributes = sets.next(element, Tag::Set)?.inside(element)?;
        // SET SIZE (1..MAX): the first is read unasked.
        loop {
            let mut parts = attributes.next(element, Tag::Sequence)?.inside(element)?;
            parts.next(element, Tag::ObjectIdentifier)?;
            parts.any(element)?;
            parts.finish(element)?;
            if attributes.is_finished() {
                break;
            }
        }
    }
    Ok(())
}
