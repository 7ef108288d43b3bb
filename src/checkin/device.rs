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
///
/// [`Reception`](super::Reception) calls it once in a tap, when the phone's label said
/// that it is an iPhone, and waits for it: meanwhile no key is looked at and no other time-out
/// counts, so it must come to an end by itself, as when the phone is taken away.
///
/// ```
/// use uketsuke::checkin::{DeviceError, DeviceVerification, RawCard};
/// use uketsuke::{Binding, Realm};
///
/// /// The bytes here are invented; yours are in the specification that you hold.
/// struct MyReader;
///
/// impl DeviceVerification for MyReader {
///     fn realm(&self) -> Realm {
///         Realm::Production
///     }
///
///     fn verify(&mut self, phone: &mut dyn RawCard, _binding: Binding) -> Result<(), DeviceError> {
///         // Sent once, as it is. A lost link is the error of `?`: "hold it there again".
///         let answer = phone.transmit(b"\x80\xEE\x00\x00\x00")?;
///         match answer.as_slice() {
///             [0x90, 0x00] => Ok(()),
///             // Whatever isn't a clear yes: "you aren't confirmed yet".
///             _ => Err(DeviceError::Refused),
///         }
///     }
/// }
/// # use uketsuke::VisitId;
/// # use uketsuke::card::{Card, Jpki};
/// # use uketsuke::checkin::DeviceVerified;
/// # use uketsuke::simulation::{CardOptions, Persona, VirtualReader};
/// # use uketsuke::transport::Reader;
/// # let iphone = Persona::phone_named("iphone-in-order").ok_or("no such phone")?;
/// # let now = "2026-11-24T00:00:00Z".parse()?;
/// # let mut reader = VirtualReader::with_persona(iphone, CardOptions::default(), now);
/// # let mut card = Card::new(reader.connect()?, VisitId::begin());
/// # let refused = DeviceVerified::verify(&mut MyReader, &mut card.open::<Jpki>()?);
/// # assert!(matches!(refused, Err(DeviceError::Refused)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait DeviceVerification {
    /// The world it belongs to. Where a policy accepts another one, iPhones aren't offered:
    /// for real phones it is [`Realm::Production`].
    fn realm(&self) -> Realm;

    /// Makes sure that the phone identified its holder, now and for this use, and
    /// opens its authentication key. `binding` says which visit and which tap that
    /// is for.
    ///
    /// The JPKI application is selected, and when this gives `Ok` it must be
    /// so again: what is read next is the certificate. None of the holder's secrets may
    /// be presented; [`RawCard::transmit`] doesn't send what would.
    ///
    /// # Errors
    /// The phone refused, or identified nobody; or the link failed. What the person is told
    /// of either is on [`PhoneTaskError`](super::PhoneTaskError).
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
