//! Whole sessions of a virtual card, in the format of OpenSC's fuzzers.

mod recorder;
mod replayed;

pub use recorder::Recorder;
pub use replayed::Replayed;

use std::fmt;

use thiserror::Error;

/// A whole session of a [`VirtualCard`](super::VirtualCard): its answer to reset and its answers, in order, without the
/// commands.
///
/// A [`Recorder`] makes one, and only of a virtual card: of a person's card nothing but a
/// [`Transcript`](crate::transport::Transcript) may be kept. [`Replayed`] plays it.
///
/// The bytes are those that OpenSC's fuzz targets take, such as `fuzz_pkcs15_reader` (its `src/tests/fuzzing/README.md`): blocks
/// of a length, two bytes, and that many bytes; first the ATR, then each response APDU. OpenSC reads the length in the byte
/// order of the machine; this is always little-endian, which is that of nearly all.
///
/// ```
/// use uketsuke::simulation::{CardOptions, Persona, Recorder, Recording, VirtualCard};
/// use uketsuke::transport::{Outgoing, Transport};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let persona = Persona::named("in-order").ok_or("no such persona")?;
/// let card = VirtualCard::new(persona, CardOptions::default(), "2026-11-24T00:00:00Z".parse()?);
/// let mut recorder = Recorder::new(card);
/// recorder.transmit(Outgoing::raw(&[0x00, 0xA4, 0x04, 0x0C, 0x01, 0xD3]))?;
/// let (recording, _card) = recorder.finish()?;
///
/// let bytes = recording.to_bytes();
/// assert_eq!(bytes[..3], [13, 0, 0x3B]); // the ATR
/// assert_eq!(bytes[15..], [2, 0, 0x90, 0x00]); // the answer
/// assert_eq!(Recording::from_bytes(&bytes)?, recording);
/// # Ok(()) }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Recording {
    /// Whole blocks, the ATR's first, at most `MOST_BYTES`.
    bytes: Vec<u8>,
}

impl Recording {
    /// Longest recording, in bytes. A visit with a photo takes about 20,000.
    pub const MOST_BYTES: usize = 1 << 20;

    /// Longest answer to reset (ISO/IEC 7816-3, 8.1), in bytes.
    pub const LONGEST_ATR: usize = 33;

    /// Longest response APDU that the length field has room for, in bytes.
    pub const LONGEST_ANSWER: usize = 65_535;

