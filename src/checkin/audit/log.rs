use std::ffi::OsString;
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use ring::rand::{SecureRandom as _, SystemRandom};

use super::key::Keys;
use super::line::{Own, Text, UNKNOWN};
use super::walk::Walk;
use super::{AuditError, AuditEvent, AuditKey, AuditRecord, Head, Pseudonym};
use crate::VisitId;
use crate::checkin::{Policy, PolicyDigest};
use crate::face::MatchPolicyDigest;
use crate::files::{Files, Found, Handle, OsFiles};
use crate::trust::TerminalId;

/// The audit trail of one terminal: who, when, what, with what result.
///
/// A file of lines to which lines are only added. Each one is numbered, and has a tag
/// that is made of the line, the tag before and a key, so that nobody without the key
/// can change, drop, double or move one unnoticed. Somebody who can write to the file
/// can cut its end off, or put an old copy in its place; that shows with the [`Head`]
/// which each append returns, kept elsewhere.
///
/// ```
/// # use uketsuke::Realm;
/// use uketsuke::checkin::{AuditBreak, AuditError, AuditKey, AuditLog, CheckIn, Equipment, Input, Output, Policy};
/// use uketsuke::trust::TerminalId;
///
/// # let place = tempfile::tempdir()?;
/// # let now: jiff::Timestamp = "2026-11-22T09:00:00+09:00".parse()?;
/// # let later = "2026-11-22T09:30:00+09:00".parse()?;
/// let file = place.path().join("desk-1.audit");
/// // From where the secrets are kept, not from beside the file.
/// let key = AuditKey::from_hex("8f3c1d0e9a7b5c2d4e6f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5")?;
/// let terminal = TerminalId::new("desk-1")?;
/// let policy = Policy::simulation(terminal.clone());
///
/// // Once. Every later start opens it, with the head that was kept.
/// let mut log = AuditLog::create(&file, &key, &policy, None, now)?;
/// let mut kept = log.head();
///
/// // A visit to which nobody comes. In `Desk::audit` it is the same one line.
/// let mut visit = CheckIn::new(policy.clone(), Equipment::pin_only(Realm::Simulation), now);
/// visit.handle(Input::Tick, later);
/// while let output @ (Output::Audit(_) | Output::Show { .. } | Output::Decided(_)
///     | Output::Start { .. }) = visit.poll()
/// {
///     if let Output::Audit(record) = output {
///         kept = log.append(&record)?; // send it to where nobody at this desk writes
///     }
/// }
/// drop(log);
/// let verified = AuditLog::verify(&file, &key, &terminal, Some(kept))?;
/// assert_eq!(verified.complete_to, Some(kept.number()));
///
/// // Somebody cuts off how the visit ended.
/// let text = std::fs::read_to_string(&file)?;
/// let lines: Vec<&str> = text.lines().collect();
/// std::fs::write(&file, lines[..lines.len() - 1].join("\n") + "\n")?;
/// let broken = AuditLog::open(&file, &key, &policy, Some(kept), later).unwrap_err();
/// assert!(matches!(broken, AuditError::Broken(broken) if broken.why == AuditBreak::Cut { head: kept }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # The file
///
/// ASCII text, one record a line, for people to read and for `grep`. Between two
/// fields is one space; the line ends with a newline.
///
/// ```text
/// 1 2026-11-22T00:00:00.000Z log-began format=1 terminal=desk-1 log=… key=… policy=… after=- 5c0d…
/// 2 2026-11-22T00:00:04.512Z began visit=0f6b5d1c2a3e4f50 n=0 policy=… 9e41…
/// 9 2026-11-22T00:00:31.007Z accepted visit=0f6b5d1c2a3e4f50 n=7 77ab…
/// ```
///
/// | field | what |
/// |---|---|
/// | number | of the record, from 1, without gap, also from one file to the next |
/// | time | UTC to the millisecond, as it came with the event: the terminal's clock |
/// | word | what happened: the event's name in kebab case, or one of the log's own |
/// | `visit=` | pseudonym of the visit; the same in all its records, another after each start of the program |
/// | `n=` | number of the record within the visit, from 0: a gap is one that never reached the log |
/// | more | as the event has, in the order of its fields; `-` for what isn't known |
/// | tag | 64 hexadecimal digits, the last field |
///
/// Of events: `policy=` (digest of the [`Policy`]), `realm=`, `standing=`,
/// `certificate=` and `staff=` (pseudonyms), `method=`, `kind=` (of a phone: `android`, `iphone`), `left=` (tries),
/// `match-policy=` (digest of the [`MatchPolicy`](crate::face::MatchPolicy)), `threshold=`, `fmr=`,
/// `trials=`, `false-matches=`, `confidence=` (0.8 is 80 %), `attended=` (`yes` where staff may stand
/// for a detector, else `no`) (by what faces are judged),
/// `why=`, `question=` (its number), `code=` (of the centre), `choice=` (what the centre wasn't
/// told), `failure=` (its code). Of the log
/// itself: `log-began` (`format=`, `terminal=`, `log=` 16 random bytes, `key=` a name of the
/// key, `policy=`, `after=` the [`Head`] that it goes on from, and `match-policy=` where a
/// file was rotated in which one was named), `log-opened`,
/// `log-policy-changed` (`before=`, `policy=`), `log-match-policy-changed` (`before=`,
/// `match-policy=`: before the first face that is judged by another one than the last; with `before=-`
/// before the first face in a file that goes on from another and doesn't say by what faces were
/// judged there), `log-torn` (`bytes=`, `data=`),
/// `log-ended`. Characters in a value from outside that aren't letters, digits, `.`, `:`, `_`
/// or `-` are written as `%20`. Words and fields may be added in later versions.
///
/// No name, number, certificate, PIN or result of an insurance is in it, and of a
/// certificate no time, since it ends on a birthday. A pseudonym is of one certificate: a
/// person's card and their phone have one each, and nothing here ties the two together.
///
/// # Tag
///
/// With K the 32 bytes of the key, subkeys are HMAC-SHA256(K, label). A line's tag is
/// HMAC-SHA256 under the subkey `uketsuke/1 audit chain`, over the 32 bytes of the tag
/// before (of the head in `after=`, else zeros) and the line up to its last space,
/// without it. Pseudonyms are the first 8 bytes of HMAC-SHA256 under
/// `uketsuke/1 audit certificate` (over the certificate's SHA-256), `… staff` (the identifier)
/// and `… visit` (the 16 bytes of `log=`, then in 8 bytes each, big-endian, the number of the
/// record that opened the file and that of the [`VisitId`]); `key=` is the same
/// under `… key name`, over nothing.
///
/// # When the power goes
///
/// [`append`](Self::append) returns when the record is on the disk (where the disk
/// keeps what it was told to flush), so at most the one in flight is lost. What is left of
/// it is put into a `log-torn` record at the next start (the first 384 bytes of it), and
/// the trail goes on. That costs a flush for each record, some milliseconds (measured in
/// benches/RECORD.md); see [`danger_without_flush`](Self::danger_without_flush).
///
/// # Kept for years
///
/// A visit is about 2 kB, so 300 of them a day are some 200 MB in a year. Opening reads the
/// whole file; so begin a new one now and then ([`rotate`](Self::rotate)), each month for
/// instance, and put the old one away. To judge the whole trail,
/// [`verify`](Self::verify) each file in the order of time, the last one with the newest
/// head, and see that each [follows](super::Verified::follows) the one before; the first has no
/// `after`, and the last isn't `ended`. `examples/audit.rs` does that from the command line.
/// If a file is broken, [`AuditBroken`](super::AuditBroken) says what still stands and what
/// to do.
///
/// # Files beside it
///
/// `….lock`, empty, keeps a second program from writing; `….new` is there for a moment while a
/// trail is created. All of them belong to this account alone (mode 0600 on Unix).
pub struct AuditLog {
    files: Box<dyn Files>,
    keys: Keys,
    terminal: TerminalId,
    path: PathBuf,
    file: Handle,
    log: [u8; 16],
    opened: u64,
    policy: String,
    /// By which faces were judged last.
    match_policy: Option<String>,
    /// The file goes on from another one.
    goes_on: bool,
    head: Head,
    /// Bytes of whole records.
    len: u64,
    flush: bool,
    state: Writable,
    _lock: Handle,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writable {
    Yes,
    Ended,
    /// Since an earlier error.
    No(AuditError),
}

/// Where it is, and how far.
impl fmt::Debug for AuditLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditLog")
            .field("path", &self.path)
            .field("head", &self.head)
            .finish_non_exhaustive()
    }
}

