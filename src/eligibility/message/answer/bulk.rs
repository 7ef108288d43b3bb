use std::fmt;
use std::io::Read;

use super::super::error::ReadError;
use super::super::record::{Nested, read_record};
use super::super::report::{read_qualification, read_search_info};
use super::super::{Family, Step};
use super::{AnswerHeader, RegistrationResult};
use crate::eligibility::report::elements::elements;
use crate::eligibility::report::hidden;
use crate::eligibility::text::Charset;
use crate::eligibility::xml::{Limits, Next, Parts, XmlErrorKind, XmlReader};
use crate::eligibility::{
    CentreSaid, Personal, ProcessingResultStatus, Qualification, QualificationValidity, Report,
    SearchInfo, SegmentOfResult, UnreadElement,
};

/// The answer to the second step of a bulk question, read from any source in
/// constant memory (under 2 MiB, however long it is): an iterator over its people.
///
/// Elements may come in any order, so the header may follow the body. Nothing of
/// an answer counts before the iterator has ended without an error: only then is
/// the document known to be whole. After an error it has ended too.
///
/// A family whose answers' layout isn't public (医療扶助, 訪問診療等, オンライン診療等)
/// is read as 資格確認一括照会; what is found there instead is in [`unread`](Self::unread).
///
/// ```
/// use uketsuke::eligibility::message::BulkAnswer;
///
/// let file = "<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult>\
///     <NumberOfProcessingResult>1</NumberOfProcessingResult></MessageHeader>\
///     <MessageBody><BulkConfirmUnit><ProcessingResultStatus>1</ProcessingResultStatus>\
///     <QualificationValidity>1</QualificationValidity><ResultOfQualificationConfirmation>\
///     <Name>見本　花子</Name></ResultOfQualificationConfirmation>\
///     </BulkConfirmUnit></MessageBody></XmlMsg>";
/// let mut answer = BulkAnswer::qualifications(file.as_bytes())?;
/// for unit in &mut answer {
///     assert_eq!(unit?.results[0].name.reveal(), "見本　花子");
/// }
/// assert_eq!(answer.header().and_then(|header| header.processed), Some(answer.units()));
/// # Ok::<(), uketsuke::eligibility::message::ReadError>(())
/// ```
pub struct BulkAnswer<R, U> {
    parts: Parts<R>,
    place: Place,
    header: Option<AnswerHeader>,
    body: bool,
    units: u64,
    unread: Vec<UnreadElement>,
    how: How<U>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Before,
    Message,
    Body,
    Ended,
}

/// How the people of an answer are found and read.
struct How<U> {
    /// Whether an element of the body is one.
    is: fn(&str) -> bool,
    /// Their element is open; its end is consumed.
    read: fn(&mut XmlReader<'_>) -> Result<U, ReadError>,
}

/// For one part: the longest that is known is one person's tickets.
const PART: Limits = Limits {
    bytes: 1024 * 1024,
    elements: 20_000,
    entries: 1000,
    ..Limits::ONE
};

/// So many elements beside the units are kept. More is no newer layout but an
/// attack on the memory.
const MOST_UNREAD: usize = 1000;

impl<R: Read> BulkAnswer<R, BulkUnit> {
    /// Of a question about many people.
    ///
    /// # Errors
    /// The source can't be read, or is in a third encoding.
    pub fn qualifications(source: R) -> Result<Self, ReadError> {
        let is = |name: &str| name == "BulkConfirmUnit";
        let read = BulkUnit::read;
        Self::open(source, How { is, read })
    }
}

impl<R: Read> BulkAnswer<R, RegistrationResult> {
    /// Of 照会番号一括登録.
    ///
    /// # Errors
    /// The source can't be read, or is in a third encoding.
    pub fn registrations(source: R) -> Result<Self, ReadError> {
        let is = |name: &str| name == "BulkRegistrationUnit";
        let read = RegistrationResult::read;
        Self::open(source, How { is, read })
    }
}

impl AnswerHeader {
    /// Reads a whole bulk answer of any length, in constant memory, and gives its
    /// header: whether the document is closed and well-formed, and what it answers.
    ///
    /// # Errors
    /// It isn't such a message, or it is cut off.
    pub fn survey(source: impl Read) -> Result<Self, ReadError> {
        let is = |_: &str| true;
        let read = |reader: &mut XmlReader<'_>| Ok(reader.skip("BulkConfirmUnit")?);
        let mut answer = BulkAnswer::open(source, How { is, read })?;
        while answer.advance()?.is_some() {}
        answer.header.ok_or(ReadError::Missing {
            element: "MessageHeader",
            at: 0,
        })
    }
}

impl<R: Read, U> BulkAnswer<R, U> {
    fn open(source: R, how: How<U>) -> Result<Self, ReadError> {
        let cap = Family::BulkQualification.cap(Step::Two);
        Ok(Self {
            parts: Parts::new(source, cap)?,
            place: Place::Before,
            header: None,
            body: false,
            units: 0,
            unread: Vec::new(),
            how,
        })
    }

