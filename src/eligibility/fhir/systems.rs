//! Identifiers of systems, extensions and codes. JP Core 1.3.0-dev of 2025-07-30
//! where it fixes a value; its table of names of code systems and identifiers where
//! it doesn't.

/// 医療機関コード, ten digits: the value that JP_Organization fixes.
pub(super) const INSTITUTION: &str =
    "http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no";
/// The seven digits of it that stand in the extension for them.
pub(super) const INSTITUTION_7: &str =
    "http://jpfhir.jp/fhir/core/mhlw/IdSystem/MedicalOrganizationID";
/// 保険者番号: the value that JP_Organization fixes.
pub(super) const INSURER: &str = "http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsurerNumber";
/// 公費負担者番号.
pub(super) const PUBLIC_PAYER: &str = "http://jpfhir.jp/fhir/core/mhlw/IdSystem/PublicPayerNumber";
/// 被保険者個人識別子: the value that JP_Coverage fixes.
pub(super) const MEMBER: &str = "http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID";
/// A patient's number at one institution, followed by `1` and the institution's ten digits.
pub(super) const LOCAL_PATIENT: &str = "urn:oid:1.2.392.100495.20.3.51.1";

/// 保険種別コード: `1` 医保, `2` 国保, `7` 後期高齢者, `8` 公費.
pub(super) const INSURANCE_CATEGORY: &str =
    "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/InsuranceMajorCategory";
/// 被保険者区分コード: `1` 被保険者, `2` 被扶養者.
pub(super) const INSURED_CATEGORY: &str =
    "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/InsuredPersonCategory";
/// 都道府県番号.
pub(super) const PREFECTURE: &str =
    "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/PrefectureNo-2digits";
/// 点数表番号.
pub(super) const FEE_TABLE: &str =
    "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/MedicationFeeScoreType";

macro_rules! jp_core {
    ($($name:ident $id:literal)+) => { $(
        pub(super) const $name: &str =
            concat!("http://jpfhir.jp/fhir/core/Extension/StructureDefinition/", $id);
    )+ };
}
jp_core! {
    SYMBOL "JP_Coverage_InsuredPersonSymbol"
    NUMBER "JP_Coverage_InsuredPersonNumber"
    BRANCH "JP_Coverage_InsuredPersonSubNumber"
    PREFECTURE_NO "JP_Organization_PrefectureNo"
    ORGANIZATION_CATEGORY "JP_Organization_InsuranceOrganizationCategory"
    ORGANIZATION_NO "JP_Organization_InsuranceOrganizationNo"
}

pub(super) const NAME_REPRESENTATION: &str =
    "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation";
pub(super) const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
pub(super) const ORGANIZATION_TYPE: &str =
    "http://terminology.hl7.org/CodeSystem/organization-type";
pub(super) const COPAY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/coverage-copay-type";
pub(super) const ACT_REASON: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
pub(super) const UNITS: &str = "http://unitsofmeasure.org";

macro_rules! own {
    ($($name:ident $id:literal)+) => { $(
        pub(super) const $name: &str = concat!("https://docs.rs/uketsuke/fhir/", $id);
    )+ };
}
own! {
    REQUEST_ORIGIN "CodeSystem/request-origin"
    CENTRE_CODE "CodeSystem/processing-result-code"
    SEGMENT_CODES "CodeSystem/segment-of-result"
    STATUS_CODES "CodeSystem/processing-result-status"
    VALIDITY_CODES "CodeSystem/qualification-validity"
    SEGMENT "StructureDefinition/segment-of-result"
    STATUS "StructureDefinition/processing-result-status"
    CODE "StructureDefinition/processing-result-code"
    VALIDITY "StructureDefinition/qualification-validity"
}