impl AuditLog {
    /// Begins a trail, or a file of one: `after` is the last head of the file before,
    /// if there is one.
    ///
    /// The file is there whole or not at all, whenever the power goes.
    ///
    /// # Errors
    /// [`AuditError::Exists`] where anything has that name; [`AuditError::InUse`]; what the
    /// operating system said.
    pub fn create(
        file: impl AsRef<Path>,
        key: &AuditKey,
        policy: &Policy,
        after: Option<Head>,
        at: Timestamp,
    ) -> Result<Self, AuditError> {
        Self::create_with(Box::new(OsFiles), file.as_ref(), key, policy, after, at)
    }

    pub(super) fn create_with(
        mut files: Box<dyn Files>,
        path: &Path,
        key: &AuditKey,
        policy: &Policy,
        after: Option<Head>,
        at: Timestamp,
    ) -> Result<Self, AuditError> {
        let (keys, terminal) = (key.keys(), policy.terminal().clone());
        let policy = policy.digest().to_string();
        let policies = (policy.as_str(), None);
        let begun = begin(&mut *files, path, &keys, &terminal, policies, after, at)?;
        Ok(Self {
            files,
            keys,
            terminal,
            path: path.to_owned(),
            file: begun.file,
            log: begun.log,
            opened: begun.head.number,
            policy,
            match_policy: None,
            goes_on: after.is_some(),
            head: begun.head,
            len: begun.len,
            flush: true,
            state: Writable::Yes,
            _lock: begun.lock,
        })
    }