    fn advance(&mut self) -> Result<Option<U>, ReadError> {
        loop {
            let at = self.parts.at();
            let next = self.parts.next()?;
            match (self.place, next) {
                (Place::Ended, _) | (Place::Before, Next::End) => return Ok(None),
                (Place::Before, Next::Element("XmlMsg")) => {
                    let inside = self.parts.enter()?;
                    self.place = if inside { Place::Message } else { Place::Ended };
                }
                (Place::Before, Next::Element(_)) => {
                    let expected = "XmlMsg";
                    return Err(ReadError::Unexpected { expected, at });
                }
                (Place::Message, Next::Element("MessageHeader")) => {
                    let header = self.part(AnswerHeader::read)?;
                    if self.header.replace(header).is_some() {
                        let element = "MessageHeader";
                        return Err(ReadError::Repeated { element, at });
                    }
                }
                (Place::Message, Next::Element("MessageBody")) => {
                    if std::mem::replace(&mut self.body, true) {
                        let element = "MessageBody";
                        return Err(ReadError::Repeated { element, at });
                    }
                    if self.parts.enter()? {
                        self.place = Place::Body;
                    }
                }
                (Place::Body, Next::Element(name)) if (self.how.is)(name) => {
                    let unit = self.part(self.how.read)?;
                    self.units += 1;
                    return Ok(Some(unit));
                }
                (_, Next::Element(_)) => self.keep()?,
                (Place::Body, Next::End) => self.place = Place::Message,
                (Place::Message, Next::End) => {
                    self.place = Place::Ended;
                    if let Next::Element(_) = self.parts.next()? {
                        return Err(XmlErrorKind::AfterRoot.at(self.parts.at()).into());
                    }
                    // Where the message failed there may be no body.
                    if self.header.is_none() {
                        let element = "MessageHeader";
                        return Err(ReadError::Missing { element, at });
                    }
                }
            }
        }
    }

    /// Reads the element that is next, whole.
    fn part<T>(
        &mut self,
        read: impl FnOnce(&mut XmlReader<'_>) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        let mut reader = self.parts.take(PART)?;
        reader.root()?;
        let part = read(&mut reader)?;
        reader.finish()?;
        Ok(part)
    }

    /// Keeps an element that isn't known.
    fn keep(&mut self) -> Result<(), ReadError> {
        let mut kept = Vec::new();
        let mut reader = self.parts.take(PART)?;
        let name = reader.root()?;
        reader.leaves(name, &mut |path, text| {
            kept.push(UnreadElement::new(path, text));
        })?;
        reader.finish()?;
        self.unread.append(&mut kept);
        if self.unread.len() > MOST_UNREAD {
            return Err(XmlErrorKind::TooManyElements.at(self.parts.at()).into());
        }
        Ok(())
    }
}

impl<R: Read, U> Iterator for BulkAnswer<R, U> {
    type Item = Result<U, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.place == Place::Ended {
            return None;
        }
        let unit = self.advance();
        if unit.is_err() {
            self.place = Place::Ended;
        }
        unit.transpose()
    }
}

impl<R, U> BulkAnswer<R, U> {
    /// The header, once it has been read: at the latest when the iterator has ended.
    #[must_use]
    pub const fn header(&self) -> Option<&AnswerHeader> {
        self.header.as_ref()
    }

