use std::fmt;

use jiff::{Timestamp, civil::Date};

use super::codes::code_like;
use super::{
    CentreSaid, Consent, Personal, ProcessingResultStatus, QualificationValidity, RequestNumber,
    SegmentOfResult,
};

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
/// each can fail while the others look fine; [`confirm`](super::confirm()) judges them.
///
/// `Debug` shows codes and counts, never a person and never the centre's text.
#[derive(Clone, PartialEq, Eq)]
pub struct Report {
    /// The request this belongs to.
    pub answered: RequestNumber,
    /// First layer: did the message go through?
    pub segment: SegmentOfResult,
    /// Second layer: was the question processed?
    pub status: ProcessingResultStatus,
    /// `ProcessingResultCode`, or `ErrorCode` of the header. Opaque: the list
    /// of codes is not public. May be set on success too, with a notice.
    pub code: Option<String>,
    /// The text with it, to be shown as it is.
    pub message: Option<String>,
    /// Third layer: is the insurance valid?
    pub validity: Option<QualificationValidity>,
    /// What the centre says about the certificate; `None` if nothing.
    pub certificate: Option<CertificateStatus>,
    /// Registration for use; `None` if it wasn't said.
    pub registration: Option<Registration>,
    /// The insurances found, 0 or more. Only exactly one is good.
    pub results: Vec<Qualification>,
    /// When the centre worked on it (`ProcessExecutionTime`).
    pub executed: Option<Timestamp>,
}

impl Report {
    /// Code and text that came with the results; `None` if there was neither.
    #[must_use]
    pub fn centre_said(&self) -> Option<CentreSaid> {
        CentreSaid::new(self.code.as_deref(), self.message.as_deref())
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report")
            .field("answered", &self.answered)
            .field("segment", &self.segment)
            .field("status", &self.status)
            .field("code", &loggable(self.code.as_deref()))
            .field("validity", &self.validity)
            .field("certificate", &self.certificate)
            .field("registration", &self.registration)
            .field("results", &self.results.len())
            .field("executed", &self.executed)
            .finish_non_exhaustive()
    }
}

/// One insurance of one person: the part of `ResultOfQualificationConfirmation`
/// that this version uses. Element names in the text of each field.
///
/// Personal data: `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Qualification {
    /// 被保険者証区分 (`InsuredCardClassification`, code table CD010): `01` general.
    pub card_classification: String,
    /// 保険者番号 (`InsurerNumber`), as sent; [`InsurerNumber`](super::InsurerNumber) normalises it.
    pub insurer_number: Personal,
    /// 保険者名称 (`InsurerName`).
    pub insurer_name: String,
    /// 記号 (`InsuredCardSymbol`): free text, may be full-width.
    pub symbol: Option<Personal>,
    /// 番号 (`InsuredIdentificationNumber`).
    pub number: Option<Personal>,
    /// 枝番 (`InsuredBranchNumber`), 2 digits; none for those aged 75 and over.
    pub branch: Option<Personal>,
    /// 氏名 (`Name`). A `●` stands for a character that could not be sent.
    pub name: Personal,
    /// 氏名カナ (`NameKana`), half-width.
    pub kana: Option<Personal>,
    /// `Sex1`, code table CD007: `1` male, `2` female, `3` not set.
    pub sex: Personal,
    /// 生年月日 (`Birthdate`), `yyyyMMdd`.
    pub birthdate: Personal,
    /// 資格取得年月日 (`QualificationDate`).
    pub qualified_from: Option<Date>,
    /// 有効終了 (`InsuredCardExpirationDate`).
    pub valid_until: Option<Date>,
    /// 一部負担金割合 (`InsuredPartialContributionRatio`): three digits as sent, `030` = 3 tenths.
    pub contribution_ratio: Option<String>,
    /// 限度額 (`LimitApplicationCertificateClassificationFlag`, code table CD012), such as `B04`.
    pub limit_classification: Option<Personal>,
    /// Consents to view, as the centre reports them.
    pub consents: Vec<Consent>,
}

impl Qualification {
    /// Tenths that the patient pays, 1 to 3, from `010`, `020`, `030`; `None` if
    /// absent or anything else.
    #[must_use]
    pub fn copayment_tenths(&self) -> Option<u8> {
        match self.contribution_ratio.as_deref().map(str::trim) {
            Some("010") => Some(1),
            Some("020") => Some(2),
            Some("030") => Some(3),
            _ => None,
        }
    }
}

impl fmt::Debug for Qualification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Qualification(..)")
    }
}

/// A code from outside, fit for a log or an error; see [`code_like`].
pub(super) fn loggable(code: Option<&str>) -> Option<&str> {
    code.and_then(|code| code_like(code, 16))
}
