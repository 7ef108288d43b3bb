use std::fmt;

use jiff::civil::Date;

use super::super::error::{FieldProblem, MessageError};
use super::super::field::{digits, line};
use crate::eligibility::{InsurerNumber, Personal, Qualification};

/// How one insured person is named to the centre: by the numbers of the insurance.
///
/// For medical assistance (医療扶助) the insurer's number is the payer's
/// (公費負担者番号), and the number is the beneficiary's (受給者番号).
///
/// ```
/// use uketsuke::eligibility::InsurerNumber;
/// use uketsuke::eligibility::message::{FieldProblem, Insured};
///
/// let insurer = InsurerNumber::parse("139998").ok_or("no such number")?;
/// let insured = Insured::new(insurer.clone(), "1234")?
///     .with_symbol("見本０１")?
///     .with_branch("01")?;
/// assert_eq!(insured.symbol().map(|symbol| symbol.reveal()), Some("見本０１"));
///
/// let refused = Insured::new(insurer, "1234-5678-9012").unwrap_err();
/// assert_eq!(refused.problem, FieldProblem::MaybeMyNumber);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Insured {
    pub(super) insurer: InsurerNumber,
    pub(super) symbol: Option<Personal>,
    pub(super) number: Personal,
    pub(super) branch: Option<Personal>,
}

impl Insured {
    /// By the insurer's number (保険者番号) and the person's (番号, up to 20
    /// characters). Blanks around a text are left out, here and in what follows.
    ///
    /// # Errors
    /// The number is empty, too long, has control characters, or could be a My
    /// Number.
    pub fn new(insurer: InsurerNumber, number: &str) -> Result<Self, MessageError> {
        Ok(Self {
            insurer,
            symbol: None,
            number: line("InsuredIdentificationNumber", number, 20)?,
            branch: None,
        })
    }

    /// The person of an answer, to ask about again: for medicines, for another day,
    /// to register a 照会番号.
    ///
    /// ```
    /// use uketsuke::eligibility::message::Insured;
    /// use uketsuke::eligibility::{Personal, Qualification};
    ///
    /// let answered = Qualification {
    ///     insurer_number: Personal::new("  139998"),
    ///     number: Some(Personal::new("1234")),
    ///     ..Qualification::new("見本　花子", "19800401")
    /// };
    /// assert_eq!(Insured::of(&answered)?.insurer().digits(), "139998");
    /// # Ok::<(), uketsuke::eligibility::message::MessageError>(())
    /// ```
    ///
    /// # Errors
    /// A number is missing, or isn't one that can be asked with.
    pub fn of(qualification: &Qualification) -> Result<Self, MessageError> {
        let blank = |text: &&Personal| !text.is_blank();
        let insurer = match InsurerNumber::parse(qualification.insurer_number.reveal()) {
            Some(insurer) => insurer,
            None if qualification.insurer_number.is_blank() => {
                return Err(FieldProblem::Missing.of("InsurerNumber"));
            }
            None => return Err(FieldProblem::NotDigits { least: 6, most: 8 }.of("InsurerNumber")),
        };
        let number = qualification.number.as_ref().map_or("", Personal::reveal);
        let mut insured = Self::new(insurer, number)?;
        if let Some(symbol) = qualification.symbol.as_ref().filter(blank) {
            insured = insured.with_symbol(symbol.reveal())?;
        }
        if let Some(branch) = qualification.branch.as_ref().filter(blank) {
            insured = insured.with_branch(branch.reveal())?;
        }
        Ok(insured)
    }

    /// With the symbol (記号, up to 20 characters; may be full-width).
    ///
    /// # Errors
    /// As the number.
    pub fn with_symbol(self, symbol: &str) -> Result<Self, MessageError> {
        Ok(Self {
            symbol: Some(line("InsuredCardSymbol", symbol, 20)?),
            ..self
        })
    }

    /// With the branch number (枝番, two digits). Without one the answer may be
    /// that several match. Those aged 75 and over have none.
    ///
    /// # Errors
    /// It isn't two digits.
    pub fn with_branch(self, branch: &str) -> Result<Self, MessageError> {
        Ok(Self {
            branch: Some(digits("InsuredBranchNumber", branch, 2, 2)?),
            ..self
        })
    }

    /// Of parts that are known to be right.
    #[cfg(feature = "simulation")]
    pub(crate) fn known(
        insurer: InsurerNumber,
        symbol: Option<Personal>,
        number: Personal,
        branch: Option<Personal>,
    ) -> Self {
        Self {
            insurer,
            symbol,
            number,
            branch,
        }
    }

