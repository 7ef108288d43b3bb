use std::fmt;

use zeroize::Zeroizing;

use super::cardface_signed::{CardKeyRecord, PHOTO_TAG, SignedPhoto};
use super::elements::Elements;
use super::file::Reading;
use super::issuer::{IssuerCertificate, SignedApplication};
use super::offsets::{Offsets, Part};
use super::{
    CardError, CardFace, CardSignature, Opened, Progress, ReferenceNumberB, ReferenceVerified,
    SecretKind, SignatureInput, TryBudget, VerifyError,
};
use crate::transport::Transport;
use crate::{Binding, Realm};

const PHOTO: &str = "the photo (券面事項確認AP)";

/// Where 照合番号B comes from: a camera over the card's face, a keyboard, a
/// simulation.
pub trait ReferenceNumberSource {
    /// The world that this source belongs to.
    fn realm(&self) -> Realm;

    /// Reads the number once, from the card that is in the reader now.
    ///
    /// # Errors
    ///
    /// Why there is none.
    fn read(&mut self) -> Result<ReferenceNumberB, ReferenceSourceError>;
}

/// Why a source has no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReferenceSourceError {
    /// The face can't be read: lay the card flat, clean it, mind the light.
    #[error("照合番号B could not be read from the card's face")]
    Unreadable,
    /// The camera doesn't answer.
    #[error("the camera does not answer")]
    Device,
}

/// The photo as read from DF27 (JPEG 2000), not proved to be issued: for that
/// there is [`SignedPhoto`].
///
/// `Debug` prints its length alone; wiped when dropped.
pub struct CardPhoto {
    bytes: Zeroizing<Vec<u8>>,
    binding: Binding,
}

impl CardPhoto {
    /// The JPEG 2000 file.
    #[must_use]
    pub fn jpeg2000(&self) -> &[u8] {
        &self.bytes
    }

    /// The visit and session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    #[cfg(test)]
    #[allow(dead_code)]
    pub(crate) fn for_test(bytes: Vec<u8>, binding: Binding) -> Self {
        let bytes = Zeroizing::new(bytes);
        Self { bytes, binding }
    }
}

impl fmt::Debug for CardPhoto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardPhoto({} bytes)", self.bytes.len())
    }
}

