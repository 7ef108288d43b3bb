use std::sync::Arc;

use thiserror::Error;

use super::{
    Calibration, Comparison, Confidence, Decision, FaceEngine, FaceError, FaceMatched, FacePart,
    Fmr, InconclusiveReason, LiveImage, MatchPolicyDigest, MatcherInfo, OperatingPoint, PadResult,
    PresentationAttackDetector, QualityAssessor, Score, digest::Fields,
};
use crate::{Realm, Realms, trust::LivePhoto};

/// The calibration record is not good enough for what is asked.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// More than [`Fmr::ONE_IN_10_000`] is asked for.
    #[error("a false match rate of {asked:e} is asked for, at most {limit:e} is accepted")]
    RateTooHigh {
        /// What is asked for.
        asked: f64,
        /// What is accepted.
        limit: f64,
    },
    /// No threshold of the record shows the rate that is asked for: too few trials, too
    /// many false matches in them, or a higher claim.
    #[error(
        "a false match rate of {asked:e} is asked for, but at a confidence of {confidence} no threshold of the calibration record shows less than {shown:e}; measure with more comparisons, or at higher thresholds"
    )]
    NotSupported {
        /// What is asked for.
        asked: f64,
        /// The least that a threshold of the record claims and shows.
        shown: f64,
        /// How sure it is to be: 0.8 is 80 %.
        confidence: f64,
    },
}

/// What counts as a match. There is no default, and no default threshold.
///
/// ```
/// use uketsuke::Realms;
/// use uketsuke::face::{
///     Calibration, Fmr, MatchPolicy, MatcherId, OperatingPoint, PolicyError, Score,
/// };
///
/// let point = OperatingPoint {
///     threshold: Score::new(0.62).unwrap(),
///     fmr: Fmr::ONE_IN_10_000,
///     non_mated_trials: 4_950, // a hundred of the staff, each with each
///     false_matches: 0,
///     fnmr: None,
/// };
/// let matcher = MatcherId {
///     vendor: "A vendor".into(),
///     name: "A matcher".into(),
///     version: "1.0".into(),
///     model: [7; 32],
/// };
/// let record = Calibration::new(matcher, vec![point])?;
/// let asked = Fmr::ONE_IN_10_000;
/// let refused = MatchPolicy::new(Realms::production(), record, asked).unwrap_err();
/// assert!(matches!(refused, PolicyError::NotSupported { .. }));
/// # Ok::<(), uketsuke::face::CalibrationError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MatchPolicy {
    realms: Realms,
    calibration: Arc<Calibration>,
    asked: Fmr,
    confidence: Confidence,
    point: OperatingPoint,
    attended: bool,
}

/// Who is asked about a frame.
#[allow(missing_debug_implementations)]
pub struct Judges<'a> {
    /// Compares.
    pub engine: &'a mut dyn FaceEngine,
    /// Looks for pictures, screens and masks.
    pub detector: &'a mut dyn PresentationAttackDetector,
    /// Says whether the frame is good enough; `None` if only the engine does.
    pub quality: Option<&'a mut dyn QualityAssessor>,
}

impl MatchPolicy {
    /// The highest false match rate that may be asked for: 1 in 10 000.
    pub const MOST: Fmr = Fmr::ONE_IN_10_000;

    /// A policy for one realm, with the calibration record of the matcher that will be
    /// used, and the false match rate that may not be exceeded.
    ///
    /// Of the record's thresholds it takes the lowest that claims at most this rate, and
    /// whose upper confidence limit at 80 % ([`OperatingPoint::upper_bound`]: one-sided,
    /// Clopper and Pearson) is at most this rate. That is what certification asks (the
    /// Common Criteria's module for biometrics, FIDO); [`demanding`](Self::demanding)
    /// asks for more. It is checked in every realm, the simulation's too.
    ///
    /// # Errors
    ///
    /// [`PolicyError::RateTooHigh`] if more than [`MOST`](Self::MOST) is asked for;
    /// [`PolicyError::NotSupported`] if no threshold of the record will do.
    pub fn new(realms: Realms, calibration: Calibration, asked: Fmr) -> Result<Self, PolicyError> {
        if asked > Self::MOST {
            return Err(PolicyError::RateTooHigh {
                asked: asked.get(),
                limit: Self::MOST.get(),
            });
        }
        let confidence = Confidence::EIGHTY;
        Ok(Self {
            realms,
            point: choose(&calibration, asked, confidence)?,
            calibration: Arc::new(calibration),
            asked,
            confidence,
            attended: false,
        })
    }

