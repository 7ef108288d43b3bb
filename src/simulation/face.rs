//! Camera, detector, matcher and number reader that only pretend, and say so:
//! each is [`Realm::Simulation`], and no policy for real cards accepts one.

use std::fmt;

use super::Persona;
use crate::{
    Realm,
    card::{ReferenceNumberB, ReferenceNumberSource, ReferenceSourceError},
    face::{
        Calibration, Comparison, FaceCapture, FaceEngine, FaceError, FaceVerifier, Fmr,
        InconclusiveReason, LiveImage, MatchPolicy, MatcherInfo, OperatingPoint, PadResult,
        Prepared, PresentationAttackDetector, Score, sealed::Sealed,
    },
    trust::LivePhoto,
};

/// In the place of the SHA-256 of a model, since there is no model.
const NO_MODEL: [u8; 32] = *b"UKETSUKE-SIMULATED-MATCHER-MODEL";
/// What every simulated frame begins with.
const FRAME: &[u8] = b"UKETSUKE-SIMULATED-FRAME ";

/// Whom a simulated frame shows. Written into the frame, read from it by matcher
/// and detector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scene {
    SamePerson,
    SomeoneElse,
    Nobody,
    Several,
    Picture,
}

impl Scene {
    const ALL: [Self; 5] = [
        Self::SamePerson,
        Self::SomeoneElse,
        Self::Nobody,
        Self::Several,
        Self::Picture,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::SamePerson => "same person",
            Self::SomeoneElse => "someone else",
            Self::Nobody => "nobody",
            Self::Several => "several people",
            Self::Picture => "picture of the person",
        }
    }

    fn of(live: &LiveImage) -> Option<Self> {
        let name = live.bytes().strip_prefix(FRAME)?;
        Self::ALL
            .into_iter()
            .find(|scene| scene.name().as_bytes() == name)
    }
}

/// A camera that always sees the same, as its constructor says.
///
/// ```
/// use uketsuke::{Realm, face::FaceCapture, simulation::SimulatedCamera};
///
/// let mut camera = SimulatedCamera::someone_else();
/// assert_eq!(camera.realm(), Realm::Simulation);
/// assert_eq!(camera.capture()?.realm(), Realm::Simulation);
/// # Ok::<(), uketsuke::face::FaceError>(())
/// ```
#[derive(Clone, Debug)]
pub struct SimulatedCamera {
    /// `None`: out of order.
    scene: Option<Scene>,
}

impl SimulatedCamera {
    /// Sees the holder of the card, or someone else, as
    /// [`Persona::face_matches`] says.
    #[must_use]
    pub const fn of(persona: &Persona) -> Self {
        if persona.face_matches {
            Self::same_person()
        } else {
            Self::someone_else()
        }
    }

    /// Sees the holder of the card, whoever that is.
    #[must_use]
    pub const fn same_person() -> Self {
        Self::seeing(Scene::SamePerson)
    }

    /// Sees one person, who isn't the holder.
    #[must_use]
    pub const fn someone_else() -> Self {
        Self::seeing(Scene::SomeoneElse)
    }

    /// Sees nobody.
    #[must_use]
    pub const fn nobody() -> Self {
        Self::seeing(Scene::Nobody)
    }

    /// Sees the holder and others.
    #[must_use]
    pub const fn several_people() -> Self {
        Self::seeing(Scene::Several)
    }

    /// Sees a picture of the holder held before it: a presentation attack.
    #[must_use]
    pub const fn picture() -> Self {
        Self::seeing(Scene::Picture)
    }

    /// Is out of order: every capture fails.
    #[must_use]
    pub const fn broken() -> Self {
        Self { scene: None }
    }

    const fn seeing(scene: Scene) -> Self {
        Self { scene: Some(scene) }
    }
}

impl FaceCapture for SimulatedCamera {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn capture(&mut self) -> Result<LiveImage, FaceError> {
        let scene = self.scene.ok_or(FaceError::Camera)?;
        let frame = [FRAME, scene.name().as_bytes()].concat();
        Ok(LiveImage::new(Realm::Simulation, frame))
    }
}

/// A matcher that reads the answer off the frame of a [`SimulatedCamera`].
///
/// It recognises nobody: 1 for the frame that is marked as the holder of the card
/// (a picture of the holder too, since telling those apart is the detector's
/// work), 0 for someone else. A frame that no simulated camera made, or a card
/// without a JPEG 2000 photo, is an error.
#[derive(Clone, Debug, Default)]
pub struct SimulatedMatcher {
    _private: (),
}

impl SimulatedMatcher {
    /// Makes one.
    #[must_use]
    pub const fn new() -> Self {
        Self { _private: () }
    }
}

impl FaceVerifier for SimulatedMatcher {
    fn info(&self) -> MatcherInfo {
        info()
    }

    fn verify(&mut self, card: &LivePhoto, live: &LiveImage) -> Result<Comparison, FaceError> {
        compare(card.jpeg2000(), live)
    }
}

impl Sealed for SimulatedMatcher {}

/// As [`ByScore`](crate::face::ByScore) does it.
impl FaceEngine for SimulatedMatcher {
    fn info(&self) -> MatcherInfo {
        info()
    }

    fn prepare(&mut self, photo: &LivePhoto) -> Result<Prepared, FaceError> {
        if looks_like_jpeg2000(photo.jpeg2000()) {
            Ok(Prepared::Ready)
        } else {
            Err(FaceError::Photo)
        }
    }

