use thiserror::Error;

use super::{InconclusiveReason, LiveImage};
use crate::{Realm, card::CardPhoto};

/// False match rate: of comparisons between different people, the part that a
/// threshold lets through (ISO/IEC 19795-1). Greater than 0, less than 1.
///
/// It counts comparisons. A visit allows several attempts, so the chance that a
/// stranger gets through one visit is higher, by up to the number of attempts.
///
/// ```
/// use uketsuke::face::Fmr;
///
/// assert!(Fmr::new(0.0001).is_some_and(|fmr| fmr <= Fmr::ONE_IN_10_000));
/// assert!(Fmr::new(0.0).is_none() && Fmr::new(1.0).is_none() && Fmr::new(f64::NAN).is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Fmr(f64);

impl Fmr {
    /// The highest that a policy for real cards accepts (NIST SP 800-63B-4,
    /// section 3.2.3).
    pub const ONE_IN_10_000: Self = Self(1e-4);

    /// `None` outside of (0, 1) and for NaN.
    #[must_use]
    pub fn new(rate: f64) -> Option<Self> {
        (rate > 0.0 && rate < 1.0).then_some(Self(rate))
    }

    /// The rate.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// How alike two faces are, on the matcher's own scale. Higher is more alike;
/// always finite.
///
/// Matchers that speak of *distance* or *certainty* must be turned round by who
/// wraps them: reading such a scale the wrong way makes everybody match.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Score(f32);

impl Score {
    /// 0, the lower end of many scales.
    pub const ZERO: Self = Self(0.0);
    /// 1, the upper end of many scales.
    pub const ONE: Self = Self(1.0);

    /// `None` for NaN and the infinities.
    #[must_use]
    pub fn new(score: f32) -> Option<Self> {
        score.is_finite().then_some(Self(score))
    }

    /// The value.
    #[must_use]
    pub const fn get(self) -> f32 {
        self.0
    }
}

/// Which matcher it is, and what its scores mean.
#[derive(Clone, Debug, PartialEq)]
pub struct MatcherInfo {
    /// Who makes it.
    pub vendor: String,
    /// What it is called.
    pub name: String,
    /// Its version, for the audit record.
    pub version: String,
    /// SHA-256 of the model's file. An [`OperatingPoint`](super::OperatingPoint)
    /// holds for the model that it was measured with and for no other.
    pub model: [u8; 32],
    /// The least alike that it can say.
    pub lowest: Score,
    /// The most alike that it can say.
    pub highest: Score,
    /// The world that it belongs to.
    pub realm: Realm,
}

/// What a comparison gave. Never a decision: that's
/// [`MatchPolicy::decide`](super::MatchPolicy::decide).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Comparison {
    /// How alike.
    Score(Score),
    /// The images could not be compared, and that is nobody's failure: nobody in
    /// the frame, too dark, and so on. Take another frame.
    NotComparable(InconclusiveReason),
}

/// A part of a face match that states its realm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FacePart {
    /// The camera that took the frame.
    Camera,
    /// The matcher.
    Matcher,
    /// The presentation attack detector.
    Detector,
}

/// The face match could not be done. An error is never a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FaceError {
    /// The camera gave no frame.
    #[error("the camera does not answer; check its cable, or use the PIN")]
    Camera,
    /// The person gave up before there was a frame: from a camera that waits for
    /// them. A check-in ends then as if they had cancelled.
    #[error("the person did not want to look at the camera")]
    Cancelled,
    /// The card's photo can't be decoded.
    #[error("the photo on the card can't be decoded; use the PIN")]
    Photo,
    /// The matcher failed.
    #[error("the face matcher failed; use the PIN")]
    Matcher,
    /// The presentation attack detector failed.
    #[error("the presentation attack detector failed; use the PIN")]
    Detector,
    /// A part belongs to a world that the policy doesn't accept.
    #[error("{part:?} belongs to {realm}, which this policy does not accept; check the set-up")]
    Realm {
        /// Which part.
        part: FacePart,
        /// The world that it says.
        realm: Realm,
    },
    /// The photo was read from the chip but not proved to have been issued to
    /// it, so outside of the simulation it can't carry a match. A match takes no
    /// proof of the photo yet ([`LivePhoto`](crate::trust::LivePhoto)): use the PIN.
    #[error("the photo is not proved to have been issued to this chip; use the PIN")]
    PhotoNotProved,
    /// The matcher gave a score outside of the range that it states.
    #[error("the face matcher gave a score outside of its own range; check its version")]
    ScoreOutOfRange,
}

/// Takes pictures of the person at the desk.
///
/// A camera's picture alone is not consent: capture only after the person chose
/// to use their face.
pub trait FaceCapture {
    /// The world that the camera belongs to. The frames must say the same.
    fn realm(&self) -> Realm;

    /// Takes one frame.
    ///
    /// # Errors
    ///
    /// [`FaceError::Camera`] if there is no frame. A frame without a face in it
    /// is a frame: the matcher says so.
    fn capture(&mut self) -> Result<LiveImage, FaceError>;
}

/// Compares one photo with one frame.
///
/// Implementations keep nothing of either when they return: samples and what was
/// derived from them are wiped at once (NIST SP 800-63B-4, section 3.2.3).
pub trait FaceMatcher {
    /// Who it is, and what its scores mean.
    fn info(&self) -> MatcherInfo;

    /// Compares. More than one face in the frame is
    /// [`InconclusiveReason::SeveralFaces`], never the best of them.
    ///
    /// # Errors
    ///
    /// [`FaceError::Photo`] or [`FaceError::Matcher`]. An error is never a match.
    fn compare(&mut self, card: &CardPhoto, live: &LiveImage) -> Result<Comparison, FaceError>;
}

/// What a detector found (ISO/IEC 30107-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PadResult {
    /// A person in front of the camera ("bona fide presentation").
    Passed,
    /// A print, a screen, a mask or the like.
    Attack,
    /// It can't tell.
    Inconclusive,
    /// Nothing was measured: a member of staff stands by and looks at the face.
    /// Counts only where
    /// [`MatchPolicy::accept_attended`](super::MatchPolicy::accept_attended) was
    /// called.
    AttendedByOperator,
}

/// Detects presentation attacks: pictures, screens and masks held before the
/// camera.
pub trait PresentationAttackDetector {
    /// The world that it belongs to.
    fn realm(&self) -> Realm;

    /// Looks at the same frame that is compared.
    ///
    /// # Errors
    ///
    /// [`FaceError::Detector`]. An error is never a pass.
    fn assess(&mut self, live: &LiveImage) -> Result<PadResult, FaceError>;
}
