//! 券面事項入力補助AP: name, address, birth date and sex as text.

use std::fmt;

use zeroize::Zeroizing;

use super::elements::Elements;
use super::file::{Begin, outer_length};
use super::map::FileMap;
use super::proof::Proven;
use super::{
    Attributes, CardError, CardSignature, InputPin, InputPinVerified, InputSupport,
    IssuerCertificate, Opened, Progress, ReferenceNumberB, ReferenceVerified, SecretKind,
    SignatureInput, SignedApplication, SignedAttributes, TryBudget, VerifyError,
};
use crate::Binding;
use crate::transport::Transport;

mod sealed {
    pub trait Sealed {
        #[doc(hidden)]
        #[allow(private_interfaces)]
        fn proof(&self) -> &super::Proven;
    }

    #[allow(private_interfaces)]
    impl Sealed for super::InputPinVerified {
        fn proof(&self) -> &super::Proven {
            self.proven()
        }
    }

    #[allow(private_interfaces)]
    impl Sealed for super::ReferenceVerified {
        fn proof(&self) -> &super::Proven {
            self.proven()
        }
    }
}

/// What opens the basic four attributes: the application's own PIN
/// ([`InputPinVerified`]) or 照合番号B ([`ReferenceVerified`]), presented to this
/// application. Sealed.
pub trait OpensAttributes: sealed::Sealed {}

impl OpensAttributes for InputPinVerified {}
impl OpensAttributes for ReferenceVerified {}

/// Most bytes of filler before a file's tag.
const FILLER_MAX: usize = 16;

