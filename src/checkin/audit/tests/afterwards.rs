//! What a trail does after something went wrong with it, or was done to it.

use std::fs;

use super::trail::{Place, at, key, policy, stricter, visit};
use crate::VisitId;
use crate::checkin::{AuditError, AuditLog};
use crate::files::faulty::{Fault, Shared};

fn changes_of_policy(place: &Place) -> usize {
    let lines = place.lines("a");
    let is_one = |line: &&String| line.contains(" log-policy-changed ");
    lines.iter().filter(is_one).count()
}

/// A record that couldn't be written may be given again, with nothing opened anew: the
/// half of it that was there is gone, and what goes with it isn't forgotten.
#[test]
fn what_could_not_be_written_may_be_given_again() {
    let (mut again, mut failed) = (0, 0);
    // The file is looked at, written, flushed: once for the policy, once for the visit.
    for operation in 1..=6 {
        for fault in [Fault::Fails, Fault::DoneButFails] {
            let (place, shared) = (Place::new(), Shared::default());
            let mut log = place.create(shared.files()).unwrap();
            {
                let mut plan = shared.lock();
                plan.at = Some((plan.count + operation, fault));
            }
            let record = &visit(stricter())[0];
            let what = format!("{fault:?} {operation}");
            let first = log.append(record);
            assert!(matches!(first, Err(AuditError::Io(_))), "{what}: {first:?}");
            match log.append(record) {
                Ok(head) => {
                    place.verify("a", Some(head)).unwrap();
                    assert_eq!(changes_of_policy(&place), 1, "{what}");
                    assert_eq!(head.number(), 3, "{what}");
                    again += 1;
                }
                Err(AuditError::Failed) => failed += 1,
                Err(error) => panic!("{what}: {error}"),
            }
        }
    }
    // After a flush that failed, nobody knows what the disk has.
    assert_eq!((again, failed), (8, 4));
}

#[test]
fn the_last_policy_is_the_one_that_counts() {
    let place = Place::new();
    drop(place.create(Shared::default().files()).unwrap());
    for (policy, changes) in [
        (policy(), 0),
        (stricter(), 1),
        (stricter(), 1),
        (policy(), 2),
        (policy(), 2),
    ] {
        drop(place.open("a", policy, None).unwrap());
        assert_eq!(changes_of_policy(&place), changes);
    }
}

#[test]
fn a_file_that_was_moved_away_is_not_written_when_it_is_back() {
    let place = Place::new();
    let mut log = place.create(Shared::default().files()).unwrap();
    let record = &visit(policy())[0];
    fs::rename(place.file("a"), place.file("elsewhere")).unwrap();
    assert_eq!(log.append(record), Err(AuditError::Changed));
    fs::rename(place.file("elsewhere"), place.file("a")).unwrap();
    assert_eq!(log.append(record), Err(AuditError::Changed));
    drop(log);
    place.open("a", policy(), None).unwrap();
}

/// At any moment somebody puts a file of the same length there: either it is noticed, or what was
/// read is what is written to.
#[test]
fn a_file_that_is_exchanged_while_it_is_opened() {
    let (mut noticed, mut too_late) = (0, 0);
    for operation in 1.. {
        let (place, shared) = (Place::new(), Shared::default());
        drop(place.create(Shared::default().files()).unwrap());
        let mut other = fs::read(place.file("a")).unwrap();
        let tag = other.len() - 10;
        other[tag] = if other[tag] == b'0' { b'1' } else { b'0' };
        fs::write(place.file("other"), other).unwrap();
        shared.lock().exchange = Some((operation, place.file("other"), place.file("a")));
        let file = place.file("a");
        let opened = AuditLog::open_with(shared.files(), &file, &key(), policy(), None, at(30));
        if shared.lock().exchange.is_some() {
            // Opened in fewer operations.
            opened.unwrap();
            break;
        }
        match opened {
            Err(AuditError::Changed | AuditError::Broken(_)) => noticed += 1,
            Err(error) => panic!("{operation}: {error}"),
            // Its record went into the file that was read, before the exchange.
            Ok(mut log) => {
                assert_eq!(fs::metadata(&file).unwrap().len(), tag as u64 + 10);
                assert_eq!(log.append(&visit(policy())[0]), Err(AuditError::Changed));
                too_late += 1;
            }
        }
    }
    assert!(noticed > 4 && too_late > 0, "{noticed} {too_late}");
}

/// The same number of visit is somebody else in another trail.
#[test]
fn a_visit_has_another_name_in_each_trail() {
    let (one, two) = (Place::new(), Place::unguarded());
    let one = one.create(Shared::default().files()).unwrap();
    let two = two.create(Shared::default().files()).unwrap();
    let visit = VisitId::begin();
    assert_eq!(one.head().number(), two.head().number());
    assert_ne!(one.visit(visit), two.visit(visit));
    assert_eq!(one.visit(visit), one.visit(visit));
}
