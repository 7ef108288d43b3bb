//! A certificate in parts, each as the bytes that it will have, so that any of them can be wrong.

use der::Encode;
use x509_cert::ext::Extension;

use crate::simulation::ber::{LengthForm, tlv};

/// Everything that a certificate consists of.
pub(super) struct Parts {
    /// With its tag `[0]`, or nothing.
    pub(super) version: Vec<u8>,
    pub(super) serial: Vec<u8>,
    /// The algorithm inside the signed part.
    pub(super) inner: Vec<u8>,
    pub(super) issuer: Vec<u8>,
    pub(super) not_before: Vec<u8>,
    pub(super) not_after: Vec<u8>,
    pub(super) subject: Vec<u8>,
    /// subjectPublicKeyInfo.
    pub(super) key: Vec<u8>,
    /// Between key and extensions.
    pub(super) unique_id: Vec<u8>,
    /// `None`: the field is missing.
    pub(super) extensions: Option<Vec<Part>>,
    /// Behind the extensions.
    pub(super) tail: Vec<u8>,
    /// The algorithm outside.
    pub(super) outer: Vec<u8>,
}

/// One extension.
#[derive(Clone)]
pub(super) struct Part {
    /// Value of the object identifier.
    pub(super) oid: Vec<u8>,
    /// The whole BOOLEAN, or nothing.
    pub(super) critical: Vec<u8>,
    pub(super) value: Vec<u8>,
    /// Behind the value.
    pub(super) tail: Vec<u8>,
}

/// BOOLEAN TRUE.
pub(super) const TRUE: [u8; 3] = [1, 1, 0xff];
pub(super) const NULL: [u8; 2] = [5, 0];

pub(super) fn element(tag: u16, value: &[u8]) -> Vec<u8> {
    tlv(tag, LengthForm::Shortest, value)
}

pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

impl Part {
    pub(super) fn new(oid: &[u8], critical: bool, value: Vec<u8>) -> Self {
        Self {
            oid: oid.to_vec(),
            critical: if critical { TRUE.to_vec() } else { Vec::new() },
            value,
            tail: Vec::new(),
        }
    }

    fn encode(&self) -> Vec<u8> {
        let oid = element(6, &self.oid);
        let value = element(4, &self.value);
        sequence(&[&oid, &self.critical, &value, &self.tail])
    }
}

impl From<Extension> for Part {
    fn from(extension: Extension) -> Self {
        let value = extension.extn_value.into_bytes();
        Self::new(
            extension.extn_id.as_bytes(),
            extension.critical,
            value.into(),
        )
    }
}

impl Parts {
    /// Takes a certificate of this PKI apart.
    pub(super) fn of(der: &[u8]) -> Option<Self> {
        let certificate = <x509_cert::Certificate as der::Decode>::from_der(der).ok()?;
        let tbs = certificate.tbs_certificate();
        let algorithm = certificate.signature_algorithm().to_der().ok()?;
        let extensions = tbs.extensions()?.iter().cloned().map(Part::from).collect();
        Some(Self {
            version: vec![0xa0, 3, 2, 1, 2],
            serial: tbs.serial_number().to_der().ok()?,
            inner: algorithm.clone(),
            issuer: tbs.issuer().to_der().ok()?,
            not_before: tbs.validity().not_before.to_der().ok()?,
            not_after: tbs.validity().not_after.to_der().ok()?,
            subject: tbs.subject().to_der().ok()?,
            key: tbs.subject_public_key_info().to_der().ok()?,
            unique_id: Vec::new(),
            extensions: Some(extensions),
            tail: Vec::new(),
            outer: algorithm,
        })
    }

    pub(super) fn tbs(&self) -> Vec<u8> {
        let validity = sequence(&[&self.not_before, &self.not_after]);
        let extensions = self.extensions.as_ref().map_or_else(Vec::new, |parts| {
            let list: Vec<u8> = parts.iter().flat_map(Part::encode).collect();
            element(0xa3, &sequence(&[&list]))
        });
        sequence(&[
            &self.version,
            &self.serial,
            &self.inner,
            &self.issuer,
            &validity,
            &self.subject,
            &self.key,
            &self.unique_id,
            &extensions,
            &self.tail,
        ])
    }

    /// `unused`: bits at the end of the signature that don't count.
    pub(super) fn signed(&self, tbs: &[u8], unused: u8, signature: &[u8]) -> Vec<u8> {
        let signature = element(3, &[&[unused], signature].concat());
        sequence(&[tbs, &self.outer, &signature])
    }

    /// Puts an extension in the place of the one with its identifier, or behind all.
    pub(super) fn set(&mut self, part: Part) {
        let list = self.extensions.get_or_insert_default();
        match list.iter_mut().find(|other| other.oid == part.oid) {
            Some(other) => *other = part,
            None => list.push(part),
        }
    }

    pub(super) fn remove(&mut self, oid: &[u8]) {
        if let Some(list) = &mut self.extensions {
            list.retain(|part| part.oid != oid);
        }
    }

    pub(super) fn part(&mut self, oid: &[u8]) -> Option<&mut Part> {
        self.extensions.as_mut()?.iter_mut().find(|p| p.oid == oid)
    }

    pub(super) fn value(&self, oid: &[u8]) -> Option<&[u8]> {
        let mut list = self.extensions.as_ref()?.iter();
        list.find(|p| p.oid == oid).map(|p| p.value.as_slice())
    }
}
