//! What stands in the lines, and what doesn't.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;

use jiff::Timestamp;

use super::super::line::MAX_LINE;
use super::trail::{Place, at, key, policy, stricter, visit};
use crate::checkin::{
    AuditBreak, AuditError, AuditEvent, AuditKey, AuditLog, AuditRecord, AuditStanding,
    FaceJudgedBy, Method, PhoneKind, Policy, Question, StaffId, TapAgain,
};
use crate::eligibility::{Failure, Identified, RequestNumber};
use crate::face::{InconclusiveReason, MatchPolicy};
use crate::files::OsFiles;
use crate::files::faulty::{Fault, Shared, start};
use crate::trust::{CertificateDigest, NoAnswer, TerminalId};
use crate::{Realm, VisitId};

/// Written by an earlier version, and by hand: what is on disks stays readable.
#[test]
fn the_form_of_every_event_is_fixed() {
    let staff = StaffId::new("nurse-7").unwrap();
    let certificate = CertificateDigest::of(b"a certificate");
    let when: Timestamp = "2026-05-01T00:00:00Z".parse().unwrap();
    let (key, question) = (key(), RequestNumber::next());
    let (nurse, holder) = (key.staff(&staff), key.certificate(&certificate));
    let judged = FaceJudgedBy::of(&MatchPolicy::simulation());
    let policy = policy().digest();
    let events = [
        (
            AuditEvent::Began { policy },
            format!("began … policy={policy}"),
        ),
        (
            AuditEvent::CertificateValidated {
                realm: Realm::JpkiTest,
                standing: AuditStanding::InForce,
                certificate,
            },
            format!(
                "certificate-validated … realm=jpki-test standing=in-force certificate={holder}"
            ),
        ),
        (
            AuditEvent::CertificateValidated {
                realm: Realm::Production,
                standing: AuditStanding::Expiring,
                certificate,
            },
            format!(
                "certificate-validated … realm=production standing=expiring certificate={holder}"
            ),
        ),
        (
            AuditEvent::CertificateValidated {
                realm: Realm::Simulation,
                standing: AuditStanding::Grace,
                certificate,
            },
            format!("certificate-validated … realm=simulation standing=grace certificate={holder}"),
        ),
        (
            AuditEvent::RevocationUnknown(NoAnswer::NotCovered),
            "revocation-unknown … why=not-covered".into(),
        ),
        (
            AuditEvent::RevocationUnknown(NoAnswer::Lapsed),
            "revocation-unknown … why=lapsed".into(),
        ),
        (
            AuditEvent::RevocationUnknown(NoAnswer::IssuerDoesNotKnow),
            "revocation-unknown … why=issuer-does-not-know".into(),
        ),
        (
            AuditEvent::RevocationUnknown(NoAnswer::NotYetValid { this_update: when }),
            "revocation-unknown … why=not-yet-valid".into(),
        ),
        (
            AuditEvent::RevocationUnknown(NoAnswer::Stale { next_update: when }),
            "revocation-unknown … why=stale".into(),
        ),
        (
            AuditEvent::MethodChosen(Method::Face),
            "method-chosen … method=face".into(),
        ),
        (
            AuditEvent::MethodChosen(Method::Pin),
            "method-chosen … method=pin".into(),
        ),
        (
            AuditEvent::MethodChosen(Method::Staff),
            "method-chosen … method=staff".into(),
        ),
        (
            AuditEvent::PhoneChosen(PhoneKind::Android),
            "phone-chosen … kind=android".into(),
        ),
        (
            AuditEvent::PhoneChosen(PhoneKind::Iphone),
            "phone-chosen … kind=iphone".into(),
        ),
        (
            AuditEvent::PhoneNotRead(TapAgain::Moved),
            "phone-not-read … why=moved".into(),
        ),
        (
            AuditEvent::PhoneNotRead(TapAgain::OtherKind),
            "phone-not-read … why=other-kind".into(),
        ),
        (
            AuditEvent::PhoneNotRead(TapAgain::NotAPhone),
            "phone-not-read … why=not-a-phone".into(),
        ),
        (
            AuditEvent::PhoneNotRead(TapAgain::NotIdentified),
            "phone-not-read … why=not-identified".into(),
        ),
        (AuditEvent::GuardianHelps, "guardian-helps …".into()),
        (AuditEvent::HolderActs, "holder-acts …".into()),
        (
            AuditEvent::TrySpent { left: 2 },
            "try-spent … left=2".into(),
        ),
        (AuditEvent::TryUnknown, "try-unknown …".into()),
        (
            AuditEvent::FaceJudgedBy(judged),
            format!(
                "face-judged-by … match-policy={} threshold=1 fmr=0.0001 trials=0 false-matches=0 confidence=0.8 attended=no",
                judged.policy
            ),
        ),
        (
            AuditEvent::FaceFailed { why: None },
            "face-failed … why=no-match".into(),
        ),
        (
            AuditEvent::FaceFailed {
                why: Some(InconclusiveReason::TooDark),
            },
            "face-failed … why=too-dark".into(),
        ),
        (AuditEvent::FaceNotCompared, "face-not-compared …".into()),
        (AuditEvent::PhotoNotProved, "photo-not-proved …".into()),
        (
            AuditEvent::ReferenceNumberRefused { left: Some(9) },
            "reference-number-refused … left=9".into(),
        ),
        (
            AuditEvent::ReferenceNumberRefused { left: None },
            "reference-number-refused … left=-".into(),
        ),
        (AuditEvent::PinlessRefused, "pinless-refused …".into()),
        (
            AuditEvent::StaffRefused {
                staff: staff.clone(),
            },
            format!("staff-refused … staff={nurse}"),
        ),
        (
            AuditEvent::Identified {
                method: Identified::Staff,
                staff: Some(staff),
            },
            format!("identified … method=staff staff={nurse}"),
        ),
        (
            AuditEvent::Identified {
                method: Identified::Pin,
                staff: None,
            },
            "identified … method=pin staff=-".into(),
        ),
        (
            AuditEvent::Identified {
                method: Identified::Face,
                staff: None,
            },
            "identified … method=face staff=-".into(),
        ),
        (
            AuditEvent::Identified {
                method: Identified::Device,
                staff: None,
            },
            "identified … method=device staff=-".into(),
        ),
        (
            AuditEvent::Asked(question),
            format!("asked … question={question}"),
        ),
        (
            AuditEvent::Answered {
                request: question,
                code: Some("A-1".into()),
            },
            format!("answered … question={question} code=A-1"),
        ),
        (
            AuditEvent::Answered {
                request: question,
                code: None,
            },
            format!("answered … question={question} code=-"),
        ),
        (
            AuditEvent::ChoiceNotTaken {
                question: Question::Prescription,
                failure: Failure::TimedOut,
            },
            "choice-not-taken … choice=prescription failure=timed-out".into(),
        ),
        (
            AuditEvent::ChoiceNotTaken {
                question: Question::Subsidies,
                failure: Failure::TimedOut,
            },
            "choice-not-taken … choice=subsidies failure=timed-out".into(),
        ),
        (AuditEvent::StaleDropped, "stale-dropped …".into()),
        (AuditEvent::Accepted, "accepted …".into()),
        (
            AuditEvent::NotAccepted(Failure::PinLocked),
            "not-accepted … failure=pin-locked".into(),
        ),
        (AuditEvent::CardLeft, "card-left …".into()),
    ];
    let place = Place::new();
    let mut log = place.create(Box::new(OsFiles)).unwrap();
    let visit = VisitId::begin();
    let pseudonym = log.visit(visit);
    for (number, (event, expected)) in (0..).zip(events) {
        let record = AuditRecord {
            visit,
            number,
            at: at(1),
            event,
        };
        let head = log.append(&record).unwrap();
        let lines = place.lines("a");
        let (text, tag) = lines.last().unwrap().rsplit_once(' ').unwrap();
        let expected = expected.replace('…', &format!("visit={pseudonym} n={number}"));
        assert_eq!(
            text,
            format!("{} 2026-11-22T00:00:01.250Z {expected}", number + 2)
        );
        assert_eq!(format!("{}:{tag}", number + 2), head.to_string());
    }
}

