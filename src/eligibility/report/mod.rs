//! Everything that an answer of the centre says.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

mod certificates;
pub(crate) mod elements;
mod qualification;
mod search;
mod ticket;
mod unread;
mod warning;

pub use certificates::{ElderlyRecipient, LimitCertificate, SpecificDisease};
pub use qualification::Qualification;
pub use search::SearchInfo;
pub use ticket::{MedicalTicket, Three};
pub use unread::UnreadElement;
pub use warning::{NumberKind, Warning};

use super::codes::loggable;
use super::{
    CentreSaid, CharacterCode, NotConfirmed, PrescriptionIssue, ProcessingResultStatus,
    QualificationValidity, ReferenceClassification, SegmentOfResult,
};

/// `Debug` that shows the name of the type and nothing else.
macro_rules! hidden {
    ($($type:ident),+) => { $(
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($type), "(..)"))
            }
        }
    )+ };
}
pub(super) use hidden;

/// Revocation status of the certificate (失効情報), as the centre says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CertificateStatus {
    /// Not revoked.
    Good,
    /// Revoked (失効).
    Revoked,
    /// The centre doesn't know it, or said nothing about it.
    Unknown,
}

/// Whether the card is registered for use as an insurance card (利用登録).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Registration {
    /// It is.
    Registered,
    /// Not yet; that can be done on the reader.
    NotRegistered,
}

/// Everything the centre said. The three layers of result stay apart, because
/// each can fail while the others look fine; [`confirm`](super::confirm()) judges
/// them for a check-in, [`valid_qualification`](Self::valid_qualification) for
/// everybody else.
///
/// `Debug` shows codes and counts, never a person and never the centre's text.
///
/// # Examples
///
/// ```
/// use uketsuke::eligibility::{Qualification, QualificationValidity, Report};
///
/// let report = Report {
///     validity: Some(QualificationValidity::Valid),
///     results: vec![Qualification::new("見本　花子", "19800401")],
///     ..Report::normal()
/// };
/// let qualification = report.valid_qualification()?;
/// assert_eq!(qualification.name.reveal(), "見本　花子");
/// # Ok::<(), uketsuke::eligibility::NotConfirmed>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Report {
    /// When the centre worked on it (`ProcessExecutionTime`). Files carry it in
    /// whole seconds.
    pub executed: Option<Timestamp>,
    /// 資格確認日, the day for which was asked (`QualificationConfirmationDate`).
    pub confirmation_date: Option<Date>,
    /// 医療機関コード (`MedicalInstitutionCode`), as sent;
    /// [`InstitutionCode`](super::InstitutionCode) parses it.
    pub institution_code: Option<String>,
    /// The clinic's identifier of the file, echoed; in a reader's file its own
    /// opaque token (`ArbitraryFileIdentifier`).
    pub file_identifier: Option<String>,
    /// By what was asked (`ReferenceClassification`).
    pub reference: Option<ReferenceClassification>,
    /// The encoding that the document declares (`CharacterCodeIdentifier`); its
    /// bytes decide, and a document that is written declares its own.
    pub character_code: Option<CharacterCode>,
    /// First layer (`SegmentOfResult`): did the message go through? Without
    /// text if that wasn't said, which is no success.
    pub segment: SegmentOfResult,
    /// `ErrorCode` of the header, where the first layer failed. Opaque: the list of
    /// codes is not public.
    pub error_code: Option<String>,
    /// `ErrorMessage` with it.
    pub error_message: Option<String>,
    /// Second layer (`ProcessingResultStatus`): was the question processed? `None`
    /// if that wasn't said, which is no success.
    pub status: Option<ProcessingResultStatus>,
    /// `ProcessingResultCode`, opaque as well. May be set on success too, with a notice.
    pub code: Option<String>,
    /// The text with it (`ProcessingResultMessage`), to be shown as it is.
    pub message: Option<String>,
    /// Third layer (`QualificationValidity`): is the insurance valid?
    pub validity: Option<QualificationValidity>,
    /// 処方箋発行形態 (`PrescriptionIssueSelect`), where it is told here;
    /// [`prescription_choice`](Self::prescription_choice) looks in both places.
    pub prescription_issue: Option<PrescriptionIssue>,
    /// The insurances found, 0 or more (`ResultList`). Only exactly one is good.
    pub results: Vec<Qualification>,
    /// By what was asked, echoed (`QualificationConfirmSearchInfo`).
    pub asked: Option<SearchInfo>,
    /// What the centre says about the certificate; `None` if nothing. From a
    /// link to the centre only: files don't carry it.
    pub certificate: Option<CertificateStatus>,
    /// Registration for use; `None` if it wasn't said. From a link to the centre
    /// only: files don't carry it.
    pub registration: Option<Registration>,
    /// Elements outside the results that weren't understood, each with its path
    /// from the root on: `MessageHeader/…`, `MessageBody/…`. Document order within
    /// each part.
    pub unread: Vec<UnreadElement>,
}

