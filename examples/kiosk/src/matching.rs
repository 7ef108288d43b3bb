//! What compares faces.

use std::fmt;

use uketsuke::Realm;
use uketsuke::face::{
    FaceEngine, FaceError, LiveImage, MatchPolicy, PadResult, PresentationAttackDetector,
};
use uketsuke::simulation::SimulatedMatcher;

/// An engine, and the policy that its calibration record allows.
pub struct Matching {
    /// As it names itself; `None`: it is simulated, and recognises nobody.
    pub name: Option<String>,
    /// Compares.
    pub engine: Box<dyn FaceEngine + Send>,
    /// Decides.
    pub policy: MatchPolicy,
}

impl Matching {
    /// The persona's case says whether the face is the right one. Nobody looks at a picture.
    #[must_use]
    pub fn simulated() -> Self {
        Self {
            name: None,
            engine: Box::new(SimulatedMatcher::new()),
            policy: MatchPolicy::simulation(),
        }
    }

    /// One that looks at the pictures of the camera. In the simulation, since the cards are virtual. No program looks for
    /// masks and photos before the camera: somebody stands by.
    #[must_use]
    pub fn by(engine: Box<dyn FaceEngine + Send>, policy: MatchPolicy) -> Self {
        let info = engine.info();
        Self {
            name: Some(format!("{} ({})", info.name, info.version)),
            engine,
            policy: policy.accept_attended(),
        }
    }
}

impl fmt::Debug for Matching {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Matching({:?})", self.name)
    }
}

/// A member of staff, as far as this example goes.
#[derive(Clone, Copy, Debug)]
pub struct StaffStandsBy;

impl PresentationAttackDetector for StaffStandsBy {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn assess(&mut self, _live: &LiveImage) -> Result<PadResult, FaceError> {
        Ok(PadResult::AttendedByOperator)
    }
}