    /// For `MatchPolicy::simulation()`: the only policy without evidence.
    #[cfg(feature = "simulation")]
    pub(crate) fn without_evidence(calibration: Calibration, point: OperatingPoint) -> Self {
        Self {
            realms: Realms::simulation(),
            calibration: Arc::new(calibration),
            asked: point.fmr,
            confidence: Confidence::EIGHTY,
            point,
            attended: false,
        }
    }

    /// Asks for more confidence than 80 %, and takes the threshold that shows it. Never
    /// asks for less than it does already.
    ///
    /// # Errors
    ///
    /// [`PolicyError::NotSupported`].
    pub fn demanding(mut self, confidence: Confidence) -> Result<Self, PolicyError> {
        if confidence > self.confidence {
            self.point = choose(&self.calibration, self.asked, confidence)?;
            self.confidence = confidence;
        }
        Ok(self)
    }

    /// Lets [`PadResult::AttendedByOperator`] stand for a passed detection: a
    /// member of staff stands by and looks for masks and pictures (compare NIST
    /// SP 800-63A-4, section 3.1.11, on-site comparison).
    #[must_use]
    pub fn accept_attended(mut self) -> Self {
        self.attended = true;
        self
    }

    /// The world whose parts it accepts.
    #[must_use]
    pub const fn realms(&self) -> Realms {
        self.realms
    }

    /// Whether [`accept_attended`](Self::accept_attended) was called.
    #[must_use]
    pub const fn accepts_attended(&self) -> bool {
        self.attended
    }

    /// How sure the record must be of the rate: 80 %, or what was
    /// [demanded](Self::demanding).
    #[must_use]
    pub const fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// Scores of at least this are a match.
    #[must_use]
    pub const fn threshold(&self) -> Score {
        self.point.threshold
    }

    /// The false match rate that was asked for.
    #[must_use]
    pub const fn fmr(&self) -> Fmr {
        self.asked
    }

    /// The operating point that was chosen.
    #[must_use]
    pub const fn operating_point(&self) -> &OperatingPoint {
        &self.point
    }

