//! Reading a file only when it doesn't change any more, and what it is worth then.

use std::io::ErrorKind;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

use super::super::files::{Files, Stamp, Unreadable, read_opened};
use super::super::look::{SETTLE, after};
use super::FaceSettings;
use super::entry::Digest;
use crate::eligibility::message::{ReadError, parse_report};
use crate::eligibility::{FeedTrouble, InstitutionCode, Report};

/// Most bytes of a result.
pub(super) const CAP: u64 = 4 << 20;

/// So long a file may look wrong before that is told: twelve reads, as working
/// programs try.
const PATIENCE: SignedDuration = SignedDuration::from_millis(12 * 300);

/// So long a file may go on changing before that is told: more than a slow share
/// needs for the largest.
const LONG_PATIENCE: SignedDuration = SignedDuration::from_secs(30);

/// A file that is followed, as it was seen.
#[derive(Debug)]
pub(super) struct Look {
    /// When it was first looked at.
    first: Timestamp,
    /// Since when it looks as it does.
    since: Timestamp,
    read: Option<(Stamp, Digest)>,
    /// What kept it from being read, since then.
    kept_from: Option<FeedTrouble>,
}

/// What a file is worth in this round.
#[derive(Debug)]
pub(super) enum Saw {
    /// It is looked at again in the next round.
    Later,
    Gone,
    /// Whole and unchanged.
    Whole {
        report: Box<Report>,
        stamp: Stamp,
        digest: Digest,
    },
    /// Not now, and perhaps never.
    Trouble(FeedTrouble, Option<Stamp>),
}

impl Look {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            first: now,
            since: now,
            read: None,
            kept_from: None,
        }
    }

    /// Of a file that was looked at before: from the beginning, at the next round.
    pub(super) fn again() -> Self {
        Self::new(Timestamp::MAX)
    }

    /// Looks once more. Adds to `bytes` how many were read.
    pub(super) fn look(
        &mut self,
        files: &mut dyn Files,
        path: &Path,
        name: &str,
        settings: &FaceSettings,
        now: Timestamp,
        bytes: &mut u64,
    ) -> Saw {
        if now < self.since {
            // The clock was set back.
            *self = Self::new(now);
        }
        if self.read.is_some() && now < after(self.since, SETTLE) {
            return Saw::Later;
        }
        let (mut handle, stamp) = match files.open(path) {
            Ok(opened) => opened,
            Err(error) => return self.cannot_read(error, None, now),
        };
        let content = match read_opened(files, &mut handle, stamp, CAP) {
            Ok(content) => content,
            Err(error) => return self.cannot_read(error, Some(stamp), now),
        };
        *bytes = bytes.saturating_add(stamp.len);
        let read = (stamp, Digest::of(name, &content));
        if self.read != Some(read) {
            (self.read, self.since, self.kept_from) = (Some(read), now, None);
            if now >= after(self.first, LONG_PATIENCE) {
                return Saw::Trouble(FeedTrouble::Changing, Some(stamp));
            }
            return Saw::Later;
        }
        match judge(&content, settings) {
            Ok(report) => Saw::Whole {
                report,
                stamp,
                digest: read.1,
            },
            // Its writer may only pause.
            Err(_) if now < after(self.since, PATIENCE) => Saw::Later,
            Err(trouble) => Saw::Trouble(trouble, Some(stamp)),
        }
    }

    fn cannot_read(&mut self, error: Unreadable, stamp: Option<Stamp>, now: Timestamp) -> Saw {
        let kind = match error {
            Unreadable::Gone => return Saw::Gone,
            Unreadable::NotAFile => return Saw::Trouble(FeedTrouble::NotAFile, None),
            Unreadable::TooLarge { len } => {
                return Saw::Trouble(FeedTrouble::TooLarge { len, cap: CAP }, stamp);
            }
            Unreadable::Io(kind) => kind,
        };
        // Whatever was read before, it isn't known to be there still.
        self.read = None;
        let (trouble, patience) = match kind {
            ErrorKind::ResourceBusy => (FeedTrouble::Changing, LONG_PATIENCE),
            kind => (FeedTrouble::Locked(kind), PATIENCE),
        };
        if self.kept_from != Some(trouble) {
            (self.kept_from, self.since) = (Some(trouble), now);
        }
        if now >= after(self.since, patience) {
            Saw::Trouble(trouble, stamp)
        } else {
            Saw::Later
        }
    }
}

fn judge(content: &[u8], settings: &FaceSettings) -> Result<Box<Report>, FeedTrouble> {
    let cap = usize::try_from(CAP).unwrap_or(usize::MAX);
    let report = match parse_report(content, cap) {
        Ok(parsed) => parsed.report,
        Err(error @ ReadError::Xml(_)) if error.is_cut_off() => {
            return Err(FeedTrouble::Unclosed);
        }
        Err(error) => return Err(FeedTrouble::Unreadable(error)),
    };
    if let Some(expected) = &settings.institution {
        let said = report.institution_code.as_deref();
        if said.and_then(InstitutionCode::parse).as_ref() != Some(expected) {
            return Err(FeedTrouble::OtherInstitution);
        }
    }
    Ok(Box::new(report))
}

/// What is in a file that was delivered or found wanting before.
pub(super) enum Now {
    /// As it was.
    Same,
    /// It looks otherwise; these are its bytes.
    Changed(Stamp, Zeroizing<Vec<u8>>),
    /// It can't be a result at all now.
    Unfit,
    /// Nothing can be said.
    Unknown,
}

pub(super) fn look_again(files: &mut dyn Files, path: &Path, before: Option<Stamp>) -> Now {
    let (mut handle, stamp) = match files.open(path) {
        Ok(opened) => opened,
        Err(Unreadable::NotAFile | Unreadable::TooLarge { .. }) => return Now::Unfit,
        Err(Unreadable::Gone | Unreadable::Io(_)) => return Now::Unknown,
    };
    if before == Some(stamp) {
        return Now::Same;
    }
    match read_opened(files, &mut handle, stamp, CAP) {
        Ok(content) => Now::Changed(stamp, content),
        Err(Unreadable::NotAFile | Unreadable::TooLarge { .. }) => Now::Unfit,
        Err(Unreadable::Gone | Unreadable::Io(_)) => Now::Unknown,
    }
}
