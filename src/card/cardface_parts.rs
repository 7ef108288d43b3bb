//! Single parts of the card face, the whole of it, and its free file.

use std::fmt;

use jiff::civil::Date;
use zeroize::Zeroizing;

use super::cardface_signed::{SignedAge, SignedFace};
use super::elements::Elements;
use super::file::{Begin, outer_length};
use super::offsets::{FACE_TAG, Part};
use super::{
    BirthDate, BirthDateKey, BirthDateVerified, CardError, CardFace, Opened, Progress,
    ReferenceVerified, SecretKind, TryBudget, VerifyError,
};
use crate::Binding;
use crate::transport::Transport;

const IMAGE: &str = "an image of the card face (券面事項確認AP)";
const EXPIRY: &str = "the expiry of the card face (券面事項確認AP)";

/// A picture of something printed on the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaceImage {
    /// The name (DF25), as printed, with characters that no font may have.
    Name,
    /// The address (DF26), as printed.
    Address,
    /// The security code under the photo (DF2A). Not signed by anybody.
    SecurityCode,
}

/// A picture of something printed on the card, PNG, as read: proved by nobody.
///
/// Reported of a test card: one bit a pixel, grey, 12 pixels a line of text.
/// `Debug` prints its length alone; wiped when dropped.
pub struct CardImage {
    bytes: Zeroizing<Vec<u8>>,
    what: FaceImage,
    binding: Binding,
}

impl CardImage {
    /// The PNG file. It comes from a card, which may be hostile.
    #[must_use]
    pub fn png(&self) -> &[u8] {
        &self.bytes
    }

    /// What it shows.
    #[must_use]
    pub const fn what(&self) -> FaceImage {
        self.what
    }

    /// The visit and session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }
}

impl fmt::Debug for CardImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardImage({:?}, {} bytes)", self.what, self.bytes.len())
    }
}

