use super::elements::elements;
use super::{UnreadElement, hidden};
use crate::eligibility::{LimitConsent, Personal};

/// By what the centre was asked, as an answer repeats it
/// (`QualificationConfirmSearchInfo`). Everything as sent.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct SearchInfo {
    /// 保険者番号 (`InsurerNumber`).
    pub insurer_number: Option<Personal>,
    /// 記号 (`InsuredCardSymbol`).
    pub symbol: Option<Personal>,
    /// 番号 (`InsuredIdentificationNumber`).
    pub number: Option<Personal>,
    /// 枝番 (`InsuredBranchNumber`).
    pub branch: Option<Personal>,
    /// 生年月日 (`Birthdate`), `yyyyMMdd`.
    pub birthdate: Option<Personal>,
    /// Consent to hand on the limit (`LimitApplicationCertificateRelatedConsFlg`).
    pub limit_consent: Option<LimitConsent>,
    /// The clinic's own identifier of the question (`ArbitraryIdentifier`).
    pub identifier: Option<Personal>,
    /// Elements in it that weren't understood.
    pub unread: Vec<UnreadElement>,
}

elements! { SearchInfo {
    "InsurerNumber": insurer_number,
    "InsuredCardSymbol": symbol,
    "InsuredIdentificationNumber": number,
    "InsuredBranchNumber": branch,
    "Birthdate": birthdate,
    "LimitApplicationCertificateRelatedConsFlg": limit_consent,
    "ArbitraryIdentifier": identifier,
} }

hidden!(SearchInfo);
