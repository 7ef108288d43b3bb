use super::super::super::MessageFile;
use super::super::super::error::{MessageError, ReadError};
use super::super::super::record::{no_nested, write_record, write_unread};
use super::{Long, MedicalAnswer, list, plain};
use crate::eligibility::report::elements::elements;
use crate::eligibility::report::hidden;
use crate::eligibility::text::Charset;
use crate::eligibility::xml::{XmlReader, XmlWriter};
use crate::eligibility::{Personal, UnreadElement};

const CHECKUP: &str = "SpecificHealthCheckupInfo";
const ITEMS: &str = "HealthCheckupResultAndQuestionInfos";
const ITEM: &str = "HealthCheckupResultAndQuestionInfo";

/// Results of health check-ups (特定健診情報), the answer to
/// [`Question::HealthCheckups`](crate::eligibility::message::Question::HealthCheckups)
/// as XML.
///
/// ```
/// use uketsuke::eligibility::message::HealthCheckups;
///
/// let file = "<XmlMsg><MessageHeader><ResultCode>1</ResultCode></MessageHeader><MessageBody>\
///     <SpecificHealthCheckupInfo><EffectiveTime>20260601</EffectiveTime>\
///     <HealthCheckupResultAndQuestionInfos><HealthCheckupResultAndQuestionInfo>\
///     <ItemName>身長</ItemName><DataValue>160.5</DataValue><Unit>cm</Unit>\
///     </HealthCheckupResultAndQuestionInfo></HealthCheckupResultAndQuestionInfos>\
///     </SpecificHealthCheckupInfo></MessageBody></XmlMsg>";
/// let answer = HealthCheckups::parse(file.as_bytes())?;
/// assert!(answer.answer.is_given());
/// let item = &answer.checkups[0].items[0];
/// assert_eq!(item.value.as_ref().map(|value| value.reveal()), Some("160.5"));
/// # Ok::<(), uketsuke::eligibility::message::ReadError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct HealthCheckups {
    /// What the answer says of itself, and whose it is.
    pub answer: MedicalAnswer,
    /// The check-ups (`SpecificHealthCheckupInfo`).
    pub checkups: Vec<HealthCheckup>,
    /// Elements outside of them that weren't understood.
    pub unread: Vec<UnreadElement>,
}

/// One check-up.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct HealthCheckup {
    /// Its day (`EffectiveTime`), as sent.
    pub effective: Option<Personal>,
    /// Results and answers to questions.
    pub items: Vec<CheckupItem>,
    /// Elements that weren't understood.
    pub unread: Vec<UnreadElement>,
}

/// One result, or one answer to a question.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct CheckupItem {
    /// `ItemCode`.
    pub code: Option<Personal>,
    /// `ItemName`.
    pub name: Option<Personal>,
    /// `DataType`.
    pub data_type: Option<Personal>,
    /// `DataValue`.
    pub value: Option<Personal>,
    /// `Unit`.
    pub unit: Option<Personal>,
    /// Code system of the value (`Oid`).
    pub oid: Option<Personal>,
    /// The value in words (`DataValueName`).
    pub value_name: Option<Personal>,
    /// Elements that weren't understood.
    pub unread: Vec<UnreadElement>,
}

elements! { HealthCheckup {
    "EffectiveTime": effective,
} }

elements! { CheckupItem {
    "ItemCode": code,
    "ItemName": name,
    "DataType": data_type,
    "DataValue": value,
    "Unit": unit,
    "Oid": oid,
    "DataValueName": value_name,
} }

hidden!(HealthCheckup, CheckupItem);

impl HealthCheckups {
    /// Reads the file.
    ///
    /// # Errors
    /// It isn't such a message.
    pub fn parse(file: &[u8]) -> Result<Self, ReadError> {
        let mut checkups = Vec::new();
        let (answer, unread) = MedicalAnswer::read::<Long>(file, &mut |name, reader, _| {
            let known = name == CHECKUP;
            if known {
                reader.entry()?;
                checkups.push(checkup(reader)?);
            }
            Ok(known)
        })?;
        Ok(Self {
            answer,
            checkups,
            unread,
        })
    }

    /// Writes the file.
    ///
    /// # Errors
    /// A character that `charset` lacks, or a name that XML doesn't allow.
    pub fn write(&self, charset: Charset) -> Result<MessageFile, MessageError> {
        let body = |w: &mut XmlWriter| {
            for checkup in &self.checkups {
                w.open(CHECKUP);
                write_record(w, checkup);
                w.open(ITEMS);
                for item in &checkup.items {
                    w.open(ITEM);
                    write_record(w, item);
                    write_unread(w, &item.unread);
                    w.close();
                }
                w.close();
                write_unread(w, &checkup.unread);
                w.close();
            }
        };
        self.answer.write::<Long>(charset, body, &self.unread)
    }
}

fn checkup(reader: &mut XmlReader<'_>) -> Result<HealthCheckup, ReadError> {
    let item = |reader: &mut XmlReader<'_>| {
        plain::<(), _>(
            reader,
            |item: &mut CheckupItem| &mut item.unread,
            &mut no_nested,
        )
    };
    plain::<(), _>(
        reader,
        |checkup: &mut HealthCheckup| &mut checkup.unread,
        &mut |checkup, name, reader| {
            if name != ITEMS {
                return Ok(false);
            }
            let HealthCheckup { items, unread, .. } = checkup;
            list(reader, ITEM, unread, items, item).map(|()| true)
        },
    )
}

/// Codes and counts.
impl std::fmt::Debug for HealthCheckups {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HealthCheckups")
            .field("answer", &self.answer)
            .field("checkups", &self.checkups.len())
            .finish_non_exhaustive()
    }
}
