//! By what faces are judged: nobody lowers a threshold unnoticed.

use super::trail::{Place, at, key, policy, stricter};
use crate::VisitId;
use crate::checkin::{AuditEvent, AuditLog, AuditRecord, FaceJudgedBy, Head, Policy};
use crate::face::MatchPolicy;
use crate::files::OsFiles;
use crate::hex;

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

/// After a restart `create` with a head is all that is known of the file before; a threshold
/// that was lowered in between is told all the same.
#[test]
fn a_file_created_after_a_head_tells_by_what_it_judges_first() {
    let place = Place::new();
    let (one, two) = (
        MatchPolicy::simulation(),
        MatchPolicy::simulation().accept_attended(),
    );
    let mut log = place.create(Box::new(OsFiles)).unwrap();
    log.append(&judged(&one)).unwrap();
    assert_eq!(changes(&place, "a"), 0, "the first file has none before it");
    let head = log.head();
    drop(log);
    let lax = policy().clone().with_match_policy(two.clone());
    let mut log = AuditLog::create(place.file("b"), &key(), &lax, Some(head), at(2)).unwrap();
    assert_eq!(
        place
            .verify("b", Some(log.head()))
            .unwrap()
            .match_policy_changes,
        0
    );
    for changed in [1, 1] {
        log.append(&judged(&two)).unwrap();
        assert_eq!(changes(&place, "b"), changed);
        let verified = place.verify("b", Some(log.head())).unwrap();
        assert_eq!(verified.match_policy_changes, 1);
    }
    let said = format!(
        " log-match-policy-changed before=- match-policy={} ",
        two.digest()
    );
    assert!(place.lines("b")[1].contains(&said));
    // Also where the program is started again before the first face.
    let head = log.head();
    drop(log);
    drop(AuditLog::create(place.file("c"), &key(), &lax, Some(head), at(3)).unwrap());
    let mut log = place.open("c", &lax, None).unwrap();
    log.append(&judged(&two)).unwrap();
    assert_eq!(changes(&place, "c"), 1);
    let verified = place.verify("c", Some(log.head())).unwrap();
    assert_eq!(verified.match_policy_changes, 1);
}

/// Two match policies with one threshold, told apart by what else decides.
#[test]
fn a_line_says_how_sure_and_whether_staff_may_stand_for_a_detector() {
    let place = Place::new();
    let mut log = place.create(Box::new(OsFiles)).unwrap();
    for policy in [
        MatchPolicy::simulation(),
        MatchPolicy::simulation().accept_attended(),
    ] {
        log.append(&judged(&policy)).unwrap();
    }
    let lines = place.lines("a");
    let said = |attended| format!(" confidence=0.8 attended={attended} ");
    assert!(lines[1].contains(&said("no")), "{lines:?}");
    assert!(lines[3].contains(&said("yes")), "{lines:?}");
}

/// As they were written before the line said more.
#[test]
fn a_line_without_confidence_still_stands() {
    let place = Place::new();
    let mut log = place.create(Box::new(OsFiles)).unwrap();
    let one = MatchPolicy::simulation();
    log.append(&judged(&one)).unwrap();
    let began = log.head();
    drop(log);
    let lines = place.lines("a");
    let (text, _) = lines[1].rsplit_once(' ').unwrap();
    let old = text.replace(" confidence=0.8 attended=no", "");
    assert_ne!(old, text);
    let first: Head = format!("1:{}", lines[0].rsplit_once(' ').unwrap().1)
        .parse()
        .unwrap();
    let tag = |text: &str| key().keys().tag(first.tag(), text.as_bytes());
    assert_eq!(tag(text), began.tag);
    let mut digits = String::new();
    hex::write(&tag(&old), &mut digits).unwrap();
    let old = format!("{}\n{old} {digits}\n", lines[0]);
    std::fs::write(place.file("a"), old).unwrap();
    let verified = place.verify("a", None).unwrap();
    assert_eq!(verified.match_policy_changes, 0);
    let mut log = place.open("a", policy(), None).unwrap();
    log.append(&judged(&one)).unwrap();
    assert_eq!(changes(&place, "a"), 0);
}
