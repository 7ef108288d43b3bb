//! COMPUTE DIGITAL SIGNATURE and INTERNAL AUTHENTICATE.

use super::VirtualCard;
use super::dispatch::{Answer, NO_PRECISE_DIAGNOSIS, Reference};
use super::file::Content;
use crate::apdu::{Command, StatusWord};
use crate::simulation::pki::CardKey;

/// What PKCS #1 v1.5 can pad for a key of 2,048 bits: 256 bytes less eleven.
const MOST_TO_SIGN: usize = 245;
const SIGNATURE: u32 = 256;
const HASH: usize = 32;

/// The six forms that one public project found on a real card, by P1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `00`: pads what it is given; hashing and DigestInfo are the caller's.
    Verbatim,
    /// `01`: hashes, and pads the bare hash.
    BareHash,
    /// `02`: is given a hash, puts it into a DigestInfo and pads that.
    GivenHash,
    /// `03`: hashes, DigestInfo, pads.
    Hashing,
    /// `04`: is given a hash; PSS.
    GivenHashPss,
    /// `05`: hashes; PSS.
    HashingPss,
}

impl Form {
    const fn parse(p1: u8) -> Result<Self, StatusWord> {
        match p1 {
            0x00 => Ok(Self::Verbatim),
            0x01 => Ok(Self::BareHash),
            0x02 => Ok(Self::GivenHash),
            0x03 => Ok(Self::Hashing),
            0x04 => Ok(Self::GivenHashPss),
            0x05 => Ok(Self::HashingPss),
            _ => Err(StatusWord::WRONG_P1P2),
        }
    }

    /// Whether it can be made of so many bytes. Public sources say that a real card answers `6985` or `6700`, not
    /// which one when.
    const fn check(self, len: usize) -> Result<(), StatusWord> {
        match self {
            Self::Verbatim if len == 0 || len > MOST_TO_SIGN => Err(StatusWord::WRONG_LENGTH),
            Self::BareHash | Self::Hashing | Self::HashingPss if len == 0 => {
                Err(StatusWord::WRONG_LENGTH)
            }
            Self::GivenHash | Self::GivenHashPss if len != HASH => {
                Err(StatusWord::CONDITIONS_NOT_SATISFIED)
            }
            _ => Ok(()),
        }
    }

    fn sign(self, key: CardKey, data: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Verbatim => key.raw(data),
            Self::BareHash => key.raw(&CardKey::hash(data)),
            Self::GivenHash => key.sign_hash(data),
            Self::Hashing => key.sign_hash(&CardKey::hash(data)),
            Self::GivenHashPss => key.sign_pss(data),
            Self::HashingPss => key.sign_pss(&CardKey::hash(data)),
        }
    }
}

pub(super) fn compute_digital_signature(card: &VirtualCard, command: &Command<'_>) -> Answer {
    let form = Form::parse(command.p1())?;
    let reference = match command.p2() {
        // The application's own key.
        0x00 => card
            .application()
            .and_then(|application| application.own_key)
            .map(Reference::Short)
            .ok_or(StatusWord::REFERENCE_NOT_FOUND)?,
        p2 => Reference::parse(p2)?,
    };
    let content = card.content(reference, StatusWord::REFERENCE_NOT_FOUND)?;
    let &Content::Key { key, access } = content else {
        return Err(StatusWord::WRONG_STRUCTURE);
    };
    if key == CardKey::Common {
        // That one answers INTERNAL AUTHENTICATE alone.
        return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
    }
    if command.le().is_none_or(|le| le.get() < SIGNATURE) {
        return Err(StatusWord::WRONG_LENGTH);
    }
    form.check(command.data().len())?;
    let stand_in = card.volatile.pinless && key == CardKey::Authentication;
    if !stand_in && !card.grants(access) {
        return Err(StatusWord::NOT_VERIFIED);
    }
    form.sign(key, command.data()).ok_or(NO_PRECISE_DIAGNOSIS)
}

/// A signature over a challenge of 1 to 255 bytes, with a key for nothing else and without a secret. The public half
/// is on no file of the card.
pub(super) fn internal_authenticate(card: &VirtualCard, command: &Command<'_>) -> Answer {
    let application = card.application().ok_or(StatusWord::REFERENCE_NOT_FOUND)?;
    if let Some(status) = application.internal_authenticate {
        return Err(status);
    }
    if command.p1() != 0 {
        return Err(StatusWord::WRONG_P1P2);
    }
    let reference = Reference::parse(command.p2())?;
    let content = card.content(reference, StatusWord::REFERENCE_NOT_FOUND)?;
    let &Content::Key { key, .. } = content else {
        return Err(StatusWord::WRONG_STRUCTURE);
    };
    if command.le().is_none_or(|le| le.get() < SIGNATURE)
        || !(1..=255).contains(&command.data().len())
    {
        return Err(StatusWord::WRONG_LENGTH);
    }
    key.sign_hash(&CardKey::hash(command.data()))
        .ok_or(NO_PRECISE_DIAGNOSIS)
}
