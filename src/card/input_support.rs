//! 券面事項入力補助AP: name, address, birth date and sex as text.

use super::{
    InputPin, InputPinVerified, InputSupport, Opened, ReferenceNumberB, ReferenceVerified,
    SecretKind, TryBudget, VerifyError,
};
use crate::transport::Transport;

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
}
