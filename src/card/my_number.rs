//! The My Number (個人番号), apart behind a feature of its own.

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
