//! The record as a file.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

use super::{Calibration, CalibrationError, MatcherId, OperatingPoint, PointProblem};
use crate::face::{Fmr, Score, evaluation::Proportion, named::Named};
use crate::hex;

const FORMAT: &str = "uketsuke/1 calibration";

impl Calibration {
    /// A file has at most so many bytes.
    pub const MAX_JSON: usize = 64 * 1024;

    /// Reads a file. Needs the feature `calibration`.
    ///
    /// A field that isn't known, has no name, or comes twice, is an error: a record from which
    /// something is left out may say something else.
    ///
    /// ```
    /// use uketsuke::face::Calibration;
    ///
    /// let record = Calibration::from_json(br#"{
    ///   "format": "uketsuke/1 calibration",
    ///   "matcher": {
    ///     "vendor": "A vendor",
    ///     "name": "A matcher",
    ///     "version": "1.0",
    ///     "model_sha256": "0707070707070707070707070707070707070707070707070707070707070707"
    ///   },
    ///   "population": "250 people of 18 to 90 years, a third with glasses",
    ///   "measured": "2026-11-02",
    ///   "points": [
    ///     {
    ///       "threshold": 0.5,
    ///       "claimed_fmr": 9e-5,
    ///       "non_mated_trials": 62250,
    ///       "false_matches": 3,
    ///       "mated_trials": 985,
    ///       "false_non_matches": 14
    ///     }
    ///   ]
    /// }"#)?;
    /// assert_eq!(record.points().len(), 1);
    /// assert_eq!(Calibration::from_json(record.to_json().as_bytes())?, record);
    /// # Ok::<(), uketsuke::face::CalibrationError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`CalibrationError::TooLong`] above [`MAX_JSON`](Self::MAX_JSON) bytes,
    /// [`CalibrationError::Json`] for another form, [`CalibrationError::Model`], and what
    /// [`new`](Self::new) reports.
    pub fn from_json(json: &[u8]) -> Result<Self, CalibrationError> {
        if json.len() > Self::MAX_JSON {
            return Err(CalibrationError::TooLong {
                found: json.len(),
                limit: Self::MAX_JSON,
            });
        }
        let Named(record): Named<Record> = serde_json::from_slice(json).map_err(|error| {
            // Whatever it quotes of the file must not be long.
            let text = error.to_string();
            let problem = text
                .rsplit_once(" at line ")
                .map_or(&*text, |(head, _)| head);
            CalibrationError::Json {
                line: error.line(),
                // Before anything was read it says 0.
                column: error.column().max(1),
                problem: problem
                    .chars()
                    .map(|sign| if sign.is_control() { '?' } else { sign })
                    .take(200)
                    .collect(),
            }
        })?;
        record.check()
    }

    /// The file, for [`from_json`](Self::from_json), which gives the same record.
    #[must_use]
    pub fn to_json(&self) -> String {
        let matcher = object([
            ("vendor", Value::from(&*self.matcher.vendor)),
            ("name", Value::from(&*self.matcher.name)),
            ("version", Value::from(&*self.matcher.version)),
            ("model_sha256", Value::from(digits(&self.matcher.model))),
        ]);
        let mut record = vec![
            ("format", Value::from(FORMAT)),
            ("matcher", matcher),
            ("points", self.points.iter().map(written).collect()),
        ];
        record.extend(self.population().map(|text| ("population", text.into())));
        record.extend(self.measured().map(|text| ("measured", text.into())));
        format!("{:#}\n", object(record))
    }
}

fn object<'a>(fields: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let fields = fields.into_iter();
    Value::Object(
        fields
            .map(|(name, value)| (name.to_owned(), value))
            .collect::<Map<_, _>>(),
    )
}

fn digits(bytes: &[u8]) -> String {
    let mut digits = String::new();
    // A text takes all that is written.
    let _ = hex::write(bytes, &mut digits);
    digits
}

