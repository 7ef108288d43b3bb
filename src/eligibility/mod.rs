//! The question to the online eligibility system (オンライン資格確認), its answer,
//! and what to do when there is none.
//!
//! - [`Request`] is the numbered question, with the proof of a check-in
//!   ([`Presented`]), or by the numbers of an insurance ([`message::NumberQuestion`]).
//! - [`EligibilityService`] is the link to the centre: submit, poll, cancel.
//! - [`Report`] is everything the centre said, with its three layers of result
//!   kept apart; [`status`] judges it for the registration, [`noted`] for a choice,
//!   [`confirm()`] for the insurance and makes [`EligibilityConfirmed`]. [`found`]
//!   judges the answer to a question by number, of which no proof is made.
//! - [`message::Question`] is the clinic's own question, by the numbers of an
//!   insurance, as a file for the connector (連携アプリ).
//! - [`Coverage`] is the little that a receptionist needs from it, with the
//!   [`Warning`]s.
//! - [`Failure`] names every other end of a check-in, and [`advise`] says what
//!   to do then, by the dated rules of a [`RuleTable`].
//!
//! Clinic software begins here:
//!
//! | what for | where |
//! |---|---|
//! | results of the card readers (顔認証付きカードリーダー), for the person at the desk | [`armed`], over a [`folders::FaceFolder`] |
//! | questions by number, bulk checks, 照会番号, medicines, through folders | [`folders`], [`message`] |
//! | whether an answer is good for this person | [`Report::found`]; for a reader's result [`Coverage::from_report`] |
//! | whether medicines may be looked at now | [`Consent::allows_at`] |
//! | what to tell person and staff when it isn't | [`Failure`] of every error, [`advise`], [`catalogue`] |
//! | to hand it on to another system | feature `fhir`; or `serde` of a [`Coverage`] |
//!
//! The official interface specification is handed out to registered vendors
//! only. Codes and element names here are those that independent public
//! implementations agree on; unknown codes are kept as text.

mod advice;
mod age;
pub mod armed;
pub mod catalogue;
mod codes;
mod confirm;
mod consent;
mod coverage;
mod failure;
mod feed;
#[cfg(feature = "fhir")]
pub mod fhir;
pub mod folders;
pub mod message;
mod numbers;
mod personal;
mod report;
mod request;
mod rules;
mod said;
mod service;
mod situation;
pub mod text;
mod xml;

pub use advice::{Advice, AdviceItem, advise};
pub use age::AgeGroup;
pub use catalogue::{Place, Retry};
pub use codes::{
    AccessUrl, AuthenticationFactor, CardClassification, Change, CharacterCode, ConsentFlag,
    ConsentLapse, ConsentMatch, Consistency, Display, EmergencyView, ImageKind, InformationKind,
    InformationRequest, InstitutionMatch, LimitCategory, LimitCertificateKind, LimitChanged,
    LimitConsent, LinkedSystem, PersonalFamily, Preschool, PrescriptionIssue, PrescriptionMoment,
    PrescriptionUse, ProcessingResultStatus, QualificationValidity, ReasonOfLoss, Recorded,
    ReferenceClassification, SamePerson, SegmentOfResult, Sex, SingleOrCombined,
    SpecificDiseaseCategory, TicketType, TreatmentCategory, TreatmentType, Usage,
};
pub use confirm::{EligibilityConfirmed, NotConfirmed, confirm, found, noted, status};
pub use consent::{Consent, ConsentKind, Consents};
pub use coverage::Coverage;
pub use failure::{Failure, Lang};
pub use feed::{FeedError, FeedItem, FeedResult, FeedTrouble, ResultFeed, ResultId};
pub use numbers::{
    BeneficiaryNumber, InstitutionCode, InstitutionKind, InsurerNumber, PayerNumber,
};
pub use personal::Personal;
pub use report::{
    CertificateStatus, ElderlyRecipient, LimitCertificate, MedicalTicket, NumberKind,
    Qualification, Registration, Report, SearchInfo, SpecificDisease, Three, UnreadElement,
    Warning,
};
pub use request::{Asked, Identified, Presented, Request, RequestKind, RequestNumber};
pub use rules::{Action, Condition, Fact, Milestone, Rule, RuleDates, RuleTable};
pub use said::CentreSaid;
pub use service::{
    Answer, Capabilities, EligibilityService, PollResult, ServiceError, ServiceErrorKind, Ticket,
};
pub use situation::{Document, Situation};
