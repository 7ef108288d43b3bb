use std::fmt;

use jiff::Timestamp;
use ring::{
    digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest},
    rand::{SecureRandom, SystemRandom},
};
use zeroize::Zeroizing;

use super::{CertId, OcspAnswer, answer};
use crate::trust::{
    Root, oid,
    revocation::{
        RevocationError, RevocationQuery, RevocationSource,
        write::{element, unsigned},
    },
};

/// With what the issuer's name and key are hashed in a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertIdHash {
    /// SHA-1, which most responders ask for. It only names the issuer; nothing
    /// rests on it, as the answer's serial number and signature are checked.
    Sha1,
    /// SHA-256.
    Sha256,
}

impl CertIdHash {
    pub(super) fn of(self, bytes: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Self::Sha1 => &SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &SHA256,
        };
        digest(algorithm, bytes).as_ref().to_vec()
    }

    pub(super) const fn oid(self) -> &'static [u8] {
        match self {
            Self::Sha1 => oid::SHA1,
            Self::Sha256 => oid::SHA256,
        }
    }
}

/// A question to an OCSP responder: one certificate, with a nonce, unsigned.
///
/// It is used up by the answer: one question, one answer. Where JPKI's responder
/// is, and what it asks of a question, isn't public; this is what RFC 6960 and RFC 8954 say.
///
/// ```
/// use uketsuke::Realm;
/// use uketsuke::simulation::{CertificateSpec, Generation, OcspSpec, VirtualPki};
/// use uketsuke::trust::{
///     CertIdHash, Certificate, OcspRequest, RevocationAnswer, RevocationQuery, RevocationSource, Root,
/// };
///
/// let pki = VirtualPki::new();
/// let now = "2026-11-24T00:00:00Z".parse()?;
/// let der = pki.authentication_certificate(&CertificateSpec {
///     serial: 0x0500_0001,
///     common_name: "000001SIM00000000001003A".into(),
///     not_before: "2024-05-01T01:02:03Z".parse()?,
///     not_after: "2029-04-01T14:59:59Z".parse()?,
///     generation: Generation::Third,
///     defect: None,
/// });
/// let root = Root::new(pki.root(Generation::Third), Realm::Simulation)?;
/// let certificate = Certificate::parse(&der)?;
/// let query = RevocationQuery::new(&certificate, &root)?;
///
/// let request = OcspRequest::generate(&query, &root, CertIdHash::Sha1)?;
/// // To be sent as application/ocsp-request.
/// let response = pki.ocsp_response(request.der(), &OcspSpec::new(Generation::Third, now));
/// let answer = request.verify(&response, None, now)?;
/// assert_eq!(answer.ask(&query, now), RevocationAnswer::Good);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct OcspRequest {
    pub(super) root: Root,
    pub(super) id: CertId,
    pub(super) nonce: Vec<u8>,
    der: Zeroizing<Vec<u8>>,
}

impl OcspRequest {
    /// With a nonce of 32 bytes from the operating system.
    ///
    /// # Errors
    ///
    /// No randomness, or `root` isn't that of `query`.
    pub fn generate(
        query: &RevocationQuery<'_>,
        root: &Root,
        hash: CertIdHash,
    ) -> Result<Self, RevocationError> {
        let mut nonce = [0; 32];
        SystemRandom::new()
            .fill(&mut nonce)
            .map_err(|_| RevocationError::NoRandomness)?;
        Self::with_nonce(query, root, hash, &nonce)
    }

    /// With 16 to 32 bytes of the caller's randomness, which must be fresh: an
    /// answer to an older question with the same nonce would pass for this one's.
    ///
    /// # Errors
    ///
    /// The nonce's length, or `root` isn't that of `query`.
    pub fn with_nonce(
        query: &RevocationQuery<'_>,
        root: &Root,
        hash: CertIdHash,
        nonce: &[u8],
    ) -> Result<Self, RevocationError> {
        if !(16..=32).contains(&nonce.len()) {
            return Err(RevocationError::NonceLength { len: nonce.len() });
        }
        if query.root_sha256() != root.sha256() {
            return Err(RevocationError::OtherIssuer);
        }
        if query.has_negative_serial() {
            return Err(RevocationError::NotAllowed {
                element: "serialNumber",
                why: "is negative",
            });
        }
        let id = CertId {
            hash,
            name: hash.of(&root.name),
            key: hash.of(root.key.bytes()),
            serial: Zeroizing::new(unsigned(query.serial())),
        };
        let der = Zeroizing::new(request(&id, nonce));
        Ok(Self {
            root: root.clone(),
            id,
            nonce: nonce.to_vec(),
            der,
        })
    }

    /// OCSPRequest, DER, about 120 bytes. It holds the serial number, which is personal.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Checks the responder's answer, all of it, and gives what it says.
    ///
    /// In this order: at most [`OcspAnswer::MAX_LEN`] bytes; status successful;
    /// a basic response; a responder known by name or key hash: the root itself,
    /// or the holder of a certificate in the answer that the root issued, in
    /// force at `now`, with id-kp-OCSPSigning; signed by that
    /// key; the nonce of this request; made within
    /// [`OcspAnswer::MAX_AGE`] before `now` and [`CLOCK_SKEW`](crate::trust::CLOCK_SKEW) behind it; exactly one
    /// answer about this certificate, in force at `now`, as is the root; no critical extension.
    ///
    /// A responder's certificate with id-pkix-ocsp-nocheck is taken as it is.
    /// Without, `responders` is asked about it and has to call it good.
    ///
    /// # Errors
    ///
    /// The first rule that doesn't hold.
    pub fn verify(
        self,
        response: &[u8],
        responders: Option<&dyn RevocationSource>,
        now: Timestamp,
    ) -> Result<OcspAnswer, RevocationError> {
        answer::verify(self, response, responders, now)
    }
}

impl fmt::Debug for OcspRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OcspRequest")
            .field("len", &self.der.len())
            .finish_non_exhaustive()
    }
}

const SEQUENCE: u8 = 0x30;
const OCTETS: u8 = 0x04;
const OBJECT: u8 = 0x06;

fn request(id: &CertId, nonce: &[u8]) -> Vec<u8> {
    let null = element(0x05, &[]);
    let algorithm = element(SEQUENCE, &[&element(OBJECT, &[id.hash.oid()]), &null]);
    let id = Zeroizing::new(element(
        SEQUENCE,
        &[
            &algorithm,
            &element(OCTETS, &[&id.name]),
            &element(OCTETS, &[&id.key]),
            &Zeroizing::new(element(0x02, &[&id.serial])),
        ],
    ));
    let single = Zeroizing::new(element(SEQUENCE, &[&id]));
    let list = Zeroizing::new(element(SEQUENCE, &[&single]));
    let nonce = element(OCTETS, &[&element(OCTETS, &[nonce])]);
    let extension = element(SEQUENCE, &[&element(OBJECT, &[oid::OCSP_NONCE]), &nonce]);
    let extensions = element(0xa2, &[&element(SEQUENCE, &[&extension])]);
    let tbs = Zeroizing::new(element(SEQUENCE, &[&list, &extensions]));
    element(SEQUENCE, &[&tbs])
}
