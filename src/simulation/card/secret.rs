//! Secrets and their counters.

use super::CardOptions;
use crate::simulation::persona::{CardBody, Persona, PinCondition};
use zeroize::Zeroizing;

/// A secret of the virtual card, each with its own counter: the same 照合番号 is counted apart in each application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CardSecret {
    /// JPKI application, EF 0018: 利用者証明用電子証明書の暗証番号.
    AuthPin,
    /// JPKI application, EF 001B: 署名用電子証明書の暗証番号.
    SignPassword,
    /// Card-face application, EF 0011: the first six digits of 照合番号B.
    FaceBirth,
    /// Card-face application, EF 0012: 照合番号B.
    FaceReferenceB,
    /// Card-face application, EF 0013: 照合番号A, which is the individual number.
    FaceReferenceA,
    /// Input support application, EF 0011: 券面事項入力補助用の暗証番号.
    InputPin,
    /// Input support application, EF 0012: cards are issued with it blocked, and what it is for isn't public.
    InputBlocked,
    /// Input support application, EF 0014: 照合番号A.
    InputReferenceA,
    /// Input support application, EF 0015: 照合番号B.
    InputReferenceB,
    /// Common application, EF 001C: 個人番号カード用の暗証番号.
    CommonPin,
}

impl CardSecret {
    /// All of them, in the order of the state file.
    pub const ALL: [Self; 10] = [
        Self::AuthPin,
        Self::SignPassword,
        Self::FaceBirth,
        Self::FaceReferenceB,
        Self::FaceReferenceA,
        Self::InputPin,
        Self::InputBlocked,
        Self::InputReferenceA,
        Self::InputReferenceB,
        Self::CommonPin,
    ];

    /// How many wrong tries in a row block it. Ten for the birth date is a guess.
    #[must_use]
    pub const fn most_tries(self) -> u8 {
        match self {
            Self::InputBlocked => 0,
            Self::AuthPin | Self::InputPin | Self::CommonPin => 3,
            Self::SignPassword => 5,
            Self::FaceBirth
            | Self::FaceReferenceB
            | Self::FaceReferenceA
            | Self::InputReferenceA
            | Self::InputReferenceB => 10,
        }
    }

    /// The name in the state file.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::AuthPin => "auth-pin",
            Self::SignPassword => "sign-password",
            Self::FaceBirth => "face-birth",
            Self::FaceReferenceB => "face-reference-b",
            Self::FaceReferenceA => "face-reference-a",
            Self::InputPin => "input-pin",
            Self::InputBlocked => "input-blocked",
            Self::InputReferenceA => "input-reference-a",
            Self::InputReferenceB => "input-reference-b",
            Self::CommonPin => "common-pin",
        }
    }

    /// Whether that kind of card has it.
    const fn is_on(self, body: CardBody) -> bool {
        match body {
            CardBody::MyNumberCard => true,
            CardBody::OtherCard => false,
            CardBody::AndroidPhone | CardBody::Iphone => {
                matches!(self, Self::AuthPin | Self::SignPassword)
            }
            CardBody::ResidentRegistrationCard => matches!(self, Self::SignPassword),
        }
    }

    /// Whether the holder may change it. The others are printed on the card, or nobody's.
    pub(super) const fn changes(self) -> bool {
        matches!(
            self,
            Self::AuthPin | Self::SignPassword | Self::InputPin | Self::CommonPin
        )
    }

    /// Whether the card takes `value` as a new value.
    pub(super) fn accepts(self, value: &[u8]) -> bool {
        if self == Self::SignPassword {
            let character = |b: &u8| b.is_ascii_digit() || b.is_ascii_uppercase();
            return (6..=16).contains(&value.len())
                && value.iter().all(character)
                && value.iter().any(u8::is_ascii_digit)
                && value.iter().any(u8::is_ascii_uppercase);
        }
        self.changes() && value.len() == 4 && value.iter().all(u8::is_ascii_digit)
    }
}

/// One secret.
pub(super) struct Secret {
    /// `None`: never set, so that nothing verifies.
    value: Option<Zeroizing<String>>,
    pub(super) left: u8,
    /// Other than what the card was made with, so it belongs in the state file.
    changed: bool,
}

