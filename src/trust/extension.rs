//! The extensions of a certificate: kept as bytes, read again when asked for.

use der::Tag;

use super::{
    Certificate, CertificateError,
    cursor::{Cursor, Element},
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