    /// Takes what [`to_bytes`](Self::to_bytes) gave, or what OpenSC wrote on a little-endian machine.
    ///
    /// # Errors
    /// More than [`MOST_BYTES`](Self::MOST_BYTES), no ATR of 1 to 33 bytes, or a block that is cut short.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RecordingError> {
        if bytes.len() > Self::MOST_BYTES {
            return Err(RecordingError::TooLong);
        }
        let mut rest = bytes;
        let at = |rest: &[u8]| bytes.len().saturating_sub(rest.len());
        let mut atr = None;
        while !rest.is_empty() {
            let block = match split(rest) {
                Some((block, after)) => {
                    rest = after;
                    block
                }
                None => return Err(RecordingError::Cut { at: at(rest) }),
            };
            atr.get_or_insert(block.len());
        }
        match atr {
            Some(1..=Self::LONGEST_ATR) => Ok(Self {
                bytes: bytes.to_vec(),
            }),
            len => Err(RecordingError::Atr {
                len: len.unwrap_or(0),
            }),
        }
    }

    /// Takes any bytes, as OpenSC's own reader does, for a fuzzer that changes them: what is cut short at the end is taken as
    /// it is. What is longer than [`MOST_BYTES`](Self::MOST_BYTES), and what an ATR has beyond 33 bytes, is left out.
    #[must_use]
    pub fn from_bytes_lossy(bytes: &[u8]) -> Self {
        let mut rest = bytes;
        let mut blocks = std::iter::from_fn(|| {
            let (length, after) = rest.split_first_chunk()?;
            let len = usize::from(u16::from_le_bytes(*length)).min(after.len());
            let (block, after) = after.split_at_checked(len)?;
            rest = after;
            Some(block)
        });
        let atr = blocks.next().unwrap_or_default();
        let mut recording = Self::of_atr(atr.get(..Self::LONGEST_ATR).unwrap_or(atr));
        for block in blocks {
            if recording.push(block).is_err() {
                break;
            }
        }
        recording
    }

    /// The bytes, at most [`MOST_BYTES`](Self::MOST_BYTES).
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.bytes.clone()
    }

    /// The answer to reset.
    #[must_use]
    pub fn atr(&self) -> &[u8] {
        split(&self.bytes).map_or(&[], |(atr, _)| atr)
    }

    /// The response APDUs, in order. One of fewer than two bytes, which no card gives, can come from a file.
    pub fn answers(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest = self.bytes.as_slice();
        let mut blocks = std::iter::from_fn(move || {
            let (block, after) = split(rest)?;
            rest = after;
            Some(block)
        });
        // The answer to reset.
        blocks.next();
        blocks
    }

    fn of_atr(atr: &[u8]) -> Self {
        let mut recording = Self { bytes: Vec::new() };
        // Of 33 bytes at most, so that it fits.
        let _ = recording.push(atr);
        recording
    }

    /// Adds a block.
    fn push(&mut self, block: &[u8]) -> Result<(), RecordingError> {
        let len = block.len();
        let Ok(length) = u16::try_from(len) else {
            return Err(RecordingError::AnswerTooLong { len });
        };
        if self.bytes.len().saturating_add(len).saturating_add(2) > Self::MOST_BYTES {
            return Err(RecordingError::TooLong);
        }
        self.bytes.extend_from_slice(&length.to_le_bytes());
        self.bytes.extend_from_slice(block);
        Ok(())
    }
}

/// The first block, and what follows it. `None` if it isn't whole.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))
}

/// How many answers, and how many bytes; nothing of what is in them.
impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Recording({} answers, {} bytes)",
            self.answers().count(),
            self.bytes.len()
        )
    }
}