impl<T: Transport> Opened<'_, T, CardFace> {
    /// Reads the certificate of the municipality's key (EF 0004), with which the
    /// face is verified; see [`CvRoots`](crate::trust::CvRoots). It's free to read.
    ///
    /// One exchange with extended length, three without. **Read it before
    /// 照合番号B is presented:** where card and reader may take extended length and
    /// nothing is known yet, it is read so that both forms are learnt (one
    /// exchange more, once), and behind a secret nothing is ever tried.
    ///
    /// # Errors
    ///
    /// [`CardError::TooLong`] above 2 KiB, [`CardError::Malformed`] or
    /// [`CardError::Tlv`] for a file that isn't one; refusals, and the link's.
    pub fn issuer_certificate(
        &mut self,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<IssuerCertificate, CardError> {
        let file = &self.card.map.face.issuer_certificate;
        self.card
            .read_issuer_certificate(file, SignedApplication::CardFace, progress)
    }

    /// Presents 照合番号B once: `00 20 00 92 0E` and the digits. Whatever comes
    /// back, it's never sent again by this crate; a number misread by a camera
    /// costs one of ten tries that only the municipal office gives back.
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

    /// Reads the photo with the signature of the card face, and nothing else:
    /// the offset table of EF 0002 (26 bytes) says where they are, one behind the
    /// other. Name and address aren't read.
    ///
    /// Two exchanges where extended length is known to work, else one and
    /// ⌈(photo + signature) / 256⌉. Together with SELECT, the certificate, the
    /// count and 照合番号B that is 6, or 7 + ⌈(photo + signature) / 256⌉. Whatever
    /// the card answers, at most 18 transmissions for the table and
    /// 16 + 2⌈length / 256⌉ for the rest. `progress` watches, it can't stop the
    /// reading: that bound does.
    ///
    /// # Errors
    ///
    /// [`CardError::NotVerified`] if `right` is another session's or application's
    /// (nothing is sent then) or the card wants the number again,
    /// [`CardError::TooLong`] above 48 KiB, [`CardError::Malformed`] or
    /// [`CardError::Tlv`] for a file that isn't a card face; other refusals, and
    /// the link's.
    ///
    /// ```
    /// use uketsuke::{Realm, Realms, VisitId};
    /// use uketsuke::card::{Card, CardFace, LastTry, ReferenceNumberB, SecretKind};
    /// use uketsuke::trust::{CvRoots, IssuedPhoto};
    /// # use uketsuke::simulation::{CardOptions, Persona, VirtualReader};
    /// # use uketsuke::transport::Reader;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let now = "2026-11-24T00:00:00Z".parse()?;
    /// # let persona = Persona::named("in-order").ok_or("no such persona")?;
    /// # let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), now);
    /// # let typed = persona.reference_number_b;
    /// let mut card = Card::new(reader.connect()?, VisitId::begin());
    /// let mut face = card.open::<CardFace>()?;
    /// let certificate = face.issuer_certificate(&mut |_| ())?;
    /// let tries = face.tries_left(SecretKind::ReferenceNumberB)?;
    /// let number = ReferenceNumberB::parse(typed)?;
    /// let right = face.verify_reference_number_b(number, tries.budget(LastTry::Refuse)?)?;
    /// let photo = face.signed_photo(&right, &mut |_| ())?;
    /// face.close()?;
    ///
    /// // The card may be taken away now.
    /// let issuer = CvRoots::simulation().validate(&certificate, Realms::simulation())?;
    /// let photo = IssuedPhoto::verify(photo, &issuer)?;
    /// assert_eq!(photo.realm(), Realm::Simulation);
    /// assert_eq!(photo.jpeg2000()[4..8], *b"jP  ");
    /// # Ok(()) }
    /// ```
    pub fn signed_photo(
        &mut self,
        right: &ReferenceVerified,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<SignedPhoto, CardError> {
        let binding = self.holds(right.proven(), PHOTO)?;
        progress(Progress { read: 0, total: 0 });
        let offsets = self.card.read_offsets()?;
        let (bytes, start) =
            self.read_part(PHOTO, &offsets, Part::Photo, Part::Signature, progress)?;
        SignedPhoto::parse(bytes, start, binding)
    }

    /// The same together with birth date, sex and card key, which prove with
    /// [`sign_live`](Self::sign_live) that the photo belongs to this chip; see
    /// [`LivePhoto`](crate::trust::LivePhoto). Name and address aren't read.
    ///
    /// With extended length no exchange more than
    /// [`signed_photo`](Self::signed_photo): the table and the three elements
    /// behind it are read at once, 311 bytes. One more without.
    ///
    /// # Errors
    ///
    /// As [`signed_photo`](Self::signed_photo).
    pub fn signed_photo_with_key(
        &mut self,
        right: &ReferenceVerified,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(SignedPhoto, CardKeyRecord), CardError> {
        let binding = self.holds(right.proven(), PHOTO)?;
        progress(Progress { read: 0, total: 0 });
        let (offsets, record) = self.key_record(binding)?;
        let (bytes, start) =
            self.read_part(PHOTO, &offsets, Part::Photo, Part::Signature, progress)?;
        Ok((SignedPhoto::parse(bytes, start, binding)?, record))
    }

    /// Reads birth date, sex and card key alone: one exchange with extended
    /// length, two without.
    ///
    /// # Errors
    ///
    /// As [`signed_photo`](Self::signed_photo).
    pub fn card_key_record(
        &mut self,
        right: &ReferenceVerified,
    ) -> Result<CardKeyRecord, CardError> {
        let binding = self.holds(right.proven(), PHOTO)?;
        Ok(self.key_record(binding)?.1)
    }

    /// Lets the chip sign with the card face's own key: COMPUTE DIGITAL SIGNATURE
    /// `80 2A 00 00 33`, the `DigestInfo`, `00`. One exchange; no PIN and no
    /// number is needed. Reported by several programs that run on real cards.
    ///
    /// It proves which chip is there, and nothing of a person. `input` comes from
    /// a [`Challenge`](crate::trust::Challenge) made for
    /// [`Purpose::LivePhoto`](crate::trust::Purpose::LivePhoto).
    ///
    /// # Errors
    ///
    /// [`CardError::Malformed`] for an answer that isn't 256 bytes; refusals, and
    /// the link's.
    pub fn sign_live(&mut self, input: &SignatureInput) -> Result<CardSignature, CardError> {
        self.sign(&self.card.map.face.key, input)
    }

    /// Reads the photo, and nothing else of the face: the offset table of
    /// EF 0002 (26 bytes) says where it is. Name and address aren't read.
    ///
    /// One exchange for the table and ⌈length / 256⌉ for the photo, or one
    /// where extended length was seen to work with this card. Whatever the card
    /// answers, at most 18 transmissions for the table and 16 + 2⌈length / 256⌉
    /// for the photo, which is 400 for the longest one. `progress` watches, it
    /// can't stop the reading: that bound does.
    ///
    /// # Errors
    ///
    /// [`CardError::NotVerified`] if `right` is another session's (nothing is
    /// sent then) or the card wants the number again, [`CardError::TooLong`]
    /// above 48 KiB, [`CardError::Malformed`] or [`CardError::Tlv`] for a file
    /// that isn't a card face; other refusals, and the link's.
    ///
    /// ```
    /// use uketsuke::VisitId;
    /// use uketsuke::card::{Card, CardFace, LastTry, ReferenceNumberB, SecretKind};
    /// # use uketsuke::simulation::{CardOptions, Persona, VirtualReader};
    /// # use uketsuke::transport::Reader;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let now = "2026-11-24T00:00:00Z".parse()?;
    /// # let persona = Persona::named("in-order").ok_or("no such persona")?;
    /// # let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), now);
    /// # let typed = persona.reference_number_b;
    /// let mut card = Card::new(reader.connect()?, VisitId::begin());
    /// let mut face = card.open::<CardFace>()?;
    /// let tries = face.tries_left(SecretKind::ReferenceNumberB)?;
    /// let budget = tries.budget(LastTry::Refuse)?;
    /// let number = ReferenceNumberB::parse(typed)?;
    /// let right = face.verify_reference_number_b(number, budget)?;
    /// let photo = face.photo(&right, &mut |_| ())?;
    /// assert_eq!(photo.jpeg2000()[4..8], *b"jP  ");
    /// assert!(!format!("{photo:?}").contains("jP"));
    /// face.close()?;
    /// # Ok(()) }
    /// ```
    pub fn photo(
        &mut self,
        right: &ReferenceVerified,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<CardPhoto, CardError> {
        let binding = self.holds(right.proven(), PHOTO)?;
        progress(Progress { read: 0, total: 0 });
        let offsets = self.card.read_offsets()?;
        let (bytes, start) = self.read_part(PHOTO, &offsets, Part::Photo, Part::Photo, progress)?;
        let [photo] = Elements::sequence(PHOTO, bytes, start, [PHOTO_TAG])?.into_values();
        match photo.is_empty() {
            true => Err(CardError::Malformed {
                what: PHOTO,
                why: "it is empty",
            }),
            false => Ok(CardPhoto {
                bytes: photo,
                binding,
            }),
        }
    }

    fn key_record(&mut self, binding: Binding) -> Result<(Offsets, CardKeyRecord), CardError> {
        let (offsets, reading) = self.card.read_record()?;
        let range = offsets.range(Part::BirthDate, Part::Key)?;
        let start = range.start;
        // The buffer begins with the file, and was read to the end of the range.
        let bytes = reading.bytes().get(range).unwrap_or_default();
        let record = CardKeyRecord::parse(Zeroizing::new(bytes.to_vec()), start, binding)?;
        Ok((offsets, record))
    }

    /// Elements of the face, as written, and where they begin.
    pub(super) fn read_part(
        &mut self,
        what: &'static str,
        offsets: &Offsets,
        first: Part,
        last: Part,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Zeroizing<Vec<u8>>, usize), CardError> {
        let range = offsets.range(first, last)?;
        let len = range.len();
        let max = self.card.map.face.face.max;
        if len > max {
            return Err(CardError::TooLong { what, len, max });
        }
        let mut reading = Reading::new(what, range.start, len);
        self.card.read_to(&mut reading, len, progress)?;
        Ok((reading.cut(len), range.start))
    }
}
