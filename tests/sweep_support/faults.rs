//! What can go wrong at one exchange.

use uketsuke::transport::TransportErrorKind;

/// What becomes of the card's power when the link fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// Nothing: the next command reaches the card as it was.
    Stays,
    /// Off and on: the next command reaches a card that forgot everything.
    Cycled,
    /// Off for good.
    Gone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The link fails, before or after the card acted.
    Lost {
        kind: TransportErrorKind,
        unknown: bool,
        acted: bool,
        power: Power,
    },
    /// The card acts; of its answer (data and status word) so many bytes come.
    Cut(usize),
    /// So many bytes of the data come, and the status word.
    Data(usize),
    /// More data than the card gave, and the status word.
    Longer(usize),
    /// Bytes behind the status word.
    Behind(usize),
    /// The card acts; the data comes with another status word.
    Status(u16),
    /// The card acts; another status word comes alone.
    Bare(u16),
    /// The card gets nothing; a status word comes alone.
    Refused(u16),
    /// The card gets nothing; nonsense of so many bytes and `9000` come.
    Invented(usize),
    /// The card gets nothing; the answer to the command before comes again.
    Stale,
    /// The card acts; it tells this text, and a status word.
    Telling(&'static str, u16),
    /// One bit of the answer is another.
    Flipped(usize),
    /// `61xx` after so many bytes; GET RESPONSE brings the rest. Not a fault,
    /// but how T=0 answers.
    Pieces(usize),
    /// Nobody says so, but the card was powered off and on before the command.
    SilentPowerCycle,
    /// The same with a warm reset.
    SilentWarmReset,
    /// The same with another program that selected another application.
    SilentSelect,
    /// From here on every answer is this one, and the card gets nothing.
    ForEver(Drip),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drip {
    /// A status word behind so many bytes.
    Answer(usize, u16),
    /// The card acts, but of its data one byte comes, and `9000`.
    OneByte,
    /// No answer.
    Nothing,
}

impl Fault {
    /// Whether the answer that came says something that the card did not.
    pub fn lies(self) -> bool {
        matches!(
            self,
            Self::Status(_)
                | Self::Bare(_)
                | Self::Refused(_)
                | Self::Invented(_)
                | Self::Stale
                | Self::Flipped(_)
                | Self::Telling(..)
                | Self::Cut(2..)
                | Self::Behind(_)
                | Self::ForEver(Drip::Answer(..))
        )
    }
}

const KINDS: [TransportErrorKind; 13] = [
    TransportErrorKind::NoCard,
    TransportErrorKind::Mute,
    TransportErrorKind::CardRemoved,
    TransportErrorKind::CardReset,
    TransportErrorKind::ReaderGone,
    TransportErrorKind::HeldByAnother,
    TransportErrorKind::ServiceUnavailable,
    TransportErrorKind::TimedOut,
    TransportErrorKind::Cancelled,
    TransportErrorKind::AnswerCut,
    TransportErrorKind::Unsupported,
    TransportErrorKind::InvalidCommand,
    TransportErrorKind::Fault(0x8010_0016),
];

/// Every status word that public sources report of this card, and those of the
/// standard around them; the families with a number in them are swept whole.
const STATUS: [u16; 62] = [
    0x9000, 0x9001, 0x9100, 0x0000, 0xFFFF, 0x3412, 0x6000, 0x6100, 0x6101, 0x6110, 0x61FF, 0x6200,
    0x6281, 0x6282, 0x6283, 0x6300, 0x6381, 0x63C0, 0x63C1, 0x63C2, 0x63C3, 0x63CF, 0x6400, 0x6500,
    0x6581, 0x6600, 0x66F1, 0x6700, 0x6800, 0x6881, 0x6882, 0x6883, 0x6884, 0x6900, 0x6981, 0x6982,
    0x6983, 0x6984, 0x6985, 0x6986, 0x6987, 0x6988, 0x69F0, 0x69FC, 0x6A00, 0x6A80, 0x6A81, 0x6A82,
    0x6A83, 0x6A84, 0x6A85, 0x6A86, 0x6A87, 0x6A88, 0x6B00, 0x6C00, 0x6C01, 0x6C10, 0x6D00, 0x6E00,
    0x6F00, 0x6FFF,
];

/// The families whose second byte is a number.
const FAMILIES: [u8; 4] = [0x61, 0x62, 0x63, 0x6C];

/// Answers of up to so many bytes are swept bit by bit.
const SMALL: usize = 66;

/// Every fault for an exchange whose honest answer has `len` bytes, the status
/// word included.
pub fn every(len: usize) -> Vec<Fault> {
    let mut faults = links();
    faults.extend(STATUS.map(Fault::Refused));
    faults.extend(STATUS.map(Fault::Bare));
    if len > 2 {
        faults.extend(STATUS.map(Fault::Status));
    }
    for sw1 in FAMILIES {
        let family = u16::from(sw1) << 8;
        faults.extend((0..=0xFF).map(|sw2| Fault::Refused(family | sw2)));
    }
    // The count that VERIFY tells, after it was spent.
    faults.extend((0x63C0..=0x63CF).map(Fault::Bare));
    faults.extend(lengths(len));
    faults.extend(bits(len));
    faults.extend(drips());
    faults
}

/// The same, thinned: for another form of a flow that was swept whole.
pub fn some(len: usize) -> Vec<Fault> {
    let mut faults = links();
    faults.extend(STATUS.map(Fault::Refused));
    faults.extend(STATUS.map(Fault::Bare));
    if len > 2 {
        faults.extend(STATUS.map(Fault::Status).into_iter().step_by(5));
    }
    faults.extend(lengths(len).into_iter().step_by(3));
    match len {
        0..=2 => faults.extend(bits(len)),
        _ => faults.extend(bits(len).into_iter().step_by(11)),
    }
    faults.extend(drips().into_iter().step_by(3));
    faults
}

/// A sample: for long rows of like exchanges, and for whole visits.
pub fn few(len: usize) -> Vec<Fault> {
    let mut faults: Vec<Fault> = links().into_iter().step_by(2).collect();
    faults.extend(STATUS.map(Fault::Refused).into_iter().step_by(4));
    faults.extend(STATUS.map(Fault::Bare).into_iter().step_by(3));
    faults.extend(lengths(len).into_iter().step_by(7));
    match len {
        0..=2 => faults.extend(bits(len)),
        _ => faults.extend(bits(len).into_iter().step_by(53)),
    }
    faults.extend(drips().into_iter().step_by(5));
    faults
}

fn links() -> Vec<Fault> {
    let mut faults = vec![
        Fault::SilentPowerCycle,
        Fault::SilentWarmReset,
        Fault::SilentSelect,
        Fault::Stale,
    ];
    for kind in KINDS {
        for power in [Power::Stays, Power::Cycled, Power::Gone] {
            for (unknown, acted) in [(false, false), (true, false), (true, true)] {
                faults.push(Fault::Lost {
                    kind,
                    unknown,
                    acted,
                    power,
                });
            }
        }
    }
    faults
}

fn lengths(len: usize) -> Vec<Fault> {
    let data = len.saturating_sub(2);
    let mut faults = vec![Fault::Cut(0), Fault::Cut(1)];
    let cuts = |len: usize| {
        let mut cuts: Vec<usize> = match len {
            0..=SMALL => (0..len).collect(),
            _ => [0..40, len - 8..len].into_iter().flatten().collect(),
        };
        cuts.extend((1..).map(|n| n * 256).take_while(|cut| *cut < len));
        cuts.extend(
            [100, 254, 255, 257, len / 2]
                .into_iter()
                .filter(|n| *n < len),
        );
        cuts.sort_unstable();
        cuts.dedup();
        cuts
    };
    faults.extend(cuts(len).into_iter().filter(|n| *n >= 2).map(Fault::Cut));
    faults.extend(cuts(data).into_iter().map(Fault::Data));
    faults.extend(cuts(data).into_iter().filter(|n| *n > 0).map(Fault::Pieces));
    let more = [1, 2, 3, 8, 254, 256, 257, 4_096, 65_536, 70_000];
    faults.extend(more.map(Fault::Longer));
    faults.extend(more.map(Fault::Behind));
    faults.extend([0, 1, 2, 18, 26, 256, 1_584].map(Fault::Invented));
    faults
}

/// All bits of a small answer; of a large one those of its head and of the
/// status word, and one in every 37 between, another of its byte each time.
fn bits(len: usize) -> Vec<Fault> {
    let bits = 8 * len;
    let swept = match len {
        0..=SMALL => (0..bits).collect::<Vec<_>>(),
        _ => {
            let between = (8 * 64..bits - 16).step_by(37);
            (0..8 * 64).chain(between).chain(bits - 16..bits).collect()
        }
    };
    swept.into_iter().map(Fault::Flipped).collect()
}

fn drips() -> Vec<Fault> {
    let mut faults = vec![Fault::ForEver(Drip::OneByte), Fault::ForEver(Drip::Nothing)];
    for status in [
        0x6100, 0x6101, 0x61FF, 0x6C00, 0x6C01, 0x6CFF, 0x9000, 0x6282, 0x63C0, 0x63C2, 0x6F00,
    ] {
        for len in [0, 1, 2, 256] {
            faults.push(Fault::ForEver(Drip::Answer(len, status)));
        }
    }
    faults
}
