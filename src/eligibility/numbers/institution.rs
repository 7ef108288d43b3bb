use std::fmt;

use super::{check_digit_is_right, exactly};

/// A medical institution's code (医療機関コード) as the online eligibility system
/// uses it, 10 digits: prefecture 2, kind 1 (点数表), area 2, institution 4, check
/// digit 1.
///
/// ```
/// use uketsuke::eligibility::{InstitutionCode, InstitutionKind};
///
/// let code = InstitutionCode::parse("1319999999").unwrap();
/// assert_eq!(code.prefecture(), "13");
/// assert_eq!(code.kind(), Some(InstitutionKind::Medical));
/// assert!(code.check_digit_is_right());
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct InstitutionCode(String);

/// Kind of an institution: the table of points (点数表) by which it claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InstitutionKind {
    /// `1` 医科.
    Medical,
    /// `3` 歯科.
    Dental,
    /// `4` 調剤.
    Pharmacy,
    /// `6` 訪問看護.
    HomeNursing,
}

impl InstitutionCode {
    /// Parses it. `None` unless there are exactly 10 digits, full-width or not,
    /// once blanks around them are gone.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        exactly(text, 10).map(Self)
    }

    /// The ten digits.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The prefecture's two digits (都道府県番号).
    #[must_use]
    pub fn prefecture(&self) -> &str {
        self.0.get(..2).unwrap_or_default()
    }

    /// The kind; `None` for a digit that isn't known.
    #[must_use]
    pub fn kind(&self) -> Option<InstitutionKind> {
        match self.0.as_bytes().get(2)? {
            b'1' => Some(InstitutionKind::Medical),
            b'3' => Some(InstitutionKind::Dental),
            b'4' => Some(InstitutionKind::Pharmacy),
            b'6' => Some(InstitutionKind::HomeNursing),
            _ => None,
        }
    }

    /// Whether the last digit is right, counted over all ten. One public example
    /// is all that this formula rests on, and codes that break it are in
    /// circulation: a reason to look twice, never to refuse.
    #[must_use]
    pub fn check_digit_is_right(&self) -> bool {
        check_digit_is_right(&self.0)
    }
}

/// The code: it names an institution, not a person.
impl fmt::Debug for InstitutionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InstitutionCode({})", self.0)
    }
}

/// The ten digits.
impl fmt::Display for InstitutionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
