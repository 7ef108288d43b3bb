//! Warnings in words for who sits at the reception.

use super::{NumberKind, Warning};
use crate::eligibility::Lang;

impl Warning {
    /// What is doubtful and what to do, for the receptionist. Elements that a
    /// reception knows are called as it calls them, with the element's name behind.
    ///
    /// ```
    /// use uketsuke::eligibility::{Lang, Warning};
    ///
    /// let warning = Warning::Missing { element: "InsurerName" };
    /// assert!(warning.text(Lang::Ja).starts_with("「保険者名称」（InsurerName）"));
    /// ```
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::Ja => self.ja(),
            Lang::En => self.en(),
        }
    }

    fn ja(&self) -> String {
        match self {
            Self::CheckDigit(number) => format!(
                "{}の検証番号が合いません。番号を見直してください。",
                number.name(Lang::Ja)
            ),
            Self::Unrepresentable { element } => format!(
                "{}に、送信できない文字（●）があります。正しい文字をご本人に確認してください。",
                ja(element)
            ),
            Self::Missing { element } => format!(
                "{}が届いていません。書類や診療録で確認してください。",
                ja(element)
            ),
            Self::UnknownCode { element } => format!(
                "{}のコードは、このソフトウェアでは分かりません。ソフトウェアの提供元に問い合わせてください。",
                ja(element)
            ),
            Self::Unreadable { element } => format!(
                "{}の値を読み取れません。原文を確認してください。",
                ja(element)
            ),
            Self::UnknownElement { element } => format!(
                "{element} は、このソフトウェアでは分からない項目です。内容は反映されていません。ソフトウェアの提供元に問い合わせてください。"
            ),
            Self::LooksLike { element, known } => format!(
                "{element} は {known} の書き誤りかもしれません。内容は反映されていません。ソフトウェアの提供元に問い合わせてください。"
            ),
            Self::MoreUnread => {
                "分からない項目が、ほかにも多くあります。原文を確認してください。".to_owned()
            }
            Self::ConsentWithoutEnd(kind) => format!(
                "「{}」の同意に有効期限がないため、閲覧できません。",
                kind.name(Lang::Ja)
            ),
            Self::PrescriptionIssueDiffers => {
                "処方箋の発行形態が、二か所で異なっています。ご本人に確認してください。".to_owned()
            }
        }
    }

    fn en(&self) -> String {
        match self {
            Self::CheckDigit(number) => format!(
                "The check digit of the {} is wrong. Please check the number again.",
                number.name(Lang::En)
            ),
            Self::Unrepresentable { element } => format!(
                "{} has a character that could not be sent (●). Please ask the person how it is written.",
                en(element)
            ),
            Self::Missing { element } => format!(
                "{} did not arrive. Please check a document or the patient's record.",
                en(element)
            ),
            Self::UnknownCode { element } => format!(
                "{} has a code that this software does not know. Please ask the maker of the software.",
                en(element)
            ),
            Self::Unreadable { element } => format!(
                "{} has a value that cannot be read. Please look at the original text.",
                en(element)
            ),
            Self::UnknownElement { element } => format!(
                "This software does not know the element {element}, and did not take it into account. Please ask the maker of the software."
            ),
            Self::LooksLike { element, known } => format!(
                "{element} may be meant as {known}. It was not taken into account. Please ask the maker of the software."
            ),
            Self::MoreUnread => "There are many more elements that are not understood. Please look at the original text."
                .to_owned(),
            Self::ConsentWithoutEnd(kind) => format!(
                "The consent to view {} has no end date, so nothing may be viewed.",
                kind.name(Lang::En)
            ),
            Self::PrescriptionIssueDiffers => {
                "The kind of prescription is stated twice and differently. Please ask the person."
                    .to_owned()
            }
        }
    }
}

impl NumberKind {
    const fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Insurer, Lang::Ja) => "保険者番号",
            (Self::Insurer, Lang::En) => "insurer's number",
            (Self::Payer, Lang::Ja) => "公費負担者番号",
            (Self::Payer, Lang::En) => "number of the payer of public expense",
            (Self::Beneficiary, Lang::Ja) => "受給者番号",
            (Self::Beneficiary, Lang::En) => "beneficiary's number",
            (Self::Institution, Lang::Ja) => "医療機関コード",
            (Self::Institution, Lang::En) => "institution's code",
        }
    }
}

