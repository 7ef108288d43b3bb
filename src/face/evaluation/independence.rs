use super::Scores;
use crate::face::{Confidence, Fmr, Score};

/// How many pairs of different people `people` make: n(n − 1)/2.
///
/// A test that compares everybody with everybody has so many non-mated comparisons.
/// They are **not independent**: each person is in n − 1 of them. Limits from them
/// are too narrow if some faces resemble many others.
///
/// ```
/// use uketsuke::face::evaluation::{cross_pairs, disjoint_pairs};
///
/// assert_eq!(cross_pairs(245), 29_890); // what certification calls enough at 80 %
/// assert_eq!(cross_pairs(100), 4_950);
/// assert_eq!(disjoint_pairs(245), 122);
/// ```
#[must_use]
pub const fn cross_pairs(people: u64) -> u64 {
    // One of the two is even: nothing is lost by halving it first.
    if people & 1 == 0 {
        (people / 2).saturating_mul(people.saturating_sub(1))
    } else {
        people.saturating_mul((people - 1) / 2)
    }
}

/// How many pairs there are in which nobody takes part twice: half as many as
/// people. So many non-mated comparisons can be independent of each other.
#[must_use]
pub const fn disjoint_pairs(people: u64) -> u64 {
    people / 2
}

/// How many independent trials without a single error show that the rate is at
/// most this.
///
/// ```
/// use uketsuke::face::{Confidence, Fmr, evaluation::trials_without_error};
///
/// let rate = Fmr::ONE_IN_10_000;
/// assert_eq!(trials_without_error(rate, Confidence::NINETY_FIVE), 29_956);
/// assert_eq!(trials_without_error(rate, Confidence::EIGHTY), 16_094);
/// ```
#[must_use]
pub fn trials_without_error(rate: Fmr, confidence: Confidence) -> u64 {
    let (mut too_few, mut enough) = (0, u64::MAX);
    while enough - too_few > 1 {
        let middle = enough.midpoint(too_few);
        if confidence.upper(0, middle) <= rate.get() {
            enough = middle;
        } else {
            too_few = middle;
        }
    }
    enough
}

/// What has to be said beside the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Caveat {
    /// Nobody said how many people took part, so nothing is known of how the trials
    /// depend on each other.
    PeopleUnknown,
    /// People take part in more than one non-mated comparison, as in cross pairs:
    /// the limits of the false match rate are narrower than they should be.
    SharedPairs {
        /// The non-mated comparisons.
        pairs: u64,
        /// How many there can be without anybody twice ([`disjoint_pairs`]).
        independent: u64,
    },
    /// People made more than one mated comparison each: the limits of the false
    /// non-match rate are narrower than they should be.
    RepeatedAttempts {
        /// The mated comparisons.
        attempts: u64,
        /// The people who made them.
        people: u64,
    },
    /// Fewer than 30 false matches (rule of 30): quote the limits, not the rate.
    FewFalseMatches {
        /// How many.
        found: u64,
    },
    /// Fewer than 30 false non-matches (rule of 30): quote the limits, not the rate.
    FewFalseNonMatches {
        /// How many.
        found: u64,
    },
}

pub(super) fn caveats(all: &Scores, people: Option<u64>, threshold: Score) -> Vec<Caveat> {
    let mut caveats = Vec::new();
    if let Some(people) = people {
        let (pairs, independent) = (all.non_mated(), disjoint_pairs(people));
        if pairs > independent {
            caveats.push(Caveat::SharedPairs { pairs, independent });
        }
        let attempts = all.mated();
        if attempts > people {
            caveats.push(Caveat::RepeatedAttempts { attempts, people });
        }
    } else {
        caveats.push(Caveat::PeopleUnknown);
    }
    let (matches, non_matches) = (all.fmr(threshold), all.fnmr(threshold));
    if !matches.has_thirty_errors() {
        let found = matches.errors();
        caveats.push(Caveat::FewFalseMatches { found });
    }
    if !non_matches.has_thirty_errors() {
        let found = non_matches.errors();
        caveats.push(Caveat::FewFalseNonMatches { found });
    }
    caveats
}