    /// Opens a trail to add to it: reads and checks all of it first.
    ///
    /// `head` is the newest that was kept elsewhere. With it, a file that was cut or
    /// replaced isn't gone on with; a file that is longer than it says is
    /// one where the program ended before the head was kept. What a power cut left of a record
    /// is put into a record of its own. Under another policy than the last one,
    /// that is written first; then that it was opened.
    ///
    /// # Errors
    /// [`AuditError::Missing`] where there is none: it is never begun anew by itself;
    /// [`AuditError::Broken`], with nothing changed; [`AuditError::Ended`] for a file that was
    /// rotated; [`AuditError::InUse`]; what the operating system said.
    pub fn open(
        file: impl AsRef<Path>,
        key: &AuditKey,
        policy: &Policy,
        head: Option<Head>,
        at: Timestamp,
    ) -> Result<Self, AuditError> {
        Self::open_with(Box::new(OsFiles), file.as_ref(), key, policy, head, at)
    }

    pub(super) fn open_with(
        mut files: Box<dyn Files>,
        path: &Path,
        key: &AuditKey,
        policy: &Policy,
        head: Option<Head>,
        at: Timestamp,
    ) -> Result<Self, AuditError> {
        let (keys, terminal) = (key.keys(), policy.terminal().clone());
        if files.found(path)? == Found::Nothing {
            return Err(AuditError::Missing);
        }
        let lock = lock(&mut *files, path)?;
        let (mut reader, _) = files.open(path)?;
        let walk = Walk {
            keys: &keys,
            terminal: &terminal,
            kept: head,
        };
        let walked = walk.run(&mut *files, &mut reader)?;
        if walked.ended {
            return Err(AuditError::Ended { head: walked.head });
        }
        let all = walked.len + length(&walked.torn);
        let file = files.append(path)?;
        // What is written to is what was read.
        for handle in [&reader, &file] {
            if files.is_at(handle, path)? != Some(all) {
                return Err(AuditError::Changed);
            }
        }
        let mut log = Self {
            files,
            keys,
            terminal,
            path: path.to_owned(),
            file,
            log: walked.log,
            // The record below.
            opened: walked.head.number,
            policy: walked.policy,
            match_policy: walked.match_policy,
            goes_on: walked.after.is_some(),
            head: walked.head,
            len: walked.len,
            flush: true,
            state: Writable::Yes,
            _lock: lock,
        };
        if !walked.torn.is_empty() {
            log.files.cut(&mut log.file, log.len)?;
            let bytes = &walked.torn;
            log.own(&Own::Torn { bytes }, at)?;
        }
        let policy = policy.digest();
        log.change_policy(policy, at)?;
        log.opened = log.own(&Own::Opened { policy }, at)?.number;
        Ok(log)
    }

