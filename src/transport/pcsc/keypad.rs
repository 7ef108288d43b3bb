//! A PIN typed on the reader's own keypad (PC/SC part 10, FEATURE_VERIFY_PIN_DIRECT).

use zeroize::Zeroizing;

use crate::transport::{TransportError, TransportErrorKind as Kind};

/// Seconds until the reader gives up, before and after the first key.
const PATIENCE: u8 = 30;

/// PIN_VERIFY_STRUCTURE (part 10, 2.5.2) for a PIN of exactly four digits, sent as ASCII in the VERIFY of this card. Numbers
/// are little-endian. Without an Le: VERIFY brings no data.
pub(super) const fn pin_verify(p2: u8) -> [u8; 28] {
    [
        PATIENCE, // bTimeOut
        PATIENCE, // bTimeOut2
        0x82,     // bmFormatString: units are bytes, at offset 0 of the data, left-justified, ASCII
        0x04,     // bmPINBlockString: no length is inserted; four bytes
        0x00,     // bmPINLengthFormat: no length is inserted
        0x04,     // wPINMaxExtraDigit, low byte: at most four digits
        0x04,     // high byte: at least four
        0x02, // bEntryValidationCondition: the confirmation key, so that a slip can be corrected; it would cost a try
        0xFF, // bNumberMessage: the reader's own words
        0x11, // wLangId: Japanese (0411)
        0x04, //
        0x00, // bMsgIndex
        0x00, // bTeoPrologue
        0x00, //
        0x00, //
        0x09, // ulDataLength
        0x00, //
        0x00, //
        0x00, //
        0x00, // abData: VERIFY
        0x20, //
        0x00, //
        p2,   //
        0x04, // Lc, and the places of four digits
        0xFF, //
        0xFF, //
        0xFF, //
        0xFF, //
    ]
}

/// What the reader answered: its own words about the person (part 10, 2.5.2), or else the card's answer.
///
/// ISO/IEC 7816-4 has `64xx` for a state that is unchanged; so even if a card said one of these itself, no try was spent.
pub(super) fn answer(answer: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
    let kind = match answer.as_slice() {
        [0x64, 0x00] => Kind::TimedOut,
        [0x64, 0x01] => Kind::Cancelled,
        // Two entries that differ: only where a PIN is changed.
        [0x64, 0x02] => Kind::Fault(0x6402),
        [0x64, 0x03] => Kind::KeypadLength,
        [0x6B, 0x80] => Kind::Unsupported,
        [] | [_] => return Err(TransportError::new(Kind::AnswerCut, true)),
        _ => return Ok(answer),
    };
    Err(TransportError::before(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes of each field, found by the lengths that the standard has for them.
    #[test]
    fn the_structure_is_that_of_part_10() {
        let structure = pin_verify(0x98);
        let mut rest = &structure[..];
        let mut field = |len: usize| {
            let (value, after) = rest.split_at(len);
            rest = after;
            value
                .iter()
                .rev()
                .fold(0u32, |sum, byte| sum << 8 | u32::from(*byte))
        };
        assert!((1..=60).contains(&field(1)), "bTimeOut");
        assert!((1..=60).contains(&field(1)), "bTimeOut2");
        let format = field(1);
        assert_eq!(format >> 7, 1, "units are bytes");
        assert_eq!(format >> 3 & 15, 0, "position");
        assert_eq!(format >> 2 & 1, 0, "left-justified");
        assert_eq!(format & 3, 2, "ASCII");
        let block = field(1);
        assert_eq!((block >> 4, block & 15), (0, 4), "bmPINBlockString");
        assert_eq!(field(1), 0, "bmPINLengthFormat");
        assert_eq!(field(2), 0x0404, "wPINMaxExtraDigit: least, most");
        assert_eq!(field(1), 2, "bEntryValidationCondition: the key");
        assert_eq!(field(1), 0xFF, "bNumberMessage");
        assert_eq!(field(2), 0x0411, "wLangId");
        assert_eq!(field(1), 0, "bMsgIndex");
        assert_eq!(field(3), 0, "bTeoPrologue");
        let length = field(4);
        assert_eq!(usize::try_from(length).unwrap(), rest.len(), "ulDataLength");
        assert_eq!(rest, [0x00, 0x20, 0x00, 0x98, 0x04, 0xFF, 0xFF, 0xFF, 0xFF]);
        assert_eq!(pin_verify(0x9B)[22], 0x9B);
    }

    #[test]
    fn the_reader_speaks_for_the_person_and_else_the_card_speaks() {
        let of =
            |bytes: &[u8]| answer(Zeroizing::new(bytes.to_vec())).map(|answer| answer.to_vec());
        let person = |kind| Err(TransportError::new(kind, false));
        assert_eq!(of(&[0x64, 0x00]), person(Kind::TimedOut));
        assert_eq!(of(&[0x64, 0x01]), person(Kind::Cancelled));
        assert_eq!(of(&[0x64, 0x02]), person(Kind::Fault(0x6402)));
        assert_eq!(of(&[0x64, 0x03]), person(Kind::KeypadLength));
        assert_eq!(of(&[0x6B, 0x80]), person(Kind::Unsupported));
        for card in [
            [0x90, 0x00],
            [0x63, 0xC2],
            [0x69, 0x84],
            [0x64, 0x04],
            [0x6B, 0x00],
        ] {
            assert_eq!(of(&card), Ok(card.to_vec()));
        }
        for cut in [&[][..], &[0x90]] {
            assert_eq!(of(cut), Err(TransportError::new(Kind::AnswerCut, true)));
        }
    }
}
