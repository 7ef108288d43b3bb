use std::fmt;

use super::error::{FieldProblem, MessageError};
use super::field::not_a_my_number;
use crate::eligibility::InstitutionCode;

/// What every question says of itself: who asks, and a name that the answer gives
/// back.
///
/// ```
/// use uketsuke::eligibility::InstitutionCode;
/// use uketsuke::eligibility::message::{FileIdentifier, Header};
///
/// let institution = InstitutionCode::parse("1319999999").ok_or("ten digits")?;
/// let header = Header::new(institution).with_file_identifier(FileIdentifier::new("20261105-0001")?);
/// assert_eq!(header.file_identifier().map(FileIdentifier::as_str), Some("20261105-0001"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    institution: InstitutionCode,
    file_identifier: Option<FileIdentifier>,
}

impl Header {
    /// Of this institution (`MedicalInstitutionCode`, 医療機関コード).
    #[must_use]
    pub const fn new(institution: InstitutionCode) -> Self {
        Self {
            institution,
            file_identifier: None,
        }
    }

    /// With a name of the caller's own choice (`ArbitraryFileIdentifier`), by which
    /// the answer is told from others.
    #[must_use]
    pub fn with_file_identifier(self, identifier: FileIdentifier) -> Self {
        Self {
            file_identifier: Some(identifier),
            ..self
        }
    }

    /// Who asks.
    #[must_use]
    pub const fn institution(&self) -> &InstitutionCode {
        &self.institution
    }

    /// The name, if it has one.
    #[must_use]
    pub const fn file_identifier(&self) -> Option<&FileIdentifier> {
        self.file_identifier.as_ref()
    }
}

/// 任意のファイル識別子 (`ArbitraryFileIdentifier`): 1 to 50 printable ASCII
/// characters. Some programs put a patient's number in, so `Debug` hides it.
///
/// ```
/// use uketsuke::eligibility::message::{FieldProblem, FileIdentifier};
///
/// assert!(FileIdentifier::new("20261105091502-7").is_ok());
/// // Twelve digits could be somebody's My Number.
/// let refused = FileIdentifier::new("202611050001").unwrap_err();
/// assert_eq!(refused.problem, FieldProblem::MaybeMyNumber);
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct FileIdentifier(String);

impl FileIdentifier {
    const ELEMENT: &'static str = "ArbitraryFileIdentifier";
    const MOST: usize = 50;

    /// For a question.
    ///
    /// # Errors
    /// Not 1 to 50 printable ASCII characters without blanks; or twelve digits and
    /// nothing else.
    pub fn new(identifier: &str) -> Result<Self, MessageError> {
        let fit = (1..=Self::MOST).contains(&identifier.len())
            && identifier.bytes().all(|b| b.is_ascii_graphic());
        if !fit {
            return Err(FieldProblem::NotPrintable { most: Self::MOST }.of(Self::ELEMENT));
        }
        not_a_my_number(Self::ELEMENT, identifier)?;
        Ok(Self(identifier.to_owned()))
    }

    /// The identifier.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for FileIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileIdentifier(..)")
    }
}
