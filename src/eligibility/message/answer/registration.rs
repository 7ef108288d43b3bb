use super::super::MessageFile;
use super::super::error::{MessageError, ReadError};
use super::super::record::{
    Nested, Part, envelope, no_nested, read_record, write_record, write_unread,
};
use super::AnswerHeader;
use crate::eligibility::report::elements::elements;
use crate::eligibility::report::hidden;
use crate::eligibility::text::{Charset, decode};
use crate::eligibility::xml::{Limits, XmlReader, XmlWriter};
use crate::eligibility::{CentreSaid, Personal, ProcessingResultStatus, UnreadElement};

const INFO: &str = "ReferenceNumberRegistrationInfo";

/// What became of one registration of a 照会番号: the centre's word, and whom it is
/// about, given back.
///
/// Personal data: `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct RegistrationResult {
    /// Was it processed (`ProcessingResultStatus`)? Only
    /// [`Normal`](ProcessingResultStatus::Normal) is a registration.
    pub status: Option<ProcessingResultStatus>,
    /// `ProcessingResultCode`, opaque.
    pub code: Option<String>,
    /// The text with it (`ProcessingResultMessage`).
    pub message: Option<String>,
    /// 照会番号 (`ReferenceNumber`).
    pub reference: Option<Personal>,
    /// 保険者番号 (`InsurerNumber`), as sent.
    pub insurer_number: Option<Personal>,
    /// 記号 (`InsuredCardSymbol`).
    pub symbol: Option<Personal>,
    /// 番号 (`InsuredIdentificationNumber`).
    pub number: Option<Personal>,
    /// 枝番 (`InsuredBranchNumber`).
    pub branch: Option<Personal>,
    /// Elements that weren't understood.
    pub unread: Vec<UnreadElement>,
}

/// The part of a result that says what became of it.
enum Outcome {}

/// The part that says whose it is.
enum Whose {}

elements! { RegistrationResult as Outcome {
    "ProcessingResultStatus": status,
    "ProcessingResultCode": code,
    "ProcessingResultMessage": message,
} }

elements! { RegistrationResult as Whose {
    "ReferenceNumber": reference,
    "InsurerNumber": insurer_number,
    "InsuredCardSymbol": symbol,
    "InsuredIdentificationNumber": number,
    "InsuredBranchNumber": branch,
} }

impl RegistrationResult {
    /// Whether the number is registered now.
    #[must_use]
    pub fn is_registered(&self) -> bool {
        self.status == Some(ProcessingResultStatus::Normal)
    }

    /// What the centre said with it; `None` if nothing.
    #[must_use]
    pub fn centre_said(&self) -> Option<CentreSaid> {
        CentreSaid::new(self.code.as_deref(), self.message.as_deref())
    }

    /// Its element is open; its end is consumed.
    pub(super) fn read(reader: &mut XmlReader<'_>) -> Result<Self, ReadError> {
        let mut result = Self::default();
        let mut inside = Vec::new();
        let mut seen = false;
        let nested: &mut Nested<'_, '_, Self> = &mut |result, name, reader| {
            if name != INFO {
                return Ok(false);
            }
            if std::mem::replace(&mut seen, true) {
                let at = reader.at();
                return Err(ReadError::Repeated { element: INFO, at });
            }
            for unread in read_record::<Whose, _>(reader, result, &mut no_nested)? {
                let path = format!("{INFO}/{}", unread.path);
                inside.push(UnreadElement::new(path, unread.text.reveal()));
            }
            Ok(true)
        };
        result.unread = read_record::<Outcome, _>(reader, &mut result, nested)?;
        result.unread.extend(inside);
        Ok(result)
    }

    /// Writes what is in its element.
    pub(super) fn write(&self, writer: &mut XmlWriter) {
        let (mut inside, mut beside) = (Vec::new(), Vec::new());
        for unread in &self.unread {
            let below = |path: &'_ str| -> Option<String> {
                Some(path.strip_prefix(INFO)?.strip_prefix('/')?.to_owned())
            };
            match below(&unread.path) {
                Some(path) => inside.push(UnreadElement::new(path, unread.text.reveal())),
                None => beside.push(unread.clone()),
            }
        }
        writer.open(INFO);
        write_record::<Whose, _>(writer, self);
        write_unread(writer, &inside);
        writer.close();
        write_record::<Outcome, _>(writer, self);
        write_unread(writer, &beside);
    }
}

/// The answer to one registration of a 照会番号.
///
/// Its layout isn't public: it is read as the body of the bulk answer's unit, which
/// is.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[non_exhaustive]
pub struct RegistrationAnswer {
    /// What the answer says of itself.
    pub header: AnswerHeader,
    /// What became of it.
    pub result: RegistrationResult,
    /// Elements beside header and body.
    pub unread: Vec<UnreadElement>,
}

impl RegistrationAnswer {
    /// Reads the file.
    ///
    /// # Errors
    /// It isn't such a message.
    pub fn parse(file: &[u8]) -> Result<Self, ReadError> {
        let decoded = decode(file, Limits::ONE.bytes)?;
        let mut answer = Self::default();
        let beside = envelope(decoded.text(), Limits::ONE, &mut |part, reader| {
            match part {
                Part::Header => answer.header = AnswerHeader::read(reader)?,
                Part::Body => answer.result = RegistrationResult::read(reader)?,
            }
            Ok(())
        })?;
        answer.unread = beside;
        Ok(answer)
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
        self.result.write(&mut writer);
        writer.close();
        write_unread(&mut writer, &self.unread);
        Ok(writer.finish()?)
    }
}

hidden!(RegistrationResult);