#[test]
fn the_logs_own_records() {
    let place = Place::new();
    drop(place.create(Box::new(OsFiles)).unwrap());
    let open = |policy: &Policy| AuditLog::open(place.file("a"), &key(), policy, None, at(2));
    drop(open(policy()).unwrap());
    fs::write(
        place.file("a"),
        [&fs::read(place.file("a")).unwrap()[..], b"4 to"].concat(),
    )
    .unwrap();
    let mut log = open(stricter()).unwrap();
    let ended = log.head();
    log.rotate(place.file("b"), at(3)).unwrap();
    let text = |name: &str| -> Vec<String> {
        let lines = place.lines(name).into_iter();
        lines
            .map(|line| line.rsplit_once(' ').unwrap().0[2..].to_owned())
            .collect()
    };
    let (one, two) = (policy().digest(), stricter().digest());
    let first = text("a");
    let (words, random) = first[0].split_once(" log=").unwrap();
    assert_eq!(
        words,
        "2026-11-22T00:00:00.250Z log-began format=1 terminal=desk%201"
    );
    let (random, rest) = random.split_once(' ').unwrap();
    assert_eq!(random.len(), 32);
    let name = rest
        .strip_prefix("key=")
        .unwrap()
        .split_once(' ')
        .unwrap()
        .0;
    assert_eq!(rest, format!("key={name} policy={one} after=-"));
    assert_eq!(
        first[1..],
        [
            format!("2026-11-22T00:00:02.250Z log-opened policy={one}"),
            "2026-11-22T00:00:02.250Z log-torn bytes=4 data=3420746f".to_owned(),
            format!("2026-11-22T00:00:02.250Z log-policy-changed before={one} policy={two}"),
            format!("2026-11-22T00:00:02.250Z log-opened policy={two}"),
            "2026-11-22T00:00:03.250Z log-ended".to_owned(),
        ]
    );
    let second = text("b");
    assert_eq!(second.len(), 1);
    assert!(!second[0].contains(random), "each file has its own");
    let ended_at = ended.number() + 1;
    assert!(second[0].contains(&format!(" key={name} policy={two} after={ended_at}:")));
}

