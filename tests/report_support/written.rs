//! Values of answers as documents write them, by code of the tests' own.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use uketsuke::eligibility::*;

/// As a document writes it; nothing if nothing is there.
pub trait Written {
    fn written(&self) -> Option<String>;
}

impl<T: Written> Written for Option<T> {
    fn written(&self) -> Option<String> {
        self.as_ref().and_then(T::written)
    }
}

impl Written for String {
    fn written(&self) -> Option<String> {
        Some(self.clone()).filter(|text| !text.is_empty())
    }
}

impl Written for Personal {
    fn written(&self) -> Option<String> {
        self.reveal().to_owned().written()
    }
}

impl Written for Date {
    fn written(&self) -> Option<String> {
        Some(self.strftime("%Y%m%d").to_string())
    }
}

impl Written for Timestamp {
    fn written(&self) -> Option<String> {
        let japan = TimeZone::fixed(Offset::constant(9));
        Some(self.to_zoned(japan).strftime("%Y%m%d%H%M%S").to_string())
    }
}

macro_rules! codes {
    ($($code:ty),+ $(,)?) => { $(
        impl Written for $code {
            fn written(&self) -> Option<String> {
                self.code().to_owned().written()
            }
        }
    )+ };
}

codes!(
    CardClassification,
    CharacterCode,
    ConsentFlag,
    Consistency,
    InstitutionMatch,
    LimitCategory,
    LimitCertificateKind,
    LimitChanged,
    LimitConsent,
    PersonalFamily,
    Preschool,
    PrescriptionIssue,
    ProcessingResultStatus,
    QualificationValidity,
    ReasonOfLoss,
    Recorded,
    ReferenceClassification,
    SegmentOfResult,
    Sex,
    SingleOrCombined,
    SpecificDiseaseCategory,
    TicketType,
    TreatmentType,
);
