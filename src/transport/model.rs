//! How long a card is held, predicted from what is said to it.

use std::time::Duration;

use crate::apdu::StatusWord;

/// Bit times of one byte on the air: eight bits, start and stop (ISO/IEC 14443-3, type B).
const BIT_TIMES: u64 = 10;

/// What a block has beside its information: one byte in front, two of checksum (ISO/IEC 14443-4 without optional fields).
const BLOCK_OVERHEAD: u64 = 3;

/// Predicts how long a plan of exchanges holds a contactless card.
///
/// **For comparing plans of exchanges.** Nobody measured a parameter of it on a real card: the defaults are plausible round
/// numbers, and a prediction isn't a promise in milliseconds. One exchange takes
///
/// ```text
/// turn-around + 10 · wire / rate + (signature, where the card makes one)
///
/// wire = up + down + 3 · (blocks up + blocks down) + 3 · (blocks up − 1 + blocks down − 1)
/// blocks = ⌈bytes / (frame − 3)⌉, at least 1
/// ```
///
/// with 10 bit times a byte, 3 bytes of framing a block, and one block of 3 bytes to acknowledge each but the last of a chain.
/// What a person does, and what a computer does in between, isn't in it.
///
/// ```
/// use uketsuke::transport::{BitRate, ExchangeSize, LinkModel};
///
/// let select = ExchangeSize { up: 15, down: 2, signs: false };
/// let in_one_piece = [select, ExchangeSize { up: 7, down: 1586, signs: false }];
/// let piece = ExchangeSize { up: 5, down: 258, signs: false };
/// let in_pieces = [select, piece, piece, piece, piece, piece, piece, ExchangeSize { up: 5, down: 50, signs: false }];
///
/// let slow = LinkModel::at(BitRate::Kbit106);
/// assert_eq!(slow.hold_time(in_one_piece).as_millis(), 176);
/// assert_eq!(slow.hold_time(in_pieces).as_millis(), 243);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkModel {
    /// Bits a second, the same in both directions.
    pub rate: BitRate,
    /// What each exchange costs beside its bytes: the card's work, the reader, the driver, the operating system.
    pub turn_around: Duration,
    /// Longest block, in bytes, its framing included. Less than 4 counts as 4.
    pub frame: u16,
    /// What a signature costs, in addition.
    pub signature: Duration,
}

/// Bit rates of ISO/IEC 14443 that public reports name for this card. The standard has 848 kbit/s, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BitRate {
    /// 106 kbit/s, which every card and reader begin with.
    Kbit106,
    /// 212 kbit/s.
    Kbit212,
    /// 424 kbit/s.
    Kbit424,
}

impl BitRate {
    /// All of them, the slowest first.
    pub const ALL: [Self; 3] = [Self::Kbit106, Self::Kbit212, Self::Kbit424];

    /// In kilobits a second.
    #[must_use]
    pub const fn kbit_per_second(self) -> u16 {
        match self {
            Self::Kbit106 => 106,
            Self::Kbit212 => 212,
            Self::Kbit424 => 424,
        }
    }
}

impl LinkModel {
    /// The defaults for a rate: turn-around 10, 8 or 6 ms at 106, 212 or 424 kbit/s, frames of 256 bytes, 400 ms a signature.
    /// None of them was measured on a real card.
    #[must_use]
    pub const fn at(rate: BitRate) -> Self {
        let turn_around = match rate {
            BitRate::Kbit106 => 10,
            BitRate::Kbit212 => 8,
            BitRate::Kbit424 => 6,
        };
        Self {
            rate,
            turn_around: Duration::from_millis(turn_around),
            frame: 256,
            signature: Duration::from_millis(400),
        }
    }

    /// How long one exchange holds the card. Never panics: what is too long to tell is [`Duration::MAX`].
    #[must_use]
    pub fn exchange_time(&self, exchange: ExchangeSize) -> Duration {
        let (up, down) = (wide(exchange.up), wide(exchange.down));
        let (blocks_up, blocks_down) = (self.blocks(up), self.blocks(down));
        let blocks = blocks_up.saturating_add(blocks_down);
        // One acknowledgement for each block that isn't the last of its chain.
        let acknowledged = blocks.saturating_sub(2);
        let wire = up.saturating_add(down).saturating_add(
            blocks
                .saturating_add(acknowledged)
                .saturating_mul(BLOCK_OVERHEAD),
        );
        // Bits by kilobits a second are milliseconds.
        let nanoseconds = wire.saturating_mul(BIT_TIMES).saturating_mul(1_000_000)
            / u64::from(self.rate.kbit_per_second());
        let signature = if exchange.signs {
            self.signature
        } else {
            Duration::ZERO
        };
        self.turn_around
            .saturating_add(Duration::from_nanos(nanoseconds))
            .saturating_add(signature)
    }

