//! Questions through the folders of the connector (連携アプリ, OQSComApp): a request
//! is put into one folder, its answer appears in another. And the results of card
//! check-ins, from the folder of the face application: [`FaceFolder`].
//!
//! ```
//! use jiff::{Timestamp, civil::date};
//! use uketsuke::Realm;
//! use uketsuke::eligibility::folders::*;
//! use uketsuke::eligibility::message::{Family, Insured, NumberQuestion, Question, Step, parse_report};
//! use uketsuke::eligibility::{
//!     Document, InstitutionCode, InsurerNumber, Lang, RuleTable, Situation, advise,
//! };
//!
//! # let place = tempfile::tempdir()?;
//! # let (req, res, journal) = (place.path().join("req"), place.path().join("res"), place.path().join("journal"));
//! # for folder in [&req, &res, &journal] { std::fs::create_dir(folder)?; }
//! # for folder in [&req, &res] { std::fs::write(folder.join(SIMULATION_MARKER), "")?; }
//! let mut folders = ExchangeFolders::open(ExchangeSettings::new(
//!     FolderPair::new(&req, &res),
//!     &journal,
//!     InstitutionCode::parse("1319999999").ok_or("ten digits")?,
//!     Realm::Simulation,
//! ).with_consumption(Consumption::Delete))?;
//!
//! let insurer = InsurerNumber::parse("139998").ok_or("no insurer's number")?;
//! let person = NumberQuestion::new(Insured::new(insurer, "1234")?, date(1980, 4, 1));
//! let question = Question::ByNumber { on: date(2026, 11, 22), person: person.clone() };
//!
//! // Keep the identifier with the patient in your own records. Then ask.
//! let id = QuestionId::generate()?;
//! # let mut now: Timestamp = "2026-11-22T12:00:00+09:00".parse()?;
//! folders.ask_as(id, &question, now)?;
//! # let answer = format!("<XmlMsg><MessageHeader><ArbitraryFileIdentifier>{id}</ArbitraryFileIdentifier>\
//! #     <SegmentOfResult>1</SegmentOfResult></MessageHeader><MessageBody>\
//! #     <ProcessingResultStatus>1</ProcessingResultStatus>\
//! #     <QualificationValidity>4</QualificationValidity></MessageBody></XmlMsg>");
//! # std::fs::write(res.join(format!("OQSsiquc01res_{id}.xml")), answer)?;
//!
//! // In the program's own rhythm, until it is over:
//! let progress = loop {
//!     match folders.look_for(id, now)? {
//!         Progress::Waiting { not_before, .. } => now = not_before,
//!         over => break over,
//!     }
//! };
//!
//! // What it is: the one valid insurance of this person, or a failure.
//! let failure = match progress.failure() {
//!     Some(failure) => Some(failure),
//!     None => {
//!         let file = folders.answer(id)?.unpacked()?;
//!         let cap = Family::Qualification.cap(Step::One);
//!         let report = parse_report(file.as_bytes(), cap)?.report;
//!         // Store file.as_bytes(), or what you take from the report. Only then:
//!         folders.settle(id)?;
//!         match report.found(&person) {
//!             Ok(coverage) => { println!("{}", coverage.insurer_name); None }
//!             Err(error) => Some(error.failure()),
//!         }
//!     }
//! };
//!
//! // And what to do then: this person came without a card.
//! if let Some(failure) = failure {
//!     let situation = Situation { card_here: Some(false), ..Situation::of(failure) };
//!     let documents = [Document::QualificationCertificate];
//!     let advice = advise(&situation, date(2026, 11, 22), &documents, &RuleTable::current());
//!     println!("{}", failure.cause(Lang::En));
//!     for item in &advice.items {
//!         println!("- {}", item.text(Lang::En));
//!     }
//! }
//! # assert_eq!(folders.open_questions().count(), 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is known of a question
//!
//! At every moment, also after a crash, a question is one of: not sent, possibly
//! sent, or over (answered, rejected, timed out, given up, in conflict). Nothing
//! is ever sent again by itself. To publish, a temporary file is written in the
//! folder of requests and flushed; the intent is written to a journal and flushed;
//! the file is renamed, over nothing; and that is noted. A temporary file that is
//! still there at the next start means that the question was not sent. Where
//! that isn't so, it is possibly sent, and waited for.
//!
//! A killed process is survived on every file system, a power cut where the
//! journal and the folder of requests are on local disks that keep what they were
//! told to flush. Windows flushes files but not folders: there a power cut may
//! leave a question possibly sent that wasn't.
//!
//! # Whose answer it is
//!
//! An answer counts if its name has the question's 20 random digits, the file says
//! the same identifier (for the second step of a bulk question: the reception
//! number), the document is closed, and two reads at two rounds, at least 300 ms
//! apart, gave the same bytes. Everything else is told as [`Trouble`] and left
//! alone. A second answer with other bytes is a [`Progress::Conflict`]: it goes to
//! a person, never to a patient. Files with other names are another program's, and
//! are not opened.
//!
//! Only regular files are read: links aren't followed, pipes aren't opened. A file
//! is looked at before and after it is opened, which leaves a moment for somebody
//! who can write into the folder to exchange it for a pipe; the program would wait
//! for that pipe's other end.
//!
//! # Keeping an answer
//!
//! [`answer`](ExchangeFolders::answer) reads it as often as wanted, also after a
//! restart, until [`settle`](ExchangeFolders::settle) says that it was kept. Then,
//! as [`Consumption`] says, its files are left, deleted or moved; that is in the
//! journal before it is done. Looking for thousands of answers costs one listing of
//! the folder in 300 ms.
//!
//! As an [`EligibilityService`](super::EligibilityService) it answers
//! [`Request::by_number`](super::Request::by_number). What a service can't tell, such
//! as the text of a rejection, is still here: keep
//! [`question_of`](ExchangeFolders::question_of) of the ticket before you poll, and
//! read the [`answer`](ExchangeFolders::answer) before the next call to the service.
//!
//! # After a restart
//!
//! [`open_questions`](ExchangeFolders::open_questions) are those that aren't over: look
//! for them as for new ones. Whose they are stands in your own records, beside their
//! [`QuestionId`]s. One that stands there and isn't among them was never sent, or was
//! settled: [`progress`](ExchangeFolders::progress) tells which, as long as it is
//! [remembered](ExchangeSettings::with_memory).
//!
//! The journal holds names, identifiers, times, reception numbers and 32-bit
//! checks of files; nothing about persons. But who has it together with the data of
//! all insured whom the clinic knows could try which of them a check fits: keep its
//! folder from others.

mod consume;
mod entry;
mod error;
mod exchange;
mod face;
mod failure;
mod id;
mod journal;
mod look;
mod open;
mod publish;
mod put_away;
mod round;
mod scan;
mod service;
mod settings;
mod state;
#[cfg(test)]
mod tests;

use crate::files;

pub use consume::AnswerFile;
pub use error::{AskError, AskErrorKind, FolderError, QuestionError};
pub use exchange::ExchangeFolders;
pub use face::{FaceFolder, FaceSettings, Since};
pub use id::{NoRandomness, QuestionId};
pub use journal::JournalError;
pub use settings::{Consumption, ExchangeSettings, FolderPair, SIMULATION_MARKER};
pub use state::{OpenQuestion, Progress, Trouble};
