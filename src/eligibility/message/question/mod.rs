mod insured;
mod read;
mod search;
#[cfg(test)]
mod tests;
mod write;

use jiff::civil::Date;

pub use insured::{Insured, NumberQuestion, ReferenceRegistration};
pub use search::{MedicalForm, MedicalInformation, OnlineSearch, Period, ReceptionNumber};

use super::{Family, Header, MessageError, MessageFile, Month, ReadError, Step};
use crate::eligibility::text::Charset;

/// A question that goes to the connector as a file.
///
/// ```
/// use jiff::civil::date;
/// use uketsuke::eligibility::message::*;
/// use uketsuke::eligibility::text::{Charset, decode};
/// use uketsuke::eligibility::{InstitutionCode, InsurerNumber};
///
/// let insurer = InsurerNumber::parse("139998").ok_or("no insurer's number")?;
/// let insured = Insured::new(insurer, "1234")?.with_symbol("見本０１")?;
/// let question = Question::ByNumber {
///     on: date(2026, 11, 5),
///     person: NumberQuestion::new(insured, date(1980, 4, 1)),
/// };
/// let institution = InstitutionCode::parse("1319999999").ok_or("no institution's code")?;
/// let header = Header::new(institution).with_file_identifier(FileIdentifier::new("desk-1-0001")?);
/// let file = question.write(&header, Charset::ShiftJis)?;
///
/// let written = decode(file.as_bytes(), 4096)?;
/// assert!(written.text().contains("<InsurerNumber>  139998</InsurerNumber>"));
/// let read = Question::parse(question.family(), question.step(), file.as_bytes())?;
/// assert_eq!(read, (header, question));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Question {
    /// 資格確認: about one person.
    ByNumber {
        /// 資格確認日: about the insurance on this day. It may be past; how far
        /// isn't public.
        on: Date,
        /// About whom.
        person: NumberQuestion,
    },
    /// 照会番号登録: of one person.
    RegisterReference(ReferenceRegistration),
    /// 資格確認一括照会: about many.
    BulkByNumber {
        /// 資格確認日.
        on: Date,
        /// About whom.
        people: Vec<NumberQuestion>,
    },
    /// 照会番号一括登録: of many.
    BulkRegisterReference(Vec<ReferenceRegistration>),
    /// 委託先資格情報の一括取得: medical tickets (医療扶助) for this place.
    MedicalAidTickets {
        /// 診療年月.
        month: Month,
    },
    /// 同意済資格情報一括取得（訪問診療等）: those who agreed in these days.
    HomeVisitConsents {
        /// Days of consent.
        consented: Period,
    },
    /// 同意済資格情報一括取得（オンライン診療等）.
    OnlineConsents(OnlineSearch),
    /// The second step of a bulk question. While the answer is 処理中, this is
    /// asked again in a new file.
    BulkResult {
        /// The family of the question; one of those with two steps.
        family: Family,
        /// 受付番号 of the question.
        reception: ReceptionNumber,
    },
    /// 薬剤・診療情報閲覧, within the person's consent.
    Medicines {
        /// Whose, and how it is wanted.
        about: MedicalInformation,
        /// The first month.
        from: Month,
        /// The last month.
        to: Month,
    },
    /// 特定健診情報閲覧, within the person's consent.
    HealthCheckups(MedicalInformation),
}

impl Question {
    /// The family that its file belongs to.
    #[must_use]
    pub const fn family(&self) -> Family {
        match self {
            Self::ByNumber { .. } => Family::Qualification,
            Self::RegisterReference(_) => Family::ReferenceNumber,
            Self::BulkByNumber { .. } => Family::BulkQualification,
            Self::BulkRegisterReference(_) => Family::BulkReferenceNumber,
            Self::MedicalAidTickets { .. } => Family::MedicalAidTickets,
            Self::HomeVisitConsents { .. } => Family::HomeVisitConsents,
            Self::OnlineConsents(_) => Family::OnlineConsents,
            Self::BulkResult { family, .. } => *family,
            Self::Medicines { .. } => Family::Medicines,
            Self::HealthCheckups(_) => Family::HealthCheckups,
        }
    }

    /// The step.
    #[must_use]
    pub const fn step(&self) -> Step {
        match self {
            Self::BulkResult { .. } => Step::Two,
            _ => Step::One,
        }
    }

    /// Writes the file.
    ///
    /// # Errors
    /// Nobody is asked about, a family without a second step, a day that can't be
    /// written, or a character that `charset` lacks.
    pub fn write(&self, header: &Header, charset: Charset) -> Result<MessageFile, MessageError> {
        write::write(self, header, charset)
    }

    /// Reads a file as a question of this family and step: what a connector does,
    /// and what tells a rejected question's copy. Insurers' numbers may be padded
    /// with blanks or zeros.
    ///
    /// # Errors
    /// The file isn't such a question, or it holds a value that
    /// [`write`](Self::write) wouldn't have written.
    pub fn parse(family: Family, step: Step, file: &[u8]) -> Result<(Header, Self), ReadError> {
        read::read(family, step, file)
    }
}
