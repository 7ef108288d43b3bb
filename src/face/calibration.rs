mod error;
#[cfg(feature = "calibration")]
mod json;
#[cfg(test)]
mod tests;

use super::{
    CalibrationDigest, MatcherInfo, OperatingPoint,
    digest::Fields,
    evidence::{self},
};

pub use error::{CalibrationError, PointProblem};

/// Which matcher was measured: to be the same as the one that compares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatcherId {
    /// Who makes it.
    pub vendor: String,
    /// What it is called.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What [`MatcherInfo::model`](super::MatcherInfo::model) says, which isn't always the
    /// SHA-256 of one file. [`MatcherInfo::id`] gives all four as they must be.
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
/// Who measured it makes the record
/// ([`Evaluation::calibration`](super::evaluation::Evaluation::calibration)) and ships it
/// with the model; a [`MatchPolicy`](super::MatchPolicy) takes its threshold from it.
/// Nobody but who measured a matcher on a population can write one: published thresholds
/// for one and the same model differ.
///
/// It is a claim, and the crate can check no more than that it doesn't contradict
/// itself. Keep it where the model's file is kept, and as well.
///
/// ```
/// use uketsuke::Realms;
/// use uketsuke::face::{Calibration, Fmr, MatchPolicy, MatcherId, OperatingPoint, Score};
///
/// let point = |threshold, false_matches, claimed| OperatingPoint {
///     threshold: Score::new(threshold).unwrap(),
///     fmr: Fmr::new(claimed).unwrap(),
///     non_mated_trials: 62_250,
///     false_matches,
///     fnmr: None,
/// };
/// let matcher = MatcherId {
///     vendor: "A vendor".into(),
///     name: "A matcher".into(),
///     version: "1.0".into(),
///     model: [7; 32],
/// };
/// let measured = vec![point(0.4, 30, 6e-4), point(0.5, 3, 9e-5), point(0.6, 0, 3e-5)];
/// let record = Calibration::new(matcher, measured)?;
///
/// // Three errors in 62,250 trials show 1 in 10,000, at 80 % confidence; not at 95 %.
/// let policy = MatchPolicy::new(Realms::production(), record, Fmr::ONE_IN_10_000)?;
/// assert_eq!(policy.threshold(), Score::new(0.5).unwrap());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calibration {
    matcher: MatcherId,
    points: Vec<OperatingPoint>,
    /// Empty: not said.
    population: String,
    /// Empty: not said.
    measured: String,
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
    /// [`CalibrationError::Text`] for a matcher's text that is empty, longer than
    /// [`MAX_TEXT`](Self::MAX_TEXT), or has control characters in it;
    /// [`CalibrationError::Points`] for no points or more than
    /// [`MAX_POINTS`](Self::MAX_POINTS); [`CalibrationError::Point`] for the first one
    /// that can't be true.
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
        let mut before = None;
        for (index, point) in points.iter().enumerate() {
            evidence::check(before, point).map_err(|problem| CalibrationError::Point {
                point: index,
                problem,
            })?;
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

    /// Says who took part: how many, of which ages, with glasses or without.
    ///
    /// # Errors
    ///
    /// [`CalibrationError::Text`].
    pub fn with_population(mut self, population: &str) -> Result<Self, CalibrationError> {
        check_text("population", population)?;
        population.clone_into(&mut self.population);
        Ok(self)
    }

    /// Says when it was measured, in whatever form the papers have it.
    ///
    /// # Errors
    ///
    /// [`CalibrationError::Text`].
    pub fn with_measured(mut self, measured: &str) -> Result<Self, CalibrationError> {
        check_text("measured", measured)?;
        measured.clone_into(&mut self.measured);
        Ok(self)
    }

    /// Which matcher was measured.
    #[must_use]
    pub const fn matcher(&self) -> &MatcherId {
        &self.matcher
    }

    /// The operating points, thresholds rising. Never empty.
    #[must_use]
    pub fn points(&self) -> &[OperatingPoint] {
        &self.points
    }

    /// Who took part, if the record says so.
    #[must_use]
    pub fn population(&self) -> Option<&str> {
        Some(&*self.population).filter(|text| !text.is_empty())
    }

    /// When it was measured, if the record says so.
    #[must_use]
    pub fn measured(&self) -> Option<&str> {
        Some(&*self.measured).filter(|text| !text.is_empty())
    }

    /// SHA-256 of everything in it.
    #[must_use]
    pub fn digest(&self) -> CalibrationDigest {
        // Taken apart, so that nothing new is left out.
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
