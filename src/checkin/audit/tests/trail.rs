//! A place for trails, and what goes into them.

use std::path::PathBuf;
use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use crate::VisitId;
use crate::checkin::{
    AuditError, AuditEvent, AuditKey, AuditLog, AuditRecord, Head, Policy, Verified,
};
use crate::eligibility::Failure;
use crate::files::Files;
use crate::files::faulty::{Quiet, Shared, quiet};
use crate::trust::{GraceRule, TerminalId};

pub(super) const SECRET: [u8; 32] = *b"an audit key of the tests, 32 b.";

pub(super) fn key() -> AuditKey {
    AuditKey::new(&SECRET).unwrap()
}

pub(super) fn terminal() -> TerminalId {
    TerminalId::new("desk 1").unwrap()
}

/// Made once: checking the roots takes its time.
static POLICIES: LazyLock<[Policy; 2]> = LazyLock::new(|| {
    let policy = Policy::simulation(terminal());
    [policy.clone(), policy.with_grace(GraceRule::None)]
});

pub(super) fn policy() -> &'static Policy {
    &POLICIES[0]
}

/// Another policy of the same terminal.
pub(super) fn stricter() -> &'static Policy {
    &POLICIES[1]
}

pub(super) fn at(second: i64) -> Timestamp {
    let start: Timestamp = "2026-11-22T09:00:00.250+09:00".parse().unwrap();
    start + SignedDuration::from_secs(second)
}

/// A short visit under a policy.
pub(super) fn visit(policy: &Policy) -> Vec<AuditRecord> {
    let visit = VisitId::begin();
    let policy = policy.digest();
    let events = [
        AuditEvent::Began { policy },
        AuditEvent::TrySpent { left: 2 },
        AuditEvent::NotAccepted(Failure::Cancelled),
    ];
    (0..)
        .zip(events)
        .map(|(number, event)| AuditRecord {
            visit,
            number,
            at: at(i64::from(number)),
            event,
        })
        .collect()
}

/// A folder. One at a time in a test, for the quiet.
pub(super) struct Place {
    _quiet: Option<Quiet>,
    _folder: Option<TempDir>,
    pub(super) root: PathBuf,
}

impl Place {
    pub(super) fn new() -> Self {
        Self {
            _quiet: Some(quiet()),
            ..Self::unguarded()
        }
    }

    /// For a test that starts processes itself.
    pub(super) fn unguarded() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            root: folder.path().to_owned(),
            _quiet: None,
            _folder: Some(folder),
        }
    }

    /// One that somebody else made.
    pub(super) fn at(root: &str) -> Self {
        Self {
            root: root.into(),
            _quiet: None,
            _folder: None,
        }
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    pub(super) fn create(&self, files: Box<dyn Files>) -> Result<AuditLog, AuditError> {
        AuditLog::create_with(files, &self.file("a"), &key(), policy(), None, at(0))
    }

    /// Without waiting for the disk.
    pub(super) fn open(
        &self,
        name: &str,
        policy: &Policy,
        head: Option<Head>,
    ) -> Result<AuditLog, AuditError> {
        let files = Shared::default().files();
        AuditLog::open_with(files, &self.file(name), &key(), policy, head, at(30))
    }

    pub(super) fn verify(&self, name: &str, head: Option<Head>) -> Result<Verified, AuditError> {
        AuditLog::verify(self.file(name), &key(), &terminal(), head)
    }

    pub(super) fn lines(&self, name: &str) -> Vec<String> {
        let text = std::fs::read_to_string(self.file(name)).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    pub(super) fn exists(&self, name: &str) -> bool {
        self.file(name).exists()
    }
}
