//! What a result says about whose it is, and of what it is judged.

use std::fmt;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::awaited::{Awaited, said_kana, said_reference_number};
use super::window::{Times, Window};
use super::{Apart, Doubt};
use crate::eligibility::text::comparison_form;
use crate::eligibility::{FeedResult, Personal, Qualification, SegmentOfResult};

/// More persons than that in one file aren't looked at: it is in doubt in any case.
const MOST_PERSONS: usize = 8;

/// No clock of the centre or of a terminal is so far ahead.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);

/// Kept of a result that was delivered.
#[derive(Debug)]
pub(super) struct Facts {
    normal: bool,
    persons: Vec<Person>,
    more: bool,
    pub(super) executed: Option<Timestamp>,
    pub(super) written: Option<Timestamp>,
    /// When it was delivered.
    pub(super) seen: Timestamp,
}

/// In comparison forms; `None` where it isn't said, or not clearly.
pub(super) struct Person {
    pub(super) birthdate: Option<Date>,
    pub(super) kana: Option<Personal>,
    pub(super) reference_number: Option<Personal>,
}

/// Of a result to the person awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Agrees,
    /// It may be theirs.
    Doubt(Doubt),
    /// It isn't, as far as can be known.
    Apart(Apart),
}

impl Facts {
    pub(super) fn of(result: &FeedResult, now: Timestamp) -> Self {
        let report = result.report();
        Self {
            normal: report.segment == SegmentOfResult::Normal,
            persons: report
                .results
                .iter()
                .take(MOST_PERSONS)
                .map(Person::of)
                .collect(),
            more: report.results.len() > MOST_PERSONS,
            executed: report.executed,
            written: result.written(),
            seen: now,
        }
    }

    /// The latest of its times, by which it is forgotten; at most [`AHEAD`] of when it
    /// came, since what is forgotten keeps windows from being armed.
    pub(super) fn latest(&self) -> Timestamp {
        let most = self.seen.checked_add(AHEAD).unwrap_or(Timestamp::MAX);
        let said = self.executed.max(self.written);
        said.map_or(self.seen, |time| time.min(most))
    }

    /// Why it is nobody's, if it is.
    pub(super) fn nobodys(&self) -> Option<Apart> {
        if !self.normal {
            return Some(Apart::NotNormal);
        }
        self.persons.is_empty().then_some(Apart::NoPerson)
    }

    pub(super) fn relation(&self, awaited: &Awaited, window: Window) -> Relation {
        if let Some(apart) = self.nobodys() {
            return Relation::Apart(apart);
        }
        let relations = || self.persons.iter().map(|person| awaited.compare(person));
        let apart = Relation::Apart(Apart::OtherPerson);
        if !self.more && relations().all(|relation| relation == apart) {
            return apart;
        }
        let times = window.times(self);
        if matches!(times, Times::Outside) {
            return Relation::Apart(Apart::OtherTime);
        }
        let mut relations = relations();
        match (relations.next(), relations.next(), times) {
            (Some(Relation::Agrees), None, Times::Within) => Relation::Agrees,
            (Some(Relation::Agrees), None, Times::Doubt(doubt)) => Relation::Doubt(doubt),
            (Some(other), None, _) => other,
            _ => Relation::Doubt(Doubt::SeveralInOne),
        }
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person(..)")
    }
}

impl Person {
    fn of(result: &Qualification) -> Self {
        let reference_number = result.reference_number.as_ref();
        Self {
            birthdate: day(&result.birthdate),
            kana: result
                .kana
                .as_ref()
                .and_then(|kana| said_kana(kana.reveal())),
            reference_number: reference_number
                .and_then(|number| said_reference_number(number.reveal())),
        }
    }
}

fn day(text: &Personal) -> Option<Date> {
    let form = comparison_form(text.reveal());
    let digits = form.reveal();
    let fit = digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
    fit.then(|| Date::strptime("%Y%m%d", digits).ok())?
}
