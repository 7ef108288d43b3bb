use thiserror::Error;

use crate::Realm;

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
    /// The quality assessor.
    Quality,
    /// The card's photo: the realm of the pinned key that it was proved with.
    Photo,
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
    /// The card's photo can't be decoded, or shows no face that can be compared.
    #[error(
        "the photo on the card can't be decoded, or shows no face that can be compared; use the PIN"
    )]
    Photo,
    /// The matcher failed.
    #[error("the face matcher failed; use the PIN")]
    Matcher,
    /// The presentation attack detector failed.
    #[error("the presentation attack detector failed; use the PIN")]
    Detector,
    /// The quality assessor failed.
    #[error("the quality of the picture can't be told; use the PIN")]
    Quality,
    /// The frame is no [`Picture`](super::Picture), and this part needs one
    /// ([`LiveImage::of_picture`](super::LiveImage::of_picture)).
    #[error("the camera's frame is not in pixels, which this part needs; check the set-up")]
    NotPixels,
    /// A part belongs to a world that the policy doesn't accept.
    #[error("{part:?} belongs to {realm}, which this policy does not accept; check the set-up")]
    Realm {
        /// Which part.
        part: FacePart,
        /// The world that it says.
        realm: Realm,
    },
    /// The matcher gave a score outside of the range that it states.
    #[error("the face matcher gave a score outside of its own range; check its version")]
    ScoreOutOfRange,
}
