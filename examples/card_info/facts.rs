//! What there is on the card.

use uketsuke::card::{
    Card, CardError, CardFace, CertificatesPresent, Common, Jpki, SecretKind, Token,
};
use uketsuke::transport::Transport;

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
    pub auth_pin: u8,
    pub sign_password: u8,
    /// `None`: no card face, so a phone or an old card.
    pub face: Option<FaceFacts>,
    pub expiry_hint: Result<String, String>,
    /// `None`: wants a PIN first, so a phone.
    pub certificate: Option<Judged>,
}

impl CardFacts {
    /// `None` without the JPKI application. `number` gives 照合番号B if the photo is wanted.
    pub fn of<T: Transport>(
        card: &mut Card<T>,
        number: Option<&mut dyn FnMut() -> Option<String>>,
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
        let auth_pin = jpki.tries_left(SecretKind::AuthPin)?.count();
        let sign_password = jpki.tries_left(SecretKind::SignPassword)?.count();
        let certificate = match jpki.authentication_certificate(&mut |_| {}) {
            Ok(certificate) => Some(Judged::of(certificate.der())),
            Err(CardError::NotVerified { .. }) => None,
            Err(error) => return Err(error),
        };
        jpki.close()?;
        let face = match card.open::<CardFace>() {
            Ok(face) => Some(FaceFacts::of(face, number)?),
            Err(CardError::NoApplication { .. }) => None,
            Err(error) => return Err(error),
        };
        let expiry_hint = card
            .open::<Common>()
            .and_then(|mut common| common.expiry_hint())
            .map(|date| date.to_string())
            .map_err(|error| error.to_string());
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
