//! A list of revoked certificates, and the certificates that it is about, on P-384 and made by hand.

use jiff::Timestamp;

use super::made::{Key, Made, ROOT, authority, element, extension, name, root, sequence, signed};
use crate::trust::{
    Certificate, CertificateError, CrlIndex, RevocationAnswer, RevocationError, RevocationQuery,
    RevocationSource, Root, oid,
};

pub(super) fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

pub(super) const UTC: u8 = 0x17;

/// The parts of a list, as DER.
pub(super) struct List {
    pub(super) version: Vec<u8>,
    pub(super) inner: Vec<u8>,
    pub(super) outer: Vec<u8>,
    pub(super) issuer: Vec<u8>,
    pub(super) times: Vec<u8>,
    pub(super) entries: Vec<u8>,
    pub(super) extensions: Vec<u8>,
}

impl List {
    pub(super) fn new() -> Self {
        Self {
            version: vec![2, 1, 1],
            inner: oid::ECDSA_WITH_SHA384.to_vec(),
            outer: oid::ECDSA_WITH_SHA384.to_vec(),
            issuer: name(ROOT),
            times: [
                element(UTC, &[b"260601000000Z"]),
                element(UTC, &[b"260602000000Z"]),
            ]
            .concat(),
            entries: Vec::new(),
            extensions: Vec::new(),
        }
    }

    pub(super) fn of(entries: &[Vec<u8>]) -> Self {
        Self {
            entries: sequence(&[&entries.concat()]),
            ..Self::new()
        }
    }

    pub(super) fn extended(extensions: &[Vec<u8>]) -> Self {
        Self {
            extensions: element(0xa0, &[&sequence(&[&extensions.concat()])]),
            ..Self::new()
        }
    }

    /// Of these points.
    pub(super) fn about(points: &[&[u8]]) -> Self {
        let full = element(0xa0, &[&element(0xa0, points)]);
        Self::extended(&[extension(
            oid::ISSUING_DISTRIBUTION_POINT,
            true,
            &sequence(&[&full, &[0x81, 1, 0xff]]),
        )])
    }

    pub(super) fn tbs(&self) -> Vec<u8> {
        sequence(&[
            &self.version,
            &self.inner,
            &self.issuer,
            &self.times,
            &self.entries,
            &self.extensions,
        ])
    }

    pub(super) fn der(&self, key: &Key) -> Vec<u8> {
        signed(self.tbs(), &self.outer, |tbs| key.sign(tbs))
    }
}

pub(super) fn entry(serial: &[u8]) -> Vec<u8> {
    entry_at(serial, b"260501000000Z", &[])
}

/// `extensions`: of the entry, `SEQUENCE OF`, or nothing.
pub(super) fn entry_at(serial: &[u8], at: &[u8], extensions: &[u8]) -> Vec<u8> {
    sequence(&[&element(2, &[serial]), &element(UTC, &[at]), extensions])
}

pub(super) fn reason(code: &[u8]) -> Vec<u8> {
    let value = element(0x0a, &[code]);
    sequence(&[&extension(oid::REASON_CODE, false, &value)])
}

/// A point's name: directoryName, and one as a location.
pub(super) fn directory(text: &[u8]) -> Vec<u8> {
    element(0xa4, &[&name(text)])
}

pub(super) fn location(text: &[u8]) -> Vec<u8> {
    element(0x86, &[text])
}

/// A holder's certificate with that INTEGER for its number, and a point for each list of names.
pub(super) fn holder(serial: &[u8], points: &[&[&[u8]]], key: &Key) -> Vec<u8> {
    let points: Vec<u8> = points
        .iter()
        .flat_map(|names| sequence(&[&element(0xa0, &[&element(0xa0, names)])]))
        .collect();
    holder_with(serial, &sequence(&[&points]), key)
}

pub(super) fn holder_with(serial: &[u8], points: &[u8], key: &Key) -> Vec<u8> {
    let points = extension(oid::CRL_DISTRIBUTION_POINTS, false, points);
    let made = Made {
        serial,
        ..Made::new(b"holder", key.info(), &[authority(), points])
    };
    made.signed(|tbs| key.sign(tbs))
}

pub(super) struct Ca {
    pub(super) key: Key,
    pub(super) root: Root,
}

impl Ca {
    pub(super) fn new() -> Self {
        let key = Key::new();
        let root = root(&key);
        Self { key, root }
    }

    pub(super) fn build(&self, list: &List) -> Result<CrlIndex, RevocationError> {
        CrlIndex::build(&list.der(&self.key), &self.root, now())
    }

    pub(super) fn ask(
        &self,
        source: &dyn RevocationSource,
        certificate: &[u8],
    ) -> RevocationAnswer {
        let certificate = Certificate::parse(certificate).unwrap();
        let query = RevocationQuery::new(&certificate, &self.root).unwrap();
        source.ask(&query, now())
    }
}

pub(super) fn der_error(found: RevocationError) -> &'static str {
    match found {
        RevocationError::Form(CertificateError::Der { element, .. }) => element,
        _ => panic!("{found}"),
    }
}

pub(super) fn profile_error(found: RevocationError) -> (&'static str, &'static str) {
    match found {
        RevocationError::Form(CertificateError::Profile { element, why, .. }) => (element, why),
        _ => panic!("{found}"),
    }
}
