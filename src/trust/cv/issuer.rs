use std::fmt;

use super::{CvError, face_signature::FaceDigests, public_key::PublicKey};
use crate::{Binding, Realm, card::SignedApplication};

/// The municipality's key for one application of the card in the reader, under
/// a pinned key.
///
/// Made by [`CvRoots::validate`](super::CvRoots::validate) only; can't be
/// copied. What is verified with it must come from the same card session.
pub struct IssuerKey {
    key: PublicKey,
    realm: Realm,
    application: SignedApplication,
    binding: Binding,
    /// Which pinned key signed its certificate.
    root: [u8; 32],
}

impl IssuerKey {
    pub(super) const fn new(
        key: PublicKey,
        realm: Realm,
        application: SignedApplication,
        binding: Binding,
        root: [u8; 32],
    ) -> Self {
        Self {
            key,
            realm,
            application,
            binding,
            root,
        }
    }

    /// The realm of the pinned key above it.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.realm
    }

    /// The application whose files it signs.
    #[must_use]
    pub const fn application(&self) -> SignedApplication {
        self.application
    }

    /// The visit and card session in which its certificate was read.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// The [digest](super::CvRoot::digest) of the pinned key above it.
    pub(super) const fn root(&self) -> [u8; 32] {
        self.root
    }

    /// It is the key for files of that application, read in that session.
    pub(super) fn is_for(
        &self,
        application: SignedApplication,
        binding: Binding,
    ) -> Result<(), CvError> {
        if self.binding != binding {
            return Err(CvError::OtherSession);
        }
        if self.application != application {
            return Err(CvError::OtherApplication {
                found: self.application,
            });
        }
        Ok(())
    }

    pub(super) fn signed(
        &self,
        what: &'static str,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), CvError> {
        match self.key.verify_sha256(message, signature) {
            true => Ok(()),
            false => Err(CvError::BadSignature { what }),
        }
    }

    pub(super) fn face_digests(&self, signature: &[u8]) -> Result<FaceDigests, CvError> {
        FaceDigests::recover(&self.key, signature).ok_or(CvError::BadSignature {
            what: "the card face",
        })
    }
}

/// Shows no key: it tells the municipality.
impl fmt::Debug for IssuerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuerKey")
            .field("realm", &self.realm)
            .field("application", &self.application)
            .field("binding", &self.binding)
            .finish_non_exhaustive()
    }
}
