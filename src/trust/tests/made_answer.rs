//! An answer of an OCSP responder, on P-384 and made by hand.

use super::{
    made::{Key, Made, ROOT, authority, bits, element, extension, name, root, sequence},
    made_list::{holder, now},
};
use crate::trust::{
    CertIdHash, Certificate, OcspAnswer, OcspRequest, RevocationError, RevocationQuery, Root, oid,
};

pub(super) const TIME: u8 = 0x18;
pub(super) const NONCE: [u8; 16] = [7; 16];
pub(super) const GOOD: &[u8] = &[0x80, 0];
pub(super) const NO_CHECK: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 1, 5];
pub(super) const DELEGATE: &[u8] = b"responder";

pub(super) struct Issuer {
    pub(super) key: Key,
    pub(super) root: Root,
    /// Of the certificate that is asked about.
    pub(super) holder: Vec<u8>,
}

impl Issuer {
    pub(super) fn new() -> Self {
        let key = Key::new();
        let (root, holder) = (root(&key), holder(&[5], &[], &key));
        Self { key, root, holder }
    }

    pub(super) fn query(&self) -> RevocationQuery<'_> {
        RevocationQuery::new(&Certificate::parse(&self.holder).unwrap(), &self.root).unwrap()
    }

    pub(super) fn request(&self) -> OcspRequest {
        OcspRequest::with_nonce(&self.query(), &self.root, CertIdHash::Sha256, &NONCE).unwrap()
    }

    /// A CertID as in the request: OCSPRequest, TBSRequest, the list, the Request around it.
    pub(super) fn id(&self) -> Vec<u8> {
        let request = self.request();
        let mut der = request.der();
        for _ in 0..4 {
            der = first(der).value();
        }
        der.to_vec()
    }

    pub(super) fn said(&self, status: &[u8]) -> Vec<u8> {
        single(&self.id(), status, &[])
    }

    pub(super) fn verify(
        &self,
        response: &Response,
        key: &Key,
    ) -> Result<OcspAnswer, RevocationError> {
        self.request().verify(&response.der(key), None, now())
    }

    /// Signed by the root.
    pub(super) fn answer(&self, response: &Response) -> Result<OcspAnswer, RevocationError> {
        self.verify(response, &self.key)
    }

    /// A responder's certificate.
    pub(super) fn delegate(&self, key: &Key, extensions: &[Vec<u8>]) -> Vec<u8> {
        let made = Made::new(DELEGATE, key.info(), extensions);
        made.signed(|tbs| self.key.sign(tbs))
    }
}

/// The first element of several.
pub(super) fn first(der: &[u8]) -> der::asn1::AnyRef<'_> {
    use der::Reader;
    let mut reader = der::SliceReader::new(der).unwrap();
    reader.decode().unwrap()
}

pub(super) fn time(text: &[u8]) -> Vec<u8> {
    element(TIME, &[text])
}

/// `more`: what follows thisUpdate.
pub(super) fn single(id: &[u8], status: &[u8], more: &[u8]) -> Vec<u8> {
    sequence(&[id, status, &time(b"20260601000000Z"), more])
}

pub(super) fn nonce(value: &[u8]) -> Vec<u8> {
    extension(oid::OCSP_NONCE, false, value)
}

/// The parts of an answer, as DER.
pub(super) struct Response {
    pub(super) responder: Vec<u8>,
    pub(super) produced: Vec<u8>,
    pub(super) singles: Vec<u8>,
    /// One after another; none: without the list around it.
    pub(super) extensions: Vec<u8>,
    pub(super) algorithm: Vec<u8>,
    pub(super) certificates: Option<Vec<u8>>,
    /// Behind the last part of what is signed, of the basic response, of its bytes, and of the whole.
    pub(super) more: [Vec<u8>; 4],
}

impl Response {
    pub(super) fn new(singles: &[Vec<u8>]) -> Self {
        Self {
            responder: element(0xa1, &[&name(ROOT)]),
            produced: time(b"20260601000000Z"),
            singles: singles.concat(),
            extensions: nonce(&element(4, &[&NONCE])),
            algorithm: oid::ECDSA_WITH_SHA384.to_vec(),
            certificates: None,
            more: [const { Vec::new() }; 4],
        }
    }

    /// Of somebody else, with these certificates.
    pub(super) fn by(certificates: &[&[u8]], singles: &[Vec<u8>]) -> Self {
        Self {
            responder: element(0xa1, &[&name(DELEGATE)]),
            certificates: Some(certificates.concat()),
            ..Self::new(singles)
        }
    }

    pub(super) fn der(&self, key: &Key) -> Vec<u8> {
        self.der_signed(|data| key.sign(data))
    }

    pub(super) fn der_signed(&self, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let extensions = match &*self.extensions {
            [] => Vec::new(),
            some => element(0xa1, &[&sequence(&[some])]),
        };
        let data = sequence(&[
            &self.responder,
            &self.produced,
            &sequence(&[&self.singles]),
            &extensions,
            &self.more[0],
        ]);
        let certificates = match &self.certificates {
            Some(all) => element(0xa0, &[&sequence(&[all])]),
            None => Vec::new(),
        };
        let signature = bits(&sign(&data));
        let basic = sequence(&[
            &data,
            &self.algorithm,
            &signature,
            &certificates,
            &self.more[1],
        ]);
        let bytes = sequence(&[
            &element(6, &[oid::OCSP_BASIC]),
            &element(4, &[&basic]),
            &self.more[2],
        ]);
        sequence(&[&[0x0a, 1, 0], &element(0xa0, &[&bytes]), &self.more[3]])
    }
}

pub(super) fn purposes(all: &[&[u8]]) -> Vec<u8> {
    let all: Vec<u8> = all.iter().flat_map(|oid| element(6, &[oid])).collect();
    extension(oid::EXTENDED_KEY_USAGE, false, &sequence(&[&all]))
}

pub(super) fn no_check() -> Vec<u8> {
    extension(NO_CHECK, false, &[5, 0])
}

pub(super) fn appointed() -> [Vec<u8>; 3] {
    [authority(), purposes(&[oid::OCSP_SIGNING]), no_check()]
}

pub(super) fn sha1(bytes: &[u8]) -> Vec<u8> {
    let by = &ring::digest::SHA1_FOR_LEGACY_USE_ONLY;
    ring::digest::digest(by, bytes).as_ref().to_vec()
}

/// The hash of the key's bits: the last 97 bytes of its SubjectPublicKeyInfo.
pub(super) fn by_key(key: &Key) -> Vec<u8> {
    let info = key.info();
    element(0xa2, &[&element(4, &[&sha1(&info[info.len() - 97..])])])
}
