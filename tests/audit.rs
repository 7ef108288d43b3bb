//! An audit trail of real visits: whatever somebody without the key does to it is found.

mod audit_support;
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use audit_support::{chain, hex, hmac, unhex};
use jiff::{SignedDuration, Timestamp};
use support::{Case, Script, now, terminal};
use tempfile::TempDir;
use uketsuke::checkin::{
    AuditBreak, AuditError, AuditKey, AuditKeyError, AuditLog, AuditRecord, Head, Method, Policy,
    StaffId, Verified,
};
use uketsuke::trust::TerminalId;

const SECRET: [u8; 32] = [
    0x8f, 0x3c, 0x1d, 0x0e, 0x9a, 0x7b, 0x5c, 0x2d, 0x4e, 0x6f, 0x80, 0x91, 0xa2, 0xb3, 0xc4, 0xd5,
    0xe6, 0xf7, 0x08, 0x19, 0x2a, 0x3b, 0x4c, 0x5d, 0x6e, 0x7f, 0x80, 0x91, 0xa2, 0xb3, 0xc4, 0xd5,
];

fn key() -> AuditKey {
    AuditKey::new(&SECRET).unwrap()
}

fn at(second: i64) -> Timestamp {
    now() + SignedDuration::from_secs(second)
}

fn desk(name: &str) -> TerminalId {
    TerminalId::new(name).unwrap()
}

/// What a visit of this persona audits.
fn records(persona: &str, method: Method) -> Vec<AuditRecord> {
    let script = Script {
        method,
        passcode: Some("open-sesame"),
        ..Script::default()
    };
    Case::of(persona).script(script).run().1.records
}

struct Trail {
    folder: TempDir,
    /// The file as it was written.
    bytes: Vec<u8>,
    /// After each record.
    heads: Vec<Head>,
}

impl Trail {
    fn of(terminal: &TerminalId, records: &[AuditRecord]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let policy = Policy::simulation(terminal.clone());
        let file = folder.path().join("trail");
        let mut log = AuditLog::create(&file, &key(), &policy, None, at(0)).unwrap();
        log.danger_without_flush();
        let mut heads = vec![log.head()];
        heads.extend(records.iter().map(|record| log.append(record).unwrap()));
        drop(log);
        Self {
            bytes: fs::read(&file).unwrap(),
            folder,
            heads,
        }
    }

    /// A short one of a visit by PIN.
    fn short() -> Self {
        // The records of a visit under the policy of the trail: no other line comes between.
        Self::of(&terminal(), &records("in-order", Method::Pin))
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("trail")
    }

    fn head(&self) -> Head {
        *self.heads.last().unwrap()
    }

    fn lines(&self) -> Vec<Vec<u8>> {
        let lines = self.bytes.split_inclusive(|byte| *byte == b'\n');
        lines.map(<[u8]>::to_vec).collect()
    }

    fn judge(&self, bytes: &[u8], head: Option<Head>) -> Result<Verified, AuditError> {
        // Over what is there: some file systems flush a file that was emptied first.
        let mut file = fs::OpenOptions::new();
        let mut file = file.write(true).open(self.file()).unwrap();
        file.write_all(bytes).unwrap();
        file.set_len(u64::try_from(bytes.len()).unwrap()).unwrap();
        AuditLog::verify(self.file(), &key(), &terminal(), head)
    }

    /// The file was changed to this. With the head that is always found; without, unless it
    /// looks like a file that has only got so far. Both agree with the other
    /// implementation about up to where it stands.
    fn must_be_found(&self, bytes: &[u8], what: &str) {
        assert_ne!(bytes, self.bytes, "{what}: not a change");
        let other = chain(bytes, &SECRET);
        let stands = u64::try_from(other.records.len()).unwrap();
        let AuditError::Broken(broken) = self.judge(bytes, Some(self.head())).unwrap_err() else {
            panic!("{what}: not broken");
        };
        assert_eq!(broken.at, stands + 1, "{what}: {broken}");
        match self.judge(bytes, None) {
            Err(AuditError::Broken(broken)) => {
                assert_eq!(broken.at, stands + 1, "{what}: {broken}");
                assert!(!other.whole, "{what}");
            }
            Err(error) => panic!("{what}: {error}"),
            Ok(verified) => {
                assert_eq!(verified.head.number(), stands, "{what}");
                assert_eq!(verified.complete_to, None, "{what}");
                assert_eq!(verified.torn == 0, other.whole, "{what}");
                let standing: usize = self.lines()[..other.records.len()]
                    .iter()
                    .map(Vec::len)
                    .sum();
                assert_eq!(&bytes[..standing], &self.bytes[..standing], "{what}");
                assert_eq!(verified.torn, bytes.len() - standing, "{what}");
            }
        }
    }
}

