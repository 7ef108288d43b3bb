//! Medical information (薬剤・診療情報, 特定健診情報) as one public program reads it.

mod checkups;
mod medicines;

pub use checkups::{CheckupItem, HealthCheckup, HealthCheckups};
pub use medicines::{MedicineDay, MedicineItem, MedicineMonth, MedicineSource, Medicines};

use std::fmt;

use super::super::MessageFile;
use super::super::error::{MessageError, ReadError};
use super::super::record::{
    Nested, Part, envelope, no_nested, read_record, write_record, write_unread,
};
use super::AnswerHeader;
use crate::eligibility::report::elements::{Elements, elements};
use crate::eligibility::report::hidden;
use crate::eligibility::text::{Charset, decode};
use crate::eligibility::xml::{Limits, XmlReader, XmlWriter};
use crate::eligibility::{CentreSaid, Personal, UnreadElement};

/// Whose medical information it is.
///
/// Personal data: `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct MedicalHolder {
    /// 氏名 (`Name`).
    pub name: Option<Personal>,
    /// 氏名カナ (`KanaName`, `KanasName`).
    pub kana: Option<Personal>,
    /// 生年月日 (`Birth`, `Birthday`), as sent.
    pub birthdate: Option<Personal>,
    /// 性別 (`AdmGendCode`, `AdministrativeGenderCode`), as sent.
    pub sex: Option<Personal>,
    /// Elements that weren't understood.
    pub unread: Vec<UnreadElement>,
}

/// The names with medicines.
enum Short {}

/// The names with health check-ups.
enum Long {}

/// What the holder's own element is called.
trait HolderElement {
    const HOLDER: &'static str;
}

impl HolderElement for Short {
    const HOLDER: &'static str = "QuaInf";
}

impl HolderElement for Long {
    const HOLDER: &'static str = "QualificationsInfo";
}

elements! { MedicalHolder as Short {
    "Name": name,
    "KanaName": kana,
    "Birth": birthdate,
    "AdmGendCode": sex,
} }

elements! { MedicalHolder as Long {
    "Name": name,
    "KanasName": kana,
    "Birthday": birthdate,
    "AdministrativeGenderCode": sex,
} }

hidden!(MedicalHolder);

/// Reads an element of the body, if it knows it.
type Body<'f> =
    dyn FnMut(&str, &mut XmlReader<'_>, &mut Vec<UnreadElement>) -> Result<bool, ReadError> + 'f;

/// What an answer with medical information says of itself.
///
/// `Debug` shows codes and counts only.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct MedicalAnswer {
    /// What all answers say.
    pub header: AnswerHeader,
    /// `ResultCode`: `1` is a success, the others aren't public.
    pub result_code: Option<String>,
    /// The text with it (`MessageContents`).
    pub message: Option<String>,
    /// Whose information it is (`QuaInf`, `QualificationsInfo`).
    pub holder: Option<MedicalHolder>,
}

elements! { MedicalAnswer {
    "ResultCode": result_code,
    "MessageContents": message,
} }

