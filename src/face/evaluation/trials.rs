use std::collections::BTreeMap;

use thiserror::Error;

use super::{Evaluation, Scores};
use crate::face::Score;

/// What one line of a test's record says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trial {
    /// Photo and frame of one person were compared. Higher is more alike, as for
    /// [`Score`].
    Mated(f32),
    /// Photo and frame of two people were compared.
    NonMated(f32),
    /// An attempt of the right person gave no frame that could be compared: nobody
    /// found, too dark, and so on. It counts beside the mated comparisons, which are
    /// the attempts that went well.
    NotAcquired,
    /// A card's photo could be used. Only for the failure-to-enrol rate.
    Enrolled,
    /// A card's photo couldn't be used.
    NotEnrolled,
}

/// A trial was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TrialError {
    /// The score is NaN or infinite. A matcher that says so has failed, and what
    /// that means for the person must be decided, not averaged away.
    #[error("the score of trial {index} (from 0) is not a finite number")]
    NotFinite {
        /// How many trials were taken before.
        index: u64,
    },
    /// The name of a group is empty, longer than [`Trials::MAX_NAME`] characters,
    /// or has control characters in it.
    #[error("the name of a group is empty, too long, or has control characters in it")]
    GroupName,
    /// More than [`Trials::MAX_GROUPS`] groups: most likely a wrong column.
    #[error("more than {} groups", Trials::MAX_GROUPS)]
    TooManyGroups,
}

/// Collects trials.
///
/// ```
/// use uketsuke::face::evaluation::{Trial, TrialError, Trials};
///
/// let mut trials = Trials::new();
/// trials.add(Trial::Mated(0.83), &["glasses"])?;
/// trials.add(Trial::NonMated(0.12), &[])?;
/// trials.add(Trial::NotAcquired, &["glasses"])?;
/// let nan = trials.add(Trial::Mated(f32::NAN), &[]);
/// assert_eq!(nan, Err(TrialError::NotFinite { index: 3 }));
///
/// let evaluation = trials.evaluate();
/// assert_eq!(evaluation.all().failures_to_acquire().to_string(), "1/2");
/// # Ok::<(), TrialError>(())
/// ```
#[derive(Debug, Default)]
pub struct Trials {
    all: Scores,
    groups: BTreeMap<String, Scores>,
    taken: u64,
}

impl Trials {
    /// At most so many groups.
    pub const MAX_GROUPS: usize = 64;
    /// At most so many characters in a group's name.
    pub const MAX_NAME: usize = 64;

    /// No trials yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one trial, which belongs to these groups of the caller's (a group
    /// named twice counts once). Each takes 4 bytes of memory, and 4 more for each
    /// group.
    ///
    /// # Errors
    ///
    /// [`TrialError`]; the trial is then not taken.
    pub fn add(&mut self, trial: Trial, groups: &[&str]) -> Result<(), TrialError> {
        if let Trial::Mated(score) | Trial::NonMated(score) = trial
            && !score.is_finite()
        {
            return Err(TrialError::NotFinite { index: self.taken });
        }
        let mut new: Vec<&str> = Vec::new();
        for (i, name) in groups.iter().enumerate() {
            let length = name.chars().take(Self::MAX_NAME + 1).count();
            if length == 0 || length > Self::MAX_NAME || name.chars().any(char::is_control) {
                return Err(TrialError::GroupName);
            }
            let again = groups.iter().take(i).any(|earlier| earlier == name);
            if !again && !self.groups.contains_key(*name) {
                new.push(name);
            }
        }
        if self.groups.len() + new.len() > Self::MAX_GROUPS {
            return Err(TrialError::TooManyGroups);
        }
        for name in new {
            self.groups.insert(name.to_owned(), Scores::default());
        }
        self.all.add(trial);
        for (i, name) in groups.iter().enumerate() {
            if groups.iter().take(i).all(|earlier| earlier != name)
                && let Some(scores) = self.groups.get_mut(*name)
            {
                scores.add(trial);
            }
        }
        self.taken += 1;
        Ok(())
    }

    /// Ready for questions.
    #[must_use]
    pub fn evaluate(mut self) -> Evaluation {
        self.all.sort();
        self.groups.values_mut().for_each(Scores::sort);
        Evaluation::new(self.all, self.groups)
    }
}

impl Scores {
    fn add(&mut self, trial: Trial) {
        match trial {
            Trial::Mated(score) => self.mated.extend(Score::new(score)),
            Trial::NonMated(score) => self.non_mated.extend(Score::new(score)),
            Trial::NotAcquired => self.not_acquired += 1,
            Trial::Enrolled => self.enrolled += 1,
            Trial::NotEnrolled => self.not_enrolled += 1,
        }
    }

    fn sort(&mut self) {
        for scores in [&mut self.mated, &mut self.non_mated] {
            scores.sort_unstable_by(|a, b| a.get().total_cmp(&b.get()));
        }
    }
}
