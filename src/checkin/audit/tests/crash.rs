//! The program ends at every file operation, every write breaks off after every
//! byte, and every operation fails once: what was acknowledged is there, the chain holds up
//! to the last whole record, and the trail goes on.

use std::fs;
use std::process::{Command, Stdio};

use super::trail::{Place, at, key, policy, stricter, visit};
use crate::checkin::{AuditError, AuditLog, Head};
use crate::files::faulty::{Fault, Op, Shared, start};

/// Begins a trail, adds a visit, starts anew under another policy, adds another, goes
/// on in another file, and adds one there.
#[derive(Default)]
struct Day {
    /// Heads that were acknowledged, for the caller to keep.
    kept: Vec<Head>,
    /// Records that were given to the log, acknowledged or not.
    given: usize,
}

impl Day {
    fn work(&mut self, place: &Place, shared: &Shared) -> Result<(), AuditError> {
        let mut log = place.create(shared.files())?;
        self.kept.push(log.head());
        self.visit(&mut log, policy())?;
        drop(log);
        let mut log = AuditLog::open_with(
            shared.files(),
            &place.file("a"),
            &key(),
            stricter(),
            self.kept.last().copied(),
            at(10),
        )?;
        self.kept.push(log.head());
        self.visit(&mut log, stricter())?;
        self.kept.push(log.rotate(place.file("b"), at(20))?);
        self.visit(&mut log, stricter())
    }

    fn visit(
        &mut self,
        log: &mut AuditLog,
        policy: &crate::checkin::Policy,
    ) -> Result<(), AuditError> {
        for record in visit(policy) {
            self.given += 1;
            self.kept.push(log.append(&record)?);
        }
        Ok(())
    }

    /// The next start, when nothing fails any more.
    fn after(&self, place: &Place, what: &str) {
        let newest = self.kept.last().copied();
        // Before the head of the new file was told, the caller knows the old one only.
        let name = if place.exists("b") { "b" } else { "a" };
        if !place.exists("a") {
            assert_eq!(newest, None, "{what}: lost all");
            let log = place.create(Shared::default().files()).unwrap();
            assert_eq!(log.head().number(), 1, "{what}");
            return;
        }
        // Every head that was ever told is in one of the files.
        let files: Vec<_> = ["a", "b"]
            .into_iter()
            .filter(|name| place.exists(name))
            .map(|name| {
                place
                    .verify(name, None)
                    .unwrap_or_else(|e| panic!("{what}: {e}"))
            })
            .collect();
        let names = ["a", "b"].into_iter().filter(|name| place.exists(name));
        let lines: Vec<String> = names.flat_map(|name| place.lines(name)).collect();
        for kept in &self.kept {
            let kept = kept.to_string();
            let (number, tag) = kept.split_once(':').unwrap();
            let is_it =
                |line: &String| line.split(' ').next() == Some(number) && line.ends_with(tag);
            assert!(lines.iter().any(is_it), "{what}: record {number} was lost");
        }
        if let [a, b] = files.as_slice() {
            assert!(a.ended && b.follows(a) && a.torn == 0, "{what}");
        }
        self.nothing_but_the_one_in_flight(place, what);

        // It goes on.
        let kept = newest.filter(|head| files.last().is_some_and(|f| head.number() >= f.first));
        let policy = policy();
        let opened = place.open(name, policy, kept);
        let (mut log, name) = match opened {
            Ok(log) => (log, name),
            Err(AuditError::Ended { head }) => {
                let next = place.file("b");
                let files = Shared::default().files();
                let head = Some(head);
                let log = AuditLog::create_with(files, &next, &key(), policy, head, at(30));
                (log.unwrap(), "b")
            }
            Err(error) => panic!("{what}: {error}"),
        };
        for record in visit(policy) {
            log.append(&record).unwrap();
        }
        let verified = place.verify(name, Some(log.head())).unwrap();
        assert_eq!(verified.complete_to, Some(log.head().number()), "{what}");
        assert_eq!((verified.torn, verified.ended), (0, false), "{what}");
        let torn = files.last().unwrap().torn;
        let said: usize = place
            .lines(name)
            .iter()
            .filter(|line| line.contains(&format!(" log-torn bytes={torn} data=")))
            .count();
        assert_eq!(said, usize::from(torn > 0), "{what}: {torn} bytes");
    }

