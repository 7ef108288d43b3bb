use std::io::{ErrorKind, Read};

use encoding_rs::{Decoder, DecoderResult};
use thiserror::Error;
use zeroize::Zeroizing;

use super::charset::{PROBE, detect};
use super::{Charset, TextError, TextErrorKind};
use crate::eligibility::xml::XmlError;

/// Decodes a source of bytes piece by piece, in constant memory.
pub(crate) struct Decoding<R> {
    source: R,
    decoder: Decoder,
    charset: Charset,
    /// Bytes read and not yet decoded are `raw[from..to]`.
    raw: Zeroizing<Vec<u8>>,
    from: usize,
    to: usize,
    /// Offset in the source of `raw[from]`.
    at: usize,
    cap: usize,
    ended: bool,
    /// The decoder was told the end, after which it must not be used.
    done: bool,
}

/// The source failed, or its text did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
pub(crate) enum DecodingError {
    /// Reading failed.
    #[error("reading failed: {0}")]
    Io(ErrorKind),
    /// The text is not readable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// It isn't XML as it is exchanged.
    #[error(transparent)]
    Xml(#[from] XmlError),
}

impl<R: Read> Decoding<R> {
    /// Reads the beginning and decides on the encoding, as [`decode`](super::decode) does.
    pub(crate) fn new(source: R, cap: usize) -> Result<Self, DecodingError> {
        let mut decoding = Self {
            source,
            decoder: Charset::Utf8.encoding().new_decoder_without_bom_handling(),
            charset: Charset::Utf8,
            raw: Zeroizing::new(vec![0; PROBE]),
            from: 0,
            to: 0,
            at: 0,
            cap,
            ended: false,
            done: false,
        };
        decoding.fill()?;
        let head = decoding.raw.get(..decoding.to).unwrap_or_default();
        let found = detect(head, decoding.ended).ok_or(TextErrorKind::UnknownEncoding.at(0))?;
        decoding.charset = found.charset;
        decoding.decoder = found.charset.encoding().new_decoder_without_bom_handling();
        decoding.from = found.mark;
        decoding.at = found.mark;
        Ok(decoding)
    }

    /// The encoding of the bytes.
    pub(crate) const fn charset(&self) -> Charset {
        self.charset
    }

    /// Decodes into the room that `text` has, without growing it. `false` at the
    /// end of the source. With room for a few characters something is always added.
    pub(crate) fn read(&mut self, text: &mut String) -> Result<bool, DecodingError> {
        while !self.done {
            if self.from == self.to && !self.ended {
                self.fill()?;
            }
            let bytes = self.raw.get(self.from..self.to).unwrap_or_default();
            let before = text.len();
            let (result, read) = self
                .decoder
                .decode_to_string_without_replacement(bytes, text, self.ended);
            let at = self.at + read;
            self.from += read;
            self.at = at;
            match result {
                DecoderResult::Malformed(bad, after) => {
                    let at = at.saturating_sub(usize::from(bad) + usize::from(after));
                    return Err(TextErrorKind::Malformed(self.charset).at(at).into());
                }
                DecoderResult::OutputFull => return Ok(true),
                DecoderResult::InputEmpty => self.done = self.ended,
            }
            if text.len() > before {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Fills `raw` from the source.
    fn fill(&mut self) -> Result<(), DecodingError> {
        (self.from, self.to) = (0, 0);
        while let Some(room) = self.raw.get_mut(self.to..).filter(|room| !room.is_empty()) {
            match self.source.read(room) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(more) => self.to += more.min(room.len()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(DecodingError::Io(error.kind())),
            }
        }
        if self.at + self.to > self.cap {
            return Err(TextErrorKind::TooLong { cap: self.cap }.at(self.cap).into());
        }
        Ok(())
    }
}
