use jiff::civil::Date;

use super::elements::{elements, records};
use super::{UnreadElement, hidden};
use crate::eligibility::{LimitCategory, LimitCertificateKind, Personal, SpecificDiseaseCategory};

/// 高齢受給者証, of those aged 70 to 74 (`ElderlyRecipientCertificateInfo`).
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ElderlyRecipient {
    /// Issued on (`ElderlyRecipientCertificateDate`).
    pub issued_on: Option<Date>,
    /// Valid from (`ElderlyRecipientValidStartDate`).
    pub valid_from: Option<Date>,
    /// Last day of validity (`ElderlyRecipientValidEndDate`).
    pub valid_until: Option<Date>,
    /// Share that the person pays (`ElderlyRecipientContributionRatio`): three
    /// digits as sent, `020` = 2 tenths.
    pub contribution_ratio: Option<String>,
    /// Elements in it that weren't understood.
    pub unread: Vec<UnreadElement>,
}

elements! { ElderlyRecipient {
    "ElderlyRecipientCertificateDate": issued_on,
    "ElderlyRecipientValidStartDate": valid_from,
    "ElderlyRecipientValidEndDate": valid_until,
    "ElderlyRecipientContributionRatio": contribution_ratio,
} }

/// 限度額適用認定証 and its kin: up to which sum the person pays in a month
/// (`LimitApplicationCertificateRelatedInfo`).
#[derive(Clone, PartialEq, Eq, Default)]
pub struct LimitCertificate {
    /// Kind of certificate (`LimitApplicationCertificateClassification`).
    pub kind: Option<LimitCertificateKind>,
    /// Income category (`LimitApplicationCertificateClassificationFlag`).
    pub category: Option<LimitCategory>,
    /// Issued on (`LimitApplicationCertificateDate`).
    pub issued_on: Option<Date>,
    /// Valid from (`LimitApplicationCertificateValidStartDate`).
    pub valid_from: Option<Date>,
    /// Last day of validity (`LimitApplicationCertificateValidEndDate`).
    pub valid_until: Option<Date>,
    /// Long stay in hospital since (長期入院該当年月日, `LimitApplicationCertificateLongTermDate`).
    pub long_term_from: Option<Date>,
    /// Elements in it that weren't understood.
    pub unread: Vec<UnreadElement>,
}

elements! { LimitCertificate {
    "LimitApplicationCertificateClassification": kind,
    "LimitApplicationCertificateClassificationFlag": category,
    "LimitApplicationCertificateDate": issued_on,
    "LimitApplicationCertificateValidStartDate": valid_from,
    "LimitApplicationCertificateValidEndDate": valid_until,
    "LimitApplicationCertificateLongTermDate": long_term_from,
} }

/// 特定疾病療養受療証: a disease for which the person pays little
/// (`SpecificDiseasesCertificateInfo`).
#[derive(Clone, PartialEq, Eq, Default)]
pub struct SpecificDisease {
    /// The disease (`SpecificDiseasesDiseaseCategory`).
    pub category: Option<SpecificDiseaseCategory>,
    /// Issued on (`SpecificDiseasesCertificateDate`).
    pub issued_on: Option<Date>,
    /// Valid from (`SpecificDiseasesValidStartDate`).
    pub valid_from: Option<Date>,
    /// Last day of validity (`SpecificDiseasesValidEndDate`).
    pub valid_until: Option<Date>,
    /// The person's own limit in a month (`SpecificDiseasesSelfPay`), as sent.
    pub self_pay: Option<Personal>,
    /// Elements in it that weren't understood.
    pub unread: Vec<UnreadElement>,
}

elements! { SpecificDisease {
    "SpecificDiseasesDiseaseCategory": category,
    "SpecificDiseasesCertificateDate": issued_on,
    "SpecificDiseasesValidStartDate": valid_from,
    "SpecificDiseasesValidEndDate": valid_until,
    "SpecificDiseasesSelfPay": self_pay,
} }

hidden!(ElderlyRecipient, LimitCertificate, SpecificDisease);
records!(ElderlyRecipient, LimitCertificate, SpecificDisease);
