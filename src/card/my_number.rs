//! The My Number (個人番号), apart behind a feature of its own.
//!
//! Who may ask for it, and what for, is a matter of law (番号法, article 19 and
//! 20). A check-in never reads it: eligibility doesn't use it.

use std::fmt;

use zeroize::Zeroizing;

use super::proof::Proven;
use super::{
    CardError, InputPinVerified, InputSupport, Opened, ReferenceAVerified, ReferenceNumberA,
    SecretKind, TryBudget, VerifyError,
};
use crate::Binding;
use crate::transport::Transport;

mod sealed {
    pub trait Sealed {
        #[doc(hidden)]
        #[allow(private_interfaces)]
        fn proof(&self) -> &super::Proven;
    }

    #[allow(private_interfaces)]
    impl Sealed for super::InputPinVerified {
        fn proof(&self) -> &super::Proven {
            self.proven()
        }
    }

    #[allow(private_interfaces)]
    impl Sealed for super::ReferenceAVerified {
        fn proof(&self) -> &super::Proven {
            self.proven()
        }
    }
}

/// What opens the My Number in 券面事項入力補助AP: its PIN
/// ([`InputPinVerified`]) or 照合番号A ([`ReferenceAVerified`]), presented to that
/// application. Sealed.
pub trait OpensMyNumber: sealed::Sealed {}

impl OpensMyNumber for InputPinVerified {}
impl OpensMyNumber for ReferenceAVerified {}

/// The My Number (個人番号) as read from the card, its check digit verified.
/// `Debug` shows nothing; wiped when dropped; not `Clone`.
pub struct MyNumber {
    digits: Zeroizing<Vec<u8>>,
    binding: Binding,
}

impl MyNumber {
    fn parse(
        what: &'static str,
        file: Zeroizing<Vec<u8>>,
        binding: Binding,
    ) -> Result<Self, CardError> {
        let Some((&[0xFF, 0x10, 0x0C], digits)) = file.split_first_chunk() else {
            let why = "it does not begin with FF 10 0C";
            return Err(CardError::Malformed { what, why });
        };
        if !check_digit_fits(digits) {
            let why = "it is not a My Number: the check digit does not fit";
            return Err(CardError::Malformed { what, why });
        }
        let digits = Zeroizing::new(digits.to_vec());
        Ok(Self { digits, binding })
    }

    /// The twelve digits.
    #[must_use]
    pub fn digits(&self) -> &str {
        // Digits only, by construction.
        std::str::from_utf8(&self.digits).unwrap_or_default()
    }

    /// The visit and session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }
}

impl fmt::Debug for MyNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MyNumber(..)")
    }
}

impl<T: Transport> Opened<'_, T, InputSupport> {
    /// Presents 照合番号A once: `00 20 00 94 0C` and the digits. Whatever comes
    /// back, it's never sent again by this crate. Feature `my-number`.
    ///
    /// # Errors
    ///
    /// See [`VerifyError`]: each variant says what became of the try.
    pub fn verify_reference_number_a(
        &mut self,
        number: ReferenceNumberA,
        budget: TryBudget,
    ) -> Result<ReferenceAVerified, VerifyError> {
        let kind = SecretKind::ReferenceNumberA;
        let proven = self.verify(kind, number.as_bytes(), budget)?;
        Ok(ReferenceAVerified::new(proven))
    }

    /// Reads the My Number (EF 0001): one exchange. Feature `my-number`.
    ///
    /// # Errors
    ///
    /// [`CardError::NotVerified`] if `right` is another session's or application's
    /// (nothing is sent then), [`CardError::Malformed`] or [`CardError::Tlv`] for
    /// a file that isn't twelve digits with a check digit that fits; other
    /// refusals, and the link's.
    pub fn my_number(&mut self, right: &impl OpensMyNumber) -> Result<MyNumber, CardError> {
        let file = &self.card.map.input.my_number;
        let binding = self.holds(right.proof(), file.name)?;
        let bytes = self.record(file, 0xFF10, &mut |_| ())?;
        MyNumber::parse(file.name, bytes, binding)
    }
}

/// Whether the last of twelve digits is the check digit of the others
/// (総務省令第85号 of 2014, article 5): the others, from the left, times 6 5 4 3 2 7
/// 6 5 4 3 2; the rest of their sum by 11, taken from 11, or 0 for a rest of 0
/// or 1.
pub(super) fn check_digit_fits(number: &[u8]) -> bool {
    const WEIGHTS: [u32; 11] = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2];
    let [base @ .., last] = number else {
        return false;
    };
    if base.len() != WEIGHTS.len() || !number.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let digit = |byte: &u8| u32::from(byte.saturating_sub(b'0'));
    let sum: u32 = base.iter().zip(WEIGHTS).map(|(b, w)| digit(b) * w).sum();
    let check = match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    };
    digit(last) == check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_numbers() {
        // The holder of a published test card, who doesn't exist.
        assert!(check_digit_fits(b"537686677188"));
        assert!(check_digit_fits(b"123456789018"));
        assert!(!check_digit_fits(b"537686677189"));
        assert!(!check_digit_fits(b"53768667718"));
        assert!(!check_digit_fits(b"5376866771880"));
        assert!(!check_digit_fits(b"53768667718x"));
        assert!(!check_digit_fits(b""));
    }

    /// One base has one check digit, and no single wrong digit passes but for
    /// those whose rests are 0 and 1.
    #[test]
    fn one_check_digit_for_each_base() {
        for base in ["00000000000", "12345678901", "99999999999", "53768667718"] {
            let fits = (0..10).filter(|d| check_digit_fits(format!("{base}{d}").as_bytes()));
            assert_eq!(fits.count(), 1, "{base}");
        }
    }
}
