use thiserror::Error;

use super::Calibration;

/// A calibration record that can't be true, or can't be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CalibrationError {
    /// A text is empty, longer than [`Calibration::MAX_TEXT`], or has control characters
    /// in it.
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
    #[error("operating point {point} (from 0) of the calibration record: {} {problem}", problem.field())]
    Point {
        /// Which, from 0.
        point: usize,
        /// What is wrong.
        problem: PointProblem,
    },
    /// The digest of the model isn't 64 hexadecimal digits.
    #[error("model_sha256 of the calibration record is not 64 hexadecimal digits")]
    Model,
    /// The file is longer than any record.
    #[error("a calibration record has at most {limit} bytes, not {found}")]
    TooLong {
        /// Bytes that there are.
        found: usize,
        /// Bytes that there may be.
        limit: usize,
    },
    /// The file isn't such JSON.
    #[error("the calibration record can't be read: {problem} (line {line}, column {column})")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1; 0 before the first.
        column: usize,
        /// What is wrong, with the field's name.
        problem: String,
    },
}

/// What is wrong with an operating point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum PointProblem {
    /// The threshold isn't a finite number.
    #[error("is not a finite number")]
    ThresholdNotFinite,
    /// The threshold isn't above that of the point before.
    #[error("is not above that of the point before")]
    ThresholdNotRising,
    /// The claimed rate isn't between 0 and 1.
    #[error("is not between 0 and 1")]
    ClaimNotARate,
    /// The claimed rate is below false matches by non-mated trials.
    #[error("is below the rate that was seen")]
    ClaimBelowObserved,
    /// More false matches than trials.
    #[error("is above the number of trials")]
    MoreErrorsThanTrials,
    /// More false matches than at the point before: a higher threshold lets no more
    /// through.
    #[error("is above that of the point before, whose threshold is lower")]
    FalseMatchesRise,
    /// More false non-matches than mated trials.
    #[error("is above the number of trials")]
    MoreMissesThanTrials,
    /// Of mated trials and false non-matches, one is there and the other isn't.
    #[error("and mated_trials must come together")]
    MissesWithoutTrials,
}

impl PointProblem {
    /// The field of the record that has it.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::ThresholdNotFinite | Self::ThresholdNotRising => "threshold",
            Self::ClaimNotARate | Self::ClaimBelowObserved => "claimed_fmr",
            Self::MoreErrorsThanTrials | Self::FalseMatchesRise => "false_matches",
            Self::MoreMissesThanTrials | Self::MissesWithoutTrials => "false_non_matches",
        }
    }
}
