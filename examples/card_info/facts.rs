//! What there is on the card.

use uketsuke::card::{Card, CardError, CertificatesPresent, Common, Jpki, SecretKind, Token};
use uketsuke::transport::Transport;
use zeroize::Zeroizing;

use crate::face::FaceFacts;
use crate::judged::Judged;

pub struct Facts {
    pub reader: String,
    pub simulated: bool,
    /// `None`: a card without the JPKI application.
    pub card: Option<CardFacts>,
}

pub struct CardFacts {
    pub token: Token,
    /// `None`: the card doesn't say.
    pub present: Option<CertificatesPresent>,
    /// `None`: the card hasn't got it.
    pub auth_pin: Option<u8>,
    /// `None`: the card hasn't got it.
    pub sign_password: Option<u8>,
    /// `None`: no card face, so a phone or an old card.
    pub face: Option<FaceFacts>,
    /// `None`: no common application, so a phone or an old card.
    pub expiry_hint: Option<Result<String, String>>,
    pub certificate: Found,
}

impl Facts {
    /// Whether the photo was read and proved to be this chip's.
    pub fn photo_proved(&self) -> bool {
        let face = self.card.as_ref().and_then(|card| card.face.as_ref());
        matches!(face.and_then(|face| face.photo.as_ref()), Some(Ok(_)))
    }
}

/// The authentication certificate.
pub enum Found {
    Here(Judged),
    /// A phone wants the PIN before it shows its certificate.
    BehindPin,
    /// The card hasn't got one.
    Nowhere,
}

impl CardFacts {
    /// `None` without the JPKI application. `number` gives 照合番号B if the photo is wanted.
    pub fn of<T: Transport>(
        card: &mut Card<T>,
        number: Option<&mut dyn FnMut() -> Option<Zeroizing<String>>>,
    ) -> Result<Option<Self>, CardError> {
        let mut jpki = match card.open::<Jpki>() {
            Err(CardError::NoApplication { .. }) => return Ok(None),
            jpki => jpki?,
        };
        let token = jpki.token().or_else(unless_refused(Token::Unknown))?;
        let present = jpki
            .certificates_present()
            .map(Some)
            .or_else(unless_refused(None))?;
        let mut tries = |kind| {
            let left = jpki.tries_left(kind).map(|tries| Some(tries.count()));
            left.or_else(unless_refused(None))
        };
        let auth_pin = tries(SecretKind::AuthPin)?;
        let sign_password = tries(SecretKind::SignPassword)?;
        let certificate = match jpki.authentication_certificate(&mut |_| {}) {
            Ok(certificate) => Found::Here(Judged::of(certificate.der())),
            Err(CardError::NotVerified { .. }) => Found::BehindPin,
            Err(CardError::Refused { .. }) => Found::Nowhere,
            Err(error) => return Err(error),
        };
        jpki.close()?;
        let face = FaceFacts::of(card, number)?;
        let expiry_hint = match card.open::<Common>() {
            Err(CardError::NoApplication { .. }) => None,
            common => Some(
                common
                    .and_then(|mut common| common.expiry_hint())
                    .map(|date| date.to_string())
                    .map_err(|error| error.to_string()),
            ),
        };
        Ok(Some(Self {
            token,
            present,
            auth_pin,
            sign_password,
            face,
            expiry_hint,
            certificate,
        }))
    }
}

/// Not every card tells everything.
fn unless_refused<V>(value: V) -> impl FnOnce(CardError) -> Result<V, CardError> {
    |error| match error {
        CardError::Refused { .. } | CardError::NotVerified { .. } | CardError::Malformed { .. } => {
            Ok(value)
        }
        error => Err(error),
    }
}
