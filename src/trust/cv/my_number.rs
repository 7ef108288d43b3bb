use super::{CvError, IssuerKey, public_key::PublicKey};
use crate::{
    Binding, Realm,
    card::{SignedApplication, SignedMyNumberImage},
};

const WHAT: &str = "the picture of the My Number";

/// A picture of a My Number (個人番号) that a municipality signed (EF 0005 of
/// 券面事項確認AP). Feature `my-number`.
///
/// Made by [`IssuedMyNumberImage::verify`] only; can't be copied. It can be
/// played again. `Debug` shows nothing; wiped when dropped.
#[derive(Debug)]
pub struct IssuedMyNumberImage {
    image: SignedMyNumberImage,
    realm: Realm,
}

impl IssuedMyNumberImage {
    /// Checks the signature over picture and card key.
    ///
    /// # Errors
    ///
    /// The first of: [`CvError::OtherSession`]; [`CvError::OtherApplication`] for
    /// a key that isn't of the card face; [`CvError::BadSignature`];
    /// [`CvError::Tlv`] or [`CvError::Form`] if the card key can't be read.
    pub fn verify(image: SignedMyNumberImage, issuer: &IssuerKey) -> Result<Self, CvError> {
        issuer.is_for(SignedApplication::CardFace, image.binding())?;
        issuer.signed(WHAT, image.as_written(), image.signature())?;
        PublicKey::parse(image.key(), WHAT, 0)?;
        Ok(Self {
            image,
            realm: issuer.realm(),
        })
    }

    /// The PNG file.
    #[must_use]
    pub fn png(&self) -> &[u8] {
        self.image.png()
    }

    /// The visit and card session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.image.binding()
    }

    /// The realm of the pinned key above the municipality's.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.realm
    }
}
