//! Texts and days as the elements of messages hold them.

use jiff::civil::Date;

use super::error::{FieldProblem, MessageError};
use crate::eligibility::Personal;
use crate::eligibility::text::comparison_form;

/// A text of one line, without the blanks around it.
pub(super) fn line(
    element: &'static str,
    text: &str,
    most: usize,
) -> Result<Personal, MessageError> {
    let text = text.trim();
    let problem = if text.is_empty() {
        FieldProblem::Missing
    } else if text.chars().any(char::is_control) {
        FieldProblem::ControlCharacter
    } else if text.chars().count() > most {
        FieldProblem::TooLong { most }
    } else {
        not_a_my_number(element, text)?;
        return Ok(Personal::new(text));
    };
    Err(problem.of(element))
}

/// Digits, without the blanks around them.
pub(super) fn digits(
    element: &'static str,
    text: &str,
    least: usize,
    most: usize,
) -> Result<Personal, MessageError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldProblem::Missing.of(element));
    }
    if !(least..=most).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(FieldProblem::NotDigits { least, most }.of(element));
    }
    not_a_my_number(element, text)?;
    Ok(Personal::new(text))
}

/// Refuses twelve digits and nothing else, in one piece or in three of four as a
/// My Number is printed, full-width or not.
pub(super) fn not_a_my_number(element: &'static str, text: &str) -> Result<(), MessageError> {
    let mut pieces = vec![0_usize];
    for c in text.trim().chars() {
        match (c, pieces.last_mut()) {
            ('0'..='9' | '０'..='９', Some(digits)) => *digits += 1,
            // A blank or a hyphen of some kind.
            _ if comparison_form(c.encode_utf8(&mut [0; 4]))
                .reveal()
                .is_empty() =>
            {
                pieces.push(0)
            }
            _ => return Ok(()),
        }
    }
    match pieces.as_slice() {
        [12] | [4, 4, 4] => Err(FieldProblem::MaybeMyNumber.of(element)),
        _ => Ok(()),
    }
}

/// A month of a year (診療年月).
///
/// ```
/// use jiff::civil::date;
/// use uketsuke::eligibility::message::Month;
///
/// let month = Month::of(date(2026, 11, 5)).unwrap();
/// assert_eq!(month.to_string(), "202611");
/// assert_eq!(Month::parse("202611"), Some(month));
/// assert_eq!(Month::parse("202613"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month(Date);

impl Month {
    /// The month of this day. `None` for a year before 1.
    #[must_use]
    pub fn of(day: Date) -> Option<Self> {
        (day.year() >= 1).then(|| Self(day.first_of_month()))
    }

    /// From `yyyyMM`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let year = number(text.get(..4)?, 4)?;
        let month = number(text.get(4..)?, 2)?;
        Self::of(Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).ok()?)
    }

    /// Its first day.
    #[must_use]
    pub const fn first_day(self) -> Date {
        self.0
    }
}

/// `yyyyMM`.
impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}{:02}", self.0.year(), self.0.month())
    }
}

fn number(text: &str, digits: usize) -> Option<u16> {
    let right = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    right.then(|| text.parse().ok())?
}
