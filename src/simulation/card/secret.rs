//! Secrets and their counters.

use super::CardOptions;
use crate::simulation::persona::{Persona, PinCondition};
use zeroize::Zeroizing;

/// The secrets of this card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SecretName {
    AuthPin,
    SignPassword,
    ReferenceNumberB,
}

impl SecretName {
    /// In the order of the state file.
    pub(super) const ALL: [Self; 3] = [Self::AuthPin, Self::SignPassword, Self::ReferenceNumberB];

    /// The name in the state file.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::AuthPin => "auth-pin",
            Self::SignPassword => "sign-password",
            Self::ReferenceNumberB => "reference-number-b",
        }
    }

    /// How many wrong tries in a row lock it.
    pub(super) const fn max(self) -> u8 {
        match self {
            Self::AuthPin => 3,
            Self::SignPassword => 5,
            Self::ReferenceNumberB => 10,
        }
    }

    /// Whether the card takes `value` as a new value. 照合番号B is printed on the card and can't change.
    pub(super) fn accepts(self, value: &[u8]) -> bool {
        match self {
            Self::AuthPin => value.len() == 4 && value.iter().all(u8::is_ascii_digit),
            Self::SignPassword => {
                (6..=16).contains(&value.len())
                    && value
                        .iter()
                        .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
                    && value.iter().any(u8::is_ascii_digit)
                    && value.iter().any(u8::is_ascii_uppercase)
            }
            Self::ReferenceNumberB => false,
        }
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
    reference_number_b: Secret,
}

impl Secrets {
    pub(super) fn new(persona: &Persona, options: &CardOptions) -> Self {
        let max = SecretName::AuthPin.max();
        let (auth_left, has_pins) = match persona.pin {
            PinCondition::Fresh => (max, true),
            PinCondition::LastTry => (1, true),
            PinCondition::Locked => (0, true),
            PinCondition::NoPin => (0, false),
        };
        let (auth, sign, sign_left) = if has_pins {
            (
                Some(options.auth_pin.as_str()),
                Some(options.sign_password.as_str()),
                SecretName::SignPassword.max(),
            )
        } else {
            (None, None, 0)
        };
        Self {
            auth_pin: Secret::new(auth, auth_left),
            sign_password: Secret::new(sign, sign_left),
            reference_number_b: Secret::new(
                Some(persona.reference_number_b),
                SecretName::ReferenceNumberB.max(),
            ),
        }
    }

    pub(super) const fn get(&self, name: SecretName) -> &Secret {
        match name {
            SecretName::AuthPin => &self.auth_pin,
            SecretName::SignPassword => &self.sign_password,
            SecretName::ReferenceNumberB => &self.reference_number_b,
        }
    }

    pub(super) const fn get_mut(&mut self, name: SecretName) -> &mut Secret {
        match name {
            SecretName::AuthPin => &mut self.auth_pin,
            SecretName::SignPassword => &mut self.sign_password,
            SecretName::ReferenceNumberB => &mut self.reference_number_b,
        }
    }
}
