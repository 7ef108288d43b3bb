use std::fmt;

use jiff::civil::Date;
use zeroize::Zeroizing;

use super::channel::Ask;
use super::{BirthDate, CardError, Common, Opened};
use crate::Binding;
use crate::apdu::{Command, Le};
use crate::transport::Transport;

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
        Ok(self.serial_record()?.expiry)
    }

    /// All of the record: serial number, municipality, expiry. One exchange.
    /// Reported by two projects; nothing signs it.
    ///
    /// # Errors
    ///
    /// The card refused, or the record isn't that; and the link's.
    pub fn serial_record(&mut self) -> Result<SerialRecord, CardError> {
        let file = &self.card.map.common.serial;
        let what = file.name;
        // READ RECORD 1 of the file with this short identifier.
        let command = Command::new(0x00, 0xB2, 0x01, file.short() << 3 | 0x04);
        let command = command.with_le(Le::SHORT_MAX);
        let record = self.card.ask(&Ask::public(what, command))?.success(what)?;
        let (digits, expiry) = parse(&record).map_err(|why| CardError::Malformed { what, why })?;
        Ok(SerialRecord {
            digits,
            expiry,
            binding: self.card.binding,
        })
    }
}

/// What all cards say of themselves: `01 1C` and 28 ASCII digits. Nothing signs
/// any of it.
///
/// The serial number tells one card from all others, so `Debug` prints the
/// expiry alone; wiped when dropped.
pub struct SerialRecord {
    /// Serial (15) and municipality (5).
    digits: Zeroizing<Vec<u8>>,
    expiry: Date,
    binding: Binding,
}

impl SerialRecord {
    /// The serial number (製造番号), 15 digits.
    #[must_use]
    pub fn serial(&self) -> &str {
        self.text(0, SERIAL_LEN)
    }

    /// Code of the municipality (市区町村コード), 5 digits.
    #[must_use]
    pub fn municipality(&self) -> &str {
        self.text(SERIAL_LEN, SERIAL_LEN + MUNICIPALITY_LEN)
    }

    /// The date of expiry: a hint, see [`Opened::expiry_hint`].
    #[must_use]
    pub const fn expiry(&self) -> Date {
        self.expiry
    }

    /// The visit and session that it was read in.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// Digits by construction.
    fn text(&self, from: usize, to: usize) -> &str {
        let digits = self.digits.get(from..to).unwrap_or_default();
        std::str::from_utf8(digits).unwrap_or_default()
    }
}

impl fmt::Debug for SerialRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SerialRecord(expiry {})", self.expiry)
    }
}

const SERIAL_LEN: usize = 15;
const MUNICIPALITY_LEN: usize = 5;

fn parse(record: &[u8]) -> Result<(Zeroizing<Vec<u8>>, Date), &'static str> {
    let Some((&[0x01, 0x1C], rest)) = record.split_first_chunk() else {
        return Err("it does not begin with 01 1C");
    };
    let Some((digits, _)) = rest.split_first_chunk::<28>() else {
        return Err("it is shorter than it says");
    };
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err("not only digits");
    }
    let Some((head, expiry)) = digits.split_last_chunk::<8>() else {
        return Err("it is shorter than it says");
    };
    let date = BirthDate::parse(expiry).and_then(|digits| digits.date());
    let date = date.ok_or("no such date of expiry")?;
    Ok((Zeroizing::new(head.to_vec()), date))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn expiry(record: &[u8]) -> Result<Date, &'static str> {
        parse(record).map(|(_, expiry)| expiry)
    }

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
