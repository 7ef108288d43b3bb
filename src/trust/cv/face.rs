use super::{CvError, IssuerKey, public_key::PublicKey};
use crate::{
    Binding, Realm,
    card::{BirthDate, Sex, SignedApplication, SignedFace},
};

/// A whole card face that a municipality signed (EF 0002 of 券面事項確認AP).
///
/// Made by [`IssuedFace::verify`] only; can't be copied. It can be played again:
/// this proves that such a card was issued, not which chip is in the reader.
/// Expiry and security code come behind the signature; they are in
/// [`unsigned`](Self::unsigned).
///
/// `Debug` shows lengths only; wiped when dropped.
#[derive(Debug)]
pub struct IssuedFace {
    face: SignedFace,
    realm: Realm,
}

impl IssuedFace {
    /// Checks the signature, and all three digests in it.
    ///
    /// # Errors
    ///
    /// The first of: [`CvError::OtherSession`]; [`CvError::OtherApplication`] for
    /// a key that isn't of the card face; [`CvError::BadSignature`];
    /// [`CvError::NotCovered`] for what isn't what was signed; [`CvError::Tlv`] or
    /// [`CvError::Form`] if the card key can't be read.
    pub fn verify(face: SignedFace, issuer: &IssuerKey) -> Result<Self, CvError> {
        issuer.is_for(SignedApplication::CardFace, face.binding())?;
        let digests = issuer.face_digests(face.signature())?;
        let [person, texts, photo] = face.as_written();
        for (covered, what) in [
            (digests.cover_person(person), "birth date, sex and card key"),
            (digests.cover_texts(texts), "name and address"),
            (digests.cover_photo(photo), "photo"),
        ] {
            if !covered {
                return Err(CvError::NotCovered { what });
            }
        }
        PublicKey::parse(face.key(), "the card key", 0)?;
        Ok(Self {
            face,
            realm: issuer.realm(),
        })
    }

    /// The birth date.
    #[must_use]
    pub const fn birth_date(&self) -> &BirthDate {
        self.face.birth_date()
    }

    /// The sex.
    #[must_use]
    pub const fn sex(&self) -> Sex {
        self.face.sex()
    }

    /// Picture of the name, PNG.
    #[must_use]
    pub fn name_png(&self) -> &[u8] {
        self.face.name_png()
    }

    /// Picture of the address, PNG.
    #[must_use]
    pub fn address_png(&self) -> &[u8] {
        self.face.address_png()
    }

    /// The photo, JPEG 2000.
    #[must_use]
    pub fn jpeg2000(&self) -> &[u8] {
        self.face.jpeg2000()
    }

    /// What the face holds besides, and nobody signed.
    #[must_use]
    pub fn unsigned(&self) -> UnsignedParts<'_> {
        UnsignedParts { face: &self.face }
    }

    /// The visit and card session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.face.binding()
    }

    /// The realm of the pinned key above the municipality's.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.realm
    }
}

/// Parts of a card face that no signature covers: whoever copies a card writes
/// there what he likes.
#[derive(Clone, Copy, Debug)]
pub struct UnsignedParts<'a> {
    face: &'a SignedFace,
}

impl<'a> UnsignedParts<'a> {
    /// Date of expiry of the card, as it has it: eight digits on real cards.
    #[must_use]
    pub fn expiry(&self) -> &'a [u8] {
        self.face.unsigned_expiry()
    }

    /// Picture of the security code, PNG.
    #[must_use]
    pub fn security_code_png(&self) -> &'a [u8] {
        self.face.unsigned_security_code_png()
    }
}
