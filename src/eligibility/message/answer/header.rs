use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

use super::super::ReceptionNumber;
use super::super::error::ReadError;
use super::super::record::{Nested, no_nested, read_record, write_record, write_unread};
use crate::eligibility::codes::loggable;
use crate::eligibility::report::elements::{Value, elements};
use crate::eligibility::xml::{XmlReader, XmlWriter};
use crate::eligibility::{
    CentreSaid, CharacterCode, ReferenceClassification, SegmentOfResult, UnreadElement,
};

/// What an answer says of itself (`MessageHeader`), for all answers but those that
/// are a [`Report`](crate::eligibility::Report).
///
/// `Debug` shows codes and counts only.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct AnswerHeader {
    /// When the centre worked on it (`ProcessExecutionTime`).
    pub executed: Option<Timestamp>,
    /// 資格確認日 (`QualificationConfirmationDate`).
    pub confirmation_date: Option<Date>,
    /// 医療機関コード (`MedicalInstitutionCode`), as sent.
    pub institution_code: Option<String>,
    /// The question's own name, given back (`ArbitraryFileIdentifier`).
    pub file_identifier: Option<String>,
    /// By what was asked (`ReferenceClassification`).
    pub reference: Option<ReferenceClassification>,
    /// 受付番号 of the bulk question (`ReceptionNumber`).
    pub reception: Option<ReceptionNumber>,
    /// Did the message go through (`SegmentOfResult`)? Some answers don't say.
    pub segment: Option<SegmentOfResult>,
    /// `ErrorCode`, opaque.
    pub error_code: Option<String>,
    /// `ErrorMessage`.
    pub error_message: Option<String>,
    /// How many were worked on (`NumberOfProcessingResult`).
    pub processed: Option<u64>,
    /// How many without an error (`NumberOfNormalProcessing`).
    pub normal: Option<u64>,
    /// How many with an error (`NumberOfError`).
    pub errors: Option<u64>,
    /// The encoding that the document declares (`CharacterCodeIdentifier`); its
    /// bytes decide.
    pub character_code: Option<CharacterCode>,
    /// Elements in it that weren't understood.
    pub unread: Vec<UnreadElement>,
}

elements! { AnswerHeader {
    "ProcessExecutionTime": executed,
    "QualificationConfirmationDate": confirmation_date,
    "MedicalInstitutionCode": institution_code,
    "ArbitraryFileIdentifier": file_identifier,
    "ReferenceClassification": reference,
    "ReceptionNumber": reception,
    "SegmentOfResult": segment,
    "ErrorCode": error_code,
    "ErrorMessage": error_message,
    "NumberOfProcessingResult": processed,
    "NumberOfNormalProcessing": normal,
    "NumberOfError": errors,
    "CharacterCodeIdentifier": character_code,
} }

impl AnswerHeader {
    /// Whether the centre is still working on it (処理中): then the second step is
    /// asked again later, in a new file.
    #[must_use]
    pub fn is_in_progress(&self) -> bool {
        self.segment == Some(SegmentOfResult::InProgress)
    }

    /// Code and text of the header; `None` if there was neither.
    #[must_use]
    pub fn centre_said(&self) -> Option<CentreSaid> {
        CentreSaid::new(self.error_code.as_deref(), self.error_message.as_deref())
    }

    /// Its element is open; its end is consumed.
    pub(crate) fn read(reader: &mut XmlReader<'_>) -> Result<Self, ReadError> {
        Self::read_with(reader, &mut no_nested)
    }

    /// The same, with more elements than all answers have.
    pub(super) fn read_with<'a>(
        reader: &mut XmlReader<'a>,
        nested: &mut Nested<'_, 'a, Self>,
    ) -> Result<Self, ReadError> {
        let mut header = Self::default();
        header.unread = read_record(reader, &mut header, nested)?;
        Ok(header)
    }

    /// Writes the element.
    pub(crate) fn write(&self, writer: &mut XmlWriter) {
        self.write_with(writer, |_| {});
    }

    /// The same, with more elements.
    pub(super) fn write_with(&self, writer: &mut XmlWriter, more: impl FnOnce(&mut XmlWriter)) {
        writer.open("MessageHeader");
        write_record(writer, self);
        more(writer);
        write_unread(writer, &self.unread);
        writer.close();
    }
}

impl fmt::Debug for AnswerHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnswerHeader")
            .field("executed", &self.executed)
            .field("reception", &self.reception)
            .field("segment", &self.segment)
            .field("error_code", &loggable(self.error_code.as_deref()))
            .field("processed", &self.processed)
            .field("normal", &self.normal)
            .field("errors", &self.errors)
            .field("unread", &self.unread)
            .finish_non_exhaustive()
    }
}

impl Value for ReceptionNumber {
    fn read(text: &str) -> Option<Self> {
        Self::new(text)
    }

    fn write(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(self.as_str()))
    }
}

/// A count: ASCII digits.
impl Value for u64 {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().ok())?
    }

    fn write(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Owned(self.to_string()))
    }
}