/// Words from outside can't make a line, a field or a name.
#[test]
fn a_word_from_outside_stays_one_field() {
    let place = Place::new();
    let mut log = place.create(Box::new(OsFiles)).unwrap();
    let hostile = ["a b\n9 x", "=", "%", "東京", "\u{0}\r", &"x".repeat(10_000)];
    for (number, word) in (0..).zip(hostile) {
        let code = Some(word.to_owned());
        let event = AuditEvent::Answered {
            request: RequestNumber::next(),
            code,
        };
        let record = AuditRecord {
            visit: VisitId::begin(),
            number,
            at: at(0),
            event,
        };
        log.append(&record).unwrap();
    }
    let codes: Vec<String> = place
        .lines("a")
        .into_iter()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split(' ').collect();
            assert_eq!(fields.len(), 8, "{line}");
            fields[6].to_owned()
        })
        .collect();
    let expected = [
        "code=a%20b%0A9%20x",
        "code=%3D",
        "code=%25",
        "code=%E6%9D%B1%E4%BA%AC",
        "code=%00%0D",
    ];
    assert_eq!(codes[..5], expected);
    assert_eq!(codes[5].len(), 5 + 64);
}

/// The longest line that a visit can have is torn, not broken.
#[test]
fn every_line_is_short_enough_to_be_torn() {
    let place = Place::new();
    let terminal = TerminalId::new(&"~".repeat(64)).unwrap();
    let policy = Policy::simulation(terminal);
    let (key, file) = (key(), place.file("a"));
    let log = AuditLog::create(&file, &key, &policy, None, at(0)).unwrap();
    let after = Some(log.head());
    drop(log);
    AuditLog::create(place.file("b"), &key, &policy, after, Timestamp::MAX).unwrap();
    let code = Some("\u{1}".repeat(99));
    let event = AuditEvent::Answered {
        request: RequestNumber::next(),
        code,
    };
    let mut log = AuditLog::open(&file, &key, &policy, None, at(0)).unwrap();
    let record = AuditRecord {
        visit: VisitId::begin(),
        number: u32::MAX,
        at: Timestamp::MAX,
        event,
    };
    log.append(&record).unwrap();
    // Two numbers of 20 digits instead of the small ones here.
    let longest = [place.lines("a"), place.lines("b")]
        .concat()
        .iter()
        .map(String::len)
        .max();
    assert!(longest.unwrap() + 40 < MAX_LINE, "{longest:?}");
}

