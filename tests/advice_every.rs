//! Advice in every situation: all failures, all standings and flags, both sides of
//! every dated rule, all sets of documents.

mod advice_support;

use advice_support::{dates, flags, lines_must_hold, must_hold, must_hold_today, people, subsets};
use jiff::civil::Date;
use uketsuke::eligibility::{Action, Failure, Rule, RuleTable, Situation, advise};

/// The rules that can fit this failure on this day: for the speed of what
/// enumerates. That nothing else is left out is tested on its own.
fn cut(table: &RuleTable, failure: Failure, day: Date) -> RuleTable {
    let fits = |rule: &&Rule| {
        rule.failures.contains(&failure)
            && rule.from.is_none_or(|from| from <= day)
            && rule.to.is_none_or(|to| day <= to)
    };
    RuleTable::new(table.rules().iter().filter(fits).cloned().collect())
}

/// Every `step`th of all combinations of flags, days and documents.
fn enumerate(failures: &[Failure], which: fn(&Situation) -> bool, step: usize) -> usize {
    let (table, subsets) = (RuleTable::current(), subsets());
    let mut seen = 0;
    for (f, &failure) in failures.iter().enumerate() {
        let situations: Vec<_> = flags(failure).filter(which).collect();
        for (d, day) in dates().into_iter().enumerate() {
            let rules = cut(&table, failure, day);
            let all = situations
                .iter()
                .flat_map(|situation| subsets.iter().map(move |documents| (situation, documents)));
            for (situation, documents) in all.skip((f * 31 + d * 7) % step).step_by(step) {
                let advice = advise(situation, day, documents, &rules);
                must_hold_today(situation, day, documents, &advice);
                seen += 1;
            }
        }
    }
    seen
}

#[test]
fn combinations_of_flags_days_and_documents_are_advised_well() {
    // A prime, so that no flag and no document is in step with it.
    let seen = enumerate(Failure::ALL, |_| true, 1009);
    assert!(seen > 300_000, "{seen}");
}

#[test]
#[ignore = "eighty millions: for an optimised build"]
fn all_combinations_of_flags_days_and_documents_are_advised_well() {
    // Three flags allow one action each and touch nothing else; here they go
    // together, in the test above each by itself.
    let together =
        |s: &Situation| s.app_offered == s.phone_offered && s.phone_offered == s.disaster;
    let (one, other) = Failure::ALL.split_at(Failure::ALL.len() / 2);
    let seen: usize = std::thread::scope(|scope| {
        let halves = [one, other].map(|half| scope.spawn(|| enumerate(half, together, 1)));
        halves.into_iter().map(|half| half.join().unwrap()).sum()
    });
    assert_eq!(seen, Failure::ALL.len() * dates().len() * 128 * 512);
}

#[test]
fn all_people_on_all_days_with_all_documents_are_advised_well() {
    let (table, subsets) = (RuleTable::current(), subsets());
    for &failure in Failure::ALL {
        for (d, day) in dates().into_iter().enumerate() {
            let rules = cut(&table, failure, day);
            for (n, situation) in people(failure).enumerate() {
                for documents in subsets.iter().skip((n + d) % 32).step_by(32) {
                    let advice = advise(&situation, day, documents, &rules);
                    must_hold_today(&situation, day, documents, &advice);
                    lines_must_hold(&advice);
                }
            }
        }
    }
}

#[test]
fn only_rules_of_the_failure_and_the_day_matter() {
    let table = RuleTable::current();
    for &failure in Failure::ALL {
        for day in dates() {
            let rules = cut(&table, failure, day);
            for (situation, documents) in people(failure).zip(subsets().iter().cycle().skip(5)) {
                assert_eq!(
                    advise(&situation, day, documents, &table),
                    advise(&situation, day, documents, &rules)
                );
            }
        }
    }
}

#[test]
fn an_empty_or_foolish_table_still_ends_well() {
    let foolish = Action::ALL
        .iter()
        .enumerate()
        .map(|(i, action)| {
            let rank = u16::try_from(Action::ALL.len() - i).unwrap();
            Rule::new(
                action.code(),
                rank,
                *action,
                "受付の職員にお声がけください。",
                "Speak to the reception staff.",
            )
        })
        .collect();
    for rules in [RuleTable::new(foolish), RuleTable::new(Vec::new())] {
        for &failure in Failure::ALL {
            for situation in flags(failure).step_by(7).chain(people(failure)) {
                for documents in [&[][..], uketsuke::eligibility::Document::ALL] {
                    let advice = advise(&situation, advice_support::TODAY, documents, &rules);
                    must_hold(&situation, documents, &advice);
                    lines_must_hold(&advice);
                }
            }
        }
    }
}
