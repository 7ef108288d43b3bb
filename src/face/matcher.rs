use zeroize::Zeroize;

use super::{Comparison, FaceError, InconclusiveReason, LiveImage, Score};
use crate::{Realm, trust::LivePhoto};

/// Which matcher it is, and what its scores mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatcherInfo {
    /// Who makes it.
    pub vendor: String,
    /// What it is called.
    pub name: String,
    /// Its version, for the audit record.
    pub version: String,
    /// SHA-256 of the model's file; of several files that change its scores, over all of
    /// them one behind the other, with their lengths; of a closed library, of the library.
    /// A [`Calibration`](super::Calibration) holds for
    /// the model that it was measured with and for no other.
    pub model: [u8; 32],
    /// The least alike that it can say.
    pub lowest: Score,
    /// The most alike that it can say.
    pub highest: Score,
    /// The world that it belongs to.
    pub realm: Realm,
}

/// What a template is made of.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Sample<'a> {
    /// The photo of the card.
    Card(&'a LivePhoto),
    /// A frame of the person at the desk.
    Live(&'a LiveImage),
}

/// What a matcher made of a [`Sample`].
#[non_exhaustive]
pub enum Extraction<T> {
    /// What it knows of the face.
    Template(T),
    /// There is no face, there are several, or it isn't good enough. Nobody's
    /// failure: take another frame, or use another method if it is the card's photo.
    NotUsable(InconclusiveReason),
}

/// Shows no template.
impl<T> std::fmt::Debug for Extraction<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Template(_) => f.write_str("Template(..)"),
            Self::NotUsable(reason) => write!(f, "NotUsable({reason:?})"),
        }
    }
}

/// Makes a template of a face, and compares two: what a vendor writes whose library
/// has both steps. [`ByTemplate`](super::ByTemplate) makes an engine of it.
///
/// Implementations keep nothing of a sample or a template when they return, and wipe
/// what they worked with: samples and what was derived from them are wiped at once
/// (NIST SP 800-63B-4, section 3.2.3).
pub trait FaceMatcher {
    /// What it knows of a face. [`Zeroize`] must overwrite all of it, so keep it on the
    /// heap (a `Vec`, a `Box`): a value that is moved leaves a copy where it was.
    type Template: Zeroize;

    /// Who it is, and what its scores mean. Asked at the beginning of each visit, too.
    fn info(&self) -> MatcherInfo;

    /// Makes a template. More than one face in a frame is
    /// [`InconclusiveReason::SeveralFaces`], never the best of them.
    ///
    /// # Errors
    ///
    /// [`FaceError::Photo`], [`FaceError::NotPixels`] or [`FaceError::Matcher`]. An
    /// error is never a match.
    fn extract(&mut self, sample: Sample<'_>) -> Result<Extraction<Self::Template>, FaceError>;

    /// Compares.
    ///
    /// # Errors
    ///
    /// [`FaceError::Matcher`]. An error is never a match.
    fn compare(&mut self, card: &Self::Template, live: &Self::Template)
    -> Result<Score, FaceError>;
}

/// Compares one photo with one frame: what a vendor writes whose closed library only
/// gives a score. [`ByScore`](super::ByScore) makes an engine of it.
///
/// Implementations keep nothing of either when they return: samples and what was
/// derived from them are wiped at once (NIST SP 800-63B-4, section 3.2.3).
///
/// If it is the card's photo that can't be used, say [`FaceError::Photo`]: any
/// [`Comparison::NotComparable`] asks the person to do better, and costs an attempt.
///
/// ```
/// use uketsuke::Realm;
/// use uketsuke::face::{
///     ByScore, Comparison, FaceError, FaceVerifier, InconclusiveReason, LiveImage,
///     MatcherInfo, Score,
/// };
/// use uketsuke::trust::LivePhoto;
/// # enum Said { Distance(f32), NobodyInFrame, BadPhoto, Failed }
/// # fn sdk_compare(_: &[u8], _: &[u8]) -> Said { Said::Failed }
///
/// struct Closed {
///     /// SHA-256 of the library's file.
///     library: [u8; 32],
/// }
///
/// impl FaceVerifier for Closed {
///     fn info(&self) -> MatcherInfo {
///         MatcherInfo {
///             vendor: "A vendor".into(),
///             name: "Closed".into(),
///             version: "3.2".into(),
///             model: self.library,
///             lowest: Score::ZERO,
///             highest: Score::ONE,
///             realm: Realm::Production,
///         }
///     }
///
///     fn verify(&mut self, card: &LivePhoto, live: &LiveImage) -> Result<Comparison, FaceError> {
///         match sdk_compare(card.jpeg2000(), live.bytes()) {
///             // It says a distance from 0 to 1, so it is turned round.
///             Said::Distance(distance) => {
///                 let score = Score::new(1.0 - distance).ok_or(FaceError::Matcher)?;
///                 Ok(Comparison::Score(score))
///             }
///             Said::NobodyInFrame => Ok(Comparison::NotComparable(InconclusiveReason::NoFace)),
///             Said::BadPhoto => Err(FaceError::Photo),
///             Said::Failed => Err(FaceError::Matcher),
///         }
///     }
/// }
///
/// let engine = ByScore::new(Closed { library: [7; 32] });
/// ```
pub trait FaceVerifier {
    /// Who it is, and what its scores mean. Asked at the beginning of each visit, too.
    fn info(&self) -> MatcherInfo;

    /// Compares. More than one face in the frame is
    /// [`InconclusiveReason::SeveralFaces`], never the best of them.
    ///
    /// # Errors
    ///
    /// [`FaceError::Photo`], [`FaceError::NotPixels`] or [`FaceError::Matcher`]. An
    /// error is never a match.
    fn verify(&mut self, card: &LivePhoto, live: &LiveImage) -> Result<Comparison, FaceError>;
}
