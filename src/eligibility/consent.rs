use jiff::Timestamp;

use super::Lang;

/// What a consent to view medical information (閲覧同意) is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "kebab-case")
)]
#[non_exhaustive]
pub enum ConsentKind {
    /// Results of health check-ups (特定健診, `SpecificHealthCheckupsInfo`).
    HealthCheckups,
    /// Medicines (薬剤, `PharmacistsInfo`).
    Medicines,
    /// Treatment (診療, `DiagnosisInfo`).
    Treatment,
    /// Operations (手術, `OperationInfo`).
    Surgery,
}

impl ConsentKind {
    /// All, in the order of a reader's screens.
    pub const ALL: [Self; 4] = [
        Self::Surgery,
        Self::Treatment,
        Self::Medicines,
        Self::HealthCheckups,
    ];

    /// The kind in words, as a screen names it.
    ///
    /// ```
    /// use uketsuke::eligibility::{ConsentKind, Lang};
    /// assert_eq!(ConsentKind::Medicines.name(Lang::En), "medicines");
    /// ```
    #[must_use]
    pub const fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Surgery, Lang::Ja) => "手術の情報",
            (Self::Surgery, Lang::En) => "surgery records",
            (Self::Treatment, Lang::Ja) => "診療の情報",
            (Self::Treatment, Lang::En) => "treatment records",
            (Self::Medicines, Lang::Ja) => "お薬の情報",
            (Self::Medicines, Lang::En) => "medicines",
            (Self::HealthCheckups, Lang::Ja) => "特定健診の情報",
            (Self::HealthCheckups, Lang::En) => "health check-ups",
        }
    }
}

/// One consent, as the centre reports it: flag, time, and how long it lasts
/// (the `…ConsFlg`, `…ConsTime`, `…AvailableTime` triplet).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Consent {
    /// What it is about.
    pub kind: ConsentKind,
    /// Whether the person agreed.
    pub given: bool,
    /// When it was given.
    pub at: Option<Timestamp>,
    /// Until when the information may be viewed: 24 hours for outpatients.
    pub available_until: Option<Timestamp>,
}

impl Consent {
    /// Whether the information may be viewed at `now`: given, and not past its
    /// time. A consent without an end is not taken as endless: it allows nothing.
    ///
    /// ```
    /// use uketsuke::eligibility::{Consent, ConsentKind};
    ///
    /// let consent = Consent {
    ///     kind: ConsentKind::Medicines,
    ///     given: true,
    ///     at: "2026-11-05T00:15:02Z".parse().ok(),
    ///     available_until: "2026-11-06T00:15:02Z".parse().ok(),
    /// };
    /// assert!(consent.allows_at("2026-11-05T12:00:00Z".parse().unwrap()));
    /// assert!(!consent.allows_at("2026-11-06T00:15:03Z".parse().unwrap()));
    /// ```
    #[must_use]
    pub fn allows_at(&self, now: Timestamp) -> bool {
        self.given && self.available_until.is_some_and(|until| now <= until)
    }
}

/// What the person chose on the screen. Nothing is given unless it was chosen.
///
/// ```
/// use uketsuke::eligibility::{ConsentKind, Consents};
///
/// let chosen = Consents::none().with(ConsentKind::Medicines);
/// assert!(chosen.contains(ConsentKind::Medicines));
/// assert!(!chosen.contains(ConsentKind::Surgery));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Consents {
    bits: u8,
}

impl Consents {
    /// All refused.
    #[must_use]
    pub const fn none() -> Self {
        Self { bits: 0 }
    }

    /// All given (包括同意).
    #[must_use]
    pub fn all() -> Self {
        ConsentKind::ALL.into_iter().fold(Self::none(), Self::with)
    }

    /// With one more given.
    #[must_use]
    pub const fn with(self, kind: ConsentKind) -> Self {
        Self {
            bits: self.bits | bit(kind),
        }
    }

    /// Whether this one is given.
    #[must_use]
    pub const fn contains(&self, kind: ConsentKind) -> bool {
        self.bits & bit(kind) != 0
    }

    /// Whether none is given.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.bits == 0
    }

    /// Those that are given, in the order of [`ConsentKind::ALL`].
    pub fn given(self) -> impl Iterator<Item = ConsentKind> {
        ConsentKind::ALL
            .into_iter()
            .filter(move |kind| self.contains(*kind))
    }
}

const fn bit(kind: ConsentKind) -> u8 {
    match kind {
        ConsentKind::HealthCheckups => 1,
        ConsentKind::Medicines => 2,
        ConsentKind::Treatment => 4,
        ConsentKind::Surgery => 8,
    }
}
