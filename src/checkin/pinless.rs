use thiserror::Error;
use zeroize::Zeroizing;

use super::StaffConfirmed;
use crate::Realm;
use crate::card::{CardError, Jpki, Opened};
use crate::face::FaceMatched;
use crate::transport::Transport;

/// A card that takes a vendor's own commands. Everything sent counts as secret
/// and leaves the card dirty: it is powered off before anything else uses it.
pub trait RawCard {
    /// Sends one command APDU and gives the response APDU, status word
    /// included.
    ///
    /// # Errors
    /// The link's.
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