    /// How many people have been read so far.
    #[must_use]
    pub const fn units(&self) -> u64 {
        self.units
    }

    /// Elements beside the people and the header that weren't understood.
    #[must_use]
    pub fn unread(&self) -> &[UnreadElement] {
        &self.unread
    }
}

impl<R: Read, U> BulkAnswer<R, U> {
    /// The encoding of the file.
    #[must_use]
    pub const fn charset(&self) -> Charset {
        self.parts.charset()
    }
}

impl<R, U> fmt::Debug for BulkAnswer<R, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkAnswer")
            .field("place", &self.place)
            .field("header", &self.header)
            .field("units", &self.units)
            .field("unread", &self.unread)
            .finish_non_exhaustive()
    }
}

/// One person of a bulk answer (`BulkConfirmUnit`): the second and third layer of
/// result, what was found, and by what was asked.
///
/// Personal data: `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct BulkUnit {
    /// By what was asked, given back: by it the unit belongs to its person.
    pub asked: Option<SearchInfo>,
    /// Was it processed (`ProcessingResultStatus`)?
    pub status: Option<ProcessingResultStatus>,
    /// `ProcessingResultCode`, opaque.
    pub code: Option<String>,
    /// The text with it (`ProcessingResultMessage`).
    pub message: Option<String>,
    /// Is the insurance valid (`QualificationValidity`)?
    pub validity: Option<QualificationValidity>,
    /// What was found; one at most is known of.
    pub results: Vec<Qualification>,
    /// 照会番号 (`ReferenceNumber`), where it is told here.
    pub reference: Option<Personal>,
    /// Elements that weren't understood.
    pub unread: Vec<UnreadElement>,
}

elements! { BulkUnit {
    "ProcessingResultStatus": status,
    "ProcessingResultCode": code,
    "ProcessingResultMessage": message,
    "QualificationValidity": validity,
    "ReferenceNumber": reference,
} }

hidden!(BulkUnit);

impl BulkUnit {
    /// What the centre said with it; `None` if nothing.
    #[must_use]
    pub fn centre_said(&self) -> Option<CentreSaid> {
        CentreSaid::new(self.code.as_deref(), self.message.as_deref())
    }

    /// As an answer about one person, with the header of the whole: to be judged
    /// like any other.
    #[must_use]
    pub fn into_report(self, header: &AnswerHeader) -> Report {
        Report {
            executed: header.executed,
            confirmation_date: header.confirmation_date,
            institution_code: header.institution_code.clone(),
            file_identifier: header.file_identifier.clone(),
            reference: header.reference.clone(),
            character_code: header.character_code.clone(),
            segment: (header.segment.clone()).unwrap_or_else(|| SegmentOfResult::from_code("")),
            error_code: header.error_code.clone(),
            error_message: header.error_message.clone(),
            status: self.status,
            code: self.code,
            message: self.message,
            validity: self.validity,
            results: self.results,
            asked: self.asked,
            unread: self.unread,
            ..Report::empty()
        }
    }
}

impl BulkUnit {
    fn read(reader: &mut XmlReader<'_>) -> Result<Self, ReadError> {
        let mut unit = Self::default();
        let nested: &mut Nested<'_, '_, Self> = &mut |unit, name, reader| {
            match name {
                "ResultOfQualificationConfirmation" => {
                    reader.entry()?;
                    unit.results.push(read_qualification(reader)?);
                }
                "QualificationConfirmSearchInfo" => {
                    let at = reader.at();
                    if let Some(asked) = read_search_info(reader)?
                        && unit.asked.replace(asked).is_some()
                    {
                        let element = "QualificationConfirmSearchInfo";
                        return Err(ReadError::Repeated { element, at });
                    }
                }
                _ => return Ok(false),
            }
            Ok(true)
        };
        unit.unread = read_record(reader, &mut unit, nested)?;
        Ok(unit)
    }
}
