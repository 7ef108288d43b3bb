use thiserror::Error;

use super::{
    Comparison, FaceError, FaceMatcher, FacePart, Fmr, LiveImage, MatcherInfo, OperatingPoint,
    PadResult, PresentationAttackDetector,
};
use crate::{Binding, Realm, Realms, card::CardPhoto};

/// What the policy decided about one frame. Made by [`MatchPolicy::decide`] only.
#[derive(Debug)]
#[non_exhaustive]
pub enum Decision {
    /// The same person, at the false match rate of the operating point.
    Match(FaceMatched),
    /// Not the same person, as far as the threshold says.
    NonMatch,
    /// Neither: take another frame or use another method.
    Inconclusive(InconclusiveReason),
}

/// Why a frame led to no decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InconclusiveReason {
    /// Nobody in the frame.
    NoFace,
    /// More than one person in the frame.
    SeveralFaces,
    /// Too dark, blurred, turned away, covered, …
    Quality,
    /// The detector saw a picture, a screen or a mask.
    PresentationAttack,
    /// The detector can't tell, or nobody but staff looked and the policy doesn't
    /// accept that.
    PadInconclusive,
    /// The operating point was measured with another model, or its threshold is
    /// not within the matcher's range: the scores mean nothing here.
    NotCalibrated,
}

/// The operating point is not good enough for real people.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// The claimed rate is above [`Fmr::ONE_IN_10_000`].
    #[error(
        "a false match rate of {claimed:e} is claimed, at most {limit:e} is accepted; raise the threshold and measure there"
    )]
    RateTooHigh {
        /// What the operating point claims.
        claimed: f64,
        /// What is accepted.
        limit: f64,
    },
    /// Too few trials, or too many false matches in them.
    #[error(
        "a false match rate of {claimed:e} is claimed, but at 95 % confidence the trials only show {shown:e}; measure with more comparisons"
    )]
    NotSupported {
        /// What the operating point claims.
        claimed: f64,
        /// The upper confidence limit of what was measured.
        shown: f64,
    },
}

/// What counts as a match. There is no default, and no default threshold.
///
/// ```
/// use uketsuke::Realms;
/// use uketsuke::face::{Fmr, MatchPolicy, OperatingPoint, PolicyError, Score};
///
/// let measured = OperatingPoint {
///     threshold: Score::new(0.62).unwrap(),
///     fmr: Fmr::ONE_IN_10_000,
///     non_mated_trials: 4_950, // a hundred of the staff, each with each
///     false_matches: 0,
///     model: [7; 32],
/// };
/// let refused = MatchPolicy::new(Realms::production(), measured).unwrap_err();
/// assert!(matches!(refused, PolicyError::NotSupported { .. }));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MatchPolicy {
    realms: Realms,
    point: OperatingPoint,
    attended: bool,
}

impl MatchPolicy {
    /// A policy for one realm, with the operating point of the matcher that will
    /// be used.
    ///
    /// The evidence is checked for every realm but [`Realm::Simulation`], whose
    /// parts only pretend; such a policy in turn accepts nothing else than
    /// simulated parts, and what it mints says so.
    ///
    /// # Errors
    ///
    /// [`PolicyError`] if the rate is above 1 in 10 000, or if the trials don't
    /// support it with 95 % confidence.
    pub fn new(realms: Realms, point: OperatingPoint) -> Result<Self, PolicyError> {
        if !realms.contains(Realm::Simulation) {
            let claimed = point.fmr.get();
            if point.fmr > Fmr::ONE_IN_10_000 {
                return Err(PolicyError::RateTooHigh {
                    claimed,
                    limit: Fmr::ONE_IN_10_000.get(),
                });
            }
            if !point.is_supported() {
                return Err(PolicyError::NotSupported {
                    claimed,
                    shown: point.upper_bound(),
                });
            }
        }
        Ok(Self {
            realms,
            point,
            attended: false,
        })
    }

    /// What [`new`](Self::new) gives for [`Realms::simulation`], without a
    /// `Result`: for `MatchPolicy::simulation()` in the simulation.
    #[cfg(feature = "simulation")]
    pub(crate) const fn of_simulation(point: OperatingPoint) -> Self {
        Self {
            realms: Realms::simulation(),
            point,
            attended: false,
        }
    }

