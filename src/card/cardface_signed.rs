//! Parts of the card face that the municipality signed, as read.

use std::fmt;

use zeroize::Zeroizing;

use super::elements::Elements;
use super::{BirthDate, CardError, Sex, offsets};
use crate::Binding;

/// DF27, the photo.
pub(super) const PHOTO_TAG: u32 = 0xDF27;

const PHOTO: &str = "the photo with its signature (券面事項確認AP)";
const RECORD: &str = "birth date, sex and card key (券面事項確認AP)";
const FACE: &str = "the card face (券面事項確認AP)";
const AGE: &str = "the age record (券面事項確認AP)";

/// The photo (DF27, JPEG 2000) and the signature of the card face (DF28), as
/// read and not yet verified: see [`IssuedPhoto`](crate::trust::IssuedPhoto).
///
/// `Debug` prints its length alone; wiped when dropped.
pub struct SignedPhoto {
    elements: Elements<2>,
    binding: Binding,
}

impl SignedPhoto {
    /// `bytes` are DF27 and DF28, the first one at `start` of its file.
    pub(crate) fn parse(
        bytes: Zeroizing<Vec<u8>>,
        start: usize,
        binding: Binding,
    ) -> Result<Self, CardError> {
        let tags = [PHOTO_TAG, 0xDF28];
        let elements = Elements::sequence(PHOTO, bytes, start, tags)?;
        if elements.value(0).is_empty() {
            return Err(CardError::Malformed {
                what: PHOTO,
                why: "it is empty",
            });
        }
        Ok(Self { elements, binding })
    }

    /// The JPEG 2000 file.
    #[must_use]
    pub fn jpeg2000(&self) -> &[u8] {
        self.elements.value(0)
    }

    /// The visit and session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// DF27 as written: what its digest covers.
    pub(crate) fn photo_as_written(&self) -> &[u8] {
        self.elements.written(0, 0)
    }

    /// Value of DF28.
    pub(crate) fn signature(&self) -> &[u8] {
        self.elements.value(1)
    }
}

impl fmt::Debug for SignedPhoto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedPhoto({} bytes)", self.jpeg2000().len())
    }
}

/// Birth date, sex and the card's own public key (DF22 to DF24), as read and
/// not yet verified: see [`LivePhoto`](crate::trust::LivePhoto).
///
/// `Debug` shows nothing; wiped when dropped.
pub struct CardKeyRecord {
    elements: Elements<3>,
    birth_date: BirthDate,
    sex: Sex,
    binding: Binding,
}

impl CardKeyRecord {
    /// `bytes` are DF22 to DF24, the first one at `start` of its file.
    pub(crate) fn parse(
        bytes: Zeroizing<Vec<u8>>,
        start: usize,
        binding: Binding,
    ) -> Result<Self, CardError> {
        let tags = [0xDF22, 0xDF23, 0xDF24];
        let elements = Elements::sequence(RECORD, bytes, start, tags)?;
        let (birth_date, sex) = person(RECORD, elements.value(0), elements.value(1))?;
        Ok(Self {
            elements,
            birth_date,
            sex,
            binding,
        })
    }

    /// The birth date; unsigned so far.
    #[must_use]
    pub const fn birth_date(&self) -> &BirthDate {
        &self.birth_date
    }

    /// The sex; unsigned so far.
    #[must_use]
    pub const fn sex(&self) -> Sex {
        self.sex
    }

    /// The visit and session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// All three as written: what their digest covers.
    pub(crate) fn as_written(&self) -> &[u8] {
        self.elements.written(0, 2)
    }

    /// Value of DF24.
    pub(crate) fn key(&self) -> &[u8] {
        self.elements.value(2)
    }

    pub(crate) fn into_birth_date(self) -> BirthDate {
        self.birth_date
    }
}

impl fmt::Debug for CardKeyRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardKeyRecord(..)")
    }
}

/// The age record (EF 0001: birth date, card key, signature), as read and not
/// yet verified: see [`AgeRecord`](crate::trust::AgeRecord).
///
/// The birth key alone opens it: whoever knows the birth date learns that the
/// card confirms it, and nothing else of the face. `Debug` shows nothing; wiped
/// when dropped.
pub struct SignedAge {
    elements: Elements<3>,
    birth_date: BirthDate,
    binding: Binding,
}

