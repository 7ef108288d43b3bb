mod accepted;
mod bulk;
mod bulk_writer;
mod header;
mod medical;
mod registration;
mod rejection;
#[cfg(test)]
mod tests;

pub use accepted::Accepted;
pub use bulk::{BulkAnswer, BulkUnit};
pub use bulk_writer::{BulkAnswerWriter, BulkWriteError};
pub use header::AnswerHeader;
pub use medical::{
    CheckupItem, HealthCheckup, HealthCheckups, MedicalAnswer, MedicalHolder, MedicineDay,
    MedicineItem, MedicineMonth, MedicineSource, Medicines,
};
pub use registration::{RegistrationAnswer, RegistrationResult};
pub use rejection::Rejection;
