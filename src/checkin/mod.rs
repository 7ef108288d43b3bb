//! The check-in: a machine without I/O, its screens, and a driver.
//!
//! [`CheckIn`] decides; it reads no clock, touches no card and no network.
//! Whoever drives it feeds [`Input`]s and carries out [`Output`]s, until
//! [`Output::Finished`]. [`Reception`] is the ready driver for any
//! [`Reader`](crate::transport::Reader), any face parts and any
//! [`EligibilityService`](crate::eligibility::EligibilityService); [`lanes`] runs
//! many of them in a few threads.
//!
//! # The one rule of driving it
//!
//! After every [`CheckIn::handle`], call [`CheckIn::poll`] until it says
//! [`Output::Idle`] or [`Output::Finished`].
//!
//! # A phone in place of the card
//!
//! With a reader for phones ([`Reception::with_phone_reader`]; in a loop of one's own
//! [`Equipment::phone`]) the first screen offers one. The person says which [kind](PhoneKind) it is. An
//! Android phone's PIN is typed before the phone is there, and all is done in one tap; an
//! iPhone's holder is identified on it, which takes a vendor's [`DeviceVerification`]. Who
//! would rather use the card after all goes back to it. The screens in their order are on
//! [`Screen`], what can go wrong on [`PhoneTaskError`], phones to try it with are
//! [`Persona::phones`](crate::simulation::Persona::phones). Real phones pass only
//! under a policy that knows their certificates: [`Policy::of`].
//!
//! # A face
//!
//! 顔認証 is offered where the policy has a [`MatchPolicy`](crate::face::MatchPolicy)
//! ([`Policy::with_match_policy`]) with a record of the matcher, and all parts, with a
//! [`PinlessAuthorization`], are of its realm. The driver reads the photo with what proves it ([`Task::ReadPhoto`]), the machine
//! proves it and hands it out ([`Task::CompareFace`]). Attempts are counted for the visit and,
//! over all visits, for the card. There is always another way beside it, and each screen says
//! which. The birth date signed with the photo must be the one that the centre has.
//!
//! # What an accepted check-in needs
//!
//! [`Proofs::accept`] consumes an [`Identity`], a
//! [`ChainValidated`](crate::trust::ChainValidated), a
//! [`ChallengeSigned`](crate::trust::ChallengeSigned) and an
//! [`EligibilityConfirmed`](crate::eligibility::EligibilityConfirmed), all of
//! the same visit, card or phone, and realm. There is no other way to an [`Accepted`].

mod accept;
mod audit;
mod desk;
mod device;
mod failure;
mod held;
mod io;
pub mod lanes;
mod machine;
mod outcome;
mod phone;
mod pinless;
mod policy;
mod reception;
mod screen;
mod staff;
mod told;
mod words;

pub use accept::{Identity, PendingIdentity, ProofMismatch, Proofs};
pub use audit::{
    AuditBreak, AuditBroken, AuditError, AuditEvent, AuditKey, AuditKeyError, AuditLog,
    AuditRecord, AuditStanding, FaceJudgedBy, Head, HeadError, Pseudonym, Verified,
};
pub use desk::{Desk, FaceParts};
pub use device::{DeviceError, DeviceVerification, DeviceVerified};
pub use io::{
    CardRead, Choice, FaceTaskError, Input, Method, Output, PhotoRead, PinTaskError, ScreenId,
    Signed, Task, TaskId, TaskResult,
};
pub use machine::{CheckIn, Summary};
pub use outcome::{Accepted, NotAccepted, Outcome};
pub use phone::{PhoneKind, PhoneNotRead, PhoneRead, PhoneTaskError, Phones, TapAgain};
pub use pinless::{PinlessAuthorization, PinlessError, PinlessRight, RawCard};
pub use policy::{Equipment, Mode, Policy, PolicyDigest, Timeouts};
pub use reception::{Reception, Step};
pub use screen::{CardFaceTrouble, FacePaused, Question, Screen};
pub use staff::{
    Passcode, PasscodeFormatError, StaffConfirmed, StaffId, StaffIdError, StaffPasscodeSource,
    StaffRefused,
};
pub use told::{Told, Wish};
pub use words::{Button, ChoiceKey, ScreenText};
