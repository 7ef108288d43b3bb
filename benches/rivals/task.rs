//! What every client is asked to do, and what it has to bring home.

use std::fmt;
use uketsuke::simulation::Persona;

/// A piece of work, each on a fresh connection: everything from the first SELECT is counted, nothing after the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Task {
    /// The authentication certificate (利用者証明用電子証明書), whole.
    Certificate,
    /// The PIN presented and a challenge signed with SHA-256.
    Signature,
    /// The same, with the tries left asked for first.
    CountedSignature,
    /// The holder's photo, as it's on the card.
    Photo,
    /// The photo with its issuer's certificate and signature, verified.
    IssuedPhoto,
    /// The same, and the chip signs a fresh challenge with the key that the issuer signed beside the photo.
    LivePhoto,
    /// Name, address, birth date and sex (基本4情報).
    Attributes,
    /// The same with what proves them, verified.
    IssuedAttributes,
}

impl Task {
    /// All, in the order of the table.
    pub const ALL: [Self; 8] = [
        Self::Certificate,
        Self::Signature,
        Self::CountedSignature,
        Self::Photo,
        Self::IssuedPhoto,
        Self::LivePhoto,
        Self::Attributes,
        Self::IssuedAttributes,
    ];

    /// Its name in scripts.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Signature => "signature",
            Self::CountedSignature => "counted-signature",
            Self::Photo => "photo",
            Self::IssuedPhoto => "issued-photo",
            Self::LivePhoto => "live-photo",
            Self::Attributes => "attributes",
            Self::IssuedAttributes => "issued-attributes",
        }
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Certificate => "certificate",
            Self::Signature => "PIN, signature",
            Self::CountedSignature => "tries left, PIN, signature",
            Self::Photo => "photo",
            Self::IssuedPhoto => "photo, proved issued",
            Self::LivePhoto => "photo, proved issued to this chip",
            Self::Attributes => "basic four attributes",
            Self::IssuedAttributes => "basic four, proved issued",
        })
    }
}

/// What a client brought home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Product {
    /// DER, without filler.
    Certificate(Vec<u8>),
    /// Of [`CHALLENGE`], PKCS#1 v1.5 with SHA-256.
    Signature(Vec<u8>),
    /// A JPEG 2000 file.
    Photo(Vec<u8>),
    /// In the order of the card: name, address, birth date as `YYYYMMDD`, and the sex as its digit on the card.
    Attributes([String; 4]),
}

/// What is signed.
pub const CHALLENGE: [u8; 32] = *b"challenge of a desk, 32 bytes in";

/// What a client has to know of the person.
pub(crate) struct Knowledge {
    pub(crate) pin: &'static str,
    pub(crate) input_pin: &'static str,
    pub(crate) reference_number_b: &'static str,
}

impl Knowledge {
    pub(crate) fn of(persona: &Persona) -> Self {
        Self {
            pin: "1234",
            input_pin: "5678",
            reference_number_b: persona.reference_number_b,
        }
    }
}
