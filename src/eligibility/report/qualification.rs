use jiff::Timestamp;
use jiff::civil::Date;

use super::elements::{Elements, Slot, elements};
use super::{
    ElderlyRecipient, LimitCertificate, MedicalTicket, SpecificDisease, UnreadElement, hidden,
};
use crate::eligibility::{
    CardClassification, Consent, ConsentFlag, ConsentKind, LimitChanged, LimitConsent, Personal,
    PersonalFamily, Preschool, PrescriptionIssue, ReasonOfLoss, Sex,
};

/// One insurance (or medical assistance) of one person: everything of
/// `ResultOfQualificationConfirmation`. Element names in the text of each field.
///
/// What implementations treat as mandatory is plain text or a code, empty where
/// it was absent; [`Report::warnings`](super::Report::warnings) says so. The rest
/// is optional. Personal data: `Debug` shows nothing of it.
///
/// # Examples
///
/// A service makes one from what it knows, and leaves the rest:
///
/// ```
/// use uketsuke::eligibility::{Personal, Qualification, Sex};
///
/// let qualification = Qualification {
///     insurer_number: Personal::new("  139998"),
///     insurer_name: "見本市".to_owned(),
///     number: Some(Personal::new("1234")),
///     sex: Sex::Female,
///     ..Qualification::new("見本　花子", "19800401")
/// };
/// assert_eq!(qualification.name.reveal(), "見本　花子");
/// assert!(qualification.tickets.is_empty());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Qualification {
    /// 被保険者証区分 (`InsuredCardClassification`).
    pub card_classification: CardClassification,
    /// 保険者番号 (`InsurerNumber`), as sent; [`InsurerNumber`](crate::eligibility::InsurerNumber)
    /// normalises it. With medical assistance it is the 公費負担者番号
    /// ([`PayerNumber`](crate::eligibility::PayerNumber)).
    pub insurer_number: Personal,
    /// 保険者名称 (`InsurerName`).
    pub insurer_name: String,
    /// 記号 (`InsuredCardSymbol`): free text, may be full-width.
    pub symbol: Option<Personal>,
    /// 番号 (`InsuredIdentificationNumber`). With medical assistance it is the
    /// 受給者番号 ([`BeneficiaryNumber`](crate::eligibility::BeneficiaryNumber)).
    pub number: Option<Personal>,
    /// 枝番 (`InsuredBranchNumber`), 2 digits; none for those aged 75 and over.
    pub branch: Option<Personal>,
    /// 本人・家族の別 (`PersonalFamilyClassification`).
    pub personal_family: Option<PersonalFamily>,
    /// 被保険者氏名, or that of the head of the household (`InsuredName`).
    pub insured_name: Option<Personal>,
    /// 氏名 (`Name`). A `●` stands for a character that could not be sent.
    pub name: Personal,
    /// 氏名（その他）, such as a name in use (`NameOfOther`).
    pub other_name: Option<Personal>,
    /// 氏名カナ (`NameKana`), half-width.
    pub kana: Option<Personal>,
    /// 氏名カナ（その他） (`NameOfOtherKana`), half-width.
    pub other_kana: Option<Personal>,
    /// Sex on the front of the certificate (`Sex1`).
    pub sex: Sex,
    /// Sex on its back (`Sex2`), where the insurer writes it there.
    pub sex_on_back: Option<Sex>,
    /// 生年月日 (`Birthdate`), `yyyyMMdd`.
    pub birthdate: Personal,
    /// 住所 (`Address`): the insurer's record, which may differ from the chart.
    pub address: Option<Personal>,
    /// 郵便番号 (`PostNumber`), `NNN-NNNN`.
    pub post_number: Option<Personal>,
    /// 資格取得年月日 (`QualificationDate`); with medical assistance its begin.
    pub qualified_from: Option<Date>,
    /// 資格喪失年月日 (`DisqualificationDate`): the first day without; with medical
    /// assistance its end.
    pub disqualified_on: Option<Date>,
    /// 交付年月日 (`InsuredCertificateIssuanceDate`).
    pub issued_on: Option<Date>,
    /// 有効開始年月日 (`InsuredCardValidDate`).
    pub valid_from: Option<Date>,
    /// 有効終了年月日 (`InsuredCardExpirationDate`).
    pub valid_until: Option<Date>,
    /// 一部負担金割合 (`InsuredPartialContributionRatio`): three digits as sent, `030` = 3 tenths.
    pub contribution_ratio: Option<String>,
    /// 未就学区分 (`PreschoolClassification`).
    pub preschool: Option<Preschool>,
    /// 資格喪失事由 (`ReasonOfLoss`).
    pub reason_of_loss: Option<ReasonOfLoss>,
    /// 高齢受給者証.
    pub elderly_recipient: Option<ElderlyRecipient>,
    /// Consent to hand on the limit (`LimitApplicationCertificateRelatedConsFlg`).
    pub limit_consent: Option<LimitConsent>,
    /// When it was given (`LimitApplicationCertificateRelatedConsTime`).
    pub limit_consent_at: Option<Timestamp>,
    /// 限度額適用認定証.
    pub limit: Option<LimitCertificate>,
    /// Whether it changed since it was asked last (`LimitApplicationCertificateChanged`,
    /// in bulk answers).
    pub limit_changed: Option<LimitChanged>,
    /// Consent to hand on specific diseases (`SpecificDiseasesCertificateRelatedConsFlg`).
    pub specific_diseases_consent: Option<ConsentFlag>,
    /// When it was given (`SpecificDiseasesCertificateRelatedConsTime`).
    pub specific_diseases_consent_at: Option<Timestamp>,
    /// 特定疾病療養受療証, any number.
    pub specific_diseases: Vec<SpecificDisease>,
    /// Tickets of medical assistance, any number.
    pub tickets: Vec<MedicalTicket>,
    /// Consents to view medical information: at most one of each kind, in the
    /// order of [`ConsentKind::ALL`].
    pub consents: Vec<Consent>,
    /// 処方箋発行形態 (`PrescriptionIssueSelect`), where it is told here and not in
    /// [`Report::prescription_issue`](super::Report::prescription_issue).
    pub prescription_issue: Option<PrescriptionIssue>,
    /// The clinic's own identifier of the question, echoed (`ArbitraryIdentifier`).
    pub identifier: Option<Personal>,
    /// 照会番号 (`ReferenceNumber`): the clinic's number of the patient, once it was
    /// registered at the centre. Not the card's 照合番号.
    pub reference_number: Option<Personal>,
    /// `QualificationConfirmationKey`, of unknown meaning, in results of readers.
    pub confirmation_key: Option<Personal>,
    /// Elements in it that weren't understood.
    pub unread: Vec<UnreadElement>,
}