#[test]
fn an_untouched_trail_verifies_up_to_every_head() {
    let trail = Trail::short();
    let other = chain(&trail.bytes, &SECRET);
    assert!(other.whole);
    let heads: Vec<_> = trail
        .heads
        .iter()
        .map(|head| (head.number(), hex(head.tag())))
        .collect();
    assert_eq!(heads, other.records);
    for head in &trail.heads {
        let verified = trail.judge(&trail.bytes, Some(*head)).unwrap();
        assert_eq!(verified.head, trail.head());
        assert_eq!(verified.complete_to, Some(head.number()));
        assert_eq!(
            (verified.first, verified.torn, verified.ended),
            (1, 0, false)
        );
    }
    assert_eq!(trail.judge(&trail.bytes, None).unwrap().complete_to, None);
}

#[test]
fn every_edit_of_a_byte_is_found() {
    let trail = Trail::short();
    assert!(trail.bytes.len() > 1500, "{}", trail.bytes.len());
    let mut edits = 0;
    for at in 0..trail.bytes.len() {
        let old = trail.bytes[at];
        let mut values: BTreeSet<u8> = [0, 5, 7].map(|bit| old ^ (1 << bit)).into();
        values.extend(
            [0, b'\n', b' ', b'0', b'=']
                .into_iter()
                .filter(|value| *value != old),
        );
        for value in values {
            let mut bytes = trail.bytes.clone();
            bytes[at] = value;
            trail.must_be_found(&bytes, &format!("byte {at} to {value:#04x}"));
            edits += 1;
        }
        let mut without = trail.bytes.clone();
        without.remove(at);
        trail.must_be_found(&without, &format!("without byte {at}"));
        let mut with = trail.bytes.clone();
        with.insert(at, old);
        trail.must_be_found(&with, &format!("byte {at} doubled"));
        trail.must_be_found(&trail.bytes[..at], &format!("cut at {at}"));
        if at > 0 {
            trail.must_be_found(&trail.bytes[at..], &format!("from {at}"));
        }
    }
    assert!(edits > 8_000, "{edits}");
}

#[test]
fn every_drop_swap_and_double_of_records_is_found() {
    let trail = Trail::short();
    let lines = trail.lines();
    let mut changes: Vec<(String, Vec<usize>)> = Vec::new();
    let all: Vec<usize> = (0..lines.len()).collect();
    for one in 0..lines.len() {
        for other in one..lines.len() {
            let mut dropped = all.clone();
            dropped.drain(one..=other);
            changes.push((format!("without {one} to {other}"), dropped));
            let mut turned = all.clone();
            turned[one..=other].reverse();
            changes.push((format!("{one} to {other} turned round"), turned));
            let mut swapped = all.clone();
            swapped.swap(one, other);
            changes.push((format!("{one} and {other} swapped"), swapped));
        }
        for to in 0..=lines.len() {
            let mut doubled = all.clone();
            doubled.insert(to, one);
            changes.push((format!("{one} again at {to}"), doubled));
            let mut moved = all.clone();
            moved.remove(one);
            moved.insert(to.min(moved.len()), one);
            changes.push((format!("{one} moved to {to}"), moved));
        }
    }
    changes.retain(|(_, order)| *order != all);
    assert!(changes.len() > 300, "{}", changes.len());
    for (what, order) in changes {
        let bytes: Vec<u8> = order.iter().flat_map(|line| lines[*line].clone()).collect();
        trail.must_be_found(&bytes, &what);
    }
}

/// Without the head too: only what no whole line is may pass for a record in flight.
#[test]
fn the_last_record_is_not_taken_for_a_torn_one() {
    let trail = Trail::short();
    let last = trail.lines().pop().unwrap().len();
    let from = trail.bytes.len() - last;
    for at in from..trail.bytes.len() - 1 {
        let mut bytes = trail.bytes.clone();
        bytes[at] ^= 1;
        let AuditError::Broken(broken) = trail.judge(&bytes, None).unwrap_err() else {
            panic!("{at}: not broken")
        };
        assert_eq!(broken.at, trail.head().number(), "{at}");
        // With zeros in it, it may be; then it is counted out, and said.
        bytes[at] = 0;
        let verified = trail.judge(&bytes, None).unwrap();
        let end = (verified.head.number(), verified.torn);
        assert_eq!(end, (trail.head().number() - 1, last), "{at}");
        // But nowhere else.
        let more = [&bytes[..], b"x"].concat();
        assert!(trail.judge(&more, None).is_err(), "{at}");
        let more = [&bytes[..], &trail.bytes[from..]].concat();
        assert!(trail.judge(&more, None).is_err(), "{at}");
    }
}

