//! The messages that clinic software and the connector (連携アプリ) exchange as
//! files: their families, their names, their questions and answers.
//!
//! The official layouts are handed out to registered vendors only. Names of
//! families and elements are those of independent public programs; where only one
//! names them, or a name is inferred, [`Family`] says so.

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
    Accepted, AnswerHeader, BulkAnswer, BulkUnit, CheckupItem, HealthCheckup, HealthCheckups,
    MedicalAnswer, MedicalHolder, MedicineDay, MedicineItem, MedicineMonth, MedicineSource,
    Medicines, RegistrationAnswer, RegistrationResult, Rejection,
};
pub use archive::{Archive, ArchiveEntry, ArchiveError};
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
