//! Card-verifiable certificates and what the municipality signed with them.
//!
//! The applications of the card face (券面事項確認AP) and of the input support
//! (券面事項入力補助AP) hold no X.509 certificates. Each has a short one of its own kind
//! for the key with which the municipality signed its files; the key above it is
//! on no card. This crate pins it.

mod age;
mod attributes;
mod certificate;
mod embedded;
mod error;
mod face;
mod face_signature;
mod issuer;
mod live;
#[cfg(feature = "my-number")]
mod my_number;
mod photo;
mod public_key;
mod roots;
#[cfg(all(test, feature = "simulation"))]
mod tests;

pub use age::AgeRecord;
pub use attributes::IssuedAttributes;
pub use certificate::CvCertificate;
pub use error::CvError;
pub use face::{IssuedFace, UnsignedParts};
pub use issuer::IssuerKey;
pub use live::LivePhoto;
#[cfg(feature = "my-number")]
pub use my_number::IssuedMyNumberImage;
pub use photo::IssuedPhoto;
pub(crate) use photo::PhotoMark;
pub use roots::{CvRoot, CvRoots};
