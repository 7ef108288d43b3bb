use thiserror::Error;
use zeroize::Zeroizing;

use super::StaffConfirmed;
use crate::Realm;
use crate::card::{CardError, Jpki, Opened};
use crate::face::FaceMatched;
use crate::transport::Transport;

/// A card that takes a vendor's own commands. Everything sent counts as secret
/// and leaves the card dirty: it is powered off before anything else uses it.
///
/// When [`PinlessAuthorization::authorize`] or
/// [`DeviceVerification::verify`](super::DeviceVerification::verify) gives `Ok`, the JPKI
/// application must be the one selected, as it was when it began: the next command is
/// the signature, or reads the certificate of a phone, and nothing is selected in between. See
/// [`Opened::raw`](crate::card::Opened::raw) for what else holds after it.
pub trait RawCard {
    /// Sends one command APDU, once, as it is, and gives the response APDU,
    /// status word included. Nothing is followed: at `61xx` the provider sends
    /// GET RESPONSE itself, at `6Cxx` the command with the right Le. Chaining
    /// (class bit `10`) is the provider's too.
    ///
    /// # Errors
    /// [`CardError::Misuse`], with nothing sent, for fewer than four bytes and
    /// for what presents, changes or unlocks one of the holder's secrets, or
    /// could wrap such a command. In every class these are the instructions
    ///
    /// - VERIFY, `20` and `21`, unless it is four bytes long and so only asks
    ///   for the tries left,
    /// - CHANGE REFERENCE DATA, `24` and `25`,
    /// - RESET RETRY COUNTER, `2C` and `2D`,
    /// - ENVELOPE, `C2` and `C3`,
    ///
    /// and in the proprietary classes (`80` and up) `32` and `54`; class `FF`,
    /// the reader's own commands, isn't sent at all.
    ///
    /// And the link's errors.
    fn transmit(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, CardError>;
}

impl<T: Transport> RawCard for Opened<'_, T, Jpki> {
    fn transmit(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, CardError> {
        self.raw(command)
    }
}

/// Why the key may be opened without a PIN.
#[derive(Debug)]
#[non_exhaustive]
pub enum PinlessRight<'a> {
    /// The face matched.
    Face(&'a FaceMatched),
    /// A member of staff confirmed.
    Staff(&'a StaffConfirmed),
}

/// What a certified face reader says to the card so that the authentication
/// key signs without a PIN.
///
/// That step isn't public, and this crate doesn't know it: the trait is for the
/// vendor who has the specification. Without a provider, face and staff check
/// aren't offered. The `simulation` has a marked stand-in that only the virtual
/// card understands.
pub trait PinlessAuthorization {
    /// The world it belongs to.
    fn realm(&self) -> Realm;

    /// Opens the authentication key of the JPKI application, which is selected.
    /// The provider must not present any of the holder's secrets.
    ///
    /// # Errors
    /// The card refused, or the link failed.
    fn authorize(
        &mut self,
        card: &mut dyn RawCard,
        right: PinlessRight<'_>,
    ) -> Result<(), PinlessError>;
}

/// The PIN-less step failed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PinlessError {
    /// The card refused the step.
    #[error("the card refused the PIN-less step")]
    Refused,
    /// The link failed.
    #[error(transparent)]
    Card(#[from] CardError),
}
