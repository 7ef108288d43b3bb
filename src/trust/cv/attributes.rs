use super::{CvError, IssuerKey};
use crate::{
    Binding, Realm,
    card::{BirthDate, Sex, SignedApplication, SignedAttributes},
    trust::certificate::sha256,
};

/// Name, address, birth date and sex (基本4情報) that a municipality signed
/// (EF 0002 and EF 0003 of 券面事項入力補助AP).
///
/// Made by [`IssuedAttributes::verify`] only; can't be copied. They can be
/// played again: this proves that such a card was issued, not which chip is in
/// the reader. And they are as of the day on which they were written.
///
/// `Debug` shows nothing of them; they are wiped when dropped.
#[derive(Debug)]
pub struct IssuedAttributes {
    attributes: SignedAttributes,
    realm: Realm,
}

impl IssuedAttributes {
    /// Checks the signature of the integrity record, and that its digest covers
    /// these attributes: SHA-256 over the elements as written, without the offset
    /// table before them. Elements behind the four, which no card is known to
    /// have, are covered too.
    ///
    /// The record's other digest is of the My Number file, which isn't read here.
    ///
    /// # Errors
    ///
    /// The first of: [`CvError::OtherSession`]; [`CvError::OtherApplication`] for
    /// a key that isn't of the input support; [`CvError::BadSignature`];
    /// [`CvError::NotCovered`] for other attributes.
    pub fn verify(attributes: SignedAttributes, issuer: &IssuerKey) -> Result<Self, CvError> {
        issuer.is_for(SignedApplication::InputSupport, attributes.binding())?;
        issuer.signed(
            "the integrity record",
            attributes.integrity_as_written(),
            attributes.signature(),
        )?;
        if sha256(attributes.attributes_as_written()) != *attributes.attributes_digest() {
            return Err(CvError::NotCovered { what: "attributes" });
        }
        Ok(Self {
            attributes,
            realm: issuer.realm(),
        })
    }

    /// The name; family and given name have an ideographic space between them.
    #[must_use]
    pub fn name(&self) -> &str {
        self.attributes.name()
    }

    /// The address.
    #[must_use]
    pub fn address(&self) -> &str {
        self.attributes.address()
    }

    /// The birth date.
    #[must_use]
    pub const fn birth_date(&self) -> &BirthDate {
        self.attributes.birth_date()
    }

    /// The sex.
    #[must_use]
    pub const fn sex(&self) -> Sex {
        self.attributes.sex()
    }

    /// The visit and card session that they were read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.attributes.binding()
    }

    /// The realm of the pinned key above the municipality's.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.realm
    }
}
