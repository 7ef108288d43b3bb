//! Numbers of insurers, institutions and public expense, with their check digits.

mod institution;
mod insurer;
mod public_expense;

pub use institution::{InstitutionCode, InstitutionKind};
pub use insurer::InsurerNumber;
pub use public_expense::{BeneficiaryNumber, PayerNumber};

/// Whether the last digit is right: modulus 10, weights 1 and 2 from the right,
/// digits of products added (保険者番号等設定要領; the rule is Luhn's).
fn check_digit_is_right(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(byte, weight)| {
            let product = u32::from(byte.wrapping_sub(b'0')) * weight;
            product / 10 + product % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The digits of a number, full-width ones made ASCII and blanks around them
/// left out; `None` if anything else is in it, or too much.
fn ascii_digits(text: &str) -> Option<String> {
    let text = text.trim();
    // Full-width digits are three bytes each; no number here is longer than ten.
    if text.len() > 30 {
        return None;
    }
    text.chars()
        .map(|c| match c {
            '0'..='9' => Some(c),
            '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
            _ => None,
        })
        .collect()
}

/// The same, if there are exactly so many.
fn exactly(text: &str, length: usize) -> Option<String> {
    ascii_digits(text).filter(|digits| digits.len() == length)
}
