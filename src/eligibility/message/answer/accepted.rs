use std::fmt;

use jiff::Timestamp;

use super::super::error::{MessageError, ReadError};
use super::super::record::{Part, envelope, no_nested, read_record, write_record, write_unread};
use super::super::{MessageFile, ReceptionNumber};
use super::AnswerHeader;
use crate::eligibility::codes::loggable;
use crate::eligibility::report::elements::elements;
use crate::eligibility::text::{Charset, decode};
use crate::eligibility::xml::{Limits, XmlWriter};
use crate::eligibility::{CentreSaid, ProcessingResultStatus, UnreadElement};

/// The answer to the first step of a bulk question: it was taken in, and has a
/// reception number (受付番号) by which the result is asked for.
///
/// ```
/// use uketsuke::eligibility::message::Accepted;
///
/// let file = "<XmlMsg><MessageHeader><ArbitraryFileIdentifier>b-1</ArbitraryFileIdentifier>\
///     <SegmentOfResult>1</SegmentOfResult></MessageHeader><MessageBody>\
///     <ReceptionNumber>00000123</ReceptionNumber></MessageBody></XmlMsg>";
/// let accepted = Accepted::parse(file.as_bytes())?;
/// assert_eq!(accepted.reception().map(|number| number.as_str()), Some("00000123"));
/// # Ok::<(), uketsuke::eligibility::message::ReadError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Accepted {
    /// What the answer says of itself.
    pub header: AnswerHeader,
    /// 受付番号, where the body says it; [`reception`](Self::reception) looks in
    /// both places.
    pub reception: Option<ReceptionNumber>,
    /// When it was taken in (`ReceptionDateTime`).
    pub received: Option<Timestamp>,
    /// Was it processed (`ProcessingResultStatus`)? Not always said.
    pub status: Option<ProcessingResultStatus>,
    /// `ProcessingResultCode`, opaque.
    pub code: Option<String>,
    /// The text with it (`ProcessingResultMessage`).
    pub message: Option<String>,
    /// Elements outside the header that weren't understood.
    pub unread: Vec<UnreadElement>,
}

elements! { Accepted {
    "ReceptionNumber": reception,
    "ReceptionDateTime": received,
    "ProcessingResultStatus": status,
    "ProcessingResultCode": code,
    "ProcessingResultMessage": message,
} }

impl Accepted {
    /// Reads the file.
    ///
    /// # Errors
    /// It isn't such a message.
    pub fn parse(file: &[u8]) -> Result<Self, ReadError> {
        let decoded = decode(file, Limits::ONE.bytes)?;
        let mut accepted = Self::default();
        let beside = envelope(decoded.text(), Limits::ONE, &mut |part, reader| {
            match part {
                Part::Header => accepted.header = AnswerHeader::read(reader)?,
                Part::Body => {
                    accepted.unread = read_record(reader, &mut accepted, &mut no_nested)?;
                }
            }
            Ok(())
        })?;
        accepted.unread.extend(beside);
        Ok(accepted)
    }

    /// Writes the file.
    ///
    /// # Errors
    /// A character that `charset` lacks, or a name that XML doesn't allow.
    pub fn write(&self, charset: Charset) -> Result<MessageFile, MessageError> {
        let mut writer = XmlWriter::new(charset);
        writer.open("XmlMsg");
        self.header.write(&mut writer);
        writer.open("MessageBody");
        write_record(&mut writer, self);
        write_unread(&mut writer, &self.unread);
        Ok(writer.finish()?)
    }

    /// 受付番号, from the body or the header. Without one the question wasn't taken
    /// in.
    #[must_use]
    pub const fn reception(&self) -> Option<&ReceptionNumber> {
        match &self.reception {
            Some(number) => Some(number),
            None => self.header.reception.as_ref(),
        }
    }

    /// What the centre said with it, in the body or else the header.
    #[must_use]
    pub fn centre_said(&self) -> Option<CentreSaid> {
        CentreSaid::new(self.code.as_deref(), self.message.as_deref())
            .or_else(|| self.header.centre_said())
    }
}

impl fmt::Debug for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accepted")
            .field("header", &self.header)
            .field("reception", &self.reception)
            .field("status", &self.status)
            .field("code", &loggable(self.code.as_deref()))
            .field("unread", &self.unread)
            .finish_non_exhaustive()
    }
}