impl<T: Transport> Opened<'_, T, InputSupport> {
    /// Presents the PIN of this application once: `00 20 00 91 04` and the
    /// digits. Whatever comes back, it's never sent again by this crate.
    ///
    /// # Errors
    ///
    /// See [`VerifyError`]: each variant says what became of the try.
    pub fn verify_input_pin(
        &mut self,
        pin: InputPin,
        budget: TryBudget,
    ) -> Result<InputPinVerified, VerifyError> {
        let proven = self.verify(SecretKind::InputPin, pin.as_bytes(), budget)?;
        Ok(InputPinVerified::new(proven))
    }

    /// Presents 照合番号B once: `00 20 00 95 0E` and the digits. This application
    /// counts its tries apart from the card face application, though the number
    /// is the same.
    ///
    /// # Errors
    ///
    /// See [`VerifyError`]: each variant says what became of the try.
    pub fn verify_reference_number_b(
        &mut self,
        number: ReferenceNumberB,
        budget: TryBudget,
    ) -> Result<ReferenceVerified, VerifyError> {
        let kind = SecretKind::ReferenceNumberB;
        let proven = self.verify(kind, number.as_bytes(), budget)?;
        Ok(ReferenceVerified::new(proven))
    }

    /// Reads name, address, birth date and sex (EF 0002), without what proves
    /// them. One exchange where the record has no more than 256 bytes, as that of
    /// the reported test card; ⌈length / 256⌉ else, or one with extended length.
    ///
    /// ```
    /// use uketsuke::VisitId;
    /// use uketsuke::card::{Card, InputSupport, LastTry, ReferenceNumberB, SecretKind};
    /// # use uketsuke::simulation::{CardOptions, Persona, VirtualReader};
    /// # use uketsuke::transport::Reader;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let now = "2026-11-24T00:00:00Z".parse()?;
    /// # let persona = Persona::named("in-order").ok_or("no such persona")?;
    /// # let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), now);
    /// # let typed = persona.reference_number_b;
    /// let mut card = Card::new(reader.connect()?, VisitId::begin());
    /// let mut input = card.open::<InputSupport>()?;
    /// let tries = input.tries_left(SecretKind::ReferenceNumberB)?;
    /// let number = ReferenceNumberB::parse(typed)?;
    /// let right = input.verify_reference_number_b(number, tries.budget(LastTry::Refuse)?)?;
    /// let person = input.attributes(&right, &mut |_| ())?;
    /// assert!(person.name().contains('\u{3000}'));
    /// assert_eq!(format!("{person:?}"), "Attributes(..)");
    /// input.close()?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`CardError::NotVerified`] if `right` is another session's or application's
    /// (nothing is sent then), [`CardError::TooLong`] above 4 KiB,
    /// [`CardError::Malformed`] or [`CardError::Tlv`] for a file that isn't that
    /// record; other refusals, and the link's.
    pub fn attributes(
        &mut self,
        right: &impl OpensAttributes,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Attributes, CardError> {
        let file = &self.card.map.input.attributes;
        let binding = self.holds(right.proof(), file.name)?;
        Attributes::parse(self.record(file, 0xFF20, progress)?, binding)
    }

    /// Reads the same with the integrity record (EF 0003), which proves it: see
    /// [`IssuedAttributes`](crate::trust::IssuedAttributes). The integrity record
    /// was reported with 336 bytes: one exchange more with extended length, two
    /// without.
    ///
    /// That 照合番号B opens the integrity record too is reported by one project,
    /// whose text wavers.
    ///
    /// The record also holds a digest of the My Number file, from which whoever
    /// has it can find the number by trying all there are. The signature can't be
    /// checked without it; nothing gives it away, and it's wiped with the rest.
    /// Where only the text is wanted, [`attributes`](Self::attributes) doesn't
    /// read it.
    ///
    /// # Errors
    ///
    /// As [`attributes`](Self::attributes).
    pub fn signed_attributes(
        &mut self,
        right: &impl OpensAttributes,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<SignedAttributes, CardError> {
        let attributes = self.attributes(right, progress)?;
        let file = &self.card.map.input.integrity;
        let integrity = self.record(file, 0xFF30, progress)?;
        SignedAttributes::new(attributes, integrity)
    }

    /// Reads the certificate of the municipality's key for this application
    /// (EF 0004): free, and best read before a secret is presented, as
    /// [`issuer_certificate`](Opened::issuer_certificate) of the card face.
    ///
    /// # Errors
    ///
    /// [`CardError::TooLong`] above 2 KiB, [`CardError::Malformed`] or
    /// [`CardError::Tlv`] for a file that isn't one; refusals, and the link's.
    pub fn issuer_certificate(
        &mut self,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<IssuerCertificate, CardError> {
        let file = &self.card.map.input.issuer_certificate;
        let application = SignedApplication::InputSupport;
        self.card
            .read_issuer_certificate(file, application, progress)
    }

    /// Reads what the application says of itself (EF 0005): free, one exchange.
    /// Not signed; reported by one project that measured it.
    ///
    /// # Errors
    ///
    /// [`CardError::TooLong`] above 1 KiB, [`CardError::Malformed`] or
    /// [`CardError::Tlv`] for a file that isn't one; refusals, and the link's.
    pub fn basic_information(
        &mut self,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<InputInformation, CardError> {
        let file = &self.card.map.input.information;
        let bytes = self.record(file, 0xFF40, progress)?;
        InputInformation::parse(file.name, bytes, self.card.binding)
    }

    /// Lets the chip sign with this application's own key (0013): `80 2A`, the
    /// form, `00`. One exchange; no PIN is needed. It proves which chip is there,
    /// and nothing of a person.
    ///
    /// # Errors
    ///
    /// [`CardError::Malformed`] for an answer that isn't 256 bytes; refusals, and
    /// the link's.
    pub fn sign_live(&mut self, input: &SignatureInput) -> Result<CardSignature, CardError> {
        self.sign(&self.card.map.input.key, input)
    }

    /// A file that is one element, which some cards are said to have filler in
    /// front of: two bytes before FF20, on cards issued since 2023, as two blogs
    /// tell and nobody confirmed.
    pub(super) fn record(
        &mut self,
        file: &'static FileMap,
        tag: u32,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Zeroizing<Vec<u8>>, CardError> {
        let length = |bytes: &[u8]| {
            let Some(start) = filler(file.name, tag, bytes)? else {
                return Ok(None);
            };
            let element = bytes.get(start..).unwrap_or_default();
            let len = outer_length(file.name, tag, element)?;
            Ok(len.map(|len| len.saturating_add(start)))
        };
        let mut bytes = self.card.read_whole(file, Begin::Whole, length, progress)?;
        let start = filler(file.name, tag, &bytes)?.unwrap_or_default();
        // In place: the buffer is wiped as a whole.
        drop(bytes.drain(..start));
        Ok(bytes)
    }
}

/// How many bytes of filler come before the tag, `FF` or `00`. A tag of this
/// application begins with `FF` itself, so its second byte decides. `None` while
/// that isn't known.
fn filler(what: &'static str, tag: u32, bytes: &[u8]) -> Result<Option<usize>, CardError> {
    let [.., high, low] = tag.to_be_bytes();
    for start in 0..=FILLER_MAX {
        match bytes.get(start..).unwrap_or_default() {
            [] | [0xFF | 0x00] => return Ok(None),
            [first, second, ..] if (*first, *second) == (high, low) => return Ok(Some(start)),
            [0xFF | 0x00, ..] => {}
            // Something else: the parser says what.
            _ => return Ok(Some(start)),
        }
    }
    let why = "the file is empty";
    Err(CardError::Malformed { what, why })
}

/// What the application says of itself (EF 0005), unsigned, as read.
///
/// `Debug` shows nothing; wiped when dropped.
pub struct InputInformation {
    elements: Elements<3>,
    binding: Binding,
}

impl InputInformation {
    fn parse(
        what: &'static str,
        bytes: Zeroizing<Vec<u8>>,
        binding: Binding,
    ) -> Result<Self, CardError> {
        let tags = [0xDF41, 0xDF42, 0xDF43];
        let elements = Elements::growing_file(what, bytes, 0xFF40, tags)?;
        if elements.value(0).len() != 4 {
            let why = "the versions are not four bytes";
            return Err(CardError::Malformed { what, why });
        }
        Ok(Self { elements, binding })
    }

    /// Version of the specification, support of extended length, vendor, and a
    /// byte of the vendor's: `01 03 0E 01` was reported. What a card takes is
    /// learnt from its answers, not from here.
    #[must_use]
    pub fn versions(&self) -> [u8; 4] {
        self.elements.value(0).try_into().unwrap_or_default()
    }

    /// Identifier of a key, 16 bytes as reported; what it's for isn't public.
    #[must_use]
    pub fn key_identifier(&self) -> &[u8] {
        self.elements.value(1)
    }

    /// The visit and session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }
}

impl fmt::Debug for InputInformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InputInformation(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn filler_before_the_tag() {
        let found = |bytes: &[u8]| filler("it", 0xFF20, bytes);
        assert_eq!(found(&[0xFF, 0x20]), Ok(Some(0)));
        assert_eq!(found(&[0x00, 0x00, 0xFF, 0x20]), Ok(Some(2)));
        assert_eq!(found(&[0xFF, 0xFF, 0xFF, 0x20]), Ok(Some(2)));
        assert_eq!(found(&[0x00, 0xFF, 0x30]), Ok(Some(2)), "not that tag");
        for incomplete in [&[][..], &[0xFF], &[0x00], &[0xFF, 0x00, 0xFF]] {
            assert_eq!(found(incomplete), Ok(None));
        }
        assert!(found(&[0xFF; 40]).is_err());
        assert!(found(&[0x00; 40]).is_err());
    }

    proptest! {
        #[test]
        fn filler_of_anything(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(Some(start)) = filler("it", 0xFF20, &bytes) {
                prop_assert!(start < bytes.len());
                prop_assert!(bytes[..start].iter().all(|b| matches!(b, 0x00 | 0xFF)));
            }
        }
    }
}
