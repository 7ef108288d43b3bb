//! The secrets and keys of JPKI.

use super::{
    AuthPin, CardError, CardSignature, Jpki, Opened, PasswordVerified, PinVerified, SecretKind,
    SignPassword, SignatureInput, TryBudget, VerifyError,
};
use crate::transport::Transport;

impl<T: Transport> Opened<'_, T, Jpki> {
    /// Presents the PIN once: `00 20 00 98 04` and the digits. Whatever comes
    /// back, it's never sent again by this crate.
    ///
    /// # Errors
    ///
    /// See [`VerifyError`]: each variant says what became of the try.
    pub fn verify_pin(
        &mut self,
        pin: AuthPin,
        budget: TryBudget,
    ) -> Result<PinVerified, VerifyError> {
        let proven = self.verify(SecretKind::AuthPin, pin.as_bytes(), budget)?;
        Ok(PinVerified::new(proven))
    }

    /// Presents the password of the signing key once: `00 20 00 9B`, its length
    /// and its characters. Whatever comes back, it's never sent again by this
    /// crate.
    ///
    /// The signing key is the holder's seal (実印): a check-in has no use for it.
    ///
    /// ```
    /// use uketsuke::VisitId;
    /// use uketsuke::card::{Card, Jpki, LastTry, SecretKind, SignPassword, SignatureInput};
    /// use uketsuke::transport::Transport;
    ///
    /// /// The certificate of the signing key, and its signature over a SHA-256 digest.
    /// fn seal<T: Transport>(
    ///     card: &mut Card<T>,
    ///     password: SignPassword,
    ///     digest: [u8; 32],
    /// ) -> Result<(Vec<u8>, Vec<u8>), Box<dyn std::error::Error>> {
    ///     let mut jpki = card.open::<Jpki>()?;
    ///     let budget = jpki.tries_left(SecretKind::SignPassword)?.budget(LastTry::Refuse)?;
    ///     let right = jpki.verify_sign_password(password, budget)?;
    ///     let certificate = jpki.signing_certificate(&right, &mut |_| ())?;
    ///     let signature = jpki.sign_with_signing_key(&right, &SignatureInput::sha256(digest))?;
    ///     jpki.close()?;
    ///     Ok((certificate.der().to_vec(), signature.bytes().to_vec()))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`VerifyError`]: each variant says what became of the try.
    pub fn verify_sign_password(
        &mut self,
        password: SignPassword,
        budget: TryBudget,
    ) -> Result<PasswordVerified, VerifyError> {
        let proven = self.verify(SecretKind::SignPassword, password.as_bytes(), budget)?;
        Ok(PasswordVerified::new(proven))
    }

    /// Signs with the authentication key (0017): COMPUTE DIGITAL SIGNATURE
    /// `80 2A`, the form, `97`, the input, `00`. One exchange.
    ///
    /// It takes no [`PinVerified`]: where a vendor's way to the key without PIN
    /// was gone, there is none. The card decides.
    ///
    /// # Errors
    ///
    /// [`CardError::NotVerified`] without the PIN, [`CardError::Malformed`] for
    /// an answer that can't be a signature; other refusals, and the link's.
    pub fn sign_authentication(
        &mut self,
        input: &SignatureInput,
    ) -> Result<CardSignature, CardError> {
        self.sign(&self.card.map.jpki.authentication_key, input)
    }

    /// Signs with the signing key (001A): `80 2A`, the form, `9A`, the input,
    /// `00`. One exchange.
    ///
    /// # Errors
    ///
    /// [`CardError::NotVerified`] if `right` is another session's (nothing is
    /// sent then); else as [`sign_authentication`](Self::sign_authentication).
    pub fn sign_with_signing_key(
        &mut self,
        right: &PasswordVerified,
        input: &SignatureInput,
    ) -> Result<CardSignature, CardError> {
        let key = &self.card.map.jpki.signing_key;
        let _ = self.holds(right.proven(), key.name)?;
        self.sign(key, input)
    }
}
