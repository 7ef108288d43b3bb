use std::fmt;

use jiff::civil::Date;

use super::super::error::{FieldProblem, MessageError};
use super::Insured;
use crate::eligibility::TreatmentCategory;

/// Days from one to another, both included.
///
/// ```
/// use jiff::civil::date;
/// use uketsuke::eligibility::message::Period;
///
/// let week = Period::new(date(2026, 11, 1), date(2026, 11, 7))?;
/// assert_eq!(week.last(), date(2026, 11, 7));
/// assert!(Period::new(date(2026, 11, 7), date(2026, 11, 1)).is_err());
/// # Ok::<(), uketsuke::eligibility::message::MessageError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    first: Date,
    last: Date,
}

impl Period {
    /// From `first` to `last`.
    ///
    /// # Errors
    /// [`FieldProblem::EndsBeforeItBegins`].
    pub fn new(first: Date, last: Date) -> Result<Self, MessageError> {
        if last < first {
            return Err(FieldProblem::EndsBeforeItBegins.of("ConsentDateTo"));
        }
        Ok(Self { first, last })
    }

    /// The first day.
    #[must_use]
    pub const fn first(&self) -> Date {
        self.first
    }

    /// The last day.
    #[must_use]
    pub const fn last(&self) -> Date {
        self.last
    }
}

/// By which days those with consent for online care are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OnlineSearch {
    /// By the days of their consent (`ConsentDateFrom`, `ConsentDateTo`).
    Consented(Period),
    /// By the days of the examination (`ExaminationDateFrom`, `ExaminationDateTo`).
    Examined(Period),
}

/// 受付番号 (`ReceptionNumber`) of a bulk question: with it the answer is asked for.
/// 1 to 50 printable ASCII characters; what they mean isn't public.
///
/// ```
/// use uketsuke::eligibility::message::ReceptionNumber;
///
/// let number = ReceptionNumber::new("00000123").ok_or("no such number")?;
/// assert_eq!(number.to_string(), "00000123");
/// assert!(ReceptionNumber::new("1 2").is_none());
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReceptionNumber(String);

impl ReceptionNumber {
    /// From its text; blanks around it are left out.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let fit = (1..=50).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        fit.then(|| Self(text.to_owned()))
    }

    /// The number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The number.
impl fmt::Display for ReceptionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// As what medical information is to come (`FileCategory`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MedicalForm {
    /// `1`: a PDF for reading.
    Pdf,
    /// `2`: XML.
    Xml,
}

impl MedicalForm {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Pdf => "1",
            Self::Xml => "2",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        [Self::Pdf, Self::Xml]
            .into_iter()
            .find(|form| form.code() == code.trim())
    }
}

/// Whose medical information is asked for, and how it is wanted.
///
/// Only within a consent that is valid now, which is not checked here: see
/// [`Consent::allows_at`](crate::eligibility::Consent::allows_at). Of what
/// [`Question::Medicines`](super::Question::Medicines) asks for, the centre gives as
/// much as the consents to medicines, treatment and operations cover.
///
/// ```
/// use jiff::{Timestamp, ToSpan, civil::date};
/// use uketsuke::eligibility::message::{
///     Insured, MedicalForm, MedicalInformation, Month, Question,
/// };
/// use uketsuke::eligibility::{ConsentKind, Qualification, TreatmentCategory};
///
/// /// The last three months, if the person agreed at the card reader.
/// fn medicines(
///     person: &Qualification,
///     now: Timestamp,
/// ) -> Result<Option<Question>, Box<dyn std::error::Error>> {
///     let consent = person.consent(ConsentKind::Medicines);
///     if !consent.is_some_and(|consent| consent.allows_at(now)) {
///         return Ok(None);
///     }
///     let today = uketsuke::japan_date(now);
///     let month = |day| Month::of(day).ok_or("a year that can't be written");
///     Ok(Some(Question::Medicines {
///         about: MedicalInformation::new(
///             Insured::of(person)?,
///             MedicalForm::Xml,
///             TreatmentCategory::Outpatient,
///         ),
///         from: month(today.saturating_sub(2.months()))?,
///         to: month(today)?,
///     }))
/// }
///
/// let refused = Qualification::new("見本　花子", "19800401");
/// assert!(medicines(&refused, Timestamp::UNIX_EPOCH)?.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MedicalInformation {
    insured: Insured,
    form: MedicalForm,
    treatment: TreatmentCategory,
}

impl MedicalInformation {
    /// Of this person, for treatment of this kind (診療区分).
    #[must_use]
    pub const fn new(insured: Insured, form: MedicalForm, treatment: TreatmentCategory) -> Self {
        Self {
            insured,
            form,
            treatment,
        }
    }

    /// The numbers of the insurance.
    #[must_use]
    pub const fn insured(&self) -> &Insured {
        &self.insured
    }

    /// As what it is to come.
    #[must_use]
    pub const fn form(&self) -> MedicalForm {
        self.form
    }

    /// 診療区分.
    #[must_use]
    pub const fn treatment(&self) -> &TreatmentCategory {
        &self.treatment
    }
}
