use std::fmt;
use std::io::{self, ErrorKind, Write};

use thiserror::Error;
use zeroize::Zeroizing;

use super::super::MessageFile;
use super::super::error::MessageError;
use super::super::record::{write_record, write_unread};
use super::super::report::{RESULT, SEARCH, write_qualification, write_search_info};
use super::{AnswerHeader, BulkUnit, RegistrationResult};
use crate::eligibility::text::{Charset, PROBE, TextErrorKind, misread};
use crate::eligibility::xml::{WriteError, WriteProblem, XmlWriter};

/// Writes the answer to the second step of a bulk question, person by person and
/// in constant memory: for simulations, and for tests of programs that read such
/// answers. [`BulkAnswer`](super::BulkAnswer) reads the same from it.
///
/// Until [`finish`](Self::finish) the document isn't closed, as with one that the
/// connector is still writing.
///
/// ```
/// use uketsuke::eligibility::message::{AnswerHeader, BulkAnswer, BulkAnswerWriter, BulkUnit};
/// use uketsuke::eligibility::text::Charset;
/// use uketsuke::eligibility::{Qualification, SegmentOfResult};
///
/// let mut header = AnswerHeader::default();
/// header.segment = Some(SegmentOfResult::Normal);
/// header.processed = Some(1);
/// let mut unit = BulkUnit::default();
/// unit.results.push(Qualification::new("見本　花子", "19800401"));
///
/// let mut writer = BulkAnswerWriter::qualifications(Vec::new(), &header, Charset::ShiftJis)?;
/// writer.unit(&unit)?;
/// let file = writer.finish()?;
///
/// let mut answer = BulkAnswer::qualifications(file.as_slice())?;
/// assert_eq!(answer.next().transpose()?, Some(unit));
/// assert_eq!(answer.next(), None);
/// assert_eq!(answer.header(), Some(&header));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct BulkAnswerWriter<W, U> {
    out: W,
    charset: Charset,
    units: u64,
    how: How<U>,
    /// What a reader goes by to find out the encoding, until it is known that he
    /// finds the right one. UTF-8 that says so is never taken for another.
    head: Option<Zeroizing<Vec<u8>>>,
}

/// How the people of an answer are written.
struct How<U> {
    /// Around each one.
    element: &'static str,
    /// What is in it.
    fill: fn(&U, &mut XmlWriter),
}

/// A bulk answer can't be written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BulkWriteError {
    /// The header or a person: a character that the encoding lacks, or that XML
    /// can't hold. `item` says which person, counted from 0; nothing of that one
    /// was written.
    ///
    /// Or what was written so far would be read as another text
    /// ([`TextErrorKind::Misread`]): it is of no use, and all of it has to be written
    /// in UTF-8. That is found out after 64 KiB, or at the end of a shorter file.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// Where it is written to. What is there now is of no use.
    #[error("writing failed: {0}")]
    Io(ErrorKind),
}

impl<W: Write> BulkAnswerWriter<W, BulkUnit> {
    /// To a question about many people.
    ///
    /// # Errors
    /// See [`BulkWriteError`].
    pub fn qualifications(
        out: W,
        header: &AnswerHeader,
        charset: Charset,
    ) -> Result<Self, BulkWriteError> {
        let fill = |unit: &BulkUnit, w: &mut XmlWriter| {
            if let Some(asked) = &unit.asked {
                w.open(SEARCH);
                write_search_info(w, asked);
                w.close();
            }
            write_record(w, unit);
            for result in &unit.results {
                w.open(RESULT);
                write_qualification(w, result);
                w.close();
            }
            write_unread(w, &unit.unread);
        };
        let element = "BulkConfirmUnit";
        Self::begin(out, header, charset, How { element, fill })
    }
}

