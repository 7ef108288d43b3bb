//! Names that are nearly known ones.

use super::known_names;

/// Words that shipped in programs in place of the right ones, and made them lose
/// consents.
const WRONG_WORDS: [(&str, &str); 2] = [
    ("Pharmaceutical", "Pharmacists"),
    ("AcquisitionTime", "AvailableTime"),
];

/// Beyond this a name is taken for a new one.
const MAX_EDITS: usize = 3;

/// So many names of a path are looked at, from the outermost on.
const MAX_DEPTH: usize = 6;

/// Finds the known name that is probably meant by an unknown path.
#[derive(Default)]
pub(super) struct Near {
    /// The name looked for last and what was found: the elements of a misspelt
    /// list come one after the other.
    last: (String, Option<&'static str>),
}

impl Near {
    /// The known name that one of the names of this path is nearly; else the
    /// innermost one that is known, but not here.
    pub(super) fn known_name(&mut self, path: &str) -> Option<&'static str> {
        let names = || path.split('/').take(MAX_DEPTH);
        let misspelt = names().find_map(|name| {
            if self.last.0 != name {
                self.last = (name.to_owned(), nearest(name));
            }
            self.last.1.filter(|known| *known != name)
        });
        misspelt.or_else(|| {
            let known = |name: &str| known_names().find(|known| *known == name);
            names().filter_map(known).last()
        })
    }
}

/// The nearest known name, and of those as near the first in the tables; the name
/// itself if it is known.
fn nearest(name: &str) -> Option<&'static str> {
    if let Some(known) = known_names().find(|known| *known == name) {
        return Some(known);
    }
    let right = WRONG_WORDS
        .iter()
        .fold(name.to_ascii_lowercase(), |name, (wrong, right)| {
            name.replace(&wrong.to_ascii_lowercase(), &right.to_ascii_lowercase())
        });
    // Short names have many neighbours that mean something else.
    let allowed = MAX_EDITS.min(right.len() / 3);
    known_names()
        .filter_map(|known| Some((edits(&right, known, allowed)?, known)))
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, known)| known)
}

/// Letters to insert, leave out, change or swap with the next to make one of the
/// other, capital or small; `None` if more than `most` (optimal string alignment).
fn edits(one: &str, other: &str, most: usize) -> Option<usize> {
    let (one, other) = different(one.as_bytes(), other.as_bytes());
    if one.len().abs_diff(other.len()) > most {
        return None;
    }
    let mut before_last = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    let mut previous = None;
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let changed = at(&last, j) + usize::from(!same(a, b));
            let mut edits = changed.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let turned = |before: &u8| same(before, a) && previous.is_some_and(|p| same(p, b));
            if j > 0 && other.get(j - 1).is_some_and(turned) {
                edits = edits.min(at(&before_last, j - 1) + 1);
            }
            row.push(edits);
        }
        // Nothing gets nearer from here.
        if last.iter().chain(&row).all(|edits| *edits > most) {
            return None;
        }
        before_last = std::mem::replace(&mut last, row);
        previous = Some(a);
    }
    last.last().copied().filter(|edits| *edits <= most)
}

fn same(a: &u8, b: &u8) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// The two without what they begin and end with alike.
fn different<'a>(mut one: &'a [u8], mut other: &'a [u8]) -> (&'a [u8], &'a [u8]) {
    while let ([a, rest @ ..], [b, other_rest @ ..]) = (one, other)
        && same(a, b)
    {
        (one, other) = (rest, other_rest);
    }
    while let ([rest @ .., a], [other_rest @ .., b]) = (one, other)
        && same(a, b)
    {
        (one, other) = (rest, other_rest);
    }
    (one, other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_names_of_the_field_are_recognised() {
        for (wrong, right) in [
            ("PharmaceuticalInfoConsFlg", "PharmacistsInfoConsFlg"),
            (
                "PharmacistsInfoAcquisitionTime",
                "PharmacistsInfoAvailableTime",
            ),
            (
                "PharmaceuticalInfoAcquisitionTime",
                "PharmacistsInfoAvailableTime",
            ),
            ("DiagnosisInfoConsTim", "DiagnosisInfoConsTime"),
            ("StatusOfInfection", "StatusOfInfecton"),
            ("birthdate", "Birthdate"),
            ("MessageHeader/Nmae", "Name"),
            (
                "ResultLst/ResultOfQualificationConfirmation/Name",
                "ResultList",
            ),
            ("MessageBody/ResultList/Name", "Name"),
            ("Foo/Birthdate/Bar", "Birthdate"),
        ] {
            assert_eq!(Near::default().known_name(wrong), Some(right), "{wrong}");
        }
        for new in ["Foo", "FavouriteColour", "VaccinationInfoBody", "(..)", ""] {
            assert_eq!(Near::default().known_name(new), None, "{new}");
        }
    }

    #[test]
    fn edits_are_counted() {
        for (one, other, count) in [
            ("", "", 0),
            ("abc", "abc", 0),
            ("abc", "acb", 1),
            ("abc", "ab", 1),
            ("abc", "abcd", 1),
            ("abc", "xbc", 1),
            ("abc", "aBC", 0),
            ("abba", "aba", 1),
            ("abcx", "acbX", 1),
            ("abc", "cab", 2),
            ("abcd", "badc", 2),
        ] {
            assert_eq!(edits(one, other, 3), Some(count), "{one} {other}");
            assert_eq!(edits(other, one, 3), Some(count), "{other} {one}");
        }
        assert_eq!(edits("abcdef", "uvwxyz", 3), None);
        // A swap across a row in which all is farther than that.
        assert_eq!(edits("ab", "ba", 1), Some(1));
        assert_eq!(edits("badc", "abcd", 1), None);
        assert_eq!(edits("a", "abcdef", 3), None);
    }
}
