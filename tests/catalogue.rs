//! The catalogue of failures: whole, in step with the code and with the advice.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::{Date, date};
use uketsuke::eligibility::catalogue::{Entry, markdown};
use uketsuke::eligibility::{Action, Failure, Lang, Place, Retry, RuleTable, Situation, advise};

/// When the rules were last looked up: no remedy in the catalogue is doubtful.
const DAY: Date = date(2026, 11, 22);

fn entries() -> Vec<Entry> {
    Entry::all(DAY, &RuleTable::current())
}

fn actions(entry: &Entry) -> Vec<Action> {
    entry
        .remedies
        .iter()
        .map(|remedy| remedy.item.action)
        .collect()
}

/// To write it anew: `UKETSUKE_WRITE_CATALOGUE=1 cargo test --test catalogue`.
#[test]
fn the_page_is_what_the_code_says() {
    let text = markdown(DAY, &RuleTable::current());
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/eligibility/catalogue.md");
    if std::env::var_os("UKETSUKE_WRITE_CATALOGUE").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let page = std::fs::read_to_string(&file)
        .unwrap()
        .replace("\r\n", "\n");
    let differs = page
        .lines()
        .zip(text.lines())
        .find(|(page, text)| page != text);
    assert!(
        page == text,
        "src/eligibility/catalogue.md is old; first difference: {differs:?}.\n\
         Write it anew: UKETSUKE_WRITE_CATALOGUE=1 cargo test --test catalogue"
    );
}

#[test]
fn every_failure_has_one_whole_entry() {
    let entries = entries();
    let failures: BTreeSet<Failure> = entries.iter().map(|entry| entry.failure).collect();
    assert_eq!(failures.len(), Failure::ALL.len());
    let page = markdown(DAY, &RuleTable::current());
    for entry in entries {
        let failure = entry.failure;
        for lang in [Lang::Ja, Lang::En] {
            assert!(page.contains(failure.cause(lang)), "{failure}");
        }
        assert_eq!(
            page.matches(&format!("\n## {failure}\n")).count(),
            1,
            "{failure}"
        );
        assert_eq!(
            page.matches(&format!("(#{failure})")).count(),
            1,
            "{failure}"
        );
        assert!(!entry.remedies.is_empty(), "{failure}");
        for remedy in &entry.remedies {
            let row = format!("| {} | {} |\n", remedy.item.ja, remedy.item.en);
            assert!(page.contains(&row), "{failure}: {row}");
            // Nothing that breaks a table, and no rule that was doubtful on that day.
            assert!(!row.trim_matches(['|', ' ', '\n']).contains('\n'));
            assert_eq!(row.matches('|').count(), 3, "{row}");
            assert_eq!(remedy.item.not_confirmed_since, None, "{failure}");
        }
    }
}

/// The remedies are those that a plain visit advises, in its order, and more only where the
/// desk has what they take.
#[test]
fn remedies_are_the_advice() {
    for entry in entries() {
        let failure = entry.failure;
        let advice = advise(&Situation::of(failure), DAY, &[], &RuleTable::current());
        let plain: Vec<Action> = advice.items.iter().map(|item| item.action).collect();
        let listed: Vec<Action> = entry
            .remedies
            .iter()
            .filter(|remedy| !remedy.where_offered)
            .map(|remedy| remedy.item.action)
            .collect();
        assert_eq!(listed, plain, "{failure}");
        for remedy in entry.remedies.iter().filter(|remedy| remedy.where_offered) {
            assert!(
                matches!(
                    remedy.item.action,
                    Action::TryFace
                        | Action::AskStaffCheck
                        | Action::UseCounterApp
                        | Action::UsePhone
                ),
                "{failure}: {:?}",
                remedy.item.action
            );
        }
    }
}

/// Who is told to try again is also told how, and who isn't is told nothing of the kind.
#[test]
fn whether_to_try_again_is_what_the_advice_says() {
    let mut seen = BTreeSet::new();
    for entry in entries() {
        let (failure, actions) = (entry.failure, actions(&entry));
        let any = |wanted: &[Action]| wanted.iter().any(|wanted| actions.contains(wanted));
        let again = [Action::PlaceCardAgain, Action::RegisterAtReader];
        let other = [
            Action::TryPin,
            Action::TryFace,
            Action::AskStaffCheck,
            Action::UseOtherReader,
            Action::UseCounterApp,
            Action::QueryByNumber,
            Action::PlaceCardAgain,
        ];
        let later = [Action::TryAgainLater, Action::WaitHere];
        let fits = match entry.retry {
            Retry::AtOnce => any(&again),
            Retry::OtherMethod => any(&other),
            Retry::Later => any(&later),
            Retry::Not => !any(&again) && !any(&[Action::TryAgainLater, Action::TryPin]),
            other => panic!("{failure}: {other:?}"),
        };
        assert!(fits, "{failure} {:?}: {actions:?}", entry.retry);
        seen.insert(entry.retry);
        // What is out of order here or there isn't the person's card.
        let outside = matches!(entry.place, Place::Network | Place::Program | Place::Reader);
        assert!(
            !(outside && failure.is_refusal()),
            "{failure} is at {:?}",
            entry.place
        );
    }
    assert_eq!(seen.len(), Retry::ALL.len());
    let places: BTreeSet<Place> = entries().iter().map(|entry| entry.place).collect();
    assert_eq!(places.len(), Place::ALL.len());
}

#[test]
fn codes_and_texts_are_short_and_different() {
    let words = |all: Vec<[&'static str; 3]>| {
        for at in 0..3 {
            let texts: BTreeSet<&str> = all.iter().map(|words| words[at]).collect();
            assert_eq!(texts.len(), all.len());
            assert!(texts.iter().all(|text| !text.is_empty() && text.len() < 80));
        }
    };
    let (ja, en) = (Lang::Ja, Lang::En);
    words(
        Place::ALL
            .iter()
            .map(|p| [p.code(), p.text(ja), p.text(en)])
            .collect(),
    );
    words(
        Retry::ALL
            .iter()
            .map(|r| [r.code(), r.text(ja), r.text(en)])
            .collect(),
    );
}