impl<W: Write> BulkAnswerWriter<W, RegistrationResult> {
    /// To 照会番号一括登録.
    ///
    /// # Errors
    /// See [`BulkWriteError`].
    pub fn registrations(
        out: W,
        header: &AnswerHeader,
        charset: Charset,
    ) -> Result<Self, BulkWriteError> {
        let (element, fill) = ("BulkRegistrationUnit", RegistrationResult::write);
        Self::begin(out, header, charset, How { element, fill })
    }
}

impl<W: Write, U> BulkAnswerWriter<W, U> {
    fn begin(
        out: W,
        header: &AnswerHeader,
        charset: Charset,
        how: How<U>,
    ) -> Result<Self, BulkWriteError> {
        let mut begin = XmlWriter::new(charset);
        begin.open("XmlMsg");
        header.write(&mut begin);
        begin.open("MessageBody");
        let mut writer = Self {
            out,
            charset,
            units: 0,
            how,
            // Once and enough: a growing vector would leave copies that aren't wiped.
            head: (charset == Charset::ShiftJis).then(|| Vec::with_capacity(PROBE).into()),
        };
        writer.put(&begin.unfinished().map_err(MessageError::from)?)?;
        Ok(writer)
    }

    /// Writes one person.
    ///
    /// # Errors
    /// See [`BulkWriteError`].
    pub fn unit(&mut self, unit: &U) -> Result<(), BulkWriteError> {
        let mut w = XmlWriter::fragment(self.charset);
        w.open(self.how.element);
        (self.how.fill)(unit, &mut w);
        w.close();
        let file = w.unfinished().map_err(|error| MessageError {
            item: usize::try_from(self.units).unwrap_or(usize::MAX),
            ..MessageError::from(error)
        })?;
        self.put(&file)?;
        self.units += 1;
        Ok(())
    }

    /// How many were written.
    #[must_use]
    pub const fn units(&self) -> u64 {
        self.units
    }

    /// Where it is written to.
    #[must_use]
    pub const fn get_mut(&mut self) -> &mut W {
        &mut self.out
    }

    /// Closes the document.
    ///
    /// # Errors
    /// See [`BulkWriteError`].
    pub fn finish(mut self) -> Result<W, BulkWriteError> {
        let end = b"</MessageBody></XmlMsg>\r\n";
        self.keep(end)?;
        self.check(true)?;
        self.out
            .write_all(end)
            .and_then(|()| self.out.flush())
            .map_err(failed)?;
        Ok(self.out)
    }

    fn put(&mut self, piece: &MessageFile) -> Result<(), BulkWriteError> {
        self.keep(piece.as_bytes())?;
        self.out.write_all(piece.as_bytes()).map_err(failed)
    }

    /// Keeps what belongs to the head, and checks it when it is there.
    fn keep(&mut self, piece: &[u8]) -> Result<(), BulkWriteError> {
        let Some(head) = &mut self.head else {
            return Ok(());
        };
        let room = PROBE.saturating_sub(head.len());
        head.extend_from_slice(piece.get(..room).unwrap_or(piece));
        if head.len() < PROBE {
            return Ok(());
        }
        self.check(false)?;
        self.head = None;
        Ok(())
    }

    fn check(&self, whole: bool) -> Result<(), BulkWriteError> {
        let Some(head) = &self.head else {
            return Ok(());
        };
        let Some(at) = misread(head, whole, self.charset) else {
            return Ok(());
        };
        let before = head.get(..at).unwrap_or_default();
        let error = WriteError::after(
            std::str::from_utf8(before).unwrap_or_default(),
            Some(self.how.element),
            WriteProblem::Text(TextErrorKind::Misread.at(at)),
        );
        Err(MessageError::from(error).into())
    }
}

#[allow(clippy::needless_pass_by_value, reason = "as `map_err` gives it")]
fn failed(error: io::Error) -> BulkWriteError {
    BulkWriteError::Io(error.kind())
}

impl<W, U> fmt::Debug for BulkAnswerWriter<W, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkAnswerWriter")
            .field("charset", &self.charset)
            .field("units", &self.units)
            .finish_non_exhaustive()
    }
}