    /// 保険者番号.
    #[must_use]
    pub const fn insurer(&self) -> &InsurerNumber {
        &self.insurer
    }

    /// 記号.
    #[must_use]
    pub const fn symbol(&self) -> Option<&Personal> {
        self.symbol.as_ref()
    }

    /// 番号.
    #[must_use]
    pub const fn number(&self) -> &Personal {
        &self.number
    }

    /// 枝番.
    #[must_use]
    pub const fn branch(&self) -> Option<&Personal> {
        self.branch.as_ref()
    }
}

impl fmt::Debug for Insured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Insured(..)")
    }
}

/// One person to ask about by number (資格確認).
///
/// ```
/// use jiff::civil::date;
/// use uketsuke::eligibility::InsurerNumber;
/// use uketsuke::eligibility::message::{Insured, NumberQuestion};
///
/// let insurer = InsurerNumber::parse("139998").ok_or("no such number")?;
/// let person = NumberQuestion::new(Insured::new(insurer, "1234")?, date(1980, 4, 1))
///     .with_limit_consent(true)
///     .with_identifier("visit-77")?;
/// assert!(person.limit_consent());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct NumberQuestion {
    pub(super) insured: Insured,
    pub(super) birthdate: Date,
    pub(super) limit_consent: bool,
    pub(super) identifier: Option<Personal>,
}

impl NumberQuestion {
    /// About this person, without consent to hand on the limit.
    #[must_use]
    pub const fn new(insured: Insured, birthdate: Date) -> Self {
        Self {
            insured,
            birthdate,
            limit_consent: false,
            identifier: None,
        }
    }

    /// Whether the person agreed, asked at the desk, that the limit of what they
    /// pay (限度額情報) is handed on.
    #[must_use]
    pub fn with_limit_consent(self, given: bool) -> Self {
        Self {
            limit_consent: given,
            ..self
        }
    }

    /// With a name of the caller's own choice (任意の識別子, up to 50 characters),
    /// which the person's result gives back.
    ///
    /// # Errors
    /// It is empty, too long, has control characters, or could be a My Number.
    pub fn with_identifier(self, identifier: &str) -> Result<Self, MessageError> {
        Ok(Self {
            identifier: Some(line("ArbitraryIdentifier", identifier, 50)?),
            ..self
        })
    }

    /// The numbers of the insurance.
    #[must_use]
    pub const fn insured(&self) -> &Insured {
        &self.insured
    }

    /// 生年月日.
    #[must_use]
    pub const fn birthdate(&self) -> Date {
        self.birthdate
    }

    /// Consent to hand on the limit.
    #[must_use]
    pub const fn limit_consent(&self) -> bool {
        self.limit_consent
    }

    /// The caller's name for the person.
    #[must_use]
    pub const fn identifier(&self) -> Option<&Personal> {
        self.identifier.as_ref()
    }
}

impl fmt::Debug for NumberQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NumberQuestion(..)")
    }
}

/// The clinic's own number of a patient (照会番号) for an insured person: once it is
/// registered, later answers carry it. It is registered anew when the insurance
/// changes. It has nothing to do with the card's 照合番号.
///
/// ```
/// use uketsuke::eligibility::InsurerNumber;
/// use uketsuke::eligibility::message::{Insured, ReferenceRegistration};
///
/// let insurer = InsurerNumber::parse("139998").ok_or("no such number")?;
/// let registration = ReferenceRegistration::new("P-000123", Insured::new(insurer, "1234")?)?;
/// assert_eq!(registration.reference().reveal(), "P-000123");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ReferenceRegistration {
    pub(super) reference: Personal,
    pub(super) insured: Insured,
}

impl ReferenceRegistration {
    /// Registers `reference` (up to 50 characters) for this person.
    ///
    /// # Errors
    /// It is empty, too long, has control characters, or could be a My Number.
    pub fn new(reference: &str, insured: Insured) -> Result<Self, MessageError> {
        Ok(Self {
            reference: line("ReferenceNumber", reference, 50)?,
            insured,
        })
    }

    /// 照会番号.
    #[must_use]
    pub const fn reference(&self) -> &Personal {
        &self.reference
    }

    /// The numbers of the insurance.
    #[must_use]
    pub const fn insured(&self) -> &Insured {
        &self.insured
    }
}

impl fmt::Debug for ReferenceRegistration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReferenceRegistration(..)")
    }
}
