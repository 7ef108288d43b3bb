//! The picture of the My Number (個人番号), apart behind a feature of its own.

use std::fmt;

use zeroize::Zeroizing;

use super::elements::Elements;
use super::file::{Begin, outer_length};
use super::{
    CardError, CardFace, Opened, Progress, ReferenceAVerified, ReferenceNumberA, SecretKind,
    TryBudget, VerifyError,
};
use crate::Binding;
use crate::transport::Transport;

/// The picture of the My Number (個人番号, EF 0005 of 券面事項確認AP: picture, card
/// key, signature), as read and not yet verified: see
/// [`IssuedMyNumberImage`](crate::trust::IssuedMyNumberImage). Feature
/// `my-number`.
///
/// Who may read, use and keep a My Number is settled by law (番号法), and a
/// check-in may not. `Debug` shows nothing; wiped when dropped.
pub struct SignedMyNumberImage {
    elements: Elements<3>,
    binding: Binding,
}

impl SignedMyNumberImage {
    /// `bytes` are FF40 and what it holds.
    pub(crate) fn parse(
        what: &'static str,
        bytes: Zeroizing<Vec<u8>>,
        binding: Binding,
    ) -> Result<Self, CardError> {
        let elements = Elements::file(what, bytes, 0xFF40, [0xDF41, 0xDF42, 0xDF43])?;
        Ok(Self { elements, binding })
    }

    /// The PNG file.
    #[must_use]
    pub fn png(&self) -> &[u8] {
        self.elements.value(0)
    }

    /// The visit and session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// DF41 and DF42 as written: what the signature covers.
    pub(crate) fn as_written(&self) -> &[u8] {
        self.elements.written(0, 1)
    }

    /// Value of DF42.
    pub(crate) fn key(&self) -> &[u8] {
        self.elements.value(1)
    }

    /// Value of DF43.
    pub(crate) fn signature(&self) -> &[u8] {
        self.elements.value(2)
    }
}

impl fmt::Debug for SignedMyNumberImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedMyNumberImage(..)")
    }
}

impl<T: Transport> Opened<'_, T, CardFace> {
    /// Presents 照合番号A, which is the My Number, once: `00 20 00 93 0C` and the
    /// digits. Whatever comes back, it's never sent again by this crate. Feature
    /// `my-number`.
    ///
    /// # Errors
    ///
    /// See [`VerifyError`]: each variant says what became of the try.
    pub fn verify_reference_number_a(
        &mut self,
        number: ReferenceNumberA,
        budget: TryBudget,
    ) -> Result<ReferenceAVerified, VerifyError> {
        let kind = SecretKind::ReferenceNumberA;
        let proven = self.verify(kind, number.as_bytes(), budget)?;
        Ok(ReferenceAVerified::new(proven))
    }

    /// Reads the picture of the My Number (EF 0005), which 照合番号A alone opens:
    /// one exchange with extended length, three without. Feature `my-number`.
    ///
    /// # Errors
    ///
    /// [`CardError::NotVerified`] if `right` is another session's or application's
    /// (nothing is sent then) or the card wants the number again,
    /// [`CardError::TooLong`] above 4 KiB, [`CardError::Tlv`] for a file that
    /// isn't one; other refusals, and the link's.
    pub fn my_number_image(
        &mut self,
        right: &ReferenceAVerified,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<SignedMyNumberImage, CardError> {
        let file = &self.card.map.face.my_number;
        let binding = self.holds(right.proven(), file.name)?;
        let length = |bytes: &[u8]| outer_length(file.name, 0xFF40, bytes);
        let bytes = self.card.read_whole(file, Begin::Whole, length, progress)?;
        SignedMyNumberImage::parse(file.name, bytes, binding)
    }
}
