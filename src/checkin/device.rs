use thiserror::Error;

use super::RawCard;
use crate::card::{CardError, Jpki, Opened};
use crate::transport::Transport;
use crate::{Binding, Realm};

/// What a vendor's phone reader says to an iPhone whose holder was identified on
/// the phone itself (スマートフォンでの本人確認), so that its authentication key
/// signs without a PIN typed here.
///
/// That step isn't public, and this crate doesn't know it: the trait is for the
/// vendor who has the specification. Without a provider, iPhones aren't offered.
/// The `simulation` has a marked stand-in that only a virtual phone understands.
pub trait DeviceVerification {
    /// The world it belongs to.
    fn realm(&self) -> Realm;

    /// Makes sure that the phone identified its holder, now and for this use, and
    /// opens its authentication key. `binding` says which visit and which tap that
    /// is for.
    ///
    /// The JPKI application is selected, and when this gives `Ok` it must be
    /// so again. None of the holder's secrets may be presented.
    ///
    /// # Errors
    /// The phone refused, or identified nobody; or the link failed.
    fn verify(&mut self, phone: &mut dyn RawCard, binding: Binding) -> Result<(), DeviceError>;
}

/// The phone's own identification of its holder didn't count.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// The phone refused, or identified nobody.
    #[error("the phone did not identify its holder")]
    Refused,
    /// The link failed.
    #[error(transparent)]
    Card(#[from] CardError),
}

/// The phone identified its holder (by face or finger, on the phone), and the
/// provider of this realm opened its key. Not `Clone`; made by
/// [`verify`](Self::verify) only.
#[derive(Debug)]
pub struct DeviceVerified {
    binding: Binding,
    realm: Realm,
}

impl DeviceVerified {
    /// Asks the provider. The token is of the visit and the tap that `phone` is of;
    /// once the phone was taken away and held again, it is worth nothing.
    ///
    /// ```
    /// use uketsuke::card::{Jpki, Opened};
    /// use uketsuke::checkin::{DeviceError, DeviceVerification, DeviceVerified, Identity};
    /// use uketsuke::transport::Transport;
    ///
    /// fn identify<T: Transport>(
    ///     vendor: &mut dyn DeviceVerification,
    ///     phone: &mut Opened<'_, T, Jpki>,
    /// ) -> Result<Identity, DeviceError> {
    ///     DeviceVerified::verify(vendor, phone).map(Identity::Device)
    /// }
    /// ```
    ///
    /// # Errors
    /// The provider's.
    pub fn verify<T: Transport>(
        provider: &mut dyn DeviceVerification,
        phone: &mut Opened<'_, T, Jpki>,
    ) -> Result<Self, DeviceError> {
        // Before the provider speaks: should it lose the phone and not say so, what is
        // read afterwards is of another session, and doesn't fit this.
        let binding = phone.binding();
        let realm = provider.realm();
        provider.verify(phone, binding)?;
        Ok(Self { binding, realm })
    }

    /// Visit, and the session of the tap.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// The provider's realm.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.realm
    }
}