impl MedicalAnswer {
    /// Whether the centre gave the information.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.result_code.as_deref().map(str::trim) == Some("1")
    }

    /// What the centre said with it; `None` if nothing.
    #[must_use]
    pub fn centre_said(&self) -> Option<CentreSaid> {
        CentreSaid::new(self.result_code.as_deref(), self.message.as_deref())
    }

    /// Reads a file, of whose body `body` reads the elements that it knows. What
    /// nobody understood comes back with it.
    fn read<P: HolderElement>(
        file: &[u8],
        body: &mut Body<'_>,
    ) -> Result<(Self, Vec<UnreadElement>), ReadError>
    where
        MedicalHolder: Elements<P>,
    {
        let decoded = decode(file, Limits::MEDICAL.bytes)?;
        let (mut answer, mut unread) = (Self::default(), Vec::new());
        let beside = envelope(
            decoded.text(),
            Limits::MEDICAL,
            &mut |part, reader| match part {
                Part::Header => answer.read_header::<P>(reader),
                Part::Body => {
                    while let Some(name) = reader.child()? {
                        if !body(name, reader, &mut unread)? && !answer.leaf(name, reader)? {
                            reader.leaves(name, &mut |path, text| {
                                unread.push(UnreadElement::new(path, text));
                            })?;
                        }
                    }
                    Ok(())
                }
            },
        )?;
        unread.extend(beside);
        Ok((answer, unread))
    }

    /// Reads `MessageHeader`, in which the holder is.
    fn read_header<P: HolderElement>(&mut self, reader: &mut XmlReader<'_>) -> Result<(), ReadError>
    where
        MedicalHolder: Elements<P>,
    {
        self.header = AnswerHeader::read_with(reader, &mut |_, name, reader| {
            if name != P::HOLDER {
                return self.leaf(name, reader);
            }
            let mut holder = MedicalHolder::default();
            holder.unread = read_record::<P, _>(reader, &mut holder, &mut no_nested)?;
            if self.holder.replace(holder).is_some() {
                let (element, at) = (P::HOLDER, reader.at());
                return Err(ReadError::Repeated { element, at });
            }
            Ok(true)
        })?;
        Ok(())
    }

    /// The result's code and text stand in the header or in the body.
    fn leaf(&mut self, name: &str, reader: &mut XmlReader<'_>) -> Result<bool, ReadError> {
        let (slot, element) = match name {
            "ResultCode" => (&mut self.result_code, "ResultCode"),
            "MessageContents" => (&mut self.message, "MessageContents"),
            _ => return Ok(false),
        };
        if let Some(text) = reader.value()?
            && slot.replace(text.into_owned()).is_some()
        {
            let at = reader.at();
            return Err(ReadError::Repeated { element, at });
        }
        Ok(true)
    }

    /// Writes a file, of whose body `body` writes what is its own.
    fn write<P: HolderElement>(
        &self,
        charset: Charset,
        body: impl FnOnce(&mut XmlWriter),
        unread: &[UnreadElement],
    ) -> Result<MessageFile, MessageError>
    where
        MedicalHolder: Elements<P>,
    {
        let mut writer = XmlWriter::new(charset);
        let w = &mut writer;
        w.open("XmlMsg");
        self.header.write_with(w, |w| {
            write_record(w, self);
            if let Some(holder) = &self.holder {
                w.open(P::HOLDER);
                write_record::<P, _>(w, holder);
                write_unread(w, &holder.unread);
                w.close();
            }
        });
        w.open("MessageBody");
        body(w);
        write_unread(w, unread);
        Ok(writer.finish()?)
    }
}

impl fmt::Debug for MedicalAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = crate::eligibility::codes::loggable(self.result_code.as_deref());
        f.debug_struct("MedicalAnswer")
            .field("header", &self.header)
            .field("result_code", &code)
            .finish_non_exhaustive()
    }
}

/// Reads the elements `element` in the open list, and consumes its end.
fn list<'a, R>(
    reader: &mut XmlReader<'a>,
    element: &str,
    unread: &mut Vec<UnreadElement>,
    all: &mut Vec<R>,
    read: impl Fn(&mut XmlReader<'a>) -> Result<R, ReadError>,
) -> Result<(), ReadError> {
    while let Some(name) = reader.child()? {
        if name == element {
            reader.entry()?;
            all.push(read(reader)?);
        } else {
            reader.leaves(name, &mut |path, text| {
                unread.push(UnreadElement::new(path, text));
            })?;
        }
    }
    Ok(())
}

/// A record without elements but those of its table, and what wasn't understood.
fn plain<'a, P, R: Elements<P> + Default>(
    reader: &mut XmlReader<'a>,
    unread: fn(&mut R) -> &mut Vec<UnreadElement>,
    nested: &mut Nested<'_, 'a, R>,
) -> Result<R, ReadError> {
    let mut record = R::default();
    let more = read_record::<P, _>(reader, &mut record, nested)?;
    unread(&mut record).extend(more);
    Ok(record)
}
