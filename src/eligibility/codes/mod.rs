//! Code tables of the 資格確認 messages. A code that isn't known stays as text.

mod aid;
mod envelope;
mod insurance;
mod services;

pub use aid::{
    Consistency, InstitutionMatch, Recorded, SamePerson, SingleOrCombined, TicketType,
    TreatmentType,
};
pub use envelope::{
    CharacterCode, ProcessingResultStatus, QualificationValidity, ReferenceClassification,
    SegmentOfResult,
};
pub use insurance::{
    CardClassification, LimitCategory, LimitCertificateKind, LimitChanged, LimitConsent,
    PersonalFamily, Preschool, ReasonOfLoss, Sex, SpecificDiseaseCategory,
};
pub use services::{
    AccessUrl, AuthenticationFactor, Change, ConsentFlag, ConsentLapse, ConsentMatch, Display,
    EmergencyView, ImageKind, InformationKind, InformationRequest, LinkedSystem, PrescriptionIssue,
    PrescriptionMoment, PrescriptionUse, TreatmentCategory, Usage,
};

/// A code table. `printable` ones show their names in `Debug`; `personal` ones,
/// which say something about one person, show nothing.
macro_rules! code {
    ($(#[$meta:meta])* printable $name:ident { $($variant:ident = $code:literal $term:literal),* $(,)? }) => {
        code!(@ $(#[$meta])* $name String, as_str { $($variant = $code $term),* });

        impl $name {
            fn other(code: &str) -> Self {
                Self::Other(code.to_owned())
            }
        }

        /// The name; an unknown code is shown only if it looks like a code.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(Self::$variant => f.write_str(stringify!($variant)),)*
                    Self::Other(other) => match $crate::eligibility::codes::code_like(other, 4) {
                        Some(code) => write!(f, "Other({code})"),
                        None => f.write_str("Other(..)"),
                    },
                }
            }
        }
    };
    ($(#[$meta:meta])* personal $name:ident { $($variant:ident = $code:literal $term:literal),* $(,)? }) => {
        code!(@ $(#[$meta])* $name $crate::eligibility::Personal, reveal { $($variant = $code $term),* });

        impl $name {
            fn other(code: &str) -> Self {
                Self::Other($crate::eligibility::Personal::new(code))
            }
        }

        /// Nothing of it: it says something about one person.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
    (@ $(#[$meta:meta])* $name:ident $other:ty, $reveal:ident { $($variant:ident = $code:literal $term:literal),* }) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", $code, "` ", $term, ".")]
                $variant,
            )*
            /// A code that this version doesn't know, as it was sent. It never
            /// counts as a good one. An empty one stands for an absent element.
            Other($other),
        }

        impl $name {
            /// The codes that are known, in the order of the table.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];

            /// From the code as text; blanks around it don't matter.
            #[must_use]
            pub fn from_code(code: &str) -> Self {
                match code.trim() {
                    $($code => Self::$variant,)*
                    other => Self::other(other),
                }
            }

            /// The code as text.
            #[must_use]
            pub fn code(&self) -> &str {
                match self {
                    $(Self::$variant => $code,)*
                    Self::Other(other) => other.$reveal(),
                }
            }

            /// What the table calls it, in Japanese; an unknown code as it is.
            #[must_use]
            pub fn term(&self) -> &str {
                match self {
                    $(Self::$variant => $term,)*
                    Self::Other(other) => other.$reveal(),
                }
            }

            /// Whether the code is one of the table.
            #[must_use]
            pub const fn is_known(&self) -> bool {
                !matches!(self, Self::Other(_))
            }
        }

        impl $crate::eligibility::report::elements::Code for $name {
            fn from_text(text: &str) -> Self {
                Self::from_code(text)
            }

            fn as_text(&self) -> &str {
                self.code()
            }

            fn known(&self) -> bool {
                self.is_known()
            }
        }

        /// The code, as text.
        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }
    };
}
use code;

/// `text` if it is 1 to `max` ASCII letters, digits, `-` or `_`. What an outside
/// party sends may be anything, so only this much of it goes into an error or a
/// log.
pub(super) fn code_like(text: &str, max: usize) -> Option<&str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    (!text.is_empty() && text.len() <= max && text.bytes().all(plain)).then_some(text)
}

/// A code from outside, fit for a log or an error; see [`code_like`].
pub(super) fn loggable(code: Option<&str>) -> Option<&str> {
    code.and_then(|code| code_like(code, 16))
}
