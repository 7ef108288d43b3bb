use std::path::Path;

use super::walk::{Walk, Walked};
use super::{AuditError, AuditKey, AuditLog, Head};
use crate::files::{Files, OsFiles};
use crate::trust::TerminalId;

/// What a file of a trail vouches for.
///
/// Every record from `first` to `head` is as it was written: none was changed,
/// dropped, doubled or moved by anybody without the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// Number of the first record in the file.
    pub first: u64,
    /// The last whole record.
    pub head: Head,
    /// The head of the file before, that this one goes on from. `None` for the first
    /// file of a trail. Whether the two fit: [`follows`](Self::follows).
    pub after: Option<Head>,
    /// Up to this record it is sure that nothing was cut off: that of the head that was
    /// given, or the last one of a file that was ended. `None`: that can't be told, for a
    /// file without its end looks like one that has just got so far, and an old copy
    /// like the file.
    pub complete_to: Option<u64>,
    /// The file was ended, and the trail goes on in another one.
    pub ended: bool,
    /// Bytes behind the last record that are none: half a record, as after a power cut. The next
    /// [`open`](AuditLog::open) puts them into a record of their own.
    pub torn: usize,
    /// How often faces were judged by another
    /// [`MatchPolicy`](crate::face::MatchPolicy) from some record on: each such change, a
    /// lowered threshold among them, is a record `log-match-policy-changed`. The first
    /// face in a file that goes on from another one counts too where the file doesn't
    /// begin with what faces were judged by before (it was created after a head, not
    /// [rotated](AuditLog::rotate), or no face was judged until then): whether that was
    /// another policy is in the file before.
    pub match_policy_changes: u64,
}

impl Verified {
    /// Whether this file goes on where `before` ends.
    #[must_use]
    pub fn follows(&self, before: &Self) -> bool {
        self.after == Some(before.head)
    }

    fn of(walked: &Walked, kept: Option<Head>) -> Self {
        let kept = kept.map(|kept| kept.number);
        Self {
            first: walked.first,
            head: walked.head,
            after: walked.after,
            complete_to: if walked.ended {
                Some(walked.head.number)
            } else {
                kept
            },
            ended: walked.ended,
            torn: walked.torn.len(),
            match_policy_changes: walked.match_policy_changes,
        }
    }
}

impl AuditLog {
    /// Reads a file and checks each record in it, without changing anything. It may be in
    /// use; a record that is being written looks torn then.
    ///
    /// `terminal` is the one that the file should be of. With a head that was kept
    /// elsewhere, everything up to that record must be there, so that edits, drops, swaps, a
    /// cut tail, an old copy and a replaced file are found. Without one, see
    /// [`Verified::complete_to`]. Give the newest head: an older one vouches for less.
    ///
    /// # Errors
    /// [`AuditError::Broken`] says at which record, and why; else what kept it from being
    /// read.
    pub fn verify(
        file: impl AsRef<Path>,
        key: &AuditKey,
        terminal: &TerminalId,
        head: Option<Head>,
    ) -> Result<Verified, AuditError> {
        let mut files = OsFiles;
        let (mut handle, _) = files.open(file.as_ref())?;
        let walk = Walk {
            keys: &key.keys(),
            terminal,
            kept: head,
        };
        let walked = walk.run(&mut files, &mut handle)?;
        Ok(Verified::of(&walked, head))
    }
}