    /// As many records of visits as were acknowledged, or one more.
    fn nothing_but_the_one_in_flight(&self, place: &Place, what: &str) {
        let acknowledged = |name: &str| {
            let lines = place.lines(name);
            let whole = |line: &&String| {
                line.contains(" visit=")
                    && line.rsplit(' ').next().is_some_and(|tag| tag.len() == 64)
            };
            lines.iter().filter(whole).count()
        };
        let found: usize = ["a", "b"]
            .into_iter()
            .filter(|name| place.exists(name))
            .map(acknowledged)
            .sum();
        assert!(
            found == self.given || found + 1 == self.given,
            "{what}: {found} of {}",
            self.given
        );
    }
}

/// The operations of a day without faults.
fn operations() -> (usize, Vec<Op>) {
    let (place, shared) = (Place::new(), Shared::default());
    let mut day = Day::default();
    day.work(&place, &shared).unwrap();
    day.after(&place, "nothing");
    let plan = shared.lock();
    (plan.count, plan.log.clone())
}

fn sweep(fault: Fault) {
    let (count, _) = operations();
    assert!(count > 60, "{count}");
    for at in 1..=count {
        let (place, shared) = (Place::new(), Shared::at(at, fault));
        let mut day = Day::default();
        let ended = day.work(&place, &shared);
        if fault == Fault::Dead {
            assert!(ended.is_err(), "{at}");
        }
        day.after(&place, &format!("{fault:?} at {at}"));
    }
}

#[test]
fn dead_at_every_operation() {
    sweep(Fault::Dead);
}

#[test]
fn every_operation_fails_once() {
    sweep(Fault::Fails);
}

#[test]
fn every_operation_is_done_and_says_it_failed() {
    sweep(Fault::DoneButFails);
}

/// All crash points of writes, and every cut of each.
#[test]
fn every_write_breaks_off_after_every_byte() {
    // How far each operation of the day gets with a write of one byte tells which of
    // them are writes.
    let (count, log) = operations();
    let size = |at, fault| {
        let (place, shared) = (Place::new(), Shared::at(at, fault));
        let _ = Day::default().work(&place, &shared);
        let names = ["a", "b", "a.new", "b.new"];
        let files = names.map(|name| fs::metadata(place.file(name)).map_or(0, |file| file.len()));
        files.into_iter().sum::<u64>()
    };
    let writes = (1..=count).filter(|at| size(*at, Fault::TornAfter(1)) > size(*at, Fault::Dead));
    let lengths = log.iter().filter_map(|op| match op {
        Op::Write(_, bytes) => Some(bytes.len()),
        _ => None,
    });
    // Two first records, nine of visits, opened, another policy, ended.
    assert_eq!((writes.clone().count(), lengths.clone().count()), (14, 14));
    for (at, len) in writes.zip(lengths) {
        for cut in 0..=len {
            let (place, shared) = (Place::new(), Shared::at(at, Fault::TornAfter(cut)));
            let mut day = Day::default();
            day.work(&place, &shared).unwrap_err();
            day.after(&place, &format!("write {at} after {cut}"));
        }
    }
}

/// A caller who goes on: an error of one record isn't the end of the trail.
#[test]
fn whatever_fails_once_the_trail_goes_on_without_a_gap() {
    for fault in [Fault::Fails, Fault::DoneButFails] {
        for operation in 1..40 {
            let (place, shared) = (Place::new(), Shared::default());
            let mut log = place.create(shared.files()).unwrap();
            {
                let mut plan = shared.lock();
                plan.at = Some((plan.count + operation, fault));
            }
            let mut kept = log.head();
            for record in [visit(policy()), visit(stricter()), visit(policy())].concat() {
                let mut attempts = 0;
                kept = loop {
                    match log.append(&record) {
                        Ok(head) => break head,
                        Err(AuditError::Io(_)) => {}
                        Err(AuditError::Failed | AuditError::Changed) => {
                            drop(log);
                            let policy = policy();
                            let (file, kept) = (place.file("a"), Some(kept));
                            log = AuditLog::open_with(
                                shared.files(),
                                &file,
                                &key(),
                                policy,
                                kept,
                                at(5),
                            )
                            .unwrap();
                        }
                        Err(error) => panic!("{fault:?} {operation}: {error}"),
                    }
                    attempts += 1;
                    assert!(attempts < 3, "{fault:?} {operation}");
                };
            }
            place.verify("a", Some(kept)).unwrap();
            let lines = place.lines("a");
            let began = lines.iter().filter(|line| line.contains(" n=0 ")).count();
            // One that was written, but couldn't be flushed, was given again.
            assert!((3..=4).contains(&began), "{fault:?} {operation}: {began}");
        }
    }
}

