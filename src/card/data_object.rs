//! What the card itself says, outside every application: GET DATA.

use std::fmt;

use jiff::civil::Date;
use zeroize::Zeroizing;

use super::channel::Ask;
use super::{BirthDate, Card, CardError};
use crate::Binding;
use crate::apdu::{Budget, Command, Le, StatusWord};
use crate::transport::{ExtendedLength, Transport};

/// A data object of the card (ISO/IEC 7816-4, GET DATA). All are free to read.
/// The two certificates are signed, all else is by nobody.
///
/// Reported by one project that measured them on a few cards; which ones a card
/// has varies, and one that it hasn't got is refused with `6A88`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DataObject {
    /// `0042`: number of the issuer.
    Issuer,
    /// `0045`: number of the card, which tells it from all others.
    CardNumber,
    /// `0066`: GlobalPlatform's card recognition data.
    RecognitionData,
    /// `00F0`: code of the municipality (市区町村コード), 5 digits.
    Municipality,
    /// `00F2`: date of expiry, 8 digits. A hint that never refuses a card.
    Expiry,
    /// `00F7`: identifier of a key.
    KeyIdentifier,
    /// `00F8`: a card-verifiable certificate, 575 bytes as reported; see
    /// [`CvRoots::check_card_level`](crate::trust::CvRoots::check_card_level).
    CertificateF8,
    /// `7F21`: another one below it, of the same size. Older cards haven't got it.
    Certificate7F21,
    /// `5F51`: what a contact reader would see at power-up, without the first
    /// byte.
    ContactAtr,
}

impl DataObject {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Issuer,
        Self::CardNumber,
        Self::RecognitionData,
        Self::Municipality,
        Self::Expiry,
        Self::KeyIdentifier,
        Self::CertificateF8,
        Self::Certificate7F21,
        Self::ContactAtr,
    ];

    /// The tag that is asked for.
    #[must_use]
    pub const fn tag(self) -> u16 {
        match self {
            Self::Issuer => 0x0042,
            Self::CardNumber => 0x0045,
            Self::RecognitionData => 0x0066,
            Self::Municipality => 0x00F0,
            Self::Expiry => 0x00F2,
            Self::KeyIdentifier => 0x00F7,
            Self::CertificateF8 => 0x00F8,
            Self::Certificate7F21 => 0x7F21,
            Self::ContactAtr => 0x5F51,
        }
    }

    /// Whether it's known to be longer than a short answer. To a short Le such
    /// an object is reported to be refused with `6700`.
    const fn is_long(self) -> bool {
        matches!(self, Self::CertificateF8 | Self::Certificate7F21)
    }
}

/// The value of a data object as read. `Debug` prints its length alone; wiped
/// when dropped.
pub struct CardData {
    object: DataObject,
    bytes: Zeroizing<Vec<u8>>,
    binding: Binding,
}

impl CardData {
    /// Which one.
    #[must_use]
    pub const fn object(&self) -> DataObject {
        self.object
    }

    /// The value.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The value as a date; `None` if it isn't eight digits of a day that exists.
    /// [`DataObject::Expiry`] is one.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        BirthDate::parse(&self.bytes)?.date()
    }

    /// The visit and session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }
}

impl fmt::Debug for CardData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardData({:?}, {} bytes)", self.object, self.bytes.len())
    }
}

const WHAT: &str = "a data object of the card";

/// Room for a certificate several times the reported size.
const OBJECT: Budget = Budget {
    rounds: 8,
    bytes: 4096,
};

impl<T: Transport> Card<T> {
    /// Asks for a data object of the card: `00 CA`, its tag, `00`. One exchange
    /// on a fresh card; where an application was opened before, one more, which
    /// leaves it by selecting the issuer security domain. A dirty card is powered
    /// off first.
    ///
    /// The long objects are asked for with extended length, unless the reader
    /// says that it has none.
    ///
    /// ```
    /// use uketsuke::VisitId;
    /// use uketsuke::card::{Card, DataObject};
    /// # use uketsuke::simulation::{CardOptions, Persona, VirtualReader};
    /// # use uketsuke::transport::Reader;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let now = "2026-11-24T00:00:00Z".parse()?;
    /// # let persona = Persona::named("in-order").ok_or("no such persona")?;
    /// # let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), now);
    /// let mut card = Card::new(reader.connect()?, VisitId::begin());
    /// let expiry = card.data_object(DataObject::Expiry)?;
    /// assert!(expiry.date().ok_or("not a date")?.year() > 2026);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`CardError::Refused`] if the card hasn't got it,
    /// [`CardError::Exchange`] above 4 KiB, [`CardError::Dirty`] if a needed
    /// power-off failed (nothing was sent); other refusals, and the link's.
    pub fn data_object(&mut self, object: DataObject) -> Result<CardData, CardError> {
        self.enter()?;
        let read = self.read_object(object);
        self.end_burst();
        read
    }

    fn read_object(&mut self, object: DataObject) -> Result<CardData, CardError> {
        if self.may_be_inside() {
            self.leave()?;
        }
        let [high, low] = object.tag().to_be_bytes();
        let command = Command::new(0x00, 0xCA, high, low).with_le(Le::SHORT_MAX);
        let command = match self.long_le() {
            Some(le) if object.is_long() => command.with_le(le).extended(),
            _ => command,
        };
        let ask = Ask::public(WHAT, command);
        let mut left = 2 * OBJECT.rounds;
        let mut answer = self.ask_within(&ask, OBJECT, &mut left)?;
        if answer.status == StatusWord::UNKNOWN_ERROR && !self.awake {
            // As with SELECT: the first command after power-up may be refused.
            answer = self.ask_within(&ask, OBJECT, &mut left)?;
        }
        self.awake = true;
        Ok(CardData {
            object,
            bytes: answer.success(WHAT)?,
            binding: self.binding,
        })
    }

    /// The extended Le for a long object, where the reader may carry one.
    fn long_le(&self) -> Option<Le> {
        let limits = self.transport.as_ref()?.limits();
        if limits.extended == ExtendedLength::No || limits.max_response <= 258 {
            return None;
        }
        let most = limits.max_response.saturating_sub(2).min(65_536);
        u32::try_from(most).ok().and_then(Le::new)
    }
}