elements! { Qualification {
    "InsuredCardClassification": card_classification,
    "InsurerNumber": insurer_number,
    "InsuredCardSymbol": symbol,
    "InsuredIdentificationNumber": number,
    "InsuredBranchNumber": branch,
    "PersonalFamilyClassification": personal_family,
    "InsuredName": insured_name,
    "Name": name,
    "NameOfOther": other_name,
    "NameKana": kana,
    "NameOfOtherKana": other_kana,
    "Sex1": sex,
    "Sex2": sex_on_back,
    "Birthdate": birthdate,
    "Address": address,
    "PostNumber": post_number,
    "QualificationDate": qualified_from,
    "DisqualificationDate": disqualified_on,
    "InsuredCertificateIssuanceDate": issued_on,
    "InsuredCardValidDate": valid_from,
    "InsuredCardExpirationDate": valid_until,
    "InsuredPartialContributionRatio": contribution_ratio,
    "PreschoolClassification": preschool,
    "ReasonOfLoss": reason_of_loss,
    "InsurerName": insurer_name,
    "LimitApplicationCertificateRelatedConsFlg": limit_consent,
    "LimitApplicationCertificateRelatedConsTime": limit_consent_at,
    "LimitApplicationCertificateChanged": limit_changed,
    "SpecificDiseasesCertificateRelatedConsFlg": specific_diseases_consent,
    "SpecificDiseasesCertificateRelatedConsTime": specific_diseases_consent_at,
    "PrescriptionIssueSelect": prescription_issue,
    "ArbitraryIdentifier": identifier,
    "ReferenceNumber": reference_number,
    "QualificationConfirmationKey": confirmation_key,
} }

elements! { Consent {
    "ConsFlg": flag,
    "ConsTime": at,
    "AvailableTime": available_until,
} }