impl<T: Transport> Opened<'_, T, CardFace> {
    /// Reads one picture and nothing else: the offset table, and the picture in
    /// one exchange or ⌈length / 256⌉. Nothing of the photo is read.
    ///
    /// # Errors
    ///
    /// As [`signed_photo`](Self::signed_photo).
    pub fn image(
        &mut self,
        what: FaceImage,
        right: &ReferenceVerified,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<CardImage, CardError> {
        let binding = self.holds(right.proven(), IMAGE)?;
        let (part, tag) = match what {
            FaceImage::Name => (Part::Name, 0xDF25),
            FaceImage::Address => (Part::Address, 0xDF26),
            FaceImage::SecurityCode => (Part::SecurityCode, 0xDF2A),
        };
        progress(Progress { read: 0, total: 0 });
        let offsets = self.card.read_offsets()?;
        let (bytes, start) = self.read_part(IMAGE, &offsets, part, part, progress)?;
        let [bytes] = Elements::sequence(IMAGE, bytes, start, [tag])?.into_values();
        Ok(CardImage {
            bytes,
            what,
            binding,
        })
    }

    /// Reads the date of expiry (DF29) alone: the offset table, and one exchange.
    ///
    /// It comes behind the signature of the face, and nothing signs it: it's a
    /// hint for the person and never refuses a card.
    ///
    /// # Errors
    ///
    /// As [`signed_photo`](Self::signed_photo); [`CardError::Malformed`] if it
    /// isn't a date.
    pub fn expiry_hint(&mut self, right: &ReferenceVerified) -> Result<Date, CardError> {
        let _ = self.holds(right.proven(), EXPIRY)?;
        let offsets = self.card.read_offsets()?;
        let part = Part::Expiry;
        let (bytes, start) = self.read_part(EXPIRY, &offsets, part, part, &mut |_| ())?;
        let [digits] = Elements::sequence(EXPIRY, bytes, start, [0xDF29])?.into_values();
        BirthDate::parse(&digits)
            .and_then(|digits| digits.date())
            .ok_or(CardError::Malformed {
                what: EXPIRY,
                why: "it is not a date",
            })
    }

    /// Reads the whole face, name and address included: one exchange with
    /// extended length, ⌈length / 256⌉ without, 13 on the test card that was
    /// reported. Where only the photo is wanted, take
    /// [`signed_photo`](Self::signed_photo).
    ///
    /// # Errors
    ///
    /// As [`signed_photo`](Self::signed_photo).
    pub fn face(
        &mut self,
        right: &ReferenceVerified,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<SignedFace, CardError> {
        let file = &self.card.map.face.face;
        let binding = self.holds(right.proven(), file.name)?;
        let length = |bytes: &[u8]| outer_length(file.name, FACE_TAG, bytes);
        let bytes = self.card.read_whole(file, Begin::Whole, length, progress)?;
        SignedFace::parse(bytes, binding)
    }

    /// Presents the birth date as printed, six digits, once: `00 20 00 91 06` and
    /// the digits. It opens the age record and nothing else. Whatever comes back,
    /// it's never sent again by this crate.
    ///
    /// How many tries this key has isn't public: the count says.
    ///
    /// # Errors
    ///
    /// See [`VerifyError`]: each variant says what became of the try.
    pub fn verify_birth_date(
        &mut self,
        key: BirthDateKey,
        budget: TryBudget,
    ) -> Result<BirthDateVerified, VerifyError> {
        let proven = self.verify(SecretKind::BirthDate, key.as_bytes(), budget)?;
        Ok(BirthDateVerified::new(proven))
    }

    /// Reads the age record (EF 0001): one exchange with extended length, three
    /// without.
    ///
    /// # Errors
    ///
    /// [`CardError::NotVerified`] if `right` is another session's (nothing is
    /// sent then) or the card wants the birth date again,
    /// [`CardError::TooLong`] above 2 KiB, [`CardError::Malformed`] or
    /// [`CardError::Tlv`] for a file that isn't one; other refusals, and the
    /// link's.
    pub fn age_record(
        &mut self,
        right: &BirthDateVerified,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<SignedAge, CardError> {
        let file = &self.card.map.face.age;
        let binding = self.holds(right.proven(), file.name)?;
        let length = |bytes: &[u8]| outer_length(file.name, 0xFF10, bytes);
        let bytes = self.card.read_whole(file, Begin::Whole, length, progress)?;
        SignedAge::parse(bytes, binding)
    }

    /// Reads what the application says of itself (EF 0003): free, one exchange
    /// with extended length, two without. Not signed.
    ///
    /// # Errors
    ///
    /// [`CardError::TooLong`] above 1 KiB, [`CardError::Malformed`] or
    /// [`CardError::Tlv`] for a file that isn't one; refusals, and the link's.
    pub fn basic_information(
        &mut self,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<FaceInformation, CardError> {
        let file = &self.card.map.face.information;
        let length = |bytes: &[u8]| outer_length(file.name, 0xFF30, bytes);
        let bytes = self.card.read_whole(file, Begin::Whole, length, progress)?;
        FaceInformation::parse(file.name, bytes, self.card.binding)
    }
}

/// What the application says of itself (AP 基本情報), unsigned.
///
/// It tells the municipality, so `Debug` shows nothing; wiped when dropped.
pub struct FaceInformation {
    elements: Elements<5>,
    binding: Binding,
}

impl FaceInformation {
    fn parse(
        what: &'static str,
        bytes: Zeroizing<Vec<u8>>,
        binding: Binding,
    ) -> Result<Self, CardError> {
        let tags = [0xDF31, 0xDF32, 0xDF33, 0xDF34, 0xDF35];
        let elements = Elements::growing_file(what, bytes, 0xFF30, tags)?;
        let malformed = |why| Err(CardError::Malformed { what, why });
        if elements.value(0).len() != 4 {
            return malformed("the versions are not four bytes");
        }
        let code = elements.value(3);
        if code.len() != 5 || !code.iter().all(u8::is_ascii_digit) {
            return malformed("the code of the municipality is not five digits");
        }
        Ok(Self { elements, binding })
    }

    /// Version of the specification, support of extended length, vendor, and a
    /// byte of the vendor's: `06 03 0E 01` was reported. What a card takes is
    /// learnt from its answers, not from here.
    #[must_use]
    pub fn versions(&self) -> [u8; 4] {
        self.elements.value(0).try_into().unwrap_or_default()
    }

    /// Code of the municipality (市区町村コード), five digits.
    #[must_use]
    pub fn municipality(&self) -> &str {
        // Digits only, by construction.
        std::str::from_utf8(self.elements.value(3)).unwrap_or_default()
    }

    /// The visit and session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }
}

impl fmt::Debug for FaceInformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FaceInformation(..)")
    }
}