/// What is wrong, and where, so that somebody who looks at the file sees it.
#[test]
fn what_is_wrong_is_said() {
    let trail = Trail::short();
    let lines = trail.lines();
    let why = |order: &[usize]| {
        let bytes: Vec<u8> = order.iter().flat_map(|line| lines[*line].clone()).collect();
        match trail.judge(&bytes, None) {
            Err(AuditError::Broken(broken)) => (broken.at, broken.line, broken.why),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(why(&[0, 1, 3, 4]), (3, 3, AuditBreak::Number { found: 4 }));
    assert_eq!(why(&[0, 1, 1, 2]), (3, 3, AuditBreak::Number { found: 2 }));
    assert_eq!(why(&[0, 2, 1, 3]), (2, 2, AuditBreak::Number { found: 3 }));
    assert_eq!(why(&[1, 2, 3]), (1, 1, AuditBreak::NotATrail));
    assert_eq!(why(&[0, 1, 0]), (3, 3, AuditBreak::Joined));
    let mut bytes = trail.bytes.clone();
    let third = lines[0].len() + lines[1].len();
    bytes[third + 30] ^= 1;
    let AuditError::Broken(broken) = trail.judge(&bytes, None).unwrap_err() else {
        panic!("not broken")
    };
    assert_eq!(
        (broken.at, broken.line, broken.why),
        (3, 3, AuditBreak::Tag)
    );
    bytes[third + lines[2].len() - 3] = b'x';
    let AuditError::Broken(broken) = trail.judge(&bytes, None).unwrap_err() else {
        panic!("not broken")
    };
    assert_eq!(
        (broken.at, broken.line, broken.why),
        (3, 3, AuditBreak::NotARecord)
    );
}

/// A program that has the key, and a mistake: each line is signed, and the order is wrong.
#[test]
fn a_signed_line_out_of_its_place_is_found() {
    let chain = hmac(&SECRET, b"uketsuke/1 audit chain");
    let signed = |before: &[u8], text: &str| {
        let tag = hmac(&chain, &[before, text.as_bytes()].concat());
        format!("{text} {}\n", hex(&tag)).into_bytes()
    };
    let text = |line: &[u8]| {
        let line = std::str::from_utf8(line).unwrap().trim_end();
        line.rsplit_once(' ').unwrap().0.to_owned()
    };
    let trail = Trail::short();
    let why = |bytes: &[u8]| match trail.judge(bytes, None) {
        Err(AuditError::Broken(broken)) => (broken.at, broken.why),
        other => panic!("{other:?}"),
    };
    let first = text(&trail.lines()[0]);
    let line = signed(&[0; 32], &first);
    assert_eq!(line, trail.lines()[0]);
    let second = signed(&[0; 32], &first.replacen('1', "2", 1));
    assert_eq!(why(&second), (1, AuditBreak::Number { found: 2 }));

    // Behind the end of a file.
    let end = {
        let before = trail.folder.path().join("before");
        let policy = Policy::simulation(terminal());
        let mut log = AuditLog::create(&before, &key(), &policy, None, at(0)).unwrap();
        log.rotate(trail.folder.path().join("next"), at(1)).unwrap();
        fs::read(before).unwrap()
    };
    let tag = std::str::from_utf8(&end).unwrap().trim_end();
    let tag = unhex(&tag[tag.len() - 64..]).unwrap();
    let record = text(&trail.lines()[2]);
    let behind = [end, signed(&tag, &record)].concat();
    assert_eq!(why(&behind), (3, AuditBreak::Joined));
}

#[test]
fn a_key_has_thirty_two_random_bytes() {
    let why = |key: Result<AuditKey, AuditKeyError>| key.err();
    for len in [0, 16, 31, 33, 64] {
        let bytes: Vec<u8> = (0..len).collect();
        let len = bytes.len();
        assert_eq!(
            why(AuditKey::new(&bytes)),
            Some(AuditKeyError::Length { len })
        );
    }
    for byte in [0, 0xFF, b'a'] {
        assert_eq!(
            why(AuditKey::new(&[byte; 32])),
            Some(AuditKeyError::NotRandom)
        );
    }
    let digits = hex(&SECRET);
    let certificate = uketsuke::checkin::StaffId::new("a").unwrap();
    let name = |text: &str| AuditKey::from_hex(text).unwrap().staff(&certificate);
    assert_eq!(name(&digits), key().staff(&certificate));
    assert_eq!(
        name(&format!(" {}\r\n", digits.to_uppercase())),
        name(&digits)
    );
    let wrong = digits.replace('8', "g");
    assert_eq!(
        why(AuditKey::from_hex(&wrong)),
        Some(AuditKeyError::NotHexadecimal)
    );
    let short = Some(AuditKeyError::Length { len: 31 });
    assert_eq!(why(AuditKey::from_hex(&digits[2..])), short);
    assert_eq!(
        why(AuditKey::from_hex(&"00".repeat(32))),
        Some(AuditKeyError::NotRandom)
    );
    // Sixty-four bytes, and no digits.
    assert_eq!(
        why(AuditKey::from_hex(&"あ".repeat(21))),
        Some(AuditKeyError::Length { len: 31 })
    );
    let odd = format!("a{}", "あ".repeat(21));
    assert_eq!(
        why(AuditKey::from_hex(&odd)),
        Some(AuditKeyError::NotHexadecimal)
    );
}

#[test]
fn a_log_goes_to_another_thread() {
    fn shared<T: Send + Sync>() {}
    shared::<AuditLog>();
    shared::<AuditKey>();
}

/// Records of another trail of the same desk, under the same key, of the same visit.
#[test]
fn nothing_of_another_trail_fits_in() {
    let records = records("in-order", Method::Pin);
    let trail = Trail::of(&terminal(), &records);
    let other = Trail::of(&terminal(), &records);
    let (ours, theirs) = (trail.lines(), other.lines());
    assert_eq!(ours.len(), theirs.len());
    for (at, line) in theirs.iter().enumerate() {
        let with = |mut lines: Vec<Vec<u8>>, change: &dyn Fn(&mut Vec<Vec<u8>>)| {
            change(&mut lines);
            lines.concat()
        };
        let replaced = with(ours.clone(), &|lines| lines[at] = line.clone());
        trail.must_be_found(&replaced, &format!("record {at} of the other"));
        let inserted = with(ours.clone(), &|lines| lines.insert(at, line.clone()));
        trail.must_be_found(&inserted, &format!("and record {at} of the other"));
        let from = [&ours[..at], &theirs[at..]].concat().concat();
        let whole = [&ours[..], &theirs[at..]].concat().concat();
        if at > 0 {
            trail.must_be_found(&from, &format!("the other from {at}"));
        }
        trail.must_be_found(&whole, &format!("and the other from {at}"));
    }
    trail.must_be_found(&[&trail.bytes[..], &trail.bytes].concat(), "twice");
    // The other one as a whole is a trail of this desk: only the head tells.
    let judged = trail.judge(&other.bytes, Some(trail.head()));
    let AuditError::Broken(broken) = judged.unwrap_err() else {
        panic!("not broken")
    };
    let number = trail.head().number();
    assert_eq!((broken.at, broken.why), (number, AuditBreak::OtherHead));
    assert!(trail.judge(&other.bytes, None).is_ok());
}

/// Without the head an old copy is as good as the file. With it, it isn't, nor is one that
/// went on from an old copy, though all of it was written with the key.
#[test]
fn old_copies_and_forks_are_found_with_the_head() {
    let records = records("in-order", Method::Pin);
    let trail = Trail::of(&terminal(), &records[..4]);
    let old = trail.bytes.clone();
    let policy = Policy::simulation(terminal());
    let open = |head| AuditLog::open(trail.file(), &key(), &policy, head, at(60));
    let mut log = open(Some(trail.head())).unwrap();
    let kept = records[4..]
        .iter()
        .map(|record| log.append(record).unwrap())
        .last();
    drop(log);

    fs::write(trail.file(), &old).unwrap();
    let why = |error: AuditError| match error {
        AuditError::Broken(broken) => (broken.at, broken.why),
        other => panic!("{other}"),
    };
    let cut = AuditBreak::Cut {
        head: kept.unwrap(),
    };
    let next = trail.head().number() + 1;
    assert_eq!(why(open(kept).unwrap_err()), (next, cut));
    assert_eq!(fs::read(trail.file()).unwrap(), old, "nothing was written");

    // The program knows no head, and goes on with the old copy.
    let mut log = open(None).unwrap();
    for record in &records[2..] {
        log.append(record).unwrap();
    }
    drop(log);
    let verify = |head| AuditLog::verify(trail.file(), &key(), &terminal(), head);
    assert!(verify(None).is_ok());
    assert!(verify(Some(trail.head())).is_ok());
    let kept = kept.unwrap();
    assert_eq!(
        why(verify(Some(kept)).unwrap_err()),
        (kept.number(), AuditBreak::OtherHead)
    );
}

#[test]
fn files_of_two_terminals_can_not_be_exchanged() {
    let trail = Trail::of(&desk("desk-2"), &records("in-order", Method::Pin));
    let judged = AuditLog::verify(trail.file(), &key(), &desk("desk-1"), None);
    let AuditError::Broken(broken) = judged.unwrap_err() else {
        panic!("not broken")
    };
    assert_eq!(
        (broken.at, broken.line, broken.why),
        (1, 1, AuditBreak::OtherTerminal)
    );
    let policy = Policy::simulation(desk("desk-1"));
    let opened = AuditLog::open(trail.file(), &key(), &policy, None, at(60));
    assert_eq!(opened.err(), Some(AuditError::Broken(broken)));
    assert_eq!(fs::read(trail.file()).unwrap(), trail.bytes);
}

#[test]
fn another_key_and_other_files_are_told_apart() {
    let trail = Trail::short();
    let mut other = SECRET;
    other[0] ^= 1;
    let other = AuditKey::new(&other).unwrap();
    let why = |judged: Result<Verified, AuditError>| match judged {
        Err(AuditError::Broken(broken)) => (broken.at, broken.why),
        other => panic!("{other:?}"),
    };
    let judged = AuditLog::verify(trail.file(), &other, &terminal(), None);
    assert_eq!(why(judged), (1, AuditBreak::OtherKey));
    for bytes in [
        &b""[..],
        b"\n",
        b"hello\n",
        &[0; 5000],
        &[b'x'; 5000],
        "1 2 3\n".as_bytes(),
    ] {
        assert_eq!(why(trail.judge(bytes, None)).0, 1);
        assert_ne!(
            why(trail.judge(bytes, Some(trail.head()))).1,
            AuditBreak::OtherKey
        );
    }
    let missing = AuditLog::verify(trail.folder.path().join("none"), &key(), &terminal(), None);
    assert_eq!(missing, Err(AuditError::Missing));
}

/// Three files, one after the other; each says where it goes on.
#[test]
fn rotated_files_are_one_chain() {
    let folder = tempfile::tempdir().unwrap();
    let file = |number: usize| folder.path().join(format!("trail-{number}"));
    let policy = Policy::simulation(terminal());
    let mut log = AuditLog::create(file(0), &key(), &policy, None, at(0)).unwrap();
    let records = records("in-order", Method::Pin);
    let mut ends = Vec::new();
    for number in 0..3 {
        for record in &records {
            ends.push(log.append(record).unwrap());
        }
        if number < 2 {
            log.rotate(file(number + 1), at(60)).unwrap();
        }
    }
    let last = log.head();
    drop(log);
    let verify = |number, head| AuditLog::verify(file(number), &key(), &terminal(), head);
    let judged: Vec<Verified> = (0..3).map(|number| verify(number, None).unwrap()).collect();
    assert!(judged[1].follows(&judged[0]) && judged[2].follows(&judged[1]));
    assert!(!judged[2].follows(&judged[0]) && !judged[0].follows(&judged[2]));
    // Who has the end of a file knows that it is whole.
    let complete: Vec<_> = judged.iter().map(|judged| judged.complete_to).collect();
    assert_eq!(
        complete,
        [
            Some(judged[0].head.number()),
            Some(judged[1].head.number()),
            None
        ]
    );
    assert_eq!(
        verify(2, Some(last)).unwrap().complete_to,
        Some(last.number())
    );

    let why = |judged: Result<Verified, AuditError>| match judged {
        Err(AuditError::Broken(broken)) => (broken.at, broken.why),
        other => panic!("{other:?}"),
    };
    // The head of an earlier file, of a later one, and that which the file begins with.
    assert_eq!(why(verify(2, Some(ends[0]))).1, AuditBreak::HeadBefore);
    assert_eq!(why(verify(0, Some(last))).1, AuditBreak::Cut { head: last });
    assert!(verify(1, Some(judged[0].head)).is_ok());
    let (number, tag) = (judged[0].head.number(), hex(last.tag()));
    let forged: Head = format!("{number}:{tag}").parse().unwrap();
    assert_eq!(why(verify(1, Some(forged))).1, AuditBreak::OtherHead);

    // Put together they'd be one chain; but a file ends once, and begins once.
    let (one, two) = (fs::read(file(0)).unwrap(), fs::read(file(1)).unwrap());
    let bytes = [one.clone(), two].concat();
    fs::write(file(0), bytes).unwrap();
    let end = judged[0].head.number();
    assert_eq!(why(verify(0, None)), (end + 1, AuditBreak::Joined));
    // The same where the first one has no end, since it was put aside.
    let lines: Vec<&[u8]> = one.split_inclusive(|byte| *byte == b'\n').collect();
    let unended = lines[..lines.len() - 1].concat();
    fs::write(file(0), &unended).unwrap();
    let before = verify(0, None).unwrap().head;
    drop(AuditLog::create(file(3), &key(), &policy, Some(before), at(90)).unwrap());
    assert!(verify(3, None).unwrap().follows(&verify(0, None).unwrap()));
    fs::write(file(0), [unended, fs::read(file(3)).unwrap()].concat()).unwrap();
    assert_eq!(
        why(verify(0, None)),
        (before.number() + 1, AuditBreak::Joined)
    );
}

/// No data of the person, no digest of the certificate, no name of the staff; and whoever has
/// the key finds the person and the member of staff.
#[test]
fn who_it_was_is_known_only_with_the_key() {
    let records = [
        records("in-order", Method::Pin),
        records("in-order", Method::Pin),
        records("face-mismatch", Method::Staff),
        records("grace", Method::Pin),
    ]
    .concat();
    let trail = Trail::of(&terminal(), &records);
    let text = String::from_utf8(trail.bytes.clone()).unwrap();
    assert!(!text.contains("nurse-7"));
    let nurse = key().staff(&StaffId::new("nurse-7").unwrap());
    assert!(text.contains(&format!(" staff={nurse} ")));
    let mut holders = Vec::new();
    for record in &records {
        if let uketsuke::checkin::AuditEvent::CertificateValidated { certificate, .. } =
            &record.event
        {
            let digest = certificate.as_bytes();
            assert!(!text.contains(&hex(&digest[..4])), "a plain digest");
            let derived = hmac(&SECRET, b"uketsuke/1 audit certificate");
            let expected = hex(&hmac(&derived, digest)[..8]);
            assert_eq!(key().certificate(certificate).to_string(), expected);
            assert!(text.contains(&format!(" certificate={expected} ")));
            holders.push(expected);
            assert!(!format!("{record:?}").contains(&hex(&digest[..4])));
        }
    }
    assert_eq!(holders.len(), 4);
    assert_eq!(holders[0], holders[1], "the same person");
    assert_ne!(holders[0], holders[2]);
    let visits: BTreeSet<&str> = text
        .split(' ')
        .filter_map(|field| field.strip_prefix("visit="))
        .collect();
    assert_eq!(visits.len(), 4);
    // A certificate ends on its holder's birthday; the only times are those of the records.
    let times = text.lines().map(|line| line.matches("T").count());
    assert!(times.max().unwrap() <= 1, "a time too many");
}

/// The tag of each line by `openssl`, without any code of this crate.
#[test]
fn openssl_computes_the_same_tags() {
    let openssl = |key: &[u8], message: &[u8]| -> Option<Vec<u8>> {
        let mut child = Command::new("openssl")
            .args(["dgst", "-sha256", "-mac", "HMAC", "-binary", "-macopt"])
            .arg(format!("hexkey:{}", hex(key)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        child.stdin.take()?.write_all(message).ok()?;
        Some(child.wait_with_output().ok()?.stdout)
    };
    let Some(derived) = openssl(&SECRET, b"uketsuke/1 audit chain") else {
        assert!(std::env::var_os("CI").is_none(), "no openssl");
        eprintln!("no openssl: skipped");
        return;
    };
    let trail = Trail::short();
    let mut before = vec![0; 32];
    for line in String::from_utf8(trail.bytes.clone()).unwrap().lines() {
        let (text, tag) = line.rsplit_once(' ').unwrap();
        before = openssl(&derived, &[&before, text.as_bytes()].concat()).unwrap();
        assert_eq!(before, unhex(tag).unwrap(), "{text}");
    }
    assert_eq!(before, trail.head().tag());
}