    /// Adds a record, and returns when it is on the disk.
    ///
    /// What to do when that fails is the product's decision: a desk that must not
    /// work without a trail begins no other visit.
    ///
    /// # Errors
    /// [`AuditError::Io`] where it couldn't be written, and may be tried again;
    /// [`AuditError::Changed`] and [`AuditError::Failed`] until it is opened anew;
    /// [`AuditError::Ended`].
    pub fn append(&mut self, record: &AuditRecord) -> Result<Head, AuditError> {
        let AuditRecord {
            visit,
            number,
            at,
            event,
        } = record;
        if let AuditEvent::Began { policy } = event {
            self.change_policy(*policy, *at)?;
        }
        if let AuditEvent::FaceJudgedBy(judged) = event {
            self.change_match_policy(judged.policy, *at)?;
        }
        let visit = self.visit(*visit);
        let next = self.head.number.saturating_add(1);
        let text = Text::visit(next, *at, visit, *number, event, &self.keys);
        self.write(text)
    }

    /// The last record.
    #[must_use]
    pub const fn head(&self) -> Head {
        self.head
    }

    /// What stands for a visit of this program in the records of this trail: for the
    /// clinic's own records, where they are to lead to these.
    #[must_use]
    pub fn visit(&self, visit: VisitId) -> Pseudonym {
        self.keys.visit(&self.log, self.opened, visit)
    }

    /// Ends this file and goes on in another one, which begins with this one's head. The
    /// old file can be put away then.
    ///
    /// Where it fails after the old file was ended, call it again. After a restart,
    /// [`create`](Self::create) the new file after the head that
    /// [`AuditError::Ended`] tells, or, where it is there, open it with that head.
    ///
    /// # Errors
    /// As [`append`](Self::append) and [`create`](Self::create).
    pub fn rotate(&mut self, file: impl AsRef<Path>, at: Timestamp) -> Result<Head, AuditError> {
        let path = file.as_ref();
        if self.files.found(path)? != Found::Nothing {
            return Err(AuditError::Exists);
        }
        if self.state != Writable::Ended {
            self.own(&Own::Ended, at)?;
            self.state = Writable::Ended;
        }
        // Whatever the caller chose for single records.
        self.files.sync(&mut self.file)?;
        let (files, after) = (&mut *self.files, Some(self.head));
        let (keys, terminal) = (&self.keys, &self.terminal);
        let policies = (self.policy.as_str(), self.match_policy.as_deref());
        let begun = begin(files, path, keys, terminal, policies, after, at)?;
        self.path = path.to_owned();
        self.file = begun.file;
        self.log = begun.log;
        self.opened = begun.head.number;
        self.goes_on = true;
        self.head = begun.head;
        self.len = begun.len;
        self.state = Writable::Yes;
        self._lock = begun.lock;
        Ok(self.head)
    }

    /// Doesn't wait for the disk after each record from here on; call
    /// [`flush`](Self::flush) when it matters.
    ///
    /// A killed program loses nothing by that. A power cut then loses what was added since, and may
    /// leave a file in which a record before the last one is damaged: that is
    /// [`AuditError::Broken`], and looks like what somebody did.
    pub fn danger_without_flush(&mut self) {
        self.flush = false;
    }

    /// Returns when all records are on the disk.
    ///
    /// # Errors
    /// What the operating system said; the trail must be opened anew then.
    pub fn flush(&mut self) -> Result<(), AuditError> {
        if let Writable::No(error) = self.state {
            return Err(error);
        }
        if let Err(error) = self.files.sync(&mut self.file) {
            // After a failed flush the next one may succeed, and say nothing of what was lost.
            self.state = Writable::No(AuditError::Failed);
            return Err(error.into());
        }
        Ok(())
    }

    fn change_policy(&mut self, policy: PolicyDigest, at: Timestamp) -> Result<(), AuditError> {
        let after = policy.to_string();
        if after == self.policy {
            return Ok(());
        }
        let before = std::mem::take(&mut self.policy);
        let written = self.own(
            &Own::PolicyChanged {
                before: &before,
                policy,
            },
            at,
        );
        self.policy = if written.is_ok() { after } else { before };
        written.map(drop)
    }

