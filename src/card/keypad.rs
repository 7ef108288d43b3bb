//! PINs typed on the reader's own keypad (PC/SC part 10).

use super::proof::Proven;
use super::{
    Application, Card, InputPinVerified, InputSupport, Jpki, Opened, PinVerified, SecretKind,
    TryBudget, VerifyError,
};
use crate::transport::Transport;

impl<T: Transport> Card<T> {
    /// Whether the reader has a keypad of its own, on which a PIN can be typed
    /// that never comes to this computer.
    #[must_use]
    pub fn has_keypad(&self) -> bool {
        self.transport.as_ref().is_some_and(Transport::has_keypad)
    }
}

impl<T: Transport> Opened<'_, T, Jpki> {
    /// Lets the person type the PIN of the authentication key on the reader's own
    /// keypad, and the reader present it: once, like
    /// [`verify_pin`](Self::verify_pin), on a budget from a count of this
    /// session. It waits for the person; the reader ends that wait.
    ///
    /// What `verify_pin` promises holds, but for one thing: the digits never come
    /// here, so a value that was refused before isn't known again and can't be
    /// spared its try. Show the person how many tries are left.
    ///
    /// The password of the signing key can't be typed so: keypads have digits.
    ///
    /// # Errors
    ///
    /// See [`VerifyError`]: each variant says what became of the try. Where there
    /// is no keypad, or the person cancelled or typed nothing in time, it's
    /// [`VerifyError::Card`] with the link's error and no try was spent.
    pub fn verify_pin_on_keypad(&mut self, budget: TryBudget) -> Result<PinVerified, VerifyError> {
        let proven = self.verify_on_keypad(SecretKind::AuthPin, budget)?;
        Ok(PinVerified::new(proven))
    }
}

impl<T: Transport> Opened<'_, T, InputSupport> {
    /// The same for the PIN of this application: see
    /// [`verify_pin_on_keypad`](Opened::verify_pin_on_keypad) of JPKI.
    ///
    /// # Errors
    ///
    /// See [`VerifyError`].
    pub fn verify_input_pin_on_keypad(
        &mut self,
        budget: TryBudget,
    ) -> Result<InputPinVerified, VerifyError> {
        let proven = self.verify_on_keypad(SecretKind::InputPin, budget)?;
        Ok(InputPinVerified::new(proven))
    }
}

impl<T: Transport, A: Application> Opened<'_, T, A> {
    /// The reader's VERIFY: once, whatever comes back.
    fn verify_on_keypad(
        &mut self,
        kind: SecretKind,
        budget: TryBudget,
    ) -> Result<Proven, VerifyError> {
        let of = self.secret(kind)?;
        let place = self.place(kind);
        self.card.own_application()?;
        if !self.card.ledger.covers(&budget, place, self.card.binding) {
            return Err(VerifyError::ForeignBudget { kind });
        }
        self.card.ledger.presenting_unknown(place);
        let was_dirty = std::mem::replace(&mut self.card.dirty, true);
        let answer = self.card.present_on_keypad(of.name, of.p2());
        self.judge(of, None, budget.left, was_dirty, answer)
    }
}
