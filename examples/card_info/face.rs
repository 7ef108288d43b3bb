//! The card face: whose key signed it, and where the photo comes from.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uketsuke::card::{Card, CardError, CardFace, LastTry, ReferenceNumberB, SecretKind};
use uketsuke::eligibility::Lang;
use uketsuke::transport::Transport;
use uketsuke::trust::{
    Challenge, CvError, CvRoots, IssuedPhoto, IssuerKey, LivePhoto, Purpose, TerminalId,
};
use uketsuke::{Realm, Realms};
use zeroize::Zeroizing;

pub struct FaceFacts {
    /// Tries left of 照合番号B, before it was presented.
    pub reference_number_b: u8,
    /// The realm of the municipality's key, or why it isn't accepted.
    pub issuer: Result<Realm, String>,
    /// `None`: not asked for.
    pub photo: Option<Result<Photo, String>>,
}

/// A photo that the municipality issued to the chip in the reader.
pub struct Photo {
    pub bytes: usize,
    pub realm: Realm,
}

impl FaceFacts {
    /// `None` if the card has no face.
    pub fn of<T: Transport>(
        card: &mut Card<T>,
        number: Option<&mut dyn FnMut() -> Option<Zeroizing<String>>>,
    ) -> Result<Option<Self>, CardError> {
        let mut face = match card.open::<CardFace>() {
            Err(CardError::NoApplication { .. }) => return Ok(None),
            face => face?,
        };
        let issuer = match face.issuer_certificate(&mut |_| {}) {
            Ok(certificate) => {
                let real = CvRoots::production().validate(&certificate, Realms::production());
                real.or_else(|real| {
                    let simulated = CvRoots::simulation();
                    // Of two refusals, that of the world it is from tells more.
                    simulated
                        .validate(&certificate, Realms::simulation())
                        .map_err(|error| match error {
                            CvError::UnknownIssuer => real.to_string(),
                            error => error.to_string(),
                        })
                })
            }
            Err(error @ CardError::Transport { .. }) => return Err(error),
            Err(error) => Err(error.to_string()),
        };
        let tries = face.tries_left(SecretKind::ReferenceNumberB)?;
        let reference_number_b = tries.count();
        // Nothing of the card is held while somebody types.
        face.close()?;
        let photo = match (&issuer, number) {
            (_, None) => None,
            (Err(_), Some(_)) => Some(Err("the issuer is not known".to_owned())),
            (Ok(issuer), Some(number)) => Some(photo(card, issuer, number)),
        };
        Ok(Some(Self {
            reference_number_b,
            issuer: issuer.map(|key| key.realm()),
            photo,
        }))
    }
}

/// 照合番号B once, photo and chip key, and a challenge for the chip. Name and address aren't read.
fn photo<T: Transport>(
    card: &mut Card<T>,
    issuer: &IssuerKey,
    number: &mut dyn FnMut() -> Option<Zeroizing<String>>,
) -> Result<Photo, String> {
    let text = |error: &dyn std::error::Error| error.to_string();
    let number = number().ok_or("no 照合番号B was given")?;
    let number = ReferenceNumberB::parse(&number).map_err(|error| text(&error))?;
    let mut face = card.open::<CardFace>().map_err(|error| text(&error))?;
    if face.binding() != issuer.binding() {
        return Err("the card was taken away or reset".to_owned());
    }
    let tries = face.tries_left(SecretKind::ReferenceNumberB);
    let tries = tries.map_err(|error| text(&error))?;
    let budget = tries
        .budget(LastTry::Refuse)
        .map_err(|error| text(&error))?;
    let right = face.verify_reference_number_b(number, budget);
    let right = right.map_err(|error| text(&error))?;
    let read = face.signed_photo_with_key(&right, &mut |_| {});
    let (photo, key) = read.map_err(|error| text(&error))?;

    let now = Timestamp::now();
    let terminal = TerminalId::new("card-info").map_err(|error| text(&error))?;
    let visit = photo.binding().visit();
    let lifetime = SignedDuration::from_secs(60);
    let challenge = Challenge::generate(visit, &terminal, Purpose::LivePhoto, now, lifetime)
        .map_err(|error| text(&error))?;
    let signature = face.sign_live(&challenge.signature_input());
    let signature = signature.map_err(|error| text(&error))?;
    face.close().map_err(|error| text(&error))?;
    let issued = IssuedPhoto::verify(photo, issuer).map_err(|error| text(&error))?;
    let live = LivePhoto::verify(issued, key, challenge, signature, Timestamp::now())
        .map_err(|error| text(&error))?;
    Ok(Photo {
        bytes: live.jpeg2000().len(),
        realm: live.realm(),
    })
}

impl FaceFacts {
    pub fn issuer_text(&self, lang: Lang) -> String {
        match (&self.issuer, lang) {
            (Ok(realm), Lang::Ja) => format!("市区町村の鍵を確認しました ({realm})"),
            (Ok(realm), Lang::En) => format!("the municipality's key is genuine ({realm})"),
            (Err(error), Lang::Ja) => format!("市区町村の鍵を確認できません: {error}"),
            (Err(error), Lang::En) => format!("the municipality's key is not accepted: {error}"),
        }
    }

    /// `None`: not asked for.
    pub fn photo_text(&self, lang: Lang) -> Option<String> {
        Some(match (self.photo.as_ref()?, lang) {
            (Ok(photo), Lang::Ja) => format!(
                "{} バイト、このカードに発行されたものと確認しました ({})",
                photo.bytes, photo.realm
            ),
            (Ok(photo), Lang::En) => format!(
                "{} bytes, proved to be issued to this very chip ({})",
                photo.bytes, photo.realm
            ),
            (Err(error), Lang::Ja) => format!("確認できません: {error}"),
            (Err(error), Lang::En) => format!("not proved: {error}"),
        })
    }

    pub fn json(&self) -> Value {
        let photo = self.photo.as_ref().map(|photo| {
            json!({
                "issued_to_this_chip": photo.is_ok(),
                "bytes": photo.as_ref().ok().map(|photo| photo.bytes),
                "realm": photo.as_ref().ok().map(|photo| photo.realm),
                "error": photo.as_ref().err(),
            })
        });
        json!({
            "issuer_realm": self.issuer.as_ref().ok(),
            "issuer_error": self.issuer.as_ref().err(),
            "photo": photo,
        })
    }
}