fn ja(element: &str) -> String {
    match term(element) {
        Some((ja, _)) => format!("「{ja}」（{element}）"),
        None => format!("{element} "),
    }
}

fn en(element: &str) -> String {
    match term(element) {
        Some((_, en)) => format!("The {en} ({element})"),
        None => element.to_owned(),
    }
}

/// What a reception calls an element, by the last part of its path.
fn term(element: &str) -> Option<(&'static str, &'static str)> {
    let name = element.rsplit('/').next()?;
    let (_, ja, en) = TERMS.iter().find(|(known, ..)| *known == name)?;
    Some((ja, en))
}

/// Element, Japanese, English.
const TERMS: &[(&str, &str, &str)] = &[
    ("Name", "氏名", "name"),
    ("NameOfOther", "氏名（その他）", "other name"),
    ("NameKana", "氏名カナ", "kana of the name"),
    (
        "NameOfOtherKana",
        "氏名カナ（その他）",
        "kana of the other name",
    ),
    ("InsuredName", "被保険者氏名", "name of the insured"),
    ("Sex1", "性別", "sex"),
    ("Birthdate", "生年月日", "birth date"),
    ("Address", "住所", "address"),
    ("PostNumber", "郵便番号", "postal code"),
    ("InsurerNumber", "保険者番号", "insurer's number"),
    ("InsurerName", "保険者名称", "insurer's name"),
    (
        "InsuredCardClassification",
        "被保険者証区分",
        "kind of insurance",
    ),
    ("InsuredCardSymbol", "記号", "symbol of the insurance"),
    (
        "InsuredIdentificationNumber",
        "番号",
        "number of the insurance",
    ),
    ("InsuredBranchNumber", "枝番", "branch number"),
    (
        "PersonalFamilyClassification",
        "本人・家族の別",
        "insured or family",
    ),
    (
        "QualificationDate",
        "資格取得年月日",
        "first day of the insurance",
    ),
    (
        "DisqualificationDate",
        "資格喪失年月日",
        "day of loss of the insurance",
    ),
    (
        "InsuredCardValidDate",
        "有効開始年月日",
        "first day of validity",
    ),
    (
        "InsuredCardExpirationDate",
        "有効終了年月日",
        "last day of validity",
    ),
    (
        "InsuredPartialContributionRatio",
        "一部負担金割合",
        "share to pay",
    ),
    (
        "ElderlyRecipientContributionRatio",
        "高齢受給者証の一部負担金割合",
        "share to pay from 70",
    ),
    (
        "LimitApplicationCertificateClassification",
        "限度額適用認定証区分",
        "kind of limit certificate",
    ),
    (
        "LimitApplicationCertificateClassificationFlag",
        "限度額適用認定証の適用区分",
        "income category of the limit",
    ),
    (
        "SpecificDiseasesDiseaseCategory",
        "特定疾病の認定疾病区分",
        "specific disease",
    ),
    (
        "PreschoolClassification",
        "未就学区分",
        "child before school",
    ),
    ("ReasonOfLoss", "資格喪失事由", "reason of loss"),
    (
        "QualificationValidity",
        "資格有効性",
        "validity of the insurance",
    ),
    (
        "PrescriptionIssueSelect",
        "処方箋発行形態",
        "kind of prescription",
    ),
    (
        "ReferenceNumber",
        "照会番号",
        "clinic's number of the patient",
    ),
];

#[cfg(test)]
mod tests {
    use super::super::{Body, ElderlyRecipient, LimitCertificate, Report, SpecificDisease};
    use super::{TERMS, term};
    use crate::eligibility::Qualification;
    use crate::eligibility::report::elements::Elements;

    #[test]
    fn every_term_is_that_of_an_element() {
        let known = [
            <Qualification as Elements>::NAMES,
            <ElderlyRecipient as Elements>::NAMES,
            <LimitCertificate as Elements>::NAMES,
            <SpecificDisease as Elements>::NAMES,
            <Report as Elements<Body>>::NAMES,
        ]
        .concat();
        for (element, ..) in TERMS {
            assert!(known.contains(element), "{element}");
        }
        assert_eq!(term("A/Address"), term("Address"));
        assert!(term("Unheard").is_none());
    }
}
