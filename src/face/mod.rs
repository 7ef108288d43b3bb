//! Face match (顔認証): is the person at the desk the person on the card's photo?
//!
//! The photo of one card is compared with one frame. There is no call that searches
//! among many people, and nothing is stored: frames and templates are wiped when they
//! were used.
//!
//! A vendor plugs in its parts, and the policy — never a part — decides:
//!
//! | part | trait | says |
//! |---|---|---|
//! | camera | [`FaceCapture`] | one frame of the person |
//! | detector | [`PresentationAttackDetector`] | a person, or a picture, screen or mask |
//! | assessor, if there is one | [`QualityAssessor`] | good enough to be compared, or what is wrong; [`PixelQuality`] needs no model |
//! | matcher | [`FaceMatcher`], or [`FaceVerifier`] for a closed library | how alike, as a [`Score`] on its own scale |
//! | policy | [`MatchPolicy`] | [`Decision`]: match, no match, or inconclusive |
//!
//! A check-in wants two more: who reads 照合番号B off the card
//! ([`ReferenceNumberSource`](crate::card::ReferenceNumberSource)), which opens the photo, and
//! who uses the key without a PIN ([`PinlessAuthorization`](crate::checkin::PinlessAuthorization)),
//! without whom no face is offered.
//!
//! The photo is one that was proved issued to the chip that answers
//! ([`LivePhoto`](crate::trust::LivePhoto)); no other can be compared.
//!
//! A score means nothing without a measurement, so a policy has no default threshold.
//! The caller asks for a false match rate ([`Fmr`], at most 1 in 10 000), and the
//! matcher's [`Calibration`] record gives the threshold that shows it, with the trials
//! behind it. A record of another matcher, version or model counts for nothing.
//! [`evaluation`] makes one from a vendor's own scores.
//!
//! ```
//! use uketsuke::card::BirthDate;
//! use uketsuke::face::{
//!     Decision, FaceCapture, FaceEngine, FaceError, Judges, MatchPolicy,
//!     PresentationAttackDetector,
//! };
//! use uketsuke::trust::LivePhoto;
//!
//! /// One look into the camera.
//! fn look(
//!     policy: &MatchPolicy,
//!     photo: &LivePhoto,
//!     camera: &mut dyn FaceCapture,
//!     engine: &mut dyn FaceEngine, // ByTemplate::new(..) or ByScore::new(..)
//!     detector: &mut dyn PresentationAttackDetector,
//! ) -> Result<&'static str, FaceError> {
//!     let judges = Judges { engine, detector, quality: None };
//!     let decision = policy.decide(photo, camera.capture()?, judges)?;
//!     Ok(match decision {
//!         Decision::Match(proof) => {
//!             let _to_compare_with_the_centres: &BirthDate = proof.birth_date();
//!             "welcome"
//!         }
//!         Decision::Inconclusive(reason) => reason.code(),
//!         _ => "no match",
//!     })
//! }
//! ```
//!
//! Attempts are counted twice: those of a visit ([`Attempts`]), and those with one card
//! over all visits ([`FaceTally`]). A method without a face must be on offer from the
//! start.
//!
//! # What the types don't allow
//!
//! A match that no policy decided:
//!
//! ```compile_fail,E0451
//! # fn with(other: uketsuke::face::FaceMatched, born: uketsuke::card::BirthDate) -> uketsuke::face::FaceMatched {
//! uketsuke::face::FaceMatched { birth_date: born, ..other }
//! # }
//! ```
//!
//! A policy without a calibration record, or with another threshold than it gave:
//!
//! ```compile_fail,E0599
//! let policy = uketsuke::face::MatchPolicy::default();
//! ```
//! ```compile_fail,E0624
//! # fn without(record: uketsuke::face::Calibration, point: uketsuke::face::OperatingPoint) {
//! let policy = uketsuke::face::MatchPolicy::without_evidence(record, point);
//! # }
//! ```
//! ```compile_fail,E0616
//! # fn lower(mut policy: uketsuke::face::MatchPolicy) {
//! policy.point.threshold = uketsuke::face::Score::ZERO;
//! # }
//! ```
//!
//! A photo that is merely read:
//!
//! ```compile_fail,E0308
//! # use uketsuke::face::*;
//! # fn read(policy: MatchPolicy, photo: uketsuke::card::CardPhoto, live: LiveImage, judges: Judges<'_>) {
//! policy.decide(&photo, live, judges);
//! # }
//! ```
//!
//! A frame that serves two decisions:
//!
//! ```compile_fail,E0382
//! # use uketsuke::face::*;
//! # fn twice(policy: MatchPolicy, photo: uketsuke::trust::LivePhoto, live: LiveImage, one: Judges<'_>, two: Judges<'_>) {
//! policy.decide(&photo, live, one);
//! policy.decide(&photo, live, two);
//! # }
//! ```
//!
//! An engine that keeps templates, and a template out of one that doesn't:
//!
//! ```compile_fail,E0277
//! use uketsuke::face::{Comparison, FaceEngine, FaceError, LiveImage, MatcherInfo, Prepared};
//! use uketsuke::trust::LivePhoto;
//!
//! struct Keeps(Vec<Vec<u8>>);
//! impl FaceEngine for Keeps {
//!     fn info(&self) -> MatcherInfo { todo!() }
//!     fn prepare(&mut self, _: &LivePhoto) -> Result<Prepared, FaceError> { todo!() }
//!     fn compare(&mut self, _: &LivePhoto, _: &LiveImage) -> Result<Comparison, FaceError> { todo!() }
//!     fn forget(&mut self) {}
//! }
//! ```
//! ```compile_fail,E0616
//! # use uketsuke::face::{ByTemplate, FaceMatcher};
//! # fn take<M: FaceMatcher>(engine: ByTemplate<M>) {
//! let template = engine.card;
//! # }
//! ```
//! ```compile_fail,E0599
//! # use uketsuke::face::{ByTemplate, FaceMatcher};
//! # fn copy<M: FaceMatcher + Clone>(engine: ByTemplate<M>) where M::Template: Clone {
//! let other = engine.clone();
//! # }
//! ```
//!
//! A vendor's matcher sees the samples, as it must. That it keeps nothing of them no type
//! can tell: [`FaceMatcher`] says what it must keep to.
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
#[cfg(any(feature = "calibration", feature = "onnx"))]
mod named;
#[cfg(feature = "onnx")]
pub mod onnx;
#[cfg(feature = "photo")]
mod photo;
mod picture;
mod pixel_quality;
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
pub use pixel_quality::{PixelLimits, PixelMeasures, PixelQuality};
pub use policy::{Judges, MatchPolicy, PolicyError};
pub use quality::{Quality, QualityAssessor};
pub use score::{Comparison, Fmr, Score};
pub use tally::{CardKeyId, FaceLimits, FaceRefused, FaceTally};
