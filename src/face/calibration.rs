use std::fmt;

use thiserror::Error;

use super::{MatcherInfo, OperatingPoint, evidence, fields::Fields};

/// Which matcher was measured: to be the same as the one that compares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatcherId {
    /// Who makes it.
    pub vendor: String,
    /// What it is called.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of the model's file.
    pub model: [u8; 32],
}

impl MatcherInfo {
    /// Without the range and the realm.
    #[must_use]
    pub fn id(&self) -> MatcherId {
        MatcherId {
            vendor: self.vendor.clone(),
            name: self.name.clone(),
            version: self.version.clone(),
            model: self.model,
        }
    }
}

/// What was measured of a matcher: thresholds, and how many errors there were at each.
///
/// Who measured it makes the record ([`Evaluation::calibration`]) and ships it with the
/// model; a [`MatchPolicy`](super::MatchPolicy) takes its threshold from it. Nobody but
/// who measured a matcher on a population can write one: published thresholds for one
/// and the same model differ.
///
/// [`Evaluation::calibration`]: super::evaluation::Evaluation
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calibration {
    matcher: MatcherId,
    points: Vec<OperatingPoint>,
    population: String,
    measured: String,
}

/// A record that can't be true, or is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CalibrationError {
    /// A text is empty though it must not be, too long, or has control characters.
    #[error("{field} of the calibration record is {}", if *.empty { "empty" } else { "too long, or has control characters in it" })]
    Text {
        /// Which.
        field: &'static str,
        /// Whether it is empty.
        empty: bool,
    },
    /// No operating points, or more than [`Calibration::MAX_POINTS`].
    #[error(
        "a calibration record has 1 to {} operating points, not {found}",
        Calibration::MAX_POINTS
    )]
    Points {
        /// How many.
        found: usize,
    },
    /// One operating point can't be true, by itself or beside the one before.
    #[error("operating point {point} (from 0) of the calibration record: {problem}")]
    Point {
        /// Which, from 0.
        point: usize,
        /// What is wrong.
        problem: PointProblem,
    },
}

/// What is wrong with an operating point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum PointProblem {
    /// `threshold` isn't above that of the point before.
    #[error("its threshold is not above that of the point before")]
    ThresholdNotRising,
    /// `false_matches` is above that of the point before: a higher threshold lets no
    /// more through.
    #[error("it has more false matches than the point before, at a higher threshold")]
    FalseMatchesRise,
    /// `false_matches` is above `non_mated_trials`.
    #[error("it has more false matches than non-mated trials")]
    MoreErrorsThanTrials,
    /// `fmr` is below false matches by non-mated trials.
    #[error("the false match rate that it claims is below the one that was seen")]
    ClaimBelowObserved,
}

impl Calibration {
    /// At most so many operating points.
    pub const MAX_POINTS: usize = 256;
    /// At most so many bytes in each text.
    pub const MAX_TEXT: usize = 1024;

    /// Takes what was measured, thresholds rising.
    ///
    /// # Errors
    ///
    /// [`CalibrationError`].
    pub fn new(matcher: MatcherId, points: Vec<OperatingPoint>) -> Result<Self, CalibrationError> {
        for (field, text) in [
            ("vendor", &matcher.vendor),
            ("name", &matcher.name),
            ("version", &matcher.version),
        ] {
            check_text(field, text)?;
        }
        if points.is_empty() || points.len() > Self::MAX_POINTS {
            return Err(CalibrationError::Points {
                found: points.len(),
            });
        }
        let mut before: Option<&OperatingPoint> = None;
        for (index, point) in points.iter().enumerate() {
            if let Some(problem) = evidence::problem(before, point) {
                return Err(CalibrationError::Point {
                    point: index,
                    problem,
                });
            }
            before = Some(point);
        }
        Ok(Self {
            matcher,
            points,
            population: String::new(),
            measured: String::new(),
        })
    }

    /// For the simulation, whose matcher was never measured.
    #[cfg(feature = "simulation")]
    pub(crate) fn without_evidence(matcher: MatcherId, point: OperatingPoint) -> Self {
        Self {
            matcher,
            points: vec![point],
            population: "nobody: simulated".to_owned(),
            measured: String::new(),
        }
    }

    /// Which matcher was measured.
    #[must_use]
    pub const fn matcher(&self) -> &MatcherId {
        &self.matcher
    }

    /// The operating points, thresholds rising.
    #[must_use]
    pub fn points(&self) -> &[OperatingPoint] {
        &self.points
    }

    /// SHA-256 of everything in it.
    #[must_use]
    pub fn digest(&self) -> CalibrationDigest {
        let Self {
            matcher:
                MatcherId {
                    vendor,
                    name,
                    version,
                    model,
                },
            points,
            population,
            measured,
        } = self;
        let mut hashed = Fields::new("uketsuke/1 calibration");
        for text in [vendor, name, version, population, measured] {
            hashed.text(text);
        }
        hashed.field(model);
        hashed.count(points.len());
        for point in points {
            evidence::hash(point, &mut hashed);
        }
        CalibrationDigest(hashed.finish())
    }
}

fn check_text(field: &'static str, text: &str) -> Result<(), CalibrationError> {
    let empty = text.is_empty();
    if empty || text.len() > Calibration::MAX_TEXT || text.chars().any(char::is_control) {
        return Err(CalibrationError::Text { field, empty });
    }
    Ok(())
}

/// SHA-256 of a [`Calibration`]. `Display` shows 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CalibrationDigest([u8; 32]);

impl CalibrationDigest {
    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// In hexadecimal digits.
impl fmt::Display for CalibrationDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Its beginning.
impl fmt::Debug for CalibrationDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, ..] = self.0;
        write!(f, "CalibrationDigest({a:02x}{b:02x}{c:02x}{d:02x}..)")
    }
}
