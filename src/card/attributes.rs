//! The basic four attributes and their integrity record, as read.

use std::fmt;

use zeroize::Zeroizing;

use super::cardface_signed::person;
use super::elements::Elements;
use super::{BirthDate, CardError, Sex};
use crate::Binding;

const ATTRIBUTES: &str = "the basic four attributes (券面事項入力補助AP)";
const INTEGRITY: &str = "the integrity record (券面事項入力補助AP)";

/// Name, address, birth date and sex (基本4情報, EF 0002 of 券面事項入力補助AP) as
/// read: nothing proves them. [`SignedAttributes`] have what does.
///
/// `Debug` shows nothing; wiped when dropped.
pub struct Attributes {
    elements: Elements<5>,
    birth_date: BirthDate,
    sex: Sex,
    binding: Binding,
}

impl Attributes {
    /// `file` is FF20 and what it holds, without any filler before or after.
    pub(super) fn parse(file: Zeroizing<Vec<u8>>, binding: Binding) -> Result<Self, CardError> {
        let tags = [0xDF21, 0xDF22, 0xDF23, 0xDF24, 0xDF25];
        let elements = Elements::growing_file(ATTRIBUTES, file, 0xFF20, tags)?;
        let text = |index: usize| std::str::from_utf8(elements.value(index));
        if text(1).and(text(2)).is_err() {
            return Err(CardError::Malformed {
                what: ATTRIBUTES,
                why: "name or address is not UTF-8",
            });
        }
        let (birth_date, sex) = person(ATTRIBUTES, elements.value(3), elements.value(4))?;
        Ok(Self {
            birth_date,
            sex,
            elements,
            binding,
        })
    }

    /// The name; family and given name have an ideographic space between them.
    #[must_use]
    pub fn name(&self) -> &str {
        self.text(1)
    }

    /// The address.
    #[must_use]
    pub fn address(&self) -> &str {
        self.text(2)
    }

    /// The birth date.
    #[must_use]
    pub const fn birth_date(&self) -> &BirthDate {
        &self.birth_date
    }

    /// The sex.
    #[must_use]
    pub const fn sex(&self) -> Sex {
        self.sex
    }

    /// The visit and session that they were read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// UTF-8 by construction.
    fn text(&self, index: usize) -> &str {
        std::str::from_utf8(self.elements.value(index)).unwrap_or_default()
    }
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Attributes(..)")
    }
}

/// The basic four attributes with the integrity record (EF 0003), as read and
/// not yet verified: see
/// [`IssuedAttributes`](crate::trust::IssuedAttributes).
///
/// `Debug` shows nothing; wiped when dropped.
pub struct SignedAttributes {
    attributes: Attributes,
    integrity: Elements<3>,
}

impl SignedAttributes {
    /// `attributes` are FF20 and what it holds, without any filler before or
    /// after; `integrity` the same of FF30.
    #[cfg(test)]
    pub(crate) fn parse(
        attributes: Zeroizing<Vec<u8>>,
        integrity: Zeroizing<Vec<u8>>,
        binding: Binding,
    ) -> Result<Self, CardError> {
        Self::new(Attributes::parse(attributes, binding)?, integrity)
    }

    pub(super) fn new(
        attributes: Attributes,
        integrity: Zeroizing<Vec<u8>>,
    ) -> Result<Self, CardError> {
        let tags = [0xDF31, 0xDF32, 0xDF33];
        Ok(Self {
            attributes,
            integrity: Elements::file(INTEGRITY, integrity, 0xFF30, tags)?,
        })
    }

    /// The attributes themselves.
    #[must_use]
    pub const fn attributes(&self) -> &Attributes {
        &self.attributes
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

    /// The visit and session that they were read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.attributes.binding()
    }

    /// DF22 to the end as written: what the digest in DF32 covers. The offset
    /// table before them is left out.
    pub(crate) fn attributes_as_written(&self) -> &[u8] {
        self.attributes.elements.written_from(1)
    }

    /// Value of DF32.
    pub(crate) fn attributes_digest(&self) -> &[u8] {
        self.integrity.value(1)
    }

    /// DF31 and DF32 as written: what the signature covers. DF31 is a digest of
    /// the My Number: it goes nowhere but into that check.
    pub(crate) fn integrity_as_written(&self) -> &[u8] {
        self.integrity.written(0, 1)
    }

    /// Value of DF33.
    pub(crate) fn signature(&self) -> &[u8] {
        self.integrity.value(2)
    }
}

impl fmt::Debug for SignedAttributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedAttributes(..)")
    }
}