    /// The first one of a trail changes nothing; it is in its own record.
    fn change_match_policy(
        &mut self,
        policy: MatchPolicyDigest,
        at: Timestamp,
    ) -> Result<(), AuditError> {
        let after = policy.to_string();
        let before = match self.match_policy.clone() {
            // It may have been another one in the file before.
            None => self.goes_on.then(|| UNKNOWN.to_owned()),
            before => before.filter(|before| *before != after),
        };
        if let Some(before) = before.as_deref() {
            self.own(&Own::MatchPolicyChanged { before, policy }, at)?;
        }
        self.match_policy = Some(after);
        Ok(())
    }

    fn own(&mut self, own: &Own<'_>, at: Timestamp) -> Result<Head, AuditError> {
        self.write(Text::own(self.head.number.saturating_add(1), at, own))
    }

    fn write(&mut self, text: Text) -> Result<Head, AuditError> {
        match self.state {
            Writable::Yes => {}
            Writable::Ended => return Err(AuditError::Ended { head: self.head }),
            Writable::No(error) => return Err(error),
        }
        // Somebody may have moved the file away, or have written to it.
        if self.files.is_at(&self.file, &self.path)? != Some(self.len) {
            self.state = Writable::No(AuditError::Changed);
            return Err(AuditError::Changed);
        }
        let head = Head {
            number: self.head.number.saturating_add(1),
            tag: self.keys.tag(&self.head.tag, text.as_bytes()),
        };
        let line = text.with_tag(&head.tag);
        if let Err(error) = self.files.write(&mut self.file, &line) {
            // Some of it may be there, and nothing may follow half a line.
            if self.files.cut(&mut self.file, self.len).is_err() {
                self.state = Writable::No(AuditError::Failed);
            }
            return Err(error.into());
        }
        if self.flush {
            self.flush()?;
        }
        self.len += length(&line);
        self.head = head;
        Ok(head)
    }
}

/// A file with its first record.
struct Begun {
    file: Handle,
    lock: Handle,
    log: [u8; 16],
    head: Head,
    len: u64,
}

fn begin(
    files: &mut dyn Files,
    path: &Path,
    keys: &Keys,
    terminal: &TerminalId,
    (policy, match_policy): (&str, Option<&str>),
    after: Option<Head>,
    at: Timestamp,
) -> Result<Begun, AuditError> {
    if files.found(path)? != Found::Nothing {
        return Err(AuditError::Exists);
    }
    let lock = lock(files, path)?;
    let mut log = [0; 16];
    SystemRandom::new()
        .fill(&mut log)
        .map_err(|_| AuditError::NoRandomness)?;
    let before = after.unwrap_or(Head::START);
    let number = before.number.saturating_add(1);
    let began = Own::Began {
        terminal,
        log: &log,
        key: keys.name(),
        policy,
        match_policy,
        after,
    };
    let text = Text::own(number, at, &began);
    let tag = keys.tag(&before.tag, text.as_bytes());
    let line = text.with_tag(&tag);
    let new = beside(path, ".new");
    // Left by a crash; under the lock it can only be ours.
    if files.found(&new)? == Found::File {
        files.remove(&new)?;
    }
    let mut file = files.create_private(&new)?;
    files.write(&mut file, &line)?;
    files.sync(&mut file)?;
    drop(file);
    files
        .publish(&new, path)
        .map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => AuditError::Exists,
            kind => AuditError::Io(kind),
        })?;
    files.sync_folder(folder(path))?;
    let (file, len) = (files.append(path)?, length(&line));
    if files.is_at(&file, path)? != Some(len) {
        return Err(AuditError::Changed);
    }
    Ok(Begun {
        file,
        lock,
        log,
        head: Head { number, tag },
        len,
    })
}

fn lock(files: &mut dyn Files, path: &Path) -> Result<Handle, AuditError> {
    let path = beside(path, ".lock");
    // A link would lead elsewhere, and a pipe wait for its other end.
    if files.found(&path)? == Found::Other {
        return Err(AuditError::NotAFile);
    }
    files.lock(&path)?.ok_or(AuditError::InUse)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    PathBuf::from(name)
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