    /// The calibration record.
    #[must_use]
    pub fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// Whether the calibration record is of this matcher, by vendor, name, version and
    /// model, and its threshold one that some score of the matcher fails and some score
    /// reaches. If not, [`decide`](Self::decide) finds no match, so a face shouldn't be
    /// offered ([`Reception`](crate::checkin::Reception) doesn't). The realm isn't looked at.
    ///
    /// ```
    /// use uketsuke::face::{
    ///     Calibration, Fmr, MatchPolicy, MatcherInfo, OperatingPoint, Score,
    /// };
    /// use uketsuke::{Realm, Realms};
    ///
    /// let mut matcher = MatcherInfo {
    ///     vendor: "A vendor".into(),
    ///     name: "A matcher".into(),
    ///     version: "1.0".into(),
    ///     model: [7; 32],
    ///     lowest: Score::ZERO,
    ///     highest: Score::ONE,
    ///     realm: Realm::Production,
    /// };
    /// let point = OperatingPoint {
    ///     threshold: Score::new(0.62).unwrap(),
    ///     fmr: Fmr::ONE_IN_10_000,
    ///     non_mated_trials: 30_000,
    ///     false_matches: 0,
    ///     fnmr: None,
    /// };
    /// let record = Calibration::new(matcher.id(), vec![point])?;
    /// let policy = MatchPolicy::new(Realms::production(), record, Fmr::ONE_IN_10_000)?;
    /// assert!(policy.is_calibrated_for(&matcher));
    /// // An update of the model needs a record of its own.
    /// matcher.model = [8; 32];
    /// assert!(!policy.is_calibrated_for(&matcher));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_calibrated_for(&self, info: &MatcherInfo) -> bool {
        let measured = self.calibration.matcher();
        measured.vendor == info.vendor
            && measured.name == info.name
            && measured.version == info.version
            && measured.model == info.model
            && self.point.threshold > info.lowest
            && self.point.threshold <= info.highest
    }

    /// Names this policy in the audit trail: everything that decides is in it.
    #[must_use]
    pub fn digest(&self) -> MatchPolicyDigest {
        let Self {
            realms,
            calibration,
            asked,
            confidence,
            point,
            attended,
        } = self;
        let mut hashed = Fields::new("uketsuke/1 match policy");
        hashed.text(&realms.realm().to_string());
        hashed.field(calibration.digest().as_bytes());
        hashed.field(&asked.get().to_bits().to_be_bytes());
        hashed.field(&confidence.get().to_bits().to_be_bytes());
        hashed.field(&point.threshold.get().to_bits().to_be_bytes());
        hashed.field(&[u8::from(*attended)]);
        MatchPolicyDigest(hashed.finish())
    }

    /// Decides about one frame.
    ///
    /// In this order: camera, detector, assessor, engine and photo must belong to the
    /// policy's realm; the calibration record must be
    /// [for the engine](Self::is_calibrated_for); the detector must
    /// pass the frame; the assessor, if there is one, must find nothing wrong; the score
    /// must be within the engine's range, and reach the threshold. Whatever fails on the
    /// way, the rest is not asked, and the result is no match.
    ///
    /// The frame is taken by value: it serves one decision and is wiped. The engine may
    /// keep the card's template for the next frame, until
    /// [`forget`](FaceEngine::forget).
    ///
    /// # Errors
    ///
    /// [`FaceError::Realm`], [`FaceError::ScoreOutOfRange`], and what detector, assessor
    /// and engine report. An error is never a match.
    pub fn decide(
        &self,
        photo: &LivePhoto,
        live: LiveImage,
        judges: Judges<'_>,
    ) -> Result<Decision, FaceError> {
        let Judges {
            engine,
            detector,
            quality,
        } = judges;
        let info = engine.info();
        self.accept(FacePart::Camera, live.realm())?;
        self.accept(FacePart::Detector, detector.realm())?;
        if let Some(quality) = &quality {
            self.accept(FacePart::Quality, quality.realm())?;
        }
        self.accept(FacePart::Matcher, info.realm)?;
        self.accept(FacePart::Photo, photo.realm())?;
        if !self.is_calibrated_for(&info) {
            return Ok(Decision::Inconclusive(InconclusiveReason::NotCalibrated));
        }
        if let Some(reason) = self.presentation(detector.assess(&live)?) {
            return Ok(Decision::Inconclusive(reason));
        }
        if let Some(quality) = quality
            && let Some(reason) = quality.assess(&live)?.problem()
        {
            return Ok(Decision::Inconclusive(reason));
        }
        let compared = engine.compare(photo, &live)?;
        // Another model by now: then it isn't known which of them said this.
        if engine.info() != info {
            return Err(FaceError::Matcher);
        }
        let score = match compared {
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
            policy: self.digest(),
            birth_date: photo.birth_date().copied(),
            photo: photo.mark(),
        }))
    }

    /// Why the detector keeps the frame out; `None` if it doesn't.
    fn presentation(&self, found: PadResult) -> Option<InconclusiveReason> {
        match found {
            PadResult::Passed => None,
            PadResult::AttendedByOperator if self.attended => None,
            PadResult::Attack => Some(InconclusiveReason::PresentationAttack),
            PadResult::Inconclusive | PadResult::AttendedByOperator => {
                Some(InconclusiveReason::PadInconclusive)
            }
        }
    }

    fn accept(&self, part: FacePart, realm: Realm) -> Result<(), FaceError> {
        if self.realms.contains(realm) {
            Ok(())
        } else {
            Err(FaceError::Realm { part, realm })
        }
    }
}

/// The lowest threshold that claims and shows at most what is asked for.
fn choose(
    calibration: &Calibration,
    asked: Fmr,
    confidence: Confidence,
) -> Result<OperatingPoint, PolicyError> {
    let mut least = 1.0_f64;
    for point in calibration.points() {
        // What claims more isn't chosen, whatever its trials show.
        if point.fmr > asked {
            least = least.min(point.fmr.get());
            continue;
        }
        let shown = point.upper_bound_at(confidence).max(point.fmr.get());
        if shown <= asked.get() {
            return Ok(*point);
        }
        least = least.min(shown);
    }
    Err(PolicyError::NotSupported {
        asked: asked.get(),
        shown: least,
        confidence: confidence.get(),
    })
}

#[cfg(test)]
mod tests;
