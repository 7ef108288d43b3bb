use jiff::civil::Date;

use super::elements::{elements, records};
use super::{UnreadElement, hidden};
use crate::eligibility::{
    Consistency, InstitutionMatch, Personal, Recorded, SingleOrCombined, TicketType, TreatmentType,
};

/// A ticket of medical assistance (医療扶助の医療券・調剤券, `MedicalTicketInfo`).
/// Names of elements in the text of each field.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct MedicalTicket {
    /// 券別 (`TicketType`).
    pub ticket_type: Option<TicketType>,
    /// Valid from (`MedicalTicketValidDate`).
    pub valid_from: Option<Date>,
    /// Last day of validity (`MedicalTicketExpirationDate`).
    pub valid_until: Option<Date>,
    /// 交付番号 (`IssueNumber`).
    pub issue_number: Option<Personal>,
    /// 診療年月 (`MedicalTreatmentMonth`), `yyyyMM` as sent.
    pub month: Option<String>,
    /// 指定医療機関コード (`DesignatedMedicalInstitutionCode`).
    pub institution_code: Option<String>,
    /// Whether that is the institution that asks (`DesignatedMedicalInstitutionFlag`).
    pub institution_match: Option<InstitutionMatch>,
    /// 指定医療機関名 (`DesignatedMedicalInstitutionName`).
    pub institution_name: Option<String>,
    /// Who prescribed, for a dispensing ticket (`PrescriptionIssuerMedicalInstitutionCode`).
    pub prescriber_code: Option<String>,
    /// Its name (`PrescriptionIssuerMedicalInstitutionName`).
    pub prescriber_name: Option<String>,
    /// 傷病名 (`InjuryName1` to `InjuryName3`).
    pub injuries: Three,
    /// 診療別 (`MedicalTreatmentType`).
    pub treatment_type: Option<TreatmentType>,
    /// 本人支払額 (`SelfPayAmount`), as sent.
    pub self_pay: Option<Personal>,
    /// 地区担当員名 (`DistrictContactName`).
    pub district_contact: Option<Personal>,
    /// 取扱担当者名 (`HandlingContactName`).
    pub handling_contact: Option<Personal>,
    /// 単独・併用 (`SingleOrCombinedUse`).
    pub single_or_combined: Option<SingleOrCombined>,
    /// Social insurance (`StatusOfSocialInsurance`).
    pub social_insurance: Option<Recorded>,
    /// 整合性フラグ (`ConsistencyFlag`).
    pub consistency: Option<Consistency>,
    /// Article 37-2 of the infections act (`StatusOfInfecton`, so spelt).
    pub infection: Option<Recorded>,
    /// Medical care of the elderly (`StatusOfElderlyMedicalCare`).
    pub elderly_care: Option<Recorded>,
    /// Prefectural expenses (`StatusOfPrefecturalExpenses`).
    pub prefectural_expenses: Option<Recorded>,
    /// 備考 (`Remarks1` to `Remarks3`).
    pub remarks: Three,
    /// Elements in it that weren't understood.
    pub unread: Vec<UnreadElement>,
}

/// Up to three texts, each in its numbered element.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Three {
    /// The first.
    pub first: Option<Personal>,
    /// The second.
    pub second: Option<Personal>,
    /// The third.
    pub third: Option<Personal>,
}

impl Three {
    /// Those that are there.
    pub fn iter(&self) -> impl Iterator<Item = &Personal> {
        [&self.first, &self.second, &self.third]
            .into_iter()
            .flatten()
    }
}

elements! { MedicalTicket {
    "TicketType": ticket_type,
    "MedicalTicketValidDate": valid_from,
    "MedicalTicketExpirationDate": valid_until,
    "IssueNumber": issue_number,
    "MedicalTreatmentMonth": month,
    "DesignatedMedicalInstitutionCode": institution_code,
    "DesignatedMedicalInstitutionFlag": institution_match,
    "DesignatedMedicalInstitutionName": institution_name,
    "PrescriptionIssuerMedicalInstitutionCode": prescriber_code,
    "PrescriptionIssuerMedicalInstitutionName": prescriber_name,
    "InjuryName1": injuries.first,
    "InjuryName2": injuries.second,
    "InjuryName3": injuries.third,
    "MedicalTreatmentType": treatment_type,
    "SelfPayAmount": self_pay,
    "DistrictContactName": district_contact,
    "HandlingContactName": handling_contact,
    "SingleOrCombinedUse": single_or_combined,
    "StatusOfSocialInsurance": social_insurance,
    "ConsistencyFlag": consistency,
    "StatusOfInfecton": infection,
    "StatusOfElderlyMedicalCare": elderly_care,
    "StatusOfPrefecturalExpenses": prefectural_expenses,
    "Remarks1": remarks.first,
    "Remarks2": remarks.second,
    "Remarks3": remarks.third,
} }

hidden!(MedicalTicket, Three);
records!(MedicalTicket);