/// The power goes while any record is on its way: of its place in the file, any
/// part has its contents, and the rest is not there, or zeros.
#[test]
fn any_mixture_of_the_record_in_flight() {
    let place = Place::new();
    let mut heads = Vec::new();
    let mut log = place.create(Shared::default().files()).unwrap();
    for record in visit(policy()) {
        heads.push(log.head());
        log.append(&record).unwrap();
    }
    drop(log);
    let whole = fs::read(place.file("a")).unwrap();
    let ends: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] == b'\n').collect();
    let mut states = 0;
    for (kept, end) in heads.into_iter().zip(ends.windows(2)) {
        let (before, line) = (&whole[..=end[0]], &whole[end[0] + 1..=end[1]]);
        for cut in 0..line.len() {
            let zeros = |len| vec![0; len];
            let parts = [
                line[..cut].to_vec(),
                [&line[..cut], &zeros(line.len() - cut)].concat(),
                [&zeros(cut.max(1)), &line[cut.max(1)..]].concat(),
            ];
            for part in parts {
                let what = format!("{} after {cut}", kept.number());
                fs::write(place.file("a"), [before, &part].concat()).unwrap();
                let seen = place.verify("a", Some(kept)).unwrap();
                assert_eq!((seen.head, seen.torn), (kept, part.len()), "{what}");
                let log = place.open("a", policy(), Some(kept));
                let head = log.unwrap_or_else(|e| panic!("{what}: {e}")).head();
                place.verify("a", Some(head)).unwrap();
                let lines = place.lines("a");
                let mut data = String::new();
                crate::hex::write(&part, &mut data).unwrap();
                let kept_aside = lines
                    .iter()
                    .any(|line| line.contains(&format!("data={data} ")));
                assert!(kept_aside || part.is_empty(), "{what}");
                states += 1;
            }
        }
    }
    assert!(states > 1000, "{states}");
}

/// The power goes again while the torn end is put into its record.
#[test]
fn a_torn_end_may_be_torn_again() {
    for len in [1, 200, 383, 384, 385, 1024] {
        let (place, shared) = (Place::new(), Shared::default());
        drop(place.create(shared.files()).unwrap());
        let mut torn = fs::read(place.file("a")).unwrap();
        let whole = torn.len();
        torn.extend(vec![b'x'; len]);
        fs::write(place.file("a"), &torn).unwrap();
        drop(place.open("a", policy(), None).unwrap());
        let mended = fs::read(place.file("a")).unwrap();
        let line = mended[whole..]
            .iter()
            .position(|byte| *byte == b'\n')
            .unwrap()
            + 1;
        for cut in 0..=line {
            fs::write(place.file("a"), &mended[..whole + cut]).unwrap();
            let log = place.open("a", policy(), None);
            let log = log.unwrap_or_else(|e| panic!("{len} after {cut}: {e}"));
            place.verify("a", Some(log.head())).unwrap();
        }
    }
}