fn written(point: &OperatingPoint) -> Value {
    let mut fields = vec![
        ("threshold", Value::from(shortest(point.threshold.get()))),
        ("claimed_fmr", Value::from(point.fmr.get())),
        ("non_mated_trials", Value::from(point.non_mated_trials)),
        ("false_matches", Value::from(point.false_matches)),
    ];
    if let Some(fnmr) = point.fnmr {
        fields.push(("mated_trials", Value::from(fnmr.trials())));
        fields.push(("false_non_matches", Value::from(fnmr.errors())));
    }
    object(fields)
}

/// The shortest digits that are read as this score again.
fn shortest(score: f32) -> f64 {
    match score.to_string().parse() {
        Ok(short) if narrowed(short) == score => short,
        _ => f64::from(score),
    }
}

/// The nearest score that isn't below it: thresholds are compared with scores, which are
/// no finer, and rounding must not lower one.
#[allow(clippy::cast_possible_truncation)]
fn narrowed(threshold: f64) -> f32 {
    let near = threshold as f32;
    if near.is_finite() && f64::from(near) < threshold {
        near.next_up()
    } else {
        near
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    format: Format,
    matcher: Named<Matcher>,
    points: Points,
    population: Option<String>,
    measured: Option<String>,
}

struct Format;

impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == FORMAT {
            Ok(Self)
        } else {
            Err(D::Error::unknown_variant(&text, &[FORMAT]))
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Matcher {
    vendor: String,
    name: String,
    version: String,
    model_sha256: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Point {
    threshold: f64,
    claimed_fmr: f64,
    non_mated_trials: u64,
    false_matches: u64,
    mated_trials: Option<u64>,
    false_non_matches: Option<u64>,
}

/// A list whose errors say at which point, and that doesn't grow beyond the limit.
struct Points(Vec<Point>);

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = Points;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of operating points")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Points, A::Error> {
                let mut points = Vec::new();
                loop {
                    let at = points.len();
                    let next = list.next_element().map_err(|error| {
                        A::Error::custom(format_args!("operating point {at} (from 0): {error}"))
                    })?;
                    match next {
                        Some(_) if at == Calibration::MAX_POINTS => {
                            return Err(A::Error::custom("too many operating points"));
                        }
                        Some(Named(point)) => points.push(point),
                        None => return Ok(Points(points)),
                    }
                }
            }
        }
        deserializer.deserialize_seq(List)
    }
}

impl Record {
    fn check(self) -> Result<Calibration, CalibrationError> {
        let Self {
            format: Format,
            matcher: Named(matcher),
            points: Points(points),
            population,
            measured,
        } = self;
        let mut model = [0; 32];
        hex::read(&matcher.model_sha256, &mut model).ok_or(CalibrationError::Model)?;
        let matcher = MatcherId {
            vendor: matcher.vendor,
            name: matcher.name,
            version: matcher.version,
            model,
        };
        let points = points
            .into_iter()
            .enumerate()
            .map(|(point, read)| {
                read.check()
                    .map_err(|problem| CalibrationError::Point { point, problem })
            })
            .collect::<Result<_, _>>()?;
        let mut record = Calibration::new(matcher, points)?;
        if let Some(population) = population {
            record = record.with_population(&population)?;
        }
        if let Some(measured) = measured {
            record = record.with_measured(&measured)?;
        }
        Ok(record)
    }
}

impl Point {
    fn check(self) -> Result<OperatingPoint, PointProblem> {
        let threshold = Score::new(narrowed(self.threshold));
        let fnmr = match (self.mated_trials, self.false_non_matches) {
            (None, None) => None,
            (Some(trials), Some(errors)) => {
                let counted = Proportion::new(errors, trials);
                Some(counted.ok_or(PointProblem::MoreMissesThanTrials)?)
            }
            _ => return Err(PointProblem::MissesWithoutTrials),
        };
        Ok(OperatingPoint {
            threshold: threshold.ok_or(PointProblem::ThresholdNotFinite)?,
            fmr: Fmr::new(self.claimed_fmr).ok_or(PointProblem::ClaimNotARate)?,
            non_mated_trials: self.non_mated_trials,
            false_matches: self.false_matches,
            fnmr,
        })
    }
}