impl Qualification {
    /// One of which only name and birth date (`yyyyMMdd`) are known. Fill in the
    /// rest by `Qualification { .., ..Qualification::new(name, birthdate) }`; more
    /// fields may come with the next version.
    #[must_use]
    pub fn new(name: impl Into<String>, birthdate: impl Into<String>) -> Self {
        Self {
            card_classification: CardClassification::from_code(""),
            insurer_number: Personal::default(),
            insurer_name: String::new(),
            symbol: None,
            number: None,
            branch: None,
            personal_family: None,
            insured_name: None,
            name: Personal::new(name),
            other_name: None,
            kana: None,
            other_kana: None,
            sex: Sex::from_code(""),
            sex_on_back: None,
            birthdate: Personal::new(birthdate),
            address: None,
            post_number: None,
            qualified_from: None,
            disqualified_on: None,
            issued_on: None,
            valid_from: None,
            valid_until: None,
            contribution_ratio: None,
            preschool: None,
            reason_of_loss: None,
            elderly_recipient: None,
            limit_consent: None,
            limit_consent_at: None,
            limit: None,
            limit_changed: None,
            specific_diseases_consent: None,
            specific_diseases_consent_at: None,
            specific_diseases: Vec::new(),
            tickets: Vec::new(),
            consents: Vec::new(),
            prescription_issue: None,
            identifier: None,
            reference_number: None,
            confirmation_key: None,
            unread: Vec::new(),
        }
    }

    /// Tenths that the patient pays, 1 to 3, where the centre said it: from the
    /// 高齢受給者証 if there is one, else from the 一部負担金割合. `None` if neither
    /// is `010`, `020` or `030`.
    #[must_use]
    pub fn copayment_tenths(&self) -> Option<u8> {
        let elderly = self.elderly_recipient.as_ref();
        elderly
            .and_then(|elderly| tenths(elderly.contribution_ratio.as_deref()))
            .or_else(|| tenths(self.contribution_ratio.as_deref()))
    }

    /// Whether this is medical assistance (医療扶助), which names a payer of
    /// public expense where others name an insurer.
    #[must_use]
    pub fn is_medical_aid(&self) -> bool {
        self.card_classification == CardClassification::MedicalAid
    }

    /// Category under which the limit is claimed (高額区分): that of the limit
    /// certificate, and for those aged 75 and over without one, of the share they
    /// pay. See [`LimitCategory::claim_category`](crate::eligibility::LimitCategory::claim_category).
    #[must_use]
    pub fn claim_category(&self) -> Option<&'static str> {
        let category = self
            .limit
            .as_ref()
            .and_then(|limit| limit.category.as_ref());
        if let Some(category) = category {
            return category.claim_category();
        }
        if !self.insurer_number.reveal().trim().starts_with("39") {
            return None;
        }
        match tenths(self.contribution_ratio.as_deref())? {
            3 => Some("26"),
            2 => Some("41"),
            _ => Some("0"),
        }
    }

    /// The consent of this kind, if the centre told of it.
    #[must_use]
    pub fn consent(&self, kind: ConsentKind) -> Option<&Consent> {
        self.consents.iter().find(|consent| consent.kind == kind)
    }

    /// The field of a leaf element, consents included: asking for one of those
    /// makes room for it, which [`forget_empty_consents`](Self::forget_empty_consents)
    /// takes back.
    pub(crate) fn leaf(&mut self, name: &str) -> Option<(&'static str, &mut dyn Slot)> {
        let Some((kind, part, element)) = consent_part(name) else {
            return self.slot(name);
        };
        let at = match self.consents.binary_search_by_key(&kind, |c| c.kind) {
            Ok(at) => at,
            Err(at) => {
                self.consents.insert(at, Consent::unsaid(kind));
                at
            }
        };
        let (_, slot) = self.consents.get_mut(at)?.slot(part)?;
        Some((element, slot))
    }

    /// See [`leaf`](Self::leaf).
    pub(crate) fn forget_empty_consents(&mut self) {
        self.consents.retain(|consent| {
            let mut said = false;
            consent.each(&mut |_, slot| said |= slot.is_set());
            said
        });
    }
}

/// Kind and part of a consent's element, and its whole name.
pub(crate) fn consent_part(name: &str) -> Option<(ConsentKind, &'static str, &'static str)> {
    (0..)
        .zip(Consent::NAMES)
        .find_map(|(at, part): (usize, _)| {
            let kind = ConsentKind::of_element(name.strip_suffix(part)?)?;
            Some((kind, *part, *kind.elements().get(at)?))
        })
}

/// Tenths from three digits as sent.
fn tenths(ratio: Option<&str>) -> Option<u8> {
    match ratio.map(str::trim) {
        Some("010") => Some(1),
        Some("020") => Some(2),
        Some("030") => Some(3),
        _ => None,
    }
}

hidden!(Qualification);
