use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use super::Doubt;
use super::facts::Facts;

/// Longest time in which one check-in is awaited.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// The time in which the person at the desk checks in at the reader. Both ends
/// belong to it, in whole seconds, as times of results are.
///
/// They are times of other machines: of the centre, and of the terminal in a file's
/// name. Leave room for clocks that differ.
///
/// ```
/// use jiff::{SignedDuration, Timestamp};
/// use uketsuke::eligibility::armed::{Window, WindowError};
///
/// let now: Timestamp = "2026-11-05T09:15:00+09:00".parse()?;
/// let minutes = SignedDuration::from_mins;
/// let window = Window::of(now, minutes(5), minutes(3))?;
/// assert_eq!(window.until(), now + minutes(3));
/// assert_eq!(Window::new(now, now - minutes(1)), Err(WindowError::Backwards));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    from: Timestamp,
    until: Timestamp,
}

/// What is no window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum WindowError {
    /// It ends before it begins.
    #[error("the window ends before it begins")]
    Backwards,
    /// Longer than 24 hours, or not within the times that there are.
    #[error("the window is longer than 24 hours")]
    TooLong,
}

/// Where the times of a result lie.
pub(super) enum Times {
    Within,
    Doubt(Doubt),
    Outside,
}

impl Window {
    /// From a time to another.
    ///
    /// # Errors
    /// It ends before it begins, or is longer than 24 hours.
    pub fn new(from: Timestamp, until: Timestamp) -> Result<Self, WindowError> {
        let long = until.duration_since(from);
        if long < SignedDuration::ZERO {
            return Err(WindowError::Backwards);
        }
        if long > LONGEST {
            return Err(WindowError::TooLong);
        }
        Ok(Self { from, until })
    }

    /// From so long before `now`, for a person who had checked in when they came to
    /// the desk, to so long after it.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn of(
        now: Timestamp,
        before: SignedDuration,
        after: SignedDuration,
    ) -> Result<Self, WindowError> {
        match (now.checked_sub(before), now.checked_add(after)) {
            (Ok(from), Ok(until)) => Self::new(from, until),
            _ => Err(WindowError::TooLong),
        }
    }

    /// When it begins.
    #[must_use]
    pub const fn from(&self) -> Timestamp {
        self.from
    }

    /// When it ends.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.until
    }

    fn holds(&self, time: Timestamp) -> bool {
        (self.from.as_second()..=self.until.as_second()).contains(&time.as_second())
    }

    /// Each time that a result has must lie in it. Where there is none, it is known
    /// only when it came, which is doubtful.
    pub(super) fn times(&self, facts: &Facts) -> Times {
        let within = |time: &Timestamp| self.holds(*time);
        match (facts.executed, facts.written) {
            (None, None) if self.holds(facts.seen) => Times::Doubt(Doubt::TimeUnsaid),
            (None, None) => Times::Outside,
            (one, other) => {
                let times = || one.iter().chain(&other);
                if times().all(within) {
                    Times::Within
                } else if times().any(within) {
                    Times::Doubt(Doubt::TimesDiffer)
                } else {
                    Times::Outside
                }
            }
        }
    }
}
