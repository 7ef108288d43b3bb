use super::{FaceError, InconclusiveReason, LiveImage};
use crate::Realm;

/// How good a frame is for a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quality {
    score: u8,
    problem: Option<InconclusiveReason>,
}

impl Quality {
    /// Good enough, with a score from 0 to 100; more becomes 100.
    #[must_use]
    pub const fn good(score: u8) -> Self {
        Self {
            score: if score > 100 { 100 } else { score },
            problem: None,
        }
    }

    /// Not good enough, for this reason.
    #[must_use]
    pub const fn poor(score: u8, problem: InconclusiveReason) -> Self {
        Self {
            problem: Some(problem),
            ..Self::good(score)
        }
    }

    /// 0 to 100, on the assessor's own scale; higher is better. It decides nothing.
    #[must_use]
    pub const fn score(self) -> u8 {
        self.score
    }

    /// Why it isn't good enough; `None` if it is.
    #[must_use]
    pub const fn problem(self) -> Option<InconclusiveReason> {
        self.problem
    }
}

/// Says whether a frame is good enough to be compared, before it is.
pub trait QualityAssessor {
    /// The world that it belongs to.
    fn realm(&self) -> Realm;

    /// Looks at the same frame that is compared.
    ///
    /// # Errors
    ///
    /// [`FaceError::Quality`] or [`FaceError::NotPixels`]. An error is never a match.
    fn assess(&mut self, live: &LiveImage) -> Result<Quality, FaceError>;
}