#[test]
fn a_torn_end_has_a_limit() {
    for (len, fine) in [(MAX_LINE, true), (MAX_LINE + 1, false), (10_000, false)] {
        let place = Place::new();
        drop(place.create(Box::new(OsFiles)).unwrap());
        let mut bytes = fs::read(place.file("a")).unwrap();
        bytes.extend(vec![b'x'; len]);
        fs::write(place.file("a"), &bytes).unwrap();
        let opened = AuditLog::open(place.file("a"), &key(), policy(), None, at(1));
        assert_eq!(opened.is_ok(), fine, "{len}");
        if let Ok(log) = opened {
            place.verify("a", Some(log.head())).unwrap();
            let lines = place.lines("a");
            let kept = format!(" log-torn bytes={len} data={} ", "78".repeat(384));
            assert!(lines[1].contains(&kept));
            assert!(lines[1].len() < MAX_LINE - 40, "may be torn itself");
        } else {
            let AuditError::Broken(broken) = opened.unwrap_err() else {
                panic!()
            };
            assert_eq!((broken.at, broken.line), (2, 2));
            assert_eq!(broken.why, AuditBreak::NotARecord);
            assert_eq!(fs::read(place.file("a")).unwrap(), bytes, "changed");
        }
    }
}

/// Pseudonyms: one value, one purpose, one key.
#[test]
fn nothing_is_the_same_for_two_purposes_or_two_keys() {
    let (one, mut other) = (key(), super::trail::SECRET);
    other[31] ^= 1;
    let other = AuditKey::new(&other).unwrap();
    let digest = CertificateDigest(*b"abcdefghijklmnopqrstuvwxyz012345");
    let staff = StaffId::new("abcdefghijklmnopqrstuvwxyz012345").unwrap();
    let mut seen = BTreeSet::new();
    for key in [&one, &other] {
        assert!(seen.insert(key.certificate(&digest)));
        assert!(seen.insert(key.staff(&staff)));
        assert!(seen.insert(key.keys().name()));
        for log in [[1; 16], [2; 16]] {
            for opened in [1, 2] {
                for visit in [VisitId::begin(), VisitId::begin()] {
                    assert!(seen.insert(key.keys().visit(&log, opened, visit)));
                }
            }
        }
        // Nor does a tag begin like a pseudonym of the same bytes.
        let tag = key.keys().tag(digest.as_bytes(), b"");
        let mut short = String::new();
        crate::hex::write(&tag[..8], &mut short).unwrap();
        assert_ne!(short, key.certificate(&digest).to_string());
    }
    assert_eq!(one.certificate(&digest), key().certificate(&digest));
}

#[test]
fn the_same_visit_number_after_a_restart_is_another_visit() {
    let place = Place::new();
    let log = place.create(Box::new(OsFiles)).unwrap();
    let visit = VisitId::begin();
    let before = log.visit(visit);
    drop(log);
    let log = AuditLog::open(place.file("a"), &key(), policy(), None, at(1)).unwrap();
    assert_ne!(log.visit(visit), before);
}

