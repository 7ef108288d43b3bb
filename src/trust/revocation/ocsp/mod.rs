//! One question to a responder, and its answer (RFC 6960).

mod answer;
mod request;
mod responder;

pub use answer::OcspAnswer;
pub use request::{CertIdHash, OcspRequest};

/// What a certificate is known by in a question (CertID, RFC 6960 §4.1.1).
struct CertId {
    hash: CertIdHash,
    name: Vec<u8>,
    key: Vec<u8>,
    /// Value of the INTEGER.
    serial: zeroize::Zeroizing<Vec<u8>>,
}