    /// How long a plan holds the card: the sum of its exchanges.
    #[must_use]
    pub fn hold_time(&self, exchanges: impl IntoIterator<Item = ExchangeSize>) -> Duration {
        exchanges.into_iter().fold(Duration::ZERO, |sum, exchange| {
            sum.saturating_add(self.exchange_time(exchange))
        })
    }

    fn blocks(&self, bytes: u64) -> u64 {
        let information = u64::from(self.frame).saturating_sub(BLOCK_OVERHEAD).max(1);
        bytes.div_ceil(information).max(1)
    }
}

/// What the model has to know of one exchange.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ExchangeSize {
    /// Length of the command APDU, in bytes.
    pub up: usize,
    /// Length of the response APDU, in bytes, the status word included. 0 where no answer came.
    pub down: usize,
    /// Whether the card makes a signature.
    pub signs: bool,
}

impl ExchangeSize {
    /// Of a command APDU and its response APDU. The card signed if the command is PERFORM SECURITY OPERATION (INS `2A`) or
    /// INTERNAL AUTHENTICATE (INS `88`), and data came back with `9000`, or `61xx` says that it waits to be fetched.
    #[must_use]
    pub fn of(command: &[u8], response: &[u8]) -> Self {
        let asked = matches!(command, [_, 0x2A | 0x88, ..]);
        let done = match response {
            [.., 0x61, _] => true,
            [_, .., high, low] => [*high, *low] == StatusWord::OK.get().to_be_bytes(),
            _ => false,
        };
        Self {
            up: command.len(),
            down: response.len(),
            signs: asked && done,
        }
    }
}

/// What was said to a card so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// Exchanges that may have reached the card, those included whose answer was lost.
    pub exchanges: u64,
    /// Bytes of all command APDUs.
    pub up: u64,
    /// Bytes of all response APDUs, the status words included.
    pub down: u64,
    /// Signatures that the card made.
    pub signatures: u64,
    /// What the model predicts for all of it.
    pub hold_time: Duration,
}

impl Tally {
    /// Adds one exchange.
    ///
    /// ```
    /// use uketsuke::transport::{BitRate, ExchangeSize, LinkModel, Tally};
    ///
    /// let mut tally = Tally::default();
    /// let answer = [0x63, 0xC3];
    /// tally.add(&LinkModel::at(BitRate::Kbit424), ExchangeSize::of(&[0x00, 0x20, 0x00, 0x98], &answer));
    /// assert_eq!((tally.exchanges, tally.up, tally.down, tally.signatures), (1, 4, 2, 0));
    /// ```
    pub fn add(&mut self, model: &LinkModel, exchange: ExchangeSize) {
        self.exchanges = self.exchanges.saturating_add(1);
        self.up = self.up.saturating_add(wide(exchange.up));
        self.down = self.down.saturating_add(wide(exchange.down));
        self.signatures = self.signatures.saturating_add(u64::from(exchange.signs));
        self.hold_time = self.hold_time.saturating_add(model.exchange_time(exchange));
    }
}