#[test]
fn a_visit_under_another_policy_is_announced() {
    let place = Place::new();
    let mut log = place.create(Box::new(OsFiles)).unwrap();
    for policy in [policy(), stricter(), stricter(), policy()] {
        for record in visit(policy) {
            log.append(&record).unwrap();
        }
    }
    let words: Vec<String> = place
        .lines("a")
        .iter()
        .map(|line| line.split(' ').nth(2).unwrap().to_owned())
        .collect();
    let one = ["began", "try-spent", "not-accepted"];
    let changed = ["log-policy-changed"];
    let expected = [
        &["log-began"][..],
        &one,
        &changed,
        &one,
        &one,
        &changed,
        &one,
    ]
    .concat();
    assert_eq!(words, expected);
}

/// A log that was moved away, or written to by somebody else, isn't gone on with.
#[test]
fn what_happens_to_the_file_meanwhile_is_noticed() {
    type Spoil = fn(&Place);
    let spoil: [(&str, Spoil); 5] = [
        ("moved", |p| fs::rename(p.file("a"), p.file("old")).unwrap()),
        ("removed", |p| fs::remove_file(p.file("a")).unwrap()),
        ("longer", |p| {
            let mut bytes = fs::read(p.file("a")).unwrap();
            bytes.push(b'\n');
            fs::write(p.file("a"), bytes).unwrap();
        }),
        ("cut", |p| fs::write(p.file("a"), "").unwrap()),
        ("copied", |p| {
            fs::copy(p.file("a"), p.file("copy")).unwrap();
            fs::rename(p.file("copy"), p.file("a")).unwrap();
        }),
    ];
    for (what, spoil) in spoil {
        let place = Place::new();
        let mut log = place.create(Box::new(OsFiles)).unwrap();
        spoil(&place);
        for record in visit(policy()) {
            assert_eq!(log.append(&record), Err(AuditError::Changed), "{what}");
        }
        assert_eq!(log.head().number(), 1);
    }
}

#[cfg(unix)]
#[test]
fn links_pipes_and_folders_are_not_opened() {
    let place = Place::unguarded();
    drop(place.create(Box::new(OsFiles)).unwrap());
    std::os::unix::fs::symlink(place.file("a"), place.file("link")).unwrap();
    std::os::unix::fs::symlink(place.file("nowhere"), place.file("dangling")).unwrap();
    fs::create_dir(place.file("folder")).unwrap();
    let mut command = std::process::Command::new("mkfifo");
    let made = start(command.arg(place.file("pipe"))).wait().unwrap();
    assert!(made.success());
    for name in ["link", "dangling", "folder", "pipe"] {
        let file = place.file(name);
        let open = AuditLog::open(&file, &key(), policy(), None, at(0));
        assert_eq!(open.err(), Some(AuditError::NotAFile), "{name}");
        assert_eq!(
            place.verify(name, None),
            Err(AuditError::NotAFile),
            "{name}"
        );
        let create = AuditLog::create(&file, &key(), policy(), None, at(0));
        assert_eq!(create.err(), Some(AuditError::Exists), "{name}");
    }
    // Nor in place of the lock.
    std::os::unix::fs::symlink(place.file("a"), place.file("new.lock")).unwrap();
    let create = AuditLog::create(place.file("new"), &key(), policy(), None, at(0));
    assert_eq!(create.err(), Some(AuditError::NotAFile));
    assert!(!place.exists("nowhere") && !place.exists("new"));
}

