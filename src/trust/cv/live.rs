use std::fmt;

use jiff::Timestamp;

use super::{CvError, IssuedPhoto, PhotoMark, public_key::PublicKey};
use crate::{
    Binding, Realm,
    card::{BirthDate, CardKeyRecord, CardSignature, Sex},
    trust::{Challenge, Purpose},
};

/// Proof that the chip in the reader is the one for which a municipality issued
/// this photo.
///
/// Made by [`LivePhoto::verify`] only; can't be copied. It holds the birth date
/// that was signed together with the chip's key, to be compared with the
/// centre's.
///
/// Not bound by it: the key of the card face to the key of JPKI. Nothing public
/// ties the two applications of one chip together by signature, so a device that
/// answers for one chip's card face and for another chip's JPKI application gets
/// both proofs. Nor is a relay noticed: a chip far away signs as well.
///
/// `Debug` shows lengths only; photo and birth date are wiped when dropped.
///
/// ```
/// use jiff::{SignedDuration, Timestamp};
/// use uketsuke::card::{Card, CardFace, LastTry, ReferenceNumberB, SecretKind};
/// use uketsuke::transport::Transport;
/// use uketsuke::trust::{Challenge, CvRoots, IssuedPhoto, LivePhoto, Purpose, TerminalId};
/// use uketsuke::{Realms, VisitId};
///
/// /// Seven exchanges with extended length; production takes `CvRoots::production()` and `Realms::production()`.
/// fn live_photo<T: Transport>(
///     link: T,
///     number: ReferenceNumberB,
///     (roots, realms): (&CvRoots, Realms),
///     now: impl Fn() -> Timestamp,
/// ) -> Result<LivePhoto, Box<dyn std::error::Error>> {
///     let visit = VisitId::begin();
///     let mut card = Card::new(link, visit);
///     let mut face = card.open::<CardFace>()?;
///     // Free to read, so before the number is presented; and judged before it, so that a
///     // card that isn't accepted anyway costs no try.
///     let issuer = roots.validate(&face.issuer_certificate(&mut |_| ())?, realms)?;
///     let budget = face.tries_left(SecretKind::ReferenceNumberB)?.budget(LastTry::Refuse)?;
///     let right = face.verify_reference_number_b(number, budget)?;
///     let (photo, record) = face.signed_photo_with_key(&right, &mut |_| ())?;
///
///     let terminal = TerminalId::new("desk-1")?;
///     let lifetime = SignedDuration::from_secs(30);
///     let challenge = Challenge::generate(visit, &terminal, Purpose::LivePhoto, now(), lifetime)?;
///     let signature = face.sign_live(&challenge.signature_input())?;
///     face.close()?; // The card may be taken away now.
///
///     let issued = IssuedPhoto::verify(photo, &issuer)?;
///     Ok(LivePhoto::verify(issued, record, challenge, signature, now())?)
/// }
///
/// # use uketsuke::simulation::{CardOptions, Persona, VirtualReader};
/// # use uketsuke::transport::Reader;
/// # let persona = Persona::named("in-order").ok_or("no such persona")?;
/// # let now = || Timestamp::UNIX_EPOCH + SignedDuration::from_hours(500_000);
/// # let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), now());
/// # let number = || ReferenceNumberB::parse(persona.reference_number_b);
/// let simulation = (&CvRoots::simulation(), Realms::simulation());
/// let photo = live_photo(reader.connect()?, number()?, simulation, now)?;
/// assert_eq!(photo.birth_date().as_str(), "19800217");
///
/// // The same virtual card at a real desk: refused by the pinned key, and no try is spent.
/// let production = (&CvRoots::production(), Realms::production());
/// let refused = live_photo(reader.connect()?, number()?, production, now).unwrap_err();
/// assert_eq!(refused.to_string(), "no pinned key has the issuer's key identifier");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct LivePhoto {
    photo: IssuedPhoto,
    birth_date: BirthDate,
    sex: Sex,
}

impl LivePhoto {
    /// Checks that the municipality signed the card key in `record` together with
    /// the photo, and that this key signed `challenge` just now.
    ///
    /// `challenge` is one of [`Purpose::LivePhoto`], and `signature` what the
    /// card made of it with the card face's own key, which wants no PIN. Whatever
    /// the result, all four are used up.
    ///
    /// # Errors
    ///
    /// The first of: [`CvError::Challenge`] for one that has expired or was made
    /// for another purpose; [`CvError::OtherSession`] if photo, record and
    /// signature aren't of one card session, or the challenge isn't of its visit;
    /// [`CvError::NotCovered`] for a record that wasn't signed with this photo;
    /// [`CvError::Tlv`] or [`CvError::Form`] if its key can't be read;
    /// [`CvError::Challenge`] with
    /// [`BadSignature`](crate::trust::ChallengeError::BadSignature) if another
    /// key signed.
    pub fn verify(
        photo: IssuedPhoto,
        record: CardKeyRecord,
        challenge: Challenge,
        signature: CardSignature,
        now: Timestamp,
    ) -> Result<Self, CvError> {
        challenge.is_good_for(Purpose::LivePhoto, now)?;
        let binding = photo.binding();
        if record.binding() != binding
            || signature.binding() != binding
            || challenge.visit() != binding.visit()
        {
            return Err(CvError::OtherSession);
        }
        if !photo.digests().cover_person(record.as_written()) {
            return Err(CvError::NotCovered {
                what: "birth date, sex and card key",
            });
        }
        let key = PublicKey::parse(record.key(), "the card key", 0)?;
        challenge.is_signed(|message| key.verify_sha256(message, signature.bytes()))?;
        Ok(Self {
            photo,
            sex: record.sex(),
            birth_date: record.into_birth_date(),
        })
    }

    /// A short photo of somebody born on 17 February 1980, which nobody proved.
    #[cfg(test)]
    pub(crate) fn for_test(jpeg2000: &[u8], binding: Binding, realm: Realm) -> Self {
        Self {
            photo: IssuedPhoto::for_test(jpeg2000, binding, realm),
            birth_date: BirthDate::parse(b"19800217").unwrap(),
            sex: Sex::NotApplicable,
        }
    }

    /// The JPEG 2000 file.
    #[must_use]
    pub fn jpeg2000(&self) -> &[u8] {
        self.photo.jpeg2000()
    }

    /// The birth date that was signed with the photo.
    #[must_use]
    pub const fn birth_date(&self) -> &BirthDate {
        &self.birth_date
    }

    /// The sex that was signed with the photo.
    #[must_use]
    pub const fn sex(&self) -> Sex {
        self.sex
    }

    /// Which photo it is, and by which pinned key it was proved.
    pub(crate) fn mark(&self) -> PhotoMark {
        self.photo.mark()
    }

    /// The visit and card session of everything in it.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.photo.binding()
    }

    /// The realm of the pinned key above the municipality's.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.photo.realm()
    }
}

impl fmt::Debug for LivePhoto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LivePhoto")
            .field("photo", &self.photo)
            .finish_non_exhaustive()
    }
}