/// Nothing is told to be there before the disk was told to keep it.
#[test]
fn what_is_acknowledged_was_flushed() {
    let (place, shared) = (Place::new(), Shared::default());
    let mut log = place.create(shared.files()).unwrap();
    let (file, new) = (place.file("a"), place.file("a.new"));
    let ops = || std::mem::take(&mut shared.lock().log);
    let kinds = |ops: Vec<Op>| -> Vec<String> {
        let kind = |op: &Op| match op {
            Op::Write(path, _) => format!("write {}", path.display()),
            Op::Sync(path) => format!("sync {}", path.display()),
            Op::SyncFolder(path) => format!("folder {}", path.display()),
            Op::Rename(from, to) => format!("rename {} {}", from.display(), to.display()),
            Op::Create(path) => format!("create {}", path.display()),
            other => format!("{other:?}"),
        };
        ops.iter().map(kind).collect()
    };
    let (file, new, root) = (file.display(), new.display(), place.root.display());
    assert_eq!(
        kinds(ops()),
        [
            format!("create {new}"),
            format!("write {new}"),
            format!("sync {new}"),
            format!("rename {new} {file}"),
            format!("folder {root}"),
        ]
    );
    for record in visit(policy()) {
        log.append(&record).unwrap();
        assert_eq!(
            kinds(ops()),
            [format!("write {file}"), format!("sync {file}")]
        );
    }
    drop(log);
    let mut torn = fs::read(place.file("a")).unwrap();
    let whole = torn.len();
    torn.push(b'x');
    fs::write(place.file("a"), torn).unwrap();
    let opened = AuditLog::open_with(
        shared.files(),
        &place.file("a"),
        &key(),
        stricter(),
        None,
        at(1),
    );
    drop(opened.unwrap());
    let mut expected = vec![format!("{:?}", Op::Cut(place.file("a"), whole as u64))];
    for _ in 0..3 {
        expected.extend([format!("write {file}"), format!("sync {file}")]);
    }
    assert_eq!(kinds(ops()), expected);
}

/// The process that ends. Run by itself it does nothing.
#[test]
#[ignore = "the other process of these tests"]
fn process_that_aborts() {
    let Ok(role) = std::env::var("UKETSUKE_TEST_ROLE") else {
        return;
    };
    let (operation, root) = role.split_once(' ').unwrap();
    let place = Place::at(root);
    let shared = Shared::at(operation.parse().unwrap(), Fault::Abort);
    let mut day = Told(Day::default());
    let _ = day.work(&place, &shared);
    // Not aborted: the operation was past the end.
    std::process::exit(7);
}

/// Keeps each head on the disk as soon as it is told, as a caller would.
struct Told(Day);

impl Told {
    fn work(&mut self, place: &Place, shared: &Shared) -> Result<(), AuditError> {
        let mut log = place.create(shared.files())?;
        self.keep(place, log.head());
        for record in [visit(policy()), visit(stricter())].concat() {
            let head = log.append(&record)?;
            self.keep(place, head);
        }
        let head = log.rotate(place.file("b"), at(20))?;
        self.keep(place, head);
        for record in visit(policy()) {
            let head = log.append(&record)?;
            self.keep(place, head);
        }
        Ok(())
    }

    fn keep(&mut self, place: &Place, head: Head) {
        self.0.kept.push(head);
        let text: String = self.0.kept.iter().map(|head| format!("{head}\n")).collect();
        fs::write(place.file("heads"), text).unwrap();
    }
}

#[test]
fn a_process_aborts_at_every_operation() {
    let (place, shared) = (Place::unguarded(), Shared::default());
    Told(Day::default()).work(&place, &shared).unwrap();
    let operations = shared.lock().count;
    assert!(operations > 50, "{operations}");
    for at in 1..=operations + 1 {
        let place = Place::unguarded();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args([
                "--exact",
                "checkin::audit::tests::crash::process_that_aborts",
                "--ignored",
            ])
            .env(
                "UKETSUKE_TEST_ROLE",
                format!("{at} {}", place.root.display()),
            )
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let status = start(&mut command).wait().unwrap();
        assert_eq!(status.code() == Some(7), at > operations, "{at}: {status}");
        let heads = fs::read_to_string(place.file("heads")).unwrap_or_default();
        let kept: Vec<Head> = heads.lines().map(|head| head.parse().unwrap()).collect();
        // The record in flight may be there, acknowledged or not.
        let given = ["a", "b"]
            .into_iter()
            .filter(|name| place.exists(name))
            .flat_map(|name| place.lines(name))
            .filter(|line| line.contains(" visit="))
            .count();
        Day { kept, given }.after(&place, &format!("abort at {at}"));
    }
}
