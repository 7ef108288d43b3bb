use std::borrow::Cow;

use jiff::{ToSpan, civil::Date};

use super::{Document, Failure, Situation};

mod action;
mod dates;
mod fact;
mod remedy;
mod table;

pub use action::Action;
pub use dates::{Milestone, RuleDates};
pub use fact::{Condition, Fact};

/// The rules that [`advise`](super::advise) follows: data, so that a product can
/// replace them when the law moves and the crate has not.
///
/// ```
/// use uketsuke::eligibility::{Action, Failure, Rule, RuleTable};
///
/// let rules = RuleTable::current().with(
///     Rule::new("our-desk", 1, Action::AskForReceptionist, "2番の窓口へどうぞ。", "Please go to desk 2.")
///         .on(&[Failure::NetworkDown]),
/// );
/// assert!(rules.rules().iter().any(|rule| rule.id == "our-desk"));
/// ```
///
/// With feature `serde` a table is also a file: write [`current`](Self::current)
/// out, edit it, read it in. A rule's `failures` may be left out (all), and so may
/// `conditions`, `from`, `to`, `source` and `last_verified`. A failure, fact, action
/// or field that this version doesn't know makes the file an error: then keep to the
/// table that you have.
///
/// ```
/// # #[cfg(feature = "serde")] {
/// use uketsuke::eligibility::RuleTable;
///
/// let file = r#"[{
///     "id": "our-desk", "rank": 1, "action": "ask-for-receptionist",
///     "failures": ["network-down"], "conditions": [{"holds": {"in-hand": "card"}}],
///     "to": "2027-03-31", "ja": "2番の窓口へどうぞ。", "en": "Please go to desk 2."
/// }]"#;
/// let ours: RuleTable = serde_json::from_str(file)?;
/// let rules = ours.rules().iter().cloned().fold(RuleTable::current(), RuleTable::with);
/// # assert_eq!(rules.rules().len(), RuleTable::current().rules().len() + 1);
/// # }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent)
)]
pub struct RuleTable {
    rules: Vec<Rule>,
}

impl RuleTable {
    /// The rules as publicly known on 2026-11-22, on [`RuleDates::current`].
    #[must_use]
    pub fn current() -> Self {
        Self::with_dates(&RuleDates::current())
    }

    /// The same rules on other days.
    #[must_use]
    pub fn with_dates(dates: &RuleDates) -> Self {
        Self {
            rules: table::table(dates),
        }
    }

    /// From rules of one's own.
    #[must_use]
    pub const fn new(rules: Vec<Rule>) -> Self {
        Self { rules }
    }

    /// With one more; a rule of the same id is replaced where it stands.
    #[must_use]
    pub fn with(mut self, rule: Rule) -> Self {
        match self.rules.iter_mut().find(|old| old.id == rule.id) {
            Some(old) => *old = rule,
            None => self.rules.push(rule),
        }
        self
    }

    /// Without the rule of this id.
    #[must_use]
    pub fn without(mut self, id: &str) -> Self {
        self.rules.retain(|rule| rule.id != id);
        self
    }

    /// All, in the table's order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
}

/// One rule: in these cases, on these days, this is what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields)
)]
pub struct Rule {
    /// Names it within the table.
    pub id: Cow<'static, str>,
    /// The failures it answers.
    #[cfg_attr(feature = "serde", serde(default = "every_failure"))]
    pub failures: Cow<'static, [Failure]>,
    /// What must all be so besides.
    #[cfg_attr(feature = "serde", serde(default))]
    pub conditions: Cow<'static, [Condition]>,
    /// First day (Japan) on which it holds; `None`: always did.
    pub from: Option<Date>,
    /// Last day on which it holds; `None`: no end known.
    pub to: Option<Date>,
    /// Lower comes first.
    pub rank: u16,
    /// What to do.
    pub action: Action,
    /// The same in plain polite Japanese.
    pub ja: Cow<'static, str>,
    /// The same in plain English.
    pub en: Cow<'static, str>,
    /// Where it comes from.
    #[cfg_attr(feature = "serde", serde(default = "good_practice"))]
    pub source: Cow<'static, str>,
    /// When it was last looked up; `None` for what no law changes, such as
    /// placing the card again.
    pub last_verified: Option<Date>,
}

const fn every_failure() -> Cow<'static, [Failure]> {
    Cow::Borrowed(Failure::ALL)
}

const fn good_practice() -> Cow<'static, str> {
    Cow::Borrowed("good practice")
}

impl Rule {
    /// A rule for every failure, on every day, without source; the other methods
    /// narrow it.
    #[must_use]
    pub fn new(
        id: impl Into<Cow<'static, str>>,
        rank: u16,
        action: Action,
        ja: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            id: id.into(),
            failures: every_failure(),
            conditions: Cow::Borrowed(&[]),
            from: None,
            to: None,
            rank,
            action,
            ja: ja.into(),
            en: en.into(),
            source: good_practice(),
            last_verified: None,
        }
    }

    /// Only for these failures.
    #[must_use]
    pub fn on(self, failures: &[Failure]) -> Self {
        Self {
            failures: Cow::Owned(failures.to_vec()),
            ..self
        }
    }

    /// Only where this is so, too.
    #[must_use]
    pub fn when(mut self, fact: Fact) -> Self {
        self.conditions.to_mut().push(Condition::Holds(fact));
        self
    }

    /// Only where this is not so, too.
    #[must_use]
    pub fn unless(mut self, fact: Fact) -> Self {
        self.conditions.to_mut().push(Condition::Not(fact));
        self
    }

    /// Only from this day on.
    #[must_use]
    pub fn from(self, day: Date) -> Self {
        Self {
            from: Some(day),
            ..self
        }
    }

    /// Only up to and with this day.
    #[must_use]
    pub fn to(self, day: Date) -> Self {
        Self {
            to: Some(day),
            ..self
        }
    }

    /// Only from this milestone's day on; its source is the rule's. Of several
    /// milestones the last one named is.
    fn since(self, milestone: &Milestone) -> Self {
        self.from(milestone.day).because_of(milestone)
    }

    /// Only up to and with this milestone's day; its source is the rule's.
    fn until(self, milestone: &Milestone) -> Self {
        self.to(milestone.day).because_of(milestone)
    }

    /// Only after this milestone's day; its source is the rule's.
    fn after(self, milestone: &Milestone) -> Self {
        let next = milestone.day.saturating_add(1.day());
        self.from(next).because_of(milestone)
    }

    fn because_of(self, milestone: &Milestone) -> Self {
        self.source(milestone.source.clone(), milestone.last_verified)
    }

    /// With its source, and the day when that was last looked up.
    #[must_use]
    pub fn source(self, source: impl Into<Cow<'static, str>>, last_verified: Date) -> Self {
        Self {
            source: source.into(),
            last_verified: Some(last_verified),
            ..self
        }
    }

    /// Whether it holds in this situation, on this day, with these documents.
    #[must_use]
    pub fn applies(&self, situation: &Situation, date: Date, documents: &[Document]) -> bool {
        self.failures.contains(&situation.failure)
            && self.from.is_none_or(|from| from <= date)
            && self.to.is_none_or(|to| date <= to)
            && self
                .conditions
                .iter()
                .all(|condition| condition.is_met(situation, documents))
    }
}
