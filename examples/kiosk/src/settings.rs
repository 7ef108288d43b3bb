//! What the desk view can change while the kiosk runs.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use uketsuke::checkin::Mode;

/// The simulated clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// The eligibility centre.
    pub centre: CentreIs,
    /// The clinic's network.
    pub network: NetworkIs,
    /// The centre registers cards for use as an insurance card. From the next visit on.
    pub registration: bool,
    /// There is a camera. From the next visit on.
    pub face: bool,
    /// The staff may compare the person with the photo. From the next visit on.
    pub staff: bool,
    /// There is a reader for phones, beside the card's. From the next visit on.
    pub phones: bool,
    /// The centre takes the form of prescriptions (処方箋の発行形態). From the next visit on.
    pub prescription: bool,
    /// The centre knows subsidies (医療費助成). From the next visit on.
    pub subsidies: bool,
    /// Whether cards are checked at all. From the next visit on.
    pub mode: ModeIs,
    /// When the next card or phone is pulled away.
    pub pull: Pull,
    /// How long the card takes.
    pub card: CardIs,
}

/// How the centre does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CentreIs {
    /// Answers at once.
    Up,
    /// Refuses every connection.
    Down,
    /// Answers after a while.
    Slow,
}

/// How the network does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkIs {
    /// Works.
    Up,
    /// Doesn't.
    Down,
}

/// What the call centre, or the ministry, has opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModeIs {
    /// Nothing: cards are checked.
    Normal,
    /// The mode for outages (システム障害時モード).
    SystemOutage,
    /// The mode for disasters (災害時モード).
    Disaster,
}

impl From<ModeIs> for Mode {
    fn from(mode: ModeIs) -> Self {
        match mode {
            ModeIs::Normal => Self::Normal,
            ModeIs::SystemOutage => Self::SystemOutage,
            ModeIs::Disaster => Self::Disaster,
        }
    }
}

/// When a card or a phone is pulled away by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pull {
    /// Never.
    Never,
    /// As soon as it is there: before a PIN can reach it.
    AtOnce,
    /// While its certificate is being read.
    MidRead,
}

/// How fast a virtual card is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardIs {
    /// About as slow as a real one, so that the progress can be seen.
    Lifelike,
    /// As fast as this computer.
    Instant,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            centre: CentreIs::Up,
            network: NetworkIs::Up,
            registration: true,
            face: true,
            staff: true,
            phones: true,
            prescription: false,
            subsidies: false,
            mode: ModeIs::Normal,
            pull: Pull::Never,
            card: CardIs::Lifelike,
        }
    }
}

/// What a request changes: the rest stays.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    centre: Option<CentreIs>,
    network: Option<NetworkIs>,
    registration: Option<bool>,
    face: Option<bool>,
    staff: Option<bool>,
    phones: Option<bool>,
    prescription: Option<bool>,
    subsidies: Option<bool>,
    mode: Option<ModeIs>,
    pull: Option<Pull>,
    card: Option<CardIs>,
}

impl Change {
    fn apply(self, old: Settings) -> Settings {
        Settings {
            centre: self.centre.unwrap_or(old.centre),
            network: self.network.unwrap_or(old.network),
            registration: self.registration.unwrap_or(old.registration),
            face: self.face.unwrap_or(old.face),
            staff: self.staff.unwrap_or(old.staff),
            phones: self.phones.unwrap_or(old.phones),
            prescription: self.prescription.unwrap_or(old.prescription),
            subsidies: self.subsidies.unwrap_or(old.subsidies),
            mode: self.mode.unwrap_or(old.mode),
            pull: self.pull.unwrap_or(old.pull),
            card: self.card.unwrap_or(old.card),
        }
    }
}

/// Shared by all parts.
#[derive(Debug, Default)]
pub struct Shared(Mutex<Settings>);

impl Shared {
    /// To begin with.
    #[must_use]
    pub const fn new(settings: Settings) -> Self {
        Self(Mutex::new(settings))
    }

    /// As they are now.
    #[must_use]
    pub fn get(&self) -> Settings {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes some.
    pub fn change(&self, change: Change) {
        let mut settings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *settings = change.apply(*settings);
    }
}