fn wide(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A client's way through a task: exchanges, bytes up, bytes down, how many exchanges bring 256 bytes, signatures; and what
    /// this model says of it at 106 and 424 kbit/s, rounded, worked out independently of this code.
    struct Row(&'static str, u64, u64, u64, u64, u64, [u64; 2]);

    /// All counted on one software card with a certificate of 1,584 bytes.
    const TABLE: &[Row] = &[
        Row("OpenSC, driver forced", 14, 84, 1616, 6, 0, [312, 127]),
        Row("OpenSC as installed", 43, 466, 1674, 6, 0, [660, 315]),
        Row("jpki, everything twice", 20, 124, 3222, 12, 0, [534, 203]),
        Row("myna", 12, 74, 1640, 6, 0, [292, 115]),
        Row("myna-card", 9, 57, 1602, 6, 0, [255, 95]),
        Row("floor, short", 8, 50, 1600, 6, 0, [244, 89]),
        Row("OpenSC signs", 9, 117, 274, 1, 1, [533, 465]),
        Row("OpenSC's PKCS#11 signs", 78, 711, 6183, 23, 1, [1888, 1045]),
        Row("jpki signs twice", 10, 190, 532, 2, 2, [975, 879]),
        Row("myna signs", 7, 107, 302, 1, 1, [513, 453]),
        Row("myna-card signs", 4, 42, 264, 1, 1, [472, 432]),
        Row("floor signs", 3, 81, 262, 1, 1, [465, 427]),
    ];

    /// Any split with these sums and as many answers of two blocks takes the same time, as long as the rest are of one.
    fn exchanges(row: &Row) -> Vec<ExchangeSize> {
        let Row(name, count, mut up, mut down, long, signatures, _) = *row;
        let mut list = Vec::new();
        for index in 0..count {
            let left = count - index;
            let size = ExchangeSize {
                up: usize::try_from(up / left).unwrap(),
                down: if index < long {
                    258
                } else {
                    usize::try_from(down / left).unwrap()
                },
                signs: index < signatures,
            };
            assert!(
                size.up <= 253 && (index < long || size.down <= 253),
                "{name}"
            );
            up -= size.up as u64;
            down -= size.down as u64;
            list.push(size);
        }
        assert_eq!((up, down), (0, 0), "{name}");
        list
    }

    #[test]
    fn the_table_of_clients() {
        for row in TABLE {
            for (rate, expected) in [BitRate::Kbit106, BitRate::Kbit424].into_iter().zip(row.6) {
                let time = LinkModel::at(rate).hold_time(exchanges(row));
                let rounded = (time.as_micros() + 500) / 1000;
                assert_eq!(rounded, u128::from(expected), "{} at {rate:?}", row.0);
            }
        }
        let whole = [
            ExchangeSize {
                up: 15,
                down: 2,
                signs: false,
            },
            ExchangeSize {
                up: 7,
                down: 1586,
                signs: false,
            },
        ];
        for (rate, expected) in [(BitRate::Kbit106, 176), (BitRate::Kbit424, 51)] {
            assert_eq!(LinkModel::at(rate).hold_time(whole).as_millis(), expected);
        }
    }

    #[test]
    fn blocks_are_chained_where_a_frame_is_full() {
        let model = LinkModel {
            turn_around: Duration::ZERO,
            ..LinkModel::at(BitRate::Kbit106)
        };
        let time = |up, down| {
            model.exchange_time(ExchangeSize {
                up,
                down,
                signs: false,
            })
        };
        let of_wire = |bytes: u64| Duration::from_nanos(bytes * 10_000_000 / 106);
        assert_eq!(time(0, 0), of_wire(6));
        assert_eq!(time(253, 253), of_wire(253 + 253 + 6));
        assert_eq!(time(254, 253), of_wire(254 + 253 + 9 + 3));
        assert_eq!(time(4, 507), of_wire(4 + 507 + 12 + 6));
    }

    #[test]
    fn a_signature_is_known_by_command_and_answer() {
        let signs = |command: &[u8], answer: &[u8]| ExchangeSize::of(command, answer).signs;
        let sign = [0x80, 0x2A, 0x00, 0x97, 0x00];
        assert!(signs(&sign, &[7, 7, 0x90, 0x00]));
        assert!(signs(&sign, &[0x61, 0x00]));
        assert!(signs(&[0x00, 0x88, 0x00, 0x00], &[7, 0x90, 0x00]));
        for refused in [&[0x69, 0x82][..], &[0x90, 0x00], &[0x00], &[]] {
            assert!(!signs(&sign, refused));
        }
        assert!(!signs(&[0x00, 0xB0, 0x8A, 0x00, 0x00], &[7, 0x90, 0x00]));
    }

    proptest! {
        /// Whatever the parameters: no panic, never less than the parts that are stated, and more bytes never take less.
        #[test]
        fn more_is_never_shorter(
            up in any::<usize>(),
            down in any::<usize>(),
            frame in any::<u16>(),
            turn_around in any::<u64>(),
            signs in any::<bool>(),
        ) {
            for rate in BitRate::ALL {
                let turn_around = Duration::from_nanos(turn_around);
                let model = LinkModel { turn_around, frame, ..LinkModel::at(rate) };
                let size = ExchangeSize { up, down, signs };
                let time = model.exchange_time(size);
                prop_assert!(time >= turn_around);
                let more = ExchangeSize { up: up.saturating_add(1), ..size };
                prop_assert!(model.exchange_time(more) >= time);
                let more = ExchangeSize { down: down.saturating_add(1), ..size };
                prop_assert!(model.exchange_time(more) >= time);
            }
        }
    }
}
