//! The messages that clinic software and the connector (連携アプリ) exchange as
//! files: their families, their names, their questions and answers.
//!
//! The official layouts are handed out to registered vendors only. Names of
//! families and elements are those of independent public programs; where only one
//! names them, or a name is inferred, [`Family`] says so.
//!
//! # What reads which answer
//!
//! | asked with | answer | read by |
//! |---|---|---|
//! | [`Question::ByNumber`], and results of card check-ins (`_face_`) | `OQSsiquc01res` | [`parse_report`] |
//! | [`Question::RegisterReference`] | `OQSsiimm01res` | [`RegistrationAnswer::parse`] |
//! | a bulk question: [`BulkByNumber`](Question::BulkByNumber), [`MedicalAidTickets`](Question::MedicalAidTickets), [`HomeVisitConsents`](Question::HomeVisitConsents), [`OnlineConsents`](Question::OnlineConsents), [`BulkRegisterReference`](Question::BulkRegisterReference) | `…01res` | [`Accepted::parse`] |
//! | [`Question::BulkResult`] of those | `…02res` | [`BulkAnswer::qualifications`] |
//! | [`Question::BulkResult`] of 照会番号一括登録 | `OQSmuimm02res` | [`BulkAnswer::registrations`] |
//! | [`Question::Medicines`] as XML | `YZKsiquc01res` | [`Medicines::parse`] |
//! | [`Question::HealthCheckups`] as XML | `TKKsiquc01res` | [`HealthCheckups::parse`] |
//! | either as PDF | `.pdf` | a viewer |
//! | any, rejected by the connector | `.err` | [`Rejection::parse`] |
//!
//! A message may come in an archive ([`FileKind::Zip`]): [`Archive`] takes it out, and so
//! does [`AnswerFile::unpacked`](super::folders::AnswerFile::unpacked). To store an
//! answer, store its bytes, or what [`write_report`] makes of a report.
//!
//! # A bulk question
//!
//! It goes in two steps, each a question and an answer of its own: the list of people
//! is taken in and gets a reception number (受付番号), and with that the result is asked
//! for, as often as it takes: while [`is_in_progress`](AnswerHeader::is_in_progress),
//! wait and ask again with a new question. How long to wait isn't public.
//!
//! ```
//! use jiff::civil::date;
//! use uketsuke::eligibility::message::*;
//! use uketsuke::eligibility::InsurerNumber;
//! # use uketsuke::eligibility::text::Charset;
//! # use uketsuke::eligibility::SegmentOfResult;
//!
//! let insurer = InsurerNumber::parse("139998").ok_or("no insurer's number")?;
//! // Named by the appointment, so that each result finds its own.
//! let person = NumberQuestion::new(Insured::new(insurer, "1234")?, date(1980, 4, 1))
//!     .with_identifier("appointment-77")?;
//! let people = vec![person];
//! let question = Question::BulkByNumber { on: date(2026, 11, 6), people: people.clone() };
//! # assert_eq!(question.step(), Step::One);
//!
//! // The answer to the first step:
//! # let mut made = Accepted::default();
//! # made.header.segment = Some(SegmentOfResult::Normal);
//! # made.reception = ReceptionNumber::new("00000123");
//! # let file = made.write(Charset::Utf8)?;
//! let accepted = Accepted::parse(file.as_bytes())?;
//! let reception = accepted.reception().ok_or("not taken in: show centre_said()")?.clone();
//! let question = Question::BulkResult { family: Family::BulkQualification, reception };
//! # assert_eq!(question.step(), Step::Two);
//!
//! // The answer to the second:
//! # let file = "<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult></MessageHeader><MessageBody>\
//! #     <BulkConfirmUnit><QualificationConfirmSearchInfo><InsurerNumber>  139998</InsurerNumber>\
//! #     <InsuredIdentificationNumber>1234</InsuredIdentificationNumber><Birthdate>19800401</Birthdate>\
//! #     <ArbitraryIdentifier>appointment-77</ArbitraryIdentifier></QualificationConfirmSearchInfo>\
//! #     <ProcessingResultStatus>1</ProcessingResultStatus><QualificationValidity>1</QualificationValidity>\
//! #     <ResultOfQualificationConfirmation><InsurerNumber>  139998</InsurerNumber>\
//! #     <InsuredIdentificationNumber>1234</InsuredIdentificationNumber><Name>見本　花子</Name>\
//! #     <Birthdate>19800401</Birthdate></ResultOfQualificationConfirmation></BulkConfirmUnit>\
//! #     </MessageBody></XmlMsg>".as_bytes();
//! let mut answer = BulkAnswer::qualifications(file)?;
//! let units = answer.by_ref().collect::<Result<Vec<_>, _>>()?;
//! // Only now is it known to be whole, and has its header for certain.
//! let header = answer.header().ok_or("no header")?;
//! assert!(!header.is_in_progress());
//! for unit in units {
//!     let asked = unit.asked.clone().unwrap_or_default();
//!     let Some(person) = people.iter().find(|person| {
//!         person.identifier() == asked.identifier.as_ref() && asked.is_for(person)
//!     }) else {
//!         continue; // Nobody's, so for a person to look at.
//!     };
//!     match unit.into_report(header).found(person) {
//!         Ok(coverage) => assert_eq!(coverage.name.reveal(), "見本　花子"),
//!         Err(error) => panic!("advise on {}", error.failure()),
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod archive;
mod error;
mod failure;
mod family;
mod field;
mod fields;
mod file_name;
mod header;
mod message_file;
mod question;
pub(crate) mod record;
mod report;

pub use super::xml::{XmlError, XmlErrorKind};
pub use answer::{
    Accepted, AnswerHeader, BulkAnswer, BulkAnswerWriter, BulkUnit, BulkWriteError, CheckupItem,
    HealthCheckup, HealthCheckups, MedicalAnswer, MedicalHolder, MedicineDay, MedicineItem,
    MedicineMonth, MedicineSource, Medicines, RegistrationAnswer, RegistrationResult, Rejection,
};
pub use archive::{Archive, ArchiveEntry, ArchiveError, write_archive};
pub use error::{FieldProblem, MessageError, ReadError};
pub use family::Family;
pub use field::Month;
pub use file_name::{Direction, FileKind, FileName, Step};
pub use header::{FileIdentifier, Header};
pub use message_file::MessageFile;
pub use question::{
    Insured, MedicalForm, MedicalInformation, NumberQuestion, OnlineSearch, Period, Question,
    ReceptionNumber, ReferenceRegistration,
};
pub use report::{ParsedReport, parse_report, write_report};

#[cfg(test)]
mod tests;
