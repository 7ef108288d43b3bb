//! What a 資格 says about a person and the insurance.

use super::code;

code! {
    /// Sex (code table CD007, elements `Sex1` and `Sex2`).
    ///
    /// ```
    /// use uketsuke::eligibility::Sex;
    ///
    /// let sex = Sex::from_code("2");
    /// assert!(sex == Sex::Female && sex.term() == "女");
    /// assert_eq!(format!("{sex:?}"), "Sex(..)");
    /// ```
    personal Sex {
        Male = "1" "男",
        Female = "2" "女",
        NotSet = "3" "未設定",
    }
}

code! {
    /// Insured or family: 本人・家族の別 (code table CD009, element
    /// `PersonalFamilyClassification`).
    personal PersonalFamily {
        Insured = "1" "本人",
        Family = "2" "家族",
    }
}

code! {
    /// 被保険者証区分 (code table CD010, element `InsuredCardClassification`). `05`
    /// was 被保険者資格証明書 until the reform of December 2024.
    personal CardClassification {
        General = "01" "一般",
        Retired = "02" "退職",
        ShortTermGeneral = "03" "短期（一般）",
        ShortTermRetired = "04" "短期（退職）",
        SpecialCareCosts = "05" "特別療養費支給対象者",
        SpecialRetired = "06" "特例退職",
        SelfDefenceForces = "07" "自衛官",
        MedicalAid = "A1" "医療扶助",
    }
}

code! {
    /// Why the insurance ended: 資格喪失事由 (code table CD008, element `ReasonOfLoss`).
    personal ReasonOfLoss {
        Death = "01" "死亡",
        PublicAssistance = "02" "生活保護受給開始",
        OtherInsurance = "03" "医療保険等の資格取得",
        Different = "99" "その他",
    }
}

code! {
    /// A child before school: 未就学区分 (code table CD015, element
    /// `PreschoolClassification`). Absent for everybody else.
    personal Preschool {
        Preschool = "1" "未就学",
    }
}

code! {
    /// Consent to hand on the limit of payments: 限度額情報提供同意 (code table
    /// CD001, element `LimitApplicationCertificateRelatedConsFlg`).
    printable LimitConsent {
        NotGiven = "0" "未同意",
        Given = "1" "同意",
    }
}

code! {
    /// Kind of limit certificate (code table CD011, element
    /// `LimitApplicationCertificateClassification`).
    personal LimitCertificateKind {
        Limit = "01" "限度額適用認定証",
        LimitAndReduction = "02" "限度額適用・標準負担額減額認定証",
        Reduction = "03" "標準負担額減額認定証",
    }
}

code! {
    /// Income category of the limit: 適用区分 (code table CD012, element
    /// `LimitApplicationCertificateClassificationFlag`). `A` is under 70, `B` from 70.
    personal LimitCategory {
        A01 = "A01" "ア",
        A02 = "A02" "イ",
        A03 = "A03" "ウ",
        A04 = "A04" "エ",
        A05 = "A05" "オ",
        A06 = "A06" "オ（境）",
        B01 = "B01" "現役並みⅢ",
        B02 = "B02" "現役並みⅡ",
        B03 = "B03" "現役並みⅠ",
        B04 = "B04" "一般",
        B05 = "B05" "低所得Ⅱ",
        B06 = "B06" "低所得Ⅰ",
        B07 = "B07" "低所得Ⅰ（老福）",
        B08 = "B08" "低所得Ⅰ（境）",
        B09 = "B09" "一般Ⅱ",
        B10 = "B10" "一般Ⅰ",
    }
}

impl LimitCategory {
    /// The category under which one billing system claims it (高額区分): `26` to
    /// `30` and `41` are the notes of a claim (特記事項), `0` general, `4` and `5`
    /// low income Ⅱ and Ⅰ. From a single public implementation, so a proposal
    /// for a person to check; `None` where that gives none.
    ///
    /// ```
    /// use uketsuke::eligibility::LimitCategory;
    /// assert_eq!(LimitCategory::from_code("A05").claim_category(), Some("30"));
    /// ```
    #[must_use]
    pub const fn claim_category(&self) -> Option<&'static str> {
        match self {
            Self::A01 | Self::B01 => Some("26"),
            Self::A02 | Self::B02 => Some("27"),
            Self::A03 | Self::B03 => Some("28"),
            Self::A04 => Some("29"),
            Self::A05 | Self::A06 => Some("30"),
            Self::B04 | Self::B10 => Some("0"),
            Self::B09 => Some("41"),
            Self::B05 => Some("4"),
            Self::B06 | Self::B07 | Self::B08 => Some("5"),
            Self::Other(_) => None,
        }
    }
}

code! {
    /// Disease of a 特定疾病療養受療証 (code table CD013, element
    /// `SpecificDiseasesDiseaseCategory`).
    personal SpecificDiseaseCategory {
        Dialysis = "1" "人工透析を要する慢性腎不全",
        Haemophilia = "2" "血友病（第Ⅷ・第Ⅸ因子障害）",
        HivByBloodProducts = "3" "血液製剤によるHIV感染症",
    }
}

code! {
    /// Whether the limit changed since it was asked last: 限度額変更有無 (code
    /// table CD014, element `LimitApplicationCertificateChanged` of a bulk answer).
    personal LimitChanged {
        No = "0" "なし",
        YesOrUnknown = "1" "あり、または判定不能",
    }
}
