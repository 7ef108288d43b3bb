use std::fmt;

use jiff::civil::Date;

use super::{
    Consent, InsurerNumber, LimitCategory, NotConfirmed, Personal, Preschool, PrescriptionIssue,
    Qualification, Report, Warning,
};

/// The few facts that a receptionist needs of a confirmed insurance.
///
/// `Debug` shows none of them. With feature `serde` it can be serialised, for
/// the clinic's own software; see [`Personal`].
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Coverage {
    /// 氏名.
    pub name: Personal,
    /// 氏名カナ.
    pub kana: Option<Personal>,
    /// 生年月日, `yyyyMMdd`.
    pub birthdate: Personal,
    /// 保険者番号: 6 or 8 digits, padding removed. As sent where it is no number.
    pub insurer_number: Personal,
    /// Whether the number's check digit is right. `false` is a reason to look
    /// twice, not to refuse.
    pub insurer_number_checks: bool,
    /// 保険者名称.
    pub insurer_name: String,
    /// 記号.
    pub symbol: Option<Personal>,
    /// 番号.
    pub number: Option<Personal>,
    /// 枝番.
    pub branch: Option<Personal>,
    /// Tenths the patient pays, 1 to 3, where the centre said it.
    pub copayment_tenths: Option<u8>,
    /// A child before school (未就学), whose share is another one.
    pub preschool: bool,
    /// Income category of the limit of payments (限度額の適用区分), where the centre
    /// told it.
    pub limit: Option<LimitCategory>,
    /// How many specific diseases (特定疾病療養受療証) the answer holds.
    pub specific_diseases: usize,
    /// How many tickets of medical assistance (医療券・調剤券) the answer holds.
    pub tickets: usize,
    /// 照会番号: the clinic's own number of this patient, where it is registered.
    pub reference_number: Option<Personal>,
    /// How the person wants prescriptions, where that was said.
    pub prescription: Option<PrescriptionIssue>,
    /// Last day of validity, where there is one.
    pub valid_until: Option<Date>,
    /// Consents to view medical information, with their times.
    pub consents: Vec<Consent>,
    /// Notice of the centre, to be shown as it is.
    pub notice: Option<String>,
    /// The certificate is in its three months' grace: the insurance is
    /// confirmed, medical information is not available.
    pub eligibility_only: bool,
    /// What a person should look at: a `●` in the name, a wrong check digit, an
    /// element that was not understood.
    pub warnings: Vec<Warning>,
}

impl Coverage {
    /// From the one valid insurance of an answer, with its notice and its
    /// warnings. In grace (`eligibility_only`) no consent counts as given, whatever
    /// the answer says. Whoever has validated the certificate knows of its grace;
    /// for an answer that came as a file it is `false`.
    ///
    /// Whose insurance it is isn't asked here: for a question by number use
    /// [`Report::found`].
    ///
    /// # Errors
    /// There isn't one; see [`Report::valid_qualification`].
    ///
    /// ```
    /// use uketsuke::eligibility::{Coverage, Qualification, QualificationValidity, Report};
    ///
    /// let mut report = Report {
    ///     results: vec![Qualification::new("見本　花子", "19800401")],
    ///     ..Report::normal()
    /// };
    /// assert!(Coverage::from_report(&report, false).is_err(), "nothing says that it is valid");
    /// report.validity = Some(QualificationValidity::Valid);
    /// assert_eq!(Coverage::from_report(&report, false)?.name.reveal(), "見本　花子");
    /// # Ok::<(), uketsuke::eligibility::NotConfirmed>(())
    /// ```
    pub fn from_report(report: &Report, eligibility_only: bool) -> Result<Self, NotConfirmed> {
        let qualification = report.valid_qualification()?;
        Ok(Self {
            prescription: report.prescription_choice().cloned(),
            warnings: report.warnings(),
            ..Self::from_qualification(qualification, report.message.as_deref(), eligibility_only)
        })
    }

    /// From one 資格, whatever is said about its validity. In grace
    /// (`eligibility_only`) no consent counts as given, whatever the answer says.
    #[must_use]
    pub fn from_qualification(
        qualification: &Qualification,
        notice: Option<&str>,
        eligibility_only: bool,
    ) -> Self {
        let number = InsurerNumber::parse(qualification.insurer_number.reveal());
        let consents = if eligibility_only {
            Vec::new()
        } else {
            qualification.consents.clone()
        };
        let limit = qualification.limit.as_ref();
        Self {
            name: qualification.name.clone(),
            kana: qualification.kana.clone(),
            birthdate: qualification.birthdate.clone(),
            insurer_number_checks: number
                .as_ref()
                .is_some_and(InsurerNumber::check_digit_is_right),
            insurer_number: match number {
                Some(number) => Personal::new(number.digits()),
                None => qualification.insurer_number.clone(),
            },
            insurer_name: qualification.insurer_name.clone(),
            symbol: qualification.symbol.clone(),
            number: qualification.number.clone(),
            branch: qualification.branch.clone(),
            copayment_tenths: qualification.copayment_tenths(),
            preschool: qualification.preschool == Some(Preschool::Preschool),
            limit: limit.and_then(|limit| limit.category.clone()),
            specific_diseases: qualification.specific_diseases.len(),
            tickets: qualification.tickets.len(),
            reference_number: qualification.reference_number.clone(),
            prescription: qualification.prescription_issue.clone(),
            valid_until: qualification.valid_until,
            consents,
            notice: notice
                .filter(|notice| !notice.trim().is_empty())
                .map(str::to_owned),
            eligibility_only,
            warnings: qualification.warnings(),
        }
    }
}

impl fmt::Debug for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Coverage(..)")
    }
}
