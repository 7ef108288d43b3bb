use super::{FaceError, LiveImage};
use crate::Realm;

/// Takes pictures of the person at the desk.
///
/// A camera's picture alone is not consent: capture only after the person chose
/// to use their face.
pub trait FaceCapture {
    /// The world that the camera belongs to. The frames must say the same.
    fn realm(&self) -> Realm;

    /// Takes one frame. A camera may wait for the person, within
    /// [`Timeouts::card`](crate::checkin::Timeouts::card), which preparing the photo and
    /// comparing share; after that the visit ends.
    ///
    /// # Errors
    ///
    /// [`FaceError::Camera`] if there is no frame, [`FaceError::Cancelled`] if the person
    /// gave up. A frame without a face in it is a frame: the matcher says so.
    fn capture(&mut self) -> Result<LiveImage, FaceError>;
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
