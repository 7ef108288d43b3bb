//! Mutated chains: this crate and the `openssl` command say the same, apart from [`TABLE`].

use std::collections::BTreeMap;

use uketsuke_conformance::{Chain, Chains, Kind, TABLE, Verdict, judge, version};

const SEED: u64 = 0x6a70_6b69;

struct Found {
    agreed: [usize; 2],
    by_kind: BTreeMap<Kind, usize>,
    used: Vec<usize>,
}

fn run(count: usize) -> Found {
    let chains: Vec<Chain> = Chains::new(SEED).take(count).collect();
    let theirs = judge(&chains).unwrap();
    let mut found = Found {
        agreed: [0, 0],
        by_kind: BTreeMap::new(),
        used: vec![0; TABLE.len()],
    };
    let mut unexplained = BTreeMap::new();
    for (chain, theirs) in chains.iter().zip(&theirs) {
        let ours = chain.judge();
        *found.by_kind.entry(chain.kind).or_default() += 1;
        match (&ours, theirs) {
            (Verdict::Accepted, Verdict::Accepted) => found.agreed[0] += 1,
            (Verdict::Refused(_), Verdict::Refused(_)) => found.agreed[1] += 1,
            _ => match TABLE.iter().position(|d| d.explains(&ours, theirs)) {
                Some(index) => found.used[index] += 1,
                None => {
                    let verdicts = (format!("{ours:?}"), format!("{theirs:?}"));
                    let chain = format!("{:?}, {}, at {}", chain.kind, chain.what, chain.now);
                    unexplained.entry(verdicts).or_insert((0, chain)).0 += 1;
                }
            },
        }
    }
    for ((ours, theirs), (times, first)) in &unexplained {
        println!("{times:>4} here {ours}, openssl {theirs}; first: {first}");
    }
    print(&found);
    assert!(unexplained.is_empty(), "{} unexplained", unexplained.len());
    found
}

fn print(found: &Found) {
    println!("{}, seed {SEED:#x}", version().unwrap());
    println!("{:?}", found.by_kind);
    println!(
        "both accept {}, both refuse {}",
        found.agreed[0], found.agreed[1]
    );
    for (difference, used) in TABLE.iter().zip(&found.used) {
        println!("{used:>5} {}", difference.reason);
    }
}

#[test]
fn five_hundred_chains() {
    let found = run(500);
    // A judge who says one thing of everything would agree with nobody.
    assert!(found.agreed[0] >= 25 && found.agreed[1] >= 250);
}

#[test]
#[ignore = "about a minute"]
fn ten_thousand_chains() {
    let found = run(10_000);
    assert!(found.agreed[0] >= 500 && found.agreed[1] >= 5000);
    for (difference, used) in TABLE.iter().zip(&found.used) {
        assert!(*used > 0, "never met: {}", difference.reason);
    }
}
