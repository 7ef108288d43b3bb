//! The elements of an answer to 資格確認, written down from what public programs read and not from the library's own tables:
//! where each stands, a value for it, and where that value has to be found.

use uketsuke::eligibility::*;

use crate::report_support::written::Written as _;

/// Where an element stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Header,
    Body,
    Search,
    Result,
    Elderly,
    Limit,
    Disease,
    Ticket,
}

pub struct Row {
    pub place: Place,
    pub name: &'static str,
    pub value: &'static str,
    /// The value as a report has it, written as in a document.
    pub found: fn(&Report) -> Option<String>,
}

impl Row {
    /// A document with this element alone, or another text in it.
    pub fn document(&self, value: &str) -> String {
        around(self.place, &format!("<{0}>{value}</{0}>", self.name))
    }
}

/// A document with that at this place.
pub fn around(place: Place, inside: &str) -> String {
    let within = |elements: &[&str], inside: &str| {
        elements
            .iter()
            .rev()
            .fold(inside.to_owned(), |text, element| {
                format!("<{element}>{text}</{element}>")
            })
    };
    let result = [
        "MessageBody",
        "ResultList",
        "ResultOfQualificationConfirmation",
    ];
    let deeper = |more: &[&'static str]| within(&[&result[..], more].concat(), inside);
    let (header, body) = match place {
        Place::Header => (inside, within(&["MessageBody"], "")),
        Place::Body => ("", within(&["MessageBody"], inside)),
        Place::Search => (
            "",
            within(&["MessageBody", "QualificationConfirmSearchInfo"], inside),
        ),
        Place::Result => ("", deeper(&[])),
        Place::Elderly => ("", deeper(&["ElderlyRecipientCertificateInfo"])),
        Place::Limit => ("", deeper(&["LimitApplicationCertificateRelatedInfo"])),
        Place::Disease => (
            "",
            deeper(&[
                "SpecificDiseasesCertificateList",
                "SpecificDiseasesCertificateInfo",
            ]),
        ),
        Place::Ticket => (
            "",
            deeper(&["PublicExpenseResultList", "MedicalTicketInfo"]),
        ),
    };
    format!("<XmlMsg><MessageHeader>{header}</MessageHeader>{body}</XmlMsg>")
}

macro_rules! rows {
    ($($place:ident { $($name:literal $value:literal $($field:ident).+;)+ })+) => {
        vec![$($(Row {
            place: Place::$place,
            name: $name,
            value: $value,
            found: |report| at!($place report)?.$($field).+.written(),
        }),+),+]
    };
}

macro_rules! at {
    (Header $report:ident) => {
        Some($report)
    };
    (Body $report:ident) => {
        Some($report)
    };
    (Search $report:ident) => {
        $report.asked.as_ref()
    };
    (Result $report:ident) => {
        $report.results.first()
    };
    (Elderly $report:ident) => {
        $report.results.first()?.elderly_recipient.as_ref()
    };
    (Limit $report:ident) => {
        $report.results.first()?.limit.as_ref()
    };
    (Disease $report:ident) => {
        $report.results.first()?.specific_diseases.first()
    };
    (Ticket $report:ident) => {
        $report.results.first()?.tickets.first()
    };
}

macro_rules! consents {
    ($rows:ident; $($element:literal $kind:ident;)+) => { $(
        $rows.push(Row {
            place: Place::Result,
            name: concat!($element, "ConsFlg"),
            value: "2",
            found: |report| report.results.first()?.consent(ConsentKind::$kind)?.flag.written(),
        });
        $rows.push(Row {
            place: Place::Result,
            name: concat!($element, "ConsTime"),
            value: "20261105091502",
            found: |report| report.results.first()?.consent(ConsentKind::$kind)?.at.written(),
        });
        $rows.push(Row {
            place: Place::Result,
            name: concat!($element, "AvailableTime"),
            value: "20261231235959",
            found: |report| report.results.first()?.consent(ConsentKind::$kind)?.available_until.written(),
        });
    )+ };
}

/// All of them.
pub fn rows() -> Vec<Row> {
    let mut rows = rows! {
        Header {
            "ProcessExecutionTime" "20261105000000" executed;
            "QualificationConfirmationDate" "20240229" confirmation_date;
            "MedicalInstitutionCode" "1319999999" institution_code;
            "ArbitraryFileIdentifier" "A1b2+/C3d4E5f6==" file_identifier;
            "ReferenceClassification" "2" reference;
            "SegmentOfResult" "9" segment;
            "ErrorCode" "E01" error_code;
            "ErrorMessage" "見本の誤り" error_message;
            "CharacterCodeIdentifier" "1" character_code;
        }
        Body {
            "ProcessingResultStatus" "2" status;
            "ProcessingResultCode" "M01" code;
            "ProcessingResultMessage" "有効期限まで三か月" message;
            "QualificationValidity" "5" validity;
            "PrescriptionIssueSelect" "2" prescription_issue;
        }
        Search {
            "InsurerNumber" "  139998" insurer_number;
            "InsuredCardSymbol" "記号" symbol;
            "InsuredIdentificationNumber" "９９" number;
            "InsuredBranchNumber" "01" branch;
            "Birthdate" "19630729" birthdate;
            "LimitApplicationCertificateRelatedConsFlg" "1" limit_consent;
            "ArbitraryIdentifier" "visit-2" identifier;
        }
        Result {
            "InsuredCardClassification" "07" card_classification;
            "InsurerNumber" "  139998" insurer_number;
            "InsuredCardSymbol" "見本０１" symbol;
            "InsuredIdentificationNumber" "1234" number;
            "InsuredBranchNumber" "02" branch;
            "PersonalFamilyClassification" "2" personal_family;
            "InsuredName" "見本　太郎" insured_name;
            "Name" "●本　花子" name;
            "NameOfOther" "通称　花" other_name;
            "NameKana" "ﾐﾎﾝ ﾊﾅｺ" kana;
            "NameOfOtherKana" "ﾂｳｼﾖｳ ﾊﾅ" other_kana;
            "Sex1" "1" sex;
            "Sex2" "3" sex_on_back;
            "Birthdate" "19520401" birthdate;
            "Address" "見本県見本市１－２－３" address;
            "PostNumber" "999-0001" post_number;
            "QualificationDate" "19890108" qualified_from;
            "DisqualificationDate" "20270331" disqualified_on;
            "InsuredCertificateIssuanceDate" "20260701" issued_on;
            "InsuredCardValidDate" "20260801" valid_from;
            "InsuredCardExpirationDate" "99991231" valid_until;
            "InsuredPartialContributionRatio" "010" contribution_ratio;
            "PreschoolClassification" "1" preschool;
            "ReasonOfLoss" "99" reason_of_loss;
            "InsurerName" "見本市" insurer_name;
            "LimitApplicationCertificateRelatedConsFlg" "0" limit_consent;
            "LimitApplicationCertificateRelatedConsTime" "20261105091401" limit_consent_at;
            "LimitApplicationCertificateChanged" "0" limit_changed;
            "SpecificDiseasesCertificateRelatedConsFlg" "3" specific_diseases_consent;
            "SpecificDiseasesCertificateRelatedConsTime" "20261105091402" specific_diseases_consent_at;
            "ArbitraryIdentifier" "visit-1" identifier;
            "ReferenceNumber" "P-000123" reference_number;
            "QualificationConfirmationKey" "KEY/abc=" confirmation_key;
            "PrescriptionIssueSelect" "1" prescription_issue;
        }
        Elderly {
            "ElderlyRecipientCertificateDate" "20260702" issued_on;
            "ElderlyRecipientValidStartDate" "20260802" valid_from;
            "ElderlyRecipientValidEndDate" "20270730" valid_until;
            "ElderlyRecipientContributionRatio" "020" contribution_ratio;
        }
        Limit {
            "LimitApplicationCertificateClassification" "03" kind;
            "LimitApplicationCertificateClassificationFlag" "B10" category;
            "LimitApplicationCertificateDate" "20260703" issued_on;
            "LimitApplicationCertificateValidStartDate" "20260803" valid_from;
            "LimitApplicationCertificateValidEndDate" "20270729" valid_until;
            "LimitApplicationCertificateLongTermDate" "20260901" long_term_from;
        }
        Disease {
            "SpecificDiseasesDiseaseCategory" "3" category;
            "SpecificDiseasesCertificateDate" "20260704" issued_on;
            "SpecificDiseasesValidStartDate" "20260804" valid_from;
            "SpecificDiseasesValidEndDate" "20270728" valid_until;
            "SpecificDiseasesSelfPay" "10000" self_pay;
        }
        Ticket {
            "TicketType" "02" ticket_type;
            "MedicalTicketValidDate" "20261101" valid_from;
            "MedicalTicketExpirationDate" "20261130" valid_until;
            "IssueNumber" "K-0077" issue_number;
            "MedicalTreatmentMonth" "202611" month;
            "DesignatedMedicalInstitutionCode" "1319999999" institution_code;
            "DesignatedMedicalInstitutionFlag" "0" institution_match;
            "DesignatedMedicalInstitutionName" "見本医院" institution_name;
            "PrescriptionIssuerMedicalInstitutionCode" "1399999992" prescriber_code;
            "PrescriptionIssuerMedicalInstitutionName" "見本診療所" prescriber_name;
            "InjuryName1" "傷病一" injuries.first;
            "InjuryName2" "傷病二" injuries.second;
            "InjuryName3" "傷病三" injuries.third;
            "MedicalTreatmentType" "05" treatment_type;
            "SelfPayAmount" "500" self_pay;
            "DistrictContactName" "地区　担当" district_contact;
            "HandlingContactName" "取扱　担当" handling_contact;
            "SingleOrCombinedUse" "02" single_or_combined;
            "StatusOfSocialInsurance" "01" social_insurance;
            "ConsistencyFlag" "1" consistency;
            "StatusOfInfecton" "02" infection;
            "StatusOfElderlyMedicalCare" "01" elderly_care;
            "StatusOfPrefecturalExpenses" "02" prefectural_expenses;
            "Remarks1" "備考一" remarks.first;
            "Remarks2" "備考二" remarks.second;
            "Remarks3" "備考三" remarks.third;
        }
    };
    consents! { rows;
        "SpecificHealthCheckupsInfo" HealthCheckups;
        "PharmacistsInfo" Medicines;
        "DiagnosisInfo" Treatment;
        "OperationInfo" Surgery;
        "DiagnosisName" DiagnosisNames;
        "InfectiousInfo" Infections;
        "AllergyInfo" Allergies;
        "ContraindicationInfo" Contraindications;
        "TestInfo" Tests;
        "PrescriptionInfo" Prescriptions;
    }
    rows
}
