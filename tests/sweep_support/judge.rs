//! What must hold after every case, whatever went wrong in it.

use std::collections::HashMap;

use super::Secret;
use super::caller::{Caller, Claim};
use super::faults::Fault;
use super::link::{Event, Slot};
use uketsuke::card::LastTry;
use uketsuke::transport::Reset;

/// What one case must keep to.
pub struct Rules<'a> {
    /// At most so many exchanges.
    pub exchanges: usize,
    pub fault: Option<Fault>,
    /// What an honest card's run gave to believe.
    pub honest: &'a [Claim],
    /// Counters when the case began.
    pub left: &'a [u8],
}

/// Panics with what doesn't hold.
pub fn judge(slot: &mut Slot, caller: &Caller, rules: &Rules<'_>) {
    assert!(
        slot.exchanges <= rules.exchanges,
        "{} exchanges, at most {}",
        slot.exchanges,
        rules.exchanges
    );
    each_value_once(slot, caller);
    only_on_a_fresh_count(&slot.events, caller.last);
    claims_hold(slot, caller, rules);
    // First, since counting selects other applications.
    if !rules.fault.is_some_and(Fault::lies) {
        assert_eq!(slot.open_secret(), None, "a secret stays open");
    }
    assert_eq!(slot.bursts, 0, "the card stays taken");
    let warm = slot.resets.contains(&Reset::Warm);
    assert!(!warm, "a warm reset, which leaves secrets open");
    counters_agree(slot, rules.left);
}

fn secret_of(secrets: &[Secret], p2: u8, sent: &[u8], handed: &[(&str, String)]) -> &'static str {
    // A changed secret is the current file, `80`.
    let of = secrets.iter().filter(|s| s.p2 == p2 || p2 == 0x80);
    let mut names = of.map(|s| s.name);
    let is = |name: &&'static str| {
        let value = String::from_utf8_lossy(sent).into_owned();
        handed.iter().any(|(n, v)| n == name && *v == value)
    };
    names.find(is).expect("a value that nobody handed in")
}

/// What goes out with a secret in it is what was handed in, each value at most
/// as often; and nothing else may hold one.
fn each_value_once(slot: &Slot, caller: &Caller) {
    let mut left = caller.handed.clone();
    for event in &slot.events {
        let sent = event.presented().or(event.changed());
        if let Some((p2, value)) = sent {
            let name = secret_of(&slot.secrets, p2, value, &caller.handed);
            let value = String::from_utf8(value.to_vec()).unwrap();
            let handed = left.iter().position(|(n, v)| *n == name && *v == value);
            let handed = handed.expect("a value was sent more often than handed in");
            left.swap_remove(handed);
        } else if !event.is_reset() && !event.is_count() {
            assert!(
                matches!(
                    event.command[1],
                    0xA4 | 0xB0 | 0xB2 | 0xC0 | 0xCA | 0x2A | 0xFA
                ),
                "{:02X?} went out",
                event.command
            );
        }
    }
}

/// A value is presented only where the answer to the count just before, of the
/// same secret and the same selection, left room for it.
fn only_on_a_fresh_count(events: &[Event], last: LastTry) {
    let mut fresh: HashMap<u8, u8> = HashMap::new();
    let mut accepted = None;
    let mut reference = None;
    for event in events {
        match event.command[..] {
            [] | [0x00, 0xA4, 0x04, ..] => accepted = None,
            [0x00, 0xA4, 0x02, .., id] => reference = Some(0x80 | id),
            [0x00, 0x20, 0x00, p2, _, ..] if event.came.as_deref() == Ok(&[0x90, 0x00]) => {
                accepted = Some(p2);
            }
            _ => {}
        }
        if event.changed().is_some() {
            assert!(
                accepted.is_some() && accepted == reference,
                "a change of what was not shown"
            );
        }
        if let Some((p2, _)) = event.presented() {
            let count = fresh.remove(&p2).expect("a VERIFY without a fresh count");
            let least = if last == LastTry::Allow { 1 } else { 2 };
            assert!(count >= least, "a VERIFY with {count} left");
        } else if event.is_count() {
            fresh.remove(&event.command[3]);
            match event.came.as_deref() {
                Ok([0x63, 0x00]) => fresh.insert(event.command[3], 15),
                Ok([0x63, count]) if count & 0xF0 == 0xC0 => {
                    fresh.insert(event.command[3], count & 0x0F)
                }
                _ => None,
            };
        } else if event.is_reset() || event.command[1] == 0xA4 {
            fresh.clear();
        }
        if event.came.as_ref().is_ok_and(|came| came.len() < 2) {
            fresh.clear();
        }
    }
}

/// The card's counters, asked of the card, are what the values that reached it
/// make of them; and no more were lost than wrong values reached it, of which
/// each was handed in.
fn counters_agree(slot: &mut Slot, before: &[u8]) {
    for (index, secret) in slot.secrets.clone().iter().enumerate() {
        let expected = slot.left[index];
        let application = (slot.open_secret(), slot.count(secret));
        assert_eq!(
            application.1,
            Some(expected),
            "tries left of {}",
            secret.name
        );
        let reached = slot.events.iter().filter(|e| e.wrong == Some(index));
        let reached = reached.count();
        let lost = usize::from(before[index]).saturating_sub(usize::from(expected));
        assert!(lost <= reached, "{lost} tries lost of {}", secret.name);
    }
}

fn claims_hold(slot: &Slot, caller: &Caller, rules: &Rules<'_>) {
    for claim in &caller.claims {
        match claim {
            Claim::Unproved(..) => {}
            // The last word counts.
            Claim::Holds(name, value) => {
                let last = caller.claims.iter().rev();
                let mut last = last.filter(|c| matches!(c, Claim::Holds(n, _) if n == name));
                let secret = slot.secrets.iter().find(|s| s.name == *name).unwrap();
                assert!(
                    last.next() != Some(claim)
                        || secret.right == *value
                        || rules.fault.is_some_and(Fault::lies),
                    "{name} is another"
                );
            }
            Claim::Proved(..) => assert!(
                rules.honest.contains(claim),
                "a wrong value was proved: {}",
                what(claim)
            ),
            Claim::Accepted(name) => {
                let secret = slot.secrets.iter().find(|s| s.name == *name).unwrap();
                let accepted = slot.events.iter().any(|event| {
                    let presented = event.presented().is_some_and(|(p2, _)| p2 == secret.p2);
                    let came = event.came.as_deref() == Ok(&[0x90, 0x00]);
                    let said = event.said.as_deref() == Some(&[0x90, 0x00]);
                    presented && came && (said || rules.fault.is_some_and(Fault::lies))
                });
                assert!(accepted, "{name} counts as accepted and was not");
            }
        }
    }
}

fn what(claim: &Claim) -> &'static str {
    match claim {
        Claim::Accepted(what)
        | Claim::Proved(what, _)
        | Claim::Unproved(what, _)
        | Claim::Holds(what, _) => what,
    }
}