    fn compare(&mut self, photo: &LivePhoto, live: &LiveImage) -> Result<Comparison, FaceError> {
        compare(photo.jpeg2000(), live)
    }

    fn forget(&mut self) {}
}

fn info() -> MatcherInfo {
    MatcherInfo {
        vendor: "uketsuke".to_owned(),
        name: "simulated matcher (recognises nobody)".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        model: NO_MODEL,
        lowest: Score::ZERO,
        highest: Score::ONE,
        realm: Realm::Simulation,
    }
}

fn compare(photo: &[u8], live: &LiveImage) -> Result<Comparison, FaceError> {
    if !looks_like_jpeg2000(photo) {
        return Err(FaceError::Photo);
    }
    match Scene::of(live) {
        Some(Scene::SamePerson | Scene::Picture) => Ok(Comparison::Score(Score::ONE)),
        Some(Scene::SomeoneElse) => Ok(Comparison::Score(Score::ZERO)),
        Some(Scene::Nobody) => Ok(Comparison::NotComparable(InconclusiveReason::NoFace)),
        Some(Scene::Several) => Ok(Comparison::NotComparable(InconclusiveReason::SeveralFaces)),
        None => Err(FaceError::Matcher),
    }
}

/// The signature box of a JP2 file, or the start of a bare code stream (ISO/IEC
/// 15444-1, sections I.5.1 and A.4.1).
fn looks_like_jpeg2000(photo: &[u8]) -> bool {
    photo.starts_with(b"\0\0\0\x0CjP  \r\n\x87\n") || photo.starts_with(b"\xFF\x4F\xFF\x51")
}

/// A detector that reads the answer off the frame of a [`SimulatedCamera`], or
/// says what it was told to.
///
/// A frame that no simulated camera made is an error.
#[derive(Clone, Debug, Default)]
pub struct SimulatedDetector {
    told: Option<PadResult>,
}

impl SimulatedDetector {
    /// Passes every frame but that of [`SimulatedCamera::picture`].
    #[must_use]
    pub const fn new() -> Self {
        Self { told: None }
    }

    /// Says `result` about every frame.
    #[must_use]
    pub const fn saying(result: PadResult) -> Self {
        Self { told: Some(result) }
    }
}

impl PresentationAttackDetector for SimulatedDetector {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn assess(&mut self, live: &LiveImage) -> Result<PadResult, FaceError> {
        let scene = Scene::of(live).ok_or(FaceError::Detector)?;
        Ok(self.told.unwrap_or(match scene {
            Scene::Picture => PadResult::Attack,
            _ => PadResult::Passed,
        }))
    }
}

impl MatchPolicy {
    /// The policy of the simulation: it goes with [`SimulatedMatcher`], accepts
    /// simulated parts only, and what it mints says so.
    ///
    /// The only policy without evidence. Its record says so, and names no model: no
    /// other matcher goes with it.
    #[must_use]
    pub fn simulation() -> Self {
        let point = OperatingPoint {
            threshold: Score::ONE,
            fmr: Fmr::ONE_IN_10_000,
            non_mated_trials: 0,
            false_matches: 0,
            fnmr: None,
        };
        Self::without_evidence(Calibration::without_evidence(info().id(), point), point)
    }
}

/// Knows what is printed on a persona's card: 照合番号B, as a reader's camera
/// would find it by character recognition.
///
/// `Debug` doesn't print the number.
#[derive(Clone)]
pub struct SimulatedReferenceSource {
    reads: Reads,
}

#[derive(Clone)]
enum Reads {
    Right(&'static str),
    Wrong(&'static str),
    Nothing,
    Broken,
}

impl SimulatedReferenceSource {
    /// Reads the persona's number.
    #[must_use]
    pub const fn of(persona: &Persona) -> Self {
        Self {
            reads: Reads::Right(persona.reference_number_b),
        }
    }

    /// Misreads the last digit of the persona's number.
    #[must_use]
    pub const fn wrong(persona: &Persona) -> Self {
        Self {
            reads: Reads::Wrong(persona.reference_number_b),
        }
    }

    /// Finds no number: dirt, glare, a card face down.
    #[must_use]
    pub const fn unreadable() -> Self {
        Self {
            reads: Reads::Nothing,
        }
    }

    /// Is out of order.
    #[must_use]
    pub const fn broken() -> Self {
        Self {
            reads: Reads::Broken,
        }
    }
}

impl ReferenceNumberSource for SimulatedReferenceSource {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn read(&mut self) -> Result<ReferenceNumberB, ReferenceSourceError> {
        let number = match self.reads {
            Reads::Right(number) => number.to_owned(),
            Reads::Wrong(number) => misread(number),
            Reads::Nothing => return Err(ReferenceSourceError::Unreadable),
            Reads::Broken => return Err(ReferenceSourceError::Device),
        };
        ReferenceNumberB::parse(&number).map_err(|_| ReferenceSourceError::Unreadable)
    }
}

impl fmt::Debug for SimulatedReferenceSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.reads {
            Reads::Right(_) => "SimulatedReferenceSource(right)",
            Reads::Wrong(_) => "SimulatedReferenceSource(wrong)",
            Reads::Nothing => "SimulatedReferenceSource(unreadable)",
            Reads::Broken => "SimulatedReferenceSource(broken)",
        })
    }
}

/// The number with another last digit.
fn misread(number: &str) -> String {
    let mut number = number.to_owned();
    let last = number.pop();
    number.push(if last == Some('0') { '1' } else { '0' });
    number
}
