use std::fmt;

use zeroize::Zeroizing;

use super::file::Reading;
use super::offsets::{self, Offsets};
use super::{
    CardError, CardFace, Opened, Progress, ReferenceNumberB, ReferenceVerified, SecretKind,
    TryBudget, VerifyError,
};
use crate::tlv::{Reader, Tag, TlvError};
use crate::transport::Transport;
use crate::{Binding, Realm};

/// Most bytes read of a photo. Its size on real cards isn't public; a fixture
/// of a test card has 1,854 bytes.
const PHOTO_MAX: usize = 48 * 1024;

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

/// The photo as read from DF27 (JPEG 2000), not proved to be issued.
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
        let Offsets { photo, after } = self.card.read_offsets()?;
        let len = after.saturating_sub(photo);
        if len > PHOTO_MAX {
            return Err(CardError::TooLong {
                what: PHOTO,
                len,
                max: PHOTO_MAX,
            });
        }
        let mut reading = Reading::new(PHOTO, photo, len);
        self.card.read_to(&mut reading, len, progress)?;
        let mut bytes = reading.cut(len);
        let header = photo_header(&bytes, photo)?;
        // In place: what is drained is overwritten or wiped with the buffer.
        bytes.drain(..header.start);
        bytes.truncate(header.len);
        Ok(CardPhoto { bytes, binding })
    }
}

struct Value {
    start: usize,
    len: usize,
}

/// Where the value of DF27 is. Errors count from the file's first byte, as
/// `start` does.
fn photo_header(bytes: &[u8], start: usize) -> Result<Value, CardError> {
    let tlv = |TlvError { position, kind }| CardError::Tlv {
        what: PHOTO,
        source: TlvError {
            position: position.saturating_add(start),
            kind,
        },
    };
    let element = Reader::new(bytes)
        .expect(Tag::new(offsets::PHOTO_TAG))
        .map_err(tlv)?;
    let len = element.value().len();
    if len == 0 {
        return Err(CardError::Malformed {
            what: PHOTO,
            why: "it is empty",
        });
    }
    let start = element.whole().len().saturating_sub(len);
    Ok(Value { start, len })
}