#[cfg(unix)]
#[test]
fn the_file_is_for_this_account_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    let mut log = place.create(Box::new(OsFiles)).unwrap();
    log.rotate(place.file("b"), at(1)).unwrap();
    // Who can open the lock can hold it.
    for name in ["a", "b", "a.lock", "b.lock"] {
        let mode = fs::metadata(place.file(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn one_writer_at_a_time_and_no_file_by_itself() {
    let place = Place::new();
    let open = |name| AuditLog::open(place.file(name), &key(), policy(), None, at(1)).err();
    assert_eq!(open("a"), Some(AuditError::Missing));
    assert!(!place.exists("a") && !place.exists("a.lock"));
    let log = place.create(Box::new(OsFiles)).unwrap();
    assert_eq!(open("a"), Some(AuditError::InUse));
    // Who only reads may.
    assert_eq!(
        place.verify("a", Some(log.head())).unwrap().head,
        log.head()
    );
    drop(log);
    assert_eq!(
        place.create(Box::new(OsFiles)).err(),
        Some(AuditError::Exists)
    );
    assert_eq!(open("a"), None);
    // What a crash left beside it is no obstacle.
    fs::write(place.file("b.new"), "half").unwrap();
    let log = AuditLog::create(place.file("b"), &key(), policy(), None, at(1)).unwrap();
    assert!(!place.exists("b.new"));
    drop(log);
}

#[test]
fn an_ended_file_takes_nothing_more() {
    let place = Place::new();
    let mut log = place.create(Box::new(OsFiles)).unwrap();
    fs::write(place.file("b"), "in the way").unwrap();
    assert_eq!(log.rotate(place.file("b"), at(1)), Err(AuditError::Exists));
    assert_eq!(log.head().number(), 1, "nothing was ended");
    log.append(&visit(policy())[0]).unwrap();

    // The new file can't be made: the old one is ended, and a second call goes on.
    let missing = place.file("no-folder").join("b");
    assert_eq!(
        log.rotate(&missing, at(2)),
        Err(AuditError::Io(ErrorKind::NotFound))
    );
    let head = log.head();
    let append = log.append(&visit(policy())[0]);
    assert_eq!(append, Err(AuditError::Ended { head }));
    let began = log.rotate(place.file("c"), at(3)).unwrap();
    assert_eq!(began.number(), head.number() + 1);
    log.append(&visit(policy())[0]).unwrap();
    let (a, c) = (
        place.verify("a", None).unwrap(),
        place.verify("c", None).unwrap(),
    );
    assert!(c.follows(&a) && !a.follows(&c));
    assert_eq!((a.ended, a.complete_to), (true, Some(head.number())));
    assert_eq!((c.ended, c.complete_to), (false, None));
    drop(log);
    let open = AuditLog::open(place.file("a"), &key(), policy(), None, at(4));
    assert_eq!(open.err(), Some(AuditError::Ended { head }));
}

#[test]
fn without_flush_nothing_is_flushed_until_it_is_said() {
    let place = Place::new();
    let shared = Shared::default();
    let mut log = place.create(shared.files()).unwrap();
    let syncs = || {
        let plan = shared.lock();
        let sync = |op: &&crate::files::faulty::Op| matches!(op, crate::files::faulty::Op::Sync(_));
        plan.log.iter().filter(sync).count()
    };
    let before = syncs();
    let records = visit(policy());
    log.append(&records[0]).unwrap();
    assert_eq!(syncs(), before + 1);
    log.danger_without_flush();
    log.append(&records[1]).unwrap();
    assert_eq!(syncs(), before + 1);
    log.flush().unwrap();
    assert_eq!(syncs(), before + 2);
    let _ = log.rotate(place.file("b"), at(1)).unwrap();
    // The old file's end, and the new file.
    assert_eq!(syncs(), before + 4);
}

/// After a flush that failed, the next one may succeed and say nothing of what was lost.
#[test]
fn after_a_failed_flush_it_must_be_opened_anew() {
    let place = Place::new();
    let shared = Shared::default();
    let mut log = place.create(shared.files()).unwrap();
    log.danger_without_flush();
    log.append(&visit(policy())[0]).unwrap();
    {
        let mut plan = shared.lock();
        plan.at = Some((plan.count + 1, Fault::Fails));
    }
    assert_eq!(log.flush(), Err(AuditError::Io(ErrorKind::Other)));
    assert_eq!(log.flush(), Err(AuditError::Failed));
    assert_eq!(log.append(&visit(policy())[1]), Err(AuditError::Failed));
}
