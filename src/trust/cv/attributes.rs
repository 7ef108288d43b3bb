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
///
/// ```
/// use uketsuke::card::{Card, InputPin, InputSupport, LastTry, SecretKind};
/// use uketsuke::trust::{CvRoots, IssuedAttributes};
/// use uketsuke::{Realms, VisitId};
/// # use uketsuke::simulation::{CardOptions, Persona, VirtualReader};
/// # use uketsuke::transport::Reader;
/// # let now = "2026-11-24T00:00:00Z".parse()?;
/// # let persona = Persona::named("in-order").ok_or("no such persona")?;
/// # let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), now);
/// # let typed = "5678";
/// let mut card = Card::new(reader.connect()?, VisitId::begin());
/// let mut input = card.open::<InputSupport>()?;
/// let certificate = input.issuer_certificate(&mut |_| ())?; // free, so before the PIN
/// let issuer = CvRoots::simulation().validate(&certificate, Realms::simulation())?;
/// let budget = input.tries_left(SecretKind::InputPin)?.budget(LastTry::Refuse)?;
/// let right = input.verify_input_pin(InputPin::parse(typed)?, budget)?;
/// let signed = input.signed_attributes(&right, &mut |_| ())?;
/// input.close()?;
///
/// let person = IssuedAttributes::verify(signed, &issuer)?;
/// assert_eq!(person.name(), "見本　花子");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
