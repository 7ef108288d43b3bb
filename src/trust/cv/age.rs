use super::{CvError, IssuerKey, public_key::PublicKey};
use crate::{
    Binding, Realm,
    card::{BirthDate, SignedAge, SignedApplication},
};

const WHAT: &str = "the age record";

/// A birth date that a municipality signed (EF 0001 of 券面事項確認AP).
///
/// Made by [`AgeRecord::verify`] only; can't be copied. Like every file of a
/// card it can be played again: it proves that such a card was issued, not
/// which chip is in the reader.
#[derive(Debug)]
pub struct AgeRecord {
    birth_date: BirthDate,
    binding: Binding,
    realm: Realm,
}

impl AgeRecord {
    /// Checks the signature over birth date and card key.
    ///
    /// # Errors
    ///
    /// The first of: [`CvError::OtherSession`]; [`CvError::OtherApplication`] for
    /// a key that isn't of the card face; [`CvError::BadSignature`];
    /// [`CvError::Tlv`] or [`CvError::Form`] if the card key can't be read.
    pub fn verify(record: SignedAge, issuer: &IssuerKey) -> Result<Self, CvError> {
        let binding = record.binding();
        issuer.is_for(SignedApplication::CardFace, binding)?;
        issuer.signed(WHAT, record.as_written(), record.signature())?;
        PublicKey::parse(record.key(), WHAT, 0)?;
        Ok(Self {
            birth_date: record.into_birth_date(),
            binding,
            realm: issuer.realm(),
        })
    }

    /// The birth date.
    #[must_use]
    pub const fn birth_date(&self) -> &BirthDate {
        &self.birth_date
    }

    /// The visit and card session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// The realm of the pinned key above the municipality's.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.realm
    }
}
