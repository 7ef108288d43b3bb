use jiff::Timestamp;

use super::{ConsentFlag, Lang};

macro_rules! kinds {
    ($($(#[$meta:meta])* $variant:ident $element:literal $ja:literal $en:literal;)*) => {
        /// What a consent to view medical information (閲覧同意) is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(
            feature = "serde",
            derive(serde::Serialize),
            serde(rename_all = "kebab-case")
        )]
        #[non_exhaustive]
        pub enum ConsentKind {
            $($(#[$meta])* $variant,)*
        }

        impl ConsentKind {
            /// All that an answer may tell of.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// How the names of its three elements begin, such as `PharmacistsInfo`
            /// in `PharmacistsInfoConsFlg`. (Not `Pharmaceutical…`, a mistake by which
            /// a program lost the consents.)
            #[must_use]
            pub const fn element(self) -> &'static str {
                match self {
                    $(Self::$variant => $element,)*
                }
            }

            /// The names of its three elements, in the order of the fields of [`Consent`].
            ///
            /// ```
            /// use uketsuke::eligibility::ConsentKind;
            ///
            /// assert_eq!(ConsentKind::Tests.elements()[2], "TestInfoAvailableTime");
            /// ```
            #[must_use]
            pub const fn elements(self) -> [&'static str; 3] {
                match self {
                    $(Self::$variant => [
                        concat!($element, "ConsFlg"),
                        concat!($element, "ConsTime"),
                        concat!($element, "AvailableTime"),
                    ],)*
                }
            }

            /// The kind in words, as a screen names it.
            ///
            /// ```
            /// use uketsuke::eligibility::{ConsentKind, Lang};
            /// assert_eq!(ConsentKind::Medicines.name(Lang::En), "medicines");
            /// ```
            #[must_use]
            pub const fn name(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $(
                        (Self::$variant, Lang::Ja) => $ja,
                        (Self::$variant, Lang::En) => $en,
                    )*
                }
            }

            /// The kind whose elements begin so.
            pub(crate) fn of_element(element: &str) -> Option<Self> {
                match element {
                    $($element => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

kinds! {
    /// Operations (手術).
    Surgery "OperationInfo" "手術の情報" "surgery records";
    /// Treatment (診療).
    Treatment "DiagnosisInfo" "診療の情報" "treatment records";
    /// Medicines (薬剤).
    Medicines "PharmacistsInfo" "お薬の情報" "medicines";
    /// Results of health check-ups (特定健診).
    HealthCheckups "SpecificHealthCheckupsInfo" "特定健診の情報" "health check-ups";
    /// Names of diseases (傷病名), shared between institutions (電子カルテ情報共有), as
    /// all that follow.
    DiagnosisNames "DiagnosisName" "傷病名の情報" "diagnoses";
    /// Infections (感染症).
    Infections "InfectiousInfo" "感染症の情報" "infections";
    /// Allergies (アレルギー).
    Allergies "AllergyInfo" "アレルギーの情報" "allergies";
    /// What must not be given (薬剤禁忌).
    Contraindications "ContraindicationInfo" "薬剤禁忌の情報" "contraindications";
    /// Tests (検査).
    Tests "TestInfo" "検査の情報" "test results";
    /// Prescriptions (処方).
    Prescriptions "PrescriptionInfo" "処方の情報" "prescriptions";
}

impl ConsentKind {
    /// Those that a reader asks one by one, in the order of its screens.
    pub const ON_SCREEN: [Self; 4] = [
        Self::Surgery,
        Self::Treatment,
        Self::Medicines,
        Self::HealthCheckups,
    ];
}

/// One consent, as the centre reports it: flag, time, and how long it lasts
/// (the `…ConsFlg`, `…ConsTime`, `…AvailableTime` triplet).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Consent {
    /// What it is about.
    pub kind: ConsentKind,
    /// Whether the person agreed, or why that doesn't count any more.
    pub flag: ConsentFlag,
    /// When it was given.
    pub at: Option<Timestamp>,
    /// Until when the information may be viewed: 24 hours for outpatients.
    pub available_until: Option<Timestamp>,
}

impl Consent {
    /// One of which nothing is known but what it is about: it allows nothing.
    #[must_use]
    pub fn unsaid(kind: ConsentKind) -> Self {
        Self {
            kind,
            flag: ConsentFlag::from_code(""),
            at: None,
            available_until: None,
        }
    }

    /// Whether the person agreed. That it hasn't lapsed since says
    /// [`allows_at`](Self::allows_at) alone.
    #[must_use]
    pub fn given(&self) -> bool {
        self.flag == ConsentFlag::Given
    }

    /// Whether the information may be viewed at `now`: given, and not past its
    /// time. A consent without an end is not taken as endless: it allows nothing.
    ///
    /// ```
    /// use uketsuke::eligibility::{Consent, ConsentFlag, ConsentKind};
    ///
    /// let consent = Consent {
    ///     kind: ConsentKind::Medicines,
    ///     flag: ConsentFlag::Given,
    ///     at: "2026-11-05T00:15:02Z".parse().ok(),
    ///     available_until: "2026-11-06T00:15:02Z".parse().ok(),
    /// };
    /// assert!(consent.allows_at("2026-11-05T12:00:00Z".parse().unwrap()));
    /// assert!(!consent.allows_at("2026-11-06T00:15:03Z".parse().unwrap()));
    /// ```
    #[must_use]
    pub fn allows_at(&self, now: Timestamp) -> bool {
        self.given() && self.available_until.is_some_and(|until| now <= until)
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
    bits: u16,
}

impl Consents {
    /// All refused.
    #[must_use]
    pub const fn none() -> Self {
        Self { bits: 0 }
    }

    /// All that a reader asks for given at once (包括同意).
    #[must_use]
    pub fn all() -> Self {
        ConsentKind::ON_SCREEN
            .into_iter()
            .fold(Self::none(), Self::with)
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
            .iter()
            .copied()
            .filter(move |kind| self.contains(*kind))
    }
}

const fn bit(kind: ConsentKind) -> u16 {
    1 << kind as u16
}