/// A recording can't be made or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RecordingError {
    /// More than [`Recording::MOST_BYTES`].
    #[error("a recording has at most {} bytes", Recording::MOST_BYTES)]
    TooLong,
    /// An answer is longer than [`Recording::LONGEST_ANSWER`].
    #[error("an answer of {len} bytes doesn't fit a recording")]
    AnswerTooLong {
        /// Its length.
        len: usize,
    },
    /// The file ends within a block or its length.
    #[error("the block at byte {at} is cut short")]
    Cut {
        /// Where the block begins, from 0.
        at: usize,
    },
    /// The first block can't be an answer to reset.
    #[error(
        "an answer to reset has 1 to {} bytes, not {len}",
        Recording::LONGEST_ATR
    )]
    Atr {
        /// Its length; 0 also where there is no block at all.
        len: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn recording(atr: &[u8], answers: &[Vec<u8>]) -> Recording {
        let mut recording = Recording::of_atr(atr);
        for answer in answers {
            recording.push(answer).unwrap();
        }
        recording
    }

    /// Worked out by hand from OpenSC's README.
    #[test]
    fn the_layout_is_opensc_s() {
        let bytes = [
            0x03, 0x00, 0x3B, 0x80, 0x01, // ATR
            0x02, 0x00, 0x90, 0x00, // an answer of a status word
            0x04, 0x01, // one of 260 bytes
        ];
        let long = [vec![7; 258], vec![0x90, 0x00]].concat();
        let bytes = [&bytes[..], &long].concat();
        let made = recording(&[0x3B, 0x80, 0x01], &[vec![0x90, 0x00], long.clone()]);
        assert_eq!(made.to_bytes(), bytes);
        let read = Recording::from_bytes(&bytes).unwrap();
        assert_eq!(read.atr(), [0x3B, 0x80, 0x01]);
        assert_eq!(
            read.answers().collect::<Vec<_>>(),
            [&[0x90, 0x00], long.as_slice()]
        );
        assert_eq!(format!("{read:?}"), "Recording(2 answers, 271 bytes)");
    }

    #[test]
    fn what_is_no_recording_is_refused_by_its_reason() {
        let read = |bytes: &[u8]| Recording::from_bytes(bytes).map(drop);
        assert_eq!(read(&[]), Err(RecordingError::Atr { len: 0 }));
        assert_eq!(read(&[0, 0]), Err(RecordingError::Atr { len: 0 }));
        assert_eq!(
            read(&[&[34, 0][..], &[7; 34]].concat()),
            Err(RecordingError::Atr { len: 34 })
        );
        assert_eq!(read(&[&[33, 0][..], &[7; 33]].concat()), Ok(()));
        assert_eq!(read(&[1, 0, 0x3B, 2]), Err(RecordingError::Cut { at: 3 }));
        assert_eq!(
            read(&[1, 0, 0x3B, 2, 0, 0x90]),
            Err(RecordingError::Cut { at: 3 })
        );
        assert_eq!(read(&[1]), Err(RecordingError::Cut { at: 0 }));
        assert_eq!(
            read(&vec![0; Recording::MOST_BYTES + 1]),
            Err(RecordingError::TooLong)
        );
    }

    #[test]
    fn a_recording_is_full_at_its_cap() {
        let mut full = Recording::of_atr(&[0x3B]);
        let block = vec![7; Recording::LONGEST_ANSWER];
        while full.push(&block).is_ok() {}
        let left = Recording::MOST_BYTES - full.to_bytes().len() - 2;
        assert_eq!(full.push(&block[..=left]), Err(RecordingError::TooLong));
        full.push(&block[..left]).unwrap();
        assert_eq!(full.push(&[]), Err(RecordingError::TooLong));
        assert_eq!(Recording::from_bytes(&full.to_bytes()), Ok(full.clone()));
        let long = vec![7; Recording::LONGEST_ANSWER + 1];
        let mut recording = Recording::of_atr(&[0x3B]);
        let error = RecordingError::AnswerTooLong { len: 65_536 };
        assert_eq!(recording.push(&long), Err(error));
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_again(
            atr in prop::collection::vec(any::<u8>(), 1..=33),
            answers in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..600), 0..20),
        ) {
            let made = recording(&atr, &answers);
            let bytes = made.to_bytes();
            let read = Recording::from_bytes(&bytes).unwrap();
            prop_assert_eq!(read.atr(), &atr);
            prop_assert!(read.answers().eq(answers.iter()));
            prop_assert_eq!(Recording::from_bytes_lossy(&bytes), read);
        }

        #[test]
        fn any_bytes_are_a_recording_for_a_fuzzer(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let lossy = Recording::from_bytes_lossy(&bytes);
            prop_assert!(lossy.atr().len() <= Recording::LONGEST_ATR);
            prop_assert!(lossy.to_bytes().len() <= bytes.len() + 2);
            // The same answers as OpenSC's reader takes: each in full, the last one as far as it goes.
            let mut rest = &bytes[..];
            let mut first = true;
            for answer in std::iter::once(lossy.atr()).chain(lossy.answers()) {
                if rest.len() < 2 {
                    prop_assert!(first && answer.is_empty());
                    break;
                }
                let len = usize::from(u16::from_le_bytes([rest[0], rest[1]]));
                let end = (2 + len).min(rest.len());
                let whole = &rest[2..end];
                prop_assert_eq!(answer, if first { &whole[..whole.len().min(33)] } else { whole });
                rest = &rest[end..];
                first = false;
            }
            prop_assert!(rest.len() < 2);
            if let Ok(strict) = Recording::from_bytes(&bytes) {
                prop_assert_eq!(strict, lossy);
            }
        }
    }
}
