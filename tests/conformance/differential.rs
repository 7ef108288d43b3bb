//! Mutated chains, lists and answers: this crate and the `openssl` command say the same, apart from what
//! [`CHAINS`], [`LISTS`] and [`ANSWERS`] say.

use jiff::Timestamp;
use uketsuke_conformance::{
    ANSWERS, Answer, Answers, CHAINS, Case, Chain, Chains, Difference, Found, LISTS, List, Lists,
    Verdict, compare, openssl,
};

const SEED: u64 = 0x6a70_6b69;

fn run<C: Case>(cases: &[C], theirs: &[Verdict], table: &'static [Difference]) -> Found {
    let found = compare(cases, theirs, table);
    println!("{}, seed {SEED:#x}\n{found}", openssl::version().unwrap());
    assert!(
        found.unexplained.is_empty(),
        "{} unexplained",
        found.unexplained.len()
    );
    // A judge who says one thing of everything would agree with nobody.
    assert!(found.accepted >= cases.len() / 20 && found.refused >= cases.len() / 3);
    found
}

fn each_met(found: &Found, table: &[Difference]) {
    for (difference, used) in table.iter().zip(&found.used) {
        assert!(*used > 0, "never met: {}", difference.reason);
    }
}

fn chains(count: usize) -> Found {
    let cases: Vec<Chain> = Chains::new(SEED).take(count).collect();
    run(&cases, &openssl::judge_chains(&cases).unwrap(), CHAINS)
}

fn lists(count: usize) -> Found {
    let cases: Vec<List> = Lists::new(SEED).take(count).collect();
    let found = run(&cases, &openssl::judge_lists(&cases).unwrap(), LISTS);
    assert!(found.revoked >= count / 20);
    found
}

fn answers(count: usize) -> Found {
    let mut answers = Answers::new(SEED, Timestamp::now());
    let (mut cases, mut theirs): (Vec<Answer>, Vec<Verdict>) = Default::default();
    // The command goes by the clock, so they are judged when they are new.
    while cases.len() < count {
        answers.set_now(Timestamp::now());
        let new: Vec<Answer> = answers
            .by_ref()
            .take(100.min(count - cases.len()))
            .collect();
        theirs.extend(openssl::judge_answers(&new).unwrap());
        cases.extend(new);
    }
    let found = run(&cases, &theirs, ANSWERS);
    assert!(found.revoked >= count / 50);
    found
}

#[test]
fn five_hundred_chains() {
    chains(500);
}

#[test]
fn three_hundred_lists() {
    lists(300);
}

#[test]
fn three_hundred_answers() {
    answers(300);
}

#[test]
#[ignore = "about a minute"]
fn ten_thousand_chains() {
    each_met(&chains(10_000), CHAINS);
}

#[test]
#[ignore = "about a minute"]
fn ten_thousand_lists() {
    each_met(&lists(10_000), LISTS);
}

#[test]
#[ignore = "a minute; eight on a loaded machine"]
fn ten_thousand_answers() {
    // The time is in the bytes, so that each run makes others, and some differences are rare.
    let met = answers(10_000)
        .used
        .iter()
        .filter(|used| **used > 0)
        .count();
    assert!(met + 4 >= ANSWERS.len(), "only {met} of {}", ANSWERS.len());
}
