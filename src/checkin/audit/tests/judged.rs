//! By what faces are judged: nobody lowers a threshold unnoticed.

use super::trail::{Place, at, key, policy, stricter};
use crate::VisitId;
use crate::checkin::{AuditEvent, AuditLog, AuditRecord, FaceJudgedBy, Policy};
use crate::face::MatchPolicy;
use crate::files::OsFiles;

fn judged(policy: &MatchPolicy) -> AuditRecord {
    AuditRecord {
        visit: VisitId::begin(),
        number: 0,
        at: at(1),
        event: AuditEvent::FaceJudgedBy(FaceJudgedBy::of(policy)),
    }
}

fn changes(place: &Place, file: &str) -> usize {
    let lines = place.lines(file);
    let changed = |line: &&String| line.contains(" log-match-policy-changed ");
    lines.iter().filter(changed).count()
}

#[test]
fn another_match_policy_is_told_once_each_time_it_changes() {
    let place = Place::new();
    let (one, two) = (
        MatchPolicy::simulation(),
        MatchPolicy::simulation().accept_attended(),
    );
    let mut log = place.create(Box::new(OsFiles)).unwrap();
    log.danger_without_flush();
    let mut expected = 0;
    let order = [&one, &one, &two, &two, &one, &two, &two, &one];
    for (index, policy) in order.iter().enumerate() {
        expected += usize::from(index > 0 && order[index - 1] != *policy);
        log.append(&judged(policy)).unwrap();
        assert_eq!(changes(&place, "a"), expected, "{index}");
        let verified = place.verify("a", Some(log.head())).unwrap();
        assert_eq!(verified.match_policy_changes, expected as u64);
    }
    assert_eq!(expected, 4);
    let lines = place.lines("a");
    let first = lines
        .iter()
        .find(|line| line.contains("log-match-policy-changed"));
    let said = format!("before={} match-policy={} ", one.digest(), two.digest());
    assert!(first.unwrap().contains(&said), "{first:?}");
    // The policy of the visit is another matter.
    assert!(!lines.iter().any(|line| line.contains("log-policy-changed")));
}

/// A program that is started again, and a file that goes on in another one, know by what faces were judged last.
#[test]
fn a_restart_or_a_new_file_forgets_nothing() {
    let place = Place::new();
    let (one, two) = (
        MatchPolicy::simulation(),
        MatchPolicy::simulation().accept_attended(),
    );
    let mut log = place.create(Box::new(OsFiles)).unwrap();
    log.append(&judged(&one)).unwrap();
    drop(log);
    let mut log = place.open("a", policy(), None).unwrap();
    log.append(&judged(&one)).unwrap();
    assert_eq!(changes(&place, "a"), 0);
    log.append(&judged(&two)).unwrap();
    assert_eq!(changes(&place, "a"), 1);
    log.rotate(place.file("b"), at(2)).unwrap();
    let began = &place.lines("b")[0];
    assert!(
        began.contains(&format!(" match-policy={} ", two.digest())),
        "{began}"
    );
    log.append(&judged(&two)).unwrap();
    assert_eq!(changes(&place, "b"), 0);
    drop(log);
    let mut log = place.open("b", policy(), None).unwrap();
    log.append(&judged(&one)).unwrap();
    assert_eq!(changes(&place, "b"), 1);
    let verified = place.verify("b", Some(log.head())).unwrap();
    assert_eq!(verified.match_policy_changes, 1);
}

/// The trail says so at the start already, before any face is compared.
#[test]
fn a_match_policy_is_part_of_the_policy() {
    let plain = |policy: &Policy| policy.digest();
    let lax = policy()
        .clone()
        .with_match_policy(MatchPolicy::simulation().accept_attended());
    assert_ne!(plain(policy()), plain(&lax));
    assert_ne!(plain(stricter()), plain(&lax));
    let place = Place::new();
    drop(place.create(Box::new(OsFiles)).unwrap());
    let log = AuditLog::open(place.file("a"), &key(), &lax, None, at(1)).unwrap();
    drop(log);
    let lines = place.lines("a");
    assert!(lines[1].contains(" log-policy-changed "), "{lines:?}");
}