/// The part of a report that stands in `MessageHeader`.
pub(crate) enum Header {}

/// The part of a report that stands in `MessageBody`, beside the lists.
pub(crate) enum Body {}

elements::elements! { Report as Header {
    "ProcessExecutionTime": executed,
    "QualificationConfirmationDate": confirmation_date,
    "MedicalInstitutionCode": institution_code,
    "ArbitraryFileIdentifier": file_identifier,
    "ReferenceClassification": reference,
    "SegmentOfResult": segment,
    "ErrorCode": error_code,
    "ErrorMessage": error_message,
    "CharacterCodeIdentifier": character_code,
} }

elements::elements! { Report as Body {
    "ProcessingResultStatus": status,
    "ProcessingResultCode": code,
    "ProcessingResultMessage": message,
    "QualificationValidity": validity,
    "PrescriptionIssueSelect": prescription_issue,
} }

/// Names of the elements that hold others.
pub(crate) const CONTAINERS: &[&str] = &[
    "MessageHeader",
    "MessageBody",
    "ResultList",
    "ResultOfQualificationConfirmation",
    "QualificationConfirmSearchInfo",
    "ElderlyRecipientCertificateInfo",
    "LimitApplicationCertificateRelatedInfo",
    "SpecificDiseasesCertificateList",
    "SpecificDiseasesCertificateInfo",
    "PublicExpenseResultList",
    "MedicalTicketInfo",
];

impl Report {
    /// One that says nothing: no layer of it counts as a success.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            executed: None,
            confirmation_date: None,
            institution_code: None,
            file_identifier: None,
            reference: None,
            character_code: None,
            segment: SegmentOfResult::from_code(""),
            error_code: None,
            error_message: None,
            status: None,
            code: None,
            message: None,
            validity: None,
            prescription_issue: None,
            results: Vec::new(),
            asked: None,
            certificate: None,
            registration: None,
            unread: Vec::new(),
        }
    }

    /// One that went through and was processed, and says nothing else. Fill in the
    /// rest by `Report { .., ..Report::normal() }`; more fields may come with the
    /// next version.
    #[must_use]
    pub fn normal() -> Self {
        Self {
            segment: SegmentOfResult::Normal,
            status: Some(ProcessingResultStatus::Normal),
            ..Self::empty()
        }
    }

    /// The one valid insurance that this answer found: transport and processing
    /// normal, valid, and exactly one result. For the clinic's side, where there
    /// is no proof of a check-in; what is still doubtful about it say the
    /// [`warnings`](Self::warnings).
    ///
    /// # Errors
    /// The first layer that says otherwise, as in [`confirm`](super::confirm()).
    pub fn valid_qualification(&self) -> Result<&Qualification, NotConfirmed> {
        if self.segment != SegmentOfResult::Normal {
            return Err(NotConfirmed::Segment(self.segment.clone()));
        }
        if self.status != Some(ProcessingResultStatus::Normal) {
            return Err(NotConfirmed::Processing {
                code: loggable(self.code.as_deref()).map(str::to_owned),
            });
        }
        if self.validity != Some(QualificationValidity::Valid) {
            return Err(NotConfirmed::Validity(self.validity.clone()));
        }
        match self.results.as_slice() {
            [qualification] => Ok(qualification),
            results => Err(NotConfirmed::Results(results.len())),
        }
    }

    /// Code and text that came with the results, or with the error of the
    /// header; `None` if there was neither.
    #[must_use]
    pub fn centre_said(&self) -> Option<CentreSaid> {
        CentreSaid::new(self.code.as_deref(), self.message.as_deref())
            .or_else(|| CentreSaid::new(self.error_code.as_deref(), self.error_message.as_deref()))
    }

    /// How the person wants prescriptions, wherever in the answer it stands.
    /// `None` if it was not said, or said twice and differently.
    #[must_use]
    pub fn prescription_choice(&self) -> Option<&PrescriptionIssue> {
        let mut said = self
            .results
            .iter()
            .filter_map(|result| result.prescription_issue.as_ref())
            .chain(&self.prescription_issue);
        let first = said.next()?;
        said.all(|next| next == first).then_some(first)
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report")
            .field("executed", &self.executed)
            .field("confirmation_date", &self.confirmation_date)
            .field("reference", &self.reference)
            .field("segment", &self.segment)
            .field("error_code", &loggable(self.error_code.as_deref()))
            .field("status", &self.status)
            .field("code", &loggable(self.code.as_deref()))
            .field("validity", &self.validity)
            .field("certificate", &self.certificate)
            .field("registration", &self.registration)
            .field("prescription_issue", &self.prescription_issue)
            .field("results", &self.results.len())
            .field("unread", &self.unread.len())
            .finish_non_exhaustive()
    }
}
