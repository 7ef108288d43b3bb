use jiff::civil::Date;

use super::channel::Ask;
use super::{CardError, Common, Opened};
use crate::apdu::{Command, Le};
use crate::transport::Transport;

const RECORD: &str = "the serial record (共通カードAP)";

impl<T: Transport> Opened<'_, T, Common> {
    /// The date of expiry of the card as it says it itself. One exchange: READ
    /// RECORD 1 by short identifier 1.
    ///
    /// Nothing signs this date: it's a hint for the person and never refuses a
    /// card. The record is publicly reported as `01 1C` and 28 ASCII digits:
    /// serial (15), municipality (5), expiry `YYYYMMDD` (8). Only the expiry
    /// leaves this function.
    ///
    /// # Errors
    ///
    /// The card refused, or the record isn't that; and the link's.
    ///
    /// ```
    /// use uketsuke::VisitId;
    /// use uketsuke::card::{Card, Common};
    /// # use uketsuke::simulation::{CardOptions, Persona, VirtualReader};
    /// # use uketsuke::transport::Reader;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let now = "2026-11-24T00:00:00Z".parse()?;
    /// # let persona = Persona::named("in-order").ok_or("no such persona")?;
    /// # let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), now);
    /// let mut card = Card::new(reader.connect()?, VisitId::begin());
    /// let mut common = card.open::<Common>()?;
    /// assert!(common.expiry_hint()?.year() > 2026);
    /// common.close()?;
    /// # Ok(()) }
    /// ```
    pub fn expiry_hint(&mut self) -> Result<Date, CardError> {
        let command = Command::new(0x00, 0xB2, 0x01, 0x0C).with_le(Le::SHORT_MAX);
        let answer = self.card.ask(&Ask::public(RECORD, command))?;
        let record = answer.success(RECORD)?;
        expiry(&record).map_err(|why| CardError::Malformed { what: RECORD, why })
    }
}

fn expiry(record: &[u8]) -> Result<Date, &'static str> {
    let Some((&[0x01, 0x1C], rest)) = record.split_first_chunk() else {
        return Err("it does not begin with 01 1C");
    };
    let Some((digits, _)) = rest.split_first_chunk::<28>() else {
        return Err("it is shorter than it says");
    };
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err("not only digits");
    }
    let Some(&[y1, y2, y3, y4, m1, m2, d1, d2]) = digits.last_chunk() else {
        return Err("it is shorter than it says");
    };
    let number = |tens: u8, ones: u8| (tens - b'0') * 10 + (ones - b'0');
    let year = i16::from(number(y1, y2)) * 100 + i16::from(number(y3, y4));
    let (Ok(month), Ok(day)) = (i8::try_from(number(m1, m2)), i8::try_from(number(d1, d2))) else {
        return Err("no such date of expiry");
    };
    Date::new(year, month, day).map_err(|_| "no such date of expiry")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn record(expiry: &str) -> Vec<u8> {
        let mut record = vec![0x01, 0x1C];
        record.extend_from_slice(b"12345678901234513221");
        record.extend_from_slice(expiry.as_bytes());
        record
    }

    #[test]
    fn the_last_eight_digits() {
        let date = jiff::civil::date(2031, 4, 9);
        assert_eq!(expiry(&record("20310409")), Ok(date));
        let mut filled = record("20310409");
        filled.extend([0xFF; 10]);
        assert_eq!(expiry(&filled), Ok(date));
        assert!(expiry(&record("20310230")).is_err());
        assert!(expiry(&record("2031040")).is_err());
        assert!(expiry(&record("2031040x")).is_err());
        assert!(expiry(&record("99999999")).is_err());
    }

    proptest! {
        #[test]
        fn any_record(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = expiry(&bytes);
            let mut headed = vec![0x01, 0x1C];
            headed.extend(bytes);
            let _ = expiry(&headed);
        }
    }
}