impl Secret {
    fn new(value: Option<&str>, left: u8) -> Self {
        Self {
            value: value.map(|v| Zeroizing::new(v.to_owned())),
            left,
            changed: false,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        self.value.as_ref().map(|v| v.as_str())
    }

    /// The value, if it was changed since the card was made.
    pub(super) fn changed_text(&self) -> Option<&str> {
        if self.changed { self.text() } else { None }
    }

    pub(super) fn matches(&self, typed: &[u8]) -> bool {
        self.text().is_some_and(|v| v.as_bytes() == typed)
    }

    /// Sets a new value; gives the way back.
    pub(super) fn change(&mut self, value: &str) -> Undo {
        let undo = Undo {
            value: self.value.take(),
            left: self.left,
            changed: self.changed,
        };
        self.value = Some(Zeroizing::new(value.to_owned()));
        self.changed = true;
        undo
    }

    pub(super) fn undo(&mut self, undo: Undo) {
        self.value = undo.value;
        self.left = undo.left;
        self.changed = undo.changed;
    }
}

/// What a secret was before a change.
pub(super) struct Undo {
    value: Option<Zeroizing<String>>,
    left: u8,
    changed: bool,
}

/// All of them.
pub(super) struct Secrets {
    auth_pin: Secret,
    sign_password: Secret,
    face_birth: Secret,
    face_reference_b: Secret,
    face_reference_a: Secret,
    input_pin: Secret,
    input_blocked: Secret,
    input_reference_a: Secret,
    input_reference_b: Secret,
    common_pin: Secret,
}

impl Secrets {
    pub(super) fn new(persona: &Persona, options: &CardOptions) -> Self {
        let set = |name: CardSecret, value: &str| {
            if name.is_on(persona.body) {
                Secret::new(Some(value), name.most_tries())
            } else {
                Secret::new(None, 0)
            }
        };
        // A card that was issued without PINs has them all blocked.
        let pin = |name: CardSecret, value: &str| match persona.pin {
            PinCondition::NoPin => Secret::new(None, 0),
            _ => set(name, value),
        };
        let auth_pin = persona.own_pin().unwrap_or(&options.auth_pin);
        let mut auth_pin = pin(CardSecret::AuthPin, auth_pin);
        match persona.pin {
            PinCondition::Fresh | PinCondition::NoPin => {}
            PinCondition::LastTry => auth_pin.left = auth_pin.left.min(1),
            PinCondition::Locked => auth_pin.left = 0,
        }
        let (a, b) = (persona.my_number, persona.reference_number_b);
        let mut face_reference_b = set(CardSecret::FaceReferenceB, b);
        face_reference_b.left = face_reference_b.left.min(options.reference_number_b_tries);
        Self {
            auth_pin,
            sign_password: pin(CardSecret::SignPassword, &options.sign_password),
            face_birth: set(CardSecret::FaceBirth, b.get(..6).unwrap_or(b)),
            face_reference_b,
            face_reference_a: set(CardSecret::FaceReferenceA, a),
            input_pin: pin(CardSecret::InputPin, &options.input_pin),
            input_blocked: Secret::new(None, 0),
            input_reference_a: set(CardSecret::InputReferenceA, a),
            input_reference_b: set(CardSecret::InputReferenceB, b),
            common_pin: pin(CardSecret::CommonPin, &options.common_pin),
        }
    }

    pub(super) const fn get(&self, name: CardSecret) -> &Secret {
        match name {
            CardSecret::AuthPin => &self.auth_pin,
            CardSecret::SignPassword => &self.sign_password,
            CardSecret::FaceBirth => &self.face_birth,
            CardSecret::FaceReferenceB => &self.face_reference_b,
            CardSecret::FaceReferenceA => &self.face_reference_a,
            CardSecret::InputPin => &self.input_pin,
            CardSecret::InputBlocked => &self.input_blocked,
            CardSecret::InputReferenceA => &self.input_reference_a,
            CardSecret::InputReferenceB => &self.input_reference_b,
            CardSecret::CommonPin => &self.common_pin,
        }
    }

    pub(super) const fn get_mut(&mut self, name: CardSecret) -> &mut Secret {
        match name {
            CardSecret::AuthPin => &mut self.auth_pin,
            CardSecret::SignPassword => &mut self.sign_password,
            CardSecret::FaceBirth => &mut self.face_birth,
            CardSecret::FaceReferenceB => &mut self.face_reference_b,
            CardSecret::FaceReferenceA => &mut self.face_reference_a,
            CardSecret::InputPin => &mut self.input_pin,
            CardSecret::InputBlocked => &mut self.input_blocked,
            CardSecret::InputReferenceA => &mut self.input_reference_a,
            CardSecret::InputReferenceB => &mut self.input_reference_b,
            CardSecret::CommonPin => &mut self.common_pin,
        }
    }
}
