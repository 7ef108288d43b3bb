//! Two judges of one case, and what may be different between them.

use std::{collections::BTreeMap, fmt};

use crate::{Difference, random::Random};

/// How a case was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Nothing is wrong, unless the time is.
    Unbroken,
    /// Made by the virtual PKI with one rule broken.
    Defect,
    /// Bytes and bits changed; the signature stays.
    Raw,
    /// The signed part edited and signed again.
    Signed,
    /// The parts outside the signed one edited.
    Outside,
    /// The certificate of who signed edited, and mostly signed again.
    Signer,
}

impl Kind {
    pub(crate) fn pick(random: &mut Random) -> Self {
        match random.below(100) {
            0..3 => Self::Unbroken,
            3..13 => Self::Defect,
            13..33 => Self::Raw,
            33..88 => Self::Signed,
            88..94 => Self::Outside,
            _ => Self::Signer,
        }
    }
}

/// What was said of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is good.
    Accepted,
    /// It isn't, and the reason.
    Refused(String),
}

impl Verdict {
    fn is_revoked(&self) -> bool {
        matches!(self, Self::Refused(why) if why.contains("revoked"))
    }
}

/// Something to be judged.
pub trait Case {
    /// How it was made.
    fn kind(&self) -> Kind;
    /// What was done, for messages.
    fn what(&self) -> String;
    /// What this crate says.
    fn judge(&self) -> Verdict;
}

/// What came of comparing.
pub struct Found {
    /// Both accept.
    pub accepted: usize,
    /// Both refuse.
    pub refused: usize,
    /// Those of them that both call revoked.
    pub revoked: usize,
    /// How often each difference of the table was met.
    pub used: Vec<usize>,
    /// What no difference explains.
    pub unexplained: Vec<String>,
    by_kind: BTreeMap<Kind, usize>,
    table: &'static [Difference],
}

/// Judges all of `cases`, and compares with what somebody else said of them.
pub fn compare<C: Case>(cases: &[C], theirs: &[Verdict], table: &'static [Difference]) -> Found {
    assert_eq!(cases.len(), theirs.len());
    let mut found = Found {
        accepted: 0,
        refused: 0,
        revoked: 0,
        used: vec![0; table.len()],
        unexplained: Vec::new(),
        by_kind: BTreeMap::new(),
        table,
    };
    let mut unexplained = BTreeMap::new();
    for (case, theirs) in cases.iter().zip(theirs) {
        let ours = case.judge();
        *found.by_kind.entry(case.kind()).or_default() += 1;
        match (&ours, theirs) {
            (Verdict::Accepted, Verdict::Accepted) => found.accepted += 1,
            (Verdict::Refused(_), Verdict::Refused(_)) => {
                found.refused += 1;
                found.revoked += usize::from(ours.is_revoked() && theirs.is_revoked());
            }
            _ => match table.iter().position(|d| d.explains(&ours, theirs)) {
                Some(index) => found.used[index] += 1,
                None => {
                    let verdicts = (format!("{ours:?}"), format!("{theirs:?}"));
                    let first = format!("{:?}, {}", case.kind(), case.what());
                    unexplained.entry(verdicts).or_insert((0, first)).0 += 1;
                }
            },
        }
    }
    for ((ours, theirs), (times, first)) in unexplained {
        let line = format!("{times:>4} here {ours}, openssl {theirs}; first: {first}");
        found.unexplained.push(line);
    }
    found
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.unexplained {
            writeln!(f, "{line}")?;
        }
        writeln!(f, "{:?}", self.by_kind)?;
        writeln!(
            f,
            "both accept {}, both refuse {}, of which both say revoked {}",
            self.accepted, self.refused, self.revoked
        )?;
        for (difference, used) in self.table.iter().zip(&self.used) {
            writeln!(f, "{used:>5} {}", difference.reason)?;
        }
        Ok(())
    }
}