impl SignedAge {
    /// `bytes` are FF10 and what it holds.
    pub(crate) fn parse(bytes: Zeroizing<Vec<u8>>, binding: Binding) -> Result<Self, CardError> {
        let elements = Elements::file(AGE, bytes, 0xFF10, [0xDF11, 0xDF12, 0xDF13])?;
        let why = "the birth date is not eight digits";
        let birth_date =
            BirthDate::parse(elements.value(0)).ok_or(CardError::Malformed { what: AGE, why })?;
        Ok(Self {
            elements,
            birth_date,
            binding,
        })
    }

    /// The birth date; unsigned so far.
    #[must_use]
    pub const fn birth_date(&self) -> &BirthDate {
        &self.birth_date
    }

    /// The visit and session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// DF11 and DF12 as written: what the signature covers.
    pub(crate) fn as_written(&self) -> &[u8] {
        self.elements.written(0, 1)
    }

    /// Value of DF12.
    pub(crate) fn key(&self) -> &[u8] {
        self.elements.value(1)
    }

    /// Value of DF13.
    pub(crate) fn signature(&self) -> &[u8] {
        self.elements.value(2)
    }

    pub(crate) fn into_birth_date(self) -> BirthDate {
        self.birth_date
    }
}

impl fmt::Debug for SignedAge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedAge(..)")
    }
}

/// The whole card face (EF 0002) as read and not yet verified: see
/// [`IssuedFace`](crate::trust::IssuedFace).
///
/// `Debug` prints its length alone; wiped when dropped.
pub struct SignedFace {
    /// DF21 to DF2A.
    elements: Elements<10>,
    birth_date: BirthDate,
    sex: Sex,
    binding: Binding,
}

impl SignedFace {
    /// `bytes` are FF20 and what it holds.
    pub(crate) fn parse(bytes: Zeroizing<Vec<u8>>, binding: Binding) -> Result<Self, CardError> {
        let tags = [
            offsets::TABLE_TAG,
            0xDF22,
            0xDF23,
            0xDF24,
            0xDF25,
            0xDF26,
            PHOTO_TAG,
            0xDF28,
            0xDF29,
            0xDF2A,
        ];
        let elements = Elements::growing_file(FACE, bytes, offsets::FACE_TAG, tags)?;
        let (birth_date, sex) = person(FACE, elements.value(1), elements.value(2))?;
        Ok(Self {
            elements,
            birth_date,
            sex,
            binding,
        })
    }

    /// The birth date (DF22).
    #[must_use]
    pub const fn birth_date(&self) -> &BirthDate {
        &self.birth_date
    }

    /// The sex (DF23).
    #[must_use]
    pub const fn sex(&self) -> Sex {
        self.sex
    }

    /// Picture of the name (DF25), PNG.
    #[must_use]
    pub fn name_png(&self) -> &[u8] {
        self.elements.value(4)
    }

    /// Picture of the address (DF26), PNG.
    #[must_use]
    pub fn address_png(&self) -> &[u8] {
        self.elements.value(5)
    }

    /// The photo (DF27), JPEG 2000.
    #[must_use]
    pub fn jpeg2000(&self) -> &[u8] {
        self.elements.value(6)
    }

    /// Date of expiry (DF29), as the card has it; no signature covers it.
    #[must_use]
    pub fn unsigned_expiry(&self) -> &[u8] {
        self.elements.value(8)
    }

    /// Picture of the security code (DF2A), PNG; no signature covers it.
    #[must_use]
    pub fn unsigned_security_code_png(&self) -> &[u8] {
        self.elements.value(9)
    }

    /// The visit and session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// What the three digests cover, as written: DF22 to DF24, DF25 and DF26, DF27.
    pub(crate) fn as_written(&self) -> [&[u8]; 3] {
        let written = |first, last| self.elements.written(first, last);
        [written(1, 3), written(4, 5), written(6, 6)]
    }

    /// Value of DF24.
    pub(crate) fn key(&self) -> &[u8] {
        self.elements.value(3)
    }

    /// Value of DF28.
    pub(crate) fn signature(&self) -> &[u8] {
        self.elements.value(7)
    }
}

impl fmt::Debug for SignedFace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedFace(photo of {} bytes)", self.jpeg2000().len())
    }
}

/// Birth date and sex, as every file writes them.
pub(super) fn person(
    what: &'static str,
    birth: &[u8],
    sex: &[u8],
) -> Result<(BirthDate, Sex), CardError> {
    let malformed = |why| CardError::Malformed { what, why };
    let birth_date =
        BirthDate::parse(birth).ok_or(malformed("the birth date is not eight digits"))?;
    let sex = match *sex {
        [digit] => Sex::of(digit),
        _ => None,
    };
    Ok((
        birth_date,
        sex.ok_or(malformed("the sex is not one digit"))?,
    ))
}
