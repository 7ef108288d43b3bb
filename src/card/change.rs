//! Changing a PIN or password.
//!
//! The way is publicly reported by two projects, of which one says that it never
//! tried: after a VERIFY of the old value, SELECT of the reference and CHANGE
//! REFERENCE DATA with the new value alone. Nobody here has done it to a real
//! card.

use super::channel::{Ask, encoded};
use super::map::SecretMap;
use super::proof::Proven;
use super::{
    Application, AuthPin, CardError, ChangeError, InputPin, InputPinVerified, InputSupport, Jpki,
    Opened, PasswordVerified, PinVerified, SecretKind, SignPassword,
};
use crate::apdu::{Command, StatusWord};
use crate::transport::Transport;

impl<T: Transport> Opened<'_, T, Jpki> {
    /// Changes the PIN of the authentication key. The old one was verified in
    /// this session, which `old` proves and which is used up. Two exchanges:
    /// `00 A4 02 0C 02 00 18`, then `00 24 01 80 04` and the new digits.
    ///
    /// Publicly reported, and not measured by anyone here. The new value is sent
    /// once, whatever comes back. Where the card had refused the new value as
    /// this PIN in this visit, that isn't held against it any more; what else was
    /// refused still is.
    ///
    /// ```
    /// use uketsuke::card::{AuthPin, ChangeError, Jpki, LastTry, Opened, SecretKind};
    /// use uketsuke::transport::Transport;
    ///
    /// fn change<T: Transport>(
    ///     jpki: &mut Opened<'_, T, Jpki>,
    ///     old: AuthPin,
    ///     new: AuthPin,
    /// ) -> Result<&'static str, Box<dyn std::error::Error>> {
    ///     let budget = jpki.tries_left(SecretKind::AuthPin)?.budget(LastTry::Refuse)?;
    ///     let proof = jpki.verify_pin(old, budget)?;
    ///     Ok(match jpki.change_pin(proof, new) {
    ///         Ok(()) => "Use the new PIN from now on.",
    ///         Err(error) if error.old_value_holds() => "The PIN is the old one.",
    ///         Err(_) => "Try the new PIN first, then the old one.",
    ///     })
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`ChangeError`]: each variant says which value holds.
    pub fn change_pin(&mut self, old: PinVerified, new: AuthPin) -> Result<(), ChangeError> {
        self.change(SecretKind::AuthPin, old.proven(), new.as_bytes())
    }

    /// Changes the password of the signing key, like
    /// [`change_pin`](Self::change_pin).
    ///
    /// # Errors
    ///
    /// See [`ChangeError`]: each variant says which value holds.
    pub fn change_sign_password(
        &mut self,
        old: PasswordVerified,
        new: SignPassword,
    ) -> Result<(), ChangeError> {
        self.change(SecretKind::SignPassword, old.proven(), new.as_bytes())
    }
}

impl<T: Transport> Opened<'_, T, InputSupport> {
    /// Changes the PIN of this application (券面事項入力補助用の暗証番号), like
    /// [`change_pin`](Opened::change_pin) of JPKI.
    ///
    /// # Errors
    ///
    /// See [`ChangeError`]: each variant says which value holds.
    pub fn change_input_pin(
        &mut self,
        old: InputPinVerified,
        new: InputPin,
    ) -> Result<(), ChangeError> {
        self.change(SecretKind::InputPin, old.proven(), new.as_bytes())
    }
}

impl<T: Transport, A: Application> Opened<'_, T, A> {
    /// Sends the new value once.
    fn change(&mut self, kind: SecretKind, old: &Proven, new: &[u8]) -> Result<(), ChangeError> {
        let of = self.secret(kind)?;
        let place = self.place(kind);
        self.card.own_application()?;
        let _ = self.holds(old, of.name)?;
        if !of.shape.fits(new) {
            let what = "the secret has another form on this card";
            return Err(CardError::Misuse { what }.into());
        }
        let command = Command::new(0x00, 0x24, 0x01, 0x80).with_data(new);
        let command = encoded(of.name, &command)?;
        // VERIFY names its reference by short identifier; whether that makes it
        // the current one isn't known, so it's selected.
        let reference = of.reference.to_be_bytes();
        let select = Command::new(0x00, 0xA4, 0x02, 0x0C).with_data(&reference);
        let ask = Ask::public("SELECT of a secret", select);
        self.card.ask(&ask)?.success(ask.what)?;
        // The proof may be from before the application was left and opened again.
        self.card.dirty = true;
        let changed = self.send_new(of, &command);
        if changed
            .as_ref()
            .map_or_else(|e| !e.old_value_holds(), |()| true)
        {
            self.card.ledger.changed(place, new);
        }
        changed
    }

    /// CHANGE REFERENCE DATA, encoded: once, whatever comes back.
    fn send_new(&mut self, of: &'static SecretMap, command: &[u8]) -> Result<(), ChangeError> {
        let kind = of.kind;
        let answer = match self.card.present(of.name, command) {
            Ok(answer) => answer,
            Err(CardError::Transport { source, .. }) if source.outcome_unknown => {
                return Err(ChangeError::OutcomeUnknown { kind, source });
            }
            Err(error @ CardError::Transport { .. }) => return Err(error.into()),
            Err(source) => return Err(ChangeError::Unclear { kind, source }),
        };
        let what = of.name;
        match answer.status {
            _ if !answer.data.is_empty() => {
                let why = "data where only a status belongs";
                let source = CardError::Malformed { what, why };
                Err(ChangeError::Unclear { kind, source })
            }
            StatusWord::OK => Ok(()),
            status if left_as_it_was(status) => Err(ChangeError::Refused { kind, status }),
            _ => {
                let why = "a status that does not say whether it was done";
                let source = CardError::Malformed { what, why };
                Err(ChangeError::Unclear { kind, source })
            }
        }
    }
}

/// Checking errors (ISO/IEC 7816-4:2005, 5.1.3): the command was aborted before
/// it did anything. `6F00` is no diagnosis and says nothing.
const fn left_as_it_was(status: StatusWord) -> bool {
    matches!(
        status,
        StatusWord::WRONG_LENGTH
            | StatusWord::CHANNEL_NOT_SUPPORTED
            | StatusWord::SECURE_MESSAGING_NOT_SUPPORTED
            | StatusWord::WRONG_STRUCTURE
            | StatusWord::NOT_VERIFIED
            | StatusWord::BLOCKED
            | StatusWord::REFERENCE_UNUSABLE
            | StatusWord::CONDITIONS_NOT_SATISFIED
            | StatusWord::NO_CURRENT_EF
            | StatusWord::WRONG_DATA
            | StatusWord::FUNCTION_NOT_SUPPORTED
            | StatusWord::NOT_FOUND
            | StatusWord::WRONG_P1P2
            | StatusWord::REFERENCE_NOT_FOUND
            | StatusWord::WRONG_OFFSET
            | StatusWord::INS_NOT_SUPPORTED
            | StatusWord::CLA_NOT_SUPPORTED
    )
}
