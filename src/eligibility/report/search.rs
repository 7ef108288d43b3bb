use jiff::civil::Date;

use super::elements::{Value, elements, records};
use super::{Qualification, Report, UnreadElement, hidden};
use crate::eligibility::message::NumberQuestion;
use crate::eligibility::text::comparison_form;
use crate::eligibility::{InsurerNumber, LimitConsent, Personal, QualificationValidity};

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

/// As the question is written.
impl From<&NumberQuestion> for SearchInfo {
    fn from(question: &NumberQuestion) -> Self {
        let insured = question.insured();
        let consent = if question.limit_consent() {
            LimitConsent::Given
        } else {
            LimitConsent::NotGiven
        };
        Self {
            insurer_number: Some(Personal::new(insured.insurer().padded())),
            symbol: insured.symbol().cloned(),
            number: Some(insured.number().clone()),
            branch: insured.branch().cloned(),
            birthdate: question.birthdate().write().map(Personal::new),
            limit_consent: Some(consent),
            identifier: question.identifier().cloned(),
            unread: Vec::new(),
        }
    }
}

impl SearchInfo {
    /// Whether this is the echo of that question: insurer, number and birth date
    /// are there and the same, and whatever else both have is the same. Width,
    /// blanks and hyphens don't matter ([`comparison_form`]), nor does padding.
    ///
    /// ```
    /// # use jiff::civil::date;
    /// # use uketsuke::eligibility::message::{Insured, NumberQuestion};
    /// # use uketsuke::eligibility::{InsurerNumber, Personal, SearchInfo};
    /// # let insurer = InsurerNumber::parse("139998").ok_or("no insurer's number")?;
    /// # let insured = Insured::new(insurer, "12-34")?;
    /// let question = NumberQuestion::new(insured, date(1980, 4, 1));
    /// let mut echo = SearchInfo::from(&question);
    /// echo.insurer_number = Some(Personal::new("00139998"));
    /// echo.number = Some(Personal::new("１２３４"));
    /// assert!(echo.is_for(&question));
    /// echo.birthdate = Some(Personal::new("19800402"));
    /// assert!(!echo.is_for(&question));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_for(&self, question: &NumberQuestion) -> bool {
        let asked = Self::from(question);
        let insurer = self.insurer_number.as_ref();
        let insurer = insurer.and_then(|number| InsurerNumber::parse(number.reveal()));
        let needed = insurer.as_ref() == Some(question.insured().insurer())
            && self.number.is_some()
            && self.birthdate.is_some();
        let pairs = [
            (&self.number, &asked.number),
            (&self.birthdate, &asked.birthdate),
            (&self.symbol, &asked.symbol),
            (&self.branch, &asked.branch),
            (&self.identifier, &asked.identifier),
        ];
        needed
            && pairs.into_iter().all(|(echo, asked)| match (echo, asked) {
                (Some(echo), Some(asked)) => {
                    comparison_form(echo.reveal()) == comparison_form(asked.reveal())
                }
                _ => true,
            })
    }
}

impl Report {
    /// Whether nothing in it speaks of somebody else than was asked about: the echo,
    /// if there is one, is of that question ([`SearchInfo::is_for`]), and every
    /// result has the person's birth date. A valid insurance also has the insurer,
    /// number, branch and identifier that were asked about, as far as both name them:
    /// twins differ in no more than the branch. Zeros in front don't matter. (One that
    /// isn't valid may come with the numbers of its successor.) To be asked of every answer to a question
    /// by number before it is shown: a result of somebody else is worse than none.
    ///
    /// [`found`](crate::eligibility::found()) asks it too, and so do the
    /// [folders](crate::eligibility::folders::ExchangeFolders) as a service.
    ///
    /// ```
    /// # use jiff::civil::date;
    /// # use uketsuke::eligibility::message::{Insured, NumberQuestion};
    /// # use uketsuke::eligibility::{InsurerNumber, Qualification, Report, SearchInfo};
    /// # let insurer = InsurerNumber::parse("139998").ok_or("no insurer's number")?;
    /// # let insured = Insured::new(insurer, "1234")?;
    /// let question = NumberQuestion::new(insured, date(1980, 4, 1));
    /// let mut report = Report {
    ///     asked: Some(SearchInfo::from(&question)),
    ///     results: vec![Qualification::new("見本　花子", "19800401")],
    ///     ..Report::normal()
    /// };
    /// assert!(report.is_about(&question));
    /// report.results.push(Qualification::new("見本　太郎", "19780102"));
    /// assert!(!report.is_about(&question));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_about(&self, question: &NumberQuestion) -> bool {
        let echo = self.asked.as_ref();
        let born = Some(question.birthdate());
        echo.is_none_or(|echo| echo.is_for(question))
            && self
                .results
                .iter()
                .all(|result| Date::read(result.birthdate.reveal()) == born)
            && (self.validity != Some(QualificationValidity::Valid)
                || self.results.iter().all(|result| is_of(result, question)))
    }
}

/// Whether the insurance doesn't have other numbers than were asked about. Its
/// symbol is left out: the register's writing of one is its own.
fn is_of(result: &Qualification, question: &NumberQuestion) -> bool {
    let asked = question.insured();
    let insurer = InsurerNumber::parse(result.insurer_number.reveal());
    let form = |text: &Personal| {
        let form = comparison_form(text.reveal());
        Personal::new(form.reveal().trim_start_matches('0'))
    };
    let same = |found: Option<&Personal>, asked: Option<&Personal>| match (found, asked) {
        (Some(found), Some(asked)) => found.is_blank() || form(found) == form(asked),
        _ => true,
    };
    insurer.is_none_or(|insurer| insurer == *asked.insurer())
        && same(result.number.as_ref(), Some(asked.number()))
        && same(result.branch.as_ref(), asked.branch())
        && same(result.identifier.as_ref(), question.identifier())
}

hidden!(SearchInfo);
records!(SearchInfo);