    /// Lets [`PadResult::AttendedByOperator`] stand for a passed detection: a
    /// member of staff stands by and looks for masks and pictures (compare NIST
    /// SP 800-63A-4, section 3.1.11, on-site comparison).
    #[must_use]
    pub fn accept_attended(mut self) -> Self {
        self.attended = true;
        self
    }

    /// The operating point.
    #[must_use]
    pub const fn operating_point(&self) -> &OperatingPoint {
        &self.point
    }

    /// Decides about one frame.
    ///
    /// In this order: every part must belong to the policy's realm; the photo
    /// must be good for a match in that realm; the operating point must have been
    /// measured with the matcher's very model; the detector must pass the frame;
    /// the score must reach the threshold. Whatever fails on the way, the rest is
    /// not asked, and the result is no match.
    ///
    /// The frame is taken by value: it serves one decision and is wiped.
    ///
    /// # Errors
    ///
    /// [`FaceError::Realm`], [`FaceError::PhotoNotProved`] (always, outside of the
    /// simulation, in this version), [`FaceError::ScoreOutOfRange`], and what
    /// detector and matcher report. An error is never a match.
    pub fn decide(
        &self,
        photo: &CardPhoto,
        live: LiveImage,
        matcher: &mut dyn FaceMatcher,
        pad: &mut dyn PresentationAttackDetector,
    ) -> Result<Decision, FaceError> {
        let info = matcher.info();
        self.accept(FacePart::Camera, live.realm())?;
        self.accept(FacePart::Detector, pad.realm())?;
        self.accept(FacePart::Matcher, info.realm)?;
        // A `CardPhoto` is what some chip answered. It may be a copy, or come
        // from a card that somebody made: it can identify nobody real.
        if !self.realms.contains(Realm::Simulation) {
            return Err(FaceError::PhotoNotProved);
        }
        if !self.is_calibrated_for(&info) {
            return Ok(Decision::Inconclusive(InconclusiveReason::NotCalibrated));
        }
        match pad.assess(&live)? {
            PadResult::Passed => {}
            PadResult::AttendedByOperator if self.attended => {}
            PadResult::Attack => {
                return Ok(Decision::Inconclusive(
                    InconclusiveReason::PresentationAttack,
                ));
            }
            PadResult::Inconclusive | PadResult::AttendedByOperator => {
                return Ok(Decision::Inconclusive(InconclusiveReason::PadInconclusive));
            }
        }
        let score = match matcher.compare(photo, &live)? {
            Comparison::Score(score) => score,
            Comparison::NotComparable(reason) => return Ok(Decision::Inconclusive(reason)),
        };
        if score < info.lowest || score > info.highest {
            return Err(FaceError::ScoreOutOfRange);
        }
        if score < self.point.threshold {
            return Ok(Decision::NonMatch);
        }
        Ok(Decision::Match(FaceMatched {
            binding: photo.binding(),
            realm: info.realm,
        }))
    }

    fn accept(&self, part: FacePart, realm: Realm) -> Result<(), FaceError> {
        if self.realms.contains(realm) {
            Ok(())
        } else {
            Err(FaceError::Realm { part, realm })
        }
    }

    /// Measured with this model, and a threshold that some score of this matcher
    /// fails and some score reaches.
    fn is_calibrated_for(&self, info: &MatcherInfo) -> bool {
        self.point.model == info.model
            && self.point.threshold > info.lowest
            && self.point.threshold <= info.highest
    }
}

/// Proof: the person at the desk is the person on the photo of this card session.
///
/// Minted by [`MatchPolicy::decide`] only, and used up by the check-in. It says
/// which visit and card session it is of, and in which world it was made.
///
/// ```compile_fail,E0599
/// fn twice(proof: uketsuke::face::FaceMatched) -> [uketsuke::face::FaceMatched; 2] {
///     [proof.clone(), proof] // not Clone
/// }
/// ```
#[derive(Debug)]
pub struct FaceMatched {
    binding: Binding,
    realm: Realm,
}

impl FaceMatched {
    /// Which visit and which card session.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// The world that camera, detector and matcher belong to.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.realm
    }
}

#[cfg(test)]
mod tests;
