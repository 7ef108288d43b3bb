//! Face match (顔認証): is the person at the desk the person on the card's photo?
//!
//! One photo is compared with one frame. There is no call that searches among
//! many people, nothing is stored, and frames are wiped when they were used.
//!
//! The crate ships no face recognition. A vendor plugs in three parts, and the
//! policy — never a part — decides:
//!
//! | part | trait | says |
//! |---|---|---|
//! | camera | [`FaceCapture`] | one frame of the person |
//! | detector | [`PresentationAttackDetector`] | a person, or a picture, screen or mask |
//! | matcher | [`FaceMatcher`] | how alike, as a [`Score`] on its own scale |
//! | policy | [`MatchPolicy`] | [`Decision`]: match, no match, or inconclusive |
//!
//! A score means nothing without a measurement, so a policy has no default
//! threshold: it takes an [`OperatingPoint`], which names the model that was
//! measured, the false match rate ([`Fmr`]) at the threshold, and the trials that
//! show it. [`evaluation`] makes one from a vendor's own scores.
//!
//! # What this version does
//!
//! A photo can be proved issued to the chip that answers
//! ([`LivePhoto`](crate::trust::LivePhoto)), but what is matched here is still the
//! bare photo ([`CardPhoto`](crate::card::CardPhoto)): neither a policy nor a
//! matcher takes the proof yet. A copied or self-made card could carry any photo,
//! so outside of [`Realm::Simulation`](crate::Realm::Simulation)
//! [`MatchPolicy::decide`] refuses with [`FaceError::PhotoNotProved`]. **In this
//! version a face match succeeds only among simulated parts**; real desks use
//! the PIN (暗証番号).
//!
//! # Sources
//!
//! False match rate and the number of trials: ISO/IEC 19795-1. Presentation
//! attacks: ISO/IEC 30107-3. One in 10 000, the number of attempts, another
//! method always offered, samples wiped at once: NIST SP 800-63B-4, section 3.2.3.
//! The requirements that Japan's Ministry of Health, Labour and Welfare sets for
//! certified readers (顔認証付きカードリーダー) are not reproduced here; who builds a
//! product must obtain them.

mod attempts;
mod calibration;
mod capture;
mod confidence;
mod decision;
mod digest;
mod engine;
mod error;
pub mod evaluation;
mod evidence;
mod image;
mod matcher;
#[cfg(feature = "photo")]
mod photo;
mod picture;
mod policy;
mod quality;
mod score;
mod tally;

pub use attempts::Attempts;
pub use calibration::{Calibration, CalibrationError, MatcherId, PointProblem};
pub use capture::{FaceCapture, PadResult, PresentationAttackDetector};
pub use confidence::Confidence;
pub use decision::{Decision, FaceMatched, InconclusiveReason};
pub use digest::{CalibrationDigest, MatchPolicyDigest};
#[cfg(feature = "simulation")]
pub(crate) use engine::sealed;
pub use engine::{ByScore, ByTemplate, FaceEngine, Prepared};
pub use error::{FaceError, FacePart};
pub use evidence::OperatingPoint;
pub use image::LiveImage;
pub use matcher::{Extraction, FaceMatcher, FaceVerifier, MatcherInfo, Sample};
#[cfg(feature = "photo")]
pub use photo::{PhotoError, PhotoProblem, decode_jpeg2000, decode_photo};
pub use picture::{Picture, PictureError, PixelFormat};
pub use policy::{Judges, MatchPolicy, PolicyError};
pub use quality::{Quality, QualityAssessor};
pub use score::{Comparison, Fmr, Score};
pub use tally::{CardKeyId, FaceLimits, FaceRefused, FaceTally};
