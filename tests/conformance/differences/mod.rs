//! Where this crate and the `openssl` command are meant to disagree, and why.

mod answers;
mod chains;
mod lists;

pub use answers::ANSWERS;
pub use chains::CHAINS;
pub use lists::LISTS;

use crate::Verdict;

/// One intended difference.
pub struct Difference {
    /// What this crate's message holds, or `None` if it accepts.
    pub ours: Option<&'static str>,
    /// What the command's message holds, or `None` if it accepts.
    pub theirs: Option<&'static str>,
    /// Why it's right to differ.
    pub reason: &'static str,
}

impl Difference {
    /// Whether it is this one.
    pub fn explains(&self, ours: &Verdict, theirs: &Verdict) -> bool {
        let fits = |wanted: Option<&str>, found: &Verdict| match (wanted, found) {
            (None, Verdict::Accepted) => true,
            (Some(part), Verdict::Refused(why)) => why.contains(part),
            _ => false,
        };
        fits(self.ours, ours) && fits(self.theirs, theirs)
    }
}
