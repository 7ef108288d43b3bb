use std::fmt;

use zeroize::Zeroizing;

use super::{CvError, CvRoots, IssuerKey, face_signature::FaceDigests};
use crate::{
    Binding, Realm,
    card::{SignedApplication, SignedPhoto},
    trust::certificate::sha256,
};

/// Proof that a municipality issued this photo on some card.
///
/// Made by [`IssuedPhoto::verify`] only; can't be copied. The photo and its
/// signature can be read once and played again by anything that answers like a
/// card, so this doesn't say whose chip is in the reader: that is
/// [`LivePhoto`](super::LivePhoto).
///
/// `Debug` shows lengths only; the photo is wiped when dropped.
pub struct IssuedPhoto {
    photo: SignedPhoto,
    digests: FaceDigests,
    realm: Realm,
    root: [u8; 32],
}

impl IssuedPhoto {
    /// Checks the signature of the card face, and that it covers this photo.
    ///
    /// The signature is over three digests: of birth date, sex and card key; of
    /// name and address; of the photo. Only the last is compared, so name and
    /// address needn't be read; the first is kept for
    /// [`LivePhoto`](super::LivePhoto). The encoded message is compared as a whole
    /// but for the other two digests, whose places and lengths are fixed.
    ///
    /// # Errors
    ///
    /// The first of: [`CvError::OtherSession`]; [`CvError::OtherApplication`] for
    /// a key that isn't of the card face; [`CvError::BadSignature`];
    /// [`CvError::NotCovered`] for another photo.
    pub fn verify(photo: SignedPhoto, issuer: &IssuerKey) -> Result<Self, CvError> {
        issuer.is_for(SignedApplication::CardFace, photo.binding())?;
        let digests = issuer.face_digests(photo.signature())?;
        if !digests.cover_photo(photo.photo_as_written()) {
            return Err(CvError::NotCovered { what: "photo" });
        }
        Ok(Self {
            photo,
            digests,
            realm: issuer.realm(),
            root: issuer.root(),
        })
    }

    /// The JPEG 2000 file.
    #[must_use]
    pub fn jpeg2000(&self) -> &[u8] {
        self.photo.jpeg2000()
    }

    /// The visit and card session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.photo.binding()
    }

    /// The realm of the pinned key above the municipality's.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.realm
    }

    /// Which file was signed, and under which pinned key.
    pub(super) fn mark(&self) -> PhotoMark {
        PhotoMark {
            file: Zeroizing::new(sha256(self.photo.photo_as_written())),
            root: self.root,
        }
    }

    /// A photo that nobody signed.
    #[cfg(test)]
    pub(super) fn for_test(jpeg2000: &[u8], binding: Binding, realm: Realm) -> Self {
        let length = u8::try_from(jpeg2000.len()).unwrap();
        let element = [&[0xDF, 0x27, length], jpeg2000, &[0xDF, 0x28, 1, 0]].concat();
        Self {
            photo: SignedPhoto::parse(element.into(), 0, binding).unwrap(),
            digests: FaceDigests::for_test(),
            realm,
            root: [0; 32],
        }
    }

    pub(super) const fn digests(&self) -> &FaceDigests {
        &self.digests
    }
}

impl fmt::Debug for IssuedPhoto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedPhoto")
            .field("photo", &self.photo)
            .field("realm", &self.realm)
            .field("binding", &self.binding())
            .finish_non_exhaustive()
    }
}

/// Tells a photo from all others, and by which pinned key it was proved: what a match
/// carries, so that it counts for this photo only. Wiped when dropped; shows nothing.
pub(crate) struct PhotoMark {
    /// SHA-256 of the photo's file, as it was signed.
    file: Zeroizing<[u8; 32]>,
    root: [u8; 32],
}

impl PhotoMark {
    /// Of the same file, proved by the same pinned key.
    pub(crate) fn is(&self, other: &Self) -> bool {
        *self.file == *other.file && self.root == other.root
    }

    /// Whether the pinned key is one of these.
    pub(crate) fn is_under(&self, roots: &CvRoots) -> bool {
        roots.iter().any(|root| root.digest() == self.root)
    }
}

impl fmt::Debug for PhotoMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhotoMark(..)")
    }
}
